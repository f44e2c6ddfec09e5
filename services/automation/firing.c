/* A firing's way through its rule's steps; see firing.h. Pure.
 * It must never keep where it is: the number of the step that ended says it. */
#include "firing.h"

#include <string.h>

/* ---- which step comes behind which ---- */

/* Whether the step of that number stands among these or within their branches; *ret: the one behind it, null: none behind it here. What is behind the last of a
 * branch is what is behind the branch. */
static bool follower (struct steps steps, size_t number, const struct step **ret)
{
	for (size_t i = 0; i < steps.n; i++) {
		const struct step *step = &steps.at[i];
		*ret = NULL;
		if (step->number != number && !follower (step->yes, number, ret) && !follower (step->no, number, ret))
			continue;
		if (!*ret && i + 1 < steps.n)
			*ret = step + 1;
		return true;
	}
	return false;
}

static const struct step *step_in (struct steps steps, size_t number)
{
	const struct step *ret = NULL;
	for (size_t i = 0; !ret && i < steps.n; i++) {
		const struct step *step = &steps.at[i];
		ret = step->number == number ? step : step_in (step->yes, number);
		ret = ret ? ret : step_in (step->no, number);
	}
	return ret;
}

const struct step *firing_step_at (const struct rule *rule, size_t number)
{
	return step_in (rule->steps, number);
}

static const struct step *behind (const struct rule *rule, size_t ended)
{
	const struct step *ret = NULL;
	if (!ended)
		return rule->steps.at;
	bool found = follower (rule->steps, ended, &ret);
	assert (found);
	return found ? ret : NULL;
}

/* The first step of the side that a branch takes; where that side has none, what comes behind the branch. */
static const struct step *branch_pass (const struct rule *rule, const struct step *branch, const struct fact fact[],
				       const struct asking *asking, struct firing_next *ret)
{
	struct verdict verdict = conditions_evaluate (&branch->branch, fact, asking);
	struct steps side = verdict.matched ? branch->yes : branch->no;
	ret->passed[ret->n_passed++] = (struct firing_branch){ branch, verdict };
	return side.n ? side.at : behind (rule, branch->number);
}

void firing_step (const struct rule *rule, size_t ended, const struct fact fact[], const struct asking *asking, const struct zone *zone,
		  struct firing_next *ret)
{
	const struct step *step = behind (rule, ended);
	*ret = (struct firing_next){ .what = FIRING_DONE };
	while (step && step->kind == STEP_BRANCH)
		step = branch_pass (rule, step, fact, asking, ret);
	if (!step)
		return;
	ret->step = step;
	ret->what = step->kind == STEP_DO ? FIRING_DO : step->kind == STEP_WAIT ? FIRING_WAIT : FIRING_STOPPED;
	if (ret->what == FIRING_WAIT)
		ret->due = span_after (zone, asking->now, step->wait);
}

/* ---- ids ---- */

enum { NAME_BYTES = 8 };

static void id_put (unsigned char *at, struct uuid id)
{
	memcpy (at, id.b, sizeof id.b);
}

static void number_put (unsigned char at[8], uint64_t number)
{
	for (int i = 0; i < 8; i++)
		at[i] = (unsigned char) (number >> (56 - 8 * i));
}

/* What kind of id it is stands in front, so that no two kinds are ever one. */
firing_id firing_id_of (rule_version_id version, decision_id decision)
{
	unsigned char bytes[NAME_BYTES + 32] = "firing";
	id_put (bytes + NAME_BYTES, version.uuid);
	id_put (bytes + NAME_BYTES + 16, decision.uuid);
	return (firing_id){ uuid_of (bytes, sizeof bytes) };
}

action_id action_id_of (firing_id firing, size_t step)
{
	unsigned char bytes[NAME_BYTES + 24] = "action";
	id_put (bytes + NAME_BYTES, firing.uuid);
	number_put (bytes + NAME_BYTES + 16, step);
	return (action_id){ uuid_of (bytes, sizeof bytes) };
}

decision_id decision_id_of_time (rule_version_id version, struct uuid record, int64_t moment)
{
	unsigned char bytes[NAME_BYTES + 40] = "time";
	id_put (bytes + NAME_BYTES, version.uuid);
	id_put (bytes + NAME_BYTES + 16, record);
	number_put (bytes + NAME_BYTES + 32, (uint64_t) moment);
	return (decision_id){ uuid_of (bytes, sizeof bytes) };
}
