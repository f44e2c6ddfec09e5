/* A way in with rules of its own: what a form calls its fields is said once, wrong rules are told where they are wrong, and no value is lost by them. */
#include <string.h>
#include "story.h"

#define RULES                                                                                                                  \
	"[{\"to\":\"email\",\"from\":\"q7\"},{\"to\":\"phone\",\"from\":[\"mobiel\",\"antwoorden.tel\"]},"                     \
	"{\"to\":\"message\",\"from\":[\"wens\",\"opmerking\"],\"join\":\"; \"},{\"to\":\"form_type\",\"value\":\"Offerte\"}," \
	"{\"to\":\"fields.maat\",\"from\":\"size\",\"values\":{\"s\":\"Klein\"}},{\"to\":\"fields.dag\",\"from\":\"wanneer\",\"as\":\"date\"}]"

/* The lead of a request, as "email|phone|message|form_type|fields". */
static void then_lead (struct stack *s, const struct workspace *w, const char *name, const char *expected)
{
	then_text (
		s, expected, "the lead",
		"select concat_ws('|', coalesce(email, '-'), coalesce(phone, '-'), coalesce(message, '-'), form_type, fields::text) from "
		"lead_intake.lead where workspace_id = '%s' and name = '%s'",
		w->id, name);
}

static void then_wrong (struct stack *s, const struct user *u, const char *path, const char *rules, const char *pointer, const char *code)
{
	char body[400], where[200];
	snprintf (body, sizeof body, "{\"mapping\":%s}", rules);
	struct web_answer a = when_user_asks (s, u, "PUT", path, body);
	snprintf (where, sizeof where, "\"pointer\":\"%s\",\"code\":\"%s\"", pointer, code);
	CHECK (a.status == 422 && strstr (a.body, where), "%s is %d: %.400s", rules, a.status, a.body);
	web_free (&a);
}

STORY (sources_with_rules,
       "A way in has rules of its own: from the next request on they say which value is which field, beside all that is known by its name; a wrong rule is told where it is wrong, and what no rule fits stays")
{
	struct workspace *w = given_workspace (s, "met-regels", "nl-offerte-6");
	struct user jan = given_user (s, "jan@metregels.nl", "--workspace met-regels --role owner"),
		    sales = given_user (s, "sara@metregels.nl", "--workspace met-regels --role sales");
	char path[200], hook[300];
	struct web_answer a = when_user_asks (s, &jan, "POST", "/api/sources", "{\"name\":\"Bouwer\",\"mapping\":" RULES "}");
	CHECK (a.status == 201, "a way in with rules is %d: %.400s", a.status, a.body);
	snprintf (path, sizeof path, "/api/sources/%s", text_at (a.json, "id"));
	snprintf (hook, sizeof hook, "%s", text_at (a.json, "hook"));
	web_free (&a);
	a = when_posted (
		s, hook, "%s",
		"{\"naam\":\"Eerste\",\"q7\":\"Piet@Klant.NL\",\"antwoorden\":[{\"name\":\"tel\",\"value\":\"06 12345678\"}],\"wens\":\"Snel\","
		"\"opmerking\":\"Graag\",\"size\":\" S\",\"wanneer\":\"31-12-2026\",\"kleur\":\"rood\"}");
	then_status (&a, 202);
	a = when_posted (s, hook, "%s",
			 "{\"naam\":\"Tweede\",\"q7\":\"geen adres\",\"email\":\"toch@klant.nl\",\"size\":\"XL\",\"wanneer\":\"ooit\"}");
	then_status (&a, 202);
	settle (s);
	then_lead (s, w, "Eerste",
		   "piet@klant.nl|+31612345678|Snel; Graag|Offerte|{\"dag\": \"2026-12-31\", \"maat\": \"Klein\", \"kleur\": \"rood\"}");
	then_lead (s, w, "Tweede", "toch@klant.nl|-|-|Offerte|{\"q7\": \"geen adres\", \"maat\": \"XL\", \"wanneer\": \"ooit\"}");
	/* as they came */
	then_number (
		s, 2, "requests that are kept as they came",
		"select count(*) from lead_intake.submission where workspace_id = '%s' and convert_from(body, 'UTF8') like '%%\"q7\":%%'",
		w->id);

	then_wrong (s, &jan, path, "[{\"to\":\"naam\",\"from\":\"x\"}]", "/mapping/0/to", "not_a_choice");
	then_wrong (s, &jan, path, "[{\"to\":\"name\"}]", "/mapping/0/value", "required");
	then_wrong (s, &jan, path, "{}", "/mapping", "not_a_list");
	a = when_user_asks (s, &sales, "PUT", path, "{\"mapping\":[]}");
	then_status (&a, 403);
	a = when_user_asks (s, &jan, "GET", path, NULL);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "mapping")) == 6, "its rules are %d: %.600s", a.status, a.body);
	web_free (&a);

	/* none any more, at once here and within two seconds for every door */
	a = when_user_asks (s, &jan, "PUT", path, "{\"mapping\":[]}");
	then_status (&a, 200);
	pause_us (2200000);
	a = when_posted (s, hook, "%s", "{\"naam\":\"Derde\",\"q7\":\"piet@klant.nl\"}");
	then_status (&a, 202);
	settle (s);
	then_lead (s, w, "Derde", "-|-|-|Contactformulier|{\"q7\": \"piet@klant.nl\"}");
	a = when_user_asks (s, &jan, "GET", path, NULL);
	CHECK (a.status == 200 && json_is_null (json_at (a.json, "mapping")), "it has rules: %.600s", a.body);
	web_free (&a);
	then_no_dead_letters (s);
}
