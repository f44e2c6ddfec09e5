/* Templates: what they become for whom, in both languages and every form; every fault with its place; and the limits. */
#include "template.h"

#include <stdlib.h>
#include "test.h"

static const struct template_place places[] = {
	{ "contact.first_name", TEMPLATE_IS_TEXT },
	{ "contact.age", TEMPLATE_IS_NUMBER },
	{ "deal.title", TEMPLATE_IS_TEXT },
	{ "deal.value", TEMPLATE_IS_MONEY },
	{ "deal.due", TEMPLATE_IS_DATE },
	{ "quote.lines", TEMPLATE_IS_LIST },
	{ "quote.lines.text", TEMPLATE_IS_TEXT },
	{ "quote.lines.price", TEMPLATE_IS_MONEY },
	{ "quote.lines.parts", TEMPLATE_IS_LIST },
	{ "quote.lines.parts.name", TEMPLATE_IS_TEXT },
	{ NULL, TEMPLATE_IS_TEXT },
};

static const char values[] =
	"{\"contact\":{\"first_name\":\"Ren\\u00e9 <b>\",\"age\":42,\"last_name\":null},"
	"\"deal\":{\"title\":\"Twee\\nregels & meer\",\"value\":{\"amount\":\"1234567.50\",\"currency\":\"EUR\"},\"due\":\"2026-11-21T09:00:00Z\"},"
	"\"quote\":{\"lines\":["
	"{\"text\":\"Scherm\",\"price\":{\"amount\":\"-12.00\",\"currency\":\"USD\"},\"parts\":[{\"name\":\"doek\"},{\"name\":\"buis\"}]},"
	"{\"text\":\"Montage\",\"price\":{\"amount\":\"100\",\"currency\":\"CHF\"},\"parts\":[]}]}}";

static const char *becomes (const char *text, const char *with, enum template_form form, enum template_language language)
{
	static char out[8000];
	struct arena a;
	struct template_error e;
	const char *ret = NULL;
	json_t *v = json_loads (with, 0, NULL);
	arena_init (&a);
	if (template_render (&a, text, places, v, form, language, &ret, &e) == OK)
		snprintf (out, sizeof out, "%s", ret);
	else
		snprintf (out, sizeof out, "%s %d:%d %s", template_fault_names[e.fault], e.line, e.column, e.name);
	arena_fini (&a);
	json_decref (v);
	return out;
}

static void rendered (void)
{
	static const struct {
		const char *text, *wanted;
		enum template_form form;
		enum template_language language;
	} cases[] = {
		{ "", "", TEMPLATE_PLAIN, TEMPLATE_EN },
		{ "no { tag } here {x} }} %}", "no { tag } here {x} }} %}", TEMPLATE_PLAIN, TEMPLATE_EN },
		{ "Hi {{contact.first_name}}!", "Hi René <b>!", TEMPLATE_PLAIN, TEMPLATE_EN },
		{ "Hi {{ contact.first_name }}!", "Hi René &lt;b&gt;!", TEMPLATE_HTML, TEMPLATE_EN },
		{ "Hi {{\xC2\xA0"
		  "contact.first_name\xC2\xA0}}!",
		  "Hi René <b>!", TEMPLATE_PLAIN, TEMPLATE_EN },
		{ "{{contact.first_name}}", "René \\<b\\>", TEMPLATE_MARKDOWN, TEMPLATE_EN },
		{ "Re: {{deal.title}}", "Re: Twee regels & meer", TEMPLATE_LINE, TEMPLATE_EN },
		{ "{{deal.title}}", "Twee<br>regels &amp; meer", TEMPLATE_HTML, TEMPLATE_EN },
		{ "{{contact.age}}", "42", TEMPLATE_PLAIN, TEMPLATE_EN },
		{ "{{deal.value | money}}", "€1,234,567.50", TEMPLATE_PLAIN, TEMPLATE_EN },
		{ "{{deal.value}}",
		  "€\xC2\xA0"
		  "1.234.567,50",
		  TEMPLATE_PLAIN, TEMPLATE_NL },
		{ "{{deal.due | date}}", "21 November 2026", TEMPLATE_PLAIN, TEMPLATE_EN },
		{ "{{deal.due}}", "21 november 2026", TEMPLATE_PLAIN, TEMPLATE_NL },
		{ "{% if deal.value %}yes{% else %}no{% end %}", "yes", TEMPLATE_PLAIN, TEMPLATE_EN },
		{ "{%for line in quote.lines%}{{line.text}} {{line.price}}; {%end%}",
		  "Scherm $-12.00; Montage CHF\xC2\xA0"
		  "100; ",
		  TEMPLATE_PLAIN, TEMPLATE_EN },
		{ "a\n  {% for l in quote.lines %}\n- {{l.text}}\n  {% end %}\nb", "a\n- Scherm\n- Montage\nb", TEMPLATE_PLAIN,
		  TEMPLATE_EN },
		{ "{% for l in quote.lines %}{{l.text}}:{% for p in l.parts %}{{p.name}},{% end %}{% if l.parts %}!{% end %} {% end %}",
		  "Scherm:doek,buis,! Montage: ", TEMPLATE_PLAIN, TEMPLATE_EN },
		{ "{% for deal in quote.lines %}{{deal.text}} {% end %}{{contact.age}}", "Scherm Montage 42", TEMPLATE_PLAIN, TEMPLATE_EN },
	};
	for (size_t i = 0; i < LENGTH (cases); i++)
		CHECK_TEXT (becomes (cases[i].text, values, cases[i].form, cases[i].language), cases[i].wanted);
}

