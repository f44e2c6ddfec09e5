/* What the rooms of the writer share: writer.c (the loop, batches, halving), writer_lanes.c (claims and the heartbeat), writer_items.c (what is
 * queued becomes items), writer_parked.c (what is parked). The writer's thread only; nobody else includes it. */
#ifndef LEADWIRE_WRITER_PARTS_H
#define LEADWIRE_WRITER_PARTS_H

#include "batch.h"

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
	int64_t tick_at, heartbeat_at, parked_at, prune_at, evict_at, clock_at;
	uint64_t clock_more; /* of the clock commands, by bit: those with more to do */
	int wanted;
	int64_t trimmed;	      /* items dealt with when memory was last given back */
	int64_t items, plan_again_at; /* items dealt with on this connection; plans are made anew each time they have doubled */
};

/* ---- writer.c ---- */

void writer_drop (struct writer *w, const char *why); /* everything, and claims anew */
/* For a command that cannot be done here: the asker tries again, under the same id, with whoever owns the lane then. */
void work_return (struct writer *w, struct work *x);
bool items_commit (struct writer *w, struct item *item, size_t n); /* false: everything is to be dropped */
bool item_attempt (struct writer *w, struct item *item);

/* ---- writer_lanes.c ---- */

void lanes_metrics (void);
int lanes_count (const struct writer *w);
void lanes_balance (struct writer *w);
void lane_forget (struct writer *w, int k);
void lane_release (struct writer *w, int k);
void heartbeat (struct writer *w);
bool parked_keys_load (struct writer *w, int k, struct writer_lane *lane);

/* ---- writer_items.c ---- */

struct item *items_take (struct writer *w, size_t *ret_n, struct work **done_last, size_t **ret_suspect);
/* One event of a frame; false: nobody here hears its type. */
bool item_event (struct writer *w, struct item *i, struct work *x, const struct frame_reader *f, int64_t sequence);
void item_refuse (struct item *i, const char *code, const struct problem *problem);

uint64_t key_of (const struct record *r, const char *name, const struct head *data);
const struct command_row *command_find (const struct service *s, const char *name);

/* ---- asked.c ---- */

/* Makes of an event that asks for a command an item of that command; false: it is for another service. */
bool asked_read (struct arena *a, const struct service *service, struct item *i);

/* ---- writer_parked.c ---- */

void parked_run (struct writer *w);
void erasures_count (struct writer *w);
void parked_metrics (void);

#endif
