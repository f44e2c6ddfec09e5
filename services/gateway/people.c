/* People as they manage each other: who there is, invitations, roles, handing over. What is asked of somebody is asked only after it was seen that the
 * caller may see them at all; whether they may change them, the commands decide. The token of a link leaves once, in the answer that made it. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "gateway.h"
#include "log.h"

enum { PEOPLE_MS = 5000, INVITE_BYTES = 20 };
static const int64_t invite_lasts = 7 * 86400 * INT64_C (1000000);

/* ---- looking somebody up ---- */

static struct head head_of_office (struct request *q)
{
	struct head ret = { .actor = q->caller->actor, .id = q->id, .correlation = q->id, .grant = q->sight.seat[0]->grant };
	ret.workspaces = sight_set (q->arena, &q->sight, 0, &ret.n_workspaces);
	return ret;
}

static void person_found (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	target_take (ctx, reply, ERROR_user_not_found);
}

/* The user that the path names, as far as the caller may see them. */
static void person_find (struct request *q, page_fn *then)
{
	if (uuid_parse (q->found.value, &q->target) != OK) {
		reply_error (q, ERROR_user_not_found, NULL, NULL);
		return;
	}
	if (!q->sight.n) {
		reply_error (q, ERROR_forbidden, NULL, NULL);
		return;
	}
	struct user_get *get = arena_alloc (q->arena, sizeof *get);
	*get = (struct user_get){ .head = head_of_office (q), .user_id = { q->target }, .has.user_id = HERE };
	q->then = then;
	app_query (q->app, &user_get_record, get, q->after.at, q->after.n, PEOPLE_MS, person_found, q);
}

static void person_tell (struct request *q)
{
	reply_text (q, 200, q->target_json);
}

void person_page (struct request *q)
{
	person_find (q, person_tell);
}

/* ---- what every workspace calls them ---- */

static void refreshed (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app, (void) ctx;
	if (reply->state != REPLY_DONE)
		log_warn ("member_not_refreshed", LOG_N ("state", reply->state));
}

void members_refresh (struct app *app, struct uuid agency, struct uuid actor, struct uuid user, const char *data)
{
	json_t *json = data ? json_loads (data, 0, NULL) : NULL, *id;
	size_t i;
	json_array_foreach (json_object_get (json, "workspaces"), i, id)
	{
		struct member_refresh refresh = { .head = head_of_home (agency, actor), .user_id = { user }, .has.user_id = HERE };
		const char *text = json_string_value (id);
		if (text && uuid_parse (text, &refresh.head.workspace) == OK)
			app_command (app, &member_refresh_record, &refresh, NULL, 0, PEOPLE_MS, refreshed, NULL);
	}
	json_decref (json);
}

/* ---- answers ---- */

static void position_told (struct request *q, const struct reply *reply)
{
	position_keep (&q->caller->positions, reply->position.service, reply->position.lane, reply->position.sequence);
	if (reply->position.sequence)
		http_set (q->http, "CRM-Position", position_text (q->arena, &reply->position));
}

static void person_done (struct app *app, void *ctx, const struct reply *reply)
{
	struct request *q = ctx;
	char id[UUID_TEXT];
	if (reply->state != REPLY_DONE) {
		reply_fault (q, reply);
		return;
	}
	position_told (q, reply);
	members_refresh (app, q->caller->agency, q->caller->actor, q->target, reply->data);
	caller_changed (q->caller);
	reply_text (q, 200, arena_printf (q->arena, "{\"id\":\"%s\"}", uuid_format (q->target, id)));
}

/* A write on the agency's home, by the right that the caller has somewhere. */
static struct head head_of_people (struct request *q)
{
	const char *key = http_header (q->http, "Idempotency-Key");
	struct head ret = { .workspace = q->caller->agency,
			    .actor = q->caller->actor,
			    .at = clock_now (),
			    .grant = q->sight.n ? q->sight.seat[0]->grant : q->caller->home.grant };
	ret.id = key && *key ? key_id (ret.actor, key) : uuid_v7 (ret.at);
	ret.correlation = ret.id;
	return ret;
}

/* A step of several under one key: a command of its own, the same again when all is repeated. */
static struct head head_of_step (struct request *q, const char *step)
{
	struct head ret = head_of_people (q);
	ret.id = made_id (ret.actor, ret.correlation, step);
	return ret;
}

/* ---- changing somebody ---- */

