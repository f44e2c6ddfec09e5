/* Many deals at once, the trash, and undo: what one action did is one batch, and comes back where nobody changed it since.
 * It must never take a count of the answer for what happened: boards, sums and lists are looked at as well. */
#include <string.h>
#include "story.h"

enum { MANY = 600 };

static void sums_are_exact (struct stack *s, const struct workspace *w)
{
	then_number (
		s, 0, "sums that are not those of the deals",
		"select count(*) from (select stage_id, owner_id, currency, sum(deals) as n, sum(value) as v from pipeline.stage_sum where workspace_id = '%s' group by 1, 2, 3) a "
		"full join (select stage_id, coalesce(owner_id, '00000000-0000-0000-0000-000000000000') as owner_id, coalesce(value_currency, '') as currency, count(*) as n, "
		"coalesce(sum(value), 0) as v from pipeline.deal where workspace_id = '%s' group by 1, 2, 3) b "
		"using (stage_id, owner_id, currency) where (coalesce(a.n, 0), coalesce(a.v, 0)) <> (coalesce(b.n, 0), coalesce(b.v, 0))",
		w->id, w->id);
}

/* n deals in the first stage, and their ids as a JSON array. */
static char *deals_given (struct stack *s, const struct workspace *w, int n)
{
	json_t *ids = json_array ();
	for (int i = 0; i < n; i++) {
		struct web_answer a = web (s, w->key, "POST", "/api/crm/deals",
					   "{\"title\":\"Deal %d\",\"value\":{\"amount\":\"%d.25\",\"currency\":\"%s\"}}", i, i,
					   i % 3 ? "EUR" : "USD");
		CHECK (a.status == 201, "a deal is not made: %d %s", a.status, a.body);
		json_array_append_new (ids, json_string (text_at (a.json, "id")));
		web_free (&a);
	}
	char *ret = json_dumps (ids, JSON_COMPACT);
	json_decref (ids);
	return ret;
}

static struct web_answer bulk_as (struct stack *s, const struct workspace *w, const char *key, const char *ids, const char *rest)
{
	size_t room = strlen (ids) + strlen (rest) + 40;
	char *body = malloc (room);
	snprintf (body, room, "{\"ids\":%s,%s}", ids, rest);
	struct web_answer a = web_ask (
		s,
		&(struct web_request){ .method = "POST", .url = "/api/crm/deals/bulk", .key = w->key, .idempotency = key, .body = body });
	free (body);
	return a;
}

static struct web_answer undo (struct stack *s, const struct workspace *w, const char *batch)
{
	char path[200];
	snprintf (path, sizeof path, "/api/crm/batches/%s/undo", batch);
	return web (s, w->key, "POST", path, "{}");
}

/* Its nth id. */
static const char *id_of (const char *ids, int n)
{
	static char text[UUID_TEXT];
	snprintf (text, sizeof text, "%.36s", ids + 2 + (size_t) n * 39);
	return text;
}

static int64_t board_says (struct stack *s, const struct workspace *w, const char *stage)
{
	struct web_answer a = web (s, w->key, "GET", "/api/crm/count", NULL);
	json_t *row;
	size_t i;
	int64_t n = -1;
	json_array_foreach (json_at (a.json, "data"), i, row) if (!strcmp (text_at (row, "key"), stage)) n = number_at (row, "count");
	web_free (&a);
	return n;
}

