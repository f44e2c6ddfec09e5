/* Decisions that wait: an event is about a lead of which contacts has not said yet who it is, or pipeline its deal, and its rules ask that. What is known of it is
 * kept at once and holds nobody up; the rules are asked when it is said, or when it was waited for long enough. It must never decide without taking what waited away. */
#include "engine_parts.h"

#include <string.h>
#include "automation_sql.h"
#include "clock.h"

/* ---- what begins to wait ---- */

/* All that the event says, and what its rules ask of it beside (its own fields, by their keys). */
static const char *said_text (struct run *r, const struct cause *c, const struct rules_heard *h)
{
	struct arena *a = batch_arena (r->b);
	size_t all, asked, n = 0;
	const struct fact_name *every = facts_all (a, c->event, &all), *asks = rule_index_facts (h->index, &asked);
	struct fact_name *name = arena_array (a, all + asked, sizeof *name);
	struct fact *fact = arena_array (a, all + asked, sizeof *fact);
	for (size_t i = 0; i < all; i++)
		if (!strchr (every[i].name, '*'))
			name[n++] = every[i];
	for (size_t i = 0; i < asked; i++)
		if (asks[i].of == FACT_OF_EVENT && asks[i].key)
			name[n++] = asks[i];
	for (size_t i = 0; i < n; i++)
		fact[i] = cause_fact (r, c, &name[i], NULL);
	return facts_text (r, name, fact, n);
}

void undecided_add (struct run *r, const struct cause *c, const struct rules_heard *h)
{
	struct undecided_row row = { .workspace_id = { c->workspace },
				     .decision_id = { c->decision },
				     .event_type = c->type,
				     .at = c->at,
				     .recorded = c->recorded,
				     .depth = c->depth,
				     .facts = said_text (r, c, h),
				     .about = known_noun_names[c->about_noun],
				     .has.about = uuid_is_null (c->about) ? CLEARED : HERE,
				     .due_at = batch_now (r->b) + MISSING_SECONDS * INT64_C (1000000) };
	ID_PUT (&row, actor_id, c->actor);
	ID_PUT (&row, deal_id, c->id[KNOWN_DEAL]);
	ID_PUT (&row, lead_id, c->context.of[KNOWN_LEAD]->record_id);
	ID_PUT (&row, contact_id, c->id[KNOWN_CONTACT]);
	ID_PUT (&row, account_id, c->id[KNOWN_ACCOUNT]);
	ID_PUT (&row, document_id, c->id[KNOWN_DOCUMENT]);
	ID_PUT (&row, owner_id, c->owner);
	r->undecided = run_room (r, r->undecided, r->undecideds, &r->undecideds_room, sizeof *r->undecided);
	r->undecided[r->undecideds++] = row;
}

/* ---- what waited ---- */

enum known_noun noun_told (const char *name)
{
	enum known_noun noun = 0;
	while (noun + 1 < KNOWN_NOUNS && strcmp (known_noun_names[noun], name) != 0)
		noun++;
	return noun;
}

#define ID_OF(from, name) ((from)->has.name == HERE ? (from)->name.uuid : (struct uuid){ { 0 } })

static void undecided_cause (struct run *r, const struct head *head, const struct undecided_row *u, struct cause *ret)
{
	json_t *said = json_loads (u->facts, 0, NULL);
	*ret = (struct cause){ .rules = rules_of (r->b, u->workspace_id.uuid),
			       .head = head,
			       .workspace = u->workspace_id.uuid,
			       .decision = u->decision_id.uuid,
			       .actor = ID_OF (u, actor_id),
			       .owner = ID_OF (u, owner_id),
			       .type = u->event_type,
			       .event = record_of_type (u->event_type),
			       .said = run_hold (said ? said : json_object ()),
			       .at = u->at,
			       .recorded = u->recorded,
			       .depth = (int) u->depth,
			       .id = { [KNOWN_LEAD] = ID_OF (u, lead_id),
				       [KNOWN_DEAL] = ID_OF (u, deal_id),
				       [KNOWN_CONTACT] = ID_OF (u, contact_id),
				       [KNOWN_ACCOUNT] = ID_OF (u, account_id),
				       [KNOWN_DOCUMENT] = ID_OF (u, document_id) } };
	if (u->has.about == HERE) {
		ret->about_noun = noun_told (u->about);
		ret->about = ret->id[ret->about_noun];
	}
	cause_context (r, ret);
}

