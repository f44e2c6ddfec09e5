/* Against robots and floods: what no person sent is kept and shown as spam and answered as ever, who comes too often is told when to come again, and two
 * requests that say the same are two where their senders say so. */
#include <stdlib.h>
#include <string.h>
#include "story.h"

/* A form as a browser posts it, from an address behind a proxy that is believed. */
static struct web_answer form_posted (struct stack *s, const char *hook, const char *address, const char *form)
{
	char from[100];
	snprintf (from, sizeof from, "X-Forwarded-For: %s", address);
	return web_ask (s, &(struct web_request){ .method = "POST",
						  .url = hook,
						  .type = "application/x-www-form-urlencoded",
						  .body = form,
						  .header = { from, "Origin: https://www.klant.nl", "Accept: application/json" } });
}

static struct web_answer stamp_asked (struct stack *s, const char *hook)
{
	char url[320];
	snprintf (url, sizeof url, "%s?stamp", hook);
	return web_ask (s, &(struct web_request){ .method = "GET", .url = url, .header = { "Origin: https://www.klant.nl" } });
}

static void given_way (struct stack *s, const struct user *u, const char *json, char ret_hook[300], char ret_path[200])
{
	struct web_answer a = when_user_asks (s, u, "POST", "/api/sources", json);
	CHECK (a.status == 201, "a way in is %d: %.400s", a.status, a.body);
	snprintf (ret_path, 200, "/api/sources/%s", text_at (a.json, "id"));
	snprintf (ret_hook, 300, "%s", text_at (a.json, "hook"));
	web_free (&a);
}

/* The request is spam with such a reason, and its sender was told what everybody is. */
static void then_suspect (struct stack *s, const struct workspace *w, struct web_answer *a, const char *reason)
{
	CHECK (a->status == 202 && !strcmp (text_at (a->json, "outcome"), "lead") && json_array_size (json_at (a->json, "lead_ids")) == 1,
	       "a robot is told %d: %s", a->status, a->body);
	then_text (s, "spam", "what became of it", "select outcome from lead_intake.submission where workspace_id = '%s' and id = '%s'",
		   w->id, text_at (a->json, "submission_id"));
	then_number (
		s, 1, "requests kept with such a reason",
		"select count(*) from lead_intake.submission where workspace_id = '%s' and id = '%s' and reason like '%s' and body is not null",
		w->id, text_at (a->json, "submission_id"), reason);
	then_number (s, 0, "leads of it", "select count(*) from lead_intake.lead where workspace_id = '%s' and submission_id = '%s'", w->id,
		     text_at (a->json, "submission_id"));
	web_free (a);
}

static void then_wrong (struct stack *s, const struct user *u, const char *method, const char *path, const char *body, const char *pointer)
{
	char where[200];
	struct web_answer a = when_user_asks (s, u, method, path, body);
	snprintf (where, sizeof where, "\"pointer\":\"%s\",\"code\":\"out_of_range\"", pointer);
	CHECK (a.status == 422 && strstr (a.body, where), "%s is %d: %.400s", body, a.status, a.body);
	web_free (&a);
}

