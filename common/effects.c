/* Effect workers; see effects.h. Each is a thread with a connection of its own: what came of the last one is recorded and the next one claimed in one
 * transaction, and nothing is open while the world is talked to.
 * It must never lose what it knows: until it is recorded, recording is tried again and again; and when that cannot be, the lease says "unknown". */
#include "bus_sql.h"
#include "effects.h"
#include "db.h"
#include "worker.h"

#include "clock.h"
#include "fault.h"
#include "log.h"
#include "metrics.h"
#include "seal.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { IDLE_US = 1000000, AGAIN_US = 200000, BUSY_MS = 10, EFFECTS_MOST = 16, ARENA_MOST = 1 << 20 };
/* After so many talks of one row, or so long, the others have their turn: what comes in is read while much waits to go out. */
enum { TURN_TALKS = 20, TURN_US = 1000000 };

static struct metric effects_total = { .name = "leadwire_effects_total", .help = "Talks with the outside world", .kind = METRIC_COUNTER };
static struct metric effect_time = { .name = "leadwire_effect_seconds",
				     .help = "From an effect's claim to what came of it",
				     .kind = METRIC_HISTOGRAM };

struct effect {
	struct worker_shared *shared;
	struct db db;
	struct arena arena;
	char owner[120]; /* this life of this thread, and no other's */
	const struct effect_row *row;
	bool apart; /* which rows it runs */
	int64_t talks, plan_again_at;
	void *state[EFFECTS_MOST];
	size_t under_way[EFFECTS_MOST]; /* talks that began and did not end */
	/* what came of the last turn and is not recorded yet, and of which row that is */
	const void *told;
	size_t n_told;
	const struct effect_row *teller;
};

struct arena *effect_arena (struct effect *e)
{
	return &e->arena;
}

void *effect_state (struct effect *e)
{
	return e->state[e->row - e->shared->service->effects];
}

int effect_limit (const struct effect *e)
{
	return e->row->limit;
}

const char *effect_files (const struct effect *e)
{
	return e->shared->config->files;
}

static bool effects_stopping (struct worker_shared *s)
{
	pthread_mutex_lock (&s->lock);
	bool stop = s->stop;
	pthread_mutex_unlock (&s->lock);
	return stop;
}

bool effect_ends (const struct effect *e)
{
	return effects_stopping (e->shared);
}

void effects_metrics (void)
{
	metric_register (&effects_total);
	metric_register (&effect_time);
}

/* ---- waiting and waking ---- */

void effects_wake (struct worker_shared *s)
{
	pthread_mutex_lock (&s->lock);
	s->effects_due++;
	pthread_cond_broadcast (&s->wake_effects);
	pthread_mutex_unlock (&s->lock);
}

/* The writer says what follows from what was recorded. */
static void writer_hurry (struct worker_shared *s)
{
	pthread_mutex_lock (&s->lock);
	s->hurry = true;
	pthread_cond_signal (&s->wake_writer);
	pthread_mutex_unlock (&s->lock);
}

/* Until there may be something again; `seen`: what was woken for before. False: stop. */
static bool effects_wait (struct worker_shared *s, int64_t us, unsigned *seen)
{
	int64_t until = clock_monotonic () + us;
	struct timespec at = { .tv_sec = until / 1000000, .tv_nsec = until % 1000000 * 1000 };
	pthread_mutex_lock (&s->lock);
	while (!s->stop && *seen == s->effects_due && clock_monotonic () < until)
		pthread_cond_timedwait (&s->wake_effects, &s->lock, &at);
	*seen = s->effects_due;
	bool go = !s->stop;
	pthread_mutex_unlock (&s->lock);
	return go;
}

/* ---- one turn ---- */

static void text_put (const struct record *r, void *item, const char *name, const char *text)
{
	const struct field *f = record_field (r, name);
	assert (f && f->kind == KIND_TEXT);
	memcpy ((char *) item + f->offset, &text, sizeof text);
	*((unsigned char *) item + f->has) = HERE;
}

static const void *claim_ask (struct effect *e)
{
	const struct record *r = e->row->claim->in;
	void *item = arena_alloc (&e->arena, r->size);
	const struct field *f = record_field (r, "lease");
	int64_t lease = e->row->lease;
	assert (f && f->kind == KIND_I64);
	text_put (r, item, "owner", e->owner);
	memcpy ((char *) item + f->offset, &lease, sizeof lease);
	*((unsigned char *) item + f->has) = HERE;
	return item;
}

