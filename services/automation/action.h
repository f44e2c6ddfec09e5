/* What a step asks for: the members of its command, out of values and facts. Pure. It must never name a command's field otherwise than the rule did, nor put
 * something in the place of a fact that nobody knows. */
#ifndef LEADWIRE_AUTOMATION_ACTION_H
#define LEADWIRE_AUTOMATION_ACTION_H

#include "rule_eval.h"
#include "zone.h"

/* When and where a step is taken. */
struct action_asking {
	struct asking asking;
	const struct zone *zone;   /* the workspace's */
	action_id action;	   /* id of the action, and of what it makes */
	const struct uuid *picked; /* for each of step->with: who was chosen, where it chooses somebody */
};

/* The command's members as a JSON object, in the arena. What `with` leaves out: the id of what the command makes is the action's; of a record that it is about
 * the event's field of that name, where the event has one. `fact`: a value for each of rule->fact, in their order. REFUSED: a field that the command needs has
 * no value; `ret_why` (pointer into the command, code, detail) says which. */
enum status action_body (struct arena *a, const struct rule *rule, const struct step *step, const struct fact fact[],
			 const struct action_asking *asking, const char **ret_body, struct problem_error *ret_why) MUST_CHECK;

#endif
