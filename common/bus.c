/* The bus on the main thread: one publisher, one subscriber, one answering socket, one asking socket a peer.
 * ZeroMQ carries speed, Postgres carries truth: whatever is lost here is replayed from there. Its descriptors are edge-triggered, so every socket
 * is read until it is empty after every wake-up, and again before the loop sleeps.
 *
 * Published: "<service>/<lane>" NUL kind …      'F' lane epoch epoch_first first_seq n payload · 'H' lane epoch epoch_first last member NUL
 * Asked:     id kind …    'C' lane ms positions name NUL head body · 'Q' the same · 'R' lane from epoch · 'A' lane verb NUL json · 'H'
 * Answered:  id kind …    'r' reply · 'n' unsure: not the owner · 'f' lane epoch epoch_first first_seq n payload · 'e' lane next · 'h' lane epoch epoch_first last · 'k' that was all
 * Numbers are big-endian. */
#include "bus.h"

#include "clock.h"
#include "log.h"
#include "metrics.h"

#include <zmq.h>
#include <dirent.h>
#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const int64_t second = 1000000;

static struct metric frames_sent = { .name = "leadwire_frames_published_total", .help = "Frames published", .kind = METRIC_COUNTER };
static struct metric frames_heard = { .name = "leadwire_frames_heard_total",
				      .help = "Frames taken for this consumer",
				      .kind = METRIC_COUNTER };
static struct metric holes = { .name = "leadwire_gaps_total", .help = "Holes noticed and replayed", .kind = METRIC_COUNTER };
static struct metric lanes_stopped = { .name = "leadwire_lanes_stopped",
				       .help = "Lanes of sources whose log was cut",
				       .kind = METRIC_GAUGE };
static struct metric drops = { .name = "leadwire_frames_dropped_total",
			       .help = "Live frames dropped because too much was queued (replayed later)",
			       .kind = METRIC_COUNTER };

/* ---- bytes ---- */

static void put_u8 (struct buffer *b, int v)
{
	buffer_add (b, &(unsigned char){ (unsigned char) v }, 1);
}

static void put_u32 (struct buffer *b, uint32_t v)
{
	v = htobe32 (v);
	buffer_add (b, &v, 4);
}

static void put_u64 (struct buffer *b, uint64_t v)
{
	v = htobe64 (v);
	buffer_add (b, &v, 8);
}

static void put_name (struct buffer *b, const char *name)
{
	buffer_add (b, name, strlen (name) + 1);
}

/* A message being read; `bad` once it was shorter than it should be. */
struct reading {
	const unsigned char *at;
	size_t n;
	bool bad;
};

static uint64_t get (struct reading *r, size_t bytes)
{
	uint64_t v = 0;
	if (r->n < bytes) {
		r->bad = true;
		return 0;
	}
	for (size_t i = 0; i < bytes; i++)
		v = v << 8 | r->at[i];
	r->at += bytes;
	r->n -= bytes;
	return v;
}

static int get_lane (struct reading *r)
{
	uint64_t lane = get (r, 1);
	if (lane >= LANES)
		r->bad = true;
	return r->bad ? 0 : (int) lane;
}

static const char *get_name (struct reading *r)
{
	const char *name = (const char *) r->at;
	size_t length = strnlen (name, r->n);
	if (length == r->n) {
		r->bad = true;
		return "";
	}
	r->at += length + 1;
	r->n -= length + 1;
	return name;
}

int lane_of (struct uuid workspace)
{
	return (int) (uuid_hash (workspace) % LANES);
}

/* ---- services and peers ---- */

static struct service_known *service_known (struct app *a, const char *name)
{
	for (int i = 0; i < a->n_known; i++)
		if (strcmp (a->known[i].name, name) == 0)
			return &a->known[i];
	assert (a->n_known < SERVICES_MAX);
	struct service_known *k = &a->known[a->n_known];
	snprintf (k->name, sizeof k->name, "%s", name);
	a->service_names[a->n_known++] = k->name;
	return k;
}

static int source_index (const struct app *a, const char *name)
{
	for (int i = 0; i < a->shared.n_sources; i++)
		if (strcmp (a->shared.sources[i], name) == 0)
			return i;
	return -1;
}

const char *const *app_services (struct app *a)
{
	return a->service_names;
}

/* False: not connected (yet), or too much is on its way; ask again. */
static bool peer_send (struct peer *p, uint64_t id, const void *bytes, size_t n)
{
	struct buffer out = { 0 };
	put_u64 (&out, id);
	buffer_add (&out, bytes, n);
	bool sent = zmq_send (p->dealer, out.at, out.n, ZMQ_DONTWAIT) >= 0;
	buffer_fini (&out);
	return sent;
}

static void on_readable (uv_poll_t *poll, int status, int events)
{
	(void) status, (void) events;
	bus_drain (poll->data);
}

static void socket_watch (struct app *a, uv_poll_t *poll, void *socket)
{
	int fd;
	size_t size = sizeof fd;
	int bad = zmq_getsockopt (socket, ZMQ_FD, &fd, &size) || uv_poll_init (&a->loop, poll, fd);
	assert (!bad);
	poll->data = a;
	uv_poll_start (poll, UV_READABLE, on_readable);
}

static void set_int (void *socket, int option, int value)
{
	int bad = zmq_setsockopt (socket, option, &value, sizeof value);
	assert (!bad);
}

void *bus_context (void)
{
	static void *ctx;
	if (!ctx)
		ctx = zmq_ctx_new ();
	return ctx;
}

static void lane_topic (struct peer *p, int lane, bool on)
{
	char topic[64];
	int n = snprintf (topic, sizeof topic, "%s/%02d", p->service, lane);
	zmq_setsockopt (p->sub, on ? ZMQ_SUBSCRIBE : ZMQ_UNSUBSCRIBE, topic, (size_t) n);
}

static void socket_connect (struct peer *p, void *socket, const char *address)
{
	if (zmq_connect (socket, address))
		log_error ("peer_connect", LOG_T ("peer", p->name), LOG_T ("error", zmq_strerror (errno)));
}

