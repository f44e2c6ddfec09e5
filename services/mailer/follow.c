/* The image and the links by which it is known that a mail was opened; see follow.h.
 * It must never change what a reader sees but for where a link leads, nor lead to a place that did not stand in the mail. */
#include "follow.h"

#include <string.h>
#include <strings.h>

static const int64_t second = 1000000;
enum { AT_ONCE = 10 }; /* seconds: who is there sooner than that is a filter */

/* ---- who looked ---- */

static bool has_word (const char *agent, const char *word)
{
	size_t n = strlen (word);
	for (; *agent; agent++)
		if (strncasecmp (agent, word, n) == 0)
			return true;
	return false;
}

bool follow_is_machine (const char *agent, bool clicked, int64_t sent_at, int64_t at)
{
	/* they fetch every image, whoever reads; nobody clicks by them */
	static const char *const proxies[] = { "GoogleImageProxy", "YahooMailProxy", "ggpht.com" };
	static const char *const machines[] = { "bot/",	     "bot;",	 "bot)",       "crawler",    "spider",	  "scanner",  "preview",
						"prefetch",  "curl/",	 "wget/",      "python",     "okhttp",	  "java/",    "go-http",
						"headless",  "libwww",	 "axios",      "node-fetch", "barracuda", "mimecast", "proofpoint",
						"safelinks", "symantec", "trendmicro", "fortinet",   "mailscan" };
	if (!agent || !*agent || sent_at <= 0 || at - sent_at < AT_ONCE * second)
		return true;
	if (!clicked && strcmp (agent, "Mozilla/5.0") == 0) /* a privacy proxy says no more of whom it fetches for */
		return true;
	for (size_t i = 0; !clicked && i < sizeof proxies / sizeof *proxies; i++)
		if (has_word (agent, proxies[i]))
			return true;
	for (size_t i = 0; i < sizeof machines / sizeof *machines; i++)
		if (has_word (agent, machines[i]))
			return true;
	return false;
}

/* ---- links ---- */

static bool is_space (char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static void put_escaped (struct buffer *out, const char *text)
{
	for (; *text; text++)
		switch (*text) {
		case '&': buffer_text (out, "&amp;"); break;
		case '<': buffer_text (out, "&lt;"); break;
		case '>': buffer_text (out, "&gt;"); break;
		case '"': buffer_text (out, "&quot;"); break;
		default: buffer_add (out, text, 1);
		}
}

/* An attribute's value as an address; null: it is none of the web, or holds what we cannot read. */
static const char *url_read (struct arena *a, const char *at, size_t n)
{
	static const struct {
		const char *name;
		char is;
	} entities[] = { { "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' }, { "&quot;", '"' }, { "&#39;", '\'' } };
	while (n && is_space (*at))
		at++, n--;
	while (n && is_space (at[n - 1]))
		n--;
	if (n > FOLLOW_URL_MOST || !((n > 8 && !strncasecmp (at, "https://", 8)) || (n > 7 && !strncasecmp (at, "http://", 7))))
		return NULL;
	char *ret = arena_alloc (a, n + 1);
	size_t m = 0;
	for (size_t i = 0; i < n;) {
		size_t k = 0, length = 1;
		char c = at[i];
		if ((unsigned char) c <= ' ' || c == 127)
			return NULL;
		if (c == '&') {
			while (k < sizeof entities / sizeof *entities &&
			       !(strlen (entities[k].name) <= n - i && !strncmp (at + i, entities[k].name, strlen (entities[k].name))))
				k++;
			if (k < sizeof entities / sizeof *entities) {
				c = entities[k].is;
				length = strlen (entities[k].name);
			} else if (memchr (at + i, ';', n - i)) {
				return NULL; /* an entity, or none: who knows */
			}
		}
		ret[m++] = c;
		i += length;
	}
	ret[m] = 0;
	return ret;
}

/* The quoted value of a tag's first href, which begins behind its name; the tag's end in `ret_end`. Null: it has none. */
static const char *href_find (const char *p, size_t *ret_n, const char **ret_end)
{
	const char *found = NULL;
	while (*p && *p != '>') {
		if (is_space (*p) || *p == '/') {
			p++;
			continue;
		}
		const char *name = p;
		p += strcspn (p, " \t\n\r\f/=>");
		size_t n = (size_t) (p - name);
		while (is_space (*p))
			p++;
		if (*p != '=') {
			p += n == 0 && *p && *p != '>';
			continue;
		}
		for (p++; is_space (*p);)
			p++;
		char quote = *p == '"' || *p == '\'' ? *p++ : 0;
		const char *value = p;
		if (quote && !(p = strchr (p, quote))) {
			*ret_end = value + strlen (value);
			return NULL;
		}
		if (!quote)
			p += strcspn (p, " \t\n\r\f>");
		if (!found && quote == '"' && n == 4 && !strncasecmp (name, "href", 4)) {
			found = value;
			*ret_n = (size_t) (p - value);
		}
		p += quote != 0;
	}
	*ret_end = p;
	return found;
}

const char *html_follow (struct arena *a, const char *html, follow_lead *lead, void *ctx, const char *image)
{
	struct buffer out = { 0 };
	const char *from = html;
	for (const char *p = html; (p = strchr (p, '<'));) {
		const char *end = p + 1;
		size_t n = 0;
		if ((p[1] != 'a' && p[1] != 'A') || !is_space (p[2])) {
			p++;
			continue;
		}
		const char *value = href_find (p + 2, &n, &end), *url = value ? url_read (a, value, n) : NULL;
		const char *there = url ? lead (ctx, url) : NULL;
		if (there) {
			buffer_add (&out, from, (size_t) (value - from));
			put_escaped (&out, there);
			from = value + n;
		}
		p = end;
	}
	buffer_text (&out, from);
	if (image) {
		buffer_text (&out, "<img src=\"");
		put_escaped (&out, image);
		buffer_text (&out, "\" width=\"1\" height=\"1\" alt=\"\">\n");
	}
	const char *ret = arena_copy (a, out.at ? (const char *) out.at : "", out.n);
	buffer_fini (&out);
	return ret;
}
