/* Forgetting somebody. Each event about them loses its PERSONAL fields, each text that names them its words, in its place and under its number: the
 * lane stays dense, and whoever replays it counts the same. What is looked for by value is found by Postgres, in frames as in tables, so that both say the same afterwards.
 * It must never touch another workspace's event, nor write a frame that it could not read to its end. */
#include "erase.h"
#include "bus_sql.h"

#include <string.h>
#include "clock.h"
#include "log.h"

enum { PARTIES_MAX = 64 };

/* Who is looked for in one workspace. */
struct party {
	struct uuid workspace;
	struct key_set ids;
	const char *pattern; /* null: nothing by value */
};

/* A text somewhere in a decoded event. */
struct text_place {
	const char **at;
	bool json;
	int party;
	bool *changed; /* of its event */
};

struct text_list {
	struct text_place *at;
	size_t n, room;
};

struct event_copy {
	struct head head;
	const char *type;
	int version;
	struct bytes raw;
	const struct record *record;
	void *item; /* decoded; null: it stays as it is */
	bool changed;
};

struct frame_copy {
	struct frame_reader frame;
	struct event_copy *event;
	int64_t first_seq;
};

/* ---- one record ---- */

/* By an id of its own; what a list in it is about is asked of each part. */
static bool record_is_about (const struct record *r, const void *item, const struct key_set *ids)
{
	for (size_t i = 0; i < r->n_fields; i++) {
		const struct field *f = &r->fields[i];
		if (f->kind != KIND_ID || field_has (f, item) != HERE)
			continue;
		if (key_set_has (ids, erase_key (*(const struct uuid *) (const void *) ((const char *) item + f->offset))))
			return true;
	}
	return false;
}

static void field_erase (const struct field *f, void *item)
{
	char *at = (char *) item + f->offset;
	bool needed = (f->flags & REQUIRED) == REQUIRED;
	if (needed && (f->kind == KIND_TEXT || f->kind == KIND_JSON))
		*(const char **) (void *) at = f->kind == KIND_TEXT ? "erased" : "\"erased\"";
	else if (!needed)
		*((unsigned char *) item + f->has) = ABSENT;
}

void record_erase (struct arena *a, const struct record *r, void *item)
{
	for (size_t i = 0; i < r->n_fields; i++) {
		const struct field *f = &r->fields[i];
		if (field_has (f, item) != HERE)
			continue;
		if (f->flags & PERSONAL) {
			field_erase (f, item);
		} else if (f->kind == KIND_LIST) {
			struct list *list = (struct list *) (void *) ((char *) item + f->offset);
			char *copy = arena_array (a, list->n + 1, f->part->size);
			if (list->n)
				memcpy (copy, list->at, list->n * f->part->size);
			for (size_t k = 0; k < list->n; k++)
				record_erase (a, f->part, copy + k * f->part->size);
			list->at = copy;
		}
	}
}

/* True: something of it went. Of a list, only the parts that are about them. */
bool record_forget (struct arena *a, const struct record *r, void *item, const struct key_set *ids)
{
	bool whole = record_is_about (r, item, ids), changed = whole;
	if (whole)
		record_erase (a, r, item);
	for (size_t i = 0; i < r->n_fields && !whole; i++) {
		const struct field *f = &r->fields[i];
		struct list *list = (struct list *) (void *) ((char *) item + f->offset);
		if (f->kind != KIND_LIST || field_has (f, item) != HERE || !list->n)
			continue;
		char *copy = arena_array (a, list->n, f->part->size);
		bool part = false;
		memcpy (copy, list->at, list->n * f->part->size);
		for (size_t k = 0; k < list->n; k++)
			part = record_forget (a, f->part, copy + k * f->part->size, ids) || part;
		list->at = part ? copy : list->at;
		changed = changed || part;
	}
	return changed;
}

static void text_add (struct arena *a, struct text_list *l, struct text_place p)
{
	if (l->n == l->room) {
		l->room = l->room ? l->room * 2 : 64;
		struct text_place *more = arena_array (a, l->room, sizeof *more);
		if (l->n)
			memcpy (more, l->at, l->n * sizeof *more);
		l->at = more;
	}
	l->at[l->n++] = p;
}

