/* Writing a mail, stopping it, sending it again. Load, decide, write, emit.
 * It must never write to an address that no mail can go to, nor let a mail go that somebody stopped in time. */
#include "mailer.h"

#include <string.h>
#include <sys/stat.h>
#include "clock.h"
#include "files.h"
#include "mailer_sql.h"
#include "seal.h"
#include "templates.h"

enum { TOKEN_BYTES = 12, REFS_MOST = 2000 };

static const int64_t second = 1000000;

/* ---- drafts ---- */

/* Pictures that its text shows are named in it, and go inside it. */
static const char *draft_html (struct batch *b, struct draft *d)
{
	struct arena *a = batch_arena (b);
	struct picture *picture = ARRAY (b, picture, d->files + 1);
	struct kept_mail_file **file = ARRAY (b, file, d->files + 1);
	size_t n = 0;
	for (size_t i = 0; i < d->files; i++)
		if (!strncmp (d->file[i].type, "image/", 6)) {
			file[n] = &d->file[i];
			picture[n++] = (struct picture){ .name = d->file[i].name,
							 .content_id = arena_printf (a, "%.32s@%s", d->file[i].sha256,
										     address_domain (d->mail.from_email)) };
		}
	const char *ret = d->marked ? marked_html (a, d->marked, picture, n) : text_html (a, d->mail.text, picture, n);
	for (size_t i = 0; i < n; i++)
		if (picture[i].shown) {
			file[i]->content_id = picture[i].content_id;
			file[i]->has.content_id = HERE;
		}
	return ret;
}

void draft_finish (struct batch *b, struct draft *d, const struct mail_place *place, bool with_token)
{
	struct arena *a = batch_arena (b);
	struct kept_mail *m = &d->mail;
	char id[UUID_TEXT], token[TOKEN_TEXT];
	uuid_format (m->mail_id.uuid, id);
	m->message_id = arena_printf (a, "%s@%s", id, address_domain (place->from_email));
	m->from_email = place->from_email;
	m->from_name = place->from_name;
	m->has.from_name = place->has.from_name;
	m->mail_account_id = place->mail_account_id;
	m->has.mail_account_id = place->has.mail_account_id;
	m->thread_id = place->has.thread_id == HERE ? place->thread_id : (mail_thread_id){ m->mail_id.uuid };
	m->html = draft_html (b, d);
	m->size = (int64_t) strlen (m->text);
	for (size_t i = 0; i < d->files; i++)
		m->size += d->file[i].size;
	if (place->has.answers == HERE) {
		m->in_reply_to = place->answers;
		const char *refs = place->has.refs == HERE ? place->refs : "";
		if (strlen (refs) > REFS_MOST)
			refs = "";
		m->refs = arena_printf (a, "%s%s<%s>", refs, *refs ? " " : "", place->answers);
		m->has.in_reply_to = m->has.refs = HERE;
	}
	if (with_token && place->has.reply_domain == HERE) {
		m->token = arena_text (a, token_new (TOKEN_BYTES, token));
		m->reply_to = arena_printf (a, "reply+%s@%s", m->token, place->reply_domain);
		m->has.token = m->has.reply_to = HERE;
	}
	for (size_t i = 0; i < d->recipients; i++) {
		d->recipient[i].mail_account_id = place->mail_account_id;
		d->recipient[i].next_at = m->send_at;
	}
}

void drafts_write (struct batch *b, struct draft draft[], size_t n)
{
	struct kept_mail *mail = ARRAY (b, mail, n);
	struct mail_queued *said = ARRAY (b, said, n);
	size_t recipients = 0, files = 0;
	for (size_t i = 0; i < n; i++) {
		recipients += draft[i].recipients;
		files += draft[i].files;
	}
	struct kept_mail_recipient *to = ARRAY (b, to, recipients + 1);
	struct kept_mail_file *file = ARRAY (b, file, files + 1);
	recipients = files = 0;
	for (size_t i = 0; i < n; i++) {
		mail[i] = draft[i].mail;
		said[i] = (struct mail_queued){ .head = head_caused (b, &draft[i].head),
						.mail_id = mail[i].mail_id,
						.subject = mail[i].subject,
						.recipients = (int64_t) draft[i].recipients,
						.send_at = mail[i].send_at };
		ABOUT (&said[i], &mail[i]);
		memcpy (to + recipients, draft[i].recipient, draft[i].recipients * sizeof *to);
		recipients += draft[i].recipients;
		if (draft[i].files)
			memcpy (file + files, draft[i].file, draft[i].files * sizeof *file);
		files += draft[i].files;
	}
	for (size_t i = 0; i < n; i++) /* two of one thread in a run: one row each */
		mail_thread_write (b, &mail[i], 1);
	mail_write (b, mail, n);
	mail_recipient_write (b, to, recipients);
	mail_file_write (b, file, files);
	mail_queued_emit (b, said, n);
	batch_wake (b);
}

