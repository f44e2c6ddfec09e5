/* Deals as a table: what a query string asks of them becomes the query's fields, and rows leave with the columns asked for. The same words go for the
 * list, the board, the counts and the export. Never a decision on what fits, that is the pipeline's; never a word that is silently not understood. */
#include <stdlib.h>
#include <string.h>

#include "gateway.h"

/* The members of every answer, in the order of answers.def: an answer's name opens its own. */
static const struct {
	const char *answer, *member;
} members[] = {
#define ANSWER(name, doc) { #name, NULL },
#define SAYS(type, name, doc) { NULL, #name },
#define MAY(type, name, doc) { NULL, #name },
#define SOME(type, name, doc) { NULL, #name },
#define ANSWERS(record, shape, name)
#include "answers.def"
#undef ANSWER
#undef SAYS
#undef MAY
#undef SOME
#undef ANSWERS
};

/* What people call a column, where the row calls it something else. */
static const struct {
	const char *column, *member;
} aliases[] = {
	{ "name", "contact_name" }, { "owner", "owner_id" },	     { "stage", "stage_id" }, { "stage", "stage_key" },
	{ "value", "value" },	    { "last_note", "last_note_at" }, { "balance", NULL },
};

static const struct record *const tables[] = { &deal_list_record, &deal_board_record, &deal_count_record, &deal_export_page_record,
					       &deal_activities_record };

bool is_table (const struct record *r)
{
	for (size_t i = 0; i < LENGTH (tables); i++)
		if (tables[i] == r)
			return true;
	return false;
}

/* The next word of a list with commas; null: there is none. */
const char *word_next (struct arena *a, const char **list)
{
	for (const char *at = *list; at && *at;) {
		size_t n = strcspn (at, ","), from = strspn (at, " ");
		*list = at + n + (at[n] == ',');
		if (from < n)
			return arena_copy (a, at + from, n - from);
		at = *list;
	}
	return NULL;
}

static bool is_row_member (const char *name)
{
	bool inside = false;
	for (size_t i = 0; i < LENGTH (members); i++) {
		if (members[i].answer)
			inside = strcmp (members[i].answer, "deal_row") == 0;
		else if (inside && strcmp (members[i].member, name) == 0)
			return true;
	}
	return false;
}

/* "custom.size" */
static const char *custom_key (const char *name)
{
	return strncmp (name, "custom.", 7) == 0 && name[7] && !name[7 + strspn (name + 7, "abcdefghijklmnopqrstuvwxyz0123456789_")]
		       ? name + 7
		       : NULL;
}

/* "role.trainer", and the two that are columns; null: it names none. */
static const char *role_key (const char *name)
{
	if (strcmp (name, "kae") == 0 || strcmp (name, "csr") == 0)
		return name;
	return strncmp (name, "role.", 5) == 0 && name[5] && !name[5 + strspn (name + 5, "abcdefghijklmnopqrstuvwxyz0123456789_")]
		       ? name + 5
		       : NULL;
}

static bool is_column (const char *name)
{
	for (size_t i = 0; deal_column_names[i]; i++)
		if (strcmp (deal_column_names[i], name) == 0)
			return true;
	return custom_key (name) != NULL;
}

static bool is_field (const char *name)
{
	for (size_t i = 0; i < LENGTH (aliases); i++)
		if (strcmp (aliases[i].column, name) == 0)
			return true;
	return is_row_member (name) || custom_key (name);
}

static const char *pointer_of (struct request *q, const char *name)
{
	return arena_printf (q->arena, "/%s", name);
}

/* ---- what is asked ---- */

enum { VALUES_MOST = 8000, CHOICES_MOST = 200 }; /* bytes of all that one name says; values of a list */

