/* What pipeline decides; see rules.h. */
#include "rules.h"
#include "clock.h"
#include "own_values.h"

#include <string.h>

enum { CHANGES_MOST = 22 };
#define AT_MOST 32503680000000000LL /* 3000-01-01: activities are planned before */

/* ---- presets ---- */

static int choice_find (const char *const *names, const char *name)
{
	for (int i = 0; name && names[i]; i++)
		if (strcmp (names[i], name) == 0)
			return i;
	return -1;
}

/* {"en": …, "nl": …} as text in the arena, or null. */
const char *label_text (struct arena *a, const json_t *label)
{
	const char *en = json_string_value (json_object_get (label, "en")), *nl = json_string_value (json_object_get (label, "nl"));
	if (!en || !nl)
		return NULL;
	json_t *own = json_pack ("{s:s, s:s}", "en", en, "nl", nl);
	size_t n = json_dumpb (own, NULL, 0, JSON_COMPACT);
	char *text = arena_alloc (a, n + 1);
	size_t written = json_dumpb (own, text, n, JSON_COMPACT);
	json_decref (own);
	return written == n ? text : NULL;
}

static const char *stage_read (struct arena *a, const struct board_pipeline *row, const json_t *in, struct board_stage *ret)
{
	const char *key = json_string_value (json_object_get (in, "key"));
	int kind = choice_find (stage_kind_names, json_string_value (json_object_get (in, "kind")));
	const json_t *probability = json_object_get (in, "probability");
	const char *label = label_text (a, json_object_get (in, "label"));
	if (!key || !*key || kind < 0 || !label || !json_is_integer (probability))
		return "a stage needs key, kind, label and probability";
	const char *colour = json_string_value (json_object_get (in, "colour"));
	*ret = (struct board_stage){
		.workspace_id = row->workspace_id,
		.stage_id = { board_id_of (a, row->workspace_id, "stage", row->key, key) },
		.pipeline_id = row->pipeline_id,
		.key = arena_text (a, key),
		.kind = (enum stage_kind) kind,
		.label = label,
		.probability = json_integer_value (probability),
		.colour = arena_text (a, colour ? colour : "grey"),
		.qualified = json_is_true (json_object_get (in, "qualified")),
	};
	if (ret->probability < 0 || ret->probability > 100)
		return "a probability is 0 to 100 per cent";
	return NULL;
}

static const char *pipeline_read (struct arena *a, workspace_id workspace, const json_t *in, const char *mode, struct board_pipeline *ret)
{
	const char *key = json_string_value (json_object_get (in, "key"));
	const char *own = json_string_value (json_object_get (in, "move_mode"));
	int move_mode = choice_find (move_mode_names, own ? own : mode);
	const char *label = label_text (a, json_object_get (in, "label"));
	if (!key || !*key || move_mode < 0 || !label)
		return "a pipeline needs key, label and a move_mode";
	*ret = (struct board_pipeline){
		.workspace_id = workspace,
		.pipeline_id = { board_id_of (a, workspace, "pipeline", key, "") },
		.key = arena_text (a, key),
		.label = label,
		.move_mode = (enum move_mode) move_mode,
		.lost_reason_required = json_is_true (json_object_get (in, "lost_reason_required")),
		.has.lost_reason_required = HERE,
	};
	return NULL;
}

static const char *stages_check (const struct board_stage *stage, size_t n)
{
	size_t marked = 0;
	if (n == 0 || stage[0].kind != stage_kind_open)
		return "the first stage must be open";
	for (size_t i = 0; i < n; i++) {
		marked += stage[i].qualified;
		for (size_t j = 0; j < i; j++)
			if (strcmp (stage[i].key, stage[j].key) == 0)
				return "two stages of a pipeline have one key";
	}
	return marked > 1 ? "at most one stage is marked qualified" : NULL;
}

static size_t stages_count (const json_t *pipelines)
{
	size_t i, n = 0;
	const json_t *row;
	json_array_foreach (pipelines, i, row) n += json_array_size (json_object_get (row, "stages"));
	return n;
}

