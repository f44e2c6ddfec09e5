/* The demo: what stands in it, that it is the same every time, and that nothing of it is left when it goes. Every table of every schema is looked
 * through: one that is not known here fails. It must never pass by looking at a table in which the demo had nothing. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "story.h"

/* ---- what stands in it ---- */

static const char demo_is[] = "(select workspace_id from gateway.workspace where demo and not home)";

static void demo_counted (struct stack *s)
{
	then_number (s, 6, "demo workspaces", "select count(*) from gateway.workspace where demo and not home");
	then_number (s, 5, "presets", "select count(distinct preset) from gateway.workspace where demo and not home");
	then_text (
		s, "", "workspaces with fewer than 60 deals",
		"select string_agg(slug, ' ') from gateway.workspace w where demo and not home and (select count(*) from pipeline.deal d where "
		"d.workspace_id = w.workspace_id) < 60");
	then_text (
		s, "", "workspaces with fewer than 80 contacts",
		"select string_agg(slug, ' ') from gateway.workspace w where demo and not home and (select count(*) from contacts.contact c where "
		"c.workspace_id = w.workspace_id) < 80");
	then_text (
		s, "", "stages without a deal",
		"select string_agg(g.key, ' ') from pipeline.stage g where g.workspace_id in %s and not exists (select from pipeline.deal d where "
		"(d.workspace_id, d.stage_id) = (g.workspace_id, g.id))",
		demo_is);
	then_text (
		s, "", "workspaces that began less than eleven weeks ago, or where nothing came for two days",
		"select string_agg(t.w::text, ' ') from (select d.workspace_id as w, min(d.created_at) as first, max(d.created_at) as last from "
		"pipeline.deal d where d.workspace_id in %s group by 1) t where t.first > now() - interval '77 days' or t.last < now() - interval '2 days'",
		demo_is);
	then_number (s, 0, "deals that moved before they were made, or in the future",
		     "select count(*) from pipeline.deal where workspace_id in %s and (stage_since < created_at or stage_since > now())",
		     demo_is);
	then_number (s, 18, "statuses of leads, three in each workspace",
		     "select count(*) from (select distinct workspace_id, status from lead_intake.lead where workspace_id in %s) t",
		     demo_is);
	then_number (s, 18, "owners of deals, three in each workspace",
		     "select count(*) from (select distinct workspace_id, owner_id from pipeline.deal where workspace_id in %s) t",
		     demo_is);
	then_number (
		s, 0, "deals in another currency than the workspace's",
		"select count(*) from pipeline.deal d join gateway.workspace w using (workspace_id) where w.demo and d.value_currency <> w.currency and w.slug <> 'harbor-pine'");
	then_number (
		s, 1, "currencies beside it in the one that has two, each with its rates",
		"select count(distinct (d.workspace_id, d.value_currency)) from pipeline.deal d join pipeline.workspace p using (workspace_id) join gateway.workspace w using (workspace_id) where w.demo and "
		"d.value_currency <> pipeline.base_of(p) and (select count(*) from pipeline.rate r where r.workspace_id = d.workspace_id and r.currency = "
		"d.value_currency) = 3");
	then_number (
		s, 0, "lost deals that do not say why",
		"select count(*) from pipeline.deal d join pipeline.stage g on (g.workspace_id, g.id) = (d.workspace_id, d.stage_id) join "
		"pipeline.pipeline p on (p.workspace_id, p.id) = (g.workspace_id, g.pipeline_id) where d.workspace_id in %s and g.kind = 'lost' and "
		"p.kind = 'sales' and d.loss_reason is null",
		demo_is);
	then_text (
		s,
		"bakkerij-jansen garage-smit | Bedrijven met mensen,Groot en open,Hoofdkantoor,Inloggen lukt niet,Loopt, maar stil,Magazijn,Mensen met iets lopends",
		"what speaks Dutch, where it is spoken and nowhere else",
		"select string_agg(distinct w.slug, ' ' order by w.slug) || ' | ' || string_agg(distinct x.t, ',' order by x.t) from (select workspace_id, name as t "
		"from contacts.segment union all select workspace_id, name from contacts.location union all select workspace_id, title from contacts.linked) x "
		"join gateway.workspace w using (workspace_id) where w.demo and x.t ~ '^(Bedrijven|Groot|Hoofd|Inloggen|Loopt|Magazijn|Mensen)'");
	then_number (
		s, 0, "English words where Dutch is spoken",
		"select count(*) from (select workspace_id, name as t from contacts.segment union all select workspace_id, name from contacts.location union "
		"all select workspace_id, title from contacts.linked) x join gateway.workspace w using (workspace_id) where w.demo and w.preset like "
		"'nl-%%' and x.t ~ '^(Order|Login|Points|Head|Warehouse|Open but|Companies)'");
	then_text (
		s, "bounced cancelled clicked complained delivered opened queued sent received",
		"workspaces whose mail says all that can be said, each state once",
		"select string_agg(t.state, ' ' order by t.state = 'received', t.state) from (select m.state from mailer.message m where m.workspace_id in %s group by "
		"m.state having count(distinct m.workspace_id) = 6) t",
		demo_is);
	then_text (
		s, "",
		"workspaces with fewer than 30 mails, no file of one, nothing that waits in the inbox, or a mail that was offered to a server",
		"select string_agg(slug, ' ') from gateway.workspace w where demo and not home and ((select count(*) from mailer.message m where m.workspace_id = "
		"w.workspace_id) < 30 or not exists (select from mailer.attachment f where f.workspace_id = w.workspace_id) or not exists (select from mailer.inbound i "
		"where i.workspace_id = w.workspace_id and i.state = 'suggested') or exists (select from mailer.try t where t.workspace_id = w.workspace_id))");
	then_number (
		s, 2, "workspaces whose mail is Dutch",
		"select count(distinct workspace_id) from mailer.message where workspace_id in %s and body_text like '%%Met vriendelijke groet%%'",
		demo_is);
	then_number (
		s, 6, "workspaces with notes, a file and deals made by hand",
		"select count(*) from gateway.workspace w where demo and not home and exists (select from pipeline.deal d where d.workspace_id = "
		"w.workspace_id and d.notes is not null) and exists (select from lead_intake.file f where f.workspace_id = w.workspace_id) and exists "
		"(select from pipeline.deal d join pipeline.deal_contact c on (c.workspace_id, c.deal_id) = (d.workspace_id, d.id) where d.workspace_id "
		"= w.workspace_id and d.lead_id is null)");
}

