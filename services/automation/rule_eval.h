/* Whether a rule's conditions hold, and if not, which was the first that failed. Pure: facts and the time come from the caller; the same input gives the same
 * verdict for ever. It must never take what nobody knows for a yes. */
#ifndef LEADWIRE_AUTOMATION_RULE_EVAL_H
#define LEADWIRE_AUTOMATION_RULE_EVAL_H

#include "rule.h"

/* Three values (Kleene's): a condition over a fact that is ABSENT, or over one that cannot be read as what it is asked for, is UNKNOWN. A group of all is FALSE
 * where one is FALSE, else UNKNOWN where one is UNKNOWN; any is TRUE where one is TRUE, else UNKNOWN where one is UNKNOWN; none is the contrary of any. A rule
 * matches where its tree is TRUE, and then alone.
 *
 * A fact that is CLEARED (it is known that there is none) is neither this nor that: empty is TRUE, is_not, contains_not, not_within and not_ahead are TRUE, the
 * rest is FALSE.
 *
 *   is, is_not          any of the words, ids (a list: one of what it holds); the number, amount, day or flag
 *   contains(_not)      a part of the text (a list: of one of its texts); starts: its beginning
 *   more, less          than the number; at_least, at_most: or that. An amount of another currency is FALSE for is and UNKNOWN for these;
 *                       where none is named, of whichever currency it is
 *   before, after       the day itself is neither; a time is the day that it is in the workspace's zone
 *   within, not_within  the last n days: a time of the last n × 24 hours, now too; a date of the n days that end today
 *   ahead, not_ahead    the same, to come: now or today, and n × 24 hours or n days from there
 *   empty, filled
 *
 * Texts are compared whatever their case (text_small). What a workspace's own fields hold (OWN) is read as it is asked for: a text that is ordered has to be a
 * number or a day as people write it (fact.h), else UNKNOWN. */
enum truth { TRUTH_FALSE, TRUTH_UNKNOWN, TRUTH_TRUE };

/* When and where it is asked. */
struct asking {
	int64_t now;   /* µs since 1970 UTC */
	int32_t today; /* days since 1970, in the workspace's zone */
	enum written written;
};

struct verdict {
	bool matched;
	bool unknown;  /* not matched: for want of a fact, or of one that can be read; else it is known that it does not hold */
	size_t failed; /* the condition's number, from 1; 0: matched */
	const struct condition *at; /* that condition, of the tree; null: matched */
};

/* `fact`: a value for each of rule->fact, in their order. No conditions: matched. What failed is found in the order in which it is written: of all the first
 * that is not TRUE, of any (none of which is TRUE) the first, of none the first that is not FALSE; and so on inwards, turned round within none. */
struct verdict conditions_evaluate (const struct conditions *conditions, const struct fact fact[], const struct asking *asking);
/* One condition on its value. */
enum truth condition_evaluate (const struct condition *c, const struct fact *fact, const struct asking *asking);

#endif
