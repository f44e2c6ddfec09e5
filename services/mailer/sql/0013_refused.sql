-- A message that a server will not give is stepped over after a while, and listed; and what was forgotten does not come in again when a mailbox is read anew.
alter table mailer.mailbox add column stuck_uid bigint, add column stuck int not null default 0;
comment on column mailer.mailbox.stuck_uid is 'the number of the message that could not be taken last; null: none';
comment on column mailer.mailbox.stuck is 'how often in a row that was so of this one: after a while it is stepped over, and listed as unreadable';

create table mailer.forgotten (
	workspace_id uuid not null,
	account_id uuid not null,
	digest text collate "C" not null,
	at timestamptz not null,
	primary key (workspace_id, account_id, digest)
);
comment on table mailer.forgotten is 'Mails of people who were erased, by a digest of their bytes alone: when one lies in a mailbox still, it does not come in again';
comment on column mailer.forgotten.workspace_id is 'whose';
comment on column mailer.forgotten.account_id is 'the account by which it had come';
comment on column mailer.forgotten.digest is 'SHA-256 of the bytes, hex: nothing can be read out of it; not personal';
comment on column mailer.forgotten.at is 'since when';
alter table mailer.forgotten enable row level security;
create policy workspaces_asked on mailer.forgotten for select to mailer_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));
revoke all on mailer.forgotten from mailer_read;
