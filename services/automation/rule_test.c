/* Rules: what is read and written back in one form, what is refused, where and as what. */
#include "rule.h"

#include "test.h"

static struct arena arena;

static const char *form_of (const char *json)
{
	struct rule rule;
	struct problem problem = { 0 };
	struct buffer out = { 0 };
	if (rule_read (&arena, json, &rule, &problem) != OK) {
		fprintf (stderr, "refused: %s %s %s\n", problem.errors[0].pointer, problem.errors[0].code, problem.errors[0].detail);
		return NULL;
	}
	rule_write (&out, &rule);
	const char *ret = arena_copy (&arena, (const char *) out.at, out.n);
	buffer_fini (&out);
	return ret;
}

#define STOP "\"then\":[{\"stop\":true}]}"
#define ID "018f0a0a-0000-7000-8000-00000000000a"
#define ASKED(condition) "{\"when\":{\"event\":\"deal.created\"},\"if\":{\"all\":[" condition "]}," STOP
#define DONE(steps) "{\"when\":{\"event\":\"invoice.paid\"},\"then\":[" steps "]}"

#define MAILED(more) DONE ("{\"do\":\"mail_send\",\"with\":{" more "\"to\":[{\"email\":{\"fact\":\"contact.email\"}}]}}")
#define TASKED(owner) DONE ("{\"do\":\"activity_add\",\"with\":{\"kind\":\"task\",\"owner_id\":" owner "}}")

#define WEEKLY(steps, conditions) "{\"when\":{\"each\":[\"monday\"],\"at\":\"09:00\"}," conditions "\"then\":[" steps "]}"

/* ---- the one form ---- */

