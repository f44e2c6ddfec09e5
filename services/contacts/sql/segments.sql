-- part: in_segment; t: a contact
(:segment is null or exists (
	select from contacts.segment_member m
	where (m.workspace_id, m.record_id) = (t.workspace_id, t.id) and m.segment_id::text = any (string_to_array(lower(:segment), ','))))

-- name: segment_load segment_ask => segment_row; a workspace's few segments, by name
select s.workspace_id, s.id as segment_id, s.version, s.name, s.of, s.conditions, s.by_time, s.created_at, s.created_by, s.swept_to
from (
	select distinct i.workspace_id
	from unnest(:workspace_id[]) as i (workspace_id)
) item
join contacts.segment s on s.workspace_id = item.workspace_id
order by lower(s.name), s.id

-- name: segment_write segment_row *; locks contacts.segment; the index on names has the last word. Its records are looked at from the first
insert into contacts.segment (workspace_id, id, version, name, of, conditions, by_time, created_at, created_by, swept_to)
select item.workspace_id, item.id, item.version, item.name, item.of, item.conditions, item.by_time, item.created_at, item.created_by, '00000000-0000-0000-0000-000000000000'
from unnest(:workspace_id[], :segment_id[], :version[], :name[], :of[], :conditions[], :by_time[], :created_at[], :created_by[])
	as item (workspace_id, id, version, name, of, conditions, by_time, created_at, created_by)
on conflict (workspace_id, id) do update set version = excluded.version, name = excluded.name, conditions = excluded.conditions, by_time = excluded.by_time,
	swept_to = excluded.swept_to

-- name: segment_drop segment_row *; locks contacts.segment_member, then contacts.segment
with member as (
	delete from contacts.segment_member m
	using unnest(:workspace_id[], :segment_id[]) as item (workspace_id, id)
	where (m.workspace_id, m.segment_id) = (item.workspace_id, item.id)
)
delete from contacts.segment s
using unnest(:workspace_id[], :segment_id[]) as item (workspace_id, id)
where (s.workspace_id, s.id) = (item.workspace_id, item.id)

-- name: segments_again segment_ask *; locks contacts.segment: all of a workspace look at their records anew
update contacts.segment s
set swept_to = '00000000-0000-0000-0000-000000000000'
from unnest(:workspace_id[]) as item (workspace_id)
where s.workspace_id = item.workspace_id

-- name: segments_anywhere segments_look => segment_ask; which workspaces have segments: more than the writer remembers are read one too many
select distinct s.workspace_id
from unnest(:now[]) as item (now)
cross join contacts.segment s
limit 65

-- name: segment_mark_write segment_mark *; locks contacts.segment_mark; of workspaces with segments alone
insert into contacts.segment_mark (workspace_id, record_id)
select distinct item.workspace_id, item.record_id
from unnest(:workspace_id[], :record_id[]) as item (workspace_id, record_id)
where exists (select from contacts.segment s where s.workspace_id = item.workspace_id)
on conflict (workspace_id, record_id) do nothing

-- name: segments_marked segments_look => segment_look; workspaces in which something changed, whoever owns their lanes
select m.workspace_id, max(item.now) as now
from unnest(:now[]) as item (now)
cross join contacts.segment_mark m
group by m.workspace_id

-- name: segments_waiting segments_look => workspace_due; in which some are to be looked at
select s.workspace_id, max(item.now) as now
from unnest(:now[]) as item (now)
join contacts.segment s on s.swept_to is not null or (s.by_time and s.swept_at < item.now - interval '30 seconds')
group by s.workspace_id

-- name: segments_swept workspace_due => segment_row; those that have not looked at all their records, or looked too long ago for what the clock changes
select s.workspace_id, s.id as segment_id, s.version, s.name, s.of, s.conditions, s.by_time, s.created_at, s.created_by,
	coalesce(s.swept_to, '00000000-0000-0000-0000-000000000000') as swept_to, item.now
