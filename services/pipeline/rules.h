/* What pipeline decides: pure functions over what was said and what was loaded. No I/O; time and ids are given.
 * Never reads a table, never writes one. */
#ifndef LEADWIRE_PIPELINE_RULES_H
#define LEADWIRE_PIPELINE_RULES_H

#include "board_id.h"
#include "changes.h"
#include "given.h"
#include "money.h"

/* A preset's part for pipeline, as rows. Arrays in the arena. */
struct preset_board {
	bool auto_deal;
	struct board_pipeline *pipeline;
	size_t pipelines;
	struct board_stage *stage;
	size_t stages;
	struct catalogue_item *item;
	size_t items;
	stage_id first_stage_id;
};

/* Reads `content` (see proto/presets/README.md). False: *ret_error says what is wrong with it. The ids of pipelines and stages are made
 * of the workspace and their keys: the same preset gives the same ids. */
bool preset_read (struct arena *a, workspace_id workspace, const char *content, struct preset_board *ret,
		  const char **ret_error) MUST_CHECK;

/* What workspace.preset_changed says of a board: the move_mode (-1: nothing), and whether a whole preset comes, to be laid upon the board of that key.
 * False: *ret_error says what is wrong with it. */
struct preset_change {
	const char *timezone; /* null: it says nothing of it */
	const char *currency; /* likewise */
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
/* Where a place that is asked for (1: the first) lies in a list of n. */
size_t place_within (int64_t position, size_t n);
/* What stands at `from` of a list stands at `to` from now on; what is between moves up or down. */
void place_change (void *list, size_t size, size_t from, size_t to);
/* The boards in their order with this one at that place, numbered from 1. */
void boards_place (struct board_pipeline *boards, size_t n, pipeline_id moved, int64_t position);
/* The board as it is told to everybody: all but head, what and stage_id. */
struct board_changed board_told (struct arena *a, const struct board *board);
/* {"en", "nl"} and nothing else, as text in the arena; null: it is none. */
const char *label_text (struct arena *a, const json_t *label);

/* Three capitals: what ISO 4217 names a currency by. */
bool currency_fits (const char *code);
/* "1.0845" as a whole number of 10^-9: above 0, at most nine digits before the point and nine after it; false: it is none. */
bool rate_parse (const char *text, int64_t *ret_nano) MUST_CHECK;
/* The other way round, without zeros at its end; in the arena. */
const char *rate_text (struct arena *a, int64_t nano);
struct outcome currency_set_check (struct arena *a, const struct currency_set *cmd, const struct rate_place *place);
/* The rate as it is to be kept; its id is made of what it is of. */
struct outcome rate_put_read (struct arena *a, const struct rate_put *cmd, const struct rate_place *place, struct rate_row *ret);
/* `was`: what is kept under that id; one more than the most is refused. */
struct outcome rate_room (struct arena *a, const struct rate_place *was);
struct outcome rate_update_read (struct arena *a, const struct rate_update *cmd, const struct rate_place *place, struct rate_row *ret);

/* The fields of a deal that hold a catalogue's key, each of the name of its catalogue. */
#define DEAL_WORDS(X)      \
	X (account_type)   \
	X (ecommerce_type) \
	X (channel)        \
	X (weight_range)   \
	X (content_type)   \
	X (campaign)       \
	X (plan_type)      \
	X (locale)         \
	X (loss_reason)

struct catalogue_items {
	const struct catalogue_item *at;
	size_t n;
};
/* A deal may be given what is offered; what it has already it may keep. `was` null: a new deal. */
struct outcome deal_create_check (struct arena *a, const struct deal_create *cmd, const struct catalogue_items *items);
struct outcome deal_update_words (struct arena *a, const struct deal_update *cmd, const struct deal_state *was,
				  const struct catalogue_items *items);
/* Whether a command says more of a deal than a lead's deal has, or names a catalogue's value. */
bool deal_create_says_more (const struct deal_create *cmd);
/* Somebody was before: which fields, when and who, each as an error of its own. */
struct outcome deal_conflict (struct arena *a, const struct deal_since *since, size_t n);
bool deal_update_names_words (const struct deal_update *cmd);
/* `list`: the catalogue that the value stands in, or is to stand in, in order, with room for one more; numbered from 1 afterwards. */
struct outcome item_add_apply (struct arena *a, const struct item_add *cmd, struct catalogue_item *list, size_t n, size_t *ret_at);
struct outcome item_update_apply (struct arena *a, const struct item_update *cmd, struct catalogue_item *list, size_t n, size_t *ret_at,
				  bool *ret_changed);
struct custom_fields {
	const struct custom_field *at;
	size_t n;
};
/* What a record holds under the workspace's own fields when `json` is laid upon `was` (null: nothing): each key a field that is there, each value
 * of its kind, none that is needed empty when somebody makes or empties it. *ret: the whole, null: nothing. `makes`: the record is new. */
struct outcome custom_merge (struct arena *a, const struct custom_fields *fields, struct uuid workspace, const char *was, const char *json,
			     bool makes, const char **ret);
struct outcome field_add_apply (struct arena *a, const struct custom_field_add *cmd, struct custom_field *list, size_t n, size_t *ret_at);
struct outcome field_update_apply (struct arena *a, const struct custom_field_update *cmd, struct custom_field *list, size_t n,
				   size_t *ret_at, bool *ret_changed);
/* Shared by boards and catalogues: {"en", "nl"} with something in both; a key that was asked for, or one made of the label. */
struct outcome label_read (struct arena *a, const char *json, const char **ret);
typedef bool key_taken_fn (const void *among, const char *key);
struct outcome key_choose (struct arena *a, const char *asked, const char *label, key_taken_fn *taken, const void *among, const char **ret);

struct outcome deal_move_check (struct arena *a, const struct deal_move *cmd, const struct deal_place *place);
/* `move`: the move in it, to nowhere when it has none. */
struct outcome deal_follow_up_check (struct arena *a, const struct deal_follow_up *cmd, const struct deal_move *move,
				     const struct deal_place *place);
struct outcome deal_update_check (const struct deal_update *cmd, const struct deal_state *was);
/* Whether a deal may be about the account that was named: there is one, and whoever names it may see it. */
struct outcome deal_account_check (struct arena *a, const struct grant *grant, bool found, user_id owner);
/* The open card that an account has already in a pipeline of relationships. */
struct card_holder {
	unsigned char has;
	deal_id deal;
	int64_t number; /* 0: not known */
	user_id owner;
};
#define CARD_HOLDER(row) ((struct card_holder){ (row)->has.holder_id, (row)->holder_id, (row)->holder_number, (row)->holder_owner_id })
/* In a pipeline of relationships: a card is about an account, which has no other open one. Which one that is hears who may see it. */
struct outcome card_check (struct arena *a, const struct grant *grant, bool has_account, bool opens, struct card_holder holder);
struct outcome card_taken (struct arena *a, const struct grant *grant, struct card_holder holder);
/* Whether an account may be made of it. */
struct outcome deal_convert_check (struct arena *a, const struct deal_convert *cmd, const struct deal_end *end);

struct outcome deal_trash_check (const struct deal_trash *cmd, const struct deal_lot *lot);
struct outcome deal_restore_check (const struct deal_restore *cmd, const struct deal_lot *lot);

/* ---- many at once ---- */

/* The ids of a bulk command, each once; whatever the action wants is there. */
struct outcome bulk_read (struct arena *a, const struct deal_bulk *cmd, deal_id **ret, size_t *ret_n);
/* What an edit changes; the key is left null. */
struct outcome bulk_fields (struct arena *a, const char *json, struct deal_update *ret);
/* How it went, as the answer's data. Refusals by id. */
const char *bulk_told (struct arena *a, struct uuid batch, const deal_id ids[], const struct outcome outcome[], const bool did[], size_t n);
/* Puts a field back as history says it was. False: history says what cannot be read. `fields`: the workspace's own. */
bool undo_field (struct arena *a, const struct undo_part *part, struct uuid workspace, const struct custom_fields *fields,
		 struct deal_update *ret);
/* Why a field stays as it is: changed, trashed, refused; null: nothing stands against it. */
const char *undo_why (const struct undo_part *part);

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
