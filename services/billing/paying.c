/* Attempts to pay: begun by the customer, told by providers, and what they come to. Load, decide, write, emit; who talks to providers is pay_act.c.
 * It must never make two payments of one, nor one of what is not in our own words (the invoice, the workspace and the currency that were asked for). */
#include "paying.h"

#include <string.h>
#include "billing_sql.h"
#include "mollie.h"
#include "payments.h"
#include "stripe.h"

/* ---- the customer wants to pay ---- */

static struct outcome pay_begin (struct batch *b, const struct portal_pay *cmd)
{
	struct pay_place_ask ask = { .workspace_id = { cmd->head.workspace }, .document_id = cmd->document_id, .hash = cmd->hash };
	const struct pay_place *place = pay_place_load (b, &ask, 1);
	if (!place->link)
		return refused (portal_void);
	if (place->open <= 0)
		return refused (document_settled);
	if (place->has.pay_provider_id != HERE)
		return refused (no_pay_provider);
	struct outcome ret = done ();
	if (place->has.under_way_id == HERE) { /* who asks twice is led to the same page */
		ret.id = place->under_way_id.uuid;
		return ret;
	}
	struct pay_begun row = { .workspace_id = { cmd->head.workspace },
				 .pay_attempt_id = cmd->has.pay_attempt_id == HERE ? cmd->pay_attempt_id : (pay_attempt_id){ uuid_new (b) },
				 .document_id = cmd->document_id,
				 .pay_provider_id = place->pay_provider_id,
				 .amount = { .minor = place->open },
				 .created_at = batch_now (b) };
	memcpy (row.amount.currency, place->currency, 3);
	pay_attempt_begin (b, &row, 1);
	batch_wake (b);
	ret.id = row.pay_attempt_id.uuid;
	return ret;
}

void portal_pay (struct batch *b, const struct portal_pay cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		ret[i] = pay_begin (b, &cmd[i]);
}

/* ---- what providers post ---- */

/* What names an event: its own id; of what says an id alone just that, for it comes again each time that something changed. */
static const char *event_key (struct batch *b, const struct hook_event_keep *cmd)
{
	struct arena *a = batch_arena (b);
	struct pay_hook hook;
	char id[UUID_TEXT];
	bool mollie = mollie_hook_read (a, cmd->body, &hook) == OK;
	if (!mollie && stripe_hook_read (a, cmd->body, &hook) != OK)
		return arena_text (a, uuid_format (cmd->hook_event_id.uuid, id));
	return hook.event_id ? hook.event_id : arena_printf (a, "id=%s", hook.fetch_id);
}

void hook_event_keep (struct batch *b, const struct hook_event_keep cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		struct hook_row row = { .workspace_id = { cmd[i].head.workspace },
					.hook_event_id = cmd[i].hook_event_id,
					.pay_provider_id = cmd[i].pay_provider_id,
					.event_key = event_key (b, &cmd[i]),
					.body = cmd[i].body,
					.signature = cmd[i].signature,
					.has.signature = cmd[i].has.signature,
					.good = cmd[i].good,
					.received_at = batch_now (b) };
		hook_event_write (b, &row, 1);
		ret[i] = done ();
		ret[i].id = row.hook_event_id.uuid;
	}
	batch_hurry (b);
}

/* True: an attempt that it names is asked for now. */
static bool hook_take (struct batch *b, const struct hook_due *due, const struct pay_hook *hook)
{
	struct hook_named named = { .workspace_id = due->workspace_id, .pay_provider_id = due->pay_provider_id, .payment = hook->fetch_id };
	size_t n;
	named.has.payment = hook->fetch_id ? HERE : ABSENT;
	named.session = hook->has_told ? hook->told.session_id : NULL;
	named.has.session = named.session ? HERE : ABSENT;
	hook_hurry (b, &named, 1, &n);
	return n > 0;
}

/* What names something that is not known yet may come before the answer that says its name: it waits a while. */
static void hooks_take (struct batch *b, const struct workspace_due *due, size_t workspaces)
{
	size_t n;
	const struct hook_due *hook = hooks_due_load (b, due, workspaces, &n);
	bool wake = false;
	for (size_t i = 0; i < n; i++) {
		struct pay_hook said;
		bool mollie = hook[i].kind == pay_provider_kind_mollie;
		enum status status = mollie ? mollie_hook_read (batch_arena (b), hook[i].body, &said)
					    : stripe_hook_read (batch_arena (b), hook[i].body, &said);
		struct hook_read read = { .workspace_id = hook[i].workspace_id, .hook_event_id = hook[i].hook_event_id, .state = "done" };
		bool names = status == OK && said.fetch_id, found = names && hook_take (b, &hook[i], &said);
		wake = wake || found;
		if (names && !found && !hook[i].old) {
			read.state = "waiting";
		} else if (!found) {
			read.why = status != OK ? "it cannot be read"
				   : names	? "it names nothing that was begun here"
						: "it is about no payment";
			read.has.why = HERE;
			read.state = status != OK ? "refused" : "done";
		}
		hook_read_write (b, &read, 1);
	}
	if (wake)
		batch_wake (b);
}

