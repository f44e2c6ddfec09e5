/* A consumer's lanes: which event of which source comes next, what waits for what it refers to, when a replay is asked for.
 * Never gives the writer an event twice or out of order; what is lost here is replayed from the source's tables. */
#include "bus_parts.h"

#include "clock.h"
#include "log.h"
#include "metrics.h"

#include <stdio.h>
#include <string.h>

enum { NEWS_SECONDS = 30 /* so long a source that does not say how far it is is waited for */ };

static struct metric frames_heard = { .name = "leadwire_frames_heard_total",
				      .help = "Frames taken for this consumer",
				      .kind = METRIC_COUNTER };
static struct metric lanes_stopped = { .name = "leadwire_lanes_stopped",
				       .help = "Lanes of sources whose log was cut",
				       .kind = METRIC_GAUGE };
static struct metric drops = { .name = "leadwire_frames_dropped_total",
			       .help = "Live frames dropped because too much was queued (replayed later)",
			       .kind = METRIC_COUNTER };

void ears_metrics (void)
{
	struct metric *const all[] = { &frames_heard, &lanes_stopped, &drops };
	for (size_t i = 0; i < LENGTH (all); i++)
		metric_register (all[i]);
}

void ear_ask (struct app *a, int source, int lane)
{
	struct ear *e = &a->ear[source][lane];
	if (e->replay || e->stopped || a->lane[lane].bytes + e->held_bytes > LANE_BYTES_MAX)
		return;
	struct pending *p = pending_new (a, PENDING_EAR, a->shared.sources[source], lane, 5000);
	p->source = source;
	replay_message (&p->message, lane, e->end, e->epoch);
	e->replay = p->id;
	e->asked_at = clock_monotonic ();
	pending_send (a, p);
}

static void held_forget (struct ear *e)
{
	while (e->held_first) {
		struct held *h = e->held_first;
		e->held_first = h->next;
		heap_free (h->work);
		heap_free (h);
	}
	e->held_last = &e->held_first;
	e->held_bytes = 0;
	e->end = e->next;
}

void ear_stopped (struct app *a, int source, int lane)
{
	struct ear *e = &a->ear[source][lane];
	if (!a->lane[lane].owned || e->stopped)
		return;
	e->stopped = true;
	held_forget (e);
	metric_add (&lanes_stopped, 1);
}

void ear_stop (struct app *a, int source, int lane)
{
	struct ear *e = &a->ear[source][lane];
	char why[160];
	snprintf (why, sizeof why, "the log of %s was cut at or before %lld; it was restored or failed over with loss",
		  a->shared.sources[source], (long long) e->end - 1);
	log_error ("lane_stopped", LOG_T ("source", a->shared.sources[source]), LOG_N ("lane", lane), LOG_N ("cursor", e->end - 1),
		   LOG_T ("why", why));
	ear_stopped (a, source, lane);
	struct work *w = work_new (WORK_ASK, strlen (why) + 1);
	snprintf (w->verb, sizeof w->verb, "stopped");
	memcpy (w->bytes, why, w->size);
	w->lane = lane;
	w->claim = a->lane[lane].epoch;
	work_push_writer (&a->shared, w);
}

static bool held_may_go (const struct app *a, const struct held *h, int lane)
{
	for (size_t i = 0; i < h->n_after; i++) {
		int s = source_index (a, h->after[i].source);
		if (s >= 0 && a->ear[s][lane].next <= h->after[i].sequence)
			return false;
	}
	return true;
}

static void ear_queue (struct app *a, int source, int lane, struct held *h)
{
	a->ear[source][lane].next = h->first_seq + h->n;
	a->lane[lane].bytes += h->work->size;
	metric_add (&frames_heard, 1);
	work_push_writer (&a->shared, h->work);
	heap_free (h);
}

/* What waited for another source goes on as soon as that is queued: within a batch order is kept by keys. */
static void ears_release (struct app *a, int lane)
{
	for (bool again = true; again;) {
		again = false;
		for (int s = 0; s < a->shared.n_sources; s++) {
			struct ear *e = &a->ear[s][lane];
			while (e->held_first && held_may_go (a, e->held_first, lane)) {
				struct held *h = e->held_first;
				e->held_first = h->next;
				if (!e->held_first)
					e->held_last = &e->held_first;
				e->held_bytes -= h->work->size;
				ear_queue (a, s, lane, h);
				again = true;
			}
		}
	}
}

static struct held *held_new (struct app *a, int source, int lane, const struct frame_reader *f, int64_t first, int n, struct bytes payload)
{
	struct held *h = heap_alloc (sizeof *h);
	memcpy (h->after, f->after, f->n_after * sizeof *f->after);
	h->n_after = f->n_after;
	h->first_seq = first;
	h->n = n;
	h->work = work_new (WORK_FRAME, payload.n);
	memcpy (h->work->bytes, payload.at, payload.n);
	h->work->lane = lane;
	h->work->claim = a->lane[lane].epoch;
	h->work->source = source;
	h->work->first_seq = first;
	h->work->n = n;
	return h;
}

