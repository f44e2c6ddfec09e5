/* HTTP for a daemon: libmicrohttpd on the daemon's libuv loop. A handler sees whole requests and answers now or later, always on the main
 * thread. Never blocks, never queues a reply on the library's first handler call, never keeps a body in memory beyond its limit.
 *
 * Bodies up to `memory_limit` (64 KiB) stay in memory; longer ones go to a spool file in `spool_folder` and are mapped when the handler
 * is called. Over `body_limit`: 413 by Content-Length at once, else drained and 413. Ambiguous or bad framing: 400. A hard deadline for
 * receiving a request (`receive_seconds`, one more for each 64 KiB that came, then 408 and closed) stands beside the inactivity timeout. */
#ifndef LEADWIRE_HTTP_H
#define LEADWIRE_HTTP_H

#include <uv.h>
#include "arena.h"
#include "record.h"

struct http;
struct http_request;
struct http_stream;

typedef void http_handler (struct http_request *r, void *ctx);

struct http_settings {
	const char *bind;
	int port;			 /* 0: any; http_port tells */
	size_t memory_limit, body_limit; /* bytes */
	const char *spool_folder;
	int receive_seconds, idle_seconds; /* 30, 60 */
	int connections;		   /* 10,000 */
	const char *
		proxies; /* addresses and networks (10.0.0.0/8) whose X-Forwarded-For and -Proto are believed, comma-separated; null: none */
	http_handler *handle;
	void *ctx;
	/* Called on the headers alone, before the body: may refuse early by http_reply (503 when the database is away). Optional. */
	http_handler *begin;
};

/* Null and a logged sentence when the address cannot be had. */
struct http *http_open (uv_loop_t *loop, const struct http_settings *settings);
int http_port (const struct http *h);
void http_stop_listening (struct http *h); /* drain: no new connections, answers go out */
/* While draining: has everybody had the answer that was asked for? Streams without end do not count. */
bool http_drained (struct http *h) MUST_CHECK;
void http_close (struct http **h);

/* ---- a request: good from the handler's call until its reply was given ---- */
struct arena *http_arena (struct http_request *r);
const char *http_method (const struct http_request *r);
const char *http_path (const struct http_request *r);		   /* percent-decoded, without query */
const char *http_query (struct http_request *r, const char *name); /* decoded; null when absent */
/* One after the other, decoded: begin with *at 0. False: that was the last. */
bool http_query_next (struct http_request *r, size_t *at, const char **ret_name, const char **ret_value);
const char *http_header (struct http_request *r, const char *name); /* null when absent */
const char *http_cookie (struct http_request *r, const char *name);
const char *http_remote (const struct http_request *r); /* the peer's address; X-Forwarded-For's last hop only when CRM trusts the proxy */
bool http_over_tls (const struct http_request *r);	/* X-Forwarded-Proto says https, and CRM trusts the proxy that says so */
struct bytes http_body (const struct http_request *r);
/* The spool file's path when the body went to disk, else null. http_keep_spool leaves the file to the caller (rename it, unlink it). */
const char *http_spool (const struct http_request *r);
void http_keep_spool (struct http_request *r);
int64_t http_started (const struct http_request *r); /* clock_monotonic at the first byte */
/* From `begin`: this request's body may be that long, whatever the others' limit is. */
void http_body_allow (struct http_request *r, size_t bytes);
/* From `begin`: whether it is taken at all is not known yet. Nothing of the body is read, kept or waited for until http_go_on, or until it
 * is answered, which then goes out at once and ends the connection. The request is good until one of these two. */
void http_wait (struct http_request *r);
void http_go_on (struct http_request *r);
/* Called once, main thread, when all is over: answered, refused or gone, and nobody holds it. `ctx` must not be of its arena. */
void http_on_over (struct http_request *r, void (*over) (void *ctx), void *ctx);
/* Called (once, main thread) when the client went away before the answer; ctx as given. The request stays good until http_reply is called. */
void http_on_gone (struct http_request *r, void (*gone) (struct http_request *r, void *ctx), void *ctx);

/* ---- answers ---- */
void http_set (struct http_request *r, const char *name, const char *value); /* a header of the answer; copied */
/* Answers once; `body` is copied. HEAD gives no body. Security headers (nosniff, frame-ancestors, referrer) are added unless set. */
void http_reply (struct http_request *r, int status, const char *type, struct bytes body);
void http_reply_text (struct http_request *r, int status, const char *type, const char *text);
/* problem+json. `code` is one of errors.def; title and detail as given; errors from the problem (may be null). */
void http_reply_problem (struct http_request *r, int status, const char *code, const char *title, const char *detail,
			 const struct problem *problem);
/* A file from disk by sendfile, Range honoured; `type` null: application/octet-stream. */
void http_reply_file (struct http_request *r, int status, const char *type, const char *path);

/* An answer without end (server-sent events). What is written is queued; beyond `limit` bytes unread the stream is closed by us. `gone` is
 * called once, main thread, when it has ended for whatever reason; the stream is freed after it. */
struct http_stream *http_stream_open (struct http_request *r, int status, const char *type, size_t limit,
				      void (*gone) (struct http_stream *s, void *ctx), void *ctx);
void http_stream_write (struct http_stream *s, struct bytes bytes);
/* `read` is called, main thread, whenever all that was written has been taken: whoever has much to say writes on then. It may write, end or cut. */
void http_stream_on_read (struct http_stream *s, void (*read) (struct http_stream *s, void *ctx));
void http_stream_end (struct http_stream *s);
/* Ends it as broken: the client sees an answer that is not whole. `gone` is called as ever. */
void http_stream_cut (struct http_stream *s);

#endif
