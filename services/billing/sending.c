/* Documents on their way to the customer: made final, sent, reminded of, drawn. Mails go by mailer when their files are made; here they are asked for.
 * It must never send what is not complete, nor give a number twice. */
#include "documents.h"

#include <string.h>
#include "given.h"
#include "billing_sql.h"
#include "payments.h"

enum { LINK_DAYS = 730 };

static struct paper *papers_of (struct batch *b, const struct head *const head[], const document_id id[], size_t n)
{
	struct document_ask *ask = ARRAY (b, ask, n);
	for (size_t i = 0; i < n; i++)
		ask[i] = (struct document_ask){
			.workspace_id = { head[i]->workspace }, .document_id = id[i], .has.document_id = HERE, .now = moment_of (b, head[i])
		};
	return papers_load (b, ask, head, n);
}

/* ---- final ---- */

/* Its day, its term and who sends it, as they are from now on. */
static struct outcome paper_date (struct batch *b, struct paper *p)
{
	struct document_row *d = &p->to;
	bool quote = d->kind == document_kind_quote;
	if (d->has.issued != HERE)
		d->issued = p->beside->today, d->has.issued = HERE;
	if (d->has.due != HERE && d->kind != document_kind_credit_note)
		d->due = d->issued + (int32_t) (quote ? p->company->quote_days : p->company->due_days), d->has.due = HERE;
	d->seller = company_snapshot (batch_arena (b), p->company, d->language, d->kind);
	d->has.seller = HERE;
	if (!quote && d->issued > p->beside->today)
		return refused_at (batch_arena (b), "/issued", "out_of_range", "that day is not yet");
	if (d->has.due == HERE && d->due < d->issued)
		return refused_at (batch_arena (b), "/due", "out_of_range", "before its own day");
	return document_reckon (batch_arena (b), d, p->company->kor); /* why no VAT is charged may be said in another way by now */
}

static struct outcome final_check (struct batch *b, const struct paper *p)
{
	struct outcome out = document_complete (batch_arena (b), &p->to, p->company);
	if (is_done (out) && p->to.payable < 0)
		return refused_at (batch_arena (b), "/lines", "negative",
				   "it comes to less than nothing: make a credit note of the invoice instead");
	return is_done (out) && p->to.kind == document_kind_credit_note ? credit_fits (&p->to, p->original) : out;
}

/* Ready to get its number: by what it is and by what it lacks. */
static struct outcome final_begin (struct batch *b, struct paper *p)
{
	struct outcome out = final_check (b, p);
	if (is_done (out))
		out = paper_date (b, p);
	if (!is_done (out))
		return out;
	p->to.state = document_state_sent;
	p->to.finalised_at = moment_of (b, p->head);
	p->to.has.finalised_at = HERE;
	p->kept = p->render = true;
	if (p->to.kind == document_kind_invoice && p->to.payable == 0)
		document_settle (&p->to, moment_of (b, p->head)); /* there is nothing to be paid */
	paper_link (b, p, p->beside->today, LINK_DAYS);
	return done ();
}

/* A credit note brings its invoice down; of one that is paid by it that is said. */
static void credit_settle (struct batch *b, const struct paper *note)
{
	const struct head *head = note->head;
	struct paper *p = papers_of (b, &head, &note->to.original_id, 1);
	if (p->was->has.version != HERE)
		return;
	p->to.credited += note->to.payable;
	p->kept = true;
	bool paid = document_settle (&p->to, moment_of (b, head));
	papers_keep (b, p, 1);
	struct invoice_paid said = { PAPER_SAYS (batch_arena (b), head_caused (b, head), &p->to), .day = p->beside->today };
	invoice_paid_emit (b, &said, paid ? 1 : 0);
	balances_tell (b, head, &p->to, 1);
	payables_settle (b, head, &p->to.document_id, 1); /* what had come in for what is credited is for no invoice now */
}

