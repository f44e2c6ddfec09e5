/* A daemon, a batch, and how to ask another daemon: what a service's rooms include. service_main is the only skeleton there is.
 * The main thread is a libuv loop (HTTP, bus, timers) and never touches Postgres; one writer worker runs the handlers in batches;
 * reader workers run queries. Never a callback or an SQL string in a service's handler. */
#ifndef LEADWIRE_SERVICE_H
#define LEADWIRE_SERVICE_H

#include <uv.h>
#include "config.h"
#include "effects.h"
#include "http.h"
#include "record.h"
#include "sql.h"

enum { LANES = 16 };
int lane_of (struct uuid workspace);

/* ---- what handlers use (writer worker only) ---- */

struct batch;

/* How an item ended. Refused and done are final; not_yet is parked and comes again. */
struct outcome {
	enum { OUTCOME_DONE, OUTCOME_SKIPPED, OUTCOME_NOT_YET, OUTCOME_REFUSED } state;
	int error;		       /* REFUSED: row of errors.def */
	const char *detail;	       /* REFUSED: more than the error's own sentence; NOT_YET: what is missing */
	const struct problem *problem; /* REFUSED: which fields, or null */
	struct uuid id;		       /* DONE: of the record made or changed; null: none */
	int64_t number, version;       /* DONE: 0: none */
	const char *data;	       /* DONE: further members of the answer, as a JSON object; never SECRET or PERSONAL. Or null. */
	const char *secret;	       /* DONE: as data, but not kept with the stored reply (an API key shown once). Or null. */
};
static inline struct outcome done (void)
{
	return (struct outcome){ .state = OUTCOME_DONE };
}
static inline struct outcome skipped (void)
{
	return (struct outcome){ .state = OUTCOME_SKIPPED };
}
static inline struct outcome not_yet (const char *what)
{
	return (struct outcome){ .state = OUTCOME_NOT_YET, .detail = what };
}
static inline struct outcome refused_row (int error)
{
	return (struct outcome){ .state = OUTCOME_REFUSED, .error = error };
}
#define refused(name) refused_row (ERROR_##name)
static inline bool is_done (struct outcome o)
{
	return o.state == OUTCOME_DONE;
}

struct arena *batch_arena (struct batch *b);
#define ARRAY(b, pointer, n) arena_array (batch_arena (b), (n), sizeof *(pointer))
int64_t batch_now (struct batch *b);	/* one time for the whole batch, µs since 1970 */
struct uuid uuid_new (struct batch *b); /* version 7, ascending */
/* The head of an event that `cause` (a command or an event) brings about: same workspace, actor, correlation and `at`; depth + 1. */
struct head head_caused (struct batch *b, const struct head *cause);
/* The next short number of that kind in the workspace; taken in blocks, gaps allowed. Kinds: proto/numbers.def. */
int64_t number_take (struct batch *b, struct uuid workspace, int kind);
const char *text_join_list (struct batch *b, ...) __attribute__ ((sentinel));
#define text_join(b, ...) text_join_list (b, __VA_ARGS__, (const char *) NULL)
/* This workspace is no more, from this transaction on: replies and what is parked go, what still comes about it is passed over or refused
 * (workspace_not_found), and what this service said of it becomes blank. Its rows are the handler's to take away, in the same transaction. */
void batch_workspace_end (struct batch *b, struct uuid workspace);
/* Somebody is to be forgotten: `ids` are the records about them, `words` what they are called and reached by (each a JSON array of texts). What the columns'
 * comments call personal is emptied by these ids at once, what is parked too; again with more ids and words it takes those as well. What is to be found by
 * value, and what was said, waits for batch_erase_settle: when everybody has taken their part. See common/sql/0005_erasure.sql. */
