/* Offers a mail to a server: SMTP and SendGrid, by libcurl. No SQL, no transaction: what is due was claimed before, what came of it is recorded after.
 * It must never call something sent that no server took, nor untaken what may have been; what lies between is unknown. */
#include "mailer.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "clock.h"
#include "files.h"
#include "follow.h"
#include "news_link.h"
#include "seal.h"

enum { REPLY_MOST = 4096, WORDS_MOST = 500, URL_MOST = 700, CONNECT_SECONDS = 15 };

struct wire {
	CURL *curl; /* keeps its connections from one mail to the next */
};

/* One talk. */
struct talk {
	struct effect *effect;
	const struct mail_job *job;
	struct mail_told *told;
	char url[URL_MOST], error[CURL_ERROR_SIZE];
	char last[WORDS_MOST]; /* what the server said last */
	char reply[REPLY_MOST];
	size_t reply_n;
	char provider_id[100], retry_after[40], reset[40];
	bool offered; /* the mail itself, or the request with it, began to go out */
	struct outside outside;
};

/* ---- whom we talk to ---- */

/* Else libcurl would choose what wants a password where a server offers that as well. */
void curl_bearer (void *curl, const char *login, const char *token)
{
	curl_easy_setopt (curl, CURLOPT_USERNAME, login);
	curl_easy_setopt (curl, CURLOPT_XOAUTH2_BEARER, token);
	curl_easy_setopt (curl, CURLOPT_LOGIN_OPTIONS, "AUTH=XOAUTH2;AUTH=OAUTHBEARER");
}

/* ---- what is heard ---- */

static size_t reply_take (char *at, size_t size, size_t n, void *ctx)
{
	struct talk *t = ctx;
	size_t room = sizeof t->reply - 1 - t->reply_n, take = size * n < room ? size * n : room;
	memcpy (t->reply + t->reply_n, at, take);
	t->reply_n += take;
	return size * n;
}

/* What cannot be kept would leave the whole attempt unrecorded. */
static void words_clean (char *words)
{
	for (char *p = words; *p; p++)
		if ((unsigned char) *p < ' ' || (unsigned char) *p > '~')
			*p = '?';
}

static void value_take (const char *line, size_t n, const char *name, char *ret, size_t room)
{
	size_t m = strlen (name);
	if (n <= m || strncasecmp (line, name, m) || line[m] != ':')
		return;
	for (m++; m < n && line[m] == ' ';)
		m++;
	while (n > m && (line[n - 1] == '\r' || line[n - 1] == '\n'))
		n--;
	snprintf (ret, room, "%.*s", (int) (n - m), line + m);
	words_clean (ret);
}

static int wire_hear (CURL *curl, curl_infotype type, char *at, size_t n, void *ctx)
{
	struct talk *t = ctx;
	(void) curl;
	bool smtp = t->job->kind == mail_account_kind_smtp;
	if (type == CURLINFO_DATA_OUT)
		t->offered = true;
	if (type == CURLINFO_HEADER_OUT && !smtp)
		t->offered = true;
	if (type != CURLINFO_HEADER_IN)
		return 0;
	value_take (at, n, "x-message-id", t->provider_id, sizeof t->provider_id);
	value_take (at, n, "retry-after", t->retry_after, sizeof t->retry_after);
	value_take (at, n, "x-ratelimit-reset", t->reset, sizeof t->reset);
	while (n && (at[n - 1] == '\r' || at[n - 1] == '\n'))
		n--;
	/* what refused it is not forgotten for the good-bye after it */
	if (smtp && n && !((*t->last == '4' || *t->last == '5') && *at == '2'))
		snprintf (t->last, sizeof t->last, "%.*s", (int) n, at);
	return 0;
}

/* ---- what came of it ---- */

static void tell (struct talk *t, enum mail_outcome outcome, int64_t code, const char *reason)
{
	struct arena *a = effect_arena (t->effect);
	t->told->outcome = outcome;
	t->told->code = code;
	t->told->has.code = code ? HERE : ABSENT;
	char *words = reason ? arena_printf (a, "%.500s", reason) : NULL;
	if (words)
		words_clean (words);
	t->told->reason = words;
	t->told->has.reason = reason ? HERE : ABSENT;
}

