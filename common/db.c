/* A connection in pipeline mode: a FIFO of what is expected back, and the three classes of fault.
 * Blocking libpq is safe in pipeline mode: it reads while it writes. Never retries, never hides an error. */
#include "db.h"

#include "fault.h"
#include "log.h"

#include <stdio.h>
#include <string.h>

/* Classes that say the world is at fault (DESIGN 5): connection, transaction rollback, resources, object state, operator, system; and a
 * primary that has become a standby (25006), which is no item's doing. */
static bool sqlstate_is_world (const char *state)
{
	static const char *const classes[] = { "08", "25006", "40", "53", "55", "57", "58" };
	for (size_t i = 0; i < LENGTH (classes); i++)
		if (strncmp (state, classes[i], strlen (classes[i])) == 0)
			return true;
	return false;
}

static void db_fail (struct db *db, enum db_state state, const char *sqlstate, const char *why)
{
	if (db->state != DB_FINE)
		return; /* the first fault is the cause */
	db->state = state;
	snprintf (db->sqlstate, sizeof db->sqlstate, "%s", sqlstate ? sqlstate : "");
	snprintf (db->error, sizeof db->error, "%s", why ? why : "");
	size_t n = strlen (db->error);
	while (n && db->error[n - 1] == '\n')
		db->error[--n] = 0;
}

static void db_fail_result (struct db *db, const PGresult *r)
{
	const char *state = PQresultErrorField (r, PG_DIAG_SQLSTATE);
	bool world = !state || sqlstate_is_world (state) || PQstatus (db->conn) == CONNECTION_BAD;
	/* the sentence and the constraint, never the detail: that quotes the row, and this text is logged and shown */
	const char *primary = PQresultErrorField (r, PG_DIAG_MESSAGE_PRIMARY),
		   *constraint = PQresultErrorField (r, PG_DIAG_CONSTRAINT_NAME);
	char why[sizeof db->error];
	snprintf (why, sizeof why, "%s%s%s", primary ? primary : PQresultErrorMessage (r), constraint ? " — " : "",
		  constraint ? constraint : "");
	db_fail (db, world ? DB_WORLD : DB_ITEM, state, why);
}

static void db_lost (struct db *db)
{
	db->state = DB_FINE; /* a lost connection outranks what was wrong before */
	db_fail (db, DB_WORLD, "08006", PQerrorMessage (db->conn));
	db->first = db->last = 0;
}

enum status db_open (struct db *db, const char *dsn, const char *schema, const char *name)
{
	struct buffer scratch = db->scratch;
	*db = (struct db){ .scratch = scratch };
	const char *keys[] = {
		"dbname",	    "application_name", "connect_timeout", "keepalives", "keepalives_idle", "keepalives_interval",
		"keepalives_count", "tcp_user_timeout", "options",	   NULL
	};
	char options[400];
	snprintf (options, sizeof options,
		  "-c search_path=%s -c client_min_messages=warning -c client_connection_check_interval=2s -c tcp_keepalives_idle=5 "
		  "-c tcp_keepalives_interval=2 -c tcp_keepalives_count=3 -c tcp_user_timeout=10s",
		  schema ? schema : "public"); /* the server's side of what the client asks of its own below */
	const char *values[] = { dsn, name, "5", "1", "5", "2", "3", "10000", options, NULL };
	db->conn = PQconnectdbParams (keys, values, 1);
	if (PQstatus (db->conn) != CONNECTION_OK || !PQenterPipelineMode (db->conn)) {
		db_fail (db, DB_WORLD, "08001", PQerrorMessage (db->conn));
		PQfinish (db->conn);
		db->conn = NULL;
		return FAULT;
	}
	return OK;
}

void db_close (struct db *db)
{
	if (db->conn)
		PQfinish (db->conn);
	db->conn = NULL;
	db->first = db->last = 0;
}

bool db_alive (const struct db *db)
{
	return db->conn && PQstatus (db->conn) == CONNECTION_OK;
}

