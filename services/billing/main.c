/* NAME
 *	billing - from the quote to the paid invoice
 *
 * OWNS
 *	schema billing: document (quotes, invoices, credit notes), series and counter (their numbers, without a hole), company (who the workspace is on
 *	paper), catalog_item, render (files of a version), mail_want (mails that wait for these), payment, statement and statement_line, pay_provider
 *	(secrets sealed), pay_attempt, hook_event, recurrence, sales_order; workspace, member, deal, contact, lead_contact and account (copies of what the
 *	others say). The files folder: PDFs, UBL, logos and statements, by their hash.
 *
 * HEARS
 *	workspace.created, workspace.updated, workspace.preset_changed, member.changed
 *	workspace.removed	all that was kept of a workspace goes, its files as well
 *	member.handed_over	what somebody owned is another one's
 *	deal.created, deal.updated, deal.converted, deal.purged, lead.contact_linked, deal.contact_linked	what documents are of
 *	contact.created, contact.updated, contact.merged, contact.unmerged, contact.purged	whom they are for
 *	account.created, account.updated, account.told, account.merged, account.unmerged, account.purged	likewise
 *	person.erased, erasure.settled	somebody is forgotten, but for what the law wants kept
 *
 * DOES WHEN ASKED
 *	company_set, catalog_item_add, catalog_item_update, catalog_item_remove, catalog_item_restore, series_set	what documents are made with
 *	quote_create, invoice_create, document_update, document_remove, document_restore, document_duplicate	drafts
 *	document_finalise, document_send, documents_send, invoice_remind, documents_remind	a number for good; to the customer, by mailer
 *	quote_accept, quote_decline, quote_revise, document_cancel	what becomes of a quote
 *	invoice_from_quote, invoice_credit	invoices of quotes, credit notes of invoices, each once
 *	document_render	a document's files
 *	order_create, order_update, recurrence_add, recurrence_update, recurrence_remove
 *	company_get, catalog_item_list, catalog_item_get, series_list, quote_list, invoice_list, document_get, deal_money, order_list, order_get,
 *	recurrence_list	answer pages
 *	document_files	where a document's PDF and UBL lie
 *
 * MAKES
 *	PDF and UBL of documents, in an effect: claim, draw, record; whoever waits for them is told by its own clock
 *	action.wanted		a command of asked.def that is ours, by the right that comes with it: once, however often it is told
 *
 * SAYS
 *	company.changed, catalog_item.changed, series.changed
 *	quote.created, quote.sent, quote.accepted, quote.declined, quote.expired
 *	invoice.created, invoice.finalised, invoice.sent, invoice.reminded, invoice.overdue
 *	invoice.paid	once, when all of it came in
 *	credit_note.created, credit_note.finalised, credit_note.sent
 *	document.changed	beside each of these
 *	document.mail_wanted	to mailer, once a mail, when its files are made
 *	account.balance_changed, order.created, order.changed, recurrence.changed
 *	document.action_settled	what became of it
 *
 * MUST NEVER
 *	change what is printed of a final document, or give a number twice or leave one out; reckon money in floating point; talk to a provider outside a
 *	committed claim, or inside a transaction; tell a secret, or the token of a customer's link, in an event or a log.
 */
#include "billing.h"
#include "billing_sql.h"
#include "rendering.h"

#include <curl/curl.h>
#include "log.h"
#include "paying.h"
#include "seal.h"

static const struct setting settings[] = {
#define SETTING(kind, ...) SETTING_ROW (struct billing_config, kind, __VA_ARGS__)
#include "config.def"
#undef SETTING
};

HANDLER_THUNK (documents_tend)
HANDLER_THUNK (renders_tell)

