/* A rule that is tried on what was said; see trial.h. What is known of records is kept in memory as known.[ch] keeps it for the daemon.
 * It must never look at a clock: it is as late as the event that it takes. */
#include "trial.h"

#include <stdlib.h>
#include <string.h>
#include "action.h"
#include "clock.h"
#include "engine.h"
#include "firing.h"
#include "known.h"
#include "public_events.h"

/* A record, by a hash of what it is. */
struct place {
	struct known known;
	struct known_history history;
	struct place *next; /* in the order in which they came */
};

/* An event whose rule is asked later: it says so itself, or a record that it asks about is not known yet. */
struct later {
	struct later *next;
	int64_t due;
	bool missing; /* asked as soon as the record is known */
	const struct record *event;
	struct head head;
	struct buffer packed;
};

struct trial {
	struct trial_asked asked;
	struct arena arena, once; /* once: of an event */
	struct zone *zone;
	enum written written;
	bool keeps, papers;  /* what is known of records; a deal's documents */
	struct place **slot; /* open addressing, at most half full */
	size_t slots, records;
	struct place *first, **end;
	const struct known_stage *stage;
	size_t stages;
	struct later *later, *last; /* the one that is due first, and the one that is due last */
	size_t missing;		    /* how many of them wait for a record */
	struct uuid *gone;	    /* who was of the workspace and is no more */
	size_t n_gone, gone_room;
	int64_t events, matched, turns;
	struct trial_count would[RULE_STEPS_MOST];
	size_t n_would;
	bool truncated;
};

/* A time at which the rule is asked. */
struct moment {
	const struct record *event; /* null: of a time */
	const void *item;
	const struct head *head; /* null: of a time */
	int64_t at, now;
	struct uuid id[KNOWN_NOUNS], about;
	int noun; /* of `about`; -1: of nothing */
	struct known_context context;
};

/* ---- what is known ---- */

static struct place **slot_of (const struct trial *t, enum known_noun noun, struct uuid id)
{
	uint64_t hash = (uuid_hash (id) ^ (uint64_t) noun << 32) * UINT64_C (0x9e3779b97f4a7c15);
	for (size_t i = (size_t) (hash >> 20);; i++) {
		struct place **s = &t->slot[i & (t->slots - 1)];
		if (!*s || ((*s)->known.noun == noun && uuid_equal ((*s)->known.record_id, id)))
			return s;
	}
}

static struct known *known_find (const struct trial *t, enum known_noun noun, struct uuid id)
{
	struct place *p = *slot_of (t, noun, id);
	return p && !p->known.gone ? &p->known : NULL;
}

static void slots_grow (struct trial *t)
{
	heap_free (t->slot);
	t->slots *= 2;
	t->slot = heap_alloc (t->slots * sizeof (struct place *));
	for (struct place *p = t->first; p; p = p->next)
		*slot_of (t, p->known.noun, p->known.record_id) = p;
}

static struct known *known_make (struct trial *t, enum known_noun noun, struct uuid id)
{
	struct place **s = slot_of (t, noun, id), *p = *s;
	if (p) { /* it was purged, and is told of again */
		known_end (&p->known);
		p->known = known_begin (noun, id);
		return &p->known;
	}
	if (t->records * 2 >= t->slots) {
		slots_grow (t);
		s = slot_of (t, noun, id);
	}
	p = arena_alloc (&t->arena, sizeof *p);
	*p = (struct place){ .known = known_begin (noun, id) };
	*s = *t->end = p;
	t->end = &p->next;
	t->records++;
	return &p->known;
}

static void records_take (struct trial *t, const struct record *event, const void *item, const struct known_target target[], size_t n)
{
	struct known_move move;
	for (size_t i = 0; i < n; i++) {
		struct known *k = known_find (t, target[i].noun, target[i].id);
		if (!k && target[i].makes)
			k = known_make (t, target[i].noun, target[i].id);
		if (!k)
			continue;
		known_apply (k, event, item);
		const struct known *lead = target[i].noun == KNOWN_DEAL ? known_find (t, KNOWN_LEAD, target[i].id) : NULL;
		if (lead)
			known_inherit (k, lead);
	}
	if (known_moves (event, item, &move))
		for (struct place *p = t->first; p; p = p->next)
			known_move (&p->known, &move);
}