static const struct {
	const char *read, *written; /* null: as it is read */
} good[] = {
	{ "{\"when\":{\"event\":\"invoice.paid\"}," STOP, NULL },
	{ "{\"when\":{\"event\":\"quote.sent\",\"after\":{\"days\":3}}," STOP, NULL },
	{ "{\"when\":{\"before\":\"deal.close_date\",\"by\":{\"weeks\":1},\"at\":\"09:05\"}," STOP, NULL },
	{ "{\"when\":{\"quiet\":\"deal\",\"for\":{\"hours\":36}}," STOP, NULL },
	{ "{ \"then\": [{\"stop\": true}], \"when\": {\"at\": \"00:00\", \"each\": [\"sunday\", \"monday\"]} }",
	  "{\"when\":{\"each\":[\"monday\",\"sunday\"],\"at\":\"00:00\"}," STOP },
	{ DONE ("{\"do\":\"activity_add\",\"with\":{\"kind\":\"call\",\"due_at\":{\"in\":{\"days\":1},\"at\":\"09:00\"}}}"), NULL },
	{ WEEKLY ("{\"do\":\"notice_ring\",\"with\":{\"user_id\":\"" ID "\",\"title\":\"Maandag\"}}", ""), NULL },
	{ ASKED ("{\"fact\":\"event.title\",\"op\":\"contains\",\"value\":\"\\u00c9t\\u00e9 \\\"x\\\"\"}"),
	  ASKED ("{\"fact\":\"event.title\",\"op\":\"contains\",\"value\":\"Été \\\"x\\\"\"}") },
	{ ASKED ("{\"fact\":\"deal.source\",\"op\":\"is\",\"value\":[\"web\",\"beurs\"]}"), NULL },
	{ ASKED ("{\"op\":\"is\",\"value\":[\"web\"],\"fact\":\"deal.source\"}"),
	  ASKED ("{\"fact\":\"deal.source\",\"op\":\"is\",\"value\":\"web\"}") },
	{ ASKED ("{\"fact\":\"event.owner_id\",\"op\":\"is_not\",\"value\":\"018F0A0A-0000-7000-8000-00000000000A\"}"),
	  ASKED ("{\"fact\":\"event.owner_id\",\"op\":\"is_not\",\"value\":\"" ID "\"}") },
	{ ASKED ("{\"fact\":\"event.number\",\"op\":\"at_least\",\"value\":\"0012.500\"}"),
	  ASKED ("{\"fact\":\"event.number\",\"op\":\"at_least\",\"value\":\"12.5\"}") },
	{ ASKED ("{\"fact\":\"event.number\",\"op\":\"at_most\",\"value\":\"-0.0001\"}"), NULL },
	{ ASKED ("{\"fact\":\"event.number\",\"op\":\"is\",\"value\":\"-12.0\"}"),
	  ASKED ("{\"fact\":\"event.number\",\"op\":\"is\",\"value\":-12}") },
	{ ASKED ("{\"fact\":\"deal.value\",\"op\":\"more\",\"value\":{\"currency\":\"EUR\",\"amount\":\"1000.00\"}}"),
	  ASKED ("{\"fact\":\"deal.value\",\"op\":\"more\",\"value\":{\"amount\":1000,\"currency\":\"EUR\"}}") },
	{ ASKED ("{\"fact\":\"deal.value\",\"op\":\"less\",\"value\":1000}"), NULL },
	{ ASKED ("{\"fact\":\"event.close_date\",\"op\":\"ahead\",\"value\":14}"), NULL },
	{ ASKED ("{\"fact\":\"deal.created_at\",\"op\":\"before\",\"value\":\"2026-11-30\"}"), NULL },
	{ ASKED ("{\"fact\":\"deal.outcome\",\"op\":\"is\",\"value\":[\"won\",\"lost\"]}"), NULL },
	{ ASKED ("{\"fact\":\"contact.tags\",\"op\":\"is\",\"value\":\"vip\"},{\"fact\":\"account.custom.wijk \\\"7\\\"\",\"op\":\"more\",\"value\":7}"),
	  NULL },
	{ ASKED ("{\"none\":[{\"any\":[{\"fact\":\"event.lead_id\",\"op\":\"empty\"}]},{\"fact\":\"history.matches\",\"op\":\"more\",\"value\":2}]}"),
	  NULL },
	{ "{\"when\":{\"event\":\"deal.updated\"},\"if\":{\"any\":[{\"fact\":\"event.changes\",\"op\":\"is\",\"value\":\"value\"}]}," STOP,
	  NULL },
	{ "{\"when\":{\"event\":\"quote.accepted\"},\"if\":{\"none\":[{\"fact\":\"event.portal\",\"op\":\"is\",\"value\":true}]}," STOP,
	  NULL },
	{ DONE ("{\"with\":{\"stage\":\"won\",\"deal_id\":{\"fact\":\"event.deal_id\"}},\"do\":\"deal_move\"},{\"wait\":{\"minutes\":10}},"
		"{\"if\":{\"all\":[{\"fact\":\"deal.value\",\"op\":\"filled\"}]},\"then\":[{\"stop\":true}],\"else\":[{\"wait\":{\"months\":1}}]}"),
	  DONE ("{\"do\":\"deal_move\",\"with\":{\"deal_id\":{\"fact\":\"event.deal_id\"},\"stage\":\"won\"}},{\"wait\":{\"minutes\":10}},"
		"{\"if\":{\"all\":[{\"fact\":\"deal.value\",\"op\":\"filled\"}]},\"then\":[{\"stop\":true}],\"else\":[{\"wait\":{\"months\":1}}]}") },
	{ DONE ("{\"do\":\"deal_update\",\"with\":{\"deal_id\":\"" ID
		"\",\"title\":{\"fact\":\"event.number\"},\"value\":{\"fact\":\"event.total\"},"
		"\"owner_id\":null,\"custom\":{ \"b\": 1.1, \"a\": [] }}}"),
	  DONE ("{\"do\":\"deal_update\",\"with\":{\"deal_id\":\"" ID
		"\",\"title\":{\"fact\":\"event.number\"},\"value\":{\"fact\":\"event.total\"},"
		"\"owner_id\":null,\"custom\":{\"a\":[],\"b\":1.1}}}") },
	{ MAILED (""), NULL },
	{ DONE ("{\"do\":\"mail_send\",\"with\":{\"text\":\"Beste {{contact.name | default:\\\"klant\\\"}}, {{event.total}}\","
		"\"send_at\":{\"in\":{\"weeks\":2}},\"to\":[{\"name\":\"{{contact.name}}\",\"email\":{\"fact\":\"contact.email\"}},"
		"{\"email\":\"a@example.org\"}]}}"),
	  DONE ("{\"do\":\"mail_send\",\"with\":{\"to\":[{\"email\":{\"fact\":\"contact.email\"},\"name\":\"{{contact.name}}\"},"
		"{\"email\":\"a@example.org\"}],\"text\":\"Beste {{contact.name | default:\\\"klant\\\"}}, {{event.total}}\","
		"\"send_at\":{\"in\":{\"weeks\":2}}}}") },
	{ DONE ("{\"do\":\"mail_send\",\"with\":{\"to\":[{\"email\":\"a@example.org\"}],\"text\":\"{{contact.first_name}}\",\"placeholders\":true}}"),
	  NULL }, /* the mailer's own names */
	{ TASKED ("{\"by\":\"load\",\"pick\":[\"018F0A0A-0000-7000-8000-00000000000A\",\"018f0a0a-0000-7000-8000-00000000000b\"]}"),
	  TASKED ("{\"pick\":[\"" ID "\",\"018f0a0a-0000-7000-8000-00000000000b\"],\"by\":\"load\"}") },
	{ DONE ("{\"do\":\"deal_move\",\"with\":{\"stage\":\"won\"}}"),
	  DONE ("{\"do\":\"deal_move\",\"with\":{\"deal_id\":{\"fact\":\"event.deal_id\"},\"stage\":\"won\"}}") },
	{ "{\"when\":{\"event\":\"contact.created\"},\"then\":[{\"do\":\"deal_move\",\"with\":{\"stage\":\"won\"}}]}",
	  "{\"when\":{\"event\":\"contact.created\"},\"then\":[{\"do\":\"deal_move\",\"with\":{\"deal_id\":{\"fact\":\"deal.deal_id\"},"
	  "\"stage\":\"won\"}}]}" },
	{ "{\"when\":{\"quiet\":\"deal\",\"for\":{\"days\":14}},\"then\":[{\"do\":\"deal_move\",\"with\":{\"stage\":\"lost\"}}]}",
	  "{\"when\":{\"quiet\":\"deal\",\"for\":{\"days\":14}},\"then\":[{\"do\":\"deal_move\",\"with\":{\"deal_id\":{\"fact\":"
	  "\"deal.deal_id\"},\"stage\":\"lost\"}}]}" },
	{ DONE ("{\"do\":\"invoice_from_quote\",\"with\":{\"percent\":\"30\"}}"),
	  DONE ("{\"do\":\"invoice_from_quote\",\"with\":{\"document_id\":{\"fact\":\"event.document_id\"},\"percent\":\"30\"}}") },
};

