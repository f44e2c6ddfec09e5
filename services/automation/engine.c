/* Events: what is known of their records is kept, their rules are asked, and what was decided is written; see engine.h.
 * It must never leave out a rule that hears an event, nor write of one what was not so. */
#include "engine_parts.h"

#include <string.h>
#include "automation_sql.h"
#include "clock.h"
#include "decision.h"
#include "fact_json.h"
#include "public_events.h"

/* ---- a run ---- */

static struct {
	json_t **at;
	size_t n, room;
} held; /* the writer's alone */

json_t *run_hold (json_t *json)
{
	if (held.n == held.room)
		held.at = heap_resize (held.at, (held.room = held.room ? held.room * 2 : 64) * sizeof (json_t *));
	return held.at[held.n++] = json;
}

void run_begin (struct run *r, struct batch *b)
{
	while (held.n)
		json_decref (held.at[--held.n]);
	rules_trim (b);
	*r = (struct run){ .b = b, .pool = pool_of (b) };
}

void run_keep (struct run *r)
{
	decision_write (r->b, r->decision, r->decisions);
	undecided_write (r->b, r->undecided, r->undecideds);
	firing_write (r->b, r->firing, r->firings);
	action_wanted_emit (r->b, r->wanted, r->wanteds);
	rule_fired_emit (r->b, r->fired, r->fireds);
	engine_count (r);
}

void *run_room (struct run *r, const void *at, size_t n, size_t *room, size_t size)
{
	if (n < *room)
		return (void *) at;
	*room = *room ? *room * 2 : 16;
	void *more = arena_array (batch_arena (r->b), *room, size);
	if (n)
		memcpy (more, at, n * size);
	return more;
}

struct heard_event {
	const void *item;
	const struct head *head;
	const struct known_target *target;
	size_t n_targets;
	const struct rules_of *rules;
	const struct rules_heard *heard;
	bool decided; /* before: it is delivered again */
};

/* ---- what an event is about ---- */

void cause_context (struct run *r, struct cause *c)
{
	struct known_context *x = &c->context;
	*x = (struct known_context){ .stage = c->rules->stage, .stages = c->rules->stages, .day_of = zone_day, .zone = c->rules->zone };
	for (int round = 0; round < 3; round++)
		for (int noun = 0; noun < KNOWN_NOUNS; noun++) {
			if (uuid_is_null (c->id[noun]) && !known_follow (x, (enum known_noun) noun, &c->id[noun]))
				continue;
			if (!x->of[noun])
				x->of[noun] = pool_find (r->pool, c->workspace, (enum known_noun) noun, c->id[noun]);
		}
	if (x->of[KNOWN_DEAL])
		x->document = pool_papers (r->pool, c->workspace, c->id[KNOWN_DEAL], &x->documents);
	for (int noun = 0; noun < KNOWN_NOUNS && uuid_is_null (c->owner); noun++)
		if (x->of[noun])
			c->owner = x->of[noun]->owner_id;
}

static int noun_of_fact (const struct fact_name *name)
{
	for (int noun = 0; noun < KNOWN_NOUNS; noun++) {
		size_t n = strlen (known_noun_names[noun]);
		if (name->of == FACT_OF_RECORD && strncmp (name->name, known_noun_names[noun], n) == 0 && name->name[n] == '.')
			return noun;
	}
	return -1;
}

/* Whether a rule of those asks about a record that the event names and does not make itself, and of which nothing is known yet. */
static bool cause_misses (const struct cause *c, const struct heard_event *e, const struct fact_name fact[], size_t n)
{
	unsigned made = 0;
	for (size_t i = 0; i < e->n_targets; i++)
		made |= e->target[i].makes ? 1u << e->target[i].noun : 0;
	for (size_t i = 0; i < n; i++) {
		int noun = noun_of_fact (&fact[i]);
		if (noun >= 0 && !(made >> noun & 1) && !c->context.of[noun] && !uuid_is_null (c->id[noun]))
			return true;
	}
	return false;
}

bool facts_need_papers (const struct fact_name fact[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp (fact[i].name, "deal.open_invoices") == 0 || strcmp (fact[i].name, "deal.left_to_invoice") == 0)
			return true;
	return false;
}

/* ---- facts ---- */

static struct fact event_fact (struct run *r, const struct cause *c, const struct fact_name *name)
{
	struct arena *a = batch_arena (r->b);
	if (c->said)
		return fact_of_json (a, name, json_object_get (c->said, name->name), zone_day, c->rules->zone);
	if (name->field)
		return fact_of_field (a, name, c->item, zone_day, c->rules->zone);
	if (name->kind == FACT_TIME)
		return fact_of_time (c->at, zone_day (c->rules->zone, c->at));
	return uuid_is_null (c->actor) ? (struct fact){ .has = CLEARED, .kind = FACT_ID } : fact_of_id (c->actor);
}

