/* What a transaction holds beside its handlers' writes: stored replies, frames, cursors (the fence), epochs, what is parked.
 * Never decides anything: it writes down what was decided. */
#include "batch_parts.h"
#include "bus_sql.h"

#include "log.h"
#include "metrics.h"

#include <stdio.h>
#include <string.h>

static struct metric parked_total = { .name = "leadwire_parked_total", .help = "Events parked", .kind = METRIC_COUNTER };

void batch_end_metrics (void)
{
	metric_register (&parked_total);
}

/* ---- stored replies ---- */

/* What cannot be done now may be done later: that is no answer to keep. */
static bool wants_stored (const struct batch *b, const struct item *i)
{
	return i->kind == ITEM_COMMAND && !i->answered && !i->command->keeps_own_reply && i->outcome.state != OUTCOME_NOT_YET &&
	       !ends_here (b, i);
}

void replies_load (struct batch *b, struct item *item, size_t n)
{
	struct db_array workspace = { 0 }, actor = { 0 }, id = { 0 };
	size_t *which = arena_array (&b->arena, n + 1, sizeof *which), asked = 0;
	db_array_start (&workspace, OID_UUID);
	db_array_start (&actor, OID_UUID);
	db_array_start (&id, OID_UUID);
	for (size_t i = 0; i < n; i++) {
		if (!wants_stored (b, &item[i]))
			continue;
		which[asked++] = i;
		db_array_bytes (&workspace, item[i].data->workspace.b, 16);
		db_array_bytes (&actor, item[i].data->actor.b, 16);
		db_array_bytes (&id, item[i].data->id.b, 16);
	}
	PGresult *r = NULL;
	if (asked) {
		struct db_param p[] = { db_array_param (&workspace), db_array_param (&actor), db_array_param (&id) };
		db_send_plain (b->db, &bus_replies_load_statement, p, 3, -1);
		r = db_flush (b->db);
	}
	buffer_fini (&workspace.b);
	buffer_fini (&actor.b);
	buffer_fini (&id.b);
	batch_check (b);
	for (int row = 0; r && row < PQntuples (r); row++) {
		struct item *i = &item[which[db_int (r, row, 0) - 1]];
		i->answered = true;
		if ((uint64_t) db_int (r, row, 1) != i->hash) {
			i->outcome = refused_row (error_find ("key_reused"));
			i->stored = (struct reply){ .state = REPLY_REFUSED, .code = "key_reused" };
			continue;
		}
		i->stored = (struct reply){
			.code = db_text (&b->arena, r, row, 2),
			.detail = db_text (&b->arena, r, row, 3),
			.number = db_int (r, row, 5),
			.version = db_int (r, row, 6),
			.data = db_text (&b->arena, r, row, 7),
			.position = { NULL, (int) db_int (r, row, 8), db_int (r, row, 9) },
			.repeated = true,
		};
		i->stored.state = i->stored.code ? REPLY_REFUSED : REPLY_DONE;
		if (!PQgetisnull (r, row, 4))
			memcpy (i->stored.id.b, PQgetvalue (r, row, 4), 16);
	}
	PQclear (r);
}

static void array_text (struct db_array *a, const char *text)
{
	if (text)
		db_array_bytes (a, text, strlen (text));
	else
		db_array_null (a);
}

/* Where the effects of this transaction on a lane end. */
static int64_t lane_end (const struct batch *b, int lane)
{
	return b->lane[lane].head + (int64_t) b->frame[lane].n;
}

