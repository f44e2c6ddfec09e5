/* Requests from their bytes to their leads: bodies that are read otherwise than they say, where a lead lies deeper, and a kept request that is read again. */
#include "reading.h"

#include "test.h"

static struct arena arena;

static struct bytes bytes_of (const char *text)
{
	return (struct bytes){ (const unsigned char *) text, strlen (text) };
}

static char *doubled (const char *quoted)
{
	char *text = arena_copy (&arena, quoted, strlen (quoted));
	for (char *at = text; *at; at++)
		*at = *at == '\'' ? '"' : *at;
	return text;
}

/* What is opened, in short; or why it is not. */
static const char *opened_as (const char *rules, const char *type, const char *body)
{
	struct mapping_rules read;
	struct problem problem = { 0 };
	struct opened opened;
	struct reading_fault fault;
	enum body kind = BODY_IS_JSON;
	CHECK (!rules || mapping_read (&arena, doubled (rules), &read, &problem) == OK);
	body_kind (type, &kind);
	if (request_open (&arena, kind, type, bytes_of (body), rules ? &read : NULL, &opened, &fault) != OK)
		return arena_printf (&arena, "! %s", fault.detail);
	char *text = json_dumps (opened.tree, JSON_COMPACT);
	for (char *at = text; *at; at++)
		*at = *at == '"' ? '\'' : *at;
	const char *ret = arena_text (&arena, text);
	free (text);
	json_decref (opened.tree);
	return ret;
}

static void test_open (void)
{
	static const struct {
		const char *rules, *type, *body, *is;
	} cases[] = {
		{ NULL, "application/json", "{\"a\":1}", "{'a':1}" },
		{ NULL, "text/plain", "Naam: Piet", "! Line 1, column 4: from here it is no JSON." },
		{ NULL, "application/json", "\"tekst\"", "! Line 1, column 7: from here it is no JSON." },
		/* lines */
		{ "[{'read':'lines'}]", "text/plain", "Naam: Piet\nE-mail: p@x.nl\n", "{'Naam':'Piet','E-mail':'p@x.nl'}" },
		{ "[{'read':'lines'}]", "text/plain", "\xEF\xBB\xBFNaam = Piet\r\nTel\t06\r\n", "{'Naam':'Piet','Tel':'06'}" },
		{ "[{'read':'lines'}]", "text/plain", "Hallo\n\nNaam: Piet\nVraag: Wat\n\nkost het?\n",
		  "{'message':'Hallo','Naam':'Piet','Vraag':'Wat\\n\\nkost het?'}" },
		{ "[{'read':'lines'}]", "text/plain", "Naam: Piet\nhttps://x.nl/a?b=c\n", "{'Naam':'Piet\\nhttps://x.nl/a?b=c'}" },
		{ "[{'read':'lines'}]", "text/plain", "Naam: Piet\nik wil heel graag weten of dit: kan\n",
		  "{'Naam':'Piet\\nik wil heel graag weten of dit: kan'}" },
		{ "[{'read':'lines'}]", "text/plain; charset=windows-1252", "Naam: Ren\xE9", "{'Naam':'Ren\xC3\xA9'}" },
		{ "[{'read':'lines'}]", "text/plain", "Kleur: rood\nKleur: blauw", "{'Kleur':['rood','blauw']}" },
		{ "[{'read':'lines'}]", "text/plain", "zomaar tekst", "! No line of it is a name and a value, as in Name: Jane." },
		{ "[{'read':'lines'}]", "text/plain", "", "! No line of it is a name and a value, as in Name: Jane." },
		{ "[{'read':'lines'}]", "text/plain", ": x\n= y", "! No line of it is a name and a value, as in Name: Jane." },
		/* as it does not say */
		{ "[{'read':'form'}]", "application/json", "naam=Piet+Vries&a%5Bb%5D=1", "{'naam':'Piet Vries','a':{'b':'1'}}" },
		{ "[{'read':'json'}]", "application/x-www-form-urlencoded", "{\"naam\":\"Piet\"}", "{'naam':'Piet'}" },
		{ "[{'read':'json'}]", "application/json", "\"{\\\"naam\\\":\\\"Piet\\\"}\"", "{'naam':'Piet'}" },
		{ "[{'read':'json'}]", "application/json", "7", "! The body must be an object, or an array of objects." },
		/* deeper */
		{ "[{'at':'data.leads'}]", "application/json", "{\"data\":{\"leads\":[{\"a\":1},{\"a\":2}]}}", "[{'a':1},{'a':2}]" },
		{ "[{'at':'data.1'}]", "application/json", "{\"data\":[{\"a\":1},{\"a\":2}]}", "{'a':2}" },
		{ "[{'at':'data.x'}]", "application/json", "{\"data.x\":{\"a\":3},\"data\":{\"x\":{\"a\":4}}}", "{'a':3}" },
		{ "[{'at':'payload.lead'}]", "application/x-www-form-urlencoded", "payload=%7B%22lead%22%3A%7B%22a%22%3A5%7D%7D",
		  "{'a':5}" },
		{ "[{'at':'0.lead'}]", "application/json", "[\"x\",{\"lead\":{\"a\":6}}]", "! Nothing lies at 0.lead." },
		{ "[{'at':'1.lead'}]", "application/json", "[\"x\",{\"lead\":{\"a\":6}}]", "{'a':6}" },
		{ "[{'at':'a'}]", "application/json", "{\"a\":[1]}", "! Item 0 of the array is not an object with fields." },
		{ "[{'read':'lines','at':'Inhoud'}]", "text/plain", "Inhoud: {\"a\":7}", "{'a':7}" },
	};
	for (size_t i = 0; i < LENGTH (cases); i++)
		CHECK_TEXT (opened_as (cases[i].rules, cases[i].type, cases[i].body), cases[i].is);
}

