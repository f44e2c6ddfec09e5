/* What a document is and may become: see documents.h. Pure functions. */
#include "documents.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "amounts.h"
#include "clock.h"
#include "given.h"
#include "identifiers.h"
#include "rates.h"

struct money document_money (const struct document_row *d, int64_t minor)
{
	struct money ret = { .minor = minor };
	memcpy (ret.currency, d->currency, 3);
	return ret;
}

/* ---- who it is for ---- */

/* A member at a time: what is no party any more (it was kept by an older build) leaves the rest. */
struct doc_party party_of (struct arena *a, const char *json)
{
	struct doc_party ret = { 0 };
	struct problem problem = { 0 };
	json_t *o = json ? json_loads (json, 0, NULL) : NULL;
	if (o && record_from_json (a, &doc_party_record, o, false, &ret, &problem) != OK)
		ret = (struct doc_party){ 0 };
	json_decref (o);
	return ret;
}

struct doc_party paper_buyer (struct arena *a, const struct document_row *d)
{
	return party_of (a, d->has.buyer == HERE ? d->buyer : NULL);
}

const char *document_buyer_name (struct arena *a, const struct document_row *d)
{
	struct doc_party buyer = paper_buyer (a, d);
	return buyer.has.name == HERE ? buyer.name : NULL;
}

static struct outcome identifier_read (struct arena *a, const char *field, unsigned char has, const char **text,
				       enum status (*read) (struct arena *, const char *, const char **))
{
	const char *good;
	if (has != HERE)
		return done ();
	if (read (a, *text, &good) != OK)
		return refused_at (a, arena_printf (a, "/buyer/%s", field), "malformed", "this cannot be right");
	*text = good;
	return done ();
}

static const char *blanks_gone (struct arena *a, const char *text)
{
	text += strspn (text, " \t\r\n");
	size_t n = strlen (text);
	while (n && strchr (" \t\r\n", text[n - 1]))
		n--;
	return arena_printf (a, "%.*s", (int) n, text);
}

struct outcome buyer_read (struct arena *a, const char *json, const char **ret)
{
	struct doc_party party = { 0 };
	struct problem *problem = arena_alloc (a, sizeof *problem);
	*problem = (struct problem){ 0 };
	json_t *o = json_loads (json, 0, NULL);
	enum status read = json_is_object (o) ? record_from_json (a, &doc_party_record, o, true, &party, problem) : REFUSED;
	json_decref (o);
	if (read != OK) {
		for (size_t i = 0; i < problem->n_errors; i++)
			problem->errors[i].pointer = arena_printf (a, "/buyer%s", problem->errors[i].pointer);
		struct outcome out = refused_at (a, "/buyer", "not_an_object", "who it is for");
		if (problem->n_errors)
			out.problem = problem;
		return out;
	}
#define CLEAN(field)                                 \
	if (!is_said (party.has.field, party.field)) \
		party.has.field = ABSENT;            \
	else                                         \
		party.field = blanks_gone (a, party.field)
	CLEAN (name);
	CLEAN (attention);
	CLEAN (street);
	CLEAN (street2);
	CLEAN (postcode);
	CLEAN (city);
	CLEAN (country);
	CLEAN (email);
	CLEAN (phone);
	CLEAN (kvk);
	CLEAN (oin);
	CLEAN (vat_id);
	CLEAN (endpoint);
	CLEAN (iban);
	CLEAN (bic);
#undef CLEAN
	bool elsewhere = party.has.country == HERE && !vat_country (party.country);
	struct outcome out = identifier_read (a, "vat_id", party.has.vat_id, &party.vat_id, elsewhere ? tax_id_read : vat_id_read);
	if (is_done (out))
		out = identifier_read (a, "iban", party.has.iban, &party.iban, iban_read);
	if (is_done (out))
		out = identifier_read (a, "oin", party.has.oin, &party.oin, oin_read);
	if (!is_done (out))
		return out;
	struct buffer text = { 0 };
	record_to_json (&text, &doc_party_record, &party, false);
	*ret = arena_copy (a, (const char *) text.at, text.n);
	buffer_fini (&text);
	return done ();
}

/* ---- what it comes to ---- */

