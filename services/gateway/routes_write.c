/* Writes: a JSON body becomes a command in one workspace, under the caller's key, so that a repeat is the same command.
 * What names the record comes from the path or is made here, never from the body. It never retries under another id. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "clock.h"
#include "gateway.h"
#include "presets.h"

enum { WRITE_MS = 5000 };
#define NO_ID "00000000-0000-0000-0000-000000000000"

/* ---- the body ---- */

bool body_read (struct request *q)
{
	struct bytes body = http_body (q->http);
	const char *type = http_header (q->http, "Content-Type");
	json_error_t wrong;
	if (!body.n) {
		q->body = json_object ();
		return true;
	}
	if (!type || strncasecmp (type, "application/json", 16) || !strchr ("; \t", type[16])) {
		reply_error (q, ERROR_wrong_type, "Content-Type must be application/json.", NULL);
		return false;
	}
	q->body = json_loadb ((const char *) body.at, body.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &wrong);
	if (!q->body)
		reply_error (q, ERROR_bad_json, arena_printf (q->arena, "line %d: %s", wrong.line, wrong.text), NULL);
	return q->body != NULL;
}

static bool is_key (const struct field *f)
{
	return (f->flags & KEY) == KEY;
}

static const struct field *key_of (const struct record *r)
{
	for (size_t i = 0; i < r->n_fields; i++)
		if (is_key (&r->fields[i]))
			return &r->fields[i];
	return NULL;
}

/* A person's name may come in two halves. */
static void name_joined (struct request *q)
{
	const char *first = json_string_value (json_object_get (q->body, "first_name"));
	const char *last = json_string_value (json_object_get (q->body, "last_name"));
	if (q->row->record != &contact_create_record || json_object_get (q->body, "name") || (!first && !last))
		return;
	const char *name = first && last ? arena_printf (q->arena, "%s %s", first, last) : first ? first : last;
	json_object_set_new (q->body, "name", json_string (name));
}

/* The caller's own idea of the record's version: If-Match goes before the body's. */
static void version_taken (struct request *q)
{
	if (!record_field (q->row->record, "version"))
		return;
	q->if_match = version_of_match (http_header (q->http, "If-Match"));
	if (q->if_match && json_is_object (q->body))
		json_object_set_new (q->body, "version", json_integer (q->if_match));
}

/* What is taken away may be said in the address: not every client sends a body with it. */
static void drop_params (struct request *q)
{
	for (size_t i = 0; strcmp (q->row->method, "DELETE") == 0 && i < q->row->record->n_fields; i++) {
		const struct field *f = &q->row->record->fields[i];
		const char *value = f->kind == KIND_TEXT ? http_query (q->http, f->name) : NULL;
		if (value && json_is_object (q->body) && !json_object_get (q->body, f->name))
			json_object_set_new (q->body, f->name, json_string (value));
	}
}

/* A field that the body must not name: a null id holds its place until the record is known. */
static void place_hold (struct request *q, const struct field *f, struct problem *problem)
{
	if (json_object_get (q->body, f->name))
		problem_add (q->arena, problem, arena_printf (q->arena, "/%s", f->name), "unknown", "there is no such field");
	else if (json_is_object (q->body))
		json_object_set_new (q->body, f->name, json_string (NO_ID));
}

/* What the path names where that is not what the command is about: something is made for it. Null: there is none such. */
static const struct field *path_field (const struct request *q)
{
	const struct field *f = q->found.field ? record_field (q->row->record, q->found.field) : NULL;
	return f && !is_key (f) ? f : NULL;
}

/* False: answered. */
bool command_read (struct request *q)
{
	const struct record *r = q->row->record;
	const struct field *key = key_of (r);
	struct problem problem = { 0 };
	assert (key);
	const struct field *beside = path_field (q);
	place_hold (q, key, &problem);
	if (beside)
		place_hold (q, beside, &problem);
	name_joined (q);
	drop_params (q);
	version_taken (q);
	q->item = arena_alloc (q->arena, r->size);
	if (!problem.n_errors && record_from_json (q->arena, r, q->body, true, q->item, &problem) == OK)
		return true;
	reply_error (q, ERROR_invalid, NULL, &problem);
	return false;
}

