/* The writer worker: owns lanes, takes what has piled up, makes batches of it. One transaction in flight; the commit is the timer.
 * Liveness comes from advisory locks, safety from the cursor's fence, the frames' key and the epoch; never from a clock.
 * Never publishes or answers what is not committed; never touches the loop but through results. */
#include "batch.h"
#include "bus_sql.h"
#include "gone.h"

#include "clock.h"
#include "fault.h"
#include "log.h"
#include "metrics.h"

#include <errno.h>
#include <malloc.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct writer {
	struct worker_shared *shared;
	struct db db;
	struct batch batch;
	struct writer_lane lane[LANES];
	struct work *held_first, **held_last; /* taken from the queue, not yet dealt with */
	struct key_set ids;		      /* of the commands in the batch being made */
	struct {
		int64_t began, ended;
		size_t commands, items;
	} last; /* batch: what the next may expect */
	bool up;
	int64_t tick_at, heartbeat_at, parked_at, prune_at, evict_at;
	int wanted;
	int64_t trimmed;	      /* items dealt with when memory was last given back */
	int64_t items, plan_again_at; /* items dealt with on this connection; plans are made anew each time they have doubled */
};

static struct metric lanes_owned = { .name = "leadwire_lanes_owned", .help = "Lanes this process owns", .kind = METRIC_GAUGE };
static struct metric takeovers = { .name = "leadwire_lane_claims_total", .help = "Lanes claimed", .kind = METRIC_COUNTER };
static struct metric doubts = { .name = "leadwire_commits_in_doubt_total",
				.help = "Connections lost between Sync and its result",
				.kind = METRIC_COUNTER };

static int lanes_count (const struct writer *w)
{
	int n = 0;
	for (int k = 0; k < LANES; k++)
		n += w->lane[k].owned;
	return n;
}

static void tell_state (struct writer *w, bool up)
{
	if (w->up == up)
		return;
	w->up = up;
	struct result *r = result_new (RESULT_STATE, 0);
	r->n = up;
	result_push (w->shared, r);
}

static void lane_forget (struct writer *w, int k)
{
	struct result *r = result_new (RESULT_LOST, 0);
	r->lane = k;
	key_set_clear (&w->lane[k].parked);
	key_set_clear (&w->lane[k].gone);
	w->lane[k] = (struct writer_lane){ 0 };
	result_push (w->shared, r);
	metric_set (&lanes_owned, lanes_count (w));
}

/* What is queued for a command that cannot be done here: the asker tries again, under the same id, with whoever owns the lane then. */
static void work_return (struct writer *w, struct work *x)
{
	if (x->route) {
		struct result *r = result_new (RESULT_NOT_OWNER, 0);
		r->route = x->route;
		r->lane = x->lane;
		r->n = w->db.in_doubt;
		result_push (w->shared, r);
	}
	heap_free (x);
}

/* The connection is gone, perhaps with a commit in doubt: nothing is answered, published or counted. Drop everything and claim anew. */
static void writer_drop (struct writer *w, const char *why)
{
	log_warn ("writer_dropped", LOG_T ("why", why), LOG_T ("statement", w->db.statement ? w->db.statement : ""),
		  LOG_T ("sqlstate", w->db.sqlstate));
	if (w->db.in_doubt)
		metric_add (&doubts, 1);
	w->db.in_doubt = false; /* what is still queued was never sent */
	for (int k = 0; k < LANES; k++)
		if (w->lane[k].owned)
			lane_forget (w, k);
	while (w->held_first) {
		struct work *x = w->held_first;
		w->held_first = x->next;
		work_return (w, x);
	}
	w->held_last = &w->held_first;
	batch_forget (&w->batch);
	db_close (&w->db);
	tell_state (w, false);
	w->tick_at = 0;
}

static bool writer_stopping (struct writer *w)
{
	pthread_mutex_lock (&w->shared->lock);
	bool stop = w->shared->stop;
	pthread_mutex_unlock (&w->shared->lock);
	return stop;
}

/* ---- lanes ---- */

static bool lane_lock (struct writer *w, int k)
{
	unsigned char room[8];
	struct db_param p[] = { db_i32 (k, room) };
	PGresult *r = db_run (&w->db, &bus_lock_try_statement, p, 1);
	bool got = r && db_int (r, 0, 0);
	PQclear (r);
	return got;
}

static void lane_unlock (struct writer *w, int k)
{
	unsigned char room[8];
	struct db_param p[] = { db_i32 (k, room) };
	PQclear (db_run (&w->db, &bus_unlock_statement, p, 1));
}

