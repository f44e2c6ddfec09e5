/* What pipeline decides about many deals at once, about the trash, and about what may be put back. See rules.h.
 * Never lets one deal's refusal stop the others, never puts back what somebody changed since. */
#include "rules.h"
#include "clock.h"

#include <stdlib.h>
#include <string.h>

/* ---- the trash ---- */

struct outcome deal_trash_check (const struct deal_trash *cmd, const struct deal_lot *lot)
{
	if (!lot->has.deal_id || !grant_covers (&cmd->head.grant, &lot->owner_id))
		return refused (deal_not_found);
	if (cmd->has.version == HERE && cmd->version != lot->version && !lot->trashed)
		return refused (deal_changed);
	return done ();
}

struct outcome deal_restore_check (const struct deal_restore *cmd, const struct deal_lot *lot)
{
	if (!lot->has.deal_id || !grant_covers (&cmd->head.grant, &lot->owner_id))
		return refused (deal_not_found);
	return lot->has.stage_id == HERE ? done () : refused (stage_not_found);
}

/* ---- many at once ---- */

static struct outcome wanted (struct arena *a, const char *pointer)
{
	return refused_at (a, pointer, "required", "this field is required");
}

struct outcome bulk_read (struct arena *a, const struct deal_bulk *cmd, deal_id **ret, size_t *ret_n)
{
	*ret_n = 0;
	if (cmd->has.ids != HERE)
		return wanted (a, "/ids");
	switch (cmd->action) {
	case bulk_action_move:
		if (cmd->has.stage != HERE)
			return wanted (a, "/stage");
		break;
	case bulk_action_edit:
		if (cmd->has.fields != HERE)
			return wanted (a, "/fields");
		break;
	case bulk_action_reassign:
		if (cmd->has.owner_id == ABSENT)
			return wanted (a, "/owner_id");
		break;
	case bulk_action_delete:
	case bulk_action_restore:
	case bulk_action_count: break;
	}
	struct uuid *ids;
	struct outcome out = ids_read (a, cmd->ids, &ids, ret_n);
	*ret = (deal_id *) ids;
	return out;
}

struct outcome bulk_fields (struct arena *a, const char *json, struct deal_update *ret)
{
	static const char *const others[] = { "deal_id", "version", "owner_id" }; /* an owner is checked elsewhere: the action reassign */
	json_t *in = json_loads (json, JSON_DECODE_ANY, NULL);
	struct problem problem = { 0 }, *told = arena_alloc (a, sizeof *told);
	struct outcome out = json_is_object (in) ? done () : refused_at (a, "/fields", "not_an_object", "must be an object");
	for (size_t i = 0; i < LENGTH (others) && is_done (out); i++)
		if (json_object_get (in, others[i]))
			out = refused_at (a, arena_printf (a, "/fields/%s", others[i]), "unknown", "there is no such field here");
	if (is_done (out) && !json_object_size (in))
		out = wanted (a, "/fields");
	if (is_done (out)) {
		json_object_set_new (in, "deal_id", json_string ("00000000-0000-0000-0000-000000000000"));
		if (record_from_json (a, &deal_update_record, in, true, ret, &problem) != OK) {
			for (size_t i = 0; i < problem.n_errors; i++)
				problem_add (a, told, arena_printf (a, "/fields%s", problem.errors[i].pointer), problem.errors[i].code,
					     problem.errors[i].detail);
			out = refused (invalid);
			out.problem = told;
		}
	}
	json_decref (in);
	return out;
}

const char *bulk_told (struct arena *a, struct uuid batch, const deal_id ids[], const struct outcome outcome[], const bool did[], size_t n)
{
	char text[UUID_TEXT];
	json_t *refusals = json_array ();
	size_t dones = 0, skips = 0;
	for (size_t i = 0; i < n; i++) {
		dones += is_done (outcome[i]) && did[i];
		skips += is_done (outcome[i]) && !did[i];
		if (is_done (outcome[i]))
			continue;
		const struct problem *p = outcome[i].problem;
		json_t *one = json_pack ("{s:s, s:s}", "id", uuid_format (ids[i].uuid, text), "code", error_code (outcome[i].error));
		if (p && p->n_errors)
			json_object_set_new (one, "field", json_string (p->errors[0].pointer));
		json_array_append_new (refusals, one);
	}
	json_t *told = json_pack ("{s:s, s:I, s:I, s:o}", "batch_id", uuid_format (batch, text), "done", (json_int_t) dones, "skipped",
				  (json_int_t) skips, "refused", refusals);
	size_t length = json_dumpb (told, NULL, 0, JSON_COMPACT);
	char *ret = arena_alloc (a, length + 1);
	json_dumpb (told, ret, length, JSON_COMPACT);
	json_decref (told);
	return ret;
}

