/* Rules as the writer keeps them: written, changed, put in order, and remembered for the events that come.
 * It must never change what a version says, nor let a rule hear what was said before it was switched on. */
#ifndef LEADWIRE_AUTOMATION_RULES_H
#define LEADWIRE_AUTOMATION_RULES_H

#include "records.h"
#include "known.h"
#include "rule_index.h"

enum { RULES_OF_WORKSPACE = 2000, RULE_LIMIT_USUAL = 1000, RULE_LIMIT_MOST = 100000 };

/* How often a rule fired in an hour of the clock, as far as that was counted; and whose turn it is. One a rule, whatever its versions are that still wait. */
struct rule_fires {
	struct uuid rule;
	int64_t hour, fired; /* hours since 1970; 0: not counted yet */
	int64_t turns;
	int64_t timed_at; /* of a rule of time: up to when its time was looked at, µs since 1970 */
	/* Where many records are looked at page by page, each in a batch of its own: up to when is looked (0: no look is under way), and behind which record
	 * it goes on, with when something of that was heard. */
	int64_t page_until, page_at;
	struct uuid page_id;
};

/* A rule that acts. Everything stands in the rulebook's memory. */
struct rule_known {
	struct uuid rule, version;
	const char *name;
	int64_t since; /* what was recorded earlier (µs since 1970) is none of its business */
	int64_t limit; /* firings an hour */
	struct rule_fires *fires;
	struct rule says;
};

/* Those that hear one type of event, in their order: WHEN_EVENT and WHEN_AFTER. */
struct rules_heard {
	const struct record *event;
	struct uuid set; /* row of rule_set */
	struct rule_index *index;
	const struct rule_known *rule;
	const struct rule *const *says; /* the same, as the index has them */
	size_t n;
	const uint32_t *after; /* places of those that act some time later: their conditions are not asked now */
	size_t n_after;
};

/* A workspace's rules, as of now. */
struct rules_of {
	struct uuid workspace;
	const struct zone *zone;
	enum written written;
	bool arrived; /* the workspace is known */
	bool awaits;  /* a rule that hears events asks what is said of a lead later: its contact, its deal */
	const struct rules_heard *heard;
	size_t n_heard;
	const struct rules_heard *timed; /* of a day, of quiet, of each week: each alone */
	size_t n_timed;
	struct rule_fires *fires; /* of all its rules, also of those that do not act now */
	size_t n_fires;
	const struct known_stage *stage;
	size_t stages;
};

/* Read when they are not remembered; a rule whose body cannot be read any more is left out, and said in the log. */
const struct rules_of *rules_of (struct batch *b, struct uuid workspace);
/* Null: none of its rules hears that. */
const struct rules_heard *rules_heard (const struct rules_of *r, const struct record *event);
/* A rule of the workspace, whether it acts now or not; null: there is none. */
struct rule_fires *rule_fires_of (const struct rules_of *r, struct uuid rule);
/* A version that something which waits stands on; null: its body cannot be read any more, which is said in the log. Its `fires` is none: it is the rule's. */
const struct rule_known *rule_kept (struct batch *b, struct uuid rule, struct uuid version, const char *body);
/* Somebody wrote rules, or a workspace's time and language: nothing is remembered. What rules_of gave is good no more when it is asked again. */
void rules_forget (struct batch *b);
/* Before a run: of too many workspaces nothing is remembered. */
void rules_trim (struct batch *b);

/* The rules that the product brings, as the preset of a new workspace has them. */
void presets_begin (struct batch *b, const struct workspace_created *event);

/* A workspace's clock, which is kept as long as the process. UTC where the database does not know it. */
const struct zone *zone_kept (const char *name);
/* The day that it is somewhere at a moment: for fact_of_field and its like. `zone` is a struct zone. */
int32_t zone_day (const void *zone, int64_t at);

#endif
