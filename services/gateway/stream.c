/* The live stream: every event of lead-intake, contacts, pipeline, mailer, billing and automation that somebody may see, pushed as server-sent events the moment it is committed.
 * An event is written as JSON once, whoever hears it. What a stream says to have told (its id) it has told: a client that comes back with it misses
 * nothing, or is told to read everything anew. Never an event of a workspace or a record its reader may not see, rights looked at per event. */
#include <inttypes.h>
#include <string.h>

#include "clock.h"
#include "gateway.h"
#include "log.h"
#include "metrics.h"

enum { TICK_MS = 250, UNREAD_MOST = 4 << 20, REPLAY_TRIES = 3, RETRY_MS = 500 };
static const int64_t second = 1000000;

/* Catching up after a break, lane by lane. Outlives its stream until the replay under way has answered. */
struct resume {
	struct stream *stream;		   /* null: gone meanwhile */
	uint32_t missing[STREAM_SERVICES]; /* lanes not yet caught up */
	struct stream_vector told;
	int service, lane, tries;
	int64_t events; /* replayed so far */
	int64_t before; /* how far the lane was told when the replay was asked for */
};

struct stream {
	struct stream *next, *before;
	struct http_stream *http;
	struct caller *caller;
	const struct seat **seat; /* the caller's, those it may hear */
	size_t n_seats;
	uint32_t lanes; /* of these workspaces */
	bool dirty;	/* told something since its last id */
	bool ending;
	int64_t written;       /* clock_monotonic */
	struct resume *resume; /* null: level */
};

static struct {
	struct app *app;
	struct stream *first;
	size_t n;
	struct stream_vector now; /* what the tap has heard */
	struct buffer text;	  /* the event being pushed */
	uv_timer_t tick;
} live;

static struct metric streams_open = { .name = "leadwire_streams_open", .help = "Live streams open", .kind = METRIC_GAUGE };
static struct metric streams_told = { .name = "leadwire_stream_events_total",
				      .help = "Events written to live streams",
				      .kind = METRIC_COUNTER };

/* Lead-intake before pipeline before contacts: a deal is told before the contact that joins it. */
static const int order[STREAM_SERVICES] = { 0, 2, 1, 3, 4, 5 };

/* ---- writing ---- */

static void stream_write (struct stream *s, const void *bytes, size_t n)
{
	if (s->ending)
		return;
	s->written = clock_monotonic ();
	http_stream_write (s->http, (struct bytes){ bytes, n });
}

static void stream_text (struct stream *s, const char *text)
{
	stream_write (s, text, strlen (text));
}

static void stream_reset (struct stream *s)
{
	stream_text (s, "event: reset\ndata: {}\n\n");
	s->dirty = true;
}

/* A stream that catches up says no id: what it has told is not yet a vector. */
static void stream_id (struct stream *s)
{
	char id[STREAM_ID_TEXT], line[STREAM_ID_TEXT + 8];
	if (!s->dirty || s->resume)
		return;
	vector_pack (&live.now, s->lanes, id);
	snprintf (line, sizeof line, "id: %s\n\n", id);
	stream_text (s, line);
	s->dirty = false;
}

/* The last line; the stream is freed when it went out. May free it at once. */
static void stream_close (struct stream *s, const char *reason)
{
	if (s->ending)
		return;
	if (reason) {
		char text[120];
		snprintf (text, sizeof text, "event: bye\ndata: {\"reason\":\"%s\"}\n\n", reason);
		stream_text (s, text);
	} else {
		stream_text (s, "event: reset\ndata: {}\n\n");
	}
	s->ending = true;
	http_stream_end (s->http);
}

/* ---- an event as text ---- */

static void member_id (struct buffer *out, const char *name, struct uuid id)
{
	char text[UUID_TEXT];
	if (uuid_is_null (id))
		buffer_printf (out, "\"%s\":null,", name);
	else
		buffer_printf (out, "\"%s\":\"%s\",", name, uuid_format (id, text));
}

/* What an event is about is its first id. */
static struct uuid subject_of (const struct heard *event)
{
	struct uuid ret = { { 0 } };
	for (size_t i = 0; i < event->record->n_fields; i++) {
		const struct field *f = &event->record->fields[i];
		if (f->kind != KIND_ID || field_has (f, event->data) != HERE)
			continue;
		memcpy (&ret, (const char *) event->data + f->offset, sizeof ret);
		break;
	}
	return ret;
}

