/* What may leave is about records that people work with, and nothing of what must stay does. The rules here are of what an event says, not of the list:
 * an event that is added and fits none of them has to be put into it. It must never name the list's rows one by one. */
#include "public_events.h"

#include <string.h>
#include "test.h"

/* What has a page or a row there that people open. */
static bool is_record (const char *noun)
{
	static const char *const nouns[] = { "lead",	"deal",	      "contact",     "account",	     "document", "sales_order",
					     "payment", "recurrence", "statement",   "activity",     "record",	 "location",
					     "linked",	"mail",	      "mail_thread", "catalog_item", "fact" };
	for (size_t i = 0; i < LENGTH (nouns); i++)
		if (strcmp (nouns[i], noun) == 0)
			return true;
	return false;
}

static bool is_about_a_record (const struct record *r)
{
	for (size_t i = 0; i < r->n_fields; i++)
		if (r->fields[i].kind == KIND_ID && r->fields[i].flags & REQUIRED && is_record (r->fields[i].noun))
			return true;
	return false;
}

static void what_may_leave_is_about_a_record (void)
{
	size_t public = 0;
	for (size_t i = 0; all_records[i]; i++) {
		const struct record *r = all_records[i];
		if (r->class != RECORD_EVENT || !event_is_public (r))
			continue;
		public++;
		if (!is_about_a_record (r))
			printf ("%s is about no record that people open: withhold it, or say here that they do\n", r->type);
		CHECK (is_about_a_record (r));
	}
	CHECK (public > 0);
}

static void what_is_for_one_person_or_for_services_stays (void)
{
	for (size_t i = 0; all_records[i]; i++) {
		const struct record *r = all_records[i];
		if (r->class != RECORD_EVENT || !event_is_public (r))
			continue;
		const struct field *user = record_field (r, "user_id"), *room = record_field (r, "room_id"),
				   *erasure = record_field (r, "erasure_id"), *action = record_field (r, "action_id"),
				   *import = record_field (r, "import_id");
		CHECK (!user && !room && !erasure && !action && !import);
		CHECK (strcmp (r->service, "automation") != 0 && strcmp (r->service, "gateway") != 0);
		for (size_t k = 0; k < r->n_fields; k++)
			CHECK (!(r->fields[k].flags & SECRET));
	}
}

static void why_one_stays_is_told (void)
{
	CHECK (event_is_public (&deal_created_record) && event_is_public (&invoice_paid_record) && event_is_public (&mail_received_record));
	CHECK (!event_withheld (&deal_created_record));
	CHECK (*event_withheld (&rule_fired_record) && *event_withheld (&message_posted_record) && *event_withheld (&person_erased_record));
	CHECK (!event_is_public (&deal_move_record)); /* a command is none */
}

int main (void)
{
	what_may_leave_is_about_a_record ();
	what_is_for_one_person_or_for_services_stays ();
	why_one_stays_is_told ();
	return test_end ();
}