static struct known_history history_of (struct run *r, const struct cause *c, const struct rule_known *rule)
{
	struct firing_history_ask ask = { .workspace_id = { c->workspace },
					  .rule_id = { rule->rule },
					  .noun = known_noun_names[c->about_noun],
					  .record_id = { c->about },
					  .decision_id = { c->decision } };
	const struct firing_history *h = firing_history_load (r->b, &ask, 1);
	return (struct known_history){ .matches = h->matches, .matched_at = h->has.matched_at == HERE ? h->matched_at : 0 };
}

struct fact cause_fact (struct run *r, const struct cause *c, const struct fact_name *name, const struct rule_known *rule)
{
	struct arena *a = batch_arena (r->b);
	if (name->of == FACT_OF_EVENT)
		return event_fact (r, c, name);
	if (name->of == FACT_OF_RECORD)
		return fact_of_known (a, name, &c->context);
	const struct known *about = c->context.of[c->about_noun]; /* a lead and its deal bear one id */
	about = about && uuid_equal (about->record_id, c->about) ? about : NULL;
	struct known_history history = { 0 };
	if (rule && strncmp (name->name, "history.match", 13) == 0)
		history = history_of (r, c, rule);
	return fact_of_history (name, about, c->event, &history, &c->context);
}

const struct fact *cause_facts (struct run *r, const struct cause *c, const struct rule_known *rule)
{
	struct fact *ret = arena_array (batch_arena (r->b), rule->says.n_facts + 1, sizeof *ret);
	for (size_t i = 0; i < rule->says.n_facts; i++)
		ret[i] = cause_fact (r, c, &rule->says.fact[i], rule);
	return ret;
}

struct asking cause_asking (const struct run *r, const struct cause *c)
{
	int64_t now = batch_now (r->b);
	return (struct asking){ .now = now, .today = zone_day (c->rules->zone, now), .written = c->rules->written };
}

/* ---- asking the rules ---- */

const char *facts_text (struct run *r, const struct fact_name name[], const struct fact fact[], size_t n)
{
	json_t *all = json_object ();
	for (size_t i = 0; i < n; i++) {
		json_t *value = fact_json (&fact[i]);
		if (value)
			json_object_set_new (all, name[i].name, value);
	}
	char *text = json_dumps (all, JSON_COMPACT);
	const char *ret = arena_text (batch_arena (r->b), text ? text : "{}");
	free (text);
	json_decref (all);
	return ret;
}

/* History is each rule's own: the set's facts hold none of it. */
static const struct fact *facts_of_rule (struct run *r, const struct cause *c, const struct rules_heard *h, const struct fact all[],
					 uint32_t i)
{
	struct fact *ret = (struct fact *) rule_index_facts_of (h->index, batch_arena (r->b), all, i);
	const struct rule *says = h->says[i];
	for (size_t k = 0; k < says->n_facts; k++)
		if (says->fact[k].of == FACT_OF_HISTORY)
			ret[k] = cause_fact (r, c, &says->fact[k], &h->rule[i]);
	return ret;
}

/* The condition at which it failed; 0: it is met. */
static size_t rule_ask_one (struct run *r, const struct cause *c, const struct rules_heard *h, const struct fact all[], uint32_t i)
{
	if (h->rule[i].since > c->recorded)
		return DECISION_CONDITIONS_MOST; /* it was switched on later */
	if (h->says[i]->when.kind == WHEN_AFTER)
		return 0; /* its conditions are asked when its time comes */
	struct asking asking = cause_asking (r, c);
	struct verdict v = conditions_evaluate (&h->says[i]->conditions, facts_of_rule (r, c, h, all, i), &asking);
	return v.matched ? 0 : v.failed;
}

static struct decision_row decision_of (struct run *r, const struct cause *c)
{
	struct decision_row ret = { .workspace_id = { c->workspace },
				    .decision_id = { c->decision },
				    .event_type = c->type,
				    .at = c->at,
				    .decided_at = batch_now (r->b),
				    .depth = c->depth,
				    .facts = "{}" };
	ID_PUT (&ret, actor_id, c->actor);
	ID_PUT (&ret, deal_id, c->id[KNOWN_DEAL]);
	ID_PUT (&ret, lead_id, c->id[KNOWN_LEAD]);
	ID_PUT (&ret, contact_id, c->id[KNOWN_CONTACT]);
	ID_PUT (&ret, account_id, c->id[KNOWN_ACCOUNT]);
	ID_PUT (&ret, document_id, c->id[KNOWN_DOCUMENT]);
	ID_PUT (&ret, owner_id, c->owner);
	ret.about = known_noun_names[c->about_noun];
	ret.has.about = uuid_is_null (c->about) ? CLEARED : HERE;
	return ret;
}

