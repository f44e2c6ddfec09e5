/* Taking what was said of a workspace out of a lane's frames: each of its events becomes a blank one, in its place and under its number, so the lane
 * stays dense and whoever replays it counts the same. A transaction a page; a kill in between begins that page again.
 * It must never touch another workspace's event, nor the frame in which its end was told. */
#include "gone.h"
#include "bus_sql.h"

#include <string.h>
#include "clock.h"

bool gone_load (struct db *db, int lane, struct writer_lane *ret)
{
	unsigned char room[8];
	struct db_param p = db_i16 ((int16_t) lane, room);
	PGresult *r = db_run (db, &bus_gone_list_statement, &p, 1);
	for (int i = 0; r && i < PQntuples (r); i++) {
		struct uuid workspace;
		memcpy (workspace.b, PQgetvalue (r, i, 0), sizeof workspace.b);
		key_set_add (&ret->gone, gone_key (workspace));
		ret->gone_pending = ret->gone_pending || db_int (r, i, 1);
	}
	PQclear (r);
	return r != NULL;
}

/* The frame without that workspace's events; false: it has none of them. */
static bool frame_blank (struct arena *a, struct bytes payload, struct uuid workspace, struct buffer *out)
{
	static const unsigned char no_data[] = { 0x80 }; /* an empty map */
	struct frame_reader f;
	struct frame_writer w = { 0 };
	bool found = false;
	if (frame_open (a, payload, &f) != OK)
		return false;
	frame_start (&w);
	while (frame_next (&f)) {
		if (uuid_equal (f.head.workspace, workspace)) {
			struct head nobody = { .id = f.head.id, .at = f.head.at };
			found = true;
			frame_add_raw (&w, "erased", 1, &nobody, (struct bytes){ no_data, sizeof no_data });
		} else {
			frame_add_raw (&w, arena_text (a, f.type), f.version, &f.head, f.data);
		}
	}
	assert (f.i == f.n); /* what cannot be read to its end stays as it is */
	if (found)
		frame_finish (&w, f.recorded, f.after, f.n_after, out);
	frame_fini (&w);
	return found;
}

/* One page. *ret_to: how far it is then; `upto` when there was nothing more. */
static bool page_erase (struct db *db, int lane, struct uuid workspace, int64_t from, int64_t upto, int64_t *ret_to)
{
	unsigned char room[3][8];
	struct buffer out = { 0 };
	struct arena a;
	struct db_param p[] = { db_i16 ((int16_t) lane, room[0]), db_i64 (from, room[1]), db_i64 (upto, room[2]) };
	db_send_plain (db, &bus_gone_frames_statement, p, 3, -1);
	PGresult *r = db_flush (db);
	int rows = r ? PQntuples (r) : 0;
	*ret_to = rows < 64 ? upto : db_int (r, rows - 1, 0) + db_int (r, rows - 1, 1) - 1;
	for (int i = 0; i < rows; i++) {
		arena_init (&a);
		buffer_clear (&out);
		if (frame_blank (&a, db_bytes (r, i, 2), workspace, &out)) {
			unsigned char at[8];
			struct db_param q[] = { p[0], db_i64 (db_int (r, i, 0), at), { OID_BYTEA, out.at, (int) out.n } };
			db_send_plain (db, &bus_gone_frame_write_statement, q, 3, 1);
		}
		arena_fini (&a);
	}
	PQclear (r);
	buffer_fini (&out);
	struct db_param q[] = { db_uuid (&workspace), db_i64 (*ret_to, room[1]) };
	db_send_plain (db, &bus_gone_erased_statement, q, 2, 1);
	PQclear (db_flush (db));
	return db_sync (db) == OK;
}

bool gone_erase (struct db *db, int lane, struct writer_lane *l, int64_t until)
{
	bool good = true;
	while (good && l->gone_pending && clock_monotonic () < until) {
		unsigned char room[8];
		struct db_param p = db_i16 ((int16_t) lane, room);
		PGresult *r = db_run (db, &bus_gone_next_statement, &p, 1);
		good = r;
		if (good)
			l->gone_pending = PQntuples (r);
		if (good && l->gone_pending) {
			struct uuid workspace;
			int64_t to;
			memcpy (workspace.b, PQgetvalue (r, 0, 0), sizeof workspace.b);
			good = page_erase (db, lane, workspace, db_int (r, 0, 2), db_int (r, 0, 1), &to);
		}
		PQclear (r);
	}
	return good;
}