static void *peer_socket (struct app *a, struct peer *p, int type, int most, uv_poll_t **ret_poll)
{
	void *socket = zmq_socket (bus_context (), type);
	set_int (socket, ZMQ_LINGER, 0);
	set_int (socket, ZMQ_SNDHWM, most);
	set_int (socket, ZMQ_RCVHWM, most);
	set_int (socket, ZMQ_RECONNECT_IVL, 10);
	set_int (socket, ZMQ_RECONNECT_IVL_MAX, 200);
	curve_client (a, socket, p->curve);
	*ret_poll = heap_alloc (sizeof **ret_poll);
	socket_watch (a, *ret_poll, socket);
	return socket;
}

/* What it publishes, if it is heard here at all. */
static void peer_hear (struct app *a, struct peer *p)
{
	bool tapped = service_known (a, p->service)->tapped, source = source_index (a, p->service) >= 0;
	if (!tapped && !source)
		return;
	p->sub = peer_socket (a, p, ZMQ_SUB, 1000, &p->sub_poll);
	if (tapped) {
		char topic[64];
		int n = snprintf (topic, sizeof topic, "%s/", p->service);
		zmq_setsockopt (p->sub, ZMQ_SUBSCRIBE, topic, (size_t) n);
	}
	for (int k = 0; k < LANES && source; k++)
		if (a->lane[k].owned)
			lane_topic (p, k, true);
	socket_connect (p, p->sub, p->pub);
}

static void poll_close (uv_poll_t **poll)
{
	if (*poll) {
		uv_poll_stop (*poll);
		uv_close ((uv_handle_t *) *poll, (uv_close_cb) heap_free);
	}
	*poll = NULL;
}

static void peer_close (struct peer *p)
{
	poll_close (&p->poll);
	poll_close (&p->sub_poll);
	if (p->dealer)
		zmq_close (p->dealer);
	if (p->sub)
		zmq_close (p->sub);
	p->dealer = p->sub = NULL;
}

static struct peer *peer_find (struct app *a, const char *name)
{
	for (int i = 0; i < a->n_peers; i++)
		if (strcmp (a->peer[i].name, name) == 0)
			return &a->peer[i];
	return NULL;
}

static void peer_add (struct app *a, const char *name, const char *pub, const char *rpc, const char *curve)
{
	if (strcmp (name, a->shared.member) == 0)
		return;
	curve_known_as (name, curve);
	if (!*rpc) /* it asks, but is never asked: its key is all there is to know */
		return;
	struct peer *p = peer_find (a, name);
	if (p && strcmp (p->rpc, rpc) == 0 && strcmp (p->curve, curve) == 0)
		return;
	if (!p && a->n_peers == PEERS_MAX) {
		log_error ("too_many_peers", LOG_T ("peer", name));
		return;
	}
	if (p)
		peer_close (p); /* the same member came back elsewhere, or with another key */
	else
		p = &a->peer[a->n_peers++];
	snprintf (p->name, sizeof p->name, "%s", name);
	snprintf (p->service, sizeof p->service, "%.*s", (int) strcspn (name, "."), name);
	snprintf (p->pub, sizeof p->pub, "%s", pub);
	snprintf (p->rpc, sizeof p->rpc, "%s", rpc);
	snprintf (p->curve, sizeof p->curve, "%s", curve);
	p->there = true;
	p->dealer = peer_socket (a, p, ZMQ_DEALER, 20000, &p->poll);
	set_int (p->dealer, ZMQ_IMMEDIATE, 1);
	socket_connect (p, p->dealer, p->rpc);
	peer_hear (a, p);
	p->greeted = false;
	p->greet_at = 0;
}

/* A fresh connection takes a moment; who has not answered a greeting is greeted again. */
static void peers_greet (struct app *a, int64_t now)
{
	for (int i = 0; i < a->n_peers; i++) {
		struct peer *p = &a->peer[i];
		if (p->greeted || now < p->greet_at)
			continue;
		p->greet_at = now + (now - a->started < 10 * second ? 20000 : second);
		peer_send (p, 0, "H", 1);
	}
}

/* On one machine the folder of sockets says who is there: pipeline.0.pub, pipeline.0.rpc. */
static void discover_folder (struct app *a)
{
	DIR *folder = opendir (a->config.bus);
	struct dirent *e;
	while (folder && (e = readdir (folder))) {
		size_t n = strlen (e->d_name);
		char name[64], pub[200], rpc[200];
		if (n < 5 || n - 4 >= sizeof name || strcmp (e->d_name + n - 4, ".rpc") != 0)
			continue;
		snprintf (name, sizeof name, "%.*s", (int) (n - 4), e->d_name);
		snprintf (pub, sizeof pub, "ipc://%s/%s.pub", a->config.bus, name);
		snprintf (rpc, sizeof rpc, "ipc://%s/%s.rpc", a->config.bus, name);
		peer_add (a, name, pub, rpc, "");
	}
	if (folder)
		closedir (folder);
}

static void on_discover (uv_timer_t *t)
{
	struct app *a = t->data;
	discover_folder (a);
	bool young = clock_monotonic () - a->started < 5 * second;
	uv_timer_start (t, on_discover, young ? 20 : 250, 0);
}

/* The registry's rows: name, schema, pub, rpc, curve, each ended by NUL. */
void bus_registry (struct app *a, const unsigned char *at, size_t n)
{
	struct reading r = { at, n, false };
	while (r.n && !r.bad) {
		const char *name = get_name (&r), *schema = get_name (&r), *pub = get_name (&r), *rpc = get_name (&r),
			   *curve = get_name (&r);
		(void) schema;
		if (!r.bad && !*a->config.bus)
			peer_add (a, name, pub, rpc, curve);
	}
}

/* ---- publishing ---- */

static void topic_put (struct buffer *b, const char *service, int lane)
{
	buffer_printf (b, "%s/%02d", service, lane);
}

static void publish (struct app *a, struct buffer *message)
{
	if (zmq_send (a->pub, message->at, message->n, ZMQ_DONTWAIT) < 0)
		log_warn ("publish_failed", LOG_T ("error", zmq_strerror (errno))); /* heads will tell, replays will mend */
}

/* A tap hears its own service too, and PUB does not come back to the process that said it. */
static void tap_frame (struct app *a, struct service_known *k, int lane, uint64_t epoch, int64_t first, int n, struct bytes payload);
static void tap_head (struct app *a, struct service_known *k, int lane, uint64_t epoch, int64_t last);

