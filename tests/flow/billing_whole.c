/* The whole way of money as PRODUCT.md tells it: from a quote to the paid invoice (S0-5), all of it in one list (S0-6), and a lead that becomes an order (S4-7).
 * Every figure here was reckoned by hand. It must never let a mail leave this machine. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include "story.h"

enum { LINES = 60 };

static struct web_answer good (struct web_answer a, const char *what)
{
	CHECK (a.status / 100 == 2, "%s is %d: %s", what, a.status, a.body);
	return a;
}

/* One of the API's answers, by a user; the caller frees it. */
static struct web_answer answered (struct stack *s, const struct user *u, const char *method, const char *path, const char *body)
{
	return good (when_user_asks (s, u, method, path, body), path);
}

static void did (struct stack *s, const struct user *u, const char *method, const char *path, const char *body)
{
	struct web_answer a = answered (s, u, method, path, body);
	web_free (&a);
}

/* What a POST makes: its id. */
static struct uuid made (struct stack *s, const struct user *u, const char *path, const char *body)
{
	struct web_answer a = answered (s, u, "POST", path, body);
	struct uuid ret = uuid_at (a.json, "id");
	web_free (&a);
	return ret;
}

static struct uuid told_to (struct stack *s, const struct user *u, struct uuid document, const char *what, const char *body)
{
	char path[120];
	snprintf (path, sizeof path, "/api/crm/documents/%s/%s", id_text (document), what);
	return made (s, u, path, body);
}

static json_t *looked_at (struct stack *s, const struct user *u, const char *path)
{
	struct web_answer a = answered (s, u, "GET", path, NULL);
	json_t *ret = json_incref (a.json);
	web_free (&a);
	return ret;
}

static json_t *document_of (struct stack *s, const struct user *u, struct uuid id)
{
	char path[120];
	snprintf (path, sizeof path, "/api/crm/documents/%s", id_text (id));
	return looked_at (s, u, path);
}

/* OFF-2026-001, in the year that it is where the workspace is. */
static const char *first_of (struct stack *s, const char *letters)
{
	static char ret[2][40];
	static unsigned next;
	char *year = sql_text (s, "select to_char(now() at time zone 'Europe/Amsterdam', 'YYYY')");
	char *text = ret[next++ % 2];
	snprintf (text, sizeof *ret, "%s-%s-001", letters, year);
	free (year);
	return text;
}

/* A workspace that is somebody on paper and sells a website. */
static void given_firm (struct stack *s, const struct user *u)
{
	settle (s);
	did (s, u, "PUT", "/api/crm/company",
	     "{\"name\":\"Bakkerij Jansen B.V.\",\"street\":\"Dorpsstraat 1\",\"postcode\":\"1234 AB\",\"city\":\"Utrecht\",\"country\":\"NL\","
	     "\"kvk\":\"12345678\",\"vat_id\":\"NL123456782B01\",\"iban\":\"NL91ABNA0417164300\"}");
	did (s, u, "POST", "/api/crm/catalog",
	     "{\"code\":\"WEB\",\"name_nl\":\"Website\",\"name_en\":\"Website\",\"prices\":[{\"price\":\"1500.00\",\"rate\":\"21\"}]}");
}

/* Piet's deal, of which nobody knows yet what it is worth; somebody entered it. */
static struct uuid given_piet (struct stack *s, const struct user *u)
{
	struct uuid lead = made (
		s, u, "/api/crm/leads",
		"{\"name\":\"Piet de Vries\",\"email\":\"piet@devries.test\",\"company\":\"De Vries Techniek\",\"source\":\"referral\","
		"\"form_type\":\"Offerteaanvraag\"}");
	settle (s);
	return lead;
}

static struct uuid given_quote (struct stack *s, const struct user *u, struct uuid deal)
{
	char body[900];
	json_t *items = looked_at (s, u, "/api/crm/catalog");
	snprintf (
		body, sizeof body,
		"{\"deal_id\":\"%s\",\"buyer\":{\"name\":\"De Vries Techniek\",\"attention\":\"Piet de Vries\",\"street\":\"Kade 2\",\"postcode\":\"3511 AA\","
		"\"city\":\"Utrecht\",\"email\":\"piet@devries.test\"},\"lines\":[{\"catalog_item_id\":\"%s\",\"name\":\"Website\",\"quantity\":\"1\","
		"\"price\":\"1500.00\",\"rate\":\"21\"}]}",
		id_text (deal), text_at (items, "data.0.id"));
	json_decref (items);
	return made (s, u, "/api/crm/quotes", body);
}

