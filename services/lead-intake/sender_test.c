/* Each sender's own examples: what it signs fits, one byte of it changed does not; what it says is read as it is meant, and mapped to the lead that it gives.
 * The examples are files: what they hold is nobody's to change. */
#include <stdlib.h>
#include "sender.h"
#include "test.h"

static struct arena arena;
/* What the two senders that publish no example make of the bodies below; reckoned by another program. */
#define WEBFLOW_HEX "5d92638870d69e8327480e20aa0321e4c5b3da99a46fb84727daea8caecec523"
#define CRISP_HEX "c284ffc04fac3721b79dca136d0da4ef04fa882c623eb744ccb950534614f1f2"

static const int64_t frozen = INT64_C (1795256100) * 1000000; /* 2026-11-21 10:15 UTC, when all of them were signed */

/* ---- examples ---- */

struct example {
	json_t *of; /* NAME.case.json */
	struct bytes body;
	json_t *tree;
};

static struct bytes file_read (const char *path)
{
	unsigned char room[65536];
	FILE *file = fopen (path, "rb");
	size_t n = file ? fread (room, 1, sizeof room, file) : 0;
	CHECK (file && n && n < sizeof room);
	if (file)
		fclose (file);
	return (struct bytes){ (const unsigned char *) arena_copy (&arena, (const char *) room, n), n };
}

static struct example example_of (const char *name)
{
	struct example ret = { .of = json_load_file (arena_printf (&arena, "tests/fixtures/%s.case.json", name), 0, NULL) };
	ret.body = file_read (arena_printf (&arena, "tests/fixtures/%s.body.json", name));
	ret.tree = json_loadb ((const char *) ret.body.at, ret.body.n, 0, NULL);
	CHECK (ret.of && ret.tree);
	return ret;
}

static void example_end (struct example *e)
{
	json_decref (e->of);
	json_decref (e->tree);
}

static const char *header_of (const void *ctx, const char *name)
{
	const char *key;
	json_t *value;
	json_object_foreach ((json_t *) ctx, key, value) if (strcasecmp (key, name) == 0) return json_string_value (value);
	return NULL;
}

static struct sender_request request_of (const struct example *e, struct bytes body)
{
	const char *url = json_string_value (json_object_get (e->of, "uri"));
	return (struct sender_request){ .method = "POST",
					.url = url ? url : "https://crm.example.com/hooks/key",
					.header = header_of,
					.ctx = json_object_get (e->of, "headers"),
					.body = body,
					.now = frozen };
}

/* ---- signatures ---- */

static const struct {
	const char *kind, *name, *secret;
} signed_ones[] = {
	{ "typeform", "typeform/form_response", NULL },
	{ "tally", "tally/form_response", NULL },
	{ "google_ads", "google-ads/lead-form", "google-test-key-7f3a" },
	{ "google_forms", "google-forms/apps-script", NULL },
	{ "meta", "meta/leadgen", NULL },
	{ "whatsapp", "whatsapp/text", NULL },
	{ "whatsapp", "whatsapp/image", NULL },
	{ "whatsapp", "whatsapp/ad-referral", NULL },
	{ "whatsapp", "whatsapp/status-delivered", NULL },
	{ "whatsapp", "whatsapp/status-failed", NULL },
	{ "hubspot", "hubspot/events", NULL },
	{ "calendly", "calendly/invitee.created", NULL },
	{ "calendly", "calendly/invitee.canceled", NULL },
	{ "tawk", "tawk/chat-start", NULL },
	{ "tawk", "tawk/chat-transcript", NULL },
	{ "intercom", "intercom/conversation.user.created", NULL },
	{ "linkedin", "linkedin/lead_action", NULL },
};

/* Some sender that signs a time, a second too early, and too late. */
static void time_counts (const struct sender *s, struct bytes secret, struct sender_request r)
{
	bool timed = header_of (r.ctx, "Calendly-Webhook-Signature") || header_of (r.ctx, "X-HubSpot-Request-Timestamp");
	r.now = frozen + 170 * INT64_C (1000000);
	CHECK (sender_verify (s, secret, &r) == SENDER_FITS);
	r.now = frozen + 301 * INT64_C (1000000);
	CHECK (sender_verify (s, secret, &r) == (timed ? SENDER_LATE : SENDER_FITS));
	r.now = frozen - 301 * INT64_C (1000000);
	CHECK (sender_verify (s, secret, &r) == (timed ? SENDER_LATE : SENDER_FITS));
}

