/* The demo's end, as the banner asks for it: its workspaces, the agencies that were made for it, and those who belonged to nothing else, one after the
 * other; the audit of the agency that stays says so. What was removed already is passed over, so a repeat goes on where the last one stopped.
 * Never what was not made for a demo: the commands see to that. */
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "gateway.h"

enum { DEMO_MS = 20000 };

struct ending {
	struct request *q;
	json_t *workspaces, *agencies; /* of q->merged */
	size_t workspace, agency;
};

/* The caller's own agency; for an admin of the first one, those that were made for the demo as well: nobody else could end them. */
static bool agency_is_ours (const struct request *q, const json_t *agencies, const json_t *agency)
{
	char own[UUID_TEXT];
	uuid_format (q->caller->agency, own);
	const char *id = json_string_value (json_object_get (agency, "id")),
		   *first = json_string_value (json_object_get (json_array_get (agencies, 0), "id"));
	return id && (strcmp (id, own) == 0 || (json_is_true (json_object_get (agency, "demo")) && strcmp (first, own) == 0));
}

static bool workspace_is_ours (const struct request *q, const json_t *agencies, const json_t *workspace)
{
	json_t *agency;
	size_t i;
	json_array_foreach (agencies, i, agency)
	{
		if (json_equal (json_object_get (agency, "id"), json_object_get (workspace, "agency_id")))
			return agency_is_ours (q, agencies, agency);
	}
	return false;
}

static void demo_read (struct request *q, const struct reply *reply)
{
	q->merged = json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL);
	json_t *agencies = json_object_get (q->merged, "agencies"), *workspaces = json_object_get (q->merged, "workspaces");
	for (size_t i = json_array_size (workspaces); i-- > 0;)
		if (!workspace_is_ours (q, agencies, json_array_get (workspaces, i)))
			json_array_remove (workspaces, i);
	for (size_t i = json_array_size (agencies); i-- > 0;) /* the first one at last */
		if (!agency_is_ours (q, agencies, json_array_get (agencies, i)))
			json_array_remove (agencies, i);
}

static void demo_ask (struct request *q, reply_fn *found)
{
	size_t n;
	const struct uuid *home = homes (&n);
	if (!q->caller->agency_admin) {
		reply_error (q, ERROR_forbidden, NULL, NULL);
		return;
	}
	struct demo_list list = { .head = { .actor = q->caller->actor,
					    .id = q->id,
					    .correlation = q->id,
					    .grant = q->caller->home.grant,
					    .workspaces = home,
					    .n_workspaces = n } };
	app_query (q->app, &demo_list_record, &list, q->after.at, q->after.n, DEMO_MS, found, q);
}

/* {"data": [workspace], "users": n}: of the agencies that go, only those who belonged to the demo are told, which is all of them. */
static const char *demo_text (struct request *q)
{
	json_t *agency, *answer = json_object ();
	size_t i, users = 0;
	json_array_foreach (json_object_get (q->merged, "agencies"), i, agency)
	{
		users += json_array_size (json_object_get (agency, "users"));
	}
	json_object_set (answer, "data", json_object_get (q->merged, "workspaces"));
	json_object_set_new (answer, "users", json_integer ((json_int_t) users));
	json_object_set_new (answer, "next", json_null ());
	char *dump = json_dumps (answer, JSON_COMPACT);
	const char *ret = arena_text (q->arena, dump);
	free (dump);
	json_decref (answer);
	return ret;
}

static void demo_found (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct request *q = ctx;
	if (reply->state != REPLY_DONE) {
		reply_fault (q, reply);
		return;
	}
	demo_read (q, reply);
	reply_text (q, 200, demo_text (q));
}

void demo_page_show (struct request *q)
{
	demo_ask (q, demo_found);
}

/* ---- its end ---- */

static void ending_go (struct ending *e);

