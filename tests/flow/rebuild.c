/* The timeline is what the streams say and nothing else: built anew it is the same, whatever was done to it, while leads come in.
 * It must never pass because nothing was looked at. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "story.h"

static struct uuid asked (struct stack *s, const struct workspace *w, const char *method, const char *path, const char *body, int status)
{
	struct web_answer a = web_ask (s, &(struct web_request){ .method = method, .url = path, .key = w->key, .body = body });
	CHECK (a.status == status, "%s %s is %d: %s", method, path, a.status, a.body);
	struct uuid ret = { 0 };
	if (a.json && *text_at (a.json, "id"))
		ret = uuid_at (a.json, "id");
	web_free (&a);
	return ret;
}

static char *text (char *ret, const char *form, ...) __attribute__ ((format (printf, 2, 3)));
static char *text (char *ret, const char *form, ...)
{
	va_list args;
	va_start (args, form);
	vsnprintf (ret, 400, form, args);
	va_end (args);
	return ret;
}

/* All that is told of a workspace up to a moment, as one number. */
static char *told (struct stack *s, const struct workspace *w, const char *until)
{
	return sql_text (
		s,
		"select count(*) || ' ' || md5(coalesce(string_agg(t::text, chr(10) order by t.subject_id, t.event_id), '')) from contacts.timeline t where t.workspace_id = '%s' and t.at <= '%s'",
		w->id, until);
}

static long rebuilt (struct stack *s)
{
	int code;
	char *said = ctl_text (s, &code, "rebuild contacts timeline --json");
	json_t *o = json_loads (said, 0, NULL);
	CHECK (code == 0 && o, "the rebuild ends with %d: %s", code, said);
	long ret = (long) json_integer_value (json_object_get (o, "changed"));
	CHECK (json_integer_value (json_object_get (o, "fed")) > 10, "it read next to nothing: %s", said);
	json_decref (o);
	free (said);
	return ret;
}

/* Of every kind of line some. */
static void past_made (struct stack *s, struct workspace *w)
{
	char a[400], b[400];
	struct uuid deal = given_deal_of (s, w, "Jan Vos", "jan@anew.test", "Vraag");
	given_deal_of (s, w, "Jan de Vos", "jan@anew.test", "Nog een vraag");
	char *contact = sql_text (s, "select contact_id from contacts.lead where lead_id = '%s'", id_text (deal));
	struct uuid note = asked (s, w, "POST", "/api/crm/activities",
				  text (a, "{\"kind\":\"note\",\"note\":\"Gebeld\",\"deal_id\":\"%s\"}", id_text (deal)), 201);
	asked (s, w, "PUT", text (a, "/api/crm/activities/%s", id_text (note)), "{\"note\":\"Twee keer gebeld\"}", 200);
	asked (s, w, "DELETE", a, NULL, 204);
	asked (s, w, "POST", text (b, "%s/restore", a), "{}", 200);
	asked (s, w, "PUT", text (a, "/api/crm/deals/%s", id_text (deal)), "{\"value\":{\"amount\":\"100.00\",\"currency\":\"EUR\"}}", 200);
	asked (s, w, "POST", text (b, "/api/crm/opportunity/%s/stage", id_text (deal)), "{\"stage\":\"won\"}", 200);
	asked (s, w, "DELETE", a, NULL, 204);
	asked (s, w, "POST", text (b, "%s/restore", a), "{}", 200);
	asked (s, w, "PUT", text (a, "/api/crm/leads/%s", id_text (deal)), "{\"company\":\"Vos BV\"}", 200);
	asked (s, w, "PUT", text (a, "/api/crm/contacts/%s", contact), "{\"phone\":\"+31612345678\"}", 200);
	struct uuid hand = asked (s, w, "POST", "/api/crm/deals",
				  text (a, "{\"title\":\"Met de hand\",\"contact_id\":\"%s\",\"company\":\"Hand BV\"}", contact), 201);
	settle (s);
	asked (s, w, "POST", text (b, "/api/crm/deals/%s/follow-up", id_text (hand)), "{\"note\":\"Bel terug\"}", 200);
	struct uuid firm = asked (s, w, "POST", "/api/crm/accounts", "{\"name\":\"Opnieuw BV\"}", 201);
	asked (s, w, "PUT", text (a, "/api/crm/accounts/%s", id_text (firm)), "{\"city\":\"Delft\"}", 200);
	asked (s, w, "POST", "/api/crm/locations",
	       text (a, "{\"account_id\":\"%s\",\"name\":\"Hal\",\"type\":\"warehouse\"}", id_text (firm)), 201);
	struct uuid tag = asked (s, w, "POST", "/api/crm/tags", "{\"label\":\"Anew\"}", 201);
	asked (s, w, "PUT", text (b, "/api/crm/contacts/%s/tags", contact), text (a, "{\"tags\":[\"%s\"]}", id_text (tag)), 200);
	struct web_answer f = web_ask (s, &(struct web_request){ .method = "POST",
								 .url = text (a, "/api/crm/files?contact_id=%s&name=a.txt", contact),
								 .key = w->key,
								 .body = "tekst",
								 .type = "text/plain" });
	then_status (&f, 201);
	asked (s, w, "POST", "/api/crm/linked",
	       text (a, "{\"kind\":\"order\",\"title\":\"Order 7\",\"account_id\":\"%s\",\"contact_id\":\"%s\"}", id_text (firm), contact),
	       201);
	struct uuid twin = asked (s, w, "POST", "/api/crm/contacts", "{\"name\":\"Jan V.\",\"email\":\"j.vos@anew.test\"}", 201);
	asked (s, w, "PUT", text (a, "/api/crm/contacts/%s", id_text (twin)), "{\"phone\":\"0101234567\"}", 200);
	asked (s, w, "POST", text (b, "/api/crm/contacts/%s/merge", contact), text (a, "{\"loser_id\":\"%s\"}", id_text (twin)), 200);
	free (contact);
	settle (s);
}