/* ---- by mail ---- */

static const char *const mail_words[] = { "--env", "mailer:CRM_MAIL_PRIVATE=yes", "--env", "mailer:CRM_MAIL_HOLD=2", NULL };

struct world {
	pid_t pid;
	char file[300], inbound[200];
};

/* A stand-in for SendGrid, and the account that sends by it. */
static struct world given_sendgrid (struct stack *s, const struct user *u)
{
	struct world w;
	char smtp[16], http[16], body[400];
	snprintf (w.file, sizeof w.file, "%s/mails.jsonl", s->var);
	snprintf (smtp, sizeof smtp, "%d", s->port + 30);
	snprintf (http, sizeof http, "%d", s->port + 31);
	w.pid = given_world ((const char *const[]){ "python3", "tests/flow/mail_world.py", smtp, http, w.file, NULL });
	snprintf (
		body, sizeof body,
		"{\"kind\":\"sendgrid\",\"name\":\"SendGrid\",\"from_email\":\"verkoop@zon.test\",\"reply_domain\":\"in.zon.test\",\"host\":\"http://127.0.0.1:%s\","
		"\"secret\":\"SG.right\"}",
		http);
	struct web_answer a = answered (s, u, "POST", "/api/crm/mail/accounts", body);
	snprintf (w.inbound, sizeof w.inbound, "%s/inbound", text_at (a.json, "hook_url"));
	web_free (&a);
	return w;
}

/* It says what became of what it took: what nobody knows after a kill is settled by that, as with the real one. */
static void given_its_events (struct stack *s, const struct world *w)
{
	char url[100], to[300];
	snprintf (url, sizeof url, "http://127.0.0.1:%d/hook", s->port + 31);
	snprintf (to, sizeof to, "%.*s/events", (int) (strrchr (w->inbound, '/') - w->inbound), w->inbound);
	struct web_answer a = web_ask (s, &(struct web_request){ .method = "PUT", .url = url, .body = to, .type = "text/plain" });
	then_status (&a, 200);
}

/* How many of the mails it took say that a deal is won: its owner hears of new leads, too. */
static int64_t won_mails_taken (const struct world *w)
{
	FILE *f = fopen (w->file, "r");
	char *line = NULL;
	size_t room = 0;
	int64_t n = 0;
	while (f && getline (&line, &room, f) > 0)
		n += strstr (line, "\"subject\": \"Gewonnen: ") != NULL;
	if (f)
		fclose (f);
	free (line);
	return n;
}

static void world_end (struct world *w)
{
	kill (w->pid, SIGKILL);
	waitpid (w->pid, NULL, 0);
}

/* What it took, how many lines, and the last of them. */
static int64_t mails_taken_by (const struct world *w, json_t **ret_last)
{
	FILE *f = fopen (w->file, "r");
	char *line = NULL;
	size_t room = 0;
	int64_t n = 0;
	*ret_last = NULL;
	while (f && getline (&line, &room, f) > 0) {
		json_decref (*ret_last);
		*ret_last = json_loads (line, 0, NULL);
		n++;
	}
	if (f)
		fclose (f);
	free (line);
	return n;
}

static void then_mailed (const struct world *w, int64_t n, const char *file)
{
	json_t *last = NULL;
	UNTIL (30000, (json_decref (last), mails_taken_by (w, &last) == n), "not as many mails came as were sent");
	CHECK (!strcmp (text_at (last, "to.0"), "piet@devries.test") && !strcmp (text_at (last, "files.0.0"), file) &&
		       !strcmp (text_at (last, "files.0.1"), "application/pdf"),
	       "it came to %s with %s", text_at (last, "to.0"), text_at (last, "files.0.0"));
	json_decref (last);
}

