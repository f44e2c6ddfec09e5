/* Logging in and out: a password and, where there is one, a second factor; set-up and invitations come in by the same door (entry_open).
 * It must never tell whether it was the e-mail or the password, by words or by time, nor log either. */
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "gateway.h"
#include "log.h"

enum { LOGIN_MS = 5000, TOKEN_BYTES = 32 };
static const int64_t second = 1000000;

void too_many (struct request *q, int seconds)
{
	http_set (q->http, "Retry-After", arena_printf (q->arena, "%d", seconds));
	reply_error (q, ERROR_too_many, NULL, NULL);
}

struct head head_of_home (struct uuid agency, struct uuid actor)
{
	struct head ret = head_of_homes ();
	ret.workspace = agency;
	ret.actor = actor;
	ret.workspaces = NULL;
	ret.n_workspaces = 0;
	return ret;
}

void fields_wrong (struct request *q, const char *pointer, const char *code)
{
	static const struct {
		const char *code, *text;
	} rows[] = {
		{ "too_short", "at least eight characters" },
		{ "too_common", "this is one of the first that everybody tries" },
		{ "wrong_password", "this is not your password" },
		{ "totp_wrong", "this code is wrong or was used already" },
		{ "not_an_email", "this does not look like an e-mail address" },
		{ "not_a_timezone", "an IANA name, such as Europe/Amsterdam" },
		{ "bad_slug", "2 to 60 of a-z, 0-9 and single hyphens, beginning with a letter" },
	};
	struct problem problem = { 0 };
	const char *text = "this is none of the possible values";
	for (size_t i = 0; i < LENGTH (rows); i++)
		if (strcmp (rows[i].code, code) == 0)
			text = rows[i].text;
	problem_add (q->arena, &problem, pointer, code, text);
	reply_error (q, ERROR_invalid, NULL, &problem);
}

void *form_taken (struct request *q)
{
	struct problem problem = { 0 };
	void *form = arena_alloc (q->arena, q->row->record->size);
	if (!body_read (q))
		return NULL;
	if (record_from_json (q->arena, q->row->record, q->body, true, form, &problem) == OK)
		return form;
	reply_error (q, ERROR_invalid, NULL, &problem);
	return NULL;
}

/* ---- the cookie, and where it is safe ---- */

bool is_plain (struct request *q)
{
	const char *origin = gateway_config.origin;
	if (strncmp (origin, "https:", 6) == 0 || http_over_tls (q->http))
		return false;
	return !is_own_address (strncmp (origin, "http://", 7) == 0 ? origin + 7 : http_header (q->http, "Host"));
}

/* A browser drops a Secure cookie that comes over plain http from elsewhere: where that is allowed, the cookie is another one. */
const char *cookie_name (struct request *q)
{
	return is_plain (q) ? "leadwire" : "__Host-leadwire";
}

static void cookie_set (struct request *q, const char *value, int64_t seconds)
{
	http_set (q->http, "Set-Cookie",
		  arena_printf (q->arena, "%s=%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%lld%s", cookie_name (q), value,
				(long long) seconds, is_plain (q) ? "" : "; Secure"));
}

bool https_asked (struct request *q)
{
	if (!is_plain (q) || gateway_config.insecure_cookies)
		return false;
	bool dutch = strcmp (q->language, "nl") == 0;
	reply_error (
		q, ERROR_https_required,
		dutch ? "Een wachtwoord gaat hier niet over een onversleutelde verbinding. Zet TLS voor deze server (nginx in docker-compose.yml doet het) en "
			"CRM_ORIGIN=https://…; of zet voor een proef in een eigen netwerk CRM_INSECURE_COOKIES=yes."
		      : "A password does not travel in the clear here. Put TLS in front of this server (nginx in docker-compose.yml does it) and set "
			"CRM_ORIGIN=https://…; or, for a trial in a network of your own, CRM_INSECURE_COOKIES=yes.",
		NULL);
	return true;
}

void login_state_page (struct request *q)
{
	q->language = language_choose (http_header (q->http, "Accept-Language"), NULL);
	setup_tell (q);
}

/* ---- a session for whoever was let in ---- */

