/* What documents come to: the fixtures' figures, every fault with its place, and a hundred thousand random documents held against what each figure has to
 * satisfy (who rounds right is nearest, who shares right is never a unit from the exact part), which is not how amounts.c reckons. */
#include "amounts.h"

#include "money.h"
#include "test.h"

enum { LINES_MOST = 12 };

static struct arena arena;

/* ---- decimals ---- */

static void decimals (void)
{
	static const struct {
		const char *text;
		int digits;
		int64_t value;
		const char *back;
	} good[] = {
		{ "12.5", 2, 1250, "12.5" },
		{ "0", 2, 0, "0" },
		{ "-0", 2, 0, "0" },
		{ "-0.05", 2, -5, "-0.05" },
		{ "007.10", 2, 710, "7.1" },
		{ "0.0145", 6, 14500, "0.0145" },
		{ "3.5", 4, 35000, "3.5" },
		{ "100", 0, 100, "100" },
		{ "1000", 3, 1000000, "1000" },
		{ "92233720368547758.07", 2, INT64_MAX, "92233720368547758.07" },
		{ "-92233720368547758.07", 2, -INT64_MAX, "-92233720368547758.07" },
	};
	static const char *const bad[] = { "",
					   "-",
					   ".",
					   ".5",
					   "5.",
					   "+5",
					   " 5",
					   "5 ",
					   "1,5",
					   "1e3",
					   "--1",
					   "1.2.3",
					   "1.234",
					   "0x10",
					   "92233720368547758.08",
					   "99999999999999999999",
					   "NaN" };
	for (size_t i = 0; i < LENGTH (good); i++) {
		int64_t is = 77;
		CHECK (decimal_parse (good[i].text, good[i].digits, &is) == OK && is == good[i].value);
		CHECK_TEXT (decimal_text (&arena, good[i].value, good[i].digits), good[i].back);
	}
	for (size_t i = 0; i < LENGTH (bad); i++) {
		int64_t is = 77;
		CHECK (decimal_parse (bad[i], 2, &is) == REFUSED && is == 77);
	}
	CHECK_TEXT (decimal_text (&arena, INT64_MIN, 2), "-92233720368547758.08");
}

/* ---- the fixtures' documents: ubl/expected.json ---- */

#define ITEM(q, p, r)                                \
	{                                            \
		.quantity = q, .price = p, .rate = r \
	}
#define OF(c, q, p)                                                     \
	{                                                               \
		.quantity = q, .price = p, .category = tax_category_##c \
	}

struct fixture {
	const char *name;
	struct doc_line line[8];
	int64_t prepaid, rounding;
	int64_t net, vat, gross, payable;
	struct {
		const char *rate;
		enum tax_category category;
		int64_t tax, taxable;
	} group[2];
	int64_t line_net[8], lines, allowance;
};

