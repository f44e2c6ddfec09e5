/* HTTP: the listening socket, the library's place on the loop, connections and their deadlines.
 * It must never call MHD_run from inside one of the library's callbacks, and never wait for a client. */
#include "http_parts.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include "clock.h"
#include "log.h"
#include "metrics.h"

enum {
	BACKLOG = 1024,
	TICK_MS = 500,
	POOL_BYTES = 24 * 1024, /* of a connection in the library, which wipes all of it after each request; headers may take some 12 KiB */
	LINGER_BYTES = 16 * 1024 * 1024,
	LINGER_SECONDS = 3,
	DESCRIPTORS_BESIDE = 256, /* files a daemon needs beside its connections */
};

static struct metric metric_connections = { .name = "leadwire_http_connections", .help = "Open HTTP connections", .kind = METRIC_GAUGE };

/* ---- the library on the loop ---- */

static void library_run (struct http *h);

static void again_came (uv_idle_t *again)
{
	library_run (again->data);
}

/* The library does not see a resumed connection before its next round, and nothing else would bring that about. */
void library_wake (struct http *h)
{
	h->woken = true;
	if (!h->closing)
		uv_idle_start (&h->again, again_came);
}

/* One round. What was resumed meanwhile, and edge-triggered readiness that is left over (a timeout of zero), gets another round with the loop's
 * next turn, so that HTTP never starves the rest. What is due later (idle connections) is noticed by the tick. */
static void library_run (struct http *h)
{
	MHD_UNSIGNED_LONG_LONG timeout = 1;
	h->woken = false;
	MHD_run (h->daemon);
	MHD_get_timeout (h->daemon, &timeout);
	if (h->woken || timeout == 0)
		uv_idle_start (&h->again, again_came); /* nothing when it runs already */
	else
		uv_idle_stop (&h->again);
}

static void poll_came (uv_poll_t *poll, int status, int events)
{
	(void) status, (void) events;
	library_run (poll->data);
}

/* ---- connections ---- */

static void remote_format (struct connection *c)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info (c->mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const struct sockaddr *address = info ? info->client_addr : NULL;
	if (address && address->sa_family == AF_INET) {
		inet_ntop (AF_INET, &((const struct sockaddr_in *) address)->sin_addr, c->remote, sizeof c->remote);
	} else if (address && address->sa_family == AF_INET6) {
		const struct in6_addr *six = &((const struct sockaddr_in6 *) address)->sin6_addr;
		if (IN6_IS_ADDR_V4MAPPED (six))
			inet_ntop (AF_INET, six->s6_addr + 12, c->remote, sizeof c->remote);
		else
			inet_ntop (AF_INET6, six, c->remote, sizeof c->remote);
	}
}

