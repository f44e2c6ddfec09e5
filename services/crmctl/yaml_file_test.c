/* YAML: what each word is, where things stand, what is refused and in which line; and that whatever is written is read as the same and written as the same
 * bytes again. */
#include "yaml_file.h"

#include <stdlib.h>
#include "test.h"

static struct arena arena;

static struct bytes bytes_of (const char *text)
{
	return (struct bytes){ (const unsigned char *) text, strlen (text) };
}

/* As JSON; or "line:column code". */
static const char *read_as (const char *text)
{
	const struct yaml_tree *tree = NULL, *at = NULL;
	struct yaml_fault fault = { 0 };
	if (yaml_read (&arena, bytes_of (text), &tree, &fault) != OK)
		return arena_printf (&arena, "%zu:%zu %s", fault.line, fault.column,
				     fault.detail && *fault.detail ? fault.code : "says nothing");
	json_t *value = yaml_value (tree, &at);
	if (!value)
		return arena_printf (&arena, "%zu:%zu not ours", at->line, at->column);
	char *json = json_dumps (value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION (15));
	const char *ret = arena_text (&arena, json);
	free (json);
	json_decref (value);
	return ret;
}

static void words_are_read (void)
{
	static const struct {
		const char *text, *is;
	} cases[] = {
		{ "", "{}" },
		{ "# nothing\n", "{}" },
		{ "\xef\xbb\xbf{a: 1}", "{\"a\":1}" },
		{ "[null, ~, Null, NULL, nULL]", "[null,null,null,null,\"nULL\"]" },
		{ "[true, True, TRUE, false, False, FALSE, tRUE]", "[true,true,true,false,false,false,\"tRUE\"]" },
		{ "[yes, no, on, off, y, n, NO]", "[\"yes\",\"no\",\"on\",\"off\",\"y\",\"n\",\"NO\"]" },
		{ "['null', \"true\", '1', '']", "[\"null\",\"true\",\"1\",\"\"]" },
		{ "[0, -0, 7, -12, 9223372036854775807, 1.5, -0.25, 1e3]", "[0,0,7,-12,9223372036854775807,1.5,-0.25,1000.0]" },
		{ "[2026-11-23, '12:30', 1-2, 1.2.3.a, -, 5 euro, v1]",
		  "[\"2026-11-23\",\"12:30\",\"1-2\",\"1.2.3.a\",\"-\",\"5 euro\",\"v1\"]" },
		{ "a:\nb: ~\n", "{\"a\":null,\"b\":null}" },
		{ "a: 1\r\nb:\r\n  - x\r\n", "{\"a\":1,\"b\":[\"x\"]}" },
		{ "a: |\n  één\n  twee\n", "{\"a\":\"één\\ntwee\\n\"}" },
		{ "a: >-\n  één\n  twee\n", "{\"a\":\"één twee\"}" },
		{ "---\na: 1\n...\n", "{\"a\":1}" },
		{ "a: \"\\u20ac \\x41\"", "{\"a\":\"€ A\"}" },
		{ "<<: 1", "{\"<<\":1}" },
		{ "just text", "\"just text\"" },
		/* what is refused */
		{ "a: 1\nb: 2\na: 3\n", "3:1 twice" },
		{ "a: {b: 1, c: 2, b: 3}", "1:17 twice" },
		{ "a: &x 1\nb: 2", "1:4 not_plain" },
		{ "a: 1\nb: *x", "2:4 not_plain" },
		{ "a: !!str 1", "1:4 not_plain" },
		{ "a: !x [1]", "1:4 not_plain" },
		{ "? [a]\n: 1", "1:3 not_plain" },
		{ "&x a: 1", "1:1 not_plain" },
		{ "a: 1\n---\nb: 2\n", "2:1 too_many" },
		{ "a: 1\n  b: 2\n", "2:4 not_yaml" },
		{ "a: [1, 2\nb: 3", "2:2 not_yaml" },
		{ "a: 'x", "1:6 not_yaml" },
		{ "[1", "1:3 not_yaml" },
		{ "a: 1\nb: [é", "2:6 not_yaml" },
		{ "a: [\n", "2:1 not_yaml" },
		{ "a:\n\t- 1", "2:1 not_yaml" },
		{ "a: \"\\0\"", "1:4 bad_text" },
		{ "a: \x80", "1:1 bad_text" },
		{ "a: \x01", "1:1 not_yaml" },
		{ "a: 1\nb: 012\n", "2:1 not ours" },
		{ "[0x1f]", "1:2 not ours" },
		{ "[1, +5]", "1:5 not ours" },
		{ "[.5]", "1:2 not ours" },
		{ "[5.]", "1:2 not ours" },
		{ "[1_000]", "1:2 not ours" },
		{ "[.inf]", "1:2 not ours" },
		{ "[99999999999999999999]", "1:2 not ours" },
		{ "[1e999]", "1:2 not ours" },
	};
	for (size_t i = 0; i < LENGTH (cases); i++) {
		const char *is = read_as (cases[i].text);
		if (strcmp (is, cases[i].is) != 0)
			fprintf (stderr, "of: %s\n", cases[i].text);
		CHECK_TEXT (is, cases[i].is);
	}
	struct yaml_fault fault;
	const struct yaml_tree *tree = NULL;
	CHECK (yaml_read (&arena, (struct bytes){ (const unsigned char *) "a\0b", 3 }, &tree, &fault) == REFUSED &&
	       !strcmp (fault.code, "bad_text"));
	CHECK (!tree);
}

