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
