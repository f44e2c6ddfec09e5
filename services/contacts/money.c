/* Money on the timeline of what it is about: quotes, invoices, payments and orders, as billing says them; and what a company owes, beside what other systems
 * know of it. Each line bears the amounts as they were then.
 * It must never reckon an amount, nor say a balance where another system says one. */
#include "timeline.h"
#include "contacts_sql.h"

#include <string.h>

#include "money.h"

#define TOLD(event)                                                                             \
	void event (struct batch *b, const struct event item[], size_t n, struct outcome ret[]) \
	{                                                                                       \
		told_lines (b, &event##_record, item, n, ret);                                  \
	}
TOLD (quote_created)
TOLD (quote_viewed)
TOLD (quote_accepted)
TOLD (quote_declined)
TOLD (quote_expired)
TOLD (invoice_created)
TOLD (invoice_finalised)
TOLD (invoice_viewed)
TOLD (invoice_reminded)
TOLD (invoice_overdue)
TOLD (invoice_paid)
TOLD (credit_note_created)
TOLD (credit_note_finalised)
TOLD (credit_note_sent)
TOLD (payment_received)
TOLD (order_created)

/* The customer's link is for mailer alone. */
#define TOLD_LESS_LINK(event)                                                                   \
	void event (struct batch *b, const struct event item[], size_t n, struct outcome ret[]) \
	{                                                                                       \
		struct event *lean = ARRAY (b, lean, n);                                        \
		for (size_t i = 0; i < n; i++) {                                                \
			lean[i] = item[i];                                                      \
			lean[i].has.link = ABSENT;                                              \
		}                                                                               \
		told_lines (b, &event##_record, lean, n, ret);                                  \
	}
TOLD_LESS_LINK (quote_sent)
TOLD_LESS_LINK (invoice_sent)

/* ---- what a company owes ---- */

static const char balance_key[] = "open", balance_system[] = "billing";

static struct fact_row balance_row (struct batch *b, const struct balance_changed *event, const struct balance_place *place)
{
	char amount[24];
	struct fact_row ret = { .workspace_id = { event->head.workspace },
				.fact_id = place->fact_id,
				.about_id = { event->account_id.uuid },
				.about = record_kind_account,
				.panel = fact_panel_balance,
				.key = balance_key,
				.system = balance_system,
				.label = "{\"en\":\"To be paid\",\"nl\":\"Openstaand\"}",
				.as_of = event->head.at,
				.owner_id = place->owner_id,
				.has = { .fact_id = HERE,
					 .about_id = HERE,
					 .about = HERE,
					 .panel = HERE,
					 .key = HERE,
					 .system = HERE,
					 .label = HERE,
					 .value = HERE,
					 .as_of = HERE,
					 .owner_id = place->has.owner_id } };
	ret.value = arena_printf (batch_arena (b), "{\"amount\":\"%s\",\"currency\":\"%s\"}", money_amount (event->balance, amount),
				  event->balance.currency);
	if (place->has.fact_id != HERE)
		ret.fact_id.uuid = uuid_new (b);
	return ret;
}

static struct fact_changed balance_said (struct batch *b, const struct balance_changed *event, const struct fact_row *row)
{
	return (struct fact_changed){ .head = head_caused (b, &event->head),
				      .fact_id = row->fact_id,
				      .account_id = event->account_id,
				      .panel = row->panel,
				      .key = row->key,
				      .system = row->system,
				      .label = row->label,
				      .value = row->value,
				      .as_of = row->as_of,
				      .owner_id = row->owner_id,
				      .has = { .account_id = HERE, .label = HERE, .value = HERE, .owner_id = row->has.owner_id } };
}

/* What is no company here any more owes nothing; where another system keeps the books, what it says stands. */
void balance_changed (struct batch *b, const struct balance_changed event[], size_t n, struct outcome ret[])
{
	const struct balance_place *place = balance_load (b, event, n);
	struct fact_row *made = ARRAY (b, made, n), *other = ARRAY (b, other, n);
	struct fact_changed *said = ARRAY (b, said, n);
	size_t new_rows = 0, rows = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = !place[i].known || place[i].elsewhere ? skipped () : done ();
		if (!is_done (ret[i]))
			continue;
		struct fact_row row = balance_row (b, &event[i], &place[i]);
		said[new_rows + rows] = balance_said (b, &event[i], &row);
		if (place[i].has.fact_id == HERE)
			other[rows++] = row;
		else
			made[new_rows++] = row;
	}
	fact_insert (b, made, new_rows);
	fact_write (b, other, rows);
	fact_changed_emit (b, said, new_rows + rows);
}
