-- Whether a won deal is an account by itself.
alter table contacts.workspace add column convert_by_hand boolean not null default false;
comment on column contacts.workspace.convert_by_hand is 'a won deal becomes an account when somebody says so; no: at once';