void event_say (struct buffer *out, const struct heard *event)
{
	char id[UUID_TEXT], time[TIME_TEXT];
	const struct head *head = event->head;
	buffer_printf (out, "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"%s\",\"type\":\"%s\",", uuid_format (head->id, id),
		       event->record->service, event->record->type);
	member_id (out, "subject", subject_of (event));
	buffer_printf (out, "\"time\":\"%s\",", time_format (head->at, time));
	member_id (out, "workspace", head->workspace);
	buffer_printf (out, "\"lane\":%d,\"sequence\":\"%020" PRId64 "\",", event->lane, head->sequence);
	member_id (out, "correlation", head->correlation);
	member_id (out, "causation", head->causation);
	member_id (out, "actor", head->actor);
	buffer_text (out, "\"data\":");
	record_to_json (out, event->record, event->data, false);
	buffer_text (out, "}");
}

static void event_text (struct buffer *out, const struct heard *event)
{
	buffer_clear (out);
	buffer_printf (out, "event: %s\ndata: ", event->record->type);
	event_say (out, event);
	buffer_text (out, "\n\n");
}

/* ---- who may hear it ---- */

static struct uuid owner_of (const struct heard *event, const char *name, bool *ret_owned)
{
	struct uuid ret = { { 0 } };
	const struct field *f = record_field (event->record, name);
	if (!f || f->kind != KIND_ID)
		return ret;
	*ret_owned = true;
	if (field_has (f, event->data) == HERE)
		memcpy (&ret, (const char *) event->data + f->offset, sizeof ret);
	return ret;
}

struct ears {
	const struct heard *event;
	bool owned, personal;
	struct uuid owner, old_owner;
	struct uuid to; /* personal: the one person it is for; else whoever is to do something, whosever the record */
};

static struct ears ears_of (const struct heard *event)
{
	struct ears ret = { .event = event };
	ret.owner = owner_of (event, "owner_id", &ret.owned);
	ret.old_owner = owner_of (event, "old_owner_id", &ret.owned);
	ret.to = owner_of (event, "user_id", &ret.personal);
	if (!ret.personal && strcmp (event->record->service, "contacts") == 0) {
		bool assigned = false;
		ret.to = owner_of (event, "assignee_id", &assigned);
	}
	return ret;
}

/* What names one person is for that person, and needs no right but to be there. */
static bool is_for (struct uuid actor, const struct ears *e, const struct grant *g)
{
	return !uuid_is_null (e->to) && uuid_equal (e->to, actor) && grant_hears (g, true, e->to, e->to);
}

/* The team's conversation is for those who may read it, the channel for all of them; what is said to one person, for their own streams alone. */
static bool chat_hears (struct uuid actor, const struct grant *g, const struct ears *e)
{
	const struct record *r = e->event->record;
	const void *data = e->event->data;
	bool channel = false, chat = true;
	struct uuid person = { { 0 } };
	if (r == &message_posted_record)
		channel = ((const struct message_posted *) data)->room == room_kind_channel;
	else if (r == &message_changed_record)
		channel = ((const struct message_changed *) data)->room == room_kind_channel;
	else if (r == &message_removed_record)
		channel = ((const struct message_removed *) data)->room == room_kind_channel;
	else if (r == &room_seen_record) {
		channel = true; /* whose record it is does not matter: they have read it */
		person = ((const struct room_seen *) data)->user_id.uuid;
	} else {
		const struct mention_made *made = data;
		channel = made->about == room_kind_channel;
		chat = made->source == mention_source_message;
		person = made->user_id.uuid;
	}
	if (!uuid_is_null (person) && !uuid_equal (actor, person))
		return false;
	return talk_hears (g, chat, channel, e->owner);
}

static bool is_chat (const struct record *r)
{
	return r == &message_posted_record || r == &message_changed_record || r == &message_removed_record || r == &room_seen_record ||
	       r == &mention_made_record;
}

/* What services say to each other of somebody who is to be forgotten names them once more, and a mail that is wanted is heard of when it is written,
 * as is what a rule wants and what became of it: nobody else hears it. */
static bool is_quiet (const struct record *r)
{
	static const struct record *const settled[] = { &deal_action_settled_record, &contact_action_settled_record,
							&mail_action_settled_record, &document_action_settled_record,
							&hook_action_settled_record, &action_wanted_record };
	for (size_t i = 0; i < LENGTH (settled); i++)
		if (r == settled[i])
			return true;
	return r == &document_mail_wanted_record || r == &erasure_asked_record || r == &person_erased_record || r == &leads_erased_record;
}

static bool ears_hear (const struct ears *e, const struct grant *g, struct uuid actor)
{
	if (is_quiet (e->event->record))
		return false;
	return is_chat (e->event->record) ? chat_hears (actor, g, e)
					  : is_for (actor, e, g) || (!e->personal && grant_hears (g, e->owned, e->owner, e->old_owner));
}

