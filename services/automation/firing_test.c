/* Firings: what comes behind which step, beside a naive walk over random rules, and ids that are the same for ever. */
#include "firing.h"

#include "clock.h"
#include "test.h"
#include "../../tests/values.h"

static struct arena arena;
static struct zone *zone;

/* ---- one rule, by hand ---- */

#define BRANCH(fact) "{\"if\":{\"all\":[{\"fact\":\"" fact "\",\"op\":\"filled\"}]},"
static const char by_hand[] = "{\"when\":{\"event\":\"invoice.paid\"},\"then\":[{\"wait\":{\"days\":1}}," BRANCH ("deal.title") "\"then\":[" BRANCH (
	"deal.notes") "\"then\":[{\"wait\":{\"hours\":1}}]}],\"else\":[{\"stop\":true}]}," BRANCH ("deal.company") "\"then\":"
														   "[{\"wait\":{\"minutes\":5}}]}]}";

static struct rule read_rule (const char *json)
{
	struct rule rule = { .n_steps = 0 };
	struct problem problem = { 0 };
	if (rule_read (&arena, json, &rule, &problem) != OK)
		fprintf (stderr, "refused: %s %s\n", problem.errors[0].pointer, problem.errors[0].code);
	return rule;
}

static int64_t moment (const char *text)
{
	int64_t at = 0;
	CHECK (time_parse (text, &at) == OK);
	return at;
}

static void by_hand_walked (void)
{
	struct rule rule = read_rule (by_hand);
	struct fact fact[3] = { fact_of_text (&arena, "x"), fact_of_text (&arena, "x"), { .has = CLEARED } };
	struct asking asking = { .now = moment ("2026-03-28T01:30:00Z") };
	struct firing_next next;
	CHECK (rule.n_steps == 7 && rule.n_facts == 3);
	firing_step (&rule, 0, fact, &asking, zone, &next);
	CHECK (next.what == FIRING_WAIT && next.step->number == 1 && !next.n_passed);
	CHECK (next.due == moment ("2026-03-29T01:00:00Z")); /* 02:30 is none that day: when the clock was put forward */
	firing_step (&rule, 1, fact, &asking, zone, &next);
	CHECK (next.what == FIRING_WAIT && next.step->number == 4 && next.due == asking.now + 3600000000 && next.n_passed == 2);
	CHECK (next.passed[0].step->number == 2 && next.passed[0].verdict.matched && next.passed[1].step->number == 3);
	firing_step (&rule, 4, fact, &asking, zone, &next);
	CHECK (next.what == FIRING_DONE && !next.step && next.n_passed == 1 && next.passed[0].step->number == 6);
	CHECK (!next.passed[0].verdict.matched && next.passed[0].verdict.failed == 1 && !next.passed[0].verdict.unknown);
	fact[0].has = ABSENT; /* nobody knows: not matched */
	firing_step (&rule, 1, fact, &asking, zone, &next);
	CHECK (next.what == FIRING_STOPPED && next.step->number == 5 && next.n_passed == 1 && next.passed[0].verdict.unknown);
	for (size_t i = 1; i <= rule.n_steps; i++)
		CHECK (firing_step_at (&rule, i)->number == i);
	CHECK (!firing_step_at (&rule, 0) && !firing_step_at (&rule, rule.n_steps + 1));
}

/* ---- random rules beside a naive walk ---- */

static const char *const asked[] = { "deal.title", "deal.notes", "deal.company", "deal.source" };

static void steps_make (struct buffer *out, int depth, unsigned *left)
{
	bool more = true;
	for (unsigned i = 0; more; i++) {
		unsigned kind = *left && depth < RULE_DEPTH_MOST ? value_below (8) : value_below (4);
		*left -= *left > 0;
		more = *left && value_below (4);
		buffer_text (out, i ? "," : "[");
		if (kind < 3) {
			buffer_printf (out, "{\"wait\":{\"minutes\":%zu}}", 1 + value_below (9));
		} else if (kind == 3) {
			buffer_text (out, "{\"stop\":true}");
			more = false;
		} else {
			buffer_printf (out, "{\"if\":{\"all\":[{\"fact\":\"%s\",\"op\":\"filled\"}]},\"then\":",
				       asked[value_below (LENGTH (asked))]);
			steps_make (out, depth + 1, left);
			if (value_below (2)) {
				buffer_text (out, ",\"else\":");
				steps_make (out, depth + 1, left);
			}
			buffer_text (out, "}");
		}
	}
	buffer_text (out, "]");
}

