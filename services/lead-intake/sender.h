/* What senders of leads sign, and how each of them says a lead: pure functions over bytes and trees, no I/O, no clock. Sources: the vendors' own pages on webhooks.
 * It must never take a request for its sender's before its bytes were verified, nor drop what a sender said of somebody. */
#ifndef LEADWIRE_INTAKE_SENDER_H
#define LEADWIRE_INTAKE_SENDER_H

#include "rules.h"

struct sender_request {
	const char *method, *url;				   /* url: whole, as the sender called it */
	const char *(*header) (const void *ctx, const char *name); /* null: there is none of that name */
	const void *ctx;
	struct bytes body;
	int64_t now; /* µs since 1970 UTC */
};

struct sender;
/* By the name of a source's kind; null: whoever sends there signs as everybody may (X-Signature-256), and what it says is mapped as it came. */
const struct sender *sender_of (const char *kind);

enum sender_fit {
	SENDER_FITS,
	SENDER_FORGED, /* not what the secret makes of these bytes, or there is no signature */
	SENDER_LATE,   /* signed, but longer ago than this sender allows: perhaps somebody else's copy */
};
/* Whether these bytes are the sender's. Without a secret (n 0) nobody can tell: the key in the URL is all there is, and it fits. */
enum sender_fit sender_verify (const struct sender *s, struct bytes secret, const struct sender_request *r);

/* What a GET on the source's address is answered, as a sender asks it when the address is given to it. `query`: the value of a parameter, decoded; null: none. */
struct sender_shake {
	int status; /* 200, 403; 0: this sender asks nothing of the kind */
	const char *type, *body;
};
struct sender_shake sender_shake (const struct sender *s, struct arena *a, struct bytes secret, const char *verify_token,
				  const char *(*query) (const void *ctx, const char *name), const void *ctx);

/* One thing that a request says. */
enum sender_what {
	SENDER_LEAD,   /* somebody asks for something: `tree` is read by leads_read */
	SENDER_TEST,   /* the same, said to try the way in: no lead comes of it */
	SENDER_TALK,   /* a message of somebody: `talk` */
	SENDER_STATUS, /* how far a message of ours is: `talk` */
	SENDER_FETCH,  /* only that there is one: `external` is asked of the provider */
	SENDER_CANCEL, /* what was booked under `external` is not to be, or was not kept: `booking` */
	SENDER_MOVE,   /* what was booked is at another time now: `booking`; `tree` as a lead's, where its first time was never said here */
	SENDER_NOTHING /* kept, and nothing comes of it: `why` */
};

struct sender_talk {
	const char *thread;	       /* whose conversation, as the sender names it */
	const char *id;		       /* of the message; null: none */
	const char *from;	       /* who: phone without +, or the sender's own id */
	const char *name, *email;      /* null: not told */
	const char *text;	       /* null: there is none */
	const char *kind;	       /* text, image, audio, video, document, sticker, location, button, … */
	const char *media, *mime;      /* id of what is to be fetched; null: nothing */
	const char *status, *problem;  /* STATUS: sent, delivered, read, failed; why */
	const char *campaign, *advert; /* where it came from; null: not told */
	int64_t at;		       /* µs since 1970 UTC; 0: not told */
	bool ours;		       /* one of us wrote it, in the sender's own program */
};

/* An appointment; what is null or 0 was not told. */
struct sender_booking {
	enum booking_state state;
	const char *external, *before,
		*next; /* its name at this time, at the one before, at the one behind; external null: this part is about none */
	const char *title, *place, *by, *reason;
	int64_t starts_at, ends_at; /* µs since 1970 UTC */
};

struct sender_part {
	enum sender_what what;
	json_t *tree;	      /* LEAD, TEST, MOVE: of its own (json_decref); an object that leads_read takes */
	const char *external; /* the sender's own id of it: who says it again says the same; null: none */
	const char *why;      /* NOTHING */
	struct sender_talk talk;
	struct sender_booking booking; /* LEAD, CANCEL, MOVE */
};

/* All that a request says, in its order, in the arena; at least one part. `tree`: its body, which stays the caller's. A shape that the sender did not have when
 * this was written is a LEAD with all of it: unknown members are kept, and nothing is refused that can be understood. */
struct sender_part *sender_read (const struct sender *s, struct arena *a, const json_t *tree, size_t *ret_n);
/* Gives the parts' trees back. */
void sender_parts_end (struct sender_part *part, size_t n);
/* What Meta's Graph answers for one lead, as a tree for leads_read (json_decref). Null: it holds none. */
json_t *sender_graph_lead (struct arena *a, const json_t *answer);

/* What its sender takes for success, where that is not 202 with {"lead_id"}: status, and a body. */
struct sender_shake sender_thanks (const struct sender *s);

#endif
