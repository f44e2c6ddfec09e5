/* Fuzz target: a rule's JSON, and numbers and days as people write them. What is read is written in one form, which is read as the same; whatever facts there
 * are, a rule that does not match says which of its conditions failed, and a step asks for an object of JSON or says which member has no value. */
#include "fuzz.h"

#include "../../services/automation/action.h"

static const char *const good[] = {
	"{\"when\":{\"event\":\"invoice.paid\"},\"if\":{\"all\":[{\"fact\":\"deal.value\",\"op\":\"more\",\"value\":{\"amount\":\"1000.50\",\"currency\":"
	"\"EUR\"}},{\"none\":[{\"fact\":\"account.tags\",\"op\":\"is\",\"value\":[\"vip\",\"É\"]}]}]},\"then\":[{\"do\":\"deal_move\",\"with\":{"
	"\"deal_id\":{\"fact\":\"event.deal_id\"},\"stage\":\"won\"}},{\"wait\":{\"days\":3}},{\"stop\":true}]}",
	"{\"when\":{\"before\":\"deal.close_date\",\"by\":{\"weeks\":1},\"at\":\"09:05\"},\"if\":{\"any\":[{\"fact\":\"deal.custom.maat\",\"op\":\"at_least\","
	"\"value\":7},{\"fact\":\"history.mailed_at\",\"op\":\"not_within\",\"value\":14}]},\"then\":[{\"if\":{\"all\":[{\"fact\":\"deal.close_date\","
	"\"op\":\"after\",\"value\":\"2026-11-30\"}]},\"then\":[{\"stop\":true}],\"else\":[{\"wait\":{\"hours\":1}}]}]}",
	"{\"when\":{\"each\":[\"monday\",\"friday\"],\"at\":\"23:59\"},\"if\":{\"none\":[{\"fact\":\"deal.outcome\",\"op\":\"is_not\",\"value\":\"won\"},{"
	"\"fact\":\"contact.owner_id\",\"op\":\"is\",\"value\":\"018f0a0a-0000-7000-8000-00000000000a\"},{\"fact\":\"lead.name\",\"op\":\"starts\",\"value\":\"P\"}]},"
	"\"then\":[{\"stop\":true}]}",
	"{\"when\":{\"quiet\":\"deal\",\"for\":{\"months\":2}},\"then\":[{\"do\":\"deal_update\",\"with\":{\"deal_id\":\"018f0a0a-0000-7000-8000-00000000000a\","
	"\"custom\":{\"a\":[1.5,null]},\"value\":{\"fact\":\"deal.value\"}}}]}",
	"{\"when\":{\"event\":\"quote.accepted\",\"after\":{\"minutes\":5}},\"if\":{\"all\":[{\"fact\":\"event.portal\",\"op\":\"is\",\"value\":false},{\"fact\":"
	"\"event.name\",\"op\":\"contains_not\",\"value\":\"x\"},{\"fact\":\"event.at\",\"op\":\"ahead\",\"value\":1}]},\"then\":[{\"stop\":true}]}",
	"{\"when\":{\"event\":\"quote.accepted\"},\"then\":[{\"do\":\"mail_send\",\"with\":{\"to\":[{\"email\":{\"fact\":\"contact.email\"},\"name\":"
	"\"{{contact.name | default:\\\"x\\\"}}\"}],\"subject\":\"{{deal.value}} {% if event.portal %}{{event.at}}{% end %}\",\"send_at\":{\"in\":{\"days\":1}}}},{"
	"\"do\":\"activity_add\",\"with\":{\"kind\":\"task\",\"subject\":\"{{deal.custom.maat}}\",\"owner_id\":{\"pick\":[\"018f0a0a-0000-7000-8000-"
	"00000000000a\"],\"by\":\"load\"}}},{\"do\":\"deal_move\",\"with\":{\"stage\":\"won\"}}]}",
};

/* Any value for a fact: also one of a kind that its condition does not await. `any`: where its text begins in the input. */
static struct fact fact_made (struct arena *a, const char *any)
{
	struct fact all[] = {
		{ .has = ABSENT },
		{ .has = CLEARED },
		fact_of_text (a, any),
		fact_of_whole ((int64_t) value_next ()),
		fact_of_flag (value_next () & 1),
		fact_of_time ((int64_t) value_next () >> 16, (int32_t) value_below (40000)),
		fact_of_date ((int32_t) value_below (40000)),
		fact_of_money ((struct money){ .minor = (int64_t) value_next (), .currency = "KWD" }),
		fact_of_id (uuid_of (any, strlen (any))),
		fact_of_list (a, &any, 1),
	};
	return all[value_below (LENGTH (all))];
}