STORY (robots_are_found,
       "A form asks for the time that a person needs: without a stamp, with a forged one or too soon it is spam, kept with its reason and answered as ever; after that time it is a lead, and the stamp is none of its fields")
{
	struct workspace *w = given_workspace (s, "met-stempel", "nl-offerte-6");
	struct user jan = given_user (s, "jan@metstempel.nl", "--workspace met-stempel --role owner");
	char hook[300], path[200], other[300], nowhere[200], form[400];
	given_way (s, &jan, "{\"name\":\"Formulier\",\"kind\":\"web_form\",\"minimum_fill\":2}", hook, path);
	given_way (s, &jan, "{\"name\":\"Ander\",\"kind\":\"web_form\",\"minimum_fill\":600}", other, nowhere);

	struct web_answer stamp = stamp_asked (s, hook), foreign = stamp_asked (s, other);
	int64_t asked = now_us ();
	char allowed[100], kept[100];
	CHECK (stamp.status == 200 && web_header (&stamp, "Access-Control-Allow-Origin", allowed, sizeof allowed) &&
		       web_header (&stamp, "Cache-Control", kept, sizeof kept) && !strcmp (kept, "no-store"),
	       "a page's stamp is %d: %s", stamp.status, stamp.headers);
	struct web_answer a = form_posted (s, hook, "192.0.2.1", "naam=Zonder&email=zonder@klant.nl");
	then_suspect (s, w, &a, "%no stamp%");
	snprintf (form, sizeof form, "naam=Vals&email=vals@klant.nl&_stamp=%s", foreign.body);
	a = form_posted (s, hook, "192.0.2.1", form);
	then_suspect (s, w, &a, "%not one that was given to this form%");
	snprintf (form, sizeof form, "naam=Vlug&email=vlug@klant.nl&_stamp=%s", stamp.body);
	a = form_posted (s, hook, "192.0.2.1", form);
	if (now_us () - asked < 2000000)
		then_suspect (s, w, &a, "%seconds after%");
	a = form_posted (s, hook, "192.0.2.1", "naam=Val&email=val@klant.nl&website=x");
	then_suspect (s, w, &a, "%no person sees was filled%");
	a = when_posted (s, hook, "[{\"name\":\"Lijst\",\"email\":\"lijst@klant.nl\"}]");
	then_suspect (s, w, &a, "%no stamp%");

	while (now_us () - asked < 2100000)
		pause_us (20000);
	snprintf (form, sizeof form, "naam=Mens&email=mens@klant.nl&kleur=rood&_stamp=%s", stamp.body);
	a = form_posted (s, hook, "192.0.2.1", form);
	then_status (&a, 202);
	settle (s);
	then_text (s, "mens@klant.nl {\"kleur\": \"rood\"}", "the person's lead",
		   "select email || ' ' || fields::text from lead_intake.lead where workspace_id = '%s' and name = 'Mens'", w->id);
	then_number (s, 1, "leads", "select count(*) from lead_intake.lead where workspace_id = '%s'", w->id);
	/* the same again is what it was, and is answered the same */
	a = form_posted (s, hook, "192.0.2.1", "naam=Zonder&email=zonder@klant.nl");
	struct web_answer again = form_posted (s, hook, "192.0.2.1", "naam=Zonder&email=zonder@klant.nl");
	CHECK (*text_at (a.json, "lead_ids.0") && !strcmp (text_at (a.json, "outcome"), "duplicate") &&
		       !strcmp (text_at (a.json, "lead_ids.0"), text_at (again.json, "lead_ids.0")),
	       "a repeat is answered %s, not %s", again.body, a.body);
	web_free (&a);
	web_free (&again);
	web_free (&stamp);
	web_free (&foreign);

	then_wrong (s, &jan, "PUT", path, "{\"minimum_fill\":601}", "/minimum_fill");
	then_wrong (s, &jan, "PUT", path, "{\"minimum_fill\":-1}", "/minimum_fill");
	then_wrong (s, &jan, "PUT", path, "{\"per_minute\":0}", "/per_minute");
	then_wrong (s, &jan, "PUT", path, "{\"per_minute\":6001}", "/per_minute");
	then_wrong (s, &jan, "POST", "/api/sources", "{\"kind\":\"zapier\",\"minimum_fill\":3}", "/minimum_fill");
	a = when_user_asks (s, &jan, "GET", path, NULL);
	CHECK (number_at (a.json, "minimum_fill") == 2 && json_is_null (json_at (a.json, "per_minute")), "it is %.600s", a.body);
	web_free (&a);
	a = when_user_asks (s, &jan, "PUT", path, "{\"minimum_fill\":null}");
	then_status (&a, 200);
	pause_us (2200000);
	a = form_posted (s, hook, "192.0.2.1", "naam=Vrij&email=vrij@klant.nl");
	then_status (&a, 202);
	settle (s);
	then_number (s, 1, "leads where nothing is asked any more",
		     "select count(*) from lead_intake.lead where workspace_id = '%s' and name = 'Vrij'", w->id);
	then_no_dead_letters (s);
}

static const char *const proxy_words[] = { "--env", "lead-intake:CRM_PROXIES=127.0.0.1", NULL };

static void then_waits (struct web_answer *a, int most)
{
	char wait[40];
	CHECK (a->status == 429 && web_header (a, "Retry-After", wait, sizeof wait) && atoi (wait) >= 1 && atoi (wait) <= most,
	       "one too many is %d: %s", a->status, a->headers);
	then_problem (a, 429, "too_many");
}

