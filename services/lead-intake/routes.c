/* The door: POST /hooks/KEY. Finds the way in, verifies the raw bytes, reads them, puts files on disk, queues the command, and answers after
 * the commit in the words the sender takes. A request moves through the steps below, one function each, in order.
 * Never answers success before the commit, never parses before it knows what to keep, never lets a key or a secret into a log or an answer. */
#include "door.h"

#include <stdio.h>
#include <string.h>
#include <sodium.h>
#include "clock.h"
#include "rules.h"

enum { KEY_LEAST = 16, KEY_MOST = 64, RETRY_AFTER = 5 };

/* ---- answers ---- */

/* Dutch when the sender asks for it before English. */
static bool wants_dutch (struct http_request *r)
{
	const char *said = http_header (r, "Accept-Language");
	const char *nl = said ? strstr (said, "nl") : NULL, *en = said ? strstr (said, "en") : NULL;
	return nl && (!en || nl < en);
}

static void answer_problem (struct http_request *r, int error, const char *detail, const struct problem *problem)
{
	const struct error_row *row = &error_rows[error];
	char seconds[16];
	if (row->status == 503 || row->status == 504) {
		snprintf (seconds, sizeof seconds, "%d", RETRY_AFTER);
		http_set (r, "Retry-After", seconds);
	}
	if (row->status == 405)
		http_set (r, "Allow", "POST, HEAD, OPTIONS");
	http_reply_problem (r, row->status, row->code, wants_dutch (r) ? row->nl : row->en, detail, problem);
}

static void hook_fail (struct hook *h, int error, const char *detail)
{
	json_decref (h->said.tree);
	answer_problem (h->request, error, detail, NULL);
}

/* The origin of a URL ("https://host:port"), when it is one that a browser may be sent to. */
static bool url_origin (const char *url, size_t *ret_n)
{
	size_t scheme = strncmp (url, "https://", 8) == 0 ? 8 : strncmp (url, "http://", 7) == 0 ? 7 : 0;
	if (!scheme || url[scheme] == '\0')
		return false;
	for (const char *p = url; *p; p++)
		if (*p <= ' ' || *p > '~' || *p == '\\')
			return false;
	*ret_n = scheme + strcspn (url + scheme, "/?#");
	return *ret_n > scheme && !memchr (url, '@', *ret_n);
}

/* Is it one of the space-separated origins? */
static bool origin_listed (const char *list, const char *origin, size_t n)
{
	for (const char *p = list; p && *p;) {
		size_t word = strcspn (p, " ");
		if (word == n && strncasecmp (p, origin, n) == 0)
			return true;
		p += word + strspn (p + word, " ");
	}
	return false;
}

static bool may_redirect (const struct hook *h, const char *url)
{
	const char *origin = http_header (h->request, "Origin");
	size_t n;
	if (!url || !url_origin (url, &n))
		return false;
	/* back to the page that posted is no way out to anywhere else */
	return origin_listed (h->source.origins, url, n) ||
	       (!h->source.origins && origin && strlen (origin) == n && strncasecmp (origin, url, n) == 0);
}

static void answer_taken (struct hook *h, const char *data)
{
	struct sender_shake thanked = h->sender ? sender_thanks (h->sender) : (struct sender_shake){ 0 };
	if (thanked.status) {
		http_reply_text (h->request, thanked.status, thanked.type, thanked.body);
	} else if (h->envelope.elementor) {
		http_reply_text (h->request, 200, "application/json", "{}");
	} else if (h->page) {
		const char *to = may_redirect (h, h->envelope.redirect) ? h->envelope.redirect : h->source.redirect;
		http_set (h->request, "Location", to ? to : h->dutch ? "/hooks/thanks?lang=nl" : "/hooks/thanks?lang=en");
		http_reply_text (h->request, 303, "text/plain", "");
	} else {
		http_reply_text (h->request, 202, "application/json", data);
	}
}

/* ---- 6. after the commit ---- */

static void hook_answered (struct app *app, void *ctx, const struct reply *reply)
{
	struct hook *h = ctx;
	(void) app;
	switch (reply->state) {
	case REPLY_DONE:
		if (h->error != NO_ERROR)
			answer_problem (h->request, h->error, h->detail, h->problem);
		else
			answer_taken (h, reply->data);
		return;
	case REPLY_REFUSED:
		answer_problem (h->request, reply->error >= 0 ? reply->error : ERROR_internal, reply->detail, &reply->problem);
		return;
	case REPLY_UNAVAILABLE: answer_problem (h->request, ERROR_unavailable, NULL, NULL); return;
	case REPLY_TIMEOUT: answer_problem (h->request, ERROR_timeout, NULL, NULL); return;
	}
}

