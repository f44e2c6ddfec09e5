-- Deals in the trash: what was written about them is in nobody's tasks, calendar or bell until they come back.
create table contacts.deal_away (
	workspace_id uuid not null,
	deal_id uuid not null,
	since timestamptz not null,
	primary key (workspace_id, deal_id)
);
comment on table contacts.deal_away is 'Deals that lie in the trash (from deal.trashed and deal.restored)';
comment on column contacts.deal_away.workspace_id is 'whose';
comment on column contacts.deal_away.deal_id is 'which deal';
comment on column contacts.deal_away.since is 'when it was thrown away';
alter table contacts.deal_away enable row level security;
create policy read on contacts.deal_away for select to contacts_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));
-- those that were thrown away before this
insert into contacts.deal_away (workspace_id, deal_id, since)
select l.workspace_id, l.subject_id, l.at
from (
	select distinct on (t.workspace_id, t.subject_id) t.workspace_id, t.subject_id, t.type, t.at
	from contacts.timeline t
	where t.type in ('deal.trashed', 'deal.restored')
	order by t.workspace_id, t.subject_id, t.at desc, (t.data ->> 'version')::bigint desc
) l
where l.type = 'deal.trashed';
