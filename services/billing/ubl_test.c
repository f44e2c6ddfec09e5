/* Every document of tests/fixtures/ubl, rebuilt from its data by our writer and read by our checks: the totals of expected.json, the rules of expected.json.
 * And documents that are broken on purpose, one thing at a time. With a folder as argument what was written is left there, for others' rules.
 * Nothing here says how many cents: that is reckoned by totals_of and told by expected.json. */
#include "ubl.h"
#include "ubl_check.h"

#include <jansson.h>
#include <stdlib.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include "amounts.h"
#include "clock.h"
#include "money.h"
#include "rates.h"
#include "test.h"

#define UBL_NS "urn:oasis:names:specification:ubl:schema:xsd:"

static const char *folder; /* where what was written is left; null: nowhere */

/* ---- XML as a tree ---- */

struct tree {
	xmlDocPtr doc;
	xmlXPathContextPtr xpath;
};

static struct tree tree_of (struct bytes xml)
{
	struct tree t = { .doc = xmlReadMemory ((const char *) xml.at, (int) xml.n, NULL, NULL, XML_PARSE_NONET) };
	CHECK (t.doc != NULL);
	t.xpath = xmlXPathNewContext (t.doc);
	xmlXPathRegisterNs (t.xpath, (const xmlChar *) "cbc", (const xmlChar *) UBL_NS "CommonBasicComponents-2");
	xmlXPathRegisterNs (t.xpath, (const xmlChar *) "cac", (const xmlChar *) UBL_NS "CommonAggregateComponents-2");
	return t;
}

static void tree_free (struct tree t)
{
	xmlXPathFreeContext (t.xpath);
	xmlFreeDoc (t.doc);
}

/* The text of the first that is found; null: none. */
static const char *said (struct arena *a, struct tree t, const char *path)
{
	const char *ret = NULL;
	xmlXPathObjectPtr found = xmlXPathEval ((const xmlChar *) path, t.xpath);
	CHECK (found != NULL);
	if (found && found->nodesetval && found->nodesetval->nodeNr) {
		xmlChar *text = xmlNodeGetContent (found->nodesetval->nodeTab[0]);
		ret = arena_text (a, (const char *) text);
		xmlFree (text);
	}
	xmlXPathFreeObject (found);
	return ret;
}

static int counted (struct tree t, const char *path)
{
	xmlXPathObjectPtr found = xmlXPathEval ((const xmlChar *) path, t.xpath);
	CHECK (found != NULL);
	int ret = found && found->nodesetval ? found->nodesetval->nodeNr : 0;
	xmlXPathFreeObject (found);
	return ret;
}

static struct bytes tree_bytes (struct arena *a, struct tree t)
{
	xmlChar *text = NULL;
	int n = 0;
	xmlDocDumpMemory (t.doc, &text, &n);
	struct bytes ret = { (const unsigned char *) arena_copy (a, (const char *) text, (size_t) n), (size_t) n };
	xmlFree (text);
	return ret;
}

/* ---- a document out of its XML ---- */

static int32_t day_said (struct arena *a, struct tree t, const char *path)
{
	const char *text = said (a, t, path);
	int32_t day = 0;
	if (text)
		CHECK (date_parse (text, &day) == OK);
	return day;
}

static int64_t minor_said (struct arena *a, struct tree t, const char *path)
{
	const char *text = said (a, t, path);
	struct money m = { 0 };
	if (text)
		CHECK (money_parse (text, "EUR", &m) == OK);
	return m.minor;
}

static struct doc_party party_said (struct arena *a, struct tree t, const char *which)
{
#define OF(path) said (a, t, arena_printf (a, "/*/%s/cac:Party/%s", which, path))
	struct doc_party p = {
		.name = OF ("cac:PartyLegalEntity/cbc:RegistrationName"),
		.attention = OF ("cac:Contact/cbc:Name"),
		.street = OF ("cac:PostalAddress/cbc:StreetName"),
		.postcode = OF ("cac:PostalAddress/cbc:PostalZone"),
		.city = OF ("cac:PostalAddress/cbc:CityName"),
		.country = OF ("cac:PostalAddress/cac:Country/cbc:IdentificationCode"),
		.email = OF ("cac:Contact/cbc:ElectronicMail"),
		.phone = OF ("cac:Contact/cbc:Telephone"),
		.kvk = OF ("cac:PartyLegalEntity/cbc:CompanyID"),
		.vat_id = OF ("cac:PartyTaxScheme/cbc:CompanyID"),
		.iban = said (a, t, "/*/cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID"),
	};
	return p;
#undef OF
}

static enum tax_category category_said (const char *letter)
{
	for (enum tax_category c = 0; c < tax_category_count; c++)
		if (letter && strcmp (category_letter (c), letter) == 0)
			return c;
	CHECK (!"a category is known");
	return tax_category_standard;
}

static struct doc_line line_said (struct arena *a, struct tree t, int number)
{
#define OF(path) said (a, t, arena_printf (a, "(/*/cac:InvoiceLine | /*/cac:CreditNoteLine)[%d]/%s", number, path))
	const char *letter = OF ("cac:Item/cac:ClassifiedTaxCategory/cbc:ID"), *unit = OF ("*/@unitCode");
	struct doc_line line = {
		.name = OF ("cac:Item/cbc:Name"),
		.quantity = OF ("*[self::cbc:InvoicedQuantity or self::cbc:CreditedQuantity]"),
		.price = OF ("cac:Price/cbc:PriceAmount"),
		.discount_amount = OF ("cac:AllowanceCharge[cbc:ChargeIndicator='false']/cbc:Amount"),
		.category = category_said (letter),
		.rate = OF ("cac:Item/cac:ClassifiedTaxCategory/cbc:Percent"),
		.reason = said (a, t, arena_printf (a, "//cac:TaxCategory[cbc:ID='%s']/cbc:TaxExemptionReason", letter)),
	};
	while (line.unit + 1 < unit_count && strcmp (unit_code (line.unit), unit) != 0)
		line.unit++;
	CHECK_TEXT (unit_code (line.unit), unit);
	return line;
#undef OF
}

