/* Oneself: who am I, preferences, password, picture, sessions, second factor. Whatever could lock somebody out or let another one in asks for the
 * password once more. It must never answer or log a password, a code or a secret but the one time it is made. */
#include <jansson.h>
#include <qrencode.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "files.h"
#include "gateway.h"
#include "log.h"
#include "photo.h"
#include "presets.h"

enum { PROFILE_MS = 5000, PHOTO_MOST = 512 * 1024, TOTP_SECRET_BYTES = 20, RECOVERY_CODES = 10, RECOVERY_BYTES = 14 };

/* A key is nobody: it has no profile. */
static bool is_somebody (struct request *q)
{
	if (q->caller->kind == CALLER_SESSION)
		return true;
	reply_error (q, ERROR_forbidden, NULL, NULL);
	return false;
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
	member_text (out, "country", s->country), buffer_text (out, ",");
	member_text (out, "label_profile", s->label_profile), buffer_text (out, ",");
	member_text (out, "landing", s->landing), buffer_text (out, ",");
	member_text (out, "default_owner_id", s->default_owner_id), buffer_text (out, ",");
	member_text (out, "team_id", uuid_is_null (s->grant.team) ? NULL : uuid_format (s->grant.team, id)), buffer_text (out, ",");
	member_text (out, "role", s->role);
	buffer_printf (out, ",\"tabs\":%s,\"header\":%s,\"admin_only\":%s,\"demo\":%s,\"scope\":\"%s\",\"permissions\":[", s->tabs,
		       s->header, s->admin_only ? "true" : "false", s->demo ? "true" : "false",
		       s->grant.n_users ? "team" : scope_names[s->grant.scope]);
	for (int i = 0; i < PERMISSION_COUNT; i++)
		if (s->grant.permissions >> i & 1)
			buffer_printf (out, "%s\"%s\"", named++ ? "," : "", permission_names[i]);
	const struct preset *preset = preset_find (s->preset);
	buffer_text (out, "],\"lead_fields\":[");
	for (size_t i = 0; preset && i < preset->n_required; i++)
		buffer_printf (out, "%s\"%s\"", i ? "," : "", preset->required[i]);
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

static void user_text (struct buffer *out, const struct caller *c)
{
	char id[UUID_TEXT];
	buffer_printf (out, "{\"id\":\"%s\",", uuid_format (c->actor, id));
	member_text (out, "name", c->name), buffer_text (out, ",");
	member_text (out, "email", c->email), buffer_text (out, ",");
	member_text (out, "language", c->language), buffer_text (out, ",");
	member_text (out, "theme", c->theme ? c->theme : "auto"), buffer_text (out, ",");
	member_text (out, "timezone", c->timezone), buffer_text (out, ",");
	member_text (out, "photo", c->photo), buffer_text (out, ",");
	member_text (out, "signature", c->signature);
	buffer_printf (out, ",\"two_factor\":%s,\"recovery_left\":%lld,\"single_keys\":%s}", c->two_factor ? "true" : "false",
		       (long long) c->recovery_left, c->single_keys ? "true" : "false");
}

void me_reply (struct request *q, int status, const char *more)
{
	char id[UUID_TEXT];
	struct buffer out = { 0 };
	const struct caller *c = q->caller;
	buffer_text (&out, "{\"user\":");
	user_text (&out, c);
	buffer_printf (&out, ",\"agency\":{\"id\":\"%s\",", uuid_format (c->agency, id));
	member_text (&out, "name", c->agency_name);
	buffer_printf (&out, ",\"admin\":%s,\"archived_workspaces\":%lld},\"workspaces\":[", c->agency_admin ? "true" : "false",
		       (long long) c->archived);
	seats_text (&out, c);
	buffer_printf (&out, "],\"allowed_sections\":%s%s%s}", c->sections, is_plain (q) ? ",\"insecure\":true" : "", more ? more : "");
	const char *text = arena_copy (q->arena, (const char *) out.at, out.n);
	buffer_fini (&out);
	reply_text (q, status, text);
}

void me_page_show (struct request *q)
{
	me_reply (q, 200, NULL);
}

/* ---- preferences ---- */

static void profile_written (struct app *app, void *ctx, const struct reply *reply)
{
	struct request *q = ctx;
	char id[UUID_TEXT];
	if (reply->state != REPLY_DONE) {
		reply_fault (q, reply);
		return;
	}
	caller_changed (q->caller);
	position_keep (&q->caller->positions, reply->position.service, reply->position.lane, reply->position.sequence);
	members_refresh (app, q->caller->agency, q->caller->actor, q->caller->actor, reply->data);
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
	app_command (q->app, &profile_update_record, update, NULL, 0, PROFILE_MS, profile_written, q);
}

/* ---- the password once more ---- */

struct again {
	struct request *q;
	const char *pointer; /* where it stood in the form */
	struct password_work work;
	void (*then) (struct again *a);
	const char *new_password;
};

static void again_checked (struct app *app, void *ctx)
{
	(void) app;
	struct again *a = ctx;
	struct request *q = a->q;
	if (a->work.right) {
		guess_right (q->caller->email);
		a->then (a);
	} else {
		guess_wrong (q->caller->email, http_remote (q->http));
		fields_wrong (q, a->pointer, "wrong_password");
	}
}

static void again_found (struct app *app, void *ctx, const struct reply *reply)
{
	struct again *a = ctx;
	if (reply->state != REPLY_DONE) {
		reply_fault (a->q, reply);
		return;
	}
	json_t *found = json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL);
	const char *hash = json_string_value (json_object_get (found, "hash"));
	a->work.hash = hash ? arena_text (a->q->arena, hash) : NULL;
	json_decref (found);
	if (!password_work (app, &a->work))
		too_many (a->q, 1);
}

