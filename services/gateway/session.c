/* Who is asking: a cache of sessions and keys with everything they may see, filled by a query on a miss, emptied by what the gateway itself says.
 * Main thread only. It must never keep a right past the event that took it away: what was being read while such an event came is read again. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "gateway.h"
#include "log.h"
#include "presets.h"

enum { BUCKETS = 1024, ENTRIES_MAX = 8192, HASH_TEXT = 65, HOMES_MAX = 64, ASK_MS = 5000, RETRY_MS = 300 };
static const int64_t second = 1000000;
static const int64_t key_told = 600 * INT64_C (1000000); /* how often a key's use is written down */
static const int64_t fresh = 300 * INT64_C (1000000);	 /* then an entry is read again, whatever was heard */

struct waiter {
	struct waiter *next;
	caller_fn *found;
	void *ctx;
};
struct entry {
	struct entry *next;
	char hash[HASH_TEXT];
	enum caller_kind kind;
	bool loading, stale;
	uint64_t generation;   /* of the invalidations when the load began */
	struct caller *caller; /* null: not read yet */
	struct waiter *waiting;
};

static struct {
	struct app *app;
	struct entry *bucket[BUCKETS];
	size_t n;
	uint64_t generation; /* counts what was heard; a load that began before is not believed */
	struct uuid home[HOMES_MAX];
	size_t n_homes;
	bool asking_homes, looked; /* whether the installation is empty */
	uv_timer_t retry;
} cache;

/* ---- agencies ---- */

const struct uuid *homes (size_t *ret_n)
{
	*ret_n = cache.n_homes;
	return cache.home;
}

struct head head_of_homes (void)
{
	struct head ret = { .at = clock_now (), .workspaces = cache.home, .n_workspaces = cache.n_homes };
	ret.id = ret.correlation = uuid_v7 (ret.at);
	ret.grant.scope = SCOPE_ALL;
	ret.grant.permissions = (UINT64_C (1) << PERMISSION_COUNT) - 1;
	return ret;
}

static void homes_ask (void);

static void homes_again (uv_timer_t *timer)
{
	(void) timer;
	homes_ask ();
}

static void homes_later (void)
{
	cache.asking_homes = false;
	uv_timer_start (&cache.retry, homes_again, RETRY_MS, 0);
}

static void agency_made (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app, (void) ctx;
	if (reply->state != REPLY_DONE) {
		log_info ("agency_not_made", LOG_N ("state", reply->state));
		homes_later ();
		return;
	}
	cache.asking_homes = false;
	homes_ask (); /* at once: until it is read, nobody can be let in */
}

/* The very first start: nobody is there, so somebody must be. The id is the same whoever makes it, so several replicas make one. */
static void agency_make (void)
{
	static const char name[] = "the first agency";
	struct agency_add add = { .head = head_of_homes (),
				  .agency_id = { uuid_of (name, sizeof name) },
				  .name = gateway_config.agency,
				  .has = { .agency_id = HERE, .name = HERE } };
	add.head.workspace = add.agency_id.uuid;
	add.head.workspaces = NULL;
	add.head.n_workspaces = 0;
	app_command (cache.app, &agency_add_record, &add, NULL, 0, ASK_MS, agency_made, NULL);
}

static void homes_found (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app, (void) ctx;
	json_t *json = reply->state == REPLY_DONE ? json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL) : NULL;
	json_t *list = json_object_get (json, "data"), *row;
	size_t i, n = 0;
	if (!json_is_array (list)) {
		json_decref (json);
		homes_later ();
		return;
	}
	json_array_foreach (list, i, row)
	{
		const char *id = json_string_value (json_object_get (row, "id"));
		if (n < HOMES_MAX && id && uuid_parse (id, &cache.home[n]) == OK)
			n++;
	}
	json_decref (json);
	cache.n_homes = n;
	cache.asking_homes = false;
	if (!n)
		agency_make ();
	else if (!cache.looked) {
		cache.looked = true;
		setup_start (cache.app);
	}
}

static void homes_ask (void)
{
	if (cache.asking_homes)
		return;
	struct agency_list query = { .head = head_of_homes () };
	cache.asking_homes = true;
	app_query (cache.app, &agency_list_record, &query, NULL, 0, ASK_MS, homes_found, NULL);
}

void callers_start (struct app *app)
{
	cache.app = app;
	uv_timer_init (app_loop (app), &cache.retry);
	uv_unref ((uv_handle_t *) &cache.retry);
	uv_timer_start (&cache.retry, homes_again, 1, 0);
}

bool callers_settled (struct app *app)
{
	(void) app;
	return cache.n_homes > 0;
}

