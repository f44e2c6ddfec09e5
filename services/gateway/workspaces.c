/* Workspaces as an agency makes and changes them, and what a preset set in one. A new workspace comes with a way in, so that its first lead is one
 * request away. Never a workspace of another agency, whatever its id. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "log.h"
#include "presets.h"
#include "workspaces.h"

enum { WORKSPACE_MS = 5000, SOURCE_MS = 8000, SLUG_MOST = 60, HOOK_KEY_BYTES = 20 };

/* ---- making one ---- */

/* a-z, 0-9 and single hyphens of a name; letters with accents lose them where that is one byte away, else they are a gap. */
static const char *slug_of (struct arena *a, const char *name)
{
	char *ret = arena_alloc (a, SLUG_MOST + 1), *to = ret;
	bool gap = false;
	for (const unsigned char *p = (const unsigned char *) name; *p && to < ret + SLUG_MOST - 8; p++) {
		unsigned char c = *p >= 'A' && *p <= 'Z' ? (unsigned char) (*p + 32) : *p;
		bool fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
		if (!fits) {
			gap = to > ret;
			continue;
		}
		if (gap)
			*to++ = '-';
		else if (to == ret && c <= '9')
			*to++ = 'w';
		gap = false;
		*to++ = (char) c;
	}
	*to = 0;
	return to > ret + 1 ? ret : "workspace";
}

/* The last part of the URL: the same when all is repeated, and told by nobody who does not hold CRM_KEY. */
static const char *hook_key (struct making *m)
{
	char token[TOKEN_TEXT];
	const char *key = app_config (m->q->app)->key;
	struct uuid seed = made_id (m->actor, m->command, "hook");
	if (!*key)
		return arena_text (m->q->arena, token_new (HOOK_KEY_BYTES, token));
	char *hex = arena_alloc (m->q->arena, SHA256_TEXT);
	hmac_sha256_text ((struct bytes){ (const unsigned char *) key, strlen (key) }, (struct bytes){ seed.b, sizeof seed.b }, hex);
	hex[HOOK_KEY_BYTES * 2] = 0;
	return hex;
}

static struct head head_of_making (struct making *m, const char *step)
{
	struct head ret = { .workspace = m->id, .actor = m->actor, .at = clock_now (), .correlation = m->command };
	ret.id = made_id (m->actor, m->command, step);
	ret.grant.scope = SCOPE_ALL;
	ret.grant.permissions = (UINT64_C (1) << PERMISSION_COUNT) - 1;
	return ret;
}

static void making_noted (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct making *m = ctx;
	if (reply->state != REPLY_DONE)
		log_warn ("source_not_noted", LOG_N ("state", reply->state));
	m->then (m);
}

static void making_sourced (struct app *app, void *ctx, const struct reply *reply)
{
	struct making *m = ctx;
	if (reply->state != REPLY_DONE) { /* the workspace stands; a way in can be added later */
		log_warn ("workspace_without_hook", LOG_N ("state", reply->state));
		m->then (m);
		return;
	}
	m->hook = arena_printf (m->q->arena, "%s/hooks/%s", hooks_origin (m->q->http), m->key);
	struct source_note note = { .head = head_of_making (m, "note"),
				    .source_id = { made_id (m->actor, m->command, "source_id") },
				    .what = "source_add",
				    .kind = source_kind_names[source_kind_generic],
				    .name = m->name,
				    .has = { HERE, HERE, HERE, HERE } };
	app_command (app, &source_note_record, &note, NULL, 0, WORKSPACE_MS, making_noted, m);
}

/* lead-intake hears of the workspace by an event: the position says to wait for it. */
static void making_source (struct making *m)
{
	m->key = hook_key (m);
	struct source_add add = { .head = head_of_making (m, "source"),
				  .source_id = { made_id (m->actor, m->command, "source_id") },
				  .kind = source_kind_generic,
				  .name = m->name,
				  .url_key = m->key,
				  .has = { .source_id = HERE, .kind = HERE, .name = HERE, .url_key = HERE } };
	app_command (m->q->app, &source_add_record, &add, m->after.at, m->after.n, SOURCE_MS, making_sourced, m);
}

static void making_seated (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct making *m = ctx;
	if (reply->state == REPLY_DONE)
		position_keep (&m->after, reply->position.service, reply->position.lane, reply->position.sequence);
	else
		log_warn ("workspace_without_owner", LOG_N ("state", reply->state));
	making_source (m);
}

static void making_seat (struct making *m)
{
	struct member_set set = {
		.head = head_of_making (m, "owner"), .user_id = { m->owner }, .role = "owner", .has = { .user_id = HERE, .role = HERE }
	};
	app_command (m->q->app, &member_set_record, &set, NULL, 0, WORKSPACE_MS, making_seated, m);
}