/* Every text that it holds. */
static void record_texts (struct arena *a, const struct record *r, void *item, struct text_place of, struct text_list *l)
{
	for (size_t i = 0; i < r->n_fields; i++) {
		const struct field *f = &r->fields[i];
		char *at = (char *) item + f->offset;
		if (field_has (f, item) != HERE)
			continue;
		if (f->kind == KIND_TEXT || f->kind == KIND_JSON) {
			of.at = (const char **) (void *) at;
			of.json = f->kind == KIND_JSON;
			text_add (a, l, of);
		} else if (f->kind == KIND_LIST) {
			const struct list *list = (const struct list *) (const void *) at;
			char *part = arena_array (a, list->n + 1, f->part->size); /* ours to change */
			if (list->n)
				memcpy (part, list->at, list->n * f->part->size);
			((struct list *) (void *) at)->at = part;
			for (size_t k = 0; k < list->n; k++)
				record_texts (a, f->part, part + k * f->part->size, of, l);
		}
	}
}

/* ---- frames ---- */

static int party_of (const struct party *party, int n, struct uuid workspace)
{
	for (int i = 0; i < n; i++)
		if (uuid_equal (party[i].workspace, workspace))
			return i;
	return -1;
}

/* False: it cannot be read to its end, or not by this build; then it stays, and the log says so. */
static bool frame_copy (struct arena *a, struct bytes payload, const struct party *party, int parties, struct frame_copy *ret,
			struct text_list *texts)
{
	struct frame_reader f;
	if (frame_open (a, payload, &f) != OK)
		return false;
	ret->frame = f;
	ret->event = arena_array (a, f.n + 1, sizeof *ret->event);
	for (struct event_copy *e = ret->event; frame_next (&f); e++) {
		struct problem problem = { 0 };
		int whose = party_of (party, parties, f.head.workspace);
		*e = (struct event_copy){ .head = f.head, .type = arena_text (a, f.type), .version = f.version, .raw = f.data };
		e->record = whose < 0 ? NULL : record_of_type (f.type);
		if (!e->record)
			continue; /* of another workspace, or blank */
		void *item = arena_alloc (a, e->record->size);
		if (record_unpack (a, e->record, f.data, item, &problem) != OK)
			return false;
		e->item = item;
		e->changed = record_forget (a, e->record, item, &party[whose].ids);
		if (party[whose].pattern)
			record_texts (a, e->record, item, (struct text_place){ .party = whose, .changed = &e->changed }, texts);
	}
	return f.i == f.n;
}

/* What names them in these texts, by value. */
static void texts_erase (struct db *db, struct arena *a, const struct text_list *l, const struct party *party, int parties)
{
	struct db_array text = { 0 }, whose = { 0 }, json = { 0 }, pattern = { 0 };
	if (!l->n)
		return;
	db_array_start (&text, OID_TEXT);
	db_array_start (&whose, OID_INT2);
	db_array_start (&json, OID_INT2);
	db_array_start (&pattern, OID_TEXT);
	for (size_t i = 0; i < l->n; i++) {
		db_array_bytes (&text, *l->at[i].at, strlen (*l->at[i].at));
		db_array_i16 (&whose, (int16_t) (l->at[i].party + 1));
		db_array_i16 (&json, l->at[i].json);
	}
	for (int i = 0; i < parties; i++)
		if (party[i].pattern)
			db_array_bytes (&pattern, party[i].pattern, strlen (party[i].pattern));
		else
			db_array_null (&pattern);
	struct db_param p[] = { db_array_param (&text), db_array_param (&whose), db_array_param (&json), db_array_param (&pattern) };
	db_send_plain (db, &bus_erasure_found_statement, p, 4, -1);
	PGresult *r = db_flush (db);
	for (int i = 0; r && i < PQntuples (r); i++) {
		const struct text_place *t = &l->at[db_int (r, i, 0) - 1];
		*t->at = db_text (a, r, i, 1);
		*t->changed = true;
	}
	PQclear (r);
	buffer_fini (&text.b);
	buffer_fini (&whose.b);
	buffer_fini (&json.b);
	buffer_fini (&pattern.b);
}

