/* Templates: kept in one language or both, an unknown placeholder refused by its place, shown for a deal by who may see it; removed and back. */
#include <stdlib.h>
#include <string.h>
#include "story.h"

static void says (struct web_answer *a, int status, const char *what)
{
	CHECK (a->status == status && strstr (a->body, what), "wanted %d with %s: %d %.400s", status, what, a->status, a->body);
	web_free (a);
}

STORY (templates_are_kept_and_shown,
       "A template names what it does not know, says what a deal and its contact are called, and only to whom may see them")
{
	struct workspace *w = given_workspace (s, "templates", "commerce");
	struct user all = given_user (s, "post@templates.nl", "--role owner --workspace templates");
	struct user own = given_user (s, "eigen@templates.nl", "--role sdr --workspace templates");
	struct uuid deal = given_deal_of (s, w, "Sanne de Wit", "sanne@templates.test", "Zonwering");
	char path[200], body[600];
	struct web_answer a = when_user_asks (
		s, &all, "POST", "/api/crm/mail/templates",
		"{\"name\":\"Welkom\",\"subject_nl\":\"Dag {{contact.first_name}}\",\"text_nl\":\"Beste {{contact.nickname}},\"}");
	says (&a, 422, "1:9 contact.nickname");
	a = when_user_asks (s, &all, "POST", "/api/crm/mail/templates", "{\"name\":\"Welkom\",\"subject_nl\":\"Dag\"}");
	says (&a, 422, "/text_nl");
	a = when_user_asks (s, &all, "POST", "/api/crm/mail/templates", "{\"name\":\"Leeg\"}");
	says (&a, 422, "required");
	a = when_user_asks (
		s, &all, "POST", "/api/crm/mail/templates",
		"{\"name\":\"Welkom\",\"subject_nl\":\"Dag {{contact.first_name}}\",\"text_nl\":\"Over {{deal.title}}: {{deal.value | money}}\"}");
	CHECK (a.status == 201, "%d %.300s", a.status, a.body);
	struct uuid id = uuid_at (a.json, "id");
	web_free (&a);
	a = when_user_asks (s, &all, "POST", "/api/crm/mail/templates", "{\"name\":\"welkom\",\"subject_en\":\"a\",\"text_en\":\"b\"}");
	says (&a, 422, "taken");
	snprintf (path, sizeof path, "/api/crm/mail/templates/%s", id_text (id));
	a = when_user_asks (s, &own, "PUT", path, "{\"name\":\"Van mij\"}");
	then_status (&a, 403);
	a = when_user_asks (s, &all, "PUT", path, "{\"subject_en\":\"Hello\",\"text_en\":\"{% if deal.value %}x{% end %}\",\"version\":1}");
	then_status (&a, 200);
	a = when_user_asks (s, &all, "PUT", path, "{\"name\":\"Anders\",\"version\":1}");
	then_problem (&a, 412, "stale");

	snprintf (path, sizeof path, "/api/crm/deals/%s", id_text (deal));
	a = when_user_asks (s, &all, "PUT", path, "{\"value\":{\"amount\":\"1815.00\",\"currency\":\"EUR\"}}");
	then_status (&a, 200);
	settle (s);
	snprintf (
		body, sizeof body,
		"{\"subject\":\"Dag {{contact.first_name}} {{contact.last_name}}\",\"text\":\"{{deal.value}} {{contact.company}} {{sender.email}}\","
		"\"language\":\"nl\",\"deal_id\":\"%s\"}",
		id_text (deal));
	a = when_user_asks (s, &all, "POST", "/api/crm/mail/templates/preview", body);
	CHECK (a.status == 200, "%d %.300s", a.status, a.body);
	CHECK (!strcmp (json_string_value (json_at (a.json, "subject")), "Dag Sanne de Wit"), "%s", a.body);
	CHECK (!strcmp (json_string_value (json_at (a.json, "text")), "€\xC2\xA0"
								      "1.815,00  post@templates.nl"),
	       "%s", a.body);
	CHECK (json_array_size (json_at (a.json, "empty")) == 1 && strstr (a.body, "\"contact.company\""), "%s", a.body);
	web_free (&a);
	a = when_user_asks (s, &own, "POST", "/api/crm/mail/templates/preview", body);
	then_problem (&a, 404, "deal_not_found");
	then_number (s, 0, "what is shown is kept nowhere", "select count(*) from mailer.reply where data::text like '%%Sanne%%'");

	snprintf (path, sizeof path, "/api/crm/mail/templates/%s", id_text (id));
	a = when_user_asks (s, &all, "DELETE", path, NULL);
	then_status (&a, 204);
	a = when_user_asks (s, &all, "GET", "/api/crm/mail/templates", NULL);
	CHECK (a.status == 200 && !strstr (a.body, "Welkom"), "%s", a.body);
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/mail/templates/%s/restore", id_text (id));
	a = when_user_asks (s, &all, "POST", path, "{}");
	then_status (&a, 200);
	a = when_user_asks (s, &own, "GET", "/api/crm/mail/templates", NULL);
	says (&a, 200, "Welkom");
	then_said (s, id, "template.changed, template.changed, template.changed, template.changed");
}

