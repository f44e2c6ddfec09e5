/* What people ask of the workspace's own fields: one more, another name, place or choices; one command after the other.
 * Never removes a field: records hold values under its key. */
#include "rules.h"
#include "pipeline_sql.h"

static void field_say (struct batch *b, const struct head *cause, const struct custom_field *f)
{
	struct custom_field_changed said = {
		.head = head_caused (b, cause),
		.custom_field_id = f->custom_field_id,
		.about = f->about,
		.kind = f->kind,
		.key = f->key,
		.label = f->label,
		.needed = f->needed,
		.retired = f->retired,
		.position = f->position,
		.choices = f->choices,
		.has.choices = f->has.choices,
	};
	custom_field_changed_emit (b, &said, 1);
}

/* The workspace's fields, with room for one more. */
static struct custom_field *fields_read (struct batch *b, struct uuid workspace, size_t *ret_n)
{
	struct custom_ask ask = { .workspace_id = { workspace } };
	const struct custom_field *known = fields_known (b, &ask, 1, ret_n);
	struct custom_field *list = ARRAY (b, list, *ret_n + 1);
	for (size_t i = 0; i < *ret_n; i++)
		list[i] = known[i];
	return list;
}

static struct outcome custom_field_add_one (struct batch *b, const struct custom_field_add *cmd)
{
	struct board_ask board = { .workspace_id = { cmd->head.workspace } };
	size_t boards, n, at;
	board_all (b, &board, 1, &boards);
	if (!boards)
		return refused (workspace_not_found);
	struct custom_field *list = fields_read (b, cmd->head.workspace, &n);
	struct outcome ret = field_add_apply (batch_arena (b), cmd, list, n, &at);
	if (!is_done (ret))
		return ret;
	field_put (b, list, n + 1);
	field_say (b, &cmd->head, &list[at]);
	ret.id = list[at].custom_field_id.uuid;
	return ret;
}

void custom_field_add (struct batch *b, const struct custom_field_add cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		ret[i] = custom_field_add_one (b, &cmd[i]);
}

static struct outcome custom_field_update_one (struct batch *b, const struct custom_field_update *cmd)
{
	size_t n, at;
	bool changed = false;
	struct custom_field *list = fields_read (b, cmd->head.workspace, &n);
	struct outcome ret = field_update_apply (batch_arena (b), cmd, list, n, &at, &changed);
	ret.id = cmd->custom_field_id.uuid;
	if (!is_done (ret) || !changed)
		return ret;
	field_put (b, list, n);
	field_say (b, &cmd->head, &list[at]);
	return ret;
}

void custom_field_update (struct batch *b, const struct custom_field_update cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		ret[i] = custom_field_update_one (b, &cmd[i]);
}
