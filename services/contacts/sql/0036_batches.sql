-- What one action changed of many contacts or accounts, so that it can be put back: written by such actions alone.
create table contacts.batch_change (
	workspace_id uuid not null,
	batch_id uuid not null,
	record_id uuid not null,
	field text collate "C" not null,
	about text collate "C" not null,
	old text,
	became text,
	primary key (workspace_id, batch_id, record_id, field)
);
comment on table contacts.batch_change is 'What an action changed of many records: as it was and what it became, for putting it back';
comment on column contacts.batch_change.workspace_id is 'whose';
comment on column contacts.batch_change.batch_id is 'which action';
comment on column contacts.batch_change.record_id is 'which contact or account';
comment on column contacts.batch_change.field is 'which field; archived and removed: whether it was; not personal';
comment on column contacts.batch_change.about is 'contact or account; not personal';
comment on column contacts.batch_change.old is 'what it was; null: nothing; not personal';
comment on column contacts.batch_change.became is 'what the action made of it; not personal';
alter table contacts.batch_change enable row level security;
revoke all on contacts.batch_change from contacts_read;

comment on table contacts.deal_away is 'Deals, contacts and accounts that lie in the trash: what was written about them is in nobody''s tasks, calendar or bell until they come back';
comment on column contacts.deal_away.deal_id is 'which deal, contact or account';

-- How many deals name a contact: those of its leads, and those made by hand; of what the reader may see.
create function contacts.contact_deals(workspace uuid, contact uuid) returns bigint language sql stable
	return (select count(*)
		from (
			select l.lead_id as id
			from contacts.lead l
			where (l.workspace_id, l.contact_id) = (workspace, contact) and l.deal
			union
			select t.subject_id
			from contacts.timeline t
			where (t.workspace_id, t.contact_id) = (workspace, contact) and t.type = 'deal.created'
		) d
		where not exists (select from contacts.deal_away w where (w.workspace_id, w.deal_id) = (workspace, d.id)));
comment on function contacts.contact_deals is 'How many deals name a contact';

-- A copy of the fields that a workspace gave its contacts and accounts: pipeline keeps them, and says what changes.
create table contacts.custom_field (
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
	primary key (workspace_id, id)
);
comment on table contacts.custom_field is 'Fields that a workspace gave its contacts and accounts (from custom_field.changed)';
comment on column contacts.custom_field.workspace_id is 'whose';
comment on column contacts.custom_field.id is 'which';
comment on column contacts.custom_field.about is 'of which records: contact or account; not personal';
comment on column contacts.custom_field.kind is 'what it holds: text, number, money, date, choice, boolean, url; not personal';
comment on column contacts.custom_field.key is 'its name in the API and in records; not personal';
comment on column contacts.custom_field.label is 'what people call it: {"en", "nl"}; not personal';
comment on column contacts.custom_field.needed is 'whoever makes a record by hand has to fill it';
comment on column contacts.custom_field.retired is 'asked for no longer';
comment on column contacts.custom_field.position is 'order, from 1';
comment on column contacts.custom_field.choices is 'of a choice: [{"key", "label"}]; not personal';
alter table contacts.custom_field enable row level security;
create policy read on contacts.custom_field for select to contacts_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));