static void emptiness (void)
{
	CHECK_TEXT (becomes ("Hi {{contact.first_name | default:\"there\"}}", "{}", TEMPLATE_PLAIN, TEMPLATE_EN), "Hi there");
	CHECK_TEXT (becomes ("Hi {{contact.first_name | default : \"}} %}\"}}", "{\"contact\":{\"first_name\":\"\"}}", TEMPLATE_PLAIN,
			     TEMPLATE_EN),
		    "Hi }} %}");
	CHECK_TEXT (becomes ("Hi {{contact.first_name}}.", "{\"contact\":null}", TEMPLATE_PLAIN, TEMPLATE_EN), "Hi .");
	CHECK_TEXT (becomes ("{{deal.value|money|default:\"free\"}}", "{}", TEMPLATE_PLAIN, TEMPLATE_EN), "free");
	CHECK_TEXT (becomes ("{% if deal.value %}a{% else %}b{% end %}", "{}", TEMPLATE_PLAIN, TEMPLATE_EN), "b");
	CHECK_TEXT (becomes ("{% if quote.lines %}a{% else %}b{% end %}", "{\"quote\":{\"lines\":[]}}", TEMPLATE_PLAIN, TEMPLATE_EN), "b");
	CHECK_TEXT (becomes ("[{% for l in quote.lines %}x{% end %}]", "{}", TEMPLATE_PLAIN, TEMPLATE_EN), "[]");
	/* values that are not what they should be say nothing, and break nothing */
	CHECK_TEXT (
		becomes (
			"{{deal.value}}|{{deal.due}}|{{contact.first_name}}|{% for l in quote.lines %}{{l.text}}{% end %}",
			"{\"deal\":{\"value\":{\"amount\":\"1e9\",\"currency\":\"EUR\"},\"due\":\"soon\"},\"contact\":{\"first_name\":[1]},"
			"\"quote\":{\"lines\":[1,null,{\"text\":\"x\"}]}}",
			TEMPLATE_PLAIN, TEMPLATE_EN),
		"|soon||x");
	/* what a value says is never a tag */
	CHECK_TEXT (becomes ("{{contact.first_name}}", "{\"contact\":{\"first_name\":\"{{deal.title}}\"}}", TEMPLATE_PLAIN, TEMPLATE_EN),
		    "{{deal.title}}");
	CHECK_TEXT (becomes ("{{contact.first_name}}", "{\"contact\":{\"first_name\":\"a\\r\\nBcc: x@y.example\"}}", TEMPLATE_LINE,
			     TEMPLATE_EN),
		    "a  Bcc: x@y.example");
	CHECK_TEXT (becomes ("<a title=\"{{contact.first_name}}\">", "{\"contact\":{\"first_name\":\"\\\" onx='\"}}", TEMPLATE_HTML,
			     TEMPLATE_EN),
		    "<a title=\"&quot; onx=&#39;\">");
}

