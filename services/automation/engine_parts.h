/* What the engine's files share. It must never be needed outside engine*.c. */
#ifndef LEADWIRE_AUTOMATION_ENGINE_PARTS_H
#define LEADWIRE_AUTOMATION_ENGINE_PARTS_H

#include "engine.h"
#include "firing.h"
#include "pool.h"
#include "rules.h"

/* One transaction's work: rows and events as they come, written and said at its end. */
struct run {
	struct batch *b;
	struct pool *pool;
	struct decision_row *decision;
	struct firing_row *firing;
	struct action_wanted *wanted;
	struct rule_fired *fired;
	struct undecided_row *undecided;
	const char *own; /* body of an action of automation's own that was asked for and is to be done at once; or null */
	size_t decisions, decisions_room, firings, firings_room, wanteds, wanteds_room, fireds, fireds_room, undecideds, undecideds_room;
};

/* What rules answer: an event, a time, or a decision that goes on. */
struct cause {
	const struct rules_of *rules;
	const struct head *head; /* of what is heard now: who it comes of */
	struct uuid workspace, decision, actor, owner;
	const char *type;	    /* of the event, or "time" */
	const struct record *event; /* with `item`: as it is heard now; else null */
	const void *item;
	const json_t *said; /* facts as they were, by name: of a decision that goes on; else null */
	int64_t at, recorded;
	int depth;
	struct uuid id[KNOWN_NOUNS]; /* what it is about; null: none */
	struct uuid about;	     /* whose history is meant; null: nobody's */
	enum known_noun about_noun;
	struct known_context context;
};

void run_begin (struct run *r, struct batch *b);
void run_keep (struct run *r);
/* Counts what a run wrote, for operators. */
void engine_count (const struct run *r);
/* JSON that lives until the next run begins, also where the batch aborts. */
json_t *run_hold (json_t *json);
/* Room for one more of n things of that size, in the batch's arena. */
void *run_room (struct run *r, const void *at, size_t n, size_t *room, size_t size);

/* Fills the context from the pool by cause->id; whom those name joins these. */
void cause_context (struct run *r, struct cause *c);
/* Whether any asks what is reckoned of a deal's documents. */
bool facts_need_papers (const struct fact_name fact[], size_t n);
struct fact cause_fact (struct run *r, const struct cause *c, const struct fact_name *name, const struct rule_known *rule);
/* Each of the rule's facts as of now, in the batch's arena. */
const struct fact *cause_facts (struct run *r, const struct cause *c, const struct rule_known *rule);
struct asking cause_asking (const struct run *r, const struct cause *c);

/* By name what facts hold, as JSON; one that is none is not there. */
const char *facts_text (struct run *r, const struct fact_name name[], const struct fact fact[], size_t n);
/* The facts of a decision's rules are asked later: when nothing of its lead is still to be said (undecided_told: of these leads something was, each by the event
 * of that head), or when it is due (undecided_look: how many were). */
void undecided_add (struct run *r, const struct cause *c, const struct rules_heard *h);
void undecided_told (struct run *r, const struct undecided_ask lead[], const struct head *const by[], size_t n);
size_t undecided_look (struct batch *b, const struct rules_tick *tick);

/* Asks the rules and writes the decision; those that are met begin to fire. */
void engine_decide (struct run *r, struct cause *c, const struct rules_heard *h);

/* What waited and is due goes on: how many did; a bite, not all. */
size_t firings_go_on (struct batch *b, const struct rules_tick *tick);
/* Rules of time act where theirs came. True: there is more of it. */
bool timed_look (struct batch *b, const struct rules_tick *tick);
/* A rule that is met begins: it goes step by step, or waits first. */
void rule_begins (struct run *r, const struct cause *c, const struct rule_known *rule);
/* Goes on from the step that ended (row->step; 0: none), until it waits, asks for something or ends. */
void firing_go (struct run *r, const struct cause *c, const struct rule_known *rule, struct firing_row *row);
/* Adds a step to those that were taken: {step, kind: …}. */
void firing_note (struct run *r, struct firing_row *row, json_t *step);
void firing_end (struct run *r, struct firing_row *row, enum firing_state state);
/* `name`: what its rule is called. */
void firing_keep (struct run *r, const struct cause *c, const char *name, const struct firing_row *row);
/* A firing that goes on, with what its rule says. */
struct firing_row firing_row_of (const struct firing_whole *f);
/* Of known_noun_names, the one that is called so. */
enum known_noun noun_told (const char *name);
void cause_of_firing (struct run *r, const struct head *head, const struct firing_whole *f, struct cause *ret);
const struct rule_known *rule_of_firing (struct run *r, const struct firing_whole *f);

#define ID_PUT(to, name, value)                                         \
	do {                                                            \
		(to)->name.uuid = (value);                              \
		(to)->has.name = uuid_is_null (value) ? CLEARED : HERE; \
	} while (0)

#endif
