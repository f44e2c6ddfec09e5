/* What an accepted quote makes of its deal: its value, as any change of it, with its history.
 * It must never move a deal, nor bring back one that was thrown away. */
#include "commands.h"
#include "pipeline_sql.h"
#include "rules.h"

/* Billing says what the quote is worth to the deal, and nothing where the company wants that left alone. */
void quote_accepted (struct batch *b, const struct quote_accepted event[], size_t n, struct outcome ret[])
{
	struct deal_update *cmd = ARRAY (b, cmd, n);
	struct outcome *done_with = ARRAY (b, done_with, n);
	size_t *of = ARRAY (b, of, n), cmds = 0;
	for (size_t i = 0; i < n; i++) {
		bool worth = event[i].has.deal_id == HERE && event[i].has.deal_worth == HERE;
		ret[i] = skipped ();
		if (!worth)
			continue;
		of[cmds] = i;
		cmd[cmds++] = (struct deal_update){ .head = event[i].head,
						    .deal_id = event[i].deal_id,
						    .value = event[i].deal_worth,
						    .has = { .deal_id = HERE, .value = HERE } };
	}
	const struct deal_state *was = deal_update_load (b, cmd, cmds);
	for (size_t k = 0; k < cmds; k++)
		done_with[k] = was[k].has.deal_id == HERE ? done () : skipped ();
	deals_change (b, cmd, was, cmds, done_with);
	for (size_t k = 0; k < cmds; k++)
		ret[of[k]] = is_done (done_with[k]) ? done () : skipped ();
}
