/* How the sales of a demo workspace go, by arithmetic alone: quotes of its deals as far as these are, invoices to those who come back for months, each with what
 * becomes of it; statements of the bank between them. The same each time, in the order of time: numbers ascend with days. It must never look at a clock. */
#include "demo_paper.h"

#include <stdlib.h>

enum { OFTEN = 8, DIRECT = 18, DIRECT_FIRST = 160, MONTHLY = 3 };

static int least (int a, int b)
{
	return a < b ? a : b;
}

static int at_least_one (int days)
{
	return days < 1 ? 1 : days;
}

/* ---- what happens ---- */

static void deed_add (struct demo_sales *s, size_t sale, enum deed_kind kind, int days, int minute)
{
	if (s->deeds < DEEDS) {
		s->deed[s->deeds] = (struct deed){
			.kind = kind, .days = days, .minute = minute, .turn = { days, minute }, .sale = sale, .nth = s->deeds
		};
		s->deeds++;
	}
}

/* The same, written down right after the one before it. */
static void deed_follow (struct demo_sales *s, size_t sale, enum deed_kind kind, int days, int minute)
{
	const int *turn = s->deed[s->deeds - 1].turn;
	int at[2] = { turn[0], turn[1] };
	deed_add (s, sale, kind, days, minute);
	s->deed[s->deeds - 1].turn[0] = at[0];
	s->deed[s->deeds - 1].turn[1] = at[1];
}

static int by_turn (const void *x, const void *y)
{
	const struct deed *a = x, *b = y;
	if (a->turn[0] != b->turn[0])
		return b->turn[0] - a->turn[0];
	return a->turn[1] != b->turn[1] ? a->turn[1] - b->turn[1] : (a->nth > b->nth) - (a->nth < b->nth);
}

/* Three tenths first, which is paid; then the rest. */
static void deposit_deeds (struct demo_sales *s, size_t i, int minute)
{
	int days = s->sale[i].bill, rest = at_least_one (days - 4);
	deed_add (s, i, DEED_DEPOSIT, days, minute);
	deed_follow (s, i, DEED_BILL_SEND, days, minute + 1);
	deed_follow (s, i, DEED_PAY, least (days, rest + 1), minute + 200);
	deed_add (s, i, DEED_BILL, rest, minute + 240);
	deed_follow (s, i, DEED_BILL_SEND, rest, minute + 241);
}

/* The invoice, and what becomes of it. */
static void bill_deeds (struct demo_sales *s, size_t i)
{
	const struct demo_sale *x = &s->sale[i];
	int minute = 10 * 60 + (int) (i % 40);
	if (x->fate == SALE_DEPOSIT) {
		deposit_deeds (s, i, minute);
		return;
	}
	deed_add (s, i, DEED_BILL, x->bill, minute);
	if (x->fate == SALE_BILL_DRAFT)
		return;
	deed_follow (s, i, DEED_BILL_SEND, x->bill, minute + 1);
	if (x->fate == SALE_CREDITED || x->fate == SALE_CREDITED_PART)
		deed_follow (s, i, DEED_CREDIT, at_least_one (x->bill - 2), minute + 300);
	if (x->fate == SALE_BY_HAND || x->fate == SALE_PART || x->fate == SALE_CREDITED_PART)
		deed_follow (s, i, DEED_PAY, x->paid, minute + 360);
	if (x->fate == SALE_BY_BANK)
		deed_follow (s, i, DEED_STATEMENT, x->paid, 17 * 60);
	if (x->nth % 2 == 0 && x->bill > 1)
		deed_follow (s, i, DEED_BILL_SEE, x->bill - 1, minute);
	if (x->fate == SALE_REMINDED)
		deed_add (s, i, DEED_REMIND, 1, 16 * 60 + (int) (i % 40));
	if (x->repeats)
		deed_follow (s, i, DEED_REPEAT, at_least_one (x->bill - 1), minute);
}

/* The quote, and what they say to it. */
static void quote_deeds (struct demo_sales *s, size_t i)
{
	const struct demo_sale *x = &s->sale[i];
	int answered = x->answered, minute = 9 * 60 + (int) (i % 40);
	deed_add (s, i, DEED_QUOTE, x->days, minute);
	if (x->fate == SALE_DRAFT)
		return;
	deed_follow (s, i, DEED_SEND, x->days, minute + 1);
	if (x->fate == SALE_SENT)
		return;
	deed_follow (s, i, DEED_SEE, x->days > answered ? x->days - 1 : x->days, minute + 2);
	if (x->fate == SALE_SEEN)
		return;
	deed_follow (s, i,
		     x->fate == SALE_DECLINED	 ? DEED_DECLINE
		     : x->fate == SALE_WITHDRAWN ? DEED_WITHDRAW
						 : DEED_ACCEPT,
		     answered, minute + 3);
	if (x->fate < SALE_BILL_DRAFT || x->nth % 3)
		return;
	deed_add (s, i, DEED_ORDER, answered, minute + 20);
	if (x->nth % 2 == 0)
		deed_follow (s, i, DEED_DELIVERED, answered, minute + 25);
}

/* ---- of deals ---- */

static int steps_of (const struct demo_workspace *w)
{
	int n = 0;
	while (n < DEMO_STAGES && w->stages[n])
		n++;
	return n;
}

/* Of those that are won, the oldest first. */
static const enum sale_fate won[] = { SALE_BY_HAND, SALE_DEPOSIT,  SALE_BY_BANK, SALE_OPEN,	    SALE_PART,		SALE_NAME_ALONE,
				      SALE_BY_HAND, SALE_ACCEPTED, SALE_BY_BANK, SALE_OTHER_AMOUNT, SALE_CREDITED_PART, SALE_BILL_DRAFT };

