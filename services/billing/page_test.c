/* Pages as people get them: drawn, and read again by another maker's reader (poppler): words, places, fonts, pages, the same bytes twice.
 * Nothing here looks into the drawing; what counts is what stands in the PDF. */
#include "page.h"

#include <jansson.h>
#include <qrencode.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/stat.h>
#include "amounts.h"
#include "clock.h"
#include "epc.h"
#include "page_words.h"
#include "rates.h"
#include "test.h"

static char folder[] = "/tmp/page-test-XXXXXX";
static struct page_maker *maker;

/* ---- documents ---- */

static const struct doc_line *lines_of (struct arena *a, size_t *ret_n, const char *json)
{
	json_t *list = json_loads (json, 0, NULL);
	size_t n = *ret_n = json_array_size (list);
	struct doc_line *line = arena_array (a, n + 1, sizeof *line);
	for (size_t i = 0; i < n; i++)
		CHECK (record_from_json (a, &doc_line_record, json_array_get (list, i), true, &line[i], NULL) == OK);
	json_decref (list);
	return line;
}

static int32_t day_of (const char *text)
{
	int32_t day = 0;
	CHECK (date_parse (text, &day) == OK);
	return day;
}

/* An invoice of a made-up firm; what a test wants otherwise it changes before it reckons. */
static struct document document_of (struct arena *a, const char *lines)
{
	struct document d = {
		.kind = document_kind_invoice,
		.number = "INV-2026-042",
		.revision = 1,
		.language = "nl",
		.currency = "EUR",
		.title = "Nieuwe website en onderhoud",
		.intro =
			"Beste Piet,\n\nDank voor de prettige samenwerking. Hierbij de factuur voor het werk van november, zoals afgesproken in de offerte van 2 november.",
		.issued = day_of ("2026-11-21"),
		.due = day_of ("2026-12-21"),
		.seller = { .name = "Studio Noordlicht B.V.",
			    .street = "Keizersgracht 112",
			    .postcode = "1015 CV",
			    .city = "Amsterdam",
			    .country = "NL",
			    .email = "hallo@noordlicht.example",
			    .phone = "020 123 45 67",
			    .kvk = "12345678",
			    .vat_id = "NL123456782B12",
			    .iban = "NL91ABNA0417164300",
			    .bic = "ABNANL2A" },
		.buyer = { .name = "Bakkerij De Gouden Korenaar",
			   .attention = "Piet van den Berg",
			   .street = "Dorpsstraat 8",
			   .postcode = "3511 AB",
			   .city = "Utrecht",
			   .country = "NL" },
		.buyer_reference = "PO-7781",
		.website = "noordlicht.example",
		.footer = "Studio Noordlicht B.V. · Keizersgracht 112, 1015 CV Amsterdam · KvK 12345678",
		.colour = "#0f766e",
	};
	d.line = lines_of (a, &d.lines, lines);
	return d;
}

static const char three[] =
	"[{\"name\":\"Ontwerp van de website\",\"description\":\"Drie rondes van schetsen, uitgewerkt voor telefoon en bureau.\",\"quantity\":\"12.50\",\"unit\":\"hour\",\"price\":\"95\",\"rate\":\"21\"},"
	"{\"name\":\"Hosting en onderhoud\",\"quantity\":\"12\",\"unit\":\"month\",\"price\":\"24.95\",\"discount\":\"10\",\"rate\":\"21\"},"
	"{\"name\":\"Handboek voor redacteuren\",\"quantity\":\"4\",\"price\":\"17.5\",\"rate\":\"9\"}]";

/* n lines of work */
static const char *many_lines (struct arena *a, size_t n)
{
	static const char *const names[] = { "Ontwerp", "Fotografie op locatie", "Teksten voor de website", "Overleg", "Drukwerk" };
	struct buffer b = { 0 };
	buffer_text (&b, "[");
	for (size_t i = 0; i < n; i++)
		buffer_printf (
			&b,
			"%s{\"name\":\"%s %zu\",\"description\":\"%s\",\"quantity\":\"%zu\",\"unit\":\"hour\",\"price\":\"%zu.50\",\"rate\":\"%s\"}",
			i ? "," : "", names[i % LENGTH (names)], i + 1, i % 3 ? "" : "Zoals besproken, met een woord van uitleg erbij.",
			i % 7 + 1, 40 + i % 60, i % 4 ? "21" : "9");
	buffer_text (&b, "]");
	char *text = arena_copy (a, (const char *) b.at, b.n);
	buffer_fini (&b);
	return text;
}

