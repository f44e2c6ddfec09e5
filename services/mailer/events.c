/* The events that mailer hears: workspaces, people, and what a mail says of a deal. Says nothing: the projections are kept, and that is all.
 * It must never write to anybody because of what it hears here: sending is asked for, or stands in notices.c. */
#include "files.h"
#include "records.h"
#include "mailer_sql.h"

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
KEPT (deal_created)
KEPT (lead_contact_linked)
KEPT (contact_created)
KEPT (contact_updated)
KEPT (contact_merged)
KEPT (contact_unmerged)
KEPT (quote_sent)
KEPT (invoice_sent)
KEPT (document_changed)

void member_handed_over (struct batch *b, const struct member_handed_over item[], size_t n, struct outcome ret[])
{
	member_handed_over_write (b, item, n);
	contact_handed_over (b, item, n);
	thread_handed_over (b, item, n);
	all_done (ret, n);
}

/* Whoever changes a deal has seen it: nobody tells them that it is new. */
void deal_updated (struct batch *b, const struct deal_updated item[], size_t n, struct outcome ret[])
{
	deal_updated_write (b, item, n);
	letters_changed (b, item, n);
	all_done (ret, n);
}

void contact_purged (struct batch *b, const struct contact_purged item[], size_t n, struct outcome ret[])
{
	contact_purged_drop (b, item, n);
	all_done (ret, n);
}

void deal_purged (struct batch *b, const struct deal_purged item[], size_t n, struct outcome ret[])
{
	deal_purged_drop (b, item, n);
	letters_purged (b, item, n);
	all_done (ret, n);
}

/* All that was kept of it, files as well. */
void workspace_removed (struct batch *b, const struct workspace_removed event[], size_t n, struct outcome ret[])
{
	removed_sending_stop (b, event, n);
	removed_provider_event_drop (b, event, n);
	removed_suppression_drop (b, event, n);
	removed_inbound_drop (b, event, n);
	removed_mailbox_drop (b, event, n);
	removed_forgotten_drop (b, event, n);
	removed_canary_drop (b, event, n);
	removed_oauth_drop (b, event, n);
	removed_dns_drop (b, event, n);
	removed_push_drop (b, event, n);
	removed_push_subscription_drop (b, event, n);
	removed_attachment_drop (b, event, n);
	removed_try_drop (b, event, n);
	removed_letter_drop (b, event, n);
	removed_recipient_drop (b, event, n);
	removed_message_drop (b, event, n);
	removed_thread_drop (b, event, n);
	removed_account_drop (b, event, n);
	removed_template_drop (b, event, n);
	removed_document_drop (b, event, n);
	removed_lead_contact_drop (b, event, n);
	removed_contact_drop (b, event, n);
	removed_deal_drop (b, event, n);
	removed_member_drop (b, event, n);
	removed_workspace_drop (b, event, n);
	for (size_t i = 0; i < n; i++) {
		files_drop (batch_files (b), event[i].workspace_id.uuid);
		batch_workspace_end (b, event[i].workspace_id.uuid);
		ret[i] = done ();
	}
}
