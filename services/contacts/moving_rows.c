/* Moving in: names of columns, cells, rows; see moving.h. Pure functions.
 * An empty cell says nothing; a cell that cannot be read makes its row an error, never something else. */
#include "moving.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "charset.h"
#include "clock.h"
#include "import.h"
#include "rules.h"

static const struct moving_field fields[] = {
#define MOVING_FIELD(kind, key, part, how, required, aliases) { moving_kind_##kind, #key, MOVING_##part, MOVING_##how, required, aliases },
#include "moving_fields.def"
#undef MOVING_FIELD
};

static const struct {
	const char *system;
	enum moving_kind kind;
	const char *signs;
} files[] = {
#define MOVING_FILE(system, kind, signs) { #system, moving_kind_##kind, signs },
#define MOVING_COLUMN(system, kind, columns, field)
#include "moving_systems.def"
#undef MOVING_FILE
#undef MOVING_COLUMN
};

static const struct {
	const char *system;
	enum moving_kind kind;
	const char *columns, *field;
} columns[] = {
#define MOVING_FILE(system, kind, signs)
#define MOVING_COLUMN(system, kind, columns, field) { #system, moving_kind_##kind, columns, #field },
#include "moving_systems.def"
#undef MOVING_FILE
#undef MOVING_COLUMN
};

/* ---- names of columns ---- */

/* The next word of a list; 0: there is none. */
static size_t word_of (const char **list)
{
	*list += strspn (*list, " ");
	return strcspn (*list, " ");
}

static bool is_word_of (const char *list, const char *word)
{
	size_t n = strlen (word), k;
	for (const char *at = list; n && (k = word_of (&at)); at += k)
		if (k == n && memcmp (at, word, n) == 0)
			return true;
	return false;
}

/* The column that is called so; its place, or `n`. */
static size_t column_named (const char *const name[], size_t n, const char *word, size_t word_n)
{
	size_t i = 0;
	while (i < n && (strlen (name[i]) != word_n || memcmp (name[i], word, word_n)))
		i++;
	return i;
}

static const char *const *names_of (struct arena *a, const struct csv_row *first)
{
	const char **ret = arena_array (a, first->n + 1, sizeof *ret);
	for (size_t i = 0; i < first->n; i++)
		ret[i] = import_plain (a, first->cell[i]);
	return ret;
}

static bool signs_are (const char *const name[], size_t n, const char *signs)
{
	size_t k;
	for (const char *at = signs; (k = word_of (&at)); at += k)
		if (column_named (name, n, at, k) == n)
			return false;
	return true;
}

/* How many of a kind's fields the columns name. */
static size_t fields_named (const char *const name[], size_t n, enum moving_kind kind)
{
	size_t ret = 0;
	for (size_t f = 0; f < LENGTH (fields); f++)
		for (size_t i = 0; i < n && fields[f].kind == kind; i++)
			ret += is_word_of (fields[f].aliases, name[i]);
	return ret;
}

void moving_recognise (struct arena *a, const struct csv_row *first, const char **ret_system, int *ret_kind)
{
	const char *const *name = names_of (a, first);
	const char *others = *ret_system;
	*ret_system = NULL;
	*ret_kind = -1;
	for (size_t i = 0; i < LENGTH (files) && others; i++)
		if (strcmp (files[i].system, others) == 0 && signs_are (name, first->n, files[i].signs)) {
			*ret_system = files[i].system;
			*ret_kind = (int) files[i].kind;
			return;
		}
	for (size_t i = 0; i < LENGTH (files); i++)
		if (signs_are (name, first->n, files[i].signs)) {
			*ret_system = files[i].system;
			*ret_kind = (int) files[i].kind;
			return;
		}
	/* another one's: a deal stands in a stage, a person has a name of two words, a note is about something; else nobody can tell */
	static const struct {
		enum moving_kind kind;
		const char *signs;
	} plain[] = {
		{ moving_kind_deals, "stage amount" },	  { moving_kind_deals, "dealname" },	     { moving_kind_contacts, "firstname" },
		{ moving_kind_contacts, "voornaam" },	  { moving_kind_notes, "note date" },	     { moving_kind_notes, "subject date" },
		{ moving_kind_companies, "companyname" }, { moving_kind_companies, "bedrijfsnaam" },
	};
	for (size_t i = 0; i < LENGTH (plain) && *ret_kind < 0; i++)
		if (signs_are (name, first->n, plain[i].signs) && fields_named (name, first->n, plain[i].kind) > 1)
			*ret_kind = (int) plain[i].kind;
}