/* Their records, and what these hang on. */
static void undecided_near (struct run *r, const struct undecided_row u[], size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct uuid id[] = { ID_OF (&u[i], deal_id), ID_OF (&u[i], lead_id), ID_OF (&u[i], contact_id),
					   ID_OF (&u[i], account_id), ID_OF (&u[i], document_id) };
		for (size_t k = 0; k < LENGTH (id); k++)
			if (!uuid_is_null (id[k]))
				pool_ask (r->pool, u[i].workspace_id.uuid, id[k]);
	}
	pool_load (r->pool, true);
	for (size_t i = 0; i < n; i++)
		if (u[i].has.deal_id == HERE)
			pool_ask (r->pool, u[i].workspace_id.uuid, u[i].deal_id.uuid);
	pool_load_papers (r->pool);
}

/* Which were decided before: an event that is delivered again waits again while nobody said who it is. */
static const bool *undecided_seen (struct run *r, const struct undecided_row u[], size_t n)
{
	struct decision_row *ask = ARRAY (r->b, ask, n);
	bool *ret = ARRAY (r->b, ret, n);
	size_t found;
	for (size_t i = 0; i < n; i++)
		ask[i] = (struct decision_row){ .workspace_id = u[i].workspace_id, .decision_id = u[i].decision_id };
	const struct decision_seen *seen = decision_there (r->b, ask, n, &found);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < found; k++)
			ret[i] |= uuid_equal (seen[k].decision_id.uuid, u[i].decision_id.uuid) &&
				  uuid_equal (seen[k].workspace_id.uuid, u[i].workspace_id.uuid);
	return ret;
}

/* False: something of its lead is still to be said, and it is not `due`. Where no rule hears such events any more, nothing is to be decided. */
static bool undecided_decide (struct run *r, const struct head *head, const struct undecided_row *u, bool seen, bool due)
{
	struct cause cause;
	size_t n = 0;
	if (seen)
		return true;
	undecided_cause (r, head, u, &cause);
	const struct rules_heard *heard = cause.event ? rules_heard (cause.rules, cause.event) : NULL;
	const struct fact_name *name = heard ? rule_index_facts (heard->index, &n) : NULL;
	if (!due && heard && known_awaits (&cause.context, cause.event, cause.at, name, n))
		return false;
	if (heard)
		engine_decide (r, &cause, heard);
	return true;
}

static const struct head *head_of (const struct undecided_row *u, const struct undecided_ask lead[], const struct head *const by[],
				   size_t n)
{
	size_t i = 0;
	while (i + 1 < n &&
	       !(uuid_equal (lead[i].lead_id.uuid, u->lead_id.uuid) && uuid_equal (lead[i].workspace_id.uuid, u->workspace_id.uuid)))
		i++;
	return by[i];
}

void undecided_told (struct run *r, const struct undecided_ask lead[], const struct head *const by[], size_t n)
{
	size_t rows, over = 0;
	const struct undecided_row *u = undecided_load (r->b, lead, n, &rows);
	struct undecided_row *decided = ARRAY (r->b, decided, rows);
	undecided_near (r, u, rows);
	const bool *seen = undecided_seen (r, u, rows);
	for (size_t i = 0; i < rows; i++)
		if (undecided_decide (r, head_of (&u[i], lead, by, n), &u[i], seen[i], false))
			decided[over++] = u[i];
	undecided_drop (r->b, decided, over);
}

size_t undecided_look (struct batch *b, const struct rules_tick *tick)
{
	size_t n, rows;
	struct run run;
	const struct workspace_due *due = undecided_due (b, tick, 1, &n);
	due = batch_own (b, &workspace_due_record, due, &n);
	if (!n)
		return 0;
	run_begin (&run, b);
	const struct undecided_row *u = undecided_due_load (b, due, n, &rows);
	undecided_near (&run, u, rows);
	const bool *seen = undecided_seen (&run, u, rows);
	for (size_t i = 0; i < rows; i++) {
		struct head *head = arena_alloc (batch_arena (b), sizeof *head);
		*head = tick->head;
		head->workspace = u[i].workspace_id.uuid;
		undecided_decide (&run, head, &u[i], seen[i], true);
	}
	undecided_drop (b, u, rows);
	run_keep (&run);
	return rows;
}