static bool parked_keys_load (struct writer *w, int k, struct writer_lane *lane)
{
	unsigned char room[8];
	struct db_param p[] = { db_i16 ((int16_t) k, room) };
	PGresult *r = db_run (&w->db, &bus_parked_keys_statement, p, 1);
	if (r) {
		key_set_clear (&lane->parked);
		lane->parked_any = PQntuples (r) > 0;
	}
	for (int i = 0; r && i < PQntuples (r); i++) {
		key_set_add (&lane->parked, (uint64_t) db_int (r, i, 0));
		key_set_add (&lane->parked, (uint64_t) db_int (r, i, 1));
	}
	PQclear (r);
	return r != NULL;
}

/* Head and cursors of a lane whose lock is ours. */
static bool lane_read (struct writer *w, int k, struct writer_lane *ret, bool *ret_clean)
{
	struct worker_shared *s = w->shared;
	unsigned char room[8];
	struct db_param number = db_i16 ((int16_t) k, room);
	PGresult *r = db_run (&w->db, &bus_head_statement, &number, 1);
	if (!r)
		return false;
	ret->head = db_int (r, 0, 0);
	*ret_clean = db_int (r, 0, 1) != 0;
	PQclear (r);
	for (int i = 0; i < s->n_sources; i++) {
		struct db_param p[] = { db_textp (s->sources[i]), number };
		db_send_plain (&w->db, &bus_cursor_make_statement, p, 2, -1);
	}
	r = db_run (&w->db, &bus_cursors_statement, &number, 1);
	for (int i = 0; r && i < PQntuples (r); i++) {
		struct bytes source = db_bytes (r, i, 0);
		for (int j = 0; j < s->n_sources; j++)
			if (strlen (s->sources[j]) == source.n && memcmp (s->sources[j], source.at, source.n) == 0) {
				ret->cursor[j] = db_int (r, i, 1);
				ret->cursor_epoch[j] = (uint64_t) db_int (r, i, 2);
			}
	}
	PQclear (r);
	return r != NULL;
}

/* A new epoch, written down. */
static bool lane_enter (struct writer *w, int k, struct writer_lane *lane, bool clean)
{
	unsigned char room[3][8];
	randombytes_buf (&lane->epoch, sizeof lane->epoch);
	lane->epoch = (lane->epoch >> 1) | 1; /* positive in SQL, never 0 */
	lane->epoch_first = lane->head + 1;
	lane->unclean = !clean;
	for (int i = 0; i < w->shared->n_sources; i++)
		lane->suspect[i] = !clean;
	struct db_param p[] = { db_i16 ((int16_t) k, room[0]), db_i64 ((int64_t) lane->epoch, room[1]), db_i64 (lane->epoch_first, room[2]),
				db_textp (w->shared->member) };
	if (clean)
		db_send_plain (&w->db, &bus_attempts_over_statement, p, 1, -1);
	PGresult *r = db_run (&w->db, &bus_claim_statement, p, 4);
	PQclear (r);
	return r != NULL;
}

/* Getting the lock is the proof that the owner before is gone; only now are head and cursors read. */
static bool lane_claim (struct writer *w, int k)
{
	struct writer_lane lane = { .owned = true };
	bool clean;
	if (!lane_lock (w, k))
		return false;
	fault_point (during_takeover);
	if (!lane_read (w, k, &lane, &clean) || !lane_enter (w, k, &lane, clean) || !parked_keys_load (w, k, &lane) ||
	    !gone_load (&w->db, k, &lane)) {
		key_set_clear (&lane.parked);
		key_set_clear (&lane.gone);
		if (db_alive (&w->db))
			lane_unlock (w, k); /* for another try, here or elsewhere */
		return false;
	}
	w->lane[k] = lane;
	struct result *g = result_new (RESULT_GAINED, 0);
	g->lane = k;
	g->epoch = lane.epoch;
	g->epoch_first = lane.epoch_first;
	g->first_seq = lane.head;
	memcpy (g->cursor, lane.cursor, sizeof lane.cursor);
	memcpy (g->cursor_epoch, lane.cursor_epoch, sizeof lane.cursor_epoch);
	result_push (w->shared, g);
	metric_add (&takeovers, 1);
	metric_set (&lanes_owned, lanes_count (w));
	batch_forget (&w->batch);
	return true;
}

static void lane_release (struct writer *w, int k)
{
	unsigned char room[2][8];
	struct db_param p[] = { db_i16 ((int16_t) k, room[0]), db_i64 ((int64_t) w->lane[k].epoch, room[1]) };
	PQclear (db_run (&w->db, &bus_release_statement, p, 2));
	lane_forget (w, k);
	lane_unlock (w, k);
	fault_point (after_release);
}

/* A lane whose lock is held by a session that has been waiting for its client for longer than an idle writer ever does. */
static void lanes_evict (struct writer *w)
{
	for (int k = 0; k < LANES; k++) {
		unsigned char room[8];
		struct db_param p[] = { db_i32 (k, room) };
		if (w->lane[k].owned)
			continue;
		PGresult *r = db_run (&w->db, &bus_lock_evict_statement, p, 1);
		if (r && db_int (r, 0, 0) > 0)
			log_warn ("lane_owner_evicted", LOG_N ("lane", k));
		PQclear (r);
	}
}

