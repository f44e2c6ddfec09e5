/* What a finalised document or a payment is in the books: which ledger accounts it moves, and by how much. Pure; amounts were reckoned by billing.
 * It must never make a booking whose debit is not its credit, nor reckon VAT. */
#ifndef LEADWIRE_GATEWAY_BOOKS_H
#define LEADWIRE_GATEWAY_BOOKS_H

#include <jansson.h>
#include "arena.h"

/* An account of the ledger, numbered as Dutch bookkeepers usually do. kind: B of the balance sheet, P of profit and loss. */
struct ledger {
	const char *id, *nl, *en;
	char kind;
};
extern const struct ledger ledgers[];
extern const size_t n_ledgers;

struct book_line {
	const struct ledger *ledger;
	int64_t minor;	  /* above zero: debit; below: credit; never zero */
	const char *code; /* of turnover: its VAT code, such as S21; else null */
	const char *rate; /* per cent */
	int64_t tax;	  /* VAT on it, on the same side as it */
};

struct booking {
	const char *kind;   /* invoice, credit_note or payment */
	const char *number; /* its own; of a payment: its id without dashes */
	const char *about;  /* of a payment: the number of what was paid; of a credit note: of what it corrects; may be null */
	const char *day, *due;
	const char *relation, *name, *vat_id, *country; /* any may be null */
	const char *currency;
	struct book_line *line;
	size_t lines;
};

/* From a row of bookings_export; its texts stay the row's. REFUSED: the row is not what it has to be, or does not come out even. */
enum status booking_of_document (struct arena *a, const json_t *row, struct booking *ret) MUST_CHECK;
enum status booking_of_payment (struct arena *a, const json_t *row, struct booking *ret) MUST_CHECK;

/* The code under which a category and rate stand in the books: S21, S9, Z, E, AE, K, G, O. */
const char *vat_code (struct arena *a, const char *category, const char *rate);
/* What it is, in Dutch. */
const char *vat_code_name (struct arena *a, const char *category, const char *rate);
/* Where its VAT is owed; null: there is none. */
const struct ledger *vat_ledger (const char *category, const char *rate);

#endif
