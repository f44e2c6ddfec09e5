/* What a mail looks like on the wire: its head, its HTML, and its body as SendGrid takes it; see rules.h.
 * It must never let a value of a person become a line of the head. */
#include "rules.h"

#include <string.h>
#include "clock.h"

/* ---- HTML of a text ---- */

static void escape (struct buffer *out, const char *at, size_t n)
{
	for (size_t i = 0; i < n; i++)
		switch (at[i]) {
		case '&': buffer_text (out, "&amp;"); break;
		case '<': buffer_text (out, "&lt;"); break;
		case '>': buffer_text (out, "&gt;"); break;
		case '"': buffer_text (out, "&quot;"); break;
		default: buffer_add (out, &at[i], 1);
		}
}

/* What is written, whether a backslash takes the meaning of the mark behind it, and the pictures that go along. */
struct writing {
	struct buffer *out;
	bool escapes;
	struct picture *picture;
	size_t pictures;
};

/* A mark that means nothing. */
static bool escaped (const struct writing *w, const char *at, size_t n)
{
	return w->escapes && n > 1 && *at == '\\' && strchr ("\\`*_{}[]<>()#+-.!|~@", at[1]);
}

static void put (const struct writing *w, const char *at, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		i += escaped (w, at + i, n - i);
		escape (w->out, at + i, 1);
	}
}

static size_t url_length (const struct writing *w, const char *at, size_t n)
{
	size_t scheme = n > 8 && !strncmp (at, "https://", 8) ? 8 : n > 7 && !strncmp (at, "http://", 7) ? 7 : 0, i = scheme, end = scheme;
	if (!scheme)
		return 0;
	while (i < n && at[i] > ' ') {
		size_t mark = escaped (w, at + i, n - i);
		if (strchr ("<>\"'`{}|\\^", at[i + mark]))
			break;
		i += mark + 1;
		if (!strchr (".,;:!?)*_", at[i - 1]))
			end = i;
	}
	return end > scheme ? end : 0;
}

enum { MARKED_MOST = 1000 }; /* else a line full of marks that nothing ends is gone through for each of them */

/* The text between two marks that stand close: **so**, _so_. 0: it is no mark. */
static size_t marked (const struct writing *w, const char *at, size_t n, const char *mark)
{
	size_t m = strlen (mark);
	if (n < 2 * m + 1 || strncmp (at, mark, m) || at[m] == ' ' || at[m] == *mark)
		return 0;
	for (size_t i = m + escaped (w, at + m, n - m) + 1; i + m <= n && i < MARKED_MOST; i++) {
		if (escaped (w, at + i, n - i))
			i++;
		else if (!strncmp (at + i, mark, m) && at[i - 1] != ' ')
			return i - m;
	}
	return 0;
}

/* ![what it shows](name) of a picture that goes along: how long that is. 0: it is none. */
static size_t picture_put (const struct writing *w, const char *at, size_t n)
{
	size_t alt = 0, name;
	if (n < 5 || at[1] != '[')
		return 0;
	while (alt < MARKED_MOST && alt + 2 < n && at[2 + alt] != ']' && at[2 + alt] != '\n')
		alt++;
	name = alt + 4;
	if (name >= n || at[2 + alt] != ']' || at[name - 1] != '(')
		return 0;
	for (size_t i = 0; i < w->pictures; i++) {
		struct picture *p = &w->picture[i];
		size_t length = strlen (p->name);
		if (name + length >= n || memcmp (p->name, at + name, length) || at[name + length] != ')')
			continue;
		p->shown = true;
		buffer_printf (w->out, "<img src=\"cid:%s\" style=\"max-width:100%%\" alt=\"", p->content_id);
		put (w, at + 2, alt);
		buffer_text (w->out, "\">");
		return name + length + 1;
	}
	return 0;
}