bool db_world (const struct db *db)
{
	return !db_alive (db) || sqlstate_is_world (db->sqlstate);
}

static void db_expect (struct db *db, struct statement *s, int64_t rows)
{
	assert (db->last < DB_EXPECTED_MAX);
	db->expected[db->last++] = (struct db_expected){ .statement = s, .rows = rows };
	db->unsure = db->unsure || (s && rows >= 0 && !s->sure && !s->counts_itself);
}

static void db_prepare (struct db *db, struct statement *s, const Oid *types, int n)
{
	if (db->prepared[s->number])
		return;
	if (!PQsendPrepare (db->conn, s->prepared, s->ready, n, types)) {
		db_lost (db);
		return;
	}
	db_expect (db, NULL, -1);
	db->expected[db->last - 1].prepare = s;
	db->prepared[s->number] = true; /* until its answer says otherwise */
}

void db_send_plain (struct db *db, struct statement *s, const struct db_param *param, int n, int64_t rows)
{
	Oid types[SQL_PARAMS_MAX];
	const char *values[SQL_PARAMS_MAX];
	int lengths[SQL_PARAMS_MAX], formats[SQL_PARAMS_MAX];
	if (db->state != DB_FINE)
		return;
	for (int i = 0; i < n; i++) {
		types[i] = param[i].oid;
		values[i] = param[i].at;
		lengths[i] = param[i].length;
		formats[i] = 1;
	}
	db_prepare (db, s, types, n);
	if (db->state != DB_FINE)
		return;
	if (!PQsendQueryPrepared (db->conn, s->prepared, n, values, lengths, formats, 1)) {
		db_lost (db);
		return;
	}
	db_expect (db, s, rows);
}

void db_send (struct db *db, struct statement *s, const void *item, size_t n, int64_t rows)
{
	struct db_param param[SQL_PARAMS_MAX];
	if (db->state != DB_FINE)
		return;
	buffer_clear (&db->scratch);
	sql_params (s, item, n, &db->scratch, param);
	db_send_plain (db, s, param, (int) s->n_params, rows);
}

/* A write that counts its rows itself found another number: 22012 is how it says so. */
static void db_fail_count (struct db *db, const struct db_expected *e, const PGresult *r)
{
	const char *state = PQresultErrorField (r, PG_DIAG_SQLSTATE);
	char why[200];
	if (!e->statement || !e->statement->counts_itself || !state || strcmp (state, "22012") != 0)
		return;
	snprintf (why, sizeof why, "statement %s did not touch %lld rows", e->statement->name, (long long) e->rows);
	db_fail (db, DB_ITEM, "", why);
}

/* Reads one statement's result and gives it back; null when there is none to be had. */
static PGresult *db_read_one (struct db *db, const struct db_expected *e)
{
	PGresult *rows = NULL, *r;
	while ((r = PQgetResult (db->conn))) {
		ExecStatusType status = PQresultStatus (r);
		if (status == PGRES_TUPLES_OK) {
			PQclear (rows);
			rows = r;
			continue;
		}
		if (status == PGRES_COMMAND_OK) {
			if (e->statement && e->rows >= 0 && strtoll (PQcmdTuples (r), NULL, 10) != e->rows) {
				char why[200];
				snprintf (why, sizeof why, "statement %s touched %s rows instead of %lld", e->statement->name,
					  PQcmdTuples (r), (long long) e->rows);
				if (db->state == DB_FINE)
					db->statement = e->statement->name;
				db_fail (db, DB_ITEM, "", why);
			}
			if (e->statement) {
				PQclear (rows);
				rows = r;
				continue;
			}
		} else if (status != PGRES_PIPELINE_ABORTED) {
			if (db->state == DB_FINE)
				db->statement = e->statement ? e->statement->name : e->prepare->name;
			db_fail_count (db, e, r);
			db_fail_result (db, r);
		}
		if (e->prepare && status != PGRES_COMMAND_OK)
			db->prepared[e->prepare->number] = false;
		PQclear (r);
	}
	if (PQstatus (db->conn) == CONNECTION_BAD) {
		PQclear (rows);
		db_lost (db);
		return NULL;
	}
	return rows;
}

