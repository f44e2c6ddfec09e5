/* Reads MT940 (SWIFT) as Dutch banks write it: bare or in its envelope, words in codes between slashes (ING, Rabobank, ABN AMRO), in codes after question
 * marks, or as plain lines. It must never guess at a line that it does not understand where money stands on it. */
#include "bank.h"

#include <ctype.h>
#include <string.h>
#include "charset.h"
#include "clock.h"

/* LINE_FULL: characters of a line that goes on in the next; WORDS_MOST: bytes that are looked at of what stands with a booking */
enum { LINE_FULL = 65, TAGS_MOST = 400000, WORDS_MOST = 16 << 10 };

/* A tag with its lines. */
struct tagged {
	const char *tag;   /* "61" */
	const char *first; /* the rest of its own line */
	const char *more;  /* the lines below it, each with its end; "" */
	size_t line;
};

struct reading {
	struct arena *arena;
	struct bank_fault *fault;
	struct tagged *tag;
	size_t tags;
};

static enum status wrong (struct reading *r, const struct tagged *t, const char *reason)
{
	return bank_refuse (r->fault, t->line, arena_printf (r->arena, ":%s:", t->tag), reason);
}

/* ---- lines ---- */

/* ":86:" at the begin of a line, one of those that there are; else null. */
static const char *tag_of (const char *line, size_t *ret_n)
{
	static const char *const known[] = { "20",  "21", "25", "25P", "28",  "28C", "60F", "60M", "61",  "62F",
					     "62M", "64", "65", "86",  "13D", "13",  "34F", "90D", "90C", "NS" };
	if (*line != ':')
		return NULL;
	for (size_t i = 0; i < LENGTH (known); i++) {
		size_t n = strlen (known[i]);
		if (!strncmp (line + 1, known[i], n) && line[n + 1] == ':') {
			*ret_n = n + 2;
			return known[i];
		}
	}
	return NULL;
}

/* What ends a message: "-", "-}" of the envelope, ING's own with three letters. */
static bool message_ends (const char *line)
{
	return !strcmp (line, "-") || !strncmp (line, "-}", 2) || (*line == '-' && strspn (line + 1, "X") == 3 && !line[4]);
}

/* What stands between messages is a bank's own heading, and nothing of ours. */
static enum status tags_read (struct reading *r, char *text)
{
	struct buffer more = { 0 };
	bool inside = false;
	size_t line = 0, n = 0;
	char *end;
	for (char *at = text; at; at = end) {
		end = strpbrk (at, "\r\n");
		if (end) {
			char *next = end + (end[0] == '\r' && end[1] == '\n' ? 2 : 1);
			*end = 0;
			end = next;
		}
		line++;
		char *envelope = *at == '{' ? strstr (at, "{4:") : NULL;
		if (envelope)
			at = envelope + 3;
		const char *tag = tag_of (at, &n);
		bool ends = message_ends (at);
		if (inside && !tag && !ends) {
			buffer_text (&more, at);
			buffer_text (&more, "\n");
		}
		if ((tag || ends) && r->tags && more.n) {
			r->tag[r->tags - 1].more = arena_copy (r->arena, (const char *) more.at, more.n);
			buffer_clear (&more);
		}
		if (ends)
			inside = false;
		if (!tag || (!inside && strcmp (tag, "20") != 0))
			continue;
		inside = true;
		if (r->tags == TAGS_MOST) {
			buffer_fini (&more);
			return bank_refuse (r->fault, line, "file", "It has too many bookings.");
		}
		r->tag[r->tags++] = (struct tagged){ tag, at + n, "", line };
	}
	if (r->tags && more.n)
		r->tag[r->tags - 1].more = arena_copy (r->arena, (const char *) more.at, more.n);
	buffer_fini (&more);
	return OK;
}

static size_t tags_count (const char *text)
{
	size_t ret = 1;
	for (; (text = strchr (text, ':')); text++)
		ret++;
	return ret < TAGS_MOST ? ret : TAGS_MOST;
}

