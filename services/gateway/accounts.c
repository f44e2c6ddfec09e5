/* Accounts, as far as others have a say: whether a catalogue offers what is said of one, and whether who is to look after it belongs to the workspace.
 * Never decides what contacts does; never asks where nothing of the kind was said. */
#include <stdlib.h>
#include <string.h>

#include "gateway.h"

enum { CHECK_MS = 5000 };

/* Who is still to be looked for. */
struct roles_asked {
	struct request *q;
	json_t *users; /* borrowed: the command's */
	void *at;
};

static struct head head_of_check (struct request *q)
{
	struct uuid *set = arena_alloc (q->arena, sizeof *set);
	*set = q->seat->workspace;
	return (struct head){
		.actor = q->caller->actor, .id = q->id, .correlation = q->id, .grant = q->seat->grant, .workspaces = set, .n_workspaces = 1
	};
}

static bool may_write (struct request *q)
{
	int refusal = seat_check (q->seat, q->row->permission);
	if (refusal != ALLOWED)
		reply_error (q, refusal, NULL, NULL);
	return refusal == ALLOWED;
}

static void members_next (struct roles_asked *asked);

static void member_found (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct roles_asked *asked = ctx;
	struct request *q = asked->q;
	json_t *answer = reply->state == REPLY_DONE ? json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL) : NULL;
	bool fits = json_is_true (json_object_get (answer, "fits"));
	struct problem problem = { .code = error_code (ERROR_not_a_member) };
	json_decref (answer);
	if (reply->state != REPLY_DONE)
		reply_fault (q, reply);
	else if (!fits) {
		problem_add (q->arena, &problem, arena_printf (q->arena, "/%s", json_object_iter_key (asked->at)), "not_a_member",
			     "no active member of the workspace");
		reply_error (q, ERROR_not_a_member, NULL, &problem);
	} else {
		asked->at = json_object_iter_next (asked->users, asked->at);
		members_next (asked);
	}
}

/* One after the other: they are few. What is no id is the service's to refuse. */
static void members_next (struct roles_asked *asked)
{
	struct request *q = asked->q;
	for (; asked->at; asked->at = json_object_iter_next (asked->users, asked->at)) {
		struct owner_find query = { .has.user_id = HERE };
		const char *text = json_string_value (json_object_iter_value (asked->at));
		if (!text || uuid_parse (text, &query.user_id.uuid) != OK)
			continue;
		query.head = head_of_check (q);
		app_query (q->app, &owner_find_record, &query, q->after.at, q->after.n, CHECK_MS, member_found, asked);
		return;
	}
	write_send (q);
}

static bool choices_fit (struct request *q, const json_t *answer)
{
	struct problem problem = { .code = error_code (ERROR_invalid) };
	static const char *const chosen[] = { "onboarding_status", "account_type" };
	const json_t *unknown = json_object_get (answer, "unknown"), *role;
	size_t i;
	for (i = 0; i < LENGTH (chosen); i++)
		if (!json_is_true (json_object_get (answer, chosen[i])))
			problem_add (q->arena, &problem, arena_printf (q->arena, "/%s", chosen[i]), "not_a_choice",
				     "the catalogue offers no such value");
	json_array_foreach (unknown, i, role) problem_add (q->arena, &problem, arena_printf (q->arena, "/%s", json_string_value (role)),
							   "unknown", "the catalogue offers no such role");
	if (problem.n_errors)
		reply_error (q, ERROR_invalid, NULL, &problem);
	return !problem.n_errors;
}

static void choices_known (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct request *q = ctx;
	json_t *answer = reply->state == REPLY_DONE ? json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL) : NULL;
	if (reply->state != REPLY_DONE)
		reply_fault (q, reply);
	else if (choices_fit (q, answer)) {
		struct roles_asked *asked = arena_alloc (q->arena, sizeof *asked);
		json_t *roles = json_object_get (q->body, "roles");
		*asked = (struct roles_asked){ .q = q, .users = roles, .at = json_object_iter (roles) };
		members_next (asked);
	}
	json_decref (answer);
}

static void choices_ask (struct request *q, struct account_check query)
{
	query.head = head_of_check (q);
	app_query (q->app, &account_check_record, &query, q->after.at, q->after.n, CHECK_MS, choices_known, q);
}

/* ---- an account's fields ---- */

/* What the command says there; null: nothing. */
static const char *text_said (struct request *q, const char *name)
{
	const struct field *f = record_field (q->row->record, name);
	const char *text = field_has (f, q->item) == HERE ? *(const char *const *) (const void *) ((const char *) q->item + f->offset)
							  : NULL;
	return text && *text ? text : NULL;
}

static void account_send (struct request *q)
{
	const char *status = text_said (q, "onboarding_status"), *type = text_said (q, "account_type");
	if (!status && !type)
		write_send (q);
	else if (may_write (q))
		choices_ask (q, (struct account_check){ .onboarding_status = status,
							.has.onboarding_status = status ? HERE : ABSENT,
							.account_type = type,
							.has.account_type = type ? HERE : ABSENT });
}

void account_page (struct request *q)
{
	if (body_read (q) && command_read (q))
		seat_choose (q, account_send);
}

/* ---- who looks after it ---- */

static void assign_send (struct request *q)
{
	json_t *names = json_array (), *user;
	const char *role;
	if (!may_write (q)) {
		json_decref (names);
		return;
	}
	json_object_foreach (json_object_get (q->body, "roles"), role, user) json_array_append_new (names, json_string (role));
	char *text = json_dumps (names, JSON_COMPACT);
	struct account_check query = { .roles = arena_text (q->arena, text), .has.roles = HERE };
	free (text);
	json_decref (names);
	choices_ask (q, query);
}

/* {role: user or null, …} and perhaps a version, as people say it; the command has the roles as one field. */
void account_assign_page (struct request *q)
{
	if (!body_read (q))
		return;
	if (json_is_object (q->body)) {
		json_t *version = json_incref (json_object_get (q->body, "version")), *whole = json_object ();
		json_object_del (q->body, "version");
		json_object_set_new (whole, "roles", q->body);
		if (version)
			json_object_set_new (whole, "version", version);
		q->body = whole;
	}
	if (command_read (q))
		seat_choose (q, assign_send);
}
