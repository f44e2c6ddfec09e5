/* Ways to send: added, changed, removed, tried. Load, decide, write, emit.
 * A secret is sealed before it is kept and never given back; the key in the hooks' URLs leaves in the one answer. */
#include "mailer.h"

#include <string.h>
#include "clock.h"
#include "mailboxes.h"
#include "mailer_sql.h"
#include "oauth.h"
#include "seal.h"
#include "signature.h"

enum { HOOK_BYTES = 20, PER_MINUTE_MOST = 100000, PORT_MOST = 65535 };

#define TAKE(to, from, field)                                \
	do {                                                 \
		if ((from)->has.field != ABSENT) {           \
			(to)->field = (from)->field;         \
			(to)->has.field = (from)->has.field; \
		}                                            \
	} while (0)

/* "" clears as null does. */
static unsigned char text_has (unsigned char has, const char *text)
{
	return has == HERE && !*text ? CLEARED : has;
}

void form_wrong (struct batch *b, struct problem **p, const char *pointer, const char *code, const char *detail)
{
	if (!*p)
		*p = arena_alloc (batch_arena (b), sizeof **p);
	problem_add (batch_arena (b), *p, pointer, code, detail);
}

/* An account that could never send is not kept. */
static struct problem *account_look (struct batch *b, struct kept_mail_account *a, bool oauth)
{
	struct problem *p = NULL;
	const char *address = address_read (batch_arena (b), a->from_email);
	bool smtp = a->kind == mail_account_kind_smtp;
	if (address)
		a->from_email = address;
	else
		form_wrong (b, &p, "/from_email", "bad_address", "This is no e-mail address.");
	if (!*a->name)
		form_wrong (b, &p, "/name", "required", "It needs a name.");
	if (smtp && (a->has.host != HERE || !host_good (a->host)))
		form_wrong (b, &p, "/host", a->has.host == HERE ? "bad_host" : "required", "A server's name or address.");
	if (!smtp && a->has.host == HERE && strncmp (a->host, "https://", 8) &&
	    !(mailer_config.private && !strncmp (a->host, "http://", 7)))
		form_wrong (b, &p, "/host", "bad_host", "An address that begins with https://, or nothing.");
	if (!smtp && a->has.sealed != HERE)
		form_wrong (b, &p, "/secret", "required", "The provider's key.");
	if (a->has.reply_domain == HERE && !address_read (batch_arena (b), text_join (b, "reply@", a->reply_domain)))
		form_wrong (b, &p, "/reply_domain", "bad_host", "A domain.");
	if (a->has.port == HERE && (a->port < 1 || a->port > PORT_MOST))
		form_wrong (b, &p, "/port", "not_a_number", "A port is 1 to 65535.");
	if (a->has.per_minute == HERE && (a->per_minute < 0 || a->per_minute > PER_MINUTE_MOST))
		form_wrong (b, &p, "/per_minute", "not_a_number", "0 to 100000.");
	if (a->has.event_key == HERE && !signature_key_good (a->event_key))
		form_wrong (b, &p, "/event_key", "bad_key", "The public key as the provider shows it, in base64.");
	if (smtp && a->tls == mail_tls_none && (a->has.sealed == HERE || oauth) && !mailer_config.private)
		form_wrong (b, &p, "/tls", "not_a_choice", "A password is not sent in the open.");
	return p;
}

static struct outcome fields_wrong (const struct problem *p)
{
	struct outcome ret = refused (invalid);
	ret.problem = p;
	return ret;
}

static struct mail_account_changed said_of (struct batch *b, const struct head *head, const struct kept_mail_account *a)
{
	return (struct mail_account_changed){
		.head = head_caused (b, head), .mail_account_id = a->mail_account_id, .name = a->name, .state = a->state
	};
}

/* Null when there is no CRM_KEY: unsealed it is not kept. */
static bool secret_take (struct batch *b, struct kept_mail_account *a, unsigned char has, const char *secret)
{
	has = text_has (has, secret);
	if (has == ABSENT)
		return true;
	a->sealed = has == HERE ? seal_text (batch_arena (b), (struct bytes){ (const unsigned char *) secret, strlen (secret) }) : NULL;
	a->has.sealed = has;
	return has != HERE || a->sealed;
}

/* What a command says of the account's mailbox. */
#define MAILBOX_ASK(cmd)                                                                                                          \
	{                                                                                                                         \
		.host = (cmd)->imap_host, .login = (cmd)->imap_login, .secret = (cmd)->imap_secret, .folder = (cmd)->imap_folder, \
		.port = (cmd)->imap_port, .tls = (cmd)->imap_tls,                                                                 \
		.has = { (cmd)->has.imap_host,	(cmd)->has.imap_port,	(cmd)->has.imap_tls,                                      \
			 (cmd)->has.imap_login, (cmd)->has.imap_secret, (cmd)->has.imap_folder },                                 \
		.secret_else = (cmd)->has.secret == HERE && *(cmd)->secret ? (cmd)->secret : NULL                                 \
	}

