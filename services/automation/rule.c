/* A rule's JSON, read and checked; see rule.h. What is wrong is told of every place at once, so that a builder can mark them all.
 * It must never leave half a rule in the caller's hands. */
#include "rule.h"

#include <string.h>
#include "charset.h"
#include "clock.h"
#include "public_events.h"
#include "rule_parts.h"

const char *const op_names[] = { "is",	   "is_not", "contains", "contains_not", "starts", "more",	"less",	 "at_least", "at_most",
				 "before", "after",  "within",	 "not_within",	 "ahead",  "not_ahead", "empty", "filled",   NULL };
const char *const span_names[] = { "minutes", "hours", "days", "weeks", "months", NULL };
const char *const weekday_names[] = { "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", NULL };
const char *const group_names[] = { "all", "any", "none", NULL };

/* ---- what is wrong, and where ---- */

bool rule_wrong (struct reader *r, const char *at, const char *code, const char *detail)
{
	r->faults++;
	problem_add (r->a, r->problem, at, code, detail);
	return false;
}

const char *rule_member_at (struct reader *r, const char *at, const char *name)
{
	size_t n = strlen (at);
	char *ret = arena_alloc (r->a, n + 2 * strlen (name) + 2), *out = ret + n;
	memcpy (ret, at, n);
	*out++ = '/';
	for (; *name; name++) { /* RFC 6901 */
		if (*name == '~' || *name == '/')
			*out++ = '~';
		*out++ = (char) (*name == '~' ? '0' : *name == '/' ? '1' : *name);
	}
	return ret;
}

const char *rule_item_at (struct reader *r, const char *at, size_t i)
{
	return arena_printf (r->a, "%s/%zu", at, i);
}

/* An object with no members but these (a list of names with blanks around each). */
bool rule_members_check (struct reader *r, const char *at, const json_t *object, const char *names)
{
	const char *name;
	json_t *value;
	if (!json_is_object (object))
		return rule_wrong (r, at, "not_an_object", "must be an object");
	size_t before = r->faults;
	json_object_foreach ((json_t *) object, name, value)
	{
		size_t n = strlen (name);
		const char *found = n && !strchr (name, ' ') ? strstr (names, name) : NULL;
		while (found && (found[-1] != ' ' || found[n] != ' '))
			found = strstr (found + 1, name);
		if (!found)
			rule_wrong (r, rule_member_at (r, at, name), "unknown", arena_printf (r->a, "there may be:%s", names));
	}
	return r->faults == before;
}

int rule_name_find (const char *const names[], const char *name)
{
	for (int i = 0; name && names[i]; i++)
		if (strcmp (names[i], name) == 0)
			return i;
	return -1;
}

/* ---- facts ---- */

bool rule_fact_read (struct reader *r, const char *at, const json_t *name, size_t *ret)
{
	struct fact_name found;
	if (!json_is_string (name))
		return rule_wrong (r, at, name ? "not_a_string" : "required", "the name of a fact");
	for (size_t i = 0; i < r->rule->n_facts; i++)
		if (strcmp (r->fact[i].name, json_string_value (name)) == 0) {
			*ret = i;
			return true;
		}
	if (!fact_find (r->a, r->rule->when.event, json_string_value (name), &found))
		return rule_wrong (r, at, "not_a_choice",
				   arena_printf (r->a, "there is no such fact where this is heard: %s", json_string_value (name)));
	if (r->rule->when.kind == WHEN_EACH && found.of != FACT_OF_EVENT)
		return rule_wrong (r, at, "no_record", "a rule of each week is about no record");
	if (r->rule->n_facts == r->room) {
		struct fact_name *more = arena_array (r->a, r->room = r->room ? 2 * r->room : 8, sizeof *more);
		for (size_t i = 0; i < r->rule->n_facts; i++)
			more[i] = r->fact[i];
		r->fact = more;
		r->rule->fact = more;
	}
	r->fact[r->rule->n_facts] = found;
	*ret = r->rule->n_facts++;
	return true;
}

/* ---- when ---- */

