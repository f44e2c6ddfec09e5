/* What services that began to listen later never heard: companies from before pipeline kept a copy, phones of the people of old deals. Said once more, each as
 * it stands, a bite a turn of the service's own clock; how far that is stands in a row that goes when all is said.
 * It must never say a change that there was not, nor say anything of a workspace twice. */
#include "memory.h"
#include "records.h"
#include "contacts_sql.h"

enum { BITE = 500 }; /* as the statements have it */

static struct head head_of_told (struct batch *b, const struct telling_step *cmd, struct uuid workspace)
{
	struct head ret = head_caused (b, &cmd->head);
	ret.workspace = workspace;
	return ret;
}

/* How many there were; the row is behind them. */
static size_t accounts_tell (struct batch *b, const struct telling_step *cmd, struct telling_row *row)
{
	size_t n;
	const struct told_account *account = telling_accounts (b, row, 1, &n);
	struct account_told *said = ARRAY (b, said, n + 1);
	for (size_t i = 0; i < n; i++) {
		said[i] = (struct account_told){ .head = head_of_told (b, cmd, row->workspace_id.uuid),
						 .account_id = account[i].account_id,
						 .name = account[i].name,
						 .lifecycle = account[i].lifecycle,
						 .owner_id = account[i].owner_id,
						 .onboarding_status = account[i].onboarding_status,
						 .roles = account[i].roles };
		said[i].has.owner_id = account[i].has.owner_id;
		said[i].has.onboarding_status = account[i].has.onboarding_status;
		said[i].has.roles = account[i].has.roles;
		row->after_id.uuid = account[i].account_id.uuid;
	}
	account_told_emit (b, said, n);
	return n;
}

static size_t contacts_tell (struct batch *b, const struct telling_step *cmd, struct telling_row *row)
{
	size_t n, rows = 0;
	const struct told_contact *contact = telling_contacts (b, row, 1, &n);
	struct contact_told *said = ARRAY (b, said, n + 1);
	for (size_t i = 0; i < n; i++) {
		row->after_id.uuid = contact[i].contact_id.uuid;
		if (!contact[i].deals)
			continue;
		said[rows] = (struct contact_told){ .head = head_of_told (b, cmd, row->workspace_id.uuid),
						    .contact_id = contact[i].contact_id,
						    .phone = contact[i].phone,
						    .owner_id = contact[i].owner_id };
		said[rows++].has.owner_id = contact[i].has.owner_id;
	}
	contact_told_emit (b, said, rows);
	return n;
}

/* One bite of one workspace; the next turn follows as soon as what came meanwhile is done. */
void telling_step (struct batch *b, const struct telling_step cmd[], size_t n, struct outcome ret[])
{
	size_t workspaces;
	struct telling_step now = cmd[0];
	now.now = batch_now (b);
	for (size_t i = 0; i < n; i++)
		ret[i] = done ();
	const struct workspace_due *own = telling_waiting (b, &now, 1, &workspaces);
	own = batch_own (b, &workspace_due_record, own, &workspaces);
	if (!workspaces)
		return;
	struct telling_row row = *telling_load (b, own, 1);
	size_t told = row.people ? contacts_tell (b, &now, &row) : accounts_tell (b, &now, &row);
	if (told == BITE) {
		telling_write (b, &row, 1);
	} else if (!row.people) {
		row.people = true;
		row.after_id = (record_id){ { { 0 } } };
		telling_write (b, &row, 1);
	} else {
		telling_drop (b, &row, 1);
	}
	ret[0].number = 1;
}
