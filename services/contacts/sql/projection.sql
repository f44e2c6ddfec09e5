-- name: projection_want projection_rebuild *; locks contacts.projection: one that is under way begins again
insert into contacts.projection (lane, phase)
select item.lane, 'wanted'
from unnest(:lane[]) as item (lane)
on conflict (lane) do update set phase = 'wanted', positions = null, changed = 0, asked_at = now(), workspace_id = null, subject_id = null

-- name: projection_load projection_ask -> projection_place; locks nothing; a row per item, in their order
select p.phase
from unnest(:lane[]) with ordinality as item (lane, i)
left join contacts.projection p on p.lane = item.lane
order by item.i

-- name: projections_waiting projections_turn => projection_row; which of them are ours, the caller knows
select p.lane, p.phase, p.workspace_id, p.subject_id
from unnest(:now[]) as item (now)
join contacts.projection p on p.phase in ('wanted', 'level')
order by p.lane

-- name: workspaces_known projections_turn => workspace_known; all of them
select w.workspace_id
from unnest(:now[]) as item (now)
cross join contacts.workspace w
order by w.workspace_id

-- name: projection_begin projection_ask *; locks contacts.projection; in a transaction of its own, so cursors and frames are those of all that was written before
update contacts.projection p
set phase = 'begun', positions = (
	select jsonb_object_agg(x.source, x.last_seq)
	from (
		select c.source, c.last_seq
		from contacts.cursor c
		where c.consumer = 'main' and c.lane = p.lane
		union all
		select 'contacts', coalesce((select e.first_seq + e.n - 1 from contacts.event e where e.lane = p.lane order by e.first_seq desc limit 1), 0)
	) x)
from unnest(:lane[]) as item (lane)
where p.lane = item.lane

-- name: projection_is_level projection_ask *; locks contacts.projection
update contacts.projection p
set phase = 'level'
from unnest(:lane[]) as item (lane)
where p.lane = item.lane and p.phase = 'begun'

-- name: projection_upto projection_bite -> projection_end; locks nothing; a row per item, in their order: the record at which some thousands of lines of either are through
select nullif(least(coalesce(t.subject_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'), coalesce(s.subject_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff')), 'ffffffff-ffff-ffff-ffff-ffffffffffff') as upto_id
from unnest(:workspace_id[], :after_id[]) with ordinality as item (workspace_id, after_id, i)
left join lateral (select l.subject_id from contacts.timeline l where l.workspace_id = item.workspace_id and l.subject_id > item.after_id order by l.subject_id offset 4000 limit 1) t on true
left join lateral (select l.subject_id from contacts.timeline_shadow l where l.workspace_id = item.workspace_id and l.subject_id > item.after_id order by l.subject_id offset 4000 limit 1) s on true
order by item.i

-- name: projection_at projection_step *; locks contacts.projection
update contacts.projection p
set workspace_id = item.workspace_id, subject_id = item.subject_id, changed = p.changed + item.changed
from unnest(:lane[], :workspace_id[], :subject_id[], :changed[]) as item (lane, workspace_id, subject_id, changed)
where p.lane = item.lane

-- name: projection_over projection_ask *; locks contacts.projection
update contacts.projection p
set phase = 'done', workspace_id = null, subject_id = null
from unnest(:lane[]) as item (lane)
where p.lane = item.lane

-- name: projection_cancel erased_about *; locks contacts.projection: what was fed may name somebody who is to be forgotten
update contacts.projection p
set phase = 'cancelled'
from (select from unnest(:workspace_id[]) limit 1) item
where p.phase in ('wanted', 'begun', 'level')

-- name: erased_shadow_drop erased_about *; locks contacts.timeline_shadow
delete from contacts.timeline_shadow s
using unnest(:workspace_id[]) as item (workspace_id)
where s.workspace_id = item.workspace_id

-- name: removed_shadow_drop workspace_removed *; locks contacts.timeline_shadow, the workspace's rows
delete from contacts.timeline_shadow s
using unnest(:workspace_id[]) as item (workspace_id)
where s.workspace_id = item.workspace_id

