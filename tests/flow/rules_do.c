/* Every command that rules may ask for, asked for by one: what the builder offers is what is done. How often it is done, and with which values, is told
 * elsewhere (chain.c, rules_give.c, wanted.c). */
#include <stdlib.h>
#include <string.h>
#include "story.h"

#define ONCE "\"if\":{\"all\":[{\"fact\":\"history.events\",\"op\":\"is\",\"value\":1}]}," /* what rules change is a change, too */
#define PAPER                                                                                                                                \
	"\"deal_id\":{\"fact\":\"event.deal_id\"},\"buyer\":{\"name\":\"De Vries\",\"street\":\"Kade 2\",\"postcode\":\"3511 AA\",\"city\":" \
	"\"Utrecht\",\"email\":\"piet@klant.test\"},\"lines\":[{\"name\":\"Advies\",\"price\":\"100.00\",\"rate\":\"21\"}]"

/* %s: a tag, or an endpoint */
static const struct {
	const char *command, *event, *conditions, *with;
} deeds[] = {
	{ "deal_create", "deal.updated", ONCE, "\"title\":\"Vervolg op {{deal.title}}\"" },
	{ "deal_update", "deal.updated", ONCE, "\"notes\":\"Waarde {{deal.value}}\"" },
	{ "deal_move", "deal.updated", ONCE, "\"stage\":\"in_onderhandeling\"" },
	{ "deal_follow_up", "deal.updated", ONCE, "\"note\":\"Door een regel\"" },
	{ "activity_add", "deal.updated", ONCE,
	  "\"kind\":\"task\",\"subject\":\"Bel {{contact.name}}\",\"deal_id\":{\"fact\":\"event.deal_id\"}" },
	{ "notice_ring", "deal.updated", ONCE, "\"title\":\"Kijk naar {{deal.title}}\",\"deal_id\":{\"fact\":\"event.deal_id\"}" },
	{ "deal_tag", "deal.updated", ONCE, "\"tags\":[\"%s\"],\"add\":true" },
	{ "contact_tag", "deal.updated", ONCE, "\"tags\":[\"%s\"]" },
	{ "account_tag", "account.created", "", "\"tags\":[\"%s\"]" },
	{ "mail_send", "deal.updated", ONCE,
	  "\"to\":[{\"email\":{\"fact\":\"contact.email\"},\"name\":{\"fact\":\"contact.name\"}}],\"subject\":\"Over {{deal.title}}\",\"text\":\"Dag\"" },
	{ "quote_create", "deal.updated", ONCE, PAPER },
	{ "invoice_create", "deal.updated", ONCE, PAPER },
	{ "order_create", "deal.updated", ONCE, "\"deal_id\":{\"fact\":\"event.deal_id\"}" },
	{ "invoice_from_quote", "quote.accepted", "", "" },
	{ "document_send", "invoice.created", "", "\"mail\":false" },
	{ "invoice_remind", "invoice.sent", "", "" },
	{ "hook_send", "deal.updated", ONCE, "\"hook_endpoint_id\":\"%s\"" },
};

static struct uuid made (struct stack *s, const struct user *u, const char *path, const char *body)
{
	struct web_answer a = when_user_asks (s, u, "POST", path, body);
	CHECK (a.status == 201 || a.status == 200, "%s is %d: %.400s", path, a.status, a.body);
	struct uuid ret = uuid_at (a.json, "id");
	web_free (&a);
	return ret;
}

#define TAGS_OF                                                                                                                 \
	"select string_agg(t.label, ' ' order by t.label) from contacts.tagged d join contacts.tag t on t.id = d.tag_id where " \
	"d.workspace_id = '%s' and d.record_id = '%s'"

static void given_borne (struct stack *s, const struct user *u, const char *records, const char *record, struct uuid tag)
{
	char path[100], body[100];
	snprintf (path, sizeof path, "/api/crm/%s/%s/tags", records, record);
	snprintf (body, sizeof body, "{\"tags\":[\"%s\"]}", id_text (tag));
	struct web_answer a = when_user_asks (s, u, "PUT", path, body);
	then_status (&a, 200);
}

