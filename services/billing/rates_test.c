/* Rates around the days on which the law changed, and what the categories and units are called: the words of the fixtures, and a word for each. */
#include "rates.h"

#include "clock.h"
#include "test.h"

static void rates (void)
{
	static const struct {
		const char *day, *high, *low;
	} cases[] = {
		{ "1999-01-01", "19", "6" }, { "2012-09-30", "19", "6" }, { "2012-10-01", "21", "6" }, { "2018-12-31", "21", "6" },
		{ "2019-01-01", "21", "9" }, { "2026-11-23", "21", "9" }, { "9999-12-31", "21", "9" },
	};
	for (size_t i = 0; i < LENGTH (cases); i++) {
		int32_t day;
		CHECK (date_parse (cases[i].day, &day) == OK);
		CHECK_TEXT (vat_rates_on (day).high, cases[i].high);
		CHECK_TEXT (vat_rates_on (day).low, cases[i].low);
	}
}

static void categories (void)
{
	static const char *const letters[] = { "S", "Z", "E", "AE", "K", "G", "O" };
	static const bool has_reason[] = { false, false, true, true, true, true, true };
	for (enum tax_category c = 0; c < tax_category_count; c++) {
		CHECK_TEXT (category_letter (c), letters[c]);
		CHECK (!category_reason (c, false, "nl") == !has_reason[c] && !category_reason (c, false, "en") == !has_reason[c]);
		CHECK (!category_code (c) || has_reason[c]);
	}
	CHECK_TEXT (category_code (tax_category_reverse_charge), "VATEX-EU-AE");
	CHECK_TEXT (category_code (tax_category_intra_community), "VATEX-EU-IC");
	CHECK_TEXT (category_code (tax_category_export), "VATEX-EU-G");
	CHECK_TEXT (category_code (tax_category_outside), "VATEX-EU-O");
	CHECK_TEXT (category_reason (tax_category_reverse_charge, false, NULL), "Btw verlegd");
	CHECK_TEXT (category_reason (tax_category_reverse_charge, true, "en"), "VAT reverse charge (btw verlegd)");
	CHECK_TEXT (category_reason (tax_category_exempt, true, "nl"),
		    "Factuur vrijgesteld van omzetbelasting o.g.v. artikel 25 Wet OB (kleineondernemersregeling)");
	CHECK (strstr (category_reason (tax_category_exempt, true, "en"), "article 25") != NULL);
	CHECK (strstr (category_reason (tax_category_exempt, false, "nl"), "artikel 11") != NULL);
}

static void units (void)
{
	static const char *const codes[] = { "C62", "HUR", "DAY", "MON", "KGM", "MTR", "MTK", "LTR", "KMT" };
	CHECK (LENGTH (codes) == unit_count);
	for (enum unit u = 0; u < unit_count; u++)
		CHECK_TEXT (unit_code (u), codes[u]);
}

int main (void)
{
	rates ();
	categories ();
	units ();
	return test_end ();
}