STORY_IN (
	floods_wait,
	"Who comes too often is answered 429 and told when to come again, others from elsewhere pass meanwhile; all together have a limit, too, and it is counted; a server that signs comes from one address as often as it likes",
	proxy_words)
{
	struct workspace *w = given_workspace (s, "met-grens", "nl-offerte-6");
	struct user jan = given_user (s, "jan@metgrens.nl", "--workspace met-grens --role owner");
	char hook[300], path[200], server[300], form[200], address[40];
	given_way (s, &jan, "{\"name\":\"Formulier\",\"kind\":\"web_form\",\"per_minute\":10}", hook, path);
	given_way (s, &jan, "{\"name\":\"Server\",\"kind\":\"zapier\",\"per_minute\":3}", server, path);

	struct web_answer a = form_posted (s, hook, "198.51.100.1", "naam=Een&email=een@klant.nl");
	then_status (&a, 202);
	a = form_posted (s, hook, "198.51.100.1", "naam=Twee&email=twee@klant.nl");
	then_waits (&a, 60);
	a = form_posted (s, hook, "::ffff:198.51.100.1", "naam=Twee&email=twee@klant.nl");
	then_waits (&a, 60);
	for (int i = 2; i <= 10; i++) {
		snprintf (address, sizeof address, "198.51.100.%d", i);
		snprintf (form, sizeof form, "naam=Nummer%d&email=nummer%d@klant.nl", i, i);
		a = form_posted (s, hook, address, form);
		CHECK (a.status == 202, "%s is answered %d: %s", address, a.status, a.body);
		web_free (&a);
	}
	/* a token of all together falls every six seconds: one may have fallen meanwhile, three have not */
	int full = 0;
	for (int i = 11; i <= 14; i++) {
		snprintf (address, sizeof address, "2001:db8:0:%d::1", i);
		a = form_posted (s, hook, address, "naam=Laat&email=laat@klant.nl");
		full += a.status == 429;
		web_free (&a);
	}
	CHECK (full > 0, "all together have no limit");
	for (int i = 0; i < 3; i++) {
		a = when_posted (s, server, "{\"name\":\"Server %d\",\"email\":\"server%d@klant.nl\"}", i, i);
		then_status (&a, 202);
	}
	a = when_posted (s, server, "{\"name\":\"Server 4\",\"email\":\"server4@klant.nl\"}");
	then_waits (&a, 20);
	settle (s);
	then_number (s, 0, "requests that were kept of those that were not taken",
		     "select count(*) from lead_intake.submission where workspace_id = '%s' and convert_from(body, 'UTF8') like '%%twee%%'",
		     w->id);
	char url[200];
	snprintf (url, sizeof url, "http://127.0.0.1:%d/metrics", daemon_port (s, "lead-intake", 0, "metrics"));
	a = web_ask (s, &(struct web_request){ .method = "GET", .url = url });
	const char *by_address = strstr (a.body, "leadwire_hooks_limited_total{by=\"address\"} "),
		   *by_key = strstr (a.body, "leadwire_hooks_limited_total{by=\"key\"} ");
	CHECK (by_address && atoi (strchr (by_address, '}') + 2) == 2 && by_key && atoi (strchr (by_key, '}') + 2) == full + 1,
	       "it is counted otherwise: %.80s %.80s", by_address ? by_address : "-", by_key ? by_key : "-");
	web_free (&a);
	then_no_dead_letters (s);
}

STORY (equal_words_two_keys,
       "The same words under two Idempotency-Keys are two leads of one contact; under one key again they are the first, and without a key they are one within ten minutes")
{
	struct workspace *w = given_workspace (s, "twee-sleutels", "nl-offerte-6");
	static const char body[] = "{\"name\":\"Piet Tweemaal\",\"email\":\"piet@tweemaal.nl\",\"message\":\"Graag prijs\"}";
	struct web_answer one = when_posted_once (s, w->hook, "bestelling-1", body),
			  two = when_posted_once (s, w->hook, "bestelling-2", body),
			  again = when_posted_once (s, w->hook, "bestelling-1", body);
	CHECK (one.status == 202 && two.status == 202 && strcmp (text_at (one.json, "lead_ids.0"), text_at (two.json, "lead_ids.0")),
	       "two keys are %s and %s", one.body, two.body);
	CHECK (!strcmp (one.body, again.body), "one key again is %s, not %s", again.body, one.body);
	settle (s);
	then_number (s, 2, "leads", "select count(*) from lead_intake.lead where workspace_id = '%s'", w->id);
	then_number (s, 2, "deals", "select count(*) from pipeline.deal where workspace_id = '%s'", w->id);
	then_number (s, 1, "contacts", "select count(*) from contacts.contact where workspace_id = '%s'", w->id);
	web_free (&one);
	web_free (&two);
	web_free (&again);
	one = when_posted (s, w->hook, "%s", body);
	again = when_posted (s, w->hook, "%s", body);
	CHECK (one.status == 202 && !strcmp (text_at (again.json, "outcome"), "duplicate") &&
		       !strcmp (text_at (one.json, "lead_ids.0"), text_at (again.json, "lead_ids.0")),
	       "without a key it is %s, and then %s", one.body, again.body);
	settle (s);
	then_number (s, 3, "leads with the one of no key", "select count(*) from lead_intake.lead where workspace_id = '%s'", w->id);
	web_free (&one);
	web_free (&again);
	then_no_dead_letters (s);
}
