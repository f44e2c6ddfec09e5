-- Moving in: several files of another system as one import. What it called its records is kept, so that the same files later change what they made.
alter table contacts.import add column system text collate "C", add column place bigint not null default 0;
comment on column contacts.import.system is 'of a moving: the system that the files are of; null: a file alone';
comment on column contacts.import.place is 'of a moving: which of its files is looked at';

alter table contacts.import_line add column kind text collate "C", add column old_id text collate "C", add column called text;
comment on column contacts.import_line.kind is 'of a moving: companies, contacts, deals or notes';
comment on column contacts.import_line.old_id is 'of a moving: what its system calls it';
comment on column contacts.import_line.called is 'of a moving: its name in lower case, for rows that name it so';
create index import_line_old on contacts.import_line (workspace_id, import_id, kind, old_id) where old_id is not null;
create index import_line_called on contacts.import_line (workspace_id, import_id, kind, called) where called is not null;

alter table contacts.import_done add column kind text collate "C", add column activity_id uuid;
comment on column contacts.import_done.kind is 'of a moving: companies, contacts, deals or notes';
comment on column contacts.import_done.activity_id is 'the note or activity it made or changed';

create table contacts.import_file (
	workspace_id uuid not null,
	import_id uuid not null,
	id uuid not null,
	kind text collate "C",
	name text,
	sha256 text collate "C" not null,
	bytes bigint not null,
	delimiter text not null,
	legacy boolean not null,
	begins bigint not null,
	records bigint not null,
	header boolean not null,
	sample jsonb not null,
	mapping jsonb not null,
	finished_at timestamptz,
	primary key (workspace_id, import_id, id)
);
comment on table contacts.import_file is 'One of the files of a moving';
comment on column contacts.import_file.workspace_id is 'whose';
comment on column contacts.import_file.import_id is 'of which import';
comment on column contacts.import_file.id is 'which; it lies under this';
comment on column contacts.import_file.kind is 'what its rows are: companies, contacts, deals or notes; null: nobody has said; not personal';
comment on column contacts.import_file.name is 'what it was called; personal';
comment on column contacts.import_file.sha256 is 'of its bytes, which lies under id while finished_at is null; not personal';
comment on column contacts.import_file.bytes is 'how long it is';
comment on column contacts.import_file.delimiter is 'what stands between its cells; not personal';
comment on column contacts.import_file.legacy is 'its characters are windows-1252; else UTF-8';
comment on column contacts.import_file.begins is 'bytes before its first row';
comment on column contacts.import_file.records is 'about how many rows it has, the first among them';
comment on column contacts.import_file.header is 'the first row names the columns';
comment on column contacts.import_file.sample is 'its first rows as they stand in the file; personal';
comment on column contacts.import_file.mapping is 'a field or null for each column; not personal';
comment on column contacts.import_file.finished_at is 'when it was needed no more: its bytes are gone';

create table contacts.moved_name (
	workspace_id uuid not null,
	import_id uuid not null,
	kind text collate "C" not null,
	name text collate "C" not null,
	target uuid,
	chosen boolean not null default false,
	rows bigint not null default 0,
	primary key (workspace_id, import_id, kind, name)
);
comment on table contacts.moved_name is 'A stage or an owner as the files of a moving call it, and which it is here';
comment on column contacts.moved_name.workspace_id is 'whose';
comment on column contacts.moved_name.import_id is 'of which import';
comment on column contacts.moved_name.kind is 'stage or owner; not personal';
comment on column contacts.moved_name.name is 'as the files say it; personal';
comment on column contacts.moved_name.target is 'the stage or the user; null: none';
comment on column contacts.moved_name.chosen is 'somebody said so; else it is called the same';
comment on column contacts.moved_name.rows is 'how many rows say it';

create table contacts.imported (
	workspace_id uuid not null,
	system text collate "C" not null,
	kind text collate "C" not null,
	external_id text collate "C" not null,
	record_id uuid not null,
	primary key (workspace_id, system, kind, external_id)
);
create index imported_record on contacts.imported (workspace_id, record_id);
comment on table contacts.imported is 'What another system called a record that was moved in: the same files later find it by that';
comment on column contacts.imported.workspace_id is 'whose';
comment on column contacts.imported.system is 'which system; not personal';
comment on column contacts.imported.kind is 'companies, contacts, deals or notes; not personal';
comment on column contacts.imported.external_id is 'its id there; personal by record_id: the row goes';
comment on column contacts.imported.record_id is 'the record; of one that was merged into another, the one it was: it is followed when it is read';

alter table contacts.import_file enable row level security;
alter table contacts.moved_name enable row level security;
alter table contacts.imported enable row level security;
create policy read on contacts.import_file for select to contacts_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and import_id = any (array(select i.id from contacts.import i)));
create policy read on contacts.moved_name for select to contacts_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and import_id = any (array(select i.id from contacts.import i)));

