/* Base currency and dated rates: what totals in several currencies come to as one, at the rates of their days, exactly; what has no rate is named.
 * It must never compare an amount but digit by digit. */
#include <stdlib.h>
#include <string.h>
#include "story.h"

#define NOW "2026-11-21T10:00:00+01:00"

static struct web_answer asked_at (struct stack *s, const struct workspace *w, const char *method, const char *path, const char *time,
				   const char *body)
{
	char clock[100];
	snprintf (clock, sizeof clock, "CRM-Time: %s", time);
	return web_ask (s, &(struct web_request){ .method = method, .url = path, .key = w->key, .body = body, .header = { clock } });
}

static void rate_said (struct stack *s, const struct workspace *w, const char *currency, const char *day, const char *rate)
{
	struct web_answer a = web (s, w->key, "POST", "/api/crm/rates", "{\"currency\":\"%s\",\"day\":\"%s\",\"rate\":\"%s\"}", currency,
				   day, rate);
	then_status (&a, 201);
}

/* A deal of that value in a stage that it entered then. */
static void deal_worth (struct stack *s, const struct workspace *w, const char *amount, const char *currency, const char *stage,
			const char *time)
{
	char body[300], path[200];
	snprintf (body, sizeof body,
		  "{\"title\":\"%s %s\",\"value\":{\"amount\":\"%s\",\"currency\":\"%s\"},\"close_date\":\"2026-11-30\"}", currency, amount,
		  amount, currency);
	struct web_answer a = asked_at (s, w, "POST", "/api/crm/deals", "2026-09-01T09:00:00Z", body);
	CHECK (a.status == 201, "%s is not made: %d %s", body, a.status, a.body);
	snprintf (path, sizeof path, "/api/crm/deals/%s/stage", id_text (uuid_at (a.json, "id")));
	web_free (&a);
	snprintf (body, sizeof body, "{\"stage\":\"%s\"}", stage);
	a = asked_at (s, w, "POST", path, time, body);
	then_status (&a, 200);
}

static void says (struct stack *s, const struct workspace *w, const char *path, const char *time, const char *member, const char *expected)
{
	struct web_answer a = asked_at (s, w, "GET", path, time, NULL);
	CHECK (a.status == 200, "%s is %d: %s", path, a.status, a.body);
	json_t *at = json_at (a.json, member);
	char *told = at ? json_dumps (at, JSON_COMPACT | JSON_ENCODE_ANY) : strdup ("nothing");
	CHECK (!strcmp (told, expected), "%s of %s at %s is %s, not %s: %s", member, path, time, told, expected, a.body);
	free (told);
	web_free (&a);
}

static char *about (const char *amount, const char *base, const char *day, const char *missing)
{
	static char text[8][200];
	static size_t at;
	char *ret = text[at++ % 8];
	char quoted[20] = "null";
	if (day)
		snprintf (quoted, sizeof quoted, "\"%s\"", day);
	snprintf (ret, sizeof text[0], "{\"amount\":\"%s\",\"currency\":\"%s\",\"day\":%s,\"missing\":[%s]}", amount, base, quoted,
		  missing);
	return ret;
}

#define BOARD "/api/crm/pipeline"
#define SUMMARY "/api/crm/stats/summary"

