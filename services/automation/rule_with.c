/* What a rule gives to the commands that it asks for, read and checked; see rule.h. Values are checked by the command's own record.
 * It must never let a value through that the command would refuse whatever the facts are. */
#include "rule.h"

#include <string.h>
#include "rule_parts.h"
#include "template.h"

const char *const pick_names[] = { "turn", "load", NULL };

/* ---- what a command makes ---- */

static const struct {
	const char *command, *field, *only_with;
} makers[] = {
	{ "deal_create", "deal_id", NULL },
	{ "activity_add", "activity_id", NULL },
	{ "mail_send", "mail_id", NULL },
	{ "order_create", "sales_order_id", NULL },
	{ "quote_create", "document_id", NULL },
	{ "invoice_create", "document_id", NULL },
	{ "hook_send", "hook_delivery_id", NULL },
	{ "notice_ring", "notice_id", NULL },
	{ "invoice_from_quote", "invoice_id", "percent" },
};

bool command_makes (const struct record *command, struct made *ret)
{
	for (size_t i = 0; i < LENGTH (makers); i++)
		if (strcmp (makers[i].command, command->name) == 0) {
			ret->field = record_field (command, makers[i].field);
			ret->only_with = makers[i].only_with ? record_field (command, makers[i].only_with) : NULL;
			return ret->field != NULL;
		}
	return false;
}

/* ---- of which kind a value is ---- */

static const json_t *fact_in (const json_t *value)
{
	const json_t *name = json_object_size (value) == 1 ? json_object_get (value, "fact") : NULL;
	return json_is_string (name) ? name : NULL;
}

const char *given_fact_name (const json_t *value)
{
	return json_string_value (fact_in (value));
}

static bool holds_fact (const json_t *value)
{
	const char *name;
	json_t *one;
	size_t i;
	if (fact_in (value))
		return true;
	json_object_foreach ((json_t *) value, name, one) if (holds_fact (one)) return true;
	json_array_foreach ((json_t *) value, i, one) if (holds_fact (one)) return true;
	return false;
}

static bool is_template (const json_t *value)
{
	const char *text = json_string_value (value);
	return text && (strstr (text, "{{") || strstr (text, "{%"));
}

static enum given_kind kind_of (const struct field *f, const json_t *value);

static bool has_others (const struct record *part, const json_t *list)
{
	const json_t *item, *value;
	const char *name;
	size_t i;
	json_array_foreach (list, i, item) json_object_foreach ((json_t *) item, name, value)
	{
		const struct field *f = record_field (part, name);
		if (f && kind_of (f, value) != GIVEN_PLAIN)
			return true;
	}
	return false;
}

static enum given_kind kind_of (const struct field *f, const json_t *value)
{
	if (fact_in (value))
		return GIVEN_FACT;
	if ((f->kind == KIND_TIME || f->kind == KIND_DATE) && json_object_get (value, "in"))
		return GIVEN_IN;
	if (f->kind == KIND_ID && strcmp (f->noun, "user") == 0 && json_object_get (value, "pick"))
		return GIVEN_PICK;
	if (f->kind == KIND_TEXT && is_template (value))
		return GIVEN_TEXT;
	if (f->kind == KIND_JSON && holds_fact (value))
		return GIVEN_JSON;
	return f->kind == KIND_LIST && has_others (f->part, value) ? GIVEN_LIST : GIVEN_PLAIN;
}

/* Whether a fact can be what a command's field holds. */
static bool hands_on (const struct fact_name *fact, const struct field *to)
{
	switch (to->kind) {
	case KIND_TEXT: return fact->kind != FACT_LIST && fact->kind != FACT_FLAG;
	case KIND_I64: return fact->kind == FACT_NUMBER;
	case KIND_FLAG: return fact->kind == FACT_FLAG;
	case KIND_TIME: return fact->kind == FACT_TIME;
	case KIND_DATE: return fact->kind == FACT_DATE;
	case KIND_MONEY: return fact->kind == FACT_MONEY;
	case KIND_ID: return fact->kind == FACT_ID && (strcmp (fact->noun, to->noun) == 0 || strcmp (to->noun, "record") == 0);
	case KIND_ENUM: return fact->kind == FACT_CHOICE && strcmp (fact->noun, to->noun) == 0;
	case KIND_JSON:
	case KIND_BYTES:
	case KIND_LIST: break;
	}
	return false;
}

