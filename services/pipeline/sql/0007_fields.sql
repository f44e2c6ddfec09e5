-- Fields of the workspace's own. Their values stand in one column of the deal, null in a deal of a lead.
create table pipeline.custom_field (
	workspace_id uuid not null,
	id uuid not null,
	about text collate "C" not null,
	kind text collate "C" not null,
	key text collate "C" not null,
	label jsonb not null,
	needed boolean not null,
	retired boolean not null,
	position smallint not null,
	choices jsonb,
	primary key (workspace_id, id),
	unique (workspace_id, about, key),
	foreign key (workspace_id) references pipeline.workspace (workspace_id)
);
comment on table pipeline.custom_field is 'A field that a workspace gave its records; never removed, since records hold values under its key';
comment on column pipeline.custom_field.workspace_id is 'whose';
comment on column pipeline.custom_field.id is 'made of workspace, about and key';
comment on column pipeline.custom_field.about is 'of which records: deal';
comment on column pipeline.custom_field.kind is 'what it holds: text, number, money, date, choice, boolean, url';
comment on column pipeline.custom_field.key is 'its name in the API and in records';
comment on column pipeline.custom_field.label is 'what people call it: {"en", "nl"}';
comment on column pipeline.custom_field.needed is 'whoever makes a record by hand has to fill it';
comment on column pipeline.custom_field.retired is 'asked for no longer';
comment on column pipeline.custom_field.position is 'order, from 1';
comment on column pipeline.custom_field.choices is 'of a choice: [{"key", "label"}]';
alter table pipeline.custom_field enable row level security;
create policy read on pipeline.custom_field for select to pipeline_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));

alter table pipeline.deal add column custom jsonb;
comment on column pipeline.deal.custom is 'the workspace''s own fields, by key';

create function pipeline.field_json(f pipeline.custom_field) returns json language sql stable
	return json_build_object('id', f.id, 'workspace_id', f.workspace_id, 'about', f.about, 'kind', f.kind, 'key', f.key, 'label', f.label,
		'needed', f.needed, 'retired', f.retired, 'position', f.position, 'choices', f.choices);
comment on function pipeline.field_json is 'A field of the workspace''s own as settings show it';
