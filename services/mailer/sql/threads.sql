-- Conversations: how far each is, who deals with it, and what was said.

-- name: inbound_thread_write inbound_step *; locks mailer.thread: who writes to us waits for us; a machine waits for nobody
insert into mailer.thread (workspace_id, id, created_at, last_at, subject, state)
select item.workspace_id, item.id, item.at, item.at, item.subject, case when not item.machine and item.state not in ('bounce', 'complaint') then 'open' end
from unnest(:workspace_id[], :thread_id[], :at[], :subject[], :machine[], :state[]) as item (workspace_id, id, at, subject, machine, state)
on conflict (workspace_id, id) do update set last_at = greatest(mailer.thread.last_at, excluded.last_at), state = coalesce(excluded.state, mailer.thread.state)

-- part: thread_next
left join lateral (
	select case when m.direction = 'in' or m.state in ('bounced', 'dropped', 'complained') then 'open' else 'waiting' end as state
	from mailer.message m
	where (m.workspace_id, m.thread_id) = (item.workspace_id, item.thread_id) and not m.auto and m.state <> 'cancelled'
	order by m.id desc
	limit 1
) next on true

-- name: thread_moved_write mail_moved *; locks mailer.thread: what was stopped is no answer, and what did not arrive opens it again, also one that was closed
update mailer.thread t
set state = next.state
from (
	select x.workspace_id, o.thread_id, bool_or(x.state in ('bounced', 'dropped')) as failed
	from unnest(:workspace_id[], :mail_id[], :state[]) as x (workspace_id, id, state)
	join mailer.message o on (o.workspace_id, o.id) = (x.workspace_id, x.id) and not o.auto
	group by x.workspace_id, o.thread_id
) item
-- use: thread_next
where (t.workspace_id, t.id) = (item.workspace_id, item.thread_id) and t.state is distinct from next.state and (t.state is distinct from 'done' or (item.failed and next.state = 'open'))

-- name: thread_left_write mail_held *; locks mailer.thread: what is left of it without the mails that went
update mailer.thread t
set state = next.state
from (select distinct x.workspace_id, x.thread_id from unnest(:workspace_id[], :thread_id[]) as x (workspace_id, thread_id)) item
-- use: thread_next
where (t.workspace_id, t.id) = (item.workspace_id, item.thread_id) and t.state is distinct from next.state and t.state is distinct from 'done'

-- name: thread_joined_write mail_assigning *; locks mailer.thread: who wrote what was assigned waits for us
update mailer.thread t
set state = 'open', last_at = greatest(t.last_at, m.created_at)
from unnest(:workspace_id[], :mail_id[]) as item (workspace_id, id)
join mailer.message m on (m.workspace_id, m.id) = (item.workspace_id, item.id) and not m.auto
where (t.workspace_id, t.id) = (m.workspace_id, m.thread_id)

-- part: thread_last
lateral (
	select m.*
	from mailer.message m
	where (m.workspace_id, m.thread_id) = (t.workspace_id, t.id)
		and (m.direction = 'out' or m.deal_id is not null or m.contact_id is not null or m.about_account_id is not null or m.lead_id is not null)
	order by m.state = 'cancelled', m.id desc
	limit 1
) last

-- name: mail_thread_update_load mail_thread_update -> thread_held; locks nothing, the lane is the lock; a row per item, in their order
select last.id is not null as known, u.user_id is not null as member, coalesce(t.subject, '') as subject, t.state, t.assignee_id, last.deal_id, last.contact_id,
	last.about_account_id as account_id, last.lead_id, coalesce(last.owner_id, last.sent_by) as owner_id
from unnest(:workspace[], :mail_thread_id[], :assignee_id[]) with ordinality as item (workspace_id, id, assignee_id, i)
left join mailer.thread t on (t.workspace_id, t.id) = (item.workspace_id, item.id)
left join
-- use: thread_last
	on true
left join mailer.member u on (u.workspace_id, u.user_id) = (item.workspace_id, item.assignee_id) and u.active
order by item.i

-- name: mail_thread_write_state thread_set; locks mailer.thread
update mailer.thread t
set state = item.state, assignee_id = item.assignee_id
from unnest(:workspace_id[], :mail_thread_id[], :state[], :assignee_id[]) as item (workspace_id, id, state, assignee_id)
where (t.workspace_id, t.id) = (item.workspace_id, item.id)

-- name: thread_handed_over member_handed_over *; locks mailer.thread: what somebody dealt with another one does
update mailer.thread t
set assignee_id = item.to_id
from unnest(:workspace[], :user_id[], :to_id[]) as item (workspace_id, user_id, to_id)
where t.workspace_id = item.workspace_id and t.assignee_id = item.user_id

