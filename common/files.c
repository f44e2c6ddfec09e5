/* Files by their digest: a temporary name, fsync, rename, fsync of the folder.
 * It must never say OK before the disk has it, and never leave half a file under a name that somebody could ask for. */
#include "files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "fault.h"
#include "log.h"

enum { PATH_MOST = 1200, BLOCK = 64 * 1024 };

/* A write under way. Paths are built from the folder, the id and the digest alone. */
struct writing {
	char folder[PATH_MOST]; /* CRM_FILES/<workspace> */
	char temporary[PATH_MOST + 16];
	char final[PATH_MOST + SHA256_TEXT + 1];
};

static enum status fault (const char *what, const char *path)
{
	log_error ("file_failed", LOG_T ("what", what), LOG_T ("path", path), LOG_T ("why", strerror (errno)));
	return FAULT;
}

static enum status folder_sync (const char *path)
{
	int fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good = fd >= 0 && fsync (fd) == 0;
	enum status status = good ? OK : fault ("fsync of a folder", path);
	if (fd >= 0)
		close (fd);
	return status;
}

/* The workspace's folder; a new one is itself made durable. */
static enum status folder_make (struct writing *w, const char *folder, struct uuid workspace)
{
	char id[UUID_TEXT];
	int n = snprintf (w->folder, sizeof w->folder, "%s/%s", folder, uuid_format (workspace, id));
	if (n < 0 || (size_t) n >= sizeof w->folder) {
		errno = ENAMETOOLONG;
		return fault ("the folder", folder);
	}
	snprintf (w->temporary, sizeof w->temporary, "%s/.new-XXXXXX", w->folder);
	if (mkdir (w->folder, 0750) == 0)
		return folder_sync (folder);
	return errno == EEXIST ? OK : fault ("mkdir", w->folder);
}

/* Already there: the same bytes. Its time is renewed, since the sweep spares what is younger than a day and this one is about to be named. */
static bool final_exists (const struct writing *w)
{
	return utimensat (AT_FDCWD, w->final, NULL, 0) == 0;
}

static void final_name (struct writing *w, const char *sha256)
{
	snprintf (w->final, sizeof w->final, "%s/%s", w->folder, sha256);
}

static bool bytes_write (int fd, const unsigned char *at, size_t n)
{
	while (n) {
		ssize_t written = write (fd, at, n);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return false;
		at += written;
		n -= (size_t) written;
	}
	return true;
}

/* From whole and synced under a temporary name to the final one. */
static enum status rename_durably (const struct writing *w, const char *from)
{
	fault_point (file_before_rename);
	if (rename (from, w->final))
		return fault ("rename", w->final);
	return folder_sync (w->folder);
}

enum status file_put (const char *folder, struct uuid workspace, struct bytes bytes, char ret_sha256[SHA256_TEXT])
{
	struct writing w;
	char sha256[SHA256_TEXT];
	enum status status = folder_make (&w, folder, workspace);
	if (status != OK)
		return status;
	final_name (&w, sha256_text (bytes, sha256));
	if (!final_exists (&w)) {
		int fd = mkostemp (w.temporary, O_CLOEXEC);
		if (fd < 0)
			return fault ("create", w.temporary);
		bool good = bytes_write (fd, bytes.at, bytes.n) && fsync (fd) == 0;
		status = good ? OK : fault ("write", w.temporary);
		close (fd);
		if (status == OK)
			status = rename_durably (&w, w.temporary);
		if (status != OK) {
			unlink (w.temporary);
			return status;
		}
	}
	memcpy (ret_sha256, sha256, sizeof sha256);
	return OK;
}