/* More lines than a form may have fields, and a name at the edge of what is one. */
static void test_edges (void)
{
	struct buffer all = { 0 };
	for (int i = 0; i < 2500; i++)
		buffer_printf (&all, "a%d: x\n", i);
	buffer_add (&all, "", 1);
	CHECK_TEXT (opened_as ("[{'read':'lines'}]", "text/plain", (const char *) all.at), "! The form has more than 2,000 values.");
	buffer_fini (&all);
	char line[80];
	for (int n = 59; n <= 62; n++) {
		snprintf (line, sizeof line, "%.*s: x", n, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
		CHECK ((opened_as ("[{'read':'lines'}]", "text/plain", line)[0] == '!') == (n > 60));
	}
}

static struct reread read_again (struct kept_request r, const char *rules, const char *body)
{
	struct mapping_rules *read = arena_alloc (&arena, sizeof *read);
	struct problem problem = { 0 };
	CHECK (!rules || mapping_read (&arena, doubled (rules), read, &problem) == OK);
	r.rules = rules ? read : NULL;
	r.body = bytes_of (body);
	r.country = "NL";
	return request_reread (&arena, &r);
}

static bool is_same (struct bytes x, struct bytes y)
{
	return x.n == 16 && y.n == 16 && memcmp (x.at, y.at, 16) == 0;
}

static void test_again (void)
{
	static const char headers[] = "Origin: https://site.nl\nIdempotency-Key: \"k1\"\n";
	struct kept_request site = {
		.kind = source_kind_web_form, .type = "application/json", .dutch = true, .at = INT64_C (1800000000000000)
	};
	struct reread r = read_again (site, NULL, "{\"naam\":\"Piet\",\"email\":\"Piet@X.nl\"}"), other;
	CHECK (r.told.n == 1 && r.told.outcome == submission_outcome_lead && !r.told.reason && r.bucket == site.at / 600000000);
	CHECK_TEXT (r.told.lead[0].email, "piet@x.nl");
	/* by its key, whatever it says; without one by what it says */
	site.headers = headers;
	other = read_again (site, NULL, "{\"naam\":\"Kees\"}");
	CHECK (other.bucket == 0 && !is_same (r.dedupe, other.dedupe));
	CHECK (is_same (other.dedupe, read_again (site, NULL, "{\"naam\":\"Jan\"}").dedupe));
	site.headers = NULL;
	CHECK (is_same (r.dedupe,
			read_again (site, "[{'to':'form_type','value':'X'}]", "{\"naam\":\"Piet\",\"email\":\"Piet@X.nl\"}").dedupe));
	/* what no person filled in, unless somebody says so */
	r = read_again (site, NULL, "{\"naam\":\"Bot\",\"_gotcha\":\"ja\"}");
	CHECK (!r.told.n && r.told.outcome == submission_outcome_spam);
	CHECK_TEXT (r.told.reason, SPAM_TRAP);
	site.made = true;
	CHECK (read_again (site, NULL, "{\"naam\":\"Bot\",\"_gotcha\":\"ja\"}").told.n == 1);
	/* what its sender says is a try */
	struct kept_request google = { .kind = source_kind_google_ads, .type = "application/json" };
	static const char test[] =
		"{\"lead_id\":\"x\",\"is_test\":true,\"user_column_data\":[{\"column_id\":\"FULL_NAME\",\"string_value\":\"Proef\"}]}";
	r = read_again (google, NULL, test);
	CHECK (!r.told.n && r.told.outcome == submission_outcome_test && r.told.reason);
	google.made = true;
	r = read_again (google, NULL, test);
	CHECK (r.told.n == 1 && r.told.outcome == submission_outcome_lead);
	CHECK_TEXT (r.told.lead[0].name, "Proef");
	/* records are none */
	r = read_again ((struct kept_request){ .kind = source_kind_records, .type = "application/json" }, NULL, "{\"a\":1}");
	CHECK (!r.told.n && r.told.outcome == submission_outcome_records);
}

static void test_headers (void)
{
	static const char kept[] = "User-Agent: x\nX-Request-Id: a:b\nOrigin: https://x.nl";
	CHECK_TEXT (header_kept (&arena, kept, "x-request-id"), "a:b");
	CHECK_TEXT (header_kept (&arena, kept, "origin"), "https://x.nl");
	CHECK (!header_kept (&arena, kept, "Agent") && !header_kept (&arena, NULL, "Origin") && !header_kept (&arena, kept, "Origi"));
}

int main (void)
{
	arena_init (&arena);
	test_open ();
	test_edges ();
	test_again ();
	test_headers ();
	arena_fini (&arena);
	return test_end ();
}