static const struct fixture fixtures[] = {
	{ .name = "invoice-nl-21-and-9, creditnote-nl-full",
	  .line = { ITEM ("1", "895.00", "21"), ITEM ("3.5", "65.00", "21"), ITEM ("1", "29.95", "9") },
	  .net = 115245,
	  .vat = 23843,
	  .gross = 139088,
	  .payable = 139088,
	  .group = { { "21", tax_category_standard, 23573, 112250 }, { "9", tax_category_standard, 270, 2995 } },
	  .line_net = { 89500, 22750, 2995 },
	  .lines = 115245 },
	{ .name = "invoice-nl-line-and-document-discount: its allowance of 75.35 is not quite 10 per cent",
	  .line = { { .quantity = "2", .price = "400.00", .rate = "21", .discount_amount = "50.00" }, ITEM ("250", "0.0145", "21") },
	  .net = 67828,
	  .vat = 14244,
	  .gross = 82072,
	  .payable = 82072,
	  .group = { { "21", tax_category_standard, 14244, 67828 } },
	  .line_net = { 75000, 363 },
	  .lines = 75363,
	  .allowance = 7535 },
	{ .name = "invoice-nl-rounding-per-rate",
	  .line = { ITEM ("1", "0.33", "21"), ITEM ("1", "0.33", "21"), ITEM ("1", "0.33", "21"), ITEM ("1", "0.33", "21"),
		    ITEM ("1", "0.33", "21"), ITEM ("1", "0.33", "21"), ITEM ("1", "0.33", "21"), ITEM ("3", "1.99", "9") },
	  .net = 828,
	  .vat = 103,
	  .gross = 931,
	  .payable = 931,
	  .group = { { "21", tax_category_standard, 49, 231 }, { "9", tax_category_standard, 54, 597 } },
	  .line_net = { 33, 33, 33, 33, 33, 33, 33, 597 },
	  .lines = 828 },
	{ .name = "tolerated-per-line-vat-rounding",
	  .line = { ITEM ("1", "0.33", "21"), ITEM ("1", "0.33", "21"), ITEM ("1", "0.33", "21"), ITEM ("1", "0.33", "21"),
		    ITEM ("1", "0.33", "21"), ITEM ("1", "0.33", "21"), ITEM ("1", "0.33", "21") },
	  .net = 231,
	  .vat = 49,
	  .gross = 280,
	  .payable = 280,
	  .group = { { "21", tax_category_standard, 49, 231 } },
	  .line_net = { 33, 33, 33, 33, 33, 33, 33 },
	  .lines = 231 },
	{ .name = "invoice-nl-reverse-charge-btw-verlegd",
	  .line = { OF (reverse_charge, "8", "50.00") },
	  .net = 40000,
	  .vat = 0,
	  .gross = 40000,
	  .payable = 40000,
	  .group = { { "0", tax_category_reverse_charge, 0, 40000 } },
	  .line_net = { 40000 },
	  .lines = 40000 },
	{ .name = "invoice-eu-intracommunity-supply",
	  .line = { OF (intra_community, "2", "895.00") },
	  .net = 179000,
	  .vat = 0,
	  .gross = 179000,
	  .payable = 179000,
	  .group = { { "0", tax_category_intra_community, 0, 179000 } },
	  .line_net = { 179000 },
	  .lines = 179000 },
	{ .name = "invoice-nl-kor-exempt",
	  .line = { OF (exempt, "1", "100.00") },
	  .net = 10000,
	  .vat = 0,
	  .gross = 10000,
	  .payable = 10000,
	  .group = { { "0", tax_category_exempt, 0, 10000 } },
	  .line_net = { 10000 },
	  .lines = 10000 },
	{ .name = "invoice-nl-zero-rate",
	  .line = { OF (zero, "10", "150.00"), ITEM ("1", "10.00", "21") },
	  .net = 151000,
	  .vat = 210,
	  .gross = 151210,
	  .payable = 151210,
	  .group = { { "21", tax_category_standard, 210, 1000 }, { "0", tax_category_zero, 0, 150000 } },
	  .line_net = { 150000, 1000 },
	  .lines = 151000 },
	{ .name = "invoice-nl-prepaid",
	  .line = { ITEM ("1", "1000.00", "21") },
	  .prepaid = 50000,
	  .net = 100000,
	  .vat = 21000,
	  .gross = 121000,
	  .payable = 71000,
	  .group = { { "21", tax_category_standard, 21000, 100000 } },
	  .line_net = { 100000 },
	  .lines = 100000 },
	{ .name = "invoice-nl-cash-rounding",
	  .line = { ITEM ("1", "10.02", "21") },
	  .rounding = -2,
	  .net = 1002,
	  .vat = 210,
	  .gross = 1212,
	  .payable = 1210,
	  .group = { { "21", tax_category_standard, 210, 1002 } },
	  .line_net = { 1002 },
	  .lines = 1002 },
	{ .name = "invoice-nlcius",
	  .line = { ITEM ("1", "895.00", "21") },
	  .net = 89500,
	  .vat = 18795,
	  .gross = 108295,
	  .payable = 108295,
	  .group = { { "21", tax_category_standard, 18795, 89500 } },
	  .line_net = { 89500 },
	  .lines = 89500 },
	{ .name = "creditnote-nl-partial",
	  .line = { ITEM ("1", "65.00", "21") },
	  .net = 6500,
	  .vat = 1365,
	  .gross = 7865,
	  .payable = 7865,
	  .group = { { "21", tax_category_standard, 1365, 6500 } },
	  .line_net = { 6500 },
	  .lines = 6500 },
	{ .name = "what every other invalid-*.xml should have come to",
	  .line = { ITEM ("1", "100.00", "21") },
	  .net = 10000,
	  .vat = 2100,
	  .gross = 12100,
	  .payable = 12100,
	  .group = { { "21", tax_category_standard, 2100, 10000 } },
	  .line_net = { 10000 },
	  .lines = 10000 },
};

static void fixture_holds (const struct fixture *f, enum document_kind kind)
{
	struct amounts_fault fault;
	int64_t net[8] = { 0 };
	char off[24] = "";
	struct document d = { .kind = kind, .currency = "EUR", .line = f->line, .prepaid = f->prepaid, .rounding = f->rounding };
	for (; d.lines < 8 && f->line[d.lines].price; d.lines++)
		;
	if (f->allowance)
		d.discount_amount = money_amount ((struct money){ f->allowance, "EUR" }, off);
	int failed = test_failed;
	CHECK (totals_of (&arena, &d, net, &fault) == OK);
	const struct doc_totals *t = &d.totals;
	CHECK (t->lines == f->lines && t->allowance == f->allowance);
	CHECK (t->net == f->net && t->vat == f->vat && t->gross == f->gross && t->payable == f->payable);
	CHECK (t->groups == 1u + (f->group[1].rate != NULL));
	for (size_t i = 0; i < t->groups; i++) {
		CHECK (t->group[i].category == f->group[i].category);
		CHECK_TEXT (t->group[i].rate, f->group[i].rate);
		CHECK (t->group[i].tax == f->group[i].tax && t->group[i].taxable == f->group[i].taxable);
	}
	for (size_t i = 0; i < d.lines; i++)
		CHECK (net[i] == f->line_net[i]);
	if (failed != test_failed)
		fprintf (stderr, "  in %s\n", f->name);
}

/* ---- faults ---- */

static const char *fault_of (const char *currency, const struct doc_line line[], size_t lines, const char *discount,
			     const char *discount_amount)
{
	struct amounts_fault fault = { 0 };
	int64_t net[4] = { 77, 77, 77, 77 };
	struct document d = { .currency = currency,
			      .line = line,
			      .lines = lines,
			      .discount = discount,
			      .discount_amount = discount_amount,
			      .totals = { .net = 77 } };
	if (totals_of (&arena, &d, net, &fault) == OK)
		return "none";
	CHECK (net[0] == 77 && d.totals.net == 77 && *fault.detail); /* what is refused changes nothing */
	return arena_printf (&arena, "%s %s", fault.pointer, fault.code);
}