static struct document document_said (struct arena *a, struct tree t)
{
	struct document d = {
		.kind = counted (t, "/*/cbc:CreditNoteTypeCode") ? document_kind_credit_note : document_kind_invoice,
		.number = said (a, t, "/*/cbc:ID"),
		.language = "nl",
		.currency = said (a, t, "/*/cbc:DocumentCurrencyCode"),
		.mode = price_mode_net,
		.issued = day_said (a, t, "/*/cbc:IssueDate"),
		.due = day_said (a, t, "/*/cbc:DueDate"),
		.supplied = day_said (a, t, "/*/cac:Delivery/cbc:ActualDeliveryDate"),
		.seller = party_said (a, t, "cac:AccountingSupplierParty"),
		.buyer = party_said (a, t, "cac:AccountingCustomerParty"),
		.buyer_reference = said (a, t, "/*/cbc:BuyerReference"),
		.original_number = said (a, t, "/*/cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID"),
		.original_issued = day_said (a, t, "/*/cac:BillingReference/cac:InvoiceDocumentReference/cbc:IssueDate"),
		.delivery_country = said (a, t, "/*/cac:Delivery/cac:DeliveryLocation/cac:Address/cac:Country/cbc:IdentificationCode"),
		.notes = said (a, t, "/*/cbc:Note"),
		.discount_amount = said (a, t, "/*/cac:AllowanceCharge/cbc:Amount"),
		.discount_reason = said (a, t, "/*/cac:AllowanceCharge/cbc:AllowanceChargeReason"),
		.prepaid = minor_said (a, t, "/*/cac:LegalMonetaryTotal/cbc:PrepaidAmount"),
		.rounding = minor_said (a, t, "/*/cac:LegalMonetaryTotal/cbc:PayableRoundingAmount"),
		.terms = said (a, t, "/*/cac:PaymentTerms/cbc:Note"),
		.lines = (size_t) counted (t, "/*/cac:InvoiceLine | /*/cac:CreditNoteLine"),
	};
	struct doc_line *line = arena_array (a, d.lines, sizeof *line);
	for (size_t i = 0; i < d.lines; i++)
		line[i] = line_said (a, t, (int) i + 1);
	d.line = line;
	return d;
}

/* ---- checking ---- */

/* The ids that failed, each once, with blanks between and around; what cannot be read says so. */
static const char *failed_rules (struct arena *a, struct bytes xml)
{
	struct ubl_failures f;
	if (ubl_check (a, xml, &f) != OK)
		return " refused ";
	const char *ret = " ";
	for (size_t i = 0; i < f.n; i++) {
		CHECK (*f.at[i].nl && *f.at[i].en && strcmp (f.at[i].nl, f.at[i].en) != 0);
		CHECK (!*f.at[i].pointer || *f.at[i].pointer == '/');
		if (!strstr (ret, arena_printf (a, " %s ", f.at[i].rule)))
			ret = arena_printf (a, "%s%s ", ret, f.at[i].rule);
	}
	return ret;
}

static struct bytes fixture (struct arena *a, const char *name)
{
	FILE *f = fopen (arena_printf (a, "tests/fixtures/ubl/%s", name), "rb");
	unsigned char *at = arena_alloc (a, 1 << 20);
	struct bytes ret = { at, 0 };
	CHECK (f != NULL);
	if (f) {
		ret.n = fread (at, 1, 1 << 20, f);
		fclose (f);
	}
	return ret;
}

static void leave (struct arena *a, const char *name, struct bytes xml)
{
	if (!folder)
		return;
	FILE *f = fopen (arena_printf (a, "%s/%s.xml", folder, name), "wb");
	CHECK (f && fwrite (xml.at, 1, xml.n, f) == xml.n);
	CHECK (f && fclose (f) == 0);
}

/* Reckoned, written, checked by our own rules, and left for others'. */
static struct bytes written (struct arena *a, struct document *d, const char *name, enum ubl_profile profile,
			     const struct ubl_attachment *pdf)
{
	struct amounts_fault fault;
	struct bytes xml = { 0 };
	int64_t *net = arena_array (a, d->lines + 1, sizeof *net);
	CHECK (totals_of (a, d, net, &fault) == OK);
	CHECK (ubl_write (a, d, net, profile, pdf, &xml) == OK);
	CHECK_TEXT (failed_rules (a, xml), " ");
	leave (a, name, xml);
	return xml;
}

/* ---- the fixtures ---- */

static void total_equals (struct arena *a, int64_t minor, const json_t *expected, const char *name)
{
	struct money m = { minor, "EUR" };
	char text[24];
	(void) a;
	CHECK_TEXT (money_amount (m, text), json_string_value (json_object_get (expected, name)));
}

static void totals_equal (struct arena *a, const struct doc_totals *t, const json_t *expected)
{
	const json_t *by_rate = json_object_get (expected, "vat_by_rate");
	total_equals (a, t->net, expected, "net");
	total_equals (a, t->vat, expected, "vat");
	total_equals (a, t->gross, expected, "gross");
	total_equals (a, t->payable, expected, "payable");
	CHECK (t->groups == json_object_size (by_rate));
	for (size_t i = 0; i < t->groups; i++)
		total_equals (a, t->group[i].tax, by_rate,
			      arena_printf (a, "%s/%s", category_letter (t->group[i].category), t->group[i].rate));
}

/* Names and texts of all elements that hold no others, in their order; groups of VAT stand in an order of our own, so they are sorted by what they say. */
static size_t leaves_of (struct arena *a, struct tree t, const char **ret)
{
	size_t n = 0;
	xmlXPathObjectPtr found = xmlXPathEval ((const xmlChar *) "//*[not(*)][not(ancestor::cac:TaxSubtotal)]", t.xpath);
	for (int i = 0; found && i < found->nodesetval->nodeNr && n < 500; i++) {
		xmlNodePtr node = found->nodesetval->nodeTab[i];
		xmlChar *text = xmlNodeGetContent (node);
		int64_t value;
		bool figure = decimal_parse ((const char *) text, 6, &value) == OK && strlen ((const char *) text) < 12;
		ret[n++] = arena_printf (a, "%s/%s=%s", (const char *) node->parent->name, (const char *) node->name,
					 figure ? decimal_text (a, value, 6) : (const char *) text);
		xmlFree (text);
	}
	xmlXPathFreeObject (found);
	return n;
}

/* What we write of the same data is what stands in the fixture, element by element in the same order. */
static void leaves_equal (struct arena *a, struct tree theirs, struct bytes ours)
{
	const char *a_leaf[500], *b_leaf[500];
	struct tree made = tree_of (ours);
	size_t n = leaves_of (a, theirs, a_leaf), m = leaves_of (a, made, b_leaf);
	CHECK (n == m);
	for (size_t i = 0; i < n && i < m; i++)
		CHECK_TEXT (b_leaf[i], a_leaf[i]);
	tree_free (made);
}

static void fixture_rebuilds (struct arena *a, const char *name, const json_t *expected)
{
	struct tree t = tree_of (fixture (a, arena_printf (a, "%s.xml", name)));
	struct document d = document_said (a, t);
	bool nlcius = strstr (said (a, t, "/*/cbc:CustomizationID"), "nlcius");
	struct bytes xml = written (a, &d, name, nlcius ? ubl_profile_nlcius : ubl_profile_peppol, NULL);
	totals_equal (a, &d.totals, json_object_get (expected, "totals"));
	leaves_equal (a, t, xml);
	tree_free (t);
}

/* The ids of expected.json, without those that are another profile's alone. */
static const char *rules_expected (struct arena *a, const json_t *expected)
{
	const char *ret = " ";
	size_t i;
	const json_t *one;
	json_array_foreach (json_object_get (expected, "expect_failed_rules"), i, one)
	{
		const char *text = json_string_value (one);
		if (!strstr (text, "under Peppol rules only"))
			ret = arena_printf (a, "%s%.*s ", ret, (int) strcspn (text, " "), text);
	}
	return ret;
}

