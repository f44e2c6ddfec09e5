/* Talks with Meta's Graph API, by libcurl: a question and its answer, and what that means for whoever asked. No SQL, no transaction.
 * It must never say a token in an address, nor tell an answer that can be repeated from one that is final by anything but what the API said. */
#ifndef LEADWIRE_INTAKE_GRAPH_H
#define LEADWIRE_INTAKE_GRAPH_H

#include "arena.h"
#include "given.h"

enum graph_end {
	GRAPH_DONE,
	GRAPH_TOKEN,   /* the token is no good (any more): nothing is answered until there is another */
	GRAPH_LATER,   /* too often, or it is not well: ask again, after `wait` seconds */
	GRAPH_REFUSED, /* there is no such thing, or it is not for us: asking again changes nothing */
};
struct graph_ask {
	const char *path;    /* behind CRM_GRAPH: 4711?fields=id; or a whole address that Graph gave */
	const char *token;   /* of the way in, opened */
	struct bytes secret; /* of the app, for appsecret_proof; n 0: none */
	const char *body;    /* JSON that is posted; null: it is a GET */
	int limit;	     /* seconds */
	size_t most;	     /* bytes of an answer; 0: 1 MiB */
};
struct graph_answer {
	enum graph_end end;
	int wait;	  /* seconds, of GRAPH_LATER: as it said, else 0 */
	int64_t code;	  /* its error's code; 0: none */
	const char *why;  /* in words; null: it is DONE */
	const char *type; /* Content-Type, or null */
	struct bytes body;
};

/* An effect's `act` asks; all that is answered lives in the arena. */
struct graph_answer graph_ask (struct arena *a, const struct graph_ask *ask);
/* What an answer means. Pure. `status`: HTTP's; `retry`: Retry-After, or null. Source: STANDARDS 1.5; Graph API, "Handling Errors". */
struct graph_answer graph_read (struct arena *a, long status, const char *retry, struct bytes body);

#endif