static struct bytes drawn (struct arena *a, struct document *d)
{
	struct bytes pdf = { 0 };
	struct amounts_fault fault;
	int64_t *net = arena_array (a, d->lines + 1, sizeof *net);
	CHECK (totals_of (a, d, net, &fault) == OK);
	CHECK (page_draw (maker, a, d, &pdf) == OK);
	CHECK (pdf.n > 1000 && memcmp (pdf.at, "%PDF-1.5", 8) == 0);
	return pdf;
}

/* ---- what another reader finds in it ---- */

/* What a command says of the PDF; `command` has one %s, its path. */
static char *read_by (struct arena *a, const char *command, struct bytes pdf)
{
	char path[64], line[512];
	struct buffer out = { 0 };
	snprintf (path, sizeof path, "%s/page.pdf", folder);
	FILE *file = fopen (path, "w");
	CHECK (file && fwrite (pdf.at, 1, pdf.n, file) == pdf.n);
	fclose (file);
	char *at = strstr (command, "%s");
	snprintf (line, sizeof line, "%.*s%s%s 2>&1", (int) (at - command), command, path, at + 2);
	FILE *from = popen (line, "r");
	for (size_t n; (n = fread (buffer_reserve (&out, 4096), 1, 4096, from)) > 0;)
		out.n += n;
	CHECK (pclose (from) == 0);
	char *text = arena_copy (a, (const char *) out.at, out.n);
	buffer_fini (&out);
	return text;
}

static char *words_of (struct arena *a, struct bytes pdf)
{
	return read_by (a, "pdftotext -layout %s -", pdf);
}

/* Some line of the page has both, this one before that one. */
static bool one_line (const char *text, const char *first, const char *then)
{
	for (const char *p = text; (p = strstr (p, first)); p++) {
		const char *end = strchr (p, '\n'), *found = strstr (p + strlen (first), then);
		if (found && (!end || found < end))
			return true;
	}
	return false;
}

static int times (const char *text, const char *what)
{
	int n = 0;
	for (const char *p = text; (p = strstr (p, what)); p += strlen (what))
		n++;
	return n;
}

static int pages_of (struct arena *a, struct bytes pdf)
{
	const char *at = strstr (read_by (a, "pdfinfo %s", pdf), "Pages:");
	return at ? (int) strtol (at + 6, NULL, 10) : 0;
}

/* Every word of every page lies within the margins: 56 points at the sides, 30 above, 28 below. */
static void margins_check (struct arena *a, struct bytes pdf)
{
	const char *text = read_by (a, "pdftotext -bbox %s -", pdf);
	int words = 0, outside = 0;
	for (const char *p = text; (p = strstr (p, "<word xMin=\"")); p++) {
		double left = 0, top = 0, right = 0, foot = 0;
		CHECK (sscanf (p, "<word xMin=\"%lf\" yMin=\"%lf\" xMax=\"%lf\" yMax=\"%lf\"", &left, &top, &right, &foot) == 4);
		words++;
		outside += left < 56 || right > 595.28 - 56 || top < 28 || foot > 841.89 - 28 || foot <= top;
	}
	CHECK (words > 20);
	CHECK (outside == 0);
}

/* Do these modules stand somewhere on the first page, 72 points wide? Looked for in its picture, four dots a point. */
static bool code_stands (struct arena *a, struct bytes pdf, const unsigned char *modules, int side)
{
	const char *path = arena_printf (a, "%s/picture.pgm", folder);
	read_by (a, arena_printf (a, "pdftoppm -r 288 -gray -f 1 -l 1 -singlefile %%s %s/picture", folder), pdf);
	int wide = 0, high = 0, n = 4 * 72;
	FILE *file = fopen (path, "r");
	CHECK (file && fscanf (file, "P5 %d %d 255", &wide, &high) == 2 && fgetc (file) == '\n');
	unsigned char *dot = arena_array (a, (size_t) wide, (size_t) high);
	CHECK (fread (dot, (size_t) wide, (size_t) high, file) == (size_t) high);
	fclose (file);
	unlink (path);
	for (int y = 0; y + n <= high; y++) {
		for (int x = 0; x + n <= wide; x++) {
			int i = 0;
			for (; i < side * side; i++)
				if ((dot[(y + (2 * (i / side) + 1) * n / side / 2) * wide + x + (2 * (i % side) + 1) * n / side / 2] <
				     128) != (modules[i] & 1))
					break;
			if (i == side * side)
				return true;
		}
	}
	return false;
}

/* ---- tests ---- */