static void totp_ask (struct request *q, reply_fn *then, void *ctx)
{
	struct totp_find *find = arena_alloc (q->arena, sizeof *find);
	*find = (struct totp_find){ .head = head_of_homes (), .user_id = { q->caller->actor }, .has.user_id = HERE };
	app_query (q->app, &totp_find_record, find, q->after.at, q->after.n, PROFILE_MS, then, ctx);
}

static void password_again (struct request *q, const char *pointer, const char *password, const char *new_password,
			    void (*then) (struct again *a))
{
	struct again *a = arena_alloc (q->arena, sizeof *a);
	int wait = guess_wait (q->caller->email, http_remote (q->http));
	if (wait) {
		too_many (q, wait);
		return;
	}
	*a = (struct again){ .q = q, .pointer = pointer, .new_password = new_password, .then = then };
	a->work = (struct password_work){ .password = password, .then = again_checked, .ctx = a };
	totp_ask (q, again_found, a);
}

bool password_fits (struct request *q, const char *pointer, const char *password, const char *email, const char *name)
{
	const char *wrong = password_wrong (password, email, name);
	if (wrong)
		fields_wrong (q, pointer, wrong);
	return !wrong;
}

/* ---- another password ---- */

static void nothing_more (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct request *q = ctx;
	if (reply->state != REPLY_DONE) {
		reply_fault (q, reply);
		return;
	}
	caller_changed (q->caller);
	position_keep (&q->caller->positions, reply->position.service, reply->position.lane, reply->position.sequence);
	reply_text (q, 204, "");
}

static void password_hashed (struct app *app, void *ctx)
{
	struct again *a = ctx;
	struct request *q = a->q;
	if (!a->work.right) {
		reply_error (q, ERROR_unavailable, NULL, NULL);
		return;
	}
	struct password_set set = { .head = head_of_home (q->caller->agency, q->caller->actor),
				    .user_id = { q->caller->actor },
				    .password_hash = a->work.made,
				    .keep_id = { q->caller->id },
				    .has = { HERE, HERE, HERE } };
	app_command (app, &password_set_record, &set, NULL, 0, PROFILE_MS, nothing_more, q);
}

