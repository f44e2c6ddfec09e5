/* Statements at run time: :names become $n, structs become binary parameters, by the record's table alone.
 * Builds no SQL from values, ever. */
#include "db.h"

#include <ctype.h>
#include <endian.h>
#include <stdio.h>
#include <string.h>

static const int64_t pg_epoch = INT64_C (946684800) * 1000000; /* 2000-01-01 in µs since 1970 */
static const int32_t pg_epoch_days = 10957;

/* The members of a head that a statement may name. A record's own field of that name goes first. */
static const struct head_field {
	const char *name;
	size_t offset;
	enum kind kind;
} head_fields[] = {
	{ "workspace", offsetof (struct head, workspace), KIND_ID },
	{ "actor", offsetof (struct head, actor), KIND_ID },
	{ "id", offsetof (struct head, id), KIND_ID },
	{ "correlation", offsetof (struct head, correlation), KIND_ID },
	{ "causation", offsetof (struct head, causation), KIND_ID },
	{ "at", offsetof (struct head, at), KIND_TIME },
	{ "recorded", offsetof (struct head, recorded), KIND_TIME },
	{ "sequence", offsetof (struct head, sequence), KIND_I64 },
	{ "user", offsetof (struct head, grant.user), KIND_ID },
	{ "workspaces", offsetof (struct head, workspaces),
	  KIND_ID }, /* of a read, all of them: uuid[], so that a plan knows whose rows it looks for */
};
enum { HEAD_WORKSPACES = LENGTH (head_fields) - 1 };

static unsigned oid_of (enum kind kind, bool array)
{
	switch (kind) {
	case KIND_TEXT:
	case KIND_ENUM: return array ? OID_TEXTS : OID_TEXT;
	case KIND_I64:
	case KIND_MONEY: return array ? OID_INT8S : OID_INT8;
	case KIND_FLAG: return array ? OID_BOOLS : OID_BOOL;
	case KIND_TIME: return array ? OID_TIMESTAMPTZS : OID_TIMESTAMPTZ;
	case KIND_DATE: return array ? OID_DATES : OID_DATE;
	case KIND_JSON:
	case KIND_LIST: return array ? OID_JSONBS : OID_JSONB;
	case KIND_BYTES: return array ? OID_BYTEAS : OID_BYTEA;
	case KIND_ID: return array ? OID_UUIDS : OID_UUID;
	}
	assert (!"a kind without a type");
	return 0;
}

static bool param_find (const struct statement *s, const char *name, size_t length, struct sql_param *ret)
{
	for (size_t i = 0; s->in && i < s->in->n_fields; i++) {
		const struct field *f = &s->in->fields[i];
		size_t n = strlen (f->name);
		if (n == length && memcmp (f->name, name, n) == 0) {
			ret->field = f;
			ret->part = 0;
			return true;
		}
		if (f->kind == KIND_MONEY && length == n + 9 && memcmp (f->name, name, n) == 0 && memcmp (name + n, "_currency", 9) == 0) {
			ret->field = f;
			ret->part = 1;
			return true;
		}
	}
	if (!s->in || s->in->class == RECORD_ROW || s->in->class == RECORD_PART)
		return false;
	for (size_t i = 0; i < LENGTH (head_fields); i++)
		if (strlen (head_fields[i].name) == length && memcmp (head_fields[i].name, name, length) == 0) {
			ret->field = NULL;
			ret->head = (int) i;
			return true;
		}
	return false;
}

static size_t param_number (struct statement *s, const struct sql_param *p)
{
	for (size_t i = 0; i < s->n_params; i++) {
		const struct sql_param *q = &s->params[i];
		if (q->field == p->field && q->head == p->head && q->array == p->array && q->part == p->part)
			return i + 1;
	}
	assert (s->n_params < SQL_PARAMS_MAX);
	s->params[s->n_params] = *p;
	return ++s->n_params;
}

static bool says (const char *text, const char *word)
{
	return strstr (text, word) != NULL;
}

/* An update fails by itself when it does not touch a row an item, so that nobody has to wait for the count: one journey less to each commit. */
static void update_counts (struct statement *s, struct buffer *text)
{
	for (size_t i = 0; i < s->n_params && !s->counts_itself; i++) {
		const struct sql_param *p = &s->params[i];
		if (!p->array || (p->field && !(p->field->flags & REQUIRED))) /* an OPTIONAL column may come shorter */
			continue;
		struct buffer whole = { 0 };
		buffer_printf (&whole, "with written as (\n%.*s\nreturning 1)\nselect 1 / (count(*) = cardinality($%zu))::int from written",
			       (int) text->n, (const char *) text->at, i + 1);
		buffer_fini (text);
		*text = whole;
		s->counts_itself = true;
	}
}

