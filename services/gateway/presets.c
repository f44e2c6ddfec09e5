/* The presets and the roles that proto/presets holds, in the binary.
 * A file that does not read is a bug of the build, found by the unit test and by the first start; never a refusal. */
#include "presets.h"

#include <assert.h>
#include <jansson.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"

/* The assembler takes a file's bytes as they are; the zero after them makes a C text of it. */
#define EMBED(symbol, file)                                                                                            \
	__asm__(".section .rodata\n.global embedded_" #symbol "\nembedded_" #symbol ":\n.incbin \"proto/presets/" file \
		"\"\n.byte 0\n.previous\n");                                                                           \
	extern const char embedded_##symbol[];

#define PRESETS(PRESET)                       \
	PRESET (nl_offerte_6, "nl-offerte-6") \
	PRESET (classic_6, "classic-6")       \
	PRESET (dynamics, "dynamics")         \
	PRESET (follow_up, "follow-up")       \
	PRESET (commerce, "commerce")

#define PRESET(symbol, name) EMBED (symbol, name ".json")
PRESETS (PRESET)
#undef PRESET
EMBED (roles, "roles.json")

static const struct {
	const char *name, *text;
} files[] = {
#define PRESET(symbol, name) { name, embedded_##symbol },
	PRESETS (PRESET)
#undef PRESET
};

static struct preset presets[LENGTH (files)];
static const char *page_text;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static const char *text_of (const json_t *preset, const char *key)
{
	const char *text = json_string_value (json_object_get (preset, key));
	assert (text);
	return heap_text (text);
}

static const char *array_of (const json_t *preset, const char *key)
{
	char *text = json_dumps (json_object_get (preset, key), JSON_COMPACT);
	assert (text);
	const char *ret = heap_text (text);
	free (text);
	return ret;
}

/* What a person wants to know before choosing. */
static json_t *page_of (json_t *preset)
{
	static const char *const parts[] = { "name",	"label_profile", "language", "currency",  "timezone",  "country",
					     "landing", "tabs",		 "header",   "move_mode", "admin_only" };
	json_t *ret = json_object (), *stages = json_array (), *stage;
	size_t i;
	for (i = 0; i < LENGTH (parts); i++)
		json_object_set (ret, parts[i], json_object_get (preset, parts[i]));
	json_array_foreach (json_object_get (json_array_get (json_object_get (preset, "pipelines"), 0), "stages"), i, stage)
	{
		json_array_append_new (stages, json_pack ("{s:O, s:O, s:O, s:O}", "key", json_object_get (stage, "key"), "kind",
							  json_object_get (stage, "kind"), "label", json_object_get (stage, "label"),
							  "colour", json_object_get (stage, "colour")));
	}
	json_object_set_new (ret, "stages", stages);
	json_object_set (ret, "catalogues", json_object_get (preset, "catalogues"));
	return ret;
}

/* What a lead made by hand has to say there, by its fields' names. */
static void intake_read (struct preset *preset, const json_t *intake)
{
	const json_t *list = json_object_get (intake, "required"), *name;
	const char **required = heap_alloc (json_array_size (list) * sizeof *required + 1);
	size_t i;
	json_array_foreach (list, i, name) required[i] = heap_text (json_string_value (name));
	preset->required = required;
	preset->n_required = json_array_size (list);
	preset->unique_email = json_is_true (json_object_get (intake, "unique_email"));
}

static void presets_read (void)
{
	json_t *page = json_array ();
	for (size_t i = 0; i < LENGTH (files); i++) {
		json_t *json = json_loads (files[i].text, JSON_REJECT_DUPLICATES, NULL);
		assert (json && strcmp (json_string_value (json_object_get (json, "name")), files[i].name) == 0);
		char *content = json_dumps (json, JSON_COMPACT | JSON_PRESERVE_ORDER);
		presets[i] = (struct preset){
			.name = files[i].name,
			.label_profile = text_of (json, "label_profile"),
			.language = text_of (json, "language"),
			.currency = text_of (json, "currency"),
			.timezone = text_of (json, "timezone"),
			.country = text_of (json, "country"),
			.landing = text_of (json, "landing"),
			.move_mode = text_of (json, "move_mode"),
			.tabs = array_of (json, "tabs"),
			.header = array_of (json, "header"),
			.admin_only = json_is_true (json_object_get (json, "admin_only")),
			.content = heap_text (content),
		};
		intake_read (&presets[i], json_object_get (json, "intake"));
		json_array_append_new (page, page_of (json));
		free (content);
		json_decref (json);
	}
	char *text = json_dumps (page, JSON_COMPACT | JSON_PRESERVE_ORDER);
	page_text = heap_text (text);
	free (text);
	json_decref (page);
}

const char *presets_page (void)
{
	pthread_once (&once, presets_read);
	return page_text;
}

const struct preset *preset_find (const char *name)
{
	pthread_once (&once, presets_read);
	for (size_t i = 0; i < LENGTH (presets); i++)
		if (strcmp (presets[i].name, name) == 0)
			return &presets[i];
	return NULL;
}

const char *presets_roles (void)
{
	return embedded_roles;
}
