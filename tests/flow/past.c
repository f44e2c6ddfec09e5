/* What was: every change of a deal kept with who, when, from what to what; a deal as it stood; a conflict that says what happened meanwhile.
 * It must never look at the table where the API can be asked. */
#include <string.h>
#include "story.h"

enum { CHANGES = 60 };

static char *values_at (struct stack *s, const struct workspace *w, struct uuid deal, const char *at)
{
	char path[300];
	snprintf (path, sizeof path, "/api/crm/deals/%s/as-of%s%s", id_text (deal), at ? "?at=" : "", at ? at : "");
	struct web_answer a = web (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200 && json_is_true (json_at (a.json, "existed")), "the deal as of %s: %d %s", at ? at : "now", a.status,
	       a.body);
	char *ret = json_dumps (json_at (a.json, "values"), JSON_SORT_KEYS | JSON_COMPACT);
	web_free (&a);
	return ret;
}

/* The form with the number in the place of its #. */
static void numbered (char *ret, size_t room, const char *form, int n)
{
	const char *mark = strchr (form, '#');
	if (mark)
		snprintf (ret, room, "%.*s%d%s", (int) (mark - form), form, n, mark + 1);
	else
		snprintf (ret, room, "%s", form);
}

STORY (past_stands, "A deal as of any past moment is what it was then, after many changes of many fields by hand and by moves")
{
	struct workspace *w = given_workspace (s, "past", "follow-up");
	struct uuid deal = given_deal_of (s, w, "Ana Ruiz", "ana@past.test", "Registro");
	static const char *const stages[] = { "contacted", "interested", "lost", "negotiation", "new" };
	static const char *const values[] = { "{\"monthly_shipments\":#,\"channel\":\"partner\"}",
					      "{\"value\":{\"amount\":\"#.50\",\"currency\":\"USD\"},\"annotations\":null}",
					      "{\"annotations\":\"nota #\",\"channel\":null,\"close_date\":\"2026-12-24\"}",
					      "{\"title\":\"Ana #\",\"probability\":40,\"close_date\":null}" };
	char path[200], body[300], *then[CHANGES], *when[CHANGES];
	for (int i = 0; i < CHANGES; i++) {
		bool move = i % 3 == 2;
		snprintf (path, sizeof path, "/api/crm/deals/%s%s", id_text (deal), move ? "/stage" : "");
		if (move)
			snprintf (body, sizeof body, "{\"stage\":\"%s\",\"note\":\"paso %d\",\"loss_reason\":\"price\"}", stages[i / 3 % 5],
				  i);
		else
			numbered (body, sizeof body, values[i % 4], i + 1);
		struct web_answer a = web_ask (
			s, &(struct web_request){ .method = move ? "POST" : "PUT", .url = path, .key = w->key, .body = body });
		then_status (&a, 200);
		then[i] = values_at (s, w, deal, NULL);
		when[i] = sql_text (s, "select pipeline.rfc3339(clock_timestamp())");
	}
	for (int i = 0; i < CHANGES; i++) {
		char *was = values_at (s, w, deal, when[i]);
		CHECK (!strcmp (was, then[i]), "after change %d it was\n      %s\n  now told as\n      %s", i, then[i], was);
		free (was);
		free (then[i]);
		free (when[i]);
	}
	snprintf (path, sizeof path, "/api/crm/deals/%s/history?limit=7", id_text (deal));
	int64_t seen = 0, last = CHANGES + 2;
	for (;;) {
		struct web_answer a = web (s, w->key, "GET", path, NULL);
		CHECK (a.status == 200, "the history: %d %s", a.status, a.body);
		json_t *row;
		size_t i;
		json_array_foreach (json_at (a.json, "data"), i, row)
		{
			CHECK (number_at (row, "version") == last - 1 && json_array_size (json_at (row, "changes")) &&
				       *text_at (row, "actor_id"),
			       "after version %lld comes %s", (long long) last, a.body);
			last = number_at (row, "version");
			seen++;
		}
		snprintf (path, sizeof path, "/api/crm/deals/%s/history?limit=7&after=%s", id_text (deal), text_at (a.json, "next"));
		bool more = json_is_string (json_at (a.json, "next"));
		web_free (&a);
		if (!more)
			break;
	}
	CHECK (seen == CHANGES && last == 2, "%lld changes are kept, down to version %lld", (long long) seen, (long long) last);
}

static char *board_at (struct stack *s, const struct workspace *w, const char *at)
{
	char path[200];
	snprintf (path, sizeof path, "/api/crm/pipeline/as-of?limit=200%s%s", at ? "&at=" : "", at ? at : "");
	struct web_answer a = web (s, w->key, "GET", path, NULL);
	json_t *board = json_array_get (json_at (a.json, "data"), 0);
	CHECK (a.status == 200 && json_array_size (json_at (board, "stages")), "the board as of %s: %d %s", at ? at : "now", a.status,
	       a.body);
	char *ret = json_dumps (json_at (board, "stages"), JSON_SORT_KEYS | JSON_COMPACT);
	web_free (&a);
	return ret;
}