/* ---- a caller out of its JSON ---- */

struct caller *caller_keep (struct caller *c)
{
	c->refs++;
	return c;
}

void caller_drop (struct caller **c)
{
	if (*c && --(*c)->refs == 0) {
		arena_fini (&(*c)->arena);
		heap_free (*c);
	}
	*c = NULL;
}

static const char *text_of (struct caller *c, const json_t *o, const char *name)
{
	const char *text = json_string_value (json_object_get (o, name));
	return text ? arena_text (&c->arena, text) : NULL;
}

static const char *word_of (struct caller *c, const json_t *o, const char *name)
{
	const char *text = text_of (c, o, name);
	return text ? text : "";
}

static struct uuid id_of (const json_t *o, const char *name)
{
	struct uuid ret = { { 0 } };
	const char *text = json_string_value (json_object_get (o, name));
	if (text && uuid_parse (text, &ret) != OK)
		memset (&ret, 0, sizeof ret);
	return ret;
}

/* Whose records a team's member sees. */
static const struct uuid *owners_read (struct caller *c, const json_t *list, size_t *ret_n)
{
	struct uuid *ret = arena_array (&c->arena, json_array_size (list) + 1, sizeof *ret);
	json_t *id;
	size_t i, n = 0;
	json_array_foreach (list, i, id)
	{
		if (json_is_string (id) && uuid_parse (json_string_value (id), &ret[n]) == OK)
			n++;
	}
	*ret_n = n;
	return ret;
}

/* A workspace's own array, as text, or what its preset has. */
static const char *array_of (struct caller *c, const json_t *row, const char *name, const char *fallback)
{
	const json_t *own = json_object_get (row, name);
	char *text = json_is_array (own) ? json_dumps (own, JSON_COMPACT) : NULL;
	const char *ret = text ? arena_text (&c->arena, text) : fallback;
	free (text);
	return ret;
}

static void seat_read (struct caller *c, const json_t *row, struct seat *ret)
{
	const char *permission[PERMISSION_COUNT];
	json_t *list = json_object_get (row, "permissions"), *name;
	size_t i, n = 0, owners;
	const struct uuid *owner = owners_read (c, json_object_get (row, "owners"), &owners);
	json_array_foreach (list, i, name)
	{
		if (n < LENGTH (permission) && json_is_string (name))
			permission[n++] = json_string_value (name);
	}
	*ret = (struct seat){
		.workspace = id_of (row, "id"),
		.slug = word_of (c, row, "slug"),
		.name = word_of (c, row, "name"),
		.preset = word_of (c, row, "preset"),
		.language = word_of (c, row, "language"),
		.currency = word_of (c, row, "currency"),
		.timezone = word_of (c, row, "timezone"),
		.country = word_of (c, row, "country"),
		.default_owner_id = text_of (c, row, "default_owner_id"),
		.demo = json_is_true (json_object_get (row, "demo")),
		.label_profile = word_of (c, row, "label_profile"),
		.landing = word_of (c, row, "landing"),
		.role = word_of (c, row, "role"),
		.admin_only = json_is_true (json_object_get (row, "admin_only")),
		.feature_crm = json_is_true (json_object_get (row, "feature_crm")),
	};
	const struct preset *preset = preset_find (ret->preset);
	ret->tabs = array_of (c, row, "tabs", preset ? preset->tabs : "[]");
	ret->header = array_of (c, row, "header", preset ? preset->header : "[]");
	ret->grant = grant_of_role (word_of (c, row, "scope"), permission, n, c->actor, id_of (row, "team"), owner, owners,
				    c->agency_admin);
}

static void user_read (struct caller *c, const json_t *user)
{
	json_t *sections = json_object_get (user, "sections"), *section;
	size_t i;
	c->actor = id_of (user, "id");
	c->name = word_of (c, user, "name");
	c->email = word_of (c, user, "email");
	c->language = text_of (c, user, "language");
	c->theme = text_of (c, user, "theme");
	c->timezone = text_of (c, user, "timezone");
	c->photo = text_of (c, user, "photo");
	c->signature = text_of (c, user, "signature");
	c->two_factor = json_is_true (json_object_get (user, "two_factor"));
	c->recovery_left = json_integer_value (json_object_get (user, "recovery_left"));
	c->single_keys = json_is_true (json_object_get (user, "single_keys"));
	c->agency_admin = json_is_true (json_object_get (user, "admin"));
	char *text = json_dumps (sections, JSON_COMPACT | JSON_ENCODE_ANY);
	c->sections = arena_text (&c->arena, text ? text : "[]");
	free (text);
	json_array_foreach (sections, i, section)
	{
		if (json_is_string (section) && strcmp (json_string_value (section), "crm") == 0)
			c->section_crm = true;
	}
}

