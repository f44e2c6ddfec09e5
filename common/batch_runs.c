/* Runs: items of one kind in arrival order in which no key occurs twice, and what waits behind an earlier one of its key.
 * Never changes the order of two items that share a key. */
#include "batch_parts.h"

#include "fault.h"

#include <string.h>

/* ---- sets of keys ---- */

static size_t key_slot (const struct key_set *s, uint64_t key)
{
	size_t i = key * UINT64_C (0x9e3779b97f4a7c15) & (s->room - 1);
	while (s->at[i] && s->at[i] != key)
		i = (i + 1) & (s->room - 1);
	return i;
}

void key_set_add (struct key_set *s, uint64_t key)
{
	if (!key)
		return;
	if (s->n * 2 >= s->room) {
		struct key_set bigger = { .room = s->room ? s->room * 2 : 64 };
		bigger.at = heap_alloc (bigger.room * sizeof *bigger.at);
		for (size_t i = 0; i < s->room; i++)
			if (s->at[i])
				bigger.at[key_slot (&bigger, s->at[i])] = s->at[i];
		bigger.n = s->n;
		heap_free (s->at);
		*s = bigger;
	}
	size_t i = key_slot (s, key);
	s->n += s->at[i] == 0;
	s->at[i] = key;
}

bool key_set_has (const struct key_set *s, uint64_t key)
{
	return key && s->n && s->at[key_slot (s, key)] == key;
}

void key_set_clear (struct key_set *s)
{
	heap_free (s->at);
	*s = (struct key_set){ 0 };
}

/* ---- runs ---- */

/* Which run a key was last seen in: open addressing over the batch's keys. */
struct key_runs {
	uint64_t *key;
	size_t *run;
	size_t room;
};

static size_t *key_run (struct key_runs *k, uint64_t key)
{
	size_t i = key * UINT64_C (0x9e3779b97f4a7c15) & (k->room - 1);
	while (k->key[i] && k->key[i] != key)
		i = (i + 1) & (k->room - 1);
	k->key[i] = key;
	return &k->run[i];
}

static handler *item_handler (const struct item *i)
{
	return i->command ? i->command->run : i->listener->run;
}

static size_t item_size (const struct item *i)
{
	return i->command ? i->command->record->size : i->listener->record->size;
}

static bool keys_stand_in (const struct key_set *s, const struct item *i)
{
	return key_set_has (s, i->key[0]) || key_set_has (s, i->key[1]);
}

void keys_add (struct key_set *s, const struct item *i)
{
	key_set_add (s, i->key[0]);
	key_set_add (s, i->key[1]);
}

/* An earlier item of one of its keys is parked, or is going to be: it waits behind that, and what is behind it does too. */
static bool is_held_up (struct batch *b, struct item *i)
{
	if (i->kind != ITEM_EVENT || (i->parked_tries && i->park == PARK_NO))
		return false;
	if (i->park == PARK_NO && (keys_stand_in (&b->lane[i->lane].parked, i) || keys_stand_in (&b->behind, i))) {
		i->park = PARK_BEHIND;
		i->why = "waits for an earlier one";
	}
	if (i->park != PARK_NO)
		keys_add (&b->behind, i);
	return i->park != PARK_NO;
}

bool ends_here (const struct batch *b, const struct item *i)
{
	for (size_t k = 0; k < b->n_ended; k++)
		if (i->data && uuid_equal (b->ended[k], i->data->workspace))
			return true;
	return false;
}

/* About a workspace that was taken away: an event is passed over, whoever asks is told that there is none such, and neither leaves a trace. */
bool is_gone (struct batch *b, struct item *i)
{
	if (i->kind == ITEM_MARK || !i->data || (!ends_here (b, i) && !key_set_has (&b->lane[i->lane].gone, gone_key (i->data->workspace))))
		return false;
	i->park = PARK_NO;
	i->outcome = skipped ();
	if (i->kind == ITEM_COMMAND && !i->answered) {
		i->answered = true;
		i->stored = (struct reply){ .state = REPLY_REFUSED, .code = "workspace_not_found" };
	}
	return true;
}

/* Items of one kind in arrival order in which no key occurs twice; a second occurrence, or an earlier item of another kind on the same key,
 * opens a later run. What stands apart is behind all that came before it, and before all that comes behind. */
struct run *runs_build (struct batch *b, struct item *item, size_t n, size_t *ret_n)
{
	struct run *run = arena_array (&b->arena, n + 1, sizeof *run);
	struct key_runs keys = { .room = 16 };
	size_t runs = 0, first = 0; /* the first run that one may still join */
	while (keys.room < n * 2 * KEYS)
		keys.room *= 2;
	keys.key = arena_array (&b->arena, keys.room, sizeof *keys.key);
	keys.run = arena_array (&b->arena, keys.room, sizeof *keys.run);
	for (size_t i = 0; i < n; i++) {
		if (item[i].kind == ITEM_MARK || item[i].answered || is_gone (b, &item[i]) || is_held_up (b, &item[i]))
			continue;
		handler *call = item_handler (&item[i]);
		bool apart = item[i].kind == ITEM_EVENT && item[i].listener->apart;
		size_t least = apart && runs ? runs - 1 : first, at = runs;
		for (int k = 0; k < KEYS; k++)
			if (item[i].key[k] && *key_run (&keys, item[i].key[k]) > least)
				least = *key_run (&keys, item[i].key[k]); /* stored as run + 1 */
		for (size_t r = runs; r-- > least;)
			if (run[r].call == call) {
				at = r;
				break;
			}
		if (at == runs)
			run[runs++] = (struct run){ .call = call, .size = item_size (&item[i]) };
		struct run *into = &run[at];
		if (into->n == into->room) {
			size_t room = into->room ? into->room * 2 : 16;
			size_t *more = arena_array (&b->arena, room, sizeof *more);
			if (into->n)
				memcpy (more, into->item, into->n * sizeof *more);
			into->item = more;
			into->room = room;
		}
		into->item[into->n++] = i;
		if (apart)
			first = at;
		for (int k = 0; k < KEYS; k++)
			if (item[i].key[k])
				*key_run (&keys, item[i].key[k]) = at + 1;
	}
	*ret_n = runs;
	return run;
}

void run_call (struct batch *b, const struct run *run, struct item *item)
{
	char *data = arena_array (&b->arena, run->n, run->size);
	struct outcome *ret = arena_array (&b->arena, run->n, sizeof *ret);
	size_t *which = arena_array (&b->arena, run->n, sizeof *which), n = 0;
	for (size_t i = 0; i < run->n; i++) {
		struct item *it = &item[run->item[i]];
		if (b->n_ended && is_gone (b, it))
			continue;
		if (it->kind == ITEM_EVENT && !it->parked_tries && keys_stand_in (&b->fresh, it)) {
			it->park = PARK_BEHIND;
			it->why = "waits for an earlier one";
			keys_add (&b->fresh, it);
			continue;
		}
		if (it->twin) {
			asked_as_twin (b, it);
			continue;
		}
		memcpy (data + n * run->size, it->data, run->size);
		which[n++] = run->item[i];
	}
	if (n == 0)
		return;
	run->call (b, data, n, ret);
	fault_point (in_handler);
	for (size_t i = 0; i < n; i++) {
		struct item *it = &item[which[i]];
		it->outcome = ret[i];
		if (it->kind == ITEM_EVENT && ret[i].state == OUTCOME_NOT_YET) {
			it->park = PARK_WAITING;
			it->why = ret[i].detail ? ret[i].detail : "something that has not come";
			keys_add (&b->fresh, it);
		}
	}
}
