-- Attempts become states.

-- name: mails_waiting -> workspace_due; in which attempts were recorded, or not in time: from one workspace to the next by the index of what is open
with recursive open as (
	(select t.workspace_id from mailer.try t where not t.settled order by t.workspace_id limit 1)
	union all
	select (select t.workspace_id from mailer.try t where not t.settled and t.workspace_id > open.workspace_id order by t.workspace_id limit 1)
	from open
	where open.workspace_id is not null
)
select open.workspace_id, now() as now
from open
cross join lateral (
	select t.attempt
	from mailer.try t
	where t.workspace_id = open.workspace_id and not t.settled and (t.ended_at is not null or t.lease_until < now())
	order by t.began_at, t.attempt
	limit 1
) due

-- name: mails_settling workspace_due => mail_settling; those attempts: the oldest first
select t.workspace_id, t.message_id as mail_id, t.n::bigint as n, t.attempt::bigint as attempt, r.attempts::bigint as attempts, r.repeated, t.outcome, t.code::bigint as code, t.reason,
	t.provider_id, t.retry_at, t.ended_at, r.state, r.email, a.id as mail_account_id, a.removed_at is not null or not isfinite(r.next_at) as stopped, a.name as account_name, a.state as account_state, m.subject, m.sent_by,
	m.deal_id, m.contact_id, m.about_account_id as account_id, m.lead_id, m.owner_id
from unnest(:workspace_id[], :now[]) as item (workspace_id, now)
cross join lateral (
	select x.*
	from mailer.try x
	where x.workspace_id = item.workspace_id and not x.settled and (x.ended_at is not null or x.lease_until < item.now)
	order by x.began_at, x.attempt
	limit 200
) t
join mailer.recipient r on (r.workspace_id, r.message_id, r.n) = (t.workspace_id, t.message_id, t.n)
join mailer.message m on (m.workspace_id, m.id) = (t.workspace_id, t.message_id)
join mailer.account a on (a.workspace_id, a.id) = (t.workspace_id, t.account_id)
order by t.began_at, t.attempt
limit 200

-- name: mail_moved_write mail_moved; locks mailer.recipient
update mailer.recipient r
set state = item.state, state_at = item.at, reason = coalesce(item.reason, r.reason), provider_id = coalesce(item.provider_id, r.provider_id),
	next_at = coalesce(item.next_at, r.next_at)
from unnest(:workspace_id[], :mail_id[], :n[], :at[], :state[], :reason[], :provider_id[], :next_at[])
	as item (workspace_id, message_id, n, at, state, reason, provider_id, next_at)
where (r.workspace_id, r.message_id, r.n) = (item.workspace_id, item.message_id, item.n)

-- name: mails_turn mail_moved => mail_told_row; locks mailer.recipient; a worker may have been faster: then it stays as it is
update mailer.recipient r
set state = item.state, state_at = item.at, next_at = coalesce(item.next_at, r.next_at), reason = null
from unnest(:workspace_id[], :mail_id[], :n[], :at[], :state[], :next_at[]) as item (workspace_id, message_id, n, at, state, next_at)
where (r.workspace_id, r.message_id, r.n) = (item.workspace_id, item.message_id, item.n)
	and case item.state when 'cancelled' then r.state = 'queued' else r.state in ('bounced', 'dropped', 'unknown') end
returning r.n::bigint as attempt

-- name: mail_settled_write mail_settled; locks mailer.try; what nobody recorded is unknown
update mailer.try t
set settled = true, outcome = coalesce(t.outcome, 'unknown')
from unnest(:workspace_id[], :mail_id[], :n[], :attempt[]) as item (workspace_id, message_id, n, attempt)
where (t.workspace_id, t.message_id, t.n, t.attempt) = (item.workspace_id, item.message_id, item.n, item.attempt)

