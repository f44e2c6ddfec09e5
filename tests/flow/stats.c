/* The figures of the dashboard: exact ones of known deals, months where the workspace is, and for each reader what they may see.
 * It must never take a figure for right because it is there. */
#include <stdlib.h>
#include <string.h>
#include "story.h"

static struct web_answer asked_at (struct stack *s, const struct workspace *w, const char *method, const char *path, const char *time,
				   const char *body)
{
	char clock[100];
	snprintf (clock, sizeof clock, "CRM-Time: %s", time);
	return web_ask (s, &(struct web_request){ .method = method, .url = path, .key = w->key, .body = body, .header = { clock } });
}

static struct uuid made_at (struct stack *s, const struct workspace *w, const char *path, const char *time, const char *body)
{
	struct web_answer a = asked_at (s, w, "POST", path, time, body);
	CHECK (a.status == 201, "%s is not made: %d %s", body, a.status, a.body);
	struct uuid ret = uuid_at (a.json, "id");
	web_free (&a);
	return ret;
}

/* A lead, and its deal's value and end; value null: it stays where it came in. */
static struct uuid lead_of (struct stack *s, const struct workspace *w, const char *name, const char *value, const char *stage,
			    const char *time)
{
	char body[300], path[200];
	snprintf (body, sizeof body, "{\"name\":\"%s\",\"email\":\"%s@stats.test\",\"source\":\"referral\"}", name, name);
	struct uuid id = made_at (s, w, "/api/crm/leads", "2025-09-01T09:00:00Z", body);
	snprintf (path, sizeof path, "/api/crm/deals/%s", id_text (id));
	UNTIL (5000, web (s, w->key, "GET", path, NULL).status == 200, "the lead has no deal");
	if (!value)
		return id;
	struct web_answer a = web (s, w->key, "PUT", path, "{\"value\":{\"amount\":\"%s\",\"currency\":\"EUR\"}}", value);
	then_status (&a, 200);
	snprintf (path, sizeof path, "/api/crm/deals/%s/stage", id_text (id));
	snprintf (body, sizeof body, "{\"stage\":\"%s\"%s}", stage, strcmp (stage, "lost") ? "" : ",\"loss_reason\":\"price\"");
	a = asked_at (s, w, "POST", path, time, body);
	then_status (&a, 200);
	return id;
}

/* Whether the first workspace's answer holds exactly that. */
static void says (struct stack *s, const struct workspace *w, const char *page, const char *time, const char *member, const char *expected)
{
	char path[300];
	snprintf (path, sizeof path, "/api/crm/stats/%s", page);
	struct web_answer a = asked_at (s, w, "GET", path, time, NULL);
	CHECK (a.status == 200, "%s is %d: %s", path, a.status, a.body);
	json_t *at = json_at (a.json, member);
	char *told = at ? json_dumps (at, JSON_COMPACT | JSON_ENCODE_ANY) : strdup ("nothing");
	CHECK (!strcmp (told, expected), "%s of %s is %s, not %s: %s", member, page, told, expected, a.body);
	free (told);
	web_free (&a);
}

#define NOW "2026-11-21T10:00:00+01:00"

