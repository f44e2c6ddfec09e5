/* Lanes: claimed, released, shared among the members of a service, and the heartbeat that says who there is.
 * Getting a lane's lock is the proof that its owner before is gone; never a clock. */
#include "writer_parts.h"
#include "bus_sql.h"
#include "erase.h"
#include "gone.h"

#include "clock.h"
#include "fault.h"
#include "log.h"
#include "metrics.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct metric lanes_owned = { .name = "leadwire_lanes_owned", .help = "Lanes this process owns", .kind = METRIC_GAUGE };
static struct metric takeovers = { .name = "leadwire_lane_claims_total", .help = "Lanes claimed", .kind = METRIC_COUNTER };

int lanes_count (const struct writer *w)
{
	int n = 0;
	for (int k = 0; k < LANES; k++)
		n += w->lane[k].owned;
	return n;
}

void lane_forget (struct writer *w, int k)
{
	struct result *r = result_new (RESULT_LOST, 0);
	r->lane = k;
	key_set_clear (&w->lane[k].parked);
	key_set_clear (&w->lane[k].gone);
	w->lane[k] = (struct writer_lane){ 0 };
	result_push (w->shared, r);
	metric_set (&lanes_owned, lanes_count (w));
}

static bool lane_lock (struct writer *w, int k)
{
	unsigned char room[8];
	struct db_param p[] = { db_i32 (k, room) };
	PGresult *r = db_run (&w->db, &bus_lock_try_statement, p, 1);
	bool got = r && db_int (r, 0, 0);
	PQclear (r);
	return got;
}

static void lane_unlock (struct writer *w, int k)
{
	unsigned char room[8];
	struct db_param p[] = { db_i32 (k, room) };
	PQclear (db_run (&w->db, &bus_unlock_statement, p, 1));
}

bool parked_keys_load (struct writer *w, int k, struct writer_lane *lane)
{
	unsigned char room[8];
	struct db_param p[] = { db_i16 ((int16_t) k, room) };
	PGresult *r = db_run (&w->db, &bus_parked_keys_statement, p, 1);
	if (r) {
		key_set_clear (&lane->parked);
		lane->parked_any = PQntuples (r) > 0;
	}
	for (int i = 0; r && i < PQntuples (r); i++) {
		key_set_add (&lane->parked, (uint64_t) db_int (r, i, 0));
		key_set_add (&lane->parked, (uint64_t) db_int (r, i, 1));
	}
	PQclear (r);
	return r != NULL;
}

/* Head and cursors of a lane whose lock is ours. */
static bool lane_read (struct writer *w, int k, struct writer_lane *ret, bool *ret_clean)
{
	struct worker_shared *s = w->shared;
	unsigned char room[8];
	struct db_param number = db_i16 ((int16_t) k, room);
	PGresult *r = db_run (&w->db, &bus_head_statement, &number, 1);
	if (!r)
		return false;
	ret->head = db_int (r, 0, 0);
	*ret_clean = db_int (r, 0, 1) != 0;
	PQclear (r);
	for (int i = 0; i < s->n_sources; i++) {
		struct db_param p[] = { db_textp (s->sources[i]), number };
		db_send_plain (&w->db, &bus_cursor_make_statement, p, 2, -1);
	}
	r = db_run (&w->db, &bus_cursors_statement, &number, 1);
	for (int i = 0; r && i < PQntuples (r); i++) {
		struct bytes source = db_bytes (r, i, 0);
		for (int j = 0; j < s->n_sources; j++)
			if (strlen (s->sources[j]) == source.n && memcmp (s->sources[j], source.at, source.n) == 0) {
				ret->cursor[j] = db_int (r, i, 1);
				ret->cursor_epoch[j] = (uint64_t) db_int (r, i, 2);
			}
	}
	PQclear (r);
	return r != NULL;
}

/* A new epoch, written down. */
static bool lane_enter (struct writer *w, int k, struct writer_lane *lane, bool clean)
{
	unsigned char room[3][8];
	randombytes_buf (&lane->epoch, sizeof lane->epoch);
	lane->epoch = (lane->epoch >> 1) | 1; /* positive in SQL, never 0 */
	lane->epoch_first = lane->head + 1;
	lane->unclean = !clean;
	for (int i = 0; i < w->shared->n_sources; i++)
		lane->suspect[i] = !clean;
	struct db_param p[] = { db_i16 ((int16_t) k, room[0]), db_i64 ((int64_t) lane->epoch, room[1]), db_i64 (lane->epoch_first, room[2]),
				db_textp (w->shared->member) };
	if (clean)
		db_send_plain (&w->db, &bus_attempts_over_statement, p, 1, -1);
	PGresult *r = db_run (&w->db, &bus_claim_statement, p, 4);
	PQclear (r);
	return r != NULL;
}

