/* How somebody likes their pages: read and changed in the one workspace they look at, or, when they look at several, in their agency's home for all at
 * once. A key is nobody and likes nothing. Never another one's: who it is comes from the session, never from the request. */
#include "gateway.h"

enum { PREFS_MS = 5000 };

/* Null: answered. */
static const struct uuid *place_of (struct request *q)
{
	struct uuid *ret = arena_alloc (q->arena, sizeof *ret);
	if (q->caller->kind != CALLER_SESSION) {
		reply_error (q, ERROR_forbidden, NULL, NULL);
		return NULL;
	}
	*ret = q->sight.n == 1 ? q->sight.seat[0]->workspace : q->caller->agency;
	return ret;
}

static void prefs_found (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	if (reply->state == REPLY_DONE)
		reply_json (ctx, 200, reply->json);
	else
		reply_fault (ctx, reply);
}

void prefs_page (struct request *q)
{
	const struct uuid *place = place_of (q);
	if (!place || !record_of_query (q))
		return;
	struct head *head = q->item;
	*head = (struct head){ .actor = q->caller->actor, .id = q->id, .correlation = q->id, .workspaces = place, .n_workspaces = 1 };
	head->grant.scope = SCOPE_OWN;
	head->grant.user = q->caller->actor;
	app_query (q->app, &prefs_list_record, q->item, q->after.at, q->after.n, PREFS_MS, prefs_found, q);
}

static void prefs_said (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct request *q = ctx;
	if (reply->state != REPLY_DONE) {
		reply_fault (q, reply);
		return;
	}
	position_keep (&q->caller->positions, reply->position.service, reply->position.lane, reply->position.sequence);
	reply_text (q, 200, arena_text (q->arena, reply->data));
}

void prefs_set_page (struct request *q)
{
	const struct uuid *place = place_of (q);
	struct prefs_set *set = place ? form_taken (q) : NULL;
	if (!set)
		return;
	struct seat seat = { .workspace = *place };
	set->head = head_of_write (q, &seat);
	set->head.grant.scope = SCOPE_OWN;
	set->head.grant.user = q->caller->actor;
	app_command (q->app, &prefs_set_record, set, q->after.at, q->after.n, PREFS_MS, prefs_said, q);
}
