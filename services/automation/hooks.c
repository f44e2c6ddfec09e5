/* Endpoints are added, changed, taken away; events become messages for them; see hooks.h. Secrets are sealed before they are kept, and leave in the one answer.
 * It must never tell an endpoint of an event that may not leave the product (public_events.h). */
#include "hooks.h"

#include <sodium.h>
#include <string.h>
#include "automation_sql.h"
#include "charset.h"
#include "clock.h"
#include "given.h"
#include "hook_sign.h"
#include "public_events.h"
#include "seal.h"

/* ---- what is remembered ---- */

enum { HOOKED_MOST = 512 };

struct hooked {
	struct uuid workspace;
	const struct hook_endpoint_row *endpoint; /* those that are on and hear something */
	json_t **events;
	size_t n;
};

static struct {
	struct arena arena;
	struct hooked of[HOOKED_MOST];
	size_t n;
	bool begun;
} book; /* the writer's alone */

void hooks_forget (struct batch *b)
{
	struct automation_memory *m = batch_state (b);
	m->hooks_known = false;
}

static void book_open (struct batch *b)
{
	struct automation_memory *m = batch_state (b);
	if (m->hooks_known && book.n < HOOKED_MOST)
		return;
	for (size_t i = 0; i < book.n; i++)
		for (size_t k = 0; k < book.of[i].n; k++)
			json_decref (book.of[i].events[k]);
	if (book.begun)
		arena_reset (&book.arena);
	else
		arena_init (&book.arena);
	book.begun = m->hooks_known = true;
	book.n = 0;
}

static const struct hooked *hooked_of (struct batch *b, struct uuid workspace)
{
	size_t rows;
	book_open (b);
	for (size_t i = 0; i < book.n; i++)
		if (uuid_equal (book.of[i].workspace, workspace))
			return &book.of[i];
	struct workspace_ask ask = { .workspace_id = { workspace } };
	const struct hook_endpoint_row *row = hook_endpoint_load (b, &ask, 1, &rows);
	struct hook_endpoint_row *keep = arena_array (&book.arena, rows + 1, sizeof *keep);
	struct hooked *to = &book.of[book.n++];
	*to = (struct hooked){ .workspace = workspace, .endpoint = keep };
	to->events = arena_array (&book.arena, rows + 1, sizeof (json_t *));
	for (size_t i = 0; i < rows; i++) {
		json_t *events = row[i].state == hook_state_on ? json_loads (row[i].events, 0, NULL) : NULL;
		if (json_array_size (events)) {
			keep[to->n] = (struct hook_endpoint_row){ .hook_endpoint_id = row[i].hook_endpoint_id,
								  .created_at = row[i].created_at };
			to->events[to->n++] = events;
		} else
			json_decref (events);
	}
	return to;
}

/* ---- messages ---- */

static struct uuid delivery_id (struct uuid endpoint, struct uuid event)
{
	unsigned char both[32];
	memcpy (both, endpoint.b, 16);
	memcpy (both + 16, event.b, 16);
	return uuid_of (both, sizeof both);
}

/* Its field of that name, where it is an id. */
static unsigned char id_take (const struct record *r, const void *item, const char *name, struct uuid *ret)
{
	const struct field *f = record_field (r, name);
	if (!f || f->kind != KIND_ID || field_has (f, item) != HERE)
		return ABSENT;
	memcpy (ret, (const char *) item + f->offset, sizeof *ret);
	return HERE;
}

