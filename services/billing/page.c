/* How a document of money looks; see page.h. First everything is laid out as strips from top to bottom, then strips fall on pages, then pages get their heads
 * and feet. It must never cut an amount from its name, nor leave a heading or a total alone. */
#include "page.h"

#include <stdlib.h>
#include <string.h>
#include <qrencode.h>
#include "amounts.h"
#include "epc.h"
#include "page_words.h"
#include "rates.h"

enum {
	LEFT = MM (22), /* within the window of an envelope, wherever the sheet slides in it */
	RIGHT = SHEET_WIDE - LEFT,
	WIDE = RIGHT - LEFT,
	SELLER_LEFT = MM (130),
	HEAD_TOP = MM (15),
	BUYER_TOP = MM (52),
	TITLE_TOP = MM (85),
	NEXT_TOP = MM (26), /* where the text begins on later pages */
	GAP = PT (12),
	TOTALS_WIDE = PT (246),
	CODE_WIDE = PT (72)
};
enum {
	TEXT = 0x16191F,
	TEXT_2 = 0x4A5260,
	TEXT_3 = 0x5F6776,
	LINE = 0xE4E7EC,
	SUB = 0xF6F7F9,
	MARK = 0xF1F3F5,
	ACCENT = 0x3B5BDB,
	OK_TEXT = 0x0B7A5B,
	OK_BACK = 0xE3F6EE,
	WARN_TEXT = 0x9A5B00,
	WARN_BACK = 0xFDF1DC,
	WHITE = 0xFFFFFF
};

static const struct style title_style = { .size = PT (23), .weight = WEIGHT_BOLD, .spacing = -18 },
			  company_style = { .size = PT (17), .weight = WEIGHT_BOLD, .spacing = -15 },
			  subject_style = { .size = PT (11), .weight = WEIGHT_BOLD, .leading = 110, .spacing = -8 },
			  heading_style = { .size = PT (10), .weight = WEIGHT_BOLD, .leading = 112 },
			  body_style = { .size = PT (9), .leading = 122 }, address_style = { .size = PT (10), .leading = 116 },
			  address_bold_style = { .size = PT (10), .weight = WEIGHT_BOLD, .leading = 116 },
			  name_style = { .size = PT (9), .weight = WEIGHT_MEDIUM, .leading = 112 },
			  small_style = { .size = PT (8), .leading = 120 },
			  small_bold_style = { .size = PT (8), .weight = WEIGHT_BOLD, .leading = 120 },
			  label_style = { .size = PT (7) + PT (1) / 4, .weight = WEIGHT_MEDIUM, .spacing = 15 },
			  value_style = { .size = PT (9) + PT (1) / 2, .weight = WEIGHT_BOLD, .leading = 112 },
			  row_style = { .size = PT (9), .leading = 112 },
			  row_bold_style = { .size = PT (9), .weight = WEIGHT_BOLD, .leading = 112 },
			  grand_label_style = { .size = PT (10), .weight = WEIGHT_BOLD },
			  grand_style = { .size = PT (16), .weight = WEIGHT_BOLD, .spacing = -12 },
			  chip_style = { .size = PT (7) + PT (1) / 2, .weight = WEIGHT_BOLD, .spacing = 60 },
			  mark_style = { .size = PT (118), .weight = WEIGHT_BOLD },
			  caption_style = { .size = PT (7) + PT (1) / 4, .weight = WEIGHT_MEDIUM, .align = ALIGN_CENTRE, .leading = 112 },
			  foot_style = { .size = PT (7) + PT (1) / 4, .leading = 125 };

enum column { QUANTITY, PRICE, DISCOUNT, VAT, AMOUNT, COLUMNS };
struct row {
	const struct doc_line *line;
	bool item, counts;
	int64_t amount;
	const char *text[COLUMNS];
	const struct laid *cell[COLUMNS];
};

/* A document on its way to paper. */
struct drawing {
	const struct document *d;
	struct arena *arena;
	struct sheet *s;
	enum page_language l;
	unsigned accent;
	const char *name; /* Factuur INV-2026-001 */
	struct row *row;
	struct style cell_style, cell_label_style;
	int column[COLUMNS]; /* how wide; 0: not there */
	int code_wide, name_left, name_wide;
	struct block *first, *last; /* the strips, from top to bottom */
	struct block *foot;
	int body_foot;
	bool notes_placed, terms_placed; /* beside the totals */
};

static const char *say (const struct drawing *g, enum word word)
{
	return page_word (g->l, word);
}

static const char *phrase (const struct drawing *g, enum word word, const char *x, const char *y)
{
	return page_phrase (g->arena, g->l, word, x, y);
}

static const char *money (const struct drawing *g, int64_t minor)
{
	return page_money (g->arena, g->l, g->d->currency, minor);
}

static bool has_text (const char *text)
{
	return text && text[strspn (text, " \t\r\n")];
}

static int most (int a, int b)
{
	return a > b ? a : b;
}

/* ---- colour ---- */

/* The company's colour, dark enough to be read on white and under white (WCAG 2.2 1.4.3, its luminance by squares). */
static unsigned colour_readable (const char *text)
{
	unsigned colour = ACCENT;
	if (text && text[0] == '#' && strlen (text) == 7 && strspn (text + 1, "0123456789abcdefABCDEF") == 6)
		colour = (unsigned) strtoul (text + 1, NULL, 16);
	for (;;) {
		unsigned r = colour >> 16 & 0xFF, green = colour >> 8 & 0xFF, b = colour & 0xFF;
		if (2126 * r * r + 7152 * green * green + 722 * b * b <= 10600u * 10000)
			return colour;
		colour = r * 15 / 16 << 16 | green * 15 / 16 << 8 | b * 15 / 16;
	}
}

/* ---- strips ---- */

static struct block *strip_add (struct drawing *g, int space, int high)
{
	struct block *b = block_new (g->s, space, high);
	if (g->last)
		g->last->next = b;
	else
		g->first = b;
	g->last = b;
	return b;
}

/* Text that may go on over pages: what belongs together under each other in one column. */
struct strand {
	const struct laid *text;
	unsigned colour;
};

/* Puts lines [from, to) of the strands, counted through, into a strip of their own. */
static struct block *strands_strip (struct drawing *g, int x, const struct strand strand[], size_t n, int from, int to, int space)
{
	struct block *b = strip_add (g, space, 0);
	int before = 0;
	for (size_t i = 0; i < n; i++) {
		const struct laid *t = strand[i].text;
		int first = most (from - before, 0), end = to - before < t->lines ? to - before : t->lines;
		if (first < end) {
			b->high += b->high && first == 0 ? PT (1) + PT (1) / 2 : 0;
			block_text (g->s, b, x, b->high, t, strand[i].colour, first, end - first);
			b->high += t->y[end] - t->y[first];
		}
		before += t->lines;
	}
	return b;
}