/* ---- what the command says to the values that stand there ---- */

/* A value that a field takes, in the place of one that is not there yet. */
static json_t *sample_of (const struct field *f)
{
	switch (f->kind) {
	case KIND_TEXT: return json_string ("x");
	case KIND_I64: return json_integer (1);
	case KIND_FLAG: return json_true ();
	case KIND_TIME: return json_string ("2026-01-01T00:00:00Z");
	case KIND_DATE: return json_string ("2026-01-01");
	case KIND_MONEY: return json_pack ("{s:s, s:s}", "amount", "1", "currency", "EUR");
	case KIND_ID: return json_string ("018f0a0a-0000-7000-8000-000000000000");
	case KIND_ENUM: return json_string (f->names[0]);
	case KIND_JSON: return json_object ();
	case KIND_BYTES: return json_string ("");
	case KIND_LIST: break;
	}
	return json_array ();
}

static json_t *filled (const struct record *record, const json_t *object);

static json_t *filled_value (const struct field *f, json_t *value)
{
	json_t *ret, *item;
	size_t i;
	switch (f ? kind_of (f, value) : GIVEN_PLAIN) {
	case GIVEN_PLAIN:
	case GIVEN_JSON:
	case GIVEN_TEXT: return json_incref (value);
	case GIVEN_FACT:
	case GIVEN_IN:
	case GIVEN_PICK: return sample_of (f);
	case GIVEN_LIST: break;
	}
	ret = json_array ();
	json_array_foreach (value, i, item)
		json_array_append_new (ret, json_is_object (item) ? filled (f->part, item) : json_incref (item));
	return ret;
}

/* The same members, with samples for those that only the step's taking gives. */
static json_t *filled (const struct record *record, const json_t *object)
{
	json_t *ret = json_object (), *value;
	const char *name;
	json_object_foreach ((json_t *) object, name, value)
		json_object_set_new (ret, name, filled_value (record_field (record, name), value));
	return ret;
}

/* "required" at the id of a record that the rule itself is about. */
static void values_check (struct reader *r, const char *at, const struct step *step, const json_t *with)
{
	const struct record *command = step->command;
	struct problem problem = { 0 };
	json_t *whole = filled (command, with);
	for (size_t i = 0; i < step->n_with; i++)
		if (!json_object_get (with, step->with[i].field->name))
			json_object_set_new (whole, step->with[i].field->name, sample_of (step->with[i].field));
	struct made made;
	if (command_makes (command, &made) && !json_object_get (with, made.field->name))
		json_object_set_new (whole, made.field->name, sample_of (made.field));
	if (record_from_json (r->a, command, whole, true, arena_alloc (r->a, command->size), &problem) != OK)
		for (size_t i = 0; i < problem.n_errors; i++)
			rule_wrong (r, arena_printf (r->a, "%s%s", at, problem.errors[i].pointer), problem.errors[i].code,
				    problem.errors[i].detail);
	json_decref (whole);
}

/* ---- the values ---- */

static const char *json_text (struct arena *a, const json_t *value)
{
	char *text = json_dumps (value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_SORT_KEYS | JSON_REAL_PRECISION (15));
	const char *ret = arena_text (a, text);
	free (text);
	return ret;
}

static void pick_read (struct reader *r, const char *at, const json_t *value, struct given_field *ret)
{
	const json_t *list = json_object_get (value, "pick");
	const char *here = rule_member_at (r, at, "pick");
	size_t n = json_array_size (list);
	struct uuid *id = arena_array (r->a, n + 1, sizeof *id);
	int by = rule_name_find (pick_names, json_string_value (json_object_get (value, "by")));
	rule_members_check (r, at, value, " pick by ");
	if (!n || n > RULE_WORDS_MOST)
		rule_wrong (r, here, n ? "too_many" : json_is_array (list) ? "required" : "not_a_list", "ids of one to 100 users");
	for (size_t i = 0; i < n && n <= RULE_WORDS_MOST; i++) {
		const char *text = json_string_value (json_array_get (list, i));
		if (!text || uuid_parse (text, &id[i]) != OK)
			rule_wrong (r, rule_item_at (r, here, i), "not_an_id", "an id");
		for (size_t k = 0; k < i; k++)
			if (uuid_equal (id[k], id[i]))
				rule_wrong (r, rule_item_at (r, here, i), "twice", "this one stands there already");
	}
	if (by < 0)
		rule_wrong (r, rule_member_at (r, at, "by"), "not_a_choice", "turn or load");
	ret->pick = id;
	ret->n_pick = n;
	ret->pick_by = by < 0 ? PICK_TURN : (enum pick_by) by;
}

