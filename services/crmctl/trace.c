/* crmctl trace: everything that one request caused, as a tree, with the time of each hop.
 * It only reads the streams; what is not in them it does not guess. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "clock.h"
#include "verbs.h"

/* One event of the tree: its head, and whose it is. */
struct hop {
	struct head head;
	const char *source, *type;
	int lane;
	struct uuid subject;
	bool shown;
};

static struct {
	const char *id_text, *var, *workspace;
	bool json;
	struct uuid id, workspace_id;
	struct uuid correlation[64]; /* whose events are wanted */
	size_t n_correlations;
	unsigned lanes; /* bit k: lane k holds some of them */
	struct hop *hop;
	size_t n, room;
	const char *source; /* which stream is being read */
} trace;

static bool uuid_null (struct uuid id)
{
	return uuid_equal (id, (struct uuid){ { 0 } });
}

static void correlation_seen (void *ctx, const struct heard *heard)
{
	(void) ctx;
	if (!event_names (heard, trace.id))
		return;
	trace.lanes |= 1u << heard->lane;
	for (size_t i = 0; i < trace.n_correlations; i++)
		if (uuid_equal (trace.correlation[i], heard->head->correlation))
			return;
	if (trace.n_correlations < LENGTH (trace.correlation))
		trace.correlation[trace.n_correlations++] = heard->head->correlation;
}

static void hop_seen (void *ctx, const struct heard *heard)
{
	(void) ctx;
	bool wanted = false;
	for (size_t i = 0; i < trace.n_correlations; i++)
		wanted = wanted || uuid_equal (trace.correlation[i], heard->head->correlation);
	if (!wanted)
		return;
	if (trace.n == trace.room) {
		trace.room = trace.room ? trace.room * 2 : 64;
		trace.hop = heap_resize (trace.hop, trace.room * sizeof *trace.hop);
	}
	trace.hop[trace.n++] = (struct hop){
		.head = *heard->head,
		.source = trace.source,
		.type = heard->record->type,
		.lane = heard->lane,
		.subject = event_subject (heard),
	};
}

static int hop_compare (const void *a, const void *b)
{
	const struct hop *x = a, *y = b;
	int by_correlation = memcmp (x->head.correlation.b, y->head.correlation.b, sizeof x->head.correlation.b);
	if (by_correlation)
		return by_correlation;
	if (x->head.depth != y->head.depth && x->head.recorded == y->head.recorded)
		return x->head.depth < y->head.depth ? -1 : 1;
	return x->head.recorded < y->head.recorded ? -1 : x->head.recorded > y->head.recorded;
}

static const struct hop *hop_cause (const struct hop *h)
{
	for (size_t i = 0; i < trace.n; i++)
		if (&trace.hop[i] != h && !uuid_null (h->head.causation) && uuid_equal (trace.hop[i].head.id, h->head.causation))
			return &trace.hop[i];
	return NULL;
}

/* Milliseconds with three digits, as text: times are integers here. */
static const char *span_text (int64_t microseconds, char ret[32])
{
	snprintf (ret, 32, "%s%lld.%03lld", microseconds < 0 ? "-" : "", llabs (microseconds) / 1000, llabs (microseconds) % 1000);
	return ret;
}

static void hop_print (struct hop *h, int depth, int64_t began)
{
	char id[UUID_TEXT], total[32], hop[32];
	const struct hop *cause = hop_cause (h);
	h->shown = true;
	printf ("%*s%-22s %-11s %02d #%-6lld %s  +%s ms", depth * 3, "", h->type, h->source, h->lane, (long long) h->head.sequence,
		uuid_format (h->subject, id), span_text (h->head.recorded - began, total));
	if (cause)
		printf ("  (hop %s ms)", span_text (h->head.recorded - cause->head.recorded, hop));
	puts ("");
	for (size_t i = 0; i < trace.n; i++)
		if (!trace.hop[i].shown && hop_cause (&trace.hop[i]) == h)
			hop_print (&trace.hop[i], depth + 1, began);
}