static void forms (void)
{
	for (size_t i = 0; i < LENGTH (good); i++) {
		const char *written = form_of (good[i].read);
		CHECK_TEXT (written, good[i].written ? good[i].written : good[i].read);
		if (written)
			CHECK_TEXT (form_of (written), written);
	}
}

/* ---- what is refused ---- */

static const struct {
	const char *json, *pointer, *code;
} bad[] = {
	{ "", "", "not_json" },
	{ "[]", "", "not_an_object" },
	{ "{\"when\":{\"event\":\"invoice.paid\"},\"when\":{\"event\":\"invoice.paid\"}," STOP, "", "not_json" },
	{ "{" STOP, "/when", "required" },
	{ "{\"when\":{\"event\":\"invoice.paid\"}}", "/then", "required" },
	{ "{\"when\":{\"event\":\"invoice.paid\"},\"then\":[]}", "/then", "required" },
	{ "{\"when\":{\"event\":\"invoice.paid\"},\"then\":{}}", "/then", "not_a_list" },
	{ "{\"when\":{\"event\":\"invoice.paid\"},\"a/b~c\":1," STOP, "/a~1b~0c", "unknown" },
	{ "{\"when\":{\"event\":\"invoice.paid\"},\"when if\":1," STOP, "/when if", "unknown" },
	{ "{\"when\":{\"event\":\"invoice.paid\"},\" when\":1," STOP, "/ when", "unknown" },
	{ "{\"when\":{}," STOP, "/when", "malformed" },
	{ "{\"when\":{\"event\":\"invoice.eaten\"}," STOP, "/when/event", "not_a_choice" },
	{ "{\"when\":{\"event\":\"invoice.paid\",\"at\":\"09:00\"}," STOP, "/when/at", "unknown" },
	{ "{\"when\":{\"event\":\"invoice.paid\",\"after\":{\"days\":0}}," STOP, "/when/after/days", "out_of_range" },
	{ "{\"when\":{\"event\":\"invoice.paid\",\"after\":{\"days\":10001}}," STOP, "/when/after/days", "out_of_range" },
	{ "{\"when\":{\"event\":\"invoice.paid\",\"after\":{\"days\":1,\"hours\":1}}," STOP, "/when/after", "malformed" },
	{ "{\"when\":{\"event\":\"invoice.paid\",\"after\":{\"years\":1}}," STOP, "/when/after/years", "unknown" },
	{ "{\"when\":{\"before\":\"deal.title\",\"by\":{\"days\":1},\"at\":\"09:00\"}," STOP, "/when/before", "not_a_choice" },
	{ "{\"when\":{\"before\":\"history.mailed_at\",\"by\":{\"days\":1},\"at\":\"09:00\"}," STOP, "/when/before", "not_a_choice" },
	{ "{\"when\":{\"before\":\"deal.close_date\",\"by\":{\"hours\":1},\"at\":\"09:00\"}," STOP, "/when/by", "out_of_range" },
	{ "{\"when\":{\"before\":\"deal.close_date\",\"by\":{\"days\":1},\"at\":\"24:00\"}," STOP, "/when/at", "malformed" },
	{ "{\"when\":{\"before\":\"deal.close_date\",\"by\":{\"days\":1}}," STOP, "/when/at", "malformed" },
	{ "{\"when\":{\"quiet\":\"room\",\"for\":{\"days\":1}}," STOP, "/when/quiet", "not_a_choice" },
	{ "{\"when\":{\"each\":[],\"at\":\"09:00\"}," STOP, "/when/each", "required" },
	{ "{\"when\":{\"each\":[\"monday\",\"monday\"],\"at\":\"09:00\"}," STOP, "/when/each/1", "twice" },
	{ "{\"when\":{\"each\":[\"maandag\"],\"at\":\"09:00\"}," STOP, "/when/each/0", "not_a_choice" },
	{ "{\"when\":{\"quiet\":\"deal\",\"for\":{\"days\":1}},\"if\":{\"all\":[{\"fact\":\"event.at\",\"op\":\"filled\"}]}," STOP,
	  "/if/all/0/fact", "not_a_choice" },
	{ "{\"when\":{\"event\":\"deal.created\"},\"if\":{}," STOP, "/if", "malformed" },
	{ "{\"when\":{\"event\":\"deal.created\"},\"if\":{\"fact\":\"event.title\",\"op\":\"filled\"}," STOP, "/if", "malformed" },
	{ "{\"when\":{\"event\":\"deal.created\"},\"if\":{\"all\":[],\"any\":[]}," STOP, "/if", "malformed" },
	{ "{\"when\":{\"event\":\"deal.created\"},\"if\":{\"all\":[]}," STOP, "/if/all", "required" },
	{ "{\"when\":{\"event\":\"deal.created\"},\"if\":{\"all\":{}}," STOP, "/if/all", "not_a_list" },
	{ ASKED ("{\"all\":[{\"all\":[{\"all\":[{\"all\":[{\"all\":[{\"fact\":\"event.title\",\"op\":\"filled\"}]}]}]}]}]}"),
	  "/if/all/0/all/0/all/0/all/0/all/0/all", "too_deep" },
	{ ASKED ("{\"fact\":\"event.subject\",\"op\":\"filled\"}"), "/if/all/0/fact", "not_a_choice" },
	{ ASKED ("{\"fact\":\"deal.custom.\",\"op\":\"filled\"}"), "/if/all/0/fact", "not_a_choice" },
	{ ASKED ("{\"fact\":\"deal.custom\",\"op\":\"filled\"}"), "/if/all/0/fact", "not_a_choice" },
	{ ASKED ("{\"fact\":\"contact.custom.x\",\"op\":\"filled\"}"), "/if/all/0/fact", "not_a_choice" },
	{ ASKED ("{\"op\":\"filled\"}"), "/if/all/0/fact", "required" },
	{ ASKED ("{\"fact\":\"event.title\",\"op\":\"more\",\"value\":1}"), "/if/all/0/op", "not_a_choice" },
	{ ASKED ("{\"fact\":\"event.title\"}"), "/if/all/0/op", "not_a_choice" },
	{ ASKED ("{\"fact\":\"event.title\",\"op\":\"is\"}"), "/if/all/0/value", "required" },
	{ ASKED ("{\"fact\":\"event.title\",\"op\":\"empty\",\"value\":\"\"}"), "/if/all/0/value", "unknown" },
	{ ASKED ("{\"fact\":\"event.title\",\"op\":\"is\",\"value\":\"\"}"), "/if/all/0/value", "not_a_string" },
	{ ASKED ("{\"fact\":\"event.title\",\"op\":\"is\",\"value\":[\"a\",7]}"), "/if/all/0/value/1", "not_a_string" },
	{ ASKED ("{\"fact\":\"event.title\",\"op\":\"contains\",\"value\":[\"a\"]}"), "/if/all/0/value", "not_a_string" },
	{ ASKED ("{\"fact\":\"deal.outcome\",\"op\":\"is\",\"value\":\"Won\"}"), "/if/all/0/value", "not_a_choice" },
	{ ASKED ("{\"fact\":\"event.owner_id\",\"op\":\"is\",\"value\":\"me\"}"), "/if/all/0/value", "not_an_id" },
	{ ASKED ("{\"fact\":\"event.number\",\"op\":\"is\",\"value\":1.5}"), "/if/all/0/value", "not_a_number" },
	{ ASKED ("{\"fact\":\"event.number\",\"op\":\"is\",\"value\":\"1,5\"}"), "/if/all/0/value", "not_a_number" },
	{ ASKED ("{\"fact\":\"event.number\",\"op\":\"is\",\"value\":\"1.23456\"}"), "/if/all/0/value", "not_a_number" },
	{ ASKED ("{\"fact\":\"event.number\",\"op\":\"is\",\"value\":1000000000000000}"), "/if/all/0/value", "not_a_number" },
	{ ASKED ("{\"fact\":\"deal.value\",\"op\":\"is\",\"value\":{\"amount\":\"1\"}}"), "/if/all/0/value/currency", "not_a_currency" },
	{ ASKED ("{\"fact\":\"deal.value\",\"op\":\"is\",\"value\":{\"amount\":\"1\",\"currency\":\"eur\"}}"), "/if/all/0/value/currency",
	  "not_a_currency" },
	{ ASKED ("{\"fact\":\"deal.value\",\"op\":\"is\",\"value\":{\"amount\":\"x\",\"currency\":\"EUR\"}}"), "/if/all/0/value/amount",
	  "not_a_number" },
	{ ASKED ("{\"fact\":\"event.close_date\",\"op\":\"before\",\"value\":\"2026-02-30\"}"), "/if/all/0/value", "not_a_date" },
	{ ASKED ("{\"fact\":\"event.close_date\",\"op\":\"within\",\"value\":0}"), "/if/all/0/value", "out_of_range" },
	{ ASKED ("{\"fact\":\"event.close_date\",\"op\":\"within\",\"value\":10000}"), "/if/all/0/value", "out_of_range" },
	{ ASKED ("{\"fact\":\"event.close_date\",\"op\":\"filled\",\"values\":1}"), "/if/all/0/values", "unknown" },
	{ DONE ("{}"), "/then/0", "malformed" },
	{ DONE ("{\"stop\":false}"), "/then/0", "malformed" },
	{ DONE ("{\"stop\":true},{\"stop\":true}"), "/then/1", "unreachable" },
	{ WEEKLY ("{\"stop\":true}", "\"if\":{\"all\":[{\"fact\":\"deal.stage\",\"op\":\"filled\"}]},"), "/if/all/0/fact", "no_record" },
	{ WEEKLY ("{\"stop\":true}", "\"if\":{\"all\":[{\"fact\":\"history.matches\",\"op\":\"is\",\"value\":0}]},"), "/if/all/0/fact",
	  "no_record" },
	{ WEEKLY ("{\"do\":\"deal_create\",\"with\":{\"title\":\"Na {{deal.title}}\"}}", ""), "/then/0/with/title", "no_record" },
	{ WEEKLY ("{\"do\":\"notice_ring\",\"with\":{\"title\":\"Maandag\"}}", ""), "/then/0/with/user_id", "required" },
	{ DONE ("{\"do\":\"invoice_paid\"}"), "/then/0/do", "not_a_choice" }, /* no command: an event */
	{ DONE ("{\"do\":\"deal_move\",\"with\":[]}"), "/then/0/with", "not_an_object" },
	{ DONE ("{\"do\":\"deal_update\",\"with\":{\"custom\":{\"a\":[{\"fact\":\"deal.colour\"}]}}}"), "/then/0/with/custom/a/0",
	  "not_a_choice" },
	{ DONE ("{\"do\":\"deal_move\",\"with\":{\"deal_id\":{\"fact\":\"event.deal_id\"}}}"), "/then/0/with/stage", "required" },
	{ DONE ("{\"do\":\"deal_move\",\"with\":{\"deal_id\":{\"fact\":\"event.lead_id\"},\"stage\":\"won\"}}"), "/then/0/with/deal_id",
	  "not_a_choice" },
	{ DONE ("{\"do\":\"deal_move\",\"with\":{\"deal_id\":{\"fact\":\"event.deals\"},\"stage\":\"won\"}}"), "/then/0/with/deal_id",
	  "not_a_choice" },
	{ DONE ("{\"do\":\"deal_move\",\"with\":{\"deal_id\":\"x\",\"stage\":\"won\"}}"), "/then/0/with/deal_id", "not_an_id" },
	{ DONE ("{\"do\":\"deal_move\",\"with\":{\"deal_id\":{\"fact\":\"event.deal_id\"},\"stage\":\"won\",\"colour\":{\"fact\":\"event.name\"}}}"),
	  "/then/0/with/colour", "unknown" },
	{ DONE ("{\"do\":\"deal_move\",\"with\":{\"deal_id\":{\"fact\":\"event.deal_id\"},\"stage\":\"won\",\"colour\":\"red\"}}"),
	  "/then/0/with/colour", "unknown" },
	{ DONE ("{\"do\":\"deal_update\",\"with\":{\"deal_id\":{\"fact\":\"event.deal_id\"},\"custom\":{\"fact\":\"event.name\"}}}"),
	  "/then/0/with/custom", "not_a_choice" },
	{ DONE ("{\"do\":\"pay_provider_update\",\"with\":{\"pay_provider_id\":\"" ID "\",\"secret\":\"x\"}}"), "/then/0/do",
	  "not_a_choice" }, /* a command that no rule may ask for */
	{ "{\"when\":{\"event\":\"mention.made\"}," STOP, "/when/event", "not_a_choice" },
	{ MAILED ("\"mail_id\":\"" ID "\","), "/then/0/with/mail_id", "unknown" },
	{ MAILED ("\"cc\":[{\"email\":{\"fact\":\"contact.tags\"}}],"), "/then/0/with/cc/0/email", "not_a_choice" },
	{ MAILED ("\"cc\":[{\"email\":{\"fact\":\"contact.mail\"}}],"), "/then/0/with/cc/0/email", "not_a_choice" },
	{ MAILED ("\"cc\":[{\"email\":{\"fact\":\"contact.email\"},\"names\":\"x\"}],"), "/then/0/with/cc/0/names", "unknown" },
	{ MAILED ("\"cc\":[{\"name\":{\"fact\":\"contact.name\"}}],"), "/then/0/with/cc/0/email", "required" },
	{ MAILED ("\"cc\":{\"fact\":\"contact.email\"},"), "/then/0/with/cc", "not_a_choice" },
	{ MAILED ("\"send_at\":{\"in\":{\"days\":0}},"), "/then/0/with/send_at/in/days", "out_of_range" },
	{ MAILED ("\"send_at\":{\"in\":{\"days\":1},\"at\":\"9:00\"},"), "/then/0/with/send_at/at", "malformed" },
	{ MAILED ("\"send_at\":{\"in\":{\"hours\":1},\"at\":\"09:00\"},"), "/then/0/with/send_at/in", "out_of_range" },
	{ MAILED ("\"send_at\":{\"in\":{\"days\":1},\"on\":\"09:00\"},"), "/then/0/with/send_at/on", "unknown" },
	{ DONE ("{\"do\":\"deal_update\",\"with\":{\"deal_id\":\"" ID "\",\"close_date\":{\"in\":{\"days\":1},\"at\":\"09:00\"}}}"),
	  "/then/0/with/close_date/at", "unknown" },
	{ MAILED ("\"language\":{\"in\":{\"days\":1}},"), "/then/0/with/language", "not_a_string" },
	{ MAILED ("\"text\":\"{{deal.titel}}\","), "/then/0/with/text", "not_a_choice" },
	{ MAILED ("\"text\":\"{{deal.title | euro}}\","), "/then/0/with/text", "template_unknown_filter" },
	{ MAILED ("\"text\":\"{{deal.title\","), "/then/0/with/text", "template_not_closed" },
	{ MAILED ("\"text\":{\"fact\":\"deal.title\"},\"placeholders\":true,"), "/then/0/with/text", "not_a_choice" },
	{ TASKED ("{\"pick\":[],\"by\":\"turn\"}"), "/then/0/with/owner_id/pick", "required" },
	{ TASKED ("{\"pick\":\"" ID "\",\"by\":\"turn\"}"), "/then/0/with/owner_id/pick", "not_a_list" },
	{ TASKED ("{\"pick\":[\"me\"],\"by\":\"turn\"}"), "/then/0/with/owner_id/pick/0", "not_an_id" },
	{ TASKED ("{\"pick\":[\"" ID "\",\"" ID "\"],\"by\":\"turn\"}"), "/then/0/with/owner_id/pick/1", "twice" },
	{ TASKED ("{\"pick\":[\"" ID "\"],\"by\":\"age\"}"), "/then/0/with/owner_id/by", "not_a_choice" },
	{ TASKED ("{\"pick\":[\"" ID "\"],\"by\":\"load\",\"of\":1}"), "/then/0/with/owner_id/of", "unknown" },
	{ "{\"when\":{\"each\":[\"monday\"],\"at\":\"09:00\"},\"then\":[{\"do\":\"deal_move\",\"with\":{\"stage\":\"won\"}}]}",
	  "/then/0/with/deal_id", "required" }, /* it is about no record */
	{ DONE ("{\"wait\":{\"days\":\"3\"}}"), "/then/0/wait/days", "out_of_range" },
	{ DONE ("{\"if\":{\"all\":[{\"fact\":\"deal.value\",\"op\":\"is\"}]},\"then\":[{\"stop\":true}]}"), "/then/0/if/all/0/value",
	  "required" },
	{ DONE ("{\"if\":{\"all\":[{\"fact\":\"deal.value\",\"op\":\"filled\"}]}}"), "/then/0/then", "required" },
	{ DONE ("{\"if\":{\"all\":[{\"fact\":\"deal.value\",\"op\":\"filled\"}]},\"then\":[{\"stop\":true}],\"else\":[]}"), "/then/0/else",
	  "required" },
};

