/* What people ask of deals, one function per command, in the order of proto/pipeline.def: load, decide, write, emit.
 * Never decides what rules.c can, never tells of a deal the caller may not see. */
#include "commands.h"
#include "memory.h"
#include "pipeline_sql.h"

#include <string.h>

enum { BITE = 2048 }; /* rows of deal_index_load */

/* What the workspaces of some commands offer; none is asked when `n` is 0. */
static struct catalogue_items items_offered (struct batch *b, const struct item_ask ask[], size_t n)
{
	struct catalogue_items ret = { NULL, 0 };
	if (n)
		ret.at = items_known (b, ask, n, &ret.n);
	return ret;
}

static struct catalogue_items items_to_make (struct batch *b, const struct deal_create cmd[], size_t n)
{
	struct item_ask *ask = ARRAY (b, ask, n);
	size_t asks = 0;
	for (size_t i = 0; i < n; i++)
		if (deal_create_says_more (&cmd[i]))
			ask[asks++] = (struct item_ask){ .workspace_id = { cmd[i].head.workspace } };
	return items_offered (b, ask, asks);
}

static struct catalogue_items items_to_change (struct batch *b, const struct deal_update cmd[], size_t n)
{
	struct item_ask *ask = ARRAY (b, ask, n);
	size_t asks = 0;
	for (size_t i = 0; i < n; i++)
		if (deal_update_names_words (&cmd[i]))
			ask[asks++] = (struct item_ask){ .workspace_id = { cmd[i].head.workspace } };
	return items_offered (b, ask, asks);
}

/* The fields of its own that each workspace of these deals has. */
static struct custom_fields fields_of (struct batch *b, const struct custom_ask ask[], size_t n)
{
	struct custom_fields ret = { NULL, 0 };
	if (n)
		ret.at = fields_known (b, ask, n, &ret.n);
	return ret;
}

/* Always: one that is needed is missed where it is not named. */
static struct custom_fields fields_to_make (struct batch *b, const struct deal_create cmd[], size_t n)
{
	struct custom_ask *ask = ARRAY (b, ask, n);
	for (size_t i = 0; i < n; i++)
		ask[i] = (struct custom_ask){ .workspace_id = { cmd[i].head.workspace } };
	return fields_of (b, ask, n);
}

struct custom_fields fields_to_change (struct batch *b, const struct deal_update cmd[], size_t n)
{
	struct custom_ask *ask = ARRAY (b, ask, n);
	size_t asks = 0;
	for (size_t i = 0; i < n; i++)
		if (cmd[i].has.custom == HERE)
			ask[asks++] = (struct custom_ask){ .workspace_id = { cmd[i].head.workspace } };
	return fields_of (b, ask, asks);
}

static void deal_say_more (const struct deal_create *cmd, struct deal_created *deal)
{
	deal->probability = cmd->probability, deal->has.probability = cmd->has.probability;
	deal->monthly_shipments = cmd->monthly_shipments, deal->has.monthly_shipments = cmd->has.monthly_shipments;
	deal->annotations = cmd->annotations, deal->has.annotations = cmd->has.annotations;
#define WORD(field) deal->field = cmd->field, deal->has.field = cmd->has.field == HERE && *cmd->field ? HERE : ABSENT;
	DEAL_WORDS (WORD)
#undef WORD
}

static struct deal_account_row account_of (const struct head *head, deal_id deal, unsigned char has, account_id account, const char *name)
{
	return (struct deal_account_row){ .workspace_id = { head->workspace },
					  .deal_id = deal,
					  .account_id = account,
					  .has.account_id = has == HERE ? HERE : ABSENT,
					  .name = name,
					  .has.name = has == HERE ? HERE : ABSENT };
}

/* Cards that the items of a run before this one take: what was loaded knows nothing of them. Few deals stand in such a pipeline. */
struct cards {
	struct deal_account_row *at;
	pipeline_id *board; /* of each */
	size_t n;
};

static struct cards cards_begin (struct batch *b, size_t n)
{
	struct cards ret = { 0 };
	ret.at = ARRAY (b, ret.at, n);
	ret.board = ARRAY (b, ret.board, n);
	return ret;
}