static void faults (void)
{
	static const struct {
		struct doc_line line;
		const char *wanted;
	} cases[] = {
		{ ITEM ("1", "1", "21"), "none" },
		{ ITEM (NULL, "1", "21"), "none" },
		{ ITEM ("", "1", "21"), "none" },
		{ ITEM ("0", "0", "0.01"), "none" },
		{ ITEM ("-1", "1", "100"), "none" },
		{ { .kind = line_kind_section, .price = "what", .rate = "?" }, "none" },
		{ { .kind = line_kind_text }, "none" },
		{ ITEM ("1", NULL, "21"), "/lines/1/price required" },
		{ ITEM ("1", "", "21"), "/lines/1/price required" },
		{ ITEM ("1", "-1", "21"), "/lines/1/price negative" },
		{ ITEM ("1", "1,50", "21"), "/lines/1/price malformed" },
		{ ITEM ("1", "1.1234567", "21"), "/lines/1/price too_long" },
		{ ITEM ("1", "10000000000000.01", "21"), "/lines/1/price out_of_range" },
		{ ITEM ("1", "99999999999999999999", "21"), "/lines/1/price out_of_range" },
		{ ITEM ("900000000000000", "9000000000000", "21"), "/lines/1/price out_of_range" },
		{ ITEM ("-900000000000000", "9000000000000", "21"), "/lines/1/price out_of_range" },
		{ ITEM ("1.00001", "1", "21"), "/lines/1/quantity too_long" },
		{ ITEM ("one", "1", "21"), "/lines/1/quantity malformed" },
		{ { .price = "1", .rate = "21", .per = "0" }, "/lines/1/per out_of_range" },
		{ { .price = "1", .rate = "21", .per = "-1" }, "/lines/1/per negative" },
		{ { .price = "1", .rate = "21", .per = "1000" }, "none" },
		{ { .price = "1", .rate = "21", .discount = "100" }, "none" },
		{ { .price = "1", .rate = "21", .discount = "100.01" }, "/lines/1/discount out_of_range" },
		{ { .price = "1", .rate = "21", .discount = "-1" }, "/lines/1/discount negative" },
		{ { .price = "1", .rate = "21", .discount = "1.005" }, "/lines/1/discount too_long" },
		{ { .price = "1", .rate = "21", .discount_amount = "-0.01" }, "/lines/1/discount_amount negative" },
		{ { .price = "1", .rate = "21", .discount_amount = "0.001" }, "/lines/1/discount_amount too_long" },
		{ { .price = "1", .rate = "21", .charge_amount = "-0.01" }, "/lines/1/charge_amount negative" },
		{ { .price = "1", .rate = "21", .charge_amount = "10000000000000.01" }, "/lines/1/charge_amount out_of_range" },
		{ { .price = "1", .rate = "21", .charge_amount = "10000000000000" }, "/lines/1/price out_of_range" },
		{ ITEM ("1", "1", NULL), "/lines/1/rate rate_required" },
		{ ITEM ("1", "1", "0"), "/lines/1/rate rate_required" },
		{ ITEM ("1", "1", "-21"), "/lines/1/rate negative" },
		{ ITEM ("1", "1", "100.01"), "/lines/1/rate out_of_range" },
		{ ITEM ("1", "1", "21%"), "/lines/1/rate malformed" },
		{ { .price = "1", .rate = "0.00", .category = tax_category_exempt }, "none" },
		{ { .price = "1", .rate = "9", .category = tax_category_exempt }, "/lines/1/rate rate_not_zero" },
		{ { .price = "1", .rate = "21", .category = tax_category_reverse_charge }, "/lines/1/rate rate_not_zero" },
		{ { .price = "1", .category = tax_category_outside }, "/lines/1/category mixed_outside" },
		{ { .price = "1", .category = tax_category_outside, .optional = true, .chosen = false, .has.chosen = HERE },
		  "/lines/1/category mixed_outside" },
		{ { .price = "x", .rate = "21", .optional = true, .has.chosen = HERE }, "/lines/1/price malformed" },
	};
	struct doc_line line[4] = { ITEM ("1", "1", "9") };
	for (size_t i = 0; i < LENGTH (cases); i++) {
		line[1] = cases[i].line;
		CHECK_TEXT (fault_of ("EUR", line, 2, NULL, NULL), cases[i].wanted);
	}
	CHECK_TEXT (fault_of ("EUR", line, 1, "101", NULL), "/discount out_of_range");
	CHECK_TEXT (fault_of ("EUR", line, 1, "10%", NULL), "/discount malformed");
	CHECK_TEXT (fault_of ("EUR", line, 1, NULL, "-1"), "/discount_amount negative");
	CHECK_TEXT (fault_of ("EUR", line, 1, NULL, "1.001"), "/discount_amount too_long");
	CHECK_TEXT (fault_of ("JPY", line, 1, NULL, "1.5"), "/discount_amount too_long");
	CHECK_TEXT (fault_of ("KWD", line, 1, NULL, "1.005"), "none");
	CHECK_TEXT (fault_of ("EUR", line, 0, "10", "5"), "none");
	/* each line fits, all of them do not; and what is too much without VAT is so with it */
	line[0] = line[1] = (struct doc_line) ITEM ("1", "6000000000000", "9");
	CHECK_TEXT (fault_of ("EUR", line, 2, NULL, NULL), "/lines out_of_range");
	line[0] = (struct doc_line) ITEM ("1.1", "9000000000000", "9");
	CHECK_TEXT (fault_of ("EUR", line, 1, NULL, NULL), "/lines out_of_range");
	/* no order of the lines hides that a group is too much */
	line[0] = line[1] = (struct doc_line) ITEM ("1", "8000000000000", "9");
	line[2] = (struct doc_line) ITEM ("-1", "8000000000000", "21");
	CHECK_TEXT (fault_of ("EUR", line, 3, NULL, NULL), "/lines out_of_range");
	struct amounts_fault fault;
	int64_t net[1];
	struct document d = { .currency = "EUR", .line = &cases[0].line, .lines = 1, .prepaid = INT64_MIN };
	CHECK (totals_of (&arena, &d, net, &fault) == REFUSED && strcmp (fault.pointer, "/prepaid") == 0);
	const struct doc_line large = ITEM ("1.1", "9000000000000", "9");
	d.line = &large, d.prepaid = 900000000000000;
	CHECK (totals_of (&arena, &d, net, &fault) == REFUSED && strcmp (fault.pointer, "/lines") == 0);
	d.line = &cases[0].line, d.prepaid = -1000000000000000;
	CHECK (totals_of (&arena, &d, net, &fault) == REFUSED && strcmp (fault.pointer, "/lines") == 0);
	d.prepaid = 0, d.rounding = INT64_MAX;
	CHECK (totals_of (&arena, &d, net, &fault) == REFUSED && strcmp (fault.pointer, "/rounding") == 0);
}