/* ---- the tick ---- */

static void heartbeat (struct writer *w)
{
	struct worker_shared *s = w->shared;
	unsigned char room[2][8];
	int32_t bits = 0, members = 0;
	struct buffer list = { 0 };
	for (int k = 0; k < LANES; k++)
		bits |= w->lane[k].owned << k;
	struct db_param p[] = { db_textp (s->member), db_textp (s->pub),      db_textp (s->rpc),
				db_textp (s->curve),  db_i32 (bits, room[0]), db_i32 ((int32_t) getpid (), room[1]) };
	db_send_plain (&w->db, &bus_member_put_statement, p, 6, -1);
	PGresult *r = db_run (&w->db, &bus_members_statement, NULL, 0);
	for (int i = 0; r && i < PQntuples (r); i++) {
		if (db_int (r, i, 5) && db_int (r, i, 6))
			members++;
		for (int c = 0; c < 5; c++) {
			struct bytes b = db_bytes (r, i, c);
			buffer_add (&list, b.at, b.n);
			buffer_add (&list, "\0", 1);
		}
	}
	if (r) {
		w->wanted = (LANES + (members ? members : 1) - 1) / (members ? members : 1);
		struct result *peers = result_new (RESULT_PEER, list.n);
		if (list.n)
			memcpy (peers->bytes, list.at, list.n);
		result_push (s, peers);
	}
	PQclear (r);
	buffer_fini (&list);
}

static void lanes_balance (struct writer *w)
{
	int have = lanes_count (w);
	for (int k = LANES - 1; k >= 0 && have > w->wanted; k--)
		if (w->lane[k].owned) {
			lane_release (w, k);
			have--;
		}
	int start = (int) (w->shared->config->replica * w->wanted) % LANES;
	for (int i = 0; i < LANES && have < w->wanted && db_alive (&w->db); i++) {
		int k = (start + i) % LANES;
		if (!w->lane[k].owned && lane_claim (w, k))
			have++;
	}
	int64_t now = clock_monotonic ();
	if (have < w->wanted && now > w->evict_at) {
		lanes_evict (w);
		w->evict_at = now + 1000000;
	}
}

/* ---- items ---- */

static struct item *items_room (struct arena *a, struct item *item, size_t n, size_t *room)
{
	if (n < *room)
		return item;
	*room = *room ? *room * 2 : 64;
	struct item *more = arena_array (a, *room, sizeof *more);
	if (n)
		memcpy (more, item, n * sizeof *more);
	return more;
}

static const struct command_row *command_find (const struct service *s, const char *name)
{
	for (size_t i = 0; i < s->n_commands; i++)
		if (strcmp (s->commands[i].record->name, name) == 0)
			return &s->commands[i];
	return NULL;
}

static const struct listener_row *listener_find (const struct service *s, const char *type)
{
	for (size_t i = 0; i < s->n_hears; i++)
		if (strcmp (s->hears[i].record->type, type) == 0)
			return &s->hears[i];
	return NULL;
}

static uint64_t key_of (const struct record *r, const char *name, const struct head *data)
{
	const struct field *f = name ? record_field (r, name) : NULL;
	if (!f || field_has (f, data) != HERE)
		return 0;
	uint64_t key = field_hash (f, data) ^ uuid_hash (data->workspace);
	return key ? key : 1;
}

static void item_refuse (struct item *i, const char *code, const struct problem *problem)
{
	i->answered = true;
	i->stored = (struct reply){ .state = REPLY_REFUSED, .code = code, .detail = problem ? problem->detail : NULL };
	if (problem)
		i->stored.problem = *problem;
}

/* name NUL, head, body */
static void item_command (struct writer *w, struct item *i, struct work *x)
{
	struct arena *a = &w->batch.arena;
	const char *name = (const char *) x->bytes;
	size_t length = strnlen (name, x->size), used = 0;
	struct bytes rest = { x->bytes + length + 1, x->size > length ? x->size - length - 1 : 0 };
	struct problem problem = { 0 };
	struct head head;
	*i = (struct item){ .kind = ITEM_COMMAND, .work = x, .lane = x->lane };
	i->command = length < x->size ? command_find (w->shared->service, name) : NULL;
	if (!i->command || head_unpack (a, rest, &head, &used) != OK) {
		item_refuse (i, "bad_request", NULL);
		return;
	}
	if (lane_of (head.workspace) != x->lane) { /* else it would write on a lane that may be another's */
		item_refuse (i, "bad_request", NULL);
		return;
	}
	rest = (struct bytes){ rest.at + used, rest.n - used };
	const struct record *r = i->command->record;
	i->data = arena_alloc (a, r->size);
	if (!i->command->keeps_own_reply) /* which command, and what it says */
		i->hash = (uuid_hash (uuid_of (rest.at, rest.n)) ^ uuid_hash (uuid_of (name, length))) >> 1;
	if (record_unpack (a, r, rest, i->data, &problem) != OK) {
		item_refuse (i, "invalid", &problem);
		return;
	}
	*i->data = head;
	for (size_t f = 0, k = 0; f < r->n_fields && k < 2; f++)
		if ((r->fields[f].flags & KEY) == KEY)
			i->key[k++] = key_of (r, r->fields[f].name, i->data);
}

