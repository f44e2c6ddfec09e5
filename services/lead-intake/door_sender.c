/* Senders at the door: whose bytes they are, and what is asked before anything is sent. See sender.h.
 * It must never let in what its sender did not sign. */
#include "door.h"

#include <string.h>
#include "clock.h"

static const char *header_said (const void *ctx, const char *name)
{
	return http_header ((struct http_request *) ctx, name);
}

static const char *query_said (const void *ctx, const char *name)
{
	return http_query ((struct http_request *) ctx, name);
}

/* ---- whose bytes they are ---- */

/* The address as its sender called it: behind a proxy that is what the operator says. */
static const char *url_called (const struct hook *h)
{
	const char *host = http_header (h->request, "Host"), *name, *value;
	struct buffer url = { 0 };
	size_t at = 0;
	char between = '?';
	if (strncmp (intake_config.hooks, "http", 4) == 0)
		buffer_text (&url, intake_config.hooks);
	else
		buffer_printf (&url, "%s://%s", http_over_tls (h->request) ? "https" : "http", host ? host : "");
	buffer_text (&url, http_path (h->request));
	for (; http_query_next (h->request, &at, &name, &value); between = '&')
		buffer_printf (&url, "%c%s=%s", between, name, value);
	const char *ret = arena_copy (h->arena, (const char *) url.at, url.n);
	buffer_fini (&url);
	return ret;
}

void sender_check (struct hook *h, struct bytes body)
{
	struct sender_request r = { .method = http_method (h->request),
				    .url = url_called (h),
				    .header = header_said,
				    .ctx = h->request,
				    .body = body,
				    .now = clock_now () };
	switch (sender_verify (h->sender, h->source.secret, &r)) {
	case SENDER_FITS: return;
	case SENDER_LATE:
		hook_refuse (h, submission_outcome_bad_signature, ERROR_bad_signature, "It was signed longer ago than this sender allows.");
		return;
	case SENDER_FORGED:
		if (h->source.kind == source_kind_google_ads) /* shows its advertiser what it is answered */
			hook_refuse (h, submission_outcome_bad_signature, ERROR_forbidden, "The key is not the one of this form.");
		else
			hook_refuse (h, submission_outcome_bad_signature, ERROR_bad_signature, NULL);
		return;
	}
}

/* ---- what is asked before anything is sent ---- */

bool sender_greet (struct hook *h)
{
	struct sender_shake shake = sender_shake (h->sender, h->arena, h->source.secret, h->source.verify_token, query_said, h->request);
	if (!shake.status)
		return false;
	http_reply_text (h->request, shake.status, shake.body ? shake.type : "text/plain", shake.body ? shake.body : "");
	return true;
}