/* Piet answers the quote's mail. */
static void when_answered (struct stack *s, const struct world *w, struct uuid deal)
{
	char body[2000];
	char *token = sql_text (s, "select token from mailer.message where deal_id = '%s' and direction = 'out' order by id limit 1",
				id_text (deal));
	snprintf (
		body, sizeof body,
		"--xYzZY\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\nFrom: Piet de Vries <piet@devries.test>\r\nTo: reply+%s@in.zon.test\r\n"
		"Subject: Re: Offerte\r\nMessage-ID: <akkoord@devries.test>\r\n\r\nAkkoord!\r\n\r\n--xYzZY\r\nContent-Disposition: form-data; name=\"envelope\"\r\n\r\n"
		"{\"to\":[\"reply+%s@in.zon.test\"],\"from\":\"piet@devries.test\"}\r\n--xYzZY--\r\n",
		token, token);
	free (token);
	struct web_answer a = web_ask (
		s,
		&(struct web_request){ .method = "POST", .url = w->inbound, .type = "multipart/form-data; boundary=xYzZY", .body = body });
	then_status (&a, 200);
	UNTIL (15000, sql_number (s, "select count(*) from mailer.message where deal_id = '%s' and direction = 'in'", id_text (deal)) == 1,
	       "the reply is not on the deal");
}

/* ---- one list ---- */

/* The deal's story in time order: each line after the one before it, with who and when; of a mail that came in its sender stands in it, and the contact came of the
 * lead by itself. */
static json_t *story_told (struct stack *s, const struct user *u, struct uuid deal)
{
	char path[120];
	settle (s);
	snprintf (path, sizeof path, "/api/crm/deals/%s/timeline?limit=%d", id_text (deal), LINES);
	json_t *page = looked_at (s, u, path), *data = json_object_get (page, "data"), *ret = json_array ();
	const char *later = "9999";
	for (size_t i = 0; i < json_array_size (data); i++) {
		json_t *line = json_array_get (data, i);
		const char *at = text_at (line, "at"), *type = text_at (line, "type");
		bool somebody = *text_at (line, "actor.name") ||
				(!strcmp (type, "mail.received") && !strcmp (text_at (line, "data.name"), "Piet de Vries"));
		CHECK (*at && strcmp (at, later) <= 0, "%s of %s comes after what is of %s", type, at, later);
		CHECK (somebody || !strcmp (type, "contact.created"), "nobody did %s: %s", type, json_dumps (line, 0));
		later = at;
		json_array_insert (ret, 0, line);
	}
	CHECK (json_array_size (data) > 0 && json_is_null (json_object_get (page, "next")), "the list is not whole");
	/* `later` and the lines are the page's: the list holds them */
	json_decref (page);
	return ret;
}

/* These types stand in it in this order, whatever is between them. */
static void then_in_order (json_t *story, const char *const types[])
{
	size_t at = 0, i;
	json_t *line;
	char told[3000] = "";
	json_array_foreach (story, i, line)
	{
		const char *type = text_at (line, "type");
		snprintf (told + strlen (told), sizeof told - strlen (told), "%s ", type);
		at += types[at] && !strcmp (type, types[at]);
	}
	CHECK (!types[at], "%s is not where it should be in: %s", types[at], told);
}

static size_t times_in (json_t *story, const char *type)
{
	size_t n = 0, i;
	json_t *line;
	json_array_foreach (story, i, line) n += !strcmp (text_at (line, "type"), type);
	return n;
}

static void then_story (struct stack *s, const struct user *u, struct uuid deal)
{
	json_t *story = story_told (s, u, deal);
	then_in_order (story, (const char *const[]){ "deal.created", "activity.added", "quote.sent", "deal.stage_changed", "mail.sent",
						     "mail.received", "invoice.created", "invoice.paid", NULL });
	CHECK (times_in (story, "invoice.paid") == 1 && times_in (story, "invoice.created") == 1 && times_in (story, "quote.sent") == 1 &&
		       times_in (story, "mail.received") == 1,
	       "something is told twice");
	json_decref (story);
}

