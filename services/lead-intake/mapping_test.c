/* A source's own rules: what is refused and where, what each makes of a request, days and amounts as people write them; and that whatever stands in a request,
 * nothing that was not taken is lost. */
#include "mapping.h"

#include "rules.h"
#include "test.h"
#include "../../tests/values.h"

static struct arena arena;

static json_t *json_of (const char *quoted)
{
	char *text = arena_copy (&arena, quoted, strlen (quoted));
	for (char *at = text; *at; at++)
		*at = *at == '\'' ? '"' : *at;
	json_t *ret = json_loads (text, JSON_DECODE_ANY, NULL);
	CHECK (ret);
	return ret;
}

static const char *text_of (const char *quoted)
{
	char *text = arena_copy (&arena, quoted, strlen (quoted));
	for (char *at = text; *at; at++)
		*at = *at == '\'' ? '"' : *at;
	return text;
}

/* ---- reading ---- */

static void test_refused (void)
{
	static const struct {
		const char *rules, *faults;
	} cases[] = {
		{ "[", " not_json" },
		{ "{}", " not_a_list" },
		{ "['x']", "/0 not_an_object" },
		{ "[{}]", "/0/to required; /0/value required" },
		{ "[{'to':'naam','from':'x'}]", "/0/to not_a_choice" },
		{ "[{'to':'fields.','from':'x'}]", "/0/to not_a_choice" },
		{ "[{'to':'name','from':[]}]", "/0/from required" },
		{ "[{'to':'name','from':['a','']}]", "/0/from/1 required" },
		{ "[{'to':'name','from':['1','2','3','4','5','6','7','8','9','10','11']}]", "/0/from too_many" },
		{ "[{'to':'name','from':7}]", "/0/from not_a_string" },
		{ "[{'to':'name','from':'x','value':'y'}]", "/0/value unknown" },
		{ "[{'to':'name','from':'x','values':{}}]", "/0/values required" },
		{ "[{'to':'name','from':'x','values':[]}]", "/0/values not_an_object" },
		{ "[{'to':'name','from':'x','values':{'a':1}}]", "/0/values/a not_a_string" },
		{ "[{'to':'name','from':'x','values':{'a':'1',' A ':'2'}}]", "/0/values twice" },
		{ "[{'to':'name','from':'x','else':'y'}]", "/0/else unknown" },
		{ "[{'to':'name','from':'x','part':'middle'}]", "/0/part not_a_choice" },
		{ "[{'to':'name','from':'x','as':'time'}]", "/0/as not_a_choice" },
		{ "[{'to':'name','from':'x','when':'y'}]", "/0/when unknown" },
		{ "[{'to':'name','from':'x'},{'to':'name','value':'y'}]", "/1/to twice" },
		{ "[{'to':'fields.a','from':'x'},{'to':'fields.b','from':'x'},{'to':'fields.a','from':'y'}]", "/2/to twice" },
		{ "[{'read':'verse'}]", "/0/read not_a_choice" },
		{ "[{'read':'lines','to':'name'}]", "/0/to unknown" },
		{ "[{'at':''}]", "/0/at required" },
		{ "[{'at':'a'},{'to':'name','from':'x'},{'read':'json'}]", "/2 twice" },
	};
	for (size_t i = 0; i < LENGTH (cases); i++) {
		struct mapping_rules rules;
		struct problem problem = { 0 };
		const char *all = "";
		CHECK (mapping_read (&arena, text_of (cases[i].rules), &rules, &problem) == REFUSED);
		for (size_t k = 0; k < problem.n_errors; k++)
			all = arena_printf (&arena, "%s%s%s %s", all, k ? "; " : "", problem.errors[k].pointer, problem.errors[k].code);
		CHECK_TEXT (all, cases[i].faults);
	}
}

/* ---- one rule ---- */

#define REQUEST                                                                                                                                       \
	"{'klant':{'mail':'Piet@Klant.NL','naam':' Piet  de Vries '},'items':[{'sku':'A1'},{'sku':'B2'}],'1.3':'punt','size':'S ','leeg':'','nul':0," \
	"'ja':true,'veel':['a','b',['c']],'antwoorden':[{'name':'wens','value':'snel'},{'label':'plaats','value':'Delft'}],'prijs':12.5,"             \
	"'a':{'b':{'c':'diep'}},'a.b':'plat'}"

