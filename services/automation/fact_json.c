/* Facts as JSON; see fact_json.h. It must never round a number. */
#include "fact_json.h"

#include <string.h>
#include "clock.h"

/* ---- writing ---- */

static json_t *number_json (fact_number number)
{
	if (number % FACT_NUMBER_ONE == 0 && number / FACT_NUMBER_ONE == (json_int_t) (number / FACT_NUMBER_ONE))
		return json_integer ((json_int_t) (number / FACT_NUMBER_ONE));
	fact_number size = number < 0 ? -number : number;
	char text[64];
	snprintf (text, sizeof text, "%s%lld.%04d", number < 0 ? "-" : "", (long long) (size / FACT_NUMBER_ONE),
		  (int) (size % FACT_NUMBER_ONE));
	return json_string (text); /* a JSON number of many readers is a binary fraction */
}

static json_t *list_json (const struct fact *f)
{
	json_t *ret = json_array ();
	for (size_t i = 0; i < f->n; i++)
		json_array_append_new (ret, json_string (f->list[i]));
	return ret;
}

static json_t *money_json (struct money money)
{
	char amount[24];
	return json_pack ("{s:s, s:s}", "amount", money_amount (money, amount), "currency", money.currency);
}

json_t *fact_json (const struct fact *f)
{
	char text[64]; /* a time, a day or an id */
	if (f->has != HERE)
		return f->has == CLEARED ? json_null () : NULL;
	switch (f->kind) {
	case FACT_TEXT:
	case FACT_CHOICE: return json_string (f->text);
	case FACT_NUMBER: return number_json (f->number);
	case FACT_FLAG: return json_boolean (f->flag);
	case FACT_TIME: return json_string (time_format (f->at, text));
	case FACT_DATE: return json_string (date_format (f->day, text));
	case FACT_MONEY: return money_json (f->money);
	case FACT_ID: return json_string (uuid_format (f->id, text));
	case FACT_LIST: return list_json (f);
	case FACT_OWN:
	case FACT_KINDS: break;
	}
	return NULL;
}

/* ---- reading ---- */

static struct fact nobody_knows (enum fact_kind kind)
{
	return (struct fact){ .has = ABSENT, .kind = kind };
}

static struct fact number_read (const json_t *value)
{
	struct fact ret = { .has = HERE, .kind = FACT_NUMBER };
	if (json_is_integer (value))
		ret.number = (fact_number) json_integer_value (value) * FACT_NUMBER_ONE;
	else if (!json_is_string (value) || number_exact (json_string_value (value), &ret.number) != OK)
		return nobody_knows (FACT_NUMBER);
	return ret;
}

static struct fact money_read (const json_t *value)
{
	const char *amount = json_string_value (json_object_get (value, "amount"));
	const char *currency = json_string_value (json_object_get (value, "currency"));
	struct money money;
	return amount && currency && money_parse (amount, currency, &money) == OK ? fact_of_money (money) : nobody_knows (FACT_MONEY);
}

static struct fact list_read (struct arena *a, const json_t *value)
{
	size_t n = json_array_size (value);
	const char **text = arena_array (a, n + 1, sizeof *text);
	for (size_t i = 0; i < n; i++)
		if (!(text[i] = json_string_value (json_array_get (value, i))))
			return nobody_knows (FACT_LIST);
	return fact_of_list (a, text, n);
}

static struct fact text_read (struct arena *a, enum fact_kind kind, const char *text, int32_t (*day_of) (const void *zone, int64_t at),
			      const void *zone)
{
	struct fact ret = nobody_knows (kind);
	int64_t at;
	if (kind == FACT_TIME && time_parse (text, &at) == OK)
		return fact_of_time (at, day_of (zone, at));
	if (kind == FACT_DATE && date_parse (text, &ret.day) == OK)
		ret.has = HERE;
	if (kind == FACT_ID && uuid_parse (text, &ret.id) == OK)
		ret.has = HERE;
	if (kind == FACT_TEXT || kind == FACT_CHOICE) {
		ret = fact_of_text (a, arena_text (a, text));
		ret.kind = kind;
	}
	return ret;
}

struct fact fact_of_json (struct arena *a, const struct fact_name *name, const json_t *value,
			  int32_t (*day_of) (const void *zone, int64_t at), const void *zone)
{
	if (!value)
		return nobody_knows (name->kind);
	if (json_is_null (value))
		return (struct fact){ .has = CLEARED, .kind = name->kind };
	switch (name->kind) {
	case FACT_NUMBER: return number_read (value);
	case FACT_FLAG: return json_is_boolean (value) ? fact_of_flag (json_is_true (value)) : nobody_knows (FACT_FLAG);
	case FACT_MONEY: return money_read (value);
	case FACT_LIST: return list_read (a, value);
	case FACT_OWN: return fact_of_own (a, value);
	case FACT_TEXT:
	case FACT_CHOICE:
	case FACT_TIME:
	case FACT_DATE:
	case FACT_ID:
		return json_is_string (value) ? text_read (a, name->kind, json_string_value (value), day_of, zone)
					      : nobody_knows (name->kind);
	case FACT_KINDS: break;
	}
	return nobody_knows (name->kind);
}
