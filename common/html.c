/* HTML of strangers; see html.h. What comes out is written anew from what was understood, piece by piece: no byte of markup is passed through.
 * It must never write an element, an attribute, a scheme or a property that does not stand in the tables here. */
#include "html.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { NAME_MOST = 16, VALUE_MOST = 4096, IMAGE_MOST = 512 * 1024, ATTRIBUTES_MOST = 40, OPEN_MOST = 100, QUOTES_MOST = 8 };

/* ---- tables ---- */

enum shape { INLINE, BLOCK, VOID_INLINE, VOID_BLOCK };
struct element {
	const char *name;
	enum shape shape;
};
static const struct element elements[] = {
	{ "a", INLINE },      { "b", INLINE },	   { "big", INLINE },	 { "blockquote", BLOCK }, { "br", VOID_INLINE },
	{ "caption", BLOCK }, { "center", BLOCK }, { "code", INLINE },	 { "col", VOID_INLINE },  { "colgroup", BLOCK },
	{ "dd", BLOCK },      { "div", BLOCK },	   { "dl", BLOCK },	 { "dt", BLOCK },	  { "em", INLINE },
	{ "font", INLINE },   { "h1", BLOCK },	   { "h2", BLOCK },	 { "h3", BLOCK },	  { "h4", BLOCK },
	{ "h5", BLOCK },      { "h6", BLOCK },	   { "hr", VOID_BLOCK }, { "i", INLINE },	  { "img", VOID_INLINE },
	{ "li", BLOCK },      { "ol", BLOCK },	   { "p", BLOCK },	 { "pre", BLOCK },	  { "s", INLINE },
	{ "small", INLINE },  { "span", INLINE },  { "strike", INLINE }, { "strong", INLINE },	  { "sub", INLINE },
	{ "sup", INLINE },    { "table", BLOCK },  { "tbody", BLOCK },	 { "td", BLOCK },	  { "tfoot", BLOCK },
	{ "th", BLOCK },      { "thead", BLOCK },  { "tr", BLOCK },	 { "u", INLINE },	  { "ul", BLOCK },
};

/* What goes with everything inside it, up to the text's end where nothing ends it: a browser reads no tag in there. */
static const char *const raw[] = { "script", "style", "title", "iframe", "textarea", "xmp", "noembed", "noframes", "noscript" };
/* What goes with everything inside it, where something ends it: a browser shows what stands behind one that is never closed. */
static const char *const swallowed[] = { "svg", "math", "object", "template", "select", "button", "applet", "audio", "video", "canvas" };

static const char *const properties[] = {
	"color",	"background-color", "font-weight",     "font-style",	"font-size",	  "font-family",
	"text-align",	"text-decoration",  "line-height",     "white-space",	"vertical-align", "padding",
	"padding-top",	"padding-right",    "padding-bottom",  "padding-left",	"margin-top",	  "margin-bottom",
	"border",	"border-top",	    "border-right",    "border-bottom", "border-left",	  "border-color",
	"border-width", "border-style",	    "border-collapse", "border-radius", "width",	  "max-width",
};

