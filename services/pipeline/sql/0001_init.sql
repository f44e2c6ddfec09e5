-- pipeline: boards and the deals on them. Every key begins with the workspace; readers see what their query is bound to.
-- Deals are hot: a lead costs a deal with three index entries and, when its contact is known, a row beside it with two; nothing is
-- updated, so nothing has to be cleaned up. Deals point at stages without a foreign key: both are written by one writer, from the
-- same workspace's rows, and a checked reference would lock and rewrite the stage for every deal.

create table pipeline.workspace (
	workspace_id uuid not null,
	auto_deal boolean not null,
	first_stage_id uuid,
	default_owner_id uuid,
	primary key (workspace_id)
);
comment on table pipeline.workspace is 'What pipeline keeps of a workspace (from workspace.created and workspace.updated)';
comment on column pipeline.workspace.workspace_id is 'which';
comment on column pipeline.workspace.auto_deal is 'a lead is a deal at once; no: when it is qualified';
comment on column pipeline.workspace.first_stage_id is 'where deals begin; null: an agency''s home, without a board';
comment on column pipeline.workspace.default_owner_id is 'who owns what nobody else does';

create table pipeline.pipeline (
	workspace_id uuid not null,
	id uuid not null,
	position smallint not null,
	key text collate "C" not null,
	label jsonb not null,
	move_mode text collate "C" not null check (move_mode in ('instant', 'note_required', 'locked')),
	primary key (workspace_id, id),
	unique (workspace_id, key),
	foreign key (workspace_id) references pipeline.workspace (workspace_id)
);
comment on table pipeline.pipeline is 'A board: a row of stages';
comment on column pipeline.pipeline.workspace_id is 'whose';
comment on column pipeline.pipeline.id is 'made of workspace and key';
comment on column pipeline.pipeline.position is 'order of a workspace''s boards, from 1';
comment on column pipeline.pipeline.key is 'its name in the API';
comment on column pipeline.pipeline.label is 'what people call it: {"en", "nl"}';
comment on column pipeline.pipeline.move_mode is 'instant; note_required: no move without a note; locked: the board offers no drag';

create table pipeline.stage (
	workspace_id uuid not null,
	id uuid not null,
	pipeline_id uuid not null,
	position smallint not null,
	key text collate "C" not null,
	kind text collate "C" not null check (kind in ('open', 'won', 'lost')),
	label jsonb not null,
	probability smallint not null check (probability between 0 and 100),
	colour text collate "C" not null,
	qualified boolean not null,
	primary key (workspace_id, id),
	unique (workspace_id, pipeline_id, key),
	foreign key (workspace_id, pipeline_id) references pipeline.pipeline (workspace_id, id)
);
create unique index stage_qualified on pipeline.stage (workspace_id, pipeline_id) where qualified;
comment on table pipeline.stage is 'A column of a board';
comment on column pipeline.stage.workspace_id is 'whose';
comment on column pipeline.stage.id is 'made of workspace, the pipeline''s key and key';
comment on column pipeline.stage.pipeline_id is 'the board it stands on';
comment on column pipeline.stage.position is 'order on the board, from 1';
comment on column pipeline.stage.key is 'its name in the API';
comment on column pipeline.stage.kind is 'open, won or lost: entering won or lost closes a deal';
comment on column pipeline.stage.label is 'what people call it: {"en", "nl"}';
comment on column pipeline.stage.probability is 'per cent';
comment on column pipeline.stage.colour is 'of its dot: grey, blue, purple, orange, green, red';
comment on column pipeline.stage.qualified is 'deals in stages before it are no opportunities yet; at most one of a board';