static void stages_take (struct trial *t, const struct record *event, const void *item)
{
	const struct known_stage *news;
	size_t n = known_stages (&t->arena, event, item, t->stage, t->stages, &news);
	if (!n)
		return;
	struct known_stage *all = arena_array (&t->arena, t->stages + n, sizeof *all);
	if (t->stages)
		memcpy (all, t->stage, t->stages * sizeof *all);
	for (size_t i = 0; i < n; i++) {
		size_t at = 0;
		while (at < t->stages && !uuid_equal (all[at].id, news[i].id))
			at++;
		all[at] = news[i];
		t->stages += at == t->stages;
	}
	t->stage = all;
}

/* ---- the workspace's clock and language ---- */

static int32_t day_of (const void *zone, int64_t at)
{
	return zone_wall (zone, at).day;
}

static void zone_take (struct trial *t, const char *name)
{
	struct zone *zone = name ? zone_open (name) : NULL;
	if (!zone)
		return;
	zone_close (t->zone);
	t->zone = zone;
}

static void language_take (struct trial *t, const char *language)
{
	if (language)
		t->written = strcmp (language, "nl") == 0 ? WRITTEN_NL : WRITTEN_EN;
}

static void member_take (struct trial *t, const struct member_changed *said)
{
	size_t i = 0;
	while (i < t->n_gone && !uuid_equal (t->gone[i], said->user_id.uuid))
		i++;
	if (said->active && i < t->n_gone)
		t->gone[i] = t->gone[--t->n_gone];
	if (said->active || i < t->n_gone)
		return;
	if (t->n_gone == t->gone_room)
		t->gone = heap_resize (t->gone, (t->gone_room = t->gone_room ? t->gone_room * 2 : 16) * sizeof *t->gone);
	t->gone[t->n_gone++] = said->user_id.uuid;
}

static void workspace_take (struct trial *t, const struct record *event, const void *item)
{
	if (event == &member_changed_record)
		member_take (t, item);
	if (event == &workspace_created_record) {
		const struct workspace_created *made = item;
		zone_take (t, made->timezone);
		language_take (t, made->language);
	} else if (event == &workspace_preset_changed_record) {
		json_t *content = json_loads (((const struct workspace_preset_changed *) item)->content, 0, NULL);
		zone_take (t, json_string_value (json_object_get (content, "timezone")));
		language_take (t, json_string_value (json_object_get (content, "language")));
		json_decref (content);
	}
	stages_take (t, event, item);
}

/* ---- facts of a moment ---- */

static const struct known *const *papers_of (struct trial *t, struct uuid deal, size_t *ret_n)
{
	size_t n = 0;
	for (int pass = 0; pass < 2; pass++) {
		const struct known **ret = arena_array (&t->once, n + 1, sizeof *ret);
		n = 0;
		for (const struct place *p = t->first; p; p = p->next)
			if (p->known.noun == KNOWN_DOCUMENT && !p->known.gone && uuid_equal (p->known.deal_id, deal)) {
				if (pass)
					ret[n] = &p->known;
				n++;
			}
		*ret_n = n;
		if (pass)
			return ret;
	}
	return NULL;
}

static void moment_context (struct trial *t, struct moment *m)
{
	struct known_context *x = &m->context;
	*x = (struct known_context){ .stage = t->stage, .stages = t->stages, .day_of = day_of, .zone = t->zone };
	for (int round = 0; round < 3; round++)
		for (int noun = 0; noun < KNOWN_NOUNS; noun++) {
			if (uuid_is_null (m->id[noun]) && !known_follow (x, (enum known_noun) noun, &m->id[noun]))
				continue;
			if (!x->of[noun])
				x->of[noun] = known_find (t, (enum known_noun) noun, m->id[noun]);
		}
	if (t->papers && x->of[KNOWN_DEAL])
		x->document = papers_of (t, m->id[KNOWN_DEAL], &x->documents);
}

static struct fact event_fact (struct trial *t, const struct moment *m, const struct fact_name *name)
{
	if (!m->item)
		return (struct fact){ .has = ABSENT, .kind = name->kind };
	if (name->field)
		return fact_of_field (&t->once, name, m->item, day_of, t->zone);
	if (name->kind == FACT_TIME)
		return fact_of_time (m->at, day_of (t->zone, m->at));
	return uuid_is_null (m->head->actor) ? (struct fact){ .has = CLEARED, .kind = FACT_ID } : fact_of_id (m->head->actor);
}