static bool stream_hears (const struct stream *s, const struct ears *e)
{
	for (size_t i = 0; i < s->n_seats; i++)
		if (uuid_equal (s->seat[i]->workspace, e->event->head->workspace))
			return ears_hear (e, &s->seat[i]->grant, s->caller->actor);
	return false;
}

int64_t stream_head (const char *source, int lane)
{
	int service = stream_service (source);
	return service < 0 ? 0 : live.now.mark[service][lane].sequence;
}

bool event_hears (const struct heard *event, const struct grant *g, struct uuid actor)
{
	struct ears ears = ears_of (event);
	return ears_hear (&ears, g, actor);
}

/* ---- the tap ---- */

static bool sits_in (const struct stream *s, struct uuid workspace)
{
	for (size_t i = 0; i < s->n_seats; i++)
		if (uuid_equal (s->seat[i]->workspace, workspace))
			return true;
	return false;
}

/* How somebody likes a page, and how far they looked at their news, is for their own other devices; a view for whoever sees it. Told beside the services' lanes, so without a place in the id:
 * whoever was away reads both anew when they come back. */
static bool own_hears (const struct stream *s, const struct heard *event)
{
	if (event->record == &prefs_changed_record)
		return uuid_equal (s->caller->actor, ((const struct prefs_changed *) event->data)->user_id.uuid);
	if (event->record == &notices_changed_record)
		return uuid_equal (s->caller->actor, ((const struct notices_changed *) event->data)->user_id.uuid);
	const struct view_changed *view = event->data;
	return sits_in (s, event->head->workspace) && (view->shared || uuid_equal (s->caller->actor, view->by_id.uuid));
}

static void streams_hear_own (const struct heard *event)
{
	if (event->record != &prefs_changed_record && event->record != &view_changed_record && event->record != &notices_changed_record)
		return;
	event_text (&live.text, event);
	for (struct stream *s = live.first, *next; s; s = next) {
		next = s->next;
		if (!s->ending && own_hears (s, event))
			stream_write (s, live.text.at, live.text.n);
	}
}

void streams_hear (struct app *app, const struct heard *event)
{
	(void) app;
	int service = stream_service (event->record->service);
	if (service < 0) {
		streams_hear_own (event);
		return;
	}
	live.now.mark[service][event->lane].sequence = event->head->sequence;
	live.now.mark[service][event->lane].epoch = event->epoch;
	if (!live.first)
		return;
	struct ears ears = ears_of (event);
	bool written = false;
	for (struct stream *s = live.first, *next; s; s = next) {
		next = s->next;
		bool waits = s->resume && s->resume->missing[service] >> event->lane & 1;
		if (!(s->lanes >> event->lane & 1) || s->ending || waits || !stream_hears (s, &ears))
			continue;
		if (!written)
			event_text (&live.text, event);
		written = true;
		stream_write (s, live.text.at, live.text.n);
		s->dirty = true;
		metric_add (&streams_told, 1);
	}
}

void streams_head (struct app *app, const char *source, int lane, int64_t sequence, uint64_t epoch)
{
	(void) app;
	int service = stream_service (source);
	if (service < 0)
		return;
	struct stream_mark *m = &live.now.mark[service][lane];
	bool news = !m->known || m->sequence != sequence || m->epoch != epoch;
	*m = (struct stream_mark){ .known = true, .epoch = epoch, .sequence = sequence };
	for (struct stream *s = live.first; news && s; s = s->next)
		if (s->lanes >> lane & 1)
			s->dirty = true;
}

void streams_end (caller_fits *fits, struct uuid id, const char *reason)
{
	for (struct stream *s = live.first, *next; s; s = next) {
		next = s->next;
		if (fits (s->caller, id))
			stream_close (s, reason);
	}
}

void streams_reset_all (void)
{
	for (struct stream *s = live.first, *next; s; s = next) {
		next = s->next;
		stream_close (s, NULL);
	}
}

/* ---- coming back ---- */

static void resume_next (struct resume *r);

static void resume_end (struct resume *r)
{
	if (r->stream)
		r->stream->resume = NULL;
	heap_free (r);
}

/* What was missed cannot be told any more: the client reads everything, and is level from now on. */
static void resume_fail (struct resume *r)
{
	if (r->stream)
		stream_reset (r->stream);
	resume_end (r);
}