from unnest(:workspace_id[], :now[]) as item (workspace_id, now)
join contacts.segment s on s.workspace_id = item.workspace_id and (s.swept_to is not null or (s.by_time and s.swept_at < item.now - interval '30 seconds'))
order by s.swept_at nulls first
limit 100

-- name: segment_marks_look segment_look => segment_move; takes the marks of a workspace, 2,000 at most, and says what joins and leaves; with a record go its contact and its account
with taken as (
	delete from contacts.segment_mark m
	using (
		select x.workspace_id, x.record_id
		from unnest(:workspace_id[]) as item (workspace_id)
		join contacts.segment_mark x on x.workspace_id = item.workspace_id
		limit 2000
	) x
	where (m.workspace_id, m.record_id) = (x.workspace_id, x.record_id)
	returning m.workspace_id, m.record_id as id
), person as (
	select t.workspace_id, t.id
	from taken t
	union
	select l.workspace_id, l.contact_id
	from taken t
	join contacts.lead l on (l.workspace_id, l.lead_id) = (t.workspace_id, t.id)
	where l.contact_id is not null
	union
	select d.workspace_id, d.contact_id
	from taken t
	join contacts.deal_fact d on (d.workspace_id, d.deal_id) = (t.workspace_id, t.id)
	where d.contact_id is not null
), wide as (
	select p.workspace_id, p.id
	from person p
	union
	select c.workspace_id, c.account_id
	from person p
	join contacts.contact c on (c.workspace_id, c.id) = (p.workspace_id, p.id)
	where c.account_id is not null
	union
	select d.workspace_id, d.account_id
	from taken t
	join contacts.deal_fact d on (d.workspace_id, d.deal_id) = (t.workspace_id, t.id)
	where d.account_id is not null
	union
	select v.workspace_id, v.account_id
	from taken t
	join contacts.conversion v on (v.workspace_id, v.deal_id) = (t.workspace_id, t.id)
	where v.account_id is not null
)
select s.workspace_id, s.id as segment_id, s.of, d.record_id, d.owner_id, d.joined
from unnest(:workspace_id[], :now[]) as item (workspace_id, now)
join contacts.segment s on s.workspace_id = item.workspace_id
cross join lateral contacts.segment_diff(s.workspace_id, s.id, s.of, s.conditions, array(select w.id from wide w where w.workspace_id = s.workspace_id), null, null, item.now) d

-- name: segment_bite_load segment_row -> segment_bite; how far the next look reaches: 1,000 records
select contacts.segment_bite(item.workspace_id, item.of, item.swept_to, 999) as upto
from unnest(:workspace_id[], :of[], :swept_to[]) with ordinality as item (workspace_id, of, swept_to, i)
order by item.i

-- name: segment_bite_look segment_sweep => segment_move; what of them joins and leaves
select item.workspace_id, item.segment_id, item.of, d.record_id, d.owner_id, d.joined
from unnest(:workspace_id[], :segment_id[], :of[], :conditions[], :from_id[], :upto[], :now[]) as item (workspace_id, segment_id, of, conditions, from_id, upto, now)
cross join lateral contacts.segment_diff(item.workspace_id, item.segment_id, item.of, item.conditions, null, item.from_id, item.upto, item.now) d

-- name: segment_swept_write segment_sweep *; locks contacts.segment
update contacts.segment s
set swept_to = item.upto, swept_at = case when item.upto is null then item.now else s.swept_at end
from unnest(:workspace_id[], :segment_id[], :upto[], :now[]) as item (workspace_id, segment_id, upto, now)
where (s.workspace_id, s.id) = (item.workspace_id, item.segment_id)

-- name: segment_join segment_move; the key has the last word: nothing joins twice
insert into contacts.segment_member (workspace_id, segment_id, record_id)
select item.workspace_id, item.segment_id, item.record_id
from unnest(:workspace_id[], :segment_id[], :record_id[]) as item (workspace_id, segment_id, record_id)

