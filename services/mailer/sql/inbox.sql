-- What waits in the inbox: set aside and taken back, assigned and taken back, read once more.

-- part: held
	m.id is not null as there, coalesce(i.state in ('suggested', 'unmatched', 'unreadable'), false) as waits, coalesce(i.state = 'unreadable', false) as unreadable,
	coalesce(i.state = 'matched' and i.why = 'person', false) as by_person, i.dismissed_at is not null as dismissed, coalesce(m.subject, '') as subject, m.from_email, m.from_name,
	m.thread_id, m.deal_id, m.contact_id, m.about_account_id as account_id, m.lead_id, m.owner_id

-- part: held_by_name
select item.workspace_id, item.id as mail_id,
-- use: held
from unnest(:workspace[], :mail_id[]) with ordinality as item (workspace_id, id, i)
left join mailer.message m on (m.workspace_id, m.id) = (item.workspace_id, item.id) and m.direction = 'in'
left join mailer.inbound i on (i.workspace_id, i.id) = (m.workspace_id, m.id)
order by item.i

-- name: mail_unassign_load mail_unassign -> mail_held; locks nothing, the lane is the lock; a row per item, in their order
-- use: held_by_name

-- name: mail_dismiss_load mail_dismiss -> mail_held; likewise
-- use: held_by_name

-- name: mail_undismiss_load mail_undismiss -> mail_held; likewise
-- use: held_by_name

-- name: mail_reread_load mail_reread -> mail_held; likewise
-- use: held_by_name

-- name: mail_assign_keep mail_assigning *; locks mailer.inbound: where each stood that is assigned with it, before
update mailer.inbound i
set was_state = i.state, was_why = i.why, was_deal_id = i.deal_id, was_contact_id = i.contact_id, was_thread_id = o.thread_id, was_owner_id = o.owner_id, assigned_with = item.id
from unnest(:workspace_id[], :mail_id[]) as item (workspace_id, id)
join mailer.message m on (m.workspace_id, m.id) = (item.workspace_id, item.id)
join mailer.message o on (o.workspace_id, o.thread_id) = (m.workspace_id, m.thread_id)
where (i.workspace_id, i.id) = (o.workspace_id, o.id) and i.state in ('suggested', 'unmatched', 'unreadable')
	and o.direction = 'in' and o.deal_id is null and o.contact_id is null and o.about_account_id is null and o.lead_id is null

-- name: mail_assigned_with mail_unassign => mail_held; locks nothing; it and those that were assigned with it, and still stand there by that
select i.workspace_id, i.id as mail_id,
-- use: held
from unnest(:workspace[], :mail_id[]) as item (workspace_id, id)
join mailer.inbound said on (said.workspace_id, said.id) = (item.workspace_id, item.id)
join mailer.inbound i on i.workspace_id = said.workspace_id and (i.id = said.id or i.assigned_with = said.assigned_with) and i.state = 'matched' and i.why = 'person'
join mailer.message m on (m.workspace_id, m.id) = (i.workspace_id, i.id) and m.direction = 'in'
order by i.id

-- name: mail_unassign_write mail_held; locks mailer.message: they are about nothing, in the thread in which they came
update mailer.message m
set deal_id = null, contact_id = null, about_account_id = null, lead_id = null, owner_id = coalesce(i.was_owner_id, i.uploaded_by), thread_id = coalesce(i.was_thread_id, m.thread_id),
	version = m.version + 1
from unnest(:workspace_id[], :mail_id[]) as item (workspace_id, id)
join mailer.inbound i on (i.workspace_id, i.id) = (item.workspace_id, item.id)
where (m.workspace_id, m.id) = (i.workspace_id, i.id)

-- name: mail_unassign_settle mail_held; locks mailer.inbound: they wait as they did before; what somebody brought to a record was never seen to wait
update mailer.inbound i
set state = coalesce(i.was_state, 'unmatched'), why = i.was_why, deal_id = i.was_deal_id, contact_id = i.was_contact_id, was_state = null, was_why = null, was_deal_id = null,
	was_contact_id = null, was_thread_id = null, was_owner_id = null, assigned_with = null
from unnest(:workspace_id[], :mail_id[]) as item (workspace_id, id)
where (i.workspace_id, i.id) = (item.workspace_id, item.id)

-- name: mail_dismiss_write mail_dismiss; locks mailer.inbound
update mailer.inbound i
set dismissed_at = now(), dismissed_by = item.actor_id
from unnest(:workspace[], :mail_id[], :actor[]) as item (workspace_id, id, actor_id)
where (i.workspace_id, i.id) = (item.workspace_id, item.id)

-- name: mail_undismiss_write mail_undismiss; locks mailer.inbound
update mailer.inbound i
set dismissed_at = null, dismissed_by = null
from unnest(:workspace[], :mail_id[]) as item (workspace_id, id)
where (i.workspace_id, i.id) = (item.workspace_id, item.id)

-- name: mail_reread_write mail_reread; locks mailer.inbound: it is due at once, as one that came in just now
update mailer.inbound i
set state = 'kept', attempts = 0, owner = null, lease_until = null, fault = null, dismissed_at = null, dismissed_by = null
from unnest(:workspace[], :mail_id[]) as item (workspace_id, id)
where (i.workspace_id, i.id) = (item.workspace_id, item.id)

-- name: mail_unmatched mail_unmatched -> json
with asked as (
	select least(greatest(coalesce(:limit, 50), 1), 200) as size,
		case when :after ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then :after::uuid end as after
), page as (
	select m.id, row_number() over (order by m.id desc) as i,
-- use: mail_page
		) as page
	from mailer.inbound b
	join mailer.message m on (m.workspace_id, m.id) = (b.workspace_id, b.id), asked
	where b.workspace_id = any (:workspaces) and b.state in ('suggested', 'unmatched', 'unreadable') and b.dismissed_at is null and (asked.after is null or m.id < asked.after)
	order by m.id desc
	limit (select size + 1 from asked)
)
select json_build_object(
	'data', coalesce(json_agg(page.page order by page.i) filter (where page.i <= asked.size), '[]'),
	'next', case when count(page.i) > asked.size then (array_agg(page.id order by page.i))[asked.size] end)::text
from asked
left join page on true
group by asked.size

-- name: mail_dismissed_list mail_dismissed_list -> json
with asked as (
	select least(greatest(coalesce(:limit, 50), 1), 200) as size,
		case when :after ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then :after::uuid end as after
), page as (
	select m.id, row_number() over (order by m.id desc) as i,
-- use: mail_page
		) as page
	from mailer.inbound b
	join mailer.message m on (m.workspace_id, m.id) = (b.workspace_id, b.id), asked
	where b.workspace_id = any (:workspaces) and b.state in ('suggested', 'unmatched', 'unreadable') and b.dismissed_at is not null and (asked.after is null or m.id < asked.after)
	order by m.id desc
	limit (select size + 1 from asked)
)
select json_build_object(
	'data', coalesce(json_agg(page.page order by page.i) filter (where page.i <= asked.size), '[]'),
	'next', case when count(page.i) > asked.size then (array_agg(page.id order by page.i))[asked.size] end)::text
from asked
left join page on true
group by asked.size