STORY (s3_3_figures, "S3-3: pipeline 15,000, conversion 25.0 %, average 10,000, won this month 12,000; an empty workspace has 0 of each")
{
	struct workspace *w = given_workspace (s, "figures", "dynamics"), *none = given_workspace (s, "no-figures", "dynamics");
	lead_of (s, w, "a", "10000.00", "proposal", "2026-11-02T09:00:00Z");
	lead_of (s, w, "b", "5000.00", "negotiation", "2026-11-02T09:00:00Z");
	lead_of (s, w, "c", "12000.00", "won", "2026-11-05T09:00:00Z");
	lead_of (s, w, "d", "8000.00", "won", "2026-10-05T09:00:00Z");
	lead_of (s, w, "e", "3000.00", "lost", "2026-11-06T09:00:00Z");
	lead_of (s, w, "f", NULL, NULL, NULL);
	lead_of (s, w, "g", NULL, NULL, NULL);
	lead_of (s, w, "h", NULL, NULL, NULL);
	says (s, w, "summary", NOW, "data.0.pipeline_value.sums", "[{\"amount\":\"15000.00\",\"currency\":\"EUR\"}]");
	says (s, w, "conversion_rate", NOW, "data.0.conversion_rate", "{\"leads\":8,\"won\":2,\"tenths\":250}");
	says (s, w, "avg_deal_size", NOW, "data.0.avg_deal_size", "[{\"amount\":\"10000.00\",\"currency\":\"EUR\"}]");
	says (s, w, "won_this_month", NOW, "data.0.won_this_month",
	      "{\"deals\":1,\"sums\":[{\"amount\":\"12000.00\",\"currency\":\"EUR\"}],\"about\":null}");
	/* with a period: what was won in it, of the leads that came in it */
	says (s, w, "summary?from=2026-10-01&to=2026-10-31", NOW, "data.0.won",
	      "{\"deals\":1,\"sums\":[{\"amount\":\"8000.00\",\"currency\":\"EUR\"}],\"about\":null}");
	says (s, w, "summary?from=2026-10-01&to=2026-10-31", NOW, "data.0.conversion_rate", "{\"leads\":0,\"won\":0,\"tenths\":0}");
	says (s, w, "summary?from=2025-09-01&to=2025-09-01", NOW, "data.0.conversion_rate", "{\"leads\":8,\"won\":2,\"tenths\":250}");
	/* deals by hand are no leads; currencies are never added, a deal without value is in no average */
	struct uuid by_hand = made_at (
		s, w, "/api/crm/deals", "2026-11-07T09:00:00Z",
		"{\"title\":\"By hand\",\"value\":{\"amount\":\"100.00\",\"currency\":\"USD\"},\"stage\":\"proposal\"}");
	made_at (s, w, "/api/crm/deals", "2026-11-07T09:00:00Z", "{\"title\":\"Without\",\"stage\":\"proposal\"}");
	says (s, w, "summary", NOW, "data.0.pipeline_value.sums",
	      "[{\"amount\":\"15000.00\",\"currency\":\"EUR\"},{\"amount\":\"100.00\",\"currency\":\"USD\"}]");
	says (s, w, "summary", NOW, "data.0.conversion_rate", "{\"leads\":8,\"won\":2,\"tenths\":250}");
	/* what was thrown away is in no figure */
	char path[200];
	snprintf (path, sizeof path, "/api/crm/deals/%s", id_text (by_hand));
	struct web_answer a = web (s, w->key, "DELETE", path, NULL);
	CHECK (a.status == 200 || a.status == 204, "the deal is not thrown away: %d %s", a.status, a.body);
	web_free (&a);
	says (s, w, "summary", NOW, "data.0.pipeline_value.sums", "[{\"amount\":\"15000.00\",\"currency\":\"EUR\"}]");
	says (s, none, "summary", NOW, "data.0.pipeline_value", "{\"deals\":0,\"sums\":[],\"about\":null}");
	says (s, none, "summary", NOW, "data.0.conversion_rate", "{\"leads\":0,\"won\":0,\"tenths\":0}");
	says (s, none, "summary", NOW, "data.0.avg_deal_size", "[]");
	says (s, none, "summary", NOW, "data.0.won_this_month", "{\"deals\":0,\"sums\":[],\"about\":null}");
	says (s, none, "win_loss", NOW, "data.0.total",
	      "{\"key\":null,\"won\":0,\"lost\":0,\"tenths\":0,\"won_sums\":[],\"won_about\":null,\"lost_sums\":[],\"lost_about\":null}");
}