static struct caller *caller_read (enum caller_kind kind, const json_t *json)
{
	struct caller *c = heap_alloc (sizeof *c);
	json_t *agency = json_object_get (json, "agency"), *list = json_object_get (json, "workspaces"), *row;
	size_t i;
	arena_init (&c->arena);
	c->refs = 1;
	c->kind = kind;
	c->loaded = clock_monotonic ();
	c->agency = id_of (agency, "id");
	c->agency_name = word_of (c, agency, "name");
	if (kind != CALLER_KEY) {
		c->id = id_of (json, "session_id");
		c->expires = json_integer_value (json_object_get (json, "expires"));
		c->used = json_integer_value (json_object_get (json, "used"));
		c->archived = json_integer_value (json_object_get (json, "archived"));
		user_read (c, json_object_get (json, "user"));
	} else {
		c->id = c->actor = id_of (json, "apikey_id");
		c->used = json_integer_value (json_object_get (json, "used"));
		c->name = word_of (c, json, "name");
		c->email = "";
		c->sections = "[\"crm\"]";
		c->section_crm = true;
	}
	c->seats = arena_array (&c->arena, json_array_size (list) + 1, sizeof *c->seats);
	json_array_foreach (list, i, row) seat_read (c, row, &c->seats[c->n_seats++]);
	if (c->agency_admin) {
		c->home = (struct seat){ .workspace = c->agency, .slug = "", .name = c->agency_name, .role = "admin" };
		c->home.grant = grant_of_role ("all", NULL, 0, c->actor, (struct uuid){ { 0 } }, NULL, 0, true);
	}
	return c;
}

bool caller_expired (const struct caller *c, int64_t now)
{
	return c->kind == CALLER_SESSION && (now >= c->expires || now - c->used > gateway_config.session_idle_minutes * 60 * second);
}

static void touched (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app, (void) ctx;
	if (reply->state != REPLY_DONE)
		log_debug ("session_touch_lost", LOG_N ("state", reply->state));
}

static void key_use (struct app *app, struct caller *c, int64_t now)
{
	struct apikey_touch touch = { .head = head_of_homes (), .apikey_id = { c->id }, .has.apikey_id = HERE };
	if (now - c->used < key_told || !c->n_seats)
		return;
	c->used = now;
	touch.head.workspace = c->seats[0].workspace;
	touch.head.actor = c->actor;
	touch.head.workspaces = NULL;
	touch.head.n_workspaces = 0;
	app_command (app, &apikey_touch_record, &touch, NULL, 0, ASK_MS, touched, NULL);
}

/* Often enough that the idle time means something, seldom enough to cost nothing. */
void caller_use (struct app *app, struct caller *c)
{
	int64_t now = clock_now (), idle = gateway_config.session_idle_minutes * 60 * second;
	if (c->kind == CALLER_KEY) {
		key_use (app, c, now);
		return;
	}
	if (now - c->used < idle / 20)
		return;
	c->used = now;
	struct session_touch touch = { .head = head_of_homes (), .session_id = { c->id }, .has.session_id = HERE };
	touch.head.workspace = c->agency;
	touch.head.actor = c->actor;
	touch.head.workspaces = NULL;
	touch.head.n_workspaces = 0;
	app_command (app, &session_touch_record, &touch, NULL, 0, ASK_MS, touched, NULL);
}

/* ---- entries ---- */

static struct entry **entry_place (enum caller_kind kind, const char *hash)
{
	struct uuid spread;
	memcpy (&spread, hash, sizeof spread);
	struct entry **at = &cache.bucket[uuid_hash (spread) % BUCKETS];
	while (*at && ((*at)->kind != kind || strcmp ((*at)->hash, hash)))
		at = &(*at)->next;
	return at;
}

static void entry_remove (struct entry **at)
{
	struct entry *e = *at;
	assert (!e->waiting && !e->loading);
	*at = e->next;
	caller_drop (&e->caller);
	heap_free (e);
	cache.n--;
}

/* Room is made by forgetting whatever nobody is waiting for: it is only a cache. */
static void entries_forget (void)
{
	for (size_t i = 0; i < BUCKETS; i++)
		for (struct entry **at = &cache.bucket[i]; *at;) {
			if ((*at)->loading)
				at = &(*at)->next;
			else
				entry_remove (at);
		}
}