/* ---- mail_send ---- */

static void wrong (struct batch *b, struct problem **p, const char *pointer, const char *code, const char *detail)
{
	if (!*p)
		*p = arena_alloc (batch_arena (b), sizeof **p);
	problem_add (batch_arena (b), *p, pointer, code, detail);
}

/* Each address once: whoever stands in To needs no Cc. */
void draft_people (struct batch *b, struct draft *d, const struct list *list, unsigned char has, enum mail_recipient_kind kind,
		   const char *name, struct problem **p)
{
	const struct mail_address *address = list->at;
	for (size_t i = 0; has == HERE && i < list->n; i++) {
		const char *email = address_read (batch_arena (b), address[i].email);
		bool twice = false;
		if (!email) {
			wrong (b, p, arena_printf (batch_arena (b), "/%s/%zu/email", name, i), "bad_address", "This is no e-mail address.");
			continue;
		}
		for (size_t k = 0; k < d->recipients; k++)
			twice = twice || !strcmp (d->recipient[k].email, email);
		if (twice)
			continue;
		struct kept_mail_recipient *r = &d->recipient[d->recipients++];
		*r = (struct kept_mail_recipient){ .workspace_id = d->mail.workspace_id,
						   .mail_id = d->mail.mail_id,
						   .n = (int64_t) d->recipients,
						   .kind = kind,
						   .email = email,
						   .name = address[i].name,
						   .has.name = address[i].has.name,
						   .contact_id = address[i].contact_id,
						   .has.contact_id = address[i].has.contact_id };
	}
}

void draft_files (struct batch *b, struct draft *d, const struct list *files, unsigned char has, struct problem **p)
{
	const struct mail_file *file = files->at;
	int64_t bytes = 0;
	for (size_t i = 0; has == HERE && i < files->n; i++) {
		struct stat at;
		for (const char *c = file[i].type; *c; c++)
			if (*c < ' ' || *c > '~') { /* it stands in the head of its part */
				wrong (b, p, arena_printf (batch_arena (b), "/files/%zu/type", i), "bad_type", "This is no media type.");
				break;
			}
		const char *path = file_path (batch_arena (b), batch_files (b), d->mail.workspace_id.uuid, file[i].sha256);
		if (!path || stat (path, &at)) {
			wrong (b, p, arena_printf (batch_arena (b), "/files/%zu", i), "unknown", "There is no such file.");
			continue;
		}
		bytes += at.st_size;
		d->file[d->files++] = (struct kept_mail_file){ .workspace_id = d->mail.workspace_id,
							       .mail_id = d->mail.mail_id,
							       .n = (int64_t) d->files + 1,
							       .name = file[i].name,
							       .type = file[i].type,
							       .size = at.st_size,
							       .sha256 = file[i].sha256 };
	}
	if (bytes > FILES_BYTES_MOST)
		wrong (b, p, "/files", "too_long", "Files of a mail may have 20 MiB together.");
}

static struct outcome send_check (const struct mail_send *cmd, const struct mail_place *place)
{
	user_id owner = place->owner_id, answered = place->answered_owner_id, contacts = place->contact_owner_id;
	if (!place->known)
		return refused (workspace_not_found);
	if (cmd->has.deal_id == HERE && (!place->deal_known || !grant_covers (&cmd->head.grant, &owner)))
		return refused (deal_not_found);
	if (cmd->has.contact_id == HERE && place->contact_known && !grant_covers (&cmd->head.grant, &contacts))
		return refused (contact_not_found);
	if (cmd->has.reply_to_id == HERE && (place->has.thread_id != HERE || !grant_covers (&cmd->head.grant, &answered)))
		return refused (mail_not_found);
	if (place->has.mail_account_id != HERE)
		return cmd->has.mail_account_id == HERE ? refused (mail_account_not_found) : refused (no_mail_account);
	return done ();
}

/* Whose record it is about, or whose the mail that it answers is; else its own writer's. */
static user_id owner_of (const struct mail_send *cmd, const struct mail_place *place)
{
	if (place->has.owner_id == HERE)
		return place->owner_id;
	if (cmd->has.deal_id != HERE && place->has.contact_owner_id == HERE)
		return place->contact_owner_id;
	return cmd->has.deal_id != HERE && place->has.answered_owner_id == HERE ? place->answered_owner_id : (user_id){ cmd->head.actor };
}

