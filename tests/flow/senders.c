/* Those who send leads in their own way, told through the door: who they are by what they sign, what comes of what they say, and that saying it again
 * changes nothing. The cases stand in tests/fixtures, signed by their makers; what is signed here is signed by these lines, not by the product's. */
#include <glob.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "story.h"

enum { SIGNED = 200, MACS_MOST = 64 };

struct told {
	const char *kind, *name; /* folder/name of its files; null: `body` */
	const char *secret;	 /* where the case names none; null: nothing is signed */
	int status;
	const char *outcome;
	const char *body;
};

#define WEBFLOW                                                                                                                     \
	"{\"triggerType\":\"form_submission\",\"payload\":{\"name\":\"Contact\",\"id\":\"w1\",\"data\":{\"Naam\":\"Sanne de Wit\"," \
	"\"Email\":\"sanne.dewit@example.com\"}}}"
#define CRISP                                                                                                                              \
	"{\"event\":\"message:send\",\"data\":{\"website_id\":\"s\",\"session_id\":\"session_1\",\"type\":\"text\",\"content\":\"Hallo\"," \
	"\"from\":\"user\",\"fingerprint\":163506,\"timestamp\":1795256100000}}"

static const struct told told[] = {
	{ "typeform", "typeform/form_response", NULL, 202, "lead", NULL },
	{ "tally", "tally/form_response", NULL, 202, "lead", NULL },
	{ "webflow", NULL, "webflow-secret", 202, "lead", WEBFLOW },
	{ "google_ads", "google-ads/lead-form", "google-test-key-7f3a", 200, "lead", NULL },
	{ "google_ads", "google-ads/lead-form-test", "google-test-key-7f3a", 200, "test", NULL },
	{ "google_ads", "google-ads/lead-form-wrong-key", "google-test-key-7f3a", 403, "bad_signature", NULL },
	{ "google_forms", "google-forms/apps-script", NULL, 202, "lead", NULL },
	{ "meta", "meta/leadgen", NULL, 200, "fetch", NULL },
	{ "whatsapp", "whatsapp/text", NULL, 200, "talk", NULL },
	{ "whatsapp", "whatsapp/image", NULL, 200, "talk", NULL },
	{ "whatsapp", "whatsapp/ad-referral", NULL, 200, "talk", NULL },
	{ "whatsapp", "whatsapp/status-delivered", NULL, 200, "talk", NULL },
	{ "whatsapp", "whatsapp/status-failed", NULL, 200, "talk", NULL },
	{ "hubspot", "hubspot/events", NULL, 202, "fetch", NULL },
	{ "calendly", "calendly/invitee.created", NULL, 202, "lead", NULL },
	{ "calendly", "calendly/invitee.canceled", NULL, 202, "booking", NULL },
	{ "tawk", "tawk/chat-start", NULL, 202, "talk", NULL },
	{ "tawk", "tawk/chat-transcript", NULL, 202, "talk", NULL },
	{ "crisp", NULL, "crisp-secret", 202, "talk", CRISP },
	{ "intercom", "intercom/conversation.user.created", NULL, 200, "talk", NULL },
	{ "intercom", "intercom/ping", NULL, 200, "noted", NULL },
	{ "linkedin", "linkedin/lead_action", NULL, 200, "fetch", NULL },
};

/* ---- how each signs ---- */

static const char *mac_text (const EVP_MD *md, bool hex, const char *secret, const char *bytes, size_t n, char ret[2 * MACS_MOST])
{
	unsigned char mac[MACS_MOST];
	unsigned size = 0;
	CHECK (HMAC (md, secret, (int) strlen (secret), (const unsigned char *) bytes, n, mac, &size), "nothing was signed");
	if (hex)
		return sodium_bin2hex (ret, 2 * MACS_MOST, mac, size);
	return sodium_bin2base64 (ret, 2 * MACS_MOST, mac, size, sodium_base64_VARIANT_ORIGINAL);
}

/* What they sign: the body, or more around it. */
enum signs { BODY, TIME_COLON, TIME_DOT, CALL_TIME, ARRAY, WORD };