/* What characters are called in HTML 4, as far as such texts call them so. */
static const struct {
	const char *name;
	unsigned is;
} entities[] = {
	{ "amp", '&' },	     { "lt", '<' },	  { "gt", '>' },	{ "quot", '"' },     { "apos", '\'' },	  { "nbsp", 0xA0 },
	{ "euro", 0x20AC },  { "pound", 0xA3 },	  { "copy", 0xA9 },	{ "reg", 0xAE },     { "trade", 0x2122 }, { "deg", 0xB0 },
	{ "middot", 0xB7 },  { "bull", 0x2022 },  { "hellip", 0x2026 }, { "ndash", 0x2013 }, { "mdash", 0x2014 }, { "lsquo", 0x2018 },
	{ "rsquo", 0x2019 }, { "ldquo", 0x201C }, { "rdquo", 0x201D },	{ "laquo", 0xAB },   { "raquo", 0xBB },	  { "times", 0xD7 },
	{ "eacute", 0xE9 },  { "egrave", 0xE8 },  { "ecirc", 0xEA },	{ "euml", 0xEB },    { "Eacute", 0xC9 },  { "aacute", 0xE1 },
	{ "agrave", 0xE0 },  { "acirc", 0xE2 },	  { "auml", 0xE4 },	{ "Auml", 0xC4 },    { "aring", 0xE5 },	  { "iacute", 0xED },
	{ "igrave", 0xEC },  { "icirc", 0xEE },	  { "iuml", 0xEF },	{ "oacute", 0xF3 },  { "ograve", 0xF2 },  { "ocirc", 0xF4 },
	{ "ouml", 0xF6 },    { "Ouml", 0xD6 },	  { "oslash", 0xF8 },	{ "uacute", 0xFA },  { "ugrave", 0xF9 },  { "ucirc", 0xFB },
	{ "uuml", 0xFC },    { "Uuml", 0xDC },	  { "ccedil", 0xE7 },	{ "ntilde", 0xF1 },  { "szlig", 0xDF },	  { "aelig", 0xE6 },
	{ "shy", 0xAD },     { "zwnj", 0x200C },
};

static const struct element *element_named (const char *name)
{
	for (size_t i = 0; i < LENGTH (elements); i++)
		if (strcmp (elements[i].name, name) == 0)
			return &elements[i];
	return NULL;
}

/* n: it is none of them. */
static size_t place_among (const char *name, const char *const list[], size_t n)
{
	size_t i = 0;
	while (i < n && strcmp (list[i], name) != 0)
		i++;
	return i;
}

static bool is_among (const char *name, const char *const list[], size_t n)
{
	return place_among (name, list, n) < n;
}

/* ---- characters ---- */

