/* SPF (RFC 7208) as far as it can be wrong: how it is written, what it names, how many questions it costs whoever receives, and how it ends.
 * It must never ask without an end: records name each other. */
#include "dns.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { LOOKUPS_MOST = 10, ASKED_MOST = 40, DEPTH_MOST = 12, MX_MOST = 10, TERMS_MOST = 100 };

bool spf_is (const char *text)
{
	return !strncasecmp (text, "v=spf1", 6) && (text[6] == ' ' || !text[6]);
}

/* ---- one term ---- */

struct term {
	char qualifier;		  /* + when none is written */
	const char *name, *value; /* value: what stands after : or =, or "" */
	int v4, v6;		  /* how many bits of an address count */
	bool modifier;
};

static bool bits_read (const char *text, int most, int *ret)
{
	char *end;
	long n = strtol (text, &end, 10);
	*ret = (int) n;
	return end != text && !*end && n >= 0 && n <= most;
}

/* "ip4:192.0.2.0/24", "-all", "redirect=_spf.example.org", "a:x/24//64"; false: nobody can read it. */
static bool term_read (struct arena *a, const char *text, struct term *ret)
{
	char *word = arena_text (a, text), *value = NULL;
	*ret = (struct term){ .qualifier = '+', .v4 = 32, .v6 = 128, .value = "" };
	if (*word && strchr ("+-~?", *word))
		ret->qualifier = *word++;
	size_t n = strspn (word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");
	char mark = word[n];
	ret->name = word;
	if (mark == ':' || mark == '=') {
		word[n] = '\0';
		ret->value = value = word + n + 1;
	} else if (mark && mark != '/') {
		return false;
	}
	ret->modifier = mark == '=';
	if (!n || ret->modifier)
		return n > 0;
	char *slash = value ? strchr (value, '/') : mark == '/' ? word + n : NULL;
	if (!slash)
		return true;
	*slash++ = '\0';
	if (!strcasecmp (ret->name, "ip6"))
		return bits_read (slash, 128, &ret->v6);
	char *second = *slash == '/' ? slash : strstr (slash, "//");
	if (second) {
		bool first = second != slash;
		*second = '\0';
		return bits_read (second + (first ? 2 : 1), 128, &ret->v6) && (!first || bits_read (slash, 32, &ret->v4));
	}
	return bits_read (slash, 32, &ret->v4);
}

/* ---- addresses ---- */

static bool address_in (const char *text, const char *net, int v4, int v6)
{
	unsigned char x[16], y[16];
	int family = strchr (net, ':') ? AF_INET6 : AF_INET, bits = family == AF_INET6 ? v6 : v4;
	if (inet_pton (family, text, x) != 1 || inet_pton (family, net, y) != 1)
		return false;
	int left = bits % 8;
	return !memcmp (x, y, (size_t) bits / 8) && (!left || !((x[bits / 8] ^ y[bits / 8]) >> (8 - left)));
}

static void address_look (struct spf_look *look, const char *net, int v4, int v6)
{
	for (size_t i = 0; look->at && i < look->at->n; i++)
		look->named |= address_in (look->at->text[i], net, v4, v6);
}

/* ---- the walk ---- */

static void wrong (struct spf_look *look, const char *why)
{
	if (!look->why)
		look->why = why;
}

/* One question more of whoever receives; false: enough was asked. */
static bool counts (struct spf_look *look)
{
	look->lookups++;
	look->asked_most |= look->lookups >= ASKED_MOST;
	return !look->asked_most;
}

/* Nobody answers: what hangs on it is not known, and not wrong. */
static bool asked (const struct dns_zone *z, struct spf_look *look, const char *name, enum dns_type type, struct dns_answer *ret)
{
	enum dns_said said = z->ask (z->ctx, name, type, ret);
	look->fails |= said == DNS_FAILS;
	return said == DNS_SOME;
}

static void hosts_look (const struct dns_zone *z, struct spf_look *look, const char *name, const struct term *t)
{
	struct dns_answer found;
	for (int i = 0; look->at && look->at->n && i < 2; i++)
		if (asked (z, look, name, i ? DNS_AAAA : DNS_A, &found))
			for (size_t k = 0; k < found.n; k++)
				address_look (look, found.text[k], t->v4, t->v6);
}

static void mx_look (const struct dns_zone *z, struct spf_look *look, const char *name, const struct term *t)
{
	struct dns_answer found;
	if (!look->at || !look->at->n || !asked (z, look, name, DNS_MX, &found))
		return;
	for (size_t i = 0; i < found.n && i < MX_MOST; i++) {
		const char *host = strchr (found.text[i], ' ');
		if (host && host[1])
			hosts_look (z, look, host + 1, t);
	}
}

static void walk (const struct dns_zone *z, const char *domain, const char *text, struct spf_look *look, int depth, bool top);

/* The record of another domain, named by this one. */
static void other_look (const struct dns_zone *z, const char *name, struct spf_look *look, int depth, bool top)
{
	struct dns_answer found;
	const char *one = NULL;
	size_t n = 0;
	if (!counts (look) || depth >= DEPTH_MOST || strchr (name, '%')) /* a macro: another name for every mail */
		return;
	if (!asked (z, look, name, DNS_TXT, &found)) {
		if (!look->fails)
			wrong (look, "spf_include_none");
		return;
	}
	for (size_t i = 0; i < found.n; i++)
		if (spf_is (found.text[i]) && !n++)
			one = found.text[i];
	if (n != 1)
		wrong (look, "spf_include_none");
	else
		walk (z, name, one, look, depth + 1, top);
}

static void term_look (const struct dns_zone *z, const char *domain, const struct term *t, struct spf_look *look, int depth, bool top)
{
	const char *name = *t->value ? t->value : domain;
	bool passes = t->qualifier == '+', macro = strchr (name, '%') != NULL;
	if (!strcasecmp (t->name, "all")) {
		if (top)
			look->all = t->qualifier;
	} else if (!strcasecmp (t->name, "include")) {
		if (!*t->value)
			wrong (look, "spf_syntax");
		look->named |= passes && look->include && !strcasecmp (t->value, look->include);
		other_look (z, name, look, depth, false);
	} else if (!strcasecmp (t->name, "ip4") || !strcasecmp (t->name, "ip6")) {
		unsigned char bytes[16];
		if (inet_pton (t->name[2] == '6' ? AF_INET6 : AF_INET, t->value, bytes) != 1)
			wrong (look, "spf_syntax");
		else if (passes)
			address_look (look, t->value, t->v4, t->v6);
	} else if (!strcasecmp (t->name, "a") || !strcasecmp (t->name, "mx")) {
		if (counts (look) && passes && !macro)
			(t->name[0] == 'a' || t->name[0] == 'A' ? hosts_look : mx_look) (z, look, name, t);
	} else if (!strcasecmp (t->name, "exists") || !strcasecmp (t->name, "ptr")) {
		counts (look);
	} else {
		wrong (look, "spf_syntax");
	}
}

static void walk (const struct dns_zone *z, const char *domain, const char *text, struct spf_look *look, int depth, bool top)
{
	char *words = arena_text (z->arena, text + 6), *save = NULL;
	const char *redirect = NULL;
	bool ends = false;
	for (char *word = strtok_r (words, " ", &save); word && !look->asked_most; word = strtok_r (NULL, " ", &save)) {
		struct term t;
		if (!term_read (z->arena, word, &t)) {
			wrong (look, "spf_syntax");
			continue;
		}
		if (t.modifier && !strcasecmp (t.name, "redirect"))
			redirect = t.value;
		else if (!t.modifier && !ends)
			term_look (z, domain, &t, look, depth, top);
		ends |= !t.modifier && !strcasecmp (t.name, "all"); /* what stands behind it counts for nothing */
	}
	if (!redirect || ends)
		return;
	look->named |= look->include && !strcasecmp (redirect, look->include);
	other_look (z, redirect, look, depth, top); /* it ends as that one does */
}

void spf_walk (const struct dns_zone *z, const char *domain, const char *text, struct spf_look *look)
{
	walk (z, domain, text, look, 0, true);
	if (look->lookups > LOOKUPS_MOST)
		wrong (look, "spf_many");
	if (look->all == '+')
		wrong (look, "spf_open");
	if (!look->fails && (!look->all || look->all == '?'))
		wrong (look, "spf_no_end");
}

/* ---- what it should be ---- */

/* Of two ends the one that refuses less; what nobody should write is none. */
static const char *softer (const char *old, const char *word)
{
	if (!strcasecmp (word, "-all"))
		return old && !strcmp (old, "~all") ? old : "-all";
	return "~all";
}

const char *spf_mend (struct arena *a, const struct dns_answer *found, const char *term)
{
	const char *kept[TERMS_MOST], *end = NULL, *redirect = NULL;
	size_t n = 0;
	for (size_t i = 0; i < found->n; i++) {
		if (!spf_is (found->text[i]))
			continue;
		char *words = arena_text (a, found->text[i] + 6), *save = NULL;
		for (char *word = strtok_r (words, " ", &save); word; word = strtok_r (NULL, " ", &save)) {
			const char *bare = word + (strchr ("+-~?", *word) != NULL);
			bool known = false;
			for (size_t k = 0; k < n; k++)
				known |= !strcasecmp (kept[k], word);
			if (!strcasecmp (bare, "all"))
				end = softer (end, word);
			else if (!strncasecmp (word, "redirect=", 9))
				redirect = word;
			else if (!known && n < TERMS_MOST - 1)
				kept[n++] = word;
		}
	}
	if (term) {
		bool known = false;
		for (size_t k = 0; k < n; k++)
			known |= !strcasecmp (kept[k], term);
		if (!known)
			kept[n++] = term;
	}
	const char *ret = "v=spf1";
	for (size_t k = 0; k < n; k++)
		ret = arena_printf (a, "%s %s", ret, kept[k]);
	return arena_printf (a, "%s %s", ret, end ? end : redirect ? redirect : "~all");
}