/* ---- the head ---- */

/* When it happened, as somebody says who may: demo data and imports. */
int64_t time_of (struct request *q, const struct seat *seat)
{
	const char *text = http_header (q->http, "CRM-Time");
	int64_t at;
	if (!text || !(seat->grant.permissions >> PERMISSION_crm_backdate & 1) || time_parse (text, &at) != OK)
		return clock_now ();
	return at;
}

struct head head_of_write (struct request *q, const struct seat *seat)
{
	const char *key = http_header (q->http, "Idempotency-Key");
	struct head ret = { .workspace = seat->workspace, .actor = q->caller->actor, .at = time_of (q, seat), .grant = seat->grant };
	ret.id = key && *key ? key_id (ret.actor, key) : uuid_v7 (clock_now ());
	ret.correlation = ret.id;
	return ret;
}

/* A new record's id: the same again when the command is repeated under its key; in order of time when it cannot be. */
static struct uuid fresh_id (struct request *q, const struct head *head, const char *field)
{
	const char *key = http_header (q->http, "Idempotency-Key");
	return key && *key ? made_id (head->actor, head->id, field) : uuid_v7 (head->at);
}

/* ---- asking and answering ---- */

/* {"id","number","version"} and what the service adds. */
static const char *answer_text (struct request *q, const struct reply *reply)
{
	char text[UUID_TEXT];
	json_t *answer = json_object ();
	json_t *data = reply->data ? json_loads (reply->data, 0, NULL) : NULL;
	if (!uuid_is_null (reply->id))
		json_object_set_new (answer, "id", json_string (uuid_format (reply->id, text)));
	if (reply->number)
		json_object_set_new (answer, "number", json_integer (reply->number));
	if (reply->version)
		json_object_set_new (answer, "version", json_integer (reply->version));
	json_object_update (answer, data);
	char *dump = json_dumps (answer, JSON_COMPACT);
	const char *ret = arena_text (q->arena, dump);
	free (dump);
	json_decref (data);
	json_decref (answer);
	return ret;
}

void position_remember (struct request *q, const struct reply *reply)
{
	if (!reply->position.sequence)
		return;
	position_keep (&q->caller->positions, reply->position.service, reply->position.lane, reply->position.sequence);
	position_keep (&q->after, reply->position.service, reply->position.lane, reply->position.sequence);
	http_set (q->http, "CRM-Position", position_text (q->arena, &reply->position));
}

/* What its system calls by the same name is the same record. */
static bool was_there (const struct request *q, const struct reply *reply)
{
	return q->row->record == &linked_add_record && reply->version > 1;
}

/* Nothing was made, and nothing stays. */
static bool only_shows (const struct request *q)
{
	return q->row->record == &template_preview_record;
}

/* 201: the path named nothing, so something was made. */
static void written (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct request *q = ctx;
	if (reply->state != REPLY_DONE) {
		reply_fault (q, reply);
		return;
	}
	position_remember (q, reply);
	if (strcmp (q->row->method, "DELETE") == 0)
		reply_text (q, 204, "");
	else
		reply_text (q, q->found.field || was_there (q, reply) || only_shows (q) ? 200 : 201, answer_text (q, reply));
}

static void owner_found (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct request *q = ctx;
	json_t *answer = reply->state == REPLY_DONE ? json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL) : NULL;
	bool fits = json_is_true (json_object_get (answer, "fits"));
	json_decref (answer);
	if (reply->state != REPLY_DONE)
		reply_fault (q, reply);
	else if (!fits)
		reply_error (q, ERROR_not_a_member, NULL, NULL);
	else
		q->then (q);
}