/* In another currency: its VAT in euro, where somebody said by which rate. */
static struct outcome euro_reckon (struct arena *a, struct document_row *d)
{
	d->has.vat_euro = ABSENT;
	if (d->has.rate != HERE || !strcmp (d->currency, "EUR"))
		return done ();
	if (vat_in_euro (d->currency, d->rate, d->vat, &d->vat_euro) != OK)
		return refused_at (a, "/rate", "malformed", "what one euro is in its currency, at most six digits after the point");
	d->has.vat_euro = HERE;
	return done ();
}

struct outcome document_reckon (struct arena *a, struct document_row *d, bool kor)
{
	size_t n = d->has.lines == HERE ? d->lines.n : 0;
	struct doc_line *line = arena_array (a, n, sizeof *line);
	int64_t *net = arena_array (a, n, sizeof *net);
	struct amounts_fault fault;
	if (n)
		memcpy (line, d->lines.at, n * sizeof *line);
	struct document paper = { .kind = d->kind,
				  .language = d->language,
				  .kor = kor,
				  .currency = d->currency,
				  .mode = d->mode,
				  .line = line,
				  .lines = n,
				  .discount = d->has.discount == HERE ? d->discount : NULL,
				  .discount_amount = d->has.discount_amount == HERE ? d->discount_amount : NULL,
				  .prepaid = d->prepaid,
				  .rounding = d->rounding };
	if (totals_of (a, &paper, net, &fault) != OK)
		return refused_at (a, fault.pointer, fault.code, fault.detail);
	for (size_t i = 0; i < n; i++) {
		line[i].net = net[i];
		line[i].has.net = HERE;
	}
	d->lines = (struct list){ line, n };
	d->groups = (struct list){ paper.totals.group, paper.totals.groups };
	d->net = paper.totals.net;
	d->vat = paper.totals.vat;
	d->gross = paper.totals.gross;
	d->payable = paper.totals.payable;
	d->has.lines = d->has.groups = d->has.net = d->has.vat = d->has.gross = d->has.payable = HERE;
	return euro_reckon (a, d);
}

int64_t document_open (const struct document_row *d)
{
	return d->kind == document_kind_invoice && d->has.finalised_at == HERE ? d->payable - d->received - d->credited : 0;
}

bool document_settle (struct document_row *d, int64_t now)
{
	int64_t open = document_open (d);
	if (d->kind != document_kind_invoice || d->has.finalised_at != HERE)
		return false;
	bool credited = d->credited > 0 && d->credited >= d->payable, paid = !credited && open <= 0;
	d->state = credited	     ? document_state_cancelled
		   : paid	     ? document_state_paid
		   : d->received > 0 ? document_state_partly_paid
				     : document_state_sent;
	d->has.paid_at = paid ? HERE : ABSENT;
	if (paid && d->paid_at == 0)
		d->paid_at = now;
	bool first = paid && !d->paid_said;
	d->paid_said = d->paid_said || paid;
	d->has.paid_said = HERE;
	return first;
}

/* ---- what the law wants ---- */

static void missing (struct arena *a, struct problem *p, bool there, const char *pointer, const char *detail)
{
	if (!there)
		problem_add (a, p, pointer, "required", detail);
}

enum { SIMPLE_MOST = 10000 }; /* up to € 100 with VAT an invoice need not say to whom it is: art. 34d Wet OB */

static bool needs_vat_id (const struct document_row *d)
{
	const struct doc_group *group = d->groups.at;
	for (size_t i = 0; i < d->groups.n; i++)
		if (group[i].category == tax_category_reverse_charge || group[i].category == tax_category_intra_community)
			return true;
	return false;
}

static bool is_dutch (const struct company_row *c)
{
	return c->has.country != HERE || !strcmp (c->country, "NL");
}

/* The VAT of a Dutch invoice is said in euro, whatever it is paid in: art. 35a Wet OB. */
static bool needs_rate (const struct document_row *d, const struct company_row *c)
{
	return is_dutch (c) && d->vat && strcmp (d->currency, "EUR") != 0;
}

static bool is_post_box (const char *street)
{
	static const char *const boxes[] = { "postbus", "po box", "p.o. box", "p.o.box", "antwoordnummer" };
	for (size_t i = 0; i < LENGTH (boxes); i++)
		if (!strncasecmp (street, boxes[i], strlen (boxes[i])))
			return true;
	return false;
}

