-- Pipelines whose cards are companies: at most one open card each, which an index sees to.
alter table pipeline.pipeline add column kind text collate "C" not null default 'sales' check (kind in ('sales', 'relationship'));
comment on column pipeline.pipeline.kind is 'sales: its cards are deals; relationship: companies, with at most one open card each';
alter table pipeline.deal_account add column card uuid;
comment on column pipeline.deal_account.card is 'the pipeline of relationships in which the deal is the open card of its account; null: it is none';
create unique index deal_account_card on pipeline.deal_account (workspace_id, account_id, card) where card is not null;

create or replace function pipeline.board_json(p pipeline.pipeline) returns json language sql stable
	return json_build_object('id', p.id, 'workspace_id', p.workspace_id, 'key', p.key, 'label', p.label, 'position', p.position,
		'kind', p.kind, 'move_mode', p.move_mode, 'lost_reason_required', p.lost_reason_required, 'archived', p.archived,
		'begins', exists (
			select
			from pipeline.workspace w
			join pipeline.stage f on (f.workspace_id, f.id) = (w.workspace_id, w.first_stage_id)
			where w.workspace_id = p.workspace_id and f.pipeline_id = p.id),
		'stages', (
			select json_agg(pipeline.stage_json(s) order by s.position)
			from pipeline.stage s
			where (s.workspace_id, s.pipeline_id) = (p.workspace_id, p.id)));
