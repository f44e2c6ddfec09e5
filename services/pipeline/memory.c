/* What the writer remembers; see memory.h.
 * Never trusted in a batch that was refused once: that one looks at everything. */
#include "memory.h"

#include <string.h>
#include "pipeline_sql.h"

/* Read when it is not remembered; false: the workspace has not arrived yet. */
static bool board_of (struct batch *b, struct uuid workspace, struct board_known *ret)
{
	struct pipeline_memory *m = batch_state (b);
	struct board_known *known = &m->board[uuid_hash (workspace) % BOARDS_KNOWN];
	if (known->has.workspace_id != HERE || !uuid_equal (known->workspace_id.uuid, workspace)) {
		size_t rows;
		struct board_asked asked = { .workspace_id = { workspace } };
		const struct board_known *row = board_known_load (b, &asked, 1, &rows);
		if (rows == 0)
			return false;
		*known = *row;
	}
	*ret = *known;
	return true;
}

void boards_forget (struct batch *b)
{
	struct pipeline_memory *m = batch_state (b);
	memset (m, 0, sizeof *m);
}

const struct lead_plan *leads_plan (struct batch *b, const struct lead_created lead[], size_t n)
{
	if (batch_careful (b))
		return lead_created_load (b, lead, n);
	struct lead_plan *plan = ARRAY (b, plan, n);
	for (size_t i = 0; i < n; i++) {
		struct board_known board;
		if (!board_of (b, lead[i].head.workspace, &board))
			continue;
		plan[i] = (struct lead_plan){
			.auto_deal = board.auto_deal,
			.has.auto_deal = HERE,
			.stage_id = board.first_stage_id,
			.has.stage_id = board.has.first_stage_id,
			.default_owner_id = board.default_owner_id,
			.has.default_owner_id = board.has.default_owner_id,
			.search_upto = board.search_upto,
			.has.search_upto = board.has.search_upto,
		};
	}
	return plan;
}

/* A workspace in which some lead waits, of a time when not every one was a deal at once, is looked at lead by lead. */
static bool place_known (struct batch *b, const struct lead_contact_linked *linked, struct link_place *ret)
{
	struct board_known board;
	if (!board_of (b, linked->head.workspace, &board) || !board.auto_deal || board.has.first_stage_id != HERE || board.waits)
		return false;
	*ret = (struct link_place){
		.auto_deal = true,
		.has.auto_deal = HERE,
		.board = true,
		.has_deal = true,
		.search_upto = board.search_upto,
		.has.search_upto = board.has.search_upto,
	};
	return true;
}

const struct link_place *links_place (struct batch *b, const struct lead_contact_linked linked[], size_t n)
{
	struct link_place *place = ARRAY (b, place, n);
	for (size_t i = 0; i < n; i++)
		if (batch_careful (b) || !place_known (b, &linked[i], &place[i]))
			return lead_contact_linked_load (b, linked, n);
	return place;
}
