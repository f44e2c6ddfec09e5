/* The bus on the main thread: one publisher, one subscriber, one answering socket, one asking socket a peer.
 * ZeroMQ carries speed, Postgres carries truth: whatever is lost here is replayed from there. Its descriptors are edge-triggered, so every socket
 * is read until it is empty after every wake-up, and again before the loop sleeps.
 *
 * Published: "<service>/<lane>" NUL kind …      'F' lane epoch epoch_first first_seq n payload · 'H' lane epoch epoch_first last member NUL
 * Asked:     id kind …    'C' lane ms positions name NUL head body · 'Q' the same · 'R' lane from epoch · 'A' lane verb NUL json · 'H'
 * Answered:  id kind …    'r' reply · 'n' unsure: not the owner · 'f' lane epoch epoch_first first_seq n payload · 'e' lane next · 'h' lane epoch epoch_first last · 'k' that was all
 * Numbers are big-endian. */
#include "bus_parts.h"

#include "clock.h"
#include "log.h"
#include "metrics.h"

#include <zmq.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

static struct metric frames_sent = { .name = "leadwire_frames_published_total", .help = "Frames published", .kind = METRIC_COUNTER };
struct metric bus_holes = { .name = "leadwire_gaps_total", .help = "Holes noticed and replayed", .kind = METRIC_COUNTER };

bool bus_touched;

