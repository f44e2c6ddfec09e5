/* Rules of documents: how far an invoice is, what keeps one from its number, and that what is left of another comes to the cent. */
#include "documents.h"

#include "test.h"

static struct arena arena;

static struct document_row invoice_of (int64_t payable, int64_t received, int64_t credited)
{
	return (struct document_row){ .kind = document_kind_invoice,
				      .currency = "EUR",
				      .payable = payable,
				      .gross = payable,
				      .received = received,
				      .credited = credited,
				      .has = { .finalised_at = HERE, .version = HERE } };
}

static enum document_state settled (int64_t payable, int64_t received, int64_t credited)
{
	struct document_row d = invoice_of (payable, received, credited);
	document_settle (&d, 1);
	return d.state;
}

static void states_follow_money (void)
{
	CHECK (settled (100, 0, 0) == document_state_sent);
	CHECK (settled (100, 99, 0) == document_state_partly_paid);
	CHECK (settled (100, 100, 0) == document_state_paid);
	CHECK (settled (100, 101, 0) == document_state_paid);
	CHECK (settled (100, 60, 40) == document_state_paid);
	CHECK (settled (100, 0, 100) == document_state_cancelled);
	CHECK (settled (0, 0, 0) == document_state_paid);
	CHECK (settled (100, -5, 0) == document_state_sent);
}

static void paid_is_said_once (void)
{
	struct document_row d = invoice_of (100, 100, 0);
	CHECK (document_settle (&d, 7));
	CHECK (d.paid_at == 7);
	CHECK (!document_settle (&d, 8));
	d.received = 0; /* charged back */
	CHECK (!document_settle (&d, 9));
	CHECK (d.state == document_state_sent);
	d.received = 100;
	CHECK (!document_settle (&d, 10));
	CHECK (d.state == document_state_paid);
}

static void drafts_are_not_settled (void)
{
	struct document_row d = invoice_of (0, 0, 0);
	d.has.finalised_at = ABSENT;
	CHECK (!document_settle (&d, 1));
	CHECK (document_open (&d) == 0);
}

/* ---- what the law wants ---- */

static const char full_buyer[] = "{\"name\":\"De Vries\",\"street\":\"Kade 2\",\"postcode\":\"3511 AA\",\"city\":\"Utrecht\"}";

static struct company_row firm (void)
{
	return (struct company_row){ .name = "Jansen",
				     .street = "Dorpsstraat 1",
				     .postcode = "1234 AB",
				     .city = "Utrecht",
				     .kvk = "12345678",
				     .vat_id = "NL123456782B01",
				     .has = { .name = HERE, .street = HERE, .postcode = HERE, .city = HERE, .kvk = HERE, .vat_id = HERE } };
}

static struct doc_line line_of (const char *name, const char *price, enum tax_category category)
{
	return (struct doc_line){ .name = name,
				  .price = price,
				  .category = category,
				  .rate = category == tax_category_standard ? "21" : NULL,
				  .has = { .name = name ? HERE : ABSENT,
					   .price = HERE,
					   .category = HERE,
					   .rate = category == tax_category_standard ? HERE : ABSENT } };
}

static struct document_row draft_of (const struct doc_line *line, size_t n, const char *buyer)
{
	struct document_row d = { .kind = document_kind_invoice, .currency = "EUR", .buyer = buyer, .lines = { line, n } };
	d.has.buyer = d.has.lines = HERE;
	CHECK (is_done (document_reckon (&arena, &d, false)));
	return d;
}

static bool lacks (const struct document_row *d, const struct company_row *c, const char *pointer)
{
	struct outcome out = document_complete (&arena, d, c);
	for (size_t i = 0; !is_done (out) && i < out.problem->n_errors; i++)
		if (!strcmp (out.problem->errors[i].pointer, pointer))
			return true;
	return false;
}

static void complete_invoice_passes (void)
{
	struct company_row c = firm ();
	struct doc_line line = line_of ("Website", "1500", tax_category_standard);
	struct document_row d = draft_of (&line, 1, full_buyer);
	CHECK (is_done (document_complete (&arena, &d, &c)));
}

