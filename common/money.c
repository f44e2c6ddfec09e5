/* Money as text, and sums of it. Currencies are ISO 4217's (active codes, 2024), with their minor units.
 * It must never round: what does not fit the currency is refused. */
#include "money.h"

#include <string.h>

/* Codes by the number of digits after the point. */
static const char two[] = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF "
			  "CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF "
			  "IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN "
			  "MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS "
			  "SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD YER ZAR ZMW ZWG ";
static const char none[] = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF ";
static const char three[] = "BHD IQD JOD KWD LYD OMR TND ";
static const char four[] = "CLF UYW ";

static bool is_code (const char *text)
{
	for (int i = 0; i < 3; i++)
		if (text[i] < 'A' || text[i] > 'Z')
			return false;
	return !text[3];
}

static bool stands_in (const char *codes, const char *code)
{
	for (; *codes; codes += 4)
		if (memcmp (codes, code, 3) == 0)
			return true;
	return false;
}

/* -1: no such currency. */
static int digits_of (const char *currency)
{
	if (!is_code (currency))
		return -1;
	if (stands_in (two, currency))
		return 2;
	if (stands_in (none, currency))
		return 0;
	return stands_in (three, currency) ? 3 : stands_in (four, currency) ? 4 : -1;
}

int money_digits (const char *currency)
{
	int digits = digits_of (currency);
	return digits < 0 ? 2 : digits; /* a currency that is no more: nearly all had two */
}

const char *money_amount (struct money m, char ret_text[24])
{
	int digits = money_digits (m.currency);
	uint64_t left = m.minor < 0 ? -(uint64_t) m.minor : (uint64_t) m.minor;
	char reversed[24];
	int n = 0;
	for (int place = 0; left || place <= digits; place++, left /= 10) {
		if (digits && place == digits)
			reversed[n++] = '.';
		reversed[n++] = (char) ('0' + left % 10);
	}
	char *to = ret_text;
	if (m.minor < 0)
		*to++ = '-';
	while (n)
		*to++ = reversed[--n];
	*to = 0;
	return ret_text;
}

enum status money_parse (const char *amount, const char *currency, struct money *ret)
{
	int digits = digits_of (currency);
	if (digits < 0)
		return REFUSED;
	bool negative = *amount == '-';
	const char *at = amount + negative;
	if (*at < '0' || *at > '9')
		return REFUSED;
	int64_t minor = 0;
	int after = -1; /* digits seen after the point; -1: no point yet */
	for (; *at; at++) {
		if (*at == '.' && after < 0 && digits && at[1]) {
			after = 0;
			continue;
		}
		if (*at < '0' || *at > '9' || (after >= 0 && ++after > digits))
			return REFUSED;
		/* counted downwards, for the least number has no positive twin */
		if (__builtin_mul_overflow (minor, 10, &minor) || __builtin_sub_overflow (minor, *at - '0', &minor))
			return REFUSED;
	}
	for (int i = after < 0 ? 0 : after; i < digits; i++)
		if (__builtin_mul_overflow (minor, 10, &minor))
			return REFUSED;
	if (!negative && __builtin_sub_overflow (0, minor, &minor))
		return REFUSED;
	*ret = (struct money){ .minor = minor };
	memcpy (ret->currency, currency, sizeof ret->currency);
	return OK;
}

enum status money_add (struct money a, struct money b, struct money *ret)
{
	int64_t sum;
	if (strcmp (a.currency, b.currency) != 0 || __builtin_add_overflow (a.minor, b.minor, &sum))
		return REFUSED;
	a.minor = sum;
	*ret = a;
	return OK;
}
