/* Catalogues, and the fields of a deal that hold their values: offered, kept, retired, counted with.
 * It must never take a refusal for granted. */
#include <string.h>
#include "story.h"

static struct uuid deal_made (struct stack *s, const struct workspace *w, const char *body)
{
	struct web_answer a = web_ask (s, &(struct web_request){ .method = "POST", .url = "/api/crm/deals", .key = w->key, .body = body });
	CHECK (a.status == 201, "the deal is not made: %d %s", a.status, a.body);
	struct uuid ret = uuid_at (a.json, "id");
	web_free (&a);
	return ret;
}

static void refused_at (struct stack *s, const struct workspace *w, const char *method, const char *path, const char *body,
			const char *pointer)
{
	char quoted[80];
	snprintf (quoted, sizeof quoted, "\"%s\"", pointer);
	struct web_answer a = web_ask (s, &(struct web_request){ .method = method, .url = path, .key = w->key, .body = body });
	CHECK (a.status == 422 && strstr (a.body, quoted), "%s %s %s is %d, not 422 at %s: %s", method, path, body, a.status, pointer,
	       a.body);
	web_free (&a);
}

static void worth (struct stack *s, const struct workspace *w, struct uuid deal, const char *amount)
{
	char path[200];
	snprintf (path, sizeof path, "/api/crm/deals/%s", id_text (deal));
	struct web_answer a = web (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200 && !strcmp (text_at (a.json, "account_value.amount"), amount), "the account is worth %s, not %s: %s",
	       text_at (a.json, "account_value.amount"), amount, a.body);
	web_free (&a);
}

static char *item_of (struct stack *s, const struct workspace *w, const char *catalogue, const char *key)
{
	return sql_text (s, "select id from pipeline.catalogue_item where workspace_id = '%s' and catalogue = '%s' and key = '%s'", w->id,
			 catalogue, key);
}

STORY (account_value_follows,
       "An account is worth its shipments at its locale's cost, whichever of the two changes; nobody sets it by hand")
{
	struct workspace *w = given_workspace (s, "account-value", "follow-up");
	char path[200], item[200];
	struct uuid deal = deal_made (
		s, w, "{\"title\":\"Ana\",\"locale\":\"mx\",\"monthly_shipments\":1200,\"account_type\":\"sme\",\"probability\":70}");
	worth (s, w, deal, "4200.00");
	snprintf (path, sizeof path, "/api/crm/deals/%s", id_text (deal));
	struct web_answer a = web (s, w->key, "PUT", path, "{\"monthly_shipments\":1500}");
	then_status (&a, 200);
	worth (s, w, deal, "5250.00");
	refused_at (s, w, "PUT", path, "{\"account_value\":{\"amount\":\"1.00\",\"currency\":\"USD\"}}", "/account_value");
	refused_at (s, w, "PUT", path, "{\"monthly_shipments\":-1}", "/monthly_shipments");
	refused_at (s, w, "PUT", path, "{\"probability\":101}", "/probability");
	refused_at (s, w, "PUT", path, "{\"locale\":\"atlantis\"}", "/locale");
	refused_at (s, w, "POST", "/api/crm/deals", "{\"title\":\"X\",\"weight_range\":\"feather\"}", "/weight_range");
	char *id = item_of (s, w, "locale", "mx");
	snprintf (item, sizeof item, "/api/crm/catalogues/%s", id);
	a = web (s, w->key, "PUT", item, "{\"cost\":{\"amount\":\"4.00\",\"currency\":\"USD\"}}");
	then_status (&a, 200);
	worth (s, w, deal, "6000.00");
	a = web (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200 && number_at (a.json, "probability") == 70 && !strcmp (text_at (a.json, "account_type"), "sme") &&
		       number_at (a.json, "version") == 2,
	       "the deal is %s", a.body);
	web_free (&a);
	then_text (
		s, "monthly_shipments 1200 1500", "what the timeline says changed",
		"select string_agg(concat_ws(' ', c->>'field', c->>'old', c->>'new'), ', ') from contacts.timeline t, jsonb_array_elements(t.data->'changes') c "
		"where t.subject_id = '%s' and t.type = 'deal.updated'",
		id_text (deal));
	free (id);
}