/* All of it: the first `whole` lines together with what follows, never one line alone at the foot or the head of a page. The first strip in ret_first. */
static void strands_add (struct drawing *g, int x, const struct strand strand[], size_t n, int whole, int space, bool table,
			 struct block **ret_first)
{
	int lines = 0, at;
	for (size_t i = 0; i < n; i++)
		lines += strand[i].text->lines;
	at = lines - whole <= 4 ? lines : whole + 2;
	struct block *b = strands_strip (g, x, strand, n, 0, at, space);
	b->table = table;
	if (ret_first)
		*ret_first = b;
	while (at < lines) {
		int to = lines - at <= 3 ? lines : at + 1;
		b = strands_strip (g, x, strand, n, at, to, 0);
		b->table = table;
		at = to;
	}
}

/* Paragraphs by newlines, under a heading where there is one. */
static void words_add (struct drawing *g, const char *heading, const char *text, const struct style *style, unsigned colour, int space)
{
	if (!has_text (text))
		return;
	if (heading) {
		const struct laid *head = sheet_lay (g->s, &heading_style, WIDE, 0, heading);
		struct block *b = strip_add (g, space, head->high + PT (3));
		block_all (g->s, b, LEFT, 0, head, TEXT);
		b->keep = true;
		space = 0;
	}
	struct strand strand = { sheet_lay (g->s, style, PT (430), 0, text), colour };
	strands_add (g, LEFT, &strand, 1, 0, space, false, NULL);
}

/* ---- the head of the first page ---- */

static int text_under (struct drawing *g, struct block *b, int x, int y, int wide, const struct style *style, unsigned colour,
		       const char *text)
{
	if (!has_text (text))
		return y;
	const struct laid *laid = sheet_lay (g->s, style, wide, 0, text);
	block_all (g->s, b, x, y, laid, colour);
	return y + laid->high;
}

static int label_under (struct drawing *g, struct block *b, int y, const char *label, const char *value)
{
	if (!has_text (value))
		return y;
	const struct laid *name = sheet_lay (g->s, &small_style, 0, 0, label);
	block_all (g->s, b, SELLER_LEFT, y, name, TEXT_3);
	return text_under (g, b, SELLER_LEFT + PT (30), y, RIGHT - SELLER_LEFT - PT (30), &small_style, TEXT_2, value);
}

static const char *joined (const struct drawing *g, const char *x, const char *y)
{
	if (!has_text (x))
		return y;
	return has_text (y) ? arena_printf (g->arena, "%s  %s", x, y) : x;
}

static const char *country_of (const struct doc_party *p)
{
	return has_text (p->country) ? p->country : "NL";
}

static int address_under (struct drawing *g, struct block *b, int x, int y, int wide, const struct style *style, unsigned colour,
			  const struct doc_party *p, bool abroad)
{
	y = text_under (g, b, x, y, wide, style, colour, p->street);
	y = text_under (g, b, x, y, wide, style, colour, p->street2);
	y = text_under (g, b, x, y, wide, style, colour, joined (g, p->postcode, p->city));
	return abroad ? text_under (g, b, x, y, wide, style, colour, page_country (g->arena, g->l, country_of (p))) : y;
}

static int seller_under (struct drawing *g, struct block *b, bool abroad)
{
	const struct doc_party *p = &g->d->seller;
	int wide = RIGHT - SELLER_LEFT, y = text_under (g, b, SELLER_LEFT, HEAD_TOP, wide, &small_bold_style, TEXT, p->name);
	y = address_under (g, b, SELLER_LEFT, y, wide, &small_style, TEXT_2, p, abroad) + PT (5);
	y = text_under (g, b, SELLER_LEFT, y, wide, &small_style, TEXT_2, p->phone);
	y = text_under (g, b, SELLER_LEFT, y, wide, &small_style, TEXT_2, p->email);
	y = text_under (g, b, SELLER_LEFT, y, wide, &small_style, TEXT_2, g->d->website) + PT (5);
	y = label_under (g, b, y, say (g, WORD_kvk), p->kvk);
	y = label_under (g, b, y, say (g, WORD_oin), p->oin);
	y = label_under (g, b, y, say (g, WORD_vat_id), p->vat_id);
	y = label_under (g, b, y, say (g, WORD_pay_iban), p->iban ? page_iban (g->arena, p->iban) : NULL);
	return label_under (g, b, y, say (g, WORD_pay_bic), p->bic);
}

static int buyer_under (struct drawing *g, struct block *b, int top, bool abroad)
{
	const struct doc_party *p = &g->d->buyer;
	int wide = SELLER_LEFT - LEFT - MM (8), y = text_under (g, b, LEFT, top, wide, &address_bold_style, TEXT, p->name);
	if (has_text (p->attention) && (!p->name || strcmp (p->attention, p->name) != 0))
		y = text_under (g, b, LEFT, y, wide, &address_style, TEXT, phrase (g, WORD_attention, p->attention, ""));
	return address_under (g, b, LEFT, y, wide, &address_style, TEXT, p, abroad);
}

/* A small word on a coloured ground, its left edge at x, its middle at y; how wide it is. */
static int chip_put (struct drawing *g, struct block *b, int x, int y, const char *word, unsigned colour, unsigned back)
{
	const struct laid *text = sheet_lay (g->s, &chip_style, 0, 0, word);
	int high = text->high + PT (6), wide = text->wide + PT (14);
	block_box (g->s, b, x, y - high / 2, wide, high, high / 2, back);
	block_all (g->s, b, x + PT (7), y - text->high / 2, text, colour);
	return wide;
}

struct fact {
	const char *label, *value;
};

static void fact_add (struct fact fact[], size_t *n, const char *label, const char *value)
{
	if (has_text (value))
		fact[(*n)++] = (struct fact){ label, value };
}

static enum word word_by_kind (const struct document *d, enum word quote, enum word invoice, enum word credit_note)
{
	switch (d->kind) {
	case document_kind_quote: return quote;
	case document_kind_invoice: return invoice;
	case document_kind_credit_note: return credit_note;
	case document_kind_count: break;
	}
	return invoice;
}

/* How many stand side by side, no value broken if it can be helped; how wide each is. */
static int facts_across (struct drawing *g, const struct fact fact[], size_t n, int room, int *ret_wide)
{
	int across = n <= 5 ? (int) n : 4, widest = 0;
	for (size_t i = 0; i < n; i++)
		widest = most (widest, sheet_lay (g->s, &value_style, 0, 0, fact[i].value)->wide);
	while (across > 3 && (room - (across - 1) * GAP) / across < widest)
		across--;
	*ret_wide = (room - (across - 1) * GAP) / across;
	return across;
}

