-- part: activity_stands; not of a record in the trash. What was written about a deal's lead stands with the lead, which is no more in the trash than before
(a.about = 'lead' or not exists (
	select from contacts.deal_away x
	where (x.workspace_id, x.deal_id) = (a.workspace_id, a.record_id)))

-- name: record_place_load activity_add -> record_place; locks nothing; a row per item, in their order; a lead's deal bears the lead's id, any other one has its first line of timeline
select w.workspace_id is not null as known, coalesce(l.lead_id, d.subject_id, c.id, a.id) is not null and x.deal_id is null as found,
	case when l.lead_id is not null then l.owner_id when d.subject_id is not null then d.owner_id when c.id is not null then c.owner_id
		else a.owner_id end as owner_id, w.default_owner_id
from unnest(:workspace[], :lead_id[], :deal_id[], :contact_id[], :account_id[]) with ordinality as item (workspace_id, lead_id, deal_id, contact_id, account_id, i)
left join contacts.workspace w on w.workspace_id = item.workspace_id
left join contacts.lead l on (l.workspace_id, l.lead_id) = (item.workspace_id, coalesce(item.lead_id, item.deal_id))
left join lateral (
	select t.subject_id, t.owner_id
	from contacts.timeline t
	where (t.workspace_id, t.subject_id) = (item.workspace_id, item.deal_id) and t.type = 'deal.created'
	limit 1
) d on true
left join contacts.deal_away x on (x.workspace_id, x.deal_id) = (item.workspace_id, item.deal_id)
left join contacts.contact c on (c.workspace_id, c.id) = (item.workspace_id, item.contact_id) and c.removed_at is null and c.merged_into is null
left join contacts.account a on (a.workspace_id, a.id) = (item.workspace_id, item.account_id) and a.removed_at is null and a.merged_into is null
order by item.i

-- name: activity_load activity_ask -> activity_row; locks nothing, the lane is the lock; a row per item, in their order
select item.workspace_id, item.id as activity_id, a.version, a.kind, a.about, a.record_id, a.subject, a.note, a.due_at, a.duration_minutes, a.done_at, a.done_by, a.priority,
	a.remind_at, a.assignee_id, a.owner_id, a.created_by, a.created_at, a.removed_at
from unnest(:workspace_id[], :activity_id[]) with ordinality as item (workspace_id, id, i)
left join contacts.activity a on (a.workspace_id, a.id) = (item.workspace_id, item.id)
order by item.i

-- name: activity_changed_since activity_seen_row => activity_since; what others did to it, newest first; no more than a refusal can tell
select x.field, t.at, t.actor_id
from unnest(:workspace_id[], :activity_id[], :record_id[], :version[]) as item (workspace_id, activity_id, record_id, version)
join contacts.timeline t on (t.workspace_id, t.subject_id) = (item.workspace_id, item.record_id)
	and t.type in ('activity.changed', 'activity.removed', 'activity.restored') and t.data ->> 'activity_id' = item.activity_id::text
	and (t.data ->> 'version')::bigint > item.version
cross join lateral (
	select c ->> 'field' as field
	from jsonb_array_elements(case when t.type = 'activity.changed' then t.data -> 'changes' else '[{"field": "removed"}]' end) c
) x
order by (t.data ->> 'version')::bigint desc, x.field
limit 16

-- name: activity_insert activity_row; the key has the last word against one written twice
insert into contacts.activity (workspace_id, id, kind, about, record_id, subject, note, due_at, duration_minutes, done_at, done_by, priority, remind_at, assignee_id, owner_id,
	created_by, created_at, rung_at)
select item.workspace_id, item.id, item.kind, item.about, item.record_id, item.subject, item.note, item.due_at, item.duration_minutes, item.done_at, item.done_by, item.priority,
	item.remind_at, item.assignee_id, item.owner_id, item.created_by, item.created_at,
	case when coalesce(item.remind_at, item.due_at) <= item.now then 'epoch'::timestamptz end
from unnest(:workspace_id[], :activity_id[], :kind[], :about[], :record_id[], :subject[], :note[], :due_at[], :duration_minutes[], :done_at[], :done_by[], :priority[],
		:remind_at[], :assignee_id[], :owner_id[], :created_by[], :created_at[], :now[])
	as item (workspace_id, id, kind, about, record_id, subject, note, due_at, duration_minutes, done_at, done_by, priority, remind_at, assignee_id, owner_id, created_by,
		created_at, now)

