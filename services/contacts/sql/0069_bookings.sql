-- Appointments of another system's calendar: how much was heard of each, so that what is told again changes nothing.
create table contacts.booking_heard (
	workspace_id uuid not null,
	activity_id uuid not null,
	version bigint not null,
	primary key (workspace_id, activity_id)
);
comment on table contacts.booking_heard is 'How much was heard of an appointment';
comment on column contacts.booking_heard.workspace_id is 'whose';
comment on column contacts.booking_heard.activity_id is 'the activity that it is';
comment on column contacts.booking_heard.version is 'of what was heard last; what counts less is old';
alter table contacts.booking_heard enable row level security;
create policy workspaces_asked on contacts.booking_heard for select to contacts_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));
grant select on contacts.booking_heard to contacts_read;
