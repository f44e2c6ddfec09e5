/* Money: every row is what is given, in what currency, and what it is as minor units and as text. */
#include "money.h"

#include "test.h"

static const struct {
	const char *amount, *currency;
	int64_t minor;
	const char *text; /* null: refused */
} rows[] = {
	{ "1815", "EUR", 181500, "1815.00" },
	{ "1815.5", "EUR", 181550, "1815.50" },
	{ "1815.00", "EUR", 181500, "1815.00" },
	{ "-1815.00", "EUR", -181500, "-1815.00" },
	{ "0", "EUR", 0, "0.00" },
	{ "-0.00", "EUR", 0, "0.00" },
	{ "0.05", "EUR", 5, "0.05" },
	{ "-0.05", "USD", -5, "-0.05" },
	{ "007", "EUR", 700, "7.00" },
	{ "1815", "JPY", 1815, "1815" },
	{ "0", "JPY", 0, "0" },
	{ "1.234", "KWD", 1234, "1.234" },
	{ "1.2345", "CLF", 12345, "1.2345" },
	{ "92233720368547758.07", "EUR", INT64_MAX, "92233720368547758.07" },
	{ "-92233720368547758.08", "EUR", INT64_MIN, "-92233720368547758.08" },
	{ "92233720368547758.08", "EUR", 0, NULL },
	{ "-92233720368547758.09", "EUR", 0, NULL },
	{ "92233720368547759", "EUR", 0, NULL },
	{ "99999999999999999999999999", "JPY", 0, NULL },
	{ "1815.005", "EUR", 0, NULL },
	{ "1815.000", "EUR", 0, NULL },
	{ "1815.0", "JPY", 0, NULL },
	{ "1815.", "EUR", 0, NULL },
	{ "1815.", "JPY", 0, NULL },
	{ ".5", "EUR", 0, NULL },
	{ "-", "EUR", 0, NULL },
	{ "", "EUR", 0, NULL },
	{ "+1", "EUR", 0, NULL },
	{ "--1", "EUR", 0, NULL },
	{ "1e3", "EUR", 0, NULL },
	{ "1,50", "EUR", 0, NULL },
	{ "1.5.0", "EUR", 0, NULL },
	{ " 1", "EUR", 0, NULL },
	{ "1 ", "EUR", 0, NULL },
	{ "NaN", "EUR", 0, NULL },
	{ "1", "eur", 0, NULL },
	{ "1", "EURO", 0, NULL },
	{ "1", "EU", 0, NULL },
	{ "1", "", 0, NULL },
	{ "1", "ZZZ", 0, NULL },
	{ "1", "R E", 0, NULL },
};

int main (void)
{
	char text[24];
	for (size_t i = 0; i < LENGTH (rows); i++) {
		struct money m = { .minor = 42 };
		enum status status = money_parse (rows[i].amount, rows[i].currency, &m);
		CHECK (status == (rows[i].text ? OK : REFUSED));
		CHECK (m.minor == (rows[i].text ? rows[i].minor : 42));
		if (status == OK)
			CHECK_TEXT (money_amount (m, text), rows[i].text);
	}
	struct money euro = { 150, "EUR" }, dollar = { 1, "USD" }, most = { INT64_MAX, "EUR" }, sum = { 0 };
	CHECK (money_add (euro, euro, &sum) == OK && sum.minor == 300 && strcmp (sum.currency, "EUR") == 0);
	CHECK (money_add (euro, dollar, &sum) == REFUSED && sum.minor == 300);
	CHECK (money_add (euro, most, &sum) == REFUSED && sum.minor == 300);
	CHECK (money_digits ("EUR") == 2 && money_digits ("JPY") == 0 && money_digits ("KWD") == 3 && money_digits ("NLG") == 2);
	return test_end ();
}