/* What it does by itself: two rules of its own, in its people's language, that did nothing about what was before them; an address that is switched off. */
static void rules_counted (struct stack *s)
{
	then_text (
		s, "Call after a quote, Every request is answered | Elke aanvraag krijgt antwoord, Offertes nabellen",
		"rules of their own, on in four workspaces and in two",
		"select string_agg(t.names, ' | ' order by t.names) from (select distinct string_agg(r.name, ', ' order by r.name) as names from automation.rule r join "
		"gateway.workspace w using (workspace_id) where w.demo and not w.home and r.preset is null and r.enabled group by r.workspace_id) t");
	then_number (
		s, 0, "what these did about what was before them",
		"select count(*) from automation.firing f join automation.rule r using (workspace_id, rule_id) where r.workspace_id in %s and r.preset is null",
		demo_is);
	then_number (s, 6, "addresses that are told nothing",
		     "select count(*) from automation.hook_endpoint where workspace_id in %s and state = 'off'", demo_is);
	then_number (s, 0, "messages to these", "select count(*) from automation.hook_delivery where workspace_id in %s", demo_is);
}

/* The money of it: every state that a document can have, over months, in both languages; what the bank says, what is made again, what was ordered. */
static void money_counted (struct stack *s)
{
	UNTIL (20000,
	       !sql_number (
		       s,
		       "select count(*) from billing.document where due < now()::date - 1 and ((kind = 'quote' and state = 'sent') or (kind = 'invoice' and "
		       "overdue_at is null and state in ('sent', 'partly_paid')))"),
	       "billing's clock has not looked");
	UNTIL (60000, !sql_number (s, "select count(*) from billing.render where state = 'wanted'"), "not all documents are drawn");
	then_text (
		s, "", "workspaces that are nobody on paper, sell less than eight things, or have fewer than 25 documents",
		"select string_agg(w.slug, ' ') from gateway.workspace w where demo and not home and (not exists (select from billing.company c where c.workspace_id = "
		"w.workspace_id and c.iban is not null and c.vat_id is not null and c.kvk is not null and c.logo is not null and c.terms_nl is not null and c.terms_en is "
		"not null) or (select count(*) from billing.catalog_item i where i.workspace_id = w.workspace_id and i.name_nl is not null and i.name_en is not null) <> 8 "
		"or (select count(*) from billing.document d where d.workspace_id = w.workspace_id) < 25)");
	then_text (
		s,
		"credit_note sent, invoice cancelled, invoice draft, invoice paid, invoice partly_paid, invoice sent, quote accepted, quote cancelled, quote declined, quote "
		"draft, quote expired, quote sent",
		"what documents are in those two that tell all of it",
		"select string_agg(t, ', ' order by t) from (select d.kind || ' ' || d.state from billing.document d join gateway.workspace w using (workspace_id) where w.slug "
		"in ('bakkerij-jansen', 'kestrel-it') group by d.kind, d.state having count(distinct w.slug) = 2) x (t)");
	then_text (
		s, "",
		"workspaces where nothing is overdue, was seen by a customer, was reminded of, is made again or was ordered, or that have another than the two languages need",
		"select string_agg(w.slug, ' ') from gateway.workspace w where demo and not home and (not exists (select from billing.document d where d.workspace_id = "
		"w.workspace_id and billing.is_overdue(d)) or not exists (select from billing.document d where d.workspace_id = w.workspace_id and d.viewed_at is not null) or "
		"(select count(*) from billing.document d where d.workspace_id = w.workspace_id and d.reminded > 0) <> 2 or (select count(*) from billing.recurrence r where "
		"r.workspace_id = w.workspace_id) <> 2 or not exists (select from billing.sales_order o where o.workspace_id = w.workspace_id and o.seq = 1001) or (select count(distinct "
		"state) from billing.statement_line l where l.workspace_id = w.workspace_id and l.state in ('matched', 'doubtful', 'unmatched')) <> 3)");
	then_text (
		s, "bakkerij-jansen garage-smit tulip-co", "workspaces whose documents are in both languages",
		"select string_agg(slug, ' ' order by slug) from gateway.workspace w where demo and (select count(distinct language) from billing.document d where "
		"d.workspace_id = w.workspace_id) = 2");
	then_number (
		s, 0,
		"numbers that are of an earlier day than the one before them, or of days to come, or invoices that were called overdue and then paid",
		"select count(*) from (select d.*, lag(d.issued) over (partition by workspace_id, kind, series_year order by series_seq) as before from billing.document d "
		"where workspace_id in %s and number is not null and issued is not null) d where (kind <> 'quote' and issued < before) or issued > (now() + interval '1 day')::date or "
		"created_at > now() or (state = 'paid' and overdue_at is not null)",
		demo_is);
	then_number (
		s, 4, "months in which the bakery sent invoices, at least",
		"select least(count(distinct date_trunc('month', issued)), 4) from billing.document d join gateway.workspace w using (workspace_id) where w.slug = "
		"'bakkerij-jansen' and d.kind = 'invoice'");
	then_number (
		s, 0, "accepted quotes of deals that are worth something else",
		"select count(*) from billing.document q join pipeline.deal d on (d.workspace_id, d.id) = (q.workspace_id, q.deal_id) where q.workspace_id in %s and q.kind "
		"= 'quote' and q.state = 'accepted' and (q.net, q.currency) is distinct from (d.value, d.value_currency::text)",
		demo_is);
}

