-- Files that people put to a lead, a deal, a contact, an account or one of their activities. Whoever may see the record may see them.
create table contacts.attachment (
	workspace_id uuid not null,
	id uuid not null,
	version bigint not null default 1,
	about text collate "C" not null,
	record_id uuid not null,
	activity_id uuid,
	name text not null,
	type text collate "C" not null,
	size bigint not null,
	sha256 text collate "C" not null,
	created_by uuid,
	created_at timestamptz not null,
	removed_at timestamptz,
	primary key (workspace_id, id)
);
create index attachment_record on contacts.attachment (workspace_id, record_id);
comment on table contacts.attachment is 'A file that somebody put to a record';
comment on column contacts.attachment.workspace_id is 'whose';
comment on column contacts.attachment.id is 'which';
comment on column contacts.attachment.version is 'grows with every change';
comment on column contacts.attachment.about is 'lead, deal, contact or account';
comment on column contacts.attachment.record_id is 'which of these; a lead and its deal bear one id';
comment on column contacts.attachment.activity_id is 'the activity that it came with';
comment on column contacts.attachment.name is 'what it is called';
comment on column contacts.attachment.type is 'the media type that its bytes have';
comment on column contacts.attachment.size is 'bytes';
comment on column contacts.attachment.sha256 is 'of its bytes: where they lie in CRM_FILES';
comment on column contacts.attachment.created_by is 'who put it there';
comment on column contacts.attachment.created_at is 'when';
comment on column contacts.attachment.removed_at is 'since when it is away; it can be put back';

-- The policies of what it is about decide, as it is owned now: nothing is written here when a record changes hands.
alter table contacts.attachment enable row level security;
create policy read on contacts.attachment for select to contacts_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and ((select current_setting('crm.scope', true)) is distinct from 'own' or case about
			when 'contact' then exists (select from contacts.contact c where (c.workspace_id, c.id) = (attachment.workspace_id, attachment.record_id))
			when 'account' then exists (select from contacts.account a where (a.workspace_id, a.id) = (attachment.workspace_id, attachment.record_id))
			else exists (select from contacts.lead l where (l.workspace_id, l.lead_id) = (attachment.workspace_id, attachment.record_id))
				or exists (
					select from contacts.timeline t
					where (t.workspace_id, t.subject_id) = (attachment.workspace_id, attachment.record_id) and t.type = 'deal.created') end));

create function contacts.attachment_json(f contacts.attachment) returns json language sql stable
	return json_build_object('id', f.id, 'workspace_id', f.workspace_id, 'name', f.name, 'type', f.type, 'size', f.size, 'sha256', f.sha256, 'at', contacts.rfc3339(f.created_at),
		'about', json_build_object('kind', f.about, 'id', f.record_id), 'activity_id', f.activity_id, 'by', f.created_by, 'removed_at', contacts.rfc3339(f.removed_at));
comment on function contacts.attachment_json is 'A file as the API writes it';