STORY (bulk_is_one_action,
       "600 deals moved in one action are one batch, once under its key; undo puts back in their places all that nobody touched, and names the rest")
{
	struct workspace *w = given_workspace (s, "bulk", "classic-6");
	char *ids = deals_given (s, w, MANY), batch[UUID_TEXT], path[200], *with;
	char *places = sql_text (
		s,
		"select string_agg(id || stage_since::text || coalesce(closed_at::text, ''), ',' order by id) from pipeline.deal where workspace_id = '%s' and id <> '%s'",
		w->id, id_of (ids, 5));
	size_t room = strlen (ids) + 60;
	with = malloc (room);
	snprintf (with, room, "%.*s,\"11111111-1111-4111-8111-111111111111\"]", (int) strlen (ids) - 1, ids); /* one that is nobody's */
	struct web_answer a = bulk_as (s, w, "bulk-1", with, "\"action\":\"move\",\"stage\":\"won\"");
	CHECK (a.status == 200 && number_at (a.json, "done") == MANY && number_at (a.json, "skipped") == 0 &&
		       json_array_size (json_at (a.json, "refused")) == 1 && !strcmp (text_at (a.json, "refused.0.code"), "deal_not_found"),
	       "the action says %d %.600s", a.status, a.body);
	snprintf (batch, sizeof batch, "%s", text_at (a.json, "batch_id"));
	web_free (&a);
	CHECK (board_says (s, w, "won") == MANY && board_says (s, w, "lead") == 0, "the board does not show it");
	then_number (s, MANY, "moves of the batch", "select count(*) from pipeline.deal_change where batch_id = '%s'", batch);
	a = bulk_as (s, w, "bulk-1", with, "\"action\":\"move\",\"stage\":\"won\""); /* the same once more: the same answer, nothing done */
	CHECK (a.status == 200 && number_at (a.json, "done") == MANY && !strcmp (text_at (a.json, "batch_id"), batch),
	       "its repeat says %d %.300s", a.status, a.body);
	web_free (&a);
	a = bulk_as (s, w, "bulk-2", ids, "\"action\":\"move\",\"stage\":\"won\""); /* there already: nothing to do */
	CHECK (a.status == 200 && number_at (a.json, "done") == 0 && number_at (a.json, "skipped") == MANY, "moving again says %d %.300s",
	       a.status, a.body);
	web_free (&a);
	then_number (s, MANY, "changes in all", "select count(*) from pipeline.deal_change where workspace_id = '%s'", w->id);
	sums_are_exact (s, w);
	snprintf (path, sizeof path, "/api/crm/deals/%s/stage", id_of (ids, 5)); /* somebody works on */
	a = web (s, w->key, "POST", path, "{\"stage\":\"proposal\"}");
	CHECK (a.status == 200 && *text_at (a.json, "batch_id"), "a move bears no batch: %s", a.body);
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/deals/%s", id_of (ids, 6)); /* another field: the move is undone all the same */
	a = web (s, w->key, "PUT", path, "{\"notes\":\"Gebeld\"}");
	then_status (&a, 200);
	a = undo (s, w, batch);
	CHECK (a.status == 200 && number_at (a.json, "undone") == MANY - 1 && json_array_size (json_at (a.json, "kept")) == 1 &&
		       !strcmp (text_at (a.json, "kept.0.id"), id_of (ids, 5)) && !strcmp (text_at (a.json, "kept.0.why"), "changed") &&
		       !strcmp (text_at (a.json, "kept.0.field"), "stage"),
	       "the undo says %d %.600s", a.status, a.body);
	web_free (&a);
	CHECK (board_says (s, w, "lead") == MANY - 1 && board_says (s, w, "won") == 0 && board_says (s, w, "proposal") == 1,
	       "undone, the board is not as it was");
	char *now = sql_text (
		s,
		"select string_agg(id || stage_since::text || coalesce(closed_at::text, ''), ',' order by id) from pipeline.deal where workspace_id = '%s' and id <> '%s'",
		w->id, id_of (ids, 5));
	CHECK (!strcmp (places, now), "not every card is in its old place");
	then_text (s, "Gebeld", "the note that was written meanwhile", "select notes from pipeline.deal where id = '%s'", id_of (ids, 6));
	sums_are_exact (s, w);
	a = undo (s, w, "22222222-2222-4222-8222-222222222222");
	then_status (&a, 404);
	a = web (s, w->key, "POST", "/api/crm/deals/bulk",
		 "{\"filter\":{\"stage\":\"lead\",\"value_min\":\"300\"},\"action\":\"move\",\"stage\":\"qualified\"}");
	CHECK (a.status == 200 && number_at (a.json, "done") == 300 && board_says (s, w, "qualified") == 300,
	       "all that a filter finds: %d %.300s", a.status, a.body);
	web_free (&a);
	a = web (s, w->key, "POST", "/api/crm/deals/bulk", "{\"filter\":{\"smaak\":\"zoet\"},\"action\":\"delete\"}");
	CHECK (a.status == 422 && !strcmp (text_at (a.json, "errors.0.pointer"), "/smaak"), "a filter that there is not: %d %s", a.status,
	       a.body);
	web_free (&a);
	free (places), free (now), free (ids), free (with);
}