/* A value more: another one of a name that was there is one more that will do. What is too much is refused before it is joined. */
static void value_add (struct request *q, struct problem *problem, json_t *in, const char *name, const char *value)
{
	const char *was = json_string_value (json_object_get (in, name));
	if ((was ? strlen (was) : 0) + strlen (value) > VALUES_MOST) {
		if (!problem->n_errors)
			problem_add (q->arena, problem, pointer_of (q, name), "too_many", "too many values");
		return;
	}
	json_object_set_new (in, name, json_string (was ? arena_printf (q->arena, "%s,%s", was, value) : value));
}

static const char *const looks[] = { "stuck", "no_next", "incomplete", NULL };

/* The words of a filter that may be no others. */
static void words_check (struct request *q, struct problem *problem, const json_t *params, const char *name, const char *const *known)
{
	const char *list = json_string_value (json_object_get (params, name)), *word;
	while ((word = word_next (q->arena, &list))) {
		bool fits = strcmp (word, "none") == 0;
		for (size_t i = 0; known[i] && !fits; i++)
			fits = strcmp (known[i], word) == 0;
		if (!fits) {
			problem_add (q->arena, problem, pointer_of (q, name), "not_a_choice", "none of the possible values");
			return;
		}
	}
}

/* "me" is whoever asks; who that is as a key owns nothing. */
static void people_check (struct request *q, struct problem *problem, json_t *in, const char *name, const char *pointer)
{
	const char *list = json_string_value (json_object_get (in, name)), *word;
	char me[UUID_TEXT];
	struct uuid id;
	if (!list)
		return;
	list = arena_text (q->arena, list);
	json_object_del (in, name);
	while ((word = word_next (q->arena, &list))) {
		if (strcmp (word, "me") == 0)
			value_add (q, problem, in, name, uuid_format (q->caller->actor, me));
		else if (strcmp (word, "none") == 0 || uuid_parse (word, &id) == OK)
			value_add (q, problem, in, name, word);
		else
			problem_add (q->arena, problem, pointer, "not_an_id", "a UUID, me or none");
	}
	if (!json_object_get (in, name)) /* nobody was named: nobody's deals, not everybody's */
		json_object_set_new (in, name, json_string (""));
}

static void owners_check (struct request *q, struct problem *problem, json_t *params)
{
	const char *role;
	json_t *said, *roles = json_object_get (params, "roles"), *whole = json_deep_copy (roles);
	people_check (q, problem, params, "owner", "/owner");
	json_object_foreach (whole, role, said) people_check (q, problem, roles, role, arena_printf (q->arena, "/role.%s", role));
	json_decref (whole);
}

static void amount_check (struct request *q, struct problem *problem, const json_t *params, const char *name)
{
	const char *text = json_string_value (json_object_get (params, name));
	if (!text)
		return;
	size_t whole = strspn (text, "0123456789"), part = text[whole] == '.' ? strspn (text + whole + 1, "0123456789") : 0;
	bool fits = whole && whole < 16 && part < 5 && !text[whole + (text[whole] == '.' ? part + 1 : 0)] && (part || text[whole] != '.');
	if (!fits)
		problem_add (q->arena, problem, pointer_of (q, name), "not_an_amount", "must be an amount such as 1500.00");
}

static void columns_check (struct request *q, struct problem *problem, const json_t *params)
{
	const char *sort = json_string_value (json_object_get (params, "sort")), *word;
	const char *fields = json_string_value (json_object_get (params, "fields"));
	if (sort && !is_column (sort + (*sort == '-')))
		problem_add (q->arena, problem, "/sort", "not_a_choice", arena_printf (q->arena, "no column %s", sort));
	while ((word = word_next (q->arena, &fields)))
		if (!is_field (word))
			problem_add (q->arena, problem, "/fields", "not_a_choice", arena_printf (q->arena, "no column %s", word));
}

/* Of activities: when the last one was due, and its id. */
static bool is_due_cursor (struct request *q, const char *cursor)
{
	struct uuid id;
	size_t n = strspn (cursor, "0123456789");
	return n >= 1 && n <= 17 && strncmp (cursor + n, ".0.", 3) == 0 && uuid_parse (arena_text (q->arena, cursor + n + 3), &id) == OK;
}