static void finals_say (struct batch *b, struct paper p[], const bool final[], size_t n)
{
	struct invoice_finalised *invoice = ARRAY (b, invoice, n);
	struct credit_note_finalised *note = ARRAY (b, note, n);
	size_t invoices = 0, notes = 0;
	for (size_t i = 0; i < n; i++) {
		const struct document_row *d = &p[i].to;
		if (!final[i] || !p[i].kept)
			continue;
		if (d->kind == document_kind_invoice)
			invoice[invoices++] = (struct invoice_finalised){ PAPER_SAYS (batch_arena (b), head_caused (b, p[i].head), d),
									  .issued = d->issued, .due = d->due };
		else
			note[notes++] = (struct credit_note_finalised){ PAPER_SAYS (batch_arena (b), head_caused (b, p[i].head), d),
									.original_id = d->original_id,
									.original_number = p[i].original_number };
	}
	invoice_finalised_emit (b, invoice, invoices);
	credit_note_finalised_emit (b, note, notes);
	for (size_t i = 0; i < n; i++)
		if (final[i] && p[i].kept && p[i].to.state == document_state_paid) {
			struct invoice_paid said = { PAPER_SAYS (batch_arena (b), head_caused (b, p[i].head), &p[i].to),
						     .day = p[i].to.issued };
			invoice_paid_emit (b, &said, 1);
		}
	for (size_t i = 0; i < n; i++)
		if (final[i] && p[i].kept && p[i].to.kind == document_kind_credit_note)
			credit_settle (b, &p[i]);
		else if (final[i] && p[i].kept)
			balances_tell (b, p[i].head, &p[i].to, 1);
}

static struct outcome final_asked (struct batch *b, struct paper *p)
{
	struct outcome out = paper_seen (p);
	if (!is_done (out))
		return out;
	return p->was->kind == document_kind_quote ? refused (document_not_draft)
	       : p->was->has.finalised_at == HERE  ? done ()
						   : final_begin (b, p);
}

/* What is final already is done, and says nothing. */
void document_finalise (struct batch *b, const struct document_finalise cmd[], size_t n, struct outcome ret[])
{
	const struct head **head = ARRAY (b, head, n);
	document_id *id = ARRAY (b, id, n);
	bool *final = ARRAY (b, final, n);
	for (size_t i = 0; i < n; i++)
		head[i] = &cmd[i].head, id[i] = cmd[i].document_id;
	struct paper *p = papers_of (b, head, id, n);
	originals_load (b, p, n);
	for (size_t i = 0; i < n; i++) {
		ret[i] = final_asked (b, &p[i]);
		if (is_done (ret[i]) && p[i].kept && cmd[i].has.version == HERE && cmd[i].version != p[i].was->version) {
			ret[i] = refused (document_changed);
			p[i].kept = false;
		}
		final[i] = p[i].kept;
	}
	papers_number (b, p, final, n, ret);
	for (size_t i = 0; i < n; i++)
		p[i].kept = p[i].kept && is_done (ret[i]);
	papers_keep (b, p, n);
	finals_say (b, p, final, n);
	for (size_t i = 0; i < n; i++)
		if (is_done (ret[i]))
			ret[i] = paper_told (b, &p[i]);
}

/* ---- sent ---- */

static struct mail_want_row want_of (struct batch *b, const struct paper *p, const char *why, struct list to, const char *subject,
				     const char *text, bool ubl)
{
	const struct document_row *d = &p->to;
	struct mail_want_row ret = { .workspace_id = d->workspace_id,
				     .mail_id = { uuid_new (b) },
				     .document_id = d->document_id,
				     .why = why,
				     .recipients = to,
				     .subject = subject,
				     .body = text,
				     .ubl = ubl,
				     .link = paper_link_sealed (b, d),
				     .sender_id = { p->head->actor },
				     .at = moment_of (b, p->head) };
	ABOUT (&ret, d);
	ret.has.link = ret.link ? HERE : ABSENT;
	ret.has.sender_id = uuid_is_null (p->head->actor) ? ABSENT : HERE; /* the clock is nobody */
	return ret;
}