static void given_deed (struct stack *s, const struct user *u, size_t i, struct uuid tag, struct uuid endpoint)
{
	char with[600], body[1400];
	const char *hole = strstr (deeds[i].with, "%s"), *given = deeds[i].with;
	snprintf (with, sizeof with, "%.*s%s%s", hole ? (int) (hole - given) : (int) strlen (given), given,
		  !hole ? "" : id_text (strstr (given, "endpoint") ? endpoint : tag), hole ? hole + 2 : "");
	snprintf (body, sizeof body,
		  "{\"name\":\"%s\",\"enabled\":true,\"body\":{\"when\":{\"event\":\"%s\"},%s\"then\":[{\"do\":\"%s\",\"with\":{%s}}]}}",
		  deeds[i].command, deeds[i].event, deeds[i].conditions, deeds[i].command, with);
	made (s, u, "/api/crm/rules", body);
}

static void then_each_is_named (void)
{
	static const char *const names[] = {
#define ASKED(command, permission) #command,
#include "asked.def"
#undef ASKED
	};
	for (size_t i = 0; i < LENGTH (names); i++) {
		bool there = false;
		for (size_t k = 0; k < LENGTH (deeds); k++)
			there = there || !strcmp (deeds[k].command, names[i]);
		CHECK (there, "no rule here asks for %s", names[i]);
	}
}

STORY (rules_do, "Every command that a rule may ask for is done by a rule that asks for it")
{
	struct workspace *w = given_workspace (s, "rules-do", "nl-offerte-6");
	struct user jan = given_user (s, "jan@rulesdo.nl", "--workspace rules-do --role owner");
	char path[200];
	then_each_is_named ();
	struct web_answer a = when_user_asks (
		s, &jan, "PUT", "/api/crm/company",
		"{\"name\":\"Jansen B.V.\",\"street\":\"Dorpsstraat 1\",\"postcode\":\"1234 AB\",\"city\":\"Utrecht\","
		"\"country\":\"NL\",\"kvk\":\"12345678\",\"vat_id\":\"NL123456782B01\",\"iban\":\"NL91ABNA0417164300\"}");
	then_status (&a, 200);
	made (s, &jan, "/api/crm/mail/accounts",
	      "{\"kind\":\"smtp\",\"name\":\"Kantoor\",\"from_email\":\"wij@rulesdo.test\",\"host\":\"rulesdo.test\"}");
	struct uuid tag = made (s, &jan, "/api/crm/tags", "{\"label\":\"Heet\",\"colour\":\"orange\"}"),
		    endpoint = made (s, &jan, "/api/crm/webhooks",
				     "{\"name\":\"Kassa\",\"url\":\"https://kassa.example/in\",\"events\":[]}");
	struct uuid deal = given_deal_of (s, w, "Piet de Vries", "piet@klant.test", "Offerteaanvraag");
	settle (s);
	struct uuid vast = made (s, &jan, "/api/crm/tags", "{\"label\":\"Vast\",\"colour\":\"blue\"}");
	char *contact = sql_text (s, "select id from contacts.contact where workspace_id = '%s' and email = 'piet@klant.test'", w->id);
	given_borne (s, &jan, "deals", id_text (deal), vast);
	given_borne (s, &jan, "contacts", contact, vast);
	settle (s);
	for (size_t i = 0; i < LENGTH (deeds); i++)
		given_deed (s, &jan, i, tag, endpoint);
	settle (s);

	made (s, &jan, "/api/crm/accounts", "{\"name\":\"De Vries Techniek\"}");
	snprintf (path, sizeof path, "/api/crm/deals/%s", id_text (deal));
	a = when_user_asks (s, &jan, "PUT", path, "{\"value\":{\"amount\":\"2500.00\",\"currency\":\"EUR\"}}");
	then_status (&a, 200);
	settle (s);
	snprintf (path, sizeof path, "/api/crm/documents/%s/send",
		  sql_text (s, "select id from billing.document where workspace_id = '%s' and kind = 'quote'", w->id));
	a = when_user_asks (s, &jan, "POST", path, "{\"mail\":false}");
	then_status (&a, 200);
	strcpy (strrchr (path, '/'), "/accept");
	a = when_user_asks (s, &jan, "POST", path, "{\"name\":\"Piet\"}");
	then_status (&a, 200);
	settle (s);
	UNTIL (15000, !sql_number (s, "select count(*) from automation.firing where workspace_id = '%s' and state = 'running'", w->id),
	       "something is still under way");
	settle (s);
	for (size_t i = 0; i < LENGTH (deeds); i++) {
		char *firings = sql_text (
			s,
			"select string_agg(distinct f.state, ' ') || ' ' || string_agg(f.steps::text, ' ') from automation.firing f join automation.rule r using "
			"(workspace_id, rule_id) where f.workspace_id = '%s' and r.name = '%s'",
			w->id, deeds[i].command);
		CHECK (!strncmp (firings, "done [", 6), "%s: %s", deeds[i].command, *firings ? firings : "it was never met");
		free (firings);
	}
	then_text (s, "Heet Vast", "the tags beside which a rule put its own", TAGS_OF, w->id, id_text (deal));
	then_text (s, "Heet", "the tags whose place a rule's own took", TAGS_OF, w->id, contact);
	free (contact);
	then_no_dead_letters (s);
}

