/* When an invoice that is made again and again is made next: pure. It must never skip a month because it has no 31st. */
#ifndef LEADWIRE_BILLING_RECURRING_H
#define LEADWIRE_BILLING_RECURRING_H

#include "records.h"

/* The day after `day` (days since 1970): a week later, or one, three or twelve months later on the day of the month `anchor`, or the last one of a month that
 * has not so many. */
int32_t recurrence_next (int32_t day, enum recurrence_every every, int anchor);
/* 1 to 31. */
int day_of_month (int32_t day);

#endif