void batch_erase (struct batch *b, struct uuid workspace, struct uuid request, const char *ids, const char *words);
/* `frames`: whether something is said here of those who ask it, so that frames are gone through as well. */
void batch_erase_settle (struct batch *b, struct uuid workspace, struct uuid request, bool frames);
/* A record without what its table calls PERSONAL: required texts become "erased", which every reader takes, the rest is absent. */
void record_erase (struct arena *a, const struct record *r, void *item);
void batch_hurry (struct batch *b); /* the clock has something to do as soon as this is committed, not only in a second */
void batch_wake (struct batch *b);  /* effect workers have something to do as soon as this is committed */
bool batch_owns (const struct batch *b, struct uuid workspace); /* its lane is ours: something may be said there */
/* Of n rows (structs of r, with a field workspace_id) those whose lanes are ours, in their order. A clock asks first in which workspaces something is due, and
 * then for the rows of these alone: a bite of rows of all lanes might hold another replica's only, and ours would wait behind them. */
const void *batch_own (struct batch *b, const struct record *r, const void *row, size_t *n);
const char *batch_files (struct batch *b); /* CRM_FILES */
/* Says n events (structs of r, `size` apart) in this batch's frame, in order. Generated per event: deal_created_emit (b, item, n). */
void batch_emit (struct batch *b, const struct record *r, const void *item, size_t n);
/* The service's own state for the writer thread (struct service.writer_state bytes, zeroed; cleared whenever a lane is gained or a batch aborts). */
void *batch_state (struct batch *b);
/* The batch was refused once, perhaps by a key that stands already: this time look before writing. */
bool batch_careful (const struct batch *b);
bool grant_covers_id (const struct grant *g,
		      struct uuid owner); /* scope none: no; own: owner is the user or one of users; team, workspace, all: yes */
#define grant_covers(g, owner_id) grant_covers_id (g, (owner_id)->uuid)
bool grant_allows (const struct grant *g, int permission); /* row of permissions.def */

/* ---- a service, as a table ---- */

typedef void handler (struct batch *b, const void *item, size_t n, struct outcome ret[]);

struct command_row {
	const struct record *record;
	handler *run;
	bool keeps_own_reply; /* repeats are recognised by the handler itself (hooks); no row in `reply` */
	bool behind_news;     /* of the service's own clock: it stands still until what was said before the lanes were gained is heard */
};
enum { KEYS = 3, KEYS_PARKED = 2 };
struct listener_row {
	const struct record *record; /* an event of any service */
	handler *run;
	const char *key
		[KEYS]; /* fields that say what it is about here; all but the first may be null. What is parked is known by the first two */
	bool asks;	/* it asks for a command: the handler is that command's, the keys are its KEYs; see asked.c */
	bool apart;	/* it touches rows of other keys than its own: nothing of its batch is moved past it */
};

/* Typed handlers become rows: SERVE_THUNK (deal_move) at file scope, then SERVE (deal_move) in the table; the same with HEAR. */
#define HANDLER_THUNK(x)                                                                        \
	void x (struct batch *b, const struct x item[], size_t n, struct outcome ret[]);        \
	static void x##_run (struct batch *b, const void *item, size_t n, struct outcome ret[]) \
	{                                                                                       \
		x (b, item, n, ret);                                                            \
	}
#define SERVE(x)                                      \
	{                                             \
		.record = &x##_record, .run = x##_run \
	}
#define SERVE_ONCE(x)                                                          \
	{                                                                      \
		.record = &x##_record, .run = x##_run, .keeps_own_reply = true \
	}
#define SERVE_BEHIND_NEWS(x)                                                                        \
	{                                                                                           \
		.record = &x##_record, .run = x##_run, .keeps_own_reply = true, .behind_news = true \
	}
#define HEAR(x, key_a)                                                   \
	{                                                                \
		.record = &x##_record, .run = x##_run, .key = { #key_a } \
	}
#define HEAR2(x, key_a, key_b)                                                   \
	{                                                                        \
		.record = &x##_record, .run = x##_run, .key = { #key_a, #key_b } \
	}

