/* What a demo workspace does by itself: two rules of its own, one that waits and one that goes one of two ways, and an address that could be told of money.
 * Written last and as of now: it must never answer what the demo's past says, nor tell anybody outside. */
#include "demo_house.h"

#include <stdlib.h>
#include "clock.h"

static struct head head_now (const struct demo_house *h)
{
	struct head ret = { .workspace = h->id, .actor = h->user[0], .at = clock_now () };
	ret.grant = (struct grant){ .scope = SCOPE_WORKSPACE, .permissions = ~UINT64_C (0), .user = h->user[0] };
	return ret;
}

/* A rule that acts from now on; `body` is taken. */
static bool rule_write (const struct demo_house *h, const char *name, json_t *body)
{
	char *text = json_dumps (body, JSON_COMPACT);
	struct rule_add add = { .head = head_now (h), .name = name, .body = text, .enabled = true, .has.enabled = HERE };
	add.rule_id.uuid = uuid_v7 (add.head.at);
	struct answer a = ask_command (&rule_add_record, &add);
	free (text);
	json_decref (body);
	return !demo_fails ("rule", &a);
}

static json_t *filled (const char *fact)
{
	return json_pack ("{s[{ss ss}]}", "all", "fact", fact, "op", "filled");
}

static json_t *span_of (const char *unit, int n)
{
	return json_pack ("{si}", unit, n);
}

/* A step that puts something down about the event's deal or lead, for whoever that is of. */
static json_t *activity (const char *about, const char *kind, const char *subject, json_t *due)
{
	char fact[40];
	snprintf (fact, sizeof fact, "event.%s", about);
	return json_pack ("{ss s{ss ss s{ss} s{so}}}", "do", "activity_add", "with", "kind", kind, "subject", subject, about, "fact", fact,
			  "due_at", "in", due);
}

/* Three days after a quote was sent, and nobody has answered it, whoever's deal it is of is to call: what holds is asked then, not when it was sent. */
static bool quote_rule (const struct demo_house *h)
{
	json_t *open = json_pack ("{s[{ss ss} {ss ss s[s]}]}", "all", "fact", "event.deal_id", "op", "filled", "fact", "document.state",
				  "op", "is", "value", document_state_names[document_state_sent]),
	       *call = activity ("deal_id", "call", demo_said (h, "Bellen over de offerte", "Call about the quote"), span_of ("hours", 4));
	return rule_write (
		h, demo_said (h, "Offertes nabellen", "Call after a quote"),
		json_pack ("{s{ss so} so s[o]}", "when", "event", "quote.sent", "after", span_of ("days", 3), "if", open, "then", call));
}

/* Who left a number is called, who did not is written to. */
static bool lead_rule (const struct demo_house *h)
{
	json_t *call = activity ("lead_id", "call", demo_said (h, "Terugbellen", "Call back"), span_of ("hours", 4)),
	       *write = activity ("lead_id", "email", demo_said (h, "Terugschrijven", "Write back"), span_of ("days", 1)),
	       *branch = json_pack ("{so s[o] s[o]}", "if", filled ("event.phone"), "then", call, "else", write);
	return rule_write (h, demo_said (h, "Elke aanvraag krijgt antwoord", "Every request is answered"),
			   json_pack ("{s{ss} s[o]}", "when", "event", "lead.created", "then", branch));
}

/* Switched off, and of a host that does not exist. */
static bool address_make (const struct demo_house *h)
{
	struct hook_endpoint_add add = { .head = head_now (h),
					 .name = demo_said (h, "Boekhouding", "Bookkeeping"),
					 .url = "https://books.example/leadwire",
					 .events = "[\"invoice.*\",\"quote.accepted\"]",
					 .has = { .events = HERE, .enabled = HERE } };
	add.hook_endpoint_id.uuid = uuid_v7 (add.head.at);
	struct answer a = ask_command (&hook_endpoint_add_record, &add);
	return !demo_fails ("webhook", &a);
}

bool demo_rules (const struct demo_house *h)
{
	return quote_rule (h) && lead_rule (h) && address_make (h);
}
