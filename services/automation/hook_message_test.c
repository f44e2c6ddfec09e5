/* What endpoints may ask for, which events fit that, and the message that is made of one.
 * It must never pass a message that holds what is SECRET. */
#include <jansson.h>
#include <string.h>

#include "hooks.h"
#include "public_events.h"

#include "test.h"

static const char *wrong_of (const char *json, bool *ret_good)
{
	static char kept[100];
	const char *wrong;
	json_t *patterns = json_loads (json, JSON_DECODE_ANY, NULL);
	*ret_good = hook_patterns_good (patterns, &wrong);
	snprintf (kept, sizeof kept, "%s", wrong ? wrong : "-");
	json_decref (patterns);
	return kept;
}

static void patterns_are_checked (void)
{
	static const struct {
		const char *json;
		bool good;
		const char *wrong;
	} cases[] = {
		{ "[]", true, "-" },
		{ "[\"*\"]", true, "-" },
		{ "[\"deal.*\"]", true, "-" },
		{ "[\"deal.created\",\"invoice.paid\"]", true, "-" },
		{ "[\"deal.created\",\"deal.*\",\"deal.creatid\"]", false, "deal.creatid" },
		{ "[\"d*\"]", false, "d*" },		   /* a beginning ends at a point */
		{ "[\"deal.*.x\"]", false, "deal.*.x" },   /* a star ends it */
		{ "[\"*.created\"]", false, "*.created" }, /* and stands nowhere else */
		{ "[\"deal.**\"]", false, "deal.**" },
		{ "[\"\"]", false, "" },
		{ "[\"nothing.*\"]", false, "nothing.*" },
		{ "[\"action.wanted\"]", false, "action.wanted" }, /* never leaves the product */
		{ "[\"test.ping\"]", false, "test.ping" },	   /* is sent whatever is asked for */
		{ "[7]", false, "" },
		{ "[null]", false, "" },
		{ "{}", false, "-" },
		{ "\"deal.*\"", false, "-" },
		{ "null", false, "-" },
	};
	for (size_t i = 0; i < LENGTH (cases); i++) {
		bool good;
		const char *wrong = wrong_of (cases[i].json, &good);
		CHECK (good == cases[i].good && strcmp (wrong, cases[i].wrong) == 0);
	}
	json_t *many = json_array ();
	const char *wrong;
	for (int i = 0; i < HOOK_EVENTS; i++)
		json_array_append_new (many, json_string ("deal.*"));
	CHECK (hook_patterns_good (many, &wrong));
	json_array_append_new (many, json_string ("deal.*"));
	CHECK (!hook_patterns_good (many, &wrong) && !wrong);
	json_decref (many);
	CHECK (!hook_patterns_good (NULL, &wrong));
}

static bool wants (const char *json, const char *type)
{
	json_t *patterns = json_loads (json, 0, NULL);
	bool ret = hook_wants (patterns, type);
	json_decref (patterns);
	return ret;
}

static void types_fit (void)
{
	CHECK (wants ("[\"*\"]", "deal.created"));
	CHECK (wants ("[\"deal.*\"]", "deal.created"));
	CHECK (wants ("[\"lead.*\",\"deal.created\"]", "deal.created"));
	CHECK (!wants ("[]", "deal.created"));
	CHECK (!wants ("[\"deal.*\"]", "deals.created"));
	CHECK (!wants ("[\"deal.created\"]", "deal.created_again"));
	CHECK (!wants ("[\"deal.created_again\"]", "deal.created"));
	CHECK (!wants ("[\"deal.*\"]", "deal"));
	CHECK (!wants ("[\"deal.*\"]", "test.ping"));
	/* whatever is offered can be asked for by its name, by its beginning, and by a star */
	size_t n = 0;
	for (size_t i = 0; all_records[i]; i++) {
		const char *type = all_records[i]->type;
		if (!type || !event_is_public (all_records[i]))
			continue;
		char patterns[3][120];
		bool good;
		snprintf (patterns[0], sizeof patterns[0], "[\"%s\"]", type);
		snprintf (patterns[1], sizeof patterns[1], "[\"%.*s.*\"]", (int) strcspn (type, "."), type);
		snprintf (patterns[2], sizeof patterns[2], "[\"*\"]");
		for (size_t k = 0; k < LENGTH (patterns); k++) {
			wrong_of (patterns[k], &good);
			CHECK (good && wants (patterns[k], type));
		}
		n++;
	}
	CHECK (n > 20);
}

