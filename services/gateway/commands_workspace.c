/* The gateway's commands about workspaces, in the order of proto/gateway.def: made from a preset, changed, archived; what the preset once set.
 * Every change leaves a line in the audit table. Never removes a workspace, nor anything in it. */
#include <jansson.h>
#include <stdlib.h>

#include "commands.h"
#include "gateway_sql.h"
#include "presets.h"
#include "rules.h"

static struct outcome workspace_add_check (struct batch *b, const struct workspace_add *cmd, const struct workspace_place *place,
					   const struct preset *preset)
{
	char text[UUID_TEXT];
	if (!grant_allows (&cmd->head.grant, PERMISSION_crm_agency))
		return refused (forbidden);
	if (!uuid_equal (cmd->head.workspace, cmd->workspace_id.uuid))
		return refused_field (b, "/workspace_id", "not_the_head", "A workspace is made on its own lane.");
	if (!slug_fits (cmd->slug))
		return refused_field (b, "/slug", "bad_slug",
				      "A short name has 2 to 60 of a-z, 0-9 and single hyphens, and begins with a letter.");
	if (cmd->has.language == HERE && !language_known (cmd->language))
		return refused_field (b, "/language", "not_a_choice", "nl or en.");
	if (!preset)
		return refused (unknown_preset);
	if (!place->agency)
		return refused_field (b, "/agency_id", "unknown", "There is no such agency.");
	if (place->taken)
		return refused (slug_taken);
	return done_with (cmd->workspace_id.uuid,
			  text_join (b, "{\"slug\":\"", cmd->slug, "\",\"id\":\"", uuid_format (cmd->workspace_id.uuid, text), "\"}"));
}

#define CHOSEN(field) (cmd->has.field == HERE ? cmd->field : preset->field)

/* A workspace is its preset, with what the caller says differently. */
static struct workspace_whole workspace_of (const struct workspace_add *cmd, const struct preset *preset)
{
	struct workspace_whole ret = { .workspace_id = cmd->workspace_id,
				       .agency_id = cmd->agency_id,
				       .slug = cmd->slug,
				       .name = cmd->has.name == HERE ? cmd->name : cmd->slug,
				       .preset = cmd->preset,
				       .language = CHOSEN (language),
				       .currency = CHOSEN (currency),
				       .timezone = CHOSEN (timezone),
				       .country = CHOSEN (country),
				       .label_profile = preset->label_profile,
				       .landing = preset->landing,
				       .admin_only = CHOSEN (admin_only),
				       .feature_crm = cmd->has.feature_crm != HERE || cmd->feature_crm,
				       .demo = cmd->has.demo == HERE && cmd->demo,
				       .at = cmd->head.at };
	ALL_HERE (&ret);
	ret.has.default_owner_id = ret.has.owner_fits = ret.has.tabs = ret.has.header = ABSENT;
	return ret;
}
#undef CHOSEN

void workspace_add (struct batch *b, const struct workspace_add cmd[], size_t n, struct outcome ret[])
{
	const struct workspace_place *place = workspace_add_load (b, cmd, n);
	struct workspace_whole *whole = ARRAY (b, whole, n);
	struct workspace_created *event = ARRAY (b, event, n);
	struct audit_line *audit = ARRAY (b, audit, n);
	size_t news = 0;
	for (size_t i = 0; i < n; i++) {
		const struct preset *preset = preset_find (cmd[i].preset);
		ret[i] = workspace_add_check (b, &cmd[i], &place[i], preset);
		if (!is_done (ret[i]) || place[i].made)
			continue;
		whole[news] = workspace_of (&cmd[i], preset);
		event[news] = created_of (b, &cmd[i].head, &whole[news], preset->content);
		audit[news++] = audit_of (b, &cmd[i].head, "workspace_add", detail_of (b, &workspace_add_record, &cmd[i], NULL));
	}
	workspace_whole_write (b, whole, news);
	audit_write (b, audit, news);
	workspace_created_emit (b, event, news);
}

