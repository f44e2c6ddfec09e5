/* Tests of HTTP over real sockets: the server's loop runs on a thread, the client is this file. `http_test serve PORT` only serves, for load.
 * It must never wait by sleeping: every answer is read until it is whole or the connection ends. */
#include "http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>
#include "clock.h"
#include "log.h"
#include "metrics.h"
#include "test.h"

enum { MEMORY_LIMIT = 64 * 1024, BODY_LIMIT = 4 * 1024 * 1024, LATER_MOST = 20000, STREAM_LIMIT = 256 * 1024 };

/* ---- the server ---- */

static struct server {
	uv_loop_t loop;
	uv_async_t stop;
	uv_timer_t soon;
	struct http *http;
	struct http_request *later[LATER_MOST];
	size_t n_later;
	struct http_request *held;
	struct http_request *undecided;
	struct http_stream *stream;
	char folder[64];
	int port;
} server;

static atomic_int gone_requests, gone_streams, begun, handled;
static atomic_bool refuse_early;
static atomic_int decide_later; /* 1: goes on, 2: refused, each on a later turn of the loop */

static void undecided_end (void)
{
	struct http_request *r = server.undecided;
	server.undecided = NULL;
	if (r && atomic_load (&decide_later) == 1)
		http_go_on (r);
	else if (r)
		http_reply_problem (r, 401, "unauthenticated", "Who are you?", NULL, NULL);
}

static void later_answer (uv_timer_t *timer)
{
	(void) timer;
	undecided_end ();
	for (size_t i = 0; i < server.n_later; i++)
		http_reply_text (server.later[i], 202, "application/json", "{\"id\":\"018f\"}");
	server.n_later = 0;
}

static void held_gone (struct http_request *r, void *ctx)
{
	(void) ctx;
	server.held = NULL;
	http_reply_text (r, 200, "text/plain", "nobody reads this");
	atomic_fetch_add (&gone_requests, 1);
}

static void stream_gone (struct http_stream *s, void *ctx)
{
	(void) s, (void) ctx;
	server.stream = NULL;
	atomic_fetch_add (&gone_streams, 1);
}

static void stream_write (struct http_stream *s, const char *text)
{
	http_stream_write (s, (struct bytes){ (const unsigned char *) text, strlen (text) });
}

/* What the handler saw of the request, as text. */
static void describe (struct http_request *r)
{
	struct bytes body = http_body (r);
	unsigned sum = 0;
	for (size_t i = 0; i < body.n; i++)
		sum = sum * 31 + body.at[i];
	const char *q = http_query (r, "q"), *header = http_header (r, "X-Test"), *cookie = http_cookie (r, "sid");
	char *text = arena_printf (http_arena (r), "%s %s q=%s x=%s sid=%s from=%s n=%zu sum=%u spool=%s tls=%s", http_method (r),
				   http_path (r), q ? q : "-", header ? header : "-", cookie ? cookie : "-", http_remote (r), body.n, sum,
				   http_spool (r) ? "yes" : "no", http_over_tls (r) ? "yes" : "no");
	http_set (r, "X-Answer", "one\r\nX-Evil: two");
	http_set (r, "Set-Cookie", "a=1");
	http_set (r, "Set-Cookie", "b=2");
	http_reply_text (r, 200, "text/plain; charset=utf-8", text);
}

static void problem_answer (struct http_request *r)
{
	struct problem p = { .code = "invalid" };
	problem_add (http_arena (r), &p, "/email", "required", "e-mail \"is\" missing");
	problem_add (http_arena (r), &p, "/name", "too_long", NULL);
	http_reply_problem (r, 422, "invalid", "Some fields are not right.", NULL, &p);
}

