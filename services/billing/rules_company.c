/* Who a workspace is on paper, what it sells, how its documents are numbered: see company.h. Pure functions. */
#include "company.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "amounts.h"
#include "changes.h"
#include "given.h"
#include "identifiers.h"
#include "numbers.h"

/* ---- the company ---- */

static enum status colour_read (struct arena *a, const char *text, const char **ret_text)
{
	char *ret = arena_printf (a, "%s%.7s", *text == '#' ? "" : "#", text);
	for (char *p = ret; *p; p++)
		*p = (char) tolower ((unsigned char) *p);
	*ret_text = ret;
	return strlen (ret) == 7 && strspn (ret + 1, "0123456789abcdef") == 6 ? OK : REFUSED;
}

static enum status logo_read (struct arena *a, const char *text, const char **ret)
{
	(void) a;
	*ret = text;
	return strlen (text) == 64 && strspn (text, "0123456789abcdef") == 64 ? OK : REFUSED;
}

static enum status country_read (struct arena *a, const char *text, const char **ret)
{
	bool good = strlen (text) == 2 && isalpha ((unsigned char) text[0]) && isalpha ((unsigned char) text[1]);
	*ret = arena_printf (a, "%c%c", toupper ((unsigned char) text[0]), toupper ((unsigned char) text[1]));
	return good ? OK : REFUSED;
}

/* "0106:12345678": four digits of the ISO 6523 list, and an id there. */
static enum status endpoint_read (struct arena *a, const char *text, const char **ret)
{
	(void) a;
	*ret = text;
	return strspn (text, "0123456789") == 4 && text[4] == ':' && text[5] && !strpbrk (text, " \t\r\n") ? OK : REFUSED;
}

static enum status email_read (struct arena *a, const char *text, const char **ret)
{
	(void) a;
	const char *at = strchr (text, '@');
	*ret = text;
	return at && at > text && strchr (at, '.') && !strchr (at + 1, '@') && !strpbrk (text, " \t\r\n<>") ? OK : REFUSED;
}

static enum status any_read (struct arena *a, const char *text, const char **ret)
{
	(void) a;
	*ret = text;
	return OK;
}

/* Blanks at its ends are nobody's. */
static const char *trimmed (struct arena *a, const char *text)
{
	text += strspn (text, " \t\r\n");
	size_t n = strlen (text);
	while (n && strchr (" \t\r\n", text[n - 1]))
		n--;
	return arena_printf (a, "%.*s", (int) n, text);
}

/* A field's text from now on: as it is written properly, or refused there. */
static struct outcome text_take (struct arena *a, const char *field, unsigned char has, const char *said,
				 enum status (*read) (struct arena *, const char *, const char **), const char *was, const char **ret_text,
				 unsigned char *ret_has, struct list *changes)
{
	if (has == ABSENT)
		return done ();
	const char *text = NULL;
	if (is_said (has, said) && read (a, trimmed (a, said), &text) != OK)
		return refused_at (a, arena_printf (a, "/%s", field), "malformed", "this cannot be right");
	*ret_text = text;
	*ret_has = text ? HERE : ABSENT;
	change_note (changes, field, was, text);
	return done ();
}

static struct outcome days_take (struct arena *a, const char *field, unsigned char has, int64_t said, int64_t least, int64_t most,
				 int64_t *days, struct list *changes)
{
	if (has != HERE)
		return done ();
	if (said < least || said > most)
		return refused_at (a, arena_printf (a, "/%s", field), "out_of_range",
				   arena_printf (a, "%lld to %lld days", (long long) least, (long long) most));
	change_note (changes, field, number_said (a, HERE, *days), number_said (a, HERE, said));
	*days = said;
	return done ();
}

static const char *flag_said (bool flag)
{
	return flag ? "yes" : "no";
}

