/* Logging in and out, who am I, and one's own preferences. Passwords are checked on the pool, a few at a time; a wrong one costs a growing wait,
 * by e-mail and by address. It must never tell whether it was the e-mail or the password, by words or by time, nor log either. */
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "gateway.h"
#include "log.h"
#include "seal.h"

enum { LOGIN_MS = 5000, CHECKS_AT_ONCE = 2, CHECKS_WAITING = 32, SLOTS = 4096, TOKEN_BYTES = 32, OFFICE = 15 };
static const int64_t second = 1000000;
static const int64_t forgotten = 900 * INT64_C (1000000);

/* ---- the throttle ---- */

/* Wrong passwords in a row, by e-mail and by address. A slot is shared by whatever hashes to it: at worst somebody waits a second for another. */
static struct slot {
	int failures;
	int64_t last;
} slots[2][SLOTS];

static struct slot *slot_of (int table, const char *text)
{
	char low[321];
	size_t n = 0;
	for (; text[n] && n < sizeof low - 1; n++)
		low[n] = text[n] >= 'A' && text[n] <= 'Z' ? (char) (text[n] + 32) : text[n];
	struct slot *ret = &slots[table][uuid_hash (uuid_of (low, n)) % SLOTS];
	if (clock_monotonic () - ret->last > forgotten)
		ret->failures = 0;
	return ret;
}

/* Seconds until this slot may be tried again. An address stands for a whole office, so it has more tries free. */
static int slot_wait (const struct slot *s, int free_tries)
{
	int64_t until = s->last + login_delay (s->failures - free_tries) * second, now = clock_monotonic ();
	return s->failures > free_tries && until > now ? (int) ((until - now) / second) + 1 : 0;
}

/* ---- a log-in on its way ---- */

struct login {
	struct request *q;
	struct login *next;
	const struct login_form *form;
	struct slot *by_email, *by_remote;
	struct uuid user, agency;
	const char *hash; /* null: no such user, or one who has no password */
	bool right;
	char token[TOKEN_TEXT], token_hash[SHA256_TEXT];
};

static struct {
	int now, waiting;
	struct login *first, **last;
} checks = { .last = &checks.first };

static void too_many (struct request *q, int seconds)
{
	http_set (q->http, "Retry-After", arena_printf (q->arena, "%d", seconds));
	reply_error (q, ERROR_too_many, NULL, NULL);
}

static void cookie_set (struct request *q, const char *value, int64_t seconds)
{
	http_set (q->http, "Set-Cookie",
		  arena_printf (q->arena, "%s=%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%lld%s", cookie_name (), value,
				(long long) seconds, cookie_secure () ? "; Secure" : ""));
}

static void logged_in (struct app *app, void *ctx, struct caller *c, int error)
{
	(void) app;
	struct login *l = ctx;
	if (error != ALLOWED) {
		reply_error (l->q, error == ERROR_unauthenticated ? ERROR_login_failed : error, NULL, NULL);
		return;
	}
	l->q->caller = c;
	cookie_set (l->q, l->token, gateway_config.session_days * 86400);
	me_page_show (l->q);
}

static void session_opened (struct app *app, void *ctx, const struct reply *reply)
{
	struct login *l = ctx;
	if (reply->state != REPLY_DONE)
		reply_fault (l->q, reply);
	else
		caller_find (app, CALLER_SESSION, l->token_hash, logged_in, l);
}

static struct head head_of_home (struct uuid agency, struct uuid actor)
{
	struct head ret = head_of_homes ();
	ret.workspace = agency;
	ret.actor = actor;
	ret.workspaces = NULL;
	ret.n_workspaces = 0;
	return ret;
}

static void missed (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app, (void) ctx;
	if (reply->state != REPLY_DONE)
		log_debug ("login_miss_lost", LOG_N ("state", reply->state));
}

static void login_wrong_password (struct login *l)
{
	l->by_email->failures++;
	l->by_remote->failures++;
	l->by_email->last = l->by_remote->last = clock_monotonic ();
	log_info ("login_failed", LOG_PERSONAL ("email", l->form->email), LOG_PERSONAL ("remote", http_remote (l->q->http)));
	if (!uuid_is_null (l->user)) {
		struct login_miss miss = { .head = head_of_home (l->agency, l->user), .user_id = { l->user }, .has.user_id = HERE };
		app_command (l->q->app, &login_miss_record, &miss, NULL, 0, LOGIN_MS, missed, NULL);
	}
	reply_error (l->q, ERROR_login_failed, NULL, NULL);
}