static void signatures_fit (void)
{
	for (size_t i = 0; i < LENGTH (signed_ones); i++) {
		struct example e = example_of (signed_ones[i].name);
		const struct sender *s = sender_of (signed_ones[i].kind);
		const char *text = signed_ones[i].secret ? signed_ones[i].secret : json_string_value (json_object_get (e.of, "secret"));
		CHECK (s && text);
		if (!s || !text)
			continue;
		struct bytes secret = { (const unsigned char *) text, strlen (text) };
		struct sender_request r = request_of (&e, e.body);
		CHECK (sender_verify (s, secret, &r) == SENDER_FITS);
		time_counts (s, secret, r);
		CHECK (sender_verify (s, (struct bytes){ secret.at, secret.n - 1 }, &r) == SENDER_FORGED);
		CHECK (sender_verify (s, (struct bytes){ 0 }, &r) == SENDER_FITS);
		bool in_body = strcmp (signed_ones[i].kind, "google_ads") == 0; /* its key is a part of the body, which is not signed */
		for (size_t at = 0; at < e.body.n && !in_body; at += 7) {
			unsigned char *other = (unsigned char *) arena_copy (&arena, (const char *) e.body.at, e.body.n);
			other[at] ^= 1;
			r = request_of (&e, (struct bytes){ other, e.body.n });
			CHECK (sender_verify (s, secret, &r) == SENDER_FORGED);
		}
		json_t *none = json_object ();
		r = request_of (&e, e.body);
		r.ctx = none;
		CHECK (in_body || sender_verify (s, secret, &r) == SENDER_FORGED);
		json_decref (none);
		example_end (&e);
	}
	struct example wrong = example_of ("google-ads/lead-form-wrong-key");
	struct sender_request r = request_of (&wrong, wrong.body);
	CHECK (sender_verify (sender_of ("google_ads"), (struct bytes){ (const unsigned char *) "google-test-key-7f3a", 20 }, &r) ==
	       SENDER_FORGED);
	example_end (&wrong);
	CHECK (!sender_of ("generic") && !sender_of ("web_form"));
}

/* ---- handshakes ---- */

static struct sender_shake shaken (const char *kind, const char *secret, const char *token, const char *query)
{
	json_t *o = json_loads (query, 0, NULL);
	struct sender_shake ret = sender_shake (sender_of (kind), &arena, (struct bytes){ (const unsigned char *) secret, strlen (secret) },
						token, header_of, o);
	json_decref (o);
	return ret;
}

static void handshakes_are_answered (void)
{
	static const char meta[] = "{\"hub.mode\":\"subscribe\",\"hub.challenge\":\"1158201444\",\"hub.verify_token\":\"my-verify-token\"}";
	struct sender_shake s = shaken ("meta", "x", "my-verify-token", meta);
	CHECK (s.status == 200);
	CHECK_TEXT (s.body, "1158201444");
	CHECK (shaken ("whatsapp", "x", "my-verify-token", meta).status == 200);
	CHECK (shaken ("meta", "x", "another-token", meta).status == 403 && shaken ("meta", "x", NULL, meta).status == 403);
	CHECK (shaken ("typeform", "x", "my-verify-token", meta).status == 0);
	s = shaken ("linkedin", "linkedin-client-secret", NULL, "{\"challengeCode\":\"890e4665-4dfe-4ab1-b689-ed553bceeed0\"}");
	json_t *is = s.body ? json_loads (s.body, 0, NULL) : NULL,
	       *wanted = json_load_file ("tests/fixtures/linkedin/challenge.response.json", 0, NULL);
	CHECK (s.status == 200 && wanted && json_equal (is, wanted));
	json_decref (is);
	json_decref (wanted);
	CHECK_TEXT (sender_thanks (sender_of ("google_ads")).body, "{}");
	CHECK (sender_thanks (sender_of ("typeform")).status == 0);
}

/* ---- what they say ---- */

static void lead_is (const json_t *tree, const json_t *wanted)
{
	struct reading how = { .country = "NL", .dutch = true };
	struct lead_draft *lead;
	size_t n;
	leads_read (&arena, tree, &how, &lead, &n);
	CHECK (n == 1);
	if (n != 1)
		return;
	const char *text;
	CHECK_TEXT (lead->name, json_string_value (json_object_get (wanted, "name")));
	CHECK_TEXT (lead->has.email == HERE ? lead->email : NULL, json_string_value (json_object_get (wanted, "email")));
	text = json_string_value (json_object_get (wanted, "phone_e164"));
	if (text)
		CHECK_TEXT (lead->has.phone == HERE ? lead->phone : NULL, text);
	text = json_string_value (json_object_get (wanted, "message"));
	if (text)
		CHECK_TEXT (lead->has.message == HERE ? lead->message : NULL, text);
}

