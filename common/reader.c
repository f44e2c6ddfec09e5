/* A reader worker: queries under the read-only role, bound by row security to the caller's workspaces; replays of frames; status.
 * Never writes. Everything between two Syncs is one transaction, so the bounds hold for exactly one query. */
#include "bus_sql.h"
#include "db.h"
#include "worker.h"

#include "clock.h"
#include "log.h"
#include "metrics.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static struct metric queries_total = { .name = "leadwire_queries_total", .help = "Queries answered", .kind = METRIC_COUNTER };
static struct metric query_time = { .name = "leadwire_query_seconds",
				    .help = "From a query's start to its answer",
				    .kind = METRIC_HISTOGRAM };

static void answer (struct worker_shared *s, struct work *x, const struct reply *reply)
{
	struct buffer out = { 0 };
	reply_pack (&out, reply, NULL);
	struct result *r = result_new (RESULT_REPLY, out.n);
	memcpy (r->bytes, out.at, out.n);
	r->route = x->route;
	result_push (s, r);
	buffer_fini (&out);
}

static void answer_code (struct worker_shared *s, struct work *x, const char *code, const struct problem *problem)
{
	struct reply reply = { .state = REPLY_REFUSED, .code = code };
	if (problem)
		reply.problem = *problem;
	answer (s, x, &reply);
}

/* One text of one row, as a reply; no row or null: there is nothing. */
static void answer_json (struct worker_shared *s, struct work *x, struct db *db, PGresult *r)
{
	struct reply reply = { .state = REPLY_DONE, .stale = x->stale };
	if (!r) {
		if (db_world (db))
			reply = (struct reply){ .state = REPLY_UNAVAILABLE, .code = "unavailable" };
		else
			reply = (struct reply){ .state = REPLY_REFUSED, .code = "internal" };
		log_warn ("query_failed", LOG_T ("statement", db->statement ? db->statement : ""), LOG_T ("error", db->error));
	} else if (PQntuples (r) == 0 || PQgetisnull (r, 0, 0)) {
		reply = (struct reply){ .state = REPLY_REFUSED, .code = "not_found" };
	} else {
		reply.json = db_bytes (r, 0, 0);
		if (PQftype (r, 0) == OID_JSONB) {
			reply.json.at++;
			reply.json.n--;
		}
	}
	answer (s, x, &reply);
}

/* An array of uuid as Postgres writes it. */
static char *ids_text (struct arena *a, const struct uuid *id, size_t n)
{
	char *text = arena_alloc (a, n * 37 + 3), *p = text;
	*p++ = '{';
	for (size_t i = 0; i < n; i++) {
		if (i)
			*p++ = ',';
		uuid_format (id[i], p);
		p += 36;
	}
	*p++ = '}';
	return text;
}

/* A session that ended while nobody asked is noticed by the next query only: that one is run again on a new session. */
static bool session_again (struct worker_shared *s, struct db *db)
{
	char name[80];
	snprintf (name, sizeof name, "%s reader", s->member);
	db_close (db);
	if (db_open (db, s->config->read_dsn, s->service->schema, name) == OK)
		return true;
	log_warn ("postgres_away", LOG_T ("error", db->error));
	return false;
}

enum { BOUNDS = 4 };

static PGresult *query_ask (struct db *db, struct work *x, const struct db_param bounds[BOUNDS], const struct head *item)
{
	db_send_plain (db, &reader_bounds_statement, bounds, BOUNDS, -1);
	if (x->statement->kept)
		db_send_plain (db, &reader_kept_statement, NULL, 0, -1);
	db_send (db, x->statement, item, 1, -1);
	PGresult *r = db_flush (db);
	if (db_sync (db) == OK)
		return r;
	PQclear (r);
	return NULL;
}

static void query_run (struct worker_shared *s, struct db *db, struct arena *a, struct work *x)
{
	struct head head;
	struct problem problem = { 0 };
	size_t used = 0;
	struct bytes in = { x->bytes, x->size };
	char user[UUID_TEXT] = "", *users, *workspaces;
	int64_t begun = clock_monotonic ();
	if (head_unpack (a, in, &head, &used) != OK) {
		answer_code (s, x, "bad_request", NULL);
		return;
	}
	struct head *item = arena_alloc (a, x->record->size);
	if (record_unpack (a, x->record, (struct bytes){ in.at + used, in.n - used }, item, &problem) != OK) {
		answer_code (s, x, "invalid", &problem);
		return;
	}
	*item = head;
	if (!uuid_is_null (head.grant.user))
		uuid_format (head.grant.user, user);
	workspaces = ids_text (a, head.workspaces, head.grant.scope == SCOPE_NONE ? 0 : head.n_workspaces);
	users = head.grant.n_users ? ids_text (a, head.grant.users, head.grant.n_users)
				   : ids_text (a, &head.grant.user, !uuid_is_null (head.grant.user));
	struct db_param bounds[BOUNDS] = { db_textp (workspaces), db_textp (user), db_textp (scope_names[head.grant.scope]),
					   db_textp (users) };
	PGresult *r = query_ask (db, x, bounds, item);
	if (!r && !db_alive (db) && session_again (s, db))
		r = query_ask (db, x, bounds, item);
	answer_json (s, x, db, r);
	PQclear (r);
	metric_add (&queries_total, 1);
	metric_observe (&query_time, clock_monotonic () - begun);
}

