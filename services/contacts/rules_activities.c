/* What contacts decides about activities; see rules.h. Pure functions; the time is the command's.
 * Never takes a change for one that leaves everything as it was. */
#include "rules.h"
#include "clock.h"

#include <string.h>

/* Past it, lists could not tell a date from none. */
#define DUE_MOST 32503680000000000LL /* 3000-01-01 */
enum { CHANGES_MOST = 9, MINUTES_MOST = 7 * 24 * 60 };

static struct outcome about_check (struct arena *a, const struct activity_add *cmd)
{
	bool account = cmd->has.account_id == HERE;
	int named = (cmd->has.lead_id == HERE) + (cmd->has.deal_id == HERE) + (cmd->has.contact_id == HERE) + account;
	if (named == 0)
		return refused_at (a, "/deal_id", "required", "lead_id, deal_id, contact_id or account_id: what it is about");
	if (named > 1)
		return refused_at (a,
				   account			 ? "/account_id"
				   : cmd->has.contact_id == HERE ? "/contact_id"
								 : "/deal_id",
				   "too_many", "it is about one record");
	return done ();
}

/* What an activity of its kind has to say. */
static struct outcome words_check (struct arena *a, const struct activity_row *row)
{
	if (row->kind == activity_kind_note && !is_said (row->has.note, row->note))
		return refused_at (a, "/note", "required", "a note says something");
	if (row->kind == activity_kind_task && !is_said (row->has.subject, row->subject))
		return refused_at (a, "/subject", "required", "a task says what is to be done");
	if (row->has.due_at == HERE && row->due_at >= DUE_MOST)
		return refused_at (a, "/due_at", "out_of_range", "before the year 3000");
	if (row->has.duration_minutes == HERE && (row->duration_minutes < 1 || row->duration_minutes > MINUTES_MOST))
		return refused_at (a, "/duration_minutes", "out_of_range", "1 to 10,080: a week");
	if (row->has.remind_at == HERE && row->remind_at >= DUE_MOST)
		return refused_at (a, "/remind_at", "out_of_range", "before the year 3000");
	return done ();
}

/* A note is what was said: there is nothing left to do about it. */
static void note_is_done (struct activity_row *row, const struct head *head)
{
	if (row->kind != activity_kind_note || row->has.done_at == HERE)
		return;
	row->done_at = row->created_at;
	row->has.done_at = HERE;
	row->done_by.uuid = head->actor;
	row->has.done_by = uuid_is_null (head->actor) ? ABSENT : HERE;
}

struct outcome notice_ring_check (struct arena *a, const struct notice_ring *cmd, const struct record_place *place)
{
	bool lead = cmd->has.lead_id == HERE, deal = cmd->has.deal_id == HERE, account = cmd->has.account_id == HERE;
	int named = lead + deal + account + (cmd->has.contact_id == HERE);
	if (!is_said (HERE, cmd->title))
		return refused_at (a, "/title", "required", "a bell says something");
	if (named == 0 && cmd->has.user_id != HERE)
		return refused_at (a, "/user_id", "required", "whose bell: a user, or the record whose owner is meant");
	if (named > 1)
		return refused_at (a,
				   account			 ? "/account_id"
				   : cmd->has.contact_id == HERE ? "/contact_id"
								 : "/deal_id",
				   "too_many", "it is about one record");
	if (!place->known)
		return refused (workspace_not_found);
	if (named && (!place->found || !grant_covers (&cmd->head.grant, &place->owner_id))) /* what you may not see is not there */
		return lead	 ? refused (lead_not_found)
		       : deal	 ? refused (deal_not_found)
		       : account ? refused (account_not_found)
				 : refused (contact_not_found);
	return done ();
}

