/* A finalised invoice or credit note as UBL 2.1, after EN 16931: Peppol BIS Billing 3.0 or NLCIUS. Pure: the same document gives the same bytes.
 * It must never reckon VAT: what it writes was reckoned by totals_of, and what the document does not say is not written. */
#ifndef LEADWIRE_BILLING_UBL_H
#define LEADWIRE_BILLING_UBL_H

#include "document.h"

/* A larger PDF no reader of XML takes inside a document. */
enum { UBL_PDF_MOST = 7000000 };

enum ubl_profile { ubl_profile_peppol, ubl_profile_nlcius };

/* The same document as people read it, to stand inside. */
struct ubl_attachment {
	const char *name; /* such as INV-2026-001.pdf */
	struct bytes pdf;
};

/* UBL knows prices without VAT alone. Of a document in gross mode a line comes to what lines_without_vat says, so that the lines add up to each rate's own net;
 * its discounts and charges are its net ones, the first of them taking what rounding leaves over; its price is the one entered less VAT, to six digits, or as many
 * as it takes (twelve at most) for quantity times price to be the line to the cent.
 * d->totals and net are as totals_of left them; pdf may be null. REFUSED: a quote, a draft without a number, more than UBL_PDF_MOST bytes inside, or a
 * currency finer than cents, which the standard does not have. FAULT: no memory for it. Whether the rules are kept is another question: ubl_check. */
enum status ubl_write (struct arena *a, const struct document *d, const int64_t net[], enum ubl_profile profile,
		       const struct ubl_attachment *pdf, struct bytes *ret) MUST_CHECK;

#endif