static struct uuid uuid_like (unsigned char b)
{
	struct uuid ret;
	memset (ret.b, b, sizeof ret.b);
	return ret;
}

static bool text_is (const json_t *o, const char *name, const char *wanted)
{
	const char *text = json_string_value (json_object_get (o, name));
	return text && strcmp (text, wanted) == 0;
}

static void a_message_says_what_happened (void)
{
	struct arena arena;
	arena_init (&arena);
	struct hook_endpoint_changed event = {
		.head = { .id = uuid_like (1), .workspace = uuid_like (2), .actor = uuid_like (3), .at = 1795428000000000 },
		.hook_endpoint_id = { uuid_like (4) },
		.name = "een \"naam\"\n\\ met tekens",
		.state = hook_state_gone
	};
	json_t *o = json_loads (hook_body (&arena, &hook_endpoint_changed_record, &event), JSON_REJECT_DUPLICATES, NULL);
	json_t *data = json_object_get (o, "data");
	CHECK (json_object_size (o) == 3 && text_is (o, "type", "hook_endpoint.changed") &&
	       text_is (o, "timestamp", "2026-11-23T10:00:00.000000Z"));
	CHECK (text_is (data, "workspace_id", "02020202-0202-0202-0202-020202020202"));
	CHECK (text_is (data, "actor_id", "03030303-0303-0303-0303-030303030303"));
	CHECK (text_is (data, "hook_endpoint_id", "04040404-0404-0404-0404-040404040404"));
	CHECK (text_is (data, "name", "een \"naam\"\n\\ met tekens") && text_is (data, "state", "gone"));
	json_decref (o);
	/* nobody did it */
	event.head.actor = (struct uuid){ 0 };
	o = json_loads (hook_body (&arena, &hook_endpoint_changed_record, &event), JSON_REJECT_DUPLICATES, NULL);
	CHECK (json_is_null (json_object_get (json_object_get (o, "data"), "actor_id")));
	json_decref (o);
	arena_fini (&arena);
}

/* An event of a kind with nothing in it but its texts, each the same word, and JSON that says nothing. */
static void *item_make (struct arena *a, const struct record *r, const char *word)
{
	char *item = arena_alloc (a, r->size);
	const char *nothing = "{}";
	memset (item, 0, r->size);
	for (size_t f = 0; f < r->n_fields; f++) {
		const struct field *field = &r->fields[f];
		if (field->kind != KIND_TEXT && field->kind != KIND_JSON)
			continue;
		memcpy (item + field->offset, field->kind == KIND_TEXT ? &word : &nothing, sizeof word);
		if (field->has)
			item[field->has] = HERE;
	}
	return item;
}

/* Whatever field of any event or command is SECRET is in no message; every message is JSON. */
static void no_secret_leaves (void)
{
	struct arena arena;
	arena_init (&arena);
	size_t secrets = 0, texts = 0;
	for (size_t i = 0; all_records[i]; i++) {
		struct record any = *all_records[i];
		const struct record *r = &any;
		if (r->class != RECORD_EVENT && r->class != RECORD_COMMAND)
			continue;
		any.type = "any.thing"; /* no event has what is SECRET today: commands do */
		const char *body = hook_body (&arena, r, item_make (&arena, r, "woord"));
		json_t *o = json_loads (body, 0, NULL), *data = json_object_get (o, "data");
		CHECK (json_is_object (data));
		for (size_t f = 0; f < r->n_fields; f++) {
			if (r->fields[f].kind != KIND_TEXT)
				continue;
			bool secret = r->fields[f].flags & SECRET;
			CHECK (!!json_object_get (data, r->fields[f].name) == !secret);
			secrets += secret;
			texts += !secret;
		}
		json_decref (o);
		arena_reset (&arena);
	}
	CHECK (texts > 50 && secrets > 5);
	printf ("%zu texts are told, %zu are secret\n", texts, secrets);
	arena_fini (&arena);
}

int main (void)
{
	patterns_are_checked ();
	types_fit ();
	a_message_says_what_happened ();
	no_secret_leaves ();
	return test_end ();
}