static const struct {
	const char *kind, *name;
	enum sender_what what;
	const char *external;
} leads[] = {
	{ "typeform", "typeform/form_response", SENDER_LEAD, "q7w8e9r0t1y2u3i4o5p6" },
	{ "tally", "tally/form_response", SENDER_LEAD, "2wgx4n" },
	{ "google_ads", "google-ads/lead-form", SENDER_LEAD, "TeSter-123-ABCDEFGHIJKLMNOPQRSTUVWXYZ-abcdefghij-0123456789-AaBbCcDdEe" },
	{ "google_forms", "google-forms/apps-script", SENDER_LEAD, "2_ABaOnudxyz" },
	{ "calendly", "calendly/invitee.created", SENDER_LEAD,
	  "https://api.calendly.com/scheduled_events/GBGBDCAADAEDCRZ2/invitees/INV0000000001" },
};

static struct sender_part *parts_of (struct example *e, const char *kind, const char *name, size_t *ret_n)
{
	*e = example_of (name);
	return sender_read (sender_of (kind), &arena, e->tree, ret_n);
}

static void leads_are_read (void)
{
	for (size_t i = 0; i < LENGTH (leads); i++) {
		struct example e;
		size_t n;
		struct sender_part *part = parts_of (&e, leads[i].kind, leads[i].name, &n);
		CHECK (n == 1 && part->what == leads[i].what);
		CHECK_TEXT (part->external, leads[i].external);
		lead_is (part->tree, json_object_get (e.of, "expect_lead"));
		sender_parts_end (part, n);
		example_end (&e);
	}
	struct example e;
	size_t n;
	struct sender_part *part = parts_of (&e, "google_ads", "google-ads/lead-form-test", &n);
	CHECK (n == 1 && part->what == SENDER_TEST);
	sender_parts_end (part, n);
	example_end (&e);
	json_t *answer = json_load_file ("tests/fixtures/meta/graph-lead.response.json", 0, NULL),
	       *tree = sender_graph_lead (&arena, answer),
	       *wanted = json_pack ("{s:s, s:s, s:s}", "name", "Sanne de Wit", "email", "sanne.dewit@example.com", "phone_e164",
				    "+31612345678");
	lead_is (tree, wanted);
	json_decref (wanted);
	json_decref (tree);
	json_decref (answer);
}

static void what_is_chosen_stays (void)
{
	struct example e;
	size_t n;
	struct sender_part *part = parts_of (&e, "typeform", "typeform/form_response", &n);
	json_t *fields = json_object_get (part->tree, "fields"), *chosen = json_object_get (json_object_get (fields, "dienst"), "value");
	CHECK (json_array_size (chosen) == 3); /* two that were offered, and what was written beside them */
	CHECK_TEXT (json_string_value (json_array_get (chosen, 2)), "Pergola");
	CHECK_TEXT (json_string_value (json_object_get (part->tree, "utm_source")), "linkedin");
	CHECK (json_is_true (json_object_get (json_object_get (fields, "privacy"), "value")));
	sender_parts_end (part, n);
	example_end (&e);
	part = parts_of (&e, "tally", "tally/form_response", &n);
	fields = json_object_get (part->tree, "fields");
	chosen = json_object_get (json_object_get (fields, "question_dienst"), "value");
	CHECK_TEXT (json_string_value (json_array_get (chosen, 0)), "Zonneschermen");
	CHECK (!json_object_get (fields, "question_leeg") && json_object_get (part->tree, "utm_source"));
	sender_parts_end (part, n);
	example_end (&e);
}

static void others_are_named (void)
{
	struct example e;
	size_t n;
	struct sender_part *part = parts_of (&e, "meta", "meta/leadgen", &n);
	CHECK (n == 2 && part[0].what == SENDER_FETCH && part[1].what == SENDER_FETCH);
	CHECK_TEXT (part[1].external, "5531117404445542");
	sender_parts_end (part, n), example_end (&e);
	part = parts_of (&e, "hubspot", "hubspot/events", &n);
	CHECK (n == 2 && part[0].what == SENDER_FETCH && part[1].what == SENDER_NOTHING);
	CHECK_TEXT (part[0].external, "65059681032");
	sender_parts_end (part, n), example_end (&e);
	part = parts_of (&e, "calendly", "calendly/invitee.canceled", &n);
	CHECK (n == 1 && part->what == SENDER_CANCEL);
	CHECK_TEXT (part->booking.next, "https://api.calendly.com/scheduled_events/NEW/invitees/INV2");
	sender_parts_end (part, n), example_end (&e);
	part = parts_of (&e, "linkedin", "linkedin/lead_action", &n);
	CHECK (n == 1 && part->what == SENDER_FETCH);
	sender_parts_end (part, n), example_end (&e);
}

