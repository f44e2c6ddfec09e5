/* Log-ins by OAuth as people name them, begin them and end them, and what is said of them. Load, decide, write, emit; who talks to providers is granting.c.
 * It must never keep a code or a token unsealed, nor one log-in's code for another's. */
#include "oauth.h"

#include <string.h>
#include "mailer_sql.h"
#include "seal.h"

enum { STATE_BYTES = 20, VERIFIER_BYTES = 40, UNDER_WAY_SECONDS = 600 };

/* ---- as an account's form says it ---- */

static bool is_here (unsigned char has, const char *text)
{
	return has == HERE && *text;
}

static bool no_controls (const char *text)
{
	for (; *text; text++)
		if ((unsigned char) *text < ' ' || *text == 0x7f)
			return false;
	return true;
}

static bool tenant_good (const char *text)
{
	return strspn (text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") == strlen (text);
}

bool oauth_wanted (const struct oauth_ask *ask, const struct mail_account_found *found)
{
	return ask->has.auth == HERE ? ask->auth == mail_auth_oauth : found->has.oauth_provider == HERE;
}

/* Said: as it says, where "" and null clear; else as it was. */
#define EITHER(field, was)                                                                                        \
	do {                                                                                                      \
		bool said = ask->has.field != ABSENT;                                                             \
		ret->field = said ? ask->field : found->was;                                                      \
		ret->has.field = said ? (is_here (ask->has.field, ask->field) ? HERE : CLEARED) : found->has.was; \
	} while (0)

static bool same (unsigned char has_a, const char *a, unsigned char has_b, const char *b)
{
	return has_a == HERE && has_b == HERE ? !strcmp (a, b) : (has_a == HERE) == (has_b == HERE);
}

static void urls_look (struct batch *b, const struct kept_oauth *o, struct problem **p)
{
	bool plain = mailer_config.private;
	if (o->provider != oauth_provider_other)
		return;
	if (o->has.authorize_url != HERE || !oauth_url_good (o->authorize_url, plain))
		form_wrong (b, p, "/oauth_authorize_url", o->has.authorize_url == HERE ? "bad_host" : "required",
			    "An address that begins with https://.");
	if (o->has.token_url != HERE || !oauth_url_good (o->token_url, plain))
		form_wrong (b, p, "/oauth_token_url", o->has.token_url == HERE ? "bad_host" : "required",
			    "An address that begins with https://.");
}

/* The app's secret: as it is said; else as it was, for the same app at the same place. */
static bool secret_lay (struct batch *b, const struct oauth_ask *ask, const struct mail_account_found *found, bool anew,
			struct kept_oauth *ret, struct problem **p)
{
	bool needs = ret->provider != oauth_provider_other; /* those two give no app without one its tokens for mail */
	if (is_here (ask->has.secret, ask->secret)) {
		ret->secret_sealed = seal_text (batch_arena (b),
						(struct bytes){ (const unsigned char *) ask->secret, strlen (ask->secret) });
		ret->has.secret_sealed = HERE;
		return ret->secret_sealed != NULL;
	}
	if (found->has.oauth_sealed == HERE && ask->has.secret == ABSENT && !anew) {
		ret->secret_sealed = found->oauth_sealed;
		ret->has.secret_sealed = HERE;
	} else if (needs || (found->has.oauth_sealed == HERE && ask->has.secret == ABSENT)) {
		form_wrong (b, p, "/oauth_secret", "required",
			    found->has.oauth_sealed == HERE ? "Another app: say its secret again." : "The app's secret.");
	}
	return true;
}

bool oauth_asked (struct batch *b, const struct oauth_ask *ask, const struct mail_account_found *found,
		  const struct kept_mail_account *account, enum oauth_ask_means *ret_means, struct kept_oauth *ret, bool *ret_anew,
		  struct problem **p)
{
	bool is = found->has.oauth_provider == HERE;
	*ret_anew = false;
	*ret_means = OAUTH_STAYS;
	if (!oauth_wanted (ask, found)) {
		*ret_means = is ? OAUTH_GOES : OAUTH_STAYS;
		return true;
	}
	if (account->kind != mail_account_kind_smtp) {
		form_wrong (b, p, "/auth", "not_a_choice", "Of a mail server alone.");
		return true;
	}
	*ret = (struct kept_oauth){ .workspace_id = account->workspace_id,
				    .mail_account_id = account->mail_account_id,
				    .provider = ask->has.provider == HERE ? ask->provider : found->oauth_provider };
	if (!is && ask->has.provider != HERE)
		form_wrong (b, p, "/oauth_provider", "required", "google, microsoft or other.");
	EITHER (tenant, oauth_tenant);
	EITHER (authorize_url, oauth_authorize_url);
	EITHER (token_url, oauth_token_url);
	EITHER (scope, oauth_scope);
	ret->client_id = is_here (ask->has.client, ask->client) ? ask->client : is ? found->oauth_client : "";
	if (!*ret->client_id || !no_controls (ret->client_id))
		form_wrong (b, p, "/oauth_client", "required", "The app's client id.");
	if (ret->has.tenant == HERE && !tenant_good (ret->tenant))
		form_wrong (b, p, "/oauth_tenant", "bad_host", "The directory's id or domain.");
	urls_look (b, ret, p);
	bool moved = !is || ret->provider != found->oauth_provider ||
		     !same (ret->has.tenant, ret->tenant, found->has.oauth_tenant, found->oauth_tenant) ||
		     !same (ret->has.token_url, ret->token_url, found->has.oauth_token_url, found->oauth_token_url) ||
		     strcmp (ret->client_id, found->oauth_client) != 0;
	*ret_anew = is && (moved || !same (ret->has.scope, ret->scope, found->has.oauth_scope, found->oauth_scope));
	bool says = ask->has.auth == HERE || ask->has.provider != ABSENT || ask->has.tenant != ABSENT || ask->has.authorize_url != ABSENT ||
		    ask->has.token_url != ABSENT || ask->has.scope != ABSENT || ask->has.client != ABSENT || ask->has.secret != ABSENT;
	*ret_means = says ? OAUTH_IS_KEPT : OAUTH_STAYS;
	return !says || secret_lay (b, ask, found, moved, ret, p);
}

static bool same_number (unsigned char has_a, int64_t a, unsigned char has_b, int64_t b)
{
	return has_a == HERE && has_b == HERE ? a == b : (has_a == HERE) == (has_b == HERE);
}

bool oauth_leads_elsewhere (const struct mail_account_found *found, const struct kept_mail_account *account, const struct kept_mailbox *box)
{
	if (!same (account->has.host, account->host, found->has.host, found->host) ||
	    !same_number (account->has.port, account->port, found->has.port, found->port) || account->tls != found->tls ||
	    !same (account->has.login, account->login, found->has.login, found->login))
		return true;
	return box && (found->has.imap_host != HERE || strcmp (box->host, found->imap_host) != 0 || box->port != found->imap_port ||
		       box->tls != found->imap_tls || strcmp (box->login, found->imap_login) != 0);
}

/* ---- a log-in ---- */

/* False: there is no CRM_KEY. */
static bool asking_make (struct batch *b, const struct mail_oauth_begin *cmd, const struct mail_account_found *f, struct oauth_asking *ret,
			 const char **ret_url)
{
	struct arena *a = batch_arena (b);
	char token[TOKEN_TEXT], verifier[TOKEN_TEXT], hex[SHA256_TEXT], id[UUID_TEXT];
	token_new (STATE_BYTES, token);
	token_new (VERIFIER_BYTES, verifier);
	/* whose it is stands in it, so that the page that it comes back to knows */
	const char *state = arena_printf (a, "%s.%s", uuid_format (cmd->mail_account_id.uuid, id), token);
	sha256_text ((struct bytes){ (const unsigned char *) state, strlen (state) }, hex);
	*ret = (struct oauth_asking){ .workspace_id = { cmd->head.workspace },
				      .mail_account_id = cmd->mail_account_id,
				      .asked_by = { cmd->head.actor },
				      .asked_until = batch_now (b) + UNDER_WAY_SECONDS * INT64_C (1000000),
				      .state_hash = arena_text (a, hex),
				      .redirect = cmd->redirect,
				      .verifier_sealed = seal_text (
					      a, (struct bytes){ (const unsigned char *) verifier, strlen (verifier) }) };
	*ret_url = oauth_page (
		a, &(struct oauth_page){
			   .provider = f->oauth_provider,
			   .authorize = oauth_authorize_of (a, f->oauth_provider, f->has.oauth_tenant == HERE ? f->oauth_tenant : NULL,
							    f->has.oauth_authorize_url == HERE ? f->oauth_authorize_url : NULL),
			   .client_id = f->oauth_client,
			   .redirect = cmd->redirect,
			   .scope = oauth_scope_of (f->oauth_provider, f->has.oauth_scope == HERE ? f->oauth_scope : NULL),
			   .state = state,
			   .challenge = oauth_challenge (a, verifier),
			   .hint = f->has.login == HERE ? f->login : f->from_email });
	return ret->verifier_sealed != NULL;
}

static const char *url_answer (struct batch *b, const char *url)
{
	json_t *o = json_pack ("{ss}", "url", url);
	char *text = o ? json_dumps (o, JSON_COMPACT) : NULL;
	const char *ret = text ? arena_text (batch_arena (b), text) : NULL;
	free (text);
	json_decref (o);
	return ret;
}

void mail_oauth_begin (struct batch *b, const struct mail_oauth_begin cmd[], size_t n, struct outcome ret[])
{
	const struct mail_account_found *found = mail_oauth_begin_load (b, cmd, n);
	struct oauth_asking *row = ARRAY (b, row, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		const char *url;
		ret[i] = found[i].has.version != HERE	       ? refused (mail_account_not_found)
			 : found[i].has.oauth_provider != HERE ? refused (oauth_not_set)
			 : cmd[i].has.redirect != HERE	       ? refused (invalid)
							       : done ();
		ret[i].id = cmd[i].mail_account_id.uuid;
		if (!is_done (ret[i]))
			continue;
		if (!asking_make (b, &cmd[i], &found[i], &row[rows], &url)) {
			ret[i] = refused (unavailable);
			continue;
		}
		rows++;
		ret[i].secret = url_answer (b, url);
	}
	oauth_asking_write (b, row, rows);
}

static bool under_way (struct batch *b, const struct mail_oauth_finish *cmd, const struct oauth_under_way *u)
{
	char hex[SHA256_TEXT];
	sha256_text ((struct bytes){ (const unsigned char *) cmd->state, strlen (cmd->state) }, hex);
	return u->has.state_hash == HERE && u->has.asked_by == HERE && u->has.asked_until == HERE && text_equal (hex, u->state_hash) &&
	       uuid_equal (u->asked_by.uuid, cmd->head.actor) && batch_now (b) < u->asked_until;
}

void mail_oauth_finish (struct batch *b, const struct mail_oauth_finish cmd[], size_t n, struct outcome ret[])
{
	const struct oauth_under_way *found = mail_oauth_finish_load (b, cmd, n);
	struct oauth_code *row = ARRAY (b, row, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = !found[i].known		      ? refused (mail_account_not_found)
			 : !found[i].oauth		      ? refused (oauth_not_set)
			 : !under_way (b, &cmd[i], &found[i]) ? refused (oauth_void)
							      : done ();
		ret[i].id = cmd[i].mail_account_id.uuid;
		if (!is_done (ret[i]))
			continue;
		row[rows] = (struct oauth_code){ .workspace_id = { cmd[i].head.workspace },
						 .mail_account_id = cmd[i].mail_account_id,
						 .code_sealed = seal_text (
							 batch_arena (b),
							 (struct bytes){ (const unsigned char *) cmd[i].code, strlen (cmd[i].code) }) };
		ret[i].data = account_named (b, found[i].name);
		if (row[rows].code_sealed)
			rows++;
		else
			ret[i] = refused (unavailable);
	}
	oauth_code_write (b, row, rows);
	if (rows)
		batch_wake (b);
}

/* ---- what is said of them ---- */

/* An account that cannot log in does not work, also while nothing is sent by it. */
static const char *account_state (const struct oauth_untold *u)
{
	bool fails = !strcmp (u->state, "fails");
	if (!strcmp (u->oauth, "works"))
		return fails ? "unchecked" : u->state;
	return !strcmp (u->oauth, "refused") || !strcmp (u->oauth, "expired") ? "fails" : u->state;
}

void oauths_tell (struct batch *b, const struct oauths_tell cmd[], size_t n, struct outcome ret[])
{
	size_t workspaces, rows;
	const struct workspace_due *due = oauths_changed (b, &workspaces);
	due = batch_own (b, &workspace_due_record, due, &workspaces);
	const struct oauth_untold *found = oauths_untold (b, due, workspaces, &rows);
	struct oauth_standing *now = ARRAY (b, now, rows + 1);
	struct mail_account_changed *said = ARRAY (b, said, rows + 1);
	bool wake = false;
	for (size_t i = 0; i < rows; i++) {
		struct head head = cmd[0].head;
		head.workspace = found[i].workspace_id.uuid; /* the clock has none */
		now[i] = (struct oauth_standing){ .workspace_id = found[i].workspace_id,
						  .mail_account_id = found[i].mail_account_id,
						  .oauth = found[i].oauth,
						  .state = account_state (&found[i]),
						  .error = found[i].error,
						  .has.error = found[i].has.error };
		said[i] = (struct mail_account_changed){ .head = head_caused (b, &head),
							 .mail_account_id = found[i].mail_account_id,
							 .name = found[i].name,
							 .state = now[i].state,
							 .oauth = found[i].oauth,
							 .has.oauth = HERE };
		wake = wake || !strcmp (found[i].oauth, "works");
	}
	oauth_account_write (b, now, rows);
	oauth_mailbox_hurry (b, now, rows);
	oauth_told_write (b, now, rows);
	mail_account_changed_emit (b, said, rows);
	if (wake)
		batch_wake (b); /* mails that waited for it */
	for (size_t i = 0; i < n; i++) {
		ret[i] = done ();
		ret[i].number = rows > 0; /* perhaps there is more of it */
	}
}
