/* A request from its first line to its answer: what is refused on sight, where the body goes, and how a handler looks at it.
 * It must never trust a length, never keep more than memory_limit of a body in memory, and never call a handler before the body is whole. */
#include "http_parts.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <malloc.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <unistd.h>
#include "clock.h"
#include "http_form.h"
#include "log.h"
#include "metrics.h"

#define REQUESTS_METRIC(class)                                                                                                        \
	{                                                                                                                             \
		.name = "leadwire_http_requests_total", .help = "HTTP requests by the class of their answer", .kind = METRIC_COUNTER, \
		.label = "code=\"" class "\""                                                                                         \
	}
static struct metric metric_requests[] = { REQUESTS_METRIC ("none"), REQUESTS_METRIC ("1xx"), REQUESTS_METRIC ("2xx"),
					   REQUESTS_METRIC ("3xx"),  REQUESTS_METRIC ("4xx"), REQUESTS_METRIC ("5xx") };
static struct metric metric_seconds = { .name = "leadwire_http_request_seconds",
					.help = "From a request's first line to the end of its answer; streams are not counted",
					.kind = METRIC_HISTOGRAM };

void request_metrics_register (void)
{
	for (size_t i = 0; i < LENGTH (metric_requests); i++)
		metric_register (&metric_requests[i]);
	metric_register (&metric_seconds);
}

/* ---- request objects ---- */

static struct http_request *request_new (struct http *h)
{
	struct http_request *r = h->free;
	if (r) {
		h->free = r->next;
		h->n_free--;
	} else {
		r = heap_alloc (sizeof *r);
		r->magic = HTTP_REQUEST_MAGIC;
		r->http = h;
		arena_init (&r->arena);
	}
	r->next = NULL;
	r->spool_fd = r->answer.fd = -1;
	return r;
}

static void buffer_recycle (struct buffer *b)
{
	if (b->room > MEMORY_KEPT)
		buffer_fini (b);
	buffer_clear (b);
}

static void spool_drop (struct http_request *r)
{
	if (r->map)
		munmap (r->map, r->spooled);
	if (r->spool_fd >= 0)
		close (r->spool_fd);
	if (r->spool_path && !r->spool_kept)
		unlink (r->spool_path);
	r->map = NULL;
	r->spool_fd = -1;
	r->spool_path = NULL; /* of the arena */
	r->spooled = 0;
}

void request_destroy (struct http_request *r)
{
	arena_fini (&r->arena);
	buffer_fini (&r->uri);
	buffer_fini (&r->path);
	buffer_fini (&r->body);
	buffer_fini (&r->answer.body);
	r->magic = 0;
	heap_free (r);
}

void request_free (struct http_request *r)
{
	struct http *h = r->http;
	if (r->over)
		r->over (r->over_ctx);
	spool_drop (r);
	if (r->answer.fd >= 0)
		close (r->answer.fd);
	if (h->n_free >= REQUESTS_KEPT || h->closing) {
		request_destroy (r);
		return;
	}
	buffer_recycle (&r->uri);
	buffer_recycle (&r->path);
	buffer_recycle (&r->body);
	buffer_recycle (&r->answer.body);
	if (r->arena.total > MEMORY_KEPT) {
		arena_fini (&r->arena);
		arena_init (&r->arena);
	} else if (r->arena.total) {
		arena_reset (&r->arena);
	}
	struct http_request kept = { .magic = r->magic,
				     .http = h,
				     .next = h->free,
				     .arena = r->arena,
				     .uri = r->uri,
				     .path = r->path,
				     .body = r->body,
				     .answer.body = r->answer.body };
	*r = kept;
	h->free = r;
	h->n_free++;
	h->freed_at = clock_monotonic ();
}

void requests_slim (struct http *h)
{
	if (h->n_free <= REQUESTS_RESTING)
		return;
	while (h->n_free > REQUESTS_RESTING) {
		struct http_request *r = h->free;
		h->free = r->next;
		h->n_free--;
		request_destroy (r);
	}
	malloc_trim (0);
}