static void password_known (struct again *a)
{
	a->work = (struct password_work){ .password = a->new_password, .hash_new = true, .then = password_hashed, .ctx = a };
	if (!password_work (a->q->app, &a->work))
		too_many (a->q, 1);
}

void password_page (struct request *q)
{
	const struct password_form *form = is_somebody (q) ? form_taken (q) : NULL;
	if (form && password_fits (q, "/new_password", form->new_password, q->caller->email, q->caller->name))
		password_again (q, "/old_password", form->old_password, form->new_password, password_known);
}

/* ---- the picture ---- */

struct photo {
	struct request *q;
	struct bytes bytes;
	bool kept, unreadable;
	char sha256[SHA256_TEXT];
};

static void photo_said (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct photo *p = ctx;
	struct request *q = p->q;
	char id[UUID_TEXT];
	if (reply->state != REPLY_DONE) {
		reply_fault (q, reply);
		return;
	}
	caller_changed (q->caller);
	if (p->bytes.n)
		reply_text (q, 200,
			    arena_printf (q->arena, "{\"id\":\"%s\",\"photo\":\"%s\"}", uuid_format (q->caller->actor, id), p->sha256));
	else
		reply_text (q, 204, "");
}

static void photo_write (struct photo *p)
{
	struct request *q = p->q;
	struct photo_set set = { .head = head_of_home (q->caller->agency, q->caller->actor),
				 .user_id = { q->caller->actor },
				 .photo = p->sha256,
				 .has = { HERE, p->bytes.n ? HERE : CLEARED } };
	app_command (q->app, &photo_set_record, &set, NULL, 0, PROFILE_MS, photo_said, p);
}

/* Without where and when it was taken: whoever sees a face is not told the rest. */
static void photo_put (void *ctx)
{
	struct photo *p = ctx;
	struct buffer clean = { 0 };
	p->unreadable = !photo_clean (p->bytes, &clean);
	p->kept = !p->unreadable &&
		  file_put (app_config (p->q->app)->files, p->q->caller->agency, (struct bytes){ clean.at, clean.n }, p->sha256) == OK;
	buffer_fini (&clean);
}

static void photo_kept (struct app *app, void *ctx)
{
	(void) app;
	struct photo *p = ctx;
	if (p->kept)
		photo_write (p);
	else if (p->unreadable)
		reply_error (p->q, ERROR_wrong_type, "This picture cannot be read to its end.", NULL);
	else
		reply_error (p->q, ERROR_unavailable, NULL, NULL);
}

/* What it is, its bytes say; what the browser calls it does not matter. */
void photo_page (struct request *q)
{
	struct photo *p = arena_alloc (q->arena, sizeof *p);
	*p = (struct photo){ .q = q };
	if (!is_somebody (q))
		return;
	if (strcmp (q->row->method, "DELETE") == 0) {
		photo_write (p);
		return;
	}
	p->bytes = http_body (q->http);
	const char *type = inline_type (p->bytes.at, p->bytes.n);
	if (p->bytes.n > PHOTO_MOST)
		reply_error (q, ERROR_too_large, "At most 512 KiB.", NULL);
	else if (!type || strncmp (type, "image/", 6))
		reply_error (q, ERROR_wrong_type, "PNG, JPEG, WebP or GIF.", NULL);
	else
		app_work (q->app, photo_put, photo_kept, p);
}

/* ---- sessions ---- */

static void json_passed (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	if (reply->state == REPLY_DONE)
		reply_json (ctx, 200, reply->json);
	else
		reply_fault (ctx, reply);
}

void sessions_page (struct request *q)
{
	struct session_list *list = arena_alloc (q->arena, sizeof *list);
	if (!is_somebody (q))
		return;
	*list = (struct session_list){
		.head = head_of_homes (), .user_id = { q->caller->actor }, .current_id = { q->caller->id }, .has = { HERE, HERE }
	};
	app_query (q->app, &session_list_record, list, q->after.at, q->after.n, PROFILE_MS, json_passed, q);
}