-- name: activity_write activity_row; locks contacts.activity: the changed rows; another time to ring is one that has not rung
update contacts.activity a
set version = item.version, kind = item.kind, subject = item.subject, note = item.note, due_at = item.due_at, duration_minutes = item.duration_minutes, done_at = item.done_at,
	done_by = item.done_by, priority = item.priority, remind_at = item.remind_at, assignee_id = item.assignee_id, removed_at = item.removed_at,
	rung_at = case when a.ring_at is not distinct from coalesce(item.remind_at, case when item.kind = 'task' then item.due_at end) then a.rung_at
		when coalesce(item.remind_at, item.due_at) <= item.now then 'epoch'::timestamptz end
from unnest(:workspace_id[], :activity_id[], :version[], :kind[], :subject[], :note[], :due_at[], :duration_minutes[], :done_at[], :done_by[], :priority[], :remind_at[],
		:assignee_id[], :removed_at[], :now[])
	as item (workspace_id, id, version, kind, subject, note, due_at, duration_minutes, done_at, done_by, priority, remind_at, assignee_id, removed_at, now)
where (a.workspace_id, a.id) = (item.workspace_id, item.id) and a.version = item.version - 1

-- name: booking_heard_load activity_ask -> booking_heard; locks nothing, the lane is the lock; a row per item, in their order
select item.workspace_id, item.id as activity_id, coalesce(h.version, 0) as version
from unnest(:workspace_id[], :activity_id[]) with ordinality as item (workspace_id, id, i)
left join contacts.booking_heard h on (h.workspace_id, h.activity_id) = (item.workspace_id, item.id)
order by item.i

-- name: booking_heard_write booking_heard; locks contacts.booking_heard, those that are heard of
insert into contacts.booking_heard (workspace_id, activity_id, version)
select * from unnest(:workspace_id[], :activity_id[], :version[])
on conflict (workspace_id, activity_id) do update set version = excluded.version

-- name: activity_owner_write timeline_owner *; locks contacts.activity: whoever owns the record sees what was written about it, and does what its last owner was to do
update contacts.activity a
set owner_id = item.owner_id,
	assignee_id = case when a.done_at is null and a.assignee_id is not distinct from a.owner_id then item.owner_id else a.assignee_id end
from unnest(:workspace_id[], :subject_id[], :owner_id[]) as item (workspace_id, record_id, owner_id)
where (a.workspace_id, a.record_id) = (item.workspace_id, item.record_id) and a.owner_id is distinct from item.owner_id

-- name: activity_hand_over member_handed_over *; locks contacts.activity
update contacts.activity a
set owner_id = item.to_id
from unnest(:workspace[], :user_id[], :to_id[]) as item (workspace_id, user_id, to_id)
where a.workspace_id = item.workspace_id and a.owner_id = item.user_id

-- name: activities_of_member member_handed_over => activity_row; what somebody has still to do
select a.workspace_id, a.id as activity_id, a.version, a.kind, a.about, a.record_id, a.subject, a.note, a.due_at, a.duration_minutes, a.done_at, a.done_by, a.priority,
	a.remind_at, a.assignee_id, a.owner_id, a.created_by, a.created_at, a.removed_at
from unnest(:workspace[], :user_id[]) as item (workspace_id, user_id)
join contacts.activity a on a.workspace_id = item.workspace_id and a.assignee_id = item.user_id and a.removed_at is null and a.done_at is null
order by a.id

-- name: deal_away_write deal_trashed *; locks contacts.deal_away
insert into contacts.deal_away (workspace_id, deal_id, since)
select item.workspace_id, item.deal_id, item.at
from unnest(:workspace[], :deal_id[], :at[]) as item (workspace_id, deal_id, at)
on conflict (workspace_id, deal_id) do nothing

-- name: deal_away_drop deal_restored *; locks contacts.deal_away
delete from contacts.deal_away x
using unnest(:workspace[], :deal_id[]) as item (workspace_id, deal_id)
where (x.workspace_id, x.deal_id) = (item.workspace_id, item.deal_id)

