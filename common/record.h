/* Records: one constant table describes a struct; everything that travels or is stored goes through that table.
 * Kinds, msgpack, JSON and the head that comes with every item. Knows no noun of the product.
 *
 * The wire form of a record is a msgpack map with the fields' names as keys; unknown keys are skipped, absent fields
 * are ABSENT, nil is CLEARED. What each kind is:
 *
 *   kind    C                      msgpack           JSON                                   SQL (binary)
 *   text    const char *           str               string                                 text
 *   i64     int64_t                int               number                                 int8 (int2, int4 too in rows)
 *   flag    bool                   bool              true/false                             bool
 *   time    int64_t µs since 1970  int               "2026-11-21T09:00:00.123456Z"          timestamptz
 *   date    int32_t days since 1970 int              "2026-11-21"                           date
 *   money   struct money           [181500,"EUR"]    {"amount":"1815.00","currency":"EUR"}  x bigint, x_currency text
 *   json    const char * (valid)   str               any, passed through                    jsonb (text form)
 *   bytes   struct bytes           bin               base64                                 bytea
 *   ID      noun_id                bin 16            "018f…" (36)                           uuid
 *   ENUM    enum                   str (the name)    the name                               text
 *   LIST    struct list            array of maps     array of objects                       jsonb
 */
#ifndef LEADWIRE_RECORD_H
#define LEADWIRE_RECORD_H

#include <jansson.h>
#include "arena.h"
#include "money.h"
#include "status.h"
#include "uuid.h"

enum kind { KIND_TEXT, KIND_I64, KIND_FLAG, KIND_TIME, KIND_DATE, KIND_MONEY, KIND_JSON, KIND_BYTES, KIND_ID, KIND_ENUM, KIND_LIST };
enum has { ABSENT, CLEARED, HERE };

typedef const char *kind_text;
typedef int64_t kind_i64;
typedef bool kind_flag;
typedef int64_t kind_time;
typedef int32_t kind_date;
typedef struct money kind_money;
typedef const char *kind_json;
typedef struct bytes kind_bytes;

struct list {
	const void *at; /* structs of the part's type, one after the other */
	size_t n;
};

/* Flags of a field; LIMIT's bytes stand in the upper half. */
#define OPTIONAL 0u
#define REQUIRED 1u	    /* ABSENT and CLEARED are refused */
#define KEY (2u | REQUIRED) /* what an item is about: never twice in a run */
#define PERSONAL 4u	    /* about a person: redacted in logs, never in a stored reply, erasable */
#define SECRET 8u	    /* never logged, never stored in a reply, never in an event */
/* Of a text's bytes or a list's items; default 10,000 (json and bytes: 64 MiB). */
#define LIMIT(bytes) ((uint64_t) (bytes) << 32)

struct record;
struct field {
	const char *name;
	size_t name_n; /* its bytes */
	enum kind kind;
	uint64_t flags;
	size_t offset, has;	   /* of the value and of its has-byte in the struct */
	const struct record *part; /* LIST: of what */
	const char *const *names;  /* ENUM: the value's names, ended by null */
	const char *noun;	   /* ID, ENUM: which */
	const char *doc;
};

enum record_class { RECORD_COMMAND, RECORD_EVENT, RECORD_QUERY, RECORD_ROW, RECORD_PART };

struct record {
	const char *name; /* deal_created */
	enum record_class class;
	const char *service; /* whose .def it stands in: pipeline */
	const char *type;    /* events: "deal.created" */
	int version;	     /* events: 1 */
	size_t size;	     /* of the struct; commands, events and queries begin with a struct head */
	const struct field *fields;
	size_t n_fields;
	const char *doc;
};

/* ---- the head: who, where, when and by what right an item comes ---- */

enum scope { SCOPE_NONE, SCOPE_OWN, SCOPE_TEAM, SCOPE_WORKSPACE, SCOPE_ALL };
extern const char *const scope_names[];

struct grant {
	enum scope scope;
	uint64_t permissions;	  /* bits of proto/permissions.def */
	struct uuid user, team;	  /* null: none */
	const struct uuid *users; /* scope own: who else counts as the user (a team); the user stands among them. Null: the user alone */
	size_t n_users;
};