STORY (values_retire, "A value of a catalogue is added, renamed and retired: offered no longer, and kept by the deals that have it")
{
	struct workspace *w = given_workspace (s, "retired", "follow-up");
	char path[200], item[200], id[UUID_TEXT];
	struct web_answer a = web (s, w->key, "POST", "/api/crm/catalogues",
				   "{\"catalogue\":\"campaign\",\"label\":{\"en\":\"Spring 2027\",\"nl\":\"Voorjaar 2027\"}}");
	CHECK (a.status == 201, "no campaign: %d %s", a.status, a.body);
	uuid_format (uuid_at (a.json, "id"), id);
	web_free (&a);
	struct uuid deal = deal_made (s, w, "{\"title\":\"Ana\",\"campaign\":\"spring_2027\"}");
	snprintf (item, sizeof item, "/api/crm/catalogues/%s", id);
	a = web (s, w->key, "PUT", item, "{\"retired\":true,\"label\":{\"en\":\"Spring\",\"nl\":\"Lente\"}}");
	then_status (&a, 200);
	a = web (s, w->key, "GET", "/api/crm/catalogues?catalogue=campaign", NULL);
	CHECK (a.status == 200 && !json_array_size (json_at (a.json, "data")), "what is retired is offered: %s", a.body);
	web_free (&a);
	a = web (s, w->key, "GET", "/api/crm/catalogues?catalogue=campaign&retired=1", NULL);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == 1, "what is retired is lost: %s", a.body);
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/deals/%s", id_text (deal));
	a = web (s, w->key, "PUT", path, "{\"campaign\":\"spring_2027\",\"channel\":\"partner\"}"); /* its own it may keep */
	then_status (&a, 200);
	refused_at (s, w, "POST", "/api/crm/deals", "{\"title\":\"Luis\",\"campaign\":\"spring_2027\"}", "/campaign");
	refused_at (s, w, "POST", "/api/crm/catalogues",
		    "{\"catalogue\":\"channel\",\"label\":{\"en\":\"Fax\",\"nl\":\"Fax\"},\"key\":\"partner\"}", "/key");
	refused_at (s, w, "POST", "/api/crm/catalogues",
		    "{\"catalogue\":\"channel\",\"label\":{\"en\":\"Fax\",\"nl\":\"Fax\"},\"country\":\"NL\"}", "/country");
	refused_at (s, w, "POST", "/api/crm/catalogues",
		    "{\"catalogue\":\"locale\",\"label\":{\"en\":\"NL\",\"nl\":\"NL\"},\"phone_code\":\"0031\"}", "/phone_code");
	refused_at (s, w, "POST", "/api/crm/catalogues", "{\"catalogue\":\"hobby\",\"label\":{\"en\":\"A\",\"nl\":\"B\"}}", "/catalogue");
	a = web (s, w->key, "PUT", "/api/crm/catalogues/018f0000-0000-7000-8000-000000000001", "{\"retired\":true}");
	then_problem (&a, 404, "item_not_found");
	then_number (s, 2, "lines of the audit", "select count(*) from gateway.audit where workspace_id = '%s' and what like 'item%%'",
		     w->id);
}

STORY (own_fields, "A workspace gives its deals fields of its own, each kind checked; they are kept, told, changed, required and retired")
{
	static const char *const kinds[][3] = {
		{ "text", "\"rood\"", "7" },
		{ "number", "\"12.50\"", "\"veel\"" },
		{ "money", "{\"amount\":\"10.00\",\"currency\":\"EUR\"}", "{\"amount\":\"10.001\",\"currency\":\"EUR\"}" },
		{ "date", "\"2026-11-30\"", "\"2026-02-30\"" },
		{ "choice", "\"klein\"", "\"reus\"" },
		{ "boolean", "true", "\"ja\"" },
		{ "url", "\"https://voorbeeld.nl/x\"", "\"javascript:alert(1)\"" },
	};
	struct workspace *w = given_workspace (s, "own-fields", "commerce");
	char path[200], body[600], pointer[100], id[UUID_TEXT] = "";
	struct uuid deal = deal_made (s, w, "{\"title\":\"Dak\"}");
	snprintf (path, sizeof path, "/api/crm/deals/%s", id_text (deal));
	for (size_t i = 0; i < LENGTH (kinds); i++) {
		bool choice = !strcmp (kinds[i][0], "choice");
		snprintf (body, sizeof body, "{\"kind\":\"%s\",\"label\":{\"en\":\"My %s\",\"nl\":\"Mijn %s\"}%s}", kinds[i][0],
			  kinds[i][0], kinds[i][0],
			  choice ? ",\"choices\":[{\"key\":\"klein\",\"label\":{\"en\":\"Small\",\"nl\":\"Klein\"}}]" : "");
		struct web_answer a = web_ask (
			s, &(struct web_request){ .method = "POST", .url = "/api/crm/fields", .key = w->key, .body = body });
		CHECK (a.status == 201, "%s: %d %s", body, a.status, a.body);
		uuid_format (uuid_at (a.json, "id"), id);
		web_free (&a);
		snprintf (pointer, sizeof pointer, "/custom/my_%s", kinds[i][0]);
		snprintf (body, sizeof body, "{\"custom\":{\"my_%s\":%s}}", kinds[i][0], kinds[i][2]);
		refused_at (s, w, "PUT", path, body, pointer);
		snprintf (body, sizeof body, "{\"custom\":{\"my_%s\":%s}}", kinds[i][0], kinds[i][1]);
		a = web_ask (s, &(struct web_request){ .method = "PUT", .url = path, .key = w->key, .body = body });
		then_status (&a, 200);
	}
	refused_at (s, w, "PUT", path, "{\"custom\":{\"nowhere\":1}}", "/custom/nowhere");
	struct web_answer a = web (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200 && json_object_size (json_at (a.json, "custom")) == LENGTH (kinds) &&
		       !strcmp (text_at (a.json, "custom.my_money.amount"), "10.00") &&
		       json_is_true (json_at (a.json, "custom.my_boolean")),
	       "the deal holds %s", a.body);
	web_free (&a);
	a = web (s, w->key, "PUT", path, "{\"custom\":{\"my_text\":\"blauw\",\"my_url\":null}}");
	then_status (&a, 200);
	settle (s);
	then_text (
		s, "custom.my_text rood blauw, custom.my_url https://voorbeeld.nl/x", "what the timeline says changed",
		"select string_agg(concat_ws(' ', c->>'field', c->>'old', c->>'new'), ', ' order by c->>'field') from (select data from contacts.timeline "
		"where subject_id = '%s' and type = 'deal.updated' order by at desc, event_id desc limit 1) t, jsonb_array_elements(t.data->'changes') c",
		id_text (deal));
	snprintf (path, sizeof path, "/api/crm/fields/%s", id);
	a = web (s, w->key, "PUT", path, "{\"needed\":true,\"position\":1}");
	then_status (&a, 200);
	refused_at (s, w, "POST", "/api/crm/deals", "{\"title\":\"Muur\"}", "/custom/my_url");
	(void) deal_made (s, w, "{\"title\":\"Muur\",\"custom\":{\"my_url\":\"https://voorbeeld.nl\"}}");
	struct uuid lead = given_deal_of (s, w, "Kees Kort", "kees@own-fields.test", "Vraag"); /* a form does not know of it */
	then_stage (s, lead, "new");
	a = web (s, w->key, "PUT", path, "{\"retired\":true}");
	then_status (&a, 200);
	refused_at (s, w, "POST", "/api/crm/deals", "{\"title\":\"Vloer\",\"custom\":{\"my_url\":\"https://voorbeeld.nl\"}}",
		    "/custom/my_url");
	refused_at (s, w, "POST", "/api/crm/fields", "{\"kind\":\"choice\",\"label\":{\"en\":\"A\",\"nl\":\"B\"}}", "/choices");
	refused_at (s, w, "POST", "/api/crm/fields", "{\"kind\":\"colour\",\"label\":{\"en\":\"A\",\"nl\":\"B\"}}", "/kind");
	refused_at (s, w, "POST", "/api/crm/fields", "{\"kind\":\"text\",\"label\":{\"en\":\"A\",\"nl\":\"B\"},\"key\":\"my_text\"}",
		    "/key");
	a = web (s, w->key, "PUT", "/api/crm/fields/018f0000-0000-7000-8000-000000000001", "{\"retired\":true}");
	then_problem (&a, 404, "custom_field_not_found");
}