static void replayed_event (struct app *app, void *ctx, const struct heard *event)
{
	(void) app;
	struct resume *r = ctx;
	struct stream_mark *told = &r->told.mark[r->service][r->lane];
	if (!r->stream || event->head->sequence <= told->sequence)
		return;
	told->sequence = event->head->sequence;
	told->epoch = event->epoch;
	if (++r->events > gateway_config.replay_events)
		return; /* too many: the end of this replay is the end of it all */
	struct ears ears = ears_of (event);
	if (r->stream->ending || !stream_hears (r->stream, &ears))
		return;
	event_text (&live.text, event);
	stream_write (r->stream, live.text.at, live.text.n);
	metric_add (&streams_told, 1);
}

static void resume_ask (struct resume *r);

/* The lane is level when it was told as far as the tap has heard: what came meanwhile was not pushed, and is asked for again. */
static void replayed (struct app *app, void *ctx, int64_t next)
{
	(void) app;
	struct resume *r = ctx;
	if (!r->stream) {
		resume_end (r);
		return;
	}
	const struct stream_mark *told = &r->told.mark[r->service][r->lane], *now = &live.now.mark[r->service][r->lane];
	if (next < 0 || r->events > gateway_config.replay_events) {
		resume_fail (r);
		return;
	}
	r->tries = told->sequence > r->before ? 0 : r->tries + 1;
	if (next > 0 || told->sequence < now->sequence) {
		if (r->tries >= REPLAY_TRIES)
			resume_fail (r);
		else
			resume_ask (r);
		return;
	}
	r->missing[r->service] &= ~(UINT32_C (1) << r->lane);
	r->stream->dirty = true;
	resume_next (r);
}

static void resume_ask (struct resume *r)
{
	const struct stream_mark *told = &r->told.mark[r->service][r->lane];
	r->before = told->sequence;
	app_replay (live.app, stream_services[r->service], r->lane, told->sequence + 1, told->epoch, replayed_event, replayed, r);
}

static void resume_next (struct resume *r)
{
	for (int i = 0; i < STREAM_SERVICES; i++)
		for (int lane = 0; lane < LANES; lane++)
			if (r->missing[order[i]] >> lane & 1) {
				r->service = order[i];
				r->lane = lane;
				r->tries = 0;
				resume_ask (r);
				return;
			}
	resume_end (r);
}

/* Whether what the client says to have heard can be continued, and which lanes it has missed something of. A lane that was claimed anew since has
 * lost nothing by that; whether its log was cut, the source's own tables tell, which the replay asks. */
static bool missing_of (const struct stream *s, const struct stream_vector *told, uint32_t ret_missing[STREAM_SERVICES])
{
	int64_t events = 0;
	for (int service = 0; service < STREAM_SERVICES; service++)
		for (int lane = 0; lane < LANES; lane++) {
			const struct stream_mark *was = &told->mark[service][lane], *now = &live.now.mark[service][lane];
			if (!(s->lanes >> lane & 1))
				continue;
			if (!was->known)
				return false;
			if (now->known && now->epoch == was->epoch && now->sequence <= was->sequence)
				continue;
			ret_missing[service] |= UINT32_C (1) << lane;
			events += now->known && now->sequence > was->sequence ? now->sequence - was->sequence : 0;
		}
	return events <= gateway_config.replay_events;
}

static struct resume *resume_new (struct stream *s)
{
	struct resume *r = heap_alloc (sizeof *r);
	r->stream = s;
	s->resume = r;
	return r;
}

/* Something was said that was not heard, as when a lane's new owner speaks before it is listened to: it is asked for. If it was cut away instead, the
 * source says so, and the client reads everything. */
static void stream_catch_up (struct stream *s, int service, int lane)
{
	bool asks = s->resume != NULL;
	struct resume *r = asks ? s->resume : resume_new (s);
	if (r->missing[service] >> lane & 1)
		return;
	r->told.mark[service][lane] = live.now.mark[service][lane];
	r->missing[service] |= UINT32_C (1) << lane;
	if (!asks)
		resume_next (r);
}

/* Called before what lies behind the hole is heard: until here, everything was told. */
void streams_hole (const char *source, int lane)
{
	int service = stream_service (source);
	if (service < 0)
		return;
	for (struct stream *s = live.first, *next; s; s = next) {
		next = s->next;
		if (!(s->lanes >> lane & 1) || s->ending)
			continue;
		if (live.now.mark[service][lane].known)
			stream_catch_up (s, service, lane);
		else
			stream_reset (s);
	}
}

