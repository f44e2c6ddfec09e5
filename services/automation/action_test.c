/* What steps ask for: each kind of value in each kind of field, what is left out, what is refused and where; and every body is one that its command takes. */
#include "action.h"

#include "clock.h"
#include "test.h"

static struct arena arena;
static struct zone *zone;
static struct uuid id;

/* ---- facts by their names ---- */

static int64_t moment (const char *text)
{
	int64_t at = 0;
	CHECK (time_parse (text, &at) == OK);
	return at;
}

static struct fact fact_named (const struct fact_name *name)
{
	struct money money = { .minor = 181550, .currency = "EUR" };
	static const char *const tags[] = { "VIP", "Oud" };
	if (strcmp (name->name, "deal.notes") == 0)
		return (struct fact){ .has = ABSENT };
	if (strcmp (name->name, "deal.company") == 0 || strcmp (name->name, "contact.phone") == 0)
		return (struct fact){ .has = CLEARED };
	if (strcmp (name->name, "deal.custom.maat") == 0)
		return (struct fact){ .has = HERE, .kind = FACT_NUMBER, .number = 12500 };
	switch (name->kind) {
	case FACT_TEXT: return fact_of_text (&arena, "{{x}} \"É\"\n* y");
	case FACT_NUMBER: return fact_of_whole (42);
	case FACT_FLAG: return fact_of_flag (true);
	case FACT_TIME: return fact_of_time (moment ("2026-11-23T23:30:00Z"), zone_wall (zone, moment ("2026-11-23T23:30:00Z")).day);
	case FACT_DATE: return fact_of_date (0);
	case FACT_MONEY: return fact_of_money (money);
	case FACT_ID: return fact_of_id (uuid_of (name->noun, strlen (name->noun)));
	case FACT_LIST: return fact_of_list (&arena, tags, LENGTH (tags));
	case FACT_CHOICE: {
		struct fact ret = fact_of_text (&arena, name->choice[0]);
		ret.kind = FACT_CHOICE;
		return ret;
	}
	case FACT_OWN:
	case FACT_KINDS: break;
	}
	return fact_of_text (&arena, "eigen");
}

/* What the first step asks for; null: refused, and *why says where. Whatever it asks for, its command takes. */
static const char *body_of (const char *with, const char *command, enum written written, struct problem_error *why)
{
	struct rule rule;
	struct problem problem = { 0 };
	const char *body = NULL;
	const char *json = arena_printf (&arena, "{\"when\":{\"event\":\"quote.accepted\"},\"then\":[{\"do\":\"%s\",\"with\":%s}]}",
					 command, with);
	if (rule_read (&arena, json, &rule, &problem) != OK) {
		fprintf (stderr, "refused: %s %s %s\n", problem.errors[0].pointer, problem.errors[0].code, problem.errors[0].detail);
		return NULL;
	}
	struct fact *fact = arena_array (&arena, rule.n_facts, sizeof *fact);
	struct uuid picked[64] = { 0 };
	for (size_t i = 0; i < rule.n_facts; i++)
		fact[i] = fact_named (&rule.fact[i]);
	for (size_t i = 0; i < rule.steps.at->n_with; i++)
		if (rule.steps.at->with[i].n_pick > 1)
			picked[i] = rule.steps.at->with[i].pick[1];
	struct action_asking asking = {
		.asking = { .now = moment ("2026-10-24T10:00:00Z"), .written = written }, .zone = zone, .action = { id }, .picked = picked
	};
	if (action_body (&arena, &rule, rule.steps.at, fact, &asking, &body, why) != OK)
		return NULL;
	const struct record *r = record_named (command);
	json_t *whole = json_loads (body, JSON_REJECT_DUPLICATES, NULL);
	CHECK (whole && record_from_json (&arena, r, whole, true, arena_alloc (&arena, r->size), NULL) == OK);
	json_decref (whole);
	return body;
}

#define ONE "018f0a0a-0000-7000-8000-00000000000a"
#define OTHER "018f0a0a-0000-7000-8000-00000000000b"

