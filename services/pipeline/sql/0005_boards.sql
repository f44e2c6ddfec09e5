-- Boards as data: several of a workspace, added, changed and archived by people. Both columns stand in rows that no lead writes.
alter table pipeline.pipeline
	add column lost_reason_required boolean not null default false,
	add column archived boolean not null default false;
comment on column pipeline.pipeline.lost_reason_required is 'no deal is lost without a reason of the catalogue';
comment on column pipeline.pipeline.archived is 'not shown any more; its deals stay';

create function pipeline.stage_json(s pipeline.stage) returns json language sql stable
	return json_build_object('id', s.id, 'key', s.key, 'kind', s.kind, 'label', s.label, 'probability', s.probability, 'colour', s.colour,
		'position', s.position, 'qualified', s.qualified, 'deals', (
			select coalesce(sum(x.deals), 0)::bigint
			from pipeline.stage_sum x
			where (x.workspace_id, x.stage_id) = (s.workspace_id, s.id)));
comment on function pipeline.stage_json is 'A stage as settings show it, with the deals in it that the reader may see';

create function pipeline.board_json(p pipeline.pipeline) returns json language sql stable
	return json_build_object('id', p.id, 'workspace_id', p.workspace_id, 'key', p.key, 'label', p.label, 'position', p.position,
		'move_mode', p.move_mode, 'lost_reason_required', p.lost_reason_required, 'archived', p.archived,
		'begins', exists (
			select
			from pipeline.workspace w
			join pipeline.stage f on (f.workspace_id, f.id) = (w.workspace_id, w.first_stage_id)
			where w.workspace_id = p.workspace_id and f.pipeline_id = p.id),
		'stages', (
			select json_agg(pipeline.stage_json(s) order by s.position)
			from pipeline.stage s
			where (s.workspace_id, s.pipeline_id) = (p.workspace_id, p.id)));
comment on function pipeline.board_json is 'A board as settings show it';
