/* Bells that ring because of what others do: a ring is made of who, which action and what kind of thing, so a repeat finds it there.
 * Never looks at what comes in by itself: a new lead rings out of its own row. */
#include "notices.h"
#include "contacts_sql.h"

#include <string.h>

#define BACKDATED (INT64_C (600) * 1000000)

/* What comes of another event was nobody's doing: a lead takes its deal along, a handing over takes everything. */
static bool is_gift (const struct gift *g)
{
	const struct head *cause = g->cause;
	return g->has_to == HERE && !uuid_is_null (cause->actor) && !uuid_equal (cause->actor, g->to.uuid) && cause->depth <= 1;
}

static struct uuid ring_of (const struct gift *g)
{
	bool task = !uuid_is_null (g->activity.uuid);
	struct {
		struct uuid workspace, to, action;
		unsigned char what[16];
	} name = { .workspace = g->cause->workspace,
		   .to = g->to.uuid,
		   .action = uuid_is_null (g->cause->correlation) ? g->cause->id : g->cause->correlation };
	name.what[0] = task ? 'a' : g->about == record_kind_lead ? 'l' : g->about == record_kind_deal ? 'd' : 'c';
	return uuid_of (&name, sizeof name);
}

int64_t rings_at (struct batch *b, const struct head *cause)
{
	int64_t written = cause->recorded ? cause->recorded : batch_now (b);
	return written - cause->at > BACKDATED ? cause->at : batch_now (b);
}

static struct notice_row row_of (struct batch *b, const struct gift *g)
{
	struct notice_row row = { .workspace_id = { g->cause->workspace },
				  .notice_id = { ring_of (g) },
				  .user_id = g->to,
				  .kind = notice_kind_assigned,
				  .at = rings_at (b, g->cause),
				  .by_id = { g->cause->actor },
				  .about = g->about,
				  .record_id = { g->record },
				  .activity_id = g->activity,
				  .title = g->title,
				  .count = 1,
				  .said = g->cause->sequence };
	row.has.by_id = HERE;
	row.has.activity_id = uuid_is_null (g->activity.uuid) ? ABSENT : HERE;
	row.has.title = g->title && *g->title ? HERE : ABSENT;
	return row;
}

static struct notice_row *row_find (struct notice_row row[], size_t n, const struct notice_row *like)
{
	while (n)
		if (uuid_equal (row[--n].notice_id.uuid, like->notice_id.uuid))
			return &row[n];
	return NULL;
}

static struct record_assigned told_of (struct batch *b, const struct head *cause, const struct notice_row *row)
{
	return (struct record_assigned){ .head = head_caused (b, cause),
					 .notice_id = row->notice_id,
					 .user_id = row->user_id,
					 .about = row->about,
					 .record_id = row->record_id,
					 .activity_id = row->activity_id,
					 .has.activity_id = row->has.activity_id,
					 .title = row->title,
					 .has.title = row->has.title,
					 .count = row->count };
}

void gifts_ring (struct batch *b, const struct gift gift[], size_t n)
{
	struct notice_row *one = ARRAY (b, one, n), *row = ARRAY (b, row, n);
	const struct head **cause = ARRAY (b, cause, n);
	size_t ones = 0, rows = 0;
	for (size_t i = 0; i < n; i++)
		if (is_gift (&gift[i])) {
			cause[ones] = gift[i].cause;
			one[ones++] = row_of (b, &gift[i]);
		}
	if (!ones)
		return;
	const struct notice_place *was = notice_load (b, one, ones);
	struct record_assigned *told = ARRAY (b, told, ones);
	for (size_t i = 0; i < ones; i++) {
		if (was[i].has.said == HERE && one[i].said <= was[i].said)
			continue; /* heard before */
		struct notice_row *first = row_find (row, rows, &one[i]);
		if (first) {
			first->count++;
			first->said = one[i].said;
			continue;
		}
		row[rows] = one[i];
		row[rows].count += was[i].has.count == HERE ? was[i].count : 0;
		cause[rows++] = cause[i];
	}
	for (size_t i = 0; i < rows; i++)
		told[i] = told_of (b, cause[i], &row[i]);
	notice_write (b, row, rows);
	record_assigned_emit (b, told, rows);
}
