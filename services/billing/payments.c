/* Payments: written down by hand, taken away again, said to be for another invoice; and what an invoice's state is for all that came in.
 * It must never add to what came in: that is what the payments come to, whatever was said before. */
#include "payments.h"

#include <string.h>

#include "billing_sql.h"
#include "documents.h"

int64_t payable_open (const struct payable_row *p)
{
	return p->total.minor - p->came - p->credited;
}

const struct payable_row *payable_find (struct batch *b, const struct head *head, document_id id)
{
	struct payable_ask ask = { .workspace_id = { head->workspace }, .document_id = id };
	const struct payable_row *p = payable_load (b, &ask, 1);
	return p->has.document_id == HERE && p->kind == document_kind_invoice && p->final && grant_covers (&head->grant, &p->owner_id)
		       ? p
		       : NULL;
}

/* ---- settling ---- */

#define SAYS(cause, p)                                                                                                                  \
	.head = head_caused (b, cause), .document_id = (p)->document_id, .kind = (p)->kind, .state = (p)->state, .number = (p)->number, \
	.has.number = (p)->has.number, .title = (p)->title, .has.title = (p)->has.title, .name = (p)->name, .has.name = (p)->has.name,  \
	.total = (p)->total

static void payable_say (struct batch *b, const struct head *head, const struct payable_row *p, bool first)
{
	struct money open = p->total;
	open.minor = payable_open (p);
	struct document_changed changed = { SAYS (head, p), .version = p->version, .open = open, .has.open = HERE };
	ABOUT (&changed, p);
	document_changed_emit (b, &changed, 1);
	if (!first)
		return;
	struct invoice_paid paid = { SAYS (head, p), .day = p->last_day };
	ABOUT (&paid, p);
	invoice_paid_emit (b, &paid, 1);
}

/* As the payments have it; true when all of it is here for the first time. */
static bool payable_move (struct batch *b, struct payable_row *p)
{
	struct document_row d = { .kind = p->kind, .payable = p->total.minor, .received = p->came, .credited = p->credited };
	d.has.finalised_at = HERE;
	d.paid_at = p->has.paid_at == HERE ? p->paid_at : 0;
	d.has.paid_at = p->has.paid_at;
	d.paid_said = p->paid_said;
	bool first = document_settle (&d, batch_now (b));
	p->state = d.state;
	p->version++;
	p->received = p->came;
	p->paid_at = d.paid_at;
	p->has.paid_at = d.has.paid_at;
	p->paid_said = d.paid_said;
	return first;
}

void payables_settle (struct batch *b, const struct head *head, const document_id id[], size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct payable_ask ask = { .workspace_id = { head->workspace }, .document_id = id[i] };
		struct payable_row p = *payable_load (b, &ask, 1);
		if (p.has.document_id != HERE || p.kind != document_kind_invoice || !p.final || p.came == p.received)
			continue;
		bool first = payable_move (b, &p);
		struct payable_moved moved = { .workspace_id = p.workspace_id,
					       .document_id = p.document_id,
					       .state = p.state,
					       .version = p.version,
					       .received = p.received,
					       .paid_said = p.paid_said,
					       .paid_at = p.paid_at,
					       .has.paid_at = p.has.paid_at };
		payable_write (b, &moved, 1);
		payable_say (b, head, &p, first);
		if (p.has.account_id == HERE)
			balance_tell (b, head, p.account_id);
	}
}

static void payment_say (struct batch *b, const struct head *head, const struct payment_row *row, const struct payable_row *p)
{
	struct payment_received said = { .head = head_caused (b, head),
					 .payment_id = row->payment_id,
					 .amount = row->amount,
					 .day = row->day,
					 .method = row->method,
					 .document_id = row->document_id,
					 .has.document_id = row->has.document_id,
					 .account_id = row->account_id,
					 .has.account_id = row->has.account_id,
					 .contact_id = row->contact_id,
					 .has.contact_id = row->has.contact_id,
					 .owner_id = row->owner_id,
					 .has.owner_id = row->has.owner_id,
					 .removed = row->has.removed_at == HERE };
	if (p) {
		ABOUT (&said, p);
		said.number = p->number;
		said.has.number = p->has.number;
	}
	payment_received_emit (b, &said, 1);
}

/* A payment is about what its invoice is about. */
static const struct payable_row *payment_about (struct batch *b, struct payment_row *row)
{
	if (row->has.document_id != HERE)
		return NULL;
	struct payable_ask ask = { .workspace_id = row->workspace_id, .document_id = row->document_id };
	const struct payable_row *p = payable_load (b, &ask, 1);
	row->account_id = p->account_id;
	row->has.account_id = p->has.account_id;
	row->contact_id = p->contact_id;
	row->has.contact_id = p->has.contact_id;
	row->owner_id = p->owner_id;
	row->has.owner_id = p->has.owner_id;
	return p;
}

/* The invoices of a payment, or who owes what where it is for none. */
static void payment_settle (struct batch *b, const struct head *head, const struct payment_row *row)
{
	if (row->has.document_id == HERE)
		payables_settle (b, head, &row->document_id, 1);
	else if (row->has.account_id == HERE)
		balance_tell (b, head, row->account_id);
}

void payments_take (struct batch *b, const struct head *head, struct payment_row row[], size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct payable_row *p = payment_about (b, &row[i]);
		payment_write (b, &row[i], 1);
		payment_say (b, head, &row[i], p);
		payment_settle (b, head, &row[i]);
	}
}