/* Every step that is come by, in order; false: one of them stops. */
static bool naive (struct steps steps, const struct fact fact[], size_t ret[], size_t *n)
{
	for (size_t i = 0; i < steps.n; i++) {
		const struct step *step = &steps.at[i];
		ret[(*n)++] = step->number;
		if (step->kind == STEP_STOP)
			return false;
		if (step->kind == STEP_BRANCH &&
		    !naive (fact[step->branch.root->at[0].condition.fact].has == HERE ? step->yes : step->no, fact, ret, n))
			return false;
	}
	return true;
}

static size_t walked (const struct rule *rule, const struct fact fact[], size_t ret[], bool *ended)
{
	struct asking asking = { .now = 1000 };
	struct firing_next next;
	size_t n = 0, at = 0;
	do {
		firing_step (rule, at, fact, &asking, zone, &next);
		for (size_t i = 0; i < next.n_passed; i++)
			ret[n++] = next.passed[i].step->number;
		if (next.step)
			ret[n++] = at = next.step->number;
	} while (next.what == FIRING_DO || next.what == FIRING_WAIT);
	*ended = next.what == FIRING_DONE;
	return n;
}

static void one_random (void)
{
	struct buffer out = { 0 };
	unsigned left = value_below (30);
	size_t wanted[2 * RULE_STEPS_MOST], is[2 * RULE_STEPS_MOST], n = 0;
	struct fact fact[LENGTH (asked)];
	struct rule rule = { .n_steps = 0 };
	bool ended;
	buffer_text (&out, "{\"when\":{\"event\":\"invoice.paid\"},\"then\":");
	steps_make (&out, 0, &left);
	buffer_text (&out, "}");
	bool good = rule_read (&arena, arena_copy (&arena, (const char *) out.at, out.n), &rule, NULL) == OK;
	for (size_t i = 0; i < LENGTH (asked); i++)
		fact[i] = value_below (2) ? fact_of_text (&arena, "x") : (struct fact){ .has = value_below (2) ? ABSENT : CLEARED };
	if (good) {
		bool done = naive (rule.steps, fact, wanted, &n);
		CHECK (walked (&rule, fact, is, &ended) == n && memcmp (is, wanted, n * sizeof *is) == 0 && ended == done);
	}
	CHECK (good);
	buffer_fini (&out);
}

/* ---- ids ---- */

/* Numbers that stand in databases: they must never be others. */
static void ids (void)
{
	char text[UUID_TEXT];
	rule_version_id version = { uuid_of ("a", 1) };
	decision_id decision = { uuid_of ("b", 1) };
	firing_id firing = firing_id_of (version, decision);
	CHECK (!uuid_equal (firing.uuid, firing_id_of ((rule_version_id){ decision.uuid }, (decision_id){ version.uuid }).uuid));
	CHECK (!uuid_equal (action_id_of (firing, 1).uuid, action_id_of (firing, 2).uuid));
	CHECK_TEXT (uuid_format (firing.uuid, text), "f91e3183-fb27-8009-8563-495be82152dc");
	CHECK_TEXT (uuid_format (action_id_of (firing, 50).uuid, text), "3f4b2538-0270-86c4-848d-a64979517e54");
	CHECK_TEXT (uuid_format (decision_id_of_time (version, decision.uuid, 1795420800000000).uuid, text),
		    "c3e6d58e-20b6-8252-902f-ba9e79add84c");
	CHECK (!uuid_equal (decision_id_of_time (version, decision.uuid, 1).uuid, decision_id_of_time (version, decision.uuid, 2).uuid));
	CHECK (!uuid_equal (decision_id_of_time (version, (struct uuid){ { 0 } }, 1).uuid,
			    decision_id_of_time (version, decision.uuid, 1).uuid));
}

int main (void)
{
	arena_init (&arena);
	values_begin (&arena, 1);
	zone = zone_open ("Europe/Amsterdam");
	by_hand_walked ();
	for (int i = 0; i < 20000; i++) {
		one_random ();
		if (i % 100 == 0)
			arena_reset (&arena);
	}
	ids ();
	zone_close (zone);
	arena_fini (&arena);
	return test_end ();
}
