/* NAME
 *	contacts - people, and the timeline of everything
 *
 * OWNS
 *	schema contacts: workspace (takes leads as contacts or not), member (names for the timeline), contact (one of an e-mail in a
 *	workspace), lead (every lead's contact), timeline (what else happened to leads, deals, contacts and accounts, out of the
 *	events of all), account (companies), conversion (deals that were won, and what became of them), deal_away (deals in the trash),
 *	activity (what people did and are going to do about a lead, deal, contact or account),
 *	booking_heard (how much was heard of appointments that another system keeps),
 *	location (places of companies),
 *	attachment (files that people put to records; their bytes lie in the files folder by their hash),
 *	projection, timeline_shadow (a rebuild of the timeline that is under way),
 *	tag and tagged (the list of tags, and what bears them),
 *	merge, merge_part, not_duplicate (what became one, what moved by it, and what is two),
 *	import, import_file, import_line, import_done, moved_name, imported (files that somebody brought in, their rows, what became of these),
 *	notice (whose bell rang because of what others did),
 *	segment, segment_member (saved conditions, and what fits them), segment_mark (what changed since), deal_fact (what they are told of deals),
 *	linked (records of other systems, or by hand), fact (what they know of companies), push (what they said of somebody who is not here),
 *	system (who says something, and whether they are silent), account_external (what accounts are called there),
 *	erasure_job (who asked to be forgotten, and how far that is),
 *	room, message, room_reader, mention (what the team says, who read how far, who was told that they are mentioned).
 *
 * DOES WHEN ASKED
 *	contact_create	a contact by hand; refused when its e-mail is known
 *	contact_update	its fields; old and new values go into the event
 *	activity_add, activity_update	a call, a note, a task: about a record that the asker may see
 *	activity_remove, activity_restore	away, and back
 *	notice_ring	a rule rings somebody's bell, once for its id
 *	account_create, account_update	a company; one of a name in a workspace
 *	tag_add, tag_update, tag_remove, lead_tag, deal_tag, contact_tag, account_tag	the list of tags, and what bears them
 *	linked_add, linked_update, linked_remove, linked_restore	a record of another system; the same of a system's again is the same one
 *	push_assign, push_remove	whose it is what waits; or that nobody wants it
 *	onboarding_set, account_onboard	what is begun with a new client, and begin it
 *	message_post, message_edit, message_remove, room_see	the team's conversation: never on the timeline
 *	account_archive, account_reactivate, account_trash, account_restore	out of the lists, into the trash, and back
 *	location_add, location_update, location_remove, location_restore	a place of a company
 *	attachment_add, attachment_remove, attachment_restore	a file, whose bytes the gateway has put on disk before
 *	attachment_list, attachment_get
 *	projection_rebuild, projection_feed, projection_level	the timeline, built anew beside the one that is read; see projection.c
 *	segment_add, segment_update, segment_remove	conditions under a name; who fits them is kept as records change, and by the clock
 *	person_erase	somebody is forgotten: lead-intake begins
 *	message_list, room_list, chat_news, people_labels	answer pages about it
 *	contact_join, account_join, merge_undo	two become one, and two again
 *	duplicate_dismiss	they are two, though they look alike
 *	contact_list, contact_get, timeline, activity_list, activity_named, activity_feed, activity_get, account_list, account_get, account_search	answer pages
 *
 *	import_open, import_map, import_name, import_check, import_confirm, import_cancel, import_undo	files of records: looked at, written and taken back in
 *				bites by its own clock, with the commands that people use
 *	import_get, import_list, import_rows	answer pages about them
 *
 * HEARS
 *	workspace.created, workspace.updated, workspace.preset_changed, member.changed
 *	workspace.removed	all that was kept of a workspace goes
 *	member.handed_over	the contacts that somebody owned get another owner
 *	lead.created		finds the contact of its e-mail or makes one. What the lead says wins, what it leaves open stays; a lead
 *				without an e-mail is always a contact of its own; where the workspace makes no contacts at intake, none
 *	lead.updated, lead.qualified, deal.created, deal.updated, deal.stage_changed, deal.trashed, deal.restored	rows of the timeline
 *	booking.told		an appointment is one planned activity of its lead; called off, it is away, and the timeline says so
 *	record.pushed		a linked record, a fact or a client; it waits, shown, until the company or person is here
 *	record.refused		the system is silent since then
 *	leads.erased, deals.erased	what is kept of somebody who asked to be forgotten goes
 *	mail.sent, mail.failed, mail.received, mail.assigned, mail.unassigned	rows of the timeline
 *	quote.…, invoice.…, credit_note.…, payment.received, order.created	rows of the timeline, with their amounts
 *	account.balance_changed	what a company owes is a fact about it, unless another system says that
 *	deal.import_answered	a row of a moving that asked for a deal counts as what became of it
 *	deal.followed_up	its note and what comes next are activities, under the ids that it names
 *	action.wanted		a command of asked.def that is ours, by the right that comes with it: once, however often it is told
 *
 * SAYS
 *	contact.created, contact.updated
 *	contact.merged, contact.unmerged, account.merged, account.unmerged
 *	lead.contact_linked	exactly one per lead, changed contact or not, made or not: those who wait for it wait for nothing else.
 *				In a batch all contact.created come first, then all contact.updated, then all lead.contact_linked: those
 *				who hear them get long runs
 *	account.created, account.updated, account.trashed, account.restored
 *	location.added, location.changed, location.removed, location.restored
 *	file.added, file.removed, file.restored
 *	deal.converted	once for a deal that was won: its account and its contact, made when they were not there
 *	activity.added, activity.changed, activity.removed, activity.restored, tag.changed, record.tagged
 *	message.posted, message.changed, message.removed, room.seen
 *	linked.added, linked.changed, linked.removed, linked.restored, fact.changed, push.waits, push.settled, push.skipped, onboarding.changed
 *	mention.made	once for a message or note and a person whom it mentions
 *	segment.changed, segment.joined, segment.left	each of the last two once, as a record fits a segment and fits it no more
 *	erasure.asked, person.erased, erasure.settled	somebody is to be forgotten: lead-intake begins, then contacts, then all, then frames and texts
 *	reminder.due	once for each activity, at its time
 *	account.told, contact.told	once, of what stood before others began to listen: as it is
 *	import.changed	an import is a step further
 *	deal.import_asked, deal.import_undone	a row of a file is a deal; it is none after all: pipeline makes it, and takes it back
 *	record.assigned	once for what somebody else's one action gave a person, to that person alone
 *	notice.rung	once for what a rule says to a person, to that person alone
 *	deal.contact_linked	one per deal made by hand that names a contact: who that is, or that there is none such
 *	contact.action_settled	what became of it
 *
 * MUST NEVER
 *	make two contacts of one e-mail in a workspace; let an empty value of a form overwrite a filled one; leave a lead unanswered;
 *	merge contacts by itself; cost a lead that changes nothing more than its row in lead and one update of that.
 */