STORY (loss_needs_reason,
       "Where the pipeline says so no deal is lost without a reason of the catalogue, and the reason goes when the deal comes back")
{
	struct workspace *w = given_workspace (s, "loss-reason", "commerce");
	char path[200];
	struct uuid deal = deal_made (s, w, "{\"title\":\"Dak\",\"value\":{\"amount\":\"100.00\",\"currency\":\"EUR\"}}");
	snprintf (path, sizeof path, "/api/crm/deals/%s/stage", id_text (deal));
	struct web_answer a = web (s, w->key, "POST", path, "{\"stage\":\"lost\"}"); /* its preset says so */
	then_problem (&a, 422, "loss_reason_required");
	refused_at (s, w, "POST", path, "{\"stage\":\"lost\",\"loss_reason\":\"weather\"}", "/loss_reason");
	then_stage (s, deal, "new");
	a = web (s, w->key, "POST", path, "{\"stage\":\"lost\",\"loss_reason\":\"price\"}");
	then_status (&a, 200);
	then_text (s, "price", "why it was lost", "select loss_reason from pipeline.deal where id = '%s'", id_text (deal));
	a = web (s, w->key, "POST", path, "{\"stage\":\"proposal\"}");
	then_status (&a, 200);
	then_number (s, 1, "deals without a reason",
		     "select count(*) from pipeline.deal where id = '%s' and loss_reason is null and closed_at is null", id_text (deal));
	/* nor by taking its stage away */
	char *stage = sql_text (s, "select stage_id from pipeline.deal where id = '%s'", id_text (deal));
	snprintf (path, sizeof path, "/api/crm/stages/%s?move_to=lost", stage);
	a = web (s, w->key, "DELETE", path, NULL);
	then_problem (&a, 422, "loss_reason_required");
	free (stage);
	then_stage (s, deal, "proposal");
	then_said (s, deal, "deal.created, deal.stage_changed, deal.stage_changed");
	/* where it is not wanted any more */
	char *board = sql_text (s, "select id from pipeline.pipeline where workspace_id = '%s'", w->id);
	snprintf (path, sizeof path, "/api/crm/pipelines/%s", board);
	a = web (s, w->key, "PUT", path, "{\"lost_reason_required\":false}");
	then_status (&a, 200);
	free (board);
	snprintf (path, sizeof path, "/api/crm/deals/%s/stage", id_text (deal));
	a = web (s, w->key, "POST", path, "{\"stage\":\"lost\"}");
	then_status (&a, 200);
}
