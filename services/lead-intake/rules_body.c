/* Bodies become trees: JSON as it stands, forms with their brackets unfolded. What is too deep, too wide or too long is refused here,
 * so that nothing behind it needs to look. Never changes a value. */
#include "rules.h"

#include <stdlib.h>
#include <ctype.h>
#include <string.h>

enum { PAIRS_MOST = 2000 };

static enum status fault (struct reading_fault *ret, int error, const char *detail)
{
	*ret = (struct reading_fault){ .error = error, .detail = detail };
	return REFUSED;
}

/* How deep, how wide, how long. */
static enum status tree_check (struct arena *a, const json_t *tree, int depth, struct reading_fault *ret)
{
	const char *key;
	json_t *value;
	size_t i;
	if (depth > DEPTH_MOST)
		return fault (ret, ERROR_bad_request, "The body is nested more than 32 levels deep.");
	if (json_is_string (tree) && json_string_length (tree) > FIELD_BYTES_MOST)
		return fault (ret, ERROR_too_large, "A field is longer than 64 KiB.");
	if (json_is_object (tree) && json_object_size (tree) > FIELDS_MOST)
		return fault (ret, ERROR_too_large, "The body has more than 200 fields.");
	json_object_foreach ((json_t *) tree, key, value)
	{
		if (strlen (key) > 1000)
			return fault (ret, ERROR_too_large, "A field's name is longer than 1,000 bytes.");
		if (tree_check (a, value, depth + 1, ret) != OK)
			return REFUSED;
	}
	json_array_foreach ((json_t *) tree, i, value) if (tree_check (a, value, depth + 1, ret) != OK) return REFUSED;
	return OK;
}

enum status body_check (struct arena *a, const json_t *tree, struct reading_fault *ret)
{
	const json_t *one;
	size_t i;
	if (json_is_object (tree))
		return json_object_size (tree) ? tree_check (a, tree, 1, ret)
					       : fault (ret, ERROR_bad_request, "The body holds no field at all.");
	if (!json_is_array (tree))
		return fault (ret, ERROR_bad_request, "The body must be an object, or an array of objects.");
	if (json_array_size (tree) == 0)
		return fault (ret, ERROR_bad_request, "The array holds no lead.");
	if (json_array_size (tree) > LEADS_MOST)
		return fault (ret, ERROR_too_large, "The array holds more than 10,000 leads.");
	json_array_foreach (tree, i, one)
	{
		if (!json_is_object (one) || json_object_size (one) == 0)
			return fault (ret, ERROR_bad_request, arena_printf (a, "Item %zu of the array is not an object with fields.", i));
		if (tree_check (a, one, 1, ret) != OK)
			return REFUSED;
	}
	return OK;
}

static enum status json_read (struct arena *a, struct bytes body, size_t flags, json_t **ret_tree, struct reading_fault *ret_fault)
{
	json_error_t error;
	if (body.n >= 3 && memcmp (body.at, "\xEF\xBB\xBF", 3) == 0)
		body.at += 3, body.n -= 3;
	if (!text_is_utf8 (body)) { /* JSON is UTF-8 (RFC 8259, 8.1), but not all who send it know that */
		const char *text = text_from_bytes (a, body, CHARSET_WINDOWS_1252);
		body = (struct bytes){ (const unsigned char *) text, strlen (text) };
	}
	*ret_tree = json_loadb ((const char *) body.at, body.n, flags, &error);
	if (*ret_tree)
		return OK;
	bool ended = json_error_code (&error) == json_error_premature_end_of_input;
	return fault (ret_fault, ERROR_bad_json,
		      arena_printf (a, "Line %d, column %d: %s.", error.line, error.column,
				    ended ? "it ends before it is whole" : "from here it is no JSON"));
}

enum status body_read_any (struct arena *a, struct bytes body, json_t **ret_tree, struct reading_fault *ret_fault)
{
	return json_read (a, body, JSON_DECODE_ANY, ret_tree, ret_fault);
}

enum status body_read_json (struct arena *a, struct bytes body, json_t **ret_tree, struct reading_fault *ret_fault)
{
	json_t *tree;
	if (json_read (a, body, 0, &tree, ret_fault) != OK)
		return REFUSED;
	if (body_check (a, tree, ret_fault) != OK) {
		json_decref (tree);
		return REFUSED;
	}
	*ret_tree = tree;
	return OK;
}

/* ---- forms ---- */

/* A name's parts: a[b][] is "a", "b", "". A name whose brackets do not fit is one part. */
static size_t name_split (struct arena *a, const char *name, const char *part[DEPTH_MOST])
{
	const char *open = strchr (name, '[');
	size_t n = 0;
	if (!open || open == name)
		goto whole;
	part[n++] = arena_copy (a, name, (size_t) (open - name));
	while (*open == '[') {
		const char *close = strchr (open, ']');
		if (!close || n == DEPTH_MOST)
			goto whole;
		part[n++] = arena_copy (a, open + 1, (size_t) (close - open - 1));
		open = close + 1;
	}
	if (*open == '\0')
		return n;
whole:
	part[0] = name;
	return 1;
}

/* The value joins what stands there under the name: a second one makes an array. */
static void value_add (json_t *object, const char *name, json_t *value, bool list)
{
	json_t *there = json_object_get (object, name);
	if (!there && list) {
		there = json_array ();
		json_object_set_new_nocheck (object, name, there);
	} else if (there && !json_is_array (there)) {
		json_t *array = json_array ();
		json_array_append (array, there);
		json_object_set_new_nocheck (object, name, array);
		there = array;
	}
	if (there)
		json_array_append_new (there, value);
	else
		json_object_set_new_nocheck (object, name, value);
}