static const struct way {
	const char *kind, *header, *time; /* time: the header beside it that says when; null: none */
	enum signs signs;
	bool sha1, base64;
} ways[] = {
	{ "typeform", "Typeform-Signature: sha256=", NULL, BODY, false, true },
	{ "tally", "Tally-Signature: ", NULL, BODY, false, true },
	{ "webflow", "X-Webflow-Signature: ", "X-Webflow-Timestamp", TIME_COLON, false, false },
	{ "google_forms", "X-Signature-256: sha256=", NULL, BODY, false, false },
	{ "meta", "X-Hub-Signature-256: sha256=", NULL, BODY, false, false },
	{ "whatsapp", "X-Hub-Signature-256: sha256=", NULL, BODY, false, false },
	{ "hubspot", "X-HubSpot-Signature-v3: ", "X-HubSpot-Request-Timestamp", CALL_TIME, false, true },
	{ "calendly", "Calendly-Webhook-Signature: ", NULL, TIME_DOT, false, false },
	{ "tawk", "X-Tawk-Signature: ", NULL, BODY, true, false },
	{ "crisp", "X-Crisp-Signature: ", "X-Crisp-Request-Timestamp", ARRAY, false, false },
	{ "intercom", "X-Hub-Signature: sha1=", NULL, BODY, true, false },
	{ "linkedin", "X-LI-Signature: ", NULL, WORD, false, false },
};

static const struct way *way_of (const char *kind)
{
	for (size_t i = 0; i < LENGTH (ways); i++)
		if (!strcmp (ways[i].kind, kind))
			return &ways[i];
	return NULL;
}

static bool is_timed (const struct way *way)
{
	return way && (way->time || way->signs == TIME_DOT);
}

static void bytes_signed (struct buffer *to, enum signs signs, const char *url, const char *body, long long at)
{
	switch (signs) {
	case BODY: buffer_text (to, body); break;
	case TIME_COLON: buffer_printf (to, "%lld:%s", at * 1000, body); break;
	case TIME_DOT: buffer_printf (to, "%lld.%s", at, body); break;
	case CALL_TIME: buffer_printf (to, "POST%s%s%lld", url, body, at * 1000); break;
	case ARRAY: buffer_printf (to, "[%lld;%s]", at * 1000, body); break;
	case WORD: buffer_printf (to, "hmacsha256=%s", body); break;
	}
}

struct seal {
	char header[2][SIGNED]; /* the second empty where one is enough */
};

/* Headers that sign these bytes at that moment, in seconds since 1970. */
static struct seal sealed (const char *kind, const char *secret, const char *url, const char *body, long long at)
{
	const struct way *way = secret ? way_of (kind) : NULL;
	struct seal ret = { 0 };
	struct buffer bytes = { 0 };
	char mac[2 * MACS_MOST];
	if (!way)
		return ret;
	bytes_signed (&bytes, way->signs, url, body, at);
	mac_text (way->sha1 ? EVP_sha1 () : EVP_sha256 (), !way->base64, secret, (const char *) bytes.at, bytes.n, mac);
	buffer_fini (&bytes);
	if (way->signs == TIME_DOT)
		snprintf (ret.header[0], SIGNED, "%st=%lld,v1=%s", way->header, at, mac);
	else
		snprintf (ret.header[0], SIGNED, "%s%s", way->header, mac);
	if (way->time)
		snprintf (ret.header[1], SIGNED, "%s: %lld", way->time, at * 1000);
	return ret;
}

/* ---- a case ---- */

struct tale {
	const struct told *told;
	json_t *of; /* the case; null: it is written above */
	char *body;
	const char *secret;
	char hook[200];
	struct workspace *w;
	char source[64]; /* its id */
};

static char *text_of_file (const char *path)
{
	FILE *file = fopen (path, "rb");
	struct buffer b = { 0 };
	CHECK (file, "%s is not there", path);
	for (size_t n; (n = fread (buffer_reserve (&b, 65536), 1, 65536, file)) > 0;)
		b.n += n;
	fclose (file);
	buffer_add (&b, "", 1);
	return (char *) b.at;
}