/* The numbers and totals of S0-5, up to the paid invoice; the quote is sent and answered in between. */
static struct uuid when_invoiced (struct stack *s, const struct user *u, struct uuid quote)
{
	struct uuid invoice = told_to (s, u, quote, "invoice", "{}"), again = told_to (s, u, quote, "invoice", "{}");
	CHECK (uuid_equal (invoice, again), "clicking again makes another invoice");
	json_t *o = document_of (s, u, invoice);
	CHECK (!strcmp (text_at (o, "state"), "draft") && json_is_null (json_at (o, "number")) &&
		       json_array_size (json_at (o, "lines")) == 1 && !strcmp (text_at (o, "lines.0.name"), "Website") &&
		       !strcmp (text_at (o, "gross.amount"), "1815.00"),
	       "the draft is %s", json_dumps (o, 0));
	json_decref (o);
	return invoice;
}

STORY_IN (
	quote_to_paid,
	"S0-5, S0-6: a quote of € 1.815,00 is mailed once with its PDF, accepted, invoiced once, and paid once however often that is heard; one list tells all of it in time order, with who and when",
	mail_words)
{
	struct workspace *w = given_workspace (s, "van-offerte", "nl-offerte-6");
	struct user jan = given_user (s, "jan@van-offerte.test", "--workspace van-offerte --role owner");
	given_firm (s, &jan);
	struct world world = given_sendgrid (s, &jan);
	struct uuid deal = given_piet (s, &jan);
	char body[300], file[80];
	then_number (s, 0, "what the deal is worth", "select coalesce(value, 0) from pipeline.deal where id = '%s'", id_text (deal));
	snprintf (body, sizeof body, "{\"deal_id\":\"%s\",\"kind\":\"note\",\"note\":\"Gebeld, akkoord\"}", id_text (deal));
	made (s, &jan, "/api/crm/activities", body);
	struct uuid quote = given_quote (s, &jan, deal);
	json_t *o = document_of (s, &jan, quote);
	CHECK (!strcmp (text_at (o, "number"), first_of (s, "OFF")) && !strcmp (text_at (o, "gross.amount"), "1815.00") &&
		       !strcmp (text_at (o, "vat.amount"), "315.00"),
	       "the quote is %s", json_dumps (o, 0));
	json_decref (o);
	told_to (s, &jan, quote, "send", "{}");
	settle (s);
	then_stage (s, deal, "offerte_verstuurd");
	snprintf (file, sizeof file, "%s.pdf", first_of (s, "OFF"));
	then_mailed (&world, 1, file);
	when_answered (s, &world, deal);
	told_to (s, &jan, quote, "accept", "{\"name\":\"Piet de Vries\"}");
	struct uuid invoice = when_invoiced (s, &jan, quote);
	told_to (s, &jan, invoice, "send", "{}");
	o = document_of (s, &jan, invoice);
	CHECK (!strcmp (text_at (o, "number"), first_of (s, "INV")) && !strcmp (text_at (o, "open.amount"), "1815.00"), "the invoice is %s",
	       json_dumps (o, 0));
	json_decref (o);
	snprintf (file, sizeof file, "%s.pdf", first_of (s, "INV"));
	then_mailed (&world, 2, file);
	snprintf (body, sizeof body, "{\"document_id\":\"%s\",\"amount\":{\"amount\":\"1815.00\",\"currency\":\"EUR\"}}",
		  id_text (invoice));
	made (s, &jan, "/api/crm/payments", body);
	o = document_of (s, &jan, invoice);
	CHECK (!strcmp (text_at (o, "state"), "paid") && !strcmp (text_at (o, "open.amount"), "0.00"), "the invoice is %s",
	       json_dumps (o, 0));
	json_decref (o);
	then_said (s, invoice, "invoice.created, invoice.finalised, invoice.sent, invoice.paid");
	then_story (s, &jan, deal);
	when_redelivered (s, "invoice.paid", 3);
	then_story (s, &jan, deal);
	then_number (s, 2, "mails that went, after all was heard again",
		     "select count(*) from mailer.message where workspace_id = '%s' and direction = 'out'", w->id);
	then_no_dead_letters (s);
	world_end (&world);
}

/* ---- the chain of the product, whoever dies ---- */

