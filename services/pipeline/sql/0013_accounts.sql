-- A won deal's account. Beside the deal, as its contact: few deals have one, and the deal's row need not move.
create table pipeline.deal_account (
	workspace_id uuid not null,
	deal_id uuid not null,
	account_id uuid not null,
	name text not null,
	primary key (workspace_id, deal_id)
);
create index deal_account_account on pipeline.deal_account (workspace_id, account_id);
comment on table pipeline.deal_account is 'The account that a won deal became, from deal.converted and account.updated';
comment on column pipeline.deal_account.workspace_id is 'whose';
comment on column pipeline.deal_account.deal_id is 'which deal';
comment on column pipeline.deal_account.account_id is 'its account';
comment on column pipeline.deal_account.name is 'what that is called, as contacts said last';
alter table pipeline.deal_account enable row level security;
create policy read on pipeline.deal_account for select to pipeline_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));