/* What becomes of the mailboxes of a run's accounts, and of their log-ins. */
struct mailboxes {
	struct kept_mailbox *kept;
	struct mail_account_gone *gone, *oauth_gone, *oauth_over;
	struct kept_oauth *oauth;
	size_t n_kept, n_gone, n_oauth, n_oauth_gone, n_oauth_over;
};

static struct mailboxes mailboxes_of (struct batch *b, size_t n)
{
	struct mailboxes ret = { 0 };
	ret.kept = ARRAY (b, ret.kept, n);
	ret.gone = ARRAY (b, ret.gone, n);
	ret.oauth = ARRAY (b, ret.oauth, n);
	ret.oauth_gone = ARRAY (b, ret.oauth_gone, n);
	ret.oauth_over = ARRAY (b, ret.oauth_over, n);
	return ret;
}

static void mailboxes_write (struct batch *b, const struct mailboxes *m)
{
	mailbox_drop (b, m->gone, m->n_gone);
	mailbox_write (b, m->kept, m->n_kept);
	oauth_drop (b, m->oauth_gone, m->n_oauth_gone);
	oauth_write (b, m->oauth, m->n_oauth);
	oauth_end (b, m->oauth_over, m->n_oauth_over);
	if (m->n_kept)
		batch_wake (b);
}

/* The account, its mailbox and how both log in are kept together or not at all. */
static struct outcome account_check (struct batch *b, struct kept_mail_account *a, const struct mailbox_ask *ask,
				     const struct oauth_ask *login, const struct mail_account_found *found, struct mailboxes *m)
{
	struct problem *p = account_look (b, a, ask->oauth);
	const struct mail_account_gone gone = { .workspace_id = a->workspace_id, .mail_account_id = a->mail_account_id, .at = a->at };
	struct kept_mailbox box;
	struct kept_oauth oauth;
	enum oauth_ask_means logs_in;
	bool anew;
	enum mailbox_ask_means means = mailbox_asked (b, ask, found, a, &box, &p);
	bool sealed = oauth_asked (b, login, found, a, &logs_in, &oauth, &anew, &p);
	if (p)
		return fields_wrong (p);
	if (!sealed || (means == MAILBOX_IS_KEPT && box.has.sealed == HERE && !box.sealed))
		return refused (unavailable);
	if (means == MAILBOX_IS_KEPT)
		m->kept[m->n_kept++] = box;
	if (means == MAILBOX_GOES)
		m->gone[m->n_gone++] = gone;
	if (logs_in == OAUTH_GOES)
		m->oauth_gone[m->n_oauth_gone++] = gone;
	if (logs_in == OAUTH_IS_KEPT)
		m->oauth[m->n_oauth++] = oauth;
	if (ask->oauth && found->has.oauth_provider == HERE &&
	    (anew || oauth_leads_elsewhere (found, a, means == MAILBOX_IS_KEPT ? &box : NULL)))
		m->oauth_over[m->n_oauth_over++] = gone;
	return done ();
}

static void texts_clear (struct kept_mail_account *a)
{
	a->has.from_name = text_has (a->has.from_name, a->from_name);
	a->has.reply_domain = text_has (a->has.reply_domain, a->reply_domain);
	a->has.host = text_has (a->has.host, a->host);
	a->has.login = text_has (a->has.login, a->login);
	a->has.event_key = text_has (a->has.event_key, a->event_key);
}