static struct draft draft_of (struct batch *b, const struct mail_send *cmd, const struct mail_place *place)
{
	int64_t soon = cmd->head.at + mailer_config.hold * second;
	struct draft d = { .head = cmd->head };
	d.mail = (struct kept_mail){ .workspace_id = { cmd->head.workspace },
				     .mail_id = cmd->mail_id,
				     .at = cmd->head.at,
				     .deal_id = cmd->deal_id,
				     .contact_id = cmd->has.contact_id == HERE ? cmd->contact_id : place->contact_id,
				     .account_id = cmd->has.account_id == HERE ? cmd->account_id : place->account_id,
				     .lead_id = cmd->lead_id,
				     .owner_id = owner_of (cmd, place),
				     .sent_by = { cmd->head.actor },
				     .template_id = cmd->template_id,
				     .transactional = cmd->has.transactional != HERE || cmd->transactional,
				     .send_at = cmd->has.send_at == HERE && cmd->send_at > soon ? cmd->send_at : soon };
	d.mail.has.deal_id = cmd->has.deal_id;
	d.mail.has.contact_id = cmd->has.contact_id == HERE ? HERE : place->has.contact_id;
	d.mail.has.account_id = cmd->has.account_id == HERE ? HERE : place->has.account_id;
	d.mail.has.lead_id = cmd->has.lead_id;
	d.mail.has.template_id = cmd->has.template_id;
	d.mail.has.owner_id = d.mail.has.sent_by = HERE;
	d.recipient = ARRAY (b, d.recipient, cmd->to.n + cmd->cc.n + cmd->bcc.n + 1);
	d.file = ARRAY (b, d.file, cmd->files.n + 1);
	return d;
}

void mail_send (struct batch *b, const struct mail_send cmd[], size_t n, struct outcome ret[])
{
	const struct mail_place *place = mail_send_load (b, cmd, n);
	struct draft *draft = ARRAY (b, draft, n);
	size_t drafts = 0;
	for (size_t i = 0; i < n; i++) {
		struct problem *p = NULL;
		ret[i] = send_check (&cmd[i], &place[i]);
		ret[i].id = cmd[i].mail_id.uuid;
		if (!is_done (ret[i]) || place[i].taken)
			continue;
		struct draft d = draft_of (b, &cmd[i], &place[i]);
		ret[i] = mail_words_fill (b, &cmd[i], &d);
		if (!is_done (ret[i]))
			continue;
		ret[i].id = cmd[i].mail_id.uuid;
		draft_people (b, &d, &cmd[i].to, HERE, mail_recipient_kind_to, "to", &p);
		draft_people (b, &d, &cmd[i].cc, cmd[i].has.cc, mail_recipient_kind_cc, "cc", &p);
		draft_people (b, &d, &cmd[i].bcc, cmd[i].has.bcc, mail_recipient_kind_bcc, "bcc", &p);
		draft_files (b, &d, &cmd[i].files, cmd[i].has.files, &p);
		if (!p && !d.recipients)
			wrong (b, &p, "/to", "required", "To whom?");
		if (p) {
			ret[i] = refused (invalid);
			ret[i].problem = p;
			continue;
		}
		draft_finish (b, &d, &place[i], true);
		draft[drafts++] = d;
		ret[i].version = 1;
	}
	drafts_write (b, draft, drafts);
}

/* The whole way: whoever gets it knows that it works. */
void mail_account_test (struct batch *b, const struct mail_account_test cmd[], size_t n, struct outcome ret[])
{
	const struct mail_place *place = mail_account_test_load (b, cmd, n);
	struct draft *draft = ARRAY (b, draft, n);
	size_t drafts = 0;
	for (size_t i = 0; i < n; i++) {
		const char *to = cmd[i].has.email == HERE ? cmd[i].email : place[i].has.member_email == HERE ? place[i].member_email : "";
		const char *email = address_read (batch_arena (b), to);
		bool dutch = place[i].has.language == HERE && !strcmp (place[i].language, "nl");
		ret[i] = place[i].has.mail_account_id != HERE ? refused (mail_account_not_found) : done ();
		if (is_done (ret[i]) && !email) {
			struct problem *p = NULL;
			wrong (b, &p, "/email", "bad_address", "This is no e-mail address.");
			ret[i] = refused (invalid);
			ret[i].problem = p;
		}
		if (!is_done (ret[i]))
			continue;
		struct draft d = { .head = cmd[i].head };
		d.mail = (struct kept_mail){
			.workspace_id = { cmd[i].head.workspace },
			.mail_id = { cmd[i].head.id },
			.at = batch_now (b),
			.owner_id = { cmd[i].head.actor },
			.sent_by = { cmd[i].head.actor },
			.has = { .owner_id = HERE, .sent_by = HERE },
			.subject = dutch ? "Proefbericht van Leadwire" : "Test message from Leadwire",
			.text = dutch ? "Dit is een proefbericht. Als u dit leest, werkt de verzendende kant van dit account."
				      : "This is a test message. If you can read it, the sending side of this account works.",
			.transactional = true,
			.machine = true,
			.send_at = cmd[i].head.at
		};
		d.recipient = ARRAY (b, d.recipient, 1);
		d.recipient[d.recipients++] = (struct kept_mail_recipient){ .workspace_id = d.mail.workspace_id,
									    .mail_id = d.mail.mail_id,
									    .n = 1,
									    .kind = mail_recipient_kind_to,
									    .email = email };
		draft_finish (b, &d, &place[i], false);
		draft[drafts++] = d;
		ret[i].id = cmd[i].head.id;
		ret[i].data = account_named (b, place[i].account_name);
	}
	drafts_write (b, draft, drafts);
	mailbox_hurry (b, cmd, n);
}