/* Who, what, how much, where and on which day, without ids. */
static char *demo_sum (struct stack *s)
{
	return sql_text (
		s,
		"select md5(string_agg(t, ';' order by t)) from (select concat_ws('|', w.slug, d.title, d.value, d.value_currency, d.notes, d.close_date, g.key, "
		"d.created_at::date, u.name, d.company) from pipeline.deal d join gateway.workspace w using (workspace_id) join pipeline.stage g on "
		"(g.workspace_id, g.id) = (d.workspace_id, d.stage_id) left join gateway.user u on u.id = d.owner_id where w.demo union all select "
		"concat_ws('|', w.slug, c.name, c.email, c.phone, c.company, c.created_at::date) from contacts.contact c join gateway.workspace w using "
		"(workspace_id) where w.demo union all select concat_ws('|', w.slug, l.name, l.status, l.message, l.source) from lead_intake.lead l join "
		"gateway.workspace w using (workspace_id) where w.demo union all select concat_ws('|', w.slug, m.direction, m.subject, m.body_text, m.state, "
		"m.created_at::date) from mailer.message m join gateway.workspace w using (workspace_id) where w.demo union all select concat_ws('|', w.slug, d.kind, "
		"d.number, d.state, d.issued, d.due, d.payable, d.currency, d.received, d.credited, d.title, d.buyer, d.lines::text ~ 'optional', d.language) from billing.document d join "
		"gateway.workspace w using (workspace_id) where w.demo union all select concat_ws('|', w.slug, l.day, l.amount, l.text, l.state, l.why) from billing.statement_line l "
		"join gateway.workspace w using (workspace_id) where w.demo) x (t)");
}

/* ---- what is left of it ---- */

static const char *const schemas[] = { "gateway", "lead_intake", "contacts", "pipeline", "mailer", "billing", "automation" };

/* Of nobody in particular: lanes, cursors, processes, migrations. `gone` keeps the ids of what was taken away, and nothing else. `telling`: what an update has yet to say, gone in a moment. */
static const char nobodys[] = " lane lane_epoch cursor attempt migration program gone segment_mark telling projection ";

/* Of an agency that stays: its audit never loses a line, answers are kept for a week, and both name who was added to it, by the id alone. */
static const char people_stay[] = " audit reply event ";

/* A mail with everything that hangs on one. */
static void mails_put (struct stack *s, const char *w)
{
	sql_do (s,
		"insert into mailer.account (workspace_id, id, version, created_at, kind, name, from_email, tls, is_default, tracking, state) values "
		"('%1$s', '%1$s', 1, now(), 'smtp', 'x', 'x@x.test', 'none', true, false, 'unchecked'); "
		"insert into mailer.thread (workspace_id, id, created_at, last_at, subject) values ('%1$s', '%1$s', now(), now(), 'x'); "
		"insert into mailer.message (workspace_id, id, direction, created_at, version, thread_id, subject, message_id, transactional, auto, send_at, "
		"size, state) values ('%1$s', '%1$s', 'out', now(), 1, '%1$s', 'x', 'x', false, false, now(), 1, 'cancelled'); "
		"insert into mailer.recipient (workspace_id, message_id, n, account_id, kind, email, state, state_at, attempts, repeated, next_at) values "
		"('%1$s', '%1$s', 1, '%1$s', 'to', 'x@x.test', 'cancelled', now(), 0, false, now()); "
		"insert into mailer.try (workspace_id, message_id, n, attempt, account_id, owner, began_at, lease_until, settled) values "
		"('%1$s', '%1$s', 1, 1, '%1$s', 'x', now(), now(), true); "
		"insert into mailer.provider_event (workspace_id, event_id, account_id, kind, at, received_at, raw) values "
		"('%1$s', 'x', '%1$s', 'open', now(), now(), '{}'); "
		"insert into lead_intake.booking (workspace_id, external, activity_id, told, version) values ('%1$s', 'x', '%1$s', true, 1); "
		"insert into contacts.booking_heard (workspace_id, activity_id, version) values ('%1$s', '%1$s', 1); "
		"insert into mailer.suppression (workspace_id, email, reason, at) values ('%1$s', 'x@x.test', 'bounced', now()); "
		"insert into mailer.attachment (workspace_id, message_id, n, name, type, size, sha256) values ('%1$s', '%1$s', 1, 'x', 'x', 1, 'x'); "
		"insert into mailer.inbound (workspace_id, id, received_at, sha256, type, size, state, attempts, trusted) values "
		"('%1$s', '%1$s', now(), 'x', 'x', 1, 'matched', 0, false); "
		"insert into mailer.oauth (workspace_id, account_id, provider, client_id, state, told, fails, next_at, attempt) select workspace_id, id, 'other', 'x', "
		"'none', 'none', 0, 'infinity', 0 from mailer.account where workspace_id = '%1$s'; "
		"insert into mailer.letter (workspace_id, id, user_id, kind, notice_id, about, record_id, title, count, at, due_at, state) values ('%1$s', '%1$s', '%1$s', "
		"'lead', '%1$s', 'lead', '%1$s', 'x', 1, now(), 'infinity', 'seen'); "
		"insert into mailer.mailbox (workspace_id, account_id, host, port, tls, login, sealed, folder, since, last_uid, state, told, fails, next_at, "
		"attempt) values ('%1$s', '%1$s', 'x', 993, 'tls', 'x', 'x', 'x', now(), 0, 'unchecked', 'unchecked', 0, now() + interval '1 day', 0); "
		"insert into mailer.dns_check (workspace_id, account_id, asked_at, state, records, attempt) values "
		"('%1$s', '%1$s', now(), 'unknown', '[]', 0); "
		"insert into mailer.canary (workspace_id, account_id, id, token, address, message_id, began_at, state, told, attempt, next_at, refused) values "
		"('%1$s', '%1$s', '%1$s', '%1$s', 'x@x.test', 'x', now(), 'back', 'back', 1, now(), false); "
		"insert into mailer.forgotten (workspace_id, account_id, digest, at) values ('%1$s', '%1$s', 'x', now()); "
		"insert into mailer.push_subscription (workspace_id, id, user_id, session_id, endpoint, p256dh, auth, words, created_at, seen_at, until, fails, "
		"next_at, attempt) values ('%1$s', '%1$s', '%1$s', '%1$s', 'x', 'x', 'x', '{}', now(), now(), 'infinity', 0, 'infinity', 0); "
		"insert into mailer.push (workspace_id, id, subscription_id, kind, about, record_id, tag, at) values "
		"('%1$s', '%1$s', '%1$s', 'lead', 'lead', '%1$s', '%1$s', now())",
		w);
}

