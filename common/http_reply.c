/* Answers: whole ones, files with ranges, and streams without end.
 * It must never answer twice, never hand the library memory that may go before the answer is out, and never let a slow reader's backlog grow. */
#include "http_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>
#include "clock.h"
#include "log.h"

enum { STREAM_BLOCK = 4096 }; /* what an HTTP/1.0 reader gets at a time; chunks take what the connection's memory holds */

/* ---- headers ---- */

/* Set-Cookie may stand more than once; of everything else the last counts. Control characters would end the header, so they become blanks. */
void http_set (struct http_request *r, const char *name, const char *value)
{
	assert (r->magic == HTTP_REQUEST_MAGIC);
	struct answer *a = &r->answer;
	size_t i = 0;
	if (strcasecmp (name, "Set-Cookie") == 0)
		i = a->n_headers;
	while (i < a->n_headers && strcasecmp (a->header[i].name, name) != 0)
		i++;
	assert (i < HEADERS_MOST);
	char *copy = arena_text (&r->arena, value);
	for (char *at = copy; *at; at++)
		if ((unsigned char) *at < ' ' || *at == 127)
			*at = ' ';
	a->header[i].name = i < a->n_headers ? a->header[i].name : arena_text (&r->arena, name);
	a->header[i].value = copy;
	a->n_headers += i == a->n_headers;
}

static const char *header_get (const struct answer *a, const char *name)
{
	for (size_t i = 0; i < a->n_headers; i++)
		if (strcasecmp (a->header[i].name, name) == 0)
			return a->header[i].value;
	return NULL;
}

static void header_add (struct MHD_Response *response, const char *name, const char *value)
{
	if (*value) /* the library has no empty headers */
		MHD_add_response_header (response, name, value);
}

static void default_add (struct MHD_Response *response, const struct answer *a, const char *name, const char *value)
{
	if (!header_get (a, name))
		header_add (response, name, value);
}

static void headers_add (struct MHD_Response *response, const struct http_request *r)
{
	const struct answer *a = &r->answer;
	if (a->type)
		header_add (response, "Content-Type", a->type);
	for (size_t i = 0; i < a->n_headers; i++)
		header_add (response, a->header[i].name, a->header[i].value);
	default_add (response, a, "X-Content-Type-Options", "nosniff");
	default_add (response, a, "Referrer-Policy", "no-referrer");
	const char *policy = header_get (a, "Content-Security-Policy");
	if (!policy || !strstr (policy, "frame-ancestors"))
		default_add (response, a, "X-Frame-Options", "DENY");
	if (r->http->draining)
		header_add (response, "Connection", "close");
}

/* ---- to the library ---- */

static ssize_t stream_read (void *ctx, uint64_t position, char *out, size_t room);

static struct MHD_Response *response_make (struct http_request *r)
{
	struct answer *a = &r->answer;
	if (a->stream)
		return MHD_create_response_from_callback (MHD_SIZE_UNKNOWN, STREAM_BLOCK, stream_read, a->stream, NULL);
	if (a->fd < 0) /* the buffer lives until request_over */
		return MHD_create_response_from_buffer (a->body.n, a->body.at, MHD_RESPMEM_PERSISTENT);
	struct MHD_Response *response = MHD_create_response_from_fd_at_offset64 (a->length, a->fd, a->from);
	if (response)
		a->fd = -1; /* the library closes it */
	return response;
}

/* Only from the library's own call of request_step: the one place where it takes an answer without surprises. */
void answer_queue (struct http_request *r)
{
	assert (r->answered && !r->queued);
	struct MHD_Response *response = response_make (r);
	assert (response); /* null: out of memory */
	headers_add (response, r);
	r->queued = true;
	r->connection->phase = PHASE_ANSWERING;
	enum MHD_Result queued = MHD_queue_response (r->mhd, (unsigned) r->answer.status, response);
	assert (queued == MHD_YES);
	MHD_destroy_response (response);
}

/* The answer is complete. Inside the library's call it goes out when that returns; later, the connection is woken up; and when the connection is
 * gone, this was the last use of the request. */
static void answer_done (struct http_request *r)
{
	struct http *h = r->http;
	r->answered = true;
	if (!r->mhd) {
		request_free (r);
		h->outstanding--;
		http_free_when_done (h);
	} else if (r->suspended) {
		request_resume (r);
	}
}

static void answer_begin (struct http_request *r, int status, const char *type)
{
	assert (r->magic == HTTP_REQUEST_MAGIC && !r->answered);
	r->answer.status = status;
	r->answer.type = type ? arena_text (&r->arena, type) : NULL;
}