/* ---- by hand: what counts, and how a discount falls ---- */

static struct document document_of (const struct doc_line line[], size_t lines, enum price_mode mode, const char *discount,
				    const char *discount_amount, int64_t ret_net[])
{
	struct amounts_fault fault;
	struct document d = {
		.currency = "EUR", .mode = mode, .line = line, .lines = lines, .discount = discount, .discount_amount = discount_amount
	};
	CHECK (totals_of (&arena, &d, ret_net, &fault) == OK);
	return d;
}

static void counting (void)
{
	const struct doc_line line[] = {
		{ .kind = line_kind_section, .price = "5", .rate = "21" },
		ITEM ("1", "100", "21"),
		{ .kind = line_kind_text, .price = "5", .rate = "21" },
		{ .price = "50", .rate = "21", .optional = true },			 /* yes when nothing is said */
		{ .price = "7", .rate = "9", .optional = true, .has.chosen = HERE },	 /* no: nor has it a group */
		{ .price = "20", .rate = "21.00", .chosen = false, .has.chosen = HERE }, /* not optional: nobody chooses */
		{ .price = "30", .category = tax_category_exempt, .reason = NULL },
		{ .price = "30", .category = tax_category_exempt, .reason = "the first" },
		{ .price = "30", .category = tax_category_exempt, .reason = "the second" },
	};
	int64_t net[9];
	struct document d = document_of (line, 9, price_mode_net, NULL, NULL, net);
	CHECK (d.totals.groups == 2 && d.totals.group[0].taxable == 17000 && d.totals.group[0].tax == 3570);
	CHECK (!d.totals.group[0].reason && !d.totals.group[0].has.reason);
	CHECK_TEXT (d.totals.group[1].reason, "the first");
	CHECK (net[0] == 0 && net[1] == 10000 && net[2] == 0 && net[3] == 5000 && net[4] == 0 && net[5] == 2000);
	CHECK (d.totals.gross == 17000 + 3570 + 9000 && d.totals.payable == d.totals.gross);
	d = document_of (line, 0, price_mode_net, "10", "5", net);
	CHECK (d.totals.groups == 0 && d.totals.net == 0 && d.totals.allowance == 0 && d.totals.payable == 0);
}

static void discounts (void)
{
	int64_t net[4];
	/* half a cent goes away from zero, also below it */
	const struct doc_line half[] = { ITEM ("0.5", "0.01", "21"),
					 ITEM ("-0.5", "0.01", "21"),
					 ITEM ("0.1", "0.049999", "21"),
					 { .quantity = "1", .price = "0.05", .per = "10", .rate = "21" } };
	(void) document_of (half, 4, price_mode_net, NULL, NULL, net);
	CHECK (net[0] == 1 && net[1] == -1 && net[2] == 0 && net[3] == 1);
	/* the line's own: per cent first, then the amounts */
	const struct doc_line own[] = {
		{ .quantity = "3", .price = "33.33", .rate = "21", .discount = "12.5", .discount_amount = "0.50", .charge_amount = "2" }
	};
	(void) document_of (own, 1, price_mode_net, NULL, NULL, net);
	CHECK (net[0] == 9999 - 1250 - 50 + 200);
	/* three equal groups and a cent left: to the first */
	const struct doc_line thirds[] = { ITEM ("1", "10", "9"), ITEM ("1", "10", "21"), OF (zero, "1", "10") };
	struct document d = document_of (thirds, 3, price_mode_net, NULL, "10", net);
	CHECK (d.totals.group_allowance[0] == 334 && d.totals.group_allowance[1] == 333 && d.totals.group_allowance[2] == 333);
	/* a group that goes the other way takes no part, and so nothing is blown up */
	const struct doc_line mixed[] = { ITEM ("1", "1000", "21"), ITEM ("-1", "999", "9") };
	d = document_of (mixed, 2, price_mode_net, NULL, "1", net);
	CHECK (d.totals.group_allowance[0] == 100 && d.totals.group_allowance[1] == 0 && d.totals.net == 0);
	d = document_of (mixed, 2, price_mode_net, "50", NULL, net);
	CHECK (d.totals.group_allowance[0] == 50 && d.totals.group_allowance[1] == 0 && d.totals.allowance == 50);
	/* all of it goes the other way: so does its discount */
	const struct doc_line below[] = { ITEM ("-1", "30", "21"), ITEM ("-1", "10", "9") };
	d = document_of (below, 2, price_mode_net, "10", NULL, net);
	CHECK (d.totals.group_allowance[0] == -300 && d.totals.group_allowance[1] == -100 && d.totals.net == -3600);
	/* nothing to share by */
	const struct doc_line nothing[] = { ITEM ("0", "30", "21"), ITEM ("0", "10", "9") };
	d = document_of (nothing, 2, price_mode_net, NULL, "10", net);
	CHECK (d.totals.group_allowance[0] == 1000 && d.totals.group_allowance[1] == 0 && d.totals.net == -1000 && d.totals.vat == -210);
}