/* A quote, an invoice and a payment with everything that hangs on them. */
static void money_put (struct stack *s, const char *w)
{
	sql_do (s,
		"insert into mailer.document (workspace_id, id, kind, number, total, open, currency, state, sent_at) values ('%1$s', '%1$s', 'quote', 'x', 1, 1, 'EUR', "
		"'sent', now()); "
		"insert into billing.account (workspace_id, id, name) values ('%1$s', '%1$s', 'x') on conflict do nothing; "
		"insert into billing.catalog_item (workspace_id, id, version, unit, prices, created_at) values ('%1$s', '%1$s', 1, 'piece', '[]', now()); "
		"insert into billing.counter (workspace_id, kind, year, last) values ('%1$s', 'quote', 1, 1); "
		"insert into billing.document (workspace_id, id, kind, state, version, language, currency, mode, created_at, finalised_at, number) values "
		"('%1$s', '%1$s', 'invoice', 'sent', 1, 'nl', 'EUR', 'net', now(), now(), 'X-1'); "
		"insert into billing.render (workspace_id, document_id, version, state, wanted_at) values ('%1$s', '%1$s', 1, 'made', now()); "
		"insert into billing.mail_want (workspace_id, id, document_id, version, why, recipients, subject, body, ubl, at) values "
		"('%1$s', '%1$s', '%1$s', 9, 'sent', '[]', 'x', 'x', false, now()); "
		"insert into billing.payment (workspace_id, id, document_id, amount, currency, day, method, created_at) values "
		"('%1$s', '%1$s', '%1$s', 1, 'EUR', now(), 'manual', now()); "
		"insert into billing.statement (workspace_id, id, name, sha256, format, lines, matched, doubtful, unmatched, repeated, created_at) values "
		"('%1$s', '%1$s', 'x', 'x', 'camt053', 1, 0, 0, 1, 0, now()); "
		"insert into billing.statement_line (workspace_id, id, statement_id, n, hash, day, amount, currency, text, state) values "
		"('%1$s', '%1$s', '%1$s', 1, 'x', now(), 1, 'EUR', 'x', 'unmatched'); "
		"insert into billing.pay_provider (workspace_id, id, kind, name, hook_hash, active, state, created_at) values "
		"('%1$s', '%1$s', 'mollie', 'x', 'x%1$s', false, 'unchecked', now()); "
		"insert into billing.pay_attempt (workspace_id, id, document_id, pay_provider_id, amount, currency, state, created_at) values "
		"('%1$s', '%1$s', '%1$s', '%1$s', 1, 'EUR', 'failed', now()); "
		"insert into billing.hook_event (workspace_id, id, pay_provider_id, received_at, event_key, body, good, state) values "
		"('%1$s', '%1$s', '%1$s', now(), 'x', '', true, 'done'); "
		"insert into billing.recurrence (workspace_id, id, document_id, name, every, send, day, created_at) values "
		"('%1$s', '%1$s', '%1$s', 'x', 'month', false, 1, now()); "
		"insert into billing.sales_order (workspace_id, id, seq, state, title, created_at) values ('%1$s', '%1$s', 1, 'open', 'x', now())",
		w);
}