static const struct {
	const char *command, *with, *body;
	enum written written;
} good[] = {
	/* what is made, the record that the event names, and what stands there */
	{ "deal_create", "{\"title\":\"x\"}", "{\"title\":\"x\",\"deal_id\":\"@made\"}", WRITTEN_NL },
	{ "deal_move", "{\"stage\":\"won\"}", "{\"deal_id\":\"@deal\",\"stage\":\"won\"}", WRITTEN_NL },
	{ "invoice_from_quote", "{}", "{\"document_id\":\"@document\"}", WRITTEN_NL },
	{ "invoice_from_quote", "{\"percent\":\"30\"}", "{\"document_id\":\"@document\",\"percent\":\"30\",\"invoice_id\":\"@made\"}",
	  WRITTEN_NL },
	{ "deal_update", "{\"owner_id\":null,\"custom\":{\"a\":{\"fact\":\"deal.outcome\",\"b\":1}}}",
	  "{\"deal_id\":\"@deal\",\"owner_id\":null,\"custom\":{\"a\":{\"b\":1,\"fact\":\"deal.outcome\"}}}", WRITTEN_NL },
	/* within a JSON value, however deep; what is none, or not known, is not there */
	{ "deal_update",
	  "{\"custom\":{\"a\":{\"fact\":\"deal.outcome\"},\"b\":[1,{\"fact\":\"deal.notes\"},{\"c\":{\"fact\":\"history.matches\"}}],"
	  "\"d\":{\"fact\":\"deal.company\"},\"e\":{\"fact\":\"deal.outcome\"},\"f\":null}}",
	  "{\"deal_id\":\"@deal\",\"custom\":{\"a\":\"open\",\"b\":[1,{\"c\":42}],\"e\":\"open\",\"f\":null}}", WRITTEN_NL },
	/* facts as fields have them */
	{ "deal_update",
	  "{\"value\":{\"fact\":\"deal.value\"},\"close_date\":{\"fact\":\"deal.close_date\"},\"owner_id\":{\"fact\":\"deal.owner_id\"}}",
	  "{\"deal_id\":\"@deal\",\"value\":{\"amount\":\"1815.50\",\"currency\":\"EUR\"},\"owner_id\":\"@user\",\"close_date\":\"1970-01-01\"}",
	  WRITTEN_NL },
	{ "deal_update",
	  "{\"title\":{\"fact\":\"deal.value\"},\"notes\":{\"fact\":\"event.at\"},\"probability\":{\"fact\":\"history.matches\"}}",
	  "{\"deal_id\":\"@deal\",\"title\":\"1815.50\",\"notes\":\"2026-11-23T23:30:00.000000Z\",\"probability\":42}", WRITTEN_NL },
	{ "deal_update", "{\"title\":{\"fact\":\"deal.custom.maat\"},\"notes\":{\"fact\":\"deal.outcome\"}}",
	  "{\"deal_id\":\"@deal\",\"title\":\"1.2500\",\"notes\":\"open\"}", WRITTEN_NL },
	/* what is none, or what nobody knows, is left out */
	{ "deal_update", "{\"title\":{\"fact\":\"deal.company\"},\"notes\":{\"fact\":\"deal.notes\"},\"annotations\":\" {{deal.notes}}\"}",
	  "{\"deal_id\":\"@deal\"}", WRITTEN_NL },
	/* texts: as people write it, in a line where the field is one */
	{ "deal_update", "{\"title\":\"{{deal.value}} {{event.at}} {{deal.close_date}} {{deal.title}}\"}",
	  "{\"deal_id\":\"@deal\",\"title\":\"€\u00a01.815,50 24 november 2026 1 januari 1970 {{x}} \\\"É\\\" * y\"}", WRITTEN_NL },
	{ "deal_update", "{\"notes\":\"{{deal.value}} {{event.at}} {{deal.title}}\"}",
	  "{\"deal_id\":\"@deal\",\"notes\":\"€1,815.50 24 November 2026 {{x}} \\\"É\\\"\\n* y\"}", WRITTEN_EN },
	{ "deal_update", "{\"notes\":\"{{deal.custom.maat}} {{history.matches}} {{contact.tags}} {{event.portal}} {{deal.outcome}}\"}",
	  "{\"deal_id\":\"@deal\",\"notes\":\"1,25 42 vip, oud ja open\"}", WRITTEN_NL },
	{ "deal_update", "{\"notes\":\"{{deal.notes | default:\\\"geen\\\"}}{% if deal.company %}, {{deal.company}}{% end %}.\"}",
	  "{\"deal_id\":\"@deal\",\"notes\":\"geen.\"}", WRITTEN_NL },
	/* so long after now: over the night in which the clock is put back */
	{ "activity_add", "{\"kind\":\"task\",\"subject\":\"x\",\"due_at\":{\"in\":{\"days\":1}},\"remind_at\":{\"in\":{\"hours\":24}}}",
	  "{\"kind\":\"task\",\"subject\":\"x\",\"due_at\":\"2026-10-25T11:00:00.000000Z\",\"remind_at\":\"2026-10-25T10:00:00.000000Z\",\"activity_id\":"
	  "\"@made\"}",
	  WRITTEN_NL },
	/* at a time of that day, which is there twice */
	{ "activity_add",
	  "{\"kind\":\"task\",\"subject\":\"x\",\"due_at\":{\"in\":{\"days\":1},\"at\":\"02:30\"},\"remind_at\":{\"in\":{\"weeks\":1},\"at\":\"09:00\"}}",
	  "{\"kind\":\"task\",\"subject\":\"x\",\"due_at\":\"2026-10-25T00:30:00.000000Z\",\"remind_at\":\"2026-10-31T08:00:00.000000Z\",\"activity_id\":"
	  "\"@made\"}",
	  WRITTEN_NL },
	{ "deal_update", "{\"close_date\":{\"in\":{\"hours\":12}}}", "{\"deal_id\":\"@deal\",\"close_date\":\"2026-10-25\"}", WRITTEN_NL },
	/* who was chosen; nobody */
	{ "activity_add", "{\"kind\":\"call\",\"owner_id\":{\"pick\":[\"" ONE "\",\"" OTHER "\"],\"by\":\"turn\"}}",
	  "{\"kind\":\"call\",\"owner_id\":\"" OTHER "\",\"activity_id\":\"@made\"}", WRITTEN_NL },
	{ "activity_add", "{\"kind\":\"call\",\"owner_id\":{\"pick\":[\"" ONE "\"],\"by\":\"load\"}}",
	  "{\"kind\":\"call\",\"activity_id\":\"@made\"}", WRITTEN_NL },
	/* within lists, and in the language that the command is given */
	{ "mail_send",
	  "{\"to\":[{\"email\":{\"fact\":\"contact.email\"},\"name\":{\"fact\":\"contact.phone\"}},{\"email\":\"a@b.nl\",\"name\":\"{{deal.value}}\"}],"
	  "\"language\":\"en\",\"subject\":\"s\",\"text\":\"t\"}",
	  "{\"to\":[{\"email\":\"{{x}} \\\"É\\\"\\n* y\"},{\"email\":\"a@b.nl\",\"name\":\"€1,815.50\"}],\"subject\":\"s\",\"text\":\"t\",\"language\":\"en\","
	  "\"mail_id\":\"@made\"}",
	  WRITTEN_NL },
};

