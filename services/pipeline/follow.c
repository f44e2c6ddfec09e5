/* What people did about deals, out of what contacts says: kept beside each deal for its card. Load nothing, write, say nothing.
 * Never touches a deal's own row, so that nobody's version becomes stale by a note. */
#include "rules.h"
#include "pipeline_sql.h"

/* Of a deal, or of the lead that it came of: both bear one id. */
static bool is_deals (enum record_kind about)
{
	return about == record_kind_deal || about == record_kind_lead;
}

static struct deal_touched deal_of (const struct head *head, record_id record)
{
	return (struct deal_touched){ .workspace_id = { head->workspace }, .deal_id = { record.uuid } };
}

/* What is kept of an activity, whether it is new or changed: both events say it whole. */
#define ACTIVITY_ROW(said)                                                       \
	((struct deal_activity_row){ .workspace_id = { (said)->head.workspace }, \
				     .deal_id = { (said)->record_id.uuid },      \
				     .activity_id = (said)->activity_id,         \
				     .kind = (said)->kind,                       \
				     .at = (said)->head.at,                      \
				     .due_at = (said)->due_at,                   \
				     .has.due_at = (said)->has.due_at,           \
				     .done = (said)->has.done_at == HERE })

void activity_added (struct batch *b, const struct activity_added said[], size_t n, struct outcome ret[])
{
	struct deal_activity_row *row = ARRAY (b, row, n);
	struct deal_touched *deal = ARRAY (b, deal, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = is_deals (said[i].about) ? done () : skipped ();
		if (!is_done (ret[i]))
			continue;
		deal[rows] = deal_of (&said[i].head, said[i].record_id);
		row[rows++] = ACTIVITY_ROW (&said[i]);
	}
	deal_activity_write (b, row, rows);
	deal_follow_write (b, deal, rows);
}

void activity_changed (struct batch *b, const struct activity_changed said[], size_t n, struct outcome ret[])
{
	struct deal_activity_row *row = ARRAY (b, row, n);
	struct deal_touched *deal = ARRAY (b, deal, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = is_deals (said[i].about) ? done () : skipped ();
		if (!is_done (ret[i]))
			continue;
		deal[rows] = deal_of (&said[i].head, said[i].record_id);
		row[rows++] = ACTIVITY_ROW (&said[i]);
	}
	deal_activity_write (b, row, rows);
	deal_follow_write (b, deal, rows);
}

void activity_removed (struct batch *b, const struct activity_removed said[], size_t n, struct outcome ret[])
{
	struct deal_activity_away *row = ARRAY (b, row, n);
	struct deal_touched *deal = ARRAY (b, deal, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = is_deals (said[i].about) ? done () : skipped ();
		if (!is_done (ret[i]))
			continue;
		deal[rows] = deal_of (&said[i].head, said[i].record_id);
		row[rows++] = (struct deal_activity_away){ .workspace_id = { said[i].head.workspace },
							   .deal_id = { said[i].record_id.uuid },
							   .activity_id = said[i].activity_id,
							   .removed = true };
	}
	deal_activity_move (b, row, rows);
	deal_follow_write (b, deal, rows);
}

void activity_restored (struct batch *b, const struct activity_restored said[], size_t n, struct outcome ret[])
{
	struct deal_activity_away *row = ARRAY (b, row, n);
	struct deal_touched *deal = ARRAY (b, deal, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = is_deals (said[i].about) ? done () : skipped ();
		if (!is_done (ret[i]))
			continue;
		deal[rows] = deal_of (&said[i].head, said[i].record_id);
		row[rows++] = (struct deal_activity_away){ .workspace_id = { said[i].head.workspace },
							   .deal_id = { said[i].record_id.uuid },
							   .activity_id = said[i].activity_id,
							   .removed = false };
	}
	deal_activity_move (b, row, rows);
	deal_follow_write (b, deal, rows);
}

void record_tagged (struct batch *b, const struct record_tagged said[], size_t n, struct outcome ret[])
{
	struct deal_tags_row *row = ARRAY (b, row, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = is_deals (said[i].about) ? done () : skipped ();
		if (is_done (ret[i]))
			row[rows++] = (struct deal_tags_row){ .workspace_id = { said[i].head.workspace },
							      .deal_id = { said[i].record_id.uuid },
							      .tags = said[i].tags };
	}
	deal_tags_write (b, row, rows);
}

/* A new tag is on nothing; another label or colour is another on all that bear it. */
void tag_changed (struct batch *b, const struct tag_changed said[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		tag_changed_write (b, &said[i], 1);
		ret[i] = done ();
	}
}
