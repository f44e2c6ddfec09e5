/* A rule that is tried on what was said already: the same events in their order, the same rooms that decide when it happens, and nothing written anywhere.
 * Pure: events come from the caller. It must never act, nor say of a rule that it would have matched where the daemon would not. */
#ifndef LEADWIRE_AUTOMATION_TRIAL_H
#define LEADWIRE_AUTOMATION_TRIAL_H

#include "rule.h"

enum {
	TRIAL_MATCHES_MOST = 5000,   /* that are told one by one; all are counted */
	TRIAL_RECORDS_MOST = 200000, /* of which anything is kept: a trial that would need more ends there */
};

struct trial_asked {
	const struct rule *rule; /* outlives the trial */
	struct uuid workspace;
	struct uuid record;   /* of events about this one alone; null: of all */
	int64_t since, until; /* recorded from then on and before: µs since 1970 UTC */
};

struct trial;
struct trial *trial_begin (const struct trial_asked *asked);
void trial_end (struct trial **t);

/* Whether it needs to hear what was said before `since`: its rule asks of records, of their history or of time. Workspaces' own events it needs always. */
bool trial_needs_past (const struct trial *t);

/* The next event of the workspace, of whichever service, in the order in which they were recorded. `packed`: what record_pack made of it. Appends a line
 * {"match": …} to `out` for each time that the rule would have been met. False: it has no room for more records, and takes nothing any more. */
bool trial_take (struct trial *t, const struct record *event, const struct head *head, struct bytes packed, struct buffer *out);
/* There are no more events: what would have become due until the end does. Of days and of quiet, which go by what is known at the end. */
void trial_finish (struct trial *t, struct buffer *out);

struct trial_count {
	const char *command;
	int64_t n;
};
/* How much it heard, matched and would have asked for, each command once. `truncated`: not every match was told, or not everything was heard. */
struct trial_sum {
	int64_t events, matched;
	const struct trial_count *would;
	size_t n_would;
	bool truncated;
};
struct trial_sum trial_sum (const struct trial *t);

#endif