static void statement_weigh (struct statement *s, struct buffer *text)
{
	const char *word = s->text + strspn (s->text, " \t\n");
	buffer_add (text, "", 1);
	text->n--;
	const char *all = (const char *) text->at;
	if (strncmp (word, "insert ", 7) == 0)
		s->sure = !says (all, "where") && !says (all, "join ") && !says (all, "do nothing") && !says (all, "group by") &&
			  !says (all, "distinct");
	else if (strncmp (word, "update ", 7) == 0 && s->kind == STATEMENT_WRITE)
		update_counts (s, text);
}

bool sql_ready (struct statement *s)
{
	static int statements;
	struct buffer out = { 0 };
	const char *p = s->text;
	bool good = true;
	if (s->ready)
		return true;
	while (*p) {
		if (p[0] == '-' && p[1] == '-') {
			while (*p && *p != '\n')
				p++;
		} else if (*p == '\'') { /* a literal is copied as it is */
			const char *end = strchr (p + 1, '\'');
			end = end ? end + 1 : p + strlen (p);
			buffer_add (&out, p, (size_t) (end - p));
			p = end;
		} else if (p[0] == ':' && p[1] == ':') {
			buffer_add (&out, p, 2);
			p += 2;
		} else if (p[0] == ':' && islower ((unsigned char) p[1])) {
			const char *name = ++p;
			while (islower ((unsigned char) *p) || isdigit ((unsigned char) *p) || *p == '_')
				p++;
			struct sql_param param = { .array = p[0] == '[' && p[1] == ']' };
			size_t length = (size_t) (p - name);
			if (!param_find (s, name, length, &param)) {
				fprintf (stderr, "statement %s: %s has no field %.*s, and the head has none either\n", s->name,
					 s->in ? s->in->name : "nothing", (int) length, name);
				good = false;
				continue;
			}
			bool set = !param.field && param.head == HEAD_WORKSPACES;
			enum kind kind = param.field ? param.part == 1 ? KIND_TEXT : param.field->kind : head_fields[param.head].kind;
			param.oid = oid_of (kind, param.array || set);
			if (param.array)
				p += 2;
			buffer_printf (&out, "$%zu", param_number (s, &param));
		} else {
			buffer_add (&out, p++, 1);
		}
	}
	statement_weigh (s, &out);
	s->ready = heap_alloc (out.n + 1);
	memcpy (s->ready, out.at, out.n);
	s->number = ++statements;
	assert (s->number < DB_STATEMENTS_MAX);
	snprintf (s->prepared, sizeof s->prepared, "s%d", s->number);
	buffer_fini (&out);
	return good;
}

/* ---- values ---- */

static void put16 (struct buffer *b, int16_t v)
{
	uint16_t w = htobe16 ((uint16_t) v);
	buffer_add (b, &w, 2);
}

static void put32 (struct buffer *b, int32_t v)
{
	uint32_t w = htobe32 ((uint32_t) v);
	buffer_add (b, &w, 4);
}

static void put64 (struct buffer *b, int64_t v)
{
	uint64_t w = htobe64 ((uint64_t) v);
	buffer_add (b, &w, 8);
}