-- name: segment_leave segment_move; locks contacts.segment_member: nothing leaves twice
delete from contacts.segment_member m
using unnest(:workspace_id[], :segment_id[], :record_id[]) as item (workspace_id, segment_id, record_id)
where (m.workspace_id, m.segment_id, m.record_id) = (item.workspace_id, item.segment_id, item.record_id)

-- name: deal_fact_write deal_fact *; locks contacts.deal_fact; what was heard before stays as it is
insert into contacts.deal_fact (workspace_id, deal_id, by_hand, created_at, contact_id, account_id, owner_id, stage_id, value, value_currency, close_date)
select item.workspace_id, item.deal_id, item.by_hand, item.at, item.contact_id, item.account_id, item.owner_id, item.stage_id, item.value, item.currency, item.close_date
from unnest(:workspace_id[], :deal_id[], :by_hand[], :at[], :contact_id[], :account_id[], :owner_id[], :stage_id[], :value[], :value_currency[], :close_date[])
	as item (workspace_id, deal_id, by_hand, at, contact_id, account_id, owner_id, stage_id, value, currency, close_date)
on conflict (workspace_id, deal_id) do nothing

-- name: deal_fact_change deal_fact *; locks contacts.deal_fact; of a lead's deal the first that is worth a row
insert into contacts.deal_fact (workspace_id, deal_id, created_at, account_id, owner_id, value, value_currency, close_date)
select item.workspace_id, item.deal_id, item.at, item.account_id, item.owner_id, item.value, item.currency, item.close_date
from unnest(:workspace_id[], :deal_id[], :at[], :account_id[], :owner_id[], :value[], :value_currency[], :close_date[])
	as item (workspace_id, deal_id, at, account_id, owner_id, value, currency, close_date)
on conflict (workspace_id, deal_id) do update set account_id = excluded.account_id, owner_id = excluded.owner_id, value = excluded.value,
	value_currency = excluded.value_currency, close_date = excluded.close_date

-- name: deal_fact_move deal_fact *; locks contacts.deal_fact; likewise
insert into contacts.deal_fact (workspace_id, deal_id, created_at, account_id, owner_id, stage_id, kind, closed_at)
select item.workspace_id, item.deal_id, item.at, item.account_id, item.owner_id, item.stage_id, item.kind, case when item.kind <> 'open' then item.at end
from unnest(:workspace_id[], :deal_id[], :at[], :account_id[], :owner_id[], :stage_id[], :kind[]) as item (workspace_id, deal_id, at, account_id, owner_id, stage_id, kind)
on conflict (workspace_id, deal_id) do update set stage_id = excluded.stage_id, kind = excluded.kind, closed_at = excluded.closed_at, owner_id = excluded.owner_id,
	account_id = coalesce(excluded.account_id, deal_fact.account_id)

-- name: deal_fact_hand_over member_handed_over *; locks contacts.deal_fact
update contacts.deal_fact d
set owner_id = item.to_id
from unnest(:workspace[], :user_id[], :to_id[]) as item (workspace_id, user_id, to_id)
where d.workspace_id = item.workspace_id and d.owner_id = item.user_id

-- name: removed_deal_fact_drop workspace_removed *; locks contacts.deal_fact, the workspace's rows
delete from contacts.deal_fact t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_segment_member_drop workspace_removed *; locks contacts.segment_member, the workspace's rows
delete from contacts.segment_member t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_segment_mark_drop workspace_removed *; locks contacts.segment_mark, the workspace's rows
delete from contacts.segment_mark t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_segment_drop workspace_removed *; locks contacts.segment, the workspace's rows
delete from contacts.segment t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: segment_list segment_list -> json; by name
select json_build_object('data', coalesce(json_agg(contacts.segment_json(s) order by s.workspace_id, lower(s.name)), '[]'))::text
from contacts.segment s
where :of is null or s.of = :of

-- name: segment_get segment_get -> json; no row: there is none
select contacts.segment_json(s)::text
from contacts.segment s
where s.id = :segment_id

-- name: segment_preview segment_preview -> json; looks at every record of the kind that the reader may see
select contacts.segment_size(:of, :conditions::jsonb, coalesce(:now, now()))::text
