/* Rules are written, changed, put in order, taken away and brought back. What one says is checked whole before it is kept, and is a version from then on.
 * It must never change a version, nor let anybody's rule do what they may not do themselves. */
#include "rules.h"

#include <string.h>
#include "automation_sql.h"
#include "charset.h"
#include "given.h"
#include "presets.h"
#include "rule_parts.h"

/* ---- the workspace's rules ---- */

struct rules_there {
	struct rule_row *at;
	size_t n;
};

static struct rules_there rules_load (struct batch *b, struct uuid workspace)
{
	struct rules_there ret;
	struct rule_ask ask = { .workspace_id = { workspace } };
	const struct rule_row *row = rule_load (b, &ask, 1, &ret.n);
	ret.at = ARRAY (b, ret.at, ret.n + 1);
	memcpy (ret.at, row, ret.n * sizeof *row);
	return ret;
}

static struct rule_row *rule_find (const struct rules_there *list, struct uuid id)
{
	for (size_t i = 0; i < list->n; i++)
		if (uuid_equal (list->at[i].rule_id.uuid, id))
			return &list->at[i];
	return NULL;
}

static bool is_removed (const struct rule_row *row)
{
	return row->has.removed_at == HERE;
}

/* ---- what is checked ---- */

static struct outcome refusal (struct problem *problem)
{
	struct outcome ret = refused (invalid);
	ret.problem = problem;
	return ret;
}

/* Who writes rules sees the whole workspace: what they do reaches all of it. */
static struct outcome may_write (const struct head *head)
{
	bool whole = head->grant.scope == SCOPE_WORKSPACE || head->grant.scope == SCOPE_ALL;
	return whole && grant_allows (&head->grant, PERMISSION_crm_settings) ? done () : refused (forbidden);
}

static struct outcome name_check (struct batch *b, const struct rules_there *list, struct uuid id, const char *name)
{
	if (!is_said (HERE, name))
		return refused_at (batch_arena (b), "/name", "required", "a rule is called something");
	for (size_t i = 0; i < list->n; i++)
		if (!uuid_equal (list->at[i].rule_id.uuid, id) && !is_removed (&list->at[i]) && text_same (list->at[i].name, name))
			return refused_at (batch_arena (b), "/name", "taken", "there is a rule of that name");
	return done ();
}

static bool steps_allowed (const struct grant *grant, struct steps steps)
{
	for (size_t i = 0; i < steps.n; i++) {
		const struct step *s = &steps.at[i];
		if (s->kind == STEP_DO && (step_permissions (s) & ~grant->permissions))
			return false;
		if (s->kind == STEP_BRANCH && !(steps_allowed (grant, s->yes) && steps_allowed (grant, s->no)))
			return false;
	}
	return true;
}

static const char *const when_names[] = { "event", "after", "before", "quiet", "each" }; /* in the order of when_kind */

/* What it says, in its one form, and what is asked of it often. */
static struct outcome body_take (struct batch *b, const struct head *head, const char *json, struct rule_row *row)
{
	struct arena *a = batch_arena (b);
	struct problem found = { 0 }, *problem = arena_alloc (a, sizeof *problem);
	struct rule rule;
	*problem = (struct problem){ 0 };
	if (rule_read (a, json, &rule, &found) != OK || rule_check (a, &rule, &found) != OK) {
		for (size_t i = 0; i < found.n_errors; i++)
			problem_add (a, problem, arena_printf (a, "/body%s", found.errors[i].pointer), found.errors[i].code,
				     found.errors[i].detail);
		return refusal (problem);
	}
	if (!steps_allowed (&head->grant, rule.steps))
		return refused (forbidden);
	struct buffer out = { 0 };
	rule_write (&out, &rule);
	row->body = arena_copy (a, (const char *) out.at, out.n);
	buffer_fini (&out);
	row->when_kind = when_names[rule.when.kind];
	row->has.when_event = rule.when.event ? HERE : CLEARED;
	row->when_event = rule.when.event ? rule.when.event->type : NULL;
	return done ();
}

