/* HTTP as a browser, a website or a program speaks it: requests by libcurl, and server-sent events read by a thread. */
#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include "arena.h"
#include "stack.h"

/* ---- reading JSON by a path ---- */

json_t *json_at (json_t *o, const char *path)
{
	char word[64];
	while (o && *path) {
		size_t n = strcspn (path, ".");
		snprintf (word, sizeof word, "%.*s", (int) n, path);
		o = json_is_array (o) ? json_array_get (o, (size_t) strtol (word, NULL, 10)) : json_object_get (o, word);
		path += n + (path[n] == '.');
	}
	return o;
}

const char *text_at (json_t *o, const char *path)
{
	const char *text = json_string_value (json_at (o, path));
	return text ? text : "";
}

int64_t number_at (json_t *o, const char *path)
{
	return json_integer_value (json_at (o, path));
}

/* ---- one request ---- */

static size_t bytes_take (char *at, size_t size, size_t n, void *ctx)
{
	buffer_add (ctx, at, size * n);
	return size * n;
}

static struct curl_slist *header_add (struct curl_slist *list, const char *format, ...) __attribute__ ((format (printf, 2, 3)));
static struct curl_slist *header_add (struct curl_slist *list, const char *format, ...)
{
	char line[4096];
	va_list ap;
	va_start (ap, format);
	vsnprintf (line, sizeof line, format, ap);
	va_end (ap);
	return curl_slist_append (list, line);
}

static struct curl_slist *headers_of (const struct web_request *r)
{
	struct curl_slist *list = header_add (NULL, "Expect:");
	if (r->key)
		list = header_add (list, "Authorization: Bearer %s", r->key);
	if (r->cookie)
		list = header_add (list, "Cookie: %s", r->cookie);
	if (r->idempotency)
		list = header_add (list, "Idempotency-Key: %s", r->idempotency);
	if (r->body)
		list = header_add (list, "Content-Type: %s", r->type ? r->type : "application/json");
	for (size_t i = 0; i < LENGTH (r->header) && r->header[i]; i++)
		list = curl_slist_append (list, r->header[i]);
	return list;
}

static CURL *handle (void)
{
	static _Thread_local CURL *c;
	static _Thread_local pid_t owner;
	if (!c || owner != getpid ()) {
		c = curl_easy_init ();
		owner = getpid ();
	}
	curl_easy_reset (c);
	return c;
}

struct web_answer web_ask (struct stack *s, const struct web_request *r)
{
	struct web_answer a = { 0 };
	struct buffer body = { 0 }, headers = { 0 };
	char url[2048];
	long status = 0;
	CURL *c = handle ();
	struct curl_slist *list = headers_of (r);
	snprintf (url, sizeof url, "%s%s", *r->url == '/' ? s->api : "", r->url);
	curl_easy_setopt (c, CURLOPT_URL, url);
	curl_easy_setopt (c, CURLOPT_CUSTOMREQUEST, r->method);
	if (!strcmp (r->method, "HEAD"))
		curl_easy_setopt (c, CURLOPT_NOBODY, 1L);
	curl_easy_setopt (c, CURLOPT_HTTPHEADER, list);
	curl_easy_setopt (c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt (c, CURLOPT_TIMEOUT_MS, (long) (r->ms ? r->ms : 15000));
	curl_easy_setopt (c, CURLOPT_ERRORBUFFER, a.error);
	curl_easy_setopt (c, CURLOPT_WRITEFUNCTION, bytes_take);
	curl_easy_setopt (c, CURLOPT_WRITEDATA, &body);
	curl_easy_setopt (c, CURLOPT_HEADERFUNCTION, bytes_take);
	curl_easy_setopt (c, CURLOPT_HEADERDATA, &headers);
	if (r->body) {
		curl_easy_setopt (c, CURLOPT_POSTFIELDS, r->body);
		curl_easy_setopt (c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t) (r->n ? r->n : strlen (r->body)));
	}
	int64_t began = now_us ();
	CURLcode code = curl_easy_perform (c);
	a.took_us = now_us () - began;
	curl_easy_getinfo (c, CURLINFO_RESPONSE_CODE, &status);
	curl_slist_free_all (list);
	if (code == CURLE_OK || status)
		a.status = (int) status;
	if (code != CURLE_OK && !*a.error)
		snprintf (a.error, sizeof a.error, "%s", curl_easy_strerror (code));
	a.n = body.n;
	buffer_add (&body, "", 1), buffer_add (&headers, "", 1);
	a.body = (char *) body.at;
	a.headers = (char *) headers.at;
	a.json = json_loadb (a.body, a.n, JSON_DECODE_ANY, NULL);
	return a;
}

void web_free (struct web_answer *a)
{
	heap_free (a->body);
	heap_free (a->headers);
	json_decref (a->json);
	*a = (struct web_answer){ 0 };
}