/* As far as the deal is. False: nobody has written anything yet. */
static bool deal_fate (const struct demo_workspace *w, const struct demo_item *lead, size_t i, size_t *won_n, enum sale_fate *ret)
{
	if (lead->lost)
		*ret = SALE_DECLINED;
	else if (lead->way == steps_of (w))
		*ret = won[(*won_n)++ % (sizeof won / sizeof *won)];
	else if (lead->way >= 2)
		*ret = i % 7 == 3 ? SALE_WITHDRAWN : i % 2 ? SALE_SEEN : SALE_SENT;
	else
		*ret = SALE_DRAFT;
	return lead->lost || lead->way >= 2 ? lead->way >= 2 : lead->days > 1 && lead->days < 12 && i % 3 == 0;
}

static void deal_sales (const struct demo_workspace *w, const struct demo_plan *plan, bool whole, struct demo_sales *s)
{
	size_t won_n = 0;
	for (size_t i = 0; i < DEMO_LEADS; i++) {
		const struct demo_item *lead = &plan->lead[i];
		enum sale_fate fate;
		if (!lead->days || (!whole && i % 3) || !deal_fate (w, lead, i, &won_n, &fate))
			continue;
		size_t at = s->sales++;
		int answered = lead->way ? demo_step_days (lead, lead->way - 1) : lead->days;
		int64_t worth = lead->worth ? lead->worth * 100 + (lead->worth < 200 ? 50 : 0) : w->least * 250;
		s->sale[at] = (struct demo_sale){ .quoted = true,
						  .lead = (int) i,
						  .person = lead->person,
						  .nth = at,
						  .net = worth,
						  .days = lead->way >= 2 ? demo_step_days (lead, 1) : at_least_one (lead->days - 1),
						  .bill = at_least_one (answered - 1),
						  .paid = at_least_one (answered - 6),
						  .by_page = at % 2,
						  .fate = fate };
		s->sale[at].answered = least (answered, s->sale[at].days);
		quote_deeds (s, at);
		if (fate >= SALE_BILL_DRAFT)
			bill_deeds (s, at);
	}
	/* the latest two that are with the customer went by mail */
	int mails = 0;
	for (size_t at = s->sales; whole && at-- > 0 && mails < 2;)
		if (s->sale[at].fate == SALE_SENT)
			s->sale[at].by_mail = ++mails;
}

/* ---- of those who come back ---- */

static const enum sale_fate direct[DIRECT] = { SALE_BY_HAND,  SALE_BY_BANK, SALE_BY_HAND,  SALE_BY_BANK, SALE_OPEN,	SALE_BY_BANK,
					       SALE_CREDITED, SALE_BY_HAND, SALE_BY_BANK,  SALE_BY_HAND, SALE_REMINDED, SALE_CREDITED_PART,
					       SALE_BY_BANK,  SALE_PART,    SALE_REMINDED, SALE_BY_HAND, SALE_BY_BANK,	SALE_OPEN };

/* The nth of those who are a company's and were known first. */
static size_t regular_of (const struct demo_plan *plan, size_t nth)
{
	size_t found[OFTEN], n = 0;
	for (size_t p = 0; p < plan->people && n < OFTEN; p++)
		if (plan->person[p].firm)
			found[n++] = p;
	return n ? found[nth % n] : 0;
}

static void direct_add (struct demo_sales *s, const struct demo_plan *plan, size_t regular, size_t nth, int64_t net, int days,
			enum sale_fate fate, const char *repeats)
{
	size_t at = s->sales++;
	s->sale[at] = (struct demo_sale){ .lead = -1,
					  .person = regular_of (plan, regular),
					  .nth = nth,
					  .net = net,
					  .days = days,
					  .bill = days,
					  .paid = at_least_one (days - 6 - (int) (nth % 5)),
					  .fate = fate,
					  .repeats = repeats };
	bill_deeds (s, at);
}

/* As much as a deal is worth, more or less. */
static int64_t regular_net (const struct demo_workspace *w, size_t more)
{
	return w->least * 100 + (w->most - w->least) * 100 / 16 * (3 + (int64_t) more);
}

static void direct_sales (const struct demo_workspace *w, const struct demo_plan *plan, bool whole, struct demo_sales *s)
{
	static const char *const often[] = { "month", "quarter" };
	for (size_t i = 0; i < DIRECT; i++)
		if (whole || i >= DIRECT / 2)
			direct_add (s, plan, i, i, regular_net (w, i * i % 11), DIRECT_FIRST - 8 * (int) i, direct[i], NULL);
	for (size_t k = 0; k < 2; k++)
		for (size_t i = whole ? 0 : MONTHLY - 1; i < MONTHLY; i++)
			direct_add (s, plan, k * 3 + 1, k, regular_net (w, k), 95 - 33 * (int) i - 4 * (int) k,
				    i + 1 < MONTHLY ? SALE_BY_BANK : SALE_BY_HAND, i + 1 < MONTHLY ? NULL : often[k]);
}

void demo_sales_plan (const struct demo_workspace *w, const struct demo_plan *plan, struct demo_sales *ret)
{
	bool whole = demo_paper (w)->whole;
	*ret = (struct demo_sales){ 0 };
	direct_sales (w, plan, whole, ret);
	deal_sales (w, plan, whole, ret);
	deed_add (ret, 0, DEED_STATEMENT, 1, 17 * 60); /* the latest one: what it says of money is doubtful */
	qsort (ret->deed, ret->deeds, sizeof *ret->deed, by_turn);
}