HANDLER_THUNK (company_set)
HANDLER_THUNK (catalog_item_add)
HANDLER_THUNK (catalog_item_update)
HANDLER_THUNK (catalog_item_remove)
HANDLER_THUNK (catalog_item_restore)
HANDLER_THUNK (series_set)
HANDLER_THUNK (quote_create)
HANDLER_THUNK (invoice_create)
HANDLER_THUNK (document_update)
HANDLER_THUNK (document_remove)
HANDLER_THUNK (document_restore)
HANDLER_THUNK (document_duplicate)
HANDLER_THUNK (document_finalise)
HANDLER_THUNK (document_send)
HANDLER_THUNK (documents_send)
HANDLER_THUNK (documents_remind)
HANDLER_THUNK (quote_revise)
HANDLER_THUNK (quote_accept)
HANDLER_THUNK (quote_decline)
HANDLER_THUNK (document_cancel)
HANDLER_THUNK (invoice_from_quote)
HANDLER_THUNK (invoice_credit)
HANDLER_THUNK (invoice_remind)
HANDLER_THUNK (document_render)
HANDLER_THUNK (portal_see)
HANDLER_THUNK (portal_choose)
HANDLER_THUNK (portal_accept)
HANDLER_THUNK (portal_decline)
HANDLER_THUNK (recurrence_add)
HANDLER_THUNK (recurrence_update)
HANDLER_THUNK (recurrence_remove)
HANDLER_THUNK (order_create)
HANDLER_THUNK (order_update)
HANDLER_THUNK (payment_add)
HANDLER_THUNK (payment_remove)
HANDLER_THUNK (payment_restore)
HANDLER_THUNK (payment_allocate)
HANDLER_THUNK (statement_import)
HANDLER_THUNK (statement_line_match)
HANDLER_THUNK (statement_line_ignore)
HANDLER_THUNK (pay_provider_add)
HANDLER_THUNK (pay_provider_update)
HANDLER_THUNK (pay_provider_remove)
HANDLER_THUNK (portal_pay)
HANDLER_THUNK (hook_event_keep)
HANDLER_THUNK (payments_tell)
static const struct command_row commands[] = {
	SERVE (company_set),
	SERVE (catalog_item_add),
	SERVE (catalog_item_update),
	SERVE (catalog_item_remove),
	SERVE (catalog_item_restore),
	SERVE (series_set),
	SERVE (quote_create),
	SERVE (invoice_create),
	SERVE (document_update),
	SERVE (document_remove),
	SERVE (document_restore),
	SERVE (document_duplicate),
	SERVE (document_finalise),
	SERVE (document_send),
	SERVE (documents_send),
	SERVE (documents_remind),
	SERVE (quote_revise),
	SERVE (quote_accept),
	SERVE (quote_decline),
	SERVE (document_cancel),
	SERVE (invoice_from_quote),
	SERVE (invoice_credit),
	SERVE (invoice_remind),
	/* the same files, wanted again */
	SERVE_ONCE (document_render),
	SERVE (portal_see),
	SERVE (portal_choose),
	SERVE (portal_accept),
	SERVE (portal_decline),
	SERVE (recurrence_add),
	SERVE (recurrence_update),
	SERVE (recurrence_remove),
	SERVE (order_create),
	SERVE (order_update),
	SERVE (payment_add),
	SERVE (payment_remove),
	SERVE (payment_restore),
	SERVE (payment_allocate),
	SERVE (statement_import),
	SERVE (statement_line_match),
	SERVE (statement_line_ignore),
	SERVE (pay_provider_add),
	SERVE (pay_provider_update),
	SERVE (pay_provider_remove),
	SERVE (portal_pay),
	SERVE_ONCE (hook_event_keep),
};

static const struct command_row own_time[] = { SERVE_ONCE (renders_tell), SERVE_ONCE (documents_tend), SERVE_ONCE (payments_tell) };

static struct effect_row effects[] = {
	{ .name = "render",
	  .claim = &render_claim_statement,
	  .record = &render_record_statement,
	  .act = render_act,
	  .end = render_act_end,
	  .state = RENDER_STATE,
	  .lease = RENDER_LEASE,
	  .limit = RENDER_LIMIT },
	/* no talk with a provider holds up a file that somebody waits for */
	{ .name = "pay",
	  .claim = &pay_claim_statement,
	  .record = &pay_record_statement,
	  .act = pay_act,
	  .lease = PAY_LEASE,
	  .limit = PAY_LIMIT,
	  .apart = true },
	{ .name = "pay_check",
	  .claim = &pay_check_claim_statement,
	  .record = &pay_check_record_statement,
	  .act = pay_check_act,
	  .lease = PAY_LEASE,
	  .limit = PAY_LIMIT,
	  .apart = true },
};

