/* Conditions of a segment; see conditions.h.
 * Never accepts a field, an operator or a value that contacts' SQL has no fragment for. */
#include "conditions.h"

#include <jansson.h>
#include <string.h>

enum asked { ASKED_TEXT, ASKED_ID, ASKED_TAG, ASKED_NUMBER, ASKED_MONEY, ASKED_SUM, ASKED_TIME, ASKED_OWN };
enum { OF_CONTACT = 1, OF_ACCOUNT = 2, OF_LEAD = 4, OF_DEAL = 8, OF_PEOPLE = 3, OF_DEALS = 12, OF_ALL = 15 };

static const struct {
	const char *name;
	int of;
	enum asked asked;
} fields[] = {
	{ "name", OF_PEOPLE, ASKED_TEXT },
	{ "email", OF_PEOPLE, ASKED_TEXT },
	{ "phone", OF_PEOPLE, ASKED_TEXT },
	{ "company", OF_CONTACT, ASKED_TEXT },
	{ "job_title", OF_CONTACT, ASKED_TEXT },
	{ "type", OF_CONTACT, ASKED_TEXT },
	{ "status", OF_CONTACT, ASKED_TEXT },
	{ "account", OF_CONTACT, ASKED_ID },
	{ "industry", OF_ACCOUNT, ASKED_TEXT },
	{ "city", OF_ACCOUNT, ASKED_TEXT },
	{ "country", OF_ACCOUNT, ASKED_TEXT },
	{ "website", OF_ACCOUNT, ASKED_TEXT },
	{ "lifecycle", OF_ACCOUNT, ASKED_TEXT },
	{ "account_type", OF_ACCOUNT, ASKED_TEXT },
	{ "client_at", OF_ACCOUNT, ASKED_TIME },
	{ "people", OF_ACCOUNT, ASKED_NUMBER },
	{ "annual_revenue", OF_ACCOUNT, ASKED_MONEY },
	{ "form_type", OF_LEAD, ASKED_TEXT },
	{ "outcome", OF_DEALS, ASKED_TEXT },
	{ "stage", OF_DEALS, ASKED_ID },
	{ "value", OF_DEALS, ASKED_MONEY },
	{ "closed_at", OF_DEAL, ASKED_TIME },
	{ "owner", OF_ALL, ASKED_ID },
	{ "created_at", OF_ALL, ASKED_TIME },
	{ "tag", OF_ALL, ASKED_TAG },
	{ "last_activity", OF_ALL, ASKED_TIME },
	{ "planned", OF_ALL, ASKED_TIME },
	{ "deals_open", OF_PEOPLE, ASKED_NUMBER },
	{ "deals_won", OF_PEOPLE, ASKED_NUMBER },
	{ "value_open", OF_PEOPLE, ASKED_SUM },
	{ "value_won", OF_PEOPLE, ASKED_SUM },
};

static const char *const ops[] = { [ASKED_TEXT] = " is is_not contains contains_not empty filled ",
				   [ASKED_ID] = " is is_not empty filled ",
				   [ASKED_TAG] = " is is_not empty filled ",
				   [ASKED_NUMBER] = " is more less ",
				   [ASKED_MONEY] = " is more less empty filled ",
				   [ASKED_SUM] = " is more less ",
				   [ASKED_TIME] = " within not_within before after empty filled ",
				   [ASKED_OWN] = " is is_not contains contains_not more less before after empty filled " };

static int bit_of (enum record_kind of)
{
	switch (of) {
	case record_kind_contact: return OF_CONTACT;
	case record_kind_account: return OF_ACCOUNT;
	case record_kind_lead: return OF_LEAD;
	case record_kind_deal: return OF_DEAL;
	case record_kind_count: break;
	}
	return 0;
}

/* -1: there is no such field of these records. */
static int asked_of (enum record_kind of, const char *field)
{
	if (strncmp (field, "custom.", 7) == 0 && field[7] && strlen (field) < 80)
		return bit_of (of) & OF_PEOPLE ? ASKED_OWN : -1;
	for (size_t i = 0; i < LENGTH (fields); i++)
		if (fields[i].of & bit_of (of) && strcmp (fields[i].name, field) == 0)
			return (int) fields[i].asked;
	return -1;
}

static bool is_among (const char *list, const char *word)
{
	size_t n = strlen (word);
	for (const char *p = list; n && (p = strstr (p, word)); p++)
		if (p[-1] == ' ' && p[n] == ' ')
			return true;
	return false;
}

/* Digits, at most four behind a point: what NUMERIC reads and money can be. */
static bool is_amount (const char *t)
{
	t += *t == '-';
	size_t whole = strspn (t, "0123456789");
	t += whole;
	size_t part = *t == '.' ? strspn (t + 1, "0123456789") : 0;
	if (*t == '.')
		t += 1 + part;
	return whole && whole <= 15 && part <= 4 && !*t;
}

/* A number may come as one: its text is what SQL gets. */
static const char *amount_text (struct arena *a, const json_t *value)
{
	if (json_is_integer (value))
		return arena_printf (a, "%lld", (long long) json_integer_value (value));
	if (json_is_string (value))
		return json_string_value (value);
	return "";
}

