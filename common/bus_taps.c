/* Taps: every event of a service on all its lanes, from now on, for caches and live pages; and events of a replay, told one by one.
 * Never has a cursor, never writes; what was missed is a hole, and the cache that hears of it is emptied. */
#include "bus_parts.h"

#include "metrics.h"

void events_tell (struct app *a, int lane, uint64_t epoch, int64_t first, struct bytes payload, int64_t from,
		  void (*tell) (struct app *, void *, const struct heard *), void *ctx)
{
	struct frame_reader f;
	int64_t sequence = first - 1;
	arena_reset (&a->scratch);
	if (frame_open (&a->scratch, payload, &f) != OK)
		return;
	while (frame_next (&f)) {
		const struct record *r = record_of_type (f.type);
		struct problem problem = { 0 };
		if (++sequence < from || !r || r->version < f.version)
			continue;
		struct head *item = arena_alloc (&a->scratch, r->size);
		if (record_unpack (&a->scratch, r, f.data, item, &problem) != OK)
			continue;
		*item = f.head;
		item->sequence = sequence;
		tell (a, ctx, &(struct heard){ .record = r, .head = item, .data = item, .lane = lane, .epoch = epoch });
	}
}

static void tap_tell (struct app *a, void *ctx, const struct heard *event)
{
	(void) ctx;
	if (a->client)
		a->client_tap (a, event);
	else
		a->service->tap (a, event);
}

static void tap_hole (struct app *a, struct service_known *k, int lane)
{
	metric_add (&bus_holes, 1);
	if (!a->client && a->service->tap_hole)
		a->service->tap_hole (a, k->name, lane);
}

void tap_frame (struct app *a, struct service_known *k, int lane, uint64_t epoch, int64_t first, int n, struct bytes payload)
{
	struct tap_lane *t = &k->tap[lane];
	if (t->next && first + n <= t->next)
		return; /* heard already; by a process that was paused and woken, perhaps */
	if (t->next && first != t->next)
		tap_hole (a, k, lane);
	t->next = first + n;
	t->epoch = epoch;
	events_tell (a, lane, epoch, first, payload, first, tap_tell, NULL);
}

/* A head beyond what was heard: the tail was lost. One before it, of another epoch: the log was cut. */
void tap_head (struct app *a, struct service_known *k, int lane, uint64_t epoch, int64_t last)
{
	struct tap_lane *t = &k->tap[lane];
	bool cut = epoch != t->epoch && last + 1 < t->next;
	if (t->next && (last >= t->next || cut))
		tap_hole (a, k, lane);
	if (last + 1 > t->next || cut || !t->next) {
		t->next = last + 1;
		t->epoch = epoch;
	}
	if (a->client && a->client_head)
		a->client_head (a, k->name, lane, last, epoch);
	if (!a->client && a->service->tap_head)
		a->service->tap_head (a, k->name, lane, last, epoch);
}

void taps_open (struct app *a)
{
	const char *const *taps = a->client ? a->client_taps : a->service->taps;
	for (size_t i = 0; taps && taps[i]; i++)
		service_known (a, taps[i])->tapped = true;
}
