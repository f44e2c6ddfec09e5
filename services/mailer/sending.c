/* Attempts become states, and states are said: the writer's part of claim, act, record. By its own clock, hurried when something was recorded.
 * It must never move a state that says more already, nor call sent what nobody recorded. */
#include "mailer.h"

#include <string.h>
#include "clock.h"
#include "mailer_sql.h"

#define SAY(event, to_move, head_of)                               \
	do {                                                       \
		struct event said = { .head = head_of,             \
				      .mail_id = of->mail_id,      \
				      .subject = of->subject,      \
				      .n = of->n,                  \
				      .email = of->email,          \
				      .state = (to_move)->state }; \
		ABOUT (&said, of);                                 \
		event##_emit (b, &said, 1);                        \
	} while (0)

/* What is heard by whoever shows it; a state on the way is nobody's business but the page's. */
static void move_say (struct batch *b, const struct head *head, const struct mail_recipient_found *of, const struct mail_moved *to)
{
	struct head by = head_caused (b, head);
	if (to->at < by.at) /* when it was, not when it was told */
		by.at = to->at;
	if (to->state == mail_state_sent && of->has.sent_by == HERE) /* who wrote it sent it, whenever it went */
		by.actor = of->sent_by.uuid;
	switch (to->state) {
	case mail_state_sent: SAY (mail_sent, to, by); return;
	case mail_state_delivered: SAY (mail_delivered, to, by); return;
	case mail_state_opened:
	case mail_state_clicked: SAY (mail_opened, to, by); return;
	case mail_state_unknown:
	case mail_state_bounced:
	case mail_state_dropped:
	case mail_state_complained: {
		struct mail_failed said = { .head = by,
					    .mail_id = of->mail_id,
					    .subject = of->subject,
					    .n = of->n,
					    .email = of->email,
					    .state = to->state,
					    .reason = to->reason };
		said.has.reason = to->has.reason;
		ABOUT (&said, of);
		mail_failed_emit (b, &said, 1);
		return;
	}
	case mail_state_cancelled: {
		struct mail_cancelled said = { .head = by, .mail_id = of->mail_id, .subject = of->subject };
		ABOUT (&said, of);
		mail_cancelled_emit (b, &said, 1);
		return;
	}
	case mail_state_queued:
	case mail_state_sending:
	case mail_state_count: return;
	}
}

void mails_move (struct batch *b, const struct head *head, const struct mail_recipient_found *of, const struct mail_moved *to, size_t n)
{
	mail_moved_write (b, to, n);
	mail_states_write (b, to, n);
	threads_look (b, to, n);
	for (size_t i = 0; i < n; i++)
		move_say (b, head, &of[i], &to[i]);
}

static void reason_take (struct mail_moved *to, const char *reason)
{
	to->reason = reason;
	to->has.reason = reason ? HERE : ABSENT;
}

/* The clock has no workspace: what it says stands in that of the mail. */
static struct head head_of (const struct mails_settle *cmd, const struct mail_settling *s)
{
	struct head head = cmd->head;
	head.workspace = s->workspace_id.uuid;
	return head;
}

static struct mail_recipient_found found_of (const struct mail_settling *s)
{
	struct mail_recipient_found of = { .workspace_id = s->workspace_id,
					   .mail_id = s->mail_id,
					   .n = s->n,
					   .state = s->state,
					   .email = s->email,
					   .subject = s->subject,
					   .sent_by = s->sent_by,
					   .has.sent_by = s->has.sent_by };
	ABOUT (&of, s);
	return of;
}

static void account_say (struct batch *b, const struct head *head, const struct mail_settling *s, const char *state)
{
	if (!strcmp (s->account_state, state))
		return;
	struct mail_account_changed said = {
		.head = head_caused (b, head), .mail_account_id = s->mail_account_id, .name = s->account_name, .state = state
	};
	mail_account_changed_emit (b, &said, 1);
}

/* The next mail of the same account in this bite went as well: that one tells it for both. */
static bool told_by_next (const struct mail_settling *s, size_t n, size_t i)
{
	size_t k = i + 1;
	while (k < n && !uuid_equal (s[k].mail_account_id.uuid, s[i].mail_account_id.uuid))
		k++;
	return k < n && s[i].has.outcome == HERE && s[i].outcome == mail_outcome_accepted && s[k].has.outcome == HERE &&
	       s[k].outcome == mail_outcome_accepted;
}

