/* Invoices of quotes, and credit notes of invoices: each once, whoever asks how often.
 * It must never invoice more than was accepted, nor credit more than was invoiced. */
#include "documents.h"

#include <string.h>
#include "amounts.h"
#include "given.h"
#include "billing_sql.h"

static struct document_ask ask_for (struct batch *b, const struct head *head, document_id id)
{
	return (struct document_ask){
		.workspace_id = { head->workspace }, .document_id = id, .has.document_id = HERE, .now = moment_of (b, head)
	};
}

static struct outcome told (struct batch *b, document_id id, const struct document_row *d)
{
	struct paper p = { .to = *d };
	p.to.document_id = id;
	return paper_told (b, &p);
}

/* Of whom and in which words; its lines are the caller's. */
static void begun_from (struct batch *b, struct paper *p, const struct document_row *from, document_id id, enum document_kind kind)
{
	struct document_row *d = &p->to;
	*d = *from;
	d->document_id = id;
	d->kind = kind;
	d->state = document_state_draft;
	d->revision = 1;
	d->prepaid = d->rounding = d->received = d->credited = d->reminded = 0;
	d->paid_said = false;
	d->created_at = moment_of (b, p->head);
	d->created_by.uuid = p->head->actor;
	d->has.created_by = HERE;
	d->has.version = d->has.number = d->has.series_year = d->has.series_seq = d->has.seller = ABSENT;
	d->has.issued = d->has.due = d->has.supplied = d->has.quote_id = d->has.part = d->has.original_id = d->has.recurrence_id = ABSENT;
	d->has.sent_at = d->has.viewed_at = d->has.seen_at = d->has.accepted_at = d->has.accepted_by = d->has.accepted_address = ABSENT;
	d->has.declined_at = d->has.decline_reason = d->has.finalised_at = d->has.paid_at = d->has.overdue_at = d->has.reminded_at = ABSENT;
	d->has.token = d->has.token_hash = d->has.token_until = d->has.removed_at = ABSENT;
	p->was = &document_none;
	p->kept = true;
}

/* What counts, as it was chosen. */
static struct list chosen_lines (struct batch *b, const struct document_row *d)
{
	const struct doc_line *from = d->lines.at;
	struct doc_line *line = ARRAY (b, line, d->lines.n);
	size_t n = 0;
	for (size_t i = 0; i < d->lines.n; i++) {
		if (from[i].has.optional == HERE && from[i].optional && from[i].has.chosen == HERE && !from[i].chosen)
			continue;
		line[n] = from[i];
		line[n].has.optional = line[n].has.chosen = ABSENT;
		n++;
	}
	return (struct list){ line, n };
}

/* ---- an invoice of a quote ---- */

/* What was made of it already: parts, and the whole. */
struct made {
	const struct made_row *row;
	size_t n;
};

static const struct made_row *made_whole (const struct made *m)
{
	for (size_t i = 0; i < m->n; i++)
		if (m->row[i].kind == document_kind_invoice && m->row[i].has.part != HERE)
			return &m->row[i];
	return NULL;
}

/* A part of which all was credited is as if it never was: what is left of the quote is more by it. */
static bool is_part (const struct made_row *row)
{
	return row->kind == document_kind_invoice && row->has.part == HERE && !row->undone;
}

static size_t made_parts (const struct made *m)
{
	size_t ret = 0;
	for (size_t i = 0; i < m->n; i++)
		ret += is_part (&m->row[i]);
	return ret;
}

static struct made made_of (struct batch *b, const struct head *head, document_id id)
{
	struct document_ask ask = ask_for (b, head, id);
	struct made ret;
	ret.row = made_load (b, &ask, 1, &ret.n);
	return ret;
}

static struct outcome part_read (struct batch *b, const struct invoice_from_quote *cmd, const struct made *m, int64_t *ret)
{
	int64_t before = 0, part;
	if (decimal_parse (cmd->percent, 2, ret) != OK || *ret <= 0 || *ret > 10000)
		return refused_at (batch_arena (b), "/percent", "out_of_range", "more than 0, at most 100 per cent");
	for (size_t i = 0; i < m->n; i++)
		if (is_part (&m->row[i]) && decimal_parse (m->row[i].part, 2, &part) == OK)
			before += part;
	return before + *ret > 10000 ? refused (quote_invoiced) : done ();
}

static struct outcome quote_check (const struct paper *p)
{
	struct outcome out = paper_seen (p);
	if (is_done (out) && p->was->kind != document_kind_quote)
		return refused (document_not_found);
	return is_done (out) && p->was->state != document_state_accepted ? refused (quote_not_accepted) : out;
}

