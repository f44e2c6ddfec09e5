-- What a provider tells of an attempt to pay, beside how far it is.
alter table billing.pay_attempt add column payment_ref text collate "C";
comment on column billing.pay_attempt.payment_ref is 'the provider''s name for the money itself, where the page on which it is paid has another; not personal';
alter table billing.pay_attempt add column paid_amount bigint;
comment on column billing.pay_attempt.paid_amount is 'what was paid, minor units, as the provider tells it';
alter table billing.pay_attempt add column fails int not null default 0;
comment on column billing.pay_attempt.fails is 'how often in a row the provider could not be talked to';
create index pay_attempt_next on billing.pay_attempt (next_at) where next_at < 'infinity';
create index pay_attempt_untold on billing.pay_attempt (workspace_id, id) where told is distinct from (state || ' ' || refunded::text);
alter table billing.pay_provider add column hook_signed boolean generated always as (hook_sealed is not null) stored;
comment on column billing.pay_provider.hook_signed is 'it is known what its hooks are signed with';
grant select (hook_signed) on billing.pay_provider to billing_read;