STORY (s3_5_month_edge, "S3-5: a deal belongs to the month in which it was won where the workspace is")
{
	struct workspace *w = given_workspace (s, "month-edge", "commerce");
	lead_of (s, w, "december", "700.00", "won", "2025-11-30T23:30:00Z");
	lead_of (s, w, "november", "300.00", "won", "2025-10-31T23:30:00Z");
	says (s, w, "summary", "2025-12-01T12:00:00+01:00", "data.0.won_this_month",
	      "{\"deals\":1,\"sums\":[{\"amount\":\"700.00\",\"currency\":\"EUR\"}],\"about\":null}");
	says (s, w, "summary", "2025-11-21T10:00:00+01:00", "data.0.won_this_month",
	      "{\"deals\":1,\"sums\":[{\"amount\":\"300.00\",\"currency\":\"EUR\"}],\"about\":null}");
	says (s, w, "summary", "2025-11-30T23:30:00Z", "data.0.month", "\"2025-12\"");
	says (s, w, "summary", "2025-10-15T12:00:00Z", "data.0.won_this_month", "{\"deals\":0,\"sums\":[],\"about\":null}");
}

STORY (s4_6_win_loss, "S4-6: won 3 of 4 is 75 %, with values by stage, source and reason")
{
	struct workspace *w = given_workspace (s, "win-loss", "commerce");
	lead_of (s, w, "een", "1000.00", "won", "2026-11-02T09:00:00Z");
	lead_of (s, w, "twee", "2000.00", "won", "2026-11-02T09:00:00Z");
	lead_of (s, w, "drie", "3000.00", "won", "2026-11-05T09:00:00Z");
	lead_of (s, w, "vier", "1000.00", "lost", "2026-11-06T09:00:00Z");
	const char *won = "[{\"amount\":\"6000.00\",\"currency\":\"EUR\"}]", *lost = "[{\"amount\":\"1000.00\",\"currency\":\"EUR\"}]";
	char line[400];
	snprintf (
		line, sizeof line,
		"{\"key\":null,\"won\":3,\"lost\":1,\"tenths\":750,\"won_sums\":%s,\"won_about\":null,\"lost_sums\":%s,\"lost_about\":null}",
		won, lost);
	says (s, w, "win_loss", NOW, "data.0.total", line);
	snprintf (
		line, sizeof line,
		"[{\"key\":\"referral\",\"won\":3,\"lost\":1,\"tenths\":750,\"won_sums\":%s,\"won_about\":null,\"lost_sums\":%s,\"lost_about\":null}]",
		won, lost);
	says (s, w, "win_loss", NOW, "data.0.by_source", line);
	snprintf (
		line, sizeof line,
		"[{\"key\":\"price\",\"won\":0,\"lost\":1,\"tenths\":0,\"won_sums\":[],\"won_about\":null,\"lost_sums\":%s,\"lost_about\":null}]",
		lost);
	says (s, w, "win_loss", NOW, "data.0.by_reason", line);
	says (s, w, "win_loss", NOW, "data.0.by_stage.0.won_sums", won);
	says (s, w, "win_loss", NOW, "data.0.by_stage.1.lost_sums", lost);
	says (s, w, "win_loss?from=2026-11-05", NOW, "data.0.total.tenths", "500");
}

