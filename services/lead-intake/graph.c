/* Meta's Graph API, asked; see graph.h. */
#include "graph.h"

#include <curl/curl.h>
#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include "intake.h"
#include "outside.h"
#include "sender_parts.h"

enum { ANSWER_MOST = 1 << 20, CONNECT_SECONDS = 10, WAIT_MOST = 86400 };

struct talk {
	struct buffer answer;
	size_t most;
	struct outside outside;
	char error[CURL_ERROR_SIZE];
};

/* ---- what it means ---- */

/* Codes of Graph's errors: 190 and 102 are of the token; the others are limits of the app, the user, the page, a call in all, lead ads. */
static bool code_is_token (int64_t code)
{
	return code == 190 || code == 102;
}

static bool code_is_limit (int64_t code)
{
	static const int64_t limits[] = { 4, 17, 32, 613, 80005, 80007, 130429, 131048, 131056 };
	for (size_t i = 0; i < LENGTH (limits); i++)
		if (limits[i] == code)
			return true;
	return false;
}

/* 1 and 2 are "unknown" and "not now"; what is no error of its own is judged by HTTP. */
static enum graph_end end_of (long status, int64_t code, bool said)
{
	if (code_is_token (code) || (status == 401 && !said))
		return GRAPH_TOKEN;
	if (code_is_limit (code) || code == 1 || code == 2 || status == 429 || status >= 500 || status < 200 || !said)
		return GRAPH_LATER;
	return GRAPH_REFUSED;
}

struct graph_answer graph_read (struct arena *a, long status, const char *retry, struct bytes body)
{
	struct graph_answer ret = { .body = body };
	json_t *tree = json_loadb ((const char *) body.at, body.n, JSON_REJECT_DUPLICATES, NULL), *error = json_object_get (tree, "error");
	if (status >= 200 && status < 300 && !error) {
		json_decref (tree);
		return ret;
	}
	const char *words = json_string_value (json_object_get (error, "message"));
	long seconds = retry ? strtol (retry, NULL, 10) : 0;
	ret.code = json_integer_value (json_object_get (error, "code"));
	ret.end = end_of (status, ret.code, error != NULL);
	ret.wait = ret.end == GRAPH_LATER && seconds > 0 ? (int) (seconds < WAIT_MOST ? seconds : WAIT_MOST) : 0;
	ret.why = words ? arena_printf (a, "%.300s (%lld)", words, (long long) ret.code) : arena_printf (a, "HTTP %ld", status);
	json_decref (tree);
	return ret;
}

/* ---- asking ---- */

static size_t answer_take (char *at, size_t size, size_t n, void *ctx)
{
	struct talk *t = ctx;
	if (size * n > t->most - t->answer.n)
		return 0;
	buffer_add (&t->answer, at, size * n);
	return size * n;
}

static const char *url_of (struct arena *a, const struct graph_ask *ask)
{
	if (strstr (ask->path, "://"))
		return ask->path;
	if (!ask->secret.n)
		return arena_printf (a, "%s/%s", intake_config.graph, ask->path);
	return arena_printf (a, "%s/%s%sappsecret_proof=%s", intake_config.graph, ask->path, strchr (ask->path, '?') ? "&" : "?",
			     sign_hex (a, ask->secret, ask->token));
}

static struct curl_slist *head_of (struct arena *a, const struct graph_ask *ask)
{
	struct curl_slist *ret = curl_slist_append (NULL, arena_printf (a, "Authorization: Bearer %s", ask->token));
	ret = curl_slist_append (ret, "Expect:");
	return ask->body ? curl_slist_append (ret, "Content-Type: application/json") : ret;
}

static const char *header_of (struct arena *a, CURL *c, const char *name)
{
	struct curl_header *h;
	return curl_easy_header (c, name, 0, CURLH_HEADER, -1, &h) == CURLHE_OK ? arena_text (a, h->value) : NULL;
}

static struct graph_answer answer_of (struct arena *a, CURL *c, const struct talk *t, CURLcode code)
{
	long status = 0;
	struct bytes body = { (const unsigned char *) arena_copy (a, (const char *) t->answer.at, t->answer.n), t->answer.n };
	if (code != CURLE_OK)
		return (struct graph_answer){ .end = GRAPH_LATER,
					      .why = t->outside.refused ? "The address is a private one."
						     : *t->error	? arena_printf (a, "%s", t->error)
									: curl_easy_strerror (code) };
	curl_easy_getinfo (c, CURLINFO_RESPONSE_CODE, &status);
	struct graph_answer ret = graph_read (a, status, header_of (a, c, "Retry-After"), body);
	ret.type = header_of (a, c, "Content-Type");
	return ret;
}

struct graph_answer graph_ask (struct arena *a, const struct graph_ask *ask)
{
	CURL *c = curl_easy_init ();
	struct curl_slist *head = head_of (a, ask);
	struct talk t = { .most = ask->most ? ask->most : ANSWER_MOST,
			  .outside = { .private = intake_config.private, .ca = intake_config.ca } };
	if (ask->body)
		curl_easy_setopt (c, CURLOPT_POSTFIELDS, ask->body);
	curl_easy_setopt (c, CURLOPT_URL, url_of (a, ask));
	curl_easy_setopt (c, CURLOPT_PROTOCOLS_STR, intake_config.private ? "http,https" : "https");
	curl_easy_setopt (c, CURLOPT_TIMEOUT, (long) ask->limit);
	curl_easy_setopt (c, CURLOPT_CONNECTTIMEOUT, (long) CONNECT_SECONDS);
	curl_easy_setopt (c, CURLOPT_ERRORBUFFER, t.error);
	curl_easy_setopt (c, CURLOPT_HTTPHEADER, head);
	curl_easy_setopt (c, CURLOPT_WRITEFUNCTION, answer_take);
	curl_easy_setopt (c, CURLOPT_WRITEDATA, &t);
	curl_outside (c, &t.outside);
	CURLcode code = curl_easy_perform (c);
	struct graph_answer ret = answer_of (a, c, &t, code);
	curl_easy_cleanup (c);
	for (struct curl_slist *h = head; h; h = h->next)
		sodium_memzero (h->data, strlen (h->data));
	curl_slist_free_all (head);
	buffer_fini (&t.answer);
	return ret;
}