-- name: shadow_clear projection_part *; locks contacts.timeline_shadow
delete from contacts.timeline_shadow s
using unnest(:workspace_id[]) as item (workspace_id)
where s.workspace_id = item.workspace_id

-- name: shadow_clear_bite projection_part *; locks contacts.timeline_shadow
delete from contacts.timeline_shadow s
using unnest(:workspace_id[], :after_id[], :upto_id[]) as item (workspace_id, after_id, upto_id)
where s.workspace_id = item.workspace_id and s.subject_id > item.after_id and s.subject_id <= item.upto_id

-- name: shadow_write timeline_entry *; locks contacts.timeline_shadow; what was fed before stays as it is
insert into contacts.timeline_shadow (workspace_id, subject_id, event_id, contact_id, owner_id, actor_id, at, type, data)
select item.workspace_id, item.subject_id, item.event_id, item.contact_id, item.owner_id, item.actor_id, item.at, item.type, item.data
from unnest(:workspace_id[], :subject_id[], :event_id[], :contact_id[], :owner_id[], :actor_id[], :at[], :type[], :data[])
	as item (workspace_id, subject_id, event_id, contact_id, owner_id, actor_id, at, type, data)
on conflict (workspace_id, subject_id, event_id) do nothing

-- name: shadow_drop_noted projection_part *; locks contacts.timeline_shadow: a lead's deal is noted with its lead
delete from contacts.timeline_shadow s
using unnest(:workspace_id[], :after_id[], :upto_id[]) as item (workspace_id, after_id, upto_id)
where s.workspace_id = item.workspace_id and s.subject_id > item.after_id and s.subject_id <= item.upto_id and s.type = 'deal.created' and exists (
	select from contacts.lead l
	where (l.workspace_id, l.lead_id) = (s.workspace_id, s.subject_id))

-- name: shadow_drop_purged projection_part *; locks contacts.timeline_shadow: a deal that is gone for good; what hangs on its lead stays
delete from contacts.timeline_shadow s
using unnest(:workspace_id[], :after_id[], :upto_id[]) as item (workspace_id, after_id, upto_id)
where s.workspace_id = item.workspace_id and s.subject_id > item.after_id and s.subject_id <= item.upto_id
	and exists (
		select from contacts.timeline_shadow p
		where (p.workspace_id, p.subject_id) = (s.workspace_id, s.subject_id) and p.type = 'deal.purged')
	and (s.type like 'deal.%' or not exists (
		select from contacts.lead l
		where (l.workspace_id, l.lead_id) = (s.workspace_id, s.subject_id)))

-- name: shadow_drop_homeless projection_part *; locks contacts.timeline_shadow: what was about somebody or something that is gone for good
delete from contacts.timeline_shadow s
using unnest(:workspace_id[], :after_id[], :upto_id[]) as item (workspace_id, after_id, upto_id)
where s.workspace_id = item.workspace_id and s.subject_id > item.after_id and s.subject_id <= item.upto_id
	and not exists (select from contacts.contact c where (c.workspace_id, c.id) = (s.workspace_id, s.subject_id))
	and not exists (select from contacts.account a where (a.workspace_id, a.id) = (s.workspace_id, s.subject_id))
	and not exists (select from contacts.lead l where (l.workspace_id, l.lead_id) = (s.workspace_id, s.subject_id))
	and not exists (
		select from contacts.timeline_shadow d
		where (d.workspace_id, d.subject_id) = (s.workspace_id, s.subject_id) and d.type = 'deal.created')

-- name: shadow_settle projection_part *; locks contacts.timeline_shadow: whose each subject is now, who its contact is by now, and that a way in is no actor
update contacts.timeline_shadow s
set owner_id = o.owner_id, contact_id = contacts.survivor_now(s.workspace_id, s.contact_id),
	actor_id = case when s.type = 'contact.updated' and exists (
			select from contacts.lead l
			where (l.workspace_id, l.lead_id) = (s.workspace_id, (s.data ->> 'lead_id')::uuid) and l.actor_id is null) then null
		else s.actor_id end
