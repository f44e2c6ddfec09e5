-- What DNS says of an account's domains: asked for by somebody, looked at by an effect worker, and kept until it is asked for again.
create table mailer.dns_check (
	workspace_id uuid not null,
	account_id uuid not null,
	selector text,
	include text,
	asked_at timestamptz not null,
	looked_at timestamptz,
	state text not null,
	records jsonb not null,
	due_at timestamptz,
	attempt bigint not null,
	owner text,
	lease_until timestamptz,
	primary key (workspace_id, account_id)
);
create index dns_check_due on mailer.dns_check (due_at) where due_at is not null;
comment on table mailer.dns_check is 'What stands in DNS about the domains of an account, and what should: one row an account at most, since somebody first asked';
comment on column mailer.dns_check.workspace_id is 'whose';
comment on column mailer.dns_check.account_id is 'which account';
comment on column mailer.dns_check.selector is 'the name of its DKIM key, where somebody said it; null: the provider''s usual one; not personal';
comment on column mailer.dns_check.include is 'what its SPF has to name, where somebody said it; null: what the provider asks for; not personal';
comment on column mailer.dns_check.asked_at is 'when somebody last asked for it, or the account changed';
comment on column mailer.dns_check.looked_at is 'when DNS was last asked; null: never';
comment on column mailer.dns_check.state is 'unchecked, ok, missing, wrong or unknown: the worst of its records; not personal';
comment on column mailer.dns_check.records is 'array of {role, name, type, wanted, found, state, why}; not personal';
comment on column mailer.dns_check.due_at is 'it is to be looked at; null: it was';
comment on column mailer.dns_check.attempt is 'counts the times that somebody began to';
comment on column mailer.dns_check.owner is 'the process that looks; not personal';
comment on column mailer.dns_check.lease_until is 'until when that may take; what it finds counts for nothing after somebody else began';

alter table mailer.dns_check enable row level security;
create policy workspaces_asked on mailer.dns_check for select to mailer_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));
revoke all on mailer.dns_check from mailer_read;
grant select (workspace_id, account_id, selector, include, asked_at, looked_at, state, records, due_at) on mailer.dns_check to mailer_read;
