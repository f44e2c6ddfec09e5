-- What lead-intake keeps: ways in, raw requests, leads and the files that came with them.
-- The hot tables (submission, lead) have no foreign keys: a key share lock on the parent costs more than the row itself,
-- parent and child are written by one statement list of one writer, and nothing here is ever deleted alone.
create table lead_intake.workspace (
	id uuid primary key,
	agency_id uuid not null,
	slug text collate "C" not null,
	language text not null,
	country text not null,
	form_type text not null,
	default_owner_id uuid,
	home boolean not null,
	auto_deal boolean not null
);
create unique index workspace_slug on lead_intake.workspace (agency_id, slug);
comment on table lead_intake.workspace is 'Projection of workspace.created and workspace.updated: what intake needs of a workspace';
comment on column lead_intake.workspace.id is 'which';
comment on column lead_intake.workspace.agency_id is 'whose; also the id of the agency''s home workspace';
comment on column lead_intake.workspace.slug is 'short name, client_id in hooks';
comment on column lead_intake.workspace.language is 'nl or en: the word for a visitor without a name';
comment on column lead_intake.workspace.country is 'ISO 3166: how phone numbers without country code are read';
comment on column lead_intake.workspace.form_type is 'the preset''s word for a lead made by hand';
comment on column lead_intake.workspace.default_owner_id is 'who owns what nobody else does';
comment on column lead_intake.workspace.home is 'an agency''s home: its sources stand there, and requests that reach no client';
comment on column lead_intake.workspace.auto_deal is 'a lead is a deal at once; no: when it is qualified';

create table lead_intake.source (
	workspace_id uuid not null references lead_intake.workspace (id),
	id uuid not null,
	key_hash text collate "C" not null,
	sealed text,
	kind text not null,
	name text,
	form_type text,
	redirect text,
	origins text,
	owner_id uuid,
	created_at timestamptz not null,
	primary key (workspace_id, id)
);
create unique index source_key on lead_intake.source (key_hash);
comment on table lead_intake.source is 'Ways in: each has its own URL key';
comment on column lead_intake.source.workspace_id is 'whose';
comment on column lead_intake.source.id is 'its id';
comment on column lead_intake.source.key_hash is 'SHA-256 of the last part of its URL, hex';
comment on column lead_intake.source.sealed is 'its HMAC secret, sealed by CRM_KEY; null: requests are not signed';
comment on column lead_intake.source.kind is 'what it understands, and how it answers';
comment on column lead_intake.source.name is 'what people call it';
comment on column lead_intake.source.form_type is 'form_type of leads that do not say one';
comment on column lead_intake.source.redirect is 'where a browser is sent after posting';
comment on column lead_intake.source.origins is 'origins that may post from a page and name a _redirect; null: any may post';
comment on column lead_intake.source.owner_id is 'owner of its leads; null: the workspace''s default owner';
comment on column lead_intake.source.created_at is 'when';

create table lead_intake.submission (
	workspace_id uuid not null,
	id uuid not null,
	at timestamptz not null,
	bucket int not null,
	body_size int not null,
	source_id uuid,
	dedupe bytea,
	content bytea,
	method text not null,
	type text,
	headers text,
	body bytea,
	body_file text,
	remote text,
	outcome text not null,
	reason text,
	leads bytea,
	primary key (workspace_id, id)
);
alter table lead_intake.submission alter body set storage external;
create unique index submission_once on lead_intake.submission (workspace_id, dedupe, bucket) where dedupe is not null;
comment on table lead_intake.submission is 'Raw requests with what became of them, written once and never changed';
comment on column lead_intake.submission.workspace_id is 'whose; the agency''s home when it reached no client';
comment on column lead_intake.submission.id is 'its id, made at the door';
comment on column lead_intake.submission.at is 'when it came';
comment on column lead_intake.submission.bucket is '0: dedupe is of a key or id of the sender; else which ten minutes since 1970, so that the index grows at its end';
comment on column lead_intake.submission.body_size is 'bytes of the body';
comment on column lead_intake.submission.source_id is 'the way in; of the same workspace, or of its agency''s home';
comment on column lead_intake.submission.dedupe is 'digest of what makes it the same request; null: refused ones and duplicates, which hold no key';
comment on column lead_intake.submission.content is 'SHA-256 of the content where a key came with it: other content under the same key is refused';
comment on column lead_intake.submission.method is 'HTTP method';
comment on column lead_intake.submission.type is 'Content-Type as sent';
comment on column lead_intake.submission.headers is 'headers that say something about it, a line each';
comment on column lead_intake.submission.body is 'the raw bytes, up to 64 KiB';
comment on column lead_intake.submission.body_file is 'SHA-256 under which longer bytes lie in the files folder';
comment on column lead_intake.submission.remote is 'the sender''s address';
comment on column lead_intake.submission.outcome is 'lead, duplicate, spam, bad_request, bad_signature or no_workspace';
comment on column lead_intake.submission.reason is 'why it did not become a lead';
comment on column lead_intake.submission.leads is 'ids of its leads, 16 bytes each, so that a repeat is answered alike; of a duplicate: the first one''s';

