/* YAML as people keep in files, by libyaml: read into a tree that knows its lines, and written from JSON in one way only. A strict part of YAML 1.2: one
 * document of maps, lists and scalars. It must never take what two readers would read differently: no anchors, no tags, no name twice in a map. */
#ifndef LEADWIRE_YAML_FILE_H
#define LEADWIRE_YAML_FILE_H

#include <jansson.h>
#include "arena.h"

enum {
	YAML_BYTES_MOST = 8 << 20,
	YAML_DEPTH_MOST = 32,
	YAML_MEMBERS_MOST = 500,  /* of one map */
	YAML_ITEMS_MOST = 10000,  /* of one list */
	YAML_NODES_MOST = 300000, /* in all */
};

enum yaml_shape { YAML_PLAIN, YAML_QUOTED, YAML_LIST, YAML_MAP };
struct yaml_tree {
	enum yaml_shape shape;
	size_t line, column; /* from 1 */
	const char *name;    /* a map's member's */
	const char *text;    /* of PLAIN and QUOTED: valid UTF-8 without a NUL */
	size_t n;	     /* members or items */
	const struct yaml_tree *first, *next;
};

/* What is wrong, where. Codes: not_yaml, bad_text, too_long, too_deep, too_many, twice, not_plain (anchors, tags, names that are no words). */
struct yaml_fault {
	size_t line, column;
	const char *code, *detail;
};
/* REFUSED: the first thing that is wrong. An empty text is a map without members. */
enum status yaml_read (struct arena *a, struct bytes text, const struct yaml_tree **ret, struct yaml_fault *ret_fault) MUST_CHECK;

/* Nothing stands there: ~, null or empty, and not in quotes. */
bool yaml_is_null (const struct yaml_tree *t);
/* As JSON, a new reference: true, false, numbers as JSON writes them, null; all else plain, and all in quotes, is text. Null: a number that others would read
 * as one and JSON has not (012, 0x1f, +5, .5, or beyond 64 bits): it has to stand in quotes; *ret_at is where. */
json_t *yaml_value (const struct yaml_tree *t, const struct yaml_tree **ret_at);
/* What an RFC 6901 pointer leads to, or as far as it leads: a place to show for it. */
const struct yaml_tree *yaml_at (const struct yaml_tree *top, const char *pointer);

/* Appends `value` (an object or a list of anything JSON), in one form: two blanks deep, members in their order, quotes only where somebody could take a
 * text for something else, texts of many lines as such. What yaml_read and yaml_value give back of it equals it. */
void yaml_write (struct buffer *out, const json_t *value);

#endif
