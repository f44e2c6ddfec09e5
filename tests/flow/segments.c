/* Segments: PRODUCT's S4-5. What fits saved conditions is in them, as records change and as time goes by; joining and leaving are said once. */
#include <stdlib.h>
#include <string.h>
#include "story.h"

static struct web_answer asked (struct stack *s, const struct user *u, const char *method, const char *path, const char *format, ...)
	__attribute__ ((format (printf, 5, 6)));
static struct web_answer asked (struct stack *s, const struct user *u, const char *method, const char *path, const char *format, ...)
{
	char *body = NULL;
	va_list list;
	va_start (list, format);
	CHECK (vasprintf (&body, format, list) >= 0, "no memory");
	va_end (list);
	struct web_answer a = when_user_asks (s, u, method, path, *body ? body : NULL);
	free (body);
	return a;
}

static char *path_of (const char *kind, struct uuid id, const char *tail)
{
	static char path[4][200];
	static int turn;
	turn = (turn + 1) % 4;
	snprintf (path[turn], sizeof path[turn], "/api/crm/%s/%s%s", kind, id_text (id), tail);
	return path[turn];
}

static void worth (struct stack *s, const struct user *u, struct uuid deal, const char *amount)
{
	struct web_answer a = asked (s, u, "PUT", path_of ("deals", deal, ""), "{\"value\":{\"amount\":\"%s\",\"currency\":\"EUR\"}}",
				     amount);
	then_status (&a, 200);
}

static void bears (struct stack *s, const struct user *u, struct uuid lead, const char *tag)
{
	struct web_answer a = asked (s, u, "PUT", path_of ("leads", lead, "/tags"), *tag ? "{\"tags\":[\"%s\"]}" : "{\"tags\":[%s]}", tag);
	then_status (&a, 200);
}

static void called (struct stack *s, const struct user *u, struct uuid lead)
{
	struct web_answer a = asked (s, u, "POST", "/api/crm/activities", "{\"kind\":\"call\",\"lead_id\":\"%s\",\"done\":true}",
				     id_text (lead));
	then_status (&a, 201);
}

/* How many a list filtered by the segment shows, and whether this one is among them; filled: within a second after the record changed. */
static bool lists (struct stack *s, const struct user *u, const char *kind, const char *segment, size_t n, struct uuid one)
{
	char path[200];
	snprintf (path, sizeof path, "/api/crm/%s?segment=%s&limit=50", kind, segment);
	struct web_answer a = when_user_asks (s, u, "GET", path, NULL);
	CHECK (a.status == 200, "%s is %d: %.300s", path, a.status, a.body);
	bool ret = json_array_size (json_at (a.json, "data")) == n && (n == 0 || strstr (a.body, id_text (one)));
	web_free (&a);
	return ret;
}

static struct uuid segment_made (struct stack *s, const struct user *u, const char *name, const char *of, const char *conditions)
{
	struct web_answer a = asked (s, u, "POST", "/api/crm/segments", "{\"name\":\"%s\",\"of\":\"%s\",\"conditions\":%s}", name, of,
				     conditions);
	CHECK (a.status == 201, "a segment of %s is %d: %.300s", of, a.status, a.body);
	struct uuid ret = uuid_at (a.json, "id");
	web_free (&a);
	return ret;
}