/* The customer, where nobody else is said. */
static struct list customer_of (struct batch *b, const struct document_row *d)
{
	struct doc_party buyer = paper_buyer (batch_arena (b), d);
	struct mail_address *to = ARRAY (b, to, 1);
	if (buyer.has.email != HERE)
		return (struct list){ 0 };
	bool person = buyer.has.attention == HERE;
	*to = (struct mail_address){ .email = buyer.email,
				     .name = person ? buyer.attention : buyer.name,
				     .contact_id = d->contact_id,
				     .has = { .email = HERE, .name = person ? HERE : buyer.has.name, .contact_id = d->has.contact_id } };
	return (struct list){ to, 1 };
}

/* Words of one's own lead to the customer's page too: its link stands below them where they do not say where. A link that there is no key for stands
 * nowhere: its line goes. */
static const char *text_linked (struct batch *b, const char *text, bool link)
{
	static const char mark[] = "{link}";
	const char *at = strstr (text, mark);
	if (link)
		return at ? text : arena_printf (batch_arena (b), "%s\n\n%s\n", text, mark);
	if (!at)
		return text;
	const char *end = at + sizeof mark - 1;
	return arena_printf (batch_arena (b), "%.*s%s", (int) (at - text), text, *end == '\n' ? end + 1 : end);
}

static struct outcome send_begin (struct batch *b, struct paper *p, const struct document_send *cmd, bool *ret_final)
{
	struct document_row *d = &p->to;
	struct outcome out = paper_seen (p);
	*ret_final = false;
	if (is_done (out) && cmd->has.version == HERE && cmd->version != p->was->version)
		return refused (document_changed);
	if (!is_done (out) || d->state == document_state_cancelled)
		return is_done (out) ? refused (document_settled) : out;
	if (d->kind == document_kind_quote && d->state == document_state_draft) {
		out = document_complete (batch_arena (b), d, p->company);
		if (is_done (out))
			out = paper_date (b, p);
		if (!is_done (out))
			return out;
		if (d->due < p->beside->today)
			return refused_at (batch_arena (b), "/due", "out_of_range", "a quote that is sent is good for a while yet");
		d->state = document_state_sent;
		paper_link (b, p, d->due, LINK_DAYS);
	} else if (d->kind != document_kind_quote && d->has.finalised_at != HERE) {
		out = final_begin (b, p);
		*ret_final = is_done (out);
	}
	if (!is_done (out))
		return out;
	d->sent_at = moment_of (b, p->head), d->has.sent_at = HERE;
	d->has.viewed_at = ABSENT;
	p->kept = p->render = true;
	return done ();
}

static struct outcome send_mail (struct batch *b, struct paper *p, const struct document_send *cmd, struct mail_want_row *ret_want)
{
	struct arena *a = batch_arena (b);
	struct list to = cmd->has.to == HERE && cmd->to.n ? cmd->to : customer_of (b, &p->to);
	if (!to.n)
		return refused (no_customer_mail);
	struct mail_words words = document_mail_words (a, &p->to, p->company, 0);
	bool ubl = p->to.kind != document_kind_quote && !(cmd->has.ubl == HERE && !cmd->ubl);
	*ret_want = want_of (b, p, "sent", to, is_said (cmd->has.subject, cmd->subject) ? cmd->subject : words.subject,
			     is_said (cmd->has.text, cmd->text) ? cmd->text : words.text, ubl);
	ret_want->body = text_linked (b, ret_want->body, ret_want->link);
	return done ();
}

static void sent_say (struct batch *b, const struct paper *p)
{
	const struct document_row *d = &p->to;
	struct head head = head_caused (b, p->head);
	struct arena *a = batch_arena (b);
	const char *link = paper_link_sealed (b, d);
	bool again = p->was->has.sent_at == HERE;
	if (d->kind == document_kind_quote) {
		struct quote_sent said = { PAPER_SAYS (a, head, d), .again = again, .due = d->due, .link = link };
		said.has.due = d->has.due;
		said.has.link = link ? HERE : ABSENT;
		quote_sent_emit (b, &said, 1);
	} else if (d->kind == document_kind_invoice) {
		struct invoice_sent said = { PAPER_SAYS (a, head, d), .again = again, .due = d->due, .link = link };
		said.has.due = d->has.due;
		said.has.link = link ? HERE : ABSENT;
		invoice_sent_emit (b, &said, 1);
	} else {
		struct credit_note_sent said = { PAPER_SAYS (a, head, d), .again = again };
		credit_note_sent_emit (b, &said, 1);
	}
}

