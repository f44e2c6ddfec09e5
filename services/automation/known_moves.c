/* What events change of records that they do not name, whom nobody is to know any more, and stages; see known.h.
 * It must never move what was somebody else's meanwhile. */
#include "known_parts.h"

#include <string.h>
#include "board_id.h"

/* ---- moves ---- */

static struct known_move moved (enum known_moving how, const char *column, struct uuid from, struct uuid to)
{
	return (struct known_move){ .how = how, .column = column, .from = from, .to = to };
}

static struct known_move merge_of (const struct record *event, const void *item, enum known_moving how, const char *column)
{
	const struct uuid *survivor = said_value (event, item, "survivor_id"), *loser = said_value (event, item, "loser_id");
	return how == MOVE_TO ? moved (how, column, *loser, *survivor) : moved (how, column, *survivor, *loser);
}

static struct known_move tag_of (const struct tag_changed *said)
{
	struct known_move ret = moved (MOVE_TAG, "tags", said->tag_id.uuid, (struct uuid){ { 0 } });
	ret.label = said->removed ? NULL : said->label;
	return ret;
}

static bool is_segment_gone (const struct record *event, const void *item)
{
	return event == &segment_changed_record && ((const struct segment_changed *) item)->removed;
}

bool known_moves (const struct record *event, const void *item, struct known_move *ret)
{
	const struct uuid none = { { 0 } };
	const struct member_handed_over *member = item;
	if (event == &contact_merged_record)
		*ret = merge_of (event, item, MOVE_TO, "contact_id");
	else if (event == &contact_unmerged_record)
		*ret = merge_of (event, item, MOVE_BACK, "contact_id");
	else if (event == &account_merged_record)
		*ret = merge_of (event, item, MOVE_TO, "account_id");
	else if (event == &account_unmerged_record)
		*ret = merge_of (event, item, MOVE_BACK, "account_id");
	else if (event == &member_handed_over_record)
		*ret = moved (MOVE_TO, "owner_id", member->user_id.uuid, member->to_id.uuid);
	else if (event == &deal_purged_record)
		*ret = moved (MOVE_NONE, "deal_id", ((const struct deal_purged *) item)->deal_id.uuid, none);
	else if (event == &contact_purged_record)
		*ret = moved (MOVE_NONE, "contact_id", ((const struct contact_purged *) item)->contact_id.uuid, none);
	else if (event == &account_purged_record)
		*ret = moved (MOVE_NONE, "account_id", ((const struct account_purged *) item)->account_id.uuid, none);
	else if (event == &tag_changed_record)
		*ret = tag_of (item);
	else if (is_segment_gone (event, item))
		*ret = moved (MOVE_TAG, "segments", ((const struct segment_changed *) item)->segment_id.uuid, none);
	else
		return false;
	return true;
}

static json_t *member_make (json_t *in, const char *name, json_t *empty)
{
	json_t *is = json_object_get (in, name);
	if (is) {
		json_decref (empty);
		return is;
	}
	json_object_set_new (in, name, empty);
	return empty;
}

/* An owner's things are handed over once and for all. */
static void was_add (struct known *k, const struct known_move *m)
{
	char text[UUID_TEXT];
	if (strcmp (m->column, "owner_id") == 0)
		return;
	json_t *was = member_make (member_make (k->facts, "was", json_object ()), m->column, json_array ());
	json_array_append_new (was, known_text (uuid_format (m->from, text)));
}

static bool was_take (struct known *k, const struct known_move *m)
{
	json_t *was = json_object_get (json_object_get (k->facts, "was"), m->column);
	const char *last = json_string_value (json_array_get (was, json_array_size (was) - 1));
	char text[UUID_TEXT];
	if (!last || strcmp (last, uuid_format (m->to, text)) != 0)
		return false;
	json_array_remove (was, json_array_size (was) - 1);
	return true;
}

static bool tag_move (struct known *k, const struct known_move *m)
{
	json_t *tags = json_object_get (k->facts, m->column);
	char text[UUID_TEXT];
	uuid_format (m->from, text);
	for (size_t i = 0; i < json_array_size (tags); i++) {
		json_t *tag = json_array_get (tags, i);
		const char *id = json_string_value (json_is_object (tag) ? json_object_get (tag, "id") : tag),
			   *label = json_string_value (json_object_get (tag, "label"));
		if (!id || strcmp (id, text) != 0)
			continue;
		if (m->label && label && strcmp (m->label, label) == 0)
			return false;
		if (m->label)
			json_object_set_new (tag, "label", known_text (m->label));
		else
			json_array_remove (tags, i);
		return true;
	}
	return false;
}