static struct outcome workspace_update_check (const struct workspace_update *cmd, const struct workspace_whole *old)
{
	if (old->has.workspace_id != HERE)
		return refused (workspace_not_found);
	if (!grant_allows (&cmd->head.grant, PERMISSION_crm_settings))
		return refused (forbidden);
	if (cmd->has.archived == HERE && !grant_allows (&cmd->head.grant, PERMISSION_crm_agency))
		return refused (forbidden);
	if (!old->owner_fits)
		return refused (not_a_member);
	return done_with (cmd->workspace_id.uuid, NULL);
}

struct workspace_updated updated_of (struct batch *b, const struct head *cause, workspace_id id, const char *name)
{
	return (struct workspace_updated){
		.head = head_caused (b, cause), .workspace_id = id, .name = name, .has = { HERE, HERE, ABSENT }
	};
}

static void workspace_merge (struct workspace_whole *w, const struct workspace_update *cmd)
{
	if (cmd->has.name == HERE)
		w->name = cmd->name;
	if (cmd->has.admin_only == HERE)
		w->admin_only = cmd->admin_only;
	if (cmd->has.feature_crm == HERE)
		w->feature_crm = cmd->feature_crm;
	if (cmd->has.archived == HERE)
		w->archived = cmd->archived;
	if (cmd->has.convert_on_won == HERE)
		w->convert_on_won = cmd->convert_on_won;
	if (cmd->has.default_owner_id == ABSENT)
		return;
	w->default_owner_id = cmd->default_owner_id;
	w->has.default_owner_id = cmd->has.default_owner_id;
}

static const char *flag_text (bool flag)
{
	return flag ? "true" : "false";
}

static const char *workspace_before (struct batch *b, const struct workspace_whole *old)
{
	struct buffer name = { 0 };
	json_quote (&name, old->name);
	const char *quoted = arena_copy (batch_arena (b), (const char *) name.at, name.n);
	buffer_fini (&name);
	return text_join (b, "{\"name\":", quoted, ",\"admin_only\":", flag_text (old->admin_only),
			  ",\"feature_crm\":", flag_text (old->feature_crm), ",\"archived\":", flag_text (old->archived),
			  ",\"convert_on_won\":\"", convert_on_won_names[old->convert_on_won], "\"}");
}

void workspace_update (struct batch *b, const struct workspace_update cmd[], size_t n, struct outcome ret[])
{
	const struct workspace_whole *old = workspace_update_load (b, cmd, n);
	struct workspace_whole *whole = ARRAY (b, whole, n);
	struct workspace_updated *event = ARRAY (b, event, n);
	struct audit_line *audit = ARRAY (b, audit, n);
	size_t changes = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = workspace_update_check (&cmd[i], &old[i]);
		if (!is_done (ret[i]))
			continue;
		whole[changes] = old[i];
		workspace_merge (&whole[changes], &cmd[i]);
		whole[changes].at = cmd[i].head.at;
		whole[changes].has.at = HERE;
		event[changes] = updated_of (b, &cmd[i].head, old[i].workspace_id, whole[changes].name);
		event[changes].default_owner_id = whole[changes].default_owner_id;
		event[changes].has.default_owner_id = whole[changes].has.default_owner_id;
		event[changes].convert_on_won = whole[changes].convert_on_won;
		event[changes].has.convert_on_won = HERE;
		audit[changes++] = audit_of (b, &cmd[i].head, "workspace_update",
					     detail_of (b, &workspace_update_record, &cmd[i], workspace_before (b, &old[i])));
	}
	workspace_update_write (b, whole, changes);
	workspace_untold (b, whole, changes);
	audit_write (b, audit, changes);
	workspace_updated_emit (b, event, changes);
}

/* ---- what a preset set ---- */

