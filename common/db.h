/* One connection to Postgres in pipeline mode: statements go out, results come back in order, Sync commits.
 * Everything between two Syncs is one implicit transaction. Blocking; used by worker threads only. Never retries by itself. */
#ifndef LEADWIRE_DB_H
#define LEADWIRE_DB_H

#include <libpq-fe.h>
#include "record.h"
#include "sql.h"

enum db_state {
	DB_FINE,
	DB_WORLD, /* the world's fault (SQLSTATE 08, 40, 53, 55, 57, 58, lost connection): the same again may work */
	DB_ITEM,  /* deterministic: what was sent is at fault */
};

enum { DB_STATEMENTS_MAX = 512, DB_EXPECTED_MAX = 4096 };

struct db {
	PGconn *conn;
	enum db_state state; /* of the transaction under way; after a fault everything is skipped until db_sync */
	char sqlstate[6];    /* of the last fault; these three stay after db_sync */
	char error[400];
	const char *statement; /* which one failed */
	bool in_doubt;	       /* the connection was lost after a Sync was sent and before its result */
	bool prepared[DB_STATEMENTS_MAX];
	/* what was sent and not yet answered, oldest first */
	struct db_expected {
		struct statement *statement; /* null: a prepare */
		struct statement *prepare;   /* which one is prepared */
		int64_t rows;		     /* that a write must touch; -1: any */
	} expected[DB_EXPECTED_MAX];
	size_t first, last;
	bool unsure; /* among them is one that may touch another number of rows, which only its answer tells */
	struct buffer scratch;
};

/* One parameter of a plain statement, in binary. */
struct db_param {
	unsigned oid;
	const void *at; /* null: SQL null */
	int length;
};

/* Connects with search_path set to `schema` (null: as it is), keepalives and tcp_user_timeout on. */
enum status db_open (struct db *db, const char *dsn, const char *schema, const char *name) MUST_CHECK;
void db_close (struct db *db);
bool db_alive (const struct db *db);
bool db_world (const struct db *db); /* the last fault was the world's */
/* Sends a statement with parameters from n items of its record (or one item when none of its parameters is an array). */
void db_send (struct db *db, struct statement *s, const void *item, size_t n, int64_t rows);
/* Sends a plain statement. */
void db_send_plain (struct db *db, struct statement *s, const struct db_param *param, int n, int64_t rows);
/* Waits for everything sent so far. The last statement's result (caller clears it), null after a fault or when nothing was sent. */
PGresult *db_flush (struct db *db);
/* Commits (or, after a fault, rolls back) and is ready for the next transaction. OK: committed. REFUSED: state DB_ITEM, FAULT: DB_WORLD; both rolled
 * back, unless in_doubt. */
enum status db_sync (struct db *db) MUST_CHECK;
/* Makes the transaction under way fail (if it has not), then db_sync: FAULT or REFUSED, by the first fault. */
enum status db_abort (struct db *db);
/* Run one plain statement in its own transaction; the result, or null after a fault. */
PGresult *db_run (struct db *db, struct statement *s, const struct db_param *param, int n);
/* A whole script (migrations): outside pipeline mode, one transaction. */
enum status db_script (struct db *db, const char *sql) MUST_CHECK;

/* Reads rows into structs of `out` by column name; *ret_n rows in the arena. REFUSED: a column does not fit (a bug; the error says which). */
enum status db_rows (struct arena *a, const PGresult *result, const struct record *out, const void **ret_rows, size_t *ret_n) MUST_CHECK;

int64_t db_int (const PGresult *r, int row, int column);		 /* int2, int4, int8, bool in binary; 0 for null */
struct bytes db_bytes (const PGresult *r, int row, int column);		 /* bytea, text, uuid */
char *db_text (struct arena *a, const PGresult *r, int row, int column); /* null stays null */

/* Growing binary arrays for plain statements. */
struct db_array {
	struct buffer b;
	unsigned element;
	int n;
};
void db_array_start (struct db_array *a, unsigned element_oid);
void db_array_null (struct db_array *a);
void db_array_i64 (struct db_array *a, int64_t v);
void db_array_i32 (struct db_array *a, int32_t v);
void db_array_i16 (struct db_array *a, int16_t v);
void db_array_bytes (struct db_array *a, const void *at, size_t n);
struct db_param db_array_param (struct db_array *a); /* finished; good until the array is started again */
struct db_param db_i64 (int64_t v, unsigned char ret_room[8]);
struct db_param db_i32 (int32_t v, unsigned char ret_room[8]);
struct db_param db_i16 (int16_t v, unsigned char ret_room[8]);
struct db_param db_textp (const char *text);
struct db_param db_uuid (const struct uuid *u);

/* OIDs of the types that travel (Postgres' pg_type.dat). */
enum {
	OID_BOOL = 16,
	OID_BYTEA = 17,
	OID_INT8 = 20,
	OID_INT2 = 21,
	OID_INT4 = 23,
	OID_TEXT = 25,
	OID_JSON = 114,
	OID_DATE = 1082,
	OID_TIMESTAMPTZ = 1184,
	OID_UUID = 2950,
	OID_JSONB = 3802,
	OID_NAME = 19,
	OID_BPCHAR = 1042,
	OID_VARCHAR = 1043,
	OID_BOOLS = 1000,
	OID_BYTEAS = 1001,
	OID_INT2S = 1005,
	OID_INT4S = 1007,
	OID_TEXTS = 1009,
	OID_INT8S = 1016,
	OID_DATES = 1182,
	OID_TIMESTAMPTZS = 1185,
	OID_UUIDS = 2951,
	OID_JSONBS = 3807,
};

/* ---- sql.c: texts ---- */

/* Turns :names into $n, once, before threads start. False and a sentence on stderr: a name that neither the record nor the head has. */
bool sql_ready (struct statement *s) MUST_CHECK;
/* Prepares every statement on a connection and holds names and types of what comes back against the records. False: sentences on stderr. */
bool sql_check (struct db *db, const struct sql_file *file) MUST_CHECK;
/* The parameters of a statement for n items, in binary: appended to `room`, described in `ret`. */
void sql_params (const struct statement *s, const void *item, size_t n, struct buffer *room, struct db_param *ret);

#endif