/* ---- 5. the command ---- */

/* What makes it the same request, within the way in it came by. */
static struct bytes dedupe_of (struct hook *h, bool *ret_keyed, bool *ret_compare)
{
	const char *key = idempotency_key (h->arena, http_header (h->request, "Idempotency-Key"));
	bool records = h->outcome == submission_outcome_records;
	*ret_keyed = key || h->envelope.external;
	*ret_compare = key != NULL;
	/* holds nobody's key; what a system says again may be news: between the two it said otherwise; what tries the address stands in nobody's way */
	if ((records && !key) || h->test || outcome_is_refusal (h->outcome)) {
		char id[UUID_TEXT];
		return request_digest (h->arena, h->source.id, arena_printf (h->arena, "refused %s", uuid_format (h->submission, id)), NULL,
				       NULL);
	}
	return request_digest (h->arena, h->source.id, key, h->envelope.external, h->content);
}

/* Headers that say something about the request and its sender; never cookies, authorisation or what the connection needs. */
static const char *headers_text (struct hook *h)
{
	static const char *const names[] = { "User-Agent",
					     "Origin",
					     "Referer",
					     "Idempotency-Key",
					     "X-Signature-256",
					     "X-Request-Id",
					     "traceparent",
					     "Accept-Language",
					     "Typeform-Signature",
					     "Tally-Signature",
					     "X-Webflow-Timestamp",
					     "X-Webflow-Signature",
					     "X-Hub-Signature-256",
					     "X-Hub-Signature",
					     "X-HubSpot-Request-Timestamp",
					     "X-HubSpot-Signature-v3",
					     "Calendly-Webhook-Signature",
					     "X-Hook-Event-Id",
					     "X-Tawk-Signature",
					     "X-Crisp-Request-Timestamp",
					     "X-Crisp-Signature",
					     "X-LI-Signature" };
	struct buffer out = { 0 };
	for (size_t i = 0; i < LENGTH (names); i++) {
		const char *value = http_header (h->request, names[i]);
		if (value && out.n < 8192)
			buffer_printf (&out, "%s: %.1000s\n", names[i], value);
	}
	const char *text = out.n ? text_from_charset (h->arena, (struct bytes){ out.at, out.n }, NULL) : NULL;
	buffer_fini (&out);
	return text;
}

static void hook_submit (struct hook *h)
{
	bool keyed, compare;
	struct bytes body = http_body (h->request);
	const char *headers = headers_text (h), *remote = http_remote (h->request), *type = http_header (h->request, "Content-Type");
	int64_t now = clock_now ();
	struct submission_take cmd = {
		.head = { .workspace = h->workspace,
			  .actor = h->source.id,
			  .id = h->submission,
			  .correlation = h->submission,
			  .at = now,
			  .grant = { .scope = SCOPE_WORKSPACE } },
		.submission_id = { h->submission },
		.source_id = { h->source.id },
		.has.source_id = HERE,
		.method = http_method (h->request),
		.body_size = (int64_t) body.n,
		.outcome = h->outcome,
	};
	cmd.dedupe = dedupe_of (h, &keyed, &compare);
	cmd.bucket = request_bucket (keyed, now);
	cmd.content = (struct bytes){ h->content, sizeof h->content };
	cmd.has.content = compare ? HERE : ABSENT;
	cmd.type = type ? text_cut (h->arena,
				    text_from_charset (h->arena, (struct bytes){ (const unsigned char *) type, strlen (type) }, NULL), 300)
			: NULL;
	cmd.has.type = type ? HERE : ABSENT;
	cmd.headers = headers;
	cmd.has.headers = headers ? HERE : ABSENT;
	cmd.body = body;
	cmd.has.body = h->body_file ? ABSENT : HERE;
	cmd.body_file = h->body_file;
	cmd.has.body_file = h->body_file ? HERE : ABSENT;
	cmd.remote = remote;
	cmd.has.remote = remote ? HERE : ABSENT;
	cmd.reason = h->error != NO_ERROR ? text_cut (h->arena, h->detail ? h->detail : error_rows[h->error].en, 1000) : h->reason;
	cmd.has.reason = cmd.reason ? HERE : ABSENT;
	cmd.leads = (struct list){ h->lead, h->n_leads };
	cmd.has.leads = h->n_leads ? HERE : ABSENT;
	cmd.bookings = (struct list){ h->booking, h->booking != NULL };
	cmd.has.bookings = h->booking ? HERE : ABSENT;
	cmd.files = (struct list){ h->file, h->n_files };
	cmd.has.files = h->n_files ? HERE : ABSENT;
	cmd.pushed = (struct list){ h->pushed, h->n_pushed };
	cmd.has.pushed = h->n_pushed ? HERE : ABSENT;
	cmd.system = h->system;
	cmd.has.system = h->system ? HERE : ABSENT;
	app_command (h->app, &submission_take_record, &cmd, NULL, 0, (int) intake_config.hook_deadline, hook_answered, h);
	json_decref (h->said.tree);
	h->said.tree = NULL;
}

