/* Everything that travels, as C: the ids, enums, structs, tables and emit functions that the .def files describe.
 * This file only reads the .def files, once per pass; see README.md. Nothing here is written by hand twice. */
#ifndef LEADWIRE_RECORDS_H
#define LEADWIRE_RECORDS_H

#include "record.h"
#include "service.h"

/* ids: typedef struct { struct uuid uuid; } deal_id; */
#define NOUN(noun, doc)           \
	typedef struct {          \
		struct uuid uuid; \
	} noun##_id;
#include "ids.def"
#undef NOUN

/* enums: enum stage_kind { stage_kind_open, … }; extern const char *const stage_kind_names[]; */
#define CHOICES(set, doc) enum set {
#define CHOICE(set, value, doc) set##_##value,
#define END_CHOICES(set) \
	set##_count      \
	}                \
	;                \
	extern const char *const set##_names[];
#include "enums.def"
#undef CHOICES
#undef CHOICE
#undef END_CHOICES

enum permission {
#define PERMISSION(id, name, doc) PERMISSION_##id,
#include "permissions.def"
#undef PERMISSION
	PERMISSION_COUNT
};
extern const char *const permission_names[];

enum number_kind {
#define NUMBER(id, name) NUMBER_##id,
#include "numbers.def"
#undef NUMBER
	NUMBER_COUNT
};

enum error {
#define ERROR(code, status, en, nl) ERROR_##code,
#include "errors.def"
#undef ERROR
	ERROR_COUNT
};
struct error_row {
	const char *code;
	int status;
	const char *en, *nl;
};
extern const struct error_row error_rows[];
int error_find (const char *code); /* row, -1: none */
const char *error_code (int row);

/* What the grant of an event that asks for this command must hold (row of permissions.def); -1: no event may ask for it. See asked.def. */
int asked_permission (const char *command);

/* pass 1: one has-byte a field */
#define COMMAND(r, doc) struct r##_has {
#define EVENT(r, type, version, doc) struct r##_has {
#define QUERY(r, doc) struct r##_has {
#define ROW(r, doc) struct r##_has {
#define PART(r, doc) struct r##_has {
#define FIELD(r, kind, name, flags, doc) unsigned char name;
#define ID(r, noun, name, flags, doc) unsigned char name;
#define ENUM(r, set, name, flags, doc) unsigned char name;
#define LIST(r, part, name, flags, doc) unsigned char name;
#define END(r) \
	}      \
	;
#include "all.def"
#include "undef.h"

/* pass 2: the structs */
#define COMMAND(r, doc)           \
	struct r {                \
		struct head head; \
		struct r##_has has;
#define EVENT(r, type, version, doc) COMMAND (r, doc)
#define QUERY(r, doc) COMMAND (r, doc)
#define ROW(r, doc) \
	struct r {  \
		struct r##_has has;
#define PART(r, doc) ROW (r, doc)
#define FIELD(r, kind, name, flags, doc) kind_##kind name;
#define ID(r, noun, name, flags, doc) noun##_id name;
#define ENUM(r, set, name, flags, doc) enum set name;
#define LIST(r, part, name, flags, doc) struct list name;
#define END(r) \
	}      \
	;
#include "all.def"
#include "undef.h"

/* pass 3: the tables' names, the handler of every command and event (where a service has one), and an emit function for every event */
#define HANDLED(r)                             \
	extern const struct record r##_record; \
	void r (struct batch *b, const struct r item[], size_t n, struct outcome ret[]);
#define COMMAND(r, doc) HANDLED (r)
#define QUERY(r, doc) extern const struct record r##_record;
#define ROW(r, doc) extern const struct record r##_record;
#define PART(r, doc) extern const struct record r##_record;
#define EVENT(r, type, version, doc)                                                  \
	HANDLED (r)                                                                   \
	static inline void r##_emit (struct batch *b, const struct r *item, size_t n) \
	{                                                                             \
		batch_emit (b, &r##_record, item, n);                                 \
	}
#define FIELD(r, kind, name, flags, doc)
#define ID(r, noun, name, flags, doc)
#define ENUM(r, set, name, flags, doc)
#define LIST(r, part, name, flags, doc)
#define END(r)
#include "all.def"
#include "undef.h"
#undef HANDLED

/* every record there is, ended by null; and the event of a type, null when unknown */
extern const struct record *const all_records[];
const struct record *record_of_type (const char *type);
const struct record *record_named (const char *name);

#endif
