/* A workspace's configuration as a file: taken out, laid upon another, changed by hand; and decisions told in words. */
#include <stdlib.h>
#include <string.h>
#include "story.h"

static char *file_of (struct stack *s, const char *name)
{
	char *ret = heap_alloc (600);
	snprintf (ret, 600, "%s/%s.yaml", s->var, name);
	return ret;
}

static void file_put (const char *path, const char *text)
{
	FILE *f = fopen (path, "w");
	CHECK (f && fputs (text, f) >= 0 && !fclose (f), "%s cannot be written", path);
}

static char *exported (struct stack *s, const char *slug)
{
	int code;
	char *ret = ctl_text (s, &code, "config export --workspace %s", slug);
	CHECK (code == 0 && strstr (ret, "leadwire: 1"), "an export ends with %d: %.300s", code, ret);
	return ret;
}

/* What a file would change of a workspace, a line a step. */
static void differs (struct stack *s, const char *slug, const char *path, const char *steps)
{
	int code;
	char *text = ctl_text (s, &code, "config diff %s --workspace %s --json", path, slug), found[2000] = "";
	json_t *o = json_loads (text, 0, NULL), *step;
	size_t i;
	json_array_foreach (json_object_get (o, "steps"), i, step)
	{
		snprintf (found + strlen (found), sizeof found - strlen (found), "%s%s %s", i ? "; " : "", text_at (step, "action"),
			  text_at (step, "item"));
	}
	CHECK (!strcmp (found, steps) && code == (*steps != 0), "it differs in \"%s\", not in \"%s\" (%d): %.400s", found, steps, code,
	       text);
	json_decref (o);
	free (text);
}

static void applied (struct stack *s, const char *slug, const char *path, const char *says)
{
	int code;
	char *text = ctl_text (s, &code, "config apply %s --workspace %s --yes", path, slug);
	CHECK (code == 0 && strstr (text, says), "apply ends with %d, without \"%s\": %.600s", code, says, text);
	free (text);
}

/* `text` with the first `was` as `now`; takes it. */
static char *changed (char *text, const char *was, const char *now)
{
	char *at = strstr (text, was), *ret = heap_alloc (strlen (text) + strlen (now) + 1);
	CHECK (at, "there is no %s in %.2000s", was, text);
	memcpy (ret, text, (size_t) (at - text));
	strcpy (ret + (at - text), now);
	strcat (ret, at + strlen (was));
	free (text);
	return ret;
}

#define RULE_NAMED(name) "- name: " name "\n  enabled: true\n  body: {when: {event: deal.created}, then: [{wait: {days: 1}}]}\n"

/* People's own, in their order; those of the product stand among them. */
static void then_rules (struct stack *s, const struct workspace *w, const char *names)
{
	char *found = sql_text (
		s,
		"select string_agg(name, ', ' order by position) from automation.rule where workspace_id = '%s' and preset is null "
		"and removed_at is null",
		w->id);
	CHECK (!strcmp (found, names), "the rules are %s, not %s", found, names);
	free (found);
}

