/* The money of a demo workspace: who it is on paper, what it sells, and its sales as they are planned (demo_sales.c). What people do goes by the API as of its
 * day; what a customer does on their page, by the command that the page gives. It must never let a mail leave, nor write a number itself. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "clock.h"
#include "demo_house.h"
#include "demo_paper.h"
#include "seal.h"

enum { QUOTE_DAYS = 30 };

struct made {
	char quote[UUID_TEXT], bill[UUID_TEXT], order[UUID_TEXT]; /* bill: the latest invoice */
};

struct till {
	const struct demo_house *h;
	const struct demo_paper *paper;
	char (*lead)[UUID_TEXT];
	struct demo_sales sales;
	struct made made[SALES];
	char item[PAPER_ITEMS][UUID_TEXT];
	json_t *account; /* ids of companies by their names */
	int statements;
};

/* ---- asking ---- */

static json_t *dated (json_t *body, int days, int minute)
{
	char time[TIME_TEXT];
	json_object_set_new (body, "time", json_string (time_format (demo_time (days, minute), time)));
	return body;
}

/* Keeps the id of what came back, where somebody wants it. */
static bool tell (const struct till *t, const char *method, const char *path, json_t *body, const struct deed *d, char ret_id[UUID_TEXT])
{
	json_t *answer = demo_ask (t->h, method, path, dated (body, d->days, d->minute));
	const char *id = json_string_value (json_object_get (answer, "id"));
	if (ret_id)
		snprintf (ret_id, UUID_TEXT, "%s", id ? id : "");
	json_decref (answer);
	return answer && (!ret_id || id);
}

/* To a document: `what` after its path. */
static bool tell_of (const struct till *t, const char *id, const char *what, json_t *body, const struct deed *d, char ret_id[UUID_TEXT])
{
	char path[160];
	snprintf (path, sizeof path, "/api/crm/documents/%s/%s", id, what);
	return tell (t, "POST", path, body, d, ret_id);
}

static json_t *document_of (const struct till *t, const char *id)
{
	char path[120];
	snprintf (path, sizeof path, "/api/crm/documents/%s", id);
	return demo_ask (t->h, "GET", path, NULL);
}

static struct head head_of (const struct till *t, const struct deed *d)
{
	return (struct head){ .workspace = t->h->id,
			      .at = demo_time (d->days, d->minute),
			      .grant = { .scope = SCOPE_WORKSPACE, .permissions = ~UINT64_C (0) } };
}

/* ---- on paper ---- */

static bool company_make (const struct till *t)
{
	const struct demo_paper *p = t->paper;
	const struct demo_workspace *w = t->h->what;
	char email[160], site[160], footer[300];
	struct buffer png = { 0 };
	demo_logo (p->mark, p->colour, &png);
	json_t *logo = demo_bytes (t->h, "/api/crm/company/logo", "image/png", (struct bytes){ png.at, png.n }, demo_time (0, 0));
	buffer_fini (&png);
	json_decref (logo);
	snprintf (email, sizeof email, "post@%s", w->domain);
	snprintf (site, sizeof site, "https://www.%s", w->domain);
	snprintf (footer, sizeof footer, "%s · %s, %s %s · %s", p->name, p->street, p->postcode, p->city, email);
	json_t *body = json_pack ("{ss ss ss ss ss ss ss ss ss ss ss ss ss}", "name", p->name, "street", p->street, "postcode", p->postcode,
				  "city", p->city, "country", p->country, "phone", p->phone, "email", email, "website", site, "kvk", p->kvk,
				  "vat_id", p->vat_id, "iban", p->iban, "bic", p->bic, "colour", p->colour);
	json_object_update_new (
		body,
		json_pack ("{si si ss ss ss ss ss ss}", "due_days", 14, "quote_days", QUOTE_DAYS, "terms_nl",
			   "Wilt u het bedrag binnen 14 dagen overmaken, met het factuurnummer erbij? Dank u wel.", "terms_en",
			   "Please pay within 14 days and mention the invoice number. Thank you.", "quote_terms_nl",
			   "Op deze offerte zijn onze algemene voorwaarden van toepassing. U geeft akkoord op de pagina achter de link.",
			   "quote_terms_en", "Our general terms apply to this quote. You can accept it on the page behind the link.",
			   "footer_nl", footer, "footer_en", footer));
	json_t *answer = demo_ask (t->h, "PUT", "/api/crm/company", body);
	json_decref (answer);
	return logo && answer;
}