static void when_noted (struct stack *s, const struct user *u, struct uuid deal, const char *fields)
{
	char path[100];
	snprintf (path, sizeof path, "/api/crm/deals/%s", id_text (deal));
	struct web_answer a = when_user_asks (s, u, "PUT", path, fields);
	then_status (&a, 200);
}

static void when_entered (struct stack *s, const struct user *u, struct uuid deal, const char *body)
{
	char path[100];
	snprintf (path, sizeof path, "/api/crm/deals/%s/stage", id_text (deal));
	struct web_answer a = when_user_asks (s, u, "POST", path, body);
	then_status (&a, 200);
}

static void when_quoted (struct stack *s, const struct user *u, struct uuid deal)
{
	char body[600], path[100];
	snprintf (body, sizeof body, "{" PAPER "}");
	const char *hole = strstr (body, "{\"fact\":\"event.deal_id\"}");
	char whole[700];
	snprintf (whole, sizeof whole, "%.*s\"%s\"%s", (int) (hole - body), body, id_text (deal),
		  hole + strlen ("{\"fact\":\"event.deal_id\"}"));
	snprintf (path, sizeof path, "/api/crm/documents/%s/send", id_text (made (s, u, "/api/crm/quotes", whole)));
	struct web_answer a = when_user_asks (s, u, "POST", path, "{\"mail\":false}");
	then_status (&a, 200);
	settle (s);
	UNTIL (15000, !sql_number (s, "select count(*) from automation.firing where state = 'running'"), "something is still under way");
	settle (s);
}

STORY (rules_onwards,
       "A quote that is sent moves its deal onwards and never back: not from a stage that was added to the board since, nor from where it is won")
{
	struct workspace *w = given_workspace (s, "rules-onwards", "nl-offerte-6");
	struct user jan = given_user (s, "jan@rulesonwards.nl", "--workspace rules-onwards --role owner");
	struct web_answer a = when_user_asks (
		s, &jan, "PUT", "/api/crm/company",
		"{\"name\":\"Jansen B.V.\",\"street\":\"Dorpsstraat 1\",\"postcode\":\"1234 AB\",\"city\":\"Utrecht\","
		"\"country\":\"NL\",\"kvk\":\"12345678\",\"vat_id\":\"NL123456782B01\",\"iban\":\"NL91ABNA0417164300\"}");
	then_status (&a, 200);
	made (s, &jan, "/api/crm/stages",
	      "{\"pipeline\":\"sales\",\"key\":\"nabellen\",\"label\":{\"nl\":\"Nabellen\",\"en\":\"Call\"},\"position\":5}");
	struct uuid early = given_deal_of (s, w, "Vroeg", "vroeg@klant.test", "Vraag"),
		    late = given_deal_of (s, w, "Laat", "laat@klant.test", "Vraag"),
		    won = given_deal_of (s, w, "Gewonnen", "gewonnen@klant.test", "Vraag");
	settle (s);
	when_entered (s, &jan, late, "{\"stage\":\"nabellen\"}");
	when_entered (s, &jan, won, "{\"stage\":\"gewonnen\"}");
	settle (s);
	when_quoted (s, &jan, early);
	when_quoted (s, &jan, late);
	then_stage (s, early, "offerte_verstuurd");
	then_stage (s, late, "nabellen");
	/* the same asked for by hand: what stands further, or is won, stays; what does not goes */
	when_entered (s, &jan, won, "{\"stage\":\"offerte_verstuurd\",\"onwards\":true}");
	when_entered (s, &jan, early, "{\"stage\":\"nabellen\",\"onwards\":true}");
	when_entered (s, &jan, late, "{\"stage\":\"offerte_verstuurd\",\"onwards\":false}");
	settle (s);
	then_stage (s, won, "gewonnen");
	then_stage (s, early, "nabellen");
	then_stage (s, late, "offerte_verstuurd");
	then_no_dead_letters (s);
}

