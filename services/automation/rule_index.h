/* The enabled rules of one event type, arranged so that an event asks few of them: those whose first condition wants a word or an id that the event's facts do not
 * hold failed there, unasked. Pure; made once, then only read. It must never leave out a rule that could match, nor one that failed later than at its first. */
#ifndef LEADWIRE_AUTOMATION_RULE_INDEX_H
#define LEADWIRE_AUTOMATION_RULE_INDEX_H

#include "rule_eval.h"

struct rule_index;

/* `rule`: in their order; they must outlive the index, which stands in the arena. */
struct rule_index *rule_index_make (struct arena *a, const struct rule *const rule[], size_t n);
/* Each fact that any of them asks or hands on, once. */
const struct fact_name *rule_index_facts (const struct rule_index *x, size_t *ret_n);
/* The rules that have to be asked, by their places in ascending order, in the arena; each of the others failed at its condition 1. `fact`: a value for each of
 * rule_index_facts, in their order. */
const uint32_t *rule_index_candidates (const struct rule_index *x, struct arena *a, const struct fact fact[], size_t *ret_n);
/* What rule->fact[…] of one of them hold, in their order, in the arena. */
const struct fact *rule_index_facts_of (const struct rule_index *x, struct arena *a, const struct fact fact[], uint32_t rule);

#endif
