-- name: tags_known tag_ask => tag_row; a workspace's few tags, by label
select t.workspace_id, t.id as tag_id, t.label, t.colour
from (
	select distinct i.workspace_id
	from unnest(:workspace_id[]) as i (workspace_id)
) item
join contacts.tag t on t.workspace_id = item.workspace_id
order by lower(t.label), t.id

-- name: tag_write tag_row *; locks contacts.tag; the index on labels has the last word
insert into contacts.tag (workspace_id, id, label, colour)
select item.workspace_id, item.id, item.label, item.colour
from unnest(:workspace_id[], :tag_id[], :label[], :colour[]) as item (workspace_id, id, label, colour)
on conflict (workspace_id, id) do update set label = excluded.label, colour = excluded.colour

-- name: tag_drop tag_row *; locks contacts.tagged, then contacts.tag
with bearing as (
	delete from contacts.tagged g
	using unnest(:workspace_id[], :tag_id[]) as item (workspace_id, id)
	where (g.workspace_id, g.tag_id) = (item.workspace_id, item.id)
)
delete from contacts.tag t
using unnest(:workspace_id[], :tag_id[]) as item (workspace_id, id)
where (t.workspace_id, t.id) = (item.workspace_id, item.id)

-- name: tagged_now tagged_row => tagged_row; what the records bear
select g.workspace_id, g.record_id, g.tag_id
from unnest(:workspace_id[], :record_id[]) as item (workspace_id, record_id)
join contacts.tagged g on (g.workspace_id, g.record_id) = (item.workspace_id, item.record_id)

-- name: tagged_clear tagged_row *; locks contacts.tagged: the rows of these records
delete from contacts.tagged g
using unnest(:workspace_id[], :record_id[]) as item (workspace_id, record_id)
where (g.workspace_id, g.record_id) = (item.workspace_id, item.record_id)

-- name: tagged_write tagged_row *; what a record bears from now on
insert into contacts.tagged (workspace_id, record_id, tag_id)
select item.workspace_id, item.record_id, item.tag_id
from unnest(:workspace_id[], :record_id[], :tag_id[]) as item (workspace_id, record_id, tag_id)
on conflict (workspace_id, record_id, tag_id) do nothing

-- name: removed_tagged_drop workspace_removed *; locks contacts.tagged, the workspace's rows
delete from contacts.tagged t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_tag_drop workspace_removed *; locks contacts.tag, the workspace's rows
delete from contacts.tag t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: tag_list tag_list -> json; by label
select json_build_object('data', coalesce(json_agg(json_build_object('id', t.id, 'workspace_id', t.workspace_id, 'label', t.label, 'colour', t.colour,
	'records', (select count(*) from contacts.tagged g where (g.workspace_id, g.tag_id) = (t.workspace_id, t.id))) order by t.workspace_id, lower(t.label)), '[]'))::text
from contacts.tag t
where :q is null or strpos(lower(t.label), lower(:q)) > 0

-- name: tag_get tag_get -> json; no row: there is none, or none the reader may see
select json_build_object('id', t.id, 'workspace_id', t.workspace_id, 'label', t.label, 'colour', t.colour,
	'records', (select count(*) from contacts.tagged g where (g.workspace_id, g.tag_id) = (t.workspace_id, t.id)))::text
from contacts.tag t
where t.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and t.id = :tag_id

-- name: record_tags record_tags -> json; of a person or a company that the reader may not see: none
select json_build_object('data', coalesce(json_agg(json_build_object('id', t.id, 'label', t.label, 'colour', t.colour) order by lower(t.label)), '[]'))::text
from contacts.tagged g
join contacts.tag t on (t.workspace_id, t.id) = (g.workspace_id, g.tag_id)
where g.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and g.record_id = coalesce(:deal_id, :lead_id, :contact_id, :account_id)
	and (:contact_id is null or exists (select from contacts.contact c where c.id = g.record_id))
	and (:account_id is null or exists (select from contacts.account a where a.id = g.record_id))
