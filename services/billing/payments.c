/* Payments: written down by hand, taken away again, said to be for another invoice; and what an invoice's state is for all that came in.
 * It must never add to what came in: that is what the payments come to, whatever was said before. */
#include "payments.h"

#include <string.h>

#include "billing_sql.h"
#include "documents.h"

/* Sums of so many stay far from where they overflow. */
static const int64_t AMOUNT_MOST = INT64_C (1000000000000000);

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
static bool payable_move (struct batch *b, const struct head *head, struct payable_row *p)
{
	struct document_row d = { .kind = p->kind, .payable = p->total.minor, .received = p->came, .credited = p->credited };
	d.has.finalised_at = HERE;
	d.paid_at = p->has.paid_at == HERE ? p->paid_at : 0;
	d.has.paid_at = p->has.paid_at;
	d.paid_said = p->paid_said;
	bool first = document_settle (&d, moment_of (b, head));
	p->state = d.state;
	p->version++;
	p->received = p->came;
	p->paid_at = d.paid_at;
	p->has.paid_at = d.has.paid_at;
	p->paid_said = d.paid_said;
	return first;
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

/* ---- what is too much ---- */

/* So much of it stays what it was; the rest, which is returned, is for no invoice. */
static struct payment_row payment_split (struct batch *b, struct payment_row *row, int64_t keep)
{
	struct payment_row rest = *row;
	rest.payment_id.uuid = uuid_new (b);
	rest.version = 1;
	if (row->has.root_id != HERE)
		rest.root_id = row->payment_id;
	rest.has.root_id = HERE;
	rest.has.document_id = rest.has.external_id = ABSENT;
	rest.amount.minor = row->amount.minor - keep;
	row->amount.minor = keep;
	return rest;
}

static void payment_keep (struct batch *b, const struct head *head, const struct payment_row *row, const struct payable_row *p)
{
	payment_write (b, row, 1);
	payment_say (b, head, row, p);
}

/* More came in for an invoice than it takes, since it was credited, or paid by another way: the latest of it is for no invoice any more. */
static bool surplus_free (struct batch *b, const struct head *head, const struct payable_row *p)
{
	int64_t over = -payable_open (p);
	struct payable_ask ask = { .workspace_id = p->workspace_id, .document_id = p->document_id };
	size_t n, i;
	const struct payment_row *found = payable_payments_load (b, &ask, 1, &n);
	for (i = 0; i < n && over > 0; i++) {
		struct payment_row row = found[i];
		int64_t cut = row.amount.minor < over ? row.amount.minor : over;
		row.version++;
		over -= cut;
		if (cut < row.amount.minor) {
			struct payment_row rest = payment_split (b, &row, row.amount.minor - cut);
			payment_keep (b, head, &row, p);
			payment_keep (b, head, &rest, NULL);
		} else {
			row.has.document_id = ABSENT;
			payment_keep (b, head, &row, NULL);
		}
	}
	return i > 0;
}

/* How much of it its invoice takes: no more than is open of that, and what goes back no more than came in. */
static int64_t payment_fits (const struct payment_row *row, const struct payable_row *p)
{
	int64_t open = payable_open (p) > 0 ? payable_open (p) : 0, came = p->came > 0 ? p->came : 0, amount = row->amount.minor;
	return amount > 0 ? (amount < open ? amount : open) : (-amount < came ? amount : -came);
}

static struct payable_row payable_of (struct batch *b, const struct head *head, document_id id)
{
	struct payable_ask ask = { .workspace_id = { head->workspace }, .document_id = id };
	return *payable_load (b, &ask, 1);
}

/* True: it is another than it was. */
static bool payable_reckon (struct batch *b, const struct head *head, struct payable_row *p)
{
	if (p->came == p->received)
		return false;
	bool first = payable_move (b, head, p);
	struct payable_moved moved = { .workspace_id = p->workspace_id,
				       .document_id = p->document_id,
				       .state = p->state,
				       .version = p->version,
				       .received = p->received,
				       .paid_said = p->paid_said,
				       .paid_at = p->paid_at,
				       .has.paid_at = p->has.paid_at };
	payable_write (b, &moved, 1);
	payable_say (b, head, p, first);
	return true;
}

void payables_settle (struct batch *b, const struct head *head, const document_id id[], size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct payable_row p = payable_of (b, head, id[i]);
		if (p.has.document_id != HERE || p.kind != document_kind_invoice || !p.final)
			continue;
		bool freed = payable_open (&p) < 0 && surplus_free (b, head, &p);
		if (freed)
			p = payable_of (b, head, id[i]);
		bool moved = payable_reckon (b, head, &p);
		if ((freed || moved) && p.has.account_id == HERE)
			balance_tell (b, head, p.account_id);
	}
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
		/* one that is taken back counts no more, whatever it was for */
		int64_t fits = p && row[i].has.removed_at != HERE ? payment_fits (&row[i], p) : row[i].amount.minor;
		bool more = fits != row[i].amount.minor;
		struct payment_row rest = { 0 };
		if (more && fits)
			rest = payment_split (b, &row[i], fits);
		else if (more)
			row[i].has.document_id = ABSENT, p = NULL;
		payment_keep (b, head, &row[i], p);
		payment_settle (b, head, &row[i]);
		if (!more || !fits)
			continue;
		payment_keep (b, head, &rest, NULL);
		payment_settle (b, head, &rest);
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
	if (p && row->amount.minor < 0 && p->received + row->amount.minor < 0)
		return field_wrong (b, "/amount", "out_of_range", "More goes back than came in.");
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
					   .created_at = moment_of (b, head),
					   .created_by = { head->actor },
					   .has.created_by = HERE };
		bool yet = row.day > place->today;
		bool sane = row.amount.minor && row.amount.minor <= AMOUNT_MOST && row.amount.minor >= -AMOUNT_MOST;
		ret[i] = !sane ? field_wrong (b, "/amount", "out_of_range", "Something that came in, or went back.")
			 : yet ? field_wrong (b, "/day", "out_of_range", "That day is not yet.")
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