static struct outcome preset_set_check (struct batch *b, const struct preset_set *cmd, const struct workspace_whole *old)
{
	if (old->has.workspace_id != HERE || old->home)
		return refused (workspace_not_found);
	if (!grant_allows (&cmd->head.grant, PERMISSION_crm_settings))
		return refused (forbidden);
	if (cmd->has.preset == HERE && !preset_find (cmd->preset))
		return refused (unknown_preset);
	const char *wrong = preset_parts_wrong (cmd);
	if (wrong)
		return refused_field (b, wrong, "not_a_choice", "This is none of the possible values.");
	if (!old->zone_known)
		return refused_field (b, "/timezone", "not_a_timezone", "An IANA name, such as Europe/Amsterdam.");
	return done_with (cmd->workspace_id.uuid, NULL);
}

/* The words, pages and switches from now on. Another preset brings its own; the locale stays where the firm is, unless it is named. */
static void preset_merge (struct workspace_whole *w, const struct preset_set *cmd)
{
	const struct preset *preset = cmd->has.preset == HERE ? preset_find (cmd->preset) : NULL;
	if (preset) {
		w->preset = preset->name;
		w->label_profile = preset->label_profile;
		w->landing = preset->landing;
		w->admin_only = preset->admin_only;
		w->has.tabs = w->has.header = ABSENT;
	}
#define TAKE(field)                            \
	do {                                   \
		if (cmd->has.field == HERE) {  \
			w->field = cmd->field; \
			w->has.field = HERE;   \
		}                              \
	} while (0)
	TAKE (label_profile);
	TAKE (landing);
	TAKE (tabs);
	TAKE (header);
	TAKE (language);
	TAKE (currency);
	TAKE (timezone);
	TAKE (country);
	TAKE (admin_only);
#undef TAKE
}

/* What the other services take their part of: the new preset whole, or only what changed. */
static const char *preset_content (struct batch *b, const struct preset_set *cmd, const struct workspace_whole *w)
{
	json_t *content = cmd->has.preset == HERE ? json_loads (preset_find (cmd->preset)->content, 0, NULL) : json_object ();
	assert (content);
	json_object_set_new (content, "language", json_string (w->language));
	json_object_set_new (content, "country", json_string (w->country));
	json_object_set_new (content, "currency", json_string (w->currency));
	json_object_set_new (content, "timezone", json_string (w->timezone));
	if (cmd->has.move_mode == HERE)
		json_object_set_new (content, "move_mode", json_string (move_mode_names[cmd->move_mode]));
	char *text = json_dumps (content, JSON_COMPACT | JSON_PRESERVE_ORDER);
	const char *ret = arena_text (batch_arena (b), text);
	free (text);
	json_decref (content);
	return ret;
}

void preset_set (struct batch *b, const struct preset_set cmd[], size_t n, struct outcome ret[])
{
	const struct workspace_whole *old = preset_set_load (b, cmd, n);
	struct workspace_whole *whole = ARRAY (b, whole, n);
	struct workspace_preset_changed *event = ARRAY (b, event, n);
	struct audit_line *audit = ARRAY (b, audit, n);
	size_t changes = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = preset_set_check (b, &cmd[i], &old[i]);
		if (!is_done (ret[i]))
			continue;
		whole[changes] = old[i];
		preset_merge (&whole[changes], &cmd[i]);
		event[changes] = (struct workspace_preset_changed){ .head = head_caused (b, &cmd[i].head),
								    .workspace_id = cmd[i].workspace_id,
								    .preset = whole[changes].preset,
								    .content = preset_content (b, &cmd[i], &whole[changes]) };
		ALL_HERE (&event[changes]);
		const char *before = text_join (b, "{\"preset\":\"", old[i].preset, "\",\"label_profile\":\"", old[i].label_profile,
						"\",\"landing\":\"", old[i].landing, "\"}");
		audit[changes++] = audit_of (b, &cmd[i].head, "preset_set", detail_of (b, &preset_set_record, &cmd[i], before));
	}
	preset_set_write (b, whole, changes);
	workspace_untold (b, whole, changes);
	audit_write (b, audit, changes);
	workspace_preset_changed_emit (b, event, changes);
}