void hooks_hear (struct batch *b, const struct record *r, const void *item, size_t n)
{
	struct hook_delivery_row *row = ARRAY (b, row, n * HOOK_ENDPOINTS + 1);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		const void *at = (const char *) item + i * r->size;
		const struct head *head = at;
		const struct hooked *to = hooked_of (b, head->workspace);
		const char *body = NULL;
		for (size_t k = 0; k < to->n; k++) {
			if (head->recorded < to->endpoint[k].created_at || !hook_wants (to->events[k], r->type))
				continue;
			if (!body)
				body = hook_body (batch_arena (b), r, at);
			struct hook_delivery_row *d = &row[rows++];
			*d = (struct hook_delivery_row){ .workspace_id = { head->workspace },
							 .hook_delivery_id = { delivery_id (to->endpoint[k].hook_endpoint_id.uuid,
											    head->id) },
							 .hook_endpoint_id = to->endpoint[k].hook_endpoint_id,
							 .event_id = { head->id },
							 .event_type = r->type,
							 .at = head->at,
							 .body = body };
			d->has.deal_id = id_take (r, at, "deal_id", &d->deal_id.uuid);
			d->has.lead_id = id_take (r, at, "lead_id", &d->lead_id.uuid);
			d->has.contact_id = id_take (r, at, "contact_id", &d->contact_id.uuid);
			d->has.document_id = id_take (r, at, "document_id", &d->document_id.uuid);
			d->has.record_id = id_take (r, at, "record_id", &d->record_id.uuid);
		}
	}
	hook_delivery_write (b, row, rows);
	if (rows)
		batch_wake (b);
}

/* ---- endpoints ---- */

static struct outcome may_write (const struct head *head)
{
	bool whole = head->grant.scope == SCOPE_WORKSPACE || head->grant.scope == SCOPE_ALL;
	return whole && grant_allows (&head->grant, PERMISSION_crm_settings) ? done () : refused (forbidden);
}

struct endpoints {
	const struct hook_endpoint_row *at;
	size_t n;
};

static struct endpoints endpoints_load (struct batch *b, struct uuid workspace)
{
	struct endpoints ret;
	struct workspace_ask ask = { .workspace_id = { workspace } };
	ret.at = hook_endpoint_load (b, &ask, 1, &ret.n);
	return ret;
}

/* For who writes them: what a talk ends with meanwhile is not written over. */
static struct endpoints endpoints_hold (struct batch *b, struct uuid workspace)
{
	struct endpoints ret;
	struct workspace_ask ask = { .workspace_id = { workspace } };
	ret.at = hook_endpoint_hold (b, &ask, 1, &ret.n);
	return ret;
}

static const struct hook_endpoint_row *endpoint_find (const struct endpoints *all, struct uuid id)
{
	for (size_t i = 0; i < all->n; i++)
		if (uuid_equal (all->at[i].hook_endpoint_id.uuid, id))
			return &all->at[i];
	return NULL;
}

static struct outcome name_check (struct batch *b, const struct endpoints *all, struct uuid id, const char *name)
{
	if (!is_said (HERE, name))
		return refused_at (batch_arena (b), "/name", "required", "an address is called something");
	for (size_t i = 0; i < all->n; i++)
		if (!uuid_equal (all->at[i].hook_endpoint_id.uuid, id) && text_same (all->at[i].name, name))
			return refused_at (batch_arena (b), "/name", "taken", "there is one of that name");
	return done ();
}

/* What is no name of a host is refused when it is looked up; here only what cannot be an address of ours. */
static struct outcome url_check (struct batch *b, const char *url)
{
	bool good = strncmp (url, "https://", 8) == 0 || (automation_config.private && strncmp (url, "http://", 7) == 0);
	for (const char *at = url; *at; at++)
		good = good && (unsigned char) *at > ' ' && (unsigned char) *at <= '~';
	return good && !strchr (url, '@') ? done ()
					  : refused_at (batch_arena (b), "/url", "bad_host",
							"an address that begins with https://, without a name and password in it");
}

static struct outcome events_check (struct batch *b, const char *json)
{
	const char *wrong;
	json_t *patterns = json_loads (json, 0, NULL);
	bool good = hook_patterns_good (patterns, &wrong);
	struct outcome ret = good ? done ()
				  : refused_at (batch_arena (b), "/events", "not_a_choice",
						arena_printf (batch_arena (b), "a list of at most %d types of events: %s", HOOK_EVENTS,
							      wrong ? wrong : ""));
	json_decref (patterns);
	return ret;
}

