/* The two queues between main and the workers, and replies as bytes. */
#include "worker.h"

#include <string.h>

void shared_init (struct worker_shared *s, uv_loop_t *loop, uv_async_cb woken)
{
	pthread_mutex_init (&s->lock, NULL);
	pthread_condattr_t monotonic;
	pthread_condattr_init (&monotonic);
	pthread_condattr_setclock (&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init (&s->wake_writer, &monotonic);
	pthread_cond_init (&s->wake_readers, &monotonic);
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
	pthread_cond_signal (&s->wake_writer);
	pthread_mutex_unlock (&s->lock);
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
	pthread_mutex_unlock (&s->lock);
}

/* ---- replies ----
 * JSON, since nearly all of a reply is text: {"state","code","detail","errors":[…],"id","number","version","data","stale","repeated","lane","sequence",
 * "service"}, except a query's answer, which follows the header as it is: one byte 'Q', one byte stale, the JSON text. */

static void put_member (struct buffer *out, const char *name, const char *text)
{
	if (!text)
		return;
	buffer_printf (out, ",\"%s\":", name);
	json_quote (out, text);
}

void reply_pack (struct buffer *out, const struct reply *r, const char *secret)
{
	char id[UUID_TEXT];
	if (r->json.at) {
		buffer_add (out, r->stale ? "Q1" : "Q0", 2);
		buffer_add (out, r->json.at, r->json.n);
		return;
	}
	buffer_printf (out, "{\"state\":%d", (int) r->state);
	put_member (out, "code", r->code);
	put_member (out, "detail", r->detail);
	if (r->problem.n_errors) {
		buffer_text (out, ",\"errors\":[");
		for (size_t i = 0; i < r->problem.n_errors; i++) {
			const struct problem_error *e = &r->problem.errors[i];
			buffer_text (out, i ? ",{\"x\":0" : "{\"x\":0");
			put_member (out, "pointer", e->pointer);
			put_member (out, "code", e->code);
			put_member (out, "detail", e->detail);
			buffer_text (out, "}");
		}
		buffer_text (out, "]");
	}
	if (!uuid_is_null (r->id))
		put_member (out, "id", uuid_format (r->id, id));
	buffer_printf (out, ",\"number\":%lld,\"version\":%lld,\"repeated\":%s,\"lane\":%d,\"sequence\":%lld", (long long) r->number,
		       (long long) r->version, r->repeated ? "true" : "false", r->position.lane, (long long) r->position.sequence);
	put_member (out, "service", r->position.service);
	put_member (out, "data", r->data);
	put_member (out, "secret", secret);
	buffer_text (out, "}");
}

static const char *member (struct arena *a, const json_t *o, const char *name)
{
	const char *text = json_string_value (json_object_get (o, name));
	return text ? arena_text (a, text) : NULL;
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
	json_t *o = json_loadb ((const char *) in.at, in.n, 0, NULL);
	if (!json_is_object (o)) {
		json_decref (o);
		return REFUSED;
	}
	r.state = (int) json_integer_value (json_object_get (o, "state"));
	r.code = member (a, o, "code");
	r.detail = member (a, o, "detail");
	r.error = r.code ? error_find (r.code) : -1;
	const json_t *errors = json_object_get (o, "errors");
	for (size_t i = 0; i < json_array_size (errors) && i < LENGTH (r.problem.errors); i++) {
		const json_t *e = json_array_get (errors, i);
		r.problem.errors[r.problem.n_errors++] = (struct problem_error){ member (a, e, "pointer"), member (a, e, "code"),
										 member (a, e, "detail") };
	}
	const char *id = json_string_value (json_object_get (o, "id"));
	if (id && uuid_parse (id, &r.id) != OK)
		r.id = (struct uuid){ 0 };
	r.number = json_integer_value (json_object_get (o, "number"));
	r.version = json_integer_value (json_object_get (o, "version"));
	r.repeated = json_is_true (json_object_get (o, "repeated"));
	r.position = (struct position){ member (a, o, "service"), (int) json_integer_value (json_object_get (o, "lane")),
					json_integer_value (json_object_get (o, "sequence")) };
	r.data = member (a, o, "data");
	const char *secret = member (a, o, "secret");
	if (secret)
		r.data = secret;
	json_decref (o);
	*ret = r;
	return OK;
}
