/* What the gateway decides without asking anybody: who may see what, whether a write comes from our own pages, which address means what,
 * what a stream's id says. Pure: no I/O, time is a parameter. Never a rule about leads, contacts or deals: those are the services' own. */
#ifndef LEADWIRE_GATEWAY_RULES_H
#define LEADWIRE_GATEWAY_RULES_H

#include "records.h"

enum { ALLOWED = -1 }; /* of functions that give a row of errors.def */

/* ---- words ---- */

bool slug_fits (const char *slug);
bool email_fits (const char *email);
bool language_known (const char *language);
bool theme_known (const char *theme);
bool scope_fits (const char *scope); /* of a role: none, own, team, workspace */
/* JSON texts: an array of names of permissions, each known and once; an array of words (a-z, 0-9, _ and -), each once; an object with en and nl. */
bool permissions_fit (const char *json);
bool words_fit (const char *json);
bool label_fits (const char *json);
/* The pointer of the first part that a preset cannot have; null: all may stand. */
const char *preset_parts_wrong (const struct preset_set *cmd);
/* Of a page that keeps how somebody likes it: a-z, 0-9, _ and -. */
enum { MARKS_MOST = 100 };
/* {"<id>": at} of an array of 1 to 100 ids; null when it is none. */
const char *marks_of (struct arena *a, const char *ids, int64_t at);
bool page_fits (const char *place);
/* JSON text: an object. */
bool object_fits (const char *json);
/* "127.0.0.1:8080" and the like, perhaps with a path: this machine's own. A browser keeps a Secure cookie there on plain http (Chromium and Firefox; not
 * Safari), and nobody listens between. Whoever asks chooses what the Host says: "localhost:1@elsewhere" leads elsewhere. */
bool is_own_address (const char *host);
/* An IANA name as far as it can be told without the list of them: Europe/Amsterdam, UTC. */
bool zone_fits (const char *zone);
/* Null, or what is wrong with a new password: too_short (under eight characters), too_common (one of those that everybody tries, or the name or
 * e-mail itself). Either may be null. */
const char *password_wrong (const char *password, const char *email, const char *name);
/* en or nl: what Accept-Language prefers of the two, else the person's own, else en. Either may be null. */
const char *language_choose (const char *accept, const char *own);
/* Whether one of the events already makes an owner for that workspace. */
bool owner_named (const struct workspace_updated *event, size_t n, struct uuid workspace);

/* ---- rights ---- */

/* What a caller is in one workspace. Texts live with the caller. */
struct seat {
	struct uuid workspace;
	const char *slug, *name, *preset, *language, *currency, *timezone, *country, *label_profile, *landing, *role;
	const char *tabs, *header;    /* JSON arrays */
	const char *default_owner_id; /* null: nobody */
	bool admin_only, feature_crm, demo;
	struct grant grant;
};

/* The grant of a role: permission names become bits (unknown ones nothing), all-prospects widens the scope to the workspace, an agency's admin may
 * everything. `user` is who owns what is "own": a key's own id, so that nothing is. `owner`: the members of the user's team, kept by the caller; a
 * role of scope team sees as its own what any of them owns, and without a team only the user's. */
struct grant grant_of_role (const char *scope, const char *const *permission, size_t n, struct uuid user, struct uuid team,
			    const struct uuid *owner, size_t owners, bool agency_admin);

/* ALLOWED, or why this caller may not use the CRM in that workspace: not_found (the feature is off), forbidden. `permission`: beyond seeing it. */
int seat_check (const struct seat *s, int permission);

/* The seats a read runs for, ordered so that those of equal grant stand together (a group: one query). ALLOWED, or the refusal when there are
 * seats but none may: forbidden before not_found. */
struct sight {
	const struct seat **seat;
	size_t n;
	const size_t *group; /* index of each group's first seat */
	size_t n_groups;
};
int sight_of (struct arena *a, const struct seat *seat, size_t n, int permission, struct sight *ret);
/* The same for pages about the house itself, which do not ask whether the CRM is open: seats with the permission, and the home (may be null), as one
 * group, since these rows have no owners. False: there are none. */