STORY (rates_change_by_day,
       "What is open counts at today's rate, what was closed at that of its day where the workspace is; a corrected rate counts at once")
{
	struct workspace *w = given_workspace (s, "rates-by-day", "commerce"); /* new qualified proposal won lost; EUR */
	rate_said (s, w, "USD", "2026-10-01", "0.9");
	rate_said (s, w, "USD", "2026-11-10", "0.8");
	rate_said (s, w, "USD", "2026-12-01", "0.5");
	deal_worth (s, w, "100.00", "USD", "proposal", "2026-10-01T09:00:00Z");
	deal_worth (s, w, "7.00", "EUR", "proposal", "2026-10-01T09:00:00Z");
	deal_worth (s, w, "100.00", "USD", "won", "2026-10-15T09:00:00Z"); /* 90 */
	deal_worth (s, w, "100.00", "USD", "won", "2026-11-09T23:30:00Z"); /* the 10th in Amsterdam: 80 */
	deal_worth (s, w, "10.00", "EUR", "won", "2026-11-12T09:00:00Z");
	deal_worth (s, w, "3.00", "EUR", "qualified", "2026-11-12T09:00:00Z");
	says (s, w, BOARD, NOW, "data.0.stages.2.about", about ("87.00", "EUR", "2026-11-21", ""));
	says (s, w, BOARD, "2026-11-30T23:30:00Z", "data.0.stages.2.about", about ("57.00", "EUR", "2026-12-01", ""));
	says (s, w, BOARD, "2026-10-05T09:00:00Z", "data.0.stages.2.about", about ("97.00", "EUR", "2026-10-05", ""));
	says (s, w, BOARD, NOW, "data.0.stages.1.about", "null"); /* all in the base */
	says (s, w, BOARD, NOW, "data.0.stages.0.about", "null");
	says (s, w, BOARD "?value_min=50", NOW, "data.0.stages.2.about", about ("80.00", "EUR", "2026-11-21", ""));
	says (s, w, "/api/crm/count", NOW, "data.2.about", about ("87.00", "EUR", "2026-11-21", ""));
	says (s, w, "/api/crm/count?value_max=50", NOW, "data.2.about", "null");
	says (s, w, SUMMARY, NOW, "data.0.pipeline_value.about", about ("90.00", "EUR", "2026-11-21", ""));
	says (s, w, SUMMARY, NOW, "data.0.won.about", about ("180.00", "EUR", NULL, ""));
	says (s, w, SUMMARY, NOW, "data.0.avg_about", about ("60.00", "EUR", NULL, ""));
	says (s, w, SUMMARY, NOW, "data.0.won_this_month.about", about ("90.00", "EUR", NULL, ""));
	says (s, w, SUMMARY "?from=2026-10-01&to=2026-10-31", NOW, "data.0.won.about", about ("90.00", "EUR", NULL, ""));
	says (s, w, "/api/crm/stats/win_loss", NOW, "data.0.total.won_about", about ("180.00", "EUR", NULL, ""));
	says (s, w, "/api/crm/stats/win_loss?from=2026-11-01", NOW, "data.0.by_stage.0.won_about", about ("90.00", "EUR", NULL, ""));
	says (s, w, "/api/crm/stats/win_loss", NOW, "data.0.total.lost_about", "null");
	says (s, w, "/api/crm/stats/funnel", NOW, "data.0.stages.2.about", about ("87.00", "EUR", "2026-11-21", ""));
	says (s, w, "/api/crm/stats/forecast", NOW, "data.0.months.0.about", about ("90.00", "EUR", "2026-11-21", ""));
	says (s, w, "/api/crm/stats/ageing", NOW, "data.0.ages.2.about", about ("87.00", "EUR", "2026-11-21", ""));
	says (s, w, "/api/crm/pipeline/as-of?at=2026-10-20T12:00:00Z", NOW, "data.0.stages.2.about",
	      about ("97.00", "EUR", "2026-10-20", ""));
	says (s, w, "/api/crm/pipeline/as-of?at=2026-10-20T12:00:00Z", NOW, "data.0.stages.3.about",
	      about ("90.00", "EUR", "2026-10-20", ""));
	says (s, w, "/api/crm/pipeline/as-of?at=2026-11-20T12:00:00Z", NOW, "data.0.about", about ("260.00", "EUR", "2026-11-20", ""));
	/* said again of the same day it takes the place of what was said: one rate, the same id */
	struct stream *live = stream_open (s, w->key, NULL);
	rate_said (s, w, "USD", "2026-10-01", "0.95");
	stream_wait (live, "rate.changed", "0.95", 5000, NULL);
	says (s, w, SUMMARY, NOW, "data.0.won.about", about ("185.00", "EUR", NULL, ""));
	char *id = sql_text (s, "select id from pipeline.rate where workspace_id = '%s' and day = '2026-11-10'", w->id), path[200];
	snprintf (path, sizeof path, "/api/crm/rates/%s", id);
	struct web_answer a = web (s, w->key, "PUT", path, "{\"rate\":\"0.7\"}");
	then_status (&a, 200);
	says (s, w, path, NOW, "rate", "\"0.7\"");
	says (s, w, SUMMARY, NOW, "data.0.won.about", about ("175.00", "EUR", NULL, ""));
	a = web (s, w->key, "DELETE", path, NULL);
	then_status (&a, 204);
	stream_wait (live, "rate.changed", "\"removed\":true", 5000, NULL);
	stream_close (&live);
	says (s, w, SUMMARY, NOW, "data.0.won.about", about ("200.00", "EUR", NULL, "")); /* that of October again */
	a = web (s, w->key, "DELETE", path, NULL);
	then_problem (&a, 404, "rate_not_found");
	says (s, w, "/api/crm/currencies", NOW, "data.0.rates.1.rate", "\"0.95\"");
	says (s, w, "/api/crm/currencies", NOW, "data.0.rates.2", "nothing");
	then_text (
		s, "USD 2026-11-10 0.8 0.7", "what the audit says was there, and is",
		"select concat_ws(' ', detail->'before'->>'currency', detail->'before'->>'day', detail->'before'->>'rate', detail->'asked'->>'rate') from "
		"gateway.audit where workspace_id = '%s' and what = 'rate_update'",
		w->id);
	then_number (s, 6, "lines of the audit", "select count(*) from gateway.audit where workspace_id = '%s' and what like 'rate%%'",
		     w->id);
	free (id);
}