/* ---- random documents ---- */

static uint64_t state;

static uint64_t random_next (void) /* xorshift64*, Vigna 2016 */
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 2685821657736338717u;
}

static int64_t below (int64_t n)
{
	return (int64_t) (random_next () % (uint64_t) n);
}

/* A document as numbers: what texts are written from, and what is reckoned with. */
struct raw {
	int64_t quantity, price, per, percent, off, on, rate; /* 10^-4, 10^-6, 10^-4, 10^-2, minor, minor, 10^-2 */
	enum tax_category category;
	bool item, counts;
};

struct trial {
	struct raw raw[LINES_MOST];
	struct doc_line line[LINES_MOST];
	char text[LINES_MOST][7][32], percent_text[32], off_text[32];
	int64_t percent, off;
	int digits;
	struct document d;
	int64_t net[LINES_MOST];
};

/* n ÷ 10^digits as text, with zeros at the end or without. */
static const char *written (char to[32], int64_t n, int digits)
{
	int64_t one = 1, size = n < 0 ? -n : n;
	for (int i = 0; i < digits; i++)
		one *= 10;
	int at = snprintf (to, 32, digits ? "%s%lld.%0*lld" : "%s%lld", n < 0 ? "-" : "", (long long) (size / one), digits,
			   (long long) (size % one));
	while (digits && random_next () % 2 && (to[at - 1] == '0' || to[at - 1] == '.')) {
		at--;
		if (to[at] == '.')
			digits = 0;
		to[at] = '\0';
	}
	if (digits && to[at - 1] == '.')
		to[at - 1] = '\0';
	return to;
}

static int64_t some_rate (void)
{
	static const int64_t usual[] = { 2100, 900, 600, 1900, 2550, 1 };
	return random_next () % 4 ? usual[random_next () % LENGTH (usual)] : 1 + below (10000);
}

static void line_invent (struct trial *t, size_t i, const int64_t rates[3], bool outside)
{
	struct raw *r = &t->raw[i];
	struct doc_line *l = &t->line[i];
	static const enum tax_category others[] = { tax_category_zero, tax_category_exempt, tax_category_reverse_charge,
						    tax_category_intra_community, tax_category_export };
	*r = (struct raw){ .item = random_next () % 12, .counts = true, .quantity = 10000, .per = 10000 };
	switch (random_next () % 4) {
	case 0: break;
	case 1: r->quantity = 10000 * (1 + below (100)); break;
	case 2: r->quantity = below (1000000); break;
	default: r->quantity = below (4000000) - 2000000; break;
	}
	r->price = random_next () % 3 ? 10000 * below (100000) : below (random_next () % 2 ? 100000 : 5000000000);
	if (random_next () % 6 == 0)
		r->per = random_next () % 2 ? 1000000 : 1 + below (300000);
	if (random_next () % 4 == 0)
		r->percent = random_next () % 3 ? 100 * below (101) : below (10001);
	r->off = random_next () % 6 ? 0 : below (20000);
	r->on = random_next () % 6 ? 0 : below (20000);
	r->category = outside		   ? tax_category_outside
		      : random_next () % 4 ? tax_category_standard
					   : others[random_next () % LENGTH (others)];
	r->rate = r->category == tax_category_standard ? rates[random_next () % 3] : 0;
	*l = (struct doc_line){
		.kind = r->item		     ? line_kind_item
			: random_next () % 2 ? line_kind_section
					     : line_kind_text,
		.quantity = r->quantity == 10000 && random_next () % 2 ? NULL : written (t->text[i][0], r->quantity, 4),
		.price = written (t->text[i][1], r->price, 6),
		.per = r->per == 10000 ? NULL : written (t->text[i][2], r->per, 4),
		.discount = r->percent || random_next () % 2 ? written (t->text[i][3], r->percent, 2) : NULL,
		.discount_amount = r->off ? written (t->text[i][4], r->off, t->digits) : NULL,
		.charge_amount = r->on ? written (t->text[i][5], r->on, t->digits) : NULL,
		.category = r->category,
		.rate = r->rate || random_next () % 2 ? written (t->text[i][6], r->rate, 2) : NULL,
		.optional = random_next () % 5 == 0,
		.chosen = random_next () % 2,
		.has.chosen = random_next () % 2 ? HERE : ABSENT,
	};
	r->counts = r->item && !(l->optional && l->has.chosen && !l->chosen);
}

static void document_invent (struct trial *t)
{
	static const char *const currencies[] = { "EUR", "EUR", "EUR", "JPY", "KWD" };
	const int64_t rates[3] = { some_rate (), some_rate (), some_rate () };
	bool outside = random_next () % 20 == 0;
	*t = (struct trial){ .d = { .currency = currencies[random_next () % LENGTH (currencies)], .mode = random_next () % 2 } };
	t->digits = t->d.currency[0] == 'E' ? 2 : t->d.currency[0] == 'J' ? 0 : 3;
	t->d.line = t->line;
	t->d.lines = (size_t) below (LINES_MOST + 1);
	for (size_t i = 0; i < t->d.lines; i++)
		line_invent (t, i, rates, outside);
	if (random_next () % 3 == 0)
		t->d.discount = written (t->percent_text, t->percent = random_next () % 2 ? 100 * below (101) : below (10001), 2);
	if (random_next () % 3 == 0)
		t->d.discount_amount = written (t->off_text, t->off = below (50000), t->digits);
	t->d.prepaid = random_next () % 5 ? 0 : below (100000);
	t->d.rounding = random_next () % 5 ? 0 : below (5) - 2;
}