static struct tale tale_open (struct stack *s, struct workspace *w, const struct told *of)
{
	struct tale t = { .told = of, .w = w, .secret = of->secret };
	char path[300], words[300];
	if (of->name) {
		snprintf (path, sizeof path, "tests/fixtures/%s.case.json", of->name);
		t.of = json_load_file (path, 0, NULL);
		CHECK (t.of, "%s is no JSON", path);
		snprintf (path, sizeof path, "tests/fixtures/%s.body.json", of->name);
		t.body = text_of_file (path);
		if (!t.secret)
			t.secret = json_string_value (json_object_get (t.of, "secret"));
	} else {
		t.body = heap_text (of->body);
	}
	snprintf (words, sizeof words, "--kind %s%s%s", of->kind, t.secret ? " --secret " : "", t.secret ? t.secret : "");
	given_source (s, w->slug, words, t.hook);
	char *id = sql_text (s, "select id from lead_intake.source where workspace_id = '%s' order by id desc limit 1", w->id);
	snprintf (t.source, sizeof t.source, "%s", id);
	heap_free (id);
	return t;
}

static void tale_end (struct tale *t)
{
	json_decref (t->of);
	heap_free (t->body);
}

static int64_t kept (struct stack *s, const struct tale *t)
{
	return sql_number (s, "select count(*) from lead_intake.submission where source_id = '%s'", t->source);
}

static int64_t leads (struct stack *s, const struct tale *t)
{
	return sql_number (s, "select count(*) from lead_intake.lead where source_id = '%s'", t->source);
}

static struct web_answer sent (struct stack *s, const struct tale *t, const char *body, const struct seal *seal)
{
	struct web_request r = { .method = "POST", .url = t->hook, .body = body };
	size_t n = 0;
	for (size_t i = 0; seal && i < LENGTH (seal->header); i++)
		if (seal->header[i][0])
			r.header[n++] = seal->header[i];
	return web_ask (s, &r);
}

/* As its maker recorded it, with its maker's signature, where that does not name a moment or an address that is not ours. */
static struct web_answer recorded (struct stack *s, const struct tale *t)
{
	struct web_request r = { .method = "POST", .url = t->hook, .body = t->body };
	char *headers[LENGTH (r.header)] = { 0 };
	const char *key;
	json_t *value;
	size_t n = 0;
	json_object_foreach (json_object_get (t->of, "headers"), key, value)
	{
		if (!strcasecmp (key, "Content-Type"))
			r.type = json_string_value (value);
		else if (n < LENGTH (headers) && asprintf (&headers[n], "%s: %s", key, json_string_value (value)) > 0)
			r.header[n] = headers[n], n++;
	}
	struct web_answer a = web_ask (s, &r);
	for (size_t i = 0; i < n; i++)
		free (headers[i]);
	return a;
}

/* The same with a member more, as a second try has one: what makes it the same is what its sender calls it, not its bytes. */
static char *again_of (const char *body)
{
	const char *at = strchr (body, '{');
	struct buffer b = { 0 };
	buffer_add (&b, body, (size_t) (at - body) + 1);
	buffer_text (&b, "\"tried_again\":2,");
	buffer_text (&b, at + 1);
	buffer_add (&b, "", 1);
	return (char *) b.at;
}

static void then_lead_is (struct stack *s, const struct tale *t)
{
	static const char *const columns[][2] = { { "name", "name" },	    { "email", "email" },     { "phone_e164", "phone" },
						  { "company", "company" }, { "message", "message" }, { "external_id", "external_id" } };
	json_t *wanted = json_object_get (t->of, "expect_lead");
	for (size_t i = 0; i < LENGTH (columns); i++) {
		const char *is = json_string_value (json_object_get (wanted, columns[i][0]));
		if (!is || (!strcmp (columns[i][0], "company") && !strstr (t->body, "Bakkerij"))) /* what is not said is not made up */
			continue;
		char *got = sql_text (s, "select %s from lead_intake.lead where source_id = '%s'", columns[i][1], t->source);
		CHECK (!strcmp (got, is), "%s: %s is '%s', not '%s'", t->told->name, columns[i][0], got, is);
		heap_free (got);
	}
}