/* By the key of the workspace, however often its service is away; the id that the answer holds. */
static struct uuid insisted (struct stack *s, const struct workspace *w, int chain, const char *path, const char *body)
{
	static int asked;
	char once[60];
	snprintf (once, sizeof once, "chain-%d-%d", chain, asked++);
	struct web_answer a = when_insisted (s, w->key, path, once, body);
	CHECK (a.status / 100 == 2, "%s is %d: %s", path, a.status, a.body);
	struct uuid ret = uuid_at (a.json, "id");
	web_free (&a);
	return ret;
}

static struct uuid insisted_of (struct stack *s, const struct workspace *w, int chain, struct uuid document, const char *what,
				const char *body)
{
	char path[120];
	snprintf (path, sizeof path, "/api/crm/documents/%s/%s", id_text (document), what);
	return insisted (s, w, chain, path, body);
}

static void stands_in (struct stack *s, struct uuid deal, const char *stage)
{
	UNTIL (90000,
	       sql_number (
		       s,
		       "select count(*) from pipeline.deal d join pipeline.stage g on g.id = d.stage_id where d.id = '%s' and g.key = '%s'",
		       id_text (deal), stage) == 1,
	       "the deal does not come to %s", stage);
}

static void invoice_paid_by (struct stack *s, const struct workspace *w, int chain, struct uuid invoice, const char *amount)
{
	char body[200];
	insisted_of (s, w, chain, invoice, "send", "{\"mail\":false}");
	snprintf (body, sizeof body, "{\"document_id\":\"%s\",\"amount\":{\"amount\":\"%s\",\"currency\":\"EUR\"}}", id_text (invoice),
		  amount);
	insisted (s, w, chain, "/api/crm/payments", body);
}

/* A lead that becomes a paid invoice: its stages follow by the product's rules alone; half of the money does not win it. */
static void chain_run (struct stack *s, const struct workspace *w, int chain)
{
	char body[600], name[40];
	snprintf (name, sizeof name, "Ketting %d", chain);
	snprintf (body, sizeof body,
		  "{\"name\":\"%s\",\"email\":\"ketting%d@devries.test\",\"source\":\"referral\",\"form_type\":\"Offerte\"}", name, chain);
	struct uuid deal = insisted (s, w, chain, "/api/crm/leads", body);
	UNTIL (90000,
	       sql_number (
		       s,
		       "select count(*) from billing.deal b join automation.known k on k.record_id = b.id and k.noun = 'deal' where b.id = '%s'",
		       id_text (deal)) == 1,
	       "nobody knows the deal");
	snprintf (
		body, sizeof body,
		"{\"deal_id\":\"%s\",\"buyer\":{\"name\":\"%s\",\"street\":\"Kade 2\",\"postcode\":\"3511 AA\",\"city\":\"Utrecht\"},\"lines\":[{\"name\":\"Website\",\"price\":\"1000\",\"rate\":\"21\"}]}",
		id_text (deal), name);
	struct uuid quote = insisted (s, w, chain, "/api/crm/quotes", body);
	insisted_of (s, w, chain, quote, "send", "{\"mail\":false}");
	stands_in (s, deal, "offerte_verstuurd");
	insisted_of (s, w, chain, quote, "accept", "{\"name\":\"Piet\"}");
	stands_in (s, deal, "in_onderhandeling");
	invoice_paid_by (s, w, chain, insisted_of (s, w, chain, quote, "invoice", "{\"percent\":\"50\"}"), "605.00");
	UNTIL (90000,
	       sql_number (s, "select count(*) from automation.decision where deal_id = '%s' and event_type = 'invoice.paid'",
			   id_text (deal)) == 1,
	       "nothing was decided of the first half");
	stands_in (s, deal, "in_onderhandeling");
	invoice_paid_by (s, w, chain, insisted_of (s, w, chain, quote, "invoice", "{}"), "605.00");
	stands_in (s, deal, "gewonnen");
}

