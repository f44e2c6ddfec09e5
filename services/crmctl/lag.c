/* crmctl lag: how far each consumer is behind each source, lane by lane, and what does not move at all.
 * The truth is Postgres': each service answers from its own tables. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "verbs.h"

static struct {
	const char *var;
	bool json, all;
	json_t *status; /* by service */
} lag;

static int64_t member_number (json_t *o, const char *name)
{
	return json_integer_value (json_object_get (o, name));
}

static const char *member_text (json_t *o, const char *name)
{
	const char *text = json_string_value (json_object_get (o, name));
	return text ? text : "";
}

static json_t *lane_find (const char *service, int64_t lane)
{
	size_t i;
	json_t *o;
	json_array_foreach (json_object_get (json_object_get (lag.status, service), "lanes"), i, o)
	{
		if (member_number (o, "lane") == lane)
			return o;
	}
	return NULL;
}

/* One line of the table: a cursor beside the head it follows. */
static json_t *cursor_line (const char *service, json_t *cursor)
{
	int64_t lane = member_number (cursor, "lane"), at = member_number (cursor, "sequence");
	const char *source = member_text (cursor, "source");
	json_t *head = lane_find (source, lane), *own = lane_find (service, lane);
	int64_t last = member_number (head, "head");
	json_t *stopped = json_object_get (cursor, "stopped");
	if (!stopped || json_is_null (stopped))
		stopped = json_object_get (own, "stopped");
	return json_pack ("{ss ss ss sI sI so sI sO}", "service", service, "consumer", member_text (cursor, "consumer"), "source", source,
			  "lane", (json_int_t) lane, "cursor", (json_int_t) at, "head", head ? json_integer (last) : json_null (), "behind",
			  (json_int_t) (last - at), "stopped", stopped ? stopped : json_false ());
}

static bool is_stopped (json_t *line)
{
	json_t *stopped = json_object_get (line, "stopped");
	return json_is_true (stopped) || (json_is_string (stopped) && *json_string_value (stopped));
}

static bool lines_gather (json_t *lines, json_t *parked, json_t *lanes)
{
	bool settled = true;
	const char *service;
	json_t *status, *o;
	size_t i;
	json_object_foreach (lag.status, service, status)
	{
		json_array_foreach (json_object_get (status, "cursors"), i, o)
		{
			json_t *line = cursor_line (service, o);
			settled = settled && member_number (line, "behind") == 0 && !is_stopped (line);
			json_array_append_new (lines, line);
		}
		json_array_foreach (json_object_get (status, "lanes"), i, o)
		{
			json_t *copy = json_deep_copy (o);
			json_object_set_new (copy, "service", json_string (service));
			json_array_append_new (lanes, copy);
		}
		json_object_set_new (parked, service, json_integer (member_number (status, "parked")));
	}
	return settled;
}

static void line_print (json_t *line, bool colour)
{
	int64_t behind = member_number (line, "behind");
	const char *red = colour && (behind < 0 || is_stopped (line)) ? "\033[31m" : "", *plain = *red ? "\033[0m" : "";
	const char *why = is_stopped (line) ? "  STOPPED " : behind < 0 ? "  AHEAD: the source's log was cut" : "";
	printf ("%s%-12s %-10s %-12s %02lld %12lld %12lld %10lld%s%s%s\n", red, member_text (line, "service"),
		member_text (line, "consumer"), member_text (line, "source"), (long long) member_number (line, "lane"),
		(long long) member_number (line, "cursor"), (long long) member_number (line, "head"), (long long) behind, why,
		member_text (line, "stopped"), plain);
}

static void table_print (json_t *lines, json_t *parked)
{
	bool colour = isatty (STDOUT_FILENO);
	size_t i;
	json_t *o;
	const char *service;
	int quiet = 0;
	printf ("%-12s %-10s %-12s %2s %12s %12s %10s\n", "service", "consumer", "source", "", "cursor", "head", "behind");
	json_array_foreach (lines, i, o)
	{
		if (!lag.all && !member_number (o, "behind") && !is_stopped (o))
			quiet++;
		else
			line_print (o, colour);
	}
	if (quiet)
		printf ("%d lanes are level (--all shows them)\n", quiet);
	json_object_foreach (parked, service, o)
	{
		int64_t n = json_integer_value (o);
		if (n)
			printf ("%s%s: %lld parked; crmctl dead list%s\n", colour ? "\033[31m" : "", service, (long long) n,
				colour ? "\033[0m" : "");
	}
}

static int lag_run (void *ctx)
{
	(void) ctx;
	lag.status = json_object ();
	json_t *missing = json_array ();
	for (const char *const *s = services_all (); *s; s++) {
		struct answer a = ask_service (*s, "status", json_object ());
		if (a.state == ANSWER_DONE && a.json)
			json_object_set_new (lag.status, *s, a.json);
		else
			json_array_append_new (missing, json_string (*s));
	}
	json_t *lines = json_array (), *parked = json_object (), *lanes = json_array ();
	bool settled = lines_gather (lines, parked, lanes) && !json_array_size (missing);
	if (lag.json) {
		json_line (json_pack ("{sb so so so so}", "settled", settled, "cursors", lines, "parked", parked, "lanes", lanes, "silent",
				      missing));
		return 0;
	}
	table_print (lines, parked);
	size_t i;
	json_t *o;
	json_array_foreach (missing, i, o)
	{
		printf ("%s does not answer\n", json_string_value (o));
	}
	return 0;
}

int crmctl_lag (int argc, char **argv)
{
	const struct word words[] = { { "json", NULL, &lag.json }, { "all", NULL, &lag.all }, { "var", &lag.var, NULL } };
	if (words_read (argc, argv, words, LENGTH (words))) {
		fprintf (stderr, "usage: crmctl lag [--all] [--json] [--var DIR]\n");
		return 2;
	}
	return ask_run (lag.var, lag_run, NULL);
}
