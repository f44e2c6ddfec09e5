/* Looking at a house's parts, each with a limit in time, so that a broken one never holds up the rest.
 * It must never change what it looks at. */
#include "look.h"
#include <arpa/inet.h>
#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "postgres.h"
#include "verbs.h"

enum { BLOCK = 64 * 1024 };

const char *look_schema_of (const char *service, char ret[40])
{
	snprintf (ret, 40, "%s", service);
	for (char *at = ret; *at; at++)
		if (*at == '-')
			*at = '_';
	return ret;
}

const char *const *look_schemas (void)
{
	static char room[16][40];
	static const char *name[17];
	for (size_t i = 0; !name[0] && i < LENGTH (room) && services_all ()[i]; i++)
		look_schema_of (services_all ()[i], room[i]);
	for (size_t i = 0; i < LENGTH (room) && *room[i]; i++)
		name[i] = room[i];
	return name;
}

const char *look_schemas_array (void)
{
	static char text[16 * 42];
	size_t n = 0;
	for (const char *const *s = look_schemas (); *s; s++)
		n += (size_t) snprintf (text + n, sizeof text - n, "%c%s", n ? ',' : '{', *s);
	snprintf (text + n, sizeof text - n, "}");
	return text;
}

/* ---- Postgres ---- */

static const char *line_of (const char *text, char *ret, size_t room)
{
	snprintf (ret, room, "%s", text ? text : "");
	for (char *at = ret; *at; at++)
		if (*at == '\n' || *at == '\t')
			*at = ' ';
	for (size_t n = strlen (ret); n && ret[n - 1] == ' ';)
		ret[--n] = 0;
	return ret;
}

static void notice_drop (void *arg, const char *message)
{
	(void) arg, (void) message;
}

PGconn *look_open (const char *dsn, const char *user, const char *name, char ret_why[300])
{
	const char *keys[] = { "dbname", user ? "user" : "application_name", "application_name", "connect_timeout", "options", NULL };
	const char *values[] = { dsn, user ? user : name, name, "5", "-c client_connection_check_interval=2s", NULL };
	PGconn *c = PQconnectdbParams (keys, values, 1);
	if (PQstatus (c) == CONNECTION_OK) {
		PQsetNoticeProcessor (c, notice_drop, NULL);
		return c;
	}
	line_of (PQerrorMessage (c), ret_why, 300);
	PQfinish (c);
	return NULL;
}

PGresult *look_ask_text (PGconn *c, const char *text)
{
	PGresult *r = PQexec (c, text);
	if (PQresultStatus (r) == PGRES_COMMAND_OK || PQresultStatus (r) == PGRES_TUPLES_OK)
		return r;
	PQclear (r);
	return NULL;
}

PGresult *look_ask (PGconn *c, const char *statement, const char *const *value, int n)
{
	PGresult *r = PQexecParams (c, text_named (statement), n, NULL, value, NULL, NULL, 0);
	if (PQresultStatus (r) == PGRES_COMMAND_OK || PQresultStatus (r) == PGRES_TUPLES_OK)
		return r;
	PQclear (r);
	return NULL;
}

char *look_text (PGconn *c, const char *statement, const char *const *value, int n)
{
	PGresult *r = look_ask (c, statement, value, n);
	char *text = r && PQntuples (r) && !PQgetisnull (r, 0, 0) ? strdup (PQgetvalue (r, 0, 0)) : NULL;
	PQclear (r);
	return text;
}

json_t *look_json (PGconn *c, const char *statement, const char *const *value, int n)
{
	char *text = look_text (c, statement, value, n);
	json_t *o = text ? json_loads (text, JSON_DECODE_ANY, NULL) : NULL;
	free (text);
	return o;
}

const char *look_why (PGconn *c)
{
	static char line[300];
	return line_of (PQerrorMessage (c), line, sizeof line);
}

/* ---- HTTP ---- */

static void answer_read (char *text, struct look_answer *ret)
{
	char *body = strstr (text, "\r\n\r\n"), *date = strcasestr (text, "\r\ndate:");
	if (strncmp (text, "HTTP/1.", 7))
		return;
	ret->status = (int) strtol (text + 9, NULL, 10);
	if (body) {
		snprintf (ret->body, sizeof ret->body, "%s", body + 4);
		ret->body[strcspn (ret->body, "\r\n")] = 0;
	}
	if (date && (!body || date < body)) {
		date[2 + strcspn (date + 2, "\r\n")] = 0;
		ret->date = (int64_t) curl_getdate (date + 7, NULL);
	}
}

struct look_answer look_http (int port, const char *path, int milliseconds)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons ((uint16_t) port), .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
	struct look_answer answer = { 0 };
	struct timeval limit = { .tv_sec = milliseconds / 1000, .tv_usec = milliseconds % 1000 * 1000 };
	char text[4096];
	size_t n = 0;
	int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return answer;
	setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
	int length = snprintf (text, sizeof text, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n\r\n", path, port);
	if (!connect (fd, (struct sockaddr *) &to, sizeof to) && send (fd, text, (size_t) length, MSG_NOSIGNAL) == length)
		for (ssize_t got; n < sizeof text - 1 && (got = recv (fd, text + n, sizeof text - 1 - n, 0)) > 0;)
			n += (size_t) got;
	text[n] = 0;
	close (fd);
	answer_read (text, &answer);
	return answer;
}

/* ---- processes and files ---- */

bool look_alive (int pid)
{
	return pid > 0 && (!kill (pid, 0) || errno == EPERM);
}

static char *file_text (const char *path, size_t *ret_n)
{
	struct buffer all = { 0 };
	int fd = open (path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	for (ssize_t n; (n = read (fd, buffer_reserve (&all, BLOCK), BLOCK)) > 0;)
		all.n += (size_t) n;
	close (fd);
	*ret_n = all.n;
	buffer_add (&all, "", 1);
	return (char *) all.at;
}

bool look_paused (int pid)
{
	char path[64];
	size_t n;
	snprintf (path, sizeof path, "/proc/%d/stat", pid);
	char *text = file_text (path, &n), *after = text ? strrchr (text, ')') : NULL;
	bool paused = after && (after[2] == 'T' || after[2] == 't');
	heap_free (text);
	return paused;
}

char *look_environment (int pid, const char *name)
{
	char path[64], *found = NULL;
	size_t n = 0, length = strlen (name);
	snprintf (path, sizeof path, "/proc/%d/environ", pid);
	char *text = file_text (path, &n);
	for (size_t i = 0; text && i < n && !found; i += strlen (text + i) + 1)
		if (!strncmp (text + i, name, length) && text[i + length] == '=')
			found = strdup (text + i + length + 1);
	heap_free (text);
	return found;
}

bool look_digest (const char *path, char ret_hex[65], int64_t *ret_size)
{
	static _Thread_local unsigned char block[BLOCK];
	unsigned char digest[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_state state;
	ssize_t n;
	int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return false;
	*ret_size = 0;
	crypto_hash_sha256_init (&state);
	while ((n = read (fd, block, sizeof block)) > 0 || (n < 0 && errno == EINTR)) {
		crypto_hash_sha256_update (&state, block, n > 0 ? (size_t) n : 0);
		*ret_size += n > 0 ? n : 0;
	}
	close (fd);
	crypto_hash_sha256_final (&state, digest);
	sodium_bin2hex (ret_hex, 65, digest, sizeof digest);
	return n == 0;
}
