/* Bank statements as banks write them: CAMT.053 (ISO 20022, versions .02 to .08) and MT940 (SWIFT, as Dutch banks have it). Pure.
 * Never a statement whose opening balance and bookings do not come to its closing balance, to the cent. */
#ifndef LEADWIRE_BILLING_BANK_H
#define LEADWIRE_BILLING_BANK_H

#include "records.h"

/* BANK_TEXT_MOST: bytes of one text; what is longer is cut. */
enum { BANK_FILE_MOST = 20 << 20, BANK_ENTRIES_MOST = 100000, BANK_TEXT_MOST = 4000 };
/* More than any account holds, and far from where sums overflow. */
#define BANK_AMOUNT_MOST INT64_C (1000000000000000)

/* One booking. A batch that the bank told one by one is as many. */
struct bank_entry {
	int32_t day;	/* when it was booked */
	int64_t amount; /* minor units of the currency: what came in is positive, what went out negative */
	char currency[4];
	const char *name, *iban; /* of the other side; null where they are not told */
	const char *text;	 /* all that was said about it, in one line; "" where nothing was */
	const char *end_to_end;	 /* the payer's own reference; null: none */
	const char *reference;	 /* the bank's; null: none */
	bool reversal;		 /* it takes an earlier booking back */
};

struct bank_statement {
	const char *account; /* IBAN, or the bank's own number of it */
	const char *number;  /* as the bank numbers its statements; null: it does not */
	char currency[4];
	int32_t from, to; /* days */
	int64_t opening, closing;
	struct bank_entry *entry;
	size_t entries;
};

struct bank_file {
	enum statement_format format;
	struct bank_statement *statement;
	size_t statements;
};

/* Why a file is refused: where (line and element, or tag), and a sentence. */
struct bank_fault {
	size_t line; /* from 1; 0: the file as a whole */
	const char *where, *reason;
};

/* Finds out which format it is and reads all of it, or nothing. All in the arena. REFUSED: ret_fault says why. */
enum status bank_read (struct arena *a, struct bytes file, struct bank_file *ret, struct bank_fault *ret_fault) MUST_CHECK;

/* ---- for the two readers ---- */

enum status camt_read (struct arena *a, struct bytes file, struct bank_file *ret, struct bank_fault *ret_fault) MUST_CHECK;
enum status mt940_read (struct arena *a, struct bytes file, struct bank_file *ret, struct bank_fault *ret_fault) MUST_CHECK;

/* Always REFUSED. */
enum status bank_refuse (struct bank_fault *f, size_t line, const char *where, const char *reason);
bool bank_currency_good (const char *text);
/* "1210.00", by its point; never a sign. Zeros beyond the currency's digits are let pass. */
enum status bank_amount (const char *text, char point, const char *currency, int64_t *ret) MUST_CHECK;
/* Without blanks around, each run of blanks and ends of lines as one, cut to BANK_TEXT_MOST; null where nothing is left. */
const char *bank_words (struct arena *a, const char *text);
/* IBANs and account numbers: without blanks, in capitals; null where nothing is left. */
const char *bank_account (struct arena *a, const char *text);
/* Opening and bookings come to the closing. */
enum status bank_check (struct arena *a, const struct bank_statement *s, size_t line, struct bank_fault *ret_fault) MUST_CHECK;

#endif
