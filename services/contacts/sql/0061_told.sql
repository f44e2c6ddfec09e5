-- What services that began to listen later never heard is said once more: the companies, and the phones of people whose deals stood before them. Of the
-- workspaces that are there now; a new one is heard from its beginning.
create table contacts.telling (
	workspace_id uuid primary key,
	people boolean not null default false,
	after_id uuid not null default '00000000-0000-0000-0000-000000000000'
);
comment on table contacts.telling is 'Workspaces whose records are said once more, as they stand: how far that is; gone when all is said';
comment on column contacts.telling.workspace_id is 'whose';
comment on column contacts.telling.people is 'its companies are said; its people come next';
comment on column contacts.telling.after_id is 'what was said last: the next ones come behind it';
alter table contacts.telling enable row level security;
revoke all on contacts.telling from contacts_read;
insert into contacts.telling (workspace_id)
select w.workspace_id
from contacts.workspace w;
