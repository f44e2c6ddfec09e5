/* What the rooms of the bus share: bus.c (sockets, publishing, what workers say), bus_wire.c (bytes), bus_peers.c (who is there), bus_ask.c (what is
 * asked of others), bus_serve.c (what others ask), bus_ears.c (a consumer's lanes), bus_taps.c (listeners without a cursor). Main thread only.
 * Never included by anything else. */
#ifndef LEADWIRE_BUS_PARTS_H
#define LEADWIRE_BUS_PARTS_H

#include "bus.h"

enum { BUS_SECOND = 1000000 };

extern struct metric bus_holes;
/* A socket was used other than by reading it empty: its descriptor may have been silenced by that, so all are read before the loop sleeps. */
extern bool bus_touched;
void bus_readable (struct app *a, const uv_poll_t *poll);

/* ---- bus_wire.c ---- */

/* A message being read; `bad` once it was shorter than it should be. */
struct reading {
	const unsigned char *at;
	size_t n;
	bool bad;
};

void wire_put_u8 (struct buffer *b, int v);
void wire_put_u32 (struct buffer *b, uint32_t v);
void wire_put_u64 (struct buffer *b, uint64_t v);
void wire_put_name (struct buffer *b, const char *name);
uint64_t wire_get (struct reading *r, size_t bytes);
int wire_get_lane (struct reading *r);
const char *wire_get_name (struct reading *r);

/* ---- bus_peers.c ---- */

struct service_known *service_known (struct app *a, const char *name); /* made when it was not */
int source_index (const struct app *a, const char *name);	       /* -1: not heard here */
/* False: not connected (yet), or too much is on its way; ask again. */
bool peer_send (struct peer *p, uint64_t id, const void *bytes, size_t n);
void peers_discover (struct app *a);
void peers_greet (struct app *a, int64_t now);
void peers_hello (struct app *a, struct service_known *k); /* asks its members who owns what */
void peers_close (struct app *a);
void lane_subscribe (struct app *a, int lane, bool on);
void socket_watch (struct app *a, uv_poll_t *poll, void *socket);
void socket_set_int (void *socket, int option, int value);

/* ---- bus_ask.c ---- */

struct pending *pending_new (struct app *a, int kind, const char *service, int lane, int deadline_ms);
struct pending *pending_find (struct app *a, uint64_t id);
void pending_send (struct app *a, struct pending *p);
void pending_reply (struct app *a, struct pending *p, const struct reply *reply);
void pendings_tick (struct app *a, int64_t now);
void replay_message (struct buffer *b, int lane, int64_t from, uint64_t epoch);
void replay_frame (struct app *a, struct pending *p, int lane, uint64_t epoch, int64_t epoch_first, int64_t first, int n,
		   struct bytes payload);
void replay_end (struct app *a, struct pending *p,
		 int64_t next); /* next: to ask for; 0: the end; -1: nobody answered; -2: the log was cut */
void answer_heard (struct app *a, int peer, const unsigned char *at, size_t n);

/* ---- bus_serve.c ---- */

struct route *route_here (uint64_t id);
void router_send (struct app *a, const struct route *route, int kind, const void *bytes, size_t n);
/* A reply for whoever asked: a peer, or this process itself. Takes the route. */
void route_answer (struct app *a, struct route *route, const void *bytes, size_t n);
void route_not_owner (struct app *a, struct route *route, bool doubt);
void work_here (struct app *a, const unsigned char *at, size_t n, struct route *route);
void asked_heard (struct app *a, const void *identity, size_t identity_n, const char *user, const unsigned char *at, size_t n);
void waiting_check (struct app *a);

/* ---- bus_ears.c ---- */

void ears_metrics (void);
void ears_init (struct app *a);
void ears_gained (struct app *a, const struct result *r);
void ears_lost (struct app *a, int lane);
void ears_relieved (struct app *a, int lane);
void ears_tick (struct app *a, int64_t now);
void ear_ask (struct app *a, int source, int lane); /* for a replay, unless one is under way */
void ear_stop (struct app *a, int source, int lane);
void ear_stopped (struct app *a, int source, int lane);
void frame_heard (struct app *a, int source, int lane, uint64_t epoch, int64_t epoch_first, int64_t first, int n, struct bytes payload);
void head_heard (struct app *a, struct service_known *k, int lane, uint64_t epoch, int64_t epoch_first, int64_t last);

/* ---- bus_taps.c ---- */

void taps_open (struct app *a);
void tap_frame (struct app *a, struct service_known *k, int lane, uint64_t epoch, int64_t first, int n, struct bytes payload);
void tap_head (struct app *a, struct service_known *k, int lane, uint64_t epoch, int64_t last);
void events_tell (struct app *a, int lane, uint64_t epoch, int64_t first, struct bytes payload, int64_t from,
		  void (*tell) (struct app *, void *, const struct heard *), void *ctx);

#endif
