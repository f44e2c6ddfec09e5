/* Documents as people write them: made, changed while they are drafts, thrown away and back, written once more.
 * It must never change what is final or with the customer. */
#include "documents.h"

#include <string.h>
#include "amounts.h"
#include "given.h"
#include "billing_sql.h"

static struct document_ask ask_of (struct batch *b, const struct head *head, document_id id)
{
	return (struct document_ask){
		.workspace_id = { head->workspace }, .document_id = id, .has.document_id = HERE, .now = moment_of (b, head)
	};
}

/* ---- what somebody wrote ---- */

/* Of a text: blanks alone are nothing. Of all others what was said, null too. */
#define TAKE_TEXT(to, from, field)                                                                                    \
	do {                                                                                                          \
		if ((from)->has.field != ABSENT) {                                                                    \
			(to)->field = (from)->field;                                                                  \
			(to)->has.field = is_said ((from)->has.field, (from)->field) ? HERE : (unsigned char) ABSENT; \
		}                                                                                                     \
	} while (0)
#define TAKE(to, from, field)                                                                        \
	do {                                                                                         \
		if ((from)->has.field != ABSENT) {                                                   \
			(to)->field = (from)->field;                                                 \
			(to)->has.field = (from)->has.field == HERE ? HERE : (unsigned char) ABSENT; \
		}                                                                                    \
	} while (0)

/* Cents that rounding has lost or won stay its own as long as it comes to the same: they made other lines come right. */
static struct outcome words_reckon (struct arena *a, struct paper *p)
{
	struct document_row *d = &p->to;
	struct outcome out = document_reckon (a, d, p->company->kor);
	bool same = p->was->has.version == HERE && d->net == p->was->net && d->vat == p->was->vat &&
		    !strcmp (d->currency, p->was->currency);
	if (!is_done (out) || same)
		return out;
	d->payable -= d->rounding;
	d->rounding = 0;
	return out;
}

