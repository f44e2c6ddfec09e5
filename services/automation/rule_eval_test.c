/* Conditions on facts: each operator on each kind, with what is there, what is known to be none and what nobody knows; what people write in Dutch and English;
 * which condition is told as the first that failed; and random trees against a naive evaluator that knows nothing of the structs. */
#include "rule_eval.h"

#include "clock.h"
#include "test.h"
#include "../../tests/values.h"

static struct arena arena;
static int64_t now;
static int32_t today;

static int32_t day_named (const char *text)
{
	int32_t day = 0;
	CHECK (date_parse (text, &day) == OK);
	return day;
}

static int64_t time_named (const char *text)
{
	int64_t at = 0;
	CHECK (time_parse (text, &at) == OK);
	return at;
}

/* A rule with these conditions; that it can be read is part of the test. */
static struct rule rule_with (const char *conditions)
{
	struct rule rule = { .n_facts = 0 };
	struct problem problem = { 0 };
	const char *json = arena_printf (&arena, "{\"when\":{\"event\":\"deal.created\"},\"if\":%s,\"then\":[{\"stop\":true}]}",
					 conditions);
	bool is = rule_read (&arena, json, &rule, &problem) == OK;
	CHECK (is);
	if (!is)
		fprintf (stderr, "  %s: %s: %s\n", conditions, problem.errors[0].pointer, problem.errors[0].detail);
	return rule;
}

static enum truth asked (const char *name, const char *op, const char *value, struct fact fact, enum written written)
{
	struct asking asking = { .now = now, .today = today, .written = written };
	const char *rest = value ? arena_printf (&arena, ",\"value\":%s", value) : "";
	struct rule rule = rule_with (arena_printf (&arena, "{\"all\":[{\"fact\":\"%s\",\"op\":\"%s\"%s}]}", name, op, rest));
	return rule.conditions.n ? condition_evaluate (&rule.conditions.root->at[0].condition, &fact, &asking) : TRUTH_UNKNOWN;
}

/* ---- each operator on each kind ---- */

enum { N = TRUTH_FALSE, U = TRUTH_UNKNOWN, Y = TRUTH_TRUE };

/* `as`: how a fact of the kind is written in the table. */
static struct fact fact_as (const char *name, const char *as)
{
	struct fact_name found;
	struct money money;
	struct uuid id;
	json_t *json;
	const char *const one[] = { "VIP", "Klant É" };
	CHECK (fact_find (&arena, &deal_created_record, name, &found));
	switch (found.kind) {
	case FACT_TEXT: return fact_of_text (&arena, as);
	case FACT_CHOICE: {
		struct fact ret = fact_of_text (&arena, as);
		ret.kind = FACT_CHOICE;
		return ret;
	}
	case FACT_NUMBER: return fact_of_whole (strtoll (as, NULL, 10));
	case FACT_MONEY: CHECK (money_parse (as + 4, arena_copy (&arena, as, 3), &money) == OK); return fact_of_money (money);
	case FACT_TIME: return fact_of_time (time_named (as), day_named (arena_copy (&arena, as, 10)));
	case FACT_DATE: return fact_of_date (day_named (as));
	case FACT_ID: CHECK (uuid_parse (as, &id) == OK); return fact_of_id (id);
	case FACT_LIST: return fact_of_list (&arena, one, strlen (as));
	case FACT_FLAG: return fact_of_flag (*as == 'y');
	case FACT_OWN: {
		CHECK ((json = json_loads (as, JSON_DECODE_ANY, NULL)));
		struct fact ret = fact_of_own (&arena, json);
		json_decref (json);
		return ret;
	}
	case FACT_KINDS: break;
	}
	CHECK (!"a kind");
	return (struct fact){ 0 };
}

#define A "018f0a0a-0000-7000-8000-00000000000a"
#define B "018f0a0a-0000-7000-8000-00000000000b"
#define OWN "deal.custom.maat"