-- part: states_of
update mailer.message m
set state = s.state, link = case when s.state in ('queued', 'sending', 'unknown') then m.link end
from (
	select r.workspace_id, r.message_id,
		(array['complained', 'bounced', 'dropped', 'unknown', 'queued', 'sending', 'sent', 'delivered', 'opened', 'clicked', 'cancelled'])[min(array_position(
			array['complained', 'bounced', 'dropped', 'unknown', 'queued', 'sending', 'sent', 'delivered', 'opened', 'clicked', 'cancelled'], r.state))] as state
	from mailer.recipient r
	where (r.workspace_id, r.message_id) in (

-- name: mail_states_write mail_moved *; locks mailer.message: a mail is as far as the least fortunate of those it goes to, and a link in it is kept until it went or goes no more
-- use: states_of
		select x.workspace_id, x.message_id from unnest(:workspace_id[], :mail_id[]) as x (workspace_id, message_id))
	group by r.workspace_id, r.message_id
) s
where (m.workspace_id, m.id) = (s.workspace_id, s.message_id) and m.state <> s.state

-- name: mail_account_gone_states mail_account_gone *; likewise, of those that waited
-- use: states_of
		select q.workspace_id, q.id from unnest(:workspace_id[]) as x (workspace_id) join mailer.message q on q.workspace_id = x.workspace_id and q.state = 'queued')
	group by r.workspace_id, r.message_id
) s
where (m.workspace_id, m.id) = (s.workspace_id, s.message_id) and m.state <> s.state

-- name: person_erased_states person_erased *; likewise
-- use: states_of
		select q.workspace_id, q.id from unnest(:workspace[]) as x (workspace_id) join mailer.message q on q.workspace_id = x.workspace_id and q.state = 'queued')
	group by r.workspace_id, r.message_id
) s
where (m.workspace_id, m.id) = (s.workspace_id, s.message_id) and m.state <> s.state

-- name: mail_account_told_write mail_account_told *; locks mailer.account
update mailer.account a
set state = coalesce(item.state, a.state), checked_at = case when item.state is null then a.checked_at else item.at end,
	last_error = case when item.state = 'fails' or item.error is not null then item.error else a.last_error end,
	last_sent_at = case when item.sent then greatest(a.last_sent_at, item.at) else a.last_sent_at end,
	last_delivered_at = case when item.delivered then greatest(a.last_delivered_at, item.at) else a.last_delivered_at end,
	held_until = case when item.sent then null else coalesce(item.held_until, a.held_until) end
from unnest(:workspace_id[], :mail_account_id[], :state[], :error[], :at[], :sent[], :delivered[], :held_until[])
	as item (workspace_id, id, state, error, at, sent, delivered, held_until)
where (a.workspace_id, a.id) = (item.workspace_id, item.id)

-- name: mail_recipients_load mail_cancel => mail_recipient_found; all of a mail
-- use: recipients_of
order by r.message_id, r.n

-- name: mail_retry_load mail_retry => mail_recipient_found; likewise
-- use: recipients_of
order by r.message_id, r.n

-- name: mail_unsubscribe_load mail_unsubscribe => mail_recipient_found; likewise
-- use: recipients_of
order by r.message_id, r.n

-- name: mail_follow_recipients mail_follow => mail_recipient_found; likewise
-- use: recipients_of
order by r.message_id, r.n

-- name: mail_follow_load mail_follow -> mail_follow_place; locks nothing; a row per item, in their order
select a.id as mail_account_id, coalesce(a.tracking and a.removed_at is null, false) as tracking,
	(select max(coalesce(t.ended_at, t.began_at)) from mailer.try t
		where (t.workspace_id, t.message_id, t.n) = (item.workspace_id, item.mail_id, item.n) and (t.outcome is null or t.outcome in ('accepted', 'unknown'))) as sent_at
from unnest(:workspace[], :mail_id[], :n[]) with ordinality as item (workspace_id, mail_id, n, i)
left join mailer.recipient r on (r.workspace_id, r.message_id, r.n) = (item.workspace_id, item.mail_id, item.n)
left join mailer.account a on (a.workspace_id, a.id) = (r.workspace_id, r.account_id)
order by item.i

