/* Rules by their first condition: random sets of rules and random facts, each rule judged once by the index and once by itself; and how few are asked. */
#include "rule_index.h"

#include <stdlib.h>
#include "test.h"
#include "../../tests/values.h"

enum { SETS = 300, EVENTS = 20, RULES = 40 };
static struct arena rules_arena, arena;

static const char *const ids[] = { "018f0a0a-0000-7000-8000-00000000000a", "018f0a0a-0000-7000-8000-00000000000b",
				   "018f0a0a-0000-7000-8000-00000000000c" };
static const char *const texts[] = { "Website", "webSITE", "logo", "Één", "één", "won", "open", "lost" };

/* ---- random rules ---- */

static const char *one_condition (void)
{
	switch (value_below (9)) {
	case 0:
		return arena_printf (&rules_arena, "{\"fact\":\"deal.title\",\"op\":\"is\",\"value\":[\"%s\",\"%s\"]}",
				     texts[value_below (5)], value_below (2) ? "zelden" : "nooit");
	case 1: return arena_printf (&rules_arena, "{\"fact\":\"event.owner_id\",\"op\":\"is\",\"value\":[\"%s\"]}", ids[value_below (3)]);
	case 2:
		return arena_printf (&rules_arena, "{\"fact\":\"deal.outcome\",\"op\":\"is\",\"value\":[\"%s\"]}",
				     texts[5 + value_below (3)]);
	case 3:
		return arena_printf (&rules_arena, "{\"fact\":\"deal.tags\",\"op\":\"is\",\"value\":[\"%s\",\"vip\"]}",
				     texts[value_below (5)]);
	case 4:
		return arena_printf (&rules_arena, "{\"fact\":\"deal.title\",\"op\":\"contains\",\"value\":\"%s\"}",
				     texts[value_below (3)]);
	case 5:
		return arena_printf (&rules_arena, "{\"fact\":\"event.owner_id\",\"op\":\"is_not\",\"value\":[\"%s\"]}",
				     ids[value_below (3)]);
	case 6: return arena_printf (&rules_arena, "{\"fact\":\"deal.number\",\"op\":\"more\",\"value\":%zu}", value_below (4));
	case 7:
		return arena_printf (&rules_arena, "{\"fact\":\"deal.custom.maat\",\"op\":\"is\",\"value\":[\"%s\"]}",
				     texts[value_below (5)]);
	default: return "{\"fact\":\"event.contact_id\",\"op\":\"empty\"}";
	}
}

static const char *group (int depth)
{
	static const char *const kinds[] = { "all", "all", "any", "none" };
	const char *members = "";
	for (size_t i = 0, n = 1 + value_below (3); i < n; i++)
		members = arena_printf (&rules_arena, "%s%s%s", members, i ? "," : "",
					depth < 2 && value_below (4) == 0 ? group (depth + 1) : one_condition ());
	return arena_printf (&rules_arena, "{\"%s\":[%s]}", kinds[value_below (4)], members);
}

static const struct rule *rule_of (const char *conditions)
{
	struct rule *rule = arena_alloc (&rules_arena, sizeof *rule);
	struct problem problem = { 0 };
	const char *json = arena_printf (&rules_arena, "{\"when\":{\"event\":\"deal.created\"},%s%s\"then\":[{\"stop\":true}]}",
					 conditions ? "\"if\":" : "", conditions ? arena_printf (&rules_arena, "%s,", conditions) : "");
	bool is_read = rule_read (&rules_arena, json, rule, &problem) == OK;
	CHECK (is_read);
	if (!is_read)
		fprintf (stderr, "  %s: %s %s\n", json, problem.errors[0].pointer, problem.errors[0].detail);
	return rule;
}

/* ---- random facts ---- */