/* Every decision of the workspace names each rule that was on when its event was said, once: it fired, or where it failed is known. */
static void then_decided (struct stack *s, const struct workspace *w, int chains)
{
	then_number (
		s, 0, "rules that were on, and that a decision does not name",
		"select count(*) from automation.decision d join automation.rule r on r.workspace_id = d.workspace_id and r.when_event = d.event_type and r.enabled and "
		"r.enabled_at <= d.at left join automation.rule_set s on (s.workspace_id, s.rule_set_id) = (d.workspace_id, d.rule_set_id) where d.workspace_id = '%s' and "
		"not coalesce(r.rule_version_id = any (s.versions), false)",
		w->id);
	then_number (
		s, 0, "rules that fired and failed at once, or of another set",
		"select count(*) from automation.firing f join automation.decision d using (workspace_id, decision_id) join automation.rule_set s on (s.workspace_id, "
		"s.rule_set_id) = (d.workspace_id, d.rule_set_id) where d.workspace_id = '%s' and (f.rule_version_id <> all (s.versions) or exists (select from "
		"automation.failures(d.failed) x where s.versions[x.rule + 1] = f.rule_version_id))",
		w->id);
	then_number (
		s, 4 * chains, "decisions",
		"select count(*) from automation.decision where workspace_id = '%s' and event_type in ('quote.sent', 'quote.accepted', 'invoice.paid')",
		w->id);
	then_number (s, 3 * chains, "rules that acted",
		     "select count(*) from automation.firing where workspace_id = '%s' and state = 'done'", w->id);
	then_number (s, 0, "rules that did not come to an end",
		     "select count(*) from automation.firing where workspace_id = '%s' and state <> 'done'", w->id);
	then_number (s, 3 * chains, "moves",
		     "select count(*) from contacts.timeline where workspace_id = '%s' and type = 'deal.stage_changed'", w->id);
}

STORY_IN (
	chain_once,
	"N2: lead, deal, quote sent, accepted, half of it paid, all of it paid and won, owner mailed: by the product's rules, with every daemon killed at random and every event told three times: one of each effect, and every rule of an event stands in its decision",
	mail_words)
{
	static const char *const mortals[] = { "lead-intake", "contacts", "pipeline", "billing", "mailer", "automation" };
	const char *asked = getenv ("FLOW_KILLS"); /* a short run among the others; make rule-kills: two hundred */
	int wanted = asked ? atoi (asked) : 12, kills = 0, chains = 0;
	struct workspace *w = given_workspace (s, "ketting", "nl-offerte-6");
	struct user jan = given_user (s, "jan@ketting.test", "--workspace ketting --role owner");
	alarm (150 + (unsigned) wanted * 5);
	given_firm (s, &jan);
	struct world world = given_sendgrid (s, &jan);
	given_its_events (s, &world);
	did (s, &jan, "PUT", "/api/crm/mail/settings", "{\"won_mail\":true}");
	srand (20261123);
	while (kills < wanted || chains < 2) {
		int status = 0;
		fflush (NULL);
		pid_t client = fork ();
		if (!client) {
			sql_forget (s);
			chain_run (s, w, chains);
			_exit (0);
		}
		while (waitpid (client, &status, WNOHANG) != client) {
			const char *name = mortals[(size_t) rand () % LENGTH (mortals)];
			pause_us (100000 + (int64_t) rand () % 400000);
			daemon_kill (s, name, 0, SIGKILL);
			kills++;
		}
		CHECK (WIFEXITED (status) && !WEXITSTATUS (status), "chain %d broke after %d kills", chains, kills);
		chains++;
	}
	printf ("    %d chains, %d kills\n", chains, kills);
	for (size_t i = 0; i < LENGTH (mortals); i++)
		daemon_ready (s, mortals[i], 0);
	settle (s);
	static const char *const of_each[] = { "lead.created", "contact.created", "deal.created", "quote.sent", "mail.sent", "rule.fired" };
	for (size_t i = 0; i < LENGTH (of_each); i++)
		when_redelivered (s, of_each[i], 2);
	then_decided (s, w, chains);
	UNTIL (30000, won_mails_taken (&world) >= chains, "the owner was not mailed of each");
	pause_us (3000000); /* a second mail of one would be there by now: they are held for two seconds */
	CHECK (won_mails_taken (&world) == chains, "the owner was mailed more than once of one deal");
	then_no_dead_letters (s);
	world_end (&world);
}

/* ---- a lead becomes an order ---- */

