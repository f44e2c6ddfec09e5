/* A batch, from items to commit: stored replies, runs, handlers, then frames, cursors, replies and what is parked, then Sync.
 * The commit is the timer: nothing waits to fill a batch. A fault in the middle of a handler leaves through a long jump to batch_commit,
 * which rolls back; handlers hold nothing but the arena, so nothing leaks. Never answers before the commit. */
#include "batch_parts.h"

#include "clock.h"
#include "fault.h"
#include "log.h"
#include "metrics.h"

#include <string.h>

static struct metric batches_total = { .name = "leadwire_batches_total",
				       .help = "Transactions committed by the writer",
				       .kind = METRIC_COUNTER };
static struct metric items_total = { .name = "leadwire_items_total", .help = "Commands and events dealt with", .kind = METRIC_COUNTER };
static struct metric events_total = { .name = "leadwire_events_total", .help = "Events said", .kind = METRIC_COUNTER };
static struct metric commit_time = { .name = "leadwire_commit_seconds",
				     .help = "From the first statement of a batch to its commit",
				     .kind = METRIC_HISTOGRAM };

void batch_init (struct batch *b, struct worker_shared *shared, struct db *db, struct writer_lane *lanes)
{
	*b = (struct batch){ .magic = BATCH_MAGIC, .shared = shared, .db = db, .lane = lanes };
	arena_init (&b->arena);
	if (shared->service->writer_state)
		b->state = heap_alloc (shared->service->writer_state);
}

void batch_metrics (void)
{
	struct metric *const all[] = { &batches_total, &items_total, &events_total, &commit_time };
	for (size_t i = 0; i < LENGTH (all); i++)
		metric_register (all[i]);
	batch_end_metrics ();
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
		asked_load (b, item, n);
		const struct run *run = runs_build (b, item, n, &runs);
		for (size_t r = 0; r < runs; r++)
			run_call (b, &run[r], item);
		if (b->shared->service->ends)
			b->shared->service->ends (b);
		asked_settle (b, item, n);
		replies_write (b, item, n);
		frames_write (b, b->payload, item, n);
		cursors_write (b, item, n, move);
		parked_write (b, item, n);
		epochs_check (b, item, n, move);
		if (b->db->unsure) { /* counts are known before the Sync, not after */
			PQclear (db_flush (b->db));
			batch_check (b);
		}
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
