/* The bus as the main thread sees it: sockets, who is there, who owns which lane, what was asked and not yet answered, and how far each
 * lane of each source has been heard. Private to common/; the rooms behind it share bus_parts.h. Never blocks, never touches Postgres. */
#ifndef LEADWIRE_BUS_H
#define LEADWIRE_BUS_H

#include "worker.h"

enum { PEERS_MAX = 128, SERVICES_MAX = 16, RESULT_HEAD = 64 };

struct peer {
	char name[64], service[40]; /* "pipeline.0", "pipeline" */
	char pub[200], rpc[200], curve[48];
	void *dealer, *sub; /* what is asked of it; what it publishes: a socket a peer, so that nobody can speak in another's name */
	uv_poll_t *poll, *sub_poll;
	bool there, greeted;
	int64_t greet_at;
};

/* A frame that waits for what it refers to. */
struct held {
	struct held *next;
	struct frame_after after[FRAME_SOURCES_MAX];
	size_t n_after;
	int64_t first_seq;
	int n;
	struct work *work;
};

/* One lane of one source, as a consumer hears it. */
struct ear {
	int64_t next;	   /* the first event that was not given to the writer yet */
	int64_t end;	   /* the first that was not heard yet: what is between the two is held */
	int64_t committed; /* cursor */
	uint64_t epoch;	   /* of the last event heard */
	bool stopped;	   /* its log was cut, or cannot be understood here */
	uint64_t replay;   /* the request under way, 0: none */
	int64_t asked_at, head;
	bool told;	/* its head was said since the lane was gained */
	int64_t before; /* the first that was: what was said before the lane was gained ends there */
	struct held *held_first, **held_last;
	size_t held_bytes;
};

struct own_lane {
	bool owned;
	uint64_t epoch;
	int64_t epoch_first, head;
	int64_t said_at; /* clock_monotonic of the last head */
	int64_t head_at; /* when the head is to be said next */
	size_t bytes;	 /* queued for the writer */
};

struct tap_lane {
	int64_t next;
	uint64_t epoch;
};

struct service_known {
	char name[40];
	int owner[LANES]; /* peer index + 1; 0 unknown */
	int turn;	  /* round robin of queries */
	int64_t hello_at;
	bool tapped;
	struct tap_lane tap[LANES];
};

struct pending {
	uint64_t id; /* generation << 32 | index + 1 */
	enum { PENDING_COMMAND, PENDING_QUERY, PENDING_ASK, PENDING_REPLAY, PENDING_EAR } kind;
	int service, lane, source;
	int64_t deadline, again_at, wait; /* wait: until it is sent again, doubling */
	int64_t told;			  /* replay: the first event not told yet */
	struct buffer message;		  /* from the kind byte on */
	int sent_to;			  /* peer index + 1; 0 not sent; -1 here */
	bool queued_here;
	bool doubt; /* somebody may have done it and could not say so */
	reply_fn *reply;
	void (*event) (struct app *, void *, const struct heard *);
	void (*end) (struct app *, void *, int64_t next);
	void *ctx;
	struct pending *free_next;
};

/* Where an answer to something asked of us goes. */
struct route {
	uint64_t id;	/* the asker's */
	int identity_n; /* 0: asked by this very process */
	unsigned char identity[PROTOCOL_ID * 4];
};

/* Asked with positions that are not there yet. */
struct waiting {
	struct waiting *next;
	struct work *work;
	int n;
	struct position at[8];
	char service[8][40];
	int64_t until;
	bool query;
};

struct app {
	unsigned magic;
	const struct service *service;
	struct config config;
	uv_loop_t loop;
	struct worker_shared shared;
	bool up, stopping, client;
	bool been_up; /* since it started */
	bool told;    /* its starter, that it is ready */
	bool opened;  /* the schema is ready and the bus is open */
	bool closing; /* workers are ending: nothing is taken in any more */
	int workers;  /* that have not ended */
	int exit_code;
	struct http *http, *metrics_http;
	pthread_t writer, *readers, *effects;
	int64_t effects_n;
	void *pub, *router;
	uv_poll_t poll_router;
	uv_prepare_t drain;
	uv_timer_t tick, discover;
	uv_signal_t sigterm, sigint;
	uv_async_t finish;
	struct peer peer[PEERS_MAX];
	int n_peers;
	struct service_known known[SERVICES_MAX];
	int n_known;
	const char *service_names[SERVICES_MAX + 1];
	struct own_lane lane[LANES];
	struct ear ear[SOURCES_MAX][LANES];
	struct pending **pending;
	size_t n_pending, pending_room, pending_live;
	struct pending *pending_free;
	uint32_t generation;
	struct waiting *waiting_first;
	int64_t ticked_at;
	unsigned gained;      /* how many lanes, as the writer counts them */
	int64_t gained_at;    /* clock_monotonic of the last one */
	struct arena scratch; /* one message */
	int64_t started, stop_at;
	void (*client_start) (struct app *);
	void (*client_tap) (struct app *, const struct heard *);
	void (*client_head) (struct app *, const char *source, int lane, int64_t sequence, uint64_t epoch);
	const char *const *client_taps;
};

bool bus_open (struct app *a) MUST_CHECK; /* sockets bound, discovery begun */
void bus_close (struct app *a);
void bus_results (struct app *a); /* what workers have to say */
void bus_drain (struct app *a);	  /* reads every socket empty */
void bus_settle (struct app *a);  /* the same, when one was used since */
void bus_tick (struct app *a);	  /* every 10 ms: heads, deadlines, repeats */
void bus_registry (struct app *a, const unsigned char *at,
		   size_t n); /* rows of bus.member: name, schema, pub, rpc, curve, each ended by NUL */
void *bus_context (void);     /* the process' one ZeroMQ context */
size_t bus_in_flight (const struct app *a);
int64_t bus_lag (const struct app *a, int source);

/* curve.c: keys and the ZAP handler (tcp only). */
bool curve_open (struct app *a);
void curve_server (struct app *a, void *socket);
void curve_client (struct app *a, void *socket, const char *server_key);
void curve_known_as (const char *member, const char *key); /* the registry shows it */
void curve_close (void);

#endif