-- name: removed_deal_away_drop workspace_removed *; locks contacts.deal_away, the workspace's rows
delete from contacts.deal_away t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_booking_heard_drop workspace_removed *; locks contacts.booking_heard, the workspace's rows
delete from contacts.booking_heard t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_activity_drop workspace_removed *; locks contacts.activity, the workspace's rows
delete from contacts.activity t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: activity_get activity_get -> json; no row: there is none, or none the reader may see
select contacts.activity_json(a)::text
from contacts.activity a
where a.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and a.id = :activity_id

-- name: record_metrics record_metrics -> json; whether the reader may see the record was asked before. A mail counts once, to however many it went, or when it came
-- from somebody; what came is no answer of ours
with asked as (
	select (select nullif(current_setting('crm.workspaces', true), ''))::uuid[] as workspaces, coalesce(:deal_id, :lead_id) as id,
		contacts.zone_of(:tz) as zone, coalesce(:now, now()) as now
), began as (
	select l.at
	from asked q
	join contacts.lead l on l.workspace_id = any (q.workspaces) and l.lead_id = q.id
	union all
	select t.at
	from asked q
	join contacts.timeline t on t.workspace_id = any (q.workspaces) and t.subject_id = q.id and t.type = 'deal.created'
), did as (
	select a.kind, a.done_at as at, true as ours
	from asked q
	join contacts.activity a on a.workspace_id = any (q.workspaces) and a.record_id = q.id and a.removed_at is null and a.done_at is not null
	union all
	select 'email', min(t.at), bool_or(t.type = 'mail.sent')
	from asked q
	join contacts.timeline t on t.workspace_id = any (q.workspaces) and t.subject_id = q.id and t.type in ('mail.sent', 'mail.received', 'mail.assigned', 'mail.unassigned')
	where (t.data ->> 'machine')::boolean is not true
	group by t.data ->> 'mail_id'
	having (array_agg(t.type order by t.at desc, t.event_id desc))[1] <> 'mail.unassigned' -- it was taken back
), day as (
	select (d.at at time zone q.zone)::date as day, count(*) as count
	from asked q
	cross join did d
	where (d.at at time zone q.zone)::date > (q.now at time zone q.zone)::date - 56
	group by 1
)
select json_build_object('calls', count(*) filter (where d.kind = 'call'), 'emails', count(*) filter (where d.kind = 'email'),
	'meetings', count(*) filter (where d.kind = 'meeting'), 'messages', count(*) filter (where d.kind in ('whatsapp', 'sms')),
	'notes', count(*) filter (where d.kind = 'note'),
	'response_minutes', case when bool_or(d.ours) then greatest(0, floor(extract(epoch from min(d.at) filter (where d.ours) - (select min(b.at) from began b)) / 60)::bigint) end,
	'days', (select coalesce(json_agg(json_build_object('day', x.day, 'count', x.count) order by x.day), '[]') from day x))::text
from did d