static void then_kept_as (struct stack *s, const struct tale *t, const char *outcome, int64_t n)
{
	then_number (s, n, outcome, "select count(*) from lead_intake.submission where source_id = '%s' and outcome = '%s'", t->source,
		     outcome);
}

/* What was said is kept as what it is, and saying it again keeps nothing more, makes nothing more and is answered alike. */
static void told_and_again (struct stack *s, const struct tale *t)
{
	const struct way *way = way_of (t->told->kind);
	bool lead = !strcmp (t->told->outcome, "lead"), refused = !strcmp (t->told->outcome, "bad_signature");
	struct seal seal = sealed (t->told->kind, t->secret, t->hook, t->body, (long long) time (NULL));
	struct web_answer a = t->of && !is_timed (way) ? recorded (s, t) : sent (s, t, t->body, &seal);
	CHECK (a.status == t->told->status, "%s %s is answered %d: %s", t->told->kind, t->told->name, a.status, a.body);
	const char *body = json_string_value (json_object_get (t->of, "expect_response_body"));
	CHECK (!body || !strcmp (body, a.body), "%s is answered %s", t->told->name, a.body);
	then_kept_as (s, t, t->told->outcome, 1);
	CHECK (leads (s, t) == lead, "%s made %lld leads", t->told->kind, (long long) leads (s, t));
	char *more = again_of (t->body);
	seal = sealed (t->told->kind, t->secret, t->hook, more, (long long) time (NULL));
	struct web_answer b = sent (s, t, more, &seal);
	CHECK (b.status == a.status && (refused || !strcmp (a.body, b.body)), "%s said again is answered %d %s, not %s", t->told->kind,
	       b.status, b.body, a.body);
	if (!refused && strcmp (t->told->outcome, "noted")) /* a word that bears no name is told by its bytes */
		CHECK (kept (s, t) == 1, "%s %s said again is kept again", t->told->kind, t->told->name);
	CHECK (leads (s, t) == lead, "%s said again made a lead", t->told->kind);
	if (lead && t->of)
		then_lead_is (s, t);
	heap_free (more);
	web_free (&a);
	web_free (&b);
}

/* A byte of it is another, nothing is signed, or it was signed long ago: 401, the request as it came, and nothing else. */
static void forged (struct stack *s, const struct tale *t)
{
	const struct way *way = way_of (t->told->kind);
	long long now = (long long) time (NULL);
	int64_t before = kept (s, t), made = leads (s, t), refusals = 0;
	if (!way || !t->secret)
		return;
	struct seal seal = sealed (t->told->kind, t->secret, t->hook, t->body, now), none = { 0 };
	char *other = heap_text (t->body);
	char *at = strpbrk (other + strlen (other) / 2, "aeiou0123456789");
	CHECK (at, "%s has no letter to change", t->told->kind);
	*at = *at == '1' ? '2' : '1';
	struct web_answer a = sent (s, t, other, &seal);
	then_problem (&a, 401, "bad_signature"), refusals++;
	char *row = sql_text (
		s, "select convert_from(body, 'UTF8') from lead_intake.submission where source_id = '%s' and outcome = 'bad_signature'",
		t->source);
	CHECK (!strcmp (row, other), "%s: what was refused is not kept as it came", t->told->kind);
	a = sent (s, t, t->body, &none);
	then_problem (&a, 401, "bad_signature"), refusals++;
	struct seal theirs = sealed (t->told->kind, "another secret", t->hook, t->body, now);
	a = sent (s, t, t->body, &theirs);
	then_problem (&a, 401, "bad_signature"), refusals++;
	if (is_timed (way)) {
		struct seal late = sealed (t->told->kind, t->secret, t->hook, t->body, now - 3600);
		a = sent (s, t, t->body, &late);
		then_problem (&a, 401, "bad_signature"), refusals++;
	}
	then_kept_as (s, t, "bad_signature", refusals);
	CHECK (kept (s, t) == before + refusals && leads (s, t) == made, "%s: a forged one did more than be kept", t->told->kind);
	heap_free (row);
	heap_free (other);
}

