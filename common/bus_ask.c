/* What this process asks of others (commands, queries, questions, replays), again and again under the same id until an answer or the deadline.
 * Never calls back before the asking call has returned; never says that nothing happened when it cannot know. */
#include "bus_parts.h"

#include "clock.h"

#include <string.h>

struct pending *pending_new (struct app *a, int kind, const char *service, int lane, int deadline_ms)
{
	struct pending *p = a->pending_free;
	if (p) {
		a->pending_free = p->free_next;
	} else {
		if (a->n_pending == a->pending_room) {
			a->pending_room = a->pending_room ? a->pending_room * 2 : 256;
			a->pending = heap_resize (a->pending, a->pending_room * sizeof *a->pending);
		}
		p = heap_alloc (sizeof *p);
		p->id = a->n_pending + 1;
		a->pending[a->n_pending++] = p;
	}
	struct buffer message = p->message;
	uint64_t index = p->id & UINT32_MAX;
	buffer_clear (&message);
	*p = (struct pending){ .id = (uint64_t) ++a->generation << 32 | index, .kind = kind, .lane = lane, .message = message };
	p->service = (int) (service_known (a, service) - a->known);
	p->wait = BUS_SECOND;
	p->deadline = clock_monotonic () + deadline_ms * INT64_C (1000);
	a->pending_live++;
	return p;
}

struct pending *pending_find (struct app *a, uint64_t id)
{
	size_t index = (id & UINT32_MAX) - 1;
	if (index >= a->n_pending || a->pending[index]->id != id || a->pending[index]->deadline == 0)
		return NULL;
	return a->pending[index];
}

static void pending_done (struct app *a, struct pending *p)
{
	if (p->message.room > 16384) /* one long request is no reason to keep its room */
		buffer_fini (&p->message);
	p->deadline = 0;
	p->free_next = a->pending_free;
	a->pending_free = p;
	a->pending_live--;
}

void pending_reply (struct app *a, struct pending *p, const struct reply *reply)
{
	reply_fn *call = p->reply;
	void *ctx = p->ctx;
	pending_done (a, p);
	if (call)
		call (a, ctx, reply);
}

static void put_positions (struct buffer *b, const struct position *after, size_t n)
{
	size_t count = n > 8 ? 8 : n;
	wire_put_u8 (b, (int) count);
	for (size_t i = 0; i < count; i++) {
		wire_put_u8 (b, after[i].lane);
		wire_put_u64 (b, (uint64_t) after[i].sequence);
		wire_put_name (b, after[i].service);
	}
}

/* Any member of a service that can be asked; the lane's owner when `lane` says so and it is known. Peer index, -1: this process, -2: nobody yet. */
static int whom (struct app *a, const struct pending *p)
{
	struct service_known *k = &a->known[p->service];
	bool self = !a->client && strcmp (k->name, a->service->name) == 0;
	if (p->kind == PENDING_COMMAND) {
		if (self && a->lane[p->lane].owned)
			return -1;
		return k->owner[p->lane] ? k->owner[p->lane] - 1 : -2;
	}
	if (self)
		return -1;
	if (p->lane >= 0 && k->owner[p->lane])
		return k->owner[p->lane] - 1;
	for (int i = 0; i < a->n_peers; i++) {
		int at = (k->turn + i) % a->n_peers;
		if (a->peer[at].there && strcmp (a->peer[at].service, k->name) == 0) {
			k->turn = at + 1;
			return at;
		}
	}
	return -2;
}

/* Whoever else of that service can be reached now; for what any replica can answer. */
static bool pending_send_any (struct app *a, struct pending *p)
{
	for (int i = 0; i < a->n_peers; i++)
		if (strcmp (a->peer[i].service, a->known[p->service].name) == 0 &&
		    peer_send (&a->peer[i], p->id, p->message.at, p->message.n)) {
			p->sent_to = i + 1;
			return true;
		}
	return false;
}

void pending_send (struct app *a, struct pending *p)
{
	int to = whom (a, p);
	int64_t now = clock_monotonic ();
	if (to == -1) {
		p->again_at = now + BUS_SECOND;
		if (p->queued_here)
			return;
		p->queued_here = true;
		work_here (a, p->message.at, p->message.n, route_here (p->id));
	} else if (to >= 0) {
		bool first = !p->sent_to;
		if (peer_send (&a->peer[to], p->id, p->message.at, p->message.n))
			p->sent_to = to + 1;
		else if (p->kind == PENDING_COMMAND || !pending_send_any (a, p)) {
			p->again_at = now + 10000;
			return;
		}
		p->doubt = p->doubt || !first; /* an earlier one has not been answered, and may never be */
		p->again_at = now + p->wait;
		p->wait *= 2;
	} else {
		peers_hello (a, &a->known[p->service]);
		p->again_at = now + 20000;
	}
}

