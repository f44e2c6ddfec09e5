/* Orders: what a won deal or an accepted quote became. One of a deal, whoever asks how often.
 * It must never make a second one of the same deal or quote, nor give a number twice. */
#include "billing.h"
#include "given.h"
#include "billing_sql.h"

static const char *order_number (struct batch *b, int64_t seq)
{
	return arena_printf (batch_arena (b), "ORD-%lld", (long long) seq);
}

static struct order_row order_of (const struct order_create *cmd, const struct order_place *place, int64_t now)
{
	return (struct order_row){ .workspace_id = { cmd->head.workspace },
				   .sales_order_id = cmd->sales_order_id,
				   .version = 1,
				   .seq = place->next,
				   .state = order_state_open,
				   .title = place->has.title == HERE ? place->title : "",
				   .total = place->total,
				   .deal_id = place->deal_id,
				   .lead_id = place->lead_id,
				   .document_id = place->document_id,
				   .contact_id = place->contact_id,
				   .account_id = place->account_id,
				   .owner_id = place->owner_id,
				   .created_at = now,
				   .created_by = { cmd->head.actor },
				   .has = { .total = place->has.total,
					    .deal_id = place->has.deal_id,
					    .lead_id = place->has.lead_id,
					    .document_id = place->has.document_id,
					    .contact_id = place->has.contact_id,
					    .account_id = place->has.account_id,
					    .owner_id = place->has.owner_id,
					    .created_by = HERE } };
}

#define ORDER_SAYS(b, cause, row)                                                                                                          \
	{                                                                                                                                  \
		.head = head_caused (b, cause), .sales_order_id = (row)->sales_order_id, .number = order_number (b, (row)->seq),           \
		.title = (row)->title, .total = (row)->total, .state = (row)->state, .deal_id = (row)->deal_id, .lead_id = (row)->lead_id, \
		.document_id = (row)->document_id, .contact_id = (row)->contact_id, .account_id = (row)->account_id,                       \
		.owner_id = (row)->owner_id, .has.total = (row)->has.total, .has.deal_id = (row)->has.deal_id,                             \
		.has.lead_id = (row)->has.lead_id, .has.document_id = (row)->has.document_id, .has.contact_id = (row)->has.contact_id,     \
		.has.account_id = (row)->has.account_id, .has.owner_id = (row)->has.owner_id,                                              \
	}

static struct outcome order_is (struct batch *b, struct uuid id, int64_t seq, int64_t version)
{
	struct outcome ret = done ();
	ret.id = id;
	ret.version = version;
	ret.data = arena_printf (batch_arena (b), "{\"number\":\"ORD-%lld\"}", (long long) seq);
	return ret;
}

/* One after the other: each sees what the one before it wrote. */
void order_create (struct batch *b, const struct order_create cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		struct order_ask ask = { .workspace_id = { cmd[i].head.workspace },
					 .deal_id = cmd[i].deal_id,
					 .document_id = cmd[i].document_id,
					 .has.deal_id = cmd[i].has.deal_id,
					 .has.document_id = cmd[i].has.document_id };
		if (cmd[i].has.deal_id != HERE && cmd[i].has.document_id != HERE) {
			ret[i] = refused_at (batch_arena (b), "/deal_id", "required", "an order is of a deal or of a quote");
			continue;
		}
		const struct order_place *place = order_load (b, &ask, 1);
		bool of_quote = cmd[i].has.document_id == HERE;
		/* what one may not see is not there */
		if (!place->known || !grant_covers (&cmd[i].head.grant, &place->owner_id) || (of_quote && !place->quote)) {
			ret[i] = of_quote ? refused (document_not_found) : refused (deal_not_found);
			continue;
		}
		if (place->has.sales_order_id == HERE) {
			ret[i] = order_is (b, place->sales_order_id.uuid, place->seq, place->version);
			continue;
		}
		struct order_row row = order_of (&cmd[i], place, moment_of (b, &cmd[i].head));
		struct order_created said = ORDER_SAYS (b, &cmd[i].head, &row);
		order_write (b, &row, 1);
		order_created_emit (b, &said, 1);
		ret[i] = order_is (b, row.sales_order_id.uuid, row.seq, 1);
	}
}

void order_update (struct batch *b, const struct order_update cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		struct order_ask ask = { .workspace_id = { cmd[i].head.workspace },
					 .sales_order_id = cmd[i].sales_order_id,
					 .has.sales_order_id = HERE };
		const struct order_place *place = order_load (b, &ask, 1);
		if (place->has.sales_order_id != HERE || !grant_covers (&cmd[i].head.grant, &place->owner_id)) {
			ret[i] = refused (order_not_found);
			continue;
		}
		if (cmd[i].has.version == HERE && cmd[i].version != place->version) {
			ret[i] = refused (stale);
			continue;
		}
		struct order_create as = { .head = cmd[i].head, .sales_order_id = cmd[i].sales_order_id };
		struct order_row row = order_of (&as, place, batch_now (b));
		row.seq = place->seq;
		row.version = place->version + 1;
		row.state = cmd[i].has.state == HERE ? cmd[i].state : place->state;
		row.note = cmd[i].has.note != ABSENT ? cmd[i].note : place->note;
		row.has.note = cmd[i].has.note != ABSENT ? (is_said (cmd[i].has.note, cmd[i].note) ? HERE : ABSENT) : place->has.note;
		struct order_changed said = ORDER_SAYS (b, &cmd[i].head, &row);
		said.version = row.version;
		order_write (b, &row, 1);
		order_changed_emit (b, &said, 1);
		ret[i] = order_is (b, row.sales_order_id.uuid, row.seq, row.version);
	}
}
