-- What came in: kept as it came before anybody is told that it was taken, read by an effect worker, then matched by the writer's clock. A mail is made of
-- each, also of one that cannot be read: nothing that arrives is lost, and what belongs to nothing is listed until somebody says where it belongs.
create table mailer.inbound (
	workspace_id uuid not null,
	id uuid not null,
	account_id uuid,
	uploaded_by uuid,
	received_at timestamptz not null,
	sha256 text collate "C" not null,
	type text not null,
	size bigint not null,
	deal_id uuid,
	contact_id uuid,
	state text not null,
	attempts int not null,
	owner text,
	lease_until timestamptz,
	fault text,
	reading jsonb,
	from_email text,
	why text,
	trusted boolean not null,
	mail_id uuid,
	taken_at timestamptz,
	primary key (workspace_id, id)
);
create unique index inbound_once on mailer.inbound (workspace_id, account_id, sha256) where account_id is not null;
create index inbound_due on mailer.inbound (received_at) where state in ('kept', 'read');
create index inbound_open on mailer.inbound (workspace_id, id) where state in ('suggested', 'unmatched', 'unreadable');
comment on table mailer.inbound is 'Mails that came in, as they came: their bytes lie in the files folder as workspace/sha256';
comment on column mailer.inbound.workspace_id is 'whose';
comment on column mailer.inbound.id is 'which; the mail that is made of it bears the same id';
comment on column mailer.inbound.account_id is 'the account by which it came; null: somebody brought it';
comment on column mailer.inbound.uploaded_by is 'who brought it';
comment on column mailer.inbound.received_at is 'when it came';
comment on column mailer.inbound.sha256 is 'hex; its name on disk; the same bytes by one account are one mail; not personal';
comment on column mailer.inbound.type is 'the media type that its sender named; not personal';
comment on column mailer.inbound.size is 'bytes';
comment on column mailer.inbound.deal_id is 'what it is about: said by whoever brought it, or found';
comment on column mailer.inbound.contact_id is 'whom it is about: likewise';
comment on column mailer.inbound.state is 'kept, read, matched, suggested, unmatched, bounce, complaint, repeated, unreadable; not personal';
comment on column mailer.inbound.attempts is 'how often somebody began to read it: one whose reading ends a process is unreadable after three times';
comment on column mailer.inbound.owner is 'the process that reads it; not personal';
comment on column mailer.inbound.lease_until is 'it is being read until then, or is to be read again then';
comment on column mailer.inbound.fault is 'why it could not be read yet; not personal';
comment on column mailer.inbound.reading is 'what was read, until a mail was made of it; personal';
comment on column mailer.inbound.from_email is 'the sender''s address, lower case; personal by contact_id: the row goes';
comment on column mailer.inbound.why is 'what it was matched or suggested by: token, reference, report, sender, contact, person; not personal';
comment on column mailer.inbound.trusted is 'its token is ours, its sender is whom that was written to, and the provider checked the sender';
comment on column mailer.inbound.mail_id is 'the mail that it answers, reports on, repeats or is suggested to answer';
comment on column mailer.inbound.taken_at is 'when a mail was made of it';

alter table mailer.message add column addressed jsonb, add column own bigint;
comment on column mailer.message.addressed is 'of a mail that came: whom its head names, [{kind, email, name}]; personal by deal_id, contact_id, lead_id';
comment on column mailer.message.own is 'of a mail that came: how many bytes of its text its sender wrote; what follows is quoted';
alter table mailer.attachment add column id uuid not null default gen_random_uuid();
create unique index attachment_id on mailer.attachment (workspace_id, id);
comment on column mailer.attachment.id is 'its name in an address, beside files that people put to records';
create index message_token on mailer.message (workspace_id, token) where token is not null;

alter table mailer.inbound enable row level security;
create policy workspaces_asked on mailer.inbound for select to mailer_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and exists (select from mailer.message m where (m.workspace_id, m.id) = (inbound.workspace_id, inbound.id)));
