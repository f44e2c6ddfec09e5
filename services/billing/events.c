/* The events that billing hears: workspaces, people, and whom documents are for. The projections are kept, and documents follow merges and owners.
 * It must never change what is printed of a document because of what it hears: that is the law's. */
#include "billing_sql.h"
#include "documents.h"
#include "files.h"
#include "records.h"

static void all_done (struct outcome ret[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		ret[i] = done ();
}

#define KEPT(event)                                                                             \
	void event (struct batch *b, const struct event item[], size_t n, struct outcome ret[]) \
	{                                                                                       \
		event##_write (b, item, n);                                                     \
		all_done (ret, n);                                                              \
	}
KEPT (workspace_created)
KEPT (workspace_updated)
KEPT (workspace_preset_changed)
KEPT (member_changed)
KEPT (member_handed_over)
KEPT (deal_created)
KEPT (deal_updated)
KEPT (deal_converted)
KEPT (deal_contact_linked)
KEPT (lead_contact_linked)
KEPT (contact_created)
KEPT (contact_updated)
KEPT (account_created)
KEPT (account_updated)
KEPT (account_told)

/* What moves is remembered: a merge can be taken back. */
void contact_merged (struct batch *b, const struct contact_merged item[], size_t n, struct outcome ret[])
{
	contact_merged_note (b, item, n);
	contact_merged_write (b, item, n);
	all_done (ret, n);
}

void contact_unmerged (struct batch *b, const struct contact_unmerged item[], size_t n, struct outcome ret[])
{
	contact_unmerged_write (b, item, n);
	contact_unmerged_back (b, item, n);
	all_done (ret, n);
}

/* What both owed is what the one that stays owes. */
void account_merged (struct batch *b, const struct account_merged item[], size_t n, struct outcome ret[])
{
	account_merged_note (b, item, n);
	account_merged_write (b, item, n);
	for (size_t i = 0; i < n; i++)
		balance_tell (b, &item[i].head, item[i].survivor_id);
	all_done (ret, n);
}

void account_unmerged (struct batch *b, const struct account_unmerged item[], size_t n, struct outcome ret[])
{
	account_unmerged_write (b, item, n);
	account_unmerged_back (b, item, n);
	for (size_t i = 0; i < n; i++) {
		balance_tell (b, &item[i].head, item[i].survivor_id);
		balance_tell (b, &item[i].head, item[i].loser_id);
	}
	all_done (ret, n);
}

void deal_purged (struct batch *b, const struct deal_purged item[], size_t n, struct outcome ret[])
{
	deal_purged_drop (b, item, n);
	all_done (ret, n);
}

void contact_purged (struct batch *b, const struct contact_purged item[], size_t n, struct outcome ret[])
{
	contact_purged_drop (b, item, n);
	all_done (ret, n);
}

void account_purged (struct batch *b, const struct account_purged item[], size_t n, struct outcome ret[])
{
	account_purged_drop (b, item, n);
	all_done (ret, n);
}

/* All that was kept of it, files as well. */
void workspace_removed (struct batch *b, const struct workspace_removed event[], size_t n, struct outcome ret[])
{
	removed_workspace_open (b, event, n);
	removed_hook_event_drop (b, event, n);
	removed_pay_attempt_drop (b, event, n);
	removed_pay_provider_drop (b, event, n);
	removed_payment_drop (b, event, n);
	removed_statement_line_drop (b, event, n);
	removed_statement_drop (b, event, n);
	removed_mail_want_drop (b, event, n);
	removed_render_drop (b, event, n);
	removed_recurrence_drop (b, event, n);
	removed_sales_order_drop (b, event, n);
	removed_document_drop (b, event, n);
	removed_counter_drop (b, event, n);
	removed_series_drop (b, event, n);
	removed_company_drop (b, event, n);
	removed_catalog_item_drop (b, event, n);
	removed_lead_contact_drop (b, event, n);
	removed_deal_drop (b, event, n);
	removed_contact_drop (b, event, n);
	removed_account_drop (b, event, n);
	removed_member_drop (b, event, n);
	removed_merge_move_drop (b, event, n);
	removed_workspace_drop (b, event, n);
	for (size_t i = 0; i < n; i++) {
		files_drop (batch_files (b), event[i].workspace_id.uuid);
		batch_workspace_end (b, event[i].workspace_id.uuid);
		ret[i] = done ();
	}
}
