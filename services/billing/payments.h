/* Money that came in: written, told, and reckoned up with the invoices that it is for; the rooms that hear of money share it.
 * It must never say twice that an invoice is paid, nor count one payment twice. */
#ifndef LEADWIRE_BILLING_PAYMENTS_H
#define LEADWIRE_BILLING_PAYMENTS_H

#include "billing.h"

/* Writes n new payments (an external id that stands already is left alone by who calls), says them, and settles their invoices. Of each payment with a document
 * contact, account and owner are the document's. What is more than the invoice takes (or than came in for it, where it goes back) is for no invoice: a payment of
 * its own. */
void payments_take (struct batch *b, const struct head *head, struct payment_row row[], size_t n);
/* What came in for these invoices, their states, and who owes what are as the payments say; what changed is said. What is more than is open of one, since it was
 * credited or paid again, is for no invoice from then on. */
void payables_settle (struct batch *b, const struct head *head, const document_id id[], size_t n);
/* The invoice where it is there, final, and the asker may see it; else null. */
const struct payable_row *payable_find (struct batch *b, const struct head *head, document_id id);

int64_t payable_open (const struct payable_row *p);

#endif
