-- name: trash_load deal_ask -> deal_lot; locks nothing, the lane is the lock; a row per item, in their order
select d.id as deal_id, d.version, d.owner_id, d.lead_id, coalesce(here.id, first.id) as stage_id, coalesce(here.key, first.key) as stage_key,
	d.trashed_at is not null as trashed, a.account_id, coalesce(p.kind = 'relationship', false) as relates,
	coalesce(coalesce(here.kind, first.kind) = 'open', false) as opens, h.deal_id as holder_id, hd.number as holder_number,
	hd.owner_id as holder_owner_id, p.id as board_id
from unnest(:workspace_id[], :deal_id[]) with ordinality as item (workspace_id, deal_id, i)
left join pipeline.deal d on (d.workspace_id, d.id) = (item.workspace_id, item.deal_id) and d.purged_at is null
left join pipeline.workspace w on w.workspace_id = d.workspace_id
left join pipeline.stage here on (here.workspace_id, here.id) = (d.workspace_id, coalesce(d.trashed_from, d.stage_id))
left join pipeline.stage first on (first.workspace_id, first.id) = (d.workspace_id, w.first_stage_id)
left join pipeline.pipeline p on (p.workspace_id, p.id) = (d.workspace_id, coalesce(here.pipeline_id, first.pipeline_id))
left join pipeline.deal_account a on (a.workspace_id, a.deal_id) = (d.workspace_id, d.id)
left join pipeline.deal_account h on p.kind = 'relationship' and h.card = p.id and (h.workspace_id, h.account_id) = (a.workspace_id, a.account_id) and h.deal_id <> d.id
left join pipeline.deal hd on (hd.workspace_id, hd.id) = (h.workspace_id, h.deal_id)
order by item.i

-- name: trash_write deal_trashed; locks pipeline.stage_sum, then pipeline.deal: the thrown rows; kept as a change. The stage of zeros has sums as well
with was as (
	select d.workspace_id, d.stage_id, d.owner_id, d.value_currency as currency, d.value, '00000000-0000-0000-0000-000000000000'::uuid as to_id
	from unnest(:workspace[], :deal_id[]) as item (workspace_id, deal_id)
	join pipeline.deal d on (d.workspace_id, d.id) = (item.workspace_id, item.deal_id)
), sums as (
	insert into pipeline.stage_sum as s (workspace_id, stage_id, owner_id, currency, deals, value)
	select x.workspace_id, x.stage_id, coalesce(x.owner_id, '00000000-0000-0000-0000-000000000000'), coalesce(x.currency, ''), sum(x.n), sum(x.value)
	from (
		select workspace_id, stage_id, owner_id, currency, -1 as n, coalesce(-value, 0) as value from was
		union all
		select workspace_id, to_id, owner_id, currency, 1, coalesce(value, 0) from was
	) x
	group by 1, 2, 3, 4
	on conflict (workspace_id, stage_id, owner_id, currency) do update
	set deals = s.deals + excluded.deals, value = s.value + excluded.value
), noted as (
	insert into pipeline.deal_change (workspace_id, deal_id, version, at, actor_id, changes, batch_id)
	select item.workspace_id, item.deal_id, item.version, item.at, item.actor_id, '[{"field": "trashed", "new": "true"}]', item.batch_id
	from unnest(:workspace[], :deal_id[], :version[], :at[], :actor[], :correlation[]) as item (workspace_id, deal_id, version, at, actor_id, batch_id)
)
update pipeline.deal d
set stage_id = '00000000-0000-0000-0000-000000000000', trashed_at = item.at, trashed_by = item.actor_id, trashed_from = item.stage_id,
	version = item.version
from unnest(:workspace[], :deal_id[], :version[], :at[], :actor[], :stage_id[]) as item (workspace_id, deal_id, version, at, actor_id, stage_id)
where (d.workspace_id, d.id) = (item.workspace_id, item.deal_id) and d.version = item.version - 1

