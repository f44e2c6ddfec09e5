-- name: attachment_load attachment_ask -> attachment_row; locks nothing, the lane is the lock; a row per item, in their order
select item.workspace_id, f.id as file_id, f.version, f.about, f.record_id, f.activity_id, f.name, f.type, f.size, f.sha256, f.created_by, f.created_at, f.removed_at
from unnest(:workspace_id[], :file_id[]) with ordinality as item (workspace_id, id, i)
left join contacts.attachment f on (f.workspace_id, f.id) = (item.workspace_id, item.id)
order by item.i

-- name: record_files_count record_ask -> record_files; locks nothing; a row per item, in their order
select (
	select count(*)
	from contacts.attachment f
	where (f.workspace_id, f.record_id) = (item.workspace_id, item.record_id) and f.removed_at is null) as count
from unnest(:workspace_id[], :record_id[]) with ordinality as item (workspace_id, record_id, i)
order by item.i

-- name: attachment_insert attachment_row; the key has the last word against one written twice
insert into contacts.attachment (workspace_id, id, about, record_id, activity_id, name, type, size, sha256, created_by, created_at)
select item.workspace_id, item.id, item.about, item.record_id, item.activity_id, item.name, item.type, item.size, item.sha256, item.created_by, item.created_at
from unnest(:workspace_id[], :file_id[], :about[], :record_id[], :activity_id[], :name[], :type[], :size[], :sha256[], :created_by[], :created_at[])
	as item (workspace_id, id, about, record_id, activity_id, name, type, size, sha256, created_by, created_at)

-- name: attachment_write attachment_row; locks contacts.attachment: the changed rows
update contacts.attachment f
set version = item.version, removed_at = item.removed_at
from unnest(:workspace_id[], :file_id[], :version[], :removed_at[]) as item (workspace_id, id, version, removed_at)
where (f.workspace_id, f.id) = (item.workspace_id, item.id) and f.version = item.version - 1

-- name: removed_attachment_drop workspace_removed *; locks contacts.attachment, the workspace's rows
delete from contacts.attachment t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: attachment_list attachment_list -> json; a record has few; one that came with an activity goes with it
with bounds as (
	select (select nullif(current_setting('crm.workspaces', true), ''))::uuid[] as workspaces
), record as (
	select coalesce(:lead_id, :deal_id, :contact_id, :account_id) as id
	union
	select l.lead_id
	from contacts.lead l
	where l.workspace_id = any ((select workspaces from bounds)::uuid[]) and l.contact_id = :contact_id
	union
	select t.subject_id
	from contacts.timeline t
	where t.workspace_id = any ((select workspaces from bounds)::uuid[]) and t.contact_id = :contact_id and t.type not like 'linked.%'
	union
	select c.id
	from contacts.contact c
	where c.workspace_id = any ((select workspaces from bounds)::uuid[]) and c.account_id = :account_id
	union
	select a.record_id
	from contacts.activity a
	where a.workspace_id = any ((select workspaces from bounds)::uuid[]) and a.id = :activity_id
)
select json_build_object('data', coalesce(json_agg(contacts.attachment_json(f) order by f.created_at desc, f.id desc), '[]'), 'next', null)::text
from contacts.attachment f
where f.workspace_id = any ((select workspaces from bounds)::uuid[]) and f.record_id in (select r.id from record r) and f.removed_at is null
	and (:activity_id is null or f.activity_id = :activity_id)
	and not exists (
		select from contacts.activity a
		where (a.workspace_id, a.id) = (f.workspace_id, f.activity_id) and a.removed_at is not null)

-- name: attachment_get attachment_get -> json; no row: there is none, or none the reader may see
select contacts.attachment_json(f)::text
from contacts.attachment f
where f.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and f.id = :file_id