/* "g2." and the service's own: an id, and what the row was sorted by. */
static void cursor_check (struct request *q, struct problem *problem, const json_t *params)
{
	const char *cursor = json_string_value (json_object_get (params, "after"));
	struct uuid id;
	if (!cursor)
		return;
	if (*cursor == 'g' && q->sight.n_groups > 1) {
		cursor += 1 + strspn (cursor + 1, "0123456789");
		if (strcmp (cursor, ".") == 0)
			return;
		cursor += *cursor == '.';
	}
	if (q->row->record == &deal_activities_record) {
		if (!is_due_cursor (q, cursor))
			problem_add (q->arena, problem, "/after", "unknown", "This cursor is none of ours.");
		return;
	}
	const char *sort = json_string_value (json_object_get (params, "sort")), *num = cursor + 37, *end;
	size_t most = !sort ? 18 : strstr (sort, "custom.") ? 80 : strstr (sort, "close_date") ? 7 : 18; /* what its column can hold */
	if (strlen (cursor) < 38 || cursor[36] != '~' || !(end = strchr (num, '~')) || (size_t) (end - num) > most ||
	    strspn (num, "-.0123456789") != (size_t) (end - num) || uuid_parse (arena_copy (q->arena, cursor, 36), &id) != OK)
		problem_add (q->arena, problem, "/after", "unknown", "This cursor is none of ours.");
}

/* What stands under one name together. */
static json_t *member_within (json_t *params, const char *name)
{
	if (!json_object_get (params, name))
		json_object_set_new (params, name, json_object ());
	return json_object_get (params, name);
}

void own_params (struct request *q, const struct record *r, struct problem *problem, json_t *params)
{
	const struct field *f = record_field (r, "custom");
	const char *name, *value;
	if (f && f->kind == KIND_JSON)
		json_object_del (params, "custom"); /* by their keys alone */
	for (size_t at = 0; f && f->kind == KIND_JSON && http_query_next (q->http, &at, &name, &value);)
		if (custom_key (name))
			value_add (q, problem, member_within (params, "custom"), custom_key (name), value);
}

/* A name that is none of the query's is refused: a filter that is not understood would show too much. */
static void param_take (struct request *q, struct problem *problem, json_t *params, const char *name, const char *value)
{
	const struct field *f = record_field (q->row->record, name);
	if (strcmp (name, "workspace") == 0 || (strcmp (name, "limit") == 0 && !f)) /* what has no pages has none of any size */
		return;
	if (strcmp (name, "owner_id") == 0)
		value_add (q, problem, params, "owner", value);
	else if (strcmp (name, "lifecycle") == 0) /* as an account calls it; an address of the app has another type already */
		value_add (q, problem, params, "type", value);
	else if (role_key (name))
		value_add (q, problem, member_within (params, "roles"), role_key (name), value);
	else if (custom_key (name))
		value_add (q, problem, member_within (params, "custom"), custom_key (name), value);
	else if (!f || f->kind == KIND_JSON || (strcmp (name, "sort") && strcmp (name, "fields") && f->kind == KIND_LIST))
		problem_add (q->arena, problem, pointer_of (q, name), "unknown", "there is no such filter");
	else if (f->kind == KIND_TEXT && strcmp (name, "q") && strcmp (name, "sort") && strcmp (name, "after") && strcmp (name, "format") &&
		 strcmp (name, "whose") && strcmp (name, "tz"))
		value_add (q, problem, params, name, value);
	else
		json_object_set_new (params, name, param_json (f, value));
}