/* Number, dates and references, side by side on a ground of their own. */
static int facts_under (struct drawing *g, struct block *b, int y)
{
	const struct document *d = g->d;
	struct arena *a = g->arena;
	struct fact fact[12];
	size_t n = 0;
	fact_add (fact, &n, say (g, word_by_kind (d, WORD_quote_number, WORD_invoice_number, WORD_credit_note_number)), d->number);
	if (d->kind == document_kind_quote && d->revision > 1)
		fact_add (fact, &n, say (g, WORD_revision), arena_printf (a, "%d", d->revision));
	fact_add (fact, &n, say (g, word_by_kind (d, WORD_quote_date, WORD_invoice_date, WORD_credit_note_date)), page_date (a, d->issued));
	if (d->due && d->kind != document_kind_credit_note)
		fact_add (fact, &n, say (g, word_by_kind (d, WORD_valid, WORD_due, WORD_due)), page_date (a, d->due));
	if (d->supplied)
		fact_add (fact, &n, say (g, WORD_supplied), page_date (a, d->supplied));
	if (d->kind == document_kind_credit_note) {
		fact_add (fact, &n, say (g, WORD_of_invoice), d->original_number);
		if (has_text (d->original_number) && d->original_issued)
			fact_add (fact, &n, say (g, WORD_of_invoice_date), page_date (a, d->original_issued));
	}
	fact_add (fact, &n, say (g, WORD_your_reference), d->buyer_reference);
	fact_add (fact, &n, say (g, WORD_your_order), d->order_reference);
	fact_add (fact, &n, say (g, WORD_your_vat), d->buyer.vat_id);
	int pad = PT (13), wide, top = y + PT (10), foot = top, across = facts_across (g, fact, n, WIDE - 2 * pad, &wide);
	struct block *words = block_new (g->s, 0, 0); /* joined on after their ground, which lies below them */
	for (size_t i = 0; i < n; i++) {
		int x = LEFT + pad + (int) i % across * (wide + GAP);
		if (i && (int) i % across == 0)
			top = foot + PT (9);
		const struct laid *label = sheet_lay (g->s, &label_style, wide, 0, fact[i].label),
				  *value = sheet_lay (g->s, &value_style, wide, 0, fact[i].value);
		block_all (g->s, words, x, top, label, TEXT_3);
		block_all (g->s, words, x, top + label->high + PT (2), value, TEXT);
		foot = most (foot, top + label->high + PT (2) + value->high);
	}
	foot += PT (10);
	block_box (g->s, b, LEFT, y, WIDE, foot - y, PT (7), SUB);
	block_join (b, words);
	return foot;
}

/* Everything above the first words, as one strip. */
static void head_add (struct drawing *g)
{
	const struct document *d = g->d;
	struct block *b = strip_add (g, 0, 0);
	bool abroad = strcmp (country_of (&d->seller), country_of (&d->buyer)) != 0;
	int wide, high, y = HEAD_TOP;
	block_box (g->s, b, 0, 0, SHEET_WIDE, PT (5), 0, g->accent);
	if (block_logo (g->s, b, LEFT, HEAD_TOP, MM (64), MM (22), d->logo, &wide, &high))
		y += high;
	else
		y = text_under (g, b, LEFT, HEAD_TOP - PT (3), SELLER_LEFT - LEFT - MM (8), &company_style, g->accent, d->seller.name);
	int seller = seller_under (g, b, abroad), buyer = buyer_under (g, b, most (BUYER_TOP, y + PT (14)), abroad);
	y = most (TITLE_TOP, most (seller, buyer) + PT (20));
	const struct laid *title = sheet_lay (g->s, &title_style, 0, 0,
					      say (g, word_by_kind (d, WORD_quote, WORD_invoice, WORD_credit_note)));
	block_all (g->s, b, LEFT - PT (1), y, title, TEXT);
	if (d->draft)
		chip_put (g, b, LEFT + title->wide + PT (12), y + title->high / 2 + PT (2), say (g, WORD_draft), WARN_TEXT, WARN_BACK);
	else if (d->paid)
		chip_put (g, b, LEFT + title->wide + PT (12), y + title->high / 2 + PT (2), say (g, WORD_paid), OK_TEXT, OK_BACK);
	b->high = facts_under (g, b, y + title->high + PT (9));
}

/* ---- the lines ---- */

static const char *unit_text (const struct drawing *g, enum unit unit, bool one)
{
	static const char *const words[][PAGE_LANGUAGES][2] = {
		[unit_piece] = { { "stuk", "stuks" }, { "piece", "pieces" } },
		[unit_hour] = { { "uur", "uur" }, { "hour", "hours" } },
		[unit_day] = { { "dag", "dagen" }, { "day", "days" } },
		[unit_month] = { { "maand", "maanden" }, { "month", "months" } },
		[unit_kilogram] = { { "kg", "kg" }, { "kg", "kg" } },
		[unit_metre] = { { "m", "m" }, { "m", "m" } },
		[unit_square_metre] = { { "m²", "m²" }, { "m²", "m²" } },
		[unit_litre] = { { "l", "l" }, { "l", "l" } },
		[unit_kilometre] = { { "km", "km" }, { "km", "km" } },
	};
	return words[unit][g->l][!one];
}

static const char *category_short (const struct drawing *g, const struct doc_line *line)
{
	static const char *const words[][PAGE_LANGUAGES] = {
		[tax_category_exempt] = { "vrij", "exempt" },
		[tax_category_reverse_charge] = { "verlegd", "reversed" },
		[tax_category_outside] = { "geen", "none" },
	};
	switch (line->category) {
	case tax_category_exempt:
	case tax_category_reverse_charge:
	case tax_category_outside: return words[line->category][g->l];
	case tax_category_standard:
	case tax_category_zero:
	case tax_category_intra_community:
	case tax_category_export:
	case tax_category_count: break;
	}
	return page_percent (g->arena, g->l, has_text (line->rate) ? line->rate : "0");
}

static const char *price_text (const struct drawing *g, const char *decimal)
{
	return page_price (g->arena, g->l, g->d->currency, decimal);
}

