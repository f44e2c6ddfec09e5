/* Token buckets in a table of fixed size; see rate.h. A set is searched whole, and whoever has least to wait makes room.
 * It must never look at a clock. */
#include "rate.h"

#include <arpa/inet.h>
#include <string.h>

static const int64_t minute = 60 * INT64_C (1000000);

/* Theirs, or the one that is full soonest, taken from whoever had it. */
static struct rate_bucket *bucket_of (struct rate_table *t, struct uuid whose)
{
	struct rate_bucket *set = t->bucket[uuid_hash (whose) % RATE_SETS], *room = set;
	for (struct rate_bucket *b = set; b < set + RATE_WAYS; b++) {
		if (b->full_at && uuid_equal (b->whose, whose))
			return b;
		if (b->full_at < room->full_at)
			room = b;
	}
	*room = (struct rate_bucket){ .whose = whose };
	return room;
}

int64_t rate_take (struct rate_table *t, struct uuid whose, int64_t per_minute, int64_t now)
{
	struct rate_bucket *b = bucket_of (t, whose);
	int64_t full_at = (b->full_at > now ? b->full_at : now) + minute / per_minute, wait = full_at - now - minute;
	if (wait > 0)
		return wait;
	b->full_at = full_at;
	return 0;
}

struct uuid rate_address (struct uuid source, const char *address)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
	unsigned char name[sizeof source.b + 1 + 60] = { 0 }, *kind = name + sizeof source.b, *at = kind + 1;
	struct in6_addr six;
	memcpy (name, source.b, sizeof source.b);
	if (!address) {
		*kind = 0;
	} else if (inet_pton (AF_INET, address, at) == 1) {
		*kind = 4;
	} else if (inet_pton (AF_INET6, address, &six) == 1) {
		bool four = memcmp (six.s6_addr, mapped, sizeof mapped) == 0;
		*kind = four ? 4 : 6;
		memcpy (at, six.s6_addr + (four ? sizeof mapped : 0), four ? 4 : 8);
	} else {
		*kind = 1;
		memcpy (at, address, strnlen (address, 60));
	}
	return uuid_of (name, sizeof name);
}