/* {length, bytes} of one value; -1 for null. */
static void put_value (struct buffer *b, enum kind kind, const struct field *f, int part, const void *at)
{
	switch (kind) {
	case KIND_TEXT:
	case KIND_JSON: {
		const char *text = *(const char *const *) at;
		size_t n = strlen (text);
		put32 (b, (int32_t) (n + (kind == KIND_JSON)));
		if (kind == KIND_JSON)
			buffer_add (b, "\1", 1); /* jsonb's version */
		buffer_add (b, text, n);
		return;
	}
	case KIND_ENUM: {
		const char *name = f->names[*(const unsigned *) at];
		put32 (b, (int32_t) strlen (name));
		buffer_text (b, name);
		return;
	}
	case KIND_I64:
		put32 (b, 8);
		put64 (b, *(const int64_t *) at);
		return;
	case KIND_MONEY: {
		const struct money *m = at;
		if (part == 0) {
			put32 (b, 8);
			put64 (b, m->minor);
		} else {
			put32 (b, (int32_t) strlen (m->currency));
			buffer_text (b, m->currency);
		}
		return;
	}
	case KIND_FLAG:
		put32 (b, 1);
		buffer_add (b, *(const bool *) at ? "\1" : "\0", 1);
		return;
	case KIND_TIME:
		put32 (b, 8);
		put64 (b, *(const int64_t *) at - pg_epoch);
		return;
	case KIND_DATE:
		put32 (b, 4);
		put32 (b, *(const int32_t *) at - pg_epoch_days);
		return;
	case KIND_BYTES: {
		const struct bytes *bytes = at;
		put32 (b, (int32_t) bytes->n);
		buffer_add (b, bytes->at, bytes->n);
		return;
	}
	case KIND_ID:
		put32 (b, 16);
		buffer_add (b, at, 16);
		return;
	case KIND_LIST: {
		size_t place = b->n;
		put32 (b, 0);
		buffer_add (b, "\1", 1);
		record_list_json (b, f->part, *(const struct list *) at);
		uint32_t length = htobe32 ((uint32_t) (b->n - place - 4));
		memcpy (b->at + place, &length, 4);
		return;
	}
	}
}

/* The workspaces that a read runs for, as one array. */
static void put_workspaces (struct buffer *b, const struct head *head)
{
	uint32_t n = (uint32_t) head->n_workspaces;
	put32 (b, (int32_t) (n ? 20 + n * 20 : 12));
	put32 (b, n ? 1 : 0); /* dimensions */
	put32 (b, 0);	      /* no nulls */
	put32 (b, OID_UUID);
	if (!n)
		return;
	put32 (b, (int32_t) n);
	put32 (b, 1); /* lower bound */
	for (size_t i = 0; i < n; i++)
		put_value (b, KIND_ID, NULL, 0, &head->workspaces[i]);
}

static void put_param (struct buffer *b, const struct sql_param *p, const void *item)
{
	if (!p->field && p->head == HEAD_WORKSPACES) {
		put_workspaces (b, item);
	} else if (!p->field) {
		const struct head_field *h = &head_fields[p->head];
		const void *at = (const char *) item + h->offset;
		if (h->kind == KIND_ID && uuid_is_null (*(const struct uuid *) at))
			put32 (b, -1);
		else
			put_value (b, h->kind, NULL, 0, at);
	} else if (field_has (p->field, item) != HERE) {
		put32 (b, -1);
	} else {
		put_value (b, p->field->kind, p->field, p->part, (const char *) item + p->field->offset);
	}
}

static unsigned element_of (unsigned array_oid)
{
	switch (array_oid) {
	case OID_TEXTS: return OID_TEXT;
	case OID_INT8S: return OID_INT8;
	case OID_INT4S: return OID_INT4;
	case OID_INT2S: return OID_INT2;
	case OID_BOOLS: return OID_BOOL;
	case OID_TIMESTAMPTZS: return OID_TIMESTAMPTZ;
	case OID_DATES: return OID_DATE;
	case OID_JSONBS: return OID_JSONB;
	case OID_BYTEAS: return OID_BYTEA;
	case OID_UUIDS: return OID_UUID;
	default: assert (!"not an array"); return 0;
	}
}

/* One column of n items. Of an OPTIONAL field the nulls at its end are left out: unnest pads a short array with nulls by itself, and columns
 * that nobody fills are the rule. */
static void put_array (struct buffer *room, const struct sql_param *p, const void *item, size_t n, size_t stride)
{
	size_t start = room->n, filled = 0, end;
	put32 (room, 1); /* dimensions */
	put32 (room, 1); /* may hold nulls */
	put32 (room, (int32_t) element_of (p->oid));
	put32 (room, (int32_t) n);
	put32 (room, 1); /* lower bound */
	end = room->n;
	for (size_t j = 0; j < n; j++) {
		const void *at = (const char *) item + j * stride;
		put_param (room, p, at);
		if (!p->field || (p->field->flags & REQUIRED) || field_has (p->field, at) == HERE) {
			filled = j + 1;
			end = room->n;
		}
	}
	if (filled == n)
		return;
	uint32_t w = htobe32 ((uint32_t) filled);
	memcpy (room->at + start + 12, &w, 4);
	room->n = end;
	if (filled == 0) { /* an empty array has no dimension at all */
		memset (room->at + start, 0, 8);
		room->n = start + 12;
	}
}

