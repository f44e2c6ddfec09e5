/* Imports: names of columns, cells, rows; see import.h. Pure functions.
 * An empty cell says nothing; a cell that cannot be read makes its row an error, never something else. */
#include "import.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "charset.h"

#include "rules.h"

enum { REACH_MOST = 10 };

static const struct import_field fields[] = {
#define IMPORT_FIELD(profile, key, part, member, kind, required, aliases) \
	{ import_profile_##profile, #key, #member, aliases, PART_##part, IMPORT_##kind, required },
#include "import_fields.def"
#undef IMPORT_FIELD
};

/* ---- names of columns ---- */

/* Letters and digits alone, in lower case. */
const char *import_plain (struct arena *a, const char *name)
{
	char *out = arena_alloc (a, strlen (name) + 1);
	size_t n = 0;
	for (; *name; name++)
		if ((*name >= 'a' && *name <= 'z') || (*name >= '0' && *name <= '9'))
			out[n++] = *name;
		else if (*name >= 'A' && *name <= 'Z')
			out[n++] = (char) (*name + 32);
	return out;
}

static bool is_among (const char *list, const char *word)
{
	size_t n = strlen (word);
	for (const char *at = list; n && (at = strstr (at, word)); at += n)
		if ((at == list || at[-1] == ' ') && (at[n] == ' ' || !at[n]))
			return true;
	return false;
}

static bool is_named (struct arena *a, const struct import_field *f, const char *column)
{
	const char *plain = import_plain (a, column);
	return is_among (f->aliases, plain) || strcmp (plain, import_plain (a, f->key)) == 0;
}

bool import_is_header (struct arena *a, const struct csv_row *row)
{
	bool says = true;
	for (size_t i = 0; i < row->n; i++) {
		for (size_t f = 0; f < LENGTH (fields); f++)
			if (is_named (a, &fields[f], row->cell[i]))
				return true;
		if (strchr (row->cell[i], '@') || (*row->cell[i] && !row->cell[i][strspn (row->cell[i], "0123456789 .,+-/()")]))
			says = false;
	}
	return says;
}

static const struct import_field *field_of_column (struct arena *a, enum import_profile profile, const char *cell, bool header)
{
	for (size_t f = 0; f < LENGTH (fields); f++)
		if (fields[f].profile == profile &&
		    (header ? is_named (a, &fields[f], cell) : fields[f].kind == IMPORT_EMAIL && strchr (cell, '@')))
			return &fields[f];
	return NULL;
}

const char *import_propose (struct arena *a, enum import_profile profile, const struct csv_row *first, bool header)
{
	const struct import_field *taken[LENGTH (fields)];
	size_t n = 0;
	struct buffer out = { 0 };
	buffer_text (&out, "[");
	for (size_t i = 0; i < first->n; i++) {
		const struct import_field *f = field_of_column (a, profile, first->cell[i], header);
		for (size_t k = 0; k < n; k++)
			if (taken[k] == f)
				f = NULL;
		if (f)
			taken[n++] = f;
		buffer_printf (&out, f ? "%s\"%s\"" : "%snull", i ? "," : "", f ? f->key : "");
	}
	buffer_text (&out, "]");
	const char *ret = arena_copy (a, (const char *) out.at, out.n);
	buffer_fini (&out);
	return ret;
}

/* ---- the plan ---- */

static const struct import_field *field_named (enum import_profile profile, const char *key)
{
	for (size_t i = 0; i < LENGTH (fields); i++)
		if (fields[i].profile == profile && strcmp (fields[i].key, key) == 0)
			return &fields[i];
	return NULL;
}

static bool plan_has (const struct import_plan *plan, const struct import_field *f)
{
	for (size_t i = 0; i < plan->columns; i++)
		if (plan->column[i] == f)
			return true;
	return false;
}

static struct outcome wrong_at (struct arena *a, int error, const char *pointer, const char *code, const char *detail)
{
	struct outcome ret = refused_at (a, pointer, code, detail);
	ret.error = error;
	return ret;
}

/* Half a name is not asked for where the whole one stands. */
static bool is_half_name (const struct import_field *f)
{
	return strcmp (f->key, "first_name") == 0 || strcmp (f->key, "last_name") == 0;
}

static struct outcome columns_read (struct arena *a, const json_t *mapping, struct import_plan *ret)
{
	size_t i;
	json_t *one;
	if (!json_is_array (mapping) || json_array_size (mapping) > CSV_CELLS_MOST)
		return refused_at (a, "/mapping", "not_a_list", "a field or null for each column");
	json_array_foreach (mapping, i, one)
	{
		const char *key = json_string_value (one), *pointer = arena_printf (a, "/mapping/%zu", i);
		const struct import_field *f = key ? field_named (ret->profile, key) : NULL;
		if (!json_is_null (one) && !f)
			return refused_at (a, pointer, "not_a_choice", "there is no such field");
		if (f && plan_has (ret, f))
			return refused_at (a, pointer, "taken", "another column is that already");
		ret->column[ret->columns++] = f;
	}
	for (size_t k = 0; k < LENGTH (fields); k++)
		if (fields[k].profile == ret->profile && fields[k].required && !plan_has (ret, &fields[k]) &&
		    !(is_half_name (&fields[k]) && plan_has (ret, field_named (ret->profile, "name"))))
			return wrong_at (a, ERROR_import_mapping, arena_printf (a, "/mapping/%s", fields[k].key), "required",
					 "no column holds it");
	return done ();
}

struct outcome import_plan_read (struct arena *a, enum import_profile profile, const char *mapping, const char *choices,
				 struct import_plan *ret)
{
	json_t *json = json_loads (mapping, 0, NULL);
	*ret = (struct import_plan){ .profile = profile, .choices = choices ? json_loads (choices, 0, NULL) : NULL };
	if (json_is_object (ret->choices)) {
		json_t *all = ret->choices;
		ret->choices = json_incref (json_object_get (all, "values"));
		json_decref (all);
	}
	struct outcome outcome = columns_read (a, json, ret);
	json_decref (json);
	return outcome;
}

void import_plan_end (struct import_plan *plan)
{
	json_decref (plan->choices);
	plan->choices = NULL;
}

/* ---- cells ---- */

/* Local part, @, labels with a dot between: what no mail server would take is an error, what only few would is not. */
static bool is_email (const char *text)
{
	const char *at = strrchr (text, '@');
	size_t n = strlen (text);
	if (!at || at == text || at - text > 64 || n > 254 || strcspn (text, " \t\r\n,;<>()[]\"\\") != n || strchr (text, '@') != at)
		return false;
	if (*text == '.' || at[-1] == '.' || strstr (text, "..") || !strchr (at, '.') || at[1] == '.' || text[n - 1] == '.')
		return false;
	for (const char *p = at + 1; *p; p++)
		if ((unsigned char) *p < 0x80 && !(*p >= '0' && *p <= '9') && !((*p | 32) >= 'a' && (*p | 32) <= 'z') && *p != '.' &&
		    *p != '-')
			return false;
	return true;
}

static size_t digits_of (const char *text)
{
	size_t n = 0;
	for (; *text; text++)
		n += *text >= '0' && *text <= '9';
	return n;
}

/* +52 of "52", "+52" or "0052"; null: it is none. */
static const char *phone_code (struct arena *a, const char *text)
{
	text += *text == '+' ? 1 : strncmp (text, "00", 2) == 0 ? 2 : 0;
	size_t n = strspn (text, "0123456789");
	return n && n < 5 && !text[n] ? arena_printf (a, "+%s", text) : NULL;
}

static bool is_phone (const char *text)
{
	return !text[strspn (text, "+0123456789 ()-./")] && digits_of (text) >= 4 && digits_of (text) <= 15;
}

static bool is_word (const json_t *value, const char *text)
{
	return json_is_string (value) && text_same (json_string_value (value), text);
}

/* The key of a catalogue's value that is called so: by key, country or name; null: there is none. */
static const char *choice_of (const struct import_plan *plan, const char *catalogue, const char *text)
{
	size_t i;
	json_t *one;
	bool any = false;
	json_array_foreach (plan->choices, i, one)
	{
		const json_t *label = json_object_get (one, "label");
		if (!is_word (json_object_get (one, "catalogue"), catalogue))
			continue;
		any = true;
		if (is_word (json_object_get (one, "key"), text) || is_word (json_object_get (one, "country"), text) ||
		    is_word (json_object_get (label, "en"), text) || is_word (json_object_get (label, "nl"), text))
			return json_string_value (json_object_get (one, "key"));
	}
	return any ? NULL : text;
}

static const char *type_of (const char *text)
{
	static const char *const types[][6] = {
		{ "customer", "customers", "klant", "client", "kunde" },
		{ "contractor", "contractors", "onderaannemer", "aannemer" },
		{ "vendor", "vendors", "supplier", "leverancier" },
		{ "partner", "partners" },
		{ "other", "overig", "anders" },
	};
	for (size_t i = 0; i < LENGTH (types); i++)
		for (size_t k = 0; k < LENGTH (types[i]) && types[i][k]; k++)
			if (strcasecmp (types[i][k], text) == 0)
				return types[i][0];
	return NULL;
}

/* "info@x.nl (work); x@y.nl": each with what it is for, as a person or our own export writes them; null: one of them is none. */
static json_t *reach_list (struct arena *a, const char *cell, bool email, const char **ret_wrong)
{
	json_t *all = json_array ();
	bool good = true;
	while (good && *(cell += strspn (cell, " ;,\n"))) {
		size_t n = strcspn (cell, ";,\n");
		const char *label = memchr (cell, '(', n), *begins = NULL;
		for (; label && label < cell + n; label = memchr (label + 1, '(', (size_t) (cell + n - label - 1)))
			if (label[1 + strspn (label + 1, "0123456789 ")] != ')')
				begins = label; /* (020) is of the number, (work) is not */
		char *value = arena_copy (a, cell, begins ? (size_t) (begins - cell) : n);
		for (size_t k = strlen (value); k && value[k - 1] == ' ';)
			value[--k] = 0;
		size_t words = begins ? (size_t) (cell + n - begins - 1) : 0;
		const char *said = words ? arena_copy (a, begins + 1, strcspn (begins + 1, ")") < words ? strcspn (begins + 1, ")") : words)
					 : "";
		good = email ? is_email (value) : is_phone (value);
		json_array_append_new (all,
				       *said ? json_pack ("{ss ss}", "value", value, "label", said) : json_pack ("{ss}", "value", value));
		cell += n;
	}
	if (good && json_array_size (all) <= REACH_MOST)
		return all;
	*ret_wrong = good ? "too_many" : "malformed";
	json_decref (all);
	return NULL;
}

/* The cell as the API takes it; null with the code of what is wrong with it. */
static json_t *cell_read (struct arena *a, const struct import_plan *plan, const struct import_field *f, const char *cell,
			  const char **ret_wrong)
{
	const char *text = cell;
	char *end;
	*ret_wrong = f->kind == IMPORT_EMAIL || f->kind == IMPORT_PHONE || f->kind == IMPORT_CODE ? "malformed" : "not_a_choice";
	switch (f->kind) {
	case IMPORT_EMAILS:
	case IMPORT_PHONES: return reach_list (a, cell, f->kind == IMPORT_EMAILS, ret_wrong);
	case IMPORT_TEXT: break;
	case IMPORT_EMAIL: text = is_email (cell) ? email_fold (a, cell) : NULL; break;
	case IMPORT_CODE: text = phone_code (a, cell); break;
	case IMPORT_PHONE: text = is_phone (cell) ? cell : NULL; break;
	case IMPORT_LOCALE: text = choice_of (plan, "locale", cell); break;
	case IMPORT_STATUS: text = choice_of (plan, "contact_status", cell); break;
	case IMPORT_TYPE: text = type_of (cell); break;
	case IMPORT_NUMBER: {
		errno = 0;
		long long number = strtoll (cell, &end, 10);
		*ret_wrong = "not_a_number";
		return !*end && !errno && number >= 0 ? json_integer (number) : NULL;
	}
	}
	return text ? json_string (text) : NULL;
}

/* ---- rows ---- */

static void line_wrong (struct import_line *line, const char *field, const char *reason, const char *detail)
{
	if (strcmp (line->verdict, "error") == 0) /* the first thing that is wrong */
		return;
	line->verdict = "error";
	line->field = field;
	line->reason = reason;
	line->detail = detail;
	line->has.field = field ? HERE : ABSENT;
	line->has.reason = HERE;
	line->has.detail = detail ? HERE : ABSENT;
}

/* A row of 100 cells may say the same as one of 10. */
static const char *cell_of (const struct import_plan *plan, const struct csv_row *row, const struct import_field *f)
{
	for (size_t i = 0; i < plan->columns && i < row->n; i++)
		if (plan->column[i] == f)
			return row->cell[i];
	return "";
}

/* "+52" and "5512345678" are one number; one that bears its own code keeps it. */
static void phone_join (struct arena *a, json_t *contact, const char *code)
{
	const char *phone = json_string_value (json_object_get (contact, "phone"));
	if (phone && code && *phone != '+' && strncmp (phone, "00", 2))
		json_object_set_new (contact, "phone", json_string (arena_printf (a, "%s%s", code, phone)));
}

static void name_join (struct arena *a, json_t *contact)
{
	const char *first = json_string_value (json_object_get (contact, "first_name")),
		   *last = json_string_value (json_object_get (contact, "last_name"));
	if (first && last && !json_object_get (contact, "name"))
		json_object_set_new (contact, "name", json_string (arena_printf (a, "%s %s", first, last)));
}

/* The limits of a field are those of the command that it goes into. */
static void part_check (struct arena *a, const struct record *r, const json_t *part, struct import_line *line)
{
	struct problem problem = { 0 };
	void *item = arena_alloc (a, r->size);
	if (record_from_json (a, r, part, false, item, &problem) == OK)
		return;
	for (size_t i = 0; i < problem.n_errors; i++)
		if (strcmp (problem.errors[i].code, "required"))
			line_wrong (line, problem.errors[i].pointer + 1, problem.errors[i].code, NULL);
}

static const char *json_kept (struct arena *a, json_t *json)
{
	char *text = json_dumps (json, JSON_COMPACT);
	const char *ret = arena_text (a, text);
	free (text);
	return ret;
}

struct import_line import_line_read (struct arena *a, const struct import_plan *plan, const struct import_job *job,
				     const struct csv_row *row)
{
	struct import_line line = { .workspace_id = job->workspace_id, .import_id = job->import_id, .n = row->row, .verdict = "ready" };
	json_t *part[] = { json_object (), json_object (), json_object () };
	const char *code = NULL, *wrong;
	bool named = *cell_of (plan, row, field_named (plan->profile, "name"));
	for (size_t i = 0; i < LENGTH (fields); i++) {
		const struct import_field *f = &fields[i];
		const char *cell = f->profile == plan->profile ? cell_of (plan, row, f) : "";
		if (!*cell && f->profile == plan->profile && f->required && !(named && is_half_name (f)))
			line_wrong (&line, f->key, "required", NULL);
		if (!*cell)
			continue;
		json_t *value = cell_read (a, plan, f, cell, &wrong);
		if (!value)
			line_wrong (&line, f->key, wrong, cell);
		else if (f->kind == IMPORT_CODE)
			code = arena_text (a, json_string_value (value));
		else
			json_object_set (part[f->part], f->member, value);
		json_decref (value);
	}
	name_join (a, part[PART_contact]);
	phone_join (a, part[PART_contact], code);
	part_check (a, &contact_create_record, part[PART_contact], &line);
	part_check (a, &account_create_record, part[PART_account], &line);
	const char *email = json_string_value (json_object_get (part[PART_contact], "email"));
	line.email = email ? arena_text (a, email) : NULL;
	line.has.email = email ? HERE : ABSENT;
	json_t *all = json_pack ("{s:o}", "contact", part[PART_contact]);
	if (plan->profile == import_profile_prospects) {
		json_object_set (all, "account", part[PART_account]);
		json_object_set (all, "deal", part[PART_deal]);
	}
	line.data = json_kept (a, all);
	json_decref (all);
	json_decref (part[PART_account]);
	json_decref (part[PART_deal]);
	return line;
}

/* Contacts: whoever has the e-mail is updated. Prospects: an inactive one is, everybody else who is known is in the way, and so is an earlier row. */
void import_line_judge (struct arena *a, const struct import_job *job, const struct import_known *known, int64_t same_as,
			const struct grant *grant, struct import_line *line)
{
	bool seen = known->has.contact_id == HERE && grant_covers (grant, &known->owner_id), here = known->has.contact_id == HERE;
	if (strcmp (line->verdict, "error") == 0)
		return;
	if (job->profile == import_profile_prospects && same_as)
		line_wrong (line, "email", "same_row", arena_printf (a, "%lld", (long long) same_as));
	else if (here && !seen)
		line_wrong (line, "email", "taken", NULL);
	else if (here && job->profile == import_profile_prospects && !known->inactive)
		line_wrong (line, "email", "taken", known->name);
	else if (here || same_as)
		line->verdict = "update";
	if (same_as && strcmp (line->verdict, "update") == 0) { /* said, for whoever brought the file may not know */
		line->field = "email";
		line->reason = "same_row";
		line->detail = arena_printf (a, "%lld", (long long) same_as);
		line->has.field = line->has.reason = line->has.detail = HERE;
	}
}
