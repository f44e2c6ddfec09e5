/* When a webhook is tried again; see hook_schedule.h. The waits are those of the Standard Webhooks specification ("Retry schedule").
 * It must never ask a clock: one that jumped back may make an endpoint wait a little longer, but neither for ever nor be switched off. */
#include "hook_schedule.h"

#include <curl/curl.h>
#include <stddef.h>
#include <string.h>

static const int64_t SECOND = 1000000, MINUTE = 60 * 1000000LL, HOUR = 3600 * 1000000LL;

/* ---- waits ---- */

int64_t hook_wait (int64_t n, uint16_t chance)
{
	static const int64_t seconds[HOOK_TRIES] = { 0, 5, 300, 1800, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600 };
	assert (n >= 1 && n <= HOOK_TRIES);
	int64_t wait = seconds[n - 1] * SECOND, off = wait / 100 * HOOK_JITTER_PERCENT;
	return wait - off + 2 * off * chance / UINT16_MAX;
}

static bool is_digit (char c)
{
	return c >= '0' && c <= '9';
}

/* -1: they are none; what is longer than any wait is as long as the longest one. */
static int64_t seconds_read (const char *text)
{
	const int64_t most = HOOK_RETRY_AFTER_HOURS * 3600;
	int64_t ret = 0;
	for (; is_digit (*text); text++)
		ret = ret > most ? ret : ret * 10 + (*text - '0');
	return *text ? -1 : ret;
}

int64_t hook_retry_after (const char *text, int64_t now)
{
	const int64_t most = now + HOOK_RETRY_AFTER_HOURS * HOUR;
	int64_t at = 0;
	text += text ? strspn (text, " \t") : 0;
	if (!text || !*text)
		return 0;
	if (is_digit (*text)) {
		int64_t seconds = seconds_read (text);
		at = seconds < 0 ? 0 : seconds > HOOK_RETRY_AFTER_HOURS * 3600 ? most : now + seconds * SECOND;
	} else {
		time_t date = curl_getdate (text, NULL); /* reads more than HTTP's three forms, and needs no locale */
		at = date < 0 ? 0 : date > most / SECOND ? most : (int64_t) date * SECOND;
	}
	return at > now ? at : 0;
}

/* ---- what came of an attempt ---- */

static int64_t later (int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* The receiver is there, and has too much to do. */
static bool is_crowded (int http)
{
	return http == 429 || http == 502 || http == 503 || http == 504;
}

static int64_t pause_of (int64_t failures)
{
	int64_t ret = 5 * MINUTE;
	for (int64_t i = HOOK_BREAK_AFTER; i < failures && ret < HOUR; i++)
		ret *= 2;
	return failures < HOOK_BREAK_AFTER ? 0 : ret < HOUR ? ret : HOUR;
}

/* None is longer than what Retry-After may ask: one that is was set by a clock that ran ahead. */
static int64_t pause_end (const struct hook_endpoint *e, int64_t now)
{
	return e->not_before <= now + HOOK_RETRY_AFTER_HOURS * HOUR ? e->not_before : 0;
}

static struct hook_endpoint endpoint_failed (const struct hook_endpoint *e, const struct hook_attempt *t, int64_t asked)
{
	struct hook_endpoint ret = { .state = e->state, .failures = e->failures + 1, .failing_since = e->failing_since };
	if (!e->failures || ret.failing_since > t->now)
		ret.failing_since = t->now;
	ret.not_before = later (pause_end (e, t->now), asked);
	if (is_crowded (t->http))
		ret.not_before = later (ret.not_before, t->now + MINUTE);
	if (pause_of (ret.failures))
		ret.not_before = later (ret.not_before, t->now + pause_of (ret.failures));
	if (t->http == 410)
		ret.state = HOOK_GONE;
	else if (ret.failures >= HOOK_BREAK_AFTER && t->now - ret.failing_since >= HOOK_DISABLE_DAYS * 24 * HOUR && ret.state == HOOK_ON)
		ret.state = HOOK_FAILING;
	return ret;
}

struct hook_settled hook_settle (const struct hook_endpoint *e, const struct hook_attempt *t)
{
	assert (t->n >= 1 && t->n <= HOOK_TRIES);
	if (t->http >= 200 && t->http <= 299)
		return (struct hook_settled){ .state = HOOK_DELIVERED, .endpoint = { .state = e->state } };
	struct hook_settled ret = { .endpoint = endpoint_failed (e, t, hook_retry_after (t->retry_after, t->now)) };
	if (t->n == HOOK_TRIES || t->http == 410) {
		ret.state = HOOK_GIVEN_UP;
		return ret;
	}
	ret.state = HOOK_AGAIN;
	ret.next_at = later (t->now + hook_wait (t->n + 1, t->chance), ret.endpoint.not_before);
	return ret;
}

int64_t hook_may_at (const struct hook_endpoint *e, int64_t due, int64_t now)
{
	return e->state == HOOK_ON ? later (due, pause_end (e, now)) : 0;
}