static const char *part_name (struct batch *b, const struct invoice_from_quote *cmd, const struct document_row *quote)
{
	bool dutch = !strcmp (quote->language, "nl");
	if (is_said (cmd->has.title, cmd->title))
		return cmd->title;
	char *percent = arena_printf (batch_arena (b), "%s", cmd->percent);
	char *point = dutch ? strchr (percent, '.') : NULL;
	if (point)
		*point = ',';
	return arena_printf (batch_arena (b), dutch ? "%s%% van offerte %s" : "%s%% of quote %s", percent, quote->number);
}

/* With a discount on the whole, what is taken off afterwards would be discounted too: then its groups stand for its lines, as they are with it. */
static struct list whole_lines (struct batch *b, const struct document_row *from, struct document_row *to, bool less)
{
	bool discounted = from->has.discount == HERE || from->has.discount_amount == HERE;
	if (!less || !discounted)
		return chosen_lines (b, from);
	to->has.discount = to->has.discount_amount = to->has.discount_reason = ABSENT;
	return document_group_lines (batch_arena (b), from, 10000, from->has.title == HERE ? from->title : from->number);
}

static int64_t worth_of (const struct made_row *row)
{
	const struct doc_group *group = row->groups.at;
	int64_t ret = 0;
	for (size_t i = 0; i < row->groups.n; i++)
		ret += group[i].taxable + group[i].tax;
	return ret;
}

/* All lines, less what parts of it were invoiced before. */
static struct list rest_lines (struct batch *b, const struct document_row *quote, struct document_row *to, const struct made *m)
{
	struct arena *a = batch_arena (b);
	struct list ret = whole_lines (b, quote, to, made_parts (m) > 0);
	bool dutch = !strcmp (quote->language, "nl");
	for (size_t i = 0; i < m->n; i++) {
		if (!is_part (&m->row[i]))
			continue;
		struct document_row part = {
			.language = quote->language, .currency = quote->currency, .mode = quote->mode, .groups = m->row[i].groups
		};
		const char *number = m->row[i].has.number == HERE ? m->row[i].number : dutch ? "concept" : "draft";
		ret = lists_join (
			a, ret,
			document_minus_lines (a, &part, arena_printf (a, dutch ? "Al gefactureerd (%s)" : "Invoiced before (%s)", number)));
	}
	return ret;
}

static struct outcome invoice_make (struct batch *b, struct paper *p, const struct invoice_from_quote *cmd, const struct made *m)
{
	const struct document_row quote = *p->was;
	struct document_row *d = &p->to;
	bool part = cmd->has.percent == HERE;
	int64_t share = 10000;
	struct outcome out = part ? part_read (b, cmd, m, &share) : done ();
	if (!is_done (out))
		return out;
	bool named = part && cmd->has.invoice_id == HERE;
	begun_from (b, p, &quote, named ? cmd->invoice_id : (document_id){ uuid_new (b) }, document_kind_invoice);
	d->quote_id = quote.document_id, d->has.quote_id = HERE;
	d->part = cmd->percent, d->has.part = part ? HERE : ABSENT;
	if (part) {
		d->lines = document_group_lines (batch_arena (b), &quote, share, part_name (b, cmd, &quote));
		d->has.discount = d->has.discount_amount = ABSENT;
	} else {
		d->lines = rest_lines (b, &quote, d, m);
	}
	out = document_reckon (batch_arena (b), d, p->company->kor);
	size_t parts = made_parts (m);
	if (!is_done (out) || part || !parts)
		return out;
	int64_t left = quote.gross;
	for (size_t i = 0; i < m->n; i++)
		left -= is_part (&m->row[i]) ? worth_of (&m->row[i]) : 0;
	document_round (d, left, parts);
	return left > 0 ? out : refused (quote_invoiced);
}

static void invoice_say (struct batch *b, const struct paper *p)
{
	struct invoice_created said = { PAPER_SAYS (batch_arena (b), head_caused (b, p->head), &p->to), .quote_id = p->to.quote_id };
	said.has.quote_id = HERE;
	invoice_created_emit (b, &said, 1);
}

/* The invoice of an id that the caller chose is there already: the same asked again. */
static const struct made_row *made_same (const struct made *m, const struct invoice_from_quote *cmd)
{
	for (size_t i = 0; i < m->n && cmd->has.invoice_id == HERE; i++)
		if (uuid_equal (m->row[i].document_id.uuid, cmd->invoice_id.uuid))
			return &m->row[i];
	return NULL;
}