int lane_of (struct uuid workspace)
{
	return (int) (uuid_hash (workspace) % LANES);
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

static void publish_frame (struct app *a, const struct result *r)
{
	struct own_lane *lane = &a->lane[r->lane];
	struct buffer b = { 0 };
	topic_put (&b, a->service->name, r->lane);
	wire_put_u8 (&b, 0);
	wire_put_u8 (&b, 'F');
	wire_put_u8 (&b, r->lane);
	wire_put_u64 (&b, r->epoch);
	wire_put_u64 (&b, (uint64_t) r->epoch_first);
	wire_put_u64 (&b, (uint64_t) r->first_seq);
	wire_put_u32 (&b, (uint32_t) r->n);
	buffer_add (&b, r->bytes, r->size);
	publish (a, &b);
	buffer_fini (&b);
	metric_add (&frames_sent, 1);
	lane->head = r->first_seq + r->n - 1;
	/* 50 ms after it falls idle; and every second, busy or not */
	int64_t idle_at = clock_monotonic () + 50000;
	lane->head_at = idle_at < lane->said_at + BUS_SECOND ? idle_at : lane->said_at + BUS_SECOND;
	struct service_known *own = service_known (a, a->service->name);
	if (own->tapped)
		tap_frame (a, own, r->lane, r->epoch, r->first_seq, r->n, (struct bytes){ r->bytes, r->size });
}

static void publish_head (struct app *a, int k)
{
	struct own_lane *lane = &a->lane[k];
	struct buffer b = { 0 };
	topic_put (&b, a->service->name, k);
	wire_put_u8 (&b, 0);
	wire_put_u8 (&b, 'H');
	wire_put_u8 (&b, k);
	wire_put_u64 (&b, lane->epoch);
	wire_put_u64 (&b, (uint64_t) lane->epoch_first);
	wire_put_u64 (&b, (uint64_t) lane->head);
	wire_put_name (&b, a->shared.member);
	publish (a, &b);
	buffer_fini (&b);
	lane->said_at = clock_monotonic ();
	lane->head_at = lane->said_at + BUS_SECOND;
	struct service_known *own = service_known (a, a->service->name);
	if (own->tapped)
		tap_head (a, own, k, lane->epoch, lane->head);
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
	const char *topic = wire_get_name (&r), *service = a->peer[peer].service;
	size_t length = strlen (service);
	if (strncmp (topic, service, length) != 0 || topic[length] != '/') {
		log_warn ("frame_in_anothers_name", LOG_T ("peer", a->peer[peer].name), LOG_T ("topic", topic));
		return;
	}
	int kind = (int) wire_get (&r, 1), lane = wire_get_lane (&r);
	uint64_t epoch = wire_get (&r, 8);
	int64_t epoch_first = (int64_t) wire_get (&r, 8), sequence = (int64_t) wire_get (&r, 8);
	if (r.bad)
		return;
	struct service_known *k = service_known (a, service);
	if (kind == 'H') {
		const char *member = wire_get_name (&r);
		if (r.bad)
			return;
		owner_set (a, k, lane, member);
		head_heard (a, k, lane, epoch, epoch_first, sequence);
		if (k->tapped)
			tap_head (a, k, lane, epoch, sequence);
	} else if (kind == 'F') {
		int events = (int) wire_get (&r, 4), source = source_index (a, service);
		if (r.bad || events <= 0)
			return;
		if (source >= 0)
			frame_heard (a, source, lane, epoch, epoch_first, sequence, events, (struct bytes){ r.at, r.n });
		if (k->tapped)
			tap_frame (a, k, lane, epoch, sequence, events, (struct bytes){ r.at, r.n });
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

static bool draining; /* an answer's callback may run the loop's hooks; never nest */

static bool socket_empty (struct app *a, void *socket, int which, int peer)
{
	bool any = false;
	for (int i = 0; socket && i < 256 && socket_read (a, socket, which, peer); i++)
		any = true;
	return any;
}

/* Every socket until it is empty: its descriptor only tells of changes. */
void bus_drain (struct app *a)
{
	if (draining)
		return;
	draining = true;
	for (bool again = true; again || bus_touched;) {
		again = bus_touched = false;
		again = socket_empty (a, a->router, 'r', -1);
		for (int p = 0; p < a->n_peers; p++) {
			again = socket_empty (a, a->peer[p].sub, 's', p) || again;
			again = socket_empty (a, a->peer[p].dealer, 'd', p) || again;
		}
	}
	draining = false;
}

/* The one whose descriptor told of a change; others are read when it led to their being used. */
void bus_readable (struct app *a, const uv_poll_t *poll)
{
	if (draining)
		return;
	draining = true;
	while (poll == &a->poll_router && socket_empty (a, a->router, 'r', -1))
		;
	for (int p = 0; p < a->n_peers; p++) {
		while (poll == a->peer[p].sub_poll && socket_empty (a, a->peer[p].sub, 's', p))
			;
		while (poll == a->peer[p].poll && socket_empty (a, a->peer[p].dealer, 'd', p))
			;
	}
	draining = false;
	bus_settle (a);
}

void bus_settle (struct app *a)
{
	if (bus_touched)
		bus_drain (a);
}

static void on_prepare (uv_prepare_t *p)
{
	bus_settle (p->data);
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

static bool sockets_open (struct app *a)
{
	a->pub = zmq_socket (bus_context (), ZMQ_PUB);
	socket_set_int (a->pub, ZMQ_LINGER, 200);
	socket_set_int (a->pub, ZMQ_SNDHWM, 1000);
	a->router = zmq_socket (bus_context (), ZMQ_ROUTER);
	socket_set_int (a->router, ZMQ_LINGER, 200);
	socket_set_int (a->router, ZMQ_ROUTER_MANDATORY, 1);
	socket_set_int (a->router, ZMQ_SNDHWM, 20000);
	socket_set_int (a->router, ZMQ_RCVHWM, 20000);
	curve_server (a, a->pub);
	curve_server (a, a->router);
	if (!socket_bind (a, a->pub, a->shared.pub, "pub", 0) || !socket_bind (a, a->router, a->shared.rpc, "rpc", 1))
		return false;
	socket_watch (a, &a->poll_router, a->router);
	return true;
}

bool bus_open (struct app *a)
{
	metric_register (&frames_sent);
	metric_register (&bus_holes);
	ears_metrics ();
	a->started = clock_monotonic ();
	ears_init (a);
	if (!*a->config.bus && !curve_open (a))
		return false;
	if (!a->client && !sockets_open (a))
		return false;
	taps_open (a);
	uv_prepare_init (&a->loop, &a->drain);
	a->drain.data = a;
	uv_prepare_start (&a->drain, on_prepare);
	peers_discover (a);
	return true;
}

void bus_close (struct app *a)
{
	peers_close (a);
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
	ears_gained (a, r);
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
	ears_lost (a, lane);
	log_info ("lane_lost", LOG_N ("lane", lane));
}

static void lane_relieved (struct app *a, const struct result *r)
{
	struct own_lane *lane = &a->lane[r->lane];
	lane->bytes -= (size_t) r->n < lane->bytes ? (size_t) r->n : lane->bytes;
	if (lane->bytes <= LANE_BYTES_MAX / 4 && lane->owned)
		ears_relieved (a, r->lane);
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
		wire_put_u8 (&b, r->lane);
		if (r->kind == RESULT_REPLAY) {
			wire_put_u64 (&b, r->epoch);
			wire_put_u64 (&b, (uint64_t) r->epoch_first);
		}
		wire_put_u64 (&b, (uint64_t) r->first_seq);
		if (r->kind == RESULT_REPLAY)
			wire_put_u32 (&b, (uint32_t) r->n);
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

void bus_tick (struct app *a)
{
	int64_t now = clock_monotonic ();
	if (a->ticked_at &&
	    now - a->ticked_at > 2 * BUS_SECOND) /* it was paused: the writer finds out first whether it still owns anything */
		for (int k = 0; k < LANES; k++)
			a->lane[k].head_at = now + BUS_SECOND;
	a->ticked_at = now;
	peers_greet (a, now);
	for (int k = 0; k < LANES && a->pub; k++)
		if (a->lane[k].owned && now >= a->lane[k].head_at)
			publish_head (a, k);
	if (a->pending_live)
		pendings_tick (a, now);
	if (a->waiting_first)
		waiting_check (a);
	ears_tick (a, now);
}