/* A new secret: sealed in the row, and as it is said this once. Null: there is no CRM_KEY. */
static const char *secret_make (struct batch *b, struct hook_endpoint_row *row)
{
	struct hook_key key = { .n = 32 };
	randombytes_buf (key.at, key.n);
	const char *secret = hook_secret_write (batch_arena (b), &key);
	row->sealed = seal_text (batch_arena (b), (struct bytes){ (const unsigned char *) secret, strlen (secret) });
	row->has.sealed = HERE;
	sodium_memzero (&key, sizeof key);
	return row->sealed ? secret : NULL;
}

static void endpoint_keep (struct batch *b, const struct head *cause, const struct hook_endpoint_row *row, struct outcome *ret)
{
	struct hook_endpoint_changed said = { .head = head_caused (b, cause),
					      .hook_endpoint_id = row->hook_endpoint_id,
					      .name = row->name,
					      .state = row->state,
					      .removed = row->has.removed_at == HERE,
					      .owner_id = row->created_by,
					      .has.owner_id = row->has.created_by };
	hook_endpoint_write (b, row, 1);
	if (row->has.removed_at == HERE)
		hook_endpoint_stop (b, row, 1);
	hook_endpoint_changed_emit (b, &said, 1);
	hooks_forget (b);
	batch_wake (b);
	*ret = done ();
	ret->id = row->hook_endpoint_id.uuid;
	ret->version = row->version;
}

static struct outcome endpoint_make (struct batch *b, const struct hook_endpoint_add *cmd)
{
	const struct endpoints all = endpoints_hold (b, cmd->head.workspace);
	struct hook_endpoint_row row = { .workspace_id = { cmd->head.workspace },
					 .hook_endpoint_id = cmd->hook_endpoint_id,
					 .version = 1,
					 .name = cmd->name,
					 .url = cmd->url,
					 .events = cmd->has.events == HERE ? cmd->events : "[]",
					 .state = cmd->has.enabled == HERE && !cmd->enabled ? hook_state_off : hook_state_on,
					 .created_at = batch_now (b),
					 .created_by = { cmd->head.actor },
					 .has.created_by = HERE };
	struct outcome ret = may_write (&cmd->head);
	if (is_done (ret))
		ret = name_check (b, &all, row.hook_endpoint_id.uuid, row.name);
	if (is_done (ret))
		ret = url_check (b, row.url);
	if (is_done (ret))
		ret = events_check (b, row.events);
	if (is_done (ret) && all.n >= HOOK_ENDPOINTS)
		ret = refused_at (batch_arena (b), "/name", "too_many", "fifty addresses are the most");
	const char *secret = is_done (ret) ? secret_make (b, &row) : NULL;
	if (is_done (ret) && !secret)
		ret = refused (unavailable);
	if (!is_done (ret))
		return ret;
	endpoint_keep (b, &cmd->head, &row, &ret);
	ret.secret = arena_printf (batch_arena (b), "{\"secret\":\"%s\"}", secret);
	return ret;
}

void hook_endpoint_add (struct batch *b, const struct hook_endpoint_add cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		ret[i] = endpoint_make (b, &cmd[i]);
}

