/* The load generator: one thread, epoll, keep-alive connections. A request that could not be sent when it was due counts from when it was due,
 * so a server that stalls cannot hide it. It must never parse more than it needs: its CPU is the measured machine's too. */
#include "load.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "../stack/stack.h"

enum { IN_MOST = 1 << 16, STREAM_MOST = 1 << 22 };

struct connection {
	int fd;
	bool busy;
	int64_t due; /* of the request under way */
	int64_t number;
	char *out;
	size_t out_n, out_sent;
	char in[IN_MOST];
	size_t in_n;
};

struct generator {
	struct load *l;
	struct connection *c;
	int epoll, stream;
	char *heard; /* of the stream, since the last whole line */
	size_t heard_n;
	size_t chunk;  /* bytes left of the chunk under way */
	char size[32]; /* the line that says how long the next one is */
	size_t size_n;
	int64_t next; /* number of the next request */
	int64_t *due; /* when each was */
	int64_t room, cards;
	uint64_t seed;
};

uint64_t random_next (uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static int compare (const void *a, const void *b)
{
	int64_t x = *(const int64_t *) a, y = *(const int64_t *) b;
	return x < y ? -1 : x > y;
}

int64_t percentile (int64_t *value, int64_t n, int p)
{
	int64_t good = 0;
	qsort (value, (size_t) n, sizeof *value, compare);
	while (good < n && value[good] < 0)
		good++;
	return n > good ? value[good + (n - good - 1) * p / 100] : -1;
}

static int64_t thread_cpu (void)
{
	struct rusage u;
	getrusage (RUSAGE_THREAD, &u);
	return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000000 + u.ru_utime.tv_usec + u.ru_stime.tv_usec;
}

static int socket_open (int port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons ((uint16_t) port), .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
	int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;
	if (connect (fd, (struct sockaddr *) &to, sizeof to)) {
		close (fd);
		return -1;
	}
	setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	return fd;
}

/* The lead that both sides of every comparison take: name, e-mail, phone, kind of form, message. */
static size_t lead_write (struct generator *g, char *at, int64_t number)
{
	uint64_t person = random_next (&g->seed) % (uint64_t) g->l->people;
	return (size_t) sprintf (
		at,
		"{\"name\":\"Lead %lld\",\"email\":\"person%llu@bench.example\",\"phone\":\"+31 6 %08llu\",\"form_type\":\"%s\",\"message\":"
		"\"Graag een prijs voor het onderhoud van ons pand, liefst deze maand.\"}",
		(long long) number, (unsigned long long) person, (unsigned long long) (person % 100000000),
		g->l->form_type ? g->l->form_type : "Offerteaanvraag");
}

static void request_make (struct generator *g, struct connection *c, int64_t due)
{
	char *body = c->out + 256, head[256];
	size_t n = 0;
	c->number = g->next++;
	c->due = due;
	c->busy = true;
	for (int i = 0; i < g->l->per_request; i++) {
		if (g->l->per_request > 1)
			body[n++] = i ? ',' : '[';
		n += lead_write (g, body + n, c->number * g->l->per_request + i);
	}
	if (g->l->per_request > 1)
		body[n++] = ']';
	int h = snprintf (head, sizeof head,
			  "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
			  g->l->path, n);
	memmove (c->out + h, body, n);
	memcpy (c->out, head, (size_t) h);
	c->out_n = (size_t) h + n;
	c->out_sent = 0;
	if (g->l->n_timed <= c->number && c->number < g->room) {
		g->due[c->number] = due;
		g->l->card[c->number] = g->l->answer[c->number] = -1;
		g->l->n_timed = c->number + 1;
	}
}

static bool request_send (struct generator *g, struct connection *c)
{
	ssize_t n = send (c->fd, c->out + c->out_sent, c->out_n - c->out_sent, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n < 0 && errno != EAGAIN)
		return false;
	c->out_sent += n > 0 ? (size_t) n : 0;
	struct epoll_event e = { .events = EPOLLIN | (c->out_sent < c->out_n ? (unsigned) EPOLLOUT : 0u), .data.ptr = c };
	static bool told[4096];
	bool wants = c->out_sent < c->out_n;
	if (wants != told[c - g->c]) {
		epoll_ctl (g->epoll, EPOLL_CTL_MOD, c->fd, &e);
		told[c - g->c] = wants;
	}
	return true;
}

/* A whole answer: its status line and Content-Length are all that is read. */
static bool answer_take (struct generator *g, struct connection *c, int64_t now)
{
	c->in[c->in_n] = 0;
	char *end = strstr (c->in, "\r\n\r\n");
	if (!end)
		return c->in_n < IN_MOST - 1;
	char *length = strcasestr (c->in, "content-length:");
	size_t body = length && length < end ? strtoul (length + 15, NULL, 10) : 0, head = (size_t) (end + 4 - c->in);
	if (head + body >= IN_MOST) { /* a long answer to an array: only its end matters */
		body -= c->in_n - head;
		char scrap[65536];
		while (body) {
			ssize_t n = recv (c->fd, scrap, body < sizeof scrap ? body : sizeof scrap, 0);
			if (n <= 0)
				return false;
			body -= (size_t) n;
		}
	} else if (c->in_n < head + body)
		return true;
	int status = (int) strtol (c->in + 9, NULL, 10);
	if (status / 100 == 2) {
		g->l->answered++;
		g->l->leads += g->l->per_request;
		if (c->number < g->room)
			g->l->answer[c->number] = now - c->due;
	} else
		g->l->refused++;
	g->l->ended = now;
	c->busy = false;
	c->in_n = 0;
	return true;
}

/* What came is chunked: the sizes between are taken out, so that no line is cut by one. */
static void stream_chunks (struct generator *g, const char *at, size_t n)
{
	while (n) {
		if (g->chunk) {
			size_t part = g->chunk < n ? g->chunk : n;
			memcpy (g->heard + g->heard_n, at, part);
			g->heard_n += part, g->chunk -= part, at += part, n -= part;
			continue;
		}
		if (*at == '\n' && g->size_n) {
			g->size[g->size_n] = 0;
			g->chunk = strtoul (g->size, NULL, 16);
			g->size_n = 0;
		} else if (*at > ' ' && g->size_n < sizeof g->size - 1)
			g->size[g->size_n++] = *at;
		at++, n--;
	}
}

/* "title":"Lead 17 — …" of a card tells which request it came of. */
static void stream_take (struct generator *g, int64_t now)
{
	static char raw[1 << 18];
	ssize_t n = recv (g->stream, raw, g->heard_n + sizeof raw < STREAM_MOST ? sizeof raw : 0, MSG_DONTWAIT);
	if (n == 0) { /* the other side has ended it: shown as a reset without its word */
		epoll_ctl (g->epoll, EPOLL_CTL_DEL, g->stream, NULL);
		g->l->resets += 1000;
	}
	if (n <= 0)
		return;
	stream_chunks (g, raw, (size_t) n);
	g->heard[g->heard_n] = 0;
	char *line = g->heard, *end;
	while ((end = strchr (line, '\n'))) {
		*end = 0;
		g->l->resets += !strncmp (line, "event: reset", 12) || !strncmp (line, "event: bye", 10);
		char *title = !strncmp (line, "data: ", 6) && strstr (line, "\"deal.created\"") ? strstr (line, "\"title\":\"Lead ") : NULL;
		int64_t number = title ? strtoll (title + 14, NULL, 10) : -1;
		if (title && number >= 0 && number < g->l->n_timed && g->l->card[number] < 0) {
			g->l->card[number] = now - g->due[number];
			g->cards++;
		}
		line = end + 1;
	}
	g->heard_n = strlen (line);
	memmove (g->heard, line, g->heard_n);
}

static bool stream_connect (struct generator *g)
{
	char text[600];
	g->stream = -1;
	if (!g->l->stream_port)
		return true;
	g->heard = malloc (STREAM_MOST);
	g->stream = socket_open (g->l->stream_port);
	int n = snprintf (
		text, sizeof text,
		"GET /api/crm/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\nAuthorization: Bearer %s\r\n\r\n",
		g->l->stream_key);
	if (g->stream < 0 || send (g->stream, text, (size_t) n, MSG_NOSIGNAL) != n)
		return false;
	char first[4096];
	ssize_t got = recv (g->stream, first, sizeof first, 0); /* the headers, and perhaps the first of the stream */
	char *body = got > 12 ? memmem (first, (size_t) got, "\r\n\r\n", 4) : NULL;
	if (!body || strncmp (first + 9, "200", 3) != 0)
		return false;
	stream_chunks (g, body + 4, (size_t) (first + got - (body + 4)));
	struct epoll_event e = { .events = EPOLLIN, .data.ptr = NULL };
	epoll_ctl (g->epoll, EPOLL_CTL_ADD, g->stream, &e);
	return true;
}

static struct connection *connection_idle (struct generator *g)
{
	for (int i = 0; i < g->l->connections; i++)
		if (!g->c[i].busy && g->c[i].fd >= 0)
			return &g->c[i];
	return NULL;
}

static bool busy_any (struct generator *g)
{
	for (int i = 0; i < g->l->connections; i++)
		if (g->c[i].busy)
			return true;
	return false;
}

/* Sends whatever is due on connections that are free; the time until the next is due, ms. */
static int due_send (struct generator *g, int64_t now, bool more)
{
	struct connection *c;
	while (more && (c = connection_idle (g)) && (!g->l->requests || g->next < g->l->requests)) {
		int64_t due = g->l->rate ? g->l->began + g->next * 1000000 / g->l->rate : now;
		if (due > now)
			return (int) ((due - now) / 1000);
		request_make (g, c, due);
		if (!request_send (g, c)) {
			g->l->broken++;
			c->busy = false;
			close (c->fd);
			c->fd = -1;
		}
	}
	return 5;
}

static void loop (struct generator *g)
{
	struct epoll_event event[64];
	int64_t end = g->l->began + g->l->microseconds, drain = end + g->l->drain_us;
	for (;;) {
		int64_t now = now_us ();
		bool more = now < end && (!g->l->requests || g->next < g->l->requests);
		int wait = due_send (g, now, more);
		bool cards_due = g->stream >= 0 && g->cards < g->l->answered && now < drain;
		if (!more && !busy_any (g) && !cards_due)
			return;
		if (now > end + 20000000)
			return;
		int n = epoll_wait (g->epoll, event, 64, wait);
		now = now_us ();
		for (int i = 0; i < n; i++) {
			struct connection *c = event[i].data.ptr;
			if (!c) {
				stream_take (g, now);
				continue;
			}
			if (event[i].events & EPOLLOUT)
				request_send (g, c);
			ssize_t got = recv (c->fd, c->in + c->in_n, IN_MOST - 1 - c->in_n, MSG_DONTWAIT);
			if (got > 0)
				c->in_n += (size_t) got;
			if (got == 0 || (got > 0 && !answer_take (g, c, now))) {
				g->l->broken++;
				c->busy = false;
				close (c->fd);
				c->fd = -1;
			}
		}
	}
}

bool load_run (struct load *l)
{
	struct generator g = {
		.l = l, .epoll = epoll_create1 (EPOLL_CLOEXEC), .seed = l->seed, .room = l->stream_port || l->rate ? 4000000 : 0
	};
	l->card = calloc ((size_t) g.room + 1, sizeof *l->card);
	l->answer = calloc ((size_t) g.room + 1, sizeof *l->answer);
	g.due = calloc ((size_t) g.room + 1, sizeof *g.due);
	g.c = calloc ((size_t) l->connections, sizeof *g.c);
	bool good = stream_connect (&g);
	for (int i = 0; good && i < l->connections; i++) {
		g.c[i].fd = socket_open (l->port);
		g.c[i].out = malloc (512 + (size_t) l->per_request * 320);
		struct epoll_event e = { .events = EPOLLIN, .data.ptr = &g.c[i] };
		good = g.c[i].fd >= 0 && !epoll_ctl (g.epoll, EPOLL_CTL_ADD, g.c[i].fd, &e);
	}
	int64_t cpu = thread_cpu ();
	l->began = l->ended = now_us ();
	if (good)
		loop (&g);
	l->cpu_us = thread_cpu () - cpu;
	for (int i = 0; i < l->connections; i++) {
		if (g.c[i].fd > 0)
			close (g.c[i].fd);
		free (g.c[i].out);
	}
	if (g.stream >= 0)
		close (g.stream);
	close (g.epoll);
	free (g.c), free (g.due), free (g.heard);
	return good;
}

void load_free (struct load *l)
{
	free (l->card), free (l->answer);
	l->card = l->answer = NULL;
}
