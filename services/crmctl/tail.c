/* crmctl tail: every event of every service, from where one likes, then live without a gap.
 * It must never skip what it has not seen: a number that does not follow makes it ask for what lies between. */
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "clock.h"
#include "verbs.h"

enum { SOURCES_MAX = 16 };

/* One lane of one source: the number that comes next, and whether its past is still being read. */
struct tail_lane {
	const char *source;
	int lane;
	int64_t next; /* 0: nothing seen yet, whatever comes first is right */
	int64_t seen; /* the highest number heard live */
	bool reading, again;
};

static struct {
	bool json, until_now, workspace_given, subject_given;
	const char *var, *from, *type, *workspace, *subject, *lane, *source;
	struct uuid workspace_id, subject_id;
	int64_t from_number, from_time;
	int only_lane;
	struct tail_lane at[SOURCES_MAX * LANES];
	size_t n, reading;
	struct buffer line;
	struct app *app;
} tail;

static bool tail_wants (const struct heard *heard)
{
	if (tail.type && fnmatch (tail.type, heard->record->type, 0))
		return false;
	if (tail.workspace_given && !uuid_equal (heard->head->workspace, tail.workspace_id))
		return false;
	if (tail.subject_given && !uuid_equal (event_subject (heard), tail.subject_id))
		return false;
	return !tail.from_time || heard->head->recorded >= tail.from_time;
}

static void tail_show (struct tail_lane *l, const struct heard *heard)
{
	if (!tail_wants (heard))
		return;
	buffer_clear (&tail.line);
	if (tail.json)
		event_json (&tail.line, l->source, heard);
	else
		event_pretty (&tail.line, l->source, heard);
	buffer_text (&tail.line, "\n");
	if (fwrite (tail.line.at, 1, tail.line.n, stdout) != tail.line.n || fflush (stdout))
		app_stop (tail.app, 0); /* whoever read has gone */
}

static void tail_take (struct tail_lane *l, const struct heard *heard)
{
	if (l->next && heard->head->sequence < l->next)
		return;
	l->next = heard->head->sequence + 1;
	tail_show (l, heard);
}

/* ---- the past ---- */

static void past_event (struct app *app, void *ctx, const struct heard *heard)
{
	(void) app;
	tail_take (ctx, heard);
}

static void past_end (struct app *app, void *ctx, int64_t next)
{
	struct tail_lane *l = ctx;
	if (next < 0)
		fprintf (stderr, "crmctl tail: %s, lane %d: its log was cut, or nobody answers\n", l->source, l->lane);
	if (next > 0 || (next == 0 && l->again)) {
		l->again = false;
		app_replay (app, l->source, l->lane, next > 0 ? next : l->next, 0, past_event, past_end, l);
		return;
	}
	l->reading = false;
	if (l->next <= l->seen)
		l->next = l->seen + 1; /* what lies between is of a type this build does not know */
	if (--tail.reading == 0 && tail.until_now)
		app_stop (app, 0);
}

static void past_read (struct tail_lane *l)
{
	l->reading = true;
	l->again = false;
	tail.reading++;
	app_replay (tail.app, l->source, l->lane, l->next ? l->next : 1, 0, past_event, past_end, l);
}

/* ---- the present ---- */

static void tail_hear (struct app *app, const struct heard *heard)
{
	(void) app;
	for (size_t i = 0; i < tail.n; i++) {
		struct tail_lane *l = &tail.at[i];
		if (l->lane != heard->lane || strcmp (l->source, heard->record->service))
			continue;
		if (heard->head->sequence > l->seen)
			l->seen = heard->head->sequence;
		if (!l->next || heard->head->sequence <= l->next)
			tail_take (l, heard);
		else if (l->reading)
			l->again = true;
		else
			past_read (l);
	}
}

/* A head tells of what was lost last; what was lost before shows by the number that follows it. */
static void tail_head (struct app *app, const char *source, int lane, int64_t sequence, uint64_t epoch)
{
	(void) app, (void) epoch;
	for (size_t i = 0; i < tail.n; i++) {
		struct tail_lane *l = &tail.at[i];
		if (l->lane != lane || strcmp (l->source, source))
			continue;
		if (!l->next)
			l->next = sequence + 1; /* nothing was asked for but what comes from now on */
		else if (sequence >= l->next && l->reading)
			l->again = true;
		else if (sequence >= l->next)
			past_read (l);
	}
}