static void refusals (void)
{
	for (size_t i = 0; i < LENGTH (bad); i++) {
		struct problem problem = { 0 };
		struct rule rule = { .n_steps = 77 };
		CHECK (rule_read (&arena, bad[i].json, &rule, &problem) == REFUSED && rule.n_steps == 77);
		CHECK (rule_read (&arena, bad[i].json, &rule, NULL) == REFUSED);
		CHECK (problem.n_errors == 1);
		CHECK_TEXT (problem.errors[0].pointer, bad[i].pointer);
		CHECK_TEXT (problem.errors[0].code, bad[i].code);
		CHECK (problem.errors[0].detail && *problem.errors[0].detail);
	}
}

/* ---- limits: the most is taken, one more is not ---- */

static const char *repeated (const char *before, const char *one, size_t n, const char *after)
{
	struct buffer out = { 0 };
	buffer_text (&out, before);
	for (size_t i = 0; i < n; i++) {
		buffer_text (&out, i ? "," : "");
		buffer_text (&out, one);
	}
	buffer_text (&out, after);
	const char *ret = arena_copy (&arena, (const char *) out.at, out.n);
	buffer_fini (&out);
	return ret;
}

static void limit (const char *before, const char *one, size_t most, const char *after, const char *pointer, const char *code)
{
	struct rule rule;
	struct problem problem = { 0 };
	CHECK (rule_read (&arena, repeated (before, one, most, after), &rule, &problem) == OK);
	CHECK (rule_read (&arena, repeated (before, one, most + 1, after), &rule, &problem) == REFUSED && problem.n_errors == 1);
	CHECK_TEXT (problem.errors[0].pointer, pointer);
	CHECK_TEXT (problem.errors[0].code, code);
}