STORY (bulk_edits_come_back,
       "Fields edited in bulk and owners changed come back as they were, each field for itself, typed values and own fields too")
{
	struct workspace *w = given_workspace (s, "bulk-edit", "commerce");
	struct user anna = given_user (s, "anna@bulk.test", "--workspace bulk-edit --role sales");
	struct web_answer a = web (s, w->key, "POST", "/api/crm/fields",
				   "{\"kind\":\"number\",\"label\":{\"en\":\"Score\",\"nl\":\"Score\"}}");
	then_status (&a, 201);
	a = web (s, w->key, "POST", "/api/crm/fields", "{\"kind\":\"boolean\",\"label\":{\"en\":\"Hot\",\"nl\":\"Heet\"}}");
	then_status (&a, 201);
	char *ids = deals_given (s, w, 20), batch[UUID_TEXT], path[200];
	snprintf (path, sizeof path, "/api/crm/deals/%s", id_of (ids, 0));
	a = web (s, w->key, "PUT", path, "{\"custom\":{\"score\":7,\"hot\":true},\"close_date\":\"2026-12-01\",\"notes\":\"eerst\"}");
	then_status (&a, 200);
	char *before = sql_text (
		s,
		"select string_agg(md5(concat_ws('|', id, title, value, value_currency, close_date, notes, owner_id, probability, nullif(custom, '{}'))), ',' order by id) "
		"from pipeline.deal where workspace_id = '%s'",
		w->id);
	a = bulk_as (
		s, w, "e1", ids,
		"\"action\":\"edit\",\"fields\":{\"close_date\":\"2027-01-31\",\"notes\":\"allen\",\"probability\":35,\"value\":{\"amount\":\"10.00\",\"currency\":\"EUR\"},\"custom\":{\"score\":9,\"hot\":false}}");
	CHECK (a.status == 200 && number_at (a.json, "done") == 20, "the edit says %d %s", a.status, a.body);
	snprintf (batch, sizeof batch, "%s", text_at (a.json, "batch_id"));
	web_free (&a);
	then_number (
		s, 20, "deals edited",
		"select count(*) from pipeline.deal where workspace_id = '%s' and value = 1000 and value_currency = 'EUR' and probability = 35",
		w->id);
	sums_are_exact (s, w);
	a = web (s, w->key, "PUT", path, "{\"notes\":\"later\"}"); /* one field of one deal */
	then_status (&a, 200);
	a = undo (s, w, batch);
	CHECK (a.status == 200 && number_at (a.json, "undone") == 20 && json_array_size (json_at (a.json, "kept")) == 1 &&
		       !strcmp (text_at (a.json, "kept.0.field"), "notes"),
	       "the undo says %d %s", a.status, a.body);
	web_free (&a);
	a = web (s, w->key, "PUT", path, "{\"notes\":\"eerst\"}");
	then_status (&a, 200);
	char *after = sql_text (
		s,
		"select string_agg(md5(concat_ws('|', id, title, value, value_currency, close_date, notes, owner_id, probability, nullif(custom, '{}'))), ',' order by id) "
		"from pipeline.deal where workspace_id = '%s'",
		w->id);
	CHECK (!strcmp (before, after), "undone, something is not as it was");
	char rest[200];
	snprintf (rest, sizeof rest, "\"action\":\"reassign\",\"owner_id\":\"%s\"", anna.id);
	a = bulk_as (s, w, "e2", ids, rest);
	CHECK (a.status == 200 && number_at (a.json, "done") == 20, "reassigning says %d %s", a.status, a.body);
	snprintf (batch, sizeof batch, "%s", text_at (a.json, "batch_id"));
	web_free (&a);
	sums_are_exact (s, w);
	a = undo (s, w, batch);
	CHECK (a.status == 200 && number_at (a.json, "undone") == 20, "the undo says %d %s", a.status, a.body);
	web_free (&a);
	sums_are_exact (s, w);
	a = bulk_as (s, w, "e3", ids, "\"action\":\"edit\",\"fields\":{\"probability\":\"veel\"}");
	CHECK (a.status == 422 && !strcmp (text_at (a.json, "errors.0.pointer"), "/fields/probability"), "a wrong field says %d %s",
	       a.status, a.body);
	web_free (&a);
	a = bulk_as (s, w, "e4", ids, "\"action\":\"move\"");
	CHECK (a.status == 422 && !strcmp (text_at (a.json, "errors.0.pointer"), "/stage"), "a move to nowhere says %d %s", a.status,
	       a.body);
	web_free (&a);
	a = bulk_as (s, w, "e5", ids, "\"action\":\"reassign\",\"owner_id\":\"11111111-1111-4111-8111-111111111111\"");
	then_problem (&a, 422, "not_a_member");
	free (before), free (after), free (ids);
}