void sql_params (const struct statement *s, const void *item, size_t n, struct buffer *room, struct db_param *ret)
{
	size_t place[SQL_PARAMS_MAX];
	size_t stride = s->in ? s->in->size : 0;
	for (size_t i = 0; i < s->n_params; i++) {
		const struct sql_param *p = &s->params[i];
		place[i] = room->n;
		if (!p->array) {
			assert (n == 1);
			put_param (room, p, item);
			continue;
		}
		put_array (room, p, item, n, stride);
	}
	for (size_t i = 0; i < s->n_params; i++) { /* the buffer may have moved: addresses last */
		const struct sql_param *p = &s->params[i];
		size_t end = i + 1 < s->n_params ? place[i + 1] : room->n;
		ret[i] = (struct db_param){ .oid = p->oid, .at = room->at + place[i], .length = (int) (end - place[i]) };
		if (!p->array) {
			int32_t length;
			memcpy (&length, ret[i].at, 4);
			ret[i].length = (int32_t) be32toh ((uint32_t) length);
			ret[i].at = ret[i].length < 0 ? NULL : (const char *) ret[i].at + 4;
		}
	}
}

/* ---- rows ---- */

int64_t db_int (const PGresult *r, int row, int column)
{
	const void *at = PQgetvalue (r, row, column);
	if (PQgetisnull (r, row, column))
		return 0;
	switch (PQgetlength (r, row, column)) {
	case 1: return *(const unsigned char *) at;
	case 2: {
		uint16_t v;
		memcpy (&v, at, 2);
		return (int16_t) be16toh (v);
	}
	case 4: {
		uint32_t v;
		memcpy (&v, at, 4);
		return (int32_t) be32toh (v);
	}
	case 8: {
		uint64_t v;
		memcpy (&v, at, 8);
		return (int64_t) be64toh (v);
	}
	default: assert (!"not an integer"); return 0;
	}
}

struct bytes db_bytes (const PGresult *r, int row, int column)
{
	return (struct bytes){ (const unsigned char *) PQgetvalue (r, row, column), (size_t) PQgetlength (r, row, column) };
}

char *db_text (struct arena *a, const PGresult *r, int row, int column)
{
	if (PQgetisnull (r, row, column))
		return NULL;
	struct bytes b = db_bytes (r, row, column);
	return arena_copy (a, (const char *) b.at, b.n);
}

static bool type_fits (enum kind kind, unsigned type)
{
	switch (kind) {
	case KIND_TEXT: return type == OID_TEXT || type == OID_VARCHAR || type == OID_BPCHAR || type == OID_NAME;
	case KIND_ENUM: return type == OID_TEXT || type == OID_VARCHAR;
	case KIND_I64: return type == OID_INT8 || type == OID_INT4 || type == OID_INT2;
	case KIND_MONEY: return type == OID_INT8;
	case KIND_FLAG: return type == OID_BOOL;
	case KIND_TIME: return type == OID_TIMESTAMPTZ;
	case KIND_DATE: return type == OID_DATE;
	case KIND_JSON:
	case KIND_LIST: return type == OID_JSONB || type == OID_JSON;
	case KIND_BYTES: return type == OID_BYTEA;
	case KIND_ID: return type == OID_UUID;
	}
	return false;
}

/* Which field a column fills; *ret_currency: it is the currency of that money. */
static const struct field *column_field (const struct record *out, const char *column, bool *ret_currency)
{
	size_t n = strlen (column);
	*ret_currency = false;
	const struct field *f = record_field (out, column);
	if (f || n < 10 || strcmp (column + n - 9, "_currency") != 0)
		return f;
	for (size_t i = 0; i < out->n_fields; i++)
		if (out->fields[i].kind == KIND_MONEY && strlen (out->fields[i].name) == n - 9 &&
		    memcmp (out->fields[i].name, column, n - 9) == 0) {
			*ret_currency = true;
			return &out->fields[i];
		}
	return NULL;
}