/* ---- whole answers ---- */

void http_reply (struct http_request *r, int status, const char *type, struct bytes body)
{
	answer_begin (r, status, type);
	buffer_clear (&r->answer.body);
	buffer_add (&r->answer.body, body.at, body.n);
	answer_done (r);
}

void http_reply_text (struct http_request *r, int status, const char *type, const char *text)
{
	http_reply (r, status, type, (struct bytes){ (const unsigned char *) text, strlen (text) });
}

static void member_write (struct buffer *out, const char *name, const char *value)
{
	if (!value)
		return;
	buffer_printf (out, ",\"%s\":", name);
	json_quote (out, value);
}

/* RFC 9457. */
void http_reply_problem (struct http_request *r, int status, const char *code, const char *title, const char *detail,
			 const struct problem *problem)
{
	struct buffer *out = &r->answer.body;
	answer_begin (r, status, "application/problem+json");
	buffer_clear (out);
	buffer_printf (out, "{\"type\":\"/problems/%s\",\"status\":%d", code, status);
	member_write (out, "title", title);
	member_write (out, "code", code);
	member_write (out, "detail", detail ? detail : problem ? problem->detail : NULL);
	for (size_t i = 0; problem && i < problem->n_errors; i++) {
		buffer_text (out, i ? ",{\"pointer\":" : ",\"errors\":[{\"pointer\":");
		json_quote (out, problem->errors[i].pointer ? problem->errors[i].pointer : "");
		member_write (out, "code", problem->errors[i].code);
		member_write (out, "detail", problem->errors[i].detail);
		buffer_text (out, i + 1 == problem->n_errors ? "}]" : "}");
	}
	buffer_text (out, "}");
	answer_done (r);
}

/* ---- files ---- */

enum range { RANGE_NONE, RANGE_ONE, RANGE_UNMET };

static bool number_take (const char **at, uint64_t *ret)
{
	char *end;
	if (**at < '0' || **at > '9')
		return false;
	errno = 0;
	*ret = strtoull (*at, &end, 10);
	*at = end;
	return !errno;
}

/* RFC 9110, 14.1.2: "bytes=a-b", "bytes=a-" or "bytes=-n". Anything else, several ranges too, counts as no range, which the RFC allows. */
static enum range range_read (const char *text, uint64_t size, uint64_t *ret_from, uint64_t *ret_length)
{
	uint64_t from = 0, to = UINT64_MAX;
	if (!text || strncasecmp (text, "bytes=", 6) != 0)
		return RANGE_NONE;
	text += 6;
	bool has_from = number_take (&text, &from);
	if (*text++ != '-')
		return RANGE_NONE;
	bool has_to = number_take (&text, &to);
	if (*text || (!has_from && !has_to) || (has_from && has_to && to < from))
		return RANGE_NONE;
	if (!has_from) { /* the last n bytes */
		from = to < size ? size - to : 0;
		if (!to)
			return RANGE_UNMET;
		to = UINT64_MAX;
	}
	if (from >= size)
		return RANGE_UNMET;
	*ret_from = from;
	*ret_length = (to < size ? to + 1 : size) - from;
	return RANGE_ONE;
}

/* If-Range names the version that the client holds a part of; another one is sent whole. */
static bool range_wanted (struct http_request *r)
{
	const char *condition = http_header (r, "If-Range"), *tag = header_get (&r->answer, "ETag");
	return !condition || (tag && strcmp (condition, tag) == 0);
}

static int file_open (const char *path, uint64_t *ret_size)
{
	struct stat about;
	int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd >= 0 && (fstat (fd, &about) || !S_ISREG (about.st_mode))) {
		close (fd);
		fd = -1;
	}
	if (fd >= 0)
		*ret_size = (uint64_t) about.st_size;
	return fd;
}

