/* What intake makes of a request: pure functions, no I/O, no clock, no randomness.
 * Everything a sender gave either becomes a field of the draft or stays in its `fields`; nothing is guessed away. */
#ifndef LEADWIRE_INTAKE_RULES_H
#define LEADWIRE_INTAKE_RULES_H

#include "changes.h"
#include "given.h"
#include "http_form.h"
#include "mapping.h"

enum { LEADS_MOST = 10000, FIELDS_MOST = 200, DEPTH_MOST = 32, FIELD_BYTES_MOST = 65536 };

/* ---- reading a body into members ---- */

/* Why a body could not be read: a row of errors.def, and a sentence for the sender. */
struct reading_fault {
	int error;
	const char *detail;
};

/* JSON: an object, or an array of objects. The tree is the caller's (json_decref). REFUSED: `ret_fault` says why. */
enum status body_read_json (struct arena *a, struct bytes body, json_t **ret_tree, struct reading_fault *ret_fault) MUST_CHECK;
/* Any JSON, and whether it is a body of leads: where it lies deeper, it is looked at there. */
enum status body_read_any (struct arena *a, struct bytes body, json_t **ret_tree, struct reading_fault *ret_fault) MUST_CHECK;
/* Whether a body names somebody by that address or phone number, however it is written there; other words name nobody. */
bool body_names (struct bytes body, const char *word);
enum status body_check (struct arena *a, const json_t *tree, struct reading_fault *ret_fault) MUST_CHECK;
/* A form: a[b][c] nests, key[] and repeated keys are arrays. */
enum status body_read_form (struct arena *a, const struct form_field *field, size_t n, json_t **ret_tree,
			    struct reading_fault *ret_fault) MUST_CHECK;

/* ---- what a request says about itself ---- */

/* A form of one's own may post there, from people's browsers; other kinds are sent to by somebody's servers. */
static inline bool kind_is_page (enum source_kind kind)
{
	return kind == source_kind_generic || kind == source_kind_web_form || kind == source_kind_agency;
}

struct manner {
	enum source_kind kind;
	bool page; /* a browser's page sent it: a form's encoding, or an Origin */
};
struct envelope {
	const char *client;   /* client_id: slug or id */
	bool clients_differ;  /* leads of one array name more than one */
	const char *redirect; /* _redirect */
	const char *external; /* what the sender's own id makes of a repeat; null: no id */
	const char *stamp;    /* _stamp: what says when its page was opened, see stamp.h; null: none */
	bool honeypot;	      /* a field that no person sees was filled */
	bool elementor;	      /* shaped as Elementor's webhook, which takes only 200 for success */
};
struct envelope envelope_read (struct arena *a, const json_t *tree, struct manner manner);

/* ---- leads ---- */

struct reading {
	enum source_kind kind;
	const char *form_type;		   /* the source's own; null: none */
	const char *country;		   /* ISO 3166: how phone numbers without country code are read */
	bool dutch;			   /* the workspace's language: the words for what is missing */
	const char *page;		   /* the address of the page whose form a browser sent; null: not told */
	const char *accepts;		   /* Accept-Language of that browser; null: not told, or it is a server's */
	const struct mapping_rules *rules; /* the source's own; null: none */
	int64_t at;			   /* when it came, µs; 0: not known */
};
/* One draft per object of the tree, in its order; lead_id is left to the caller. Texts live in the arena. */
void leads_read (struct arena *a, const json_t *tree, const struct reading *how, struct lead_draft **ret_lead, size_t *ret_n);

/* ---- what somebody agreed to ---- */

