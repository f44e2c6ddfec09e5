/* The contract of what is said against the tables of today, and the documents against themselves. From the project's root.
 * Must never be made to pass by writing the contract anew when it says "incompatible": that is a new version of the event. */
#include <stdlib.h>
#include "docs.h"
#include "test.h"
#include "verbs.h"
#include "../../tests/values.h"

static const char CONTRACT[] = "docs/contract/events.json";

static void contract_is_kept (void)
{
	json_error_t error;
	json_t *contract = json_load_file (CONTRACT, JSON_REJECT_DUPLICATES, &error), *today = docs_events ();
	CHECK (contract != NULL);
	json_t *found = contract ? contract_differences (contract, today) : json_array ();
	bool broken = false;
	for (size_t i = 0; i < json_array_size (found); i++) {
		const char *what = json_string_value (json_array_get (found, i));
		broken = broken || strncmp (what, "incompatible", 12) == 0;
		fprintf (stderr, "%s\n", what);
	}
	if (broken)
		fprintf (
			stderr,
			"What was said stays readable: undo it, or keep the record and write a next version beside it (proto/README.md).\n");
	else if (json_array_size (found))
		fprintf (stderr, "Allowed; tell the contract: build/crmctl docs events >%s\n", CONTRACT);
	CHECK (json_array_size (found) == 0);
	CHECK (json_array_size (found) || json_equal (contract, today));
	json_decref (found);
	json_decref (today);
	json_decref (contract);
}

/* ---- the comparison itself ---- */

static const char PROMISED[] = "{\"events\":{\"a.b:1\":{\"type\":\"a.b\",\"version\":1,\"source\":\"s\",\"fields\":["
			       "{\"name\":\"x\",\"kind\":\"text\",\"flags\":[\"REQUIRED\"],\"limit\":100},"
			       "{\"name\":\"y\",\"kind\":\"i64\",\"flags\":[]},"
			       "{\"name\":\"z\",\"kind\":\"enum\",\"flags\":[],\"of\":\"e\",\"values\":[\"p\",\"q\"]}]}},"
			       "\"parts\":{\"p\":{\"fields\":[{\"name\":\"x\",\"kind\":\"id\",\"of\":\"n\",\"flags\":[]}]}}}";

/* Each edit replaces the first text by the second; what is found begins with the third (null: nothing is). */
static const struct {
	const char *was, *becomes, *found;
} edits[] = {
	{ "\"x\"", "\"x\"", NULL },
	{ "\"name\":\"y\",\"kind\":\"i64\"", "\"name\":\"yy\",\"kind\":\"i64\"", "incompatible: a.b:1.y is gone" },
	{ "\"kind\":\"i64\"", "\"kind\":\"text\"", "incompatible: a.b:1.y is of another kind" },
	{ "\"i64\",\"flags\":[]", "\"i64\",\"flags\":[\"REQUIRED\"]", "incompatible: a.b:1.y became REQUIRED" },
	{ "[\"REQUIRED\"]", "[]", "incompatible: a.b:1.x is REQUIRED no more" },
	{ "100", "99", "incompatible: a.b:1.x has a lower limit" },
	{ "100", "101", "new: a.b:1.x changed" },
	{ "[\"REQUIRED\"]", "[\"REQUIRED\",\"PERSONAL\"]", "new: a.b:1.x changed" },
	{ "\"p\",\"q\"", "\"p\"", "incompatible: a.b:1.z lost a value" },
	{ "\"p\",\"q\"", "\"p\",\"q\",\"r\"", "new: a.b:1.z changed" },
	{ "\"of\":\"n\"", "\"of\":\"m\"", "incompatible: p.x is of another kind" },
	{ "\"limit\":100},", "\"limit\":100},{\"name\":\"w\",\"kind\":\"i64\",\"flags\":[]},", "new: a.b:1.w is not in the contract" },
	{ "\"limit\":100},", "\"limit\":100},{\"name\":\"w\",\"kind\":\"i64\",\"flags\":[\"REQUIRED\"]},",
	  "incompatible: a.b:1.w is new and REQUIRED" },
	{ "a.b:1", "a.b:2", "incompatible: a.b:1 is gone" },
	{ "\"source\":\"s\"", "\"source\":\"t\"", "incompatible: a.b:1 is said by another service" },
};

static void edits_are_judged (void)
{
	for (size_t i = 0; i < LENGTH (edits); i++) {
		struct buffer text = { 0 };
		const char *at = strstr (PROMISED, edits[i].was);
		buffer_add (&text, PROMISED, (size_t) (at - PROMISED));
		buffer_text (&text, edits[i].becomes);
		buffer_text (&text, at + strlen (edits[i].was));
		json_t *promised = json_loads (PROMISED, 0, NULL), *today = json_loadb ((char *) text.at, text.n, 0, NULL);
		json_t *found = contract_differences (promised, today);
		const char *first = json_string_value (json_array_get (found, 0));
		bool good = edits[i].found ? first && strncmp (first, edits[i].found, strlen (edits[i].found)) == 0 : !first;
		if (!good)
			fprintf (stderr, "%s: %s\n", edits[i].becomes, first ? first : "nothing");
		CHECK (good);
		json_decref (found);
		json_decref (today);
		json_decref (promised);
		buffer_fini (&text);
	}
}

