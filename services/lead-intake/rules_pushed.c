/* What other systems say: JSON objects become drafts, each one thing: a record, a fact, something about a company, or that the system is there.
 * Never takes a part of a request: what is wrong anywhere is told with its place, and the sender sends all of it again. */
#include "rules.h"

#include <string.h>
#include <strings.h>

struct reader {
	struct arena *arena;
	struct problem *problem;
	const char *at; /* "/3" in an array, "" alone */
};

static void wrong (struct reader *r, const char *field, const char *code, const char *detail)
{
	problem_add (r->arena, r->problem, arena_printf (r->arena, "%s/%s", r->at, field), code, detail);
}

/* Many systems count their records: 1001 is "1001". */
static void numbers_to_text (struct arena *a, json_t *object)
{
	static const char *const fields[] = { "external_id", "account_external" };
	for (size_t i = 0; i < LENGTH (fields); i++) {
		const json_t *value = json_object_get (object, fields[i]);
		if (json_is_integer (value))
			json_object_set_new (object, fields[i],
					     json_string (arena_printf (a, "%" JSON_INTEGER_FORMAT, json_integer_value (value))));
	}
}

static bool is_url (const char *url)
{
	size_t n = strncasecmp (url, "https://", 8) == 0 ? 8 : strncasecmp (url, "http://", 7) == 0 ? 7 : 0;
	if (!n || !url[n] || url[n] == '/')
		return false;
	for (const unsigned char *p = (const unsigned char *) url; *p; p++)
		if (*p <= ' ' || *p == 0x7f || *p == '\\' || *p == '"' || *p == '<' || *p == '>')
			return false;
	return true;
}

static json_t *json_of (const char *text)
{
	return json_loads (text, JSON_DECODE_ANY, NULL);
}

/* ---- what each of the four has to say ---- */

static void whose_check (struct reader *r, const struct pushed_draft *d)
{
	if (!is_said (d->has.account, d->account) && !is_said (d->has.account_external, d->account_external) &&
	    !is_said (d->has.email, d->email))
		wrong (r, "account", "required", "account, account_external or email: whose it is");
}

static void record_check (struct reader *r, const struct pushed_draft *d)
{
	if (!is_said (d->has.external_id, d->external_id))
		wrong (r, "external_id", "required", "its id in that system");
	if (d->has.deleted != HERE || !d->deleted)
		whose_check (r, d);
	if (is_said (d->has.url, d->url) && !is_url (d->url))
		wrong (r, "url", "not_a_url", "http:// or https://");
	if (d->has.data == HERE) {
		json_t *data = json_of (d->data);
		if (!json_is_object (data))
			wrong (r, "data", "not_an_object", "an object of further members");
		json_decref (data);
	}
}

static bool is_fact_key (const char *key)
{
	return *key && key[strspn (key, "abcdefghijklmnopqrstuvwxyz0123456789_.-")] == 0;
}

static bool label_fits (const char *text)
{
	json_t *label = json_of (text);
	const char *en = json_string_value (json_object_get (label, "en")), *nl = json_string_value (json_object_get (label, "nl"));
	bool fits = en && *en && nl && *nl && strlen (en) <= 200 && strlen (nl) <= 200 && json_object_size (label) == 2;
	json_decref (label);
	return fits;
}

static bool value_fits (const char *text)
{
	json_t *value = json_of (text);
	const char *amount = json_string_value (json_object_get (value, "amount")),
		   *currency = json_string_value (json_object_get (value, "currency"));
	struct money m;
	bool fits = json_is_object (value) ? amount && currency && json_object_size (value) == 2 && money_parse (amount, currency, &m) == OK
					   : value && !json_is_array (value);
	json_decref (value);
	return fits;
}