/* now is 2026-11-23T12:00:00Z. Every operator that a kind has stands here with each answer it can give. */
static const struct {
	const char *name, *op, *value, *as;
	int truth;
} rows[] = {
	{ "deal.title", "is", "\"bakkerij É\"", "BAKKERIJ é", Y },
	{ "deal.title", "is", "[\"a\",\"b\"]", "B", Y },
	{ "deal.title", "is", "[\"a\",\"b\"]", "ab", N },
	{ "deal.title", "is_not", "[\"a\",\"b\"]", "B", N },
	{ "deal.title", "is_not", "[\"a\",\"b\"]", "ab", Y },
	{ "deal.title", "contains", "\"SITE\"", "Website Jansen", Y },
	{ "deal.title", "contains", "\"sites\"", "Website Jansen", N },
	{ "deal.title", "contains_not", "\"sites\"", "Website Jansen", Y },
	{ "deal.title", "contains_not", "\"site\"", "Website Jansen", N },
	{ "deal.title", "starts", "\"webSITE j\"", "Website Jansen", Y },
	{ "deal.title", "starts", "\"ebsite\"", "Website Jansen", N },
	{ "deal.title", "starts", "\"Website Jansen B.V.\"", "Website Jansen", N },
	{ "deal.title", "filled", NULL, "x", Y },
	{ "deal.title", "empty", NULL, "x", N },
	{ "deal.title", "empty", NULL, "", Y },
	{ "deal.outcome", "is", "[\"won\",\"lost\"]", "won", Y },
	{ "deal.outcome", "is", "\"won\"", "open", N },
	{ "deal.outcome", "is_not", "\"won\"", "open", Y },
	{ "deal.outcome", "is_not", "\"won\"", "won", N },
	{ "deal.outcome", "filled", NULL, "won", Y },
	{ "deal.outcome", "empty", NULL, "won", N },
	{ "event.owner_id", "is", "[\"" B "\",\"" A "\"]", A, Y },
	{ "event.owner_id", "is", "\"" B "\"", A, N },
	{ "event.owner_id", "is_not", "\"" B "\"", A, Y },
	{ "event.owner_id", "is_not", "\"" A "\"", A, N },
	{ "event.owner_id", "filled", NULL, A, Y },
	{ "event.owner_id", "empty", NULL, A, N },
	{ "deal.tags", "is", "[\"nieuw\",\"klant é\"]", "..", Y },
	{ "deal.tags", "is", "\"klant\"", "..", N },
	{ "deal.tags", "is_not", "\"klant\"", "..", Y },
	{ "deal.tags", "is_not", "\"vip\"", ".", N },
	{ "deal.tags", "filled", NULL, ".", Y },
	{ "deal.tags", "empty", NULL, ".", N },
	{ "deal.tags", "empty", NULL, "", Y },
	{ "deal.number", "is", "\"7.0\"", "7", Y },
	{ "deal.number", "is", "\"7.0001\"", "7", N },
	{ "deal.number", "is_not", "8", "7", Y },
	{ "deal.number", "is_not", "7", "7", N },
	{ "deal.number", "more", "6", "7", Y },
	{ "deal.number", "more", "7", "7", N },
	{ "deal.number", "less", "\"7.5\"", "7", Y },
	{ "deal.number", "less", "7", "7", N },
	{ "deal.number", "at_least", "7", "7", Y },
	{ "deal.number", "at_least", "8", "7", N },
	{ "deal.number", "at_most", "7", "7", Y },
	{ "deal.number", "at_most", "-7", "-6", N },
	{ "deal.number", "more", "999999999999999", "9223372036854775807", Y }, /* no number of a record is too large */
	{ "deal.number", "less", "-999999999999999", "-9223372036854775807", Y },
	{ "deal.number", "filled", NULL, "0", Y }, /* nought is something */
	{ "deal.number", "empty", NULL, "0", N },
	{ "deal.value", "is", "{\"amount\":\"1500\",\"currency\":\"EUR\"}", "EUR 1500.00", Y },
	{ "deal.value", "is", "{\"amount\":\"1500\",\"currency\":\"EUR\"}", "USD 1500.00", N },
	{ "deal.value", "is", "1500", "USD 1500.00", Y },
	{ "deal.value", "is_not", "{\"amount\":\"1500\",\"currency\":\"EUR\"}", "USD 1500.00", Y },
	{ "deal.value", "is_not", "1500", "USD 1500.00", N },
	{ "deal.value", "more", "{\"amount\":\"1499.9999\",\"currency\":\"EUR\"}", "EUR 1500.00", Y },
	{ "deal.value", "more", "{\"amount\":\"1500\",\"currency\":\"EUR\"}", "EUR 1500.00", N },
	{ "deal.value", "more", "{\"amount\":\"1\",\"currency\":\"EUR\"}", "USD 1500.00", U }, /* what a dollar is in euro, no rule knows */
	{ "deal.value", "more", "1499", "JPY 1500", Y },
	{ "deal.value", "more", "\"1.2345\"", "KWD 1.235", Y },
	{ "deal.value", "less", "{\"amount\":\"1500.01\",\"currency\":\"EUR\"}", "EUR 1500.00", Y },
	{ "deal.value", "less", "1500", "EUR 1500.00", N },
	{ "deal.value", "at_least", "1500", "EUR 1500.00", Y },
	{ "deal.value", "at_least", "\"1500.01\"", "EUR 1500.00", N },
	{ "deal.value", "at_most", "1500", "EUR 1500.00", Y },
	{ "deal.value", "at_most", "\"1499.99\"", "EUR 1500.00", N },
	{ "deal.value", "filled", NULL, "EUR 0.00", Y },
	{ "deal.value", "empty", NULL, "EUR 0.00", N },
	{ "deal.close_date", "is", "\"2026-11-23\"", "2026-11-23", Y },
	{ "deal.close_date", "is", "\"2026-11-23\"", "2026-11-24", N },
	{ "deal.close_date", "is_not", "\"2026-11-23\"", "2026-11-24", Y },
	{ "deal.close_date", "is_not", "\"2026-11-24\"", "2026-11-24", N },
	{ "deal.close_date", "before", "\"2026-11-24\"", "2026-11-23", Y },
	{ "deal.close_date", "before", "\"2026-11-23\"", "2026-11-23", N },
	{ "deal.close_date", "after", "\"2026-11-22\"", "2026-11-23", Y },
	{ "deal.close_date", "after", "\"2026-11-23\"", "2026-11-23", N },
	{ "deal.close_date", "within", "1", "2026-11-23", Y },
	{ "deal.close_date", "within", "1", "2026-11-22", N },
	{ "deal.close_date", "within", "2", "2026-11-22", Y },
	{ "deal.close_date", "within", "2", "2026-11-24", N },
	{ "deal.close_date", "not_within", "1", "2026-11-22", Y },
	{ "deal.close_date", "not_within", "1", "2026-11-23", N },
	{ "deal.close_date", "ahead", "1", "2026-11-23", Y },
	{ "deal.close_date", "ahead", "1", "2026-11-24", N },
	{ "deal.close_date", "ahead", "2", "2026-11-24", Y },
	{ "deal.close_date", "ahead", "2", "2026-11-22", N },
	{ "deal.close_date", "not_ahead", "2", "2026-11-22", Y },
	{ "deal.close_date", "not_ahead", "2", "2026-11-24", N },
	{ "deal.close_date", "filled", NULL, "1970-01-01", Y },
	{ "deal.close_date", "empty", NULL, "1970-01-01", N },
	{ "deal.created_at", "is", "\"2026-11-22\"", "2026-11-22T23:59:59Z", Y },
	{ "deal.created_at", "is", "\"2026-11-22\"", "2026-11-23T00:00:00Z", N },
	{ "deal.created_at", "is_not", "\"2026-11-22\"", "2026-11-23T00:00:00Z", Y },
	{ "deal.created_at", "is_not", "\"2026-11-23\"", "2026-11-23T00:00:00Z", N },
	{ "deal.created_at", "before", "\"2026-11-23\"", "2026-11-22T23:59:59Z", Y },
	{ "deal.created_at", "before", "\"2026-11-23\"", "2026-11-23T00:00:00Z", N },
	{ "deal.created_at", "after", "\"2026-11-22\"", "2026-11-23T00:00:00Z", Y },
	{ "deal.created_at", "after", "\"2026-11-22\"", "2026-11-22T23:59:59Z", N },
	{ "deal.created_at", "within", "1", "2026-11-22T12:00:00.000001Z", Y },
	{ "deal.created_at", "within", "1", "2026-11-22T12:00:00Z", N },
	{ "deal.created_at", "within", "1", "2026-11-23T12:00:00Z", Y },
	{ "deal.created_at", "within", "1", "2026-11-23T12:00:00.000001Z", N },
	{ "deal.created_at", "not_within", "1", "2026-11-22T12:00:00Z", Y },
	{ "deal.created_at", "not_within", "1", "2026-11-23T12:00:00Z", N },
	{ "deal.created_at", "ahead", "1", "2026-11-23T12:00:00Z", Y },
	{ "deal.created_at", "ahead", "1", "2026-11-24T12:00:00Z", N },
	{ "deal.created_at", "ahead", "1", "2026-11-24T11:59:59Z", Y },
	{ "deal.created_at", "ahead", "1", "2026-11-23T11:59:59Z", N },
	{ "deal.created_at", "not_ahead", "1", "2026-11-24T12:00:00Z", Y },
	{ "deal.created_at", "not_ahead", "1", "2026-11-24T11:59:59Z", N },
	{ "deal.created_at", "filled", NULL, "1970-01-01T00:00:00Z", Y },
	{ "deal.created_at", "empty", NULL, "1970-01-01T00:00:00Z", N },
	/* a field of the workspace's own, by what it holds */
	{ OWN, "is", "\"groot\"", "\"Groot\"", Y },
	{ OWN, "is", "[\"klein\",\"1.50\"]", "1.5", Y },
	{ OWN, "is", "\"1,5\"", "1.5", N },
	{ OWN, "is", "\"TRUE\"", "true", Y },
	{ OWN, "is", "\"true\"", "false", N },
	{ OWN, "is", "\"7.5\"", "{\"amount\":\"7.50\",\"currency\":\"EUR\"}", Y },
	{ OWN, "is", "\"b\"", "[\"a\",\"B\"]", Y },
	{ OWN, "is_not", "\"c\"", "[\"a\",\"B\"]", Y },
	{ OWN, "is_not", "\"7\"", "7", N },
	{ OWN, "contains", "\"oo\"", "\"gROOt\"", Y },
	{ OWN, "contains", "\"oo\"", "[\"a\",\"groot\"]", Y },
	{ OWN, "contains", "\"7\"", "77", U }, /* a number has no parts */
	{ OWN, "contains_not", "\"7\"", "77", U },
	{ OWN, "contains_not", "\"ok\"", "\"groot\"", Y },
	{ OWN, "starts", "\"GR\"", "\"groot\"", Y },
	{ OWN, "starts", "\"gr\"", "true", U },
	{ OWN, "more", "\"1.4\"", "1.5", Y },
	{ OWN, "more", "1000", "\"€ 1.500,-\"", Y },
	{ OWN, "more", "1000", "\"veel\"", U },
	{ OWN, "more", "1000", "true", U },
	{ OWN, "less", "{\"amount\":8,\"currency\":\"EUR\"}", "{\"amount\":\"7.50\",\"currency\":\"EUR\"}", Y },
	{ OWN, "less", "{\"amount\":8,\"currency\":\"EUR\"}", "7", U }, /* of which currency, nobody says */
	{ OWN, "at_least", "\"7.5\"", "{\"amount\":\"7.50\",\"currency\":\"USD\"}", Y },
	{ OWN, "at_most", "\"1.5\"", "1.5", Y },
	{ OWN, "at_most", "\"1.4\"", "1.5", N },
	{ OWN, "before", "\"2026-12-01\"", "\"23-11-2026\"", Y },
	{ OWN, "before", "\"2026-12-01\"", "\"morgen\"", U },
	{ OWN, "after", "\"2026-11-22\"", "\"2026-11-23\"", Y },
	{ OWN, "after", "\"2026-11-22\"", "7", U },
	{ OWN, "within", "2", "\"22 november 2026\"", Y },
	{ OWN, "not_within", "2", "\"21 nov. 2026\"", Y },
	{ OWN, "not_within", "2", "\"ooit\"", U },
	{ OWN, "ahead", "2", "\"24/11/2026\"", Y },
	{ OWN, "not_ahead", "2", "\"24-11-2026\"", N },
	{ OWN, "filled", NULL, "false", Y },
	{ OWN, "empty", NULL, "[]", Y },
	{ OWN, "empty", NULL, "\"\"", Y },
	{ OWN, "filled", NULL, "null", N },
	{ OWN, "filled", NULL, "[7]", U }, /* what it holds cannot be asked */
};

