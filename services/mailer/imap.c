/* IMAP as far as reading a mailbox needs it; see imap.h. One response at a time: a line, and the literals in it, of which at most one is wanted.
 * It must never keep more of a response than its limits, whatever length the server names. */
#include "imap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum { LINE_MOST = 2 << 20, RESPONSES_MOST = 100000, UID_MOST_TEXT = 10 };

static const char head_lines[] =
	"BODY.PEEK[HEADER.FIELDS (FROM TO CC REPLY-TO SUBJECT DATE MESSAGE-ID IN-REPLY-TO REFERENCES DELIVERED-TO X-ORIGINAL-TO ENVELOPE-TO AUTO-SUBMITTED "
	"PRECEDENCE LIST-ID RETURN-PATH)]";

void imap_init (struct imap *i)
{
	memset (i, 0, sizeof *i);
}

void imap_fini (struct imap *i)
{
	buffer_fini (&i->line);
}

/* ---- what is said about it ---- */

static void words_take (struct imap *i, const char *words)
{
	size_t n = strcspn (words, "\r\n");
	snprintf (i->words, sizeof i->words, "%.*s", (int) (n < sizeof i->words ? n : sizeof i->words - 1), words);
	for (char *p = i->words; *p; p++)
		if ((unsigned char) *p < ' ' || (unsigned char) *p > '~')
			*p = '?';
}

static bool broken (struct imap *i, const char *why)
{
	words_take (i, why);
	return false;
}

static enum imap_said broke (struct imap *i, const char *why)
{
	broken (i, why);
	return IMAP_BROKEN;
}

/* ---- bytes ---- */

static bool fill (struct imap *i)
{
	if (i->taken < i->n)
		return true;
	i->taken = 0;
	i->n = i->read (i->ctx, i->at, sizeof i->at);
	return i->n || (*i->words ? false : broken (i, "the server fell silent"));
}

/* `n` bytes: into what is wanted, or nowhere. */
static bool literal_take (struct imap *i, size_t n, struct buffer *to)
{
	while (n) {
		if (!fill (i))
			return false;
		size_t part = i->n - i->taken < n ? i->n - i->taken : n;
		if (to)
			buffer_add (to, i->at + i->taken, part);
		i->taken += part;
		n -= part;
	}
	return true;
}

/* One line's end, without it. */
static bool line_take (struct imap *i)
{
	for (;;) {
		if (!fill (i))
			return false;
		const unsigned char *from = i->at + i->taken, *end = memchr (from, '\n', i->n - i->taken);
		size_t part = end ? (size_t) (end - from) : i->n - i->taken;
		if (i->line.n + part > LINE_MOST)
			return broken (i, "the server said more in a line than anybody needs");
		buffer_add (&i->line, from, part);
		i->taken += part + (end != NULL);
		if (!end)
			continue;
		if (i->line.n && i->line.at[i->line.n - 1] == '\r')
			i->line.n--;
		return true;
	}
}

/* A line that ends with {n}: so many bytes follow, and then it goes on. -1: it does not. */
static int64_t literal_next (const struct buffer *line)
{
	size_t at = line->n, seen = 0;
	int64_t ret = 0, power = 1;
	if (at < 3 || line->at[--at] != '}')
		return -1;
	if (line->at[at - 1] == '+')
		at--;
	for (; at && line->at[at - 1] >= '0' && line->at[at - 1] <= '9'; at--) {
		if (++seen > UID_MOST_TEXT)
			return -1;
		ret += (line->at[at - 1] - '0') * power;
		power *= 10;
	}
	return seen && at && line->at[at - 1] == '{' ? ret : -1;
}

/* What stands before {n} names the message's own text: BODY[…]. */
static bool literal_is_body (const struct buffer *line)
{
	const char *open = memrchr (line->at, '{', line->n);
	size_t n = (size_t) (open - (const char *) line->at);
	return n >= 2 && open[-1] == ' ' && open[-2] == ']';
}

/* A response as `line`, a NUL behind it; a wanted literal in `body`. */
static bool response_take (struct imap *i)
{
	int64_t n;
	buffer_clear (&i->line);
	for (;;) {
		if (!line_take (i))
			return false;
		if ((n = literal_next (&i->line)) < 0)
			break;
		bool wanted = i->body && !i->has_body && literal_is_body (&i->line);
		if (wanted && (size_t) n > i->body_most)
			return broken (i, "a message is larger than the server said");
		i->has_body = i->has_body || wanted;
		if (!literal_take (i, (size_t) n, wanted ? i->body : NULL))
			return false;
		buffer_text (&i->line, " "); /* that length is done with */
	}
	buffer_add (&i->line, "", 1);
	i->line.n--;
	return true;
}

/* ---- commands ---- */

static bool say (struct imap *i, const char *what)
{
	char tag[16];
	snprintf (tag, sizeof tag, "L%u ", ++i->commands);
	*i->words = '\0';
	return (i->write (i->ctx, tag, strlen (tag)) && i->write (i->ctx, what, strlen (what)) && i->write (i->ctx, "\r\n", 2)) ||
	       (*i->words ? false : broken (i, "the server takes nothing more"));
}