/* One event of a frame; false: nobody here hears its type. */
static bool item_event (struct writer *w, struct item *i, struct work *x, const struct frame_reader *f, int64_t sequence)
{
	struct arena *a = &w->batch.arena;
	const struct listener_row *l = listener_find (w->shared->service, f->type);
	struct problem problem = { 0 };
	if (!l)
		return false;
	*i = (struct item){ .kind = ITEM_EVENT,
			    .work = x,
			    .listener = l,
			    .lane = x->lane,
			    .source = x->source,
			    .sequence = sequence,
			    .raw = f->data,
			    .version = f->version,
			    .type = l->record->type };
	i->data = arena_alloc (a, l->record->size);
	if (record_unpack (a, l->record, f->data, i->data, &problem) != OK) {
		i->park = PARK_POISON;
		i->why = "cannot be read";
		memset (i->data, 0, l->record->size);
	}
	*i->data = f->head;
	i->data->sequence = sequence;
	for (int k = 0; k < 2 && i->park == PARK_NO; k++)
		i->key[k] = key_of (l->record, l->key[k], i->data);
	return true;
}

/* Why a frame cannot be understood here, or null. Nothing of such a frame is done: its effects would be missing for good. */
static const char *frame_refused (struct writer *w, const struct work *x, struct frame_reader *ret)
{
	struct frame_reader f;
	if (frame_open (&w->batch.arena, (struct bytes){ x->bytes, x->size }, &f) != OK || f.n != (size_t) x->n)
		return "a frame cannot be read";
	*ret = f;
	while (frame_next (&f)) {
		const struct listener_row *l = listener_find (w->shared->service, f.type);
		if (l && f.version > l->record->version)
			return arena_printf (&w->batch.arena, "%s comes in version %d, this build knows %d", f.type, f.version,
					     l->record->version);
	}
	return f.i == f.n ? NULL : "a frame cannot be read to its end";
}

/* The lane goes no further with this source, and says so: whoever can understand the frame has to be started. */
static void source_stop (struct writer *w, const struct work *x, const char *reason)
{
	struct writer_lane *lane = &w->lane[x->lane];
	unsigned char room[2][8];
	const char *why = arena_printf (&w->batch.arena, "%s at %lld: %s", w->shared->sources[x->source], (long long) x->first_seq, reason);
	log_error ("lane_stopped", LOG_T ("source", w->shared->sources[x->source]), LOG_N ("lane", x->lane),
		   LOG_N ("cursor", lane->cursor[x->source]), LOG_T ("why", why));
	lane->stopped[x->source] = true;
	struct db_param p[] = { db_i16 ((int16_t) x->lane, room[0]), db_i64 ((int64_t) lane->epoch, room[1]), db_textp (why) };
	PQclear (db_run (&w->db, &bus_stopped_statement, p, 3));
	struct result *r = result_new (RESULT_STOPPED, 0);
	r->lane = x->lane;
	r->source = x->source;
	result_push (w->shared, r);
}

static struct item *items_of_frame (struct writer *w, struct item *item, size_t *n, size_t *room, struct work *x)
{
	struct arena *a = &w->batch.arena;
	struct writer_lane *lane = &w->lane[x->lane];
	struct frame_reader f;
	int64_t cursor = lane->cursor[x->source], last = x->first_seq + x->n - 1, sequence = x->first_seq - 1;
	if (lane->stopped[x->source] || last <= cursor)
		return item;
	const char *reason = frame_refused (w, x, &f);
	if (reason) {
		source_stop (w, x, reason);
		return item;
	}
	while (frame_next (&f)) {
		if (++sequence <= cursor)
			continue;
		item = items_room (a, item, *n, room);
		if (item_event (w, &item[*n], x, &f, sequence))
			++*n;
	}
	item = items_room (a, item, *n, room);
	item[(*n)++] = (struct item){ .kind = ITEM_MARK, .work = x, .lane = x->lane, .source = x->source, .sequence = last };
	return item;
}

/* What refused the batch is no item but a fence: somebody else wrote this lane. No halving helps; only claiming anew does. */
static bool fence_closed (const struct db *db)
{
	const char *at = db->statement ? db->statement : "";
	return strcmp (at, bus_cursors_write_statement.name) == 0 || strcmp (at, bus_epoch_check_statement.name) == 0 ||
	       (strcmp (at, bus_frames_write_statement.name) == 0 && strcmp (db->sqlstate, "23505") == 0);
}