static void each_missing_field_is_named (void)
{
	struct company_row c = firm ();
	struct doc_line line[] = { line_of ("A", "1500", tax_category_standard), line_of (NULL, "1", tax_category_standard) };
	struct document_row d = draft_of (line, 2, "{}");
	c.has.kvk = c.has.vat_id = c.has.city = ABSENT;
	CHECK (lacks (&d, &c, "/company/kvk"));
	CHECK (lacks (&d, &c, "/company/vat_id"));
	CHECK (lacks (&d, &c, "/company/city"));
	CHECK (!lacks (&d, &c, "/company/name"));
	CHECK (lacks (&d, &c, "/buyer/name"));
	CHECK (lacks (&d, &c, "/buyer/street"));
	CHECK (lacks (&d, &c, "/buyer/postcode"));
	CHECK (lacks (&d, &c, "/lines/1/name"));
	CHECK (!lacks (&d, &c, "/lines/0/name"));
	c.kor = true;
	CHECK (!lacks (&d, &c, "/company/vat_id"));
	c.kor = false;
	c.has.country = HERE;
	c.country = "BE"; /* another state of the Union: no Dutch register, the VAT number all the same */
	CHECK (!lacks (&d, &c, "/company/kvk"));
	CHECK (lacks (&d, &c, "/company/vat_id"));
	c.country = "GB";
	CHECK (!lacks (&d, &c, "/company/kvk"));
	CHECK (!lacks (&d, &c, "/company/vat_id"));
	CHECK (lacks (&d, &c, "/company/city"));
}

static void customers_are_somewhere (void)
{
	struct company_row c = firm ();
	struct doc_line line = line_of ("Website", "1500", tax_category_standard);
	struct document_row d = draft_of (&line, 1, "{\"name\":\"De Vries\",\"street\":\"Kade 2\",\"city\":\"Utrecht\"}");
	CHECK (lacks (&d, &c, "/buyer/postcode"));
	d.buyer = "{\"name\":\"Byrne\",\"street\":\"2 Quay\",\"city\":\"Cork\",\"country\":\"IE\"}"; /* where not all have one */
	CHECK (!lacks (&d, &c, "/buyer/postcode"));
	d.buyer = "{\"name\":\"De Vries\",\"street\":\"Postbus 12\",\"postcode\":\"3500 AA\",\"city\":\"Utrecht\"}";
	CHECK (lacks (&d, &c, "/buyer/street"));
	d.buyer = "{\"name\":\"De Vries\",\"street\":\"Postbus 12\",\"street2\":\"Kade 2\",\"postcode\":\"3500 AA\",\"city\":\"Utrecht\"}";
	CHECK (!lacks (&d, &c, "/buyer/street"));
}

static void who_owes_the_vat_has_a_number (void)
{
	struct company_row c = firm ();
	struct doc_line line = line_of ("Laswerk", "50", tax_category_reverse_charge);
	struct document_row d = draft_of (&line, 1, full_buyer);
	CHECK (lacks (&d, &c, "/buyer/vat_id"));
}

static void small_invoices_need_no_buyer (void)
{
	struct company_row c = firm ();
	struct doc_line line = line_of ("Koffie", "10", tax_category_standard);
	struct document_row d = draft_of (&line, 1, "{}");
	CHECK (is_done (document_complete (&arena, &d, &c)));
	d = draft_of (&line, 0, "{}");
	CHECK (lacks (&d, &c, "/lines"));
}

static void offers_need_a_name_and_lines (void)
{
	struct company_row c = firm ();
	struct doc_line line = line_of ("Website", "1500", tax_category_standard);
	struct document_row d = draft_of (&line, 1, "{\"name\":\"De Vries\"}");
	d.kind = document_kind_quote;
	CHECK (is_done (document_complete (&arena, &d, &c)));
	d.buyer = "{}";
	CHECK (lacks (&d, &c, "/buyer/name"));
}

/* Dutch law: VAT in euro, whatever an invoice is paid in. */
static void vat_is_said_in_euro (void)
{
	struct company_row c = firm ();
	struct doc_line line = line_of ("Website", "1500", tax_category_standard);
	struct document_row d = draft_of (&line, 1, full_buyer);
	CHECK (d.has.vat_euro == ABSENT);
	d.currency = "USD";
	CHECK (lacks (&d, &c, "/rate"));
	d.rate = "1.0842", d.has.rate = HERE;
	CHECK (is_done (document_reckon (&arena, &d, false)));
	CHECK (d.has.vat_euro == HERE && d.vat_euro == 29054); /* 315.00 / 1.0842 = 290.5368 */
	CHECK (!lacks (&d, &c, "/rate"));
	d.rate = "0";
	struct outcome out = document_reckon (&arena, &d, false);
	CHECK (!is_done (out) && !strcmp (out.problem->errors[0].pointer, "/rate"));
	d.has.rate = ABSENT;
	CHECK (is_done (document_reckon (&arena, &d, false)));
	c.country = "DE", c.has.country = HERE;
	CHECK (!lacks (&d, &c, "/rate"));
}

