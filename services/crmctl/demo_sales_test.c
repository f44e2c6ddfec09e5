/* Every demo workspace's sales are planned whole: each ending that there is, nothing before what it follows, nothing of days to come, and the same each time;
 * logos are PNGs. */
#include <string.h>
#include "arena.h"
#include "demo_paper.h"
#include "test.h"

/* What is done to a sale comes after what makes it: in the order in which it is written down, and by its day. */
static void deeds_follow (const struct demo_sales *s)
{
	static bool quoted[SALES], billed[SALES], sent[SALES];
	int bill_days = 1000, quote_days = 1000;
	memset (quoted, 0, sizeof quoted);
	memset (billed, 0, sizeof billed);
	memset (sent, 0, sizeof sent);
	for (size_t i = 0; i < s->deeds; i++) {
		const struct deed *d = &s->deed[i];
		CHECK (d->days >= 1 && d->minute >= 0 && d->minute < 24 * 60 && d->sale < s->sales);
		switch (d->kind) {
		case DEED_QUOTE:
			quoted[d->sale] = true;
			CHECK (d->days <= quote_days);
			quote_days = d->days;
			break;
		case DEED_SEND:
		case DEED_SEE:
		case DEED_ACCEPT:
		case DEED_DECLINE:
		case DEED_WITHDRAW: CHECK (quoted[d->sale]); break;
		case DEED_DEPOSIT:
		case DEED_BILL:
			CHECK (quoted[d->sale] || !s->sale[d->sale].quoted);
			billed[d->sale] = true;
			break;
		case DEED_BILL_SEND: /* its number: by the day */
			CHECK (billed[d->sale] && d->days <= bill_days);
			bill_days = d->days;
			sent[d->sale] = true;
			break;
		case DEED_PAY:
		case DEED_CREDIT:
		case DEED_REMIND:
		case DEED_REPEAT:
		case DEED_BILL_SEE: CHECK (sent[d->sale]); break;
		case DEED_ORDER:
		case DEED_DELIVERED: CHECK (s->sale[d->sale].lead >= 0); break;
		case DEED_STATEMENT: break;
		}
	}
}

static void sales_are_whole (const struct demo_workspace *w, const struct demo_plan *plan, const struct demo_sales *s)
{
	int fate[SALE_FATES] = { 0 };
	CHECK (s->sales < SALES && s->deeds < DEEDS);
	for (size_t i = 0; i < s->sales; i++) {
		const struct demo_sale *x = &s->sale[i];
		fate[x->fate]++;
		CHECK (x->net > 0 && x->days >= 1 && x->person < plan->people);
		CHECK (!x->quoted || x->lead >= 0);
		CHECK (!x->quoted || x->fate == SALE_DRAFT || x->answered <= x->days);
	}
	for (int k = 0; k < SALE_FATES && demo_paper (w)->whole; k++)
		CHECK (fate[k] > 0);
	CHECK (fate[SALE_REMINDED] == 2 && fate[SALE_BY_BANK] > 0 && fate[SALE_DEPOSIT] > 0 &&
	       fate[SALE_NAME_ALONE] + fate[SALE_OTHER_AMOUNT] > 0);
}

static void logo_is_png (const struct demo_paper *p)
{
	struct buffer one = { 0 }, again = { 0 };
	demo_logo (p->mark, p->colour, &one);
	demo_logo (p->mark, p->colour, &again);
	CHECK (one.n > 1000 && !memcmp (one.at, "\x89PNG\r\n\x1a\n", 8) && !memcmp (one.at + one.n - 8, "IEND\xae\x42\x60\x82", 8));
	CHECK (one.n == again.n && !memcmp (one.at, again.at, one.n));
	buffer_fini (&one);
	buffer_fini (&again);
}

int main (void)
{
	static struct demo_plan plan;
	static struct demo_sales sales, again;
	for (size_t i = 0; i < demo_workspaces_n; i++) {
		const struct demo_workspace *w = &demo_workspaces[i];
		CHECK (!strcmp (demo_paper (w)->slug, w->slug));
		demo_plan (i, &plan);
		demo_sales_plan (w, &plan, &sales);
		demo_sales_plan (w, &plan, &again);
		CHECK (sales.sales == again.sales && sales.deeds == again.deeds && !memcmp (sales.deed, again.deed, sizeof sales.deed));
		sales_are_whole (w, &plan, &sales);
		deeds_follow (&sales);
		logo_is_png (demo_paper (w));
	}
	return test_end ();
}
