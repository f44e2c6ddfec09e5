/* What happened, pulled: GET /api/crm/events gives what the sources' logs hold of one workspace, page after page, for whoever would rather ask than be told.
 * Its cursor says how far each source was read, so that nothing is left out and nothing comes twice, whatever is committed between two pages. It must never
 * give what may not leave (public_events.h), nor what its asker would not hear on the live stream. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "gateway.h"
#include "public_events.h"

enum {
	SOURCES_MOST = 8,
	TYPES_MOST = 50,
	LIMIT_USUAL = 100,
	SCAN_MOST = 5000, /* events of a source that one page looks at: a lane is several workspaces' */
	PULL_MS = 5000,
	CUT_MS = 2000, /* a source that refuses answers sooner; one that does not answer, later */
	CURSOR_BYTES = 1500,
};

/* One event of a source, found and not given yet. */
struct found {
	struct found *next;
	int64_t recorded, sequence;
	uint64_t epoch;
	const char *text;
};

/* How far a source's lane was read. */
struct mark {
	int64_t sequence;
	uint64_t epoch; /* of the claim that wrote that event; 0: not known */
};

struct source {
	const char *name;
	struct mark given, read;
	struct found *first, **last;
	size_t n;
	int64_t scanned, recorded; /* events looked at; when the last of them was committed */
	bool level;		   /* there is nothing behind what was read */
	bool told;		   /* the replay under way gave an event */
	bool doubt;		   /* asked once more, without saying whose log the cursor is of */
};

struct pull {
	struct request *q;
	struct source source[SOURCES_MOST];
	size_t n, at;
	const char *type[TYPES_MOST]; /* "deal.moved", or "deal." for all that begin so */
	size_t types;
	size_t limit;
	int lane;
	int64_t since, asked;
};

/* ---- which types ---- */

static bool type_fits (const char *wanted, const char *type)
{
	size_t n = strlen (wanted);
	return wanted[n - 1] == '.' ? strncmp (type, wanted, n) == 0 : strcmp (type, wanted) == 0;
}

static bool type_known (const char *wanted)
{
	for (size_t i = 0; all_records[i]; i++)
		if (all_records[i]->class == RECORD_EVENT && event_is_public (all_records[i]) && type_fits (wanted, all_records[i]->type))
			return true;
	return false;
}

/* False: answered. */
static bool types_take (struct pull *p, const char *list)
{
	for (const char *word; (word = word_next (p->q->arena, &list));) {
		size_t n = strlen (word);
		const char *wanted = n > 2 && strcmp (word + n - 2, ".*") == 0 ? arena_copy (p->q->arena, word, n - 1) : word;
		if (!n || p->types == TYPES_MOST || !type_known (wanted)) {
			fields_wrong (p->q, "/type", p->types == TYPES_MOST ? "too_many" : "not_a_choice");
			return false;
		}
		p->type[p->types++] = wanted;
	}
	return true;
}

static bool is_wanted (const struct pull *p, const struct heard *event)
{
	bool fits = !p->types;
	for (size_t i = 0; i < p->types && !fits; i++)
		fits = type_fits (p->type[i], event->record->type);
	return fits && uuid_equal (event->head->workspace, p->q->seat->workspace) && event_is_public (event->record) &&
	       event_hears (event, &p->q->seat->grant, p->q->caller->actor);
}

/* ---- the cursor: {"w": workspace, source: [sequence, epoch], …} as base64url; a source that it does not name is read from its beginning ---- */

