/* Which part of a mail's text its sender wrote: what answers leave below themselves is found by the lines that programs put before it, in the languages of our
 * customers and their neighbours. It must never cut what somebody wrote between the lines of a quote: in doubt all of it is theirs. */
#include "mime.h"

#include <string.h>
#include <strings.h>

enum { INTRO_LINES = 3, HEADER_LINES = 6 };

struct line {
	const char *at;
	size_t n; /* without blanks at its ends */
	const char *next;
};

static struct line line_read (const char *p)
{
	size_t n = strcspn (p, "\n");
	struct line ret = { p, n, p + n + (p[n] == '\n') };
	while (ret.n && (*ret.at == ' ' || *ret.at == '\t'))
		ret.at++, ret.n--;
	while (ret.n && (ret.at[ret.n - 1] == ' ' || ret.at[ret.n - 1] == '\t'))
		ret.n--;
	return ret;
}

static bool line_starts (const struct line *l, const char *with)
{
	size_t n = strlen (with);
	return l->n >= n && strncasecmp (l->at, with, n) == 0;
}

static bool any_starts (const struct line *l, const char *const with[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (line_starts (l, with[i]))
			return true;
	return false;
}

/* "Op za 21 nov 2026 om 11:15 schreef Sanne:", which programs break into two or three lines; where it ends, null: it is none. */
static const char *intro_end (const char *p)
{
	static const struct {
		const char *begin, *says;
	} intros[] = { { "Op ", "schreef" }, { "On ", "wrote" },   { "Am ", "schrieb" },
		       { "Le ", "écrit" },   { "El ", "escribi" }, { "Il ", "scritto" } };
	struct line first = line_read (p), l = first;
	for (size_t i = 0; i < LENGTH (intros); i++) {
		if (!line_starts (&first, intros[i].begin))
			continue;
		l = first;
		for (int k = 0; k < INTRO_LINES && l.n; k++, l = line_read (l.next)) {
			const char *end = l.at + l.n;
			if (end[-1] == ':')
				return memmem (first.at, (size_t) (end - first.at), intros[i].says, strlen (intros[i].says)) ? l.next
															     : NULL;
		}
	}
	return NULL;
}

/* The headers that Outlook puts above what it quotes: at least two more of them follow the first. */
static bool is_headers (const char *p)
{
	static const char *const first[] = { "Van:", "From:", "Von:", "De :", "De:", "*Van:", "*From:", "*Von:" };
	static const char *const more[] = { "Verzonden:",  "Datum:",   "Aan:",	 "Onderwerp:",	"Sent:",    "Date:",
					    "To:",	   "Subject:", "CC:",	 "Gesendet:",	"An:",	    "Betreff:",
					    "Envoyé",	   "À :",      "Objet",	 "*Verzonden:", "*Datum:",  "*Aan:",
					    "*Onderwerp:", "*Sent:",   "*Date:", "*To:",	"*Subject:" };
	struct line l = line_read (p);
	int found = 0;
	if (!any_starts (&l, first, LENGTH (first)))
		return false;
	for (int i = 0; i < HEADER_LINES && *l.next; i++) {
		l = line_read (l.next);
		found += any_starts (&l, more, LENGTH (more));
	}
	return found >= 2;
}

/* "-----Oorspronkelijk bericht-----", or a line of underscores above headers. */
static bool is_divider (const struct line *l)
{
	static const char *const words[] = { "Oorspronkelijk bericht", "Original Message",	 "Ursprüngliche Nachricht",
					     "Message d'origine",      "Oorspronkelijke e-mail", "Originele bericht" };
	if (line_starts (l, "____"))
		return is_headers (l->next) || is_headers (line_read (l->next).next);
	if (!line_starts (l, "--"))
		return false;
	const char *p = l->at + strspn (l->at, "- ");
	for (size_t i = 0; i < LENGTH (words); i++)
		if (strncasecmp (p, words[i], strlen (words[i])) == 0)
			return true;
	return false;
}

/* Is there nothing but quoted and empty lines from here to the end? */
static bool all_quoted (const char *p)
{
	bool any = false;
	while (*p) {
		struct line l = line_read (p);
		if (l.n && *l.at != '>')
			return false;
		any |= l.n > 0;
		p = l.next;
	}
	return any;
}

/* Behind an introduction: lines with > and nothing of one's own below, or lines without any > as HTML leaves them. */
static bool quotes_rest (const char *p)
{
	while (*p == '\n')
		p++;
	return line_read (p).at[0] != '>' || all_quoted (p);
}

size_t mail_own_size (const char *text)
{
	size_t all = strlen (text), n = all;
	int skipped = 0;
	for (const char *p = text; *p;) {
		struct line l = line_read (p);
		const char *intro = intro_end (p);
		/* all_quoted looks to the end: not at every line of a text that is made of quotes and answers in turn */
		if ((intro && quotes_rest (intro)) || is_divider (&l) || is_headers (p) ||
		    (l.n && *l.at == '>' && skipped < 100 && (skipped++, all_quoted (p)))) {
			n = (size_t) (p - text);
			break;
		}
		p = l.next;
	}
	while (n && (text[n - 1] == '\n' || text[n - 1] == ' ' || text[n - 1] == '\t'))
		n--;
	if (n)
		return n;
	while (all && (text[all - 1] == '\n' || text[all - 1] == ' ' || text[all - 1] == '\t'))
		all--;
	return all;
}