STORY (rates_missing, "A currency without a rate of that day is named and left out; where none has one there is no amount, never a zero")
{
	struct workspace *w = given_workspace (s, "rates-missing", "commerce");
	deal_worth (s, w, "100.00", "GBP", "proposal", "2026-10-01T09:00:00Z");
	says (s, w, BOARD, NOW, "data.0.stages.2.about",
	      "{\"amount\":null,\"currency\":\"EUR\",\"day\":\"2026-11-21\",\"missing\":[\"GBP\"]}");
	deal_worth (s, w, "5.00", "EUR", "proposal", "2026-10-01T09:00:00Z");
	deal_worth (s, w, "2.00", "CHF", "proposal", "2026-10-01T09:00:00Z");
	says (s, w, BOARD, NOW, "data.0.stages.2.about", about ("5.00", "EUR", "2026-11-21", "\"CHF\",\"GBP\""));
	rate_said (s, w, "GBP", "2026-11-21", "1.2");
	says (s, w, BOARD, NOW, "data.0.stages.2.about", about ("125.00", "EUR", "2026-11-21", "\"CHF\""));
	says (s, w, BOARD, "2026-11-20T10:00:00+01:00", "data.0.stages.2.about", about ("5.00", "EUR", "2026-11-20", "\"CHF\",\"GBP\""));
	/* closed before the first rate there is: its day had none */
	deal_worth (s, w, "10.00", "GBP", "won", "2026-11-20T09:00:00Z");
	deal_worth (s, w, "10.00", "GBP", "won", "2026-11-21T08:00:00Z");
	says (s, w, SUMMARY, NOW, "data.0.won.about", about ("12.00", "EUR", NULL, "\"GBP\""));
	says (s, w, SUMMARY, NOW, "data.0.avg_about", "null");
	says (s, w, "/api/crm/stats/win_loss", NOW, "data.0.total.won_about", about ("12.00", "EUR", NULL, "\"GBP\""));
	says (s, w, "/api/crm/stats/win_loss", NOW, "data.0.total.won_sums",
	      "[{\"amount\":\"20.00\",\"currency\":\"GBP\"}]"); /* told as ever */
}

STORY (rates_are_exact,
       "Conversion is whole numbers: each currency's own digits, rounded once and half away from zero, and as large as money can be")
{
	struct workspace *w = given_workspace (s, "rates-exact", "commerce");
	static const struct {
		const char *currency, *rate, *amount, *expected;
	} rows[] = {
		{ "USD", "0.5", "0.01", "0.01" },	      /* 0.005 */
		{ "GBP", "0.499999999", "0.01", "0.00" },     /* just below */
		{ "JPY", "0.006172839", "1000", "6.17" },     /* no digits to two */
		{ "KWD", "3.0005", "1.001", "3.00" },	      /* three digits to two: 3.0035005 */
		{ "CLF", "38.123456789", "2.0001", "76.25" }, /* four: 76.2507259… */
		{ "BHD", "2.5", "0.002", "0.01" },	      /* 0.005 */
		{ "CHF", "0.000000001", "92233720368547758.07", "92233720.37" },
		{ "SEK", "999999999.999999999", "92233720368547758.07", "92233720368547757977766279.63" },
	};
	for (size_t i = 0; i < LENGTH (rows); i++) {
		rate_said (s, w, rows[i].currency, "2026-01-01", rows[i].rate);
		char *stage = i % 2 ? "proposal" : "qualified", query[200];
		deal_worth (s, w, rows[i].amount, rows[i].currency, stage, "2026-10-01T09:00:00Z");
		snprintf (query, sizeof query, BOARD "?q=%s", rows[i].currency);
		says (s, w, query, NOW, i % 2 ? "data.0.stages.2.about" : "data.0.stages.1.about",
		      about (rows[i].expected, "EUR", "2026-11-21", ""));
	}
	/* rounded once, not once a currency: 0.005 + 0.002499999995 + 0.0049… */
	struct workspace *once = given_workspace (s, "rates-once", "commerce");
	rate_said (s, once, "USD", "2026-01-01", "0.4");
	rate_said (s, once, "GBP", "2026-01-01", "0.4");
	deal_worth (s, once, "0.01", "USD", "proposal", "2026-10-01T09:00:00Z");
	deal_worth (s, once, "0.01", "GBP", "proposal", "2026-10-01T09:00:00Z");
	says (s, once, BOARD, NOW, "data.0.stages.2.about", about ("0.01", "EUR", "2026-11-21", ""));
	then_number (
		s, 0, "columns of rates that are floating point",
		"select count(*) from information_schema.columns where table_schema = 'pipeline' and table_name = 'rate' and data_type in ('real', "
		"'double precision')");
}

