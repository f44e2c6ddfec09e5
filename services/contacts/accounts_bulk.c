/* One thing done to many accounts: the very changes that people do one by one. What refuses one lets the others go on.
 * Never decides what the commands for one account do not. */
#include "accounts.h"
#include "rules.h"
#include "contacts_sql.h"

static const struct account_row *rows_now (struct batch *b, const struct head *head, const struct uuid id[], size_t n)
{
	struct account_ask *ask = ARRAY (b, ask, n);
	for (size_t i = 0; i < n; i++)
		ask[i] = (struct account_ask){
			.workspace_id = { head->workspace }, .account_id = { id[i] }, .trashed = true, .has.trashed = HERE
		};
	return account_load (b, ask, n);
}

static void owners_give (struct batch *b, const struct head *head, const struct uuid id[], size_t n, unsigned char has, user_id owner,
			 struct outcome out[])
{
	struct account_update *cmd = ARRAY (b, cmd, n);
	for (size_t i = 0; i < n; i++)
		cmd[i] = (struct account_update){ .head = *head, .account_id = { id[i] }, .owner_id = owner, .has.owner_id = has };
	account_update (b, cmd, n, out);
}

#define EACH(type)                                                                        \
	do {                                                                              \
		struct type *cmd = ARRAY (b, cmd, n);                                     \
		for (size_t i = 0; i < n; i++)                                            \
			cmd[i] = (struct type){ .head = *head, .account_id = { id[i] } }; \
		type (b, cmd, n, out);                                                    \
	} while (0)

const struct account_row *accounts_do (struct batch *b, const struct head *head, const struct uuid id[], size_t n,
				       enum people_action action, unsigned char has_owner, user_id owner, struct outcome out[], bool did[])
{
	const struct account_row *was = rows_now (b, head, id, n);
	switch (action) {
	case people_action_owner: owners_give (b, head, id, n, has_owner, owner, out); break;
	case people_action_archive: EACH (account_archive); break;
	case people_action_reactivate: EACH (account_reactivate); break;
	case people_action_delete: EACH (account_trash); break;
	case people_action_restore: EACH (account_restore); break;
	case people_action_tag:
	case people_action_untag:
	case people_action_type:
	case people_action_status:
	case people_action_count: break;
	}
	for (size_t i = 0; i < n; i++)
		did[i] = is_done (out[i]) && out[i].version != was[i].version;
	return was;
}