static void inline_html (const struct writing *w, const char *at, size_t n, int depth)
{
	for (size_t i = 0; i < n;) {
		size_t picture = w->pictures && at[i] == '!' ? picture_put (w, at + i, n - i) : 0;
		if (picture) {
			i += picture;
			continue;
		}
		size_t url = url_length (w, at + i, n - i), bold = depth < 4 ? marked (w, at + i, n - i, "**") : 0;
		bool word = i && (((unsigned char) at[i - 1] | 32) >= 'a' || (at[i - 1] >= '0' && at[i - 1] <= '9'));
		size_t italic = depth < 4 && !word ? marked (w, at + i, n - i, "_") : 0;
		if (url) {
			buffer_text (w->out, "<a href=\"");
			put (w, at + i, url);
			buffer_text (w->out, "\">");
			put (w, at + i, url);
			buffer_text (w->out, "</a>");
			i += url;
		} else if (bold) {
			buffer_text (w->out, "<strong>");
			inline_html (w, at + i + 2, bold, depth + 1);
			buffer_text (w->out, "</strong>");
			i += bold + 4;
		} else if (italic) {
			buffer_text (w->out, "<em>");
			inline_html (w, at + i + 1, italic, depth + 1);
			buffer_text (w->out, "</em>");
			i += italic + 2;
		} else {
			size_t one = escaped (w, at + i, n - i) + 1;
			put (w, at + i, one);
			i += one;
		}
	}
}

static const char *html_of (struct arena *a, const char *text, bool escapes, struct picture picture[], size_t n_pictures)
{
	struct buffer out = { 0 };
	struct writing w = { &out, escapes, picture, n_pictures };
	enum { NOTHING, PARAGRAPH, BULLETS } in = NOTHING;
	for (const char *line = text; *line;) {
		size_t n = strcspn (line, "\n"), shown = n;
		const char *next = line + n + (line[n] == '\n');
		while (shown && (line[shown - 1] == '\r' || line[shown - 1] == ' '))
			shown--;
		bool bullet = shown > 2 && (line[0] == '-' || line[0] == '*') && line[1] == ' ';
		int now = shown == 0 ? NOTHING : bullet ? BULLETS : PARAGRAPH;
		if ((int) in != now && in != NOTHING)
			buffer_text (&out, in == BULLETS ? "</ul>\n" : "</p>\n");
		if (now == PARAGRAPH)
			buffer_text (&out, in == PARAGRAPH ? "<br>\n" : "<p>");
		if (now == BULLETS)
			buffer_text (&out, in == BULLETS ? "" : "<ul>\n");
		if (now == BULLETS)
			buffer_text (&out, "<li>");
		inline_html (&w, line + (bullet ? 2 : 0), shown - (bullet ? 2 : 0), 0);
		if (now == BULLETS)
			buffer_text (&out, "</li>\n");
		in = now;
		line = next;
	}
	if (in != NOTHING)
		buffer_text (&out, in == BULLETS ? "</ul>\n" : "</p>\n");
	const char *ret = arena_copy (a, out.at ? (const char *) out.at : "", out.n);
	buffer_fini (&out);
	return ret;
}

const char *text_html (struct arena *a, const char *text, struct picture picture[], size_t n)
{
	return html_of (a, text, false, picture, n);
}

const char *marked_html (struct arena *a, const char *text, struct picture picture[], size_t n)
{
	return html_of (a, text, true, picture, n);
}

static const struct {
	const char *html, *text;
} spoken[] = {
	{ "</p>\n", "\n\n" }, { "</ul>\n", "\n" }, { "<ul>\n", "" },
	{ "<li>", "- " },     { "&lt;", "<" },	   { "&gt;", ">" },
	{ "&quot;", "\"" },   { "&amp;", "&" },	   { "", NULL /* a tag that says nothing here */ },
};

/* A picture is what it is said to show. */
static char *picture_spoken (struct arena *a, char *out, const char *tag)
{
	static const char alt[] = " alt=\"";
	const char *at = strncmp (tag, "<img ", 5) == 0 ? strstr (tag, alt) : NULL;
	if (!at || at > tag + strcspn (tag, ">") || at[sizeof alt - 1] == '"')
		return out;
	at += sizeof alt - 1;
	out = stpcpy (out, "[");
	out = stpcpy (out, html_plain (a, arena_copy (a, at, strcspn (at, "\""))));
	return stpcpy (out, "]");
}

const char *html_plain (struct arena *a, const char *html)
{
	char *ret = arena_alloc (a, 2 * strlen (html) + 1), *out = ret;
	for (const char *p = html; *p;) {
		size_t i = 0;
		while (spoken[i].text && strncmp (p, spoken[i].html, strlen (spoken[i].html)) != 0)
			i++;
		if (spoken[i].text) {
			out = stpcpy (out, spoken[i].text);
			p += strlen (spoken[i].html);
		} else if (*p == '<') {
			out = picture_spoken (a, out, p);
			p += strcspn (p, ">");
			p += *p == '>';
		} else {
			*out++ = *p++;
		}
	}
	while (out > ret && out[-1] == '\n')
		out--;
	*out = '\0';
	return ret;
}

