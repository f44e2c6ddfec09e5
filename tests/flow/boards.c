/* Boards as data: stages and pipelines added, changed, put in order and taken away, with deals on them.
 * It must never take a refusal for granted: what was refused is looked at, unchanged. */
#include <string.h>
#include "story.h"

static struct web_answer stage_post (struct stack *s, const struct workspace *w, const char *body)
{
	return web_ask (s, &(struct web_request){ .method = "POST", .url = "/api/crm/stages", .key = w->key, .body = body });
}

/* "lead qualified demo …" of the board, as the API tells it. */
static char *stages_of (struct stack *s, const struct workspace *w, const char *pipeline)
{
	static char text[600];
	struct web_answer a = web (s, w->key, "GET", "/api/crm/pipelines", NULL);
	CHECK (a.status == 200, "the pipelines: %d %s", a.status, a.body);
	json_t *board, *stage;
	size_t i, k;
	*text = '\0';
	json_array_foreach (json_at (a.json, "data"), i, board)
	{
		if (strcmp (text_at (board, "key"), pipeline))
			continue;
		json_array_foreach (json_at (board, "stages"), k, stage)
			snprintf (text + strlen (text), sizeof text - strlen (text), "%s%s", k ? " " : "", text_at (stage, "key"));
	}
	web_free (&a);
	return text;
}

static void sums_are_exact (struct stack *s, const struct workspace *w)
{
	then_number (
		s, 0, "sums that are not those of the deals",
		"select count(*) from (select stage_id, sum(deals) as n, sum(value) as v from pipeline.stage_sum where workspace_id = '%s' group by 1) a "
		"full join (select stage_id, count(*) as n, coalesce(sum(value), 0) as v from pipeline.deal where workspace_id = '%s' group by 1) b "
		"using (stage_id) where (coalesce(a.n, 0), coalesce(a.v, 0)) <> (coalesce(b.n, 0), coalesce(b.v, 0))",
		w->id, w->id);
}

STORY (stages_are_data,
       "A stage is added between two, renamed, moved, and goes only when its deals go first; sums stay exact and the board is told")
{
	struct workspace *w = given_workspace (s, "stages", "classic-6");
	char path[200], demo[UUID_TEXT];
	struct web_answer a = stage_post (
		s, w, "{\"pipeline\":\"sales\",\"label\":{\"en\":\"DEMO\",\"nl\":\"DEMO\"},\"position\":3,\"colour\":\"blue\"}");
	CHECK (a.status == 201, "the stage is not made: %d %s", a.status, a.body);
	uuid_format (uuid_at (a.json, "id"), demo);
	web_free (&a);
	CHECK (!strcmp (stages_of (s, w, "sales"), "lead qualified demo proposal negotiation won lost"), "the order is %s",
	       stages_of (s, w, "sales"));
	for (int i = 0; i < 40; i++) {
		a = web (s, w->key, "POST", "/api/crm/deals",
			 "{\"title\":\"D%d\",\"stage\":\"demo\",\"value\":{\"amount\":\"%d.50\",\"currency\":\"%s\"}}", i, i,
			 i % 2 ? "EUR" : "USD");
		then_status (&a, 201);
	}
	snprintf (path, sizeof path, "/api/crm/stages/%s", demo);
	a = web (s, w->key, "DELETE", path, NULL);
	then_problem (&a, 409, "stage_in_use");
	a = web (s, w->key, "PUT", path, "{\"kind\":\"won\"}");
	then_problem (&a, 409, "stage_in_use");
	a = web (s, w->key, "PUT", path, "{\"label\":{\"en\":\"Demo\"}}");
	CHECK (a.status == 422 && strstr (a.body, "/label/nl"), "half a label: %d %s", a.status, a.body);
	web_free (&a);
	a = web (s, w->key, "PUT", path, "{\"colour\":\"pink\"}");
	CHECK (a.status == 422 && strstr (a.body, "/colour"), "a colour of no board: %d %s", a.status, a.body);
	web_free (&a);
	a = web (s, w->key, "PUT", path,
		 "{\"label\":{\"en\":\"Demo\",\"nl\":\"Demonstratie\"},\"probability\":40,\"qualified\":true,\"position\":4}");
	then_status (&a, 200);
	a = web (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200 && !strcmp (text_at (a.json, "label.nl"), "Demonstratie") && number_at (a.json, "probability") == 40 &&
		       number_at (a.json, "position") == 4 && number_at (a.json, "deals") == 40,
	       "the stage is %s", a.body);
	web_free (&a);
	char url[300];
	snprintf (url, sizeof url, "%s?move_to=nowhere", path);
	a = web (s, w->key, "DELETE", url, NULL);
	CHECK (a.status == 422 && strstr (a.body, "/move_to"), "to nowhere: %d %s", a.status, a.body);
	web_free (&a);
	sums_are_exact (s, w);
	snprintf (url, sizeof url, "%s?move_to=negotiation", path);
	a = web (s, w->key, "DELETE", url, NULL);
	then_status (&a, 204);
	CHECK (!strcmp (stages_of (s, w, "sales"), "lead qualified proposal negotiation won lost"), "the order is %s",
	       stages_of (s, w, "sales"));
	then_number (s, 40, "deals that moved",
		     "select count(*) from pipeline.deal d join pipeline.stage s on (s.workspace_id, s.id) = (d.workspace_id, d.stage_id) "
		     "where d.workspace_id = '%s' and s.key = 'negotiation' and d.version = 2",
		     w->id);
	sums_are_exact (s, w);
	char *board = sql_text (s, "select id from pipeline.pipeline where workspace_id = '%s'", w->id);
	struct uuid id;
	CHECK (uuid_parse (board, &id) == OK, "no board");
	then_said (s, id, "board.changed, board.changed, board.changed");
	then_number (s, 3, "lines of the audit", "select count(*) from gateway.audit where workspace_id = '%s' and what like 'stage%%'",
		     w->id);
	free (board);
}

