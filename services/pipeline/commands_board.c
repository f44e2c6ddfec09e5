/* What people ask of boards: pipelines and their stages, one command after the other (they are rare, and each sees what the one before it left).
 * Every change says how the whole board stands from then on. Never loses a deal: a stage goes empty, or its deals move first. */
#include "rules.h"
#include "memory.h"
#include "pipeline_sql.h"

/* The board that is meant, with its stages and room for one more. False: there is none. */
static bool board_read (struct batch *b, const struct board_ask *ask, struct board *ret)
{
	size_t found;
	const struct board_pipeline *pipeline = board_find (b, ask, 1, &found);
	if (!found)
		return false;
	*ret = (struct board){ .pipeline = pipeline[0] };
	const struct board_stage *stage = board_stages (b, pipeline, 1, &ret->n);
	ret->stage = ARRAY (b, ret->stage, ret->n + 1);
	for (size_t i = 0; i < ret->n; i++)
		ret->stage[i] = stage[i];
	return true;
}

static void board_keep (struct batch *b, const struct board *board)
{
	board_put (b, &board->pipeline, 1);
	board_unmark (b, &board->pipeline, 1);
	board_stage_lay (b, board->stage, board->n);
	if (board->pipeline.begins)
		board_first (b, &board->pipeline, 1);
	boards_forget (b);
}

static void board_say (struct batch *b, const struct head *cause, const char *what, const struct board *board, const stage_id *stage)
{
	struct board_changed said = board_told (batch_arena (b), board);
	said.head = head_caused (b, cause);
	said.what = what;
	if (stage) {
		said.stage_id = *stage;
		said.has.stage_id = HERE;
	}
	board_changed_emit (b, &said, 1);
}

static struct outcome pipeline_add_one (struct batch *b, const struct pipeline_add *cmd)
{
	struct board_ask ask = { .workspace_id = { cmd->head.workspace } };
	struct board board;
	size_t n;
	const struct board_pipeline *boards = board_all (b, &ask, 1, &n);
	struct outcome ret = n ? pipeline_add_apply (batch_arena (b), cmd, boards, n, &board) : refused (workspace_not_found);
	if (!is_done (ret))
		return ret;
	board_keep (b, &board);
	board_say (b, &cmd->head, "pipeline_add", &board, NULL);
	ret.id = board.pipeline.pipeline_id.uuid;
	return ret;
}

void pipeline_add (struct batch *b, const struct pipeline_add cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		ret[i] = pipeline_add_one (b, &cmd[i]);
}

/* Every board has its place among the others; those that moved are written, the one that was meant is told. */
static void boards_order (struct batch *b, const struct board_ask *ask, struct board *board, int64_t position)
{
	size_t n;
	const struct board_pipeline *there = board_all (b, ask, 1, &n);
	struct board_pipeline *boards = ARRAY (b, boards, n);
	for (size_t i = 0; i < n; i++)
		boards[i] = there[i];
	boards_place (boards, n, board->pipeline.pipeline_id, position);
	board_put (b, boards, n);
	for (size_t i = 0; i < n; i++)
		if (uuid_equal (boards[i].pipeline_id.uuid, board->pipeline.pipeline_id.uuid))
			board->pipeline.position = boards[i].position;
}

static struct outcome pipeline_update_one (struct batch *b, const struct pipeline_update *cmd)
{
	char text[UUID_TEXT];
	struct board_ask ask = { .workspace_id = { cmd->head.workspace },
				 .board = uuid_format (cmd->pipeline_id.uuid, text),
				 .has.board = HERE };
	struct board board;
	bool changed = false;
	if (!board_read (b, &ask, &board))
		return refused (pipeline_not_found);
	struct outcome ret = pipeline_update_apply (batch_arena (b), cmd, &board, &changed);
	ret.id = cmd->pipeline_id.uuid;
	if (!is_done (ret) || !changed)
		return ret;
	if (cmd->has.position == HERE)
		boards_order (b, &ask, &board, cmd->position);
	board_put (b, &board.pipeline, 1);
	board_say (b, &cmd->head, "pipeline_update", &board, NULL);
	return ret;
}

void pipeline_update (struct batch *b, const struct pipeline_update cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		ret[i] = pipeline_update_one (b, &cmd[i]);
}