/* Fails alone, and every time. False: what cannot be put aside either. */
static bool item_put_aside (struct writer *w, struct item *item)
{
	if (item->kind == ITEM_COMMAND && !item->answered) {
		item_refuse (item, "internal", NULL);
		return true;
	}
	if (item->kind == ITEM_EVENT && item->park != PARK_POISON) {
		item->park = PARK_POISON;
		item->why = arena_text (&w->batch.arena, w->db.error);
		return true;
	}
	return false;
}

/* Runs items, halving what fails deterministically until the bad item stands alone. False: everything is to be dropped. */
static bool items_commit (struct writer *w, struct item *item, size_t n)
{
	for (int tries = 0;; tries++) {
		enum status status = batch_commit (&w->batch, item, n);
		if (status == OK)
			return true;
		if (!db_alive (&w->db))
			return false;
		if (status == REFUSED)
			break;
		log_warn ("batch_again", LOG_T ("sqlstate", w->db.sqlstate), LOG_T ("error", w->db.error), LOG_N ("tries", tries));
		nanosleep (&(struct timespec){ .tv_nsec = tries < 10 ? 10000000 : 500000000 }, NULL);
		if (writer_stopping (w))
			return false;
	}
	log_warn ("batch_refused", LOG_T ("statement", w->db.statement ? w->db.statement : ""), LOG_T ("error", w->db.error),
		  LOG_N ("items", (int64_t) n));
	if (fence_closed (&w->db) || (n == 1 && !item_put_aside (w, item))) {
		log_error ("fence_closed", LOG_T ("statement", w->db.statement ? w->db.statement : ""), LOG_N ("lane", item->lane));
		return false;
	}
	if (n == 1)
		return items_commit (w, item, 1);
	return items_commit (w, item, n / 2) && items_commit (w, item + n / 2, n - n / 2);
}

/* After an unclean end an event that is run alone is written down before; the third death in a row makes it poison. */
static bool item_attempt (struct writer *w, struct item *item)
{
	unsigned char room[2][8];
	if (item->kind != ITEM_EVENT)
		return true;
	struct db_param p[] = { db_textp (w->shared->sources[item->source]), db_i16 ((int16_t) item->lane, room[0]),
				db_i64 (item->sequence, room[1]) };
	PGresult *r = db_run (&w->db, &bus_attempt_statement, p, 3);
	if (!r)
		return false;
	if (db_int (r, 0, 0) >= 3) {
		item->park = PARK_POISON;
		item->why = "the process died on it three times in a row";
		PQclear (db_run (&w->db, &bus_attempt_over_statement, p, 3)); /* a redrive starts to count anew */
	}
	PQclear (r);
	return true;
}

/* Events of one frame under suspicion: one alone, then twice as many at a time. A process that dies on one of them comes nearer to it each time. */
static bool items_suspected (struct writer *w, struct item *item, size_t n, size_t *suspect)
{
	bool good = true;
	for (size_t at = 0, piece; good && at < n; at += piece) {
		piece = n - at < *suspect || *suspect == 0 ? n - at : *suspect;
		good = (*suspect != 1 || item_attempt (w, &item[at])) && items_commit (w, item + at, piece);
		if (good)
			*suspect = *suspect * 2 >= BATCH_ITEMS_MAX ? 0 : *suspect * 2;
	}
	return good;
}

/* The same command twice in one batch: the second waits for the next, where it finds the first's reply. */
static bool command_twice (struct writer *w, const struct item *i)
{
	uint64_t id = i->data ? uuid_hash (i->data->id) ^ uuid_hash (i->data->actor) : 0;
	if (key_set_has (&w->ids, id))
		return true;
	key_set_add (&w->ids, id);
	return false;
}

/* A generic plan made while a table was all but empty is dear when it has grown: the wrong index costs nothing then and everything later. So
 * plans are forgotten whenever the work done has doubled. */
static void plans_refresh (struct writer *w)
{
	if (w->items < w->plan_again_at || !db_alive (&w->db))
		return;
	w->plan_again_at = w->items < 50 ? 100 : w->items * 2;
	PQclear (db_run (&w->db, &bus_plans_forget_statement, NULL, 0));
}

