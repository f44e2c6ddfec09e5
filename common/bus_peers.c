/* Who is there: the services known, their members, and a pair of sockets to each.
 * Members are found in the folder of sockets, or in the registry; never believed to be who they say: a socket a peer. */
#include "bus_parts.h"

#include "clock.h"
#include "log.h"

#include <zmq.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

struct service_known *service_known (struct app *a, const char *name)
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

int source_index (const struct app *a, const char *name)
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
bool peer_send (struct peer *p, uint64_t id, const void *bytes, size_t n)
{
	struct buffer out = { 0 };
	wire_put_u64 (&out, id);
	buffer_add (&out, bytes, n);
	bus_touched = true;
	bool sent = zmq_send (p->dealer, out.at, out.n, ZMQ_DONTWAIT) >= 0;
	buffer_fini (&out);
	return sent;
}

static void on_readable (uv_poll_t *poll, int status, int events)
{
	(void) status, (void) events;
	bus_readable (poll->data, poll);
}

void socket_watch (struct app *a, uv_poll_t *poll, void *socket)
{
	int fd;
	size_t size = sizeof fd;
	int bad = zmq_getsockopt (socket, ZMQ_FD, &fd, &size) || uv_poll_init (&a->loop, poll, fd);
	assert (!bad);
	poll->data = a;
	uv_poll_start (poll, UV_READABLE, on_readable);
}

void socket_set_int (void *socket, int option, int value)
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
	bus_touched = true;
	zmq_setsockopt (p->sub, on ? ZMQ_SUBSCRIBE : ZMQ_UNSUBSCRIBE, topic, (size_t) n);
}

static void socket_connect (struct peer *p, void *socket, const char *address)
{
	bus_touched = true;
	if (zmq_connect (socket, address))
		log_error ("peer_connect", LOG_T ("peer", p->name), LOG_T ("error", zmq_strerror (errno)));
}

static void *peer_socket (struct app *a, struct peer *p, int type, int most, uv_poll_t **ret_poll)
{
	void *socket = zmq_socket (bus_context (), type);
	socket_set_int (socket, ZMQ_LINGER, 0);
	socket_set_int (socket, ZMQ_SNDHWM, most);
	socket_set_int (socket, ZMQ_RCVHWM, most);
	socket_set_int (socket, ZMQ_RECONNECT_IVL, 10);
	socket_set_int (socket, ZMQ_RECONNECT_IVL_MAX, 200);
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
	socket_set_int (p->dealer, ZMQ_IMMEDIATE, 1);
	socket_connect (p, p->dealer, p->rpc);
	peer_hear (a, p);
	p->greeted = false;
	p->greet_at = 0;
}

/* A fresh connection takes a moment; who has not answered a greeting is greeted again. */
void peers_greet (struct app *a, int64_t now)
{
	for (int i = 0; i < a->n_peers; i++) {
		struct peer *p = &a->peer[i];
		if (p->greeted || now < p->greet_at)
			continue;
		p->greet_at = now + (now - a->started < 10 * BUS_SECOND ? 20000 : BUS_SECOND);
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
	bool young = clock_monotonic () - a->started < 5 * BUS_SECOND;
	uv_timer_start (t, on_discover, young ? 20 : 250, 0);
}

/* The registry's rows: name, schema, pub, rpc, curve, each ended by NUL. */
void bus_registry (struct app *a, const unsigned char *at, size_t n)
{
	struct reading r = { at, n, false };
	while (r.n && !r.bad) {
		const char *name = wire_get_name (&r), *schema = wire_get_name (&r), *pub = wire_get_name (&r), *rpc = wire_get_name (&r),
			   *curve = wire_get_name (&r);
		(void) schema;
		if (!r.bad && !*a->config.bus)
			peer_add (a, name, pub, rpc, curve);
	}
}

void peers_hello (struct app *a, struct service_known *k)
{
	int64_t now = clock_monotonic ();
	if (now < k->hello_at)
		return;
	k->hello_at = now + 50000;
	for (int i = 0; i < a->n_peers; i++)
		if (strcmp (a->peer[i].service, k->name) == 0)
			peer_send (&a->peer[i], 0, "H", 1);
}

void lane_subscribe (struct app *a, int lane, bool on)
{
	for (int i = 0; i < a->n_peers; i++)
		if (a->peer[i].sub && source_index (a, a->peer[i].service) >= 0)
			lane_topic (&a->peer[i], lane, on);
}

void peers_close (struct app *a)
{
	for (int i = 0; i < a->n_peers; i++)
		peer_close (&a->peer[i]);
}

void peers_discover (struct app *a)
{
	uv_timer_init (&a->loop, &a->discover);
	a->discover.data = a;
	if (*a->config.bus)
		on_discover (&a->discover);
}
