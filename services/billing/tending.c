/* What the clock brings: invoices that are overdue, quotes that nobody answered in time, reminders that go by themselves, invoices that are made again; by the
 * day where each workspace is. It must never say the same twice, nor make one invoice of a day two times. */
#include "documents.h"

#include "recurring.h"
#include "billing_sql.h"

enum { LOOK_EVERY = 2000000 }; /* µs: what hangs on days has time */

/* Nobody's own deed. */
static struct head *heads_of (struct batch *b, const struct head *clock, size_t n)
{
	struct head *ret = ARRAY (b, ret, n);
	for (size_t i = 0; i < n; i++) {
		ret[i] = *clock;
		ret[i].grant.scope = SCOPE_WORKSPACE;
	}
	return ret;
}

static size_t late_tell (struct batch *b, const struct head *clock, const struct workspace_due *due, size_t n)
{
	size_t rows, quotes = 0, invoices = 0;
	const struct document_ask *late = tend_late (b, due, n, &rows);
	struct document_ask *ask = ARRAY (b, ask, rows);
	struct head *head = heads_of (b, clock, rows);
	const struct head **heads = ARRAY (b, heads, rows);
	struct quote_expired *expired = ARRAY (b, expired, rows);
	struct invoice_overdue *overdue = ARRAY (b, overdue, rows);
	for (size_t i = 0; i < rows; i++) {
		ask[i] = late[i];
		ask[i].has.document_id = HERE;
		head[i].workspace = late[i].workspace_id.uuid;
		heads[i] = &head[i];
	}
	struct paper *p = papers_load (b, ask, heads, rows);
	for (size_t i = 0; i < rows; i++) {
		struct document_row *d = &p[i].to;
		p[i].kept = true;
		if (d->kind == document_kind_quote) {
			d->state = document_state_expired;
			expired[quotes++] = (struct quote_expired){ PAPER_SAYS (batch_arena (b), head_caused (b, heads[i]), d) };
		} else {
			d->overdue_at = batch_now (b), d->has.overdue_at = HERE;
			overdue[invoices++] = (struct invoice_overdue){ PAPER_SAYS (batch_arena (b), head_caused (b, heads[i]), d),
									.open = document_money (d, document_open (d)) };
		}
	}
	papers_keep (b, p, rows);
	quote_expired_emit (b, expired, quotes);
	invoice_overdue_emit (b, overdue, invoices);
	return rows;
}

/* As somebody would by the page. What is refused stands where it stood: its page says why; it is no reason to look again at once. */
static size_t reminders_send (struct batch *b, const struct head *clock, const struct workspace_due *due, size_t n)
{
	size_t rows;
	const struct document_ask *late = tend_reminders (b, due, n, &rows);
	struct head *head = heads_of (b, clock, rows);
	struct invoice_remind *cmd = ARRAY (b, cmd, rows);
	struct outcome *out = ARRAY (b, out, rows);
	for (size_t i = 0; i < rows; i++) {
		head[i].workspace = late[i].workspace_id.uuid;
		cmd[i] = (struct invoice_remind){ .head = head[i], .document_id = late[i].document_id };
	}
	invoice_remind (b, cmd, rows, out);
	size_t sent = 0;
	for (size_t i = 0; i < rows; i++)
		sent += is_done (out[i]);
	return sent;
}

/* The next day it is made on: those that a stop of ours let pass are made one after the other. */
static struct recurrence_made made_of (const struct recurrence_due *r)
{
	struct recurrence_made ret = { .workspace_id = r->workspace_id,
				       .recurrence_id = r->recurrence_id,
				       .made_on = r->next_on,
				       .next_on = recurrence_next (r->next_on, r->every, (int) r->day) };
	ret.has.next_on = r->has.until == HERE && ret.next_on > r->until ? ABSENT : HERE;
	return ret;
}

static size_t recurrences_make (struct batch *b, const struct head *clock, const struct workspace_due *due, size_t n)
{
	size_t rows;
	const struct recurrence_due *r = tend_recurrences (b, due, n, &rows);
	struct head *head = heads_of (b, clock, rows);
	for (size_t i = 0; i < rows; i++) {
		struct recurrence_made made = made_of (&r[i]);
		head[i].workspace = r[i].workspace_id.uuid;
		struct document_duplicate copy = { .head = head[i], .document_id = { uuid_new (b) }, .from_id = r[i].document_id };
		struct outcome out;
		document_duplicate (b, &copy, 1, &out);
		made.document_id = copy.document_id;
		made.has.document_id = is_done (out) ? HERE : ABSENT;
		if (is_done (out) && r[i].send) {
			struct document_send send = { .head = head[i], .document_id = copy.document_id };
			document_send (b, &send, 1, &out);
		}
		recurrence_made_write (b, &made, 1);
		struct recurrence_changed said = { .head = head_caused (b, &head[i]),
						   .recurrence_id = r[i].recurrence_id,
						   .name = r[i].name,
						   .next_on = made.next_on,
						   .has.next_on = made.has.next_on };
		recurrence_changed_emit (b, &said, 1);
	}
	return rows;
}

void documents_tend (struct batch *b, const struct documents_tend cmd[], size_t n, struct outcome ret[])
{
	static int64_t looked; /* the writer's alone */
	size_t rows, did = 0;
	for (size_t i = 0; i < n; i++)
		ret[i] = done ();
	if (batch_now (b) - looked < LOOK_EVERY)
		return;
	const struct workspace_due *due = tend_waiting (b, &rows);
	due = batch_own (b, &workspace_due_record, due, &rows);
	if (rows) {
		did += late_tell (b, &cmd[0].head, due, rows);
		did += reminders_send (b, &cmd[0].head, due, rows);
		did += recurrences_make (b, &cmd[0].head, due, rows);
	}
	/* perhaps there is more of it */
	for (size_t i = 0; i < n; i++)
		ret[i].number = did > 0;
	looked = did ? looked : batch_now (b);
}
