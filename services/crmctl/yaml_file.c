/* YAML; see yaml_file.h. Source: YAML 1.2.2, 10.3 (core schema), and 1.1's types for what other readers may take a word for. libyaml does the syntax.
 * It must never keep a pointer into libyaml's memory, nor go deeper than it was told. */
#include "yaml_file.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <yaml.h>
#include "record.h"

/* ---- reading ---- */

struct reading {
	yaml_parser_t parser;
	struct arena *arena;
	struct yaml_fault *fault;
	size_t characters, last_line; /* of the text; characters behind its last break */
	size_t nodes;
};

static void text_measure (struct reading *r, struct bytes text)
{
	for (size_t i = 0; i < text.n; i++) {
		bool begins = (text.at[i] & 0xc0) != 0x80;
		r->characters += begins;
		r->last_line = text.at[i] == '\n' || text.at[i] == '\r' ? 0 : r->last_line + begins;
	}
}

/* libyaml begins a line where the text ends, also behind one that no break ends: what is there is at the end of the last line. */
static yaml_mark_t in_text (const struct reading *r, yaml_mark_t at)
{
	if (at.index >= r->characters && at.column == 0 && at.line > 0 && r->last_line > 0) {
		at.line--;
		at.column = r->last_line;
	}
	return at;
}

static bool wrong (struct reading *r, yaml_mark_t at, const char *code, const char *detail)
{
	at = in_text (r, at);
	*r->fault = (struct yaml_fault){
		.line = at.line + 1, .column = at.column + 1, .code = code, .detail = arena_text (r->arena, detail)
	};
	return false;
}

/* The next thing in the text; the caller deletes it when true. */
static bool event_next (struct reading *r, yaml_event_t *ret)
{
	if (yaml_parser_parse (&r->parser, ret))
		return true;
	const yaml_parser_t *p = &r->parser;
	return wrong (r, p->problem_mark, "not_yaml", p->problem ? p->problem : "cannot be read");
}

static bool is_bare (const yaml_event_t *e)
{
	switch (e->type) {
	case YAML_ALIAS_EVENT: return false;
	case YAML_SCALAR_EVENT: return !e->data.scalar.anchor && !e->data.scalar.tag;
	case YAML_SEQUENCE_START_EVENT: return !e->data.sequence_start.anchor && !e->data.sequence_start.tag;
	case YAML_MAPPING_START_EVENT: return !e->data.mapping_start.anchor && !e->data.mapping_start.tag;
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_START_EVENT:
	case YAML_DOCUMENT_END_EVENT:
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT: return true;
	}
	return false;
}

static struct yaml_tree *tree_read (struct reading *r, const yaml_event_t *begin, int depth);

static bool scalar_take (struct reading *r, const yaml_event_t *e, struct yaml_tree *t)
{
	const char *text = (const char *) e->data.scalar.value;
	size_t n = e->data.scalar.length;
	if (!text_is_valid (text, n))
		return wrong (r, e->start_mark, "bad_text", "must not hold a NUL character");
	t->shape = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE ? YAML_PLAIN : YAML_QUOTED;
	t->text = arena_copy (r->arena, text, n);
	return true;
}

/* A member's name, and that no other one before bears it. */
static const char *name_take (struct reading *r, const yaml_event_t *e, const struct yaml_tree *map)
{
	struct yaml_tree name = { 0 };
	if (e->type != YAML_SCALAR_EVENT || !is_bare (e)) {
		wrong (r, e->start_mark, "not_plain", "a name has to be one word");
		return NULL;
	}
	if (!scalar_take (r, e, &name))
		return NULL;
	for (const struct yaml_tree *m = map->first; m; m = m->next)
		if (!strcmp (m->name, name.text)) {
			wrong (r, e->start_mark, "twice", arena_printf (r->arena, "%.100s stands in line %zu, too", name.text, m->line));
			return NULL;
		}
	return name.text;
}

/* Members of a map or items of a list, up to its end. */
static bool inside_read (struct reading *r, struct yaml_tree *t, int depth)
{
	const struct yaml_tree **last = &t->first;
	yaml_event_t e;
	for (;;) {
		const char *name = NULL;
		if (!event_next (r, &e))
			return false;
		if (e.type == YAML_MAPPING_END_EVENT || e.type == YAML_SEQUENCE_END_EVENT)
			break;
		if (t->n >= (t->shape == YAML_MAP ? YAML_MEMBERS_MOST : YAML_ITEMS_MOST)) {
			wrong (r, e.start_mark, "too_many", "too many stand in one place");
			yaml_event_delete (&e);
			return false;
		}
		yaml_mark_t name_at = in_text (r, e.start_mark);
		size_t line = name_at.line + 1, column = name_at.column + 1;
		if (t->shape == YAML_MAP) {
			name = name_take (r, &e, t);
			yaml_event_delete (&e);
			if (!name || !event_next (r, &e))
				return false;
		}
		struct yaml_tree *in = tree_read (r, &e, depth + 1);
		yaml_event_delete (&e);
		if (!in)
			return false;
		if (name) { /* where its name stands is where one looks for it */
			in->name = name;
			in->line = line;
			in->column = column;
		}
		*last = in;
		last = &in->next;
		t->n++;
	}
	yaml_event_delete (&e);
	return true;
}

