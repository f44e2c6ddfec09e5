/* What others (or this process itself) ask of this process: routes back to the asker, what waits for its positions, and the way into the queues.
 * Never answers for a lane that it does not own, nor takes a question from whom may not ask. */
#include "bus_parts.h"

#include "clock.h"
#include "log.h"

#include <zmq.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

struct route *route_here (uint64_t id)
{
	struct route *r = heap_alloc (sizeof *r);
	r->id = id;
	return r;
}

void router_send (struct app *a, const struct route *route, int kind, const void *bytes, size_t n)
{
	struct buffer out = { 0 };
	wire_put_u64 (&out, route->id);
	wire_put_u8 (&out, kind);
	buffer_add (&out, bytes, n);
	bus_touched = true;
	if (zmq_send (a->router, route->identity, (size_t) route->identity_n, ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0 ||
	    zmq_send (a->router, out.at, out.n, ZMQ_DONTWAIT) < 0)
		log_debug ("asker_gone", LOG_T ("error", zmq_strerror (errno)));
	buffer_fini (&out);
}

/* A reply for whoever asked: a peer, or this process itself. */
void route_answer (struct app *a, struct route *route, const void *bytes, size_t n)
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

void route_not_owner (struct app *a, struct route *route, bool doubt)
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

void waiting_check (struct app *a)
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

static void route_refuse (struct app *a, struct route *route, const char *detail)
{
	struct buffer out = { 0 };
	reply_pack (&out, &(struct reply){ .state = REPLY_REFUSED, .code = "bad_request", .detail = detail }, NULL);
	route_answer (a, route, out.at, out.n);
	buffer_fini (&out);
}

/* The positions that the asker has seen; `bad` when there are too many of them. */
static void positions_read (struct reading *r, struct waiting *ret)
{
	ret->n = (int) wire_get (r, 1);
	if (ret->n > 8)
		r->bad = true;
	for (int i = 0; i < ret->n && !r->bad; i++) {
		ret->at[i].lane = wire_get_lane (r);
		ret->at[i].sequence = (int64_t) wire_get (r, 8);
		snprintf (ret->service[i], sizeof ret->service[i], "%s", wire_get_name (r));
	}
}

/* A command's or a query's work; a query of a name that nobody knows gives null. */
static struct work *item_work (struct app *a, struct reading *r, bool query)
{
	struct statement *s = query ? query_statement (a->service, wire_get_name (r)) : NULL;
	if (r->bad || (query && !s))
		return NULL;
	struct work *w = work_new (query ? WORK_QUERY : WORK_COMMAND, r->n);
	if (query) {
		w->statement = s;
		w->record = s->in;
	}
	memcpy (w->bytes, r->at, r->n);
	return w;
}

/* A command or a query: at once, or when this process is as far as its asker. */
static void item_here (struct app *a, struct reading *r, bool query, int lane, struct route *route)
{
	struct waiting wait = { .query = query };
	int ms = (int) wire_get (r, 4);
	positions_read (r, &wait);
	if (r->bad) {
		route_unavailable (a, route);
		return;
	}
	struct work *w = item_work (a, r, query);
	if (!w) {
		route_refuse (a, route, "unknown query");
		return;
	}
	w->lane = lane;
	w->route = route;
	w->deadline = clock_monotonic () + ms * INT64_C (1000);
	if (wait.n == 0 || positions_here (a, &wait)) {
		work_start (a, w, query);
		return;
	}
	struct waiting *kept = heap_alloc (sizeof *kept);
	*kept = wait;
	kept->work = w;
	kept->until = clock_monotonic () + BUS_SECOND / 2;
	kept->next = a->waiting_first;
	a->waiting_first = kept;
}

static void replay_here (struct app *a, struct reading *r, int lane, struct route *route)
{
	struct work *w = work_new (WORK_REPLAY, 0);
	w->first_seq = (int64_t) wire_get (r, 8);
	w->epoch = wire_get (r, 8);
	w->lane = lane;
	w->route = route;
	work_push_reader (&a->shared, w);
}

static void ask_here (struct app *a, struct reading *r, struct route *route)
{
	const char *verb = wire_get_name (r);
	struct work *w = work_new (WORK_ASK, r->n);
	snprintf (w->verb, sizeof w->verb, "%s", verb);
	memcpy (w->bytes, r->at, r->n);
	w->route = route;
	bool writes = strcmp (verb, "redrive") == 0 || strcmp (verb, "drop") == 0;
	if (writes)
		work_push_writer (&a->shared, w);
	else
		work_push_reader (&a->shared, w);
}

/* Something asked of this process: by a peer over the bus, or by itself. Takes the route. */
void work_here (struct app *a, const unsigned char *at, size_t n, struct route *route)
{
	struct reading r = { at, n, false };
	int kind = (int) wire_get (&r, 1);
	int lane = wire_get_lane (&r);
	if (a->closing)
		route_not_owner (a, route, false);
	else if (kind == 'C' || kind == 'Q')
		item_here (a, &r, kind == 'Q', lane, route);
	else if (kind == 'R')
		replay_here (a, &r, lane, route);
	else if (kind == 'A')
		ask_here (a, &r, route);
	else
		heap_free (route);
}

/* Commands, queries and people's questions come from the gateway, from crmctl, and from a service's own replicas. Between machines the key
 * tells who speaks (User-Id); on one machine the folder of sockets does not let others in. */
static bool may_ask (const struct app *a, const char *user, int kind)
{
	if (!user || kind == 'H' || kind == 'R')
		return true;
	return strcmp (user, "gateway") == 0 || strcmp (user, "crmctl") == 0 || (!a->client && strcmp (user, a->service->name) == 0);
}

/* Who greets is told which lanes are owned here, and how far they are. Takes the route. */
static void heads_tell (struct app *a, struct route *route)
{
	for (int k = 0; k < LANES; k++) {
		if (!a->lane[k].owned)
			continue;
		struct buffer b = { 0 };
		wire_put_u8 (&b, k);
		wire_put_u64 (&b, a->lane[k].epoch);
		wire_put_u64 (&b, (uint64_t) a->lane[k].epoch_first);
		wire_put_u64 (&b, (uint64_t) a->lane[k].head);
		router_send (a, route, 'h', b.at, b.n);
		buffer_fini (&b);
	}
	router_send (a, route, 'k', NULL, 0);
	heap_free (route);
}

void asked_heard (struct app *a, const void *identity, size_t identity_n, const char *user, const unsigned char *at, size_t n)
{
	struct route *route = heap_alloc (sizeof *route);
	struct reading r = { at, n, false };
	route->id = wire_get (&r, 8);
	if (r.bad || r.n == 0 || identity_n > sizeof route->identity) {
		heap_free (route);
		return;
	}
	memcpy (route->identity, identity, identity_n);
	route->identity_n = (int) identity_n;
	if (*r.at == 'H') {
		heads_tell (a, route);
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