static bool value_read (struct arena *a, const struct field *f, unsigned type, struct bytes in, char *at)
{
	switch (f->kind) {
	case KIND_TEXT: *(char **) at = arena_copy (a, (const char *) in.at, in.n); return true;
	case KIND_JSON:
	case KIND_LIST: {
		if (type == OID_JSONB) {
			in.at++;
			in.n--;
		}
		char *text = arena_copy (a, (const char *) in.at, in.n);
		if (f->kind == KIND_JSON) {
			*(char **) at = text;
			return true;
		}
		json_t *array = json_loadb (text, in.n, 0, NULL);
		struct list *list = (struct list *) at;
		size_t n = json_array_size (array);
		char *parts = arena_array (a, n, f->part->size);
		bool good = json_is_array (array);
		for (size_t i = 0; good && i < n; i++) {
			struct problem p = { 0 };
			good = record_from_json (a, f->part, json_array_get (array, i), false, parts + i * f->part->size, &p) == OK;
		}
		json_decref (array);
		*list = (struct list){ parts, n };
		return good;
	}
	case KIND_ENUM:
		for (unsigned i = 0; f->names[i]; i++)
			if (strlen (f->names[i]) == in.n && memcmp (f->names[i], in.at, in.n) == 0) {
				*(unsigned *) at = i;
				return true;
			}
		return false;
	case KIND_BYTES:
		*(struct bytes *) at = (struct bytes){ (unsigned char *) arena_copy (a, (const char *) in.at, in.n), in.n };
		return true;
	case KIND_ID: memcpy (at, in.at, 16); return true;
	case KIND_I64:
	case KIND_MONEY:
	case KIND_FLAG:
	case KIND_TIME:
	case KIND_DATE: return false; /* numbers are read by the caller */
	}
	return false;
}

enum status db_rows (struct arena *a, const PGresult *result, const struct record *out, const void **ret_rows, size_t *ret_n)
{
	int columns = PQnfields (result), n = PQntuples (result);
	char *rows = arena_array (a, (size_t) n, out->size);
	for (int c = 0; c < columns; c++) {
		bool currency;
		const struct field *f = column_field (out, PQfname (result, c), &currency);
		if (!f)
			return REFUSED;
		unsigned type = PQftype (result, c);
		for (int r = 0; r < n; r++) {
			char *item = rows + (size_t) r * out->size, *at = item + f->offset;
			if (PQgetisnull (result, r, c))
				continue;
			item[f->has] = HERE;
			if (currency) {
				struct money *m = (struct money *) at;
				snprintf (m->currency, sizeof m->currency, "%.3s", PQgetvalue (result, r, c));
			} else if (f->kind == KIND_I64) {
				*(int64_t *) at = db_int (result, r, c);
			} else if (f->kind == KIND_MONEY) {
				((struct money *) at)->minor = db_int (result, r, c);
			} else if (f->kind == KIND_FLAG) {
				*(bool *) at = db_int (result, r, c) != 0;
			} else if (f->kind == KIND_TIME) {
				*(int64_t *) at = db_int (result, r, c) + pg_epoch;
			} else if (f->kind == KIND_DATE) {
				*(int32_t *) at = (int32_t) db_int (result, r, c) + pg_epoch_days;
			} else if (!value_read (a, f, type, db_bytes (result, r, c), at)) {
				return REFUSED;
			}
		}
	}
	*ret_rows = rows;
	*ret_n = (size_t) n;
	return OK;
}

/* ---- the check at boot ---- */

static bool columns_check (const struct statement *s, const PGresult *d)
{
	bool good = true;
	if (s->kind == STATEMENT_QUERY) {
		unsigned type = PQnfields (d) == 1 ? PQftype (d, 0) : 0;
		if (type != OID_TEXT && type != OID_JSON && type != OID_JSONB) {
			fprintf (stderr, "statement %s: a query gives one column of json or text\n", s->name);
			good = false;
		}
		return good;
	}
	for (int c = 0; s->out && c < PQnfields (d); c++) {
		bool currency;
		const struct field *f = column_field (s->out, PQfname (d, c), &currency);
		if (!f)
			fprintf (stderr, "statement %s: %s has no field for column %s\n", s->name, s->out->name, PQfname (d, c));
		else if (!type_fits (currency ? KIND_TEXT : f->kind, PQftype (d, c)))
			fprintf (stderr, "statement %s: column %s has type %u, which does not fit %s.%s\n", s->name, PQfname (d, c),
				 PQftype (d, c), s->out->name, f->name);
		else
			continue;
		good = false;
	}
	for (size_t i = 0; s->out && i < s->out->n_fields; i++)
		if ((s->out->fields[i].flags & REQUIRED) && PQfnumber (d, s->out->fields[i].name) < 0) {
			fprintf (stderr, "statement %s: no column for the required field %s.%s\n", s->name, s->out->name,
				 s->out->fields[i].name);
			good = false;
		}
	return good;
}