static void row_fill (struct drawing *g, struct row *r)
{
	const struct doc_line *line = r->line;
	const char *quantity = has_text (line->quantity) ? line->quantity : "1";
	bool one = strcmp (page_figure (g->arena, g->l, quantity), "1") == 0;
	r->text[QUANTITY] = arena_printf (g->arena, "%s %s", page_figure (g->arena, g->l, quantity), unit_text (g, line->unit, one));
	r->text[PRICE] = price_text (g, has_text (line->price) ? line->price : "0");
	if (has_text (line->per) && strcmp (page_figure (g->arena, g->l, line->per), "1") != 0)
		r->text[PRICE] = phrase (g, WORD_per, r->text[PRICE], page_figure (g->arena, g->l, line->per));
	if (has_text (line->discount) && strcmp (page_figure (g->arena, g->l, line->discount), "0") != 0)
		r->text[DISCOUNT] = page_percent (g->arena, g->l, line->discount);
	if (has_text (line->discount_amount) && strspn (line->discount_amount, "0.") != strlen (line->discount_amount)) {
		const char *amount = price_text (g, line->discount_amount);
		r->text[DISCOUNT] = r->text[DISCOUNT] ? arena_printf (g->arena, "%s + %s", r->text[DISCOUNT], amount) : amount;
	}
	r->text[VAT] = category_short (g, line);
	r->text[AMOUNT] = money (g, r->amount);
}

/* What each line comes to, an option that was not chosen too: as if it had been. */
static void rows_reckon (struct drawing *g)
{
	const struct document *d = g->d;
	struct document as_if = *d;
	struct doc_line *line = arena_array (g->arena, d->lines + 1, sizeof *line);
	int64_t *net = arena_array (g->arena, d->lines + 1, sizeof *net);
	struct amounts_fault fault;
	for (size_t i = 0; i < d->lines; i++) {
		line[i] = d->line[i];
		line[i].has.optional = ABSENT;
		line[i].optional = false;
	}
	as_if.line = line;
	as_if.discount = as_if.discount_amount = NULL;
	bool reckoned = totals_of (g->arena, &as_if, net, &fault) == OK;
	g->row = arena_array (g->arena, d->lines + 1, sizeof *g->row);
	for (size_t i = 0; i < d->lines; i++) {
		struct row *r = &g->row[i];
		r->line = &d->line[i];
		r->item = r->line->kind == line_kind_item;
		r->counts = line_counts (r->line);
		r->amount = reckoned ? net[i] : r->line->net;
		if (r->item && !r->counts && d->kind != document_kind_quote)
			r->item = false; /* what was left out of a quote is no matter of its invoice */
		if (r->item)
			row_fill (g, r);
	}
}

static const char *column_label (const struct drawing *g, enum column column)
{
	bool gross = g->d->mode == price_mode_gross;
	switch (column) {
	case QUANTITY: return say (g, WORD_quantity);
	case PRICE: return say (g, gross ? WORD_price_gross : WORD_price);
	case DISCOUNT: return say (g, WORD_discount);
	case VAT: return say (g, WORD_vat);
	case AMOUNT: return say (g, gross ? WORD_amount_gross : WORD_amount);
	case COLUMNS: break;
	}
	return "";
}

/* Every figure in a column of its own, as wide as its widest; together never more than leaves room for names: then letters become smaller. */
static int columns_measure (struct drawing *g)
{
	int wide = 0;
	for (int c = 0; c < COLUMNS; c++) {
		bool any = c == AMOUNT;
		g->column[c] = sheet_lay (g->s, &g->cell_label_style, 0, 0, column_label (g, (enum column) c))->wide;
		for (size_t i = 0; i < g->d->lines; i++) {
			struct row *r = &g->row[i];
			if (!r->item || !r->text[c])
				continue;
			r->cell[c] = sheet_lay (g->s, &g->cell_style, 0, 0, r->text[c]);
			g->column[c] = most (g->column[c], r->cell[c]->wide);
			any = true;
		}
		if (!any)
			g->column[c] = 0;
		wide += g->column[c] ? g->column[c] + GAP : 0;
	}
	return wide;
}

static void columns_lay (struct drawing *g)
{
	int room = WIDE * 64 / 100, wide;
	g->cell_style = row_style;
	g->cell_label_style = label_style;
	for (size_t i = 0; i < g->d->lines; i++)
		if (g->row[i].item && has_text (g->row[i].line->code))
			g->code_wide = most (g->code_wide, sheet_lay (g->s, &small_style, 0, 0, g->row[i].line->code)->wide);
	if (g->code_wide > PT (62))
		g->code_wide = PT (62);
	while ((wide = columns_measure (g)) > room - g->code_wide && g->cell_style.size > PT (3))
		g->cell_style.size = (int) ((int64_t) g->cell_style.size * (room - g->code_wide) / wide) - PT (1) / 8;
	g->name_left = LEFT + (g->code_wide ? g->code_wide + GAP : 0);
	g->name_wide = RIGHT - wide - g->name_left;
}

static void cell_put (struct drawing *g, struct block *b, int right, int baseline, const struct laid *cell, unsigned colour)
{
	block_all (g->s, b, right - cell->wide, baseline - cell->baseline[0], cell, colour);
}

/* The table's head: once where it begins, and again on each page on which it goes on. */
static struct block *table_head (struct drawing *g)
{
	struct block *b = block_new (g->s, PT (18), PT (17));
	const struct laid *label = sheet_lay (g->s, &label_style, 0, 0, say (g, WORD_description));
	int right = RIGHT, baseline = label->baseline[0];
	block_all (g->s, b, g->name_left, 0, label, TEXT_3);
	if (g->code_wide)
		block_all (g->s, b, LEFT, 0, sheet_lay (g->s, &label_style, 0, 0, "Code"), TEXT_3);
	for (int c = COLUMNS - 1; c >= 0; c--) {
		if (!g->column[c])
			continue;
		cell_put (g, b, right, baseline, sheet_lay (g->s, &g->cell_label_style, 0, 0, column_label (g, (enum column) c)), TEXT_3);
		right -= g->column[c] + GAP;
	}
	block_box (g->s, b, LEFT, b->high - PT (1), WIDE, PT (1), 0, g->accent);
	b->keep = true;
	return b;
}

/* A line between lines, at the foot of the last strip. */
static void line_under (struct drawing *g, int space)
{
	struct block *b = g->last;
	b->high += space;
	block_box (g->s, b, LEFT, b->high - PT (1) / 2, WIDE, PT (1) / 2, 0, LINE);
}

