/* What providers say of mails, and what people say by the links in them. Everything is kept as it came, each thing once; states move by precedence.
 * It must never believe an event of a mail that is not ours, nor let an older one undo a newer. */
#include "mailer.h"

#include <string.h>
#include "clock.h"
#include "mailer_sql.h"

static bool known_has (const struct provider_known *known, size_t n, const char *id)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp (known[i].event_id, id))
			return true;
	return false;
}

static struct mail_recipient_found *mail_of (struct mail_recipient_found *mail, size_t n, const struct provider_said *e)
{
	for (size_t i = 0; i < n; i++) {
		bool given = e->has.mail_id == HERE && uuid_equal (mail[i].mail_id.uuid, e->mail_id.uuid) && mail[i].n == e->n;
		bool named = e->has.mail_id != HERE && e->has.message_id == HERE && e->has.email == HERE &&
			     !strcmp (mail[i].message_id, e->message_id) && !strcmp (mail[i].email, e->email);
		if (given || named)
			return &mail[i];
	}
	return NULL;
}

struct reading {
	struct provider_said *said;
	struct provider_meaning *meaning;
	size_t n;
};

/* Each once, also when one request holds it twice. */
static struct reading events_read (struct batch *b, const struct mail_events_take *cmd, const json_t *list)
{
	struct reading r = { .said = ARRAY (b, r.said, json_array_size (list) + 1),
			     .meaning = ARRAY (b, r.meaning, json_array_size (list) + 1) };
	for (size_t i = 0; i < json_array_size (list) && i < EVENTS_MOST; i++) {
		struct provider_said *e = &r.said[r.n];
		bool twice = false;
		if (!provider_event_read (batch_arena (b), json_array_get (list, i), e, &r.meaning[r.n]))
			continue;
		for (size_t k = r.n > 200 ? r.n - 200 : 0; k < r.n; k++)
			twice = twice || !strcmp (r.said[k].event_id, e->event_id);
		if (twice)
			continue;
		e->workspace_id.uuid = cmd->head.workspace;
		e->mail_account_id = cmd->mail_account_id;
		e->received_at = batch_now (b);
		e->at = e->at ? e->at : batch_now (b);
		r.n++;
	}
	return r;
}

static void suppress (struct batch *b, const struct head *head, const struct provider_said *e, const struct provider_meaning *m)
{
	struct kept_suppression row = { .workspace_id = e->workspace_id,
					.email = e->email,
					.reason = m->suppression,
					.detail = m->reason,
					.at = e->at,
					.mail_id = e->mail_id };
	struct suppression_changed said = { .head = head_caused (b, head), .email = e->email };
	if (e->has.email != HERE)
		return;
	row.has.detail = m->reason ? HERE : ABSENT;
	row.has.mail_id = e->has.mail_id;
	if (m->allows) {
		struct suppression_remove gone = { .head = *head, .email = e->email };
		suppression_drop (b, &gone, 1);
	} else {
		said.reason = row.reason;
		said.has.reason = HERE;
		suppression_write (b, &row, 1);
	}
	suppression_changed_emit (b, &said, 1);
}

static void events_take (struct batch *b, const struct mail_events_take *cmd, const json_t *list)
{
	struct reading r = events_read (b, cmd, list);
	size_t known_n, mails, fresh = 0, moved = 0;
	const struct provider_known *known = provider_known_load (b, r.said, r.n, &known_n);
	const struct mail_recipient_found *loaded = provider_mails_load (b, r.said, r.n, &mails);
	struct mail_recipient_found *mail = ARRAY (b, mail, mails + 1), *of = ARRAY (b, of, r.n + 1);
	struct provider_said *keep = ARRAY (b, keep, r.n + 1);
	struct mail_moved *to = ARRAY (b, to, r.n + 1);
	struct mail_account_told told = { .workspace_id = { cmd->head.workspace }, .mail_account_id = cmd->mail_account_id };
	memcpy (mail, loaded, mails * sizeof *mail);
	for (size_t i = 0; i < r.n; i++) {
		struct provider_said *e = &r.said[i];
		const struct provider_meaning *m = &r.meaning[i];
		if (known_has (known, known_n, e->event_id))
			continue;
		struct mail_recipient_found *f = mail_of (mail, mails, e);
		e->has.mail_id = e->has.n = f ? HERE : ABSENT;
		if (f) {
			e->mail_id = f->mail_id;
			e->n = f->n;
		}
		keep[fresh++] = *e;
		if (f && m->moves && f->out && mail_state_moves (f->state, m->state)) {
			f->state = m->state;
			of[moved] = *f;
			to[moved] = (struct mail_moved){ .workspace_id = f->workspace_id,
							 .mail_id = f->mail_id,
							 .n = f->n,
							 .at = e->at,
							 .state = m->state,
							 .reason = m->reason };
			to[moved++].has.reason = m->reason ? HERE : ABSENT;
			if (m->state == mail_state_delivered && e->at > told.at) {
				told.at = e->at;
				told.delivered = true;
			}
		}
		/* whose mail it was is known to us: a stranger's event silences nobody */
		if (f && (m->suppresses || m->allows))
			suppress (b, &cmd->head, e, m);
	}
	provider_said_write (b, keep, fresh);
	for (size_t i = 0; i < moved; i++) /* one after the other: two of one recipient end as the later one */
		mails_move (b, &cmd->head, &of[i], &to[i], 1);
	if (told.delivered)
		mail_account_told_write (b, &told, 1);
}

void mail_events_take (struct batch *b, const struct mail_events_take cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		json_t *list = json_loads (cmd[i].body, 0, NULL);
		ret[i] = json_is_array (list) ? done () : refused (bad_json);
		if (is_done (ret[i]))
			events_take (b, &cmd[i], list);
		json_decref (list);
	}
}

/* One click, and again the same. */
void mail_unsubscribe (struct batch *b, const struct mail_unsubscribe cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		size_t rows;
		const struct mail_recipient_found *r = mail_unsubscribe_load (b, &cmd[i], 1, &rows);
		ret[i] = refused (not_found);
		for (size_t k = 0; k < rows; k++) {
			if (r[k].n != cmd[i].n)
				continue;
			struct kept_suppression row = { .workspace_id = { cmd[i].head.workspace },
							.email = r[k].email,
							.reason = suppression_reason_unsubscribed,
							.at = cmd[i].head.at,
							.mail_id = cmd[i].mail_id,
							.has.mail_id = HERE };
			struct suppression_changed said = {
				.head = head_caused (b, &cmd[i].head), .email = r[k].email, .reason = row.reason, .has.reason = HERE
			};
			suppression_write (b, &row, 1);
			suppression_changed_emit (b, &said, 1);
			ret[i] = done ();
		}
	}
}