static const char *item_read (struct arena *a, workspace_id workspace, int catalogue, const json_t *in, struct catalogue_item *ret)
{
	const char *key = json_string_value (json_object_get (in, "key")), *label = label_text (a, json_object_get (in, "label"));
	const char *country = json_string_value (json_object_get (in, "country"));
	const char *phone_code = json_string_value (json_object_get (in, "phone_code"));
	const json_t *cost = json_object_get (in, "cost");
	if (!key || !*key || !label)
		return "a catalogue's value needs key and label";
	*ret = (struct catalogue_item){
		.workspace_id = workspace,
		.item_id = { board_id_of (a, workspace, "item", catalogue_names[catalogue], key) },
		.catalogue = (enum catalogue) catalogue,
		.key = arena_text (a, key),
		.label = label,
		.country = country ? arena_text (a, country) : NULL,
		.has.country = country ? HERE : ABSENT,
		.phone_code = phone_code ? arena_text (a, phone_code) : NULL,
		.has.phone_code = phone_code ? HERE : ABSENT,
		.has.cost = cost ? HERE : ABSENT,
	};
	return cost && money_parse (json_string_value (json_object_get (cost, "amount")),
				    json_string_value (json_object_get (cost, "currency")), &ret->cost) != OK
		       ? "a cost is {amount, currency}"
		       : NULL;
}

static const char *items_read (struct arena *a, workspace_id workspace, json_t *in, struct preset_board *ret)
{
	const char *name, *error = NULL;
	json_t *list, *item;
	size_t i, n = 0;
	json_object_foreach (in, name, list) n += json_array_size (list);
	ret->item = arena_array (a, n + 1, sizeof *ret->item);
	json_object_foreach (in, name, list)
	{
		int catalogue = choice_find (catalogue_names, name);
		if (catalogue < 0)
			return "there is no catalogue of that name";
		json_array_foreach (list, i, item)
		{
			struct catalogue_item *to = &ret->item[ret->items++];
			if ((error = item_read (a, workspace, catalogue, item, to)))
				return error;
			to->position = (int64_t) i + 1;
		}
	}
	return NULL;
}

static const char *board_read (struct arena *a, workspace_id workspace, const json_t *in, struct preset_board *ret)
{
	const char *mode = json_string_value (json_object_get (in, "move_mode")), *error = NULL;
	const json_t *pipelines = json_object_get (in, "pipelines"), *row, *item;
	struct preset_board board = { .auto_deal = !json_is_false (json_object_get (json_object_get (in, "intake"), "auto_deal")) };
	size_t i, j;
	if (json_array_size (pipelines) == 0)
		return "a preset needs a pipeline";
	board.pipeline = arena_array (a, json_array_size (pipelines), sizeof *board.pipeline);
	board.stage = arena_array (a, stages_count (pipelines), sizeof *board.stage);
	json_array_foreach (pipelines, i, row)
	{
		struct board_pipeline *pipeline = &board.pipeline[board.pipelines++];
		struct board_stage *first = &board.stage[board.stages];
		if ((error = pipeline_read (a, workspace, row, mode, pipeline)))
			return error;
		pipeline->position = (int64_t) board.pipelines;
		json_array_foreach (json_object_get (row, "stages"), j, item)
		{
			if ((error = stage_read (a, pipeline, item, &first[j])))
				return error;
			first[j].position = (int64_t) j + 1;
			board.stages++;
		}
		if ((error = stages_check (first, (size_t) (&board.stage[board.stages] - first))))
			return error;
	}
	if ((error = items_read (a, workspace, json_object_get (in, "catalogues"), &board)))
		return error;
	board.first_stage_id = board.stage[0].stage_id;
	*ret = board;
	return NULL;
}

bool preset_read (struct arena *a, workspace_id workspace, const char *content, struct preset_board *ret, const char **ret_error)
{
	json_t *in = json_loads (content, 0, NULL);
	*ret_error = json_is_object (in) ? board_read (a, workspace, in, ret) : "a preset is a JSON object";
	json_decref (in);
	return !*ret_error;
}

static const char *change_read (struct arena *a, workspace_id workspace, json_t *in, const char *key, struct preset_change *ret)
{
	json_t *pipelines = json_object_get (in, "pipelines"), *first = json_array_get (pipelines, 0);
	const char *mode = json_string_value (json_object_get (in, "move_mode")), *error = NULL;
	ret->move_mode = choice_find (move_mode_names, mode);
	ret->whole = first != NULL;
	if (!ret->whole)
		return mode && ret->move_mode < 0 ? "no such move_mode" : NULL;
	json_object_set_new (first, "key", json_string (key));
	json_object_del (first, "move_mode"); /* the workspace's own word goes before */
	while (json_array_size (pipelines) > 1)
		json_array_remove (pipelines, 1);
	error = board_read (a, workspace, in, &ret->board);
	return error;
}

