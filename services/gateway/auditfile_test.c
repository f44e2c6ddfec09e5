/* Bookings come out even whatever the document, and an auditfile of them is one: well formed, its elements in the schema's order, its totals those of its lines.
 * Read back by libxml2's reader. With a folder as its argument it leaves the file there, for the schema's own checker. */
#include <stdlib.h>
#include <string.h>
#include <libxml/parser.h>
#include <libxml/tree.h>

#include "auditfile.h"
#include "clock.h"
#include "test.h"

static struct arena a;
static json_t *rows; /* all that were read: bookings borrow their texts */

static json_t *row_of (const char *json)
{
	json_t *row = json_loads (json, 0, NULL);
	CHECK (row && json_array_append_new (rows, row) == 0);
	return row;
}

static struct booking booked (const char *json)
{
	struct booking ret;
	CHECK (booking_of_document (&a, row_of (json), &ret) == OK);
	return ret;
}

/* "1300 12100, 8000 -10000 S21, 1510 -2100" */
static const char *told (const struct booking *b)
{
	struct buffer out = { 0 };
	for (size_t i = 0; i < b->lines; i++)
		buffer_printf (&out, "%s%s %lld%s%s", i ? ", " : "", b->line[i].ledger->id, (long long) b->line[i].minor,
			       b->line[i].code ? " " : "", b->line[i].code ? b->line[i].code : "");
	const char *ret = arena_copy (&a, (const char *) out.at, out.n);
	buffer_fini (&out);
	return ret;
}

#define DOCUMENT(kind, number, sums, groups)                                                                                                      \
	"{\"kind\":\"" kind "\",\"number\":\"" number                                                                                             \
	"\",\"day\":\"2026-03-31\",\"due\":\"2026-04-30\",\"currency\":\"EUR\",\"relation\":\"A1\",\"name\":\"Jansen & Zn <b>\xf0\x9f\x8d\x9e\"," \
	"\"about\":null," sums ",\"groups\":[" groups "]}"
#define GROUP(category, rate, taxable, tax) "{\"category\":\"" category "\",\"rate\":\"" rate "\",\"taxable\":" taxable ",\"tax\":" tax "}"

static const char several[] = DOCUMENT ("invoice", "INV-2026-001", "\"payable\":26145,\"prepaid\":0,\"rounding\":0",
					GROUP ("standard", "21", "10000", "2100") "," GROUP ("standard", "9", "5000", "450") "," GROUP (
						"standard", "19", "5000", "950") "," GROUP ("exempt", "0", "2645", "0"));
static const char taken_back[] = DOCUMENT ("credit_note", "CRE-2026-001", "\"payable\":12100,\"prepaid\":0,\"rounding\":0",
					   GROUP ("standard", "21", "10000", "2100"));
static const char reversed[] = DOCUMENT ("invoice", "INV-2026-002", "\"payable\":100000,\"prepaid\":0,\"rounding\":0",
					 GROUP ("reverse_charge", "0", "100000", "0"));
static const char rounded[] = DOCUMENT ("invoice", "INV-2026-003", "\"payable\":7105,\"prepaid\":5000,\"rounding\":2",
					GROUP ("standard", "21", "10003", "2100"));
/* a part invoiced before takes off more of one rate than there is */
static const char below[] = DOCUMENT ("invoice", "INV-2026-004", "\"payable\":990,\"prepaid\":0,\"rounding\":0",
				      GROUP ("standard", "21", "2000", "420") "," GROUP ("standard", "9", "-1312", "-118"));
static const char nothing[] = DOCUMENT ("invoice", "INV-2026-005", "\"payable\":0,\"prepaid\":0,\"rounding\":0",
					GROUP ("standard", "21", "0", "0"));