static enum template_kind place_kind (enum fact_kind kind)
{
	return kind == FACT_MONEY			? TEMPLATE_IS_MONEY
	       : kind == FACT_TIME || kind == FACT_DATE ? TEMPLATE_IS_DATE
	       : kind == FACT_NUMBER			? TEMPLATE_IS_NUMBER
							: TEMPLATE_IS_TEXT;
}

/* Which facts a text names is told by its check: each placeholder that it does not know yet becomes one. */
static void text_read (struct reader *r, const char *at, const json_t *value, struct given_field *ret)
{
	struct template_place *place = arena_array (r->a, RULE_WORDS_MOST + 1, sizeof *place);
	size_t *fact = arena_array (r->a, RULE_WORDS_MOST, sizeof *fact), n = 0;
	struct template_error e;
	ret->text = arena_text (r->a, json_string_value (value));
	ret->json = json_text (r->a, value);
	ret->place = fact;
	while (template_check (ret->text, place, &e) != OK) {
		json_t *name = json_string (e.name);
		bool more = e.fault == TEMPLATE_FAULT_unknown_place && n < RULE_WORDS_MOST;
		if (!more)
			rule_wrong (r, at, arena_printf (r->a, "template_%s", template_fault_names[e.fault]),
				    arena_printf (r->a, "%d:%d %s", e.line, e.column, e.name));
		else if ((more = rule_fact_read (r, at, name, &fact[n])))
			place[n] = (struct template_place){ r->fact[fact[n]].name, place_kind (r->fact[fact[n]].kind) };
		json_decref (name);
		if (!more)
			return;
		ret->n_places = ++n;
	}
}

/* Each fact that stands in it, once. */
static void facts_read (struct reader *r, const char *at, const json_t *value, size_t *place, size_t *n)
{
	const char *name;
	json_t *one;
	size_t i, fact;
	if (fact_in (value)) {
		if (!rule_fact_read (r, at, fact_in (value), &fact))
			return;
		for (i = 0; i < *n && place[i] != fact;)
			i++;
		if (i == RULE_WORDS_MOST)
			rule_wrong (r, at, "too_many", "at most 100 facts");
		else if (i == *n)
			place[(*n)++] = fact;
		return;
	}
	json_object_foreach ((json_t *) value, name, one) facts_read (r, rule_member_at (r, at, name), one, place, n);
	json_array_foreach ((json_t *) value, i, one) facts_read (r, rule_item_at (r, at, i), one, place, n);
}

static void value_read (struct reader *r, const char *at, const json_t *value, struct given_field *ret)
{
	size_t *place = arena_array (r->a, RULE_WORDS_MOST, sizeof *place);
	ret->json = json_text (r->a, value);
	facts_read (r, at, value, place, &ret->n_places);
	ret->place = place;
}

static void given_read (struct reader *r, const char *at, const struct field *f, const json_t *value, struct given_field *ret);

/* What is given of a record's fields, in their order; nothing of what stands there otherwise, which values_check refuses. */
static size_t members_read (struct reader *r, const char *at, const struct record *record, const json_t *object, struct given_field *ret)
{
	size_t n = 0;
	for (const struct field *f = record->fields; f < record->fields + record->n_fields; f++) {
		const json_t *value = json_object_get (object, f->name);
		if (value)
			given_read (r, rule_member_at (r, at, f->name), f, value, &ret[n++]);
	}
	return n;
}

static void items_read (struct reader *r, const char *at, const struct field *f, const json_t *list, struct given_field *ret)
{
	struct given_item *item = arena_array (r->a, json_array_size (list), sizeof *item);
	for (size_t i = 0; i < json_array_size (list); i++) {
		struct given_field *given = arena_array (r->a, f->part->n_fields, sizeof *given);
		item[i].n = members_read (r, rule_item_at (r, at, i), f->part, json_array_get (list, i), given);
		item[i].field = given;
	}
	ret->item = item;
	ret->n_items = json_array_size (list);
}