static void item_put (struct drawing *g, const struct row *r)
{
	const struct doc_line *line = r->line;
	struct strand strand[4];
	size_t n = 0;
	bool option = line->optional && g->d->kind == document_kind_quote;
	unsigned colour = r->counts ? TEXT : TEXT_3;
	struct block *b;
	strand[n++] = (struct strand){ sheet_lay (g->s, &name_style, g->name_wide, 0, has_text (line->name) ? line->name : "–"), colour };
	if (option)
		strand[n++] = (struct strand){ sheet_lay (g->s, &small_bold_style, g->name_wide, 0,
							  say (g, r->counts ? WORD_option_chosen : WORD_option_left)),
					       r->counts ? g->accent : TEXT_3 };
	int whole = strand[0].text->lines + (option ? strand[1].text->lines : 0);
	if (has_text (line->description))
		strand[n++] = (struct strand){ sheet_lay (g->s, &small_style, g->name_wide, 0, line->description), TEXT_2 };
	if (has_text (line->charge_amount) && strspn (line->charge_amount, "0.") != strlen (line->charge_amount)) {
		const char *words = phrase (g, WORD_charge, price_text (g, line->charge_amount), "");
		strand[n++] = (struct strand){ sheet_lay (g->s, &small_style, g->name_wide, 0, words), TEXT_2 };
	}
	strands_add (g, g->name_left, strand, n, whole, PT (6), true, &b);
	int right = RIGHT, baseline = strand[0].text->baseline[0];
	if (g->code_wide && has_text (line->code)) {
		const struct laid *code = sheet_lay (g->s, &small_style, g->code_wide, 0, line->code);
		block_all (g->s, b, LEFT, baseline - code->baseline[0], code, TEXT_3);
		b->high = most (b->high, code->high);
	}
	for (int c = COLUMNS - 1; c >= 0; c--) {
		if (!g->column[c])
			continue;
		if (r->cell[c])
			cell_put (g, b, right, baseline, r->cell[c], c == AMOUNT ? colour : r->counts ? TEXT_2 : TEXT_3);
		right -= g->column[c] + GAP;
	}
	line_under (g, PT (6));
}

/* A label and an amount at the right, under the lines of a section. */
static void section_end (struct drawing *g, const char *name, int64_t sum)
{
	g->last->keep = true;
	const struct laid *amount = sheet_lay (g->s, &row_bold_style, 0, 0, money (g, sum));
	struct style style = row_style;
	style.align = ALIGN_RIGHT;
	const struct laid *label = sheet_lay (g->s, &style, WIDE - amount->wide - 2 * GAP, 2, phrase (g, WORD_subtotal_of, name, ""));
	struct block *b = strip_add (g, PT (6), label->high);
	b->table = true;
	block_all (g->s, b, LEFT, 0, label, TEXT_2);
	cell_put (g, b, RIGHT, label->baseline[0], amount, TEXT);
	line_under (g, PT (6));
}

static void section_add (struct drawing *g, const char *name)
{
	const struct laid *text = sheet_lay (g->s, &heading_style, WIDE, 0, name);
	struct block *b = strip_add (g, PT (13), text->high + PT (1));
	b->table = b->keep = true;
	block_all (g->s, b, LEFT, 0, text, g->accent);
}

static void text_add (struct drawing *g, const struct doc_line *line)
{
	struct strand strand[2];
	size_t n = 0;
	if (has_text (line->name))
		strand[n++] = (struct strand){ sheet_lay (g->s, &row_style, WIDE, 0, line->name), TEXT_2 };
	if (has_text (line->description))
		strand[n++] = (struct strand){ sheet_lay (g->s, &small_style, WIDE, 0, line->description), TEXT_2 };
	if (!n)
		return;
	strands_add (g, LEFT, strand, n, 0, PT (6), true, NULL);
	line_under (g, PT (6));
}

static void lines_add (struct drawing *g)
{
	const char *section = NULL;
	int64_t sum = 0;
	size_t items = 0;
	struct block *head = table_head (g);
	g->last->next = head;
	g->last = head;
	for (size_t i = 0; i < g->d->lines; i++) {
		const struct row *r = &g->row[i];
		if (r->line->kind == line_kind_section) {
			if (section && items)
				section_end (g, section, sum);
			section = has_text (r->line->name) ? r->line->name : "–";
			sum = 0;
			items = 0;
			section_add (g, section);
		} else if (r->line->kind == line_kind_text) {
			text_add (g, r->line);
		} else if (r->item) {
			item_put (g, r);
			items++;
			sum += r->counts ? r->amount : 0;
		}
	}
	if (section && items)
		section_end (g, section, sum);
}

/* ---- what it comes to ---- */

struct total {
	const char *label, *amount;
	bool bold, ruled; /* ruled: a line above it */
};

static const char *category_words (const struct drawing *g, const struct doc_group *group)
{
	static const char *const words[][PAGE_LANGUAGES] = {
		[tax_category_zero] = { "Btw 0%", "VAT 0%" },
		[tax_category_exempt] = { "Vrijgesteld van btw", "Exempt from VAT" },
		[tax_category_reverse_charge] = { "Btw verlegd", "VAT reverse-charged" },
		[tax_category_intra_community] = { "Btw 0% intracommunautair", "VAT 0% intra-Community" },
		[tax_category_export] = { "Btw 0% export", "VAT 0% export" },
		[tax_category_outside] = { "Buiten de btw", "Outside the scope of VAT" },
	};
	return words[group->category][g->l];
}

static const char *group_label (const struct drawing *g, const struct doc_group *group)
{
	const char *over = money (g, group->taxable);
	if (group->category == tax_category_standard)
		return phrase (g, g->d->mode == price_mode_gross ? WORD_vat_within : WORD_vat_over,
			       page_percent (g->arena, g->l, group->rate ? group->rate : "0"), over);
	return phrase (g, WORD_vat_none, category_words (g, group), over);
}

static void total_add (struct total total[], size_t *n, const char *label, const char *amount)
{
	total[(*n)++] = (struct total){ .label = label, .amount = amount };
}

static const char *discount_label (const struct drawing *g)
{
	const struct document *d = g->d;
	const char *label = say (g, WORD_discount_whole);
	if (has_text (d->discount) && strspn (d->discount, "0.") != strlen (d->discount) && !has_text (d->discount_amount))
		label = arena_printf (g->arena, "%s %s", label, page_percent (g->arena, g->l, d->discount));
	return has_text (d->discount_reason) ? arena_printf (g->arena, "%s (%s)", label, d->discount_reason) : label;
}

/* The label of the figure that matters. */
static enum word grand_word (const struct document *d)
{
	if (d->kind == document_kind_credit_note)
		return WORD_credit_total;
	if (d->kind == document_kind_quote || d->paid)
		return d->totals.vat ? WORD_gross : WORD_total;
	return d->totals.payable < 0 ? WORD_to_receive : WORD_to_pay;
}

/* By which rate its VAT is said in euro. */
static const char *euro_label (const struct drawing *g)
{
	const struct document *d = g->d;
	const char *rate = page_figure (g->arena, g->l, d->rate);
	const char *of = arena_printf (g->arena, "%s %s", rate, d->currency);
	return d->rate_day ? phrase (g, WORD_vat_euro_on, of, page_date (g->arena, d->rate_day)) : phrase (g, WORD_vat_euro, of, "");
}