create table pipeline.deal (
	workspace_id uuid not null,
	id uuid not null,
	stage_id uuid not null,
	lead_id uuid check (lead_id = id),
	owner_id uuid,
	source_id uuid,
	number bigint not null,
	version bigint not null default 1,
	stage_since timestamptz not null,
	created_at timestamptz not null,
	closed_at timestamptz,
	value bigint,
	close_date date,
	files smallint not null,
	title text not null,
	company text,
	source text collate "C",
	notes text,
	value_currency char(3) check ((value is null) = (value_currency is null)),
	primary key (workspace_id, id)
) with (fillfactor = 95);
create unique index deal_number on pipeline.deal (number, workspace_id);
create index deal_board on pipeline.deal (workspace_id, stage_id, stage_since, id);
comment on table pipeline.deal is 'An opportunity on a board';
comment on column pipeline.deal.workspace_id is 'whose';
comment on column pipeline.deal.id is 'which; a lead''s deal bears the lead''s id, so the key itself refuses a second deal of one lead';
comment on column pipeline.deal.stage_id is 'where it stands';
comment on column pipeline.deal.lead_id is 'the lead it came of: its own id, or null';
comment on column pipeline.deal.owner_id is 'whose it is';
comment on column pipeline.deal.source_id is 'the way the lead came in';
comment on column pipeline.deal.number is 'short, for people; unique in the workspace';
comment on column pipeline.deal.version is 'grows with every change; not when its contact becomes known or is renamed: no person changed the deal';
comment on column pipeline.deal.stage_since is 'when it entered its stage; the board''s order';
comment on column pipeline.deal.created_at is 'when it began';
comment on column pipeline.deal.closed_at is 'when it entered won or lost; null: open';
comment on column pipeline.deal.value is 'what it may bring, in minor units';
comment on column pipeline.deal.close_date is 'expected close';
comment on column pipeline.deal.files is 'how many files came with the lead';
comment on column pipeline.deal.title is 'what it is called';
comment on column pipeline.deal.company is 'company as typed for this deal';
comment on column pipeline.deal.source is 'catalogue value of the lead: web_form, manual …';
comment on column pipeline.deal.notes is 'what people write about it';
comment on column pipeline.deal.value_currency is 'ISO 4217';

create table pipeline.deal_contact (
	workspace_id uuid not null,
	deal_id uuid not null,
	contact_id uuid not null,
	name text not null,
	company text,
	primary key (workspace_id, deal_id)
) with (fillfactor = 95);
create index deal_contact_contact on pipeline.deal_contact (workspace_id, contact_id);
comment on table pipeline.deal_contact is 'A deal''s contact. Beside the deal, since it comes later: so the deal is written once and never moves';
comment on column pipeline.deal_contact.workspace_id is 'whose';
comment on column pipeline.deal_contact.deal_id is 'which deal';
comment on column pipeline.deal_contact.contact_id is 'its contact';
comment on column pipeline.deal_contact.name is 'the contact''s name, as contacts said last; empty: it has not said it yet';
comment on column pipeline.deal_contact.company is 'the contact''s company; shown where the deal names none itself';

create table pipeline.stage_sum (
	workspace_id uuid not null,
	stage_id uuid not null,
	owner_id uuid not null,
	currency char(3) not null,
	deals bigint not null,
	value bigint not null,
	primary key (workspace_id, stage_id, owner_id, currency)
) with (fillfactor = 25);
comment on table pipeline.stage_sum is 'Deals and values of a stage by owner and currency, kept by the statements that write deals: a board never counts';
comment on column pipeline.stage_sum.workspace_id is 'whose';
comment on column pipeline.stage_sum.stage_id is 'which stage';
comment on column pipeline.stage_sum.owner_id is 'whose deals; zeros: nobody''s';
comment on column pipeline.stage_sum.currency is 'ISO 4217; blank: deals without a value';
comment on column pipeline.stage_sum.deals is 'how many; 0: there were some';
comment on column pipeline.stage_sum.value is 'their sum in minor units';

create table pipeline.waiting_lead (
	workspace_id uuid not null,
	lead_id uuid not null,
	title text not null,
	company text,
	source text collate "C",
	source_id uuid,
	owner_id uuid,
	contact_id uuid,
	contact_name text,
	files smallint not null,
	primary key (workspace_id, lead_id)
);
comment on table pipeline.waiting_lead is 'Leads of workspaces that make the deal at qualify: what it will need. Gone once it is made';
comment on column pipeline.waiting_lead.workspace_id is 'whose';
comment on column pipeline.waiting_lead.lead_id is 'which lead';
comment on column pipeline.waiting_lead.title is 'of the deal to come';
comment on column pipeline.waiting_lead.company is 'company as typed';
comment on column pipeline.waiting_lead.source is 'catalogue value';
comment on column pipeline.waiting_lead.source_id is 'the way in';
comment on column pipeline.waiting_lead.owner_id is 'whose it is';
comment on column pipeline.waiting_lead.contact_id is 'its contact, once known';
comment on column pipeline.waiting_lead.contact_name is 'the contact''s name';
comment on column pipeline.waiting_lead.files is 'how many files came with it';

