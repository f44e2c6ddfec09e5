/* A request on its way through the door, and what the two files of the door share: routes.c (the steps) and body.c (bytes, files, digests).
 * Never included by the writer's rooms. */
#ifndef LEADWIRE_INTAKE_DOOR_H
#define LEADWIRE_INTAKE_DOOR_H

#include "http_multipart.h"
#include "intake.h"
#include "rules.h"

enum { NO_ERROR = -1, FILES_MOST = 10, FILES_BYTES_MOST = 25 << 20, BODY_INLINE = 65536, BODY_FORM = 1 << 20, BODY_LEADS = 8 << 20 };
enum body { BODY_IS_JSON, BODY_IS_FORM, BODY_IS_MULTIPART };

/* Lives in the request's arena. Touched by one thread at a time: main, or the pool while main waits. */
struct hook {
	struct app *app;
	struct http_request *request;
	struct arena *arena;
	struct source source;
	enum body body;
	bool page; /* a browser shows the answer to a person */
	struct uuid submission, workspace;
	char country[3];
	bool dutch;
	/* what was read */
	json_t *tree;
	struct envelope envelope;
	unsigned char content[32]; /* SHA-256 of what it says */
	struct part *part;	   /* the files among the parts */
	struct lead_draft *lead;
	size_t n_leads;
	struct pushed_draft *pushed; /* of a way in that takes records */
	size_t n_pushed;
	const char *system; /* who sends to it; null: people do */
	struct upload *file;
	size_t n_files;
	const char *body_file; /* hash of a body too long for its row */
	/* how it ends */
	int error; /* of errors.def; NO_ERROR */
	const char *detail;
	const struct problem *problem; /* which fields, or null */
	enum submission_outcome outcome;
	bool disk_failed;
};

/* The request is kept, but makes no lead: `error` is what its sender is told. */
static inline void hook_refuse (struct hook *h, enum submission_outcome outcome, int error, const char *detail)
{
	h->outcome = outcome;
	h->error = error;
	h->detail = detail;
}

/* False: a Content-Type we do not take. */
bool body_kind (const char *type, enum body *ret);
/* True when the source wants no signature, or the header holds the right one (constant time). */
bool signature_fits (const struct source *source, struct bytes body, const char *header);
/* Fills tree, part and n_files, or refuses the request. */
void body_read (struct hook *h, struct bytes body);
/* SHA-256 of what the request says, whatever boundary or time of day it was sent with. */
void content_digest (struct hook *h, struct bytes body);
/* Puts the files, and a body too long for its row, into CRM_FILES; on the pool. Sets disk_failed. */
void files_store (void *hook);
/* The key out of the header, quoted or not; null: none. */
const char *idempotency_key (struct arena *a, const char *header);

#endif
