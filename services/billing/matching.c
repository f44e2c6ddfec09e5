/* Numbers, amounts, accounts and names of a booking against the invoices that are open; see matching.h.
 * It must never let a guess count as a payment. */
#include "matching.h"

#include <ctype.h>
#include <string.h>
#include "charset.h"

const char *matching_why_name (enum matching_why why)
{
	switch (why) {
	case MATCHING_NOTHING: return "nothing";
	case MATCHING_NUMBER: return "number";
	case MATCHING_NUMBERS: return "numbers";
	case MATCHING_OTHER_AMOUNT: return "other_amount";
	case MATCHING_NUMBER_IN_PART: return "number_in_part";
	case MATCHING_AMOUNT_AND_IBAN: return "amount_and_iban";
	case MATCHING_AMOUNT_AND_NAME: return "amount_and_name";
	case MATCHING_SUM_OF_ACCOUNT: return "sum_of_account";
	case MATCHING_AMOUNT: return "amount";
	case MATCHING_WENT_BACK: return "went_back";
	}
	return "";
}

/* ---- numbers ---- */

static bool is_mark (char c)
{
	return c && strchr (" -./_", c);
}

/* How much of `text` is the number, or 0. Marks of the number may be left out, and others may stand between its parts where it has one. */
static size_t number_length (const char *text, const char *number)
{
	const char *p = text;
	bool after_mark = false;
	for (; *number; number++) {
		if (is_mark (*number)) {
			after_mark = true;
			continue;
		}
		/* banks break lines within a number, and people leave marks out: INV 2026 001, INV2026001 */
		while (p > text && is_mark (*p) && (after_mark || *p == ' '))
			p++;
		after_mark = false;
		if (toupper ((unsigned char) *p) != toupper ((unsigned char) *number))
			return 0;
		p++;
	}
	return (size_t) (p - text);
}

static bool begins_alone (const char *text, const char *at, const char *number)
{
	if (at == text)
		return true;
	unsigned char before = (unsigned char) at[-1];
	if (isdigit ((unsigned char) *number)) /* of 2026-1 neither 12026-1 nor INV-2026-1 is it */
		return !isalnum (before) && !(strchr ("-./_", before) && at - text > 1 && isalnum ((unsigned char) at[-2]));
	return !isalnum (before);
}

bool matching_number (const char *text, const char *number, size_t *ret_from, size_t *ret_to)
{
	size_t own = 0;
	for (const char *p = number; p && *p; p++)
		own += isalnum ((unsigned char) *p) != 0;
	if (!text || !own)
		return false;
	for (const char *p = text; *p; p++) {
		size_t n = begins_alone (text, p, number) ? number_length (p, number) : 0;
		const char *after = p + n;
		bool more = isalnum ((unsigned char) *after) || (strchr ("-./", *after) && *after && isdigit ((unsigned char) after[1]));
		/* a number of few characters is every other thing too: then as it is written, to the letter */
		if (!n || more || (own < 5 && (n != strlen (number) || strncasecmp (p, number, n) != 0)))
			continue;
		*ret_from = (size_t) (p - text);
		*ret_to = *ret_from + n;
		return true;
	}
	return false;
}

const char *matching_plain (struct arena *a, const char *text)
{
	char *ret = arena_text (a, text);
	size_t n = 0;
	for (const char *p = text; *p; p++)
		if (isalnum ((unsigned char) *p))
			ret[n++] = (char) toupper ((unsigned char) *p);
	ret[n] = 0;
	return ret;
}

/* What is left without the letters at its begin: 2026-001 of INV-2026-001. */
static const char *number_rest (const char *number)
{
	const char *p = number;
	while (*p && !isdigit ((unsigned char) *p))
		p++;
	return p > number && strlen (p) >= 5 ? p : NULL;
}

/* ---- names ---- */

enum { WORDS_MOST = 20 };