static void person_change_send (struct request *q)
{
	const struct person_change *form = q->item;
	struct user_update update = { .head = head_of_people (q),
				      .user_id = { q->target },
				      .name = form->name,
				      .disabled = form->disabled,
				      .agency_admin = form->agency_admin,
				      .allowed_sections = form->allowed_sections,
				      .two_factor = form->two_factor,
				      .has = { .user_id = HERE,
					       .name = form->has.name,
					       .disabled = form->has.disabled,
					       .agency_admin = form->has.agency_admin,
					       .allowed_sections = form->has.allowed_sections,
					       .two_factor = form->has.two_factor } };
	app_command (q->app, &user_update_record, &update, q->after.at, q->after.n, PEOPLE_MS, person_done, q);
}

void person_update_page (struct request *q)
{
	q->item = form_taken (q);
	if (q->item)
		person_find (q, person_change_send);
}

static void member_send (struct request *q)
{
	struct member_set *set = q->item;
	set->head = head_of_people (q);
	set->head.workspace = q->seat->workspace;
	set->head.grant = q->seat->grant;
	set->user_id.uuid = q->target;
	app_command (q->app, &member_set_record, set, q->after.at, q->after.n, PEOPLE_MS, person_done, q);
}

/* The body is a command but for who it is about, which the path says. */
void member_page (struct request *q)
{
	struct problem problem = { 0 };
	q->item = arena_alloc (q->arena, sizeof (struct member_set));
	if (!body_read (q) || !(q->seat = seat_of_write (q)))
		return;
	if (json_object_get (q->body, "user_id"))
		problem_add (q->arena, &problem, "/user_id", "unknown", "there is no such field");
	else
		json_object_set_new (q->body, "user_id", json_string ("00000000-0000-0000-0000-000000000000"));
	if (problem.n_errors || record_from_json (q->arena, &member_set_record, q->body, true, q->item, &problem) != OK)
		reply_error (q, ERROR_invalid, NULL, &problem);
	else
		person_find (q, member_send);
}

static void hand_over_send (struct request *q)
{
	const struct hand_over_form *form = q->item;
	struct member_hand_over over = { .head = head_of_people (q), .user_id = { q->target }, .to_id = form->to, .has = { HERE, HERE } };
	over.head.workspace = q->seat->workspace;
	over.head.grant = q->seat->grant;
	app_command (q->app, &member_hand_over_record, &over, q->after.at, q->after.n, PEOPLE_MS, person_done, q);
}

void hand_over_page (struct request *q)
{
	q->item = form_taken (q);
	if (q->item && (q->seat = seat_of_write (q)))
		person_find (q, hand_over_send);
}

/* ---- links ---- */

struct link {
	struct request *q;
	bool by_mail;
	struct letter letter;
	void (*told) (struct link *l, bool mailed);
	char token[TOKEN_TEXT], hash[SHA256_TEXT];
	int64_t expires;
};

static struct link *link_of (struct request *q)
{
	struct link *l = arena_alloc (q->arena, sizeof *l);
	l->q = q;
	token_new (INVITE_BYTES, l->token);
	sha256_text ((struct bytes){ (const unsigned char *) l->token, strlen (l->token) }, l->hash);
	l->expires = clock_now () + invite_lasts;
	return l;
}

/* The token stands behind the #: a browser sends that to nobody, so it is in no log. */
static const char *link_text (const struct link *l)
{
	char time[TIME_TEXT];
	return arena_printf (l->q->arena, "{\"url\":\"%s/invite#%s\",\"expires\":\"%s\"}", origin_of (l->q), l->token,
			     time_format (l->expires, time));
}

static void link_mailed (struct app *app, struct letter *letter, bool mailed)
{
	(void) app;
	struct link *l = letter->ctx;
	l->told (l, mailed);
}

static const char *member_text (struct arena *a, const json_t *o, const char *member)
{
	const char *text = json_string_value (json_object_get (o, member));
	return text ? arena_text (a, text) : NULL;
}

/* The link is good: it goes by mail where that was asked and can be, else whoever asked hands it on. The workspace it is about is asked first, then
 * those that the asker manages. */
static void link_tell (struct link *l, void (*told) (struct link *l, bool mailed))
{
	struct request *q = l->q;
	l->told = told;
	if (!l->by_mail) {
		told (l, false);
		return;
	}
	l->letter.arena = q->arena;
	l->letter.url = arena_printf (q->arena, "%s/invite#%s", origin_of (q), l->token);
	l->letter.expires = l->expires;
	l->letter.actor = q->caller->actor;
	l->letter.user = q->target;
	l->letter.by = q->caller->name;
	l->letter.firm = q->seat ? q->seat->name : q->caller->agency_name;
	l->letter.prefer = q->seat ? q->seat->workspace : (struct uuid){ { 0 } };
	l->letter.workspace = sight_set (q->arena, &q->sight, 0, &l->letter.workspaces);
	l->letter.then = link_mailed;
	l->letter.ctx = l;
	letter_send (q->app, &l->letter);
}