void mail_account_add (struct batch *b, const struct mail_account_add cmd[], size_t n, struct outcome ret[])
{
	const struct mail_account_found *found = mail_account_add_load (b, cmd, n);
	struct kept_mail_account *row = ARRAY (b, row, n);
	struct mail_account_changed *said = ARRAY (b, said, n);
	struct mailboxes boxes = mailboxes_of (b, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		struct kept_mail_account *a = &row[rows];
		const struct oauth_ask login = OAUTH_ASK (&cmd[i]);
		struct mailbox_ask ask = MAILBOX_ASK (&cmd[i]);
		ask.oauth = oauth_wanted (&login, &found[i]);
		char key[TOKEN_TEXT], hex[SHA256_TEXT];
		ret[i] = !found[i].known ? refused (workspace_not_found) : done ();
		ret[i].id = cmd[i].mail_account_id.uuid;
		if (!is_done (ret[i]) || found[i].taken)
			continue;
		*a = (struct kept_mail_account){ .workspace_id = { cmd[i].head.workspace },
						 .mail_account_id = cmd[i].mail_account_id,
						 .version = 1,
						 .at = cmd[i].head.at,
						 .kind = cmd[i].kind,
						 .name = cmd[i].name,
						 .from_email = cmd[i].from_email,
						 .tls = cmd[i].has.tls == HERE ? cmd[i].tls : mail_tls_starttls,
						 .is_default = (cmd[i].has.is_default == HERE && cmd[i].is_default) || !found[i].others,
						 .state = "unchecked" };
		TAKE (a, &cmd[i], from_name);
		TAKE (a, &cmd[i], reply_domain);
		TAKE (a, &cmd[i], host);
		TAKE (a, &cmd[i], port);
		TAKE (a, &cmd[i], login);
		TAKE (a, &cmd[i], per_minute);
		TAKE (a, &cmd[i], event_key);
		TAKE (a, &cmd[i], tracking);
		TAKE (a, &cmd[i], canary);
		texts_clear (a);
		if (!ask.oauth && !secret_take (b, a, cmd[i].has.secret, cmd[i].secret)) {
			ret[i] = refused (unavailable);
			continue;
		}
		struct outcome good = account_check (b, a, &ask, &login, &found[i], &boxes);
		if (!is_done (good)) {
			ret[i] = good;
			continue;
		}
		token_new (HOOK_BYTES, key);
		a->hook_hash = arena_text (batch_arena (b), sha256_text ((struct bytes){ (const unsigned char *) key, strlen (key) }, hex));
		a->has.hook_hash = HERE;
		ret[i].version = 1;
		ret[i].secret = arena_printf (batch_arena (b), "{\"hook\":\"%s\"}", key);
		said[rows++] = said_of (b, &cmd[i].head, a);
		default_take (row, rows, cmd[i].has.is_default == HERE && cmd[i].is_default);
	}
	mail_account_default_write (b, row, rows);
	mail_account_write (b, row, rows);
	mailboxes_write (b, &boxes);
	mail_account_changed_emit (b, said, rows);
}

static struct kept_mail_account account_as (const struct mail_account_update *cmd, const struct mail_account_found *f)
{
	struct kept_mail_account a = { .workspace_id = { cmd->head.workspace },
				       .mail_account_id = cmd->mail_account_id,
				       .version = f->version + 1,
				       .at = cmd->head.at,
				       .kind = f->kind,
				       .name = cmd->has.name == HERE ? cmd->name : f->name,
				       .from_email = cmd->has.from_email == HERE ? cmd->from_email : f->from_email,
				       .tls = cmd->has.tls == HERE ? cmd->tls : f->tls,
				       .is_default = cmd->has.is_default == HERE ? cmd->is_default || !f->others : f->is_default,
				       .state = "unchecked" };
	TAKE (&a, f, from_name);
	TAKE (&a, f, reply_domain);
	TAKE (&a, f, host);
	TAKE (&a, f, port);
	TAKE (&a, f, login);
	TAKE (&a, f, sealed);
	TAKE (&a, f, per_minute);
	TAKE (&a, f, event_key);
	TAKE (&a, f, tracking);
	TAKE (&a, f, canary);
	TAKE (&a, cmd, from_name);
	TAKE (&a, cmd, reply_domain);
	TAKE (&a, cmd, host);
	TAKE (&a, cmd, port);
	TAKE (&a, cmd, login);
	TAKE (&a, cmd, per_minute);
	TAKE (&a, cmd, event_key);
	TAKE (&a, cmd, tracking);
	TAKE (&a, cmd, canary);
	texts_clear (&a);
	return a;
}

/* What stood there, for whoever writes down what was changed; no secret. */
static const char *account_before (struct batch *b, const struct mail_account_found *f, mail_account_id id)
{
	struct mail_account_update was = { .mail_account_id = id, .name = f->name, .from_email = f->from_email, .tls = f->tls };
	struct buffer text = { 0 };
	was.has.name = was.has.from_email = was.has.tls = HERE;
	TAKE (&was, f, from_name);
	TAKE (&was, f, reply_domain);
	TAKE (&was, f, host);
	TAKE (&was, f, port);
	TAKE (&was, f, login);
	TAKE (&was, f, per_minute);
	TAKE (&was, f, is_default);
	TAKE (&was, f, tracking);
	TAKE (&was, f, canary);
	TAKE (&was, f, imap_host);
	TAKE (&was, f, imap_port);
	TAKE (&was, f, imap_tls);
	TAKE (&was, f, imap_login);
	TAKE (&was, f, imap_folder);
	was.auth = f->has.oauth_provider == HERE ? mail_auth_oauth : mail_auth_password;
	was.has.auth = HERE;
	TAKE (&was, f, oauth_provider);
	TAKE (&was, f, oauth_tenant);
	TAKE (&was, f, oauth_authorize_url);
	TAKE (&was, f, oauth_token_url);
	TAKE (&was, f, oauth_scope);
	TAKE (&was, f, oauth_client);
	buffer_text (&text, "{\"before\":");
	record_to_json (&text, &mail_account_update_record, &was, true);
	buffer_text (&text, "}");
	const char *ret = arena_copy (batch_arena (b), (const char *) text.at, text.n);
	buffer_fini (&text);
	return ret;
}

