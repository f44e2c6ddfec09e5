/* The way in: what a website, a form or a program sends, and what becomes of it. PRODUCT's S0-1 to S0-4, and every way to be refused. */
#include <arpa/inet.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "story.h"

#define PIET(client, email, phone, form)                                                                                                 \
	"{\"client_id\":\"" client "\",\"form_type\":\"" form "\",\"name\":\"Piet de Vries\",\"email\":\"" email "\",\"phone\":\"" phone \
	"\",\"message\":\"Graag prijs\"}"

static void given_agency (struct stack *s, char ret_hook[200])
{
	given_workspace (s, "bakkerij-jansen", "nl-offerte-6");
	given_workspace (s, "garage-smit", "nl-offerte-6");
	given_source (s, NULL, "--kind agency", ret_hook);
}

STORY_ALONE (s0_1_new_lead, "S0-1: a form becomes one contact, one deal in the first stage, one correlation, and a card on the open board")
{
	char hook[200], path[64];
	given_agency (s, hook);
	struct workspace *w = given_workspace (s, "bakkerij-jansen", "nl-offerte-6");
	struct stream *board = stream_open (s, w->key, NULL);
	int64_t began = now_us (), at;
	struct web_answer a = when_posted (s, hook, PIET ("bakkerij-jansen", "Piet@Example.nl", "+31 6 12345678", "Offerteaanvraag"));
	CHECK (a.status == 202, "the answer is %d: %s", a.status, a.body);
	json_t *card = stream_wait (board, "deal.created", "Piet de Vries", 5000, &at);
	CHECK (at - began < 1000000, "the card took %lld ms", (long long) (at - began) / 1000);
	CHECK (!strcmp (text_at (card, "data.title"), "Piet de Vries — Offerteaanvraag"), "the card is titled %s",
	       text_at (card, "data.title"));
	settle (s);
	then_number (s, 1, "contacts", "select count(*) from contacts.contact where workspace_id = '%s'", w->id);
	then_text (s, "Piet de Vries piet@example.nl", "the contact",
		   "select name || ' ' || email from contacts.contact where workspace_id = '%s'", w->id);
	then_number (s, 1, "deals", "select count(*) from pipeline.deal where workspace_id = '%s'", w->id);
	then_text (
		s, "Nieuwe aanvraag", "the stage's name",
		"select t.label->>'nl' from pipeline.deal d join pipeline.stage t on (t.workspace_id, t.id) = (d.workspace_id, d.stage_id) "
		"where d.workspace_id = '%s'",
		w->id);
	char *lead = sql_text (s, "select id from lead_intake.lead where workspace_id = '%s'", w->id);
	CHECK (strstr (a.body, lead), "the answer does not name the lead %s: %s", lead, a.body);
	then_text (s, lead, "the deal's lead", "select lead_id from pipeline.deal where workspace_id = '%s'", w->id);
	then_number (
		s, 1, "deals joined to the contact",
		"select count(*) from pipeline.deal_contact d join contacts.contact c on (c.workspace_id, c.id) = (d.workspace_id, d.contact_id) "
		"where d.workspace_id = '%s'",
		w->id);
	json_t *trace = ctl (s, "trace %s", lead);
	const char *first = text_at (trace, "hops.0.correlation");
	const char *const types[] = { "lead.created", "contact.created", "deal.created" };
	for (size_t i = 0; i < LENGTH (types); i++) {
		bool found = false;
		size_t k;
		json_t *hop;
		json_array_foreach (json_at (trace, "hops"), k, hop)
		{
			found = found || (!strcmp (text_at (hop, "type"), types[i]) && !strcmp (text_at (hop, "correlation"), first));
		}
		CHECK (found, "%s is not of the correlation %s", types[i], first);
	}
	snprintf (path, sizeof path, "/api/crm/pipeline");
	struct web_answer page = web (s, w->key, "GET", path, NULL);
	CHECK (page.status == 200 && strstr (page.body, "Piet de Vries — Offerteaanvraag"), "the board: %d %.300s", page.status, page.body);
	web_free (&page);
	web_free (&a);
	stream_close (&board);
	then_no_dead_letters (s);
}