/* ---- the documents ---- */

static json_t *followed (json_t *document, const char *ref)
{
	json_t *at = document;
	while (at && *ref) {
		char name[128];
		size_t n = strcspn (++ref, "/");
		snprintf (name, sizeof name, "%.*s", (int) n, ref);
		at = json_object_get (at, name);
		ref += n;
	}
	return at;
}

static bool refs_resolve (json_t *document, json_t *at)
{
	const char *name;
	json_t *member;
	bool good = true;
	json_object_foreach (at, name, member)
	{
		if (strcmp (name, "$ref") == 0 && !followed (document, json_string_value (member) + 1)) {
			fprintf (stderr, "%s leads nowhere\n", json_string_value (member));
			good = false;
		}
		good = refs_resolve (document, member) && good;
	}
	for (size_t i = 0; i < json_array_size (at); i++)
		good = refs_resolve (document, json_array_get (at, i)) && good;
	return good;
}

/* What a document promises of an event is what crmctl tail prints of it. */
static bool event_fits (json_t *asyncapi, const struct record *r, struct arena *a)
{
	struct head head = { .workspace = uuid_v7 (1),
			     .actor = uuid_v7 (1),
			     .id = uuid_v7 (1),
			     .correlation = uuid_v7 (1),
			     .causation = uuid_v7 (1),
			     .at = 1,
			     .recorded = 2,
			     .sequence = 3,
			     .depth = 1 };
	unsigned char *item = arena_alloc (a, r->size);
	record_fill (r, item, MOST, 0);
	struct heard heard = { .record = r, .head = &head, .data = item, .lane = 3 };
	struct buffer text = { 0 };
	event_json (&text, r->service, &heard);
	json_t *said = json_loadb ((char *) text.at, text.n, 0, NULL), *schemas = followed (asyncapi, "/components/schemas"), *member;
	json_t *envelope = json_object_get (json_object_get (schemas, "envelope"), "properties");
	json_t *data = json_object_get (json_object_get (schemas, r->name), "properties");
	const char *name;
	bool good = said && json_object_size (json_object_get (said, "data")) == json_object_size (data);
	json_object_foreach (said, name, member) good = good && json_object_get (envelope, name);
	json_object_foreach (json_object_get (said, "data"), name, member) good = good && json_object_get (data, name);
	json_t *required = json_object_get (json_object_get (schemas, "envelope"), "required");
	for (size_t i = 0; i < json_array_size (required); i++)
		good = good && json_object_get (said, json_string_value (json_array_get (required, i)));
	json_decref (said);
	buffer_fini (&text);
	return good;
}

static void every_event_is_told (void)
{
	struct arena a;
	arena_init (&a);
	values_begin (&a, 1);
	json_t *asyncapi = docs_asyncapi ();
	struct buffer types = { 0 };
	docs_types (&types);
	buffer_add (&types, "", 1);
	CHECK (refs_resolve (asyncapi, asyncapi));
	for (size_t i = 0; all_records[i]; i++) {
		const struct record *r = all_records[i];
		if (r->class != RECORD_EVENT)
			continue;
		char message[128], type[128];
		snprintf (message, sizeof message, "/channels/%s/messages/%s", r->service, r->name);
		snprintf (type, sizeof type, "\t'%s': ", r->type);
		bool good = followed (asyncapi, message) && strstr ((const char *) types.at, type) && event_fits (asyncapi, r, &a);
		if (!good)
			fprintf (stderr, "%s:\n", r->name);
		CHECK (good);
	}
	buffer_fini (&types);
	json_decref (asyncapi);
	arena_fini (&a);
}

static void the_api_is_told (void)
{
	json_t *openapi = docs_openapi ();
	CHECK (refs_resolve (openapi, openapi));
	json_t *move = json_object_get (json_object_get (json_object_get (openapi, "paths"), "/api/crm/deals/{deal_id}/stage"), "post");
	json_t *body = followed (move, "/requestBody/content");
	json_t *schema = json_object_get (json_object_get (body, "application/json"), "schema");
	CHECK (json_object_get (json_object_get (schema, "properties"), "stage") &&
	       !json_object_get (json_object_get (schema, "properties"), "deal_id"));
	CHECK_TEXT (json_string_value (json_object_get (move, "x-permission")), "crm-edit");
	json_decref (openapi);
}

int main (void)
{
	contract_is_kept ();
	edits_are_judged ();
	every_event_is_told ();
	the_api_is_told ();
	return test_end ();
}
