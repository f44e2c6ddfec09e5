/* What a booking pays: numbers as people write them, names as banks do, and a table of bookings against the same open invoices. */
#include "matching.h"

#include <string.h>
#include "test.h"

static struct arena arena;

static void numbers_test (void)
{
	static const struct {
		const char *text, *number;
		bool there;
	} table[] = {
		{ "INV-2026-001", "INV-2026-001", true },
		{ "Betaling factuur inv-2026-001, dank", "INV-2026-001", true },
		{ "INV2026001", "INV-2026-001", true },
		{ "INV 2026 001", "INV-2026-001", true },
		{ "INV-2026/001.", "INV-2026-001", true },
		{ "INV-20 26-001", "INV-2026-001", true }, /* a line of the bank ended there */
		{ "factuur:INV-2026-001/klant 7", "INV-2026-001", true },
		{ "INV-2026-0012", "INV-2026-001", false },
		{ "XINV-2026-001", "INV-2026-001", false },
		{ "INV-2026-001-2", "INV-2026-001", false },
		{ "INV-2026-002", "INV-2026-001", false },
		{ "2026-001", "INV-2026-001", false },
		{ "INV-2026-0", "INV-2026-001", false },
		{ "", "INV-2026-001", false },
		{ "INV-2026-001", "", false },
		{ "factuur 2026-001", "2026-001", true },
		{ "INV-2026-001", "2026-001", false },
		{ "1202 6001", "2026001", false },
		{ "NL91ABNA0417164300", "0417", false },
		{ "nr 17 van mei", "17", true },
		{ "1 7", "17", false },
		{ "bedrag 17,00", "17", true },
		{ "170", "17", false },
	};
	for (size_t i = 0; i < LENGTH (table); i++) {
		size_t from = 0, to = 0;
		bool there = matching_number (table[i].text, table[i].number, &from, &to);
		CHECK (!there || strstr (matching_plain (&arena, table[i].text), matching_plain (&arena, table[i].number)));
		CHECK (there == table[i].there);
		if (there != table[i].there)
			fprintf (stderr, "  %s in %s\n", table[i].number, table[i].text);
		CHECK (!there || (from < to && to <= strlen (table[i].text)));
	}
}

static void names_test (void)
{
	static const struct {
		const char *x, *y;
		bool same;
	} table[] = {
		{ "De Wit Interieurs B.V.", "DE WIT INTERIEURS BV", true },
		{ "Café Zuid", "CAFÉ ZUID", true },
		{ "Hr J. Jansen", "J JANSEN", true },
		{ "Bouwbedrijf Van Dijk & Zn.", "van Dijk Bouwbedrijf", true },
		{ "Jansen", "Jansen Schilders V.O.F.", true },
		{ "Jansen Schilders", "Jansen Loodgieters", false },
		{ "B.V.", "N.V.", false },
		{ "De", "Van der", false },
		{ "", "", false },
		{ NULL, "Jansen", false },
	};
	for (size_t i = 0; i < LENGTH (table); i++) {
		CHECK (matching_name (&arena, table[i].x, table[i].y) == table[i].same);
		CHECK (matching_name (&arena, table[i].y, table[i].x) == table[i].same);
	}
}