static void test_words (struct arena *a)
{
	CHECK_TEXT (page_money (a, PAGE_DUTCH, "EUR", 181500), "€ 1.815,00");
	CHECK_TEXT (page_money (a, PAGE_ENGLISH, "EUR", 181500), "€ 1,815.00");
	CHECK_TEXT (page_money (a, PAGE_DUTCH, "EUR", -5), "€ -0,05");
	CHECK_TEXT (page_money (a, PAGE_ENGLISH, "EUR", -123456789012345), "-€ 1,234,567,890,123.45");
	CHECK_TEXT (page_money (a, PAGE_DUTCH, "JPY", 1500), "JPY 1.500");
	CHECK_TEXT (page_money (a, PAGE_ENGLISH, "USD", 0), "$ 0.00");
	CHECK_TEXT (page_price (a, PAGE_DUTCH, "EUR", "0.012500"), "€ 0,0125");
	CHECK_TEXT (page_price (a, PAGE_DUTCH, "EUR", "1500"), "€ 1.500,00");
	CHECK_TEXT (page_price (a, PAGE_ENGLISH, "EUR", "17.5"), "€ 17.50");
	CHECK_TEXT (page_figure (a, PAGE_DUTCH, "1250.5000"), "1.250,5");
	CHECK_TEXT (page_figure (a, PAGE_DUTCH, "3.000"), "3");
	CHECK_TEXT (page_figure (a, PAGE_ENGLISH, "-100000.25"), "-100,000.25");
	CHECK_TEXT (page_figure (a, PAGE_DUTCH, ".5"), "0,5");
	CHECK_TEXT (page_percent (a, PAGE_DUTCH, "10.50"), "10,5%");
	CHECK_TEXT (page_date (a, day_of ("2026-11-21")), "21-11-2026");
	CHECK_TEXT (page_iban (a, "nl91ABNA0417164300"), "NL91 ABNA 0417 1643 00");
	CHECK_TEXT (page_country (a, PAGE_DUTCH, "DE"), "Duitsland");
	CHECK_TEXT (page_country (a, PAGE_ENGLISH, "XX"), "XX");
	CHECK_TEXT (page_phrase (a, PAGE_ENGLISH, WORD_page_of, "2", "12"), "Page 2 of 12");
}

static void test_invoice (struct arena *a)
{
	struct document d = document_of (a, three);
	d.intro = NULL;
	d.terms = "Betaling binnen 30 dagen.";
	d.notes = "Vragen? Bel ons gerust.";
	struct bytes pdf = drawn (a, &d);
	const char *text = words_of (a, pdf);
	CHECK (one_line (text, "Factuurnummer", "Vervaldatum"));
	CHECK (one_line (text, "INV-2026-042", "21-12-2026"));
	CHECK (one_line (text, "Ontwerp van de website", "€ 1.187,50"));
	CHECK (one_line (text, "12,5 uur", "€ 95,00"));
	CHECK (one_line (text, "Hosting en onderhoud", "€ 269,46"));
	CHECK (one_line (text, "12 maanden", "10%"));
	CHECK (one_line (text, "4 stuks", "9%"));
	CHECK (one_line (text, "Totaal exclusief btw", "€ 1.526,96"));
	CHECK (one_line (text, "Btw 21% over € 1.456,96", "€ 305,96"));
	CHECK (one_line (text, "Btw 9% over € 70,00", "€ 6,30"));
	CHECK (one_line (text, "Te betalen", "€ 1.839,22"));
	CHECK (one_line (text, "KvK", "12345678"));
	CHECK (one_line (text, "Btw", "NL123456782B12"));
	CHECK (one_line (text, "Kenmerk", "INV-2026-042"));
	CHECK (strstr (text, "t.a.v. Piet van den Berg") && strstr (text, "3511 AB") && strstr (text, "Betaling binnen 30 dagen.") &&
	       strstr (text, "Vragen? Bel ons"));
	CHECK (strstr (text, "Pagina 1 van 1") && !strstr (text, "CONCEPT") && !strstr (text, "BETAALD"));
	CHECK (pages_of (a, pdf) == 1);
	margins_check (a, pdf);

	d.language = "en";
	text = words_of (a, drawn (a, &d));
	CHECK (one_line (text, "Invoice number", "Due date"));
	CHECK (one_line (text, "12.5 hours", "€ 1,187.50"));
	CHECK (one_line (text, "To pay", "€ 1,839.22"));
	CHECK (strstr (text, "21-11-2026") && strstr (text, "Attn. Piet van den Berg") && strstr (text, "Page 1 of 1"));
}