static struct place *about_place (struct trial *t, const struct moment *m)
{
	struct place *p = m->noun < 0 ? NULL : *slot_of (t, (enum known_noun) m->noun, m->about);
	return p && !p->known.gone ? p : NULL;
}

static struct fact history_fact (struct trial *t, const struct moment *m, const struct fact_name *name)
{
	const struct known_history never = { 0 };
	const struct place *p = about_place (t, m);
	return fact_of_history (name, p ? &p->known : NULL, m->event, p ? &p->history : &never, &m->context);
}

static const struct fact *facts_of (struct trial *t, const struct moment *m)
{
	const struct rule *r = t->asked.rule;
	struct fact *ret = arena_array (&t->once, r->n_facts + 1, sizeof *ret);
	for (size_t i = 0; i < r->n_facts; i++) {
		const struct fact_name *name = &r->fact[i];
		ret[i] = name->of == FACT_OF_EVENT    ? event_fact (t, m, name)
			 : name->of == FACT_OF_RECORD ? fact_of_known (&t->once, name, &m->context)
						      : history_fact (t, m, name);
	}
	return ret;
}

static struct asking asking_of (const struct trial *t, int64_t now)
{
	return (struct asking){ .now = now, .today = day_of (t->zone, now), .written = t->written };
}

/* ---- what it would do ---- */

static json_t *moment_json (int64_t at)
{
	char text[TIME_TEXT];
	return json_string (time_format (at, text));
}

static void would_count (struct trial *t, const char *command)
{
	size_t i = 0;
	while (i < t->n_would && strcmp (t->would[i].command, command) != 0)
		i++;
	t->would[i].command = command;
	t->would[i].n++;
	t->n_would += i == t->n_would;
}

static int64_t open_deals (const struct trial *t, struct uuid owner)
{
	int64_t n = 0;
	for (const struct place *p = t->first; p; p = p->next) {
		const char *outcome = json_string_value (json_object_get (p->known.facts, "outcome"));
		n += p->known.noun == KNOWN_DEAL && known_stands (&p->known) && uuid_equal (p->known.owner_id, owner) &&
		     (!outcome || strcmp (outcome, stage_kind_names[stage_kind_open]) == 0);
	}
	return n;
}

static bool is_gone (const struct trial *t, struct uuid user)
{
	for (size_t i = 0; i < t->n_gone; i++)
		if (uuid_equal (t->gone[i], user))
			return true;
	return false;
}

/* Turns begin with the trial; who left is not there, of others nobody said so. */
static struct uuid pick_one (struct trial *t, const struct given_field *g)
{
	struct pick_from *from = arena_array (&t->once, g->n_pick, sizeof *from);
	for (size_t i = 0; i < g->n_pick; i++)
		from[i] = (struct pick_from){ .here = !is_gone (t, g->pick[i]),
					      .deals = g->pick_by == PICK_LOAD ? open_deals (t, g->pick[i]) : 0 };
	size_t picked = pick_of (g, from, &t->turns);
	return picked < g->n_pick ? g->pick[picked] : (struct uuid){ { 0 } };
}

/* The id of what it would make is none: nothing is made. */
static json_t *with_json (const char *body, action_id id)
{
	json_t *ret = json_loads (body, 0, NULL), *value;
	char text[UUID_TEXT];
	const char *name;
	void *next;
	uuid_format (id.uuid, text);
	json_object_foreach_safe (ret, next, name, value)
	{
		if (json_is_string (value) && strcmp (json_string_value (value), text) == 0)
			json_object_del (ret, name);
	}
	return ret;
}

static json_t *action_json (struct trial *t, const struct step *step, const struct fact fact[], const struct asking *asking, action_id id)
{
	struct uuid *picked = arena_array (&t->once, step->n_with + 1, sizeof *picked);
	struct problem_error why = { 0 };
	const char *body;
	json_t *ret = json_pack ("{s:i, s:s}", "step", (int) step->number, "do", step->command->name);
	for (size_t i = 0; i < step->n_with && !why.code; i++)
		if (step->with[i].n_pick) {
			picked[i] = pick_one (t, &step->with[i]);
			if (uuid_is_null (picked[i]))
				why = pick_failed (&t->once, &step->with[i]);
		}
	struct action_asking as = { .asking = *asking, .zone = t->zone, .action = id, .picked = picked };
	if (!why.code && action_body (&t->once, t->asked.rule, step, fact, &as, &body, &why) == OK) {
		json_object_set_new (ret, "with", with_json (body, id));
		would_count (t, step->command->name);
	} else {
		json_object_set_new (ret, "refused",
				     json_pack ("{s:s?, s:s?, s:s?}", "pointer", why.pointer, "code", why.code, "detail", why.detail));
	}
	return ret;
}

