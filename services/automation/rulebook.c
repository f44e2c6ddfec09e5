/* What the writer remembers of rules between two batches; as a lane's only writer it may. It is forgotten whole when a lane is gained or a batch aborts
 * (batch_state), and by whoever writes a rule. It must never be trusted across either. */
#include "rules.h"

#include <stdlib.h>
#include <string.h>
#include "automation.h"
#include "automation_sql.h"
#include "log.h"

enum { WORKSPACES_KEPT = 512, VERSIONS_KEPT = 1024 };

static struct {
	struct arena arena;
	struct rules_of **of; /* on the heap, grown */
	size_t n, room;
	struct kept_version *version[VERSIONS_KEPT];
	bool begun;
} book; /* the writer's alone */

/* ---- clocks ---- */

const struct zone *zone_kept (const char *name)
{
	static struct kept_zone {
		char *name;
		struct zone *zone;
	} * kept; /* as many as the world has names for */
	static size_t n, room;
	for (size_t i = 0; i < n; i++)
		if (strcmp (kept[i].name, name) == 0)
			return kept[i].zone;
	struct zone *zone = zone_open (name);
	if (!zone)
		return strcmp (name, "UTC") == 0 ? NULL : zone_kept ("UTC");
	if (n == room)
		kept = heap_resize (kept, (room = room ? room * 2 : 16) * sizeof *kept);
	kept[n].name = strdup (name);
	kept[n].zone = zone;
	return kept[n++].zone;
}

int32_t zone_day (const void *zone, int64_t at)
{
	return zone_wall (zone, at).day;
}

/* ---- what is remembered ---- */

void rules_forget (struct batch *b)
{
	struct automation_memory *m = batch_state (b);
	m->rules_known = false;
}

/* Between two runs alone: whoever is in one holds what rules_of gave. */
void rules_trim (struct batch *b)
{
	if (book.n > WORKSPACES_KEPT)
		rules_forget (b);
}

static void book_open (struct batch *b)
{
	struct automation_memory *m = batch_state (b);
	if (m->rules_known)
		return;
	if (book.begun)
		arena_reset (&book.arena);
	else
		arena_init (&book.arena);
	book.begun = m->rules_known = true;
	book.n = 0;
	memset (book.version, 0, sizeof book.version);
}

static void rule_unreadable (struct uuid rule, struct uuid version)
{
	log_error ("rule_unreadable", LOG_U ("rule", rule), LOG_U ("version", version));
}

static const struct rule_known *rule_keep (const struct rule_row *row, struct rule_fires *fires, struct rule_known *to)
{
	struct arena *a = &book.arena;
	if (rule_read (a, arena_text (a, row->body), &to->says, NULL) != OK) {
		rule_unreadable (row->rule_id.uuid, row->rule_version_id.uuid);
		return NULL;
	}
	to->rule = row->rule_id.uuid;
	to->version = row->rule_version_id.uuid;
	to->name = arena_text (a, row->name);
	to->since = row->has.enabled_at == HERE ? row->enabled_at : row->updated_at;
	to->limit = row->limit_per_hour;
	to->fires = fires;
	return to;
}

static const char *type_of (const struct rules_heard *h)
{
	return h->event ? h->event->type : "time";
}

/* An id of what stands in it: the same rules in the same order are the same set. */
static struct uuid set_id (const struct rules_heard *h)
{
	struct buffer all = { 0 };
	buffer_text (&all, type_of (h));
	for (size_t i = 0; i < h->n; i++)
		buffer_add (&all, h->rule[i].version.b, sizeof h->rule[i].version);
	struct uuid ret = uuid_of (all.at, all.n);
	buffer_fini (&all);
	return ret;
}

static const char *versions_json (struct batch *b, const struct rules_heard *h)
{
	char text[UUID_TEXT];
	struct buffer out = { 0 };
	for (size_t i = 0; i < h->n; i++)
		buffer_printf (&out, "%s\"%s\"", i ? "," : "[", uuid_format (h->rule[i].version, text));
	buffer_text (&out, h->n ? "]" : "[]");
	const char *ret = arena_copy (batch_arena (b), (const char *) out.at, out.n);
	buffer_fini (&out);
	return ret;
}

static void set_finish (struct batch *b, struct uuid workspace, struct rules_heard *h)
{
	const struct rule **says = arena_array (&book.arena, h->n + 1, sizeof *says);
	uint32_t *after = arena_array (&book.arena, h->n + 1, sizeof *after);
	for (size_t i = 0; i < h->n; i++) {
		says[i] = &h->rule[i].says;
		if (says[i]->when.kind == WHEN_AFTER)
			after[h->n_after++] = (uint32_t) i;
	}
	h->says = says;
	h->after = after;
	h->index = rule_index_make (&book.arena, says, h->n);
	h->set = set_id (h);
	struct rule_set_row row = {
		.workspace_id = { workspace }, .rule_set_id = { h->set }, .event_type = type_of (h), .versions = versions_json (b, h)
	};
	rule_set_write (b, &row, 1);
}

static bool hears (const struct rule *r)
{
	return r->when.kind == WHEN_EVENT || r->when.kind == WHEN_AFTER;
}

