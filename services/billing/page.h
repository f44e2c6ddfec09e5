/* A document of money as a page that people read: A4, as a PDF, in the customer's language, in the company's colour. Pure: the same document gives the same
 * bytes. It must never reckon: what it shows was reckoned before (totals_of), and what is not in the document is not on the page. */
#ifndef LEADWIRE_BILLING_PAGE_H
#define LEADWIRE_BILLING_PAGE_H

#include "document.h"
#include "sheet.h"

enum { PAGE_MOST = 400, PAGE_NEWLINES_MOST = 20000 };

/* The PDF in the arena; d->totals is filled. REFUSED: more than PAGE_MOST pages, or PAGE_NEWLINES_MOST lines in its words; FAULT: the library could not. */
enum status page_draw (struct page_maker *m, struct arena *a, const struct document *d, struct bytes *ret_pdf) MUST_CHECK;

#endif
