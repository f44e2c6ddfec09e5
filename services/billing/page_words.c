/* Words and figures on documents; see page_words.h. Amounts are integers or decimal text all the way.
 * It must never round, nor leave out a digit that says something. */
#include "page_words.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include "clock.h"

const char *page_word (enum page_language l, enum word word)
{
	static const char *const words[][PAGE_LANGUAGES] = {
#define PAGE_WORD(name, nl, en) { nl, en },
		PAGE_WORDS (PAGE_WORD)
#undef PAGE_WORD
	};
	return words[word][l];
}

const char *page_phrase (struct arena *a, enum page_language l, enum word word, const char *x, const char *y)
{
	const char *text = page_word (l, word);
	char *phrase = arena_alloc (a, strlen (text) + strlen (x) + strlen (y) + 1), *out = phrase;
	for (const char *p = text; *p; p++) {
		if (*p != '{') {
			*out++ = *p;
			continue;
		}
		const char *put = p[1] == '1' ? x : y;
		memcpy (out, put, strlen (put));
		out += strlen (put);
		p += 2;
	}
	return phrase;
}

enum page_language page_language_of (const char *language)
{
	return !language || strncmp (language, "nl", 2) == 0 ? PAGE_DUTCH : PAGE_ENGLISH;
}

/* Digits in threes, and after the point at least `least` of them; decimal without its sign. */
static const char *figure_text (struct arena *a, enum page_language l, const char *decimal, size_t least)
{
	size_t whole = strcspn (decimal, "."), after = decimal[whole] ? strlen (decimal + whole + 1) : 0;
	const char *fraction = decimal + whole + !!decimal[whole];
	while (after > least && fraction[after - 1] == '0')
		after--;
	char *text = arena_alloc (a, whole * 2 + after + least + 3), *out = text;
	for (size_t i = 0; i < whole; i++) {
		*out++ = decimal[i];
		if (i + 1 < whole && (whole - i - 1) % 3 == 0)
			*out++ = l == PAGE_DUTCH ? '.' : ',';
	}
	if (!whole)
		*out++ = '0';
	if (after || least)
		*out++ = l == PAGE_DUTCH ? ',' : '.';
	for (size_t i = 0; i < after; i++)
		*out++ = fraction[i];
	for (size_t i = after; i < least; i++)
		*out++ = '0';
	return text;
}

static const char *currency_sign (const char *currency)
{
	static const char *const signs[][2] = { { "EUR", "€" }, { "USD", "$" }, { "GBP", "£" } };
	for (size_t i = 0; i < LENGTH (signs); i++)
		if (strcmp (signs[i][0], currency) == 0)
			return signs[i][1];
	return currency;
}

const char *page_price (struct arena *a, enum page_language l, const char *currency, const char *decimal)
{
	bool less = *decimal == '-';
	const char *figure = figure_text (a, l, decimal + less, (size_t) money_digits (currency)), *sign = currency_sign (currency);
	if (l == PAGE_DUTCH)
		return arena_printf (a, "%s %s%s", sign, less ? "-" : "", figure);
	return arena_printf (a, "%s%s %s", less ? "-" : "", sign, figure);
}

const char *page_money (struct arena *a, enum page_language l, const char *currency, int64_t minor)
{
	struct money m = { .minor = minor };
	char text[24];
	snprintf (m.currency, sizeof m.currency, "%s", currency);
	return page_price (a, l, currency, money_amount (m, text));
}

const char *page_figure (struct arena *a, enum page_language l, const char *decimal)
{
	bool less = *decimal == '-';
	return arena_printf (a, "%s%s", less ? "-" : "", figure_text (a, l, decimal + less, 0));
}

const char *page_percent (struct arena *a, enum page_language l, const char *decimal)
{
	return arena_printf (a, "%s%%", page_figure (a, l, decimal));
}

const char *page_date (struct arena *a, int32_t day)
{
	char text[DATE_TEXT];
	date_format (day, text); /* 2026-11-21 */
	return arena_printf (a, "%.2s-%.2s-%.4s", text + 8, text + 5, text);
}

const char *page_iban (struct arena *a, const char *iban)
{
	char *text = arena_alloc (a, strlen (iban) * 5 / 4 + 2), *out = text;
	size_t n = 0;
	for (const char *p = iban; *p; p++) {
		if (*p == ' ')
			continue;
		if (n && n % 4 == 0)
			*out++ = ' ';
		*out++ = (char) toupper ((unsigned char) *p);
		n++;
	}
	return text;
}

const char *page_country (struct arena *a, enum page_language l, const char *code)
{
	static const struct {
		char code[3];
		const char *name[PAGE_LANGUAGES];
	} countries[] = {
		{ "AT", { "Oostenrijk", "Austria" } },
		{ "AU", { "Australië", "Australia" } },
		{ "AW", { "Aruba", "Aruba" } },
		{ "BE", { "België", "Belgium" } },
		{ "BG", { "Bulgarije", "Bulgaria" } },
		{ "BR", { "Brazilië", "Brazil" } },
		{ "CA", { "Canada", "Canada" } },
		{ "CH", { "Zwitserland", "Switzerland" } },
		{ "CN", { "China", "China" } },
		{ "CW", { "Curaçao", "Curaçao" } },
		{ "CY", { "Cyprus", "Cyprus" } },
		{ "CZ", { "Tsjechië", "Czechia" } },
		{ "DE", { "Duitsland", "Germany" } },
		{ "DK", { "Denemarken", "Denmark" } },
		{ "EE", { "Estland", "Estonia" } },
		{ "ES", { "Spanje", "Spain" } },
		{ "FI", { "Finland", "Finland" } },
		{ "FR", { "Frankrijk", "France" } },
		{ "GB", { "Verenigd Koninkrijk", "United Kingdom" } },
		{ "GR", { "Griekenland", "Greece" } },
		{ "HR", { "Kroatië", "Croatia" } },
		{ "HU", { "Hongarije", "Hungary" } },
		{ "IE", { "Ierland", "Ireland" } },
		{ "IN", { "India", "India" } },
		{ "IS", { "IJsland", "Iceland" } },
		{ "IT", { "Italië", "Italy" } },
		{ "JP", { "Japan", "Japan" } },
		{ "LI", { "Liechtenstein", "Liechtenstein" } },
		{ "LT", { "Litouwen", "Lithuania" } },
		{ "LU", { "Luxemburg", "Luxembourg" } },
		{ "LV", { "Letland", "Latvia" } },
		{ "MA", { "Marokko", "Morocco" } },
		{ "MT", { "Malta", "Malta" } },
		{ "NL", { "Nederland", "The Netherlands" } },
		{ "NO", { "Noorwegen", "Norway" } },
		{ "PL", { "Polen", "Poland" } },
		{ "PT", { "Portugal", "Portugal" } },
		{ "RO", { "Roemenië", "Romania" } },
		{ "RS", { "Servië", "Serbia" } },
		{ "SE", { "Zweden", "Sweden" } },
		{ "SI", { "Slovenië", "Slovenia" } },
		{ "SK", { "Slowakije", "Slovakia" } },
		{ "SR", { "Suriname", "Suriname" } },
		{ "TR", { "Turkije", "Türkiye" } },
		{ "UA", { "Oekraïne", "Ukraine" } },
		{ "US", { "Verenigde Staten", "United States" } },
		{ "ZA", { "Zuid-Afrika", "South Africa" } },
	};
	for (size_t i = 0; i < LENGTH (countries); i++)
		if (strcmp (countries[i].code, code) == 0)
			return countries[i].name[l];
	return arena_text (a, code);
}
