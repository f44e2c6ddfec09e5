/* Mailboxes as people name them beside an account, and what is said when one begins or ceases to work.
 * It must never send a password to another server than the one that it was given for. */
#include "mailboxes.h"

#include <string.h>
#include "mailer_sql.h"
#include "seal.h"

enum { PORT_MOST = 65535, WAIT_MOST = 1800, IMAP_PORT = 143, IMAPS_PORT = 993, REFUSED_MOST = 4, SILENT_MOST = 8 };

static bool no_controls (const char *text)
{
	for (; *text; text++)
		if ((unsigned char) *text < ' ' || *text == 0x7f)
			return false;
	return true;
}

/* Said: as it says; else as it was; else as it usually is. */
#define EITHER(field, was, else_) (ask->has.field == HERE ? ask->field : is && found->has.was == HERE ? found->was : (else_))

static bool text_said (unsigned char has, const char *text)
{
	return has == HERE && *text;
}

enum mailbox_ask_means mailbox_asked (struct batch *b, const struct mailbox_ask *ask, const struct mail_account_found *found,
				      const struct kept_mail_account *account, struct kept_mailbox *ret, struct problem **p)
{
	bool is = found->has.imap_host == HERE;
	if (ask->has.host == CLEARED || (ask->has.host == HERE && !*ask->host))
		return is ? MAILBOX_GOES : MAILBOX_STAYS;
	bool asks = ask->has.host == HERE || text_said (ask->has.secret, ask->secret) || text_said (ask->has.login, ask->login) ||
		    text_said (ask->has.folder, ask->folder) || ask->has.port == HERE || ask->has.tls == HERE;
	if (!asks) {
		if (is && !ask->oauth && found->has.imap_sealed != HERE)
			form_wrong (b, p, "/imap_secret", "required", "The mailbox logs in with a password from now on: say it.");
		return MAILBOX_STAYS;
	}
	*ret = (struct kept_mailbox){ .workspace_id = account->workspace_id,
				      .mail_account_id = account->mail_account_id,
				      .host = EITHER (host, imap_host, ""),
				      .tls = EITHER (tls, imap_tls, mail_tls_tls),
				      .login = text_said (ask->has.login, ask->login) ? ask->login
					       : is				      ? found->imap_login
					       : account->has.login == HERE	      ? account->login
					       : ask->oauth			      ? account->from_email
										      : "",
				      .folder = text_said (ask->has.folder, ask->folder) ? ask->folder
						: is					 ? found->imap_folder
											 : "INBOX" };
	bool same_tls = is && ret->tls == found->imap_tls;
	ret->port = ask->has.port == HERE ? ask->port : same_tls ? found->imap_port : ret->tls == mail_tls_tls ? IMAPS_PORT : IMAP_PORT;
	if (!host_good (ret->host))
		form_wrong (b, p, "/imap_host", *ret->host ? "bad_host" : "required", "A server's name or address.");
	if (ret->port < 1 || ret->port > PORT_MOST)
		form_wrong (b, p, "/imap_port", "not_a_number", "A port is 1 to 65535.");
	if (!*ret->login || !no_controls (ret->login))
		form_wrong (b, p, "/imap_login", "required", "The name to log in with.");
	if (!no_controls (ret->folder))
		form_wrong (b, p, "/imap_folder", "not_a_choice", "A folder's name.");
	if (ret->tls == mail_tls_none && !mailer_config.private)
		form_wrong (b, p, "/imap_tls", "not_a_choice", "A password is not sent in the open.");
	bool elsewhere = !is || strcmp (ret->host, found->imap_host) || ret->port != found->imap_port || ret->tls != found->imap_tls;
	const char *secret = text_said (ask->has.secret, ask->secret)		    ? ask->secret
			     : elsewhere && account->kind == mail_account_kind_smtp ? ask->secret_else
										    : NULL;
	ret->has.sealed = HERE;
	if (ask->oauth) {
		ret->has.sealed = CLEARED;
		return MAILBOX_IS_KEPT;
	}
	if (secret)
		ret->sealed = seal_text (batch_arena (b), (struct bytes){ (const unsigned char *) secret, strlen (secret) });
	else if (!elsewhere && found->has.imap_sealed == HERE)
		ret->sealed = found->imap_sealed;
	else
		form_wrong (b, p, "/imap_secret", "required", is ? "Another server: say the password again." : "Its password.");
	return MAILBOX_IS_KEPT;
}