bool known_move (struct known *k, const struct known_move *move)
{
	if (move->how == MOVE_TAG)
		return tag_move (k, move);
	struct uuid *column = known_column (k, move->column);
	if (!column || !uuid_equal (*column, move->from) || (move->how == MOVE_BACK && !was_take (k, move)))
		return false;
	if (move->how == MOVE_TO)
		was_add (k, move);
	*column = move->to;
	return true;
}

/* ---- who is to be forgotten ---- */

void known_erase (struct known *k)
{
	const char *name;
	json_t *value;
	void *next;
	json_object_foreach_safe (k->facts, next, name, value)
	{
		const struct field *f = fact_field (known_noun_names[k->noun], name);
		if (f && f->flags & PERSONAL && !json_is_null (value))
			json_object_set_new (k->facts, name, json_null ());
	}
}

/* ---- stages ---- */

struct stages {
	struct arena *a;
	struct known_stage *at;
	size_t n;
};

static void stage_take (struct stages *to, struct uuid id, const char *pipeline, const char *key, enum stage_kind kind)
{
	struct known_stage *more = arena_array (to->a, to->n + 1, sizeof *more);
	for (size_t i = 0; i < to->n; i++) {
		if (uuid_equal (to->at[i].id, id))
			return;
		more[i] = to->at[i];
	}
	more[to->n] = (struct known_stage){ id, arena_text (to->a, pipeline), arena_text (to->a, key), kind };
	to->at = more;
	to->n++;
}

static int kind_of (const json_t *stage)
{
	const char *name = json_string_value (json_object_get (stage, "kind"));
	for (int i = 0; name && stage_kind_names[i]; i++)
		if (strcmp (stage_kind_names[i], name) == 0)
			return i;
	return -1;
}

/* The stages of one pipeline of a preset, as if it were called `pipeline`. */
static void preset_take (struct stages *to, workspace_id workspace, const json_t *stages, const char *pipeline)
{
	const json_t *stage;
	size_t i;
	json_array_foreach (stages, i, stage)
	{
		const char *key = json_string_value (json_object_get (stage, "key"));
		int kind = kind_of (stage);
		if (key && kind >= 0)
			stage_take (to, board_id_of (to->a, workspace, "stage", pipeline, key), pipeline, key, (enum stage_kind) kind);
	}
}

/* Another preset is laid upon a pipeline that is there: upon which, pipeline decides; ids that come of the others are nobody's. */
static void content_take (struct stages *to, workspace_id workspace, const char *content, const struct known_stage *was, size_t n)
{
	json_t *whole = json_loads (content, 0, NULL);
	const json_t *pipeline;
	size_t i;
	json_array_foreach (json_object_get (whole, "pipelines"), i, pipeline)
	{
		const char *key = json_string_value (json_object_get (pipeline, "key"));
		const json_t *stages = json_object_get (pipeline, "stages");
		if (key)
			preset_take (to, workspace, stages, key);
		for (size_t k = 0; k < n; k++)
			if (k == 0 || strcmp (was[k].pipeline, was[k - 1].pipeline) != 0)
				preset_take (to, workspace, stages, was[k].pipeline);
	}
	json_decref (whole);
}

static void board_take (struct stages *to, const struct board_changed *said)
{
	const struct board_column *column = said->stages.at;
	for (size_t i = 0; i < said->stages.n; i++)
		stage_take (to, column[i].stage_id.uuid, said->key, column[i].key, column[i].kind);
}

size_t known_stages (struct arena *a, const struct record *event, const void *item, const struct known_stage *was, size_t n,
		     const struct known_stage **ret)
{
	struct stages to = { .a = a };
	const struct workspace_created *made = item;
	const struct workspace_preset_changed *other = item;
	if (event == &workspace_created_record && !made->home)
		content_take (&to, made->workspace_id, made->content, NULL, 0);
	else if (event == &workspace_preset_changed_record)
		content_take (&to, other->workspace_id, other->content, was, n);
	else if (event == &board_changed_record)
		board_take (&to, item);
	*ret = to.at;
	return to.n;
}
