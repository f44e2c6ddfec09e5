/* Fuzz target: what others write of webhooks: secrets, the three headers of a signed message, Retry-After. Lines of the input, the last one a body. What is
 * signed is good by the same key and by no other; what was not signed by a key is never good. */
#include "fuzz.h"

#include "../../services/automation/hook_schedule.h"
#include "../../services/automation/hook_sign.h"

enum { LINES = 5 };

static const char *line_take (struct arena *a, struct bytes *rest)
{
	const unsigned char *end = rest->n ? memchr (rest->at, '\n', rest->n) : NULL;
	size_t n = end ? (size_t) (end - rest->at) : rest->n;
	const char *ret = arena_copy (a, (const char *) rest->at, n);
	n += end ? 1 : 0;
	*rest = (struct bytes){ rest->at + n, rest->n - n };
	return ret;
}

static void retry_check (const char *text, int64_t now)
{
	int64_t at = hook_retry_after (text, now);
	assert (at == 0 || (at > now && at <= now + HOOK_RETRY_AFTER_HOURS * 3600 * 1000000LL));
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	const int64_t now = 1795256100;
	struct arena a;
	struct bytes rest = { data, size };
	const char *line[LINES];
	arena_init (&a);
	for (int i = 0; i < LINES; i++)
		line[i] = line_take (&a, &rest);
	retry_check (line[0], now * 1000000);
	struct hook_key key = { .n = HOOK_KEY_LEAST, .at = "known here alone" }, read;
	if (hook_secret_read (line[1], &read) == OK)
		assert (strcmp (hook_secret_write (&a, &read), line[1]) == 0);
	struct hook_headers h = { line[2], line[3], line[4] };
	assert (hook_verify (&h, rest, &key, 1, now) != HOOK_GOOD);
	const char *signature = NULL;
	struct hook_message m = { .id = line[2], .second = now, .body = rest };
	if (hook_sign (&a, &m, &key, 1, &signature) == OK) {
		/* beside whatever else the list holds, up to what a receiver looks at */
		h = (struct hook_headers){ line[2], "1795256100", arena_printf (&a, "%s %s", signature, line[4]) };
		enum hook_verdict verdict = hook_verify (&h, rest, &key, 1, now);
		assert (verdict == HOOK_GOOD || verdict == HOOK_UNREADABLE);
		h.signature = signature;
		assert (hook_verify (&h, rest, &key, 1, now) == HOOK_GOOD);
		key.at[HOOK_KEY_LEAST - 1] ^= 1;
		assert (hook_verify (&h, rest, &key, 1, now) == HOOK_FORGED);
	}
	arena_fini (&a);
	return 0;
}