enum consent_box {
	BOX_NEWS,  /* news by mail */
	BOX_MAIL,  /* leave, for what its text says; without a text it is for mail */
	BOX_TERMS, /* terms, or how their data is used: for mail only where its text says so */
	BOX_NONE,
	BOXES = BOX_NONE
};
struct consent_answer {
	const char *said, *label; /* what stood in it; null: it was not there. What people read beside it; null: not known */
};
struct consent_said {
	struct consent_answer answer[BOXES];
	const char *text, *version, *at, *page; /* null: not told */
};
/* {given, news, text, version, at, page} in the arena; null: nobody asked. `came`: when it was said at the latest, µs; 0: not known. */
const char *consent_read (struct arena *a, const struct consent_said *said, int64_t came);
/* The same of such an object as somebody wrote it; null: it cannot be read. */
const char *consent_given (struct arena *a, const char *json, int64_t now);
/* A plain yes or no. */
bool consent_is_answer (struct arena *a, const char *text);
/* What a box asks by the words beside it. */
enum consent_box consent_box_of (struct arena *a, const char *words);

/* ---- what other systems say ---- */

enum { PUSHED_MOST = 1000 };
/* One draft per object of the tree, in its order; `system`: of those that do not say one. REFUSED: `ret_problem` says where and why, and nothing of it
 * is taken: whoever sent it can send it whole again. */
enum status pushed_read (struct arena *a, const json_t *tree, const char *system, struct pushed_draft **ret_pushed, size_t *ret_n,
			 struct problem *ret_problem) MUST_CHECK;
/* What it is about, as a key: the same for all that is ever said of one thing. */
const char *pushed_what (struct arena *a, const struct pushed_draft *said);

/* ---- single values ---- */

/* Trimmed, out of "Name <address>", lower case, the domain as A-label; null when it is no address. */
const char *email_read (struct arena *a, const char *text);
/* E.164, or null where that cannot be told. */
const char *phone_read (struct arena *a, const char *text, const char *country);
/* ISO 639-1 of a language ("nl", "nl-BE", "nl_NL.UTF-8", "Nederlands", "Dutch"), of the address of a page that begins with one (https://x.nl/en/contact, ?lang=en),
 * or of the one that a browser would rather read (Accept-Language, RFC 9110 12.5.4). Null: it says none of languages.def. */
const char *language_read (const char *text);
const char *language_of_page (const char *url);
const char *language_accepted (const char *header);
/* At most `most` bytes, cut between characters; the text itself when it fits. */
const char *text_cut (struct arena *a, const char *text, size_t most);

/* ---- decisions of the handlers ---- */

/* What could not be taken at all: it holds nobody's key, which stays free for a better one. */
static inline bool outcome_is_refusal (enum submission_outcome outcome)
{
	return outcome == submission_outcome_bad_request || outcome == submission_outcome_bad_signature ||
	       outcome == submission_outcome_no_workspace;
}

enum fate { FATE_NEW, FATE_NOTE, FATE_DUPLICATE, FATE_REPEAT };
/* What a submission is, given what is known: to be kept with its leads, to be kept as a note, a duplicate of another one, or this very one again. */
struct outcome submission_check (const struct submission_take *cmd, const struct submission_known *known, enum fate *ret_fate);
/* The same of one that is read again: NEW makes its leads, DUPLICATE gives it those of another one that says the same, REPEAT says which it has. */
struct outcome submission_reread_check (const struct submission_reread *cmd, const struct submission_held *held, enum fate *ret_fate);
struct outcome lead_create_check (struct arena *a, const struct lead_create *cmd, const struct workspace_facts *facts);
/* The lead made by hand, whole; its number is left to the caller. */
struct kept_lead lead_create_fill (struct arena *a, const struct lead_create *cmd, const struct workspace_facts *facts);
struct outcome lead_update_check (struct arena *a, const struct lead_update *cmd, const struct lead_found *lead);
/* The lead as it will be, and what changes (of struct change); none: nothing does. */
struct lead_change lead_update_merge (struct arena *a, const struct lead_update *cmd, const struct lead_found *lead,
				      struct list *ret_changes);
/* Refused, and what was changed since, as far as it is known. */
struct outcome lead_conflict (struct arena *a, const struct lead_since *since, size_t n);
struct outcome lead_qualify_check (const struct lead_qualify *cmd, const struct lead_found *lead);

#endif
