/* The sweep of CRM_FILES: what no row names goes when it is old enough, a bite of digests at a time. Whoever names them is asked in between, by the caller.
 * It must never take away a file whose bytes came again meanwhile, nor anything that is not a file of ours by its name. */
#include "files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "clock.h"
#include "log.h"

enum { PATH_MOST = 1200 };
static const int64_t soon = INT64_C (600) * 1000000;
static const char begun_name[] = ".sweep", ended_name[] = ".swept"; /* their times say when */

struct files_sweep {
	char folder[PATH_MOST];
	DIR *top, *in; /* in: of an id; null: the next one is looked for */
	char name[UUID_TEXT];
	int64_t before, every;
	size_t n;
	char sum[SWEEP_BITE][SHA256_TEXT];
	const char *place[SWEEP_BITE];
	struct files_swept found;
};

static int64_t time_of_stat (const struct stat *is)
{
	return (int64_t) is->st_mtim.tv_sec * 1000000 + is->st_mtim.tv_nsec / 1000;
}

/* 0: it is not there. */
static int64_t time_of_name (int folder, const char *name)
{
	struct stat is;
	return fstatat (folder, name, &is, AT_SYMLINK_NOFOLLOW) ? 0 : time_of_stat (&is);
}

static bool is_digest (const char *name)
{
	return strlen (name) == SHA256_TEXT - 1 && strspn (name, "0123456789abcdef") == SHA256_TEXT - 1;
}

/* One of several replicas begins, whoever is first to see that it is time. */
static bool sweep_begin (const char *folder, int64_t every)
{
	char path[PATH_MOST + 16];
	snprintf (path, sizeof path, "%s/%s", folder, begun_name);
	int64_t last = time_of_name (AT_FDCWD, path), now = clock_now ();
	if (last && last <= now && now - last < every)
		return false;
	if (last && unlink (path)) /* another took it */
		return false;
	int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
	if (fd >= 0)
		close (fd);
	return fd >= 0;
}

struct files_sweep *files_sweep_open (const char *folder, int64_t before, int64_t every)
{
	if (strlen (folder) >= PATH_MOST - 64 || !sweep_begin (folder, every))
		return NULL;
	struct files_sweep *s = heap_alloc (sizeof *s);
	*s = (struct files_sweep){ .before = before, .every = every };
	snprintf (s->folder, sizeof s->folder, "%s", folder);
	s->top = opendir (folder);
	if (!s->top) {
		log_error ("files_sweep_failed", LOG_T ("path", folder), LOG_T ("why", strerror (errno)));
		heap_free (s);
		return NULL;
	}
	return s;
}

/* What an upload left that broke off: under a name that nobody can ask for, and old. */
static void broken_drop (struct files_sweep *s, int folder, const char *name)
{
	static const char *const ours[] = { ".new-", "spool-", "import-", ".doctor-", ".gone-" };
	bool is = false;
	for (size_t i = 0; i < LENGTH (ours); i++)
		is = is || strncmp (name, ours[i], strlen (ours[i])) == 0;
	int64_t at = is ? time_of_name (folder, name) : 0;
	if (at && at < s->before && !unlinkat (folder, name, 0))
		s->found.broken++;
}

static void spools_drop (struct files_sweep *s)
{
	char path[PATH_MOST + 8];
	snprintf (path, sizeof path, "%s/tmp", s->folder);
	DIR *d = opendir (path);
	for (const struct dirent *e; d && (e = readdir (d));)
		broken_drop (s, dirfd (d), e->d_name);
	if (d)
		closedir (d);
}