static void test_file (struct arena *a)
{
	struct document d = document_of (a, three);
	struct bytes pdf = drawn (a, &d), again = drawn (a, &d);
	CHECK (pdf.n == again.n && memcmp (pdf.at, again.at, pdf.n) == 0);
	struct page_maker *mine = maker, *other = page_maker_new ();
	maker = other;
	again = drawn (a, &d);
	maker = mine;
	page_maker_free (&other);
	CHECK (pdf.n == again.n && memcmp (pdf.at, again.at, pdf.n) == 0);
	const char *about = read_by (a, "TZ=UTC pdfinfo -isodates %s", pdf);
	CHECK (one_line (about, "Title:", "Factuur INV-2026-042"));
	CHECK (one_line (about, "Author:", "Studio Noordlicht B.V."));
	CHECK (one_line (about, "Subject:", "Nieuwe website en onderhoud"));
	CHECK (one_line (about, "CreationDate:", "2026-11-21T00:00:00Z") && one_line (about, "ModDate:", "2026-11-21T00:00:00Z"));
	CHECK (strstr (about, "(A4)"));
	CHECK (memmem (pdf.at, pdf.n, "/Lang (nl)", 10));
	d.language = "en";
	struct bytes english = drawn (a, &d);
	CHECK (memmem (english.at, english.n, "/Lang (en)", 10));
	const char *fonts = read_by (a, "pdffonts %s", pdf);
	int lines = times (fonts, "\n") - 2;
	CHECK (lines >= 2 && times (fonts, "yes yes yes") == lines); /* embedded, subset, readable */
	CHECK (times (fonts, "+Inter") == lines);
}

static void test_kinds (struct arena *a)
{
	struct document d = document_of (a, three);
	d.draft = true;
	d.number = NULL;
	const char *text = words_of (a, drawn (a, &d));
	CHECK (strstr (text, "CONCEPT") && !strstr (text, "Factuurnummer") && !strstr (text, "Betaling"));
	d.language = "en";
	CHECK (strstr (words_of (a, drawn (a, &d)), "DRAFT"));

	d = document_of (a, three);
	d.paid = true;
	text = words_of (a, drawn (a, &d));
	CHECK (strstr (text, "BETAALD") && strstr (text, "Deze factuur is voldaan") && !strstr (text, "Te betalen") &&
	       !strstr (text, "Ten name van"));

	d = document_of (a, three);
	d.prepaid = 50000;
	d.rounding = -2;
	text = words_of (a, drawn (a, &d));
	CHECK (one_line (text, "Totaal inclusief btw", "€ 1.839,22") && one_line (text, "Al betaald", "€ -500,00") &&
	       one_line (text, "Afronding", "€ -0,02"));
	CHECK (one_line (text, "Te betalen", "€ 1.339,20"));

	/* of what came in already no more than the rest is asked for, and nothing where there is none */
	d = document_of (a, three);
	d.settled = 50000;
	text = words_of (a, drawn (a, &d));
	CHECK (strstr (text, "€ 1.839,22") && strstr (text, "€ 1.339,22") && strstr (text, "Ten name van"));
	d.settled = 183922;
	CHECK (!strstr (words_of (a, drawn (a, &d)), "Ten name van"));

	d = document_of (a, three);
	d.kind = document_kind_credit_note;
	d.number = "CRE-2026-003";
	d.original_number = "INV-2026-042";
	d.original_issued = day_of ("2026-11-21");
	text = words_of (a, drawn (a, &d));
	CHECK (strstr (text, "Creditnota") && strstr (text, "Deze creditnota hoort bij factuur INV-2026-042 van 21-11-2026."));
	CHECK (one_line (text, "Totaal tegoed", "€ 1.839,22") && !strstr (text, "Te betalen") && !strstr (text, "Vervaldatum"));

	d = document_of (
		a,
		"[{\"name\":\"Werk\",\"price\":\"100\",\"rate\":\"21\"},{\"name\":\"Teruggave\",\"quantity\":\"-3\",\"price\":\"150\",\"rate\":\"21\"}]");
	text = words_of (a, drawn (a, &d));
	CHECK (one_line (text, "Teruggave", "-3 stuks") && one_line (text, "Teruggave", "€ -450,00"));
	CHECK (one_line (text, "U ontvangt", "€ 423,50") && !strstr (text, "Kenmerk"));
}

