-- name: push_load push_ask -> push_row; locks nothing, the lane is the lock; a row per item, in their order
select item.workspace_id, p.id as push_id, p.what, p.submission_id, p.at, p.data
from unnest(:workspace_id[], :push_id[], :what[]) with ordinality as item (workspace_id, id, what, i)
left join contacts.push p on p.workspace_id = item.workspace_id and (p.id = item.id or (md5(p.what) = md5(item.what) and p.what = item.what))
order by item.i

-- name: push_write push_row; locks contacts.push; what was said last of one thing stands
insert into contacts.push (workspace_id, id, what, submission_id, at, data)
select item.workspace_id, item.id, item.what, item.submission_id, item.at, item.data
from unnest(:workspace_id[], :push_id[], :what[], :submission_id[], :at[], :data[]) as item (workspace_id, id, what, submission_id, at, data)
on conflict (workspace_id, id) do update set submission_id = excluded.submission_id, data = excluded.data

-- name: push_drop push_row *; locks contacts.push
delete from contacts.push p
using unnest(:workspace_id[], :push_id[]) as item (workspace_id, id)
where (p.workspace_id, p.id) = (item.workspace_id, item.id)

-- name: pushes_look_load push_look => push_found; locks nothing; a bite of those that wait, in the order of their keys: who they are about, is here or not
with bite as (
	select p.workspace_id, p.id, p.data
	from unnest(:workspace_id[], :push_id[]) as item (workspace_id, id)
	join contacts.push p on (p.workspace_id, p.id) > (item.workspace_id, item.id)
	order by p.workspace_id, p.id
	limit 500
)
select b.workspace_id, b.id as push_id,
	exists (select from contacts.account n where n.workspace_id = b.workspace_id and n.removed_at is null and n.merged_into is null
		and lower(n.name) = lower(btrim(b.data ->> 'account')))
	or exists (select from contacts.account_external k where (k.workspace_id, k.system) = (b.workspace_id, b.data ->> 'system')
		and k.external_id in (b.data ->> 'account_external', 'name:' || lower(btrim(b.data ->> 'account'))))
	or exists (select from contacts.contact c where c.workspace_id = b.workspace_id and c.removed_at is null and c.merged_into is null
		and lower(c.email) = lower(b.data ->> 'email') and c.email is not null and c.email <> '')
	or exists (select from contacts.contact_reach r join contacts.contact c on (c.workspace_id, c.id) = (r.workspace_id, r.contact_id)
		where r.workspace_id = b.workspace_id and r.kind = 'email' and r.value = lower(b.data ->> 'email') and c.removed_at is null and c.merged_into is null) as here
from bite b
order by b.workspace_id, b.id

-- name: pushes_count push_look => push_count; locks nothing
select workspace_id, sum(waiting)::bigint as waiting, sum(silent)::bigint as silent
from (
	select p.workspace_id, count(*) as waiting, 0 as silent from contacts.push p group by p.workspace_id
	union all
	select s.workspace_id, 0, count(*) from contacts.system s where contacts.system_away(s, now()) is not null group by s.workspace_id
) x, unnest(:workspace_id[], :push_id[]) as item (none, no)
group by workspace_id

-- name: fact_load fact_ask -> fact_row; locks nothing, the lane is the lock; a row per item, in their order
select item.workspace_id, f.id as fact_id, f.about_id, f.about, f.panel, f.key, f.system, f.label, f.value, f.unit, f.as_of, f.owner_id
from unnest(:workspace_id[], :about_id[], :panel[], :key[]) with ordinality as item (workspace_id, about_id, panel, key, i)
left join contacts.fact f on (f.workspace_id, f.about_id, f.panel, f.key) = (item.workspace_id, item.about_id, item.panel, item.key)
order by item.i

-- name: balance_load balance_changed -> balance_place; locks nothing, the lane is the lock; a row per item, in their order
select a.id is not null as known, coalesce(said.elsewhere, false) as elsewhere, said.own as fact_id, a.owner_id
from unnest(:workspace[], :account_id[]) with ordinality as item (workspace_id, id, i)
left join contacts.account a on (a.workspace_id, a.id) = (item.workspace_id, item.id) and a.merged_into is null
left join lateral (
	select bool_or(f.system <> 'billing' and f.value is not null) as elsewhere, (array_agg(f.id) filter (where f.key = 'open'))[1] as own
	from contacts.fact f
	where f.workspace_id = item.workspace_id and f.about_id = item.id and f.panel = 'balance'
) said on true
order by item.i