static void papers_send (struct batch *b, const struct document_send cmd[], size_t n, struct outcome ret[])
{
	const struct head **head = ARRAY (b, head, n);
	document_id *id = ARRAY (b, id, n);
	bool *final = ARRAY (b, final, n);
	struct mail_want_row *want = ARRAY (b, want, n);
	size_t *whose = ARRAY (b, whose, n), wants = 0;
	for (size_t i = 0; i < n; i++)
		head[i] = &cmd[i].head, id[i] = cmd[i].document_id;
	struct paper *p = papers_of (b, head, id, n);
	originals_load (b, p, n);
	for (size_t i = 0; i < n; i++) {
		ret[i] = send_begin (b, &p[i], &cmd[i], &final[i]);
		if (is_done (ret[i]) && !(cmd[i].has.mail == HERE && !cmd[i].mail) && !customer_of (b, &p[i].to).n &&
		    !(cmd[i].has.to == HERE && cmd[i].to.n))
			ret[i] = refused (no_customer_mail);
	}
	papers_number (b, p, final, n, ret);
	for (size_t i = 0; i < n; i++) {
		p[i].kept = p[i].kept && is_done (ret[i]);
		final[i] = final[i] && p[i].kept;
		/* its number stands in the words */
		if (p[i].kept && !(cmd[i].has.mail == HERE && !cmd[i].mail) &&
		    is_done (ret[i] = send_mail (b, &p[i], &cmd[i], &want[wants])))
			whose[wants++] = i;
	}
	papers_keep (b, p, n);
	for (size_t k = 0; k < wants; k++)
		want[k].version = p[whose[k]].to.version;
	mail_want_write (b, want, wants);
	finals_say (b, p, final, n);
	for (size_t i = 0; i < n; i++) {
		if (!p[i].kept)
			continue;
		sent_say (b, &p[i]);
		ret[i] = paper_told (b, &p[i]);
	}
}

void document_send (struct batch *b, const struct document_send cmd[], size_t n, struct outcome ret[])
{
	papers_send (b, cmd, n, ret);
}

/* ---- reminded of ---- */

static struct outcome remind_check (const struct paper *p)
{
	struct outcome out = paper_seen (p);
	if (!is_done (out))
		return out;
	if (p->was->kind != document_kind_invoice || p->was->has.finalised_at != HERE)
		return refused (document_not_sent);
	if (document_open (p->was) <= 0)
		return refused (document_settled);
	return p->was->reminded >= 3 ? refused (invoice_reminded) : done ();
}

static void papers_remind (struct batch *b, const struct invoice_remind cmd[], size_t n, struct outcome ret[])
{
	const struct head **head = ARRAY (b, head, n);
	document_id *id = ARRAY (b, id, n);
	struct mail_want_row *want = ARRAY (b, want, n);
	struct invoice_reminded *said = ARRAY (b, said, n);
	size_t *whose = ARRAY (b, whose, n), wants = 0;
	for (size_t i = 0; i < n; i++)
		head[i] = &cmd[i].head, id[i] = cmd[i].document_id;
	struct paper *p = papers_of (b, head, id, n);
	for (size_t i = 0; i < n; i++) {
		struct list to = { 0 };
		ret[i] = remind_check (&p[i]);
		if (is_done (ret[i]) && !(to = customer_of (b, &p[i].to)).n)
			ret[i] = refused (no_customer_mail);
		if (!is_done (ret[i]))
			continue;
		p[i].to.reminded++;
		p[i].to.reminded_at = moment_of (b, p[i].head), p[i].to.has.reminded_at = HERE;
		p[i].kept = p[i].render = true;
		struct mail_words words = document_mail_words (batch_arena (b), &p[i].to, p[i].company, (int) p[i].to.reminded);
		want[wants] = want_of (b, &p[i], "reminder", to, words.subject,
				       is_said (cmd[i].has.text, cmd[i].text) ? cmd[i].text : words.text, false);
		want[wants].body = text_linked (b, want[wants].body, want[wants].link);
		said[wants] = (struct invoice_reminded){ PAPER_SAYS (batch_arena (b), head_caused (b, p[i].head), &p[i].to),
							 .step = p[i].to.reminded };
		whose[wants++] = i;
	}
	papers_keep (b, p, n);
	for (size_t k = 0; k < wants; k++)
		want[k].version = p[whose[k]].to.version;
	mail_want_write (b, want, wants);
	invoice_reminded_emit (b, said, wants);
	for (size_t i = 0; i < n; i++)
		if (p[i].kept)
			ret[i] = paper_told (b, &p[i]);
}

