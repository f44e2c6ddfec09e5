-- name: contact_join_load merge_ask -> merge_place; locks nothing, the lane is the lock; a row per item, in their order
select s.version, l.version as loser_version, s.owner_id, l.owner_id as loser_owner_id, s.merged_into is null as stands, l.merged_into is null as loser_stands,
	coalesce(s.removed_at, l.removed_at) is not null as away, m.id as merge_id, false as client
from unnest(:workspace_id[], :survivor_id[], :loser_id[]) with ordinality as item (workspace_id, survivor_id, loser_id, i)
left join contacts.contact s on (s.workspace_id, s.id) = (item.workspace_id, item.survivor_id)
left join contacts.contact l on (l.workspace_id, l.id) = (item.workspace_id, item.loser_id)
left join contacts.merge m on (m.workspace_id, m.survivor_id, m.loser_id) = (item.workspace_id, item.survivor_id, item.loser_id) and m.undone_at is null
order by item.i

-- name: account_join_load merge_ask -> merge_place; the same of accounts
select s.version, l.version as loser_version, s.owner_id, l.owner_id as loser_owner_id, s.merged_into is null as stands, l.merged_into is null as loser_stands,
	coalesce(s.removed_at, l.removed_at) is not null as away, m.id as merge_id, coalesce(s.lifecycle = 'client', false) as client, coalesce(l.lifecycle = 'client', false) as loser_client
from unnest(:workspace_id[], :survivor_id[], :loser_id[]) with ordinality as item (workspace_id, survivor_id, loser_id, i)
left join contacts.account s on (s.workspace_id, s.id) = (item.workspace_id, item.survivor_id)
left join contacts.account l on (l.workspace_id, l.id) = (item.workspace_id, item.loser_id)
left join contacts.merge m on (m.workspace_id, m.survivor_id, m.loser_id) = (item.workspace_id, item.survivor_id, item.loser_id) and m.undone_at is null
order by item.i

-- name: merge_undo_load merge_ask -> merge_place; locks nothing; what both would have again may be another's by now
select coalesce(c.version, a.version) as version, coalesce(k.version, b.version) as loser_version, coalesce(c.owner_id, a.owner_id) as owner_id,
	coalesce(k.owner_id, b.owner_id) as loser_owner_id, coalesce(c.merged_into, a.merged_into) is null as stands,
	coalesce(c.removed_at, a.removed_at) is not null as away, m.id as merge_id, m.kind, m.survivor_id, m.loser_id, m.undone_at is not null as undone,
	(select n.id from contacts.merge n
		where n.workspace_id = m.workspace_id and m.survivor_id in (n.survivor_id, n.loser_id) and n.undone_at is null and (n.at, n.id) > (m.at, m.id)
		order by n.at desc, n.id desc
		limit 1) as later_id,
	case m.kind when 'contact' then coalesce(
		(select o.id from contacts.contact o
			where o.workspace_id = m.workspace_id and o.email <> '' and lower(o.email) = lower(m.loser ->> 'email') and o.id <> m.loser_id and o.removed_at is null and o.merged_into is null
				and (o.id <> m.survivor_id or o.email is distinct from m.merged ->> 'email')
			limit 1),
		(select o.id from contacts.contact o
			where o.workspace_id = m.workspace_id and o.email <> '' and lower(o.email) = lower(m.survivor ->> 'email') and o.id <> m.survivor_id and o.removed_at is null and o.merged_into is null
				and c.email is not distinct from m.merged ->> 'email'
			limit 1))
	else coalesce(
		(select o.id from contacts.account o
			where o.workspace_id = m.workspace_id and lower(o.name) = lower(m.loser ->> 'name') and o.id <> m.loser_id and o.removed_at is null and o.merged_into is null
				and (o.id <> m.survivor_id or o.name is distinct from m.merged ->> 'name')
			limit 1),
		(select o.id from contacts.account o
			where o.workspace_id = m.workspace_id and lower(o.name) = lower(m.survivor ->> 'name') and o.id <> m.survivor_id and o.removed_at is null and o.merged_into is null
				and a.name is not distinct from m.merged ->> 'name'
			limit 1)) end as taken_id
from unnest(:workspace_id[], :merge_id[]) with ordinality as item (workspace_id, id, i)
left join contacts.merge m on (m.workspace_id, m.id) = (item.workspace_id, item.id)
left join contacts.contact c on m.kind = 'contact' and (c.workspace_id, c.id) = (m.workspace_id, m.survivor_id)
left join contacts.contact k on m.kind = 'contact' and (k.workspace_id, k.id) = (m.workspace_id, m.loser_id)
left join contacts.account a on m.kind = 'account' and (a.workspace_id, a.id) = (m.workspace_id, m.survivor_id)
left join contacts.account b on m.kind = 'account' and (b.workspace_id, b.id) = (m.workspace_id, m.loser_id)
order by item.i

