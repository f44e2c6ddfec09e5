/* What rules give to what they ask for, as it stands in the records at the end: texts with facts, times from then on, whose turn it is, who has the fewest deals;
 * and the product's own rules that begin switched off. What a rule may say is told elsewhere (services/automation/rule_test.c). */
#include <stdlib.h>
#include <string.h>
#include "story.h"

static void given_rule (struct stack *s, const struct user *u, const char *name, const char *body)
{
	char ask[2000];
	snprintf (ask, sizeof ask, "{\"name\":\"%s\",\"enabled\":true,\"body\":%s}", name, body);
	struct web_answer a = when_user_asks (s, u, "POST", "/api/crm/rules", ask);
	CHECK (a.status == 201, "the rule %s is %d: %.500s", name, a.status, a.body);
	web_free (&a);
}

static void when_switched_on (struct stack *s, const struct user *u, const char *preset)
{
	struct web_answer a = when_user_asks (s, u, "GET", "/api/crm/rules", NULL);
	char path[200] = "";
	size_t i;
	json_t *row;
	json_array_foreach (json_at (a.json, "data"), i, row) if (!strcmp (text_at (row, "preset"), preset))
		snprintf (path, sizeof path, "%s/%s", "/api/crm/rules", text_at (row, "id"));
	CHECK (*path, "there is no rule %s: %.500s", preset, a.body);
	web_free (&a);
	a = when_user_asks (s, u, "PUT", path, "{\"enabled\":true}");
	then_status (&a, 200);
}

/* Who does the task of that subject, and how many hours it was given. */
static void then_task (struct stack *s, const struct workspace *w, const char *subject, const struct user *owner, int hours)
{
	then_number (
		s, 1, subject,
		"select count(*) from contacts.activity where workspace_id = '%s' and kind = 'task' and subject = '%s' and assignee_id = '%s' "
		"and (due_at is null and %d = 0 or abs(extract(epoch from due_at - created_at - interval '%d hours')) < 60)",
		w->id, subject, owner->id, hours, hours);
}

/* A form of a page in English, sent by a browser that would rather read something else; the next one has nothing but the browser to go by. */
static void given_english_leads (struct stack *s, const struct workspace *w)
{
	struct web_answer a = web_ask (s, &(struct web_request){ .method = "POST",
								 .url = w->hook,
								 .type = "application/x-www-form-urlencoded",
								 .header = { "Referer: https://site.test/en/contact",
									     "Sec-Fetch-Mode: navigate", "Accept-Language: de" },
								 .body = "name=Ann+Green&email=ann%40klant.test&form_type=Contact" });
	then_status (&a, 303);
	a = web_ask (s, &(struct web_request){ .method = "POST",
					       .url = w->hook,
					       .type = "application/x-www-form-urlencoded",
					       .header = { "Sec-Fetch-Mode: navigate", "Accept-Language: en-GB,en;q=0.9,nl;q=0.8" },
					       .body = "name=Bob+Brown&email=bob%40klant.test&form_type=Contact" });
	then_status (&a, 303);
	/* a server's own language is nobody's */
	a = web_ask (s, &(struct web_request){ .method = "POST",
					       .url = w->hook,
					       .header = { "Accept-Language: en" },
					       .body = "{\"name\":\"Kim Server\",\"form_type\":\"Contact\"}" });
	then_status (&a, 202);
	settle (s);
	then_text (s, "Ann Green en, Bob Brown en", "who reads what",
		   "select string_agg(name || ' ' || language, ', ' order by name) from lead_intake.lead where workspace_id = '%s'", w->id);
	a = web (s, w->key, "GET", "/api/crm/leads?q=ann", NULL);
	CHECK (!strcmp (text_at (a.json, "data.0.language"), "en"), "the lead is told as %.400s", a.body);
	web_free (&a);
}

