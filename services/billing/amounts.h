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

/* Fills d->totals and the net of every line (ret_net[i], minor units, as prices are meant; 0 where a line does not count). d's lines, mode, currency,
 * discounts, prepaid and rounding are read and nothing else. Memory in the arena. REFUSED: a figure cannot be read, or is more than 10^15 minor units. */
enum status totals_of (struct arena *a, struct document *d, int64_t ret_net[], struct amounts_fault *ret_fault) MUST_CHECK;

/* Exact decimal text to an integer of 10^-digits: "12.5", 2 gives 1250. At most `digits` digits after the point, an optional minus sign, nothing else. */
enum status decimal_parse (const char *text, int digits, int64_t *ret) MUST_CHECK;
/* And back, without needless zeros after the point. */
const char *decimal_text (struct arena *a, int64_t value, int digits);

#endif