/* ---- 4. the files ---- */

static void stored (struct app *app, void *ctx)
{
	struct hook *h = ctx;
	(void) app;
	if (h->body_file && http_spool (h->request))
		http_keep_spool (h->request); /* it lies among the files now */
	if (h->disk_failed)
		hook_fail (h, ERROR_unavailable, "The files could not be kept.");
	else
		hook_submit (h);
}

static void hook_store (struct hook *h)
{
	if (h->error != NO_ERROR || h->outcome != submission_outcome_lead)
		h->n_files = 0; /* the raw bytes are kept whole */
	if (h->n_files || http_body (h->request).n > BODY_INLINE)
		app_work (h->app, files_store, stored, h);
	else
		hook_submit (h);
}

/* ---- 3. whose it is, and the leads in it ---- */

static void pushed_map (struct hook *h)
{
	struct problem *problem = arena_alloc (h->arena, sizeof *problem);
	const char *name = h->source.form_type;
	h->system = name && *name ? text_cut (h->arena, name, 60) : "records";
	if (h->error != NO_ERROR)
		return;
	if (h->body != BODY_IS_JSON) {
		hook_refuse (h, submission_outcome_bad_request, ERROR_wrong_type, "Records are sent as application/json.");
		return;
	}
	h->outcome = submission_outcome_records;
	if (pushed_read (h->arena, h->said.tree, h->system, &h->pushed, &h->n_pushed, problem) == OK)
		return;
	int error = problem->code ? error_find (problem->code) : ERROR_invalid;
	const struct problem_error *first = problem->errors;
	hook_refuse (h, submission_outcome_bad_request, error,
		     problem->n_errors ? arena_printf (h->arena, "%s: %s", first->pointer, first->detail) : problem->detail);
	h->problem = problem;
}

/* Only a browser says which language its person reads: a server's own is nobody's. */
static bool is_browser (const struct hook *h)
{
	return h->page || http_header (h->request, "Origin") || http_header (h->request, "Sec-Fetch-Mode");
}

/* Read as any other, and kept; no lead comes of it. */
static void test_is (struct hook *h)
{
	h->outcome = submission_outcome_test;
	h->reason = "Somebody tried the address: no lead comes of it.";
	h->n_leads = 0;
	h->booking = NULL;
}

static void hook_map (struct hook *h)
{
	struct reading how = { .kind = h->source.kind,
			       .form_type = h->source.form_type,
			       .country = h->country,
			       .dutch = h->dutch,
			       .rules = h->rules,
			       .at = clock_now () };
	if (is_browser (h)) {
		how.page = http_header (h->request, "Referer");
		how.accepts = http_header (h->request, "Accept-Language");
	}
	if (h->source.kind == source_kind_records) {
		pushed_map (h);
	} else if (h->error == NO_ERROR && !suspect_found (h)) {
		struct told told = request_tell (h->arena, h->sender, h->said.tree, &how, false);
		h->lead = told.lead;
		h->n_leads = told.n;
		h->booking = told.booking;
		h->outcome = told.outcome;
		h->reason = told.reason;
		if (h->test && h->outcome == submission_outcome_lead)
			test_is (h);
		h->envelope.external = h->sender ? told.external : h->envelope.external;
	}
	for (size_t i = 0; i < h->n_leads; i++)
		h->lead[i].lead_id.uuid = uuid_v7 (clock_now ());
	hook_store (h);
}

static void client_found (void *ctx, enum finding finding, const struct client *client)
{
	struct hook *h = ctx;
	switch (finding) {
	case FOUND:
		h->workspace = client->workspace;
		memcpy (h->country, client->country, sizeof h->country);
		h->dutch = client->dutch;
		break;
	case FOUND_NONE: hook_refuse (h, submission_outcome_no_workspace, ERROR_unknown_client, NULL); break;
	case FOUND_AWAY: hook_fail (h, ERROR_unavailable, NULL); return;
	}
	hook_map (h);
}

