/* A place's clock; see zone.h. Moments are asked of GLib one by one, and both ways around a change of the clock are tried here: what GLib makes of a time that
 * never was depends on what it calls summer. It must never assume that a day has 24 hours. */
#include "zone.h"

#include <glib.h>
#include "arena.h"
#include "clock.h"

static const int64_t second = 1000000, day_us = 86400000000LL;

struct zone {
	GTimeZone *of;
};

struct zone *zone_open (const char *name)
{
	GTimeZone *of = g_time_zone_new_identifier (name);
	if (!of)
		return NULL;
	struct zone *z = heap_alloc (sizeof *z);
	z->of = of;
	return z;
}

void zone_close (struct zone *z)
{
	if (!z)
		return;
	g_time_zone_unref (z->of);
	heap_free (z);
}

static int64_t floor_div (int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* µs that its clock is ahead of UTC's at a moment. */
static int64_t offset_at (const struct zone *z, int64_t at)
{
	gint interval = g_time_zone_find_interval (z->of, G_TIME_TYPE_UNIVERSAL, floor_div (at, second));
	return g_time_zone_get_offset (z->of, interval) * second;
}

struct wall zone_wall (const struct zone *z, int64_t at)
{
	int64_t local = at + offset_at (z, at);
	struct wall ret = { .day = (int32_t) floor_div (local, day_us) };
	ret.time = local - ret.day * day_us;
	return ret;
}

/* The first moment after `from`, until `to`, at which the clock has another offset than at `from`. */
static int64_t change_between (const struct zone *z, int64_t from, int64_t to)
{
	int64_t was = offset_at (z, from);
	while (to - from > 1) {
		int64_t middle = from + (to - from) / 2;
		if (offset_at (z, middle) == was)
			from = middle;
		else
			to = middle;
	}
	return to;
}

int64_t zone_moment (const struct zone *z, struct wall wall)
{
	int64_t local = wall.day * day_us + wall.time;
	int64_t before = offset_at (z, local - day_us), after = offset_at (z, local + day_us);
	int64_t early = local - before, late = local - after;
	bool is_early = offset_at (z, early) == before, is_late = offset_at (z, late) == after;
	if (is_early && is_late)
		return early < late ? early : late;
	if (is_early || is_late)
		return is_early ? early : late;
	return change_between (z, local - day_us, local + day_us);
}

int day_of_week (int32_t day)
{
	return (int) (((int64_t) day + 3) % 7 + 7) % 7; /* 1970 began on a Thursday */
}
