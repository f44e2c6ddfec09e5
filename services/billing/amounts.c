/* A document's figures, read and added up. All in integers: texts become counts of 10^-n, products are 128 bits wide, and what is rounded is rounded
 * half away from zero, once, where the rules say so. It must never round twice, nor let a sum differ from its parts. */
#include "amounts.h"

#include <stdlib.h>
#include <string.h>
#include "money.h"
#include "rates.h"

enum {
	QUANTITY_DIGITS = 4,
	PRICE_DIGITS = 6,
	PERCENT_DIGITS = 2,
	WHOLE = 10000, /* 100.00 per cent, as it is read */
};
static const int64_t most = 1000000000000000; /* minor units */

/* ---- exact decimals ---- */

enum reading { READ, NOT_READ, TOO_FINE, TOO_LARGE };

static enum reading decimal_read (const char *text, int digits, int64_t *ret)
{
	const char *at = text + (*text == '-');
	if (*at < '0' || *at > '9')
		return NOT_READ;
	int64_t value = 0;
	int after = -1; /* digits seen after the point; -1: no point yet */
	bool large = false;
	for (; *at; at++) {
		if (*at == '.' && after < 0 && at[1]) {
			after = 0;
			continue;
		}
		if (*at < '0' || *at > '9')
			return NOT_READ;
		after += after >= 0;
		large |= __builtin_mul_overflow (value, 10, &value) || __builtin_add_overflow (value, *at - '0', &value);
	}
	if (after > digits)
		return TOO_FINE;
	for (int i = after < 0 ? 0 : after; i < digits; i++)
		large |= __builtin_mul_overflow (value, 10, &value);
	if (large)
		return TOO_LARGE;
	*ret = *text == '-' ? -value : value;
	return READ;
}

enum status decimal_parse (const char *text, int digits, int64_t *ret)
{
	return decimal_read (text, digits, ret) == READ ? OK : REFUSED;
}

const char *decimal_text (struct arena *a, int64_t value, int digits)
{
	uint64_t left = value < 0 ? -(uint64_t) value : (uint64_t) value, one = 1;
	for (; digits > 0 && left % 10 == 0; digits--)
		left /= 10;
	for (int i = 0; i < digits; i++)
		one *= 10;
	const char *sign = value < 0 ? "-" : "";
	if (digits <= 0)
		return arena_printf (a, "%s%llu", sign, (unsigned long long) left);
	return arena_printf (a, "%s%llu.%0*llu", sign, (unsigned long long) (left / one), digits, (unsigned long long) (left % one));
}

/* n ÷ d, half away from zero; d > 0. */
static __int128 divide (__int128 n, __int128 d)
{
	__int128 whole = n / d, left = n % d;
	if (left < 0)
		left = -left;
	if (left >= d - left)
		whole += n < 0 ? -1 : 1;
	return whole;
}

static bool is_too_large (__int128 amount)
{
	return amount > most || amount < -most;
}

/* ---- reading a line ---- */

struct reader {
	struct arena *a;
	size_t line; /* SIZE_MAX: of the document itself */
	struct amounts_fault *fault;
};

static enum status fault_at (struct reader *r, const char *field, const char *code, const char *detail)
{
	*r->fault = (struct amounts_fault){
		.pointer = r->line == SIZE_MAX ? arena_printf (r->a, "/%s", field) : arena_printf (r->a, "/lines/%zu/%s", r->line, field),
		.code = code,
		.detail = detail,
	};
	return REFUSED;
}

/* Absent and empty give `absent`; what may not be negative says so. */
static enum status figure_read (struct reader *r, const char *field, const char *text, int digits, int64_t absent, bool may_be_negative,
				int64_t *ret)
{
	*ret = absent;
	if (!text || !*text)
		return OK;
	switch (decimal_read (text, digits, ret)) {
	case READ: break;
	case NOT_READ: return fault_at (r, field, "malformed", "this is no exact decimal number, such as 12.50");
	case TOO_FINE: return fault_at (r, field, "too_long", arena_printf (r->a, "at most %d digits may stand after the point", digits));
	case TOO_LARGE: return fault_at (r, field, "out_of_range", "this number is too large");
	}
	if (*ret < 0 && !may_be_negative)
		return fault_at (r, field, "negative", "this may not be less than zero");
	return OK;
}