static const struct moving_field *field_named (int kind, const char *key)
{
	for (size_t i = 0; i < LENGTH (fields); i++)
		if ((int) fields[i].kind == kind && strcmp (fields[i].key, key) == 0)
			return &fields[i];
	return NULL;
}

/* By the profile of its system; what that does not say, by the names that people use. */
const char *moving_propose (struct arena *a, const char *system, int kind, const struct csv_row *first, bool header)
{
	const char *const *name = names_of (a, first);
	const char **key = arena_array (a, first->n + 1, sizeof *key);
	struct buffer out = { 0 };
	bool taken[LENGTH (fields)] = { false };
	size_t k, at;
	for (size_t i = 0; i < LENGTH (columns) && header; i++) {
		const struct moving_field *f = field_named (kind, columns[i].field);
		if (!system || strcmp (columns[i].system, system) || (int) columns[i].kind != kind || !f || taken[f - fields])
			continue;
		for (const char *word = columns[i].columns; (k = word_of (&word)); word += k) {
			at = column_named (name, first->n, word, k);
			if (at < first->n && !key[at]) {
				key[at] = f->key;
				taken[f - fields] = true;
				break;
			}
		}
	}
	for (size_t f = 0; f < LENGTH (fields) && header && !system; f++)
		for (size_t i = 0; i < first->n && (int) fields[f].kind == kind && !taken[f]; i++)
			if (!key[i] && is_word_of (fields[f].aliases, name[i])) {
				key[i] = fields[f].key;
				taken[f] = true;
			}
	buffer_text (&out, "[");
	for (size_t i = 0; i < first->n; i++)
		buffer_printf (&out, key[i] ? "%s\"%s\"" : "%snull", i ? "," : "", key[i] ? key[i] : "");
	buffer_text (&out, "]");
	const char *ret = arena_copy (a, (const char *) out.at, out.n);
	buffer_fini (&out);
	return ret;
}

/* ---- the plan ---- */

static bool plan_has (const struct moving_plan *plan, const struct moving_field *f)
{
	for (size_t i = 0; i < plan->columns; i++)
		if (plan->column[i] == f)
			return true;
	return false;
}

static struct outcome wrong_mapping (struct arena *a, size_t place, const char *what, const char *code, const char *detail)
{
	struct outcome ret = refused_at (a, arena_printf (a, "/files/%zu/%s", place, what), code, detail);
	ret.error = ERROR_import_mapping;
	return ret;
}

struct outcome moving_plan_read (struct arena *a, int kind, const char *mapping, size_t place, struct moving_plan *ret)
{
	json_t *json = json_loads (mapping, 0, NULL), *one;
	struct outcome outcome = done ();
	size_t i;
	*ret = (struct moving_plan){ .kind = kind < 0 ? moving_kind_companies : (enum moving_kind) kind };
	if (!json_is_array (json) || json_array_size (json) > CSV_CELLS_MOST)
		outcome = refused_at (a, "/mapping", "not_a_list", "a field or null for each column");
	json_array_foreach (json, i, one)
	{
		const char *key = json_string_value (one), *pointer = arena_printf (a, "/mapping/%zu", i);
		const struct moving_field *f = key ? field_named (kind, key) : NULL;
		if (!is_done (outcome))
			break;
		if (!json_is_null (one) && !f)
			outcome = refused_at (a, pointer, "not_a_choice", "there is no such field");
		else if (f && plan_has (ret, f))
			outcome = refused_at (a, pointer, "taken", "another column is that already");
		else
			ret->column[ret->columns++] = f, ret->used += f != NULL;
	}
	json_decref (json);
	if (is_done (outcome) && kind < 0)
		return wrong_mapping (a, place, "kind", "required", "say what its rows are");
	for (size_t k = 0; k < LENGTH (fields) && is_done (outcome) && ret->used; k++)
		if ((int) fields[k].kind == kind && fields[k].required && !plan_has (ret, &fields[k]))
			outcome = wrong_mapping (a, place, arena_printf (a, "mapping/%s", fields[k].key), "required", "no column holds it");
	return outcome;
}

