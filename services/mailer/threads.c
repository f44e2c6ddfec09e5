/* Conversations: how far each is, and who deals with it. What comes in opens one, what goes out lets it wait, and only people close it.
 * It must never call answered what was stopped or did not arrive. */
#include "mailer.h"

#include "mailer_sql.h"

/* Of a mail that goes its way the conversation says nothing new. */
static bool is_turn (enum mail_state state)
{
	return state == mail_state_queued || state == mail_state_cancelled || state == mail_state_bounced || state == mail_state_dropped;
}

void threads_look (struct batch *b, const struct mail_moved *to, size_t n)
{
	struct mail_moved *turn = ARRAY (b, turn, n + 1);
	size_t turns = 0;
	for (size_t i = 0; i < n; i++)
		if (is_turn (to[i].state))
			turn[turns++] = to[i];
	thread_moved_write (b, turn, turns);
}

static struct outcome update_check (const struct mail_thread_update *cmd, const struct thread_held *t)
{
	if (!t->known || t->has.state != HERE || !grant_covers (&cmd->head.grant, &t->owner_id))
		return refused (mail_thread_not_found);
	if (cmd->has.assignee_id == HERE && !t->member)
		return refused (not_a_member);
	return done ();
}

static bool is_same (const struct thread_set *set, const struct thread_held *t)
{
	bool assigned = set->has.assignee_id == HERE, was = t->has.assignee_id == HERE;
	return set->state == t->state && assigned == was && (!was || uuid_equal (set->assignee_id.uuid, t->assignee_id.uuid));
}

static void changed_say (struct batch *b, const struct head *head, const struct thread_set *set, const struct thread_held *t)
{
	struct mail_thread_changed said = { .head = head_caused (b, head),
					    .mail_thread_id = set->mail_thread_id,
					    .subject = t->subject,
					    .state = set->state,
					    .assignee_id = set->assignee_id };
	said.has.assignee_id = set->has.assignee_id;
	ABOUT (&said, t);
	mail_thread_changed_emit (b, &said, 1);
}

void mail_thread_update (struct batch *b, const struct mail_thread_update cmd[], size_t n, struct outcome ret[])
{
	const struct thread_held *t = mail_thread_update_load (b, cmd, n);
	for (size_t i = 0; i < n; i++) {
		ret[i] = update_check (&cmd[i], &t[i]);
		ret[i].id = cmd[i].mail_thread_id.uuid;
		if (!is_done (ret[i]))
			continue;
		struct thread_set set = { .workspace_id = { cmd[i].head.workspace },
					  .mail_thread_id = cmd[i].mail_thread_id,
					  .state = cmd[i].has.state == HERE ? cmd[i].state : t[i].state,
					  .assignee_id = cmd[i].has.assignee_id == ABSENT ? t[i].assignee_id : cmd[i].assignee_id };
		set.has.assignee_id = cmd[i].has.assignee_id == ABSENT ? t[i].has.assignee_id
				      : cmd[i].has.assignee_id == HERE ? HERE
								       : ABSENT;
		if (is_same (&set, &t[i]))
			continue;
		mail_thread_write_state (b, &set, 1);
		changed_say (b, &cmd[i].head, &set, &t[i]);
	}
}
