/* Who is erased, in documents of money: quotes and drafts say nothing of them any more, and their files are named no more; what is final stays as the law wants it.
 * It must never let a final invoice be emptied, nor anything else of them stay. */
#include <string.h>
#include "story.h"

static struct uuid made (struct stack *s, const struct workspace *w, const char *path, const char *body)
{
	struct web_answer a = web_ask (s, &(struct web_request){ .method = "POST", .url = path, .key = w->key, .body = body });
	CHECK (a.status / 100 == 2, "POST %s is %d: %s", path, a.status, a.body);
	struct uuid ret = uuid_at (a.json, "id");
	web_free (&a);
	return ret;
}

static void done_to (struct stack *s, const struct workspace *w, struct uuid document, const char *what)
{
	char path[120];
	snprintf (path, sizeof path, "/api/crm/documents/%s/%s", id_text (document), what);
	struct web_answer a = web_ask (
		s, &(struct web_request){
			   .method = "POST", .url = path, .key = w->key, .body = strcmp (what, "send") ? "{}" : "{\"mail\":false}" });
	CHECK (a.status / 100 == 2, "%s is %d: %s", what, a.status, a.body);
	web_free (&a);
}

#define LINES "\"lines\":[{\"name\":\"Advies aan Wilma Weggaan\",\"description\":\"Voor Wilma Weggaan\",\"price\":\"100\",\"rate\":\"21\"}]"

STORY (n_14_documents,
       "N14: quotes and drafts of who is erased say nothing of them, and their files are named no more; a final invoice stays as the law wants it")
{
	struct workspace *w = given_workspace (s, "boekhouding", "nl-offerte-6");
	settle (s);
	struct web_answer a = web_ask (
		s, &(struct web_request){
			   .method = "PUT",
			   .url = "/api/crm/company",
			   .key = w->key,
			   .body = "{\"name\":\"Zon B.V.\",\"street\":\"Dorpsstraat 1\",\"postcode\":\"1234 AB\","
				   "\"city\":\"Utrecht\",\"country\":\"NL\",\"kvk\":\"12345678\",\"vat_id\":\"NL123456782B01\"}" });
	then_status (&a, 200);
	struct uuid person = made (s, w, "/api/crm/contacts", "{\"name\":\"Wilma Weggaan\",\"email\":\"wilma@weggaan.test\"}");
	settle (s);
	char body[900];
	snprintf (
		body, sizeof body,
		"{\"contact_id\":\"%s\",\"title\":\"Voor Wilma\",\"buyer\":{\"name\":\"Wilma Weggaan\",\"street\":\"Kade 2\",\"postcode\":\"3511 AA\",\"city\":\"Utrecht\"}," LINES
		"}",
		id_text (person));
	struct uuid quote = made (s, w, "/api/crm/quotes", body), draft = made (s, w, "/api/crm/invoices", body),
		    final = made (s, w, "/api/crm/invoices", body);
	struct uuid other = made (s, w, "/api/crm/quotes",
				  "{\"buyer\":{\"name\":\"Ander\"},\"intro\":\"Besproken met Wilma Weggaan.\",\"lines\":[]}");
	done_to (s, w, quote, "send");
	done_to (s, w, final, "finalise");
	then_number (s, 1, "files of the quote", "select count(*) from billing.render where document_id = '%s'", id_text (quote));
	snprintf (body, sizeof body, "{\"contact_id\":\"%s\"}", id_text (person));
	made (s, w, "/api/crm/erasures", body);
	UNTIL (20000, sql_number (s, "select count(*) from billing.erasure where workspace_id = '%s' and ended_at is not null", w->id) == 1,
	       "billing has not forgotten them");
	then_number (
		s, 0, "documents that are not final and name them",
		"select count(*) from billing.document d where workspace_id = '%s' and finalised_at is null and d::text ilike '%%weggaan%%'",
		w->id);
	then_number (
		s, 0, "links and files of the quote and the draft",
		"select count(*) from billing.document d left join billing.render r on (r.workspace_id, r.document_id) = (d.workspace_id, d.id) "
		"where d.id in ('%s', '%s') and (d.token is not null or r.version is not null)",
		id_text (quote), id_text (draft));
	then_number (
		s, 1, "the final invoice as it was",
		"select count(*) from billing.document where id = '%s' and buyer ->> 'name' = 'Wilma Weggaan' and lines #>> '{0,name}' = "
		"'Advies aan Wilma Weggaan' and token is null",
		id_text (final));
	then_number (
		s, 1, "another one's quote, without their name",
		"select count(*) from billing.document where id = '%s' and buyer ->> 'name' = 'Ander' and intro = 'Besproken met erased.'",
		id_text (other));
	then_no_dead_letters (s);
}