json_t *table_params (struct request *q, struct problem *problem)
{
	json_t *params = json_object ();
	const char *name, *value;
	for (size_t at = 0; http_query_next (q->http, &at, &name, &value);)
		param_take (q, problem, params, name, value);
	words_check (q, problem, params, "kind", stage_kind_names);
	words_check (q, problem, params, "look", looks);
	words_check (q, problem, params, "lead_status", lead_status_names);
	words_check (q, problem, params, "type", lifecycle_names);
	owners_check (q, problem, params);
	amount_check (q, problem, params, "value_min");
	amount_check (q, problem, params, "value_max");
	columns_check (q, problem, params);
	cursor_check (q, problem, params);
	return params;
}

/* The same out of a body's object: each value a text, or a list of them. */
json_t *table_filter (struct request *q, struct problem *problem, json_t *filter)
{
	const struct route_row *asked = q->row;
	struct route_row row = { .record = &deal_list_record };
	json_t *params = json_object (), *value, *one;
	const char *name;
	size_t i;
	q->row = &row; /* the names are the list's, whatever page asks */
	json_object_foreach (filter, name, value)
	{
		if (json_is_string (value))
			param_take (q, problem, params, name, json_string_value (value));
		else if (!json_is_array (value))
			problem_add (q->arena, problem, pointer_of (q, name), "not_a_string", "must be text, or a list of texts");
		if (json_array_size (value) > CHOICES_MOST) {
			problem_add (q->arena, problem, pointer_of (q, name), "too_many", "at most 200 values");
			continue;
		}
		json_array_foreach (value, i, one)
		{
			if (json_is_string (one))
				param_take (q, problem, params, name, json_string_value (one));
		}
	}
	words_check (q, problem, params, "kind", stage_kind_names);
	words_check (q, problem, params, "look", looks);
	words_check (q, problem, params, "lead_status", lead_status_names);
	words_check (q, problem, params, "type", lifecycle_names);
	owners_check (q, problem, params);
	amount_check (q, problem, params, "value_min");
	amount_check (q, problem, params, "value_max");
	q->row = asked;
	return params;
}

/* Whether something is asked beyond which pipeline and whose: running sums know no more than that. */
static bool is_filtered (const struct request *q)
{
	const struct record *r = q->row->record;
	for (size_t i = 0; i < r->n_fields; i++)
		if (strcmp (r->fields[i].name, "pipeline") && strcmp (r->fields[i].name, "owner") && strcmp (r->fields[i].name, "limit") &&
		    strcmp (r->fields[i].name, "now") && field_has (&r->fields[i], q->item) == HERE)
			return true;
	return false;
}

/* Each order has its way; what one query was asked, another of the same fields understands. */
const struct record *list_asks (const struct deal_list *list)
{
	static_assert (sizeof (struct deal_list) == sizeof (struct deal_list_rest), "they are asked the same");
	const char *sort = list->has.sort == HERE ? list->sort + (*list->sort == '-') : "stage_since";
	static const struct {
		const char *sort;
		const struct record *record;
	} ways[] = {
		{ "stage_since", &deal_list_record }, { "number", &deal_list_number_record }, { "created_at", &deal_list_created_record },
		{ "id", &deal_list_id_record },	      { "value", &deal_list_value_record },   { "close_date", &deal_list_close_record },
	};
	for (size_t i = 0; i < LENGTH (ways) && list->has.q != HERE && list->has.id != HERE; i++)
		if (strcmp (ways[i].sort, sort) == 0)
			return ways[i].record;
	return &deal_list_rest_record;
}

/* The query of the same fields that looks at each deal. */
const struct record *table_asks (const struct request *q)
{
	static_assert (sizeof (struct deal_board) == sizeof (struct deal_board_found), "one asks for what the other was given");
	static_assert (sizeof (struct contact_list) == sizeof (struct contact_sorted), "likewise");
	static_assert (sizeof (struct deal_count) == sizeof (struct deal_count_found), "likewise");
	const struct record *r = q->row->record;
	if (r == &deal_list_record)
		return list_asks (q->item);
	if (r == &contact_list_record)
		return ((const struct contact_list *) q->item)->has.sort == HERE ? &contact_sorted_record : r;
	bool found = (r == &deal_board_record || r == &deal_count_record) && is_filtered (q);
	return !found ? r : r == &deal_board_record ? &deal_board_found_record : &deal_count_found_record;
}

