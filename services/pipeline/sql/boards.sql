-- name: board_find board_ask => board_pipeline; no row: there is none
select p.workspace_id, p.id as pipeline_id, p.position, p.key, p.label, p.move_mode, p.lost_reason_required, p.archived, p.kind,
	coalesce(first.pipeline_id = p.id, false) as begins
from unnest(:workspace_id[], :board[], :stage_id[]) as item (workspace_id, board, stage_id)
join pipeline.workspace w on w.workspace_id = item.workspace_id
left join pipeline.stage s on (s.workspace_id, s.id) = (item.workspace_id, item.stage_id)
join pipeline.pipeline p on p.workspace_id = item.workspace_id and (p.id = s.pipeline_id or p.key = item.board or p.id::text = item.board)
left join pipeline.stage first on (first.workspace_id, first.id) = (w.workspace_id, w.first_stage_id)

-- name: board_all board_ask => board_pipeline; every board of the workspace, in order
select p.workspace_id, p.id as pipeline_id, p.position, p.key, p.label, p.move_mode, p.lost_reason_required, p.archived, p.kind,
	coalesce(first.pipeline_id = p.id, false) as begins
from unnest(:workspace_id[]) as item (workspace_id)
join pipeline.workspace w on w.workspace_id = item.workspace_id and w.first_stage_id is not null
join pipeline.pipeline p on p.workspace_id = w.workspace_id
left join pipeline.stage first on (first.workspace_id, first.id) = (w.workspace_id, w.first_stage_id)
order by p.position, p.id

-- name: board_stages board_pipeline => board_stage; from the running sums
select s.workspace_id, s.id as stage_id, s.pipeline_id, s.position, s.key, s.kind, s.label, s.probability, s.colour, s.qualified, (
		select coalesce(sum(x.deals), 0)::int8
		from pipeline.stage_sum x
		where (x.workspace_id, x.stage_id) = (s.workspace_id, s.id)) as deals
from unnest(:workspace_id[], :pipeline_id[]) as item (workspace_id, pipeline_id)
join pipeline.stage s on (s.workspace_id, s.pipeline_id) = (item.workspace_id, item.pipeline_id)
order by s.position, s.id

-- name: board_put board_pipeline; locks pipeline.pipeline
insert into pipeline.pipeline (workspace_id, id, position, key, label, move_mode, lost_reason_required, archived, kind)
select item.workspace_id, item.pipeline_id, item.position, item.key, item.label, item.move_mode, coalesce(item.lost_reason_required, false),
	coalesce(item.archived, false), coalesce(item.kind, 'sales')
from unnest(:workspace_id[], :pipeline_id[], :position[], :key[], :label[], :move_mode[], :lost_reason_required[], :archived[], :kind[])
	as item (workspace_id, pipeline_id, position, key, label, move_mode, lost_reason_required, archived, kind)
on conflict (workspace_id, id) do update
set position = excluded.position, label = excluded.label, move_mode = excluded.move_mode, lost_reason_required = excluded.lost_reason_required,
	archived = excluded.archived, kind = excluded.kind

-- name: board_unmark board_pipeline *; locks pipeline.stage: the mark is given up before another stage takes it
update pipeline.stage s
set qualified = false
from unnest(:workspace_id[], :pipeline_id[]) as item (workspace_id, pipeline_id)
where (s.workspace_id, s.pipeline_id) = (item.workspace_id, item.pipeline_id) and s.qualified

-- name: board_first board_pipeline *; locks pipeline.workspace: leads begin in the first stage of the board they begin in, whichever that is now
update pipeline.workspace w
set first_stage_id = first.id
from unnest(:workspace_id[], :pipeline_id[]) as item (workspace_id, pipeline_id)
cross join lateral (
	select s.id
	from pipeline.stage s
	where (s.workspace_id, s.pipeline_id) = (item.workspace_id, item.pipeline_id)
	order by s.position
	limit 1
) first
where w.workspace_id = item.workspace_id

-- name: board_stage_drop board_stage; locks pipeline.stage
delete from pipeline.stage s
using unnest(:workspace_id[], :stage_id[]) as item (workspace_id, stage_id)
where (s.workspace_id, s.id) = (item.workspace_id, item.stage_id)

-- name: board_sums_drop board_stage *; locks pipeline.stage_sum: sums of nothing
delete from pipeline.stage_sum x
using unnest(:workspace_id[], :stage_id[]) as item (workspace_id, stage_id)
where (x.workspace_id, x.stage_id) = (item.workspace_id, item.stage_id) and x.deals = 0

-- name: board_deals board_stage => deal_place; all that stands in it
select d.id as deal_id, d.stage_id, s.key as stage_key, d.version, d.owner_id, d.lead_id, d.loss_reason, false as closes, false as wants_note, a.account_id
from unnest(:workspace_id[], :stage_id[]) as item (workspace_id, stage_id)
join pipeline.stage s on (s.workspace_id, s.id) = (item.workspace_id, item.stage_id)
join pipeline.deal d on (d.workspace_id, d.stage_id) = (s.workspace_id, s.id)
left join pipeline.deal_account a on (a.workspace_id, a.deal_id) = (d.workspace_id, d.id)
order by d.id