-- ---- what readers may see ----

alter table pipeline.workspace enable row level security;
alter table pipeline.pipeline enable row level security;
alter table pipeline.stage enable row level security;
alter table pipeline.deal enable row level security;
alter table pipeline.deal_contact enable row level security;
alter table pipeline.stage_sum enable row level security;
alter table pipeline.waiting_lead enable row level security;
create policy read on pipeline.workspace for select to pipeline_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));
create policy read on pipeline.pipeline for select to pipeline_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));
create policy read on pipeline.stage for select to pipeline_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));
create policy read on pipeline.deal_contact for select to pipeline_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));
create policy read on pipeline.deal for select to pipeline_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and ((select current_setting('crm.scope', true)) is distinct from 'own'
			or owner_id = (select nullif(current_setting('crm.user', true), ''))::uuid));
create policy read on pipeline.stage_sum for select to pipeline_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and ((select current_setting('crm.scope', true)) is distinct from 'own'
			or owner_id = (select nullif(current_setting('crm.user', true), ''))::uuid));
create policy read on pipeline.waiting_lead for select to pipeline_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and ((select current_setting('crm.scope', true)) is distinct from 'own'
			or owner_id = (select nullif(current_setting('crm.user', true), ''))::uuid));

-- ---- how pages are written; small enough for the planner to put in place of the call ----

create function pipeline.rfc3339(at timestamptz) returns text language sql stable
	return to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
comment on function pipeline.rfc3339 is 'A moment as the API writes it';

create function pipeline.money_json(minor bigint, currency text) returns json language sql immutable
	return case when minor is not null then json_build_object('amount', case
		when currency in ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF') then minor::text
		when currency in ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') then (minor * 0.001)::text
		when currency in ('CLF', 'UYW') then (minor * 0.0001)::text
		else (minor * 0.01)::text end, 'currency', currency) end;
comment on function pipeline.money_json is 'Money as the API writes it: exact decimal text with the currency''s digits (ISO 4217)';

create function pipeline.cursor_text(at timestamptz, id uuid) returns text language sql stable
	return (extract(epoch from at) * 1000000)::bigint || '.' || id;
comment on function pipeline.cursor_text is 'Where a list goes on: the last row''s place in the order, opaque to callers';

create function pipeline.cursor_at(cursor text) returns timestamptz language sql immutable
	return case when cursor ~ '^[0-9]{1,17}\.[0-9a-f-]{36}$' then 'epoch'::timestamptz + split_part(cursor, '.', 1)::bigint * interval '1 microsecond' else 'infinity' end;
comment on function pipeline.cursor_at is 'The time in a cursor; one that is none of ours begins at the newest';

create function pipeline.cursor_id(cursor text) returns uuid language sql immutable
	return case when cursor ~ '^[0-9]{1,17}\.[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' then split_part(cursor, '.', 2)::uuid else 'ffffffff-ffff-ffff-ffff-ffffffffffff' end;
comment on function pipeline.cursor_id is 'The id in a cursor';

create function pipeline.card_json(d pipeline.deal, c pipeline.deal_contact) returns json language sql stable
	return json_build_object('id', d.id, 'workspace_id', d.workspace_id, 'number', d.number, 'title', d.title, 'stage_id', d.stage_id,
		'contact_id', c.contact_id, 'contact_name', nullif(c.name, ''), 'company', coalesce(d.company, c.company),
		'value', pipeline.money_json(d.value, d.value_currency), 'owner_id', d.owner_id, 'lead_id', d.lead_id, 'source', d.source,
		'version', d.version, 'created_at', pipeline.rfc3339(d.created_at), 'stage_since', pipeline.rfc3339(d.stage_since),
		'close_date', d.close_date, 'files', d.files);
comment on function pipeline.card_json is 'A deal, with its contact or none, as a card';