-- ---- who a row means ----

create function contacts.imported_stands(workspace uuid, of_kind text, asked uuid) returns uuid language sql stable as $$
	with recursive person as (
		select c.id, c.merged_into, c.removed_at, 0 as step
		from contacts.contact c
		where of_kind = 'contacts' and (c.workspace_id, c.id) = (workspace, asked)
		union all
		select c.id, c.merged_into, c.removed_at, w.step + 1
		from person w
		join contacts.contact c on (c.workspace_id, c.id) = (workspace, w.merged_into)
		where w.step < 20
	), company as (
		select a.id, a.merged_into, a.removed_at, 0 as step
		from contacts.account a
		where of_kind = 'companies' and (a.workspace_id, a.id) = (workspace, asked)
		union all
		select a.id, a.merged_into, a.removed_at, w.step + 1
		from company w
		join contacts.account a on (a.workspace_id, a.id) = (workspace, w.merged_into)
		where w.step < 20
	)
	select p.id from person p where p.merged_into is null and p.removed_at is null
	union all
	select c.id from company c where c.merged_into is null and c.removed_at is null
	union all
	select v.id from contacts.activity v where of_kind = 'notes' and (v.workspace_id, v.id) = (workspace, asked) and v.removed_at is null
	union all
	select asked where of_kind = 'deals' and asked is not null and not exists (select from contacts.deal_away x where (x.workspace_id, x.deal_id) = (workspace, asked))
	limit 1
$$;
comment on function contacts.imported_stands is 'The record that was moved in under an id, or the one it became; null: it stands no more';

create function contacts.imported_as(workspace uuid, of_system text, of_kind text, asked text) returns uuid language sql stable as $$
	select contacts.imported_stands(workspace, of_kind, m.record_id)
	from contacts.imported m
	where (m.workspace_id, m.system, m.kind, m.external_id) = (workspace, of_system, of_kind, asked)
$$;
comment on function contacts.imported_as is 'The record that another system calls so; null: none that stands';

create function contacts.moving_company(workspace uuid, of_system text, data jsonb) returns uuid language sql stable as $$
	select coalesce(contacts.imported_as(workspace, of_system, 'companies', data ->> 'company_id'), contacts.imported_as(workspace, of_system, 'companies', data ->> 'record_id'), (
		select a.id
		from contacts.account a
		where a.workspace_id = workspace and lower(a.name) = lower(coalesce(data ->> 'company', data ->> 'record')) and a.removed_at is null and a.merged_into is null
		limit 1))
$$;
comment on function contacts.moving_company is 'The company that a row means: by its old id, else by its name';

create function contacts.moving_person(workspace uuid, of_import uuid, of_system text, data jsonb) returns uuid language sql stable as $$
	select coalesce(contacts.imported_as(workspace, of_system, 'contacts', data ->> 'contact_id'), contacts.imported_as(workspace, of_system, 'contacts', data ->> 'record_id'), (
		select c.id
		from contacts.contact c
		where (c.workspace_id, lower(c.email)) = (workspace, lower(data ->> 'contact_email')) and c.email is not null and c.email <> ''
			and c.removed_at is null and c.merged_into is null
		limit 1), (
		select d.contact_id
		from contacts.import_line l
		join contacts.import_done d on (d.workspace_id, d.import_id, d.n) = (l.workspace_id, l.import_id, l.n)
		where (l.workspace_id, l.import_id, l.kind, l.called) = (workspace, of_import, 'contacts', lower(coalesce(data ->> 'contact', data ->> 'record')))
		order by l.n
		limit 1))
$$;
comment on function contacts.moving_person is 'The person whom a row means: by their old id, else by e-mail, else by the name that the same files give them';

create function contacts.moving_deal(workspace uuid, of_import uuid, of_system text, data jsonb) returns uuid language sql stable as $$
	select coalesce(contacts.imported_as(workspace, of_system, 'deals', data ->> 'deal_id'), contacts.imported_as(workspace, of_system, 'deals', data ->> 'record_id'), (
		select d.deal_id
		from contacts.import_line l
		join contacts.import_done d on (d.workspace_id, d.import_id, d.n) = (l.workspace_id, l.import_id, l.n)
		where (l.workspace_id, l.import_id, l.kind, l.called) = (workspace, of_import, 'deals', lower(coalesce(data ->> 'deal', data ->> 'record')))
		order by l.n
		limit 1))
$$;
comment on function contacts.moving_deal is 'The deal that a row means: by its old id, else by the title that the same files give it';