static void test_one (void)
{
	static const struct {
		const char *rule, *text;
		size_t n;
	} cases[] = {
		{ "{'to':'email','from':'klant.mail'}", "Piet@Klant.NL", 1 },
		{ "{'to':'name','from':'klant.naam'}", "Piet  de Vries", 1 },
		{ "{'to':'first_name','from':'klant.naam','part':'first'}", "Piet", 1 },
		{ "{'to':'last_name','from':'klant.naam','part':'last'}", "de Vries", 1 },
		{ "{'to':'last_name','from':'size','part':'last'}", NULL, 0 },
		{ "{'to':'phone','from':['leeg','weg','size']}", "S", 1 },
		{ "{'to':'message','from':['size','leeg','klant.mail'],'join':' / '}", "S / Piet@Klant.NL", 2 },
		{ "{'to':'form_type','value':'Offerte'}", "Offerte", 0 },
		{ "{'to':'fields.maat','from':'size','values':{'s':'Klein'}}", "Klein", 1 },
		{ "{'to':'fields.maat','from':'klant.mail','values':{'s':'Klein'}}", "Piet@Klant.NL", 1 },
		{ "{'to':'fields.maat','from':'klant.mail','values':{'s':'Klein'},'else':'Anders'}", "Anders", 1 },
		{ "{'to':'fields.maat','from':'size','values':{'s':''}}", NULL, 0 },
		{ "{'to':'fields.x','from':'items.1.sku'}", "B2", 1 },
		{ "{'to':'fields.x','from':'items.2.sku'}", NULL, 0 },
		{ "{'to':'fields.x','from':'items'}", NULL, 0 },
		{ "{'to':'fields.x','from':'1.3'}", "punt", 1 },
		{ "{'to':'fields.x','from':'antwoorden.wens'}", "snel", 1 },
		{ "{'to':'fields.x','from':'antwoorden.plaats'}", "Delft", 1 },
		{ "{'to':'fields.x','from':'veel'}", "a, b", 1 },
		{ "{'to':'fields.x','from':'veel.0'}", "a", 1 },
		{ "{'to':'fields.x','from':'nul'}", "0", 1 },
		{ "{'to':'fields.x','from':'ja'}", "true", 1 },
		{ "{'to':'fields.x','from':'prijs'}", "12.5", 1 },
		{ "{'to':'fields.x','from':'prijs','as':'amount'}", "12.5", 1 },
		{ "{'to':'fields.x','from':'size','as':'amount'}", NULL, 0 },
		{ "{'to':'fields.x','from':'size','as':'date'}", NULL, 0 },
		{ "{'to':'fields.x','from':'a.b'}", "plat", 1 },
		{ "{'to':'fields.x','from':'a.b.c'}", "diep", 1 },
		{ "{'to':'fields.x','from':'.'}", NULL, 0 },
		{ "{'to':'fields.x','from':'a..c'}", NULL, 0 },
	};
	json_t *request = json_of (REQUEST);
	for (size_t i = 0; i < LENGTH (cases); i++) {
		struct mapping_rules rules;
		CHECK (mapping_read (&arena, arena_printf (&arena, "[%s]", text_of (cases[i].rule)), &rules, NULL) == OK && rules.n == 1);
		struct mapped got = mapping_apply (&arena, rules.rule, request);
		if (cases[i].text)
			CHECK_TEXT (got.text, cases[i].text);
		else
			CHECK (!got.text);
		CHECK (got.n == cases[i].n);
	}
	json_decref (request);
}

/* ---- days and amounts ---- */

