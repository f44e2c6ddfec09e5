-- Mails to oneself: when they are due, what an effect worker does with them, and what is known of them when they come in, or do not.

-- part: canary_receives
	a.removed_at is null and a.per_minute is distinct from 0 and (a.reply_domain is not null or a.last_received_at is not null
		or exists (select from mailer.mailbox b where (b.workspace_id, b.account_id) = (a.workspace_id, a.id)))

-- part: canary_is_due
	d.every > 0 and a.canary and a.state <> 'unchecked' and a.created_at < now() - make_interval(secs => least(d.every, 300))
	and not exists (select from mailer.canary c where (c.workspace_id, c.account_id) = (a.workspace_id, a.id)
		and (c.began_at > now() - make_interval(secs => d.every) or c.state in ('queued', 'sending', 'sent')))

-- name: canaries_waiting canary_turn => canary_due; workspaces in which one is to go, is away too long, or is known to be another thing than was said
select x.workspace_id, d.every, d.wait
from unnest(:every[], :wait[]) as d (every, wait)
cross join lateral (
	select c.workspace_id
	from mailer.canary c
	where c.told <> c.state and c.state in ('sent', 'back', 'missing', 'failed')
	union
	select c.workspace_id
	from mailer.canary c
	where c.state in ('sending', 'sent') and c.began_at < now() - make_interval(secs => d.wait) and c.sent_at < now() - make_interval(secs => d.wait)
	union
	select a.workspace_id
	from mailer.account a
	where
-- use: canary_receives
	and
-- use: canary_is_due
) x

-- name: canaries_miss canary_due *; locks mailer.canary: those that were long enough away; one that could not go for a while is away since it went
update mailer.canary c
set state = 'missing', owner = null, lease_until = null
from unnest(:workspace_id[], :wait[]) as d (workspace_id, wait)
where c.workspace_id = d.workspace_id and c.state in ('sending', 'sent') and c.sent_at < now() - make_interval(secs => d.wait)

-- name: canaries_forget canary_due *; locks mailer.canary: those of a quarter of a year ago
delete from mailer.canary c
using unnest(:workspace_id[]) as d (workspace_id)
where c.workspace_id = d.workspace_id and c.began_at < now() - interval '90 days'

-- name: canaries_due canary_due => canary_account; the accounts by which one is to go
select a.workspace_id, a.id as mail_account_id, a.name, a.from_email, a.reply_domain, true as receives, null::uuid as open_id
from unnest(:workspace_id[], :every[]) as d (workspace_id, every)
join mailer.account a on a.workspace_id = d.workspace_id
where
-- use: canary_receives
	and
-- use: canary_is_due

-- name: mail_canary_load mail_canary -> canary_account; locks nothing; a row per item, in their order
select item.workspace_id, l.id as mail_account_id, l.name, coalesce(l.from_email, '') as from_email, l.reply_domain, coalesce(l.receives, false) as receives, o.id as open_id
from unnest(:workspace[], :mail_account_id[]) with ordinality as item (workspace_id, account_id, i)
left join lateral (
	select a.id, a.name, a.from_email, a.reply_domain,
-- use: canary_receives
		as receives
	from mailer.account a
	where (a.workspace_id, a.id) = (item.workspace_id, item.account_id) and a.removed_at is null
) l on true
left join lateral (
	select c.id
	from mailer.canary c
	where (c.workspace_id, c.account_id) = (item.workspace_id, item.account_id) and c.state in ('queued', 'sending', 'sent')
	order by c.began_at desc
	limit 1
) o on true
order by item.i

-- name: canary_write kept_canary *; inserts into mailer.canary
insert into mailer.canary (workspace_id, account_id, id, token, address, message_id, asked_by, began_at, state, told, attempt, next_at, refused)
select item.workspace_id, item.account_id, item.id, item.token, item.address, item.message_id, item.asked_by, now(), 'queued', 'queued', 0, now(), false
from unnest(:workspace_id[], :mail_account_id[], :canary_id[], :token[], :address[], :message_id[], :asked_by[])
	as item (workspace_id, account_id, id, token, address, message_id, asked_by)