static struct entry *entry_of (enum caller_kind kind, const char *hash)
{
	struct entry **at = entry_place (kind, hash);
	if (*at)
		return *at;
	if (cache.n >= ENTRIES_MAX) {
		entries_forget ();
		at = entry_place (kind, hash);
	}
	struct entry *e = heap_alloc (sizeof *e);
	memcpy (e->hash, hash, HASH_TEXT - 1);
	e->kind = kind;
	*at = e;
	cache.n++;
	return e;
}

static void waiters_tell (struct entry *e, int error)
{
	struct waiter *list = e->waiting;
	struct caller *c = error == ALLOWED ? caller_keep (e->caller) : NULL;
	e->waiting = NULL;
	while (list) {
		struct waiter *w = list;
		list = w->next;
		w->found (cache.app, w->ctx, c ? caller_keep (c) : NULL, error);
		heap_free (w);
	}
	caller_drop (&c);
}

static bool is_self (const struct caller *c, struct uuid id)
{
	return uuid_equal (c->id, id);
}

static void entry_load (struct entry *e);

static void entry_loaded (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct entry *e = ctx;
	e->loading = false;
	if (reply->state != REPLY_DONE) {
		waiters_tell (e, ERROR_unavailable);
		return;
	}
	if (e->generation != cache.generation) { /* somebody's rights changed meanwhile, perhaps these */
		entry_load (e);
		return;
	}
	json_t *json = json_loadb ((const char *) reply->json.at, reply->json.n, JSON_DECODE_ANY, NULL);
	struct caller *c = json_is_object (json) ? caller_read (e->kind, json) : NULL;
	json_decref (json);
	if (c && e->caller)
		c->positions = e->caller->positions;
	if (e->caller && !c)
		streams_end (is_self, e->caller->id, "session_ended"), exports_end (is_self, e->caller->id);
	caller_drop (&e->caller);
	e->caller = c;
	e->stale = false;
	waiters_tell (e, c && !caller_expired (c, clock_now ()) ? ALLOWED : ERROR_unauthenticated);
	struct entry **at = entry_place (e->kind, e->hash);
	if (!c && *at == e && !e->waiting && !e->loading) /* nobody: not worth remembering */
		entry_remove (at);
}

static void entry_load (struct entry *e)
{
	e->loading = true;
	e->generation = cache.generation;
	if (e->kind == CALLER_CALENDAR) {
		struct calendar_link_find query = { .head = head_of_homes (), .token_hash = e->hash, .has.token_hash = HERE };
		app_query (cache.app, &calendar_link_find_record, &query, NULL, 0, ASK_MS, entry_loaded, e);
	} else if (e->kind == CALLER_SESSION) {
		struct session_find query = { .head = head_of_homes (), .token_hash = e->hash, .has.token_hash = HERE };
		app_query (cache.app, &session_find_record, &query, NULL, 0, ASK_MS, entry_loaded, e);
	} else {
		struct apikey_find query = { .head = head_of_homes (), .key_hash = e->hash, .has.key_hash = HERE };
		app_query (cache.app, &apikey_find_record, &query, NULL, 0, ASK_MS, entry_loaded, e);
	}
}

void caller_find (struct app *app, enum caller_kind kind, const char *hash, caller_fn *found, void *ctx)
{
	assert (strlen (hash) == HASH_TEXT - 1);
	if (!cache.n_homes) {
		found (app, ctx, NULL, ERROR_unavailable);
		return;
	}
	struct entry *e = entry_of (kind, hash);
	int64_t age = e->caller ? clock_monotonic () - e->caller->loaded : 0;
	/* another replica may have seen it in use since: an end by idleness is believed of a new look only */
	bool doubtful = e->caller && age > 5 * second && caller_expired (e->caller, clock_now ());
	if (e->caller && !e->stale && age < fresh && !doubtful && !e->loading) {
		bool expired = caller_expired (e->caller, clock_now ());
		found (app, ctx, expired ? NULL : caller_keep (e->caller), expired ? ERROR_unauthenticated : ALLOWED);
		return;
	}
	struct waiter *w = heap_alloc (sizeof *w);
	*w = (struct waiter){ .next = e->waiting, .found = found, .ctx = ctx };
	e->waiting = w;
	if (!e->loading)
		entry_load (e);
}

/* What this process itself just changed is not waited for on the tap. */
void caller_changed (const struct caller *c)
{
	cache.generation++;
	for (size_t i = 0; i < BUCKETS; i++)
		for (struct entry *e = cache.bucket[i]; e; e = e->next)
			if (e->caller && (uuid_equal (e->caller->id, c->id) || uuid_equal (e->caller->actor, c->actor)))
				e->stale = true;
}

/* ---- what was heard ---- */