static void fixtures_hold (struct arena *a)
{
	json_t *root = json_loadb ((const char *) fixture (a, "expected.json").at, fixture (a, "expected.json").n, 0, NULL);
	const char *name;
	json_t *expected;
	size_t rebuilt = 0, seen = 0;
	CHECK (root != NULL);
	json_object_foreach (json_object_get (root, "documents"), name, expected)
	{
		const char *failed = failed_rules (a, fixture (a, arena_printf (a, "%s.xml", name)));
		if (strncmp (name, "tolerated-", 10) == 0) {
			CHECK_TEXT (failed, " LW-CO-17 ");
		} else {
			CHECK_TEXT (failed, rules_expected (a, expected));
		}
		if (strncmp (name, "invalid-", 8) != 0 && strncmp (name, "tolerated-", 10) != 0) {
			fixture_rebuilds (a, name, expected);
			rebuilt++;
		}
		seen++;
	}
	CHECK (rebuilt == 12 && seen == 21);
	json_decref (root);
}

/* ---- documents of our own ---- */

static const char *const base_lines =
	"[{\"name\":\"Werk\",\"quantity\":\"3.5\",\"unit\":\"hour\",\"price\":\"65\",\"discount\":\"10\",\"rate\":\"21\",\"category\":\"standard\"},"
	" {\"kind\":\"section\",\"name\":\"Boeken\"},"
	" {\"name\":\"Boek\",\"description\":\"Twee\\nregels\",\"code\":\"B-1\",\"quantity\":\"7\",\"price\":\"19.99\",\"per\":\"3\",\"rate\":\"9\",\"discount_amount\":\"1.11\",\"charge_amount\":\"2.50\"},"
	" {\"name\":\"Terug\",\"quantity\":\"-1\",\"price\":\"4.95\",\"rate\":\"21\"}]";

static void lines_set (struct arena *a, struct document *d, const char *json)
{
	json_error_t error;
	json_t *list = json_loads (json, 0, &error);
	CHECK (list != NULL);
	struct doc_line *line = arena_array (a, json_array_size (list) + 1, sizeof *line);
	d->lines = json_array_size (list);
	for (size_t i = 0; i < d->lines; i++)
		CHECK (record_from_json (a, &doc_line_record, json_array_get (list, i), true, &line[i], NULL) == OK);
	d->line = line;
	json_decref (list);
}

static struct document document_of (struct arena *a, const char *lines)
{
	struct document d = {
		.kind = document_kind_invoice,
		.number = "INV-2026-007",
		.language = "nl",
		.currency = "EUR",
		.title = "Werk & boeken <november>",
		.notes = "Met dank.\x01",
		.seller = { .name = "Studio Noordlicht B.V.",
			    .street = "Keizersgracht 112",
			    .street2 = "3 hoog",
			    .postcode = "1015 CV",
			    .city = "Amsterdam",
			    .country = "NL",
			    .kvk = "12345678",
			    .vat_id = "NL123456782B01",
			    .iban = "NL13TEST0123456789",
			    .bic = "TESTNL2A",
			    .email = "hallo@noordlicht.example" },
		.buyer = { .name = "Bakkerij De Wit",
			   .street = "Dorpsstraat 10",
			   .postcode = "1011 AB",
			   .city = "Amsterdam",
			   .oin = "00000001234567890000",
			   .vat_id = "NL123456782B02" },
		.buyer_reference = "PO-1",
		.order_reference = "4711",
		.terms = "Betaling binnen 30 dagen.",
	};
	CHECK (date_parse ("2026-11-21", &d.issued) == OK && date_parse ("2026-12-21", &d.due) == OK);
	lines_set (a, &d, lines);
	return d;
}

/* In both modes, in both profiles, with discounts of every kind and the document itself inside. */
static void every_way_is_written (struct arena *a)
{
	static const unsigned char page[] = "%PDF-1.7\n%%EOF\n";
	struct ubl_attachment pdf = { "INV-2026-007.pdf", { page, sizeof page - 1 } };
	for (int way = 0; way < 8; way++) {
		struct document d = document_of (a, base_lines);
		d.mode = way & 1 ? price_mode_gross : price_mode_net;
		d.kind = way & 2 ? document_kind_credit_note : document_kind_invoice;
		d.original_number = way & 2 ? "INV-2026-001" : NULL;
		d.original_issued = way & 2 ? d.issued - 3 : 0;
		d.language = way & 4 ? "en" : "nl";
		d.discount = "5";
		d.discount_amount = "1.25";
		d.prepaid = 1000;
		struct bytes xml = written (a, &d, arena_printf (a, "own-way-%d", way), way & 4 ? ubl_profile_nlcius : ubl_profile_peppol,
					    way & 4 ? NULL : &pdf);
		struct tree t = tree_of (xml);
		CHECK (counted (t, "/*/cac:InvoiceLine | /*/cac:CreditNoteLine") == 3);
		CHECK_TEXT (said (a, t, "//cbc:Note"), "Werk & boeken <november>\nMet dank.");
		CHECK_TEXT (said (a, t, "//cac:AccountingCustomerParty//cbc:EndpointID"), "00000001234567890000");
		CHECK (counted (t, "/*/cac:AdditionalDocumentReference") == !(way & 4));
		CHECK (counted (t, "/*/cac:AllowanceCharge") == 2);
		tree_free (t);
	}
}