#include "rules.h"
#include "memory.h"
#include "alike.h"
#include "segments.h"
#include "import_bites.h"
#include "contacts_sql.h"
#include "linked.h"

HANDLER_THUNK (contact_create)
HANDLER_THUNK (contact_update)
HANDLER_THUNK (contact_archive)
HANDLER_THUNK (contact_reactivate)
HANDLER_THUNK (contact_trash)
HANDLER_THUNK (contact_restore)
HANDLER_THUNK (contact_bulk)
HANDLER_THUNK (people_undo)
HANDLER_THUNK (contact_index)
HANDLER_THUNK (trash_empty)
HANDLER_THUNK (telling_step)
HANDLER_THUNK (contact_join)
HANDLER_THUNK (account_join)
HANDLER_THUNK (merge_undo)
HANDLER_THUNK (duplicate_dismiss)
HANDLER_THUNK (alike_index)
HANDLER_THUNK (activity_add)
HANDLER_THUNK (activity_update)
HANDLER_THUNK (activity_remove)
HANDLER_THUNK (activity_restore)
HANDLER_THUNK (notice_ring)
HANDLER_THUNK (account_create)
HANDLER_THUNK (account_update)
HANDLER_THUNK (account_assign)
HANDLER_THUNK (account_restore)
HANDLER_THUNK (account_bulk)
HANDLER_THUNK (account_trash)
HANDLER_THUNK (account_reactivate)
HANDLER_THUNK (account_archive)
HANDLER_THUNK (location_add)
HANDLER_THUNK (location_update)
HANDLER_THUNK (location_remove)
HANDLER_THUNK (location_restore)
HANDLER_THUNK (projection_rebuild)
HANDLER_THUNK (projection_feed)
HANDLER_THUNK (projection_level)
HANDLER_THUNK (projections_turn)
HANDLER_THUNK (attachment_add)
HANDLER_THUNK (attachment_remove)
HANDLER_THUNK (attachment_restore)
HANDLER_THUNK (reminders_ring)
HANDLER_THUNK (segments_look)
HANDLER_THUNK (segment_add)
HANDLER_THUNK (segment_update)
HANDLER_THUNK (segment_remove)
HANDLER_THUNK (linked_add)
HANDLER_THUNK (linked_update)
HANDLER_THUNK (linked_remove)
HANDLER_THUNK (linked_restore)
HANDLER_THUNK (push_assign)
HANDLER_THUNK (push_remove)
HANDLER_THUNK (onboarding_set)
HANDLER_THUNK (account_onboard)
HANDLER_THUNK (pushes_look)
HANDLER_THUNK (import_open)
HANDLER_THUNK (import_map)
HANDLER_THUNK (import_name)
HANDLER_THUNK (import_check)
HANDLER_THUNK (import_confirm)
HANDLER_THUNK (import_cancel)
HANDLER_THUNK (import_undo)
HANDLER_THUNK (imports_step)
HANDLER_THUNK (tag_add)
HANDLER_THUNK (tag_update)
HANDLER_THUNK (tag_remove)
HANDLER_THUNK (lead_tag)
HANDLER_THUNK (deal_tag)
HANDLER_THUNK (contact_tag)
HANDLER_THUNK (account_tag)
HANDLER_THUNK (message_post)
HANDLER_THUNK (message_edit)
HANDLER_THUNK (message_remove)
HANDLER_THUNK (room_see)
HANDLER_THUNK (person_erase)
static const struct command_row own_time[] = { SERVE_ONCE (reminders_ring),   SERVE_ONCE (segments_look), SERVE_ONCE (pushes_look),
					       SERVE_ONCE (projections_turn), SERVE_ONCE (trash_empty),	  SERVE_ONCE (imports_step),
					       SERVE_ONCE (telling_step) };
