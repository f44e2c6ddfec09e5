-- Accounts as far as deals need them: who may name one, what a deal's columns and filters show of it, and whether it is a client.
create table pipeline.account (
	workspace_id uuid not null,
	id uuid not null,
	owner_id uuid,
	lifecycle text collate "C" not null check (lifecycle in ('prospect', 'client')),
	name text not null,
	onboarding_status text,
	roles jsonb not null default '{}',
	primary key (workspace_id, id)
);
comment on table pipeline.account is 'Companies, as contacts says: from account.created and account.updated';
comment on column pipeline.account.workspace_id is 'whose';
comment on column pipeline.account.id is 'which';
comment on column pipeline.account.owner_id is 'whose account it is';
comment on column pipeline.account.lifecycle is 'prospect or client';
comment on column pipeline.account.name is 'what it is called, as contacts said last';
comment on column pipeline.account.onboarding_status is 'how far it has been set up: a catalogue value';
comment on column pipeline.account.roles is 'who looks after it beside its owner: {role: user}';
alter table pipeline.account enable row level security;
create policy read on pipeline.account for select to pipeline_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));

-- What was known so far: a deal had an account because it was won, so that is a client. Others arrive with their next change.
insert into pipeline.account (workspace_id, id, lifecycle, name)
select distinct on (a.workspace_id, a.account_id) a.workspace_id, a.account_id, 'client', a.name
from pipeline.deal_account a
order by a.workspace_id, a.account_id;
comment on table pipeline.deal_account is 'The account that a deal is about: named by hand, or what it became when it was won';
