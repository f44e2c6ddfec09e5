/* A rule tried on what was said: POST /api/crm/rules/try replays the workspace's events of all services, puts them in the order in which they were recorded, and
 * asks the rule off the loop, a bite at a time and only as fast as the client reads. Lines of JSON: progress, matches, and the end.
 * It must never write anything, nor tell of a workspace to anybody but who may settle its rules. */
#include <string.h>

#include "../automation/trial.h"
#include "clock.h"
#include "gateway.h"
#include "log.h"

enum {
	TRIALS_MOST = 2,    /* at a time, of everybody */
	DAYS_MOST = 400,    /* as long as decisions are kept */
	SOURCES_MOST = 16,  /* services that say something */
	AHEAD_MOST = 16384, /* events of a source that wait to be taken */
	BITE = 5000,	    /* events between two lines of progress */
	TRY_MS = 5000,	    /* for where a source's log begins */
	AGAIN_SECONDS = 5,  /* who has to wait may ask again then */
};
static const int64_t day_us = INT64_C (24) * 3600 * 1000000;

/* An event that waits to be taken. */
struct noted {
	const struct record *record;
	struct head head;
	size_t at, n; /* where its bytes stand */
};

struct source {
	const char *name;
	bool whole, placed;	   /* from its beginning, whatever is tried; where it begins is known */
	int64_t sequence, scanned; /* the last that was read; how many were */
	uint64_t epoch;		   /* of the claim that wrote it; 0: not known */
	bool told, level;	   /* the replay under way gave an event; there is nothing behind what was read */
	struct noted *noted;
	size_t n, used, room;
	struct buffer bytes;
};

struct
try {
	struct app *app;
	struct arena arena;
	struct http_stream *http; /* null: the client is gone, or all was said */
	struct caller *caller;
	struct rule rule;
	struct trial *trial; /* of the pool's thread while `working` */
	struct uuid workspace;
	int lane;
	int64_t since, until, of; /* of: events that there were when it began */
	struct source source[SOURCES_MOST];
	size_t n, at; /* at: of which something is asked */
	bool working, over;
	int64_t last; /* when the last event that was taken was recorded */
	struct buffer out;
	struct try *next, **place; /* among those under way */
};

static struct try *under_way;

static void try_free (struct try *x)
{
	*x->place = x->next;
	if (x->next)
		x->next->place = x->place;
	for (struct source *s = x->source; s < x->source + x->n; s++) {
		buffer_fini (&s->bytes);
		heap_free (s->noted);
	}
	trial_end (&x->trial);
	buffer_fini (&x->out);
	caller_drop (&x->caller);
	arena_fini (&x->arena);
	heap_free (x);
}

static void try_on (struct try *x);

static void client_gone (struct http_stream *s, void *ctx)
{
	(void) s;
	struct try *x = ctx;
	x->http = NULL;
	if (!x->working)
		try_free (x);
}

/* The client has taken all there was. */
static void client_ready (struct http_stream *s, void *ctx)
{
	(void) s;
	struct try *x = ctx;
	if (!x->working && !x->over)
		try_on (x);
}

/* An answer that breaks off is seen by the client as one that broke off. */
static void try_break (struct try *x)
{
	x->working = false;
	if (x->http)
		http_stream_cut (x->http);
	else
		try_free (x);
}

/* ---- off the loop ---- */

static bool is_empty (const struct source *s)
{
	return s->used == s->n;
}

/* The source whose next event was recorded first. Null: there is none, or something older may come of one that is empty. */
static struct source *source_next (struct try *x)
{
	struct source *ret = NULL;
	for (struct source *s = x->source; s < x->source + x->n; s++) {
		if (is_empty (s) && !s->level)
			return NULL;
		if (!is_empty (s) && (!ret || s->noted[s->used].head.recorded < ret->noted[ret->used].head.recorded))
			ret = s;
	}
	return ret;
}

static void bite_take (void *ctx)
{
	struct try *x = ctx;
	struct source *s;
	for (int n = 0; n < BITE && !x->over && (s = source_next (x)); n++) {
		const struct noted *e = &s->noted[s->used++];
		x->last = e->head.recorded;
		x->over = !trial_take (x->trial, e->record, &e->head, (struct bytes){ s->bytes.at + e->at, e->n }, &x->out);
	}
}

static void rest_take (void *ctx)
{
	struct try *x = ctx;
	trial_finish (x->trial, &x->out);
	x->over = true;
}