static void price_text (int64_t cents, char ret[32])
{
	snprintf (ret, 32, "%lld.%02d", (long long) (cents / 100), (int) (cents % 100));
}

/* What is sold; what the first of it cost before, and what it costs from the next month on, as well. */
static bool items_make (struct till *t)
{
	bool good = true;
	for (size_t i = 0; good && i < PAPER_ITEMS; i++) {
		const struct paper_item *item = &t->paper->item[i];
		const char *category = t->paper->category;
		char now[32], next[32], day[TIME_TEXT];
		price_text (item->price, now);
		price_text (item->price * 104 / 100, next);
		time_format (demo_time (-30, 0), day);
		day[10] = 0; /* the date */
		json_t *prices = json_pack ("[{ss ss ss}]", "price", now, "category", category, "rate", item->rate);
		if (i == 0)
			json_array_append_new (
				prices, json_pack ("{ss ss ss ss}", "day", day, "price", next, "category", category, "rate", item->rate));
		json_t *body = json_pack ("{ss ss ss ss so}", "code", item->code, "name_nl", item->nl, "name_en", item->en, "unit",
					  item->unit, "prices", prices);
		json_t *answer = demo_post (t->h, "/api/crm/catalog", body);
		const char *id = json_string_value (json_object_get (answer, "id"));
		snprintf (t->item[i], UUID_TEXT, "%s", id ? id : "");
		good = id;
		json_decref (answer);
	}
	return good;
}

/* ---- what stands on a document ---- */

/* One in four customers of those who speak English reads Dutch, one in seven of the others English. */
static bool reads_dutch (const struct till *t, const struct demo_sale *x)
{
	return t->h->what->dutch ? x->person % 7 != 6 : !strcmp (t->paper->elsewhere, "NL") && x->person % 4 == 3;
}

static json_t *line_of (const struct till *t, const struct demo_sale *x, size_t item, int64_t count, int64_t price)
{
	const struct paper_item *of = &t->paper->item[item];
	char quantity[24], each[32];
	snprintf (quantity, sizeof quantity, "%lld", (long long) count);
	price_text (price, each);
	return json_pack ("{ss ss ss ss ss ss}", "name", reads_dutch (t, x) ? of->nl : of->en, "quantity", quantity, "unit", of->unit,
			  "price", each, "category", t->paper->category, "rate", of->rate);
}

/* Some of this, some of that, and what is left of what the deal is worth as a line of its own: together they are exactly that. */
static json_t *lines_of (const struct till *t, const struct demo_sale *x)
{
	static const int share[] = { 60, 70 };
	bool dutch = reads_dutch (t, x);
	json_t *lines = json_array ();
	int64_t left = x->net;
	for (size_t k = 0; k < 2; k++) {
		size_t at = (x->nth * 3 + k * 2 + x->nth / PAPER_ITEMS) % PAPER_ITEMS;
		const struct paper_item *item = &t->paper->item[at];
		int64_t count = left * share[k] / 100 / item->price;
		count = count > 48 ? 48 : count;
		if (!count)
			continue;
		json_t *line = line_of (t, x, at, count, item->price);
		json_object_set_new (line, "catalog_item_id", json_string (t->item[at]));
		json_object_set_new (line, "code", json_string (item->code));
		json_array_append_new (lines, line);
		left -= count * item->price;
	}
	if (left > 0) {
		json_t *rest = line_of (t, x, PAPER_ITEMS - 1, 1, left);
		json_object_set_new (rest, "name", json_string (dutch ? "Maatwerk en voorbereiding" : "Custom work and preparation"));
		json_object_set_new (rest, "unit", json_string ("piece"));
		json_array_append_new (lines, rest);
	}
	if (x->quoted && x->nth % 3 == 1) { /* what they may choose beside it */
		json_t *more = line_of (t, x, (x->nth + 5) % PAPER_ITEMS, 1, t->paper->item[(x->nth + 5) % PAPER_ITEMS].price);
		json_object_update_new (more, json_pack ("{sb sb}", "optional", 1, "chosen", 0));
		json_array_append_new (lines, more);
	}
	if (json_array_size (lines) > 2 && x->nth % 4 == 0)
		json_array_insert_new (lines, 0,
				       json_pack ("{ss ss}", "kind", "section", "name", dutch ? "Levering en werk" : "Goods and work"));
	return lines;
}