STORY (board_begins_open, "A board begins with an open stage, whatever is moved or removed, and leads begin in the first one there is")
{
	struct workspace *w = given_workspace (s, "begins", "commerce");
	char path[200];
	char *first = sql_text (s, "select id from pipeline.stage where workspace_id = '%s' and key = 'new'", w->id);
	char *won = sql_text (s, "select id from pipeline.stage where workspace_id = '%s' and key = 'won'", w->id);
	snprintf (path, sizeof path, "/api/crm/stages/%s", won);
	struct web_answer a = web (s, w->key, "PUT", path, "{\"position\":1}");
	CHECK (a.status == 422 && strstr (a.body, "first_open"), "won comes first: %d %s", a.status, a.body);
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/stages/%s", first);
	a = web (s, w->key, "DELETE", path, NULL);
	then_status (&a, 204);
	struct uuid deal = given_deal_of (s, w, "Jan Later", "jan@begins.test", "Vraag");
	then_stage (s, deal, "qualified");
	a = stage_post (s, w, "{\"pipeline\":\"sales\",\"label\":{\"en\":\"New\",\"nl\":\"Nieuw\"},\"position\":1}");
	then_status (&a, 201);
	deal = given_deal_of (s, w, "Piet Later", "piet@begins.test", "Vraag");
	then_stage (s, deal, "new");
	a = stage_post (s, w, "{\"pipeline\":\"sales\",\"label\":{\"en\":\"New\",\"nl\":\"Nieuw\"},\"key\":\"new\"}");
	CHECK (a.status == 422 && strstr (a.body, "/key"), "two stages of one key: %d %s", a.status, a.body);
	web_free (&a);
	a = stage_post (s, w, "{\"pipeline\":\"elsewhere\",\"label\":{\"en\":\"New\",\"nl\":\"Nieuw\"}}");
	CHECK (a.status == 422 && strstr (a.body, "/pipeline"), "a pipeline that is not there: %d %s", a.status, a.body);
	web_free (&a);
	free (first);
	free (won);
}

STORY (pipelines_are_many,
       "A second pipeline takes deals of its own, wants notes of its own, and is archived when nothing open stands in it")
{
	struct workspace *w = given_workspace (s, "many-boards", "commerce");
	char path[200], id[UUID_TEXT], deal[UUID_TEXT];
	struct web_answer a = web (s, w->key, "POST", "/api/crm/pipelines",
				   "{\"label\":{\"en\":\"After sales\",\"nl\":\"Nazorg\"},\"move_mode\":\"note_required\"}");
	CHECK (a.status == 201, "the pipeline is not made: %d %s", a.status, a.body);
	uuid_format (uuid_at (a.json, "id"), id);
	web_free (&a);
	CHECK (!strcmp (stages_of (s, w, "after_sales"), "new won lost"), "it has %s", stages_of (s, w, "after_sales"));
	a = web (s, w->key, "POST", "/api/crm/deals", "{\"title\":\"Onderhoud\",\"pipeline\":\"after_sales\"}");
	CHECK (a.status == 201, "no deal in it: %d %s", a.status, a.body);
	uuid_format (uuid_at (a.json, "id"), deal);
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/deals/%s/stage", deal);
	a = web (s, w->key, "POST", path, "{\"stage\":\"won\"}");
	then_problem (&a, 422, "note_required");
	a = web (s, w->key, "POST", path, "{\"stage\":\"proposal\",\"note\":\"elders\"}");
	then_problem (&a, 404, "stage_not_found");
	char board[200];
	snprintf (board, sizeof board, "/api/crm/pipelines/%s", id);
	a = web (s, w->key, "PUT", board, "{\"archived\":true}");
	then_problem (&a, 409, "pipeline_in_use");
	a = web (s, w->key, "POST", path, "{\"stage\":\"won\",\"note\":\"akkoord\"}");
	then_status (&a, 200);
	a = web (s, w->key, "PUT", board, "{\"archived\":true,\"position\":1}");
	then_status (&a, 200);
	a = web (s, w->key, "GET", "/api/crm/pipeline", NULL);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == 1, "an archived board is shown: %s", a.body);
	web_free (&a);
	a = web (s, w->key, "POST", "/api/crm/deals", "{\"title\":\"Te laat\",\"pipeline\":\"after_sales\"}");
	then_problem (&a, 404, "stage_not_found");
	a = web (s, w->key, "PUT", board, "{\"archived\":false,\"move_mode\":\"instant\"}");
	then_status (&a, 200);
	snprintf (path, sizeof path, "/api/crm/pipelines/%s", "018f0000-0000-7000-8000-000000000001");
	a = web (s, w->key, "PUT", path, "{\"archived\":true}");
	then_problem (&a, 404, "pipeline_not_found");
	char *sales = sql_text (s, "select id from pipeline.pipeline where workspace_id = '%s' and key = 'sales'", w->id);
	snprintf (path, sizeof path, "/api/crm/pipelines/%s", sales);
	a = web (s, w->key, "PUT", path, "{\"archived\":true}");
	then_problem (&a, 409, "pipeline_in_use"); /* leads begin there */
	free (sales);
	struct user sdr = given_user (s, "sdr@boards.nl", "--workspace many-boards --role sdr");
	a = when_user_asks (s, &sdr, "PUT", board, "{\"archived\":true}");
	then_problem (&a, 403, "forbidden");
	a = when_user_asks (s, &sdr, "GET", "/api/crm/pipelines", NULL);
	then_status (&a, 200);
}
