/* Mentions in what people write; see mentions.h. Reads forwards, once; never past the NUL.
 * It must never take a half token for a whole one. */
#include "mentions.h"

#include <string.h>

/* "lead" of "lead:…": how many bytes, with the colon; 0: no kind stands there. */
static size_t kind_read (const char *p, enum mention_kind *ret)
{
	for (int i = 0; i < mention_kind_count; i++) {
		size_t n = strlen (mention_kind_names[i]);
		if (strncmp (p, mention_kind_names[i], n) == 0 && p[n] == ':') {
			*ret = (enum mention_kind) i;
			return n + 1;
		}
	}
	return 0;
}

static size_t characters (const char *text, size_t n)
{
	size_t ret = 0;
	for (size_t i = 0; i < n; i++)
		ret += ((unsigned char) text[i] & 0xC0) != 0x80;
	return ret;
}

/* At "@{". */
static bool token_read (const char *text, size_t at, struct mention *ret)
{
	char id[UUID_TEXT];
	struct mention m = { .from = at };
	const char *p = text + at + 2;
	size_t n = kind_read (p, &m.kind);
	if (!n)
		return false;
	p += n;
	if (strnlen (p, UUID_TEXT - 1) < UUID_TEXT - 1 || p[UUID_TEXT - 1] != '|')
		return false;
	memcpy (id, p, UUID_TEXT - 1);
	id[UUID_TEXT - 1] = '\0';
	if (uuid_parse (id, &m.id) != OK)
		return false;
	m.label = p + UUID_TEXT;
	m.label_n = strcspn (m.label, "{}|\r\n");
	if (!m.label_n || m.label[m.label_n] != '}' || characters (m.label, m.label_n) > MENTION_LABEL_MOST)
		return false;
	m.until = (size_t) (m.label - text) + m.label_n + 1;
	*ret = m;
	return true;
}

static bool is_word (unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
}

/* Up to the line's end, to what could be another mention, or so many bytes; never half a character. */
static size_t typed_size (const char *p)
{
	size_t n = 0;
	while (n < MENTION_TYPED_MOST && p[n] && p[n] != '\r' && p[n] != '\n' && p[n] != '@')
		n++;
	while (n && ((unsigned char) p[n] & 0xC0) == 0x80)
		n--;
	return n;
}

/* At "@": not in the middle of a word, as in an e-mail address. */
static bool typed_read (const char *text, size_t at, struct mention *ret)
{
	struct mention m = { .from = at, .typed = true };
	const char *p = text + at + 1;
	size_t n = kind_read (p, &m.kind);
	if (!n || (at && is_word ((unsigned char) text[at - 1])))
		return false;
	m.label = p + n;
	m.label_n = typed_size (m.label);
	m.until = (size_t) (m.label - text);
	*ret = m;
	return m.label_n > 0;
}

bool mention_next (const char *text, size_t *at, struct mention *ret)
{
	for (const char *p = text + *at; (p = strchr (p, '@')); p++) {
		size_t here = (size_t) (p - text);
		if (p[1] == '{' ? token_read (text, here, ret) : typed_read (text, here, ret)) {
			*at = ret->until;
			return true;
		}
	}
	*at += strlen (text + *at);
	return false;
}

static char folded (char c)
{
	return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
}

size_t mention_named (const char *typed, size_t n, const char *name)
{
	size_t i = 0;
	for (; name[i]; i++)
		if (i >= n || folded (typed[i]) != folded (name[i]))
			return 0;
	if (i < n && i && is_word ((unsigned char) typed[i]) && is_word ((unsigned char) typed[i - 1]))
		return 0;
	return i;
}

void mention_write (struct buffer *out, enum mention_kind kind, struct uuid id, const char *label)
{
	static const char from[] = "{}|\r\n", to[] = "()/  ";
	char text[UUID_TEXT], clean[MENTION_LABEL_BYTES + 1];
	size_t n = strnlen (label, MENTION_LABEL_BYTES);
	while (n && (((unsigned char) label[n] & 0xC0) == 0x80 || characters (label, n) > MENTION_LABEL_MOST))
		n--;
	for (size_t i = 0; i < n; i++) {
		const char *bad = strchr (from, label[i]);
		clean[i] = bad ? to[bad - from] : label[i];
	}
	clean[n] = '\0';
	buffer_printf (out, "@{%s:%s|", mention_kind_names[kind], uuid_format (id, text));
	buffer_text (out, n ? clean : "?");
	buffer_text (out, "}");
}

size_t mention_length (const char *text)
{
	struct mention m;
	size_t at = 0, from = 0, ret = 0;
	while (mention_next (text, &at, &m)) {
		if (m.typed)
			continue;
		ret += characters (text + from, m.from - from) + 1 + characters (m.label, m.label_n);
		from = m.until;
	}
	return ret + characters (text + from, strlen (text + from));
}

const char *mention_plain (struct arena *a, const char *text, size_t most)
{
	struct mention m;
	struct buffer out = { 0 };
	size_t at = 0, from = 0;
	while (mention_next (text, &at, &m)) {
		if (m.typed)
			continue;
		buffer_add (&out, text + from, m.from - from);
		buffer_text (&out, "@");
		buffer_add (&out, m.label, m.label_n);
		from = m.until;
	}
	buffer_add (&out, text + from, strlen (text + from) + 1);
	char *ret = arena_text (a, (const char *) out.at);
	buffer_fini (&out);
	size_t n = 0, shown = 0;
	for (; ret[n]; n++) {
		if (((unsigned char) ret[n] & 0xC0) != 0x80 && shown++ == most)
			break;
		if (ret[n] == '\n' || ret[n] == '\r' || ret[n] == '\t')
			ret[n] = ' ';
	}
	ret[n] = '\0';
	return ret;
}
