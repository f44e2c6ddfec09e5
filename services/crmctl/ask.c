/* Asking the daemons: the verb runs on a thread of its own, the loop of common/ beside it; one question at a time.
 * It must never touch a service's schema; what it knows it was answered. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "clock.h"
#include "log.h"
#include "verbs.h"

enum { DEADLINE = 10000, POSITIONS = 64 };

/* One question on its way from the verb's thread to the loop, and its answer back. */
struct question {
	enum { ASK_NONE, ASK_COMMAND, ASK_QUERY, ASK_SERVICE, ASK_REPLAY, ASK_END } kind;
	const char *service, *question;
	char *json;
	const struct record *record;
	void *item;
	const char *source;
	int lane;
	int64_t from;
	void (*event) (void *ctx, const struct heard *heard);
	void *ctx;
	struct answer answer;
	bool whole;    /* a replay reached its end */
	int64_t *next; /* of a replay of one page: where the next one begins */
	bool answered;
};

static struct {
	pthread_mutex_t lock;
	pthread_cond_t answered;
	pthread_t thread;
	uv_async_t wake;
	struct app *app;
	struct question *now;
	int (*verb) (void *ctx);
	void *ctx;
	int exit_code;
	struct position position[POSITIONS]; /* what the verb has done so far, so that it reads its own writes */
	size_t n_positions;
} desk = { .lock = PTHREAD_MUTEX_INITIALIZER, .answered = PTHREAD_COND_INITIALIZER };

/* ---- the loop's side ---- */

static void question_answer (struct question *q)
{
	pthread_mutex_lock (&desk.lock);
	q->answered = true;
	pthread_cond_signal (&desk.answered);
	pthread_mutex_unlock (&desk.lock);
}

static void position_keep (const struct position *p)
{
	size_t i = 0;
	if (!p->sequence)
		return;
	while (i < desk.n_positions && (desk.position[i].lane != p->lane || strcmp (desk.position[i].service, p->service)))
		i++;
	if (i == POSITIONS)
		return;
	if (i == desk.n_positions)
		desk.position[desk.n_positions++] = (struct position){ .service = heap_text (p->service), .lane = p->lane };
	desk.position[i].sequence = p->sequence;
}

static void answer_arrive (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct question *q = ctx;
	struct answer *a = &q->answer;
	*a = (struct answer){ .id = reply->id, .number = reply->number, .version = reply->version };
	switch (reply->state) {
	case REPLY_DONE: a->state = ANSWER_DONE; break;
	case REPLY_REFUSED: a->state = ANSWER_REFUSED; break;
	case REPLY_UNAVAILABLE: a->state = ANSWER_UNAVAILABLE; break;
	case REPLY_TIMEOUT: a->state = ANSWER_TIMEOUT; break;
	}
	snprintf (a->code, sizeof a->code, "%s", reply->code ? reply->code : "");
	snprintf (a->detail, sizeof a->detail, "%s", reply->detail ? reply->detail : "");
	for (size_t i = 0; i < reply->problem.n_errors; i++) {
		const struct problem_error *e = &reply->problem.errors[i];
		size_t n = strlen (a->detail);
		snprintf (a->detail + n, sizeof a->detail - n, "%s%s %s", n ? "; " : "", e->pointer, e->detail);
	}
	if (reply->data)
		a->json = json_loads (reply->data, JSON_DECODE_ANY, NULL);
	else if (reply->json.n)
		a->json = json_loadb ((const char *) reply->json.at, reply->json.n, JSON_DECODE_ANY, NULL);
	position_keep (&reply->position);
	if (reply->position.service) {
		snprintf (a->service, sizeof a->service, "%s", reply->position.service);
		a->lane = reply->position.lane;
		a->sequence = reply->position.sequence;
	}
	question_answer (q);
}

static void replay_event (struct app *app, void *ctx, const struct heard *heard)
{
	(void) app;
	struct question *q = ctx;
	q->event (q->ctx, heard);
}

static void replay_end (struct app *app, void *ctx, int64_t next)
{
	struct question *q = ctx;
	if (next > 0 && !q->next) {
		app_replay (app, q->source, q->lane, next, 0, replay_event, replay_end, q);
		return;
	}
	q->whole = next == 0 || (q->next && next > 0);
	if (q->next)
		*q->next = next;
	question_answer (q);
}