static void test_quote (struct arena *a)
{
	struct document d = document_of (
		a,
		"[{\"kind\":\"section\",\"name\":\"Ontwerp\"},{\"code\":\"ONT-01\",\"name\":\"Schetsen\",\"quantity\":\"2\",\"unit\":\"day\",\"price\":\"760\",\"rate\":\"21\"},"
		"{\"kind\":\"section\",\"name\":\"Bouw\"},{\"name\":\"Bouwen\",\"quantity\":\"1\",\"unit\":\"day\",\"price\":\"720\",\"rate\":\"21\"},"
		"{\"name\":\"Kassa\",\"price\":\"1250\",\"rate\":\"21\",\"optional\":true,\"chosen\":true},"
		"{\"name\":\"Vertaling\",\"quantity\":\"2\",\"price\":\"450\",\"rate\":\"21\",\"optional\":true,\"chosen\":false},"
		"{\"kind\":\"text\",\"name\":\"Hosting per jaar.\"}]");
	d.kind = document_kind_quote;
	d.number = "OFF-2026-017";
	d.revision = 2;
	d.discount = "5";
	d.discount_reason = "vaste klant";
	d.terms = "Vrijblijvend.";
	d.url = "https://crm.example/portal/abc";
	struct bytes pdf = drawn (a, &d);
	const char *text = words_of (a, pdf);
	CHECK (one_line (text, "Offertenummer", "Geldig tot en met") && one_line (text, "OFF-2026-017", "21-12-2026") &&
	       strstr (text, "Versie"));
	CHECK (one_line (text, "ONT-01", "Schetsen") && one_line (text, "2 dagen", "€ 1.520,00") && one_line (text, "1 dag ", "€ 720,00"));
	CHECK (one_line (text, "Subtotaal Ontwerp", "€ 1.520,00") && one_line (text, "Subtotaal Bouw", "€ 1.970,00"));
	CHECK (strstr (text, "Optie, gekozen") && strstr (text, "Optie, niet in het totaal") && one_line (text, "Vertaling", "€ 900,00"));
	CHECK (strstr (text, "Hosting per jaar."));
	CHECK (one_line (text, "Subtotaal ", "€ 3.490,00") && one_line (text, "Korting 5% (vaste klant)", "€ -174,50"));
	CHECK (one_line (text, "Totaal exclusief btw", "€ 3.315,50") && one_line (text, "Totaal inclusief btw", "€ 4.011,76"));
	CHECK (strstr (text, "Akkoord?") && strstr (text, "Voorwaarden") && !strstr (text, "Te betalen") && !strstr (text, "Betaling"));
	CHECK (times (read_by (a, "pdfinfo -url %s", pdf), "https://crm.example/portal/abc") >= 1);
	margins_check (a, pdf);
	d.kind = document_kind_invoice; /* what was left out is none of its lines */
	text = words_of (a, drawn (a, &d));
	CHECK (!strstr (text, "Vertaling") && strstr (text, "Kassa") && !strstr (text, "Optie"));
}

static void test_vat (struct arena *a)
{
	static const struct {
		const char *category, *nl, *en;
	} row[] = {
		{ "zero", "Btw 0% over", "VAT 0% on" },
		{ "exempt", "Vrijgesteld van btw over", "Exempt from VAT on" },
		{ "reverse_charge", "Btw verlegd over", "VAT reverse-charged on" },
		{ "intra_community", "Btw 0% intracommunautair over", "VAT 0% intra-Community on" },
		{ "export", "Btw 0% export over", "VAT 0% export on" },
		{ "outside", "Buiten de btw over", "Outside the scope of VAT on" },
	};
	for (size_t i = 0; i < LENGTH (row); i++) {
		struct document d = document_of (
			a,
			arena_printf (
				a, "[{\"name\":\"Advies\",\"price\":\"1000\",\"category\":\"%s\",\"reason\":\"Omdat de wet het zo wil\"}]",
				row[i].category));
		d.buyer.vat_id = "DE123456789";
		d.buyer.country = "DE";
		const char *text = words_of (a, drawn (a, &d));
		CHECK (one_line (text, row[i].nl, "€ 0,00") && strstr (text, "Omdat de wet het zo wil"));
		CHECK (one_line (text, "Te betalen", "€ 1.000,00"));
		CHECK (strstr (text, "Uw btw-nummer") && strstr (text, "DE123456789") && strstr (text, "Duitsland") &&
		       strstr (text, "Nederland"));
		d.language = "en";
		CHECK (one_line (words_of (a, drawn (a, &d)), row[i].en, "€ 0.00"));
	}
	struct document d = document_of (a, "[{\"name\":\"Advies\",\"price\":\"1000\",\"category\":\"reverse_charge\"}]");
	const char *law = category_reason (tax_category_reverse_charge, false, "nl"), *text;
	CHECK (law && strstr (words_of (a, drawn (a, &d)), law));
	d = document_of (a, "[{\"name\":\"Advies\",\"price\":\"1000\",\"category\":\"exempt\"}]");
	d.kor = true;
	CHECK (strstr (words_of (a, drawn (a, &d)), "(kleineondernemersregeling)"));
	d = document_of (
		a, "[{\"name\":\"Fiets\",\"price\":\"1210\",\"rate\":\"21\"},{\"name\":\"Boek\",\"price\":\"10.90\",\"rate\":\"9\"}]");
	d.mode = price_mode_gross;
	text = words_of (a, drawn (a, &d));
	CHECK (one_line (text, "Prijs incl.", "Bedrag incl.") && one_line (text, "Fiets", "€ 1.210,00"));
	CHECK (one_line (text, "Inclusief btw 21% over € 1.000,00", "€ 210,00") &&
	       one_line (text, "Inclusief btw 9% over € 10,00", "€ 0,90"));
	CHECK (one_line (text, "Te betalen", "€ 1.220,90"));
}

