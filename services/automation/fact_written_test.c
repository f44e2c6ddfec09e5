/* Numbers and days as people write them: what they are in Dutch, what in English, and what is nothing or may be two things. */
#include "fact.h"

#include "clock.h"
#include "test.h"

enum { NO = -1 };

/* ten-thousandths; NO: refused */
static const struct {
	const char *text;
	long long nl, en;
} numbers[] = {
	{ "7", 70000, 70000 },
	{ " 7 ", 70000, 70000 },
	{ "007", 70000, 70000 },
	{ "-7", -70000, -70000 },
	{ "- 7", -70000, -70000 },
	{ "1500", 15000000, 15000000 },
	{ "1.500", 15000000, 15000 },
	{ "1,500", 15000, 15000000 },
	{ "1.5", 15000, 15000 },
	{ "1,5", 15000, 15000 },
	{ "0.500", 5000, 5000 },
	{ "0,500", 5000, 5000 },
	{ "1500.500", 15005000, 15005000 }, /* four digits in front: no groups */
	{ "1.500,25", 15002500, 15002500 },
	{ "1,500.25", 15002500, 15002500 },
	{ "1.500.000", 15000000000, 15000000000 },
	{ "1,500,000", 15000000000, 15000000000 },
	{ "1.500.000,1234", 15000001234, 15000001234 },
	{ "1 500", 15000000, 15000000 },
	{ "1 500,5", 15005000, 15005000 },
	{ "1\xc2\xa0"
	  "500.5",
	  15005000, 15005000 },
	{ "1\xe2\x80\xaf"
	  "500",
	  15000000, 15000000 },
	{ "1'500.5", 15005000, 15005000 },
	{ "€ 1.500,00", 15000000, 15000000 },
	{ "€1,500.00", 15000000, 15000000 },
	{ "-€ 12,50", -125000, -125000 },
	{ "€ -12,50", -125000, -125000 },
	{ "12.50 EUR", 125000, 125000 },
	{ "EUR 12,50", 125000, 125000 },
	{ "$12.50", 125000, 125000 },
	{ "1.500,-", 15000000, NO },
	{ "€ 25,--", 250000, 250000 },
	{ "999999999999999999", 9223372036854775807, 9223372036854775807 }, /* as large as it gets: see below */
	{ "", NO, NO },
	{ " ", NO, NO },
	{ "€", NO, NO },
	{ "-", NO, NO },
	{ "--7", NO, NO },
	{ "7-", NO, NO },
	{ "veel", NO, NO },
	{ "7x", NO, NO },
	{ "7 %", NO, NO },
	{ ".5", NO, NO },
	{ "5.", NO, NO },
	{ "1.50.000", NO, NO },
	{ "1.500.00", NO, NO },
	{ "1500.000.000", NO, NO },
	{ "1.500 000", NO, NO },
	{ "1.500,000,000", NO, NO },
	{ "1.500.000'25", NO, NO },
	{ "1.23456", NO, NO },
	{ "1 50", NO, NO },
	{ "1234567890123456789", NO, NO },
	{ "1.1.1.1.1.1.1.1.1", NO, NO },
	{ "1e5", NO, NO },
};

static void number_check (const char *text, enum written written, long long wanted)
{
	fact_number is = 7;
	enum status status = number_written (text, written, &is);
	bool large = wanted == 9223372036854775807;
	bool good = wanted == NO ? status == REFUSED && is == 7
		    : large	 ? status == OK && is == (fact_number) 999999999999999999 * FACT_NUMBER_ONE
				 : status == OK && is == wanted;
	CHECK (good);
	if (!good)
		fprintf (stderr, "  \"%s\" in %d: %lld\n", text, written, (long long) is);
}

static const struct {
	const char *text, *nl, *en; /* null: refused */
} days[] = {
	{ "2026-11-03", "2026-11-03", "2026-11-03" },
	{ "2026/11/3", "2026-11-03", "2026-11-03" },
	{ "3-11-2026", "2026-11-03", NULL },
	{ "03/11/2026", "2026-11-03", NULL },
	{ "3.11.2026", "2026-11-03", "2026-11-03" }, /* with points nobody puts the month first */
	{ "23-11-2026", "2026-11-23", "2026-11-23" },
	{ "11/23/2026", NULL, "2026-11-23" },
	{ "11/11/2026", "2026-11-11", "2026-11-11" },
	{ "3 november 2026", "2026-11-03", "2026-11-03" },
	{ " 3  NOV. 2026 ", "2026-11-03", "2026-11-03" },
	{ "3 mrt 2026", "2026-03-03", "2026-03-03" },
	{ "1 mei 2026", "2026-05-01", "2026-05-01" },
	{ "31 okt 2026", "2026-10-31", "2026-10-31" },
	{ "3. augustus 2026", "2026-08-03", "2026-08-03" },
	{ "3-nov-2026", "2026-11-03", "2026-11-03" },
	{ "November 3, 2026", "2026-11-03", "2026-11-03" },
	{ "Sept. 3, 2026", "2026-09-03", "2026-09-03" },
	{ "29 februari 2028", "2028-02-29", "2028-02-29" },
	{ "29 februari 2026", NULL, NULL },
	{ "31-4-2026", NULL, NULL },
	{ "0-0-2026", NULL, NULL },
	{ "32/13/2026", NULL, NULL },
	{ "23-11-26", NULL, NULL },
	{ "23-11/2026", NULL, NULL },
	{ "23 11 2026", NULL, NULL },
	{ "23-11", NULL, NULL },
	{ "23-11-2026-", NULL, NULL },
	{ "23-11-2026 10:00", NULL, NULL },
	{ "nov nov 2026", NULL, NULL },
	{ "3 movember 2026", NULL, NULL },
	{ "3 j 2026", NULL, NULL },
	{ "2026 november 3", NULL, NULL },
	{ "november 2026 3", NULL, NULL },
	{ "99999-11-23", NULL, NULL },
	{ "", NULL, NULL },
	{ "morgen", NULL, NULL },
};

static void day_check (const char *text, enum written written, const char *wanted)
{
	int32_t is = 7;
	char day[DATE_TEXT];
	bool read = day_written (text, written, &is) == OK;
	CHECK (read || is == 7);
	CHECK_TEXT (read ? date_format (is, day) : NULL, wanted);
}

int main (void)
{
	fact_number is;
	for (size_t i = 0; i < LENGTH (numbers); i++) {
		number_check (numbers[i].text, WRITTEN_NL, numbers[i].nl);
		number_check (numbers[i].text, WRITTEN_EN, numbers[i].en);
	}
	for (size_t i = 0; i < LENGTH (days); i++) {
		day_check (days[i].text, WRITTEN_NL, days[i].nl);
		day_check (days[i].text, WRITTEN_EN, days[i].en);
	}
	CHECK (number_exact ("-12.5", &is) == OK && is == -125000);
	CHECK (number_exact ("12,5", &is) == REFUSED && number_exact ("12.", &is) == REFUSED && number_exact ("+1", &is) == REFUSED);
	return test_end ();
}