static void account_tell (struct batch *b, const struct head *head, const struct mail_settling *s, const struct settled *d, int64_t now)
{
	struct mail_account_told told = { .workspace_id = s->workspace_id,
					  .mail_account_id = s->mail_account_id,
					  .at = s->has.ended_at == HERE ? s->ended_at : now,
					  .sent = s->has.outcome == HERE && s->outcome == mail_outcome_accepted };
	const char *state = d->account_works ? "works" : d->account_fails ? "fails" : NULL;
	if (!state && !d->held_until)
		return;
	told.state = state;
	told.has.state = state ? HERE : ABSENT;
	told.error = d->account_fails ? d->reason : NULL;
	told.has.error = told.error ? HERE : ABSENT;
	told.held_until = d->held_until;
	told.has.held_until = d->held_until ? HERE : ABSENT;
	mail_account_told_write (b, &told, 1);
	if (d->account_fails && strcmp (s->account_state, "fails") != 0)
		oauth_hurry (
			b, &(struct mail_account_gone){ .workspace_id = s->workspace_id, .mail_account_id = s->mail_account_id, .at = now },
			1);
	if (state)
		account_say (b, head, s, state);
}

static void suppress (struct batch *b, const struct head *head, const struct mail_settling *s, const char *why)
{
	struct kept_suppression row = { .workspace_id = s->workspace_id,
					.email = s->email,
					.reason = suppression_reason_bounced,
					.detail = why,
					.at = batch_now (b),
					.mail_id = s->mail_id,
					.has = { .detail = HERE, .mail_id = HERE } };
	struct suppression_changed said = { .head = head_caused (b, head), .email = s->email, .reason = row.reason, .has.reason = HERE };
	suppression_write (b, &row, 1);
	suppression_changed_emit (b, &said, 1);
}

/* An earlier attempt of the same recipient is settled in this bite: the later one waits for the state that follows, else it would undo it. */
static bool stands_before (const struct mail_settling *s, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (s[k].n == s[i].n && uuid_equal (s[k].mail_id.uuid, s[i].mail_id.uuid))
			return true;
	return false;
}

/* That a mail was stopped is said once, to however many it would have gone. */
static bool stop_was_said (const struct mail_moved *to, size_t i)
{
	for (size_t k = 0; k < i && to[i].state == mail_state_cancelled; k++)
		if (to[k].state == mail_state_cancelled && uuid_equal (to[k].mail_id.uuid, to[i].mail_id.uuid))
			return true;
	return false;
}

void mails_settle (struct batch *b, const struct mails_settle cmd[], size_t n, struct outcome ret[])
{
	size_t workspaces, rows, settled = 0;
	const struct workspace_due *due = mails_waiting (b, &workspaces);
	due = batch_own (b, &workspace_due_record, due, &workspaces);
	const struct mail_settling *s = mails_settling (b, due, workspaces, &rows);
	struct mail_settled *done_with = ARRAY (b, done_with, rows + 1);
	struct mail_moved *to = ARRAY (b, to, rows + 1);
	struct mail_recipient_found *of = ARRAY (b, of, rows + 1);
	struct head *head = ARRAY (b, head, rows + 1);
	size_t moved = 0;
	for (size_t i = 0; i < rows; i++) {
		if (stands_before (s, i))
			continue;
		struct settled d = attempt_settle (batch_arena (b), &s[i], batch_now (b), mailer_config.settle * INT64_C (1000000));
		struct head by = head_of (cmd, &s[i]);
		done_with[settled++] = (struct mail_settled){
			.workspace_id = s[i].workspace_id, .mail_id = s[i].mail_id, .n = s[i].n, .attempt = s[i].attempt
		};
		if (!told_by_next (s, rows, i))
			account_tell (b, &by, &s[i], &d, batch_now (b));
		if (d.suppress && d.moves)
			suppress (b, &by, &s[i], d.suppress);
		if (!d.moves)
			continue;
		head[moved] = by;
		of[moved] = found_of (&s[i]);
		to[moved] = (struct mail_moved){ .workspace_id = s[i].workspace_id,
						 .mail_id = s[i].mail_id,
						 .n = s[i].n,
						 .at = s[i].has.ended_at == HERE ? s[i].ended_at : batch_now (b),
						 .state = d.state,
						 .provider_id = s[i].provider_id,
						 .next_at = d.next_at };
		to[moved].has.provider_id = s[i].has.provider_id;
		to[moved].has.next_at = d.next_at ? HERE : ABSENT;
		reason_take (&to[moved], d.reason);
		moved++;
	}
	mail_settled_write (b, done_with, settled);
	mail_moved_write (b, to, moved);
	mail_states_write (b, to, moved);
	threads_look (b, to, moved);
	for (size_t i = 0; i < moved; i++)
		if (!stop_was_said (to, i))
			move_say (b, &head[i], &of[i], &to[i]);
	for (size_t i = 0; i < n; i++) {
		ret[i] = done ();
		ret[i].number = rows > 0; /* perhaps there is more of it */
	}
}