static const char *branches (size_t deep)
{
	struct buffer out = { 0 };
	buffer_text (&out, "{\"when\":{\"event\":\"invoice.paid\"},\"then\":[");
	for (size_t i = 0; i < deep; i++)
		buffer_text (&out, "{\"if\":{\"all\":[{\"fact\":\"deal.value\",\"op\":\"filled\"}]},\"then\":[");
	buffer_text (&out, "{\"stop\":true}");
	for (size_t i = 0; i < deep; i++)
		buffer_text (&out, "]}");
	buffer_text (&out, "]}");
	const char *ret = arena_copy (&arena, (const char *) out.at, out.n);
	buffer_fini (&out);
	return ret;
}

static void limits (void)
{
	struct rule rule;
	struct problem problem = { 0 };
	limit ("{\"when\":{\"event\":\"deal.created\"},\"if\":{\"all\":[{\"any\":[", "{\"fact\":\"event.title\",\"op\":\"filled\"}",
	       RULE_CONDITIONS_MOST, "]}]}," STOP, "/if/all/0/any", "too_many");
	limit ("{\"when\":{\"event\":\"deal.created\"},\"then\":[", "{\"wait\":{\"days\":1}}", RULE_STEPS_MOST, "]}", "/then", "too_many");
	limit ("{\"when\":{\"event\":\"deal.created\"},\"if\":{\"all\":[{\"fact\":\"event.title\",\"op\":\"is\",\"value\":[", "\"x\"",
	       RULE_WORDS_MOST, "]}]}," STOP, "/if/all/0/value", "too_many");
	char word[RULE_WORD_BYTES + 2] = "";
	memset (word, 'x', RULE_WORD_BYTES);
	CHECK (rule_read (&arena, arena_printf (&arena, ASKED ("{\"fact\":\"event.title\",\"op\":\"is\",\"value\":\"%s\"}"), word), &rule,
			  &problem) == OK);
	word[RULE_WORD_BYTES] = 'x';
	CHECK (rule_read (&arena, arena_printf (&arena, ASKED ("{\"fact\":\"event.title\",\"op\":\"is\",\"value\":\"%s\"}"), word), &rule,
			  &problem) == REFUSED);
	CHECK_TEXT (problem.errors[0].code, "too_long");
	limit ("{\"when\":{\"event\":\"deal.created\"},\"if\":{\"all\":[{\"fact\":\"event.title\",\"op\":\"filled\"},{\"none\":[",
	       "{\"fact\":\"event.title\",\"op\":\"filled\"}", RULE_CONDITIONS_MOST - 1, "]}]}," STOP, "/if/all/1/none/49", "too_many");
	CHECK (rule_read (&arena, branches (RULE_DEPTH_MOST), &rule, NULL) == OK && rule.n_steps == RULE_DEPTH_MOST + 1);
	CHECK (rule_read (&arena, branches (RULE_DEPTH_MOST + 1), &rule, NULL) == REFUSED);
	char *blanks = arena_alloc (&arena, RULE_BYTES_MOST + 2);
	memset (blanks, ' ', RULE_BYTES_MOST + 1);
	memcpy (blanks, good[0].read, strlen (good[0].read));
	CHECK (rule_read (&arena, blanks, &rule, &problem) == REFUSED);
	blanks[RULE_BYTES_MOST] = '\0';
	CHECK (rule_read (&arena, blanks, &rule, &problem) == OK);
}