static void decision_add (struct run *r, const struct decision_row *row)
{
	r->decision = run_room (r, r->decision, r->decisions, &r->decisions_room, sizeof *r->decision);
	r->decision[r->decisions++] = *row;
}

/* Which rules were met begin to fire, in their order; where the others failed is packed. */
static void rules_ask (struct run *r, const struct cause *c, const struct rules_heard *h, const struct fact all[], struct decision_row *row)
{
	struct arena *a = batch_arena (r->b);
	size_t n, failed = 0, after = 0;
	const uint32_t *candidate = rule_index_candidates (h->index, a, all, &n);
	struct decision_failure *failure = arena_array (a, h->n + 1, sizeof *failure);
	for (size_t i = 0; i < n || after < h->n_after;) {
		uint32_t rule;
		if (after < h->n_after && (i == n || h->after[after] <= candidate[i])) {
			rule = h->after[after++];
			i += i < n && candidate[i] == rule;
		} else
			rule = candidate[i++];
		size_t at = rule_ask_one (r, c, h, all, rule);
		if (at)
			failure[failed++] = (struct decision_failure){ .rule = rule, .condition = (uint32_t) at };
		else {
			row->matched++;
			rule_begins (r, c, &h->rule[rule]);
		}
	}
	struct buffer out = { 0 };
	decision_pack (failure, failed, &out);
	row->failed = (struct bytes){ .at = (const unsigned char *) arena_copy (a, (const char *) out.at, out.n), .n = out.n };
	buffer_fini (&out);
}

void engine_decide (struct run *r, struct cause *c, const struct rules_heard *h)
{
	size_t n;
	int64_t began = clock_monotonic ();
	const struct fact_name *name = rule_index_facts (h->index, &n);
	struct decision_row row = decision_of (r, c);
	struct fact *all = arena_array (batch_arena (r->b), n + 1, sizeof *all);
	ID_PUT (&row, rule_set_id, h->set);
	if (c->depth > LOOP_DEPTH) {
		row.skipped = "loop";
		row.has.skipped = HERE;
		decision_add (r, &row);
		return;
	}
	for (size_t i = 0; i < n; i++)
		all[i] = cause_fact (r, c, &name[i], NULL);
	row.facts = facts_text (r, name, all, n);
	rules_ask (r, c, h, all, &row);
	row.took_us = clock_monotonic () - began;
	decision_add (r, &row);
}

/* ---- events ---- */

static void decided_find (struct run *r, struct heard_event e[], size_t n)
{
	struct decision_row *ask = ARRAY (r->b, ask, n);
	size_t found;
	for (size_t i = 0; i < n; i++)
		ask[i] = (struct decision_row){ .workspace_id = { e[i].head->workspace }, .decision_id = { e[i].head->id } };
	const struct decision_seen *seen = decision_there (r->b, ask, n, &found);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < found; k++)
			e[i].decided |= uuid_equal (seen[k].decision_id.uuid, e[i].head->id) &&
					uuid_equal (seen[k].workspace_id.uuid, e[i].head->workspace);
}

static void event_cause (const struct record *r, const struct heard_event *e, struct cause *ret)
{
	const struct field *owner = record_field (r, "owner_id");
	*ret = (struct cause){ .rules = e->rules,
			       .head = e->head,
			       .workspace = e->head->workspace,
			       .decision = e->head->id,
			       .actor = e->head->actor,
			       .type = r->type,
			       .event = r,
			       .item = e->item,
			       .at = e->head->at,
			       .recorded = e->head->recorded,
			       .depth = e->head->depth };
	for (size_t i = 0; i < e->n_targets; i++)
		if (!e->target[i].twin && uuid_is_null (ret->id[e->target[i].noun]))
			ret->id[e->target[i].noun] = e->target[i].id;
	if (e->n_targets) {
		ret->about = e->target[0].id;
		ret->about_noun = e->target[0].noun;
	}
	if (owner && owner->kind == KIND_ID && field_has (owner, e->item) == HERE)
		memcpy (&ret->owner, (const char *) e->item + owner->offset, sizeof ret->owner);
}

static void known_take (struct run *r, const struct record *event, const struct heard_event *e)
{
	struct known_move move;
	for (size_t i = 0; i < e->n_targets; i++) {
		const struct known_target *t = &e->target[i];
		struct known *k = pool_find (r->pool, e->head->workspace, t->noun, t->id);
		if (!k && t->makes)
			k = pool_make (r->pool, e->head->workspace, t->noun, t->id);
		if (!k)
			continue;
		known_apply (k, event, e->item);
		const struct known *lead = t->noun == KNOWN_DEAL ? pool_find (r->pool, e->head->workspace, KNOWN_LEAD, t->id) : NULL;
		if (lead)
			known_inherit (k, lead);
		pool_touch (r->pool, e->head->workspace, k);
	}
	if (known_moves (event, e->item, &move)) {
		struct known_move_ask ask = { .workspace_id = { e->head->workspace }, .place = move.column, .id = { move.from } };
		size_t rows;
		const struct known_row *row = known_moved_load (r->b, &ask, 1, &rows);
		pool_take (r->pool, row, rows);
		pool_move (r->pool, e->head->workspace, &move);
	}
}