const char *job_text (struct arena *a, const struct mail_job *job)
{
	if (job->has.news_for == HERE && job->has.text == HERE)
		return job->text; /* written for itself: where its links lead stands in it */
	return job->has.html == HERE ? html_plain (a, job->html) : job->has.text == HERE ? job->text : "";
}

/* ---- the head ---- */

static bool plain (const char *text)
{
	for (const char *p = text; *p; p++)
		if ((unsigned char) *p < ' ' || (unsigned char) *p > '~')
			return false;
	return !strstr (text, "=?");
}

static size_t character (const char *at)
{
	unsigned char c = (unsigned char) *at;
	size_t n = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	for (size_t i = 1; i < n; i++)
		if (((unsigned char) at[i] & 0xc0) != 0x80)
			return i;
	return n;
}

const char *header_text (struct arena *a, const char *text)
{
	static const char hex[] = "0123456789ABCDEF";
	enum { WORD_MOST = 75, OPEN = 10, CLOSE = 2 };
	if (plain (text) && strlen (text) < 60)
		return arena_text (a, text);
	struct buffer out = { 0 };
	size_t room = 0;
	for (const char *p = text; *p;) {
		char piece[13];
		size_t n = character (p), m = 0;
		for (size_t i = 0; i < n; i++) {
			unsigned char c = (unsigned char) p[i] < ' ' || p[i] == 127 ? ' ' : (unsigned char) p[i];
			if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) {
				piece[m++] = (char) c;
			} else if (c == ' ') {
				piece[m++] = '_';
			} else {
				piece[m++] = '=';
				piece[m++] = hex[c >> 4];
				piece[m++] = hex[c & 15];
			}
		}
		if (m > room) {
			buffer_text (&out, out.n ? "?=\r\n =?UTF-8?Q?" : "=?UTF-8?Q?");
			room = WORD_MOST - OPEN - CLOSE - 12; /* a line's name stands before the first */
		}
		buffer_add (&out, piece, m);
		room -= m;
		p += n;
	}
	if (out.n)
		buffer_text (&out, "?=");
	const char *ret = arena_copy (a, out.at ? (const char *) out.at : "", out.n);
	buffer_fini (&out);
	return ret;
}

const char *header_address (struct arena *a, const char *name, const char *address)
{
	if (!name || !*name)
		return arena_printf (a, "<%s>", address);
	if (!plain (name) || strlen (name) >= 60)
		return arena_printf (a, "%s <%s>", header_text (a, name), address);
	struct buffer out = { 0 };
	for (const char *p = name; *p; p++) {
		if (*p == '"' || *p == '\\')
			buffer_text (&out, "\\");
		buffer_add (&out, p, 1);
	}
	const char *ret = arena_printf (a, "\"%.*s\" <%s>", (int) out.n, (const char *) out.at, address);
	buffer_fini (&out);
	return ret;
}

const char *header_ids (struct arena *a, const char *ids)
{
	enum { NAME = 12, LINE = 76, LONGEST = 990 };
	struct buffer out = { 0 };
	size_t line = NAME;
	for (const char *p = ids + strspn (ids, " \t\r\n"); *p; p += strspn (p, " \t\r\n")) {
		size_t n = strcspn (p, " \t\r\n");
		if (n <= LONGEST - NAME) {
			bool folds = out.n && line + 1 + n > LINE;
			buffer_text (&out, folds ? "\r\n " : out.n ? " " : "");
			buffer_add (&out, p, n);
			line = folds ? 1 + n : line + 1 + n;
		}
		p += n;
	}
	const char *ret = arena_copy (a, out.at ? (const char *) out.at : "", out.n);
	buffer_fini (&out);
	return ret;
}