static size_t words_of (struct arena *a, const char *name, const char *ret[WORDS_MOST])
{
	static const char *const nothing[] = { "bv",  "nv",   "vof", "cv", "gmbh", "ltd", "bvba", "srl", "sa",	"inc", "llc", "hr", "mw",
					       "dhr", "mevr", "eo",  "en", "van",  "de",  "der",  "den", "het", "the", "and", "zn", "co" };
	size_t n = 0;
	while (*name && n < WORDS_MOST) {
		struct buffer word = { 0 };
		for (; *name && *name != ' ' && *name != '&' && *name != ',' && *name != '/'; name++)
			if ((unsigned char) *name >= 0x80 || isalnum ((unsigned char) *name))
				buffer_add (&word, name, 1);
		name += *name != 0;
		const char *text = arena_copy (a, word.n ? (const char *) word.at : "", word.n);
		buffer_fini (&word);
		bool says = *text != 0;
		for (size_t i = 0; i < LENGTH (nothing); i++)
			says = says && strcasecmp (text, nothing[i]) != 0;
		if (says)
			ret[n++] = text;
	}
	return n;
}

bool matching_name (struct arena *a, const char *x, const char *y)
{
	const char *one[WORDS_MOST], *other[WORDS_MOST];
	if (!x || !y)
		return false;
	size_t n = words_of (a, x, one), m = words_of (a, y, other), letters = 0;
	const char **few = n <= m ? one : other, **many = n <= m ? other : one;
	size_t few_n = n <= m ? n : m, many_n = n <= m ? m : n;
	for (size_t i = 0; i < few_n; i++) {
		bool there = false;
		letters += strlen (few[i]);
		for (size_t k = 0; k < many_n && !there; k++)
			there = text_same (few[i], many[k]);
		if (!there)
			return false;
	}
	return letters >= 3;
}

static bool iban_known (const struct matching_open *o, const char *iban)
{
	for (size_t i = 0; iban && i < o->ibans; i++)
		if (!strcasecmp (o->iban[i], iban))
			return true;
	return false;
}

/* ---- what it pays ---- */

static void part_add (struct matching *m, size_t at, int64_t amount)
{
	if (m->n < MATCHING_MOST) {
		m->part[m->n].at = at;
		m->part[m->n++].amount = amount;
	}
}

struct named {
	size_t at, from, to;
};

/* Which are named, in the order of the text; a number within another one's is not. */
static size_t named_find (struct arena *a, const char *text, const char *currency, const struct matching_open open[], size_t n,
			  struct named ret[])
{
	size_t found = 0, most = MATCHING_MOST + 1;
	const char *plain = matching_plain (a, text);
	for (size_t i = 0; i < n && found < most; i++) {
		struct named is = { .at = i };
		if (open[i].plain &&
		    !strstr (plain, open[i].plain)) /* nearly all of them: thousands of invoices beside thousands of bookings */
			continue;
		if (strcmp (open[i].currency, currency) != 0 || !matching_number (text, open[i].number, &is.from, &is.to))
			continue;
		size_t k = 0;
		bool within = false;
		for (; k < found; k++)
			within = within || (ret[k].from <= is.from && ret[k].to >= is.to);
		if (within)
			continue;
		for (k = found; k && ret[k - 1].from > is.from; k--)
			ret[k] = ret[k - 1];
		ret[k] = is;
		found++;
	}
	return found;
}

/* Each takes what is open of it, as long as there is something of the booking. */
static void parts_fill (const struct bank_entry *e, const struct matching_open open[], const struct named named[], size_t n,
			struct matching *m)
{
	int64_t left = e->amount;
	for (size_t i = 0; i < n; i++) {
		int64_t take = open[named[i].at].open < left ? open[named[i].at].open : left;
		take = n == 1 || take < 0 ? (take < 0 ? 0 : left) : take; /* what one pays too much is theirs too */
		part_add (m, named[i].at, take);
		left -= take;
	}
}

static void decide_named (const struct bank_entry *e, const struct matching_open open[], const struct named named[], size_t n,
			  struct matching *m)
{
	int64_t sum = 0;
	for (size_t i = 0; i < n; i++)
		sum += open[named[i].at].open; /* at most 21 of 10^15 */
	parts_fill (e, open, named, n, m);
	bool whole = sum == e->amount && n <= MATCHING_MOST;
	for (size_t i = 0; i < n; i++)
		whole = whole && open[named[i].at].open > 0;
	m->state = whole ? statement_line_state_matched : statement_line_state_doubtful;
	m->why = !whole ? MATCHING_OTHER_AMOUNT : n == 1 ? MATCHING_NUMBER : MATCHING_NUMBERS;
}

