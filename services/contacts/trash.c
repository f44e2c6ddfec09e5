/* What lay in the trash for 30 days: gone for good, and said so. The service gives the command itself, about once a second.
 * Never takes what is not due, nor what another owns. */
#include "memory.h"
#include "records.h"
#include "contacts_sql.h"

#include <jansson.h>
#include <stdlib.h>

static const char *leads_of (struct batch *b, const struct merge_result *gone)
{
	json_t *result = json_loads (gone->result, 0, NULL);
	char *text = json_dumps (json_object_get (result, "leads"), JSON_COMPACT);
	const char *ret = arena_text (batch_arena (b), text ? text : "[]");
	free (text);
	json_decref (result);
	return ret;
}

static struct head head_of_row (struct batch *b, const struct head *cause, const struct trash_row *row)
{
	struct head ret = head_caused (b, cause);
	ret.workspace = row->workspace_id.uuid;
	return ret;
}

static void contact_is_gone (struct batch *b, const struct head *cause, const struct trash_row *row)
{
	struct contact_purged said = { .head = head_of_row (b, cause, row),
				       .contact_id = { row->record_id.uuid },
				       .leads = leads_of (b, trash_gone (b, row, 1)),
				       .has.leads = HERE,
				       .owner_id = row->owner_id,
				       .has.owner_id = row->has.owner_id };
	contact_purged_emit (b, &said, 1);
}

static void account_is_gone (struct batch *b, const struct head *cause, const struct trash_row *row)
{
	trash_gone (b, row, 1);
	struct account_purged said = { .head = head_of_row (b, cause, row),
				       .account_id = { row->record_id.uuid },
				       .owner_id = row->owner_id,
				       .has.owner_id = row->has.owner_id };
	account_purged_emit (b, &said, 1);
}

void trash_empty (struct batch *b, const struct trash_empty cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		struct trash_empty now = cmd[i];
		size_t workspaces, found;
		now.now = batch_now (b);
		ret[i] = done ();
		const struct workspace_due *own = trash_waiting (b, &now, 1, &workspaces);
		own = batch_own (b, &workspace_due_record, own, &workspaces);
		const struct trash_row *due = trash_due (b, own, workspaces, &found);
		for (size_t k = 0; k < found; k++) {
			if (due[k].kind == merge_kind_contact)
				contact_is_gone (b, &cmd[i].head, &due[k]);
			else
				account_is_gone (b, &cmd[i].head, &due[k]);
			trash_away_drop (b, &due[k], 1);
		}
	}
}