STORY (config_file,
       "A workspace's configuration is a file: laid upon another twice it changes that once, and of a file that was changed just that is found")
{
	given_workspace (s, "opzet", "nl-offerte-6");
	given_workspace (s, "opzet-leeg", "classic-6");
	struct user owner = given_user (s, "baas@opzet.nl", "--role owner --workspace opzet");
	struct web_answer a = when_user_asks (
		s, &owner, "POST", "/api/crm/rules",
		"{\"name\":\"Bellen\",\"enabled\":true,\"body\":{\"when\":{\"event\":\"deal.created\"},\"if\":{\"all\":[{\"fact\":"
		"\"deal.value\",\"op\":\"more\",\"value\":{\"amount\":\"1000\",\"currency\":\"EUR\"}}]},\"then\":[{\"do\":"
		"\"deal_tag\",\"with\":{\"deal_id\":{\"fact\":\"event.deal_id\"},\"tags\":[]}}]}}");
	CHECK (a.status == 201, "%d %.300s", a.status, a.body);
	web_free (&a);
	a = when_user_asks (s, &owner, "POST", "/api/crm/mail/templates",
			    "{\"name\":\"Welkom\",\"subject_nl\":\"Welkom\",\"text_nl\":\"Dag {{contact.first_name}}\"}");
	CHECK (a.status == 201, "%d %.300s", a.status, a.body);
	web_free (&a);
	a = when_user_asks (s, &owner, "POST", "/api/crm/webhooks",
			    "{\"name\":\"Boekhouder\",\"url\":\"https://boeken.example/in\",\"events\":[\"invoice.*\"]}");
	CHECK (a.status == 201 && *text_at (a.json, "secret"), "%d %.300s", a.status, a.body);
	char *secret = strdup (text_at (a.json, "secret"));
	web_free (&a);
	settle (s);

	char *path = file_of (s, "opzet"), *text = exported (s, "opzet");
	CHECK (strstr (text, "name: Bellen") && strstr (text, "name: Welkom") && strstr (text, "pipeline: ") &&
		       strstr (text, "https://boeken.example/in") && !strstr (text, "secret") && !strstr (text, secret),
	       "it does not tell all: %.3000s", text);
	file_put (path, text);
	differs (s, "opzet", path, "");
	applied (s, "opzet-leeg", path, "to add");
	differs (s, "opzet-leeg", path, "");
	applied (s, "opzet-leeg", path, "0 to add, 0 to change, 0 to remove");
	char *other = exported (s, "opzet-leeg");
	CHECK (strstr (other, "name: Bellen") && strstr (other, "name: Welkom") && strstr (other, "name: Boekhouder"),
	       "it was not laid upon the other: %.3000s", other);
	free (other);

	text = changed (text, "amount: 1000", "amount: 2500");
	text = changed (text, "name: Welkom", "name: Tot ziens");
	text = changed (text, "invoice.*", "quote.*");
	file_put (path, text);
	differs (s, "opzet", path, "add templates Tot ziens; change webhooks Boekhouder; change rules Bellen; remove templates Welkom");
	int code;
	char *said = ctl_text (s, &code, "config apply %s --workspace opzet", path);
	CHECK (code == 1 && strstr (said, "change rules Bellen"), "it does something unasked: %d %.300s", code, said);
	free (said);
	applied (s, "opzet", path, "1 to add, 2 to change, 1 to remove");
	differs (s, "opzet", path, "");
	then_number (
		s, 2, "versions of a rule that a file changed",
		"select count(*) from automation.rule r join automation.rule_version v using (workspace_id, rule_id) where r.name = 'Bellen' "
		"and r.workspace_id = (select workspace_id from gateway.workspace where slug = 'opzet')");

	/* the order of rules is theirs: one that is new stands where the file has it, whatever the product brought beside it */
	struct workspace *few = given_workspace (s, "opzet-orde", "nl-offerte-6");
	static const char ordered[] = "leadwire: 1\nrules:\n" RULE_NAMED ("Derde") RULE_NAMED ("Eerste") RULE_NAMED ("Tweede"),
			  other_order[] = "leadwire: 1\nrules:\n" RULE_NAMED ("Eerste") RULE_NAMED ("Nieuw") RULE_NAMED ("Tweede")
				  RULE_NAMED ("Derde");
	file_put (path, ordered);
	applied (s, "opzet-orde", path, "3 to add");
	then_rules (s, few, "Derde, Eerste, Tweede");
	file_put (path, other_order);
	differs (s, "opzet-orde", path, "add rules Nieuw; change rules Derde");
	applied (s, "opzet-orde", path, "1 to add, 1 to change");
	then_rules (s, few, "Eerste, Nieuw, Tweede, Derde");
	differs (s, "opzet-orde", path, "");

	text = changed (text, "op: more", "op: larger");
	file_put (path, text);
	said = ctl_text (s, &code, "config diff %s --workspace opzet", path);
	CHECK (code == 2, "a rule that cannot be is %d: %.300s", code, said);
	free (said);
	free (text);
	free (secret);
	free (path);
}

static struct uuid made_in (struct stack *s, const struct user *u, const char *path, const char *body)
{
	struct web_answer a = when_user_asks (s, u, "POST", path, body);
	CHECK (a.status == 201, "%s is %d: %.300s", path, a.status, a.body);
	struct uuid ret = uuid_at (a.json, "id");
	web_free (&a);
	return ret;
}