-- part: recipients_of
select r.workspace_id, r.message_id as mail_id, r.n::bigint as n, r.state, r.email, m.direction = 'out' as out, m.body_text is not null and a.removed_at is null as whole, m.sent_by, m.message_id, m.subject, m.deal_id, m.contact_id,
	m.about_account_id as account_id, m.lead_id, m.owner_id
from unnest(:workspace[], :mail_id[]) as item (workspace_id, mail_id)
join mailer.message m on (m.workspace_id, m.id) = (item.workspace_id, item.mail_id)
join mailer.recipient r on (r.workspace_id, r.message_id) = (m.workspace_id, m.id)
join mailer.account a on (a.workspace_id, a.id) = (r.workspace_id, r.account_id)

-- name: provider_known_load provider_said => provider_known; locks nothing
select e.event_id
from unnest(:workspace_id[], :event_id[]) as item (workspace_id, event_id)
join mailer.provider_event e on (e.workspace_id, e.event_id) = (item.workspace_id, item.event_id)

-- name: provider_mails_load provider_said => mail_recipient_found; locks nothing; by what we gave along, else by the Message-ID and the address
select r.workspace_id, r.message_id as mail_id, r.n::bigint as n, r.state, r.email, m.direction = 'out' as out, m.body_text is not null and a.removed_at is null as whole, m.sent_by, m.message_id, m.subject, m.deal_id, m.contact_id,
	m.about_account_id as account_id, m.lead_id, m.owner_id
from (
	select item.workspace_id, item.mail_id, item.n
	from unnest(:workspace_id[], :mail_id[], :n[]) as item (workspace_id, mail_id, n)
	where item.mail_id is not null
	union
	select item.workspace_id, m.id, r.n
	from unnest(:workspace_id[], :mail_id[], :message_id[], :email[]) as item (workspace_id, mail_id, message_id, email)
	join mailer.message m on (m.workspace_id, m.message_id) = (item.workspace_id, item.message_id)
	join mailer.recipient r on (r.workspace_id, r.message_id, r.email) = (m.workspace_id, m.id, item.email)
	where item.mail_id is null
) of
join mailer.message m on (m.workspace_id, m.id) = (of.workspace_id, of.mail_id)
join mailer.recipient r on (r.workspace_id, r.message_id, r.n) = (of.workspace_id, of.mail_id, of.n)
join mailer.account a on (a.workspace_id, a.id) = (r.workspace_id, r.account_id)

-- name: provider_said_write provider_said *; inserts into mailer.provider_event; one request may hold an event twice
insert into mailer.provider_event (workspace_id, event_id, account_id, message_id, n, kind, email, at, received_at, raw)
select * from unnest(:workspace_id[], :event_id[], :mail_account_id[], :mail_id[], :n[], :kind[], :email[], :at[], :received_at[], :raw[])
on conflict (workspace_id, event_id) do nothing

-- name: suppression_write kept_suppression *; locks mailer.suppression; an address that is no mailbox stays that
insert into mailer.suppression (workspace_id, email, reason, detail, at, message_id)
select * from unnest(:workspace_id[], :email[], :reason[], :detail[], :at[], :mail_id[])
on conflict (workspace_id, email) do update set reason = excluded.reason, detail = excluded.detail, at = excluded.at, message_id = excluded.message_id
where mailer.suppression.reason <> 'bounced' and mailer.suppression.reason <> excluded.reason

-- name: suppression_load suppression_remove -> suppression_found; locks nothing; a row per item, in their order
select s.email is not null as known
from unnest(:workspace[], :email[]) with ordinality as item (workspace_id, email, i)
left join mailer.suppression s on (s.workspace_id, s.email) = (item.workspace_id, lower(item.email collate "C") collate "default")
order by item.i

-- name: suppression_drop suppression_remove *; locks mailer.suppression
delete from mailer.suppression s
using unnest(:workspace[], :email[]) as item (workspace_id, email)
where (s.workspace_id, s.email) = (item.workspace_id, lower(item.email collate "C") collate "default")
