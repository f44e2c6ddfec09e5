/* The talk with a receiver: one signed POST, and what its answer means; see hook_sign.h and hook_schedule.h. No SQL, no transaction: the message was claimed
 * before, what came of it is recorded after. It must never follow a redirect, keep a secret beyond the talk, nor reach an address that is not allowed. */
#include <curl/curl.h>
#include <sodium.h>
#include <string.h>

#include "charset.h"
#include "clock.h"
#include "hook_schedule.h"
#include "hook_sign.h"
#include "hooks.h"
#include "seal.h"

struct automation_config automation_config;

enum { CONNECT_SECONDS = 10, RETRY_AFTER_MOST = 200, ANSWER_READ = 64 << 10 };

struct talk {
	struct arena arena; /* its own: it outlives the turn in which it began */
	struct hook_job job;
	CURL *curl;
	struct curl_slist *headers;
	int64_t begun;
	struct buffer answer; /* its first HOOK_ANSWER bytes */
	size_t heard;
	char retry_after[RETRY_AFTER_MOST];
	struct outside outside;
	CURLcode code;
	long status;
	int64_t took_ms;
};

static size_t answer_take (char *at, size_t size, size_t n, void *ctx)
{
	struct talk *t = ctx;
	size_t room = HOOK_ANSWER - t->answer.n, bytes = size * n;
	if ((t->heard += bytes) > ANSWER_READ)
		return 0; /* whoever answers without end is not heard out: the status is known */
	buffer_add (&t->answer, at, bytes < room ? bytes : room);
	return bytes;
}

static size_t header_take (char *at, size_t size, size_t n, void *ctx)
{
	static const char name[] = "retry-after:";
	struct talk *t = ctx;
	size_t bytes = size * n, from = sizeof name - 1;
	if (bytes > from && strncasecmp (at, name, from) == 0) {
		while (from < bytes && at[from] == ' ')
			from++;
		while (bytes > from && (unsigned char) at[bytes - 1] <= ' ')
			bytes--;
		if (bytes - from < sizeof t->retry_after)
			snprintf (t->retry_after, sizeof t->retry_after, "%.*s", (int) (bytes - from), at + from);
	}
	return size * n;
}

static struct curl_slist *headers_of (struct talk *t, const char *id, int64_t second, const char *signature)
{
	struct curl_slist *ret = curl_slist_append (NULL, "Content-Type: application/json");
	ret = curl_slist_append (ret, "User-Agent: Leadwire");
	ret = curl_slist_append (ret, "Expect:");
	ret = curl_slist_append (ret, arena_printf (&t->arena, "webhook-id: %s", id));
	ret = curl_slist_append (ret, arena_printf (&t->arena, "webhook-timestamp: %lld", (long long) second));
	return curl_slist_append (ret, arena_printf (&t->arena, "webhook-signature: %s", signature));
}

