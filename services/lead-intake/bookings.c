/* Appointments of leads; see bookings.h. A sender calls one that is moved by another name, and says so twice: the old one is off, and the new one is.
 * Either may come first, and any of them twice: what is kept of each name says which appointment it is and whether it still is to be. */
#include "bookings.h"
#include "lead_intake_sql.h"

#include <string.h>

enum { NAMES = 3 }; /* that one request may name: its own, the one before and the one behind */

static const struct booking_draft *draft_of (const struct submission_take *cmd)
{
	return cmd->has.bookings == HERE && cmd->bookings.n ? cmd->bookings.at : NULL;
}

static void ask_add (struct booking_ask *ask, size_t *n, const struct submission_take *cmd, unsigned char has, const char *name)
{
	if (has == HERE)
		ask[(*n)++] = (struct booking_ask){ .workspace_id = { cmd->head.workspace }, .external = name };
}

struct bookings bookings_known (struct batch *b, const struct submission_take cmd[], size_t n)
{
	struct bookings ret = { 0 };
	struct booking_ask *ask = ARRAY (b, ask, NAMES * n);
	size_t asks = 0, told = 0, known = 0;
	for (size_t i = 0; i < n; i++) {
		const struct booking_draft *d = draft_of (&cmd[i]);
		if (!d)
			continue;
		told++;
		ask_add (ask, &asks, &cmd[i], HERE, d->external);
		ask_add (ask, &asks, &cmd[i], d->has.before, d->before);
		ask_add (ask, &asks, &cmd[i], d->has.next, d->next);
	}
	if (!asks)
		return ret;
	const struct booking_row *row = bookings_load (b, ask, asks, &known);
	ret.row = ARRAY (b, ret.row, known + asks);
	ret.changed = ARRAY (b, ret.changed, known + asks);
	ret.said = ARRAY (b, ret.said, 2 * told);
	if (known)
		memcpy (ret.row, row, known * sizeof *row);
	ret.n = known;
	return ret;
}

static struct booking_row *booking_find (struct bookings *all, const struct submission_take *cmd, unsigned char has, const char *name)
{
	for (size_t i = 0; has == HERE && i < all->n; i++)
		if (uuid_equal (all->row[i].workspace_id.uuid, cmd->head.workspace) && strcmp (all->row[i].external, name) == 0)
			return &all->row[i];
	return NULL;
}

static void changes (struct bookings *all, const struct booking_row *row)
{
	all->changed[row - all->row] = true;
}

/* One of that name; where it is new it is the appointment that `like` is, or one of its own. */
static struct booking_row *booking_named (struct batch *b, struct bookings *all, const struct submission_take *cmd, const char *name,
					  const struct booking_row *like)
{
	struct booking_row *row = booking_find (all, cmd, HERE, name);
	if (row)
		return row;
	row = &all->row[all->n++];
	*row = (struct booking_row){ .workspace_id = { cmd->head.workspace }, .external = name, .activity_id = { uuid_new (b) } };
	if (like) {
		row->activity_id = like->activity_id;
		row->lead_id = like->lead_id;
		row->has.lead_id = like->has.lead_id;
		row->owner_id = like->owner_id;
		row->has.owner_id = like->has.owner_id;
	}
	changes (all, row);
	return row;
}

/* All names of an appointment are of one lead: also those that were told before there was one. */
static void lead_is (struct bookings *all, const struct booking_row *of, activity_id activity)
{
	for (size_t i = 0; i < all->n; i++) {
		struct booking_row *row = &all->row[i];
		bool same = uuid_equal (row->workspace_id.uuid, of->workspace_id.uuid) && uuid_equal (row->activity_id.uuid, activity.uuid);
		if (!same || row->has.lead_id == HERE)
			continue;
		row->activity_id = of->activity_id;
		row->lead_id = of->lead_id;
		row->owner_id = of->owner_id;
		row->has.lead_id = of->has.lead_id;
		row->has.owner_id = of->has.owner_id;
		changes (all, row);
	}
}

/* Two names are one appointment, though nobody said so before. One that has a lead gives it to the other; two that have each keep theirs. */
static void join (struct bookings *all, struct booking_row *one, struct booking_row *other)
{
	if (uuid_equal (one->activity_id.uuid, other->activity_id.uuid))
		return;
	if (one->has.lead_id == HERE && other->has.lead_id != HERE)
		lead_is (all, one, other->activity_id);
	else if (other->has.lead_id == HERE && one->has.lead_id != HERE)
		lead_is (all, other, one->activity_id);
	else if (one->has.lead_id != HERE)
		for (size_t i = 0; i < all->n; i++)
			if (uuid_equal (all->row[i].activity_id.uuid, other->activity_id.uuid) && &all->row[i] != other) {
				all->row[i].activity_id = one->activity_id;
				changes (all, &all->row[i]);
			}
	if (one->has.lead_id != HERE) {
		other->activity_id = one->activity_id;
		changes (all, other);
	}
}

static void gone_is (struct bookings *all, struct booking_row *row, enum booking_state state)
{
	row->gone = state;
	row->has.gone = HERE;
	changes (all, row);
}

static int64_t version_next (const struct bookings *all, const struct booking_row *of)
{
	int64_t ret = 0;
	for (size_t i = 0; i < all->n; i++)
		if (uuid_equal (all->row[i].activity_id.uuid, of->activity_id.uuid) && all->row[i].version > ret)
			ret = all->row[i].version;
	return ret + 1;
}