/* ---- cells ---- */

/* "1.234,50", "1,234.50", "€ 1 234" and "1234.5" are what they say: the last mark is the decimal one when it does not part thousands. Null: it is none. */
static const char *amount_of (struct arena *a, const char *cell)
{
	const char *last = NULL;
	size_t marks = 0, n = 0;
	char *out = arena_alloc (a, strlen (cell) + 2);
	for (const char *p = cell; *p; p++)
		if (*p == '.' || *p == ',') {
			marks += !last || *last == *p;
			last = p;
		}
	bool several = last && strchr (cell, *last) != last;
	bool mixed = last && strchr (cell, *last == '.' ? ',' : '.');
	if (last && !mixed && (several || strspn (last + 1, "0123456789") == 3))
		last = NULL; /* it parts thousands */
	for (const char *p = cell; *p; p++)
		if (*p >= '0' && *p <= '9')
			out[n++] = *p;
		else if (p == last)
			out[n++] = '.';
		else if (*p == '-' && !n)
			out[n++] = '-';
		else if ((*p >= 'a' && *p <= 'z' && strncasecmp (p, "eur", 3)) || (*p == '-' && n))
			return NULL;
	out[n] = '\0';
	if (n && out[n - 1] == '.')
		out[--n] = '\0';
	return n && strcspn (out, "0123456789") < n ? out : NULL;
}

static bool numbers_of (const char **text, const char *marks, int ret[3])
{
	char *end;
	for (int i = 0; i < 3; i++) {
		ret[i] = (int) strtol (*text, &end, 10);
		if (end == *text || (i < 2 && !strchr (marks, *end)))
			return false;
		*text = end + (i < 2);
	}
	return true;
}

/* 2026-11-21, 21-11-2026, 21.11.2026, 21/11/2026 and, where the second cannot be a month, 11/21/2026; with a time behind it or without. */
static bool moment_read (struct arena *a, const char *cell, const char **ret_date, const char **ret_time)
{
	int part[3], hour = 0, minute = 0, second = 0;
	const char *rest = cell;
	int64_t at;
	int32_t day;
	if (time_parse (cell, &at) == OK) {
		*ret_time = cell;
		*ret_date = arena_copy (a, cell, 10);
		return true;
	}
	if (!numbers_of (&rest, "-./", part))
		return false;
	bool year_first = part[0] > 31;
	bool month_first = !year_first && strchr (cell, '/') && part[1] > 12;
	int year = year_first ? part[0] : part[2],
	    month = year_first	  ? part[1]
		    : month_first ? part[0]
				  : part[1],
	    date = year_first	 ? part[2]
		   : month_first ? part[1]
				 : part[0];
	rest += strspn (rest, " T,");
	if (*rest) {
		char half = 0;
		int found = sscanf (rest, "%d:%d:%d", &hour, &minute, &second);
		if (found < 2)
			return false;
		for (const char *p = rest; *p && !half; p++)
			half = *p == 'P' || *p == 'p' ? 'p' : *p == 'A' || *p == 'a' ? 'a' : '\0';
		hour = half == 'p' && hour < 12 ? hour + 12 : half == 'a' && hour == 12 ? 0 : hour;
	}
	*ret_date = arena_printf (a, "%04d-%02d-%02d", year, month, date);
	*ret_time = arena_printf (a,
				  "%s"
				  "T%02d:%02d:%02dZ",
				  *ret_date, hour, minute, second);
	return date_parse (*ret_date, &day) == OK && time_parse (*ret_time, &at) == OK;
}