static struct outcome endpoint_change (struct batch *b, const struct hook_endpoint_update *cmd)
{
	const struct endpoints all = endpoints_hold (b, cmd->head.workspace);
	const struct hook_endpoint_row *was = endpoint_find (&all, cmd->hook_endpoint_id.uuid);
	struct outcome ret = may_write (&cmd->head);
	if (is_done (ret) && !was)
		ret = refused (hook_endpoint_not_found);
	if (is_done (ret) && cmd->has.version == HERE && cmd->version != was->version)
		ret = refused (stale);
	if (is_done (ret) && cmd->has.name != ABSENT)
		ret = name_check (b, &all, was->hook_endpoint_id.uuid, cmd->has.name == HERE ? cmd->name : "");
	if (is_done (ret) && cmd->has.url != ABSENT)
		ret = url_check (b, cmd->has.url == HERE ? cmd->url : "");
	if (is_done (ret) && cmd->has.events == HERE)
		ret = events_check (b, cmd->events);
	if (!is_done (ret))
		return ret;
	struct hook_endpoint_row row = *was;
	row.version++;
	if (cmd->has.name == HERE)
		row.name = cmd->name;
	if (cmd->has.url == HERE)
		row.url = cmd->url;
	if (cmd->has.events != ABSENT)
		row.events = cmd->has.events == HERE ? cmd->events : "[]";
	if (cmd->has.enabled == HERE)
		row.state = cmd->enabled ? hook_state_on : hook_state_off;
	if (strcmp (row.url, was->url) != 0 || (row.state == hook_state_on && was->state != hook_state_on))
		hook_endpoint_wake (b, &row, 1);
	endpoint_keep (b, &cmd->head, &row, &ret);
	return ret;
}

void hook_endpoint_update (struct batch *b, const struct hook_endpoint_update cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		ret[i] = endpoint_change (b, &cmd[i]);
}

void hook_endpoint_remove (struct batch *b, const struct hook_endpoint_remove cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		const struct endpoints all = endpoints_hold (b, cmd[i].head.workspace);
		const struct hook_endpoint_row *was = endpoint_find (&all, cmd[i].hook_endpoint_id.uuid);
		ret[i] = may_write (&cmd[i].head);
		if (is_done (ret[i]) && !was)
			ret[i] = refused (hook_endpoint_not_found);
		if (!is_done (ret[i]))
			continue;
		struct hook_endpoint_row row = *was;
		row.version++;
		row.state = hook_state_off;
		row.removed_at = batch_now (b);
		row.has.removed_at = HERE;
		row.has.sealed = row.has.old_sealed = row.has.old_until = CLEARED;
		endpoint_keep (b, &cmd[i].head, &row, &ret[i]);
	}
}

void hook_secret_rotate (struct batch *b, const struct hook_secret_rotate cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		const struct endpoints all = endpoints_hold (b, cmd[i].head.workspace);
		const struct hook_endpoint_row *was = endpoint_find (&all, cmd[i].hook_endpoint_id.uuid);
		struct hook_endpoint_row row = was ? *was : (struct hook_endpoint_row){ 0 };
		ret[i] = may_write (&cmd[i].head);
		if (is_done (ret[i]) && !was)
			ret[i] = refused (hook_endpoint_not_found);
		const char *secret = is_done (ret[i]) ? secret_make (b, &row) : NULL;
		if (is_done (ret[i]) && !secret)
			ret[i] = refused (unavailable);
		if (!is_done (ret[i]))
			continue;
		bool both = !(cmd[i].has.now == HERE && cmd[i].now);
		row.version++;
		row.old_sealed = was->sealed;
		row.old_until = batch_now (b) + HOOK_ROTATES * INT64_C (3600000000);
		row.has.old_sealed = row.has.old_until = both ? HERE : CLEARED;
		endpoint_keep (b, &cmd[i].head, &row, &ret[i]);
		ret[i].secret = arena_printf (batch_arena (b), "{\"secret\":\"%s\"}", secret);
	}
}

/* ---- messages by hand ---- */

static unsigned char id_has (struct uuid id)
{
	return uuid_is_null (id) ? CLEARED : HERE;
}