/* Where a time lies on one lane. */
static void time_found (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct tail_lane *l = ctx;
	json_t *o = reply->json.n ? json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL) : NULL;
	int64_t from = json_integer_value (json_object_get (o, "sequence"));
	json_decref (o);
	if (from > 1 && l->next < from)
		l->next = from;
	tail.reading--;
	past_read (l);
}

static void time_ask (struct tail_lane *l)
{
	char question[80];
	snprintf (question, sizeof question, "{\"lane\":%d,\"at\":%lld}", l->lane, (long long) tail.from_time);
	l->reading = true;
	tail.reading++;
	app_ask (tail.app, l->source, "frames", question, 10000, time_found, l);
}

static void lanes_open (void)
{
	app_hear_heads (tail.app, tail_head);
	for (const char *const *s = services_all (); *s; s++)
		for (int lane = 0; lane < LANES; lane++) {
			if ((tail.source && strcmp (tail.source, *s)) || (tail.only_lane >= 0 && tail.only_lane != lane))
				continue;
			tail.at[tail.n++] = (struct tail_lane){ .source = *s, .lane = lane, .next = tail.from_number };
		}
	for (size_t i = 0; i < tail.n && tail.from; i++)
		if (tail.from_time)
			time_ask (&tail.at[i]);
		else
			past_read (&tail.at[i]);
	if (!tail.from && tail.until_now)
		app_stop (tail.app, 0);
}

static void workspace_found (struct app *app, void *ctx, const struct reply *reply)
{
	(void) ctx;
	json_t *o = reply->json.n ? json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL) : NULL;
	if (reply->state != REPLY_DONE || !workspace_of_list (o, tail.workspace, &tail.workspace_id)) {
		fprintf (stderr, "crmctl tail: there is no workspace %s\n", tail.workspace);
		app_stop (app, 1);
		return;
	}
	json_decref (o);
	tail.only_lane = lane_of (tail.workspace_id);
	lanes_open ();
}

static void tail_start (struct app *app)
{
	tail.app = app;
	if (tail.workspace_given && uuid_parse (tail.workspace, &tail.workspace_id) != OK) {
		workspace_list_ask (app, workspace_found);
		return;
	}
	if (tail.workspace_given)
		tail.only_lane = lane_of (tail.workspace_id);
	lanes_open ();
}

/* A number of a lane, or a time. */
static bool from_read (void)
{
	char *end;
	if (!tail.from)
		return true;
	tail.from_number = strtoll (tail.from, &end, 10);
	if (!*end && *tail.from) {
		if (tail.from_number < 1)
			tail.from_number = 1;
		return true;
	}
	tail.from_number = 1;
	return time_parse (tail.from, &tail.from_time) == OK;
}

static bool tail_read (int argc, char **argv)
{
	const struct word words[] = {
		{ "json", NULL, &tail.json },	    { "until-now", NULL, &tail.until_now }, { "var", &tail.var, NULL },
		{ "from", &tail.from, NULL },	    { "type", &tail.type, NULL },	    { "workspace", &tail.workspace, NULL },
		{ "subject", &tail.subject, NULL }, { "lane", &tail.lane, NULL },	    { "source", &tail.source, NULL },
	};
	tail.only_lane = -1;
	if (words_read (argc, argv, words, LENGTH (words)))
		return false;
	if (tail.lane && ((tail.only_lane = (int) strtol (tail.lane, NULL, 10)) < 0 || tail.only_lane >= LANES))
		return false;
	tail.workspace_given = tail.workspace;
	tail.subject_given = tail.subject;
	return from_read () && (!tail.subject || uuid_parse (tail.subject, &tail.subject_id) == OK);
}

int crmctl_tail (int argc, char **argv)
{
	static struct config config;
	int exit_code = 1;
	if (!tail_read (argc, argv)) {
		fprintf (stderr,
			 "usage: crmctl tail [--from SEQUENCE|TIME] [--until-now] [--type PATTERN] [--workspace SLUG] [--subject ID]\n"
			 "                   [--lane K] [--source SERVICE] [--json] [--var DIR]\n");
		return 2;
	}
	if (!ask_config (tail.var, &config))
		return 1;
	return app_main ("crmctl", &config, services_all (), tail_start, tail_hear, &exit_code) ? 1 : exit_code;
}