/* Null: `fault` says why. */
static struct yaml_tree *tree_read (struct reading *r, const yaml_event_t *begin, int depth)
{
	struct yaml_tree *t = arena_alloc (r->arena, sizeof *t);
	yaml_mark_t at = in_text (r, begin->start_mark);
	t->line = at.line + 1;
	t->column = at.column + 1;
	bool good;
	if (!is_bare (begin))
		good = wrong (r, begin->start_mark, "not_plain", "anchors, references and tags are not taken");
	else if (depth > YAML_DEPTH_MOST)
		good = wrong (r, begin->start_mark, "too_deep", "too deep");
	else if (++r->nodes > YAML_NODES_MOST)
		good = wrong (r, begin->start_mark, "too_many", "too many in all");
	else if (begin->type == YAML_SCALAR_EVENT)
		good = scalar_take (r, begin, t);
	else {
		t->shape = begin->type == YAML_MAPPING_START_EVENT ? YAML_MAP : YAML_LIST;
		good = inside_read (r, t, depth);
	}
	return good ? t : NULL;
}

/* The one document there is; without one, an empty map. */
static const struct yaml_tree *document_read (struct reading *r)
{
	struct yaml_tree *t = NULL;
	yaml_event_t e;
	if (!event_next (r, &e)) /* the stream's beginning */
		return NULL;
	yaml_event_delete (&e);
	if (!event_next (r, &e))
		return NULL;
	bool empty = e.type == YAML_STREAM_END_EVENT;
	yaml_event_delete (&e);
	if (empty) {
		t = arena_alloc (r->arena, sizeof *t);
		*t = (struct yaml_tree){ .shape = YAML_MAP, .line = 1, .column = 1 };
		return t;
	}
	if (!event_next (r, &e))
		return NULL;
	t = tree_read (r, &e, 1);
	yaml_event_delete (&e);
	if (!t || !event_next (r, &e)) /* the document's end */
		return NULL;
	yaml_event_delete (&e);
	if (!event_next (r, &e))
		return NULL;
	if (e.type != YAML_STREAM_END_EVENT) {
		wrong (r, e.start_mark, "too_many", "a second document begins here");
		t = NULL;
	}
	yaml_event_delete (&e);
	return t;
}