/* What was decided about an event, what a rule does about it, what somebody who changed a rule was answered, and what was sent elsewhere. */
static void decisions_put (struct stack *s, const char *w)
{
	sql_do (s,
		"insert into automation.rule_set (workspace_id, rule_set_id, event_type, versions) values ('%1$s', '%1$s', 'x', '{}'); "
		"insert into automation.reply (workspace_id, actor, id, hash, lane, sequence) values ('%1$s', '%1$s', '%1$s', 0, 0, 1); "
		"insert into automation.decision (workspace_id, decision_id, event_type, at, decided_at, depth, rule_set_id, failed, facts, took_us, matched) values "
		"('%1$s', '%1$s', 'x', now(), now(), 0, '%1$s', '', '{}', 1, 1); "
		"insert into automation.undecided (workspace_id, decision_id, event_type, at, recorded, depth, facts, due_at) values "
		"('%1$s', '%1$s', 'x', now(), now(), 0, '{}', 'infinity'); "
		"insert into automation.firing (workspace_id, firing_id, decision_id, rule_id, rule_version_id, state, step, steps, at, ended_at) values "
		"('%1$s', '%1$s', '%1$s', '%1$s', '%1$s', 'done', 1, '[]', now(), now()); "
		"insert into automation.hook_delivery (workspace_id, id, endpoint_id, event_id, event_type, at, body, state, next_at, ended_at) values "
		"('%1$s', '%1$s', '%1$s', '%1$s', 'x', now(), '{}', 'delivered', now(), now()); "
		"insert into automation.hook_try (workspace_id, delivery_id, n, at, http, took_ms) values ('%1$s', '%1$s', 1, now(), 204, 1)",
		w);
}

/* Services without pages of search and without numbers of the bus's: nobody searches mails, documents and rules by pages; billing's numbers are series of their own. */
static bool is_plain (const char *schema)
{
	return !strcmp (schema, "mailer") || !strcmp (schema, "billing") || !strcmp (schema, "automation");
}