bool preset_change_read (struct arena *a, workspace_id workspace, const char *content, const char *key, struct preset_change *ret,
			 const char **ret_error)
{
	json_t *in = json_loads (content, 0, NULL);
	*ret = (struct preset_change){ .move_mode = -1 };
	const char *zone = json_string_value (json_object_get (in, "timezone"));
	ret->timezone = zone ? arena_text (a, zone) : NULL;
	const char *currency = json_string_value (json_object_get (in, "currency"));
	ret->currency = currency && currency_fits (currency) ? arena_text (a, currency) : NULL;
	*ret_error = json_is_object (in) ? change_read (a, workspace, in, key, ret) : "a preset is a JSON object";
	json_decref (in);
	return !*ret_error;
}

/* ---- deals ---- */

static bool is_blank (const char *text)
{
	return !text || !text[strspn (text, " \t\r\n")];
}

struct outcome card_taken (struct arena *a, const struct grant *grant, struct card_holder holder)
{
	struct problem *problem = arena_alloc (a, sizeof *problem);
	char id[UUID_TEXT];
	if (!grant_covers (grant, &holder.owner))
		return refused (account_has_card);
	problem->code = error_code (ERROR_account_has_card);
	problem_add (a, problem, "/account_id", "has_card",
		     holder.number ? arena_printf (a, "%s %lld", uuid_format (holder.deal.uuid, id), (long long) holder.number)
				   : uuid_format (holder.deal.uuid, id));
	struct outcome ret = refused (account_has_card);
	ret.problem = problem;
	return ret;
}

struct outcome card_check (struct arena *a, const struct grant *grant, bool has_account, bool opens, struct card_holder holder)
{
	if (!has_account)
		return refused_at (a, "/account_id", "required", "a card of this pipeline is about an account");
	return opens && holder.has == HERE ? card_taken (a, grant, holder) : done ();
}

struct outcome deal_move_check (struct arena *a, const struct deal_move *cmd, const struct deal_place *place)
{
	if (!place->has.stage_id || !grant_covers (&cmd->head.grant, &place->owner_id))
		return refused (deal_not_found); /* what you may not see is not there */
	if (!place->has.target_id)
		return refused (stage_not_found);
	if (cmd->has.version == HERE && cmd->version != place->version)
		return refused (deal_changed);
	if (uuid_equal (place->target_id.uuid, place->stage_id.uuid))
		return done ();
	if (place->wants_note && is_blank (cmd->note))
		return refused (note_required);
	if (place->loses && !place->reason_fits)
		return refused_at (a, "/loss_reason", "not_a_choice", "the catalogue offers no such reason");
	if (place->loses && place->wants_reason && is_blank (cmd->loss_reason) && is_blank (place->loss_reason))
		return refused (loss_reason_required);
	if (place->relates && place->opens)
		return card_check (a, &cmd->head.grant, place->has.account_id == HERE, true, CARD_HOLDER (place));
	return done ();
}

struct outcome deal_follow_up_check (struct arena *a, const struct deal_follow_up *cmd, const struct deal_move *move,
				     const struct deal_place *place)
{
	if (!place->has.stage_id || !grant_covers (&cmd->head.grant, &place->owner_id))
		return refused (deal_not_found);
	if (is_blank (cmd->note))
		return refused_at (a, "/note", "required", "a follow-up says something");
	if (cmd->has.kind == HERE && cmd->kind == activity_kind_note)
		return refused_at (a, "/kind", "not_a_choice", "what comes next is no note");
	if (cmd->has.at == HERE && cmd->has.kind != HERE)
		return refused_at (a, "/kind", "required", "what is to be done then");
	if (cmd->has.at == HERE && cmd->kind == activity_kind_task && (cmd->has.title != HERE || is_blank (cmd->title)))
		return refused_at (a, "/title", "required", "a task says what is to be done");
	if (cmd->has.at == HERE && cmd->at >= AT_MOST)
		return refused_at (a, "/at", "out_of_range", "before the year 3000");
	if (cmd->has.stage == HERE)
		return deal_move_check (a, move, place);
	return cmd->has.version == HERE && cmd->version != place->version ? refused (deal_changed) : done ();
}

struct outcome deal_conflict (struct arena *a, const struct deal_since *since, size_t n)
{
	struct outcome ret = refused (deal_changed);
	struct problem *problem = arena_alloc (a, sizeof *problem);
	problem->code = error_code (ERROR_deal_changed);
	for (size_t i = 0; i < n; i++)
		problem_changed (a, problem, since[i].field, since[i].at, since[i].has.actor_id == HERE ? &since[i].actor_id.uuid : NULL);
	ret.problem = n ? problem : NULL;
	return ret;
}

static bool owner_is_other (const struct deal_update *cmd, const struct deal_state *was)
{
	if (cmd->has.owner_id == ABSENT)
		return false;
	return (cmd->has.owner_id == HERE) != (was->has.owner_id == HERE) ||
	       (cmd->has.owner_id == HERE && !uuid_equal (cmd->owner_id.uuid, was->owner_id.uuid));
}