void frame_heard (struct app *a, int source, int lane, uint64_t epoch, int64_t epoch_first, int64_t first, int n, struct bytes payload)
{
	struct ear *e = &a->ear[source][lane];
	struct frame_reader f;
	if (!a->lane[lane].owned || e->stopped || a->closing)
		return;
	int64_t end = e->end;
	if (first + n <= end)
		return; /* heard already */
	if (first > end) {
		metric_add (&bus_holes, 1);
		ear_ask (a, source, lane);
		return;
	}
	if (e->epoch && epoch != e->epoch && epoch_first < end) {
		ear_ask (a, source, lane); /* the source's tables tell whether its log was cut */
		return;
	}
	if (a->lane[lane].bytes + e->held_bytes > LANE_BYTES_MAX) {
		metric_add (&drops, 1);
		return; /* replayed when what is queued is done */
	}
	arena_reset (&a->scratch);
	if (frame_open (&a->scratch, payload, &f) != OK) {
		log_error ("frame_malformed", LOG_T ("source", a->shared.sources[source]), LOG_N ("lane", lane), LOG_N ("sequence", first));
		return;
	}
	struct held *h = held_new (a, source, lane, &f, first, n, payload);
	h->work->epoch = epoch;
	*e->held_last = h;
	e->held_last = &h->next;
	e->held_bytes += payload.n;
	e->end = first + n;
	e->epoch = epoch;
	ears_release (a, lane);
}

void head_heard (struct app *a, struct service_known *k, int lane, uint64_t epoch, int64_t epoch_first, int64_t last)
{
	int source = source_index (a, k->name);
	if (source < 0 || !a->lane[lane].owned)
		return;
	struct ear *e = &a->ear[source][lane];
	e->head = last;
	if (!e->told) {
		e->told = true;
		e->before = last;
	}
	if (last >= e->end) {
		ear_ask (a, source, lane);
	} else if (e->epoch && epoch != e->epoch && epoch_first < e->end && clock_monotonic () - e->asked_at > BUS_SECOND) {
		ear_ask (a, source, lane);
	}
}

/* ---- lanes come and go ---- */

void ears_init (struct app *a)
{
	for (int s = 0; s < SOURCES_MAX; s++)
		for (int k = 0; k < LANES; k++)
			a->ear[s][k].held_last = &a->ear[s][k].held_first;
}

void ears_gained (struct app *a, const struct result *r)
{
	a->gained++;
	a->gained_at = clock_monotonic ();
	for (int s = 0; s < a->shared.n_sources; s++) {
		struct ear *e = &a->ear[s][r->lane];
		*e = (struct ear){
			.next = r->cursor[s] + 1, .end = r->cursor[s] + 1, .committed = r->cursor[s], .epoch = r->cursor_epoch[s]
		};
		e->held_last = &e->held_first;
	}
}

void ears_lost (struct app *a, int lane)
{
	for (int s = 0; s < a->shared.n_sources; s++) {
		struct ear *e = &a->ear[s][lane];
		held_forget (e);
		if (e->stopped)
			metric_add (&lanes_stopped, -1);
		*e = (struct ear){ 0 };
		e->held_last = &e->held_first;
	}
}

/* What was dropped because too much was queued is asked for when the queue is short again. */
void ears_relieved (struct app *a, int lane)
{
	for (int s = 0; s < a->shared.n_sources; s++)
		if (a->ear[s][lane].head >= a->ear[s][lane].end)
			ear_ask (a, s, lane);
}

/* Who does not say how far they are is not waited for without end. */
static bool news_are_heard (const struct app *a, int64_t now)
{
	if (now - a->gained_at > NEWS_SECONDS * BUS_SECOND)
		return true;
	for (int s = 0; s < a->shared.n_sources; s++)
		for (int k = 0; k < LANES; k++) {
			const struct ear *e = &a->ear[s][k];
			if (a->lane[k].owned && !e->stopped && (!e->told || e->committed < e->before))
				return false;
		}
	return true;
}

static void news_tell (struct app *a, int64_t now)
{
	if (!a->gained || a->shared.lanes_heard == a->gained || !news_are_heard (a, now)) /* written here alone */
		return;
	pthread_mutex_lock (&a->shared.lock);
	a->shared.lanes_heard = a->gained;
	pthread_mutex_unlock (&a->shared.lock);
}

void ears_tick (struct app *a, int64_t now)
{
	news_tell (a, now);
	for (int s = 0; s < a->shared.n_sources; s++)
		for (int k = 0; k < LANES; k++) {
			struct ear *e = &a->ear[s][k];
			if (a->lane[k].owned && !e->replay && e->head >= e->end && now - e->asked_at > BUS_SECOND / 4)
				ear_ask (a, s, k);
		}
}

int64_t bus_lag (const struct app *a, int source)
{
	int64_t lag = 0;
	for (int k = 0; k < LANES; k++)
		if (a->lane[k].owned && a->ear[source][k].head > a->ear[source][k].committed)
			lag += a->ear[source][k].head - a->ear[source][k].committed;
	return lag;
}
