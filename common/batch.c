/* A batch, from items to commit: stored replies, runs, handlers, then frames, cursors, replies and what is parked, then Sync.
 * The commit is the timer: nothing waits to fill a batch. A fault in the middle of a handler leaves through a long jump to batch_commit,
 * which rolls back; handlers hold nothing but the arena, so nothing leaks. Never answers before the commit. */
#include "batch.h"
#include "bus_sql.h"

#include "clock.h"
#include "fault.h"
#include "log.h"
#include "metrics.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { BATCH_MAGIC = 0x62617463 };

static struct metric batches_total = { .name = "leadwire_batches_total",
				       .help = "Transactions committed by the writer",
				       .kind = METRIC_COUNTER };
static struct metric items_total = { .name = "leadwire_items_total", .help = "Commands and events dealt with", .kind = METRIC_COUNTER };
static struct metric events_total = { .name = "leadwire_events_total", .help = "Events said", .kind = METRIC_COUNTER };
static struct metric parked_total = { .name = "leadwire_parked_total", .help = "Events parked", .kind = METRIC_COUNTER };
static struct metric commit_time = { .name = "leadwire_commit_seconds",
				     .help = "From the first statement of a batch to its commit",
				     .kind = METRIC_HISTOGRAM };

/* ---- sets of keys ---- */

static size_t key_slot (const struct key_set *s, uint64_t key)
{
	size_t i = key * UINT64_C (0x9e3779b97f4a7c15) & (s->room - 1);
	while (s->at[i] && s->at[i] != key)
		i = (i + 1) & (s->room - 1);
	return i;
}

void key_set_add (struct key_set *s, uint64_t key)
{
	if (!key)
		return;
	if (s->n * 2 >= s->room) {
		struct key_set bigger = { .room = s->room ? s->room * 2 : 64 };
		bigger.at = heap_alloc (bigger.room * sizeof *bigger.at);
		for (size_t i = 0; i < s->room; i++)
			if (s->at[i])
				bigger.at[key_slot (&bigger, s->at[i])] = s->at[i];
		bigger.n = s->n;
		heap_free (s->at);
		*s = bigger;
	}
	size_t i = key_slot (s, key);
	s->n += s->at[i] == 0;
	s->at[i] = key;
}

bool key_set_has (const struct key_set *s, uint64_t key)
{
	return key && s->n && s->at[key_slot (s, key)] == key;
}

void key_set_clear (struct key_set *s)
{
	heap_free (s->at);
	*s = (struct key_set){ 0 };
}

/* ---- what handlers use ---- */

void batch_init (struct batch *b, struct worker_shared *shared, struct db *db, struct writer_lane *lanes)
{
	*b = (struct batch){ .magic = BATCH_MAGIC, .shared = shared, .db = db, .lane = lanes };
	arena_init (&b->arena);
	if (shared->service->writer_state)
		b->state = heap_alloc (shared->service->writer_state);
}

void batch_metrics (void)
{
	struct metric *const all[] = { &batches_total, &items_total, &events_total, &parked_total, &commit_time };
	for (size_t i = 0; i < LENGTH (all); i++)
		metric_register (all[i]);
}

void batch_fini (struct batch *b)
{
	for (int k = 0; k < LANES; k++)
		frame_fini (&b->frame[k]), buffer_fini (&b->payload[k]);
	heap_free (b->number);
	heap_free (b->state);
	arena_fini (&b->arena);
}

void batch_slim (struct batch *b)
{
	for (int k = 0; k < LANES; k++) {
		frame_fini (&b->frame[k]);
		buffer_fini (&b->payload[k]);
	}
	arena_fini (&b->arena);
	arena_init (&b->arena);
}

void batch_forget (struct batch *b)
{
	b->n_numbers = 0;
	if (b->state)
		memset (b->state, 0, b->shared->service->writer_state);
	for (int k = 0; k < LANES; k++)
		frame_start (&b->frame[k]);
}

struct arena *batch_arena (struct batch *b)
{
	assert (b->magic == BATCH_MAGIC);
	return &b->arena;
}

int64_t batch_now (struct batch *b)
{
	return b->now;
}

void *batch_state (struct batch *b)
{
	return b->state;
}