/* What is queued, as items of one batch; the works it takes go to `done`. Whoever is under suspicion is alone in its batch. */
static struct item *items_take (struct writer *w, size_t *ret_n, struct work **done_last, size_t **ret_suspect)
{
	struct item *item = NULL;
	size_t n = 0, room = 0;
	*ret_suspect = NULL;
	while (w->held_first && n < BATCH_ITEMS_MAX && !*ret_suspect) {
		struct work *x = w->held_first;
		bool ours = w->lane[x->lane].owned && w->lane[x->lane].epoch == x->claim;
		if (ours && x->kind == WORK_COMMAND && clock_monotonic () < x->deadline) { /* after it nobody waits for its answer */
			item = items_room (&w->batch.arena, item, n, &room);
			item_command (w, &item[n], x);
			if (command_twice (w, &item[n]))
				break;
			n++;
		} else if (ours && x->kind == WORK_FRAME) {
			size_t *suspect = &w->lane[x->lane].suspect[x->source];
			if (n && (*suspect || n + (size_t) x->n > BATCH_ITEMS_MAX))
				break;
			item = items_of_frame (w, item, &n, &room, x);
			if (*suspect && n)
				*ret_suspect = suspect;
		}
		w->held_first = x->next;
		if (!w->held_first)
			w->held_last = &w->held_first;
		if (!ours) {
			work_return (w, x);
			continue;
		}
		x->next = NULL;
		*done_last = x;
		done_last = &x->next;
	}
	*ret_n = n;
	return item;
}

static void writer_batch (struct writer *w)
{
	size_t n, *suspect, bytes[LANES] = { 0 };
	struct work *done = NULL;
	w->last.began = clock_monotonic ();
	arena_reset (&w->batch.arena);
	key_set_clear (&w->ids);
	struct item *item = items_take (w, &n, &done, &suspect);
	bool good = n == 0 || (suspect ? items_suspected (w, item, n, suspect) : items_commit (w, item, n));
	while (done) {
		struct work *x = done;
		done = x->next;
		bytes[x->lane] += x->size;
		work_return (w, x); /* a route still there was not answered: try again */
	}
	w->last.ended = clock_monotonic ();
	w->last.commands = w->ids.n;
	w->last.items = n;
	w->items += (int64_t) n;
	if (good)
		plans_refresh (w);
	struct results relieved = { 0 };
	for (int k = 0; k < LANES; k++)
		if (bytes[k]) {
			struct result *r = result_new (RESULT_DONE, 0);
			r->lane = k;
			r->n = (int) bytes[k];
			results_add (&relieved, r);
		}
	results_push (w->shared, &relieved);
	if (!good)
		writer_drop (w, w->db.error);
}

/* ---- what is parked ---- */

static int source_find (const struct worker_shared *s, struct bytes name)
{
	for (int i = 0; i < s->n_sources; i++)
		if (strlen (s->sources[i]) == name.n && memcmp (s->sources[i], name.at, name.n) == 0)
			return i;
	return -1;
}

/* One that is due, alone. False: everything is to be dropped. *ret_done: it is parked no more. */
static bool parked_item_run (struct writer *w, const PGresult *r, int row, bool *ret_done)
{
	struct frame_reader f;
	struct item item;
	struct work work = { .lane = (int) db_int (r, row, 0), .source = source_find (w->shared, db_bytes (r, row, 1)) };
	*ret_done = false;
	arena_reset (&w->batch.arena);
	if (work.source < 0 || frame_open (&w->batch.arena, db_bytes (r, row, 4), &f) != OK || !frame_next (&f) ||
	    !item_event (w, &item, &work, &f, db_int (r, row, 2)))
		return true; /* nobody here hears it any more: it stays for people to see */
	item.parked_tries = (int) db_int (r, row, 3);
	if (w->lane[work.lane].unclean && !item_attempt (w, &item))
		return false;
	bool good = items_commit (w, &item, 1);
	*ret_done = good && item.park == PARK_NO;
	return good;
}

/* A page of what is parked, in the order of arrival: of each key only what no earlier one holds up. */
static bool parked_page_run (struct writer *w, const PGresult *r, struct key_set *held_up, bool freed[LANES], int64_t until)
{
	for (int row = 0; row < PQntuples (r); row++) {
		uint64_t key[2] = { (uint64_t) db_int (r, row, 5), (uint64_t) db_int (r, row, 6) };
		bool due = db_int (r, row, 7) && !key_set_has (held_up, key[0]) && !key_set_has (held_up, key[1]), done = false;
		if (due && clock_monotonic () > until) { /* the rest in a moment: what is new waits too */
			w->parked_at = 0;
			return true;
		}
		if (due && !parked_item_run (w, r, row, &done))
			return false;
		if (done)
			freed[db_int (r, row, 0)] = true;
		for (int k = 0; k < 2 && !done; k++)
			key_set_add (held_up, key[k]);
	}
	return true;
}

static bool parked_lanes (const struct writer *w, struct db_array *lanes)
{
	bool any = false;
	db_array_start (lanes, OID_INT2);
	for (int k = 0; k < LANES; k++)
		if (w->lane[k].owned && w->lane[k].parked_any) {
			db_array_i16 (lanes, (int16_t) k);
			any = true;
		}
	return any;
}

