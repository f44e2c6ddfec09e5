-- contacts: people, and the timeline of everything. Every key begins with the workspace; readers see what their query is bound to.
-- A lead costs at most one new contact (three index entries), one narrow row in lead and one update of that in place, when its deal
-- is there: half of each page is left free for it. Old values of a contact's fields travel in contact.updated and stand on the timeline.

create table contacts.workspace (
	workspace_id uuid not null,
	auto_contact boolean not null,
	default_owner_id uuid,
	primary key (workspace_id)
);
comment on table contacts.workspace is 'What contacts keeps of a workspace (from workspace.created and workspace.updated)';
comment on column contacts.workspace.workspace_id is 'which';
comment on column contacts.workspace.auto_contact is 'a lead is a contact at once; no: it is linked to none until it is converted';
comment on column contacts.workspace.default_owner_id is 'who owns what nobody else does';

create table contacts.member (
	workspace_id uuid not null,
	user_id uuid not null,
	name text not null,
	primary key (workspace_id, user_id)
);
comment on table contacts.member is 'Names of the people of a workspace, for the timeline (from member.changed); those who left stay';
comment on column contacts.member.workspace_id is 'whose';
comment on column contacts.member.user_id is 'who';
comment on column contacts.member.name is 'their name';

create table contacts.contact (
	workspace_id uuid not null,
	id uuid not null,
	owner_id uuid,
	number bigint not null,
	version bigint not null default 1,
	created_at timestamptz not null,
	name text not null,
	first_name text,
	last_name text,
	email text collate "C",
	phone text,
	company text,
	primary key (workspace_id, id)
) with (fillfactor = 95);
create unique index contact_email on contacts.contact (workspace_id, lower(email)) where email is not null and email <> '';
create unique index contact_number on contacts.contact (number, workspace_id);
comment on table contacts.contact is 'A person';
comment on column contacts.contact.workspace_id is 'whose';
comment on column contacts.contact.id is 'which';
comment on column contacts.contact.owner_id is 'whose contact it is';
comment on column contacts.contact.number is 'short, for people; unique in the workspace';
comment on column contacts.contact.version is 'grows with every change';
comment on column contacts.contact.created_at is 'since when they are known';
comment on column contacts.contact.name is 'full name, as said last';
comment on column contacts.contact.first_name is 'given name when somebody said it; null: read off the name';
comment on column contacts.contact.last_name is 'family name when somebody said it; null: read off the name';
comment on column contacts.contact.email is 'lower case; one contact of a workspace has it';
comment on column contacts.contact.phone is 'E.164 where it could be told';
comment on column contacts.contact.company is 'company as typed';

create table contacts.lead (
	workspace_id uuid not null,
	lead_id uuid not null,
	contact_id uuid,
	owner_id uuid,
	actor_id uuid,
	at timestamptz not null,
	deal boolean not null default false,
	form_type text not null,
	primary key (workspace_id, lead_id)
) with (fillfactor = 50);
create index lead_contact on contacts.lead (workspace_id, contact_id) where contact_id is not null;
comment on table contacts.lead is 'Every lead there was and its contact: the answer given, and the first two entries of its timeline';
comment on column contacts.lead.workspace_id is 'whose';
comment on column contacts.lead.lead_id is 'which; its deal bears the same id, so both have one timeline';
comment on column contacts.lead.contact_id is 'the contact it was linked to; null: none is made at intake';
comment on column contacts.lead.owner_id is 'whose it is now: who may see it';
comment on column contacts.lead.actor_id is 'who made it; null: nobody who logs in';
comment on column contacts.lead.at is 'when it came';
comment on column contacts.lead.deal is 'its deal was made in the same moment, by the same';
comment on column contacts.lead.form_type is 'what kind of form: all that is shown of it here';