static void link_told (struct link *l, bool mailed)
{
	char id[UUID_TEXT];
	reply_text (l->q, 200,
		    arena_printf (l->q->arena, "{\"id\":\"%s\",\"mailed\":%s,\"invite\":%s}", uuid_format (l->q->target, id),
				  mailed ? "true" : "false", mailed ? "null" : link_text (l)));
}

static void link_made (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct link *l = ctx;
	if (reply->state != REPLY_DONE)
		reply_fault (l->q, reply);
	else
		link_tell (l, link_told);
}

static void link_send (struct request *q)
{
	const struct person_link *form = q->item;
	struct link *l = link_of (q);
	json_t *person = json_loads (q->target_json, 0, NULL);
	l->by_mail = form->has.mail == HERE && form->mail;
	l->letter.kind = json_is_true (json_object_get (person, "invited")) ? mail_access_kind_invitation : mail_access_kind_password;
	l->letter.email = member_text (q->arena, person, "email");
	l->letter.name = member_text (q->arena, person, "name");
	l->letter.language = member_text (q->arena, person, "language");
	json_decref (person);
	struct user_invite invite = { .head = head_of_people (q),
				      .user_id = { q->target },
				      .token_hash = l->hash,
				      .expires = l->expires,
				      .has = { HERE, HERE, HERE } };
	invite.head.id = uuid_v7 (clock_now ()); /* a token leaves once: a repeat makes another one */
	app_command (q->app, &user_invite_record, &invite, q->after.at, q->after.n, PEOPLE_MS, link_made, l);
}

void person_invite_page (struct request *q)
{
	q->item = form_taken (q);
	if (q->item)
		person_find (q, link_send);
}

static void withdraw_send (struct request *q)
{
	struct invite_withdraw withdraw = { .head = head_of_people (q), .user_id = { q->target }, .has.user_id = HERE };
	app_command (q->app, &invite_withdraw_record, &withdraw, q->after.at, q->after.n, PEOPLE_MS, person_done, q);
}

void person_withdraw_page (struct request *q)
{
	person_find (q, withdraw_send);
}

/* ---- inviting somebody ---- */

struct inviting {
	struct request *q;
	const struct person_form *form;
	struct link *link;  /* null: they have a password, or a link of their own */
	const char *answer; /* null: the link says it */
};

static void inviting_told (struct link *l, bool mailed)
{
	char id[UUID_TEXT];
	reply_text (l->q, 201,
		    arena_printf (l->q->arena, "{\"id\":\"%s\",\"existing\":false,\"mailed\":%s,\"invite\":%s}",
				  uuid_format (l->q->target, id), mailed ? "true" : "false", mailed ? "null" : link_text (l)));
}

static void inviting_end (struct inviting *v)
{
	caller_changed (v->q->caller);
	if (v->answer)
		reply_text (v->q, 201, v->answer);
	else
		link_tell (v->link, inviting_told);
}

static void inviting_seated (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct inviting *v = ctx;
	if (reply->state != REPLY_DONE) {
		reply_fault (v->q, reply);
		return;
	}
	position_told (v->q, reply);
	inviting_end (v);
}

/* The user is there; their place in the workspace follows. */
static void inviting_seat (struct inviting *v)
{
	struct request *q = v->q;
	if (v->form->has.role != HERE) {
		inviting_end (v);
		return;
	}
	struct member_set set = { .head = head_of_step (q, "member"),
				  .user_id = { q->target },
				  .role = v->form->role,
				  .team_id = v->form->team_id,
				  .has = { .user_id = HERE, .role = HERE, .team_id = v->form->has.team_id } };
	set.head.workspace = q->seat->workspace;
	set.head.grant = q->seat->grant;
	app_command (q->app, &member_set_record, &set, NULL, 0, PEOPLE_MS, inviting_seated, v);
}

static void inviting_added (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct inviting *v = ctx;
	char id[UUID_TEXT];
	if (reply->state != REPLY_DONE) {
		reply_fault (v->q, reply);
		return;
	}
	/* a repeat made nobody: the link that was told then is the one */
	v->answer = reply->repeated ? arena_printf (v->q->arena, "{\"id\":\"%s\",\"existing\":false,\"mailed\":false,\"invite\":null}",
						    uuid_format (v->q->target, id))
				    : NULL;
	inviting_seat (v);
}

