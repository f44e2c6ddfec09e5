/* News that waits to be mailed, and the mails that it goes in: kept when it happens, seen when its reader looked, sent by mailer's own clock. See letters.h.
 * It must never write to somebody who left, nor say of a record what its reader may not see when the mail is made. */
#include "letters.h"

#include <string.h>
#include "mailer.h"
#include "mailer_sql.h"
#include "notified.h"

static const int64_t second = 1000000;

/* ---- kept ---- */

static struct letter_row row_of (const struct notified *news, const struct letter_place *place)
{
	bool daily = place->choice == letter_when_digest && place->has.digest_at == HERE;
	struct letter_row row = { .workspace_id = news->workspace_id,
				  .letter_id = news->letter_id,
				  .user_id = news->user_id,
				  .kind = news->kind,
				  .notice_id = news->notice_id,
				  .about = news->about,
				  .record_id = news->record_id,
				  .activity_id = news->activity_id,
				  .activity_kind = news->activity_kind,
				  .message_id = news->message_id,
				  .by_id = news->by_id,
				  .owner_id = news->owner_id,
				  .title = news->title,
				  .count = news->count,
				  .at = news->at,
				  .due_at = daily ? place->digest_at : news->heard_at + mailer_config.letter_wait * second,
				  .state = daily ? letter_state_digest : letter_state_waiting };
	row.has.activity_id = news->has.activity_id;
	row.has.activity_kind = news->has.activity_kind;
	row.has.message_id = news->has.message_id;
	row.has.by_id = news->has.by_id;
	row.has.owner_id = news->has.owner_id;
	row.has.title = news->has.title;
	return row;
}

void letters_keep (struct batch *b, const struct notified news[], size_t n)
{
	if (!n)
		return;
	const struct letter_place *place = letter_load (b, news, n);
	struct letter_row *row = ARRAY (b, row, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++)
		if (place[i].way && place[i].choice != letter_when_never)
			row[rows++] = row_of (&news[i], &place[i]);
	letter_write (b, row, rows);
}

/* ---- how people are told, and what they saw ---- */

void reader_changed (struct batch *b, const struct reader_changed event[], size_t n, struct outcome ret[])
{
	reader_changed_write (b, event, n);
	for (size_t i = 0; i < n; i++)
		ret[i] = done ();
}

void notices_changed (struct batch *b, const struct notices_changed event[], size_t n, struct outcome ret[])
{
	letters_looked (b, event, n);
	for (size_t i = 0; i < n; i++)
		ret[i] = done ();
}

void room_seen (struct batch *b, const struct room_seen event[], size_t n, struct outcome ret[])
{
	letters_room (b, event, n);
	for (size_t i = 0; i < n; i++)
		ret[i] = done ();
}

/* ---- sent ---- */

static const char *origin (struct batch *b)
{
	const char *from = *mailer_config.origin ? mailer_config.origin : mailer_config.url;
	size_t n = strlen (from);
	while (n && from[n - 1] == '/')
		n--;
	return arena_copy (batch_arena (b), from, n);
}

static struct draft draft_of (struct batch *b, const struct letter_due row[], size_t n, const char *email, struct head head)
{
	struct letter_text words = letter_text (batch_arena (b), row, n, origin (b));
	struct mail_place way = { .mail_account_id = row->mail_account_id, .from_name = row->from_name, .from_email = row->from_email };
	struct draft d = { .head = head };
	way.has.mail_account_id = HERE;
	way.has.from_name = row->has.from_name;
	d.mail = (struct kept_mail){ .workspace_id = row->workspace_id,
				     .mail_id = { uuid_new (b) },
				     .at = batch_now (b),
				     .owner_id = row->user_id,
				     .news_for = row->user_id,
				     .subject = words.subject,
				     .text = words.text,
				     .machine = true,
				     .send_at = batch_now (b),
				     .has = { .owner_id = HERE, .news_for = HERE } };
	d.recipient = ARRAY (b, d.recipient, 1);
	d.recipient[d.recipients++] = (struct kept_mail_recipient){ .workspace_id = d.mail.workspace_id,
								    .mail_id = d.mail.mail_id,
								    .n = 1,
								    .kind = mail_recipient_kind_to,
								    .email = email,
								    .name = row->name,
								    .has.name = HERE };
	draft_finish (b, &d, &way, false);
	d.mail.html = words.html;
	return d;
}

/* How many of the rows that begin here are one reader's, in one workspace. */
static size_t same_reader (const struct letter_due row[], size_t n)
{
	size_t ret = 1;
	while (ret < n && uuid_equal (row[ret].user_id.uuid, row->user_id.uuid) &&
	       uuid_equal (row[ret].workspace_id.uuid, row->workspace_id.uuid))
		ret++;
	return ret;
}

static void old_forget (struct batch *b)
{
	size_t workspaces;
	const struct workspace_due *stale = letters_stale (b, &workspaces);
	stale = batch_own (b, &workspace_due_record, stale, &workspaces);
	if (workspaces)
		letters_old (b, stale, workspaces);
}

void letters_tell (struct batch *b, const struct letters_tell cmd[], size_t n, struct outcome ret[])
{
	size_t workspaces, rows = 0, drafts = 0, gone = 0;
	for (size_t i = 0; i < n; i++)
		ret[i] = done ();
	old_forget (b);
	const struct workspace_due *due = letters_waiting (b, &workspaces);
	due = batch_own (b, &workspace_due_record, due, &workspaces);
	if (!workspaces)
		return;
	letters_judged (b, due, workspaces);
	const struct letter_due *row = letters_found (b, due, workspaces, &rows);
	struct draft *draft = ARRAY (b, draft, rows + 1);
	struct letters_gone *done_with = ARRAY (b, done_with, rows + 1);
	for (size_t i = 0; i < rows;) {
		size_t own = same_reader (&row[i], rows - i);
		const char *email = address_read (batch_arena (b), row[i].email);
		struct head head = cmd[0].head;
		head.workspace = row[i].workspace_id.uuid; /* the clock has none */
		done_with[gone] = (struct letters_gone){ .workspace_id = row[i].workspace_id,
							 .user_id = row[i].user_id,
							 .now = due[0].now };
		if (email) {
			draft[drafts] = draft_of (b, &row[i], own, email, head);
			done_with[gone].mail_id = draft[drafts++].mail.mail_id;
			done_with[gone].has.mail_id = HERE;
		}
		gone++;
		i += own;
	}
	drafts_write (b, draft, drafts);
	letters_gone_write (b, done_with, gone);
	ret[0].number = rows > 0; /* perhaps there is more of it */
}