-- part: thread_page
json_build_object('id', t.id, 'workspace_id', t.workspace_id, 'channel', 'email', 'subject', t.subject, 'state', t.state, 'assignee_id', t.assignee_id,
	'created_at', to_char(t.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'last_at', to_char(t.last_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
	'entries', (select count(*) from mailer.message n where (n.workspace_id, n.thread_id) = (t.workspace_id, t.id)),
	'deal_id', last.deal_id, 'deal_title', d.title, 'contact_id', last.contact_id, 'contact_name', c.name, 'account_id', last.about_account_id,
	'lead_id', last.lead_id, 'owner_id', last.owner_id, 'last_id', last.id, 'last_direction', last.direction, 'snippet', case when last.news_for is null or last.news_for = :user then mailer.snippet(last.body_text, last.own) end,
	'name', case last.direction when 'in' then last.from_name else whom.name end, 'email', case last.direction when 'in' then last.from_email else whom.email end)

-- part: thread_from
from mailer.thread t
cross join
-- use: thread_last
left join mailer.deal d on (d.workspace_id, d.id) = (last.workspace_id, last.deal_id)
left join mailer.contact c on (c.workspace_id, c.id) = (last.workspace_id, last.contact_id)
left join lateral (
	select r.name, r.email
	from mailer.recipient r
	where (r.workspace_id, r.message_id) = (last.workspace_id, last.id)
	order by r.n
	limit 1
) whom on true

-- name: mail_thread_list mail_thread_list -> json; cursor: "id µs" of the last one; of each workspace and state the latest, in their index's order: no more is looked at
with asked as (
	select least(greatest(coalesce(:limit, 50), 1), 200) as size,
		case when :after ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12} [0-9]{1,18}$' then left(:after, 36)::uuid end as after_id,
		case when :after ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12} [0-9]{1,18}$' then timestamptz 'epoch' + substr(:after, 38)::bigint * interval '1 microsecond' end as after_at
), page as (
	select h.id, h.last_at, row_number() over (order by h.last_at desc, h.id desc) as i, h.page
	from unnest(:workspaces) as w (id)
	cross join unnest(case when :state::text is null then array['open', 'waiting', 'done'] else array[:state::text] end) as s (state)
	cross join asked
	cross join lateral (
		select t.id, t.last_at,
-- use: thread_page
			as page
-- use: thread_from
		where t.workspace_id = w.id and t.state = s.state
			and (t.last_at, t.id) < (coalesce(asked.after_at, 'infinity'), coalesce(asked.after_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
			and (:owner_id::uuid is null or coalesce(t.assignee_id, last.owner_id) = :owner_id)
			and (:contact_id::uuid is null or t.id = any (array(select n.thread_id from mailer.message n where n.workspace_id = any (:workspaces) and n.contact_id = :contact_id)))
		order by t.last_at desc, t.id desc
		limit (select size + 1 from asked)
	) h
	order by h.last_at desc, h.id desc
	limit (select size + 1 from asked)
)
select json_build_object(
	'data', coalesce(json_agg(page.page order by page.i) filter (where page.i <= asked.size), '[]'),
	'next', case when count(page.i) > asked.size then (array_agg(page.id || ' ' || (extract(epoch from page.last_at) * 1000000)::bigint order by page.i))[asked.size] end)::text
from asked
left join page on true
group by asked.size

-- name: mail_thread_get mail_thread_get -> json
select
-- use: thread_page
	::text
-- use: thread_from
where t.workspace_id = any (:workspaces) and t.id = :mail_thread_id

-- part: entries_asked
with asked as (
	select least(greatest(coalesce(:limit, 20), 1), 100) as size,
		case when :after ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then :after::uuid end as after
), page as (
	select m.id, row_number() over (order by m.id desc) as i, json_build_object('id', m.id, 'workspace_id', m.workspace_id, 'channel', 'email', 'direction', m.direction,
		'at', to_char(case m.direction when 'out' then m.send_at else m.created_at end at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'thread_id', m.thread_id,
		'subject', m.subject, 'text', left(said.body, 20000), 'own', m.own, 'cut', coalesce(length(said.body) > 20000, false), 'html', m.body_html is not null and said.reads, 'mail',
-- use: mail_page
		)) as page
	from mailer.message m
	cross join asked
	cross join lateral (select m.news_for is null or m.news_for = :user as reads, case when m.news_for is null or m.news_for = :user then m.body_text end as body) said

-- part: entries_said
	order by m.id desc
	limit (select size + 1 from asked)
)
select json_build_object(
	'data', coalesce(json_agg(page.page order by page.i desc) filter (where page.i <= asked.size), '[]'),
	'next', case when count(page.i) > asked.size then (array_agg(page.id order by page.i))[asked.size] end)::text
from asked
left join page on true
group by asked.size

-- name: mail_thread_entries mail_thread_entries -> json; the latest of them, as they were said
-- use: entries_asked
	where m.workspace_id = any (:workspaces) and m.thread_id = :mail_thread_id and (m.news_for is null or m.news_for = :user) and (asked.after is null or m.id < asked.after)
-- use: entries_said

-- name: contact_conversation contact_conversation -> json; likewise; what the product wrote to somebody of the house about them was not said to them
-- use: entries_asked
	where m.workspace_id = any (:workspaces) and m.contact_id = :contact_id and (m.direction = 'in' or not m.auto) and (asked.after is null or m.id < asked.after)
-- use: entries_said

-- name: mail_counts mail_counts -> json
select json_build_object('data', coalesce(json_agg(json_build_object('workspace_id', w.workspace_id,
	'unmatched', (select count(*) from (
		select from mailer.inbound i
		where i.workspace_id = w.workspace_id and i.state in ('suggested', 'unmatched', 'unreadable') and i.dismissed_at is null
		limit 100) x),
	'open', (select count(*) from (
		select from mailer.thread t
		where t.workspace_id = w.workspace_id and t.state = 'open' and exists (
			select from mailer.message m
			where (m.workspace_id, m.thread_id) = (t.workspace_id, t.id)
				and (m.direction = 'out' or m.deal_id is not null or m.contact_id is not null or m.about_account_id is not null or m.lead_id is not null))
		limit 100) x)) order by w.workspace_id), '[]'))::text
from mailer.workspace w
where w.workspace_id = any (:workspaces)