/* y is n ÷ d rounded half away from zero: nearest, and on a tie the one that is further out. d > 0. */
static bool is_rounded (__int128 y, __int128 n, __int128 d)
{
	__int128 twice = 2 * (y * d - n);
	if (twice < 0)
		twice = -twice;
	return twice < d || (twice == d && (n < 0 ? y * d < n : y * d > n));
}

/* That one number, found by trying around the quotient. */
static __int128 rounded (__int128 n, __int128 d)
{
	for (__int128 y = n / d - 1;; y++)
		if (is_rounded (y, n, d))
			return y;
}

static __int128 line_exact (const struct raw *r, int digits)
{
	if (!r->counts)
		return 0;
	__int128 one = 1;
	for (int i = 0; i < digits; i++)
		one *= 10;
	/* (q/10^4) × (p/10^6) ÷ (per/10^4) × 10^digits */
	__int128 base = rounded ((__int128) r->quantity * 10000 * r->price * one, (__int128) 10000 * 1000000 * r->per);
	return base - rounded (base * r->percent, 10000) - r->off + r->on;
}

/* The parts of `off`: they sum to it; each is the exact part or the whole number below or above; nobody who was cut less has been given more. */
static bool is_shared (const int64_t part[], const __int128 weight[], size_t n, __int128 off)
{
	__int128 all = 0, sum = 0;
	for (size_t i = 0; i < n; i++) {
		all += weight[i];
		sum += part[i];
	}
	if (sum != off)
		return false;
	if (!all)
		return !n || part[0] == off;
	__int128 size = off < 0 ? -off : off, cut[LINES_MOST];
	bool given[LINES_MOST];
	for (size_t i = 0; i < n; i++) {
		__int128 whole = size * weight[i] / all, is = off < 0 ? -part[i] : part[i];
		cut[i] = size * weight[i] % all;
		given[i] = is == whole + 1;
		if (is != whole && !(given[i] && cut[i]))
			return false;
	}
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++)
			if (given[j] && !given[i] && (cut[i] > cut[j] || (cut[i] == cut[j] && i < j)))
				return false;
	return true;
}

static bool groups_hold (const struct trial *t, const __int128 line[])
{
	const struct doc_totals *is = &t->d.totals;
	__int128 of_group[LINES_MOST] = { 0 }, weight[LINES_MOST], sum = 0, lines = 0, net = 0, vat = 0;
	int64_t part[LINES_MOST];
	size_t members = 0, counting = 0;
	for (size_t i = 0; i < t->d.lines; i++) {
		sum += line[i];
		counting += t->raw[i].counts;
	}
	__int128 off = counting ? rounded (sum * t->percent, 10000) + t->off : 0;
	for (size_t g = 0; g < is->groups; g++) {
		int64_t rate;
		if (decimal_parse (is->group[g].rate, 2, &rate) != OK)
			return false;
		size_t mine = 0;
		for (size_t i = 0; i < t->d.lines; i++)
			if (t->raw[i].counts && t->raw[i].category == is->group[g].category && t->raw[i].rate == rate) {
				of_group[g] += line[i];
				mine++;
			}
		if (!mine)
			return false;
		members += mine;
		int64_t before;
		if (g && decimal_parse (is->group[g - 1].rate, 2, &before) == OK &&
		    (is->group[g - 1].category > is->group[g].category ||
		     (is->group[g - 1].category == is->group[g].category && before <= rate)))
			return false;
		weight[g] = (sum < 0) == (of_group[g] < 0) ? of_group[g] < 0 ? -of_group[g] : of_group[g] : 0;
		/* what the discount took of the group, as prices are meant */
		part[g] = (int64_t) (of_group[g] - is->group[g].taxable);
		__int128 taxable = is->group[g].taxable, tax = is->group[g].tax, all = taxable;
		if (t->d.mode == price_mode_gross) {
			part[g] -= (int64_t) tax;
			all = taxable + tax;
			if (!is_rounded (tax, all * rate, 10000 + rate))
				return false;
			/* and the lines themselves are split as the group is */
			__int128 without = is->group_allowance[g] + taxable;
			if (!is_rounded (of_group[g] - without, of_group[g] * rate, 10000 + rate))
				return false;
			lines += without;
		} else {
			if (part[g] != is->group_allowance[g] || !is_rounded (tax, taxable * rate, 10000))
				return false;
			lines += of_group[g];
		}
		net += taxable;
		vat += tax;
	}
	__int128 allowance = 0;
	for (size_t g = 0; g < is->groups; g++)
		allowance += is->group_allowance[g];
	return members == counting && is_shared (part, weight, is->groups, off) && is->lines == lines && is->allowance == allowance &&
	       lines - allowance == net && is->net == net && is->vat == vat && is->gross == net + vat && is->prepaid == t->d.prepaid &&
	       is->rounding == t->d.rounding && is->payable == is->gross - t->d.prepaid + t->d.rounding;
}

static bool document_holds (const struct trial *t)
{
	__int128 line[LINES_MOST];
	for (size_t i = 0; i < t->d.lines; i++) {
		line[i] = line_exact (&t->raw[i], t->digits);
		if (line[i] != t->net[i])
			return false;
	}
	return groups_hold (t, line);
}

