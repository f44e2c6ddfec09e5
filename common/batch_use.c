/* What handlers use of a batch: its memory and time, new ids and heads, rights, statements, what they say, short numbers.
 * A fault leaves the handler by a long jump to batch_commit, so nobody here holds anything but the arena over a statement. */
#include "batch_parts.h"
#include "bus_sql.h"
#include "erase.h"

#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct arena *batch_arena (struct batch *b)
{
	assert (b->magic == BATCH_MAGIC);
	return &b->arena;
}

int64_t batch_now (struct batch *b)
{
	return b->now;
}

void *batch_state (struct batch *b)
{
	return b->state;
}

const char *batch_files (struct batch *b)
{
	return b->shared->config->files;
}

bool batch_careful (const struct batch *b)
{
	return b->careful;
}

struct uuid uuid_new (struct batch *b)
{
	return uuid_v7 (b->now);
}

struct head head_caused (struct batch *b, const struct head *cause)
{
	return (struct head){
		.workspace = cause->workspace,
		.actor = cause->actor,
		.id = uuid_new (b),
		.correlation = uuid_is_null (cause->correlation) ? cause->id : cause->correlation,
		.causation = cause->id,
		.at = cause->at,
		.depth = cause->depth + 1,
	};
}

const char *text_join_list (struct batch *b, ...)
{
	va_list list;
	size_t n = 0;
	va_start (list, b);
	for (const char *t; (t = va_arg (list, const char *));)
		n += strlen (t);
	va_end (list);
	char *text = arena_alloc (&b->arena, n + 1), *p = text;
	va_start (list, b);
	for (const char *t; (t = va_arg (list, const char *));)
		p = stpcpy (p, t);
	va_end (list);
	return text;
}

bool grant_covers_id (const struct grant *g, struct uuid owner)
{
	switch (g->scope) {
	case SCOPE_NONE: return false;
	case SCOPE_OWN:
		for (size_t i = 0; i < g->n_users; i++)
			if (uuid_equal (g->users[i], owner) && !uuid_is_null (owner))
				return true;
		return !uuid_is_null (g->user) && uuid_equal (g->user, owner);
	case SCOPE_TEAM:
	case SCOPE_WORKSPACE:
	case SCOPE_ALL: return true;
	}
	return false;
}

bool grant_allows (const struct grant *g, int permission)
{
	return g->permissions >> permission & 1;
}

/* A fault: leave the handler. */
void batch_check (struct batch *b)
{
	if (b->db->state != DB_FINE)
		longjmp (b->out, 1);
}

const void *batch_list (struct batch *b, struct statement *s, const void *item, size_t n, size_t *ret_n)
{
	const void *rows = NULL;
	*ret_n = 0;
	if (s->in && n == 0)
		return arena_alloc (&b->arena, s->out->size);
	db_send (b->db, s, item, n, -1);
	PGresult *r = db_flush (b->db);
	batch_check (b);
	enum status status = db_rows (&b->arena, r, s->out, &rows, ret_n);
	PQclear (r);
	assert (status == OK); /* types were checked at boot; only a value out of its enum gets here, and that is a bug */
	return rows;
}

const void *batch_load (struct batch *b, struct statement *s, const void *item, size_t n)
{
	size_t rows;
	const void *row = batch_list (b, s, item, n, &rows);
	if (rows != n)
		log_error ("load_rows_wrong", LOG_T ("statement", s->name), LOG_N ("items", (int64_t) n), LOG_N ("rows", (int64_t) rows));
	assert (rows == n); /* a load answers one row an item */
	return row;
}

void batch_write (struct batch *b, struct statement *s, const void *item, size_t n)
{
	if (n == 0)
		return;
	db_send (b->db, s, item, n, s->kind == STATEMENT_WRITE ? (int64_t) n : -1);
	batch_check (b);
}

void batch_wake (struct batch *b)
{
	b->wakes = true;
}

void batch_hurry (struct batch *b)
{
	b->hurry = true;
}

bool batch_owns (const struct batch *b, struct uuid workspace)
{
	return b->lane[lane_of (workspace)].owned;
}

const void *batch_own (struct batch *b, const struct record *r, const void *row, size_t *n)
{
	const struct field *whose = record_field (r, "workspace_id");
	assert (whose && whose->kind == KIND_ID);
	char *own = arena_array (&b->arena, *n + 1, r->size);
	size_t owned = 0;
	for (size_t i = 0; i < *n; i++) {
		const char *from = (const char *) row + i * r->size;
		struct uuid workspace;
		memcpy (&workspace, from + whose->offset, sizeof workspace);
		if (batch_owns (b, workspace))
			memcpy (own + owned++ * r->size, from, r->size);
	}
	*n = owned;
	return own;
}