static struct uuid ordered (struct stack *s, const struct user *u, struct uuid lead, const char *number)
{
	char body[120];
	snprintf (body, sizeof body, "{\"deal_id\":\"%s\"}", id_text (lead));
	struct web_answer a = answered (s, u, "POST", "/api/crm/orders", body);
	struct uuid ret = uuid_at (a.json, "id");
	CHECK (!strcmp (text_at (a.json, "number"), number), "the order is %s", a.body);
	web_free (&a);
	return ret;
}

/* What a source's revenue is in the report; null: it has none. */
static void then_revenue (struct stack *s, const struct user *u, const char *source, const char *amount)
{
	json_t *o = looked_at (s, u, "/api/crm/reports/revenue?by=source"), *row, *found = NULL;
	size_t i;
	json_array_foreach (json_object_get (o, "data"), i, row) if (!strcmp (text_at (row, "key"), source)) found = row;
	CHECK (!amount == !found && (!amount || !strcmp (text_at (found, "net.amount"), amount)), "%s brought %s", source,
	       json_dumps (o, 0));
	json_decref (o);
}

STORY (lead_becomes_order,
       "S4-7: a lead becomes order ORD-1001, however often one asks; the lead's page names it, it names the lead; what is invoiced is its source's revenue, less what is credited")
{
	given_workspace (s, "bestellingen", "commerce");
	struct user nina = given_user (s, "nina@bestellingen.test", "--workspace bestellingen --role owner");
	given_firm (s, &nina);
	struct uuid lead = given_piet (s, &nina), order = ordered (s, &nina, lead, "ORD-1001");
	char path[160], body[600];
	for (int i = 0; i < 2; i++)
		CHECK (uuid_equal (ordered (s, &nina, lead, "ORD-1001"), order), "asked again there is another order");
	json_t *o = looked_at (s, &nina, "/api/crm/orders/ORD-1001");
	CHECK (!strcmp (text_at (o, "lead_id"), id_text (lead)) && !strcmp (text_at (o, "deal.id"), id_text (lead)), "the order is %s",
	       json_dumps (o, 0));
	json_decref (o);
	snprintf (path, sizeof path, "/api/crm/money?deal_id=%s", id_text (lead));
	o = looked_at (s, &nina, path);
	CHECK (json_array_size (json_at (o, "orders")) == 1 && !strcmp (text_at (o, "orders.0.number"), "ORD-1001"), "the lead has %s",
	       json_dumps (o, 0));
	json_decref (o);
	then_said (s, order, "order.created");
	then_revenue (s, &nina, "referral", NULL);
	struct uuid quote = given_quote (s, &nina, lead);
	told_to (s, &nina, quote, "send", "{\"mail\":false}");
	told_to (s, &nina, quote, "accept", "{\"name\":\"Piet de Vries\"}");
	struct uuid invoice = when_invoiced (s, &nina, quote);
	then_revenue (s, &nina, "referral", NULL); /* a draft is nothing yet */
	told_to (s, &nina, invoice, "send", "{\"mail\":false}");
	then_revenue (s, &nina, "referral", "1500.00");
	struct uuid note = told_to (s, &nina, invoice, "credit",
				    "{\"lines\":[{\"name\":\"Korting achteraf\",\"price\":\"250.00\",\"rate\":\"21\"}]}");
	told_to (s, &nina, note, "send", "{\"mail\":false}");
	then_revenue (s, &nina, "referral", "1250.00");
	/* another lead's order is the next; its source is not mixed with it */
	struct uuid other = made (s, &nina, "/api/crm/leads", "{\"name\":\"Anna Bos\",\"email\":\"anna@bos.test\",\"source\":\"event\"}");
	settle (s);
	ordered (s, &nina, other, "ORD-1002");
	snprintf (
		body, sizeof body,
		"{\"deal_id\":\"%s\",\"buyer\":{\"name\":\"Anna Bos\",\"street\":\"Laan 2\",\"postcode\":\"2611 AB\",\"city\":\"Delft\"},\"lines\":[{\"name\":\"Vaas\",\"quantity\":\"2\","
		"\"price\":\"60.00\",\"rate\":\"21\"}]}",
		id_text (other));
	told_to (s, &nina, made (s, &nina, "/api/crm/invoices", body), "finalise", "{}");
	then_revenue (s, &nina, "event", "120.00");
	then_revenue (s, &nina, "referral", "1250.00");
}
