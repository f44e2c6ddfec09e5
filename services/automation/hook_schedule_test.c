/* When webhooks are tried again: the published schedule, both forms of Retry-After, what is given up, the pauses of a receiver that fails, and a receiver that
 * is down for days played through from end to end. Random histories hold what must always hold. */
#include "hook_schedule.h"

#include <jansson.h>
#include "clock.h"
#include "test.h"

static const int64_t S = 1000000, H = 3600 * 1000000LL, DAY = 24 * 3600 * 1000000LL;
enum { MIDDLE = 32768 };

static int64_t at (const char *text)
{
	int64_t ret = 0;
	CHECK (time_parse (text, &ret) == OK);
	return ret;
}

/* By the fixture's own numbers. */
static void waits_are_as_published (void)
{
	json_t *o = json_load_file ("tests/fixtures/standard-webhooks/deal.won.case.json", 0, NULL);
	json_t *wanted = json_object_get (o, "retry_seconds");
	CHECK (json_array_size (wanted) == HOOK_TRIES);
	for (int64_t n = 1; n <= HOOK_TRIES; n++) {
		int64_t wait = json_integer_value (json_array_get (wanted, (size_t) n - 1)) * S, before = -1;
		CHECK (hook_wait (n, 0) == wait * 85 / 100 && hook_wait (n, UINT16_MAX) == wait * 115 / 100);
		int64_t off = hook_wait (n, MIDDLE) - wait;
		CHECK (off >= -wait / 10000 && off <= wait / 10000);
		for (uint32_t chance = 0; chance <= UINT16_MAX; chance += 257) { /* a better throw never waits less */
			CHECK (hook_wait (n, (uint16_t) chance) >= before);
			before = hook_wait (n, (uint16_t) chance);
		}
	}
	json_decref (o);
}

static void retry_after_is_read (void)
{
	const int64_t now = at ("2026-11-23T09:00:00Z");
	static const struct {
		const char *text, *wanted; /* null: nothing */
	} cases[] = {
		{ "120", "2026-11-23T09:02:00Z" },
		{ " 120", "2026-11-23T09:02:00Z" },
		{ "1", "2026-11-23T09:00:01Z" },
		{ "86400", "2026-11-24T09:00:00Z" },
		{ "86401", "2026-11-24T09:00:00Z" },
		{ "99999999999999999999999999", "2026-11-24T09:00:00Z" },
		{ "Mon, 23 Nov 2026 10:30:00 GMT", "2026-11-23T10:30:00Z" },
		{ "Monday, 23-Nov-26 10:30:00 GMT", "2026-11-23T10:30:00Z" },
		{ "Mon Nov 23 10:30:00 2026", "2026-11-23T10:30:00Z" },
		{ "Fri, 31 Dec 2027 23:59:59 GMT", "2026-11-24T09:00:00Z" },
		{ "0", NULL },
		{ "-5", NULL },
		{ "", NULL },
		{ " ", NULL },
		{ "1.5", NULL },
		{ "120s", NULL },
		{ "120, 240", NULL },
		{ "soon", NULL },
		{ "Mon, 23 Nov 2026 08:59:59 GMT", NULL },
		{ "Mon, 23 Nov 2026 09:00:00 GMT", NULL },
		{ "Thu, 01 Jan 1970 00:00:00 GMT", NULL },
		{ "Mon, 99 Nov 2026 10:30:00 GMT", NULL },
	};
	for (size_t i = 0; i < LENGTH (cases); i++) {
		char is[TIME_TEXT], wanted[TIME_TEXT];
		time_format (hook_retry_after (cases[i].text, now), is);
		time_format (cases[i].wanted ? at (cases[i].wanted) : 0, wanted);
		if (strcmp (is, wanted) != 0) {
			CHECK_TEXT (cases[i].text, "read rightly");
			CHECK_TEXT (is, wanted);
		}
	}
	CHECK (hook_retry_after (NULL, now) == 0);
}