from unnest(:workspace_id[], :after_id[], :upto_id[]) as item (workspace_id, after_id, upto_id)
cross join lateral (
	select distinct x.subject_id
	from contacts.timeline_shadow x
	where x.workspace_id = item.workspace_id and x.subject_id > item.after_id and x.subject_id <= item.upto_id
) subject
cross join lateral (
	select y.owner_id
	from (
		select 1 as i, l.owner_id from contacts.lead l where (l.workspace_id, l.lead_id) = (item.workspace_id, subject.subject_id)
		union all
		select 2, c.owner_id from contacts.contact c where (c.workspace_id, c.id) = (item.workspace_id, subject.subject_id)
		union all
		select 3, a.owner_id from contacts.account a where (a.workspace_id, a.id) = (item.workspace_id, subject.subject_id)
		union all
		(select 4, z.owner_id from contacts.timeline_shadow z where (z.workspace_id, z.subject_id) = (item.workspace_id, subject.subject_id) order by z.event_id desc limit 1)
	) y
	order by y.i
	limit 1
) o
where (s.workspace_id, s.subject_id) = (item.workspace_id, subject.subject_id)

-- name: shadow_differs projection_part -> projection_count; locks nothing; a row per item, in their order
select (
	select count(*)
	from (select * from contacts.timeline x where x.workspace_id = item.workspace_id and x.subject_id > item.after_id and x.subject_id <= item.upto_id) t
	full join (select * from contacts.timeline_shadow x where x.workspace_id = item.workspace_id and x.subject_id > item.after_id and x.subject_id <= item.upto_id) s on (s.workspace_id, s.subject_id, s.event_id) = (t.workspace_id, t.subject_id, t.event_id)
	where (t.workspace_id is null or t.type = any (string_to_array(item.types, ',')))
		and (s.contact_id, s.owner_id, s.actor_id, s.at, s.type, s.data) is distinct from (t.contact_id, t.owner_id, t.actor_id, t.at, t.type, t.data)) as changed
from unnest(:workspace_id[], :types[], :after_id[], :upto_id[]) with ordinality as item (workspace_id, types, after_id, upto_id, i)
order by item.i

-- name: timeline_drop_other projection_part *; locks contacts.timeline: lines that the rebuild has not, or has otherwise
delete from contacts.timeline t
using unnest(:workspace_id[], :types[], :after_id[], :upto_id[]) as item (workspace_id, types, after_id, upto_id)
where t.workspace_id = item.workspace_id and t.subject_id > item.after_id and t.subject_id <= item.upto_id and t.type = any (string_to_array(item.types, ',')) and not exists (
	select from contacts.timeline_shadow s
	where (s.workspace_id, s.subject_id, s.event_id) = (t.workspace_id, t.subject_id, t.event_id)
		and (s.contact_id, s.owner_id, s.actor_id, s.at, s.type, s.data) is not distinct from (t.contact_id, t.owner_id, t.actor_id, t.at, t.type, t.data))

-- name: timeline_take projection_part *; locks contacts.timeline: lines that it lacks
insert into contacts.timeline (workspace_id, subject_id, event_id, contact_id, owner_id, actor_id, at, type, data)
select s.workspace_id, s.subject_id, s.event_id, s.contact_id, s.owner_id, s.actor_id, s.at, s.type, s.data
from unnest(:workspace_id[], :after_id[], :upto_id[]) as item (workspace_id, after_id, upto_id)
join contacts.timeline_shadow s on s.workspace_id = item.workspace_id and s.subject_id > item.after_id and s.subject_id <= item.upto_id
on conflict (workspace_id, subject_id, event_id) do nothing

-- name: projection_list projection_list -> json; sixteen lanes at most
select json_build_object('data', coalesce(json_agg(json_build_object('lane', p.lane, 'phase', p.phase, 'positions', p.positions, 'changed', p.changed) order by p.lane), '[]'))::text
from contacts.projection p
where :lane is null or p.lane = :lane
