/* What operators watch: every name in the alerts and on the dashboard is one that a living daemon serves, and none that it serves is forgotten.
 * It must never take a name from anywhere but a daemon's own /metrics. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "arena.h"
#include "ops.h"

static const char *const daemons[] = { "gateway", "lead-intake", "contacts", "pipeline", "mailer", "billing", "automation" };

/* Everything that all daemons serve, one after the other. */
static char *metrics_all (struct stack *s)
{
	struct buffer all = { 0 };
	for (size_t i = 0; i < LENGTH (daemons); i++) {
		char url[100];
		snprintf (url, sizeof url, "http://127.0.0.1:%d/metrics", daemon_port (s, daemons[i], 0, "metrics"));
		struct web_answer a = web_ask (s, &(struct web_request){ .method = "GET", .url = url });
		CHECK (a.status == 200, "%s: %d", url, a.status);
		buffer_text (&all, "\n");
		buffer_text (&all, a.body);
		web_free (&a);
	}
	buffer_add (&all, "", 1);
	return (char *) all.at;
}

/* A sample of that name stands in the text. */
static bool metric_served (const char *metrics, const char *name, size_t n)
{
	for (const char *at = metrics; (at = memmem (at, strlen (at), name, n)); at += n)
		if (at[-1] == '\n' && (at[n] == ' ' || at[n] == '{'))
			return true;
	return false;
}

static bool is_name (char c)
{
	return isalnum ((unsigned char) c) || c == '_';
}

/* The names of ours in one expression. How many there were. */
static int names_check (const char *metrics, const char *expression, const char *where)
{
	static const char *const ours[] = { "leadwire_", "process_" };
	int n = 0;
	for (const char *at = expression; *at;) {
		size_t length = 0;
		while (is_name (at[length]))
			length++;
		for (size_t i = 0; i < LENGTH (ours); i++)
			if (length && !strncmp (at, ours[i], strlen (ours[i]))) {
				CHECK (metric_served (metrics, at, length), "%s asks for %.*s, which nobody serves", where, (int) length,
				       at);
				n++;
			}
		at += length ? length : 1;
	}
	return n;
}

static char *file_read (const char *path)
{
	int code;
	char *text = program_run ((const char *[]){ "/bin/cat", path, NULL }, &code);
	CHECK (code == 0 && *text, "%s cannot be read", path);
	return text;
}

static int alerts_check (const char *metrics, const char *file)
{
	char *text = heap_text (file), *rest;
	int n = 0;
	for (char *line = strtok_r (text, "\n", &rest); line; line = strtok_r (NULL, "\n", &rest)) {
		const char *expression = strstr (line, " expr: ");
		if (expression)
			n += names_check (metrics, expression, "alerts.yml");
	}
	heap_free (text);
	return n;
}

/* Every "expr" and "query", however deep. */
static int dashboard_check (const char *metrics, json_t *o)
{
	int n = 0;
	size_t i;
	const char *key;
	json_t *value;
	json_array_foreach (o, i, value) n += dashboard_check (metrics, value);
	json_object_foreach (o, key, value)
	{
		if (json_is_string (value) && (!strcmp (key, "expr") || !strcmp (key, "query")))
			n += names_check (metrics, json_string_value (value), "the dashboard");
		else
			n += dashboard_check (metrics, value);
	}
	return n;
}

/* Each family that is served is looked at by one of the two. */
static int families_check (const char *metrics, const char *alerts, const char *dashboard)
{
	int n = 0;
	for (const char *at = metrics; (at = strstr (at, "\n# TYPE ")); at += 8) {
		char name[100];
		snprintf (name, sizeof name, "%.*s", (int) strcspn (at + 8, " "), at + 8);
		CHECK (strstr (alerts, name) || strstr (dashboard, name),
		       "%s is served, and neither an alert nor the dashboard looks at it", name);
		n++;
	}
	return n;
}

OP (watched_metrics, "Alerts and dashboard ask for what the daemons serve, and what they serve is looked at")
{
	struct stack s;
	house_up (&s, "watch", 0, NULL);
	char *metrics = metrics_all (&s), *alerts = file_read ("deploy/prometheus/alerts.yml"),
	     *dashboard = file_read ("deploy/grafana/dashboards/leadwire.json");
	json_error_t error;
	json_t *o = json_loads (dashboard, 0, &error);
	CHECK (o, "the dashboard is no JSON: %s", error.text);
	int in_alerts = alerts_check (metrics, alerts), on_dashboard = dashboard_check (metrics, o);
	CHECK (in_alerts >= 8 && on_dashboard >= 20, "%d names in alerts, %d on the dashboard: the files were not understood", in_alerts,
	       on_dashboard);
	printf ("    %d names in alerts, %d on the dashboard, %d looked at of what the four serve\n", in_alerts, on_dashboard,
		families_check (metrics, alerts, dashboard));

	/* what is parked shows as such, and no longer when it is gone */
	char url[100];
	snprintf (url, sizeof url, "http://127.0.0.1:%d/metrics", daemon_port (&s, "contacts", 0, "metrics"));
	sql_do (&s,
		"insert into contacts.parked (lane, source, sequence, key, key2, workspace_id, type, event, state, tries, error, first_at, next_at) "
		"values (4, 'lead-intake', 9999991, 1, 0, '00000000-0000-0000-0000-000000000001', 'lead.created', '', 'poison', 9, 'a test', "
		"now(), now() + interval '1 hour')");
	daemon_hold (&s, "contacts");
	daemon_release (&s, "contacts");
	for (int there = 1; there >= 0; there--) {
		char sample[80];
		snprintf (sample, sizeof sample, "leadwire_parked_items{state=\"poison\"} %d\n", there);
		for (int64_t limit = now_us () + 10000000;; pause_us (20000)) {
			struct web_answer a = web_ask (&s, &(struct web_request){ .method = "GET", .url = url });
			bool shown = strstr (a.body, sample) != NULL;
			web_free (&a);
			if (shown)
				break;
			CHECK (now_us () < limit, "contacts does not serve %s", sample);
		}
		sql_do (&s, "delete from contacts.parked");
	}
	json_decref (o);
	free (dashboard);
	free (alerts);
	free (metrics);
}