/* Step by step as far as it can be told now: an action that would be refused ends it, and what a branch behind a wait would ask is not known yet. */
static json_t *would_json (struct trial *t, const struct fact fact[], struct asking asking, firing_id firing)
{
	struct firing_next *next = arena_alloc (&t->once, sizeof *next);
	json_t *ret = json_array (), *one;
	bool waited = false, ended = false;
	for (size_t step = 0; !ended; step = next->step ? next->step->number : 0) {
		firing_step (t->asked.rule, step, fact, &asking, t->zone, next);
		ended = (waited && next->n_passed) || next->what == FIRING_DONE || next->what == FIRING_STOPPED;
		if (ended)
			break;
		if (next->what == FIRING_WAIT) {
			one = json_pack ("{s:i, s:o}", "step", (int) next->step->number, "wait", moment_json (next->due));
			asking = asking_of (t, next->due);
			waited = true;
		} else {
			one = action_json (t, next->step, fact, &asking, action_id_of (firing, next->step->number));
			ended = json_object_get (one, "refused") != NULL;
		}
		json_array_append_new (ret, one);
	}
	return ret;
}

/* ---- a match ---- */

/* What it is called: as it is known, else as the event itself says. */
static const char *label_of (struct trial *t, const struct moment *m)
{
	static const char *const names[] = { "title", "name", "number" };
	const struct place *p = about_place (t, m);
	for (size_t i = 0; i < LENGTH (names); i++) {
		const char *told = p ? json_string_value (json_object_get (p->known.facts, names[i])) : NULL;
		const struct field *f = m->event && !told ? record_field (m->event, names[i]) : NULL;
		if (f && f->kind == KIND_TEXT && field_has (f, m->item) == HERE)
			told = *(const char *const *) (const void *) ((const char *) m->item + f->offset);
		if (told && *told)
			return told;
	}
	return NULL;
}

static json_t *about_json (struct trial *t, const struct moment *m)
{
	char text[UUID_TEXT];
	if (m->noun < 0)
		return json_null ();
	return json_pack ("{s:s, s:s, s:s?}", "noun", known_noun_names[m->noun], "id", uuid_format (m->about, text), "label",
			  label_of (t, m));
}

static void match_tell (struct trial *t, const struct moment *m, json_t *would, struct buffer *out)
{
	char text[UUID_TEXT];
	json_t *match = json_pack ("{s:s?, s:s, s:o, s:o, s:O}", "event_id", m->head ? uuid_format (m->head->id, text) : NULL, "type",
				   m->event ? m->event->type : "time", "at", moment_json (m->at), "about", about_json (t, m), "would",
				   would);
	json_t *line = json_pack ("{s:o}", "match", match);
	char *json = json_dumps (line, JSON_COMPACT);
	buffer_text (out, json ? json : "{}");
	buffer_text (out, "\n");
	free (json);
	json_decref (line);
}

static void moment_ask (struct trial *t, struct moment *m, struct buffer *out)
{
	moment_context (t, m);
	struct asking asking = asking_of (t, m->now);
	const struct fact *fact = facts_of (t, m);
	if (!conditions_evaluate (&t->asked.rule->conditions, fact, &asking).matched)
		return;
	struct place *p = about_place (t, m);
	rule_version_id tried = { { { 0 } } };
	decision_id decision = m->head ? (decision_id){ m->head->id } : decision_id_of_time (tried, m->about, m->at);
	json_t *would = would_json (t, fact, asking, firing_id_of (tried, decision));
	if (p) {
		p->history.matches++;
		p->history.matched_at = m->now;
	}
	if (++t->matched <= TRIAL_MATCHES_MOST)
		match_tell (t, m, would, out);
	else
		t->truncated = true;
	json_decref (would);
}

/* ---- events ---- */