/* What another system calls an activity; what it does not say is a note. */
static const char *kind_of (const char *cell)
{
	static const struct {
		const char *part, *kind;
	} kinds[] = { { "call", "call" },     { "tel", "call" },   { "phone", "call" },	  { "meet", "meeting" }, { "afspraak", "meeting" },
		      { "lunch", "meeting" }, { "mail", "email" }, { "task", "task" },	  { "taak", "task" },	 { "to-do", "task" },
		      { "to do", "task" },    { "todo", "task" },  { "deadline", "task" } };
	for (size_t i = 0; i < LENGTH (kinds); i++)
		for (const char *p = cell; *p; p++)
			if (strncasecmp (p, kinds[i].part, strlen (kinds[i].part)) == 0)
				return kinds[i].kind;
	return "note";
}

static bool is_done_word (const char *cell)
{
	static const char *const words[] = { "1", "true", "yes", "ja", "done", "completed", "held", "closed", "gedaan", "100" };
	for (size_t i = 0; i < LENGTH (words); i++)
		if (strcasecmp (cell, words[i]) == 0)
			return true;
	return false;
}

/* The first of "12;13": a record hangs on one. */
static const char *first_of (struct arena *a, const char *cell)
{
	size_t n = strcspn (cell, ";,");
	while (n && cell[n - 1] == ' ')
		n--;
	return arena_copy (a, cell, n);
}

