/* What the main thread and the workers hand each other: work one way, results the other. Two queues, nothing else is shared.
 * Private to common/: a service's rooms never include this. */
#ifndef LEADWIRE_WORKER_H
#define LEADWIRE_WORKER_H

#include <pthread.h>
#include "frame.h"
#include "service.h"

enum { SOURCES_MAX = 16, BATCH_ITEMS_MAX = 1024, LANE_BYTES_MAX = 32 << 20, PROTOCOL_ID = 16 };

/* Where an answer goes: kept by main, opaque to workers. */
struct route;

struct work {
	struct work *next;
	enum { WORK_COMMAND, WORK_FRAME, WORK_QUERY, WORK_REPLAY, WORK_ASK } kind;
	int lane;
	uint64_t claim; /* command, frame: epoch of our claim when it was queued; another one now: dropped */
	struct route *route;
	int64_t deadline; /* clock_monotonic, µs */
	bool stale;	  /* query: what its asker has seen did not get here in time */
	/* frame, replay */
	int source; /* index into worker_shared.sources */
	uint64_t epoch;
	int64_t first_seq;
	int n; /* replay: nothing */
	/* query */
	struct statement *statement;
	const struct record *record;
	/* ask */
	char verb[16];
	size_t size;
	unsigned char bytes[]; /* command: head and body; frame: payload; query: head and body; ask: JSON */
};

struct result {
	struct result *next;
	enum {
		RESULT_FRAME,
		RESULT_REPLY,
		RESULT_CURSOR,
		RESULT_GAINED,
		RESULT_LOST,
		RESULT_STATE,
		RESULT_REPLAY,
		RESULT_REPLAY_END,
		RESULT_PEER,
		RESULT_NOT_OWNER,
		RESULT_STOPPED,
		RESULT_DONE,
		RESULT_ENDED
	} kind; /* ended: a worker's last word */
	int lane, source;
	struct route *route;
	uint64_t epoch;
	int64_t epoch_first, first_seq; /* gained: head + 1; cursor: the sequence; replay end: next to ask for, 0 none, -1 fault */
	int n; /* frame: events; gained: the sources' count; state: 1 up, 0 down; done: bytes dealt with; not owner: 1 when in doubt */
	int64_t cursor[SOURCES_MAX]; /* gained */
	uint64_t cursor_epoch[SOURCES_MAX];
	size_t size;
	unsigned char bytes[]; /* frame, replay: payload; reply: packed; peer: member row as JSON */
};

/* A bounded queue with a lock and a condition; results wake main through an async handle instead. */
struct worker_shared {
	const struct service *service;
	const struct config *config;
	char member[64];		  /* "pipeline.0" */
	const char *sources[SOURCES_MAX]; /* services it hears, names */
	int n_sources;
	pthread_mutex_t lock;
	pthread_cond_t wake_writer, wake_readers, wake_effects;
	struct work *write_first, **write_last, *read_first, **read_last;
	size_t commands, items; /* queued for the writer */
	size_t enough;		/* of commands, for a writer that is gathering: it is not woken before */
	bool stop;
	bool hurry; /* the clock has something to do: an effect was recorded */
	/* How many lanes the writer gained; and how many had been when all that was said before that had been heard, or waited for long enough. */
	unsigned lanes_gained, lanes_heard;
	unsigned effects_due; /* counts the times that effect workers were woken */
	uv_async_t wake_main;
	struct result *result_first, **result_last;
	char pub[200], rpc[200], curve[48];
};

void shared_init (struct worker_shared *s, uv_loop_t *loop, uv_async_cb woken);
struct work *work_new (int kind, size_t size);
void work_push_writer (struct worker_shared *s, struct work *w);
void work_push_reader (struct worker_shared *s, struct work *w);
struct result *result_new (int kind, size_t size);
void result_push (struct worker_shared *s, struct result *r);
/* Several at once: main is woken at most once. */
struct results {
	struct result *first, *last;
};
void results_add (struct results *l, struct result *r);
void results_push (struct worker_shared *s, struct results *l); /* leaves the list empty */
struct result *results_take (struct worker_shared *s);		/* all, in order */
void workers_stop (struct worker_shared *s);

void batch_metrics (void); /* registered once, before threads start */
void writer_metrics (void);
void reader_metrics (void);
void *writer_run (void *shared);
void *reader_run (void *shared);
void effects_metrics (void);
void *effects_run (void *shared);
void *effects_run_apart (void *shared); /* one for all the rows that are apart */
void effects_wake (struct worker_shared *s);

/* A reply as bytes, and back. Packed by whoever answers, unpacked by whoever asked. */
void reply_pack (struct buffer *out, const struct reply *r, const char *secret);
enum status reply_unpack (struct arena *a, struct bytes in, struct reply *ret) MUST_CHECK;

/* proto/ knows the codes. */
extern int error_find (const char *code);
extern const char *error_code (int row);
extern int asked_permission (const char *command);
extern const struct record *record_of_type (const char *type);
extern const struct record *record_named (const char *name);

const struct sql_file *bus_sql_file (void);
#endif
