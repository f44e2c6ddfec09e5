/* A source's own rules, read and applied; see mapping.h. It must never take a value that it could not read. */
#include "mapping.h"

#include <stdlib.h>
#include <string.h>
#include "charset.h"
#include "clock.h"

/* ---- reading ---- */

struct reader {
	struct arena *a;
	struct problem *problem;
	size_t faults;
};

static const char *const to_names[] = { "name",	     "first_name", "last_name", "company", "email",	   "phone",	      "message",
					"form_type", "language",   "consent",	"news",	   "consent_text", "consent_version", NULL };
static const char *const body_names[] = { "json", "form", "lines", NULL };
static const char *const part_names[] = { "first", "last", NULL }, *const as_names[] = { "date", "amount", NULL };

static bool wrong (struct reader *r, const char *at, const char *code, const char *detail)
{
	r->faults++;
	problem_add (r->a, r->problem, at, code, detail);
	return false;
}

static const char *member_at (struct reader *r, const char *at, const char *name)
{
	return arena_printf (r->a, "%s/%s", at, name);
}

static const char *item_at (struct reader *r, const char *at, size_t i)
{
	return arena_printf (r->a, "%s/%zu", at, i);
}

static int name_find (const char *const names[], const char *name)
{
	for (int i = 0; name && names[i]; i++)
		if (strcmp (names[i], name) == 0)
			return i;
	return -1;
}

/* A text of at most so many bytes, not empty unless it may be. */
static const char *text_read (struct reader *r, const char *at, const json_t *value, size_t most, bool may_be_empty)
{
	if (!json_is_string (value))
		wrong (r, at, value ? "not_a_string" : "required", "a text");
	else if (json_string_length (value) > most)
		wrong (r, at, "too_long", arena_printf (r->a, "at most %zu bytes", most));
	else if (!json_string_length (value) && !may_be_empty)
		wrong (r, at, "required", "a text that is not empty");
	else
		return arena_text (r->a, json_string_value (value));
	return NULL;
}

static void to_read (struct reader *r, const char *at, const json_t *rule, struct mapping_rule *ret)
{
	const char *here = member_at (r, at, "to"), *to = text_read (r, here, json_object_get (rule, "to"), MAPPING_PATH_MOST, false);
	int found = name_find (to_names, to);
	if (!to)
		return;
	ret->to = found < 0 ? MAP_FIELDS : (enum mapping_to) found;
	if (found >= 0)
		return;
	if (strncmp (to, "fields.", 7) != 0 || !to[7])
		wrong (r, here, "not_a_choice",
		       "name, first_name, last_name, company, email, phone, message, form_type, language, consent, news, consent_text, "
		       "consent_version or fields.<name>");
	else
		ret->field = to + 7;
}

static void from_read (struct reader *r, const char *at, const json_t *rule, struct mapping_rule *ret)
{
	const json_t *from = json_object_get (rule, "from"), *one;
	const char *here = member_at (r, at, "from");
	size_t n = json_is_array (from) ? json_array_size (from) : 1, i;
	if (!from) {
		ret->constant = text_read (r, member_at (r, at, "value"), json_object_get (rule, "value"), MAPPING_TEXT_MOST, false);
		return;
	}
	if (json_object_get (rule, "value"))
		wrong (r, member_at (r, at, "value"), "unknown", "where nothing comes from a path");
	if (!n || n > MAPPING_FROM_MOST) {
		wrong (r, here, n ? "too_many" : "required", arena_printf (r->a, "1 to %d paths", MAPPING_FROM_MOST));
		return;
	}
	const char **path = arena_array (r->a, n, sizeof *path);
	if (!json_is_array (from))
		path[0] = text_read (r, here, from, MAPPING_PATH_MOST, false);
	json_array_foreach ((json_t *) from, i, one) path[i] = text_read (r, item_at (r, here, i), one, MAPPING_PATH_MOST, false);
	ret->from = path;
	ret->n_from = n;
}

static const char *word_of (struct arena *a, const char *text)
{
	size_t n = strlen (text), from = strspn (text, " \t\r\n");
	while (n > from && strchr (" \t\r\n", text[n - 1]))
		n--;
	return text_small (a, arena_copy (a, text + from, n - from));
}

