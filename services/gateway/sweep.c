/* Files that no row names any more: gone through once a day by one replica. Every service that could name one is asked, and has to answer, before a file
 * goes. It must never take away one that somebody did not answer for, and never block the loop. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "files.h"
#include "gateway.h"
#include "log.h"
#include "metrics.h"

enum { LOOK_MS = 2000, SERVICES = 24, NAMED_MS = 30000 };
static const int64_t day = INT64_C (86400) * 1000000;

static struct metric swept_total = { .name = "leadwire_files_swept_total",
				     .help = "Files that no row named any more, and what was left of uploads that broke off, taken away",
				     .kind = METRIC_COUNTER };

static struct {
	struct app *app;
	uv_timer_t timer;
	struct files_sweep *sweep;
	bool busy, more, unsure; /* unsure: somebody did not answer for this bite */
	struct uuid folder;
	const char *sum[SWEEP_BITE];
	size_t n;
	bool named[SWEEP_BITE];
	char service[SERVICES][64];
	size_t n_services, asked;
	char *question;
} job;

static void bite_next (struct app *app, void *ctx);

static void service_know (const char *name)
{
	for (size_t i = 0; i < job.n_services; i++)
		if (strcmp (job.service[i], name) == 0)
			return;
	if (job.n_services < SERVICES && strlen (name) < sizeof job.service[0])
		snprintf (job.service[job.n_services++], sizeof job.service[0], "%s", name);
	else
		job.unsure = true;
}

/* Those that this build knows; who else has tables beside them is said by whoever is asked. */
static void services_know (void)
{
	job.n_services = 0;
	for (size_t i = 0; all_records[i]; i++)
		if (all_records[i]->class == RECORD_COMMAND) /* who only speaks has no daemon, and no tables */
			service_know (all_records[i]->service);
}

/* ---- on a pool thread ---- */

static void sweep_begin (void *ctx)
{
	(void) ctx;
	int64_t now = clock_now ();
	job.sweep = files_sweep_open (app_config (job.app)->files, now - day, day);
	job.more = job.sweep && files_sweep_next (job.sweep, &job.folder, &job.sum, &job.n);
}

static void bite_end (void *ctx)
{
	(void) ctx;
	for (size_t i = 0; i < job.n && !job.unsure; i++)
		if (!job.named[i])
			files_sweep_drop (job.sweep, i);
	job.more = !job.unsure && files_sweep_next (job.sweep, &job.folder, &job.sum, &job.n);
}

/* ---- on the loop ---- */

static void sweep_end (void)
{
	struct files_swept swept = files_sweep_close (&job.sweep, !job.unsure);
	metric_add (&swept_total, swept.dropped + swept.broken);
	job.busy = false;
	log_info ("files_swept", LOG_N ("named", swept.named), LOG_N ("dropped", swept.dropped), LOG_N ("broken", swept.broken));
}

static void bite_ended (struct app *app, void *ctx)
{
	free (job.question);
	job.question = NULL;
	bite_next (app, ctx);
}

static void names_read (const json_t *names)
{
	json_t *name;
	size_t i;
	json_array_foreach (names, i, name)
	{
		for (size_t k = 0; k < job.n && json_is_string (name); k++)
			job.named[k] = job.named[k] || strcmp (job.sum[k], json_string_value (name)) == 0;
	}
}

static void service_ask (void);

static void service_told (struct app *app, void *ctx, const struct reply *reply)
{
	json_t *o = reply->state == REPLY_DONE ? json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL) : NULL, *name;
	const json_t *named = json_object_get (o, "named");
	size_t i;
	(void) ctx;
	if (json_is_array (named)) {
		names_read (named);
		json_array_foreach (json_object_get (o, "services"), i, name)
		{
			service_know (json_is_string (name) ? json_string_value (name) : "?");
		}
	} else {
		log_warn ("files_sweep_waits", LOG_T ("service", job.service[job.asked]));
		job.unsure = true;
	}
	json_decref (o);
	job.asked++;
	if (job.asked < job.n_services && !job.unsure)
		service_ask ();
	else
		app_work (app, bite_end, bite_ended, NULL);
}

static void service_ask (void)
{
	app_ask (job.app, job.service[job.asked], "named", job.question, NAMED_MS, service_told, NULL);
}

static void bite_next (struct app *app, void *ctx)
{
	char id[UUID_TEXT];
	(void) app, (void) ctx;
	if (!job.sweep) {
		job.busy = false;
		return;
	}
	if (!job.more) {
		sweep_end ();
		return;
	}
	json_t *sums = json_array ();
	for (size_t i = 0; i < job.n; i++)
		json_array_append_new (sums, json_string (job.sum[i]));
	json_t *o = json_pack ("{ss so}", "folder", uuid_format (job.folder, id), "files", sums);
	job.question = json_dumps (o, JSON_COMPACT);
	json_decref (o);
	memset (job.named, 0, sizeof job.named);
	job.asked = 0;
	service_ask ();
}

static void sweep_look (uv_timer_t *timer)
{
	(void) timer;
	if (job.busy || !app_ready (job.app))
		return;
	job.busy = true;
	job.unsure = false;
	services_know ();
	app_work (job.app, sweep_begin, bite_next, NULL);
}

void sweep_start (struct app *app)
{
	job.app = app;
	metric_register (&swept_total);
	uv_timer_init (app_loop (app), &job.timer);
	uv_unref ((uv_handle_t *) &job.timer);
	uv_timer_start (&job.timer, sweep_look, LOOK_MS, LOOK_MS);
}
