-- What people changed of deals, kept where the deals are: history and a deal's past are read from here. A lead's deal writes none: its beginning is
-- what is left when every change is taken back. Changes from before this migration stand on the timeline alone.
create table pipeline.deal_change (
	workspace_id uuid not null,
	deal_id uuid not null,
	version bigint not null,
	at timestamptz not null,
	actor_id uuid,
	changes jsonb not null,
	note text,
	primary key (workspace_id, deal_id, version)
);
comment on table pipeline.deal_change is 'One change of a deal: from the version before to this one';
comment on column pipeline.deal_change.workspace_id is 'whose';
comment on column pipeline.deal_change.deal_id is 'of which deal';
comment on column pipeline.deal_change.version is 'the deal''s, from then on';
comment on column pipeline.deal_change.at is 'when';
comment on column pipeline.deal_change.actor_id is 'by whom';
comment on column pipeline.deal_change.changes is '[{"field", "old", "new"}], values as a timeline shows them; a stage by its key';
comment on column pipeline.deal_change.note is 'why, as whoever moved it said';
alter table pipeline.deal_change enable row level security;
create policy read on pipeline.deal_change for select to pipeline_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));

create function pipeline.values_json(d pipeline.deal, stage text) returns jsonb language sql stable
	return jsonb_build_object('title', d.title, 'stage', stage, 'owner_id', d.owner_id,
		'value', (pipeline.money_json(d.value, d.value_currency)->>'amount') || ' ' || d.value_currency, 'close_date', d.close_date, 'notes', d.notes,
		'probability', d.probability::text, 'monthly_shipments', d.monthly_shipments::text, 'account_type', d.account_type,
		'ecommerce_type', d.ecommerce_type, 'channel', d.channel, 'weight_range', d.weight_range, 'content_type', d.content_type,
		'campaign', d.campaign, 'plan_type', d.plan_type, 'locale', d.locale, 'loss_reason', d.loss_reason, 'annotations', d.annotations)
		|| coalesce((select jsonb_object_agg('custom.' || c.key, c.value) from jsonb_each_text(d.custom) c), '{}');
comment on function pipeline.values_json is 'A deal''s fields as its history says them';
