/* Events that stay within: see public_events.h. What automation says of itself stays by its service, so that no rule answers a rule; the rest by name.
 * It must never be guessed from a type's words: an event that is added is public unless it stands here, and the test asks what it is about. */
#include "public_events.h"

#include <string.h>

static const char setting[] = "how a workspace is arranged: settings tell it", person[] = "said to one person alone",
		  entry[] = "who may enter, and what they see", talk[] = "the team's conversation",
		  asking[] = "services ask and answer each other", forgetting[] = "somebody is being forgotten",
		  bringing[] = "a file is being brought in: what came of it is said of the records",
		  again[] = "said once more; nothing changed",
		  raw[] = "what another system said, before it was understood: what came of it is said of the records";

static const struct {
	const struct record *event;
	const char *why;
} withheld[] = {
	{ &session_ended_record, entry },
	{ &user_changed_record, entry },
	{ &role_changed_record, entry },
	{ &member_changed_record, entry },
	{ &member_handed_over_record, entry },
	{ &prefs_changed_record, person },
	{ &notices_changed_record, person },
	{ &reader_changed_record, person },
	{ &view_changed_record, person },
	{ &record_assigned_record, person },
	{ &notice_rung_record, person },
	{ &reminder_due_record, person },
	{ &mention_made_record, person },
	{ &message_posted_record, talk },
	{ &message_changed_record, talk },
	{ &message_removed_record, talk },
	{ &room_seen_record, talk },
	{ &workspace_created_record, setting },
	{ &workspace_updated_record, setting },
	{ &workspace_removed_record, setting },
	{ &workspace_preset_changed_record, setting },
	{ &demo_ended_record, setting },
	{ &source_added_record, setting },
	{ &source_changed_record, setting },
	{ &submission_settled_record, raw },
	{ &board_changed_record, setting },
	{ &catalogue_changed_record, setting },
	{ &custom_field_changed_record, setting },
	{ &currency_changed_record, setting },
	{ &rate_changed_record, setting },
	{ &tag_changed_record, setting },
	{ &segment_changed_record, setting },
	{ &onboarding_changed_record, setting },
	{ &company_changed_record, setting },
	{ &series_changed_record, setting },
	{ &pay_provider_changed_record, setting },
	{ &mail_account_changed_record, setting },
	{ &template_changed_record, setting },
	{ &suppression_changed_record, setting },
	{ &deal_action_settled_record, asking },
	{ &contact_action_settled_record, asking },
	{ &mail_action_settled_record, asking },
	{ &document_action_settled_record, asking },
	{ &document_mail_wanted_record, asking },
	{ &deal_conversion_asked_record, asking },
	{ &erasure_asked_record, forgetting },
	{ &person_erased_record, forgetting },
	{ &erasure_settled_record, forgetting },
	{ &leads_erased_record, forgetting },
	{ &deals_erased_record, forgetting },
	{ &import_changed_record, bringing },
	{ &deal_import_asked_record, bringing },
	{ &deal_import_undone_record, bringing },
	{ &deal_import_answered_record, bringing },
	{ &account_told_record, again },
	{ &contact_told_record, again },
	{ &record_pushed_record, raw },
	{ &record_refused_record, raw },
	{ &push_skipped_record, raw },
	{ &push_waits_record, raw },
	{ &push_settled_record, raw },
};

const char *event_withheld (const struct record *event)
{
	if (event->class != RECORD_EVENT)
		return "no event";
	if (strcmp (event->service, "automation") == 0)
		return "what rules and webhooks do: no rule answers a rule";
	for (size_t i = 0; i < LENGTH (withheld); i++)
		if (withheld[i].event == event)
			return withheld[i].why;
	return NULL;
}

bool event_is_public (const struct record *event)
{
	return !event_withheld (event);
}