/* A text of a command that was asked to fill its placeholders itself. */
static bool own_placed (const struct reader *r, const struct field *f)
{
	const struct record *c = r->own_places;
	return c && f->kind == KIND_TEXT && f->flags & PERSONAL && f >= c->fields && f < c->fields + c->n_fields;
}

/* At a time of the day: of days and longer, where a time is wanted. */
static void in_read (struct reader *r, const char *at, const struct field *f, const json_t *value, struct given_field *ret)
{
	const json_t *minute = f->kind == KIND_TIME ? json_object_get (value, "at") : NULL;
	ret->in_at = -1;
	rule_members_check (r, at, value, f->kind == KIND_TIME ? " in at " : " in ");
	rule_span_read (r, rule_member_at (r, at, "in"), json_object_get (value, "in"), minute ? SPAN_DAY : SPAN_MINUTE, &ret->in);
	if (minute)
		rule_minute_read (r, rule_member_at (r, at, "at"), minute, &ret->in_at);
}

static void given_read (struct reader *r, const char *at, const struct field *f, const json_t *value, struct given_field *ret)
{
	*ret = (struct given_field){ .field = f, .kind = kind_of (f, value) };
	if (ret->kind == GIVEN_TEXT && own_placed (r, f))
		ret->kind = GIVEN_PLAIN;
	switch (ret->kind) {
	case GIVEN_PLAIN: ret->json = json_text (r->a, value); return;
	case GIVEN_FACT:
		if (own_placed (r, f))
			rule_wrong (r, at, "not_a_choice", "the command fills this text itself: a fact could be read as a placeholder");
		else if (rule_fact_read (r, at, fact_in (value), &ret->fact) && !hands_on (&r->fact[ret->fact], f))
			rule_wrong (r, at, "not_a_choice", "that fact is of another kind than this field");
		return;
	case GIVEN_IN: in_read (r, at, f, value, ret); return;
	case GIVEN_PICK: pick_read (r, at, value, ret); return;
	case GIVEN_TEXT: text_read (r, at, value, ret); return;
	case GIVEN_LIST: items_read (r, at, f, value, ret); return;
	case GIVEN_JSON: value_read (r, at, value, ret); return;
	}
}

/* ---- what is left out ---- */

/* Whether the event names any record: then known ones may be asked for their ids. */
static bool names_records (const struct record *event)
{
	bool ret = false;
	for (size_t i = 0; event && i < event->n_fields; i++)
		ret = ret || (event->fields[i].kind == KIND_ID && fact_record (event->fields[i].noun));
	return ret;
}

/* The fact that a record's id is, where a command needs one and none is given; null: there is none. */
static const char *id_left_out (struct reader *r, const struct field *f)
{
	const struct when *when = &r->rule->when;
	const struct field *same = when->event ? record_field (when->event, f->name) : NULL;
	if (f->kind != KIND_ID || !(f->flags & REQUIRED) || !fact_record (f->noun) ||
	    strcmp (f->name, arena_printf (r->a, "%s_id", f->noun)) != 0)
		return NULL;
	if (same && same->kind == KIND_ID && strcmp (same->noun, f->noun) == 0)
		return arena_printf (r->a, "event.%s", f->name);
	return names_records (when->event) || when->kind == WHEN_BEFORE || when->kind == WHEN_QUIET
		       ? arena_printf (r->a, "%s.%s", f->noun, f->name)
		       : NULL;
}

/* Puts it in, where the command has it. */
static void left_out_read (struct reader *r, const char *at, const struct field *f, struct given_field *given, size_t *n)
{
	struct given_field one = { .field = f, .kind = GIVEN_FACT };
	const char *fact = id_left_out (r, f);
	size_t i = *n;
	for (size_t k = 0; k < *n; k++)
		if (given[k].field == f)
			return;
	json_t *name = fact ? json_string (fact) : NULL;
	if (name && rule_fact_read (r, rule_member_at (r, at, f->name), name, &one.fact)) {
		for (; i && given[i - 1].field > f; i--)
			given[i] = given[i - 1];
		given[i] = one;
		++*n;
	}
	json_decref (name);
}