static void faults (void)
{
	static const struct {
		const char *text, *wanted;
	} cases[] = {
		{ "Hello\nDear é {{contact.nickname}}", "unknown_place 2:10 contact.nickname" },
		{ "{{Contact.Name}}", "unknown_place 1:3 Contact.Name" },
		{ "{{deal}}", "unknown_place 1:3 deal" },
		{ "{{contact..first_name}}", "unknown_place 1:3 contact..first_name" },
		{ "{% if contact.hat %}{% end %}", "unknown_place 1:7 contact.hat" },
		{ "{% if deal.value %}{% else %}{{no.such}}{% end %}", "unknown_place 1:32 no.such" },
		{ "{% for l in quote.lines %}{{l.colour}}{% end %}", "unknown_place 1:29 l.colour" },
		{ "{% for l in quote.lines %}{% end %}{{l.text}}", "unknown_place 1:38 l.text" },
		{ "{{contact.first_name | upper}}", "unknown_filter 1:24 upper" },
		{ "{{contact.first_name | money}}", "wrong_filter 1:24 money" },
		{ "{{deal.value | date}}", "wrong_filter 1:16 date" },
		{ "{{quote.lines}}", "is_list 1:3 quote.lines" },
		{ "{% for l in deal.title %}{% end %}", "not_list 1:13 deal.title" },
		{ "{{}}", "not_read 1:3 " },
		{ "{{ contact.first_name | }}", "not_read 1:25 |" },
		{ "{{contact.first_name | default}}", "not_read 1:24 default" },
		{ "{{contact.first_name | default:x}}", "not_read 1:24 default" },
		{ "{{contact.first_name deal.title}}", "not_read 1:22 deal.title" },
		{ "{% while x %}", "not_read 1:1 while" },
		{ "{% for in quote.lines %}{% end %}", "not_read 1:8 for" },
		{ "{% if deal.value and deal.due %}{% end %}", "not_read 1:18 and" },
		{ "{{contact.first_name", "not_closed 1:1 {{" },
		{ "{{contact.first_name}", "not_closed 1:1 {{" },
		{ "a {% if deal.value %} b", "not_closed 1:3 if" },
		{ "{% for l in quote.lines %} b", "not_closed 1:1 for" },
		{ "{% end %}", "not_opened 1:1 end" },
		{ "{% else %}", "not_opened 1:1 else" },
		{ "{% for l in quote.lines %}{% else %}{% end %}", "not_opened 1:1 else" },
		{ "{% if deal.value %}{% else %}{% else %}{% end %}", "not_read 1:1 else" },
	};
	for (size_t i = 0; i < LENGTH (cases); i++) {
		struct template_error e;
		CHECK_TEXT (becomes (cases[i].text, values, TEMPLATE_PLAIN, TEMPLATE_EN), cases[i].wanted);
		CHECK (template_check (cases[i].text, places, &e) == REFUSED);
	}
}

static void limits (void)
{
	struct arena a;
	struct template_error e;
	const char *ret;
	char *text = calloc (1, TEMPLATE_MOST + 2);
	memset (text, 'x', TEMPLATE_MOST);
	CHECK (template_check (text, places, &e) == OK);
	text[TEMPLATE_MOST] = 'x';
	CHECK (template_check (text, places, &e) == REFUSED && e.fault == TEMPLATE_FAULT_too_long);
	*text = '\0';
	for (int i = 0; i < TEMPLATE_DEPTH_MOST; i++)
		strcat (text, "{%if deal.value%}");
	for (int i = 0; i < TEMPLATE_DEPTH_MOST; i++)
		strcat (text, "{%end%}");
	CHECK (template_check (text, places, &e) == OK);
	memmove (text + 17, text, strlen (text) + 1);
	CHECK (template_check (text, places, &e) == REFUSED && e.fault == TEMPLATE_FAULT_too_deep);
	*text = '\0';
	for (int i = 0; i < 100; i++) /* deeper than any stack of loops */
		strcat (text, "{%for a in quote.lines%}");
	CHECK (template_check (text, places, &e) == REFUSED && e.fault == TEMPLATE_FAULT_too_deep);
	/* eight loops over 50 lines inside each other would be 39 million million */
	json_t *lines = json_array (), *v = json_pack ("{s:{s:o}}", "quote", "lines", lines);
	for (int i = 0; i < 50; i++)
		json_array_append_new (lines, json_object ());
	*text = '\0';
	for (int i = 0; i < TEMPLATE_DEPTH_MOST; i++)
		strcat (text, "{%for a in quote.lines%}");
	for (int i = 0; i < TEMPLATE_DEPTH_MOST; i++)
		strcat (text, "{%end%}");
	arena_init (&a);
	CHECK (template_check (text, places, &e) == OK);
	CHECK (template_render (&a, text, places, v, TEMPLATE_PLAIN, TEMPLATE_EN, &ret, &e) == REFUSED &&
	       e.fault == TEMPLATE_FAULT_too_long);
	strcpy (text, "{%for a in quote.lines%}");
	memset (text + 24, 'x', 40000);
	text[24 + 40000] = '\0';
	strcat (text, "{%end%}");
	CHECK (template_render (&a, text, places, v, TEMPLATE_PLAIN, TEMPLATE_EN, &ret, &e) == REFUSED &&
	       e.fault == TEMPLATE_FAULT_too_long);
	arena_fini (&a);
	json_decref (v);
	free (text);
}

static void names (void)
{
	struct arena a;
	arena_init (&a);
	const char *const *n = template_names (
		&a, "{{deal.title}}{% for l in quote.lines %}{{l.text}}{{l.text}}{% end %}{{deal.title}}{% if deal.due %}{% end %}",
		places);
	CHECK_TEXT (n[0], "deal.title");
	CHECK_TEXT (n[1], "quote.lines");
	CHECK_TEXT (n[2], "quote.lines.text");
	CHECK_TEXT (n[3], "deal.due");
	CHECK (!n[4]);
	CHECK (!template_names (&a, "{{deal.title}}{{no}}", places)[0]);
	CHECK (!template_names (&a, "", places)[0]);
	arena_fini (&a);
}

int main (void)
{
	rendered ();
	emptiness ();
	faults ();
	limits ();
	names ();
	return test_end ();
}