static bool session_open (struct effect *e)
{
	char name[80];
	if (db_alive (&e->db))
		return true;
	snprintf (name, sizeof name, "%s effects", e->shared->member);
	db_close (&e->db);
	if (db_open (&e->db, e->shared->config->dsn, e->shared->service->schema, name) == OK)
		return true;
	log_warn ("postgres_away", LOG_T ("error", e->db.error));
	return false;
}

/* Records what was told, and claims (when `claim`), in one transaction. FAULT: the world's; nothing of it stands, or it is in doubt. */
static enum status turn (struct effect *e, bool claim, const void **ret_row, size_t *ret_n)
{
	PGresult *r = NULL;
	*ret_n = 0;
	if (e->n_told)
		db_send (&e->db, e->teller->record, e->told, e->n_told, -1);
	if (claim)
		db_send (&e->db, e->row->claim, claim_ask (e), 1, -1);
	r = db_flush (&e->db);
	enum status status = db_sync (&e->db);
	e->db.in_doubt = false;
	if (status == OK && claim && r && db_rows (&e->arena, r, e->row->claim->out, ret_row, ret_n) != OK) {
		log_error ("claim_unreadable", LOG_T ("effect", e->row->name), LOG_T ("error", e->db.error));
		*ret_n = 0;
	}
	PQclear (r);
	return status;
}

/* What is known is not let go of while the process lives: the world's faults pass. */
static void record_alone (struct effect *e)
{
	const void *row;
	size_t n;
	bool told = e->n_told != 0;
	for (int tries = 0; e->n_told; tries++) {
		if (session_open (e)) {
			enum status status = turn (e, false, &row, &n);
			if (status == OK)
				break;
			log_warn ("not_recorded", LOG_T ("effect", e->teller->name), LOG_T ("error", e->db.error));
			if (status == REFUSED)
				break; /* a bug: the lease will say that nobody knows */
		}
		if (effects_stopping (e->shared) && tries > 20)
			break;
		nanosleep (&(struct timespec){ .tv_nsec = AGAIN_US * 1000 }, NULL);
	}
	e->n_told = 0;
	if (told)
		writer_hurry (e->shared);
}

/* As a writer's: plans that were made while the tables were all but empty read much of what is there later, so they are forgotten whenever the work done
 * has doubled. */
static void plans_refresh (struct effect *e)
{
	if (e->talks < e->plan_again_at || !db_alive (&e->db))
		return;
	e->plan_again_at = e->talks < 50 ? 100 : e->talks * 2;
	PQclear (db_run (&e->db, &bus_plans_forget_statement, NULL, 0));
}

static size_t *under_way (struct effect *e)
{
	return &e->under_way[e->row - e->shared->service->effects];
}

/* What came of a talk is recorded next; `told` has room for it. */
static void told_take (struct effect *e, char *told, const void *item, int64_t begun)
{
	const struct record *in = e->row->record->in;
	memcpy (told + e->n_told * in->size, item, in->size);
	text_put (in, told + e->n_told * in->size, "owner", e->owner);
	e->told = told;
	e->n_told++;
	e->teller = e->row;
	fault_point (effect_acted);
	metric_add (&effects_total, 1);
	metric_observe (&effect_time, clock_monotonic () - begun);
}

static void act (struct effect *e, const char *row, size_t n)
{
	char *told = arena_array (&e->arena, n, e->row->record->in->size);
	for (size_t i = 0; i < n; i++) {
		int64_t begun = clock_monotonic ();
		fault_point (effect_claimed);
		const void *item = e->row->act (e, row + i * e->row->claim->out->size);
		assert (item || e->row->ended);
		if (item)
			told_take (e, told, item, begun);
		else
			++*under_way (e);
	}
	e->talks += (int64_t) n;
}

/* Talks of this row that ended; the first is waited for. */
static void ended_take (struct effect *e, int ms)
{
	size_t n = *under_way (e);
	char *told = n ? arena_array (&e->arena, n, e->row->record->in->size) : NULL;
	const void *item;
	int64_t begun;
	assert (!e->n_told);
	for (; n && (item = e->row->ended (e, e->n_told ? 0 : ms, &begun)); n--)
		told_take (e, told, item, begun);
	*under_way (e) = n;
}

/* Some talk is under way; those of which it is known that they ended wait to be recorded. */
static bool talks_go_on (struct effect *e, int ms)
{
	bool any = false;
	for (size_t i = 0; i < e->shared->service->n_effects; i++) {
		e->row = &e->shared->service->effects[i];
		any = any || e->under_way[i];
		if (e->under_way[i] && !e->n_told)
			ended_take (e, ms);
	}
	return any;
}

