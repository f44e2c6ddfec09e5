/* Files that people put to records: as they were sent, with the rights of the record, away and back, gone with their workspace.
 * It must never look at the table where the API can be asked. */
#include <stdlib.h>
#include <string.h>
#include "seal.h"
#include "story.h"

static const char contract[] = "%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n";

static struct web_answer sent (struct stack *s, const char *key, const char *address, const void *bytes, size_t n, const char *type)
{
	char path[300];
	snprintf (path, sizeof path, "/api/crm/files?%s", address);
	return web_ask (s, &(struct web_request){ .method = "POST", .url = path, .key = key, .body = bytes, .n = n, .type = type });
}

static void refused_as (struct stack *s, const struct workspace *w, const char *address, const char *bytes, int status, const char *code)
{
	struct web_answer a = sent (s, w->key, address, bytes, strlen (bytes), "application/pdf");
	CHECK (a.status == status && strstr (a.body, code), "%s is %d: %s", address, a.status, a.body);
	web_free (&a);
}

/* How many files a record has, and the name of the first. */
static void then_files (struct stack *s, const char *key, const char *path, size_t n, const char *first)
{
	struct web_answer a = web (s, key, "GET", path, NULL);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == n &&
		       (!first || !strcmp (text_at (a.json, "data.0.name"), first)),
	       "%s is %d: %s", path, a.status, a.body);
	web_free (&a);
}

static void then_asked (struct stack *s, const char *key, const char *method, const char *path, int status)
{
	struct web_answer a = web (s, key, method, path, strcmp (method, "POST") ? NULL : "{}");
	CHECK (a.status == status, "%s %s is %d: %s", method, path, a.status, a.body);
	web_free (&a);
}

STORY (files_of_people,
       "S1-8: a contract put to a contact comes back byte for byte, stands on the timeline, is taken away and put back; nobody of another workspace or who may not see the contact finds it; what lies about itself is refused")
{
	struct workspace *w = given_workspace (s, "papers", "nl-offerte-6"), *other = given_workspace (s, "papers-other", "classic-6");
	struct user sdr = given_user (s, "sdr@papers.test", "--workspace papers --role sdr");
	struct web_answer a = web (s, w->key, "POST", "/api/crm/contacts", "{\"name\":\"Jane Doe\",\"email\":\"jane@papers.test\"}");
	struct uuid jane = uuid_at (a.json, "id");
	char address[200], path[200], list[200], sum[SHA256_TEXT];
	web_free (&a);
	snprintf (address, sizeof address, "contact_id=%s&name=contract.pdf", id_text (jane));
	snprintf (list, sizeof list, "/api/crm/contacts/%s/files", id_text (jane));
	sha256_text ((struct bytes){ (const unsigned char *) contract, sizeof contract - 1 }, sum);
	refused_as (s, w, address, "<html>", 415, "wrong_type");
	refused_as (s, w, "name=contract.pdf", contract, 422, "/contact_id");
	refused_as (s, w, "contact_id=00000000-0000-7000-8000-000000000001&name=contract.pdf", contract, 404, "contact_not_found");
	a = sent (s, other->key, address, contract, sizeof contract - 1, "application/pdf");
	then_problem (&a, 404, "contact_not_found");
	a = sent (s, w->key, address, contract, sizeof contract - 1, "application/octet-stream");
	CHECK (a.status == 201 && !strcmp (text_at (a.json, "sha256"), sum) && !strcmp (text_at (a.json, "type"), "application/pdf"),
	       "a contract is %d: %s", a.status, a.body);
	snprintf (path, sizeof path, "/api/crm/files/%s", text_at (a.json, "id"));
	web_free (&a);
	then_files (s, w->key, list, 1, "contract.pdf");
	a = web (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200 && a.n == sizeof contract - 1 && !memcmp (a.body, contract, a.n), "it came back as %d, %zu bytes", a.status,
	       a.n);
	web_free (&a);
	a = web (s, other->key, "GET", path, NULL);
	then_problem (&a, 404, "file_not_found");
	then_asked (s, other->key, "DELETE", path, 404);
	a = when_user_asks (s, &sdr, "GET", path, NULL);
	CHECK (a.status == 404, "somebody else's file is %d: %s", a.status, a.body);
	web_free (&a);
	a = when_user_asks (s, &sdr, "DELETE", path, NULL);
	CHECK (a.status == 404, "somebody else takes it away: %d: %s", a.status, a.body);
	web_free (&a);
	then_asked (s, w->key, "DELETE", path, 204);
	then_asked (s, w->key, "GET", path, 404);
	then_files (s, w->key, list, 0, NULL);
	strcat (path, "/restore");
	then_asked (s, w->key, "POST", path, 200);
	then_files (s, w->key, list, 1, "contract.pdf");
	snprintf (path, sizeof path, "/api/crm/contacts/%s/timeline", id_text (jane));
	a = web (s, w->key, "GET", path, NULL);
	CHECK (!strcmp (text_at (a.json, "data.0.type"), "file.restored") && !strcmp (text_at (a.json, "data.1.type"), "file.removed") &&
		       !strcmp (text_at (a.json, "data.2.type"), "file.added") &&
		       !strcmp (text_at (a.json, "data.2.data.name"), "contract.pdf"),
	       "the timeline says %s", a.body);
	web_free (&a);
	then_no_dead_letters (s);
}