/* Nothing was said by the server that settles it: how far did we come? */
static void tell_broken (struct talk *t, CURLcode code)
{
	const char *why = t->outside.refused ? "its address is a private one, which is not allowed here"
			  : *t->error	     ? t->error
					     : curl_easy_strerror (code);
	tell (t, t->offered ? mail_outcome_unknown : mail_outcome_later, -(int64_t) code, why);
}

/* Why a token is refused stands in base64 in a question that nobody has an answer to: "334 eyJzdGF0dXMiOiI0MDAi…". */
static const char *token_refused (struct talk *t)
{
	static const char plain[] = "the server refused the token";
	char words[WORDS_MOST];
	size_t n = 0;
	if (strncmp (t->last, "334 ", 4) ||
	    sodium_base642bin ((unsigned char *) words, sizeof words, t->last + 4, strlen (t->last + 4), NULL, &n, NULL,
			       sodium_base64_VARIANT_ORIGINAL) ||
	    !n)
		return plain;
	return arena_printf (effect_arena (t->effect), "%s: %.*s", plain, (int) n, words);
}

static void tell_smtp (struct talk *t, CURLcode code, long said)
{
	if (code == CURLE_OK)
		tell (t, mail_outcome_accepted, said, *t->last ? t->last : NULL);
	else if (said >= 400 && said < 600)
		tell (t,
		      said >= 500 && said != 530 && said != 534 && said != 535 && said != 538 ? mail_outcome_refused : mail_outcome_later,
		      said, *t->last ? t->last : t->error);
	else if (code == CURLE_LOGIN_DENIED && t->job->oauth)
		tell (t, mail_outcome_later, -(int64_t) code, token_refused (t));
	else
		tell_broken (t, code);
}

/* The first sentence of {"errors":[{"message":…}]}. */
static const char *reply_words (struct talk *t)
{
	json_t *o = json_loadb (t->reply, t->reply_n, 0, NULL);
	const char *words = json_string_value (json_object_get (json_array_get (json_object_get (o, "errors"), 0), "message"));
	const char *ret = words ? arena_text (effect_arena (t->effect), words) : NULL;
	json_decref (o);
	return ret;
}

static void tell_sendgrid (struct talk *t, CURLcode code, long said)
{
	struct arena *a = effect_arena (t->effect);
	const char *words = reply_words (t);
	if (code != CURLE_OK || said < 100) {
		tell_broken (t, code);
	} else if (said / 100 == 2) {
		tell (t, mail_outcome_accepted, said, NULL);
		t->told->provider_id = *t->provider_id ? arena_text (a, t->provider_id) : NULL;
		t->told->has.provider_id = *t->provider_id ? HERE : ABSENT;
	} else if (said == 429) {
		int64_t at = rate_reset (t->retry_after, t->reset, clock_now ());
		tell (t, mail_outcome_later, said, words ? words : "too many requests");
		t->told->retry_at = at;
		t->told->has.retry_at = at ? HERE : ABSENT;
	} else {
		bool refused = said / 100 == 4 && said != 401 && said != 403 && said != 408;
		tell (t, refused ? mail_outcome_refused : mail_outcome_later, said,
		      words ? words : arena_printf (a, "the provider answered %ld", said));
	}
}

/* ---- the letter ---- */

static struct mail_link job_link (const struct mail_job *j)
{
	return (struct mail_link){ j->workspace_id.uuid, j->mail_id.uuid, j->n };
}

static const char *job_unsubscribe (struct talk *t)
{
	const struct mail_job *j = t->job;
	struct arena *a = effect_arena (t->effect);
	const char *pages = *mailer_config.origin ? mailer_config.origin : mailer_config.url;
	if (j->has.news_for == HERE && *pages) { /* a colleague: what they want is kept with what they chose */
		const char *link = news_link_make (a, j->agency_id.uuid, j->news_for.uuid);
		return link ? arena_printf (a, "%s/api/notifications/unsubscribe/%s", pages, link) : NULL;
	}
	if (j->transactional || !*mailer_config.url)
		return NULL;
	struct mail_link link = job_link (j);
	const char *token = link_make (a, &link);
	return token ? arena_printf (a, "%s/unsubscribe/%s", mailer_config.url, token) : NULL;
}

