/* NAME
 *	pipeline - boards, and the deals that stand on them
 *
 * OWNS
 *	schema pipeline: workspace, pipeline, stage (begun by the presets), deal, deal_contact and deal_account (a deal's contact and account, which come later), stage_sum
 *	(count and value of a stage by owner and currency, kept by the statements that write deals), waiting_lead (leads of workspaces
 *	that make the deal at qualify), catalogue_item (what fields of a deal may be), custom_field (fields of a workspace's own), rate (what currencies are worth, by day), deal_change
 *	(what people changed of deals: their history and their past), deal_activity and deal_follow (what people did about deals).
 *
 * DOES WHEN ASKED
 *	deal_create	a deal by hand; it begins in the stage named, else in the first one
 *	deal_update	title, value, owner, close date, notes…
 *	deal_move, deal_follow_up	to another stage of its own pipeline, where note_required not without a note; the note, with a move and what comes next
 *	deal_trash, deal_restore	a deal is thrown away (it keeps its row, stands in no stage, and no reader sees it) and taken back
 *	deal_bulk, batch_undo	one thing done to many deals as one batch; what a batch did is put back where nobody changed it since
 *	pipeline_add, pipeline_update, stage_add, stage_update, stage_remove	boards and their columns; one goes only empty, or when its deals move first
 *	item_add, item_update, custom_field_add, custom_field_update	a value more in a catalogue, a field of the workspace's own; retired and back
 *	currency_set, rate_put, rate_update, rate_remove	what totals are told in, and what other currencies are worth from a day on
 *	deal_board, deal_list, deal_get, deal_count, deal_activities, stage_list	answer pages
 *
 * HEARS
 *	workspace.created	takes pipelines and stages out of the preset; an agency's home gets none
 *	workspace.updated, workspace.preset_changed	the default owner; another move_mode, or another preset's stages: those of the old one stay while deals stand in them
 *	workspace.removed, member.handed_over	all that was kept of it goes; all that somebody owned gets another owner
 *	lead.created		a lead is a deal at once, titled {name} — {form_type}, in the first stage. Its owner is the lead's (its
 *				source's), else the workspace's default owner. The deal bears the lead's id: whoever knows one finds the
 *				other, and the primary key refuses a second deal of one lead, whatever is delivered twice
 *	lead.contact_linked	the deal learns its contact
 *	deal.contact_linked	a deal made by hand learns who its contact is, or that there is none of that id
 *	contact.updated, activity.…, record.tagged, tag.changed	deals show the contact's new name, the last note, what comes next, its tags
 *	quote.accepted		the deal is worth what billing says that it is, if it says anything
 *	account.told, contact.told	what stood before it was listened to
 *	deal.converted, account.created, account.updated, account.trashed, account.restored	a won deal shows its account; a copy of each, for who names one of a deal by hand
 *	lead.qualified		the deal moves to the stage marked qualified when it stands before it; where leads are no deals at
 *				once, the deal is made now
 *	deal.import_asked, deal.import_undone	a row of a file is a deal, made once, and what became of it is answered; it goes to the trash when the row is
 *				taken back and nobody changed it
 *	lead.updated		the deal follows to the lead's new owner, unless it was given another one by hand
 *	action.wanted		a command of asked.def that is ours, by the right that comes with it: once, however often it is told
 *
 * SAYS
 *	deal.created, deal.updated, deal.stage_changed, deal.followed_up, deal.trashed, deal.restored, board.changed (how a whole board stands from now on),
 *	catalogue.changed, custom_field.changed, currency.changed, rate.changed
 *	deal.import_answered	once for a row of a file that asked for a deal and waits for what becomes of it
 *	deal.action_settled	what became of it
 *
 * MUST NEVER
 *	make two deals of one lead; move a deal to another pipeline's stage; tell a caller of a deal that the caller may not see; raise a
 *	deal's version for what no person changed (a contact's name arriving must not make a mover's version stale); wait for contacts:
 *	a card stands before its contact is known.
 */
#include "memory.h"
#include "pipeline_sql.h"

HANDLER_THUNK (deal_create)
HANDLER_THUNK (deal_update)
HANDLER_THUNK (deal_move)
HANDLER_THUNK (deal_follow_up)
HANDLER_THUNK (deal_convert)
HANDLER_THUNK (deal_trash)
HANDLER_THUNK (deal_restore)
HANDLER_THUNK (deal_bulk)
HANDLER_THUNK (batch_undo)
HANDLER_THUNK (deal_index)
HANDLER_THUNK (pipeline_add)
HANDLER_THUNK (pipeline_update)
HANDLER_THUNK (stage_add)
HANDLER_THUNK (stage_update)
HANDLER_THUNK (stage_remove)
HANDLER_THUNK (item_add)
HANDLER_THUNK (item_update)
HANDLER_THUNK (custom_field_add)
HANDLER_THUNK (custom_field_update)
HANDLER_THUNK (currency_set)
HANDLER_THUNK (rate_put)
HANDLER_THUNK (rate_update)
HANDLER_THUNK (rate_remove)
HANDLER_THUNK (deals_empty)
static const struct command_row own_time[] = { SERVE_ONCE (deals_empty) };
static const struct command_row commands[] = {
	SERVE (deal_create),	 SERVE (deal_update),	   SERVE (deal_move),		SERVE (deal_index),   SERVE (pipeline_add),
	SERVE (pipeline_update), SERVE (stage_add),	   SERVE (stage_update),	SERVE (stage_remove), SERVE (item_add),
	SERVE (item_update),	 SERVE (custom_field_add), SERVE (custom_field_update), SERVE (deal_trash),   SERVE (deal_restore),
	SERVE (deal_bulk),	 SERVE (batch_undo),	   SERVE (deal_follow_up),	SERVE (deal_convert), SERVE (currency_set),
	SERVE (rate_put),	 SERVE (rate_update),	   SERVE (rate_remove),
};