static void hook_place (struct hook *h)
{
	h->workspace = h->source.workspace;
	memcpy (h->country, h->source.country, sizeof h->country);
	h->dutch = h->source.dutch;
	if (h->error != NO_ERROR || h->source.kind != source_kind_agency) {
		hook_map (h);
	} else if (!h->envelope.client || h->envelope.clients_differ) {
		hook_refuse (h, submission_outcome_no_workspace, ERROR_unknown_client,
			     h->envelope.client ? "All leads of one request go to one client." : "The request names no client_id.");
		hook_map (h);
	} else {
		client_find_by_name (h->app, h->source.workspace, h->envelope.client, client_found, h);
	}
}

/* ---- 2. the bytes: signature, content, members; any thread ---- */

/* The way in's own rules; what cannot be read was refused when it was written. */
static const struct mapping_rules *rules_read (struct hook *h)
{
	struct mapping_rules *rules = h->source.mapping ? arena_alloc (h->arena, sizeof *rules) : NULL;
	return rules && mapping_read (h->arena, h->source.mapping, rules, NULL) == OK ? rules : NULL;
}

static void read_body (void *ctx)
{
	struct hook *h = ctx;
	struct bytes body = http_body (h->request);
	h->rules = rules_read (h);
	if (h->sender)
		sender_check (h, body);
	else if (!signature_fits (&h->source, body, http_header (h->request, "X-Signature-256")))
		hook_refuse (h, submission_outcome_bad_signature, ERROR_bad_signature, NULL);
	if (h->error != NO_ERROR)
		return;
	body_read (h, body);
	if (h->error == NO_ERROR && h->source.kind != source_kind_records && !h->sender)
		h->envelope = envelope_read (
			h->arena, h->said.tree,
			(struct manner){ .kind = h->source.kind, .page = h->body != BODY_IS_JSON || http_header (h->request, "Origin") });
	h->n_files = h->said.n_files;
	content_digest (h->body, h->envelope.elementor, &h->said, body, h->content);
}

static void body_was_read (struct app *app, void *ctx)
{
	(void) app;
	hook_place (ctx);
}

static void hook_read (struct hook *h)
{
	if (http_spool (h->request)) {
		app_work (h->app, read_body, body_was_read, h);
		return;
	}
	read_body (h);
	hook_place (h);
}

/* ---- 1. the way in ---- */

/* A person's browser, which shows what it is answered, rather than a script or a server. */
static bool is_page (const struct hook *h)
{
	const char *accept = http_header (h->request, "Accept"), *mode = http_header (h->request, "Sec-Fetch-Mode");
	if (h->body == BODY_IS_JSON || http_header (h->request, "X-Requested-With"))
		return false;
	if (mode)
		return strcmp (mode, "navigate") == 0;
	return (accept && strstr (accept, "text/html")) ||
	       (http_header (h->request, "Origin") && !(accept && strstr (accept, "application/json")));
}

/* Says to a browser's page that it may read the answer. False: it comes from a page that may not post here. */
static bool cors_allow (struct hook *h)
{
	const char *origin = http_header (h->request, "Origin");
	if (!origin)
		return true;
	http_set (h->request, "Vary", "Origin");
	if (h->source.origins && !origin_listed (h->source.origins, origin, strlen (origin)))
		return false;
	http_set (h->request, "Access-Control-Allow-Origin", h->source.origins ? origin : "*");
	return true;
}

static void preflight (struct hook *h)
{
	http_set (h->request, "Access-Control-Allow-Methods", "POST");
	http_set (h->request, "Access-Control-Allow-Headers", "Content-Type, Idempotency-Key, X-Signature-256");
	http_set (h->request, "Access-Control-Max-Age", "600");
	http_reply_text (h->request, 204, NULL, "");
}

static const char *kept_text (struct arena *a, const char *text)
{
	return text ? arena_text (a, text) : NULL;
}

/* The cache may forget it while the request is on its way. */
static struct source source_keep (struct arena *a, const struct source *s)
{
	struct source kept = *s;
	kept.secret.at = s->secret.n ? (const unsigned char *) arena_copy (a, (const char *) s->secret.at, s->secret.n) : NULL;
	kept.form_type = kept_text (a, s->form_type);
	kept.redirect = kept_text (a, s->redirect);
	kept.origins = kept_text (a, s->origins);
	kept.verify_token = kept_text (a, s->verify_token);
	kept.mapping = kept_text (a, s->mapping);
	return kept;
}