/* What is ours already stays: nobody has to be followed to where they want no news. */
static const char *job_lead (void *ctx, const char *url)
{
	struct talk *t = ctx;
	struct mail_link link = job_link (t->job);
	size_t n = strlen (mailer_config.url);
	if (!strncmp (url, mailer_config.url, n) && (!strncmp (url + n, "/unsubscribe/", 13) || !strncmp (url + n, "/t/", 3)))
		return NULL;
	const char *token = url_link_make (effect_arena (t->effect), &link, url);
	return token ? arena_printf (effect_arena (t->effect), "%s/t/c/%s", mailer_config.url, token) : NULL;
}

/* The HTML as this recipient gets it, the same every time. */
static const char *job_html (struct talk *t)
{
	struct arena *a = effect_arena (t->effect);
	const struct mail_job *j = t->job;
	struct mail_link link = job_link (j);
	const char *token = j->tracking && *mailer_config.url ? open_link_make (a, &link) : NULL;
	return token ? html_follow (a, j->html, job_lead, t, arena_printf (a, "%s/t/o/%s.gif", mailer_config.url, token)) : j->html;
}

static struct curl_slist *head_add (struct talk *t, struct curl_slist *head, const char *name, const char *value)
{
	return curl_slist_append (head, arena_printf (effect_arena (t->effect), "%s: %s", name, value));
}

/* All of one kind; those unseen are in nobody's head. */
static struct curl_slist *head_people (struct talk *t, struct curl_slist *head, const char *name, const char *kind)
{
	struct buffer out = { 0 };
	json_t *others = json_loads (t->job->others, 0, NULL), *o;
	size_t i;
	json_array_foreach (others, i, o)
	{
		if (strcmp (json_string_value (json_object_get (o, "kind")), kind))
			continue;
		buffer_printf (&out, "%s%s", out.n ? ",\r\n " : "",
			       header_address (effect_arena (t->effect), json_string_value (json_object_get (o, "name")),
					       json_string_value (json_object_get (o, "email"))));
	}
	json_decref (others);
	if (out.n)
		head = head_add (t, head, name, arena_copy (effect_arena (t->effect), (const char *) out.at, out.n));
	buffer_fini (&out);
	return head;
}

