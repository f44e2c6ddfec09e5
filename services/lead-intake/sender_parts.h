/* What the files of senders share. It must never be needed outside sender*.c. */
#ifndef LEADWIRE_INTAKE_SENDER_PARTS_H
#define LEADWIRE_INTAKE_SENDER_PARTS_H

#include "sender.h"

struct sender_parts {
	struct arena *arena;
	struct sender_part *at;
	size_t n, room;
};

struct sender {
	const char *kind;
	bool (*fits) (struct bytes secret, const struct sender_request *r); /* null: nothing is signed */
	int64_t (*signed_at) (const struct sender_request *r);		    /* µs; null: no time is signed */
	int window;							    /* seconds that may lie between */
	void (*read) (struct sender_parts *to, const json_t *tree);
	enum { SHAKES_NONE, SHAKES_META, SHAKES_LINKEDIN } shakes;
	bool plain_thanks; /* 200 {} */
};

/* sender_sign.c */
bool typeform_fits (struct bytes secret, const struct sender_request *r);
bool tally_fits (struct bytes secret, const struct sender_request *r);
bool webflow_fits (struct bytes secret, const struct sender_request *r);
int64_t webflow_signed_at (const struct sender_request *r);
bool google_ads_fits (struct bytes secret, const struct sender_request *r);
bool google_forms_fits (struct bytes secret, const struct sender_request *r);
bool meta_fits (struct bytes secret, const struct sender_request *r);
bool hubspot_fits (struct bytes secret, const struct sender_request *r);
int64_t hubspot_signed_at (const struct sender_request *r);
bool calendly_fits (struct bytes secret, const struct sender_request *r);
int64_t calendly_signed_at (const struct sender_request *r);
bool tawk_fits (struct bytes secret, const struct sender_request *r);
bool crisp_fits (struct bytes secret, const struct sender_request *r);
int64_t crisp_signed_at (const struct sender_request *r);
bool intercom_fits (struct bytes secret, const struct sender_request *r);
bool linkedin_fits (struct bytes secret, const struct sender_request *r);
/* Hex of HMAC-SHA256, in the arena. */
const char *sign_hex (struct arena *a, struct bytes secret, const char *text);

/* sender_forms.c */
void typeform_read (struct sender_parts *to, const json_t *tree);
void tally_read (struct sender_parts *to, const json_t *tree);
void webflow_read (struct sender_parts *to, const json_t *tree);
void google_ads_read (struct sender_parts *to, const json_t *tree);
void google_forms_read (struct sender_parts *to, const json_t *tree);
void hubspot_read (struct sender_parts *to, const json_t *tree);
void calendly_read (struct sender_parts *to, const json_t *tree);
void linkedin_read (struct sender_parts *to, const json_t *tree);

/* sender_talks.c */
void meta_read (struct sender_parts *to, const json_t *tree);
void whatsapp_read (struct sender_parts *to, const json_t *tree);
void tawk_read (struct sender_parts *to, const json_t *tree);
void crisp_read (struct sender_parts *to, const json_t *tree);
void intercom_read (struct sender_parts *to, const json_t *tree);

/* sender.c */
struct sender_part *part_add (struct sender_parts *to, enum sender_what what, const char *external);
/* The text of a member, in the arena; numbers as they are written. Null: none, or an empty one. */
const char *said_at (struct arena *a, const json_t *object, const char *member);
/* Two or three names as one, in the arena. Null where one of them is: what is not named whole is not known by its name, and is never taken for another. */
const char *named_by (struct arena *a, const char *one, const char *other, const char *third);
/* A lead's tree: its fields as {id: {id, title, type, value}}, the shape that says what each is by id, label or kind of input. */
json_t *lead_tree (void);
/* type: email, tel, textarea or null; title: what people read beside it; null: none. An array is several values. */
void lead_field (json_t *tree, const char *id, const char *title, const char *type, json_t *value);
/* A member of the tree itself, where it has text. */
void lead_member (json_t *tree, const char *name, const char *text);

#endif
