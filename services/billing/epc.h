/* The code that a bank's app reads to fill in a transfer in euros: its text, and that as a QR code. Pure.
 * Source: European Payments Council, EPC069-12. Never without an account that can be true, nor cut where money is meant. */
#ifndef LEADWIRE_BILLING_EPC_H
#define LEADWIRE_BILLING_EPC_H

#include "arena.h"

struct epc {
	const char *name; /* who is paid; past 70 characters it is cut */
	const char *iban;
	const char *bic;       /* null or empty where it is not known */
	int64_t amount;	       /* cents: 1 to 99,999,999,999 */
	const char *reference; /* ISO 11649 (RF…), or null; then no text */
	const char *text;      /* at most 140 characters; or null */
};

/* REFUSED: no name, a number that cannot be true, an amount that does not fit, both reference and text, too many characters or more than 331 bytes. */
enum status epc_text (struct arena *a, const struct epc *e, const char **ret) MUST_CHECK;

/* Square modules, row by row: 1 is dark. Nothing around it: who draws it leaves four modules free on each side. */
struct qr {
	int width;
	const unsigned char *module;
};
/* Of such a text: error correction M, version 13 at most. REFUSED: it does not fit. */
enum status epc_qr (struct arena *a, const char *text, struct qr *ret) MUST_CHECK;

#endif
