/* A document as a whole, as the pure rooms see it: what it costs (amounts), how it looks (page), what machines read (ubl). Everything in it is borrowed
 * from whoever filled it. It must never be changed by who only shows it. */
#ifndef LEADWIRE_BILLING_DOCUMENT_H
#define LEADWIRE_BILLING_DOCUMENT_H

#include "records.h"

/* What a document comes to, minor units of its currency; filled by totals_of (amounts.h) and by nobody else. */
struct doc_totals {
	int64_t lines;	   /* sum of the lines that count, without VAT (in net mode) */
	int64_t allowance; /* off the whole document, as a positive number, without VAT */
	int64_t net;	   /* without VAT */
	int64_t vat;
	int64_t gross; /* net + vat */
	int64_t prepaid, rounding;
	int64_t payable;	 /* gross - prepaid + rounding */
	struct doc_group *group; /* by category, then rate falling; in the arena */
	size_t groups;
	int64_t *group_allowance; /* of the document's allowance, what falls to each group, without VAT; sums to allowance */
};

struct document {
	enum document_kind kind;
	const char *number;   /* null: a draft has none */
	int revision;	      /* of a quote: 1, 2, …; shown from 2 on */
	const char *language; /* nl or en: the customer's */
	const char *currency; /* ISO 4217 */
	enum price_mode mode;
	const char *title;	   /* what it is about; may be null */
	const char *intro, *notes; /* words above and below the lines, paragraphs by newlines; may be null */
	int32_t issued;		   /* days since 1970; of a draft: today */
	int32_t due;		   /* of an invoice: when it is to be paid; of a quote: until when it is good; 0: none */
	int32_t supplied;	   /* when it was delivered, if another day; 0: none */
	struct doc_party seller, buyer;
	const char *buyer_reference, *order_reference; /* what the buyer wants to read on it; may be null */
	const char *original_number;		       /* of a credit note: what it corrects */
	int32_t original_issued;
	const char *delivery_country; /* intra-community supply: where it went; null: the buyer's country */
	const struct doc_line *line;
	size_t lines;
	const char *discount;	     /* per cent off the whole, or null */
	const char *discount_amount; /* and an amount off it, or null: as the prices are meant */
	const char *discount_reason; /* may be null */
	int64_t prepaid, rounding;   /* minor units */
	const char *rate;	     /* in another currency: what one euro is in it, by which its VAT is said in euro; or null */
	int32_t rate_day;	     /* of which day; 0: nobody said */
	struct doc_totals totals;
	/* how it looks */
	const char *footer;  /* the company's words at the foot of each page; may be null */
	const char *terms;   /* the company's words about payment or acceptance; may be null */
	const char *colour;  /* "#rrggbb"; null: the product's own */
	struct bytes logo;   /* PNG or JPEG; empty: the company's name stands there */
	const char *website; /* may be null */
	const char *pay_url; /* a page on which it can be paid; null: none */
	const char *url;     /* the customer's own page of it; null: none */
	bool paid;	     /* it is paid: nothing asks for money any more */
	int64_t settled;     /* what came in or was credited already: no more than the rest is asked for */
	bool draft;	     /* says so on each page */
	bool kor;	     /* the seller charges no VAT: small-business scheme */
};

#endif