static struct outcome card_take (struct batch *b, struct cards *cards, const struct head *head, deal_id deal, account_id account,
				 pipeline_id board)
{
	for (size_t i = 0; i < cards->n; i++)
		if (uuid_equal (cards->at[i].account_id.uuid, account.uuid) && uuid_equal (cards->board[i].uuid, board.uuid) &&
		    uuid_equal (cards->at[i].workspace_id.uuid, head->workspace) && !uuid_equal (cards->at[i].deal_id.uuid, deal.uuid))
			return card_taken (batch_arena (b), &head->grant,
					   (struct card_holder){ .has = HERE, .deal = cards->at[i].deal_id });
	cards->board[cards->n] = board;
	cards->at[cards->n++] = account_of (head, deal, HERE, account, NULL);
	return done ();
}

void deal_create (struct batch *b, const struct deal_create cmd[], size_t n, struct outcome ret[])
{
	const struct catalogue_items items = items_to_make (b, cmd, n);
	const struct custom_fields fields = fields_to_make (b, cmd, n);
	const struct deal_start *start = deal_create_load (b, cmd, n);
	struct deal_created *more = ARRAY (b, more, n);
	size_t mores = 0;
	struct deal_created *deal = ARRAY (b, deal, n);
	struct deal_late *late = ARRAY (b, late, n);
	struct deal_account_row *account = ARRAY (b, account, n);
	struct cards cards = cards_begin (b, n);
	size_t deals = 0, joined = 0, accounts = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = !start[i].known	  ? refused (workspace_not_found)
			 : !start[i].has.stage_id ? refused (stage_not_found)
						  : deal_create_check (batch_arena (b), &cmd[i], &items);
		const char *custom = NULL;
		if (is_done (ret[i]) && cmd[i].has.account_id == HERE)
			ret[i] = deal_account_check (batch_arena (b), &cmd[i].head.grant, start[i].has.account_id == HERE,
						     start[i].account_owner_id);
		if (is_done (ret[i]) && start[i].relates)
			ret[i] = card_check (batch_arena (b), &cmd[i].head.grant, cmd[i].has.account_id == HERE, start[i].opens,
					     CARD_HOLDER (&start[i]));
		if (is_done (ret[i]))
			ret[i] = custom_merge (batch_arena (b), &fields, cmd[i].head.workspace, NULL,
					       cmd[i].has.custom == HERE ? cmd[i].custom : NULL, true, &custom);
		if (is_done (ret[i]) && start[i].relates && start[i].opens)
			ret[i] = card_take (b, &cards, &cmd[i].head, cmd[i].deal_id, cmd[i].account_id, start[i].board_id);
		if (!is_done (ret[i]))
			continue;
		late[deals] = (struct deal_late){ .workspace_id = { cmd[i].head.workspace }, .late_id = cmd[i].deal_id };
		struct deal_created *d = &deal[deals++];
		*d = (struct deal_created){
			.head = head_caused (b, &cmd[i].head),
			.deal_id = cmd[i].deal_id,
			.number = number_take (b, cmd[i].head.workspace, NUMBER_DEAL),
			.stage_id = start[i].stage_id,
			.title = cmd[i].title,
			.value = cmd[i].value,
			.has.value = cmd[i].has.value,
			.contact_id = cmd[i].contact_id,
			.has.contact_id = cmd[i].has.contact_id,
			.contact_name = cmd[i].contact_name,
			.has.contact_name = cmd[i].has.contact_name,
			.company = cmd[i].company,
			.has.company = cmd[i].has.company,
			.close_date = cmd[i].close_date,
			.has.close_date = cmd[i].has.close_date,
			.notes = cmd[i].notes,
			.has.notes = cmd[i].has.notes,
			.account_id = cmd[i].account_id,
			.has.account_id = cmd[i].has.account_id == HERE ? HERE : ABSENT,
			.account_name = start[i].account_name,
			.has.account_name = start[i].has.account_name,
		};
		if (d->has.account_id == HERE)
			account[accounts++] = account_of (&d->head, d->deal_id, HERE, d->account_id, d->account_name);
		d->has.owner_id = deal_owner (&cmd[i], &start[i], &d->owner_id) ? HERE : ABSENT;
		joined += d->has.contact_id == HERE;
		if (deal_create_says_more (&cmd[i]) || custom) {
			deal_say_more (&cmd[i], d);
			d->custom = custom;
			d->has.custom = custom ? HERE : ABSENT;
			more[mores++] = *d;
		}
		ret[i].id = d->deal_id.uuid;
		ret[i].number = d->number;
		ret[i].version = 1;
	}
	deal_write (b, deal, deals);
	deal_more_write (b, more, mores);
	deal_contact_known (b, deal, joined ? deals : 0);
	deal_account_write (b, account, accounts);
	deal_card_on (b, cards.at, cards.n);
	deal_late_write (b, late, deals); /* an id may be of another time */
	deal_created_emit (b, deal, deals);
}