static json_t *buyer_of (const struct till *t, const struct demo_sale *x)
{
	const struct demo_person *who = &t->h->plan.person[x->person];
	const struct paper_place *place = &t->paper->place[x->person % PAPER_PLACES];
	char kvk[24];
	json_t *ret = json_pack ("{ss ss ss ss ss ss ss}", "name", who->firm ? who->firm : who->name, "street", place->street, "postcode",
				 place->postcode, "city", place->city, "country", t->paper->elsewhere, "email", who->email, "phone",
				 who->phone);
	if (who->firm)
		json_object_set_new (ret, "attention", json_string (who->name));
	if (who->firm && !strcmp (t->paper->elsewhere, "NL")) { /* who pays by machine has a number there */
		snprintf (kvk, sizeof kvk, "9%07zu", 1000003 + 7919 * x->person);
		json_object_set_new (ret, "kvk", json_string (kvk));
	}
	return ret;
}

static const char *currency_of (const struct till *t, const struct demo_sale *x)
{
	const struct demo_workspace *w = t->h->what;
	bool other = w->second && x->lead >= 0 && t->h->plan.lead[x->lead].worth % 4 == 0; /* as its deal is worth something in */
	return other ? w->second : w->currency;
}

static const char *title_of (const struct till *t, const struct demo_sale *x)
{
	const struct demo_workspace *w = t->h->what;
	const struct paper_item *item = &t->paper->item[(x->nth * 3 + x->nth / PAPER_ITEMS) % PAPER_ITEMS];
	if (x->quoted && reads_dutch (t, x) == w->dutch)
		return w->projects->at[x->nth % w->projects->n];
	return reads_dutch (t, x) ? item->nl : item->en;
}

static json_t *words_of (const struct till *t, const struct demo_sale *x)
{
	const struct demo_person *who = &t->h->plan.person[x->person];
	bool dutch = reads_dutch (t, x);
	char intro[400], reference[40], due[TIME_TEXT];
	json_t *ret = json_pack ("{ss ss ss so so}", "title", title_of (t, x), "language", dutch ? "nl" : "en", "currency",
				 currency_of (t, x), "buyer", buyer_of (t, x), "lines", lines_of (t, x));
	if (x->quoted) {
		snprintf (intro, sizeof intro,
			  dutch ? "Beste %.*s,\n\nDank voor het prettige gesprek. Hieronder staat wat we hebben besproken."
				: "Dear %.*s,\n\nThank you for the good talk. Below is what we discussed.",
			  (int) strcspn (who->name, " "), who->name);
		json_object_set_new (ret, "intro", json_string (intro));
	}
	if (x->quoted && x->fate > SALE_SEEN && x->days - x->answered >= QUOTE_DAYS) { /* they were given the time that they took */
		time_format (demo_time (x->answered - 7, 0), due);
		due[10] = 0; /* the date */
		json_object_set_new (ret, "due", json_string (due));
	}
	if (who->firm) {
		snprintf (reference, sizeof reference, "PO-%zu", 4100 + x->person * 7 + x->nth);
		json_object_set_new (ret, "buyer_reference", json_string (reference));
	}
	if (x->fate == SALE_DECLINED && x->nth % 2)
		json_object_update_new (ret, json_pack ("{ss ss}", "discount", "5", "discount_reason",
							dutch ? "Voor nieuwe klanten" : "For new customers"));
	return ret;
}

