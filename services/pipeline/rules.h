/* What pipeline decides: pure functions over what was said and what was loaded. No I/O; time and ids are given.
 * Never reads a table, never writes one. */
#ifndef LEADWIRE_PIPELINE_RULES_H
#define LEADWIRE_PIPELINE_RULES_H

#include "records.h"

/* A preset's part for pipeline, as rows. Arrays in the arena. */
struct preset_board {
	bool auto_deal;
	struct board_pipeline *pipeline;
	size_t pipelines;
	struct board_stage *stage;
	size_t stages;
	stage_id first_stage_id;
};

/* Reads `content` (see proto/presets/README.md). False: *ret_error says what is wrong with it. The ids of pipelines and stages are made
 * of the workspace and their keys: the same preset gives the same ids. */
bool preset_read (struct arena *a, workspace_id workspace, const char *content, struct preset_board *ret,
		  const char **ret_error) MUST_CHECK;

/* What workspace.preset_changed says of a board: the move_mode (-1: nothing), and whether a whole preset comes, to be laid upon the board of that key.
 * False: *ret_error says what is wrong with it. */
struct preset_change {
	int move_mode;
	bool whole;
	struct preset_board board; /* of the whole: its first pipeline, under the key of the board that is there */
};
bool preset_change_read (struct arena *a, workspace_id workspace, const char *content, const char *key, struct preset_change *ret,
			 const char **ret_error) MUST_CHECK;

struct outcome deal_move_check (const struct deal_move *cmd, const struct deal_place *place);
struct outcome deal_update_check (const struct deal_update *cmd, const struct deal_state *was);

/* Fills everything of `ret` but its head: the deal as the command leaves it, and what changed. False: nothing changed. */
bool deal_update_merge (struct arena *a, const struct deal_update *cmd, const struct deal_state *was, struct deal_updated *ret);
/* A lead got another owner: its deal follows when it still has the one that the lead had. False: it stays. */
bool deal_follow_lead (struct arena *a, const struct lead_updated *lead, const struct deal_state *was, struct deal_updated *ret);

/* Who owns a deal made by hand: who was named, else its maker when they see only their own, else the workspace's default owner.
 * False: nobody. */
bool deal_owner (const struct deal_create *cmd, const struct deal_start *start, user_id *ret);

/* Whether the deal is not past the last page of search: its words have to stand on one of its own. */
bool stands_on_page (unsigned char has_upto, deal_id upto, struct uuid deal);
/* Whether a contact's name or company changed. */
bool name_changed (struct list changes);

enum link { LINK_DEAL, LINK_OTHER, LINK_WAITING, LINK_NOTHING, LINK_TOO_EARLY };
/* Where the contact of a lead is to be noted: OTHER, the deal had another one. */
enum link link_decide (const struct lead_contact_linked *linked, const struct link_place *place);

#endif