static void values_read (struct reader *r, const char *at, const json_t *rule, struct mapping_rule *ret)
{
	json_t *values = json_object_get (rule, "values"), *then;
	const char *here = member_at (r, at, "values"), *when;
	size_t n = 0;
	if (json_object_get (rule, "else")) {
		ret->other = text_read (r, member_at (r, at, "else"), json_object_get (rule, "else"), MAPPING_TEXT_MOST, true);
		if (!values)
			wrong (r, member_at (r, at, "else"), "unknown", "where there is a table");
	}
	if (!values)
		return;
	if (!json_is_object (values) || !json_object_size (values) || json_object_size (values) > MAPPING_VALUES_MOST) {
		wrong (r, here,
		       !json_is_object (values)	   ? "not_an_object"
		       : json_object_size (values) ? "too_many"
						   : "required",
		       arena_printf (r->a, "1 to %d values, {\"as it comes\": \"as it is to be\"}", MAPPING_VALUES_MOST));
		return;
	}
	struct mapping_value *value = arena_array (r->a, json_object_size (values), sizeof *value);
	json_object_foreach (values, when, then)
	{
		value[n].when = word_of (r->a, when);
		for (size_t i = 0; i < n; i++)
			if (strcmp (value[i].when, value[n].when) == 0)
				wrong (r, here, "twice", arena_printf (r->a, "\"%s\" stands there twice, but for its case", when));
		value[n++].then = text_read (r, member_at (r, here, when), then, MAPPING_TEXT_MOST, true);
	}
	ret->value = value;
	ret->n_values = n;
}

static void members_check (struct reader *r, const char *at, const json_t *rule, const char *const names[], const char *detail)
{
	const char *name;
	json_t *value;
	json_object_foreach ((json_t *) rule, name, value) if (name_find (names, name) < 0)
		wrong (r, member_at (r, at, name), "unknown", detail);
}

static int choice_read (struct reader *r, const char *at, const json_t *rule, const char *member, const char *const names[],
			const char *detail)
{
	const json_t *value = json_object_get (rule, member);
	int found = name_find (names, json_string_value (value));
	if (value && found < 0)
		wrong (r, member_at (r, at, member), "not_a_choice", detail);
	return found;
}

static bool is_of_body (const json_t *rule)
{
	return json_object_get (rule, "read") || json_object_get (rule, "at");
}

static void body_read (struct reader *r, const char *at, const json_t *rule, struct mapping_rules *ret)
{
	static const char *const names[] = { "read", "at", NULL };
	if (ret->body != BODY_AS_SENT || ret->at) {
		wrong (r, at, "twice", "another rule says how the body is read");
		return;
	}
	members_check (r, at, rule, names, "beside read and at there may be nothing");
	ret->body = (enum mapping_body) (choice_read (r, at, rule, "read", body_names, "json, form or lines") + 1);
	if (json_object_get (rule, "at"))
		ret->at = text_read (r, member_at (r, at, "at"), json_object_get (rule, "at"), MAPPING_PATH_MOST, false);
}

static void rule_read (struct reader *r, const char *at, const json_t *rule, struct mapping_rule *ret)
{
	static const char *const rule_names[] = { "to", "from", "value", "join", "values", "else", "part", "as", NULL };
	if (!json_is_object (rule)) {
		wrong (r, at, "not_an_object", "a rule: {\"to\": …, \"from\": …}");
		return;
	}
	members_check (r, at, rule, rule_names, "there may be: to from value join values else part as");
	to_read (r, at, rule, ret);
	from_read (r, at, rule, ret);
	values_read (r, at, rule, ret);
	if (json_object_get (rule, "join"))
		ret->join = text_read (r, member_at (r, at, "join"), json_object_get (rule, "join"), 20, true);
	ret->part = (enum mapping_part) (choice_read (r, at, rule, "part", part_names, "first or last") + 1);
	ret->as = (enum mapping_as) (choice_read (r, at, rule, "as", as_names, "date or amount") + 1);
}