STORY (rules_give,
       "What a rule gives stands in what it made: a text with facts, a time from then on, whose turn it is, who has the fewest deals; the product's rules do so when they are switched on")
{
	struct workspace *w = given_workspace (s, "rules-give", "nl-offerte-6");
	struct user anna = given_user (s, "anna@rulesgive.nl", "--workspace rules-give --role owner"),
		    bob = given_user (s, "bob@rulesgive.nl", "--workspace rules-give --role manager"),
		    carl = given_user (s, "carl@rulesgive.nl", "--workspace rules-give --role sales");
	char body[1000], path[200];
	struct web_answer a = web (
		s, w->key, "POST", "/api/crm/mail/accounts",
		"{\"kind\":\"smtp\",\"name\":\"Kantoor\",\"from_email\":\"wij@rulesgive.test\",\"host\":\"rulesgive.test\"}");
	then_status (&a, 201);
	a = web (s, w->key, "POST", "/api/crm/fields", "{\"kind\":\"text\",\"label\":{\"en\":\"Maat\",\"nl\":\"Maat\"}}");
	then_status (&a, 201);
	snprintf (path, sizeof path, "/api/users/%s/member?workspace=rules-give", carl.id);
	a = when_user_asks (s, &anna, "PUT", path, "{\"role\":\"sales\",\"active\":false}");
	then_status (&a, 200);
	settle (s);
	snprintf (
		body, sizeof body,
		"{\"when\":{\"event\":\"lead.created\"},\"then\":[{\"do\":\"activity_add\",\"with\":{\"kind\":\"task\",\"subject\":"
		"\"Bel {{event.name}} over {{event.form_type}}\",\"lead_id\":{\"fact\":\"event.lead_id\"},\"due_at\":{\"in\":{\"hours\":48}},"
		"\"owner_id\":{\"pick\":[\"%s\",\"%s\",\"%s\"],\"by\":\"turn\"}}}]}",
		anna.id, carl.id, bob.id);
	given_rule (s, &anna, "Om beurten", body);
	snprintf (
		body, sizeof body,
		"{\"when\":{\"event\":\"deal.created\"},\"if\":{\"all\":[{\"fact\":\"event.title\",\"op\":\"is\",\"value\":\"Groot\"}]},\"then\":[{\"do\":"
		"\"activity_add\",\"with\":{\"kind\":\"task\",\"subject\":\"Weeg {{event.title}}\",\"deal_id\":{\"fact\":\"event.deal_id\"},"
		"\"owner_id\":{\"pick\":[\"%s\",\"%s\",\"%s\"],\"by\":\"load\"}}}]}",
		carl.id, anna.id, bob.id);
	given_rule (s, &anna, "Wie het minst heeft", body);
	snprintf (
		body, sizeof body,
		"{\"when\":{\"event\":\"deal.created\"},\"if\":{\"all\":[{\"fact\":\"event.title\",\"op\":\"is\",\"value\":\"Groot\"}]},\"then\":[{\"do\":"
		"\"activity_add\",\"with\":{\"kind\":\"task\",\"subject\":\"Wie nog?\",\"deal_id\":{\"fact\":\"event.deal_id\"},\"owner_id\":{\"pick\":[\"%s\"],"
		"\"by\":\"turn\"}}}]}",
		carl.id);
	given_rule (s, &anna, "Van wie niemand meer werkt", body);
	given_rule (
		s, &anna, "Een feit in een eigen veld",
		"{\"when\":{\"event\":\"deal.created\"},\"if\":{\"all\":[{\"fact\":\"event.title\",\"op\":\"is\",\"value\":\"Groot\"}]},"
		"\"then\":[{\"do\":\"deal_update\",\"with\":{\"deal_id\":{\"fact\":\"event.deal_id\"},\"custom\":{\"maat\":{\"fact\":\"event.title\"}}}}]}");
	when_switched_on (s, &anna, "lead_task");
	when_switched_on (s, &anna, "lead_confirm");
	given_deal_of (s, w, "Piet de Vries", "piet@klant.test", "Offerteaanvraag");
	given_deal_of (s, w, "Sanne de Wit", "sanne@klant.test", "Contact");
	given_deal_of (s, w, "Kees Bos", "kees@klant.test", "Contact");
	given_english_leads (s, w);
	snprintf (body, sizeof body, "{\"title\":\"Groot\",\"owner_id\":\"%s\"}", anna.id);
	a = when_user_asks (s, &anna, "POST", "/api/crm/deals", body);
	then_status (&a, 201);
	settle (s);
	then_task (s, w, "Bel Piet de Vries over Offerteaanvraag", &anna, 48);
	then_task (s, w, "Bel Sanne de Wit over Contact", &bob, 48);
	then_task (s, w, "Bel Kees Bos over Contact", &anna, 48);
	then_task (s, w, "Weeg Groot", &bob, 0);
	then_number (
		s, 1, "firings that found nobody",
		"select count(*) from automation.firing where workspace_id = '%s' and state = 'refused' and steps -> 0 ->> 'code' = 'nobody_left'",
		w->id);
	then_text (s, "Groot", "the deal's own field",
		   "select custom ->> 'maat' from pipeline.deal where workspace_id = '%s' and title = 'Groot'", w->id);
	then_number (
		s, 6, "tasks of the product's rule",
		"select count(*) from contacts.activity where workspace_id = '%s' and subject like 'Nieuwe aanvraag opvolgen: %% %%' and "
		"abs(extract(epoch from due_at - created_at - interval '24 hours')) < 60",
		w->id);
	then_number (
		s, 3, "mails that confirm",
		"select count(*) from mailer.message where workspace_id = '%s' and direction = 'out' and subject = 'We hebben je aanvraag ontvangen'",
		w->id);
	then_number (
		s, 2, "mails that confirm in English, to who reads that",
		"select count(*) from mailer.message where workspace_id = '%s' and direction = 'out' and subject = 'We have received your request'",
		w->id);
	when_redelivered (s, "lead.created", 2);
	then_number (s, 13, "tasks, whatever is told again",
		     "select count(*) from contacts.activity where workspace_id = '%s' and kind = 'task'", w->id);
	then_number (s, 0, "actions that were refused",
		     "select count(*) from contacts.asked where workspace_id = '%s' and error is not null", w->id);
	then_no_dead_letters (s);
}