create table lead_intake.lead (
	workspace_id uuid not null,
	id uuid not null,
	number bigint not null,
	created_at timestamptz not null,
	version int not null,
	submission_id uuid,
	source_id uuid,
	owner_id uuid,
	contact_id uuid,
	source text not null,
	form_type text not null,
	status text not null,
	name text not null,
	first_name text,
	last_name text,
	company text,
	email text,
	phone text,
	message text,
	fields jsonb,
	external_id text,
	primary key (workspace_id, id)
) with (fillfactor = 50);
create unique index lead_number on lead_intake.lead (number, workspace_id);
comment on table lead_intake.lead is 'Inquiries. The contact is joined soon after, a page''s worth at once and before the old rows can be pruned, by an update that touches no index: so half a page stays free. A deal bears its lead''s id, so it needs no join';
comment on column lead_intake.lead.workspace_id is 'whose';
comment on column lead_intake.lead.id is 'its id, made at the door; ascending, so the newest stand at the end';
comment on column lead_intake.lead.number is 'short number, unique in the workspace';
comment on column lead_intake.lead.created_at is 'when it came';
comment on column lead_intake.lead.version is 'counts people''s changes; joining the contact is none';
comment on column lead_intake.lead.submission_id is 'the request it came in; null: made by hand';
comment on column lead_intake.lead.source_id is 'the way in';
comment on column lead_intake.lead.owner_id is 'whose it is';
comment on column lead_intake.lead.contact_id is 'its contact, once contacts has answered';
comment on column lead_intake.lead.source is 'catalogue value: web_form, api, manual …';
comment on column lead_intake.lead.form_type is 'what kind of form';
comment on column lead_intake.lead.status is 'New, Contacted or Qualified';
comment on column lead_intake.lead.name is 'full name; the e-mail''s first half or "Unknown" when there was none';
comment on column lead_intake.lead.first_name is 'given name when the form asked for it';
comment on column lead_intake.lead.last_name is 'family name when the form asked for it';
comment on column lead_intake.lead.company is 'company as typed';
comment on column lead_intake.lead.email is 'trimmed and in lower case';
comment on column lead_intake.lead.phone is 'E.164 where it could be told, else as typed';
comment on column lead_intake.lead.message is 'what they wrote';
comment on column lead_intake.lead.fields is 'every other field, untouched';
comment on column lead_intake.lead.external_id is 'the sender''s own id';

create table lead_intake.file (
	workspace_id uuid not null,
	id uuid not null,
	submission_id uuid not null,
	created_at timestamptz not null,
	field text,
	name text not null,
	type text not null,
	size bigint not null,
	sha256 text collate "C" not null,
	primary key (workspace_id, id),
	foreign key (workspace_id, submission_id) references lead_intake.submission (workspace_id, id)
);
comment on table lead_intake.file is 'Files that came with a request; the bytes lie in the files folder as workspace/sha256';
comment on column lead_intake.file.workspace_id is 'whose';
comment on column lead_intake.file.id is 'its id';
comment on column lead_intake.file.submission_id is 'the request it came in';
comment on column lead_intake.file.created_at is 'when';
comment on column lead_intake.file.field is 'the form field it came in';
comment on column lead_intake.file.name is 'its name, cleaned for display; never a path';
comment on column lead_intake.file.type is 'media type as the sender said';
comment on column lead_intake.file.size is 'bytes';
comment on column lead_intake.file.sha256 is 'hex; its name on disk';

create table lead_intake.lead_file (
	workspace_id uuid not null,
	lead_id uuid not null,
	file_id uuid not null,
	primary key (workspace_id, lead_id, file_id),
	foreign key (workspace_id, lead_id) references lead_intake.lead (workspace_id, id),
	foreign key (workspace_id, file_id) references lead_intake.file (workspace_id, id)
);
create index lead_file_file on lead_intake.lead_file (workspace_id, file_id);
comment on table lead_intake.lead_file is 'Which leads a file belongs to: every lead of its request';
comment on column lead_intake.lead_file.workspace_id is 'whose';
comment on column lead_intake.lead_file.lead_id is 'the lead';
comment on column lead_intake.lead_file.file_id is 'the file';