static const char *with_ids (const char *text)
{
	char as[UUID_TEXT];
	const struct {
		const char *word;
		struct uuid id;
	} named[] = { { "@made", id },
		      { "@deal", uuid_of ("deal", 4) },
		      { "@document", uuid_of ("document", 8) },
		      { "@user", uuid_of ("user", 4) } };
	for (size_t i = 0; i < LENGTH (named); i++) {
		const char *at = strstr (text, named[i].word);
		if (at)
			text = arena_printf (&arena, "%.*s%s%s", (int) (at - text), text, uuid_format (named[i].id, as),
					     at + strlen (named[i].word));
	}
	return text;
}

static void bodies (void)
{
	struct problem_error why;
	for (size_t i = 0; i < LENGTH (good); i++)
		CHECK_TEXT (body_of (good[i].with, good[i].command, good[i].written, &why), with_ids (good[i].body));
}

static const struct {
	const char *command, *with, *pointer, *detail;
} bad[] = {
	{ "deal_move", "{\"stage\":{\"fact\":\"deal.notes\"}}", "/stage", "deal.notes is not known" },
	{ "deal_move", "{\"stage\":{\"fact\":\"deal.company\"}}", "/stage", "deal.company is empty" },
	{ "deal_create", "{\"title\":\"{{deal.notes}} \"}", "/title", "nothing is left of the text" },
	{ "mail_send", "{\"to\":[{\"email\":\"a@b.nl\"},{\"email\":{\"fact\":\"contact.phone\"}}]}", "/to/1/email",
	  "contact.phone is empty" },
};