/* The same of every command that bears DOC_WORDS, which one of them stands for here. */
static struct outcome words_take (struct batch *b, struct paper *p, const struct document_update *cmd)
{
	struct arena *a = batch_arena (b);
	struct document_row *d = &p->to;
	bool other = cmd->has.deal_id == HERE || cmd->has.contact_id == HERE || cmd->has.account_id == HERE;
	if (cmd->has.deal_id == HERE && p->beside->has.deal_id != HERE)
		return refused (deal_not_found);
	if (cmd->has.contact_id == HERE && p->beside->has.contact_id != HERE)
		return refused (contact_not_found);
	if (cmd->has.account_id == HERE && p->beside->has.account_id != HERE)
		return refused (account_not_found);
	const struct grant *grant = &p->head->grant;
	if (cmd->has.deal_id == HERE && !grant_covers (grant, &p->beside->owner_id))
		return refused (deal_not_found);
	if (cmd->has.contact_id == HERE && !grant_covers (grant, &p->beside->contact_owner_id))
		return refused (contact_not_found);
	if (cmd->has.account_id == HERE && !grant_covers (grant, &p->beside->account_owner_id))
		return refused (account_not_found);
	if (cmd->has.language == HERE && strcmp (cmd->language, "nl") && strcmp (cmd->language, "en"))
		return refused_at (a, "/language", "not_a_choice", "nl or en");
	if (cmd->has.currency == HERE && (strlen (cmd->currency) != 3 || strspn (cmd->currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 3))
		return refused_at (a, "/currency", "not_a_currency", "three capital letters");
	if (other || cmd->has.deal_id != ABSENT || cmd->has.contact_id != ABSENT || cmd->has.account_id != ABSENT) {
		const struct document_beside *x = p->beside;
		d->deal_id = x->deal_id, d->has.deal_id = x->has.deal_id;
		d->lead_id = x->lead_id, d->has.lead_id = x->has.lead_id;
		d->contact_id = x->contact_id, d->has.contact_id = x->has.contact_id;
		d->account_id = x->account_id, d->has.account_id = x->has.account_id;
		if (x->has.owner_id == HERE)
			d->owner_id = x->owner_id, d->has.owner_id = HERE;
		if (cmd->has.buyer != HERE)
			d->buyer = x->buyer, d->has.buyer = HERE;
	}
	if (cmd->has.language == HERE)
		d->language = cmd->language;
	if (cmd->has.currency == HERE)
		d->currency = cmd->currency;
	if (cmd->has.mode == HERE)
		d->mode = cmd->mode;
	TAKE_TEXT (d, cmd, title);
	TAKE_TEXT (d, cmd, intro);
	TAKE_TEXT (d, cmd, notes);
	TAKE (d, cmd, issued);
	TAKE (d, cmd, due);
	TAKE (d, cmd, supplied);
	TAKE_TEXT (d, cmd, buyer_reference);
	TAKE_TEXT (d, cmd, order_reference);
	TAKE_TEXT (d, cmd, discount);
	TAKE_TEXT (d, cmd, discount_amount);
	TAKE_TEXT (d, cmd, discount_reason);
	TAKE (d, cmd, lines);
	TAKE_TEXT (d, cmd, rate);
	TAKE (d, cmd, rate_day);
	if (cmd->has.prepaid != ABSENT) {
		d->prepaid = 0;
		if (is_said (cmd->has.prepaid, cmd->prepaid) &&
		    (decimal_parse (cmd->prepaid, money_digits (d->currency), &d->prepaid) != OK || d->prepaid < 0))
			return refused_at (a, "/prepaid", "malformed", "an amount");
	}
	if (d->has.issued == HERE && d->has.due == HERE && d->due < d->issued)
		return refused_at (a, "/due", "out_of_range", "before its own day");
	struct outcome out = cmd->has.buyer == HERE ? buyer_read (a, cmd->buyer, &d->buyer) : done ();
	if (cmd->has.buyer == HERE)
		d->has.buyer = HERE;
	return is_done (out) ? words_reckon (a, p) : out;
}

/* What every new document is before anything is written on it. What an event asks for (it comes of something that happened: depth) nobody wrote who logs in, so
 * without a record's owner it is nobody's. */
static void paper_blank (struct batch *b, struct paper *p, document_id id, enum document_kind kind)
{
	struct document_row *d = &p->to;
	bool somebody = !uuid_is_null (p->head->grant.user) && !p->head->depth;
	*d = (struct document_row){ .workspace_id = { p->head->workspace },
				    .document_id = id,
				    .kind = kind,
				    .state = document_state_draft,
				    .revision = 1,
				    .language = p->beside->language,
				    .currency = p->beside->currency,
				    .mode = p->company->price_mode,
				    .buyer = p->beside->buyer,
				    .owner_id = { somebody ? p->head->grant.user : p->head->actor },
				    .created_at = moment_of (b, p->head),
				    .created_by = { p->head->actor } };
	memset (&d->has, ABSENT, sizeof d->has);
	d->has.document_id = d->has.kind = d->has.state = d->has.revision = d->has.language = d->has.currency = d->has.mode = d->has.buyer =
		HERE;
	d->has.prepaid = d->has.rounding = d->has.received = d->has.credited = d->has.paid_said = d->has.reminded = HERE;
	d->has.created_at = HERE;
	d->has.created_by = uuid_is_null (p->head->actor) ? ABSENT : HERE; /* the clock is nobody */
	d->has.owner_id = somebody ? HERE : ABSENT;
}

/* DOC_WORDS of one command as those of another. */
#define WORDS(from)                                                                                                                   \
	{                                                                                                                             \
		.head = (from)->head, .deal_id = (from)->deal_id, .contact_id = (from)->contact_id, .account_id = (from)->account_id, \
		.language = (from)->language, .currency = (from)->currency, .mode = (from)->mode, .buyer = (from)->buyer,             \
		.title = (from)->title, .intro = (from)->intro, .notes = (from)->notes, .issued = (from)->issued, .due = (from)->due, \
		.supplied = (from)->supplied, .buyer_reference = (from)->buyer_reference, .order_reference = (from)->order_reference, \
		.lines = (from)->lines, .discount = (from)->discount, .discount_amount = (from)->discount_amount,                     \
		.discount_reason = (from)->discount_reason, .prepaid = (from)->prepaid, .rate = (from)->rate,                         \
		.rate_day = (from)->rate_day,                                                                                         \
		.has = { .deal_id = (from)->has.deal_id,                                                                              \
			 .contact_id = (from)->has.contact_id,                                                                        \
			 .account_id = (from)->has.account_id,                                                                        \
			 .language = (from)->has.language,                                                                            \
			 .currency = (from)->has.currency,                                                                            \
			 .mode = (from)->has.mode,                                                                                    \
			 .buyer = (from)->has.buyer,                                                                                  \
			 .title = (from)->has.title,                                                                                  \
			 .intro = (from)->has.intro,                                                                                  \
			 .notes = (from)->has.notes,                                                                                  \
			 .issued = (from)->has.issued,                                                                                \
			 .due = (from)->has.due,                                                                                      \
			 .supplied = (from)->has.supplied,                                                                            \
			 .buyer_reference = (from)->has.buyer_reference,                                                              \
			 .order_reference = (from)->has.order_reference,                                                              \
			 .lines = (from)->has.lines,                                                                                  \
			 .discount = (from)->has.discount,                                                                            \
			 .discount_amount = (from)->has.discount_amount,                                                              \
			 .discount_reason = (from)->has.discount_reason,                                                              \
			 .prepaid = (from)->has.prepaid,                                                                              \
			 .rate = (from)->has.rate,                                                                                    \
			 .rate_day = (from)->has.rate_day },                                                                          \
	}

/* ---- made ---- */

static void created_say (struct batch *b, const struct paper p[], size_t n)
{
	struct quote_created *quote = ARRAY (b, quote, n);
	struct invoice_created *invoice = ARRAY (b, invoice, n);
	size_t quotes = 0, invoices = 0;
	for (size_t i = 0; i < n; i++) {
		const struct document_row *d = &p[i].to;
		if (!p[i].kept)
			continue;
		if (d->kind == document_kind_quote)
			quote[quotes++] = (struct quote_created){ PAPER_SAYS (batch_arena (b), head_caused (b, p[i].head), d) };
		else
			invoice[invoices++] = (struct invoice_created){ PAPER_SAYS (batch_arena (b), head_caused (b, p[i].head), d),
									.quote_id = d->quote_id, .has.quote_id = d->has.quote_id };
	}
	quote_created_emit (b, quote, quotes);
	invoice_created_emit (b, invoice, invoices);
}

/* Numbers, rows, events and answers of papers that were made by ret[i]'s leave. */
static void papers_make (struct batch *b, struct paper p[], size_t n, struct outcome ret[])
{
	bool *number = ARRAY (b, number, n);
	for (size_t i = 0; i < n; i++)
		number[i] = is_done (ret[i]) && p[i].to.kind == document_kind_quote && p[i].to.has.number != HERE;
	papers_number (b, p, number, n, ret);
	for (size_t i = 0; i < n; i++)
		p[i].kept = is_done (ret[i]);
	papers_keep (b, p, n);
	created_say (b, p, n);
	for (size_t i = 0; i < n; i++)
		if (p[i].kept)
			ret[i] = paper_told (b, &p[i]);
}

static void papers_create (struct batch *b, const struct document_update cmd[], const struct head *const head[], size_t n,
			   enum document_kind kind, struct outcome ret[])
{
	struct document_ask *ask = ARRAY (b, ask, n);
	for (size_t i = 0; i < n; i++) {
		ask[i] = ask_of (b, head[i], cmd[i].document_id);
		ask[i].deal_id = cmd[i].deal_id, ask[i].has.deal_id = cmd[i].has.deal_id == HERE ? HERE : ABSENT;
		ask[i].contact_id = cmd[i].contact_id, ask[i].has.contact_id = cmd[i].has.contact_id == HERE ? HERE : ABSENT;
		ask[i].account_id = cmd[i].account_id, ask[i].has.account_id = cmd[i].has.account_id == HERE ? HERE : ABSENT;
	}
	struct paper *p = papers_load (b, ask, head, n);
	for (size_t i = 0; i < n; i++) {
		ret[i] = !p[i].beside->known		 ? refused (workspace_not_found)
			 : p[i].was->has.version == HERE ? refused (document_changed)
							 : done ();
		if (!is_done (ret[i]))
			continue;
		paper_blank (b, &p[i], cmd[i].document_id, kind);
		if (p[i].beside->has.deal_title == HERE && cmd[i].has.title == ABSENT)
			p[i].to.title = p[i].beside->deal_title, p[i].to.has.title = HERE;
		ret[i] = words_take (b, &p[i], &cmd[i]);
	}
	papers_make (b, p, n, ret);
}

#define CREATE(command, document_kind)                                                             \
	void command (struct batch *b, const struct command cmd[], size_t n, struct outcome ret[]) \
	{                                                                                          \
		struct document_update *words = ARRAY (b, words, n);                               \
		const struct head **head = ARRAY (b, head, n);                                     \
		for (size_t i = 0; i < n; i++) {                                                   \
			words[i] = (struct document_update) WORDS (&cmd[i]);                       \
			words[i].document_id = cmd[i].document_id;                                 \
			head[i] = &cmd[i].head;                                                    \
		}                                                                                  \
		papers_create (b, words, head, n, document_kind, ret);                             \
	}
CREATE (quote_create, document_kind_quote)
CREATE (invoice_create, document_kind_invoice)

/* ---- changed ---- */

static struct outcome draft_check (const struct paper *p)
{
	struct outcome out = paper_seen (p);
	if (is_done (out) && p->was->has.finalised_at == HERE)
		return refused (document_final);
	return is_done (out) && p->was->state != document_state_draft ? refused (document_not_draft) : out;
}

/* Of deal, contact and company what is not named stays as it was: naming a person does not take the deal away. */
static void about_keep (struct document_ask *ask, const struct document_update *cmd, const struct document_row *was)
{
#define KEEP(field)                                                                          \
	do {                                                                                 \
		ask->field = cmd->has.field == HERE ? cmd->field : was->field;               \
		ask->has.field = cmd->has.field != ABSENT ? cmd->has.field : was->has.field; \
		ask->has.field = ask->has.field == HERE ? HERE : (unsigned char) ABSENT;     \
	} while (0)
	KEEP (deal_id);
	KEEP (contact_id);
	KEEP (account_id);
#undef KEEP
}

void document_update (struct batch *b, const struct document_update cmd[], size_t n, struct outcome ret[])
{
	struct document_ask *ask = ARRAY (b, ask, n);
	const struct head **head = ARRAY (b, head, n);
	for (size_t i = 0; i < n; i++) {
		ask[i] = ask_of (b, &cmd[i].head, cmd[i].document_id);
		head[i] = &cmd[i].head;
	}
	const struct document_row *was = document_load (b, ask, n);
	for (size_t i = 0; i < n; i++)
		about_keep (&ask[i], &cmd[i], &was[i]);
	struct paper *p = papers_load (b, ask, head, n);
	for (size_t i = 0; i < n; i++) {
		ret[i] = draft_check (&p[i]);
		if (is_done (ret[i]) && cmd[i].has.version == HERE && cmd[i].version != p[i].was->version)
			ret[i] = refused (document_changed);
		if (is_done (ret[i]))
			ret[i] = words_take (b, &p[i], &cmd[i]);
		p[i].kept = is_done (ret[i]);
	}
	papers_keep (b, p, n);
	for (size_t i = 0; i < n; i++)
		if (p[i].kept)
			ret[i] = paper_told (b, &p[i]);
}

/* ---- thrown away, and back ---- */

/* Of quotes those that nobody said yes to; of all others drafts. What is so already is done, and says nothing. */
static struct outcome away_check (const struct paper *p)
{
	bool quote = p->was->kind == document_kind_quote, accepted = p->was->state == document_state_accepted;
	if (p->was->has.version != HERE || !grant_covers (&p->head->grant, &p->was->owner_id))
		return refused (document_not_found);
	if (p->was->has.finalised_at == HERE)
		return refused (document_final);
	return quote && accepted ? refused (quote_answered) : done ();
}

/* What it was made of may have another by now: then it does not come back. */
static struct outcome back_check (struct batch *b, const struct paper *p)
{
	const struct document_row *d = p->was;
	size_t n = 0;
	int64_t share = 0, part;
	if (d->has.removed_at != HERE || (d->has.quote_id != HERE && d->has.original_id != HERE))
		return done ();
	struct document_ask ask = ask_of (b, p->head, d->has.quote_id == HERE ? d->quote_id : d->original_id);
	const struct made_row *made = made_load (b, &ask, 1, &n);
	for (size_t i = 0; i < n; i++) {
		if (d->kind == document_kind_credit_note && made[i].kind == document_kind_credit_note && made[i].has.finalised_at != HERE)
			return refused (document_settled);
		if (d->kind == document_kind_invoice && made[i].kind == document_kind_invoice && made[i].has.part != HERE)
			return refused (quote_invoiced);
		if (made[i].has.part == HERE && !made[i].undone && decimal_parse (made[i].part, 2, &part) == OK)
			share += part;
	}
	if (d->kind == document_kind_invoice && d->has.part == HERE && decimal_parse (d->part, 2, &part) == OK && share + part > 10000)
		return refused (quote_invoiced);
	return done ();
}

static struct paper *papers_away (struct batch *b, struct paper *p, size_t n, bool away, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		ret[i] = away_check (&p[i]);
		if (is_done (ret[i]) && !away)
			ret[i] = back_check (b, &p[i]);
		if (!is_done (ret[i]))
			continue;
		p[i].kept = (p[i].was->has.removed_at == HERE) != away;
		p[i].to.removed_at = moment_of (b, p[i].head);
		p[i].to.has.removed_at = away ? HERE : ABSENT;
	}
	papers_keep (b, p, n);
	for (size_t i = 0; i < n; i++)
		if (is_done (ret[i]))
			ret[i] = paper_told (b, &p[i]);
	return p;
}