/* ---- what leaves ---- */

static void member_copy (json_t *to, const json_t *from, const char *name)
{
	json_t *value = json_object_get (from, name);
	json_object_set_new (to, name, value ? json_incref (value) : json_null ());
}

static void field_copy (json_t *to, const json_t *from, const char *name)
{
	const char *key = custom_key (name);
	bool known = false;
	if (key) {
		json_t *custom = json_object_get (to, "custom");
		if (!custom) {
			custom = json_object ();
			json_object_set_new (to, "custom", custom);
		}
		member_copy (custom, json_object_get (from, "custom"), key);
		return;
	}
	for (size_t i = 0; i < LENGTH (aliases); i++)
		if (strcmp (aliases[i].column, name) == 0) {
			known = true;
			if (aliases[i].member)
				member_copy (to, from, aliases[i].member);
		}
	if (!known)
		member_copy (to, from, name);
}

/* Each row with what was asked for, and what it takes to change it. */
void table_sparse (const char *fields, json_t *page)
{
	struct arena once = { 0 };
	json_t *rows = json_object_get (page, "data"), *row;
	size_t i;
	arena_init (&once);
	json_t *sparse = json_array ();
	json_array_foreach (rows, i, row)
	{
		json_t *to = json_object ();
		member_copy (to, row, "id");
		member_copy (to, row, "workspace_id");
		member_copy (to, row, "version");
		const char *list = fields, *word;
		while ((word = word_next (&once, &list)))
			field_copy (to, row, word);
		json_array_append_new (sparse, to);
	}
	arena_fini (&once);
	json_object_set_new (page, "data", sparse);
}

static void escape_add (struct buffer *out, const char *text)
{
	for (; *text; text++)
		if (strchr ("-._~", *text) || (*text >= '0' && *text <= '9') || (*text >= 'a' && *text <= 'z') ||
		    (*text >= 'A' && *text <= 'Z'))
			buffer_add (out, text, 1);
		else
			buffer_printf (out, "%%%02X", (unsigned char) *text);
}

/* RFC 8288: the same question, from where this page ends. */
void link_next (struct request *q, const char *cursor)
{
	struct buffer out = { 0 };
	const char *name, *value;
	if (!cursor)
		return;
	buffer_printf (&out, "<%s?", http_path (q->http));
	for (size_t at = 0; http_query_next (q->http, &at, &name, &value);) {
		if (strcmp (name, "after") == 0)
			continue;
		escape_add (&out, name);
		buffer_text (&out, "=");
		escape_add (&out, value);
		buffer_text (&out, "&");
	}
	buffer_text (&out, "after=");
	escape_add (&out, cursor);
	buffer_text (&out, ">; rel=\"next\"");
	buffer_add (&out, "", 1);
	http_set (q->http, "Link", (const char *) out.at);
	buffer_fini (&out);
}

/* The cursor at the end of a page as the service wrote it, without reading its rows: in a text no quote stands bare, so the last bare member of that
 * name is the page's own. */
const char *next_of_page (struct request *q, struct bytes json)
{
	static const char word[] = "\"next\" : ";
	const size_t n = sizeof word - 1;
	for (size_t at = json.n; at-- > n;)
		if (json.at[at - n] == '"' && memcmp (json.at + at - n, word, n) == 0) {
			json_error_t error;
			json_t *value = json_loadb ((const char *) json.at + at, json.n - at, JSON_DECODE_ANY | JSON_DISABLE_EOF_CHECK,
						    &error);
			const char *text = json_string_value (value), *ret = text ? arena_text (q->arena, text) : NULL;
			json_decref (value);
			return ret;
		}
	return NULL;
}