/* ---- what attempts come to ---- */

static struct payment_row payment_of (struct batch *b, const struct pay_untold *u, int64_t amount)
{
	struct payment_row row = { .workspace_id = u->workspace_id,
				   .payment_id = { uuid_new (b) },
				   .version = 1,
				   .document_id = u->document_id,
				   .has.document_id = u->has.document_id,
				   .account_id = u->account_id,
				   .has.account_id = u->has.account_id,
				   .contact_id = u->contact_id,
				   .has.contact_id = u->has.contact_id,
				   .owner_id = u->owner_id,
				   .has.owner_id = u->has.owner_id,
				   .amount = u->paid,
				   .day = u->today,
				   .method = u->kind == pay_provider_kind_mollie ? payment_method_mollie : payment_method_stripe,
				   .pay_attempt_id = u->pay_attempt_id,
				   .has.pay_attempt_id = HERE,
				   .has.external_id = HERE,
				   .created_at = batch_now (b) };
	row.amount.minor = amount;
	/* the first is the payment itself, those after it are what went back of it */
	row.external_id = u->payments ? arena_printf (batch_arena (b), "%s/%lld", u->external_id, (long long) u->payments) : u->external_id;
	return row;
}

/* However often and in whichever order it is told: what the payments come to is what the provider says came, less what went back. */
static void attempt_draw (struct batch *b, const struct head *clock, const struct pay_untold *found)
{
	struct pay_untold u = *found;
	struct head head = *clock;
	head.workspace = u.workspace_id.uuid; /* the clock has none */
	if (strcmp (u.state, "paid") != 0 || u.has.paid != HERE || u.has.external_id != HERE)
		return;
	if (!u.payments) {
		struct payment_row row = payment_of (b, &u, u.paid.minor);
		payments_take (b, &head, &row, 1);
		u.payments = 1;
		u.came = u.paid.minor;
	}
	int64_t more = u.paid.minor - u.refunded - u.came;
	/* what goes back is first of what is for no invoice */
	int64_t loose = more < 0 && u.loose > 0 ? (u.loose < -more ? u.loose : -more) : 0;
	if (loose) {
		struct payment_row row = payment_of (b, &u, -loose);
		row.has.document_id = ABSENT;
		payments_take (b, &head, &row, 1);
		u.payments++;
		more += loose;
	}
	if (more) {
		struct payment_row row = payment_of (b, &u, more);
		payments_take (b, &head, &row, 1);
	}
}

/* What an attempt found out: by whom one can be paid, and by whom no more. */
static size_t providers_tell (struct batch *b, const struct head *clock)
{
	size_t workspaces, n;
	const struct workspace_due *due = providers_moved (b, &workspaces);
	due = batch_own (b, &workspace_due_record, due, &workspaces);
	const struct pay_provider_row *row = providers_moved_load (b, due, workspaces, &n);
	struct pay_provider_changed *said = ARRAY (b, said, n + 1);
	for (size_t i = 0; i < n; i++) {
		struct head head = *clock;
		head.workspace = row[i].workspace_id.uuid;
		said[i] = (struct pay_provider_changed){ .head = head_caused (b, &head),
							 .pay_provider_id = row[i].pay_provider_id,
							 .name = row[i].name,
							 .kind = row[i].kind,
							 .state = row[i].state };
	}
	provider_told_write (b, row, n);
	pay_provider_changed_emit (b, said, n);
	return n;
}

void payments_tell (struct batch *b, const struct payments_tell cmd[], size_t n, struct outcome ret[])
{
	size_t workspaces, rows;
	const struct workspace_due *due = hooks_waiting (b, &workspaces);
	due = batch_own (b, &workspace_due_record, due, &workspaces);
	if (workspaces)
		hooks_take (b, due, workspaces);
	due = pay_changed (b, &workspaces);
	due = batch_own (b, &workspace_due_record, due, &workspaces);
	const struct pay_untold *found = pay_untold_load (b, due, workspaces, &rows);
	for (size_t i = 0; i < rows; i++)
		attempt_draw (b, &cmd[0].head, &found[i]);
	pay_told_write (b, found, rows);
	rows += providers_tell (b, &cmd[0].head);
	for (size_t i = 0; i < n; i++) {
		ret[i] = done ();
		ret[i].number = rows > 0; /* perhaps there is more of it */
	}
}