static void entered (struct app *app, void *ctx, struct caller *c, int error)
{
	(void) app;
	struct entry_ticket *t = ctx;
	if (error != ALLOWED) {
		reply_error (t->q, error == ERROR_unauthenticated ? ERROR_login_failed : error, NULL, NULL);
		return;
	}
	caller_drop (&t->q->caller);
	t->q->caller = c;
	cookie_set (t->q, t->token, gateway_config.session_days * 86400);
	if (t->then)
		t->then (t->q);
	else
		me_reply (t->q, 200, NULL);
}

static void session_opened (struct app *app, void *ctx, const struct reply *reply)
{
	struct entry_ticket *t = ctx;
	if (reply->state == REPLY_REFUSED && reply->error == ERROR_totp_wrong)
		guess_wrong (NULL, http_remote (t->q->http));
	if (reply->state != REPLY_DONE)
		reply_fault (t->q, reply);
	else
		caller_find (app, CALLER_SESSION, t->token_hash, entered, t);
}

void entry_open (struct entry_ticket *t)
{
	const char *agent = http_header (t->q->http, "User-Agent");
	struct session_open *open = arena_alloc (t->q->arena, sizeof *open);
	token_new (TOKEN_BYTES, t->token);
	sha256_text ((struct bytes){ (const unsigned char *) t->token, strlen (t->token) }, t->token_hash);
	*open = (struct session_open){
		.head = head_of_home (t->agency, t->user),
		.session_id = { uuid_v7 (clock_now ()) },
		.user_id = { t->user },
		.token_hash = t->token_hash,
		.expires = clock_now () + gateway_config.session_days * 86400 * second,
		.remote = http_remote (t->q->http),
		.totp_step = t->totp_step,
		.recovery_hash = t->recovery_hash,
		.has = { .session_id = HERE, .user_id = HERE, .token_hash = HERE, .expires = HERE, .remote = HERE },
	};
	open->has.totp_step = t->totp_step ? HERE : ABSENT;
	open->has.recovery_hash = t->recovery_hash ? HERE : ABSENT;
	if (agent) {
		open->user_agent = arena_copy (t->q->arena, agent, strnlen (agent, 500));
		open->has.user_agent = HERE;
	}
	app_command (t->q->app, &session_open_record, open, NULL, 0, LOGIN_MS, session_opened, t);
}

/* ---- a log-in on its way ---- */

struct login {
	struct entry_ticket ticket;
	const struct login_form *form;
	struct password_work work;
	const char *sealed; /* the second factor's secret; null: there is none */
	int64_t last_step;
};

static void missed (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app, (void) ctx;
	if (reply->state != REPLY_DONE)
		log_debug ("login_miss_lost", LOG_N ("state", reply->state));
}

static void login_wrong_guess (struct login *l, int error)
{
	struct request *q = l->ticket.q;
	guess_wrong (l->form->email, http_remote (q->http));
	log_info ("login_failed", LOG_PERSONAL ("email", l->form->email), LOG_PERSONAL ("remote", http_remote (q->http)));
	if (!uuid_is_null (l->ticket.user)) {
		struct login_miss miss = { .head = head_of_home (l->ticket.agency, l->ticket.user),
					   .user_id = { l->ticket.user },
					   .has.user_id = HERE };
		app_command (q->app, &login_miss_record, &miss, NULL, 0, LOGIN_MS, missed, NULL);
	}
	reply_error (q, error, NULL, NULL);
}

/* The password was right. A code of six digits is the authenticator's; anything else can only be a recovery code. */
static void second_factor (struct login *l)
{
	struct request *q = l->ticket.q;
	struct bytes secret;
	const char *code = l->form->code;
	if (l->form->has.code != HERE || !*code) {
		reply_error (q, ERROR_totp_required, NULL, NULL);
		return;
	}
	if (strlen (code) != strspn (code, "0123456789 ")) {
		char *hash = arena_alloc (q->arena, SHA256_TEXT);
		const char *plain = recovery_plain (q->arena, code);
		l->ticket.recovery_hash = sha256_text ((struct bytes){ (const unsigned char *) plain, strlen (plain) }, hash);
		entry_open (&l->ticket);
		return;
	}
	if (unseal_text (q->arena, l->sealed, &secret) != OK) {
		log_error ("totp_not_unsealed", LOG_T ("hint", "is CRM_KEY the one it was sealed with?"));
		reply_error (q, ERROR_unavailable, NULL, NULL);
		return;
	}
	l->ticket.totp_step = totp_step ((const char *) secret.at, secret.n, recovery_plain (q->arena, code), clock_now (), l->last_step);
	if (l->ticket.totp_step)
		entry_open (&l->ticket);
	else
		login_wrong_guess (l, ERROR_totp_wrong);
}

