/* What deals do when two contacts or accounts become one, and two again: events, one function each; load, decide, write.
 * Says nothing: a deal's contact is whoever contacts says. Never moves back what it did not move. */
#include "rules.h"
#include "pipeline_sql.h"

static struct merge_heard heard_of (const struct head *head, merge_id merge)
{
	return (struct merge_heard){ .workspace_id = { head->workspace }, .merge_id = merge };
}

static void all_done (struct outcome ret[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		ret[i] = done ();
}

void contact_merged (struct batch *b, const struct contact_merged merge[], size_t n, struct outcome ret[])
{
	struct merge_heard *heard = ARRAY (b, heard, n);
	for (size_t i = 0; i < n; i++)
		heard[i] = heard_of (&merge[i].head, merge[i].merge_id);
	contact_merged_move (b, merge, n);
	merged_late (b, heard, n);
	all_done (ret, n);
}

void contact_unmerged (struct batch *b, const struct contact_unmerged merge[], size_t n, struct outcome ret[])
{
	struct merge_heard *heard = ARRAY (b, heard, n);
	for (size_t i = 0; i < n; i++)
		heard[i] = heard_of (&merge[i].head, merge[i].merge_id);
	contact_unmerged_move (b, merge, n);
	merged_late (b, heard, n);
	merge_move_drop (b, heard, n);
	all_done (ret, n);
}

void account_merged (struct batch *b, const struct account_merged merge[], size_t n, struct outcome ret[])
{
	account_merged_move (b, merge, n);
	account_merged_gone (b, merge, n);
	all_done (ret, n);
}

void account_unmerged (struct batch *b, const struct account_unmerged merge[], size_t n, struct outcome ret[])
{
	struct merge_heard *heard = ARRAY (b, heard, n);
	for (size_t i = 0; i < n; i++)
		heard[i] = heard_of (&merge[i].head, merge[i].merge_id);
	account_unmerged_back (b, merge, n);
	account_unmerged_move (b, merge, n);
	merge_move_drop (b, heard, n);
	all_done (ret, n);
}
