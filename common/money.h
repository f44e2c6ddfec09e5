/* Money: an integer count of minor units and an ISO 4217 currency. This file and money.c alone know how it is written.
 * Never a floating point number; never added across currencies. */
#ifndef LEADWIRE_MONEY_H
#define LEADWIRE_MONEY_H

#include "arena.h"

struct money {
	int64_t minor;	  /* 181500 is 1815.00 EUR */
	char currency[4]; /* "EUR", NUL-terminated */
};

/* Digits after the point: EUR 2, JPY 0, KWD 3. */
int money_digits (const char *currency);
/* "1815.00"; room for 24. */
const char *money_amount (struct money m, char ret_text[24]);
/* From "1815", "1815.5", "-1815.00"; more digits than the currency has, or anything else, is REFUSED. */
enum status money_parse (const char *amount, const char *currency, struct money *ret) MUST_CHECK;
enum status money_add (struct money a, struct money b, struct money *ret) MUST_CHECK; /* REFUSED: other currency, overflow */

#endif