static void publish_frame (struct app *a, const struct result *r)
{
	struct own_lane *lane = &a->lane[r->lane];
	struct buffer b = { 0 };
	topic_put (&b, a->service->name, r->lane);
	put_u8 (&b, 0);
	put_u8 (&b, 'F');
	put_u8 (&b, r->lane);
	put_u64 (&b, r->epoch);
	put_u64 (&b, (uint64_t) r->epoch_first);
	put_u64 (&b, (uint64_t) r->first_seq);
	put_u32 (&b, (uint32_t) r->n);
	buffer_add (&b, r->bytes, r->size);
	publish (a, &b);
	buffer_fini (&b);
	metric_add (&frames_sent, 1);
	lane->head = r->first_seq + r->n - 1;
	/* 50 ms after it falls idle; and every second, busy or not */
	int64_t idle_at = clock_monotonic () + 50000;
	lane->head_at = idle_at < lane->said_at + second ? idle_at : lane->said_at + second;
	struct service_known *own = service_known (a, a->service->name);
	if (own->tapped)
		tap_frame (a, own, r->lane, r->epoch, r->first_seq, r->n, (struct bytes){ r->bytes, r->size });
}

static void publish_head (struct app *a, int k)
{
	struct own_lane *lane = &a->lane[k];
	struct buffer b = { 0 };
	topic_put (&b, a->service->name, k);
	put_u8 (&b, 0);
	put_u8 (&b, 'H');
	put_u8 (&b, k);
	put_u64 (&b, lane->epoch);
	put_u64 (&b, (uint64_t) lane->epoch_first);
	put_u64 (&b, (uint64_t) lane->head);
	put_name (&b, a->shared.member);
	publish (a, &b);
	buffer_fini (&b);
	lane->said_at = clock_monotonic ();
	lane->head_at = lane->said_at + second;
	struct service_known *own = service_known (a, a->service->name);
	if (own->tapped)
		tap_head (a, own, k, lane->epoch, lane->head);
}

/* ---- asking ---- */

static struct pending *pending_new (struct app *a, int kind, const char *service, int lane, int deadline_ms)
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
	p->wait = second;
	p->deadline = clock_monotonic () + deadline_ms * INT64_C (1000);
	a->pending_live++;
	return p;
}

static struct pending *pending_find (struct app *a, uint64_t id)
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

static void pending_reply (struct app *a, struct pending *p, const struct reply *reply)
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
	put_u8 (b, (int) count);
	for (size_t i = 0; i < count; i++) {
		put_u8 (b, after[i].lane);
		put_u64 (b, (uint64_t) after[i].sequence);
		put_name (b, after[i].service);
	}
}

static void work_here (struct app *a, const unsigned char *at, size_t n, struct route *route);

