/* Templates of mails; see template.h. One walk over the text serves checking (dead: nothing is written, every branch is looked at once) and rendering.
 * It must never read beyond the text's NUL nor write a value without its form's escapes. */
#include "template.h"

#include <string.h>

const char *const template_fault_names[TEMPLATE_FAULT_COUNT] = {
#define TEMPLATE_FAULT(name, doc) #name,
	TEMPLATE_FAULTS (TEMPLATE_FAULT)
#undef TEMPLATE_FAULT
};

enum { LOOPS_MOST = TEMPLATE_DEPTH_MOST, PATH_MOST = 2 * TEMPLATE_NAME_MOST, FILTERS_MOST = 4 };

/* `line` of "for line in quote.lines": what it means, and where the loop is. */
struct loop {
	const char *word;
	size_t word_n;
	char path[PATH_MOST]; /* quote.lines */
	const json_t *item;
};

struct walk {
	struct arena *a; /* null: only checked */
	const char *text;
	const struct template_place *places;
	const json_t *values;
	enum template_form form;
	enum template_language language;
	struct loop loop[LOOPS_MOST];
	int loops, depth, steps;
	char *out;
	size_t out_n, out_room;
	const char **named; /* what template_names gathers; null: nobody asks */
	size_t named_n;
	struct template_error error;
	bool failed;
};

/* ---- errors ---- */

static void fail (struct walk *w, size_t at, enum template_fault fault, const char *name, size_t name_n)
{
	if (w->failed)
		return;
	w->failed = true;
	w->error = (struct template_error){ .fault = fault, .line = 1, .column = 1 };
	for (size_t i = 0; i < at; i++) {
		if (w->text[i] == '\n') {
			w->error.line++;
			w->error.column = 1;
		} else if (((unsigned char) w->text[i] & 0xC0) != 0x80) {
			w->error.column++;
		}
	}
	if (name_n > TEMPLATE_NAME_MOST)
		name_n = TEMPLATE_NAME_MOST;
	while (name_n && ((unsigned char) name[name_n] & 0xC0) == 0x80 && name_n == TEMPLATE_NAME_MOST)
		name_n--;
	memcpy (w->error.name, name, name_n);
	w->error.name[name_n] = '\0';
}

/* ---- what is written ---- */

static void put (struct walk *w, const char *bytes, size_t n)
{
	if (w->failed || !w->a || !n)
		return;
	if (n > TEMPLATE_OUTPUT_MOST - w->out_n) {
		fail (w, 0, TEMPLATE_FAULT_too_long, "", 0);
		return;
	}
	if (w->out_n + n >= w->out_room) {
		size_t room = 2 * (w->out_n + n) + 256;
		char *more = arena_alloc (w->a, room);
		if (w->out_n)
			memcpy (more, w->out, w->out_n);
		w->out = more;
		w->out_room = room;
	}
	memcpy (w->out + w->out_n, bytes, n);
	w->out_n += n;
}

static void put_text (struct walk *w, const char *text)
{
	put (w, text, strlen (text));
}

static void put_html (struct walk *w, unsigned char c)
{
	switch (c) {
	case '&': put_text (w, "&amp;"); break;
	case '<': put_text (w, "&lt;"); break;
	case '>': put_text (w, "&gt;"); break;
	case '"': put_text (w, "&quot;"); break;
	case '\'': put_text (w, "&#39;"); break;
	case '\n': put_text (w, "<br>"); break;
	case '\r': break;
	default: put (w, (const char *) &c, 1);
	}
}

/* A value, by its form: nothing in it can be markup, a tag, or another header. */
static void put_value (struct walk *w, const char *text)
{
	for (const unsigned char *p = (const unsigned char *) text; *p && !w->failed; p++) {
		if (w->form == TEMPLATE_HTML) {
			put_html (w, *p);
		} else if (w->form == TEMPLATE_LINE && (*p < 0x20 || *p == 0x7F)) {
			put_text (w, " ");
		} else {
			if (w->form == TEMPLATE_MARKDOWN && strchr ("\\`*_{}[]<>()#+-.!|~@", *p))
				put_text (w, "\\");
			put (w, (const char *) p, 1);
		}
	}
}