static void test_days (void)
{
	static const struct {
		const char *typed, *is;
	} cases[] = {
		{ "31-12-2026", "2026-12-31" },
		{ "1/2/2026", "2026-02-01" },
		{ "12/31/2026", "2026-12-31" },
		{ "31.12.26", "2026-12-31" },
		{ "2026-12-31", "2026-12-31" },
		{ "2026/1/5", "2026-01-05" },
		{ "2026-12-31T10:00:00Z", "2026-12-31" },
		{ "31 december 2026", "2026-12-31" },
		{ "Dec 31, 2026", "2026-12-31" },
		{ "31st of Dec 2026", "2026-12-31" },
		{ "31 mei 2026", "2026-05-31" },
		{ "5 mrt 2026", "2026-03-05" },
		{ "5 okt. 26", "2026-10-05" },
		{ "do 31 december 2026", "2026-12-31" },
		{ "29-02-2026", NULL },
		{ "29-02-2028", "2028-02-29" },
		{ "31-4-2026", NULL },
		{ "13/13/2026", NULL },
		{ "morgen", NULL },
		{ "12-2026", NULL },
		{ "", NULL },
		{ "1-1-1899", NULL },
		{ "12345-1-1", NULL },
		{ "1 2 3", NULL },
		{ "december 2026", NULL },
		{ "1-2-3-4", NULL },
	};
	for (size_t i = 0; i < LENGTH (cases); i++) {
		const char *got = date_typed (&arena, cases[i].typed);
		if ((got && cases[i].is ? strcmp (got, cases[i].is) : got != cases[i].is) != 0)
			fprintf (stderr, "%s is %s, not %s\n", cases[i].typed, got ? got : "none", cases[i].is ? cases[i].is : "none");
		CHECK (got ? cases[i].is && !strcmp (got, cases[i].is) : !cases[i].is);
	}
}

static void test_amounts (void)
{
	static const struct {
		const char *typed, *is;
	} cases[] = {
		{ "1234", "1234" },
		{ "1.234,56", "1234.56" },
		{ "1,234.56", "1234.56" },
		{ "\xe2\x82\xac 1.234,56", "1234.56" },
		{ "1.234", "1234" },
		{ "1,234", "1234" },
		{ "12,5", "12.5" },
		{ "12.50", "12.50" },
		{ "1.234.567", "1234567" },
		{ "1 234,5", "1234.5" },
		{ "EUR 12", "12" },
		{ "12 euro", "12" },
		{ "12,-", "12" },
		{ "-3.50", "-3.50" },
		{ "\xe2\x82\xac -3,50", "-3.50" },
		{ "1'234.50", "1234.50" },
		{ "1.23.4", NULL },
		{ "12.345,6.7", NULL },
		{ "abc", NULL },
		{ "", NULL },
		{ "12 kg", NULL },
		{ "1,2345", "1.2345" },
		{ "1234.567,8", NULL },
		{ ",5", NULL },
		{ "$", NULL },
		{ "1..2", NULL },
	};
	for (size_t i = 0; i < LENGTH (cases); i++) {
		const char *got = amount_typed (&arena, cases[i].typed);
		if (got ? !cases[i].is || strcmp (got, cases[i].is) : cases[i].is != NULL)
			fprintf (stderr, "%s is %s, not %s\n", cases[i].typed, got ? got : "none", cases[i].is ? cases[i].is : "none");
		CHECK (got ? cases[i].is && !strcmp (got, cases[i].is) : !cases[i].is);
	}
}

/* ---- a whole lead ---- */

static struct lead_draft lead_of (const char *rules, const char *request)
{
	struct mapping_rules read = { 0 };
	struct lead_draft *lead;
	size_t n;
	json_t *tree = json_of (request);
	CHECK (!rules || mapping_read (&arena, text_of (rules), &read, NULL) == OK);
	struct reading how = { .kind = source_kind_generic, .country = "NL", .dutch = true, .rules = rules ? &read : NULL };
	leads_read (&arena, tree, &how, &lead, &n);
	CHECK (n == 1);
	json_decref (tree);
	return *lead;
}

