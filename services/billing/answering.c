/* What becomes of a quote: accepted, declined, opened again, withdrawn; said by us for the customer (what they say themselves on their page: portal.c).
 * It must never let a quote be answered twice. */
#include "answering.h"

#include "given.h"
#include "billing_sql.h"

static struct paper *papers_of (struct batch *b, const struct head *const head[], const document_id id[], size_t n)
{
	struct document_ask *ask = ARRAY (b, ask, n);
	for (size_t i = 0; i < n; i++)
		ask[i] = (struct document_ask){
			.workspace_id = { head[i]->workspace }, .document_id = id[i], .has.document_id = HERE, .now = moment_of (b, head[i])
		};
	return papers_load (b, ask, head, n);
}

static bool answered (const struct document_row *d)
{
	return d->state == document_state_accepted || d->state == document_state_declined || d->state == document_state_cancelled;
}

struct outcome quote_open (const struct paper *p)
{
	struct outcome out = paper_seen (p);
	if (!is_done (out))
		return out;
	if (p->was->kind != document_kind_quote || p->was->state == document_state_draft)
		return refused (document_not_sent);
	return answered (p->was) ? refused (quote_answered) : done ();
}

void quote_accepted_by (struct batch *b, struct paper *p, const char *name, int64_t at, const char *address)
{
	struct document_row *d = &p->to;
	d->state = document_state_accepted;
	d->accepted_at = at, d->has.accepted_at = HERE;
	d->accepted_by = name, d->has.accepted_by = HERE;
	d->accepted_address = address, d->has.accepted_address = address ? HERE : ABSENT;
	p->kept = p->render = true;
	(void) b;
}

/* What that makes of its deal's value. */
static bool worth_of (const struct paper *p, struct money *ret)
{
	if (p->to.has.deal_id != HERE || p->company->deal_value == deal_value_leave)
		return false;
	*ret = document_money (&p->to, p->company->deal_value == deal_value_net ? p->to.net : p->to.gross);
	return true;
}

void quotes_accepted_say (struct batch *b, struct paper p[], size_t n, bool portal)
{
	struct quote_accepted *said = ARRAY (b, said, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		const struct document_row *d = &p[i].to;
		if (!p[i].kept)
			continue;
		said[rows] = (struct quote_accepted){ PAPER_SAYS (batch_arena (b), head_caused (b, p[i].head), d), .by = d->accepted_by,
						      .portal = portal };
		said[rows].has.by = HERE;
		said[rows].has.deal_worth = worth_of (&p[i], &said[rows].deal_worth) ? HERE : ABSENT;
		rows++;
	}
	quote_accepted_emit (b, said, rows);
}

void quote_declined_by (struct batch *b, struct paper *p, const char *reason)
{
	struct document_row *d = &p->to;
	d->state = document_state_declined;
	d->declined_at = moment_of (b, p->head), d->has.declined_at = HERE;
	d->decline_reason = reason, d->has.decline_reason = reason ? HERE : ABSENT;
	p->kept = p->render = true;
}

void quotes_declined_say (struct batch *b, struct paper p[], size_t n, bool portal)
{
	struct quote_declined *said = ARRAY (b, said, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		const struct document_row *d = &p[i].to;
		if (!p[i].kept)
			continue;
		said[rows] = (struct quote_declined){ PAPER_SAYS (batch_arena (b), head_caused (b, p[i].head), d),
						      .reason = d->decline_reason, .portal = portal };
		said[rows++].has.reason = d->has.decline_reason;
	}
	quote_declined_emit (b, said, rows);
}

