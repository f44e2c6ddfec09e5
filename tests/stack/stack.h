/* What the stories, the crash runs and the benchmarks share: a house of real daemons and a real Postgres, HTTP, SQL, the bus.
 * Everything is seen from outside; a check that fails says where and ends the story. It must never sleep to wait for something:
 * it asks until the thing is there, or gives up with a sentence. */
#ifndef LEADWIRE_STACK_H
#define LEADWIRE_STACK_H

#include <jansson.h>
#include <libpq-fe.h>
#include <stdio.h>
#include "records.h"

struct stack {
	char var[256]; /* the house's folder */
	char bin[256]; /* where the programs are */
	int port;
	char api[64], hooks[64]; /* http://127.0.0.1:P */
	bool up;
	PGconn *db;   /* superuser; opened at first use */
	pid_t db_pid; /* the process that opened it */
};

/* ---- failing ---- */

/* Ends this process (a story runs in one of its own) after a sentence. */
_Noreturn void fail_at (const char *file, int line, const char *format, ...) __attribute__ ((format (printf, 3, 4)));
#define FAIL(...) fail_at (__FILE__, __LINE__, __VA_ARGS__)
#define CHECK(condition, ...)                                      \
	do {                                                       \
		if (!(condition))                                  \
			fail_at (__FILE__, __LINE__, __VA_ARGS__); \
	} while (0)

/* ---- time ---- */
int64_t now_us (void);		      /* monotonic */
void pause_us (int64_t microseconds); /* between two looks, never instead of one */
/* Looks until `condition` holds; fails with the sentence after so many ms. */
#define UNTIL(ms, condition, ...)                                                     \
	for (int64_t until_limit = now_us () + (int64_t) (ms) *1000; !(condition);) { \
		if (now_us () > until_limit)                                          \
			fail_at (__FILE__, __LINE__, __VA_ARGS__);                    \
		pause_us (3000);                                                      \
	}

/* ---- the house (house.c) ---- */
/* A new one in an empty folder; `words` are more words for `crmctl up`, ended by null; may be null. */
void stack_up (struct stack *s, const char *var, int port, const char *const words[]);
void stack_down (struct stack *s);
/* Runs crmctl with --var; what it said on stdout (heap), its exit code. `format` is split at spaces; a word may stand in '…'. */
char *ctl_text (struct stack *s, int *ret_exit, const char *format, ...) __attribute__ ((format (printf, 3, 4)));
/* The same with --json; must exit with 0 and say JSON. */
json_t *ctl (struct stack *s, const char *format, ...) __attribute__ ((format (printf, 2, 3)));
/* The process of a daemon (or postgres), 0 when it does not run. */
pid_t daemon_pid (struct stack *s, const char *name, int replica);
int daemon_port (struct stack *s, const char *name, int replica, const char *which); /* which: "metrics" or "port" */
void daemon_kill (struct stack *s, const char *name, int replica, int signal);
void daemon_ready (struct stack *s, const char *name, int replica); /* waits for its /readyz */
void daemon_hold (struct stack *s, const char *name);		    /* crmctl down --only */
void daemon_release (struct stack *s, const char *name);	    /* crmctl up --only */
/* Runs a program to its end; stdout on the heap. */
char *program_run (const char *const argv[], int *ret_exit);

/* ---- HTTP (web.c) ---- */
struct web_request {
	const char *method, *url; /* whole, or a path of the API */
	const char *key;	  /* bearer; null: none */
	const char *cookie;
	const char *idempotency;
	const char *type;	/* of the body; application/json when null and there is one */
	const char *header[12]; /* "Name: value" */
	const char *body;
	size_t n; /* 0: up to its NUL */
	int ms;	  /* limit; 15 s when 0 */
};
struct web_answer {
	int status;	      /* 0: no answer */
	char *body, *headers; /* NUL-terminated, heap, never null */
	size_t n;
	json_t *json; /* null when it was none */
	int64_t took_us;
	char error[256]; /* why there was no answer */
};
struct web_answer web_ask (struct stack *s, const struct web_request *r);
/* A connection (that the caller closes) on which `text` was said by hand, HTTP as it stands, to the API's port or `more` above it; what comes back within `ms`. */
int web_by_hand (struct stack *s, int more, const char *text, int ms);
void web_free (struct web_answer *a);
/* GET, POST … with a JSON body made by printf; null: no body. */
struct web_answer web (struct stack *s, const char *key, const char *method, const char *path, const char *body, ...)
	__attribute__ ((format (printf, 5, 6)));
const char *web_header (const struct web_answer *a, const char *name, char *ret, size_t room); /* null: absent */
const char *text_at (json_t *o, const char *path);					       /* "data.0.title"; "" when absent */
int64_t number_at (json_t *o, const char *path);
json_t *json_at (json_t *o, const char *path);

/* Server-sent events, read by a thread. */
struct stream;
struct stream *stream_open (struct stack *s, const char *key, const char *last_id); /* returns when the answer's headers are there */
struct stream *stream_open_as (struct stack *s, const char *key, const char *cookie, const char *last_id);
void stream_id (struct stream *t, char *ret, size_t room); /* the last id it was given; "" */
/* The next event of that type from here on whose data holds `part` (null: any): its data; fails after ms. `ret_at`: when it arrived. */
json_t *stream_wait (struct stream *t, const char *type, const char *part, int ms, int64_t *ret_at);
/* The next event of any type that has come already; false: none. */
bool stream_next (struct stream *t, char ret_type[64], json_t **ret_data);
bool stream_heard (struct stream *t, const char *part); /* any event so far holds it */
int stream_status (struct stream *t);
bool stream_ended (struct stream *t);
void stream_close (struct stream **t);

/* ---- SQL, as the superuser (sql.c) ---- */
PGconn *sql_db (struct stack *s);
PGconn *sql_open (struct stack *s, const char *user); /* another connection */
void sql_forget (struct stack *s);		      /* Postgres was restarted */
int64_t sql_number (struct stack *s, const char *format, ...) __attribute__ ((format (printf, 2, 3)));
char *sql_text (struct stack *s, const char *format, ...) __attribute__ ((format (printf, 2, 3))); /* heap; "" for null or no row */
void sql_do (struct stack *s, const char *format, ...) __attribute__ ((format (printf, 2, 3)));
/* The error of a statement (SQLSTATE), "" when it went well. */
const char *sql_state (PGconn *c, char ret[6], const char *format, ...) __attribute__ ((format (printf, 3, 4)));

/* Waits until every cursor has reached every head and nothing is parked as waiting. */
void settle (struct stack *s);
bool settled (struct stack *s);
/* Every lane of every service is one row of numbers without a hole, and no cursor is beyond a head. */
void then_dense (struct stack *s);

/* ---- the bus (bus.c): commands in the order they are given, on one socket ---- */
struct pending;
struct bus_reply {
	int state; /* REPLY_… */
	char code[64], detail[256];
	struct uuid id;
	int64_t number, version;
	bool repeated;
	json_t *json;
};
/* `item` is a struct of the record; copied (its texts must live on). The head: workspace must be set. */
struct pending *bus_ask (struct stack *s, const struct record *r, const void *item);
struct bus_reply bus_wait (struct pending **p, int ms);
/* One of common/'s own questions ("status" …); its answer also says that every command given before has reached the service. */
struct pending *bus_service (struct stack *s, const char *service, const char *question, const char *json);

#endif