/* Frames from a sequence on, at most 64; then where to go on: 0 all was given, -1 a fault, -2 the log was cut behind the asker's back. */
static void replay_run (struct worker_shared *s, struct db *db, struct work *x)
{
	unsigned char room[3][8];
	struct db_param p[] = { db_i16 ((int16_t) x->lane, room[0]), db_i64 (x->first_seq, room[1]), db_i64 ((int64_t) x->epoch, room[2]) };
	PGresult *r = db_run (db, &bus_cut_statement, p, 3);
	bool cut = r && db_int (r, 0, 0);
	PQclear (r);
	r = cut ? NULL : db_run (db, &bus_replay_statement, p, 2);
	int64_t next = cut ? -2 : r ? 0 : -1;
	for (int i = 0; r && i < PQntuples (r); i++) {
		struct bytes payload = db_bytes (r, i, 4);
		struct result *f = result_new (RESULT_REPLAY, payload.n);
		memcpy (f->bytes, payload.at, payload.n);
		f->lane = x->lane;
		f->route = x->route;
		f->first_seq = db_int (r, i, 0);
		f->n = (int) db_int (r, i, 1);
		f->epoch = (uint64_t) db_int (r, i, 2);
		f->epoch_first = db_int (r, i, 3);
		next = i == 63 ? f->first_seq + f->n : 0;
		result_push (s, f);
	}
	PQclear (r);
	struct result *e = result_new (RESULT_REPLAY_END, 0);
	e->lane = x->lane;
	e->route = x->route;
	e->first_seq = next;
	result_push (s, e);
}

/* Which of these files some row here names. */
static PGresult *named_ask (struct db *db, const json_t *o)
{
	const char *folder = json_string_value (json_object_get (o, "folder")), *name;
	struct buffer sums = { 0 };
	json_t *list = json_object_get (o, "files"), *file;
	size_t i;
	json_array_foreach (list, i, file)
	{
		name = json_string_value (file);
		if (name && i)
			buffer_add (&sums, ",", 1);
		if (name)
			buffer_add (&sums, name, strlen (name));
	}
	buffer_add (&sums, "", 1);
	struct db_param p[2] = { db_textp (folder ? folder : ""), db_textp ((const char *) sums.at) };
	PGresult *r = db_run (db, &bus_files_named_statement, p, 2);
	buffer_fini (&sums);
	return r;
}

static void ask_run (struct worker_shared *s, struct db *db, struct work *x)
{
	json_t *o = json_loadb ((const char *) x->bytes, x->size, 0, NULL);
	unsigned char room[2][8];
	struct db_param p[2];
	PGresult *r;
	if (strcmp (x->verb, "status") == 0) {
		r = db_run (db, &bus_status_statement, NULL, 0);
	} else if (strcmp (x->verb, "erasures") == 0) {
		r = db_run (db, &bus_erasures_statement, NULL, 0);
	} else if (strcmp (x->verb, "named") == 0) {
		r = named_ask (db, o);
	} else if (strcmp (x->verb, "parked") == 0) {
		int64_t limit = json_integer_value (json_object_get (o, "limit"));
		p[0] = db_i32 ((int32_t) (limit > 0 && limit < 10000 ? limit : 1000), room[0]);
		r = db_run (db, &bus_parked_list_statement, p, 1);
	} else {
		p[0] = db_i16 ((int16_t) json_integer_value (json_object_get (o, "lane")), room[0]);
		p[1] = db_i64 (json_integer_value (json_object_get (o, "at")), room[1]);
		r = db_run (db, &bus_sequence_at_statement, p, 2);
	}
	answer_json (s, x, db, r);
	PQclear (r);
	json_decref (o);
}

static struct work *reader_take (struct worker_shared *s)
{
	pthread_mutex_lock (&s->lock);
	while (!s->read_first && !s->stop)
		pthread_cond_wait (&s->wake_readers, &s->lock);
	struct work *x = s->read_first;
	if (x) {
		s->read_first = x->next;
		if (!s->read_first)
			s->read_last = &s->read_first;
	}
	pthread_mutex_unlock (&s->lock);
	return x;
}

void reader_metrics (void)
{
	metric_register (&queries_total);
	metric_register (&query_time);
}

/* Nobody could be asked: so it is said. */
static void answer_away (struct worker_shared *s, struct work *x)
{
	if (x->kind != WORK_REPLAY) {
		answer (s, x, &(struct reply){ .state = REPLY_UNAVAILABLE, .code = "unavailable" });
		return;
	}
	struct result *e = result_new (RESULT_REPLAY_END, 0);
	e->route = x->route;
	e->lane = x->lane;
	e->first_seq = -1;
	result_push (s, e);
}

void *reader_run (void *shared)
{
	struct worker_shared *s = shared;
	struct db db = { 0 };
	struct arena arena;
	struct work *x;
	arena_init (&arena);
	while ((x = reader_take (s))) {
		arena_reset (&arena);
		if (x->kind == WORK_QUERY && clock_monotonic () > x->deadline)
			answer_away (s, x); /* nobody waits for it any more */
		else if (!db_alive (&db) && !session_again (s, &db))
			answer_away (s, x);
		else if (x->kind == WORK_QUERY)
			query_run (s, &db, &arena, x);
		else if (x->kind == WORK_REPLAY)
			replay_run (s, &db, x);
		else
			ask_run (s, &db, x);
		heap_free (x);
	}
	db_close (&db);
	buffer_fini (&db.scratch);
	arena_fini (&arena);
	result_push (s, result_new (RESULT_ENDED, 0));
	return NULL;
}