void rule_with_read (struct reader *r, const char *at, const json_t *with, struct step *ret)
{
	const struct record *command = ret->command;
	struct given_field *given = arena_array (r->a, command->n_fields, sizeof *given);
	struct made made = { NULL, NULL };
	if (with && !json_is_object (with)) {
		rule_wrong (r, at, "not_an_object", "the command's fields");
		return;
	}
	bool makes = command_makes (command, &made);
	if (makes && json_object_get (with, made.field->name))
		rule_wrong (r, rule_member_at (r, at, made.field->name), "unknown", "what is made gets its id when the step is taken");
	r->own_places = json_is_true (json_object_get (with, "placeholders")) ? command : NULL;
	ret->n_with = members_read (r, at, command, with, given);
	r->own_places = NULL;
	if (r->rule->when.kind == WHEN_EACH && command == &notice_ring_record && !json_object_get (with, "user_id"))
		rule_wrong (r, rule_member_at (r, at, "user_id"), "required",
			    "a rule of each week is about no record: say whose bell it is");
	for (const struct field *f = command->fields; f < command->fields + command->n_fields; f++)
		if (f != made.field)
			left_out_read (r, at, f, given, &ret->n_with);
	ret->with = given;
	values_check (r, at, ret, with);
}

/* ---- what lacks whatever happens ---- */

/* Of these fields a command wants one or more, though it can do without each. `kind`: only of an activity of that kind. */
static const struct wanted_one {
	const struct record *command;
	const char *kind, *fields[6], *detail;
} wanted_ones[] = {
	{ &activity_add_record, NULL, { "deal_id", "lead_id", "contact_id", "account_id" }, "the record that it is about" },
	{ &activity_add_record, "task", { "subject" }, "a task says what is to be done" },
	{ &activity_add_record, "note", { "note" }, "a note says something" },
	{ &notice_ring_record,
	  NULL,
	  { "user_id", "deal_id", "lead_id", "contact_id", "account_id" },
	  "a user, or the record whose owner is meant" },
	{ &mail_send_record, NULL, { "subject", "template_id" }, "a subject, or the template that has one" },
	{ &mail_send_record, NULL, { "text", "template_id" }, "a text, or the template that has one" },
	{ &order_create_record, NULL, { "deal_id", "document_id" }, "the deal, or the quote" },
};

static const struct given_field *given_of (const struct step *s, const char *name)
{
	for (size_t i = 0; i < s->n_with; i++)
		if (strcmp (s->with[i].field->name, name) == 0)
			return &s->with[i];
	return NULL;
}

static bool is_of_kind (const struct step *s, const char *kind)
{
	const struct given_field *g = given_of (s, "kind");
	return !kind ||
	       (g && g->kind == GIVEN_PLAIN && strncmp (g->json + 1, kind, strlen (kind)) == 0 && g->json[strlen (kind) + 1] == '"');
}

static void step_check (struct reader *r, const char *at, const struct step *s)
{
	for (size_t i = 0; i < LENGTH (wanted_ones); i++) {
		const struct wanted_one *w = &wanted_ones[i];
		bool there = w->command != s->command || !is_of_kind (s, w->kind);
		for (size_t k = 0; k < LENGTH (w->fields) && w->fields[k]; k++)
			there = there || given_of (s, w->fields[k]);
		if (!there)
			rule_wrong (r, rule_member_at (r, rule_member_at (r, at, "with"), w->fields[0]), "required", w->detail);
	}
}

static void steps_check (struct reader *r, const char *at, struct steps steps)
{
	for (size_t i = 0; i < steps.n; i++) {
		const struct step *s = &steps.at[i];
		const char *here = rule_item_at (r, at, i);
		if (s->kind == STEP_DO)
			step_check (r, here, s);
		steps_check (r, rule_member_at (r, here, "then"), s->yes);
		steps_check (r, rule_member_at (r, here, "else"), s->no);
	}
}

enum status rule_check (struct arena *a, const struct rule *rule, struct problem *ret_problem)
{
	struct reader r = { .a = a, .problem = ret_problem };
	steps_check (&r, "/then", rule->steps);
	return r.faults ? REFUSED : OK;
}
