-- Invoices that are made again and again.

-- name: recurrence_load recurrence_ask -> recurrence_place; locks nothing; a row per item, in their order
select r.version, r.name, r.every, r.next_on, r.until, r.send, r.day::bigint as day, r.removed_at is not null as removed,
	d.id as document_id, d.kind, coalesce(nullif(d.title, ''), d.buyer ->> 'name') as title, d.owner_id, (now() at time zone coalesce(w.timezone, 'UTC'))::date as today
from unnest(:workspace_id[], :recurrence_id[], :document_id[]) with ordinality as item (workspace_id, id, document_id, i)
left join billing.workspace w on w.workspace_id = item.workspace_id
left join billing.recurrence r on (r.workspace_id, r.id) = (item.workspace_id, item.id)
left join billing.document d on (d.workspace_id, d.id) = (item.workspace_id, coalesce(r.document_id, item.document_id)) and (d.removed_at is null or r.id is not null)
order by item.i

-- name: recurrence_write recurrence_row; locks billing.recurrence
insert into billing.recurrence (workspace_id, id, version, document_id, name, every, next_on, until, send, day, made, created_at, created_by, removed_at)
select item.workspace_id, item.id, item.version, item.document_id, item.name, item.every, item.next_on, item.until, item.send, item.day, 0, item.created_at, item.created_by, item.removed_at
from unnest(:workspace_id[], :recurrence_id[], :version[], :document_id[], :name[], :every[], :next_on[], :until[], :send[], :day[], :created_at[], :created_by[], :removed_at[])
	as item (workspace_id, id, version, document_id, name, every, next_on, until, send, day, created_at, created_by, removed_at)
on conflict (workspace_id, id) do update set version = excluded.version, name = excluded.name, every = excluded.every, next_on = excluded.next_on, until = excluded.until,
	send = excluded.send, day = excluded.day, removed_at = excluded.removed_at

-- name: recurrence_list recurrence_list -> json; the next one first
select json_build_object('data', coalesce(json_agg(json_build_object('id', r.id, 'workspace_id', r.workspace_id, 'version', r.version, 'name', r.name, 'every', r.every, 'next_on', r.next_on,
	'until', r.until, 'send', r.send, 'made', r.made, 'last_on', r.last_on, 'last', case when l.id is not null then json_build_object('id', l.id, 'number', l.number) end,
	'document', json_build_object('id', d.id, 'number', d.number, 'name', d.buyer ->> 'name', 'total', billing.amount(d.payable, d.currency)), 'created_at', billing.moment(r.created_at))
	order by r.next_on nulls last, r.name, r.id), '[]'))::text
from billing.recurrence r
join billing.document d on (d.workspace_id, d.id) = (r.workspace_id, r.document_id)
left join billing.document l on (l.workspace_id, l.id) = (r.workspace_id, r.last_id)
where r.workspace_id = any (:workspaces) and r.removed_at is null