void owner_check (struct request *q, const struct uuid *owner, page_fn *then)
{
	struct uuid *set = arena_alloc (q->arena, sizeof *set);
	if (!owner || uuid_equal (*owner, q->caller->actor)) { /* who asks belongs here */
		then (q);
		return;
	}
	*set = q->seat->workspace;
	struct owner_find query = { .head = { .actor = q->caller->actor,
					      .id = q->id,
					      .correlation = q->id,
					      .grant = q->seat->grant,
					      .workspaces = set,
					      .n_workspaces = 1 },
				    .user_id = { *owner },
				    .has.user_id = HERE };
	q->then = then;
	app_query (q->app, &owner_find_record, &query, q->after.at, q->after.n, WRITE_MS, owner_found, q);
}

struct head head_of_seat (struct request *q)
{
	struct uuid *set = arena_alloc (q->arena, sizeof *set);
	*set = q->seat->workspace;
	return (struct head){
		.actor = q->caller->actor, .id = q->id, .correlation = q->id, .grant = q->seat->grant, .workspaces = set, .n_workspaces = 1
	};
}

static void command_go (struct request *q)
{
	app_command (q->app, q->row->record, q->item, q->after.at, q->after.n, WRITE_MS, q->sent, q);
}

static void login_found (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct request *q = ctx;
	struct problem problem = { .code = error_code (ERROR_not_a_member) };
	json_t *answer = reply->state == REPLY_DONE ? json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL) : NULL;
	bool fits = json_is_true (json_object_get (answer, "fits"));
	json_decref (answer);
	if (reply->state != REPLY_DONE) {
		reply_fault (q, reply);
	} else if (!fits) {
		problem_add (q->arena, &problem, "/user_id", "not_a_member", "no active member of the workspace");
		reply_error (q, ERROR_not_a_member, NULL, &problem);
	} else {
		command_go (q);
	}
}

/* The login that is a contact: somebody who belongs here. */
static void login_check (struct request *q)
{
	const struct field *login = q->row->record == &contact_create_record || q->row->record == &contact_update_record
					    ? record_field (q->row->record, "user_id")
					    : NULL;
	if (!login || field_has (login, q->item) != HERE) {
		command_go (q);
		return;
	}
	struct owner_find query = { .head = head_of_seat (q), .has.user_id = HERE };
	memcpy (&query.user_id, (const char *) q->item + login->offset, sizeof query.user_id);
	app_query (q->app, &owner_find_record, &query, q->after.at, q->after.n, WRITE_MS, login_found, q);
}

void command_send (struct request *q, reply_fn *then)
{
	const struct field *key = key_of (q->row->record), *owner = record_field (q->row->record, "owner_id");
	struct head *head = q->item;
	int refusal = route_is_office (q->row) ? (grant_allows (&q->seat->grant, q->row->permission) ? ALLOWED : ERROR_forbidden)
					       : seat_check (q->seat, q->row->permission);
	if (refusal != ALLOWED) {
		reply_error (q, refusal, NULL, NULL);
		return;
	}
	*head = head_of_write (q, q->seat);
	/* what is a workspace's own, once, is known by the workspace */
	bool whole = strcmp (key->name, "workspace_id") == 0;
	const struct field *beside = path_field (q);
	struct uuid id = q->found.field && !beside ? q->target : whole ? q->seat->workspace : fresh_id (q, head, key->name);
	memcpy ((char *) q->item + key->offset, &id, sizeof id);
	if (beside)
		memcpy ((char *) q->item + beside->offset, &q->target, sizeof q->target);
	bool named = owner && field_has (owner, q->item) == HERE;
	q->sent = then;
	owner_check (q, named ? (const void *) ((char *) q->item + owner->offset) : NULL, login_check);
}

void write_send (struct request *q)
{
	command_send (q, written);
}

void seat_choose (struct request *q, page_fn *then)
{
	bool by_id = q->found.field && uuid_parse (q->found.value, &q->target) == OK;
	if (q->sight.n == 1)
		q->seat = q->sight.seat[0];
	if (q->found.field && !(by_id && q->seat))
		target_find (q, then);
	else if (q->seat)
		then (q);
	else
		reply_error (q, q->sight.n ? ERROR_workspace_required : ERROR_forbidden, NULL, NULL);
}