static void connection_open (struct http *h, struct MHD_Connection *mhd, void **place)
{
	struct connection *c = heap_alloc (sizeof *c);
	c->mhd = mhd;
	c->fd = MHD_get_connection_info (mhd, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
	c->since = clock_monotonic ();
	c->next = h->connections;
	if (c->next)
		c->next->previous = c;
	h->connections = c;
	remote_format (c);
	metric_add (&metric_connections, 1);
	*place = c;
}

static void connection_close (struct http *h, struct connection *c)
{
	if (c->next)
		c->next->previous = c->previous;
	*(c->previous ? &c->previous->next : &h->connections) = c->next;
	metric_add (&metric_connections, -1);
	heap_free (c);
}

static void connection_notify (void *ctx, struct MHD_Connection *mhd, void **place, enum MHD_ConnectionNotificationCode what)
{
	if (what == MHD_CONNECTION_NOTIFY_STARTED)
		connection_open (ctx, mhd, place);
	else if (*place)
		connection_close (ctx, *place);
}

void connection_cut (struct connection *c, const char *status_line)
{
	char text[160];
	if (c->cut)
		return;
	c->cut = true;
	if (status_line) {
		int n = snprintf (text, sizeof text, "HTTP/1.1 %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", status_line);
		ssize_t sent = send (c->fd, text, (size_t) n, MSG_DONTWAIT | MSG_NOSIGNAL);
		(void) sent;
	}
	shutdown (c->fd, SHUT_RDWR);
}

/* ---- lingering ---- */

struct farewell {
	uv_poll_t poll;
	struct http *http;
	struct farewell *previous, *next;
	int fd;
	size_t left;
	int64_t until;
};

static void linger_closed (uv_handle_t *handle)
{
	struct farewell *l = handle->data;
	struct http *h = l->http;
	close (l->fd);
	heap_free (l);
	h->handles--;
	http_free_when_done (h);
}

static void linger_end (struct farewell *l)
{
	if (l->next)
		l->next->previous = l->previous;
	*(l->previous ? &l->previous->next : &l->http->lingers) = l->next;
	uv_close ((uv_handle_t *) &l->poll, linger_closed);
}

static void linger_read (uv_poll_t *poll, int status, int events)
{
	static char thrown_away[64 * 1024];
	struct farewell *l = poll->data;
	(void) events;
	ssize_t n = status < 0 ? 0 : recv (l->fd, thrown_away, sizeof thrown_away, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0 || (size_t) n >= l->left)
		linger_end (l);
	else
		l->left -= (size_t) n;
}

void connection_linger (struct http *h, const struct connection *c)
{
	int fd = fcntl (c->fd, F_DUPFD_CLOEXEC, 0);
	if (fd < 0)
		return;
	shutdown (fd, SHUT_WR);
	struct farewell *l = heap_alloc (sizeof *l);
	*l = (struct farewell){
		.http = h, .next = h->lingers, .fd = fd, .left = LINGER_BYTES, .until = clock_monotonic () + LINGER_SECONDS * SECOND
	};
	l->poll.data = l;
	if (uv_poll_init_socket (h->loop, &l->poll, fd)) {
		close (fd);
		heap_free (l);
		return;
	}
	if (l->next)
		l->next->previous = l;
	h->lingers = l;
	h->handles++;
	uv_poll_start (&l->poll, UV_READABLE | UV_DISCONNECT, linger_read);
}

/* ---- deadlines and clients that went away ---- */

/* A request must be in within receive_seconds and one second more for every RECEIVE_RATE bytes of it, however steadily it drips; the library's
 * own timeout starts again with every byte. */
static void deadline_check (const struct http *h, struct connection *c, int64_t now)
{
	int64_t most = 0;
	switch (c->phase) {
	case PHASE_ANSWERING: return;
	case PHASE_IDLE: most = c->used ? h->settings.idle_seconds : h->settings.receive_seconds; break;
	case PHASE_RECEIVING: most = h->settings.receive_seconds + (int64_t) (c->request->received / RECEIVE_RATE); break;
	}
	if (now - c->since > most * SECOND)
		connection_cut (c, c->phase == PHASE_RECEIVING ? "408 Request Timeout" : NULL);
}

static bool connection_waits (const struct connection *c)
{
	const struct http_request *r = c->request;
	if (!r || !r->mhd || c->phase != PHASE_ANSWERING)
		return false;
	return r->suspended ? r->gone && !r->told : r->answer.stream && r->answer.stream->suspended;
}

/* The library does not look at suspended connections, so we do. */
static void gone_tell (struct connection *c)
{
	struct http_request *r = c->request;
	if (!r->suspended) {
		stream_lost (r->answer.stream);
		return;
	}
	r->told = true;
	r->gone (r, r->gone_ctx);
}

static void waiting_check (struct http *h, size_t n)
{
	if (!n || poll (h->waiting, n, 0) <= 0)
		return;
	for (size_t i = 0; i < n; i++)
		if (h->waiting[i].revents & (POLLRDHUP | POLLHUP | POLLERR) && connection_waits (h->waiting_for[i]))
			gone_tell (h->waiting_for[i]);
}

static void waiting_add (struct http *h, struct connection *c, size_t *n)
{
	if (*n == h->waiting_room) {
		h->waiting_room = h->waiting_room ? h->waiting_room * 2 : 64;
		h->waiting = heap_resize (h->waiting, h->waiting_room * sizeof *h->waiting);
		h->waiting_for = heap_resize (h->waiting_for, h->waiting_room * sizeof (struct connection *));
	}
	h->waiting[*n] = (struct pollfd){ .fd = c->fd, .events = POLLRDHUP };
	h->waiting_for[(*n)++] = c;
}

static void tick_came (uv_timer_t *tick)
{
	struct http *h = tick->data;
	int64_t now = clock_monotonic ();
	size_t n = 0;
	for (struct connection *c = h->connections; c; c = c->next) {
		deadline_check (h, c, now);
		if (connection_waits (c) && now - c->since > TICK_MS * 1000)
			waiting_add (h, c, &n);
	}
	waiting_check (h, n);
	for (struct farewell *l = h->lingers, *next; l; l = next) {
		next = l->next;
		if (now > l->until)
			linger_end (l);
	}
	library_run (h);
	if (now > h->freed_at + 2 * SECOND) /* a burst is over */
		requests_slim (h);
}

/* ---- opening ---- */

static void cannot_listen (const struct http_settings *s, const char *why)
{
	log_error ("http_listen_failed", LOG_T ("bind", s->bind), LOG_N ("port", s->port), LOG_T ("why", why));
}

/* A listening socket on this port that whoever started us holds open (LISTEN_FDS, as systemd hands them over): what knocks while one process
 * goes and the next comes waits there, and nobody is refused. -1: none. */
static int socket_given (int port)
{
	enum { FIRST_GIVEN = 3 };
	const char *whose = getenv ("LISTEN_PID"), *many = getenv ("LISTEN_FDS");
	if (!whose || !many || strtol (whose, NULL, 10) != (long) getpid ())
		return -1;
	for (int fd = FIRST_GIVEN; fd < FIRST_GIVEN + (int) strtol (many, NULL, 10); fd++) {
		struct sockaddr_in6 at;
		socklen_t n = sizeof at, size = sizeof (int);
		int listens = 0, yes = 1;
		/* the port stands at the same place in both families */
		if (getsockname (fd, (struct sockaddr *) &at, &n) || (at.sin6_family != AF_INET && at.sin6_family != AF_INET6) ||
		    ntohs (at.sin6_port) != port || getsockopt (fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) || !listens)
			continue;
		if (fcntl (fd, F_SETFD, FD_CLOEXEC) || fcntl (fd, F_SETFL, O_NONBLOCK) ||
		    setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes))
			return -1;
		return fd;
	}
	return -1;
}

