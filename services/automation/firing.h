/* A firing: what one rule version does about one decision, step by step. Which step comes behind which, and the ids of what is made on the way, are pure: the
 * same rule, facts and time say the same for ever. It must never take a step of its own accord, nor one twice. */
#ifndef LEADWIRE_AUTOMATION_FIRING_H
#define LEADWIRE_AUTOMATION_FIRING_H

#include "rule_eval.h"
#include "zone.h"

/* A branch that was passed, and why its side was taken: matched, the steps of then; else those of else, or none. */
struct firing_branch {
	const struct step *step;
	struct verdict verdict;
};

/* DO: the step's command is to be asked for. WAIT: until `due`. DONE: there is nothing more. STOPPED: the rule says that it ends there. */
enum firing_what { FIRING_DO, FIRING_WAIT, FIRING_DONE, FIRING_STOPPED };
struct firing_next {
	enum firing_what what;
	const struct step *step; /* DO, WAIT, STOPPED: which; DONE: null */
	int64_t due;		 /* WAIT: µs since 1970 UTC */
	struct firing_branch passed[RULE_STEPS_MOST];
	size_t n_passed; /* branches on the way there, in their order */
};

/* What comes behind the step of number `ended` (0: the rule begins; else one of its DO or WAIT steps). `fact`: a value for each of rule->fact, in their order,
 * as of now: branches ask them. A wait ends that long after asking->now, where the zone's clock hangs. */
void firing_step (const struct rule *rule, size_t ended, const struct fact fact[], const struct asking *asking, const struct zone *zone,
		  struct firing_next *ret);
/* The step of a number, from 1; null: the rule has none such. */
const struct step *firing_step_at (const struct rule *rule, size_t number);

/* Ids that depend on nothing but what they are of (uuid_of): whatever is delivered again makes the same again. */
firing_id firing_id_of (rule_version_id version, decision_id decision);
action_id action_id_of (firing_id firing, size_t step);
/* Of a rule of time: there is no event whose id the decision could bear. `record`: what it is about, null: nothing. `moment`: when it was due, µs since 1970. */
decision_id decision_id_of_time (rule_version_id version, struct uuid record, int64_t moment);

#endif