static struct outcome texts_take (struct arena *a, const struct company_set *cmd, const struct company_row *was, struct company_row *ret,
				  struct list *changes)
{
	struct outcome out = done ();
#define TEXT(field, read)  \
	if (is_done (out)) \
	out = text_take (a, #field, cmd->has.field, cmd->field, read, SAID (was, field), &ret->field, &ret->has.field, changes)
	TEXT (name, any_read);
	TEXT (street, any_read);
	TEXT (street2, any_read);
	TEXT (postcode, any_read);
	TEXT (city, any_read);
	TEXT (country, country_read);
	TEXT (email, email_read);
	TEXT (phone, any_read);
	TEXT (website, any_read);
	TEXT (oin, oin_read);
	TEXT (endpoint, endpoint_read);
	TEXT (iban, iban_read);
	TEXT (bic, bic_read);
	TEXT (colour, colour_read);
	TEXT (logo, logo_read);
	TEXT (terms_nl, any_read);
	TEXT (terms_en, any_read);
	TEXT (quote_terms_nl, any_read);
	TEXT (quote_terms_en, any_read);
	TEXT (footer_nl, any_read);
	TEXT (footer_en, any_read);
	/* another country's register has numbers of its own */
	bool dutch = ret->has.country != HERE || !strcmp (ret->country, "NL");
	TEXT (kvk, dutch ? kvk_read : any_read);
	TEXT (vat_id, dutch || vat_country (ret->country) ? vat_id_read : tax_id_read);
#undef TEXT
	return out;
}

/* A reminder comes after the one before it. */
static struct outcome reminders_check (struct arena *a, const struct company_row *row)
{
	if (row->remind_second <= row->remind_first)
		return refused_at (a, "/remind_second", "out_of_range", "later than the first reminder");
	if (row->remind_third <= row->remind_second)
		return refused_at (a, "/remind_third", "out_of_range", "later than the second reminder");
	return done ();
}

static struct outcome numbers_take (struct arena *a, const struct company_set *cmd, struct company_row *ret, struct list *changes)
{
	struct outcome out = done ();
#define DAYS(field, least, most) \
	if (is_done (out))       \
	out = days_take (a, #field, cmd->has.field, cmd->field, least, most, &ret->field, changes)
	DAYS (due_days, 0, 365);
	DAYS (quote_days, 1, 365);
	DAYS (remind_first, 1, 365);
	DAYS (remind_second, 1, 365);
	DAYS (remind_third, 1, 365);
#undef DAYS
	return is_done (out) ? reminders_check (a, ret) : out;
}

struct outcome company_set_check (struct arena *a, const struct company_set *cmd, const struct company_row *was, struct company_row *ret,
				  struct list *ret_changes)
{
	if (!was->version)
		return refused (workspace_not_found);
	if (cmd->has.version == HERE && cmd->version != was->version)
		return refused (stale);
	*ret = *was;
	struct outcome out = texts_take (a, cmd, was, ret, ret_changes);
	if (is_done (out))
		out = numbers_take (a, cmd, ret, ret_changes);
	if (!is_done (out))
		return out;
	if (cmd->has.kor == HERE)
		ret->kor = cmd->kor;
	if (cmd->has.remind_auto == HERE)
		ret->remind_auto = cmd->remind_auto;
	if (cmd->has.price_mode == HERE)
		ret->price_mode = cmd->price_mode;
	if (cmd->has.deal_value == HERE)
		ret->deal_value = cmd->deal_value;
	change_note (ret_changes, "kor", flag_said (was->kor), flag_said (ret->kor));
	change_note (ret_changes, "remind_auto", flag_said (was->remind_auto), flag_said (ret->remind_auto));
	change_note (ret_changes, "price_mode", price_mode_names[was->price_mode], price_mode_names[ret->price_mode]);
	change_note (ret_changes, "deal_value", deal_value_names[was->deal_value], deal_value_names[ret->deal_value]);
	ret->version = was->version + (ret_changes->n ? 1 : 0);
	return out;
}

/* ---- the catalogue ---- */

static int64_t price_day (const struct catalog_price *price)
{
	return price->has.day == HERE ? price->day : INT32_MIN;
}

static int by_day (const void *x, const void *y)
{
	int64_t a = price_day (x), b = price_day (y);
	return a < b ? -1 : a > b;
}

static struct outcome price_check (struct arena *a, size_t i, const struct catalog_price *price)
{
	int64_t read;
	bool standard = price->has.category != HERE || price->category == tax_category_standard;
	if (decimal_parse (price->price, 6, &read) != OK || read < 0)
		return refused_at (a, arena_printf (a, "/prices/%zu/price", i), "malformed",
				   "an amount, at most six digits after the point");
	if (price->has.rate != HERE)
		return standard ? refused_at (a, arena_printf (a, "/prices/%zu/rate", i), "required", "VAT in per cent") : done ();
	if (decimal_parse (price->rate, 2, &read) != OK || read < 0 || read > 10000 || (standard ? !read : read != 0))
		return refused_at (a, arena_printf (a, "/prices/%zu/rate", i), "malformed",
				   standard ? "VAT in per cent, more than 0" : "no VAT is charged in this category");
	return done ();
}

static struct outcome prices_check (struct arena *a, struct catalog_item_row *item)
{
	if (item->has.prices != HERE || !item->prices.n)
		return refused_at (a, "/prices", "required", "what it costs");
	if (item->prices.n > CATALOG_PRICES_MOST)
		return refused_at (a, "/prices", "too_many", "fifty prices are the most");
	const struct catalog_price *said = item->prices.at;
	struct catalog_price *price = arena_array (a, item->prices.n, sizeof *price);
	for (size_t i = 0; i < item->prices.n; i++) {
		struct outcome out = price_check (a, i, &said[i]);
		if (!is_done (out))
			return out;
		price[i] = said[i];
	}
	qsort (price, item->prices.n, sizeof *price, by_day);
	for (size_t i = 1; i < item->prices.n; i++)
		if (price_day (&price[i]) == price_day (&price[i - 1]))
			return refused_at (a, "/prices", "twice", "two prices begin on the same day");
	item->prices.at = price;
	return done ();
}

const char *catalog_item_name (const struct catalog_item_row *item)
{
	return item->has.name_nl == HERE ? item->name_nl : item->name_en;
}

struct outcome catalog_item_check (struct arena *a, struct catalog_item_row *item, const struct catalog_item_place *place)
{
	if (item->has.name_nl != HERE && item->has.name_en != HERE)
		return refused_at (a, "/name_nl", "required", "something that is sold is called something");
	if (item->has.code == HERE && place->taken && item->has.removed_at != HERE)
		return refused_at (a, "/code", "taken", "another item bears this code");
	return prices_check (a, item);
}

/* ---- number series ---- */

struct outcome series_set_check (struct arena *a, const struct series_set *cmd, const struct series_place *was, struct series_row *ret)
{
	if (was->has.format != HERE)
		return refused (workspace_not_found);
	ret->format = cmd->has.format == HERE ? trimmed (a, cmd->format) : was->format;
	ret->digits = cmd->has.digits == HERE ? cmd->digits : was->digits;
	ret->yearly = cmd->has.yearly == HERE ? cmd->yearly : was->yearly;
	if (ret->digits < 1 || ret->digits > 9)
		return refused_at (a, "/digits", "out_of_range", "1 to 9");
	const char *wrong;
	if (number_format_check (ret->format, ret->yearly, &wrong) != OK)
		return refused_at (a, "/format", "malformed", wrong);
	ret->year = ret->yearly ? was->year : 0;
	int64_t last = ret->yearly ? was->last : was->last_ever;
	ret->last = cmd->has.next == HERE ? cmd->next - 1 : last;
	if (cmd->has.next == HERE && (cmd->next < 1 || cmd->next > 999999999))
		return refused_at (a, "/next", "out_of_range", "1 to 999,999,999");
	return ret->last < last ? refused (series_taken) : done ();
}

struct outcome series_free_check (struct arena *a, const struct series_row *row, int64_t used)
{
	if (used <= row->last)
		return done ();
	struct problem *p = arena_alloc (a, sizeof *p);
	*p = (struct problem){ 0 };
	problem_add (
		a, p, "/next", "out_of_range",
		arena_printf (a, "numbers of this format were given up to %lld: at least %lld", (long long) used, (long long) used + 1));
	struct outcome ret = refused (series_taken);
	ret.problem = p;
	return ret;
}