const char *batch_files (struct batch *b)
{
	return b->shared->config->files;
}

struct uuid uuid_new (struct batch *b)
{
	return uuid_v7 (b->now);
}

struct head head_caused (struct batch *b, const struct head *cause)
{
	return (struct head){
		.workspace = cause->workspace,
		.actor = cause->actor,
		.id = uuid_new (b),
		.correlation = uuid_is_null (cause->correlation) ? cause->id : cause->correlation,
		.causation = cause->id,
		.at = cause->at,
		.depth = cause->depth + 1,
	};
}

const char *text_join_list (struct batch *b, ...)
{
	va_list list;
	size_t n = 0;
	va_start (list, b);
	for (const char *t; (t = va_arg (list, const char *));)
		n += strlen (t);
	va_end (list);
	char *text = arena_alloc (&b->arena, n + 1), *p = text;
	va_start (list, b);
	for (const char *t; (t = va_arg (list, const char *));)
		p = stpcpy (p, t);
	va_end (list);
	return text;
}

bool grant_covers_id (const struct grant *g, struct uuid owner)
{
	switch (g->scope) {
	case SCOPE_NONE: return false;
	case SCOPE_OWN:
		for (size_t i = 0; i < g->n_users; i++)
			if (uuid_equal (g->users[i], owner) && !uuid_is_null (owner))
				return true;
		return !uuid_is_null (g->user) && uuid_equal (g->user, owner);
	case SCOPE_TEAM:
	case SCOPE_WORKSPACE:
	case SCOPE_ALL: return true;
	}
	return false;
}

bool grant_allows (const struct grant *g, int permission)
{
	return g->permissions >> permission & 1;
}

/* A fault: leave the handler. */
static void batch_check (struct batch *b)
{
	if (b->db->state != DB_FINE)
		longjmp (b->out, 1);
}

const void *batch_list (struct batch *b, struct statement *s, const void *item, size_t n, size_t *ret_n)
{
	const void *rows = NULL;
	*ret_n = 0;
	if (s->in && n == 0)
		return arena_alloc (&b->arena, s->out->size);
	db_send (b->db, s, item, n, -1);
	PGresult *r = db_flush (b->db);
	batch_check (b);
	enum status status = db_rows (&b->arena, r, s->out, &rows, ret_n);
	PQclear (r);
	assert (status == OK); /* types were checked at boot; only a value out of its enum gets here, and that is a bug */
	return rows;
}

const void *batch_load (struct batch *b, struct statement *s, const void *item, size_t n)
{
	size_t rows;
	const void *row = batch_list (b, s, item, n, &rows);
	if (rows != n)
		log_error ("load_rows_wrong", LOG_T ("statement", s->name), LOG_N ("items", (int64_t) n), LOG_N ("rows", (int64_t) rows));
	assert (rows == n); /* a load answers one row an item */
	return row;
}

void batch_write (struct batch *b, struct statement *s, const void *item, size_t n)
{
	if (n == 0)
		return;
	db_send (b->db, s, item, n, s->kind == STATEMENT_WRITE ? (int64_t) n : -1);
	batch_check (b);
}

void batch_emit (struct batch *b, const struct record *r, const void *item, size_t n)
{
	assert (r->class == RECORD_EVENT && strcmp (r->service, b->shared->service->name) == 0);
	for (size_t i = 0; i < n; i++) {
		const struct head *head = (const void *) ((const char *) item + i * r->size);
		int lane = lane_of (head->workspace);
		assert (b->lane[lane].owned); /* one writes only where one is the owner */
		frame_add (&b->frame[lane], r, head, head);
	}
}

/* ---- short numbers ---- */

static struct number_block *number_find (struct batch *b, struct uuid workspace, int kind)
{
	for (size_t i = 0; i < b->n_numbers; i++)
		if (b->number[i].kind == kind && uuid_equal (b->number[i].workspace, workspace))
			return &b->number[i];
	if ((b->n_numbers & (b->n_numbers - 1)) == 0)
		b->number = heap_resize (b->number, (b->n_numbers ? b->n_numbers * 2 : 1) * sizeof *b->number);
	b->number[b->n_numbers] = (struct number_block){ .workspace = workspace, .kind = kind };
	return &b->number[b->n_numbers++];
}