static void test_leads (void)
{
	static const char request[] =
		"{'naam':'Vorm','q7':'piet@klant.nl','q8':'06 12345678','q9':'Snel','wanneer':'31-12-2026','rest':'blijft','email':'oud@klant.nl'}";
	struct lead_draft d = lead_of (NULL, request);
	CHECK_TEXT (d.name, "Vorm");
	CHECK_TEXT (d.email, "oud@klant.nl");
	d = lead_of (
		"[{'to':'email','from':'q7'},{'to':'phone','from':'q8'},{'to':'message','from':['q9','rest'],'join':'; '},"
		"{'to':'form_type','value':'Offerte'},{'to':'fields.datum','from':'wanneer','as':'date'},{'to':'company','from':'weg'}]",
		request);
	CHECK_TEXT (d.name, "Vorm");
	CHECK_TEXT (d.email, "piet@klant.nl");
	CHECK_TEXT (d.phone, "+31612345678");
	CHECK_TEXT (d.message, "Snel; blijft");
	CHECK_TEXT (d.form_type, "Offerte");
	CHECK (d.has.company != HERE);
	CHECK_TEXT (d.fields, "{\"email\":\"oud@klant.nl\",\"datum\":\"2026-12-31\"}"); /* what a rule stood before stays */
	/* what a rule cannot read is read as ever, and stays */
	d = lead_of ("[{'to':'email','from':'q9'},{'to':'fields.datum','from':'q9','as':'date'}]", request);
	CHECK_TEXT (d.email, "oud@klant.nl");
	CHECK_TEXT (d.fields,
		    "{\"q7\":\"piet@klant.nl\",\"q8\":\"06 12345678\",\"q9\":\"Snel\",\"wanneer\":\"31-12-2026\",\"rest\":\"blijft\"}");
	/* yes, no and nothing are one value each wherever they stand */
	d = lead_of ("[{'to':'fields.a','from':'x'},{'to':'message','value':'Dag'},{'to':'company','from':'z'}]",
		     "{'naam':'P','x':true,'y':true,'z':false,'leeg':null}");
	CHECK_TEXT (d.company, "false");
	CHECK_TEXT (d.fields, "{\"x\":true,\"y\":true,\"z\":false,\"leeg\":null,\"a\":\"true\"}");
	/* one value for two fields */
	d = lead_of ("[{'to':'first_name','from':'naam','part':'first'},{'to':'last_name','from':'naam','part':'last'}]",
		     "{'naam':'Piet de Vries'}");
	CHECK_TEXT (d.name, "Piet de Vries");
	CHECK_TEXT (d.first_name, "Piet");
	CHECK_TEXT (d.last_name, "de Vries");
	CHECK (d.has.fields != HERE);
}

/* Every text of a request is in the lead, whatever the rules: in a field, or among the others. */
static void test_nothing_is_lost (void)
{
	static const char *const keys[] = { "naam", "email", "q1", "q2", "vraag", "plaats" };
	for (int round = 0; round < 3000; round++) {
		const char *request = "{", *rules = "[";
		size_t n = 1 + (size_t) rand () % LENGTH (keys), made = 0;
		for (size_t i = 0; i < n; i++)
			request = arena_printf (&arena, "%s%s'%s':'w%zu@x.nl'", request, i ? "," : "", keys[i], i);
		for (size_t i = 0; i < LENGTH (keys); i++) {
			static const char *const to[] = { "name", "email", "company", "message", "fields.a", "fields.b" };
			if (rand () % 2)
				rules = arena_printf (&arena, "%s%s{'to':'%s','from':'%s'}", rules, made++ ? "," : "", to[i],
						      keys[(size_t) rand () % LENGTH (keys)]);
		}
		struct lead_draft d = lead_of (arena_printf (&arena, "%s]", rules), arena_printf (&arena, "%s}", request));
		for (size_t i = 0; i < n; i++) {
			const char *word = arena_printf (&arena, "w%zu@x.nl", i);
			bool there = strstr (d.name, word) || (d.email && !strcmp (d.email, word)) ||
				     (d.company && !strcmp (d.company, word)) || (d.message && !strcmp (d.message, word)) ||
				     (d.fields && strstr (d.fields, word));
			CHECK (there);
		}
		arena_reset (&arena);
	}
}

int main (void)
{
	arena_init (&arena);
	srand (20261123);
	test_refused ();
	test_one ();
	test_days ();
	test_amounts ();
	test_leads ();
	test_nothing_is_lost ();
	arena_fini (&arena);
	return test_end ();
}
