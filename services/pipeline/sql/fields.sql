-- name: fields_known custom_ask => custom_field; all of these workspaces
select f.workspace_id, f.id as custom_field_id, f.about, f.kind, f.key, f.label, f.needed, f.retired, f.position, f.choices
from (
	select distinct item.workspace_id
	from unnest(:workspace_id[]) as item (workspace_id)
) item
join pipeline.custom_field f on f.workspace_id = item.workspace_id
order by f.workspace_id, f.position, f.key

-- name: field_put custom_field; locks pipeline.custom_field
insert into pipeline.custom_field (workspace_id, id, about, kind, key, label, needed, retired, position, choices)
select item.workspace_id, item.custom_field_id, item.about, item.kind, item.key, item.label, item.needed, item.retired, item.position, item.choices
from unnest(:workspace_id[], :custom_field_id[], :about[], :kind[], :key[], :label[], :needed[], :retired[], :position[], :choices[])
	as item (workspace_id, custom_field_id, about, kind, key, label, needed, retired, position, choices)
on conflict (workspace_id, id) do update
set label = excluded.label, needed = excluded.needed, retired = excluded.retired, position = excluded.position, choices = excluded.choices

-- name: removed_custom_field_drop workspace_removed *; locks pipeline.custom_field, the workspace's rows
delete from pipeline.custom_field t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id