#define HEAR3(x, key_a, key_b, key_c)                                                    \
	{                                                                                \
		.record = &x##_record, .run = x##_run, .key = { #key_a, #key_b, #key_c } \
	}
#define HEAR_APART(x, key_a)                                                            \
	{                                                                               \
		.record = &x##_record, .run = x##_run, .key = { #key_a }, .apart = true \
	}

/* An event that asks for a command of this service, by the fields of action_wanted: a command of asked.def, run once under the action's id however often the
 * event is delivered; what became of it is said as struct service.settles, in the same transaction. What is not yet possible is parked as any event is. */
#define HEAR_ASKED(x)                               \
	{                                           \
		.record = &x##_record, .asks = true \
	}

struct app; /* the running daemon, main thread */

/* One event as a tap hears it: `data` is a struct of `record`, good during the call only. */
struct heard {
	const struct record *record;
	const struct head *head; /* sequence and workspace filled */
	const void *data;
	int lane;
	uint64_t epoch; /* of the claim that wrote it */
};

struct service {
	const char *name;	    /* "lead-intake": logs, topics, sockets */
	const char *schema;	    /* "lead_intake": schema and role */
	const struct sql_file *sql; /* from the generator */
	const struct command_row *commands;
	size_t n_commands;
	const struct listener_row *hears;
	size_t n_hears;
	const struct record *settles; /* the event that says what became of a command that an event asked for, where one hears such */
	/* The service's own clock: commands that each owner of lanes gives itself about once a second, each in a batch of its own, while it owns any. What is
	 * due is found by the handler, for the workspaces of its own lanes alone (batch_owns); its effects are fenced as all others are. One whose outcome
	 * has a number did a bite of something long: it is given again as soon as what came meanwhile is done. */
	const struct command_row *clock;
	size_t n_clocks;
	/* Talks with the outside world, by workers of their own: see effects.h. */
	const struct effect_row *effects;
	size_t n_effects;
	/* Writer: hears what the service itself says, as it says it, in the same transaction; null: nobody does. What it says itself comes here too. */
	void (*says) (struct batch *b, const struct record *r, const void *item, size_t n);
	/* Writer: the last handler of a batch ran; what the service gathered for several of them is written now. Null: nothing is. */
	void (*ends) (struct batch *b);
	const struct setting *settings; /* of config.def, or null */
	size_t n_settings;
	void *config;	     /* where they go */
	size_t writer_state; /* bytes of batch_state */
	/* Main thread. start: open caches, say which taps; called before HTTP listens. */
	void (*start) (struct app *app);
	/* Has it read what it must know before its first request? HTTP listens from then on; null: as soon as Postgres is there. */
	bool (*settled) (struct app *app);
	http_handler *route;	   /* the product's HTTP (ctx: the app); null: none */
	http_handler *route_begin; /* on headers; may refuse early; null: none */
	size_t body_limit;	   /* bytes of a request */
	/* Tap: every event of every service in `taps` (names ended by null), all lanes, from now on; a hole calls tap_hole (empty the caches). */
	const char *const *taps;
	void (*tap) (struct app *app, const struct heard *event);
	/* The owner of a lane said how far it is: the frame before it is complete (server-sent ids are sent here). */
	void (*tap_head) (struct app *app, const char *source, int lane, int64_t sequence, uint64_t epoch);
	void (*tap_hole) (struct app *app, const char *source, int lane);
};

int service_main (const struct service *service, int argc, char **argv);

/* ---- the main thread's side: asking ---- */

const struct config *app_config (const struct app *app);
uv_loop_t *app_loop (struct app *app);
bool app_ready (const struct app *app); /* Postgres is there and the writer works */

struct position {
	const char *service;
	int lane;
	int64_t sequence;
};