enum drained { NOTHING_MORE, PERHAPS_MORE, WORLD_AWAY };

/* What is due of one row, one after the other, for as long as its turn is. What came of the last one is recorded with what the next row claims. */
static enum drained effect_drain (struct effect *e)
{
	const void *row;
	size_t n;
	int64_t until = clock_monotonic () + TURN_US;
	if (e->n_told && e->teller != e->row && e->row->ended)
		record_alone (e);
	for (int talks = 0; !effects_stopping (e->shared); talks++) {
		if (talks == TURN_TALKS || (talks && clock_monotonic () >= until))
			return PERHAPS_MORE;
		if (e->row->ended && !e->n_told)
			ended_take (e, 0);
		bool tells = e->n_told != 0, claims = !e->row->ended || *under_way (e) < e->row->most;
		if (!tells && !claims)
			return NOTHING_MORE;
		plans_refresh (e);
		if (turn (e, claims, &row, &n) != OK) {
			log_warn ("not_claimed", LOG_T ("effect", e->row->name), LOG_T ("error", e->db.error));
			return WORLD_AWAY;
		}
		e->n_told = 0;
		if (tells)
			writer_hurry (e->shared);
		if (!n)
			return NOTHING_MORE;
		act (e, row, n);
		if (e->arena.total > ARENA_MOST) { /* rows live in it until they are recorded */
			record_alone (e);
			arena_reset (&e->arena);
		}
	}
	return NOTHING_MORE;
}

/* Every row of this worker has its turn. */
static enum drained effects_round (struct effect *e)
{
	const struct service *service = e->shared->service;
	enum drained ret = session_open (e) ? NOTHING_MORE : WORLD_AWAY;
	for (size_t i = 0; ret != WORLD_AWAY && i < service->n_effects; i++) {
		e->row = &service->effects[i];
		enum drained one = e->row->apart == e->apart ? effect_drain (e) : NOTHING_MORE;
		ret = one == NOTHING_MORE ? ret : one;
	}
	record_alone (e);
	arena_reset (&e->arena);
	return ret;
}

/* Until there may be something again, or a talk that is under way has ended. False: stop. */
static bool effects_rest (struct effect *e, int64_t us, unsigned *seen)
{
	unsigned before = *seen;
	int64_t until = clock_monotonic () + us;
	while (talks_go_on (e, BUSY_MS)) {
		if (!effects_wait (e->shared, 0, seen))
			return false;
		if (e->n_told || *seen != before || clock_monotonic () >= until)
			return true;
	}
	return effects_wait (e->shared, until - clock_monotonic (), seen);
}

/* The process stops: what was begun comes to its end, as one talk at a time would. */
static void talks_finish (struct effect *e)
{
	do {
		record_alone (e);
		arena_reset (&e->arena);
	} while (talks_go_on (e, BUSY_MS));
}

static void *run (struct worker_shared *s, bool apart)
{
	const struct service *service = s->service;
	struct effect *e = heap_alloc (sizeof *e);
	char random[TOKEN_TEXT];
	unsigned seen = 0;
	e->shared = s;
	e->apart = apart;
	arena_init (&e->arena);
	snprintf (e->owner, sizeof e->owner, "%s %s", s->member, token_new (10, random));
	assert (service->n_effects <= EFFECTS_MOST);
	for (size_t i = 0; i < service->n_effects; i++) {
		assert (service->effects[i].limit < service->effects[i].lease);
		e->state[i] = heap_alloc (service->effects[i].state + 1);
	}
	for (enum drained was = PERHAPS_MORE; effects_rest (e, was == NOTHING_MORE ? IDLE_US : was == WORLD_AWAY ? AGAIN_US : 0, &seen);)
		was = effects_round (e);
	talks_finish (e);
	for (size_t i = 0; i < service->n_effects; i++) {
		if (service->effects[i].end)
			service->effects[i].end (e->state[i]);
		heap_free (e->state[i]);
	}
	db_close (&e->db);
	buffer_fini (&e->db.scratch);
	arena_fini (&e->arena);
	heap_free (e);
	result_push (s, result_new (RESULT_ENDED, 0));
	return NULL;
}

void *effects_run (void *shared)
{
	return run (shared, false);
}

void *effects_run_apart (void *shared)
{
	return run (shared, true);
}
