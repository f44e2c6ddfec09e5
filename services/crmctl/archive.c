/* Tar, as much of it as a backup needs. It must never leave half an archive under the name of a whole one, nor follow a name out of its folder. */
#include "archive.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BLOCK = 512 };

/* The header of a member, as POSIX has it. */
struct head {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], sum[8], type, link[100], magic[6], version[2], user[32], group[32],
		major[8], minor[8], prefix[155], rest[12];
};
_Static_assert(sizeof (struct head) == BLOCK, "a tar header is one block");

static void fail (struct archive *a, const char *what)
{
	if (!a->failed)
		snprintf (a->why, sizeof a->why, "%s: %s", what, strerror (errno));
	a->failed = true;
}

/* ---- writing ---- */

static void bytes_write (struct archive *a, const void *bytes, size_t n)
{
	const char *at = bytes;
	while (n && !a->failed) {
		ssize_t written = write (a->fd, at, n);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0) {
			fail (a, "cannot be written");
			return;
		}
		at += written;
		n -= (size_t) written;
	}
}

bool archive_create (struct archive *a, const char *path)
{
	*a = (struct archive){ .fd = -1 };
	snprintf (a->path, sizeof a->path, "%s", path);
	snprintf (a->partial, sizeof a->partial, "%s.partial", path);
	a->fd = open (a->partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (a->fd < 0)
		fail (a, a->partial);
	return a->fd >= 0;
}

static void size_write (char field[12], int64_t size)
{
	if (size < INT64_C (8589934592)) { /* eleven octal digits */
		char text[16];
		snprintf (text, sizeof text, "%011llo", (long long) size);
		memcpy (field, text, 11);
		return;
	}
	field[0] = (char) 0x80;
	for (int i = 11; i > 3; i--, size >>= 8)
		field[i] = (char) (size & 255);
}

static unsigned head_sum (const struct head *h)
{
	const unsigned char *at = (const unsigned char *) h;
	unsigned sum = 0;
	for (size_t i = 0; i < sizeof *h; i++)
		sum += i >= offsetof (struct head, sum) && i < offsetof (struct head, type) ? ' ' : at[i];
	return sum;
}

void archive_member (struct archive *a, const char *name, int64_t size)
{
	struct head h = { .mode = "0000600", .uid = "0000000", .gid = "0000000", .type = '0', .magic = "ustar", .version = { '0', '0' } };
	const char *slash = strrchr (name, '/'), *last = slash ? slash + 1 : name;
	size_t before = slash ? (size_t) (slash - name) : 0;
	char text[16];
	assert (a->left == 0 && strlen (last) <= sizeof h.name && before <= sizeof h.prefix && size >= 0);
	memcpy (h.name, last, strlen (last));
	memcpy (h.prefix, name, before);
	size_write (h.size, size);
	snprintf (text, sizeof text, "%011llo", (long long) time (NULL));
	memcpy (h.mtime, text, 11);
	snprintf (text, sizeof text, "%06o", head_sum (&h));
	memcpy (h.sum, text, 7);
	h.sum[7] = ' ';
	a->left = size;
	a->pad = (BLOCK - size % BLOCK) % BLOCK;
	bytes_write (a, &h, sizeof h);
	if (!size)
		a->pad = 0;
}

void archive_add (struct archive *a, const void *bytes, size_t n)
{
	static const char zero[BLOCK];
	assert ((int64_t) n <= a->left);
	bytes_write (a, bytes, n);
	a->left -= (int64_t) n;
	if (!a->left) {
		bytes_write (a, zero, (size_t) a->pad);
		a->pad = 0;
	}
}

void archive_text (struct archive *a, const char *name, const char *text)
{
	archive_member (a, name, (int64_t) strlen (text));
	archive_add (a, text, strlen (text));
}

static bool folder_sync (const char *path)
{
	char folder[1200];
	snprintf (folder, sizeof folder, "%s", path);
	char *slash = strrchr (folder, '/');
	if (slash)
		slash[slash == folder] = 0;
	int fd = open (slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good = fd >= 0 && !fsync (fd);
	if (fd >= 0)
		close (fd);
	return good;
}

bool archive_finish (struct archive *a)
{
	static const char end[2 * BLOCK];
	bytes_write (a, end, sizeof end);
	if (!a->failed && (fsync (a->fd) || rename (a->partial, a->path) || !folder_sync (a->path)))
		fail (a, a->path);
	if (a->failed)
		archive_drop (a);
	else
		archive_close (a);
	return !a->failed;
}

void archive_drop (struct archive *a)
{
	archive_close (a);
	unlink (a->partial);
}

/* ---- reading ---- */

bool archive_open (struct archive *a, const char *path)
{
	*a = (struct archive){ .fd = open (path, O_RDONLY | O_CLOEXEC) };
	if (a->fd < 0)
		fail (a, path);
	return a->fd >= 0;
}

static bool bytes_read (struct archive *a, void *room, size_t n)
{
	char *at = room;
	while (n) {
		ssize_t got = read (a->fd, at, n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			errno = got ? errno : EPIPE;
			snprintf (a->why, sizeof a->why, got ? "cannot be read: %s" : "it ends too early", strerror (errno));
			a->failed = true;
			return false;
		}
		at += got;
		n -= (size_t) got;
	}
	return true;
}

static bool is_zero (const void *bytes, size_t n)
{
	const char *at = bytes;
	for (size_t i = 0; i < n; i++)
		if (at[i])
			return false;
	return true;
}

/* What only fills up is nothing but zeros: a byte that is changed is seen wherever it stands. */
static bool zeros_read (struct archive *a, size_t n)
{
	char pad[BLOCK];
	if (!bytes_read (a, pad, n))
		return false;
	if (!is_zero (pad, n)) {
		snprintf (a->why, sizeof a->why, "it is damaged: what should be empty is not");
		a->failed = true;
	}
	return !a->failed;
}

/* The first of the two empty blocks was read. */
static bool end_reached (struct archive *a, const struct head *h)
{
	char more;
	bool whole = is_zero (h, sizeof *h) && zeros_read (a, BLOCK) && read (a->fd, &more, 1) == 0;
	if (!whole && !a->failed) {
		snprintf (a->why, sizeof a->why, "it is damaged at its end");
		a->failed = true;
	}
	return whole;
}

static int64_t size_read (const char field[12])
{
	const unsigned char *at = (const unsigned char *) field;
	int64_t size = 0;
	if (at[0] & 0x80) {
		for (int i = 4; i < 12; i++)
			size = size << 8 | at[i];
		return size;
	}
	for (int i = 0; i < 12 && at[i] >= '0' && at[i] <= '7'; i++)
		size = size << 3 | (at[i] - '0');
	return size;
}

bool archive_next (struct archive *a, char ret_name[ARCHIVE_NAME], int64_t *ret_size)
{
	struct head h;
	if (a->left && !a->failed && lseek (a->fd, a->left + a->pad, SEEK_CUR) < 0)
		fail (a, "cannot be read");
	a->left = 0;
	if (a->failed || !bytes_read (a, &h, sizeof h))
		return false;
	if (!h.name[0]) {
		(void) end_reached (a, &h);
		return false;
	}
	if (memcmp (h.magic, "ustar", 5) || strtoul (h.sum, NULL, 8) != head_sum (&h) || h.type != '0') {
		snprintf (a->why, sizeof a->why, "it is no backup, or damaged: a header's sum is wrong");
		a->failed = true;
		return false;
	}
	snprintf (ret_name, ARCHIVE_NAME, "%.155s%s%.100s", h.prefix, h.prefix[0] ? "/" : "", h.name);
	*ret_size = a->left = size_read (h.size);
	a->pad = (BLOCK - a->left % BLOCK) % BLOCK;
	if (a->left < 0) {
		snprintf (a->why, sizeof a->why, "it is damaged: a size is wrong");
		a->failed = true;
	}
	return !a->failed;
}

int64_t archive_read (struct archive *a, void *room, size_t n)
{
	if (a->failed || !a->left)
		return a->failed ? -1 : 0;
	if ((int64_t) n > a->left)
		n = (size_t) a->left;
	if (!bytes_read (a, room, n))
		return -1;
	a->left -= (int64_t) n;
	if (!a->left && a->pad && !zeros_read (a, (size_t) a->pad))
		return -1;
	return (int64_t) n;
}

void archive_close (struct archive *a)
{
	if (a->fd >= 0)
		close (a->fd);
	a->fd = -1;
}