static void question_take (uv_async_t *wake)
{
	(void) wake;
	pthread_mutex_lock (&desk.lock);
	struct question *q = desk.now;
	desk.now = NULL;
	pthread_mutex_unlock (&desk.lock);
	if (!q)
		return;
	switch (q->kind) {
	case ASK_COMMAND: app_command (desk.app, q->record, q->item, desk.position, desk.n_positions, DEADLINE, answer_arrive, q); break;
	case ASK_QUERY: app_query (desk.app, q->record, q->item, desk.position, desk.n_positions, DEADLINE, answer_arrive, q); break;
	case ASK_SERVICE: app_ask (desk.app, q->service, q->question, q->json, DEADLINE, answer_arrive, q); break;
	case ASK_REPLAY: app_replay (desk.app, q->source, q->lane, q->from, 0, replay_event, replay_end, q); break;
	case ASK_END:
		uv_close ((uv_handle_t *) &desk.wake, NULL);
		app_stop (desk.app, desk.exit_code);
		break;
	case ASK_NONE: break;
	}
}

/* ---- the verb's side ---- */

static void question_put (struct question *q)
{
	pthread_mutex_lock (&desk.lock);
	desk.now = q;
	uv_async_send (&desk.wake);
	while (!q->answered && q->kind != ASK_END)
		pthread_cond_wait (&desk.answered, &desk.lock);
	pthread_mutex_unlock (&desk.lock);
}

/* crmctl is whoever may reach the house's folder: it may do everything. */
static void head_fill (struct head *h)
{
	int64_t now = clock_now ();
	struct uuid none = { { 0 } };
	if (uuid_equal (h->id, none))
		h->id = uuid_v7 (now);
	if (uuid_equal (h->correlation, none))
		h->correlation = h->id;
	if (!h->at)
		h->at = now;
	h->grant.scope = SCOPE_ALL;
	h->grant.permissions = ~UINT64_C (0);
}

struct answer ask_command (const struct record *r, void *command)
{
	struct question q = { .kind = ASK_COMMAND, .record = r, .item = command };
	head_fill (command);
	question_put (&q);
	return q.answer;
}

struct answer ask_query (const struct record *r, void *query)
{
	struct question q = { .kind = ASK_QUERY, .record = r, .item = query };
	head_fill (query);
	question_put (&q);
	return q.answer;
}

struct answer ask_service (const char *service, const char *question, json_t *json)
{
	struct question q = { .kind = ASK_SERVICE, .service = service, .question = question, .json = json_dumps (json, JSON_COMPACT) };
	question_put (&q);
	free (q.json);
	json_decref (json);
	return q.answer;
}

bool ask_replay (const char *source, int lane, int64_t from, void (*event) (void *ctx, const struct heard *heard), void *ctx)
{
	struct question q = { .kind = ASK_REPLAY, .source = source, .lane = lane, .from = from, .event = event, .ctx = ctx };
	question_put (&q);
	return q.whole;
}

bool ask_replay_page (const char *source, int lane, int64_t from, void (*event) (void *ctx, const struct heard *heard), void *ctx,
		      int64_t *ret_next)
{
	struct question q = {
		.kind = ASK_REPLAY, .source = source, .lane = lane, .from = from, .event = event, .ctx = ctx, .next = ret_next
	};
	question_put (&q);
	return q.whole;
}

/* Is the service's own cursor there? One that does not hear that source is. */
static bool spread_reached (const char *service, const struct answer *to)
{
	struct answer a = ask_service (service, "status", json_object ());
	bool reached = a.state == ANSWER_DONE;
	size_t i;
	json_t *o;
	json_array_foreach (json_object_get (a.json, "cursors"), i, o)
	{
		const char *source = json_string_value (json_object_get (o, "source"));
		if (source && !strcmp (source, to->service) && json_integer_value (json_object_get (o, "lane")) == to->lane)
			reached = reached && json_integer_value (json_object_get (o, "sequence")) >= to->sequence;
	}
	json_decref (a.json);
	return reached;
}

void ask_spread (const struct answer *to)
{
	int64_t limit = clock_monotonic () + 5000000;
	for (const char *const *s = services_all (); to->sequence && *s; s++)
		while (!spread_reached (*s, to) && clock_monotonic () < limit)
			nanosleep (&(struct timespec){ .tv_nsec = 5000000 }, NULL);
}