/* Each type with its rules, in their order: `rule` holds all of the workspace's that act. */
static void heard_fill (struct batch *b, struct rules_of *to, const struct rule_known *rule, size_t n)
{
	struct rules_heard *heard = arena_array (&book.arena, n + 1, sizeof *heard);
	for (size_t i = 0; i < n; i++) {
		const struct record *event = hears (&rule[i].says) ? rule[i].says.when.event : NULL;
		size_t at = 0;
		while (at < to->n_heard && heard[at].event != event)
			at++;
		if (!event || at < to->n_heard)
			continue;
		struct rule_known *own = arena_array (&book.arena, n - i, sizeof *own);
		heard[at] = (struct rules_heard){ .event = event, .rule = own };
		for (size_t k = i; k < n; k++)
			if (hears (&rule[k].says) && rule[k].says.when.event == event)
				own[heard[at].n++] = rule[k];
		set_finish (b, to->workspace, &heard[at]);
		size_t facts;
		const struct fact_name *name = rule_index_facts (heard[at].index, &facts);
		to->awaits = to->awaits || known_asks_later (event, name, facts);
		to->n_heard++;
	}
	to->heard = heard;
}

static void rules_fill (struct batch *b, struct rules_of *to)
{
	size_t rows, n = 0;
	struct rule_ask ask = { .workspace_id = { to->workspace } };
	const struct rule_row *row = rule_load (b, &ask, 1, &rows);
	struct rule_known *rule = arena_array (&book.arena, rows + 1, sizeof *rule);
	struct rules_heard *timed = arena_array (&book.arena, rows + 1, sizeof *timed);
	to->fires = arena_array (&book.arena, rows + 1, sizeof *to->fires);
	to->n_fires = rows;
	for (size_t i = 0; i < rows; i++) {
		to->fires[i] = (struct rule_fires){ .rule = row[i].rule_id.uuid,
						    .turns = row[i].turns,
						    .timed_at = row[i].has.timed_at == HERE ? row[i].timed_at : row[i].updated_at };
		if (row[i].enabled && row[i].has.removed_at != HERE && rule_keep (&row[i], &to->fires[i], &rule[n]))
			n++;
	}
	heard_fill (b, to, rule, n);
	for (size_t i = 0; i < n; i++)
		if (!hears (&rule[i].says)) {
			timed[to->n_timed] = (struct rules_heard){ .rule = &rule[i], .n = 1 };
			set_finish (b, to->workspace, &timed[to->n_timed++]);
		}
	to->timed = timed;
}

static void stages_fill (struct batch *b, struct rules_of *to)
{
	struct workspace_ask ask = { .workspace_id = { to->workspace } };
	const struct stage_row *row = stage_load (b, &ask, 1, &to->stages);
	struct known_stage *stage = arena_array (&book.arena, to->stages + 1, sizeof *stage);
	for (size_t i = 0; i < to->stages; i++) {
		stage[i] = (struct known_stage){ .id = row[i].stage_id.uuid,
						 .pipeline = arena_text (&book.arena, row[i].pipeline),
						 .key = arena_text (&book.arena, row[i].key) };
		while (stage_kind_names[stage[i].kind + 1] && strcmp (stage_kind_names[stage[i].kind], row[i].kind) != 0)
			stage[i].kind++;
	}
	to->stage = stage;
}

/* ---- versions that something waits on ---- */

static struct kept_version {
	struct rule_known known;
	bool readable;
	struct kept_version *next;
} * *version_slot (struct uuid version)
{
	struct kept_version **at = &book.version[uuid_hash (version) % VERSIONS_KEPT];
	while (*at && !uuid_equal ((*at)->known.version, version))
		at = &(*at)->next;
	return at;
}

const struct rule_known *rule_kept (struct batch *b, struct uuid rule, struct uuid version, const char *body)
{
	book_open (b);
	struct kept_version **at = version_slot (version);
	if (!*at) {
		*at = arena_alloc (&book.arena, sizeof **at);
		(*at)->known.version = version;
		(*at)->readable = rule_read (&book.arena, arena_text (&book.arena, body), &(*at)->known.says, NULL) == OK;
		if (!(*at)->readable)
			rule_unreadable (rule, version);
	}
	return (*at)->readable ? &(*at)->known : NULL;
}

const struct rules_of *rules_of (struct batch *b, struct uuid workspace)
{
	book_open (b);
	for (size_t i = 0; i < book.n; i++)
		if (uuid_equal (book.of[i]->workspace, workspace))
			return book.of[i];
	struct rules_of *to = arena_alloc (&book.arena, sizeof *to);
	struct workspace_ask ask = { .workspace_id = { workspace } };
	const struct rules_place *place = rules_place (b, &ask, 1);
	*to = (struct rules_of){ .workspace = workspace, .arrived = place->known };
	to->zone = zone_kept (place->has.timezone == HERE ? place->timezone : "UTC");
	to->written = place->has.language == HERE && strcmp (place->language, "nl") == 0 ? WRITTEN_NL : WRITTEN_EN;
	rules_fill (b, to);
	stages_fill (b, to);
	if (book.n == book.room)
		book.of = heap_resize (book.of, (book.room = book.room ? book.room * 2 : 64) * sizeof (struct rules_of *));
	book.of[book.n++] = to;
	return to;
}

const struct rules_heard *rules_heard (const struct rules_of *r, const struct record *event)
{
	for (size_t i = 0; i < r->n_heard; i++)
		if (r->heard[i].event == event)
			return &r->heard[i];
	return NULL;
}

struct rule_fires *rule_fires_of (const struct rules_of *r, struct uuid rule)
{
	for (size_t i = 0; i < r->n_fires; i++)
		if (uuid_equal (r->fires[i].rule, rule))
			return &r->fires[i];
	return NULL;
}
