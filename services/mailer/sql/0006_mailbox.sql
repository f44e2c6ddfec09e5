-- Mailboxes that are looked into by IMAP: a further way in. Of each what was read last; a mail's row and this step on are one transaction, so that what was
-- read is neither lost nor read for nothing. Nothing on a server is changed.
create table mailer.mailbox (
	workspace_id uuid not null,
	account_id uuid not null,
	host text not null,
	port int not null,
	tls text not null,
	login text not null,
	sealed text not null,
	folder text not null,
	since timestamptz not null,
	validity bigint,
	last_uid bigint not null,
	state text not null,
	told text not null,
	fault text,
	last_error text,
	fails int not null,
	last_polled_at timestamptz,
	last_received_at timestamptz,
	next_at timestamptz not null,
	attempt bigint not null,
	owner text,
	lease_until timestamptz,
	primary key (workspace_id, account_id)
);
create index mailbox_due on mailer.mailbox (next_at);
create index mailbox_untold on mailer.mailbox (workspace_id) where told <> state;
comment on table mailer.mailbox is 'Mailboxes that are looked into by IMAP, one an account at most; nothing in them is changed';
comment on column mailer.mailbox.workspace_id is 'whose';
comment on column mailer.mailbox.account_id is 'the account that its mails come by';
comment on column mailer.mailbox.host is 'the server; not personal';
comment on column mailer.mailbox.port is 'its port';
comment on column mailer.mailbox.tls is 'starttls, tls or none; not personal';
comment on column mailer.mailbox.login is 'the name to log in with; not personal';
comment on column mailer.mailbox.sealed is 'its password, sealed by CRM_KEY; never read back; not personal';
comment on column mailer.mailbox.folder is 'which folder is read, as people call it; not personal';
comment on column mailer.mailbox.since is 'messages that came before the day before this are left alone: the mailbox was named then';
comment on column mailer.mailbox.validity is 'UIDVALIDITY: when the server says another one, its numbers begin anew, and so do we; null: never read';
comment on column mailer.mailbox.last_uid is 'the number of the message that was taken last; what has a higher one is new';
comment on column mailer.mailbox.state is 'unchecked, works or fails; not personal';
comment on column mailer.mailbox.told is 'the state that was said last: mail_account.changed; not personal';
comment on column mailer.mailbox.fault is 'what is wrong, in one word: dns, connect, private, tls, login, secret, folder, server, timeout, disk; not personal';
comment on column mailer.mailbox.last_error is 'what is wrong, in the server''s words or ours; personal';
comment on column mailer.mailbox.fails is 'how often in a row it could not be read: each time it waits longer';
comment on column mailer.mailbox.last_polled_at is 'when it was last looked into';
comment on column mailer.mailbox.last_received_at is 'when a message was last taken out of it';
comment on column mailer.mailbox.next_at is 'when it is looked into next';
comment on column mailer.mailbox.attempt is 'counts the times that somebody began to';
comment on column mailer.mailbox.owner is 'the process that looks into it; not personal';
comment on column mailer.mailbox.lease_until is 'until when that may take; what it finds counts for nothing after somebody else began';

alter table mailer.mailbox enable row level security;
create policy workspaces_asked on mailer.mailbox for select to mailer_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));
revoke all on mailer.mailbox from mailer_read;
grant select (workspace_id, account_id, host, port, tls, login, folder, state, fault, last_error, last_polled_at, last_received_at) on mailer.mailbox to mailer_read;