bool office_of (struct arena *a, const struct seat *seat, size_t n, const struct seat *home, int permission, struct sight *ret);
/* The workspaces of one group. */
const struct uuid *sight_set (struct arena *a, const struct sight *s, size_t group, size_t *ret_n);
/* By slug or id; null: none. */
const struct seat *seat_find (const struct seat *seat, size_t n, const char *name);
/* By several, with commas between them: copies of those seats, each once. Null: one of the names is nobody's. */
const struct seat *seats_named (struct arena *a, const struct seat *seat, size_t n, const char *names, size_t *ret_n);

/* Whether an event about a record with these owners (null: unowned) is for somebody with this grant. `owned`: the event's record says an owner at all. */
bool grant_hears (const struct grant *g, bool owned, struct uuid owner, struct uuid old_owner);

/* The same of the team's conversation (`chat`), which takes a permission of its own, and of its channel, which is nobody's. */
bool talk_hears (const struct grant *g, bool chat, bool channel, struct uuid owner);

/* ---- requests ---- */

/* ALLOWED or cross_site. Only a write that a cookie pays for needs a witness that it comes from our own pages; a log-in too when a browser sends one. */
int origin_check (const char *method, bool by_cookie, const char *fetch_site, const char *origin, const char *host, const char *own_origin);

struct route_row {
	const char *method, *path;
	const struct record *record;
	int permission; /* of permissions.def, or one of the below */
	const char *doc;
};
enum { ROUTE_public = -3, ROUTE_session = -2, ROUTE_crm = -1 };
extern const struct route_row routes[];
extern const size_t routes_n;

struct route_found {
	const struct route_row *row; /* null: no such path, or not with that method */
	const char *field;	     /* the path's :field, null when it has none; in `name`, since the path goes on after it */
	char name[32];
	char value[200]; /* and what stands there */
	bool sub;	 /* the path goes on after it: a page about that record */
	char allow[48];	 /* methods the path knows, "GET, POST"; empty: no such path */
};
void route_find (const struct route_row *row, size_t n, const char *method, const char *path, struct route_found *ret);

/* The id of a command: the caller's key when it is a UUID, else made of actor and key. */
struct uuid key_id (struct uuid actor, const char *key);
/* The id of what a command with a key makes: the same again when it is repeated, another one for another actor. */
struct uuid made_id (struct uuid actor, struct uuid command, const char *field);
/* "7", W/"7" or 7; 0: none of these, or *. */
int64_t version_of_match (const char *if_match);
/* Whether If-None-Match names the tag. */
bool tag_matches (const char *if_none_match, const char *tag);
/* Seconds to wait after so many wrong passwords in a row: the first five are free, then 1, 2, 4 … 60. */
int login_delay (int failures);

/* ---- positions: "pipeline/3/17 contacts/3/5" ---- */

enum { POSITIONS_MAX = 8 };
struct positions {
	struct position at[POSITIONS_MAX]; /* the oldest goes first when there are too many */
	size_t n;
};
void position_keep (struct positions *p, const char *service, int lane, int64_t sequence);
void positions_read (struct positions *p, const char *text);
const char *position_text (struct arena *a, const struct position *p);

/* ---- a live stream's id: how far it is on each lane of each service it hears ---- */

enum { STREAM_SERVICES = 6 };
extern const char *const stream_services[STREAM_SERVICES]; /* lead-intake, contacts, pipeline, mailer, billing, automation */
int stream_service (const char *name);			   /* -1: not heard */

struct stream_mark {
	bool known;
	uint64_t epoch; /* of the claim that wrote that event */
	int64_t sequence;
};
struct stream_vector {
	struct stream_mark mark[STREAM_SERVICES][LANES];
};
enum { STREAM_ID_TEXT = 1 + (1 + STREAM_SERVICES * LANES * 18) * 4 / 3 + 4 };
/* base64url of: 1, then for each known mark its place (service × 16 + lane), epoch and sequence. Only lanes of the mask. */
void vector_pack (const struct stream_vector *v, uint32_t lanes, char ret_text[STREAM_ID_TEXT]);
bool vector_unpack (const char *text, struct stream_vector *ret);

/* ---- files ---- */

/* The media type in which a file may be shown in place, by its first bytes; null: only downloaded. */
const char *inline_type (const unsigned char *bytes, size_t n);
/* attachment or inline, with the name in both spellings of RFC 6266. */
const char *disposition_of (struct arena *a, bool shown, const char *name);

#endif
