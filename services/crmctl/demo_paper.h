/* Who the demo's workspaces are on paper, what they sell, and how their sales go: which quotes and invoices there are, and what happens to each on which day.
 * Planned without a clock or the network, as all of the demo is; it must never name a company, an account or a number that is somebody's. */
#ifndef LEADWIRE_DEMO_PAPER_H
#define LEADWIRE_DEMO_PAPER_H

#include "demo.h"

enum { PAPER_ITEMS = 8, PAPER_PLACES = 6, SALES = 110, DEEDS = 700 };

struct paper_item {
	const char *code, *nl, *en, *unit;
	int64_t price; /* cents of one, without VAT */
	const char *rate;
};

struct paper_place {
	const char *street, *postcode, *city;
};

/* How a logo is drawn. */
enum paper_mark { MARK_LOAF, MARK_WHEEL, MARK_WINGS, MARK_PARCEL, MARK_WAVES, MARK_PETALS };

struct demo_paper {
	const char *slug, *name, *street, *postcode, *city, *country, *phone, *kvk, *vat_id, *iban, *bic, *colour;
	enum paper_mark mark;
	const char *category;  /* of what it sells: standard, or that it goes abroad */
	const char *elsewhere; /* the country of those who buy */
	bool whole;	       /* all of its sales are told, else one in three */
	struct paper_item item[PAPER_ITEMS];
	struct paper_place place[PAPER_PLACES]; /* where those are who buy */
};

const struct demo_paper *demo_paper (const struct demo_workspace *w);

/* ---- sales ---- */

/* How a sale ends, for the time being. */
enum sale_fate {
	SALE_DRAFT,
	SALE_SENT,
	SALE_SEEN,
	SALE_DECLINED,
	SALE_WITHDRAWN,
	SALE_ACCEPTED,	    /* and no invoice yet */
	SALE_BILL_DRAFT,    /* from here on it has an invoice */
	SALE_OPEN,	    /* which was sent, and seen */
	SALE_BY_HAND,	    /* which was paid, and somebody wrote it down */
	SALE_BY_BANK,	    /* or a statement said so */
	SALE_PART,	    /* half of it */
	SALE_REMINDED,	    /* not at all, and they were reminded */
	SALE_CREDITED,	    /* which was taken back */
	SALE_CREDITED_PART, /* a tenth of it, the rest was paid */
	SALE_DEPOSIT,	    /* three tenths first, which was paid; then the rest */
	SALE_NAME_ALONE,    /* the bank names the customer, and no number */
	SALE_OTHER_AMOUNT,  /* the bank names the number, and another amount */
	SALE_FATES
};

struct demo_sale {
	bool quoted;	/* it began with a quote */
	int lead;	/* of which deal; -1: of none */
	size_t person;	/* who buys */
	size_t nth;	/* among its like: chooses items and words */
	int64_t net;	/* cents, without VAT; of a deal what that is worth */
	int days, bill; /* when its first document was written, and its invoice: days ago */
	int answered;	/* when the customer answered its quote */
	int paid;	/* when the money came */
	bool by_page;	/* the customer answers on their own page */
	bool by_mail;	/* it goes by mail; else somebody says that it was sent */
	enum sale_fate fate;
	const char *repeats; /* the invoice is made again each so often; null: it is not */
};

enum deed_kind {
	DEED_QUOTE,
	DEED_SEND,
	DEED_SEE,
	DEED_ACCEPT,
	DEED_DECLINE,
	DEED_WITHDRAW,
	DEED_ORDER,
	DEED_DELIVERED,
	DEED_DEPOSIT,
	DEED_BILL,
	DEED_BILL_SEND,
	DEED_BILL_SEE,
	DEED_PAY,
	DEED_CREDIT,
	DEED_REMIND,
	DEED_STATEMENT,
	DEED_REPEAT
};

struct deed {
	enum deed_kind kind;
	int days, minute; /* when it happens */
	int turn[2]; /* when it is written down: what becomes of a document at once after it, so that the clock finds nothing half done */
	size_t sale, nth; /* in the order in which they were planned */
};

struct demo_sales {
	struct demo_sale sale[SALES];
	struct deed deed[DEEDS];
	size_t sales, deeds;
};

/* What is sold in a workspace, the deeds in the order in which they are written down: documents in the order of time. */
void demo_sales_plan (const struct demo_workspace *w, const struct demo_plan *plan, struct demo_sales *ret);

/* ---- demo_logo.c ---- */

struct buffer;
/* A mark in a colour of six digits after a #, as the bytes of a PNG. */
void demo_logo (enum paper_mark mark, const char *colour, struct buffer *ret);

#endif
