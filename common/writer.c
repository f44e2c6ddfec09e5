/* The writer worker: owns lanes, takes what has piled up, makes batches of it. One transaction in flight; the commit is the timer.
 * Liveness comes from advisory locks, safety from the cursor's fence, the frames' key and the epoch; never from a clock.
 * Never publishes or answers what is not committed; never touches the loop but through results. */
#include "batch.h"
#include "bus_sql.h"

#include "clock.h"
#include "fault.h"
#include "log.h"
#include "metrics.h"

#include <errno.h>
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
	struct work *held_first, **held_last;	/* taken from the queue, not yet dealt with */
	size_t limit;				/* items of a batch: 1 after an unclean end, doubling */
	bool suspicious;			/* the next batch is the first after an unclean end */
	bool up;
	int64_t tick_at, heartbeat_at, parked_at, prune_at, evict_at;
	int wanted;
	int64_t items, plan_again_at;	/* items dealt with on this connection; plans are made anew each time they have doubled */
};

static struct metric lanes_owned = { .name = "leadwire_lanes_owned", .help = "Lanes this process owns", .kind = METRIC_GAUGE };
static struct metric takeovers = { .name = "leadwire_lane_claims_total", .help = "Lanes claimed", .kind = METRIC_COUNTER };
static struct metric doubts = { .name = "leadwire_commits_in_doubt_total", .help = "Connections lost between Sync and its result", .kind = METRIC_COUNTER };

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
	log_warn ("writer_dropped", LOG_T ("why", why), LOG_T ("statement", w->db.statement ? w->db.statement : ""), LOG_T ("sqlstate", w->db.sqlstate));
	if (w->db.in_doubt)
		metric_add (&doubts, 1);
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

static bool parked_keys_load (struct writer *w, int k)
{
	unsigned char room[8];
	struct db_param p[] = { db_i16 ((int16_t) k, room) };
	PGresult *r = db_run (&w->db, &bus_parked_keys_statement, p, 1);
	key_set_clear (&w->lane[k].parked);
	for (int i = 0; r && i < PQntuples (r); i++) {
		key_set_add (&w->lane[k].parked, (uint64_t) db_int (r, i, 0));
		key_set_add (&w->lane[k].parked, (uint64_t) db_int (r, i, 1));
	}
	PQclear (r);
	return r != NULL;
}