/* The next response: true when it is the last of this command, whose outcome is in `ret`; else an untagged one, from behind its "* ". */
static bool heard (struct imap *i, enum imap_said *ret, const char **ret_untagged)
{
	char tag[16];
	size_t n = (size_t) snprintf (tag, sizeof tag, "L%u ", i->commands);
	*ret_untagged = NULL;
	*ret = IMAP_BROKEN;
	if (!response_take (i))
		return true;
	const char *line = (const char *) i->line.at;
	if (!strncmp (line, "* ", 2)) {
		*ret_untagged = line + 2;
		if (!strncasecmp (line + 2, "BYE", 3)) {
			words_take (i, line + 2);
			return true;
		}
		return false;
	}
	if (strncmp (line, tag, n)) {
		broken (i, "the server speaks of something else");
		return true;
	}
	line += n;
	if (!strncasecmp (line, "OK", 2)) {
		*ret = IMAP_OK;
	} else if (!strncasecmp (line, "NO", 2) || !strncasecmp (line, "BAD", 3)) {
		*ret = IMAP_NO;
		words_take (i, line);
	} else {
		broken (i, "the server speaks of something else");
	}
	return true;
}

/* -1: there is none. */
static int64_t number_read (const char *text, const char **ret_end)
{
	int64_t ret = 0;
	size_t n = 0;
	for (; text[n] >= '0' && text[n] <= '9'; n++) {
		if (n == UID_MOST_TEXT)
			return -1;
		ret = ret * 10 + (text[n] - '0');
	}
	if (ret_end)
		*ret_end = text + n;
	return n ? ret : -1;
}

/* The number behind `name`, where that stands by itself; -1: nowhere. */
static int64_t number_of (const char *line, const char *name)
{
	size_t n = strlen (name);
	for (const char *p = line; (p = strcasestr (p, name)); p += n)
		if (p > line && strchr (" ([", p[-1]) && p[n] == ' ')
			return number_read (p + n + 1, NULL);
	return -1;
}

enum imap_said imap_open (struct imap *i, const char *folder, int64_t *ret_validity)
{
	struct arena a;
	enum imap_said said = IMAP_BROKEN;
	const char *untagged;
	int64_t validity = -1;
	arena_init (&a);
	bool sent = say (i, arena_printf (&a, "EXAMINE %s", imap_folder (&a, folder)));
	arena_fini (&a);
	if (!sent)
		return IMAP_BROKEN;
	for (int n = 0; !heard (i, &said, &untagged); n++) {
		if (n == RESPONSES_MOST)
			return broke (i, "the server does not come to an end");
		if (!strncasecmp (untagged, "OK [UIDVALIDITY ", 16))
			validity = number_read (untagged + 16, NULL);
	}
	if (said == IMAP_OK && validity < 0)
		return broke (i, "the server does not number its messages for good (UIDVALIDITY)");
	*ret_validity = validity;
	return said;
}

/* Among the least so far. */
static void uid_add (int64_t *uid, size_t most, size_t *n, bool *more, int64_t add)
{
	size_t at = *n;
	while (at && uid[at - 1] > add)
		at--;
	if (at && uid[at - 1] == add)
		return;
	if (*n == most)
		*more = true;
	if (at == most)
		return;
	if (*n < most)
		++*n;
	memmove (uid + at + 1, uid + at, (*n - at - 1) * sizeof *uid);
	uid[at] = add;
}

static const char *day_text (int64_t at, char ret[20])
{
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	time_t seconds = (time_t) (at / 1000000);
	struct tm tm;
	gmtime_r (&seconds, &tm);
	snprintf (ret, 20, "%d-%s-%d", tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900);
	return ret;
}

enum imap_said imap_search (struct imap *i, int64_t from, int64_t since, int64_t *ret_uid, size_t most, size_t *ret_n, bool *ret_more)
{
	char command[80], day[20];
	enum imap_said said;
	const char *p;
	snprintf (command, sizeof command, "UID SEARCH UID %lld:* SINCE %s", (long long) from, day_text (since, day));
	*ret_n = 0;
	*ret_more = false;
	if (!say (i, command))
		return IMAP_BROKEN;
	for (int n = 0; !heard (i, &said, &p); n++) {
		if (n == RESPONSES_MOST)
			return broke (i, "the server does not come to an end");
		if (strncasecmp (p, "SEARCH", 6))
			continue;
		for (p += 6; *p == ' ';) {
			int64_t uid = number_read (p + 1, &p);
			if (uid < 0)
				break;
			if (uid >= from) /* n:* names the last one even when that is less */
				uid_add (ret_uid, most, ret_n, ret_more, uid);
		}
	}
	return said;
}

/* The untagged FETCH that speaks of `uid`. */
static bool fetch_is (const char *untagged, int64_t uid)
{
	const char *p;
	return number_read (untagged, &p) > 0 && !strncasecmp (p, " FETCH ", 7) && number_of (p + 6, "UID") == uid;
}