static struct outcome message_keep (struct batch *b, const struct head *head, hook_delivery_id id, hook_endpoint_id to, const char *type,
				    const char *body, const struct hook_about *about)
{
	const struct endpoints all = endpoints_load (b, head->workspace);
	const struct hook_endpoint_row *endpoint = endpoint_find (&all, to.uuid);
	struct hook_delivery_row row = { .workspace_id = { head->workspace },
					 .hook_delivery_id = id,
					 .hook_endpoint_id = to,
					 .event_id = { id.uuid },
					 .event_type = type,
					 .at = batch_now (b),
					 .body = body,
					 .deal_id = { about->deal },
					 .lead_id = { about->lead },
					 .contact_id = { about->contact },
					 .document_id = { about->document },
					 .has = { .deal_id = id_has (about->deal),
						  .lead_id = id_has (about->lead),
						  .contact_id = id_has (about->contact),
						  .document_id = id_has (about->document) } };
	if (!endpoint)
		return refused (hook_endpoint_not_found);
	if (endpoint->state != hook_state_on)
		return refused (hook_endpoint_off);
	hook_delivery_write (b, &row, 1);
	batch_wake (b);
	struct outcome ret = done ();
	ret.id = id.uuid;
	return ret;
}

void hook_test (struct batch *b, const struct hook_test cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		char at[TIME_TEXT], workspace[UUID_TEXT];
		const char *body = arena_printf (batch_arena (b),
						 "{\"type\":\"test.ping\",\"timestamp\":\"%s\",\"data\":{\"workspace_id\":\"%s\"}}",
						 time_format (batch_now (b), at), uuid_format (cmd[i].head.workspace, workspace));
		ret[i] = may_write (&cmd[i].head);
		if (is_done (ret[i]))
			ret[i] = message_keep (b, &cmd[i].head, cmd[i].hook_delivery_id, cmd[i].hook_endpoint_id, "test.ping", body,
					       &(struct hook_about){ 0 });
	}
}

struct outcome hook_give (struct batch *b, const struct hook_send *cmd, const struct hook_about *about)
{
	char at[TIME_TEXT];
	const char *data = cmd->has.data == HERE ? cmd->data : "{}";
	const char *body = arena_printf (batch_arena (b), "{\"type\":\"rule.sent\",\"timestamp\":\"%s\",\"data\":%s}",
					 time_format (batch_now (b), at), data);
	return message_keep (b, &cmd->head, cmd->hook_delivery_id, cmd->hook_endpoint_id, "rule.sent", body, about);
}

/* An id that the data names, as what an event would have said of itself. */
static struct uuid data_id (const json_t *data, const char *name)
{
	struct uuid ret = { 0 };
	const char *text = json_string_value (json_object_get (data, name));
	return text && uuid_parse (text, &ret) == OK ? ret : (struct uuid){ 0 };
}

void hook_send (struct batch *b, const struct hook_send cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		json_t *data = cmd[i].has.data == HERE ? json_loads (cmd[i].data, 0, NULL) : NULL;
		const struct hook_about about = { .deal = data_id (data, "deal_id"),
						  .lead = data_id (data, "lead_id"),
						  .contact = data_id (data, "contact_id"),
						  .document = data_id (data, "document_id") };
		json_decref (data);
		ret[i] = hook_give (b, &cmd[i], &about);
	}
}

void hook_resend (struct batch *b, const struct hook_resend cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		const struct endpoints all = endpoints_hold (b, cmd[i].head.workspace);
		const struct hook_endpoint_row *to = endpoint_find (&all, cmd[i].hook_endpoint_id.uuid);
		struct hook_again_ask ask = {
			.workspace_id = { cmd[i].head.workspace },
			.hook_endpoint_id = cmd[i].hook_endpoint_id,
			.hook_delivery_id = cmd[i].hook_delivery_id,
			.since = cmd[i].since,
			.until = cmd[i].until,
			.failed = cmd[i].has.failed == HERE && cmd[i].failed,
			.has = { .hook_delivery_id = cmd[i].has.hook_delivery_id, .since = cmd[i].has.since, .until = cmd[i].has.until }
		};
		size_t rows;
		ret[i] = may_write (&cmd[i].head);
		if (is_done (ret[i]) && !to)
			ret[i] = refused (hook_endpoint_not_found);
		if (is_done (ret[i]) && to->state != hook_state_on)
			ret[i] = refused (hook_endpoint_off);
		if (is_done (ret[i]) && ask.has.hook_delivery_id != HERE && ask.has.since != HERE)
			ret[i] = refused_at (batch_arena (b), "/since", "required", "one delivery, or those from a time on");
		if (!is_done (ret[i]))
			continue;
		const struct hook_agained *again = hook_again (b, &ask, 1, &rows);
		batch_wake (b);
		ret[i].data = arena_printf (batch_arena (b), "{\"again\":%lld}", (long long) again->again);
	}
}