/* What the running sums say of now is what the past says of it, stage by stage. */
static void then_sums_agree (struct stack *s, const struct workspace *w)
{
	struct web_answer now = web (s, w->key, "GET", "/api/crm/count", NULL);
	struct web_answer was = web (s, w->key, "GET", "/api/crm/pipeline/as-of", NULL);
	json_t *row, *stage;
	size_t i, k, met = 0;
	json_array_foreach (json_at (now.json, "data"), i, row)
		json_array_foreach (json_at (json_array_get (json_at (was.json, "data"), 0), "stages"), k, stage)
	{
		if (strcmp (text_at (row, "key"), text_at (stage, "key")))
			continue;
		CHECK (number_at (row, "count") == number_at (stage, "count") &&
			       json_equal (json_at (row, "sums"), json_at (stage, "sums")),
		       "of now are told %s and %s", now.body, was.body);
		met++;
	}
	CHECK (met == 7, "%zu stages are told by both", met);
	web_free (&now);
	web_free (&was);
}

STORY (past_board_stands,
       "The whole board as of any past moment is what it was then: what stood where and what it was worth, also of deals not yet made")
{
	struct workspace *w = given_workspace (s, "past-board", "follow-up");
	static const char *const stages[] = { "contacted", "interested", "won", "negotiation", "new" };
	struct uuid deals[CHANGES / 6 + 1];
	char path[200], body[300], *then[CHANGES], *when[CHANGES];
	int n = 0;
	for (int i = 0; i < CHANGES; i++) {
		struct web_answer a;
		if (i % 6 == 0) {
			snprintf (body, sizeof body, "{\"title\":\"Cargo %d\",\"value\":{\"amount\":\"%d.25\",\"currency\":\"USD\"}}", i,
				  i + 1);
			a = web (s, w->key, "POST", "/api/crm/deals", "%s", body);
			CHECK (a.status == 201, "a deal: %d %s", a.status, a.body);
			deals[n++] = uuid_at (a.json, "id");
			web_free (&a);
		} else {
			bool move = i % 2;
			snprintf (path, sizeof path, "/api/crm/deals/%s%s", id_text (deals[(i * 7) % n]), move ? "/stage" : "");
			if (move)
				snprintf (body, sizeof body, "{\"stage\":\"%s\",\"note\":\"paso\"}", stages[i / 2 % 5]);
			else
				snprintf (body, sizeof body, "{\"title\":\"Cargo %d b\",\"value\":{\"amount\":\"%d\",\"currency\":\"%s\"}}",
					  i, i, i % 4 ? "EUR" : "USD");
			a = web_ask (s, &(struct web_request){ .method = move ? "POST" : "PUT", .url = path, .key = w->key, .body = body });
			then_status (&a, 200);
		}
		then[i] = board_at (s, w, NULL);
		when[i] = sql_text (s, "select pipeline.rfc3339(clock_timestamp())");
	}
	then_sums_agree (s, w);
	for (int i = 0; i < CHANGES; i++) {
		char *was = board_at (s, w, when[i]);
		CHECK (!strcmp (was, then[i]), "after change %d the board was\n      %s\n  now told as\n      %s", i, then[i], was);
		free (was);
		free (then[i]);
		free (when[i]);
	}
}

STORY (conflict_is_told, "Who writes over a newer deal is refused and told which fields were changed, when and by whom")
{
	struct workspace *w = given_workspace (s, "conflict", "commerce");
	struct uuid deal = given_deal_of (s, w, "Jan Vos", "jan@conflict.test", "Vraag");
	struct user anna = given_user (s, "anna@conflict.nl", "--workspace conflict --role sales");
	char path[200];
	snprintf (path, sizeof path, "/api/crm/deals/%s", id_text (deal));
	struct web_answer a = when_user_asks (s, &anna, "PUT", path, "{\"notes\":\"bellen\",\"close_date\":\"2026-12-01\",\"version\":1}");
	then_status (&a, 200);
	a = web (s, w->key, "PUT", path, "{\"notes\":\"mailen\",\"version\":1}");
	CHECK (a.status == 409 && strstr (a.body, "\"/notes\"") && strstr (a.body, "\"/close_date\"") && strstr (a.body, anna.id),
	       "the conflict is told as %d %s", a.status, a.body);
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/deals/%s/stage", id_text (deal));
	a = web (s, w->key, "POST", path, "{\"stage\":\"won\",\"version\":1}");
	CHECK (a.status == 409 && strstr (a.body, "\"/notes\"") && strstr (a.body, anna.id), "the conflict of a move is told as %d %s",
	       a.status, a.body);
	web_free (&a);
	then_stage (s, deal, "new");
}