static void test_codes (struct arena *a)
{
	struct document d = document_of (a, three);
	d.intro = NULL;
	d.pay_url = "https://crm.example/portal/abcdefghijklmnopqrstuvwxyz0123456789ABCDEF";
	struct bytes pdf = drawn (a, &d);
	struct epc epc = {
		.name = d.seller.name, .iban = d.seller.iban, .bic = d.seller.bic, .amount = d.totals.payable, .text = "INV-2026-042"
	};
	const char *text;
	struct qr bank;
	CHECK (epc_text (a, &epc, &text) == OK && strstr (text, "\nEUR1839.22\n") && epc_qr (a, text, &bank) == OK);
	CHECK (code_stands (a, pdf, bank.module, bank.width));
	QRcode *link = QRcode_encodeData ((int) strlen (d.pay_url), (const unsigned char *) d.pay_url, 0, QR_ECLEVEL_M);
	CHECK (code_stands (a, pdf, link->data, link->width));
	text = words_of (a, pdf);
	CHECK (pages_of (a, pdf) == 1 && one_line (text, "Scan met uw bank-app", "Betaal online"));
	CHECK (times (read_by (a, "pdfinfo -url %s", pdf), d.pay_url) == 2); /* the button and the code */
	d.paid = true;
	pdf = drawn (a, &d);
	CHECK (!code_stands (a, pdf, bank.module, bank.width) && !code_stands (a, pdf, link->data, link->width));
	d.paid = false;
	d.settled = d.totals.payable - 1000; /* what is left of it is asked for, and nothing of one that was credited */
	pdf = drawn (a, &d);
	CHECK (!code_stands (a, pdf, bank.module, bank.width) && strstr (words_of (a, pdf), "€ 10,00"));
	d.settled = d.totals.payable;
	pdf = drawn (a, &d);
	CHECK (!strstr (words_of (a, pdf), "Betaling") && !strstr (words_of (a, pdf), "BETAALD") &&
	       !code_stands (a, pdf, link->data, link->width));
	d.settled = 0;
	d.currency = "USD"; /* a bank's app reads euros alone */
	pdf = drawn (a, &d);
	CHECK (!code_stands (a, pdf, bank.module, bank.width) && !strstr (words_of (a, pdf), "bank-app") &&
	       strstr (words_of (a, pdf), "$ 1.839,22"));
	d.rate = "1.0842";
	CHECK (one_line (words_of (a, drawn (a, &d)), "Btw in euro (1 euro = 1,0842 USD)", "€ "));
	d.rate_day = day_of ("2026-11-20");
	d.language = "en";
	CHECK (one_line (words_of (a, drawn (a, &d)), "VAT in euro (1 euro = 1.0842 USD on", "€ ") &&
	       strstr (words_of (a, drawn (a, &d)), "20-11-2026)"));
	QRcode_free (link);
}

/* Every line's name and amount on one line of one page, and the table's head on each page that has lines. */
static void test_long (struct arena *a)
{
	static const size_t sizes[] = { 1, 30, 300 };
	for (size_t s = 0; s < LENGTH (sizes); s++) {
		struct document d = document_of (a, many_lines (a, sizes[s]));
		d.terms = "Betaling binnen 30 dagen.";
		struct bytes pdf = drawn (a, &d);
		char *text = words_of (a, pdf);
		int pages = pages_of (a, pdf), missing = 0;
		int64_t *net = arena_array (a, d.lines, sizeof *net);
		struct amounts_fault fault;
		CHECK (totals_of (a, &d, net, &fault) == OK);
		for (size_t i = 0; i < d.lines; i++)
			missing += !one_line (text, arena_printf (a, "%s ", d.line[i].name), page_money (a, PAGE_DUTCH, "EUR", net[i]));
		CHECK (missing == 0);
		CHECK (sizes[s] > 1 ? pages > 1 : pages == 1);
		CHECK (times (text, "\f") == pages);
		int page = 1;
		for (char *at = text, *end; (end = strchr (at, '\f')); at = end + 1, page++) {
			*end = '\0';
			CHECK (strstr (at, page_phrase (a, PAGE_DUTCH, WORD_page_of, arena_printf (a, "%d", page),
							arena_printf (a, "%d", pages))));
			CHECK (page == 1 || strstr (at, "Factuur INV-2026-042"));
			CHECK (!strstr (at, " uur") || times (at, "Omschrijving") == 1);
			CHECK (!strstr (at, "Te betalen") ||
			       (strstr (at, " uur") && strstr (at, "Totaal exclusief btw"))); /* never alone */
		}
		margins_check (a, pdf);
	}
}