bool rule_span_read (struct reader *r, const char *at, const json_t *value, int shortest, struct span *ret)
{
	if (!rule_members_check (r, at, value, " minutes hours days weeks months "))
		return false;
	if (json_object_size (value) != 1)
		return rule_wrong (r, at, "malformed", "one of minutes, hours, days, weeks, months");
	void *only = json_object_iter ((json_t *) value);
	int unit = rule_name_find (span_names, json_object_iter_key (only));
	const json_t *n = json_object_iter_value (only);
	if (unit < shortest)
		return rule_wrong (r, at, "out_of_range", "days or longer");
	if (!json_is_integer (n) || json_integer_value (n) < 1 || json_integer_value (n) > SPAN_MOST)
		return rule_wrong (r, rule_member_at (r, at, span_names[unit]), "out_of_range", "a whole number, 1 to 10000");
	*ret = (struct span){ .unit = (enum span_unit) unit, .n = (int) json_integer_value (n) };
	return true;
}

bool rule_minute_read (struct reader *r, const char *at, const json_t *value, int *ret)
{
	const char *t = json_string_value (value);
	bool is = t && json_string_length (value) == 5 && strspn (t, "0123456789") == 2 && t[2] == ':' && strspn (t + 3, "0123456789") == 2;
	int hour = is ? 10 * (t[0] - '0') + t[1] - '0' : 24, minute = is ? 10 * (t[3] - '0') + t[4] - '0' : 60;
	if (hour > 23 || minute > 59)
		return rule_wrong (r, at, "malformed", "a time of the day, as 09:00");
	*ret = 60 * hour + minute;
	return true;
}

static void weekdays_read (struct reader *r, const char *at, const json_t *value, unsigned *ret)
{
	if (!json_array_size (value))
		rule_wrong (r, at, json_is_array (value) ? "required" : "not_a_list", "one day of the week or more");
	for (size_t i = 0; i < json_array_size (value); i++) {
		int day = rule_name_find (weekday_names, json_string_value (json_array_get (value, i)));
		if (day < 0)
			rule_wrong (r, rule_item_at (r, at, i), "not_a_choice", "a day of the week, as monday");
		else if (*ret & 1u << day)
			rule_wrong (r, rule_item_at (r, at, i), "twice", "this day stands there already");
		else
			*ret |= 1u << day;
	}
}

static void event_read (struct reader *r, const json_t *when, struct when *ret)
{
	const char *type = json_string_value (json_object_get (when, "event"));
	const json_t *after = json_object_get (when, "after");
	rule_members_check (r, "/when", when, " event after ");
	ret->kind = after ? WHEN_AFTER : WHEN_EVENT;
	ret->event = type ? record_of_type (type) : NULL;
	if (!ret->event)
		rule_wrong (r, "/when/event", "not_a_choice", "the type of an event, as invoice.paid");
	else if (!event_is_public (ret->event))
		rule_wrong (r, "/when/event", "not_a_choice", arena_printf (r->a, "no rule hears it: %s", event_withheld (ret->event)));
	if (after)
		rule_span_read (r, "/when/after", after, SPAN_MINUTE, &ret->span);
}

static void before_read (struct reader *r, const json_t *when, struct when *ret)
{
	rule_members_check (r, "/when", when, " before by at ");
	ret->kind = WHEN_BEFORE;
	if (rule_fact_read (r, "/when/before", json_object_get (when, "before"), &ret->fact)) {
		const struct fact_name *f = &r->fact[ret->fact];
		if (f->of != FACT_OF_RECORD || (f->kind != FACT_DATE && f->kind != FACT_TIME))
			rule_wrong (r, "/when/before", "not_a_choice", "a day or a time of a record, as deal.close_date");
	}
	rule_span_read (r, "/when/by", json_object_get (when, "by"), SPAN_DAY, &ret->span);
	rule_minute_read (r, "/when/at", json_object_get (when, "at"), &ret->each.minute);
}

static void quiet_read (struct reader *r, const json_t *when, struct when *ret)
{
	const char *record = json_string_value (json_object_get (when, "quiet"));
	rule_members_check (r, "/when", when, " quiet for ");
	ret->kind = WHEN_QUIET;
	if (!record || !fact_record (record))
		rule_wrong (r, "/when/quiet", "not_a_choice", "lead, deal, contact, account or document");
	else
		ret->record = arena_text (r->a, record);
	rule_span_read (r, "/when/for", json_object_get (when, "for"), SPAN_MINUTE, &ret->span);
}

