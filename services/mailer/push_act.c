/* Brings news to a browser by its push service: sealed, signed, posted by libcurl. No SQL, no transaction: see pushing.h.
 * It must never talk to a private address, follow where an answer leads, or say to the push service what the message says. */
#include "pushing.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "clock.h"
#include "metrics.h"
#include "push.h"

/* Mails wait while a push service says nothing: it is not waited for long. */
enum { EACH_MOST = 4, EACH_SECONDS = 6, CONNECT_SECONDS = 3, DAY = 86400, SIGNED_SECONDS = 12 * 3600, WORDS_MOST = 200 };

#define BECAME(what, word)                                                 \
	[what] = { .name = "leadwire_pushes_total",                        \
		   .help = "Messages to browsers, by what became of them", \
		   .kind = METRIC_COUNTER,                                 \
		   .label = "state=\"" word "\"" }
static struct metric pushes[] = { BECAME (PUSH_SENT, "sent"), BECAME (PUSH_GONE, "gone"), BECAME (PUSH_REFUSED, "refused"),
				  BECAME (PUSH_LATER, "later") };

void pushing_start (void)
{
	for (size_t i = 0; i < LENGTH (pushes); i++)
		metric_register (&pushes[i]);
}

struct wire {
	CURL *curl; /* keeps its connections from one browser to the next */
};
static_assert (sizeof (struct wire) <= PUSH_ACT_STATE, "room of a worker");

struct talk {
	struct effect *effect;
	const struct push_job *job;
	struct push_told *told;
	CURL *curl;
	struct push_to to;
	const json_t *words;
	json_t *done; /* ids that wait no more */
	char error[CURL_ERROR_SIZE];
	struct outside outside;
	int64_t asked; /* Retry-After */
};

/* ---- what is said ---- */

static const char *text_of (const json_t *o, const char *name)
{
	const char *ret = json_string_value (json_object_get (o, name));
	return ret ? ret : "";
}

/* The sentence with a value in it. */
static const char *said (struct talk *t, const char *kind, const char *mark, const char *value)
{
	const char *sentence = text_of (t->words, kind), *at = strstr (sentence, mark);
	if (!at)
		return *sentence ? sentence : value;
	return arena_printf (effect_arena (t->effect), "%.*s%s%s", (int) (at - sentence), sentence, value, at + strlen (mark));
}

/* Where the page opens it: as its own rows do. */
static const char *url_of (struct talk *t, const json_t *one)
{
	struct arena *a = effect_arena (t->effect);
	const char *about = text_of (one, "about"), *id = text_of (one, "record_id"), *slug = text_of (one, "slug");
	const char *where = *slug ? arena_printf (a, "workspace=%s&", slug) : "";
	const char *type = !strcmp (about, "deal")	? "prospect"
			   : !strcmp (about, "account") ? "client"
			   : !strcmp (about, "contact") ? "contact"
							: "lead";
	if (!strcmp (about, "channel") && !strcmp (text_of (one, "kind"), notice_kind_names[notice_kind_rule]))
		return *slug ? arena_printf (a, "/notifications?workspace=%s", slug) : "/notifications";
	if (!strcmp (about, "channel"))
		return arena_printf (a, "/chat?%sroom=channel:%s", where, id);
	return arena_printf (a, "/notifications?%stype=%s&id=%s", where, type, id);
}

static const char *one_text (struct talk *t, const json_t *one)
{
	const char *kind = text_of (one, "kind");
	return push_text (effect_arena (t->effect), text_of (one, "tag"), said (t, kind, "{{name}}", text_of (one, "title")),
			  text_of (one, "workspace"), url_of (t, one));
}

static const char *many_text (struct talk *t, size_t n)
{
	const char *count = arena_printf (effect_arena (t->effect), "%zu", n);
	return push_text (effect_arena (t->effect), "many", said (t, "many", "{{count}}", count), "", "/notifications?unread=1");
}

/* ---- how it is brought ---- */

/* What it answers is not looked at. */
static size_t reply_pass (char *at, size_t size, size_t n, void *ctx)
{
	(void) at, (void) ctx;
	return size * n;
}

static const char *contact (void)
{
	return strncmp (mailer_config.url, "https://", 8) ? "https://leadwire.invalid" : mailer_config.url;
}

static struct curl_slist *head_of (struct talk *t, const char *tag, int64_t age)
{
	struct arena *a = effect_arena (t->effect);
	const char *origin = push_origin (a, t->job->endpoint, mailer_config.private);
	const char *who = origin ? vapid_authorization (a, origin, contact (), clock_now () / 1000000 + SIGNED_SECONDS) : NULL;
	if (!who)
		return NULL;
	struct curl_slist *h = curl_slist_append (NULL, arena_printf (a, "Authorization: %s", who));
	h = curl_slist_append (h, "Content-Type: application/octet-stream");
	h = curl_slist_append (h, "Content-Encoding: aes128gcm");
	h = curl_slist_append (h, "Urgency: normal");
	h = curl_slist_append (h, arena_printf (a, "TTL: %lld", (long long) (age < DAY ? DAY - age : 0)));
	h = curl_slist_append (h, arena_printf (a, "Topic: %s", push_topic (a, tag)));
	return curl_slist_append (h, "Expect:");
}