/* The frame anew; false: nothing of it changed. */
static bool frame_write (const struct frame_copy *c, struct buffer *out)
{
	struct frame_writer w = { 0 };
	bool changed = false;
	for (size_t i = 0; i < c->frame.n; i++)
		changed = changed || c->event[i].changed;
	if (!changed)
		return false;
	frame_start (&w);
	for (size_t i = 0; i < c->frame.n; i++) {
		const struct event_copy *e = &c->event[i];
		if (e->changed)
			frame_add (&w, e->record, &e->head, e->item);
		else
			frame_add_raw (&w, e->type, e->version, &e->head, e->raw);
	}
	frame_finish (&w, c->frame.recorded, c->frame.after, c->frame.n_after, out);
	frame_fini (&w);
	return true;
}

/* Who is looked for, out of rows of workspace, ids and pattern. The sets are the caller's to clear. */
static int parties_read (struct arena *a, const PGresult *r, struct party party[PARTIES_MAX])
{
	int n = 0;
	for (int i = 0; r && i < PQntuples (r) && n < PARTIES_MAX; i++, n++) {
		struct bytes ids = db_bytes (r, i, 1);
		struct uuid id;
		memcpy (party[n].workspace.b, PQgetvalue (r, i, 0), sizeof party[n].workspace.b);
		party[n].ids = (struct key_set){ 0 };
		for (size_t at = 0; at + 16 <= ids.n; at += 16) {
			memcpy (id.b, ids.at + at, 16);
			key_set_add (&party[n].ids, erase_key (id));
		}
		party[n].pattern = db_text (a, r, i, 2);
	}
	return n;
}

static void parties_free (struct party *party, int n)
{
	for (int i = 0; i < n; i++)
		key_set_clear (&party[i].ids);
}

/* ---- in a handler's transaction ---- */

static void parked_erase (struct db *db, struct arena *a, const struct db_param *of, const struct party *party, int parties)
{
	db_send_plain (db, &bus_erasure_parked_statement, of, 1, -1);
	PGresult *r = db_flush (db);
	struct buffer out = { 0 };
	for (int i = 0; r && i < PQntuples (r); i++) {
		struct frame_copy copy;
		struct text_list texts = { 0 };
		unsigned char room[2][8];
		buffer_clear (&out);
		if (!frame_copy (a, db_bytes (r, i, 3), party, parties, &copy, &texts))
			continue;
		texts_erase (db, a, &texts, party, parties);
		if (!frame_write (&copy, &out))
			continue;
		struct db_param p[] = { db_i16 ((int16_t) db_int (r, i, 0), room[0]),
					db_textp (db_text (a, r, i, 1)),
					db_i64 (db_int (r, i, 2), room[1]),
					{ OID_BYTEA, out.at, (int) out.n } };
		db_send_plain (db, &bus_erasure_parked_write_statement, p, 4, 1);
	}
	PQclear (r);
	buffer_fini (&out);
}

void erase_begin (struct db *db, struct arena *a, int lane, struct uuid workspace, struct uuid request, const char *ids, const char *words)
{
	unsigned char room[8];
	struct party party[PARTIES_MAX];
	struct db_param p[] = { db_uuid (&workspace), db_uuid (&request), db_i16 ((int16_t) lane, room), db_textp (ids), db_textp (words) };
	db_send_plain (db, &bus_erasure_put_statement, p, 5, -1);
	db_send_plain (db, &bus_erasure_rows_statement, p, 2, -1);
	db_send_plain (db, &bus_erasure_of_statement, p, 2, -1);
	PGresult *r = db_flush (db);
	int parties = parties_read (a, r, party);
	PQclear (r);
	if (parties)
		parked_erase (db, a, p, party, parties);
	parties_free (party, parties);
}

/* ---- beside the work ---- */

