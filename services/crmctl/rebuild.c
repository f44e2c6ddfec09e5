/* crmctl rebuild: a projection built anew out of the streams, beside the live one, which it replaces when it is level. The service writes; this reads the
 * streams and feeds them, lane by lane, in order. It must never write to a service's schema, nor feed what came after the rebuild had begun. */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "clock.h"
#include "verbs.h"

enum { EVENTS_A_BITE = 200, WAIT_S = 600 };

static struct {
	const char *var;
	bool json;
	long fed, changed;
} rebuild;

/* Events of one source's lane on their way: JSON arrays of a bite each. */
struct bites {
	int64_t to; /* none after it */
	struct buffer *at;
	size_t n, events;
};

static bool is_told (const char *type)
{
	static const struct record *const told[] = {
#define TELLS(event, of) &event##_record,
#include "timeline.def"
#undef TELLS
	};
	for (size_t i = 0; i < LENGTH (told); i++)
		if (strcmp (told[i]->type, type) == 0)
			return true;
	return false;
}

static void event_take (void *ctx, const struct heard *heard)
{
	struct bites *bites = ctx;
	char id[UUID_TEXT], workspace[UUID_TEXT], actor[UUID_TEXT];
	const struct head *h = heard->head;
	if (h->sequence > bites->to || !is_told (heard->record->type))
		return;
	if (bites->events++ % EVENTS_A_BITE == 0) {
		bites->at = heap_resize (bites->at, (bites->n + 1) * sizeof *bites->at);
		bites->at[bites->n++] = (struct buffer){ 0 };
	}
	struct buffer *out = &bites->at[bites->n - 1];
	buffer_printf (
		out, "%s{\"type\":\"%s\",\"head\":{\"id\":\"%s\",\"workspace\":\"%s\",\"actor\":\"%s\",\"at\":%lld,\"depth\":%d},\"data\":",
		out->n ? "," : "[", heard->record->type, uuid_format (h->id, id), uuid_format (h->workspace, workspace),
		uuid_format (h->actor, actor), (long long) h->at, h->depth);
	record_to_json (out, heard->record, heard->data, false);
	buffer_text (out, "}");
}

/* Any id whose lane it is: a command goes to the owner of its workspace's lane. */
static struct uuid uuid_of_lane (int lane)
{
	struct uuid ret = { 0 };
	unsigned char *byte = (unsigned char *) &ret;
	while (lane_of (ret) != lane)
		byte[sizeof ret - 1]++;
	return ret;
}

/* What of a lane is known; borrowed from `list`. */
static json_t *lane_state (json_t *list, int lane)
{
	size_t i;
	json_t *o;
	json_array_foreach (json_object_get (list, "data"), i, o)
	{
		if (json_integer_value (json_object_get (o, "lane")) == lane)
			return o;
	}
	return NULL;
}

/* Waits until a lane is in that phase: its state, a new reference. Null: a sentence was written. */
static json_t *phase_wait (int lane, const char *phase)
{
	int64_t limit = clock_monotonic () + (int64_t) WAIT_S * 1000000;
	while (clock_monotonic () < limit) {
		struct projection_list ask = { .lane = lane, .has.lane = HERE };
		struct answer a = ask_query (&projection_list_record, &ask);
		json_t *state = a.state == ANSWER_DONE ? json_incref (lane_state (a.json, lane)) : NULL;
		const char *now = json_string_value (json_object_get (state, "phase"));
		bool there = now && !strcmp (now, phase), off = now && !strcmp (now, "cancelled");
		json_decref (a.json);
		if (there)
			return state;
		json_decref (state);
		if (off) {
			fprintf (stderr, "crmctl rebuild: somebody was erased, or a deal is gone for good since it began: run it again\n");
			return NULL;
		}
		nanosleep (&(struct timespec){ .tv_nsec = 50000000 }, NULL);
	}
	fprintf (stderr, "crmctl rebuild: lane %d did not become %s in %d s\n", lane, phase, WAIT_S);
	return NULL;
}

