-- name: item_write catalogue_item *; the ids are made of the keys, so a repeat changes nothing
insert into pipeline.catalogue_item (workspace_id, id, catalogue, key, label, position, retired, country, phone_code, cost, cost_currency)
select item.workspace_id, item.item_id, item.catalogue, item.key, item.label, item.position, coalesce(item.retired, false), item.country, item.phone_code,
	item.cost, item.cost_currency
from unnest(:workspace_id[], :item_id[], :catalogue[], :key[], :label[], :position[], :retired[], :country[], :phone_code[], :cost[], :cost_currency[])
	as item (workspace_id, item_id, catalogue, key, label, position, retired, country, phone_code, cost, cost_currency)
on conflict do nothing

-- name: item_put catalogue_item; locks pipeline.catalogue_item
insert into pipeline.catalogue_item as c (workspace_id, id, catalogue, key, label, position, retired, country, phone_code, cost, cost_currency)
select item.workspace_id, item.item_id, item.catalogue, item.key, item.label, item.position, coalesce(item.retired, false), item.country, item.phone_code,
	item.cost, item.cost_currency
from unnest(:workspace_id[], :item_id[], :catalogue[], :key[], :label[], :position[], :retired[], :country[], :phone_code[], :cost[], :cost_currency[])
	as item (workspace_id, item_id, catalogue, key, label, position, retired, country, phone_code, cost, cost_currency)
on conflict (workspace_id, id) do update
set label = excluded.label, position = excluded.position, retired = excluded.retired, country = excluded.country, phone_code = excluded.phone_code,
	cost = excluded.cost, cost_currency = excluded.cost_currency

-- name: items_known item_ask => catalogue_item; all lists of these workspaces, or the whole list that one stands in
select i.workspace_id, i.id as item_id, i.catalogue, i.key, i.label, i.position, i.retired, i.country, i.phone_code, i.cost, i.cost_currency
from (
	select distinct item.workspace_id, one.catalogue, item.item_id is null as every
	from unnest(:workspace_id[], :item_id[]) as item (workspace_id, item_id)
	left join pipeline.catalogue_item one on (one.workspace_id, one.id) = (item.workspace_id, item.item_id)
) item
join pipeline.catalogue_item i on i.workspace_id = item.workspace_id and (item.every or i.catalogue = item.catalogue)
order by i.workspace_id, i.catalogue, i.position, i.key

-- name: removed_catalogue_item_drop workspace_removed *; locks pipeline.catalogue_item, the workspace's rows
delete from pipeline.catalogue_item t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id