/* All of that amount for which there is a reason of this kind; true when there is one at least. */
static bool decide_amount (struct arena *a, const struct bank_entry *e, const char *text, const struct matching_open open[], size_t n,
			   enum matching_why why, struct matching *m)
{
	size_t from, to;
	m->n = 0;
	for (size_t i = 0; i < n; i++) {
		const struct matching_open *o = &open[i];
		if (o->open != e->amount || strcmp (o->currency, e->currency) != 0)
			continue;
		const char *rest = number_rest (o->number);
		if ((why == MATCHING_NUMBER_IN_PART && rest && matching_number (text, rest, &from, &to)) ||
		    (why == MATCHING_AMOUNT_AND_IBAN && iban_known (o, e->iban)) ||
		    (why == MATCHING_AMOUNT_AND_NAME && matching_name (a, o->name, e->name)) || why == MATCHING_AMOUNT)
			part_add (m, i, e->amount);
	}
	if (!m->n || (why == MATCHING_AMOUNT && m->n > 1)) {
		m->n = 0;
		return false;
	}
	m->state = statement_line_state_doubtful;
	m->why = why;
	return true;
}

/* Who pays all that is open at once, and names none of it. */
static bool decide_sum (const struct bank_entry *e, const struct matching_open open[], size_t n, struct matching *m)
{
	int64_t sum = 0;
	m->n = 0;
	for (size_t i = 0; i < n; i++)
		if (open[i].open > 0 && !strcmp (open[i].currency, e->currency) && iban_known (&open[i], e->iban)) {
			if (m->n == MATCHING_MOST)
				return m->n = 0, false;
			part_add (m, i, open[i].open);
			sum += open[i].open;
		}
	if (m->n < 2 || sum != e->amount)
		return m->n = 0, false;
	m->state = statement_line_state_doubtful;
	m->why = MATCHING_SUM_OF_ACCOUNT;
	return true;
}

static bool paid_so (const struct matching_open *o, int64_t amount)
{
	for (size_t i = 0; i < o->paids; i++)
		if (o->paid[i] == amount)
			return true;
	return false;
}

/* Money that went out: whose number stands there, else those for which just that came in from who gets it. It is never more than a guess. */
static void decide_back (struct arena *a, const struct bank_entry *e, const struct matching_open open[], size_t n,
			 const struct named named[], size_t found, struct matching *m)
{
	for (size_t i = 0; i < found; i++)
		part_add (m, named[i].at, i ? 0 : e->amount);
	for (size_t i = 0; i < n && !found; i++)
		if (paid_so (&open[i], -e->amount) && !strcmp (open[i].currency, e->currency) &&
		    (iban_known (&open[i], e->iban) || matching_name (a, open[i].name, e->name)))
			part_add (m, i, e->amount);
	if (!m->n)
		return;
	m->state = statement_line_state_doubtful;
	m->why = MATCHING_WENT_BACK;
}

void matching_decide (struct arena *a, const struct bank_entry *entry, const struct matching_open open[], size_t n, struct matching *ret)
{
	static const enum matching_why reasons[] = { MATCHING_NUMBER_IN_PART, MATCHING_AMOUNT_AND_IBAN, MATCHING_AMOUNT_AND_NAME };
	struct named named[MATCHING_MOST + 1];
	const char *text = entry->end_to_end ? arena_printf (a, "%s | %s", entry->text, entry->end_to_end) : entry->text;
	*ret = (struct matching){ .state = statement_line_state_unmatched, .why = MATCHING_NOTHING };
	size_t found = named_find (a, text, entry->currency, open, n, named);
	if (entry->amount <= 0) {
		if (entry->amount)
			decide_back (a, entry, open, n, named, found, ret);
		return;
	}
	if (found) {
		decide_named (entry, open, named, found, ret);
		return;
	}
	for (size_t i = 0; i < LENGTH (reasons); i++)
		if (decide_amount (a, entry, text, open, n, reasons[i], ret))
			return;
	if (!decide_sum (entry, open, n, ret))
		decide_amount (a, entry, text, open, n, MATCHING_AMOUNT, ret);
}