struct outcome activity_add_check (struct arena *a, const struct activity_add *cmd, const struct record_place *place, int64_t now,
				   struct activity_row *ret)
{
	struct outcome outcome = about_check (a, cmd);
	bool lead = cmd->has.lead_id == HERE, deal = cmd->has.deal_id == HERE, account = cmd->has.account_id == HERE;
	if (!is_done (outcome))
		return outcome;
	if (!place->known)
		return refused (workspace_not_found);
	if (!place->found || !grant_covers (&cmd->head.grant, &place->owner_id)) /* what you may not see is not there */
		return lead	 ? refused (lead_not_found)
		       : deal	 ? refused (deal_not_found)
		       : account ? refused (account_not_found)
				 : refused (contact_not_found);
	bool is_done_already = cmd->has.done == HERE && cmd->done;
	*ret = (struct activity_row){
		.workspace_id = { cmd->head.workspace },
		.activity_id = cmd->activity_id,
		.version = 1,
		.kind = cmd->kind,
		.about = lead	   ? record_kind_lead
			 : deal	   ? record_kind_deal
			 : account ? record_kind_account
				   : record_kind_contact,
		.record_id.uuid = lead	    ? cmd->lead_id.uuid
				  : deal    ? cmd->deal_id.uuid
				  : account ? cmd->account_id.uuid
					    : cmd->contact_id.uuid,
		.subject = cmd->subject,
		.note = cmd->note,
		.due_at = cmd->due_at,
		.duration_minutes = cmd->duration_minutes,
		.remind_at = cmd->remind_at,
		.done_at = cmd->head.at,
		.done_by.uuid = cmd->head.actor,
		.priority = cmd->has.priority == HERE ? cmd->priority : priority_medium,
		.assignee_id = cmd->has.owner_id == HERE ? cmd->owner_id : place->owner_id,
		.owner_id = place->owner_id,
		.created_by.uuid = cmd->head.actor,
		.created_at = cmd->head.at,
		.now = now,
		.has = { .version = HERE,
			 .kind = HERE,
			 .about = HERE,
			 .record_id = HERE,
			 .priority = HERE,
			 .created_at = HERE,
			 .now = HERE },
	};
	ret->has.subject = here (is_said (cmd->has.subject, cmd->subject));
	ret->has.note = here (is_said (cmd->has.note, cmd->note));
	ret->has.due_at = here (cmd->has.due_at == HERE);
	ret->has.duration_minutes = here (cmd->has.duration_minutes == HERE);
	ret->has.remind_at = here (cmd->has.remind_at == HERE);
	ret->has.done_at = here (is_done_already);
	ret->has.done_by = here (is_done_already && !uuid_is_null (cmd->head.actor));
	ret->has.assignee_id = here (cmd->has.owner_id == HERE || place->has.owner_id == HERE);
	ret->has.owner_id = here (place->has.owner_id == HERE);
	ret->has.created_by = here (!uuid_is_null (cmd->head.actor));
	note_is_done (ret, &cmd->head);
	return words_check (a, ret);
}

struct outcome activity_seen (const struct head *head, const struct activity_row *was, bool removed)
{
	bool theirs = was->has.assignee_id == HERE && uuid_equal (was->assignee_id.uuid, head->grant.user) &&
		      !uuid_is_null (head->grant.user) && head->grant.scope != SCOPE_NONE;
	if (was->has.version != HERE || !(theirs || grant_covers (&head->grant, &was->owner_id)) ||
	    (was->has.removed_at == HERE && !removed))
		return refused (activity_not_found);
	return done ();
}

/* ---- what changes ---- */