static bool is_timed (const struct rule_row *row)
{
	return strcmp (row->when_kind, "event") != 0 && strcmp (row->when_kind, "after") != 0;
}

static struct outcome limit_check (struct batch *b, int64_t limit)
{
	if (limit >= 1 && limit <= RULE_LIMIT_MOST)
		return done ();
	return refused_at (batch_arena (b), "/limit_per_hour", "out_of_range", "1 to 100,000");
}

/* ---- keeping ---- */

/* A rule of time that was on and stays so goes on from where it was looked at last, whatever it says now: nothing is left out, and nothing done again. */
static void switched (struct rule_row *row, bool enabled, int64_t now)
{
	bool goes_on = enabled && row->enabled && row->has.timed_at == HERE;
	if (enabled && !row->enabled) {
		row->enabled_at = now;
		row->has.enabled_at = HERE;
	}
	row->enabled = enabled;
	row->timed_at = goes_on ? row->timed_at : now;
	row->has.timed_at = enabled && is_timed (row) ? HERE : CLEARED;
}

static void rule_keep (struct batch *b, const struct head *cause, struct rule_row *row, bool other_body, struct outcome *ret)
{
	struct rule_changed said = { .head = head_caused (b, cause),
				     .rule_id = row->rule_id,
				     .name = row->name,
				     .version = row->version,
				     .enabled = row->enabled,
				     .removed = is_removed (row),
				     .when_event = row->when_event,
				     .has.when_event = row->has.when_event };
	char text[UUID_TEXT];
	row->updated_at = batch_now (b);
	row->updated_by.uuid = cause->actor;
	row->has.updated_by = uuid_is_null (cause->actor) ? CLEARED : HERE;
	if (other_body)
		rule_version_write (b, row, 1);
	rule_row_write (b, row, 1);
	rule_changed_emit (b, &said, 1);
	rules_forget (b);
	*ret = done ();
	ret->id = row->rule_id.uuid;
	ret->version = row->version;
	ret->data = arena_printf (batch_arena (b), "{\"rule_version_id\":\"%s\"}", uuid_format (row->rule_version_id.uuid, text));
}

/* Its place among those that are there; the others move up or down. */
static void rule_place (struct batch *b, struct rules_there *list, struct rule_row *row, int64_t wanted)
{
	struct rule_row *order = ARRAY (b, order, list->n);
	size_t n = 0;
	for (size_t i = 0; i < list->n; i++)
		if (!is_removed (&list->at[i]) && &list->at[i] != row)
			order[n++] = list->at[i];
	size_t at = wanted < 1 ? 0 : wanted > (int64_t) n ? n : (size_t) wanted - 1;
	for (size_t i = 0; i < n; i++)
		order[i].position = (int64_t) i + 1 + (i >= at);
	row->position = (int64_t) at + 1;
	rule_place_write (b, order, n);
}

/* Those that were removed may be many: they count for nothing. */
static struct outcome room_check (struct batch *b, const struct rules_there *list)
{
	size_t n = 0;
	for (size_t i = 0; i < list->n; i++)
		n += !is_removed (&list->at[i]);
	return n < RULES_OF_WORKSPACE ? done () : refused_at (batch_arena (b), "/name", "too_many", "two thousand rules are the most");
}

static int64_t place_behind (const struct rules_there *list)
{
	int64_t ret = 0;
	for (size_t i = 0; i < list->n; i++)
		if (!is_removed (&list->at[i]) && list->at[i].position > ret)
			ret = list->at[i].position;
	return ret + 1;
}

/* ---- commands ---- */