/* ---- what became of endpoints ---- */

/* Who made it is told by their bell. */
static void failure_ring (struct batch *b, const struct head *head, const struct hook_untold *u)
{
	bool dutch = strcmp (u->language, "nl") == 0;
	char user[UUID_TEXT], id[UUID_TEXT];
	struct uuid notice = uuid_new (b);
	struct buffer title = { 0 };
	json_quote (&title,
		    arena_printf (batch_arena (b),
				  u->state == hook_state_gone ? (dutch ? "Webhook %s is uitgeschakeld: de ontvanger wil niets meer"
								       : "Webhook %s was switched off: its receiver wants nothing more")
							      : (dutch ? "Webhook %s is uitgeschakeld: er kwam dagenlang niets aan"
								       : "Webhook %s was switched off: nothing arrived for days"),
				  u->name));
	struct action_wanted wanted = { .head = head_caused (b, head),
					.action_id = { notice },
					.service = "contacts",
					.command = "notice_ring",
					.body = arena_printf (batch_arena (b), "{\"notice_id\":\"%s\",\"user_id\":\"%s\",\"title\":%.*s}",
							      uuid_format (notice, id), uuid_format (u->created_by.uuid, user),
							      (int) title.n, (const char *) title.at),
					.scope = scope_names[SCOPE_WORKSPACE],
					.permissions = INT64_C (1) << PERMISSION_crm_edit,
					.by_id = { u->hook_endpoint_id.uuid } };
	wanted.head.actor = u->hook_endpoint_id.uuid;
	buffer_fini (&title);
	if (u->has.created_by == HERE)
		action_wanted_emit (b, &wanted, 1);
}

static size_t endpoints_tell (struct batch *b, const struct hooks_tell *cmd)
{
	size_t n, rows;
	const struct workspace_due *due = hooks_changed (b, cmd, 1, &n);
	due = batch_own (b, &workspace_due_record, due, &n);
	if (!n)
		return 0;
	const struct hook_untold *u = hooks_untold (b, due, n, &rows);
	for (size_t i = 0; i < rows; i++) {
		struct head *head = arena_alloc (batch_arena (b), sizeof *head);
		*head = cmd->head;
		head->workspace = u[i].workspace_id.uuid;
		struct hook_endpoint_changed said = { .head = head_caused (b, head),
						      .hook_endpoint_id = u[i].hook_endpoint_id,
						      .name = u[i].name,
						      .state = u[i].state,
						      .owner_id = u[i].created_by,
						      .has.owner_id = u[i].has.created_by };
		hook_endpoint_changed_emit (b, &said, 1);
		failure_ring (b, head, &u[i]);
	}
	hook_told_write (b, u, rows);
	if (rows)
		hooks_forget (b);
	return rows;
}

void hooks_tell (struct batch *b, const struct hooks_tell cmd[], size_t n, struct outcome ret[])
{
	enum { OLD_EVERY = 60000000 }; /* µs: what is old has time */
	static int64_t dropped;	       /* the writer's alone */
	struct hooks_tell tell = cmd[0];
	tell.now = batch_now (b); /* a clock's command bears no time */
	endpoints_tell (b, &tell);
	hooks_idle (b, &tell, 1);
	hooks_counted (b, &tell);
	if (batch_now (b) - dropped >= OLD_EVERY) {
		hook_late_end (b, &tell, 1);
		hook_old_drop (b, &tell, 1);
		hook_secret_drop (b, &tell, 1);
		dropped = batch_now (b);
	}
	for (size_t i = 0; i < n; i++)
		ret[i] = done ();
}
