/* Rules of time: so long before a record's day, when nothing was heard of a record for so long, each week. What came due since they were looked at last acts,
 * each once: a decision's id is made of the rule's version, the record and the moment. It must never act for a time that was before the rule was switched on. */
#include "engine_parts.h"

#include <string.h>
#include "automation_sql.h"
#include "clock.h"

enum {
	HOUR_US = INT64_C (3600) * 1000000,
	DAY_HOURS = 24,
	PAGE = 1000,	  /* records at once */
	LEEWAY_HOURS = 26 /* clocks that are put forward or back, and both ends' days */
};

/* A rule whose time came for a record, or for none. */
struct timed {
	const struct rules_of *rules;
	const struct rules_heard *heard;
	const struct head *clock;
	int64_t last, now;
};

static void timed_decide (struct run *r, const struct timed *t, const struct known *k, int64_t moment)
{
	struct cause cause = { .rules = t->rules,
			       .head = t->clock,
			       .workspace = t->rules->workspace,
			       .type = "time",
			       .said = run_hold (json_object ()),
			       .at = moment,
			       .recorded = moment };
	struct decision_row ask = { .workspace_id = { cause.workspace } };
	size_t seen;
	if (k) {
		cause.id[k->noun] = cause.about = k->record_id;
		cause.about_noun = k->noun;
		cause.owner = k->owner_id;
	}
	cause.decision = decision_id_of_time ((rule_version_id){ t->heard->rule[0].version }, cause.about, moment).uuid;
	ask.decision_id.uuid = cause.decision;
	decision_there (r->b, &ask, 1, &seen);
	if (seen)
		return;
	cause_context (r, &cause);
	engine_decide (r, &cause, t->heard);
}

/* The records that a statement gave, and what these hang on. */
static void timed_load (struct run *r, const struct known_row row[], size_t n, bool papers)
{
	pool_take (r->pool, row, n);
	for (size_t i = 0; i < n; i++)
		pool_ask (r->pool, row[i].workspace_id.uuid, row[i].record_id.uuid);
	pool_load (r->pool, true);
	for (size_t i = 0; papers && i < n; i++)
		pool_ask (r->pool, row[i].workspace_id.uuid, row[i].has.deal_id == HERE ? row[i].deal_id.uuid : row[i].record_id.uuid);
	pool_load_papers (r->pool);
}

static bool needs_papers (const struct timed *t)
{
	return facts_need_papers (t->heard->says[0]->fact, t->heard->says[0]->n_facts);
}

static enum known_noun noun_named (const char *name)
{
	enum known_noun noun = 0;
	while (noun + 1 < KNOWN_NOUNS && strncmp (known_noun_names[noun], name, strlen (known_noun_names[noun])) != 0)
		noun++;
	return noun;
}

/* Many records are looked at page by page. True: it goes on behind this one with the next batch. */
static bool page_turn (const struct timed *t, const struct known_row row[], size_t n)
{
	struct rule_fires *f = t->heard->rule[0].fires;
	if (n < PAGE)
		return false;
	f->page_until = t->now;
	f->page_at = row[n - 1].active_at;
	f->page_id = row[n - 1].record_id.uuid;
	return true;
}

static bool quiet_look (struct run *r, const struct timed *t)
{
	const struct rule_fires *f = t->heard->rule[0].fires;
	const struct when *w = &t->heard->says[0]->when;
	static const int64_t least_hours[] = { 0, 1, DAY_HOURS, 7 * DAY_HOURS, 28 * DAY_HOURS },
			     most_hours[] = { 1, 1, DAY_HOURS, 7 * DAY_HOURS, 31 * DAY_HOURS }; /* in the order of span_unit */
	int64_t least = least_hours[w->span.unit] * w->span.n, most = most_hours[w->span.unit] * w->span.n;
	bool behind = f->page_until > 0;
	struct known_quiet_ask ask = { .workspace_id = { t->rules->workspace },
				       .noun = w->record,
				       .since = t->last - (most + LEEWAY_HOURS) * HOUR_US,
				       .until = t->now - (least > LEEWAY_HOURS ? least - LEEWAY_HOURS : 0) * HOUR_US,
				       .most = PAGE };
	size_t n;
	ask.after_at = behind ? f->page_at : ask.since - 1;
	ask.after_id.uuid = f->page_id;
	const struct known_row *row = known_quiet_load (r->b, &ask, 1, &n);
	timed_load (r, row, n, needs_papers (t));
	for (size_t i = 0; i < n; i++) {
		const struct known *k = pool_find (r->pool, t->rules->workspace, noun_named (w->record), row[i].record_id.uuid);
		int64_t due = k && k->active_at ? span_after (t->rules->zone, k->active_at, w->span) : INT64_MAX;
		if (due > t->last && due <= t->now && known_stands (k))
			timed_decide (r, t, k, due);
	}
	return page_turn (t, row, n);
}

/* The days whose moment lies in the time that is looked at: first and last; false: none. */
static bool days_due (const struct timed *t, const struct when *w, int32_t *ret_first, int32_t *ret_last)
{
	static const int32_t days[] = { 0, 0, 1, 7, 31 }; /* at most, in the order of span_unit */
	int32_t from = zone_day (t->rules->zone, t->last) - 1, to = zone_day (t->rules->zone, t->now) + days[w->span.unit] * w->span.n + 1;
	bool any = false;
	for (int32_t day = from; day <= to; day++) {
		int64_t due = span_before (t->rules->zone, day, w->span, w->each.minute);
		if (due <= t->last || due > t->now)
			continue;
		*ret_first = any ? *ret_first : day;
		*ret_last = day;
		any = true;
	}
	return any;
}