STORY (rules_segments, "A rule asks whether a record fits a segment: as it fits now, and no more once the segment is gone")
{
	struct workspace *w = given_workspace (s, "rules-segments", "nl-offerte-6");
	struct user jan = given_user (s, "jan@rulessegments.nl", "--workspace rules-segments --role owner");
	struct uuid large = given_deal_of (s, w, "Groot", "groot@klant.test", "Vraag"),
		    small = given_deal_of (s, w, "Klein", "klein@klant.test", "Vraag");
	char body[600];
	when_noted (s, &jan, large, "{\"value\":{\"amount\":\"5000.00\",\"currency\":\"EUR\"}}");
	when_noted (s, &jan, small, "{\"value\":{\"amount\":\"10.00\",\"currency\":\"EUR\"}}");
	struct uuid segment = made (
		s, &jan, "/api/crm/segments",
		"{\"name\":\"Grote deals\",\"of\":\"deal\",\"conditions\":{\"all\":[{\"field\":\"value\",\"op\":\"more\",\"value\":\"1000\"}]}}");
	snprintf (
		body, sizeof body,
		"{\"name\":\"Groot\",\"enabled\":true,\"body\":{\"when\":{\"event\":\"deal.updated\"},\"if\":{\"all\":[{\"fact\":\"deal.segments\",\"op\":\"is\","
		"\"value\":[\"%s\"]}]},\"then\":[{\"do\":\"activity_add\",\"with\":{\"kind\":\"task\",\"subject\":\"Is groot\",\"deal_id\":{\"fact\":"
		"\"event.deal_id\"}}}]}}",
		id_text (segment));
	settle (s);
	then_number (s, 1, "records that are in it",
		     "select count(*) from automation.known where workspace_id = '%s' and facts -> 'segments' @> to_jsonb('%s'::text)",
		     w->id, id_text (segment));
	made (s, &jan, "/api/crm/rules", body);
	settle (s);
	when_noted (s, &jan, large, "{\"notes\":\"a\"}");
	when_noted (s, &jan, small, "{\"notes\":\"a\"}");
	settle (s);
	UNTIL (10000, !sql_number (s, "select count(*) from automation.firing where workspace_id = '%s' and state = 'running'", w->id),
	       "it is under way");
	then_text (s, id_text (large), "whose task it is",
		   "select string_agg(record_id::text, ' ') from contacts.activity where workspace_id = '%s' and subject = 'Is groot'",
		   w->id);
	snprintf (body, sizeof body, "/api/crm/segments/%s", id_text (segment));
	struct web_answer a = when_user_asks (s, &jan, "DELETE", body, NULL);
	then_status (&a, 204);
	settle (s);
	then_number (
		s, 0, "records that are in it still",
		"select count(*) from automation.known where workspace_id = '%s' and jsonb_array_length(coalesce(facts -> 'segments', '[]')) > 0",
		w->id);
	when_noted (s, &jan, large, "{\"notes\":\"b\"}");
	settle (s);
	then_number (s, 1, "tasks", "select count(*) from contacts.activity where workspace_id = '%s' and subject = 'Is groot'", w->id);
	then_no_dead_letters (s);
}
