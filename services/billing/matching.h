/* Which open invoices a booking pays: decided from what stands on it alone. Pure.
 * Never matched without the document's own number and its amount to the cent: all else is for somebody to say. */
#ifndef LEADWIRE_BILLING_MATCHING_H
#define LEADWIRE_BILLING_MATCHING_H

#include "bank.h"

/* An invoice that may be paid. One that is paid already (open 0) may stand among them: it is named by who pays twice, or takes a payment back. */
struct matching_open {
	struct uuid id;
	const char *number;
	int64_t open; /* minor units, as far as it is not paid */
	char currency[4];
	const char *name;	 /* who it is for; may be null */
	const char *const *iban; /* accounts that paid for them before, or that they told */
	size_t ibans;
	const int64_t *paid; /* what came in for it, payment by payment */
	size_t paids;
	const char *plain; /* its number as matching_plain has it; null: that is worked out each time */
};

enum matching_why {
	MATCHING_NOTHING,	  /* nothing is known that it pays */
	MATCHING_NUMBER,	  /* its number, and all that is open */
	MATCHING_NUMBERS,	  /* their numbers, and their sum */
	MATCHING_OTHER_AMOUNT,	  /* its number, but another amount: a part, or too much */
	MATCHING_NUMBER_IN_PART,  /* the amount, and its number without what begins it */
	MATCHING_AMOUNT_AND_IBAN, /* the amount, from an account that is known */
	MATCHING_AMOUNT_AND_NAME, /* the amount, from that name */
	MATCHING_SUM_OF_ACCOUNT,  /* all that is open of who has that account */
	MATCHING_AMOUNT,	  /* one alone has that amount open */
	MATCHING_WENT_BACK,	  /* money went out: its number stands there, or so much had come in for it from that account or name */
};
/* A word for machines: "number", "other_amount" … */
const char *matching_why_name (enum matching_why why);

enum { MATCHING_MOST = 20 };
struct matching {
	enum statement_line_state state; /* matched, doubtful or unmatched */
	enum matching_why why;
	size_t n;
	struct {
		size_t at;	/* which of those that were given */
		int64_t amount; /* how much of the booking it takes; of several that have the same amount each takes all */
	} part[MATCHING_MOST];	/* what was named first is first */
};
void matching_decide (struct arena *a, const struct bank_entry *entry, const struct matching_open open[], size_t n, struct matching *ret);

/* Where a document's number stands in a text: whatever its case, with or without the marks and blanks between its parts; as a whole, never as a part of
 * another number. False: nowhere. */
bool matching_number (const char *text, const char *number, size_t *ret_from, size_t *ret_to);
/* Letters and digits alone, in capitals: a number stands nowhere in a text whose plain one does not hold its own. */
const char *matching_plain (struct arena *a, const char *text);
/* One name as people and banks write it: without case, marks, legal forms and titles; all words of the shorter stand in the longer. */
bool matching_name (struct arena *a, const char *x, const char *y);

#endif