/* Of its deal, or of the person; and of their company, where there is one. */
static void about_put (const struct till *t, const struct demo_sale *x, json_t *words)
{
	const char *firm = t->h->plan.person[x->person].firm;
	json_t *account = firm ? json_object_get (t->account, firm) : NULL;
	if (x->lead >= 0)
		json_object_set_new (words, "deal_id", json_string (t->lead[x->lead]));
	else if (*t->h->contact[x->person])
		json_object_set_new (words, "contact_id", json_string (t->h->contact[x->person]));
	if (account)
		json_object_set (words, "account_id", account);
}

/* The companies that there are, by their names. */
static bool accounts_find (struct till *t)
{
	json_t *page = demo_ask (t->h, "GET", "/api/crm/accounts?limit=200", NULL), *o;
	size_t i;
	t->account = json_object ();
	json_array_foreach (json_object_get (page, "data"), i, o)
	{
		const char *name = json_string_value (json_object_get (o, "name"));
		if (name)
			json_object_set (t->account, name, json_object_get (o, "id"));
	}
	json_decref (page);
	return json_object_size (t->account);
}

/* ---- deeds ---- */

static bool document_write (const struct till *t, const struct demo_sale *x, const char *path, const struct deed *d, char ret_id[UUID_TEXT])
{
	json_t *words = words_of (t, x);
	about_put (t, x, words);
	return tell (t, "POST", path, words, d, ret_id);
}

/* The customer's page: its digest, and the version that they see. */
static bool page_of (const struct till *t, const char *id, char ret_hash[SHA256_TEXT], int64_t *ret_version)
{
	json_t *o = document_of (t, id);
	const char *path = json_string_value (json_object_get (o, "portal")), *token = path ? strrchr (path, '/') + 1 : "";
	sha256_text ((struct bytes){ (const unsigned char *) token, strlen (token) }, ret_hash);
	*ret_version = json_integer_value (json_object_get (o, "version"));
	bool shown = *token;
	json_decref (o);
	return shown;
}

static bool page_see (const struct till *t, const char *id, const struct deed *d)
{
	char hash[SHA256_TEXT];
	int64_t version;
	struct portal_see see = { .head = head_of (t, d), .hash = hash, .has = { .document_id = HERE, .hash = HERE } };
	if (uuid_parse (id, &see.document_id.uuid) != OK || !page_of (t, id, hash, &version))
		return false;
	struct answer a = ask_command (&portal_see_record, &see);
	return !demo_fails ("a customer's page", &a);
}

static bool quote_say_yes (const struct till *t, const struct demo_sale *x, const char *id, const struct deed *d)
{
	const char *name = t->h->plan.person[x->person].name;
	char hash[SHA256_TEXT];
	if (!x->by_page)
		return tell_of (t, id, "accept", json_pack ("{ss}", "name", name), d, NULL);
	struct portal_accept yes = { .head = head_of (t, d), .hash = hash, .name = name, .address = "192.0.2.14" };
	yes.has.document_id = yes.has.hash = yes.has.name = yes.has.version = yes.has.address = HERE;
	if (uuid_parse (id, &yes.document_id.uuid) != OK || !page_of (t, id, hash, &yes.version))
		return false;
	struct answer a = ask_command (&portal_accept_record, &yes);
	return !demo_fails ("a customer's answer", &a);
}

static json_t *money_of (int64_t cents, const char *currency)
{
	char text[32];
	price_text (cents, text);
	return json_pack ("{ss ss}", "amount", text, "currency", currency);
}

/* "1815.00" as cents: both currencies of the demo have two digits. */
static int64_t cents_of (const char *amount)
{
	int64_t ret = 0;
	for (const char *at = amount ? amount : ""; *at; at++)
		if (*at != '.' && *at != '-')
			ret = ret * 10 + *at - '0';
	return amount && *amount == '-' ? -ret : ret;
}