const struct seat *seat_of_write (struct request *q)
{
	const struct seat *found = NULL;
	size_t n = 0;
	for (size_t i = 0; i < q->sight.n; i++)
		if (!uuid_equal (q->sight.seat[i]->workspace, q->caller->agency)) {
			found = q->sight.seat[i];
			n++;
		}
	if (n != 1)
		reply_error (q, n ? ERROR_workspace_required : ERROR_forbidden, NULL, NULL);
	return n == 1 ? found : NULL;
}

void write_page (struct request *q)
{
	if (body_read (q) && command_read (q))
		seat_choose (q, write_send);
}

/* ---- a text: the names that it mentions become ids first ---- */

static void text_send (struct request *q)
{
	int refusal = seat_check (q->seat, q->row->permission);
	if (refusal == ALLOWED)
		mentions_resolve (q, write_send);
	else
		reply_error (q, refusal, NULL, NULL);
}

void text_page (struct request *q)
{
	if (body_read (q) && command_read (q))
		seat_choose (q, text_send);
}

/* ---- what somebody writes down is their own, unless they say whose ---- */

static void owner_lay (struct request *q, user_id *owner, unsigned char *has)
{
	if (*has != ABSENT || q->caller->kind != CALLER_SESSION)
		return;
	owner->uuid = q->caller->actor;
	*has = HERE;
}

void activity_add_page (struct request *q)
{
	if (!body_read (q) || !command_read (q))
		return;
	struct activity_add *cmd = q->item;
	owner_lay (q, &cmd->owner_id, &cmd->has.owner_id);
	seat_choose (q, text_send);
}

void deal_follow_up_page (struct request *q)
{
	if (!body_read (q) || !command_read (q))
		return;
	struct deal_follow_up *cmd = q->item;
	owner_lay (q, &cmd->owner_id, &cmd->has.owner_id);
	seat_choose (q, text_send);
}

/* ---- a deal for somebody: the card shows the contact's name, which another service knows ---- */

static void contact_known (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct request *q = ctx;
	struct deal_create *cmd = q->item;
	json_t *contact = reply->state == REPLY_DONE ? json_loadb ((const char *) reply->json.at, reply->json.n, JSON_DECODE_ANY, NULL)
						     : NULL;
	const char *name = json_string_value (json_object_get (contact, "name")),
		   *company = json_string_value (json_object_get (contact, "company"));
	if (name) {
		cmd->contact_name = arena_text (q->arena, name);
		cmd->has.contact_name = HERE;
	}
	if (company && cmd->has.company == ABSENT) {
		cmd->company = arena_text (q->arena, company);
		cmd->has.company = HERE;
	}
	json_decref (contact);
	if (name)
		command_send (q, written);
	else if (reply->state == REPLY_DONE || (reply->state == REPLY_REFUSED && reply->error == ERROR_not_found))
		reply_error (q, ERROR_contact_not_found, NULL, NULL);
	else
		reply_fault (q, reply);
}

static void deal_send (struct request *q)
{
	const struct deal_create *cmd = q->item;
	if (cmd->has.contact_id != HERE) {
		command_send (q, written);
		return;
	}
	struct uuid *set = arena_alloc (q->arena, sizeof *set);
	*set = q->seat->workspace;
	struct contact_get query = {
		.head = { .actor = q->caller->actor,
			  .id = q->id,
			  .correlation = q->id,
			  .grant = q->seat->grant,
			  .workspaces = set,
			  .n_workspaces = 1 },
		.contact_id = cmd->contact_id,
		.has.contact_id = HERE,
	};
	app_query (q->app, &contact_get_record, &query, q->after.at, q->after.n, WRITE_MS, contact_known, q);
}

void deal_create_page (struct request *q)
{
	if (body_read (q) && command_read (q))
		seat_choose (q, deal_send);
}

