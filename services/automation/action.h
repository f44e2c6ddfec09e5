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
	action_id action;	   /* id of the action, and of what it makes (command_makes) */
	const struct uuid *picked; /* for each of step->with: who was chosen, where it chooses somebody (GIVEN_PICK); null: nobody */
};

/* One of those of whom one is to be chosen. */
struct pick_from {
	bool here;     /* a member of the workspace who may log in */
	int64_t deals; /* open ones; LOAD */
};
/* Which of g->pick, of whom `from` tells, each in their order: by turns the next one that is there, `turns` (how often was chosen) then being the turn behind them;
 * by load who has the fewest, of several the first. g->n_pick: nobody of them is there; `turns` is left. */
size_t pick_of (const struct given_field *g, const struct pick_from from[], int64_t *turns);
/* Why a step is refused that found nobody: code nobody_left. */
struct problem_error pick_failed (struct arena *a, const struct given_field *g);

/* The command's members as a JSON object, in the arena. `fact`: a value for each of rule->fact, in their order, as of asking.now. A member whose fact is ABSENT
 * or CLEARED, and one for which nobody was chosen, is left out; within a JSON value so is what holds that fact. A fact that a text field holds alone stands there as machines write it ("1815.00",
 * "2026-11-30"); within a text ({{deal.value}}) as people do, in the language that the command is given, else in asking.written's, a time as its day in the
 * zone, and a fact that is none as nothing; what does not fit its field then is cut with an ellipsis.
 *
 * REFUSED: a field that the command, or an item of a list, must have has no value: `ret_why` says which (pointer into the command, "required", detail in
 * English with the fact's name). */
enum status action_body (struct arena *a, const struct rule *rule, const struct step *step, const struct fact fact[],
			 const struct action_asking *asking, const char **ret_body, struct problem_error *ret_why) MUST_CHECK;

#endif