static void tell (struct batch *b, struct bookings *all, const struct submission_take *cmd, struct booking_row *row,
		  enum booking_state state)
{
	const struct booking_draft *d = draft_of (cmd);
	row->version = version_next (all, row);
	changes (all, row);
	struct booking_told said = { .head = head_caused (b, &cmd->head),
				     .activity_id = row->activity_id,
				     .lead_id = row->lead_id,
				     .source_id = cmd->source_id,
				     .version = row->version,
				     .state = state,
				     .title = d->title,
				     .starts_at = d->starts_at,
				     .ends_at = d->ends_at,
				     .place = d->place,
				     .by = d->by,
				     .reason = d->reason,
				     .owner_id = row->owner_id,
				     .has = { .source_id = cmd->has.source_id,
					      .title = d->has.title,
					      .starts_at = d->has.starts_at,
					      .ends_at = d->has.ends_at,
					      .place = d->has.place,
					      .by = d->has.by,
					      .reason = d->has.reason,
					      .owner_id = row->has.owner_id } };
	all->said[all->n_said++] = said;
}

static struct booked of_lead (struct batch *b, const struct booking_row *row, const char *reason)
{
	struct booked ret = { .reason = reason };
	struct uuid *lead = ARRAY (b, lead, 1);
	if (row && row->has.lead_id == HERE) {
		*lead = row->lead_id.uuid;
		ret.leads = (struct bytes){ lead->b, sizeof lead->b };
	}
	return ret;
}

/* ---- it is at a time ---- */

static struct booked is_at (struct batch *b, struct bookings *all, const struct submission_take *cmd, user_id owner, bool has_owner)
{
	const struct booking_draft *d = draft_of (cmd);
	const struct lead_draft *lead = cmd->has.leads == HERE && cmd->leads.n ? cmd->leads.at : NULL;
	struct booking_row *before = d->has.before == HERE
					     ? booking_named (b, all, cmd, d->before, booking_find (all, cmd, HERE, d->external))
					     : NULL,
			   *row = booking_named (b, all, cmd, d->external, before);
	bool told = row->told;
	if (before) {
		join (all, before, row);
		if (before->has.gone != HERE || before->gone != booking_state_moved)
			gone_is (all, before, booking_state_moved);
	}
	if (!told) {
		row->told = true;
		changes (all, row);
	}
	if (row->has.lead_id == HERE) {
		if (row->has.gone == HERE || told)
			return of_lead (b, row, "What became of its appointment since is known already.");
		tell (b, all, cmd, row, booking_state_moved);
		return of_lead (b, row, "An appointment is at another time: its lead says so.");
	}
	if (!lead)
		return of_lead (b, NULL, "It tells of an appointment that is not known here.");
	activity_id activity = row->activity_id;
	row->lead_id = lead->lead_id;
	row->has.lead_id = HERE;
	row->owner_id = owner;
	row->has.owner_id = has_owner ? HERE : ABSENT;
	changes (all, row);
	lead_is (all, row, activity);
	tell (b, all, cmd, row, booking_state_booked);
	if (row->has.gone == HERE && row->gone == booking_state_cancelled)
		tell (b, all, cmd, row, booking_state_cancelled);
	return (struct booked){ .wants_lead = true };
}

/* ---- it is off, or was not kept ---- */

static struct booked is_off (struct batch *b, struct bookings *all, const struct submission_take *cmd)
{
	const struct booking_draft *d = draft_of (cmd);
	struct booking_row *next = booking_find (all, cmd, d->has.next, d->next), *row = booking_named (b, all, cmd, d->external, next);
	if (d->has.next == HERE) {
		next = booking_named (b, all, cmd, d->next, row);
		join (all, row, next);
		if (row->has.gone != HERE)
			gone_is (all, row, booking_state_moved);
		return of_lead (b, row, "An appointment is at another time: what says when tells its lead.");
	}
	if (row->has.gone == HERE)
		return of_lead (b, row, "What became of its appointment since is known already.");
	gone_is (all, row, booking_state_cancelled);
	if (row->has.lead_id != HERE)
		return of_lead (b, NULL, "It tells of an appointment that is not known here.");
	tell (b, all, cmd, row, booking_state_cancelled);
	return of_lead (b, row, "An appointment was called off: its lead says so.");
}

static struct booked is_kept (struct batch *b, struct bookings *all, const struct submission_take *cmd)
{
	const struct booking_draft *d = draft_of (cmd);
	struct booking_row *row = booking_find (all, cmd, HERE, d->external);
	if (!row || row->has.lead_id != HERE)
		return of_lead (b, NULL, "It tells of an appointment that is not known here.");
	tell (b, all, cmd, row, d->state);
	return of_lead (b, row, "Whether anybody came to an appointment: its lead says so.");
}

struct booked booking_take (struct batch *b, struct bookings *all, const struct submission_take *cmd, user_id owner, bool has_owner)
{
	const struct booking_draft *d = draft_of (cmd);
	if (!d)
		return (struct booked){ .wants_lead = true };
	switch (d->state) {
	case booking_state_booked:
	case booking_state_moved: return is_at (b, all, cmd, owner, has_owner);
	case booking_state_cancelled: return is_off (b, all, cmd);
	case booking_state_no_show:
	case booking_state_showed: return is_kept (b, all, cmd);
	case booking_state_count: break;
	}
	return (struct booked){ .wants_lead = true };
}

void bookings_write (struct batch *b, const struct bookings *all)
{
	struct booking_row *row = ARRAY (b, row, all->n);
	size_t n = 0;
	for (size_t i = 0; i < all->n; i++)
		if (all->changed[i])
			row[n++] = all->row[i];
	booking_write (b, row, n);
	booking_told_emit (b, all->said, all->n_said);
}
