/* Ways in, as settings add them: lead-intake keeps them, the audit here says who did it. The URL's key is made here, leaves in the one answer, and is
 * kept nowhere: lead-intake has its hash. */
#include <string.h>

#include "clock.h"
#include "gateway.h"
#include "log.h"

enum { SOURCES_MS = 5000, HOOK_BYTES = 16 };

struct adding {
	struct request *q;
	struct source_add add;
	char key[TOKEN_TEXT];
};

static void adding_noted (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct adding *a = ctx;
	struct request *q = a->q;
	char id[UUID_TEXT];
	if (reply->state != REPLY_DONE) /* the way in stands */
		log_warn ("source_not_noted", LOG_N ("state", reply->state));
	reply_text (q, 201,
		    arena_printf (q->arena, "{\"id\":\"%s\",\"hook\":\"%s/hooks/%s\"}", uuid_format (a->add.source_id.uuid, id),
				  hooks_origin (q->http), a->key));
}

static void adding_added (struct app *app, void *ctx, const struct reply *reply)
{
	struct adding *a = ctx;
	if (reply->state != REPLY_DONE) {
		reply_fault (a->q, reply);
		return;
	}
	position_keep (&a->q->caller->positions, reply->position.service, reply->position.lane, reply->position.sequence);
	struct source_note note = { .head = a->add.head,
				    .source_id = a->add.source_id,
				    .what = "source_add",
				    .kind = source_kind_names[a->add.kind],
				    .name = a->add.name,
				    .has = { HERE, HERE, HERE, a->add.has.name } };
	note.head.id = made_id (note.head.actor, note.head.correlation, "note");
	app_command (app, &source_note_record, &note, NULL, 0, SOURCES_MS, adding_noted, a);
}

static void adding_send (struct request *q)
{
	struct adding *a = q->item;
	app_command (q->app, &source_add_record, &a->add, q->after.at, q->after.n, SOURCES_MS, adding_added, a);
}

/* Of those that a workspace has; an agency's own way in is the operator's. -1: none such. */
static int kind_of (const struct source_form *form)
{
	if (form->has.kind != HERE)
		return source_kind_generic;
	for (int i = 0; i < source_kind_count; i++)
		if (strcmp (source_kind_names[i], form->kind) == 0 && i != source_kind_agency)
			return i;
	return -1;
}

void source_add_page (struct request *q)
{
	const struct source_form *form = form_taken (q);
	if (!form || !(q->seat = seat_of_write (q)))
		return;
	int kind = kind_of (form);
	if (kind < 0) {
		fields_wrong (q, "/kind", "not_a_choice");
		return;
	}
	struct adding *a = arena_alloc (q->arena, sizeof *a);
	*a = (struct adding){ .q = q };
	token_new (HOOK_BYTES, a->key);
	a->add = (struct source_add){ .head = head_of_write (q, q->seat),
				      .source_id = { uuid_v7 (clock_now ()) },
				      .kind = (enum source_kind) kind,
				      .name = form->name,
				      .url_key = a->key,
				      .secret = form->secret,
				      .form_type = form->form_type,
				      .redirect = form->redirect,
				      .origins = form->origins,
				      .owner_id = form->owner_id,
				      .verify_token = form->verify_token,
				      .mapping = form->mapping,
				      .minimum_fill = form->minimum_fill,
				      .per_minute = form->per_minute,
				      .access_token = form->access_token,
				      .stage = form->stage,
				      .tags = form->tags,
				      .assign = form->assign,
				      .has = { .source_id = HERE,
					       .kind = HERE,
					       .name = form->has.name,
					       .url_key = HERE,
					       .secret = form->has.secret,
					       .form_type = form->has.form_type,
					       .redirect = form->has.redirect,
					       .origins = form->has.origins,
					       .owner_id = form->has.owner_id,
					       .verify_token = form->has.verify_token,
					       .mapping = form->has.mapping,
					       .minimum_fill = form->has.minimum_fill,
					       .per_minute = form->has.per_minute,
					       .access_token = form->has.access_token,
					       .stage = form->has.stage,
					       .tags = form->has.tags,
					       .assign = form->has.assign } };
	a->add.head.id = uuid_v7 (clock_now ()); /* a URL leaves once: a repeat makes another one */
	q->item = a;
	owner_check (q, a->add.has.owner_id == HERE ? &a->add.owner_id.uuid : NULL, adding_send);
}