static void decide_test (void)
{
	static const char *const wit[] = { "NL91ABNA0417164300" }, *const dijk[] = { "NL44RABO0123456789" },
				 *const zuid[] = { "NL20INGB0001234567" };
	static const int64_t paid[] = { 30000, 70000 };
	static const struct matching_open open[] = {
		{ .number = "INV-2026-001", .open = 121000, .currency = "EUR", .name = "De Wit Interieurs B.V.", .iban = wit, .ibans = 1 },
		{ .number = "INV-2026-002", .open = 60500, .currency = "EUR", .name = "De Wit Interieurs B.V.", .iban = wit, .ibans = 1 },
		{ .number = "INV-2026-003", .open = 60500, .currency = "EUR", .name = "Van Dijk Bouw", .iban = dijk, .ibans = 1 },
		{ .number = "INV-2026-004", .open = 9999, .currency = "EUR", .name = "Café Zuid" },
		{ .number = "INV-2026-005", .open = 9999, .currency = "USD", .name = "Café Zuid" },
		{ .number = "INV-2026-006",
		  .open = 0,
		  .currency = "EUR",
		  .name = "Betaald B.V.",
		  .iban = zuid,
		  .ibans = 1,
		  .paid = paid,
		  .paids = 2 },
		{ .number = "INV-2026-0011", .open = 50000, .currency = "EUR", .name = "Elf" },
	};
	static const struct {
		int64_t amount;
		const char *text, *end_to_end, *name, *iban;
		enum statement_line_state state;
		enum matching_why why;
		const char *parts; /* which, and how much */
	} table[] = {
#define IS(state) statement_line_state_##state
		{ 121000, "factuur INV-2026-001", NULL, "iemand", NULL, IS (matched), MATCHING_NUMBER, "0:121000" },
		{ 121000, "", "INV-2026-001", NULL, NULL, IS (matched), MATCHING_NUMBER, "0:121000" },
		{ 50000, "INV-2026-0011", NULL, NULL, NULL, IS (matched), MATCHING_NUMBER, "6:50000" },
		{ 60000, "INV-2026-001", NULL, NULL, NULL, IS (doubtful), MATCHING_OTHER_AMOUNT, "0:60000" },
		{ 121001, "INV-2026-001", NULL, NULL, NULL, IS (doubtful), MATCHING_OTHER_AMOUNT, "0:121001" },
		{ 5000, "INV-2026-006 nog eens", NULL, NULL, NULL, IS (doubtful), MATCHING_OTHER_AMOUNT, "5:5000" },
		{ 181500, "INV-2026-002 en INV-2026-001", NULL, NULL, NULL, IS (matched), MATCHING_NUMBERS, "1:60500 0:121000" },
		{ 150000, "INV-2026-002 en INV-2026-001", NULL, NULL, NULL, IS (doubtful), MATCHING_OTHER_AMOUNT, "1:60500 0:89500" },
		{ 121000, "INV-2026-001 INV-2026-006", NULL, NULL, NULL, IS (doubtful), MATCHING_OTHER_AMOUNT, "0:121000 5:0" },
		{ 9999, "INV-2026-005", NULL, NULL, NULL, IS (doubtful), MATCHING_AMOUNT, "3:9999" }, /* of another currency: not it */
		{ 60500, "factuur 2026-003", NULL, NULL, NULL, IS (doubtful), MATCHING_NUMBER_IN_PART, "2:60500" },
		{ 60500, "dank", NULL, "X", "NL44RABO0123456789", IS (doubtful), MATCHING_AMOUNT_AND_IBAN, "2:60500" },
		{ 60500, "dank", NULL, "DE WIT INTERIEURS", NULL, IS (doubtful), MATCHING_AMOUNT_AND_NAME, "1:60500" },
		{ 60500, "dank", NULL, "X", NULL, IS (unmatched), MATCHING_NOTHING, "" },
		{ 181500, "alles", NULL, "X", "NL91ABNA0417164300", IS (doubtful), MATCHING_SUM_OF_ACCOUNT, "0:121000 1:60500" },
		{ 121000, "dank", NULL, "X", NULL, IS (doubtful), MATCHING_AMOUNT, "0:121000" },
		{ 777, "dank", NULL, "De Wit Interieurs", "NL91ABNA0417164300", IS (unmatched), MATCHING_NOTHING, "" },
		{ -121000, "Storno INV-2026-006", NULL, NULL, NULL, IS (doubtful), MATCHING_WENT_BACK, "5:-121000" },
		{ -121000, "huur", NULL, NULL, NULL, IS (unmatched), MATCHING_NOTHING, "" },
		{ -70000, "terug", NULL, "X", "NL20INGB0001234567", IS (doubtful), MATCHING_WENT_BACK, "5:-70000" },
		{ -30000, "terug", NULL, "BETAALD BV", NULL, IS (doubtful), MATCHING_WENT_BACK, "5:-30000" },
		{ -70000, "huur", NULL, "X", "NL44RABO0123456789", IS (unmatched), MATCHING_NOTHING, "" },
		{ -69999, "terug", NULL, "BETAALD BV", "NL20INGB0001234567", IS (unmatched), MATCHING_NOTHING, "" },
		{ 0, "INV-2026-001", NULL, NULL, NULL, IS (unmatched), MATCHING_NOTHING, "" },
	};
	for (size_t i = 0; i < LENGTH (table); i++) {
		struct bank_entry e = { .amount = table[i].amount,
					.currency = "EUR",
					.text = table[i].text,
					.end_to_end = table[i].end_to_end,
					.name = table[i].name,
					.iban = table[i].iban };
		struct matching m;
		struct buffer parts = { 0 };
		int64_t sum = 0;
		struct matching_open plain[LENGTH (open)];
		struct matching same;
		memcpy (plain, open, sizeof plain);
		for (size_t k = 0; k < LENGTH (open); k++)
			plain[k].plain = matching_plain (&arena, open[k].number);
		matching_decide (&arena, &e, open, LENGTH (open), &m);
		matching_decide (&arena, &e, plain, LENGTH (open), &same);
		CHECK (same.state == m.state && same.why == m.why && same.n == m.n);
		for (size_t k = 0; k < m.n; k++) {
			buffer_printf (&parts, "%s%zu:%lld", k ? " " : "", m.part[k].at, (long long) m.part[k].amount);
			sum += m.part[k].amount;
		}
		CHECK (m.state == table[i].state);
		CHECK_TEXT (matching_why_name (m.why), matching_why_name (table[i].why));
		CHECK_TEXT (arena_copy (&arena, parts.n ? (const char *) parts.at : "", parts.n), table[i].parts);
		CHECK (e.amount < 0 || sum <= e.amount);
		CHECK (m.state != statement_line_state_matched || sum == e.amount);
		buffer_fini (&parts);
	}
}

int main (void)
{
	arena_init (&arena);
	numbers_test ();
	names_test ();
	decide_test ();
	arena_fini (&arena);
	return test_end ();
}
