/* What the law and the machines' formats say about VAT: which rates hold on a day, what each category is called, why it has no VAT. Pure.
 * Never which category a line is: that is said by whoever writes it. */
#ifndef LEADWIRE_BILLING_RATES_H
#define LEADWIRE_BILLING_RATES_H

#include "records.h"

struct vat_rates {
	const char *high, *low; /* per cent */
};
/* The Netherlands, on the day of the supply (days since 1970). Source: Wet op de omzetbelasting 1968, article 9. */
struct vat_rates vat_rates_on (int32_t day);

/* UNCL5305: S, Z, E, AE, K, G, O. */
const char *category_letter (enum tax_category category);
/* Why there is no VAT, as a code of the VATEX list; null: none fits (standard and zero have no reason; an exemption has several). */
const char *category_code (enum tax_category category);
/* The same in words of the law, for the document itself: Dutch or English. kor: the seller is under the small-business scheme. Null: standard and zero. */
const char *category_reason (enum tax_category category, bool kor, const char *language);
/* UN/ECE recommendation 20. */
const char *unit_code (enum unit unit);

#endif