static struct outcome stage_add_one (struct batch *b, const struct stage_add *cmd)
{
	struct board_ask ask = { .workspace_id = { cmd->head.workspace }, .board = cmd->pipeline, .has.board = HERE };
	struct board board;
	size_t at;
	if (!board_read (b, &ask, &board))
		return refused_at (batch_arena (b), "/pipeline", "unknown", "there is no such pipeline");
	struct outcome ret = stage_add_apply (batch_arena (b), cmd, &board, &at);
	if (!is_done (ret))
		return ret;
	board_keep (b, &board);
	board_say (b, &cmd->head, "stage_add", &board, &board.stage[at].stage_id);
	ret.id = board.stage[at].stage_id.uuid;
	return ret;
}

void stage_add (struct batch *b, const struct stage_add cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		ret[i] = stage_add_one (b, &cmd[i]);
}

static struct outcome stage_update_one (struct batch *b, const struct stage_update *cmd)
{
	struct board_ask ask = { .workspace_id = { cmd->head.workspace }, .stage_id = cmd->stage_id, .has.stage_id = HERE };
	struct board board;
	size_t at;
	bool changed = false;
	if (!board_read (b, &ask, &board))
		return refused (stage_not_found);
	struct outcome ret = stage_update_apply (batch_arena (b), cmd, &board, &at, &changed);
	ret.id = cmd->stage_id.uuid;
	if (!is_done (ret) || !changed)
		return ret;
	board_keep (b, &board);
	board_say (b, &cmd->head, "stage_update", &board, &cmd->stage_id);
	return ret;
}

void stage_update (struct batch *b, const struct stage_update cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		ret[i] = stage_update_one (b, &cmd[i]);
}

/* All of them in one go, each with its event: history has no gap, and the sums are those of single moves. */
static size_t stage_empty (struct batch *b, const struct head *cause, const struct board_stage *from, const struct board_stage *to)
{
	size_t n;
	const struct deal_place *place = board_deals (b, from, 1, &n);
	struct deal_stage_changed *move = ARRAY (b, move, n);
	for (size_t i = 0; i < n; i++)
		move[i] = (struct deal_stage_changed){
			.head = head_caused (b, cause),
			.deal_id = place[i].deal_id,
			.from_id = from->stage_id,
			.to_id = to->stage_id,
			.from_key = from->key,
			.has.from_key = HERE,
			.to_key = to->key,
			.has.to_key = HERE,
			.closed = to->kind != stage_kind_open,
			.loss_reason = place[i].loss_reason,
			.has.loss_reason = to->kind == stage_kind_lost ? place[i].has.loss_reason : (unsigned char) ABSENT,
			.won = to->kind == stage_kind_won,
			.has.won = to->kind == stage_kind_won ? HERE : ABSENT,
			.version = place[i].version + 1,
			.lead_id = place[i].lead_id,
			.has.lead_id = place[i].has.lead_id,
			.owner_id = place[i].owner_id,
			.has.owner_id = place[i].has.owner_id,
		};
	struct deal_account_row *card = ARRAY (b, card, n);
	size_t cards = 0;
	for (size_t i = 0; i < n; i++) {
		move[i].account_id = place[i].account_id;
		move[i].has.account_id = place[i].has.account_id;
		if (move[i].has.account_id == HERE && move[i].closed)
			card[cards++] = (struct deal_account_row){ .workspace_id = { cause->workspace }, .deal_id = place[i].deal_id };
	}
	deal_move_write (b, move, n);
	deal_card_off (b, card, cards);
	deal_stage_changed_emit (b, move, n);
	return n;
}

static struct outcome stage_remove_one (struct batch *b, const struct stage_remove *cmd)
{
	struct board_ask ask = { .workspace_id = { cmd->head.workspace }, .stage_id = cmd->stage_id, .has.stage_id = HERE };
	struct board board;
	struct board_stage gone, to;
	if (!board_read (b, &ask, &board))
		return refused (stage_not_found);
	struct outcome ret = stage_remove_apply (batch_arena (b), cmd, &board, &gone, &to);
	if (!is_done (ret))
		return ret;
	size_t moved = uuid_is_null (to.stage_id.uuid) ? 0 : stage_empty (b, &cmd->head, &gone, &to);
	board_stage_drop (b, &gone, 1);
	board_sums_drop (b, &gone, 1);
	board_keep (b, &board);
	board_say (b, &cmd->head, "stage_remove", &board, &cmd->stage_id);
	ret.data = arena_printf (batch_arena (b), "{\"moved\":%zu}", moved);
	return ret;
}

void stage_remove (struct batch *b, const struct stage_remove cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		ret[i] = stage_remove_one (b, &cmd[i]);
}