static void session_start (struct login *l)
{
	const char *agent = http_header (l->q->http, "User-Agent");
	struct session_open *open = arena_alloc (l->q->arena, sizeof *open);
	token_new (TOKEN_BYTES, l->token);
	sha256_text ((struct bytes){ (const unsigned char *) l->token, strlen (l->token) }, l->token_hash);
	*open = (struct session_open){
		.head = head_of_home (l->agency, l->user),
		.session_id = { uuid_v7 (clock_now ()) },
		.user_id = { l->user },
		.token_hash = l->token_hash,
		.expires = clock_now () + gateway_config.session_days * 86400 * second,
		.remote = http_remote (l->q->http),
		.has = { .session_id = HERE, .user_id = HERE, .token_hash = HERE, .expires = HERE, .remote = HERE },
	};
	if (agent) {
		open->user_agent = arena_copy (l->q->arena, agent, strnlen (agent, 500));
		open->has.user_agent = HERE;
	}
	l->by_email->failures = 0;
	app_command (l->q->app, &session_open_record, open, NULL, 0, LOGIN_MS, session_opened, l);
}

/* ---- the check, on the pool ---- */

static void check_work (void *ctx)
{
	struct login *l = ctx;
	l->right = password_verify (l->hash, l->form->password);
}

static void check_next (struct app *app);

static void check_done (struct app *app, void *ctx)
{
	struct login *l = ctx;
	checks.now--;
	check_next (app);
	if (l->right)
		session_start (l);
	else
		login_wrong_password (l);
}

static void check_next (struct app *app)
{
	while (checks.first && checks.now < CHECKS_AT_ONCE) {
		struct login *l = checks.first;
		checks.first = l->next;
		if (!checks.first)
			checks.last = &checks.first;
		checks.waiting--;
		checks.now++;
		app_work (app, check_work, check_done, l);
	}
}

/* What the database remembers of wrong passwords counts too: another replica saw them, or this one before it was started again. */
static void failures_remembered (struct login *l, const json_t *found)
{
	int stored = (int) json_integer_value (json_object_get (found, "failed"));
	int64_t at = json_integer_value (json_object_get (found, "failed_at")), ago = clock_now () - at;
	if (stored <= l->by_email->failures || ago < 0 || ago > forgotten)
		return;
	l->by_email->failures = stored;
	l->by_email->last = clock_monotonic () - ago;
}

static void login_found (struct app *app, void *ctx, const struct reply *reply)
{
	struct login *l = ctx;
	if (reply->state != REPLY_DONE) {
		reply_fault (l->q, reply);
		return;
	}
	json_t *found = json_loadb ((const char *) reply->json.at, reply->json.n, JSON_DECODE_ANY, NULL);
	const char *hash = json_string_value (json_object_get (found, "hash"));
	const char *user = json_string_value (json_object_get (found, "user_id")),
		   *agency = json_string_value (json_object_get (found, "agency_id"));
	if (user && agency && uuid_parse (user, &l->user) == OK && uuid_parse (agency, &l->agency) == OK)
		failures_remembered (l, found);
	if (hash && !json_is_true (json_object_get (found, "disabled")))
		l->hash = arena_text (l->q->arena, hash);
	json_decref (found);
	int wait = slot_wait (l->by_email, 0);
	if (wait || checks.waiting >= CHECKS_WAITING) {
		too_many (l->q, wait ? wait : 1);
		return;
	}
	*checks.last = l;
	checks.last = &l->next;
	checks.waiting++;
	check_next (app);
}

void login_page (struct request *q)
{
	size_t n;
	struct problem problem = { 0 };
	struct login *l = arena_alloc (q->arena, sizeof *l);
	struct login_form *form = arena_alloc (q->arena, sizeof *form);
	if (!body_read (q))
		return;
	if (record_from_json (q->arena, &login_form_record, q->body, true, form, &problem) != OK) {
		reply_error (q, ERROR_invalid, NULL, &problem);
		return;
	}
	*l = (struct login){ .q = q, .form = form, .by_email = slot_of (0, form->email), .by_remote = slot_of (1, http_remote (q->http)) };
	int wait = slot_wait (l->by_email, 0), wait_remote = slot_wait (l->by_remote, OFFICE);
	if (wait || wait_remote) {
		too_many (q, wait > wait_remote ? wait : wait_remote);
		return;
	}
	homes (&n);
	if (!n) {
		reply_error (q, ERROR_unavailable, NULL, NULL);
		return;
	}
	struct login_find *find = arena_alloc (q->arena, sizeof *find);
	*find = (struct login_find){ .head = head_of_homes (), .email = form->email, .has.email = HERE };
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
	cookie_set (q, "", 0);
	reply_text (q, 204, "");
}

void logout_page (struct request *q)
{
	if (q->caller->kind == CALLER_KEY) { /* a key is revoked, not logged out */
		reply_error (q, ERROR_forbidden, NULL, NULL);
		return;
	}
	struct session_close *close = arena_alloc (q->arena, sizeof *close);
	*close = (struct session_close){ .head = head_of_home (q->caller->agency, q->caller->actor),
					 .session_id = { q->caller->id },
					 .has.session_id = HERE };
	app_command (q->app, &session_close_record, close, NULL, 0, LOGIN_MS, logged_out, q);
}

