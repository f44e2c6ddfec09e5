/* Known records of one run, by a hash of whose and which; see pool.h. It must never write what was not touched. */
#include "pool.h"

#include <string.h>
#include "automation_sql.h"

struct place {
	struct uuid workspace;
	struct known known;
	bool touched;
	struct place *next; /* in the order in which they came */
};

struct pool {
	struct batch *b;
	struct arena arena;
	bool begun;
	struct place **slot; /* open addressing, at most half full */
	size_t slots, n;
	struct place *first, **end;
	struct known_ask *ask;
	size_t asks, asks_room;
};

static struct pool the_pool; /* the writer's alone: what an aborted batch leaves in it goes when the next run begins */

enum { SLOTS_FIRST = 256, ASKS_FIRST = 64 };

struct pool *pool_begin (struct batch *b)
{
	struct pool *p = &the_pool;
	for (struct place *at = p->first; at; at = at->next)
		known_end (&at->known);
	if (p->begun)
		arena_reset (&p->arena);
	else
		arena_init (&p->arena);
	p->begun = true;
	p->b = b;
	p->slots = SLOTS_FIRST;
	p->slot = arena_array (&p->arena, p->slots, sizeof (struct place *));
	p->n = p->asks = p->asks_room = 0;
	p->first = NULL;
	p->end = &p->first;
	return p;
}

/* ---- finding ---- */

static struct place **slot_of (struct pool *p, struct uuid workspace, enum known_noun noun, struct uuid record)
{
	uint64_t hash = (uuid_hash (record) ^ uuid_hash (workspace) ^ (uint64_t) noun << 32) * UINT64_C (0x9e3779b97f4a7c15);
	for (size_t i = (size_t) (hash >> 20);; i++) {
		struct place **s = &p->slot[i & (p->slots - 1)];
		if (!*s ||
		    ((*s)->known.noun == noun && uuid_equal ((*s)->known.record_id, record) && uuid_equal ((*s)->workspace, workspace)))
			return s;
	}
}

static void slots_grow (struct pool *p)
{
	p->slots *= 2;
	p->slot = arena_array (&p->arena, p->slots, sizeof (struct place *));
	for (struct place *at = p->first; at; at = at->next)
		*slot_of (p, at->workspace, at->known.noun, at->known.record_id) = at;
}

static struct place *place_add (struct pool *p, struct uuid workspace, const struct known *k)
{
	if (p->n * 2 >= p->slots)
		slots_grow (p);
	struct place *at = arena_alloc (&p->arena, sizeof *at);
	*at = (struct place){ .workspace = workspace, .known = *k };
	*slot_of (p, workspace, k->noun, k->record_id) = at;
	*p->end = at;
	p->end = &at->next;
	p->n++;
	return at;
}

struct known *pool_find (struct pool *p, struct uuid workspace, enum known_noun noun, struct uuid record)
{
	struct place *at = *slot_of (p, workspace, noun, record);
	return at ? &at->known : NULL;
}

struct known *pool_make (struct pool *p, struct uuid workspace, enum known_noun noun, struct uuid record)
{
	struct known fresh = known_begin (noun, record);
	return &place_add (p, workspace, &fresh)->known;
}

void pool_touch (struct pool *p, struct uuid workspace, const struct known *k)
{
	(*slot_of (p, workspace, k->noun, k->record_id))->touched = true;
}

const struct known *const *pool_papers (struct pool *p, struct uuid workspace, struct uuid deal, size_t *ret_n)
{
	const struct known **ret = arena_array (batch_arena (p->b), p->n + 1, sizeof *ret);
	*ret_n = 0;
	for (const struct place *at = p->first; at; at = at->next)
		if (at->known.noun == KNOWN_DOCUMENT && uuid_equal (at->known.deal_id, deal) && uuid_equal (at->workspace, workspace))
			ret[(*ret_n)++] = &at->known;
	return ret;
}

/* ---- reading ---- */

static int noun_of (const char *name)
{
	for (int i = 0; i < KNOWN_NOUNS; i++)
		if (strcmp (known_noun_names[i], name) == 0)
			return i;
	return -1;
}

#define COLUMN(to, from, name)                                                    \
	(to)->name = (from)->has.name == HERE ? (from)->name.uuid : (struct uuid) \
	{                                                                         \
		{                                                                 \
			0                                                         \
		}                                                                 \
	}