static void when_read (struct reader *r, const json_t *when, struct when *ret)
{
	if (json_object_get (when, "event")) {
		event_read (r, when, ret);
	} else if (json_object_get (when, "before")) {
		before_read (r, when, ret);
	} else if (json_object_get (when, "quiet")) {
		quiet_read (r, when, ret);
	} else if (json_object_get (when, "each")) {
		rule_members_check (r, "/when", when, " each at ");
		ret->kind = WHEN_EACH;
		weekdays_read (r, "/when/each", json_object_get (when, "each"), &ret->each.days);
		rule_minute_read (r, "/when/at", json_object_get (when, "at"), &ret->each.minute);
	} else {
		rule_wrong (r, "/when", when ? "malformed" : "required",
			    "one of {event}, {event, after}, {before, by, at}, {quiet, for}, {each, at}");
	}
}

/* ---- conditions ---- */

#define OP(name) (1u << OP_##name)
enum {
	OPS_SET = OP (EMPTY) | OP (FILLED),
	OPS_SAME = OP (IS) | OP (IS_NOT) | OPS_SET,
	OPS_WORDS = OP (CONTAINS) | OP (CONTAINS_NOT) | OP (STARTS),
	OPS_ORDER = OP (MORE) | OP (LESS) | OP (AT_LEAST) | OP (AT_MOST),
	OPS_DAYS = OP (WITHIN) | OP (NOT_WITHIN) | OP (AHEAD) | OP (NOT_AHEAD),
	OPS_DAY = OP (BEFORE) | OP (AFTER),
};
#undef OP

unsigned ops_of (enum fact_kind kind)
{
	switch (kind) {
	case FACT_TEXT: return OPS_SAME | OPS_WORDS;
	case FACT_CHOICE:
	case FACT_ID:
	case FACT_LIST:
	case FACT_FLAG: return OPS_SAME;
	case FACT_NUMBER:
	case FACT_MONEY: return OPS_SAME | OPS_ORDER;
	case FACT_TIME:
	case FACT_DATE: return OPS_SAME | OPS_DAY | OPS_DAYS;
	case FACT_OWN: return OPS_SAME | OPS_WORDS | OPS_ORDER | OPS_DAY | OPS_DAYS;
	case FACT_KINDS: break;
	}
	return 0;
}

enum wanted wanted_of (enum fact_kind kind, enum op op)
{
	unsigned bit = 1u << op;
	if (bit & OPS_SET)
		return WANTED_NOTHING;
	if (bit & OPS_DAYS)
		return WANTED_DAYS;
	if (bit & OPS_DAY)
		return WANTED_DAY;
	if (bit & OPS_WORDS)
		return WANTED_WORD;
	switch (kind) {
	case FACT_NUMBER: return WANTED_NUMBER;
	case FACT_MONEY: return WANTED_AMOUNT;
	case FACT_FLAG: return WANTED_FLAG;
	case FACT_ID: return WANTED_IDS;
	case FACT_TIME:
	case FACT_DATE: return WANTED_DAY;
	case FACT_TEXT:
	case FACT_CHOICE:
	case FACT_LIST:
	case FACT_OWN:
	case FACT_KINDS: break;
	}
	return bit & OPS_ORDER ? WANTED_AMOUNT : WANTED_WORDS;
}

static bool number_read (struct reader *r, const char *at, const json_t *value, fact_number *ret)
{
	const char *text = json_string_value (value);
	if (json_is_integer (value))
		text = arena_printf (r->a, "%lld", (long long) json_integer_value (value));
	if (!text || number_exact (text, ret) != OK)
		return rule_wrong (r, at, "not_a_number",
				   "a whole number, or as a text with at most four digits behind the point: \"12.50\"");
	return true;
}