#define PAPERS(b, cmd, n, ret_p)                                                       \
	do {                                                                           \
		struct document_ask *ask_ = ARRAY (b, ask_, n);                        \
		const struct head **head_ = ARRAY (b, head_, n);                       \
		for (size_t i_ = 0; i_ < (n); i_++) {                                  \
			ask_[i_] = ask_of (b, &(cmd)[i_].head, (cmd)[i_].document_id); \
			head_[i_] = &(cmd)[i_].head;                                   \
		}                                                                      \
		ret_p = papers_load (b, ask_, head_, n);                               \
	} while (0)

void document_remove (struct batch *b, const struct document_remove cmd[], size_t n, struct outcome ret[])
{
	struct paper *p;
	PAPERS (b, cmd, n, p);
	papers_away (b, p, n, true, ret);
}

void document_restore (struct batch *b, const struct document_restore cmd[], size_t n, struct outcome ret[])
{
	struct paper *p;
	PAPERS (b, cmd, n, p);
	for (size_t i = 0; i < n; i++) /* each sees what the one before it brought back: two parts of one quote, say */
		papers_away (b, &p[i], 1, false, &ret[i]);
}

/* ---- written once more ---- */

/* Its words, and who it is for; nothing of what became of it. */
static void paper_copy (struct paper *p, const struct document_row *from)
{
	struct document_row *d = &p->to;
#define COPY(field) d->field = from->field, d->has.field = from->has.field
	COPY (deal_id);
	COPY (lead_id);
	COPY (contact_id);
	COPY (account_id);
	COPY (owner_id);
	COPY (language);
	COPY (currency);
	COPY (mode);
	COPY (buyer);
	COPY (title);
	COPY (intro);
	COPY (notes);
	COPY (buyer_reference);
	COPY (order_reference);
	COPY (lines);
	COPY (discount);
	COPY (discount_amount);
	COPY (discount_reason);
#undef COPY
}

void document_duplicate (struct batch *b, const struct document_duplicate cmd[], size_t n, struct outcome ret[])
{
	struct document_ask *ask = ARRAY (b, ask, n);
	const struct head **head = ARRAY (b, head, n);
	for (size_t i = 0; i < n; i++) {
		ask[i] = ask_of (b, &cmd[i].head, cmd[i].from_id);
		head[i] = &cmd[i].head;
	}
	struct paper *p = papers_load (b, ask, head, n);
	for (size_t i = 0; i < n; i++) {
		const struct document_row *from = p[i].was;
		ret[i] = paper_seen (&p[i]);
		if (is_done (ret[i]) && from->kind == document_kind_credit_note)
			ret[i] = refused (document_final);
		if (!is_done (ret[i]))
			continue;
		paper_blank (b, &p[i], cmd[i].document_id, from->kind);
		paper_copy (&p[i], from);
		p[i].was = &document_none;
		ret[i] = document_reckon (batch_arena (b), &p[i].to, p[i].company->kor);
	}
	papers_make (b, p, n, ret);
}
