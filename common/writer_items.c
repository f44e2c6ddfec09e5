/* What is queued, as items of one batch: commands and events decoded, with the keys that say what they are about.
 * Never runs anything; a frame that cannot be understood here stops its source's lane. */
#include "writer_parts.h"
#include "bus_sql.h"

#include "clock.h"
#include "log.h"

#include <string.h>

static struct item *items_room (struct arena *a, struct item *item, size_t n, size_t *room)
{
	if (n < *room)
		return item;
	*room = *room ? *room * 2 : 64;
	struct item *more = arena_array (a, *room, sizeof *more);
	if (n)
		memcpy (more, item, n * sizeof *more);
	return more;
}

const struct command_row *command_find (const struct service *s, const char *name)
{
	for (size_t i = 0; i < s->n_commands; i++)
		if (strcmp (s->commands[i].record->name, name) == 0)
			return &s->commands[i];
	return NULL;
}

static const struct listener_row *listener_find (const struct service *s, const char *type)
{
	for (size_t i = 0; i < s->n_hears; i++)
		if (strcmp (s->hears[i].record->type, type) == 0)
			return &s->hears[i];
	return NULL;
}

uint64_t key_of (const struct record *r, const char *name, const struct head *data)
{
	const struct field *f = name ? record_field (r, name) : NULL;
	if (!f || field_has (f, data) != HERE)
		return 0;
	uint64_t key = field_hash (f, data) ^ uuid_hash (data->workspace);
	return key ? key : 1;
}

void item_refuse (struct item *i, const char *code, const struct problem *problem)
{
	i->answered = true;
	i->stored = (struct reply){ .state = REPLY_REFUSED, .code = code, .detail = problem ? problem->detail : NULL };
	if (problem)
		i->stored.problem = *problem;
}

/* name NUL, head, body */
static void item_command (struct writer *w, struct item *i, struct work *x)
{
	struct arena *a = &w->batch.arena;
	const char *name = (const char *) x->bytes;
	size_t length = strnlen (name, x->size), used = 0;
	struct bytes rest = { x->bytes + length + 1, x->size > length ? x->size - length - 1 : 0 };
	struct problem problem = { 0 };
	struct head head;
	*i = (struct item){ .kind = ITEM_COMMAND, .work = x, .lane = x->lane };
	i->command = length < x->size ? command_find (w->shared->service, name) : NULL;
	if (!i->command || head_unpack (a, rest, &head, &used) != OK) {
		item_refuse (i, "bad_request", NULL);
		return;
	}
	if (lane_of (head.workspace) != x->lane) { /* else it would write on a lane that may be another's */
		item_refuse (i, "bad_request", NULL);
		return;
	}
	rest = (struct bytes){ rest.at + used, rest.n - used };
	const struct record *r = i->command->record;
	i->data = arena_alloc (a, r->size);
	if (!i->command->keeps_own_reply) /* which command, and what it says */
		i->hash = (uuid_hash (uuid_of (rest.at, rest.n)) ^ uuid_hash (uuid_of (name, length))) >> 1;
	if (record_unpack (a, r, rest, i->data, &problem) != OK) {
		item_refuse (i, "invalid", &problem);
		return;
	}
	*i->data = head;
	for (size_t f = 0, k = 0; f < r->n_fields && k < KEYS_PARKED; f++)
		if ((r->fields[f].flags & KEY) == KEY)
			i->key[k++] = key_of (r, r->fields[f].name, i->data);
}

/* One event of a frame; false: nobody here hears its type, or it asks somebody else. */
bool item_event (struct writer *w, struct item *i, struct work *x, const struct frame_reader *f, int64_t sequence)
{
	struct arena *a = &w->batch.arena;
	const struct listener_row *l = listener_find (w->shared->service, f->type);
	struct problem problem = { 0 };
	if (!l)
		return false;
	*i = (struct item){ .kind = ITEM_EVENT,
			    .work = x,
			    .listener = l,
			    .lane = x->lane,
			    .source = x->source,
			    .sequence = sequence,
			    .raw = f->data,
			    .version = f->version,
			    .type = l->record->type };
	i->data = arena_alloc (a, l->record->size);
	if (record_unpack (a, l->record, f->data, i->data, &problem) != OK) {
		i->park = PARK_POISON;
		i->why = "cannot be read";
		memset (i->data, 0, l->record->size);
	}
	*i->data = f->head;
	i->data->sequence = sequence;
	if (l->asks && i->park == PARK_NO)
		return asked_read (a, w->shared->service, i);
	for (int k = 0; k < KEYS && i->park == PARK_NO; k++)
		i->key[k] = key_of (l->record, l->key[k], i->data);
	return true;
}

