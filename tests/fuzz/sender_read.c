/* Fuzz target: what senders of leads say, and leads out of whatever JSON it is. The first byte says who sends. What is read is text, within its limits, and nothing that
 * was understood is a request for nothing. */
#include "fuzz.h"

#include "charset.h"
#include "../../services/lead-intake/sender.h"

static const char *const kinds[] = { "generic",	 "typeform", "tally",	 "webflow", "google_ads", "google_forms", "meta",
				     "whatsapp", "hubspot",  "calendly", "tawk",    "crisp",	  "intercom",	  "linkedin" };

static const char *no_header (const void *ctx, const char *name)
{
	(void) name;
	return ctx;
}

static void text_check (const char *text)
{
	assert (!text || text_is_utf8 ((struct bytes){ (const unsigned char *) text, strlen (text) }));
}

static void leads_check (struct arena *a, const json_t *tree)
{
	struct reading how = { .country = "NL", .dutch = true };
	struct lead_draft *lead;
	size_t n;
	leads_read (a, tree, &how, &lead, &n);
	for (size_t i = 0; i < n; i++) {
		assert (lead[i].name && *lead[i].name);
		text_check (lead[i].name);
		text_check (lead[i].has.email == HERE ? lead[i].email : NULL);
		text_check (lead[i].has.message == HERE ? lead[i].message : NULL);
	}
}

static void part_check (struct arena *a, const struct sender_part *part)
{
	text_check (part->external);
	text_check (part->talk.text);
	text_check (part->talk.thread);
	assert (part->what != SENDER_NOTHING || part->why);
	assert ((part->what != SENDER_LEAD && part->what != SENDER_TEST) || part->tree);
	assert (part->what != SENDER_TALK || (part->tree != NULL) != part->talk.ours || part->tree);
	if (part->tree && (json_is_array (part->tree) || json_object_size (part->tree)))
		leads_check (a, part->tree);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	struct arena a;
	struct reading_fault fault;
	json_t *tree;
	if (!size)
		return 0;
	arena_init (&a);
	const struct sender *s = sender_of (kinds[*data % LENGTH (kinds)]);
	struct bytes body = { data + 1, size - 1 };
	if (s) {
		struct sender_request r = { .method = "POST", .url = "https://crm.example/hooks/key", .header = no_header, .body = body };
		assert (sender_verify (s, (struct bytes){ (const unsigned char *) "a secret of its own", 19 }, &r) != SENDER_LATE);
	}
	if (body_read_json (&a, body, &tree, &fault) == OK) {
		size_t n = 0;
		struct sender_part *part = s ? sender_read (s, &a, tree, &n) : NULL;
		assert (!s || n);
		for (size_t i = 0; i < n; i++)
			part_check (&a, &part[i]);
		sender_parts_end (part, n);
		if (!s)
			leads_check (&a, tree);
		json_t *graph = sender_graph_lead (&a, tree);
		if (graph)
			leads_check (&a, graph);
		json_decref (graph);
		json_decref (tree);
	}
	arena_fini (&a);
	return 0;
}