static void tree_evaluate (struct arena *a, const struct rule *rule, const struct conditions *tree, const char *any)
{
	struct fact *fact = arena_array (a, rule->n_facts, sizeof *fact);
	struct asking asking = { .now = (int64_t) value_next () >> 16,
				 .today = (int32_t) value_below (40000),
				 .written = (enum written) value_below (2) };
	for (size_t i = 0; i < rule->n_facts; i++)
		fact[i] = fact_made (a, any + value_below (strlen (any) + 1));
	struct verdict one = conditions_evaluate (tree, fact, &asking), same = conditions_evaluate (tree, fact, &asking);
	assert (one.matched == same.matched && one.failed == same.failed && one.unknown == same.unknown);
	assert (one.matched ? !one.failed && !one.unknown : one.failed && one.failed <= tree->n);
	assert (tree->n <= RULE_CONDITIONS_MOST && (tree->root || one.matched));
}

static void step_ask (struct arena *a, const struct rule *rule, const struct step *step, const char *any)
{
	static struct zone *zone;
	struct fact *fact = arena_array (a, rule->n_facts, sizeof *fact);
	struct uuid *picked = arena_array (a, step->n_with, sizeof *picked);
	struct action_asking asking = { .asking = { .now = (int64_t) (value_next () >> 14), .written = (enum written) value_below (2) },
					.picked = picked };
	struct problem_error why = { 0 };
	const char *body = NULL;
	zone = zone ? zone : zone_open ("Europe/Amsterdam");
	asking.zone = zone;
	for (size_t i = 0; i < rule->n_facts; i++)
		fact[i] = fact_made (a, any + value_below (strlen (any) + 1));
	if (action_body (a, rule, step, fact, &asking, &body, &why) != OK) {
		assert (why.pointer && why.code && why.detail);
		return;
	}
	json_t *json = json_loads (body, JSON_REJECT_DUPLICATES, NULL);
	assert (json_is_object (json));
	json_decref (json);
}

static void steps_evaluate (struct arena *a, const struct rule *rule, struct steps steps, const char *any)
{
	for (size_t i = 0; i < steps.n; i++) {
		const struct step *step = &steps.at[i];
		assert (step->number && step->number <= rule->n_steps && rule->n_steps <= RULE_STEPS_MOST);
		if (step->kind == STEP_DO)
			step_ask (a, rule, step, any);
		if (step->kind != STEP_BRANCH)
			continue;
		tree_evaluate (a, rule, &step->branch, any);
		steps_evaluate (a, rule, step->yes, any);
		steps_evaluate (a, rule, step->no, any);
	}
}

static void written_read (const char *text, enum written written)
{
	fact_number number;
	int32_t day;
	if (number_written (text, written, &number) == OK)
		assert (number < (fact_number) 1000000000000000000 * FACT_NUMBER_ONE &&
			-number < (fact_number) 1000000000000000000 * FACT_NUMBER_ONE);
	if (day_written (text, written, &day) == OK)
		assert (day >= DATE_LEAST && day <= DATE_MOST);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	struct arena a;
	struct problem problem = { 0 };
	struct rule rule, again;
	struct buffer out = { 0 }, twice = { 0 };
	arena_init (&a);
	const char *text = arena_copy (&a, (const char *) data, size);
	values_begin (&a, size ? data[size - 1] + 256u * data[0] : 0);
	written_read (text, WRITTEN_NL);
	written_read (text, WRITTEN_EN);
	if (rule_read (&a, text, &rule, &problem) == OK) {
		assert (!problem.n_errors);
		rule_write (&out, &rule);
		buffer_add (&out, "", 1);
		enum status status = rule_read (&a, (const char *) out.at, &again, NULL);
		assert (status == OK && again.n_steps == rule.n_steps && again.conditions.n == rule.conditions.n &&
			again.n_facts == rule.n_facts);
		rule_write (&twice, &again);
		assert (twice.n + 1 == out.n && memcmp (twice.at, out.at, twice.n) == 0);
		tree_evaluate (&a, &rule, &rule.conditions, text);
		steps_evaluate (&a, &rule, rule.steps, text);
	} else {
		assert (problem.n_errors && problem.errors[0].pointer && problem.errors[0].detail);
	}
	buffer_fini (&out);
	buffer_fini (&twice);
	arena_fini (&a);
	return 0;
}

/* One time in sixteen the input becomes a good rule; then libFuzzer damages it. */
size_t LLVMFuzzerCustomMutator (uint8_t *data, size_t size, size_t room, unsigned seed)
{
	const char *rule = good[seed / 16 % LENGTH (good)];
	if (seed % 16 == 0 && strlen (rule) <= room) {
		size = strlen (rule);
		memcpy (data, rule, size);
	}
	return LLVMFuzzerMutate (data, size, room);
}