static void hook_open (struct hook *h)
{
	const char *method = http_method (h->request), *coding = http_header (h->request, "Content-Encoding"),
		   *type = http_header (h->request, "Content-Type");
	size_t n = http_body (h->request).n;
	if (!cors_allow (h))
		hook_fail (h, ERROR_cross_site, NULL);
	else if (strcmp (method, "OPTIONS") == 0)
		preflight (h);
	else if (strcmp (method, "HEAD") == 0)
		http_reply_text (h->request, 200, "text/plain", "");
	else if (strcmp (method, "GET") == 0 && (h->sender ? sender_greet (h) : stamp_told (h)))
		return;
	else if (strcmp (method, "POST") != 0)
		hook_fail (h, ERROR_method_not_allowed, NULL);
	else if (!door_admits (h))
		hook_fail (h, ERROR_too_many, NULL);
	else if (!(h->sender && !type) && (!body_kind (type, &h->body) || (coding && strcasecmp (coding, "identity"))))
		hook_fail (h, ERROR_wrong_type,
			   "Send application/json, application/x-www-form-urlencoded, multipart/form-data or text/plain.");
	else if (n > (h->body == BODY_IS_JSON ? BODY_LEADS : h->body == BODY_IS_FORM ? BODY_FORM : SIZE_MAX))
		hook_fail (h, ERROR_too_large, h->body == BODY_IS_JSON ? "JSON may have 8 MiB." : "A form without files may have 1 MiB.");
	else if (h->source.locked)
		hook_fail (h, ERROR_unavailable, NULL);
	else {
		h->page = is_page (h);
		h->test = http_query (h->request, "test") != NULL;
		hook_read (h);
	}
}

static void source_found (void *ctx, enum finding finding, const struct source *source)
{
	struct hook *h = ctx;
	switch (finding) {
	case FOUND:
		h->source = source_keep (h->arena, source);
		h->sender = sender_of (source_kind_names[source->kind]);
		hook_open (h);
		return;
	case FOUND_NONE: hook_fail (h, ERROR_unknown_key, NULL); return;
	case FOUND_AWAY: hook_fail (h, ERROR_unavailable, NULL); return;
	}
}

static void thanks (struct http_request *r)
{
	const char *language = http_query (r, "lang");
	bool dutch = language ? strcmp (language, "nl") == 0 : wants_dutch (r);
	http_set (r, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
	http_reply_text (
		r, 200, "text/html; charset=utf-8",
		dutch ? "<!doctype html><html lang=nl><meta charset=utf-8><title>Bedankt</title><p>Bedankt, uw bericht is ontvangen.</p></html>"
		      : "<!doctype html><html lang=en><meta charset=utf-8><title>Thank you</title><p>Thank you, your message has arrived.</p></html>");
}

static bool is_key (const char *key)
{
	size_t n = strspn (key, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
	return n >= KEY_LEAST && n <= KEY_MOST && key[n] == '\0';
}

void hook_route (struct http_request *r, void *app)
{
	const char *path = http_path (r), *key = path + 7, *method = http_method (r);
	if (strncmp (path, "/hooks/", 7) != 0) {
		answer_problem (r, ERROR_not_found, NULL, NULL);
	} else if (strcmp (key, "thanks") == 0 && (strcmp (method, "GET") == 0 || strcmp (method, "HEAD") == 0)) {
		thanks (r);
	} else if (!is_key (key)) {
		answer_problem (r, ERROR_unknown_key, NULL, NULL);
	} else {
		struct hook *h = arena_alloc (http_arena (r), sizeof *h);
		*h = (struct hook){
			.app = app, .request = r, .arena = http_arena (r), .error = NO_ERROR, .outcome = submission_outcome_lead
		};
		h->submission = uuid_v7 (clock_now ());
		source_find_by_key (app, key, source_found, h);
	}
}

/* On the headers alone: what cannot be kept need not be read. */
void hook_begin (struct http_request *r, void *app)
{
	const char *length = http_header (r, "Content-Length");
	enum body body;
	if (strcmp (http_path (r), "/hooks/thanks") == 0)
		return;
	if (!app_ready (app))
		answer_problem (r, ERROR_unavailable, NULL, NULL);
	else if (length && strlen (length) > 7 && body_kind (http_header (r, "Content-Type"), &body) && body == BODY_IS_JSON &&
		 strtoull (length, NULL, 10) > BODY_LEADS)
		answer_problem (r, ERROR_too_large, "JSON may have 8 MiB.", NULL);
}