/* What a page of frames gave, bite by bite. */
static bool bites_feed (int lane, struct bites *bites, bool whole)
{
	for (size_t i = 0; i < bites->n; i++) {
		buffer_text (&bites->at[i], "]");
		buffer_add (&bites->at[i], "", 1);
		struct projection_feed cmd = { .head.workspace = uuid_of_lane (lane),
					       .lane = lane,
					       .events = (const char *) bites->at[i].at };
		struct answer a = whole ? ask_command (&projection_feed_record, &cmd) : (struct answer){ .state = ANSWER_DONE };
		if (a.state != ANSWER_DONE) {
			answer_fail ("rebuild", &a, rebuild.json);
			whole = false;
		}
		json_decref (a.json);
		buffer_fini (&bites->at[i]);
	}
	rebuild.fed += (long) bites->events;
	heap_free (bites->at);
	return whole;
}

/* A page of frames at a time: however long the stream is, no more than that is held. */
static bool source_feed (int lane, const char *source, int64_t to)
{
	bool whole = true;
	for (int64_t next = 1; whole && next > 0 && next <= to;) {
		struct bites bites = { .to = to };
		whole = ask_replay_page (source, lane, next, event_take, &bites, &next);
		if (!whole)
			fprintf (stderr, "crmctl rebuild: %s, lane %d: its log was cut, or nobody answers\n", source, lane);
		whole = bites_feed (lane, &bites, whole);
	}
	return whole;
}

/* A command to the owner of a lane that answers nothing but that it is done. */
static bool lane_tell (const struct record *r, void *command)
{
	struct answer a = ask_command (r, command);
	if (a.state != ANSWER_DONE)
		answer_fail ("rebuild", &a, rebuild.json);
	json_decref (a.json);
	return a.state == ANSWER_DONE;
}

static bool lane_feed (int lane)
{
	json_t *state = phase_wait (lane, "begun"), *to;
	bool good = state != NULL;
	const char *source;
	json_object_foreach (json_object_get (state, "positions"), source, to)
	{
		good = good && source_feed (lane, source, json_integer_value (to));
	}
	json_decref (state);
	struct projection_level level = { .head.workspace = uuid_of_lane (lane), .lane = lane };
	return good && lane_tell (&projection_level_record, &level);
}

/* All lanes begin, then each is fed, then all are waited for: a lane takes its turn about once a second. */
static int timeline_rebuild (void *ctx)
{
	bool good = true;
	(void) ctx;
	for (int lane = 0; good && lane < LANES; lane++) {
		struct projection_rebuild begin = { .head.workspace = uuid_of_lane (lane), .lane = lane };
		good = lane_tell (&projection_rebuild_record, &begin);
	}
	for (int lane = 0; good && lane < LANES; lane++)
		good = lane_feed (lane);
	for (int lane = 0; good && lane < LANES; lane++) {
		json_t *state = phase_wait (lane, "done");
		rebuild.changed += (long) json_integer_value (json_object_get (state, "changed"));
		good = state != NULL;
		json_decref (state);
	}
	if (!good)
		return 1;
	if (rebuild.json)
		printf ("{\"fed\":%ld,\"changed\":%ld}\n", rebuild.fed, rebuild.changed);
	else
		printf ("the timeline is built anew: %ld events read, %ld lines are other now\n", rebuild.fed, rebuild.changed);
	return 0;
}

int crmctl_rebuild (int argc, char **argv)
{
	const struct word words[] = { { .name = "var", .value = &rebuild.var }, { .name = "json", .yes = &rebuild.json } };
	int n = words_read (argc, argv, words, LENGTH (words));
	if (n == 2 && !strcmp (argv[1], "contacts") && !strcmp (argv[2], "timeline"))
		return ask_run (rebuild.var, timeline_rebuild, NULL);
	fprintf (stderr, "usage: crmctl rebuild contacts timeline [--var DIR] [--json]\n");
	return 2;
}
