/* vCards out of bytes: physical lines, which are put together again, which are properties. A photo's lines are passed over as they come.
 * It must never trust a card to end, nor a line to. */
#include "vcard_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "charset.h"
#include "log.h"

enum { BITE_BYTES = 1 << 20 };

static enum status fault (const char *what, const char *path)
{
	log_error ("file_failed", LOG_T ("what", what), LOG_T ("path", path), LOG_T ("why", strerror (errno)));
	return FAULT;
}

/* ---- lines ---- */

struct reading {
	struct arena *arena;
	FILE *file;
	bool legacy;
	int64_t offset;	     /* behind the line that was read last */
	struct buffer next;  /* a physical line that was read ahead; its end is a NUL */
	bool ahead, over;    /* `next` holds one; the file has none more */
	int64_t next_at;     /* where that one begins */
	struct buffer whole; /* the line of a property, put together */
};

/* The next physical line into `next`, cut where it is longer than a value may be. */
static bool line_ahead (struct reading *r)
{
	int c;
	if (r->ahead || r->over)
		return r->ahead;
	buffer_clear (&r->next);
	r->next_at = r->offset;
	while ((c = getc_unlocked (r->file)) != EOF) {
		r->offset++;
		if (c == '\r') {
			c = getc_unlocked (r->file);
			r->offset += c == '\n';
			if (c != '\n' && c != EOF)
				ungetc (c, r->file);
			c = '\n';
		}
		if (c == '\n')
			break;
		char byte = (char) c;
		if (r->next.n < VCARD_VALUE_MOST)
			buffer_add (&r->next, &byte, 1);
	}
	r->over = c == EOF && !r->next.n;
	r->ahead = !r->over;
	buffer_add (&r->next, "", 1);
	return r->ahead;
}

static const char *ahead_text (const struct reading *r)
{
	return (const char *) r->next.at;
}

/* Properties whose bytes are nobody's to read here. */
static bool is_heavy (const char *line)
{
	static const char *const heavy[] = { "PHOTO", "LOGO", "SOUND", "KEY" };
	const char *dot = line + strcspn (line, ".:;");
	if (*dot == '.')
		line = dot + 1;
	for (size_t i = 0; i < LENGTH (heavy); i++) {
		size_t n = strlen (heavy[i]);
		if (strncasecmp (line, heavy[i], n) == 0 && (line[n] == ':' || line[n] == ';'))
			return true;
	}
	return false;
}

/* Whether what stands before the value says quoted-printable: there an = at the end of a line goes on in the next. */
static bool is_quoted (const char *line)
{
	size_t n = strcspn (line, ":");
	for (const char *at = line; (at = strcasestr (at, "QUOTED-PRINTABLE")) && at < line + n; at++)
		if (at > line && (at[-1] == ';' || at[-1] == '='))
			return true;
	return false;
}

static void whole_add (struct reading *r, const char *text)
{
	size_t n = strlen (text);
	if (r->whole.n + n < VCARD_VALUE_MOST)
		buffer_add (&r->whole, text, n);
}

/* The next line of a property, unfolded; null: the file is over. ret_at: where it begins. */
static const char *line_whole (struct reading *r, int64_t *ret_at)
{
	if (!line_ahead (r))
		return NULL;
	*ret_at = r->next_at;
	buffer_clear (&r->whole);
	bool heavy = is_heavy (ahead_text (r)), quoted = !heavy && is_quoted (ahead_text (r));
	whole_add (r, heavy ? "X-HEAVY:" : ahead_text (r));
	r->ahead = false;
	for (;;) {
		bool soft = quoted && r->whole.n && r->whole.at[r->whole.n - 1] == '=';
		if (!line_ahead (r) || (!soft && *ahead_text (r) != ' ' && *ahead_text (r) != '\t'))
			break;
		if (soft)
			r->whole.n--;
		if (!heavy)
			whole_add (r, ahead_text (r) + !soft);
		r->ahead = false;
	}
	buffer_add (&r->whole, "", 1);
	return (const char *) r->whole.at;
}

/* ---- a property out of a line ---- */