STORY (base_is_chosen,
       "Another base leaves the rates of the old one aside, and they count again when it comes back; until one is chosen it is the workspace's own")
{
	struct workspace *w = given_workspace (s, "base-chosen", "follow-up"); /* USD */
	says (s, w, "/api/crm/currencies", NOW, "data.0.base", "\"USD\"");
	says (s, w, "/api/crm/currencies", NOW, "data.0.chosen", "false");
	char preset[200];
	snprintf (preset, sizeof preset, "/api/workspaces/%s/preset", w->id);
	struct web_answer own = web (s, w->key, "PUT", preset, "{\"currency\":\"SEK\"}");
	then_status (&own, 200);
	settle (s);
	says (s, w, "/api/crm/currencies", NOW, "data.0.base", "\"SEK\"");
	struct stream *live = stream_open (s, w->key, NULL);
	struct web_answer a = web (s, w->key, "PUT", "/api/crm/currencies", "{\"base\":\"EUR\"}");
	then_status (&a, 200);
	stream_wait (live, "currency.changed", "EUR", 5000, NULL);
	stream_close (&live);
	rate_said (s, w, "USD", "2026-01-01", "0.9");
	says (s, w, "/api/crm/currencies", NOW, "data.0.base", "\"EUR\"");
	says (s, w, "/api/crm/currencies", NOW, "data.0.chosen", "true");
	own = web (s, w->key, "PUT", preset, "{\"currency\":\"USD\"}");
	then_status (&own, 200);
	settle (s);
	says (s, w, "/api/crm/currencies", NOW, "data.0.base", "\"EUR\""); /* what was chosen stays */
	says (s, w, "/api/crm/currencies?currency=USD", NOW, "data.0.rates.0.day", "\"2026-01-01\"");
	says (s, w, "/api/crm/currencies?currency=GBP", NOW, "data.0.rates.0", "nothing");
	a = web (s, w->key, "POST", "/api/crm/deals", "{\"title\":\"A\",\"value\":{\"amount\":\"100.00\",\"currency\":\"USD\"}}");
	then_status (&a, 201);
	says (s, w, BOARD, NOW, "data.0.stages.0.about", about ("90.00", "EUR", "2026-11-21", ""));
	a = web (s, w->key, "PUT", "/api/crm/currencies", "{\"base\":\"CHF\"}");
	then_status (&a, 200);
	says (s, w, "/api/crm/currencies", NOW, "data.0.rates", "[]");
	says (s, w, BOARD, NOW, "data.0.stages.0.about",
	      "{\"amount\":null,\"currency\":\"CHF\",\"day\":\"2026-11-21\",\"missing\":[\"USD\"]}");
	a = web (s, w->key, "PUT", "/api/crm/currencies", "{\"base\":\"EUR\"}");
	then_status (&a, 200);
	a = web (s, w->key, "PUT", "/api/crm/currencies", "{\"base\":\"EUR\"}"); /* nothing new: nothing is said */
	then_status (&a, 200);
	says (s, w, BOARD, NOW, "data.0.stages.0.about", about ("90.00", "EUR", "2026-11-21", ""));
}

static void refused_at (struct stack *s, const struct workspace *w, const char *method, const char *path, const char *body,
			const char *pointer, const char *code)
{
	char quoted[80], said[80];
	snprintf (quoted, sizeof quoted, "\"%s\"", pointer);
	snprintf (said, sizeof said, "\"%s\"", code);
	struct web_answer a = web_ask (s, &(struct web_request){ .method = method, .url = path, .key = w->key, .body = body });
	CHECK (a.status == 422 && strstr (a.body, quoted) && strstr (a.body, said), "%s %s %s is %d, not 422 %s at %s: %s", method, path,
	       body, a.status, code, pointer, a.body);
	web_free (&a);
}