-- name: activity_list activity_list -> json; by when they are due, those without a date last
with bounds as (
	select (select nullif(current_setting('crm.workspaces', true), ''))::uuid[] as workspaces, coalesce(:now, now()) as now, contacts.zone_of(:tz) as zone,
		date_trunc('day', coalesce(:now, now()) at time zone contacts.zone_of(:tz)) as day
), span as (
	select greatest(:from, case :period when 'today' then b.day at time zone b.zone when 'month' then date_trunc('month', b.day) at time zone b.zone
			when 'upcoming' then b.now end) as least,
		least(:to, case :period when 'today' then (b.day + interval '1 day') at time zone b.zone
			when 'month' then (date_trunc('month', b.day) + interval '1 month') at time zone b.zone when 'overdue' then b.now end) as most,
		:period is not null or :from is not null or :to is not null as dated
	from bounds b
), record as (
	select coalesce(:lead_id, :deal_id, :contact_id, :account_id) as id
	union
	select l.lead_id
	from contacts.lead l
	where l.workspace_id = any ((select workspaces from bounds)::uuid[]) and l.contact_id = :contact_id
	union
	select t.subject_id
	from contacts.timeline t
	where t.workspace_id = any ((select workspaces from bounds)::uuid[]) and t.contact_id = :contact_id
	union
	select c.id
	from contacts.contact c
	where c.workspace_id = any ((select workspaces from bounds)::uuid[]) and c.account_id = :account_id
	union
	select l.lead_id
	from contacts.contact c
	join contacts.lead l on (l.workspace_id, l.contact_id) = (c.workspace_id, c.id)
	where c.workspace_id = any ((select workspaces from bounds)::uuid[]) and c.account_id = :account_id
), found as (
	select a as activity, a.due_at, a.id
	from contacts.activity a
	cross join span s
	where a.workspace_id = any ((select workspaces from bounds)::uuid[]) and a.removed_at is null
		and (coalesce(:lead_id, :deal_id, :contact_id, :account_id) is null or a.record_id in (select r.id from record r))
		and
		-- use: activity_stands
		and (not s.dated or a.due_at is not null) and (s.least is null or a.due_at >= s.least) and (s.most is null or a.due_at < s.most)
		and (:period is distinct from 'overdue' or a.done_at is null) and (:done is null or (a.done_at is not null) = :done)
		and (:kind is null or a.kind = any (string_to_array(:kind, ',')))
		and (:owner is null or a.assignee_id = case when :owner = 'me' then :user when :owner ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then :owner::uuid end)
		and (:after is null or (coalesce(a.due_at, '4000-01-01 00:00:00+00'), a.id) > (contacts.cursor_at(:after), contacts.cursor_id(:after)))
	order by a.due_at, a.id
	limit least(greatest(coalesce(:limit, 50), 1), 200) + 1
), numbered as (
	select f.activity, f.due_at, f.id, row_number() over due as i, lead(true, 1, false) over due as more
	from found f
	window due as (order by f.due_at, f.id)
)
select json_build_object(
	'data', coalesce(json_agg(contacts.activity_json(n.activity) order by n.i) filter (where n.i <= least(greatest(coalesce(:limit, 50), 1), 200)), '[]'),
	'next', max((extract(epoch from coalesce(n.due_at, '4000-01-01 00:00:00+00')) * 1000000)::bigint || '.0.' || n.id) filter (
		where n.i = least(greatest(coalesce(:limit, 50), 1), 200) and n.more))::text
from numbered n

-- name: activity_named activity_named -> json; by the key
with found as (
	select a as activity, a.due_at, a.id
	from contacts.activity a
	where a.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and a.id = any (array(select jsonb_array_elements_text(:ids)::uuid)) and a.removed_at is null and a.due_at is not null
		and
		-- use: activity_stands
		and (:owner is null or a.assignee_id = case when :owner = 'me' then :user when :owner ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then :owner::uuid end)
	order by a.due_at, a.id
	limit least(greatest(coalesce(:limit, 50), 1), 200) + 1
), numbered as (
	select f.activity, f.due_at, f.id, row_number() over due as i, lead(true, 1, false) over due as more
	from found f
	window due as (order by f.due_at, f.id)
)
select json_build_object(
	'data', coalesce(json_agg(contacts.activity_json(n.activity) order by n.i) filter (where n.i <= least(greatest(coalesce(:limit, 50), 1), 200)), '[]'),
	'next', max((extract(epoch from n.due_at) * 1000000)::bigint || '.0.' || n.id) filter (
		where n.i = least(greatest(coalesce(:limit, 50), 1), 200) and n.more))::text
from numbered n

-- name: activity_feed activity_feed -> json; by activity_mine and activity_gone; of very many, those that are due last
with mine as (
	select a.*
	from contacts.activity a
	where a.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and a.assignee_id = :user
		and a.removed_at is null and a.due_at is not null and (a.done_at is null or a.due_at >= :since)
		and
		-- use: activity_stands
	union all
	select a.*
	from contacts.activity a
	where a.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and a.assignee_id = :user
		and a.removed_at >= :since and a.due_at is not null
), told as (
	select m.*, contacts.activity_title(row(m.*)::contacts.activity) as title
	from mine m
	order by m.due_at desc, m.id desc
	limit 2000
)
select json_build_object('data', coalesce(json_agg(json_build_object(
	'id', t.id, 'kind', t.kind, 'subject', t.subject, 'title', t.title, 'about', t.about, 'record_id', t.record_id, 'version', t.version,
	'due', contacts.ics_time(t.due_at), 'stamp', contacts.ics_time(greatest(t.created_at, t.done_at, t.removed_at)),
	'remind', contacts.ics_time(case when t.done_at is null and t.removed_at is null then t.ring_at end),
	'done', t.done_at is not null, 'removed', t.removed_at is not null) order by t.due_at, t.id), '[]'))::text
from told t