/* As an e-mail program takes it, or null. */
static const char *email_of (struct arena *a, const char *cell)
{
	const char *one = first_of (a, cell), *at = strrchr (one, '@');
	return at && at > one && strchr (at, '.') && strcspn (one, " \t<>()[]\"\\") == strlen (one) ? email_fold (a, one) : NULL;
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

static const char *const part_names[] = { [MOVING_none] = NULL,
					  [MOVING_account] = "account",
					  [MOVING_contact] = "contact",
					  [MOVING_deal] = "deal",
					  [MOVING_activity] = "activity" };

static void cell_take (struct arena *a, const struct moving_field *f, const char *cell, json_t *data, json_t *part,
		       struct import_line *line)
{
	if (cell[0] == '\'' && cell[1] && strchr ("+-=@", cell[1])) /* what exports put before a cell that a spreadsheet would reckon */
		cell++;
	const char *date, *time, *text = cell;
	json_t *to = f->part == MOVING_none ? data : part;
	switch (f->how) {
	case MOVING_TEXT:
	case MOVING_NAME:
	case MOVING_OWNER:
	case MOVING_STAGE:
	case MOVING_STATUS:
	case MOVING_CURRENCY: break;
	case MOVING_OLD:
	case MOVING_REF: text = f->how == MOVING_OLD ? cell : first_of (a, cell); break;
	case MOVING_EMAIL: text = email_of (a, cell); break;
	case MOVING_MONEY: text = amount_of (a, cell); break;
	case MOVING_DATE: text = moment_read (a, cell, &date, &time) ? date : NULL; break;
	case MOVING_TIME: text = moment_read (a, cell, &date, &time) ? time : NULL; break;
	case MOVING_KIND: text = kind_of (cell); break;
	case MOVING_DONE: json_object_set_new (to, f->key, json_boolean (is_done_word (cell))); return;
	}
	if (!text)
		line_wrong (line, f->key, "malformed", cell);
	else
		json_object_set_new (to, f->key, json_string (text));
}

static const char *text_in (const json_t *json, const char *key)
{
	return json_string_value (json_object_get (json, key));
}

/* A person is called by what the file has of it: the whole, the two halves, the address. */
static void name_make (struct arena *a, json_t *part, struct import_line *line)
{
	const char *first = text_in (part, "first_name"), *last = text_in (part, "last_name"), *email = text_in (part, "email");
	if (text_in (part, "name"))
		return;
	if (first || last)
		json_object_set_new (
			part, "name",
			json_string (arena_printf (a, "%s%s%s", first ? first : "", first && last ? " " : "", last ? last : "")));
	else if (email)
		json_object_set_new (part, "name", json_string (email));
	else
		line_wrong (line, "name", "required", NULL);
}

/* A deal that is won or lost stands there, whatever stage it was in last; an amount has a currency. */
static void deal_make (struct arena *a, const struct moving_plan *plan, json_t *data, json_t *part, struct import_line *line)
{
	const char *status = text_in (data, "status"), *amount = text_in (data, "amount"), *currency = text_in (data, "currency");
	struct money money;
	if (status && (strcasecmp (status, "won") == 0 || strcasecmp (status, "lost") == 0))
		json_object_set_new (data, "stage", json_string (status));
	if (!currency)
		currency = plan->currency ? plan->currency : "EUR";
	if (amount && money_parse (amount, currency, &money) != OK)
		line_wrong (line, money_parse ("0", currency, &money) == OK ? "amount" : "currency", "malformed",
			    arena_printf (a, "%s %s", currency, amount));
	else if (amount)
		json_object_set_new (part, "value", json_pack ("{s:s, s:s}", "amount", amount, "currency", currency));
	json_object_del (data, "amount");
	json_object_del (data, "currency");
	json_object_del (data, "status");
}

/* Words alone are a note; a task that says no subject is its own first words. What says nothing is nothing. */
static void activity_make (struct arena *a, json_t *data, json_t *part, struct import_line *line)
{
	const char *kind = text_in (data, "kind"), *subject = text_in (part, "subject"), *note = text_in (part, "note");
	if (!kind)
		kind = subject && !note ? "task" : "note";
	if (!subject && !note)
		line_wrong (line, "note", "required", NULL);
	if (strcmp (kind, "note") == 0 && !note && subject)
		json_object_set_new (part, "note", json_string (subject));
	if (strcmp (kind, "note") && !subject && note)
		json_object_set_new (part, "subject",
				     json_string (arena_copy (a, note, strcspn (note, "\r\n") < 120 ? strcspn (note, "\r\n") : 0)));
	if (strcmp (kind, "note") && !*text_in (part, "subject"))
		json_object_set_new (part, "subject", json_string ("…"));
	if (strcmp (kind, "note") == 0)
		json_object_del (part, "due_at");
	json_object_set_new (part, "kind", json_string (kind));
	json_object_set_new (part, "done", json_boolean (strcmp (kind, "note") == 0 || json_is_true (json_object_get (data, "done"))));
	json_object_del (data, "kind");
	json_object_del (data, "done");
}

/* The limits of a field are those of the command that it goes into. */
static void part_check (struct arena *a, const struct record *r, const json_t *part, struct import_line *line)
{
	struct problem problem = { 0 };
	if (record_from_json (a, r, part, false, arena_alloc (a, r->size), &problem) == OK)
		return;
	for (size_t i = 0; i < problem.n_errors; i++)
		if (strcmp (problem.errors[i].code, "required"))
			line_wrong (line, problem.errors[i].pointer + 1, problem.errors[i].code, NULL);
}

static void line_called (struct arena *a, struct import_line *line, const char *name)
{
	line->called = name ? arena_text (a, name) : NULL;
	line->has.called = name && *name ? HERE : ABSENT;
}

struct import_line moving_line_read (struct arena *a, const struct moving_plan *plan, const struct import_job *job, int64_t n,
				     const struct csv_row *row)
{
	struct import_line line = {
		.workspace_id = job->workspace_id, .import_id = job->import_id, .n = n, .verdict = "ready", .kind = plan->kind
	};
	json_t *data = json_object (), *part = json_object ();
	const char *part_name = NULL;
	line.has.kind = HERE;
	for (size_t i = 0; i < LENGTH (fields); i++) {
		const struct moving_field *f = &fields[i];
		const char *cell = "";
		if (f->kind != plan->kind)
			continue;
		part_name = part_names[f->part] ? part_names[f->part] : part_name;
		for (size_t k = 0; k < plan->columns && k < row->n; k++)
			if (plan->column[k] == f)
				cell = row->cell[k];
		if (*cell)
			cell_take (a, f, cell, data, part, &line);
		else if (f->required)
			line_wrong (&line, f->key, "required", NULL);
	}
	switch (plan->kind) {
	case moving_kind_companies: part_check (a, &account_create_record, part, &line); break;
	case moving_kind_contacts:
		name_make (a, part, &line);
		part_check (a, &contact_create_record, part, &line);
		break;
	case moving_kind_deals:
		deal_make (a, plan, data, part, &line);
		part_check (a, &deal_create_record, part, &line);
		break;
	case moving_kind_notes:
		activity_make (a, data, part, &line);
		part_check (a, &activity_add_record, part, &line);
		break;
	case moving_kind_count: break;
	}
	line_called (a, &line, text_in (part, plan->kind == moving_kind_deals ? "title" : "name"));
	const char *old = text_in (data, "old_id"), *email = plan->kind == moving_kind_contacts ? text_in (part, "email") : NULL;
	line.old_id = old ? arena_text (a, old) : NULL;
	line.has.old_id = old ? HERE : ABSENT;
	line.email = email ? arena_text (a, email) : NULL;
	line.has.email = email ? HERE : ABSENT;
	json_object_set_new (data, part_name, part);
	char *text = json_dumps (data, JSON_COMPACT);
	line.data = arena_text (a, text);
	free (text);
	json_decref (data);
	return line;
}

const char *moving_said (struct arena *a, const char *data, const char *key)
{
	json_t *json = json_loads (data, 0, NULL);
	const char *text = text_in (json, key), *ret = text ? arena_text (a, text) : NULL;
	json_decref (json);
	return ret;
}

/* ---- who is called so here ---- */

static bool is_called (const json_t *one, const char *name)
{
	static const char *const keys[] = { "key", "name", "email" };
	const json_t *label = json_object_get (one, "label");
	for (size_t i = 0; i < LENGTH (keys); i++)
		if (text_in (one, keys[i]) && text_same (text_in (one, keys[i]), name))
			return true;
	return (text_in (label, "en") && text_same (text_in (label, "en"), name)) ||
	       (text_in (label, "nl") && text_same (text_in (label, "nl"), name));
}

/* "Closed won" is the stage in which deals are won, whatever it is called here. */
static const char *end_of (const char *name)
{
	static const char *const ends[][2] = { { "won", "won" }, { "gewonnen", "won" }, { "lost", "lost" }, { "verloren", "lost" } };
	for (size_t i = 0; i < LENGTH (ends); i++)
		for (const char *p = name; *p; p++)
			if (strncasecmp (p, ends[i][0], strlen (ends[i][0])) == 0)
				return ends[i][1];
	return NULL;
}

bool moving_target (const json_t *choices, const char *kind, const char *name, struct uuid *ret)
{
	const json_t *list = json_object_get (choices, strcmp (kind, "stage") == 0 ? "stages" : "users"), *one, *found = NULL;
	const char *end = strcmp (kind, "stage") == 0 ? end_of (name) : NULL;
	size_t i;
	json_array_foreach (list, i, one) if (!found && is_called (one, name)) found = one;
	json_array_foreach (list, i, one) if (!found && end && text_in (one, "kind") && strcmp (text_in (one, "kind"), end) == 0)
		found = one;
	return found && text_in (found, "id") && uuid_parse (text_in (found, "id"), ret) == OK;
}
