-- Whether a provider takes its key is asked when the key is saved, not by the first customer who wants to pay.
alter table billing.pay_provider add column check_at timestamptz;
comment on column billing.pay_provider.check_at is 'when its key is to be tried; null: not by itself';
alter table billing.pay_provider add column check_owner text;
comment on column billing.pay_provider.check_owner is 'who tries it now; not personal';
create index pay_provider_check on billing.pay_provider (check_at) where check_at is not null;