STORY (rates_are_guarded, "A rate is refused where it is none, and to whoever may not set it; another workspace's is not there")
{
	static const char *const wrong[] = { "0",   "0.000000000", "-1",	   "+1", "1,5", "1.", ".5",
					     "1e3", "1234567890",  "1.0000000001", " 1", "NaN", "" };
	struct workspace *w = given_workspace (s, "rates-guarded", "commerce"), *other = given_workspace (s, "rates-foreign", "commerce");
	struct user ann = given_user (s, "ann@rates-guarded.test", "--workspace rates-guarded --role sales");
	char body[200], path[200];
	for (size_t i = 0; i < LENGTH (wrong); i++) {
		snprintf (body, sizeof body, "{\"currency\":\"USD\",\"day\":\"2026-01-01\",\"rate\":\"%s\"}", wrong[i]);
		refused_at (s, w, "POST", "/api/crm/rates", body, "/rate", "not_a_rate");
	}
	refused_at (s, w, "POST", "/api/crm/rates", "{\"currency\":\"USD\",\"day\":\"2026-01-01\",\"rate\":1.5}", "/rate", "not_a_string");
	refused_at (s, w, "POST", "/api/crm/rates", "{\"currency\":\"usd\",\"day\":\"2026-01-01\",\"rate\":\"1\"}", "/currency",
		    "not_a_currency");
	refused_at (s, w, "POST", "/api/crm/rates", "{\"currency\":\"EUR\",\"day\":\"2026-01-01\",\"rate\":\"1\"}", "/currency", "is_base");
	refused_at (s, w, "POST", "/api/crm/rates", "{\"currency\":\"USD\",\"day\":\"2026-02-30\",\"rate\":\"1\"}", "/day", "not_a_date");
	refused_at (s, w, "POST", "/api/crm/rates", "{\"currency\":\"USD\",\"rate\":\"1\"}", "/day", "required");
	refused_at (s, w, "PUT", "/api/crm/currencies", "{\"base\":\"EU\"}", "/base", "not_a_currency");
	refused_at (s, w, "PUT", "/api/crm/currencies", "{}", "/base", "required");
	rate_said (s, w, "USD", "2026-01-01", "0.92");
	rate_said (s, other, "USD", "2026-01-01", "0.5");
	char *own = sql_text (s, "select id from pipeline.rate where workspace_id = '%s'", w->id);
	char *foreign = sql_text (s, "select id from pipeline.rate where workspace_id = '%s'", other->id);
	snprintf (path, sizeof path, "/api/crm/rates/%s", own);
	refused_at (s, w, "PUT", path, "{\"rate\":\"0\"}", "/rate", "not_a_rate");
	refused_at (s, w, "PUT", path, "{\"day\":\"2026-01-02\",\"rate\":\"1\"}", "/day", "unknown");
	struct web_answer a = when_user_asks (s, &ann, "GET", path, NULL);
	CHECK (a.status == 200 && !strcmp (text_at (a.json, "rate"), "0.92"), "who may look sees no rate: %d %s", a.status, a.body);
	web_free (&a);
	static const char *const writes[][3] = { { "PUT", "", "{\"rate\":\"1\"}" }, { "DELETE", "", NULL } };
	for (size_t i = 0; i < LENGTH (writes); i++) {
		a = when_user_asks (s, &ann, writes[i][0], path, writes[i][2]);
		then_problem (&a, 403, "forbidden");
		a = web_ask (s, &(struct web_request){ .method = writes[i][0], .url = path, .body = writes[i][2] });
		then_status (&a, 401);
	}
	a = when_user_asks (s, &ann, "POST", "/api/crm/rates", "{\"currency\":\"USD\",\"day\":\"2026-01-01\",\"rate\":\"1\"}");
	then_problem (&a, 403, "forbidden");
	a = when_user_asks (s, &ann, "PUT", "/api/crm/currencies", "{\"base\":\"USD\"}");
	then_problem (&a, 403, "forbidden");
	a = web_ask (s, &(struct web_request){ .method = "POST", .url = "/api/crm/rates", .key = w->key, .body = "{\"currency\"" });
	then_status (&a, 400);
	a = web_ask (s, &(struct web_request){ .method = "DELETE", .url = "/api/crm/currencies", .key = w->key });
	then_status (&a, 405);
	snprintf (path, sizeof path, "/api/crm/rates/%s", foreign);
	a = web (s, w->key, "PUT", path, "{\"rate\":\"9\"}");
	then_problem (&a, 404, "rate_not_found");
	a = web (s, w->key, "DELETE", path, NULL);
	then_problem (&a, 404, "rate_not_found");
	a = web (s, w->key, "GET", path, NULL);
	then_problem (&a, 404, "rate_not_found");
	then_text (s, "500000000", "the other workspace's rate",
		   "select string_agg(nano::text, ',') from pipeline.rate where workspace_id = '%s'", other->id);
	free (own);
	free (foreign);
}
