/* What the rooms of a batch share: batch.c (from items to commit), batch_use.c (what handlers use), batch_runs.c (runs), batch_end.c (what a
 * transaction holds beside its handlers' writes). Nobody else includes it. */
#ifndef LEADWIRE_BATCH_PARTS_H
#define LEADWIRE_BATCH_PARTS_H

#include "batch.h"

enum { BATCH_MAGIC = 0x62617463 };

struct run {
	handler *call;
	size_t size;  /* of a struct */
	size_t *item; /* indices, in arrival order */
	size_t n, room;
};

struct cursor_move {
	int64_t to;
	uint64_t epoch;
};

/* A fault: leave the handler. */
void batch_check (struct batch *b);
void keys_add (struct key_set *s, const struct item *i);
bool ends_here (const struct batch *b, const struct item *i); /* it is about a workspace that this transaction takes away */
struct run *runs_build (struct batch *b, struct item *item, size_t n, size_t *ret_n);
void run_call (struct batch *b, const struct run *run, struct item *item);
bool is_gone (struct batch *b, struct item *i);
/* ---- asked.c: commands that events ask for ---- */
void asked_load (struct batch *b, struct item *item, size_t n);
/* What its twin came to; it must have been dealt with. */
void asked_as_twin (struct batch *b, struct item *i);
void asked_settle (struct batch *b, struct item *item, size_t n);
void replies_load (struct batch *b, struct item *item, size_t n);
void replies_write (struct batch *b, const struct item *item, size_t n);
void frames_write (struct batch *b, struct buffer payload[LANES], const struct item *item, size_t n);
void cursors_write (struct batch *b, const struct item *item, size_t n, struct cursor_move move[LANES][SOURCES_MAX]);
void epochs_check (struct batch *b, const struct item *item, size_t n, struct cursor_move move[LANES][SOURCES_MAX]);
void parked_write (struct batch *b, const struct item *item, size_t n);
void batch_end_metrics (void);

#endif
