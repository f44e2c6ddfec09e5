/* Rates with the days since which they hold; categories with their letters, codes and words.
 * It must never say a rate that did not hold on the day of the supply. */
#include "rates.h"

#include <string.h>
#include "clock.h"

/* Newest first; the first that had begun is the one. The oldest hold for all days before, too. */
static const struct {
	const char *since;
	struct vat_rates rates;
} dutch[] = {
	{ "2019-01-01", { "21", "9" } },
	{ "2012-10-01", { "21", "6" } },
	{ "2001-01-01", { "19", "6" } },
};

struct vat_rates vat_rates_on (int32_t day)
{
	size_t i = 0;
	for (; i + 1 < LENGTH (dutch); i++) {
		int32_t since;
		if (date_parse (dutch[i].since, &since) == OK && since <= day)
			break;
	}
	return dutch[i].rates;
}

static const struct category {
	const char *letter, *code, *nl, *en;
} categories[tax_category_count] = {
	[tax_category_standard] = { "S", NULL, NULL, NULL },
	[tax_category_zero] = { "Z", NULL, NULL, NULL },
	[tax_category_exempt] = { "E", NULL, "Vrijgesteld van btw (artikel 11 Wet OB 1968)",
				  "Exempt from VAT (article 11 of the Dutch VAT Act 1968)" },
	[tax_category_reverse_charge] = { "AE", "VATEX-EU-AE", "Btw verlegd", "VAT reverse charge (btw verlegd)" },
	[tax_category_intra_community] = { "K", "VATEX-EU-IC",
					   "Intracommunautaire levering, btw 0% (artikel 9, tweede lid, Wet OB 1968; tabel II, post a.6)",
					   "Intra-Community supply, VAT 0% (article 138 of Directive 2006/112/EC)" },
	[tax_category_export] = { "G", "VATEX-EU-G",
				  "Uitvoer buiten de EU, btw 0% (artikel 9, tweede lid, Wet OB 1968; tabel II, post a.2)",
				  "Export outside the EU, VAT 0% (article 146 of Directive 2006/112/EC)" },
	[tax_category_outside] = { "O", "VATEX-EU-O", "Buiten de heffing van btw", "Outside the scope of VAT" },
};

const char *category_letter (enum tax_category category)
{
	return categories[category].letter;
}

const char *category_code (enum tax_category category)
{
	return categories[category].code;
}

const char *category_reason (enum tax_category category, bool kor, const char *language)
{
	bool dutch_words = !language || strcmp (language, "nl") == 0;
	if (category == tax_category_exempt && kor)
		return dutch_words ? "Factuur vrijgesteld van omzetbelasting o.g.v. artikel 25 Wet OB (kleineondernemersregeling)"
				   : "Exempt from VAT under article 25 of the Dutch VAT Act (small-business scheme)";
	return dutch_words ? categories[category].nl : categories[category].en;
}

const char *unit_code (enum unit unit)
{
	switch (unit) {
	case unit_piece: return "C62";
	case unit_hour: return "HUR";
	case unit_day: return "DAY";
	case unit_month: return "MON";
	case unit_kilogram: return "KGM";
	case unit_metre: return "MTR";
	case unit_square_metre: return "MTK";
	case unit_litre: return "LTR";
	case unit_kilometre: return "KMT";
	case unit_count: break;
	}
	return NULL;
}
