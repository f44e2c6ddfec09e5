/* What is parked: run again when it is due, in the order of arrival, of each key only what no earlier one holds up.
 * Never lets an item overtake one of its key. */
#include "writer_parts.h"
#include "bus_sql.h"

#include "clock.h"
#include "metrics.h"

#include <string.h>

static int source_find (const struct worker_shared *s, struct bytes name)
{
	for (int i = 0; i < s->n_sources; i++)
		if (strlen (s->sources[i]) == name.n && memcmp (s->sources[i], name.at, name.n) == 0)
			return i;
	return -1;
}

/* One that is due, alone. False: everything is to be dropped. *ret_done: it is parked no more. */
static bool parked_item_run (struct writer *w, const PGresult *r, int row, bool *ret_done)
{
	struct frame_reader f;
	struct item item;
	struct work work = { .lane = (int) db_int (r, row, 0), .source = source_find (w->shared, db_bytes (r, row, 1)) };
	*ret_done = false;
	arena_reset (&w->batch.arena);
	if (work.source < 0 || frame_open (&w->batch.arena, db_bytes (r, row, 4), &f) != OK || !frame_next (&f) ||
	    !item_event (w, &item, &work, &f, db_int (r, row, 2)))
		return true; /* nobody here hears it any more: it stays for people to see */
	item.parked_tries = (int) db_int (r, row, 3);
	if (w->lane[work.lane].unclean && !item_attempt (w, &item))
		return false;
	bool good = items_commit (w, &item, 1);
	*ret_done = good && item.park == PARK_NO;
	return good;
}

/* A page of what is parked, in the order of arrival: of each key only what no earlier one holds up. */
static bool parked_page_run (struct writer *w, const PGresult *r, struct key_set *held_up, bool freed[LANES], int64_t until)
{
	for (int row = 0; row < PQntuples (r); row++) {
		uint64_t key[2] = { (uint64_t) db_int (r, row, 5), (uint64_t) db_int (r, row, 6) };
		bool due = db_int (r, row, 7) && !key_set_has (held_up, key[0]) && !key_set_has (held_up, key[1]), done = false;
		if (due && clock_monotonic () > until) { /* the rest in a moment: what is new waits too */
			w->parked_at = 0;
			return true;
		}
		if (due && !parked_item_run (w, r, row, &done))
			return false;
		if (done)
			freed[db_int (r, row, 0)] = true;
		for (int k = 0; k < 2 && !done; k++)
			key_set_add (held_up, key[k]);
	}
	return true;
}

static bool parked_lanes (const struct writer *w, struct db_array *lanes)
{
	bool any = false;
	db_array_start (lanes, OID_INT2);
	for (int k = 0; k < LANES; k++)
		if (w->lane[k].owned && w->lane[k].parked_any) {
			db_array_i16 (lanes, (int16_t) k);
			any = true;
		}
	return any;
}

/* What lies there now, by state, for whoever watches: each replica counts its own lanes. */
static struct metric parked_items[] = {
	{ .name = "leadwire_parked_items",
	  .help = "Events parked on the lanes owned here",
	  .kind = METRIC_GAUGE,
	  .label = "state=\"waiting\"" },
	{ .name = "leadwire_parked_items", .kind = METRIC_GAUGE, .label = "state=\"poison\"" },
	{ .name = "leadwire_parked_items", .kind = METRIC_GAUGE, .label = "state=\"behind\"" },
};

/* The same of people who are to be forgotten. */
static struct metric erasures[] = {
	{ .name = "leadwire_erasures",
	  .help = "People who are to be forgotten on the lanes owned here: open, and stuck because a frame cannot be read",
	  .kind = METRIC_GAUGE,
	  .label = "state=\"open\"" },
	{ .name = "leadwire_erasures", .kind = METRIC_GAUGE, .label = "state=\"stuck\"" },
};

void parked_metrics (void)
{
	for (size_t i = 0; i < LENGTH (erasures); i++)
		metric_register (&erasures[i]);
	for (size_t i = 0; i < LENGTH (parked_items); i++)
		metric_register (&parked_items[i]);
}

static void parked_count (struct writer *w, struct db_array *lanes, bool any)
{
	struct db_param p = db_array_param (lanes);
	PGresult *r = any ? db_run (&w->db, &bus_parked_count_statement, &p, 1) : NULL;
	for (size_t i = 0; i < LENGTH (parked_items); i++)
		metric_set (&parked_items[i], r ? db_int (r, 0, (int) i) : 0);
	PQclear (r);
}

/* Which lanes have somebody to forget now: also those that waited until what could not be read was tried again. */
void erasures_count (struct writer *w)
{
	struct db_array lanes = { 0 };
	db_array_start (&lanes, OID_INT2);
	for (int k = 0; k < LANES; k++)
		if (w->lane[k].owned)
			db_array_i16 (&lanes, (int16_t) k);
	struct db_param p = db_array_param (&lanes);
	PGresult *r = db_run (&w->db, &bus_erasure_counts_statement, &p, 1);
	int64_t open = 0, stuck = 0;
	for (int i = 0; r && i < PQntuples (r); i++) {
		w->lane[db_int (r, i, 0)].erase_pending = w->lane[db_int (r, i, 0)].erase_pending || db_int (r, i, 1);
		open += db_int (r, i, 2);
		stuck += db_int (r, i, 3);
	}
	metric_set (&erasures[0], open);
	metric_set (&erasures[1], stuck);
	if (!r)
		writer_drop (w, w->db.error);
	PQclear (r);
	buffer_fini (&lanes.b);
}

/* Everything parked on our lanes that is due, once. */
void parked_run (struct writer *w)
{
	struct db_array lanes = { 0 };
	struct key_set held_up = { 0 };
	bool freed[LANES] = { false }, good = true, any = parked_lanes (w, &lanes), more = any;
	int64_t place = 0, until = clock_monotonic () + 200000;
	while (good && more) {
		unsigned char room[8];
		struct db_param p[] = { db_array_param (&lanes), db_i64 (place, room) };
		PGresult *r = db_run (&w->db, &bus_parked_page_statement, p, 2);
		int rows = r ? PQntuples (r) : 0;
		good = r && parked_page_run (w, r, &held_up, freed, until);
		more = rows == 500 && w->parked_at;
		place = rows ? db_int (r, rows - 1, 8) : 0;
		PQclear (r);
	}
	for (int k = 0; good && k < LANES; k++) {
		if (w->lane[k].owned && w->parked_at)
			w->lane[k].unclean = false; /* every one that was due has been survived */
		if (freed[k])
			good = parked_keys_load (w, k, &w->lane[k]);
	}
	key_set_clear (&held_up);
	if (good)
		parked_count (w, &lanes, any);
	buffer_fini (&lanes.b);
	if (!good)
		writer_drop (w, w->db.error);
}