static void ending_step (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct ending *e = ctx;
	bool over = reply->state == REPLY_REFUSED && reply->error == ERROR_workspace_not_found;
	if (reply->state != REPLY_DONE && !over) {
		reply_fault (e->q, reply);
		return;
	}
	position_keep (&e->q->caller->positions, reply->position.service, reply->position.lane, reply->position.sequence);
	ending_go (e);
}

static struct head head_of_step (struct ending *e, const json_t *about)
{
	struct head ret = { .actor = e->q->caller->actor,
			    .at = clock_now (),
			    .correlation = e->q->id,
			    .id = uuid_v7 (clock_now ()),
			    .grant = e->q->caller->home.grant };
	if (uuid_parse (json_string_value (json_object_get (about, "id")), &ret.workspace) != OK)
		ret.workspace = (struct uuid){ 0 };
	return ret;
}

/* Names, for the line of the audit: the ids mean nothing any more. */
static const char *names_text (struct ending *e)
{
	json_t *names = json_array (), *workspace;
	size_t i;
	json_array_foreach (e->workspaces, i, workspace)
	{
		json_array_append (names, json_object_get (workspace, "name"));
	}
	char *dump = json_dumps (names, JSON_COMPACT);
	const char *ret = arena_text (e->q->arena, dump);
	free (dump);
	json_decref (names);
	return ret;
}

static void agency_end (struct ending *e, const json_t *agency)
{
	struct head head = head_of_step (e, agency);
	if (json_is_true (json_object_get (agency, "demo"))) {
		struct agency_remove remove = { .head = head, .agency_id = { head.workspace }, .has.agency_id = HERE };
		app_command (e->q->app, &agency_remove_record, &remove, NULL, 0, DEMO_MS, ending_step, e);
		return;
	}
	char *dump = json_dumps (json_object_get (agency, "users"), JSON_COMPACT);
	struct demo_end end = { .head = head,
				.agency_id = { head.workspace },
				.workspaces = names_text (e),
				.users = dump,
				.has = { .agency_id = HERE, .workspaces = HERE, .users = HERE } };
	app_command (e->q->app, &demo_end_record, &end, NULL, 0, DEMO_MS, ending_step, e);
	free (dump);
}

static void ending_go (struct ending *e)
{
	struct request *q = e->q;
	if (e->workspace < json_array_size (e->workspaces)) {
		struct head head = head_of_step (e, json_array_get (e->workspaces, e->workspace++));
		struct workspace_remove remove = { .head = head, .workspace_id = { head.workspace }, .has.workspace_id = HERE };
		app_command (q->app, &workspace_remove_record, &remove, NULL, 0, DEMO_MS, ending_step, e);
	} else if (e->agency < json_array_size (e->agencies)) {
		agency_end (e, json_array_get (e->agencies, e->agency++));
	} else {
		caller_changed (q->caller);
		reply_text (q, 200, demo_text (q));
	}
}

static void ending_found (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct request *q = ctx;
	if (reply->state != REPLY_DONE) {
		reply_fault (q, reply);
		return;
	}
	demo_read (q, reply);
	struct ending *e = arena_alloc (q->arena, sizeof *e);
	*e = (struct ending){ .q = q,
			      .workspaces = json_object_get (q->merged, "workspaces"),
			      .agencies = json_object_get (q->merged, "agencies") };
	size_t own = 0, i;
	json_t *agency;
	json_array_foreach (e->agencies, i, agency)
	{
		own += !json_is_true (json_object_get (agency, "demo"));
	}
	if (!json_array_size (e->workspaces) && json_array_size (e->agencies) == own)
		reply_text (q, 204, "");
	else
		ending_go (e);
}

/* It cannot be undone, so it has to be said: ?confirm=yes. */
void demo_end_page (struct request *q)
{
	const char *confirm = http_query (q->http, "confirm");
	struct problem problem = { 0 };
	if (!confirm || strcmp (confirm, "yes")) {
		problem_add (q->arena, &problem, "/confirm", "required", "?confirm=yes: it cannot be undone");
		reply_error (q, ERROR_invalid, NULL, &problem);
		return;
	}
	demo_ask (q, ending_found);
}
