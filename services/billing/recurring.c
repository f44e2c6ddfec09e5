/* When an invoice is made again: see recurring.h. Pure. */
#include "recurring.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "clock.h"

int day_of_month (int32_t day)
{
	char text[DATE_TEXT];
	date_format (day, text);
	return (int) strtol (text + strlen (text) - 2, NULL, 10);
}

/* Of a month that has no such day its last one. */
static int32_t months_later (int32_t day, int months, int anchor)
{
	char text[DATE_TEXT + 20];
	int year = 0, month = 0;
	int32_t ret = day;
	sscanf (date_format (day, text), "%d-%d", &year, &month);
	month += months - 1;
	for (; anchor > 0; anchor--) {
		snprintf (text, sizeof text, "%04d-%02d-%02d", year + month / 12, month % 12 + 1, anchor);
		if (date_parse (text, &ret) == OK)
			break;
	}
	return ret;
}

int32_t recurrence_next (int32_t day, enum recurrence_every every, int anchor)
{
	switch (every) {
	case recurrence_every_week: return day + 7;
	case recurrence_every_month: return months_later (day, 1, anchor);
	case recurrence_every_quarter: return months_later (day, 3, anchor);
	case recurrence_every_year: return months_later (day, 12, anchor);
	case recurrence_every_count: break;
	}
	return day;
}