STORY (forecast_and_stuck,
       "A forecast by month, weighted to the half cent; what stood still for seven days is listed until somebody changes it")
{
	struct workspace *w = given_workspace (s, "forecast", "classic-6");
	made_at (
		s, w, "/api/crm/deals", "2026-11-01T09:00:00Z",
		"{\"title\":\"Old\",\"stage\":\"proposal\",\"probability\":50,\"close_date\":\"2026-12-10\",\"value\":{\"amount\":\"0.01\",\"currency\":\"EUR\"}}");
	made_at (
		s, w, "/api/crm/deals", "2026-11-20T09:00:00Z",
		"{\"title\":\"New\",\"stage\":\"proposal\",\"probability\":30,\"close_date\":\"2026-11-10\",\"value\":{\"amount\":\"200.00\",\"currency\":\"EUR\"}}");
	says (s, w, "forecast", NOW, "data.0.months.0",
	      "{\"month\":\"2026-11\",\"past\":false,\"deals\":1,\"sums\":[{\"amount\":\"200.00\",\"currency\":\"EUR\"}],\"about\":null,\"weighted\":[{\"amount\":\"60.00\",\"currency\":\"EUR\"}],\"weighted_about\":null}");
	says (s, w, "forecast", NOW, "data.0.months.1.weighted", "[{\"amount\":\"0.01\",\"currency\":\"EUR\"}]");
	says (s, w, "stuck", NOW, "data.0.title", "\"Old\"");
	says (s, w, "stuck", NOW, "data.0.days", "20");
	says (s, w, "stuck", NOW, "data.1", "nothing");
	says (s, w, "tiles", NOW, "data.0.tiles.0",
	      "{\"tile\":\"close_passed\",\"deals\":1,\"more\":false,\"filter\":\"kind=open&close_to=2026-11-20\"}");
	says (s, w, "tiles", NOW, "data.0.tiles.1.deals", "1");
	says (s, w, "tiles", NOW, "data.0.tiles.2.deals", "2");
	says (s, w, "ageing", NOW, "data.0.ages.0.deals", "1");
	says (s, w, "ageing", NOW, "data.0.ages.1.deals", "1");
	struct web_answer a = web (s, w->key, "GET", "/api/crm/stats/stuck", NULL);
	char path[200], id[UUID_TEXT];
	snprintf (id, sizeof id, "%s", text_at (a.json, "data.0.id"));
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/deals/%s", id);
	a = asked_at (s, w, "PUT", path, "2026-11-20T09:00:00Z", "{\"title\":\"Looked at\"}");
	then_status (&a, 200);
	says (s, w, "stuck", NOW, "data", "[]");
}

STORY (profile_tile,
       "A profile of less than 60 % is counted and listed, until enough is known; of details only those that the workspace has values for")
{
	struct workspace *w = given_workspace (s, "profile", "classic-6");
	/* which details have values here; the share is of 7 and these */
	struct web_answer a = web (s, w->key, "GET", "/api/crm/catalogues", NULL);
	static const char *const details[] = { "account_type", "ecommerce_type", "channel", "weight_range", "content_type", "locale" };
	size_t i, n = 0;
	json_t *item;
	for (size_t d = 0; d < LENGTH (details); d++) {
		bool here = false;
		json_array_foreach (json_at (a.json, "data"), i, item)
			here |= !strcmp (text_at (item, "catalogue"), details[d]) && !json_is_true (json_at (item, "retired"));
		n += here;
	}
	web_free (&a);
	CHECK (n == 0, "the preset has %zu catalogues of details", n);
	struct uuid jane = made_at (s, w, "/api/crm/contacts", "2026-11-20T09:00:00Z",
				    "{\"name\":\"Jane\",\"email\":\"jane@profile.test\"}");
	char body[400], path[200];
	made_at (s, w, "/api/crm/deals", "2026-11-20T09:00:00Z", "{\"title\":\"Bare\"}");
	made_at (s, w, "/api/crm/deals", "2026-11-20T09:00:00Z", "{\"title\":\"Lost\",\"stage\":\"lost\",\"loss_reason\":\"price\"}");
	/* of 7: name, e-mail, company, value are four, and that is less than 60 % */
	snprintf (body, sizeof body,
		  "{\"title\":\"Nearly\",\"contact_id\":\"%s\",\"company\":\"Acme\",\"value\":{\"amount\":\"1.00\",\"currency\":\"EUR\"}}",
		  id_text (jane));
	struct uuid nearly = made_at (s, w, "/api/crm/deals", "2026-11-20T09:00:00Z", body);
	settle (s);
	says (s, w, "tiles", NOW, "data.0.tiles.4", "{\"tile\":\"incomplete\",\"deals\":2,\"more\":false,\"filter\":\"look=incomplete\"}");
	a = web (s, w->key, "GET", "/api/crm/deals?look=incomplete&count=1", NULL);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == 2 && json_integer_value (json_at (a.json, "total")) == 2,
	       "its list is other ones: %s", a.body);
	web_free (&a);
	/* the fifth is their phone, or a date; a detail that gets values asks for more */
	snprintf (path, sizeof path, "/api/crm/contacts/%s", id_text (jane));
	a = web (s, w->key, "PUT", path, "{\"phone\":\"+31612345678\"}");
	then_status (&a, 200);
	settle (s);
	says (s, w, "tiles", NOW, "data.0.tiles.4.deals", "1");
	for (size_t d = 2; d < 4; d++) {
		snprintf (body, sizeof body, "{\"catalogue\":\"%s\",\"key\":\"one\",\"label\":{\"en\":\"One\",\"nl\":\"Een\"}}",
			  details[d]);
		made_at (s, w, "/api/crm/catalogues", NOW, body);
	}
	says (s, w, "tiles", NOW, "data.0.tiles.4.deals", "2");
	a = web (s, w->key, "GET", "/api/crm/deals?look=incomplete,stuck&sort=title", NULL);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == 2 && !strcmp (text_at (a.json, "data.1.title"), "Nearly"),
	       "its list is other ones: %s", a.body);
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/deals/%s", id_text (nearly));
	a = web (s, w->key, "PUT", path, "{\"channel\":\"one\"}");
	then_status (&a, 200);
	says (s, w, "tiles", NOW, "data.0.tiles.4.deals", "1");
	a = web (s, w->key, "GET", "/api/crm/deals?look=nothing", NULL);
	then_status (&a, 422);
}