static const char *contact_path (struct uuid id, const char *tail)
{
	static char path[200];
	snprintf (path, sizeof path, "/api/crm/contacts/%s%s", id_text (id), tail);
	return path;
}

STORY (templates_know_people, "What a template says of a contact follows their changes, a merge and its way back")
{
	struct workspace *w = given_workspace (s, "templates-people", "classic-6");
	struct web_answer a = web (s, w->key, "POST", "/api/crm/contacts",
				   "{\"first_name\":\"Jan\",\"last_name\":\"de Boer\",\"email\":\"jan@people.test\"}");
	struct uuid one = uuid_at (a.json, "id");
	web_free (&a);
	a = web (s, w->key, "POST", "/api/crm/contacts", "{\"name\":\"J. Boer\",\"email\":\"j@people.test\"}");
	struct uuid other = uuid_at (a.json, "id");
	web_free (&a);
	settle (s);
	then_text (s, "Jan/de Boer", "both parts", "select first_name || '/' || last_name from mailer.contact where id = '%s'",
		   id_text (one));
	a = web (s, w->key, "PUT", contact_path (one, ""), "{\"name\":\"Jan Anders\"}");
	then_status (&a, 200);
	a = web (s, w->key, "POST", contact_path (one, "/merge"), "{\"loser_id\":\"%s\"}", id_text (other));
	CHECK (a.status == 200 || a.status == 201, "%d %.300s", a.status, a.body);
	web_free (&a);
	settle (s);
	then_text (s, "Jan Anders", "the new name", "select name from mailer.contact where id = '%s'", id_text (one));
	then_number (s, 0, "the loser is no more", "select count(*) from mailer.contact where id = '%s'", id_text (other));
}

