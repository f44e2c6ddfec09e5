/* Mail as it comes in, read into one struct: who, what, which message it answers, what hangs on it, whether a machine sent it. Bytes in, text out; GMime does
 * the parsing, behind this header alone. Nothing is refused: of bytes that are no mail at all the text is what they say.
 * Never a NUL, a control character in a line or broken UTF-8 in what comes out; never a decision that changes something: that is matching's. */
#ifndef LEADWIRE_MIME_H
#define LEADWIRE_MIME_H

#include "arena.h"

enum {
	MAIL_TEXT_MOST = 1 << 20, /* bytes of the text that is kept beside the original */
	MAIL_HTML_MOST = 4 << 20,
	MAIL_LINE_MOST = 998, /* bytes of a subject, a name, an id */
	MAIL_FILES_MOST = 100,
	MAIL_PARTS_MOST = 1000, /* parts that are looked at */
	MAIL_DEPTH_MOST = 20,	/* parts inside each other */
	MAIL_ADDRESSES_MOST = 200,
	MAIL_REFERENCES_MOST = 50, /* the last ones, and the first */
	MAIL_FAILURES_MOST = 50
};

struct mail_party {
	const char *name;  /* "" when it has none */
	const char *email; /* as it was written; "" when it is no address */
};

struct mail_part {
	const char *name;	/* for display: no path, never "" */
	const char *type;	/* what the sender says: never to be believed */
	const char *content_id; /* without brackets; null: nothing in the HTML names it */
	struct bytes bytes;
};

/* One recipient of a report on delivery (RFC 3464). */
struct mail_failure {
	const char *email, *action, *status, *why; /* failed, 5.1.1, "550 …"; "" where it says nothing */
};

enum mail_sort {
	MAIL_MESSAGE,
	MAIL_BOUNCE,   /* somebody did not get what was sent */
	MAIL_REPORT,   /* on a delivery that did not fail, or not yet */
	MAIL_COMPLAINT /* RFC 5965: somebody called it spam */
};

/* Why it is thought that a machine sent it. Such mail is kept and shown, and starts nothing. */
#define MAIL_AUTOMATIC(WHY)                                                       \
	WHY (auto_submitted, "Auto-Submitted says so (RFC 3834)")                 \
	WHY (auto_suppressed, "X-Auto-Response-Suppress or X-Autoreply is there") \
	WHY (precedence, "Precedence is bulk, junk, list or auto_reply")          \
	WHY (list, "it came by a mailing list")                                   \
	WHY (no_sender, "its envelope names no sender")                           \
	WHY (report, "it reports on a delivery or a complaint")
enum mail_automatic {
#define MAIL_WHY(name, doc) MAIL_WHY_##name,
	MAIL_AUTOMATIC (MAIL_WHY)
#undef MAIL_WHY
		MAIL_WHY_COUNT
};
extern const char *const mail_why_names[MAIL_WHY_COUNT];

struct mail {
	const char *message_id; /* without brackets; null: it has none */
	const char *const
		*reference; /* ids that it answers, the nearest first: In-Reply-To, then References from right to left; each once */
	size_t references;
	struct mail_party from; /* of several the first; else Sender, else Return-Path */
	struct mail_party reply_to;
	const struct mail_party *to, *cc;
	size_t to_n, cc_n;
	const char *const *delivered; /* Delivered-To, X-Original-To, Envelope-To: where a mailbox's server put it */
	size_t delivered_n;
	const char *subject; /* "" when it has none */
	int64_t sent_at;     /* µs, as the sender says; 0: it does not */
	const char *text;    /* line ends are \n; made of the HTML when there is no other; never null */
	size_t own_n;	     /* so many bytes of it the sender wrote; what follows is quoted */
	const char *html;    /* as it came, in UTF-8: never shown as it is. Null: none */
	const struct mail_part *file;
	size_t files;
	enum mail_sort sort;
	const struct mail_failure *failure; /* of a bounce, a report; of a complaint who complained, when that is said */
	size_t failures;
	const char *original_id;   /* of the message that a bounce or a complaint is about; null: it does not say */
	const char *original_from; /* and its envelope sender; null as well */
	unsigned automatic;	   /* bits: 1 << enum mail_automatic */
	bool cut;		   /* over a limit: the original holds more than this */
};

/* All that it says. `raw` must live as long as what is read. */
void mail_read (struct arena *a, struct bytes raw, struct mail *ret);

/* ---- pieces ---- */

/* Text in any character set that iconv knows, as UTF-8 with \n line ends; what cannot be read becomes U+FFFD. Null: a guess. */
const char *mail_text (struct arena *a, struct bytes in, const char *charset);
/* How many bytes of a text its sender wrote, blank lines at the end not counted; what follows is quoted. All of it when nothing else is left. */
size_t mail_own_size (const char *text);
/* Does it look like an address that mail can go to? */
bool mail_is_email (const char *text);
/* One line of at most MAIL_LINE_MOST bytes: no control character, no blank at its ends. */
const char *mail_line (struct arena *a, const char *text);
/* The first address of "Sanne <sanne@example.com>, …". */
struct mail_party mail_party_read (struct arena *a, const char *header);

#endif