-- name: canary_claim effect_turn +> mail_job; locks mailer.canary, the one that waits longest; its token and its language stand where its words go, which who sends it puts there
with due as (
	select c.workspace_id, c.id
	from mailer.canary c
	join mailer.account a on (a.workspace_id, a.id) = (c.workspace_id, c.account_id)
	left join mailer.oauth g on (g.workspace_id, g.account_id) = (a.workspace_id, a.id)
	where c.state = 'queued' and c.next_at <= now() and a.removed_at is null and a.per_minute is distinct from 0 and (a.held_until is null or a.held_until <= now())
		and not coalesce(g.state in ('works', 'asked') and (g.access_sealed is null or g.expires_at <= now() + interval '10 s'), false) -- its token is made new in a moment
	order by c.next_at
	limit 1
	for update of c skip locked
), taken as (
	update mailer.canary c
	set state = 'sending', sent_at = now(), attempt = c.attempt + 1, owner = :owner, lease_until = now() + make_interval(secs => :lease::bigint)
	from due
	where (c.workspace_id, c.id) = (due.workspace_id, due.id) and c.state = 'queued'
	returning c.*
)
select c.workspace_id, c.id as mail_id, 1::bigint as n, c.attempt::bigint as attempt, a.kind, a.host, a.port::bigint as port, a.tls, a.login, a.sealed,
	g.account_id is not null as oauth, case when g.expires_at > now() then g.access_sealed end as access_sealed, a.from_name, a.from_email, null::text as reply_to, c.address as email, c.token as subject, w.language as text, null::text as html, c.message_id,
	null::text as in_reply_to, null::text as refs, true as transactional, true as machine, false as tracking, c.began_at as written_at, false as with_link, null::text as link,
	jsonb_build_array(jsonb_build_object('kind', 'to', 'email', c.address, 'name', null)) as others, '[]'::jsonb as files, null::text as suppressed
from taken c
join mailer.account a on (a.workspace_id, a.id) = (c.workspace_id, c.account_id)
left join mailer.oauth g on (g.workspace_id, g.account_id) = (a.workspace_id, a.id)
left join mailer.workspace w on w.workspace_id = c.workspace_id

-- name: canary_record mail_told +> mail_told_row; locks mailer.canary, its own attempt alone; one that came in meanwhile has gone, whatever was said of it
update mailer.canary c
set state = case when item.outcome in ('accepted', 'unknown') then 'sent' when item.outcome = 'later' and c.attempt < 4 then 'queued' else 'failed' end,
	refused = item.outcome not in ('accepted', 'unknown'), code = case when item.outcome <> 'accepted' then item.code end,
	reason = case when item.outcome <> 'accepted' then item.reason end, next_at = now() + c.attempt * interval '1 minute', owner = null, lease_until = null
from unnest(:workspace_id[], :mail_id[], :attempt[], :owner[], :outcome[], :code[], :reason[]) as item (workspace_id, id, attempt, owner, outcome, code, reason)
where (c.workspace_id, c.id, c.attempt) = (item.workspace_id, item.id, item.attempt) and c.owner = item.owner and c.state = 'sending'
returning item.attempt::bigint as attempt

-- name: canaries_untold canary_due => canary_untold; of which more is known than was said
select c.workspace_id, c.id as canary_id, c.account_id as mail_account_id, c.state as canary, c.told, c.code::bigint as code, c.reason, c.refused, a.name, a.state
from unnest(:workspace_id[]) as d (workspace_id)
join mailer.canary c on c.workspace_id = d.workspace_id
join mailer.account a on (a.workspace_id, a.id) = (c.workspace_id, c.account_id)
where c.told <> c.state and c.state in ('sent', 'back', 'missing', 'failed')
order by c.began_at
limit 50

-- name: canary_told_write canary_untold *; locks mailer.canary
update mailer.canary c
set told = item.canary
from unnest(:workspace_id[], :canary_id[], :canary[]) as item (workspace_id, id, canary)
where (c.workspace_id, c.id) = (item.workspace_id, item.id)

-- name: canaries_came canary_came => canary_back; locks mailer.canary: what came in says of it; only the first time that it comes counts
update mailer.canary c
set state = item.state, back_at = case item.state when 'back' then item.at end, code = null, refused = false,
	reason = case item.state when 'failed' then (select left(i.reading -> 'failures' -> 0 ->> 'why', 500) from mailer.inbound i where (i.workspace_id, i.id) = (item.workspace_id, item.mail_id)) end
from unnest(:workspace_id[], :mail_id[], :canary_id[], :own[], :state[], :at[]) as item (workspace_id, mail_id, id, own, state, at)
where (c.workspace_id, c.id) = (item.workspace_id, item.id) and item.own and c.back_at is null and item.state is not null
returning case item.state when 'back' then (extract(epoch from item.at - coalesce(c.sent_at, c.began_at)) * 1000000)::bigint else -1 end as took

-- name: canaries_came_drop canary_came *; locks mailer.inbound: it is nobody's mail
delete from mailer.inbound i
using unnest(:workspace_id[], :mail_id[]) as item (workspace_id, id)
where (i.workspace_id, i.id) = (item.workspace_id, item.id)

-- name: removed_canary_drop workspace_removed *; locks mailer.canary, the workspace's rows
delete from mailer.canary t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id
