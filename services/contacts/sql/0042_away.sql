-- Accounts that lie in the trash: what was written about them rests with them, as with contacts.
insert into contacts.deal_away (workspace_id, deal_id, since)
select a.workspace_id, a.id, a.removed_at
from contacts.account a
where a.removed_at is not null
on conflict (workspace_id, deal_id) do nothing;