static bool is_same_place (const struct mapping_rule *x, const struct mapping_rule *y)
{
	return x->to == y->to && (x->to != MAP_FIELDS || (x->field && y->field && strcmp (x->field, y->field) == 0));
}

enum status mapping_read (struct arena *a, const char *json, struct mapping_rules *ret, struct problem *ret_problem)
{
	struct reader r = { .a = a, .problem = ret_problem };
	json_t *list = json_loads (json, JSON_REJECT_DUPLICATES, NULL);
	size_t n = json_array_size (list);
	struct mapping_rules rules = { 0 };
	struct mapping_rule *rule = arena_array (a, n + 1, sizeof *rule);
	if (!list)
		wrong (&r, "", "not_json", "must be a JSON list in which no member stands twice");
	else if (!json_is_array (list))
		wrong (&r, "", "not_a_list", "a list of rules");
	else if (n > MAPPING_RULES_MOST)
		wrong (&r, "", "too_many", arena_printf (a, "at most %d rules", MAPPING_RULES_MOST));
	for (size_t i = 0; !r.faults && i < n; i++) {
		const char *at = item_at (&r, "", i);
		const json_t *one = json_array_get (list, i);
		if (is_of_body (one)) {
			body_read (&r, at, one, &rules);
			continue;
		}
		rule_read (&r, at, one, &rule[rules.n]);
		for (size_t k = 0; k < rules.n && !r.faults; k++)
			if (is_same_place (&rule[k], &rule[rules.n]))
				wrong (&r, member_at (&r, at, "to"), "twice", "another rule gives that already");
		rules.n++;
	}
	json_decref (list);
	if (r.faults)
		return REFUSED;
	rules.rule = rule;
	*ret = rules;
	return OK;
}

/* ---- where a value stands ---- */

/* In a list: at a place, or of the item that has this name. */
static const json_t *item_named (const json_t *list, const char *name, size_t n)
{
	json_t *one;
	size_t i, digits = strspn (name, "0123456789");
	if (digits >= n && n && n < 6)
		return json_array_get (list, (size_t) strtoul (name, NULL, 10));
	json_array_foreach ((json_t *) list, i, one)
	{
		const char *said = json_string_value (json_object_get (one, "name"));
		said = said ? said : json_string_value (json_object_get (one, "label"));
		if (said && strlen (said) == n && memcmp (said, name, n) == 0)
			return json_object_get (one, "value");
	}
	return NULL;
}

static const json_t *value_named (const json_t *in, const char *name, size_t n)
{
	return json_is_array (in) ? item_named (in, name, n) : json_object_getn (in, name, n);
}

/* The longest name that is there goes first: a name may have dots in it. */
static const json_t *value_at (const json_t *in, const char *path)
{
	for (size_t n = strlen (path); n; n--) {
		if (path[n] && path[n] != '.')
			continue;
		const json_t *value = value_named (in, path, n);
		const json_t *found = !value || !path[n] ? value : value_at (value, path + n + 1);
		if (found)
			return found;
	}
	return NULL;
}

enum { OPENED_MOST = 3 }; /* texts within texts */

static json_t *tree_at (json_t *in, const char *path, int opened)
{
	json_t *ret = NULL, *within = json_is_string (in) && opened < OPENED_MOST
					      ? json_loadb (json_string_value (in), json_string_length (in), JSON_DECODE_ANY, NULL)
					      : NULL;
	if (within) {
		ret = tree_at (within, path, opened + 1);
		json_decref (within);
		return ret;
	}
	if (!*path)
		return json_incref (in);
	for (size_t n = strlen (path); n && !ret; n--) {
		json_t *value = !path[n] || path[n] == '.' ? (json_t *) value_named (in, path, n) : NULL;
		if (value)
			ret = tree_at (value, path[n] ? path + n + 1 : "", opened);
	}
	return ret;
}

json_t *mapping_tree_at (json_t *body, const char *path)
{
	return tree_at (body, path, 0);
}

