/* Links that are their own key: a calendar's address, a customer's page. Whoever has one asks as often as its kind allows, and whoever asks for one that is
 * not there waits longer each time. Never tells whether an address was nearly right, and never holds up a log-in. */
#include "gateway.h"

#include "clock.h"
#include "http.h"

static const int64_t minute = 60 * INT64_C (1000000);

/* A slot is shared by whatever hashes to it: at worst one link waits for another's minute. */
bool link_too_often (struct link_pace *pace, struct uuid link)
{
	size_t at = uuid_hash (link) % LINK_SLOTS;
	int64_t now = clock_monotonic ();
	if (!pace->slots[at].began || now - pace->slots[at].began > minute) {
		pace->slots[at].began = now;
		pace->slots[at].asked = 0;
	}
	return ++pace->slots[at].asked > pace->most;
}

/* Only who asks for what is not there waits: an office, and all whose calendars one company fetches, ask from the same address. */
void link_unknown (struct request *q, const char *kind, int error)
{
	/* apart from log-in's: an office whose people follow an old link can log in all the same */
	const char *guesser = arena_printf (q->arena, "%s %s", kind, http_remote (q->http));
	int wait = guess_wait (NULL, guesser);
	if (wait) {
		too_many (q, wait);
		return;
	}
	guess_wrong (NULL, guesser);
	reply_error (q, error, NULL, NULL);
}