static int64_t open_of (const json_t *document)
{
	return cents_of (json_string_value (json_object_get (json_object_get (document, "open"), "amount")));
}

static bool pay (const struct till *t, const struct demo_sale *x, const char *bill, const struct deed *d)
{
	json_t *o = document_of (t, bill);
	int64_t open = open_of (o);
	char day[TIME_TEXT];
	time_format (demo_time (d->days, d->minute), day);
	day[10] = 0; /* the date */
	json_decref (o);
	return open > 0 && tell (t, "POST", "/api/crm/payments",
				 json_pack ("{ss so ss ss}", "document_id", bill, "amount",
					    money_of (x->fate == SALE_PART ? open / 2 : open, currency_of (t, x)), "day", day, "note",
					    x->nth % 2 ? demo_said (t->h, "Contant", "In cash") : demo_said (t->h, "Gepind", "By card")),
				 d, NULL);
}

static bool credit (const struct till *t, const struct demo_sale *x, const char *bill, const struct deed *d)
{
	char note[UUID_TEXT];
	json_t *body = json_object ();
	if (x->fate == SALE_CREDITED_PART) {
		json_t *line = line_of (t, x, (x->nth * 3 + x->nth / PAPER_ITEMS) % PAPER_ITEMS, 1, x->net / 10);
		json_object_set_new (line, "name", json_string (reads_dutch (t, x) ? "Retour, niet gebruikt" : "Returned unused"));
		json_object_set_new (body, "lines", json_pack ("[o]", line));
	}
	return tell_of (t, bill, "credit", body, d, note) && tell_of (t, note, "send", json_pack ("{sb}", "mail", 0), d, NULL);
}

static bool repeat (const struct till *t, const struct demo_sale *x, const char *bill, const struct deed *d)
{
	char day[TIME_TEXT];
	time_format (demo_time (-6 - 8 * (int) x->nth, 0), day);
	day[10] = 0; /* the date */
	return tell (t, "POST", "/api/crm/recurrences",
		     json_pack ("{ss ss ss ss sb}", "document_id", bill, "every", x->repeats, "next_on", day, "name",
				x->nth ? demo_said (t->h, "Kwartaalafspraak", "Quarterly agreement")
				       : demo_said (t->h, "Vaste levering per maand", "Monthly standing order"),
				"send", x->nth == 0),
		     d, NULL);
}

/* ---- the bank ---- */

struct bank {
	struct buffer lines;
	int64_t sum;
	size_t n;
};

/* A booking of a day. `from` null: nobody is named. */
static void booking_add (const struct till *t, struct bank *b, int days, int64_t cents, const char *from, const char *text)
{
	static const char *const ibans[] = { "NL81RABO0009000100", "NL60INGB0009000831", "NL44ABNA0009001562", "NL66TRIO0009002293",
					     "NL91RABO0009003024", "NL70INGB0009003755", "NL54ABNA0009004486" };
	size_t whose = 0;
	for (const char *at = from ? from : ""; *at; at++) /* one has one account */
		whose += (unsigned char) *at;
	char day[TIME_TEXT];
	int64_t amount = cents < 0 ? -cents : cents;
	time_format (demo_time (days, 12 * 60), day);
	buffer_printf (&b->lines, ":61:%.2s%.2s%.2s%.2s%.2s%c%lld,%02dNTRFNONREF//%s%d%zu\r\n:86:/CNTP/%s//%s///REMI/USTD//%s/\r\n",
		       day + 2, day + 5, day + 8, day + 5, day + 8, cents < 0 ? 'D' : 'C', (long long) (amount / 100), (int) (amount % 100),
		       "B", t->statements, ++b->n, ibans[whose % LENGTH (ibans)], from ? from : "", text);
	b->sum += cents;
}