/* A scalar, or scalars one after the other; null: there is no text in it. */
static const char *text_at (struct arena *a, const json_t *value)
{
	const char *all = NULL, *text = json_string_value (value);
	json_t *one;
	size_t i;
	if (text) {
		size_t n = strlen (text), from = strspn (text, " \t\r\n\v\f");
		while (n > from && strchr (" \t\r\n\v\f", text[n - 1]))
			n--;
		return n > from ? arena_copy (a, text + from, n - from) : NULL;
	}
	if (json_is_integer (value))
		return arena_printf (a, "%" JSON_INTEGER_FORMAT, json_integer_value (value));
	if (json_is_boolean (value))
		return json_is_true (value) ? "true" : "false";
	if (json_is_real (value)) {
		char *said = json_dumps (value, JSON_ENCODE_ANY | JSON_REAL_PRECISION (15));
		text = said ? arena_text (a, said) : NULL;
		free (said);
		return text;
	}
	json_array_foreach ((json_t *) value, i, one)
	{
		text = json_is_array (one) ? NULL : text_at (a, one);
		all = !text ? all : all ? arena_printf (a, "%s, %s", all, text) : text;
	}
	return all;
}

/* ---- what is made of it ---- */

static const char *part_of (struct arena *a, const char *text, enum mapping_part part)
{
	size_t first = strcspn (text, " \t"), rest = first + strspn (text + first, " \t");
	switch (part) {
	case PART_FIRST: return arena_copy (a, text, first);
	case PART_LAST: return text[rest] ? arena_text (a, text + rest) : NULL;
	case PART_ALL: break;
	}
	return text;
}

static const char *in_table (struct arena *a, const struct mapping_rule *rule, const char *text)
{
	const char *word = rule->n_values ? word_of (a, text) : NULL;
	for (size_t i = 0; i < rule->n_values; i++)
		if (strcmp (rule->value[i].when, word) == 0)
			return rule->value[i].then;
	return rule->n_values && rule->other ? rule->other : text;
}

static const char *made_of (struct arena *a, const struct mapping_rule *rule, const char *text)
{
	text = part_of (a, text, rule->part);
	if (text)
		text = in_table (a, rule, text);
	switch (text ? rule->as : AS_TEXT) {
	case AS_DATE: return date_typed (a, text);
	case AS_AMOUNT: return amount_typed (a, text);
	case AS_TEXT: break;
	}
	return text;
}

struct mapped mapping_apply (struct arena *a, const struct mapping_rule *rule, const json_t *object)
{
	struct mapped ret = { .text = NULL };
	const char *all = NULL;
	if (!rule->n_from)
		return (struct mapped){ .text = rule->constant };
	for (size_t i = 0; i < rule->n_from && (rule->join || !all); i++) {
		const json_t *value = value_at (object, rule->from[i]);
		const char *text = value ? text_at (a, value) : NULL;
		if (!text)
			continue;
		all = all ? arena_printf (a, "%s%s%s", all, rule->join, text) : text;
		ret.of[ret.n++] = value;
	}
	ret.text = all ? made_of (a, rule, all) : NULL;
	if (!ret.text || !*ret.text)
		return (struct mapped){ .text = NULL };
	return ret;
}

/* ---- days ---- */

/* The first letters of months, which are enough in both languages. */
static int month_named (const char *word, size_t n)
{
	static const char *const names[] = { "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec" };
	static const struct {
		const char *name;
		int month;
	} dutch[] = { { "maa", 3 }, { "mrt", 3 }, { "mei", 5 }, { "okt", 10 } };
	for (int i = 0; n >= 3 && i < 12; i++)
		if (memcmp (names[i], word, 3) == 0)
			return i + 1;
	for (size_t i = 0; n >= 3 && i < LENGTH (dutch); i++)
		if (memcmp (dutch[i].name, word, 3) == 0)
			return dutch[i].month;
	return 0;
}

static const char *day_text (struct arena *a, int year, int month, int day, int digits)
{
	char text[40];
	int32_t is;
	if (digits <= 2)
		year += year < 70 ? 2000 : 1900;
	if (year < 1900 || year > 2999 || month < 1 || month > 12 || day < 1 || day > 31)
		return NULL;
	snprintf (text, sizeof text, "%04d-%02d-%02d", year, month, day);
	return date_parse (text, &is) == OK ? arena_text (a, text) : NULL;
}