static void inviting_add (struct inviting *v)
{
	struct request *q = v->q;
	const struct person_form *form = v->form;
	const char *key = http_header (q->http, "Idempotency-Key");
	v->link = link_of (q);
	v->link->by_mail = form->has.mail == HERE && form->mail;
	v->link->letter.kind = mail_access_kind_invitation;
	v->link->letter.email = form->email;
	v->link->letter.name = form->has.name == HERE && *form->name ? form->name : NULL;
	v->link->letter.language = form->has.language == HERE ? form->language : NULL;
	struct user_add add = { .head = head_of_people (q),
				.email = form->email,
				.name = form->has.name == HERE && *form->name ? form->name : form->email,
				.language = form->language,
				.agency_admin = form->agency_admin,
				.allowed_sections = form->allowed_sections,
				.invite_hash = v->link->hash,
				.invite_expires = v->link->expires,
				.role = form->role,
				.team_id = form->team_id,
				.has = { .email = HERE,
					 .user_id = HERE,
					 .name = HERE,
					 .language = form->has.language,
					 .agency_admin = form->has.agency_admin,
					 .allowed_sections = form->has.allowed_sections,
					 .invite_hash = HERE,
					 .invite_expires = HERE,
					 .role = form->has.role,
					 .team_id = form->has.team_id } };
	q->target = key && *key ? made_id (add.head.actor, add.head.id, "user_id") : uuid_v7 (add.head.at);
	add.user_id.uuid = q->target;
	app_command (q->app, &user_add_record, &add, q->after.at, q->after.n, PEOPLE_MS, inviting_added, v);
}

/* Somebody of this agency is let in as they are; somebody of another one is not even told of. */
static void inviting_known (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct inviting *v = ctx;
	struct request *q = v->q;
	struct uuid agency = { { 0 } };
	char id[UUID_TEXT];
	if (reply->state != REPLY_DONE) {
		reply_fault (q, reply);
		return;
	}
	json_t *user = json_loadb ((const char *) reply->json.at, reply->json.n, JSON_DECODE_ANY, NULL);
	const char *user_text = json_string_value (json_object_get (user, "id")),
		   *agency_text = json_string_value (json_object_get (user, "agency_id"));
	bool known = user_text && agency_text && uuid_parse (user_text, &q->target) == OK && uuid_parse (agency_text, &agency) == OK;
	json_decref (user);
	if (!known) {
		inviting_add (v);
		return;
	}
	if (!uuid_equal (agency, q->caller->agency) || v->form->has.role != HERE) {
		reply_error (q, ERROR_email_taken, NULL, NULL);
		return;
	}
	v->answer = arena_printf (q->arena, "{\"id\":\"%s\",\"existing\":true,\"mailed\":false,\"invite\":null}",
				  uuid_format (q->target, id));
	inviting_seat (v);
}

void person_add_page (struct request *q)
{
	struct inviting *v = arena_alloc (q->arena, sizeof *v);
	*v = (struct inviting){ .q = q, .form = form_taken (q) };
	if (!v->form)
		return;
	if (v->form->has.role == HERE && !(q->seat = seat_of_write (q)))
		return;
	if (v->form->has.role != HERE && !q->caller->agency_admin) {
		fields_wrong (q, "/role", "required");
		return;
	}
	if (!email_fits (v->form->email)) {
		fields_wrong (q, "/email", "not_an_email");
		return;
	}
	struct user_of_email *find = arena_alloc (q->arena, sizeof *find);
	*find = (struct user_of_email){ .head = head_of_homes (), .email = v->form->email, .has.email = HERE };
	app_query (q->app, &user_of_email_record, find, q->after.at, q->after.n, PEOPLE_MS, inviting_known, v);
}

/* ---- the other end of a link: whoever holds it is let in ---- */

struct guest {
	struct entry_ticket ticket;
	const struct accept_form *form;
	char hash[SHA256_TEXT];
	struct password_work work;
	bool two_factor;
	void (*then) (struct guest *g, json_t *found);
};

static void guest_found (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct guest *g = ctx;
	struct request *q = g->ticket.q;
	if (reply->state != REPLY_DONE) {
		reply_fault (q, reply);
		return;
	}
	json_t *found = json_loadb ((const char *) reply->json.at, reply->json.n, JSON_DECODE_ANY, NULL);
	const char *user = json_string_value (json_object_get (found, "user_id")),
		   *agency = json_string_value (json_object_get (found, "agency_id"));
	g->two_factor = json_is_true (json_object_get (found, "two_factor"));
	if (user && agency && uuid_parse (user, &g->ticket.user) == OK && uuid_parse (agency, &g->ticket.agency) == OK) {
		g->then (g, found);
	} else {
		guess_wrong (NULL, http_remote (q->http));
		reply_error (q, ERROR_invite_not_found, NULL, NULL);
	}
	json_decref (found);
}

