/* A quote, an invoice or a reminder goes to the customer with its files, because billing says so: once, under the id that it was given.
 * It must never write twice for one id, nor let a mail that cannot go vanish: what is wrong stands with the mail. */
#include "mailer.h"

#include <string.h>

#include "mailer_sql.h"
#include "seal.h"

static const int64_t second = 1000000;
static const char nowhere[] = "leadwire.invalid"; /* of a mail that has no way to go: RFC 2606 */

/* ---- the customer's page ---- */

/* "https://crm.example.nl" without a slash at its end; empty: nobody said it. */
static const char *origin (struct batch *b)
{
	const char *from = *mailer_config.origin ? mailer_config.origin : mailer_config.url;
	size_t n = strlen (from);
	while (n && from[n - 1] == '/')
		n--;
	return arena_copy (batch_arena (b), from, n);
}

const char *document_url (struct batch *b, const char *sealed)
{
	struct bytes plain;
	if (!sealed || unseal_text (batch_arena (b), sealed, &plain) != OK)
		return NULL;
	const char *link = (const char *) plain.at, *house = origin (b);
	if (*link != '/')
		return link;
	return *house ? text_join (b, house, link) : NULL;
}

/* The address in its place; where there is none, its line goes. */
static const char *text_with (struct batch *b, const char *text, const char *url)
{
	static const char mark[] = "{link}";
	const char *at = strstr (text, mark);
	if (!at)
		return text;
	const char *after = at + strlen (mark);
	if (!url) {
		while (at > text && at[-1] != '\n')
			at--;
		after += strcspn (after, "\n");
		after += strspn (after, "\n");
	}
	return arena_printf (batch_arena (b), "%.*s%s%s", (int) (at - text), text, url ? url : "", after);
}

/* ---- the mail ---- */

static struct draft draft_of (struct batch *b, const struct document_mail_wanted *event, const struct mail_place *place)
{
	struct draft d = { .head = event->head };
	const char *url = event->has.link == HERE ? document_url (b, event->link) : NULL;
	d.mail = (struct kept_mail){ .workspace_id = { event->head.workspace },
				     .mail_id = event->mail_id,
				     .at = event->head.at,
				     .deal_id = event->deal_id,
				     .contact_id = event->has.contact_id == HERE ? event->contact_id : place->contact_id,
				     .account_id = event->has.account_id == HERE ? event->account_id : place->account_id,
				     .lead_id = event->lead_id,
				     .owner_id = event->has.owner_id == HERE ? event->owner_id : event->sender_id,
				     .sent_by = event->sender_id,
				     .subject = event->subject,
				     .text = text_with (b, event->text, url),
				     .transactional = true,
				     .send_at = event->head.at + mailer_config.hold * second };
	d.mail.has.deal_id = event->has.deal_id;
	d.mail.has.lead_id = event->has.lead_id;
	d.mail.has.contact_id = event->has.contact_id == HERE ? HERE : place->has.contact_id;
	d.mail.has.account_id = event->has.account_id == HERE ? HERE : place->has.account_id;
	d.mail.has.owner_id = event->has.owner_id == HERE ? HERE : event->has.sender_id;
	d.mail.has.sent_by = event->has.sender_id;
	d.recipient = ARRAY (b, d.recipient, event->to.n + 1);
	d.file = ARRAY (b, d.file, event->files.n + 1);
	return d;
}

/* An address that none is stands with the mail as it was said: who looks sees whom it did not reach. */
static void addresses_keep (struct draft *d, const struct document_mail_wanted *event)
{
	const struct mail_address *address = event->to.at;
	if (d->recipients)
		return;
	d->recipient[d->recipients++] = (struct kept_mail_recipient){ .workspace_id = d->mail.workspace_id,
								      .mail_id = d->mail.mail_id,
								      .n = 1,
								      .kind = mail_recipient_kind_to,
								      .email = event->to.n ? address[0].email : "" };
}

/* It is written, and does not go: said as any mail that fails. */
static void draft_drop (struct batch *b, const struct draft *d, const char *reason)
{
	struct mail_recipient_found *of = ARRAY (b, of, d->recipients);
	struct mail_moved *to = ARRAY (b, to, d->recipients);
	for (size_t i = 0; i < d->recipients; i++) {
		of[i] = (struct mail_recipient_found){ .workspace_id = d->mail.workspace_id,
						       .mail_id = d->mail.mail_id,
						       .n = d->recipient[i].n,
						       .state = mail_state_queued,
						       .email = d->recipient[i].email,
						       .out = true,
						       .message_id = d->mail.message_id,
						       .subject = d->mail.subject };
		ABOUT (&of[i], &d->mail);
		to[i] = (struct mail_moved){ .workspace_id = d->mail.workspace_id,
					     .mail_id = d->mail.mail_id,
					     .n = d->recipient[i].n,
					     .at = batch_now (b),
					     .state = mail_state_dropped,
					     .reason = reason,
					     .has.reason = HERE };
	}
	mails_move (b, &d->head, of, to, d->recipients);
}

void document_mail_wanted (struct batch *b, const struct document_mail_wanted event[], size_t n, struct outcome ret[])
{
	const struct mail_place *place = document_mail_load (b, event, n);
	struct draft *draft = ARRAY (b, draft, n);
	const char **wrong = ARRAY (b, wrong, n);
	size_t drafts = 0;
	for (size_t i = 0; i < n; i++) {
		struct problem *p = NULL;
		struct mail_place way = place[i];
		ret[i] = !place[i].known ? not_yet ("workspace") : place[i].taken ? skipped () : done ();
		if (!is_done (ret[i]))
			continue;
		struct draft d = draft_of (b, &event[i], &place[i]);
		draft_people (b, &d, &event[i].to, HERE, mail_recipient_kind_to, "to", &p);
		draft_files (b, &d, &event[i].files, HERE, &p);
		addresses_keep (&d, &event[i]);
		if (way.has.mail_account_id != HERE)
			way.from_email = arena_printf (batch_arena (b), "nobody@%s", nowhere);
		draft_finish (b, &d, &way, true);
		wrong[drafts] = way.has.mail_account_id != HERE ? error_rows[ERROR_no_mail_account].en : p ? p->errors[0].detail : NULL;
		draft[drafts++] = d;
	}
	drafts_write (b, draft, drafts);
	for (size_t i = 0; i < drafts; i++)
		if (wrong[i])
			draft_drop (b, &draft[i], wrong[i]);
}