STORY (timeline_rebuilt,
       "crmctl rebuild contacts timeline: the same content out of the streams alone, after lines were lost, forged and bent, while leads come in; a second one changes nothing")
{
	struct workspace *w = given_workspace (s, "anew", "commerce");
	past_made (s, w);
	char *moment = sql_text (s, "select now()"), *was = told (s, w, moment);
	CHECK (atoi (was) > 15, "there is little to tell: %s", was);
	sql_do (s,
		"delete from contacts.timeline where workspace_id = '%s' and (type like 'deal.%%' or type in ('contact.created', 'contact.updated'))",
		w->id);
	sql_do (s,
		"update contacts.timeline set data = '{\"name\":\"bent\"}', owner_id = gen_random_uuid() where workspace_id = '%s' and type = 'account.updated'",
		w->id);
	sql_do (s,
		"insert into contacts.timeline (workspace_id, subject_id, event_id, at, type, data) select workspace_id, subject_id, gen_random_uuid(), at, 'deal.updated', '{}' from contacts.timeline where workspace_id = '%s' limit 5",
		w->id);
	pid_t child = fork ();
	if (child == 0) {
		for (int i = 0; i < 60; i++) { /* each changes a person that is known: a line */
			struct web_answer a = when_posted (
				s, w->hook,
				"{\"name\":\"Jan Vos\",\"email\":\"jan@anew.test\",\"phone\":\"+3161%07d\",\"form_type\":\"Druk\"}", i);
			web_free (&a);
		}
		_exit (0);
	}
	long changed = rebuilt (s);
	waitpid (child, NULL, 0);
	settle (s);
	CHECK (changed > 10, "it changed %ld lines only", changed);
	char *again = told (s, w, moment);
	CHECK (!strcmp (was, again), "%s became %s", was, again);
	then_number (s, 60, "lines of leads that came meanwhile",
		     "select count(*) from contacts.timeline where workspace_id = '%s' and type = 'contact.updated' and at > '%s'", w->id,
		     moment);
	CHECK (rebuilt (s) == 0, "a second rebuild changes something");
	free (moment), free (was), free (again);
	then_no_dead_letters (s);
}
