/* What a decision keeps of the rules that did not match: for each of the event type's enabled rules the number of the condition that failed. Nearly always that is
 * the first, and takes no room; the others are kept as bytes. It must never tell of a rule what was not decided. */
#ifndef LEADWIRE_AUTOMATION_DECISION_H
#define LEADWIRE_AUTOMATION_DECISION_H

#include "arena.h"

/* A rule by its place in the event type's set, which never changes. */
struct decision_failure {
	uint32_t rule;
	uint32_t condition; /* 1 is the first */
};
enum { DECISION_RULES_MOST = 100000, DECISION_CONDITIONS_MOST = 1000 };

/* The failures as bytes, at the end of `out`; in ascending order of rules, each once. One at its first condition is left out. */
void decision_pack (const struct decision_failure *failure, size_t n, struct buffer *out);
/* Those that were kept, in the arena. REFUSED: not bytes of decision_pack, or of a set with more than `rules` rules. */
enum status decision_unpack (struct arena *a, struct bytes in, uint32_t rules, const struct decision_failure **ret,
			     size_t *ret_n) MUST_CHECK;
/* The condition at which a rule that did not match failed. */
uint32_t decision_failed_at (const struct decision_failure *kept, size_t n, uint32_t rule);

#endif