struct outcome deal_update_check (const struct deal_update *cmd, const struct deal_state *was)
{
	if (!was->has.deal_id || !grant_covers (&cmd->head.grant, &was->owner_id))
		return refused (deal_not_found);
	if (cmd->has.version == HERE && cmd->version != was->version)
		return refused (deal_changed);
	if (owner_is_other (cmd, was) && !grant_allows (&cmd->head.grant, PERMISSION_crm_edit_salesman_prospect))
		return refused (forbidden);
	if (owner_is_other (cmd, was) && was->has.client == HERE && was->client)
		return refused (account_is_client);
	return done ();
}

struct outcome deal_account_check (struct arena *a, const struct grant *grant, bool found, user_id owner)
{
	return found && grant_covers (grant, &owner) ? done () : refused_at (a, "/account_id", "not_found", "there is no such account");
}

struct outcome deal_convert_check (struct arena *a, const struct deal_convert *cmd, const struct deal_end *end)
{
	if (!end->has.deal_id || !grant_covers (&cmd->head.grant, &end->owner_id))
		return refused (deal_not_found);
	if (!end->won)
		return refused (deal_not_won);
	return end->named ? done () : refused_at (a, "/account_id", "required", "neither the deal nor its contact names a company");
}

static struct deal_updated deal_as_it_was (const struct deal_state *was)
{
	return (struct deal_updated){ .deal_id = was->deal_id,
				      .version = was->version + 1,
				      .title = was->title,
				      .value = was->value,
				      .has.value = was->has.value,
				      .close_date = was->close_date,
				      .has.close_date = was->has.close_date,
				      .notes = was->notes,
				      .has.notes = was->has.notes,
				      .lead_id = was->lead_id,
				      .has.lead_id = was->has.lead_id,
				      .owner_id = was->owner_id,
				      .has.owner_id = was->has.owner_id,
				      .probability = was->probability,
				      .has.probability = was->has.probability,
				      .monthly_shipments = was->monthly_shipments,
				      .has.monthly_shipments = was->has.monthly_shipments,
				      .custom = was->custom,
				      .has.custom = was->has.custom,
				      .account_id = was->account_id,
				      .has.account_id = was->has.account_id,
				      .account_name = was->account_name,
				      .has.account_name = was->has.account_name,
				      .annotations = was->annotations,
				      .has.annotations = was->has.annotations,
#define WORD(field) .field = was->field, .has.field = was->has.field,
				      DEAL_WORDS (WORD)
#undef WORD
	};
}

/* Notes what is different between the deal as it was and as it is now in `ret`. False: nothing is. */
static bool deal_compare (struct arena *a, const struct deal_state *was, struct deal_updated *ret)
{
	size_t own = own_values_count (SAID (was, custom)) + own_values_count (SAID (ret, custom));
	struct list list = { .at = arena_array (a, CHANGES_MOST + own, sizeof (struct change)) };
	own_values_compare (a, SAID (was, custom), SAID (ret, custom), &list);
	change_note (&list, "title", was->title, ret->title);
	change_note (&list, "value", money_said (a, was->has.value, was->value), money_said (a, ret->has.value, ret->value));
	change_note (&list, "close_date", date_said (a, was->has.close_date, was->close_date),
		     date_said (a, ret->has.close_date, ret->close_date));
	change_note (&list, "notes", SAID (was, notes), SAID (ret, notes));
	change_note (&list, "probability", number_said (a, was->has.probability, was->probability),
		     number_said (a, ret->has.probability, ret->probability));
	change_note (&list, "monthly_shipments", number_said (a, was->has.monthly_shipments, was->monthly_shipments),
		     number_said (a, ret->has.monthly_shipments, ret->monthly_shipments));
	change_note (&list, "annotations", SAID (was, annotations), SAID (ret, annotations));
#define WORD(field) change_note (&list, #field, SAID (was, field), SAID (ret, field));
	DEAL_WORDS (WORD)
#undef WORD
	change_note (&list, "account_id", id_said (a, was->has.account_id, was->account_id.uuid),
		     id_said (a, ret->has.account_id, ret->account_id.uuid));
	change_note (&list, "account", was->has.account_id == HERE ? was->account_name : NULL,
		     ret->has.account_id == HERE ? ret->account_name : NULL);
	size_t before = list.n;
	change_note (&list, "owner_id", id_said (a, was->has.owner_id, was->owner_id.uuid),
		     id_said (a, ret->has.owner_id, ret->owner_id.uuid));
	if (list.n > before && was->has.owner_id == HERE) {
		ret->old_owner_id = was->owner_id;
		ret->has.old_owner_id = HERE;
	}
	ret->changes = list;
	return list.n > 0;
}

