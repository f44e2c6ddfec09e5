/* Fuzz target: what an IMAP server says, in pieces. Whatever it says ends, stays within its limits and is one of three outcomes; numbers ascend; words are
 * printable. The first byte chooses what was asked, the second the size of the pieces. */
#include "fuzz.h"

#include "../../services/mailer/imap.h"

enum { UIDS_MOST = 3, BODY_MOST = 1000 };

struct server {
	const uint8_t *at;
	size_t n, piece;
};

static size_t server_read (void *ctx, unsigned char *at, size_t room)
{
	struct server *s = ctx;
	size_t n = s->n < s->piece ? s->n : s->piece;
	n = n < room ? n : room;
	memcpy (at, s->at, n);
	s->at += n;
	s->n -= n;
	return n;
}

static bool server_write (void *ctx, const char *at, size_t n)
{
	(void) ctx, (void) at;
	return n > 0;
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	if (size < 2)
		return 0;
	struct server s = { .at = data + 2, .n = size - 2, .piece = (size_t) data[1] + 1 };
	struct imap i;
	struct buffer body = { 0 };
	int64_t uid[UIDS_MOST], number = -1;
	size_t n = 0;
	bool more = false;
	imap_init (&i);
	i.read = server_read;
	i.write = server_write;
	i.ctx = &s;
	for (int k = data[0]; s.n; k++) {
		enum imap_said said = IMAP_BROKEN;
		switch (k % 4) {
		case 0: said = imap_open (&i, "INBOX", &number); break;
		case 1: said = imap_search (&i, 5, 0, uid, UIDS_MOST, &n, &more); break;
		case 2: said = imap_size (&i, 7, &number); break;
		case 3: said = imap_fetch (&i, 7, k & 4, BODY_MOST, &body, &more); break;
		}
		assert (n <= UIDS_MOST && body.n <= BODY_MOST + size);
		for (size_t at = 0; at < n; at++)
			assert (uid[at] >= 5 && (!at || uid[at] > uid[at - 1]));
		for (const char *p = i.words; *p; p++)
			assert (*p >= ' ' && *p <= '~');
		assert (said == IMAP_OK || *i.words);
		if (said == IMAP_BROKEN)
			break;
	}
	imap_fini (&i);
	buffer_fini (&body);
	return 0;
}