/* Getting the lock is the proof that the owner before is gone; only now are head and cursors read. */
static bool lane_claim (struct writer *w, int k)
{
	struct writer_lane lane = { .owned = true };
	bool clean;
	if (!lane_lock (w, k))
		return false;
	fault_point (during_takeover);
	if (!lane_read (w, k, &lane, &clean) || !lane_enter (w, k, &lane, clean) || !parked_keys_load (w, k, &lane) ||
	    !gone_load (&w->db, k, &lane) || !erase_load (&w->db, k, &lane)) {
		key_set_clear (&lane.parked);
		key_set_clear (&lane.gone);
		if (db_alive (&w->db))
			lane_unlock (w, k); /* for another try, here or elsewhere */
		return false;
	}
	w->lane[k] = lane;
	pthread_mutex_lock (&w->shared->lock);
	w->shared->lanes_gained++;
	pthread_mutex_unlock (&w->shared->lock);
	struct result *g = result_new (RESULT_GAINED, 0);
	g->lane = k;
	g->epoch = lane.epoch;
	g->epoch_first = lane.epoch_first;
	g->first_seq = lane.head;
	memcpy (g->cursor, lane.cursor, sizeof lane.cursor);
	memcpy (g->cursor_epoch, lane.cursor_epoch, sizeof lane.cursor_epoch);
	result_push (w->shared, g);
	metric_add (&takeovers, 1);
	metric_set (&lanes_owned, lanes_count (w));
	batch_forget (&w->batch);
	return true;
}

void lane_release (struct writer *w, int k)
{
	unsigned char room[2][8];
	struct db_param p[] = { db_i16 ((int16_t) k, room[0]), db_i64 ((int64_t) w->lane[k].epoch, room[1]) };
	PQclear (db_run (&w->db, &bus_release_statement, p, 2));
	lane_forget (w, k);
	lane_unlock (w, k);
	fault_point (after_release);
}

/* A lane whose lock is held by a session that has been waiting for its client for longer than an idle writer ever does. */
static void lanes_evict (struct writer *w)
{
	for (int k = 0; k < LANES; k++) {
		unsigned char room[8];
		struct db_param p[] = { db_i32 (k, room) };
		if (w->lane[k].owned)
			continue;
		PGresult *r = db_run (&w->db, &bus_lock_evict_statement, p, 1);
		if (r && db_int (r, 0, 0) > 0)
			log_warn ("lane_owner_evicted", LOG_N ("lane", k));
		PQclear (r);
	}
}

/* ---- the tick ---- */

void heartbeat (struct writer *w)
{
	struct worker_shared *s = w->shared;
	unsigned char room[2][8];
	int32_t bits = 0, members = 0;
	struct buffer list = { 0 };
	for (int k = 0; k < LANES; k++)
		bits |= w->lane[k].owned << k;
	struct db_param p[] = { db_textp (s->member), db_textp (s->pub),      db_textp (s->rpc),
				db_textp (s->curve),  db_i32 (bits, room[0]), db_i32 ((int32_t) getpid (), room[1]) };
	db_send_plain (&w->db, &bus_member_put_statement, p, 6, -1);
	PGresult *r = db_run (&w->db, &bus_members_statement, NULL, 0);
	for (int i = 0; r && i < PQntuples (r); i++) {
		if (db_int (r, i, 5) && db_int (r, i, 6))
			members++;
		for (int c = 0; c < 5; c++) {
			struct bytes b = db_bytes (r, i, c);
			buffer_add (&list, b.at, b.n);
			buffer_add (&list, "\0", 1);
		}
	}
	if (r) {
		w->wanted = (LANES + (members ? members : 1) - 1) / (members ? members : 1);
		struct result *peers = result_new (RESULT_PEER, list.n);
		if (list.n)
			memcpy (peers->bytes, list.at, list.n);
		result_push (s, peers);
	}
	PQclear (r);
	buffer_fini (&list);
}

void lanes_balance (struct writer *w)
{
	int have = lanes_count (w);
	for (int k = LANES - 1; k >= 0 && have > w->wanted; k--)
		if (w->lane[k].owned) {
			lane_release (w, k);
			have--;
		}
	int start = (int) (w->shared->config->replica * w->wanted) % LANES;
	for (int i = 0; i < LANES && have < w->wanted && db_alive (&w->db); i++) {
		int k = (start + i) % LANES;
		if (!w->lane[k].owned && lane_claim (w, k))
			have++;
	}
	int64_t now = clock_monotonic ();
	if (have < w->wanted && now > w->evict_at) {
		lanes_evict (w);
		w->evict_at = now + 1000000;
	}
}

void lanes_metrics (void)
{
	metric_register (&lanes_owned);
	metric_register (&takeovers);
}