/* ---- how values are said ---- */

static const char *const months[2][12] = {
	{ "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December" },
	{ "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december" }
};

static int digits_read (const char *p, int n)
{
	int ret = 0;
	for (int i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9')
			return -1;
		ret = 10 * ret + (p[i] - '0');
	}
	return ret;
}

/* 21 November 2026; what is no date is said as it is. */
static const char *date_said (const char *text, enum template_language language, char ret[64])
{
	if (strnlen (text, 10) < 10 || text[4] != '-' || text[7] != '-')
		return text;
	int year = digits_read (text, 4), month = digits_read (text + 5, 2), day = digits_read (text + 8, 2);
	if (year < 1 || month < 1 || month > 12 || day < 1 || day > 31)
		return text;
	snprintf (ret, 64, "%d %s %d", day, months[language][month - 1], year);
	return ret;
}

static const char *currency_sign (const char *currency)
{
	return strcmp (currency, "EUR") == 0 ? "€" : strcmp (currency, "USD") == 0 ? "$" : strcmp (currency, "GBP") == 0 ? "£" : NULL;
}

/* "1815.00" as 1.815,00 or 1,815.00; false: it is no amount. */
static bool amount_said (const char *amount, enum template_language language, char ret[80])
{
	const char *p = amount;
	char thousands = language == TEMPLATE_NL ? '.' : ',', point = language == TEMPLATE_NL ? ',' : '.';
	size_t n = 0, whole;
	if (*p == '-')
		ret[n++] = *p++;
	whole = strspn (p, "0123456789");
	size_t rest = strlen (p + whole);
	if (!whole || whole > 30 || rest > 8 || (rest && (p[whole] != '.' || strspn (p + whole + 1, "0123456789") != rest - 1)))
		return false;
	for (size_t i = 0; i < whole; i++) {
		if (i && (whole - i) % 3 == 0)
			ret[n++] = thousands;
		ret[n++] = p[i];
	}
	if (rest) {
		ret[n++] = point;
		memcpy (ret + n, p + whole + 1, rest - 1);
		n += rest - 1;
	}
	ret[n] = '\0';
	return true;
}

/* € 1.815,00 in Dutch, €1,815.00 in English, CHF 1,815.00 where there is no sign. The blank never breaks a line. */
static const char *money_said (const json_t *value, enum template_language language, char ret[128])
{
	const char *amount = json_string_value (json_object_get (value, "amount")),
		   *currency = json_string_value (json_object_get (value, "currency"));
	char figures[80];
	if (!amount || !currency || strlen (currency) > 8 || !amount_said (amount, language, figures))
		return "";
	const char *sign = currency_sign (currency);
	snprintf (ret, 128, "%s%s%s", sign ? sign : currency, sign && language == TEMPLATE_EN ? "" : "\xC2\xA0", figures);
	return ret;
}

static bool is_empty (const json_t *value)
{
	return !value || json_is_null (value) || json_is_false (value) || (json_is_string (value) && !*json_string_value (value)) ||
	       (json_is_array (value) && !json_array_size (value)) || (json_is_object (value) && !json_object_size (value));
}

static void value_said (struct walk *w, const json_t *value, enum template_kind kind)
{
	char text[128];
	if (kind == TEMPLATE_IS_MONEY && json_is_object (value))
		put_value (w, money_said (value, w->language, text));
	else if (json_is_string (value))
		put_value (w,
			   kind == TEMPLATE_IS_DATE ? date_said (json_string_value (value), w->language, text) : json_string_value (value));
	else if (json_is_integer (value)) {
		snprintf (text, sizeof text, "%lld", (long long) json_integer_value (value));
		put_value (w, text);
	}
}