struct web_answer web (struct stack *s, const char *key, const char *method, const char *path, const char *body, ...)
{
	char *text = NULL;
	va_list ap;
	va_start (ap, body);
	if (body && vasprintf (&text, body, ap) < 0)
		abort ();
	va_end (ap);
	struct web_answer a = web_ask (s, &(struct web_request){ .method = method, .url = path, .key = key, .body = text });
	free (text);
	return a;
}

const char *web_header (const struct web_answer *a, const char *name, char *ret, size_t room)
{
	size_t n = strlen (name);
	for (const char *line = a->headers; line && *line; line = strchr (line, '\n') ? strchr (line, '\n') + 1 : NULL) {
		if (strncasecmp (line, name, n) || line[n] != ':')
			continue;
		const char *value = line + n + 1 + strspn (line + n + 1, " ");
		snprintf (ret, room, "%.*s", (int) strcspn (value, "\r\n"), value);
		return ret;
	}
	return NULL;
}

/* ---- server-sent events ---- */

enum { EVENTS_MAX = 65536 };

struct stream_event {
	char *type, *data;
	int64_t at;
};

struct stream {
	pthread_t thread;
	pthread_mutex_t lock;
	CURL *curl;
	struct curl_slist *list;
	struct buffer text;
	struct stream_event *event;
	size_t n, read; /* read: where the next stream_wait begins */
	int status;
	char last_id[8192];
	bool open, ended, stop;
};

static void block_take (struct stream *t, char *block)
{
	char *type = NULL, *data = NULL, *rest;
	for (char *line = strtok_r (block, "\n", &rest); line; line = strtok_r (NULL, "\n", &rest)) {
		if (!strncmp (line, "event: ", 7))
			type = line + 7;
		else if (!strncmp (line, "data: ", 6))
			data = line + 6;
		else if (!strncmp (line, "id: ", 4)) {
			pthread_mutex_lock (&t->lock);
			snprintf (t->last_id, sizeof t->last_id, "%s", line + 4);
			pthread_mutex_unlock (&t->lock);
		}
	}
	if (!data && !type)
		return;
	pthread_mutex_lock (&t->lock);
	if (t->n < EVENTS_MAX)
		t->event[t->n++] = (struct stream_event){ .type = heap_text (type ? type : "message"),
							  .data = heap_text (data ? data : ""),
							  .at = now_us () };
	pthread_mutex_unlock (&t->lock);
}

static size_t stream_take (char *at, size_t size, size_t n, void *ctx)
{
	struct stream *t = ctx;
	for (size_t i = 0; i < size * n; i++)
		if (at[i] != '\r')
			buffer_add (&t->text, &at[i], 1);
	buffer_add (&t->text, "", 1);
	char *text = (char *) t->text.at, *end;
	while ((end = strstr (text, "\n\n"))) {
		*end = 0;
		block_take (t, text);
		text = end + 2;
	}
	size_t left = strlen (text);
	memmove (t->text.at, text, left);
	t->text.n = left;
	return t->stop ? 0 : size * n;
}

static size_t stream_header (char *at, size_t size, size_t n, void *ctx)
{
	struct stream *t = ctx;
	long status = 0;
	curl_easy_getinfo (t->curl, CURLINFO_RESPONSE_CODE, &status);
	if (size * n <= 2 && at[0] == '\r') {
		pthread_mutex_lock (&t->lock);
		t->status = (int) status;
		t->open = true;
		pthread_mutex_unlock (&t->lock);
	}
	return size * n;
}

static int stream_look (void *ctx, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	(void) a, (void) b, (void) c, (void) d;
	return ((struct stream *) ctx)->stop;
}

static void *stream_run (void *ctx)
{
	struct stream *t = ctx;
	curl_easy_perform (t->curl);
	pthread_mutex_lock (&t->lock);
	t->ended = t->open = true;
	pthread_mutex_unlock (&t->lock);
	return NULL;
}

struct stream *stream_open (struct stack *s, const char *key, const char *last_id)
{
	return stream_open_as (s, key, NULL, last_id);
}