/* A block doubles each time it runs out, so that a quiet workspace wastes few and a busy one asks rarely. */
int64_t number_take (struct batch *b, struct uuid workspace, int kind)
{
	struct number_block *block = number_find (b, workspace, kind);
	if (block->next == block->end) {
		unsigned char room[2][8];
		block->size = block->size == 0 ? 8 : block->size < 4096 ? block->size * 2 : 4096;
		struct db_param p[] = { db_uuid (&workspace), db_i16 ((int16_t) kind, room[0]), db_i64 (block->size, room[1]) };
		db_send_plain (b->db, &bus_numbers_take_statement, p, 3, -1);
		PGresult *r = db_flush (b->db);
		batch_check (b);
		block->next = db_int (r, 0, 0);
		block->end = block->next + block->size;
		PQclear (r);
	}
	return block->next++;
}

/* ---- workspaces that are no more ---- */

void batch_workspace_end (struct batch *b, struct uuid workspace)
{
	static struct statement *const sweeps[] = { &bus_gone_replies_statement, &bus_gone_parked_statement, &bus_gone_numbers_statement };
	int lane = lane_of (workspace);
	unsigned char room[2][8];
	struct uuid *more = arena_array (&b->arena, b->n_ended + 1, sizeof *more);
	struct db_param p[] = { db_uuid (&workspace), db_i16 ((int16_t) lane, room[0]), db_i64 (b->lane[lane].head, room[1]) };
	assert (b->lane[lane].owned);
	db_send_plain (b->db, &bus_gone_write_statement, p, 3, -1);
	for (size_t i = 0; i < LENGTH (sweeps); i++)
		db_send_plain (b->db, sweeps[i], p, 1, -1);
	batch_check (b);
	if (b->n_ended)
		memcpy (more, b->ended, b->n_ended * sizeof *more);
	more[b->n_ended++] = workspace;
	b->ended = more;
}

static bool ends_here (const struct batch *b, const struct item *i)
{
	for (size_t k = 0; k < b->n_ended; k++)
		if (i->data && uuid_equal (b->ended[k], i->data->workspace))
			return true;
	return false;
}

/* About a workspace that was taken away: an event is passed over, whoever asks is told that there is none such, and neither leaves a trace. */
static bool is_gone (struct batch *b, struct item *i)
{
	if (i->kind == ITEM_MARK || !i->data || (!ends_here (b, i) && !key_set_has (&b->lane[i->lane].gone, gone_key (i->data->workspace))))
		return false;
	i->park = PARK_NO;
	i->outcome = skipped ();
	if (i->kind == ITEM_COMMAND && !i->answered) {
		i->answered = true;
		i->stored = (struct reply){ .state = REPLY_REFUSED, .code = "workspace_not_found" };
	}
	return true;
}

/* ---- stored replies ---- */

/* What cannot be done now may be done later: that is no answer to keep. */
static bool wants_stored (const struct batch *b, const struct item *i)
{
	return i->kind == ITEM_COMMAND && !i->answered && !i->command->keeps_own_reply && i->outcome.state != OUTCOME_NOT_YET &&
	       !ends_here (b, i);
}