/* ---- putting back ---- */

const char *undo_why (const struct undo_part *part)
{
	bool trash = strcmp (part->field, "trashed") == 0;
	if (part->later)
		return "changed";
	return part->trashed && !trash ? "trashed" : NULL;
}

static bool undo_money (const struct undo_part *part, struct deal_update *ret)
{
	char amount[40];
	const char *gap = strchr (part->old, ' ');
	if (!gap || (size_t) (gap - part->old) >= sizeof amount)
		return false;
	memcpy (amount, part->old, (size_t) (gap - part->old));
	amount[gap - part->old] = '\0';
	return money_parse (amount, gap + 1, &ret->value) == OK;
}

static bool undo_number (const char *text, int64_t *ret)
{
	char *end;
	*ret = strtoll (text, &end, 10);
	return *text && !*end;
}

/* Its value as JSON again: a text is a text, unless its field holds something else. */
static json_t *custom_value (const struct undo_part *part, struct uuid workspace, const struct custom_fields *fields)
{
	const char *key = part->field + strlen ("custom.");
	for (size_t i = 0; i < fields->n; i++) {
		const struct custom_field *f = &fields->at[i];
		if (strcmp (f->key, key) || !uuid_equal (f->workspace_id.uuid, workspace))
			continue;
		if (f->kind == custom_kind_number || f->kind == custom_kind_money || f->kind == custom_kind_boolean) {
			json_t *value = json_loads (part->old, JSON_DECODE_ANY, NULL);
			if (value)
				return value;
		}
		break;
	}
	return json_string (part->old);
}

static bool undo_custom (struct arena *a, const struct undo_part *part, struct uuid workspace, const struct custom_fields *fields,
			 struct deal_update *ret)
{
	json_t *patch = ret->has.custom == HERE ? json_loads (ret->custom, 0, NULL) : json_object ();
	json_object_set_new (patch, part->field + strlen ("custom."),
			     part->has.old == HERE ? custom_value (part, workspace, fields) : json_null ());
	size_t n = json_dumpb (patch, NULL, 0, JSON_COMPACT);
	char *text = arena_alloc (a, n + 1);
	json_dumpb (patch, text, n, JSON_COMPACT);
	json_decref (patch);
	ret->custom = text;
	ret->has.custom = HERE;
	return true;
}

bool undo_field (struct arena *a, const struct undo_part *part, struct uuid workspace, const struct custom_fields *fields,
		 struct deal_update *ret)
{
	unsigned char has = part->has.old == HERE ? HERE : CLEARED;
	const char *field = part->field;
	if (strncmp (field, "custom.", 7) == 0)
		return undo_custom (a, part, workspace, fields, ret);
#define TEXT(name)                        \
	if (strcmp (field, #name) == 0) { \
		ret->name = part->old;    \
		ret->has.name = has;      \
		return true;              \
	}
	TEXT (title)
	TEXT (notes)
	TEXT (annotations)
	DEAL_WORDS (TEXT)
#undef TEXT
	if (strcmp (field, "value") == 0) {
		ret->has.value = has;
		return has == CLEARED || undo_money (part, ret);
	}
	if (strcmp (field, "close_date") == 0) {
		ret->has.close_date = has;
		return has == CLEARED || date_parse (part->old, &ret->close_date) == OK;
	}
	if (strcmp (field, "owner_id") == 0) {
		ret->has.owner_id = has;
		return has == CLEARED || uuid_parse (part->old, &ret->owner_id.uuid) == OK;
	}
	if (strcmp (field, "account") == 0) /* the name, for people: the id beside it is what counts */
		return true;
	if (strcmp (field, "account_id") == 0) {
		ret->has.account_id = has;
		return has == CLEARED || uuid_parse (part->old, &ret->account_id.uuid) == OK;
	}
	if (strcmp (field, "probability") == 0) {
		ret->has.probability = has;
		return has == CLEARED || undo_number (part->old, &ret->probability);
	}
	if (strcmp (field, "monthly_shipments") == 0) {
		ret->has.monthly_shipments = has;
		return has == CLEARED || undo_number (part->old, &ret->monthly_shipments);
	}
	return false;
}