static json_t *id_json (struct uuid id)
{
	char text[UUID_TEXT];
	return uuid_null (id) ? json_null () : json_string (uuid_format (id, text));
}

static json_t *hop_json (const struct hop *h, int64_t began)
{
	char at[TIME_TEXT], recorded[TIME_TEXT];
	const struct hop *cause = hop_cause (h);
	return json_pack ("{so ss ss si sI so ss ss so so sI so si}", "id", id_json (h->head.id), "source", h->source, "type", h->type,
			  "lane", h->lane, "sequence", (json_int_t) h->head.sequence, "subject", id_json (h->subject), "time",
			  time_format (h->head.at, at), "recorded", time_format (h->head.recorded, recorded), "causation",
			  id_json (h->head.causation), "correlation", id_json (h->head.correlation), "after_us",
			  (json_int_t) (h->head.recorded - began), "hop_us",
			  cause ? json_integer (h->head.recorded - cause->head.recorded) : json_null (), "depth", h->head.depth);
}

static void trace_print (void)
{
	for (size_t i = 0; i < trace.n; i++) {
		struct hop *h = &trace.hop[i];
		char id[UUID_TEXT], time[TIME_TEXT];
		if (h->shown || hop_cause (h))
			continue;
		if (i == 0 || !uuid_equal (h->head.correlation, trace.hop[i - 1].head.correlation))
			printf ("%s  %s\n", uuid_format (h->head.correlation, id), time_format (h->head.recorded, time));
		hop_print (h, 1, trace.hop[0].head.recorded);
	}
}

static bool lanes_read (void (*event) (void *ctx, const struct heard *heard))
{
	bool whole = true;
	for (const char *const *s = services_all (); *s; s++) {
		trace.source = *s;
		for (int lane = 0; lane < LANES; lane++)
			if (trace.lanes >> lane & 1)
				whole = ask_replay (*s, lane, 1, event, NULL) && whole;
	}
	return whole;
}

static int trace_run (void *ctx)
{
	(void) ctx;
	trace.lanes = (1u << LANES) - 1;
	if (trace.workspace) {
		if (!ask_workspace ("trace", trace.workspace, &trace.workspace_id))
			return 1;
		trace.lanes = 1u << lane_of (trace.workspace_id);
	}
	unsigned all = trace.lanes;
	trace.lanes = 0;
	for (int lane = 0; lane < LANES; lane++)
		for (const char *const *s = services_all (); *s && all >> lane & 1; s++)
			if (!ask_replay (*s, lane, 1, correlation_seen, NULL))
				fprintf (stderr, "crmctl trace: %s, lane %d: its log was cut, or nobody answers\n", *s, lane);
	if (!trace.n_correlations) {
		fprintf (stderr, "crmctl trace: no event carries %s\n", trace.id_text);
		return 1;
	}
	lanes_read (hop_seen);
	qsort (trace.hop, trace.n, sizeof *trace.hop, hop_compare);
	if (!trace.json) {
		trace_print ();
		return 0;
	}
	json_t *hops = json_array ();
	for (size_t i = 0; i < trace.n; i++)
		json_array_append_new (hops, hop_json (&trace.hop[i], trace.hop[0].head.recorded));
	json_line (json_pack ("{so so}", "correlation", id_json (trace.correlation[0]), "hops", hops));
	return 0;
}

int crmctl_trace (int argc, char **argv)
{
	const struct word words[] = {
		{ "json", NULL, &trace.json },
		{ "var", &trace.var, NULL },
		{ "workspace", &trace.workspace, NULL },
	};
	if (words_read (argc, argv, words, LENGTH (words)) != 1 || uuid_parse (argv[1], &trace.id) != OK) {
		fprintf (
			stderr,
			"usage: crmctl trace ID [--workspace SLUG] [--json] [--var DIR]     ID: of a correlation, an event, or a record\n");
		return 2;
	}
	trace.id_text = argv[1];
	return ask_run (trace.var, trace_run, NULL);
}