static void replies_load (struct batch *b, struct item *item, size_t n)
{
	struct db_array workspace = { 0 }, actor = { 0 }, id = { 0 };
	size_t *which = arena_array (&b->arena, n + 1, sizeof *which), asked = 0;
	db_array_start (&workspace, OID_UUID);
	db_array_start (&actor, OID_UUID);
	db_array_start (&id, OID_UUID);
	for (size_t i = 0; i < n; i++) {
		if (!wants_stored (b, &item[i]))
			continue;
		which[asked++] = i;
		db_array_bytes (&workspace, item[i].data->workspace.b, 16);
		db_array_bytes (&actor, item[i].data->actor.b, 16);
		db_array_bytes (&id, item[i].data->id.b, 16);
	}
	PGresult *r = NULL;
	if (asked) {
		struct db_param p[] = { db_array_param (&workspace), db_array_param (&actor), db_array_param (&id) };
		db_send_plain (b->db, &bus_replies_load_statement, p, 3, -1);
		r = db_flush (b->db);
	}
	buffer_fini (&workspace.b);
	buffer_fini (&actor.b);
	buffer_fini (&id.b);
	batch_check (b);
	for (int row = 0; r && row < PQntuples (r); row++) {
		struct item *i = &item[which[db_int (r, row, 0) - 1]];
		i->answered = true;
		if ((uint64_t) db_int (r, row, 1) != i->hash) {
			i->outcome = refused_row (error_find ("key_reused"));
			i->stored = (struct reply){ .state = REPLY_REFUSED, .code = "key_reused" };
			continue;
		}
		i->stored = (struct reply){
			.code = db_text (&b->arena, r, row, 2),
			.detail = db_text (&b->arena, r, row, 3),
			.number = db_int (r, row, 5),
			.version = db_int (r, row, 6),
			.data = db_text (&b->arena, r, row, 7),
			.position = { NULL, (int) db_int (r, row, 8), db_int (r, row, 9) },
			.repeated = true,
		};
		i->stored.state = i->stored.code ? REPLY_REFUSED : REPLY_DONE;
		if (!PQgetisnull (r, row, 4))
			memcpy (i->stored.id.b, PQgetvalue (r, row, 4), 16);
	}
	PQclear (r);
}

static void array_text (struct db_array *a, const char *text)
{
	if (text)
		db_array_bytes (a, text, strlen (text));
	else
		db_array_null (a);
}

/* Where the effects of this transaction on a lane end. */
static int64_t lane_end (const struct batch *b, int lane)
{
	return b->lane[lane].head + (int64_t) b->frame[lane].n;
}

static void replies_write (struct batch *b, const struct item *item, size_t n)
{
	static const unsigned types[12] = { OID_UUID, OID_UUID, OID_UUID, OID_INT8, OID_TEXT, OID_TEXT,
					    OID_UUID, OID_INT8, OID_INT8, OID_TEXT, OID_INT2, OID_INT8 };
	struct db_array a[12] = { 0 };
	int64_t rows = 0;
	for (int c = 0; c < 12; c++)
		db_array_start (&a[c], types[c]);
	for (size_t i = 0; i < n; i++) {
		const struct item *it = &item[i];
		if (!wants_stored (b, it))
			continue;
		const struct outcome *o = &it->outcome;
		bool is_refused = o->state == OUTCOME_REFUSED;
		db_array_bytes (&a[0], it->data->workspace.b, 16);
		db_array_bytes (&a[1], it->data->actor.b, 16);
		db_array_bytes (&a[2], it->data->id.b, 16);
		db_array_i64 (&a[3], (int64_t) it->hash);
		array_text (&a[4], is_refused ? error_code (o->error) : NULL);
		array_text (&a[5], is_refused ? o->detail : NULL);
		if (uuid_is_null (o->id))
			db_array_null (&a[6]);
		else
			db_array_bytes (&a[6], o->id.b, 16);
		db_array_i64 (&a[7], o->number);
		db_array_i64 (&a[8], o->version);
		array_text (&a[9], o->data);
		db_array_i16 (&a[10], (int16_t) it->lane);
		db_array_i64 (&a[11], lane_end (b, it->lane));
		rows++;
	}
	if (rows) {
		struct db_param p[12];
		for (int c = 0; c < 12; c++)
			p[c] = db_array_param (&a[c]);
		db_send_plain (b->db, &bus_replies_write_statement, p, 12, rows);
	}
	for (int c = 0; c < 12; c++)
		buffer_fini (&a[c].b);
}

/* ---- runs ---- */

struct run {
	handler *call;
	size_t size;  /* of a struct */
	size_t *item; /* indices, in arrival order */
	size_t n, room;
};

/* Which run a key was last seen in: open addressing over the batch's keys. */
struct key_runs {
	uint64_t *key;
	size_t *run;
	size_t room;
};

static size_t *key_run (struct key_runs *k, uint64_t key)
{
	size_t i = key * UINT64_C (0x9e3779b97f4a7c15) & (k->room - 1);
	while (k->key[i] && k->key[i] != key)
		i = (i + 1) & (k->room - 1);
	k->key[i] = key;
	return &k->run[i];
}

static handler *item_handler (const struct item *i)
{
	return i->kind == ITEM_COMMAND ? i->command->run : i->listener->run;
}