void invoice_remind (struct batch *b, const struct invoice_remind cmd[], size_t n, struct outcome ret[])
{
	papers_remind (b, cmd, n, ret);
}

/* ---- many at once ---- */

enum { BULK_MOST = 200 };

static struct outcome bulk_told (struct batch *b, const struct uuid id[], const struct outcome out[], size_t n)
{
	struct buffer text = { 0 };
	char uuid[UUID_TEXT];
	size_t good = 0, bad = 0;
	for (size_t i = 0; i < n; i++)
		good += is_done (out[i]);
	buffer_printf (&text, "{\"done\":%zu,\"refused\":[", good);
	for (size_t i = 0; i < n; i++)
		if (!is_done (out[i]))
			buffer_printf (&text, "%s{\"id\":\"%s\",\"code\":\"%s\"}", bad++ ? "," : "", uuid_format (id[i], uuid),
				       error_code (out[i].error));
	buffer_text (&text, "]}");
	struct outcome ret = done ();
	ret.data = arena_copy (batch_arena (b), (const char *) text.at, text.n);
	buffer_fini (&text);
	return ret;
}

#define BULK(command, each, papers)                                                                                       \
	void command (struct batch *b, const struct command cmd[], size_t n, struct outcome ret[])                        \
	{                                                                                                                 \
		for (size_t i = 0; i < n; i++) {                                                                          \
			struct uuid *id = NULL;                                                                           \
			size_t ids = 0;                                                                                   \
			ret[i] = ids_read (batch_arena (b), cmd[i].ids, &id, &ids);                                       \
			if (is_done (ret[i]) && ids > BULK_MOST)                                                          \
				ret[i] = refused_at (batch_arena (b), "/ids", "too_many", "at most two hundred at once"); \
			if (!is_done (ret[i]))                                                                            \
				continue;                                                                                 \
			struct each *one = ARRAY (b, one, ids);                                                           \
			struct outcome *out = ARRAY (b, out, ids);                                                        \
			for (size_t k = 0; k < ids; k++)                                                                  \
				one[k] = (struct each){ .head = cmd[i].head, .document_id = { id[k] } };                  \
			papers (b, one, ids, out);                                                                        \
			ret[i] = bulk_told (b, id, out, ids);                                                             \
		}                                                                                                         \
	}
BULK (documents_send, document_send, papers_send)
BULK (documents_remind, invoice_remind, papers_remind)

/* ---- drawn ---- */

void document_render (struct batch *b, const struct document_render cmd[], size_t n, struct outcome ret[])
{
	const struct head **head = ARRAY (b, head, n);
	document_id *id = ARRAY (b, id, n);
	struct render_row *row = ARRAY (b, row, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++)
		head[i] = &cmd[i].head, id[i] = cmd[i].document_id;
	struct paper *p = papers_of (b, head, id, n);
	for (size_t i = 0; i < n; i++) {
		ret[i] = paper_seen (&p[i]);
		if (is_done (ret[i]))
			row[rows++] = (struct render_row){ .workspace_id = p[i].was->workspace_id,
							   .document_id = p[i].was->document_id,
							   .version = p[i].was->version };
	}
	render_write (b, row, rows);
	batch_wake (b);
}