static void bookings (void)
{
	struct booking b = booked (several);
	CHECK_TEXT (told (&b),
		    "1300 26145, 8000 -10000 S21, 1510 -2100, 8010 -5000 S9, 1511 -450, 8020 -5000 S19, 1512 -950, 8040 -2645 E");
	CHECK (b.line[1].tax == -2100 && b.line[7].tax == 0);
	b = booked (taken_back);
	CHECK_TEXT (told (&b), "1300 -12100, 8000 10000 S21, 1510 2100");
	b = booked (reversed);
	CHECK_TEXT (told (&b), "1300 100000, 8050 -100000 AE");
	b = booked (rounded);
	CHECK_TEXT (told (&b), "1300 7105, 1310 5000, 8000 -10003 S21, 1510 -2100, 8990 -2");
	b = booked (below);
	CHECK_TEXT (told (&b), "1300 990, 8000 -2000 S21, 1510 -420, 8010 1312 S9, 1511 118");
	b = booked (nothing);
	CHECK (!b.lines);
	/* a cent too many, and rows that are none */
	static const char *const wrong[] = {
		DOCUMENT ("invoice", "X", "\"payable\":12101,\"prepaid\":0,\"rounding\":0", GROUP ("standard", "21", "10000", "2100")),
		DOCUMENT ("invoice", "X", "\"payable\":0,\"prepaid\":0,\"rounding\":0", "{\"rate\":\"21\"}"),
		"{\"kind\":\"invoice\",\"day\":\"2026-01-01\",\"currency\":\"EUR\",\"groups\":[]}",
		"{}",
	};
	for (size_t i = 0; i < LENGTH (wrong); i++)
		CHECK (booking_of_document (&a, row_of (wrong[i]), &b) == REFUSED);
	CHECK (booking_of_payment (&a, row_of ("{\"number\":\"p1\",\"day\":\"2026-04-02\",\"currency\":\"EUR\",\"amount\":-500}"), &b) ==
	       OK);
	CHECK_TEXT (told (&b), "1100 -500, 1300 500");
	CHECK (booking_of_payment (&a, row_of ("{\"day\":\"2026-04-02\",\"currency\":\"EUR\",\"amount\":1}"), &b) == REFUSED);
}

static void codes (void)
{
	static const char *const known[][3] = {
		{ "standard", "21", "S21" },	 { "standard", "9", "S9" },	  { "zero", "0", "Z" },	  { "exempt", "0", "E" },
		{ "reverse_charge", "0", "AE" }, { "intra_community", "0", "K" }, { "export", "0", "G" }, { "outside", "0", "O" },
	};
	for (size_t i = 0; i < LENGTH (known); i++) {
		CHECK_TEXT (vat_code (&a, known[i][0], known[i][1]), known[i][2]);
		CHECK (*vat_code_name (&a, known[i][0], known[i][1]) && !vat_ledger (known[i][0], known[i][1]) == (i > 1));
	}
	CHECK_TEXT (vat_code_name (&a, "standard", "21"), "Btw 21%");
}

/* ---- the file ---- */

static int32_t day_of (const char *text)
{
	int32_t ret = 0;
	CHECK (date_parse (text, &ret) == OK);
	return ret;
}

/* All the pieces, a page of text each, as the stream takes them. */
static enum status file_written (const char *whole, const char *const document[], size_t n, struct buffer *out)
{
	json_t *told_whole = row_of (whole);
	struct auditfile *f = auditfile_open (told_whole, day_of ("2026-02-15"), day_of ("2026-04-30"), day_of ("2026-11-23"));
	auditfile_relation (
		f,
		row_of ("{\"id\":\"A1\",\"name\":\"Jansen & Zn <b>\xf0\x9f\x8d\x9e\",\"vat_id\":\"NL123456782B90\",\"street\":\"Kade 1\","
			"\"city\":\"Baarn\",\"postcode\":\"3741 AA\",\"email\":\"a@b.nl\"}"));
	auditfile_relation (f, row_of ("{\"id\":\"X1\",\"name\":\"\\u0001\xef\xbf\xbf\xf0\x9f\x8d\x9e\xf0\x9f\x8d\x9e"
				       "23456789012345678901234567890123456789012345678901\"}"));
	CHECK (auditfile_take (f, out) == OK && out->n);
	auditfile_ledger (f);
	auditfile_journal (f, "VRK", "Verkoop", "S");
	for (size_t i = 0; i < n; i++) {
		struct booking b = booked (document[i]);
		auditfile_booking (f, &b);
		CHECK (auditfile_take (f, out) == OK);
	}
	struct booking paid;
	CHECK (booking_of_payment (
		       &a,
		       row_of ("{\"number\":\"0123456789abcdef0123456789abcdef\",\"about\":\"INV-2026-001\",\"relation\":\"A1\",\"day\":\"2026-04-02\","
			       "\"currency\":\"EUR\",\"amount\":26145}"),
		       &paid) == OK);
	auditfile_journal (f, "BNK", "Ontvangen betalingen", "B");
	auditfile_booking (f, &paid);
	enum status ret = auditfile_end (f);
	CHECK (auditfile_take (f, out) == OK);
	auditfile_close (f);
	return ret;
}