static void fact_check (struct reader *r, const struct pushed_draft *d)
{
	bool gone = d->has.deleted == HERE && d->deleted;
	whose_check (r, d);
	if (d->has.key != HERE || !is_fact_key (d->key))
		wrong (r, "key", d->has.key == HERE ? "malformed" : "required", "which fact: a-z, 0-9, _ . -");
	if (d->has.label == HERE ? !label_fits (d->label) : !gone && d->has.value == HERE)
		wrong (r, "label", d->has.label == HERE ? "malformed" : "required", "{\"en\": …, \"nl\": …}");
	if (d->has.value == ABSENT && !gone)
		wrong (r, "value", "required", "a text, a number, true or false, or {amount, currency}; null: it is known no more");
	if (d->has.value == HERE && !value_fits (d->value))
		wrong (r, "value", "malformed", "a text, a number, true or false, or {amount, currency}");
}

static void draft_check (struct reader *r, struct pushed_draft *d)
{
	bool record = d->has.kind == HERE, fact = d->has.panel == HERE;
	if (d->has.email == HERE && *d->email) {
		const char *email = email_read (r->arena, d->email);
		if (email)
			d->email = email;
		else
			wrong (r, "email", "not_an_email", "no e-mail address");
	}
	if (d->has.every == HERE && (d->every < 10 || d->every > 31 * 86400))
		wrong (r, "every", "out_of_range", "10 seconds to 31 days");
	if (record && fact)
		wrong (r, "panel", "too_many", "a record or a fact, not both");
	else if (record)
		record_check (r, d);
	else if (fact)
		fact_check (r, d);
	else if (d->has.lifecycle == HERE)
		whose_check (r, d);
	else if (d->has.every != HERE)
		wrong (r, "kind", "required", "kind (a record), panel (a fact), lifecycle (a company) or every (the system itself)");
}

enum status pushed_read (struct arena *a, const json_t *tree, const char *system, struct pushed_draft **ret_pushed, size_t *ret_n,
			 struct problem *ret_problem)
{
	bool many = json_is_array (tree);
	size_t n = many ? json_array_size (tree) : 1;
	struct reader r = { .arena = a, .problem = ret_problem, .at = "" };
	if (n > PUSHED_MOST) {
		ret_problem->code = error_code (ERROR_too_large);
		ret_problem->detail = "One request may hold 1,000 records.";
		return REFUSED;
	}
	struct pushed_draft *draft = arena_array (a, n, sizeof *draft);
	for (size_t i = 0; i < n; i++) {
		struct problem own = { 0 };
		json_t *one = many ? json_array_get (tree, i) : (json_t *) tree;
		r.at = many ? arena_printf (a, "/%zu", i) : "";
		numbers_to_text (a, one);
		if (record_from_json (a, &pushed_draft_record, one, true, &draft[i], &own) != OK) {
			for (size_t k = 0; k < own.n_errors; k++)
				wrong (&r, own.errors[k].pointer + 1, own.errors[k].code, own.errors[k].detail);
			continue;
		}
		draft_check (&r, &draft[i]);
		if (!is_said (draft[i].has.system, draft[i].system)) {
			draft[i].system = system;
			draft[i].has.system = HERE;
		}
	}
	if (ret_problem->n_errors)
		return REFUSED;
	*ret_pushed = draft;
	*ret_n = n;
	return OK;
}

/* ---- what it is about ---- */

static const char *whose (struct arena *a, const struct pushed_draft *d)
{
	if (is_said (d->has.account, d->account))
		return d->account;
	if (is_said (d->has.account_external, d->account_external))
		return arena_printf (a, "%s:%s", d->system, d->account_external);
	return d->has.email == HERE ? d->email : "";
}

const char *pushed_what (struct arena *a, const struct pushed_draft *d)
{
	if (d->has.kind == HERE)
		return arena_printf (a, "%s/%s/%s", linked_kind_names[d->kind], d->system, d->external_id);
	if (d->has.panel == HERE)
		return arena_printf (a, "fact/%s/%s/%s", fact_panel_names[d->panel], d->key, whose (a, d));
	if (d->has.lifecycle == HERE)
		return arena_printf (a, "company/%s", whose (a, d));
	return arena_printf (a, "system/%s", d->system);
}
