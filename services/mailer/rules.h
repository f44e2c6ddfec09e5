/* What mailer decides without asking anybody: addresses, states and their precedence, when it is tried again, what a mail looks like on the wire.
 * Pure functions: no I/O, no clock; time is a parameter. A state is never guessed here: what is not known is unknown. */
#ifndef LEADWIRE_MAILER_RULES_H
#define LEADWIRE_MAILER_RULES_H

#include <jansson.h>
#include "records.h"

enum { TRIES_MOST = 12, SUBJECT_MOST = 500, FILES_BYTES_MOST = 20 << 20, EVENTS_MOST = 10000 };

/* ---- addresses ---- */

/* Trimmed and in lower case, as it is compared and sent to; null: no address that mail can go to. */
const char *address_read (struct arena *a, const char *text);
/* What stands behind the @. */
const char *address_domain (const char *address);

/* ---- states ---- */

/* STANDARDS: events come late, twice and out of order; only what says more than is known moves a state. */
bool mail_state_moves (enum mail_state from, enum mail_state to);
/* Seconds until the next try after so many. */
int64_t retry_seconds (int64_t attempts);

/* What follows from a recorded attempt, or from one that nobody recorded in time. */
struct settled {
	bool moves; /* the recipient's state changes */
	enum mail_state state;
	const char *reason; /* null: none */
	int64_t next_at;    /* 0: as it was; TIME_MOST: never by itself */
	bool account_fails; /* it is the account, not the recipient */
	bool account_works;
	int64_t held_until;   /* 0: not */
	const char *suppress; /* the mailbox is none: what was said; null: not so */
};
struct settled attempt_settle (struct arena *a, const struct mail_settling *s, int64_t now, int64_t unknown_wait);
/* "5.1.1" and the like: there is no such mailbox. */
bool says_no_mailbox (const char *words);

/* ---- ways to send ---- */

/* The last of n rows was just added: whoever was asked to be a workspace's default last is, and no other row of the run stays or becomes that. */
void default_take (struct kept_mail_account row[], size_t n, bool asked);

/* ---- what providers say ---- */

struct provider_meaning {
	bool known; /* it moves a state, or suppresses */
	bool moves;
	enum mail_state state;
	bool suppresses, allows; /* the address gets no mail any more; gets it again */
	enum suppression_reason suppression;
	const char *reason;
};
/* One event of SendGrid's webhook; false: it is none, or names no id. */
bool provider_event_read (struct arena *a, const json_t *event, struct provider_said *ret, struct provider_meaning *ret_meaning);
/* When a provider that answers 429 takes mails again (µs): by Retry-After (seconds) or X-RateLimit-Reset (seconds since 1970); 0: it did not say. */
int64_t rate_reset (const char *retry_after, const char *reset, int64_t now);

/* ---- the letter ---- */

/* A file of a mail that its text may show: ![what it shows](its name). */
struct picture {
	const char *name, *content_id;
	bool shown; /* the text does; set by the two below */
};

/* Our small Markdown as HTML: paragraphs, line ends, **bold**, _italic_, lists, links, pictures. Everything else is text. */
const char *text_html (struct arena *a, const char *text, struct picture picture[], size_t n);
/* Of a text whose values were escaped (template.h, TEMPLATE_MARKDOWN): what a backslash stands before is no mark. */
const char *marked_html (struct arena *a, const char *text, struct picture picture[], size_t n);
/* That HTML for whoever reads text alone: no mark stands in it, a bullet is a dash. Of HTML by the two above, and of no other. */
const char *html_plain (struct arena *a, const char *html);
/* The text part of a mail. */
const char *job_text (struct arena *a, const struct mail_job *job);
/* A header's text: as it is when it is ASCII, else as encoded words (RFC 2047), folded; control characters become spaces. */
const char *header_text (struct arena *a, const char *text);
/* "Name" <address>, encoded where it must be. */
const char *header_address (struct arena *a, const char *name, const char *address);
/* Message-IDs with spaces between them, folded where a line ends; one that no line can hold (RFC 5322: 998 bytes) is left out. */
const char *header_ids (struct arena *a, const char *ids);
/* ; filename="…", and filename*= (RFC 2231) where that cannot say it. */
const char *header_filename (struct arena *a, const char *name);
/* Mon, 02 Jan 2026 15:04:05 +0000 */
const char *header_date (struct arena *a, int64_t at);

/* The mail as SendGrid takes it. */
json_t *sendgrid_body (struct arena *a, const struct mail_job *job, json_t *files, const char *unsubscribe);

/* A name or address that a server may have; says nothing of whether there is one. */
bool host_good (const char *host);

#endif
