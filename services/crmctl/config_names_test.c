/* Ids in rules and what they are called: wherever an id stands it becomes a name and again that id; a text never does; what nobody or several bear is told
 * with its place. */
#include "config_names.h"

#include "test.h"

static struct arena arena;

#define TEMPLATE "018f0a0a-0000-7000-8000-000000000001"
#define WEBHOOK "018f0a0a-0000-7000-8000-000000000002"
#define TAG "018f0a0a-0000-7000-8000-000000000003"
#define SEGMENT "018f0a0a-0000-7000-8000-000000000004"
#define STAGE "018f0a0a-0000-7000-8000-000000000005"
#define ANNA "018f0a0a-0000-7000-8000-000000000006"
#define BAS "018f0a0a-0000-7000-8000-000000000007"
#define OTHER "018f0a0a-0000-7000-8000-000000000008"

static void house (struct config_names *n)
{
	config_names_init (n);
	config_names_put (n, "template", "Welkom", TEMPLATE);
	config_names_put (n, "hook_endpoint", "Kassa", WEBHOOK);
	config_names_put (n, "tag", "vip", TAG);
	config_names_put (n, "segment", "Groot", SEGMENT);
	config_names_put (n, "stage", "sales/won", STAGE);
	config_names_put (n, "user", "Anna@Hier.nl", ANNA);
	config_names_put (n, "user", "bas@hier.nl", BAS);
	config_names_put (n, "tag", "dubbel", OTHER);
	config_names_put (n, "tag", "dubbel", ANNA);
	config_names_put (n, "deal", "geen naam", OTHER);
}

/* A body with ids, and the same with names; of those of which both are the same nothing has a name. */
static const struct {
	const char *ids, *names;
} bodies[] = {
	{ "{'when':{'event':'deal.created'},'then':[{'do':'deal_tag','with':{'tags':['" TAG "','" OTHER "']}}]}",
	  "{'when':{'event':'deal.created'},'then':[{'do':'deal_tag','with':{'tags':[{'tag':'vip'},'" OTHER "']}}]}" },
	{ "{'when':{'event':'deal.created'},'then':[{'do':'mail_send','with':{'template_id':'" TEMPLATE
	  "','to':[{'email':'anna@hier.nl'}]}}]}",
	  "{'when':{'event':'deal.created'},'then':[{'do':'mail_send','with':{'template_id':{'template':'Welkom'},'to':[{'email':'anna@hier.nl'}]}}]}" },
	{ "{'when':{'event':'deal.created'},'then':[{'do':'hook_send','with':{'hook_endpoint_id':'" WEBHOOK "'}}]}",
	  "{'when':{'event':'deal.created'},'then':[{'do':'hook_send','with':{'hook_endpoint_id':{'webhook':'Kassa'}}}]}" },
	{ "{'when':{'event':'deal.created'},'then':[{'do':'deal_update','with':{'owner_id':{'pick':['" ANNA "','" BAS "'],'by':'turn'}}}]}",
	  "{'when':{'event':'deal.created'},'then':[{'do':'deal_update','with':{'owner_id':{'pick':[{'person':'anna@hier.nl'},{'person':"
	  "'bas@hier.nl'}],'by':'turn'}}}]}" },
	{ "{'when':{'event':'deal.created'},'then':[{'do':'deal_update','with':{'owner_id':'" ANNA "'}}]}",
	  "{'when':{'event':'deal.created'},'then':[{'do':'deal_update','with':{'owner_id':{'person':'anna@hier.nl'}}}]}" },
	{ "{'when':{'event':'deal.created'},'if':{'all':[{'any':[{'fact':'deal.segments','op':'is','value':['" SEGMENT
	  "']}]},{'fact':'event.owner_id','op':'is_not','value':'" BAS "'}]},'then':[{'stop':true}]}",
	  "{'when':{'event':'deal.created'},'if':{'all':[{'any':[{'fact':'deal.segments','op':'is','value':[{'segment':'Groot'}]}]},{'fact':"
	  "'event.owner_id','op':'is_not','value':{'person':'bas@hier.nl'}}]},'then':[{'stop':true}]}" },
	{ "{'when':{'event':'deal.stage_changed'},'then':[{'if':{'none':[{'fact':'event.to_id','op':'is','value':'" STAGE
	  "'}]},'then':[{'do':'contact_tag','with':{'tags':['" TAG "']}}],'else':[{'do':'account_tag','with':{'tags':['" TAG "']}}]}]}",
	  "{'when':{'event':'deal.stage_changed'},'then':[{'if':{'none':[{'fact':'event.to_id','op':'is','value':{'stage':'sales/won'}}]},"
	  "'then':[{'do':'contact_tag','with':{'tags':[{'tag':'vip'}]}}],'else':[{'do':'account_tag','with':{'tags':[{'tag':'vip'}]}}]}]}" },
	/* texts, labels, other things' ids, facts */
	{ "{'when':{'event':'deal.created'},'if':{'all':[{'fact':'deal.tags','op':'is','value':['" TAG
	  "']}]},'then':[{'do':'deal_update','with':{'notes':'" TEMPLATE "','deal_id':'" OTHER "','custom':{'maat':{'tag':'vip'},'id':'" TAG
	  "'},'owner_id':{'fact':'event.owner_id'}}}]}",
	  NULL },
};

