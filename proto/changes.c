/* What changed of a record; see changes.h. Pure functions.
 * Never notes a field that is as it was. */
#include "changes.h"
#include "clock.h"

#include <string.h>

bool changes_name (struct list changes, const char *field)
{
	const struct change *change = changes.at;
	for (size_t i = 0; i < changes.n; i++)
		if (strcmp (change[i].field, field) == 0)
			return true;
	return false;
}

void change_note (struct list *changes, const char *field, const char *old, const char *new)
{
	if (old == new || (old && new &&strcmp (old, new) == 0))
		return;
	((struct change *) changes->at)[changes->n++] = (struct change){
		.field = field, .old = old, .has.old = old ? HERE : ABSENT, .new = new, .has.new = new ? HERE : ABSENT
	};
}

const char *number_said (struct arena *a, unsigned char has, int64_t number)
{
	return has == HERE ? arena_printf (a, "%lld", (long long) number) : NULL;
}

const char *money_said (struct arena *a, unsigned char has, struct money m)
{
	char amount[24];
	return has == HERE ? arena_printf (a, "%s %s", money_amount (m, amount), m.currency) : NULL;
}

const char *time_said (struct arena *a, unsigned char has, int64_t at)
{
	char text[TIME_TEXT];
	return has == HERE ? arena_text (a, time_format (at, text)) : NULL;
}

const char *date_said (struct arena *a, unsigned char has, int32_t day)
{
	char text[DATE_TEXT];
	return has == HERE ? arena_text (a, date_format (day, text)) : NULL;
}

const char *id_said (struct arena *a, unsigned char has, struct uuid id)
{
	char text[UUID_TEXT];
	return has == HERE ? arena_text (a, uuid_format (id, text)) : NULL;
}