/* Where no VAT is charged the groups say why: as the line has it, else in the words of the law; a part says the same in its own language. */
static void groups_say_why (void)
{
	struct doc_line line = line_of ("Advies", "100", tax_category_exempt);
	struct document_row d = draft_of (&line, 1, full_buyer);
	const struct doc_group *g = d.groups.at;
	CHECK (g->has.reason == HERE && strstr (g->reason, "artikel 11"));
	CHECK (is_done (document_reckon (&arena, &d, true)));
	g = d.groups.at;
	CHECK (strstr (g->reason, "kleineondernemersregeling"));
	struct list part = document_group_lines (&arena, &d, 5000, "helft");
	CHECK (((const struct doc_line *) part.at)->has.reason == ABSENT);
	line.reason = "Omdat het zo is", line.has.reason = HERE;
	d = draft_of (&line, 1, full_buyer);
	g = d.groups.at;
	CHECK (!strcmp (g->reason, "Omdat het zo is"));
	part = document_group_lines (&arena, &d, 5000, "helft");
	CHECK (((const struct doc_line *) part.at)->has.reason == HERE);
	line = line_of ("Website", "1500", tax_category_standard);
	d = draft_of (&line, 1, full_buyer);
	g = d.groups.at;
	CHECK (g->has.reason == ABSENT);
}

/* ---- credits and parts ---- */

static void credits_stay_within_the_invoice (void)
{
	struct document_row invoice = invoice_of (12100, 0, 10000), note = { .payable = 2100 };
	CHECK (is_done (credit_fits (&note, &invoice)));
	note.payable = 2101;
	CHECK (!is_done (credit_fits (&note, &invoice)));
}

/* 30 % and the rest of it, in cents that do not divide: the two come to the whole. */
static void parts_come_to_the_whole (void)
{
	for (int64_t cents = 1; cents < 400; cents++) {
		struct doc_line line = line_of ("A", arena_printf (&arena, "%lld.%02lld", (long long) cents / 100, (long long) cents % 100),
						tax_category_standard);
		struct document_row whole = draft_of (&line, 1, full_buyer), part = whole, rest = whole;
		part.lines = document_group_lines (&arena, &whole, 3000, "deel");
		CHECK (is_done (document_reckon (&arena, &part, false)));
		rest.lines = lists_join (&arena, whole.lines, document_minus_lines (&arena, &part, "eerder"));
		CHECK (is_done (document_reckon (&arena, &rest, false)));
		document_round (&rest, whole.gross - part.gross, 1);
		CHECK (part.payable + rest.payable == whole.gross);
		CHECK (part.net + rest.net == whole.net);
	}
}

/* More than rounding explains is no rounding. */
static void rounding_hides_nothing (void)
{
	struct doc_line line = line_of ("A", "100", tax_category_standard);
	struct document_row d = draft_of (&line, 1, full_buyer);
	document_round (&d, 12050, 1);
	CHECK (d.rounding == 0);
	CHECK (d.payable == 12100);
	document_round (&d, 12099, 1);
	CHECK (d.rounding == -1);
	CHECK (d.payable == 12099);
}

int main (void)
{
	arena_init (&arena);
	states_follow_money ();
	paid_is_said_once ();
	drafts_are_not_settled ();
	complete_invoice_passes ();
	each_missing_field_is_named ();
	customers_are_somewhere ();
	who_owes_the_vat_has_a_number ();
	small_invoices_need_no_buyer ();
	offers_need_a_name_and_lines ();
	vat_is_said_in_euro ();
	groups_say_why ();
	credits_stay_within_the_invoice ();
	parts_come_to_the_whole ();
	rounding_hides_nothing ();
	arena_fini (&arena);
	return test_end ();
}