const char *account_named (struct batch *b, const char *name)
{
	struct buffer text = { 0 };
	buffer_text (&text, "{\"before\":{\"name\":");
	json_quote (&text, name);
	buffer_text (&text, "}}");
	const char *ret = arena_copy (batch_arena (b), (const char *) text.at, text.n);
	buffer_fini (&text);
	return ret;
}

void mail_account_update (struct batch *b, const struct mail_account_update cmd[], size_t n, struct outcome ret[])
{
	const struct mail_account_found *found = mail_account_update_load (b, cmd, n);
	struct kept_mail_account *row = ARRAY (b, row, n);
	struct mail_account_changed *said = ARRAY (b, said, n);
	struct mailboxes boxes = mailboxes_of (b, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		const struct oauth_ask login = OAUTH_ASK (&cmd[i]);
		struct mailbox_ask ask = MAILBOX_ASK (&cmd[i]);
		ask.oauth = oauth_wanted (&login, &found[i]);
		ret[i] = found[i].has.version != HERE ? refused (mail_account_not_found) : done ();
		ret[i].id = cmd[i].mail_account_id.uuid;
		if (!is_done (ret[i]))
			continue;
		if (cmd[i].has.version == HERE && cmd[i].version != found[i].version) {
			ret[i] = refused (mail_account_changed);
			continue;
		}
		row[rows] = account_as (&cmd[i], &found[i]);
		if (ask.oauth)
			row[rows].has.sealed = CLEARED; /* a password that nobody uses is not kept */
		else if (!secret_take (b, &row[rows], cmd[i].has.secret, cmd[i].secret)) {
			ret[i] = refused (unavailable);
			continue;
		}
		/* a password goes to the server that it was given for, and to no other that somebody names later */
		bool elsewhere = cmd[i].has.host != ABSENT || cmd[i].has.port != ABSENT || cmd[i].has.tls == HERE;
		bool was_oauth = found[i].has.oauth_provider == HERE && row[rows].has.login == HERE;
		if (!ask.oauth && cmd[i].has.secret == ABSENT && ((elsewhere && found[i].has.sealed == HERE) || was_oauth)) {
			struct problem *again = NULL;
			form_wrong (b, &again, "/secret", "required",
				    was_oauth ? "It logs in with a password from now on: say it."
					      : "Another server: say the secret again.");
			ret[i] = fields_wrong (again);
			continue;
		}
		struct outcome good = account_check (b, &row[rows], &ask, &login, &found[i], &boxes);
		if (!is_done (good)) {
			ret[i] = good;
			continue;
		}
		ret[i].version = row[rows].version;
		ret[i].data = account_before (b, &found[i], cmd[i].mail_account_id);
		said[rows] = said_of (b, &cmd[i].head, &row[rows]);
		default_take (row, ++rows, cmd[i].has.is_default == HERE && cmd[i].is_default);
	}
	mail_account_default_write (b, row, rows);
	mail_account_change (b, row, rows);
	mailboxes_write (b, &boxes);
	dns_again (b, row, rows);
	mail_account_changed_emit (b, said, rows);
	batch_wake (b);
}

void mail_account_remove (struct batch *b, const struct mail_account_remove cmd[], size_t n, struct outcome ret[])
{
	const struct mail_account_found *found = mail_account_remove_load (b, cmd, n);
	struct mail_account_gone *gone = ARRAY (b, gone, n);
	struct mail_account_changed *said = ARRAY (b, said, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = !found[i].taken ? refused (mail_account_not_found) : done ();
		if (!is_done (ret[i]) || found[i].has.version != HERE)
			continue;
		gone[rows] = (struct mail_account_gone){ .workspace_id = { cmd[i].head.workspace },
							 .mail_account_id = cmd[i].mail_account_id,
							 .at = cmd[i].head.at };
		ret[i].data = account_before (b, &found[i], cmd[i].mail_account_id);
		said[rows++] = (struct mail_account_changed){ .head = head_caused (b, &cmd[i].head),
							      .mail_account_id = cmd[i].mail_account_id,
							      .name = found[i].name,
							      .state = "unchecked",
							      .removed = true };
	}
	mail_account_gone_write (b, gone, rows);
	mail_account_gone_states (b, gone, rows);
	mailbox_drop (b, gone, rows);
	oauth_drop (b, gone, rows);
	dns_drop (b, gone, rows);
	mail_account_changed_emit (b, said, rows);
}