static struct fact some_fact (const struct fact_name *name)
{
	const char *two[] = { texts[value_below (5)], texts[value_below (5)] };
	struct uuid id = { { 0 } };
	if (value_below (8) == 0)
		return (struct fact){ .has = value_below (2) ? ABSENT : CLEARED, .kind = name->kind };
	if (name->kind == FACT_ID) {
		CHECK (uuid_parse (ids[value_below (3)], &id) == OK);
		return fact_of_id (id);
	}
	if (name->kind == FACT_LIST)
		return fact_of_list (&arena, two, value_below (3));
	if (name->kind == FACT_NUMBER || (name->kind == FACT_OWN && value_below (2)))
		return fact_of_whole ((int64_t) value_below (4));
	bool is_choice = name->kind == FACT_CHOICE;
	struct fact ret = fact_of_text (&arena, is_choice ? texts[5 + value_below (3)] : value_below (9) ? texts[value_below (5)] : "");
	ret.kind = is_choice ? FACT_CHOICE : FACT_TEXT;
	return ret;
}

static const struct fact *some_facts (const struct rule_index *x)
{
	size_t n;
	const struct fact_name *name = rule_index_facts (x, &n);
	struct fact *ret = arena_array (&arena, n + 1, sizeof *ret);
	for (size_t i = 0; i < n; i++)
		ret[i] = some_fact (&name[i]);
	return ret;
}

/* ---- the same verdicts ---- */

static size_t asked_in_all, rules_in_all;

static int event_judged (const struct rule_index *x, const struct rule *const rule[], size_t n)
{
	static const struct asking asking = { .now = 1795000000000000, .today = 20775 };
	const struct fact *fact = some_facts (x);
	size_t candidates, next = 0;
	const uint32_t *candidate = rule_index_candidates (x, &arena, fact, &candidates);
	int wrong = 0;
	for (uint32_t i = 0; i < n; i++) {
		struct verdict v = conditions_evaluate (&rule[i]->conditions, rule_index_facts_of (x, &arena, fact, i), &asking);
		if (next < candidates && candidate[next] == i)
			next++;
		else
			wrong += v.matched || v.failed != 1;
	}
	asked_in_all += candidates;
	rules_in_all += n;
	return wrong + (next != candidates); /* each once, in ascending order */
}

static void random_sets (void)
{
	int wrong = 0;
	for (unsigned set = 0; set < SETS; set++) {
		const struct rule *rule[RULES];
		size_t n = value_below (RULES + 1);
		for (size_t i = 0; i < n; i++)
			rule[i] = rule_of (value_below (10) ? group (0) : NULL);
		const struct rule_index *x = rule_index_make (&rules_arena, rule, n);
		for (int event = 0; event < EVENTS; event++) {
			wrong += event_judged (x, rule, n);
			arena_reset (&arena);
		}
		arena_reset (&rules_arena);
	}
	CHECK (wrong == 0);
	CHECK (asked_in_all < rules_in_all * 9 / 10 && asked_in_all > rules_in_all / 10);
}

/* A thousand rules, each for a word of its own: an event asks the one. */
static void thousand (void)
{
	enum { MANY = 1000 };
	static const struct rule *rule[MANY];
	for (size_t i = 0; i < MANY; i++)
		rule[i] = rule_of (arena_printf (
			&rules_arena, "{\"all\":[{\"all\":[{\"fact\":\"deal.title\",\"op\":\"is\",\"value\":[\"T%zu\",\"T%zu\"]}]}]}", i,
			i + MANY));
	const struct rule_index *x = rule_index_make (&rules_arena, rule, MANY);
	size_t n;
	CHECK (rule_index_facts (x, &n) && n == 1);
	struct fact title = fact_of_text (&arena, "t1617");
	const uint32_t *asked = rule_index_candidates (x, &arena, &title, &n);
	CHECK (n == 1 && asked[0] == 617);
	title = fact_of_text (&arena, "t2000");
	rule_index_candidates (x, &arena, &title, &n);
	CHECK (n == 0);
	title = fact_of_whole (7); /* of another kind than its name says: each is asked */
	rule_index_candidates (x, &arena, &title, &n);
	CHECK (n == MANY);
}

int main (void)
{
	size_t n = 9;
	arena_init (&rules_arena);
	arena_init (&arena);
	values_begin (&arena, 20261123);
	CHECK (rule_index_facts (rule_index_make (&rules_arena, NULL, 0), &n) && n == 0);
	rule_index_candidates (rule_index_make (&rules_arena, NULL, 0), &arena, NULL, &n);
	CHECK (n == 0);
	random_sets ();
	thousand ();
	arena_fini (&arena);
	arena_fini (&rules_arena);
	return test_end ();
}
