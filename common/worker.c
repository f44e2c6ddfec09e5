/* The two queues between main and the workers, and replies as bytes. */
#include "worker.h"

#include <endian.h>
#include <string.h>

void shared_init (struct worker_shared *s, uv_loop_t *loop, uv_async_cb woken)
{
	pthread_mutex_init (&s->lock, NULL);
	pthread_condattr_t monotonic;
	pthread_condattr_init (&monotonic);
	pthread_condattr_setclock (&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init (&s->wake_writer, &monotonic);
	pthread_cond_init (&s->wake_readers, &monotonic);
	pthread_cond_init (&s->wake_effects, &monotonic);
	pthread_condattr_destroy (&monotonic);
	s->write_last = &s->write_first;
	s->read_last = &s->read_first;
	s->result_last = &s->result_first;
	int bad = uv_async_init (loop, &s->wake_main, woken);
	assert (!bad);
	s->wake_main.data = s;
}

struct work *work_new (int kind, size_t size)
{
	struct work *w = heap_alloc (sizeof *w + size);
	w->kind = kind;
	w->size = size;
	return w;
}

void work_push_writer (struct worker_shared *s, struct work *w)
{
	pthread_mutex_lock (&s->lock);
	w->next = NULL;
	*s->write_last = w;
	s->write_last = &w->next;
	s->commands += w->kind != WORK_FRAME;
	s->items += w->kind == WORK_FRAME ? (size_t) w->n : 1;
	bool wake = s->commands >= s->enough || s->items >= BATCH_ITEMS_MAX;
	pthread_mutex_unlock (&s->lock);
	if (wake)
		pthread_cond_signal (&s->wake_writer);
}

void work_push_reader (struct worker_shared *s, struct work *w)
{
	pthread_mutex_lock (&s->lock);
	w->next = NULL;
	*s->read_last = w;
	s->read_last = &w->next;
	pthread_cond_signal (&s->wake_readers);
	pthread_mutex_unlock (&s->lock);
}

struct result *result_new (int kind, size_t size)
{
	struct result *r = heap_alloc (sizeof *r + size);
	r->kind = kind;
	r->size = size;
	return r;
}

void results_add (struct results *l, struct result *r)
{
	r->next = NULL;
	if (l->first)
		l->last->next = r;
	else
		l->first = r;
	l->last = r;
}

void results_push (struct worker_shared *s, struct results *l)
{
	if (!l->first)
		return;
	pthread_mutex_lock (&s->lock);
	bool first = s->result_first == NULL;
	*s->result_last = l->first;
	s->result_last = &l->last->next;
	pthread_mutex_unlock (&s->lock);
	if (first)
		uv_async_send (&s->wake_main);
	*l = (struct results){ 0 };
}

void result_push (struct worker_shared *s, struct result *r)
{
	struct results one = { 0 };
	results_add (&one, r);
	results_push (s, &one);
}

struct result *results_take (struct worker_shared *s)
{
	pthread_mutex_lock (&s->lock);
	struct result *first = s->result_first;
	s->result_first = NULL;
	s->result_last = &s->result_first;
	pthread_mutex_unlock (&s->lock);
	return first;
}

void workers_stop (struct worker_shared *s)
{
	pthread_mutex_lock (&s->lock);
	s->stop = true;
	pthread_cond_broadcast (&s->wake_writer);
	pthread_cond_broadcast (&s->wake_readers);
	pthread_cond_broadcast (&s->wake_effects);
	pthread_mutex_unlock (&s->lock);
}

/* ---- replies ----
 * A query's answer: 'Q', '0' or '1' (stale), the JSON text as it is. Any other: 'R', state, repeated, lane, id (16), number, version, sequence (8 each,
 * big-endian), how many field errors, then texts: code, detail, service, data, secret, and pointer, code and detail of each error; a text is its
 * length (4) and its bytes, all ones for none. */

enum { REPLY_FIXED = 5 + 16 + 3 * 8, TEXT_NONE = -1 };

static void put64 (struct buffer *out, int64_t v)
{
	uint64_t w = htobe64 ((uint64_t) v);
	buffer_add (out, &w, sizeof w);
}

static void put_text (struct buffer *out, const char *text)
{
	size_t n = text ? strlen (text) : 0;
	uint32_t w = htobe32 (text ? (uint32_t) n : (uint32_t) TEXT_NONE);
	buffer_add (out, &w, sizeof w);
	if (n)
		buffer_add (out, text, n);
}

void reply_pack (struct buffer *out, const struct reply *r, const char *secret)
{
	if (r->json.at) {
		buffer_add (out, r->stale ? "Q1" : "Q0", 2);
		buffer_add (out, r->json.at, r->json.n);
		return;
	}
	const unsigned char start[] = { 'R', (unsigned char) r->state, r->repeated, (unsigned char) r->position.lane };
	buffer_add (out, start, sizeof start);
	buffer_add (out, r->id.b, sizeof r->id.b);
	put64 (out, r->number);
	put64 (out, r->version);
	put64 (out, r->position.sequence);
	buffer_add (out, &(unsigned char){ (unsigned char) r->problem.n_errors }, 1);
	const char *const text[] = { r->code, r->detail, r->position.service, r->data, secret };
	for (size_t i = 0; i < LENGTH (text); i++)
		put_text (out, text[i]);
	for (size_t i = 0; i < r->problem.n_errors; i++) {
		put_text (out, r->problem.errors[i].pointer);
		put_text (out, r->problem.errors[i].code);
		put_text (out, r->problem.errors[i].detail);
	}
}

/* What is left of a reply being read; at is null once it was shorter than it should be. */
static int64_t take64 (struct bytes *in)
{
	uint64_t w;
	memcpy (&w, in->at, sizeof w);
	in->at += sizeof w;
	in->n -= sizeof w;
	return (int64_t) be64toh (w);
}

static const char *take_text (struct arena *a, struct bytes *in)
{
	uint32_t w = 0;
	if (in->at && in->n >= sizeof w)
		memcpy (&w, in->at, sizeof w);
	else
		in->at = NULL;
	if (!in->at)
		return NULL;
	w = be32toh (w);
	in->at += sizeof w;
	in->n -= sizeof w;
	if (w == (uint32_t) TEXT_NONE)
		return NULL;
	if (w > in->n) {
		in->at = NULL;
		return NULL;
	}
	const char *text = arena_copy (a, (const char *) in->at, w);
	in->at += w;
	in->n -= w;
	return text;
}

enum status reply_unpack (struct arena *a, struct bytes in, struct reply *ret)
{
	struct reply r = { 0 };
	if (in.n >= 2 && in.at[0] == 'Q') {
		r.state = REPLY_DONE;
		r.stale = in.at[1] == '1';
		r.json = (struct bytes){ (unsigned char *) arena_copy (a, (const char *) in.at + 2, in.n - 2), in.n - 2 };
		*ret = r;
		return OK;
	}
	if (in.n < REPLY_FIXED || in.at[0] != 'R' || in.at[1] > REPLY_TIMEOUT)
		return REFUSED;
	r.state = in.at[1];
	r.repeated = in.at[2] != 0;
	r.position.lane = in.at[3];
	memcpy (r.id.b, in.at + 4, sizeof r.id.b);
	in = (struct bytes){ in.at + 20, in.n - 20 };
	r.number = take64 (&in);
	r.version = take64 (&in);
	r.position.sequence = take64 (&in);
	r.problem.n_errors = *in.at;
	in = (struct bytes){ in.at + 1, in.n - 1 };
	r.code = take_text (a, &in);
	r.detail = take_text (a, &in);
	r.position.service = take_text (a, &in);
	r.data = take_text (a, &in);
	const char *secret = take_text (a, &in);
	if (secret)
		r.data = secret;
	if (r.problem.n_errors > LENGTH (r.problem.errors))
		return REFUSED;
	for (size_t i = 0; i < r.problem.n_errors; i++) {
		struct problem_error *e = &r.problem.errors[i];
		e->pointer = take_text (a, &in);
		e->code = take_text (a, &in);
		e->detail = take_text (a, &in);
	}
	if (!in.at)
		return REFUSED;
	r.error = r.code ? error_find (r.code) : -1;
	*ret = r;
	return OK;
}