-- Readers see the workspaces of their query, and within them their own records where their scope says so.
alter table lead_intake.workspace enable row level security;
alter table lead_intake.source enable row level security;
alter table lead_intake.submission enable row level security;
alter table lead_intake.lead enable row level security;
alter table lead_intake.file enable row level security;
alter table lead_intake.lead_file enable row level security;
create policy workspaces_asked on lead_intake.workspace for select to lead_intake_read
	using (id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));
create policy workspaces_asked on lead_intake.source for select to lead_intake_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));
create policy workspaces_asked on lead_intake.lead for select to lead_intake_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and ((select current_setting('crm.scope', true)) <> 'own'
			or owner_id = (select nullif(current_setting('crm.user', true), ''))::uuid));
create policy workspaces_asked on lead_intake.lead_file for select to lead_intake_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and exists (select from lead_intake.lead l where (l.workspace_id, l.id) = (lead_file.workspace_id, lead_file.lead_id)));
create policy workspaces_asked on lead_intake.file for select to lead_intake_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and exists (select from lead_intake.lead_file f where (f.workspace_id, f.file_id) = (file.workspace_id, file.id)));
-- Raw requests, keys and secrets are read by the owner alone.
revoke all on lead_intake.submission, lead_intake.source from lead_intake_read;
grant select on lead_intake.workspace, lead_intake.lead, lead_intake.file, lead_intake.lead_file to lead_intake_read;
grant select (workspace_id, id, kind, name, form_type, redirect, origins, owner_id, created_at) on lead_intake.source to lead_intake_read;

-- The door's two questions cross workspaces, since only the answer says which workspace it is: each by an exact secret or slug.
create function lead_intake.source_of_key(asked text) returns json
language sql stable security definer set search_path = lead_intake, pg_temp as $$
	select json_build_object('workspace_id', s.workspace_id, 'source_id', s.id, 'kind', s.kind, 'sealed', s.sealed,
		'form_type', s.form_type, 'redirect', s.redirect, 'origins', s.origins,
		'language', w.language, 'country', w.country)
	from lead_intake.source s
	join lead_intake.workspace w on w.id = s.workspace_id
	where s.key_hash = asked
$$;
comment on function lead_intake.source_of_key(text) is 'The way in that a URL key opens, by the key''s hash';
create function lead_intake.client_of_agency(agency uuid, client text) returns json
language sql stable security definer set search_path = lead_intake, pg_temp as $$
	select json_build_object('workspace_id', w.id, 'slug', w.slug, 'language', w.language, 'country', w.country)
	from lead_intake.workspace w
	where w.agency_id = agency and not w.home and (w.slug = lower(client) or w.id::text = lower(client))
$$;
comment on function lead_intake.client_of_agency(uuid, text) is 'The workspace that a client_id means to an agency';
revoke all on function lead_intake.source_of_key(text), lead_intake.client_of_agency(uuid, text) from public;
grant execute on function lead_intake.source_of_key(text), lead_intake.client_of_agency(uuid, text) to lead_intake_read;

-- The shape of a lead as readers get it, in one place; it sees what its reader may see.
create view lead_intake.lead_page with (security_invoker = true) as
select l.workspace_id, l.id, l.number, l.status, l.source, l.name, l.company, l.email,
	json_build_object(
		'id', l.id,
		'workspace_id', l.workspace_id,
		'number', l.number,
		'name', l.name,
		'first_name', l.first_name,
		'last_name', l.last_name,
		'company', l.company,
		'email', l.email,
		'phone', l.phone,
		'source', l.source,
		'source_id', l.source_id,
		'form_type', l.form_type,
		'status', l.status,
		'message', l.message,
		'fields', coalesce(l.fields, '{}'),
		'external_id', l.external_id,
		'owner_id', l.owner_id,
		'contact_id', l.contact_id,
		'deal_id', case when l.status = 'Qualified' or (select w.auto_deal from lead_intake.workspace w where w.id = l.workspace_id) then l.id end,
		'created_at', to_char(l.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
		'version', l.version,
		'files', (select coalesce(json_agg(json_build_object('id', f.id, 'name', f.name, 'type', f.type, 'size', f.size,
				'sha256', f.sha256, 'at', to_char(f.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) order by f.id), '[]')
			from lead_intake.lead_file lf
			join lead_intake.file f on (f.workspace_id, f.id) = (lf.workspace_id, lf.file_id)
			where (lf.workspace_id, lf.lead_id) = (l.workspace_id, l.id))
	) as page
from lead_intake.lead l;
comment on view lead_intake.lead_page is 'A lead as the API shows it';
grant select on lead_intake.lead_page to lead_intake_read;
