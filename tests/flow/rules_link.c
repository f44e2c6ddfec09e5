/* Rules that ask about somebody of whom contacts has still to say who they are: they are asked when it has, once, and hold nobody up while it does not. */
#include <stdlib.h>
#include <string.h>
#include "story.h"

static void given_tag_rule (struct stack *s, const struct user *u, const char *name, const char *event, const char *id,
			    const char *conditions)
{
	char ask[2000];
	snprintf (
		ask, sizeof ask,
		"{\"name\":\"%s\",\"enabled\":true,\"body\":{\"when\":{\"event\":\"%s\"},\"if\":{\"all\":[%s]},\"then\":[{\"do\":\"activity_add\",\"with\":"
		"{\"kind\":\"task\",\"subject\":\"%s {{event.%s}} {{contact.email}} {{contact.tags}}\",\"%s\":{\"fact\":\"event.%s\"}}}]}}",
		name, event, conditions, name, strcmp (id, "lead_id") ? "title" : "name", id, id);
	struct web_answer a = when_user_asks (s, u, "POST", "/api/crm/rules", ask);
	CHECK (a.status == 201, "the rule %s is %d: %.500s", name, a.status, a.body);
	web_free (&a);
}

static void then_tasks (struct stack *s, const struct workspace *w, const char *expected)
{
	then_text (
		s, expected, "tasks",
		"select string_agg(subject, ', ' order by subject collate \"C\") from contacts.activity where workspace_id = '%s' and kind = 'task'",
		w->id);
}

#define OF_KLANT "{\"fact\":\"contact.email\",\"op\":\"contains\",\"value\":\"@klant.test\"}"

STORY (rules_link,
       "A rule that hears a lead or its deal and asks about the contact is asked when contacts has said who it is, once however often it is told; other rules, and what else is said, do not wait for it")
{
	struct workspace *w = given_workspace (s, "rules-link", "nl-offerte-6");
	struct user anna = given_user (s, "anna@ruleslink.nl", "--workspace rules-link --role owner");
	given_tag_rule (s, &anna, "Klant", "lead.created", "lead_id", OF_KLANT);
	given_tag_rule (s, &anna, "Deal", "deal.created", "deal_id", OF_KLANT);
	given_tag_rule (s, &anna, "Bekend", "lead.created", "lead_id",
			OF_KLANT ",{\"fact\":\"contact.tags\",\"op\":\"is\",\"value\":[\"vip\"]}");
	char path[200], ask[200];
	struct web_answer a = web (s, w->key, "POST", "/api/crm/contacts", "{\"name\":\"Vera Vast\",\"email\":\"vera@klant.test\"}");
	CHECK (a.status == 201, "a contact is %d: %s", a.status, a.body);
	snprintf (path, sizeof path, "/api/crm/contacts/%s/tags", text_at (a.json, "id"));
	web_free (&a);
	a = web (s, w->key, "POST", "/api/crm/tags", "{\"label\":\"vip\",\"colour\":\"teal\"}");
	CHECK (a.status == 201, "a tag is %d: %s", a.status, a.body);
	snprintf (ask, sizeof ask, "{\"tags\":[\"%s\"]}", text_at (a.json, "id"));
	web_free (&a);
	a = web_ask (s, &(struct web_request){ .method = "PUT", .url = path, .key = w->key, .body = ask });
	then_status (&a, 200);
	settle (s);
	/* contacts is slow: what is said of the leads meanwhile is heard, and their rules are not asked */
	daemon_hold (s, "contacts");
	const char *const body[] = { "{\"name\":\"Nieuw Nel\",\"email\":\"nel@klant.test\",\"form_type\":\"Contact\"}",
				     "{\"name\":\"Vera Vast\",\"email\":\"vera@klant.test\",\"form_type\":\"Contact\"}",
				     "{\"name\":\"Ander Aad\",\"email\":\"aad@elders.test\",\"form_type\":\"Contact\"}" };
	for (size_t i = 0; i < LENGTH (body); i++) {
		a = when_posted (s, w->hook, "%s", body[i]);
		then_status (&a, 202);
	}
	UNTIL (20000,
	       sql_number (s, "select count(*) from automation.undecided where workspace_id = '%s'", w->id) == 2 * (int64_t) LENGTH (body),
	       "their decisions do not wait");
	sql_do (s, "update automation.undecided set due_at = due_at + interval '10 minutes' where workspace_id = '%s'",
		w->id); /* however slow this machine is */
	then_number (
		s, 0, "decisions that were made without it",
		"select count(*) from automation.decision where workspace_id = '%s' and event_type in ('lead.created', 'deal.created')",
		w->id);
	then_number (s, 0, "events that hold others up", "select count(*) from automation.parked where workspace_id = '%s'", w->id);
	daemon_release (s, "contacts");
	settle (s);
	then_tasks (
		s, w,
		"Bekend Vera Vast vera@klant.test vip, Deal Nieuw Nel \xe2\x80\x94 Contact nel@klant.test , Deal Vera Vast \xe2\x80\x94 Contact vera@klant.test vip, "
		"Klant Nieuw Nel nel@klant.test , Klant Vera Vast vera@klant.test vip");
	then_number (s, 0, "decisions that wait still", "select count(*) from automation.undecided where workspace_id = '%s'", w->id);
	then_number (
		s, 6, "decisions",
		"select count(*) from automation.decision where workspace_id = '%s' and event_type in ('lead.created', 'deal.created')",
		w->id);
	/* what is told again, in whatever order, is decided */
	when_redelivered (s, "lead.created", 2);
	when_redelivered (s, "lead.contact_linked", 2);
	when_redelivered (s, "deal.created", 2);
	then_number (s, 5, "tasks, whatever is told again",
		     "select count(*) from contacts.activity where workspace_id = '%s' and kind = 'task'", w->id);
	then_number (s, 0, "decisions that wait again", "select count(*) from automation.undecided where workspace_id = '%s'", w->id);
	then_no_dead_letters (s);
}