/* Ours, not the library's: the address is never its default, and a refusal says why. */
static int socket_listen (const struct http_settings *s, int *ret_port)
{
	int given = s->port ? socket_given (s->port) : -1;
	if (given >= 0) {
		*ret_port = s->port;
		return given;
	}
	struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_port = htons ((uint16_t) s->port) };
	struct sockaddr_in four = { .sin_family = AF_INET, .sin_port = htons ((uint16_t) s->port) };
	bool is_six = inet_pton (AF_INET6, s->bind, &six.sin6_addr) == 1;
	if (!is_six && inet_pton (AF_INET, s->bind, &four.sin_addr) != 1) {
		cannot_listen (s, "not an IP address");
		return -1;
	}
	struct sockaddr *address = is_six ? (struct sockaddr *) &six : (struct sockaddr *) &four;
	socklen_t n = is_six ? sizeof six : sizeof four;
	int yes = 1, fd = socket (address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	/* Accepted sockets inherit no-delay, so an answer in two pieces never waits for an acknowledgement. */
	if (fd < 0 || setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) ||
	    setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes) || bind (fd, address, n) || listen (fd, BACKLOG) ||
	    getsockname (fd, address, &n)) {
		cannot_listen (s, strerror (errno));
		if (fd >= 0)
			close (fd);
		return -1;
	}
	*ret_port = ntohs (is_six ? six.sin6_port : four.sin_port);
	return fd;
}

/* As many descriptors as the connections may need, as far as the hard limit goes. */
static void descriptors_raise (int connections)
{
	struct rlimit limit;
	rlim_t wanted = (rlim_t) connections + DESCRIPTORS_BESIDE;
	if (getrlimit (RLIMIT_NOFILE, &limit) || limit.rlim_cur >= wanted)
		return;
	limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
	setrlimit (RLIMIT_NOFILE, &limit);
}

/* Paths and queries are decoded by us, from what really came: the library's own way ends a path at %00. */
static size_t unescape_not (void *ctx, struct MHD_Connection *mhd, char *text)
{
	(void) ctx, (void) mhd;
	return strlen (text);
}

static struct MHD_Daemon *library_start (struct http *h, int listen_fd)
{
	const struct http_settings *s = &h->settings;
	unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO;
	return MHD_start_daemon (flags, 0, NULL, NULL, request_step, h, MHD_OPTION_LISTEN_SOCKET, (MHD_socket) listen_fd,
				 MHD_OPTION_CONNECTION_LIMIT, (unsigned) s->connections, MHD_OPTION_CONNECTION_TIMEOUT,
				 (unsigned) s->idle_seconds, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t) POOL_BYTES,
				 MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_UNESCAPE_CALLBACK,
				 unescape_not, NULL, MHD_OPTION_URI_LOG_CALLBACK, request_arrive, h, MHD_OPTION_NOTIFY_COMPLETED,
				 request_over, h, MHD_OPTION_NOTIFY_CONNECTION, connection_notify, h, MHD_OPTION_END);
}

static void settings_take (struct http *h, const struct http_settings *s)
{
	h->settings = *s;
	h->settings.memory_limit = s->memory_limit ? s->memory_limit : 64 * 1024;
	h->settings.body_limit = s->body_limit ? s->body_limit : 1024 * 1024;
	h->settings.receive_seconds = s->receive_seconds ? s->receive_seconds : 30;
	h->settings.idle_seconds = s->idle_seconds ? s->idle_seconds : 60;
	h->settings.connections = s->connections ? s->connections : 10000;
	h->settings.bind = h->bind = heap_text (s->bind);
	h->settings.spool_folder = h->spool_folder = heap_text (s->spool_folder ? s->spool_folder : "/tmp");
}