/* ---- values ---- */

static bool digits (const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isdigit ((unsigned char) text[i]))
			return false;
	return true;
}

static int pair (const char *text)
{
	return (text[0] - '0') * 10 + (text[1] - '0');
}

/* YYMMDD of this century. */
static bool day_read (struct reading *r, const char *text, int32_t *ret)
{
	return digits (text, 6) &&
	       date_parse (arena_printf (r->arena, "20%02d-%02d-%02d", pair (text), pair (text + 2), pair (text + 4)), ret) == OK;
}

/* MMDD of the year that brings it nearest. */
static bool day_near (struct reading *r, const char *text, const char *year, int32_t near, int32_t *ret)
{
	int32_t best = 0, day;
	bool found = false;
	for (int more = -1; more <= 1; more++) {
		const char *date = arena_printf (r->arena, "20%02d-%02d-%02d", (pair (year) + more + 100) % 100, pair (text),
						 pair (text + 2));
		if (date_parse (date, &day) != OK)
			continue;
		int32_t off = day < near ? near - day : day - near;
		if (!found || off < best) {
			best = off;
			*ret = day;
			found = true;
		}
	}
	return found;
}

/* "C140219EUR662,23" */
static enum status balance_read (struct reading *r, const struct tagged *t, char currency[4], int64_t *ret, int32_t *ret_day)
{
	const char *text = bank_words (r->arena, t->first);
	int side = !text ? 0 : *text == 'C' ? 1 : *text == 'D' ? -1 : 0;
	if (!side || strlen (text) < 11 || !day_read (r, text + 1, ret_day))
		return wrong (r, t, "A balance cannot be read.");
	const char *said = arena_copy (r->arena, text + 7, 3);
	if (!bank_currency_good (said) || (*currency && strcmp (said, currency) != 0))
		return wrong (r, t, "A balance is in another currency than the account.");
	if (bank_amount (text + 10, ',', said, ret) != OK)
		return wrong (r, t, "A balance cannot be read.");
	*ret *= side;
	memcpy (currency, said, 4);
	return OK;
}