/* Who saw an old deal hears what happened to it since. */
struct outcome conflict_told (struct batch *b, struct uuid workspace, deal_id deal, int64_t version, struct outcome outcome)
{
	struct deal_seen seen = { .workspace_id = { workspace }, .deal_id = deal, .version = version };
	size_t n;
	if (outcome.state != OUTCOME_REFUSED || outcome.error != ERROR_deal_changed)
		return outcome;
	const struct deal_since *since = deal_changed_since (b, &seen, 1, &n);
	return deal_conflict (batch_arena (b), since, n);
}

struct uuid batch_of (const struct head *head)
{
	return uuid_is_null (head->correlation) ? head->id : head->correlation;
}

/* What whoever changes a deal is told beside id and version: the action's id, to undo it by, and (of a move) the stage. */
static const char *batch_data (struct batch *b, const struct head *head, const stage_id *stage)
{
	char batch[UUID_TEXT], at[UUID_TEXT];
	uuid_format (batch_of (head), batch);
	return stage ? arena_printf (batch_arena (b), "{\"batch_id\":\"%s\",\"stage_id\":\"%s\"}", batch, uuid_format (stage->uuid, at))
		     : arena_printf (batch_arena (b), "{\"batch_id\":\"%s\"}", batch);
}

/* A change to what is there already is done, and says nothing. */
void deals_change (struct batch *b, const struct deal_update cmd[], const struct deal_state was[], size_t n, struct outcome ret[])
{
	struct deal_updated *deal = ARRAY (b, deal, n);
	struct deal_late *late = ARRAY (b, late, n);
	struct deal_account_row *account = ARRAY (b, account, n);
	struct cards cards = cards_begin (b, n);
	size_t deals = 0, lates = 0, accounts = 0;
	for (size_t i = 0; i < n; i++) {
		if (is_done (ret[i]) && cmd[i].has.account_id != ABSENT && was[i].relates)
			ret[i] = card_check (batch_arena (b), &cmd[i].head.grant, cmd[i].has.account_id == HERE, was[i].opens,
					     CARD_HOLDER (&was[i]));
		if (is_done (ret[i]) && cmd[i].has.account_id == HERE && was[i].relates && was[i].opens)
			ret[i] = card_take (b, &cards, &cmd[i].head, cmd[i].deal_id, cmd[i].account_id, was[i].board_id);
		if (!is_done (ret[i]))
			continue;
		ret[i].id = cmd[i].deal_id.uuid;
		ret[i].version = was[i].version;
		ret[i].data = batch_data (b, &cmd[i].head, NULL);
		if (!deal_update_merge (batch_arena (b), &cmd[i], &was[i], &deal[deals]))
			continue;
		deal[deals].head = head_caused (b, &cmd[i].head);
		if (strcmp (deal[deals].title, was[i].title))
			late[lates++] = (struct deal_late){ .workspace_id = { cmd[i].head.workspace }, .late_id = cmd[i].deal_id };
		if (changes_name (deal[deals].changes, "account_id"))
			account[accounts++] = account_of (&cmd[i].head, cmd[i].deal_id, deal[deals].has.account_id, deal[deals].account_id,
							  deal[deals].account_name);
		ret[i].version = deal[deals++].version;
	}
	deal_update_write (b, deal, deals);
	deal_account_write (b, account, accounts);
	deal_card_on (b, cards.at, cards.n);
	deal_late_write (b, late, lates);
	deal_updated_emit (b, deal, deals);
}

