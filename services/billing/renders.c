/* Files that were made are told to who waits for them: mails that go with them. Billing's own clock, hurried by whoever recorded that they are made.
 * It must never tell a mail twice, nor one whose files are not there. */
#include "billing.h"

#include "billing_sql.h"

static struct document_mail_wanted wanted_of (struct batch *b, const struct head *clock, const struct mail_made *m)
{
	struct head head = *clock;
	head.workspace = m->workspace_id.uuid;
	struct document_mail_wanted ret = { .head = head_caused (b, &head),
					    .mail_id = m->mail_id,
					    .document_id = m->document_id,
					    .kind = m->kind,
					    .to = m->recipients,
					    .subject = m->subject,
					    .text = m->body,
					    .files = m->files,
					    .link = m->link,
					    .sender_id = m->sender_id };
	ABOUT (&ret, m);
	ret.has.link = m->has.link;
	ret.has.sender_id = m->has.sender_id;
	return ret;
}

void renders_tell (struct batch *b, const struct renders_tell cmd[], size_t n, struct outcome ret[])
{
	size_t workspaces, mails = 0;
	const struct workspace_due *due = renders_waiting (b, &workspaces);
	due = batch_own (b, &workspace_due_record, due, &workspaces);
	const struct mail_made *made = workspaces ? mails_made (b, due, workspaces, &mails) : NULL;
	struct document_mail_wanted *said = ARRAY (b, said, mails);
	for (size_t i = 0; i < mails; i++)
		said[i] = wanted_of (b, &cmd[0].head, &made[i]);
	mail_want_drop (b, made, mails);
	document_mail_wanted_emit (b, said, mails);
	for (size_t i = 0; i < n; i++) {
		ret[i] = done ();
		ret[i].number = mails > 0; /* perhaps there is more of it */
	}
}