void batch_emit (struct batch *b, const struct record *r, const void *item, size_t n)
{
	assert (r->class == RECORD_EVENT && strcmp (r->service, b->shared->service->name) == 0);
	for (size_t i = 0; i < n; i++) {
		const struct head *head = (const void *) ((const char *) item + i * r->size);
		int lane = lane_of (head->workspace);
		assert (b->lane[lane].owned); /* one writes only where one is the owner */
		frame_add (&b->frame[lane], r, head, head);
	}
	if (n && b->shared->service->says)
		b->shared->service->says (b, r, item, n);
}

/* ---- short numbers ---- */

static struct number_block *number_find (struct batch *b, struct uuid workspace, int kind)
{
	for (size_t i = 0; i < b->n_numbers; i++)
		if (b->number[i].kind == kind && uuid_equal (b->number[i].workspace, workspace))
			return &b->number[i];
	if ((b->n_numbers & (b->n_numbers - 1)) == 0)
		b->number = heap_resize (b->number, (b->n_numbers ? b->n_numbers * 2 : 1) * sizeof *b->number);
	b->number[b->n_numbers] = (struct number_block){ .workspace = workspace, .kind = kind };
	return &b->number[b->n_numbers++];
}

/* A block doubles each time it runs out, so that a quiet workspace wastes few and a busy one asks rarely. */
int64_t number_take (struct batch *b, struct uuid workspace, int kind)
{
	struct number_block *block = number_find (b, workspace, kind);
	if (block->next == block->end) {
		unsigned char room[2][8];
		block->size = block->size == 0 ? 8 : block->size < 4096 ? block->size * 2 : 4096;
		struct db_param p[] = { db_uuid (&workspace), db_i16 ((int16_t) kind, room[0]), db_i64 (block->size, room[1]) };
		db_send_plain (b->db, &bus_numbers_take_statement, p, 3, -1);
		PGresult *r = db_flush (b->db);
		batch_check (b);
		block->next = db_int (r, 0, 0);
		block->end = block->next + block->size;
		PQclear (r);
	}
	return block->next++;
}

/* ---- workspaces that are no more ---- */

void batch_workspace_end (struct batch *b, struct uuid workspace)
{
	static struct statement *const sweeps[] = { &bus_gone_replies_statement, &bus_gone_parked_statement, &bus_gone_numbers_statement,
						    &bus_gone_erasures_statement, &bus_gone_asked_statement };
	int lane = lane_of (workspace);
	unsigned char room[2][8];
	struct uuid *more = arena_array (&b->arena, b->n_ended + 1, sizeof *more);
	struct db_param p[] = { db_uuid (&workspace), db_i16 ((int16_t) lane, room[0]), db_i64 (b->lane[lane].head, room[1]) };
	assert (b->lane[lane].owned);
	db_send_plain (b->db, &bus_gone_write_statement, p, 3, -1);
	for (size_t i = 0; i < LENGTH (sweeps); i++)
		db_send_plain (b->db, sweeps[i], p, 1, -1);
	batch_check (b);
	if (b->n_ended)
		memcpy (more, b->ended, b->n_ended * sizeof *more);
	more[b->n_ended++] = workspace;
	b->ended = more;
	if (b->state) /* nor is it remembered */
		memset (b->state, 0, b->shared->service->writer_state);
}

/* ---- people who asked to be forgotten ---- */

void batch_erase (struct batch *b, struct uuid workspace, struct uuid request, const char *ids, const char *words)
{
	assert (b->lane[lane_of (workspace)].owned);
	erase_begin (b->db, &b->arena, lane_of (workspace), workspace, request, ids, words);
	batch_check (b);
}

void batch_erase_settle (struct batch *b, struct uuid workspace, struct uuid request, bool frames)
{
	unsigned char room[8];
	struct db_param p[] = { db_uuid (&workspace), db_uuid (&request), db_i64 (frames ? 0 : INT64_MAX, room) };
	db_send_plain (b->db, &bus_erasure_settle_statement, p, 3, -1);
	batch_check (b);
	b->lane[lane_of (workspace)].erase_pending = true; /* looked at between two batches: when this one fails, nothing is found */
}