static void making_made (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct making *m = ctx;
	if (reply->state == REPLY_REFUSED && reply->error == ERROR_slug_taken && m->own_slug && m->tries++ < 3) {
		char more[TOKEN_TEXT];
		m->slug = arena_printf (m->q->arena, "%s-%.4s", slug_of (m->q->arena, m->name), token_new (5, more));
		making_start (m);
		return;
	}
	if (reply->state != REPLY_DONE) {
		reply_fault (m->q, reply);
		return;
	}
	position_keep (&m->after, reply->position.service, reply->position.lane, reply->position.sequence);
	if (uuid_is_null (m->owner))
		making_source (m);
	else
		making_seat (m);
}

void making_start (struct making *m)
{
	char step[40];
	m->own_slug = m->own_slug || !m->slug;
	if (!m->slug)
		m->slug = slug_of (m->q->arena, m->name);
	snprintf (step, sizeof step, "workspace %d", m->tries);
	m->id = made_id (m->actor, m->command, "workspace_id");
	struct workspace_add add = { .head = head_of_making (m, step),
				     .slug = m->slug,
				     .workspace_id = { m->id },
				     .agency_id = { m->agency },
				     .name = m->name,
				     .preset = m->preset,
				     .language = m->language,
				     .currency = m->currency,
				     .timezone = m->timezone,
				     .country = m->country,
				     .has = { .slug = HERE,
					      .workspace_id = HERE,
					      .agency_id = HERE,
					      .name = HERE,
					      .preset = HERE,
					      .language = m->language ? HERE : ABSENT,
					      .currency = m->currency ? HERE : ABSENT,
					      .timezone = m->timezone ? HERE : ABSENT,
					      .country = m->country ? HERE : ABSENT } };
	app_command (m->q->app, &workspace_add_record, &add, NULL, 0, WORKSPACE_MS, making_made, m);
}

static void workspace_made (struct making *m)
{
	char id[UUID_TEXT];
	struct request *q = m->q;
	caller_changed (q->caller);
	for (size_t i = 0; i < m->after.n; i++)
		position_keep (&q->caller->positions, m->after.at[i].service, m->after.at[i].lane, m->after.at[i].sequence);
	reply_text (q, 201,
		    arena_printf (q->arena, "{\"id\":\"%s\",\"slug\":\"%s\",\"hook\":%s%s%s}", uuid_format (m->id, id), m->slug,
				  m->hook ? "\"" : "", m->hook ? m->hook : "null", m->hook ? "\"" : ""));
}

#define FIELD_OF(form, field) ((form)->has.field == HERE ? (form)->field : NULL)

/* Where it stands is looked at here: what the command takes from operators and presets, a form has to say right. False: answered. */
static bool place_fits (struct request *q, const struct workspace_form *form)
{
	struct preset_set parts = { .language = form->language, .currency = form->currency, .country = form->country };
	parts.has.language = form->has.language;
	parts.has.currency = form->has.currency;
	parts.has.country = form->has.country;
	const char *wrong = preset_parts_wrong (&parts);
	if (wrong)
		fields_wrong (q, wrong, "not_a_choice");
	else if (form->has.timezone == HERE && !zone_fits (form->timezone))
		fields_wrong (q, "/timezone", "not_a_timezone");
	return !wrong && (form->has.timezone != HERE || zone_fits (form->timezone));
}

void workspace_add_page (struct request *q)
{
	const struct workspace_form *form = form_taken (q);
	struct making *m = arena_alloc (q->arena, sizeof *m);
	const char *key = http_header (q->http, "Idempotency-Key");
	if (!form || !place_fits (q, form))
		return;
	*m = (struct making){ .q = q,
			      .actor = q->caller->actor,
			      .agency = q->caller->agency,
			      .command = key && *key ? key_id (q->caller->actor, key) : uuid_v7 (clock_now ()),
			      .name = form->name,
			      .slug = FIELD_OF (form, slug),
			      .preset = form->preset,
			      .language = FIELD_OF (form, language),
			      .currency = FIELD_OF (form, currency),
			      .timezone = FIELD_OF (form, timezone),
			      .country = FIELD_OF (form, country),
			      .then = workspace_made };
	making_start (m);
}

/* ---- the one that the path names ---- */

static void workspace_found (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	target_take (ctx, reply, ERROR_workspace_not_found);
}

/* By id or short name; an admin of the agency finds the archived ones, too, by id. */
static void workspace_find (struct request *q, page_fn *then)
{
	const struct seat *seat = seat_find (q->caller->seats, q->caller->n_seats, q->found.value);
	bool id = uuid_parse (q->found.value, &q->target) == OK;
	if (seat)
		q->target = seat->workspace;
	else if (!q->caller->agency_admin || !id) {
		reply_error (q, ERROR_workspace_not_found, NULL, NULL);
		return;
	}
	q->seat = seat ? seat : &q->caller->home;
	if (!grant_allows (&q->seat->grant, q->row->permission)) {
		reply_error (q, ERROR_forbidden, NULL, NULL);
		return;
	}
	struct uuid *set = arena_alloc (q->arena, sizeof *set);
	*set = q->seat->workspace;
	struct preset_get *get = arena_alloc (q->arena, sizeof *get);
	*get = (struct preset_get){ .head = { .actor = q->caller->actor,
					      .id = q->id,
					      .correlation = q->id,
					      .grant = q->seat->grant,
					      .workspaces = set,
					      .n_workspaces = 1 },
				    .workspace_id = { q->target },
				    .has.workspace_id = HERE };
	q->then = then;
	app_query (q->app, &preset_get_record, get, q->after.at, q->after.n, WORKSPACE_MS, workspace_found, q);
}