/* Why a frame cannot be understood here, or null. Nothing of such a frame is done: its effects would be missing for good. */
static const char *frame_refused (struct writer *w, const struct work *x, struct frame_reader *ret)
{
	struct frame_reader f;
	if (frame_open (&w->batch.arena, (struct bytes){ x->bytes, x->size }, &f) != OK || f.n != (size_t) x->n)
		return "a frame cannot be read";
	*ret = f;
	while (frame_next (&f)) {
		const struct listener_row *l = listener_find (w->shared->service, f.type);
		if (l && f.version > l->record->version)
			return arena_printf (&w->batch.arena, "%s comes in version %d, this build knows %d", f.type, f.version,
					     l->record->version);
	}
	return f.i == f.n ? NULL : "a frame cannot be read to its end";
}

/* The lane goes no further with this source, and says so: whoever can understand the frame has to be started. */
static void source_stop (struct writer *w, const struct work *x, const char *reason)
{
	struct writer_lane *lane = &w->lane[x->lane];
	unsigned char room[2][8];
	const char *why = arena_printf (&w->batch.arena, "%s at %lld: %s", w->shared->sources[x->source], (long long) x->first_seq, reason);
	log_error ("lane_stopped", LOG_T ("source", w->shared->sources[x->source]), LOG_N ("lane", x->lane),
		   LOG_N ("cursor", lane->cursor[x->source]), LOG_T ("why", why));
	lane->stopped[x->source] = true;
	struct db_param p[] = { db_i16 ((int16_t) x->lane, room[0]), db_i64 ((int64_t) lane->epoch, room[1]), db_textp (why) };
	PQclear (db_run (&w->db, &bus_stopped_statement, p, 3));
	struct result *r = result_new (RESULT_STOPPED, 0);
	r->lane = x->lane;
	r->source = x->source;
	result_push (w->shared, r);
}

static struct item *items_of_frame (struct writer *w, struct item *item, size_t *n, size_t *room, struct work *x)
{
	struct arena *a = &w->batch.arena;
	struct writer_lane *lane = &w->lane[x->lane];
	struct frame_reader f;
	int64_t cursor = lane->cursor[x->source], last = x->first_seq + x->n - 1, sequence = x->first_seq - 1;
	if (lane->stopped[x->source] || last <= cursor)
		return item;
	const char *reason = frame_refused (w, x, &f);
	if (reason) {
		source_stop (w, x, reason);
		return item;
	}
	while (frame_next (&f)) {
		if (++sequence <= cursor)
			continue;
		item = items_room (a, item, *n, room);
		if (item_event (w, &item[*n], x, &f, sequence))
			++*n;
	}
	item = items_room (a, item, *n, room);
	item[(*n)++] = (struct item){ .kind = ITEM_MARK, .work = x, .lane = x->lane, .source = x->source, .sequence = last };
	return item;
}

/* The same command twice in one batch: the second waits for the next, where it finds the first's reply. */
static bool command_twice (struct writer *w, const struct item *i)
{
	uint64_t id = i->data ? uuid_hash (i->data->id) ^ uuid_hash (i->data->actor) : 0;
	if (key_set_has (&w->ids, id))
		return true;
	key_set_add (&w->ids, id);
	return false;
}

/* What is queued, as items of one batch; the works it takes go to `done`. Whoever is under suspicion is alone in its batch. */
struct item *items_take (struct writer *w, size_t *ret_n, struct work **done_last, size_t **ret_suspect)
{
	struct item *item = NULL;
	size_t n = 0, room = 0;
	*ret_suspect = NULL;
	while (w->held_first && n < BATCH_ITEMS_MAX && !*ret_suspect) {
		struct work *x = w->held_first;
		bool ours = w->lane[x->lane].owned && w->lane[x->lane].epoch == x->claim;
		if (ours && x->kind == WORK_COMMAND && clock_monotonic () < x->deadline) { /* after it nobody waits for its answer */
			item = items_room (&w->batch.arena, item, n, &room);
			item_command (w, &item[n], x);
			if (command_twice (w, &item[n]))
				break;
			n++;
		} else if (ours && x->kind == WORK_FRAME) {
			size_t *suspect = &w->lane[x->lane].suspect[x->source];
			if (n && (*suspect || n + (size_t) x->n > BATCH_ITEMS_MAX))
				break;
			item = items_of_frame (w, item, &n, &room, x);
			if (*suspect && n)
				*ret_suspect = suspect;
		}
		w->held_first = x->next;
		if (!w->held_first)
			w->held_last = &w->held_first;
		if (!ours) {
			work_return (w, x);
			continue;
		}
		x->next = NULL;
		*done_last = x;
		done_last = &x->next;
	}
	*ret_n = n;
	return item;
}
