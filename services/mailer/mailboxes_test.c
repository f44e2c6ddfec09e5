/* IMAP as servers speak it, and as they should not: what is read of each dialogue, byte by byte and all at once; and what is decided about mailboxes. */
#include "mailboxes.h"

#include <stdlib.h>
#include <string.h>
#include "imap.h"
#include "test.h"

static struct arena arena;

/* ---- a server that says what stands here, in pieces ---- */

struct script {
	const char *at;
	size_t n, piece;
	struct buffer heard;
};

static size_t script_read (void *ctx, unsigned char *at, size_t room)
{
	struct script *s = ctx;
	size_t n = s->n < s->piece ? s->n : s->piece;
	n = n < room ? n : room;
	memcpy (at, s->at, n);
	s->at += n;
	s->n -= n;
	return n;
}

static bool script_write (void *ctx, const char *at, size_t n)
{
	buffer_add (&((struct script *) ctx)->heard, at, n);
	return true;
}

static const char *const outcomes[] = { "ok", "no", "broken" };
enum ask { OPEN, SEARCH, SIZE, FETCH, HEAD };

static const char *answered (struct imap *i, enum ask ask)
{
	int64_t uid[3], number = 0;
	size_t n = 0;
	bool more = false;
	struct buffer body = { 0 };
	const char *ret = "";
	enum imap_said said = IMAP_BROKEN;
	switch (ask) {
	case OPEN:
		said = imap_open (i, "INBOX", &number);
		ret = arena_printf (&arena, " %lld", (long long) number);
		break;
	case SEARCH:
		said = imap_search (i, 5, INT64_C (1795370400000000), uid, 3, &n, &more);
		for (size_t k = 0; k < n; k++)
			ret = arena_printf (&arena, "%s %lld", ret, (long long) uid[k]);
		ret = arena_printf (&arena, "%s%s", ret, more ? " more" : "");
		break;
	case SIZE:
		said = imap_size (i, 7, &number);
		ret = arena_printf (&arena, " %lld", (long long) number);
		break;
	case FETCH:
	case HEAD:
		said = imap_fetch (i, 7, ask == HEAD, 40, &body, &more);
		ret = more ? arena_printf (&arena, " <%.*s>", (int) body.n, (const char *) body.at) : " away";
		break;
	}
	buffer_fini (&body);
	return said == IMAP_OK ? arena_printf (&arena, "%s%s", outcomes[said], ret)
			       : arena_printf (&arena, "%s %s", outcomes[said], i->words);
}

static void talks (enum ask ask, const char *server, const char *wanted)
{
	for (size_t piece = 1; piece < 10000; piece += piece == 1 ? 6 : 9000) {
		struct script s = { .at = server, .n = strlen (server), .piece = piece };
		struct imap i;
		imap_init (&i);
		i.read = script_read;
		i.write = script_write;
		i.ctx = &s;
		CHECK_TEXT (answered (&i, ask), wanted);
		CHECK (s.heard.n > 5 && !memcmp (s.heard.at, "L1 ", 3) && !memcmp (s.heard.at + s.heard.n - 2, "\r\n", 2));
		CHECK (!memmem (s.heard.at, s.heard.n, "STORE", 5) && !memmem (s.heard.at, s.heard.n, "SELECT", 6) &&
		       !memmem (s.heard.at, s.heard.n, "BODY[", 5));
		buffer_fini (&s.heard);
		imap_fini (&i);
	}
}

static void opens (void)
{
	talks (OPEN, "* 2 EXISTS\r\n* FLAGS (\\Seen)\r\n* OK [UIDVALIDITY 1795371301] UIDs valid\r\nL1 OK [READ-ONLY] done\r\n",
	       "ok 1795371301");
	talks (OPEN, "L1 NO [NONEXISTENT] Mailbox doesn't exist: Weg\r\n", "no NO [NONEXISTENT] Mailbox doesn't exist: Weg");
	talks (OPEN, "L1 BAD \xc3\xa9\x01\r\n", "no BAD ???");
	talks (OPEN, "L1 OK done\r\n", "broken the server does not number its messages for good (UIDVALIDITY)");
	talks (OPEN, "* BYE come again\r\n", "broken BYE come again");
	talks (OPEN, "* OK [UIDVALIDITY 1]\r\n", "broken the server fell silent");
	talks (OPEN, "A1 OK done\r\n", "broken the server speaks of something else");
	talks (OPEN, "L11 OK done\r\n", "broken the server speaks of something else");
	talks (OPEN, "* OK [UIDVALIDITY 99999999999] x\r\nL1 OK\r\n",
	       "broken the server does not number its messages for good (UIDVALIDITY)");
}

static void searches (void)
{
	talks (SEARCH, "* SEARCH\r\nL1 OK\r\n", "ok");
	talks (SEARCH, "* SEARCH 4\r\nL1 OK\r\n", "ok"); /* 5:* names the last one */
	talks (SEARCH, "* SEARCH 9 5 7\r\nL1 OK\r\n", "ok 5 7 9");
	talks (SEARCH, "* 3 EXISTS\r\n* SEARCH 9 12 5 8\r\n* SEARCH 6 6\r\nL1 OK\r\n", "ok 5 6 8 more");
	talks (SEARCH, "* SEARCH 5 x 6\r\nL1 OK\r\n", "ok 5");
	talks (SEARCH, "L1 NO not now\r\n", "no NO not now");
}