static int64_t rows_of (struct stack *s, const struct workspace *w, const char *path)
{
	struct web_answer a = web (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200, "%s: %d %s", path, a.status, a.body);
	int64_t n = (int64_t) json_array_size (json_at (a.json, "data"));
	web_free (&a);
	return n;
}

STORY (trash_is_not_there,
       "A deleted deal is on no board, in no count, list, search or file; it is in the trash, keeps its lead, and comes back where it stood")
{
	struct workspace *w = given_workspace (s, "trash", "classic-6");
	struct uuid deal = given_deal_of (s, w, "Karel Appel", "karel@trash.test", "Vraag");
	char path[200], file[260];
	snprintf (path, sizeof path, "/api/crm/deals/%s", id_text (deal));
	struct web_answer a = web (s, w->key, "PUT", path, "{\"value\":{\"amount\":\"99.00\",\"currency\":\"EUR\"}}");
	then_status (&a, 200);
	a = web (s, w->key, "DELETE", path, NULL);
	then_status (&a, 204);
	a = web (s, w->key, "DELETE", path, NULL); /* it is there no more, but is in the trash already */
	CHECK (a.status == 204 || a.status == 404, "deleting again says %d", a.status);
	web_free (&a);
	a = web (s, w->key, "GET", path, NULL);
	then_problem (&a, 404, "deal_not_found");
	snprintf (file, sizeof file, "%s/timeline", path);
	a = web (s, w->key, "GET", file, NULL);
	then_status (&a, 404);
	a = web (s, w->key, "PUT", path, "{\"title\":\"Toch\"}");
	then_problem (&a, 404, "deal_not_found");
	snprintf (file, sizeof file, "%s/stage", path);
	a = web (s, w->key, "POST", file, "{\"stage\":\"won\"}");
	then_problem (&a, 404, "deal_not_found");
	CHECK (board_says (s, w, "lead") == 0 && rows_of (s, w, "/api/crm/deals") == 0, "it is still listed or counted");
	a = web (s, w->key, "GET", "/api/crm/pipeline", NULL);
	CHECK (a.status == 200 && !strstr (a.body, "Karel") && !strstr (a.body, "99.00"), "the board shows it: %s", a.body);
	web_free (&a);
	a = web (s, w->key, "GET", "/api/crm/search?q=Karel", NULL);
	CHECK (a.status == 200 && !json_array_size (json_at (a.json, "data.opportunities")), "search: %s", a.body);
	web_free (&a);
	a = web (s, w->key, "GET", "/api/crm/export/deals", NULL);
	CHECK (a.status == 200 && !strstr (a.body, "Karel"), "the export has it: %s", a.body);
	web_free (&a);
	CHECK (rows_of (s, w, "/api/crm/trash") == 1, "it is not in the trash");
	sums_are_exact (s, w);
	when_redelivered (s, "lead.created", 2);
	then_number (s, 1, "deals of the lead", "select count(*) from pipeline.deal where workspace_id = '%s'", w->id);
	snprintf (file, sizeof file, "%s/restore", path);
	a = web (s, w->key, "POST", file, "{}");
	then_status (&a, 200);
	then_stage (s, deal, "lead");
	CHECK (board_says (s, w, "lead") == 1 && rows_of (s, w, "/api/crm/trash") == 0, "it did not come back");
	sums_are_exact (s, w);
	then_said (s, deal, "deal.created, deal.updated, deal.trashed, deal.restored");
	snprintf (file, sizeof file, "%s/history", path);
	CHECK (rows_of (s, w, file) == 3, "the history does not tell");
	snprintf (file, sizeof file, "%s/timeline", path);
	a = web (s, w->key, "GET", file, NULL);
	CHECK (a.status == 200 && strstr (a.body, "deal.trashed") && strstr (a.body, "deal.restored"), "the timeline does not tell: %s",
	       a.body);
	web_free (&a);
}