static void operators (void)
{
	unsigned seen[FACT_KINDS] = { 0 };
	for (size_t i = 0; i < LENGTH (rows); i++) {
		struct fact_name name;
		enum truth is = asked (rows[i].name, rows[i].op, rows[i].value, fact_as (rows[i].name, rows[i].as), WRITTEN_NL);
		CHECK (is == (enum truth) rows[i].truth);
		if (is != (enum truth) rows[i].truth)
			fprintf (stderr, "  %s %s %s: %s is %u\n", rows[i].name, rows[i].op, rows[i].value, rows[i].as, is);
		if (!fact_find (&arena, &deal_created_record, rows[i].name, &name))
			continue;
		for (int op = 0; op < OP_COUNT; op++)
			if (strcmp (op_names[op], rows[i].op) == 0)
				seen[name.kind] |= 1u << op;
	}
	for (enum fact_kind kind = 0; kind < FACT_KINDS; kind++) /* flags have their own below */
		CHECK (kind == FACT_FLAG || seen[kind] == ops_of (kind));
}

/* Nobody knows: unknown, whatever is asked. It is known that there is none: only what denies is so. */
static void nothing_there (void)
{
	for (size_t i = 0; i < LENGTH (rows); i++) {
		const char *op = rows[i].op;
		bool denies = strstr (op, "not") || strcmp (op, "empty") == 0;
		struct fact fact = fact_as (rows[i].name, rows[i].as);
		fact.has = ABSENT;
		CHECK (asked (rows[i].name, op, rows[i].value, fact, WRITTEN_NL) == TRUTH_UNKNOWN);
		fact.has = CLEARED;
		CHECK (asked (rows[i].name, op, rows[i].value, fact, WRITTEN_NL) == (denies ? TRUTH_TRUE : TRUTH_FALSE));
	}
}