/* However many lines come before it, a section's heading is followed by one of its lines, and its subtotal follows one. */
static void test_breaks (struct arena *a)
{
	for (size_t before = 8; before < 24; before++) {
		struct buffer b = { 0 };
		buffer_text (&b, "[");
		for (size_t i = 0; i < before; i++)
			buffer_printf (&b, "{\"name\":\"Eerder %zu\",\"price\":\"10\",\"rate\":\"21\"},", i);
		buffer_text (&b,
			     "{\"kind\":\"section\",\"name\":\"Kopje\"},{\"name\":\"Eerste daaronder\",\"price\":\"10\",\"rate\":\"21\"}]");
		buffer_add (&b, "", 1);
		struct document d = document_of (a, (const char *) b.at);
		char *text = words_of (a, drawn (a, &d));
		const char *heading = strstr (text, "Kopje"), *under = strstr (text, "Eerste daaronder"),
			   *sum = strstr (text, "Subtotaal Kopje"), *total = strstr (text, "Te betalen");
		CHECK (heading && under && sum && total && heading < under && under < sum && sum < total);
		CHECK (!memchr (heading, '\f', (size_t) (under - heading)));
		CHECK (!memchr (under, '\f', (size_t) (total - under)));
		buffer_fini (&b);
	}
}

static char *repeated (struct arena *a, const char *piece, size_t n)
{
	char *text = arena_alloc (a, strlen (piece) * n + 1);
	for (size_t i = 0; i < n; i++)
		memcpy (text + i * strlen (piece), piece, strlen (piece));
	return text;
}

static void test_extremes (struct arena *a)
{
	struct doc_line *line;
	struct document d = document_of (a, three);
	line = arena_array (a, d.lines, sizeof *line);
	memcpy (line, d.line, d.lines * sizeof *line);
	d.line = line;
	line[0].name = repeated (a, "Rioolwaterzuiveringsinstallatie", 16);
	line[0].description = repeated (a, "Een lange uitleg die verder loopt. ", 110);
	line[1].name = repeated (a, "naam ", 100);
	line[1].code = repeated (a, "CODE", 15);
	line[2].description = repeated (a, "regel\n", 600);
	line[2].price = "9999999999.123456";
	line[2].quantity = "100.1234";
	line[2].unit = unit_square_metre;
	d.seller.name = repeated (a, "Firma ", 33);
	d.buyer.name = repeated (a, "Klantzonderspaties", 11);
	d.buyer.street = repeated (a, "Straat ", 28);
	d.buyer_reference = repeated (a, "R", 100);
	d.footer = repeated (a, "Voettekst die niet ophoudt. ", 100);
	d.intro = repeated (a, "Inleiding.\n\n", 60);
	struct bytes pdf = drawn (a, &d);
	char *text = words_of (a, pdf);
	CHECK (pages_of (a, pdf) > 10 && times (text, "regel\n") == 600);
	CHECK (strstr (text, "100,1234 m²") && strstr (text, "€ 9.999.999.999,123456"));
	margins_check (a, pdf);
	for (char *at = text, *end; (end = strchr (at, '\f')); at = end + 1) { /* no page is left empty in the middle of words that flow */
		*end = '\0';
		CHECK (times (at, "\n") > 12);
	}
	line[2].description = repeated (a, "\n", PAGE_NEWLINES_MOST + 1);
	CHECK (page_draw (maker, a, &d, &pdf) == REFUSED);
	line[2].description =
		"fi fl ffi -> x 2x4 \xE2\x80\xAEmoor\xE2\x80\xAC \x01\x02 \xFF\xC3 \xD8\xA7\xD9\x84 \xF0\x9F\x98\x80 efficiënt afflatus";
	text = words_of (a, drawn (a, &d));
	CHECK (strstr (text, "efficiënt afflatus") || strstr (text, "afflatus"));
	d = document_of (a, "[]");
	pdf = drawn (a, &d);
	CHECK (one_line (words_of (a, pdf), "Te betalen", "€ 0,00") && pages_of (a, pdf) == 1);
	static const struct document empty = { .currency = "EUR" };
	d = empty;
	CHECK (pages_of (a, drawn (a, &d)) == 1);
}