/* ---- who am I ---- */

static void member_text (struct buffer *out, const char *name, const char *value)
{
	buffer_printf (out, "\"%s\":", name);
	if (value)
		json_quote (out, value);
	else
		buffer_text (out, "null");
}

static void seat_text (struct buffer *out, const struct seat *s)
{
	char id[UUID_TEXT];
	int named = 0;
	buffer_printf (out, "{\"id\":\"%s\",", uuid_format (s->workspace, id));
	member_text (out, "slug", s->slug), buffer_text (out, ",");
	member_text (out, "name", s->name), buffer_text (out, ",");
	member_text (out, "preset", s->preset), buffer_text (out, ",");
	member_text (out, "language", s->language), buffer_text (out, ",");
	member_text (out, "currency", s->currency), buffer_text (out, ",");
	member_text (out, "timezone", s->timezone), buffer_text (out, ",");
	member_text (out, "label_profile", s->label_profile), buffer_text (out, ",");
	member_text (out, "landing", s->landing), buffer_text (out, ",");
	member_text (out, "role", s->role);
	buffer_printf (out, ",\"scope\":\"%s\",\"permissions\":[", scope_names[s->grant.scope]);
	for (int i = 0; i < PERMISSION_COUNT; i++)
		if (s->grant.permissions >> i & 1)
			buffer_printf (out, "%s\"%s\"", named++ ? "," : "", permission_names[i]);
	buffer_text (out, "]}");
}

/* Workspaces in which the caller may open the CRM, or nothing but the menu would lie. */
static void seats_text (struct buffer *out, const struct caller *c)
{
	int told = 0;
	for (size_t i = 0; i < c->n_seats; i++) {
		if (seat_check (&c->seats[i], -1) != ALLOWED)
			continue;
		buffer_text (out, told++ ? "," : "");
		seat_text (out, &c->seats[i]);
	}
}

void me_page_show (struct request *q)
{
	char id[UUID_TEXT];
	struct buffer out = { 0 };
	const struct caller *c = q->caller;
	buffer_printf (&out, "{\"user\":{\"id\":\"%s\",", uuid_format (c->actor, id));
	member_text (&out, "name", c->name), buffer_text (&out, ",");
	member_text (&out, "email", c->email), buffer_text (&out, ",");
	member_text (&out, "language", c->language), buffer_text (&out, ",");
	member_text (&out, "theme", c->theme ? c->theme : "auto");
	buffer_printf (&out, ",\"single_keys\":%s},\"agency\":{\"id\":\"%s\",", c->single_keys ? "true" : "false",
		       uuid_format (c->agency, id));
	member_text (&out, "name", c->agency_name);
	buffer_printf (&out, ",\"admin\":%s},\"workspaces\":[", c->agency_admin ? "true" : "false");
	seats_text (&out, c);
	buffer_printf (&out, "],\"allowed_sections\":%s}", c->sections);
	const char *text = arena_copy (q->arena, (const char *) out.at, out.n);
	buffer_fini (&out);
	reply_text (q, 200, text);
}

/* ---- preferences ---- */

static void profile_written (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct request *q = ctx;
	char id[UUID_TEXT];
	if (reply->state != REPLY_DONE) {
		reply_fault (q, reply);
		return;
	}
	caller_changed (q->caller);
	position_keep (&q->caller->positions, reply->position.service, reply->position.lane, reply->position.sequence);
	reply_text (q, 200, arena_printf (q->arena, "{\"id\":\"%s\"}", uuid_format (q->caller->actor, id)));
}

void profile_page (struct request *q)
{
	char id[UUID_TEXT];
	struct problem problem = { 0 };
	struct profile_update *update = arena_alloc (q->arena, sizeof *update);
	if (q->caller->kind == CALLER_KEY) {
		reply_error (q, ERROR_forbidden, NULL, NULL);
		return;
	}
	if (!body_read (q))
		return;
	if (json_object_get (q->body, "user_id"))
		problem_add (q->arena, &problem, "/user_id", "unknown", "there is no such field");
	else
		json_object_set_new (q->body, "user_id", json_string (uuid_format (q->caller->actor, id)));
	if (problem.n_errors || record_from_json (q->arena, &profile_update_record, q->body, true, update, &problem) != OK) {
		reply_error (q, ERROR_invalid, NULL, &problem);
		return;
	}
	update->head = head_of_home (q->caller->agency, q->caller->actor);
	app_command (q->app, &profile_update_record, update, NULL, 0, LOGIN_MS, profile_written, q);
}