static void flags (void)
{
	struct rule rule;
	struct asking asking = { .now = now };
	static const struct {
		const char *op;
		bool flag;
		int truth;
	} row[] = {
		{ "\"is\",\"value\":true", true, Y },
		{ "\"is\",\"value\":true", false, N },
		{ "\"is\",\"value\":false", false, Y },
		{ "\"is_not\",\"value\":true", false, Y },
		{ "\"is_not\",\"value\":true", true, N },
		{ "\"filled\"", false, Y },
		{ "\"empty\"", false, N },
	};
	for (size_t i = 0; i < LENGTH (row); i++) {
		struct fact fact = fact_of_flag (row[i].flag);
		CHECK (rule_read (
			       &arena,
			       arena_printf (
				       &arena,
				       "{\"when\":{\"event\":\"quote.accepted\"},\"if\":{\"all\":[{\"fact\":\"event.portal\",\"op\":%s}]},"
				       "\"then\":[{\"stop\":true}]}",
				       row[i].op),
			       &rule, NULL) == OK);
		CHECK (condition_evaluate (&rule.conditions.root->at[0].condition, &fact, &asking) == (enum truth) row[i].truth);
	}
}

/* ---- which failed first ---- */

static void first_failed (void)
{
	/* x, y, z: conditions on facts 0, 1, 2 of values that stand in `are`: y(es), n(o), u(nknown) */
#define X "{\"fact\":\"deal.title\",\"op\":\"is\",\"value\":\"y\"}"
#define Z2 "{\"fact\":\"deal.company\",\"op\":\"is\",\"value\":\"y\"}"
#define Z3 "{\"fact\":\"deal.notes\",\"op\":\"is\",\"value\":\"y\"}"
	static const struct {
		const char *tree, *are;
		size_t failed;
		bool unknown;
	} row[] = {
		{ "{\"all\":[" X "," Z2 "," Z3 "]}", "yyy", 0, false },
		{ "{\"all\":[" X "," Z2 "," Z3 "]}", "yny", 2, false },
		{ "{\"all\":[" X "," Z2 "," Z3 "]}", "yun", 2, false }, /* known to be false, and still the first that is not so is told */
		{ "{\"all\":[" X "," Z2 "," Z3 "]}", "yuy", 2, true },
		{ "{\"any\":[" X "," Z2 "," Z3 "]}", "nny", 0, false },
		{ "{\"any\":[" X "," Z2 "," Z3 "]}", "nnn", 1, false },
		{ "{\"any\":[" X "," Z2 "," Z3 "]}", "nun", 1, true },
		{ "{\"none\":[" X "," Z2 "," Z3 "]}", "nnn", 0, false },
		{ "{\"none\":[" X "," Z2 "," Z3 "]}", "nny", 3, false },
		{ "{\"none\":[" X "," Z2 "," Z3 "]}", "nuy", 2, false },
		{ "{\"none\":[" X "," Z2 "," Z3 "]}", "nnu", 3, true },
		{ "{\"all\":[" X ",{\"any\":[" Z2 "," Z3 "]}]}", "ynn", 2, false },
		{ "{\"none\":[{\"all\":[" X "," Z2 "]}," Z3 "]}", "yyn", 1, false },
		{ "{\"none\":[{\"all\":[" X "," Z2 "]}," Z3 "]}", "yny", 3, false },
		{ "{\"none\":[{\"any\":[" X "," Z2 "]}," Z3 "]}", "nyn", 2, false },
		{ "{\"none\":[{\"none\":[" X "," Z2 "]}," Z3 "]}", "nnn", 1, false },
		{ "{\"none\":[{\"none\":[" X "," Z2 "]}," Z3 "]}", "nyy", 3, false },
	};
	struct asking asking = { .now = now };
	for (size_t i = 0; i < LENGTH (row); i++) {
		struct rule rule = rule_with (row[i].tree);
		struct fact fact[3] = { { 0 } };
		for (size_t k = 0; k < LENGTH (fact); k++)
			if (row[i].are[k] != 'u')
				fact[k] = fact_of_text (&arena, row[i].are[k] == 'y' ? "y" : "n");
		struct verdict verdict = conditions_evaluate (&rule.conditions, fact, &asking);
		CHECK (verdict.matched == !row[i].failed && verdict.failed == row[i].failed && verdict.unknown == row[i].unknown);
	}
	struct conditions always = { .root = NULL };
	CHECK (conditions_evaluate (&always, NULL, &asking).matched);
}