void replies_write (struct batch *b, const struct item *item, size_t n)
{
	static const unsigned types[12] = { OID_UUID, OID_UUID, OID_UUID, OID_INT8, OID_TEXT, OID_TEXT,
					    OID_UUID, OID_INT8, OID_INT8, OID_TEXT, OID_INT2, OID_INT8 };
	struct db_array a[12] = { 0 };
	int64_t rows = 0;
	for (int c = 0; c < 12; c++)
		db_array_start (&a[c], types[c]);
	for (size_t i = 0; i < n; i++) {
		const struct item *it = &item[i];
		if (!wants_stored (b, it))
			continue;
		const struct outcome *o = &it->outcome;
		bool is_refused = o->state == OUTCOME_REFUSED;
		db_array_bytes (&a[0], it->data->workspace.b, 16);
		db_array_bytes (&a[1], it->data->actor.b, 16);
		db_array_bytes (&a[2], it->data->id.b, 16);
		db_array_i64 (&a[3], (int64_t) it->hash);
		array_text (&a[4], is_refused ? error_code (o->error) : NULL);
		array_text (&a[5], is_refused ? o->detail : NULL);
		if (uuid_is_null (o->id))
			db_array_null (&a[6]);
		else
			db_array_bytes (&a[6], o->id.b, 16);
		db_array_i64 (&a[7], o->number);
		db_array_i64 (&a[8], o->version);
		array_text (&a[9], o->data);
		db_array_i16 (&a[10], (int16_t) it->lane);
		db_array_i64 (&a[11], lane_end (b, it->lane));
		rows++;
	}
	if (rows) {
		struct db_param p[12];
		for (int c = 0; c < 12; c++)
			p[c] = db_array_param (&a[c]);
		db_send_plain (b->db, &bus_replies_write_statement, p, 12, rows);
	}
	for (int c = 0; c < 12; c++)
		buffer_fini (&a[c].b);
}

/* ---- the end of a transaction ---- */

void frames_write (struct batch *b, struct buffer payload[LANES], const struct item *item, size_t n)
{
	static const unsigned types[5] = { OID_INT2, OID_INT8, OID_INT4, OID_INT8, OID_BYTEA };
	struct db_array a[5] = { 0 };
	int64_t rows = 0;
	for (int c = 0; c < 5; c++)
		db_array_start (&a[c], types[c]);
	for (int k = 0; k < LANES; k++) {
		struct writer_lane *lane = &b->lane[k];
		if (b->frame[k].n == 0)
			continue;
		struct frame_after after[SOURCES_MAX];
		int sources = b->shared->n_sources;
		for (int s = 0; s < sources; s++) {
			after[s].sequence = lane->cursor[s];
			snprintf (after[s].source, sizeof after[s].source, "%s", b->shared->sources[s]);
		}
		for (size_t i = 0; i < n; i++)
			if (item[i].kind != ITEM_COMMAND && item[i].lane == k && !item[i].parked_tries)
				after[item[i].source].sequence = item[i].sequence;
		int events = (int) b->frame[k].n;
		frame_finish (&b->frame[k], b->now, after, (size_t) sources, &payload[k]);
		b->frame[k].n = (size_t) events; /* counted until the commit */
		db_array_i16 (&a[0], (int16_t) k);
		db_array_i64 (&a[1], lane->head + 1);
		db_array_i32 (&a[2], events);
		db_array_i64 (&a[3], (int64_t) lane->epoch);
		db_array_bytes (&a[4], payload[k].at, payload[k].n);
		rows++;
	}
	if (rows) {
		struct db_param p[5];
		for (int c = 0; c < 5; c++)
			p[c] = db_array_param (&a[c]);
		db_send_plain (b->db, &bus_frames_write_statement, p, 5, rows);
	}
	for (int c = 0; c < 5; c++)
		buffer_fini (&a[c].b);
}

void cursors_write (struct batch *b, const struct item *item, size_t n, struct cursor_move move[LANES][SOURCES_MAX])
{
	static const unsigned types[5] = { OID_TEXT, OID_INT2, OID_INT8, OID_INT8, OID_INT8 };
	struct db_array a[5] = { 0 };
	int64_t rows = 0;
	for (size_t i = 0; i < n; i++)
		if (item[i].kind != ITEM_COMMAND && !item[i].parked_tries)
			move[item[i].lane][item[i].source] = (struct cursor_move){ item[i].sequence, item[i].work->epoch };
	for (int c = 0; c < 5; c++)
		db_array_start (&a[c], types[c]);
	for (int k = 0; k < LANES; k++)
		for (int s = 0; s < b->shared->n_sources; s++) {
			if (!move[k][s].to)
				continue;
			array_text (&a[0], b->shared->sources[s]);
			db_array_i16 (&a[1], (int16_t) k);
			db_array_i64 (&a[2], b->lane[k].cursor[s]);
			db_array_i64 (&a[3], move[k][s].to);
			db_array_i64 (&a[4], (int64_t) move[k][s].epoch);
			rows++;
		}
	if (rows) {
		struct db_param p[5];
		for (int c = 0; c < 5; c++)
			p[c] = db_array_param (&a[c]);
		db_send_plain (b->db, &bus_cursors_write_statement, p, 5, -1);
	}
	for (int c = 0; c < 5; c++)
		buffer_fini (&a[c].b);
}