/* Whose contact somebody is was heard before that there is such a lead, or deal: their streams know nothing of each other. */
static bool links_nothing (struct run *r, const struct record *event, const struct heard_event *e)
{
	bool links = event == &lead_contact_linked_record || event == &deal_contact_linked_record;
	for (size_t i = 0; i < e->n_targets && links; i++)
		if (!e->target[i].twin && (e->target[i].noun == KNOWN_LEAD || e->target[i].noun == KNOWN_DEAL))
			return !pool_find (r->pool, e->head->workspace, e->target[i].noun, e->target[i].id);
	return false;
}

static struct outcome event_hear (struct run *r, const struct record *event, const struct heard_event *e)
{
	bool young = batch_now (r->b) - e->head->recorded < MISSING_SECONDS * INT64_C (1000000);
	struct cause cause;
	size_t n = 0;
	const struct fact_name *name = NULL;
	if (e->decided)
		return skipped ();
	if (!e->rules->arrived)
		return not_yet ("the workspace has not arrived");
	if (young && links_nothing (r, event, e))
		return not_yet ("what it links has not arrived");
	event_cause (event, e, &cause);
	if (e->heard) {
		name = rule_index_facts (e->heard->index, &n);
		cause_context (r, &cause);
		if (young && cause_misses (&cause, e, name, n))
			return not_yet ("what its rules ask about has not arrived");
	}
	known_take (r, event, e);
	if (e->heard) {
		event_cause (event, e, &cause);
		cause_context (r, &cause);
		if (known_awaits (&cause.context, event, cause.at, name, n)) /* however old: whoever was away hears who it is after it */
			undecided_add (r, &cause, e->heard);
		else
			engine_decide (r, &cause, e->heard);
	}
	return done ();
}

static void events_load (struct run *r, const struct heard_event e[], size_t n)
{
	bool near = false, papers = false;
	for (size_t i = 0; i < n; i++) {
		size_t facts = 0;
		const struct fact_name *name = e[i].heard ? rule_index_facts (e[i].heard->index, &facts) : NULL;
		near = near || e[i].heard;
		papers = papers || facts_need_papers (name, facts);
		for (size_t k = 0; k < e[i].n_targets; k++)
			pool_ask (r->pool, e[i].head->workspace, e[i].target[k].id);
	}
	pool_load (r->pool, near);
	for (size_t i = 0; i < n && papers; i++)
		for (size_t k = 0; k < e[i].n_targets; k++)
			if (e[i].target[k].noun == KNOWN_DEAL)
				pool_ask (r->pool, e[i].head->workspace, e[i].target[k].id);
	pool_load_papers (r->pool);
}

/* What waits for what these say of a lead: who it is, or that there is its deal, which bears its id. */
static void undecided_hear (struct run *r, const struct heard_event e[], size_t n, const struct outcome ret[])
{
	struct undecided_ask *ask = ARRAY (r->b, ask, n);
	const struct head **head = ARRAY (r->b, head, n);
	size_t asks = 0;
	for (size_t i = 0; i < n; i++)
		if (ret[i].state == OUTCOME_DONE && e[i].rules->awaits && e[i].n_targets) {
			head[asks] = e[i].head;
			ask[asks++] = (struct undecided_ask){ .workspace_id = { e[i].head->workspace }, .lead_id = { e[i].target[0].id } };
		}
	if (asks)
		undecided_told (r, ask, head, asks);
}

void engine_hear (struct batch *b, const struct record *r, const void *item, size_t n, struct outcome ret[])
{
	struct run run;
	struct heard_event *e = ARRAY (b, e, n);
	run_begin (&run, b);
	for (size_t i = 0; i < n; i++) {
		e[i] = (struct heard_event){ .item = (const char *) item + i * r->size };
		e[i].head = e[i].item;
		e[i].n_targets = known_targets (batch_arena (b), r, e[i].item, &e[i].target);
		e[i].rules = rules_of (b, e[i].head->workspace);
		e[i].heard = event_is_public (r) ? rules_heard (e[i].rules, r) : NULL;
	}
	if (batch_careful (b))
		decided_find (&run, e, n);
	events_load (&run, e, n);
	for (size_t i = 0; i < n; i++)
		ret[i] = event_hear (&run, r, &e[i]);
	if (r == &lead_contact_linked_record || r == &deal_created_record)
		undecided_hear (&run, e, n, ret);
	run_keep (&run);
}