static bool is_day (const char *t)
{
	static const int most[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int year, month, day, end = 0;
	if (strlen (t) != 10 || strspn (t, "-0123456789") != 10 || sscanf (t, "%4d-%2d-%2d%n", &year, &month, &day, &end) != 3 || end != 10)
		return false;
	bool leap = year % 4 == 0 && (year % 100 || year % 400 == 0);
	return year > 1000 && month >= 1 && month <= 12 && day >= 1 && day <= most[month - 1] && (month != 2 || day < 29 || leap);
}

static bool is_words (const json_t *value)
{
	const json_t *one;
	size_t i;
	if (json_is_string (value))
		return *json_string_value (value) && json_string_length (value) <= 200;
	json_array_foreach (value, i, one)
	{
		if (!json_is_string (one) || !*json_string_value (one) || json_string_length (one) > 200)
			return false;
	}
	return json_is_array (value) && json_array_size (value) > 0 && json_array_size (value) <= 100;
}

static bool is_money (struct arena *a, const json_t *value, bool currency)
{
	if (!json_is_object (value))
		return !currency && is_amount (amount_text (a, value));
	const char *code = json_string_value (json_object_get (value, "currency"));
	bool named = code && strlen (code) == 3 && strspn (code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3;
	return (named || (!code && !currency)) && is_amount (amount_text (a, json_object_get (value, "amount")));
}

/* Null: the value can be asked for. */
static const char *value_fault (struct arena *a, enum asked asked, const char *op, const json_t *value)
{
	if (strcmp (op, "empty") == 0 || strcmp (op, "filled") == 0)
		return NULL;
	if (asked == ASKED_OWN && (strcmp (op, "more") == 0 || strcmp (op, "less") == 0))
		asked = ASKED_MONEY;
	else if (asked == ASKED_OWN)
		asked = strcmp (op, "before") == 0 || strcmp (op, "after") == 0 ? ASKED_TIME : ASKED_TEXT;
	switch (asked) {
	case ASKED_OWN:
	case ASKED_TEXT:
	case ASKED_ID:
	case ASKED_TAG:
		if (strncmp (op, "contains", 8) == 0)
			return json_is_string (value) && is_words (value) ? NULL : "a text";
		return is_words (value) ? NULL : "a text, or an array of texts";
	case ASKED_NUMBER: return is_amount (amount_text (a, value)) ? NULL : "a number";
	case ASKED_MONEY: return is_money (a, value, false) ? NULL : "an amount, as 1500.00 or {amount, currency}";
	case ASKED_SUM: return is_money (a, value, true) ? NULL : "{amount, currency}: sums are of one currency";
	case ASKED_TIME: break;
	}
	const char *text = amount_text (a, value);
	if (strcmp (op, "before") == 0 || strcmp (op, "after") == 0)
		return is_day (text) ? NULL : "a day, as 2026-11-30";
	size_t n = strspn (text, "0123456789");
	return n >= 1 && n <= 4 && !text[n] && *text != '0' ? NULL : "how many days: 1 to 9999";
}

static void one_check (struct arena *a, enum record_kind of, const char *at, const json_t *one, struct problem *ret, bool *by_time)
{
	const char *field = json_string_value (json_object_get (one, "field")), *op = json_string_value (json_object_get (one, "op"));
	int asked = field ? asked_of (of, field) : -1;
	if (asked < 0) {
		problem_add (a, ret, arena_printf (a, "%s/field", at), "not_a_choice", "there is no such field of these records");
		return;
	}
	if (!op || !is_among (ops[asked], op)) {
		problem_add (a, ret, arena_printf (a, "%s/op", at), "not_a_choice", arena_printf (a, "one of:%s", ops[asked]));
		return;
	}
	const char *fault = value_fault (a, (enum asked) asked, op, json_object_get (one, "value"));
	if (fault)
		problem_add (a, ret, arena_printf (a, "%s/value", at), "malformed", fault);
	*by_time = *by_time || strcmp (op, "within") == 0 || strcmp (op, "not_within") == 0;
}

bool conditions_check (struct arena *a, enum record_kind of, const char *json, struct problem *ret, bool *ret_by_time)
{
	json_t *whole = json_loads (json, 0, NULL), *one;
	const char *which = json_object_get (whole, "all") ? "all" : "any";
	const json_t *list = json_object_get (whole, which);
	bool by_time = false;
	size_t i, faults = ret->n_errors;
	if (!json_is_array (list) || json_object_size (whole) != 1 || !json_array_size (list))
		problem_add (a, ret, "/conditions", "malformed", "{all: [{field, op, value}]} or {any: […]}, with one condition at least");
	else if (json_array_size (list) > CONDITIONS_MOST)
		problem_add (a, ret, "/conditions", "too_many", "at most 20");
	else
		json_array_foreach ((json_t *) list, i, one)
			one_check (a, of, arena_printf (a, "/conditions/%s/%zu", which, i), one, ret, &by_time);
	json_decref (whole);
	if (ret_by_time)
		*ret_by_time = by_time;
	return ret->n_errors == faults;
}
