/* Forgetting a person: the order is written down in the audit, and what the gateway itself keeps of them goes, before contacts is told to begin; so whoever
 * was told that it goes on can rely on it. How far it is, each service says of itself.
 * It must never write down what somebody was called. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "gateway.h"

enum { ERASE_MS = 10000, PROGRESS_MS = 2000 };

static const char *json_kept (struct request *q, const json_t *value)
{
	char *text = json_dumps (value, JSON_COMPACT | JSON_ENCODE_ANY);
	const char *ret = text ? arena_text (q->arena, text) : "[]";
	free (text);
	return ret;
}

static void erase_begun (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct request *q = ctx;
	char id[UUID_TEXT];
	if (reply->state != REPLY_DONE) {
		reply_fault (q, reply);
		return;
	}
	position_remember (q, reply);
	reply_text (q, 202, arena_printf (q->arena, "{\"id\":\"%s\"}", uuid_format (reply->id, id)));
}

static void erase_noted (struct app *app, void *ctx, const struct reply *reply)
{
	struct request *q = ctx;
	if (reply->state == REPLY_DONE)
		app_command (app, &person_erase_record, q->item, q->after.at, q->after.n, ERASE_MS, erase_begun, q);
	else
		reply_fault (q, reply);
}

static void person_known (struct app *app, void *ctx, const struct reply *reply)
{
	struct request *q = ctx;
	struct person_erase *cmd = q->item;
	json_t *page = reply->state == REPLY_DONE ? json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL) : NULL;
	json_t *data = json_object_get (page, "data");
	if (reply->state != REPLY_DONE) {
		reply_fault (q, reply);
	} else if (!json_is_true (json_object_get (data, "known")) && cmd->has.email != HERE) {
		reply_error (q, ERROR_contact_not_found, NULL, NULL);
	} else {
		struct person_note note = { .head = cmd->head,
					    .erasure_id = cmd->erasure_id,
					    .what = "person_erase",
					    .contact_id = cmd->contact_id,
					    .ids = json_kept (q, json_object_get (data, "ids")),
					    .words = json_kept (q, json_object_get (data, "by_value")),
					    .has = { .contact_id = cmd->has.contact_id, .ids = HERE, .words = HERE } };
		note.head.id = made_id (cmd->head.actor, cmd->head.id, "person_note");
		app_command (app, &person_note_record, &note, NULL, 0, ERASE_MS, erase_noted, q);
	}
	json_decref (page);
}

static void person_look (struct request *q)
{
	struct person_erase *cmd = q->item;
	struct person_get *query = arena_alloc (q->arena, sizeof *query);
	int refusal = seat_check (q->seat, PERMISSION_crm_erase);
	if (refusal != ALLOWED) {
		reply_error (q, refusal, NULL, NULL);
		return;
	}
	cmd->head = head_of_write (q, q->seat);
	cmd->erasure_id.uuid = made_id (cmd->head.actor, cmd->head.id, "erasure_id");
	*query = (struct person_get){ .head = head_of_seat (q),
				      .contact_id = cmd->contact_id,
				      .email = cmd->email,
				      .has = { .contact_id = cmd->has.contact_id, .email = cmd->has.email } };
	app_query (q->app, &person_get_record, query, q->after.at, q->after.n, ERASE_MS, person_known, q);
}

void erase_page (struct request *q)
{
	if (!body_read (q) || !command_read (q))
		return;
	const struct person_erase *cmd = q->item;
	if (cmd->has.contact_id != HERE && cmd->has.email != HERE)
		fields_wrong (q, "/contact_id", "required");
	else
		seat_choose (q, person_look);
}

/* ---- how far it is ---- */

static const char *const services[] = { "lead-intake", "contacts", "pipeline", "mailer", "billing", "automation", "gateway" };

struct progress {
	struct request *q;
	json_t *page, *told[LENGTH (services)];
	size_t waiting;
};

struct progress_of {
	struct progress *p;
	size_t service;
};

static const json_t *told_of (const json_t *told, const json_t *id)
{
	const json_t *row;
	size_t i;
	json_array_foreach ((json_t *) told, i, row)
	{
		if (json_equal (json_object_get (row, "id"), id))
			return row;
	}
	return NULL;
}

/* Of each job what each service says; null: it has not heard of it yet, or does not answer. Ended when all have. */
static void progress_reply (struct progress *p)
{
	struct request *q = p->q;
	json_t *job;
	size_t i;
	json_array_foreach (json_object_get (p->page, "data"), i, job)
	{
		json_t *of = json_object ();
		const char *last = "";
		for (size_t s = 0; s < LENGTH (services); s++) {
			const json_t *row = told_of (p->told[s], json_object_get (job, "id"));
			const char *ended = json_string_value (json_object_get (row, "ended_at"));
			last = !ended ? NULL : last && strcmp (ended, last) > 0 ? ended : last;
			json_object_set_new (
				of, services[s],
				row ? json_pack ("{s:O, s:O, s:O, s:O, s:O, s:O, s:O}", "settled", json_object_get (row, "settled"),
						 "frames", json_object_get (row, "frames"), "of", json_object_get (row, "of"), "step",
						 json_object_get (row, "step"), "steps", json_object_get (row, "steps"), "unread",
						 json_object_get (row, "unread"), "ended_at", json_object_get (row, "ended_at"))
				    : json_null ());
		}
		json_object_set_new (job, "services", of);
		json_object_set_new (job, "ended_at", last ? json_string (last) : json_null ());
	}
	const char *text = json_kept (q, p->page);
	json_decref (p->page);
	for (size_t s = 0; s < LENGTH (services); s++)
		json_decref (p->told[s]);
	reply_text (q, 200, text);
}

static void progress_told (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct progress_of *of = ctx;
	if (reply->state == REPLY_DONE)
		of->p->told[of->service] = json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL);
	if (--of->p->waiting == 0)
		progress_reply (of->p);
}

static void erasures_found (struct app *app, void *ctx, const struct reply *reply)
{
	struct request *q = ctx;
	if (reply->state != REPLY_DONE) {
		reply_fault (q, reply);
		return;
	}
	struct progress *p = arena_alloc (q->arena, sizeof *p);
	*p = (struct progress){ .q = q,
				.page = json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL),
				.waiting = LENGTH (services) };
	for (size_t s = 0; s < LENGTH (services); s++) {
		struct progress_of *of = arena_alloc (q->arena, sizeof *of);
		*of = (struct progress_of){ p, s };
		app_ask (app, services[s], "erasures", "{}", PROGRESS_MS, progress_told, of);
	}
}

void erasures_page (struct request *q)
{
	if (!record_of_query (q))
		return;
	if (!q->sight.n_groups) {
		reply_text (q, 200, "{\"data\":[]}");
		return;
	}
	*(struct head *) q->item = head_of_read (q, 0);
	app_query (q->app, &erasure_list_record, q->item, q->after.at, q->after.n, ERASE_MS, erasures_found, q);
}