/* Starts at the next turn of the loop, so that the caller never hears the answer before its call has returned. */
static void pending_start (struct app *a, struct pending *p)
{
	pending_send (a, p);
}

static void message_item (struct pending *p, int kind, int lane, int ms, const struct position *after, size_t n_after,
			  const struct record *r, const void *item, const struct head *head)
{
	wire_put_u8 (&p->message, kind);
	wire_put_u8 (&p->message, lane);
	wire_put_u32 (&p->message, (uint32_t) ms);
	put_positions (&p->message, after, n_after);
	wire_put_name (&p->message, r->name);
	head_pack (&p->message, head);
	record_pack (&p->message, r, item);
}

void app_command (struct app *a, const struct record *r, const void *command, const struct position *after, size_t n_after, int deadline_ms,
		  reply_fn *reply, void *ctx)
{
	struct head head = *(const struct head *) command;
	if (uuid_is_null (head.id))
		head.id = uuid_v7 (clock_now ());
	if (!head.at)
		head.at = clock_now ();
	int lane = lane_of (head.workspace);
	struct pending *p = pending_new (a, PENDING_COMMAND, r->service, lane, deadline_ms);
	p->reply = reply;
	p->ctx = ctx;
	message_item (p, 'C', lane, deadline_ms, after, n_after, r, command, &head);
	pending_start (a, p);
}

void app_query (struct app *a, const struct record *r, const void *query, const struct position *after, size_t n_after, int deadline_ms,
		reply_fn *reply, void *ctx)
{
	struct pending *p = pending_new (a, PENDING_QUERY, r->service, n_after ? after[0].lane : -1, deadline_ms);
	p->reply = reply;
	p->ctx = ctx;
	message_item (p, 'Q', 0, deadline_ms, after, n_after, r, query, query);
	pending_start (a, p);
}

void app_ask (struct app *a, const char *service, const char *verb, const char *json, int deadline_ms, reply_fn *reply, void *ctx)
{
	struct pending *p = pending_new (a, PENDING_ASK, service, -1, deadline_ms);
	p->reply = reply;
	p->ctx = ctx;
	wire_put_u8 (&p->message, 'A');
	wire_put_u8 (&p->message, 0);
	wire_put_name (&p->message, verb);
	buffer_text (&p->message, json);
	pending_start (a, p);
}

void replay_message (struct buffer *b, int lane, int64_t from, uint64_t epoch)
{
	wire_put_u8 (b, 'R');
	wire_put_u8 (b, lane);
	wire_put_u64 (b, (uint64_t) from);
	wire_put_u64 (b, epoch);
}

void app_replay (struct app *a, const char *source, int lane, int64_t from, uint64_t epoch,
		 void (*event) (struct app *, void *, const struct heard *), void (*end) (struct app *, void *, int64_t next), void *ctx)
{
	struct pending *p = pending_new (a, PENDING_REPLAY, source, lane, 10000);
	p->event = event;
	p->end = end;
	p->ctx = ctx;
	replay_message (&p->message, lane, from, epoch);
	pending_start (a, p);
}

/* ---- what comes back ---- */

void replay_frame (struct app *a, struct pending *p, int lane, uint64_t epoch, int64_t epoch_first, int64_t first, int n,
		   struct bytes payload)
{
	if (lane != p->lane)
		return;
	if (p->kind == PENDING_EAR) {
		frame_heard (a, p->source, lane, epoch, epoch_first, first, n, payload);
	} else if (p->kind == PENDING_REPLAY) {
		struct reading r = { p->message.at + 2, 8, false };
		int64_t from = (int64_t) wire_get (&r, 8);
		if (from < p->told)
			from = p->told; /* it was asked for twice */
		if (first + n > from)
			p->told = first + n;
		events_tell (a, lane, epoch, first, payload, from, p->event, p->ctx);
	}
}