static struct known known_of_row (const struct known_row *row, enum known_noun noun)
{
	struct known ret = known_begin (noun, row->record_id.uuid);
	json_t *facts = json_loads (row->facts, 0, NULL);
	COLUMN (&ret, row, contact_id);
	COLUMN (&ret, row, account_id);
	COLUMN (&ret, row, deal_id);
	COLUMN (&ret, row, lead_id);
	COLUMN (&ret, row, owner_id);
	ret.created_at = row->has.created_at == HERE ? row->created_at : 0;
	ret.active_at = row->has.active_at == HERE ? row->active_at : 0;
	if (json_is_object (facts)) {
		json_decref (ret.facts);
		ret.facts = facts;
	} else
		json_decref (facts);
	return ret;
}

void pool_take (struct pool *p, const struct known_row row[], size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int noun = noun_of (row[i].noun);
		if (noun < 0 || pool_find (p, row[i].workspace_id.uuid, (enum known_noun) noun, row[i].record_id.uuid))
			continue;
		struct known known = known_of_row (&row[i], (enum known_noun) noun);
		place_add (p, row[i].workspace_id.uuid, &known);
	}
}

void pool_ask (struct pool *p, struct uuid workspace, struct uuid record)
{
	if (p->asks == p->asks_room) {
		struct known_ask *more = arena_array (&p->arena, p->asks_room = p->asks_room ? p->asks_room * 2 : ASKS_FIRST, sizeof *more);
		if (p->asks)
			memcpy (more, p->ask, p->asks * sizeof *more);
		p->ask = more;
	}
	p->ask[p->asks++] = (struct known_ask){ .workspace_id = { workspace }, .record_id = { record } };
}

void pool_load (struct pool *p, bool near)
{
	size_t rows = 0;
	const struct known_row *row = !p->asks ? NULL
				      : near   ? known_near_load (p->b, p->ask, p->asks, &rows)
					       : known_load (p->b, p->ask, p->asks, &rows);
	p->asks = 0;
	pool_take (p, row, rows);
}

void pool_load_papers (struct pool *p)
{
	size_t rows = 0;
	const struct known_row *row = p->asks ? known_papers_load (p->b, p->ask, p->asks, &rows) : NULL;
	p->asks = 0;
	pool_take (p, row, rows);
}

void pool_move (struct pool *p, struct uuid workspace, const struct known_move *move)
{
	for (struct place *at = p->first; at; at = at->next)
		if (uuid_equal (at->workspace, workspace) && known_move (&at->known, move))
			at->touched = true;
}

/* ---- writing ---- */

#define COLUMN_PUT(to, from, name)      \
	(to)->name.uuid = (from)->name; \
	(to)->has.name = uuid_is_null ((from)->name) ? CLEARED : HERE

static struct known_row row_of (struct batch *b, const struct place *at)
{
	const struct known *k = &at->known;
	struct known_row ret = { .workspace_id = { at->workspace }, .noun = known_noun_names[k->noun], .record_id = { k->record_id } };
	char *facts = json_dumps (k->facts, JSON_COMPACT);
	COLUMN_PUT (&ret, k, contact_id);
	COLUMN_PUT (&ret, k, account_id);
	COLUMN_PUT (&ret, k, deal_id);
	COLUMN_PUT (&ret, k, lead_id);
	COLUMN_PUT (&ret, k, owner_id);
	ret.facts = arena_text (batch_arena (b), facts ? facts : "{}");
	ret.created_at = k->created_at;
	ret.has.created_at = k->created_at ? HERE : CLEARED;
	ret.active_at = k->active_at;
	ret.has.active_at = k->active_at ? HERE : CLEARED;
	free (facts);
	return ret;
}

void pool_keep (struct pool *p)
{
	struct known_row *keep = ARRAY (p->b, keep, p->n + 1), *drop = ARRAY (p->b, drop, p->n + 1);
	size_t keeps = 0, drops = 0;
	for (struct place *at = p->first; at; at = at->next) {
		if (!at->touched)
			continue;
		at->touched = false;
		if (at->known.gone)
			drop[drops++] = row_of (p->b, at);
		else
			keep[keeps++] = row_of (p->b, at);
	}
	known_write (p->b, keep, keeps);
	known_drop (p->b, drop, drops);
}