bool sql_check (struct db *db, const struct sql_file *file)
{
	bool good = true;
	PQexitPipelineMode (db->conn);
	for (size_t i = 0; i < file->n_statements; i++) {
		struct statement *s = file->statements[i];
		Oid types[SQL_PARAMS_MAX];
		for (size_t p = 0; p < s->n_params; p++)
			types[p] = s->params[p].oid;
		PGresult *r = PQprepare (db->conn, s->prepared, s->ready, (int) s->n_params, types);
		if (PQresultStatus (r) != PGRES_COMMAND_OK) {
			fprintf (stderr, "statement %s: %s", s->name, PQresultErrorMessage (r));
			good = false;
		} else {
			PGresult *d = PQdescribePrepared (db->conn, s->prepared);
			good = columns_check (s, d) && good;
			PQclear (d);
		}
		PQclear (r);
	}
	PQenterPipelineMode (db->conn);
	return good;
}

/* ---- arrays of plain statements ---- */

void db_array_start (struct db_array *a, unsigned element_oid)
{
	buffer_clear (&a->b);
	a->element = element_oid;
	a->n = 0;
	put32 (&a->b, 1);
	put32 (&a->b, 1);
	put32 (&a->b, (int32_t) element_oid);
	put32 (&a->b, 0);
	put32 (&a->b, 1);
}

void db_array_null (struct db_array *a)
{
	put32 (&a->b, -1);
	a->n++;
}

void db_array_i64 (struct db_array *a, int64_t v)
{
	put32 (&a->b, 8);
	put64 (&a->b, v);
	a->n++;
}

void db_array_i32 (struct db_array *a, int32_t v)
{
	put32 (&a->b, 4);
	put32 (&a->b, v);
	a->n++;
}

void db_array_i16 (struct db_array *a, int16_t v)
{
	put32 (&a->b, 2);
	put16 (&a->b, v);
	a->n++;
}

void db_array_bytes (struct db_array *a, const void *at, size_t n)
{
	put32 (&a->b, (int32_t) n);
	buffer_add (&a->b, at, n);
	a->n++;
}

struct db_param db_array_param (struct db_array *a)
{
	static const struct {
		unsigned element, array;
	} pair[] = { { OID_TEXT, OID_TEXTS }, { OID_INT8, OID_INT8S },	 { OID_INT4, OID_INT4S },
		     { OID_INT2, OID_INT2S }, { OID_BYTEA, OID_BYTEAS }, { OID_UUID, OID_UUIDS } };
	uint32_t n = htobe32 ((uint32_t) a->n);
	memcpy (a->b.at + 12, &n, 4);
	for (size_t i = 0; i < LENGTH (pair); i++)
		if (pair[i].element == a->element)
			return (struct db_param){ .oid = pair[i].array, .at = a->b.at, .length = (int) a->b.n };
	assert (!"an element without an array");
	return (struct db_param){ 0 };
}

struct db_param db_i64 (int64_t v, unsigned char ret_room[8])
{
	uint64_t w = htobe64 ((uint64_t) v);
	memcpy (ret_room, &w, 8);
	return (struct db_param){ OID_INT8, ret_room, 8 };
}

struct db_param db_i32 (int32_t v, unsigned char ret_room[8])
{
	uint32_t w = htobe32 ((uint32_t) v);
	memcpy (ret_room, &w, 4);
	return (struct db_param){ OID_INT4, ret_room, 4 };
}

struct db_param db_i16 (int16_t v, unsigned char ret_room[8])
{
	uint16_t w = htobe16 ((uint16_t) v);
	memcpy (ret_room, &w, 2);
	return (struct db_param){ OID_INT2, ret_room, 2 };
}

struct db_param db_textp (const char *text)
{
	return (struct db_param){ OID_TEXT, text, text ? (int) strlen (text) : 0 };
}

struct db_param db_uuid (const struct uuid *u)
{
	return (struct db_param){ OID_UUID, u && !uuid_is_null (*u) ? u : NULL, 16 };
}