static struct curl_slist *letter_head (struct talk *t)
{
	struct arena *a = effect_arena (t->effect);
	const struct mail_job *j = t->job;
	const char *unsubscribe = job_unsubscribe (t);
	struct curl_slist *h = head_add (t, NULL, "Date", header_date (a, j->written_at));
	h = head_add (t, h, "From", header_address (a, j->has.from_name == HERE ? j->from_name : NULL, j->from_email));
	h = head_people (t, h, "To", "to");
	h = head_people (t, h, "Cc", "cc");
	if (j->has.reply_to == HERE)
		h = head_add (t, h, "Reply-To", arena_printf (a, "<%s>", j->reply_to));
	h = head_add (t, h, "Subject", header_text (a, j->subject));
	h = head_add (t, h, "Message-ID", arena_printf (a, "<%s>", j->message_id));
	/* what came in may bear an id of which no line of a head can be made */
	const char *answers = j->has.in_reply_to == HERE ? header_ids (a, arena_printf (a, "<%s>", j->in_reply_to)) : "";
	const char *refs = j->has.refs == HERE ? header_ids (a, j->refs) : "";
	if (*answers)
		h = head_add (t, h, "In-Reply-To", answers);
	if (*refs)
		h = head_add (t, h, "References", refs);
	if (j->machine)
		h = head_add (t, h, "Auto-Submitted", "auto-generated");
	if (unsubscribe) {
		h = head_add (t, h, "List-Unsubscribe", arena_printf (a, "<%s>", unsubscribe));
		h = head_add (t, h, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
	}
	return h;
}

static void part_text (curl_mime *mime, const char *type, const char *text)
{
	curl_mimepart *part = curl_mime_addpart (mime);
	curl_mime_data (part, text, CURL_ZERO_TERMINATED);
	curl_mime_type (part, type);
	curl_mime_encoder (part, "quoted-printable");
}

static bool in_text (const json_t *file)
{
	return json_is_string (json_object_get (file, "content_id"));
}

/* Those that the text shows, or the others. False: a file is not there. */
static bool parts_files (struct talk *t, curl_mime *mime, const json_t *files, bool shown)
{
	struct arena *a = effect_arena (t->effect);
	const json_t *o;
	size_t i;
	json_array_foreach ((json_t *) (uintptr_t) files, i, o)
	{
		const char *path = file_path (a, effect_files (t->effect), t->job->workspace_id.uuid,
					      json_string_value (json_object_get (o, "sha256")));
		if (in_text (o) != shown)
			continue;
		if (!path || access (path, R_OK))
			return false;
		curl_mimepart *part = curl_mime_addpart (mime);
		curl_mime_filedata (part, path);
		curl_mime_filename (part, NULL);
		curl_mime_type (part, json_string_value (json_object_get (o, "type")));
		curl_mime_encoder (part, "base64");
		struct curl_slist *head = curl_slist_append (
			NULL, arena_printf (a, "Content-Disposition: %s%s", shown ? "inline" : "attachment",
					    header_filename (a, json_string_value (json_object_get (o, "name")))));
		if (shown)
			head = curl_slist_append (
				head, arena_printf (a, "Content-ID: <%s>", json_string_value (json_object_get (o, "content_id"))));
		curl_mime_headers (part, head, 1);
	}
	return true;
}

/* The HTML, and with it the pictures that stand in it. Takes `related`. False: one is not there. */
static bool html_part (struct talk *t, curl_mime *both, curl_mime *related, const json_t *files)
{
	bool pictures = false;
	for (size_t i = 0; i < json_array_size (files); i++)
		pictures = pictures || in_text (json_array_get (files, i));
	part_text (pictures ? related : both, "text/html; charset=UTF-8", job_html (t));
	if (!pictures) {
		curl_mime_free (related);
		return true;
	}
	bool ret = parts_files (t, related, files, true);
	curl_mimepart *part = curl_mime_addpart (both);
	curl_mime_subparts (part, related);
	curl_mime_type (part, "multipart/related");
	return ret;
}

/* ---- the two ways ---- */

static void curl_common (struct talk *t, CURL *curl)
{
	curl_easy_reset (curl); /* connections stay */
	curl_easy_setopt (curl, CURLOPT_URL, t->url);
	curl_easy_setopt (curl, CURLOPT_TIMEOUT, (long) effect_limit (t->effect));
	curl_easy_setopt (curl, CURLOPT_CONNECTTIMEOUT,
			  (long) (effect_limit (t->effect) < CONNECT_SECONDS ? effect_limit (t->effect) : CONNECT_SECONDS));
	curl_easy_setopt (curl, CURLOPT_ERRORBUFFER, t->error);
	curl_easy_setopt (curl, CURLOPT_WRITEFUNCTION, reply_take);
	curl_easy_setopt (curl, CURLOPT_WRITEDATA, t);
	curl_easy_setopt (curl, CURLOPT_VERBOSE, 1L); /* to hear what is said; none of it is printed */
	curl_easy_setopt (curl, CURLOPT_DEBUGFUNCTION, wire_hear);
	curl_easy_setopt (curl, CURLOPT_DEBUGDATA, t);
	curl_easy_setopt (curl, CURLOPT_MAXAGE_CONN, 20L);
	t->outside = mailer_outside ();
	curl_outside (curl, &t->outside);
}

/* What a server took long ago may be thrown away by it meanwhile: a kept connection that is dead shows itself before the mail goes. */
static void smtp_send (struct talk *t, CURL *curl, const char *secret)
{
	const struct mail_job *j = t->job;
	struct arena *a = effect_arena (t->effect);
	int64_t port = j->has.port == HERE ? j->port : j->tls == mail_tls_tls ? 465 : 587;
	snprintf (t->url, sizeof t->url, "%s://%s:%lld", j->tls == mail_tls_tls ? "smtps" : "smtp", j->has.host == HERE ? j->host : "",
		  (long long) port);
	curl_common (t, curl);
	if (j->tls == mail_tls_starttls)
		curl_easy_setopt (curl, CURLOPT_USE_SSL, (long) CURLUSESSL_ALL);
	if (j->oauth && secret) {
		curl_bearer (curl, j->has.login == HERE ? j->login : j->from_email, secret);
	} else if (j->has.login == HERE && secret) {
		curl_easy_setopt (curl, CURLOPT_USERNAME, j->login);
		curl_easy_setopt (curl, CURLOPT_PASSWORD, secret);
	}
	json_t *files = json_loads (j->files, 0, NULL);
	struct curl_slist *head = letter_head (t), *to = curl_slist_append (NULL, arena_printf (a, "<%s>", j->email));
	curl_mime *mime = curl_mime_init (curl), *both = curl_mime_init (curl);
	part_text (both, "text/plain; charset=UTF-8", job_text (effect_arena (t->effect), j));
	bool whole = j->has.html != HERE || html_part (t, both, curl_mime_init (curl), files);
	curl_mimepart *part = curl_mime_addpart (mime);
	curl_mime_subparts (part, both);
	curl_mime_type (part, "multipart/alternative");
	curl_easy_setopt (curl, CURLOPT_MAIL_FROM, arena_printf (a, "<%s>", j->from_email));
	curl_easy_setopt (curl, CURLOPT_MAIL_RCPT, to);
	if (whole && parts_files (t, mime, files, false)) {
		long said = 0;
		curl_easy_setopt (curl, CURLOPT_HTTPHEADER, head);
		curl_easy_setopt (curl, CURLOPT_MIMEPOST, mime);
		CURLcode code = curl_easy_perform (curl);
		curl_easy_getinfo (curl, CURLINFO_RESPONSE_CODE, &said);
		tell_smtp (t, code, said);
	} else {
		tell (t, mail_outcome_refused, 0, "a file that goes with it is not there any more");
	}
	curl_easy_setopt (curl, CURLOPT_MIMEPOST, NULL);
	curl_mime_free (mime);
	curl_slist_free_all (head);
	curl_slist_free_all (to);
	json_decref (files);
}

/* In base64, or null: it is not there. */
static char *file_base64 (const char *path)
{
	struct stat at;
	char *ret = NULL;
	int fd = path ? open (path, O_RDONLY | O_CLOEXEC) : -1;
	if (fd >= 0 && !fstat (fd, &at) && at.st_size <= FILES_BYTES_MOST) {
		size_t n = (size_t) at.st_size, room = sodium_base64_ENCODED_LEN (n, sodium_base64_VARIANT_ORIGINAL), had = 0;
		unsigned char *bytes = heap_alloc (n + 1);
		for (ssize_t got; had < n && (got = read (fd, bytes + had, n - had)) > 0;)
			had += (size_t) got;
		ret = heap_alloc (room);
		sodium_bin2base64 (ret, room, bytes, had, sodium_base64_VARIANT_ORIGINAL);
		heap_free (bytes);
	}
	if (fd >= 0)
		close (fd);
	return ret;
}

static json_t *sendgrid_files (struct talk *t)
{
	json_t *files = json_loads (t->job->files, 0, NULL), *ret = json_array (), *o;
	size_t i;
	json_array_foreach (files, i, o)
	{
		char *content = file_base64 (file_path (effect_arena (t->effect), effect_files (t->effect), t->job->workspace_id.uuid,
							json_string_value (json_object_get (o, "sha256"))));
		if (!content) {
			json_decref (ret);
			ret = NULL;
			break;
		}
		json_t *file = json_pack ("{ss sO sO ss}", "content", content, "type", json_object_get (o, "type"), "filename",
					  json_object_get (o, "name"), "disposition", in_text (o) ? "inline" : "attachment");
		if (in_text (o))
			json_object_set (file, "content_id", json_object_get (o, "content_id"));
		json_array_append_new (ret, file);
		heap_free (content);
	}
	json_decref (files);
	return ret;
}

static size_t body_give (char *to, size_t size, size_t n, void *ctx)
{
	struct bytes *rest = ctx;
	size_t give = size * n < rest->n ? size * n : rest->n;
	memcpy (to, rest->at, give);
	rest->at += give;
	rest->n -= give;
	return give;
}

static void sendgrid_send (struct talk *t, CURL *curl, const char *secret)
{
	struct arena *a = effect_arena (t->effect);
	json_t *files = sendgrid_files (t);
	json_t *body = files ? sendgrid_body (a, t->job, files, job_unsubscribe (t)) : NULL;
	char *text = body ? json_dumps (body, JSON_COMPACT) : NULL;
	snprintf (t->url, sizeof t->url, "%s/v3/mail/send", t->job->has.host == HERE ? t->job->host : "https://api.sendgrid.com");
	if (text) {
		long said = 0;
		struct curl_slist *head = curl_slist_append (NULL, "Content-Type: application/json");
		head = curl_slist_append (head, "Expect:");
		head = head_add (t, head, "Authorization", arena_printf (a, "Bearer %s", secret ? secret : ""));
		curl_common (t, curl);
		curl_easy_setopt (curl, CURLOPT_PROTOCOLS_STR, mailer_config.private ? "http,https" : "https");
		curl_easy_setopt (curl, CURLOPT_HTTPHEADER, head);
		/* read once, and no way back to its beginning: else libcurl sends it again by itself when a kept connection breaks, and nobody
		 * could say how often it was taken */
		struct bytes rest = { (const unsigned char *) text, strlen (text) };
		curl_easy_setopt (curl, CURLOPT_POST, 1L);
		curl_easy_setopt (curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t) rest.n);
		curl_easy_setopt (curl, CURLOPT_READFUNCTION, body_give);
		curl_easy_setopt (curl, CURLOPT_READDATA, &rest);
		CURLcode code = curl_easy_perform (curl);
		curl_easy_getinfo (curl, CURLINFO_RESPONSE_CODE, &said);
		tell_sendgrid (t, code, said);
		curl_slist_free_all (head);
	} else {
		tell (t, mail_outcome_refused, 0, "a file that goes with it is not there any more");
	}
	free (text);
	json_decref (body);
	json_decref (files);
}