/* What the bank knows of a sale whose money came by it. */
static void booking_of (const struct till *t, struct bank *b, size_t i)
{
	const struct demo_sale *x = &t->sales.sale[i];
	char text[160];
	if (!*t->made[i].bill || strcmp (currency_of (t, x), t->h->what->currency) != 0)
		return;
	json_t *o = document_of (t, t->made[i].bill), *name = json_object_get (json_object_get (o, "buyer"), "name");
	const char *number = json_string_value (json_object_get (o, "number"));
	int64_t open = open_of (o);
	bool named = x->fate != SALE_NAME_ALONE;
	snprintf (text, sizeof text,
		  named ? demo_said (t->h, "Factuur %s", "Invoice %s") : demo_said (t->h, "Zoals afgesproken", "As agreed"),
		  number ? number : "");
	if (open > 0)
		booking_add (t, b, x->paid, x->fate == SALE_OTHER_AMOUNT ? open - 1000 : open, json_string_value (name), text);
	json_decref (o);
}

/* What else stands on it: rent that went, and in the latest one what nobody knows, and what is doubtful. */
static void bookings_more (const struct till *t, struct bank *b, const struct deed *d, bool latest)
{
	if (latest || t->statements % 3 == 0)
		booking_add (t, b, d->days, -145000, demo_said (t->h, "Vastgoed Oost", "Eastside Property"),
			     demo_said (t->h, "Huur", "Rent"));
	if (!latest)
		return;
	booking_add (t, b, d->days, 6250, NULL, demo_said (t->h, "Terugbetaling", "Refund"));
	for (size_t i = 0; i < t->sales.sales; i++)
		if (t->sales.sale[i].fate == SALE_NAME_ALONE || t->sales.sale[i].fate == SALE_OTHER_AMOUNT)
			booking_of (t, b, i);
}

/* A file as the bank gives it, MT940: the first day and what was there, the bookings, the last day and what is there. */
static void statement_write (const struct till *t, struct buffer *file, const struct bank *b, const struct deed *d)
{
	const char *currency = t->h->what->currency;
	int64_t before = 1250000 + 137500 * t->statements, after = before + b->sum;
	char from[TIME_TEXT], to[TIME_TEXT];
	time_format (demo_time (d->days + 12, 0), from);
	time_format (demo_time (d->days, 0), to);
	buffer_printf (file, ":20:DEMO%d\r\n:25:%s%s\r\n:28C:%d\r\n:60F:C%.2s%.2s%.2s%s%lld,%02d\r\n", t->statements, t->paper->iban,
		       currency, t->statements, from + 2, from + 5, from + 8, currency, (long long) (before / 100), (int) (before % 100));
	if (b->n)
		buffer_add (file, b->lines.at, b->lines.n);
	buffer_printf (file, ":62F:%c%.2s%.2s%.2s%s%lld,%02d\r\n-\r\n", after < 0 ? 'D' : 'C', to + 2, to + 5, to + 8, currency,
		       (long long) (llabs (after) / 100), (int) (llabs (after) % 100));
}

/* Of the sale that it is brought for, or the latest one, that is for none. */
static bool statement (struct till *t, const struct deed *d)
{
	struct bank b = { 0 };
	struct buffer file = { 0 };
	char to[TIME_TEXT], path[120];
	bool latest = t->sales.sale[d->sale].fate != SALE_BY_BANK;
	t->statements++;
	if (!latest)
		booking_of (t, &b, d->sale);
	bookings_more (t, &b, d, latest);
	statement_write (t, &file, &b, d);
	time_format (demo_time (d->days, 0), to);
	snprintf (path, sizeof path, "/api/crm/statements?name=%s-%.10s.sta", demo_said (t->h, "afschrift", "statement"), to);
	json_t *answer = !b.n ? json_object ()
			      : demo_bytes (t->h, path, "application/octet-stream", (struct bytes){ file.at, file.n },
					    demo_time (d->days, d->minute));
	buffer_fini (&file);
	buffer_fini (&b.lines);
	json_decref (answer);
	return answer;
}

/* ---- all of it ---- */