/* Getting the lock is the proof that the owner before is gone; only now are head and cursors read. */
static bool lane_claim (struct writer *w, int k)
{
	struct worker_shared *s = w->shared;
	struct writer_lane lane = { .owned = true };
	unsigned char room[3][8];
	if (!lane_lock (w, k))
		return false;
	fault_point (during_takeover);
	struct db_param number = db_i16 ((int16_t) k, room[0]);
	PGresult *r = db_run (&w->db, &bus_head_statement, &number, 1);
	if (!r)
		return false;
	lane.head = db_int (r, 0, 0);
	bool clean = db_int (r, 0, 1) != 0;
	PQclear (r);
	for (int i = 0; i < s->n_sources; i++) {
		struct db_param p[] = { db_textp (s->sources[i]), number };
		db_send_plain (&w->db, &bus_cursor_make_statement, p, 2, -1);
	}
	r = db_run (&w->db, &bus_cursors_statement, &number, 1);
	if (!r)
		return false;
	for (int i = 0; i < PQntuples (r); i++) {
		struct bytes source = db_bytes (r, i, 0);
		for (int j = 0; j < s->n_sources; j++)
			if (strlen (s->sources[j]) == source.n && memcmp (s->sources[j], source.at, source.n) == 0) {
				lane.cursor[j] = db_int (r, i, 1);
				lane.cursor_epoch[j] = (uint64_t) db_int (r, i, 2);
			}
	}
	PQclear (r);
	randombytes_buf (&lane.epoch, sizeof lane.epoch);
	lane.epoch = (lane.epoch >> 1) | 1;	/* positive in SQL, never 0 */
	lane.epoch_first = lane.head + 1;
	struct db_param p[] = { number, db_i64 ((int64_t) lane.epoch, room[1]), db_i64 (lane.epoch_first, room[2]), db_textp (s->member) };
	r = db_run (&w->db, &bus_claim_statement, p, 4);
	PQclear (r);
	if (!r)
		return false;
	w->lane[k] = lane;
	if (!parked_keys_load (w, k))
		return false;
	if (!clean) {
		w->limit = 1;
		w->suspicious = true;
	} else {
		PQclear (db_run (&w->db, &bus_attempts_over_statement, &number, 1));
	}
	struct result *g = result_new (RESULT_GAINED, 0);
	g->lane = k;
	g->epoch = lane.epoch;
	g->epoch_first = lane.epoch_first;
	g->first_seq = lane.head;
	memcpy (g->cursor, lane.cursor, sizeof lane.cursor);
	memcpy (g->cursor_epoch, lane.cursor_epoch, sizeof lane.cursor_epoch);
	result_push (s, g);
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
	struct db_param p[] = { db_textp (s->member), db_textp (s->pub), db_textp (s->rpc), db_textp (s->curve), db_i32 (bits, room[0]),
				db_i32 ((int32_t) getpid (), room[1]) };
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
	rest = (struct bytes){ rest.at + used, rest.n - used };
	const struct record *r = i->command->record;
	i->data = arena_alloc (a, r->size);
	i->hash = uuid_hash (uuid_of (rest.at, rest.n)) >> 1;
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
	*i = (struct item){ .kind = ITEM_EVENT, .work = x, .listener = l, .lane = x->lane, .source = x->source, .sequence = sequence,
			    .raw = f->data, .version = f->version, .type = l->record->type };
	i->data = arena_alloc (a, l->record->size);
	if (f->version > l->record->version || record_unpack (a, l->record, f->data, i->data, &problem) != OK) {
		i->park = PARK_POISON;
		i->why = f->version > l->record->version ? "a version this build does not know" : "cannot be read";
	}
	*i->data = f->head;
	i->data->sequence = sequence;
	for (int k = 0; k < 2; k++)
		i->key[k] = key_of (l->record, l->key[k], i->data);
	return true;
}

static struct item *items_of_frame (struct writer *w, struct item *item, size_t *n, size_t *room, struct work *x)
{
	struct arena *a = &w->batch.arena;
	struct frame_reader f;
	int64_t cursor = w->lane[x->lane].cursor[x->source], last = x->first_seq + x->n - 1;
	bool good = frame_open (a, (struct bytes){ x->bytes, x->size }, &f) == OK && f.n == (size_t) x->n;
	int64_t sequence = x->first_seq - 1;
	while (good && frame_next (&f)) {
		if (++sequence <= cursor)
			continue;
		item = items_room (a, item, *n, room);
		if (item_event (w, &item[*n], x, &f, sequence))
			++*n;
	}
	if (!good || sequence != last)
		log_error ("frame_malformed", LOG_T ("source", w->shared->sources[x->source]), LOG_N ("lane", x->lane), LOG_N ("sequence", x->first_seq));
	item = items_room (a, item, *n, room);
	item[(*n)++] = (struct item){ .kind = ITEM_MARK, .work = x, .lane = x->lane, .source = x->source, .sequence = last };
	return item;
}

/* Runs items, halving what fails deterministically until the bad item stands alone. False: the world failed, everything is to be dropped. */
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
		if (w->shared->stop)
			return false;
	}
	log_warn ("batch_refused", LOG_T ("statement", w->db.statement ? w->db.statement : ""), LOG_T ("error", w->db.error), LOG_N ("items", (int64_t) n));
	if (n == 1) {
		if (item->kind == ITEM_MARK) {	/* a cursor that will not move: somebody else owns it */
			log_error ("fence_closed", LOG_N ("lane", item->lane));
			return false;
		}
		if (item->kind == ITEM_COMMAND) {
			item->outcome = refused_row (error_find ("internal"));
			item_refuse (item, "internal", NULL);
		} else {
			if (item->park == PARK_POISON) {
				log_error ("fence_closed", LOG_N ("lane", item->lane));
				return false;
			}
			item->park = PARK_POISON;
			item->why = arena_text (&w->batch.arena, w->db.error);
		}
		return items_commit (w, item, 1);
	}
	return items_commit (w, item, n / 2) && items_commit (w, item + n / 2, n - n / 2);
}