/* Everything parked on our lanes that is due, once. */
static void parked_run (struct writer *w)
{
	struct db_array lanes = { 0 };
	struct key_set held_up = { 0 };
	bool freed[LANES] = { false }, good = true, more = parked_lanes (w, &lanes);
	int64_t place = 0, until = clock_monotonic () + 200000;
	while (good && more) {
		unsigned char room[8];
		struct db_param p[] = { db_array_param (&lanes), db_i64 (place, room) };
		PGresult *r = db_run (&w->db, &bus_parked_page_statement, p, 2);
		int rows = r ? PQntuples (r) : 0;
		good = r && parked_page_run (w, r, &held_up, freed, until);
		more = rows == 500 && w->parked_at;
		place = rows ? db_int (r, rows - 1, 8) : 0;
		PQclear (r);
	}
	for (int k = 0; good && k < LANES; k++) {
		if (w->lane[k].owned && w->parked_at)
			w->lane[k].unclean = false; /* every one that was due has been survived */
		if (freed[k])
			good = parked_keys_load (w, k, &w->lane[k]);
	}
	key_set_clear (&held_up);
	buffer_fini (&lanes.b);
	if (!good)
		writer_drop (w, w->db.error);
}

/* ---- asked by people ---- */

static void ask_run (struct writer *w, struct work *x)
{
	if (strcmp (x->verb, "stopped") == 0) { /* main found that a source's log was cut */
		unsigned char place[2][8];
		struct db_param q[] = { db_i16 ((int16_t) x->lane, place[0]), db_i64 ((int64_t) x->claim, place[1]),
					db_textp ((const char *) x->bytes) };
		PQclear (db_run (&w->db, &bus_stopped_statement, q, 3));
		heap_free (x);
		return;
	}
	json_t *o = json_loadb ((const char *) x->bytes, x->size, 0, NULL);
	bool drop = strcmp (x->verb, "drop") == 0;
	unsigned char room[2][8];
	struct db_param p[] = { db_textp (json_string_value (json_object_get (o, "source"))),
				db_i16 ((int16_t) json_integer_value (json_object_get (o, "lane")), room[0]),
				db_i64 (json_integer_value (json_object_get (o, "sequence")), room[1]) };
	PGresult *r = db_run (&w->db, drop ? &bus_drop_statement : &bus_redrive_statement, p, 3);
	struct buffer json = { 0 }, out = { 0 };
	struct reply reply = { .state = REPLY_UNAVAILABLE, .code = "unavailable" };
	if (r) {
		buffer_printf (&json, "{\"changed\":%s}", PQcmdTuples (r));
		reply = (struct reply){ .state = REPLY_DONE, .json = { json.at, json.n } };
		w->parked_at = 0;
		for (int k = 0; drop && k < LANES; k++)
			if (w->lane[k].owned && !parked_keys_load (w, k, &w->lane[k]))
				break;
	}
	PQclear (r);
	reply_pack (&out, &reply, NULL);
	struct result *res = result_new (RESULT_REPLY, out.n);
	memcpy (res->bytes, out.at, out.n);
	res->route = x->route;
	result_push (w->shared, res);
	buffer_fini (&json);
	buffer_fini (&out);
	json_decref (o);
	heap_free (x);
}

/* ---- the loop ---- */

static bool writer_connect (struct writer *w)
{
	struct worker_shared *s = w->shared;
	char name[80];
	snprintf (name, sizeof name, "%s writer", s->member);
	if (db_open (&w->db, s->config->dsn, s->service->schema, name) != OK) {
		log_warn ("postgres_away", LOG_T ("error", w->db.error));
		return false;
	}
	w->heartbeat_at = w->parked_at = 0;
	w->items = w->plan_again_at = 0;
	heartbeat (w);
	if (!db_alive (&w->db))
		return false;
	lanes_balance (w);
	tell_state (w, db_alive (&w->db));
	return db_alive (&w->db);
}

/* After a burst the heap is mostly air: given back once, when nothing has come for a second. */
static void memory_return (struct writer *w, int64_t now)
{
	if (w->items == w->trimmed || now < w->last.ended + 1000000)
		return;
	w->trimmed = w->items;
	batch_slim (&w->batch);
	buffer_fini (&w->db.scratch);
	malloc_trim (0);
}

static void writer_tick (struct writer *w)
{
	int64_t now = clock_monotonic ();
	memory_return (w, now);
	if (now >= w->heartbeat_at) { /* also the `select 1` of an idle writer */
		heartbeat (w);
		w->heartbeat_at = now + 1000000;
		if (db_alive (&w->db))
			lanes_balance (w);
	} else if (lanes_count (w) < w->wanted) {
		lanes_balance (w);
	}
	if (db_alive (&w->db) && now >= w->parked_at) {
		w->parked_at = now + 1000000;
		parked_run (w);
	}
	for (int k = 0; k < LANES && db_alive (&w->db); k++)
		if (w->lane[k].owned && w->lane[k].gone_pending && !gone_erase (&w->db, k, &w->lane[k], clock_monotonic () + 100000))
			log_warn ("gone_not_erased", LOG_N ("lane", k), LOG_T ("error", w->db.error));
	if (db_alive (&w->db) && now >= w->prune_at) {
		PGresult *r = db_run (&w->db, &bus_replies_prune_statement, NULL, 0);
		bool more = r && strcmp (PQcmdTuples (r), "5000") == 0;
		w->prune_at = now + (more ? 1 : 3600) * INT64_C (1000000);
		PQclear (r);
	}
	w->tick_at = clock_monotonic () + (!w->parked_at ? 0 : lanes_count (w) < w->wanted ? 100000 : 500000);
	if (!db_alive (&w->db))
		writer_drop (w, w->db.error);
}

