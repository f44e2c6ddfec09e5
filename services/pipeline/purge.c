/* What is gone for good: deals that lay in the trash for 30 days (the service gives the command itself, about once a second), and contacts and accounts
 * that contacts says are no more. Never takes what is not due, nor what another owns. */
#include "rules.h"
#include "pipeline_sql.h"

void deals_empty (struct batch *b, const struct deals_empty cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		struct deals_empty now = cmd[i];
		size_t workspaces, found;
		now.now = batch_now (b);
		ret[i] = done ();
		const struct workspace_due *own = deals_waiting (b, &now, 1, &workspaces);
		own = batch_own (b, &workspace_due_record, own, &workspaces);
		const struct deal_due *due = deals_due (b, own, workspaces, &found);
		for (size_t k = 0; k < found; k++) {
			struct deal_purged said = { .head = head_caused (b, &cmd[i].head),
						    .deal_id = due[k].deal_id,
						    .lead_id = due[k].lead_id,
						    .has.lead_id = due[k].has.lead_id,
						    .owner_id = due[k].owner_id,
						    .has.owner_id = due[k].has.owner_id };
			said.head.workspace = due[k].workspace_id.uuid;
			deal_empty (b, &due[k], 1);
			deal_purged_emit (b, &said, 1);
		}
	}
}

void contact_purged (struct batch *b, const struct contact_purged gone[], size_t n, struct outcome ret[])
{
	contact_purged_deals (b, gone, n);
	contact_purged_leads (b, gone, n);
	for (size_t i = 0; i < n; i++)
		ret[i] = done ();
}

void account_purged (struct batch *b, const struct account_purged gone[], size_t n, struct outcome ret[])
{
	account_purged_deals (b, gone, n);
	account_purged_drop (b, gone, n);
	for (size_t i = 0; i < n; i++)
		ret[i] = done ();
}