/* The text that goes is whole only here: what is kept of it says {link}. */
static bool link_put (struct arena *a, struct mail_job *j)
{
	static const char mark[] = "{link}";
	struct bytes link;
	if (j->has.link != HERE || j->has.text != HERE || unseal_text (a, j->link, &link) != OK)
		return false;
	struct buffer out = { 0 };
	const char *at = j->text, *next;
	for (; (next = strstr (at, mark)); at = next + strlen (mark)) {
		buffer_add (&out, at, (size_t) (next - at));
		buffer_add (&out, link.at, link.n);
	}
	buffer_text (&out, at);
	j->text = arena_copy (a, (const char *) out.at, out.n);
	j->html = text_html (a, j->text, NULL, 0);
	j->has.html = HERE;
	sodium_memzero (out.at, out.n);
	buffer_fini (&out);
	return true;
}

const void *mail_act (struct effect *e, const void *claimed)
{
	const struct mail_job *j = claimed;
	struct wire *w = effect_state (e);
	struct arena *a = effect_arena (e);
	struct mail_told *told = arena_alloc (a, sizeof *told);
	struct talk *t = arena_alloc (a, sizeof *t);
	struct bytes secret = { 0 };
	*told = (struct mail_told){ .workspace_id = j->workspace_id, .mail_id = j->mail_id, .n = j->n, .attempt = j->attempt };
	*t = (struct talk){ .effect = e, .job = j, .told = told };
	if (!w->curl)
		w->curl = curl_easy_init ();
	if (j->has.suppressed == HERE) {
		tell (t, mail_outcome_refused, 0, arena_printf (a, "the address gets no mail: %s", j->suppressed));
		return told;
	}
	if (j->oauth && j->has.access_sealed != HERE) {
		tell (t, mail_outcome_later, -CURLE_LOGIN_DENIED, "nobody is logged in with the provider, or not any more: log in again");
		return told;
	}
	unsigned char has_secret = j->oauth ? j->has.access_sealed : j->has.sealed;
	if (!w->curl || (has_secret == HERE && unseal_text (a, j->oauth ? j->access_sealed : j->sealed, &secret) != OK)) {
		tell (t, mail_outcome_later, -CURLE_LOGIN_DENIED,
		      "the account's secret cannot be read: it was sealed with another CRM_KEY");
		return told;
	}
	if (j->with_link) {
		struct mail_job *whole = arena_alloc (a, sizeof *whole); /* the connection may still speak of it when it is closed */
		*whole = *j;
		if (!link_put (a, whole)) {
			tell (t, mail_outcome_refused, 0, "the link in it is good no longer; send a new one");
			return told;
		}
		t->job = whole;
	}
	if (j->kind == mail_account_kind_sendgrid)
		sendgrid_send (t, w->curl, (const char *) secret.at);
	else
		smtp_send (t, w->curl, (const char *) secret.at);
	if (secret.at)
		sodium_memzero ((void *) (uintptr_t) secret.at, secret.n);
	return told;
}

void mail_act_end (void *state)
{
	struct wire *w = state;
	if (w->curl)
		curl_easy_cleanup (w->curl);
}