/* What a demo has no row in by itself: one is put there, so that something is tried. */
static void rows_put (struct stack *s, const char *w, const char *home, const char *user)
{
	sql_do (s, "insert into pipeline.waiting_lead (workspace_id, lead_id, title, files) values ('%s', gen_random_uuid(), 'x', 0)", w);
	sql_do (s, "insert into contacts.erasure_job (workspace_id, id, asked_at) values ('%s', gen_random_uuid(), now())", w);
	for (size_t i = 0; i < LENGTH (schemas); i++) {
		sql_do (s, "insert into %s.erasure (workspace_id, id, lane, ids, words) values ('%s', gen_random_uuid(), 0, '{}', '{x}')",
			schemas[i], w);
		sql_do (s, "insert into %s.asked (workspace_id, action_id, number, version) values ('%s', gen_random_uuid(), 0, 0)",
			schemas[i], w);
	}
	for (size_t i = 1; i < LENGTH (schemas); i++) {
		sql_do (s,
			"insert into %s.parked (lane, source, sequence, key, key2, workspace_id, type, event, state, tries, error, next_at) values "
			"((select lane from %s.lane limit 1), 'gateway', 1, 1, 0, '%s', 'x', '', 'poison', 9, 'x', now())",
			schemas[i], schemas[i], w);
		if (is_plain (schemas[i]))
			continue;
		sql_do (s, "insert into %s.search_page (workspace_id, last, n, ids, words) values ('%s', gen_random_uuid(), 1, '{}', 'x')",
			schemas[i], w);
		sql_do (s, "insert into %s.search_block (workspace_id, last, ids) values ('%s', gen_random_uuid(), '{}')", schemas[i], w);
		sql_do (s,
			"insert into %s.search_gram (workspace_id, bucket, last, bits) values ('%s', 1, gen_random_uuid(), repeat('0', 2048)::bit(2048))",
			schemas[i], w);
	}
	mails_put (s, w);
	money_put (s, w);
	decisions_put (s, w);
	sql_do (s,
		"insert into contacts.timeline_shadow (workspace_id, subject_id, event_id, at, type) values ('%s', gen_random_uuid(), gen_random_uuid(), now(), 'x')",
		w);
	sql_do (s,
		"insert into contacts.attachment (workspace_id, id, about, record_id, name, type, size, sha256, created_at) values ('%s', gen_random_uuid(), 'contact', gen_random_uuid(), 'x', 'x', 1, 'x', now())",
		w);
	sql_do (s,
		"insert into contacts.account_external (workspace_id, account_id, system, external_id) values ('%s', gen_random_uuid(), 'x', 'x')",
		w);
	sql_do (s,
		"insert into contacts.import (workspace_id, id, profile, state, scope, permissions, sha256, bytes, delimiter, legacy, begins, records, header, "
		"sample, mapping, created_at, touched_at, finished_at) values ('%s', '%s', 'contacts', 'done', 0, 0, 'x', 1, ',', false, 0, 1, true, '[]', '[]', now(), now(), now())",
		w, w);
	sql_do (s, "insert into contacts.import_line (workspace_id, import_id, n, verdict, data) values ('%s', '%s', 2, 'ready', '{}')", w,
		w);
	sql_do (s, "insert into contacts.import_done (workspace_id, import_id, n, did) values ('%s', '%s', 2, 'created')", w, w);
	sql_do (s,
		"insert into contacts.import_file (workspace_id, import_id, id, sha256, bytes, delimiter, legacy, begins, records, header, sample, mapping, "
		"finished_at) values ('%s', '%s', '%s', 'x', 1, ',', false, 0, 1, true, '[]', '[]', now())",
		w, w, w);
	sql_do (s, "insert into contacts.moved_name (workspace_id, import_id, kind, name) values ('%s', '%s', 'stage', 'x')", w, w);
	sql_do (s,
		"insert into contacts.imported (workspace_id, system, kind, external_id, record_id) values ('%s', 'x', 'deals', 'x', gen_random_uuid())",
		w);
	sql_do (s, "insert into gateway.team (workspace_id, id, name) values ('%s', gen_random_uuid(), 'x')", w);
	sql_do (s,
		"insert into gateway.invite (workspace_id, user_id, token_hash, created_at, expires_at) values ('%s', '%s', 'x', now(), now())",
		home, user);
	sql_do (s,
		"insert into gateway.reset (workspace_id, user_id, token_hash, created_at, expires_at) values ('%s', '%s', 'x', now(), now())",
		home, user);
	sql_do (s, "insert into gateway.totp (workspace_id, user_id, sealed, last_step, recovery) values ('%s', '%s', 'x', 0, '[]')", home,
		user);
	for (int at_home = 0; at_home < 2; at_home++)
		sql_do (s,
			"insert into gateway.preference (workspace_id, user_id, place, content, version, changed_at) values ('%s', '%s', 'x', '{}', 1, now())",
			at_home ? home : w, user);
	sql_do (s,
		"insert into gateway.view (workspace_id, id, owner_id, place, name, shared, content, version, created_at) values ('%s', gen_random_uuid(), '%s', "
		"'x', 'x', true, '{}', 1, now())",
		w, user);
	sql_do (s,
		"insert into gateway.calendar_link (workspace_id, user_id, id, token_hash, created_at) values ('%s', '%s', gen_random_uuid(), 'x', now())",
		home, user);
	sql_do (s,
		"insert into contacts.contact_reach (workspace_id, contact_id, kind, value) values ('%s', gen_random_uuid(), 'email', 'x')",
		w);
	sql_do (s,
		"insert into contacts.merge (workspace_id, id, kind, survivor_id, loser_id, at, survivor, loser, merged) values ('%s', gen_random_uuid(), 'contact', gen_random_uuid(), gen_random_uuid(), now(), '{}', '{}', '{}')",
		w);
	sql_do (s, "insert into contacts.merge_part (workspace_id, merge_id, place) values ('%s', gen_random_uuid(), 'x')", w);
	sql_do (s,
		"insert into contacts.not_duplicate (workspace_id, a, b, at) values ('%s', '00000000-0000-0000-0000-000000000001', gen_random_uuid(), now())",
		w);
	sql_do (s, "insert into pipeline.merge_move (workspace_id, merge_id, place, ids) values ('%s', gen_random_uuid(), 'x', '{}')", w);
	sql_do (s,
		"insert into contacts.batch_change (workspace_id, batch_id, record_id, field, about) values ('%s', gen_random_uuid(), gen_random_uuid(), 'x', 'contact')",
		w);
	sql_do (s,
		"insert into contacts.custom_field (workspace_id, id, about, kind, key, label, needed, retired, position) values ('%s', gen_random_uuid(), 'contact', 'text', 'x', '{}', false, false, 1)",
		w);
	for (int id = 1; id <= 2; id++) { /* two who look alike, as somebody's look would have found */
		sql_do (s,
			"insert into contacts.alike_key (workspace_id, key, id) values ('%s', 1, '00000000-0000-0000-0000-00000000000%d')",
			w, id);
		sql_do (s, "insert into contacts.alike_mark (workspace_id, id) values ('%s', '00000000-0000-0000-0000-00000000000%d')", w,
			id);
	}
	sql_do (s,
		"insert into contacts.alike (workspace_id, kind, doubt, a, b, reasons) values ('%s', 'contact', 5, '00000000-0000-0000-0000-000000000001', "
		"'00000000-0000-0000-0000-000000000002', '{name}')",
		w);
	sql_do (s, "insert into billing.merge_move (workspace_id, merge_id, place, ids) values ('%s', gen_random_uuid(), 'document', '{}')",
		w);
	sql_do (s, "insert into contacts.deal_away (workspace_id, deal_id, since) values ('%s', gen_random_uuid(), now())", w);
	sql_do (s, "insert into gateway.setup (workspace_id, code_hash, expires_at, wrong) values ('%s', 'x', now(), 0)", home);
}

/* Rows in which one of these ids stands, as text or as bytes; of frames only those that were written while the demo was there. */
static int64_t rows_naming (struct stack *s, const char *schema, const char *table, const char *ids, bool after)
{
	char frames[300] = "";
	if (after && !strcmp (table, "event"))
		snprintf (frames, sizeof frames,
			  " and t.first_seq <= coalesce((select g.upto from %s.gone g where g.workspace_id::text = i.id), 9e18::bigint)",
			  schema);
	return sql_number (
		s,
		"select count(*) from %s.%s t where exists (select from unnest('{%s}'::text[]) as i (id) where (strpos(t::text, i.id) > 0 or "
		"strpos(t::text, replace(i.id, '-', '')) > 0)%s)",
		schema, table, ids, frames);
}

static char *tables_of (struct stack *s, const char *schema)
{
	return sql_text (
		s,
		"select string_agg(table_name, ' ' order by table_name) from information_schema.tables where table_schema = '%s' and table_type = "
		"'BASE TABLE'",
		schema);
}