static enum status percent_read (struct reader *r, const char *field, const char *text, int64_t *ret)
{
	if (figure_read (r, field, text, PERCENT_DIGITS, 0, false, ret) != OK)
		return REFUSED;
	return *ret <= WHOLE ? OK : fault_at (r, field, "out_of_range", "at most 100 per cent");
}

static enum status amount_read (struct reader *r, const char *field, const char *text, int digits, int64_t *ret)
{
	if (figure_read (r, field, text, digits, 0, false, ret) != OK)
		return REFUSED;
	return is_too_large (*ret) ? fault_at (r, field, "out_of_range", "this amount is too large") : OK;
}

static enum status rate_read (struct reader *r, const struct doc_line *line, int64_t *ret)
{
	if (percent_read (r, "rate", line->rate, ret) != OK)
		return REFUSED;
	if (line->category == tax_category_standard && !*ret)
		return fault_at (r, "rate", "rate_required", "a line of the standard category needs a rate above zero");
	if (line->category != tax_category_standard && *ret)
		return fault_at (r, "rate", "rate_not_zero", "only a line of the standard category has a rate");
	return OK;
}

static int64_t power_of_ten (int n)
{
	return n ? 10 * power_of_ten (n - 1) : 1;
}

/* quantity × price ÷ per, rounded to minor units; as wide as it comes. */
static enum status product_read (struct reader *r, const struct doc_line *line, int digits, __int128 *ret)
{
	int64_t quantity, price, per;
	const int64_t one = power_of_ten (QUANTITY_DIGITS);
	if (figure_read (r, "quantity", line->quantity, QUANTITY_DIGITS, one, true, &quantity) != OK ||
	    figure_read (r, "price", line->price, PRICE_DIGITS, -1, false, &price) != OK ||
	    figure_read (r, "per", line->per, QUANTITY_DIGITS, one, false, &per) != OK)
		return REFUSED;
	if (price < 0)
		return fault_at (r, "price", "required", "an item has a price");
	if (!per)
		return fault_at (r, "per", "out_of_range", "a price is for more than zero units");
	__int128 n = (__int128) quantity * price;
	if (__builtin_mul_overflow (n, power_of_ten (digits), &n))
		return fault_at (r, "price", "out_of_range", "quantity and price come to too much");
	*ret = divide (n, (__int128) per * power_of_ten (PRICE_DIGITS)); /* per and quantity are finer by the same: that falls out */
	return is_too_large (*ret) ? fault_at (r, "price", "out_of_range", "quantity and price come to too much") : OK;
}

static enum status line_read (struct reader *r, const struct doc_line *line, int digits, int64_t *ret_net, int64_t *ret_rate)
{
	__int128 net;
	int64_t percent, off, on;
	if (product_read (r, line, digits, &net) != OK || percent_read (r, "discount", line->discount, &percent) != OK ||
	    amount_read (r, "discount_amount", line->discount_amount, digits, &off) != OK ||
	    amount_read (r, "charge_amount", line->charge_amount, digits, &on) != OK || rate_read (r, line, ret_rate) != OK)
		return REFUSED;
	net += on - off - divide (net * percent, WHOLE);
	if (is_too_large (net))
		return fault_at (r, "price", "out_of_range", "the line comes to too much");
	*ret_net = (int64_t) net;
	return OK;
}

bool line_counts (const struct doc_line *line)
{
	return line->kind == line_kind_item && (!line->optional || line->has.chosen != HERE || line->chosen);
}

/* ---- groups ---- */

/* What the lines of one category and rate come to, as prices are meant. */
struct share {
	enum tax_category category;
	int64_t rate;
	__int128 lines;
	int64_t off; /* of the document's discount */
	const char *reason;
};

static void share_add (struct share share[], size_t *n, const struct doc_line *line, int64_t rate, int64_t net)
{
	struct share *s = share;
	while (s < share + *n && (s->category != line->category || s->rate != rate))
		s++;
	if (s == share + *n)
		share[(*n)++] = (struct share){ .category = line->category, .rate = rate };
	s->lines += net;
	if (!s->reason && line->category != tax_category_standard && line->reason && *line->reason)
		s->reason = line->reason;
}

static int share_order (const void *one, const void *other)
{
	const struct share *a = one, *b = other;
	if (a->category != b->category)
		return a->category < b->category ? -1 : 1;
	return a->rate > b->rate ? -1 : a->rate < b->rate;
}