/* ---- what is said ---- */

static void progress_add (struct try *x)
{
	char time[TIME_TEXT];
	int64_t scanned = 0;
	for (const struct source *s = x->source; s < x->source + x->n; s++)
		scanned += s->scanned - (int64_t) (s->n - s->used);
	buffer_printf (&x->out, "{\"progress\":{\"events\":%lld,\"of\":%lld,\"at\":\"%s\"}}\n", (long long) scanned,
		       (long long) (x->of > scanned ? x->of : scanned), time_format (x->last ? x->last : x->since, time));
}

static void end_add (struct try *x)
{
	struct trial_sum sum = trial_sum (x->trial);
	buffer_printf (&x->out, "{\"end\":{\"events\":%lld,\"matched\":%lld,\"would\":{", (long long) sum.events, (long long) sum.matched);
	for (size_t i = 0; i < sum.n_would; i++)
		buffer_printf (&x->out, "%s\"%s\":%lld", i ? "," : "", sum.would[i].command, (long long) sum.would[i].n);
	buffer_printf (&x->out, "},\"truncated\":%s}}\n", sum.truncated ? "true" : "false");
}

static void bite_taken (struct app *app, void *ctx)
{
	(void) app;
	struct try *x = ctx;
	x->working = false;
	if (!x->http) {
		try_free (x);
		return;
	}
	progress_add (x);
	if (x->over)
		end_add (x);
	http_stream_write (x->http, (struct bytes){ x->out.at, x->out.n });
	buffer_clear (&x->out);
	if (x->over)
		http_stream_end (x->http);
}

/* ---- reading a source ---- */

static void event_note (struct try *x, struct source *s, const struct heard *event)
{
	if (s->n == s->room)
		s->noted = heap_resize (s->noted, (s->room = s->room ? s->room * 2 : 256) * sizeof *s->noted);
	struct noted *e = &s->noted[s->n++];
	*e = (struct noted){ .record = event->record, .head = *event->head, .at = s->bytes.n };
	record_pack (&s->bytes, event->record, event->data);
	e->n = s->bytes.n - e->at;
	(void) x;
}

static void replayed_event (struct app *app, void *ctx, const struct heard *event)
{
	(void) app;
	struct try *x = ctx;
	struct source *s = &x->source[x->at];
	if (event->head->sequence <= s->sequence || s->level || s->n == AHEAD_MOST)
		return;
	s->told = true;
	s->sequence = event->head->sequence;
	s->epoch = event->epoch;
	s->scanned++;
	s->level = event->head->recorded >= x->until; /* said since it began */
	if (!s->level && uuid_equal (event->head->workspace, x->workspace))
		event_note (x, s, event);
}

static void replayed (struct app *app, void *ctx, int64_t next)
{
	(void) app;
	struct try *x = ctx;
	struct source *s = &x->source[x->at];
	if (next < 0) {
		log_warn ("trial_broken", LOG_T ("source", s->name), LOG_N ("sequence", s->sequence));
		try_break (x);
		return;
	}
	if (next > 0 && !s->told) { /* nothing that this build understands */
		s->sequence = next - 1;
		s->epoch = 0;
	}
	s->level = s->level || (next == 0 && s->n < AHEAD_MOST);
	x->working = false;
	try_on (x);
}

static void source_ask (struct try *x, struct source *s)
{
	x->working = true;
	x->at = (size_t) (s - x->source);
	s->told = false;
	s->n = s->used = 0;
	buffer_clear (&s->bytes);
	app_replay (x->app, s->name, x->lane, s->sequence + 1, s->epoch, replayed_event, replayed, x);
}

/* ---- where a source begins ---- */

static void place_found (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct try *x = ctx;
	struct source *s = &x->source[x->at];
	if (reply->state != REPLY_DONE) {
		try_break (x);
		return;
	}
	json_t *o = json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL);
	int64_t first = json_integer_value (json_object_get (o, "sequence"));
	json_decref (o);
	s->placed = true;
	s->level = first <= 0; /* nothing was said since */
	s->sequence = first > 0 ? first - 1 : 0;
	x->of -= s->sequence;
	x->working = false;
	try_on (x);
}

static void place_ask (struct try *x, struct source *s)
{
	x->working = true;
	x->at = (size_t) (s - x->source);
	app_ask (x->app, s->name, "frames", arena_printf (&x->arena, "{\"lane\":%d,\"at\":%lld}", x->lane, (long long) x->since), TRY_MS,
		 place_found, x);
}