/* ---- a lead by hand: what its workspace wants to be told, where its deal begins, and whether somebody of that e-mail is known ---- */

/* A program says its own source; who says none, or "manual", fills in a form. */
static bool is_by_hand (const struct lead_create *cmd)
{
	return cmd->has.source != HERE || strcmp (cmd->source, "manual") == 0;
}

/* The answer of a lead whose e-mail somebody has already says who that is. */
static void lead_written (struct app *app, void *ctx, const struct reply *reply)
{
	struct request *q = ctx;
	if (reply->state == REPLY_DONE)
		notice_own (q, reply->id);
	if (reply->state != REPLY_DONE || !q->target_json) {
		written (app, ctx, reply);
		return;
	}
	position_remember (q, reply);
	const char *answer = answer_text (q, reply);
	reply_text (q, 201, arena_printf (q->arena, "%.*s,\"known\":%s}", (int) (strlen (answer) - 1), answer, q->target_json));
}

/* Refused at /email; the detail names the record for whoever may see it: number, deal or contact, id, name. */
static void known_refuse (struct request *q, const json_t *known)
{
	struct problem problem = { .code = error_code (ERROR_email_known) };
	const char *deal = json_string_value (json_object_get (known, "deal_id"));
	bool visible = json_is_true (json_object_get (known, "visible"));
	problem_add (q->arena, &problem, "/email", "taken",
		     !visible ? "-"
			      : arena_printf (q->arena, "%s %s %s", deal ? "deal" : "contact",
					      deal ? deal : json_string_value (json_object_get (known, "id")),
					      json_string_value (json_object_get (known, "name"))));
	reply_error (q, ERROR_email_known, NULL, &problem);
}

static void lead_person_known (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct request *q = ctx;
	const struct preset *preset = preset_find (q->seat->preset);
	json_t *known = reply->state == REPLY_DONE ? json_loadb ((const char *) reply->json.at, reply->json.n, JSON_DECODE_ANY, NULL)
						   : NULL;
	bool asks = preset && preset->unique_email && is_by_hand (q->item);
	bool nobody = reply->state == REPLY_REFUSED && reply->error == ERROR_not_found;
	if (reply->state != REPLY_DONE && !nobody && asks) { /* it may be known: nobody can tell */
		reply_fault (q, reply);
		return;
	}
	if (json_is_object (known) && asks)
		known_refuse (q, known);
	else {
		q->target_json = json_is_object (known) ? arena_copy (q->arena, (const char *) reply->json.at, reply->json.n) : NULL;
		command_send (q, lead_written);
	}
	json_decref (known);
}

static void lead_person_ask (struct request *q)
{
	const struct lead_create *cmd = q->item;
	if (cmd->has.email != HERE || !*cmd->email) {
		command_send (q, lead_written);
		return;
	}
	struct head write = head_of_write (q, q->seat);
	struct contact_known query = { .head = head_of_seat (q), .email = cmd->email, .has.email = HERE };
	query.lead_id.uuid = fresh_id (q, &write, "lead_id");
	query.has.lead_id = HERE;
	app_query (q->app, &contact_known_record, &query, q->after.at, q->after.n, WRITE_MS, lead_person_known, q);
}

static void lead_beginning_known (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct request *q = ctx;
	struct problem problem = { .code = error_code (ERROR_invalid) };
	if (reply->state != REPLY_DONE) {
		reply_fault (q, reply);
		return;
	}
	json_t *fits = json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL);
	static const char *const fields[] = { "stage", "locale" };
	for (size_t i = 0; i < LENGTH (fields); i++)
		if (!json_is_true (json_object_get (fits, fields[i])))
			problem_add (q->arena, &problem, arena_printf (q->arena, "/%s", fields[i]), "not_a_choice",
				     "there is no such choice");
	json_decref (fits);
	if (problem.n_errors)
		reply_error (q, ERROR_invalid, NULL, &problem);
	else
		lead_person_ask (q);
}