static void amount_read (struct reader *r, const char *at, const json_t *value, struct condition *c)
{
	if (!json_is_object (value)) {
		number_read (r, at, value, &c->number_wanted);
		return;
	}
	const json_t *currency = json_object_get (value, "currency");
	rule_members_check (r, at, value, " amount currency ");
	number_read (r, rule_member_at (r, at, "amount"), json_object_get (value, "amount"), &c->number_wanted);
	const char *code = json_string_value (currency);
	if (code && strlen (code) == 3 && strspn (code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3)
		memcpy (c->currency, code, sizeof c->currency);
	else
		rule_wrong (r, rule_member_at (r, at, "currency"), "not_a_currency", "three capital letters, as EUR");
}

/* One text, or a list of them. */
static const json_t *word_of (const json_t *value, size_t i)
{
	return json_is_array (value) ? json_array_get (value, i) : value;
}

static size_t words_count (struct reader *r, const char *at, const json_t *value, bool one)
{
	if (json_is_string (value))
		return 1;
	if (one || !json_is_array (value) || !json_array_size (value))
		return rule_wrong (r, at, "not_a_string", one ? "a text" : "a text, or a list of one or more");
	if (json_array_size (value) > RULE_WORDS_MOST)
		return rule_wrong (r, at, "too_many", arena_printf (r->a, "at most %d", RULE_WORDS_MOST));
	return json_array_size (value);
}

static void words_read (struct reader *r, const char *at, const json_t *value, const struct fact_name *fact, bool one, struct condition *c)
{
	size_t n = words_count (r, at, value, one);
	const char **word = arena_array (r->a, n, sizeof *word), **small = arena_array (r->a, n, sizeof *small);
	for (size_t i = 0; i < n; i++) {
		const json_t *text = word_of (value, i);
		const char *here = json_is_array (value) ? rule_item_at (r, at, i) : at;
		if (!json_is_string (text) || !json_string_length (text))
			rule_wrong (r, here, "not_a_string", "a text that is not empty");
		else if (json_string_length (text) > RULE_WORD_BYTES)
			rule_wrong (r, here, "too_long", arena_printf (r->a, "at most %d bytes", RULE_WORD_BYTES));
		else if (fact->kind == FACT_CHOICE && rule_name_find (fact->choice, json_string_value (text)) < 0)
			rule_wrong (r, here, "not_a_choice", "none of its values");
		else
			small[i] = text_small (r->a, word[i] = arena_text (r->a, json_string_value (text)));
	}
	c->word = word;
	c->small = small;
	c->n = n;
}

static void ids_read (struct reader *r, const char *at, const json_t *value, struct condition *c)
{
	size_t n = words_count (r, at, value, false);
	struct uuid *id = arena_array (r->a, n, sizeof *id);
	for (size_t i = 0; i < n; i++) {
		const char *text = json_string_value (word_of (value, i));
		if (!text || uuid_parse (text, &id[i]) != OK)
			rule_wrong (r, json_is_array (value) ? rule_item_at (r, at, i) : at, "not_an_id", "an id");
	}
	c->id = id;
	c->n = n;
}

static void value_read (struct reader *r, const char *at, const json_t *value, const struct fact_name *fact, struct condition *c)
{
	enum wanted wanted = wanted_of (fact->kind, c->op);
	if (!value && wanted != WANTED_NOTHING) {
		rule_wrong (r, at, "required", "what it is asked for");
		return;
	}
	switch (wanted) {
	case WANTED_NOTHING:
		if (value)
			rule_wrong (r, at, "unknown", "this operator takes no value");
		return;
	case WANTED_WORD:
	case WANTED_WORDS: words_read (r, at, value, fact, wanted == WANTED_WORD, c); return;
	case WANTED_IDS: ids_read (r, at, value, c); return;
	case WANTED_NUMBER: number_read (r, at, value, &c->number_wanted); return;
	case WANTED_AMOUNT: amount_read (r, at, value, c); return;
	case WANTED_DAY:
		if (!json_is_string (value) || date_parse (json_string_value (value), &c->day) != OK)
			rule_wrong (r, at, "not_a_date", "a day, as 2026-11-30");
		return;
	case WANTED_DAYS:
		if (!json_is_integer (value) || json_integer_value (value) < 1 || json_integer_value (value) > RULE_DAYS_MOST)
			rule_wrong (r, at, "out_of_range", "how many days: 1 to 9999");
		else
			c->days = (int) json_integer_value (value);
		return;
	case WANTED_FLAG:
		if (!json_is_boolean (value))
			rule_wrong (r, at, "not_a_flag", "true or false");
		c->flag = json_is_true (value);
		return;
	}
}

static const char *ops_text (struct reader *r, unsigned ops)
{
	const char *text = "one of";
	for (int i = 0; op_names[i]; i++)
		if (ops & 1u << i)
			text = arena_printf (r->a, "%s %s", text, op_names[i]);
	return text;
}

static void condition_read (struct reader *r, const char *at, const json_t *in, struct conditions *whole, struct condition *ret)
{
	if (++whole->n > RULE_CONDITIONS_MOST) {
		if (whole->n == RULE_CONDITIONS_MOST + 1)
			rule_wrong (r, at, "too_many", arena_printf (r->a, "at most %d conditions", RULE_CONDITIONS_MOST));
		return;
	}
	ret->number = whole->n;
	if (!rule_members_check (r, at, in, " fact op value ") ||
	    !rule_fact_read (r, rule_member_at (r, at, "fact"), json_object_get (in, "fact"), &ret->fact))
		return;
	const struct fact_name fact = r->fact[ret->fact];
	int op = rule_name_find (op_names, json_string_value (json_object_get (in, "op")));
	if (op < 0 || !(ops_of (fact.kind) & 1u << op)) {
		rule_wrong (r, rule_member_at (r, at, "op"), "not_a_choice", ops_text (r, ops_of (fact.kind)));
		return;
	}
	ret->op = (enum op) op;
	value_read (r, rule_member_at (r, at, "value"), json_object_get (in, "value"), &fact, ret);
}

static void node_read (struct reader *r, const char *at, const json_t *in, int depth, struct conditions *whole, struct node *ret)
{
	int group = -1;
	for (int i = 0; group < 0 && group_names[i]; i++)
		if (json_object_get (in, group_names[i]))
			group = i;
	if (group < 0) {
		ret->kind = NODE_CONDITION;
		condition_read (r, at, in, whole, &ret->condition);
		return;
	}
	const json_t *list = json_object_get (in, group_names[group]);
	const char *here = rule_member_at (r, at, group_names[group]);
	if (json_object_size (in) != 1)
		rule_wrong (r, at, "malformed", "one of all, any and none, alone");
	else if (!json_is_array (list))
		rule_wrong (r, here, "not_a_list", "a list of conditions");
	else if (!json_array_size (list))
		rule_wrong (r, here, "required", "one condition or more");
	else if (depth >= RULE_DEPTH_MOST)
		rule_wrong (r, here, "too_deep", arena_printf (r->a, "at most %d groups within each other", RULE_DEPTH_MOST));
	else if (json_array_size (list) > RULE_CONDITIONS_MOST)
		rule_wrong (r, here, "too_many", arena_printf (r->a, "at most %d conditions", RULE_CONDITIONS_MOST));
	else {
		struct node *node = arena_array (r->a, json_array_size (list), sizeof *node);
		ret->kind = (enum node_kind) group;
		ret->at = node;
		ret->n = json_array_size (list);
		for (size_t i = 0; i < ret->n; i++)
			node_read (r, rule_item_at (r, here, i), json_array_get (list, i), depth + 1, whole, &node[i]);
	}
}

/* A tree is a group, even of one. */
static void conditions_read (struct reader *r, const char *at, const json_t *in, struct conditions *ret)
{
	bool group = json_object_get (in, "all") || json_object_get (in, "any") || json_object_get (in, "none");
	if (!group) {
		rule_wrong (r, at, "malformed", "{all: […]}, {any: […]} or {none: […]}");
		return;
	}
	struct node *root = arena_alloc (r->a, sizeof *root);
	node_read (r, at, in, 0, ret, root);
	ret->root = root;
}

/* ---- steps ---- */

static void steps_read (struct reader *r, const char *at, const json_t *in, int depth, struct steps *ret);

static void step_read (struct reader *r, const char *at, const json_t *in, int depth, struct step *ret)
{
	const char *command = json_string_value (json_object_get (in, "do"));
	if (json_object_get (in, "do")) {
		rule_members_check (r, at, in, " do with ");
		ret->kind = STEP_DO;
		ret->command = command ? record_named (command) : NULL;
		if (ret->command && ret->command->class == RECORD_COMMAND && asked_permission (ret->command->name) >= 0)
			rule_with_read (r, rule_member_at (r, at, "with"), json_object_get (in, "with"), ret);
		else
			rule_wrong (r, rule_member_at (r, at, "do"), "not_a_choice",
				    "the name of a command that a rule may ask for, as deal_move");
	} else if (json_object_get (in, "wait")) {
		rule_members_check (r, at, in, " wait ");
		ret->kind = STEP_WAIT;
		rule_span_read (r, rule_member_at (r, at, "wait"), json_object_get (in, "wait"), SPAN_MINUTE, &ret->wait);
	} else if (json_object_get (in, "if")) {
		rule_members_check (r, at, in, " if then else ");
		ret->kind = STEP_BRANCH;
		conditions_read (r, rule_member_at (r, at, "if"), json_object_get (in, "if"), &ret->branch);
		steps_read (r, rule_member_at (r, at, "then"), json_object_get (in, "then"), depth + 1, &ret->yes);
		if (json_object_get (in, "else"))
			steps_read (r, rule_member_at (r, at, "else"), json_object_get (in, "else"), depth + 1, &ret->no);
	} else if (json_is_true (json_object_get (in, "stop"))) {
		rule_members_check (r, at, in, " stop ");
		ret->kind = STEP_STOP;
	} else {
		rule_wrong (r, at, "malformed", "one of {do, with}, {wait}, {if, then, else}, {stop: true}");
	}
}

static void steps_read (struct reader *r, const char *at, const json_t *in, int depth, struct steps *ret)
{
	size_t n = json_array_size (in);
	if (!json_is_array (in))
		rule_wrong (r, at, in ? "not_a_list" : "required", "a list of steps");
	else if (!n)
		rule_wrong (r, at, "required", "one step or more");
	else if (depth > RULE_DEPTH_MOST)
		rule_wrong (r, at, "too_deep", arena_printf (r->a, "at most %d branches within each other", RULE_DEPTH_MOST));
	else if (r->rule->n_steps + n > RULE_STEPS_MOST)
		rule_wrong (r, at, "too_many", arena_printf (r->a, "at most %d steps", RULE_STEPS_MOST));
	else {
		struct step *step = arena_array (r->a, n, sizeof *step);
		for (size_t i = 0; i < n; i++) {
			step[i].number = ++r->rule->n_steps;
			step_read (r, rule_item_at (r, at, i), json_array_get (in, i), depth, &step[i]);
			if (step[i].kind == STEP_STOP && i + 1 < n)
				rule_wrong (r, rule_item_at (r, at, i + 1), "unreachable", "nothing is done behind a stop");
		}
		*ret = (struct steps){ step, n };
	}
}

/* ---- the whole ---- */

enum status rule_read (struct arena *a, const char *json, struct rule *ret, struct problem *ret_problem)
{
	struct rule rule = { .n_facts = 0 };
	struct reader r = { .a = a, .problem = ret_problem, .rule = &rule };
	json_t *whole = strlen (json) <= RULE_BYTES_MOST ? json_loads (json, JSON_REJECT_DUPLICATES, NULL) : NULL;
	if (strlen (json) > RULE_BYTES_MOST)
		rule_wrong (&r, "", "too_long", arena_printf (a, "at most %d bytes", RULE_BYTES_MOST));
	else if (!whole)
		rule_wrong (&r, "", "not_json", "must be a JSON object in which no member stands twice");
	else if (rule_members_check (&r, "", whole, " when if then ")) {
		when_read (&r, json_object_get (whole, "when"), &rule.when);
		if (json_object_get (whole, "if"))
			conditions_read (&r, "/if", json_object_get (whole, "if"), &rule.conditions);
		steps_read (&r, "/then", json_object_get (whole, "then"), 0, &rule.steps);
	}
	json_decref (whole);
	if (r.faults)
		return REFUSED;
	*ret = rule;
	return OK;
}

uint64_t step_permissions (const struct step *step)
{
	int asked = step->kind == STEP_DO ? asked_permission (step->command->name) : -1;
	uint64_t ret = asked < 0 ? 0 : UINT64_C (1) << asked;
	for (size_t i = 0; asked >= 0 && step->command == &deal_update_record && i < step->n_with; i++)
		if (strcmp (step->with[i].field->name, "owner_id") == 0)
			ret |= UINT64_C (1) << PERMISSION_crm_edit_salesman_prospect;
	return ret;
}