create table contacts.timeline (
	workspace_id uuid not null,
	subject_id uuid not null,
	event_id uuid not null,
	contact_id uuid,
	owner_id uuid,
	actor_id uuid,
	at timestamptz not null,
	type text collate "C" not null,
	data jsonb,
	primary key (workspace_id, subject_id, event_id)
);
create index timeline_contact on contacts.timeline (workspace_id, contact_id) where contact_id is not null;
comment on table contacts.timeline is 'What happened, by what it happened to: a projection of events. That a lead came and a contact was made stands in lead and contact alone';
comment on column contacts.timeline.workspace_id is 'whose';
comment on column contacts.timeline.subject_id is 'the lead, deal or contact';
comment on column contacts.timeline.event_id is 'the event';
comment on column contacts.timeline.contact_id is 'the contact that a deal was made with by hand: it belongs to their timeline as well';
comment on column contacts.timeline.owner_id is 'whose the subject is now: who may see it';
comment on column contacts.timeline.actor_id is 'who did it; null: nobody who logs in';
comment on column contacts.timeline.at is 'when it happened';
comment on column contacts.timeline.type is 'the event''s type';
comment on column contacts.timeline.data is 'the event''s data; null where the type says it all';

-- ---- what readers may see ----

alter table contacts.workspace enable row level security;
alter table contacts.member enable row level security;
alter table contacts.contact enable row level security;
alter table contacts.lead enable row level security;
alter table contacts.timeline enable row level security;
create policy read on contacts.workspace for select to contacts_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));
create policy read on contacts.member for select to contacts_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));
create policy read on contacts.contact for select to contacts_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and ((select current_setting('crm.scope', true)) is distinct from 'own'
			or owner_id = (select nullif(current_setting('crm.user', true), ''))::uuid));
create policy read on contacts.lead for select to contacts_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and ((select current_setting('crm.scope', true)) is distinct from 'own'
			or owner_id = (select nullif(current_setting('crm.user', true), ''))::uuid));
create policy read on contacts.timeline for select to contacts_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and ((select current_setting('crm.scope', true)) is distinct from 'own'
			or owner_id = (select nullif(current_setting('crm.user', true), ''))::uuid));

-- ---- how pages are written; small enough for the planner to put in place of the call ----

create function contacts.rfc3339(at timestamptz) returns text language sql stable
	return to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
comment on function contacts.rfc3339 is 'A moment as the API writes it';

create function contacts.contact_json(c contacts.contact) returns json language sql stable
	return json_build_object('id', c.id, 'workspace_id', c.workspace_id, 'number', c.number, 'name', c.name,
		'first_name', coalesce(c.first_name, case
			when c.last_name is null then split_part(c.name, ' ', 1)
			when right(c.name, length(c.last_name) + 1) = ' ' || c.last_name then left(c.name, -length(c.last_name) - 1) end),
		'last_name', coalesce(c.last_name, case
			when c.first_name is null then nullif(substr(c.name, strpos(c.name || ' ', ' ') + 1), '')
			when starts_with(c.name, c.first_name || ' ') then substr(c.name, length(c.first_name) + 2) end),
		'email', c.email, 'phone', c.phone, 'company', c.company, 'owner_id', c.owner_id, 'version', c.version,
		'created_at', contacts.rfc3339(c.created_at));
comment on function contacts.contact_json is 'A contact as the API writes it; a half of the name that nobody said is read off the whole (rules.c: name_halves)';

create function contacts.cursor_at(cursor text) returns timestamptz language sql immutable
	return case when cursor ~ '^[0-9]{1,17}\.[0-9]\.[0-9a-f-]{36}$' then 'epoch'::timestamptz + split_part(cursor, '.', 1)::bigint * interval '1 microsecond' else 'infinity' end;
comment on function contacts.cursor_at is 'The time in a timeline''s cursor; one that is none of ours begins at the newest';

create function contacts.cursor_step(cursor text) returns int language sql immutable
	return case when cursor ~ '^[0-9]{1,17}\.[0-9]\.[0-9a-f-]{36}$' then split_part(cursor, '.', 2)::int else 9 end;
comment on function contacts.cursor_step is 'The step in a timeline''s cursor: what of one moment comes first';

create function contacts.cursor_id(cursor text) returns uuid language sql immutable
	return case when cursor ~ '(^|\.)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' then right(cursor, 36)::uuid else 'ffffffff-ffff-ffff-ffff-ffffffffffff' end;
comment on function contacts.cursor_id is 'The id in a cursor';