/* The library comes back to request_step with it on the loop's next turn. */
void request_resume (struct http_request *r)
{
	assert (r->suspended && r->mhd);
	r->suspended = false;
	MHD_resume_connection (r->mhd);
	library_wake (r->http);
}

static void request_suspend (struct http_request *r)
{
	r->suspended = true;
	MHD_suspend_connection (r->mhd);
}

/* ---- the request line ---- */

/* Called by the library with the line's target as it came, before anything else is known. */
void *request_arrive (void *ctx, const char *uri, struct MHD_Connection *mhd)
{
	struct http_request *r = request_new (ctx);
	struct connection *c = MHD_get_connection_info (mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
	r->mhd = mhd;
	r->body_limit = r->http->settings.body_limit;
	r->connection = c;
	r->started = clock_monotonic ();
	buffer_add (&r->uri, uri ? uri : "", uri ? strlen (uri) + 1 : 1);
	c->request = r;
	c->phase = PHASE_RECEIVING;
	c->used = true;
	c->since = r->started;
	return r;
}

/* Decodes n bytes to `out`, which has room for them and an end. False: a broken escape or a NUL. */
static bool percent_decode (const char *in, size_t n, bool plus, char *out)
{
	for (const char *end = in + n; in < end; in++) {
		char c = *in;
		if (c == '%') {
			int high = end - in > 2 ? hex_digit (in[1]) : -1, low = end - in > 2 ? hex_digit (in[2]) : -1;
			if (high < 0 || low < 0 || high + low == 0)
				return false;
			c = (char) (high << 4 | low);
			in += 2;
		} else if (plus && c == '+') {
			c = ' ';
		}
		*out++ = c;
	}
	*out = '\0';
	return true;
}

/* A part that is "..", at any place. No address of ours has one. */
static bool path_climbs (const char *path)
{
	for (const char *at = path; (at = strstr (at, "..")); at += 2)
		if ((at == path || at[-1] == '/') && (at[2] == '/' || at[2] == '\0'))
			return true;
	return false;
}

/* Splits the target into path and query and decodes the path. Takes "/path?query", "*", and the absolute form that proxies send. */
static bool target_read (struct http_request *r)
{
	char *target = (char *) r->uri.at;
	if (strncasecmp (target, "http://", 7) == 0 || strncasecmp (target, "https://", 8) == 0) {
		target = strchr (target + 8, '/');
		if (!target)
			target = (char *) "/";
	}
	char *query = strchr (target, '?');
	size_t n = query ? (size_t) (query - target) : strlen (target);
	r->query = query ? query + 1 : NULL;
	if (*target != '/' && strcmp (target, "*") != 0)
		return false;
	if (!percent_decode (target, n, false, (char *) buffer_reserve (&r->path, n + 1)))
		return false;
	return !path_climbs ((const char *) r->path.at);
}

/* ---- headers: what must not be ambiguous ---- */

struct framing {
	unsigned lengths, encodings, hosts;
	bool bad, chunked;
	const char *length;
};

static bool name_is (const char *name, size_t n, const char *wanted)
{
	return n == strlen (wanted) && strncasecmp (name, wanted, n) == 0;
}

/* A token of RFC 9110, as far as it matters: no blank before the colon, nothing invisible. */
static bool name_is_token (const char *name, size_t n)
{
	if (!n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (name[i] <= ' ' || name[i] == 127)
			return false;
	return true;
}

static enum MHD_Result framing_look (void *ctx, enum MHD_ValueKind kind, const char *name, size_t name_n, const char *value, size_t value_n)
{
	struct framing *f = ctx;
	(void) kind;
	if (!name_is_token (name, name_n) || (value_n && memchr (value, '\0', value_n)))
		f->bad = true;
	if (name_n == 4 && name_is (name, name_n, "host")) {
		f->hosts++;
	} else if (name_n == 14 && name_is (name, name_n, "content-length")) {
		f->lengths++;
		f->length = value;
	} else if (name_n == 17 && name_is (name, name_n, "transfer-encoding")) {
		f->encodings++;
		f->chunked = value && name_is (value, value_n, "chunked");
	}
	return MHD_YES;
}

/* RFC 9112, 6.3: two lengths, a length beside an encoding, an encoding that is not chunked, or one in HTTP/1.0 could be read in two ways by two
 * servers (request smuggling), so none of them is read at all. */
static bool framing_read (struct http_request *r, const char *version)
{
	struct framing f = { 0 };
	MHD_get_connection_values_n (r->mhd, MHD_HEADER_KIND, framing_look, &f);
	if (f.bad || f.lengths > 1 || f.encodings > 1 || f.hosts > 1 || (f.lengths && f.encodings))
		return false;
	if (f.encodings && (!f.chunked || strcmp (version, "HTTP/1.1") != 0))
		return false;
	r->length = f.encodings ? UINT64_MAX : 0;
	if (!f.lengths)
		return true;
	char *end = NULL;
	errno = 0;
	bool digit = f.length && *f.length >= '0' && *f.length <= '9';
	r->length = digit ? strtoull (f.length, &end, 10) : 0;
	return digit && !errno && !*end;
}

/* ---- the first call: headers only ---- */

static void request_detached_free (struct http_request *r)
{
	struct http *h = r->http;
	request_free (r);
	h->outstanding--;
	http_free_when_done (h);
}

void http_body_allow (struct http_request *r, size_t bytes)
{
	assert (!r->received);
	r->body_limit = bytes;
}

void http_wait (struct http_request *r)
{
	assert (r->magic == HTTP_REQUEST_MAGIC && !r->received && !r->handed && !r->answered);
	r->waits = true;
}

void http_go_on (struct http_request *r)
{
	assert (r->waits && !r->answered);
	r->waits = false;
	if (!r->mhd)
		request_detached_free (r);
	else if (r->suspended)
		request_resume (r);
}

static void refuse (struct http_request *r, int status, const char *code, const char *title)
{
	http_reply_problem (r, status, code, title, NULL, NULL);
}

static void headers_judge (struct http_request *r, const char *method, const char *version)
{
	struct http *h = r->http;
	if (!framing_read (r, version)) {
		r->closes = true; /* where the next request begins is anybody's guess */
		refuse (r, 400, "bad_request", "The request could not be read.");
	} else if (strlen (method) >= sizeof r->method) {
		refuse (r, 501, "bad_request", "The request could not be read.");
	} else if (!target_read (r)) {
		refuse (r, 400, "bad_request", "The request could not be read.");
	} else {
		if (h->settings.begin)
			h->settings.begin (r, h->settings.ctx);
		if (!r->waits && !r->answered && r->length != UINT64_MAX && r->length > r->body_limit)
			refuse (r, 413, "too_large", "The request is too large.");
	}
}

/* As long as nobody decided, the library shows us nothing of the body; it calls again, as if for the first time, once it was resumed. */
static enum MHD_Result request_await (struct http_request *r)
{
	r->connection->phase = PHASE_ANSWERING;
	r->connection->since = clock_monotonic ();
	r->asked = true;
	request_suspend (r);
	return MHD_YES;
}

static enum MHD_Result request_decided (struct http_request *r)
{
	r->asked = false;
	r->connection->phase = PHASE_RECEIVING;
	r->connection->since = clock_monotonic ();
	if (!r->answered && r->length != UINT64_MAX && r->length > r->body_limit)
		refuse (r, 413, "too_large", "The request is too large.");
	if (r->answered) {
		r->closes = true;
		answer_queue (r);
	}
	return MHD_YES;
}

/* The library ends the connection of an answer that is queued before the body was read, so only an answer that spares a long body goes out
 * now; others wait until the body has been read and thrown away. */
static enum MHD_Result request_begin (struct http_request *r, const char *method, const char *version)
{
	r->begun = true;
	strncpy (r->method, method, sizeof r->method - 1);
	r->head = strcmp (method, "HEAD") == 0;
	headers_judge (r, method, version);
	if (r->waits && !r->answered)
		return request_await (r);
	if (!r->answered)
		return MHD_YES;
	const char *expect = r->length ? http_header (r, "Expect") : NULL;
	if (r->closes || expect || (r->length != UINT64_MAX && r->length > r->http->settings.memory_limit)) {
		r->closes = true;
		answer_queue (r);
	}
	return MHD_YES;
}

/* ---- the body ---- */

static void spool_open (struct http_request *r)
{
	r->spool_path = arena_printf (&r->arena, "%s/spool-XXXXXX", r->http->settings.spool_folder);
	r->spool_fd = mkostemp (r->spool_path, O_CLOEXEC);
	if (r->spool_fd >= 0)
		return;
	log_error ("http_spool_failed", LOG_T ("folder", r->http->settings.spool_folder), LOG_T ("why", strerror (errno)));
	r->spool_path = NULL;
	r->spool_failed = true;
}

/* On a pool thread. */
static void spool_write (uv_work_t *work)
{
	struct http_request *r = work->data;
	for (size_t done = 0; done < r->body.n && !r->spool_failed;) {
		ssize_t n = write (r->spool_fd, r->body.at + done, r->body.n - done);
		if (n < 0 && errno == EINTR)
			continue;
		r->spool_failed = n <= 0;
		done += n > 0 ? (size_t) n : 0;
	}
}

static void spool_written (uv_work_t *work, int status)
{
	struct http_request *r = work->data;
	r->writing = false;
	r->spool_failed = r->spool_failed || status;
	r->spooled += r->body.n;
	buffer_clear (&r->body);
	if (!r->mhd)
		request_detached_free (r);
	else
		request_resume (r);
}

/* The disk is slower than the loop may wait: while a block is written nothing more is read from this client. */
static void spool_flush (struct http_request *r)
{
	r->writing = true;
	r->work.data = r;
	request_suspend (r);
	int failed = uv_queue_work (r->http->loop, &r->work, spool_write, spool_written);
	assert (!failed);
}

static void body_too_large (struct http_request *r)
{
	spool_drop (r);
	buffer_recycle (&r->body);
	refuse (r, 413, "too_large", "The request is too large.");
}

static void body_receive (struct http_request *r, const char *bytes, size_t n)
{
	const struct http_settings *s = &r->http->settings;
	r->received += n;
	if (!r->answered && r->received > r->body_limit)
		body_too_large (r);
	if (r->answered) {
		if (r->received > r->body_limit + DRAIN_MOST)
			connection_cut (r->connection, "413 Content Too Large");
		return;
	}
	if (!r->spool_path && !r->spool_failed && r->body.n + n > s->memory_limit)
		spool_open (r);
	if (r->spool_failed)
		return;
	if (!r->body.n && r->length <= s->memory_limit)
		buffer_reserve (&r->body, r->length);
	buffer_add (&r->body, bytes, n);
	if (r->spool_path && r->body.n >= SPOOL_BLOCK)
		spool_flush (r);
}

/* True when the body is whole and at hand; false when the request was answered or waits for the disk. */
static bool body_finish (struct http_request *r)
{
	if (r->spool_path && !r->spool_failed && r->body.n) {
		spool_flush (r);
		return false;
	}
	if (r->spool_path && !r->spool_failed && !r->map) {
		void *map = mmap (NULL, r->spooled, PROT_READ, MAP_PRIVATE, r->spool_fd, 0);
		r->spool_failed = map == MAP_FAILED;
		r->map = r->spool_failed ? NULL : map;
	}
	if (!r->spool_failed)
		return true;
	log_error ("http_spool_failed", LOG_T ("folder", r->http->settings.spool_folder), LOG_N ("bytes", (int64_t) r->received));
	refuse (r, 503, "unavailable", "The service is not available right now; try again.");
	return false;
}

/* ---- the library's calls ---- */

/* The whole request is here; called again whenever it was resumed. */
static enum MHD_Result request_finish (struct http_request *r)
{
	if (r->queued)
		return MHD_YES;
	if (!r->answered && !r->handed && body_finish (r)) {
		r->handed = true;
		r->connection->phase = PHASE_ANSWERING;
		r->connection->since = clock_monotonic ();
		r->http->settings.handle (r, r->http->settings.ctx);
	}
	if (r->answered)
		answer_queue (r);
	else if (!r->suspended)
		request_suspend (r);
	return MHD_YES;
}

enum MHD_Result request_step (void *ctx, struct MHD_Connection *mhd, const char *url, const char *method, const char *version,
			      const char *upload, size_t *upload_n, void **request)
{
	struct http_request *r = *request;
	(void) ctx, (void) mhd, (void) url;
	if (!r->begun)
		return request_begin (r, method, version);
	if (r->asked)
		return request_decided (r);
	if (!*upload_n)
		return request_finish (r);
	if (r->suspended) /* between two chunks the library goes on though it was told to wait; what is not taken comes again */
		return MHD_YES;
	body_receive (r, upload, *upload_n);
	*upload_n = 0;
	return MHD_YES;
}

static void request_count (const struct http_request *r)
{
	int class = r->answered && r->answer.status >= 100 && r->answer.status < 600 ? r->answer.status / 100 : 0;
	metric_add (&metric_requests[class], 1);
	if (!r->answer.stream)
		metric_observe (&metric_seconds, clock_monotonic () - r->started);
}

/* The library is done with the request, in whatever way; the only place where one is let go. */
void request_over (void *ctx, struct MHD_Connection *mhd, void **request, enum MHD_RequestTerminationCode how)
{
	struct http *h = ctx;
	struct http_request *r = *request;
	(void) mhd;
	if (!r)
		return;
	*request = NULL;
	struct connection *c = r->connection;
	request_count (r);
	if (r->closes && how == MHD_REQUEST_TERMINATED_COMPLETED_OK && !h->closing)
		connection_linger (h, c);
	c->request = NULL;
	c->phase = PHASE_IDLE;
	c->since = clock_monotonic ();
	r->mhd = NULL;
	r->connection = NULL;
	if (r->answer.stream)
		stream_over (r->answer.stream);
	if (r->writing || ((r->handed || r->waits) && !r->answered)) {
		h->outstanding++; /* the pool, or a handler, still holds it */
		if (r->gone && !r->told && !r->writing) {
			r->told = true;
			r->gone (r, r->gone_ctx);
		}
		return;
	}
	request_free (r);
}

/* ---- what a handler sees ---- */

struct arena *http_arena (struct http_request *r)
{
	assert (r->magic == HTTP_REQUEST_MAGIC);
	return &r->arena;
}

const char *http_method (const struct http_request *r)
{
	return r->method;
}

const char *http_path (const struct http_request *r)
{
	return (const char *) r->path.at;
}

bool http_query_next (struct http_request *r, size_t *at, const char **ret_name, const char **ret_value)
{
	while (r->query && r->query[*at]) {
		const char *from = r->query + *at;
		size_t n = strcspn (from, "&");
		const char *equals = memchr (from, '=', n);
		size_t name_n = equals ? (size_t) (equals - from) : n, value_n = equals ? n - name_n - 1 : 0;
		char *name = arena_alloc (&r->arena, name_n + 1), *value = arena_alloc (&r->arena, value_n + 1);
		*at += n + (from[n] == '&');
		if (!name_n || !percent_decode (from, name_n, true, name))
			continue;
		*ret_name = name;
		*ret_value = percent_decode (equals ? equals + 1 : "", value_n, true, value) ? value : "";
		return true;
	}
	return false;
}

const char *http_query (struct http_request *r, const char *name)
{
	size_t name_n = strlen (name);
	for (const char *at = r->query; at && *at;) {
		size_t n = strcspn (at, "&");
		const char *equals = memchr (at, '=', n);
		size_t key_n = equals ? (size_t) (equals - at) : n;
		/* a decoded name is never longer than its escapes; most names have none */
		if (key_n >= name_n) {
			char *key = arena_alloc (&r->arena, key_n + 1);
			if (percent_decode (at, key_n, true, key) && strcmp (key, name) == 0) {
				size_t value_n = equals ? n - key_n - 1 : 0;
				char *value = arena_alloc (&r->arena, value_n + 1);
				return percent_decode (equals ? equals + 1 : "", value_n, true, value) ? value : "";
			}
		}
		at += n + (at[n] == '&');
	}
	return NULL;
}

static const char *value_look_up (struct http_request *r, enum MHD_ValueKind kind, const char *name)
{
	const char *value = NULL;
	size_t n = 0;
	if (!r->mhd || MHD_lookup_connection_value_n (r->mhd, kind, name, strlen (name), &value, &n) == MHD_NO)
		return NULL;
	return value ? value : "";
}

const char *http_header (struct http_request *r, const char *name)
{
	assert (r->magic == HTTP_REQUEST_MAGIC);
	return value_look_up (r, MHD_HEADER_KIND, name);
}

const char *http_cookie (struct http_request *r, const char *name)
{
	assert (r->magic == HTTP_REQUEST_MAGIC);
	return value_look_up (r, MHD_COOKIE_KIND, name);
}

/* The bytes of an address in ret (16 of IPv6, 4 of IPv4); 0: it is none. */
static size_t address_read (const char *text, unsigned char ret[16])
{
	return inet_pton (AF_INET, text, ret) == 1 ? 4 : inet_pton (AF_INET6, text, ret) == 1 ? 16 : 0;
}

/* Does "10.0.0.0/8", or an address alone, cover the address? */
static bool network_covers (const char *network, size_t n, const unsigned char *address, size_t address_n)
{
	char text[64];
	unsigned char base[16];
	snprintf (text, sizeof text, "%.*s", (int) n, network);
	char *slash = strchr (text, '/');
	if (slash)
		*slash = '\0';
	if (address_read (text, base) != address_n)
		return false;
	unsigned long bits = slash ? strtoul (slash + 1, NULL, 10) : address_n * 8;
	if (bits > address_n * 8 || memcmp (base, address, bits / 8) != 0)
		return false;
	return bits % 8 == 0 || ((base[bits / 8] ^ address[bits / 8]) & (0xFF00 >> bits % 8)) == 0;
}

static bool list_covers (const char *list, const char *peer)
{
	unsigned char address[16];
	size_t address_n = address_read (peer, address), n;
	for (const char *at = list; at && *at && address_n; at += n) {
		at += strspn (at, ", ");
		n = strcspn (at, ", ");
		if (n && network_covers (at, n, address, address_n))
			return true;
	}
	return false;
}

const char *http_remote (const struct http_request *r)
{
	const char *peer = r->connection ? r->connection->remote : "";
	if (!*peer || !list_covers (r->http->settings.proxies, peer))
		return peer;
	struct http_request *own = (struct http_request *) r; /* its arena only */
	const char *forwarded = http_header (own, "X-Forwarded-For");
	if (!forwarded)
		return peer;
	const char *comma = strrchr (forwarded, ',');
	const char *last = comma ? comma + 1 : forwarded;
	last += strspn (last, " \t");
	const char *named = arena_copy (&own->arena, last, strcspn (last, " \t"));
	unsigned char address[16];
	return address_read (named, address) ? named : peer;
}

bool http_over_tls (const struct http_request *r)
{
	struct http_request *own = (struct http_request *) r; /* its arena only */
	const char *peer = r->connection ? r->connection->remote : "", *proto = http_header (own, "X-Forwarded-Proto");
	return proto && strcmp (proto, "https") == 0 && *peer && list_covers (r->http->settings.proxies, peer);
}

struct bytes http_body (const struct http_request *r)
{
	assert (r->magic == HTTP_REQUEST_MAGIC);
	return r->map ? (struct bytes){ r->map, r->spooled } : (struct bytes){ r->body.at, r->body.n };
}

const char *http_spool (const struct http_request *r)
{
	return r->spool_path;
}

void http_keep_spool (struct http_request *r)
{
	assert (r->spool_path);
	r->spool_kept = true;
}

int64_t http_started (const struct http_request *r)
{
	return r->started;
}

void http_on_gone (struct http_request *r, void (*gone) (struct http_request *r, void *ctx), void *ctx)
{
	assert (r->magic == HTTP_REQUEST_MAGIC && !r->answered);
	r->gone = gone;
	r->gone_ctx = ctx;
}

void http_on_over (struct http_request *r, void (*over) (void *ctx), void *ctx)
{
	assert (r->magic == HTTP_REQUEST_MAGIC && !r->over);
	r->over = over;
	r->over_ctx = ctx;
}
