/* What a company owes: open invoices less payments that are for none yet, in the workspace's own currency; reckoned anew when one of them moves, and said when
 * it is another amount. It must never be added up from what was said before: it is what the rows say. */
#include "documents.h"

#include "billing_sql.h"

void balance_tell (struct batch *b, const struct head *head, account_id account)
{
	struct balance_ask ask = { .workspace_id = { head->workspace }, .account_id = account };
	size_t n;
	const struct balance_row *row = balance_move (b, &ask, 1, &n);
	for (size_t i = 0; i < n; i++) {
		struct balance_changed said = { .head = head_caused (b, head),
						.account_id = row[i].account_id,
						.balance = row[i].balance,
						.owner_id = row[i].owner_id,
						.has.owner_id = row[i].has.owner_id };
		balance_changed_emit (b, &said, 1);
	}
}

void balances_tell (struct batch *b, const struct head *head, const struct document_row d[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (d[i].has.account_id == HERE)
			balance_tell (b, head, d[i].account_id);
}
