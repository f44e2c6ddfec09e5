/* NAME
 *	lead-intake - requests from outside, and the leads that come of them
 *
 * OWNS
 *	schema lead_intake: workspace (language, country, default owner), source (ways in; keys hashed, secrets sealed), submission (every
 *	raw request, as it came for good, with what became of it), lead, booking (appointments, by the names that their sender has for them), lead_history (who changed what of it), file and
 *	lead_file. The files folder: uploads, and bodies over 64 KiB.
 *
 * TAKES
 *	POST /hooks/KEY		JSON (an object, or an array of leads), a form, a form with files, JSON as text/plain; answers after the commit
 *				of a sender that is known (sender.h): verified as it signs, its own id makes it the same again, talks and bookings are kept;
 *				who comes too often, by key and by address, is told when to come again; what no person sent is kept as spam
 *	OPTIONS /hooks/KEY	tells a browser who may post; HEAD says that the way in is there; GET answers a sender that asks whose it is,
 *				and ?stamp a page that was opened
 *	POST /hooks/KEY?test	the same, read and kept, but no lead comes of it
 *	GET /hooks/thanks	where a browser is sent that named no page of its own
 *
 * DOES WHEN ASKED
 *	submission_take		keeps a request, makes its leads; the same request again gets the same answer (asked by its own door only)
 *	submission_reread	makes the leads of a kept request, where it has none
 *	lead_create, lead_update, lead_qualify	leads by hand
 *	source_add, source_update, source_remove, source_restore, source_rotate	ways in
 *	lead_list, lead_get, lead_history, lead_files, file_get, source_list, source_get, submission_list, submission_counts, submission_get	answer pages
 *
 * HEARS
 *	workspace.created, workspace.updated, workspace.preset_changed
 *	demo.ended		the agency's ways in that were made for it go
 *	workspace.removed	all that was kept of a workspace goes, its files as well
 *	member.handed_over	the leads and ways in that somebody owned get another owner
 *	lead.contact_linked	joins the contact to its lead
 *	erasure.asked, person.erased, erasure.settled	somebody is forgotten
 *	activity.added		the lead it is about, or whose deal it is about, is answered
 *
 * SAYS
 *	lead.created		one per lead, in the order of the request
 *	lead.updated, lead.qualified, source.added, source.changed, leads.erased
 *	booking.told		what became of an appointment of a lead, behind its lead
 *	submission.settled	what became of a request that was read again
 *	record.pushed		one per thing that another system says by a way in of kind records, in the order of the request
 *	record.refused		when such a request could not be read
 *
 * MUST NEVER
 *	answer success before the commit; parse before it can keep; drop a request for what it says; tell a secret or a key in an event,
 *	a log or an answer; make two leads of one request that came twice; guess away a field that it does not know.
 */
#include "intake.h"
#include "memory.h"
#include "lead_intake_sql.h"

HANDLER_THUNK (submission_take)
HANDLER_THUNK (submission_reread)
HANDLER_THUNK (lead_create)
HANDLER_THUNK (lead_update)
HANDLER_THUNK (lead_qualify)
HANDLER_THUNK (source_add)
HANDLER_THUNK (source_update)
HANDLER_THUNK (source_remove)
HANDLER_THUNK (source_restore)
HANDLER_THUNK (source_rotate)
HANDLER_THUNK (lead_index)
static const struct command_row commands[] = {
	SERVE_ONCE (submission_take), /* repeats stand on the submission */
	SERVE (submission_reread),    /* its leads once, whoever asks how often */
	SERVE (lead_create),	      /* */
	SERVE (lead_update),	      /* */
	SERVE (lead_qualify),	      /* */
	SERVE (source_add),	      SERVE (source_update), SERVE (source_remove),
	SERVE (source_restore),	      SERVE (source_rotate), SERVE (lead_index),
};

HANDLER_THUNK (workspace_created)
HANDLER_THUNK (workspace_updated)
HANDLER_THUNK (workspace_preset_changed)
HANDLER_THUNK (workspace_removed)
HANDLER_THUNK (demo_ended)
HANDLER_THUNK (member_handed_over)
HANDLER_THUNK (lead_contact_linked)
HANDLER_THUNK (deal_converted)
HANDLER_THUNK (activity_added)
HANDLER_THUNK (segment_joined)
HANDLER_THUNK (segment_left)
HANDLER_THUNK (segment_changed)
HANDLER_THUNK (contact_merged)
HANDLER_THUNK (contact_unmerged)
HANDLER_THUNK (erasure_asked)
HANDLER_THUNK (person_erased)
HANDLER_THUNK (erasure_settled)
HANDLER_THUNK (contact_purged)
static const struct listener_row hears[] = {
	HEAR (workspace_created, workspace_id),		  /* language, country, default owner */
	HEAR (workspace_updated, workspace_id),		  /* default owner */
	HEAR (workspace_preset_changed, workspace_id),	  /* language, country, the word for a lead by hand */
	HEAR (workspace_removed, workspace_id),		  /* all that was kept of it goes */
	HEAR (demo_ended, agency_id),			  /* ways in that were made for it */
	HEAR (member_handed_over, user_id),		  /* another owner of all that somebody owned */
	HEAR2 (deal_converted, deal_id, contact_id),	  /* the contact it became */
	HEAR2 (lead_contact_linked, lead_id, contact_id), /* the lead's contact: in turn with what is said of them */
	HEAR (activity_added, activity_id),		  /* somebody has answered */
	HEAR (segment_joined, record_id),		  /* which segment it is in */
	HEAR (segment_left, record_id),
	HEAR_APART (segment_changed, segment_id),      /* one that is no more: what joined it before and after stays so */
	HEAR2 (contact_merged, survivor_id, loser_id), /* the leads of who went into another: who is merged on is never in a run with it */
	HEAR (contact_purged, contact_id),	       /* whose leads have none now */
	HEAR2 (contact_unmerged, survivor_id, loser_id), /* and back */
	HEAR_APART (erasure_asked, erasure_id),		 /* somebody is forgotten: it begins here */
	HEAR_APART (person_erased, erasure_id),		 /* what contacts knew beside */
	HEAR (erasure_settled, erasure_id),		 /* frames and texts */
};

static const struct setting settings[] = {
#define SETTING(kind, ...) SETTING_ROW (struct intake_config, kind, __VA_ARGS__)
#include "config.def"
#undef SETTING
};

static const struct service lead_intake = {
	.name = "lead-intake",
	.schema = "lead_intake",
	.sql = &lead_intake_sql,
	.commands = commands,
	.n_commands = LENGTH (commands),
	.hears = hears,
	.n_hears = LENGTH (hears),
	.writer_state = sizeof (struct intake_memory),
	.settings = settings,
	.n_settings = LENGTH (settings),
	.config = &intake_config,
	.start = sources_start,
	.route = hook_route,
	.route_begin = hook_begin,
	.body_limit = 26 << 20,
};

int main (int argc, char **argv)
{
	return service_main (&lead_intake, argc, argv);
}