STORY (files_of_everything,
       "A form with one file, a file that came with a note, files of a deal beside those of its lead: each in the lists of all it belongs to; 25 MiB fit and more do not")
{
	struct workspace *w = given_workspace (s, "bundles", "commerce");
	struct uuid deal = given_deal_of (s, w, "Jan Vos", "jan@bundles.test", "Vraag");
	char *contact = sql_text (s, "select contact_id from contacts.lead where lead_id = '%s'", id_text (deal));
	char path[200], form[900];
	int n = snprintf (
		form, sizeof form,
		"--grens\r\nContent-Disposition: form-data; name=\"deal_id\"\r\n\r\n%s\r\n--grens\r\nContent-Disposition: form-data; "
		"name=\"file\"; filename=\"../../etc/offerte.csv\"\r\nContent-Type: text/html\r\n\r\nnaam;prijs\r\n\r\n--grens--\r\n",
		id_text (deal));
	struct web_answer a = sent (s, w->key, "", form, (size_t) n, "multipart/form-data; boundary=grens");
	CHECK (a.status == 201 && !strcmp (text_at (a.json, "type"), "text/csv"), "a form is %d: %s", a.status, a.body);
	web_free (&a);
	a = web (s, w->key, "POST", "/api/crm/activities", "{\"kind\":\"note\",\"note\":\"Zie bijlage\",\"contact_id\":\"%s\"}", contact);
	struct uuid note = uuid_at (a.json, "id");
	web_free (&a);
	snprintf (path, sizeof path, "activity_id=%s&name=bijlage.txt", id_text (note));
	a = sent (s, w->key, path, "Tot vrijdag", 11, "text/plain");
	then_status (&a, 201);
	snprintf (path, sizeof path, "/api/crm/deals/%s/files", id_text (deal));
	then_files (s, w->key, path, 1, "offerte.csv");
	snprintf (path, sizeof path, "/api/crm/leads/%s/files", id_text (deal));
	then_files (s, w->key, path, 1, "offerte.csv");
	snprintf (path, sizeof path, "/api/crm/activities/%s/files", id_text (note));
	then_files (s, w->key, path, 1, "bijlage.txt");
	snprintf (path, sizeof path, "/api/crm/contacts/%s/files", contact);
	then_files (s, w->key, path, 2, "bijlage.txt");
	char where[200];
	snprintf (where, sizeof where, "/api/crm/activities/%s", id_text (note));
	then_asked (s, w->key, "DELETE", where, 204); /* it goes with its note */
	then_files (s, w->key, path, 1, "offerte.csv");
	size_t most = 25 << 20;
	char *much = malloc (most + 2);
	memset (much, ' ', most + 2);
	snprintf (path, sizeof path, "contact_id=%s&name=lang.txt", contact);
	a = sent (s, w->key, path, much, most, "text/plain");
	then_status (&a, 201);
	a = sent (s, w->key, path, much, most + 1, "text/plain");
	then_problem (&a, 413, "too_large");
	free (much);
	free (contact);
	then_no_dead_letters (s);
}
