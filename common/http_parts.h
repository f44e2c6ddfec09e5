/* What the three files of HTTP share: http.c (the loop, connections, deadlines), http_request.c (a request comes in and is looked at),
 * http_reply.c (answers and streams). Nobody else includes it. */
#ifndef LEADWIRE_HTTP_PARTS_H
#define LEADWIRE_HTTP_PARTS_H

#include <poll.h>
#include <microhttpd.h>
#include "http.h"

enum {
	HTTP_MAGIC = 0x48545450,
	HTTP_REQUEST_MAGIC = 0x48524551,
	HTTP_STREAM_MAGIC = 0x48535452,
	HEADERS_MOST = 32,	       /* of an answer */
	SPOOL_BLOCK = 256 * 1024,      /* bytes gathered before one trip to the disk */
	REQUESTS_RESTING = 2,	       /* of these, when nothing has come for a while */
	REQUESTS_KEPT = 1024,	       /* free request objects with their memory */
	MEMORY_KEPT = 128 * 1024,      /* of a free request object's buffers and arena, each */
	DRAIN_MOST = 16 * 1024 * 1024, /* bytes over the limit that are read only to be able to answer */
	RECEIVE_RATE = 64 * 1024,      /* bytes that buy a sender one more second */
	SECOND = 1000000,
};

/* Where a connection stands, for its deadline. */
enum phase {
	PHASE_IDLE,	 /* between two requests, or before the first */
	PHASE_RECEIVING, /* a request line has come */
	PHASE_ANSWERING, /* a handler has it, or the answer goes out */
};

struct connection {
	struct connection *previous, *next;
	struct MHD_Connection *mhd;
	struct http_request *request;
	int fd;
	enum phase phase;
	bool used;     /* has had a request */
	bool cut;      /* was shut down by us */
	int64_t since; /* when the phase began, clock_monotonic */
	char remote[48];
};

struct answer {
	int status;
	const char *type;
	struct buffer body;
	int fd; /* a file's, -1: none */
	uint64_t from, length;
	struct http_stream *stream;
	size_t n_headers;
	struct {
		const char *name, *value;
	} header[HEADERS_MOST];
};

struct http_request {
	unsigned magic;
	struct http *http;
	struct MHD_Connection *mhd; /* null: the connection is gone */
	struct connection *connection;
	struct http_request *next; /* free list */
	struct arena arena;
	int64_t started;
	char method[16];
	struct buffer uri;  /* as it came: path, NUL, query, NUL */
	struct buffer path; /* decoded */
	const char *query;
	bool head; /* the method is HEAD */

	bool begun, handed, answered, queued, suspended;
	bool closes; /* the answer goes out before the body is in, so the connection ends with it */
	bool told;   /* gone was called */
	bool waits;  /* begin has not decided yet */
	bool asked;  /* the library's next call is the first once more: it waited for that */

	struct buffer body;
	size_t body_limit;
	uint64_t length, received; /* length: Content-Length, UINT64_MAX when it is not known */
	char *spool_path;
	int spool_fd;
	uint64_t spooled;
	bool spool_kept, spool_failed, writing;
	uv_work_t work;
	void *map;

	void (*gone) (struct http_request *r, void *ctx);
	void *gone_ctx;
	void (*over) (void *ctx); /* null: nobody asks */
	void *over_ctx;
	struct answer answer;
};

struct http_stream {
	unsigned magic;
	struct http_request *request; /* null: the connection is gone */
	struct buffer queue;
	size_t taken; /* bytes of the queue that went out */
	size_t limit;
	bool ended, failed, suspended;
	void (*gone) (struct http_stream *s, void *ctx);
	void (*read) (struct http_stream *s, void *ctx); /* null: nobody asks */
	void *ctx;
};

struct farewell;

struct http {
	unsigned magic;
	uv_loop_t *loop;
	struct http_settings settings;
	char *bind, *spool_folder;
	struct MHD_Daemon *daemon;
	int port;
	bool draining, closing;
	bool woken; /* something was resumed since the last round began */
	uv_poll_t poll;
	uv_timer_t tick;
	uv_idle_t again;
	int handles;	    /* of libuv, not yet closed */
	size_t outstanding; /* requests that somebody still holds though their connection is gone */
	struct connection *connections;
	struct http_request *free;
	size_t n_free;
	int64_t freed_at; /* the last of them */
	struct farewell *lingers;
	struct pollfd *waiting; /* scratch of the tick */
	struct connection **waiting_for;
	size_t waiting_room;
};

/* http.c */
void library_wake (struct http *h); /* after MHD_resume_connection */
void http_free_when_done (struct http *h);
/* Sends a bare status line (null: nothing) past the library and shuts the socket; the library notices and tells us that it is over. */
void connection_cut (struct connection *c, const char *status_line);
/* Keeps the socket readable for a moment after the library closed it, so that a sender in the middle of a body reads the answer, not a reset. */
void connection_linger (struct http *h, const struct connection *c);

/* http_request.c */
void request_metrics_register (void);
void *request_arrive (void *http, const char *uri, struct MHD_Connection *mhd);
enum MHD_Result request_step (void *http, struct MHD_Connection *mhd, const char *url, const char *method, const char *version,
			      const char *upload, size_t *upload_n, void **request);
void request_over (void *http, struct MHD_Connection *mhd, void **request, enum MHD_RequestTerminationCode how);
void request_free (struct http_request *r);    /* to the free list */
void request_destroy (struct http_request *r); /* for good */
void request_resume (struct http_request *r);
void requests_slim (struct http *h); /* free ones beyond a few give their memory back */

/* http_reply.c */
void answer_queue (struct http_request *r);
void stream_over (struct http_stream *s);
void stream_lost (struct http_stream *s); /* the client went away while nothing was to be sent */

#endif