/* Lines of the way the whole goes; the others carry nothing of its discount. */
static __int128 share_weight (const struct share *s, bool falls)
{
	return falls ? (s->lines < 0 ? -s->lines : 0) : s->lines > 0 ? s->lines : 0;
}

/* Whole minor units in proportion, what is left one by one to those that were cut by most; of equals to the first. */
static void allowance_share (struct share share[], size_t n, int64_t off, bool falls)
{
	__int128 all = 0;
	for (size_t i = 0; i < n; i++)
		all += share_weight (&share[i], falls);
	if (!all) { /* every group is zero */
		share[0].off = off;
		return;
	}
	int64_t left = off, step = off < 0 ? -1 : 1;
	for (size_t i = 0; i < n; i++) {
		share[i].off = (int64_t) (off * share_weight (&share[i], falls) / all);
		left -= share[i].off;
	}
	for (; left; left -= step) {
		size_t to = 0;
		__int128 cut = -1;
		for (size_t i = 0; i < n; i++) {
			__int128 here = (off * share_weight (&share[i], falls) - share[i].off * all) * step;
			if (here > cut) {
				cut = here;
				to = i;
			}
		}
		share[to].off += step; /* what was given to is now below zero, and comes no second time */
	}
}

/* VAT in a gross amount; rate in hundredths of a per cent. */
static int64_t vat_within (__int128 gross, int64_t rate)
{
	return (int64_t) divide (gross * rate, WHOLE + rate);
}

/* Why no VAT is charged: the line's own words, else those of the law. */
static const char *share_reason (const struct share *s, const struct document *d)
{
	return s->reason ? s->reason : category_reason (s->category, d->kor, d->language);
}

static void group_fill (struct arena *a, struct doc_totals *t, const struct document *d, const struct share *s, size_t i)
{
	const char *reason = share_reason (s, d);
	int64_t lines = (int64_t) s->lines, after = lines - s->off, tax = 0;
	switch (d->mode) {
	case price_mode_gross:
		tax = vat_within (after, s->rate);
		after -= tax;
		lines -= vat_within (lines, s->rate);
		break;
	case price_mode_net:
	case price_mode_count: tax = (int64_t) divide ((__int128) after * s->rate, WHOLE); break;
	}
	t->group[i] = (struct doc_group){
		.has = { HERE, HERE, HERE, HERE, reason ? HERE : ABSENT },
		.category = s->category,
		.rate = decimal_text (a, s->rate, PERCENT_DIGITS),
		.taxable = after,
		.tax = tax,
		.reason = reason,
	};
	t->group_allowance[i] = lines - after;
	t->lines += lines;
	t->allowance += lines - after;
	t->net += after;
	t->vat += tax;
}

/* ---- the whole ---- */

static enum status lines_read (struct reader *r, const struct document *d, int64_t net[], struct share share[], size_t *ret_n)
{
	int digits = money_digits (d->currency);
	bool outside = false, inside = false;
	for (size_t i = 0; i < d->lines; i++) {
		const struct doc_line *line = &d->line[i];
		int64_t rate;
		r->line = i;
		if (line->kind != line_kind_item)
			continue;
		if (line_read (r, line, digits, &net[i], &rate) != OK)
			return REFUSED;
		/* what is not chosen today may be tomorrow: it is held to the same rules */
		outside |= line->category == tax_category_outside;
		inside |= line->category != tax_category_outside;
		if (outside && inside)
			return fault_at (r, "category", "mixed_outside", "lines outside the scope of VAT stand on a document of their own");
		if (line_counts (line))
			share_add (share, ret_n, line, rate, net[i]);
		else
			net[i] = 0;
	}
	r->line = SIZE_MAX;
	return OK;
}

static enum status allowance_read (struct reader *r, const struct document *d, struct share share[], size_t n)
{
	int64_t percent, amount;
	__int128 sum = 0;
	if (percent_read (r, "discount", d->discount, &percent) != OK ||
	    amount_read (r, "discount_amount", d->discount_amount, money_digits (d->currency), &amount) != OK)
		return REFUSED;
	for (size_t i = 0; i < n; i++) {
		if (is_too_large (share[i].lines))
			return fault_at (r, "lines", "out_of_range", "the lines come to too much");
		sum += share[i].lines;
	}
	if (is_too_large (sum))
		return fault_at (r, "lines", "out_of_range", "the lines come to too much");
	__int128 off = divide (sum * percent, WHOLE) + amount;
	if (is_too_large (off))
		return fault_at (r, "discount_amount", "out_of_range", "the discount comes to too much");
	if (n)
		allowance_share (share, n, (int64_t) off, sum < 0);
	return OK;
}