/* ---- the structs ---- */

/* Facts are there once; conditions are numbered as they stand, in each tree from 1; steps through the whole rule. */
static void numbers (void)
{
	struct rule rule;
	CHECK (rule_read (
		       &arena,
		       DONE ("{\"wait\":{\"days\":1}},{\"if\":{\"any\":[{\"fact\":\"deal.title\",\"op\":\"filled\"},{\"none\":[{\"fact\":\"deal.title\","
			     "\"op\":\"is\",\"value\":\"x\"}]},{\"fact\":\"event.deal_id\",\"op\":\"filled\"}]},\"then\":[{\"wait\":{\"days\":1}}],\"else\":"
			     "[{\"wait\":{\"days\":1}},{\"wait\":{\"days\":1}}]},{\"do\":\"deal_move\",\"with\":{\"deal_id\":{\"fact\":\"event.deal_id\"},\"stage\":\"won\"}}"),
		       &rule, NULL) == OK);
	const struct step *branch = &rule.steps.at[1], *last = &rule.steps.at[2];
	const struct node *of = branch->branch.root->at;
	CHECK (!rule.conditions.root && rule.n_facts == 2 && rule.n_steps == 6 && rule.steps.n == 3);
	CHECK (branch->number == 2 && branch->yes.at[0].number == 3 && branch->no.at[1].number == 5 && last->number == 6);
	CHECK (branch->branch.n == 3 && of[0].condition.number == 1 && of[1].at[0].condition.number == 2 && of[2].condition.number == 3);
	CHECK (of[0].condition.fact == of[1].at[0].condition.fact && of[2].condition.fact == last->with[0].fact);
	CHECK (last->with[0].kind == GIVEN_FACT && !last->with[0].json && last->with[1].kind == GIVEN_PLAIN);
	CHECK (rule.fact[last->with[0].fact].of == FACT_OF_EVENT && rule.fact[of[0].condition.fact].of == FACT_OF_RECORD);
}