/* Before an item under suspicion is run alone it is written down; the third death in a row makes it poison. */
static bool items_suspect (struct writer *w, struct item *item, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char room[2][8];
		if (item[i].kind != ITEM_EVENT)
			continue;
		struct db_param p[] = { db_textp (w->shared->sources[item[i].source]), db_i16 ((int16_t) item[i].lane, room[0]),
					db_i64 (item[i].sequence, room[1]) };
		PGresult *r = db_run (&w->db, &bus_attempt_statement, p, 3);
		if (!r)
			return false;
		if (db_int (r, 0, 0) >= 3) {
			item[i].park = PARK_POISON;
			item[i].why = "the process died on it three times in a row";
		}
		PQclear (r);
	}
	return true;
}

/* The same command twice in one batch: the second waits for the next, where it finds the first's reply. */
static bool command_twice (const struct item *item, size_t n, const struct work *x)
{
	const struct item *last = &item[n];
	for (size_t i = 0; i < n; i++)
		if (item[i].kind == ITEM_COMMAND && item[i].data && last->data && uuid_equal (item[i].data->id, last->data->id) &&
		    uuid_equal (item[i].data->actor, last->data->actor))
			return true;
	(void) x;
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

static void writer_batch (struct writer *w)
{
	struct item *item = NULL;
	size_t n = 0, room = 0, commands = 0;
	struct work *done_first = NULL, **done_last = &done_first;
	arena_reset (&w->batch.arena);
	while (w->held_first && n < w->limit) {
		struct work *x = w->held_first;
		bool ours = w->lane[x->lane].owned && w->lane[x->lane].epoch == x->claim;
		if (ours && x->kind == WORK_COMMAND) {
			item = items_room (&w->batch.arena, item, n, &room);
			item_command (w, &item[n], x);
			if (commands && command_twice (item, n, x))
				break;
			commands++;
			n++;
		} else if (ours && x->kind == WORK_FRAME) {
			if (n && n + (size_t) x->n > BATCH_ITEMS_MAX)
				break;
			item = items_of_frame (w, item, &n, &room, x);
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
	bool good = true;
	if (n && w->suspicious)
		good = items_suspect (w, item, n);
	/* after an unclean end even one frame is taken in small pieces */
	for (size_t at = 0; good && at < n;) {
		size_t piece = n - at < w->limit ? n - at : w->limit;
		good = items_commit (w, item + at, piece);
		at += piece;
		if (good && w->limit < BATCH_ITEMS_MAX)
			w->limit *= 2;
		if (good && n)
			w->suspicious = false;
	}
	size_t bytes[LANES] = { 0 };
	while (done_first) {
		struct work *x = done_first;
		done_first = x->next;
		if (x->kind == WORK_FRAME)
			bytes[x->lane] += x->size;
		work_return (w, x);	/* a route still there was not answered: try again */
	}
	w->items += (int64_t) n;
	if (good)
		plans_refresh (w);
	for (int k = 0; k < LANES; k++)
		if (bytes[k]) {
			struct result *r = result_new (RESULT_DONE, 0);
			r->lane = k;
			r->n = (int) bytes[k];
			result_push (w->shared, r);
		}
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

static void parked_run (struct writer *w)
{
	struct db_array lanes = { 0 };
	bool any = false;
	db_array_start (&lanes, OID_INT2);
	for (int k = 0; k < LANES; k++)
		if (w->lane[k].owned && w->lane[k].parked.n) {
			db_array_i16 (&lanes, (int16_t) k);
			any = true;
		}
	if (!any) {
		buffer_fini (&lanes.b);
		return;
	}
	struct db_param p = db_array_param (&lanes);
	PGresult *r = db_run (&w->db, &bus_parked_due_statement, &p, 1);
	buffer_fini (&lanes.b);
	bool good = r != NULL;
	for (int row = 0; good && row < PQntuples (r); row++) {
		struct frame_reader f;
		struct item item;
		struct work work = { .lane = (int) db_int (r, row, 0), .source = source_find (w->shared, db_bytes (r, row, 1)) };
		arena_reset (&w->batch.arena);
		if (work.source < 0 || frame_open (&w->batch.arena, db_bytes (r, row, 4), &f) != OK || !frame_next (&f) ||
		    !item_event (w, &item, &work, &f, db_int (r, row, 2)))
			continue;
		item.parked_tries = (int) db_int (r, row, 3);
		item.park = PARK_NO;
		good = items_commit (w, &item, 1);
		if (good)
			good = parked_keys_load (w, work.lane);
	}
	PQclear (r);
	if (!good)
		writer_drop (w, w->db.error);
}

/* ---- asked by people ---- */

static void ask_run (struct writer *w, struct work *x)
{
	if (strcmp (x->verb, "stopped") == 0) {	/* main found that a source's log was cut */
		unsigned char place[2][8];
		struct db_param q[] = { db_i16 ((int16_t) x->lane, place[0]), db_i64 ((int64_t) x->claim, place[1]), db_textp ((const char *) x->bytes) };
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
			if (w->lane[k].owned && !parked_keys_load (w, k))
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
	w->tick_at = w->heartbeat_at = w->parked_at = 0;
	w->items = w->plan_again_at = 0;
	heartbeat (w);
	if (!db_alive (&w->db))
		return false;
	lanes_balance (w);
	tell_state (w, db_alive (&w->db));
	return db_alive (&w->db);
}

static void writer_tick (struct writer *w)
{
	int64_t now = clock_monotonic ();
	if (now >= w->heartbeat_at) {	/* also the `select 1` of an idle writer */
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
	if (db_alive (&w->db) && now >= w->prune_at) {
		w->prune_at = now + INT64_C (3600) * 1000000;
		PQclear (db_run (&w->db, &bus_replies_prune_statement, NULL, 0));
	}
	w->tick_at = clock_monotonic () + (lanes_count (w) < w->wanted ? 100000 : 500000);
	if (!db_alive (&w->db))
		writer_drop (w, w->db.error);
}

/* Takes everything that is queued; waits for it until the next tick. Asks are done at once. False: stop. */
static bool writer_wait (struct writer *w)
{
	struct worker_shared *s = w->shared;
	int64_t wait = w->tick_at - clock_monotonic ();
	pthread_mutex_lock (&s->lock);
	if (!s->write_first && !w->held_first && !s->stop && wait > 0) {
		struct timespec until;
		clock_gettime (CLOCK_MONOTONIC, &until);
		until.tv_sec += wait / 1000000;
		until.tv_nsec += wait % 1000000 * 1000;
		if (until.tv_nsec >= 1000000000) {
			until.tv_sec++;
			until.tv_nsec -= 1000000000;
		}
		pthread_cond_timedwait (&s->wake_writer, &s->lock, &until);
	}
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

void *writer_run (void *shared)
{
	struct writer *w = heap_alloc (sizeof *w);
	w->shared = shared;
	w->limit = BATCH_ITEMS_MAX;
	w->held_last = &w->held_first;
	w->wanted = LANES;
	batch_init (&w->batch, w->shared, &w->db, w->lane);
	for (bool go = true; go;) {
		if (!db_alive (&w->db)) {
			if (!writer_connect (w)) {
				if (w->db.conn)
					writer_drop (w, w->db.error);
				w->tick_at = clock_monotonic () + 200000;
			}
		} else if (clock_monotonic () >= w->tick_at) {
			writer_tick (w);
		}
		go = writer_wait (w);
		if (w->held_first)
			writer_batch (w);
	}
	while (w->held_first && db_alive (&w->db))
		writer_batch (w);
	for (int k = 0; k < LANES && db_alive (&w->db); k++)
		if (w->lane[k].owned)
			lane_release (w, k);
	if (db_alive (&w->db)) {
		struct db_param p = db_textp (w->shared->member);
		PQclear (db_run (&w->db, &bus_member_gone_statement, &p, 1));
	}
	db_close (&w->db);
	buffer_fini (&w->db.scratch);
	batch_fini (&w->batch);
	heap_free (w);
	return NULL;
}
