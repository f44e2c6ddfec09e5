/* The writer worker: owns lanes, takes what has piled up, makes batches of it. One transaction in flight; the commit is the timer.
 * Liveness comes from advisory locks, safety from the cursor's fence, the frames' key and the epoch; never from a clock.
 * Never publishes or answers what is not committed; never touches the loop but through results. */
#include "writer_parts.h"
#include "bus_sql.h"
#include "erase.h"
#include "gone.h"

#include "clock.h"
#include "fault.h"
#include "log.h"
#include "metrics.h"

#include <malloc.h>
#include <string.h>
#include <time.h>

static struct metric doubts = { .name = "leadwire_commits_in_doubt_total",
				.help = "Connections lost between Sync and its result",
				.kind = METRIC_COUNTER };

static void tell_state (struct writer *w, bool up)
{
	if (w->up == up)
		return;
	w->up = up;
	struct result *r = result_new (RESULT_STATE, 0);
	r->n = up;
	result_push (w->shared, r);
}

/* What is queued for a command that cannot be done here: the asker tries again, under the same id, with whoever owns the lane then. */
void work_return (struct writer *w, struct work *x)
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
void writer_drop (struct writer *w, const char *why)
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

/* ---- batches ---- */

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

/* The same once more, with handlers that look before they write: what they took to be new may be there. */
static bool items_carefully (struct writer *w, struct item *item, size_t n)
{
	w->batch.careful = true;
	bool good = items_commit (w, item, n);
	w->batch.careful = false;
	return good;
}

/* Runs items, halving what fails deterministically until the bad item stands alone. False: everything is to be dropped. */
bool items_commit (struct writer *w, struct item *item, size_t n)
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
	if (!w->batch.careful && !fence_closed (&w->db))
		return items_carefully (w, item, n);
	if (fence_closed (&w->db) || (n == 1 && !item_put_aside (w, item))) {
		log_error ("fence_closed", LOG_T ("statement", w->db.statement ? w->db.statement : ""), LOG_N ("lane", item->lane));
		return false;
	}
	if (n == 1)
		return items_commit (w, item, 1);
	return items_commit (w, item, n / 2) && items_commit (w, item + n / 2, n - n / 2);
}

/* After an unclean end an event that is run alone is written down before; the third death in a row makes it poison. */
bool item_attempt (struct writer *w, struct item *item)
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

/* The service's own time: one command without an asker. No answer, nothing stored: what it finds done is not due any more. True: there is more of it. */
static bool clock_give (struct writer *w, const struct command_row *row)
{
	int lane = 0;
	while (lane < LANES && !w->lane[lane].owned)
		lane++;
	if (lane == LANES || !db_alive (&w->db))
		return false;
	assert (row->keeps_own_reply); /* it has no asker to be told apart by */
	arena_reset (&w->batch.arena);
	struct work work = { .kind = WORK_COMMAND, .lane = lane };
	struct item item = { .kind = ITEM_COMMAND, .work = &work, .command = row, .lane = lane };
	item.data = arena_alloc (&w->batch.arena, row->record->size);
	item.data->at = clock_now ();
	item.data->id = item.data->correlation = uuid_v7 (item.data->at);
	bool good = items_commit (w, &item, 1);
	if (!good)
		writer_drop (w, w->db.error);
	return good && is_done (item.outcome) && item.outcome.number;
}

static bool news_heard (struct worker_shared *s)
{
	pthread_mutex_lock (&s->lock);
	bool ret = s->lanes_heard == s->lanes_gained;
	pthread_mutex_unlock (&s->lock);
	return ret;
}

/* All that is due now, or one more bite of what is under way. */
static void clock_run (struct writer *w, bool due)
{
	const struct service *service = w->shared->service;
	uint64_t more = 0;
	bool heard = news_heard (w->shared);
	assert (service->n_clocks <= 64);
	for (size_t i = 0; i < service->n_clocks; i++)
		if ((due || w->clock_more >> i & 1) && (heard || !service->clock[i].behind_news) && clock_give (w, &service->clock[i]))
			more |= UINT64_C (1) << i;
	w->clock_more = more;
}

/* A bite of what is too old to be asked for again; true: there may be more. */
static bool answers_prune (struct writer *w, struct statement *s)
{
	PGresult *r = db_alive (&w->db) ? db_run (&w->db, s, NULL, 0) : NULL;
	bool again = r && strcmp (PQcmdTuples (r), "5000") == 0;
	PQclear (r);
	return again;
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
		if (db_alive (&w->db))
			erasures_count (w);
	}
	if (db_alive (&w->db) && w->clock_at <= now) {
		w->clock_at = now + 900000;
		clock_run (w, true);
	}
	int64_t until = clock_monotonic () + 50000; /* for all lanes together: work comes first */
	for (int k = 0; k < LANES && db_alive (&w->db); k++)
		if (w->lane[k].owned && w->lane[k].gone_pending && !gone_erase (&w->db, k, &w->lane[k], until))
			log_warn ("gone_not_erased", LOG_N ("lane", k), LOG_T ("error", w->db.error));
	bool more = false;
	for (int k = 0; k < LANES && db_alive (&w->db); k++) {
		if (!w->lane[k].owned || !w->lane[k].erase_pending)
			continue;
		if (erase_run (&w->db, k, &w->lane[k], until))
			more = more || w->lane[k].erase_pending;
		else
			log_warn ("not_erased", LOG_N ("lane", k), LOG_T ("error", w->db.error));
	}
	if (db_alive (&w->db) && now >= w->prune_at) {
		bool again = answers_prune (w, &bus_replies_prune_statement), asked = answers_prune (w, &bus_asked_prune_statement);
		w->prune_at = now + (again || asked ? 1 : 3600) * INT64_C (1000000);
	}
	w->tick_at = clock_monotonic () + (!w->parked_at || more ? 0 : lanes_count (w) < w->wanted ? 100000 : 500000);
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
	while (!w->held_first && !w->clock_more && !s->stop && s->commands < enough && s->items < BATCH_ITEMS_MAX &&
	       clock_monotonic () < gather)
		queue_wait (s, gather);
	s->enough = 0;
	if (!s->write_first && !w->held_first && !w->clock_more && !s->hurry && !s->stop && clock_monotonic () < w->tick_at)
		queue_wait (s, w->tick_at);
	s->commands = s->items = 0;
	if (s->hurry)
		w->clock_more |= UINT64_MAX;
	s->hurry = false;
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
	lanes_metrics ();
	parked_metrics ();
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
		if (w->batch.hurry) /* also of a batch that failed: then nothing is due */
			w->clock_more |= UINT64_MAX;
		w->batch.hurry = false;
		if (w->batch.wakes)
			effects_wake (w->shared);
		w->batch.wakes = false;
		if (w->clock_more && go)
			clock_run (w, false);
	}
	writer_end (w);
	heap_free (w);
	result_push (shared, result_new (RESULT_ENDED, 0));
	return NULL;
}