static void guest_find (struct guest *g, const char *token, void (*then) (struct guest *g, json_t *found))
{
	struct request *q = g->ticket.q;
	int wait = guess_wait (NULL, http_remote (q->http));
	if (wait) {
		too_many (q, wait);
		return;
	}
	g->then = then;
	sha256_text ((struct bytes){ (const unsigned char *) token, strlen (token) }, g->hash);
	struct invite_find *find = arena_alloc (q->arena, sizeof *find);
	*find = (struct invite_find){ .head = head_of_homes (), .token_hash = g->hash, .has.token_hash = HERE };
	app_query (q->app, &invite_find_record, find, NULL, 0, PEOPLE_MS, guest_found, g);
}

static void guest_told (struct guest *g, json_t *found)
{
	struct request *q = g->ticket.q;
	json_object_del (found, "user_id");
	json_object_del (found, "agency_id");
	char *text = json_dumps (found, JSON_COMPACT);
	const char *copy = arena_text (q->arena, text);
	free (text);
	reply_text (q, 200, copy);
}

void invite_page (struct request *q)
{
	const struct invite_form *form = form_taken (q);
	struct guest *g = arena_alloc (q->arena, sizeof *g);
	g->ticket.q = q;
	if (form)
		guest_find (g, form->token, guest_told);
}

static void guest_accepted (struct app *app, void *ctx, const struct reply *reply)
{
	struct guest *g = ctx;
	if (reply->state != REPLY_DONE) {
		reply_fault (g->ticket.q, reply);
		return;
	}
	members_refresh (app, g->ticket.agency, g->ticket.user, g->ticket.user, reply->data);
	if (g->two_factor) /* a new password is no way around the second factor */
		reply_text (g->ticket.q, 200, "{\"login\":true}");
	else
		entry_open (&g->ticket);
}

static void guest_hashed (struct app *app, void *ctx)
{
	struct guest *g = ctx;
	if (!g->work.right) {
		reply_error (g->ticket.q, ERROR_unavailable, NULL, NULL);
		return;
	}
	struct invite_accept accept = { .head = head_of_home (g->ticket.agency, g->ticket.user),
					.user_id = { g->ticket.user },
					.token_hash = g->hash,
					.password_hash = g->work.made,
					.name = g->form->name,
					.language = g->form->language,
					.has = { .user_id = HERE,
						 .token_hash = HERE,
						 .password_hash = HERE,
						 .name = g->form->has.name,
						 .language = g->form->has.language } };
	app_command (app, &invite_accept_record, &accept, NULL, 0, PEOPLE_MS, guest_accepted, g);
}

static void guest_accept (struct guest *g, json_t *found)
{
	struct request *q = g->ticket.q;
	if (!password_fits (q, "/password", g->form->password, json_string_value (json_object_get (found, "email")),
			    json_string_value (json_object_get (found, "name"))))
		return;
	g->work = (struct password_work){ .password = g->form->password, .hash_new = true, .then = guest_hashed, .ctx = g };
	if (!password_work (q->app, &g->work))
		too_many (q, 1);
}

void invite_accept_page (struct request *q)
{
	struct guest *g = arena_alloc (q->arena, sizeof *g);
	g->ticket.q = q;
	if (!https_asked (q) && (g->form = form_taken (q)))
		guest_find (g, g->form->token, guest_accept);
}

/* ---- roles ---- */

static void role_done (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct request *q = ctx;
	if (reply->state != REPLY_DONE) {
		reply_fault (q, reply);
		return;
	}
	caller_changed (q->caller);
	reply_text (q, 200, arena_printf (q->arena, "{\"key\":\"%s\"}", ((const struct role_set *) q->item)->role));
}

void role_page (struct request *q)
{
	struct problem problem = { 0 };
	struct role_set *set = arena_alloc (q->arena, sizeof *set);
	q->item = set;
	if (!body_read (q))
		return;
	if (json_object_get (q->body, "role"))
		problem_add (q->arena, &problem, "/role", "unknown", "there is no such field");
	else
		json_object_set_new (q->body, "role", json_string (q->found.value));
	if (problem.n_errors || record_from_json (q->arena, &role_set_record, q->body, true, set, &problem) != OK) {
		reply_error (q, ERROR_invalid, NULL, &problem);
		return;
	}
	set->head = head_of_people (q);
	app_command (q->app, &role_set_record, set, q->after.at, q->after.n, PEOPLE_MS, role_done, q);
}