/* ---- names ---- */

static bool is_name (char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static size_t word_size (const char *p, const char *end)
{
	size_t n = 0;
	while (p + n < end && is_name (p[n]))
		n++;
	return n;
}

/* contact.first_name: words with points between; 0: none. */
static size_t name_size (const char *p, const char *end)
{
	size_t n = word_size (p, end);
	while (n && p + n < end && p[n] == '.') {
		size_t more = word_size (p + n + 1, end);
		if (!more)
			return 0;
		n += 1 + more;
	}
	return n;
}

static void blanks_skip (const char **p, const char *end)
{
	while (*p < end &&
	       (**p == ' ' || **p == '\t' || **p == '\n' || **p == '\r' || (**p == '\xC2' && *p + 1 < end && (*p)[1] == '\xA0')))
		*p += **p == '\xC2' ? 2 : 1; /* an editor puts blanks that do not break */
}

static const struct template_place *place_named (const struct walk *w, const char *path)
{
	for (const struct template_place *p = w->places; p->name; p++)
		if (strcmp (p->name, path) == 0)
			return p;
	return NULL;
}

static const json_t *value_below (const json_t *value, const char *path)
{
	char word[PATH_MOST];
	while (value && *path) {
		size_t n = strcspn (path, ".");
		memcpy (word, path, n);
		word[n] = '\0';
		value = json_object_get (value, word);
		path += n + (path[n] == '.');
	}
	return value;
}

/* A loop's own word goes before what is called the same outside. Null: nothing is called so. */
static const struct template_place *place_find (struct walk *w, const char *name, size_t n, const json_t **ret)
{
	char path[2 * PATH_MOST];
	size_t word_n = strcspn (name, ".");
	if (n >= PATH_MOST)
		return NULL;
	if (word_n > n)
		word_n = n;
	*ret = NULL;
	for (int i = w->loops; i-- > 0;) {
		const struct loop *l = &w->loop[i];
		if (l->word_n != word_n || memcmp (l->word, name, word_n) != 0)
			continue;
		snprintf (path, sizeof path, "%s%.*s", l->path, (int) (n - word_n), name + word_n);
		snprintf (path + PATH_MOST, PATH_MOST, "%.*s", (int) (n - word_n), name + word_n);
		const char *below = path + PATH_MOST;
		*ret = value_below (l->item, *below == '.' ? below + 1 : below);
		return place_named (w, path);
	}
	snprintf (path, PATH_MOST, "%.*s", (int) n, name);
	*ret = value_below (w->values, path);
	return place_named (w, path);
}

/* ---- {{ … }} ---- */

/* Behind a colon: "…", which holds no quote. */
static bool quoted_read (const char **p, const char *end, const char **ret, size_t *ret_n)
{
	blanks_skip (p, end);
	if (*p == end || **p != '"')
		return false;
	const char *close = memchr (*p + 1, '"', (size_t) (end - *p - 1));
	if (!close)
		return false;
	*ret = *p + 1;
	*ret_n = (size_t) (close - *ret);
	*p = close + 1;
	return true;
}

struct said {
	const char *otherwise; /* default:"…" */
	size_t otherwise_n;
	bool has_otherwise;
};

static size_t at_of (const struct walk *w, const char *p)
{
	return (size_t) (p - w->text);
}

static bool word_is (const char *p, size_t n, const char *word)
{
	return strlen (word) == n && memcmp (p, word, n) == 0;
}

/* One filter behind its |. */
static bool filter_read (struct walk *w, const char **p, const char *end, enum template_kind kind, struct said *ret)
{
	blanks_skip (p, end);
	const char *name = *p;
	size_t n = word_size (name, end);
	*p += n;
	if (!n) {
		fail (w, at_of (w, name), TEMPLATE_FAULT_not_read, "|", 1);
	} else if (word_is (name, n, "default")) {
		blanks_skip (p, end);
		if (*p < end && **p == ':')
			++*p;
		else
			fail (w, at_of (w, name), TEMPLATE_FAULT_not_read, name, n);
		if (!w->failed && !quoted_read (p, end, &ret->otherwise, &ret->otherwise_n))
			fail (w, at_of (w, name), TEMPLATE_FAULT_not_read, name, n);
		ret->has_otherwise = !w->failed;
	} else if (word_is (name, n, "date") || word_is (name, n, "money")) {
		if (kind != (*name == 'd' ? TEMPLATE_IS_DATE : TEMPLATE_IS_MONEY))
			fail (w, at_of (w, name), TEMPLATE_FAULT_wrong_filter, name, n);
	} else {
		fail (w, at_of (w, name), TEMPLATE_FAULT_unknown_filter, name, n);
	}
	return !w->failed;
}

static const struct template_place *place_read (struct walk *w, const char **p, const char *end, const json_t **ret)
{
	blanks_skip (p, end);
	const char *name = *p;
	size_t n = name_size (name, end), bad = 0;
	if (!n) {
		while (name + bad < end && !strchr (" \t\r\n|", name[bad]))
			bad++;
		fail (w, at_of (w, name), bad ? TEMPLATE_FAULT_unknown_place : TEMPLATE_FAULT_not_read, name, bad);
		return NULL;
	}
	*p += n;
	const struct template_place *place = place_find (w, name, n, ret);
	if (!place)
		fail (w, at_of (w, name), TEMPLATE_FAULT_unknown_place, name, n);
	else if (w->named)
		w->named[w->named_n++] = place->name;
	return place;
}

static bool tag_ends (struct walk *w, const char *p, const char *end)
{
	blanks_skip (&p, end);
	if (p < end)
		fail (w, at_of (w, p), TEMPLATE_FAULT_not_read, p,
		      strcspn (p, " \t\r\n}%|") < (size_t) (end - p) ? strcspn (p, " \t\r\n}%|") : (size_t) (end - p));
	return !w->failed;
}

/* The default is the writer's own text: it is written as the rest of the template, in the value's place. */
static void value_walk (struct walk *w, const char *p, const char *end, bool live)
{
	const json_t *value = NULL;
	struct said said = { 0 };
	const char *begin = p;
	const struct template_place *place = place_read (w, &p, end, &value);
	if (!place)
		return;
	if (place->kind == TEMPLATE_IS_LIST) {
		blanks_skip (&begin, end);
		fail (w, at_of (w, begin), TEMPLATE_FAULT_is_list, place->name, strlen (place->name));
		return;
	}
	for (blanks_skip (&p, end); p < end && *p == '|'; blanks_skip (&p, end)) {
		p++;
		if (!filter_read (w, &p, end, place->kind, &said))
			return;
	}
	if (!tag_ends (w, p, end) || !live)
		return;
	if (!is_empty (value))
		value_said (w, value, place->kind);
	else if (said.has_otherwise)
		put (w, said.otherwise, said.otherwise_n);
}

/* ---- {% … %} ---- */

enum stop { STOP_END_OF_TEXT, STOP_END, STOP_ELSE };

static enum stop block_walk (struct walk *w, size_t *at, bool live, bool inside);

static void deeper (struct walk *w, size_t at)
{
	if (++w->depth > TEMPLATE_DEPTH_MOST)
		fail (w, at, TEMPLATE_FAULT_too_deep, "", 0);
}

/* Behind {% if: both branches are looked at, one at most is written. */
static void if_walk (struct walk *w, const char *p, const char *end, size_t opened, size_t *at, bool live)
{
	const json_t *value = NULL;
	if (!place_read (w, &p, end, &value) || !tag_ends (w, p, end))
		return;
	bool holds = !is_empty (value);
	deeper (w, opened);
	enum stop stop = w->failed ? STOP_END : block_walk (w, at, live && holds, true);
	if (stop == STOP_ELSE && !w->failed) {
		stop = block_walk (w, at, live && !holds, true);
		if (stop == STOP_ELSE)
			fail (w, opened, TEMPLATE_FAULT_not_read, "else", 4);
	}
	if (stop == STOP_END_OF_TEXT)
		fail (w, opened, TEMPLATE_FAULT_not_closed, "if", 2);
	w->depth--;
}

/* line in quote.lines: the loop's word, what it goes over. */
static const json_t *for_read (struct walk *w, const char *p, const char *end, struct loop *ret)
{
	const json_t *list = NULL;
	blanks_skip (&p, end);
	ret->word = p;
	ret->word_n = word_size (p, end);
	p += ret->word_n;
	blanks_skip (&p, end);
	const char *in = p;
	if (!ret->word_n || word_size (in, end) != 2 || memcmp (in, "in", 2) != 0) {
		fail (w, at_of (w, ret->word), TEMPLATE_FAULT_not_read, "for", 3);
		return NULL;
	}
	p += 2;
	blanks_skip (&p, end);
	const char *name = p;
	const struct template_place *place = place_read (w, &p, end, &list);
	if (!place || !tag_ends (w, p, end))
		return NULL;
	if (place->kind != TEMPLATE_IS_LIST)
		fail (w, at_of (w, name), TEMPLATE_FAULT_not_list, place->name, strlen (place->name));
	snprintf (ret->path, sizeof ret->path, "%s", place->name);
	return list;
}

static void for_walk (struct walk *w, const char *p, const char *end, size_t opened, size_t *at, bool live)
{
	struct loop loop = { 0 };
	const json_t *list = for_read (w, p, end, &loop);
	if (w->failed)
		return;
	deeper (w, opened);
	size_t n = live ? json_array_size (list) : 0, after = *at;
	for (size_t i = 0; i < (n ? n : 1) && !w->failed; i++) {
		loop.item = n ? json_array_get (list, i) : NULL;
		w->loop[w->loops++] = loop;
		after = *at;
		enum stop stop = block_walk (w, &after, live && n, true);
		w->loops--;
		if (stop == STOP_ELSE)
			fail (w, opened, TEMPLATE_FAULT_not_opened, "else", 4);
		else if (stop == STOP_END_OF_TEXT)
			fail (w, opened, TEMPLATE_FAULT_not_closed, "for", 3);
	}
	*at = after;
	w->depth--;
}

/* Where the tag that opens at `at` ends, quotes minded; null: it does not, and that is said. */
static const char *tag_end (struct walk *w, size_t at, char close)
{
	const char *p = w->text + at + 2;
	bool quoted = false;
	for (size_t i = 0; i < TEMPLATE_TAG_MOST && p[i]; i++) {
		if (p[i] == '"')
			quoted = !quoted;
		else if (!quoted && p[i] == close && p[i + 1] == '}')
			return p + i;
	}
	fail (w, at, TEMPLATE_FAULT_not_closed, w->text + at, 2);
	return NULL;
}

/* A tag of logic; what it opens is walked, what it closes is told. */
static enum stop logic_walk (struct walk *w, const char *p, const char *end, size_t opened, size_t *at, bool live, bool inside,
			     bool *ret_stops)
{
	blanks_skip (&p, end);
	const char *word = p;
	size_t n = word_size (p, end);
	p += n;
	*ret_stops = false;
	if (word_is (word, n, "if")) {
		if_walk (w, p, end, opened, at, live);
	} else if (word_is (word, n, "for")) {
		for_walk (w, p, end, opened, at, live);
	} else if (word_is (word, n, "end") || word_is (word, n, "else")) {
		if (!inside)
			fail (w, opened, TEMPLATE_FAULT_not_opened, word, n);
		tag_ends (w, p, end);
		*ret_stops = true;
		return n == 3 ? STOP_END : STOP_ELSE;
	} else {
		fail (w, opened, TEMPLATE_FAULT_not_read, word, n);
	}
	return STOP_END_OF_TEXT;
}

/* A tag of logic alone on its line takes the line with it, and the blanks before it: a loop over lines leaves no empty ones. */
static size_t line_left (struct walk *w, size_t opened, size_t after, bool live)
{
	size_t i = opened, k = after;
	while (i && (w->text[i - 1] == ' ' || w->text[i - 1] == '\t'))
		i--;
	while (w->text[k] == ' ' || w->text[k] == '\t')
		k++;
	if ((i && w->text[i - 1] != '\n') || (w->text[k] && w->text[k] != '\n' && w->text[k] != '\r'))
		return after;
	for (size_t n = opened - i; live && n && w->out_n; n--)
		w->out_n--;
	k += w->text[k] == '\r';
	return k + (w->text[k] == '\n');
}

/* From *at to the tag that ends this block, which it goes past. */
static enum stop block_walk (struct walk *w, size_t *at, bool live, bool inside)
{
	while (!w->failed && w->text[*at]) {
		const char *p = w->text + *at, *open = p;
		while ((open = strchr (open, '{')) && open[1] != '{' && open[1] != '%')
			open++;
		size_t n = open ? (size_t) (open - p) : strlen (p);
		if (live)
			put (w, p, n);
		*at += n;
		if (!open)
			break;
		w->steps += 1 + (int) (n / 64); /* what is skipped costs too */
		if (w->steps > TEMPLATE_STEPS_MOST) {
			fail (w, *at, TEMPLATE_FAULT_too_long, "", 0);
			break;
		}
		size_t opened = *at;
		bool logic = open[1] == '%', stops = false;
		const char *end = tag_end (w, opened, logic ? '%' : '}');
		if (!end)
			break;
		*at = at_of (w, end) + 2;
		if (!logic) {
			value_walk (w, open + 2, end, live);
			continue;
		}
		*at = line_left (w, opened, *at, live);
		enum stop stop = logic_walk (w, open + 2, end, opened, at, live, inside, &stops);
		if (stops)
			return stop;
	}
	return w->failed ? STOP_END : STOP_END_OF_TEXT;
}

static void walk_all (struct walk *w, bool live)
{
	size_t at = 0;
	if (strnlen (w->text, TEMPLATE_MOST + 1) > TEMPLATE_MOST)
		fail (w, 0, TEMPLATE_FAULT_too_long, "", 0);
	else
		block_walk (w, &at, live, false);
}

enum status template_check (const char *text, const struct template_place *places, struct template_error *ret)
{
	struct walk w = { .text = text, .places = places };
	walk_all (&w, false);
	if (!w.failed)
		return OK;
	*ret = w.error;
	return REFUSED;
}

enum status template_render (struct arena *a, const char *text, const struct template_place *places, const json_t *values,
			     enum template_form form, enum template_language language, const char **ret_text,
			     struct template_error *ret_error)
{
	if (template_check (text, places, ret_error) != OK)
		return REFUSED;
	struct walk w = { .a = a, .text = text, .places = places, .values = values, .form = form, .language = language };
	walk_all (&w, true);
	if (w.failed) {
		*ret_error = w.error;
		return REFUSED;
	}
	*ret_text = w.out ? arena_copy (a, w.out, w.out_n) : "";
	return OK;
}

const char *const *template_names (struct arena *a, const char *text, const struct template_place *places)
{
	size_t n = strnlen (text, TEMPLATE_MOST), kept = 0;
	struct walk w = { .text = text, .places = places };
	w.named = arena_array (a, n / 4 + 2, sizeof *w.named); /* a tag takes more than four bytes */
	walk_all (&w, false);
	if (w.failed)
		w.named_n = 0;
	for (size_t i = 0; i < w.named_n; i++) {
		size_t k = 0;
		while (k < kept && strcmp (w.named[k], w.named[i]) != 0)
			k++;
		if (k == kept)
			w.named[kept++] = w.named[i];
	}
	w.named[kept] = NULL;
	return w.named;
}