static void pair_add (struct arena *a, json_t *root, const char *name, json_t *value)
{
	const char *part[DEPTH_MOST];
	size_t n = name_split (a, name, part);
	bool list = n > 1 && part[n - 1][0] == '\0';
	size_t last = list ? n - 2 : n - 1;
	json_t *object = root;
	for (size_t i = 0; i < last; i++) {
		const char *key = i && part[i][0] == '\0' ? arena_printf (a, "%zu", json_object_size (object)) : part[i];
		json_t *next = json_object_get (object, key);
		if (next && !json_is_object (next)) { /* a=1&a[b]=2: the second keeps its name as it is written */
			value_add (root, name, value, false);
			return;
		}
		if (!next) {
			next = json_object ();
			json_object_set_new_nocheck (object, key, next);
		}
		object = next;
	}
	json_t *there = json_object_get (object, part[last]);
	if (json_is_object (there))
		value_add (root, name, value, false);
	else
		value_add (object, part[last], value, list);
}

static bool is_counted (const json_t *object)
{
	const char *key;
	json_t *value;
	size_t i = 0;
	json_object_foreach ((json_t *) object, key, value)
	{
		char *end;
		if (strtoul (key, &end, 10) != i || *end || !key[0] || (i && key[0] == '0'))
			return false;
		i++;
	}
	return i > 0;
}

/* a[0]=x&a[1]=y is a list, as PHP means it. */
static void lists_make (json_t *object)
{
	const char *key;
	json_t *value;
	void *next;
	json_object_foreach_safe (object, next, key, value)
	{
		if (!json_is_object (value))
			continue;
		lists_make (value);
		if (!is_counted (value))
			continue;
		const char *inner;
		json_t *one, *array = json_array ();
		json_object_foreach (value, inner, one) json_array_append (array, one);
		json_object_set_new_nocheck (object, key, array);
	}
}

enum status body_read_form (struct arena *a, const struct form_field *field, size_t n, json_t **ret_tree, struct reading_fault *ret_fault)
{
	if (n > PAIRS_MOST)
		return fault (ret_fault, ERROR_too_large, "The form has more than 2,000 values.");
	json_t *tree = json_object ();
	for (size_t i = 0; i < n; i++) {
		json_t *value = json_string (field[i].value);
		if (!value || strlen (field[i].name) > 1000) {
			json_decref (value);
			json_decref (tree);
			return fault (ret_fault, ERROR_bad_request,
				      "A value of the form is not text, or its name is longer than 1,000 bytes.");
		}
		pair_add (a, tree, field[i].name, value);
	}
	lists_make (tree);
	if (body_check (a, tree, ret_fault) != OK) {
		json_decref (tree);
		return REFUSED;
	}
	*ret_tree = tree;
	return OK;
}

/* ---- whom it names ---- */

enum { FIGURES_LEAST = 7, FIGURES_MOST = 9 };

/* How many bytes at `at` are this byte, as it is or as a form has it; 0: none. */
static size_t byte_fits (struct bytes body, size_t at, char byte)
{
	char c = (char) body.at[at];
	if (byte == '@' && c == '%' && at + 2 < body.n && body.at[at + 1] == '4' && body.at[at + 2] == '0')
		return 3;
	return tolower ((unsigned char) c) == tolower ((unsigned char) byte);
}

static bool address_in (struct bytes body, const char *word)
{
	for (size_t from = 0; from < body.n; from++) {
		size_t at = from, fits = 1;
		const char *p = word;
		for (; *p && at < body.n && (fits = byte_fits (body, at, *p)); p++)
			at += fits;
		if (!*p)
			return true;
	}
	return false;
}

/* What may stand between the figures of a number: bytes of it; 0: it ends there. */
static size_t between (struct bytes body, size_t at)
{
	bool escaped = body.at[at] == '%' && at + 2 < body.n && body.at[at + 1] == '2' && isxdigit (body.at[at + 2]);
	return escaped ? 3 : strchr (" ()+./-", body.at[at]) && body.at[at] ? 1 : 0;
}

static bool number_in (struct bytes body, const char *figures)
{
	size_t n = strlen (figures), had = 0;
	char last[FIGURES_MOST];
	for (size_t at = 0, step; at < body.n; at += step) {
		step = 1;
		if (!isdigit (body.at[at])) {
			step = between (body, at);
			if (!step)
				had = 0, step = 1;
			continue;
		}
		if (had == n)
			memmove (last, last + 1, --had);
		last[had++] = (char) body.at[at];
		if (had == n && memcmp (last, figures, n) == 0)
			return true;
	}
	return false;
}

bool body_names (struct bytes body, const char *word)
{
	char figures[64];
	size_t n = 0;
	if (!word)
		return false;
	if (strchr (word, '@') > word)
		return address_in (body, word);
	if (!*word || word[strspn (word, "0123456789 ().+/-")])
		return false;
	for (const char *p = word; *p && n < sizeof figures - 1; p++)
		if (isdigit ((unsigned char) *p))
			figures[n++] = *p;
	figures[n] = '\0';
	return n >= FIGURES_LEAST && number_in (body, n > FIGURES_MOST ? figures + n - FIGURES_MOST : figures);
}
