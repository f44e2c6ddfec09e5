/* NAME
 *	mailer - mail that says what became of it
 *
 * OWNS
 *	schema mailer: workspace, member and deal (what mails say of them), account (ways to send; secrets sealed), thread, message, recipient
 *	(each with a state of its own), try (every time that a mail was offered to a server), provider_event (what providers said,
 *	as it came), suppression (addresses that get no mail any more), attachment, template, contact and lead_contact (what templates say of people),
 *	letter (what somebody is to be told of by mail), inbound (what came in, as it came, and what became of it), mailbox (looked into by IMAP; secrets sealed), oauth (log-ins at providers; tokens sealed), canary (mails to oneself, and whether they came back), dns_check (what DNS says of senders' domains),
 *	push_subscription (browsers that are told of news) and push (what waits for them). The files folder: attachments and what came in, by their hash.
 *
 * HEARS
 *	workspace.created, workspace.updated, workspace.preset_changed, member.changed
 *	workspace.removed	all that was kept of a workspace goes, its files as well
 *	member.handed_over	the mails about what somebody owned are another one's
 *	deal.created, deal.updated, deal.purged, lead.contact_linked	what a mail says of a deal
 *	contact.created, contact.updated, contact.merged, contact.unmerged, contact.purged	what a mail says of a contact
 *	quote.sent, invoice.sent, document.changed	what placeholders say of the quote or the invoice that was sent last
 *	document.mail_wanted	a quote, an invoice or a reminder goes to the customer with its files, once under the id that it names
 *	session.ended	browsers that were told of news and are not logged in any more
 *	person.erased, erasure.settled	somebody is forgotten
 *
 *	lead.created, reminder.due, mention.made, record.assigned, notice.rung	somebody is told of it by mail, unless they saw it first
 *	reader.changed, notices.changed, room.seen	how they want that, and what they saw
 *
 *	deal.stage_changed	a deal that was won is told to its owner by mail, once, where the workspace wants it
 *
 * DOES WHEN ASKED
 *	mail_account_add, mail_account_update, mail_account_remove, mail_account_test	ways to send
 *	mail_canary	a mail to oneself goes now
 *	mail_oauth_begin, mail_oauth_finish	the log-in of one at its provider
 *	mail_account_check	what DNS says of one's domains
 *	mail_send, mail_cancel, mail_retry	a mail, which can be stopped until it goes
 *	mail_access	somebody gets the link by which they get in
 *	suppression_remove	an address gets mail again
 *	browser_add, browser_drop, browser_list	browsers that are told of news though no page is open
 *	mail_settings_set	what the product writes by itself
 *	mail_upload, mail_assign	a mail as a file; what one belongs to that belongs to nothing
 *	mail_unassign, mail_dismiss, mail_undismiss, mail_reread	that is taken back; one is set aside, or waits again; one that could not be read is tried once more
 *	mail_thread_update	a conversation is closed, opened again, somebody's
 *	mail_account_list, mail_account_get, mail_list, mail_get, suppression_list, mail_health, mail_way, mail_unmatched, mail_dismissed_list, mail_html, mail_files,
 *	mail_account_records, mail_settings_get,
 *	mail_thread_list, mail_thread_get, mail_thread_entries, contact_conversation, mail_counts,
 *	mail_file_get, mail_attachment_get	answer pages
 *
 * TAKES
 *	POST /hooks/mail/KEY/events	what a provider says of mails, signed
 *	POST /hooks/mail/KEY/inbound	a mail that came in, by SendGrid's Inbound Parse: on disk and in a row before it is answered
 *	GET, POST /unsubscribe/TOKEN	no more news; only the POST does it
 *	GET /t/o/TOKEN.gif, /t/c/TOKEN	the image in a mail, and a link in it, where an account follows who opens its mails
 *
 * TALKS
 *	to push services, in an effect likewise: what they carry is sealed to the browser it is for
 *	to SMTP servers, SendGrid and who gives tokens (OAuth 2), in effect workers: claim, act, record; to IMAP servers and name servers likewise, in one of its own
 *	action.wanted		a command of asked.def that is ours, by the right that comes with it: once, however often it is told
 *
 * SAYS
 *	template.changed
 *	mail.queued, mail.cancelled
 *	mail.sent, mail.delivered, mail.opened, mail.failed	each once for a recipient, when that is known
 *	mail.received	once for a mail that came in, and once more when one that could not be read was
 *	mail.assigned, mail.unassigned, mail.dismissed	what people said of it
 *	mail.thread_changed	what people said of a conversation
 *	suppression.changed, mail_account.changed
 *	mail.action_settled	what became of it
 *
 * MUST NEVER
 *	lose what came in: what cannot be read or matched is listed; guess a state: what nobody recorded is unknown; offer a mail to a server outside a
 *	committed claim, or inside a transaction; write to an
 *	address that asked for nothing more, but what a deal needs; tell a secret in an event, a log or an answer.
 */
