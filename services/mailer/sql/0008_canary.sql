-- Mails to oneself: each goes by an account as every other mail does, to where answers come, and is known by its token when it comes in. They are no mails of
-- anybody: they stand here alone.
alter table mailer.account add column canary boolean not null default true;
comment on column mailer.account.canary is 'now and then a mail to oneself goes by it, where anything comes in by it';
grant select (canary) on mailer.account to mailer_read;

create table mailer.canary (
	workspace_id uuid not null,
	id uuid not null,
	account_id uuid not null,
	asked_by uuid,
	began_at timestamptz not null,
	token text collate "C" not null,
	address text not null,
	message_id text not null,
	state text not null,
	told text not null,
	attempt int not null,
	owner text,
	lease_until timestamptz,
	next_at timestamptz not null,
	sent_at timestamptz,
	back_at timestamptz,
	code int,
	reason text,
	refused boolean not null,
	primary key (workspace_id, id)
);
create unique index canary_token on mailer.canary (token);
create index canary_account on mailer.canary (workspace_id, account_id, began_at);
create index canary_due on mailer.canary (next_at) where state = 'queued';
create index canary_away on mailer.canary (began_at) where state in ('sending', 'sent');
create index canary_untold on mailer.canary (workspace_id) where told <> state and state in ('sent', 'back', 'missing', 'failed');
create index canary_began on mailer.canary (began_at);
comment on table mailer.canary is 'Mails to oneself: whether what goes by an account comes back, and how long that takes';
comment on column mailer.canary.workspace_id is 'whose';
comment on column mailer.canary.id is 'which';
comment on column mailer.canary.account_id is 'by which account';
comment on column mailer.canary.asked_by is 'who wanted it now; null: it was time';
comment on column mailer.canary.began_at is 'when it was made';
comment on column mailer.canary.token is 'by which it is known when it comes in; not personal';
comment on column mailer.canary.address is 'where it goes: an address of the account''s own; not personal';
comment on column mailer.canary.message_id is 'its Message-ID, without the brackets; not personal';
comment on column mailer.canary.state is 'queued, sending, sent, back, missing (it did not come back in time) or failed; not personal';
comment on column mailer.canary.told is 'the state that was said last: mail_account.changed; not personal';
comment on column mailer.canary.attempt is 'how often somebody began to send it';
comment on column mailer.canary.owner is 'the process that sends it; not personal';
comment on column mailer.canary.lease_until is 'until when that may take; what nobody recorded then may have gone';
comment on column mailer.canary.next_at is 'when it is tried, or tried again';
comment on column mailer.canary.sent_at is 'when it was last offered to a server';
comment on column mailer.canary.back_at is 'when it came in';
comment on column mailer.canary.code is 'the server''s number, when it did not take it';
comment on column mailer.canary.reason is 'the server''s words, when it did not take it or sent it back; personal';
comment on column mailer.canary.refused is 'no server took it: it did not get away';

alter table mailer.canary enable row level security;
create policy workspaces_asked on mailer.canary for select to mailer_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));
revoke all on mailer.canary from mailer_read;
grant select (workspace_id, id, account_id, asked_by, began_at, state, attempt, next_at, sent_at, back_at, code, reason, refused) on mailer.canary to mailer_read;