/* One after the other: each sees what the one before it wrote. */
void invoice_from_quote (struct batch *b, const struct invoice_from_quote cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		const struct head *head = &cmd[i].head;
		struct document_ask ask = ask_for (b, head, cmd[i].document_id);
		struct paper *p = papers_load (b, &ask, &head, 1);
		ret[i] = quote_check (p);
		if (!is_done (ret[i]))
			continue;
		const struct made m = made_of (b, head, cmd[i].document_id);
		const struct made_row *there = cmd[i].has.percent == HERE ? made_same (&m, &cmd[i]) : made_whole (&m);
		if (there) {
			struct document_row as = { .version = there->version, .number = there->number, .has.number = there->has.number };
			ret[i] = told (b, there->document_id, &as);
			continue;
		}
		ret[i] = made_whole (&m) ? refused (quote_invoiced) : invoice_make (b, p, &cmd[i], &m);
		if (!is_done (ret[i]))
			continue;
		papers_keep (b, p, 1);
		invoice_say (b, p);
		ret[i] = paper_told (b, p);
	}
}

/* ---- a credit note of an invoice ---- */

static const struct made_row *note_open (const struct made *m)
{
	for (size_t i = 0; i < m->n; i++)
		if (m->row[i].kind == document_kind_credit_note && m->row[i].has.finalised_at != HERE)
			return &m->row[i];
	return NULL;
}

/* Its own lines, less what was credited before. */
static struct list left_lines (struct batch *b, const struct document_row *invoice, struct document_row *to, const struct made *m)
{
	struct arena *a = batch_arena (b);
	struct list ret = whole_lines (b, invoice, to, invoice->credited > 0);
	bool dutch = !strcmp (invoice->language, "nl");
	for (size_t i = 0; i < m->n; i++) {
		if (m->row[i].kind != document_kind_credit_note || m->row[i].has.finalised_at != HERE)
			continue;
		struct document_row note = {
			.language = invoice->language, .currency = invoice->currency, .mode = invoice->mode, .groups = m->row[i].groups
		};
		ret = lists_join (
			a, ret,
			document_minus_lines (a, &note,
					      arena_printf (a, dutch ? "Al gecrediteerd (%s)" : "Credited before (%s)", m->row[i].number)));
	}
	return ret;
}

static struct outcome note_make (struct batch *b, struct paper *p, const struct invoice_credit *cmd, const struct made *m)
{
	const struct document_row invoice = *p->was;
	struct document_row *d = &p->to;
	bool some = cmd->has.lines == HERE;
	begun_from (b, p, &invoice, (document_id){ uuid_new (b) }, document_kind_credit_note);
	d->original_id = invoice.document_id, d->has.original_id = HERE;
	d->lines = some ? cmd->lines : left_lines (b, &invoice, d, m);
	d->has.intro = d->has.notes = ABSENT;
	if (some)
		d->has.discount = d->has.discount_amount = ABSENT;
	struct outcome out = document_reckon (batch_arena (b), d, p->company->kor);
	if (is_done (out) && !some)
		document_round (d, invoice.payable + invoice.prepaid - invoice.credited, m->n);
	if (is_done (out) && d->payable + invoice.credited > invoice.payable + invoice.prepaid)
		return refused_at (batch_arena (b), "/lines", "out_of_range", "more than is left of the invoice");
	return out;
}

static struct outcome invoice_check (const struct paper *p)
{
	struct outcome out = paper_seen (p);
	if (!is_done (out))
		return out;
	if (p->was->kind != document_kind_invoice || p->was->has.finalised_at != HERE)
		return refused (document_not_sent);
	return p->was->credited >= p->was->payable + p->was->prepaid ? refused (invoice_credited) : done ();
}

void invoice_credit (struct batch *b, const struct invoice_credit cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		const struct head *head = &cmd[i].head;
		struct document_ask ask = ask_for (b, head, cmd[i].document_id);
		struct paper *p = papers_load (b, &ask, &head, 1);
		ret[i] = invoice_check (p);
		if (!is_done (ret[i]))
			continue;
		const char *number = p->was->number;
		const struct made m = made_of (b, head, cmd[i].document_id);
		const struct made_row *there = note_open (&m);
		if (there) {
			ret[i] = told (b, there->document_id, &(const struct document_row){ .version = there->version });
			continue;
		}
		ret[i] = note_make (b, p, &cmd[i], &m);
		if (!is_done (ret[i]))
			continue;
		papers_keep (b, p, 1);
		struct credit_note_created said = { PAPER_SAYS (batch_arena (b), head_caused (b, head), &p->to),
						    .original_id = cmd[i].document_id, .original_number = number };
		credit_note_created_emit (b, &said, 1);
		ret[i] = paper_told (b, p);
	}
}