static void moment_of (struct trial *t, const struct record *event, const struct head *head, const void *item, int64_t now,
		       struct moment *ret, const struct known_target **ret_target, size_t *ret_n)
{
	*ret_n = known_targets (&t->once, event, item, ret_target);
	*ret = (struct moment){ .event = event, .item = item, .head = head, .at = head->at, .now = now, .noun = -1 };
	for (size_t i = *ret_n; i-- > 0;)
		ret->id[(*ret_target)[i].noun] = (*ret_target)[i].id;
	if (*ret_n) {
		ret->about = (*ret_target)->id;
		ret->noun = (int) (*ret_target)->noun;
	}
}

/* Whether the rule asks about a record that the event names and does not make itself, and of which nothing is known yet: the daemon waits for it too. */
static bool misses (struct trial *t, struct moment *m, const struct known_target target[], size_t n)
{
	unsigned made = 0;
	const struct rule *r = t->asked.rule;
	for (size_t i = 0; i < n; i++)
		made |= target[i].makes ? 1u << target[i].noun : 0;
	moment_context (t, m);
	if (known_awaits (&m->context, m->event, m->at, r->fact, r->n_facts))
		return true;
	for (size_t i = 0; i < r->n_facts; i++)
		for (int noun = 0; noun < KNOWN_NOUNS; noun++) {
			size_t length = strlen (known_noun_names[noun]);
			bool asked = r->fact[i].of == FACT_OF_RECORD && strncmp (r->fact[i].name, known_noun_names[noun], length) == 0 &&
				     r->fact[i].name[length] == '.';
			if (asked && !(made >> noun & 1) && !m->context.of[noun] && !uuid_is_null (m->id[noun]))
				return true;
		}
	return false;
}

static void later_free (struct later *l)
{
	buffer_fini (&l->packed);
	heap_free (l);
}

static void later_add (struct trial *t, const struct record *event, const struct head *head, struct bytes packed, int64_t due, bool missing)
{
	struct later *l = heap_alloc (sizeof *l), **at = t->last && t->last->due <= due ? &t->last->next : &t->later;
	*l = (struct later){ .due = due, .missing = missing, .event = event, .head = *head };
	buffer_add (&l->packed, packed.at, packed.n);
	while (*at && (*at)->due <= due)
		at = &(*at)->next;
	l->next = *at;
	*at = l;
	if (!l->next)
		t->last = l;
	t->missing += missing;
}

/* Takes it out of the row; it is the caller's. */
static struct later *later_take (struct trial *t, struct later **at)
{
	struct later *l = *at, *before = NULL;
	*at = l->next;
	t->missing -= l->missing;
	if (t->last != l)
		return l;
	for (struct later *k = t->later; k; k = k->next)
		before = k;
	t->last = before;
	return l;
}

static void *unpacked (struct trial *t, const struct record *event, const struct head *head, struct bytes packed)
{
	struct head *item = arena_alloc (&t->once, event->size);
	if (record_unpack (&t->once, event, packed, item, NULL) != OK)
		return NULL;
	*item = *head;
	return item;
}

static int64_t after_of (const struct trial *t, const struct head *head)
{
	return span_after (t->zone, head->at, t->asked.rule->when.span);
}

/* Its time came; or, of one that missed a record, it is asked with what is known by then. */
static void later_ask (struct trial *t, struct later *l, int64_t now, struct buffer *out)
{
	struct moment m;
	const struct known_target *target;
	size_t n;
	struct bytes packed = { l->packed.at, l->packed.n };
	void *item = unpacked (t, l->event, &l->head, packed);
	moment_of (t, l->event, &l->head, item, now, &m, &target, &n);
	if (l->missing && t->asked.rule->when.kind == WHEN_AFTER)
		later_add (t, l->event, &l->head, packed, after_of (t, &l->head), false);
	else
		moment_ask (t, &m, out);
	later_free (l);
}

static void later_due (struct trial *t, int64_t now, struct buffer *out)
{
	while (t->later && t->later->due <= now) {
		struct later *l = later_take (t, &t->later);
		later_ask (t, l, l->due, out);
	}
}

static bool still_misses (struct trial *t, struct later *l)
{
	struct moment m;
	const struct known_target *target;
	size_t n;
	void *item = unpacked (t, l->event, &l->head, (struct bytes){ l->packed.at, l->packed.n });
	moment_of (t, l->event, &l->head, item, l->head.recorded, &m, &target, &n);
	return misses (t, &m, target, n);
}

