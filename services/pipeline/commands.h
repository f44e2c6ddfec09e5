/* What the rooms of pipeline's commands share. Never decides anything: that is rules.h. */
#ifndef LEADWIRE_PIPELINE_COMMANDS_H
#define LEADWIRE_PIPELINE_COMMANDS_H

#include "records.h"

/* The event of a move that may be made: what is written is what is said. */
struct deal_stage_changed deal_is_moved (struct batch *b, const struct deal_move *cmd, const struct deal_place *place);
/* Who saw an old deal hears what happened to it since; any other outcome stays as it is. */
struct outcome conflict_told (struct batch *b, struct uuid workspace, deal_id deal, int64_t version, struct outcome outcome);

#endif