STORY (s0_2_last_write_wins,
       "S0-2: the same e-mail again is the same contact with the newest phone, and a second deal; elsewhere it is another contact")
{
	char hook[200];
	given_agency (s, hook);
	struct workspace *b = given_workspace (s, "bakkerij-jansen", "nl-offerte-6"),
			 *g = given_workspace (s, "garage-smit", "nl-offerte-6");
	struct web_answer a = when_posted (s, hook, PIET ("bakkerij-jansen", "Piet@Last.nl", "+31 6 12345678", "Offerteaanvraag"));
	then_status (&a, 202);
	settle (s);
	a = when_posted (s, hook, PIET ("bakkerij-jansen", "PIET@last.nl", "+31 6 87654321", "Contact"));
	then_status (&a, 202);
	a = when_posted (s, hook, PIET ("garage-smit", "piet@last.nl", "+31 6 12345678", "Contact"));
	then_status (&a, 202);
	settle (s);
	static const char of[] = "email = 'piet@last.nl' and workspace_id";
	then_number (s, 1, "contacts", "select count(*) from contacts.contact where %s = '%s'", of, b->id);
	then_text (s, "+31687654321", "the phone", "select phone from contacts.contact where %s = '%s'", of, b->id);
	then_number (s, 2, "deals",
		     "select count(*) from pipeline.deal_contact where contact_id = (select id from contacts.contact where %s = '%s')", of,
		     b->id);
	then_number (s, 1, "contacts of the other", "select count(*) from contacts.contact where %s = '%s'", of, g->id);
	char path[200], *contact = sql_text (s, "select id from contacts.contact where %s = '%s'", of, b->id);
	snprintf (path, sizeof path, "/api/crm/contacts/%s/timeline", contact);
	a = web (s, b->key, "GET", path, NULL);
	CHECK (a.status == 200 && strstr (a.body, "contact.updated") && strstr (a.body, "+31612345678"),
	       "the old phone is not in the history: %s", a.body);
	web_free (&a);
}

STORY (s0_3_once,
       "S0-3: five times the same request with one Idempotency-Key, lead-intake killed after the second: one submission, one contact, one deal")
{
	struct workspace *w = given_workspace (s, "once", "nl-offerte-6");
	static const char body[] = "{\"name\":\"Kees Once\",\"email\":\"kees@once.nl\",\"form_type\":\"Offerte\"}";
	char *first = NULL;
	for (int i = 0; i < 5; i++) {
		if (i == 2) {
			daemon_kill (s, "lead-intake", 0, SIGKILL);
			daemon_ready (s, "lead-intake", 0);
		}
		struct web_answer a = when_posted_once (s, w->hook, "once-1", body);
		CHECK (a.status == 202, "turn %d: %d %s", i + 1, a.status, a.body);
		CHECK (!first || !strcmp (first, a.body), "turn %d got another answer: %s, not %s", i + 1, a.body, first);
		if (!first)
			first = a.body;
	}
	settle (s);
	then_number (s, 1, "submissions", "select count(*) from lead_intake.submission where workspace_id = '%s'", w->id);
	then_number (s, 1, "leads", "select count(*) from lead_intake.lead where workspace_id = '%s'", w->id);
	then_number (s, 1, "contacts", "select count(*) from contacts.contact where workspace_id = '%s'", w->id);
	then_number (s, 1, "deals", "select count(*) from pipeline.deal where workspace_id = '%s'", w->id);
}

STORY (address_tried,
       "A request to an address with ?test is read and kept as a test, makes no lead, and stands in the way of nothing that says the same")
{
	struct workspace *w = given_workspace (s, "tried", "nl-offerte-6");
	static const char body[] = "{\"name\":\"Robin Test\",\"email\":\"robin@tried.nl\"}";
	char url[260];
	snprintf (url, sizeof url, "%s?test", w->hook);
	for (int i = 0; i < 2; i++) {
		struct web_answer a = when_posted (s, url, "%s", body);
		CHECK (a.status == 202 && strstr (a.body, "\"outcome\":\"test\"") && strstr (a.body, "\"lead_ids\":[]"), "%d %s", a.status,
		       a.body);
		web_free (&a);
	}
	struct web_answer wrong = when_posted (s, url, "%s", "{\"name\":");
	then_problem (&wrong, 400, "bad_json");
	then_number (s, 2, "tests kept", "select count(*) from lead_intake.submission where workspace_id = '%s' and outcome = 'test'",
		     w->id);
	then_number (s, 0, "leads of tests", "select count(*) from lead_intake.lead where workspace_id = '%s'", w->id);
	struct web_answer a = when_posted (s, w->hook, "%s", body);
	then_status (&a, 202);
	then_number (s, 1, "leads", "select count(*) from lead_intake.lead where workspace_id = '%s'", w->id);
}

/* The whole of one's leads, for stories in which nothing may have changed. */
static int64_t leads_of (struct stack *s, const struct workspace *w)
{
	settle (s);
	return sql_number (s, "select count(*) from lead_intake.lead where workspace_id = '%s'", w->id);
}