static bool is_blank (char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool is_letter (char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit (char c)
{
	return c >= '0' && c <= '9';
}

/* UTF-8 of a character; what may not stand in a text is U+FFFD. */
static size_t character_write (unsigned c, char ret[4])
{
	if (c == 0 || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF) || (c < 0x20 && c != '\t' && c != '\n'))
		c = 0xFFFD;
	if (c < 0x80) {
		ret[0] = (char) c;
		return 1;
	}
	size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	for (size_t i = n; i-- > 1; c >>= 6)
		ret[i] = (char) (0x80 | (c & 0x3F));
	ret[0] = (char) ((n == 2 ? 0xC0 : n == 3 ? 0xE0 : 0xF0) | c);
	return n;
}

/* At "&": the bytes it takes and the character it is; 0: it is an ampersand. */
static size_t entity_read (const char *p, unsigned *ret)
{
	size_t n = 1;
	if (p[1] == '#') {
		bool hex = p[2] == 'x' || p[2] == 'X';
		unsigned c = 0;
		for (n = hex ? 3 : 2; is_digit (p[n]) || (hex && strchr ("abcdefABCDEF", p[n]) && p[n]); n++) {
			unsigned digit = is_digit (p[n]) ? (unsigned) (p[n] - '0') : (unsigned) ((p[n] | 32) - 'a' + 10);
			c = c > 0x110000 ? c : c * (hex ? 16 : 10) + digit;
		}
		if (n == (hex ? 3u : 2u))
			return 0;
		*ret = c;
		return n + (p[n] == ';');
	}
	while (n < 10 && (is_letter (p[n]) || is_digit (p[n])))
		n++;
	if (p[n] != ';')
		return 0;
	for (size_t i = 0; i < LENGTH (entities); i++)
		if (strlen (entities[i].name) == n - 1 && memcmp (entities[i].name, p + 1, n - 1) == 0) {
			*ret = entities[i].is;
			return n + 1;
		}
	return 0;
}

/* One character of text at p, whole, entities read; how many bytes it takes. */
static size_t character_read (const char *p, char ret[4], size_t *ret_n)
{
	unsigned c = 0;
	size_t n = *p == '&' ? entity_read (p, &c) : 0;
	if (n) {
		*ret_n = character_write (c, ret);
		return n;
	}
	for (n = 0; n < 4 && (n == 0 || ((unsigned char) p[n] & 0xC0) == 0x80); n++)
		ret[n] = p[n];
	return *ret_n = n;
}

static void escaped_add (struct buffer *out, const char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		switch (bytes[i]) {
		case '&': buffer_text (out, "&amp;"); break;
		case '<': buffer_text (out, "&lt;"); break;
		case '>': buffer_text (out, "&gt;"); break;
		case '"': buffer_text (out, "&quot;"); break;
		case '\'': buffer_text (out, "&#39;"); break;
		case '`': buffer_text (out, "&#96;"); break;
		default: buffer_add (out, &bytes[i], 1);
		}
}

/* ---- tokens ---- */

enum token { TOKEN_TEXT, TOKEN_OPEN, TOKEN_CLOSE, TOKEN_NOTHING };

struct attribute {
	char name[NAME_MOST];
	const char *at; /* in the HTML, as it stands there */
	size_t n;
};

struct tag {
	char name[NAME_MOST]; /* lower case; "" when it is longer than any we know */
	struct attribute attribute[ATTRIBUTES_MOST];
	size_t attributes;
	unsigned unended; /* bits of `swallowed` that nothing ends any more, from here to the text's end: nobody looks for it again */
};

static size_t word_read (const char *p, char ret[NAME_MOST])
{
	size_t n = 0;
	while (p[n] && !is_blank (p[n]) && p[n] != '/' && p[n] != '>' && p[n] != '=') {
		if (n < NAME_MOST - 1)
			ret[n] = p[n] >= 'A' && p[n] <= 'Z' ? (char) (p[n] + 32) : p[n];
		n++;
	}
	ret[n < NAME_MOST ? n : 0] = '\0';
	return n;
}

static const char *value_read (const char *p, struct attribute *ret)
{
	while (is_blank (*p))
		p++;
	if (*p == '"' || *p == '\'') {
		const char *end = strchr (p + 1, *p);
		ret->at = p + 1;
		ret->n = end ? (size_t) (end - p - 1) : strlen (p + 1);
		return end ? end + 1 : p + 1 + ret->n;
	}
	ret->at = p;
	while (*p && !is_blank (*p) && *p != '>')
		p++;
	ret->n = (size_t) (p - ret->at);
	return p;
}

/* Behind a tag's name, up to behind its >. */
static const char *attributes_read (const char *p, struct tag *ret)
{
	for (;;) {
		while (is_blank (*p) || *p == '/' || *p == '=')
			p++;
		if (!*p || *p == '>')
			return *p ? p + 1 : p;
		struct attribute one = { .at = "", .n = 0 };
		p += word_read (p, one.name);
		const char *equals = p;
		while (is_blank (*equals))
			equals++;
		if (*equals == '=')
			p = value_read (equals + 1, &one);
		if (ret->attributes < ATTRIBUTES_MOST && *one.name)
			ret->attribute[ret->attributes++] = one;
	}
}

/* Goes past what is swallowed: up to behind its end, which may be the text's. */
static const char *swallow (const char *p, const char *name)
{
	size_t n = strlen (name);
	while ((p = strstr (p, "</"))) {
		p += 2;
		if (strncasecmp (p, name, n) == 0 && (is_blank (p[n]) || p[n] == '>' || p[n] == '/')) {
			p += strcspn (p, ">");
			return p + (*p == '>');
		}
	}
	return NULL;
}

/* At "<": what it is, and what stands behind it. A text token here is the lone < itself. `ret` is the same for the whole of a text, zeros at first. */
static enum token tag_read (const char **at, struct tag *ret)
{
	const char *p = *at;
	ret->attributes = 0;
	*ret->name = '\0';
	if (strncmp (p, "<!--", 4) == 0) {
		const char *end = strstr (p + 4, "-->");
		*at = end ? end + 3 : p + strlen (p);
		return TOKEN_NOTHING;
	}
	if (p[1] == '!' || p[1] == '?') {
		p += strcspn (p, ">");
		*at = p + (*p == '>');
		return TOKEN_NOTHING;
	}
	bool closes = p[1] == '/';
	p += closes ? 2 : 1;
	if (!is_letter (*p)) {
		++*at;
		return TOKEN_TEXT;
	}
	p += word_read (p, ret->name);
	*at = attributes_read (p, ret);
	bool is_raw = is_among (ret->name, raw, LENGTH (raw));
	size_t place = place_among (ret->name, swallowed, LENGTH (swallowed));
	if (!closes && (is_raw || place < LENGTH (swallowed))) {
		unsigned bit = is_raw ? 0 : 1u << place;
		const char *end = ret->unended & bit ? NULL : swallow (*at, ret->name);
		ret->unended |= end ? 0 : bit;
		*at = end ? end : is_raw ? *at + strlen (*at) : *at;
		return TOKEN_NOTHING;
	}
	return closes ? TOKEN_CLOSE : TOKEN_OPEN;
}

/* ---- what may be shown ---- */

struct clean {
	struct buffer out;
	const struct element *open[OPEN_MOST];
	size_t opened;
	bool remote_images;
	html_image *image;
	void *with;
	size_t remote;
};

/* An attribute's value with its entities read and its control characters gone; how long it is, at most VALUE_MOST. */
static size_t value_text (const struct attribute *a, char *ret, size_t most)
{
	char c[4];
	size_t n = 0, more;
	for (size_t i = 0; i < a->n && n + 4 < most;) {
		i += character_read (a->at + i, c, &more);
		if (more == 1 && (unsigned char) c[0] < 0x20)
			continue;
		memcpy (ret + n, c, more);
		n += more;
	}
	ret[n] = '\0';
	return n;
}

static void attribute_add (struct clean *c, const char *name, const char *value)
{
	buffer_printf (&c->out, " %s=\"", name);
	escaped_add (&c->out, value, strlen (value));
	buffer_text (&c->out, "\"");
}

static bool begins (const char *text, const char *with)
{
	return strncasecmp (text, with, strlen (with)) == 0;
}

static bool is_image_data (const char *text)
{
	static const char *const kinds[] = { "data:image/png;base64,", "data:image/gif;base64,", "data:image/jpeg;base64,",
					     "data:image/webp;base64," };
	for (size_t i = 0; i < LENGTH (kinds); i++)
		if (begins (text, kinds[i])) {
			const char *p = text + strlen (kinds[i]);
			return p[strspn (p, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= ")] == '\0';
		}
	return false;
}

static const struct attribute *attribute_named (const struct tag *t, const char *name)
{
	for (size_t i = 0; i < t->attributes; i++)
		if (strcmp (t->attribute[i].name, name) == 0)
			return &t->attribute[i];
	return NULL;
}

static void link_add (struct clean *c, const struct tag *t)
{
	char value[VALUE_MOST];
	const struct attribute *href = attribute_named (t, "href");
	if (!href || href->n >= VALUE_MOST - 4)
		return;
	value_text (href, value, sizeof value);
	const char *url = value + strspn (value, " ");
	if (!begins (url, "http://") && !begins (url, "https://") && !begins (url, "mailto:") && !begins (url, "tel:"))
		return;
	attribute_add (c, "href", url);
	buffer_text (&c->out, " target=\"_blank\" rel=\"noopener noreferrer nofollow\"");
}

static void image_add (struct clean *c, const struct tag *t)
{
	const struct attribute *src = attribute_named (t, "src");
	if (!src || src->n > IMAGE_MOST)
		return;
	char *value = heap_alloc (src->n + VALUE_MOST);
	value_text (src, value, src->n + VALUE_MOST);
	const char *url = value + strspn (value, " "), *here = NULL;
	if (begins (url, "cid:"))
		here = c->image ? c->image (c->with, url + 4) : NULL;
	else if (is_image_data (url))
		here = url;
	else if (begins (url, "http://") || begins (url, "https://")) {
		c->remote++;
		here = c->remote_images ? url : NULL;
	}
	if (here) {
		attribute_add (c, "src", here);
		buffer_text (&c->out, " loading=\"lazy\" referrerpolicy=\"no-referrer\"");
	}
	heap_free (value);
}

/* Colours may be calls of rgb; nothing else may call anything. */
static bool is_safe_value (const char *value)
{
	const char *p = begins (value, "rgb(") ? value + 4 : begins (value, "rgba(") ? value + 5 : value;
	const char *most = p == value ? "" : ")";
	for (; *p; p++)
		if (!is_letter (*p) && !is_digit (*p) && !strchr (" #.,%-!", *p) && !(*most && *p == ')' && !p[1]))
			return false;
	return true;
}

static void style_add (struct clean *c, const struct attribute *style)
{
	char value[VALUE_MOST], kept[VALUE_MOST];
	size_t n = 0;
	if (style->n >= VALUE_MOST - 4)
		return;
	value_text (style, value, sizeof value);
	for (char *p = value, *next; p; p = next) {
		if ((next = strchr (p, ';')))
			*next++ = '\0';
		char *colon = strchr (p, ':');
		if (!colon)
			continue;
		*colon++ = '\0';
		p += strspn (p, " ");
		p[strcspn (p, " ")] = '\0';
		colon += strspn (colon, " ");
		for (char *q = p; *q; q++)
			*q = *q >= 'A' && *q <= 'Z' ? (char) (*q + 32) : *q;
		size_t more = strlen (p) + strlen (colon) + 3;
		if (!is_among (p, properties, LENGTH (properties)) || !is_safe_value (colon) || n + more >= sizeof kept)
			continue;
		n += (size_t) snprintf (kept + n, sizeof kept - n, "%s:%s;", p, colon);
	}
	if (n)
		attribute_add (c, "style", kept);
}

/* Numbers, sides and colours; a text only for people. */
static void plain_add (struct clean *c, const struct attribute *a)
{
	static const char *const plain[] = { "width", "height", "align",       "valign",      "colspan", "rowspan", "bgcolor",
					     "color", "border", "cellpadding", "cellspacing", "dir",	 "start" };
	static const char *const words[] = { "alt", "title" };
	char value[VALUE_MOST];
	if (a->n >= 500)
		return;
	value_text (a, value, sizeof value);
	if (is_among (a->name, words, LENGTH (words)))
		attribute_add (c, a->name, value);
	else if (is_among (a->name, plain, LENGTH (plain)) && strlen (value) <= 20 && !strpbrk (value, "-!,.") && is_safe_value (value) &&
		 !strchr (value, '('))
		attribute_add (c, a->name, value);
}

static void open_add (struct clean *c, const struct tag *t)
{
	const struct element *e = element_named (t->name);
	bool is_void = e && (e->shape == VOID_INLINE || e->shape == VOID_BLOCK);
	if (!e || (!is_void && c->opened == OPEN_MOST))
		return;
	buffer_printf (&c->out, "<%s", e->name);
	if (strcmp (e->name, "a") == 0)
		link_add (c, t);
	if (strcmp (e->name, "img") == 0)
		image_add (c, t);
	for (size_t i = 0; i < t->attributes; i++) {
		if (attribute_named (t, t->attribute[i].name) != &t->attribute[i])
			continue; /* said twice */
		if (strcmp (t->attribute[i].name, "style") == 0)
			style_add (c, &t->attribute[i]);
		else
			plain_add (c, &t->attribute[i]);
	}
	buffer_text (&c->out, ">");
	if (!is_void)
		c->open[c->opened++] = e;
}

static void close_last (struct clean *c)
{
	buffer_printf (&c->out, "</%s>", c->open[--c->opened]->name);
}

static void close_add (struct clean *c, const struct tag *t)
{
	size_t n = c->opened;
	while (n && strcmp (c->open[n - 1]->name, t->name) != 0)
		n--;
	while (n && c->opened >= n)
		close_last (c);
}

const char *html_clean (struct arena *a, const char *html, bool remote_images, html_image *image, void *with, size_t *ret_remote)
{
	struct clean c = { .remote_images = remote_images, .image = image, .with = with };
	struct tag t = { 0 };
	char character[4];
	size_t n;
	for (const char *p = html; *p;) {
		const char *at = p;
		enum token token = *p == '<' ? tag_read (&p, &t) : TOKEN_TEXT;
		if (token == TOKEN_OPEN) {
			open_add (&c, &t);
		} else if (token == TOKEN_CLOSE) {
			close_add (&c, &t);
		} else if (token == TOKEN_TEXT && *at == '<') {
			escaped_add (&c.out, "<", 1);
		} else if (token == TOKEN_TEXT) {
			p += character_read (p, character, &n);
			escaped_add (&c.out, character, n);
		}
	}
	while (c.opened)
		close_last (&c);
	const char *ret = arena_copy (a, c.out.at ? (const char *) c.out.at : "", c.out.n);
	buffer_fini (&c.out);
	if (ret_remote)
		*ret_remote = c.remote;
	return ret;
}

/* ---- as a text ---- */

struct plain {
	struct buffer out;
	size_t most;
	int breaks;  /* line ends that are due before the next word */
	bool blank;  /* a blank is due as well */
	bool begun;  /* something was said */
	int quotes;  /* quoted blocks inside each other */
	bool bullet; /* an item of a list begins */
	bool as_is;  /* inside pre */
};

static void break_due (struct plain *t, int breaks)
{
	t->breaks = t->breaks > breaks ? t->breaks : breaks;
	t->blank = false;
}

static void word_add (struct plain *t, const char *bytes, size_t n)
{
	if (t->out.n + n + 32 > t->most)
		return;
	int breaks = t->begun ? t->breaks : 0;
	for (int i = 0; i < breaks; i++) {
		buffer_text (&t->out, "\n");
		if (i < breaks - 1 && t->quotes)
			buffer_text (&t->out, ">");
	}
	if (breaks || !t->begun)
		for (int i = 0; i < t->quotes && i < QUOTES_MOST; i++)
			buffer_text (&t->out, "> ");
	if (t->bullet)
		buffer_text (&t->out, "- ");
	else if (t->blank && t->begun && !breaks)
		buffer_text (&t->out, " ");
	buffer_add (&t->out, bytes, n);
	t->begun = true;
	t->breaks = 0;
	t->blank = t->bullet = false;
}

static void text_walk (struct plain *t, const char *character, size_t n)
{
	bool hard = n == 2 && memcmp (character, "\xC2\xA0", 2) == 0;
	if (t->as_is && n == 1 && *character == '\n')
		t->breaks++;
	else if (hard || (n == 1 && is_blank (*character)))
		t->blank = true;
	else
		word_add (t, character, n);
}

static void element_walk (struct plain *t, const struct tag *tag, bool opens)
{
	const struct element *e = element_named (tag->name);
	if (!e)
		return;
	if (strcmp (e->name, "blockquote") == 0) {
		break_due (t, 1);
		t->quotes += opens ? 1 : t->quotes > 0 ? -1 : 0;
	} else if (strcmp (e->name, "br") == 0) {
		t->breaks++;
		t->blank = false;
	} else if (strcmp (e->name, "td") == 0 || strcmp (e->name, "th") == 0) {
		t->blank = true;
	} else if (e->shape == BLOCK || e->shape == VOID_BLOCK) {
		break_due (t, strcmp (e->name, "p") == 0 || e->name[0] == 'h' ? 2 : 1);
	}
	if (strcmp (e->name, "pre") == 0)
		t->as_is = opens;
	if (strcmp (e->name, "li") == 0)
		t->bullet = opens;
}

const char *html_text (struct arena *a, const char *html, size_t most)
{
	struct plain t = { .most = most };
	struct tag tag = { 0 };
	char character[4];
	size_t n;
	for (const char *p = html; *p && t.out.n + 64 < most;) {
		const char *at = p;
		enum token token = *p == '<' ? tag_read (&p, &tag) : TOKEN_TEXT;
		if (token == TOKEN_OPEN || token == TOKEN_CLOSE)
			element_walk (&t, &tag, token == TOKEN_OPEN);
		else if (token == TOKEN_TEXT && *at == '<')
			text_walk (&t, "<", 1);
		else if (token == TOKEN_TEXT) {
			p += character_read (p, character, &n);
			text_walk (&t, character, n);
		}
	}
	const char *ret = arena_copy (a, t.out.at ? (const char *) t.out.at : "", t.out.n);
	buffer_fini (&t.out);
	return ret;
}
