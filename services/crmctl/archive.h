/* A tar file (POSIX ustar, sizes beyond 8 GiB as GNU tar writes them), written and read from front to back, so that any tar can open it.
 * Names are relative and our own: at most 100 bytes behind the last slash, 155 before it. */
#ifndef LEADWIRE_ARCHIVE_H
#define LEADWIRE_ARCHIVE_H

#include "status.h"

enum { ARCHIVE_NAME = 260 };

struct archive {
	int fd;
	char path[1200];    /* what it becomes */
	char partial[1216]; /* what it is called until it is whole */
	int64_t left, pad;  /* of the member under way */
	bool failed;
	char why[1400];
};

/* Writing. What failed once stays failed; archive_finish tells. */
bool archive_create (struct archive *a, const char *path) MUST_CHECK;
void archive_member (struct archive *a, const char *name, int64_t size);
void archive_add (struct archive *a, const void *bytes, size_t n); /* together exactly `size` bytes */
void archive_text (struct archive *a, const char *name, const char *text);
/* On disk for good, under its name. */
bool archive_finish (struct archive *a) MUST_CHECK;
void archive_drop (struct archive *a); /* as if it had never been */

/* Reading. */
bool archive_open (struct archive *a, const char *path) MUST_CHECK;
/* The next member (what is left of this one is skipped); false: the end, or failed. */
bool archive_next (struct archive *a, char ret_name[ARCHIVE_NAME], int64_t *ret_size);
/* Bytes of the member, 0 at its end, -1 when the file is cut. */
int64_t archive_read (struct archive *a, void *room, size_t n);
void archive_close (struct archive *a);

#endif