STORY (signature, "A source with a secret takes what is signed with it; a wrong signature is 401 and only the raw request is kept")
{
	struct workspace *w = given_workspace (s, "signed", "nl-offerte-6");
	static const char body[] = "{\"name\":\"Signe\",\"email\":\"signe@signed.nl\"}";
	unsigned char mac[crypto_auth_hmacsha256_BYTES];
	char hook[200], hex[65], header[120];
	crypto_auth_hmacsha256_state state;
	given_source (s, "signed", "--kind generic --secret topsecret", hook);
	crypto_auth_hmacsha256_init (&state, (const unsigned char *) "topsecret", 9);
	crypto_auth_hmacsha256_update (&state, (const unsigned char *) body, sizeof body - 1);
	crypto_auth_hmacsha256_final (&state, mac);
	sodium_bin2hex (hex, sizeof hex, mac, sizeof mac);
	snprintf (header, sizeof header, "X-Signature-256: sha256=%s", hex);
	struct web_answer a = web_ask (s, &(struct web_request){ .method = "POST", .url = hook, .body = body, .header = { header } });
	then_status (&a, 202);
	CHECK (leads_of (s, w) == 1, "the signed request made no lead");
	hex[0] = hex[0] == '0' ? '1' : '0';
	snprintf (header, sizeof header, "X-Signature-256: sha256=%s", hex);
	a = web_ask (s, &(struct web_request){ .method = "POST", .url = hook, .body = body, .header = { header } });
	then_problem (&a, 401, "bad_signature");
	a = when_posted (s, hook, "%s", body);
	then_problem (&a, 401, "bad_signature");
	CHECK (leads_of (s, w) == 1, "a wrong signature made a lead");
	then_number (s, 2, "raw requests that were refused",
		     "select count(*) from lead_intake.submission where workspace_id = '%s' and outcome = 'bad_signature'", w->id);
}

/* ---- S0-4 ---- */

static void sha256_text (const void *bytes, size_t n, char ret[65])
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	crypto_hash_sha256 (hash, bytes, n);
	sodium_bin2hex (ret, 65, hash, sizeof hash);
}

static void part_add (struct buffer *b, const char *name, const char *file, const char *type, const void *bytes, size_t n)
{
	buffer_printf (b, "--grens\r\nContent-Disposition: form-data; name=\"%s\"", name);
	if (file)
		buffer_printf (b, "; filename=\"%s\"\r\nContent-Type: %s", file, type);
	buffer_text (b, "\r\n\r\n");
	buffer_add (b, bytes, n);
	buffer_text (b, "\r\n");
}

STORY (s0_4_form_upload,
       "S0-4: files that came with a form are in the deal, download as they were, and are not there for another workspace")
{
	struct workspace *w = given_workspace (s, "uploads", "nl-offerte-6"), *other = given_workspace (s, "uploads-other", "nl-offerte-6");
	enum { FOTO = 1048576 };
	static unsigned char foto[FOTO];
	static const char plan[] = "%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n";
	char sums[2][65], path[200];
	const unsigned char seed[randombytes_SEEDBYTES] = { 4 };
	struct buffer body = { 0 };
	randombytes_buf_deterministic (foto, FOTO, seed);
	sha256_text (foto, FOTO, sums[0]), sha256_text (plan, sizeof plan - 1, sums[1]);
	part_add (&body, "name", NULL, NULL, "Fien Foto", 9);
	part_add (&body, "email", NULL, NULL, "fien@uploads.nl", 15);
	part_add (&body, "form_type", NULL, NULL, "Dakkapel", 8);
	part_add (&body, "bestanden[]", "foto.jpg", "image/jpeg", foto, FOTO);
	part_add (&body, "bestanden[]", "plan.pdf", "application/pdf", plan, sizeof plan - 1);
	buffer_text (&body, "--grens--\r\n");
	struct web_answer a = web_ask (s, &(struct web_request){ .method = "POST",
								 .url = w->hook,
								 .body = (char *) body.at,
								 .n = body.n,
								 .type = "multipart/form-data; boundary=grens" });
	then_status (&a, 202);
	settle (s);
	char *deal = sql_text (s, "select id from pipeline.deal where workspace_id = '%s'", w->id);
	snprintf (path, sizeof path, "/api/crm/deals/%s/files", deal);
	a = web (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == 2, "the deal's files: %d %s", a.status, a.body);
	for (size_t i = 0; i < 2; i++) {
		json_t *file = json_array_get (json_at (a.json, "data"), i);
		int which = !strcmp (text_at (file, "name"), "plan.pdf");
		char sum[65];
		snprintf (path, sizeof path, "/api/crm/files/%s", text_at (file, "id"));
		struct web_answer bytes = web (s, w->key, "GET", path, NULL);
		sha256_text (bytes.body, bytes.n, sum);
		CHECK (bytes.status == 200 && !strcmp (sum, sums[which]), "%s came back as %d, %zu bytes, %s", text_at (file, "name"),
		       bytes.status, bytes.n, sum);
		CHECK (!strcmp (text_at (file, "sha256"), sums[which]), "the list says another sum of %s", text_at (file, "name"));
		web_free (&bytes);
		bytes = web (s, other->key, "GET", path, NULL);
		then_problem (&bytes, 404, "file_not_found");
	}
	web_free (&a);
	buffer_fini (&body);
}