static bool order (const struct till *t, const struct demo_sale *x, struct made *m, const struct deed *d)
{
	return tell (t, "POST", "/api/crm/orders", json_pack ("{ss}", "deal_id", t->lead[x->lead]), d, m->order);
}

static bool delivered (const struct till *t, const struct made *m, const struct deed *d)
{
	char path[120];
	snprintf (path, sizeof path, "/api/crm/orders/%s", m->order);
	return tell (t, "PUT", path, json_pack ("{ss}", "state", "done"), d, NULL);
}

static bool bill (const struct till *t, const struct demo_sale *x, struct made *m, const struct deed *d)
{
	if (!x->quoted)
		return document_write (t, x, "/api/crm/invoices", d, m->bill);
	return tell_of (t, m->quote, "invoice", json_object (), d, m->bill);
}

static bool deposit (const struct till *t, const struct demo_sale *x, struct made *m, const struct deed *d)
{
	return tell_of (t, m->quote, "invoice",
			json_pack ("{ss ss}", "percent", "30", "title", reads_dutch (t, x) ? "Aanbetaling 30 %" : "Deposit 30 %"), d,
			m->bill);
}

static bool deed_do (struct till *t, const struct deed *d)
{
	const struct demo_sale *x = &t->sales.sale[d->sale];
	const struct demo_workspace *w = t->h->what;
	struct made *m = &t->made[d->sale];
	switch (d->kind) {
	case DEED_QUOTE: return document_write (t, x, "/api/crm/quotes", d, m->quote);
	case DEED_SEND: return tell_of (t, m->quote, "send", json_pack ("{sb}", "mail", x->by_mail), d, NULL);
	case DEED_SEE: return page_see (t, m->quote, d);
	case DEED_ACCEPT: return quote_say_yes (t, x, m->quote, d);
	case DEED_DECLINE:
		return tell_of (t, m->quote, "decline", json_pack ("{ss}", "reason", w->losses->at[x->nth % w->losses->n]), d, NULL);
	case DEED_WITHDRAW: return tell_of (t, m->quote, "cancel", json_object (), d, NULL);
	case DEED_ORDER: return order (t, x, m, d);
	case DEED_DELIVERED: return delivered (t, m, d);
	case DEED_DEPOSIT: return deposit (t, x, m, d);
	case DEED_BILL: return bill (t, x, m, d);
	case DEED_BILL_SEND: return tell_of (t, m->bill, "send", json_pack ("{sb}", "mail", 0), d, NULL);
	case DEED_BILL_SEE: return page_see (t, m->bill, d);
	case DEED_PAY: return pay (t, x, m->bill, d);
	case DEED_CREDIT: return credit (t, x, m->bill, d);
	case DEED_REMIND: return tell_of (t, m->bill, "remind", json_object (), d, NULL);
	case DEED_STATEMENT: return statement (t, d);
	case DEED_REPEAT: return repeat (t, x, m->bill, d);
	}
	return false;
}

/* Billing has heard of the deal and of the person that were made last: a quote that names both and a language that there is not is refused for that alone. */
static bool all_are_heard (const struct demo_house *h, const char *deal)
{
	struct quote_create quote = { .head = { .workspace = h->id, .at = clock_now () }, .language = "xx", .has.language = HERE };
	quote.head.grant = (struct grant){ .scope = SCOPE_WORKSPACE, .permissions = ~UINT64_C (0) };
	quote.document_id.uuid = uuid_v7 (quote.head.at);
	quote.has.document_id = HERE;
	quote.has.deal_id = uuid_parse (deal, &quote.deal_id.uuid) == OK ? HERE : ABSENT;
	for (size_t i = h->plan.people; i-- > 0 && quote.has.contact_id != HERE;)
		if (*h->contact[i] && uuid_parse (h->contact[i], &quote.contact_id.uuid) == OK)
			quote.has.contact_id = HERE;
	struct answer a = ask_command (&quote_create_record, &quote);
	return a.state != ANSWER_REFUSED || (strcmp (a.code, "deal_not_found") != 0 && strcmp (a.code, "contact_not_found") != 0);
}