struct stream *stream_open_as (struct stack *s, const char *key, const char *cookie, const char *last_id)
{
	struct stream *t = heap_alloc (sizeof *t);
	char url[128];
	t->event = heap_alloc (EVENTS_MAX * sizeof *t->event);
	pthread_mutex_init (&t->lock, NULL);
	t->curl = curl_easy_init ();
	t->list = header_add (NULL, "Accept: text/event-stream");
	if (key)
		t->list = header_add (t->list, "Authorization: Bearer %s", key);
	if (cookie)
		t->list = header_add (t->list, "Cookie: %s", cookie);
	if (last_id)
		t->list = header_add (t->list, "Last-Event-ID: %s", last_id);
	snprintf (url, sizeof url, "%s/api/crm/stream", s->api);
	curl_easy_setopt (t->curl, CURLOPT_URL, url);
	curl_easy_setopt (t->curl, CURLOPT_HTTPHEADER, t->list);
	curl_easy_setopt (t->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt (t->curl, CURLOPT_WRITEFUNCTION, stream_take);
	curl_easy_setopt (t->curl, CURLOPT_WRITEDATA, t);
	curl_easy_setopt (t->curl, CURLOPT_HEADERFUNCTION, stream_header);
	curl_easy_setopt (t->curl, CURLOPT_HEADERDATA, t);
	curl_easy_setopt (t->curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt (t->curl, CURLOPT_XFERINFOFUNCTION, stream_look);
	curl_easy_setopt (t->curl, CURLOPT_XFERINFODATA, t);
	CHECK (!pthread_create (&t->thread, NULL, stream_run, t), "no thread for a stream");
	UNTIL (10000, stream_status (t) || stream_ended (t), "the stream does not open");
	return t;
}

void stream_id (struct stream *t, char *ret, size_t room)
{
	pthread_mutex_lock (&t->lock);
	snprintf (ret, room, "%s", t->last_id);
	pthread_mutex_unlock (&t->lock);
}

int stream_status (struct stream *t)
{
	pthread_mutex_lock (&t->lock);
	int status = t->status;
	pthread_mutex_unlock (&t->lock);
	return status;
}

bool stream_ended (struct stream *t)
{
	pthread_mutex_lock (&t->lock);
	bool ended = t->ended;
	pthread_mutex_unlock (&t->lock);
	return ended;
}

static bool stream_find (struct stream *t, const char *type, const char *part, json_t **ret, int64_t *ret_at)
{
	bool found = false;
	pthread_mutex_lock (&t->lock);
	for (; !found && t->read < t->n; t->read++) {
		struct stream_event *e = &t->event[t->read];
		if (strcmp (e->type, type) || (part && !strstr (e->data, part)))
			continue;
		*ret = json_loads (e->data, JSON_DECODE_ANY, NULL);
		if (ret_at)
			*ret_at = e->at;
		found = true;
	}
	pthread_mutex_unlock (&t->lock);
	return found;
}

/* What can be said of a stream that disappointed. */
static const char *stream_tell (struct stream *t)
{
	static char text[1200];
	size_t resets = 0;
	pthread_mutex_lock (&t->lock);
	for (size_t i = 0; i < t->n; i++)
		resets += !strcmp (t->event[i].type, "reset") || !strcmp (t->event[i].type, "bye");
	snprintf (text, sizeof text, "%zu events, %zu of them reset or bye, %s; the last: %s %.900s", t->n, resets,
		  t->ended ? "ended" : "open", t->n ? t->event[t->n - 1].type : "none", t->n ? t->event[t->n - 1].data : "");
	pthread_mutex_unlock (&t->lock);
	return text;
}

json_t *stream_wait (struct stream *t, const char *type, const char *part, int ms, int64_t *ret_at)
{
	json_t *o = NULL;
	UNTIL (ms, stream_find (t, type, part, &o, ret_at), "no event %s with %s came on the stream within %d ms: %s", type,
	       part ? part : "anything", ms, stream_tell (t));
	return o;
}

bool stream_next (struct stream *t, char ret_type[64], json_t **ret_data)
{
	pthread_mutex_lock (&t->lock);
	bool found = t->read < t->n;
	if (found) {
		snprintf (ret_type, 64, "%s", t->event[t->read].type);
		*ret_data = json_loads (t->event[t->read].data, JSON_DECODE_ANY, NULL);
		t->read++;
	}
	pthread_mutex_unlock (&t->lock);
	return found;
}

bool stream_heard (struct stream *t, const char *part)
{
	bool found = false;
	pthread_mutex_lock (&t->lock);
	for (size_t i = 0; i < t->n; i++)
		found = found || strstr (t->event[i].data, part);
	pthread_mutex_unlock (&t->lock);
	return found;
}

void stream_close (struct stream **t)
{
	(*t)->stop = true;
	pthread_join ((*t)->thread, NULL);
	curl_easy_cleanup ((*t)->curl);
	curl_slist_free_all ((*t)->list);
	for (size_t i = 0; i < (*t)->n; i++) {
		heap_free ((*t)->event[i].type);
		heap_free ((*t)->event[i].data);
	}
	heap_free ((*t)->event);
	buffer_fini (&(*t)->text);
	heap_free (*t);
	*t = NULL;
}

int web_by_hand (struct stack *s, int more, const char *text, int ms)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons ((uint16_t) (s->port + more)),
				  .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
	struct timeval limit = { .tv_sec = ms / 1000 };
	int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CHECK (fd >= 0 && !setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) &&
		       !connect (fd, (struct sockaddr *) &to, sizeof to) &&
		       send (fd, text, strlen (text), MSG_NOSIGNAL) == (ssize_t) strlen (text),
	       "nobody listens at %d", s->port + more);
	return fd;
}