static struct route *route_here (uint64_t id)
{
	struct route *r = heap_alloc (sizeof *r);
	r->id = id;
	return r;
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

static void hello (struct app *a, struct service_known *k)
{
	int64_t now = clock_monotonic ();
	if (now < k->hello_at)
		return;
	k->hello_at = now + 50000;
	for (int i = 0; i < a->n_peers; i++)
		if (strcmp (a->peer[i].service, k->name) == 0)
			peer_send (&a->peer[i], 0, "H", 1);
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

static void pending_send (struct app *a, struct pending *p)
{
	int to = whom (a, p);
	int64_t now = clock_monotonic ();
	if (to == -1) {
		p->again_at = now + second;
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
		hello (a, &a->known[p->service]);
		p->again_at = now + 20000;
	}
}

/* Starts at the next turn of the loop, so that the caller never hears the answer before its call has returned. */
static void pending_start (struct app *a, struct pending *p)
{
	(void) a;
	pending_send (a, p);
}

static void message_item (struct pending *p, int kind, int lane, int ms, const struct position *after, size_t n_after,
			  const struct record *r, const void *item, const struct head *head)
{
	put_u8 (&p->message, kind);
	put_u8 (&p->message, lane);
	put_u32 (&p->message, (uint32_t) ms);
	put_positions (&p->message, after, n_after);
	put_name (&p->message, r->name);
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
	put_u8 (&p->message, 'A');
	put_u8 (&p->message, 0);
	put_name (&p->message, verb);
	buffer_text (&p->message, json);
	pending_start (a, p);
}

static void replay_message (struct buffer *b, int lane, int64_t from, uint64_t epoch)
{
	put_u8 (b, 'R');
	put_u8 (b, lane);
	put_u64 (b, (uint64_t) from);
	put_u64 (b, epoch);
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

/* ---- hearing: a consumer's lanes ---- */

static void ear_ask (struct app *a, int source, int lane)
{
	struct ear *e = &a->ear[source][lane];
	if (e->replay || e->stopped || a->lane[lane].bytes + e->held_bytes > LANE_BYTES_MAX)
		return;
	struct pending *p = pending_new (a, PENDING_EAR, a->shared.sources[source], lane, 5000);
	p->source = source;
	replay_message (&p->message, lane, e->end, e->epoch);
	e->replay = p->id;
	e->asked_at = clock_monotonic ();
	pending_send (a, p);
}

static void held_forget (struct ear *e)
{
	while (e->held_first) {
		struct held *h = e->held_first;
		e->held_first = h->next;
		heap_free (h->work);
		heap_free (h);
	}
	e->held_last = &e->held_first;
	e->held_bytes = 0;
	e->end = e->next;
}

static void ear_stopped (struct app *a, int source, int lane)
{
	struct ear *e = &a->ear[source][lane];
	if (!a->lane[lane].owned || e->stopped)
		return;
	e->stopped = true;
	held_forget (e);
	metric_add (&lanes_stopped, 1);
}

static void ear_stop (struct app *a, int source, int lane)
{
	struct ear *e = &a->ear[source][lane];
	char why[160];
	snprintf (why, sizeof why, "the log of %s was cut at or before %lld; it was restored or failed over with loss",
		  a->shared.sources[source], (long long) e->end - 1);
	log_error ("lane_stopped", LOG_T ("source", a->shared.sources[source]), LOG_N ("lane", lane), LOG_N ("cursor", e->end - 1),
		   LOG_T ("why", why));
	ear_stopped (a, source, lane);
	struct work *w = work_new (WORK_ASK, strlen (why) + 1);
	snprintf (w->verb, sizeof w->verb, "stopped");
	memcpy (w->bytes, why, w->size);
	w->lane = lane;
	w->claim = a->lane[lane].epoch;
	work_push_writer (&a->shared, w);
}

static bool held_may_go (const struct app *a, const struct held *h, int lane)
{
	for (size_t i = 0; i < h->n_after; i++) {
		int s = source_index (a, h->after[i].source);
		if (s >= 0 && a->ear[s][lane].next <= h->after[i].sequence)
			return false;
	}
	return true;
}

static void ear_queue (struct app *a, int source, int lane, struct held *h)
{
	a->ear[source][lane].next = h->first_seq + h->n;
	a->lane[lane].bytes += h->work->size;
	metric_add (&frames_heard, 1);
	work_push_writer (&a->shared, h->work);
	heap_free (h);
}

/* What waited for another source goes on as soon as that is queued: within a batch order is kept by keys. */
static void ears_release (struct app *a, int lane)
{
	for (bool again = true; again;) {
		again = false;
		for (int s = 0; s < a->shared.n_sources; s++) {
			struct ear *e = &a->ear[s][lane];
			while (e->held_first && held_may_go (a, e->held_first, lane)) {
				struct held *h = e->held_first;
				e->held_first = h->next;
				if (!e->held_first)
					e->held_last = &e->held_first;
				e->held_bytes -= h->work->size;
				ear_queue (a, s, lane, h);
				again = true;
			}
		}
	}
}

static void frame_heard (struct app *a, int source, int lane, uint64_t epoch, int64_t epoch_first, int64_t first, int n,
			 struct bytes payload)
{
	struct ear *e = &a->ear[source][lane];
	struct frame_reader f;
	if (!a->lane[lane].owned || e->stopped || a->closing)
		return;
	int64_t end = e->end;
	if (first + n <= end)
		return; /* heard already */
	if (first > end) {
		metric_add (&holes, 1);
		ear_ask (a, source, lane);
		return;
	}
	if (e->epoch && epoch != e->epoch && epoch_first < end) {
		ear_ask (a, source, lane); /* the source's tables tell whether its log was cut */
		return;
	}
	if (a->lane[lane].bytes + e->held_bytes > LANE_BYTES_MAX) {
		metric_add (&drops, 1);
		return; /* replayed when what is queued is done */
	}
	arena_reset (&a->scratch);
	if (frame_open (&a->scratch, payload, &f) != OK) {
		log_error ("frame_malformed", LOG_T ("source", a->shared.sources[source]), LOG_N ("lane", lane), LOG_N ("sequence", first));
		return;
	}
	struct held *h = heap_alloc (sizeof *h);
	memcpy (h->after, f.after, f.n_after * sizeof *f.after);
	h->n_after = f.n_after;
	h->first_seq = first;
	h->n = n;
	h->epoch = epoch;
	h->work = work_new (WORK_FRAME, payload.n);
	memcpy (h->work->bytes, payload.at, payload.n);
	h->work->lane = lane;
	h->work->claim = a->lane[lane].epoch;
	h->work->source = source;
	h->work->epoch = epoch;
	h->work->first_seq = first;
	h->work->n = n;
	h->next = NULL;
	*e->held_last = h;
	e->held_last = &h->next;
	e->held_bytes += payload.n;
	e->end = first + n;
	e->epoch = epoch;
	ears_release (a, lane);
}

static void head_heard (struct app *a, struct service_known *k, int lane, uint64_t epoch, int64_t epoch_first, int64_t last)
{
	int source = source_index (a, k->name);
	if (source < 0 || !a->lane[lane].owned)
		return;
	struct ear *e = &a->ear[source][lane];
	e->head = last;
	if (last >= e->end) {
		ear_ask (a, source, lane);
	} else if (e->epoch && epoch != e->epoch && epoch_first < e->end && clock_monotonic () - e->asked_at > second) {
		ear_ask (a, source, lane);
	}
}

/* ---- taps ---- */

static void events_tell (struct app *a, int lane, uint64_t epoch, int64_t first, struct bytes payload, int64_t from,
			 void (*tell) (struct app *, void *, const struct heard *), void *ctx)
{
	struct frame_reader f;
	int64_t sequence = first - 1;
	arena_reset (&a->scratch);
	if (frame_open (&a->scratch, payload, &f) != OK)
		return;
	while (frame_next (&f)) {
		const struct record *r = record_of_type (f.type);
		struct problem problem = { 0 };
		if (++sequence < from || !r || r->version < f.version)
			continue;
		struct head *item = arena_alloc (&a->scratch, r->size);
		if (record_unpack (&a->scratch, r, f.data, item, &problem) != OK)
			continue;
		*item = f.head;
		item->sequence = sequence;
		tell (a, ctx, &(struct heard){ .record = r, .head = item, .data = item, .lane = lane, .epoch = epoch });
	}
}

static void tap_tell (struct app *a, void *ctx, const struct heard *event)
{
	(void) ctx;
	if (a->client)
		a->client_tap (a, event);
	else
		a->service->tap (a, event);
}

static void tap_hole (struct app *a, struct service_known *k, int lane)
{
	metric_add (&holes, 1);
	if (!a->client && a->service->tap_hole)
		a->service->tap_hole (a, k->name, lane);
}

static void tap_frame (struct app *a, struct service_known *k, int lane, uint64_t epoch, int64_t first, int n, struct bytes payload)
{
	struct tap_lane *t = &k->tap[lane];
	if (t->next && first + n <= t->next)
		return; /* heard already; by a process that was paused and woken, perhaps */
	if (t->next && first != t->next)
		tap_hole (a, k, lane);
	t->next = first + n;
	t->epoch = epoch;
	events_tell (a, lane, epoch, first, payload, first, tap_tell, NULL);
}

/* A head beyond what was heard: the tail was lost. One before it, of another epoch: the log was cut. */
static void tap_head (struct app *a, struct service_known *k, int lane, uint64_t epoch, int64_t last)
{
	struct tap_lane *t = &k->tap[lane];
	bool cut = epoch != t->epoch && last + 1 < t->next;
	if (t->next && (last >= t->next || cut))
		tap_hole (a, k, lane);
	if (last + 1 > t->next || cut || !t->next) {
		t->next = last + 1;
		t->epoch = epoch;
	}
	if (a->client && a->client_head)
		a->client_head (a, k->name, lane, last, epoch);
	if (!a->client && a->service->tap_head)
		a->service->tap_head (a, k->name, lane, last, epoch);
}

/* ---- what arrives ---- */

static void owner_set (struct app *a, struct service_known *k, int lane, const char *member)
{
	for (int i = 0; i < a->n_peers; i++)
		if (strcmp (a->peer[i].name, member) == 0)
			k->owner[lane] = i + 1;
}

static void published_heard (struct app *a, int peer, const unsigned char *at, size_t n)
{
	struct reading r = { at, n, false };
	const char *topic = get_name (&r), *service = a->peer[peer].service;
	size_t length = strlen (service);
	if (strncmp (topic, service, length) != 0 || topic[length] != '/') {
		log_warn ("frame_in_anothers_name", LOG_T ("peer", a->peer[peer].name), LOG_T ("topic", topic));
		return;
	}
	int kind = (int) get (&r, 1), lane = get_lane (&r);
	uint64_t epoch = get (&r, 8);
	int64_t epoch_first = (int64_t) get (&r, 8), sequence = (int64_t) get (&r, 8);
	if (r.bad)
		return;
	struct service_known *k = service_known (a, service);
	if (kind == 'H') {
		const char *member = get_name (&r);
		if (r.bad)
			return;
		owner_set (a, k, lane, member);
		head_heard (a, k, lane, epoch, epoch_first, sequence);
		if (k->tapped)
			tap_head (a, k, lane, epoch, sequence);
	} else if (kind == 'F') {
		int events = (int) get (&r, 4), source = source_index (a, service);
		if (r.bad || events <= 0)
			return;
		if (source >= 0)
			frame_heard (a, source, lane, epoch, epoch_first, sequence, events, (struct bytes){ r.at, r.n });
		if (k->tapped)
			tap_frame (a, k, lane, epoch, sequence, events, (struct bytes){ r.at, r.n });
	}
}

static void router_send (struct app *a, const struct route *route, int kind, const void *bytes, size_t n)
{
	struct buffer out = { 0 };
	put_u64 (&out, route->id);
	put_u8 (&out, kind);
	buffer_add (&out, bytes, n);
	if (zmq_send (a->router, route->identity, (size_t) route->identity_n, ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0 ||
	    zmq_send (a->router, out.at, out.n, ZMQ_DONTWAIT) < 0)
		log_debug ("asker_gone", LOG_T ("error", zmq_strerror (errno)));
	buffer_fini (&out);
}

/* A reply for whoever asked: a peer, or this process itself. */
static void route_answer (struct app *a, struct route *route, const void *bytes, size_t n)
{
	if (route->identity_n) {
		router_send (a, route, 'r', bytes, n);
	} else {
		struct pending *p = pending_find (a, route->id);
		struct reply reply;
		arena_reset (&a->scratch);
		if (p && reply_unpack (&a->scratch, (struct bytes){ bytes, n }, &reply) == OK)
			pending_reply (a, p, &reply);
	}
	heap_free (route);
}

static void route_not_owner (struct app *a, struct route *route, bool doubt)
{
	if (route->identity_n) {
		router_send (a, route, 'n', doubt ? "\1" : "\0", 1);
	} else {
		struct pending *p = pending_find (a, route->id);
		if (p) {
			p->queued_here = false;
			p->doubt = p->doubt || doubt;
			p->again_at = clock_monotonic () + 10000;
		}
	}
	heap_free (route);
}

static void route_unavailable (struct app *a, struct route *route)
{
	struct buffer out = { 0 };
	reply_pack (&out, &(struct reply){ .state = REPLY_UNAVAILABLE, .code = "unavailable" }, NULL);
	route_answer (a, route, out.at, out.n);
	buffer_fini (&out);
}

/* Is what the asker has seen here too? What this process does not hear, or does not own, it cannot judge and does not hold up. */
static bool positions_here (const struct app *a, const struct waiting *w)
{
	for (int i = 0; i < w->n; i++) {
		int s = source_index (a, w->service[i]);
		if (s >= 0 && a->lane[w->at[i].lane].owned && a->ear[s][w->at[i].lane].committed < w->at[i].sequence &&
		    !a->ear[s][w->at[i].lane].stopped)
			return false;
	}
	return true;
}

static void work_start (struct app *a, struct work *w, bool query)
{
	struct own_lane *lane = &a->lane[w->lane];
	if (!a->closing && query) {
		work_push_reader (&a->shared, w);
	} else if (a->closing || !lane->owned) {
		route_not_owner (a, w->route, false);
		heap_free (w);
	} else if (lane->bytes + w->size > LANE_BYTES_MAX) {
		route_unavailable (a, w->route);
		heap_free (w);
	} else {
		w->claim = lane->epoch;
		lane->bytes += w->size;
		work_push_writer (&a->shared, w);
	}
}

static void waiting_check (struct app *a)
{
	int64_t now = clock_monotonic ();
	for (struct waiting **at = &a->waiting_first; *at;) {
		struct waiting *w = *at;
		bool here = positions_here (a, w);
		if (!here && now < w->until && !a->closing) {
			at = &w->next;
			continue;
		}
		w->work->stale = !here;
		*at = w->next;
		work_start (a, w->work, w->query);
		heap_free (w);
	}
}

static struct statement *query_statement (const struct service *s, const char *name)
{
	for (size_t i = 0; i < s->sql->n_statements; i++)
		if (s->sql->statements[i]->kind == STATEMENT_QUERY && strcmp (s->sql->statements[i]->name, name) == 0)
			return s->sql->statements[i];
	return NULL;
}

/* Something asked of this process: by a peer over the bus, or by itself. Takes the route. */
static void work_here (struct app *a, const unsigned char *at, size_t n, struct route *route)
{
	struct reading r = { at, n, false };
	int kind = (int) get (&r, 1);
	int lane = get_lane (&r);
	struct work *w = NULL;
	if (a->closing) {
		route_not_owner (a, route, false);
		return;
	}
	if (kind == 'C' || kind == 'Q') {
		struct waiting *wait = heap_alloc (sizeof *wait);
		int ms = (int) get (&r, 4);
		wait->n = (int) get (&r, 1);
		if (wait->n > 8)
			r.bad = true;
		for (int i = 0; i < wait->n && !r.bad; i++) {
			wait->at[i].lane = get_lane (&r);
			wait->at[i].sequence = (int64_t) get (&r, 8);
			snprintf (wait->service[i], sizeof wait->service[i], "%s", get_name (&r));
		}
		if (r.bad) {
			heap_free (wait);
			route_unavailable (a, route);
			return;
		}
		if (kind == 'Q') {
			const char *name = get_name (&r);
			struct statement *s = query_statement (a->service, name);
			if (r.bad || !s) {
				heap_free (wait);
				struct buffer out = { 0 };
				reply_pack (&out,
					    &(struct reply){ .state = REPLY_REFUSED, .code = "bad_request", .detail = "unknown query" },
					    NULL);
				route_answer (a, route, out.at, out.n);
				buffer_fini (&out);
				return;
			}
			w = work_new (WORK_QUERY, r.n);
			w->statement = s;
			w->record = s->in;
		} else {
			w = work_new (WORK_COMMAND, r.n);
		}
		memcpy (w->bytes, r.at, r.n);
		w->lane = lane;
		w->route = route;
		w->deadline = clock_monotonic () + ms * INT64_C (1000);
		wait->work = w;
		wait->query = kind == 'Q';
		if (wait->n == 0 || positions_here (a, wait)) {
			work_start (a, w, wait->query);
			heap_free (wait);
		} else {
			wait->until = clock_monotonic () + second / 2;
			wait->next = a->waiting_first;
			a->waiting_first = wait;
		}
	} else if (kind == 'R') {
		w = work_new (WORK_REPLAY, 0);
		w->first_seq = (int64_t) get (&r, 8);
		w->epoch = get (&r, 8);
		w->lane = lane;
		w->route = route;
		work_push_reader (&a->shared, w);
	} else if (kind == 'A') {
		const char *verb = get_name (&r);
		w = work_new (WORK_ASK, r.n);
		snprintf (w->verb, sizeof w->verb, "%s", verb);
		memcpy (w->bytes, r.at, r.n);
		w->route = route;
		bool writes = strcmp (verb, "redrive") == 0 || strcmp (verb, "drop") == 0;
		if (writes)
			work_push_writer (&a->shared, w);
		else
			work_push_reader (&a->shared, w);
	} else {
		heap_free (route);
	}
}

/* Commands, queries and people's questions come from the gateway, from crmctl, and from a service's own replicas. Between machines the key
 * tells who speaks (User-Id); on one machine the folder of sockets does not let others in. */
static bool may_ask (const struct app *a, const char *user, int kind)
{
	if (!user || kind == 'H' || kind == 'R')
		return true;
	return strcmp (user, "gateway") == 0 || strcmp (user, "crmctl") == 0 || (!a->client && strcmp (user, a->service->name) == 0);
}

static void asked_heard (struct app *a, const void *identity, size_t identity_n, const char *user, const unsigned char *at, size_t n)
{
	struct route *route = heap_alloc (sizeof *route);
	struct reading r = { at, n, false };
	route->id = get (&r, 8);
	if (r.bad || r.n == 0 || identity_n > sizeof route->identity) {
		heap_free (route);
		return;
	}
	memcpy (route->identity, identity, identity_n);
	route->identity_n = (int) identity_n;
	if (*r.at == 'H') {
		for (int k = 0; k < LANES; k++) {
			if (!a->lane[k].owned)
				continue;
			struct buffer b = { 0 };
			put_u8 (&b, k);
			put_u64 (&b, a->lane[k].epoch);
			put_u64 (&b, (uint64_t) a->lane[k].epoch_first);
			put_u64 (&b, (uint64_t) a->lane[k].head);
			router_send (a, route, 'h', b.at, b.n);
			buffer_fini (&b);
		}
		router_send (a, route, 'k', NULL, 0);
		heap_free (route);
		return;
	}
	if (!may_ask (a, user, *r.at)) {
		log_warn ("asker_refused", LOG_T ("user", user));
		route_unavailable (a, route);
	} else if (!a->client && !a->up && (*r.at == 'C' || !a->been_up)) {
		route_not_owner (a, route, false); /* who takes over will answer; and one that starts is only a moment away */
	} else if (a->client || !a->up) {
		route_unavailable (a, route);
	} else {
		work_here (a, r.at, r.n, route);
	}
}

/* ---- replays that come in ---- */

static void replay_frame (struct app *a, struct pending *p, int lane, uint64_t epoch, int64_t epoch_first, int64_t first, int n,
			  struct bytes payload)
{
	if (lane != p->lane)
		return;
	if (p->kind == PENDING_EAR) {
		frame_heard (a, p->source, lane, epoch, epoch_first, first, n, payload);
	} else if (p->kind == PENDING_REPLAY) {
		struct reading r = { p->message.at + 2, 8, false };
		int64_t from = (int64_t) get (&r, 8);
		if (from < p->told)
			from = p->told; /* it was asked for twice */
		if (first + n > from)
			p->told = first + n;
		events_tell (a, lane, epoch, first, payload, from, p->event, p->ctx);
	}
}

static void replay_end (struct app *a, struct pending *p, int64_t next)
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

static void answer_heard (struct app *a, int peer, const unsigned char *at, size_t n)
{
	struct reading r = { at, n, false };
	uint64_t id = get (&r, 8);
	int kind = (int) get (&r, 1);
	struct service_known *k = service_known (a, a->peer[peer].service);
	if (kind == 'k') {
		a->peer[peer].greeted = true;
		return;
	}
	if (kind == 'h') {
		int lane = get_lane (&r);
		uint64_t epoch = get (&r, 8);
		int64_t epoch_first = (int64_t) get (&r, 8), last = (int64_t) get (&r, 8);
		if (r.bad)
			return;
		k->owner[lane] = peer + 1;
		head_heard (a, k, lane, epoch, epoch_first, last);
		if (k->tapped && !k->tap[lane].next)
			tap_head (a, k, lane, epoch, last);
		return;
	}
	struct pending *p = pending_find (a, id);
	if (!p)
		return;
	if (kind == 'r') {
		struct reply reply;
		arena_reset (&a->scratch);
		if (p->kind == PENDING_EAR || p->kind == PENDING_REPLAY)
			replay_end (a, p, -1); /* it could not even begin */
		else if (reply_unpack (&a->scratch, (struct bytes){ r.at, r.n }, &reply) == OK)
			pending_reply (a, p, &reply);
	} else if (kind == 'n') {
		if (p->lane >= 0 && k->owner[p->lane] == peer + 1)
			k->owner[p->lane] = 0;
		p->sent_to = 0;
		p->wait = second;
		p->doubt = get (&r, 1) || p->doubt;
		p->again_at = clock_monotonic () + 10000;
	} else if (kind == 'f') {
		int lane = get_lane (&r);
		uint64_t epoch = get (&r, 8);
		int64_t epoch_first = (int64_t) get (&r, 8), first = (int64_t) get (&r, 8);
		int events = (int) get (&r, 4);
		if (!r.bad)
			replay_frame (a, p, lane, epoch, epoch_first, first, events, (struct bytes){ r.at, r.n });
	} else if (kind == 'e') {
		get (&r, 1);
		int64_t next = (int64_t) get (&r, 8);
		replay_end (a, p, next);
	}
}

/* ---- sockets ---- */

static bool socket_read (struct app *a, void *socket, int which, int peer)
{
	zmq_msg_t first, second_part;
	zmq_msg_init (&first);
	if (zmq_msg_recv (&first, socket, ZMQ_DONTWAIT) < 0) {
		zmq_msg_close (&first);
		return false;
	}
	if (which == 'r') {
		zmq_msg_init (&second_part);
		if (zmq_msg_more (&first) && zmq_msg_recv (&second_part, socket, ZMQ_DONTWAIT) >= 0)
			asked_heard (a, zmq_msg_data (&first), zmq_msg_size (&first), zmq_msg_gets (&second_part, "User-Id"),
				     zmq_msg_data (&second_part), zmq_msg_size (&second_part));
		while (zmq_msg_more (&second_part) && zmq_msg_recv (&second_part, socket, ZMQ_DONTWAIT) >= 0)
			;
		zmq_msg_close (&second_part);
	} else if (which == 's') {
		published_heard (a, peer, zmq_msg_data (&first), zmq_msg_size (&first));
	} else {
		answer_heard (a, peer, zmq_msg_data (&first), zmq_msg_size (&first));
	}
	zmq_msg_close (&first);
	return true;
}

/* Every socket until it is empty: its descriptor only tells of changes. */
void bus_drain (struct app *a)
{
	static bool inside; /* an answer's callback may run the loop's hooks; never nest */
	if (inside)
		return;
	inside = true;
	for (bool again = true; again;) {
		again = false;
		for (int i = 0; a->router && i < 256 && socket_read (a, a->router, 'r', -1); i++)
			again = true;
		for (int p = 0; p < a->n_peers; p++) {
			for (int i = 0; a->peer[p].sub && i < 256 && socket_read (a, a->peer[p].sub, 's', p); i++)
				again = true;
			for (int i = 0; i < 256 && socket_read (a, a->peer[p].dealer, 'd', p); i++)
				again = true;
		}
	}
	inside = false;
}

static void on_prepare (uv_prepare_t *p)
{
	bus_drain (p->data);
}

static void lane_subscribe (struct app *a, int lane, bool on)
{
	for (int i = 0; i < a->n_peers; i++)
		if (a->peer[i].sub && source_index (a, a->peer[i].service) >= 0)
			lane_topic (&a->peer[i], lane, on);
}

static bool socket_bind (struct app *a, void *socket, char ret_address[200], const char *kind, int port_offset)
{
	char address[300];
	if (*a->config.bus) {
		snprintf (address, sizeof address, "%s/%s.%s", a->config.bus, a->shared.member, kind);
		remove (address); /* a socket of a process that was killed */
		snprintf (ret_address, 200, "ipc://%.190s", address);
	} else {
		const char *colon = strrchr (a->config.bind, ':');
		int port = colon ? (int) strtol (colon + 1, NULL, 10) + port_offset : 0; /* checked when the settings were read */
		snprintf (ret_address, 200, "%.*s:%d", (int) (colon - a->config.bind), a->config.bind, port);
		snprintf (address, sizeof address, "tcp://*:%d", port);
		if (zmq_bind (socket, address) == 0)
			return true;
		fprintf (stderr, "cannot listen on %s: %s\n", address, zmq_strerror (errno));
		return false;
	}
	if (zmq_bind (socket, ret_address) == 0)
		return true;
	fprintf (stderr, "cannot listen on %s: %s\n", ret_address, zmq_strerror (errno));
	return false;
}

static void taps_open (struct app *a)
{
	const char *const *taps = a->client ? a->client_taps : a->service->taps;
	for (size_t i = 0; taps && taps[i]; i++)
		service_known (a, taps[i])->tapped = true;
}

bool bus_open (struct app *a)
{
	struct metric *const all[] = { &frames_sent, &frames_heard, &holes, &lanes_stopped, &drops };
	for (size_t i = 0; i < LENGTH (all); i++)
		metric_register (all[i]);
	a->started = clock_monotonic ();
	for (int s = 0; s < SOURCES_MAX; s++)
		for (int k = 0; k < LANES; k++)
			a->ear[s][k].held_last = &a->ear[s][k].held_first;
	if (!*a->config.bus && !curve_open (a))
		return false;
	if (!a->client) {
		a->pub = zmq_socket (bus_context (), ZMQ_PUB);
		set_int (a->pub, ZMQ_LINGER, 200);
		set_int (a->pub, ZMQ_SNDHWM, 1000);
		a->router = zmq_socket (bus_context (), ZMQ_ROUTER);
		set_int (a->router, ZMQ_LINGER, 200);
		set_int (a->router, ZMQ_ROUTER_MANDATORY, 1);
		set_int (a->router, ZMQ_SNDHWM, 20000);
		set_int (a->router, ZMQ_RCVHWM, 20000);
		curve_server (a, a->pub);
		curve_server (a, a->router);
		if (!socket_bind (a, a->pub, a->shared.pub, "pub", 0) || !socket_bind (a, a->router, a->shared.rpc, "rpc", 1))
			return false;
		socket_watch (a, &a->poll_router, a->router);
	}
	taps_open (a);
	uv_prepare_init (&a->loop, &a->drain);
	a->drain.data = a;
	uv_prepare_start (&a->drain, on_prepare);
	uv_timer_init (&a->loop, &a->discover);
	a->discover.data = a;
	if (*a->config.bus)
		on_discover (&a->discover);
	return true;
}

void bus_close (struct app *a)
{
	for (int i = 0; i < a->n_peers; i++)
		peer_close (&a->peer[i]);
	if (a->pub)
		zmq_close (a->pub);
	if (a->router)
		zmq_close (a->router);
	if (*a->config.bus && !a->client) {
		remove (a->shared.pub + 6); /* after ipc:// */
		remove (a->shared.rpc + 6);
	}
	curve_close ();
	zmq_ctx_term (bus_context ());
}

/* ---- what workers say ---- */

static void lane_gained (struct app *a, const struct result *r)
{
	a->lane[r->lane] = (struct own_lane){ .owned = true, .epoch = r->epoch, .epoch_first = r->epoch_first, .head = r->first_seq };
	for (int s = 0; s < a->shared.n_sources; s++) {
		struct ear *e = &a->ear[s][r->lane];
		*e = (struct ear){
			.next = r->cursor[s] + 1, .end = r->cursor[s] + 1, .committed = r->cursor[s], .epoch = r->cursor_epoch[s]
		};
		e->held_last = &e->held_first;
	}
	lane_subscribe (a, r->lane, true);
	publish_head (a, r->lane);
	for (int s = 0; s < a->shared.n_sources; s++)
		ear_ask (a, s, r->lane);
	service_known (a, a->service->name)->owner[r->lane] = 0;
	log_info ("lane_gained", LOG_N ("lane", r->lane), LOG_N ("head", r->first_seq));
}

static void lane_lost (struct app *a, int lane)
{
	if (!a->lane[lane].owned)
		return;
	a->lane[lane] = (struct own_lane){ 0 };
	lane_subscribe (a, lane, false);
	for (int s = 0; s < a->shared.n_sources; s++) {
		struct ear *e = &a->ear[s][lane];
		held_forget (e);
		if (e->stopped)
			metric_add (&lanes_stopped, -1);
		*e = (struct ear){ 0 };
		e->held_last = &e->held_first;
	}
	log_info ("lane_lost", LOG_N ("lane", lane));
}

/* What was dropped because too much was queued is asked for when the queue is short again. */
static void lane_relieved (struct app *a, const struct result *r)
{
	struct own_lane *lane = &a->lane[r->lane];
	lane->bytes -= (size_t) r->n < lane->bytes ? (size_t) r->n : lane->bytes;
	if (lane->bytes > LANE_BYTES_MAX / 4 || !lane->owned)
		return;
	for (int s = 0; s < a->shared.n_sources; s++)
		if (a->ear[s][r->lane].head >= a->ear[s][r->lane].end)
			ear_ask (a, s, r->lane);
}

static void result_replay (struct app *a, struct result *r)
{
	struct buffer b = { 0 };
	struct route *route = r->route;
	if (!route->identity_n) {
		struct pending *p = pending_find (a, route->id);
		if (p && r->kind == RESULT_REPLAY)
			replay_frame (a, p, r->lane, r->epoch, r->epoch_first, r->first_seq, r->n, (struct bytes){ r->bytes, r->size });
		else if (p)
			replay_end (a, p, r->first_seq);
	} else {
		put_u8 (&b, r->lane);
		if (r->kind == RESULT_REPLAY) {
			put_u64 (&b, r->epoch);
			put_u64 (&b, (uint64_t) r->epoch_first);
		}
		put_u64 (&b, (uint64_t) r->first_seq);
		if (r->kind == RESULT_REPLAY)
			put_u32 (&b, (uint32_t) r->n);
		buffer_add (&b, r->bytes, r->size);
		router_send (a, route, r->kind == RESULT_REPLAY ? 'f' : 'e', b.at, b.n);
	}
	if (r->kind == RESULT_REPLAY_END)
		heap_free (route);
	buffer_fini (&b);
}

void bus_results (struct app *a)
{
	bool moved = false;
	struct result *r = results_take (&a->shared);
	while (r) {
		struct result *next = r->next;
		switch (r->kind) {
		case RESULT_FRAME:
			if (a->lane[r->lane].owned && a->lane[r->lane].epoch == r->epoch)
				publish_frame (a, r);
			break;
		case RESULT_REPLY: route_answer (a, r->route, r->bytes, r->size); break;
		case RESULT_NOT_OWNER: route_not_owner (a, r->route, r->n != 0); break;
		case RESULT_CURSOR:
			a->ear[r->source][r->lane].committed = r->first_seq;
			moved = true;
			break;
		case RESULT_GAINED: lane_gained (a, r); break;
		case RESULT_LOST: lane_lost (a, r->lane); break;
		case RESULT_STATE:
			a->up = r->n != 0;
			a->been_up = a->been_up || a->up;
			log_info ("postgres", LOG_N ("up", r->n));
			break;
		case RESULT_REPLAY:
		case RESULT_REPLAY_END: result_replay (a, r); break;
		case RESULT_PEER: bus_registry (a, r->bytes, r->size); break;
		case RESULT_DONE: lane_relieved (a, r); break;
		case RESULT_STOPPED: ear_stopped (a, r->source, r->lane); break;
		case RESULT_ENDED: a->workers--; break;
		}
		heap_free (r);
		r = next;
	}
	if (moved && a->waiting_first)
		waiting_check (a);
}

/* ---- time ---- */

static void pendings_tick (struct app *a, int64_t now)
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

void bus_tick (struct app *a)
{
	int64_t now = clock_monotonic ();
	if (a->ticked_at && now - a->ticked_at > 2 * second) /* it was paused: the writer finds out first whether it still owns anything */
		for (int k = 0; k < LANES; k++)
			a->lane[k].head_at = now + second;
	a->ticked_at = now;
	peers_greet (a, now);
	for (int k = 0; k < LANES && a->pub; k++)
		if (a->lane[k].owned && now >= a->lane[k].head_at)
			publish_head (a, k);
	if (a->pending_live)
		pendings_tick (a, now);
	if (a->waiting_first)
		waiting_check (a);
	for (int s = 0; s < a->shared.n_sources; s++)
		for (int k = 0; k < LANES; k++) {
			struct ear *e = &a->ear[s][k];
			if (a->lane[k].owned && !e->replay && e->head >= e->end && now - e->asked_at > second / 4)
				ear_ask (a, s, k);
		}
}

size_t bus_in_flight (const struct app *a)
{
	size_t n = 0;
	for (size_t i = 0; i < a->n_pending; i++)
		n += a->pending[i]->deadline && a->pending[i]->kind != PENDING_EAR;
	return n;
}

int64_t bus_lag (const struct app *a, int source)
{
	int64_t lag = 0;
	for (int k = 0; k < LANES; k++)
		if (a->lane[k].owned && a->ear[source][k].head > a->ear[source][k].committed)
			lag += a->ear[source][k].head - a->ear[source][k].committed;
	return lag;
}