/* What a mail that was asked for says, of the template that stands in its place; whatever the name holds is no mark. */
STORY (templates_are_sent,
       "A mail of a template says what its deal is called, in the language that was asked for; an unknown placeholder is named and nothing goes")
{
	struct workspace *w = given_workspace (s, "templates-sent", "nl-offerte-6");
	struct uuid deal = given_deal_of (s, w, "Sanne **de** Wit", "sanne@sent.test", "Zonwering");
	char body[700];
	settle (s);
	struct web_answer a = web (
		s, w->key, "POST", "/api/crm/mail/accounts",
		"{\"kind\":\"smtp\",\"name\":\"Kantoor\",\"from_email\":\"a@zon.test\",\"host\":\"127.0.0.1\",\"port\":9,\"tls\":\"none\"}");
	CHECK (a.status == 201, "an account is %d: %s", a.status, a.body);
	web_free (&a);
	a = web (
		s, w->key, "POST", "/api/crm/mail/templates",
		"{\"name\":\"Welkom\",\"subject_nl\":\"Dag {{contact.first_name}}\",\"text_nl\":\"**Over** {{deal.title}} voor {{contact.name}}\","
		"\"subject_en\":\"Hello {{contact.first_name}}\",\"text_en\":\"About {{deal.title}}\"}");
	CHECK (a.status == 201, "a template is %d: %s", a.status, a.body);
	struct uuid template = uuid_at (a.json, "id");
	web_free (&a);
	static const struct {
		const char *more;
		int status;
		const char *says; /* of a refusal; else what the mail says: subject, text, HTML, needed */
	} cases[] = {
		{ "", 201,
		  "Dag Sanne|**Over** Sanne **de** Wit — Zonwering voor Sanne **de** Wit|<p><strong>Over</strong> Sanne **de** Wit — Zonwering voor Sanne **de** Wit</p>|false" },
		{ ",\"language\":\"en\",\"transactional\":true", 201,
		  "Hello Sanne|About Sanne **de** Wit — Zonwering|<p>About Sanne **de** Wit — Zonwering</p>|true" },
		{ ",\"language\":\"fr\"", 422, "/language" },
		{ ",\"text\":\"{{deal.title}} {\",\"subject\":\"Eigen\"", 201, "Eigen|{{deal.title}} {|<p>{{deal.title}} {</p>|true" },
		{ ",\"text\":\"{{deal.title}} *\",\"subject\":\"{{contact.name}}\",\"placeholders\":true", 201,
		  "Sanne **de** Wit|Sanne **de** Wit — Zonwering *|<p>Sanne **de** Wit — Zonwering *</p>|true" },
		{ ",\"text\":\"Dag\\n {{contact.nickname}}\",\"placeholders\":true", 422, "2:4 contact.nickname" },
	};
	for (size_t i = 0; i < LENGTH (cases); i++) {
		char ids[2][40];
		snprintf (ids[0], sizeof ids[0], "%s", id_text (deal));
		snprintf (ids[1], sizeof ids[1], "%s", id_text (template));
		snprintf (body, sizeof body, "{\"deal_id\":\"%s\",\"to\":[{\"email\":\"sanne@sent.test\"}],\"template_id\":\"%s\"%s}",
			  ids[0], ids[1], cases[i].more);
		a = web (s, w->key, "POST", "/api/crm/mails", "%s", body);
		CHECK (a.status == cases[i].status, "%s is %d: %s", cases[i].more, a.status, a.body);
		if (a.status != 201) {
			CHECK (strstr (a.body, cases[i].says), "%s: %s", cases[i].more, a.body);
			web_free (&a);
			continue;
		}
		then_text (
			s, cases[i].says, "the mail",
			"select concat_ws('|', subject, body_text, rtrim(body_html, chr(10)), transactional::text) from mailer.message where id = '%s'",
			id_text (uuid_at (a.json, "id")));
		web_free (&a);
	}
	a = web (s, w->key, "POST", "/api/crm/mails", "{\"to\":[{\"email\":\"a@sent.test\"}],\"text\":\"x\"}");
	says (&a, 422, "/subject");
	snprintf (body, sizeof body, "/api/crm/mail/templates/%s", id_text (template));
	a = web (s, w->key, "DELETE", body, NULL);
	then_status (&a, 204);
	snprintf (body, sizeof body, "{\"to\":[{\"email\":\"a@sent.test\"}],\"template_id\":\"%s\"}", id_text (template));
	a = web (s, w->key, "POST", "/api/crm/mails", "%s", body);
	then_problem (&a, 404, "template_not_found");
	then_number (s, 4, "mails: what was refused is kept nowhere", "select count(*) from mailer.message where workspace_id = '%s'",
		     w->id);
}