static void answers_are_told_apart (void)
{
	const int64_t now = at ("2026-11-23T09:00:00Z");
	static const struct {
		int http;
		enum hook_outcome state;
		enum hook_endpoint_state endpoint;
		int64_t paused_seconds; /* of the endpoint as a whole */
	} cases[] = {
		{ 200, HOOK_DELIVERED, HOOK_ON, 0 }, { 202, HOOK_DELIVERED, HOOK_ON, 0 },  { 204, HOOK_DELIVERED, HOOK_ON, 0 },
		{ 299, HOOK_DELIVERED, HOOK_ON, 0 }, { 0, HOOK_AGAIN, HOOK_ON, 0 },	   { 199, HOOK_AGAIN, HOOK_ON, 0 },
		{ 300, HOOK_AGAIN, HOOK_ON, 0 },     { 301, HOOK_AGAIN, HOOK_ON, 0 },	   { 307, HOOK_AGAIN, HOOK_ON, 0 },
		{ 400, HOOK_AGAIN, HOOK_ON, 0 },     { 401, HOOK_AGAIN, HOOK_ON, 0 },	   { 404, HOOK_AGAIN, HOOK_ON, 0 },
		{ 409, HOOK_AGAIN, HOOK_ON, 0 },     { 410, HOOK_GIVEN_UP, HOOK_GONE, 0 }, { 429, HOOK_AGAIN, HOOK_ON, 60 },
		{ 500, HOOK_AGAIN, HOOK_ON, 0 },     { 502, HOOK_AGAIN, HOOK_ON, 60 },	   { 503, HOOK_AGAIN, HOOK_ON, 60 },
		{ 504, HOOK_AGAIN, HOOK_ON, 60 },    { 600, HOOK_AGAIN, HOOK_ON, 0 },
	};
	for (size_t i = 0; i < LENGTH (cases); i++) {
		struct hook_endpoint new = { 0 };
		struct hook_settled s = hook_settle (&new,
						     &(struct hook_attempt){ .n = 1, .now = now, .http = cases[i].http, .chance = MIDDLE });
		bool failed = cases[i].state != HOOK_DELIVERED;
		CHECK (s.state == cases[i].state && s.endpoint.state == cases[i].endpoint);
		CHECK (s.endpoint.failures == failed && s.endpoint.failing_since == (failed ? now : 0));
		CHECK (s.endpoint.not_before == (cases[i].paused_seconds ? now + cases[i].paused_seconds * S : 0));
		if (s.state == HOOK_AGAIN)
			CHECK (s.next_at == (cases[i].paused_seconds ? now + 60 * S : now + hook_wait (2, MIDDLE)));
		else
			CHECK (s.next_at == 0);
		/* the last one there is */
		s = hook_settle (&new, &(struct hook_attempt){ .n = HOOK_TRIES, .now = now, .http = cases[i].http });
		CHECK (s.state == (failed ? HOOK_GIVEN_UP : HOOK_DELIVERED) && s.next_at == 0);
	}
}

static void who_asks_for_longer_gets_it (void)
{
	const int64_t now = at ("2026-11-23T09:00:00Z");
	struct hook_endpoint e = { 0 };
	struct hook_attempt t = { .n = 1, .now = now, .http = 429, .retry_after = "7200", .chance = MIDDLE };
	struct hook_settled s = hook_settle (&e, &t);
	CHECK (s.next_at == now + 2 * H && s.endpoint.not_before == now + 2 * H);
	/* another delivery, under way at the same time, whose answer asks nothing: what was asked holds */
	e = s.endpoint;
	s = hook_settle (&e, &(struct hook_attempt){ .n = 1, .now = now + S, .http = 500 });
	CHECK (s.next_at == now + 2 * H && s.endpoint.not_before == now + 2 * H);
	/* and one that went well ends it */
	s = hook_settle (&s.endpoint, &(struct hook_attempt){ .n = 2, .now = now + 2 * S, .http = 200 });
	CHECK (s.endpoint.not_before == 0 && hook_may_at (&s.endpoint, now, now) == now);
	/* asked for less than the schedule has: the schedule */
	t = (struct hook_attempt){ .n = 5, .now = now, .http = 500, .retry_after = "60", .chance = MIDDLE };
	s = hook_settle (&(struct hook_endpoint){ 0 }, &t);
	CHECK (s.next_at == now + hook_wait (6, MIDDLE) && s.endpoint.not_before == now + 60 * S);
}

static void the_breaker_feels_its_way (void)
{
	static const int64_t minutes[] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 10, 20, 40, 60, 60, 60 };
	int64_t now = at ("2026-11-23T09:00:00Z");
	struct hook_endpoint e = { 0 };
	for (size_t i = 0; i < LENGTH (minutes); i++, now += S) {
		/* each of a delivery of its own */
		e.not_before = 0;
		struct hook_settled s = hook_settle (&e, &(struct hook_attempt){ .n = 1, .now = now, .chance = 0 });
		CHECK (s.endpoint.not_before == (minutes[i] ? now + minutes[i] * 60 * S : 0));
		CHECK (hook_may_at (&s.endpoint, now, now) == (minutes[i] ? now + minutes[i] * 60 * S : now));
		CHECK (hook_may_at (&s.endpoint, now + DAY, now) == now + DAY);
		e = s.endpoint;
	}
	e = hook_settle (&e, &(struct hook_attempt){ .n = 1, .now = now, .http = 200 }).endpoint;
	CHECK (!e.failures && !e.failing_since && !e.not_before && e.state == HOOK_ON);
}

/* What the schedule adds up to; the pauses of the breaker are shorter than its last waits. */
static int64_t all_waits (void)
{
	int64_t ret = 0;
	for (int64_t n = 1; n <= HOOK_TRIES; n++)
		ret += hook_wait (n, MIDDLE);
	return ret;
}