static void stream_resume (struct stream *s, const char *last_id)
{
	struct stream_vector told;
	uint32_t missing[STREAM_SERVICES] = { 0 };
	if (!vector_unpack (last_id, &told) || !missing_of (s, &told, missing)) {
		stream_reset (s);
		return;
	}
	bool level = true;
	for (int service = 0; service < STREAM_SERVICES; service++)
		level = level && !missing[service];
	if (level)
		return;
	struct resume *r = resume_new (s);
	r->told = told;
	memcpy (r->missing, missing, sizeof missing);
	resume_next (r);
}

/* ---- opening, ticking, closing ---- */

static void stream_gone (struct http_stream *http, void *ctx)
{
	(void) http;
	struct stream *s = ctx;
	if (s->before)
		s->before->next = s->next;
	else
		live.first = s->next;
	if (s->next)
		s->next->before = s->before;
	if (s->resume)
		s->resume->stream = NULL;
	caller_drop (&s->caller);
	heap_free (s->seat);
	heap_free (s);
	metric_set (&streams_open, (int64_t) --live.n);
	if (!live.n)
		uv_timer_stop (&live.tick);
}

static void tick (uv_timer_t *timer)
{
	(void) timer;
	int64_t now = clock_monotonic (), wall = clock_now ();
	for (struct stream *s = live.first, *next; s; s = next) {
		next = s->next;
		if (s->ending)
			continue;
		caller_use (live.app, s->caller);
		if (wall >= s->caller->expires && s->caller->kind == CALLER_SESSION) {
			stream_close (s, "session_expired");
			continue;
		}
		stream_id (s);
		if (now - s->written >= 15 * second)
			stream_text (s, ":\n\n");
	}
}

void streams_start (struct app *app)
{
	live.app = app;
	uv_timer_init (app_loop (app), &live.tick);
	uv_unref ((uv_handle_t *) &live.tick);
	metric_register (&streams_open);
	metric_register (&streams_told);
}

/* Heads of every lane are known, or there is somebody who does not tell: a stream that begins or goes on before that could not say where it is. */
bool streams_settled (void)
{
	static int64_t since;
	since = since ? since : clock_monotonic ();
	if (clock_monotonic () - since > 3 * second)
		return true;
	for (int service = 0; service < STREAM_SERVICES; service++)
		for (int lane = 0; lane < LANES; lane++)
			if (!live.now.mark[service][lane].known)
				return false;
	return true;
}

static int64_t streams_of (struct uuid actor)
{
	int64_t ret = 0;
	for (const struct stream *s = live.first; s; s = s->next)
		ret += !s->ending && uuid_equal (s->caller->actor, actor);
	return ret;
}

static struct stream *stream_new (struct request *q)
{
	struct stream *s = heap_alloc (sizeof *s);
	s->caller = caller_keep (q->caller);
	s->n_seats = q->sight.n;
	s->seat = heap_alloc ((s->n_seats + 1) * sizeof *s->seat);
	for (size_t i = 0; i < s->n_seats; i++) {
		/* the caller outlives the request, and with it what ?workspace= named */
		char id[UUID_TEXT];
		s->seat[i] = seat_find (s->caller->seats, s->caller->n_seats, uuid_format (q->sight.seat[i]->workspace, id));
		s->lanes |= UINT32_C (1) << lane_of (s->seat[i]->workspace);
	}
	s->next = live.first;
	if (s->next)
		s->next->before = s;
	live.first = s;
	metric_set (&streams_open, (int64_t) ++live.n);
	if (live.n == 1)
		uv_timer_start (&live.tick, tick, TICK_MS, TICK_MS);
	return s;
}

void stream_page_open (struct request *q)
{
	char retry[40];
	struct http_request *r = q->http;
	if (streams_of (q->caller->actor) >= gateway_config.streams_per_user) {
		http_set (r, "Retry-After", "5");
		reply_error (q, ERROR_too_many, NULL, NULL);
		return;
	}
	if (q->gone) { /* nobody would ever read it */
		reply_error (q, ERROR_unavailable, NULL, NULL);
		return;
	}
	const char *last_id = http_header (r, "Last-Event-ID");
	struct stream *s = stream_new (q);
	http_set (r, "Cache-Control", "no-store");
	http_set (r, "X-Accel-Buffering", "no");
	last_id = last_id ? arena_text (&s->caller->arena, last_id) : NULL;
	request_end (q);
	s->http = http_stream_open (r, 200, "text/event-stream; charset=utf-8", UNREAD_MOST, stream_gone, s);
	s->dirty = true;
	snprintf (retry, sizeof retry, "retry: %d\n\n", RETRY_MS);
	stream_text (s, retry);
	if (last_id && *last_id)
		stream_resume (s, last_id);
}