static struct list row_compare (struct arena *a, const struct activity_row *was, const struct activity_row *now)
{
	struct list list = { .at = arena_array (a, CHANGES_MOST, sizeof (struct change)) };
	change_note (&list, "kind", activity_kind_names[was->kind], activity_kind_names[now->kind]);
	change_note (&list, "subject", SAID (was, subject), SAID (now, subject));
	change_note (&list, "note", SAID (was, note), SAID (now, note));
	change_note (&list, "due_at", time_said (a, was->has.due_at, was->due_at), time_said (a, now->has.due_at, now->due_at));
	change_note (&list, "duration_minutes", number_said (a, was->has.duration_minutes, was->duration_minutes),
		     number_said (a, now->has.duration_minutes, now->duration_minutes));
	change_note (&list, "remind_at", time_said (a, was->has.remind_at, was->remind_at),
		     time_said (a, now->has.remind_at, now->remind_at));
	change_note (&list, "priority", priority_names[was->priority], priority_names[now->priority]);
	change_note (&list, "owner_id", id_said (a, was->has.assignee_id, was->assignee_id.uuid),
		     id_said (a, now->has.assignee_id, now->assignee_id.uuid));
	change_note (&list, "done", was->has.done_at == HERE ? "true" : "false", now->has.done_at == HERE ? "true" : "false");
	return list;
}

static void take_text (const char **to, unsigned char *to_has, unsigned char has, const char *text)
{
	if (has == ABSENT)
		return;
	*to = text;
	*to_has = here (is_said (has, text));
}

static void take_time (int64_t *to, unsigned char *to_has, unsigned char has, int64_t at)
{
	if (has == ABSENT)
		return;
	*to = at;
	*to_has = here (has == HERE);
}

static void take_done (struct activity_row *row, const struct activity_update *cmd)
{
	bool is = row->has.done_at == HERE, will = cmd->has.done == HERE && cmd->done;
	if (cmd->has.done == ABSENT || is == will)
		return;
	row->done_at = cmd->head.at;
	row->has.done_at = here (will);
	row->done_by.uuid = cmd->head.actor;
	row->has.done_by = here (will && !uuid_is_null (cmd->head.actor));
}

struct outcome activity_merge (struct arena *a, const struct activity_update *cmd, const struct activity_row *was, int64_t now,
			       struct activity_row *ret, struct list *ret_changes)
{
	struct outcome seen = activity_seen (&cmd->head, was, false);
	if (!is_done (seen))
		return seen;
	if (cmd->has.version == HERE && cmd->version != was->version)
		return refused (activity_changed);
	if (cmd->has.kind == CLEARED)
		return refused_at (a, "/kind", "required", "an activity is of a kind");
	*ret = *was;
	ret->version = was->version + 1;
	ret->now = now;
	ret->has.now = HERE;
	if (cmd->has.kind == HERE)
		ret->kind = cmd->kind;
	if (cmd->has.priority != ABSENT)
		ret->priority = cmd->has.priority == HERE ? cmd->priority : priority_medium;
	if (cmd->has.owner_id != ABSENT) {
		ret->assignee_id = cmd->owner_id;
		ret->has.assignee_id = here (cmd->has.owner_id == HERE);
	}
	take_text (&ret->subject, &ret->has.subject, cmd->has.subject, cmd->subject);
	take_text (&ret->note, &ret->has.note, cmd->has.note, cmd->note);
	take_time (&ret->due_at, &ret->has.due_at, cmd->has.due_at, cmd->due_at);
	take_time (&ret->duration_minutes, &ret->has.duration_minutes, cmd->has.duration_minutes, cmd->duration_minutes);
	take_time (&ret->remind_at, &ret->has.remind_at, cmd->has.remind_at, cmd->remind_at);
	take_done (ret, cmd);
	note_is_done (ret, &cmd->head);
	*ret_changes = row_compare (a, was, ret);
	return words_check (a, ret);
}

struct outcome activity_conflict (struct arena *a, const struct activity_since *since, size_t n)
{
	struct outcome ret = refused (activity_changed);
	struct problem *problem = arena_alloc (a, sizeof *problem);
	problem->code = error_code (ERROR_activity_changed);
	for (size_t i = 0; i < n; i++)
		problem_changed (a, problem, since[i].field, since[i].at, since[i].has.actor_id == HERE ? &since[i].actor_id.uuid : NULL);
	ret.problem = n ? problem : NULL;
	return ret;
}

/* ---- a follow-up ---- */

