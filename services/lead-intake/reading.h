/* What a request says, from its bytes to its leads: members and files, leads by the rules of its way in, and what makes it the same request again. The door
 * reads by it what comes, the gateway what was kept. Pure.
 * It must never drop what a request says, nor take for a lead what its sender says is none. */
#ifndef LEADWIRE_INTAKE_READING_H
#define LEADWIRE_INTAKE_READING_H

#include "http_multipart.h"
#include "rules.h"
#include "sender.h"

enum { FILES_MOST = 10, FILES_BYTES_MOST = 25 << 20, BODY_FORM = 1 << 20 };
#define SPAM_TRAP "A field that no person sees was filled in."
enum body { BODY_IS_JSON, BODY_IS_FORM, BODY_IS_MULTIPART };

/* False: a Content-Type we do not take. */
bool body_kind (const char *type, enum body *ret);

struct opened {
	json_t *tree;	   /* an object, or an array of objects: of the caller's (json_decref) */
	struct part *part; /* its files */
	size_t n_files;
};
/* The members and files of a body. `type`: its Content-Type, or null; `rules`: its way in's own, or null: they may say otherwise how it is read. REFUSED:
 * `ret_fault` says why. */
enum status request_open (struct arena *a, enum body body, const char *type, struct bytes bytes, const struct mapping_rules *rules,
			  struct opened *ret, struct reading_fault *ret_fault) MUST_CHECK;

struct told {
	struct lead_draft *lead; /* without ids */
	size_t n;
	struct booking_draft *booking; /* the appointment it is about; null: none */
	enum submission_outcome outcome;
	const char *reason;   /* why no lead comes of it; null: one does */
	const char *external; /* the sender's own id of it; null: it has none, or not of all that it says */
};
/* What members say, by a sender's shape (null: anybody's). `made`: what its sender says is a test is a lead all the same. */
struct told request_tell (struct arena *a, const struct sender *s, const json_t *tree, const struct reading *how, bool made);

/* SHA-256 of what a request says, whatever boundary or minute it was sent with. */
void content_digest (enum body body, bool elementor, const struct opened *said, struct bytes bytes, unsigned char ret[32]);
/* The key out of an Idempotency-Key, quoted or not; null: none. */
const char *idempotency_key (struct arena *a, const char *header);
/* What makes it the same request again, within the way in it came by: 16 bytes of its key, else of its sender's id, else of its content. */
struct bytes request_digest (struct arena *a, struct uuid source, const char *key, const char *external, const unsigned char content[32]);
/* Which ten minutes since 1970; 0 where a key or an id tells. */
int64_t request_bucket (bool keyed, int64_t at);

/* ---- one that was kept ---- */

struct kept_request {
	struct uuid source;
	enum source_kind kind;
	const char *form_type, *country; /* null: none */
	bool dutch;			 /* its workspace's language */
	const char *type, *headers;	 /* as sent, a line each; null: none */
	struct bytes body;
	int64_t at;			   /* when it came: µs since 1970 UTC */
	const struct mapping_rules *rules; /* by which it is read; null: none */
	bool made;			   /* somebody says that it is a lead */
};
struct reread {
	struct told told;
	struct opened said; /* its tree is gone */
	struct bytes dedupe;
	int64_t bucket;
};
/* Read again, by what its way in knows now. Without leads `told` says why: its outcome, and its reason in English. */
struct reread request_reread (struct arena *a, const struct kept_request *r);
/* A header of those that were kept, as text in the arena; null: none. */
const char *header_kept (struct arena *a, const char *headers, const char *name);

#endif