create function contacts.moving_meant(workspace uuid, of_import uuid, of_kind text, old text, name text, address text) returns boolean language sql stable as $$
	select exists (
			select from contacts.import_line l
			where (l.workspace_id, l.import_id, l.kind, l.old_id) = (workspace, of_import, of_kind, old) and l.old_id is not null and l.verdict <> 'error')
		or exists (
			select from contacts.import_line l
			where (l.workspace_id, l.import_id, l.kind, l.called) = (workspace, of_import, of_kind, lower(name)) and l.called is not null and l.verdict <> 'error')
		or exists (
			select from contacts.import_line l
			where (l.workspace_id, l.import_id, l.email) = (workspace, of_import, lower(address)) and l.email is not null and l.verdict <> 'error')
$$;
comment on function contacts.moving_meant is 'Whether the same files bring what a row means';

-- ---- as the API writes it ----

create function contacts.moving_json(i contacts.import) returns jsonb language sql stable as $$
	select case when i.profile = 'moving' then jsonb_build_object('system', i.system, 'rows', (
			select coalesce(sum(f.records - f.header::int), 0)
			from contacts.import_file f
			where (f.workspace_id, f.import_id) = (i.workspace_id, i.id)),
		'columns', null, 'preview', '[]'::jsonb, 'mapping', '[]'::jsonb, 'files', (
			select coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'name', f.name, 'kind', f.kind, 'bytes', f.bytes, 'delimiter', f.delimiter,
				'charset', case when f.legacy then 'windows-1252' else 'utf-8' end, 'header', f.header, 'rows', f.records - f.header::int,
				'columns', case when f.header then f.sample -> 0 end, 'preview', case when f.header then f.sample - 0 else f.sample - 10 end,
				'mapping', f.mapping) order by f.kind, f.id), '[]')
			from contacts.import_file f
			where (f.workspace_id, f.import_id) = (i.workspace_id, i.id)),
		'names', (
			select coalesce(jsonb_agg(jsonb_build_object('kind', m.kind, 'name', m.name, 'target', m.target, 'rows', m.rows) order by m.kind desc, m.rows desc, m.name), '[]')
			from contacts.moved_name m
			where (m.workspace_id, m.import_id) = (i.workspace_id, i.id)))
		else '{"system": null, "files": null, "names": null}' end
$$;
comment on function contacts.moving_json is 'What an import of several files says more: these, and what its stages and owners are called there';

create function contacts.moving_total(i contacts.import) returns bigint language sql stable as $$
	select case when i.profile = 'moving' then (
			select coalesce(sum(f.records - f.header::int), 0)
			from contacts.import_file f
			where (f.workspace_id, f.import_id) = (i.workspace_id, i.id))
		else i.records - i.header::int end
$$;
comment on function contacts.moving_total is 'How many rows there are to look at, in all files';

create or replace function contacts.import_json(i contacts.import, now timestamptz) returns json language sql stable as $$
	select (jsonb_build_object('id', i.id, 'workspace_id', i.workspace_id, 'owner_id', i.owner_id, 'profile', i.profile, 'state', i.state,
		'version', i.version, 'name', i.name, 'bytes', i.bytes, 'delimiter', i.delimiter,
		'charset', case when i.legacy then 'windows-1252' else 'utf-8' end, 'header', i.header, 'rows', i.records - i.header::int,
		'columns', case when i.header then i.sample -> 0 end, 'preview', case when i.header then i.sample - 0 else i.sample - 10 end,
		'mapping', i.mapping, 'checked', i.lines, 'ready', i.ready, 'updates', i.updates, 'errors', i.errors)
	|| jsonb_build_object('created', i.created, 'updated', i.updated, 'skipped', i.skipped, 'undone', i.taken_back, 'kept', i.kept,
		'total', p.total, 'done', p.done,
		'rate', case when p.done > 0 and p.seconds > 0 then round(p.done / p.seconds) end,
		'seconds_left', case when p.done > 0 and p.seconds > 0 then greatest(ceil((p.total - p.done) * p.seconds / p.done), 0) end,
		'created_at', contacts.rfc3339(i.created_at), 'finished_at', contacts.rfc3339(i.finished_at))
	|| contacts.moving_json(i))::json
	from (
		select case i.state when 'checking' then contacts.moving_total(i) when 'running' then i.ready + i.updates when 'undoing' then i.created + i.updated end as total,
			case i.state when 'checking' then i.lines when 'running' then i.created + i.updated + i.skipped - i.errors when 'undoing' then i.taken_back + i.kept end as done,
			extract(epoch from now - i.step_at) as seconds) p
$$;

select contacts.says_of_people('personal', 'import_line.old_id', 'import_line.called');
select contacts.says_of_people('not personal', 'import.system', 'import_line.kind', 'import_done.kind');