/* None of the files is left out of the table: what comes of one is told there. */
static void then_all_are_told (void)
{
	static const char *const folders[] = { "typeform", "tally",    "webflow", "google-ads", "google-forms", "meta",	   "whatsapp",
					       "hubspot",  "calendly", "tawk",	  "crisp",	"intercom",	"linkedin" };
	for (size_t i = 0; i < LENGTH (folders); i++) {
		glob_t found = { 0 };
		char pattern[100];
		snprintf (pattern, sizeof pattern, "tests/fixtures/%s/*.body.json", folders[i]);
		glob (pattern, 0, NULL, &found);
		for (size_t k = 0; k < found.gl_pathc; k++) {
			bool here = false;
			for (size_t m = 0; m < LENGTH (told); m++)
				here = here || (told[m].name && strstr (found.gl_pathv[k], told[m].name) &&
						strlen (told[m].name) + strlen ("tests/fixtures/.body.json") == strlen (found.gl_pathv[k]));
			CHECK (here, "%s is told by nobody", found.gl_pathv[k]);
		}
		globfree (&found);
	}
}

STORY (senders_are_told_apart,
       "Each sender of leads is known by what it signs: its cases become what they are, once, and a forged one is kept as it came")
{
	struct workspace *w = given_workspace (s, "signers", "nl-offerte-6");
	then_all_are_told ();
	for (size_t i = 0; i < LENGTH (told); i++) {
		struct tale t = tale_open (s, w, &told[i]);
		told_and_again (s, &t);
		forged (s, &t);
		tale_end (&t);
	}
	settle (s);
	then_no_dead_letters (s);
	size_t made = 0;
	for (size_t i = 0; i < LENGTH (told); i++)
		made += !strcmp (told[i].outcome, "lead");
	then_number (s, (int64_t) made, "leads", "select count(*) from lead_intake.lead where workspace_id = '%s'", w->id);
	then_number (s, (int64_t) made, "deals", "select count(*) from pipeline.deal where workspace_id = '%s'", w->id);
}

/* ---- an appointment that moves ---- */

STORY (senders_move_bookings, "An appointment that is moved makes no second lead, and what was said of it is kept")
{
	struct workspace *w = given_workspace (s, "senders-move", "nl-offerte-6");
	struct tale t = tale_open (s, w, &(struct told){ .kind = "calendly", .name = "calendly/invitee.created" });
	struct seal seal = sealed ("calendly", t.secret, t.hook, t.body, (long long) time (NULL));
	struct web_answer a = sent (s, &t, t.body, &seal);
	then_status (&a, 202);
	json_t *o = json_loads (t.body, 0, NULL), *said = json_object_get (o, "payload");
	json_object_set (said, "old_invitee", json_object_get (said, "uri"));
	json_object_set_new (said, "uri", json_string ("https://api.calendly.com/scheduled_events/NEW/invitees/INV2"));
	char *moved = json_dumps (o, JSON_COMPACT);
	for (int i = 0; i < 2; i++) {
		seal = sealed ("calendly", t.secret, t.hook, moved, (long long) time (NULL));
		a = sent (s, &t, moved, &seal);
		then_status (&a, 202);
	}
	then_kept_as (s, &t, "lead", 1);
	then_kept_as (s, &t, "booking", 1);
	CHECK (leads (s, &t) == 1, "a moved appointment made a lead");
	free (moved);
	json_decref (o);
	tale_end (&t);
}

/* ---- what is asked before anything is sent ---- */

static struct web_answer asked (struct stack *s, const char *method, const char *hook, const char *query)
{
	char url[600];
	snprintf (url, sizeof url, "%s%s", hook, query);
	return web_ask (s, &(struct web_request){ .method = method, .url = url });
}

