-- Imports: files of records that somebody brought in. A row of the file is a line here from when it was looked at, and what became of it a row beside:
-- neither is ever changed, but that it was taken back. Both go a month later with their import.
create table contacts.import (
	workspace_id uuid not null,
	id uuid not null,
	owner_id uuid,
	profile text collate "C" not null,
	state text collate "C" not null,
	version bigint not null default 1,
	scope bigint not null,
	permissions bigint not null,
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
	choices jsonb,
	offset_at bigint not null default 0,
	row_at bigint not null default 0,
	lines bigint not null default 0,
	ready bigint not null default 0,
	updates bigint not null default 0,
	errors bigint not null default 0,
	applied bigint not null default 0,
	created bigint not null default 0,
	updated bigint not null default 0,
	skipped bigint not null default 0,
	taken_back bigint not null default 0,
	kept bigint not null default 0,
	created_at timestamptz not null,
	step_at timestamptz,
	touched_at timestamptz not null,
	finished_at timestamptz,
	primary key (workspace_id, id)
) with (fillfactor = 50);
create index import_under_way on contacts.import (touched_at) where state in ('checking', 'running', 'undoing');
comment on table contacts.import is 'A file of records that somebody brought in, and how far it is';
comment on column contacts.import.workspace_id is 'whose';
comment on column contacts.import.id is 'which; also the correlation of all that it brings about';
comment on column contacts.import.owner_id is 'who brought it';
comment on column contacts.import.profile is 'what its rows are';
comment on column contacts.import.state is 'mapping, checking, checked, running, done, cancelled, undoing, undone or failed';
comment on column contacts.import.version is 'grows with every step';
comment on column contacts.import.scope is 'what who confirmed it may see: what it writes is written by their right';
comment on column contacts.import.permissions is 'what they may do';
comment on column contacts.import.name is 'what the file was called';
comment on column contacts.import.sha256 is 'of the file''s bytes; the file goes when nothing has to be read in it any more';
comment on column contacts.import.bytes is 'how long it is';
comment on column contacts.import.delimiter is 'what stands between its cells';
comment on column contacts.import.legacy is 'its characters are windows-1252; else UTF-8';
comment on column contacts.import.begins is 'bytes before its first row';
comment on column contacts.import.records is 'about how many rows it has, the first among them';
comment on column contacts.import.header is 'the first row names the columns';
comment on column contacts.import.sample is 'its first rows as they stand in the file';
comment on column contacts.import.mapping is 'a field or null for each column';
comment on column contacts.import.choices is 'the catalogues as they were when it was checked';
comment on column contacts.import.offset_at is 'where in the file it goes on; 0: at the beginning';
comment on column contacts.import.row_at is 'the number of the row there';
comment on column contacts.import.lines is 'how many rows were looked at';
comment on column contacts.import.ready is 'of these, to be made';
comment on column contacts.import.updates is 'of these, known and to be changed';
comment on column contacts.import.errors is 'of these, wrong';
comment on column contacts.import.applied is 'the last row that was dealt with: written, or while it is undone, taken back';
comment on column contacts.import.created is 'new records';
comment on column contacts.import.updated is 'known ones that changed';
comment on column contacts.import.skipped is 'rows that were not written';
comment on column contacts.import.taken_back is 'records that were undone';
comment on column contacts.import.kept is 'records that were not undone, since somebody changed them';
comment on column contacts.import.created_at is 'when it came';
comment on column contacts.import.step_at is 'when the step that is under way began';
comment on column contacts.import.touched_at is 'when a bite of it was done last: who waits longest is next';
comment on column contacts.import.finished_at is 'when it was done, stopped or undone';

create table contacts.import_line (
	workspace_id uuid not null,
	import_id uuid not null,
	n bigint not null,
	verdict text collate "C" not null,
	field text collate "C",
	reason text collate "C",
	email text collate "C",
	detail text,
	data jsonb not null,
	primary key (workspace_id, import_id, n)
);
create index import_line_email on contacts.import_line (workspace_id, import_id, email) where email is not null;
create index import_line_error on contacts.import_line (workspace_id, import_id, n) where verdict <> 'ready';
comment on table contacts.import_line is 'A row of a file, as it would be written, or what is wrong with it';
comment on column contacts.import_line.workspace_id is 'whose';
comment on column contacts.import_line.import_id is 'of which import';
comment on column contacts.import_line.n is 'which row, as spreadsheets count';
comment on column contacts.import_line.verdict is 'ready, update or error';
comment on column contacts.import_line.field is 'of an error, which field';
comment on column contacts.import_line.reason is 'what is wrong with it, as a code';
comment on column contacts.import_line.email is 'lower case';
comment on column contacts.import_line.detail is 'more about what is wrong: a row''s number, a record''s name';
comment on column contacts.import_line.data is '{contact, account, deal}: what is to be written, as the API takes it';