#include "mailer.h"
#include "mailer_sql.h"
#include "canary.h"
#include "dns.h"
#include "mailboxes.h"
#include "oauth.h"
#include "pushing.h"
#include "receiving.h"

#include <curl/curl.h>
#include "log.h"
#include "seal.h"
#include "vapid.h"

static const struct setting settings[] = {
#define SETTING(kind, ...) SETTING_ROW (struct mailer_config, kind, __VA_ARGS__)
#include "config.def"
#undef SETTING
};

HANDLER_THUNK (mail_account_add)
HANDLER_THUNK (mail_account_update)
HANDLER_THUNK (mail_account_remove)
HANDLER_THUNK (mail_account_test)
HANDLER_THUNK (mail_canary)
HANDLER_THUNK (mail_oauth_begin)
HANDLER_THUNK (mail_oauth_finish)
HANDLER_THUNK (oauths_tell)
HANDLER_THUNK (mail_account_check)
HANDLER_THUNK (mail_access)
HANDLER_THUNK (mail_send)
HANDLER_THUNK (mail_cancel)
HANDLER_THUNK (mail_retry)
HANDLER_THUNK (mail_settings_set)
HANDLER_THUNK (suppression_remove)
HANDLER_THUNK (mail_events_take)
HANDLER_THUNK (mail_unsubscribe)
HANDLER_THUNK (mail_follow)
HANDLER_THUNK (mails_settle)
HANDLER_THUNK (inbound_keep)
HANDLER_THUNK (inbound_take)
HANDLER_THUNK (mailboxes_tell)
HANDLER_THUNK (canaries_tend)
HANDLER_THUNK (letters_tell)
HANDLER_THUNK (mail_upload)
HANDLER_THUNK (mail_assign)
HANDLER_THUNK (mail_unassign)
HANDLER_THUNK (mail_dismiss)
HANDLER_THUNK (mail_undismiss)
HANDLER_THUNK (mail_reread)
HANDLER_THUNK (browser_add)
HANDLER_THUNK (browser_drop)
HANDLER_THUNK (mail_thread_update)
HANDLER_THUNK (template_add)
HANDLER_THUNK (template_update)
HANDLER_THUNK (template_remove)
HANDLER_THUNK (template_restore)
HANDLER_THUNK (template_preview)
static const struct command_row own_time[] = { SERVE_ONCE (mails_settle),  SERVE_ONCE (inbound_take), SERVE_ONCE (mailboxes_tell),
					       SERVE_ONCE (canaries_tend), SERVE_ONCE (letters_tell), SERVE_ONCE (oauths_tell) };
static const struct command_row commands[] = {
	SERVE (mail_access),
	SERVE (mail_account_add),
	SERVE (mail_account_update),
	SERVE (mail_account_remove),
	SERVE (mail_account_test),
	SERVE (mail_canary),
	SERVE (mail_oauth_begin),
	SERVE (mail_oauth_finish),
	SERVE (mail_account_check),
	SERVE (mail_send),
	SERVE (mail_cancel),
	SERVE (mail_retry),
	SERVE (mail_settings_set),
	SERVE (suppression_remove),
	/* each event has an id of its own */
	SERVE_ONCE (mail_events_take),
	SERVE (mail_unsubscribe),
	/* the same bytes are the same mail */
	SERVE_ONCE (inbound_keep),
	SERVE (mail_upload),
	SERVE (mail_assign),
	SERVE (mail_unassign),
	SERVE (mail_dismiss),
	SERVE (mail_undismiss),
	SERVE (mail_reread),
	SERVE (mail_thread_update),
	/* each thing that can be seen is kept once */
	SERVE_ONCE (mail_follow),
	/* said again it is as it was said last */
	SERVE_ONCE (browser_add),
	SERVE_ONCE (browser_drop),
	SERVE (template_add),
	SERVE (template_update),
	SERVE (template_remove),
	SERVE (template_restore),
	/* keeps nothing, so asked again it is made again */
	SERVE_ONCE (template_preview),
};