/* `n` times `each` between two ends; a % in it is which of them. */
static const char *many (const char *begin, const char *each, size_t n, const char *end)
{
	struct buffer b = { 0 };
	buffer_text (&b, begin);
	for (size_t i = 0; i < n; i++)
		for (const char *p = each; *p; p++)
			*p == '%' ? buffer_printf (&b, "%zu", i) : buffer_add (&b, p, 1);
	buffer_text (&b, end);
	const char *ret = arena_copy (&arena, (const char *) b.at, b.n);
	buffer_fini (&b);
	return ret;
}

static void limits_hold (void)
{
	const char *deepest = many (many ("", "[", YAML_DEPTH_MOST, ""), "]", YAML_DEPTH_MOST, "");
	const char *deeper = many (many ("", "[", YAML_DEPTH_MOST + 1, ""), "]", YAML_DEPTH_MOST + 1, "");
	CHECK (read_as (deepest)[0] == '[');
	CHECK (strstr (read_as (deeper), "too_deep") != NULL);
	CHECK (strstr (read_as (many ("", "[", 100000, "")), "too_deep") != NULL);
	CHECK (read_as (many ("", "m%: 1\n", YAML_MEMBERS_MOST, ""))[0] == '{');
	CHECK_TEXT (read_as (many ("", "m%: 1\n", YAML_MEMBERS_MOST + 1, "")),
		    arena_printf (&arena, "%d:1 too_many", YAML_MEMBERS_MOST + 1));
	CHECK (read_as (many ("", "- %\n", YAML_ITEMS_MOST, ""))[0] == '[');
	CHECK_TEXT (read_as (many ("", "- %\n", YAML_ITEMS_MOST + 1, "")), arena_printf (&arena, "%d:3 too_many", YAML_ITEMS_MOST + 1));
	const char *row = many ("- [", "%, ", YAML_ITEMS_MOST - 1, "0]\n");
	CHECK (strstr (read_as (many ("", row, YAML_NODES_MOST / YAML_ITEMS_MOST + 1, "")), "too_many") != NULL);
	CHECK_TEXT (read_as (many ("# ", "12345678", YAML_BYTES_MOST / 8, "")), "1:1 too_long");
}

static void places_are_found (void)
{
	static const struct {
		const char *pointer;
		size_t line, column;
	} cases[] = { { "", 1, 1 },	     { "/a", 1, 1 },	       { "/list", 2, 1 },   { "/list/0", 3, 5 },      { "/list/0/x", 3, 5 },
		      { "/list/1/y", 6, 5 }, { "/list/1/y/1", 6, 12 }, { "/list/7", 2, 1 }, { "/list/1/none", 5, 5 }, { "/b~1c~0", 7, 1 },
		      { "/nothing", 1, 1 } };
	const struct yaml_tree *tree = NULL;
	struct yaml_fault fault;
	CHECK (yaml_read (&arena, bytes_of ("a: 1\nlist:\n  - x: 1\n    y: 2\n  - x: 3\n    y: [4, 5]\nb/c~: 1\n"), &tree, &fault) == OK);
	for (size_t i = 0; tree && i < LENGTH (cases); i++) {
		const struct yaml_tree *at = yaml_at (tree, cases[i].pointer);
		if (at->line != cases[i].line || at->column != cases[i].column)
			CHECK_TEXT (arena_printf (&arena, "%s %zu:%zu", cases[i].pointer, at->line, at->column), "elsewhere");
	}
}

static const char *written (const json_t *value)
{
	struct buffer b = { 0 };
	yaml_write (&b, value);
	const char *ret = arena_copy (&arena, (const char *) b.at, b.n);
	buffer_fini (&b);
	return ret;
}

