/* A place's clock: moments to what the clock on its wall shows and back, by the system's time zone database (GLib reads it).
 * It must never lose or double a moment where the clock is put forward or back, nor ask what time it is. */
#ifndef LEADWIRE_AUTOMATION_ZONE_H
#define LEADWIRE_AUTOMATION_ZONE_H

#include "status.h"

struct zone;

/* By its name, as Europe/Amsterdam; null: the database does not know it. The caller's to close. */
struct zone *zone_open (const char *name);
void zone_close (struct zone *z);

enum { DAY_MINUTES = 24 * 60 };
/* What its wall shows at a moment: days since 1970 and µs since midnight there. */
struct wall {
	int32_t day;
	int64_t time;
};
/* `at`: µs since 1970 UTC. */
struct wall zone_wall (const struct zone *z, int64_t at);
/* The moment (µs since 1970 UTC) at which its wall shows that: the first of two where the clock was put back; where it was put forward over it, the moment
 * that it was put forward. */
int64_t zone_moment (const struct zone *z, struct wall wall);
/* Monday 0 to Sunday 6. */
int day_of_week (int32_t day);

#endif