void http_reply_file (struct http_request *r, int status, const char *type, const char *path)
{
	uint64_t size = 0, from = 0, length;
	int fd = file_open (path, &size);
	if (fd < 0) {
		http_reply_problem (r, 404, "not_found", "There is nothing here.", NULL, NULL);
		return;
	}
	length = size;
	enum range range = status == 200 && range_wanted (r) ? range_read (http_header (r, "Range"), size, &from, &length) : RANGE_NONE;
	http_set (r, "Accept-Ranges", "bytes");
	if (range == RANGE_UNMET) {
		close (fd);
		http_set (r, "Content-Range", arena_printf (&r->arena, "bytes */%" PRIu64, size));
		http_reply (r, 416, NULL, (struct bytes){ NULL, 0 });
		return;
	}
	if (range == RANGE_ONE)
		http_set (r, "Content-Range",
			  arena_printf (&r->arena, "bytes %" PRIu64 "-%" PRIu64 "/%" PRIu64, from, from + length - 1, size));
	answer_begin (r, range == RANGE_ONE ? 206 : status, type ? type : "application/octet-stream");
	r->answer.fd = fd;
	r->answer.from = from;
	r->answer.length = length;
	answer_done (r);
}

/* ---- streams ---- */

static size_t stream_unread (const struct http_stream *s)
{
	return s->queue.n - s->taken;
}

static void stream_free (struct http_stream *s)
{
	s->magic = 0;
	buffer_fini (&s->queue);
	heap_free (s);
}

static void stream_wake (struct http_stream *s)
{
	if (!s->suspended || !s->request)
		return;
	s->suspended = false;
	MHD_resume_connection (s->request->mhd);
	library_wake (s->request->http);
}

/* The library asks for more. With nothing to give the connection is suspended: answering 0 alone would make it ask again and again. */
static ssize_t stream_read (void *ctx, uint64_t position, char *out, size_t room)
{
	struct http_stream *s = ctx;
	(void) position;
	if (s->failed)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	size_t n = stream_unread (s) < room ? stream_unread (s) : room;
	if (!n && s->ended)
		return MHD_CONTENT_READER_END_OF_STREAM;
	if (!n) {
		s->suspended = true;
		MHD_suspend_connection (s->request->mhd);
		return 0;
	}
	memcpy (out, s->queue.at + s->taken, n);
	s->taken += n;
	if (s->taken == s->queue.n) {
		s->taken = 0;
		if (s->queue.room > MEMORY_KEPT)
			buffer_fini (&s->queue);
		buffer_clear (&s->queue);
		if (s->read && !s->ended)
			s->read (s, s->ctx);
	}
	return (ssize_t) n;
}

struct http_stream *http_stream_open (struct http_request *r, int status, const char *type, size_t limit,
				      void (*gone) (struct http_stream *s, void *ctx), void *ctx)
{
	struct http_stream *s = heap_alloc (sizeof *s);
	*s = (struct http_stream){ .magic = HTTP_STREAM_MAGIC, .request = r->mhd ? r : NULL, .limit = limit, .gone = gone, .ctx = ctx };
	answer_begin (r, status, type);
	r->answer.stream = s->request ? s : NULL;
	answer_done (r);
	return s;
}

/* Moves what is unread to the front when what was read takes more than half. */
static void stream_compact (struct http_stream *s)
{
	if (s->taken < 4096 || s->taken < s->queue.n / 2)
		return;
	memmove (s->queue.at, s->queue.at + s->taken, stream_unread (s));
	s->queue.n -= s->taken;
	s->taken = 0;
}

void http_stream_cut (struct http_stream *s)
{
	assert (s->magic == HTTP_STREAM_MAGIC);
	if (!s->request || s->failed)
		return;
	s->failed = true;
	connection_cut (s->request->connection, NULL);
	stream_wake (s);
}

void http_stream_on_read (struct http_stream *s, void (*read) (struct http_stream *s, void *ctx))
{
	assert (s->magic == HTTP_STREAM_MAGIC);
	s->read = read;
}

void http_stream_write (struct http_stream *s, struct bytes bytes)
{
	assert (s->magic == HTTP_STREAM_MAGIC);
	if (!s->request || s->ended || s->failed || !bytes.n)
		return;
	if (stream_unread (s) + bytes.n > s->limit) {
		log_info ("http_stream_too_slow", LOG_N ("unread", (int64_t) stream_unread (s)));
		http_stream_cut (s);
		return;
	}
	stream_compact (s);
	buffer_add (&s->queue, bytes.at, bytes.n);
	stream_wake (s);
}

void http_stream_end (struct http_stream *s)
{
	assert (s->magic == HTTP_STREAM_MAGIC);
	s->ended = true;
	if (s->request)
		stream_wake (s);
	else
		stream_over (s); /* opened when the connection was gone already */
}

void stream_lost (struct http_stream *s)
{
	s->failed = true;
	stream_wake (s);
}

void stream_over (struct http_stream *s)
{
	s->request = NULL;
	if (s->gone)
		s->gone (s, s->ctx);
	stream_free (s);
}