struct reply {
	enum { REPLY_DONE, REPLY_REFUSED, REPLY_UNAVAILABLE, REPLY_TIMEOUT } state; /* 503: nothing happened; 504: outcome unknown */
	int error;		   /* REFUSED: row of errors.def (of the same build), -1 when unknown here */
	const char *code, *detail; /* REFUSED */
	struct problem problem;	   /* REFUSED: fields */
	struct uuid id;
	int64_t number, version;
	const char *data;	  /* command: JSON object or null */
	struct bytes json;	  /* query: the text, passed through */
	bool stale;		  /* query: not as fresh as asked */
	bool repeated;		  /* command: this is the stored reply of an earlier run */
	struct position position; /* command: where its effect stands; sequence 0: none */
};
/* Called once, main thread, never before the asking call has returned. */
typedef void reply_fn (struct app *app, void *ctx, const struct reply *reply);

/* Sends a command to the owner of its workspace's lane in the service whose .def the record stands in (this process itself when it is the
 * owner), again and again under the same id until an answer or the deadline (ms from now). `head.id` null: one is made. `after`: the caller's last
 * positions, waited for up to 500 ms. */
void app_command (struct app *app, const struct record *r, const void *command, const struct position *after, size_t n_after,
		  int deadline_ms, reply_fn *reply, void *ctx);
/* Sends a query to a replica of the record's service. head.workspaces and head.grant bound it by row security. */
void app_query (struct app *app, const struct record *r, const void *query, const struct position *after, size_t n_after, int deadline_ms,
		reply_fn *reply, void *ctx);
/* Asks any member of a service one of the questions that common/ answers itself, all in JSON (reply->json):
 *   "status"   {}                       → {"service","lanes":[{"lane","member","epoch","head","stopped"}],"cursors":[{"consumer","source","lane",
 *                                          "sequence","epoch"}],"parked":n,"members":[…]}     (from its tables: the whole service, whoever answers)
 *   "parked"   {"limit":n}              → {"data":[{"lane","source","sequence","type","state":"waiting|poison|behind","key","tries","first_at","next_at",
 *                                          "error","workspace","event":{…}}]}
 *   "erasures" {}                     → [{"id","settled","frames","of","step","steps","ended_at"}]: who is to be forgotten, and how far that is
 *   "named"    {"folder","files":[…]}  → {"named":[…],"services":[…]}: which of these digests under that id a row names; who else has tables here
 *   "redrive"  {"source","lane","sequence"} or {} for all → {"changed":n}      "drop" likewise, but one item must be named
 *   "frames"   {"lane","at"}            → {"sequence":n}: the first sequence recorded at or after `at` (µs)                                      */
void app_ask (struct app *app, const char *service, const char *verb, const char *json, int deadline_ms, reply_fn *reply, void *ctx);
/* Names of the services there are members of (ended by null), and which services a process knows of; changes as members come and go. */
const char *const *app_services (struct app *app);
/* Frames of one lane from a sequence on, as events through `event` and then `end` (next sequence to ask for; 0: the end was reached; -1: the log was
 * cut or nobody answered). For live streams that continue, and for crmctl. */
void app_replay (struct app *app, const char *source, int lane, int64_t from, uint64_t epoch,
		 void (*event) (struct app *, void *, const struct heard *), void (*end) (struct app *, void *, int64_t next), void *ctx);
/* Work off the loop: files, argon2id. `work` runs on a pool thread, `after` on the main thread. */
void app_work (struct app *app, void (*work) (void *ctx), void (*after) (struct app *app, void *ctx), void *ctx);

/* A process without a schema that only asks and listens (crmctl): the same app, no workers. `deadline` of everything is the caller's. Runs the loop
 * until app_stop. Settings: CRM_BUS, or --var's folder. */
int app_main (const char *name, const struct config *config, const char *const *taps, void (*start) (struct app *),
	      void (*tap) (struct app *, const struct heard *), int *ret_exit);
void app_stop (struct app *app, int exit_code);
/* From app_main's start: hear the owners' heads too, as struct service.tap_head does; only a head can show that the last frames were lost. */
void app_hear_heads (struct app *app, void (*head) (struct app *app, const char *source, int lane, int64_t sequence, uint64_t epoch));

#endif