/* All rows but the one that matters; a line above it comes with its label. */
static size_t totals_rows (struct drawing *g, struct total total[])
{
	const struct document *d = g->d;
	const struct doc_totals *t = &d->totals;
	bool gross = d->mode == price_mode_gross;
	int64_t lines = t->lines, off = t->allowance;
	size_t n = 0;
	if (gross) { /* as the customer reads the lines: with VAT */
		lines = 0;
		for (size_t i = 0; i < d->lines; i++)
			lines += g->row[i].counts ? g->row[i].amount : 0;
		off = lines - t->gross;
	}
	if (off) {
		total_add (total, &n, say (g, WORD_subtotal), money (g, lines));
		total_add (total, &n, discount_label (g), money (g, -off));
	}
	if (!gross)
		total_add (total, &n, say (g, t->vat || t->groups > 1 || off ? WORD_net : WORD_subtotal), money (g, t->net));
	for (size_t i = 0; !gross && i < t->groups; i++)
		total_add (total, &n, group_label (g, &t->group[i]), money (g, t->group[i].tax));
	bool more = t->prepaid || t->rounding;
	if (more || (gross && d->kind == document_kind_invoice && !d->paid)) {
		total[n].ruled = n > 0;
		total[n].bold = true;
		total[n].label = say (g, t->vat ? WORD_gross : WORD_total);
		total[n++].amount = money (g, t->gross);
	}
	for (size_t i = 0; gross && i < t->groups; i++)
		total_add (total, &n, group_label (g, &t->group[i]), money (g, t->group[i].tax));
	int64_t euro;
	if (has_text (d->rate) && strcmp (d->currency, "EUR") != 0 && vat_in_euro (d->currency, d->rate, t->vat, &euro) == OK)
		total_add (total, &n, euro_label (g), page_money (g->arena, g->l, "EUR", euro));
	if (t->prepaid)
		total_add (total, &n, say (g, WORD_prepaid), money (g, -t->prepaid));
	if (t->rounding)
		total_add (total, &n, say (g, WORD_rounding), money (g, t->rounding));
	return n;
}

static void total_strip (struct drawing *g, struct block *b, const struct total *total)
{
	const struct style *style = total->bold ? &row_bold_style : &row_style;
	const struct laid *amount = sheet_lay (g->s, style, 0, 0, total->amount);
	const struct laid *label = sheet_lay (g->s, style, TOTALS_WIDE - amount->wide - GAP, 0, total->label);
	if (total->ruled) {
		b->high += PT (3);
		block_box (g->s, b, RIGHT - TOTALS_WIDE, b->high, TOTALS_WIDE, PT (1) / 2, 0, LINE);
		b->high += PT (3);
	}
	b->high += PT (3);
	block_all (g->s, b, RIGHT - TOTALS_WIDE, b->high, label, total->bold ? TEXT : TEXT_2);
	cell_put (g, b, RIGHT, b->high + label->baseline[0], amount, TEXT);
	b->high += label->high + PT (2);
}

static void grand_strip (struct drawing *g, struct block *b)
{
	const struct document *d = g->d;
	int64_t sum = d->totals.payable;
	if (d->kind == document_kind_quote || d->paid)
		sum = d->totals.gross;
	else if (d->kind == document_kind_invoice && sum < 0)
		sum = -sum;
	const struct laid *amount = sheet_lay (g->s, &grand_style, 0, 0, money (g, sum)),
			  *label = sheet_lay (g->s, &grand_label_style, 0, 0, say (g, grand_word (d)));
	b->high += PT (6);
	block_box (g->s, b, RIGHT - TOTALS_WIDE, b->high, TOTALS_WIDE, PT (1) + PT (1) / 2, 0, g->accent);
	b->high += PT (9);
	cell_put (g, b, RIGHT, b->high + amount->baseline[0], amount, g->accent);
	block_all (g->s, b, RIGHT - TOTALS_WIDE, b->high + amount->baseline[0] - label->baseline[0], label, g->accent);
	b->high += amount->high;
}

/* Why no VAT is charged, where none is: the law's words (Dutch VAT act art. 35a, directive 2006/112 art. 226). */
static const char *legal_words (const struct drawing *g)
{
	const struct doc_totals *t = &g->d->totals;
	const char *words = NULL;
	for (size_t i = 0; i < t->groups; i++) {
		const char *reason = t->group[i].reason;
		if (!has_text (reason) || (words && strstr (words, reason)))
			continue;
		words = words ? arena_printf (g->arena, "%s\n%s", words, reason) : reason;
	}
	return words;
}

static const char *terms_heading (const struct drawing *g)
{
	return say (g, g->d->kind == document_kind_quote ? WORD_terms_quote : WORD_terms_invoice);
}

/* Words that are short enough to stand in the room at the left of the totals stand there; others come below. */
static bool beside_totals (struct drawing *g, struct block *b, const char *heading, const char *text, int *y)
{
	if (!has_text (text))
		return false;
	const struct laid *words = sheet_lay (g->s, &small_style, WIDE - TOTALS_WIDE - PT (24), 0, text);
	const struct laid *head = heading ? sheet_lay (g->s, &small_bold_style, 0, 0, heading) : NULL;
	int top = *y ? *y + PT (8) : PT (4), under = top + (head ? head->high + PT (1) : 0);
	if (under + words->high > b->high)
		return false;
	if (head)
		block_all (g->s, b, LEFT, top, head, TEXT);
	block_all (g->s, b, LEFT, under, words, TEXT_2);
	*y = under + words->high;
	return true;
}

/* The totals are one strip with the last line above them, unless there are more kinds of VAT than a page can hold. */
static void totals_add (struct drawing *g)
{
	size_t room = g->d->totals.groups + 9, n;
	struct total *total = arena_array (g->arena, room, sizeof *total);
	n = totals_rows (g, total);
	bool whole = n <= 24;
	const char *legal = legal_words (g);
	const struct laid *words = legal ? sheet_lay (g->s, &small_style, WIDE - TOTALS_WIDE - PT (24), 0, legal) : NULL;
	g->last->keep = true;
	struct block *b = strip_add (g, PT (8), 0);
	if (words && whole && words->lines <= 24)
		block_all (g->s, b, LEFT, PT (4), words, TEXT_2);
	for (size_t i = 0; i < n; i++) {
		if (!whole)
			b = strip_add (g, 0, 0);
		total_strip (g, b, &total[i]);
	}
	b->keep = !whole;
	if (!whole)
		b = strip_add (g, 0, 0);
	grand_strip (g, b);
	int beside = words && whole && words->lines <= 24 ? PT (4) + words->high : 0;
	if (words && !beside)
		words_add (g, NULL, legal, &small_style, TEXT_2, PT (10));
	if (whole && b == g->last) {
		g->notes_placed = beside_totals (g, b, NULL, g->d->notes, &beside);
		g->terms_placed = beside_totals (g, b, terms_heading (g), g->d->terms, &beside);
	}
	b->high = most (b->high, beside);
}