HANDLER_THUNK (workspace_created)
HANDLER_THUNK (workspace_updated)
HANDLER_THUNK (workspace_preset_changed)
HANDLER_THUNK (workspace_removed)
HANDLER_THUNK (member_changed)
HANDLER_THUNK (member_handed_over)
HANDLER_THUNK (deal_created)
HANDLER_THUNK (deal_updated)
HANDLER_THUNK (deal_converted)
HANDLER_THUNK (deal_purged)
HANDLER_THUNK (deal_contact_linked)
HANDLER_THUNK (lead_contact_linked)
HANDLER_THUNK (contact_created)
HANDLER_THUNK (contact_updated)
HANDLER_THUNK (contact_merged)
HANDLER_THUNK (contact_unmerged)
HANDLER_THUNK (contact_purged)
HANDLER_THUNK (account_created)
HANDLER_THUNK (account_updated)
HANDLER_THUNK (account_told)
HANDLER_THUNK (account_merged)
HANDLER_THUNK (account_unmerged)
HANDLER_THUNK (account_purged)
HANDLER_THUNK (person_erased)
HANDLER_THUNK (erasure_settled)
static const struct listener_row hears[] = {
	HEAR_ASKED (action_wanted),		       /* a command of ours, once */
	HEAR (workspace_created, workspace_id),	       /* its currency, language and time; its company and series stand from then on */
	HEAR (workspace_updated, workspace_id),	       /* its name */
	HEAR (workspace_preset_changed, workspace_id), /* its language, money and place */
	HEAR (workspace_removed, workspace_id),	       /* all that was kept of it goes */
	HEAR (member_changed, user_id),		       /* whose documents are */
	HEAR (member_handed_over, user_id),	       /* another owner of all that somebody owned */
	HEAR (deal_created, deal_id),		       /* title, owner, source */
	HEAR (deal_updated, deal_id),		       /* likewise */
	HEAR3 (deal_converted, deal_id, account_id, contact_id), /* its company and its contact */
	HEAR (deal_purged, deal_id),				 /* it is no more */
	HEAR2 (deal_contact_linked, deal_id, contact_id),	 /* its contact */
	HEAR2 (lead_contact_linked, lead_id, contact_id),	 /* likewise */
	HEAR (contact_created, contact_id),			 /* names, addresses */
	HEAR (contact_updated, contact_id),			 /* likewise */
	HEAR2 (contact_merged, survivor_id, loser_id),		 /* what was one's is another's */
	HEAR2 (contact_unmerged, survivor_id, loser_id),	 /* taken back */
	HEAR (contact_purged, contact_id),			 /* they are no more */
	HEAR (account_created, account_id),			 /* name, address, numbers */
	HEAR (account_updated, account_id),			 /* likewise */
	HEAR (account_told, account_id),			 /* those from before there was a copy */
	HEAR2 (account_merged, survivor_id, loser_id),		 /* what was one's is another's */
	HEAR2 (account_unmerged, survivor_id, loser_id),	 /* taken back */
	HEAR (account_purged, account_id),			 /* it is no more */
	HEAR_APART (person_erased, erasure_id),			 /* quotes and drafts say nothing of them */
	HEAR (erasure_settled, erasure_id),			 /* frames and texts */
};

static void start (struct app *app)
{
	curl_global_init (CURL_GLOBAL_DEFAULT);
	if (!seal_open (app_config (app)->key))
		log_error ("key_unusable", LOG_T ("setting", "CRM_KEY"));
	rendering_start ();
}

static const struct service billing = {
	.name = "billing",
	.schema = "billing",
	.sql = &billing_sql,
	.commands = commands,
	.n_commands = LENGTH (commands),
	.clock = own_time,
	.n_clocks = LENGTH (own_time),
	.effects = effects,
	.n_effects = LENGTH (effects),
	.settings = settings,
	.n_settings = LENGTH (settings),
	.config = &billing_config,
	.start = start,
	.hears = hears,
	.n_hears = LENGTH (hears),
	.settles = &document_action_settled_record,
	.route = billing_route,
	.body_limit = 2 << 20,
};

int main (int argc, char **argv)
{
	return service_main (&billing, argc, argv);
}