static bool required_said (struct request *q, const struct preset *preset)
{
	const struct lead_create *cmd = q->item;
	struct problem problem = { .code = error_code (ERROR_invalid) };
	for (size_t i = 0; preset && is_by_hand (cmd) && i < preset->n_required; i++) {
		const struct field *f = record_field (q->row->record, preset->required[i]);
		assert (f && f->kind == KIND_TEXT);
		const char *text = field_has (f, cmd) == HERE ? *(const char *const *) (const void *) ((const char *) q->item + f->offset)
							      : "";
		if (!text[strspn (text, " \t\r\n")])
			problem_add (q->arena, &problem, arena_printf (q->arena, "/%s", f->name), "required", "this has to be said");
	}
	if (problem.n_errors)
		reply_error (q, ERROR_invalid, NULL, &problem);
	return !problem.n_errors;
}

static void lead_send (struct request *q)
{
	const struct lead_create *cmd = q->item;
	int refusal = seat_check (q->seat, q->row->permission);
	if (refusal != ALLOWED) {
		reply_error (q, refusal, NULL, NULL);
		return;
	}
	if (!required_said (q, preset_find (q->seat->preset)))
		return;
	if (cmd->has.stage != HERE && cmd->has.locale != HERE) {
		lead_person_ask (q);
		return;
	}
	struct register_check query = { .head = head_of_seat (q),
					.stage = cmd->stage,
					.has.stage = cmd->has.stage,
					.locale = cmd->locale,
					.has.locale = cmd->has.locale };
	app_query (q->app, &register_check_record, &query, q->after.at, q->after.n, WRITE_MS, lead_beginning_known, q);
}

void lead_create_page (struct request *q)
{
	if (body_read (q) && command_read (q))
		seat_choose (q, lead_send);
}

/* ---- qualify: the answer names the deal, which another service knows ---- */

static void qualified_deal (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct request *q = ctx;
	json_t *answer = json_loads (q->target_json, 0, NULL);
	json_t *deal = reply->state == REPLY_DONE ? json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL) : NULL;
	const char *id = json_string_value (json_object_get (deal, "id"));
	json_object_set_new (answer, "deal_id", id ? json_string (id) : json_null ());
	char *dump = json_dumps (answer, JSON_COMPACT);
	const char *text = arena_text (q->arena, dump);
	free (dump);
	json_decref (deal);
	json_decref (answer);
	reply_text (q, 200, text);
}

/* The lead is qualified whatever comes of the question: a deal that is not there yet is told as null. */
static void qualified (struct app *app, void *ctx, const struct reply *reply)
{
	struct request *q = ctx;
	if (reply->state != REPLY_DONE) {
		reply_fault (q, reply);
		return;
	}
	position_remember (q, reply);
	q->target_json = answer_text (q, reply);
	struct deal_get *query = arena_alloc (q->arena, sizeof *query);
	struct uuid *set = arena_alloc (q->arena, sizeof *set);
	*set = q->seat->workspace;
	query->head = (struct head){
		.actor = q->caller->actor, .id = q->id, .correlation = q->id, .grant = q->seat->grant, .workspaces = set, .n_workspaces = 1
	};
	query->lead_id.uuid = uuid_is_null (reply->id) ? q->target : reply->id;
	query->has.lead_id = HERE;
	app_query (app, &deal_get_record, query, q->after.at, q->after.n, WRITE_MS, qualified_deal, q);
}

static void qualify_send (struct request *q)
{
	command_send (q, qualified);
}

void qualify_page (struct request *q)
{
	if (body_read (q) && command_read (q))
		seat_choose (q, qualify_send);
}

/* ---- settings that another service keeps: done first, then a line of the audit; whoever is not answered repeats both under the same key ---- */

static void setting_noted (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct request *q = ctx;
	if (reply->state != REPLY_DONE)
		reply_fault (q, reply);
	else if (strcmp (q->row->method, "DELETE") == 0)
		reply_text (q, 204, "");
	else
		reply_text (q, q->found.field || strcmp (q->row->method, "POST") ? 200 : 201, q->target_json);
}

