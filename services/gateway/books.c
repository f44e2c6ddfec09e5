/* Bookings of documents and payments. What a customer owes stands against turnover and VAT, each category and rate as the document reckoned it; what was
 * paid before and what was rounded have accounts of their own. A credit note is the same with its sides swapped. It must never lose a cent on the way. */
#include "books.h"

#include <string.h>

enum place {
	AT_BANK,
	AT_DEBTORS,
	AT_PREPAID,
	AT_VAT_HIGH,
	AT_VAT_LOW,
	AT_VAT_OTHER,
	AT_SALES_HIGH,
	AT_SALES_LOW,
	AT_SALES_OTHER,
	AT_SALES_ZERO,
	AT_SALES_EXEMPT,
	AT_SALES_REVERSED,
	AT_SALES_WITHIN,
	AT_SALES_EXPORT,
	AT_SALES_OUTSIDE,
	AT_ROUNDING,
};

const struct ledger ledgers[] = {
	[AT_BANK] = { "1100", "Ontvangen betalingen", "Payments received", 'B' },
	[AT_DEBTORS] = { "1300", "Debiteuren", "Debtors", 'B' },
	[AT_PREPAID] = { "1310", "Vooraf betaald door klanten", "Paid before by customers", 'B' },
	[AT_VAT_HIGH] = { "1510", "Te betalen btw hoog tarief", "VAT to pay, high rate", 'B' },
	[AT_VAT_LOW] = { "1511", "Te betalen btw laag tarief", "VAT to pay, low rate", 'B' },
	[AT_VAT_OTHER] = { "1512", "Te betalen btw overige tarieven", "VAT to pay, other rates", 'B' },
	[AT_SALES_HIGH] = { "8000", "Omzet hoog tarief", "Sales, high rate", 'P' },
	[AT_SALES_LOW] = { "8010", "Omzet laag tarief", "Sales, low rate", 'P' },
	[AT_SALES_OTHER] = { "8020", "Omzet overige tarieven", "Sales, other rates", 'P' },
	[AT_SALES_ZERO] = { "8030", "Omzet 0%", "Sales, 0%", 'P' },
	[AT_SALES_EXEMPT] = { "8040", "Omzet vrijgesteld van btw", "Sales, exempt from VAT", 'P' },
	[AT_SALES_REVERSED] = { "8050", "Omzet btw verlegd", "Sales, VAT reverse charged", 'P' },
	[AT_SALES_WITHIN] = { "8060", "Omzet binnen de EU", "Sales within the EU", 'P' },
	[AT_SALES_EXPORT] = { "8070", "Omzet buiten de EU", "Sales outside the EU", 'P' },
	[AT_SALES_OUTSIDE] = { "8080", "Omzet buiten de btw", "Sales outside VAT", 'P' },
	[AT_ROUNDING] = { "8990", "Afrondingsverschillen", "Rounding differences", 'P' },
};
const size_t n_ledgers = LENGTH (ledgers);

/* Of the categories but standard; letters of UNCL 5305. */
static const struct {
	const char *category, *letter, *name;
	enum place sales;
} categories[] = {
	{ "zero", "Z", "0%", AT_SALES_ZERO },
	{ "exempt", "E", "Vrijgesteld", AT_SALES_EXEMPT },
	{ "reverse_charge", "AE", "Btw verlegd", AT_SALES_REVERSED },
	{ "intra_community", "K", "Intracommunautaire levering", AT_SALES_WITHIN },
	{ "export", "G", "Export buiten de EU", AT_SALES_EXPORT },
	{ "outside", "O", "Buiten de heffing", AT_SALES_OUTSIDE },
};

static size_t category_find (const char *category)
{
	size_t i = 0;
	while (i < LENGTH (categories) && strcmp (categories[i].category, category) != 0)
		i++;
	return i;
}

const char *vat_code (struct arena *a, const char *category, const char *rate)
{
	size_t i = category_find (category);
	return i < LENGTH (categories) ? categories[i].letter : arena_printf (a, "S%s", rate);
}

const char *vat_code_name (struct arena *a, const char *category, const char *rate)
{
	size_t i = category_find (category);
	return i < LENGTH (categories) ? categories[i].name : arena_printf (a, "Btw %s%%", rate);
}