/* ---- stopping, and once more ---- */

static bool covers (const struct grant *g, const struct mail_recipient_found *r)
{
	struct uuid owner = r->has.owner_id == HERE ? r->owner_id.uuid : r->has.sent_by == HERE ? r->sent_by.uuid : (struct uuid){ 0 };
	return r->out && grant_covers_id (g, owner);
}

void mail_cancel (struct batch *b, const struct mail_cancel cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		size_t rows, moved = 0;
		const struct mail_recipient_found *r = mail_recipients_load (b, &cmd[i], 1, &rows);
		struct mail_moved *to = ARRAY (b, to, rows + 1);
		ret[i] = !rows || !covers (&cmd[i].head.grant, r) ? refused (mail_not_found) : done ();
		ret[i].id = cmd[i].mail_id.uuid;
		for (size_t k = 0; is_done (ret[i]) && k < rows; k++)
			if (r[k].state == mail_state_queued)
				to[moved++] = (struct mail_moved){ .workspace_id = { cmd[i].head.workspace },
								   .mail_id = cmd[i].mail_id,
								   .n = r[k].n,
								   .at = cmd[i].head.at,
								   .state = mail_state_cancelled };
		if (!is_done (ret[i]))
			continue;
		if (!moved && r->state != mail_state_cancelled) {
			ret[i] = refused (mail_gone);
			continue;
		}
		size_t stopped = 0;
		if (moved)
			mails_turn (b, to, moved, &stopped);
		if (moved && !stopped) { /* a worker was faster */
			ret[i] = refused (mail_gone);
			continue;
		}
		mail_states_write (b, to, moved);
		threads_look (b, to, moved);
		if (moved) {
			struct mail_cancelled said = { .head = head_caused (b, &cmd[i].head),
						       .mail_id = cmd[i].mail_id,
						       .subject = r->subject };
			ABOUT (&said, r);
			mail_cancelled_emit (b, &said, 1);
		}
	}
}

void mail_retry (struct batch *b, const struct mail_retry cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		size_t rows, moved = 0;
		const struct mail_recipient_found *r = mail_retry_load (b, &cmd[i], 1, &rows);
		struct mail_moved *to = ARRAY (b, to, rows + 1);
		ret[i] = !rows || !covers (&cmd[i].head.grant, r) ? refused (mail_not_found) : !r->whole ? refused (mail_gone) : done ();
		ret[i].id = cmd[i].mail_id.uuid;
		for (size_t k = 0; is_done (ret[i]) && k < rows; k++)
			if (r[k].state == mail_state_bounced || r[k].state == mail_state_dropped || r[k].state == mail_state_unknown)
				to[moved++] = (struct mail_moved){ .workspace_id = { cmd[i].head.workspace },
								   .mail_id = cmd[i].mail_id,
								   .n = r[k].n,
								   .at = cmd[i].head.at,
								   .state = mail_state_queued,
								   .next_at = cmd[i].head.at,
								   .has.next_at = HERE };
		size_t turned;
		mails_turn (b, to, moved, &turned);
		mail_states_write (b, to, moved);
		threads_look (b, to, moved);
		batch_wake (b);
	}
}

void suppression_remove (struct batch *b, const struct suppression_remove cmd[], size_t n, struct outcome ret[])
{
	const struct suppression_found *found = suppression_load (b, cmd, n);
	struct suppression_remove *gone = ARRAY (b, gone, n);
	struct suppression_changed *said = ARRAY (b, said, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = found[i].known ? done () : refused (not_found);
		if (!found[i].known)
			continue;
		gone[rows] = cmd[i];
		said[rows++] = (struct suppression_changed){ .head = head_caused (b, &cmd[i].head), .email = cmd[i].email };
	}
	suppression_drop (b, gone, rows);
	suppression_changed_emit (b, said, rows);
}