-- name: fact_insert fact_row; the index has the last word against one written twice
insert into contacts.fact (workspace_id, id, about_id, about, panel, key, system, label, value, unit, as_of, owner_id)
select * from unnest(:workspace_id[], :fact_id[], :about_id[], :about[], :panel[], :key[], :system[], :label[], :value[], :unit[], :as_of[], :owner_id[])

-- name: fact_write fact_row; locks contacts.fact: the changed rows
update contacts.fact f
set system = item.system, label = item.label, value = item.value, unit = item.unit, as_of = item.as_of, owner_id = item.owner_id
from unnest(:workspace_id[], :fact_id[], :system[], :label[], :value[], :unit[], :as_of[], :owner_id[]) as item (workspace_id, id, system, label, value, unit, as_of, owner_id)
where (f.workspace_id, f.id) = (item.workspace_id, item.id)

-- name: system_write system_row *; locks contacts.system; whoever is understood is not silent
insert into contacts.system (workspace_id, system, source_id, kinds, first_at, last_at, every)
select item.workspace_id, item.system, (array_agg(item.source_id))[1], coalesce(array_agg(distinct item.kind) filter (where item.kind is not null), '{}'),
	min(item.at), max(item.at), max(item.every)
from unnest(:workspace_id[], :system[], :source_id[], :kind[], :at[], :every[]) as item (workspace_id, system, source_id, kind, at, every)
group by item.workspace_id, item.system
on conflict (workspace_id, system) do update
set source_id = coalesce(excluded.source_id, contacts.system.source_id), last_at = greatest(contacts.system.last_at, excluded.last_at),
	kinds = array(select distinct k from unnest(contacts.system.kinds || excluded.kinds) k order by k), every = coalesce(excluded.every, contacts.system.every),
	failing_since = null, reason = null

-- name: system_fail record_refused *; locks contacts.system: all that speak by that way in; who never spoke is noted, so that it is seen
insert into contacts.system (workspace_id, system, source_id, first_at, last_at, failing_since, reason)
select distinct on (item.workspace_id, s.system) item.workspace_id, s.system, item.source_id, item.at, item.at, item.at, item.reason
from unnest(:workspace[], :source_id[], :system[], :at[], :reason[]) as item (workspace_id, source_id, system, at, reason)
cross join lateral (
	select x.system
	from contacts.system x
	where (x.workspace_id, x.source_id) = (item.workspace_id, item.source_id)
	union
	select item.system
	where not exists (select from contacts.system x where (x.workspace_id, x.source_id) = (item.workspace_id, item.source_id))
) s
on conflict (workspace_id, system) do update
set failing_since = coalesce(contacts.system.failing_since, excluded.failing_since), reason = excluded.reason

-- name: account_external_write account_external *; locks contacts.account_external; who it is now, it is
insert into contacts.account_external (workspace_id, system, external_id, account_id)
select distinct on (1, 2, 3) item.workspace_id, item.system,
	case when starts_with(item.external_id, 'name:') then lower(item.external_id) else item.external_id end, item.account_id
from unnest(:workspace_id[], :system[], :external_id[], :account_id[]) as item (workspace_id, system, external_id, account_id)
on conflict (workspace_id, system, external_id) do update set account_id = excluded.account_id