static void lines_named (struct arena *a, struct problem *p, const struct document_row *d)
{
	const struct doc_line *line = d->lines.at;
	for (size_t i = 0; i < d->lines.n; i++)
		if (line[i].kind == line_kind_item && !is_said (line[i].has.name, line[i].name))
			problem_add (a, p, arena_printf (a, "/lines/%zu/name", i), "required", "what it is");
}

static bool counts_something (const struct document_row *d)
{
	const struct doc_line *line = d->lines.at;
	for (size_t i = 0; i < d->lines.n; i++)
		if (line[i].has.kind != HERE || line[i].kind == line_kind_item)
			return true;
	return false;
}

struct outcome document_complete (struct arena *a, const struct document_row *d, const struct company_row *c)
{
	struct problem *p = arena_alloc (a, sizeof *p);
	struct doc_party buyer = paper_buyer (a, d);
	*p = (struct problem){ 0 };
	bool abroad = buyer.has.country == HERE && strcmp (buyer.country, "NL") != 0;
	bool simple = d->payable <= SIMPLE_MOST && !strcmp (d->currency, "EUR") && !needs_vat_id (d) && !abroad;
	missing (a, p, c->has.name == HERE, "/company/name", "who sends it: the company in the settings");
	missing (a, p, counts_something (d), "/lines", "what is to be paid");
	lines_named (a, p, d);
	struct outcome ret = refused (document_incomplete);
	ret.problem = p;
	if (d->kind == document_kind_quote) { /* an offer is no invoice yet: the law wants less of it */
		missing (a, p, buyer.has.name == HERE, "/buyer/name", "who it is for");
		return p->n_errors ? ret : done ();
	}
	missing (a, p, c->has.street == HERE, "/company/street", "the address of the company in the settings");
	missing (a, p, c->has.postcode == HERE, "/company/postcode", "the postal code of the company in the settings");
	missing (a, p, c->has.city == HERE, "/company/city", "the city of the company in the settings");
	/* elsewhere in the Union an invoice names its sender's VAT number alone; outside it, other law says what is on one */
	bool taxed = is_dutch (c) || vat_country (c->country);
	missing (a, p, c->has.vat_id == HERE || c->kor || !taxed, "/company/vat_id", "the VAT number of the company in the settings");
	missing (a, p, c->has.kvk == HERE || c->has.oin == HERE || !is_dutch (c), "/company/kvk",
		 "the number at the chamber of commerce, in the settings");
	missing (a, p, buyer.has.name == HERE || simple, "/buyer/name", "who it is for");
	missing (a, p, buyer.has.street == HERE || simple, "/buyer/street", "the customer's address");
	missing (a, p, buyer.has.postcode == HERE || simple || abroad, "/buyer/postcode", "the customer's postal code");
	missing (a, p, buyer.has.city == HERE || simple, "/buyer/city", "the customer's city");
	if (!simple && buyer.has.street == HERE && is_post_box (buyer.street) && buyer.has.street2 != HERE)
		problem_add (a, p, "/buyer/street", "post_box", "a PO box alone is not enough: where the customer is");
	missing (a, p, buyer.has.vat_id == HERE || !needs_vat_id (d), "/buyer/vat_id",
		 "where no VAT is charged it has the customer's VAT number");
	missing (a, p, d->has.vat_euro == HERE || !needs_rate (d, c), "/rate",
		 "what one euro is in its currency: the law wants its VAT in euro, too");
	return p->n_errors ? ret : done ();
}

struct outcome credit_fits (const struct document_row *note, const struct document_row *original)
{
	if (original->has.version != HERE)
		return refused (document_not_found);
	bool fits = note->payable + original->credited <= original->payable + original->prepaid;
	return fits ? done () : refused (credit_too_much);
}

void document_round (struct document_row *d, int64_t left, size_t documents)
{
	int64_t off = left - (d->gross - d->prepaid), most = (int64_t) (d->groups.n * (documents + 1));
	d->rounding = off >= -most && off <= most ? off : 0;
	d->has.rounding = HERE;
	d->payable = d->gross - d->prepaid + d->rounding;
}

static const char *of_language (const char *language, unsigned char has_nl, const char *nl, unsigned char has_en, const char *en)
{
	bool dutch = !strcmp (language, "nl");
	return dutch ? (has_nl == HERE ? nl : has_en == HERE ? en : NULL) : (has_en == HERE ? en : has_nl == HERE ? nl : NULL);
}

static void put_text (json_t *o, const char *name, const char *text)
{
	if (text)
		json_object_set_new (o, name, json_string (text));
}