/* Digest of a file, read to its end; with `to` ≥ 0 the bytes are copied there on the way. */
static bool file_read (int fd, int to, char ret_sha256[SHA256_TEXT])
{
	static _Thread_local unsigned char block[BLOCK];
	unsigned char digest[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_state state;
	ssize_t n;
	crypto_hash_sha256_init (&state);
	while ((n = read (fd, block, sizeof block)) > 0 || (n < 0 && errno == EINTR)) {
		if (n < 0)
			continue;
		crypto_hash_sha256_update (&state, block, (size_t) n);
		if (to >= 0 && !bytes_write (to, block, (size_t) n))
			return false;
	}
	crypto_hash_sha256_final (&state, digest);
	sodium_bin2hex (ret_sha256, SHA256_TEXT, digest, sizeof digest);
	return n == 0;
}

/* On another file system: a copy under a temporary name, then the same rename. */
static enum status copy_durably (struct writing *w, int from)
{
	char sha256[SHA256_TEXT];
	int fd = mkostemp (w->temporary, O_CLOEXEC);
	if (fd < 0)
		return fault ("create", w->temporary);
	bool good = lseek (from, 0, SEEK_SET) == 0 && file_read (from, fd, sha256) && fsync (fd) == 0;
	enum status status = good ? OK : fault ("copy", w->temporary);
	close (fd);
	if (status == OK) {
		final_name (w, sha256); /* of what was written, should somebody have changed the source in between */
		status = rename_durably (w, w->temporary);
	}
	if (status != OK)
		unlink (w->temporary);
	return status;
}

static enum status move_durably (struct writing *w, int fd, const char *path)
{
	struct stat source, target;
	if (fstat (fd, &source) || stat (w->folder, &target))
		return fault ("stat", path);
	if (source.st_dev != target.st_dev) {
		enum status status = copy_durably (w, fd);
		if (status == OK)
			unlink (path);
		return status;
	}
	if (fsync (fd))
		return fault ("fsync", path);
	return rename_durably (w, path);
}

enum status file_take (const char *folder, struct uuid workspace, const char *path, char ret_sha256[SHA256_TEXT])
{
	struct writing w;
	char sha256[SHA256_TEXT];
	enum status status = folder_make (&w, folder, workspace);
	if (status != OK)
		return status;
	int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return fault ("open", path);
	status = file_read (fd, -1, sha256) ? OK : fault ("read", path);
	if (status == OK) {
		final_name (&w, sha256);
		if (!final_exists (&w))
			status = move_durably (&w, fd, path);
		else if (unlink (path))
			status = fault ("unlink", path);
	}
	close (fd);
	if (status == OK)
		memcpy (ret_sha256, strrchr (w.final, '/') + 1, SHA256_TEXT);
	return status;
}

const char *file_path (struct arena *a, const char *folder, struct uuid workspace, const char *sha256)
{
	char id[UUID_TEXT];
	if (strlen (sha256) != SHA256_TEXT - 1 || strspn (sha256, "0123456789abcdef") != SHA256_TEXT - 1)
		return NULL;
	return arena_printf (a, "%s/%s/%s", folder, uuid_format (workspace, id), sha256);
}

void file_drop (const char *folder, struct uuid workspace, const char *sha256)
{
	struct arena a;
	arena_init (&a);
	const char *path = file_path (&a, folder, workspace, sha256);
	if (path && unlink (path) && errno != ENOENT)
		(void) fault ("unlink", path);
	arena_fini (&a);
}

void file_drop_older (const char *folder, struct uuid workspace, const char *sha256, int64_t before)
{
	struct arena a;
	struct stat is;
	arena_init (&a);
	const char *path = file_path (&a, folder, workspace, sha256);
	if (path && !stat (path, &is) && (int64_t) is.st_mtim.tv_sec * 1000000 + is.st_mtim.tv_nsec / 1000 < before)
		file_drop (folder, workspace, sha256);
	arena_fini (&a);
}

void files_drop (const char *folder, struct uuid workspace)
{
	char path[PATH_MOST], id[UUID_TEXT];
	int n = snprintf (path, sizeof path, "%s/%s", folder, uuid_format (workspace, id));
	DIR *d = n > 0 && (size_t) n < sizeof path ? opendir (path) : NULL;
	for (const struct dirent *e; d && (e = readdir (d));) /* another service may be taking the same away */
		if (strcmp (e->d_name, ".") && strcmp (e->d_name, "..") && unlinkat (dirfd (d), e->d_name, 0) && errno != ENOENT)
			(void) fault ("unlink", e->d_name);
	if (!d)
		return;
	closedir (d);
	if (rmdir (path) && errno != ENOENT)
		(void) fault ("rmdir", path);
}