-- name: merge_make merge_ask -> merge_result; locks all that names the loser; see sql/0026_merge.sql
select contacts.merge_make(item.workspace_id, item.merge_id, item.kind, item.survivor_id, item.loser_id, item.fields, item.actor_id, item.at) as result
from unnest(:workspace_id[], :merge_id[], :kind[], :survivor_id[], :loser_id[], :fields[], :actor_id[], :at[]) with ordinality
	as item (workspace_id, merge_id, kind, survivor_id, loser_id, fields, actor_id, at, i)
order by item.i

-- name: merge_part merge_ask -> merge_result; locks all that the merge moved
select contacts.merge_undo(item.workspace_id, item.merge_id, item.actor_id, item.at) as result
from unnest(:workspace_id[], :merge_id[], :actor_id[], :at[]) with ordinality as item (workspace_id, merge_id, actor_id, at, i)
order by item.i

-- name: merge_account_now merge_ask *; locks contacts.merge: an account that was merged on since is given back as the one that it is now, one that is gone as none
with recursive way as (
	select m.workspace_id, m.id as merge_id, a.id as was, a.id, a.merged_into, 0 as step
	from unnest(:workspace_id[], :merge_id[]) as item (workspace_id, id)
	join contacts.merge m on (m.workspace_id, m.id) = (item.workspace_id, item.id) and m.kind = 'contact'
	join contacts.account a on a.workspace_id = m.workspace_id and a.id::text in (m.survivor ->> 'account_id', m.merged ->> 'account_id')
	union all
	select w.workspace_id, w.merge_id, w.was, a.id, a.merged_into, w.step + 1
	from way w
	join contacts.account a on (a.workspace_id, a.id) = (w.workspace_id, w.merged_into)
	where w.step < 20
)
update contacts.merge m
set survivor = m.survivor || jsonb_build_object('account_id', (
		select w.id from way w where w.merge_id = m.id and w.was::text = m.survivor ->> 'account_id' and w.merged_into is null)),
	merged = m.merged || jsonb_build_object('account_id', (
		select w.id from way w where w.merge_id = m.id and w.was::text = m.merged ->> 'account_id' and w.merged_into is null))
from unnest(:workspace_id[], :merge_id[]) as item (workspace_id, id)
where (m.workspace_id, m.id) = (item.workspace_id, item.id) and m.kind = 'contact'

-- name: merged_hand_over member_handed_over *; locks contacts.contact, contacts.account, then contacts.merge: who comes back when a merge is taken back is not a leaver's
with people as (
	update contacts.contact c
	set owner_id = item.to_id
	from unnest(:workspace[], :user_id[], :to_id[]) as item (workspace_id, user_id, to_id)
	where c.workspace_id = item.workspace_id and c.owner_id = item.user_id and c.merged_into is not null
), firms as (
	update contacts.account a
	set owner_id = item.to_id
	from unnest(:workspace[], :user_id[], :to_id[]) as item (workspace_id, user_id, to_id)
	where a.workspace_id = item.workspace_id and a.owner_id = item.user_id and a.merged_into is not null
)
update contacts.merge m
set survivor = case when m.survivor ->> 'owner_id' = item.user_id::text then m.survivor || jsonb_build_object('owner_id', item.to_id) else m.survivor end,
	merged = case when m.merged ->> 'owner_id' = item.user_id::text then m.merged || jsonb_build_object('owner_id', item.to_id) else m.merged end
from unnest(:workspace[], :user_id[], :to_id[]) as item (workspace_id, user_id, to_id)
where m.workspace_id = item.workspace_id and m.undone_at is null and item.user_id::text in (m.survivor ->> 'owner_id', m.merged ->> 'owner_id')

-- name: not_duplicate_load duplicate_dismiss -> pair_place; locks nothing; a row per item, in their order
select coalesce(c.id is not null and d.id is not null or k.id is not null and l.id is not null, false) as there, coalesce(c.owner_id, k.owner_id) as owner_id,
	coalesce(d.owner_id, l.owner_id) as other_owner_id
from unnest(:workspace[], :a_id[], :b_id[]) with ordinality as item (workspace_id, a, b, i)
left join contacts.contact c on (c.workspace_id, c.id) = (item.workspace_id, item.a)
left join contacts.contact d on (d.workspace_id, d.id) = (item.workspace_id, item.b)
left join contacts.account k on (k.workspace_id, k.id) = (item.workspace_id, item.a)
left join contacts.account l on (l.workspace_id, l.id) = (item.workspace_id, item.b)
order by item.i