/* "1402200220C1,56NTRFEREF//00000000001005"; below it, at some banks, the other side's account. */
static enum status booking_read (struct reading *r, const struct tagged *t, struct bank_entry *ret)
{
	static const char kind[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	const char *p = t->first, *year = p;
	int32_t value;
	if (!day_read (r, p, &value))
		return wrong (r, t, "Its day cannot be read.");
	p += 6;
	ret->day = value;
	if (digits (p, 4)) {
		if (!day_near (r, p, year, value, &ret->day))
			return wrong (r, t, "Its day cannot be read.");
		p += 4;
	}
	if (*p == 'R') {
		ret->reversal = true;
		p++;
	}
	int side = *p == 'C' ? 1 : *p == 'D' ? -1 : 0;
	if (!side)
		return wrong (r, t, "It does not say whether it is a credit or a debit.");
	side = ret->reversal ? -side : side; /* RC takes a credit back */
	p++;
	p += isupper ((unsigned char) *p) ? 1 : 0; /* the last letter of the currency */
	size_t n = strspn (p, "0123456789,");
	if (bank_amount (arena_copy (r->arena, p, n), ',', ret->currency, &ret->amount) != OK)
		return wrong (r, t, "Its amount cannot be read.");
	ret->amount *= side;
	p += n;
	if (isupper ((unsigned char) *p) && strspn (p, kind) >= 4) { /* what kind of booking, as the bank has it */
		p += 4;
		const char *bank = strstr (p, "//");
		const char *own = bank_words (r->arena, arena_copy (r->arena, p, bank ? (size_t) (bank - p) : strlen (p)));
		ret->reference = bank ? bank_words (r->arena, bank + 2) : NULL;
		if (own && strcmp (own, "NONREF") && strcmp (own, "EREF") && strcmp (own, "PREF") && strcmp (own, "MARF"))
			ret->end_to_end = own;
	}
	return OK;
}

/* ---- the words of a booking ---- */

static bool iban_like (const char *text)
{
	size_t n = text ? strlen (text) : 0;
	if (n < 15 || n > 34 || !isupper ((unsigned char) text[0]) || !isupper ((unsigned char) text[1]) || !digits (text + 2, 2))
		return false;
	for (size_t i = 4; i < n; i++)
		if (!isalnum ((unsigned char) text[i]))
			return false;
	return true;
}

/* At most so many bytes, and no half character. */
static size_t whole (const struct buffer *b, size_t most)
{
	size_t n = b->n < most ? b->n : most;
	while (n < b->n && n && (b->at[n] & 0xc0) == 0x80)
		n--;
	return n;
}

static size_t characters (const char *text, size_t n)
{
	size_t ret = 0;
	for (size_t i = 0; i < n; i++)
		ret += ((unsigned char) text[i] & 0xc0) != 0x80;
	return ret;
}

/* The lines as one: a full line goes on in the next, a shorter one ends a word. */
static const char *lines_join (struct reading *r, const struct tagged *t, bool coded)
{
	struct buffer out = { 0 };
	size_t last = characters (t->first, strlen (t->first));
	buffer_text (&out, t->first);
	for (const char *line = t->more; *line && out.n < WORDS_MOST;) {
		size_t n = strcspn (line, "\n");
		if (!coded && last < LINE_FULL)
			buffer_text (&out, " ");
		buffer_add (&out, line, n);
		last = characters (line, n);
		line += n + (line[n] == '\n');
	}
	const char *ret = arena_copy (r->arena, (const char *) out.at, whole (&out, WORDS_MOST));
	buffer_fini (&out);
	return ret;
}

static const char *const codes[] = { "TRTP", "IBAN", "BIC",  "NAME", "REMI", "EREF", "MARF", "CSID", "ORDP", "BENM", "ID",
				     "ADDR", "ISDT", "CNTP", "TRCD", "PREF", "RTRN", "ULTD", "ULTB", "ULTC", "PURP", "SVCL",
				     "EXCH", "CHGS", "IREF", "RREF", "ACCW", "KREF", "BCNT", "TRAN", "PVAL" };

/* The code that begins here, between slashes. */
static const char *code_at (const char *p)
{
	if (*p != '/')
		return NULL;
	for (size_t i = 0; i < LENGTH (codes); i++) {
		size_t n = strlen (codes[i]);
		if (!strncmp (p + 1, codes[i], n) && p[n + 1] == '/')
			return codes[i];
	}
	return NULL;
}

/* One code's value, until the next code or the end; null where it is not there. */
static const char *code_value (struct reading *r, const char *text, const char *code)
{
	for (const char *p = text; *p; p++) {
		const char *is = code_at (p);
		if (!is || strcmp (is, code) != 0)
			continue;
		const char *from = p + strlen (code) + 2, *end = from;
		/* "/ORDP//NAME/": an empty value, and its slash is the next code's */
		while (*end && !code_at (end))
			end++;
		return arena_copy (r->arena, from, (size_t) (end - from));
	}
	return NULL;
}

static const char *slashes_off (struct reading *r, const char *text)
{
	if (!text)
		return NULL;
	while (*text == '/')
		text++;
	size_t n = strlen (text);
	while (n && (text[n - 1] == '/' || text[n - 1] == ' '))
		n--;
	return bank_words (r->arena, arena_copy (r->arena, text, n));
}

/* The n-th piece between slashes. */
static const char *piece (struct reading *r, const char *text, int n)
{
	for (; n; n--) {
		text = strchr (text, '/');
		if (!text)
			return NULL;
		text++;
	}
	return bank_words (r->arena, arena_copy (r->arena, text, strcspn (text, "/")));
}

/* "/REMI/USTD//text/", "/REMI/STRD/CUR/reference/", "/REMI/text" */
static const char *remittance (struct reading *r, const char *text)
{
	if (!text)
		return NULL;
	if (!strncmp (text, "USTD/", 5))
		text += 5;
	else if (!strncmp (text, "STRD/CUR/", 9))
		text += 9;
	else if (!strncmp (text, "STRD/", 5))
		text += 5;
	return slashes_off (r, text);
}

static void coded_read (struct reading *r, const struct tagged *t, struct bank_entry *e)
{
	const char *text = lines_join (r, t, true), *other = code_value (r, text, "CNTP"),
		   *end = slashes_off (r, code_value (r, text, "EREF"));
	const char *words = remittance (r, code_value (r, text, "REMI")), *iban = slashes_off (r, code_value (r, text, "IBAN"));
	e->name = slashes_off (r, code_value (r, text, "NAME"));
	if (other) { /* account/bank/name/city */
		iban = piece (r, other, 0);
		e->name = piece (r, other, 2);
	}
	if (iban)
		e->iban = bank_account (r->arena, iban);
	if (end && strcmp (end, "NOTPROVIDED") != 0)
		e->end_to_end = end;
	const char *returned = slashes_off (r, code_value (r, text, "RTRN"));
	if (returned)
		e->reversal = true;
	e->text = words ? words : "";
	if (!words && !e->name && !e->iban)
		e->text = slashes_off (r, text);
	e->text = e->text ? e->text : "";
}

/* "?20words?21more?31account?32name" */
static void marked_read (struct reading *r, const struct tagged *t, struct bank_entry *e)
{
	const char *text = lines_join (r, t, true), *words = NULL, *name = NULL;
	for (const char *p = strchr (text, '?'); p && *p; p += 3 + strcspn (p + 3, "?")) {
		if (!digits (p + 1, 2))
			break;
		int code = pair (p + 1);
		const char *value = arena_copy (r->arena, p + 3, strcspn (p + 3, "?"));
		if ((code >= 20 && code <= 29) || (code >= 60 && code <= 63))
			words = words ? arena_printf (r->arena, "%s%s", words, value) : value;
		else if (code == 31)
			e->iban = bank_account (r->arena, value);
		else if (code == 32 || code == 33)
			name = name ? arena_printf (r->arena, "%s%s", name, value) : value;
	}
	e->name = bank_words (r->arena, name);
	words = bank_words (r->arena, words);
	e->text = words ? words : "";
}

/* Nothing marks what is what: all of it is text; an account at its begin is the other side's, and after it, where a line is left of it, the name. */
static void plain_read (struct reading *r, const struct tagged *t, struct bank_entry *e)
{
	const char *text = bank_words (r->arena, lines_join (r, t, false));
	e->text = text ? text : "";
	size_t n = strcspn (e->text, " ");
	const char *first = arena_copy (r->arena, e->text, n);
	if (!e->iban && iban_like (first)) {
		e->iban = first;
		const char *line = bank_words (r->arena, t->first);
		if (line && *t->more && strlen (line) > n)
			e->name = bank_words (r->arena, line + n);
	}
}

static bool is_marked (const char *text)
{
	const char *mark = strchr (text, '?');
	return mark && mark - text <= 4 && digits (mark + 1, 2);
}

static void words_read (struct reading *r, const struct tagged *t, struct bank_entry *e)
{
	const char *text = t->first;
	while (*text == ' ')
		text++;
	if (code_at (text))
		coded_read (r, t, e);
	else if (is_marked (text))
		marked_read (r, t, e);
	else
		plain_read (r, t, e);
}

/* ---- statements ---- */

static bool tag_is (const struct tagged *t, const char *tag)
{
	return !strncmp (t->tag, tag, 2);
}

/* Of "NL69INGB0123456789EUR" the currency is not the account's. */
static const char *account_read (struct reading *r, const char *text, const char *currency)
{
	const char *ret = bank_account (r->arena, text);
	size_t n = ret ? strlen (ret) : 0;
	if (n > 3 && !strcmp (ret + n - 3, currency))
		ret = arena_copy (r->arena, ret, n - 3);
	return ret;
}

/* Below a booking, at Rabobank: the other side's account. */
static void supplement_read (struct reading *r, const struct tagged *t, struct bank_entry *e)
{
	const char *more = bank_account (r->arena, bank_words (r->arena, t->more));
	if (iban_like (more))
		e->iban = more;
}

static enum status statement_read (struct reading *r, const struct tagged *t, size_t n, struct bank_statement *ret)
{
	struct bank_statement s = { 0 };
	const struct tagged *opening = NULL, *closing = NULL, *account = NULL;
	for (size_t i = 0; i < n; i++) {
		if (tag_is (&t[i], "25"))
			account = &t[i];
		if (tag_is (&t[i], "28"))
			s.number = bank_words (r->arena, t[i].first);
		if (tag_is (&t[i], "60") && !opening)
			opening = &t[i];
		if (tag_is (&t[i], "62"))
			closing = &t[i];
		s.entries += tag_is (&t[i], "61");
	}
	if (!account || !opening || !closing)
		return wrong (r, t,
			      !account	 ? "It does not say of which account it is."
			      : !opening ? "It has no opening balance."
					 : "It has no closing balance.");
	if (balance_read (r, opening, s.currency, &s.opening, &s.from) != OK ||
	    balance_read (r, closing, s.currency, &s.closing, &s.to) != OK)
		return REFUSED;
	s.account = account_read (r, account->first, s.currency);
	if (!s.account)
		return wrong (r, account, "It does not say of which account it is.");
	if (s.entries > BANK_ENTRIES_MOST)
		return wrong (r, t, "It has too many bookings.");
	s.entry = arena_array (r->arena, s.entries + 1, sizeof *s.entry);
	struct bank_entry *e = s.entry;
	for (size_t i = 0; i < n; i++) {
		if (!tag_is (&t[i], "61"))
			continue;
		*e = (struct bank_entry){ .text = "" };
		memcpy (e->currency, s.currency, sizeof e->currency);
		if (booking_read (r, &t[i], e) != OK)
			return REFUSED;
		supplement_read (r, &t[i], e);
		if (i + 1 < n && tag_is (&t[i + 1], "86"))
			words_read (r, &t[i + 1], e);
		e++;
	}
	*ret = s;
	return bank_check (r->arena, &s, closing->line, r->fault);
}

enum status mt940_read (struct arena *a, struct bytes file, struct bank_file *ret, struct bank_fault *ret_fault)
{
	size_t skip = file.n >= 3 && !memcmp (file.at, "\xef\xbb\xbf", 3) ? 3 : 0;
	char *text = arena_text (a, text_from_charset (a, (struct bytes){ file.at + skip, file.n - skip }, NULL));
	struct reading r = { .arena = a, .fault = ret_fault, .tag = arena_array (a, tags_count (text), sizeof (struct tagged)) };
	struct bank_file out = { .format = statement_format_mt940 };
	if (tags_read (&r, text) != OK)
		return REFUSED;
	size_t starts = 0;
	for (size_t i = 0; i < r.tags; i++)
		starts += tag_is (&r.tag[i], "20");
	out.statement = arena_array (a, starts + 1, sizeof *out.statement);
	for (size_t i = 0, end; i < r.tags; i = end) {
		for (end = i + 1; end < r.tags && !tag_is (&r.tag[end], "20");)
			end++;
		if (statement_read (&r, &r.tag[i], end - i, &out.statement[out.statements++]) != OK)
			return REFUSED;
	}
	if (!out.statements)
		return bank_refuse (ret_fault, 0, "file", "No statement begins in it with :20:.");
	*ret = out;
	return OK;
}