/* Of each command that a rule may ask for: what it makes is known, by the words of its table. */
static void made (void)
{
	struct made found;
	size_t n = 0;
	for (size_t i = 0; all_records[i]; i++) {
		const struct record *r = all_records[i];
		bool makes = r->class == RECORD_COMMAND && asked_permission (r->name) >= 0 && command_makes (r, &found);
		for (size_t k = 0; r->class == RECORD_COMMAND && asked_permission (r->name) >= 0 && k < r->n_fields; k++) {
			const struct field *f = &r->fields[k];
			bool its = (f->flags & KEY) == KEY && strncmp (f->doc, "its id", 6) == 0;
			CHECK (!its || (makes && found.field == f && !found.only_with));
			n += its;
		}
	}
	CHECK (n && command_makes (&invoice_from_quote_record, &found) && !strcmp (found.only_with->name, "percent"));
	CHECK (!command_makes (&deal_move_record, &found));
}

/* Rights: of the command alone, and one more where a deal is handed on; a right for what is not done is none. */
static void test_rights (void)
{
	static const struct {
		const char *then;
		uint64_t expected;
	} step[] = {
		{ "{\"do\":\"deal_update\",\"with\":{\"deal_id\":{\"fact\":\"event.deal_id\"},\"notes\":\"x\"}}",
		  1 << PERMISSION_crm_edit },
		{ "{\"do\":\"deal_update\",\"with\":{\"deal_id\":{\"fact\":\"event.deal_id\"},\"owner_id\":\"" ID "\"}}",
		  1 << PERMISSION_crm_edit | 1 << PERMISSION_crm_edit_salesman_prospect },
		{ "{\"do\":\"deal_update\",\"with\":{\"deal_id\":{\"fact\":\"event.deal_id\"},\"owner_id\":{\"pick\":[\"" ID
		  "\"],\"by\":\"load\"}}}",
		  1 << PERMISSION_crm_edit | 1 << PERMISSION_crm_edit_salesman_prospect },
		{ "{\"do\":\"activity_add\",\"with\":{\"kind\":\"task\",\"owner_id\":\"" ID "\"}}", 1 << PERMISSION_crm_edit },
		{ "{\"wait\":{\"days\":1}},{\"stop\":true}", 0 },
	};
	for (size_t i = 0; i < LENGTH (step); i++) {
		struct rule rule;
		struct problem problem = { 0 };
		CHECK (rule_read (&arena, arena_printf (&arena, DONE ("%s"), step[i].then), &rule, &problem) == OK);
		CHECK (rule.steps.n && step_permissions (rule.steps.at) == step[i].expected);
	}
}