#define WHOLE(lines, debit, credit)                                                                                                                                \
	"{\"currency\":\"EUR\",\"company\":{\"name\":\"Bakkerij \\\"De Wit\\\"\",\"kvk\":\"12345678\",\"vat_id\":\"NL123456782B90\",\"street\":\"Dorpsstraat 1\"," \
	"\"city\":\"Utrecht\",\"postcode\":\"1234 AB\",\"country\":\"NL\"},\"groups\":[" GROUP ("standard", "21", "0", "0") "," GROUP (                            \
		"reverse_charge", "0", "0", "0") "],\"lines\":" lines ",\"debit\":" debit ",\"credit\":" credit "}"

/* What the schema of XAF 3.2 has in this order, of what is written here; a name once or more. */
static const char *const orders[][2] = {
	{ "auditfile", "header company" },
	{ "header", "fiscalYear startDate endDate curCode dateCreated softwareDesc" },
	{ "company",
	  "companyIdent companyName taxRegistrationCountry taxRegIdent streetAddress customersSuppliers generalLedger vatCodes periods transactions" },
	{ "streetAddress", "streetname city postalCode country" },
	{ "customersSuppliers", "customerSupplier" },
	{ "customerSupplier",
	  "custSupID custSupName contact telephone eMail commerceNr taxRegistrationCountry taxRegIdent custSupTp streetAddress" },
	{ "generalLedger", "ledgerAccount" },
	{ "ledgerAccount", "accID accDesc accTp" },
	{ "vatCodes", "vatCode" },
	{ "vatCode", "vatID vatDesc vatToPayAccID" },
	{ "periods", "period" },
	{ "period", "periodNumber periodDesc startDatePeriod endDatePeriod" },
	{ "transactions", "linesCount totalDebit totalCredit journal" },
	{ "journal", "jrnID desc jrnTp transaction" },
	{ "transaction", "nr desc periodNumber trDt trLine" },
	{ "trLine", "nr accID docRef effDate desc amnt amntTp custSupID invRef vat" },
	{ "vat", "vatID vatPerc vatAmnt vatAmntTp" },
};

static const char *order_of (const char *parent)
{
	for (size_t i = 0; i < LENGTH (orders); i++)
		if (strcmp (orders[i][0], parent) == 0)
			return orders[i][1];
	return NULL;
}

static int place_in (const char *order, const char *name)
{
	const char *at = order;
	for (int i = 0; *at; i++) {
		size_t n = strcspn (at, " ");
		if (strlen (name) == n && strncmp (at, name, n) == 0)
			return i;
		at += n + (at[n] == ' ');
	}
	return -1;
}

static void in_order (xmlNodePtr node)
{
	const char *order = order_of ((const char *) node->name);
	int last = 0;
	for (xmlNodePtr child = node->children; child; child = child->next) {
		if (child->type != XML_ELEMENT_NODE)
			continue;
		int place = order ? place_in (order, (const char *) child->name) : -1;
		CHECK (place >= last);
		if (place < last)
			fprintf (stderr, "  %s in %s\n", child->name, node->name);
		last = place;
		in_order (child);
	}
}