/* What came in first: that is done in a moment, and sending may be long. How long a talk may take stands in the settings; read before a worker begins. */
enum { EFFECT_INBOUND, EFFECT_OAUTH, EFFECT_CANARY, EFFECT_PUSH, EFFECT_MAIL, EFFECT_DNS, EFFECT_MAILBOX };
static struct effect_row effects[] = {
	[EFFECT_INBOUND] = { .name = "inbound",
			     .claim = &inbound_claim_statement,
			     .record = &inbound_record_statement,
			     .act = inbound_act,
			     .lease = INBOUND_LEASE,
			     .limit = INBOUND_LIMIT },
	[EFFECT_CANARY] = { .name = "canary",
			    .claim = &canary_claim_statement,
			    .record = &canary_record_statement,
			    .act = canary_act,
			    .end = mail_act_end,
			    .state = MAIL_ACT_STATE },
	/* before mails, which wait for a token that is made new */
	[EFFECT_OAUTH] = { .name = "oauth",
			   .claim = &oauth_claim_statement,
			   .record = &oauth_record_statement,
			   .act = oauth_act,
			   .lease = OAUTH_LEASE,
			   .limit = OAUTH_LIMIT },
	[EFFECT_PUSH] = { .name = "push",
			  .claim = &push_claim_statement,
			  .record = &push_record_statement,
			  .act = push_act,
			  .end = push_act_end,
			  .state = PUSH_ACT_STATE,
			  .lease = PUSH_LEASE,
			  .limit = PUSH_LIMIT },
	[EFFECT_MAIL] = { .name = "mail",
			  .claim = &mail_claim_statement,
			  .record = &mail_record_statement,
			  .act = mail_act,
			  .end = mail_act_end,
			  .state = MAIL_ACT_STATE },
	/* somebody waits for it at a page, and it is soon done: before the mailboxes */
	[EFFECT_DNS] = { .name = "dns",
			 .claim = &dns_claim_statement,
			 .record = &dns_record_statement,
			 .act = dns_act,
			 .lease = DNS_LEASE,
			 .limit = DNS_LIMIT,
			 .apart = true },
	[EFFECT_MAILBOX] = { .name = "mailbox",
			     .claim = &mailbox_claim_statement,
			     .record = &mailbox_record_statement,
			     .act = mailbox_act,
			     .lease = MAILBOX_LEASE,
			     .limit = MAILBOX_LIMIT,
			     .apart = true },
};