enum status yaml_read (struct arena *a, struct bytes text, const struct yaml_tree **ret, struct yaml_fault *ret_fault)
{
	static const char mark[] = "\xef\xbb\xbf";
	struct reading r = { .arena = a, .fault = ret_fault };
	yaml_mark_t top = { 0 };
	if (text.n > YAML_BYTES_MOST)
		return wrong (&r, top, "too_long", "the file is too long"), REFUSED;
	if (text.n >= 3 && !memcmp (text.at, mark, 3))
		text = (struct bytes){ text.at + 3, text.n - 3 };
	text_measure (&r, text);
	if (text.n && !text_is_valid ((const char *) text.at, text.n))
		return wrong (&r, top, "bad_text", "must be UTF-8 without a NUL character"), REFUSED;
	if (!yaml_parser_initialize (&r.parser))
		abort ();
	yaml_parser_set_encoding (&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string (&r.parser, text.n ? text.at : (const unsigned char *) "", text.n);
	const struct yaml_tree *t = document_read (&r);
	yaml_parser_delete (&r.parser);
	if (!t)
		return REFUSED;
	*ret = t;
	return OK;
}

/* ---- what a scalar is ---- */

static bool is_one_of (const char *text, const char *const *words)
{
	for (; *words; words++)
		if (!strcasecmp (text, *words))
			return true;
	return false;
}

static bool word_is_null (const char *text)
{
	return !*text || !strcmp (text, "~") || !strcmp (text, "null") || !strcmp (text, "Null") || !strcmp (text, "NULL");
}

/* What some reader takes for a number: it begins like one and has nothing in it but what numbers have. */
static bool is_like_number (const char *text)
{
	static const char *const words[] = { ".inf", "+.inf", "-.inf", ".nan", NULL };
	if (is_one_of (text, words))
		return true;
	text += *text == '+' || *text == '-';
	if (text[0] == '0' && strchr ("xXoObB", text[1] ? text[1] : '.'))
		return text[2] && text[2 + strspn (text + 2, "0123456789abcdefABCDEF_")] == '\0';
	bool digit = *text >= '0' && *text <= '9';
	if (!digit && !(*text == '.' && text[1] >= '0' && text[1] <= '9'))
		return false;
	text += strspn (text, "0123456789_.");
	if (*text == 'e' || *text == 'E') {
		text++;
		text += *text == '+' || *text == '-';
		text += strspn (text, "0123456789");
	}
	return !*text;
}

static bool word_is_true (const char *text)
{
	return !strcmp (text, "true") || !strcmp (text, "True") || !strcmp (text, "TRUE");
}

static bool word_is_false (const char *text)
{
	return !strcmp (text, "false") || !strcmp (text, "False") || !strcmp (text, "FALSE");
}

bool yaml_is_null (const struct yaml_tree *t)
{
	return t->shape == YAML_PLAIN && word_is_null (t->text);
}

/* Of something plain; null: a number that JSON has not. */
static json_t *plain_value (const char *text)
{
	if (word_is_null (text))
		return json_null ();
	if (word_is_true (text) || word_is_false (text))
		return json_boolean (word_is_true (text));
	if (!is_like_number (text))
		return json_string (text);
	return json_loads (text, JSON_DECODE_ANY, NULL);
}

json_t *yaml_value (const struct yaml_tree *t, const struct yaml_tree **ret_at)
{
	json_t *ret = NULL;
	switch (t->shape) {
	case YAML_QUOTED: ret = json_string (t->text); break;
	case YAML_PLAIN: ret = plain_value (t->text); break;
	case YAML_LIST: ret = json_array (); break;
	case YAML_MAP: ret = json_object (); break;
	}
	if (!ret)
		*ret_at = t;
	for (const struct yaml_tree *in = t->first; ret && in; in = in->next) {
		json_t *value = yaml_value (in, ret_at);
		int failed = !value		    ? -1
			     : t->shape == YAML_MAP ? json_object_set_new (ret, in->name, value)
						    : json_array_append_new (ret, value);
		if (failed) {
			json_decref (ret);
			ret = NULL;
		}
	}
	return ret;
}

/* ---- places ---- */

/* One part of a pointer against a name: ~1 is a slash, ~0 a tilde. */
static bool part_is (const char *part, size_t n, const char *name)
{
	size_t i = 0;
	for (; i < n && *name; i++, name++) {
		char c = part[i];
		if (c == '~' && i + 1 < n)
			c = part[++i] == '1' ? '/' : '~';
		if (c != *name)
			return false;
	}
	return i == n && !*name;
}

const struct yaml_tree *yaml_at (const struct yaml_tree *top, const char *pointer)
{
	while (*pointer == '/') {
		const char *part = ++pointer;
		size_t n = strcspn (part, "/"), at = 0;
		const struct yaml_tree *in = top->first;
		size_t wanted = top->shape == YAML_LIST && n ? strtoull (part, NULL, 10) : 0;
		for (; in; in = in->next, at++)
			if (top->shape == YAML_LIST ? at == wanted : part_is (part, n, in->name))
				break;
		if (!in)
			return top;
		top = in;
		pointer += n;
	}
	return top;
}

/* ---- writing ---- */

/* Without quotes it would be something else to us, or to a reader of YAML 1.1. */
static bool needs_quotes (const char *text)
{
	static const char *const words[] = { "null", "true", "false", "yes", "no", "on", "off", "y", "n", "~", "<<", "=", NULL };
	/* 12:30 and 2026-11-23 were numbers and times once */
	bool begins = (*text >= '0' && *text <= '9') ||
		      ((*text == '+' || *text == '-' || *text == '.') && text[1] >= '0' && text[1] <= '9');
	return !*text || is_one_of (text, words) || is_like_number (text) || (begins && !text[strspn (text, "+-0123456789_.:eETtZz ")]);
}

/* Many lines that can be read and changed as they are: nothing at their ends that is not seen. */
static bool is_lines (const char *text, size_t n)
{
	if (!memchr (text, '\n', n) || *text == '\n' || *text == ' ' || strlen (text) != n)
		return false;
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char) text[i];
		if ((c < ' ' && c != '\n') || c == 0x7f || (c == '\n' && i && text[i - 1] == ' '))
			return false;
		if (c == '\n' && i && text[i - 1] == '\n' && i + 1 == n) /* more than one at the end */
			return false;
	}
	/* what YAML 1.1 takes for the end of a line, and what cannot be seen at all */
	return text[n - 1] != ' ' && !strstr (text, "\xc2\x85") && !strstr (text, "\xe2\x80\xa8") && !strstr (text, "\xe2\x80\xa9") &&
	       !strstr (text, "\xef\xbb\xbf");
}