void deal_update (struct batch *b, const struct deal_update cmd[], size_t n, struct outcome ret[])
{
	const struct catalogue_items items = items_to_change (b, cmd, n);
	const struct custom_fields fields = fields_to_change (b, cmd, n);
	const struct deal_state *was = deal_update_load (b, cmd, n);
	struct deal_update *whole = ARRAY (b, whole, n);
	for (size_t i = 0; i < n; i++) {
		ret[i] = deal_update_check (&cmd[i], &was[i]);
		ret[i] = conflict_told (b, cmd[i].head.workspace, cmd[i].deal_id, cmd[i].version, ret[i]);
		if (is_done (ret[i]))
			ret[i] = deal_update_words (batch_arena (b), &cmd[i], &was[i], &items);
		if (is_done (ret[i]) && cmd[i].has.account_id == HERE)
			ret[i] = deal_account_check (batch_arena (b), &cmd[i].head.grant, was[i].has.asked_account_id == HERE,
						     was[i].asked_account_owner_id);
		whole[i] = cmd[i];
		if (is_done (ret[i]) && whole[i].has.custom == HERE)
			ret[i] = custom_merge (batch_arena (b), &fields, cmd[i].head.workspace,
					       was[i].has.custom == HERE ? was[i].custom : NULL, cmd[i].custom, false, &whole[i].custom);
		whole[i].has.custom = whole[i].has.custom == HERE && whole[i].custom ? HERE : ABSENT;
	}
	deals_change (b, whole, was, n, ret);
}

/* The event of a move that may be made: what is written is what is said. */
struct deal_stage_changed deal_is_moved (struct batch *b, const struct deal_move *cmd, const struct deal_place *place)
{
	return (struct deal_stage_changed){
		.head = head_caused (b, &cmd->head),
		.deal_id = cmd->deal_id,
		.from_id = place->stage_id,
		.to_id = place->target_id,
		.from_key = place->stage_key,
		.has.from_key = HERE,
		.to_key = place->target_key,
		.has.to_key = HERE,
		.closed = place->closes,
		.loss_reason = cmd->has.loss_reason == HERE ? cmd->loss_reason : place->loss_reason,
		.has.loss_reason = place->loses && (cmd->has.loss_reason == HERE || place->has.loss_reason == HERE) ? HERE : ABSENT,
		.won = place->wins,
		.has.won = place->wins ? HERE : ABSENT,
		.version = place->version + 1,
		.note = cmd->note,
		.has.note = cmd->has.note,
		.lead_id = place->lead_id,
		.has.lead_id = place->has.lead_id,
		.account_id = place->account_id,
		.has.account_id = place->has.account_id,
		.owner_id = place->owner_id,
		.has.owner_id = place->has.owner_id,
	};
}

/* Those that enter an open stage of relationships take their account's place there; two of one account: the later one is refused. */
void cards_move (struct batch *b, const struct deal_move cmd[], const struct deal_place place[], size_t n, struct outcome ret[])
{
	struct cards cards = { 0 };
	for (size_t i = 0; i < n; i++) {
		if (!is_done (ret[i]) || !place[i].relates || !place[i].opens ||
		    uuid_equal (place[i].stage_id.uuid, place[i].target_id.uuid))
			continue;
		if (!cards.at)
			cards = cards_begin (b, n);
		ret[i] = card_take (b, &cards, &cmd[i].head, cmd[i].deal_id, place[i].account_id, place[i].board_id);
	}
}

/* How the cards of accounts stand after moves that were written. */
void cards_keep (struct batch *b, const struct deal_stage_changed move[], size_t n)
{
	struct deal_account_row *card = ARRAY (b, card, n);
	size_t cards = 0;
	for (size_t i = 0; i < n; i++)
		if (move[i].has.account_id == HERE)
			card[cards++] = account_of (&move[i].head, move[i].deal_id, HERE, move[i].account_id, NULL);
	deal_card_off (b, card, cards);
	deal_card_on (b, card, cards);
}