static const struct command_row commands[] = {
	SERVE (contact_create),	    SERVE (contact_update),	SERVE (contact_archive),
	SERVE (contact_reactivate), SERVE (contact_trash),	SERVE (contact_restore),
	SERVE (contact_bulk),	    SERVE (people_undo),	SERVE (contact_index),
	SERVE (activity_add),	    SERVE (activity_update),	SERVE (activity_remove),
	SERVE (activity_restore),   SERVE (notice_ring),	SERVE (account_create),
	SERVE (account_update),	    SERVE (account_assign),	SERVE (tag_add),
	SERVE (tag_update),	    SERVE (tag_remove),		SERVE (lead_tag),
	SERVE (deal_tag),	    SERVE (contact_tag),	SERVE (account_tag),
	SERVE (message_post),	    SERVE (message_edit),	SERVE (message_remove),
	SERVE (room_see),	    SERVE (location_add),	SERVE (location_update),
	SERVE (location_remove),    SERVE (location_restore),	SERVE (projection_rebuild),
	SERVE (projection_feed),    SERVE (projection_level),	SERVE (attachment_add),
	SERVE (attachment_remove),  SERVE (attachment_restore), SERVE (segment_add),
	SERVE (segment_update),	    SERVE (segment_remove),	SERVE (contact_join),
	SERVE (account_join),	    SERVE (merge_undo),		SERVE (duplicate_dismiss),
	SERVE (alike_index),	    SERVE (linked_add),		SERVE (linked_update),
	SERVE (linked_remove),	    SERVE (linked_restore),	SERVE (push_assign),
	SERVE (push_remove),	    SERVE (onboarding_set),	SERVE (account_onboard),
	SERVE (account_archive),    SERVE (account_reactivate), SERVE (account_trash),
	SERVE (account_restore),    SERVE (account_bulk),	SERVE (person_erase),
	SERVE (import_open),	    SERVE (import_map),		SERVE (import_name),
	SERVE (import_check),	    SERVE (import_confirm),	SERVE (import_cancel),
	SERVE (import_undo),
};

