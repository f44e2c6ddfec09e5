/* Known records of one batch, by a hash of whose and which; see pool.h. It must never write what was not touched, nor ask for a record twice. */
#include "pool.h"

#include <string.h>
#include "automation.h"
#include "automation_sql.h"

struct place {
	struct uuid workspace;
	struct known known;
	bool touched;
	struct place *next;	  /* in the order in which they came */
	struct place *next_paper; /* documents alone */
};

/* A record that was asked for in this batch: what is known of it is here, or nothing is. */
struct asked_for {
	struct uuid workspace, record;
	bool papers; /* its documents were loaded, too */
	bool here;   /* the slot is taken */
};

struct pool {
	struct batch *b;
	struct arena arena;
	bool begun;
	struct place **slot; /* open addressing, at most half full */
	size_t slots, n;
	struct place *first, **end, *paper;
	struct asked_for *asked; /* open addressing, at most half full */
	size_t asked_slots, n_asked;
	struct known_ask *ask; /* for the next pool_load */
	size_t asks, asks_room;
};

static struct pool the_pool; /* the writer's alone: what an aborted batch leaves in it goes when the next one begins */

enum { SLOTS_FIRST = 256, ASKS_FIRST = 64 };

struct pool *pool_of (struct batch *b)
{
	struct automation_memory *m = batch_state (b);
	struct pool *p = &the_pool;
	if (m->pool_open)
		return p;
	m->pool_open = true;
	for (struct place *at = p->first; at; at = at->next)
		known_end (&at->known);
	if (p->begun)
		arena_reset (&p->arena);
	else
		arena_init (&p->arena);
	*p = (struct pool){ .b = b, .arena = p->arena, .begun = true, .slots = SLOTS_FIRST, .asked_slots = SLOTS_FIRST, .end = &p->first };
	p->slot = arena_array (&p->arena, p->slots, sizeof (struct place *));
	p->asked = arena_array (&p->arena, p->asked_slots, sizeof *p->asked);
	return p;
}

void pool_end (struct batch *b)
{
	struct automation_memory *m = batch_state (b);
	if (m->pool_open)
		pool_keep (&the_pool);
	m->pool_open = false;
}

/* ---- finding ---- */

static const struct known **papers_room (struct pool *p, const struct known **was, size_t n, size_t *room)
{
	if (n < *room)
		return was;
	const struct known **more = arena_array (batch_arena (p->b), *room = *room ? *room * 2 : 8, sizeof *more);
	if (n)
		memcpy (more, was, n * sizeof *more);
	return more;
}

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
	if (k->noun == KNOWN_DOCUMENT) {
		at->next_paper = p->paper;
		p->paper = at;
	}
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
	size_t room = 0;
	const struct known **ret = NULL;
	*ret_n = 0;
	for (const struct place *at = p->paper; at; at = at->next_paper)
		if (uuid_equal (at->known.deal_id, deal) && uuid_equal (at->workspace, workspace)) {
			ret = papers_room (p, ret, *ret_n, &room);
			ret[(*ret_n)++] = &at->known;
		}
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

static struct asked_for *asked_slot (struct pool *p, struct uuid workspace, struct uuid record)
{
	uint64_t hash = (uuid_hash (record) ^ uuid_hash (workspace)) * UINT64_C (0x9e3779b97f4a7c15);
	for (size_t i = (size_t) (hash >> 20);; i++) {
		struct asked_for *s = &p->asked[i & (p->asked_slots - 1)];
		if (!s->here || (uuid_equal (s->record, record) && uuid_equal (s->workspace, workspace)))
			return s;
	}
}

static void asked_grow (struct pool *p)
{
	const struct asked_for *was = p->asked;
	size_t n = p->asked_slots;
	p->asked_slots *= 2;
	p->asked = arena_array (&p->arena, p->asked_slots, sizeof *p->asked);
	for (size_t i = 0; i < n; i++)
		if (was[i].here)
			*asked_slot (p, was[i].workspace, was[i].record) = was[i];
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

/* Those of the asks from that one on that nobody asked for before are read. */
static void asks_load (struct pool *p, size_t from)
{
	struct known_ask *fresh = ARRAY (p->b, fresh, p->asks - from + 1);
	size_t n = 0, rows;
	for (size_t i = from; i < p->asks; i++) {
		if (p->n_asked * 2 >= p->asked_slots)
			asked_grow (p);
		struct asked_for *slot = asked_slot (p, p->ask[i].workspace_id.uuid, p->ask[i].record_id.uuid);
		if (slot->here)
			continue;
		*slot = (struct asked_for){ .workspace = p->ask[i].workspace_id.uuid, .record = p->ask[i].record_id.uuid, .here = true };
		p->n_asked++;
		fresh[n++] = p->ask[i];
	}
	if (!n)
		return;
	const struct known_row *row = known_load (p->b, fresh, n, &rows);
	pool_take (p, row, rows);
}

void pool_load (struct pool *p, bool near)
{
	enum { FAR = 2 }; /* an invoice's deal, that deal's company */
	asks_load (p, 0);
	for (size_t far = 0, from = 0; near && far < FAR; far++) {
		size_t to = p->asks;
		for (; from < to; from++)
			for (int noun = 0; noun < KNOWN_NOUNS; noun++) {
				struct uuid workspace = p->ask[from].workspace_id.uuid;
				const struct known *k = pool_find (p, workspace, (enum known_noun) noun, p->ask[from].record_id.uuid);
				const struct uuid id[] = { k ? k->deal_id : (struct uuid){ { 0 } },
							   k ? k->contact_id : (struct uuid){ { 0 } },
							   k ? k->account_id : (struct uuid){ { 0 } },
							   k ? k->lead_id : (struct uuid){ { 0 } } };
				for (size_t i = 0; i < LENGTH (id); i++)
					if (!uuid_is_null (id[i]))
						pool_ask (p, workspace, id[i]);
			}
		asks_load (p, to);
	}
	p->asks = 0;
}

void pool_load_papers (struct pool *p)
{
	struct known_ask *fresh = ARRAY (p->b, fresh, p->asks + 1);
	size_t n = 0, rows;
	for (size_t i = 0; i < p->asks; i++) {
		struct asked_for *slot = asked_slot (p, p->ask[i].workspace_id.uuid, p->ask[i].record_id.uuid);
		if (slot->here && slot->papers)
			continue;
		slot->papers = slot->here; /* who was not asked for himself has no place to say so */
		fresh[n++] = p->ask[i];
	}
	p->asks = 0;
	if (!n)
		return;
	const struct known_row *row = known_papers_load (p->b, fresh, n, &rows);
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