static long post (struct talk *t, struct curl_slist *head, struct bytes body)
{
	CURL *c = t->curl;
	long status = 0;
	curl_off_t wait = 0;
	curl_easy_reset (c); /* connections stay */
	*t->error = 0;
	curl_easy_setopt (c, CURLOPT_URL, t->job->endpoint);
	curl_easy_setopt (c, CURLOPT_PROTOCOLS_STR, mailer_config.private ? "https,http" : "https");
	t->outside = mailer_outside ();
	curl_outside (c, &t->outside);
	curl_easy_setopt (c, CURLOPT_TIMEOUT, (long) EACH_SECONDS);
	curl_easy_setopt (c, CURLOPT_CONNECTTIMEOUT, (long) CONNECT_SECONDS);
	curl_easy_setopt (c, CURLOPT_ERRORBUFFER, t->error);
	curl_easy_setopt (c, CURLOPT_WRITEFUNCTION, reply_pass);
	curl_easy_setopt (c, CURLOPT_MAXAGE_CONN, 20L);
	curl_easy_setopt (c, CURLOPT_HTTPHEADER, head);
	curl_easy_setopt (c, CURLOPT_POSTFIELDS, body.at);
	curl_easy_setopt (c, CURLOPT_POSTFIELDSIZE, (long) body.n);
	CURLcode code = curl_easy_perform (c);
	curl_easy_getinfo (c, CURLINFO_RESPONSE_CODE, &status);
	if (curl_easy_getinfo (c, CURLINFO_RETRY_AFTER, &wait) == CURLE_OK)
		t->asked = (int64_t) wait;
	if (code != CURLE_OK && !*t->error)
		snprintf (t->error, sizeof t->error, "%s", curl_easy_strerror (code));
	return code == CURLE_OK ? status : 0;
}

static void error_tell (struct talk *t, const char *words)
{
	char *text = arena_printf (effect_arena (t->effect), "%.*s", WORDS_MOST, words);
	for (char *p = text; *p; p++)
		if ((unsigned char) *p < ' ' || (unsigned char) *p > '~')
			*p = '?';
	t->told->error = text;
	t->told->has.error = HERE;
}

/* One message. */
static enum push_answer bring (struct talk *t, const char *text, const char *tag, int64_t age)
{
	struct bytes body = { 0 };
	if (!text || !push_seal (effect_arena (t->effect), &t->to, (struct bytes){ (const unsigned char *) text, strlen (text) }, &body)) {
		error_tell (t, "it could not be sealed");
		return PUSH_REFUSED;
	}
	struct curl_slist *head = head_of (t, tag, age);
	if (!head) {
		error_tell (t, "it cannot be signed: there is no CRM_KEY, or the address is none");
		return PUSH_LATER;
	}
	long status = post (t, head, body);
	enum push_answer ret = push_answer_of (status);
	curl_slist_free_all (head);
	if (t->outside.refused)
		error_tell (t, "its address is a private one, which is not allowed here");
	else if (!status)
		error_tell (t, t->error);
	else if (ret != PUSH_SENT)
		error_tell (t, arena_printf (effect_arena (t->effect), "the push service answered %ld", status));
	metric_add (&pushes[ret], 1);
	return ret;
}

static void done_add (struct talk *t, const json_t *one)
{
	json_array_append (t->done, json_object_get (one, "id"));
}

/* What waits, one after the other; much of it as one sentence. What was refused is not offered again. */
static enum push_answer bring_all (struct talk *t, const json_t *news)
{
	size_t n = json_array_size (news), i;
	enum push_answer ret = PUSH_SENT;
	json_t *one;
	if (n > EACH_MOST) {
		ret = bring (t, many_text (t, n), "many", 0);
		json_array_foreach ((json_t *) (uintptr_t) news, i, one) if (ret == PUSH_SENT || ret == PUSH_REFUSED) done_add (t, one);
		return ret;
	}
	json_array_foreach ((json_t *) (uintptr_t) news, i, one)
	{
		enum push_answer is = bring (t, one_text (t, one), text_of (one, "tag"), json_integer_value (json_object_get (one, "age")));
		if (is == PUSH_SENT || is == PUSH_REFUSED)
			done_add (t, one);
		if (is != PUSH_SENT)
			ret = is;
		if (is == PUSH_GONE || is == PUSH_LATER)
			break;
	}
	return ret;
}

static void conclude (struct talk *t, enum push_answer answer)
{
	struct push_told *told = t->told;
	char *done = json_dumps (t->done, JSON_COMPACT);
	told->done = arena_text (effect_arena (t->effect), done ? done : "[]");
	told->sent = answer == PUSH_SENT;
	told->gone = answer == PUSH_GONE || (answer == PUSH_LATER && push_is_hopeless (t->job->fails + 1));
	told->wait = answer == PUSH_LATER ? push_wait (t->job->fails + 1, t->asked) : 0;
	free (done);
}

const void *push_act (struct effect *e, const void *claimed)
{
	const struct push_job *j = claimed;
	struct wire *wire = effect_state (e);
	struct push_told *told = arena_alloc (effect_arena (e), sizeof *told);
	*told = (struct push_told){ .workspace_id = j->workspace_id, .browser_id = j->browser_id, .attempt = j->attempt };
	if (!wire->curl)
		wire->curl = curl_easy_init ();
	json_t *words = json_loads (j->words, 0, NULL), *news = json_loads (j->news, 0, NULL);
	struct talk t = { .effect = e, .job = j, .told = told, .curl = wire->curl, .words = words, .done = json_array () };
	bool good = wire->curl && push_to_read (j->p256dh, j->auth, &t.to);
	conclude (&t, good ? bring_all (&t, news) : PUSH_GONE);
	json_decref (t.done);
	json_decref (news);
	json_decref (words);
	return told;
}

void push_act_end (void *state)
{
	struct wire *wire = state;
	curl_easy_cleanup (wire->curl);
}
