/* Against robots and floods, at the door: how often one may come, when a page was opened, and what makes a request suspect.
 * It must never drop what it suspects, nor tell its sender that it does; whoever came too often is told so, and when to come again. */
#include "door.h"

#include "clock.h"
#include "log.h"
#include "metrics.h"
#include "rate.h"
#include "seal.h"
#include "stamp.h"

enum { ADDRESS_SHARE = 10 };

/* ---- how often ---- */

/* Of this door alone: each replica counts what comes to it. */
static struct rate_table keys, addresses;
static const char limited[] = "Requests at the door that were answered 429";
static struct metric limited_key = { "leadwire_hooks_limited_total", limited, METRIC_COUNTER, .label = "by=\"key\"" },
		     limited_address = { "leadwire_hooks_limited_total", limited, METRIC_COUNTER, .label = "by=\"address\"" };

void limits_start (void)
{
	metric_register (&limited_key);
	metric_register (&limited_address);
}

/* A server sends all that its visitors say from one address, and many of them sign it. */
static bool from_browsers (const struct source *s)
{
	return kind_is_page (s->kind) && s->secret.n == 0;
}

bool door_admits (struct hook *h)
{
	const struct source *s = &h->source;
	int64_t per_minute = s->per_minute ? s->per_minute : intake_config.hook_rate, now = clock_monotonic (), wait = 0;
	struct metric *counted = &limited_address;
	if (per_minute == 0)
		return true;
	if (from_browsers (s))
		wait = rate_take (&addresses, rate_address (s->id, http_remote (h->request)),
				  (per_minute + ADDRESS_SHARE - 1) / ADDRESS_SHARE, now);
	if (wait == 0) {
		wait = rate_take (&keys, s->id, per_minute, now);
		counted = &limited_key;
	}
	if (wait == 0)
		return true;
	metric_add (counted, 1);
	http_set (h->request, "Retry-After", arena_printf (h->arena, "%d", (int) ((wait + 999999) / 1000000)));
	return false;
}

/* ---- when its page was opened ---- */

bool stamp_told (struct hook *h)
{
	unsigned char key[STAMP_KEY];
	char text[STAMP_TEXT];
	if (!http_query (h->request, "stamp") || !kind_is_page (h->source.kind) || !seal_key ("stamps", key))
		return false;
	http_set (h->request, "Cache-Control", "no-store");
	http_reply_text (h->request, 200, "text/plain", stamp_make (key, h->source.id, clock_now (), text));
	return true;
}

/* Null: nothing is wrong with it, or nothing is asked. */
static const char *stamp_wrong (const struct hook *h)
{
	unsigned char key[STAMP_KEY];
	int64_t age = 0, least = h->source.minimum_fill;
	if (least < 0 || !kind_is_page (h->source.kind))
		return NULL;
	if (!seal_key ("stamps", key)) { /* rather a robot than nobody */
		log_error ("stamps_unchecked", LOG_U ("source", h->source.id));
		return NULL;
	}
	switch (stamp_check (key, h->source.id, h->envelope.stamp, least, clock_now (), &age)) {
	case STAMP_FITS: return NULL;
	case STAMP_MISSING: return "It brings no stamp (_stamp) of when its page was opened.";
	case STAMP_FORGED: return "Its stamp (_stamp) is not one that was given to this form.";
	case STAMP_FUTURE: return "Its stamp (_stamp) is of a time that has not come yet.";
	case STAMP_YOUNG:
		return arena_printf (h->arena, "It was sent %d seconds after its page was opened: a person needs at least %d.",
				     (int) (age / 1000000), (int) least);
	case STAMP_OLD: return arena_printf (h->arena, "Its page was opened more than %d days before.", STAMP_DAYS);
	}
	return NULL;
}

/* ---- suspects ---- */

bool suspect_found (struct hook *h)
{
	const char *why = h->envelope.honeypot ? SPAM_TRAP : stamp_wrong (h);
	if (!why)
		return false;
	h->outcome = submission_outcome_spam;
	h->reason = why;
	return true;
}