static size_t item_size (const struct item *i)
{
	return i->kind == ITEM_COMMAND ? i->command->record->size : i->listener->record->size;
}

static bool keys_stand_in (const struct key_set *s, const struct item *i)
{
	return key_set_has (s, i->key[0]) || key_set_has (s, i->key[1]);
}

static void keys_add (struct key_set *s, const struct item *i)
{
	key_set_add (s, i->key[0]);
	key_set_add (s, i->key[1]);
}

/* An earlier item of one of its keys is parked, or is going to be: it waits behind that, and what is behind it does too. */
static bool is_held_up (struct batch *b, struct item *i)
{
	if (i->kind != ITEM_EVENT || (i->parked_tries && i->park == PARK_NO))
		return false;
	if (i->park == PARK_NO && (keys_stand_in (&b->lane[i->lane].parked, i) || keys_stand_in (&b->behind, i))) {
		i->park = PARK_BEHIND;
		i->why = "waits for an earlier one";
	}
	if (i->park != PARK_NO)
		keys_add (&b->behind, i);
	return i->park != PARK_NO;
}

/* Items of one kind in arrival order in which no key occurs twice; a second occurrence, or an earlier item of another kind on the same key,
 * opens a later run. */
static struct run *runs_build (struct batch *b, struct item *item, size_t n, size_t *ret_n)
{
	struct run *run = arena_array (&b->arena, n + 1, sizeof *run);
	struct key_runs keys = { .room = 16 };
	size_t runs = 0;
	while (keys.room < n * 4)
		keys.room *= 2;
	keys.key = arena_array (&b->arena, keys.room, sizeof *keys.key);
	keys.run = arena_array (&b->arena, keys.room, sizeof *keys.run);
	for (size_t i = 0; i < n; i++) {
		if (item[i].kind == ITEM_MARK || item[i].answered || is_gone (b, &item[i]) || is_held_up (b, &item[i]))
			continue;
		handler *call = item_handler (&item[i]);
		size_t least = 0, at = runs;
		for (int k = 0; k < 2; k++)
			if (item[i].key[k] && *key_run (&keys, item[i].key[k]) > least)
				least = *key_run (&keys, item[i].key[k]); /* stored as run + 1 */
		for (size_t r = runs; r-- > least;)
			if (run[r].call == call) {
				at = r;
				break;
			}
		if (at == runs)
			run[runs++] = (struct run){ .call = call, .size = item_size (&item[i]) };
		struct run *into = &run[at];
		if (into->n == into->room) {
			size_t room = into->room ? into->room * 2 : 16;
			size_t *more = arena_array (&b->arena, room, sizeof *more);
			if (into->n)
				memcpy (more, into->item, into->n * sizeof *more);
			into->item = more;
			into->room = room;
		}
		into->item[into->n++] = i;
		for (int k = 0; k < 2; k++)
			if (item[i].key[k])
				*key_run (&keys, item[i].key[k]) = at + 1;
	}
	*ret_n = runs;
	return run;
}

static void run_call (struct batch *b, const struct run *run, struct item *item)
{
	char *data = arena_array (&b->arena, run->n, run->size);
	struct outcome *ret = arena_array (&b->arena, run->n, sizeof *ret);
	size_t *which = arena_array (&b->arena, run->n, sizeof *which), n = 0;
	for (size_t i = 0; i < run->n; i++) {
		struct item *it = &item[run->item[i]];
		if (b->n_ended && is_gone (b, it))
			continue;
		if (it->kind == ITEM_EVENT && !it->parked_tries && keys_stand_in (&b->fresh, it)) {
			it->park = PARK_BEHIND;
			it->why = "waits for an earlier one";
			keys_add (&b->fresh, it);
			continue;
		}
		memcpy (data + n * run->size, it->data, run->size);
		which[n++] = run->item[i];
	}
	if (n == 0)
		return;
	run->call (b, data, n, ret);
	fault_point (in_handler);
	for (size_t i = 0; i < n; i++) {
		struct item *it = &item[which[i]];
		it->outcome = ret[i];
		if (it->kind == ITEM_EVENT && ret[i].state == OUTCOME_NOT_YET) {
			it->park = PARK_WAITING;
			it->why = ret[i].detail ? ret[i].detail : "something that has not come";
			keys_add (&b->fresh, it);
		}
	}
}