static struct outcome add_one (struct batch *b, const struct rule_add *cmd)
{
	const struct rules_there list = rules_load (b, cmd->head.workspace);
	struct outcome ret = may_write (&cmd->head);
	struct rule_row row = { .workspace_id = { cmd->head.workspace },
				.rule_id = cmd->rule_id,
				.rule_version_id = { uuid_new (b) },
				.version = 1,
				.n = 1,
				.name = cmd->name,
				.position = place_behind (&list),
				.limit_per_hour = cmd->has.limit_per_hour == HERE ? cmd->limit_per_hour : RULE_LIMIT_USUAL,
				.owner_id = cmd->has.owner_id == HERE ? cmd->owner_id : (user_id){ cmd->head.actor },
				.has.owner_id = HERE,
				.created_at = batch_now (b),
				.created_by = { cmd->head.actor },
				.has.created_by = HERE };
	if (is_done (ret))
		ret = name_check (b, &list, cmd->rule_id.uuid, cmd->name);
	if (is_done (ret))
		ret = limit_check (b, row.limit_per_hour);
	if (is_done (ret))
		ret = body_take (b, &cmd->head, cmd->body, &row);
	if (is_done (ret))
		ret = room_check (b, &list);
	if (!is_done (ret))
		return ret;
	switched (&row, cmd->has.enabled == HERE && cmd->enabled, batch_now (b));
	rule_keep (b, &cmd->head, &row, true, &ret);
	return ret;
}

void rule_add (struct batch *b, const struct rule_add cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		ret[i] = add_one (b, &cmd[i]);
}

static struct outcome update_check (struct batch *b, const struct rule_update *cmd, const struct rules_there *list,
				    const struct rule_row *was)
{
	struct outcome ret = may_write (&cmd->head);
	if (is_done (ret) && (!was || is_removed (was)))
		ret = refused (rule_not_found);
	if (is_done (ret) && cmd->has.version == HERE && cmd->version != was->version)
		ret = refused (stale);
	if (is_done (ret) && cmd->has.name != ABSENT)
		ret = was->has.preset == HERE
			      ? refused_at (batch_arena (b), "/name", "not_changeable", "the product's own rules keep their names")
			      : name_check (b, list, was->rule_id.uuid, cmd->has.name == HERE ? cmd->name : "");
	if (is_done (ret) && cmd->has.limit_per_hour != ABSENT)
		ret = limit_check (b, cmd->has.limit_per_hour == HERE ? cmd->limit_per_hour : 0);
	return ret;
}

static struct outcome update_one (struct batch *b, const struct rule_update *cmd)
{
	struct rules_there list = rules_load (b, cmd->head.workspace);
	struct rule_row *was = rule_find (&list, cmd->rule_id.uuid);
	struct outcome ret = update_check (b, cmd, &list, was);
	if (!is_done (ret))
		return ret;
	struct rule_row row = *was;
	if (cmd->has.body == HERE)
		ret = body_take (b, &cmd->head, cmd->body, &row);
	if (!is_done (ret))
		return ret;
	bool other_body = strcmp (row.body, was->body) != 0;
	if (other_body) {
		row.n++;
		row.rule_version_id.uuid = uuid_new (b);
	}
	if (cmd->has.name == HERE)
		row.name = cmd->name;
	if (cmd->has.limit_per_hour == HERE)
		row.limit_per_hour = cmd->limit_per_hour;
	if (cmd->has.owner_id == HERE)
		row.owner_id = cmd->owner_id, row.has.owner_id = HERE;
	if (cmd->has.position == HERE)
		rule_place (b, &list, was, cmd->position), row.position = was->position;
	if (cmd->has.enabled == HERE || other_body)
		switched (&row, cmd->has.enabled == HERE ? cmd->enabled : row.enabled, batch_now (b));
	row.version++;
	rule_keep (b, &cmd->head, &row, other_body, &ret);
	return ret;
}

void rule_update (struct batch *b, const struct rule_update cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		ret[i] = update_one (b, &cmd[i]);
}

