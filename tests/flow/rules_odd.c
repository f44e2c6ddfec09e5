/* Rules where something goes otherwise than usual: what was matched before, a turn after a wait, a version that this house cannot read, records by the thousand,
 * a daemon that was away. It must never set a clock: a wait that is to end now is said to be due in the table. */
#include <signal.h>
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

static void when_changed (struct stack *s, const struct user *u, const char *kind, struct uuid id, const char *body)
{
	char path[200];
	snprintf (path, sizeof path, "/api/crm/%s/%s", kind, id_text (id));
	struct web_answer a = when_user_asks (s, u, "PUT", path, body);
	then_status (&a, 200);
}

/* Whatever waits in the workspace is due now, and is gone through. */
static void when_time_passes (struct stack *s, const struct workspace *w)
{
	sql_do (s, "update automation.firing set due_at = now() - interval '1 second' where workspace_id = '%s' and state = 'waiting'",
		w->id);
	UNTIL (10000,
	       !sql_number (s, "select count(*) from automation.firing where workspace_id = '%s' and state = 'waiting' and due_at < now()",
			    w->id),
	       "what is due still waits");
	settle (s);
	UNTIL (10000, !sql_number (s, "select count(*) from automation.firing where workspace_id = '%s' and state = 'running'", w->id),
	       "what was asked for is not answered");
	settle (s);
}

static void then_tasks (struct stack *s, const struct workspace *w, int n, const char *subject)
{
	then_number (s, n, subject, "select count(*) from contacts.activity where workspace_id = '%s' and kind = 'task' and subject = '%s'",
		     w->id, subject);
}

/* Only where it never matched before; of the deal itself, though its contact has another. */
#define TASK(what, of) \
	"{\"do\":\"activity_add\",\"with\":{\"kind\":\"task\",\"subject\":\"" what "\",\"" of "_id\":{\"fact\":\"event." of "_id\"}}}"
#define NEVER_BEFORE "{\"fact\":\"history.matches\",\"op\":\"is\",\"value\":0}"
#define SAID_ONCE "{\"fact\":\"history.events\",\"op\":\"is\",\"value\":1}"

STORY (rules_before,
       "A rule that acts once for a record does so for a lead as for a deal, at once or some time later, and by what was said of that record alone")
{
	struct workspace *w = given_workspace (s, "rules-before", "nl-offerte-6");
	struct user anna = given_user (s, "anna@rulesbefore.nl", "--workspace rules-before --role owner");
	given_rule (s, &anna, "Lead één keer",
		    "{\"when\":{\"event\":\"lead.updated\"},\"if\":{\"all\":[" NEVER_BEFORE
		    "]},\"then\":[" TASK ("Lead nagekeken", "lead") "]}");
	given_rule (s, &anna, "Deal één keer",
		    "{\"when\":{\"event\":\"deal.updated\"},\"if\":{\"all\":[" NEVER_BEFORE
		    "]},\"then\":[" TASK ("Deal nagekeken", "deal") "]}");
	given_rule (s, &anna, "Later één keer",
		    "{\"when\":{\"event\":\"deal.updated\",\"after\":{\"minutes\":30}},\"if\":{\"all\":[" NEVER_BEFORE
		    "]},\"then\":[" TASK ("Later nagekeken", "deal") "]}");
	given_rule (s, &anna, "Later van deze deal",
		    "{\"when\":{\"event\":\"deal.updated\",\"after\":{\"minutes\":30}},\"if\":{\"all\":[" SAID_ONCE
		    "]},\"then\":[" TASK ("Eenmaal gezegd", "deal") "]}");
	struct uuid one = given_deal_of (s, w, "Piet de Vries", "piet@before.test", "Offerteaanvraag"),
		    other = given_deal_of (s, w, "Piet de Vries", "piet@before.test", "Contact");
	when_changed (s, &anna, "leads", one, "{\"company\":\"Groen\"}");
	when_changed (s, &anna, "deals", one, "{\"value\":{\"amount\":\"100\",\"currency\":\"EUR\"}}");
	when_changed (s, &anna, "deals", other, "{\"value\":{\"amount\":\"200\",\"currency\":\"EUR\"}}");
	settle (s);
	when_time_passes (s, w);
	then_tasks (s, w, 2, "Later nagekeken");
	then_tasks (s, w, 2, "Eenmaal gezegd");
	when_changed (s, &anna, "leads", one, "{\"company\":\"Groen BV\"}");
	when_changed (s, &anna, "deals", one, "{\"value\":{\"amount\":\"101\",\"currency\":\"EUR\"}}");
	settle (s);
	when_time_passes (s, w);
	then_tasks (s, w, 1, "Lead nagekeken");
	then_tasks (s, w, 2, "Deal nagekeken");
	then_tasks (s, w, 2, "Later nagekeken");
	then_tasks (s, w, 2, "Eenmaal gezegd");
	then_no_dead_letters (s);
}

