/* Single values as people type them: e-mail addresses, phone numbers, texts that fit. A value that cannot be told is given back as
 * none; the raw one stays where it came. Never touches a network. */
#include "rules.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *text_cut (struct arena *a, const char *text, size_t most)
{
	size_t n = strnlen (text, most + 1);
	if (n <= most)
		return text;
	for (n = most; n && ((unsigned char) text[n] & 0xC0) == 0x80; n--)
		;
	return arena_copy (a, text, n);
}

static bool is_space (unsigned char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* ---- e-mail (RFC 5321, 4.5.3.1; the domain by UTS 46) ---- */

enum { LOCAL_MOST = 64, ADDRESS_MOST = 254, LABEL_MOST = 63, IDN2_NONTRANSITIONAL = 8 };

static struct {
	int (*to_ascii) (const char *input, char **output, int flags);
	void (*give_back) (void *output);
} idn;

/* Names outside ASCII are rare, so their library is loaded when the first one comes. */
static void idn_load (void)
{
	void *library = dlopen ("libidn2.so.0", RTLD_NOW | RTLD_LOCAL);
	if (!library)
		return;
	*(void **) &idn.to_ascii = dlsym (library, "idn2_to_ascii_8z");
	*(void **) &idn.give_back = dlsym (library, "idn2_free");
}

static const char *domain_ascii (struct arena *a, const char *domain)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	const unsigned char *p = (const unsigned char *) domain;
	while (*p && *p < 0x80)
		p++;
	if (*p == '\0')
		return domain;
	char *out = NULL;
	pthread_once (&once, idn_load);
	if (!idn.to_ascii || !idn.give_back || idn.to_ascii (domain, &out, IDN2_NONTRANSITIONAL) != 0)
		return NULL;
	const char *kept = arena_text (a, out);
	idn.give_back (out);
	return kept;
}

static bool domain_fits (const char *domain)
{
	size_t label = 0, labels = 1;
	bool digits = true;
	for (const char *p = domain; *p; p++) {
		if (*p == '.') {
			if (label == 0 || p[-1] == '-')
				return false;
			label = 0, labels++, digits = true;
			continue;
		}
		if (!((*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9') || *p == '-') || (*p == '-' && label == 0) ||
		    ++label > LABEL_MOST)
			return false;
		digits = digits && *p >= '0' && *p <= '9';
	}
	return labels >= 2 && label >= 2 && !digits && domain[strlen (domain) - 1] != '-';
}

static bool local_fits (const char *local, size_t n)
{
	if (n == 0 || n > LOCAL_MOST)
		return false;
	bool quoted = n > 2 && local[0] == '"' && local[n - 1] == '"';
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char) local[i];
		if (c < ' ' || c == 0x7F)
			return false;
		if (quoted ? (i && i < n - 1 && (c == '"' || c == '\\')) : (c == ' ' || strchr ("()<>,;:\\\"[]@", c) != NULL))
			return false;
		if (!quoted && c == '.' && (i == 0 || i == n - 1 || local[i - 1] == '.'))
			return false;
	}
	return true;
}

const char *email_read (struct arena *a, const char *text)
{
	const char *open = strrchr (text, '<'), *close = open ? strchr (open, '>') : NULL;
	const char *from = close ? open + 1 : text, *to = close ? close : text + strlen (text);
	while (from < to && is_space ((unsigned char) *from))
		from++;
	while (to > from && is_space ((unsigned char) to[-1]))
		to--;
	if (to - from > 7 && strncasecmp (from, "mailto:", 7) == 0)
		from += 7;
	if (to - from > ADDRESS_MOST)
		return NULL;
	char *address = arena_copy (a, from, (size_t) (to - from)), *at = strrchr (address, '@');
	if (!at)
		return NULL;
	for (char *p = address; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char) (*p + 32);
	*at = '\0';
	const char *domain = domain_ascii (a, at + 1);
	if (!domain || !local_fits (address, (size_t) (at - address)) || !domain_fits (domain))
		return NULL;
	if (domain != at + 1)
		address = arena_printf (a, "%s@%s", address, domain);
	else
		*at = '@';
	return strlen (address) <= ADDRESS_MOST ? address : NULL;
}

/* ---- phone (ITU E.164) ---- */

enum { DIGITS_LEAST = 7, DIGITS_MOST = 15 };

static const struct plan {
	const char *country, *code, *trunk;
	size_t least, most;
} plans[] = {
#define PLAN(country, code, trunk, least, most) { #country, code, trunk, least, most },
#include "phones.def"
#undef PLAN
};

static const struct plan *plan_of_country (const char *country)
{
	for (size_t i = 0; country && i < LENGTH (plans); i++)
		if (strcasecmp (plans[i].country, country) == 0)
			return &plans[i];
	return NULL;
}

/* Codes are free of prefixes among each other, so the first that fits is the one. */
static const struct plan *plan_of_number (const char *digits)
{
	for (size_t i = 0; i < LENGTH (plans); i++)
		if (strncmp (digits, plans[i].code, strlen (plans[i].code)) == 0)
			return &plans[i];
	return NULL;
}

static bool national_fits (const struct plan *p, const char *national)
{
	size_t n = strlen (national);
	if (strcmp (p->country, "NL") == 0 && (strncmp (national, "800", 3) == 0 || strncmp (national, "90", 2) == 0))
		return n >= 7 && n <= 10; /* service numbers are shorter or longer than the rest */
	if (n < p->least || n > p->most || (national[0] == '0' && strcmp (p->country, "IT") != 0))
		return false;
	if (strcmp (p->country, "BE") == 0)
		return n == 8 || national[0] == '4'; /* nine digits are a mobile number */
	if (strcmp (p->code, "1") == 0)
		return national[0] >= '2' && national[3] >= '2'; /* area code and exchange (NANP) */
	return true;
}

