/* What both formats of bank statements share: which one a file is, amounts, words, and the sum that must hold.
 * It must never round an amount, nor take a statement whose sum does not hold. */
#include "bank.h"

#include <ctype.h>
#include <string.h>
#include "money.h"

enum status bank_refuse (struct bank_fault *f, size_t line, const char *where, const char *reason)
{
	*f = (struct bank_fault){ line, where, reason };
	return REFUSED;
}

bool bank_currency_good (const char *text)
{
	return text && strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3 && strlen (text) == 3;
}

enum status bank_amount (const char *text, char point, const char *currency, int64_t *ret)
{
	int digits = money_digits (currency), after = -1;
	int64_t n = 0;
	if (!isdigit ((unsigned char) *text))
		return REFUSED;
	for (; *text; text++) {
		if (*text == point && after < 0) {
			after = 0;
			continue;
		}
		if (!isdigit ((unsigned char) *text) || (after >= digits && *text != '0'))
			return REFUSED;
		if (after >= digits)
			continue;
		n = n * 10 + (*text - '0');
		after += after >= 0;
		if (n > BANK_AMOUNT_MOST)
			return REFUSED;
	}
	for (int i = after < 0 ? 0 : after; i < digits; i++)
		n *= 10;
	if (n > BANK_AMOUNT_MOST)
		return REFUSED;
	*ret = n;
	return OK;
}

const char *bank_words (struct arena *a, const char *text)
{
	if (!text)
		return NULL;
	char *ret = arena_text (a, text);
	size_t n = 0;
	for (const char *p = text; *p; p++) {
		bool blank = (unsigned char) *p <= ' ' || *p == 0x7f;
		if (!blank)
			ret[n++] = *p;
		else if (n && ret[n - 1] != ' ')
			ret[n++] = ' ';
	}
	if (n > BANK_TEXT_MOST)
		for (n = BANK_TEXT_MOST; n && ((unsigned char) ret[n] & 0xc0) == 0x80;)
			n--;
	while (n && ret[n - 1] == ' ')
		n--;
	ret[n] = 0;
	return n ? ret : NULL;
}

const char *bank_account (struct arena *a, const char *text)
{
	if (!text)
		return NULL;
	char *ret = arena_text (a, text);
	size_t n = 0;
	for (const char *p = text; *p; p++)
		if ((unsigned char) *p > ' ')
			ret[n++] = (char) toupper ((unsigned char) *p);
	ret[n] = 0;
	return n ? ret : NULL;
}

static const char *amount_text (struct arena *a, int64_t minor, const char *currency)
{
	struct money m = { .minor = minor };
	char text[24];
	memcpy (m.currency, currency, sizeof m.currency);
	return arena_printf (a, "%s %s", currency, money_amount (m, text));
}

enum status bank_check (struct arena *a, const struct bank_statement *s, size_t line, struct bank_fault *ret_fault)
{
	int64_t sum = s->opening; /* at most 10^5 bookings of at most 10^15 */
	for (size_t i = 0; i < s->entries; i++) {
		if (__builtin_add_overflow (sum, s->entry[i].amount, &sum))
			return bank_refuse (ret_fault, line, "balance", "The amounts are too large.");
		if (strcmp (s->entry[i].currency, s->currency) != 0)
			return bank_refuse (ret_fault, line, "currency", "A booking is in another currency than its account.");
	}
	if (sum != s->closing)
		return bank_refuse (ret_fault, line, "balance",
				    arena_printf (a, "The opening balance and the bookings come to %s, the closing balance is %s.",
						  amount_text (a, sum, s->currency), amount_text (a, s->closing, s->currency)));
	return OK;
}

/* A tag at the begin of a line, which is how MT940 begins whatever stands around it. */
static bool mt940_like (struct bytes file)
{
	for (size_t i = 0; i + 4 <= file.n; i++)
		if (!memcmp (file.at + i, ":20:", 4) && (!i || strchr ("\r\n:{}4", file.at[i - 1])))
			return true;
	return false;
}

enum status bank_read (struct arena *a, struct bytes file, struct bank_file *ret, struct bank_fault *ret_fault)
{
	size_t i = file.n >= 3 && !memcmp (file.at, "\xef\xbb\xbf", 3) ? 3 : 0;
	if (file.n > BANK_FILE_MOST)
		return bank_refuse (ret_fault, 0, "file", "The file is too large.");
	while (i < file.n && isspace (file.at[i]))
		i++;
	bool wide = file.n >= 2 && ((file.at[0] == 0xff && file.at[1] == 0xfe) || (file.at[0] == 0xfe && file.at[1] == 0xff));
	if (wide || (i < file.n && file.at[i] == '<'))
		return camt_read (a, file, ret, ret_fault);
	if (mt940_like (file))
		return mt940_read (a, file, ret, ret_fault);
	return bank_refuse (ret_fault, 0, "file", "This is neither CAMT.053 nor MT940.");
}
