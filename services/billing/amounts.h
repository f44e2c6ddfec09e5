/* What a document comes to, to the cent: lines, VAT once per category and rate, totals. Integers with 128-bit intermediates, never a floating point number.
 * Source: EN 16931-1 (BR-CO-10 to BR-CO-17), rounding half away from zero. */
#ifndef LEADWIRE_BILLING_AMOUNTS_H
#define LEADWIRE_BILLING_AMOUNTS_H

#include "document.h"

/* Where something is wrong with a document's figures: as a field of what was sent ("/lines/2/price"), with a code of its own kind
 * (required, malformed, too_long, out_of_range, negative, rate_not_zero, rate_required, mixed_outside). */
struct amounts_fault {
	const char *pointer, *code, *detail; /* detail: English */
};

/* Whether a line is part of what the document comes to: an item, and not one that the customer may leave out and has. */
bool line_counts (const struct doc_line *line);

/* How the sums hold in both modes. The document's discount (per cent of the sum of the lines, rounded, plus the amount) falls to the groups in proportion to
 * their lines; groups whose lines go the other way than the whole take no part, so that no part goes another way than the discount itself. In gross mode each
 * group's gross is split once, before the discount and after it: lines = gross of the lines - VAT in them, net = gross after the discount - VAT in that, and
 * the group's allowance is the difference of the two: lines - allowance = net holds to the cent in each group and in the whole.
 * A document in which no line counts comes to nothing, whatever its discount. */

/* Fills d->totals and the net of every line (ret_net[i], minor units, as prices are meant; 0 where a line does not count). d's lines, mode, currency,
 * discounts, prepaid and rounding are read and nothing else. Memory in the arena. REFUSED: a figure cannot be read, or is more than 10^15 minor units. */
enum status totals_of (struct arena *a, struct document *d, int64_t ret_net[], struct amounts_fault *ret_fault) MUST_CHECK;

/* What every line comes to without VAT: in net mode net[i] itself, in gross mode so that those of a group add up to its lines in d->totals to the cent, none
 * more than one minor unit from its own exact share. d and net are as totals_of left them. */
void lines_without_vat (const struct document *d, const int64_t net[], int64_t ret[]);

/* VAT of a document in another currency as the law wants it said too, in cents of a euro: `rate` is what one euro is in that currency, exact decimal text.
 * REFUSED: that is no such text, not more than nothing, or it comes to too much. */
enum status vat_in_euro (const char *currency, const char *rate, int64_t vat, int64_t *ret) MUST_CHECK;

/* Exact decimal text to an integer of 10^-digits: "12.5", 2 gives 1250. At most `digits` digits after the point, an optional minus sign, nothing else. */
enum status decimal_parse (const char *text, int digits, int64_t *ret) MUST_CHECK;
/* And back, without needless zeros after the point. */
const char *decimal_text (struct arena *a, int64_t value, int digits);

#endif