const char *header_filename (struct arena *a, const char *name)
{
	static const char hex[] = "0123456789ABCDEF";
	struct buffer ascii = { 0 }, whole = { 0 };
	bool differs = false;
	for (const char *p = name; *p; p++) {
		unsigned char c = (unsigned char) *p;
		bool good = c >= ' ' && c <= '~' && !strchr ("\"\\/%", c);
		differs = differs || !good;
		if (good)
			buffer_add (&ascii, p, 1);
		else if (c < 0x80 || c >= 0xc0)
			buffer_text (&ascii, "_");
		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr ("-._", c)))
			buffer_add (&whole, p, 1);
		else
			buffer_printf (&whole, "%%%c%c", hex[c >> 4], hex[c & 15]);
	}
	const char *ret = arena_printf (a, differs ? "; filename=\"%.*s\"; filename*=UTF-8''%.*s" : "; filename=\"%.*s\"", (int) ascii.n,
					ascii.at ? (const char *) ascii.at : "", (int) whole.n, whole.at ? (const char *) whole.at : "");
	buffer_fini (&ascii);
	buffer_fini (&whole);
	return ret;
}

const char *header_date (struct arena *a, int64_t at)
{
	static const char *const days[] = { "Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	char text[TIME_TEXT];
	time_format (at, text); /* 2026-11-21T11:15:00.000000Z */
	int64_t day = at / (86400 * INT64_C (1000000));
	int month = (text[5] - '0') * 10 + text[6] - '0';
	return arena_printf (a, "%s, %.2s %s %.4s %.8s +0000", days[day % 7], text + 8, months[month - 1], text, text + 11);
}

/* ---- SendGrid ---- */

static json_t *person (const char *email, const char *name)
{
	json_t *o = json_pack ("{ss}", "email", email);
	if (name && *name)
		json_object_set_new (o, "name", json_string (name));
	return o;
}

/* One request a recipient, so that its outcome is one recipient's; who else got it stands in nobody's head but by name. */
json_t *sendgrid_body (struct arena *a, const struct mail_job *job, json_t *files, const char *unsubscribe)
{
	char id[UUID_TEXT], n[16];
	json_t *headers = json_pack ("{ss}", "Message-ID", arena_printf (a, "<%s>", job->message_id));
	snprintf (n, sizeof n, "%lld", (long long) job->n);
	if (job->has.in_reply_to == HERE)
		json_object_set_new (headers, "In-Reply-To", json_string (arena_printf (a, "<%s>", job->in_reply_to)));
	if (job->has.refs == HERE)
		json_object_set_new (headers, "References", json_string (job->refs));
	if (job->machine)
		json_object_set_new (headers, "Auto-Submitted", json_string ("auto-generated"));
	if (unsubscribe) {
		json_object_set_new (headers, "List-Unsubscribe", json_string (arena_printf (a, "<%s>", unsubscribe)));
		json_object_set_new (headers, "List-Unsubscribe-Post", json_string ("List-Unsubscribe=One-Click"));
	}
	json_t *to = json_array (), *others = json_loads (job->others, 0, NULL), *o;
	const char *name = NULL;
	size_t i;
	json_array_foreach (others, i, o)
	{
		if (!strcmp (json_string_value (json_object_get (o, "email")), job->email))
			name = json_string_value (json_object_get (o, "name"));
	}
	json_array_append_new (to, person (job->email, name));
	json_decref (others);
	json_t *content = json_array ();
	const char *text = job_text (a, job);
	json_array_append_new (content, json_pack ("{ssss}", "type", "text/plain", "value", *text ? text : " "));
	if (job->has.html == HERE && *job->html)
		json_array_append_new (content, json_pack ("{ssss}", "type", "text/html", "value", job->html));
	json_t *body = json_pack ("{s:[{s:o, s:{ss ss}}], s:o, ss, s:o, s:o, s:{s:{sb}}}", "personalizations", "to", to, "custom_args",
				  "crm_message", uuid_format (job->mail_id.uuid, id), "crm_recipient", n, "from",
				  person (job->from_email, job->has.from_name == HERE ? job->from_name : NULL), "subject",
				  *job->subject ? job->subject : " ", "content", content, "headers", headers, "tracking_settings",
				  "subscription_tracking", "enable", 0);
	if (body && job->with_link) /* nobody else's address between them and the link */
		json_object_set_new (json_object_get (body, "tracking_settings"), "click_tracking",
				     json_pack ("{sbsb}", "enable", 0, "enable_text", 0));
	if (body && job->has.reply_to == HERE)
		json_object_set_new (body, "reply_to", person (job->reply_to, job->has.from_name == HERE ? job->from_name : NULL));
	if (body && json_array_size (files))
		json_object_set (body, "attachments", files);
	return body;
}
