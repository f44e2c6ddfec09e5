/* service_main: the only skeleton there is. The same order in every daemon: arguments, settings, log, signals, readiness, migrate, check
 * statements, workers, bus, serve, drain on SIGTERM. The main thread is a loop that never blocks and never touches Postgres (but here, before it starts). */
#include "bus.h"
#include "bus_sql.h"
#include "db.h"

#include "clock.h"
#include "fault.h"
#include "log.h"
#include "metrics.h"
#include "migrate.h"

#include <malloc.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

const struct config *app_config (const struct app *a)
{
	return &a->config;
}

uv_loop_t *app_loop (struct app *a)
{
	return &a->loop;
}

bool app_ready (const struct app *a)
{
	return a->up;
}

/* What others are told: one that drains still answers whom it has let in, but is to be sent nobody. */
static bool wants_work (const struct app *a)
{
	bool opened = !a->service->route || !a->config.http_port || a->http;
	return a->up && opened && !a->stopping;
}

void app_stop (struct app *a, int exit_code)
{
	a->exit_code = exit_code;
	a->stopping = true;
	a->stop_at = 0;
	uv_stop (&a->loop);
}

/* ---- work off the loop ---- */

struct pool_work {
	uv_work_t uv;
	struct app *app;
	void (*work) (void *ctx);
	void (*after) (struct app *app, void *ctx);
	void *ctx;
};

static void pool_run (uv_work_t *uv)
{
	struct pool_work *w = uv->data;
	w->work (w->ctx);
}

static void pool_after (uv_work_t *uv, int status)
{
	struct pool_work *w = uv->data;
	(void) status;
	w->after (w->app, w->ctx);
	heap_free (w);
}

void app_work (struct app *a, void (*work) (void *ctx), void (*after) (struct app *app, void *ctx), void *ctx)
{
	struct pool_work *w = heap_alloc (sizeof *w);
	*w = (struct pool_work){ .app = a, .work = work, .after = after, .ctx = ctx };
	w->uv.data = w;
	uv_queue_work (&a->loop, &w->uv, pool_run, pool_after);
}

static bool statements_ready (const struct sql_file *file)
{
	bool good = true;
	for (size_t i = 0; i < file->n_statements; i++)
		good = sql_ready (file->statements[i]) && good;
	return good;
}

/* ---- the operators' HTTP ---- */

static struct metric lag_metric[SOURCES_MAX];
static char lag_label[SOURCES_MAX][64];
static struct metric ready_metric = { .name = "leadwire_ready", .help = "1: Postgres is there and the writer works", .kind = METRIC_GAUGE };

static void lag_open (struct app *a)
{
	metric_register (&ready_metric);
	for (int s = 0; s < a->shared.n_sources; s++) {
		snprintf (lag_label[s], sizeof lag_label[s], "source=\"%s\"", a->shared.sources[s]);
		lag_metric[s] = (struct metric){ .name = "leadwire_consumer_lag",
						 .help = "Events said and not yet dealt with, on the lanes owned here",
						 .kind = METRIC_GAUGE,
						 .label = lag_label[s] };
		metric_register (&lag_metric[s]);
	}
}

static void ready_reply (struct http_request *r, const struct app *a)
{
	char why[MIGRATE_WHY], text[MIGRATE_WHY + 32];
	migrate_why (why);
	snprintf (text, sizeof text, "not ready: %s\n", *why ? why : "Postgres is away or lanes are not claimed yet");
	http_reply_text (r, wants_work (a) ? 200 : 503, "text/plain", wants_work (a) ? "ready\n" : text);
}

static void metrics_route (struct http_request *r, void *ctx)
{
	struct app *a = ctx;
	const char *path = http_path (r);
	if (strcmp (http_method (r), "GET") != 0 && strcmp (http_method (r), "HEAD") != 0) {
		http_reply_problem (r, 405, "method_not_allowed", "This address only answers GET.", NULL, NULL);
	} else if (strcmp (path, "/healthz") == 0) {
		http_reply_text (r, 200, "text/plain", "alive\n");
	} else if (strcmp (path, "/readyz") == 0) {
		ready_reply (r, a);
	} else if (strcmp (path, "/metrics") == 0) {
		struct buffer out = { 0 };
		metric_set (&ready_metric, wants_work (a));
		for (int s = 0; s < a->shared.n_sources; s++)
			metric_set (&lag_metric[s], bus_lag (a, s));
		metrics_write (&out);
		http_reply (r, 200, "text/plain; version=0.0.4; charset=utf-8", (struct bytes){ out.at, out.n });
		buffer_fini (&out);
	} else {
		http_reply_problem (r, 404, "not_found", "There is nothing here.", "/metrics, /healthz and /readyz are", NULL);
	}
}

