/* A follow-up: what was said, where the deal stands from now on and what comes next, in one command. Activities are kept by another service, which hears
 * of it. Never moves a deal without saying why, never says what it did not write. */
#include "rules.h"
#include "commands.h"
#include "pipeline_sql.h"

#include <string.h>

/* The move in it; without one, to nowhere: the place is loaded all the same. */
static struct deal_move move_in (const struct deal_follow_up *cmd)
{
	bool moves = cmd->has.stage == HERE;
	return (struct deal_move){
		.head = cmd->head,
		.deal_id = cmd->deal_id,
		.stage = moves ? cmd->stage : "",
		.version = cmd->version,
		.note = cmd->note,
		.loss_reason = cmd->loss_reason,
		.has = { .stage = HERE, .version = cmd->has.version, .note = HERE, .loss_reason = cmd->has.loss_reason },
	};
}

static struct deal_followed_up follow_up_of (struct batch *b, const struct deal_follow_up *cmd, const struct deal_place *place, bool moves)
{
	bool next = cmd->has.at == HERE, named = cmd->has.owner_id == HERE;
	struct deal_followed_up ret = {
		.head = head_caused (b, &cmd->head),
		.deal_id = cmd->deal_id,
		.note_id = { uuid_new (b) },
		.note = cmd->note,
		.stage_id = place->target_id,
		.kind = cmd->kind,
		.at = cmd->at,
		.title = cmd->title,
		.assignee_id = named ? cmd->owner_id : place->owner_id,
		.owner_id = place->owner_id,
		.has = { .stage_id = moves ? HERE : ABSENT,
			 .kind = cmd->has.kind,
			 .at = cmd->has.at,
			 .title = cmd->has.title,
			 .next_id = next ? HERE : ABSENT,
			 .assignee_id = named ? (unsigned char) HERE : place->has.owner_id,
			 .owner_id = place->has.owner_id },
	};
	if (next)
		ret.next_id.uuid = uuid_new (b);
	return ret;
}

static const char *answer_of (struct batch *b, const struct deal_followed_up *said, const struct deal_place *place, bool moves)
{
	char stage[UUID_TEXT], note[UUID_TEXT], next[UUID_TEXT], batch[UUID_TEXT];
	uuid_format (said->head.correlation, batch);
	uuid_format (moves ? place->target_id.uuid : place->stage_id.uuid, stage);
	uuid_format (said->note_id.uuid, note);
	uuid_format (said->next_id.uuid, next);
	return said->has.next_id == HERE ? text_join (b, "{\"batch_id\":\"", batch, "\",\"stage_id\":\"", stage, "\",\"note_id\":\"", note,
						      "\",\"next_id\":\"", next, "\"}")
					 : text_join (b, "{\"batch_id\":\"", batch, "\",\"stage_id\":\"", stage, "\",\"note_id\":\"", note,
						      "\",\"next_id\":null}");
}

void deal_follow_up (struct batch *b, const struct deal_follow_up cmd[], size_t n, struct outcome ret[])
{
	struct deal_move *asked = ARRAY (b, asked, n);
	for (size_t i = 0; i < n; i++)
		asked[i] = move_in (&cmd[i]);
	const struct deal_place *place = deal_move_load (b, asked, n);
	struct deal_stage_changed *move = ARRAY (b, move, n);
	struct deal_followed_up *said = ARRAY (b, said, n);
	size_t moves = 0, says = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = deal_follow_up_check (batch_arena (b), &cmd[i], &asked[i], &place[i]);
		ret[i] = conflict_told (b, cmd[i].head.workspace, cmd[i].deal_id, cmd[i].version, ret[i]);
	}
	cards_move (b, asked, place, n, ret);
	for (size_t i = 0; i < n; i++) {
		if (!is_done (ret[i]))
			continue;
		bool enters = cmd[i].has.stage == HERE && !uuid_equal (place[i].stage_id.uuid, place[i].target_id.uuid);
		ret[i].id = cmd[i].deal_id.uuid;
		ret[i].version = place[i].version;
		if (enters) {
			move[moves] = deal_is_moved (b, &asked[i], &place[i]);
			move[moves].followed = true;
			move[moves].has.followed = HERE;
			ret[i].version = move[moves++].version;
		}
		said[says] = follow_up_of (b, &cmd[i], &place[i], enters);
		ret[i].data = answer_of (b, &said[says++], &place[i], enters);
	}
	deal_move_write (b, move, moves);
	cards_keep (b, move, moves);
	deal_stage_changed_emit (b, move, moves);
	deal_followed_up_emit (b, said, says);
}