bool demo_money (struct demo_house *h, char id[][UUID_TEXT])
{
	struct till *t = heap_alloc (sizeof *t);
	*t = (struct till){ .h = h, .paper = demo_paper (h->what), .lead = id };
	demo_sales_plan (h->what, &h->plan, &t->sales);
	bool good = demo_until (all_are_heard, h, id[DEMO_LEADS - 1], "billing's word of a deal") && accounts_find (t) &&
		    company_make (t) && items_make (t);
	for (size_t i = 0; good && i < t->sales.deeds; i++) {
		const struct deed *d = &t->sales.deed[i];
		good = deed_do (t, d);
		if (good && (d->kind == DEED_REMIND || (d->kind == DEED_SEND && t->sales.sale[d->sale].by_mail)))
			h->mails++;
		if (!good)
			fprintf (stderr, "crmctl demo: deed %d of sale %zu of %s, %d days ago\n", (int) d->kind, d->sale, h->what->slug,
				 d->days);
	}
	json_decref (t->account);
	heap_free (t);
	return good;
}

/* ---- the mails that went with them ---- */

static bool has_pdf (const json_t *mail)
{
	const char *type = json_string_value (json_object_get (json_array_get (json_object_get (mail, "files"), 0), "type"));
	return type && !strcmp (type, "application/pdf");
}

/* Those with a PDF that wait, as a provider would say what became of them. */
static json_t *mails_waiting (const struct demo_house *h, struct uuid *ret_account)
{
	struct mail_list list = { .state = mail_state_queued, .limit = 200, .has = { .state = HERE, .limit = HERE } };
	json_t *events = json_array (), *mail;
	size_t i;
	list.head.workspaces = (struct uuid *) &h->id;
	list.head.n_workspaces = 1;
	struct answer a = ask_query (&mail_list_record, &list);
	json_array_foreach (json_object_get (a.json, "data"), i, mail)
	{
		const char *id = json_string_value (json_object_get (mail, "id")),
			   *account = json_string_value (json_object_get (mail, "mail_account_id")),
			   *email = json_string_value (json_object_get (json_array_get (json_object_get (mail, "recipients"), 0), "email"));
		if (!has_pdf (mail) || !id || !account || !email || uuid_parse (account, ret_account) != OK)
			continue;
		static const char *const told[] = { "processed", "delivered" };
		for (size_t k = 0; k < 2; k++) {
			char event[80];
			snprintf (event, sizeof event, "demo-%s-%zu", id, k);
			json_array_append_new (events, json_pack ("{ss ss ss ss ss sI}", "sg_event_id", event, "event", told[k], "email",
								  email, "crm_message", id, "crm_recipient", "1", "timestamp",
								  (json_int_t) (clock_now () / 1000000)));
		}
	}
	json_decref (a.json);
	return events;
}

static bool mails_are_written (const struct demo_house *h, const char *id)
{
	struct uuid account;
	json_t *events = mails_waiting (h, &account);
	size_t n = json_array_size (events) / 2;
	(void) id;
	json_decref (events);
	return n >= h->mails;
}

bool demo_money_mails (const struct demo_house *h)
{
	struct uuid account;
	if (!h->mails)
		return true;
	if (!demo_until (mails_are_written, h, NULL, "a mail with a document"))
		return false;
	json_t *events = mails_waiting (h, &account);
	char *body = json_dumps (events, JSON_COMPACT);
	struct mail_events_take take = { .mail_account_id = { account }, .body = body };
	take.head = (struct head){ .workspace = h->id, .actor = h->user[0], .at = clock_now () };
	take.head.grant = (struct grant){ .scope = SCOPE_WORKSPACE, .permissions = ~UINT64_C (0), .user = h->user[0] };
	struct answer a = ask_command (&mail_events_take_record, &take);
	free (body);
	json_decref (events);
	return !demo_fails ("events of mails", &a);
}