static const char *cursor_write (const struct pull *p)
{
	char id[UUID_TEXT];
	json_t *o = json_pack ("{s:s}", "w", uuid_format (p->q->seat->workspace, id));
	for (size_t i = 0; i < p->n; i++)
		json_object_set_new (o, p->source[i].name,
				     json_pack ("[I, I]", (json_int_t) p->source[i].given.sequence, (json_int_t) p->source[i].given.epoch));
	char *text = json_dumps (o, JSON_COMPACT);
	size_t n = strlen (text), room = sodium_base64_encoded_len (n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	char *ret = arena_alloc (p->q->arena, room);
	sodium_bin2base64 (ret, room, (const unsigned char *) text, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	free (text);
	json_decref (o);
	return ret;
}

static bool mark_read (const json_t *in, struct mark *ret)
{
	const json_t *sequence = json_array_get (in, 0), *epoch = json_array_get (in, 1);
	if (!in)
		return true;
	ret->sequence = json_integer_value (sequence);
	ret->epoch = (uint64_t) json_integer_value (epoch);
	return json_is_integer (sequence) && json_is_integer (epoch) && ret->sequence >= 0;
}

static bool cursor_read (struct pull *p, const char *text)
{
	char bytes[CURSOR_BYTES], id[UUID_TEXT];
	size_t n;
	if (sodium_base642bin ((unsigned char *) bytes, sizeof bytes, text, strlen (text), NULL, &n, NULL,
			       sodium_base64_VARIANT_URLSAFE_NO_PADDING))
		return false;
	json_t *o = json_loadb (bytes, n, 0, NULL);
	const char *workspace = json_string_value (json_object_get (o, "w"));
	bool ret = workspace && strcmp (workspace, uuid_format (p->q->seat->workspace, id)) == 0;
	for (size_t i = 0; i < p->n && ret; i++)
		ret = mark_read (json_object_get (o, p->source[i].name), &p->source[i].given);
	json_decref (o);
	return ret;
}

/* ---- the answer ---- */

/* The source whose next event was committed first. Null: there is none, or something older may come of one that was not read to its end. */
static struct source *source_next (struct pull *p)
{
	struct source *ret = NULL;
	int64_t first = 0;
	for (size_t i = 0; i < p->n; i++) {
		struct source *s = &p->source[i];
		int64_t at = s->first ? s->first->recorded : s->recorded;
		if ((s->first || !s->level) && (!ret || at < first)) {
			ret = s;
			first = at;
		}
	}
	return ret && ret->first ? ret : NULL;
}

static void pull_answer (struct pull *p)
{
	struct request *q = p->q;
	struct buffer out = { 0 };
	struct source *s;
	bool more = false;
	size_t n = 0;
	buffer_text (&out, "{\"data\":[");
	for (; n < p->limit && (s = source_next (p)); n++) {
		buffer_printf (&out, "%s%s", n ? "," : "", s->first->text);
		s->given = (struct mark){ s->first->sequence, s->first->epoch };
		s->first = s->first->next;
	}
	for (s = p->source; s < p->source + p->n; s++) {
		if (!s->first)
			s->given = s->read; /* what was passed over is behind us too */
		more = more || s->first || !s->level;
	}
	const char *next = cursor_write (p);
	buffer_printf (&out, "],\"next\":\"%s\",\"more\":%s}", next, more ? "true" : "false");
	struct bytes json = { (const unsigned char *) arena_copy (q->arena, (const char *) out.at, out.n), out.n };
	buffer_fini (&out);
	if (more)
		link_next (q, next);
	reply_json (q, 200, json);
}

/* ---- reading a source ---- */

static void source_ask (struct pull *p);

static void pull_event (struct app *app, void *ctx, const struct heard *event)
{
	(void) app;
	struct pull *p = ctx;
	struct source *s = &p->source[p->at];
	if (s->n == p->limit || event->head->sequence <= s->read.sequence)
		return;
	s->told = true;
	s->scanned++;
	s->recorded = event->head->recorded;
	s->read = (struct mark){ event->head->sequence, event->epoch };
	if (!is_wanted (p, event))
		return;
	struct found *f = arena_alloc (p->q->arena, sizeof *f);
	struct buffer text = { 0 };
	event_say (&text, event);
	*f = (struct found){ .recorded = event->head->recorded,
			     .sequence = event->head->sequence,
			     .epoch = event->epoch,
			     .text = arena_copy (p->q->arena, (const char *) text.at, text.n) };
	buffer_fini (&text);
	*s->last = f;
	s->last = &f->next;
	s->n++;
}

/* The log is not as the cursor has it, which a backup that was put back does; or nobody answers. */
static void source_failed (struct pull *p, struct source *s)
{
	if (s->read.epoch && clock_monotonic () - p->asked < CUT_MS * INT64_C (1000)) {
		s->doubt = true;
		s->read.epoch = 0;
		source_ask (p);
		return;
	}
	reply_error (p->q, ERROR_unavailable, NULL, NULL);
}

static void pull_end (struct app *app, void *ctx, int64_t next)
{
	(void) app;
	struct pull *p = ctx;
	struct source *s = &p->source[p->at];
	if (next < 0) {
		source_failed (p, s);
		return;
	}
	if (s->doubt) {
		fields_wrong (p->q, "/after", "unknown");
		return;
	}
	bool whole = s->n == p->limit;
	if (next > 0 && !s->told && !whole) /* nothing that this build understands: whose it is, it cannot say */
		s->read = (struct mark){ next - 1, 0 };
	s->level = next == 0 && !whole;
	if (s->level || whole || s->scanned >= SCAN_MOST)
		p->at++;
	source_ask (p);
}

/* Goes on with the source that is under way, or the next one; answers when all were read. */
static void source_ask (struct pull *p)
{
	if (p->q->gone || p->at == p->n) { /* to somebody who left nothing is told, but it ends */
		pull_answer (p);
		return;
	}
	struct source *s = &p->source[p->at];
	s->told = false;
	p->asked = clock_monotonic ();
	app_replay (p->q->app, s->name, p->lane, s->read.sequence + 1, s->read.epoch, pull_event, pull_end, p);
}

/* ---- where it begins ---- */

static void since_ask (struct pull *p);

static void since_found (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct pull *p = ctx;
	struct source *s = &p->source[p->at];
	if (reply->state != REPLY_DONE) {
		reply_fault (p->q, reply);
		return;
	}
	json_t *o = json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL);
	int64_t first = json_integer_value (json_object_get (o, "sequence"));
	json_decref (o);
	if (first > 0) /* else nothing was said since: it begins where the source was when it was asked */
		s->read = s->given = (struct mark){ first - 1, 0 };
	p->at++;
	since_ask (p);
}

static void since_ask (struct pull *p)
{
	if (p->at == p->n) {
		p->at = 0;
		source_ask (p);
		return;
	}
	struct source *s = &p->source[p->at];
	s->read.sequence = s->given.sequence = stream_head (s->name, p->lane);
	app_ask (p->q->app, s->name, "frames", arena_printf (p->q->arena, "{\"lane\":%d,\"at\":%lld}", p->lane, (long long) p->since),
		 PULL_MS, since_found, p);
}

/* Every service that says something which may leave. */
static void sources_take (struct pull *p)
{
	for (size_t i = 0; all_records[i]; i++) {
		const struct record *r = all_records[i];
		bool known = r->class != RECORD_EVENT || !event_is_public (r);
		for (size_t k = 0; k < p->n && !known; k++)
			known = strcmp (p->source[k].name, r->service) == 0;
		if (known)
			continue;
		assert (p->n < SOURCES_MOST);
		p->source[p->n++].name = r->service;
	}
	for (size_t i = 0; i < p->n; i++)
		p->source[i].last = &p->source[i].first;
}

void event_pull_page_show (struct request *q)
{
	if (!record_of_query (q) || !(q->seat = seat_of_write (q)))
		return;
	const struct event_pull_page *asked = q->item;
	const struct grant *g = &q->seat->grant;
	if (g->scope < SCOPE_WORKSPACE && !grant_allows (g, PERMISSION_crm_settings)) {
		reply_error (q, ERROR_forbidden, NULL, NULL);
		return;
	}
	struct pull *p = arena_alloc (q->arena, sizeof *p);
	*p = (struct pull){ .q = q, .limit = asked->has.limit == HERE ? (size_t) asked->limit : LIMIT_USUAL };
	p->lane = lane_of (q->seat->workspace);
	sources_take (p);
	if (asked->has.type == HERE && !types_take (p, asked->type))
		return;
	if (asked->has.after == HERE && !cursor_read (p, asked->after)) {
		fields_wrong (q, "/after", "unknown");
		return;
	}
	for (size_t i = 0; i < p->n; i++)
		p->source[i].read = p->source[i].given;
	p->since = asked->since;
	if (asked->has.after != HERE && asked->has.since == HERE)
		since_ask (p);
	else
		source_ask (p);
}