/* ---- the loop's clockwork ---- */

static void on_results (uv_async_t *async)
{
	struct worker_shared *s = async->data;
	struct app *a = (struct app *) ((char *) s - offsetof (struct app, shared));
	bus_results (a);
	bus_settle (a);
}

/* Whoever started us and wants to know (NOTIFY_SOCKET, as systemd hands it over) is told. */
static void starter_tell (const char *word)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	const char *path = getenv ("NOTIFY_SOCKET");
	if (!path || (*path != '/' && *path != '@') || strlen (path) >= sizeof to.sun_path)
		return;
	memcpy (to.sun_path, path, strlen (path));
	if (*path == '@') /* of the abstract ones, which begin with a NUL */
		to.sun_path[0] = 0;
	int fd = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	socklen_t n = (socklen_t) (offsetof (struct sockaddr_un, sun_path) + strlen (path));
	if (fd < 0 || sendto (fd, word, strlen (word), MSG_NOSIGNAL, (struct sockaddr *) &to, n) < 0)
		log_warn ("starter_not_told", LOG_T ("socket", path));
	if (fd >= 0)
		close (fd);
}

static bool http_start (struct app *a);

/* The first time that it can answer, not before: until then a proxy goes elsewhere, and who knocks at a door held open for us waits. */
static void door_open (struct app *a)
{
	const struct service *s = a->service;
	if (a->client || a->http || a->stopping || !a->up || !s->route || !a->config.http_port || (s->settled && !s->settled (a)))
		return;
	if (!http_start (a))
		app_stop (a, 1);
}

static void on_tick (uv_timer_t *t)
{
	struct app *a = t->data;
	bus_tick (a);
	bus_drain (a);
	door_open (a);
	if (!a->client && !a->told && wants_work (a)) {
		a->told = true;
		starter_tell ("READY=1");
	}
	if (!a->stopping || a->closing)
		return;
	bool drained = bus_in_flight (a) == 0 && (!a->http || http_drained (a->http));
	if (drained || clock_monotonic () > a->stop_at)
		uv_stop (&a->loop);
}

/* Drain: no new connections, answers go out, then workers end in good order. */
static void on_signal (uv_signal_t *signal, int number)
{
	struct app *a = signal->data;
	if (a->stopping)
		return;
	log_info ("stopping", LOG_N ("signal", number));
	if (!a->client)
		starter_tell ("STOPPING=1");
	a->stopping = true;
	a->stop_at = clock_monotonic () + 5000000;
	if (a->http)
		http_stop_listening (a->http);
	if (!a->opened) /* nothing was taken in yet */
		uv_stop (&a->loop);
}

/* Before the bus is open nothing ticks. */
static void tick_start (struct app *a)
{
	a->opened = true;
	uv_timer_init (&a->loop, &a->tick);
	a->tick.data = a;
	uv_timer_start (&a->tick, on_tick, 10, 10);
}

static void loop_open (struct app *a)
{
	uv_loop_init (&a->loop);
	uv_signal_init (&a->loop, &a->sigterm);
	uv_signal_init (&a->loop, &a->sigint);
	a->sigterm.data = a->sigint.data = a;
	uv_signal_start (&a->sigterm, on_signal, SIGTERM);
	uv_signal_start (&a->sigint, on_signal, SIGINT);
}

static const char *spool_folder (const struct config *c)
{
	static char spool[1100];
	snprintf (spool, sizeof spool, "%s/tmp", c->files);
	return spool;
}

static bool http_start (struct app *a)
{
	const struct config *c = &a->config;
	const char *spool = spool_folder (c);
	if (mkdir (c->files, 0700) && access (c->files, W_OK))
		fprintf (stderr, "%s: the folder of files %s cannot be written\n", a->service->name, c->files);
	mkdir (spool, 0700);
	a->http = http_open (&a->loop, &(struct http_settings){ .bind = c->http_bind,
								.port = (int) c->http_port,
								.memory_limit = 65536,
								.body_limit = a->service->body_limit ? a->service->body_limit : 1048576,
								.spool_folder = spool,
								.receive_seconds = 30,
								.idle_seconds = 60,
								.connections = 10000,
								.proxies = c->proxies,
								.handle = a->service->route,
								.begin = a->service->route_begin,
								.ctx = a });
	return a->http != NULL;
}