/* ---- the end of a transaction ---- */

static void frames_write (struct batch *b, struct buffer payload[LANES], const struct item *item, size_t n)
{
	static const unsigned types[5] = { OID_INT2, OID_INT8, OID_INT4, OID_INT8, OID_BYTEA };
	struct db_array a[5] = { 0 };
	int64_t rows = 0;
	for (int c = 0; c < 5; c++)
		db_array_start (&a[c], types[c]);
	for (int k = 0; k < LANES; k++) {
		struct writer_lane *lane = &b->lane[k];
		if (b->frame[k].n == 0)
			continue;
		struct frame_after after[SOURCES_MAX];
		int sources = b->shared->n_sources;
		for (int s = 0; s < sources; s++) {
			after[s].sequence = lane->cursor[s];
			snprintf (after[s].source, sizeof after[s].source, "%s", b->shared->sources[s]);
		}
		for (size_t i = 0; i < n; i++)
			if (item[i].kind != ITEM_COMMAND && item[i].lane == k && !item[i].parked_tries)
				after[item[i].source].sequence = item[i].sequence;
		int events = (int) b->frame[k].n;
		frame_finish (&b->frame[k], b->now, after, (size_t) sources, &payload[k]);
		b->frame[k].n = (size_t) events; /* counted until the commit */
		db_array_i16 (&a[0], (int16_t) k);
		db_array_i64 (&a[1], lane->head + 1);
		db_array_i32 (&a[2], events);
		db_array_i64 (&a[3], (int64_t) lane->epoch);
		db_array_bytes (&a[4], payload[k].at, payload[k].n);
		rows++;
	}
	if (rows) {
		struct db_param p[5];
		for (int c = 0; c < 5; c++)
			p[c] = db_array_param (&a[c]);
		db_send_plain (b->db, &bus_frames_write_statement, p, 5, rows);
	}
	for (int c = 0; c < 5; c++)
		buffer_fini (&a[c].b);
}

struct cursor_move {
	int64_t to;
	uint64_t epoch;
};

static void cursors_write (struct batch *b, const struct item *item, size_t n, struct cursor_move move[LANES][SOURCES_MAX])
{
	static const unsigned types[5] = { OID_TEXT, OID_INT2, OID_INT8, OID_INT8, OID_INT8 };
	struct db_array a[5] = { 0 };
	int64_t rows = 0;
	for (size_t i = 0; i < n; i++)
		if (item[i].kind != ITEM_COMMAND && !item[i].parked_tries)
			move[item[i].lane][item[i].source] = (struct cursor_move){ item[i].sequence, item[i].work->epoch };
	for (int c = 0; c < 5; c++)
		db_array_start (&a[c], types[c]);
	for (int k = 0; k < LANES; k++)
		for (int s = 0; s < b->shared->n_sources; s++) {
			if (!move[k][s].to)
				continue;
			array_text (&a[0], b->shared->sources[s]);
			db_array_i16 (&a[1], (int16_t) k);
			db_array_i64 (&a[2], b->lane[k].cursor[s]);
			db_array_i64 (&a[3], move[k][s].to);
			db_array_i64 (&a[4], (int64_t) move[k][s].epoch);
			rows++;
		}
	if (rows) {
		struct db_param p[5];
		for (int c = 0; c < 5; c++)
			p[c] = db_array_param (&a[c]);
		db_send_plain (b->db, &bus_cursors_write_statement, p, 5, rows);
	}
	for (int c = 0; c < 5; c++)
		buffer_fini (&a[c].b);
}

/* A lane on which it neither says something nor moves a cursor is proved by its epoch to be still its own. */
static void epochs_check (struct batch *b, const struct item *item, size_t n, struct cursor_move move[LANES][SOURCES_MAX])
{
	struct db_array lane = { 0 }, epoch = { 0 };
	bool seen[LANES] = { false }, any = false;
	for (int k = 0; k < LANES; k++) {
		seen[k] = b->frame[k].n > 0;
		for (int s = 0; s < b->shared->n_sources; s++)
			seen[k] = seen[k] || move[k][s].to;
	}
	db_array_start (&lane, OID_INT2);
	db_array_start (&epoch, OID_INT8);
	for (size_t i = 0; i < n; i++) {
		if (seen[item[i].lane])
			continue;
		seen[item[i].lane] = any = true;
		db_array_i16 (&lane, (int16_t) item[i].lane);
		db_array_i64 (&epoch, (int64_t) b->lane[item[i].lane].epoch);
	}
	if (any) {
		struct db_param p[] = { db_array_param (&lane), db_array_param (&epoch) };
		db_send_plain (b->db, &bus_epoch_check_statement, p, 2, -1);
	}
	buffer_fini (&lane.b);
	buffer_fini (&epoch.b);
}