/* Whoever fits is read again before their next request; `reason`: their streams end for good, else they come back by themselves. */
static void entries_end (caller_fits *fits, struct uuid id, const char *reason)
{
	cache.generation++;
	for (size_t i = 0; i < BUCKETS; i++)
		for (struct entry *e = cache.bucket[i]; e; e = e->next)
			if (e->caller && fits (e->caller, id))
				e->stale = true;
	streams_end (fits, id, reason);
	exports_end (fits, id);
}

/* Everybody is read again before their next request; streams stay. */
static void entries_doubt (void)
{
	cache.generation++;
	for (size_t i = 0; i < BUCKETS; i++)
		for (struct entry *e = cache.bucket[i]; e; e = e->next)
			e->stale = true;
}

static bool is_actor (const struct caller *c, struct uuid id)
{
	return uuid_equal (c->actor, id);
}

static bool sits_in (const struct caller *c, struct uuid workspace)
{
	for (size_t i = 0; i < c->n_seats; i++)
		if (uuid_equal (c->seats[i].workspace, workspace))
			return true;
	return false;
}

static bool is_agency_admin (const struct caller *c, struct uuid agency)
{
	return c->agency_admin && uuid_equal (c->agency, agency);
}

/* Sees there what others of a team own: who they are may have changed. */
static bool sees_team_in (const struct caller *c, struct uuid workspace)
{
	for (size_t i = 0; i < c->n_seats; i++)
		if (uuid_equal (c->seats[i].workspace, workspace) && c->seats[i].grant.n_users)
			return true;
	return false;
}

static void member_changed_hear (const struct head *head, const struct member_changed *event)
{
	entries_end (is_actor, event->user_id.uuid, NULL);
	entries_end (sees_team_in, head->workspace, NULL);
}

static void session_ended_hear (const struct session_ended *event)
{
	if (event->has.session_id == HERE)
		entries_end (is_self, event->session_id.uuid, "session_ended");
	else if (event->has.apikey_id == HERE)
		entries_end (is_self, event->apikey_id.uuid, "key_revoked");
	else if (event->has.user_id == HERE)
		entries_end (is_actor, event->user_id.uuid, "session_ended");
}

static void user_changed_hear (const struct user_changed *event)
{
	if (event->disabled)
		entries_end (is_actor, event->user_id.uuid, "disabled");
	else if (event->rights)
		entries_end (is_actor, event->user_id.uuid, NULL);
	else { /* preferences: their streams may stay */
		cache.generation++;
		for (size_t i = 0; i < BUCKETS; i++)
			for (struct entry *e = cache.bucket[i]; e; e = e->next)
				if (e->caller && is_actor (e->caller, event->user_id.uuid))
					e->stale = true;
	}
}

/* Of the agency, whatever they may do there. */
static bool is_of_agency (const struct caller *c, struct uuid agency)
{
	return uuid_equal (c->agency, agency);
}

/* Whoever sits there, and the admins. */
static bool sits_or_administers (const struct caller *c, struct uuid workspace)
{
	return c->agency_admin || sits_in (c, workspace);
}

static void workspace_created_hear (const struct workspace_created *event)
{
	if (event->home)
		homes_ask ();
	else
		entries_end (is_agency_admin, event->agency_id.uuid, NULL);
}

/* One that was archived and is back is in nobody's seats yet, so whose it is cannot be told: everybody is read again before their next request, and only
 * the streams of those who are known to sit there end. */
static void workspace_updated_hear (const struct workspace_updated *event)
{
	entries_end (sits_or_administers, event->workspace_id.uuid, NULL);
	entries_doubt ();
}

void callers_hear (struct app *app, const struct heard *event)
{
	(void) app;
	if (event->record == &session_ended_record)
		session_ended_hear (event->data);
	else if (event->record == &user_changed_record)
		user_changed_hear (event->data);
	else if (event->record == &member_changed_record)
		member_changed_hear (event->head, event->data);
	else if (event->record == &workspace_updated_record)
		workspace_updated_hear (event->data);
	else if (event->record == &workspace_removed_record)
		entries_end (sits_or_administers, ((const struct workspace_removed *) event->data)->workspace_id.uuid, NULL);
	else if (event->record == &workspace_preset_changed_record)
		entries_end (sits_in, event->head->workspace, NULL);
	else if (event->record == &role_changed_record)
		entries_end (is_of_agency, event->head->workspace, NULL);
	else if (event->record == &workspace_created_record)
		workspace_created_hear (event->data);
}

/* Something was missed: nothing that is kept can be trusted, and no stream goes on before its caller was looked up again. */
void callers_hole (void)
{
	entries_doubt ();
	streams_reset_all ();
	exports_end (NULL, (struct uuid){ 0 });
	homes_ask ();
}