/* All parts of what was one payment go together, and come back together. */
static struct outcome payment_turn (struct batch *b, const struct head *head, payment_id id, bool away)
{
	struct payment_row row;
	struct outcome ret = payment_find (b, head, id, &row);
	if (!is_done (ret) || (row.has.removed_at == HERE) == away)
		return ret;
	if (row.method != payment_method_manual)
		return refused (payment_told);
	struct payment_ask ask = { .workspace_id = { head->workspace }, .payment_id = id, .has.payment_id = HERE };
	size_t n;
	const struct payment_row *part = payment_parts_load (b, &ask, 1, &n);
	ret.version = row.version + 1;
	for (size_t i = 0; i < n; i++) {
		row = part[i];
		row.version++;
		row.removed_at = moment_of (b, head);
		row.has.removed_at = away ? HERE : ABSENT;
		const struct payable_row *p = payment_about (b, &row);
		payment_keep (b, head, &row, p);
		payment_settle (b, head, &row);
	}
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

/* To an invoice that takes nothing of it no payment goes. */
static struct outcome payment_place_fits (struct batch *b, const struct head *head, const struct payment_row *row, int64_t *ret_fits)
{
	struct payment_row at = *row;
	struct outcome out = payment_place_on (b, head, &at, NULL);
	*ret_fits = row->amount.minor;
	if (!is_done (out) || row->has.document_id != HERE)
		return out;
	*ret_fits = payment_fits (row, payable_find (b, head, row->document_id));
	if (*ret_fits)
		return out;
	return row->amount.minor > 0 ? refused (document_settled)
				     : field_wrong (b, "/document_id", "out_of_range", "Nothing came in for it that could go back.");
}

static struct outcome payment_move (struct batch *b, const struct head *head, const struct payment_allocate *cmd)
{
	struct payment_row row, rest = { 0 };
	int64_t fits;
	struct outcome ret = payment_find (b, head, cmd->payment_id, &row);
	if (!is_done (ret))
		return ret;
	struct payment_row was = row;
	row.document_id = cmd->document_id;
	row.has.document_id = cmd->has.document_id == HERE ? HERE : ABSENT;
	if (row.has.removed_at == HERE)
		return refused (payment_not_found);
	ret.version = row.version;
	if (row.has.document_id == was.has.document_id &&
	    (row.has.document_id != HERE || uuid_equal (row.document_id.uuid, was.document_id.uuid)))
		return ret;
	struct outcome placed = row.has.document_id == HERE ? payment_place_fits (b, head, &row, &fits) : done ();
	if (!is_done (placed))
		return placed;
	ret.version = ++row.version;
	const struct payable_row *p = payment_about (b, &row);
	bool more = row.has.document_id == HERE && fits != row.amount.minor;
	if (more)
		rest = payment_split (b, &row, fits);
	payment_keep (b, head, &row, p);
	if (more)
		payment_keep (b, head, &rest, NULL);
	payment_settle (b, head, &was);
	payment_settle (b, head, &row);
	return ret;
}

void payment_allocate (struct batch *b, const struct payment_allocate cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		ret[i] = payment_move (b, &cmd[i].head, &cmd[i]);
}