static void refusals (void)
{
	for (size_t i = 0; i < LENGTH (bad); i++) {
		struct problem_error why = { 0 };
		CHECK (!body_of (bad[i].with, bad[i].command, WRITTEN_NL, &why));
		CHECK_TEXT (why.pointer, bad[i].pointer);
		CHECK_TEXT (why.code, "required");
		CHECK_TEXT (why.detail, bad[i].detail);
	}
}

/* What becomes too long is cut between characters, as long as its field takes. */
static void cut (void)
{
	struct problem_error why;
	struct deal_update ret;
	const char *text = "", *once = "{{event.at}}é";
	for (int i = 0; i < 35; i++)
		text = arena_printf (&arena, "%s%s", text, once);
	const char *body = body_of (arena_printf (&arena, "{\"title\":\"%s\"}", text), "deal_update", WRITTEN_NL, &why);
	json_t *json = body ? json_loads (body, 0, NULL) : NULL;
	CHECK (json && record_from_json (&arena, &deal_update_record, json, true, &ret, NULL) == OK);
	json_decref (json);
	size_t n = json ? strlen (ret.title) : 0;
	CHECK (n <= 500 && n > 500 - 4 && strcmp (ret.title + n - strlen ("…"), "…") == 0 && text_is_valid (ret.title, n));
}

/* Who is there no more is passed over: by turns the next one comes, and those behind them in their order; by load who of the others has least. */
static void picks (void)
{
	static const struct uuid four[4];
	struct given_field turn = { .pick = four, .n_pick = 4, .pick_by = PICK_TURN }, load = turn;
	struct pick_from all[] = { { true, 3 }, { true, 1 }, { true, 1 }, { true, 0 } },
			 some[] = { { false, 0 }, { true, 2 }, { false, 1 }, { true, 2 } }, none[4] = { { false, 0 } };
	const size_t by_turns[] = { 1, 3, 1, 3, 1 };
	int64_t turns = 0;
	load.pick_by = PICK_LOAD;
	for (size_t i = 0; i < 9; i++)
		CHECK (pick_of (&turn, all, &turns) == i % 4 && turns == (int64_t) i + 1);
	turns = 0;
	for (size_t i = 0; i < LENGTH (by_turns); i++)
		CHECK (pick_of (&turn, some, &turns) == by_turns[i]);
	int64_t before = turns;
	CHECK (pick_of (&turn, none, &turns) == 4 && turns == before);
	CHECK (pick_of (&load, all, &turns) == 3 && pick_of (&load, some, &turns) == 1 && pick_of (&load, none, &turns) == 4);
	CHECK (turns == before);
}

int main (void)
{
	arena_init (&arena);
	zone = zone_open ("Europe/Amsterdam");
	id = uuid_of ("made", 4);
	bodies ();
	refusals ();
	cut ();
	picks ();
	zone_close (zone);
	arena_fini (&arena);
	return test_end ();
}