const char *date_typed (struct arena *a, const char *text)
{
	const char *p = word_of (a, text);
	int number[3], digits[3], n = 0, month = 0, month_at = 0;
	while (*p && n < 3) {
		size_t run = strspn (p, "0123456789"), letters = strcspn (p, "0123456789 ,./-\t");
		if (run) {
			if (run > 4)
				return NULL;
			number[n] = (int) strtol (p, NULL, 10);
			digits[n++] = (int) run;
			p += run;
		} else if (letters) {
			int named = month_named (p, letters);
			if (named && !month)
				month = named, month_at = n;
			else if (named || (n && month)) /* 31st, 3e: of the number before it */
				return NULL;
			p += letters;
		} else {
			p++;
		}
	}
	if (month && n == 2)
		return month_at < 2 && digits[0] <= 2 ? day_text (a, number[1], month, number[0], digits[1]) : NULL;
	if (month || n != 3)
		return NULL;
	if (digits[0] == 4)
		return day_text (a, number[0], number[1], number[2], 4);
	if (digits[2] != 4 && digits[2] != 2)
		return NULL;
	return number[1] > 12 ? day_text (a, number[2], number[0], number[1], digits[2])
			      : day_text (a, number[2], number[1], number[0], digits[2]);
}

/* ---- amounts ---- */

/* Digits with one kind of sign between thousands, and the other, or none, before the rest. */
static const char *digits_of (struct arena *a, const char *text, size_t n, char rest)
{
	char *ret = arena_alloc (a, n + 1);
	size_t used = 0, since = 0;
	bool grouped = false, behind = false;
	for (size_t i = 0; i < n; i++) {
		char c = text[i];
		if (c >= '0' && c <= '9') {
			ret[used++] = c;
			since++;
		} else if (c == rest && !behind && used && (!grouped || since == 3)) {
			ret[used++] = '.';
			behind = true;
			since = 0;
		} else if ((c == '.' || c == ',' || c == ' ' || c == '\'') && c != rest && !behind && used && since <= 3 &&
			   (!grouped || since == 3)) {
			grouped = true;
			since = 0;
		} else {
			return NULL;
		}
	}
	ret[used] = '\0';
	return used && (behind ? since > 0 : !grouped || since == 3) ? ret : NULL;
}

const char *amount_typed (struct arena *a, const char *text)
{
	static const char *const signs[] = { "eur", "euro", "usd", "gbp", "\xe2\x82\xac", "$", "\xc2\xa3" };
	const char *p = word_of (a, text);
	bool less = false;
	for (size_t i = LENGTH (signs); i-- > 0;)
		if (strncmp (p, signs[i], strlen (signs[i])) == 0) {
			p = word_of (a, p + strlen (signs[i]));
			break;
		}
	if (*p == '-') {
		less = true;
		p = word_of (a, p + 1);
	}
	size_t n = strspn (p, "0123456789., '");
	const char *behind = word_of (a, p + n);
	while (n && strchr (" ,-", p[n - 1]))
		n--;
	bool known = !*behind || strcmp (behind, "-") == 0;
	for (size_t i = 0; i < LENGTH (signs); i++)
		known = known || strcmp (behind, signs[i]) == 0;
	if (!n || !known || n > 40)
		return NULL;
	const char *dot = memchr (p, '.', n), *comma = memchr (p, ',', n), *ret = NULL;
	if (dot && comma)
		ret = digits_of (a, p, n, dot > comma ? '.' : ',');
	else if (dot || comma) {
		const char *one = dot ? dot : comma;
		bool alone = !memchr (one + 1, *one, n - (size_t) (one + 1 - p)), three = n - (size_t) (one + 1 - p) == 3;
		ret = digits_of (a, p, n, alone && !three ? *one : '\0');
	} else {
		ret = digits_of (a, p, n, '\0');
	}
	return ret && less ? arena_printf (a, "-%s", ret) : ret;
}