bool deal_update_merge (struct arena *a, const struct deal_update *cmd, const struct deal_state *was, struct deal_updated *ret)
{
	*ret = deal_as_it_was (was);
	if (cmd->has.title == HERE && !is_blank (cmd->title))
		ret->title = cmd->title;
	if (cmd->has.value != ABSENT) {
		ret->value = cmd->value;
		ret->has.value = cmd->has.value;
	}
	if (cmd->has.close_date != ABSENT) {
		ret->close_date = cmd->close_date;
		ret->has.close_date = cmd->has.close_date;
	}
	if (cmd->has.notes != ABSENT) {
		ret->notes = cmd->notes;
		ret->has.notes = is_blank (cmd->notes) ? CLEARED : cmd->has.notes;
	}
	if (cmd->has.owner_id != ABSENT) {
		ret->owner_id = cmd->owner_id;
		ret->has.owner_id = cmd->has.owner_id;
	}
	if (cmd->has.probability != ABSENT) {
		ret->probability = cmd->probability;
		ret->has.probability = cmd->has.probability;
	}
	if (cmd->has.monthly_shipments != ABSENT) {
		ret->monthly_shipments = cmd->monthly_shipments;
		ret->has.monthly_shipments = cmd->has.monthly_shipments;
	}
	if (cmd->has.custom == HERE) { /* whole: see custom_merge */
		ret->custom = cmd->custom;
		ret->has.custom = HERE;
	}
	if (cmd->has.annotations != ABSENT) {
		ret->annotations = cmd->annotations;
		ret->has.annotations = is_blank (cmd->annotations) ? CLEARED : cmd->has.annotations;
	}
	if (cmd->has.account_id != ABSENT) {
		ret->account_id = cmd->account_id;
		ret->account_name = was->asked_account_name;
		ret->has.account_id = ret->has.account_name = cmd->has.account_id;
	}
#define WORD(field)                                                                                \
	if (cmd->has.field != ABSENT) {                                                            \
		ret->field = cmd->field;                                                           \
		ret->has.field = is_blank (cmd->field) ? (unsigned char) CLEARED : cmd->has.field; \
	}
	DEAL_WORDS (WORD)
#undef WORD
	return deal_compare (a, was, ret);
}

bool deal_follow_lead (struct arena *a, const struct lead_updated *lead, const struct deal_state *was, struct deal_updated *ret)
{
	bool had = lead->has.old_owner_id == HERE, has = was->has.owner_id == HERE;
	if (!was->has.deal_id || !changes_name (lead->changes, "owner_id") ||
	    (was->has.client == HERE && was->client)) /* a client keeps its owner */
		return false;
	if (had != has || (had && !uuid_equal (lead->old_owner_id.uuid, was->owner_id.uuid)))
		return false;
	*ret = deal_as_it_was (was);
	ret->owner_id = lead->owner_id;
	ret->has.owner_id = lead->has.owner_id;
	return deal_compare (a, was, ret);
}

bool deal_owner (const struct deal_create *cmd, const struct deal_start *start, user_id *ret)
{
	if (cmd->has.owner_id == HERE)
		*ret = cmd->owner_id;
	else if (cmd->head.grant.scope == SCOPE_OWN)
		ret->uuid = cmd->head.grant.user;
	else if (start->has.default_owner_id == HERE)
		*ret = start->default_owner_id;
	else
		return false;
	return true;
}

enum link link_decide (const struct lead_contact_linked *linked, const struct link_place *place)
{
	if (linked->has.contact_id != HERE)
		return LINK_NOTHING;
	if (place->has_deal && place->has.contact_id != HERE)
		return LINK_DEAL;
	if (place->has_deal)
		return uuid_equal (place->contact_id.uuid, linked->contact_id.uuid) ? LINK_NOTHING : LINK_OTHER;
	if (place->waits)
		return LINK_WAITING;
	if (place->has.auto_deal == HERE && !place->board)
		return LINK_NOTHING;
	return LINK_TOO_EARLY; /* the lead itself has not been dealt with */
}

bool stands_on_page (unsigned char has_upto, deal_id upto, struct uuid deal)
{
	return has_upto == HERE && memcmp (&deal, &upto.uuid, sizeof deal) <= 0;
}

bool name_changed (struct list changes)
{
	return changes_name (changes, "name") || changes_name (changes, "company");
}