/* From here on it can be asked how it is. */
static bool metrics_start (struct app *a)
{
	const struct config *c = &a->config;
	if (c->metrics_port) {
		a->metrics_http = http_open (&a->loop, &(struct http_settings){ .bind = c->http_bind,
										.port = (int) c->metrics_port,
										.memory_limit = 4096,
										.body_limit = 4096,
										.spool_folder = spool_folder (c),
										.receive_seconds = 5,
										.idle_seconds = 30,
										.connections = 100,
										.handle = metrics_route,
										.ctx = a });
		if (!a->metrics_http)
			return false;
	}
	return true;
}

/* Which services it hears: those whose .def files the listened-to events stand in. */
static void sources_open (struct app *a)
{
	struct worker_shared *s = &a->shared;
	for (size_t i = 0; i < a->service->n_hears; i++) {
		const char *name = a->service->hears[i].record->service;
		bool known = false;
		for (int j = 0; j < s->n_sources; j++)
			known = known || strcmp (s->sources[j], name) == 0;
		if (!known) {
			assert (s->n_sources < SOURCES_MAX);
			s->sources[s->n_sources++] = name;
		}
	}
}

static bool settings_open (struct app *a)
{
	const struct service *s = a->service;
	const struct setting *tables[] = { config_settings, s->settings };
	const size_t n[] = { config_settings_n, s->n_settings };
	bool good = settings_read (config_settings, config_settings_n, &a->config);
	if (s->n_settings)
		good = settings_read (s->settings, s->n_settings, s->config) && good;
	good = settings_unknown (tables, n, s->n_settings ? 2 : 1) && good;
	if (good && !*a->config.bus && !strrchr (a->config.bind, ':')) {
		fprintf (stderr, "CRM_BUS (a folder, for one machine) or CRM_BIND (tcp://host:port, for several) must be given\n");
		good = false;
	}
	return good;
}

static int usage (const struct service *s)
{
	printf ("%s: a daemon of Leadwire. Settings come from the environment:\n\n", s->name);
	settings_help (config_settings, config_settings_n);
	if (s->n_settings)
		settings_help (s->settings, s->n_settings);
	printf ("\n--check  reads the settings, migrates, prepares every statement, and ends\n"
		"--version  which build it is, and the migrations it knows\n--help   this\n");
	return 0;
}

/* What was taken in is finished and its answers go out; nothing new is taken in. */
static void daemon_close (struct app *a)
{
	a->closing = true;
	workers_stop (&a->shared);
	while (a->workers)
		uv_run (&a->loop, UV_RUN_ONCE); /* the tick wakes it */
	pthread_join (a->writer, NULL);
	for (int64_t i = 0; i < a->config.readers; i++)
		pthread_join (a->readers[i], NULL);
	for (int64_t i = 0; i < a->effects_n; i++)
		pthread_join (a->effects[i], NULL);
	for (int i = 0; i < 20; i++)
		uv_run (&a->loop, UV_RUN_NOWAIT);
	if (a->http)
		http_close (&a->http);
	if (a->metrics_http)
		http_close (&a->metrics_http);
	bus_close (a);
}

static int schema_check (struct app *a)
{
	char why[MIGRATE_WHY];
	enum status status = migrate_once (a, why);
	if (status != OK)
		fprintf (stderr, "%s: %s\n", a->service->name, why);
	return status != OK;
}