/* The n-th element of that name, in the file's order. */
static const char *text_at (xmlNodePtr node, const char *name, int *n)
{
	for (; node; node = node->next) {
		if (node->type == XML_ELEMENT_NODE && strcmp ((const char *) node->name, name) == 0 && !(*n)--)
			return node->children ? (const char *) node->children->content : "";
		const char *below_it = text_at (node->children, name, n);
		if (below_it)
			return below_it;
	}
	return NULL;
}

static const char *nth (xmlNodePtr root, const char *name, int n)
{
	return text_at (root, name, &n);
}

static void file (const char *folder)
{
	static const char *const all[] = { several, taken_back, reversed, rounded, below, nothing };
	struct buffer out = { 0 };
	/* 23 lines of documents and 2 of a payment; added up by hand */
	CHECK (file_written (WHOLE ("25", "178915", "178915"), all, LENGTH (all), &out) == OK);
	xmlDocPtr doc = xmlReadMemory ((const char *) out.at, (int) out.n, "a.xaf", NULL, XML_PARSE_NONET | XML_PARSE_NOBLANKS);
	CHECK (doc);
	if (!doc)
		return;
	xmlNodePtr root = xmlDocGetRootElement (doc);
	CHECK_TEXT ((const char *) root->ns->href, "http://www.auditfiles.nl/XAF/3.2");
	in_order (root);
	CHECK_TEXT (nth (root, "fiscalYear", 0), "2026");
	CHECK_TEXT (nth (root, "companyName", 0), "Bakkerij \"De Wit\"");
	CHECK_TEXT (nth (root, "custSupName", 0), "Jansen & Zn <b>\xf0\x9f\x8d\x9e");
	CHECK_TEXT (nth (root, "custSupName", 1), "\xf0\x9f\x8d\x9e\xf0\x9f\x8d\x9e"
						  "234567890123456789012345678901234567890123456789"); /* fifty */
	CHECK_TEXT (nth (root, "periodNumber", 0), "2");
	CHECK_TEXT (nth (root, "startDatePeriod", 0), "2026-02-15");
	CHECK_TEXT (nth (root, "endDatePeriod", 0), "2026-02-28");
	CHECK_TEXT (nth (root, "startDatePeriod", 2), "2026-04-01");
	CHECK (!nth (root, "startDatePeriod", 3));
	CHECK_TEXT (nth (root, "linesCount", 0), "25");
	CHECK_TEXT (nth (root, "totalDebit", 0), "1789.15");
	CHECK_TEXT (nth (root, "totalCredit", 0), "1789.15");
	CHECK_TEXT (nth (root, "jrnTp", 1), "B");
	CHECK (!strstr ((const char *) out.at, "<amnt>-") && !nth (root, "transaction", 6));
	if (folder) {
		FILE *to = fopen (arena_printf (&a, "%s/books.xaf", folder), "wb");
		CHECK (to && fwrite (out.at, 1, out.n, to) == out.n && fclose (to) == 0);
	}
	xmlFreeDoc (doc);
	buffer_clear (&out);
	CHECK (file_written (WHOLE ("25", "178915", "178916"), all, LENGTH (all), &out) == REFUSED);
	CHECK (file_written (WHOLE ("24", "178915", "178915"), all, LENGTH (all), &out) == REFUSED);
	CHECK (file_written (WHOLE ("25", "178915", "178915"), all, 1, &out) == REFUSED);
	buffer_fini (&out);
	auditfile_close (NULL);
	CHECK (auditfile_period (day_of ("2025-07-01"), day_of ("2026-06-30")) == 18);
}

int main (int argc, char **argv)
{
	arena_init (&a);
	rows = json_array ();
	bookings ();
	codes ();
	file (argc > 1 ? argv[1] : NULL);
	arena_fini (&a);
	json_decref (rows);
	return test_end ();
}