STORY (senders_shake_hands,
       "An address that is asked whose it is answers who knows the token or the challenge, and nobody else; it takes nothing by that")
{
	static const char query[] = "?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=my-verify-token",
			  wrong[] = "?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=my-verify-tokex",
			  code[] = "?challengeCode=890e4665-4dfe-4ab1-b689-ed553bceeed0";
	struct workspace *w = given_workspace (s, "shakes", "nl-offerte-6");
	char hook[200];
	for (int i = 0; i < 2; i++) {
		given_source (s, w->slug,
			      i ? "--kind whatsapp --secret x --verify-token my-verify-token"
				: "--kind meta --verify-token my-verify-token",
			      hook);
		struct web_answer a = asked (s, "GET", hook, query);
		CHECK (a.status == 200 && !strcmp (a.body, "1158201444"), "the handshake: %d %s", a.status, a.body);
		web_free (&a);
		a = asked (s, "GET", hook, wrong);
		CHECK (a.status == 403 && !strstr (a.body, "1158201444"), "a wrong token: %d %s", a.status, a.body);
		web_free (&a);
		a = asked (s, "GET", hook, "");
		then_status (&a, 405);
		a = asked (s, "HEAD", hook, "");
		then_status (&a, 200);
	}
	given_source (s, w->slug, "--kind meta", hook);
	struct web_answer a = asked (s, "GET", hook, query);
	then_status (&a, 403);
	given_source (s, w->slug, "--kind typeform", hook);
	a = asked (s, "GET", hook, query);
	then_status (&a, 405);
	given_source (s, w->slug, "--kind linkedin --secret linkedin-client-secret", hook);
	a = asked (s, "GET", hook, code);
	json_t *wanted = json_load_file ("tests/fixtures/linkedin/challenge.response.json", 0, NULL);
	CHECK (a.status == 200 && wanted && json_equal (a.json, wanted), "the challenge: %d %s", a.status, a.body);
	json_decref (wanted);
	web_free (&a);
	then_number (s, 0, "requests", "select count(*) from lead_intake.submission where workspace_id = '%s'", w->id);
}

/* ---- operators ---- */

static int answers (struct stack *s, const struct tale *t)
{
	struct web_answer a = sent (s, t, t->body, NULL);
	int ret = a.status;
	web_free (&a);
	return ret;
}

STORY (senders_by_operators, "Who runs the house gives a way in another address, takes it away and gives it back; the audit says so")
{
	struct workspace *w = given_workspace (s, "operated", "nl-offerte-6");
	struct tale t = tale_open (s, w, &(struct told){ .kind = "generic", .body = "{\"name\":\"Piet\",\"email\":\"piet@operated.nl\"}" });
	json_t *o = ctl (s, "source rotate %s --workspace operated --overlap 1", t.source);
	CHECK (strstr (text_at (o, "url"), "/hooks/") && strcmp (text_at (o, "url"), t.hook), "another address: %s", text_at (o, "url"));
	struct web_answer a = sent (s, &t, t.body, NULL);
	then_status (&a, 202);
	snprintf (t.hook, sizeof t.hook, "%s", text_at (o, "url"));
	json_decref (o);
	a = sent (s, &t, "{\"name\":\"Kees\",\"email\":\"kees@operated.nl\"}", NULL);
	then_status (&a, 202);
	CHECK (leads (s, &t) == 2, "two addresses of one way in made %lld leads", (long long) leads (s, &t));
	json_decref (ctl (s, "source remove %s --workspace operated", t.source));
	UNTIL (8000, answers (s, &t) == 404, "it still takes what is sent");
	json_decref (ctl (s, "source restore %s --workspace operated", t.source));
	UNTIL (8000, answers (s, &t) == 202, "it does not come back");
	settle (s);
	then_number (
		s, 3, "lines of the audit",
		"select count(*) from gateway.audit where workspace_id = '%s' and what in ('source_rotate', 'source_remove', 'source_restore')",
		w->id);
	tale_end (&t);
}