static bool before_look (struct run *r, const struct timed *t)
{
	const struct rule *says = t->heard->says[0];
	const struct fact_name *name = &says->fact[says->when.fact];
	enum known_noun noun = noun_named (name->name);
	struct known_dated_ask ask = { .workspace_id = { t->rules->workspace },
				       .noun = known_noun_names[noun],
				       .member = name->name + strlen (known_noun_names[noun]) + 1,
				       .after_id = { t->heard->rule[0].fires->page_id },
				       .most = PAGE };
	size_t n;
	if (!days_due (t, &says->when, &ask.first, &ask.last))
		return false;
	ask.first--; /* a moment's day is the workspace's, not that of its text */
	ask.last++;
	const struct known_row *row = known_dated_load (r->b, &ask, 1, &n);
	timed_load (r, row, n, needs_papers (t));
	for (size_t i = 0; i < n; i++) {
		const struct known *k = pool_find (r->pool, t->rules->workspace, noun, row[i].record_id.uuid);
		struct cause cause = { .rules = t->rules, .workspace = t->rules->workspace };
		if (!k || !known_stands (k))
			continue;
		cause.id[noun] = k->record_id;
		cause_context (r, &cause);
		struct fact day = cause_fact (r, &cause, name, NULL);
		bool dated = day.has == HERE && (day.kind == FACT_DATE || day.kind == FACT_TIME);
		int64_t due = dated ? span_before (t->rules->zone, day.day, says->when.span, says->when.each.minute) : INT64_MIN;
		if (due > t->last && due <= t->now)
			timed_decide (r, t, k, due);
	}
	return page_turn (t, row, n);
}

static bool each_look (struct run *r, const struct timed *t)
{
	int64_t passed, due = weekly_due (t->rules->zone, t->heard->says[0]->when.each, t->last, t->now, &passed);
	if (due != INT64_MIN)
		timed_decide (r, t, NULL, due);
	return false;
}

/* True: there is more of it. */
static bool rule_look (struct run *r, const struct timed *t)
{
	switch (t->heard->says[0]->when.kind) {
	case WHEN_BEFORE: return before_look (r, t);
	case WHEN_QUIET: return quiet_look (r, t);
	case WHEN_EACH: return each_look (r, t);
	case WHEN_EVENT:
	case WHEN_AFTER: return false;
	}
	return false;
}

static bool workspace_look (struct batch *b, const struct head *clock, const struct workspace_due *due)
{
	const struct rules_of *rules = rules_of (b, due->workspace_id.uuid);
	struct rule_timed_row *done = ARRAY (b, done, rules->n_timed + 1);
	struct run run;
	bool more = false;
	run_begin (&run, b);
	for (size_t i = 0; i < rules->n_timed; i++) {
		const struct rules_heard *h = &rules->timed[i];
		struct rule_fires *f = h->rule[0].fires;
		int64_t now = f->page_until ? f->page_until : batch_now (b);
		struct timed t = { .rules = rules, .heard = h, .clock = clock, .last = f->timed_at, .now = now };
		if (rule_look (&run, &t))
			more = true;
		else {
			f->page_until = 0;
			f->page_id = (struct uuid){ { 0 } };
			f->timed_at = now > f->timed_at ? now : f->timed_at; /* a clock that was put back looks at nothing twice */
		}
		done[i] = (struct rule_timed_row){ .workspace_id = due->workspace_id,
						   .rule_id = { h->rule[0].rule },
						   .timed_at = f->timed_at };
	}
	run_keep (&run);
	rule_timed_write (b, done, rules->n_timed);
	return more;
}

bool timed_look (struct batch *b, const struct rules_tick *tick)
{
	size_t n;
	bool more = false;
	const struct workspace_due *due = rules_timed (b, tick, 1, &n);
	due = batch_own (b, &workspace_due_record, due, &n);
	for (size_t i = 0; i < n; i++) {
		struct head *head = arena_alloc (batch_arena (b), sizeof *head);
		*head = tick->head;
		head->workspace = due[i].workspace_id.uuid;
		more = workspace_look (b, head, &due[i]) || more;
	}
	return more;
}

void rules_tick (struct batch *b, const struct rules_tick cmd[], size_t n, struct outcome ret[])
{
	enum { OLD_EVERY = 60000000 }; /* µs: what is old has time */
	static int64_t dropped;	       /* the writer's alone */
	struct rules_tick tick = cmd[0];
	tick.now = batch_now (b); /* the clock itself says nothing */
	tick.has.now = HERE;
	size_t did = firings_go_on (b, &tick) + undecided_look (b, &tick);
	did += timed_look (b, &tick);
	if (batch_now (b) - dropped >= OLD_EVERY) {
		decisions_old_drop (b, &tick, 1);
		dropped = batch_now (b);
	}
	for (size_t i = 0; i < n; i++) {
		ret[i] = done ();
		ret[i].number = did > 0; /* perhaps there is more of it */
	}
}
