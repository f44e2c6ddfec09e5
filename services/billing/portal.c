/* What a customer does on their page, known by the link alone: they look, choose, accept, decline. The gateway found the document by the link's digest; here
 * the digest is looked at once more, in the transaction that does it.
 * It must never take an answer to another version than the customer saw, nor one that comes too late. */
#include "answering.h"

#include <jansson.h>
#include <string.h>
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

#define LOAD(b, cmd, n, p)                                                            \
	struct paper *p;                                                              \
	do {                                                                          \
		const struct head **head_ = ARRAY (b, head_, n);                      \
		document_id *id_ = ARRAY (b, id_, n);                                 \
		for (size_t i_ = 0; i_ < (n); i_++)                                   \
			head_[i_] = &(cmd)[i_].head, id_[i_] = (cmd)[i_].document_id; \
		p = papers_of (b, head_, id_, n);                                     \
	} while (0)

/* The link is of this document, and good still. */
static struct outcome link_check (struct batch *b, const struct paper *p, const char *hash)
{
	struct outcome out = paper_seen (p);
	const struct document_row *d = p->was;
	bool good = is_done (out) && d->has.token_hash == HERE && strcmp (d->token_hash, hash) == 0 &&
		    (d->has.token_until != HERE || d->token_until > batch_now (b));
	return good ? done () : refused (portal_void);
}

/* A quote that they may answer: sent, not answered, and good still. */
static struct outcome answer_check (struct batch *b, const struct paper *p, const char *hash)
{
	struct outcome out = link_check (b, p, hash);
	if (is_done (out))
		out = quote_open (p);
	bool late = is_done (out) &&
		    (p->was->state == document_state_expired || (p->was->has.due == HERE && p->was->due < p->beside->today));
	return late ? refused (quote_expired) : out;
}

static void papers_tell (struct batch *b, const struct paper p[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		if (is_done (ret[i]))
			ret[i] = paper_told (b, &p[i]);
}

/* ---- looking ---- */

/* Said the first time since it was sent; when they last looked is kept each time. What is being written anew shows nothing that they could have seen. */
void portal_see (struct batch *b, const struct portal_see cmd[], size_t n, struct outcome ret[])
{
	struct document_seen *seen = ARRAY (b, seen, n);
	struct quote_viewed *quote = ARRAY (b, quote, n);
	struct invoice_viewed *invoice = ARRAY (b, invoice, n);
	size_t rows = 0, quotes = 0, invoices = 0;
	LOAD (b, cmd, n, p);
	for (size_t i = 0; i < n; i++) {
		const struct document_row *d = &p[i].to;
		ret[i] = link_check (b, &p[i], cmd[i].hash);
		if (!is_done (ret[i]) || d->state == document_state_draft)
			continue;
		seen[rows++] = (struct document_seen){ .workspace_id = d->workspace_id,
						       .document_id = d->document_id,
						       .at = moment_of (b, &cmd[i].head) };
		if (d->has.viewed_at == HERE)
			continue;
		if (d->kind == document_kind_quote)
			quote[quotes++] = (struct quote_viewed){ PAPER_SAYS (batch_arena (b), head_caused (b, &cmd[i].head), d) };
		else if (d->kind == document_kind_invoice)
			invoice[invoices++] = (struct invoice_viewed){ PAPER_SAYS (batch_arena (b), head_caused (b, &cmd[i].head), d) };
	}
	document_seen_write (b, seen, rows);
	quote_viewed_emit (b, quote, quotes);
	invoice_viewed_emit (b, invoice, invoices);
}

/* ---- choosing ---- */

static bool is_optional (const struct doc_line *l)
{
	return l->has.optional == HERE && l->optional;
}

/* Numbers of lines, from 1; each an optional one. */
static struct outcome lines_choose (struct batch *b, struct paper *p, const char *chosen)
{
	struct document_row *d = &p->to;
	struct doc_line *line = ARRAY (b, line, d->lines.n + 1);
	json_t *list = json_loads (chosen, 0, NULL), *number;
	bool good = json_is_array (list);
	size_t k;
	if (d->lines.n)
		memcpy (line, d->lines.at, d->lines.n * sizeof *line);
	for (size_t i = 0; i < d->lines.n; i++)
		if (is_optional (&line[i]))
			line[i].chosen = false, line[i].has.chosen = HERE;
	json_array_foreach (list, k, number)
	{
		json_int_t at = json_integer_value (number);
		good = good && at >= 1 && (size_t) at <= d->lines.n && is_optional (&line[at - 1]);
		if (good)
			line[at - 1].chosen = true;
	}
	json_decref (list);
	if (!good)
		return refused_at (batch_arena (b), "/chosen", "not_a_choice", "numbers of optional lines, from 1");
	d->lines.at = line;
	return document_reckon (batch_arena (b), d, p->company->kor);
}

void portal_choose (struct batch *b, const struct portal_choose cmd[], size_t n, struct outcome ret[])
{
	LOAD (b, cmd, n, p);
	for (size_t i = 0; i < n; i++) {
		ret[i] = answer_check (b, &p[i], cmd[i].hash);
		if (is_done (ret[i]))
			ret[i] = lines_choose (b, &p[i], cmd[i].chosen);
		p[i].kept = is_done (ret[i]);
	}
	papers_keep (b, p, n);
	papers_tell (b, p, n, ret);
}

/* ---- answering ---- */

void portal_accept (struct batch *b, const struct portal_accept cmd[], size_t n, struct outcome ret[])
{
	LOAD (b, cmd, n, p);
	for (size_t i = 0; i < n; i++) {
		ret[i] = answer_check (b, &p[i], cmd[i].hash);
		if (is_done (ret[i]) && !is_said (HERE, cmd[i].name))
			ret[i] = refused_at (batch_arena (b), "/name", "required", "who you are");
		if (is_done (ret[i]) && cmd[i].version != p[i].was->version)
			ret[i] = refused (document_changed);
		if (is_done (ret[i]))
			quote_accepted_by (b, &p[i], cmd[i].name, moment_of (b, &cmd[i].head),
					   cmd[i].has.address == HERE ? cmd[i].address : NULL);
	}
	papers_keep (b, p, n);
	quotes_accepted_say (b, p, n, true);
	papers_tell (b, p, n, ret);
}

void portal_decline (struct batch *b, const struct portal_decline cmd[], size_t n, struct outcome ret[])
{
	LOAD (b, cmd, n, p);
	for (size_t i = 0; i < n; i++) {
		ret[i] = link_check (b, &p[i], cmd[i].hash);
		if (is_done (ret[i]))
			ret[i] = quote_open (&p[i]);
		if (is_done (ret[i]))
			quote_declined_by (b, &p[i], is_said (cmd[i].has.reason, cmd[i].reason) ? cmd[i].reason : NULL);
	}
	papers_keep (b, p, n);
	quotes_declined_say (b, p, n, true);
	papers_tell (b, p, n, ret);
}