enum imap_said imap_size (struct imap *i, int64_t uid, int64_t *ret_size)
{
	char command[60];
	enum imap_said said;
	const char *untagged;
	snprintf (command, sizeof command, "UID FETCH %lld (UID RFC822.SIZE)", (long long) uid);
	*ret_size = -1;
	if (!say (i, command))
		return IMAP_BROKEN;
	for (int n = 0; !heard (i, &said, &untagged); n++) {
		if (n == RESPONSES_MOST)
			return broke (i, "the server does not come to an end");
		if (fetch_is (untagged, uid) && number_of (untagged, "RFC822.SIZE") >= 0)
			*ret_size = number_of (untagged, "RFC822.SIZE");
	}
	return said;
}

/* A short message may come in quotes. */
static bool body_quoted (struct imap *i, const char *untagged)
{
	const char *p = strstr (untagged, "] \"");
	if (!p)
		return false;
	for (p += 3; *p && *p != '"'; p++) {
		p += *p == '\\' && p[1];
		buffer_add (i->body, p, 1);
	}
	return true;
}

enum imap_said imap_fetch (struct imap *i, int64_t uid, bool head, size_t most, struct buffer *ret, bool *ret_there)
{
	char command[sizeof head_lines + 60];
	enum imap_said said = IMAP_BROKEN;
	const char *untagged;
	snprintf (command, sizeof command, "UID FETCH %lld (UID %s)", (long long) uid, head ? head_lines : "BODY.PEEK[]");
	*ret_there = false;
	buffer_clear (ret);
	if (!say (i, command))
		return IMAP_BROKEN;
	i->body = ret;
	i->body_most = most;
	i->has_body = false;
	for (int n = 0; !heard (i, &said, &untagged); n++) {
		if (n == RESPONSES_MOST) {
			said = IMAP_BROKEN;
			broken (i, "the server does not come to an end");
			break;
		}
		if (*ret_there)
			continue;
		if (fetch_is (untagged, uid) && (i->has_body || body_quoted (i, untagged))) {
			*ret_there = true;
		} else { /* of another one that changed meanwhile */
			i->has_body = false;
			buffer_clear (ret);
		}
	}
	i->body = NULL;
	return said;
}

void imap_close (struct imap *i)
{
	if (!say (i, "LOGOUT"))
		return;
}

/* ---- a folder's name ---- */

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

/* The next character, or U+FFFD and one byte on. */
static unsigned point_next (const unsigned char **p)
{
	const unsigned char *s = *p;
	unsigned more = *s < 0x80 ? 0 : (*s & 0xe0) == 0xc0 ? 1 : (*s & 0xf0) == 0xe0 ? 2 : (*s & 0xf8) == 0xf0 ? 3 : 9;
	unsigned point = more == 0 ? *s : more == 9 ? 0xfffd : *s & (0x3fu >> more);
	++*p;
	for (unsigned k = 0; more != 9 && k < more; k++) {
		if ((**p & 0xc0) != 0x80)
			return 0xfffd;
		point = point << 6 | (*(*p)++ & 0x3fu);
	}
	return point;
}

static void bits_add (struct buffer *out, unsigned *held, unsigned *bits, unsigned unit)
{
	*held = *held << 16 | unit;
	*bits += 16;
	while (*bits >= 6) {
		*bits -= 6;
		buffer_add (out, &digits[*held >> *bits & 0x3f], 1);
	}
	*held &= (1u << *bits) - 1;
}

static void bits_end (struct buffer *out, unsigned *held, unsigned *bits)
{
	if (*bits)
		buffer_add (out, &digits[*held << (6 - *bits) & 0x3f], 1);
	buffer_text (out, "-");
	*held = *bits = 0;
}

const char *imap_folder (struct arena *a, const char *utf8)
{
	struct buffer out = { 0 };
	unsigned held = 0, bits = 0;
	bool shifted = false;
	buffer_text (&out, "\"");
	for (const unsigned char *p = (const unsigned char *) utf8; *p;) {
		unsigned c = point_next (&p);
		bool plain = c >= ' ' && c <= '~';
		if (!plain && !shifted)
			buffer_text (&out, "&");
		if (plain && shifted)
			bits_end (&out, &held, &bits);
		shifted = !plain;
		if (plain) {
			char ch = (char) c;
			if (c == '"' || c == '\\')
				buffer_text (&out, "\\");
			buffer_add (&out, &ch, 1);
			if (c == '&')
				buffer_text (&out, "-");
		} else if (c > 0xffff) {
			bits_add (&out, &held, &bits, 0xd800 + ((c - 0x10000) >> 10 & 0x3ff));
			bits_add (&out, &held, &bits, 0xdc00 + (c & 0x3ff));
		} else {
			bits_add (&out, &held, &bits, c);
		}
	}
	if (shifted)
		bits_end (&out, &held, &bits);
	buffer_text (&out, "\"");
	const char *ret = arena_copy (a, (const char *) out.at, out.n);
	buffer_fini (&out);
	return ret;
}