/* ---- rules ---- */

int64_t mailbox_wait (int64_t poll, int64_t fails)
{
	int64_t ret = poll;
	for (; fails > 0 && ret < WAIT_MOST; fails--)
		ret *= 2;
	return fails > 0 || ret > WAIT_MOST ? poll > WAIT_MOST ? poll : WAIT_MOST : ret;
}

const char *mailbox_note (struct arena *a, const char *head, size_t n, int64_t bytes, bool dutch)
{
	while (n && (head[n - 1] == '\r' || head[n - 1] == '\n'))
		n--;
	long long mib = (long long) (bytes >> 20);
	return arena_printf (
		a,
		"%.*s%sMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n%s%lld%s\r\n",
		(int) n, head, n ? "\r\n" : "", dutch ? "Dit bericht van " : "This message of ", mib,
		dutch ? " MB is te groot om hierheen te halen. Het ligt nog in de mailbox."
		      : " MB is too large to be taken here. It still lies in the mailbox.");
}

bool mailbox_steps_over (int64_t times, bool said)
{
	return times >= (said ? REFUSED_MOST : SILENT_MOST);
}

/* Its folder is a person's word and its server's words anybody's: no line of the head is made of them. */
const char *mailbox_refusal (struct arena *a, const char *folder, int64_t validity, int64_t uid, const char *words, bool dutch)
{
	return arena_printf (
		a,
		"Subject: %s %lld\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
		"%s %s (%lld/%lld). %s %s\r\n",
		dutch ? "Onleesbaar bericht" : "Unreadable message", (long long) uid,
		dutch ? "De server gaf dit bericht niet. Het ligt nog in de mailbox, in"
		      : "The server did not give this message. It still lies in the mailbox, in",
		folder, (long long) validity, (long long) uid, dutch ? "De server zei:" : "The server said:", words);
}

/* ---- what is said of them ---- */

void mailboxes_tell (struct batch *b, const struct mailboxes_tell cmd[], size_t n, struct outcome ret[])
{
	size_t workspaces, rows;
	const struct workspace_due *due = mailboxes_changed (b, &workspaces);
	due = batch_own (b, &workspace_due_record, due, &workspaces);
	const struct mailbox_untold *found = mailboxes_untold (b, due, workspaces, &rows);
	struct mail_account_changed *said = ARRAY (b, said, rows + 1);
	for (size_t i = 0; i < rows; i++) {
		struct head head = cmd[0].head;
		head.workspace = found[i].workspace_id.uuid; /* the clock has none */
		said[i] = (struct mail_account_changed){ .head = head_caused (b, &head),
							 .mail_account_id = found[i].mail_account_id,
							 .name = found[i].name,
							 .state = found[i].state,
							 .mailbox = found[i].mailbox,
							 .has.mailbox = HERE };
	}
	struct mail_account_gone *refused = ARRAY (b, refused, rows + 1);
	size_t n_refused = 0;
	for (size_t i = 0; i < rows; i++)
		if (!strcmp (found[i].mailbox, "fails"))
			refused[n_refused++] = (struct mail_account_gone){ .workspace_id = found[i].workspace_id,
									   .mail_account_id = found[i].mail_account_id,
									   .at = batch_now (b) };
	oauth_hurry (b, refused, n_refused);
	mailbox_told_write (b, found, rows);
	mail_account_changed_emit (b, said, rows);
	for (size_t i = 0; i < n; i++) {
		ret[i] = done ();
		ret[i].number = rows > 0; /* perhaps there is more of it */
	}
}
