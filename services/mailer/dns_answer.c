/* A DNS server's answer, as it came over the wire (RFC 1035). Whoever sent it is not trusted: nothing is read behind its end, and what is not as long as
 * it says is no answer. */
#include "dns.h"

#include <ares.h>
#include <arpa/inet.h>
#include <string.h>

enum { HEAD = 12, QUESTION_TAIL = 4, RECORD_TAIL = 10, NXDOMAIN = 3, ROWS_MOST = 100, TEXT_MOST = 4096 };

struct wire {
	struct arena *arena;
	const unsigned char *at;
	size_t n, now;
};

static unsigned number (const struct wire *w, size_t at)
{
	return (unsigned) w->at[at] << 8 | w->at[at + 1];
}

/* A name that begins at `at`; null: it is none. `ret_n`: how much of the message it takes there. */
static const char *name_read (const struct wire *w, size_t at, size_t *ret_n)
{
	char *name = NULL;
	long n = 0;
	if (at >= w->n || ares_expand_name (w->at + at, w->at, (int) w->n, &name, &n) != ARES_SUCCESS)
		return NULL;
	const char *ret = arena_text (w->arena, name);
	ares_free_string (name);
	*ret_n = (size_t) n;
	return ret;
}

/* The parts of a TXT record are one text; what is no text in it is a question mark. */
static const char *text_read (const struct wire *w, size_t at, size_t n)
{
	char *ret = arena_alloc (w->arena, n + 1), *to = ret;
	for (size_t end = at + n; at < end;) {
		size_t part = w->at[at++];
		if (part > end - at)
			return NULL;
		for (size_t i = 0; i < part; i++, at++)
			*to++ = w->at[at] < ' ' || w->at[at] > '~' ? '?' : (char) w->at[at];
	}
	return strlen (ret) <= TEXT_MOST ? ret : NULL;
}

static const char *data_read (const struct wire *w, enum dns_type type, size_t at, size_t n)
{
	char *text = arena_alloc (w->arena, INET6_ADDRSTRLEN);
	const char *name;
	size_t used;
	switch (type) {
	case DNS_A: return n == 4 ? inet_ntop (AF_INET, w->at + at, text, INET6_ADDRSTRLEN) : NULL;
	case DNS_AAAA: return n == 16 ? inet_ntop (AF_INET6, w->at + at, text, INET6_ADDRSTRLEN) : NULL;
	case DNS_TXT: return text_read (w, at, n);
	case DNS_CNAME: return name_read (w, at, &used);
	case DNS_MX:
		name = n > 2 ? name_read (w, at + 2, &used) : NULL;
		return name ? arena_printf (w->arena, "%u %s", number (w, at), *name ? name : ".") : NULL;
	}
	return NULL;
}

static enum dns_said rows_read (struct arena *a, const unsigned char *at, size_t n, enum dns_type type, struct dns_answer *ret)
{
	struct wire w = { .arena = a, .at = at, .n = n, .now = HEAD };
	if (n < HEAD || !(at[2] & 0x80))
		return DNS_FAILS;
	unsigned code = at[3] & 15, questions = number (&w, 4), rows = number (&w, 6);
	if (code && code != NXDOMAIN)
		return DNS_FAILS;
	for (unsigned i = 0; i < questions; i++) {
		size_t used;
		if (!name_read (&w, w.now, &used) || n - w.now < used + QUESTION_TAIL)
			return DNS_FAILS;
		w.now += used + QUESTION_TAIL;
	}
	rows = rows > ROWS_MOST ? ROWS_MOST : rows;
	ret->text = arena_array (a, rows + 1, sizeof *ret->text);
	for (unsigned i = 0; i < rows; i++) {
		size_t used;
		if (!name_read (&w, w.now, &used) || n - w.now < used + RECORD_TAIL)
			return DNS_FAILS;
		w.now += used + RECORD_TAIL;
		unsigned is = number (&w, w.now - RECORD_TAIL), size = number (&w, w.now - 2);
		if (n - w.now < size)
			return DNS_FAILS;
		const char *text = is == (unsigned) type ? data_read (&w, type, w.now, size) : NULL;
		if (text)
			ret->text[ret->n++] = text;
		w.now += size;
	}
	return ret->n ? DNS_SOME : DNS_NONE;
}

enum dns_said dns_read (struct arena *a, const unsigned char *at, size_t n, enum dns_type type, struct dns_answer *ret)
{
	*ret = (struct dns_answer){ 0 };
	enum dns_said said = rows_read (a, at, n, type, ret);
	if (said == DNS_FAILS) /* a part of an answer is none */
		*ret = (struct dns_answer){ 0 };
	return said;
}