static void one_form_is_written (void)
{
	static const char json[] =
		"{\"stages\":[{\"key\":\"new\",\"label\":{\"nl\":\"Nieuwe aanvraag\",\"en\":\"New\"},\"probability\":10,"
		"\"qualified\":false},{\"key\":\"no\",\"x\":null,\"w\":\"null\",\"z\":\"\"}],\"empty\":[],\"none\":{},"
		"\"text\":\"Beste {{naam}},\\n\\nDank: u bent #1\\n\",\"tail\":\"a\\nb\",\"phone\":\"+52\",\"when\":\"2026-11-23\","
		"\"time\":\"12:30\",\"odd\":\" a\\n\",\"half\":0.1,\"colon\":\"a: b\",\"true\":\"Yes\"}";
	static const char yaml[] = "stages:\n"
				   "- key: new\n"
				   "  label:\n"
				   "    nl: Nieuwe aanvraag\n"
				   "    en: New\n"
				   "  probability: 10\n"
				   "  qualified: false\n"
				   "- key: 'no'\n"
				   "  x: null\n"
				   "  w: 'null'\n"
				   "  z: ''\n"
				   "empty: []\n"
				   "none: {}\n"
				   "text: |\n"
				   "  Beste {{naam}},\n"
				   "\n"
				   "  Dank: u bent #1\n"
				   "tail: |-\n"
				   "  a\n"
				   "  b\n"
				   "phone: '+52'\n"
				   "when: '2026-11-23'\n"
				   "time: '12:30'\n"
				   "odd: \" a\\n\"\n"
				   "half: 0.1\n"
				   "colon: 'a: b'\n"
				   "'true': 'Yes'\n";
	json_t *value = json_loads (json, 0, NULL);
	CHECK_TEXT (written (value), yaml);
	json_decref (value);
}

/* ---- whatever there is ---- */

static unsigned below (uint32_t *seed, unsigned n)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 8) % n;
}

/* Out of pieces that mean something to YAML. */
static json_t *text_make (uint32_t *seed)
{
	static const char *const piece[] = { "a",
					     "no",
					     " ",
					     "  ",
					     "\n",
					     "\n\n",
					     "\t",
					     ":",
					     ": ",
					     " #",
					     "#",
					     "-",
					     "- ",
					     "'",
					     "\"",
					     "[",
					     "{",
					     "}",
					     ",",
					     "&a",
					     "*a",
					     "!",
					     "%",
					     "|",
					     ">",
					     "@",
					     "`",
					     "?",
					     "? ",
					     "0",
					     "12",
					     ".",
					     "e5",
					     "---",
					     "...",
					     "~",
					     "null",
					     "true",
					     "\r",
					     "\\n",
					     "é",
					     "€",
					     "😀",
					     "\x01",
					     "\x7f",
					     "=",
					     "\xc2\x85",
					     "\xc2\xa0",
					     "\xe2\x80\xa8",
					     "\xef\xbb\xbf",
					     "\xef\xbf\xbe" };
	char text[200] = "";
	size_t n = 0;
	for (unsigned want = below (seed, 8); want; want--) {
		const char *p = piece[below (seed, LENGTH (piece))];
		memcpy (text + n, p, strlen (p));
		n += strlen (p);
	}
	return json_stringn (text, n);
}

static json_t *value_make (uint32_t *seed, int depth)
{
	static const char *const number[] = { "0",    "-1", "9223372036854775807", "-9223372036854775808", "0.1", "1.5e300", "-2.5e-7",
					      "1e22", "3.0" };
	json_t *ret;
	switch (below (seed, depth < 4 ? 8 : 6)) {
	case 0: return json_null ();
	case 1: return json_boolean (below (seed, 2));
	case 2: return json_loads (number[below (seed, LENGTH (number))], JSON_DECODE_ANY, NULL);
	case 6:
		ret = json_array ();
		for (unsigned n = below (seed, 4); n; n--)
			json_array_append_new (ret, value_make (seed, depth + 1));
		return ret;
	case 7:
		ret = json_object ();
		for (unsigned n = below (seed, 5); n; n--) {
			json_t *name = text_make (seed);
			json_object_set_new (ret, json_string_value (name), value_make (seed, depth + 1));
			json_decref (name);
		}
		return ret;
	default: return text_make (seed);
	}
}

static void what_is_written_is_read (void)
{
	for (uint32_t run = 0; run < 20000; run++) {
		uint32_t seed = run * 2654435761u;
		json_t *value = json_pack ("{s:o, s:o}", "one", value_make (&seed, 0), "two", value_make (&seed, 0));
		const char *text = written (value);
		const struct yaml_tree *tree = NULL, *at = NULL;
		struct yaml_fault fault = { 0 };
		bool read = yaml_read (&arena, bytes_of (text), &tree, &fault) == OK;
		json_t *again = read ? yaml_value (tree, &at) : NULL;
		CHECK (again && json_equal (again, value));
		if (!again || !json_equal (again, value)) {
			char *json = json_dumps (value, 0);
			fprintf (stderr, "%s\n%s%zu:%zu %s\n", json, text, fault.line, fault.column, fault.detail ? fault.detail : "");
			free (json);
			json_decref (again);
			json_decref (value);
			return;
		}
		CHECK_TEXT (written (again), text);
		json_decref (again);
		json_decref (value);
		arena_reset (&arena);
	}
}

int main (void)
{
	arena_init (&arena);
	words_are_read ();
	limits_hold ();
	places_are_found ();
	one_form_is_written ();
	what_is_written_is_read ();
	arena_fini (&arena);
	return test_end ();
}