/* ---- refusals ---- */

STORY (refusals, "Bad JSON, an unknown key, a wrong type, a wrong method, too much: the right status and a problem that says what is wrong")
{
	struct workspace *w = given_workspace (s, "refusals", "nl-offerte-6");
	char url[300];
	struct web_answer a = when_posted (s, w->hook, "{\"name\": ");
	then_problem (&a, 400, "bad_json");
	snprintf (url, sizeof url, "%s/hooks/AAAAAAAAAAAAAAAAAAAAAA", s->hooks);
	a = when_posted (s, url, "{\"name\":\"X\"}");
	then_problem (&a, 404, "unknown_key");
	a = web_ask (s, &(struct web_request){ .method = "POST", .url = w->hook, .body = "<a/>", .type = "application/xml" });
	then_problem (&a, 415, "wrong_type");
	a = web_ask (s, &(struct web_request){ .method = "PUT", .url = w->hook, .body = "{}" });
	then_problem (&a, 405, "method_not_allowed");
	size_t n = 30 << 20;
	char *much = malloc (n + 1);
	memset (much, ' ', n);
	much[n] = 0;
	a = web_ask (s, &(struct web_request){ .method = "POST", .url = w->hook, .body = much, .n = n });
	CHECK (a.status == 413 || a.status == 0, "30 MB: %d %s", a.status, a.body);
	web_free (&a);
	free (much);
	CHECK (leads_of (s, w) == 0, "a refused request made a lead");
	then_number (s, 1, "raw requests kept",
		     "select count(*) from lead_intake.submission where workspace_id = '%s' and outcome = 'bad_request'", w->id);
}

/* Talks HTTP by hand: what came back until the other side closed or `ms` passed. */
static char *raw_talk (struct stack *s, const char *text, int ms)
{
	struct buffer answer = { 0 };
	int fd = web_by_hand (s, 1, text, ms);
	for (ssize_t got; (got = recv (fd, buffer_reserve (&answer, 4096), 4096, 0)) > 0;)
		answer.n += (size_t) got;
	close (fd);
	buffer_add (&answer, "", 1);
	return (char *) answer.at;
}

STORY (too_slow, "Whoever does not finish sending is answered 408 after the time for it, and nothing is kept waiting")
{
	struct workspace *w = given_workspace (s, "slow", "nl-offerte-6");
	char request[600];
	snprintf (request, sizeof request,
		  "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"name\":",
		  strstr (w->hook, "/hooks/"));
	int64_t began = now_us ();
	char *answer = raw_talk (s, request, 60000);
	CHECK (now_us () - began < 45000000, "the connection stays open for %lld s", (long long) (now_us () - began) / 1000000);
	CHECK (!*answer || strstr (answer, " 408 "), "the answer is %.200s", answer);
	free (answer);
	CHECK (leads_of (s, w) == 0, "half a request made a lead");
}

STORY (ambiguous_length, "Two lengths, or a length beside chunks, are refused: no request hides in another")
{
	struct workspace *w = given_workspace (s, "smuggle", "nl-offerte-6");
	static const char *const headers[] = { "Content-Length: 2\r\nContent-Length: 40\r\n",
					       "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", "Content-Length: +2\r\n",
					       "Content-Length: 2, 2\r\n" };
	for (size_t i = 0; i < LENGTH (headers); i++) {
		char request[600];
		snprintf (request, sizeof request,
			  "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n%sConnection: close\r\n\r\n{}",
			  strstr (w->hook, "/hooks/"), headers[i]);
		char *answer = raw_talk (s, request, 5000);
		CHECK (!*answer || strstr (answer, " 400 "), "%s is answered %.100s", headers[i], answer);
		free (answer);
	}
}

