/* What people do with mails that wait: they set one aside, take back where one was put, or have one read again. Load, decide, write, emit.
 * It must never drop a mail: what is aside is kept, and comes back as it was. */
#include "mailer.h"

#include "mailer_sql.h"

/* What one may not see is not there. */
static struct outcome held_check (const struct head *head, const struct mail_held *m)
{
	struct outcome ret = m->there && grant_covers (&head->grant, &m->owner_id) ? done () : refused (mail_not_found);
	ret.id = m->mail_id.uuid;
	return ret;
}

/* ---- where somebody put it ---- */

static void unassigned_say (struct batch *b, const struct head *head, const struct mail_held *m, size_t n)
{
	struct mail_unassigned *said = ARRAY (b, said, n + 1);
	for (size_t i = 0; i < n; i++) {
		said[i] = (struct mail_unassigned){ .head = head_caused (b, head),
						    .mail_id = m[i].mail_id,
						    .subject = m[i].subject,
						    .email = m[i].from_email,
						    .name = m[i].from_name };
		said[i].has.email = m[i].has.from_email;
		said[i].has.name = m[i].has.from_name;
		ABOUT (&said[i], &m[i]);
	}
	mail_unassigned_emit (b, said, n);
}

void mail_unassign (struct batch *b, const struct mail_unassign cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) { /* two of one assignment: the first takes the second back as well */
		size_t rows;
		const struct mail_held *m = mail_unassign_load (b, &cmd[i], 1);
		ret[i] = held_check (&cmd[i].head, m);
		if (is_done (ret[i]) && !m->by_person)
			ret[i] = refused (mail_not_assigned);
		if (!is_done (ret[i]))
			continue;
		const struct mail_held *all = mail_assigned_with (b, &cmd[i], 1, &rows);
		mail_unassign_write (b, all, rows);
		mail_unassign_settle (b, all, rows);
		thread_left_write (b, all, rows);
		unassigned_say (b, &cmd[i].head, all, rows);
	}
}

/* ---- aside ---- */

static struct mail_dismissed dismissed_of (struct batch *b, const struct head *head, const struct mail_held *m, bool dismissed)
{
	return (struct mail_dismissed){ .head = head_caused (b, head),
					.mail_id = m->mail_id,
					.owner_id = m->owner_id,
					.dismissed = dismissed,
					.has.owner_id = m->has.owner_id };
}

void mail_dismiss (struct batch *b, const struct mail_dismiss cmd[], size_t n, struct outcome ret[])
{
	const struct mail_held *m = mail_dismiss_load (b, cmd, n);
	struct mail_dismiss *row = ARRAY (b, row, n);
	struct mail_dismissed *said = ARRAY (b, said, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = held_check (&cmd[i].head, &m[i]);
		if (is_done (ret[i]) && !m[i].waits)
			ret[i] = refused (mail_assigned);
		if (!is_done (ret[i]) || m[i].dismissed)
			continue;
		row[rows] = cmd[i];
		said[rows++] = dismissed_of (b, &cmd[i].head, &m[i], true);
	}
	mail_dismiss_write (b, row, rows);
	mail_dismissed_emit (b, said, rows);
}

void mail_undismiss (struct batch *b, const struct mail_undismiss cmd[], size_t n, struct outcome ret[])
{
	const struct mail_held *m = mail_undismiss_load (b, cmd, n);
	struct mail_undismiss *row = ARRAY (b, row, n);
	struct mail_dismissed *said = ARRAY (b, said, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = held_check (&cmd[i].head, &m[i]);
		if (!is_done (ret[i]) || !m[i].dismissed)
			continue;
		row[rows] = cmd[i];
		said[rows++] = dismissed_of (b, &cmd[i].head, &m[i], false);
	}
	mail_undismiss_write (b, row, rows);
	mail_dismissed_emit (b, said, rows);
}

/* ---- once more ---- */

void mail_reread (struct batch *b, const struct mail_reread cmd[], size_t n, struct outcome ret[])
{
	const struct mail_held *m = mail_reread_load (b, cmd, n);
	struct mail_reread *row = ARRAY (b, row, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = held_check (&cmd[i].head, &m[i]);
		if (is_done (ret[i]) && !m[i].unreadable)
			ret[i] = refused (mail_readable);
		if (is_done (ret[i]))
			row[rows++] = cmd[i];
	}
	mail_reread_write (b, row, rows);
	batch_wake (b);
}