-- name: push_list push_list -> json; the oldest first: ids ascend in time
with page as (
	select p.*, row_number() over (order by p.id) as i, lead(true, 1, false) over (order by p.id) as more
	from contacts.push p
	where p.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and (:after is null or p.id > contacts.cursor_id(:after)) and p.data ->> 'deleted' is distinct from 'true'
	order by p.id
	limit least(greatest(coalesce(:limit, 50), 1), 200)
)
select json_build_object(
	'data', coalesce(json_agg(json_build_object('id', p.id, 'workspace_id', p.workspace_id, 'what', p.what, 'kind', p.data ->> 'kind',
		'panel', p.data ->> 'panel', 'system', p.data ->> 'system', 'external_id', p.data ->> 'external_id', 'title', coalesce(p.data ->> 'title', p.data ->> 'key'),
		'account', p.data ->> 'account', 'account_external', p.data ->> 'account_external', 'email', p.data ->> 'email',
		'submission_id', p.submission_id, 'at', contacts.rfc3339(p.at)) order by p.i), '[]'),
	'next', max(p.id::text) filter (where p.i = least(greatest(coalesce(:limit, 50), 1), 200) and p.more))::text
from page p

-- name: push_get push_get -> json; no row: there is none, or none the reader may see
select json_build_object('id', p.id, 'workspace_id', p.workspace_id, 'what', p.what, 'kind', p.data ->> 'kind',
	'panel', p.data ->> 'panel', 'system', p.data ->> 'system', 'external_id', p.data ->> 'external_id', 'title', coalesce(p.data ->> 'title', p.data ->> 'key'),
	'account', p.data ->> 'account', 'account_external', p.data ->> 'account_external', 'email', p.data ->> 'email',
	'submission_id', p.submission_id, 'at', contacts.rfc3339(p.at))::text
from contacts.push p
where p.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and p.id = :push_id

-- name: system_list system_list -> json; by name
select json_build_object('data', coalesce(json_agg(json_build_object('workspace_id', s.workspace_id, 'system', s.system, 'source_id', s.source_id,
	'kinds', s.kinds, 'first_at', contacts.rfc3339(s.first_at), 'last_at', contacts.rfc3339(s.last_at), 'every', s.every,
	'unavailable_since', contacts.rfc3339(contacts.system_away(s, coalesce(:now, now()))), 'reason', s.reason) order by s.system), '[]'))::text
from contacts.system s
where s.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])

-- name: fact_list fact_list -> json; of a deal: of its contact and of their account; by panel and label
with bounds as (
	select (select nullif(current_setting('crm.workspaces', true), ''))::uuid[] as workspaces
), person as (
	select :contact_id as id
	where :contact_id is not null
	union
	select l.contact_id
	from contacts.lead l
	where l.workspace_id = any ((select workspaces from bounds)::uuid[]) and l.lead_id = :deal_id and l.contact_id is not null
	union
	select t.contact_id
	from contacts.timeline t
	where t.workspace_id = any ((select workspaces from bounds)::uuid[]) and t.subject_id = :deal_id and t.contact_id is not null
), about as (
	select p.id
	from person p
	union
	select :account_id
	where :account_id is not null
	union
	select c.account_id
	from contacts.contact c
	join person p on p.id = c.id
	where c.workspace_id = any ((select workspaces from bounds)::uuid[]) and c.account_id is not null
	union
	select v.account_id
	from contacts.conversion v
	where v.workspace_id = any ((select workspaces from bounds)::uuid[]) and v.deal_id = :deal_id and v.account_id is not null
	union
	select k
	from contacts.deal_company(:deal_id) k
)
select json_build_object('data', coalesce(json_agg(json_build_object('id', f.id, 'workspace_id', f.workspace_id, 'about', f.about, 'about_id', f.about_id,
	'panel', f.panel, 'key', f.key, 'system', f.system, 'label', f.label, 'value', f.value, 'unit', f.unit, 'as_of', contacts.rfc3339(f.as_of))
	order by f.panel, f.key, f.id), '[]'))::text
from contacts.fact f
join about a on a.id = f.about_id
where f.workspace_id = any ((select workspaces from bounds)::uuid[]) and f.value is not null and (:panel is null or f.panel = :panel)

-- name: removed_fact_drop workspace_removed *; locks contacts.fact, the workspace's rows
delete from contacts.fact t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_push_drop workspace_removed *; locks contacts.push, the workspace's rows
delete from contacts.push t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_system_drop workspace_removed *; locks contacts.system, the workspace's rows
delete from contacts.system t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_account_external_drop workspace_removed *; locks contacts.account_external, the workspace's rows
delete from contacts.account_external t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id