/* ---- facts out of events ---- */

static int32_t day_in_zone (const void *zone, int64_t at)
{
	return (int32_t) ((at + *(const int64_t *) zone) / 86400000000);
}

static struct fact fact_in (const struct record *event, const char *name, const void *item)
{
	static const int64_t hour = 3600000000;
	struct fact_name found;
	CHECK (fact_find (&arena, event, name, &found));
	return fact_of_field (&arena, &found, item, day_in_zone, &hour);
}

static void out_of_events (void)
{
	struct change changes[] = { { .field = "value" }, { .field = "Owner_id" } };
	struct deal_updated deal = { .title = "Één",
				     .changes = { changes, 2 },
				     .custom = "{\"maat\":\"XL\",\"n\":1.25,\"leeg\":null}",
				     .value = { 150000, "EUR" },
				     .has = { .custom = HERE, .value = HERE } };
	struct reminder_due due = { .due_at = time_named ("2026-11-23T23:00:00Z"), .has = { .due_at = HERE } };
	CHECK_TEXT (fact_in (&deal_updated_record, "event.title", &deal).small, "één");
	CHECK (fact_in (&deal_updated_record, "event.owner_id", &deal).has == CLEARED);
	CHECK (fact_in (&deal_updated_record, "event.value", &deal).money.minor == 150000);
	CHECK_TEXT (fact_in (&deal_updated_record, "event.changes", &deal).list[1], "owner_id");
	CHECK_TEXT (fact_in (&deal_updated_record, "event.custom.maat", &deal).text, "XL");
	CHECK (fact_in (&deal_updated_record, "event.custom.n", &deal).number == 12500);
	CHECK (fact_in (&deal_updated_record, "event.custom.leeg", &deal).has == CLEARED);
	CHECK (fact_in (&deal_updated_record, "event.custom.is_niet", &deal).has == CLEARED);
	struct fact at = fact_in (&reminder_due_record, "event.due_at", &due);
	CHECK (at.kind == FACT_TIME && at.at == due.due_at &&
	       at.day == day_named ("2026-11-24")); /* 23:00 UTC is tomorrow an hour to the east */
}

