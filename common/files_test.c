/* Tests of files: what is put is there under its digest, once, and nothing else is left behind. */
#include "files.h"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "log.h"
#include "test.h"

static char folder[] = "/tmp/http-files-XXXXXX";

static int files_in (const char *path)
{
	DIR *dir = opendir (path);
	int n = -2;
	if (!dir)
		return -1;
	while (readdir (dir))
		n++;
	closedir (dir);
	return n;
}

static struct bytes text_bytes (const char *text)
{
	return (struct bytes){ (const unsigned char *) text, strlen (text) };
}

static void file_write (const char *path, const char *text)
{
	FILE *file = fopen (path, "w");
	fputs (text, file);
	fclose (file);
}

static bool file_holds (const char *path, const char *text)
{
	char is[100] = { 0 };
	FILE *file = fopen (path, "r");
	if (!file)
		return false;
	size_t n = fread (is, 1, sizeof is - 1, file);
	fclose (file);
	return n == strlen (text) && strcmp (is, text) == 0;
}

static void put_and_take (struct arena *a)
{
	struct uuid here = uuid_of ("a", 1), there = uuid_of ("b", 1);
	char sha256[SHA256_TEXT], again[SHA256_TEXT], id[UUID_TEXT];
	CHECK (file_put (folder, here, text_bytes ("abc"), sha256) == OK);
	CHECK_TEXT (sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	const char *path = file_path (a, folder, here, sha256);
	CHECK (file_holds (path, "abc"));
	/* the same again: not written, but young again */
	struct timespec long_ago[2] = { { .tv_sec = 1000 }, { .tv_sec = 1000 } };
	struct stat about = { 0 };
	CHECK (utimensat (0, path, long_ago, 0) == 0);
	CHECK (file_put (folder, here, text_bytes ("abc"), again) == OK && strcmp (sha256, again) == 0);
	int64_t young = (int64_t) 1001 * 1000000;
	file_drop_older (folder, here, sha256, young);
	CHECK (stat (path, &about) == 0 && about.st_mtime > 1000);
	const char *workspace = arena_printf (a, "%s/%s", folder, uuid_format (here, id)), *spool = arena_printf (a, "%s/spool", folder);
	CHECK (files_in (workspace) == 1);
	/* a spool: known bytes, new bytes, another workspace, another file system */
	file_write (spool, "abc");
	CHECK (file_take (folder, here, spool, again) == OK && strcmp (sha256, again) == 0 && access (spool, F_OK) != 0);
	file_write (spool, "abd");
	CHECK (file_take (folder, here, spool, again) == OK && access (spool, F_OK) != 0);
	CHECK (file_holds (file_path (a, folder, here, again), "abd") && files_in (workspace) == 2);
	file_write (spool, "abc");
	CHECK (file_take (folder, there, spool, again) == OK && file_holds (file_path (a, folder, there, again), "abc"));
	char elsewhere[] = "/dev/shm/http-files-XXXXXX";
	int fd = mkstemp (elsewhere);
	CHECK (fd >= 0 && write (fd, "far", 3) == 3);
	close (fd);
	CHECK (file_take (folder, there, elsewhere, again) == OK && access (elsewhere, F_OK) != 0);
	CHECK (file_holds (file_path (a, folder, there, again), "far"));
	CHECK (file_put (folder, there, (struct bytes){ NULL, 0 }, again) == OK && file_holds (file_path (a, folder, there, again), ""));
	file_drop_older (folder, there, again, INT64_MAX);
	CHECK (access (file_path (a, folder, there, again), F_OK) != 0);
}

static void faults_are_told (struct arena *a)
{
	struct uuid here = uuid_of ("a", 1);
	char sha256[SHA256_TEXT] = "untouched";
	CHECK (file_put ("/nowhere/at/all", here, text_bytes ("x"), sha256) == FAULT);
	CHECK (file_take (folder, here, "/nowhere/spool", sha256) == FAULT);
	CHECK_TEXT (sha256, "untouched");
	CHECK (file_put (arena_printf (a, "/%01300d", 0), here, text_bytes ("x"), sha256) == FAULT);
	CHECK (file_path (a, folder, here, "../../../../etc/passwd") == NULL && file_path (a, folder, here, "") == NULL);
	CHECK (file_path (a, folder, here, "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD") == NULL);
}

int main (void)
{
	struct arena a;
	arena_init (&a);
	log_open ("files-test", 0, LOG_ERROR);
	if (!mkdtemp (folder))
		return 1;
	put_and_take (&a);
	faults_are_told (&a);
	for (const char *name = "ab"; *name; name++) { /* clean up */
		char id[UUID_TEXT], path[PATH_MAX];
		snprintf (path, sizeof path, "%s/%s", folder, uuid_format (uuid_of (name, 1), id));
		DIR *dir = opendir (path);
		for (struct dirent *e; dir && (e = readdir (dir));)
			unlinkat (dirfd (dir), e->d_name, 0);
		if (dir)
			closedir (dir);
		rmdir (path);
	}
	CHECK (rmdir (folder) == 0);
	arena_fini (&a);
	return test_end ();
}