STORY (sender_specific_success, "Elementor hears 200, a browser's form is sent on with 303, a program hears 202")
{
	struct workspace *w = given_workspace (s, "senders", "nl-offerte-6");
	char elementor[200], form[200], place[300];
	given_source (s, w->slug, "--kind elementor", elementor);
	given_source (s, w->slug, "--kind web_form --redirect https://example.nl/bedankt", form);
	struct web_answer a = web_ask (
		s,
		&(struct web_request){
			.method = "POST",
			.url = elementor,
			.type = "application/x-www-form-urlencoded",
			.body = "form%5Bid%5D=abc&form%5Bname%5D=Offerte&fields%5Bname%5D%5Bid%5D=name&fields%5Bname%5D%5Btype%5D=text"
				"&fields%5Bname%5D%5Btitle%5D=Naam&fields%5Bname%5D%5Bvalue%5D=Els+Mentor&fields%5Bname%5D%5Braw_value%5D="
				"Els+Mentor&fields%5Bemail%5D%5Bid%5D=email&fields%5Bemail%5D%5Btype%5D=email&fields%5Bemail%5D%5Btitle%5D="
				"E-mail&fields%5Bemail%5D%5Bvalue%5D=els%40senders.nl&fields%5Bemail%5D%5Braw_value%5D=els%40senders.nl" });
	then_status (&a, 200);
	a = web_ask (s, &(struct web_request){ .method = "POST",
					       .url = form,
					       .type = "application/x-www-form-urlencoded",
					       .body = "naam=Bram+Browser&e-mail=bram%40senders.nl",
					       .header = { "Accept: text/html,application/xhtml+xml", "Sec-Fetch-Mode: navigate" } });
	CHECK (a.status == 303 && web_header (&a, "Location", place, sizeof place) && !strcmp (place, "https://example.nl/bedankt"),
	       "the browser is answered %d %s", a.status, a.headers);
	web_free (&a);
	a = when_posted (s, w->hook, "{\"name\":\"Pim Program\"}");
	then_status (&a, 202);
	CHECK (leads_of (s, w) == 3, "there are not three leads");
}

STORY (array_of_leads, "An array of leads in one request is one submission and as many leads, in one answer")
{
	struct workspace *w = given_workspace (s, "array", "nl-offerte-6");
	struct buffer body = { 0 };
	for (int i = 0; i < 250; i++)
		buffer_printf (&body, "%c{\"name\":\"Lead %d\",\"email\":\"lead%d@array.nl\"}", i ? ',' : '[', i, i % 100);
	buffer_text (&body, "]");
	buffer_add (&body, "", 1);
	struct web_answer a = when_posted (s, w->hook, "%s", (char *) body.at);
	then_status (&a, 202);
	CHECK (leads_of (s, w) == 250, "there are not 250 leads");
	then_number (s, 1, "submissions", "select count(*) from lead_intake.submission where workspace_id = '%s'", w->id);
	then_number (s, 100, "contacts", "select count(*) from contacts.contact where workspace_id = '%s'", w->id);
	then_number (s, 250, "joined deals", "select count(*) from pipeline.deal_contact where workspace_id = '%s'", w->id);
	buffer_fini (&body);
}

STORY (owner_of_a_lead, "A deal gets its source's owner, else the workspace's default owner: the first who was made owner")
{
	struct workspace *w = given_workspace (s, "owned", "nl-offerte-6");
	struct user boss = given_user (s, "baas@owned.nl", "--workspace owned --role owner");
	struct uuid deal = given_deal_of (s, w, "Olga Owned", "olga@owned.nl", "Contact");
	then_text (s, boss.id, "the deal's owner", "select owner_id from pipeline.deal where id = '%s'", id_text (deal));
}

STORY (client_of_agency,
       "An agency's source puts a lead where client_id says; one that is none of its workspaces is 422; elsewhere it is ignored")
{
	char hook[200];
	given_agency (s, hook);
	struct workspace *g = given_workspace (s, "garage-smit", "nl-offerte-6"), *other = given_workspace (s, "array", "nl-offerte-6");
	struct web_answer a = when_posted (s, hook, "{\"client_id\":\"nowhere\",\"name\":\"Niemand\"}");
	then_problem (&a, 422, "unknown_client");
	a = when_posted (s, hook, "{\"client_id\":\"garage-smit\",\"name\":\"Gerda Garage\"}");
	then_status (&a, 202);
	a = when_posted (s, g->hook, "{\"client_id\":\"array\",\"name\":\"Gijs Garage\"}");
	then_status (&a, 202);
	settle (s);
	then_number (s, 2, "leads of the garage",
		     "select count(*) from lead_intake.lead where workspace_id = '%s' and name like 'G%%Garage'", g->id);
	then_number (s, 0, "leads elsewhere", "select count(*) from lead_intake.lead where workspace_id = '%s' and name like 'G%%Garage'",
		     other->id);
}
