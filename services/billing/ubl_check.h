/* An invoice or credit note in UBL, held to the rules of EN 16931, Peppol and the Netherlands, and to our own about cents. Pure: no network, no entities.
 * It must never let a wrong sum pass because others would tolerate it, nor follow anything that an XML document points at. */
#ifndef LEADWIRE_BILLING_UBL_CHECK_H
#define LEADWIRE_BILLING_UBL_CHECK_H

#include "arena.h"

/* More bytes or lines are refused, unread; more failures than these are not looked for. */
enum { UBL_BYTES_MOST = 16 << 20, UBL_LINES_MOST = 2000, UBL_FAILURES_MOST = 200 };

struct ubl_failure {
	const char *rule;    /* the published id, such as BR-CO-14; LW-… is our own */
	const char *pointer; /* which field to mend, as we call it: "/buyer/vat_id", "/lines/2/price"; "": none of ours */
	const char *nl, *en; /* what to do */
};

struct ubl_failures {
	const struct ubl_failure *at;
	size_t n;
};

/* What is wrong with it, in the order of the rules; n is 0 where all is well. A document that names NLCIUS is held to those rules, every other one to Peppol's.
 * REFUSED: no XML, with a document type, no Invoice or CreditNote of UBL 2.1, or more than can be looked at; FAULT: no memory for it. */
enum status ubl_check (struct arena *a, struct bytes xml, struct ubl_failures *ret) MUST_CHECK;

#endif