/* Entering the stage where it already stands is done, and says nothing. */
void deals_move (struct batch *b, const struct deal_move cmd[], const struct deal_place place[], const int64_t since[], size_t n,
		 struct outcome ret[])
{
	struct deal_stage_changed *move = ARRAY (b, move, n);
	size_t moves = 0;
	cards_move (b, cmd, place, n, ret);
	for (size_t i = 0; i < n; i++) {
		if (!is_done (ret[i]))
			continue;
		ret[i].id = cmd[i].deal_id.uuid;
		ret[i].version = place[i].version;
		ret[i].data = batch_data (b, &cmd[i].head, &place[i].target_id);
		if (uuid_equal (place[i].stage_id.uuid, place[i].target_id.uuid))
			continue;
		ret[i].version++;
		move[moves] = deal_is_moved (b, &cmd[i], &place[i]);
		if (since && since[i]) {
			move[moves].since = since[i];
			move[moves].has.since = HERE;
		}
		moves++;
	}
	deal_move_write (b, move, moves); /* the event is what is written: table and history agree */
	cards_keep (b, move, moves);
	deal_stage_changed_emit (b, move, moves);
}

/* What goes onwards alone and stands there or further enters the stage where it stands. */
static struct deal_place place_onwards (const struct deal_move *cmd, const struct deal_place *place)
{
	struct deal_place ret = *place;
	if (cmd->has.onwards == HERE && cmd->onwards && place->has.target_id == HERE && place->has.further == HERE && place->further)
		ret.target_id = place->stage_id;
	return ret;
}

void deal_move (struct batch *b, const struct deal_move cmd[], size_t n, struct outcome ret[])
{
	const struct deal_place *there = deal_move_load (b, cmd, n); /* row i answers item i */
	struct deal_place *place = ARRAY (b, place, n);
	for (size_t i = 0; i < n; i++) {
		place[i] = place_onwards (&cmd[i], &there[i]);
		ret[i] = deal_move_check (batch_arena (b), &cmd[i], &place[i]);
		ret[i] = conflict_told (b, cmd[i].head.workspace, cmd[i].deal_id, cmd[i].version, ret[i]);
	}
	deals_move (b, cmd, place, NULL, n, ret);
}

/* ---- what becomes of a won deal ---- */

static const char *account_data (struct batch *b, const struct deal_end *end)
{
	char account[UUID_TEXT];
	return end->has.account_id == HERE ? text_join (b, "{\"account_id\":\"", uuid_format (end->account_id.uuid, account), "\"}")
					   : "{\"account_id\":null}";
}

void deal_convert (struct batch *b, const struct deal_convert cmd[], size_t n, struct outcome ret[])
{
	const struct deal_end *end = deal_convert_load (b, cmd, n);
	struct deal_conversion_asked *asked = ARRAY (b, asked, n);
	size_t asks = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = deal_convert_check (batch_arena (b), &cmd[i], &end[i]);
		if (!is_done (ret[i]))
			continue;
		ret[i].id = cmd[i].deal_id.uuid;
		ret[i].version = end[i].version;
		ret[i].data = account_data (b, &end[i]);
		asked[asks++] = (struct deal_conversion_asked){
			.head = head_caused (b, &cmd[i].head),
			.deal_id = cmd[i].deal_id,
			.lead_id = end[i].lead_id,
			.account_id = end[i].account_id,
			.owner_id = end[i].owner_id,
			.has = { .lead_id = end[i].has.lead_id, .account_id = end[i].has.account_id, .owner_id = end[i].has.owner_id },
		};
	}
	deal_conversion_asked_emit (b, asked, asks);
}

/* ---- search ---- */

/* A bite at a time, so that nobody waits for long behind it. */
void deal_index (struct batch *b, const struct deal_index cmd[], size_t n, struct outcome ret[])
{
	const struct deal_bite *next = deal_index_load (b, cmd, n);
	struct deal_bite *bite = ARRAY (b, bite, n);
	size_t bites = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = next[i].known ? done () : refused (workspace_not_found);
		if (!is_done (ret[i]))
			continue;
		ret[i].data = next[i].taken == BITE ? "{\"more\":true}" : "{\"more\":false}";
		if (next[i].taken)
			bite[bites++] = next[i];
	}
	deal_page_write (b, bite, bites);
	deal_gram_write (b, bite, bites);
	deal_mark_write (b, bite, bites);
	boards_forget (b);
}
