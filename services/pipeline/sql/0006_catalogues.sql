-- Catalogues, and the fields of a deal that hold their values. All new columns of a deal are null in a deal of a lead, so that it is as wide as before.
create table pipeline.catalogue_item (
	workspace_id uuid not null,
	id uuid not null,
	catalogue text collate "C" not null,
	key text collate "C" not null,
	label jsonb not null,
	position smallint not null,
	retired boolean not null,
	country text,
	phone_code text,
	cost bigint,
	cost_currency char(3) check ((cost is null) = (cost_currency is null)),
	primary key (workspace_id, id),
	unique (workspace_id, catalogue, key),
	foreign key (workspace_id) references pipeline.workspace (workspace_id)
);
comment on table pipeline.catalogue_item is 'What a field of a deal may be, by catalogue; never removed, since deals hold keys';
comment on column pipeline.catalogue_item.workspace_id is 'whose';
comment on column pipeline.catalogue_item.id is 'made of workspace, catalogue and key';
comment on column pipeline.catalogue_item.catalogue is 'of which list: locale, channel, loss_reason …';
comment on column pipeline.catalogue_item.key is 'its name in the API and in deals';
comment on column pipeline.catalogue_item.label is 'what people call it: {"en", "nl"}';
comment on column pipeline.catalogue_item.position is 'order in its list, from 1';
comment on column pipeline.catalogue_item.retired is 'offered no longer';
comment on column pipeline.catalogue_item.country is 'of a locale: ISO 3166';
comment on column pipeline.catalogue_item.phone_code is 'of a locale: +52';
comment on column pipeline.catalogue_item.cost is 'of a locale: what a shipment costs, in minor units';
comment on column pipeline.catalogue_item.cost_currency is 'ISO 4217';
alter table pipeline.catalogue_item enable row level security;
create policy read on pipeline.catalogue_item for select to pipeline_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));

alter table pipeline.deal
	add column probability smallint,
	add column monthly_shipments bigint,
	add column account_type text collate "C",
	add column ecommerce_type text collate "C",
	add column channel text collate "C",
	add column weight_range text collate "C",
	add column content_type text collate "C",
	add column campaign text collate "C",
	add column plan_type text collate "C",
	add column locale text collate "C",
	add column loss_reason text collate "C",
	add column annotations text,
	add constraint deal_probability_check check (probability between 0 and 100) not valid; -- the column is new: there is nothing to scan for
comment on column pipeline.deal.probability is 'per cent, where it is another than its stage''s';
comment on column pipeline.deal.monthly_shipments is 'how many it sends a month';
comment on column pipeline.deal.account_type is 'catalogue value: what kind of company';
comment on column pipeline.deal.ecommerce_type is 'catalogue value: how it sells';
comment on column pipeline.deal.channel is 'catalogue value: where it came from';
comment on column pipeline.deal.weight_range is 'catalogue value: how heavy what it sends is';
comment on column pipeline.deal.content_type is 'catalogue value: what it sends';
comment on column pipeline.deal.campaign is 'catalogue value: what brought it';
comment on column pipeline.deal.plan_type is 'catalogue value: the plan it is offered';
comment on column pipeline.deal.locale is 'catalogue value: the country it belongs to: phone code and cost of a shipment';
comment on column pipeline.deal.loss_reason is 'catalogue value: why it was lost';
comment on column pipeline.deal.annotations is 'what else is to be known of it';

create function pipeline.account_value_json(d pipeline.deal) returns json language sql stable
	return (
		select pipeline.money_json(i.cost * d.monthly_shipments, i.cost_currency)
		from pipeline.catalogue_item i
		where i.workspace_id = d.workspace_id and i.catalogue = 'locale' and i.key = d.locale and i.cost is not null and d.monthly_shipments is not null);
comment on function pipeline.account_value_json is 'What an account is worth a month: its shipments at the cost of its locale, as that is now; never kept, so never old';

create function pipeline.details_json(d pipeline.deal) returns jsonb language sql stable
	return jsonb_build_object('probability_own', d.probability, 'monthly_shipments', d.monthly_shipments,
		'account_type', d.account_type,
		'ecommerce_type', d.ecommerce_type,
		'channel', d.channel,
		'weight_range', d.weight_range,
		'content_type', d.content_type,
		'campaign', d.campaign,
		'plan_type', d.plan_type,
		'locale', d.locale,
		'loss_reason', d.loss_reason,
		'annotations', d.annotations, 'account_value', pipeline.account_value_json(d));
comment on function pipeline.details_json is 'What is known of a deal beyond its card';

create function pipeline.item_json(i pipeline.catalogue_item) returns json language sql stable
	return json_build_object('id', i.id, 'workspace_id', i.workspace_id, 'catalogue', i.catalogue, 'key', i.key, 'label', i.label,
		'position', i.position, 'retired', i.retired, 'country', i.country, 'phone_code', i.phone_code,
		'cost', pipeline.money_json(i.cost, i.cost_currency));
comment on function pipeline.item_json is 'A value of a catalogue as settings show it';
