/* Fuzz target: documents of any bytes as pages. Each is a PDF or refused, the same bytes give the same PDF, and no logo, name or figure breaks it.
 * The input is read as choices and texts, one after the other; what it lacks is nought and empty. */
#include "fuzz.h"

#include "../../services/billing/amounts.h"
#include "../../services/billing/page.h"

static const uint8_t *at, *end;

static unsigned choice (void)
{
	return at < end ? *at++ : 0;
}

/* A text as it could be in a record: no NUL in it; null now and then. */
static const char *text_next (struct arena *a)
{
	size_t n = choice () * (choice () % 8 == 0 ? 16 : 1);
	if (n == 0)
		return NULL;
	if (n > (size_t) (end - at))
		n = (size_t) (end - at);
	char *text = arena_copy (a, (const char *) at, n);
	at += n;
	return text;
}

static const char *figure_next (struct arena *a)
{
	static const char *const sharp[] = { "0", "1", "-1", "0.01", "99999999.999999", "12.50", "100", "0.5" };
	unsigned c = choice ();
	return c < 64 ? text_next (a) : c < 128 ? sharp[c % LENGTH (sharp)] : arena_printf (a, "%u.%02u", choice () << 4, choice () % 100);
}

static void party_next (struct arena *a, struct doc_party *p)
{
	const char **field[] = { &p->name,  &p->attention, &p->street, &p->street2, &p->postcode, &p->city, &p->country,
				 &p->email, &p->phone,	   &p->kvk,    &p->oin,	    &p->vat_id,	  &p->iban, &p->bic };
	for (size_t i = 0; i < LENGTH (field); i++)
		*field[i] = text_next (a);
	if (choice () % 2)
		p->iban = "NL91ABNA0417164300";
}

static void line_next (struct arena *a, struct doc_line *l)
{
	const char **word[] = { &l->code, &l->name, &l->description, &l->reason };
	l->kind = choice () % 4 ? line_kind_item : (enum line_kind) (choice () % line_kind_count);
	l->unit = (enum unit) (choice () % unit_count);
	l->category = choice () % 2 ? tax_category_standard : (enum tax_category) (choice () % tax_category_count);
	for (size_t i = 0; i < LENGTH (word); i++)
		*word[i] = text_next (a);
	l->quantity = figure_next (a);
	l->price = figure_next (a);
	l->rate = l->category == tax_category_standard ? figure_next (a) : NULL;
	unsigned more = choice ();
	l->per = more & 1 ? figure_next (a) : NULL;
	l->discount = more & 2 ? figure_next (a) : NULL;
	l->discount_amount = more & 4 ? figure_next (a) : NULL;
	l->charge_amount = more & 8 ? figure_next (a) : NULL;
	l->optional = more & 16;
	l->chosen = more & 32;
	l->has.chosen = more & 64 ? HERE : ABSENT;
}

static void document_next (struct arena *a, struct document *d)
{
	static const char *const languages[] = { "nl", "en" }, *const currencies[] = { "EUR", "USD", "JPY", "KWD" };
	const char **word[] = { &d->number,
				&d->title,
				&d->intro,
				&d->notes,
				&d->buyer_reference,
				&d->order_reference,
				&d->original_number,
				&d->discount_reason,
				&d->footer,
				&d->terms,
				&d->website,
				&d->pay_url,
				&d->url,
				&d->colour };
	d->kind = (enum document_kind) (choice () % document_kind_count);
	d->language = languages[choice () % 2];
	d->currency = currencies[choice () % 4];
	d->mode = (enum price_mode) (choice () % price_mode_count);
	unsigned more = choice ();
	d->draft = more & 1;
	d->paid = more & 2;
	d->kor = more & 4;
	d->revision = more >> 4;
	d->issued = (int32_t) (choice () << 8);
	d->due = (int32_t) (choice () << 8);
	d->original_issued = d->due;
	for (size_t i = 0; i < LENGTH (word); i++)
		*word[i] = text_next (a);
	party_next (a, &d->seller);
	party_next (a, &d->buyer);
	d->discount = choice () % 4 ? NULL : figure_next (a);
	d->discount_amount = choice () % 4 ? NULL : figure_next (a);
	d->prepaid = choice () % 4 ? 0 : choice () * 1000;
	size_t logo = choice () % 4 ? 0 : choice () * 8;
	d->logo = (struct bytes){ at, logo < (size_t) (end - at) ? logo : (size_t) (end - at) };
	at += d->logo.n;
	size_t n = choice () % 40;
	struct doc_line *line = arena_array (a, n + 1, sizeof *line);
	for (size_t i = 0; i < n; i++)
		line_next (a, &line[i]);
	d->line = line;
	d->lines = n;
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	static struct page_maker *maker;
	struct document d = { 0 };
	struct amounts_fault fault;
	struct arena a;
	struct bytes pdf, again;
	if (!maker)
		maker = page_maker_new ();
	at = data;
	end = data + size;
	arena_init (&a);
	document_next (&a, &d);
	int64_t *net = arena_array (&a, d.lines + 1, sizeof *net);
	if (totals_of (&a, &d, net, &fault) == OK) {
		enum status drawn = page_draw (maker, &a, &d, &pdf);
		assert (drawn != FAULT);
		if (drawn == OK) {
			assert (pdf.n > 8 && memcmp (pdf.at, "%PDF-1.5", 8) == 0);
			assert (page_draw (maker, &a, &d, &again) == OK);
			assert (pdf.n == again.n && memcmp (pdf.at, again.at, pdf.n) == 0);
		}
	}
	arena_fini (&a);
	return 0;
}