void sessions_close_page (struct request *q)
{
	struct sessions_close close = { .head = head_of_home (q->caller->agency, q->caller->actor),
					.user_id = { q->caller->actor },
					.keep_id = { q->caller->id },
					.has = { HERE, HERE } };
	if (is_somebody (q))
		app_command (q->app, &sessions_close_record, &close, NULL, 0, PROFILE_MS, nothing_more, q);
}

/* ---- the second factor ---- */

struct factor {
	struct request *q;
	const char *reply;
};

static void factor_said (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct factor *f = ctx;
	if (reply->state != REPLY_DONE) {
		reply_fault (f->q, reply);
		return;
	}
	caller_changed (f->q->caller);
	reply_text (f->q, 200, f->reply);
}

static struct factor *factor_of (struct request *q, const char *reply)
{
	struct factor *f = arena_alloc (q->arena, sizeof *f);
	*f = (struct factor){ .q = q, .reply = reply };
	return f;
}

void qr_text (struct buffer *out, const char *text)
{
	QRcode *qr = QRcode_encodeString8bit (text, 0, QR_ECLEVEL_M);
	buffer_text (out, "[");
	for (int y = 0; qr && y < qr->width; y++) {
		buffer_text (out, y ? ",\"" : "\"");
		for (int x = 0; x < qr->width; x++)
			buffer_text (out, qr->data[y * qr->width + x] & 1 ? "1" : "0");
		buffer_text (out, "\"");
	}
	buffer_text (out, "]");
	QRcode_free (qr);
}

/* A path's or a query's letters as they may stand in an address. */
static const char *percent_text (struct arena *a, const char *text)
{
	static const char hex[] = "0123456789ABCDEF";
	char *ret = arena_alloc (a, strlen (text) * 3 + 1), *to = ret;
	for (const unsigned char *p = (const unsigned char *) text; *p; p++) {
		bool plain = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') || strchr ("-._~", *p);
		if (plain) {
			*to++ = (char) *p;
			continue;
		}
		*to++ = '%';
		*to++ = hex[*p >> 4];
		*to++ = hex[*p & 15];
	}
	*to = 0;
	return ret;
}

static void totp_begin_known (struct again *a)
{
	struct request *q = a->q;
	unsigned char bits[TOTP_SECRET_BYTES];
	struct buffer out = { 0 };
	struct bytes secret = { bits, sizeof bits };
	randombytes_buf (bits, sizeof bits);
	const char *text = totp_secret_text (q->arena, secret), *firm = percent_text (q->arena, q->caller->agency_name);
	const char *sealed = seal_text (q->arena, secret);
	memset (bits, 0, sizeof bits);
	if (!text || !sealed) {
		reply_error (q, ERROR_unavailable, "Without CRM_KEY no secret can be kept.", NULL);
		return;
	}
	const char *address = arena_printf (q->arena, "otpauth://totp/%s:%s?secret=%s&issuer=%s&algorithm=SHA1&digits=6&period=30", firm,
					    percent_text (q->arena, q->caller->email), text, firm);
	buffer_printf (&out, "{\"secret\":\"%s\",\"otpauth\":\"%s\",\"qr\":", text, address);
	qr_text (&out, address);
	buffer_text (&out, "}");
	struct totp_begin begin = { .head = head_of_home (q->caller->agency, q->caller->actor),
				    .user_id = { q->caller->actor },
				    .sealed = sealed,
				    .has = { HERE, HERE } };
	struct factor *f = factor_of (q, arena_copy (q->arena, (const char *) out.at, out.n));
	buffer_fini (&out);
	app_command (q->app, &totp_begin_record, &begin, NULL, 0, PROFILE_MS, factor_said, f);
}

