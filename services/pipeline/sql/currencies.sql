-- name: rate_load rate_ask -> rate_place; locks nothing; a row per item, in their order
select w.workspace_id, pipeline.base_of(w) as base, (
		select count(*)
		from pipeline.rate n
		where n.workspace_id = w.workspace_id) as rates,
	r.id as rate_id, r.base::text as of_base, r.currency::text as currency, r.day, r.nano
from unnest(:workspace_id[], :rate_id[]) with ordinality as item (workspace_id, rate_id, i)
left join pipeline.workspace w on w.workspace_id = item.workspace_id
left join pipeline.rate r on (r.workspace_id, r.id) = (item.workspace_id, item.rate_id)
order by item.i

-- name: rate_write rate_row; locks pipeline.rate
insert into pipeline.rate as r (workspace_id, id, base, currency, day, nano)
select item.workspace_id, item.rate_id, item.base, item.currency, item.day, item.nano
from unnest(:workspace_id[], :rate_id[], :base[], :currency[], :day[], :nano[]) as item (workspace_id, rate_id, base, currency, day, nano)
on conflict (workspace_id, id) do update
set nano = excluded.nano

-- name: rate_drop rate_row; locks pipeline.rate
delete from pipeline.rate r
using unnest(:workspace_id[], :rate_id[]) as item (workspace_id, rate_id)
where (r.workspace_id, r.id) = (item.workspace_id, item.rate_id)

-- name: base_write currency_row; locks pipeline.workspace
update pipeline.workspace w
set base_currency = item.currency
from unnest(:workspace_id[], :currency[]) as item (workspace_id, currency)
where w.workspace_id = item.workspace_id

-- name: currency_write currency_row *; locks pipeline.workspace: its own, as the gateway says
update pipeline.workspace w
set currency = item.currency
from unnest(:workspace_id[], :currency[]) as item (workspace_id, currency)
where w.workspace_id = item.workspace_id and w.currency is distinct from item.currency

-- name: removed_rate_drop workspace_removed *; locks pipeline.rate, the workspace's rows
delete from pipeline.rate t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id