static struct bytes file_of (struct arena *a, const char *path)
{
	unsigned char *at = arena_alloc (a, 1 << 20);
	FILE *file = fopen (path, "r");
	size_t n = file ? fread (at, 1, 1 << 20, file) : 0;
	CHECK (n > 0);
	if (file)
		fclose (file);
	return (struct bytes){ at, n };
}

static void test_logo (struct arena *a)
{
	struct document d = document_of (a, three);
	struct bytes png = file_of (a, "tests/fixtures/logos/logo.png"), jpg = file_of (a, "tests/fixtures/logos/logo.jpg");
	struct bytes without = drawn (a, &d);
	CHECK (logo_fits (png) && logo_fits (jpg) && !logo_fits ((struct bytes){ 0 }));
	d.logo = png;
	CHECK (strstr (read_by (a, "pdfimages -list %s", drawn (a, &d)), " 480   120  rgb"));
	d.logo = jpg;
	struct bytes pdf = drawn (a, &d);
	const char *images = read_by (a, "pdfimages -list %s", pdf);
	CHECK (strstr (images, " 480   120  rgb") && strstr (images, "  jpeg  ")); /* as it came, byte for byte */
	CHECK (memmem (pdf.at, pdf.n, jpg.at, jpg.n));
	/* cut off, or with any byte of its head otherwise: left out or shown, and never the end of a document */
	unsigned char *bad = arena_alloc (a, png.n + jpg.n);
	for (int which = 0; which < 2; which++) {
		struct bytes logo = which ? jpg : png;
		memcpy (bad, logo.at, logo.n);
		d.logo = (struct bytes){ bad, logo.n / 2 };
		pdf = drawn (a, &d);
		CHECK (!logo_fits (d.logo) && pdf.n == without.n && memcmp (pdf.at, without.at, pdf.n) == 0);
		for (size_t i = 0; i < 700 && i < logo.n; i += 7) {
			bad[i] ^= 0x55;
			d.logo = (struct bytes){ bad, logo.n };
			(void) logo_fits (d.logo);
			drawn (a, &d);
			bad[i] ^= 0x55;
		}
	}
	memcpy (bad, png.at, png.n);
	memcpy (bad + 16, "\0\0\x0F\xA1", 4); /* 4,001 wide */
	CHECK (!logo_fits ((struct bytes){ bad, png.n }));
}

static int rss (void)
{
	long pages = 0;
	FILE *file = fopen ("/proc/self/statm", "r");
	CHECK (file && fscanf (file, "%*d %ld", &pages) == 1);
	fclose (file);
	return (int) (pages * (sysconf (_SC_PAGESIZE) / 1024));
}

/* As an effect worker does it, one after the other: memory stays what it was. SLOW=1: 2,000 of them. */
static void test_flat (struct arena *a)
{
	struct arena one;
	arena_init (&one);
	int n = getenv ("SLOW") ? 2000 : 200, before = 0;
	for (int i = 0; i < n; i++) {
		struct document d = document_of (&one, three);
		d.number = arena_printf (&one, "INV-2026-%03d", i);
		if (i % 4 == 1)
			d.logo = file_of (&one, i % 8 == 1 ? "tests/fixtures/logos/logo.png" : "tests/fixtures/logos/logo.jpg");
		drawn (&one, &d);
		arena_reset (&one);
		if (i == n / 2)
			before = rss ();
	}
#ifndef __SANITIZE_ADDRESS__ /* which keeps what was given back for a while */
	CHECK (rss () - before < 2048);
#endif
	if (n > 200)
		printf ("after %d: %d KiB, after %d: %d KiB\n", n / 2, before, n, rss ());
	arena_fini (&one);
	(void) a;
}

int main (void)
{
	struct arena a;
	arena_init (&a);
	if (!mkdtemp (folder))
		return 1;
	maker = page_maker_new ();
	void (*const tests[]) (struct arena *) = { test_words, test_invoice, test_file,	  test_kinds,	 test_quote, test_vat,
						   test_codes, test_long,    test_breaks, test_extremes, test_logo,  test_flat };
	for (size_t i = 0; i < LENGTH (tests); i++) {
		tests[i](&a);
		arena_reset (&a);
	}
	page_maker_free (&maker);
	unlink (arena_printf (&a, "%s/page.pdf", folder));
	rmdir (folder);
	arena_fini (&a);
	return test_end ();
}
