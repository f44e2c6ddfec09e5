/* The events that automation hears beside what rules answer: workspaces, people, boards. What is known of records is the engine's.
 * It must never act by a rule itself. */
#include "automation_sql.h"
#include "engine.h"
#include "hooks.h"
#include "pool.h"
#include "rules.h"

static void all_done (struct outcome ret[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		ret[i] = done ();
}

#define KEPT(event)                                                                             \
	void event (struct batch *b, const struct event item[], size_t n, struct outcome ret[]) \
	{                                                                                       \
		event##_write (b, item, n);                                                     \
		rules_forget (b);                                                               \
		all_done (ret, n);                                                              \
	}
KEPT (workspace_updated)
KEPT (member_changed)

/* Which stages the workspace has from now on. */
static void stages_keep (struct batch *b, const struct record *r, const void *item, struct uuid workspace)
{
	const struct rules_of *rules = rules_of (b, workspace);
	const struct known_stage *stage;
	size_t n = known_stages (batch_arena (b), r, item, rules->stage, rules->stages, &stage);
	struct stage_row *row = ARRAY (b, row, n);
	for (size_t i = 0; i < n; i++)
		row[i] = (struct stage_row){ .workspace_id = { workspace },
					     .stage_id = { stage[i].id },
					     .pipeline = stage[i].pipeline,
					     .key = stage[i].key,
					     .kind = stage_kind_names[stage[i].kind] };
	stage_write (b, row, n);
	rules_forget (b);
}

/* Its rules come with it. */
void workspace_created (struct batch *b, const struct workspace_created event[], size_t n, struct outcome ret[])
{
	workspace_created_write (b, event, n);
	rules_forget (b);
	for (size_t i = 0; i < n; i++) {
		stages_keep (b, &workspace_created_record, &event[i], event[i].workspace_id.uuid);
		presets_begin (b, &event[i]);
	}
	all_done (ret, n);
}

void workspace_preset_changed (struct batch *b, const struct workspace_preset_changed event[], size_t n, struct outcome ret[])
{
	workspace_preset_changed_write (b, event, n);
	for (size_t i = 0; i < n; i++)
		stages_keep (b, &workspace_preset_changed_record, &event[i], event[i].workspace_id.uuid);
	all_done (ret, n);
}

void board_changed (struct batch *b, const struct board_changed event[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		stages_keep (b, &board_changed_record, &event[i], event[i].head.workspace);
	all_done (ret, n);
}

/* Records, too, are another one's: what is known of them says so. */
void member_handed_over (struct batch *b, const struct member_handed_over event[], size_t n, struct outcome ret[])
{
	member_handed_over_write (b, event, n);
	rules_forget (b);
	engine_hear (b, &member_handed_over_record, event, n, ret);
}

/* All that was kept of it. */
void workspace_removed (struct batch *b, const struct workspace_removed event[], size_t n, struct outcome ret[])
{
	pool_end (b); /* what is known of its records is written before it goes */
	removed_hook_delivery_drop (b, event, n);
	removed_hook_endpoint_drop (b, event, n);
	removed_firing_drop (b, event, n);
	removed_undecided_drop (b, event, n);
	removed_decision_drop (b, event, n);
	removed_rule_set_drop (b, event, n);
	removed_rule_version_drop (b, event, n);
	removed_rule_drop (b, event, n);
	removed_known_drop (b, event, n);
	removed_stage_drop (b, event, n);
	removed_member_drop (b, event, n);
	removed_workspace_drop (b, event, n);
	rules_forget (b);
	hooks_forget (b);
	for (size_t i = 0; i < n; i++) {
		batch_workspace_end (b, event[i].workspace_id.uuid);
		ret[i] = done ();
	}
}