/* The national number without its trunk prefix, when it fits the plan. */
static const char *national_read (const struct plan *p, const char *digits)
{
	size_t trunk = strlen (p->trunk);
	if (trunk && strncmp (digits, p->trunk, trunk) == 0 && national_fits (p, digits + trunk))
		return digits + trunk;
	return national_fits (p, digits) ? digits : NULL;
}

/* Digits alone; a plus in front and a "(0)" are told apart. False: something in it is no part of a number. */
static bool phone_digits (const char *text, char digits[32], bool *ret_plus)
{
	size_t n = 0;
	*ret_plus = false;
	if (strncasecmp (text, "tel:", 4) == 0)
		text += 4;
	for (const unsigned char *p = (const unsigned char *) text; *p; p++) {
		if (*p >= '0' && *p <= '9') {
			if (n == 31)
				return false;
			digits[n++] = (char) *p;
		} else if (*p == '+' && n == 0 && !*ret_plus) {
			*ret_plus = true;
		} else if (strncmp ((const char *) p, "(0)", 3) == 0 && (*ret_plus || (n > 2 && digits[0] == '0' && digits[1] == '0'))) {
			p += 2;
		} else if (*p == 0xC2 && p[1] == 0xA0) { /* no-break space */
			p++;
		} else if (*p == 0xE2 && p[1] == 0x80 && p[2] >= 0x90 && p[2] <= 0x95) { /* hyphens and dashes */
			p += 2;
		} else if (!is_space (*p) && !strchr ("-./()", *p)) {
			return false;
		}
	}
	digits[n] = '\0';
	return true;
}

const char *phone_read (struct arena *a, const char *text, const char *country)
{
	char room[32];
	const char *digits = room, *national = NULL;
	bool plus;
	while (is_space ((unsigned char) *text))
		text++;
	if (!phone_digits (text, room, &plus))
		return NULL;
	const struct plan *plan = plan_of_country (country);
	if (!plus && digits[0] == '0' && digits[1] == '0')
		plus = true, digits += 2;
	else if (!plus && plan && strcmp (plan->code, "1") == 0 && strncmp (digits, "011", 3) == 0)
		plus = true, digits += 3;
	if (!plus) {
		national = plan ? national_read (plan, digits) : NULL;
		if (!national && plan && strncmp (digits, plan->code, strlen (plan->code)) == 0) /* 31612345678: the plus was left out */
			national = national_read (plan, digits + strlen (plan->code));
		return national ? arena_printf (a, "+%s%s", plan->code, national) : NULL;
	}
	plan = plan_of_number (digits);
	if (plan) {
		national = national_read (plan, digits + strlen (plan->code));
		return national ? arena_printf (a, "+%s%s", plan->code, national) : NULL;
	}
	size_t n = strlen (digits);
	return n >= DIGITS_LEAST && n <= DIGITS_MOST && digits[0] != '0' ? arena_printf (a, "+%s", digits) : NULL;
}

/* ---- languages ---- */

static const struct {
	const char *code, *name[3];
} languages[] = {
#define LANGUAGE(code, english, dutch, own) { code, { english, dutch, own } },
#include "languages.def"
#undef LANGUAGE
};

/* The language of a tag, which ends where a letter or a digit follows no more (BCP 47; POSIX has "_" for "-"). */
static const char *language_tag (const char *tag, const char *ends)
{
	for (size_t i = 0; i < LENGTH (languages); i++)
		if (strncasecmp (tag, languages[i].code, 2) == 0 && (tag[2] == '\0' || strchr (ends, tag[2])))
			return languages[i].code;
	return NULL;
}

const char *language_read (const char *text)
{
	for (size_t i = 0; i < LENGTH (languages); i++)
		for (size_t k = 0; k < LENGTH (languages[i].name); k++)
			if (strcasecmp (text, languages[i].name[k]) == 0)
				return languages[i].code;
	return language_tag (text, "-_.@");
}

/* Of a first part of the path like /nl/, /en-us/, /nl_BE: a longer word that begins so is none. */
static const char *language_of_part (const char *part)
{
	size_t n = strcspn (part, "/?#");
	return n == 2 || (n == 5 && strchr ("-_", part[2])) ? language_tag (part, "/?#-_") : NULL;
}

const char *language_of_page (const char *url)
{
	const char *host = strstr (url, "://"), *path = host ? strchr (host + 3, '/') : url[0] == '/' ? url : NULL;
	const char *query = strchr (url, '?'), *ret = path ? language_of_part (path + 1) : NULL;
	for (const char *p = query; p && !ret; p = strpbrk (p + 1, "&#"))
		if (strncmp (p + 1, "lang=", 5) == 0)
			ret = language_tag (p + 6, "&#-_");
	return ret;
}

/* The one with the highest weight; of several the first. One that weighs nothing is not wanted. */
const char *language_accepted (const char *header)
{
	const char *ret = NULL;
	double most = 0; /* a weight, no money */
	for (const char *p = header; p && *p; p = strchr (p, ',')) {
		p += strspn (p, ", \t");
		size_t n = strcspn (p, ",");
		const char *weight = memchr (p, ';', n), *language = language_tag (p, "-,; \t");
		weight = weight ? weight + 1 + strspn (weight + 1, " \t") : NULL;
		double q = weight && strncmp (weight, "q=", 2) == 0 ? strtod (weight + 2, NULL) : 1; /* no money */
		if (language && q > most) {
			ret = language;
			most = q;
		}
	}
	return ret;
}