void replay_end (struct app *a, struct pending *p, int64_t next)
{
	if (p->kind == PENDING_REPLAY) {
		void (*end) (struct app *, void *, int64_t) = p->end;
		void *ctx = p->ctx;
		pending_done (a, p);
		end (a, ctx, next < 0 ? -1 : next);
		return;
	}
	int source = p->source, lane = p->lane;
	struct ear *e = &a->ear[source][lane];
	bool mine = e->replay == p->id;
	pending_done (a, p);
	if (!mine)
		return;
	e->replay = 0;
	if (next == -2)
		ear_stop (a, source, lane);
	else if (next > 0 && a->lane[lane].owned)
		ear_ask (a, source, lane);
}

/* One of its lanes, said to who greeted. */
static void lane_told (struct app *a, struct service_known *k, int peer, struct reading *r)
{
	int lane = wire_get_lane (r);
	uint64_t epoch = wire_get (r, 8);
	int64_t epoch_first = (int64_t) wire_get (r, 8), last = (int64_t) wire_get (r, 8);
	if (r->bad)
		return;
	k->owner[lane] = peer + 1;
	head_heard (a, k, lane, epoch, epoch_first, last);
	if (k->tapped && !k->tap[lane].next)
		tap_head (a, k, lane, epoch, last);
}

static void reply_heard (struct app *a, struct pending *p, const struct reading *r)
{
	struct reply reply;
	arena_reset (&a->scratch);
	if (p->kind == PENDING_EAR || p->kind == PENDING_REPLAY)
		replay_end (a, p, -1); /* it could not even begin */
	else if (reply_unpack (&a->scratch, (struct bytes){ r->at, r->n }, &reply) == OK)
		pending_reply (a, p, &reply);
}

static void not_owner_heard (struct service_known *k, int peer, struct pending *p, struct reading *r)
{
	if (p->lane >= 0 && k->owner[p->lane] == peer + 1)
		k->owner[p->lane] = 0;
	p->sent_to = 0;
	p->wait = BUS_SECOND;
	p->doubt = wire_get (r, 1) || p->doubt;
	p->again_at = clock_monotonic () + 10000;
}

static void frame_answered (struct app *a, struct pending *p, struct reading *r)
{
	int lane = wire_get_lane (r);
	uint64_t epoch = wire_get (r, 8);
	int64_t epoch_first = (int64_t) wire_get (r, 8), first = (int64_t) wire_get (r, 8);
	int events = (int) wire_get (r, 4);
	if (!r->bad)
		replay_frame (a, p, lane, epoch, epoch_first, first, events, (struct bytes){ r->at, r->n });
}

void answer_heard (struct app *a, int peer, const unsigned char *at, size_t n)
{
	struct reading r = { at, n, false };
	uint64_t id = wire_get (&r, 8);
	int kind = (int) wire_get (&r, 1);
	struct service_known *k = service_known (a, a->peer[peer].service);
	struct pending *p = kind == 'k' || kind == 'h' ? NULL : pending_find (a, id);
	if (kind == 'k')
		a->peer[peer].greeted = true;
	else if (kind == 'h')
		lane_told (a, k, peer, &r);
	else if (p && kind == 'r')
		reply_heard (a, p, &r);
	else if (p && kind == 'n')
		not_owner_heard (k, peer, p, &r);
	else if (p && kind == 'f')
		frame_answered (a, p, &r);
	else if (p && kind == 'e') {
		wire_get (&r, 1); /* the lane */
		replay_end (a, p, (int64_t) wire_get (&r, 8));
	}
}

/* ---- time ---- */

void pendings_tick (struct app *a, int64_t now)
{
	for (size_t i = 0; i < a->n_pending && a->pending_live; i++) {
		struct pending *p = a->pending[i];
		if (p->deadline == 0)
			continue;
		if (now >= p->deadline) {
			if (p->kind == PENDING_EAR || p->kind == PENDING_REPLAY) {
				replay_end (a, p, -1);
				continue;
			}
			bool sent = p->sent_to || p->queued_here || p->doubt;
			bool unsure = sent && p->kind == PENDING_COMMAND;
			struct reply reply = { .state = unsure ? REPLY_TIMEOUT : REPLY_UNAVAILABLE,
					       .code = unsure ? "timeout" : "unavailable" };
			pending_reply (a, p, &reply);
		} else if (now >= p->again_at) {
			pending_send (a, p);
		}
	}
}

size_t bus_in_flight (const struct app *a)
{
	size_t n = 0;
	for (size_t i = 0; i < a->n_pending; i++)
		n += a->pending[i]->deadline && a->pending[i]->kind != PENDING_EAR;
	return n;
}