/* What a step cannot do without, though its command can: each way of giving it is enough. */
static void test_lacks (void)
{
	static const struct {
		const char *then, *lacks;
	} step[] = {
		{ "{\"do\":\"activity_add\",\"with\":{\"kind\":\"task\",\"deal_id\":\"" ID "\"}}", "/then/0/with/subject" },
		{ "{\"do\":\"activity_add\",\"with\":{\"kind\":\"note\",\"contact_id\":\"" ID "\"}}", "/then/0/with/note" },
		{ "{\"do\":\"activity_add\",\"with\":{\"kind\":\"call\",\"account_id\":\"" ID "\"}}", NULL },
		{ "{\"do\":\"activity_add\",\"with\":{\"kind\":\"call\"}}", "/then/0/with/deal_id" },
		{ "{\"do\":\"notice_ring\",\"with\":{\"title\":\"x\"}}", "/then/0/with/user_id" },
		{ "{\"do\":\"notice_ring\",\"with\":{\"title\":\"x\",\"lead_id\":\"" ID "\"}}", NULL },
		{ "{\"do\":\"mail_send\",\"with\":{\"to\":[{\"email\":\"a@b.nl\"}],\"subject\":\"x\"}}", "/then/0/with/text" },
		{ "{\"do\":\"mail_send\",\"with\":{\"to\":[{\"email\":\"a@b.nl\"}],\"text\":\"x\"}}", "/then/0/with/subject" },
		{ "{\"do\":\"mail_send\",\"with\":{\"to\":[{\"email\":\"a@b.nl\"}],\"template_id\":\"" ID "\"}}", NULL },
		{ "{\"do\":\"order_create\",\"with\":{}}", "/then/0/with/deal_id" },
		{ "{\"do\":\"order_create\",\"with\":{\"document_id\":\"" ID "\"}}", NULL },
		{ "{\"stop\":true}", NULL },
		{ "{\"if\":{\"all\":[{\"fact\":\"deal.stage\",\"op\":\"filled\"}]},\"then\":[{\"stop\":true}],\"else\":[{\"wait\":{\"days\":1}},{\"do\":\"order_create\"}]}",
		  "/then/0/else/1/with/deal_id" },
	};
	for (size_t i = 0; i < LENGTH (step); i++) {
		struct rule rule;
		struct problem problem = { 0 };
		CHECK (rule_read (&arena, arena_printf (&arena, DONE ("%s"), step[i].then), &rule, &problem) == OK);
		CHECK ((rule_check (&arena, &rule, &problem) == OK) == !step[i].lacks);
		CHECK (!step[i].lacks || (problem.n_errors == 1 && !strcmp (problem.errors[0].pointer, step[i].lacks) &&
					  !strcmp (problem.errors[0].code, "required")));
	}
}

int main (void)
{
	arena_init (&arena);
	made ();
	forms ();
	refusals ();
	limits ();
	numbers ();
	test_rights ();
	test_lacks ();
	arena_fini (&arena);
	return test_end ();
}
