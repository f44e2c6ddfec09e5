/* The shapes and check digits of the numbers in identifiers.h, as tables.
 * It must never let pass what has a wrong check digit, nor refuse a number for how it is spaced. */
#include "identifiers.h"

#include <string.h>

/* ---- shapes: # a digit, @ a letter, ? either, & either but I and O, + either or a plus or star; all else stands for itself ---- */

static bool is_digit (char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter (char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool fits (const char *text, const char *shape)
{
	for (; *shape && *text; shape++, text++) {
		bool either = is_digit (*text) || is_letter (*text), fit;
		switch (*shape) {
		case '#': fit = is_digit (*text); break;
		case '@': fit = is_letter (*text); break;
		case '?': fit = either; break;
		case '&': fit = either && *text != 'I' && *text != 'O'; break;
		case '+': fit = either || *text == '+' || *text == '*'; break;
		default: fit = *text == *shape;
		}
		if (!fit)
			return false;
	}
	return !*shape && !*text;
}

/* Without what people put between: blanks (the hard ones of UTF-8 too), dots, dashes; in capitals. */
static char *plain (struct arena *a, const char *text)
{
	char *ret = arena_text (a, text), *to = ret;
	for (const char *at = text; *at; at++) {
		if (strncmp (at, "\xC2\xA0", 2) == 0)
			at++;
		else if (strncmp (at, "\xE2\x80\xAF", 3) == 0)
			at += 2;
		else if (!strchr (" \t\r\n.-", *at))
			*to++ = *at >= 'a' && *at <= 'z' ? (char) (*at - 'a' + 'A') : *at;
	}
	*to = '\0';
	return ret;
}

/* ---- check digits ---- */

/* Weights 9 to 2 and -1. Nine zeros are nobody. */
static bool eleven_holds (const char nine[])
{
	int sum = '0' - nine[8], any = nine[8] != '0';
	for (int i = 0; i < 8; i++) {
		sum += (9 - i) * (nine[i] - '0');
		any |= nine[i] != '0';
	}
	return any && sum % 11 == 0;
}

/* Letters count as 10 to 35; what stands before `from` comes last. */
static int mod_97 (const char *text, size_t from)
{
	size_t n = strlen (text);
	int left = 0;
	for (size_t i = 0; i < n; i++) {
		char c = text[(from + i) % n];
		left = is_digit (c) ? (left * 10 + c - '0') % 97 : (left * 100 + c - 'A' + 10) % 97;
	}
	return left;
}

/* ---- VAT ---- */

static const char *const vat_shapes[] = {
	"ATU########", "BE0#########",	 "BE1#########",  "BG#########",    "BG##########",   "CY########@",  "CZ########",
	"CZ#########", "CZ##########",	 "DE#########",	  "DK########",	    "EE#########",    "EL#########",  "ES@#######@",
	"ES@########", "ES########@",	 "FI########",	  "FR&&#########",  "HR###########",  "HU########",   "IE#######@",
	"IE#######@@", "IE#+#####@",	 "IT###########", "LT#########",    "LT############", "LU########",   "LV###########",
	"MT########",  "NL#########B##", "PL##########",  "PT#########",    "RO##",	      "RO###",	      "RO####",
	"RO#####",     "RO######",	 "RO#######",	  "RO########",	    "RO#########",    "RO##########", "SE############",
	"SI########",  "SK##########",	 "XI#########",	  "XI############", "XIGD###",	      "XIHA###",
};

enum status vat_id_read (struct arena *a, const char *text, const char **ret)
{
	char *id = plain (a, text);
	if (strncmp (id, "GR", 2) == 0)
		memcpy (id, "EL", 2);
	for (size_t i = 0; i < LENGTH (vat_shapes); i++) {
		if (!fits (id, vat_shapes[i]))
			continue;
		/* legal persons have their RSIN in it; people since 2020 have a number whose remainder is 1 instead */
		if (strncmp (id, "NL", 2) == 0 && !eleven_holds (id + 2) && mod_97 (id, 0) != 1)
			return REFUSED;
		*ret = id;
		return OK;
	}
	return REFUSED;
}

bool vat_country (const char *country)
{
	const char *letters = strcmp (country, "GR") ? country : "EL";
	for (size_t i = 0; i < LENGTH (vat_shapes); i++)
		if (strlen (letters) == 2 && !strncmp (vat_shapes[i], letters, 2))
			return true;
	return false;
}

enum status tax_id_read (struct arena *a, const char *text, const char **ret)
{
	const char *id = arena_copy (a, text, strlen (text));
	size_t n = strlen (id);
	if (n < 3 || n > 30 || !strpbrk (id, "0123456789"))
		return REFUSED;
	*ret = id;
	return OK;
}

/* ---- Dutch registers ---- */

static enum status shape_read (struct arena *a, const char *text, const char *shape, const char **ret)
{
	const char *id = plain (a, text);
	if (!fits (id, shape))
		return REFUSED;
	*ret = id;
	return OK;
}

enum status kvk_read (struct arena *a, const char *text, const char **ret)
{
	return shape_read (a, text, "########", ret);
}

enum status oin_read (struct arena *a, const char *text, const char **ret)
{
	return shape_read (a, text, "####################", ret);
}

enum status rsin_read (struct arena *a, const char *text, const char **ret)
{
	const char *id;
	if (shape_read (a, text, "#########", &id) != OK || !eleven_holds (id))
		return REFUSED;
	*ret = id;
	return OK;
}

/* ---- banks ---- */

static const char iban_lengths[] =
	"AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 "
	"FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 "
	"MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 "
	"SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30 ";

static size_t iban_length (const char *country)
{
	for (const char *at = iban_lengths; *at; at += 5)
		if (memcmp (at, country, 2) == 0)
			return (size_t) ((at[2] - '0') * 10 + at[3] - '0');
	return 0;
}

/* Two letters, two digits, then letters and digits; the first four counted last leave 1. */
static bool is_checked (const char *id, size_t least, size_t longest)
{
	size_t n = strlen (id);
	if (n < least || n > longest || !is_letter (id[0]) || !is_letter (id[1]) || !is_digit (id[2]) || !is_digit (id[3]))
		return false;
	for (const char *at = id + 4; *at; at++)
		if (!is_digit (*at) && !is_letter (*at))
			return false;
	/* check digits are what is missing to 98: 02 to 98, though 00, 01 and 99 leave the same remainders */
	int digits = (id[2] - '0') * 10 + id[3] - '0';
	return digits >= 2 && digits <= 98 && mod_97 (id, 4) == 1;
}

enum status iban_read (struct arena *a, const char *text, const char **ret)
{
	const char *id = plain (a, text);
	if (!is_checked (id, 15, 34) || strlen (id) != iban_length (id))
		return REFUSED;
	*ret = id;
	return OK;
}

enum status bic_read (struct arena *a, const char *text, const char **ret)
{
	return shape_read (a, text, "@@@@@@??", ret) == OK ? OK : shape_read (a, text, "@@@@@@?????", ret);
}

enum status rf_read (struct arena *a, const char *text, const char **ret)
{
	const char *id = plain (a, text);
	if (strncmp (id, "RF", 2) != 0 || !is_checked (id, 5, 25))
		return REFUSED;
	*ret = id;
	return OK;
}
