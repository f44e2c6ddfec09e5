/* Appointments of leads, as a run of requests tells of them: in memory while it is decided, written and said once.
 * It must never make two appointments of one that was moved, in whatever order its times are told. */
#ifndef LEADWIRE_INTAKE_BOOKINGS_H
#define LEADWIRE_INTAKE_BOOKINGS_H

#include "records.h"

struct bookings {
	struct booking_row *row;
	bool *changed;
	size_t n;
	struct booking_told *said;
	size_t n_said;
};
/* What is known of those that the run's requests name. */
struct bookings bookings_known (struct batch *b, const struct submission_take cmd[], size_t n);

struct booked {
	bool wants_lead;    /* nobody's yet: a lead is made of it */
	const char *reason; /* why none is */
	struct bytes leads; /* whose it is: 16 bytes, or none */
};
/* What a request comes to that tells of an appointment; a new one's lead is `owner`'s. */
struct booked booking_take (struct batch *b, struct bookings *all, const struct submission_take *cmd, user_id owner, bool has_owner);
/* Behind its leads. */
void bookings_write (struct batch *b, const struct bookings *all);

#endif