static json_t *json_of (const char *quoted)
{
	char *text = arena_copy (&arena, quoted, strlen (quoted));
	for (char *at = text; *at; at++)
		*at = *at == '\'' ? '"' : *at;
	json_t *ret = json_loads (text, 0, NULL);
	CHECK (ret);
	return ret;
}

static void never (void *ctx, const char *pointer, const char *code, const char *detail)
{
	(void) ctx;
	fprintf (stderr, "%s %s %s\n", pointer, code, detail);
	CHECK (!"nothing is wrong");
}

static void ids_are_names (void)
{
	struct config_names n;
	house (&n);
	for (size_t i = 0; i < LENGTH (bodies); i++) {
		json_t *body = json_of (bodies[i].ids), *ids = json_of (bodies[i].ids),
		       *names = json_of (bodies[i].names ? bodies[i].names : bodies[i].ids);
		config_names_show (&arena, &n, body);
		CHECK (json_equal (body, names));
		config_names_show (&arena, &n, body);
		CHECK (json_equal (body, names));
		CHECK (config_names_find (&arena, &n, body, never, NULL) && json_equal (body, ids));
		json_decref (body);
		json_decref (ids);
		json_decref (names);
	}
	config_names_fini (&n);
}

static void note (void *ctx, const char *pointer, const char *code, const char *detail)
{
	const char **all = ctx;
	CHECK (*detail);
	*all = arena_printf (&arena, "%s%s%s %s", *all, **all ? "; " : "", pointer, code);
}

static void what_is_not_there_is_told (void)
{
	struct config_names n;
	const char *all = "";
	char small[] =
		"{'when':{'event':'deal.created'},'if':{'all':[{'fact':'event.owner_id','op':'is','value':{'person':'BAS@hier.nl'}}]},'then':[{'if':{'all':["
		"{'fact':'deal.segments','op':'is','value':[{'segment':'Weg'}]}]},'then':[{'do':'deal_tag','with':{'tags':[{'tag':'vip'},{'tag':'dubbel'}]}}]},"
		"{'do':'deal_update','with':{'owner_id':{'pick':[{'person':'wie@daar.nl'}],'by':'load'}}}]}";
	house (&n);
	json_t *body = json_of (small);
	CHECK (!config_names_find (&arena, &n, body, note, &all));
	CHECK_TEXT (all, "/then/0/if/all/0/value/0 nobody; /then/0/then/0/with/tags/1 ambiguous; /then/1/with/owner_id/pick/0 nobody");
	json_decref (body);
	/* what a file brings is found before it is there, and what is there keeps its id */
	config_names_promise (&n, "template", "Nieuw");
	config_names_promise (&n, "template", "Welkom");
	config_names_promise (&n, "tag", "dubbel");
	json_t *promised = json_of (
		       "{'when':{'event':'deal.created'},'then':[{'do':'mail_send','with':{'template_id':{'template':'Nieuw'}}},{'do':'mail_send','with':"
		       "{'template_id':{'template':'Welkom'}}}]}"),
	       *as_it_was = json_deep_copy (promised);
	CHECK (config_names_find (&arena, &n, promised, never, NULL) && !json_equal (promised, as_it_was));
	config_names_show (&arena, &n, promised);
	CHECK (json_equal (promised, as_it_was));
	json_decref (promised);
	json_decref (as_it_was);
	config_names_fini (&n);
}

int main (void)
{
	arena_init (&arena);
	ids_are_names ();
	what_is_not_there_is_told ();
	arena_fini (&arena);
	return test_end ();
}