/* No event, field or record of the tables can be asked that is SECRET; each kind that a field has is a kind that can be asked. */
static void every_event (void)
{
	struct fact_name found;
	size_t n = 0;
	for (size_t i = 0; all_records[i]; i++) {
		const struct record *r = all_records[i];
		for (const struct field *f = r->fields; r->class == RECORD_EVENT && f < r->fields + r->n_fields; f++) {
			bool is = fact_find (&arena, r, arena_printf (&arena, "event.%s", f->name), &found);
			bool plain = f->kind != KIND_JSON && f->kind != KIND_BYTES && f->kind != KIND_LIST && !(f->flags & SECRET);
			CHECK (is == (plain || (f->kind == KIND_LIST && f->part == &change_record)));
			CHECK (!is || (ops_of (found.kind) && found.field == f));
			n++;
		}
	}
	CHECK (n > 0);
	CHECK (!fact_find (&arena, NULL, "event.at", &found) && !fact_find (&arena, NULL, "event.deal_id", &found));
	CHECK (!fact_find (&arena, NULL, "", &found) && !fact_find (&arena, NULL, "deal", &found) &&
	       !fact_find (&arena, NULL, "deal.", &found));
	CHECK (fact_find (&arena, NULL, "document.due", &found) && found.kind == FACT_DATE && fact_record ("document") &&
	       !fact_record ("event"));
}

/* ---- random trees against a naive evaluator ---- */

/* What is in the world: a value of each kind out of so few that much is equal. */
enum { THINGS = 8 };
static const char *const thing[THINGS] = { "deal.title",      "deal.number",	"deal.value", "deal.close_date",
					   "deal.created_at", "event.owner_id", "deal.tags",  OWN };
struct world {
	char has[THINGS]; /* 'a'bsent, 'c'leared, 'h'ere */
	int n[THINGS];	  /* text, id: which; number, value, own: how much; date, time: days or hours from now; tags: bits */
};
static const char *const word[] = { "aa", "Ab", "ba", "B" };
static const char *const id[] = { A, B };

/* What the tree says in the simplest way: as (0, 1, 2), and which condition failed, by pushing every denial down to the conditions. */
struct naive {
	int truth;
	size_t failed;
};

static bool same_words (const char *x, const char *y)
{
	return strcasecmp (x, y) == 0;
}

static bool naive_is (const struct world *w, size_t t, const json_t *value)
{
	const char *text = json_string_value (value);
	size_t i;
	json_t *one;
	if (json_is_array (value)) {
		json_array_foreach ((json_t *) value, i, one) if (naive_is (w, t, one)) return true;
		return false;
	}
	switch (t) {
	case 0: return same_words (word[w->n[0]], text);
	case 1: return w->n[1] == json_integer_value (value);
	case 2: return w->n[2] == json_integer_value (value);
	case 3: return today + w->n[3] == day_named (text);
	case 4: return (int32_t) ((now + w->n[4] * 3600000000LL) / 86400000000) == day_named (text);
	case 5: return strcmp (id[w->n[5]], text) == 0;
	case 6: return ((w->n[6] & 1) && same_words (text, word[0])) || ((w->n[6] & 2) && same_words (text, word[1]));
	default: return strtol (text, NULL, 10) == w->n[7];
	}
}

static int naive_order (int is, int wanted, const char *op)
{
	return 2 * (strcmp (op, "more") == 0	   ? is > wanted
		    : strcmp (op, "less") == 0	   ? is < wanted
		    : strcmp (op, "at_least") == 0 ? is >= wanted
						   : is <= wanted);
}