HANDLER_THUNK (workspace_created)
HANDLER_THUNK (workspace_updated)
HANDLER_THUNK (workspace_preset_changed)
HANDLER_THUNK (workspace_removed)
HANDLER_THUNK (member_changed)
HANDLER_THUNK (member_handed_over)
HANDLER_THUNK (reader_changed)
HANDLER_THUNK (notices_changed)
HANDLER_THUNK (lead_created)
HANDLER_THUNK (reminder_due)
HANDLER_THUNK (mention_made)
HANDLER_THUNK (notice_rung)
HANDLER_THUNK (record_assigned)
HANDLER_THUNK (room_seen)
HANDLER_THUNK (deal_created)
HANDLER_THUNK (deal_updated)
HANDLER_THUNK (deal_purged)
HANDLER_THUNK (deal_stage_changed)
HANDLER_THUNK (lead_contact_linked)
HANDLER_THUNK (contact_created)
HANDLER_THUNK (contact_updated)
HANDLER_THUNK (contact_merged)
HANDLER_THUNK (contact_unmerged)
HANDLER_THUNK (contact_purged)
HANDLER_THUNK (session_ended)
HANDLER_THUNK (quote_sent)
HANDLER_THUNK (invoice_sent)
HANDLER_THUNK (document_changed)
HANDLER_THUNK (document_mail_wanted)
HANDLER_THUNK (person_erased)
HANDLER_THUNK (erasure_settled)
static const struct listener_row hears[] = {
	HEAR_ASKED (action_wanted),			  /* a command of ours, once */
	HEAR (workspace_created, workspace_id),		  /* its name and language, and whether won deals are told */
	HEAR (workspace_updated, workspace_id),		  /* its name */
	HEAR (workspace_preset_changed, workspace_id),	  /* whether won deals are told */
	HEAR (workspace_removed, workspace_id),		  /* all that was kept of it goes */
	HEAR (member_changed, user_id),			  /* whom the product writes to */
	HEAR (member_handed_over, user_id),		  /* another owner of all that somebody owned */
	HEAR (reader_changed, user_id),			  /* how somebody is told of news */
	HEAR_APART (notices_changed, user_id),		  /* what they saw is not mailed, wherever it was */
	HEAR (lead_created, lead_id),			  /* told to its owner, or to who runs the workspace */
	HEAR (reminder_due, activity_id),		  /* told to whose time has come */
	HEAR2 (mention_made, source_id, user_id),	  /* told to who is mentioned */
	HEAR (record_assigned, notice_id),		  /* told to who was given it */
	HEAR (notice_rung, notice_id),			  /* told to whom a rule says it */
	HEAR2 (room_seen, room_id, user_id),		  /* who read it knows who named them there */
	HEAR (deal_created, deal_id),			  /* title, value, owner */
	HEAR (deal_updated, deal_id),			  /* likewise */
	HEAR (deal_purged, deal_id),			  /* it is no more */
	HEAR (deal_stage_changed, deal_id),		  /* a won one is told to its owner */
	HEAR2 (lead_contact_linked, lead_id, contact_id), /* its contact */
	HEAR (contact_created, contact_id),		  /* names, addresses */
	HEAR (contact_updated, contact_id),		  /* likewise */
	HEAR_APART (contact_merged, survivor_id),	  /* what was one's is another's */
	HEAR_APART (contact_unmerged, survivor_id),	  /* taken back */
	HEAR (contact_purged, contact_id),		  /* they are no more */
	HEAR (quote_sent, document_id),			  /* what placeholders say of it */
	HEAR (invoice_sent, document_id),		  /* likewise */
	HEAR (document_changed, document_id),		  /* how far it is, and what is still to be paid */
	HEAR (document_mail_wanted, mail_id),		  /* a quote or an invoice goes to the customer with its files, once */
	HEAR_APART (session_ended, user_id),		  /* browsers of a log-in that is over are told nothing any more */
	HEAR_APART (person_erased, erasure_id),		  /* nothing of them is sent any more */
	HEAR (erasure_settled, erasure_id),		  /* frames and texts */
};

static void start (struct app *app)
{
	const char *key = app_config (app)->key;
	curl_global_init (CURL_GLOBAL_DEFAULT);
	receiving_start ();
	canary_start ();
	pushing_start ();
	vapid_open (key);
	if (!seal_open (key))
		log_error ("key_unusable", LOG_T ("setting", "CRM_KEY"));
	else
		links_open (key);
	effects[EFFECT_MAIL].lease = effects[EFFECT_CANARY].lease = (int) mailer_config.lease;
	effects[EFFECT_MAIL].limit = effects[EFFECT_CANARY].limit = (int) mailer_config.lease * 2 / 3;
}

static const struct service mailer = {
	.name = "mailer",
	.schema = "mailer",
	.sql = &mailer_sql,
	.commands = commands,
	.n_commands = LENGTH (commands),
	.clock = own_time,
	.n_clocks = LENGTH (own_time),
	.effects = effects,
	.n_effects = LENGTH (effects),
	.settings = settings,
	.n_settings = LENGTH (settings),
	.config = &mailer_config,
	.start = start,
	.hears = hears,
	.n_hears = LENGTH (hears),
	.settles = &mail_action_settled_record,
	.route = mailer_route,
	.body_limit = 40 << 20,
};

int main (int argc, char **argv)
{
	return service_main (&mailer, argc, argv);
}
