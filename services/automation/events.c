/* The events that automation hears beside what rules answer: workspaces, people, boards. What is known of records is the engine's.
 * It must never act by a rule itself. */
#include "automation_sql.h"
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
KEPT (workspace_preset_changed)
KEPT (member_changed)
KEPT (member_handed_over)

void workspace_created (struct batch *b, const struct workspace_created event[], size_t n, struct outcome ret[])
{
	workspace_created_write (b, event, n);
	rules_forget (b);
	all_done (ret, n);
}

/* How the board stands from now on. */
void board_changed (struct batch *b, const struct board_changed event[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		const struct board_column *column = event[i].stages.at;
		struct stage_row *row = ARRAY (b, row, event[i].stages.n);
		for (size_t k = 0; k < event[i].stages.n; k++)
			row[k] = (struct stage_row){ .workspace_id = { event[i].head.workspace },
						     .stage_id = column[k].stage_id,
						     .pipeline_id = event[i].pipeline_id,
						     .key = column[k].key,
						     .kind = stage_kind_names[column[k].kind] };
		stage_write (b, row, event[i].stages.n);
	}
	all_done (ret, n);
}

/* All that was kept of it. */
void workspace_removed (struct batch *b, const struct workspace_removed event[], size_t n, struct outcome ret[])
{
	removed_firing_drop (b, event, n);
	removed_decision_drop (b, event, n);
	removed_rule_set_drop (b, event, n);
	removed_rule_version_drop (b, event, n);
	removed_rule_drop (b, event, n);
	removed_known_drop (b, event, n);
	removed_stage_drop (b, event, n);
	removed_member_drop (b, event, n);
	removed_workspace_drop (b, event, n);
	rules_forget (b);
	for (size_t i = 0; i < n; i++) {
		batch_workspace_end (b, event[i].workspace_id.uuid);
		ret[i] = done ();
	}
}