STORY (config_names,
       "Rules stand in the file by what they name: laid upon another workspace they mean that one's people, tags, segments, templates and webhooks, and act there; what is not there is told with its line and nothing is done")
{
	struct workspace *there = given_workspace (s, "namen-daar", "nl-offerte-6");
	given_workspace (s, "namen", "nl-offerte-6");
	struct user anna = given_user (s, "anna@namen.nl", "--role owner --workspace namen"),
		    bas = given_user (s, "bas@namen.nl", "--role owner --workspace namen-daar");
	char body[2000], *path = file_of (s, "namen");
	struct uuid
		tag = made_in (s, &anna, "/api/crm/tags", "{\"label\":\"Klus\",\"colour\":\"blue\"}"),
		template = made_in (s, &anna, "/api/crm/mail/templates", "{\"name\":\"Dank\",\"subject_nl\":\"Dank\",\"text_nl\":\"Dag\"}"),
		hook = made_in (s, &anna, "/api/crm/webhooks", "{\"name\":\"Kassa\",\"url\":\"https://kassa.example/in\",\"events\":[]}"),
		segment = made_in (
			s, &anna, "/api/crm/segments",
			"{\"name\":\"Groot\",\"of\":\"deal\",\"conditions\":{\"all\":[{\"field\":\"value\",\"op\":\"more\",\"value\":\"1000\"}]}}");
	made_in (
		s, &anna, "/api/sources",
		"{\"name\":\"Beurs\",\"form_type\":\"Beurs\",\"minimum_fill\":3,\"per_minute\":120,\"mapping\":[{\"to\":\"email\",\"from\":\"q7\"}]}");
	char of_tag[40], of_template[40], of_hook[40];
	snprintf (of_tag, sizeof of_tag, "%s", id_text (tag));
	snprintf (of_template, sizeof of_template, "%s", id_text (template));
	snprintf (of_hook, sizeof of_hook, "%s", id_text (hook));
	snprintf (
		body, sizeof body,
		"{\"name\":\"Grote klus\",\"enabled\":true,\"body\":{\"when\":{\"event\":\"deal.updated\"},\"if\":{\"all\":[{\"fact\":\"history.matches\",\"op\":\"is\","
		"\"value\":0}]},\"then\":[{\"do\":\"deal_tag\",\"with\":{\"tags\":[\"%s\"],\"add\":true}},{\"do\":\"deal_update\",\"with\":{\"owner_id\":\"%s\"}},"
		"{\"do\":\"hook_send\",\"with\":{\"hook_endpoint_id\":\"%s\"}},{\"if\":{\"all\":[{\"fact\":\"deal.segments\",\"op\":\"is\",\"value\":[\"%s\"]}]},\"then\":["
		"{\"do\":\"mail_send\",\"with\":{\"template_id\":\"%s\",\"to\":[{\"email\":\"wie@klant.test\"}]}}]}]}}",
		of_tag, anna.id, of_hook, id_text (segment), of_template);
	made_in (s, &anna, "/api/crm/rules", body);
	settle (s);

	char *text = exported (s, "namen");
	CHECK (strstr (text, "tag: Klus") && strstr (text, "person: anna@namen.nl") && strstr (text, "webhook: Kassa") &&
		       strstr (text, "segment: Groot") && strstr (text, "template: Dank") && !strstr (text, of_tag) &&
		       !strstr (text, anna.id) && !strstr (text, of_hook) && !strstr (text, id_text (segment)) &&
		       !strstr (text, of_template),
	       "its rules hold ids: %.3000s", strstr (text, "rules:") ? strstr (text, "rules:") : text);
	file_put (path, text);
	differs (s, "namen", path, "");

	/* of what no file brings, all that lacks is told, and nothing is done */
	int code;
	char *said = ctl_text (s, &code, "config apply %s --workspace namen-daar --yes", path);
	free (said);
	CHECK (code == 2, "people, tags and segments that are not there are %d", code);
	then_number (s, 0, "templates that were made all the same",
		     "select count(*) from mailer.template where workspace_id = '%s' and name = 'Dank'", there->id);
	made_in (s, &bas, "/api/crm/tags", "{\"label\":\"Klus\",\"colour\":\"orange\"}");
	made_in (
		s, &bas, "/api/crm/segments",
		"{\"name\":\"Groot\",\"of\":\"deal\",\"conditions\":{\"all\":[{\"field\":\"value\",\"op\":\"more\",\"value\":\"1000\"}]}}");
	text = changed (text, "anna@namen.nl", "bas@namen.nl");
	file_put (path, text);
	settle (s);
	int64_t sources = sql_number (s, "select count(*) from lead_intake.source where workspace_id = '%s' and removed_at is null",
				      there->id);
	applied (s, "namen-daar", path, "4 to add");
	then_number (s, sources + 1, "sources: the new one, and all that were there",
		     "select count(*) from lead_intake.source where workspace_id = '%s' and removed_at is null", there->id);
	then_text (
		s, "3 120 [{\"to\": \"email\", \"from\": \"q7\"}]", "its limits and rules",
		"select concat_ws(' ', minimum_fill, per_minute, mapping) from lead_intake.source where workspace_id = '%s' and name = 'Beurs'",
		there->id);
	differs (s, "namen-daar", path, "");

	/* there it acts, with what is there */
	struct uuid deal = made_in (s, &bas, "/api/crm/deals", "{\"title\":\"Dak\",\"value\":{\"amount\":\"10.00\",\"currency\":\"EUR\"}}");
	settle (s);
	snprintf (body, sizeof body, "/api/crm/deals/%s", id_text (deal));
	struct web_answer a = when_user_asks (s, &bas, "PUT", body, "{\"notes\":\"Nu\"}");
	then_status (&a, 200);
	settle (s);
	UNTIL (15000, !sql_number (s, "select count(*) from automation.firing where workspace_id = '%s' and state = 'running'", there->id),
	       "it is under way");
	then_text (s, "Klus", "the tag there",
		   "select t.label from contacts.tagged d join contacts.tag t on t.id = d.tag_id where d.record_id = '%s'", id_text (deal));
	then_text (s, bas.id, "whose deal it is", "select owner_id from pipeline.deal where id = '%s'", id_text (deal));
	then_number (s, 1, "messages for the webhook there",
		     "select count(*) from automation.hook_delivery d join automation.hook_endpoint e on e.id = d.endpoint_id where "
		     "e.workspace_id = '%s' and e.name = 'Kassa'",
		     there->id);
	free (text);
	free (path);
}

