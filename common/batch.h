/* A batch: what one transaction does. Runs of items, the frames they say, the cursors they move; made and ended by the writer worker.
 * Private to common/: handlers see service.h only. */
#ifndef LEADWIRE_BATCH_H
#define LEADWIRE_BATCH_H

#include <setjmp.h>
#include "db.h"
#include "worker.h"

struct item {
	enum { ITEM_COMMAND, ITEM_EVENT, ITEM_MARK } kind; /* a mark moves the cursor to the end of a frame */
	struct work *work;
	const struct command_row *command;
	const struct listener_row *listener;
	struct head *data; /* the struct; begins with its head */
	const char *type;  /* event */
	struct bytes raw;  /* event: its data undecoded, for parking */
	int version;
	uint64_t key[KEYS];
	int lane, source;
	int64_t sequence;
	uint64_t hash; /* command: of its body */
	struct outcome outcome;
	enum { PARK_NO, PARK_WAITING, PARK_POISON, PARK_BEHIND } park;
	const char *why; /* it is parked */
	bool answered; /* command, also one that an event asks for: `stored` holds its answer: that of an earlier run, or a refusal before it ran */
	struct reply stored;
	const struct head *said; /* event that asks for a command: the event itself; `data` and `command` are the command's */
	const struct item *twin; /* likewise: an earlier one of this batch for the same action */
	int parked_tries;	 /* > 0: it comes from parked */
};

struct key_set {
	uint64_t *at;
	size_t n, room;
};
void key_set_add (struct key_set *s, uint64_t key);
bool key_set_has (const struct key_set *s, uint64_t key);
void key_set_clear (struct key_set *s); /* and gives its memory back */

struct writer_lane {
	bool owned;
	uint64_t epoch;
	int64_t epoch_first, head;
	int64_t cursor[SOURCES_MAX];
	uint64_t cursor_epoch[SOURCES_MAX];
	struct key_set parked;	     /* keys of what is parked */
	struct key_set gone;	     /* workspaces that were taken away */
	bool gone_pending;	     /* and of one of them something stands in the frames yet */
	bool erase_pending;	     /* somebody is to be forgotten in its frames and texts */
	size_t suspect[SOURCES_MAX]; /* after an unclean end: how many events may share a transaction; doubles; 0: any number */
	bool unclean;		     /* and what is parked is under suspicion too */
	bool parked_any;	     /* there may be something parked; `parked` holds its keys, if it has any */
	bool stopped[SOURCES_MAX];   /* a frame of that source cannot be understood here */
};

/* How a workspace stands in writer_lane.gone. */
static inline uint64_t gone_key (struct uuid workspace)
{
	return uuid_hash (workspace) | 1;
}

struct number_block {
	struct uuid workspace;
	int kind;
	int64_t next, end, size;
};

struct batch {
	unsigned magic;
	struct worker_shared *shared;
	struct db *db;
	struct arena arena;
	struct writer_lane *lane; /* [LANES] */
	struct frame_writer frame[LANES];
	struct buffer payload[LANES]; /* of the frames, between their write and their publishing */
	struct key_set behind, fresh; /* keys of what is parked in this transaction: known before handlers ran, or by them */
	int64_t now;
	jmp_buf out; /* where a fault in the middle of a handler goes */
	struct number_block *number;
	size_t n_numbers;
	struct uuid *ended; /* workspaces that end with this transaction */
	size_t n_ended;
	void *state;
	bool careful; /* what runs now was refused once */
	bool wakes;   /* effect workers are wanted, likewise */
	bool hurry;   /* the service's clock is wanted as soon as this is committed */
};

void batch_init (struct batch *b, struct worker_shared *shared, struct db *db, struct writer_lane *lanes);
void batch_fini (struct batch *b);
/* Gives back the room that the largest batch so far needed. */
void batch_slim (struct batch *b);
/* Forgets what a rolled-back transaction may have taught it: numbers, the service's state, frames begun. */
void batch_forget (struct batch *b);
/* Runs items [0, n) as one transaction. OK: committed, results are pushed to main. REFUSED: the fault is deterministic. FAULT: the world's. In both
 * nothing happened, unless db->in_doubt. */
enum status batch_commit (struct batch *b, struct item *item, size_t n) MUST_CHECK;

#endif