static void loop_join (struct http *h)
{
	int epoll_fd = MHD_get_daemon_info (h->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
	h->poll.data = h->tick.data = h->again.data = h;
	h->handles = 3;
	uv_poll_init (h->loop, &h->poll, epoll_fd);
	uv_timer_init (h->loop, &h->tick);
	uv_idle_init (h->loop, &h->again);
	uv_poll_start (&h->poll, UV_READABLE, poll_came);
	uv_timer_start (&h->tick, tick_came, TICK_MS, TICK_MS);
}

static void heap_release (struct http *h)
{
	while (h->free) {
		struct http_request *r = h->free;
		h->free = r->next;
		request_destroy (r);
	}
	heap_free (h->waiting);
	heap_free (h->waiting_for);
	heap_free (h->bind);
	heap_free (h->spool_folder);
	h->magic = 0;
	heap_free (h);
}

struct http *http_open (uv_loop_t *loop, const struct http_settings *settings)
{
	static bool registered;
	int port, fd = socket_listen (settings, &port);
	if (fd < 0)
		return NULL;
	if (!registered) {
		metric_register (&metric_connections);
		request_metrics_register ();
		registered = true;
	}
	signal (SIGPIPE, SIG_IGN); /* a file is sent by sendfile, which has no flag against it */
	struct http *h = heap_alloc (sizeof *h);
	h->magic = HTTP_MAGIC;
	h->loop = loop;
	h->port = port;
	settings_take (h, settings);
	descriptors_raise (h->settings.connections);
	h->daemon = library_start (h, fd);
	if (!h->daemon) {
		cannot_listen (settings, "the HTTP library did not start");
		close (fd);
		heap_release (h);
		return NULL;
	}
	loop_join (h);
	return h;
}

int http_port (const struct http *h)
{
	assert (h->magic == HTTP_MAGIC);
	return h->port;
}

/* ---- closing ---- */

void http_stop_listening (struct http *h)
{
	assert (h->magic == HTTP_MAGIC);
	if (h->draining)
		return;
	h->draining = true;
	int fd = MHD_quiesce_daemon (h->daemon);
	if (fd >= 0)
		close (fd);
}

/* A connection that was taken in a moment ago may have its first request on the way; one that has had its answer is ended. */
bool http_drained (struct http *h)
{
	assert (h->magic == HTTP_MAGIC && h->draining);
	bool busy = false;
	int64_t now = clock_monotonic ();
	for (struct connection *c = h->connections; c; c = c->next) {
		struct pollfd knock = { .fd = c->fd, .events = POLLIN };
		if (c->cut)
			continue;
		switch (c->phase) {
		case PHASE_IDLE:
			if (!c->used && now - c->since > SECOND)
				break;
			if (!c->used || poll (&knock, 1, 0) > 0)
				busy = true;
			else
				connection_cut (c, NULL);
			break;
		case PHASE_RECEIVING: busy = true; break;
		case PHASE_ANSWERING: busy = busy || !c->request || !c->request->answer.stream; break;
		}
	}
	return !busy;
}

void http_free_when_done (struct http *h)
{
	if (h->closing && !h->handles && !h->outstanding)
		heap_release (h);
}

static void handle_closed (uv_handle_t *handle)
{
	struct http *h = handle->data;
	h->handles--;
	http_free_when_done (h);
}

/* The library aborts when it is stopped with suspended connections. What a handler still holds stays good until it has answered. */
void http_close (struct http **place)
{
	struct http *h = *place;
	if (!h)
		return;
	assert (h->magic == HTTP_MAGIC);
	*place = NULL;
	uv_poll_stop (&h->poll);
	h->outstanding++; /* so that nothing below frees it */
	h->closing = true;
	for (struct connection *c = h->connections; c; c = c->next) {
		const union MHD_ConnectionInfo *info = MHD_get_connection_info (c->mhd, MHD_CONNECTION_INFO_CONNECTION_SUSPENDED);
		if (info->suspended)
			MHD_resume_connection (c->mhd);
	}
	MHD_stop_daemon (h->daemon);
	h->daemon = NULL;
	while (h->lingers)
		linger_end (h->lingers);
	uv_close ((uv_handle_t *) &h->poll, handle_closed);
	uv_close ((uv_handle_t *) &h->tick, handle_closed);
	uv_close ((uv_handle_t *) &h->again, handle_closed);
	h->outstanding--;
}