STORY (rules_turns, "Whose turn it is goes on behind a step that was answered, behind a wait and when the daemon is begun anew")
{
	struct workspace *w = given_workspace (s, "rules-turns", "nl-offerte-6");
	struct user anna = given_user (s, "anna@rulesturns.nl", "--workspace rules-turns --role owner"),
		    bob = given_user (s, "bob@rulesturns.nl", "--workspace rules-turns --role manager");
	char body[1000], email[60];
	snprintf (
		body, sizeof body,
		"{\"when\":{\"event\":\"lead.created\"},\"then\":[" TASK (
			"Eerst",
			"lead") ",{\"wait\":{\"minutes\":30}},{\"do\":\"activity_add\",\"with\":"
				"{\"kind\":\"task\",\"subject\":\"Beurt van {{event.name}}\",\"lead_id\":{\"fact\":\"event.lead_id\"},\"owner_id\":"
				"{\"pick\":[\"%s\",\"%s\"],\"by\":\"turn\"}}}]}",
		anna.id, bob.id);
	given_rule (s, &anna, "Om beurten", body);
	static const char *const names[] = { "Aa", "Bee", "Cee", "Dee" };
	for (size_t i = 0; i < LENGTH (names); i++) {
		snprintf (email, sizeof email, "%s@turns.test", names[i]);
		given_deal_of (s, w, names[i], email, "Contact");
		when_time_passes (s, w);
		then_number (
			s, 1, names[i],
			"select count(*) from contacts.activity where workspace_id = '%s' and subject = 'Beurt van %s' and assignee_id = '%s'",
			w->id, names[i], (i % 2 ? &bob : &anna)->id);
		daemon_hold (s, "automation");
		daemon_release (s, "automation");
	}
	then_number (s, 4, "turns", "select turns from automation.rule where workspace_id = '%s' and name = 'Om beurten'", w->id);
}

/* As if so many more of them had waited for as long. */
static void when_many_wait (struct stack *s, const struct workspace *w, int n)
{
	sql_do (s,
		"insert into automation.decision (workspace_id, decision_id, event_type, at, decided_at, depth, failed, facts, took_us, matched) "
		"select '%1$s', md5(i::text)::uuid, 'lead.created', now(), now(), 0, '', '{}', 0, 1 from generate_series(1, %2$d) i",
		w->id, n);
	sql_do (s,
		"insert into automation.firing (workspace_id, firing_id, decision_id, rule_id, rule_version_id, state, step, due_at, steps, at) "
		"select '%1$s', md5('firing ' || i)::uuid, md5(i::text)::uuid, f.rule_id, f.rule_version_id, f.state, f.step, f.due_at, f.steps, f.at "
		"from generate_series(1, %2$d) i, (select * from automation.firing where workspace_id = '%1$s' and state = 'waiting' limit 1) f",
		w->id, n);
}

