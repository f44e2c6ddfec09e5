/* A decision's rules that did not match: what is packed is told again, of every rule; broken bytes are refused; the usual case takes no room. */
#include "decision.h"

#include "test.h"

static uint32_t random_state = 20261123;

static uint32_t dice (uint32_t sides)
{
	random_state = random_state * 1664525u + 1013904223u;
	return (uint32_t) ((uint64_t) random_state * sides >> 32);
}

enum { SETS = 2000, RULES = 300 };

static void told_again (struct arena *a, uint32_t rules)
{
	uint32_t failed[RULES];
	struct decision_failure failure[RULES];
	const struct decision_failure *kept;
	struct buffer bytes = { 0 };
	size_t n = 0, kept_n = 0;
	for (uint32_t i = 0; i < rules; i++) {
		bool is_match = dice (20) == 0;
		failed[i] = is_match ? 0 : dice (4) ? 1 : 1 + dice (DECISION_CONDITIONS_MOST);
		if (failed[i])
			failure[n++] = (struct decision_failure){ .rule = i, .condition = failed[i] };
	}
	decision_pack (failure, n, &bytes);
	CHECK (decision_unpack (a, (struct bytes){ bytes.at, bytes.n }, rules, &kept, &kept_n) == OK);
	int wrong = 0;
	for (uint32_t i = 0; i < rules; i++)
		wrong += failed[i] && decision_failed_at (kept, kept_n, i) != failed[i];
	CHECK (wrong == 0);
	/* of a smaller set these are not */
	if (kept_n)
		CHECK (decision_unpack (a, (struct bytes){ bytes.at, bytes.n }, kept[kept_n - 1].rule, &kept, &kept_n) == REFUSED);
	if (bytes.n)
		CHECK (decision_unpack (a, (struct bytes){ bytes.at, bytes.n - 1 }, rules, &kept, &kept_n) == REFUSED);
	buffer_fini (&bytes);
}

/* Whatever bytes are taken are those that the same failures are packed to: one list, one form. */
static void one_form (struct arena *a)
{
	unsigned char noise[8];
	struct buffer again = { 0 };
	const struct decision_failure *kept;
	size_t taken = 0, n;
	for (int i = 0; i < 200000; i++) {
		size_t length = dice (sizeof noise + 1);
		for (size_t k = 0; k < length; k++)
			noise[k] = (unsigned char) (dice (3) ? dice (0x80) : dice (0x100));
		if (decision_unpack (a, (struct bytes){ noise, length }, DECISION_RULES_MOST, &kept, &n) == OK) {
			buffer_clear (&again);
			decision_pack (kept, n, &again);
			if (again.n != length || memcmp (again.at ? again.at : noise, noise, length) != 0)
				CHECK (!"bytes come back as they were");
			taken++;
		}
		arena_reset (a);
	}
	CHECK (taken > 1000 && taken < 199000);
	buffer_fini (&again);
}

int main (void)
{
	struct arena a;
	arena_init (&a);
	struct buffer out = { 0 };
	struct decision_failure usual[1000], one = { .rule = 500, .condition = 3 };
	for (uint32_t i = 0; i < LENGTH (usual); i++)
		usual[i] = (struct decision_failure){ .rule = i, .condition = 1 };
	decision_pack (usual, LENGTH (usual), &out);
	CHECK (out.n == 0);
	decision_pack (&one, 1, &out);
	CHECK (out.n == 3);
	const struct decision_failure *kept;
	size_t n = 9;
	CHECK (decision_unpack (&a, (struct bytes){ 0 }, 0, &kept, &n) == OK && n == 0);
	CHECK (decision_failed_at (NULL, 0, 7) == 1);
	CHECK (decision_unpack (&a, (struct bytes){ (const unsigned char *) "\x80\x00\x01", 3 }, 9, &kept, &n) ==
	       REFUSED); /* 0 in two bytes */
	CHECK (decision_unpack (&a, (struct bytes){ (const unsigned char *) "\x00\xe7\x07", 3 }, 9, &kept, &n) ==
	       REFUSED); /* condition 1001 */
	buffer_fini (&out);
	for (int i = 0; i < SETS; i++) {
		told_again (&a, dice (RULES + 1));
		arena_reset (&a);
	}
	one_form (&a);
	arena_fini (&a);
	return test_end ();
}
