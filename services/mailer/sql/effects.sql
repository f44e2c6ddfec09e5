-- What the effect workers run: a claim, and what came of it. Each is a transaction of its own; nothing is open while a server is talked to.

-- name: mail_claim effect_turn +> mail_job; locks mailer.recipient: of the accounts that may send now, the one that waits longest
with due as (
	select r.workspace_id, r.message_id, r.n, r.state
	from mailer.account a
	left join mailer.oauth g on (g.workspace_id, g.account_id) = (a.workspace_id, a.id)
	cross join lateral (
		select x.workspace_id, x.message_id, x.n, x.state, x.next_at
		from mailer.recipient x
		where x.workspace_id = a.workspace_id and x.account_id = a.id and x.state in ('queued', 'unknown') and x.next_at <= now()
		order by x.next_at
		limit 1
		for update skip locked
	) r
	where a.removed_at is null and (a.held_until is null or a.held_until <= now())
		and not coalesce(g.state in ('works', 'asked') and (g.access_sealed is null or g.expires_at <= now() + interval '10 s'), false) -- its token is made new in a moment
		and (a.per_minute is null or (select count(*) from mailer.try t
			where t.workspace_id = a.workspace_id and t.account_id = a.id and t.began_at > now() - interval '1 minute') < a.per_minute)
	order by r.next_at
	limit 1
), taken as (
	update mailer.recipient r
	set state = 'sending', state_at = now(), attempts = r.attempts + 1, repeated = r.repeated or due.state = 'unknown'
	from due
	where (r.workspace_id, r.message_id, r.n) = (due.workspace_id, due.message_id, due.n) and r.state = due.state
	returning r.*
), opened as (
	insert into mailer.try (workspace_id, message_id, n, attempt, account_id, owner, began_at, lease_until, settled)
	select workspace_id, message_id, n, attempts, account_id, :owner, now(), now() + make_interval(secs => :lease::bigint), false
	from taken
)
select r.workspace_id, r.message_id as mail_id, r.n::bigint as n, r.attempts::bigint as attempt, a.kind, a.host, a.port::bigint as port, a.tls, a.login, a.sealed,
	g.account_id is not null as oauth, case when g.expires_at > now() then g.access_sealed end as access_sealed,
	m.from_name, m.from_email, m.reply_to, r.email, m.subject, m.body_text as text, m.body_html as html, m.message_id, m.in_reply_to, m.refs,
	m.transactional, m.auto as machine, a.tracking and a.kind = 'smtp' and not m.auto as tracking, m.created_at as written_at,
	m.link_until is not null as with_link, case when m.link_until > now() then m.link end as link, m.news_for,
	(select w.agency_id from mailer.workspace w where m.news_for is not null and w.workspace_id = m.workspace_id) as agency_id,
	(select json_agg(json_build_object('kind', o.kind, 'email', o.email, 'name', o.name) order by o.n) from mailer.recipient o
		where (o.workspace_id, o.message_id) = (r.workspace_id, r.message_id))::jsonb as others,
	(select coalesce(jsonb_agg(jsonb_build_object('name', f.name, 'type', f.type, 'sha256', f.sha256, 'content_id', f.content_id) order by f.n), '[]') from mailer.attachment f
		where (f.workspace_id, f.message_id) = (r.workspace_id, r.message_id)) as files,
	coalesce((select s.reason from mailer.suppression s where (s.workspace_id, s.email) = (r.workspace_id, r.email)
		and (s.reason = 'bounced' or not m.transactional)), case when m.news_for is not null and not exists (
			select from mailer.member u where (u.workspace_id, u.user_id) = (m.workspace_id, m.news_for) and u.active) then 'left' end) as suppressed
from taken r
join mailer.message m on (m.workspace_id, m.id) = (r.workspace_id, r.message_id)
join mailer.account a on (a.workspace_id, a.id) = (r.workspace_id, r.account_id)
left join mailer.oauth g on (g.workspace_id, g.account_id) = (a.workspace_id, a.id)

-- name: mail_record mail_told +> mail_told_row; locks mailer.try, its own attempt alone; one that was called unknown meanwhile is known after all
update mailer.try t
set outcome = item.outcome, code = item.code, reason = item.reason, provider_id = item.provider_id, retry_at = item.retry_at, ended_at = now(), settled = false
from unnest(:workspace_id[], :mail_id[], :n[], :attempt[], :owner[], :outcome[], :code[], :reason[], :provider_id[], :retry_at[])
	as item (workspace_id, message_id, n, attempt, owner, outcome, code, reason, provider_id, retry_at)
where (t.workspace_id, t.message_id, t.n, t.attempt) = (item.workspace_id, item.message_id, item.n, item.attempt) and t.owner = item.owner
	and t.ended_at is null
returning t.attempt::bigint as attempt