static int naive_here (const struct world *w, size_t t, const char *op, const json_t *value)
{
	int n = (int) json_integer_value (value), hours = t == 3 ? 24 * w->n[3] : w->n[4];
	const char *text = json_string_value (value), *is = word[w->n[0]];
	if (strcmp (op, "is") == 0)
		return 2 * naive_is (w, t, value);
	if (strcmp (op, "contains") == 0)
		return 2 * (strcasestr (is, text) != NULL);
	if (strcmp (op, "starts") == 0)
		return 2 * (strcasestr (is, text) == is);
	if (strcmp (op, "before") == 0)
		return 2 * ((int32_t) (t == 3 ? today + w->n[3] : (now + hours * 3600000000LL) / 86400000000) < day_named (text));
	if (strcmp (op, "after") == 0)
		return 2 * ((int32_t) (t == 3 ? today + w->n[3] : (now + hours * 3600000000LL) / 86400000000) > day_named (text));
	if (strcmp (op, "within") == 0)
		return 2 * (hours <= 0 && hours > -24 * n);
	if (strcmp (op, "ahead") == 0)
		return 2 * (hours >= 0 && hours < 24 * n);
	if (strcmp (op, "filled") == 0 || strcmp (op, "empty") == 0)
		return *op == 'f' ? 2 : 0;
	return naive_order (t == 1 ? w->n[1] : t == 2 ? w->n[2] : w->n[7], n, op);
}

static int naive_condition (const struct world *w, const json_t *condition)
{
	const char *op = json_string_value (json_object_get (condition, "op"));
	size_t t = 0, n = strlen (op);
	while (strcmp (thing[t], json_string_value (json_object_get (condition, "fact"))) != 0)
		t++;
	if (w->has[t] == 'a')
		return 1;
	bool before = strncmp (op, "not_", 4) == 0, behind = n > 4 && strcmp (op + n - 4, "_not") == 0;
	if (w->has[t] == 'c')
		return before || behind || strcmp (op, "empty") == 0 ? 2 : 0;
	const char *plain = before ? op + 4 : behind ? arena_copy (&arena, op, n - 4) : op;
	int is = naive_here (w, t, plain, json_object_get (condition, "value"));
	return before || behind ? 2 - is : is;
}

static struct naive naive_tree (const struct world *w, const json_t *tree, bool denied, size_t *number)
{
	const json_t *all = json_object_get (tree, "all"), *any = json_object_get (tree, "any"), *none = json_object_get (tree, "none");
	const json_t *list = all ? all : any ? any : none;
	json_t *one;
	size_t i;
	if (!list) {
		int is = naive_condition (w, tree);
		return (struct naive){ .truth = denied ? 2 - is : is, .failed = ++*number };
	}
	denied = none ? !denied : denied;
	bool each = all ? !denied : denied; /* all of them have to be so (a denied "any" is that too) */
	struct naive ret = { .truth = each ? 2 : 0 };
	json_array_foreach ((json_t *) list, i, one)
	{
		struct naive is = naive_tree (w, one, denied, number);
		if (!ret.failed && (!each || is.truth != 2))
			ret.failed = is.failed;
		if (each ? is.truth < ret.truth : is.truth > ret.truth)
			ret.truth = is.truth;
	}
	return ret;
}

static const char *value_random (size_t t, enum op op)
{
	char day[DATE_TEXT];
	if (op == OP_WITHIN || op == OP_NOT_WITHIN || op == OP_AHEAD || op == OP_NOT_AHEAD)
		return arena_printf (&arena, "%zu", 1 + value_below (3));
	switch (t) {
	case 0:
	case 6:
		if (value_below (3) || op == OP_CONTAINS || op == OP_CONTAINS_NOT || op == OP_STARTS)
			return arena_printf (&arena, "\"%s\"", word[value_below (LENGTH (word))]);
		return arena_printf (&arena, "[\"%s\",\"%s\"]", word[value_below (2)], word[2 + value_below (2)]);
	case 1:
	case 2: return arena_printf (&arena, "%d", (int) value_below (5) - 2);
	case 3:
	case 4: return arena_printf (&arena, "\"%s\"", date_format (today + (int) value_below (5) - 2, day));
	case 5: return arena_printf (&arena, "\"%s\"", id[value_below (2)]);
	default: return arena_printf (&arena, op == OP_IS || op == OP_IS_NOT ? "\"%d\"" : "%d", (int) value_below (5) - 2);
	}
}

static const char *condition_random (void)
{
	struct fact_name name;
	size_t t = value_below (THINGS);
	enum op op;
	CHECK (fact_find (&arena, &deal_created_record, thing[t], &name));
	unsigned ops = t == 7 ? ops_of (FACT_NUMBER) : ops_of (name.kind); /* the own field holds a number here */
	while (!(ops & 1u << (op = (enum op) value_below (OP_COUNT))))
		;
	const char *value = op == OP_EMPTY || op == OP_FILLED ? "" : arena_printf (&arena, ",\"value\":%s", value_random (t, op));
	return arena_printf (&arena, "{\"fact\":\"%s\",\"op\":\"%s\"%s}", thing[t], op_names[op], value);
}

