/* Commands over the bus, as crmctl sends them: one socket, so they arrive in the order they were given.
 * The loop of common/ runs on a thread; one house a process. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "clock.h"
#include "log.h"
#include "stack.h"

struct pending {
	const struct record *record; /* null: a question to `service` */
	const char *service, *question, *json;
	void *item;
	bool answered;
	struct bus_reply reply;
	struct pending *next;
};

static struct {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	pthread_t thread;
	uv_async_t wake;
	struct app *app;
	bool running;
	struct config config;
	struct pending *first, **last;
} bus = { .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER };

static void reply_arrive (struct app *app, void *ctx, const struct reply *r)
{
	(void) app;
	struct pending *p = ctx;
	p->reply = (struct bus_reply){
		.state = (int) r->state, .id = r->id, .number = r->number, .version = r->version, .repeated = r->repeated
	};
	snprintf (p->reply.code, sizeof p->reply.code, "%s", r->code ? r->code : "");
	snprintf (p->reply.detail, sizeof p->reply.detail, "%s", r->detail ? r->detail : "");
	if (r->data)
		p->reply.json = json_loads (r->data, JSON_DECODE_ANY, NULL);
	else if (r->json.n)
		p->reply.json = json_loadb ((const char *) r->json.at, r->json.n, JSON_DECODE_ANY, NULL);
	pthread_mutex_lock (&bus.lock);
	p->answered = true;
	pthread_cond_broadcast (&bus.changed);
	pthread_mutex_unlock (&bus.lock);
}

static void asks_take (uv_async_t *wake)
{
	(void) wake;
	pthread_mutex_lock (&bus.lock);
	struct pending *p = bus.first;
	bus.first = NULL;
	bus.last = &bus.first;
	pthread_mutex_unlock (&bus.lock);
	while (p) {
		struct pending *next = p->next;
		if (!p->record)
			app_ask (bus.app, p->service, p->question, p->json, 30000, reply_arrive, p);
		else if (p->record->class == RECORD_QUERY)
			app_query (bus.app, p->record, p->item, NULL, 0, 30000, reply_arrive, p);
		else
			app_command (bus.app, p->record, p->item, NULL, 0, 30000, reply_arrive, p);
		p = next;
	}
}

static void bus_start (struct app *app)
{
	bus.app = app;
	if (uv_async_init (app_loop (app), &bus.wake, asks_take))
		abort ();
	pthread_mutex_lock (&bus.lock);
	bus.running = true;
	pthread_cond_broadcast (&bus.changed);
	pthread_mutex_unlock (&bus.lock);
}

static void *bus_run (void *unused)
{
	static const char *const no_taps[] = { NULL };
	int exit_code;
	if (app_main ("crmctl", &bus.config, no_taps, bus_start, NULL, &exit_code))
		abort ();
	return unused;
}

static void bus_open (struct stack *s)
{
	char path[300];
	if (bus.running)
		return;
	snprintf (path, sizeof path, "%s/run/up.json", s->var);
	json_t *state = json_load_file (path, 0, NULL);
	char *dsn;
	if (!state || asprintf (&dsn, "%s user=crmctl", text_at (state, "dsn")) < 0)
		abort ();
	log_open ("story", 0, LOG_WARN);
	for (size_t i = 0; i < config_settings_n; i++)
		if (config_settings[i].kind != SETTING_NUMBER && config_settings[i].kind != SETTING_FLAG)
			*(const char **) ((char *) &bus.config + config_settings[i].offset) = "";
	bus.config.dsn = bus.config.read_dsn = dsn;
	bus.config.bus = heap_text (text_at (state, "bus"));
	bus.config.log_level = "warn";
	bus.last = &bus.first;
	json_decref (state);
	CHECK (!pthread_create (&bus.thread, NULL, bus_run, NULL), "no thread for the bus");
	pthread_mutex_lock (&bus.lock);
	while (!bus.running)
		pthread_cond_wait (&bus.changed, &bus.lock);
	pthread_mutex_unlock (&bus.lock);
}

static void pending_put (struct pending *p)
{
	pthread_mutex_lock (&bus.lock);
	*bus.last = p;
	bus.last = &p->next;
	uv_async_send (&bus.wake);
	pthread_mutex_unlock (&bus.lock);
}

struct pending *bus_ask (struct stack *s, const struct record *r, const void *item)
{
	bus_open (s);
	struct pending *p = heap_alloc (sizeof *p);
	p->record = r;
	p->item = heap_alloc (r->size);
	memcpy (p->item, item, r->size);
	struct head *h = p->item;
	if (uuid_equal (h->id, (struct uuid){ { 0 } }))
		h->id = uuid_v7 (clock_now ());
	if (uuid_equal (h->correlation, (struct uuid){ { 0 } }))
		h->correlation = h->id;
	h->at = h->at ? h->at : clock_now ();
	h->grant.scope = SCOPE_ALL;
	h->grant.permissions = ~UINT64_C (0);
	pending_put (p);
	return p;
}

struct pending *bus_service (struct stack *s, const char *service, const char *question, const char *json)
{
	bus_open (s);
	struct pending *p = heap_alloc (sizeof *p);
	*p = (struct pending){ .service = service, .question = question, .json = json };
	pending_put (p);
	return p;
}

struct bus_reply bus_wait (struct pending **p, int ms)
{
	UNTIL (ms, ({
		       pthread_mutex_lock (&bus.lock);
		       bool answered = (*p)->answered;
		       pthread_mutex_unlock (&bus.lock);
		       answered;
	       }),
	       "no answer to %s within %d ms", (*p)->record ? (*p)->record->name : (*p)->question, ms);
	struct bus_reply reply = (*p)->reply;
	heap_free ((*p)->item);
	heap_free (*p);
	*p = NULL;
	return reply;
}