static void file_answer (struct http_request *r)
{
	http_set (r, "ETag", "\"v1\"");
	http_set (r, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'self'");
	http_reply_file (r, 200, NULL, arena_printf (http_arena (r), "%s/%s", server.folder, http_query (r, "name")));
}

static void keep_answer (struct http_request *r)
{
	char *kept = arena_printf (http_arena (r), "%s/kept", server.folder);
	bool good = http_spool (r) && rename (http_spool (r), kept) == 0;
	if (good)
		http_keep_spool (r);
	http_reply_text (r, good ? 200 : 500, "text/plain", kept);
}

static void handle (struct http_request *r, void *ctx)
{
	const char *path = http_path (r);
	(void) ctx;
	atomic_fetch_add (&handled, 1);
	if (strcmp (path, "/later") == 0 && server.n_later < LATER_MOST) {
		server.later[server.n_later++] = r;
	} else if (strcmp (path, "/now") == 0) {
		http_reply (r, 200, "application/octet-stream", http_body (r));
	} else if (strcmp (path, "/problem") == 0) {
		problem_answer (r);
	} else if (strcmp (path, "/file") == 0) {
		file_answer (r);
	} else if (strcmp (path, "/keep") == 0) {
		keep_answer (r);
	} else if (strcmp (path, "/hold") == 0) {
		server.held = r;
		http_on_gone (r, held_gone, NULL);
	} else if (strcmp (path, "/quiet") == 0) {
		http_stream_open (r, 200, "text/event-stream", STREAM_LIMIT, NULL, NULL);
	} else if (strcmp (path, "/stream") == 0) {
		server.stream = http_stream_open (r, 200, "text/event-stream", STREAM_LIMIT, stream_gone, NULL);
		stream_write (server.stream, "event: hello\n\n");
	} else if (strcmp (path, "/stream/write") == 0 || strcmp (path, "/stream/end") == 0) {
		struct bytes body = http_body (r);
		if (server.stream)
			http_stream_write (server.stream, body);
		if (server.stream && strcmp (path, "/stream/end") == 0)
			http_stream_end (server.stream);
		http_reply_text (r, 200, "text/plain", "written");
	} else if (strcmp (path, "/metrics") == 0) {
		struct buffer out = { 0 };
		metrics_write (&out);
		http_reply (r, 200, "text/plain; version=0.0.4", (struct bytes){ out.at, out.n });
		buffer_fini (&out);
	} else {
		describe (r);
	}
}

static void begin (struct http_request *r, void *ctx)
{
	(void) ctx;
	atomic_fetch_add (&begun, 1);
	if (atomic_load (&refuse_early))
		http_reply_problem (r, 503, "unavailable", "Not now.", NULL, NULL);
	if (atomic_load (&decide_later) && !server.undecided) {
		server.undecided = r;
		http_body_allow (r, BODY_LIMIT * 2);
		http_wait (r);
	}
}

static void stop_came (uv_async_t *async)
{
	uv_close ((uv_handle_t *) async, NULL);
	uv_close ((uv_handle_t *) &server.soon, NULL);
	http_stop_listening (server.http);
	struct http_request *held = server.held;
	http_close (&server.http);
	if (held && server.held) /* still ours after the server is gone */
		http_reply_text (server.held, 200, "text/plain", "too late");
}

static bool server_open (int port)
{
	uv_loop_init (&server.loop);
	uv_timer_init (&server.loop, &server.soon);
	uv_async_init (&server.loop, &server.stop, stop_came);
	uv_timer_start (&server.soon, later_answer, 1, 1);
	struct http_settings settings = { .bind = "127.0.0.1",
					  .port = port,
					  .memory_limit = MEMORY_LIMIT,
					  .body_limit = BODY_LIMIT,
					  .spool_folder = server.folder,
					  .receive_seconds = 1,
					  .idle_seconds = 20,
					  .proxies = "10.0.0.1, ::1,126.0.0.0/7",
					  .handle = handle,
					  .begin = begin };
	server.http = http_open (&server.loop, &settings);
	server.port = server.http ? http_port (server.http) : 0;
	return server.http;
}

static void *server_run (void *ctx)
{
	(void) ctx;
	uv_run (&server.loop, UV_RUN_DEFAULT);
	return NULL;
}

/* ---- the client ---- */

static int client_open (void)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons ((uint16_t) server.port),
				       .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
	struct timeval patience = { .tv_sec = 20 };
	int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	setsockopt (fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
	if (connect (fd, (struct sockaddr *) &address, sizeof address)) {
		perror ("connect");
		exit (1);
	}
	return fd;
}

static bool client_send (int fd, const char *text, size_t n)
{
	while (n) {
		ssize_t sent = send (fd, text, n, MSG_NOSIGNAL);
		if (sent <= 0)
			return false;
		text += sent;
		n -= (size_t) sent;
	}
	return true;
}

/* Reads until `until` bytes or texts are there or the connection ends. */
static const char *client_read_all (int fd, struct buffer *in)
{
	ssize_t n;
	buffer_clear (in);
	while ((n = recv (fd, buffer_reserve (in, 65537), 65536, 0)) > 0)
		in->n += (size_t) n;
	*buffer_reserve (in, 1) = '\0';
	return (const char *) in->at;
}

/* Reads until `text` stands in what was read; false at the end of the connection or of patience. */
static bool client_read_until (int fd, struct buffer *in, const char *text)
{
	for (;;) {
		*buffer_reserve (in, 1) = '\0';
		if (in->n && strstr ((const char *) in->at, text))
			return true;
		ssize_t n = recv (fd, buffer_reserve (in, 65537), 65536, 0);
		if (n <= 0)
			return false;
		in->n += (size_t) n;
	}
}

/* One exchange on a connection of its own. */
static const char *ask (struct buffer *in, const char *format, ...) __attribute__ ((format (printf, 2, 3)));
static const char *ask (struct buffer *in, const char *format, ...)
{
	char *text;
	va_list values;
	va_start (values, format);
	int n = vasprintf (&text, format, values);
	va_end (values);
	int fd = client_open ();
	client_send (fd, text, (size_t) n);
	free (text);
	client_read_all (fd, in);
	close (fd);
	return (const char *) in->at;
}

#define CLOSE "Host: x\r\nConnection: close\r\n"

static bool has (const char *answer, const char *text)
{
	return strstr (answer, text) != NULL;
}

static bool begins (const char *answer, const char *text)
{
	return strncmp (answer, text, strlen (text)) == 0;
}

/* ---- tests ---- */

static void a_request_is_seen_as_it_was_sent (struct buffer *in)
{
	const char *a = ask (in, "POST /a%%20b?x=1&q=caf%%C3%%A9+%%26+more HTTP/1.1\r\n" CLOSE
				 "X-Test: yes\r\nCookie: other=1; sid=abc\r\nContent-Length: 5\r\n\r\nhello");
	CHECK (begins (a, "HTTP/1.1 200 OK\r\n"));
	CHECK (has (a, "POST /a b q=café & more x=yes sid=abc from=127.0.0.1 n=5 sum=99162322 spool=no"));
	CHECK (has (a, "X-Content-Type-Options: nosniff\r\n") && has (a, "Referrer-Policy: no-referrer\r\n") &&
	       has (a, "X-Frame-Options: DENY\r\n"));
	CHECK (has (a, "X-Answer: one  X-Evil: two\r\n"));
	CHECK (has (a, "Set-Cookie: a=1\r\n") && has (a, "Set-Cookie: b=2\r\n"));
	a = ask (in, "GET http://crm.example/abs?q= HTTP/1.1\r\n" CLOSE "\r\n");
	CHECK (has (a, "GET /abs q= x=-"));
	a = ask (in, "GET / HTTP/1.1\r\n" CLOSE "X-Forwarded-For: 6.6.6.6, 192.0.2.7\r\n\r\n");
	CHECK (has (a, "from=192.0.2.7"));
	a = ask (in, "GET / HTTP/1.1\r\n" CLOSE "X-Forwarded-Proto: https\r\n\r\n");
	CHECK (has (a, " tls=yes"));
	a = ask (in, "GET / HTTP/1.1\r\n" CLOSE "X-Forwarded-Proto: http\r\n\r\n");
	CHECK (has (a, " tls=no"));
	a = ask (in, "GET / HTTP/1.1\r\n" CLOSE "X-Forwarded-For: 192.0.2.7, <script>\r\n\r\n");
	CHECK (has (a, "from=127.0.0.1"));
	a = ask (in, "HEAD /x HTTP/1.1\r\n" CLOSE "\r\n");
	CHECK (begins (a, "HTTP/1.1 200 OK\r\n") && has (a, "Content-Length: ") && !has (a, "HEAD /x"));
}

static void bad_requests_are_refused (struct buffer *in)
{
	static const char *const bad[] = {
		"POST / HTTP/1.1\r\n" CLOSE "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
		"POST / HTTP/1.1\r\n" CLOSE "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
		"POST / HTTP/1.1\r\n" CLOSE "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"POST / HTTP/1.1\r\n" CLOSE "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
		"POST / HTTP/1.1\r\n" CLOSE "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
		"POST / HTTP/1.1\r\n" CLOSE "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
		"POST / HTTP/1.0\r\n" CLOSE "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"POST / HTTP/1.1\r\n" CLOSE "Content-Length: 5, 5\r\n\r\nhello",
		"POST / HTTP/1.1\r\n" CLOSE "Content-Length: +5\r\n\r\nhello",
		"POST / HTTP/1.1\r\n" CLOSE "Content-Length: -1\r\n\r\n",
		"POST / HTTP/1.1\r\n" CLOSE "Content-Length: 0x5\r\n\r\nhello",
		"POST / HTTP/1.1\r\n" CLOSE "Content-Length : 5\r\n\r\nhello",
		"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n",
		"GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
		"GET /a%00b HTTP/1.1\r\n" CLOSE "\r\n",
		"GET /a%2 HTTP/1.1\r\n" CLOSE "\r\n",
		"GET /a%zz HTTP/1.1\r\n" CLOSE "\r\n",
		"GET /a/%2e%2e/b HTTP/1.1\r\n" CLOSE "\r\n",
		"GET /.. HTTP/1.1\r\n" CLOSE "\r\n",
		"GET nothing HTTP/1.1\r\n" CLOSE "\r\n",
		"POST / HTTP/1.1\r\n" CLOSE "Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
	};
	int before = atomic_load (&handled);
	for (size_t i = 0; i < LENGTH (bad); i++) {
		const char *a = ask (in, "%s", bad[i]);
		CHECK (begins (a, "HTTP/1.1 400 ") || begins (a, "HTTP/1.0 400 "));
		if (!begins (a, "HTTP/1."))
			fprintf (stderr, "  request %zu got: %.60s\n", i, a);
	}
	CHECK (atomic_load (&handled) == before);
	const char *a = ask (in, "GET / HTTP/1.1\r\n" CLOSE "X: %0*d\r\n\r\n", 40000, 0);
	CHECK (begins (a, "HTTP/1.1 431 ") || begins (a, "HTTP/1.1 413 "));
	a = ask (in, "\x16\x03\x01\x02\r\n\r\n");
	CHECK (!*a || begins (a, "HTTP/1."));
	a = ask (in, "GET / HTTP/9.9\r\n\r\n");
	CHECK (begins (a, "HTTP/1.1 505 ") || begins (a, "HTTP/1.0 505 ") || begins (a, "HTTP/1.1 400 "));
}

static void too_large_is_refused (struct buffer *in)
{
	int before = atomic_load (&handled), n = BODY_LIMIT + 1;
	/* by its length, the body never sent */
	const char *a = ask (in, "POST / HTTP/1.1\r\n" CLOSE "Expect: 100-continue\r\nContent-Length: %d\r\n\r\n", n);
	CHECK (begins (a, "HTTP/1.1 413 ") && has (a, "application/problem+json") && has (a, "\"code\":\"too_large\""));
	/* by its length, from a sender that does not wait: it reads the answer, not a reset */
	a = ask (in, "POST / HTTP/1.1\r\n" CLOSE "Content-Length: %d\r\n\r\n%0*d", n, n, 0);
	CHECK (begins (a, "HTTP/1.1 413 "));
	/* chunked: drained, and the connection goes on */
	int fd = client_open ();
	char *chunk = malloc (65536 + 16);
	int head = snprintf (chunk, 16, "10000\r\n");
	memset (chunk + head, 'x', 65536);
	memcpy (chunk + head + 65536, "\r\n", 2);
	const char *start = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
	client_send (fd, start, strlen (start));
	for (int sent = 0; sent <= BODY_LIMIT; sent += 65536)
		client_send (fd, chunk, (size_t) head + 65536 + 2);
	client_send (fd, "0\r\n\r\n", 5);
	buffer_clear (in);
	CHECK (client_read_until (fd, in, "\"code\":\"too_large\""));
	CHECK (begins ((const char *) in->at, "HTTP/1.1 413 "));
	const char *next = "GET /next HTTP/1.1\r\n" CLOSE "\r\n";
	client_send (fd, next, strlen (next));
	CHECK (has (client_read_all (fd, in), "GET /next"));
	close (fd);
	/* chunked without end: cut */
	fd = client_open ();
	client_send (fd, start, strlen (start));
	bool open = true;
	for (int64_t sent = 0; open && sent < 100 * (int64_t) BODY_LIMIT; sent += 65536)
		open = client_send (fd, chunk, (size_t) head + 65536 + 2);
	CHECK (!open);
	close (fd);
	free (chunk);
	CHECK (atomic_load (&handled) == before + 1);
}

static void bodies_go_to_memory_or_disk (struct buffer *in)
{
	struct buffer request = { 0 };
	for (int round = 0; round < 6; round++) {
		size_t n = (size_t[]){ 0, 1, MEMORY_LIMIT, MEMORY_LIMIT + 1, 1000000, BODY_LIMIT }[round];
		unsigned sum = 0;
		buffer_clear (&request);
		buffer_printf (&request, "POST /big HTTP/1.1\r\n" CLOSE "Content-Length: %zu\r\n\r\n", n);
		for (size_t i = 0; i < n; i++) {
			unsigned char c = (unsigned char) (i * 7 + i / 1000);
			buffer_add (&request, &c, 1);
			sum = sum * 31 + c;
		}
		int fd = client_open ();
		client_send (fd, (const char *) request.at, request.n);
		const char *a = client_read_all (fd, in);
		char wanted[100];
		snprintf (wanted, sizeof wanted, "n=%zu sum=%u spool=%s", n, sum, n > MEMORY_LIMIT ? "yes" : "no");
		CHECK (has (a, wanted));
		close (fd);
	}
	/* the same, chunked, in pieces that split everywhere */
	buffer_clear (&request);
	buffer_text (&request, "POST /big HTTP/1.1\r\n" CLOSE "Transfer-Encoding: chunked\r\n\r\n");
	unsigned sum = 0;
	size_t total = 0;
	for (size_t n = 1; total < 300000; n = n * 3 % 7919 + 1) {
		buffer_printf (&request, "%zx;ext=1\r\n", n);
		for (size_t i = 0; i < n; i++, sum = sum * 31 + 'y')
			buffer_text (&request, "y");
		buffer_text (&request, "\r\n");
		total += n;
	}
	buffer_text (&request, "0\r\nTrailer: x\r\n\r\n");
	int fd = client_open ();
	client_send (fd, (const char *) request.at, request.n);
	char wanted[100];
	snprintf (wanted, sizeof wanted, "n=%zu sum=%u spool=yes", total, sum);
	CHECK (has (client_read_all (fd, in), wanted));
	close (fd);
	buffer_fini (&request);
	/* a handler that keeps the file */
	char kept[100];
	snprintf (kept, sizeof kept, "%s/kept", server.folder);
	const char *a = ask (in, "POST /keep HTTP/1.1\r\n" CLOSE "Content-Length: 100000\r\n\r\n%0100000d", 0);
	struct stat about = { 0 };
	CHECK (begins (a, "HTTP/1.1 200 ") && stat (kept, &about) == 0 && about.st_size == 100000);
	unlink (kept);
	/* a sender that goes away in the middle */
	fd = client_open ();
	const char *half = "POST /big HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nhalf";
	client_send (fd, half, strlen (half));
	close (fd);
}

static void early_refusal (struct buffer *in)
{
	atomic_store (&refuse_early, true);
	int before = atomic_load (&handled);
	const char *a = ask (in, "POST / HTTP/1.1\r\n" CLOSE "Content-Length: 1000000\r\n\r\n%01000000d", 0);
	CHECK (begins (a, "HTTP/1.1 503 "));
	/* a short body is read, and the connection goes on */
	int fd = client_open ();
	const char *two = "POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabcGET /2 HTTP/1.1\r\n" CLOSE "\r\n";
	client_send (fd, two, strlen (two));
	a = client_read_all (fd, in);
	CHECK (begins (a, "HTTP/1.1 503 ") && strstr (a + 10, "HTTP/1.1 503 "));
	close (fd);
	CHECK (atomic_load (&handled) == before);
	atomic_store (&refuse_early, false);
}

static bool folder_is_empty (const char *folder)
{
	return rmdir (folder) == 0;
}

/* Whether a body is taken is decided on a later turn: until then nothing of it lies on the disk. */
static void late_decision (struct buffer *in)
{
	int before = atomic_load (&handled);
	atomic_store (&decide_later, 2);
	const char *a = ask (in, "POST / HTTP/1.1\r\n" CLOSE "Content-Length: 1000000\r\n\r\n%01000000d", 0);
	CHECK (begins (a, "HTTP/1.1 401 "));
	a = ask (in, "POST / HTTP/1.1\r\n" CLOSE "Content-Length: 8000000\r\nExpect: 100-continue\r\n\r\n");
	CHECK (begins (a, "HTTP/1.1 401 "));
	a = ask (in, "POST / HTTP/1.1\r\n" CLOSE "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
	CHECK (begins (a, "HTTP/1.1 401 "));
	CHECK (atomic_load (&handled) == before && folder_is_empty (server.folder) && mkdir (server.folder, 0700) == 0);
	atomic_store (&decide_later, 1);
	a = ask (in, "POST / HTTP/1.1\r\n" CLOSE "Content-Length: 5000000\r\n\r\n%05000000d", 0);
	CHECK (begins (a, "HTTP/1.1 200 ") && has (a, "n=5000000") && has (a, "spool=yes"));
	a = ask (in, "POST / HTTP/1.1\r\n" CLOSE "Content-Length: 3\r\n\r\nabc");
	CHECK (begins (a, "HTTP/1.1 200 ") && has (a, "n=3"));
	a = ask (in, "POST / HTTP/1.1\r\n" CLOSE "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
	CHECK (begins (a, "HTTP/1.1 200 ") && has (a, "n=5"));
	a = ask (in, "POST / HTTP/1.1\r\n" CLOSE "Content-Length: 9000000\r\n\r\n");
	CHECK (begins (a, "HTTP/1.1 413 "));
	/* two on one connection, and one whose sender leaves before it is decided */
	int fd = client_open ();
	const char *two = "POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabcGET /2 HTTP/1.1\r\n" CLOSE "\r\n";
	client_send (fd, two, strlen (two));
	a = client_read_all (fd, in);
	CHECK (begins (a, "HTTP/1.1 200 ") && strstr (a + 10, "HTTP/1.1 200 "));
	close (fd);
	for (int i = 0; i < 50; i++) {
		fd = client_open ();
		client_send (fd, two, strlen (two));
		close (fd);
	}
	atomic_store (&decide_later, 0);
	CHECK (begins (ask (in, "GET / HTTP/1.1\r\n" CLOSE "\r\n"), "HTTP/1.1 200 "));
}

static size_t count (const char *text, const char *what)
{
	size_t n = 0;
	for (; (text = strstr (text, what)); text += strlen (what))
		n++;
	return n;
}

static void pipelined_requests_are_answered_in_order (struct buffer *in)
{
	struct buffer request = { 0 };
	for (int i = 0; i < 100; i++)
		buffer_printf (&request, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n%04d", i % 3 ? "/now" : "/later", i);
	buffer_text (&request, "GET /last HTTP/1.1\r\n" CLOSE "\r\n");
	int fd = client_open ();
	client_send (fd, (const char *) request.at, request.n);
	const char *a = client_read_all (fd, in), *at = a;
	CHECK (count (a, "HTTP/1.1 20") == 101);
	bool in_order = true;
	for (int i = 0; i < 100 && in_order; i++) {
		char wanted[16];
		snprintf (wanted, sizeof wanted, "\r\n\r\n%04d", i);
		if (i % 3)
			in_order = (at = strstr (at, wanted)) != NULL;
	}
	CHECK (in_order);
	buffer_fini (&request);
	close (fd);
}

static void files_and_ranges (struct buffer *in)
{
	char path[100];
	snprintf (path, sizeof path, "%s/plain", server.folder);
	FILE *file = fopen (path, "w");
	fputs ("0123456789", file);
	fclose (file);
	static const struct {
		const char *range, *status, *body, *header;
	} cases[] = {
		{ "X: y", "200", "0123456789", "Content-Length: 10\r\n" },
		{ "Range: bytes=2-4", "206", "234", "Content-Range: bytes 2-4/10\r\n" },
		{ "Range: bytes=7-", "206", "789", "Content-Range: bytes 7-9/10\r\n" },
		{ "Range: bytes=-3", "206", "789", "Content-Range: bytes 7-9/10\r\n" },
		{ "Range: bytes=-30", "206", "0123456789", "Content-Range: bytes 0-9/10\r\n" },
		{ "Range: bytes=0-99", "206", "0123456789", "Content-Range: bytes 0-9/10\r\n" },
		{ "Range: bytes=10-", "416", "", "Content-Range: bytes */10\r\n" },
		{ "Range: bytes=-0", "416", "", "Content-Range: bytes */10\r\n" },
		{ "Range: bytes=5-2", "200", "0123456789", "Content-Length: 10\r\n" },
		{ "Range: bytes=0-1,3-4", "200", "0123456789", "Content-Length: 10\r\n" },
		{ "Range: bytes=99999999999999999999-", "200", "0123456789", "Content-Length: 10\r\n" },
		{ "Range: lines=1-2", "200", "0123456789", "Content-Length: 10\r\n" },
		{ "Range: bytes=2-4\r\nIf-Range: \"v1\"", "206", "234", "Content-Range: bytes 2-4/10\r\n" },
		{ "Range: bytes=2-4\r\nIf-Range: \"v0\"", "200", "0123456789", "Content-Length: 10\r\n" },
	};
	for (size_t i = 0; i < LENGTH (cases); i++) {
		const char *a = ask (in, "GET /file?name=plain HTTP/1.1\r\n" CLOSE "%s\r\n\r\n", cases[i].range);
		const char *body = strstr (a, "\r\n\r\n");
		CHECK (begins (a + 9, cases[i].status));
		CHECK_TEXT (body ? body + 4 : NULL, cases[i].body);
		CHECK (has (a, cases[i].header));
	}
	const char *a = ask (in, "GET /file?name=plain HTTP/1.1\r\n" CLOSE "\r\n");
	CHECK (has (a, "Accept-Ranges: bytes\r\n") && has (a, "Content-Type: application/octet-stream\r\n") && !has (a, "X-Frame-Options"));
	a = ask (in, "HEAD /file?name=plain HTTP/1.1\r\n" CLOSE "\r\n");
	CHECK (begins (a, "HTTP/1.1 200") && has (a, "Content-Length: 10\r\n") && !has (a, "0123"));
	CHECK (begins (ask (in, "GET /file?name=absent HTTP/1.1\r\n" CLOSE "\r\n"), "HTTP/1.1 404"));
	CHECK (begins (ask (in, "GET /file?name=. HTTP/1.1\r\n" CLOSE "\r\n"), "HTTP/1.1 404"));
	file = fopen (path, "w"); /* empty, then large enough for several writes */
	fclose (file);
	CHECK (has (ask (in, "GET /file?name=plain HTTP/1.1\r\n" CLOSE "\r\n"), "Content-Length: 0\r\n"));
	file = fopen (path, "w");
	CHECK (ftruncate (fileno (file), 20000000) == 0);
	fclose (file);
	a = ask (in, "GET /file?name=plain HTTP/1.1\r\n" CLOSE "Range: bytes=1-\r\n\r\n");
	CHECK (in->n > 19999999 && in->n < 20001000);
	unlink (path);
}

static void problems_are_json (struct buffer *in)
{
	const char *a = ask (in, "GET /problem HTTP/1.1\r\n" CLOSE "\r\n");
	const char *body = strstr (a, "\r\n\r\n");
	CHECK (begins (a, "HTTP/1.1 422 ") && has (a, "Content-Type: application/problem+json\r\n"));
	json_t *json = json_loads (body ? body + 4 : "", JSON_REJECT_DUPLICATES, NULL);
	CHECK (json != NULL);
	CHECK_TEXT (json_string_value (json_object_get (json, "type")), "/problems/invalid");
	CHECK_TEXT (json_string_value (json_object_get (json, "code")), "invalid");
	CHECK (json_integer_value (json_object_get (json, "status")) == 422);
	const json_t *errors = json_object_get (json, "errors");
	CHECK (json_array_size (errors) == 2);
	CHECK_TEXT (json_string_value (json_object_get (json_array_get (errors, 0), "pointer")), "/email");
	CHECK_TEXT (json_string_value (json_object_get (json_array_get (errors, 0), "detail")), "e-mail \"is\" missing");
	json_decref (json);
}

/* Sends a byte a time for as long as the server lets it; returns what came back. */
static const char *drip (struct buffer *in, const char *first, int64_t *ret_took)
{
	int fd = client_open ();
	int64_t start = clock_monotonic ();
	struct timeval beat = { .tv_usec = 100000 };
	setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &beat, sizeof beat); /* the pace of the drip */
	client_send (fd, first, strlen (first));
	buffer_clear (in);
	while (clock_monotonic () - start < 4000000) {
		ssize_t n = recv (fd, buffer_reserve (in, 1001), 1000, 0);
		if (n > 0)
			in->n += (size_t) n;
		else if (n == 0 || errno != EAGAIN || !client_send (fd, "x", 1))
			break;
	}
	*buffer_reserve (in, 1) = '\0';
	*ret_took = clock_monotonic () - start;
	close (fd);
	return (const char *) in->at;
}

static void slow_senders_are_cut (struct buffer *in)
{
	int64_t took;
	const char *a = drip (in, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n", &took);
	CHECK (begins (a, "HTTP/1.1 408 ") && took > 900000 && took < 4000000);
	a = drip (in, "POST / HTTP/1.1\r\nHost: x\r\nX: ", &took);
	CHECK (begins (a, "HTTP/1.1 408 ") && took > 900000 && took < 4000000);
	a = drip (in, "GE", &took); /* not even a line */
	CHECK (!*a && took > 900000 && took < 4000000);
	a = drip (in, "POST /hold HTTP/1.1\r\nHost: x\r\n\r\n", &took); /* complete: the handler may take its time */
	CHECK (!*a && took >= 4000000);
}

static void gone_is_told (struct buffer *in)
{
	int before = atomic_load (&gone_requests);
	int fd = client_open ();
	const char *hold = "GET /hold HTTP/1.1\r\nHost: x\r\n\r\n";
	client_send (fd, hold, strlen (hold));
	ask (in, "GET /x HTTP/1.1\r\n" CLOSE "\r\n");
	close (fd);
	for (int i = 0; i < 100000 && atomic_load (&gone_requests) == before; i++)
		ask (in, "GET /x HTTP/1.1\r\n" CLOSE "\r\n");
	CHECK (atomic_load (&gone_requests) == before + 1);
}

static int stream_start (struct buffer *in, const char *version)
{
	int fd = client_open ();
	char text[100];
	int n = snprintf (text, sizeof text, "GET /stream HTTP/%s\r\nHost: x\r\n\r\n", version);
	client_send (fd, text, (size_t) n);
	buffer_clear (in);
	CHECK (client_read_until (fd, in, "event: hello\n\n"));
	return fd;
}

static void streams (struct buffer *in)
{
	struct buffer other = { 0 };
	for (int round = 0; round < 2; round++) {
		int fd = stream_start (in, round ? "1.0" : "1.1");
		int before = atomic_load (&gone_streams);
		CHECK (has ((const char *) in->at, "Content-Type: text/event-stream\r\n"));
		for (int i = 0; i < 50; i++) {
			char event[32];
			snprintf (event, sizeof event, "data: %d\n\n", i);
			ask (&other, "POST /stream/write HTTP/1.1\r\n" CLOSE "Content-Length: %zu\r\n\r\n%s", strlen (event), event);
			CHECK (client_read_until (fd, in, event));
		}
		ask (&other, "POST /stream/end HTTP/1.1\r\n" CLOSE "Content-Length: 4\r\n\r\nbye\n");
		CHECK (client_read_until (fd, in, round ? "bye\n" : "bye\n\r\n0\r\n\r\n"));
		if (round == 0) { /* the connection lives on */
			const char *next = "GET /after HTTP/1.1\r\n" CLOSE "\r\n";
			client_send (fd, next, strlen (next));
		}
		client_read_all (fd, &other);
		CHECK (round || has ((const char *) other.at, "GET /after"));
		CHECK (atomic_load (&gone_streams) == before + 1);
		close (fd);
	}
	/* the head of a stream goes out at once, though nothing follows yet */
	int fd = client_open ();
	int64_t start = clock_monotonic ();
	client_send (fd, "GET /quiet HTTP/1.1\r\nHost: x\r\n\r\n", 32);
	buffer_clear (in);
	CHECK (client_read_until (fd, in, "\r\n\r\n") && clock_monotonic () - start < 150000);
	close (fd);
	/* a reader that goes away while nothing is said */
	int before = atomic_load (&gone_streams);
	fd = stream_start (in, "1.1");
	close (fd);
	for (int i = 0; i < 100000 && atomic_load (&gone_streams) == before; i++)
		ask (in, "GET /x HTTP/1.1\r\n" CLOSE "\r\n");
	CHECK (atomic_load (&gone_streams) == before + 1);
	/* a reader that does not read: cut when the backlog is over the limit */
	before = atomic_load (&gone_streams);
	fd = stream_start (in, "1.1");
	for (int i = 0; i < 2000 && atomic_load (&gone_streams) == before; i++)
		ask (in, "POST /stream/write HTTP/1.1\r\n" CLOSE "Content-Length: 60000\r\n\r\n%060000d", 0);
	CHECK (atomic_load (&gone_streams) == before + 1);
	close (fd);
	buffer_fini (&other);
}

static void *many_run (void *ctx)
{
	atomic_int *good = ctx;
	struct buffer in = { 0 };
	enum { CONNECTIONS = 125, ROUNDS = 20 };
	int fd[CONNECTIONS];
	for (int i = 0; i < CONNECTIONS; i++)
		fd[i] = client_open ();
	for (int round = 0; round < ROUNDS; round++) {
		const char *request = round % 2 ? "POST /later HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"
						: "GET /many HTTP/1.1\r\nHost: x\r\n\r\n";
		for (int i = 0; i < CONNECTIONS; i++)
			client_send (fd[i], request, strlen (request));
		for (int i = 0; i < CONNECTIONS; i++) {
			buffer_clear (&in);
			*good += client_read_until (fd[i], &in, round % 2 ? "{\"id\":\"018f\"}" : "spool=no");
		}
	}
	for (int i = 0; i < CONNECTIONS; i++)
		close (fd[i]);
	buffer_fini (&in);
	return NULL;
}

static void five_hundred_connections_are_kept (void)
{
	atomic_int good = 0;
	pthread_t thread[4];
	for (size_t i = 0; i < LENGTH (thread); i++)
		pthread_create (&thread[i], NULL, many_run, &good);
	for (size_t i = 0; i < LENGTH (thread); i++)
		pthread_join (thread[i], NULL);
	CHECK (good == 4 * 125 * 20);
}

static void metrics_tell (struct buffer *in)
{
	const char *a = ask (in, "GET /metrics HTTP/1.1\r\n" CLOSE "\r\n");
	CHECK (has (a, "# TYPE leadwire_http_requests_total counter\n") && has (a, "leadwire_http_requests_total{code=\"2xx\"} "));
	CHECK (has (a, "leadwire_http_request_seconds_bucket{le=\"+Inf\"} ") && has (a, "leadwire_http_connections "));
}

int main (int argc, char **argv)
{
	log_open ("http-test", 0, LOG_WARN);
	strcpy (server.folder, "/tmp/http-test-XXXXXX");
	if (!mkdtemp (server.folder) || !server_open (argc > 2 ? (int) strtol (argv[2], NULL, 10) : 0))
		return 1;
	if (argc > 2) {
		server_run (NULL);
		return 0;
	}
	struct buffer in = { 0 };
	pthread_t thread;
	pthread_create (&thread, NULL, server_run, NULL);
	CHECK (http_open (&server.loop, &(struct http_settings){ .bind = "127.0.0.1", .port = server.port }) == NULL);
	CHECK (http_open (&server.loop, &(struct http_settings){ .bind = "localhost" }) == NULL);
	a_request_is_seen_as_it_was_sent (&in);
	bad_requests_are_refused (&in);
	too_large_is_refused (&in);
	bodies_go_to_memory_or_disk (&in);
	early_refusal (&in);
	late_decision (&in);
	pipelined_requests_are_answered_in_order (&in);
	files_and_ranges (&in);
	problems_are_json (&in);
	slow_senders_are_cut (&in);
	gone_is_told (&in);
	streams (&in);
	five_hundred_connections_are_kept ();
	metrics_tell (&in);
	/* closed while a request is held and a stream is open */
	int held = client_open (), open = stream_start (&in, "1.1");
	client_send (held, "GET /hold HTTP/1.1\r\nHost: x\r\n\r\n", 31);
	ask (&in, "GET /x HTTP/1.1\r\n" CLOSE "\r\n");
	int gone = atomic_load (&gone_streams);
	uv_async_send (&server.stop);
	pthread_join (thread, NULL);
	CHECK (atomic_load (&gone_streams) == gone + 1);
	CHECK (uv_loop_close (&server.loop) == 0);
	close (held);
	close (open);
	CHECK (folder_is_empty (server.folder)); /* no spool was left */
	buffer_fini (&in);
	return test_end ();
}
