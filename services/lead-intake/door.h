/* A request on its way through the door, and what the two files of the door share: routes.c (the steps) and body.c (bytes, files, digests).
 * Never included by the writer's rooms. */
#ifndef LEADWIRE_INTAKE_DOOR_H
#define LEADWIRE_INTAKE_DOOR_H

#include "intake.h"
#include "reading.h"

enum { NO_ERROR = -1, BODY_INLINE = 65536, BODY_LEADS = 8 << 20 };

/* Lives in the request's arena. Touched by one thread at a time: main, or the pool while main waits. */
struct hook {
	struct app *app;
	struct http_request *request;
	struct arena *arena;
	struct source source;
	const struct sender *sender; /* whose way of signing and saying it is; null: anybody's */
	enum body body;
	bool page; /* a browser shows the answer to a person */
	struct uuid submission, workspace;
	char country[3];
	bool dutch;
	/* what was read */
	const struct mapping_rules *rules; /* the way in's own; null: none */
	struct opened said;
	struct envelope envelope;
	unsigned char content[32]; /* SHA-256 of what it says */
	struct lead_draft *lead;
	size_t n_leads;
	struct booking_draft *booking; /* the appointment it is about; null: none */
	struct pushed_draft *pushed;   /* of a way in that takes records */
	size_t n_pushed;
	const char *system; /* who sends to it; null: people do */
	struct upload *file;
	size_t n_files;
	const char *body_file; /* hash of a body too long for its row */
	/* how it ends */
	int error; /* of errors.def; NO_ERROR */
	const char *detail;
	const char *reason;	       /* why no lead came of what was taken; null: one did, or `detail` says it */
	const struct problem *problem; /* which fields, or null */
	enum submission_outcome outcome;
	bool disk_failed;
	bool test; /* somebody tries the address */
};

/* The request is kept, but makes no lead: `error` is what its sender is told. */
static inline void hook_refuse (struct hook *h, enum submission_outcome outcome, int error, const char *detail)
{
	h->outcome = outcome;
	h->error = error;
	h->detail = detail;
}

/* True when the source wants no signature, or the header holds the right one (constant time). */
bool signature_fits (const struct source *source, struct bytes body, const char *header);
/* Fills what is said, or refuses the request. */
void body_read (struct hook *h, struct bytes body);
/* Puts the files, and a body too long for its row, into CRM_FILES; on the pool. Sets disk_failed. */
void files_store (void *hook);

/* ---- door_sender.c: for a hook with a sender ---- */

/* Whether the bytes are its sender's; refuses the request where they are not. Any thread. */
void sender_check (struct hook *h, struct bytes body);
/* What a GET on the address asks. False: nothing that this sender asks; else it is answered. */
bool sender_greet (struct hook *h);

/* ---- door_limits.c ---- */

/* Counts a request. False: there were too many, and its answer says when to come again. */
bool door_admits (struct hook *h);
/* Answers a page that asks for a stamp of now. False: that was not asked, or there is no CRM_KEY to sign by. */
bool stamp_told (struct hook *h);
/* No person sent what was read: it is spam, and says why. */
bool suspect_found (struct hook *h);

#endif