/* ---- how to pay, how to agree ---- */

struct code {
	const unsigned char *modules;
	int side;
	const char *caption, *url;
};

static void code_add (struct drawing *g, struct code code[], size_t *n, const char *text, const char *caption, const char *url)
{
	QRcode *made = QRcode_encodeData ((int) strlen (text), (const unsigned char *) text, 0, QR_ECLEVEL_M);
	if (!made)
		return; /* too long for one: the link stays */
	size_t size = (size_t) made->width * (size_t) made->width;
	unsigned char *modules = arena_alloc (g->arena, size);
	memcpy (modules, made->data, size);
	code[(*n)++] = (struct code){ modules, made->width, caption, url };
	QRcode_free (made);
}

static int button_under (struct drawing *g, struct block *b, int x, int y, const char *label, const char *url)
{
	const struct laid *text = sheet_lay (g->s, &small_bold_style, 0, 0, label);
	int wide = text->wide + PT (24), high = PT (22);
	block_box (g->s, b, x, y, wide, high, PT (6), g->accent);
	block_all (g->s, b, x + PT (12), y + (high - text->high) / 2, text, WHITE);
	block_link (g->s, b, x, y, wide, high, url);
	return y + high;
}

/* A framed strip: a heading, words, facts, a button, and at the right codes to scan. */
static void panel_add (struct drawing *g, const char *heading, const char *words, const struct fact fact[], size_t facts,
		       const char *button, const char *url, const struct code code[], size_t codes)
{
	int pad = PT (13), gap = PT (16), top = pad, foot, label_wide = 0;
	int wide = WIDE - 2 * pad - (int) codes * (CODE_WIDE + gap);
	struct block *b = strip_add (g, PT (18), 0);
	top = text_under (g, b, LEFT + pad, top, wide, &heading_style, TEXT, heading) + PT (3);
	top = text_under (g, b, LEFT + pad, top, wide, &body_style, TEXT_2, words) + PT (6);
	for (size_t i = 0; i < facts; i++)
		label_wide = most (label_wide, sheet_lay (g->s, &small_style, 0, 0, fact[i].label)->wide + GAP);
	for (size_t i = 0; i < facts; i++) {
		const struct laid *label = sheet_lay (g->s, &small_style, 0, 0, fact[i].label);
		const struct laid *value = sheet_lay (g->s, &row_bold_style, wide - label_wide, 0, fact[i].value);
		block_all (g->s, b, LEFT + pad, top + value->baseline[0] - label->baseline[0], label, TEXT_3);
		block_all (g->s, b, LEFT + pad + label_wide, top, value, TEXT);
		top += value->high + PT (2);
	}
	if (url)
		top = button_under (g, b, LEFT + pad, top + PT (7), button, url);
	foot = top + pad;
	for (size_t i = 0; i < codes; i++) {
		int x = RIGHT - pad - (int) (codes - i) * CODE_WIDE - (int) (codes - i - 1) * gap;
		const struct laid *caption = sheet_lay (g->s, &caption_style, CODE_WIDE + gap, 0, code[i].caption);
		block_code (g->s, b, x, pad, CODE_WIDE, code[i].modules, code[i].side);
		block_all (g->s, b, x - gap / 2, pad + CODE_WIDE + PT (6), caption, TEXT_2);
		if (code[i].url)
			block_link (g->s, b, x, pad, CODE_WIDE, CODE_WIDE, code[i].url);
		foot = most (foot, pad + CODE_WIDE + PT (6) + caption->high + pad - PT (3));
	}
	b->high = foot;
	block_frame (g->s, b, LEFT, 0, WIDE, foot, PT (7), PT (1), LINE);
}

static void payment_panel (struct drawing *g)
{
	const struct document *d = g->d;
	struct code code[2];
	struct fact fact[3];
	size_t codes = 0, facts = 0;
	if (d->kind != document_kind_invoice || d->draft)
		return;
	if (d->paid) {
		words_add (g, NULL, say (g, WORD_paid_words), &body_style, OK_TEXT, PT (20));
		return;
	}
	const char *url = has_text (d->pay_url) ? d->pay_url : NULL;
	int64_t open = d->totals.payable - d->settled;
	if (open <= 0 || (!has_text (d->seller.iban) && !url))
		return;
	const char *sum = money (g, open);
	const char *words = d->due ? phrase (g, WORD_pay_before, sum, page_date (g->arena, d->due))
				   : phrase (g, WORD_pay_some_day, sum, "");
	if (has_text (d->seller.iban)) {
		fact_add (fact, &facts, say (g, WORD_pay_iban), page_iban (g->arena, d->seller.iban));
		fact_add (fact, &facts, say (g, WORD_pay_name), d->seller.name);
		fact_add (fact, &facts, say (g, WORD_pay_reference), d->number);
	}
	const char *text;
	struct qr qr;
	struct epc epc = { .name = d->seller.name, .iban = d->seller.iban, .bic = d->seller.bic, .amount = open, .text = d->number };
	if (has_text (epc.iban) && strcmp (d->currency, "EUR") == 0 && epc_text (g->arena, &epc, &text) == OK &&
	    epc_qr (g->arena, text, &qr) == OK)
		code[codes++] = (struct code){ qr.module, qr.width, say (g, WORD_pay_scan), NULL };
	if (url)
		code_add (g, code, &codes, url, say (g, WORD_pay_online), url);
	panel_add (g, say (g, WORD_pay), words, fact, facts, say (g, WORD_pay_online), url, code, codes);
}

static void acceptance_panel (struct drawing *g)
{
	const struct document *d = g->d;
	struct code code[1];
	size_t codes = 0;
	if (d->kind != document_kind_quote || d->draft || !has_text (d->url))
		return;
	code_add (g, code, &codes, d->url, say (g, WORD_accept_online), d->url);
	panel_add (g, say (g, WORD_accept), say (g, WORD_accept_words), NULL, 0, say (g, WORD_accept_online), d->url, code, codes);
}

/* ---- pages ---- */

