/* Numbers by which companies, bodies and bank accounts are known: whether they can be true, and how they are written. Pure.
 * Never a question to a register: that a number can be true does not say that it is somebody's. */
#ifndef LEADWIRE_BILLING_IDENTIFIERS_H
#define LEADWIRE_BILLING_IDENTIFIERS_H

#include "arena.h"

/* Each takes a number as people write it (blanks, dots, dashes, small letters) and gives it as machines want it, in the arena.
 * REFUSED: it cannot be true. */

/* Of a member state of the EU or of Northern Ireland, with its letters: NL123456782B01. Dutch ones are checked by their digits too (11-test or mod 97),
 * of all others the shape. Greece is EL; GR becomes that. Source: VIES, "VAT identification number structure". */
enum status vat_id_read (struct arena *a, const char *text, const char **ret) MUST_CHECK;
/* Whether numbers of that country (ISO 3166, two letters) are such: of a member state, or XI. */
bool vat_country (const char *country);
/* What tax numbers are elsewhere: 3 to 30 characters, one of them a digit; given as it is. */
enum status tax_id_read (struct arena *a, const char *text, const char **ret) MUST_CHECK;
/* Of the Dutch chamber of commerce: eight digits. */
enum status kvk_read (struct arena *a, const char *text, const char **ret) MUST_CHECK;
/* Of Dutch legal persons: nine digits that pass the 11-test. */
enum status rsin_read (struct arena *a, const char *text, const char **ret) MUST_CHECK;
/* Of Dutch government bodies: twenty digits. */
enum status oin_read (struct arena *a, const char *text, const char **ret) MUST_CHECK;
/* Bank account: the length of its country, mod 97. Source: ISO 13616, SWIFT's registry. */
enum status iban_read (struct arena *a, const char *text, const char **ret) MUST_CHECK;
/* Bank: eight or eleven characters. Source: ISO 9362. */
enum status bic_read (struct arena *a, const char *text, const char **ret) MUST_CHECK;
/* Creditor reference, RF and mod 97. Source: ISO 11649. */
enum status rf_read (struct arena *a, const char *text, const char **ret) MUST_CHECK;

#endif