STORY (s4_5_segments,
       "S4-5: tag=vip and value > 1000 and last activity < 30 days is exactly who it should be, as records change and as days go by; each joins and leaves once")
{
	static const char conditions[] =
		"{\"all\":[{\"field\":\"tag\",\"op\":\"is\",\"value\":\"vip\"},{\"field\":\"value\",\"op\":\"more\",\"value\":\"1000\"},"
		"{\"field\":\"last_activity\",\"op\":\"within\",\"value\":30}]}";
	struct workspace *w = given_workspace (s, "segments", "commerce");
	struct user anna = given_user (s, "anna@segments.nl", "--workspace segments --role owner"),
		    sdr = given_user (s, "sdr@segments.nl", "--workspace segments --role sdr");
	struct uuid fits = given_deal_of (s, w, "Past Wel", "wel@segments.test", "Vraag"),
		    poor = given_deal_of (s, w, "Te Weinig", "weinig@segments.test", "Vraag"),
		    quiet = given_deal_of (s, w, "Stil Hier", "stil@segments.test", "Vraag"),
		    plain = given_deal_of (s, w, "Geen Label", "geen@segments.test", "Vraag");
	char tag[UUID_TEXT], segment[UUID_TEXT], deals[UUID_TEXT];
	struct web_answer a = asked (s, &anna, "POST", "/api/crm/tags", "{\"label\":\"vip\"}");
	snprintf (tag, sizeof tag, "%s", text_at (a.json, "id"));
	then_status (&a, 201);
	bears (s, &anna, fits, tag), bears (s, &anna, poor, tag), bears (s, &anna, quiet, tag);
	worth (s, &anna, fits, "1000.01"), worth (s, &anna, poor, "1000.00"), worth (s, &anna, quiet, "5000"),
		worth (s, &anna, plain, "5000");
	called (s, &anna, fits), called (s, &anna, poor), called (s, &anna, plain);
	a = asked (s, &anna, "POST", "/api/crm/activities", "{\"kind\":\"note\",\"lead_id\":\"%s\",\"note\":\"Belt zelf terug\"}",
		   id_text (plain));
	then_status (&a, 201);
	settle (s);
	/* its size while it is made; who sees their own alone is told of those */
	static const char preview[] =
		"/api/crm/segments/preview?of=lead&conditions=%7B%22all%22%3A%5B%7B%22field%22%3A%22tag%22%2C%22op%22%3A%22is%22%2C%22value%22%3A%22VIP%22%7D%5D%7D";
	a = when_user_asks (s, &anna, "GET", preview, NULL);
	CHECK (a.status == 200 && number_at (a.json, "size") == 3 && strstr (a.body, "Stil Hier"), "the preview: %.300s", a.body);
	web_free (&a);
	a = when_user_asks (s, &sdr, "GET", preview, NULL);
	CHECK (a.status == 200 && number_at (a.json, "size") == 0, "the preview of who sees their own alone: %.300s", a.body);
	web_free (&a);
	struct stream *live = stream_open_as (s, NULL, anna.cookie, NULL);
	struct uuid id = segment_made (s, &anna, "Warme vips", "lead", conditions);
	struct uuid of_deals = segment_made (s, &anna, "Warme deals", "deal", conditions);
	snprintf (segment, sizeof segment, "%s", id_text (id));
	snprintf (deals, sizeof deals, "%s", id_text (of_deals));
	settle (s);
	CHECK (lists (s, &anna, "leads", segment, 1, fits), "the leads of the segment are not the one that fits");
	CHECK (lists (s, &anna, "deals", deals, 1, fits), "the deals of the segment are not the one that fits");
	a = when_user_asks (s, &sdr, "GET", "/api/crm/segments", NULL);
	CHECK (a.status == 200 && number_at (a.json, "data.0.size") == 0 && json_array_size (json_at (a.json, "data")) == 2,
	       "sizes of who sees their own alone: %.400s", a.body);
	web_free (&a);
	/* records change: joined and left, live */
	worth (s, &anna, poor, "1200");
	json_t *said = stream_wait (live, "segment.joined", id_text (poor), 10000, NULL);
	CHECK (!strcmp (text_at (said, "data.segment_id"), segment) || !strcmp (text_at (said, "data.segment_id"), deals),
	       "another segment");
	UNTIL (10000, lists (s, &anna, "leads", segment, 2, poor) && lists (s, &anna, "deals", deals, 2, poor),
	       "worth more, and not in it");
	bears (s, &anna, fits, "");
	stream_wait (live, "segment.left", id_text (fits), 10000, NULL);
	UNTIL (10000, lists (s, &anna, "leads", segment, 1, poor), "without its tag it is still there");
	called (s, &anna, quiet);
	UNTIL (10000, lists (s, &anna, "leads", segment, 2, quiet), "called, and not in it");
	stream_close (&live);
	/* days go by: nobody says anything */
	then_number (
		s, 0, "rows moved",
		"with moved as (update contacts.activity set done_at = done_at - interval '31 days' where record_id = '%s' returning 1), "
		"due as (update contacts.segment set swept_at = swept_at - interval '1 hour' where workspace_id = '%s' returning 1) select 0",
		id_text (poor), w->id);
	UNTIL (10000, lists (s, &anna, "leads", segment, 1, quiet) && lists (s, &anna, "deals", deals, 1, quiet),
	       "a month ago is within thirty days");
	settle (s);
	then_said (s, id, "segment.changed, segment.joined, segment.joined, segment.left, segment.joined, segment.left");
	then_text (s, "Belt zelf terug", "the note", "select note from contacts.activity where record_id = '%s' and kind = 'note'",
		   id_text (plain));
	/* nobody but its maker or who may change settings; wrong ones say where */
	a = asked (s, &sdr, "DELETE", path_of ("segments", id, ""), "%s", "");
	then_problem (&a, 403, "forbidden");
	a = asked (s, &anna, "PUT", path_of ("segments", id, ""),
		   "{\"conditions\":{\"all\":[{\"field\":\"tag\",\"op\":\"more\",\"value\":\"1' or '1'='1\"}]}}");
	CHECK (a.status == 422 && strstr (a.body, "/conditions/all/0/op"), "a wrong operator is %d: %.300s", a.status, a.body);
	web_free (&a);
	a = asked (s, &anna, "POST", "/api/crm/segments", "{\"name\":\"warme VIPS\",\"of\":\"lead\",\"conditions\":%s}", conditions);
	then_problem (&a, 422, "invalid");
	/* other conditions: who is in it follows; gone: nothing is, in no list */
	a = asked (s, &anna, "PUT", path_of ("segments", id, ""),
		   "{\"conditions\":{\"any\":[{\"field\":\"value\",\"op\":\"less\",\"value\":\"1001\"},"
		   "{\"field\":\"form_type\",\"op\":\"contains\",\"value\":\"' or true --\"}]}}");
	then_status (&a, 200);
	UNTIL (10000, lists (s, &anna, "leads", segment, 1, fits), "the new conditions do not hold");
	a = asked (s, &anna, "DELETE", path_of ("segments", id, ""), "%s", "");
	then_status (&a, 204);
	settle (s);
	then_number (
		s, 0, "members of a segment that is no more",
		"select (select count(*) from contacts.segment_member where segment_id = '%s') + (select count(*) from lead_intake.segment_member where segment_id = '%s')",
		segment, segment);
	then_number (s, 0, "marks left", "select count(*) from contacts.segment_mark where workspace_id = '%s'", w->id);
	then_no_dead_letters (s);
}