int service_main (const struct service *service, int argc, char **argv)
{
	static struct app app;
	struct app *a = &app;
	bool check = argc == 2 && strcmp (argv[1], "--check") == 0;
	enum log_level level;
	a->service = service;
	if (argc == 2 && strcmp (argv[1], "--help") == 0)
		return usage (service);
	if (argc == 2 && strcmp (argv[1], "--version") == 0)
		return migrate_version (service), 0;
	if (argc > 1 && !check) {
		fprintf (stderr, "%s takes --check, --version or --help; settings come from the environment\n", service->name);
		return 2;
	}
	if (sodium_init () < 0 || !settings_open (a) || !log_level_parse (a->config.log_level, &level))
		return 2;
	snprintf (a->shared.member, sizeof a->shared.member, "%s.%lld", service->name, (long long) a->config.replica);
	log_open (service->name, a->config.replica, level);
	log_key (a->config.key);
	mallopt (M_ARENA_MAX, 2); /* few threads, small heaps */
	fault_open (a->config.fault);
	if (*a->config.clock && clock_freeze (a->config.clock) != OK) {
		fprintf (stderr, "CRM_CLOCK is no moment: %s\n", a->config.clock);
		return 2;
	}
	signal (SIGPIPE, SIG_IGN);
	a->shared.service = service;
	a->shared.config = &a->config;
	sources_open (a);
	arena_init (&a->scratch);
	if (!statements_ready (&bus_sql) || !statements_ready (service->sql))
		return 1;
	if (check)
		return schema_check (a);
	loop_open (a);
	shared_init (&a->shared, &a->loop, on_results);
	batch_metrics ();
	writer_metrics ();
	reader_metrics ();
	if (service->n_effects)
		effects_metrics ();
	lag_open (a);
	if (!metrics_start (a))
		return 1;
	if (!migrate_wait (a))
		return 0;
	if (!bus_open (a))
		return 1;
	tick_start (a);
	if (service->start)
		service->start (a);
	a->readers = heap_alloc ((size_t) a->config.readers * sizeof *a->readers);
	bool apart = false;
	for (size_t i = 0; i < service->n_effects; i++)
		apart = apart || service->effects[i].apart;
	a->effects_n = (service->n_effects ? a->config.effects : 0) + apart;
	a->effects = heap_alloc ((size_t) (a->effects_n + 1) * sizeof *a->effects);
	a->workers = 1 + (int) a->config.readers + (int) a->effects_n;
	pthread_create (&a->writer, NULL, writer_run, &a->shared);
	for (int64_t i = 0; i < a->config.readers; i++)
		pthread_create (&a->readers[i], NULL, reader_run, &a->shared);
	for (int64_t i = 0; i < a->effects_n; i++)
		pthread_create (&a->effects[i], NULL, apart && i == a->effects_n - 1 ? effects_run_apart : effects_run, &a->shared);
	log_info ("started", LOG_N ("pid", getpid ()));
	uv_run (&a->loop, UV_RUN_DEFAULT);
	daemon_close (a);
	log_info ("stopped", LOG_N ("pid", getpid ()));
	return a->exit_code;
}

/* ---- a process that only asks and listens ---- */

/* Between machines it is known by the registry like everybody else: as a member without lanes, under the role it was given. */
static bool client_register (struct app *a, struct db *db)
{
	unsigned char room[2][8];
	struct buffer list = { 0 };
	if (!statements_ready (&bus_sql) || db_open (db, a->config.dsn, NULL, a->shared.member) != OK)
		return false;
	struct db_param p[] = { db_textp (a->shared.member), db_textp (""),	  db_textp (""),
				db_textp (a->shared.curve),  db_i32 (0, room[0]), db_i32 ((int32_t) getpid (), room[1]) };
	PQclear (db_run (db, &bus_member_here_statement, p, 6));
	PGresult *r = db_run (db, &bus_members_statement, NULL, 0);
	for (int i = 0; r && i < PQntuples (r); i++)
		for (int c = 0; c < 5; c++) {
			struct bytes b = db_bytes (r, i, c);
			buffer_add (&list, b.at, b.n);
			buffer_add (&list, "", 1);
		}
	bool good = r != NULL;
	PQclear (r);
	bus_registry (a, list.at, list.n);
	buffer_fini (&list);
	return good;
}

void app_hear_heads (struct app *a, void (*head) (struct app *app, const char *source, int lane, int64_t sequence, uint64_t epoch))
{
	a->client_head = head;
}

int app_main (const char *name, const struct config *config, const char *const *taps, void (*start) (struct app *),
	      void (*tap) (struct app *, const struct heard *), int *ret_exit)
{
	static struct app app;
	struct app *a = &app;
	if (sodium_init () < 0)
		return 1;
	a->client = true;
	a->config = *config;
	a->client_taps = taps;
	a->client_tap = tap;
	a->up = true;
	snprintf (a->shared.member, sizeof a->shared.member, "%s.%d", name, (int) getpid ());
	signal (SIGPIPE, SIG_IGN);
	arena_init (&a->scratch);
	loop_open (a);
	shared_init (&a->shared, &a->loop, on_results);
	struct db db = { 0 };
	if (!bus_open (a))
		return 1;
	tick_start (a);
	if (!*a->config.bus && !client_register (a, &db)) {
		fprintf (stderr, "the registry cannot be read: %s\n", db.error);
		return 1;
	}
	start (a);
	if (!a->stopping)
		uv_run (&a->loop, UV_RUN_DEFAULT);
	if (db_alive (&db)) {
		struct db_param p = db_textp (a->shared.member);
		PQclear (db_run (&db, &bus_member_gone_statement, &p, 1));
	}
	db_close (&db);
	bus_close (a);
	*ret_exit = a->exit_code;
	return 0;
}