static void fetches (void)
{
	talks (SIZE, "* 1 FETCH (UID 7 RFC822.SIZE 123)\r\nL1 OK\r\n", "ok 123");
	talks (SIZE, "* 1 FETCH (UID 8 RFC822.SIZE 123)\r\n* 2 FETCH (RFC822.SIZE 5 UID 7)\r\nL1 OK\r\n", "ok 5");
	talks (SIZE, "L1 OK nothing\r\n", "ok -1");
	talks (FETCH, "* 1 FETCH (UID 7 BODY[] {5}\r\nab\r\nc)\r\nL1 OK\r\n", "ok <ab\r\nc>");
	talks (FETCH, "* 1 FETCH (BODY[] {5}\r\nab\r\nc UID 7)\r\nL1 OK\r\n", "ok <ab\r\nc>");
	talks (FETCH, "* 1 FETCH (UID 7 BODY[] {0}\r\n)\r\nL1 OK\r\n", "ok <>");
	talks (FETCH, "* 1 FETCH (UID 7 BODY[] \"a \\\"b\\\" \\\\\")\r\nL1 OK\r\n", "ok <a \"b\" \\>");
	talks (FETCH, "* 1 FETCH (UID 7 BODY[] NIL)\r\nL1 OK\r\n", "ok away");
	talks (FETCH, "* 1 FETCH (UID 7 BODY[] {2}\r\nab\r\nL1 OK\r\n", "ok <ab>"); /* its end is forgotten */
	talks (FETCH, "L1 OK gone\r\n", "ok away");
	talks (FETCH, "L1 NO [SERVERBUG] x\r\n", "no NO [SERVERBUG] x");
	/* another one's, and what it holds looks like ours */
	talks (FETCH, "* 1 FETCH (UID 6 BODY[] {31}\r\n* 1 FETCH (UID 7 BODY[] {1}\r\nx))\r\n* 2 FETCH (FLAGS ())\r\nL1 OK\r\n", "ok away");
	talks (FETCH, "* 1 FETCH (UID 7 BODY[] {16}\r\nL1 OK x\r\nL1 NO\r\n)\r\nL1 OK\r\n", "ok <L1 OK x\r\nL1 NO\r\n>");
	talks (FETCH, "* 1 FETCH (UID 7 X \"\" BODY[] {3}\r\nabc BODY[] {2}\r\nno)\r\nL1 OK\r\n", "ok <abc>");
	talks (FETCH, "* 1 FETCH (UID 7 BODY[] {41}\r\n", "broken a message is larger than the server said");
	talks (FETCH, "* 1 FETCH (UID 7 BODY[] {9999999999}\r\n", "broken a message is larger than the server said");
	talks (FETCH, "* 1 FETCH (UID 7 BODY[] {99999999999}\r\nL1 OK\r\n", "ok away"); /* no length at all */
	talks (FETCH, "* 1 FETCH (UID 7 BODY[] {20}\r\nab", "broken the server fell silent");
	talks (HEAD, "* 1 FETCH (UID 7 BODY[HEADER.FIELDS (FROM TO)] {9}\r\nFrom: a\r\n)\r\nL1 OK\r\n", "ok <From: a\r\n>");
}

static void folders (void)
{
	/* RFC 3501, 5.1.3 */
	CHECK_TEXT (imap_folder (&arena, "INBOX"), "\"INBOX\"");
	CHECK_TEXT (imap_folder (&arena, "~peter/mail/台北/日本語"), "\"~peter/mail/&U,BTFw-/&ZeVnLIqe-\"");
	CHECK_TEXT (imap_folder (&arena, "Eén & \"twee\\"), "\"E&AOk-n &- \\\"twee\\\\\"");
	CHECK_TEXT (imap_folder (&arena, "😀"), "\"&2D3eAA-\"");
	CHECK_TEXT (imap_folder (&arena, "a\r\nL2 X"), "\"a&AA0ACg-L2 X\"");
	CHECK_TEXT (imap_folder (&arena, "\xff\xc3"), "\"&,,3,,Q-\"");
}

/* ---- rules ---- */

static void waits (void)
{
	CHECK (mailbox_wait (60, 0) == 60 && mailbox_wait (60, 1) == 120 && mailbox_wait (60, 3) == 480);
	CHECK (mailbox_wait (60, 5) == 1800 && mailbox_wait (60, 2000000000) == 1800);
	CHECK (mailbox_wait (3600, 0) == 3600 && mailbox_wait (3600, 4) == 3600 && mailbox_wait (1, 1) == 2);
}

static void notes (void)
{
	const char head[] = "From: a@b.test\r\nSubject: x\r\n\r\n";
	CHECK_TEXT (
		mailbox_note (&arena, head, sizeof head - 1, 45 << 20, false),
		"From: a@b.test\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: "
		"8bit\r\n\r\nThis message of 45 MB is too large to be taken here. It still lies in the mailbox.\r\n");
	CHECK (!strncmp (mailbox_note (&arena, "", 0, 1, true), "MIME-Version", 12));
}

static void refusals (void)
{
	CHECK (!mailbox_steps_over (3, true) && mailbox_steps_over (4, true) && !mailbox_steps_over (7, false) &&
	       mailbox_steps_over (8, false));
	const char *note = mailbox_refusal (&arena, "IN\nBOX", 5, 7, "NO x", false);
	CHECK (!strncmp (note, "Subject: Unreadable message 7\r\nMIME", 35) && strstr (note, "\r\n\r\nThe server did not give") &&
	       strstr (note, "(5/7)"));
	CHECK (strcmp (note, mailbox_refusal (&arena, "IN\nBOX", 6, 7, "NO x", false))); /* another one of another life of the mailbox */
}

int main (void)
{
	arena_init (&arena);
	opens ();
	searches ();
	fetches ();
	folders ();
	waits ();
	notes ();
	refusals ();
	arena_fini (&arena);
	return test_end ();
}