static void post (struct talk *t, CURLM *multi, int limit)
{
	CURL *c = t->curl = curl_easy_init ();
	t->outside = automation_outside ();
	curl_easy_setopt (c, CURLOPT_PRIVATE, t);
	curl_easy_setopt (c, CURLOPT_URL, t->job.url);
	curl_easy_setopt (c, CURLOPT_PROTOCOLS_STR, automation_config.private ? "http,https" : "https");
	curl_easy_setopt (c, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt (c, CURLOPT_FORBID_REUSE, 1L); /* where it leads is looked at each time */
	curl_easy_setopt (c, CURLOPT_TIMEOUT, (long) limit);
	curl_easy_setopt (c, CURLOPT_CONNECTTIMEOUT, (long) CONNECT_SECONDS);
	curl_easy_setopt (c, CURLOPT_HTTPHEADER, t->headers);
	curl_easy_setopt (c, CURLOPT_POSTFIELDSIZE, (long) strlen (t->job.body));
	curl_easy_setopt (c, CURLOPT_POSTFIELDS, t->job.body);
	curl_easy_setopt (c, CURLOPT_WRITEFUNCTION, answer_take);
	curl_easy_setopt (c, CURLOPT_WRITEDATA, t);
	curl_easy_setopt (c, CURLOPT_HEADERFUNCTION, header_take);
	curl_easy_setopt (c, CURLOPT_HEADERDATA, t);
	curl_outside (c, &t->outside);
	curl_multi_add_handle (multi, c);
}

static void post_end (struct talk *t, CURLM *multi, CURLcode code)
{
	t->code = code;
	curl_easy_getinfo (t->curl, CURLINFO_RESPONSE_CODE, &t->status);
	curl_multi_remove_handle (multi, t->curl);
	curl_easy_cleanup (t->curl);
	t->curl = NULL;
	if (t->code != CURLE_OK && t->code != CURLE_WRITE_ERROR)
		t->status = 0;
	t->took_ms = (clock_monotonic () - t->begun) / 1000;
}

/* Why there was no answer; null: there was one. */
static const char *talk_error (const struct talk *t)
{
	if (t->status)
		return NULL;
	static const struct {
		CURLcode code;
		const char *word;
	} words[] = { { CURLE_OPERATION_TIMEDOUT, "timeout" }, { CURLE_COULDNT_RESOLVE_HOST, "name" },
		      { CURLE_SSL_CONNECT_ERROR, "tls" },      { CURLE_PEER_FAILED_VERIFICATION, "tls" },
		      { CURLE_SSL_CACERT_BADFILE, "tls" },     { CURLE_COULDNT_CONNECT, "refused" } };
	if (t->outside.refused)
		return "private";
	for (size_t i = 0; i < LENGTH (words); i++)
		if (words[i].code == t->code)
			return words[i].word;
	return "failed";
}

/* The keys that sign, the new one first. 0: none can be read. */
static size_t keys_read (struct arena *a, const struct hook_job *j, struct hook_key key[HOOK_KEYS_MOST])
{
	const char *const sealed[] = { j->sealed, j->has.old_sealed == HERE ? j->old_sealed : NULL };
	size_t n = 0;
	for (size_t i = 0; i < LENGTH (sealed); i++) {
		struct bytes secret = { 0 };
		if (!sealed[i] || unseal_text (a, sealed[i], &secret) != OK)
			continue;
		n += hook_secret_read ((const char *) secret.at, &key[n]) == OK;
		sodium_memzero ((void *) (uintptr_t) secret.at, secret.n);
	}
	return n;
}

/* Its receiver does not want this one; another it may take. */
static bool is_aside (long status)
{
	return status / 100 == 4 && status != 408 && status != 410 && status != 429;
}

static void told_fill (struct talk *t, const struct hook_job *j, struct hook_told *told)
{
	static const enum hook_state states[] = { hook_state_on, hook_state_gone,
						  hook_state_failing }; /* in the order of hook_endpoint_state */
	static const enum hook_delivery_state sent[] = { hook_delivery_state_delivered, hook_delivery_state_waiting,
							 hook_delivery_state_given_up };
	struct hook_endpoint endpoint = { .failures = j->failures,
					  .failing_since = j->has.failing_since == HERE ? j->failing_since : 0,
					  .not_before = j->has.not_before == HERE ? j->not_before : 0 };
	struct hook_attempt attempt = { .n = j->attempt < HOOK_TRIES ? j->attempt : HOOK_TRIES,
					.now = clock_now (),
					.http = (int) t->status,
					.retry_after = *t->retry_after ? t->retry_after : NULL,
					.chance = (uint16_t) randombytes_uniform (1 << 16) };
	struct hook_settled s = hook_settle (&endpoint, &attempt);
	told->state = sent[s.state];
	told->aside = s.state == HOOK_AGAIN && is_aside (t->status);
	told->next_at = s.next_at;
	told->has.next_at = s.state == HOOK_AGAIN ? HERE : CLEARED;
	told->http = t->status;
	told->has.http = t->status ? HERE : CLEARED;
	told->error = talk_error (t);
	told->has.error = told->error ? HERE : CLEARED;
	told->took_ms = t->took_ms;
	told->endpoint_state = states[s.endpoint.state];
	told->failures = s.endpoint.failures;
	told->failing_since = s.endpoint.failing_since;
	told->has.failing_since = s.endpoint.failing_since ? HERE : CLEARED;
	told->not_before = s.endpoint.not_before;
	told->has.not_before = s.endpoint.not_before ? HERE : CLEARED;
	told->slow = t->took_ms > HOOK_SLOW_MS;
	hook_talked (told->state);
}

/* The message, in the talk's own memory. */
static struct talk *talk_new (const struct hook_job *j)
{
	struct talk *t = heap_alloc (sizeof *t);
	arena_init (&t->arena);
	t->begun = clock_monotonic ();
	t->job = *j;
	t->job.body = arena_text (&t->arena, j->body);
	t->job.url = arena_text (&t->arena, j->url);
	t->job.sealed = t->job.old_sealed = NULL;
	t->job.has.old_sealed = CLEARED;
	return t;
}

static void talk_free (struct talk *t)
{
	curl_slist_free_all (t->headers);
	buffer_fini (&t->answer);
	arena_fini (&t->arena);
	heap_free (t);
}

/* What came of it, in the effect's memory; the talk is over. */
static struct hook_told *talk_told (struct effect *e, struct talk *t)
{
	const struct hook_job *j = &t->job;
	struct hook_told *told = arena_alloc (effect_arena (e), sizeof *told);
	*told = (struct hook_told){ .workspace_id = j->workspace_id,
				    .hook_delivery_id = j->hook_delivery_id,
				    .hook_endpoint_id = j->hook_endpoint_id,
				    .version = j->version,
				    .attempt = j->attempt };
	told_fill (t, j, told);
	if (t->answer.n) {
		told->response = text_from_charset (effect_arena (e), (struct bytes){ t->answer.at, t->answer.n }, "utf-8");
		told->has.response = HERE;
	}
	talk_free (t);
	return told;
}

static CURLM *multi_of (struct effect *e)
{
	struct hook_talks *talks = effect_state (e);
	if (!talks->multi) {
		talks->multi = curl_multi_init ();
		curl_multi_setopt (talks->multi, CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
	}
	return talks->multi;
}

const void *hook_act (struct effect *e, const void *claimed)
{
	const struct hook_job *j = claimed;
	struct talk *t = talk_new (j);
	struct hook_key key[HOOK_KEYS_MOST];
	struct hook_message message = { .second = clock_now () / 1000000, .body = { (const unsigned char *) j->body, strlen (j->body) } };
	const char *signature;
	char id[UUID_TEXT];
	size_t keys = keys_read (effect_arena (e), j, key);
	message.id = uuid_format (j->event_id.uuid, id);
	bool is_signed = hook_sign (&t->arena, &message, key, keys, &signature) == OK;
	sodium_memzero (key, sizeof key);
	if (is_signed) {
		t->headers = headers_of (t, message.id, message.second, signature);
		post (t, multi_of (e), effect_limit (e));
		return NULL;
	}
	struct hook_told *told = talk_told (e, t);
	told->error = "secret";
	told->has.error = HERE;
	return told;
}

static const CURLMsg *message_ended (CURLM *multi)
{
	int n;
	curl_multi_perform (multi, &n);
	for (const CURLMsg *m = curl_multi_info_read (multi, &n); m; m = curl_multi_info_read (multi, &n))
		if (m->msg == CURLMSG_DONE)
			return m;
	return NULL;
}

const void *hook_ended (struct effect *e, int ms, int64_t *ret_begun)
{
	CURLM *multi = multi_of (e);
	const CURLMsg *m = message_ended (multi);
	if (!m && ms) {
		curl_multi_poll (multi, NULL, 0, ms, NULL);
		m = message_ended (multi);
	}
	if (!m)
		return NULL;
	struct talk *t;
	curl_easy_getinfo (m->easy_handle, CURLINFO_PRIVATE, (char **) &t);
	*ret_begun = t->begun;
	post_end (t, multi, m->data.result);
	return talk_told (e, t);
}

void hook_act_end (void *state)
{
	struct hook_talks *talks = state;
	curl_multi_cleanup (talks->multi);
}
