-- What of a payment is more than its invoice takes is a payment of its own; what is said of ways to be paid; and what is looked for by another key than the first.
alter table billing.payment add column root_id uuid;
comment on column billing.payment.root_id is 'the payment that it was a part of: what was more than its invoice takes; they go and come back together';
create index payment_root on billing.payment (workspace_id, root_id) where root_id is not null;
create index payment_attempt on billing.payment (workspace_id, pay_attempt_id) where pay_attempt_id is not null;
create index payment_day on billing.payment (workspace_id, day, id) where removed_at is null;
create index statement_line_day on billing.statement_line (workspace_id, day, id);
create index pay_attempt_ref on billing.pay_attempt (workspace_id, pay_provider_id, payment_ref) where payment_ref is not null;
alter table billing.pay_provider add column told text;
comment on column billing.pay_provider.told is 'its state as pay_provider.changed said it last; not personal';
update billing.pay_provider set told = state;
create index pay_provider_untold on billing.pay_provider (workspace_id) where told is distinct from state and removed_at is null;
comment on column billing.hook_event.done_at is 'when it was last looked at: read, or what it names was not known yet';

-- A bank's bookings are everybody's: who sees their own records alone sees none of them.
drop policy workspaces_asked on billing.statement;
create policy workspaces_asked on billing.statement for select to billing_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and (select current_setting('crm.scope', true)) <> 'own');
drop policy workspaces_asked on billing.statement_line;
create policy workspaces_asked on billing.statement_line for select to billing_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and (select current_setting('crm.scope', true)) <> 'own');