static uint32_t next (uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

/* Prices with VAT, of all sizes: whatever they come to, sums and lines hold by our rules, which are to the cent. */
static void gross_adds_up (struct arena *a)
{
	uint32_t seed = 20261123;
	for (int round = 0; round < 300; round++) {
		const char *json = "";
		int lines = 1 + (int) (next (&seed) % 12);
		for (int i = 0; i < lines; i++) {
			const char *off = next (&seed) % 3
						  ? ""
						  : arena_printf (a, ",\"discount\":\"%u.%u\"", next (&seed) % 60, next (&seed) % 9 + 1);
			const char *on = next (&seed) % 4 ? "" : ",\"charge_amount\":\"3.33\",\"discount_amount\":\"0.07\"";
			json = arena_printf (
				a,
				"%s%s{\"name\":\"Artikel\",\"quantity\":\"%s%u.%u\",\"price\":\"%u.%06u\",\"per\":\"%u\",\"rate\":\"%s\"%s%s}",
				json, i ? "," : "", next (&seed) % 7 ? "" : "-", next (&seed) % 900, next (&seed) % 100, next (&seed) % 500,
				next (&seed) % 1000000, next (&seed) % 3 + 1, next (&seed) % 2 ? "21" : "9", off, on);
		}
		struct document d = document_of (a, arena_printf (a, "[%s]", json));
		d.mode = price_mode_gross;
		d.discount = next (&seed) % 2 ? "7.5" : NULL;
		written (a, &d, arena_printf (a, "own-gross-%03d", round), ubl_profile_peppol, NULL);
		if (round == 8)
			folder = NULL; /* others' rules are slow: some are enough */
	}
}

static void the_price_stays_where_it_fits (struct arena *a)
{
	struct document d = document_of (
		a,
		"[{\"name\":\"Een\",\"quantity\":\"1\",\"price\":\"121\",\"rate\":\"21\"},{\"name\":\"Drie\",\"quantity\":\"3\",\"price\":\"10\",\"rate\":\"21\"}]");
	d.mode = price_mode_gross;
	struct tree t = tree_of (written (a, &d, "own-price", ubl_profile_peppol, NULL));
	CHECK_TEXT (said (a, t, "(//cbc:PriceAmount)[1]"), "100");
	CHECK_TEXT (said (a, t, "(//cbc:PriceAmount)[2]"), "8.264463");
	CHECK_TEXT (said (a, t, "(//cbc:LineExtensionAmount)[3]"), "24.79");
	tree_free (t);
}

/* Categories without VAT, each as the law wants it. */
static struct document document_without_vat (struct arena *a, const char *category)
{
	struct document d = document_of (a, arena_printf (a, "[{\"name\":\"Werk\",\"price\":\"400\",\"category\":\"%s\"}]", category));
	d.discount_amount = "12.34";
	return d;
}

static const char *const untaxed[] = { "zero", "exempt", "reverse_charge", "intra_community", "export", "outside" };

static struct bytes without_vat_written (struct arena *a, const char *category)
{
	struct document d = document_without_vat (a, category);
	if (strcmp (category, "intra_community") == 0 || strcmp (category, "export") == 0)
		d.buyer = (struct doc_party){ .name = "Muster GmbH",
					      .street = "Musterweg 2",
					      .postcode = "10115",
					      .city = "Berlin",
					      .country = "DE",
					      .vat_id = "DE123456789" };
	return written (a, &d, arena_printf (a, "own-%s", category), ubl_profile_peppol, NULL);
}

static void every_category_is_written (struct arena *a)
{
	for (size_t i = 0; i < LENGTH (untaxed); i++)
		without_vat_written (a, untaxed[i]);
}

/* ---- one thing broken at a time ---- */

/* base: a fixture, or a category that document_without_vat writes (with a discount on the whole). What: null takes away what is found, "=x" sets its
 * text, "@x=y" an attribute, "+x" adds an element, "<…" adds what stands there, "*" doubles it. */
static const struct mutation {
	const char *rule, *base, *path, *what, *pointer;
} mutations[] = {
#define PLAIN "invoice-nl-21-and-9"
#define LESS "invoice-nl-line-and-document-discount"
	{ "BR-01", PLAIN, "/*/cbc:CustomizationID", NULL, "" },
	{ "BR-02", PLAIN, "/*/cbc:ID", NULL, "/number" },
	{ "BR-03", PLAIN, "/*/cbc:IssueDate", NULL, "/issued" },
	{ "BR-04", PLAIN, "/*/cbc:InvoiceTypeCode", NULL, "/kind" },
	{ "BR-05", PLAIN, "/*/cbc:DocumentCurrencyCode", NULL, "/currency" },
	{ "BR-06", PLAIN, "//cac:AccountingSupplierParty//cbc:RegistrationName", NULL, "/seller/name" },
	{ "BR-07", PLAIN, "//cac:AccountingCustomerParty//cbc:RegistrationName", NULL, "/buyer/name" },
	{ "BR-08", PLAIN, "//cac:AccountingSupplierParty//cac:PostalAddress", NULL, "/seller/street" },
	{ "BR-09", PLAIN, "//cac:AccountingSupplierParty//cac:Country", NULL, "/seller/country" },
	{ "BR-10", PLAIN, "//cac:AccountingCustomerParty//cac:PostalAddress", NULL, "/buyer/street" },
	{ "BR-11", PLAIN, "//cac:AccountingCustomerParty//cac:Country", NULL, "/buyer/country" },
	{ "BR-12", PLAIN, "/*/cac:LegalMonetaryTotal/cbc:LineExtensionAmount", NULL, "/lines" },
	{ "BR-13", PLAIN, "//cbc:TaxExclusiveAmount", NULL, "/net" },
	{ "BR-14", PLAIN, "//cbc:TaxInclusiveAmount", NULL, "/gross" },
	{ "BR-15", PLAIN, "//cbc:PayableAmount", NULL, "/payable" },
	{ "LW-TOTAL", PLAIN, "//cac:LegalMonetaryTotal", NULL, "/payable" },
	{ "BR-16", PLAIN, "//cac:InvoiceLine", NULL, "/lines" },
	{ "BR-21", PLAIN, "(//cac:InvoiceLine)[2]/cbc:ID", NULL, "/lines/1" },
	{ "BR-22", PLAIN, "(//cbc:InvoicedQuantity)[2]", NULL, "/lines/1/quantity" },
	{ "BR-23", PLAIN, "(//cbc:InvoicedQuantity)[2]/@unitCode", NULL, "/lines/1/unit" },
	{ "BR-24", PLAIN, "(//cac:InvoiceLine)[3]/cbc:LineExtensionAmount", NULL, "/lines/2/net" },
	{ "BR-25", PLAIN, "(//cac:Item)[1]/cbc:Name", NULL, "/lines/0/name" },
	{ "BR-26", PLAIN, "(//cbc:PriceAmount)[1]", NULL, "/lines/0/price" },
	{ "BR-27", PLAIN, "(//cbc:PriceAmount)[1]", "=-1.00", "/lines/0/price" },
	{ "BR-31", LESS, "/*/cac:AllowanceCharge/cbc:Amount", NULL, "/discount_amount" },
	{ "BR-32", LESS, "/*/cac:AllowanceCharge/cac:TaxCategory", NULL, "/discount_amount" },
	{ "BR-33", LESS, "/*/cac:AllowanceCharge/cbc:AllowanceChargeReason", NULL, "/discount_reason" },
	{ "BR-CO-21", LESS, "/*/cac:AllowanceCharge/cbc:AllowanceChargeReason", NULL, "/discount_reason" },
	{ "BR-41", LESS, "//cac:InvoiceLine/cac:AllowanceCharge/cbc:Amount", NULL, "/lines/0/discount_amount" },
	{ "BR-42", LESS, "//cac:InvoiceLine/cac:AllowanceCharge/cbc:AllowanceChargeReason", NULL, "/lines/0/discount" },
	{ "BR-CO-23", LESS, "//cac:InvoiceLine/cac:AllowanceCharge/cbc:AllowanceChargeReason", NULL, "/lines/0/discount" },
	{ "BR-45", PLAIN, "(//cbc:TaxableAmount)[1]", NULL, "/groups" },
	{ "BR-46", PLAIN, "(//cac:TaxSubtotal)[1]/cbc:TaxAmount", NULL, "/groups" },
	{ "BR-47", PLAIN, "(//cac:TaxSubtotal)[1]/cac:TaxCategory/cbc:ID", NULL, "/groups" },
	{ "BR-48", PLAIN, "(//cac:TaxSubtotal)[1]/cac:TaxCategory/cbc:Percent", NULL, "/groups" },
	{ "BR-49", PLAIN, "//cbc:PaymentMeansCode", NULL, "/seller/iban" },
	{ "BR-50", PLAIN, "//cac:PayeeFinancialAccount/cbc:ID", NULL, "/seller/iban" },
	{ "BR-55", "creditnote-nl-full", "//cac:InvoiceDocumentReference/cbc:ID", NULL, "/original" },
	{ "BR-57", "invoice-eu-intracommunity-supply", "//cac:DeliveryLocation//cac:Country", NULL, "/delivery_country" },
	{ "BR-61", PLAIN, "//cac:PayeeFinancialAccount", NULL, "/seller/iban" },
	{ "BR-62", PLAIN, "//cac:AccountingSupplierParty//cbc:EndpointID/@schemeID", NULL, "/seller/endpoint" },
	{ "BR-63", PLAIN, "//cac:AccountingCustomerParty//cbc:EndpointID/@schemeID", NULL, "/buyer/endpoint" },
	{ "BR-CO-04", PLAIN, "(//cac:ClassifiedTaxCategory)[1]", NULL, "/lines/0/category" },
	{ "BR-CO-09", PLAIN, "//cac:AccountingSupplierParty//cac:PartyTaxScheme/cbc:CompanyID", "=123456782B01", "/seller/vat_id" },
	{ "BR-CO-09", PLAIN, "//cac:AccountingCustomerParty//cac:PartyTaxScheme/cbc:CompanyID", "=XX123456782B01", "/buyer/vat_id" },
	{ "BR-CO-10", PLAIN, "/*/cac:LegalMonetaryTotal/cbc:LineExtensionAmount", "=1152.46", "/lines" },
	{ "BR-CO-11", LESS, "//cbc:AllowanceTotalAmount", "=75.34", "/discount_amount" },
	{ "BR-CO-12", LESS, "/*/cac:AllowanceCharge/cbc:ChargeIndicator", "=true", "/lines" },
	{ "BR-CO-13", PLAIN, "//cbc:TaxExclusiveAmount", "=1152.44", "/net" },
	{ "BR-CO-14", PLAIN, "/*/cac:TaxTotal/cbc:TaxAmount", "=238.44", "/vat" },
	{ "BR-CO-15", PLAIN, "//cbc:TaxInclusiveAmount", "=1390.89", "/gross" },
	{ "BR-CO-16", PLAIN, "//cbc:PayableAmount", "=1390.87", "/payable" },
	{ "BR-CO-17", PLAIN, "(//cac:TaxSubtotal)[1]/cbc:TaxAmount", "=234.73", "/groups" },
	{ "LW-CO-17", PLAIN, "(//cac:TaxSubtotal)[1]/cbc:TaxAmount", "=235.70", "/groups" },
	{ "BR-CO-18", PLAIN, "//cac:TaxSubtotal", NULL, "/groups" },
	{ "BR-CO-25", PLAIN, "/*/cbc:DueDate | /*/cac:PaymentTerms", NULL, "/due" },
	{ "BR-CO-26", PLAIN, "//cac:AccountingSupplierParty//cbc:CompanyID", NULL, "/seller/kvk" },
	{ "UBL-DT-01", PLAIN, "//cbc:PayableAmount", "=1390.880", "/lines" },
	{ "BR-S-01", PLAIN, "//cac:TaxSubtotal", NULL, "/groups" },
	{ "BR-S-02", PLAIN, "//cac:PartyTaxScheme", NULL, "/seller/vat_id" },
	{ "BR-S-03", LESS, "//cac:PartyTaxScheme", NULL, "/seller/vat_id" },
	{ "BR-S-05", PLAIN, "(//cac:ClassifiedTaxCategory)[2]/cbc:Percent", "=0", "/lines/1/rate" },
	{ "BR-S-06", LESS, "/*/cac:AllowanceCharge//cbc:Percent", "=0", "/discount_amount" },
	{ "BR-S-08", PLAIN, "(//cbc:TaxableAmount)[1]", "=1121.50", "/groups" },
	{ "LW-S-08", PLAIN, "(//cbc:TaxableAmount)[1]", "=1122.49", "/groups" },
	{ "BR-S-09", PLAIN, "(//cac:TaxSubtotal)[1]/cbc:TaxAmount", "=236.73", "/groups" },
	{ "BR-S-10", PLAIN, "(//cac:TaxSubtotal)[1]/cac:TaxCategory", "+TaxExemptionReason", "/lines/0/reason" },
	{ "BR-Z-10", "zero", "//cac:TaxSubtotal/cac:TaxCategory", "+TaxExemptionReason", "/lines/0/reason" },
	{ "BR-Z-02", "zero", "//cac:PartyTaxScheme", NULL, "/seller/vat_id" },
	{ "BR-E-02", "exempt", "//cac:PartyTaxScheme", NULL, "/seller/vat_id" },
	{ "BR-E-03", "exempt", "//cac:PartyTaxScheme", NULL, "/seller/vat_id" },
	{ "BR-AE-02", "reverse_charge", "//cac:AccountingCustomerParty//cbc:CompanyID", NULL, "/buyer/vat_id" },
	{ "BR-AE-03", "reverse_charge", "//cac:AccountingCustomerParty//cbc:CompanyID", NULL, "/buyer/vat_id" },
	{ "BR-IC-02", "intra_community", "//cac:AccountingCustomerParty//cac:PartyTaxScheme", NULL, "/buyer/vat_id" },
	{ "BR-IC-03", "intra_community", "//cac:AccountingCustomerParty//cac:PartyTaxScheme", NULL, "/buyer/vat_id" },
	{ "BR-IC-11", "intra_community", "//cbc:ActualDeliveryDate", NULL, "/supplied" },
	{ "BR-IC-12", "intra_community", "//cac:DeliveryLocation", NULL, "/buyer/country" },
	{ "BR-G-02", "export", "//cac:PartyTaxScheme", NULL, "/seller/vat_id" },
	{ "BR-G-03", "export", "//cac:PartyTaxScheme", NULL, "/seller/vat_id" },
	{ "BR-O-05", "outside", "//cac:ClassifiedTaxCategory", "+Percent", "/lines/0/rate" },
	{ "BR-O-06", "outside", "/*/cac:AllowanceCharge/cac:TaxCategory", "+Percent", "/discount_amount" },
	{ "BR-O-11", "outside", "//cac:TaxSubtotal", "*S", "/lines/0/category" },
	{ "BR-O-12", "outside", "//cac:ClassifiedTaxCategory/cbc:ID", "=S", "/lines/0/category" },
	{ "BR-O-13", "outside", "/*/cac:AllowanceCharge/cac:TaxCategory/cbc:ID", "=S", "/lines/0/category" },
	{ "PEPPOL-EN16931-R001", PLAIN, "/*/cbc:ProfileID", NULL, "" },
	{ "PEPPOL-EN16931-R002", "outside", "/*/cbc:Note", "*", "/notes" },
	{ "PEPPOL-EN16931-R003", PLAIN, "/*/cbc:BuyerReference", NULL, "/buyer_reference" },
	{ "PEPPOL-EN16931-R004", PLAIN, "/*/cbc:CustomizationID", "=urn:cen.eu:en16931:2017", "" },
	{ "PEPPOL-EN16931-R007", PLAIN, "/*/cbc:ProfileID", "=urn:other", "" },
	{ "PEPPOL-EN16931-R008", PLAIN, "/*/cbc:BuyerReference", "=", "" },
	{ "PEPPOL-EN16931-R010", PLAIN, "//cac:AccountingCustomerParty//cbc:EndpointID", NULL, "/buyer/endpoint" },
	{ "PEPPOL-EN16931-R020", PLAIN, "//cac:AccountingSupplierParty//cbc:EndpointID", NULL, "/seller/endpoint" },
	{ "PEPPOL-EN16931-R040", "net", "//cbc:BaseAmount", "=1.00", "/lines/0/discount" },
	{ "PEPPOL-EN16931-R041", "net", "//cbc:BaseAmount", NULL, "/lines/0/discount" },
	{ "PEPPOL-EN16931-R042", "net", "//cbc:MultiplierFactorNumeric", NULL, "/lines/0/discount" },
	{ "PEPPOL-EN16931-R043", LESS, "/*/cac:AllowanceCharge/cbc:ChargeIndicator", "=0", "/discount" },
	{ "PEPPOL-EN16931-R051", PLAIN, "//cbc:PayableAmount", "@currencyID=USD", "/currency" },
	{ "PEPPOL-EN16931-R053", PLAIN, "//cac:TaxTotal", "*", "/groups" },
	{ "PEPPOL-EN16931-R054", PLAIN, "//cac:TaxSubtotal", NULL, "/vat" },
	{ "PEPPOL-EN16931-R120", PLAIN, "(//cbc:InvoicedQuantity)[1]", "=2", "/lines/0/net" },
	{ "PEPPOL-EN16931-R121", "net", "//cbc:BaseQuantity", "=0", "/lines/2/per" },
	{ "PEPPOL-EN16931-R130", "net", "//cbc:BaseQuantity", "@unitCode=HUR", "/lines/2/unit" },
	{ "BR-43", "net", "//cac:AllowanceCharge[cbc:ChargeIndicator='true']/cbc:Amount", NULL, "/lines/2/charge_amount" },
	{ "BR-44", "net", "//cac:AllowanceCharge[cbc:ChargeIndicator='true']/cbc:AllowanceChargeReason", NULL, "/lines/2/charge_amount" },
	{ "BR-CO-24", "net", "//cac:AllowanceCharge[cbc:ChargeIndicator='true']/cbc:AllowanceChargeReason", NULL,
	  "/lines/2/charge_amount" },
	{ "NL-R-001", "creditnote-nl-full", "//cac:BillingReference", NULL, "/original" },
	{ "NL-R-002", PLAIN, "//cac:AccountingSupplierParty//cbc:CityName", NULL, "/seller/street" },
	{ "NL-R-003", PLAIN, "//cac:AccountingSupplierParty//cac:PartyLegalEntity/cbc:CompanyID", "@schemeID=0002", "/seller/kvk" },
	{ "NL-R-004", PLAIN, "//cac:AccountingCustomerParty//cbc:PostalZone", NULL, "/buyer/street" },
	{ "NL-R-005", PLAIN, "//cac:AccountingCustomerParty//cac:PartyLegalEntity/cbc:CompanyID/@schemeID", NULL, "/buyer/kvk" },
	{ "NL-R-007", PLAIN, "//cac:PaymentMeans", NULL, "/seller/iban" },
	{ "NL-R-008", PLAIN, "//cbc:PaymentMeansCode", "=10", "/seller/iban" },
	{ "BR-NL-1", PLAIN, "//cac:AccountingSupplierParty//cac:PartyLegalEntity/cbc:CompanyID", NULL, "/seller/kvk" },
#define DUTCH "invoice-nlcius"
	{ "BR-NL-1", DUTCH, "//cac:AccountingSupplierParty//cac:PartyLegalEntity/cbc:CompanyID", "@schemeID=0002", "/seller/kvk" },
	{ "BR-NL-2", DUTCH, "/*/cbc:BuyerReference", NULL, "/buyer_reference" },
	{ "BR-NL-3", DUTCH, "//cac:AccountingSupplierParty//cbc:StreetName", NULL, "/seller/street" },
	{ "BR-NL-4", DUTCH, "//cac:AccountingCustomerParty//cbc:StreetName", NULL, "/buyer/street" },
	{ "BR-NL-7", DUTCH, "/*/cbc:InvoiceTypeCode", "=326", "/kind" },
	{ "BR-NL-8", DUTCH, "/*/cbc:InvoiceTypeCode", "=381", "/kind" },
	{ "BR-NL-9", DUTCH, "/*/cbc:InvoiceTypeCode", "=384", "/original" },
	{ "BR-NL-10", DUTCH, "//cac:AccountingCustomerParty//cac:PartyLegalEntity/cbc:CompanyID", "@schemeID=0002", "/buyer/kvk" },
	{ "BR-NL-11", DUTCH, "//cac:PaymentMeans", NULL, "/seller/iban" },
	{ "BR-NL-12", DUTCH, "//cbc:PaymentMeansCode", "=10", "/seller/iban" },
#define CHARGE(more) "<cac:AllowanceCharge><cbc:ChargeIndicator>true</cbc:ChargeIndicator>" more "</cac:AllowanceCharge>"
#define PRICE_LESS(is, more) "<cac:AllowanceCharge><cbc:ChargeIndicator>" is "</cbc:ChargeIndicator>" more "</cac:AllowanceCharge>"
#define AGENT \
	"<cac:TaxRepresentativeParty><cac:PostalAddress><cac:Country><cbc:IdentificationCode>NL</cbc:IdentificationCode></cac:Country></cac:PostalAddress></cac:TaxRepresentativeParty>"
#define ORDER_LINE "<cac:OrderLineReference><cbc:LineID>1</cbc:LineID></cac:OrderLineReference>"
	{ "BR-28", PLAIN, "(//cac:Price)[2]", PRICE_LESS ("false", "<cbc:BaseAmount>-1</cbc:BaseAmount>"), "/lines/1/price" },
	{ "PEPPOL-EN16931-R044", PLAIN, "(//cac:Price)[2]", PRICE_LESS ("true", ""), "/lines/1/price" },
	{ "PEPPOL-EN16931-R046", PLAIN, "(//cac:Price)[2]",
	  PRICE_LESS ("false", "<cbc:Amount>1</cbc:Amount><cbc:BaseAmount>65.99</cbc:BaseAmount>"), "/lines/1/price" },
	{ "BR-36", PLAIN, "/*", CHARGE (""), "/lines" },
	{ "BR-37", PLAIN, "/*", CHARGE (""), "/lines" },
	{ "BR-38", PLAIN, "/*", CHARGE (""), "/lines" },
	{ "BR-CO-22", PLAIN, "/*", CHARGE (""), "/lines" },
	{ "BR-52", PLAIN, "/*", "<cac:AdditionalDocumentReference/>", "/number" },
	{ "PEPPOL-EN16931-R005", PLAIN, "/*", "<cbc:TaxCurrencyCode>EUR</cbc:TaxCurrencyCode>", "/currency" },
	{ "PEPPOL-EN16931-R055", PLAIN, "/*",
	  "<cbc:TaxCurrencyCode>USD</cbc:TaxCurrencyCode><cac:TaxTotal><cbc:TaxAmount currencyID=\"USD\">-1</cbc:TaxAmount></cac:TaxTotal>",
	  "/vat" },
	{ "NL-R-006", PLAIN, "/*", AGENT, "/seller/street" },
	{ "BR-NL-5", DUTCH, "/*", AGENT, "/seller/street" },
	{ "NL-R-009", PLAIN, "(//cac:InvoiceLine)[1]", ORDER_LINE, "/order_reference" },
	{ "BR-NL-13", DUTCH, "(//cac:InvoiceLine)[1]", ORDER_LINE, "/order_reference" },
	{ "BR-O-02", PLAIN, "(//cac:ClassifiedTaxCategory)[1]/cbc:ID", "=O", "/lines/0/category" },
	{ "BR-O-03", LESS, "/*/cac:AllowanceCharge/cac:TaxCategory/cbc:ID", "=O", "/lines/0/category" },
	{ "BR-Z-03", "zero", "//cac:PartyTaxScheme", NULL, "/seller/vat_id" },
	{ "LW-EMPTY", DUTCH, "/*/cbc:BuyerReference", "=", "" },
};

static void node_add (xmlNodePtr to, const char *name, const char *text)
{
	xmlNsPtr cbc = xmlSearchNs (to->doc, to, (const xmlChar *) "cbc");
	xmlNewChild (to, cbc, (const xmlChar *) name, (const xmlChar *) text);
}

static void node_break (struct arena *a, xmlNodePtr node, const char *what)
{
	if (!what) {
		xmlUnlinkNode (node);
		xmlFreeNode (node);
	} else if (*what == '=') {
		xmlNodeSetContent (node, (const xmlChar *) what + 1);
	} else if (*what == '@') {
		const char *value = strchr (what, '=');
		xmlSetProp (node, (const xmlChar *) arena_copy (a, what + 1, (size_t) (value - what - 1)), (const xmlChar *) value + 1);
	} else if (*what == '+') {
		node_add (node, what + 1, "1");
	} else if (*what == '*') {
		xmlNodePtr twin = xmlAddNextSibling (node, xmlCopyNode (node, 1));
		for (xmlNodePtr child = what[1] ? twin->children : NULL; child; child = child->next)
			for (xmlNodePtr id = strcmp ((const char *) child->name, "TaxCategory") == 0 ? child->children : NULL; id;
			     id = id->next)
				if (strcmp ((const char *) id->name, "ID") == 0)
					xmlNodeSetContent (id, (const xmlChar *) what + 1);
	} else if (*what == '<') {
		xmlNodePtr list = NULL;
		CHECK (xmlParseInNodeContext (node, what, (int) strlen (what), 0, &list) == XML_ERR_OK && list);
		xmlAddChildList (node, list);
	}
}

static struct bytes base_of (struct arena *a, const char *name)
{
	struct document d = document_of (a, base_lines);
	if (strchr (name, '-'))
		return fixture (a, arena_printf (a, "%s.xml", name));
	return strcmp (name, "net") == 0 ? written (a, &d, "own-net", ubl_profile_peppol, NULL) : without_vat_written (a, name);
}

static const char *shown_rules = " ";

/* What is broken, with what we say of it behind, for others to say the same. */
static void broken_leave (struct arena *a, const char *rule, struct bytes xml)
{
	static int number;
	leave (a, arena_printf (a, "broken-%03d-%s", ++number, rule), xml);
	FILE *f = folder ? fopen (arena_printf (a, "%s/broken-%03d-%s.ids", folder, number, rule), "wb") : NULL;
	if (f) {
		fputs (failed_rules (a, xml), f);
		CHECK (fclose (f) == 0);
	}
}

static void mutation_shows (struct arena *a, const struct mutation *m)
{
	shown_rules = arena_printf (a, "%s%s ", shown_rules, m->rule);
	struct tree t = tree_of (base_of (a, m->base));
	xmlXPathObjectPtr found = xmlXPathEval ((const xmlChar *) m->path, t.xpath);
	int n = found && found->nodesetval ? found->nodesetval->nodeNr : 0;
	if (!n)
		fprintf (stderr, "%s: nothing is found by %s\n", m->rule, m->path);
	CHECK (n > 0);
	for (int i = n; i-- > 0;) {
		node_break (a, found->nodesetval->nodeTab[i], m->what);
		found->nodesetval->nodeTab[i] = NULL;
	}
	if (found && found->nodesetval)
		found->nodesetval->nodeNr = 0;
	xmlXPathFreeObject (found);
	struct ubl_failures f;
	bool shows = false;
	CHECK (ubl_check (a, tree_bytes (a, t), &f) == OK);
	for (size_t i = 0; i < f.n; i++)
		shows |= strcmp (f.at[i].rule, m->rule) == 0 && strcmp (f.at[i].pointer, m->pointer) == 0;
	if (!shows) {
		fprintf (stderr, "%s of %s at %s does not show:%s\n", m->rule, m->base, m->pointer, failed_rules (a, tree_bytes (a, t)));
		for (size_t i = 0; i < f.n; i++)
			fprintf (stderr, "  %s %s\n", f.at[i].rule, f.at[i].pointer);
	}
	CHECK (shows);
	broken_leave (a, m->rule, tree_bytes (a, t));
	tree_free (t);
}

/* The rules that every category without VAT has. */
static void categories_show (struct arena *a)
{
	static const char *const ids[] = { "Z", "E", "AE", "IC", "G", "O" };
	for (size_t i = 0; i < LENGTH (untaxed); i++) {
		bool rated = strcmp (ids[i], "O") != 0, reason = strcmp (ids[i], "Z") != 0;
		const struct mutation all[] = {
			{ arena_printf (a, "BR-%s-01", ids[i]), untaxed[i], "//cac:TaxSubtotal", NULL, "/groups" },
			{ arena_printf (a, "BR-%s-08", ids[i]), untaxed[i], "//cbc:TaxableAmount", "=387.65", "/groups" },
			{ arena_printf (a, "BR-%s-09", ids[i]), untaxed[i], "//cac:TaxSubtotal/cbc:TaxAmount", "=0.01", "/groups" },
			{ arena_printf (a, "BR-%s-05", ids[i]), untaxed[i], "//cac:ClassifiedTaxCategory/cbc:Percent", "=21",
			  "/lines/0/rate" },
			{ arena_printf (a, "BR-%s-06", ids[i]), untaxed[i], "/*/cac:AllowanceCharge//cbc:Percent", "=21",
			  "/discount_amount" },
			{ arena_printf (a, "BR-%s-10", ids[i]), untaxed[i], "//cbc:TaxExemptionReason | //cbc:TaxExemptionReasonCode", NULL,
			  "/lines/0/reason" },
		};
		for (size_t k = 0; k < LENGTH (all); k++)
			if ((k < 3 || k > 4 || rated) && (k < 5 || reason))
				mutation_shows (a, &all[k]);
	}
}

/* A charge on the whole, which we never write: of each category where nobody has a VAT number (O: where they have), and with the wrong rate. */
static void charges_show (struct arena *a)
{
	static const char *const ids[][3] = { { "S", "S", "0" },   { "Z", "Z", "21" }, { "E", "E", "21" }, { "AE", "AE", "21" },
					      { "IC", "K", "21" }, { "G", "G", "21" }, { "O", "O", "0" } };
	for (size_t i = 0; i < LENGTH (ids); i++) {
		bool outside = strcmp (ids[i][0], "O") == 0, numbers = strcmp (ids[i][0], "AE") == 0 || strcmp (ids[i][0], "IC") == 0;
		const char *charge = arena_printf (
			a,
			CHARGE ("<cac:TaxCategory><cbc:ID>%s</cbc:ID><cbc:Percent>%s</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory>"),
			ids[i][1], ids[i][2]);
		const struct mutation number = { arena_printf (a, "BR-%s-04", ids[i][0]), outside ? PLAIN : "outside", "/*", charge,
						 outside   ? "/lines/0/category"
						 : numbers ? "/buyer/vat_id"
							   : "/seller/vat_id" };
		const struct mutation rate = { arena_printf (a, "BR-%s-07", ids[i][0]), PLAIN, "/*", charge, "/lines" };
		mutation_shows (a, &number);
		mutation_shows (a, &rate);
	}
	mutation_shows (
		a,
		&(struct mutation){
			"BR-O-14", "outside", "/*",
			CHARGE ("<cac:TaxCategory><cbc:ID>S</cbc:ID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory>"),
			"/lines/0/category" });
}

/* No rule stands in the table that nothing here was seen to break. */
static void mutations_show (struct arena *a)
{
	static const char *const ids[] = {
#define RULE(id, set, context, test, pointer, nl, en) id,
#include "ubl_rules.def"
#undef RULE
	};
	for (size_t i = 0; i < LENGTH (mutations); i++)
		mutation_shows (a, &mutations[i]);
	categories_show (a);
	charges_show (a);
	const char *known = " ";
	for (size_t i = 0; i < LENGTH (ids); i++)
		known = arena_printf (a, "%s%s ", known, ids[i]);
	FILE *f = folder ? fopen (arena_printf (a, "%s/known.ids", folder), "wb") : NULL;
	if (f) {
		fputs (known, f);
		CHECK (fclose (f) == 0);
	}
	for (size_t i = 0; i < LENGTH (ids); i++) {
		bool shown = strstr (shown_rules, arena_printf (a, " %s ", ids[i]));
		if (!shown)
			fprintf (stderr, "nothing breaks %s\n", ids[i]);
		CHECK (shown);
	}
}

/* ---- what is refused ---- */

static void what_is_none_is_refused (struct arena *a)
{
	static const char *const texts[] = {
		"",
		"no XML",
		"<Invoice/>",
		"<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2'/>",
		"<!DOCTYPE Invoice [<!ENTITY a \"b\">]><Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'>&a;</Invoice>",
		"<!DOCTYPE Invoice SYSTEM \"http://127.0.0.1:9/x.dtd\"><Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'/>",
		"<!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\">]>"
		"<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'>&c;&c;&c;</Invoice>",
	};
	struct ubl_failures f;
	for (size_t i = 0; i < LENGTH (texts); i++)
		CHECK (ubl_check (a, (struct bytes){ (const unsigned char *) texts[i], strlen (texts[i]) }, &f) == REFUSED);
	const char *bare = "<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'/>";
	CHECK (ubl_check (a, (struct bytes){ (const unsigned char *) bare, strlen (bare) }, &f) == OK && f.n > 10);
	struct document d = document_of (a, base_lines);
	struct amounts_fault fault;
	struct bytes xml;
	int64_t net[8];
	CHECK (totals_of (a, &d, net, &fault) == OK);
	d.kind = document_kind_quote;
	CHECK (ubl_write (a, &d, net, ubl_profile_peppol, NULL, &xml) == REFUSED);
	d.kind = document_kind_invoice;
	d.number = NULL;
	CHECK (ubl_write (a, &d, net, ubl_profile_peppol, NULL, &xml) == REFUSED);
	d.number = "1";
	d.currency = "KWD";
	CHECK (ubl_write (a, &d, net, ubl_profile_peppol, NULL, &xml) == REFUSED);
}

/* In another currency its VAT stands there in euro, too: BT-6 and BT-111; of an amount that came in nothing is said. */
static void euro_is_said (struct arena *a)
{
	for (int credit = 0; credit < 2; credit++) {
		struct document d = document_of (a, base_lines);
		d.kind = credit ? document_kind_credit_note : document_kind_invoice;
		d.original_number = credit ? "INV-1" : NULL;
		d.currency = "USD";
		d.rate = "1.25";
		struct tree t = tree_of (written (a, &d, credit ? "own-euro-credit" : "own-euro", ubl_profile_peppol, NULL));
		int64_t euro;
		CHECK (vat_in_euro ("USD", "1.25", d.totals.vat, &euro) == OK && euro > 0);
		CHECK_TEXT (said (a, t, "/*/cbc:TaxCurrencyCode"), "EUR");
		CHECK_TEXT (said (a, t, "/*/cac:TaxTotal[not(cac:TaxSubtotal)]/cbc:TaxAmount[@currencyID='EUR']"),
			    arena_printf (a, "%lld.%02lld", (long long) euro / 100, (long long) euro % 100));
		tree_free (t);
		d.currency = "EUR";
		t = tree_of (written (a, &d, credit ? "own-no-rate-credit" : "own-no-rate", ubl_profile_peppol, NULL));
		CHECK (!said (a, t, "/*/cbc:TaxCurrencyCode"));
		tree_free (t);
	}
}

/* As much as a document may hold goes through; more lines than any has, or VAT rates without end, are refused and not looked at for minutes. */
static void much_is_bounded (struct arena *a)
{
	struct document d = document_of (a, base_lines);
	struct doc_line *line = arena_array (a, 500, sizeof *line);
	unsigned char *page = arena_alloc (a, UBL_PDF_MOST + 1);
	struct ubl_attachment pdf = { "INV.pdf", { page, UBL_PDF_MOST } };
	struct ubl_failures f;
	struct bytes xml;
	struct buffer more = { 0 };
	int64_t net[500];
	for (size_t i = 0; i < 500; i++)
		line[i] = d.line[0];
	d.line = line;
	d.lines = 500;
	written (a, &d, "own-much", ubl_profile_peppol, NULL);
	struct amounts_fault fault;
	CHECK (totals_of (a, &d, net, &fault) == OK && ubl_write (a, &d, net, ubl_profile_peppol, &pdf, &xml) == OK);
	CHECK (ubl_check (a, xml, &f) == OK && f.n == 0);
	pdf.pdf.n++;
	CHECK (ubl_write (a, &d, net, ubl_profile_peppol, &pdf, &xml) == REFUSED);
	buffer_text (&more, "<Invoice xmlns='" UBL_NS "Invoice-2'>");
	for (int i = 0; i <= UBL_LINES_MOST; i++)
		buffer_text (&more, "<a/>");
	buffer_text (&more, "</Invoice>");
	CHECK (ubl_check (a, (struct bytes){ more.at, more.n }, &f) == REFUSED);
	buffer_fini (&more);
}

int main (int argc, char **argv)
{
	struct arena a;
	arena_init (&a);
	folder = argc > 1 ? argv[1] : NULL;
	fixtures_hold (&a);
	every_way_is_written (&a);
	every_category_is_written (&a);
	the_price_stays_where_it_fits (&a);
	what_is_none_is_refused (&a);
	much_is_bounded (&a);
	euro_is_said (&a);
	mutations_show (&a);
	gross_adds_up (&a);
	arena_fini (&a);
	xmlCleanupParser ();
	return test_end ();
}