/* One delivery after another to a receiver that is down from the first moment on; in order, so each waits until the one before it is settled. */
static void a_receiver_that_is_down (void)
{
	const int64_t from = at ("2026-11-23T09:00:00Z");
	int64_t now = from, tries = 0, given_up = 0, n = 1;
	struct hook_endpoint e = { 0 };
	while (e.state == HOOK_ON && tries < 1000) {
		struct hook_settled s = hook_settle (&e, &(struct hook_attempt){ .n = n, .now = now, .chance = MIDDLE });
		tries++;
		e = s.endpoint;
		if (s.state == HOOK_GIVEN_UP && e.state == HOOK_ON) {
			if (!given_up++)
				CHECK (tries == HOOK_TRIES && now - from == all_waits ());
			n = 1;
			now = hook_may_at (&e, now, now);
		} else if (e.state == HOOK_ON) {
			n++;
			now = hook_may_at (&e, s.next_at, now);
		}
	}
	CHECK (e.state == HOOK_FAILING && e.failing_since == from && given_up >= 1);
	CHECK (now - from >= HOOK_DISABLE_DAYS * DAY && now - from < (HOOK_DISABLE_DAYS + 1) * DAY);
	CHECK (hook_may_at (&e, now, now) == 0);
	/* its owner switches it on again, and it is as new */
	e = (struct hook_endpoint){ 0 };
	CHECK (hook_may_at (&e, now, now) == now);
}

/* Two failures with days between, while we were switched off ourselves, say nothing about days. */
static void few_failures_switch_nothing_off (void)
{
	const int64_t now = at ("2026-11-23T09:00:00Z");
	struct hook_endpoint e = { 0 };
	for (int i = 0; i < HOOK_BREAK_AFTER - 1; i++)
		e = hook_settle (&e, &(struct hook_attempt){ .n = 1, .now = now + i * 3 * DAY, .http = 500 }).endpoint;
	CHECK (e.state == HOOK_ON && e.failures == HOOK_BREAK_AFTER - 1);
	e = hook_settle (&e, &(struct hook_attempt){ .n = 1, .now = now + 30 * DAY, .http = 500 }).endpoint;
	CHECK (e.state == HOOK_FAILING);
	/* gone is gone, whatever else is said later */
	e = (struct hook_endpoint){ .state = HOOK_GONE, .failures = 50, .failing_since = now };
	e = hook_settle (&e, &(struct hook_attempt){ .n = 1, .now = now + 30 * DAY, .http = 500 }).endpoint;
	CHECK (e.state == HOOK_GONE);
}

static void a_clock_that_jumps (void)
{
	const int64_t now = at ("2026-11-23T09:00:00Z");
	/* all was written by a clock a year ahead */
	struct hook_endpoint e = { .failures = 20, .failing_since = now + 365 * DAY, .not_before = now + 366 * DAY };
	CHECK (hook_may_at (&e, now, now) == now);
	struct hook_settled s = hook_settle (&e, &(struct hook_attempt){ .n = 1, .now = now, .http = 500, .chance = MIDDLE });
	CHECK (s.endpoint.state == HOOK_ON && s.endpoint.failing_since == now && s.endpoint.not_before == now + H && s.next_at == now + H);
}

static uint32_t next (uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

/* Whatever comes back, and in whatever order. */
static void what_always_holds (void)
{
	static const int http[] = { 0, 200, 200, 301, 404, 410, 429, 500, 502, 503 };
	static const char *const after[] = { NULL, NULL, "0", "30", "3600", "999999", "Tue, 24 Nov 2026 12:00:00 GMT", "soon" };
	for (uint32_t run = 0; run < 2000; run++) {
		uint32_t seed = run;
		int64_t now = at ("2026-11-23T09:00:00Z"), n = 1;
		struct hook_endpoint e = { 0 };
		for (int i = 0; i < 30; i++) {
			struct hook_attempt t = {
				.n = n, .now = now, .http = http[next (&seed) % LENGTH (http)], .chance = (uint16_t) next (&seed)
			};
			t.retry_after = after[next (&seed) % LENGTH (after)];
			struct hook_settled s = hook_settle (&e, &t);
			bool good = t.http == 200;
			CHECK (good == (s.state == HOOK_DELIVERED) && good == (s.endpoint.failures == 0) &&
			       good == !s.endpoint.failing_since);
			CHECK (good || s.endpoint.failures == e.failures + 1);
			CHECK (s.endpoint.not_before <= now + DAY && (s.state == HOOK_AGAIN) == (s.next_at > 0));
			if (s.state == HOOK_AGAIN) {
				CHECK (s.next_at >= now + hook_wait (n + 1, t.chance) && s.next_at >= s.endpoint.not_before);
				CHECK (s.next_at >= hook_retry_after (t.retry_after, now) && s.next_at <= now + 28 * H);
			}
			e = s.endpoint;
			n = s.state == HOOK_AGAIN ? n + 1 : 1;
			now = s.state == HOOK_AGAIN ? s.next_at : now + next (&seed) % 1000 * S;
		}
	}
}

int main (void)
{
	waits_are_as_published ();
	retry_after_is_read ();
	answers_are_told_apart ();
	who_asks_for_longer_gets_it ();
	the_breaker_feels_its_way ();
	a_receiver_that_is_down ();
	few_failures_switch_nothing_off ();
	a_clock_that_jumps ();
	what_always_holds ();
	return test_end ();
}