/* It was written when it was said, however late that is heard: what came due in between has yet to ring. */
size_t follow_up_rows (const struct deal_followed_up *said, struct activity_row ret[2])
{
	bool person = !uuid_is_null (said->head.actor);
	struct activity_row note = {
		.workspace_id = { said->head.workspace },
		.activity_id = said->note_id,
		.version = 1,
		.kind = activity_kind_note,
		.about = record_kind_deal,
		.record_id.uuid = said->deal_id.uuid,
		.note = said->note,
		.done_at = said->head.at,
		.done_by.uuid = said->head.actor,
		.priority = priority_medium,
		.assignee_id = said->assignee_id,
		.owner_id = said->owner_id,
		.created_by.uuid = said->head.actor,
		.created_at = said->head.at,
		.now = said->head.recorded,
		.has = { .version = HERE,
			 .kind = HERE,
			 .about = HERE,
			 .record_id = HERE,
			 .note = HERE,
			 .done_at = HERE,
			 .done_by = here (person),
			 .priority = HERE,
			 .assignee_id = said->has.assignee_id,
			 .owner_id = said->has.owner_id,
			 .created_by = here (person),
			 .created_at = HERE,
			 .now = HERE },
	};
	ret[0] = note;
	if (said->has.next_id != HERE)
		return 1;
	ret[1] = note;
	ret[1].activity_id = said->next_id;
	ret[1].kind = said->kind;
	ret[1].has.note = ret[1].has.done_at = ret[1].has.done_by = ABSENT;
	ret[1].subject = said->title;
	ret[1].has.subject = here (is_said (said->has.title, said->title));
	ret[1].due_at = said->at;
	ret[1].has.due_at = HERE;
	return 2;
}

/* ---- an appointment that another system keeps ---- */

static int64_t minutes_between (const struct booking_told *said)
{
	int64_t minutes = said->has.starts_at == HERE && said->has.ends_at == HERE ? (said->ends_at - said->starts_at) / 60000000 : 0;
	return minutes >= 1 && minutes <= MINUTES_MOST ? minutes : 0;
}

void booking_row_of (const struct booking_told *said, const struct record_place *place, int64_t now, struct activity_row *ret)
{
	*ret = (struct activity_row){ .workspace_id = { said->head.workspace },
				      .activity_id = said->activity_id,
				      .version = 1,
				      .kind = activity_kind_meeting,
				      .about = record_kind_lead,
				      .record_id.uuid = said->lead_id.uuid,
				      .subject = said->title,
				      .note = said->place,
				      .due_at = said->starts_at,
				      .duration_minutes = minutes_between (said),
				      .priority = priority_medium,
				      .assignee_id = place->owner_id,
				      .owner_id = place->owner_id,
				      .created_at = said->head.at,
				      .now = now,
				      .has = { .version = HERE,
					       .kind = HERE,
					       .about = HERE,
					       .record_id = HERE,
					       .subject = here (is_said (said->has.title, said->title)),
					       .note = here (is_said (said->has.place, said->place)),
					       .due_at = here (said->has.starts_at == HERE),
					       .duration_minutes = here (minutes_between (said) > 0),
					       .priority = HERE,
					       .assignee_id = place->has.owner_id,
					       .owner_id = place->has.owner_id,
					       .created_at = HERE,
					       .now = HERE } };
}

struct activity_update booking_change (const struct booking_told *said)
{
	struct activity_update ret = { .head = said->head,
				       .activity_id = said->activity_id,
				       .subject = said->title,
				       .note = said->place,
				       .due_at = said->starts_at,
				       .duration_minutes = minutes_between (said),
				       .has = { .subject = here (is_said (said->has.title, said->title)),
						.note = here (is_said (said->has.place, said->place)),
						.due_at = here (said->has.starts_at == HERE),
						.duration_minutes = here (minutes_between (said) > 0) } };
	ret.head.grant = (struct grant){ .scope = SCOPE_WORKSPACE };
	return ret;
}

bool booking_has_line (const struct booking_told *said)
{
	return said->state != booking_state_booked && said->state != booking_state_moved;
}