/* Until when a batch is worth gathering. Nothing is delayed where little happens: only who was answered together a moment ago is likely to ask
 * together again at once; and a consumer whose batches are small while work keeps coming works half of the time at most, for
 * what it costs to begin and to commit is paid by all who share it. */
static int64_t gather_until (const struct writer *w, size_t *ret_enough)
{
	int64_t took = w->last.ended - w->last.began;
	*ret_enough = 1;
	if (w->last.commands >= 4) {
		*ret_enough = w->last.commands;
		return w->last.ended + (took < 4000 ? took / 2 : 2000);
	}
	if (w->last.commands == 0 && w->last.items >= 8 && w->last.items < 512)
		return w->last.ended + (took < 5000 ? took : 5000);
	return 0;
}

/* Waits for a push that is worth waking for, at most until then. */
static void queue_wait (struct worker_shared *s, int64_t until)
{
	struct timespec at = { .tv_sec = until / 1000000,
			       .tv_nsec = until % 1000000 * 1000 }; /* clock_monotonic is CLOCK_MONOTONIC in µs */
	pthread_cond_timedwait (&s->wake_writer, &s->lock, &at);
}

/* Takes everything that is queued; waits for it until the next tick. Asks are done at once. False: stop. */
static bool writer_wait (struct writer *w)
{
	struct worker_shared *s = w->shared;
	size_t enough;
	int64_t gather = gather_until (w, &enough);
	pthread_mutex_lock (&s->lock);
	s->enough = enough;
	while (!w->held_first && !s->stop && s->commands < enough && s->items < BATCH_ITEMS_MAX && clock_monotonic () < gather)
		queue_wait (s, gather);
	s->enough = 0;
	if (!s->write_first && !w->held_first && !s->stop && clock_monotonic () < w->tick_at)
		queue_wait (s, w->tick_at);
	s->commands = s->items = 0;
	struct work *taken = s->write_first;
	s->write_first = NULL;
	s->write_last = &s->write_first;
	bool stop = s->stop;
	pthread_mutex_unlock (&s->lock);
	while (taken) {
		struct work *x = taken;
		taken = x->next;
		x->next = NULL;
		if (x->kind == WORK_ASK) {
			ask_run (w, x);
			continue;
		}
		*w->held_last = x;
		w->held_last = &x->next;
	}
	return !stop;
}

void writer_metrics (void)
{
	metric_register (&lanes_owned);
	metric_register (&takeovers);
	metric_register (&doubts);
}

/* Everything is finished, lanes are let go in good order, and others are told at once. */
static void writer_end (struct writer *w)
{
	while (w->held_first && db_alive (&w->db))
		writer_batch (w);
	for (int k = 0; k < LANES && db_alive (&w->db); k++)
		if (w->lane[k].owned)
			lane_release (w, k);
	if (db_alive (&w->db)) {
		struct db_param p = db_textp (w->shared->member);
		PQclear (db_run (&w->db, &bus_member_gone_statement, &p, 1));
	}
	while (w->held_first) {
		struct work *x = w->held_first;
		w->held_first = x->next;
		work_return (w, x);
	}
	for (int k = 0; k < LANES; k++) {
		key_set_clear (&w->lane[k].parked);
		key_set_clear (&w->lane[k].gone);
	}
	key_set_clear (&w->ids);
	db_close (&w->db);
	buffer_fini (&w->db.scratch);
	batch_fini (&w->batch);
}

void *writer_run (void *shared)
{
	struct writer *w = heap_alloc (sizeof *w);
	w->shared = shared;
	w->held_last = &w->held_first;
	w->wanted = LANES;
	batch_init (&w->batch, w->shared, &w->db, w->lane);
	for (bool go = true; go;) {
		if (clock_monotonic () < w->tick_at) {
			;
		} else if (db_alive (&w->db)) {
			writer_tick (w);
		} else if (!writer_connect (w)) {
			if (w->db.conn)
				writer_drop (w, w->db.error);
			w->tick_at = clock_monotonic () + 200000;
		}
		go = writer_wait (w);
		if (w->held_first)
			writer_batch (w);
	}
	writer_end (w);
	heap_free (w);
	result_push (shared, result_new (RESULT_ENDED, 0));
	return NULL;
}
