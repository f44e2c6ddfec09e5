/* What the rooms of pipeline's commands share: a move and a change of many deals, decided already or not.
 * Never anything that decides: that is rules.h. */
#ifndef LEADWIRE_PIPELINE_COMMANDS_H
#define LEADWIRE_PIPELINE_COMMANDS_H

#include "rules.h"

/* The action a command belongs to, as its events bear it. */
struct uuid batch_of (const struct head *head);
/* The event of a move that may be made: what is written is what is said. */
struct deal_stage_changed deal_is_moved (struct batch *b, const struct deal_move *cmd, const struct deal_place *place);
/* Who saw an old deal hears what happened to it since; any other outcome stays as it is. */
struct outcome conflict_told (struct batch *b, struct uuid workspace, deal_id deal, int64_t version, struct outcome outcome);
/* Before moves that are written elsewhere, and after: at most one of an account enters an open stage of a pipeline of relationships. */
void cards_move (struct batch *b, const struct deal_move cmd[], const struct deal_place place[], size_t n, struct outcome ret[]);
void cards_keep (struct batch *b, const struct deal_stage_changed move[], size_t n);
/* What was decided: `place` answers item i. `since` (of an undone move, or null): when the deal had entered the stage, 0: it enters now. */
void deals_move (struct batch *b, const struct deal_move cmd[], const struct deal_place place[], const int64_t since[], size_t n,
		 struct outcome ret[]);
/* `was` answers item i, `custom` of the commands is the whole. */
void deals_change (struct batch *b, const struct deal_update cmd[], const struct deal_state was[], size_t n, struct outcome ret[]);
/* What `part` says of deals is put back, but for what somebody changed since; the JSON of what stayed, which the caller gives back. *ret_backs: how many
 * deals came back. */
json_t *deals_put_back (struct batch *b, const struct head *head, const struct undo_part part[], size_t n, size_t *ret_backs);
/* The fields of their own that the workspaces of these commands have. */
struct custom_fields fields_to_change (struct batch *b, const struct deal_update cmd[], size_t n);

#endif