/* {"recovery_codes":[…]} for the person, and their hashes for the database. */
static const char *recovery_make (struct request *q, const char **ret_hashes)
{
	json_t *codes = json_array (), *hashes = json_array ();
	for (int i = 0; i < RECOVERY_CODES; i++) {
		char code[TOKEN_TEXT], hash[SHA256_TEXT];
		token_new (RECOVERY_BYTES, code);
		json_array_append_new (hashes,
				       json_string (sha256_text ((struct bytes){ (const unsigned char *) code, strlen (code) }, hash)));
		json_array_append_new (codes,
				       json_string (arena_printf (q->arena, "%.6s-%.6s-%.6s-%s", code, code + 6, code + 12, code + 18)));
	}
	json_t *answer = json_pack ("{s:o}", "recovery_codes", codes);
	char *text = json_dumps (answer, JSON_COMPACT), *list = json_dumps (hashes, JSON_COMPACT);
	const char *ret = arena_text (q->arena, text);
	*ret_hashes = arena_text (q->arena, list);
	free (text);
	free (list);
	json_decref (answer);
	json_decref (hashes);
	return ret;
}

static void totp_recovery_known (struct again *a)
{
	struct request *q = a->q;
	struct totp_recovery set = { .head = head_of_home (q->caller->agency, q->caller->actor),
				     .user_id = { q->caller->actor },
				     .has = { HERE, HERE } };
	const char *codes = recovery_make (q, &set.recovery);
	app_command (q->app, &totp_recovery_record, &set, NULL, 0, PROFILE_MS, factor_said, factor_of (q, codes));
}

static void totp_off_known (struct again *a)
{
	struct request *q = a->q;
	struct totp_off off = { .head = head_of_home (q->caller->agency, q->caller->actor),
				.user_id = { q->caller->actor },
				.has.user_id = HERE };
	app_command (q->app, &totp_off_record, &off, NULL, 0, PROFILE_MS, nothing_more, q);
}

void totp_page (struct request *q)
{
	const struct totp_form *form = is_somebody (q) ? form_taken (q) : NULL;
	const char *what = strrchr (q->row->path, '/') + 1;
	if (form)
		password_again (q, "/password", form->password, NULL,
				strcmp (what, "off") == 0	 ? totp_off_known
				: strcmp (what, "recovery") == 0 ? totp_recovery_known
								 : totp_begin_known);
}

/* A first code shows that the secret arrived; only then is it asked for. */
static void totp_secret_found (struct app *app, void *ctx, const struct reply *reply)
{
	struct request *q = ctx;
	const struct totp_code_form *form = q->item;
	struct bytes secret;
	if (reply->state != REPLY_DONE) {
		reply_fault (q, reply);
		return;
	}
	json_t *found = json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL);
	const char *sealed = json_string_value (json_object_get (found, "sealed"));
	bool open = sealed && !json_is_true (json_object_get (found, "confirmed")) && unseal_text (q->arena, sealed, &secret) == OK;
	json_decref (found);
	int64_t step = open ? totp_step ((const char *) secret.at, secret.n, recovery_plain (q->arena, form->code), clock_now (), 0) : 0;
	if (!open) {
		reply_error (q, ERROR_totp_not_begun, NULL, NULL);
		return;
	}
	if (!step) {
		guess_wrong (q->caller->email, http_remote (q->http));
		fields_wrong (q, "/code", "totp_wrong");
		return;
	}
	struct totp_confirm confirm = { .head = head_of_home (q->caller->agency, q->caller->actor),
					.user_id = { q->caller->actor },
					.step = step,
					.keep_id = { q->caller->id },
					.has = { HERE, HERE, HERE, HERE } };
	const char *codes = recovery_make (q, &confirm.recovery);
	app_command (app, &totp_confirm_record, &confirm, NULL, 0, PROFILE_MS, factor_said, factor_of (q, codes));
}

void totp_confirm_page (struct request *q)
{
	int wait = guess_wait (q->caller->email, http_remote (q->http));
	q->item = is_somebody (q) ? form_taken (q) : NULL;
	if (q->item && wait)
		too_many (q, wait);
	else if (q->item)
		totp_ask (q, totp_secret_found, q);
}
