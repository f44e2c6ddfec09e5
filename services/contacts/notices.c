/* Bells that ring because of what others do, or of what a rule says: a ring is made of who, which action and what kind of thing, so a repeat finds it there.
 * Never looks at what comes in by itself: a new lead rings out of its own row. */
#include "notices.h"
#include "rules.h"
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

/* Rooms are the channel and records, in the order of these. */
_Static_assert((int) room_kind_lead + (int) record_kind_account == (int) room_kind_account, "a record's room");

static struct notice_row row_of (struct batch *b, const struct gift *g)
{
	struct notice_row row = { .workspace_id = { g->cause->workspace },
				  .notice_id = { ring_of (g) },
				  .user_id = g->to,
				  .kind = notice_kind_assigned,
				  .at = rings_at (b, g->cause),
				  .by_id = { g->cause->actor },
				  .about = (enum room_kind) (g->about + room_kind_lead),
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
					 .about = (enum record_kind) (row->about - room_kind_lead),
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

/* ---- what a rule says ---- */

/* What it is about, as record_place_load takes it. */
static struct activity_add about_of (const struct notice_ring *cmd)
{
	return (struct activity_add){ .head = cmd->head,
				      .lead_id = cmd->lead_id,
				      .deal_id = cmd->deal_id,
				      .contact_id = cmd->contact_id,
				      .account_id = cmd->account_id,
				      .has = { .lead_id = cmd->has.lead_id,
					       .deal_id = cmd->has.deal_id,
					       .contact_id = cmd->has.contact_id,
					       .account_id = cmd->has.account_id } };
}

/* Whom it rings for: who is named, else the record's owner, else who owns what nobody else does. False: there is none of these. */
static bool rings_for (const struct notice_ring *cmd, const struct record_place *place, user_id *ret)
{
	if (cmd->has.user_id == HERE)
		*ret = cmd->user_id;
	else if (place->has.owner_id == HERE)
		*ret = place->owner_id;
	else if (place->has.default_owner_id == HERE)
		*ret = place->default_owner_id;
	else
		return false;
	return true;
}

static struct notice_row said_row (struct batch *b, const struct notice_ring *cmd, const struct record_place *place)
{
	struct notice_row row = { .workspace_id = { cmd->head.workspace },
				  .notice_id = cmd->notice_id,
				  .kind = notice_kind_rule,
				  .at = rings_at (b, &cmd->head),
				  .about = room_kind_channel,
				  .record_id = { cmd->head.workspace },
				  .title = cmd->title,
				  .count = 1 };
	row.has.title = HERE;
	rings_for (cmd, place, &row.user_id);
	if (cmd->has.lead_id == HERE)
		row.about = room_kind_lead, row.record_id.uuid = cmd->lead_id.uuid;
	else if (cmd->has.deal_id == HERE)
		row.about = room_kind_deal, row.record_id.uuid = cmd->deal_id.uuid;
	else if (cmd->has.contact_id == HERE)
		row.about = room_kind_contact, row.record_id.uuid = cmd->contact_id.uuid;
	else if (cmd->has.account_id == HERE)
		row.about = room_kind_account, row.record_id.uuid = cmd->account_id.uuid;
	return row;
}

static struct notice_rung rung_of (struct batch *b, const struct head *cause, const struct notice_row *row,
				   const struct record_place *place)
{
	return (struct notice_rung){ .head = head_caused (b, cause),
				     .notice_id = row->notice_id,
				     .user_id = row->user_id,
				     .title = row->title,
				     .about = row->about,
				     .record_id = row->record_id,
				     .owner_id = place->owner_id,
				     .has.owner_id = place->has.owner_id };
}

/* Where the workspace names nobody either, nobody's record rings for nobody: that is no reason to stop what else the rule does. */
void notice_ring (struct batch *b, const struct notice_ring cmd[], size_t n, struct outcome ret[])
{
	struct activity_add *about = ARRAY (b, about, n);
	struct notice_row *row = ARRAY (b, row, n), *fresh = ARRAY (b, fresh, n);
	struct notice_rung *rung = ARRAY (b, rung, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++)
		about[i] = about_of (&cmd[i]);
	const struct record_place *place = record_place_load (b, about, n);
	for (size_t i = 0; i < n; i++)
		row[i] = said_row (b, &cmd[i], &place[i]);
	const struct notice_place *was = notice_load (b, row, n);
	for (size_t i = 0; i < n; i++) {
		ret[i] = notice_ring_check (batch_arena (b), &cmd[i], &place[i]);
		user_id whose;
		bool nobody = !rings_for (&cmd[i], &place[i], &whose);
		if (!is_done (ret[i]))
			continue;
		ret[i].id = cmd[i].notice_id.uuid;
		if (nobody || was[i].has.said == HERE)
			continue;
		rung[rows] = rung_of (b, &cmd[i].head, &row[i], &place[i]);
		fresh[rows++] = row[i];
	}
	notice_write (b, fresh, rows);
	notice_rung_emit (b, rung, rows);
}