/* What is so already is done, and says nothing. */
static struct outcome remove_one (struct batch *b, const struct rule_remove *cmd)
{
	struct rules_there list = rules_load (b, cmd->head.workspace);
	struct rule_row *row = rule_find (&list, cmd->rule_id.uuid);
	struct outcome ret = may_write (&cmd->head);
	if (is_done (ret) && !row)
		ret = refused (rule_not_found);
	if (is_done (ret) && row->has.preset == HERE)
		ret = refused (rule_preset);
	if (!is_done (ret) || is_removed (row))
		return ret;
	switched (row, false, batch_now (b));
	row->removed_at = batch_now (b);
	row->has.removed_at = HERE;
	row->version++;
	firings_of_rule_stop (b, row, 1);
	rule_keep (b, &cmd->head, row, false, &ret);
	return ret;
}

void rule_remove (struct batch *b, const struct rule_remove cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		ret[i] = remove_one (b, &cmd[i]);
}

static struct outcome restore_one (struct batch *b, const struct rule_restore *cmd)
{
	struct rules_there list = rules_load (b, cmd->head.workspace);
	struct rule_row *row = rule_find (&list, cmd->rule_id.uuid);
	struct outcome ret = may_write (&cmd->head);
	if (is_done (ret) && !row)
		ret = refused (rule_not_found);
	if (!is_done (ret) || !is_removed (row))
		return ret;
	ret = name_check (b, &list, row->rule_id.uuid, row->name);
	if (is_done (ret))
		ret = room_check (b, &list);
	if (!is_done (ret))
		return ret;
	row->has.removed_at = CLEARED;
	row->position = place_behind (&list);
	row->version++;
	rule_keep (b, &cmd->head, row, false, &ret);
	return ret;
}

void rule_restore (struct batch *b, const struct rule_restore cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		ret[i] = restore_one (b, &cmd[i]);
}

/* ---- what the product brings ---- */

/* The same for ever, made of whose it is and what it is called. */
static struct uuid named_id (struct uuid of, const char *name)
{
	struct buffer all = { 0 };
	buffer_add (&all, of.b, sizeof of);
	buffer_text (&all, name);
	struct uuid ret = uuid_of (all.at, all.n);
	buffer_fini (&all);
	return ret;
}

/* A workspace that was made long ago is heard of by a house that has automation since today: what was said in it until now is none of its rules' business. */
static int64_t preset_since (struct batch *b, const struct head *made)
{
	const int64_t day = INT64_C (24) * 3600 * 1000000;
	return batch_now (b) - made->recorded < day ? made->recorded : batch_now (b);
}

void presets_begin (struct batch *b, const struct workspace_created *event)
{
	int64_t since = preset_since (b, &event->head);
	size_t n, rows = 0;
	const struct preset *preset = presets_of (batch_arena (b), event->language, event->content, &n);
	struct rule_row *row = ARRAY (b, row, n);
	if (event->home)
		return;
	for (size_t i = 0; i < n; i++) {
		struct head head = event->head;
		head.grant = (struct grant){ .scope = SCOPE_WORKSPACE, .permissions = ~UINT64_C (0) };
		row[rows] = (struct rule_row){ .workspace_id = event->workspace_id,
					       .rule_id = { named_id (event->workspace_id.uuid, preset[i].key) },
					       .version = 1,
					       .n = 1,
					       .name = preset[i].name,
					       .preset = preset[i].key,
					       .has.preset = HERE,
					       .position = (int64_t) i + 1,
					       .limit_per_hour = RULE_LIMIT_USUAL,
					       .created_at = batch_now (b),
					       .updated_at = batch_now (b) };
		row[rows].rule_version_id.uuid = named_id (row[rows].rule_id.uuid, "1");
		if (!is_done (body_take (b, &head, preset[i].body, &row[rows])))
			continue;
		switched (&row[rows], preset[i].enabled, since);
		rows++;
	}
	rule_version_write (b, row, rows);
	rule_row_write (b, row, rows);
	for (size_t i = 0; i < rows; i++) {
		struct rule_changed said = { .head = head_caused (b, &event->head),
					     .rule_id = row[i].rule_id,
					     .name = row[i].name,
					     .version = row[i].version,
					     .enabled = row[i].enabled,
					     .when_event = row[i].when_event,
					     .has.when_event = row[i].has.when_event };
		rule_changed_emit (b, &said, 1);
	}
}
