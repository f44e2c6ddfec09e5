-- What rules are called: who did it, where a rule did.
create table contacts.rule_name (
	workspace_id uuid not null,
	rule_id uuid not null,
	name text not null,
	primary key (workspace_id, rule_id)
);
comment on table contacts.rule_name is 'What rules are called (from rule.changed); one that was removed is still called so where it acted';
comment on column contacts.rule_name.workspace_id is 'whose';
comment on column contacts.rule_name.rule_id is 'which: the actor of what it does';
comment on column contacts.rule_name.name is 'what people call it; not personal';
alter table contacts.rule_name enable row level security;
create policy read on contacts.rule_name for select to contacts_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));