static bool same_totals (const struct doc_totals *a, const struct doc_totals *b)
{
	bool same = a->lines == b->lines && a->allowance == b->allowance && a->net == b->net && a->vat == b->vat && a->gross == b->gross &&
		    a->payable == b->payable && a->groups == b->groups;
	for (size_t i = 0; same && i < a->groups; i++)
		same = a->group[i].category == b->group[i].category && strcmp (a->group[i].rate, b->group[i].rate) == 0 &&
		       a->group[i].taxable == b->group[i].taxable && a->group[i].tax == b->group[i].tax &&
		       a->group_allowance[i] == b->group_allowance[i];
	return same;
}

/* The lines in any other order, as a credit note: the same to the cent, so that invoice and credit note come to zero together. */
static bool order_changes_nothing (const struct trial *t)
{
	struct doc_line line[LINES_MOST];
	int64_t net[LINES_MOST];
	struct amounts_fault fault;
	struct document d = t->d;
	memcpy (line, t->line, sizeof line);
	for (size_t i = d.lines; i > 1; i--) {
		size_t other = random_next () % i;
		struct doc_line kept = line[i - 1];
		line[i - 1] = line[other];
		line[other] = kept;
	}
	d.line = line;
	d.kind = document_kind_credit_note;
	return totals_of (&arena, &d, net, &fault) == OK && same_totals (&d.totals, &t->d.totals);
}

/* Without VAT the lines of each group add up to what the totals say, and none is more than a unit off. */
static bool lines_add_up (const struct trial *t)
{
	int64_t without[LINES_MOST];
	__int128 sum = 0;
	lines_without_vat (&t->d, t->net, without);
	for (size_t i = 0; i < t->d.lines; i++) {
		const struct raw *r = &t->raw[i];
		sum += without[i];
		if (t->d.mode == price_mode_net ? without[i] != t->net[i] : !r->counts && without[i])
			return false;
		__int128 exact = (__int128) t->net[i] * 10000, all = 10000 + (r->counts ? r->rate : 0), away = without[i] * all - exact;
		if (t->d.mode == price_mode_gross && (away > all || away < -all))
			return false;
	}
	return sum == t->d.totals.lines;
}

static void random_documents (void)
{
	static struct trial t;
	size_t gross = 0, discounted = 0, negative = 0;
	for (uint64_t seed = 1; seed <= 100000; seed++) {
		struct amounts_fault fault = { 0 };
		state = seed * 0x9e3779b97f4a7c15u;
		document_invent (&t);
		arena_reset (&arena);
		bool holds = totals_of (&arena, &t.d, t.net, &fault) == OK && document_holds (&t) && lines_add_up (&t) &&
			     order_changes_nothing (&t);
		if (!holds)
			fprintf (stderr, "  seed %llu: %s %s\n", (unsigned long long) seed, fault.pointer ? fault.pointer : "wrong figures",
				 fault.code ? fault.code : "");
		CHECK (holds);
		if (!holds && test_failed > 5)
			return;
		gross += t.d.mode == price_mode_gross;
		discounted += t.d.totals.allowance != 0 && t.d.totals.groups > 1;
		negative += t.d.totals.net < 0;
	}
	CHECK (gross > 40000 && discounted > 20000 && negative > 5000); /* what it was all about did happen */
}

/* ---- vectors: what whoever else reckons is held against ---- */

enum { VECTORS = 300 };
static const char vectors_place[] = "tests/fixtures/totals.json";

static void member_write (struct buffer *b, const char *name, const char *text)
{
	if (text)
		buffer_printf (b, ",\"%s\":\"%s\"", name, text);
}

static void vector_line_write (struct buffer *b, const struct doc_line *l)
{
	buffer_printf (b, "{\"kind\":\"%s\"", line_kind_names[l->kind]);
	member_write (b, "quantity", l->quantity);
	member_write (b, "price", l->price);
	member_write (b, "per", l->per);
	member_write (b, "discount", l->discount);
	member_write (b, "discount_amount", l->discount_amount);
	member_write (b, "charge_amount", l->charge_amount);
	member_write (b, "category", tax_category_names[l->category]);
	member_write (b, "rate", l->rate);
	if (l->optional)
		buffer_printf (b, ",\"optional\":true");
	if (l->has.chosen == HERE)
		buffer_printf (b, ",\"chosen\":%s", l->chosen ? "true" : "false");
	buffer_printf (b, "}");
}

/* A document a line, figures as text since they may be longer than other languages' numbers. */
static void vector_write (struct buffer *b, const struct trial *t)
{
	const struct doc_totals *is = &t->d.totals;
	char prepaid[32];
	buffer_printf (b, "{\"currency\":\"%s\",\"mode\":\"%s\"", t->d.currency, price_mode_names[t->d.mode]);
	member_write (b, "discount", t->d.discount);
	member_write (b, "discount_amount", t->d.discount_amount);
	member_write (b, "prepaid", written (prepaid, t->d.prepaid, t->digits));
	buffer_printf (b, ",\"rounding\":\"%lld\",\"lines\":[", (long long) t->d.rounding);
	for (size_t i = 0; i < t->d.lines; i++) {
		buffer_printf (b, i ? "," : "");
		vector_line_write (b, &t->line[i]);
	}
	buffer_printf (b, "],\"is\":{\"nets\":[");
	for (size_t i = 0; i < t->d.lines; i++)
		buffer_printf (b, "%s\"%lld\"", i ? "," : "", (long long) t->net[i]);
	buffer_printf (
		b,
		"],\"lines\":\"%lld\",\"allowance\":\"%lld\",\"net\":\"%lld\",\"vat\":\"%lld\",\"gross\":\"%lld\",\"payable\":\"%lld\",\"groups\":[",
		(long long) is->lines, (long long) is->allowance, (long long) is->net, (long long) is->vat, (long long) is->gross,
		(long long) is->payable);
	for (size_t i = 0; i < is->groups; i++)
		buffer_printf (b, "%s{\"category\":\"%s\",\"rate\":\"%s\",\"taxable\":\"%lld\",\"tax\":\"%lld\"}", i ? "," : "",
			       tax_category_names[is->group[i].category], is->group[i].rate, (long long) is->group[i].taxable,
			       (long long) is->group[i].tax);
	buffer_printf (b, "]}}");
}