/* The next folder of an id; false: there is none. */
static bool folder_next (struct files_sweep *s)
{
	struct uuid id;
	const struct dirent *e;
	while ((e = readdir (s->top))) {
		if (strlen (e->d_name) != UUID_TEXT - 1 || uuid_parse (e->d_name, &id) != OK) {
			broken_drop (s, dirfd (s->top), e->d_name);
			continue;
		}
		int fd = openat (dirfd (s->top), e->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		s->in = fd >= 0 ? fdopendir (fd) : NULL;
		if (s->in) {
			snprintf (s->name, sizeof s->name, "%s", e->d_name);
			return true;
		}
		if (fd >= 0)
			close (fd);
	}
	spools_drop (s);
	return false;
}

/* An empty one that nobody has touched for as long goes as well. */
static void folder_end (struct files_sweep *s)
{
	struct stat is;
	bool old = !fstat (dirfd (s->in), &is) && time_of_stat (&is) < s->before;
	if (old)
		(void) unlinkat (dirfd (s->top), s->name, AT_REMOVEDIR); /* refused when anything lies in it */
	closedir (s->in);
	s->in = NULL;
}

static void folder_read (struct files_sweep *s)
{
	for (const struct dirent *e; s->n < SWEEP_BITE && (e = readdir (s->in));) {
		if (!is_digest (e->d_name)) {
			broken_drop (s, dirfd (s->in), e->d_name);
			continue;
		}
		int64_t at = time_of_name (dirfd (s->in), e->d_name);
		if (at && at < s->before) {
			memcpy (s->sum[s->n], e->d_name, SHA256_TEXT);
			s->place[s->n] = s->sum[s->n];
			s->n++;
		}
	}
}

bool files_sweep_next (struct files_sweep *s, struct uuid *ret_folder, const char *(*ret_sha256)[SWEEP_BITE], size_t *ret_n)
{
	s->found.named += (int64_t) s->n;
	s->n = 0;
	while (s->in || folder_next (s)) {
		folder_read (s);
		if (s->n) {
			memcpy (*ret_sha256, s->place, sizeof s->place);
			*ret_n = s->n;
			return uuid_parse (s->name, ret_folder) == OK;
		}
		folder_end (s);
	}
	return false;
}

/* Under another name first: who writes the same bytes from now on finds nothing and writes them anew, and who found them until now has made them young,
 * which shows. */
void files_sweep_drop (struct files_sweep *s, size_t i)
{
	char away[SHA256_TEXT + 8];
	int folder = dirfd (s->in);
	snprintf (away, sizeof away, ".gone-%s", s->sum[i]);
	if (renameat (folder, s->sum[i], folder, away))
		return;
	int64_t at = time_of_name (folder, away);
	if (at >= s->before) {
		if (linkat (folder, away, folder, s->sum[i], 0) == 0 || errno == EEXIST)
			(void) unlinkat (folder, away, 0);
		return;
	}
	if (unlinkat (folder, away, 0))
		log_error ("file_failed", LOG_T ("what", "unlink"), LOG_T ("path", s->sum[i]), LOG_T ("why", strerror (errno)));
	s->found.dropped++;
	s->found.named--;
}

/* Somebody could not be asked: not a whole day is waited for that. */
static void sweep_again (const struct files_sweep *s)
{
	int64_t at = clock_now () - s->every + soon;
	struct timespec times[2] = { { .tv_sec = at / 1000000 }, { .tv_sec = at / 1000000 } };
	(void) utimensat (dirfd (s->top), begun_name, times, 0);
}

static void sweep_note (const struct files_sweep *s)
{
	char path[PATH_MOST + 16], text[100], last[PATH_MOST + 16];
	snprintf (path, sizeof path, "%s/.new-swept", s->folder);
	snprintf (last, sizeof last, "%s/%s", s->folder, ended_name);
	int n = snprintf (text, sizeof text, "%" PRId64 " %" PRId64 " %" PRId64 "\n", s->found.named, s->found.dropped, s->found.broken);
	int fd = open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
	bool good = fd >= 0 && write (fd, text, (size_t) n) == n;
	if (fd >= 0)
		close (fd);
	if (!good || rename (path, last))
		log_error ("files_sweep_failed", LOG_T ("path", last), LOG_T ("why", strerror (errno)));
}

struct files_swept files_sweep_close (struct files_sweep **sweep, bool whole)
{
	struct files_sweep *s = *sweep;
	struct files_swept ret = s->found;
	if (s->in)
		closedir (s->in);
	if (whole)
		sweep_note (s);
	else
		sweep_again (s);
	closedir (s->top);
	heap_free (s);
	*sweep = NULL;
	return ret;
}

int64_t files_swept_last (const char *folder, struct files_swept *ret)
{
	char path[PATH_MOST + 16];
	snprintf (path, sizeof path, "%s/%s", folder, ended_name);
	FILE *f = fopen (path, "re");
	bool read = f && fscanf (f, "%" SCNd64 " %" SCNd64 " %" SCNd64, &ret->named, &ret->dropped, &ret->broken) == 3;
	if (f)
		fclose (f);
	return read ? time_of_name (AT_FDCWD, path) : 0;
}