HANDLER_THUNK (workspace_created)
HANDLER_THUNK (workspace_updated)
HANDLER_THUNK (workspace_preset_changed)
HANDLER_THUNK (workspace_removed)
HANDLER_THUNK (member_handed_over)
HANDLER_THUNK (lead_created)
HANDLER_THUNK (lead_contact_linked)
HANDLER_THUNK (deal_contact_linked)
HANDLER_THUNK (contact_updated)
HANDLER_THUNK (deal_converted)
HANDLER_THUNK (account_created)
HANDLER_THUNK (account_updated)
HANDLER_THUNK (contact_merged)
HANDLER_THUNK (contact_purged)
HANDLER_THUNK (account_purged)
HANDLER_THUNK (contact_unmerged)
HANDLER_THUNK (account_merged)
HANDLER_THUNK (account_unmerged)
HANDLER_THUNK (account_trashed)
HANDLER_THUNK (account_restored)
HANDLER_THUNK (account_told)
HANDLER_THUNK (contact_told)
HANDLER_THUNK (deal_import_asked)
HANDLER_THUNK (deal_import_undone)
HANDLER_THUNK (lead_qualified)
HANDLER_THUNK (lead_updated)
HANDLER_THUNK (activity_added)
HANDLER_THUNK (activity_changed)
HANDLER_THUNK (activity_removed)
HANDLER_THUNK (activity_restored)
HANDLER_THUNK (record_tagged)
HANDLER_THUNK (tag_changed)
HANDLER_THUNK (segment_joined)
HANDLER_THUNK (segment_left)
HANDLER_THUNK (segment_changed)
HANDLER_THUNK (quote_accepted)
HANDLER_THUNK (person_erased)
HANDLER_THUNK (erasure_settled)
static const struct listener_row hears[] = {
	HEAR_ASKED (action_wanted),				 /* a command of ours, once */
	HEAR (workspace_created, workspace_id),			 /* boards */
	HEAR (workspace_updated, workspace_id),			 /* default owner */
	HEAR (workspace_preset_changed, workspace_id),		 /* another board upon the one there is */
	HEAR (workspace_removed, workspace_id),			 /* all that was kept of it goes */
	HEAR (member_handed_over, user_id),			 /* another owner of all that somebody owned */
	HEAR (lead_created, lead_id),				 /* a deal */
	HEAR2 (lead_contact_linked, lead_id, contact_id),	 /* its contact: never in a run with a change of that contact */
	HEAR2 (deal_contact_linked, deal_id, contact_id),	 /* likewise, for deals made by hand */
	HEAR (contact_updated, contact_id),			 /* names */
	HEAR3 (deal_converted, deal_id, account_id, contact_id), /* its account, and its contact: in turn with both */
	HEAR (account_created, account_id),			 /* who may name it, and whether it is a client */
	HEAR (account_updated, account_id),
	HEAR (contact_purged, contact_id), /* whose deals have none now */
	HEAR (account_purged, account_id),
	HEAR2 (contact_merged, survivor_id, loser_id), /* the deals of who went into another: in turn with what is said of both */
	HEAR2 (contact_unmerged, survivor_id, loser_id),
	HEAR2 (account_merged, survivor_id, loser_id), /* likewise */
	HEAR2 (account_unmerged, survivor_id, loser_id),
	HEAR (account_trashed, account_id), /* nobody names it while it lies there */
	HEAR (account_restored, account_id),
	HEAR (account_told, account_id),			    /* those from before there was a copy of them */
	HEAR (contact_told, contact_id),			    /* phones of deals from before they were kept */
	HEAR3 (deal_import_asked, deal_id, account_id, contact_id), /* a deal of a row of a file, once */
	HEAR (deal_import_undone, deal_id),			    /* it goes to the trash, if nobody changed it */
	HEAR (lead_qualified, lead_id),				    /* a move */
	HEAR (lead_updated, lead_id),				    /* another owner */
	HEAR (activity_added, record_id),			    /* the last note, what comes next */
	HEAR (activity_changed, record_id),
	HEAR (activity_removed, record_id),
	HEAR (activity_restored, record_id),
	HEAR (record_tagged, record_id),	/* its tags */
	HEAR (quote_accepted, deal_id),		/* its value, when the company wants that */
	HEAR_APART (person_erased, erasure_id), /* their deals hold nothing of them any more */
	HEAR (erasure_settled, erasure_id),
	HEAR_APART (tag_changed, tag_id), /* on all that bear it: what was tagged before it and after it stays so */
	HEAR (segment_joined, record_id), /* which segment it is in */
	HEAR (segment_left, record_id),
	HEAR_APART (segment_changed, segment_id), /* one that is no more: what joined it before and after stays so */
};

static const struct service pipeline = {
	.name = "pipeline",
	.schema = "pipeline",
	.sql = &pipeline_sql,
	.commands = commands,
	.n_commands = LENGTH (commands),
	.clock = own_time,
	.n_clocks = LENGTH (own_time),
	.hears = hears,
	.n_hears = LENGTH (hears),
	.settles = &deal_action_settled_record,
	.writer_state = sizeof (struct pipeline_memory),
};

int main (int argc, char **argv)
{
	return service_main (&pipeline, argc, argv);
}
