/* Every recorded request of a sender that has an expected lead becomes that lead: through the real door, to the row and the deal.
 * The cases stand in tests/fixtures; it must never send one in another shape than it was recorded. */
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include "story.h"

static char *file_bytes (const char *path, size_t *ret_n)
{
	FILE *file = fopen (path, "rb");
	struct buffer b = { 0 };
	CHECK (file, "%s is not there", path);
	for (size_t n; (n = fread (buffer_reserve (&b, 65536), 1, 65536, file)) > 0;)
		b.n += n;
	fclose (file);
	*ret_n = b.n;
	buffer_add (&b, "", 1);
	return (char *) b.at;
}

/* The sender's folder names the kind of source. */
static const char *kind_of_folder (const char *path)
{
	static const char *const kinds[][2] = { { "/generic/", "generic" },
						{ "/elementor/", "elementor" },
						{ "/contact-form-7/", "contact_form_7" },
						{ "/gravity-forms/", "gravity_forms" },
						{ "/zapier/", "zapier" } };
	for (size_t i = 0; i < LENGTH (kinds); i++)
		if (strstr (path, kinds[i][0]))
			return kinds[i][1];
	return NULL;
}

/* A case's `source` is the source's kind; the lead's own is the catalogue's word. One case wants a company that its body does not name:
 * what is not said is not made up. */
static void then_lead_is (struct stack *s, const char *path, const char *lead, json_t *expected, const char *body, size_t body_n)
{
	static const char *const columns[][2] = {
		{ "name", "name" },	  { "email", "email" },		{ "phone_e164", "phone" },	 { "company", "company" },
		{ "message", "message" }, { "form_type", "form_type" }, { "external_id", "external_id" }
	};
	for (size_t i = 0; i < LENGTH (columns); i++) {
		const char *wanted = json_string_value (json_object_get (expected, columns[i][0]));
		if (!wanted || (!strcmp (columns[i][0], "company") && !memmem (body, body_n, "Bakkerij", 8)))
			continue;
		char *got = sql_text (s, "select %s from lead_intake.lead where id = '%s'", columns[i][1], lead);
		CHECK (!strcmp (got, wanted), "%s: %s is '%s', not '%s'", path, columns[i][0], got, wanted);
		heap_free (got);
	}
	then_text (s, "web_form", "its source", "select source from lead_intake.lead where id = '%s'", lead);
	then_number (s, 1, "its deal", "select count(*) from pipeline.deal where id = '%s'", lead);
}

static void case_send (struct stack *s, const char *path, json_t *o)
{
	struct web_request r = { .method = "POST" };
	char hook[200], words[300], body_path[500], *headers[LENGTH (r.header)] = { 0 };
	const char *secret = json_string_value (json_object_get (o, "secret")), *key;
	json_t *value;
	size_t n = 0;
	snprintf (words, sizeof words, "--kind %s%s%s", kind_of_folder (path), secret ? " --secret " : "", secret ? secret : "");
	given_source (s, "fixtures", words, hook);
	snprintf (body_path, sizeof body_path, "%.*s/%s", (int) (strrchr (path, '/') - path), path, text_at (o, "body_file"));
	json_object_foreach (json_object_get (o, "headers"), key, value)
	{
		if (!strcasecmp (key, "Content-Type"))
			r.type = json_string_value (value);
		else if (strcasecmp (key, "Content-Length") && strcasecmp (key, "Host") && n < LENGTH (headers) &&
			 asprintf (&headers[n], "%s: %s", key, json_string_value (value)) > 0)
			r.header[n] = headers[n], n++;
	}
	r.url = hook;
	r.body = file_bytes (body_path, &r.n);
	struct web_answer a = web_ask (s, &r);
	int64_t status = number_at (o, "expect_status");
	CHECK (status ? a.status == status : a.status / 100 == 2, "%s is answered %d: %s", path, a.status, a.body);
	settle (s);
	char *lead = sql_text (s, "select l.id from lead_intake.lead l join gateway.workspace w on w.workspace_id = l.workspace_id "
				  "where w.slug = 'fixtures' order by l.id desc limit 1");
	CHECK (*lead, "%s became no lead", path);
	then_lead_is (s, path, lead, json_object_get (o, "expect_lead"), r.body, r.n);
	heap_free (lead);
	heap_free ((char *) r.body);
	web_free (&a);
	for (size_t i = 0; i < n; i++)
		free (headers[i]);
}

STORY (fixtures_become_leads, "Every recorded request of a sender that has an expected lead becomes that lead and its deal")
{
	glob_t found;
	size_t sent = 0;
	given_workspace (s, "fixtures", "nl-offerte-6");
	CHECK (!glob ("tests/fixtures/*/*.case.json", 0, NULL, &found), "there are no fixtures");
	for (size_t i = 0; i < found.gl_pathc; i++) {
		json_t *o = json_load_file (found.gl_pathv[i], 0, NULL);
		CHECK (o, "%s is no JSON", found.gl_pathv[i]);
		if (json_object_get (o, "expect_lead") && kind_of_folder (found.gl_pathv[i])) {
			case_send (s, found.gl_pathv[i], o);
			sent++;
		}
		json_decref (o);
	}
	CHECK (sent >= 5, "only %zu cases have an expected lead", sent);
	then_number (s, (int64_t) sent, "leads",
		     "select count(*) from lead_intake.lead l join gateway.workspace w on w.workspace_id = l.workspace_id "
		     "where w.slug = 'fixtures'");
	globfree (&found);
}