/* Before: each table has something of the demo. After: none has. `ids`: of workspaces and homes, with commas between them. */
static void tables_tried (struct stack *s, const char *ids, const char *people, bool after)
{
	char all[8000];
	snprintf (all, sizeof all, "%s,%s", ids, people);
	for (size_t i = 0; i < LENGTH (schemas); i++) {
		char *list = tables_of (s, schemas[i]), *rest;
		CHECK (*list, "%s has no tables", schemas[i]);
		for (char *table = strtok_r (list, " ", &rest); table; table = strtok_r (NULL, " ", &rest)) {
			char word[80];
			snprintf (word, sizeof word, " %s ", table);
			bool gateway_parks = !strcmp (schemas[i], "gateway") && !strcmp (table, "parked"); /* it hears nobody */
			bool numberless = !strcmp (schemas[i], "gateway") && !strcmp (table, "number_block");
			bool quiet = is_plain (schemas[i]) && !strcmp (table, "number_block");
			if (strstr (nobodys, word) || gateway_parks || numberless || quiet)
				continue;
			int64_t n = rows_naming (s, schemas[i], table, strstr (people_stay, word) ? ids : all, after);
			CHECK (after || n > 0, "%s.%s has nothing of the demo: put something there, or say here why not", schemas[i],
			       table);
			CHECK (!after || !n, "%s.%s has %lld rows that name the demo", schemas[i], table, (long long) n);
		}
		free (list);
	}
}

static void frames_erased (struct stack *s)
{
	for (size_t i = 0; i < LENGTH (schemas); i++)
		UNTIL (20000, !sql_number (s, "select count(*) from %s.gone where erased < upto", schemas[i]),
		       "the frames of %s are not erased", schemas[i]);
}

static char *sum_of (struct stack *s, const char *workspace)
{
	return sql_text (
		s,
		"select md5(string_agg(t, ';' order by t)) from (select d::text from pipeline.deal d where workspace_id = '%s' union all select l::text "
		"from lead_intake.lead l where workspace_id = '%s' union all select c::text from contacts.contact c where workspace_id = '%s' union all "
		"select m::text from gateway.member m where workspace_id = '%s' union all select t::text from contacts.timeline t where workspace_id = "
		"'%s') x (t)",
		workspace, workspace, workspace, workspace, workspace);
}

static bool stands (const struct stack *s, const char *ids)
{
	char path[400], copy[8000], *rest;
	snprintf (copy, sizeof copy, "%s", ids);
	for (char *id = strtok_r (copy, ",", &rest); id; id = strtok_r (NULL, ",", &rest)) {
		snprintf (path, sizeof path, "%s/files/%s", s->var, id);
		if (!access (path, F_OK))
			return true;
	}
	return false;
}

static void doctor_green (struct stack *s)
{
	int code;
	char *text = ctl_text (s, &code, "doctor");
	CHECK (code == 0 || strstr (text, "build_old"), "doctor: %d %s", code, text); /* somebody may be building meanwhile */
	free (text);
}

static struct web_answer log_in (struct stack *s, const char *email, const char *password)
{
	char body[400], origin[100];
	snprintf (body, sizeof body, "{\"email\":\"%s\",\"password\":\"%s\"}", email, password);
	snprintf (origin, sizeof origin, "Origin: %s", s->api);
	return web_ask (s,
			&(struct web_request){
				.method = "POST", .url = "/api/login", .body = body, .header = { origin, "Sec-Fetch-Site: same-origin" } });
}

/* The ids that are about to go, with commas between them. */
struct ids {
	char *places, *people; /* workspaces and homes; who belongs to them */
};

static struct ids ids_of (struct stack *s)
{
	return (struct ids){
		.places = sql_text (
			s,
			"select string_agg(x.id::text, ',') from (select workspace_id from gateway.workspace where demo and not home union "
			"select workspace_id from gateway.agency where demo) x (id)"),
		.people = sql_text (s,
				    "select string_agg(distinct m.user_id::text, ',') from gateway.member m join gateway.workspace w using "
				    "(workspace_id) where w.demo"),
	};
}

static void nothing_left (struct stack *s, const struct ids *ids)
{
	settle (s);
	frames_erased (s);
	tables_tried (s, ids->places, ids->people, true);
	CHECK (!stands (s, ids->places), "files of the demo are left");
	then_number (s, 0, "ways in of the demo", "select count(*) from lead_intake.source where demo");
	doctor_green (s);
}

/* One row of whatever the demo has none of by itself, in one of its workspaces. */
static void rows_put_in (struct stack *s, const char *slug)
{
	char *one = sql_text (s, "select workspace_id from gateway.workspace where slug = '%s'", slug),
	     *home = sql_text (s, "select agency_id from gateway.workspace where slug = '%s'", slug),
	     *user = sql_text (s, "select user_id from gateway.member where workspace_id = '%s' limit 1", one);
	rows_put (s, one, home, user);
	free (one);
	free (home);
	free (user);
}

/* Whom the banner's button is for, and what it asks before. */
static void asked_before (struct stack *s, const struct user *admin, const struct user *owner)
{
	struct web_answer a = when_user_asks (s, admin, "GET", "/api/demo", NULL);
	CHECK (json_array_size (json_at (a.json, "data")) == 6 && number_at (a.json, "users") > 17, "what there is of the demo: %s",
	       a.body);
	web_free (&a);
	a = when_user_asks (s, owner, "DELETE", "/api/demo?confirm=yes", NULL);
	then_status (&a, 403);
	a = when_user_asks (s, admin, "DELETE", "/api/demo", NULL);
	then_problem (&a, 422, "invalid");
}