static int digit_of (char c)
{
	return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

static struct bytes unquoted (struct arena *a, const char *value)
{
	unsigned char *out = arena_alloc (a, strlen (value) + 1);
	size_t n = 0;
	for (const char *at = value; *at; at++) {
		if (*at == '=' && digit_of (at[1]) >= 0 && digit_of (at[2]) >= 0) {
			out[n++] = (unsigned char) (digit_of (at[1]) * 16 + digit_of (at[2]));
			at += 2;
		} else {
			out[n++] = (unsigned char) *at;
		}
	}
	return (struct bytes){ out, n };
}

static char *folded (struct arena *a, const char *text, size_t n, bool capitals)
{
	char *ret = arena_alloc (a, n + 1);
	for (size_t i = 0; i < n; i++) {
		char c = text[i];
		ret[i] = capitals && c >= 'a' && c <= 'z' ? (char) (c - 32) : !capitals && c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
	}
	return ret;
}

struct said {
	const char *types, *charset;
	int preference;
	bool quoted;
};

/* One word behind a semicolon: TYPE=work, or as 2.1 has it the word alone. */
static void param_read (struct arena *a, const char *text, size_t n, struct said *said)
{
	const char *word = folded (a, text, n, false), *is = strchr (word, '='), *value = is ? is + 1 : word;
	if (is && strncmp (word, "charset=", 8) == 0) {
		said->charset = value;
	} else if (is && strncmp (word, "pref=", 5) == 0) {
		long number = strtol (value, NULL, 10);
		said->preference = number > 0 && number <= 100 ? (int) number : 101;
	} else if (strcmp (value, "quoted-printable") == 0) {
		said->quoted = true;
	} else if (!is || strncmp (word, "type=", 5) == 0) {
		char *list = arena_text (a, value);
		for (char *c = list; *c; c++)
			if (*c == ',' || *c == '"')
				*c = ' ';
		said->types = arena_printf (a, "%s%s ", said->types, list);
	}
}

/* False: it is none. */
static bool property_read (struct reading *r, const char *line, struct vcard_line *ret)
{
	struct arena *a = r->arena;
	struct said said = { .types = " ", .preference = 101 };
	size_t n = strcspn (line, ":;");
	const char *at = line + n, *dot = memchr (line, '.', n);
	if (!*at || !n)
		return false;
	const char *name = dot ? dot + 1 : line;
	ret->name = folded (a, name, (size_t) (at - name), true);
	while (*at == ';') {
		const char *begins = ++at;
		for (bool quote = false; *at && (quote || (*at != ';' && *at != ':')); at++)
			quote ^= *at == '"';
		param_read (a, begins, (size_t) (at - begins), &said);
	}
	if (*at != ':')
		return false;
	struct bytes bytes = said.quoted ? unquoted (a, at + 1) : (struct bytes){ (const unsigned char *) at + 1, strlen (at + 1) };
	ret->value = text_from_charset (a, bytes, said.charset ? said.charset : r->legacy ? "windows-1252" : NULL);
	ret->types = said.types;
	ret->preference = said.preference < 101 ? said.preference : strstr (said.types, " pref ") ? 1 : 101;
	if (!text_is_utf8 ((struct bytes){ (const unsigned char *) ret->name, strlen (ret->name) }) ||
	    !text_is_utf8 ((struct bytes){ (const unsigned char *) ret->types, strlen (ret->types) }))
		return false;
	return true;
}

/* ---- cards ---- */

static bool is_line (const char *line, const char *word)
{
	size_t n = strlen (word);
	return strncasecmp (line, word, n) == 0 && !line[n + strspn (line + n, " \t")];
}

/* The lines from behind BEGIN to END, or to the next card. */
static void card_read (struct reading *r, struct vcard *card)
{
	struct vcard_line line[VCARD_LINES_MOST], *kept;
	const char *text;
	int depth = 1;
	int64_t at, began = r->offset;
	bool agent = false;
	while (depth && line_ahead (r)) {
		bool begins = is_line (ahead_text (r), "BEGIN:VCARD");
		if (begins && !agent && depth == 1) /* the one before was never closed */
			break;
		text = line_whole (r, &at);
		if (!text)
			break;
		bool ends = is_line (text, "END:VCARD");
		depth += begins - ends;
		agent = strncasecmp (text, "AGENT", 5) == 0; /* 2.1 has somebody's card inside of another's */
		if (depth == 1 && !begins && !ends && card->n < VCARD_LINES_MOST && r->offset - began < BITE_BYTES)
			card->n += property_read (r, text, &line[card->n]);
	}
	kept = arena_array (r->arena, card->n, sizeof *kept);
	memcpy (kept, line, card->n * sizeof *kept);
	card->line = kept;
}

enum status vcard_read (struct arena *a, const char *path, const struct csv_shape *shape, struct csv_place *place, size_t most,
			const struct vcard **ret, size_t *ret_n)
{
	struct reading r = { .arena = a, .legacy = shape->legacy, .file = fopen (path, "re") };
	if (!r.file)
		return fault ("open", path);
	if (!place->offset)
		*place = (struct csv_place){ .offset = shape->begins, .row = 1 };
	struct vcard *card = arena_array (a, most + 1, sizeof *card);
	int64_t began = place->offset, at;
	size_t n = 0;
	const char *text;
	r.offset = began;
	bool good = fseeko (r.file, (off_t) began, SEEK_SET) == 0;
	while (good && n < most && (!n || place->offset - began < BITE_BYTES) && (text = line_whole (&r, &at)))
		if (is_line (text, "BEGIN:VCARD")) {
			card[n].number = place->row++;
			card[n].begins = at;
			card_read (&r, &card[n]);
			place->offset = card[n++].ends = r.ahead ? r.next_at : r.offset;
		}
	good = good && !ferror (r.file);
	place->end = r.over && !r.ahead;
	fclose (r.file);
	buffer_fini (&r.next);
	buffer_fini (&r.whole);
	if (!good)
		return fault ("read", path);
	*ret = card;
	*ret_n = n;
	return OK;
}

enum status vcard_survey (const char *path, struct csv_shape *shape)
{
	struct reading r = { .file = fopen (path, "re"), .offset = shape->begins };
	int64_t cards = 0;
	if (!r.file)
		return fault ("open", path);
	bool good = fseeko (r.file, (off_t) shape->begins, SEEK_SET) == 0, any = false;
	while (good && line_ahead (&r)) {
		bool begins = is_line (ahead_text (&r), "BEGIN:VCARD");
		if (!begins && !any && ahead_text (&r)[strspn (ahead_text (&r), " \t")])
			break; /* something else stands before the first card */
		any = any || begins;
		cards += begins;
		r.ahead = false;
	}
	good = good && !ferror (r.file);
	fclose (r.file);
	buffer_fini (&r.next);
	if (!good)
		return fault ("read", path);
	if (any) {
		shape->delimiter = VCARD_DELIMITER;
		shape->records = cards;
	}
	return OK;
}

/* ---- values ---- */

/* Up to the end, or up to a semicolon that no backslash stands before. */
static const char *unescaped (struct arena *a, const char *value, const char **ret_end)
{
	char *out = arena_alloc (a, strlen (value) + 1);
	size_t n = 0;
	for (; *value && !(ret_end && *value == ';'); value++) {
		if (*value == '\\' && value[1] && strchr ("nN,;:\\", value[1])) {
			value++;
			out[n++] = (*value | 32) == 'n' ? '\n' : *value;
		} else if (*value != '\r') {
			out[n++] = *value;
		}
	}
	if (ret_end)
		*ret_end = value;
	out[n] = 0;
	while (n && strchr (" \t\n", out[n - 1]))
		out[--n] = 0;
	return out + strspn (out, " \t\n");
}

const char *vcard_text (struct arena *a, const char *value)
{
	return unescaped (a, value, NULL);
}

const char *vcard_part (struct arena *a, const char *value, size_t n)
{
	const char *end = value, *part = unescaped (a, value, &end);
	for (; n && *end; n--)
		part = unescaped (a, end + 1, &end);
	return n ? "" : part;
}