static void workspace_changed (struct app *app, void *ctx, const struct reply *reply)
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
	reply_text (q, 200, arena_printf (q->arena, "{\"id\":\"%s\"}", uuid_format (q->target, id)));
}

static void change_send (struct request *q)
{
	struct head *head = q->item;
	*head = head_of_write (q, q->seat);
	head->workspace = q->target;
	/* both commands begin with the id of the workspace that they are about */
	memcpy ((char *) q->item + record_field (q->row->record, "workspace_id")->offset, &q->target, sizeof q->target);
	app_command (q->app, q->row->record, q->item, q->after.at, q->after.n, WORKSPACE_MS, workspace_changed, q);
}

/* The body is the command but for the workspace, which the path says. */
static void change_page (struct request *q)
{
	struct problem problem = { 0 };
	q->item = arena_alloc (q->arena, q->row->record->size);
	if (!body_read (q))
		return;
	if (json_object_get (q->body, "workspace_id"))
		problem_add (q->arena, &problem, "/workspace_id", "unknown", "there is no such field");
	else
		json_object_set_new (q->body, "workspace_id", json_string ("00000000-0000-0000-0000-000000000000"));
	if (problem.n_errors || record_from_json (q->arena, q->row->record, q->body, true, q->item, &problem) != OK)
		reply_error (q, ERROR_invalid, NULL, &problem);
	else
		workspace_find (q, change_send);
}

void workspace_update_page (struct request *q)
{
	change_page (q);
}

void preset_set_page (struct request *q)
{
	change_page (q);
}

/* ---- presets ---- */

void presets_list_page (struct request *q)
{
	reply_text (q, 200, arena_printf (q->arena, "{\"data\":%s,\"next\":null}", presets_page ()));
}

static const json_t *preset_named (const json_t *all, const char *name)
{
	json_t *preset;
	size_t i;
	json_array_foreach ((json_t *) all, i, preset)
	{
		if (strcmp (json_string_value (json_object_get (preset, "name")), name) == 0)
			return preset;
	}
	return NULL;
}

/* What differs from the preset; the locale is the firm's own from the beginning. */
static json_t *changed_of (const json_t *page, const json_t *preset)
{
	static const char *const parts[] = { "label_profile", "landing", "tabs", "header", "move_mode", "admin_only" };
	json_t *ret = json_array ();
	for (size_t i = 0; preset && i < LENGTH (parts); i++) {
		const json_t *own = json_object_get (page, parts[i]), *given = json_object_get (preset, parts[i]);
		if (own && given && !json_equal (own, given))
			json_array_append_new (ret, json_string (parts[i]));
	}
	return ret;
}

/* The gateway's part and the board's, as one page. A board that does not answer is told as null. */
static void board_found (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct request *q = ctx;
	json_t *board = reply->state == REPLY_DONE ? json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL) : NULL;
	json_t *page = json_loads (q->target_json, 0, NULL), *all = json_loads (presets_page (), 0, NULL);
	const json_t *preset = preset_named (all, json_string_value (json_object_get (page, "preset")));
	if (!json_is_array (json_object_get (page, "tabs")))
		json_object_set (page, "tabs", json_object_get (preset, "tabs"));
	if (!json_is_array (json_object_get (page, "header")))
		json_object_set (page, "header", json_object_get (preset, "header"));
	json_object_set_new (page, "move_mode", board ? json_incref (json_object_get (board, "move_mode")) : json_null ());
	json_object_set_new (page, "stages", board ? json_incref (json_object_get (board, "stages")) : json_null ());
	json_object_set_new (page, "changed", changed_of (page, preset));
	char *text = json_dumps (page, JSON_COMPACT);
	const char *copy = arena_text (q->arena, text);
	free (text);
	json_decref (page);
	json_decref (all);
	json_decref (board);
	reply_text (q, 200, copy);
}

static void board_ask (struct request *q)
{
	struct uuid *set = arena_alloc (q->arena, sizeof *set);
	struct stage_list *list = arena_alloc (q->arena, sizeof *list);
	*set = q->target;
	*list = (struct stage_list){ .head = { .actor = q->caller->actor,
					       .id = q->id,
					       .correlation = q->id,
					       .grant = q->seat->grant,
					       .workspaces = set,
					       .n_workspaces = 1 } };
	list->head.grant.scope = SCOPE_WORKSPACE; /* how many deals stand in a stage, whoever's */
	app_query (q->app, &stage_list_record, list, q->after.at, q->after.n, WORKSPACE_MS, board_found, q);
}

void preset_page (struct request *q)
{
	workspace_find (q, board_ask);
}