STORY (rules_link_deal,
       "A rule that hears a lead and asks about its deal, or changes it, is asked when pipeline has made that deal, and contacts has said who it is where it asks that too; once, whatever is told again")
{
	struct workspace *w = given_workspace (s, "rules-deal", "nl-offerte-6");
	struct user anna = given_user (s, "anna@rulesdeal.nl", "--workspace rules-deal --role owner"),
		    bas = given_user (s, "bas@rulesdeal.nl", "--workspace rules-deal --role sales");
	char ask[1000];
	snprintf (
		ask, sizeof ask,
		"{\"name\":\"Delen\",\"enabled\":true,\"body\":{\"when\":{\"event\":\"lead.created\"},\"if\":{\"all\":[{\"fact\":\"event.phone\",\"op\":\"starts\","
		"\"value\":\"+32\"}]},\"then\":[{\"do\":\"deal_update\",\"with\":{\"owner_id\":{\"pick\":[\"%s\"],\"by\":\"turn\"},\"notes\":\"{{deal.title}}\"}}]}}",
		bas.id);
	struct web_answer a = when_user_asks (s, &anna, "POST", "/api/crm/rules", ask);
	CHECK (a.status == 201, "the rule is %d: %.500s", a.status, a.body);
	web_free (&a);
	given_tag_rule (s, &anna, "Beide", "lead.created", "lead_id", OF_KLANT ",{\"fact\":\"deal.title\",\"op\":\"filled\"}");
	settle (s);
	daemon_hold (s, "pipeline");
	daemon_hold (s, "contacts");
	a = when_posted (s, w->hook, "%s",
			 "{\"name\":\"Bel Gique\",\"email\":\"bel@klant.test\",\"phone\":\"+32 475 12 34 56\",\"form_type\":\"Contact\"}");
	then_status (&a, 202);
	UNTIL (20000, sql_number (s, "select count(*) from automation.undecided where workspace_id = '%s'", w->id) == 1,
	       "its decision does not wait");
	sql_do (s, "update automation.undecided set due_at = due_at + interval '10 minutes' where workspace_id = '%s'",
		w->id); /* however slow this machine is */
	daemon_release (s, "pipeline");
	UNTIL (20000,
	       sql_number (s, "select count(*) from automation.known where workspace_id = '%s' and noun = 'deal' and facts ? 'title'",
			   w->id) == 1,
	       "the deal is not heard of");
	then_number (s, 0, "decisions without the contact",
		     "select count(*) from automation.decision where workspace_id = '%s' and event_type = 'lead.created'", w->id);
	daemon_release (s, "contacts");
	settle (s);
	UNTIL (15000, !sql_number (s, "select count(*) from automation.firing where workspace_id = '%s' and state = 'running'", w->id),
	       "something is still under way");
	then_text (
		s, "done done", "what became of the rules",
		"select string_agg(case when state = 'done' then state else steps::text end, ' ') from automation.firing where workspace_id = '%s'",
		w->id);
	then_text (s, bas.id, "whose deal it is", "select owner_id from pipeline.deal where workspace_id = '%s'", w->id);
	then_text (s, "Bel Gique \xe2\x80\x94 Contact", "what the rule knew of the deal",
		   "select notes from pipeline.deal where workspace_id = '%s'", w->id);
	then_tasks (s, w, "Beide Bel Gique bel@klant.test ");
	when_redelivered (s, "lead.created", 2);
	when_redelivered (s, "deal.created", 2);
	then_number (s, 0, "decisions that wait again", "select count(*) from automation.undecided where workspace_id = '%s'", w->id);
	then_number (s, 2, "what was done, whatever is told again",
		     "select count(*) from automation.firing where workspace_id = '%s' and state = 'done'", w->id);
	then_no_dead_letters (s);
}

/* How far automation heard lead-intake, all lanes together. */
static int64_t leads_heard (struct stack *s)
{
	return sql_number (s,
			   "select coalesce(sum(last_seq), 0) from automation.cursor where consumer = 'main' and source = 'lead-intake'");
}

