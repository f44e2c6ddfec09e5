/* Keys between machines: every process makes a fresh CURVE pair, its public half stands in the registry under its service's row security, and a
 * ZAP handler of ours answers with User-Id = service from there. Only tcp uses it; ipc sockets lie in a 0700 folder.
 * The handler runs before any bind, the domain is set and enforced: only that combination fails closed. */
#include "bus.h"

#include "log.h"

#include <zmq.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { ZAP_ENFORCE_DOMAIN = 93 }; /* ZMQ_ZAP_ENFORCE_DOMAIN: in the library, but not in the header of releases without draft options */

static char public_key[41], secret_key[41];
static bool active;
static pthread_t zap_thread;
static void *handler_socket;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
enum { KNOWN_MAX = 2 * PEERS_MAX };
static struct {
	char member[64], key[41], service[40];
	uint64_t told; /* when the registry showed it last: those that are there are told every second */
} known[KNOWN_MAX];
static int n_known;
static uint64_t told;

static void send_part (const char *text, bool more)
{
	zmq_send (handler_socket, text, strlen (text), more ? ZMQ_SNDMORE : 0);
}

/* ZAP 1.0 (RFC 27): version, request id, domain, address, identity, mechanism, then the 32 bytes of the client's key. */
static void *handler_run (void *ctx)
{
	(void) ctx;
	for (;;) {
		char part[7][256];
		int n[7], parts = 0, more = 1;
		size_t size = sizeof more;
		while (more) {
			char room[256];
			int got = zmq_recv (handler_socket, parts < 7 ? part[parts] : room, 255, 0);
			if (got < 0 && errno == EINTR)
				continue;
			if (got < 0) { /* the context is ending */
				zmq_close (handler_socket);
				return NULL;
			}
			if (parts < 7) {
				n[parts] = got > 255 ? 255 : got;
				part[parts][n[parts]] = 0;
				parts++;
			}
			zmq_getsockopt (handler_socket, ZMQ_RCVMORE, &more, &size);
		}
		const char *who = NULL;
		char text[41] = "", user[40] = "";
		if (parts == 7 && strcmp (part[5], "CURVE") == 0 && n[6] == 32 && strcmp (part[2], "leadwire") == 0) {
			zmq_z85_encode (text, (const uint8_t *) part[6], 32);
			pthread_mutex_lock (&lock);
			for (int i = 0; i < n_known; i++)
				if (strcmp (known[i].key, text) == 0)
					who = known[i].service;
			snprintf (user, sizeof user, "%s", who ? who : "");
			pthread_mutex_unlock (&lock);
		}
		send_part ("1.0", true);
		zmq_send (handler_socket, part[1], parts > 1 ? (size_t) n[1] : 0, ZMQ_SNDMORE);
		send_part (who ? "200" : "300", true); /* 300: come again; its row may not have been read yet */
		send_part (who ? "OK" : "unknown key", true);
		send_part (user, true);
		send_part ("", false);
		if (!who)
			log_warn ("peer_refused", LOG_T ("address", parts > 3 ? part[3] : ""));
	}
}

/* A member has one key, its newest; one of those that only ask makes room when there is none. */
void curve_known_as (const char *member, const char *key)
{
	int at = -1, oldest = 0;
	if (strlen (key) != 40)
		return;
	pthread_mutex_lock (&lock);
	for (int i = 0; i < n_known; i++) {
		if (strcmp (known[i].member, member) == 0)
			at = i;
		if (known[i].told < known[oldest].told)
			oldest = i;
	}
	if (at < 0)
		at = n_known < KNOWN_MAX ? n_known++ : oldest;
	snprintf (known[at].member, sizeof known[at].member, "%s", member);
	snprintf (known[at].key, sizeof known[at].key, "%s", key);
	snprintf (known[at].service, sizeof known[at].service, "%.*s", (int) strcspn (member, "."), member);
	known[at].told = ++told;
	pthread_mutex_unlock (&lock);
}

bool curve_open (struct app *a)
{
	void *ctx = bus_context ();
	if (zmq_curve_keypair (public_key, secret_key)) {
		fprintf (stderr, "ZeroMQ was built without CURVE\n");
		return false;
	}
	snprintf (a->shared.curve, sizeof a->shared.curve, "%s", public_key);
	handler_socket = zmq_socket (ctx, ZMQ_REP);
	if (zmq_bind (handler_socket, "inproc://zeromq.zap.01"))
		return false;
	active = true;
	pthread_create (&zap_thread, NULL, handler_run, NULL);
	return true;
}

void curve_server (struct app *a, void *socket)
{
	int one = 1;
	(void) a;
	if (!active)
		return;
	zmq_setsockopt (socket, ZMQ_CURVE_SERVER, &one, sizeof one);
	zmq_setsockopt (socket, ZMQ_CURVE_SECRETKEY, secret_key, 40);
	zmq_setsockopt (socket, ZMQ_ZAP_DOMAIN, "leadwire", 8);
	int bad = zmq_setsockopt (socket, ZAP_ENFORCE_DOMAIN, &one, sizeof one);
	assert (!bad);
}

void curve_client (struct app *a, void *socket, const char *server_key)
{
	(void) a;
	if (!active || strlen (server_key) != 40)
		return;
	/* Refused for now (300), libzmq leaves the connection open and silent until the handshake's time is over (30 s, unless said here);
	 * then it comes again. */
	int patience = 500;
	zmq_setsockopt (socket, ZMQ_HANDSHAKE_IVL, &patience, sizeof patience);
	zmq_setsockopt (socket, ZMQ_CURVE_SERVERKEY, server_key, 40);
	zmq_setsockopt (socket, ZMQ_CURVE_PUBLICKEY, public_key, 40);
	zmq_setsockopt (socket, ZMQ_CURVE_SECRETKEY, secret_key, 40);
}

/* The handler's socket is its thread's alone: that closes it when the context is shut down. */
void curve_close (void)
{
	if (!active)
		return;
	active = false;
	zmq_ctx_shutdown (bus_context ());
	pthread_join (zap_thread, NULL);
}