static void papers_tell (struct batch *b, const struct paper p[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		if (is_done (ret[i]))
			ret[i] = paper_told (b, &p[i]);
}

#define LOAD(b, cmd, n, p)                                                            \
	struct paper *p;                                                              \
	do {                                                                          \
		const struct head **head_ = ARRAY (b, head_, n);                      \
		document_id *id_ = ARRAY (b, id_, n);                                 \
		for (size_t i_ = 0; i_ < (n); i_++)                                   \
			head_[i_] = &(cmd)[i_].head, id_[i_] = (cmd)[i_].document_id; \
		p = papers_of (b, head_, id_, n);                                     \
	} while (0)

void quote_accept (struct batch *b, const struct quote_accept cmd[], size_t n, struct outcome ret[])
{
	static const int64_t day_us = 86400 * INT64_C (1000000);
	LOAD (b, cmd, n, p);
	for (size_t i = 0; i < n; i++) {
		ret[i] = quote_open (&p[i]);
		if (is_done (ret[i]) && !is_said (HERE, cmd[i].name))
			ret[i] = refused_at (batch_arena (b), "/name", "required", "who said so");
		if (is_done (ret[i]) && cmd[i].has.day == HERE && cmd[i].day > p[i].beside->today)
			ret[i] = refused_at (batch_arena (b), "/day", "out_of_range", "that day is not yet");
		if (is_done (ret[i]) && cmd[i].has.day == HERE && p[i].was->has.issued == HERE && cmd[i].day < p[i].was->issued)
			ret[i] = refused_at (batch_arena (b), "/day", "out_of_range", "the quote was not yet made that day");
		if (is_done (ret[i]))
			quote_accepted_by (b, &p[i], cmd[i].name,
					   cmd[i].has.day == HERE ? cmd[i].day * day_us : moment_of (b, &cmd[i].head), NULL);
	}
	papers_keep (b, p, n);
	quotes_accepted_say (b, p, n, false);
	papers_tell (b, p, n, ret);
}

void quote_decline (struct batch *b, const struct quote_decline cmd[], size_t n, struct outcome ret[])
{
	LOAD (b, cmd, n, p);
	for (size_t i = 0; i < n; i++) {
		ret[i] = quote_open (&p[i]);
		if (is_done (ret[i]))
			quote_declined_by (b, &p[i], is_said (cmd[i].has.reason, cmd[i].reason) ? cmd[i].reason : NULL);
	}
	papers_keep (b, p, n);
	quotes_declined_say (b, p, n, false);
	papers_tell (b, p, n, ret);
}

/* A draft again, under the same number: what was answered, and who it was from, is written anew. */
void quote_revise (struct batch *b, const struct quote_revise cmd[], size_t n, struct outcome ret[])
{
	LOAD (b, cmd, n, p);
	for (size_t i = 0; i < n; i++) {
		struct document_row *d = &p[i].to;
		ret[i] = paper_seen (&p[i]);
		if (is_done (ret[i]) && d->kind != document_kind_quote)
			ret[i] = refused (document_final);
		if (is_done (ret[i]) && d->state == document_state_draft)
			continue;
		if (is_done (ret[i]) && d->state == document_state_accepted)
			ret[i] = refused (quote_answered);
		if (!is_done (ret[i]))
			continue;
		d->state = document_state_draft;
		d->revision++;
		d->has.seller = d->has.issued = d->has.due = d->has.sent_at = d->has.viewed_at = ABSENT;
		d->has.declined_at = d->has.decline_reason = ABSENT;
		p[i].kept = true;
	}
	papers_keep (b, p, n);
	papers_tell (b, p, n, ret);
}

void document_cancel (struct batch *b, const struct document_cancel cmd[], size_t n, struct outcome ret[])
{
	LOAD (b, cmd, n, p);
	for (size_t i = 0; i < n; i++) {
		struct document_row *d = &p[i].to;
		ret[i] = paper_seen (&p[i]);
		if (is_done (ret[i]) && d->kind != document_kind_quote)
			ret[i] = d->has.finalised_at == HERE ? refused (document_final) : refused (document_not_sent);
		if (is_done (ret[i]) && d->state == document_state_accepted)
			ret[i] = refused (quote_answered);
		if (!is_done (ret[i]) || d->state == document_state_cancelled)
			continue;
		d->state = document_state_cancelled;
		p[i].kept = true;
	}
	papers_keep (b, p, n);
	papers_tell (b, p, n, ret);
}