struct head {
	struct uuid workspace, actor, id, correlation, causation; /* null: none */
	int64_t at;						  /* when it happened, µs since 1970 */
	int64_t recorded;					  /* when it was committed; 0 in commands */
	int64_t sequence;					  /* of an event on its lane; 0 in commands */
	int depth;						  /* how many events deep a chain of causes is */
	struct grant grant;					  /* commands and queries only */
	/* queries: the set of workspaces a read runs for */
	const struct uuid *workspaces;
	size_t n_workspaces;
};

/* ---- what is wrong with an input ---- */

struct problem_error {
	const char *pointer; /* RFC 6901, "/email" */
	const char *code;    /* one of PROBLEM_CODES (a key of the catalogues: error.field.<code>), or a service's own */
	const char *detail;  /* English */
};
/* What record*.c finds wrong with a field: required unknown twice malformed too_long too_many bad_text not_an_object not_a_list not_a_string
 * not_a_number not_a_flag not_a_time not_a_date not_an_amount not_a_currency not_json not_bytes not_an_id not_a_choice */
struct problem {
	const char *code; /* of errors.def */
	const char *detail;
	struct problem_error errors[16];
	size_t n_errors;
};
/* Texts are kept in the arena. More than 16 are dropped. `p` may be null. A problem without a code becomes "invalid". */
void problem_add (struct arena *a, struct problem *p, const char *pointer, const char *code, const char *detail);
/* What a conflict tells of a field: it was "changed", when (microseconds since 1970) and by whom; `actor` null: nobody who logs in. */
void problem_changed (struct arena *a, struct problem *p, const char *field, int64_t at, const struct uuid *actor);

/* ---- msgpack ---- */

/* Appends the record's map (fields that are HERE, and nil for CLEARED). */
void record_pack (struct buffer *out, const struct record *r, const void *item);
/* The struct is zeroed first; its texts live in the arena. REFUSED: not well formed, over a limit, or a REQUIRED field is missing. Never
 * allocates what an untrusted header claims: counts are checked against the bytes left, depth ≤ 32. The head is left zero. */
enum status record_unpack (struct arena *a, const struct record *r, struct bytes in, void *ret_item,
			   struct problem *ret_problem) MUST_CHECK;
/* The head as a msgpack array (commands and queries; events carry theirs lean, in the frame). */
void head_pack (struct buffer *out, const struct head *head);
enum status head_unpack (struct arena *a, struct bytes in, struct head *ret_head, size_t *ret_used) MUST_CHECK;
/* Length of the one well-formed msgpack value at the start of `in`, 0 if there is none (depth ≤ 32, counts ≤ bytes left). Allocates nothing. */
size_t msgpack_skip (struct bytes in);

/* ---- JSON ---- */

/* From an object, with validation: unknown members are refused when `strict`; errors carry JSON pointers. Times take RFC 3339 with any offset. */
enum status record_from_json (struct arena *a, const struct record *r, const json_t *in, bool strict, void *ret_item,
			      struct problem *ret_problem) MUST_CHECK;
/* Appends an object. `redact` leaves PERSONAL and SECRET texts out as "•••"; SECRET is always left out. */
void record_to_json (struct buffer *out, const struct record *r, const void *item, bool redact);
/* Appends a list as a JSON array of objects, SECRET fields too: what a LIST is as an SQL parameter (jsonb). */
void record_list_json (struct buffer *out, const struct record *part, struct list list);
/* Appends a JSON string literal; invalid UTF-8 becomes U+FFFD. */
void json_quote (struct buffer *out, const char *text);
/* One JSON value (RFC 8259) that Postgres' jsonb takes too: UTF-8, no NUL even as \u0000, surrogates in pairs, numbers of sane length,
 * depth ≤ 2048. Allocates nothing. */
bool json_is_valid (struct bytes text);

/* ---- access by table ---- */

/* REQUIRED fields are HERE whatever their byte says: who makes a struct in C need not set it. */
enum has field_has (const struct field *f, const void *item);
/* The most bytes of a text, json or bytes field, the most items of a list. */
size_t field_limit (const struct field *f);
const struct field *record_field (const struct record *r, const char *name);
/* 64-bit hash of a field's value for run building and parking; 0 never; the same in every build. Texts hash case-folded as ASCII. A field
 * that is not HERE has no value: ask field_has first. */
uint64_t field_hash (const struct field *f, const void *item);
/* Valid UTF-8 (no surrogates, nothing overlong) without a NUL. */
bool text_is_valid (const char *text, size_t n);

#endif
