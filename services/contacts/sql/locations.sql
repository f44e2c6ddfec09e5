-- name: location_load location_ask -> location_row; locks nothing, the lane is the lock; a row per item, in their order; of accounts that stand
select item.workspace_id, l.id as location_id, coalesce(a.id, m.id) as account_id, coalesce(a.owner_id, m.owner_id) as owner_id, l.version, l.name, l.type, l.address, l.map_url,
	l.created_at, l.removed_at
from unnest(:workspace_id[], :location_id[], :account_id[]) with ordinality as item (workspace_id, id, account_id, i)
left join contacts.location l on (l.workspace_id, l.id) = (item.workspace_id, item.id)
left join contacts.account a on (a.workspace_id, a.id) = (item.workspace_id, l.account_id) and a.removed_at is null and a.merged_into is null
left join contacts.account m on l.id is null and (m.workspace_id, m.id) = (item.workspace_id, item.account_id) and m.removed_at is null and m.merged_into is null
order by item.i

-- name: location_insert location_row; the key has the last word against one written twice
insert into contacts.location (workspace_id, id, account_id, name, type, address, map_url, created_at)
select item.workspace_id, item.id, item.account_id, item.name, item.type, item.address, item.map_url, item.created_at
from unnest(:workspace_id[], :location_id[], :account_id[], :name[], :type[], :address[], :map_url[], :created_at[])
	as item (workspace_id, id, account_id, name, type, address, map_url, created_at)

-- name: location_write location_row; locks contacts.location: the changed rows
update contacts.location l
set version = item.version, name = item.name, type = item.type, address = item.address, map_url = item.map_url, removed_at = item.removed_at
from unnest(:workspace_id[], :location_id[], :version[], :name[], :type[], :address[], :map_url[], :removed_at[])
	as item (workspace_id, id, version, name, type, address, map_url, removed_at)
where (l.workspace_id, l.id) = (item.workspace_id, item.id) and l.version = item.version - 1

-- name: removed_location_drop workspace_removed *; locks contacts.location, the workspace's rows
delete from contacts.location t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: location_list location_list -> json; by name; a company has few
select json_build_object('data', coalesce(json_agg(contacts.location_json(l) order by lower(l.name), l.id), '[]'))::text
from contacts.location l
where l.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and l.account_id = :account_id and l.removed_at is null

-- name: location_get location_get -> json; no row: there is none, or none the reader may see
select contacts.location_json(l)::text
from contacts.location l
where l.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and l.id = :location_id