STORY (trash_comes_back_whole,
       "Deals deleted in bulk come back by undo, one whose stage is gone into the first; a page of the trash goes on where it stopped")
{
	struct workspace *w = given_workspace (s, "trash-bulk", "classic-6");
	char *ids = deals_given (s, w, 30), batch[UUID_TEXT], path[300], stage[UUID_TEXT];
	struct web_answer a = web (s, w->key, "POST", "/api/crm/stages",
				   "{\"pipeline\":\"sales\",\"label\":{\"en\":\"Demo\",\"nl\":\"Demo\"}}");
	CHECK (a.status == 201, "the stage is not made: %s", a.body);
	snprintf (stage, sizeof stage, "%s", text_at (a.json, "id"));
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/deals/%s/stage", id_of (ids, 3));
	a = web (s, w->key, "POST", path, "{\"stage\":\"demo\"}");
	then_status (&a, 200);
	a = bulk_as (s, w, "d1", ids, "\"action\":\"delete\"");
	CHECK (a.status == 200 && number_at (a.json, "done") == 30, "deleting says %d %s", a.status, a.body);
	snprintf (batch, sizeof batch, "%s", text_at (a.json, "batch_id"));
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/stages/%s", stage);
	a = web (s, w->key, "DELETE", path, NULL); /* empty: what is in the trash does not hold it */
	then_status (&a, 204);
	int64_t seen = 0;
	for (snprintf (path, sizeof path, "/api/crm/trash?limit=7");;) {
		a = web (s, w->key, "GET", path, NULL);
		CHECK (a.status == 200, "the trash: %d %s", a.status, a.body);
		seen += (int64_t) json_array_size (json_at (a.json, "data"));
		bool more = json_is_string (json_at (a.json, "next"));
		snprintf (path, sizeof path, "/api/crm/trash?limit=7&after=%s", text_at (a.json, "next"));
		web_free (&a);
		if (!more)
			break;
	}
	CHECK (seen == 30, "the trash shows %lld of 30", (long long) seen);
	a = undo (s, w, batch);
	CHECK (a.status == 200 && number_at (a.json, "undone") == 30 && !json_array_size (json_at (a.json, "kept")), "the undo says %d %s",
	       a.status, a.body);
	web_free (&a);
	CHECK (board_says (s, w, "lead") == 30, "they are not all back");
	sums_are_exact (s, w);
	free (ids);
}

STORY (bulk_keeps_rights,
       "Who sees only their own moves, deletes and undoes only their own: the rest is not there; a board that wants notes gets one for all")
{
	struct workspace *w = given_workspace (s, "bulk-rights", "follow-up");
	struct user luis = given_user (s, "luis@bulk.test", "--workspace bulk-rights --role sdr");
	char *ids = deals_given (s, w, 10), body[700], batch[UUID_TEXT], path[200];
	snprintf (path, sizeof path, "/api/crm/deals/%s", id_of (ids, 0));
	snprintf (body, sizeof body, "{\"owner_id\":\"%s\"}", luis.id);
	struct web_answer a = web (s, w->key, "PUT", path, "%s", body);
	then_status (&a, 200);
	a = bulk_as (s, w, "r0", ids, "\"action\":\"move\",\"stage\":\"contacted\"");
	CHECK (a.status == 200 && number_at (a.json, "done") == 0 && json_array_size (json_at (a.json, "refused")) == 10 &&
		       !strcmp (text_at (a.json, "refused.0.code"), "note_required"),
	       "without a note: %d %s", a.status, a.body);
	web_free (&a);
	snprintf (body, sizeof body, "{\"ids\":%s,\"action\":\"move\",\"stage\":\"contacted\",\"note\":\"Samen gebeld\"}", ids);
	a = when_user_asks (s, &luis, "POST", "/api/crm/deals/bulk", body);
	CHECK (a.status == 200 && number_at (a.json, "done") == 1 && json_array_size (json_at (a.json, "refused")) == 9, "luis moves %d %s",
	       a.status, a.body);
	web_free (&a);
	a = bulk_as (s, w, "r1", ids, "\"action\":\"move\",\"stage\":\"interested\",\"note\":\"Allen\"");
	CHECK (a.status == 200 && number_at (a.json, "done") == 10, "the owner moves %d %s", a.status, a.body);
	snprintf (batch, sizeof batch, "%s", text_at (a.json, "batch_id"));
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/batches/%s/undo", batch);
	a = when_user_asks (s, &luis, "POST", path, "{}");
	CHECK (a.status == 200 && number_at (a.json, "undone") == 1 && !json_array_size (json_at (a.json, "kept")), "luis undoes %d %s",
	       a.status, a.body);
	web_free (&a);
	CHECK (board_says (s, w, "interested") == 9 && board_says (s, w, "contacted") == 1, "more than luis' own came back");
	sums_are_exact (s, w);
	free (ids);
}
