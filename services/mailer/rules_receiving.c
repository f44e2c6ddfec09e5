/* What a mail that came in belongs to; see receiving.h. In this order: who brought it said so; it reports on a mail of ours; it was sent to a token of
 * ours; it answers a mail that is known. Anything less is a suggestion.
 * Pure functions: no I/O, no clock. */
#include "receiving.h"

#include <string.h>
#include <strings.h>

#define TAKE(to, from, field) ((to)->field = (from)->field, (to)->has.field = (from)->has.field)

static bool is_report (const struct inbound_due *due, const char *sort)
{
	return due->has.sort == HERE && strcmp (due->sort, sort) == 0;
}

static void why (struct inbound_step *s, const char *by)
{
	s->why = by;
	s->has.why = HERE;
}

/* As it was brought: whoever did that knows better than its head. */
static bool asked_take (const struct inbound_due *due, struct inbound_step *s)
{
	if (due->has.asked_deal_id != HERE && due->has.asked_contact_id != HERE)
		return false;
	s->deal_id = due->asked_deal_id;
	s->has.deal_id = due->has.asked_deal_id;
	s->contact_id = due->asked_contact_id;
	s->has.contact_id = due->has.asked_contact_id;
	s->account_id = due->asked_account_id;
	s->has.account_id = due->has.asked_account_id;
	s->lead_id = due->asked_lead_id;
	s->has.lead_id = due->has.asked_lead_id;
	s->owner_id = due->asked_owner_id;
	s->has.owner_id = due->has.asked_owner_id;
	s->state = mail_inbound_state_matched;
	why (s, "person");
	return true;
}

/* What it answers; one that itself belongs to nothing yet gives its thread, and waits with it. */
static void found_take (const struct inbound_due *due, struct inbound_step *s)
{
	TAKE (s, due, thread_id);
	TAKE (s, due, found_id);
	TAKE (s, due, deal_id);
	TAKE (s, due, contact_id);
	TAKE (s, due, account_id);
	TAKE (s, due, lead_id);
	TAKE (s, due, owner_id);
	why (s, due->found_by);
	s->state = !due->found_placed		  ? mail_inbound_state_unmatched
		   : is_report (due, "complaint") ? mail_inbound_state_complaint
		   : is_report (due, "bounce")	  ? mail_inbound_state_bounce
						  : mail_inbound_state_matched;
	s->trusted = due->found_placed && due->agrees && due->aligned && strcmp (due->found_by, "token") == 0;
}

struct inbound_step inbound_decide (const struct inbound_due *due)
{
	struct inbound_step s = { .workspace_id = due->workspace_id,
				  .mail_id = due->mail_id,
				  .state = due->readable ? mail_inbound_state_unmatched : mail_inbound_state_unreadable,
				  .machine = due->machine || due->loops,
				  .at = due->received_at,
				  .subject = due->has.subject == HERE ? due->subject : "",
				  .thread_id = { due->mail_id.uuid } };
	TAKE (&s, due, mail_account_id);
	if (due->has.same_id == HERE && due->has.uploaded_by != HERE) { /* who brings it wants it there */
		s.state = mail_inbound_state_repeated;
		s.found_id = due->same_id;
		s.has.found_id = HERE;
		return s;
	}
	if (due->has.uploaded_by == HERE) {
		s.owner_id = due->uploaded_by;
		s.has.owner_id = HERE;
	}
	if (due->has.found_by == HERE)
		found_take (due, &s);
	if (!asked_take (due, &s) && s.state == mail_inbound_state_unmatched && due->has.person_id == HERE && due->has.found_by != HERE) {
		s.state = mail_inbound_state_suggested;
		s.may_contact_id = due->person_id;
		s.has.may_contact_id = HERE;
		why (&s, "sender");
	}
	if (s.state != mail_inbound_state_suggested) {
		s.may_deal_id = s.deal_id;
		s.has.may_deal_id = s.has.deal_id;
		s.may_contact_id = s.contact_id;
		s.has.may_contact_id = s.has.contact_id;
	}
	return s;
}

const struct inbound_candidate *inbound_suggest (struct arena *a, const char *subject, const struct inbound_candidate *candidate, size_t n)
{
	const char *bare = subject_bare (a, subject);
	for (size_t i = 0; *bare && i < n; i++)
		if (strcasecmp (subject_bare (a, candidate[i].subject), bare) == 0)
			return &candidate[i];
	return NULL;
}