/* ---- by hand ---- */

static struct outcome field_wrong (struct batch *b, const char *pointer, const char *code, const char *detail)
{
	struct problem *p = arena_alloc (batch_arena (b), sizeof *p);
	struct outcome ret = refused (invalid);
	problem_add (batch_arena (b), p, pointer, code, detail);
	ret.problem = p;
	return ret;
}

static struct outcome payment_place_on (struct batch *b, const struct head *head, struct payment_row *row,
					const struct payment_place *place)
{
	const struct payable_row *p = row->has.document_id == HERE ? payable_find (b, head, row->document_id) : NULL;
	const char *currency = p ? p->total.currency : NULL;
	if (row->has.document_id == HERE && !p)
		return refused (document_not_found);
	if (row->has.document_id != HERE && row->has.account_id == HERE) {
		if (!place->account || !grant_covers (&head->grant, &place->account_owner_id))
			return refused (account_not_found);
		row->owner_id = place->account_owner_id;
		row->has.owner_id = place->has.account_owner_id;
	}
	if (currency && strcmp (currency, row->amount.currency) != 0)
		return field_wrong (b, "/amount", "other_currency", "The invoice is in another currency.");
	return done ();
}

void payment_add (struct batch *b, const struct payment_add cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		const struct head *head = &cmd[i].head;
		struct payment_ask ask = { .workspace_id = { head->workspace },
					   .account_id = cmd[i].account_id,
					   .has.account_id = cmd[i].has.account_id };
		const struct payment_place *place = payment_place_load (b, &ask, 1);
		struct payment_row row = { .workspace_id = { head->workspace },
					   .payment_id = cmd[i].payment_id,
					   .version = 1,
					   .document_id = cmd[i].document_id,
					   .has.document_id = cmd[i].has.document_id,
					   .account_id = cmd[i].account_id,
					   .has.account_id = cmd[i].has.account_id,
					   .amount = cmd[i].amount,
					   .day = cmd[i].has.day == HERE ? cmd[i].day : place->today,
					   .method = payment_method_manual,
					   .note = cmd[i].note,
					   .has.note = cmd[i].has.note == HERE && *cmd[i].note ? HERE : ABSENT,
					   .created_at = batch_now (b),
					   .created_by = { head->actor },
					   .has.created_by = HERE };
		ret[i] = !row.amount.minor ? field_wrong (b, "/amount", "out_of_range", "Something that came in, or went back.")
					   : payment_place_on (b, head, &row, place);
		ret[i].id = row.payment_id.uuid;
		ret[i].version = 1;
		if (is_done (ret[i]))
			payments_take (b, head, &row, 1);
	}
}

/* The payment of a command, where it is there and the asker may see it. */
static struct outcome payment_find (struct batch *b, const struct head *head, payment_id id, struct payment_row *ret)
{
	struct payment_ask ask = { .workspace_id = { head->workspace }, .payment_id = id, .has.payment_id = HERE };
	size_t n;
	const struct payment_row *row = payment_load (b, &ask, 1, &n);
	if (!n || !grant_covers (&head->grant, &row->owner_id))
		return refused (payment_not_found);
	*ret = *row;
	struct outcome found = done ();
	found.id = id.uuid;
	return found;
}

static struct outcome payment_turn (struct batch *b, const struct head *head, payment_id id, bool away)
{
	struct payment_row row;
	struct outcome ret = payment_find (b, head, id, &row);
	if (!is_done (ret) || (row.has.removed_at == HERE) == away)
		return ret;
	if (row.method != payment_method_manual)
		return refused (payment_told);
	row.version++;
	row.removed_at = batch_now (b);
	row.has.removed_at = away ? HERE : ABSENT;
	ret.version = row.version;
	const struct payable_row *p = payment_about (b, &row);
	payment_write (b, &row, 1);
	payment_say (b, head, &row, p);
	payment_settle (b, head, &row);
	return ret;
}

void payment_remove (struct batch *b, const struct payment_remove cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		ret[i] = payment_turn (b, &cmd[i].head, cmd[i].payment_id, true);
}

void payment_restore (struct batch *b, const struct payment_restore cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		ret[i] = payment_turn (b, &cmd[i].head, cmd[i].payment_id, false);
}

void payment_allocate (struct batch *b, const struct payment_allocate cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		const struct head *head = &cmd[i].head;
		struct payment_row row;
		ret[i] = payment_find (b, head, cmd[i].payment_id, &row);
		if (!is_done (ret[i]))
			continue;
		struct payment_row was = row;
		row.document_id = cmd[i].document_id;
		row.has.document_id = cmd[i].has.document_id == HERE ? HERE : ABSENT;
		if (row.has.removed_at == HERE)
			ret[i] = refused (payment_not_found);
		else if (row.has.document_id == HERE)
			ret[i] = payment_place_on (b, head, &row, NULL);
		if (!is_done (ret[i]))
			continue;
		row.version++;
		ret[i].id = row.payment_id.uuid;
		ret[i].version = row.version;
		const struct payable_row *p = payment_about (b, &row);
		payment_write (b, &row, 1);
		payment_say (b, head, &row, p);
		payment_settle (b, head, &was);
		payment_settle (b, head, &row);
	}
}