/* The event alone, as a frame of one, its data as it came: what parked keeps. */
static void event_frame (const struct item *i, struct buffer *out)
{
	struct frame_writer w = { 0 };
	frame_start (&w);
	frame_add_raw (&w, i->type, i->version, i->data, i->raw);
	frame_finish (&w, i->data->recorded, NULL, 0, out);
	frame_fini (&w);
}

static int64_t park_delay (int tries)
{
	return tries > 6 ? 60 : 1 << tries;
}

static void parked_write (struct batch *b, const struct item *item, size_t n)
{
	static const char *const state[] = { "", "waiting", "poison", "behind" };
	struct buffer event = { 0 };
	for (size_t i = 0; i < n; i++) {
		const struct item *it = &item[i];
		unsigned char room[5][8];
		if (it->parked_tries) {
			struct db_param p[6] = { db_i16 ((int16_t) it->lane, room[0]), db_textp (b->shared->sources[it->source]),
						 db_i64 (it->sequence, room[1]) };
			if (it->park == PARK_NO) {
				db_send_plain (b->db, &bus_parked_done_statement, p, 3, 1);
			} else {
				p[3] = db_textp (state[it->park]);
				p[4] = db_textp (it->why);
				p[5] = db_i32 ((int32_t) park_delay (it->parked_tries), room[2]);
				db_send_plain (b->db, &bus_parked_again_statement, p, 6, 1);
			}
			continue;
		}
		if (it->park == PARK_NO || ends_here (b, it))
			continue;
		buffer_clear (&event);
		event_frame (it, &event);
		struct db_param p[11] = {
			db_i16 ((int16_t) it->lane, room[0]),
			db_textp (b->shared->sources[it->source]),
			db_i64 (it->sequence, room[1]),
			db_i64 ((int64_t) it->key[0], room[2]),
			db_i64 ((int64_t) it->key[1], room[3]),
			{ OID_UUID, &it->data->workspace, 16 },
			db_textp (it->type),
			{ OID_BYTEA, event.at, (int) event.n },
			db_textp (state[it->park]),
			db_textp (it->why),
			db_i32 (1, room[4]),
		};
		db_send_plain (b->db, &bus_parked_write_statement, p, 11, -1);
		metric_add (&parked_total, 1);
		log_warn ("event_parked", LOG_T ("type", it->type), LOG_T ("state", state[it->park]), LOG_T ("why", it->why),
			  LOG_T ("source", b->shared->sources[it->source]), LOG_N ("lane", it->lane), LOG_N ("sequence", it->sequence));
	}
	buffer_fini (&event);
}

/* ---- after the commit ---- */

static void answer (struct batch *b, const struct item *it, struct results *told)
{
	struct buffer out = { 0 };
	struct reply r = it->stored;
	const char *secret = NULL;
	if (!it->answered) {
		const struct outcome *o = &it->outcome;
		r = (struct reply){ .id = o->id, .number = o->number, .version = o->version, .data = o->data };
		r.state = o->state == OUTCOME_REFUSED ? REPLY_REFUSED : o->state == OUTCOME_NOT_YET ? REPLY_UNAVAILABLE : REPLY_DONE;
		r.position = (struct position){ NULL, it->lane, b->lane[it->lane].head };
		secret = o->secret;
		if (r.state == REPLY_REFUSED) {
			r.code = error_code (o->error);
			r.detail = o->detail;
			if (o->problem)
				r.problem = *o->problem;
		} else if (r.state == REPLY_UNAVAILABLE) {
			r.code = "unavailable";
			r.detail = o->detail;
		}
	}
	r.position.service = b->shared->service->name;
	reply_pack (&out, &r, secret);
	struct result *res = result_new (RESULT_REPLY, out.n);
	memcpy (res->bytes, out.at, out.n);
	res->route = it->work->route;
	it->work->route = NULL;
	results_add (told, res);
	buffer_fini (&out);
}