/* One that moves is not the first of somebody: it names the one before it. */
static void moves_are_no_leads (void)
{
	size_t n;
	json_t *tree = json_loads (
		"{\"event\":\"invitee.created\",\"payload\":{\"uri\":\"new\",\"old_invitee\":\"old\",\"name\":\"Piet\"}}", 0, NULL);
	struct sender_part *part = sender_read (sender_of ("calendly"), &arena, tree, &n);
	CHECK (n == 1 && part->what == SENDER_MOVE);
	CHECK_TEXT (part->external, "new");
	CHECK_TEXT (part->booking.before, "old");
	CHECK_TEXT (json_string_value (json_object_get (part->tree, "name")), "Piet");
	sender_parts_end (part, n);
	json_decref (tree);
}

/* What bears no whole name has none: it would be taken for another that has as little. */
static void names_are_whole (void)
{
	static const struct {
		const char *kind, *text;
		enum sender_what what;
	} cases[] = {
		{ "hubspot", "[{\"subscriptionType\":\"contact.propertyChange\",\"portalId\":1}]", SENDER_NOTHING },
		{ "crisp", "{\"event\":\"message:send\",\"data\":{\"website_id\":\"s\",\"session_id\":\"t\",\"content\":\"Hoi\"}}",
		  SENDER_TALK },
		{ "tawk", "{\"event\":\"chat:transcript_created\",\"chat\":{\"messages\":[{\"msg\":\"Hoi\"}]}}", SENDER_TALK },
		{ "tawk", "{\"event\":\"chat:end\",\"chatId\":\"1\"}", SENDER_NOTHING },
		{ "whatsapp", "{\"entry\":[{\"changes\":[{\"value\":{\"statuses\":[{\"id\":\"1\"}]}}]}]}", SENDER_STATUS },
		{ "calendly", "{\"event\":\"invitee_no_show.created\",\"payload\":{\"uri\":\"u\"}}", SENDER_CANCEL },
		{ "typeform", "{\"event_type\":\"form_response_partial\",\"form_response\":{\"token\":\"t\"}}", SENDER_NOTHING },
	};
	for (size_t i = 0; i < LENGTH (cases); i++) {
		size_t n;
		json_t *tree = json_loads (cases[i].text, 0, NULL);
		struct sender_part *part = sender_read (sender_of (cases[i].kind), &arena, tree, &n);
		CHECK (n == 1 && part->what == cases[i].what && !part->external);
		sender_parts_end (part, n);
		json_decref (tree);
	}
}

static void talks_are_read (void)
{
	struct example e;
	size_t n;
	struct sender_part *part = parts_of (&e, "whatsapp", "whatsapp/text", &n);
	CHECK (n == 1 && part->what == SENDER_TALK && part->talk.at == frozen && !part->talk.ours);
	CHECK_TEXT (part->talk.text, "Hallo, wat kost een zonnescherm van 4 m? ☀️");
	CHECK_TEXT (part->talk.thread, "106540352242922:31612345678");
	CHECK_TEXT (json_string_value (json_object_get (part->tree, "phone")), "+31612345678");
	sender_parts_end (part, n), example_end (&e);
	part = parts_of (&e, "whatsapp", "whatsapp/image", &n);
	CHECK (n == 1 && part->talk.media && part->talk.mime);
	sender_parts_end (part, n), example_end (&e);
	part = parts_of (&e, "whatsapp", "whatsapp/ad-referral", &n);
	CHECK_TEXT (part->talk.advert, "120330000000000001");
	sender_parts_end (part, n), example_end (&e);
	part = parts_of (&e, "whatsapp", "whatsapp/status-failed", &n);
	CHECK (n == 1 && part->what == SENDER_STATUS);
	CHECK_TEXT (part->talk.status, "failed");
	CHECK_TEXT (part->talk.problem, "Re-engagement message");
	sender_parts_end (part, n), example_end (&e);
	part = parts_of (&e, "tawk", "tawk/chat-transcript", &n);
	CHECK (n == 2 && !part[0].talk.ours && part[1].talk.ours && part[0].tree && !part[1].tree);
	CHECK_TEXT (part[1].talk.text, "Ik stuur een offerte");
	sender_parts_end (part, n), example_end (&e);
	part = parts_of (&e, "tawk", "tawk/chat-start", &n);
	CHECK (n == 1 && part->what == SENDER_TALK);
	CHECK_TEXT (part->talk.email, "sanne.dewit@example.com");
	sender_parts_end (part, n), example_end (&e);
	part = parts_of (&e, "intercom", "intercom/conversation.user.created", &n);
	CHECK_TEXT (part->talk.text, "Wat kost een zonnescherm?");
	CHECK_TEXT (part->talk.thread, "64619700005694");
	sender_parts_end (part, n), example_end (&e);
	part = parts_of (&e, "intercom", "intercom/ping", &n);
	CHECK (n == 1 && part->what == SENDER_NOTHING);
	sender_parts_end (part, n), example_end (&e);
}

