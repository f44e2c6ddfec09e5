/* The tables behind records.h: what every field is called, what it is, where it lies, and what it means.
 * Made by the .def files alone. */
#include "records.h"

#include <string.h>

#define CHOICES(set, doc) const char *const set##_names[] = {
#define CHOICE(set, value, doc) #value,
#define END_CHOICES(set) \
	NULL             \
	}                \
	;
#include "enums.def"
#undef CHOICES
#undef CHOICE
#undef END_CHOICES

const char *const permission_names[] = {
#define PERMISSION(id, name, doc) name,
#include "permissions.def"
#undef PERMISSION
	NULL
};
static_assert (PERMISSION_COUNT <= 64, "a grant has 64 bits");

const struct error_row error_rows[] = {
#define ERROR(code, status, en, nl) { #code, status, en, nl },
#include "errors.def"
#undef ERROR
};

int error_find (const char *code)
{
	for (int i = 0; i < ERROR_COUNT; i++)
		if (strcmp (error_rows[i].code, code) == 0)
			return i;
	return -1;
}

const char *error_code (int row)
{
	return row >= 0 && row < ERROR_COUNT ? error_rows[row].code : "internal";
}

int asked_permission (const char *command)
{
	static const struct {
		const char *command;
		int permission;
	} asked[] = {
#define ASKED(command, permission) { #command, PERMISSION_##permission },
#include "asked.def"
#undef ASKED
	};
	for (size_t i = 0; i < LENGTH (asked); i++)
		if (strcmp (asked[i].command, command) == 0)
			return asked[i].permission;
	return -1;
}

#define KIND_OF_text KIND_TEXT
#define KIND_OF_i64 KIND_I64
#define KIND_OF_flag KIND_FLAG
#define KIND_OF_time KIND_TIME
#define KIND_OF_date KIND_DATE
#define KIND_OF_money KIND_MONEY
#define KIND_OF_json KIND_JSON
#define KIND_OF_bytes KIND_BYTES

#define PLACE(r, field_name) .offset = offsetof (struct r, field_name), .has = offsetof (struct r, has.field_name)
#define COMMAND(r, doc) static const struct field r##_fields[] = {
#define EVENT(r, type, version, doc) COMMAND (r, doc)
#define QUERY(r, doc) COMMAND (r, doc)
#define ROW(r, doc) COMMAND (r, doc)
#define PART(r, doc) COMMAND (r, doc)
#define FIELD(r, k, n, f, d) { .name = #n, .name_n = sizeof #n - 1, .kind = KIND_OF_##k, .flags = f, PLACE (r, n), .doc = d },
#define ID(r, w, n, f, d) { .name = #n, .name_n = sizeof #n - 1, .kind = KIND_ID, .flags = f, PLACE (r, n), .noun = #w, .doc = d },
#define ENUM(r, set, n, f, d) \
	{ .name = #n, .name_n = sizeof #n - 1, .kind = KIND_ENUM, .flags = f, PLACE (r, n), .names = set##_names, .noun = #set, .doc = d },
#define LIST(r, p, n, f, d) \
	{ .name = #n, .name_n = sizeof #n - 1, .kind = KIND_LIST, .flags = f, PLACE (r, n), .part = &p##_record, .noun = #p, .doc = d },
#define END(r) \
	}      \
	;
#include "all.def"
#include "undef.h"

#define TABLE(r, c, t, v, d)                     \
	const struct record r##_record = {       \
		.name = #r,                      \
		.class = c,                      \
		.service = RECORD_SERVICE,       \
		.type = t,                       \
		.version = v,                    \
		.size = sizeof (struct r),       \
		.fields = r##_fields,            \
		.n_fields = LENGTH (r##_fields), \
		.doc = d,                        \
	};
#define COMMAND(r, doc) TABLE (r, RECORD_COMMAND, NULL, 0, doc)
#define EVENT(r, type, version, doc) TABLE (r, RECORD_EVENT, type, version, doc)
#define QUERY(r, doc) TABLE (r, RECORD_QUERY, NULL, 0, doc)
#define ROW(r, doc) TABLE (r, RECORD_ROW, NULL, 0, doc)
#define PART(r, doc) TABLE (r, RECORD_PART, NULL, 0, doc)
#define FIELD(r, k, n, f, d)
#define ID(r, w, n, f, d)
#define ENUM(r, set, n, f, d)
#define LIST(r, p, n, f, d)
#define END(r)
#include "all.def"
#include "undef.h"

const struct record *const all_records[] = {
#define COMMAND(r, doc) &r##_record,
#define EVENT(r, type, version, doc) &r##_record,
#define QUERY(r, doc) &r##_record,
#define ROW(r, doc) &r##_record,
#define PART(r, doc) &r##_record,
#define FIELD(r, k, n, f, d)
#define ID(r, w, n, f, d)
#define ENUM(r, set, n, f, d)
#define LIST(r, p, n, f, d)
#define END(r)
#include "all.def"
#include "undef.h"
	NULL
};

const struct record *record_of_type (const char *type)
{
	for (size_t i = 0; all_records[i]; i++)
		if (all_records[i]->type && strcmp (all_records[i]->type, type) == 0)
			return all_records[i];
	return NULL;
}

const struct record *record_named (const char *name)
{
	for (size_t i = 0; all_records[i]; i++)
		if (strcmp (all_records[i]->name, name) == 0)
			return all_records[i];
	return NULL;
}