HANDLER_THUNK (workspace_created)
HANDLER_THUNK (workspace_updated)
HANDLER_THUNK (workspace_preset_changed)
HANDLER_THUNK (workspace_removed)
HANDLER_THUNK (member_changed)
HANDLER_THUNK (rule_changed)
HANDLER_THUNK (member_handed_over)
HANDLER_THUNK (lead_created)
HANDLER_THUNK (lead_updated)
HANDLER_THUNK (lead_qualified)
HANDLER_THUNK (booking_told)
HANDLER_THUNK (deal_created)
HANDLER_THUNK (deal_updated)
HANDLER_THUNK (deal_stage_changed)
HANDLER_THUNK (deal_conversion_asked)
HANDLER_THUNK (deal_followed_up)
HANDLER_THUNK (deal_trashed)
HANDLER_THUNK (deal_restored)
HANDLER_THUNK (deal_purged)
HANDLER_THUNK (record_pushed)
HANDLER_THUNK (record_refused)
HANDLER_THUNK (leads_erased)
HANDLER_THUNK (deals_erased)
HANDLER_THUNK (deal_import_answered)
HANDLER_THUNK (custom_field_changed)
HANDLER_THUNK (mail_sent)
HANDLER_THUNK (mail_failed)
HANDLER_THUNK (mail_received)
HANDLER_THUNK (mail_assigned)
HANDLER_THUNK (mail_unassigned)
HANDLER_THUNK (quote_created)
HANDLER_THUNK (quote_sent)
HANDLER_THUNK (quote_viewed)
HANDLER_THUNK (quote_accepted)
HANDLER_THUNK (quote_declined)
HANDLER_THUNK (quote_expired)
HANDLER_THUNK (invoice_created)
HANDLER_THUNK (invoice_finalised)
HANDLER_THUNK (invoice_sent)
HANDLER_THUNK (invoice_viewed)
HANDLER_THUNK (invoice_reminded)
HANDLER_THUNK (invoice_overdue)
HANDLER_THUNK (invoice_paid)
HANDLER_THUNK (credit_note_created)
HANDLER_THUNK (credit_note_finalised)
HANDLER_THUNK (credit_note_sent)
HANDLER_THUNK (payment_received)
HANDLER_THUNK (order_created)
HANDLER_THUNK (balance_changed)
static const struct listener_row hears[] = {
	HEAR_ASKED (action_wanted),		       /* a command of ours, once */
	HEAR (workspace_created, workspace_id),	       /* contacts at intake or not */
	HEAR (workspace_updated, workspace_id),	       /* default owner */
	HEAR (workspace_preset_changed, workspace_id), /* the same as workspace.created */
	HEAR (workspace_removed, workspace_id),	       /* all that was kept of it goes */
	HEAR (member_changed, user_id),		       /* names */
	HEAR (rule_changed, rule_id),		       /* names of what acts by itself */
	HEAR (member_handed_over, user_id),	       /* another owner of all that somebody owned */
	HEAR2 (lead_created, email, lead_id), /* two leads of one e-mail never share a run: the second meets the first one's contact */
	HEAR (lead_updated, lead_id),	      /* timeline, as all below */
	HEAR (lead_qualified, lead_id),
	HEAR (booking_told, activity_id), /* an appointment of a lead: one activity, whatever its time */
	HEAR (deal_created, deal_id),
	HEAR (deal_updated, deal_id),
	HEAR (deal_stage_changed, deal_id),
	HEAR (deal_conversion_asked, deal_id), /* its account and its contact, when nobody made them by itself */
	HEAR (deal_followed_up, deal_id),      /* a note, and what comes next */
	HEAR (deal_trashed, deal_id),
	HEAR (deal_restored, deal_id),
	HEAR (record_pushed, what),		      /* linked records, facts, clients; what has nobody here waits */
	HEAR (record_refused, source_id),	      /* a system that is not understood any more */
	HEAR_APART (leads_erased, erasure_id),	      /* somebody is forgotten here: nothing about them is moved past it */
	HEAR_APART (deals_erased, erasure_id),	      /* and everywhere */
	HEAR (deal_purged, deal_id),		      /* what hung on it alone goes */
	HEAR (deal_import_answered, deal_id),	      /* a row of a moving counts */
	HEAR (custom_field_changed, custom_field_id), /* those of contacts and accounts */
	HEAR (mail_sent, mail_id),		      /* rows of the timeline, as all below */
	HEAR (mail_failed, mail_id),
	HEAR (mail_received, mail_id),
	HEAR (mail_assigned, mail_id),
	HEAR (mail_unassigned, mail_id),
	HEAR (quote_created, document_id), /* the same of money: rows of the timeline, as all below */
	HEAR (quote_sent, document_id),
	HEAR (quote_viewed, document_id),
	HEAR (quote_accepted, document_id),
	HEAR (quote_declined, document_id),
	HEAR (quote_expired, document_id),
	HEAR (invoice_created, document_id),
	HEAR (invoice_finalised, document_id),
	HEAR (invoice_sent, document_id),
	HEAR (invoice_viewed, document_id),
	HEAR (invoice_reminded, document_id),
	HEAR (invoice_overdue, document_id),
	HEAR (invoice_paid, document_id),
	HEAR (credit_note_created, document_id),
	HEAR (credit_note_finalised, document_id),
	HEAR (credit_note_sent, document_id),
	HEAR (payment_received, payment_id),
	HEAR (order_created, sales_order_id),
	HEAR (balance_changed, account_id), /* what a company owes, unless another system says it */
};

static void start (struct app *app)
{
	imports_start ();
	pushes_watch (app);
}

/* Whatever contacts says comes here. */
static void contacts_say (struct batch *b, const struct record *r, const void *item, size_t n)
{
	segments_mark (b, r, item, n);
	alike_note (b, r, item, n);
}

static const struct service contacts = {
	.name = "contacts",
	.start = start,
	.schema = "contacts",
	.sql = &contacts_sql,
	.commands = commands,
	.n_commands = LENGTH (commands),
	.clock = own_time,
	.n_clocks = LENGTH (own_time),
	.says = contacts_say,
	.hears = hears,
	.n_hears = LENGTH (hears),
	.settles = &contact_action_settled_record,
	.writer_state = sizeof (struct contacts_memory),
};

int main (int argc, char **argv)
{
	return service_main (&contacts, argc, argv);
}