static const char *tree_random (int depth)
{
	static const char *const group[] = { "all", "any", "none" };
	const char *list = "";
	if (depth && (depth == 4 || value_below (3)))
		return condition_random ();
	for (size_t i = 0, n = 1 + value_below (3); i < n; i++)
		list = arena_printf (&arena, "%s%s%s", list, i ? "," : "", tree_random (depth + 1));
	return arena_printf (&arena, "{\"%s\":[%s]}", group[value_below (3)], list);
}

static struct world world_random (void)
{
	struct world w;
	static const size_t most[THINGS] = { LENGTH (word), 5, 5, 7, 150, 2, 4, 5 };
	for (size_t t = 0; t < THINGS; t++) {
		w.has[t] = "achhhhhh"[value_below (8)];
		w.n[t] = (int) value_below (most[t]);
	}
	w.n[1] -= 2;
	w.n[2] -= 2;
	w.n[3] -= 3;
	w.n[4] -= 75;
	w.n[7] -= 2;
	if (w.has[6] == 'h' && !w.n[6])
		w.has[6] = 'c'; /* no tags are none */
	return w;
}

static struct fact fact_random (const struct world *w, size_t t)
{
	const char *list[2];
	size_t n = 0;
	struct fact ret = { .has = w->has[t] == 'a' ? ABSENT : CLEARED };
	struct uuid owner;
	int64_t at = now + w->n[4] * 3600000000LL;
	if (w->has[t] != 'h')
		return ret;
	switch (t) {
	case 0: return fact_of_text (&arena, word[w->n[0]]);
	case 2: return fact_of_money ((struct money){ .minor = 100 * w->n[2], .currency = "EUR" });
	case 3: return fact_of_date (today + w->n[3]);
	case 4: return fact_of_time (at, (int32_t) (at / 86400000000));
	case 5: CHECK (uuid_parse (id[w->n[5]], &owner) == OK); return fact_of_id (owner);
	case 6:
		if (w->n[6] & 1)
			list[n++] = word[0];
		if (w->n[6] & 2)
			list[n++] = word[1];
		return fact_of_list (&arena, list, n);
	default: return fact_of_whole (w->n[t]);
	}
}

static struct verdict verdict_of (const struct rule *rule, const struct world *w)
{
	struct asking asking = { .now = now, .today = today, .written = WRITTEN_NL };
	struct fact *fact = arena_array (&arena, rule->n_facts, sizeof *fact);
	for (size_t i = 0; i < rule->n_facts; i++)
		for (size_t t = 0; t < THINGS; t++)
			if (strcmp (thing[t], rule->fact[i].name) == 0)
				fact[i] = fact_random (w, t);
	return conditions_evaluate (&rule->conditions, fact, &asking);
}

static void random_trees (void)
{
	size_t seen[3] = { 0 };
	for (unsigned seed = 1; seed <= 20000; seed++) {
		arena_reset (&arena);
		values_begin (&arena, seed);
		const char *tree = tree_random (0);
		json_t *json = json_loads (tree, 0, NULL);
		struct rule rule = rule_with (tree), again;
		struct buffer out = { 0 };
		rule_write (&out, &rule);
		buffer_add (&out, "", 1);
		CHECK (rule_read (&arena, (const char *) out.at, &again, NULL) == OK);
		buffer_fini (&out);
		for (int i = 0; i < 4; i++) {
			struct world w = world_random ();
			size_t number = 0;
			struct naive naive = naive_tree (&w, json, false, &number);
			struct verdict is = verdict_of (&rule, &w), same = verdict_of (&again, &w);
			bool good = is.matched == (naive.truth == 2) && is.unknown == (naive.truth == 1) &&
				    is.failed == (naive.truth == 2 ? 0 : naive.failed);
			CHECK (good && number == rule.conditions.n);
			CHECK (same.matched == is.matched && same.unknown == is.unknown && same.failed == is.failed);
			if (!good)
				fprintf (stderr, "  seed %u: %s: %d at %zu, not at %zu\n", seed, tree, naive.truth, naive.failed,
					 is.failed);
			seen[naive.truth]++;
		}
		json_decref (json);
	}
	CHECK (seen[0] > 5000 && seen[1] > 5000 && seen[2] > 5000); /* else little was compared */
}

int main (void)
{
	arena_init (&arena);
	now = time_named ("2026-11-23T12:00:00Z");
	today = day_named ("2026-11-23");
	operators ();
	nothing_there ();
	flags ();
	first_failed ();
	out_of_events ();
	every_event ();
	random_trees ();
	arena_fini (&arena);
	return test_end ();
}