/* Something is known of another record: who waited for it is asked. */
static void later_found (struct trial *t, int64_t now, struct buffer *out)
{
	for (struct later **at = &t->later; *at;) {
		struct later *l = *at;
		if (!l->missing || still_misses (t, l)) {
			at = &l->next;
			continue;
		}
		later_ask (t, later_take (t, at), now, out);
		at = &t->later;
	}
}

static bool is_about (const struct trial *t, const struct known_target target[], size_t n)
{
	bool ret = uuid_is_null (t->asked.record);
	for (size_t i = 0; i < n && !ret; i++)
		ret = uuid_equal (target[i].id, t->asked.record);
	return ret;
}

static bool hears (const struct trial *t, const struct record *event, const struct head *head)
{
	const struct when *w = &t->asked.rule->when;
	return (w->kind == WHEN_EVENT || w->kind == WHEN_AFTER) && w->event == event && head->recorded >= t->asked.since &&
	       head->recorded < t->asked.until && head->depth <= LOOP_DEPTH;
}

static bool is_of_workspace (const struct record *event)
{
	return event == &workspace_created_record || event == &workspace_preset_changed_record || event == &board_changed_record ||
	       event == &member_changed_record;
}

static bool takes_records (struct trial *t, const struct record *event, const void *item, const struct known_target target[], size_t n,
			   int64_t now, struct buffer *out)
{
	size_t before = t->records;
	records_take (t, event, item, target, n);
	if (t->records > TRIAL_RECORDS_MOST) {
		t->truncated = true;
		return false;
	}
	if ((t->records > before || event == &lead_contact_linked_record) && t->missing)
		later_found (t, now, out);
	return true;
}

bool trial_take (struct trial *t, const struct record *event, const struct head *head, struct bytes packed, struct buffer *out)
{
	const struct known_target *target;
	struct moment m;
	size_t n;
	bool heard = hears (t, event, head), own = is_of_workspace (event);
	if (t->truncated && t->records > TRIAL_RECORDS_MOST)
		return false;
	t->events += head->recorded >= t->asked.since;
	arena_reset (&t->once);
	later_due (t, head->recorded, out);
	if (!(heard || own || t->keeps) || strcmp (event->service, "automation") == 0)
		return true;
	void *item = unpacked (t, event, head, packed);
	if (!item)
		return true;
	if (own)
		workspace_take (t, event, item);
	moment_of (t, event, head, item, head->recorded, &m, &target, &n);
	heard = heard && is_about (t, target, n);
	bool missing = heard && t->keeps && misses (t, &m, target, n);
	if (t->keeps && !takes_records (t, event, item, target, n, head->recorded, out))
		return false;
	if (heard && t->keeps && !missing) { /* who it is, or its deal, is still to be said */
		moment_of (t, event, head, item, head->recorded, &m, &target, &n);
		moment_context (t, &m);
		missing = known_awaits (&m.context, event, m.at, t->asked.rule->fact, t->asked.rule->n_facts);
	}
	if (missing)
		later_add (t, event, head, packed, head->recorded + MISSING_SECONDS * INT64_C (1000000), true);
	else if (heard && t->asked.rule->when.kind == WHEN_AFTER)
		later_add (t, event, head, packed, after_of (t, head), false);
	else if (heard) {
		moment_of (t, event, head, item, head->recorded, &m, &target, &n);
		moment_ask (t, &m, out);
	}
	return true;
}

/* ---- rules of time ---- */

static void time_ask (struct trial *t, const struct known *k, int64_t due, struct buffer *out)
{
	struct moment m = { .at = due, .now = due, .noun = k ? (int) k->noun : -1 };
	bool wanted = uuid_is_null (t->asked.record) || (k && uuid_equal (k->record_id, t->asked.record));
	if (due < t->asked.since || due >= t->asked.until || !wanted)
		return;
	if (k)
		m.id[k->noun] = m.about = k->record_id;
	moment_ask (t, &m, out);
}