-- name: restore_write deal_restored; locks pipeline.stage_sum, then pipeline.deal: the rows that come back; kept as a change. Its place in the stage is the old one
with was as (
	select d.workspace_id, d.stage_id, d.owner_id, d.value_currency as currency, d.value, item.to_id
	from unnest(:workspace[], :deal_id[], :stage_id[]) as item (workspace_id, deal_id, to_id)
	join pipeline.deal d on (d.workspace_id, d.id) = (item.workspace_id, item.deal_id)
), sums as (
	insert into pipeline.stage_sum as s (workspace_id, stage_id, owner_id, currency, deals, value)
	select x.workspace_id, x.stage_id, coalesce(x.owner_id, '00000000-0000-0000-0000-000000000000'), coalesce(x.currency, ''), sum(x.n), sum(x.value)
	from (
		select workspace_id, stage_id, owner_id, currency, -1 as n, coalesce(-value, 0) as value from was
		union all
		select workspace_id, to_id, owner_id, currency, 1, coalesce(value, 0) from was
	) x
	group by 1, 2, 3, 4
	on conflict (workspace_id, stage_id, owner_id, currency) do update
	set deals = s.deals + excluded.deals, value = s.value + excluded.value
), noted as (
	insert into pipeline.deal_change (workspace_id, deal_id, version, at, actor_id, changes, batch_id)
	select item.workspace_id, item.deal_id, item.version, item.at, item.actor_id, '[{"field": "trashed", "old": "true"}]', item.batch_id
	from unnest(:workspace[], :deal_id[], :version[], :at[], :actor[], :correlation[]) as item (workspace_id, deal_id, version, at, actor_id, batch_id)
)
update pipeline.deal d
set stage_id = item.stage_id, trashed_at = null, trashed_by = null, trashed_from = null, version = item.version,
	closed_at = case when s.kind <> 'open' then coalesce(d.closed_at, item.at) end
from unnest(:workspace[], :deal_id[], :version[], :at[], :stage_id[]) as item (workspace_id, deal_id, version, at, stage_id)
join pipeline.stage s on (s.workspace_id, s.id) = (item.workspace_id, item.stage_id)
where (d.workspace_id, d.id) = (item.workspace_id, item.deal_id) and d.version = item.version - 1

-- name: batch_undo_load batch_undo => undo_part; what the action changed of its next 200 deals: each field as it was before its first change
with act as (
	select distinct c.workspace_id, c.deal_id, c.batch_id, item.members
	from unnest(:workspace[], :batch_id[], :after_id[], :members[]) as item (workspace_id, batch_id, after_id, members)
	join pipeline.deal_change c on (c.workspace_id, c.batch_id) = (item.workspace_id, item.batch_id)
		and c.deal_id > coalesce(item.after_id, '00000000-0000-0000-0000-000000000000')
	order by c.deal_id
	limit 200
), part as (
	select distinct on (c.deal_id, f.field) c.workspace_id, c.deal_id, c.batch_id, c.version, c.since, f.field, f.old, a.members
	from act a
	join pipeline.deal_change c on (c.workspace_id, c.deal_id, c.batch_id) = (a.workspace_id, a.deal_id, a.batch_id)
	cross join lateral jsonb_to_recordset(c.changes) as f (field text, old text)
	order by c.deal_id, f.field, c.version
)
select p.deal_id, d.number, d.owner_id, p.field, case when p.field <> 'owner_id' or p.members is null or p.members ? p.old then p.old end as old,
	p.field = 'owner_id' and not p.members ? p.old as owner_left, p.since, d.trashed_at is not null as trashed, l.version is not null as later,
	l.at as later_at, l.actor_id as later_by
from part p
join pipeline.deal d on (d.workspace_id, d.id) = (p.workspace_id, p.deal_id)
left join lateral (
	select c.version, c.at, c.actor_id
	from pipeline.deal_change c
	where (c.workspace_id, c.deal_id) = (p.workspace_id, p.deal_id) and c.version > p.version and c.batch_id is distinct from p.batch_id
		and c.changes @> jsonb_build_array(jsonb_build_object('field', p.field))
	order by c.version desc
	limit 1
) l on true
order by p.deal_id, p.field

-- name: deals_waiting deals_empty => workspace_due; by the index deal_gone: all workspaces in which some are due
select d.workspace_id, max(item.now) as now
from unnest(:now[]) as item (now)
join pipeline.deal d on d.trashed_at < item.now - interval '30 days' and d.trashed_at is not null and d.purged_at is null
group by d.workspace_id

-- name: deals_due workspace_due => deal_due; likewise
select d.workspace_id, d.id as deal_id, d.lead_id, d.owner_id, item.now as at
from unnest(:workspace_id[], :now[]) as item (workspace_id, now)
join pipeline.deal d on d.workspace_id = item.workspace_id and d.trashed_at < item.now - interval '30 days' and d.trashed_at is not null and d.purged_at is null
order by d.trashed_at
limit 100

-- name: deal_empty deal_due -> deal_emptied; locks all that names it
select pipeline.deal_empty(item.workspace_id, item.deal_id, item.at) as whole
from unnest(:workspace_id[], :deal_id[], :at[]) with ordinality as item (workspace_id, deal_id, at, i)
order by item.i