/* The file is what totals_of says today. Asked to, it is written anew. */
static void vectors_stand (bool anew)
{
	static struct trial t;
	struct buffer is = { 0 }, was = { 0 };
	buffer_printf (&is, "[\n");
	for (uint64_t seed = 1; seed <= VECTORS; seed++) {
		struct amounts_fault fault = { 0 };
		state = seed * 0xd1342543de82ef95u;
		document_invent (&t);
		arena_reset (&arena);
		CHECK (totals_of (&arena, &t.d, t.net, &fault) == OK);
		vector_write (&is, &t);
		buffer_printf (&is, seed < VECTORS ? ",\n" : "\n]\n");
	}
	FILE *f = fopen (vectors_place, anew ? "wb" : "rb");
	CHECK (f);
	if (f && anew) {
		CHECK (fwrite (is.at, 1, is.n, f) == is.n);
	} else if (f) {
		was.n = fread (buffer_reserve (&was, is.n + 1), 1, is.n + 1, f);
		CHECK (was.n == is.n && memcmp (was.at, is.at, is.n) == 0);
	}
	if (f)
		CHECK (fclose (f) == 0);
	buffer_fini (&is);
	buffer_fini (&was);
}

/* ---- gross and net ---- */

/* Prices with VAT that are exactly those without and their VAT give the same document. */
static void modes_agree (void)
{
	for (uint64_t seed = 1; seed <= 2000; seed++) {
		static const int64_t rates[] = { 2100, 900, 550, 2550 };
		struct doc_line net_line[6], gross_line[6];
		char text[6][4][32];
		int64_t one[6], other[6];
		size_t n = 1 + (size_t) below (6);
		state = seed * 0x9e3779b97f4a7c15u;
		arena_reset (&arena);
		for (size_t i = 0; i < n; i++) {
			/* hundreds of units: VAT of each is a whole number of cents, so nothing is rounded on either side */
			int64_t price = 100 * below (10000), rate = rates[random_next () % LENGTH (rates)], quantity = 1 + below (9);
			net_line[i] = (struct doc_line){ .quantity = written (text[i][0], quantity, 0),
							 .rate = written (text[i][1], rate, 2),
							 .price = written (text[i][2], price * 1000000, 6) };
			gross_line[i] = net_line[i];
			gross_line[i].price = written (text[i][3], price * (10000 + rate) * 100, 6);
		}
		struct document d = document_of (net_line, n, price_mode_net, NULL, NULL, one);
		struct document e = document_of (gross_line, n, price_mode_gross, NULL, NULL, other);
		CHECK (same_totals (&d.totals, &e.totals));
		lines_without_vat (&e, other, other);
		CHECK (memcmp (one, other, n * sizeof *one) == 0);
	}
	/* one line a rate: what it costs with VAT, rounded, gives back the same VAT */
	for (uint64_t seed = 1; seed <= 2000; seed++) {
		char text[3][32];
		int64_t ret[1];
		state = seed * 0x9e3779b97f4a7c15u;
		arena_reset (&arena);
		struct doc_line line = { .price = written (text[0], below (10000000), 2), .rate = written (text[1], some_rate (), 2) };
		struct document d = document_of (&line, 1, price_mode_net, NULL, NULL, ret);
		line.price = written (text[2], d.totals.gross, 2);
		struct document e = document_of (&line, 1, price_mode_gross, NULL, NULL, ret);
		CHECK (same_totals (&d.totals, &e.totals));
	}
}

/* VAT in euro: half away from zero, by a currency's own digits. */
static void in_euro (void)
{
	int64_t euro;
	CHECK (vat_in_euro ("USD", "1.0842", 31500, &euro) == OK && euro == 29054);
	CHECK (vat_in_euro ("USD", "2", 5, &euro) == OK && euro == 3);
	CHECK (vat_in_euro ("USD", "2", -5, &euro) == OK && euro == -3);
	CHECK (vat_in_euro ("JPY", "160", 31500, &euro) == OK && euro == 19688);
	CHECK (vat_in_euro ("KWD", "0.333", 1000, &euro) == OK && euro == 300);
	CHECK (vat_in_euro ("USD", "0", 1, &euro) == REFUSED);
	CHECK (vat_in_euro ("USD", "-1", 1, &euro) == REFUSED);
	CHECK (vat_in_euro ("USD", "1,08", 1, &euro) == REFUSED);
	CHECK (vat_in_euro ("USD", "0.000001", 1000000000000000, &euro) == REFUSED);
}

/* With the word `vectors` the file that others are held against is written anew. */
int main (int argc, char *argv[])
{
	arena_init (&arena);
	decimals ();
	for (size_t i = 0; i < LENGTH (fixtures); i++) {
		fixture_holds (&fixtures[i], document_kind_invoice);
		fixture_holds (&fixtures[i], document_kind_credit_note);
	}
	faults ();
	counting ();
	discounts ();
	random_documents ();
	modes_agree ();
	in_euro ();
	vectors_stand (argc > 1 && !strcmp (argv[1], "vectors"));
	arena_fini (&arena);
	return test_end ();
}
