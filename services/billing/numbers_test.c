/* Numbers of documents as their formats give them, every fault of a format, and that no two documents of a series ever have one number. */
#include "numbers.h"

#include "test.h"

static struct arena arena;

static void formats (void)
{
	static const struct {
		const char *format, *wanted;
		int64_t seq;
		int digits;
	} cases[] = {
		{ "OFF-{year}-{seq}", "OFF-2026-001", 1, 3 }, { "INV-{year}-{seq}", "INV-2026-1000", 1000, 3 },
		{ "{year}{month}{seq}", "2026030007", 7, 4 }, { "{seq}", "1", 1, 1 },
		{ "{seq}/{year}", "000000042/2026", 42, 9 },  { "F {year}.{seq}_b", "F 2026.12_b", 12, 2 },
		{ "{seq}", "12345678901", 12345678901, 9 },   { "{year}-{year}-{seq}", "2026-2026-1", 1, 1 },
	};
	for (size_t i = 0; i < LENGTH (cases); i++) {
		const char *detail;
		CHECK (number_format_check (cases[i].format, false, &detail) == OK && !detail);
		CHECK_TEXT (number_format (&arena, cases[i].format, 2026, 3, cases[i].seq, cases[i].digits), cases[i].wanted);
	}
}

static void faults (void)
{
	static const struct {
		const char *format;
		bool yearly, good;
	} cases[] = {
		{ "{year}-{seq}", true, true },
		{ "INV-{seq}", true, false }, /* each year the same numbers again */
		{ "INV-{seq}", false, true },
		{ "{month}-{seq}", true, false },
		{ "", false, false },
		{ "INV-{year}", false, false },
		{ "{seq}-{seq}", false, false },
		{ "{Seq}", false, false },
		{ "{seq}{day}", false, false },
		{ "{seq}{", false, false },
		{ "{seq}}", false, false },
		{ "{seq}é", false, false },
		{ "{seq}\n", false, false },
		{ "{seq}:1", false, false },
		{ "<{seq}>", false, false },
		{ " {seq}", false, false },
		{ "{seq} ", false, false },
		{ "ABCDEFGHIJKLMNOPQ{year}{seq}", true, true }, /* 17 + 4 + 9 */
		{ "ABCDEFGHIJKLMNOPQR{year}{seq}", true, false },
	};
	for (size_t i = 0; i < LENGTH (cases); i++) {
		const char *detail = "";
		enum status is = number_format_check (cases[i].format, cases[i].yearly, &detail);
		CHECK (is == (cases[i].good ? OK : REFUSED) && !detail == cases[i].good);
		if (is == OK)
			CHECK (strlen (number_format (&arena, cases[i].format, 9999, 12, 999999999, 9)) <= NUMBER_MOST);
	}
}

/* Three years with numbers longer than their padding. */
static void numbers_differ (void)
{
	static const char *const yearly[] = { "{year}{seq}", "{seq}{year}", "{year}{month}{seq}", "1{seq}{month}{year}" };
	for (size_t i = 0; i < LENGTH (yearly); i++) {
		const char *given[3 * 300];
		size_t n = 0, same = 0;
		arena_reset (&arena);
		for (int year = 2024; year < 2027; year++)
			for (int seq = 1; seq <= 300; seq++)
				given[n++] = number_format (&arena, yearly[i], year, 1 + seq / 26, seq, 1);
		for (size_t j = 0; j < n; j++)
			for (size_t k = 0; k < j; k++)
				same += strcmp (given[j], given[k]) == 0;
		CHECK (same == 0);
	}
}

/* What numbers of a format look like, and nothing else. */
static void patterns (void)
{
	CHECK_TEXT (number_pattern (&arena, "INV-{year}-{seq}", 2026), "^INV-2026-([0-9]{1,9})$");
	CHECK_TEXT (number_pattern (&arena, "{year}.{month}/{seq}_x", 0), "^[0-9]{4}\\.[0-9]{2}/([0-9]{1,9})_x$");
}

int main (void)
{
	arena_init (&arena);
	formats ();
	faults ();
	numbers_differ ();
	patterns ();
	arena_fini (&arena);
	return test_end ();
}