STORY (decisions_told, "An operator is told what rules did about what happened, and of one event at which condition a rule was not met")
{
	struct workspace *w = given_workspace (s, "besluiten", "nl-offerte-6");
	struct web_answer a = web (
		s, w->key, "POST", "/api/crm/rules",
		"{\"name\":\"Groot\",\"enabled\":true,\"body\":{\"when\":{\"event\":\"deal.created\"},\"if\":{\"all\":[{\"fact\":\"event.title\","
		"\"op\":\"filled\"},{\"fact\":\"deal.value\",\"op\":\"more\",\"value\":{\"amount\":\"1000\",\"currency\":\"EUR\"}}]},"
		"\"then\":[{\"wait\":{\"days\":1}}]}}");
	CHECK (a.status == 201, "%d %.300s", a.status, a.body);
	web_free (&a);
	settle (s);
	a = web (s, w->key, "POST", "/api/crm/deals", "{\"title\":\"Vijver\",\"value\":{\"amount\":\"5000.00\",\"currency\":\"EUR\"}}");
	CHECK (a.status == 201, "%d %.300s", a.status, a.body);
	web_free (&a);
	a = web (s, w->key, "POST", "/api/crm/deals", "{\"title\":\"Schutting\",\"value\":{\"amount\":\"50.00\",\"currency\":\"EUR\"}}");
	CHECK (a.status == 201, "%d %.300s", a.status, a.body);
	struct uuid small = uuid_at (a.json, "id");
	web_free (&a);
	settle (s);
	int code;
	char *said = ctl_text (s, &code, "decisions --workspace besluiten --rule Groot");
	CHECK (code == 0 && strstr (said, "deal.created") && strstr (said, "Groot: waiting until") && !strstr (said, id_text (small)),
	       "%d %.600s", code, said);
	free (said);
	json_t *all = ctl (s, "decisions --workspace besluiten --record %s --unmatched", id_text (small));
	const char *id = text_at (all, "data.0.id");
	CHECK (*id, "nothing was decided about the small one");
	said = ctl_text (s, &code, "decisions --workspace besluiten --event %s", id);
	CHECK (code == 0 && strstr (said, "Groot: not met at condition 2: deal.value is more than EUR 1000; it was EUR 50.00"), "%d %.600s",
	       code, said);
	free (said);
	json_decref (all);
	said = ctl_text (s, &code, "decisions --workspace besluiten --event %s", id_text (w->uuid));
	CHECK (code == 1, "of what was never decided: %d %.300s", code, said);
	free (said);
}