STORY (segments_know_fields,
       "Each field and operator that conditions may name is one that records are asked for; people and companies join by their deals' money")
{
	static const struct {
		const char *of, *field, *op, *value;
	} rows[] = {
		{ "contact", "name", "contains", "\"a\"" },
		{ "contact", "email", "filled", NULL },
		{ "contact", "phone", "empty", NULL },
		{ "contact", "company", "is_not", "\"x\"" },
		{ "contact", "job_title", "contains_not", "\"x\"" },
		{ "contact", "type", "is", "[\"customer\",\"vendor\"]" },
		{ "contact", "status", "empty", NULL },
		{ "contact", "account", "empty", NULL },
		{ "contact", "custom.maat", "is", "\"xl\"" },
		{ "contact", "owner", "is", "\"none\"" },
		{ "contact", "created_at", "after", "\"2026-01-31\"" },
		{ "contact", "tag", "is_not", "\"vip\"" },
		{ "contact", "last_activity", "not_within", "7" },
		{ "contact", "planned", "empty", NULL },
		{ "contact", "deals_open", "more", "0" },
		{ "contact", "deals_won", "is", "0" },
		{ "contact", "value_open", "less", "{\"amount\":\"1\",\"currency\":\"EUR\"}" },
		{ "contact", "value_won", "more", "{\"amount\":\"1\",\"currency\":\"EUR\"}" },
		{ "account", "name", "filled", NULL },
		{ "account", "industry", "empty", NULL },
		{ "account", "city", "is", "\"Utrecht\"" },
		{ "account", "country", "empty", NULL },
		{ "account", "phone", "empty", NULL },
		{ "account", "email", "empty", NULL },
		{ "account", "website", "contains", "\".nl\"" },
		{ "account", "lifecycle", "is", "\"client\"" },
		{ "account", "account_type", "empty", NULL },
		{ "account", "client_at", "within", "30" },
		{ "account", "annual_revenue", "more", "\"1000000\"" },
		{ "account", "people", "more", "1" },
		{ "account", "owner", "filled", NULL },
		{ "account", "created_at", "before", "\"2030-02-28\"" },
		{ "account", "tag", "empty", NULL },
		{ "account", "last_activity", "empty", NULL },
		{ "account", "planned", "within", "5" },
		{ "account", "deals_open", "is", "0" },
		{ "account", "deals_won", "less", "3" },
		{ "account", "value_open", "is", "{\"amount\":\"0\",\"currency\":\"EUR\"}" },
		{ "account", "value_won", "more", "{\"amount\":\"10.50\",\"currency\":\"JPY\"}" },
		{ "lead", "form_type", "filled", NULL },
		{ "lead", "outcome", "is_not", "\"none\"" },
		{ "lead", "stage", "filled", NULL },
		{ "lead", "value", "empty", NULL },
		{ "lead", "owner", "is_not", "\"none\"" },
		{ "lead", "created_at", "within", "1" },
		{ "lead", "planned", "filled", NULL },
		{ "deal", "outcome", "is", "\"won\"" },
		{ "deal", "stage", "is", "\"none\"" },
		{ "deal", "value", "is", "{\"amount\":\"12\",\"currency\":\"EUR\"}" },
		{ "deal", "closed_at", "within", "90" },
		{ "deal", "last_activity", "filled", NULL },
		{ "deal", "planned", "before", "\"2030-01-01\"" },
	};
	struct workspace *w = given_workspace (s, "segfields", "commerce");
	struct user anna = given_user (s, "anna@segfields.nl", "--workspace segfields --role owner");
	struct uuid deal = given_deal_of (s, w, "Rijke Klant", "rijk@segfields.test", "Vraag");
	given_deal_of (s, w, "Andere Klant", "ander@segfields.test", "Vraag");
	char condition[300];
	for (size_t i = 0; i < LENGTH (rows); i++) {
		snprintf (condition, sizeof condition, "{\"all\":[{\"field\":\"%s\",\"op\":\"%s\"%s%s}]}", rows[i].field, rows[i].op,
			  rows[i].value ? ",\"value\":" : "", rows[i].value ? rows[i].value : "");
		/* as SQL it is more than false, and runs */
		then_text (s, "f", rows[i].field, "select contacts.segment_where('%s', '%s') in ('false', '(false)')", rows[i].of,
			   condition);
		then_number (s, 1, rows[i].field, "select count(*) from contacts.segment_size('%s', '%s', now()) where true", rows[i].of,
			     condition);
	}
	struct uuid rich = segment_made (
		s, &anna, "Grote klanten", "contact",
		"{\"all\":[{\"field\":\"value_won\",\"op\":\"more\",\"value\":{\"amount\":\"900\",\"currency\":\"EUR\"}},"
		"{\"field\":\"deals_won\",\"op\":\"is\",\"value\":\"1\"}]}");
	struct uuid clients = segment_made (s, &anna, "Klanten", "account",
					    "{\"all\":[{\"field\":\"lifecycle\",\"op\":\"is\",\"value\":\"client\"}]}");
	struct uuid contact;
	char *who = sql_text (s, "select id from contacts.contact where email = 'rijk@segfields.test'"), segment[UUID_TEXT];
	CHECK (uuid_parse (who, &contact) == OK, "no contact");
	free (who);
	struct web_answer a = asked (s, &anna, "PUT", path_of ("contacts", contact, ""), "{\"company\":\"Rijk BV\"}");
	then_status (&a, 200);
	a = asked (s, &anna, "PUT", path_of ("deals", deal, ""), "{\"value\":{\"amount\":\"950\",\"currency\":\"EUR\"}}");
	then_status (&a, 200);
	a = asked (s, &anna, "POST", path_of ("deals", deal, "/stage"), "{\"stage\":\"won\"}");
	then_status (&a, 200);
	UNTIL (10000,
	       sql_number (s, "select count(*) from contacts.segment_member m where m.segment_id in ('%s', '%s')", id_text (rich),
			   id_text (clients)) == 2,
	       "who won is in no segment");
	/* who goes to another company leaves one that has nobody */
	struct uuid staffed = segment_made (s, &anna, "Met mensen", "account",
					    "{\"all\":[{\"field\":\"people\",\"op\":\"more\",\"value\":\"0\"}]}");
	snprintf (segment, sizeof segment, "%s", id_text (staffed));
	char *from = sql_text (s, "select account_id from contacts.contact where id = '%s'", id_text (contact));
	a = asked (s, &anna, "POST", "/api/crm/accounts", "{\"name\":\"Elders\"}");
	struct uuid other = uuid_at (a.json, "id");
	then_status (&a, 201);
	UNTIL (10000,
	       strstr (from, "-") &&
		       sql_number (s, "select count(*) from contacts.segment_member where segment_id = '%s' and record_id = '%s'", segment,
				   from) == 1,
	       "who has people is in no segment");
	a = asked (s, &anna, "PUT", path_of ("contacts", contact, ""), "{\"account_id\":\"%s\"}", id_text (other));
	then_status (&a, 200);
	UNTIL (10000, lists (s, &anna, "accounts", segment, 1, other), "who has nobody any more is in the segment");
	free (from);
	snprintf (segment, sizeof segment, "%s", id_text (rich));
	CHECK (lists (s, &anna, "contacts", segment, 1, contact), "contacts of the segment");
	char path[200];
	snprintf (path, sizeof path, "/api/crm/export/contacts?segment=%s", segment);
	a = when_user_asks (s, &anna, "GET", path, NULL);
	CHECK (a.status == 200 && strstr (a.body, "rijk@segfields.test") && !strstr (a.body, "ander@"), "the segment's file: %.300s",
	       a.body);
	web_free (&a);
	settle (s);
	then_said (s, rich, "segment.changed, segment.joined");
	then_no_dead_letters (s);
}
