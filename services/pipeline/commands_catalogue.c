/* What people ask of catalogues: a value more, another name, place or cost; one command after the other, since each sees the list as the one before left it.
 * Never removes a value: deals hold its key. */
#include "rules.h"
#include "pipeline_sql.h"

static void item_say (struct batch *b, const struct head *cause, const struct catalogue_item *item)
{
	struct catalogue_changed said = {
		.head = head_caused (b, cause),
		.item_id = item->item_id,
		.catalogue = item->catalogue,
		.key = item->key,
		.label = item->label,
		.position = item->position,
		.retired = item->retired,
		.country = item->country,
		.has.country = item->has.country,
		.phone_code = item->phone_code,
		.has.phone_code = item->has.phone_code,
		.cost = item->cost,
		.has.cost = item->has.cost,
	};
	catalogue_changed_emit (b, &said, 1);
}

static struct outcome item_add_one (struct batch *b, const struct item_add *cmd)
{
	struct board_ask board = { .workspace_id = { cmd->head.workspace } };
	struct item_ask ask = { .workspace_id = { cmd->head.workspace } };
	size_t boards, known, n = 0, at;
	board_all (b, &board, 1, &boards);
	if (!boards)
		return refused (workspace_not_found);
	const struct catalogue_item *item = items_known (b, &ask, 1, &known);
	struct catalogue_item *list = ARRAY (b, list, known + 1);
	for (size_t i = 0; i < known; i++)
		if (item[i].catalogue == cmd->catalogue)
			list[n++] = item[i];
	struct outcome ret = item_add_apply (batch_arena (b), cmd, list, n, &at);
	if (!is_done (ret))
		return ret;
	item_put (b, list, n + 1);
	item_say (b, &cmd->head, &list[at]);
	ret.id = list[at].item_id.uuid;
	return ret;
}

void item_add (struct batch *b, const struct item_add cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		ret[i] = item_add_one (b, &cmd[i]);
}

static struct outcome item_update_one (struct batch *b, const struct item_update *cmd)
{
	struct item_ask ask = { .workspace_id = { cmd->head.workspace }, .item_id = cmd->item_id, .has.item_id = HERE };
	size_t n, at;
	bool changed = false;
	const struct catalogue_item *known = items_known (b, &ask, 1, &n);
	struct catalogue_item *list = ARRAY (b, list, n + 1);
	for (size_t i = 0; i < n; i++)
		list[i] = known[i];
	struct outcome ret = item_update_apply (batch_arena (b), cmd, list, n, &at, &changed);
	ret.id = cmd->item_id.uuid;
	if (!is_done (ret) || !changed)
		return ret;
	item_put (b, list, n);
	item_say (b, &cmd->head, &list[at]);
	return ret;
}

void item_update (struct batch *b, const struct item_update cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		ret[i] = item_update_one (b, &cmd[i]);
}