static void *verb_run (void *unused)
{
	static struct question end = { .kind = ASK_END };
	desk.exit_code = desk.verb (desk.ctx);
	question_put (&end);
	return unused;
}

static void desk_open (struct app *app)
{
	desk.app = app;
	if (uv_async_init (app_loop (app), &desk.wake, question_take) || pthread_create (&desk.thread, NULL, verb_run, NULL))
		abort ();
}

int ask_run (const char *var, int (*verb) (void *ctx), void *ctx)
{
	static const char *const no_taps[] = { NULL };
	static struct config config;
	int exit_code = 1;
	if (!ask_config (var, &config))
		return 1;
	desk.verb = verb;
	desk.ctx = ctx;
	if (app_main ("crmctl", &config, no_taps, desk_open, NULL, &exit_code))
		return 1;
	pthread_join (desk.thread, NULL);
	return exit_code;
}

/* ---- where the house is ---- */

json_t *ask_house (const char *var)
{
	struct house h;
	house_find (&h, var);
	return house_supervisor (&h) ? house_state (&h) : NULL;
}

/* A house that `up` started tells where its bus is; elsewhere (a container) the settings do, as for a daemon. */
bool ask_config (const char *var, struct config *ret)
{
	log_open ("crmctl", 0, LOG_WARN);
	json_t *state = ask_house (var);
	if (!state && !var && getenv ("CRM_DSN"))
		return settings_read (config_settings, config_settings_n, ret);
	if (!state) {
		fprintf (stderr, "crmctl: nothing is up in %s\n", var ? var : "var");
		return false;
	}
	static char dsn[1200];
	struct house h;
	house_find (&h, var);
	snprintf (dsn, sizeof dsn, "%s user=crmctl", json_string_value (json_object_get (state, "dsn")));
	for (size_t i = 0; i < config_settings_n; i++) {
		const struct setting *s = &config_settings[i];
		void *place = (char *) ret + s->offset;
		if (s->kind == SETTING_NUMBER)
			*(int64_t *) place = s->fallback ? strtoll (s->fallback, NULL, 10) : 0;
		else if (s->kind != SETTING_FLAG)
			*(const char **) place = s->fallback ? s->fallback : "";
	}
	ret->dsn = ret->read_dsn = dsn;
	ret->bus = heap_text (json_string_value (json_object_get (state, "bus")));
	ret->files = heap_text (h.files);
	ret->log_level = "warn";
	json_decref (state);
	return true;
}

const char *const *services_all (void)
{
	static const char *name[16];
	if (name[0])
		return name;
	for (size_t i = 0, n = 0; all_records[i]; i++) {
		size_t k = 0;
		if (all_records[i]->class != RECORD_COMMAND) /* who only speaks has no daemon */
			continue;
		while (k < n && strcmp (name[k], all_records[i]->service))
			k++;
		if (k == n && n < LENGTH (name) - 1)
			name[n++] = all_records[i]->service;
	}
	return name;
}

int answer_fail (const char *verb, const struct answer *a, bool json)
{
	static const char *const states[] = {
		[ANSWER_DONE] = "done",
		[ANSWER_REFUSED] = "refused",
		[ANSWER_UNAVAILABLE] = "not available; nothing happened",
		[ANSWER_TIMEOUT] = "no answer in time; whether it happened is not known",
	};
	int row = error_find (a->code);
	if (json)
		json_line (json_pack ("{ss ss ss}", "error", states[a->state], "code", a->code, "detail",
				      *a->detail ? a->detail
				      : row >= 0 ? error_rows[row].en
						 : ""));
	else
		fprintf (stderr, "crmctl %s: %s%s%s\n", verb, *a->code ? a->code : states[a->state], *a->detail || row >= 0 ? ": " : "",
			 *a->detail ? a->detail
			 : row >= 0 ? error_rows[row].en
				    : "");
	return a->state == ANSWER_REFUSED ? 1 : 4;
}

void json_line (json_t *value)
{
	char *text = value ? json_dumps (value, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
	if (text)
		puts (text);
	fflush (stdout);
	free (text);
	json_decref (value);
}
