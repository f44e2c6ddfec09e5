/* A decision's rules that did not match; see decision.h. Each kept one is two numbers, seven bits a byte, the last without its top bit: how many rules after the
 * one before it, and the condition less two. One list has one form of bytes. */
#include "decision.h"

static void number_add (struct buffer *out, uint32_t n)
{
	for (; n > 0x7f; n >>= 7)
		buffer_add (out, &(unsigned char){ (unsigned char) (n | 0x80) }, 1);
	buffer_add (out, &(unsigned char){ (unsigned char) n }, 1);
}

void decision_pack (const struct decision_failure *failure, size_t n, struct buffer *out)
{
	uint32_t next = 0;
	for (size_t i = 0; i < n; i++) {
		assert (failure[i].rule < DECISION_RULES_MOST && (i == 0 || failure[i].rule > failure[i - 1].rule));
		assert (failure[i].condition >= 1 && failure[i].condition <= DECISION_CONDITIONS_MOST);
		if (failure[i].condition == 1)
			continue;
		number_add (out, failure[i].rule - next);
		number_add (out, failure[i].condition - 2);
		next = failure[i].rule + 1;
	}
}

/* A number under 2^21 in the shortest form there is. */
static bool number_take (struct bytes *in, uint32_t *ret)
{
	*ret = 0;
	for (int shift = 0; shift < 21 && in->n; shift += 7) {
		unsigned char byte = *in->at++;
		in->n--;
		*ret |= (uint32_t) (byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return byte || !shift;
	}
	return false;
}

enum status decision_unpack (struct arena *a, struct bytes in, uint32_t rules, const struct decision_failure **ret, size_t *ret_n)
{
	struct decision_failure *to = arena_array (a, in.n / 2 + 1, sizeof *to);
	uint32_t next = 0, after, condition;
	size_t n = 0;
	while (in.n) {
		if (!number_take (&in, &after) || !number_take (&in, &condition) || condition > DECISION_CONDITIONS_MOST - 2 ||
		    next >= rules || after >= rules - next)
			return REFUSED;
		to[n] = (struct decision_failure){ .rule = next + after, .condition = condition + 2 };
		next = to[n++].rule + 1;
	}
	*ret = to;
	*ret_n = n;
	return OK;
}

uint32_t decision_failed_at (const struct decision_failure *kept, size_t n, uint32_t rule)
{
	size_t from = 0, to = n;
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		if (kept[middle].rule < rule)
			from = middle + 1;
		else
			to = middle;
	}
	return from < n && kept[from].rule == rule ? kept[from].condition : 1;
}