create table contacts.import_done (
	workspace_id uuid not null,
	import_id uuid not null,
	n bigint not null,
	contact_id uuid,
	account_id uuid,
	deal_id uuid,
	version bigint,
	did text collate "C" not null,
	reason text collate "C",
	undone text collate "C",
	before jsonb,
	primary key (workspace_id, import_id, n)
) with (fillfactor = 80);
create index import_done_contact on contacts.import_done (workspace_id, contact_id) where contact_id is not null;
comment on table contacts.import_done is 'What became of a row that was to be written';
comment on column contacts.import_done.workspace_id is 'whose';
comment on column contacts.import_done.import_id is 'of which import';
comment on column contacts.import_done.n is 'which row';
comment on column contacts.import_done.contact_id is 'the person it made or changed';
comment on column contacts.import_done.account_id is 'the company it made; null: none';
comment on column contacts.import_done.deal_id is 'the deal it asked for; null: none';
comment on column contacts.import_done.version is 'of the person, right after';
comment on column contacts.import_done.did is 'created, updated or skipped';
comment on column contacts.import_done.reason is 'why it was skipped';
comment on column contacts.import_done.undone is 'undone; kept: somebody changed it since; null: nobody took it back';
comment on column contacts.import_done.before is 'of a person that was changed, the fields as they were';

-- ---- what readers may see: who sees all of a workspace all imports, others their own ----

alter table contacts.import enable row level security;
alter table contacts.import_line enable row level security;
alter table contacts.import_done enable row level security;
create policy read on contacts.import for select to contacts_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and ((select current_setting('crm.scope', true)) is distinct from 'own'
			or owner_id = (select nullif(current_setting('crm.user', true), ''))::uuid));
create policy read on contacts.import_line for select to contacts_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and import_id = any (array(select i.id from contacts.import i)));
create policy read on contacts.import_done for select to contacts_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and import_id = any (array(select i.id from contacts.import i)));

create function contacts.import_json(i contacts.import, now timestamptz) returns json language sql stable as $$
	select (jsonb_build_object('id', i.id, 'workspace_id', i.workspace_id, 'owner_id', i.owner_id, 'profile', i.profile, 'state', i.state,
		'version', i.version, 'name', i.name, 'bytes', i.bytes, 'delimiter', i.delimiter,
		'charset', case when i.legacy then 'windows-1252' else 'utf-8' end, 'header', i.header, 'rows', i.records - i.header::int,
		'columns', case when i.header then i.sample -> 0 end, 'preview', case when i.header then i.sample - 0 else i.sample - 10 end,
		'mapping', i.mapping, 'checked', i.lines, 'ready', i.ready, 'updates', i.updates, 'errors', i.errors)
	|| jsonb_build_object('created', i.created, 'updated', i.updated, 'skipped', i.skipped, 'undone', i.taken_back, 'kept', i.kept,
		'total', p.total, 'done', p.done,
		'rate', case when p.done > 0 and p.seconds > 0 then round(p.done / p.seconds) end,
		'seconds_left', case when p.done > 0 and p.seconds > 0 then greatest(ceil((p.total - p.done) * p.seconds / p.done), 0) end,
		'created_at', contacts.rfc3339(i.created_at), 'finished_at', contacts.rfc3339(i.finished_at)))::json
	from (
		select case i.state when 'checking' then i.records - i.header::int when 'running' then i.ready + i.updates when 'undoing' then i.created + i.updated end as total,
			case i.state when 'checking' then i.lines when 'running' then i.created + i.updated + i.skipped - i.errors when 'undoing' then i.taken_back + i.kept end as done,
			extract(epoch from now - i.step_at) as seconds) p
$$;
comment on function contacts.import_json is 'An import as the API writes it, with how fast the step that is under way goes';

-- ---- what the columns hold of people: see common/sql/0005_erasure.sql ----

select contacts.says_of_people('personal', 'import.name', 'import.sample', 'import_line.email', 'import_line.detail', 'import_line.data');
select contacts.says_of_people('personal by contact_id', 'import_done.before');
select contacts.says_of_people('not personal', 'import.profile', 'import.state', 'import.sha256', 'import.delimiter', 'import.mapping', 'import.choices',
	'import_line.verdict', 'import_line.field', 'import_line.reason', 'import_done.did', 'import_done.reason', 'import_done.undone');