bool erase_load (struct db *db, int lane, struct writer_lane *ret)
{
	unsigned char room[8];
	struct db_param p = db_i16 ((int16_t) lane, room);
	PGresult *r = db_run (db, &bus_erasure_pending_statement, &p, 1);
	if (r)
		ret->erase_pending = db_int (r, 0, 0) > 0;
	PQclear (r);
	return r != NULL;
}

/* One page of frames in one transaction; a kill in between begins that page again. */
static bool page_erase (struct db *db, int lane, const struct party *party, int parties, int64_t from, int64_t upto)
{
	unsigned char room[3][8];
	struct buffer out = { 0 };
	struct arena a;
	struct db_param p[] = { db_i16 ((int16_t) lane, room[0]), db_i64 (from, room[1]), db_i64 (upto, room[2]) };
	arena_init (&a);
	db_send_plain (db, &bus_erasure_frames_statement, p, 3, -1);
	PGresult *r = db_flush (db);
	int rows = r ? PQntuples (r) : 0;
	int64_t missed = 0, first_missed = 0, to = rows < 32 ? upto : db_int (r, rows - 1, 0) + db_int (r, rows - 1, 1) - 1;
	for (int i = 0; i < rows; i++) {
		struct frame_copy copy;
		struct text_list texts = { 0 };
		arena_reset (&a);
		buffer_clear (&out);
		if (!frame_copy (&a, db_bytes (r, i, 2), party, parties, &copy, &texts)) {
			log_error ("erase_frame_unread", LOG_N ("lane", lane), LOG_N ("first_seq", db_int (r, i, 0)));
			first_missed = missed++ ? first_missed : db_int (r, i, 0);
			continue;
		}
		texts_erase (db, &a, &texts, party, parties);
		if (frame_write (&copy, &out)) {
			unsigned char at[8];
			struct db_param q[] = { p[0], db_i64 (db_int (r, i, 0), at), { OID_BYTEA, out.at, (int) out.n } };
			db_send_plain (db, &bus_gone_frame_write_statement, q, 3, 1);
		}
	}
	PQclear (r);
	arena_fini (&a);
	buffer_fini (&out);
	unsigned char more[2][8];
	struct db_param q[] = { p[0], db_i64 (to, room[1]), db_i64 (missed, more[0]), db_i64 (first_missed, more[1]) };
	db_send_plain (db, &bus_erasure_done_statement, q, 4, -1);
	PQclear (db_flush (db));
	return db_sync (db) == OK;
}

/* One bite of what is under way on the lane. */
static bool lane_erase (struct db *db, int lane, struct writer_lane *l)
{
	unsigned char room[8];
	struct party party[PARTIES_MAX];
	struct arena a;
	struct db_param p = db_i16 ((int16_t) lane, room);
	PGresult *r = db_run (db, &bus_erasure_open_statement, &p, 1);
	int64_t from = INT64_MAX, upto = 0;
	bool good = r;
	arena_init (&a);
	int parties = parties_read (&a, r, party);
	for (int i = 0; i < parties; i++) {
		from = db_int (r, i, 3) < from ? db_int (r, i, 3) : from;
		upto = db_int (r, i, 4) > upto ? db_int (r, i, 4) : upto;
	}
	PQclear (r);
	if (good && parties == 0) {
		PQclear (db_run (db, &bus_erasure_begin_statement, &p, 1));
		good = db_alive (db) && erase_load (db, lane, l);
	} else if (good && from < upto) {
		good = page_erase (db, lane, party, parties, from, upto);
	} else if (good) {
		struct db_param q = db_uuid (&party[0].workspace);
		r = db_run (db, &bus_erasure_bite_statement, &q, 1);
		good = r;
		PQclear (r);
	}
	parties_free (party, parties);
	arena_fini (&a);
	return good;
}

bool erase_run (struct db *db, int lane, struct writer_lane *l, int64_t until)
{
	bool good = true;
	while (good && l->erase_pending && clock_monotonic () < until)
		good = lane_erase (db, lane, l);
	return good;
}