static enum status totals_fill (struct reader *r, const struct document *d, const struct share share[], size_t n, struct doc_totals *t)
{
	*t = (struct doc_totals){
		.prepaid = d->prepaid,
		.rounding = d->rounding,
		.group = arena_array (r->a, n, sizeof *t->group),
		.groups = n,
		.group_allowance = arena_array (r->a, n, sizeof *t->group_allowance),
	};
	if (is_too_large (d->prepaid))
		return fault_at (r, "prepaid", "out_of_range", "this amount is too large");
	if (is_too_large (d->rounding))
		return fault_at (r, "rounding", "out_of_range", "this amount is too large");
	__int128 gross = 0;
	for (size_t i = 0; i < n; i++) {
		group_fill (r->a, t, d, &share[i], i);
		gross += t->group[i].taxable + (__int128) t->group[i].tax;
		if (is_too_large (t->lines) || is_too_large (t->net) || is_too_large (gross)) /* before anything can run over */
			return fault_at (r, "lines", "out_of_range", "the lines come to too much");
	}
	t->gross = (int64_t) gross;
	t->payable = t->gross - t->prepaid + t->rounding;
	return is_too_large (t->payable) ? fault_at (r, "lines", "out_of_range", "the lines come to too much") : OK;
}

enum status totals_of (struct arena *a, struct document *d, int64_t ret_net[], struct amounts_fault *ret_fault)
{
	struct reader r = { .a = a, .line = SIZE_MAX, .fault = ret_fault };
	struct share *share = arena_array (a, d->lines, sizeof *share);
	int64_t *net = arena_array (a, d->lines, sizeof *net);
	size_t n = 0;
	struct doc_totals t;
	if (lines_read (&r, d, net, share, &n) != OK)
		return REFUSED;
	qsort (share, n, sizeof *share, share_order);
	if (allowance_read (&r, d, share, n) != OK || totals_fill (&r, d, share, n, &t) != OK)
		return REFUSED;
	d->totals = t;
	for (size_t i = 0; i < d->lines; i++)
		ret_net[i] = net[i];
	return OK;
}

void lines_without_vat (const struct document *d, const int64_t net[], int64_t ret[])
{
	for (size_t g = 0; g < d->totals.groups; g++) {
		const struct doc_group *group = &d->totals.group[g];
		int64_t rate = 0, its = 0;
		__int128 sum = 0, before = 0;
		if (decimal_read (group->rate, PERCENT_DIGITS, &rate) != READ)
			continue; /* totals_of wrote it */
		for (size_t i = 0; i < d->lines; i++) {
			const struct doc_line *line = &d->line[i];
			if (!line_counts (line) || line->category != group->category ||
			    (line->rate && *line->rate && (decimal_read (line->rate, PERCENT_DIGITS, &its) != READ || its != rate)))
				continue;
			/* of the sum so far each line brings what it adds: so nothing is lost or won by rounding */
			sum += net[i];
			__int128 without = d->mode == price_mode_gross ? sum - vat_within (sum, rate) : sum;
			ret[i] = (int64_t) (without - before);
			before = without;
		}
	}
	for (size_t i = 0; i < d->lines; i++)
		if (!line_counts (&d->line[i]))
			ret[i] = 0;
}

enum status vat_in_euro (const char *currency, const char *rate, int64_t vat, int64_t *ret)
{
	int64_t per_euro;
	__int128 all = (__int128) vat * 100, one = 1;
	for (int i = 0; i < PRICE_DIGITS; i++)
		all *= 10;
	for (int i = 0; i < money_digits (currency); i++)
		one *= 10;
	if (decimal_parse (rate, PRICE_DIGITS, &per_euro) != OK || per_euro <= 0)
		return REFUSED;
	__int128 euro = divide (all, one * per_euro);
	*ret = (int64_t) euro;
	return is_too_large (euro) ? REFUSED : OK;
}