STORY (rules_unread,
       "A version that this house cannot read any more ends what waits for it, says so, and keeps nobody else's from going on")
{
	struct workspace *w = given_workspace (s, "rules-unread", "nl-offerte-6"),
			 *other = given_workspace (s, "rules-read", "nl-offerte-6");
	struct user anna = given_user (s, "anna@rulesunread.nl", "--workspace rules-unread --role owner"),
		    bob = given_user (s, "bob@rulesread.nl", "--workspace rules-read --role owner");
	const char *body = "{\"when\":{\"event\":\"lead.created\"},\"then\":[{\"wait\":{\"days\":1}}," TASK ("Gewacht", "lead") "]}";
	given_rule (s, &anna, "Wacht", body);
	given_rule (s, &bob, "Wacht", body);
	given_deal_of (s, w, "Piet de Vries", "piet@unread.test", "Contact");
	given_deal_of (s, other, "Sanne de Wit", "sanne@unread.test", "Contact");
	when_many_wait (s, w, 1500);
	daemon_hold (s, "automation");
	sql_do (s,
		"update automation.rule_version v set body = '{\"when\":{\"event\":\"lead.of_old\"},\"then\":[]}' from automation.rule r where r.workspace_id = '%s' "
		"and r.name = 'Wacht' and v.rule_version_id = r.rule_version_id",
		w->id);
	sql_do (s, "update automation.firing set due_at = now() - interval '1 hour' where workspace_id = '%s' and state = 'waiting'",
		w->id);
	sql_do (s, "update automation.firing set due_at = now() - interval '1 minute' where workspace_id = '%s' and state = 'waiting'",
		other->id);
	daemon_release (s, "automation");
	UNTIL (15000,
	       sql_number (s, "select count(*) from contacts.activity where workspace_id = '%s' and subject = 'Gewacht'", other->id) == 1,
	       "what another workspace waited for is not done");
	then_number (s, 1501, "ended",
		     "select count(*) from automation.firing where workspace_id = '%s' and state = 'stopped' and ended_at is not null",
		     w->id);
	then_tasks (s, w, 0, "Gewacht");
}

/* How many rows of what is known were read so far. */
static int64_t known_read (struct stack *s)
{
	return sql_number (
		s,
		"select seq_tup_read + coalesce(idx_tup_fetch, 0) from pg_stat_user_tables where schemaname = 'automation' and relname = 'known'");
}

STORY (rules_many, "What a merge changes of records that name the other one is found by an index, however many records there are")
{
	struct workspace *w = given_workspace (s, "rules-many", "nl-offerte-6");
	given_deal_of (s, w, "Piet de Vries", "piet@many.test", "Contact");
	given_deal_of (s, w, "Pieter de Vries", "pieter@many.test", "Contact");
	sql_do (s,
		"insert into automation.known (workspace_id, noun, record_id, contact_id, facts) select '%s', 'deal', gen_random_uuid(), gen_random_uuid(), '{}' "
		"from generate_series(1, 30000)",
		w->id);
	sql_do (s, "analyze automation.known");
	char *loser = sql_text (s, "select id from contacts.contact where workspace_id = '%s' and email = 'pieter@many.test'", w->id),
	     *survivor = sql_text (s, "select id from contacts.contact where workspace_id = '%s' and email = 'piet@many.test'", w->id),
	     path[200];
	int64_t before;
	UNTIL (10000, (before = known_read (s)) && (pause_us (1500000), before == known_read (s)), "it is read all the time");
	snprintf (path, sizeof path, "/api/crm/contacts/%s/merge", survivor);
	struct web_answer a = web (s, w->key, "POST", path, "{\"loser_id\":\"%s\"}", loser);
	then_status (&a, 200);
	settle (s);
	then_number (s, 2, "deals of the one that stays",
		     "select count(*) from automation.known where workspace_id = '%s' and noun = 'deal' and contact_id = '%s'", w->id,
		     survivor);
	pause_us (2500000); /* until the counts are told */
	CHECK (known_read (s) - before < 5000, "%lld rows were read", (long long) (known_read (s) - before));
	free (loser);
	free (survivor);
}

STORY (rules_away, "A daemon that was away for longer than events wait for each other's records still asks its rules about these")
{
	struct workspace *w = given_workspace (s, "rules-away", "nl-offerte-6");
	struct user anna = given_user (s, "anna@rulesaway.nl", "--workspace rules-away --role owner");
	given_rule (
		s, &anna, "Met adres",
		"{\"when\":{\"event\":\"deal.created\"},\"if\":{\"all\":[{\"fact\":\"contact.email\",\"op\":\"is\",\"value\":\"piet@away.test\"}]},"
		"\"then\":[" TASK ("Met adres", "deal") "]}");
	settle (s);
	daemon_hold (s, "automation");
	then_status (&(struct web_answer[]){ when_posted (
			     s, w->hook, "{\"name\":\"Piet\",\"email\":\"piet@away.test\",\"form_type\":\"Contact\"}") }[0],
		     202);
	UNTIL (10000, sql_number (s, "select count(*) from pipeline.deal_contact where workspace_id = '%s'", w->id) == 1, "no deal");
	int64_t made = now_us ();
	UNTIL (60000, now_us () - made > 32000000, "time stands still");
	daemon_kill (s, "contacts", 0, SIGSTOP);
	daemon_release (s, "automation");
	int64_t back = now_us (), asked = 0;
	UNTIL (20000,
	       (asked = sql_number (s, "select count(*) from automation.decision where workspace_id = '%s'", w->id)) ||
		       now_us () - back > 3000000,
	       "-");
	daemon_kill (s, "contacts", 0, SIGCONT);
	CHECK (!asked, "the rule was asked about what had not come");
	settle (s);
	then_tasks (s, w, 1, "Met adres");
}