static void password_checked (struct app *app, void *ctx)
{
	(void) app;
	struct login *l = ctx;
	if (!l->work.right) {
		login_wrong_guess (l, ERROR_login_failed);
		return;
	}
	if (!l->sealed)
		guess_right (l->form->email);
	if (l->sealed)
		second_factor (l);
	else
		entry_open (&l->ticket);
}

static void login_read (struct login *l, const json_t *found)
{
	struct request *q = l->ticket.q;
	const char *hash = json_string_value (json_object_get (found, "hash")),
		   *sealed = json_string_value (json_object_get (found, "sealed"));
	const char *user = json_string_value (json_object_get (found, "user_id")),
		   *agency = json_string_value (json_object_get (found, "agency_id"));
	/* what the database remembers of wrong ones counts too: another replica saw them, or this one before it was started again */
	if (user && agency && uuid_parse (user, &l->ticket.user) == OK && uuid_parse (agency, &l->ticket.agency) == OK)
		guess_remembered (l->form->email, (int) json_integer_value (json_object_get (found, "failed")),
				  clock_now () - json_integer_value (json_object_get (found, "failed_at")));
	if (hash && !json_is_true (json_object_get (found, "disabled")))
		l->work.hash = arena_text (q->arena, hash);
	l->sealed = sealed ? arena_text (q->arena, sealed) : NULL;
	l->last_step = json_integer_value (json_object_get (found, "last_step"));
}

static void login_found (struct app *app, void *ctx, const struct reply *reply)
{
	struct login *l = ctx;
	struct request *q = l->ticket.q;
	if (reply->state != REPLY_DONE) {
		reply_fault (q, reply);
		return;
	}
	json_t *found = json_loadb ((const char *) reply->json.at, reply->json.n, JSON_DECODE_ANY, NULL);
	login_read (l, found);
	json_decref (found);
	int wait = guess_wait (l->form->email, http_remote (q->http));
	if (wait)
		too_many (q, wait);
	else if (!password_work (app, &l->work))
		too_many (q, 1);
}

void login_page (struct request *q)
{
	size_t n;
	struct login *l = arena_alloc (q->arena, sizeof *l);
	if (https_asked (q) || !(l->form = form_taken (q)))
		return;
	l->ticket.q = q;
	l->work = (struct password_work){ .password = l->form->password, .then = password_checked, .ctx = l };
	int wait = guess_wait (l->form->email, http_remote (q->http));
	if (wait) {
		too_many (q, wait);
		return;
	}
	homes (&n);
	if (!n) {
		reply_error (q, ERROR_unavailable, NULL, NULL);
		return;
	}
	struct login_find *find = arena_alloc (q->arena, sizeof *find);
	*find = (struct login_find){ .head = head_of_homes (), .email = l->form->email, .has.email = HERE };
	app_query (q->app, &login_find_record, find, NULL, 0, LOGIN_MS, login_found, l);
}

/* ---- out ---- */

static void logged_out (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct request *q = ctx;
	if (reply->state != REPLY_DONE) {
		reply_fault (q, reply);
		return;
	}
	caller_changed (q->caller);
	if (!q->found.field || uuid_equal (q->target, q->caller->id))
		cookie_set (q, "", 0);
	reply_text (q, 204, "");
}

void logout_page (struct request *q)
{
	if (q->caller->kind == CALLER_KEY) { /* a key is revoked, not logged out */
		reply_error (q, ERROR_forbidden, NULL, NULL);
		return;
	}
	q->target = q->caller->id;
	if (q->found.field && uuid_parse (q->found.value, &q->target) != OK) { /* one of one's own, somewhere else */
		reply_error (q, ERROR_session_not_found, NULL, NULL);
		return;
	}
	struct session_close *close = arena_alloc (q->arena, sizeof *close);
	*close = (struct session_close){ .head = head_of_home (q->caller->agency, q->caller->actor),
					 .session_id = { q->target },
					 .has.session_id = HERE };
	app_command (q->app, &session_close_record, close, NULL, 0, LOGIN_MS, logged_out, q);
}