-- name: task_list task_list -> json; what somebody has to do, by when it is due; what is done, the last one first
with bounds as (
	select (select nullif(current_setting('crm.workspaces', true), ''))::uuid[] as workspaces, coalesce(:now, now()) as now, contacts.zone_of(:tz) as zone,
		date_trunc('day', coalesce(:now, now()) at time zone contacts.zone_of(:tz)) as day,
		case when coalesce(:owner, 'me') = 'me' then :user when :owner ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then :owner::uuid end as person,
		coalesce(:view, 'mine') as view
), days as (
	select b.day at time zone b.zone as begins, (b.day + interval '1 day') at time zone b.zone as ends
	from bounds b
), open as (
	select a as activity, a.id, a.due_at
	from contacts.activity a
	where a.workspace_id = any ((select workspaces from bounds)::uuid[]) and a.assignee_id = (select person from bounds) and a.removed_at is null
		and a.done_at is null and (a.due_at is not null or a.kind = 'task')
		and
		-- use: activity_stands
), found as (
	select o.activity, o.id, (extract(epoch from coalesce(o.due_at, '4000-01-01 00:00:00+00')) * 1000000)::bigint as place
	from open o
	cross join bounds b
	cross join days d
	where case b.view when 'overdue' then o.due_at < b.now when 'today' then o.due_at >= d.begins and o.due_at < d.ends when 'upcoming' then o.due_at >= b.now
		else b.view = 'mine' end
	union all
	select a, a.id, 64060588800000000 - (extract(epoch from a.done_at) * 1000000)::bigint
	from contacts.activity a
	where (select view from bounds) = 'done' and a.workspace_id = any ((select workspaces from bounds)::uuid[])
		and a.assignee_id = (select person from bounds) and a.removed_at is null and a.done_at is not null and (a.due_at is not null or a.kind = 'task')
		and
		-- use: activity_stands
), numbered as (
	select f.activity, f.id, f.place, row_number() over placed as i, lead(true, 1, false) over placed as more
	from found f
	where :after is null or (f.place, f.id) > (case when :after ~ '^[0-9]{1,17}\.0\.' then split_part(:after, '.', 1)::bigint end, contacts.cursor_id(:after))
	window placed as (order by f.place, f.id)
	order by f.place, f.id
	limit least(greatest(coalesce(:limit, 50), 1), 200)
)
select json_build_object(
	'data', (select coalesce(json_agg(contacts.activity_json(n.activity) order by n.i), '[]') from numbered n),
	'next', (select max(n.place || '.0.' || n.id) from numbered n where n.i = least(greatest(coalesce(:limit, 50), 1), 200) and n.more),
	'counts', (
		select json_build_object('mine', count(*), 'overdue', count(*) filter (where o.due_at < b.now),
			'today', count(*) filter (where o.due_at >= d.begins and o.due_at < d.ends), 'upcoming', count(*) filter (where o.due_at >= b.now))
		from bounds b
		cross join days d
		left join open o on true
		where o.id is not null))::text

-- name: reminders_waiting reminders_ring => workspace_due; by the index activity_ring: all workspaces in which something is to ring
select a.workspace_id, max(item.now) as now
from unnest(:now[]) as item (now)
join contacts.activity a on a.ring_at <= item.now and a.ring_at is not null and a.rung_at is null and a.done_at is null and a.removed_at is null
group by a.workspace_id

-- name: reminders_due workspace_due => reminder_row; likewise
select a.workspace_id, a.id as activity_id, a.kind, a.about, a.record_id, a.subject, a.due_at, a.priority, a.assignee_id, a.owner_id,
	item.now as rung_at, not
	-- use: activity_stands
	as away
from unnest(:workspace_id[], :now[]) as item (workspace_id, now)
join contacts.activity a on a.workspace_id = item.workspace_id and a.ring_at <= item.now and a.ring_at is not null and a.rung_at is null and a.done_at is null
	and a.removed_at is null
order by a.ring_at
limit 1000

-- name: reminder_rung reminder_row; locks contacts.activity: each rings once, or the batch does not happen
update contacts.activity a
set rung_at = item.rung_at
from unnest(:workspace_id[], :activity_id[], :rung_at[]) as item (workspace_id, id, rung_at)
where (a.workspace_id, a.id) = (item.workspace_id, item.id) and a.rung_at is null