STORY (rules_why,
       "What was asked when its time came says which condition did not hold and what stood there then, not what stood there when it began; of a workspace's own field it keeps nothing")
{
	struct workspace *w = given_workspace (s, "rules-why", "nl-offerte-6");
	struct user anna = given_user (s, "anna@ruleswhy.nl", "--workspace rules-why --role owner");
	int code;
	struct web_answer a = web (
		s, w->key, "POST", "/api/crm/fields",
		"{\"about\":\"deal\",\"kind\":\"text\",\"key\":\"kleur\",\"label\":{\"en\":\"Colour\",\"nl\":\"Kleur\"}}");
	CHECK (a.status == 201, "%d %.300s", a.status, a.body);
	web_free (&a);
	given_rule (s, &anna, "Nog klein",
		    "{\"when\":{\"event\":\"deal.created\",\"after\":{\"minutes\":30}},\"if\":{\"all\":[{\"fact\":\"deal.outcome\",\"op\":"
		    "\"is\",\"value\":\"open\"},{\"fact\":\"deal.value\",\"op\":\"less\",\"value\":100}]},\"then\":[{\"stop\":true}]}");
	given_rule (
		s, &anna, "Welke kant",
		"{\"when\":{\"event\":\"deal.created\"},\"then\":[{\"wait\":{\"minutes\":30}},{\"if\":{\"any\":[{\"fact\":\"contact.email\","
		"\"op\":\"filled\"}]},\"then\":[{\"stop\":true}]},{\"if\":{\"all\":[{\"fact\":\"deal.custom.kleur\",\"op\":\"is\",\"value\":"
		"\"groen\"}]},\"then\":[{\"stop\":true}]},{\"if\":{\"none\":[{\"fact\":\"deal.title\",\"op\":\"starts\",\"value\":\"Vij\"}]},"
		"\"then\":[{\"stop\":true}]}]}");
	settle (s);
	a = web (s, w->key, "POST", "/api/crm/deals",
		 "{\"title\":\"Vijver\",\"value\":{\"amount\":\"50\",\"currency\":\"EUR\"},\"custom\":{\"kleur\":\"vuurrood\"}}");
	CHECK (a.status == 201, "%d %.300s", a.status, a.body);
	struct uuid deal = uuid_at (a.json, "id");
	web_free (&a);
	settle (s);
	when_changed (s, &anna, "deals", deal, "{\"value\":{\"amount\":\"250\",\"currency\":\"EUR\"}}");
	settle (s);
	when_time_passes (s, w);
	char *said = ctl_text (s, &code, "decisions --workspace rules-why --record %s", id_text (deal));
	CHECK (code == 0 && strstr (said, "not met at condition 2: deal.value is less than 100; it was EUR 250.00\n"), "%.1500s", said);
	CHECK (strstr (said, "takes else  not met at condition 1: contact.email is filled; it was empty\n"), "%.1500s", said);
	CHECK (strstr (said, "takes else  not met at condition 1: deal.custom.kleur is \"groen\"\n"), "%.1500s", said);
	CHECK (strstr (said, "takes else  not met at condition 1: deal.title starts with \"Vij\"; it was \"Vijver\"\n"), "%.1500s", said);
	free (said);
	then_number (s, 0, "firings that keep what stands in a field of one's own",
		     "select count(*) from automation.firing where workspace_id = '%s' and steps::text like '%%vuurrood%%'", w->id);
	then_no_dead_letters (s);
}