const struct ledger *vat_ledger (const char *category, const char *rate)
{
	if (category_find (category) < LENGTH (categories))
		return NULL;
	return &ledgers[strcmp (rate, "21") == 0 ? AT_VAT_HIGH : strcmp (rate, "9") == 0 ? AT_VAT_LOW : AT_VAT_OTHER];
}

static const struct ledger *sales_ledger (const char *category, const char *rate)
{
	size_t i = category_find (category);
	if (i < LENGTH (categories))
		return &ledgers[categories[i].sales];
	return &ledgers[strcmp (rate, "21") == 0 ? AT_SALES_HIGH : strcmp (rate, "9") == 0 ? AT_SALES_LOW : AT_SALES_OTHER];
}

/* ---- lines ---- */

static const char *said (const json_t *row, const char *key)
{
	return json_string_value (json_object_get (row, key));
}

static int64_t figure (const json_t *row, const char *key)
{
	return json_integer_value (json_object_get (row, key));
}

static struct book_line *line_add (struct booking *b, const struct ledger *ledger, int64_t minor)
{
	if (!minor)
		return NULL;
	b->line[b->lines] = (struct book_line){ .ledger = ledger, .minor = minor };
	return &b->line[b->lines++];
}

static enum status group_add (struct arena *a, struct booking *b, const json_t *group, int sign)
{
	const char *category = said (group, "category"), *rate = said (group, "rate");
	if (!category || !rate)
		return REFUSED;
	int64_t taxable = figure (group, "taxable"), tax = figure (group, "tax");
	const struct ledger *owed = vat_ledger (category, rate);
	struct book_line *sales = line_add (b, sales_ledger (category, rate), -sign * taxable);
	if (sales) {
		sales->code = vat_code (a, category, rate);
		sales->rate = rate;
		sales->tax = -sign * tax;
	}
	line_add (b, owed ? owed : &ledgers[AT_VAT_OTHER], -sign * tax);
	return OK;
}

static bool is_even (const struct booking *b)
{
	__int128 sum = 0;
	for (size_t i = 0; i < b->lines; i++)
		sum += b->line[i].minor;
	return sum == 0;
}

static void row_read (struct booking *b, const json_t *row)
{
	*b = (struct booking){ .relation = said (row, "relation"),
			       .name = said (row, "name"),
			       .vat_id = said (row, "vat_id"),
			       .country = said (row, "country"),
			       .about = said (row, "about"),
			       .due = said (row, "due"),
			       .day = said (row, "day"),
			       .currency = said (row, "currency"),
			       .number = said (row, "number"),
			       .kind = said (row, "kind") };
}

enum status booking_of_document (struct arena *a, const json_t *row, struct booking *ret)
{
	const json_t *groups = json_object_get (row, "groups"), *group;
	size_t i;
	row_read (ret, row);
	if (!ret->kind || !ret->number || !ret->day || !ret->currency)
		return REFUSED;
	int sign = strcmp (ret->kind, "credit_note") == 0 ? -1 : 1;
	ret->line = arena_array (a, 3 + 2 * json_array_size (groups), sizeof *ret->line);
	line_add (ret, &ledgers[AT_DEBTORS], sign * figure (row, "payable"));
	line_add (ret, &ledgers[AT_PREPAID], sign * figure (row, "prepaid"));
	json_array_foreach (groups, i, group)
	{
		if (group_add (a, ret, group, sign) != OK)
			return REFUSED;
	}
	line_add (ret, &ledgers[AT_ROUNDING], -sign * figure (row, "rounding"));
	return is_even (ret) ? OK : REFUSED;
}

enum status booking_of_payment (struct arena *a, const json_t *row, struct booking *ret)
{
	int64_t amount = figure (row, "amount");
	row_read (ret, row);
	ret->kind = "payment";
	if (!ret->number || !ret->day || !ret->currency)
		return REFUSED;
	ret->line = arena_array (a, 2, sizeof *ret->line);
	line_add (ret, &ledgers[AT_BANK], amount);
	line_add (ret, &ledgers[AT_DEBTORS], -amount);
	return OK;
}