/* The company's words at the foot, and where the text must end above them. */
static void foot_make (struct drawing *g)
{
	const struct document *d = g->d;
	const char *words = has_text (d->footer) ? d->footer : d->seller.name ? d->seller.name : "";
	const struct laid *text = sheet_lay (g->s, &foot_style, WIDE - PT (90), 3, words);
	g->foot = block_new (g->s, 0, PT (7) + text->high);
	block_box (g->s, g->foot, LEFT, 0, WIDE, PT (1) / 2, 0, LINE);
	block_all (g->s, g->foot, LEFT, PT (7), text, TEXT_3);
	g->body_foot = SHEET_HIGH - MM (12) - g->foot->high - PT (14);
}

static void foot_put (struct drawing *g, int page, int pages)
{
	struct block *b = block_new (g->s, 0, g->foot->high);
	const struct laid *number = sheet_lay (
		g->s, &foot_style, 0, 0,
		phrase (g, WORD_page_of, arena_printf (g->arena, "%d", page + 1), arena_printf (g->arena, "%d", pages)));
	*b = *g->foot; /* the same words on each page; its number beside them */
	sheet_put (g->s, b, page, g->body_foot + PT (14));
	b = block_new (g->s, 0, 0);
	block_all (g->s, b, RIGHT - number->wide, PT (7), number, TEXT_3);
	sheet_put (g->s, b, page, g->body_foot + PT (14));
}

/* What a later page says at its head. */
static void next_head_put (struct drawing *g, int page)
{
	struct block *b = block_new (g->s, 0, 0);
	const struct laid *name = sheet_lay (g->s, &small_bold_style, WIDE * 2 / 3, 1, g->name);
	block_all (g->s, b, LEFT, MM (12), name, TEXT);
	int right = RIGHT;
	if (g->d->draft) {
		const struct laid *draft = sheet_lay (g->s, &chip_style, 0, 0, say (g, WORD_draft));
		cell_put (g, b, right, MM (12) + name->baseline[0], draft, WARN_TEXT);
	} else if (g->d->buyer.name) {
		struct style style = small_style;
		style.align = ALIGN_RIGHT;
		const struct laid *buyer = sheet_lay (g->s, &style, WIDE / 3 - GAP, 1, g->d->buyer.name);
		block_all (g->s, b, RIGHT - WIDE / 3 + GAP, MM (12), buyer, TEXT_3);
	}
	block_box (g->s, b, LEFT, MM (12) + name->high + PT (5), WIDE, PT (1) / 2, 0, LINE);
	sheet_put (g->s, b, page, 0);
}

static void mark_put (struct drawing *g, int page)
{
	struct block *b = block_new (g->s, 0, 0);
	block_mark (g->s, b, SHEET_WIDE / 2, SHEET_HIGH / 2, &mark_style, MARK, say (g, WORD_draft));
	sheet_put_below (g->s, b, page, 0);
}

/* How high this strip is with all that must stand on its page, as far as `room`: what is higher than a page is cut where it must. */
static int chain_high (const struct block *b, int room)
{
	int high = b->high;
	while (b->keep && b->next && high <= room) {
		b = b->next;
		high += b->space + b->high;
	}
	return high;
}

/* Lets the strips fall on pages; how many there are. The table's head is put at the head of each page that goes on with its lines. */
static int pages_fill (struct drawing *g)
{
	int page = 0, y = 0, next_top = NEXT_TOP;
	bool begun = false; /* the page has something */
	for (struct block *b = g->first, *next; b; b = next) {
		next = b->next;
		int room = g->body_foot - next_top - PT (20), space = begun ? b->space : 0;
		int high = chain_high (b, room);
		if (begun && y + space + (high <= room ? high : b->high) > g->body_foot) {
			if (++page >= PAGE_MOST)
				return page + 1;
			y = next_top;
			space = 0;
			if (b->table) {
				struct block *head = table_head (g);
				sheet_put (g->s, head, page, y);
				y += head->high;
				space = b->space;
			}
		}
		sheet_put (g->s, b, page, y + space);
		y += space + b->high;
		begun = true;
	}
	return page + 1;
}

static bool words_fit (const struct document *d)
{
	size_t newlines = 0;
	const char *text[] = { d->intro, d->notes, d->terms };
	for (size_t i = 0; i < LENGTH (text) + d->lines; i++)
		for (const char *p = i < LENGTH (text) ? text[i] : d->line[i - LENGTH (text)].description; p && *p; p++)
			newlines += *p == '\n' || *p == '\r';
	return newlines <= PAGE_NEWLINES_MOST;
}

static void drawing_fill (struct drawing *g)
{
	const struct document *d = g->d;
	rows_reckon (g);
	columns_lay (g);
	foot_make (g);
	head_add (g);
	if (d->kind == document_kind_credit_note && has_text (d->original_number))
		words_add (g, NULL,
			   d->original_issued ? phrase (g, WORD_corrects, d->original_number, page_date (g->arena, d->original_issued))
					      : phrase (g, WORD_corrects_undated, d->original_number, ""),
			   &body_style, TEXT_2, PT (16));
	words_add (g, NULL, d->title, &subject_style, TEXT, PT (18));
	words_add (g, NULL, d->intro, &body_style, TEXT_2, has_text (d->title) ? PT (4) : PT (18));
	lines_add (g);
	totals_add (g);
	payment_panel (g);
	acceptance_panel (g);
	if (!g->notes_placed)
		words_add (g, NULL, d->notes, &body_style, TEXT_2, PT (16));
	if (!g->terms_placed)
		words_add (g, terms_heading (g), d->terms, &small_style, TEXT_2, PT (18));
}

enum status page_draw (struct page_maker *m, struct arena *a, const struct document *d, struct bytes *ret_pdf)
{
	struct drawing g = { .d = d, .arena = a, .l = page_language_of (d->language), .accent = colour_readable (d->colour) };
	if (!words_fit (d))
		return REFUSED;
	const char *kind = say (&g, word_by_kind (d, WORD_quote, WORD_invoice, WORD_credit_note));
	g.name = d->number ? arena_printf (a, "%s %s", kind, d->number) : kind;
	struct sheet_about about = { .title = g.name,
				     .author = d->seller.name ? d->seller.name : "",
				     .subject = d->title,
				     .language = g.l == PAGE_DUTCH ? "nl" : "en",
				     .day = d->issued };
	g.s = sheet_new (m, a, &about);
	drawing_fill (&g);
	enum status status = REFUSED;
	int pages = pages_fill (&g);
	if (pages <= PAGE_MOST) {
		for (int page = 0; page < pages; page++) {
			if (d->draft)
				mark_put (&g, page);
			if (page)
				next_head_put (&g, page);
			foot_put (&g, page, pages);
		}
		status = sheet_write (g.s, pages, ret_pdf);
	}
	sheet_free (&g.s);
	return status;
}
