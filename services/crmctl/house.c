/* Where the things of one running instance are: the folder given by --var, and short folders for its sockets.
 * It must never start or stop anything, nor keep anything outside that folder but sockets whose paths would be too long. */
#include "crmctl.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static void path_set (char *ret, size_t room, const char *folder, const char *name)
{
	int n = snprintf (ret, room, "%s%s", folder, name);
	if (n < 0 || (size_t) n >= room) {
		fprintf (stderr, "crmctl: the path %s%s is too long\n", folder, name);
		exit (2);
	}
}

/* FNV-1a: tells two instances apart in /tmp, no more. */
static uint32_t path_hash (const char *path)
{
	uint32_t hash = 2166136261u;
	for (; *path; path++)
		hash = (hash ^ (unsigned char) *path) * 16777619u;
	return hash;
}

/* The web app stands beside the sources of which the binary was built, or where an installation puts it. */
static void web_find (struct house *h)
{
	static const char *const places[] = { "/../services/gateway/web/dist", "/../../services/gateway/web/dist",
					      "/../share/leadwire/web" };
	for (size_t i = 0; i < LENGTH (places); i++) {
		char path[HOUSE_PATH + 64], real[PATH_MAX];
		path_set (path, sizeof path, h->bin, places[i]);
		if (realpath (path, real) && strlen (real) < sizeof h->web) {
			path_set (h->web, sizeof h->web, real, "");
			return;
		}
	}
}

void house_find (struct house *ret, const char *var)
{
	char here[PATH_MAX], exe[PATH_MAX];
	*ret = (struct house){ 0 };
	if (!var)
		var = getenv ("CRM_VAR");
	if (!var || !*var)
		var = "var";
	if (*var != '/' && getcwd (here, sizeof here)) {
		char joined[PATH_MAX + 1];
		path_set (joined, sizeof joined, here, "/");
		path_set (ret->var, sizeof ret->var, joined, var);
	} else
		path_set (ret->var, sizeof ret->var, var, "");
	for (size_t n = strlen (ret->var); n > 1 && ret->var[n - 1] == '/'; n--)
		ret->var[n - 1] = 0;
	char real[PATH_MAX];
	if (realpath (ret->var, real)) /* one instance has one name, whichever way it was written */
		path_set (ret->var, sizeof ret->var, real, "");
	path_set (ret->run, sizeof ret->run, ret->var, "/run");
	path_set (ret->pg, sizeof ret->pg, ret->var, "/pg");
	path_set (ret->files, sizeof ret->files, ret->var, "/files");
	path_set (ret->secrets, sizeof ret->secrets, ret->var, "/secrets");
	path_set (ret->log, sizeof ret->log, ret->var, "/log");
	if (strlen (ret->run) <= 60) {
		path_set (ret->bus, sizeof ret->bus, ret->run, "/bus");
		path_set (ret->socket, sizeof ret->socket, ret->run, "/pg");
	} else { /* a socket's path holds 107 bytes */
		snprintf (ret->bus, sizeof ret->bus, "/tmp/leadwire-%u-%08x", getuid (), path_hash (ret->var));
		path_set (ret->socket, sizeof ret->socket, ret->bus, "-pg");
	}
	ssize_t n = readlink ("/proc/self/exe", exe, sizeof exe - 1);
	exe[n > 0 ? n : 0] = 0;
	char *slash = strrchr (exe, '/');
	if (slash)
		*slash = 0;
	path_set (ret->bin, sizeof ret->bin, exe, "");
	web_find (ret);
}

static bool folder_make (const char *path, mode_t mode)
{
	struct stat st;
	if (mkdir (path, mode) && errno == ENOENT) { /* --var a/b where a is not there yet */
		char parent[PATH_MAX];
		path_set (parent, sizeof parent, path, "");
		char *slash = strrchr (parent, '/');
		if (slash && slash != parent) {
			*slash = 0;
			if (!folder_make (parent, 0755))
				return false;
		}
		mkdir (path, mode);
	}
	if (lstat (path, &st) || !S_ISDIR (st.st_mode)) {
		fprintf (stderr, "crmctl: %s cannot be made: %s\n", path, strerror (errno));
		return false;
	}
	if (!(mode & 077) && (st.st_mode & 077) && chmod (path, mode)) {
		fprintf (stderr, "crmctl: %s belongs to somebody else\n", path);
		return false;
	}
	return true;
}

bool house_make (const struct house *h)
{
	if (!folder_make (h->var, 0755) || !folder_make (h->run, 0755) || !folder_make (h->log, 0755))
		return false;
	if (!folder_make (h->files, 0700) || !folder_make (h->secrets, 0700) || !folder_make (h->bus, 0700))
		return false;
	struct stat st;
	if (!lstat (h->bus, &st) && st.st_uid == getuid ())
		return true;
	fprintf (stderr, "crmctl: %s belongs to somebody else\n", h->bus);
	return false;
}

json_t *house_state (const struct house *h)
{
	char path[HOUSE_PATH + 64];
	path_set (path, sizeof path, h->run, "/up.json");
	return json_load_file (path, 0, NULL);
}

int house_supervisor (const struct house *h)
{
	char path[HOUSE_PATH + 64];
	path_set (path, sizeof path, h->run, "/lock");
	int fd = open (path, O_RDWR | O_CLOEXEC), pid = 0;
	if (fd < 0)
		return 0;
	if (flock (fd, LOCK_SH | LOCK_NB)) {
		char text[16] = "";
		if (read (fd, text, sizeof text - 1) > 0)
			pid = (int) strtol (text, NULL, 10);
	}
	close (fd);
	return pid;
}

int house_probe (int port, const char *path, int milliseconds)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons ((uint16_t) port), .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
	char text[512];
	int status = 0, fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct timeval limit = { .tv_sec = milliseconds / 1000, .tv_usec = milliseconds % 1000 * 1000 };
	if (fd < 0)
		return 0;
	setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
	setsockopt (fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
	int n = snprintf (text, sizeof text, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n\r\n", path, port);
	if (!connect (fd, (struct sockaddr *) &to, sizeof to) && send (fd, text, (size_t) n, MSG_NOSIGNAL) == n) {
		ssize_t got = recv (fd, text, sizeof text - 1, 0);
		text[got > 0 ? got : 0] = 0;
		if (got > 12 && !strncmp (text, "HTTP/1.", 7))
			status = (int) strtol (text + 9, NULL, 10);
	}
	close (fd);
	return status;
}