STORY (stats_by_rights, "Each reader's figures are of what they see: own deals, and of their workspaces alone")
{
	struct workspace *w = given_workspace (s, "stats-rights", "follow-up"), *other = given_workspace (s, "stats-other", "follow-up");
	struct user ann = given_user (s, "ann@stats-rights.test", "--workspace stats-rights --role sdr");
	char body[400];
	snprintf (body, sizeof body,
		  "{\"title\":\"Ann\",\"stage\":\"contacted\",\"owner_id\":\"%s\",\"value\":{\"amount\":\"10.00\",\"currency\":\"EUR\"}}",
		  ann.id);
	made_at (s, w, "/api/crm/deals", "2026-11-20T09:00:00Z", body);
	made_at (s, w, "/api/crm/deals", "2026-11-20T09:00:00Z",
		 "{\"title\":\"B\",\"stage\":\"contacted\",\"value\":{\"amount\":\"990.00\",\"currency\":\"EUR\"}}");
	made_at (s, other, "/api/crm/deals", "2026-11-20T09:00:00Z",
		 "{\"title\":\"C\",\"stage\":\"contacted\",\"value\":{\"amount\":\"5.00\",\"currency\":\"EUR\"}}");
	says (s, w, "summary", NOW, "data.0.pipeline_value",
	      "{\"deals\":2,\"sums\":[{\"amount\":\"1000.00\",\"currency\":\"EUR\"}],\"about\":{\"amount\":null,\"currency\":\"USD\",\"day\":\"2026-11-21\",\"missing\":[\"EUR\"]}}");
	says (s, w, "summary", NOW, "data.1", "nothing");
	static const char *const pages[] = { "summary", "funnel", "forecast", "ageing", "stuck", "tiles", "win_loss" };
	for (size_t i = 0; i < LENGTH (pages); i++) {
		char path[200];
		snprintf (path, sizeof path, "/api/crm/stats/%s", pages[i]);
		struct web_answer a = when_user_asks (s, &ann, "GET", path, NULL);
		CHECK (a.status == 200 && !strstr (a.body, "1000.00") && !strstr (a.body, "990.00") && !strstr (a.body, other->id),
		       "%s tells what Ann may not see: %d %s", path, a.status, a.body);
		CHECK (i || strstr (a.body, "10.00"), "Ann's own deal is not told: %s", a.body);
		web_free (&a);
	}
	snprintf (body, sizeof body, "summary?owner=%s", ann.id);
	says (s, w, body, NOW, "data.0.pipeline_value.deals", "1");
	says (s, w, "summary?pipeline=nothing", NOW, "data.0.pipeline_value.deals", "0");
}
