/* What the gateway's rooms share on the main thread: settings, callers, a request on its way, the live stream, the web app's files.
 * Nothing here is touched by a worker. */
#ifndef LEADWIRE_GATEWAY_H
#define LEADWIRE_GATEWAY_H

#include "records.h"
#include "rules.h"

struct gateway_config {
#define SETTING(kind, name, env, fallback, least, most, doc) setting_##kind name;
#include "config.def"
#undef SETTING
};
extern struct gateway_config gateway_config;

/* ---- session.c: who is asking ---- */

enum caller_kind { CALLER_SESSION, CALLER_KEY };

/* Somebody who is logged in, or a key. Counted; never changed after it was read but for its positions and its last use. */
struct caller {
	int refs;
	struct arena arena;
	enum caller_kind kind;
	struct uuid id;	   /* of the session or key */
	struct uuid actor; /* the user's, or the key's own */
	struct uuid agency;
	const char *agency_name, *name, *email, *language, *theme; /* language, theme: null when not chosen */
	bool single_keys, agency_admin, section_crm;
	const char *sections;  /* JSON array */
	int64_t expires, used; /* wall clock, µs; a key has 0 */
	int64_t loaded;	       /* clock_monotonic */
	struct seat *seats;    /* texts in the arena */
	size_t n_seats;
	struct positions positions;
};

/* `c` is the callee's to drop; null with the row of errors.def that says why. May be called before caller_find returns. */
typedef void caller_fn (struct app *app, void *ctx, struct caller *c, int error);

void callers_start (struct app *app);
/* By the SHA-256 (hex) of a cookie's value or a key. */
void caller_find (struct app *app, enum caller_kind kind, const char *hash, caller_fn *found, void *ctx);
struct caller *caller_keep (struct caller *c);
void caller_drop (struct caller **c);
/* Past its end, or unused for too long. */
bool caller_expired (const struct caller *c, int64_t now);
/* It is in use: says so to the database now and then. */
void caller_use (struct app *app, struct caller *c);
/* Its session, rights or preferences were changed through this very process: it is read again before its next request. */
void caller_changed (const struct caller *c);
/* The tap: what changes somebody's rights ends what was kept of them. */
void callers_hear (struct app *app, const struct heard *event);
void callers_hole (void);
/* The agencies' home workspaces: the set of every look-up by log-in, token or key. n 0: not known yet. */
const struct uuid *homes (size_t *ret_n);
struct head head_of_homes (void);

/* ---- routes*.c: a request on its way ---- */

struct request {
	struct app *app;
	struct http_request *http;
	struct arena *arena;
	const struct route_row *row;
	struct route_found found;
	const char *language;	  /* of what a person reads in the answer */
	struct caller *caller;	  /* null on public pages */
	const struct seat *named; /* of ?workspace= */
	struct sight sight;	  /* the workspaces it may read */
	struct positions after;
	struct uuid id; /* X-Request-Id's, or made */
	json_t *body;	/* null: none was sent */
	bool gone;	/* the client left */
	/* a read, a write: what they ask */
	void *item; /* struct of the route's record */
	size_t group;
	const struct seat *seat;   /* a write's workspace, or that of the record the path names */
	struct uuid target;	   /* the record the path names */
	const char *target_json;   /* what is known of it, when it was looked up */
	const struct field *about; /* of a page about that record: the query's field, and the id in it */
	const char *about_id;
	void (*then) (struct request *q);
	json_t *merged; /* of a read that runs for several groups */
	int64_t if_match;
};

typedef void page_fn (struct request *q);

/* Every one of these ends the request. */
void reply_json (struct request *q, int status, struct bytes json);
void reply_text (struct request *q, int status, const char *json);
void reply_error (struct request *q, int error, const char *detail, const struct problem *problem);
/* What a service answered, when it is not REPLY_DONE. */
void reply_fault (struct request *q, const struct reply *reply);
void request_end (struct request *q); /* releases what a request holds beyond its arena; the answer was given */

/* The value of a field of the path or the query string goes in as JSON text; numbers and flags as themselves. False: answered. */
bool record_of_query (struct request *q);
/* Looks up the record that the path names, sets target, seat and target_json, and goes on with q->then; 404 when there is none. */
void target_find (struct request *q, page_fn *then);
const char *target_text (const struct request *q, const char *member); /* of target_json; null when absent */
void read_page (struct request *q);
void write_page (struct request *q);
bool body_read (struct request *q); /* false: answered */
struct head head_of_write (struct request *q, const struct seat *seat);

void login_page (struct request *q);
void logout_page (struct request *q);
void me_page_show (struct request *q);
void profile_page (struct request *q);
void file_page (struct request *q);
void qualify_page (struct request *q);
void deal_page (struct request *q);
void deal_create_page (struct request *q);
void stream_page_open (struct request *q);

void gateway_route (struct http_request *r, void *app);
/* "__Host-leadwire", or "leadwire" where a browser would drop a Secure cookie. */
const char *cookie_name (void);
bool cookie_secure (void);

/* ---- stream.c ---- */

void streams_start (struct app *app);
void streams_hear (struct app *app, const struct heard *event);
void streams_head (struct app *app, const char *source, int lane, int64_t sequence, uint64_t epoch);
void streams_hole (const char *source, int lane);
/* The streams of whoever fits end now; `reason` null: only their rights changed, so they come back and read everything anew. */
typedef bool caller_fits (const struct caller *c, struct uuid id);
void streams_end (caller_fits *fits, struct uuid id, const char *reason);
void streams_reset_all (void);

/* ---- static.c ---- */

void files_start (struct app *app);
/* True: answered. */
bool file_serve (struct http_request *r);

#endif