/* A lane on which it neither says something nor moves a cursor is proved by its epoch to be still its own. */
void epochs_check (struct batch *b, const struct item *item, size_t n, struct cursor_move move[LANES][SOURCES_MAX])
{
	struct db_array lane = { 0 }, epoch = { 0 };
	bool seen[LANES] = { false }, any = false;
	for (int k = 0; k < LANES; k++) {
		seen[k] = b->frame[k].n > 0;
		for (int s = 0; s < b->shared->n_sources; s++)
			seen[k] = seen[k] || move[k][s].to;
	}
	db_array_start (&lane, OID_INT2);
	db_array_start (&epoch, OID_INT8);
	for (size_t i = 0; i < n; i++) {
		if (seen[item[i].lane])
			continue;
		seen[item[i].lane] = any = true;
		db_array_i16 (&lane, (int16_t) item[i].lane);
		db_array_i64 (&epoch, (int64_t) b->lane[item[i].lane].epoch);
	}
	if (any) {
		struct db_param p[] = { db_array_param (&lane), db_array_param (&epoch) };
		db_send_plain (b->db, &bus_epoch_check_statement, p, 2, -1);
	}
	buffer_fini (&lane.b);
	buffer_fini (&epoch.b);
}

/* The event alone, as a frame of one, its data as it came: what parked keeps. */
static void event_frame (const struct item *i, struct buffer *out)
{
	struct frame_writer w = { 0 };
	const struct head *head = i->said ? i->said : i->data;
	frame_start (&w);
	frame_add_raw (&w, i->type, i->version, head, i->raw);
	frame_finish (&w, head->recorded, NULL, 0, out);
	frame_fini (&w);
}

static int64_t park_delay (int tries)
{
	return tries > 6 ? 60 : 1 << tries;
}

void parked_write (struct batch *b, const struct item *item, size_t n)
{
	static const char *const state[] = { "", "waiting", "poison", "behind" };
	struct buffer event = { 0 };
	for (size_t i = 0; i < n; i++) {
		const struct item *it = &item[i];
		unsigned char room[5][8];
		if (it->parked_tries) {
			struct db_param p[6] = { db_i16 ((int16_t) it->lane, room[0]), db_textp (b->shared->sources[it->source]),
						 db_i64 (it->sequence, room[1]) };
			if (it->park == PARK_NO) {
				db_send_plain (b->db, &bus_parked_done_statement, p, 3, 1);
			} else {
				p[3] = db_textp (state[it->park]);
				p[4] = db_textp (it->why);
				p[5] = db_i32 ((int32_t) park_delay (it->parked_tries), room[2]);
				db_send_plain (b->db, &bus_parked_again_statement, p, 6, 1);
			}
			continue;
		}
		if (it->park == PARK_NO || ends_here (b, it))
			continue;
		buffer_clear (&event);
		event_frame (it, &event);
		struct db_param p[11] = {
			db_i16 ((int16_t) it->lane, room[0]),
			db_textp (b->shared->sources[it->source]),
			db_i64 (it->sequence, room[1]),
			db_i64 ((int64_t) it->key[0], room[2]),
			db_i64 ((int64_t) it->key[1], room[3]),
			{ OID_UUID, &it->data->workspace, 16 },
			db_textp (it->type),
			{ OID_BYTEA, event.at, (int) event.n },
			db_textp (state[it->park]),
			db_textp (it->why),
			db_i32 (1, room[4]),
		};
		db_send_plain (b->db, &bus_parked_write_statement, p, 11, -1);
		metric_add (&parked_total, 1);
		log_warn ("event_parked", LOG_T ("type", it->type), LOG_T ("state", state[it->park]), LOG_T ("why", it->why),
			  LOG_T ("source", b->shared->sources[it->source]), LOG_N ("lane", it->lane), LOG_N ("sequence", it->sequence));
	}
	buffer_fini (&event);
}