static void ended_by_click (struct stack *s, const struct user *admin)
{
	struct stream *live = stream_open_as (s, NULL, admin->cookie, NULL);
	struct web_answer a = when_user_asks (s, admin, "DELETE", "/api/demo?confirm=yes", NULL);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == 6, "the demo's end: %d %s", a.status, a.body);
	web_free (&a);
	UNTIL (5000, stream_ended (live), "a live page is not told that the demo is gone");
	stream_close (&live);
	a = when_user_asks (s, admin, "DELETE", "/api/demo?confirm=yes", NULL);
	then_status (&a, 204);
	then_number (s, 1, "lines of the audit that say who did it",
		     "select count(*) from gateway.audit where what = 'demo_remove' and actor = '%s'", admin->id);
}

static void doors_shut (struct stack *s, json_t *logins)
{
	struct web_answer a = log_in (s, text_at (logins, "data.0.email"), text_at (logins, "data.0.password"));
	then_problem (&a, 401, "login_failed");
	a = when_posted (s, text_at (logins, "data.0.hook"), "{\"name\":\"Te laat\",\"email\":\"laat@laat.nl\"}");
	CHECK (a.status == 404, "a hook of the demo still answers %d", a.status);
	web_free (&a);
}

/* An agency in which all was demo is empty; its admin makes the first workspace. Its hook goes to `ret_hook`. */
static struct uuid begun_anew (struct stack *s, const struct user *admin, char ret_hook[300])
{
	struct web_answer a = when_user_asks (s, admin, "GET", "/api/me", NULL);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "workspaces")) == 0, "an empty agency: %d %s", a.status, a.body);
	web_free (&a);
	a = when_user_asks (s, admin, "GET", "/api/crm/pipeline", NULL);
	then_status (&a, 200);
	a = when_user_asks (s, admin, "POST", "/api/workspaces", "{\"name\":\"Echt werk\",\"preset\":\"nl-offerte-6\"}");
	CHECK (a.status == 201, "a first workspace: %d %s", a.status, a.body);
	struct uuid real = uuid_at (a.json, "id");
	snprintf (ret_hook, 300, "%s", text_at (a.json, "hook"));
	web_free (&a);
	return real;
}

static void real_ones_stay (struct stack *s, struct uuid real)
{
	char state[6];
	struct workspace_remove remove = { .head.workspace = real, .workspace_id = { real }, .has.workspace_id = HERE };
	remove.head.grant.scope = SCOPE_ALL;
	remove.head.grant.permissions = UINT64_MAX;
	struct pending *asked = bus_ask (s, &workspace_remove_record, &remove);
	struct bus_reply reply = bus_wait (&asked, 5000);
	CHECK (!strcmp (reply.code, "not_a_demo"), "a real workspace can be removed: %s", reply.code);
	PGconn *own = sql_open (s, "gateway");
	sql_state (own, state, "delete from gateway.audit where what = 'workspace_add'");
	CHECK (!strcmp (state, "42501"), "a line of the audit goes: '%s'", state);
	PQfinish (own);
}

STORY_ALONE (demo_comes_and_goes,
	     "The demo is whole and the same every time; one click, or the operator, takes all of it away, from every table, and "
	     "leaves what is real")
{
	char hook[300];
	int code;
	json_t *logins = ctl (s, "demo");
	struct user admin = given_user (s, "admin@agency.nl", "--admin"),
		    owner = given_user (s, "baas@agency.nl", "--workspace garage-smit --role owner");
	settle (s);
	demo_counted (s);
	money_counted (s);
	rules_counted (s);
	struct ids first = ids_of (s);
	char *sum = demo_sum (s);
	rows_put_in (s, "kestrel-it");
	tables_tried (s, first.places, first.people, false);
	CHECK (stands (s, first.places), "the demo has no file on disk: nothing was tried");
	asked_before (s, &admin, &owner);
	ended_by_click (s, &admin);
	nothing_left (s, &first);
	doors_shut (s, logins);
	/* what is real, and the same demo beside it */
	struct uuid real = begun_anew (s, &admin, hook);
	struct web_answer a = when_posted (s, hook, "{\"name\":\"Echte Klant\",\"email\":\"klant@echt.nl\"}");
	then_status (&a, 202);
	json_decref (ctl (s, "demo"));
	settle (s);
	demo_counted (s);
	money_counted (s);
	rules_counted (s);
	struct ids second = ids_of (s);
	char *again = demo_sum (s), *kept = sum_of (s, id_text (real));
	CHECK (!strcmp (sum, again), "a second demo is another one");
	json_t *removed = ctl (s, "demo remove");
	CHECK (json_array_size (json_at (removed, "workspaces")) == 6 && number_at (removed, "agencies") == 4, "what was removed");
	nothing_left (s, &second);
	char *left = sum_of (s, id_text (real)), *none = ctl_text (s, &code, "demo remove");
	CHECK (!strcmp (kept, left), "the real workspace is another one");
	CHECK (code == 0 && strstr (none, "no demo"), "a second removal: %d %s", code, none);
	a = when_user_asks (s, &admin, "GET", "/api/crm/deals", NULL);
	CHECK (json_array_size (json_at (a.json, "data")) == 1, "the real workspace's deal: %s", a.body);
	web_free (&a);
	real_ones_stay (s, real);
	json_decref (removed);
	json_decref (logins);
	free (sum), free (again), free (kept), free (left), free (none);
	free (first.places), free (first.people), free (second.places), free (second.people);
}