/* What stood there before, where the service says it. */
static void before_add (struct buffer *text, const char *data)
{
	json_t *said = data ? json_loads (data, 0, NULL) : NULL, *before = json_object_get (said, "before");
	char *dump = before ? json_dumps (before, JSON_COMPACT) : NULL;
	if (dump)
		buffer_text (text, ",\"before\":"), buffer_text (text, dump);
	free (dump);
	json_decref (said);
}

/* The key of a hook is told this once, with the address that works where this gateway stands. */
static const char *hook_told (struct request *q, const char *text)
{
	json_t *answer = json_loads (text, 0, NULL);
	const char *key = json_string_value (json_object_get (answer, "hook")), *ret = text;
	bool mail = q->row->record == &mail_account_add_record;
	if (key) {
		json_object_set_new (
			answer, "hook_url",
			json_string (arena_printf (q->arena, "%s/hooks/%s/%s", door_origin (q->http, mail ? MAILER_DOOR : BILLING_DOOR),
						   mail ? "mail" : "pay", key)));
		char *dump = json_dumps (answer, JSON_COMPACT);
		ret = arena_text (q->arena, dump);
		free (dump);
	}
	json_decref (answer);
	return ret;
}

/* The same of a way in: its URL, whole. */
static const char *way_told (struct request *q, const char *text)
{
	json_t *answer = json_loads (text, 0, NULL);
	const char *key = json_string_value (json_object_get (answer, "hook")), *ret = text;
	if (key) {
		const char *url = arena_printf (q->arena, "%s/hooks/%s", hooks_origin (q->http), key);
		json_object_set_new (answer, "hook", json_string (url));
		json_object_del (answer, "before"); /* it is the audit's */
		char *dump = json_dumps (answer, JSON_COMPACT);
		ret = arena_text (q->arena, dump);
		free (dump);
	}
	json_decref (answer);
	return ret;
}

static void setting_written (struct app *app, void *ctx, const struct reply *reply)
{
	struct request *q = ctx;
	if (reply->state != REPLY_DONE) {
		reply_fault (q, reply);
		return;
	}
	position_remember (q, reply);
	q->target_json = answer_text (q, reply);
	if (q->row->record == &mail_account_add_record || q->row->record == &pay_provider_add_record)
		q->target_json = hook_told (q, q->target_json);
	if (q->row->record == &source_rotate_record)
		q->target_json = way_told (q, q->target_json);
	struct buffer text = { 0 };
	buffer_text (&text, "{\"asked\":");
	record_to_json (&text, q->row->record, q->item, true);
	before_add (&text, reply->data);
	buffer_text (&text, "}");
	struct setting_note note = { .head = *(struct head *) q->item,
				     .what = q->row->record->name,
				     .detail = arena_copy (q->arena, (const char *) text.at, text.n) };
	buffer_fini (&text);
	note.head.id = made_id (note.head.actor, note.head.id, "setting_note");
	app_command (app, &setting_note_record, &note, NULL, 0, WRITE_MS, setting_noted, q);
}

static void setting_send (struct request *q)
{
	command_send (q, setting_written);
}

void setting_page (struct request *q)
{
	if (body_read (q) && command_read (q))
		seat_choose (q, setting_send);
}

/* What is in the trash, or is no page of its own, no query finds: its address has to say the id, and ?workspace= when the caller has several. */
static void named_send (struct request *q, page_fn *send)
{
	if (!body_read (q) || !command_read (q) || !(q->seat = seat_of_write (q)))
		return;
	if (uuid_parse (q->found.value, &q->target) == OK)
		send (q);
	else
		reply_error (q, not_found_of (q), NULL, NULL);
}

void named_page (struct request *q)
{
	named_send (q, write_send);
}

void named_setting_page (struct request *q)
{
	named_send (q, setting_send);
}