static PGresult *db_read_all (struct db *db)
{
	PGresult *last = NULL;
	while (db->first < db->last) {
		PQclear (last);
		last = db_read_one (db, &db->expected[db->first]);
		db->first++; /* a lost connection empties the FIFO: both are 0 then */
		if (db->last == 0)
			db->first = 0;
	}
	db->first = db->last = 0;
	db->unsure = false;
	return last;
}

PGresult *db_flush (struct db *db)
{
	if (!db_alive (db)) {
		db_lost (db);
		return NULL;
	}
	if (db->last == 0)
		return NULL;
	if (!PQsendFlushRequest (db->conn) || PQflush (db->conn) != 0) {
		db_lost (db);
		return NULL;
	}
	PGresult *last = db_read_all (db);
	if (db->state == DB_FINE)
		return last;
	PQclear (last);
	return NULL;
}

/* Reads up to the Sync's own result; a fault at the commit itself (a deferred constraint) comes before it. False: it does not come. */
static bool sync_read (struct db *db)
{
	for (int nothing = 0; db_alive (db) && nothing < 2;) {
		PGresult *r = PQgetResult (db->conn);
		ExecStatusType status = PQresultStatus (r);
		if (r && status != PGRES_PIPELINE_SYNC && status != PGRES_PIPELINE_ABORTED)
			db_fail_result (db, r);
		nothing = r ? 0 : nothing + 1;
		PQclear (r);
		if (r && status == PGRES_PIPELINE_SYNC)
			return true;
	}
	return false;
}

enum status db_sync (struct db *db)
{
	bool fine = db->state == DB_FINE;
	db->in_doubt = false;
	if (!db_alive (db)) {
		db_lost (db);
		return FAULT;
	}
	fault_point (before_sync);
	if (!PQpipelineSync (db->conn)) {
		db->in_doubt = fine; /* some of it may have been on its way */
		db_lost (db);
		return FAULT;
	}
	fault_point (after_sync_before_result);
	PQclear (db_read_all (db));
	if (!sync_read (db)) {
		/* what ended the session (57P01, say) may have come after the commit; nothing more is to be had from it */
		if (db->conn && PQstatus (db->conn) == CONNECTION_OK)
			db_fail (db, DB_WORLD, "08006", "the session ended");
		else
			db_lost (db);
		db->in_doubt = fine;
		db_close (db);
		return FAULT;
	}
	enum db_state state = db->state;
	if (state == DB_FINE)
		return OK;
	db->state = DB_FINE;
	return state == DB_WORLD ? FAULT : REFUSED;
}

extern struct statement bus_abort_statement;

enum status db_abort (struct db *db)
{
	/* also after a fault: a write that touched too few rows is one for us, but not yet for Postgres */
	enum db_state state = db->state;
	if (db_alive (db)) {
		db->state = DB_FINE;
		db_send_plain (db, &bus_abort_statement, NULL, 0, -1);
		if (state != DB_FINE && db->state == DB_FINE)
			db->state = state;
	}
	enum status status = db_sync (db);
	assert (status != OK); /* an aborted transaction does not commit */
	return status;
}

PGresult *db_run (struct db *db, struct statement *s, const struct db_param *param, int n)
{
	db_send_plain (db, s, param, n, -1);
	PGresult *r = db_flush (db);
	if (db_sync (db) != OK) {
		PQclear (r);
		return NULL;
	}
	return r;
}

enum status db_script (struct db *db, const char *sql)
{
	PQexitPipelineMode (db->conn);
	PGresult *r = PQexec (db->conn, sql);
	ExecStatusType status = PQresultStatus (r);
	bool good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
	if (!good)
		db_fail_result (db, r);
	PQclear (r);
	enum db_state state = db->state;
	PQenterPipelineMode (db->conn);
	db->state = DB_FINE;
	return good ? OK : state == DB_WORLD ? FAULT : REFUSED;
}