/* A shape that nobody knew is all there, whoever sends it. */
static void unknown_shapes_are_leads (void)
{
	static const char *const kinds[] = { "typeform", "tally",    "webflow", "google_ads", "google_forms", "meta",	 "whatsapp",
					     "hubspot",	 "calendly", "tawk",	"crisp",      "intercom",     "linkedin" };
	for (size_t i = 0; i < LENGTH (kinds); i++) {
		size_t n;
		json_t *tree = json_loads ("{\"naam\":\"Piet\",\"email\":\"piet@klant.test\",\"iets\":{\"nieuws\":[1,null,{}]}}", 0, NULL);
		struct sender_part *part = sender_read (sender_of (kinds[i]), &arena, tree, &n);
		CHECK (n == 1 && part->what == SENDER_LEAD && json_equal (part->tree, tree));
		sender_parts_end (part, n);
		json_decref (tree);
	}
}

static void webflow_and_crisp_sign (void)
{
	static const char body[] =
		"{\"triggerType\":\"form_submission\",\"payload\":{\"name\":\"Contact\",\"id\":\"w1\",\"data\":{\"Naam\":\"Sanne de Wit\","
		"\"Email\":\"sanne.dewit@example.com\"}}}";
	json_t *headers = json_object ();
	struct sender_request r = { .method = "POST",
				    .url = "",
				    .header = header_of,
				    .ctx = headers,
				    .body = { (const unsigned char *) body, sizeof body - 1 },
				    .now = frozen };
	struct bytes secret = { (const unsigned char *) "webflow-secret", 14 };
	json_object_set_new (headers, "x-webflow-timestamp", json_string ("1795256100000"));
	json_object_set_new (headers, "x-webflow-signature", json_string (WEBFLOW_HEX));
	CHECK (sender_verify (sender_of ("webflow"), secret, &r) == SENDER_FITS);
	json_object_set_new (headers, "x-webflow-timestamp", json_string ("1795256100001"));
	CHECK (sender_verify (sender_of ("webflow"), secret, &r) == SENDER_FORGED);
	static const char said[] =
		"{\"event\":\"message:send\",\"data\":{\"website_id\":\"s\",\"session_id\":\"session_1\",\"type\":\"text\",\"content\":\"Hallo\","
		"\"from\":\"user\",\"fingerprint\":163506,\"timestamp\":1795256100000}}";
	r.body = (struct bytes){ (const unsigned char *) said, sizeof said - 1 };
	secret = (struct bytes){ (const unsigned char *) "crisp-secret", 12 };
	json_object_set_new (headers, "X-Crisp-Request-Timestamp", json_string ("1795256100000"));
	json_object_set_new (headers, "X-Crisp-Signature", json_string (CRISP_HEX));
	CHECK (sender_verify (sender_of ("crisp"), secret, &r) == SENDER_FITS);
	json_t *tree = json_loads (said, 0, NULL);
	size_t n;
	struct sender_part *part = sender_read (sender_of ("crisp"), &arena, tree, &n);
	CHECK (n == 1 && part->what == SENDER_TALK && part->talk.at == frozen);
	CHECK_TEXT (part->talk.id, "s session_1 163506");
	sender_parts_end (part, n);
	json_decref (tree);
	json_decref (headers);
}

int main (void)
{
	arena_init (&arena);
	signatures_fit ();
	handshakes_are_answered ();
	leads_are_read ();
	what_is_chosen_stays ();
	others_are_named ();
	moves_are_no_leads ();
	names_are_whole ();
	talks_are_read ();
	unknown_shapes_are_leads ();
	webflow_and_crisp_sign ();
	arena_fini (&arena);
	return test_end ();
}