static int output_add (void *ctx, unsigned char *bytes, size_t n)
{
	buffer_add (ctx, bytes, n);
	return 1;
}

/* libyaml fails for want of memory alone: what it is given is well formed. */
static void emit (yaml_emitter_t *to, yaml_event_t *e, int made)
{
	if (!made || !yaml_emitter_emit (to, e))
		abort ();
}

static void text_emit (yaml_emitter_t *to, const char *text, size_t n, yaml_scalar_style_t style)
{
	yaml_event_t e;
	emit (to, &e, yaml_scalar_event_initialize (&e, NULL, NULL, (const yaml_char_t *) text, (int) n, 1, 1, style));
}

static void string_emit (yaml_emitter_t *to, const char *text, size_t n)
{
	text_emit (to, text, n,
		   is_lines (text, n)	 ? YAML_LITERAL_SCALAR_STYLE
		   : needs_quotes (text) ? YAML_SINGLE_QUOTED_SCALAR_STYLE
		   : strchr (text, '\n') ? YAML_DOUBLE_QUOTED_SCALAR_STYLE
					 : YAML_PLAIN_SCALAR_STYLE);
}

/* In as few digits as are the same number again. */
static void number_emit (yaml_emitter_t *to, const json_t *value)
{
	for (size_t digits = json_is_real (value) ? 15 : 17; digits <= 17; digits++) {
		char *text = json_dumps (value, JSON_ENCODE_ANY | JSON_REAL_PRECISION (digits));
		json_t *same = json_loads (text, JSON_DECODE_ANY, NULL);
		bool good = digits == 17 || json_equal (same, value);
		if (good)
			text_emit (to, text, strlen (text), YAML_PLAIN_SCALAR_STYLE);
		json_decref (same);
		free (text);
		if (good)
			return;
	}
}

static void value_emit (yaml_emitter_t *to, const json_t *value)
{
	yaml_event_t e;
	const char *name;
	json_t *in;
	size_t i;
	switch (json_typeof (value)) {
	case JSON_OBJECT:
		emit (to, &e, yaml_mapping_start_event_initialize (&e, NULL, NULL, 1, YAML_BLOCK_MAPPING_STYLE));
		json_object_foreach ((json_t *) value, name, in)
		{
			string_emit (to, name, strlen (name));
			value_emit (to, in);
		}
		emit (to, &e, yaml_mapping_end_event_initialize (&e));
		return;
	case JSON_ARRAY:
		emit (to, &e, yaml_sequence_start_event_initialize (&e, NULL, NULL, 1, YAML_BLOCK_SEQUENCE_STYLE));
		json_array_foreach (value, i, in) value_emit (to, in);
		emit (to, &e, yaml_sequence_end_event_initialize (&e));
		return;
	case JSON_STRING: string_emit (to, json_string_value (value), json_string_length (value)); return;
	case JSON_INTEGER:
	case JSON_REAL: number_emit (to, value); return;
	case JSON_TRUE: text_emit (to, "true", 4, YAML_PLAIN_SCALAR_STYLE); return;
	case JSON_FALSE: text_emit (to, "false", 5, YAML_PLAIN_SCALAR_STYLE); return;
	case JSON_NULL: text_emit (to, "null", 4, YAML_PLAIN_SCALAR_STYLE); return;
	}
}

void yaml_write (struct buffer *out, const json_t *value)
{
	yaml_emitter_t to;
	yaml_event_t e;
	assert (json_is_object (value) || json_is_array (value));
	if (!yaml_emitter_initialize (&to))
		abort ();
	yaml_emitter_set_output (&to, output_add, out);
	yaml_emitter_set_encoding (&to, YAML_UTF8_ENCODING);
	yaml_emitter_set_unicode (&to, 1);
	yaml_emitter_set_width (&to, -1);
	emit (&to, &e, yaml_stream_start_event_initialize (&e, YAML_UTF8_ENCODING));
	emit (&to, &e, yaml_document_start_event_initialize (&e, NULL, NULL, NULL, 1));
	value_emit (&to, value);
	emit (&to, &e, yaml_document_end_event_initialize (&e, 1));
	emit (&to, &e, yaml_stream_end_event_initialize (&e));
	yaml_emitter_delete (&to);
}