/* Publishes, moves what is known in memory, answers; in this order, and main is woken once. */
static void batch_tell (struct batch *b, struct item *item, size_t n, struct buffer payload[LANES],
			struct cursor_move move[LANES][SOURCES_MAX])
{
	struct results told = { 0 };
	fault_point (after_commit_before_publish);
	for (int k = 0; k < LANES; k++) {
		struct writer_lane *lane = &b->lane[k];
		int events = (int) b->frame[k].n;
		if (events) {
			struct result *r = result_new (RESULT_FRAME, payload[k].n);
			memcpy (r->bytes, payload[k].at, payload[k].n);
			r->lane = k;
			r->epoch = lane->epoch;
			r->epoch_first = lane->epoch_first;
			r->first_seq = lane->head + 1;
			r->n = events;
			lane->head += events;
			frame_start (&b->frame[k]);
			metric_add (&events_total, events);
			results_add (&told, r);
		}
		for (int s = 0; s < b->shared->n_sources; s++) {
			if (!move[k][s].to)
				continue;
			lane->cursor[s] = move[k][s].to;
			lane->cursor_epoch[s] = move[k][s].epoch;
			struct result *r = result_new (RESULT_CURSOR, 0);
			r->lane = k;
			r->source = s;
			r->first_seq = move[k][s].to;
			r->epoch = move[k][s].epoch;
			results_add (&told, r);
		}
	}
#ifdef FAULTS
	results_push (b->shared, &told); /* so that there is a moment between the two */
#endif
	fault_point (after_publish_before_reply);
	for (size_t i = 0; i < n; i++)
		if (item[i].kind == ITEM_COMMAND && item[i].work->route)
			answer (b, &item[i], &told);
	results_push (b->shared, &told);
	for (size_t i = 0; i < b->n_ended; i++) {
		struct writer_lane *lane = &b->lane[lane_of (b->ended[i])];
		key_set_add (&lane->gone, gone_key (b->ended[i]));
		lane->gone_pending = true;
	}
	for (size_t i = 0; i < n; i++)
		if (item[i].park != PARK_NO) {
			keys_add (&b->lane[item[i].lane].parked, &item[i]);
			b->lane[item[i].lane].parked_any = true;
		}
}

enum status batch_commit (struct batch *b, struct item *item, size_t n)
{
	struct cursor_move move[LANES][SOURCES_MAX] = { 0 };
	int64_t begun = clock_monotonic ();
	volatile enum status status = REFUSED;
	b->now = clock_now ();
	b->n_ended = 0;
	for (int k = 0; k < LANES; k++)
		frame_start (&b->frame[k]);
	for (size_t i = 0; i < n; i++) { /* an earlier try of it was rolled back */
		item[i].outcome = (struct outcome){ 0 };
		if (item[i].park != PARK_POISON)
			item[i].park = PARK_NO;
	}
	if (setjmp (b->out) == 0) {
		size_t runs;
		replies_load (b, item, n);
		const struct run *run = runs_build (b, item, n, &runs);
		for (size_t r = 0; r < runs; r++)
			run_call (b, &run[r], item);
		replies_write (b, item, n);
		frames_write (b, b->payload, item, n);
		cursors_write (b, item, n, move);
		parked_write (b, item, n);
		epochs_check (b, item, n, move);
		PQclear (db_flush (b->db)); /* counts are known before the Sync, not after */
		batch_check (b);
		status = db_sync (b->db);
	} else {
		status = db_abort (b->db);
	}
	if (status == OK) {
		metric_add (&batches_total, 1);
		metric_add (&items_total, (int64_t) n);
		metric_observe (&commit_time, clock_monotonic () - begun);
		batch_tell (b, item, n, b->payload, move);
	}
	for (int k = 0; k < LANES; k++)
		buffer_clear (&b->payload[k]);
	key_set_clear (&b->behind);
	key_set_clear (&b->fresh);
	if (status != OK)
		batch_forget (b);
	return status;
}