/* ---- on and on ---- */

static void try_on (struct try *x)
{
	bool empty = true;
	if (!x->http) {
		try_free (x);
		return;
	}
	for (struct source *s = x->source; s < x->source + x->n; s++) {
		empty = empty && is_empty (s);
		if (is_empty (s) && !s->level) {
			if (s->placed)
				source_ask (x, s);
			else
				place_ask (x, s);
			return;
		}
	}
	x->working = true;
	app_work (x->app, empty ? rest_take : bite_take, bite_taken, x);
}

/* Every service that says something; what rules themselves say is none of theirs. */
static void sources_take (struct try *x)
{
	for (size_t i = 0; all_records[i]; i++) {
		const struct record *r = all_records[i];
		bool known = r->class != RECORD_EVENT || strcmp (r->service, "automation") == 0;
		for (size_t k = 0; k < x->n && !known; k++)
			known = strcmp (x->source[k].name, r->service) == 0;
		if (known)
			continue;
		assert (x->n < SOURCES_MOST);
		struct source *s = &x->source[x->n++];
		s->name = r->service;
		s->placed = trial_needs_past (x->trial) || strcmp (s->name, "gateway") == 0;
		x->of += stream_head (s->name, x->lane);
	}
}

/* ---- beginning ---- */

/* Seconds to wait; 0: it may begin. */
static int try_wait (const struct request *q)
{
	int n = 0;
	bool own = false;
	for (const struct try *x = under_way; x; x = x->next) {
		n++;
		own = own || uuid_equal (x->caller->id, q->caller->id);
	}
	return own || n >= TRIALS_MOST ? AGAIN_SECONDS : 0;
}

static void try_begin (struct request *q, const struct rule_try_form *form)
{
	struct try *x = heap_alloc (sizeof *x);
	*x = (struct try){ .app = q->app, .caller = caller_keep (q->caller), .workspace = q->seat->workspace, .until = clock_now () };
	arena_init (&x->arena);
	x->next = under_way;
	x->place = &under_way;
	if (x->next)
		x->next->place = &x->next;
	under_way = x;
	x->lane = lane_of (x->workspace);
	x->since = x->until - form->days * day_us;
	enum status read = rule_read (&x->arena, arena_text (&x->arena, form->body), &x->rule, NULL);
	assert (read == OK); /* it was read a moment ago */
	struct trial_asked asked = { .rule = &x->rule, .workspace = x->workspace, .since = x->since, .until = x->until };
	if (form->has.record == HERE)
		asked.record = form->record.uuid;
	x->trial = trial_begin (&asked);
	sources_take (x);
	struct http_request *r = q->http;
	http_set (r, "Cache-Control", "no-store");
	http_set (r, "X-Accel-Buffering", "no");
	request_end (q);
	x->http = http_stream_open (r, 200, "application/x-ndjson; charset=utf-8", SIZE_MAX, client_gone, x); /* one bite at a time waits */
	http_stream_on_read (x->http, client_ready);
	try_on (x);
}

void rule_try_page (struct request *q)
{
	const struct rule_try_form *form = form_taken (q);
	struct problem found = { 0 };
	struct rule rule;
	if (!form || !(q->seat = seat_of_write (q)))
		return;
	if (q->seat->grant.scope < SCOPE_WORKSPACE) { /* it would tell of what they may not see */
		reply_error (q, ERROR_forbidden, NULL, NULL);
		return;
	}
	if (form->days < 1 || form->days > DAYS_MOST) {
		fields_wrong (q, "/days", "not_a_choice");
		return;
	}
	if (rule_read (q->arena, form->body, &rule, &found) != OK || rule_check (q->arena, &rule, &found) != OK) {
		for (size_t i = 0; i < found.n_errors; i++)
			found.errors[i].pointer = arena_printf (q->arena, "/body%s", found.errors[i].pointer);
		reply_error (q, ERROR_invalid, NULL, problem_translated (q, &found));
		return;
	}
	int wait = try_wait (q);
	if (wait)
		too_many (q, wait);
	else if (q->gone) /* nobody would ever read it */
		reply_error (q, ERROR_unavailable, NULL, NULL);
	else
		try_begin (q, form);
}

void rule_tries_end (caller_fits *fits, struct uuid id)
{
	for (struct try *x = under_way, *next; x; x = next) {
		next = x->next;
		if (x->http && (!fits || fits (x->caller, id)))
			http_stream_cut (x->http);
	}
}