const char *company_snapshot (struct arena *a, const struct company_row *c, const char *language, enum document_kind kind)
{
	json_t *o = json_object ();
	bool quote = kind == document_kind_quote;
#define PUT(field) put_text (o, #field, c->has.field == HERE ? c->field : NULL)
	PUT (name);
	PUT (street);
	PUT (street2);
	PUT (postcode);
	PUT (city);
	PUT (country);
	PUT (email);
	PUT (phone);
	PUT (kvk);
	PUT (oin);
	PUT (vat_id);
	PUT (endpoint);
	PUT (iban);
	PUT (bic);
	PUT (website);
	PUT (colour);
	PUT (logo);
#undef PUT
	put_text (o, "footer", of_language (language, c->has.footer_nl, c->footer_nl, c->has.footer_en, c->footer_en));
	put_text (o, "terms",
		  quote ? of_language (language, c->has.quote_terms_nl, c->quote_terms_nl, c->has.quote_terms_en, c->quote_terms_en)
			: of_language (language, c->has.terms_nl, c->terms_nl, c->has.terms_en, c->terms_en));
	json_object_set_new (o, "kor", json_boolean (c->kor));
	char *text = json_dumps (o, JSON_COMPACT | JSON_SORT_KEYS);
	const char *ret = arena_text (a, text);
	json_decref (o);
	free (text);
	return ret;
}

/* ---- parts of a document, by VAT group ---- */

static const char *minor_text (struct arena *a, const struct document_row *d, int64_t minor)
{
	return decimal_text (a, minor, money_digits (d->currency));
}

/* The usual words of the law come by themselves, in the language that it is written in. */
static bool own_reason (const struct document_row *d, const struct doc_group *g)
{
	if (g->has.reason != HERE)
		return false;
	for (int kor = 0; kor < 2; kor++) {
		const char *usual = category_reason (g->category, kor, d->language);
		if (usual && !strcmp (g->reason, usual))
			return false;
	}
	return true;
}

static struct doc_line group_line (struct arena *a, const struct document_row *d, const struct doc_group *g, int64_t minor,
				   const char *name)
{
	bool less = minor < 0;
	struct doc_line ret = { .kind = line_kind_item,
				.name = name,
				.quantity = less ? "-1" : "1",
				.unit = unit_piece,
				.price = minor_text (a, d, less ? -minor : minor),
				.category = g->category,
				.rate = g->rate,
				.reason = g->reason };
	ret.has.kind = ret.has.name = ret.has.quantity = ret.has.unit = ret.has.price = ret.has.category = HERE;
	ret.has.rate = g->category == tax_category_standard ? HERE : ABSENT;
	ret.has.reason = own_reason (d, g) ? HERE : ABSENT;
	return ret;
}

/* As prices are meant on it: with VAT or without. */
static int64_t group_worth (const struct document_row *d, const struct doc_group *g)
{
	return d->mode == price_mode_gross ? g->taxable + g->tax : g->taxable;
}

struct list document_group_lines (struct arena *a, const struct document_row *d, int64_t part, const char *name)
{
	const struct doc_group *g = d->groups.at;
	struct doc_line *line = arena_array (a, d->groups.n, sizeof *line);
	for (size_t i = 0; i < d->groups.n; i++) {
		__int128 worth = (__int128) group_worth (d, &g[i]) * part, half = worth < 0 ? -5000 : 5000;
		line[i] = group_line (a, d, &g[i], (int64_t) ((worth + half) / 10000), name);
	}
	return (struct list){ line, d->groups.n };
}

struct list document_minus_lines (struct arena *a, const struct document_row *d, const char *name)
{
	const struct doc_group *g = d->groups.at;
	struct doc_line *line = arena_array (a, d->groups.n, sizeof *line);
	for (size_t i = 0; i < d->groups.n; i++)
		line[i] = group_line (a, d, &g[i], -group_worth (d, &g[i]), name);
	return (struct list){ line, d->groups.n };
}

struct list lists_join (struct arena *a, struct list x, struct list y)
{
	struct doc_line *line = arena_array (a, x.n + y.n, sizeof *line);
	if (x.n)
		memcpy (line, x.at, x.n * sizeof *line);
	if (y.n)
		memcpy (line + x.n, y.at, y.n * sizeof *line);
	return (struct list){ line, x.n + y.n };
}