static int64_t before_due (struct trial *t, const struct known *k)
{
	const struct rule *r = t->asked.rule;
	struct moment m = { .noun = (int) k->noun };
	m.id[k->noun] = m.about = k->record_id;
	moment_context (t, &m);
	struct fact day = fact_of_known (&t->once, &r->fact[r->when.fact], &m.context);
	return day.has == HERE ? span_before (t->zone, day.day, r->when.span, r->when.each.minute) : INT64_MIN;
}

static bool is_named (const char *name, enum known_noun noun)
{
	size_t n = strlen (known_noun_names[noun]);
	return strncmp (name, known_noun_names[noun], n) == 0 && (!name[n] || name[n] == '.');
}

static void times_ask (struct trial *t, struct buffer *out)
{
	const struct rule *r = t->asked.rule;
	const struct when *w = &r->when;
	const char *noun = w->kind == WHEN_BEFORE ? r->fact[w->fact].name : w->record;
	for (struct place *p = t->first; p; p = p->next) {
		arena_reset (&t->once);
		if (!is_named (noun, p->known.noun) || !known_stands (&p->known))
			continue;
		int64_t due = w->kind == WHEN_BEFORE ? before_due (t, &p->known)
			      : p->known.active_at   ? span_after (t->zone, p->known.active_at, w->span)
						     : INT64_MIN;
		time_ask (t, &p->known, due, out);
	}
}

void trial_finish (struct trial *t, struct buffer *out)
{
	const struct when *w = &t->asked.rule->when;
	arena_reset (&t->once);
	later_due (t, t->asked.until, out);
	switch (w->kind) {
	case WHEN_EVENT:
	case WHEN_AFTER: break;
	case WHEN_BEFORE:
	case WHEN_QUIET: times_ask (t, out); break;
	case WHEN_EACH:
		for (int64_t at = weekly_next (t->zone, w->each, t->asked.since - 1); at < t->asked.until;
		     at = weekly_next (t->zone, w->each, at)) {
			arena_reset (&t->once);
			time_ask (t, NULL, at, out);
		}
		break;
	}
}

/* ---- a trial ---- */

static bool rule_needs (const struct rule *r)
{
	bool ret = r->when.kind == WHEN_BEFORE || r->when.kind == WHEN_QUIET;
	for (size_t i = 0; i < r->n_facts && !ret; i++)
		ret = r->fact[i].of != FACT_OF_EVENT;
	return ret;
}

static bool steps_pick (const struct steps *steps)
{
	for (const struct step *s = steps->at; s < steps->at + steps->n; s++) {
		for (size_t i = 0; i < s->n_with; i++)
			if (s->with[i].n_pick)
				return true;
		if (s->kind == STEP_BRANCH && (steps_pick (&s->yes) || steps_pick (&s->no)))
			return true;
	}
	return false;
}

struct trial *trial_begin (const struct trial_asked *asked)
{
	enum { SLOTS_FIRST = 1024 };
	struct trial *t = heap_alloc (sizeof *t);
	const struct rule *r = asked->rule;
	*t = (struct trial){ .asked = *asked, .slots = SLOTS_FIRST, .written = WRITTEN_EN };
	arena_init (&t->arena);
	arena_init (&t->once);
	t->zone = zone_open ("UTC");
	t->keeps = rule_needs (r) || steps_pick (&r->steps);
	for (size_t i = 0; i < r->n_facts; i++)
		t->papers = t->papers || strcmp (r->fact[i].name, "deal.open_invoices") == 0 ||
			    strcmp (r->fact[i].name, "deal.left_to_invoice") == 0;
	t->slot = heap_alloc (t->slots * sizeof (struct place *));
	t->end = &t->first;
	return t;
}

void trial_end (struct trial **t)
{
	struct trial *x = *t;
	if (!x)
		return;
	for (struct place *p = x->first; p; p = p->next)
		known_end (&p->known);
	for (struct later *l = x->later, *next; l; l = next) {
		next = l->next;
		later_free (l);
	}
	if (x->zone)
		zone_close (x->zone);
	heap_free (x->slot);
	heap_free (x->gone);
	arena_fini (&x->once);
	arena_fini (&x->arena);
	heap_free (x);
	*t = NULL;
}

bool trial_needs_past (const struct trial *t)
{
	return t->keeps;
}

struct trial_sum trial_sum (const struct trial *t)
{
	return (struct trial_sum){
		.events = t->events, .matched = t->matched, .would = t->would, .n_would = t->n_would, .truncated = t->truncated
	};
}