STORY (rules_link_late,
       "Where contacts does not come back, a rule that asks about the contact is asked without it after half a minute: what nobody knows is neither there nor empty")
{
	struct workspace *w = given_workspace (s, "rules-late", "nl-offerte-6");
	struct user anna = given_user (s, "anna@ruleslate.nl", "--workspace rules-late --role owner");
	given_tag_rule (s, &anna, "Leeg", "lead.created", "lead_id", "{\"fact\":\"contact.email\",\"op\":\"empty\"}");
	settle (s);
	daemon_hold (s, "contacts");
	struct web_answer a = when_posted (s, w->hook, "%s",
					   "{\"name\":\"Laat Leo\",\"email\":\"leo@klant.test\",\"form_type\":\"Contact\"}");
	then_status (&a, 202);
	UNTIL (20000, sql_number (s, "select count(*) from automation.undecided where workspace_id = '%s'", w->id) == 1,
	       "it does not wait");
	then_number (s, 30, "seconds that it waits at the longest",
		     "select extract(epoch from due_at - recorded) from automation.undecided where workspace_id = '%s'", w->id);
	sql_do (s, "update automation.undecided set due_at = recorded where workspace_id = '%s'", w->id); /* these have passed */
	UNTIL (60000, /* after a start the clock waits for news, from contacts too, half a minute at most */
	       sql_number (s, "select count(*) from automation.decision where workspace_id = '%s' and event_type = 'lead.created'",
			   w->id) == 1,
	       "it is never decided");
	then_number (s, 0, "decisions that wait still", "select count(*) from automation.undecided where workspace_id = '%s'", w->id);
	int64_t heard = leads_heard (s);
	daemon_hold (s, "automation"); /* it is told again, and nobody said yet who it is */
	sql_do (s, "update automation.cursor set last_seq = 0, epoch = 0 where consumer = 'main' and source = 'lead-intake'");
	daemon_release (s, "automation");
	UNTIL (20000, leads_heard (s) == heard, "it is not told again");
	daemon_release (s, "contacts");
	settle (s);
	then_number (s, 0, "what the rule did",
		     "select count(*) from automation.firing f join automation.decision d using (workspace_id, decision_id) "
		     "where f.workspace_id = '%s' and d.event_type = 'lead.created'",
		     w->id);
	then_number (s, 1, "decisions",
		     "select count(*) from automation.decision where workspace_id = '%s' and event_type = 'lead.created'", w->id);
	then_no_dead_letters (s);
}

STORY (rules_history,
       "What happened before is of the record that an event is about: of a lead's event the lead's, of a deal's the deal's, though they bear one id; after a wait, too")
{
	struct workspace *w = given_workspace (s, "rules-history", "nl-offerte-6");
	struct user anna = given_user (s, "anna@ruleshistory.nl", "--workspace rules-history --role owner");
	struct uuid deal = given_deal_of (s, w, "Piet de Vries", "piet@klant.test", "Contact");
	char ask[1000];
	snprintf (
		ask, sizeof ask,
		"{\"name\":\"Eerste\",\"enabled\":true,\"body\":{\"when\":{\"event\":\"activity.added\"},\"if\":{\"all\":[{\"fact\":\"history.matches\",\"op\":\"is\","
		"\"value\":0}]},\"then\":[{\"do\":\"notice_ring\",\"with\":{\"user_id\":\"%s\",\"title\":\"Eerste {{event.about}}\"}},{\"do\":\"notice_ring\",\"with\":"
		"{\"user_id\":\"%s\",\"title\":\"{{event.about}} deed de regel {{history.matches}} keer\"}}]}}",
		anna.id, anna.id);
	struct web_answer a = when_user_asks (s, &anna, "POST", "/api/crm/rules", ask);
	CHECK (a.status == 201, "the rule is %d: %.500s", a.status, a.body);
	web_free (&a);
	settle (s);
	static const char *const about[] = { "lead_id", "deal_id", "lead_id", "deal_id" };
	for (size_t i = 0; i < LENGTH (about); i++) {
		snprintf (ask, sizeof ask, "{\"kind\":\"call\",\"subject\":\"Gebeld %zu\",\"%s\":\"%s\"}", i, about[i], id_text (deal));
		a = when_user_asks (s, &anna, "POST", "/api/crm/activities", ask);
		then_status (&a, 201);
		settle (s);
	}
	then_text (
		s, "Eerste deal, Eerste lead, deal deed de regel 0 keer, lead deed de regel 0 keer", "bells",
		"select string_agg(title, ', ' order by title collate \"C\") from contacts.notice where workspace_id = '%s' and kind = 'rule'",
		w->id);
	then_text (
		s, "lead deal lead deal", "what the decisions are about",
		"select string_agg(about, ' ' order by decided_at) from automation.decision where workspace_id = '%s' and event_type = 'activity.added'",
		w->id);
	then_no_dead_letters (s);
}
