/* What the writer remembers; see memory.h.
 * Never remembers requests: whether one came before, its table tells. */
#include "memory.h"

#include <string.h>
#include "lead_intake_sql.h"

/* Read when it is not remembered; false: the workspace has not arrived yet. */
static bool way_of (struct batch *b, const struct submission_take *cmd, struct way_known *ret)
{
	struct intake_memory *m = batch_state (b);
	struct uuid source = cmd->has.source_id == HERE ? cmd->source_id.uuid : (struct uuid){ 0 };
	struct way_known *known = &m->way[(uuid_hash (cmd->head.workspace) ^ uuid_hash (source)) % WAYS_KNOWN];
	if (known->has.workspace_id != HERE || !uuid_equal (known->workspace_id.uuid, cmd->head.workspace) ||
	    !uuid_equal (known->source_id.uuid, source)) {
		size_t rows;
		const struct way_known *row = way_known_load (b, cmd, 1, &rows);
		if (rows == 0)
			return false;
		*known = *row;
		known->source_id.uuid = source;
	}
	*ret = *known;
	return true;
}

void ways_forget (struct batch *b)
{
	struct intake_memory *m = batch_state (b);
	memset (m, 0, sizeof *m);
}

const struct submission_known *submissions_known (struct batch *b, const struct submission_take cmd[], size_t n)
{
	size_t rows;
	struct submission_known *known = ARRAY (b, known, n);
	const struct submission_known *first = submission_first_load (b, cmd, n, &rows);
	for (size_t i = 0; i < rows; i++)
		known[first[i].item - 1] = first[i];
	for (size_t i = 0; i < n; i++) {
		struct way_known way;
		if (!way_of (b, &cmd[i], &way))
			continue;
		known[i].workspace_id = way.workspace_id;
		known[i].has.workspace_id = HERE;
		known[i].owner_id = way.owner_id;
		known[i].has.owner_id = way.has.owner_id;
		known[i].search_upto = way.search_upto;
		known[i].has.search_upto = way.has.search_upto;
	}
	return known;
}