-- name: not_duplicate_write duplicate_dismiss *; inserts into contacts.not_duplicate
insert into contacts.not_duplicate (workspace_id, a, b, at, actor_id)
select item.workspace_id, least(item.a, item.b), greatest(item.a, item.b), item.at, item.actor
from unnest(:workspace[], :a_id[], :b_id[], :dismissed[], :at[], :actor[]) as item (workspace_id, a, b, dismissed, at, actor)
where item.a <> item.b and coalesce(item.dismissed, true)
on conflict do nothing

-- name: not_duplicate_drop duplicate_dismiss *; locks contacts.not_duplicate
delete from contacts.not_duplicate n
using unnest(:workspace[], :a_id[], :b_id[], :dismissed[]) as item (workspace_id, a, b, dismissed)
where not item.dismissed and (n.workspace_id, n.a, n.b) = (item.workspace_id, least(item.a, item.b), greatest(item.a, item.b))

-- name: removed_merge_part_drop workspace_removed *; locks contacts.merge_part, the workspace's rows
delete from contacts.merge_part t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_merge_drop workspace_removed *; locks contacts.merge, the workspace's rows
delete from contacts.merge t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_not_duplicate_drop workspace_removed *; locks contacts.not_duplicate, the workspace's rows
delete from contacts.not_duplicate t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: merge_get merge_get -> json; no row: there is none, or none the reader may see
select contacts.merge_json(m)::text
from contacts.merge m
where m.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and m.id = :merge_id

-- name: merge_list merge_list -> json; newest first by the key (ids ascend in time)
with page as (
	select m as merge, m.id, row_number() over (order by m.id desc) as i
	from contacts.merge m
	where m.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and (:record is null or :record in (m.survivor_id, m.loser_id)) and (:after is null or m.id < contacts.cursor_id(:after))
	order by m.id desc
	limit least(greatest(coalesce(:limit, 50), 1), 200) + 1
)
select json_build_object('data', coalesce(json_agg(contacts.merge_json(p.merge) order by p.i) filter (where p.i <= least(greatest(coalesce(:limit, 50), 1), 200)), '[]'),
	'next', max(p.id::text) filter (where p.i = least(greatest(coalesce(:limit, 50), 1), 200) and (select count(*) from page) > least(greatest(coalesce(:limit, 50), 1), 200)))::text
from page p

-- name: contact_join_get contact_join_get -> json; both as they are, and what hangs on the loser
select json_build_object('survivor', contacts.contact_json(s), 'loser', contacts.contact_json(l),
	'fields', contacts.merge_changes(s.workspace_id, 'contact', to_jsonb(l), to_jsonb(s)),
	'moves', json_build_object(
		'activities', (select count(*) from contacts.activity a where (a.workspace_id, a.record_id) = (l.workspace_id, l.id) and a.removed_at is null),
		'leads', (select count(*) from contacts.lead d where (d.workspace_id, d.contact_id) = (l.workspace_id, l.id)),
		'deals', (select count(*) from contacts.lead d where (d.workspace_id, d.contact_id) = (l.workspace_id, l.id) and d.deal)
			+ (select count(*) from contacts.timeline t where (t.workspace_id, t.contact_id) = (l.workspace_id, l.id) and t.type = 'deal.created'),
		'tags', (select count(*) from contacts.tagged g where (g.workspace_id, g.record_id) = (l.workspace_id, l.id)),
		'messages', (select count(*) from contacts.message m where (m.workspace_id, m.room_id) = (l.workspace_id, l.id) and m.removed_at is null)))::text
from contacts.contact s
join contacts.contact l on l.workspace_id = s.workspace_id and l.id = contacts.cursor_id(:loser)
where s.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
	and case when :contact_id is not null then s.id = :contact_id else s.number = :number end
limit 1

-- name: account_join_get account_join_get -> json; the same of accounts
select json_build_object('survivor', contacts.account_json(s, 0), 'loser', contacts.account_json(l, 0),
	'fields', contacts.merge_changes(s.workspace_id, 'account', to_jsonb(l), to_jsonb(s)),
	'moves', json_build_object(
		'contacts', (select count(*) from contacts.contact c where (c.workspace_id, c.account_id) = (l.workspace_id, l.id)),
		'activities', (select count(*) from contacts.activity a where (a.workspace_id, a.record_id) = (l.workspace_id, l.id) and a.removed_at is null),
		'tags', (select count(*) from contacts.tagged g where (g.workspace_id, g.record_id) = (l.workspace_id, l.id)),
		'messages', (select count(*) from contacts.message m where (m.workspace_id, m.room_id) = (l.workspace_id, l.id) and m.removed_at is null)))::text
from contacts.account s
join contacts.account l on l.workspace_id = s.workspace_id and l.id = contacts.cursor_id(:loser)
where s.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
	and case when :account_id is not null then s.id = :account_id else s.number = :number end
limit 1
