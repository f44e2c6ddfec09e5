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

/* A board as people change it; the array has room for one stage more. */
struct board {
	struct board_pipeline pipeline;
	struct board_stage *stage;
	size_t n;
};
/* What is wrong with one field of a command. */
struct outcome wrong_field (struct arena *a, const char *pointer, const char *code, const char *detail);
/* Each leaves the board as the command wants it, its stages numbered from 1, or says why not; *ret_at: the stage it is about. What is as it should be
 * already is done and leaves *ret_changed false. `boards`: all of the workspace. */
struct outcome pipeline_add_apply (struct arena *a, const struct pipeline_add *cmd, const struct board_pipeline *boards, size_t n,
				   struct board *ret);
struct outcome pipeline_update_apply (struct arena *a, const struct pipeline_update *cmd, struct board *board, bool *ret_changed);
struct outcome stage_add_apply (struct arena *a, const struct stage_add *cmd, struct board *board, size_t *ret_at);
struct outcome stage_update_apply (struct arena *a, const struct stage_update *cmd, struct board *board, size_t *ret_at, bool *ret_changed);
/* *ret_gone: the stage as it was; *ret_to: where its deals go, its stage_id null when it has none. */
struct outcome stage_remove_apply (struct arena *a, const struct stage_remove *cmd, struct board *board, struct board_stage *ret_gone,
				   struct board_stage *ret_to);
/* The boards in their order with this one at that place, numbered from 1. */
void boards_place (struct board_pipeline *boards, size_t n, pipeline_id moved, int64_t position);
/* The board as it is told to everybody: all but head, what and stage_id. */
struct board_changed board_told (struct arena *a, const struct board *board);
/* The same workspace and words give the same id: of a stage, or (stage "") of a pipeline. */
struct uuid board_id_of (struct arena *a, workspace_id workspace, const char *kind, const char *pipeline, const char *stage);
/* {"en", "nl"} and nothing else, as text in the arena; null: it is none. */
const char *label_text (struct arena *a, const json_t *label);

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
