/* IMAP (RFC 3501, 9051) as far as reading a mailbox needs it: a folder opened for reading alone, what is new in it, a message as it lies there. Log-in and TLS are
 * libcurl's; here are lines and literals, over whatever carries bytes.
 * It must never send a command that changes anything on a server, nor believe a length or a number because a server said it. */
#ifndef LEADWIRE_IMAP_H
#define LEADWIRE_IMAP_H

#include "arena.h"

enum imap_said {
	IMAP_OK,
	IMAP_NO,     /* the server refused: its words */
	IMAP_BROKEN, /* it fell silent, or said what nobody understands: what went wrong is in its words; nothing more can be asked */
};

struct imap {
	/* Bytes to come, at least one; 0: there are none, or not in time. */
	size_t (*read) (void *ctx, unsigned char *at, size_t room);
	bool (*write) (void *ctx, const char *at, size_t n);
	void *ctx;
	char words[300]; /* printable ASCII */
	/* its own */
	unsigned commands;
	unsigned char at[8192];
	size_t n, taken;
	struct buffer line;  /* a response without what its literals hold */
	struct buffer *body; /* what a literal is wanted in; null: nobody wants one */
	size_t body_most;
	bool has_body;
};

void imap_init (struct imap *i);
void imap_fini (struct imap *i);

/* For reading alone: nothing is marked as seen. `folder` is UTF-8. The number under which its messages' numbers hold. */
enum imap_said imap_open (struct imap *i, const char *folder, int64_t *ret_validity);
/* Numbers from `from` on, of messages that came on the day of `since` (µs since 1970) or later: ascending, the least `most` of them. `ret_more`: there are
 * more. */
enum imap_said imap_search (struct imap *i, int64_t from, int64_t since, int64_t *ret_uid, size_t most, size_t *ret_n, bool *ret_more);
/* Bytes of a message; -1: it is there no more. */
enum imap_said imap_size (struct imap *i, int64_t uid, int64_t *ret_size);
/* The message as it lies there, or (`head`) the lines of its head that say who wrote what, and an empty line. More than `most` bytes: broken. */
enum imap_said imap_fetch (struct imap *i, int64_t uid, bool head, size_t most, struct buffer *ret, bool *ret_there);
/* A good-bye; its answer is not waited for. */
void imap_close (struct imap *i);

/* As a folder's name goes over the wire: in quotes, and in modified UTF-7 (RFC 3501, 5.1.3). */
const char *imap_folder (struct arena *a, const char *utf8);

#endif
