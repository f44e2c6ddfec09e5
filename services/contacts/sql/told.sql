-- Records that are said once more.

-- name: telling_waiting telling_step => workspace_due; where not all is said
select t.workspace_id, max(item.now) as now
from unnest(:now[]) as item (now)
cross join contacts.telling t
group by t.workspace_id

-- name: telling_load workspace_due -> telling_row; locks nothing, the lane is the lock; how far each is
select t.workspace_id, t.people, t.after_id
from unnest(:workspace_id[]) with ordinality as item (workspace_id, i)
join contacts.telling t on t.workspace_id = item.workspace_id
order by item.i

-- name: telling_accounts telling_row => told_account; by the key: a bite of the companies that stand
select a.workspace_id, a.id as account_id, a.name, a.lifecycle, a.owner_id, a.onboarding_status, a.roles
from unnest(:workspace_id[], :after_id[]) as item (workspace_id, after_id)
join contacts.account a on a.workspace_id = item.workspace_id and a.id > item.after_id and a.removed_at is null and a.merged_into is null
order by a.id
limit 500

-- name: telling_contacts telling_row => told_contact; by the key: a bite of the people who can be rung; of those without a deal nobody kept anything
with bite as materialized (
	select c.workspace_id, c.id, c.phone, c.owner_id
	from unnest(:workspace_id[], :after_id[]) as item (workspace_id, after_id)
	join contacts.contact c on c.workspace_id = item.workspace_id and c.id > item.after_id and c.phone <> '' and c.removed_at is null and c.merged_into is null
	order by c.id
	limit 500
)
select b.workspace_id, b.id as contact_id, b.phone, b.owner_id,
	exists (select from contacts.lead l where (l.workspace_id, l.contact_id) = (b.workspace_id, b.id))
	or exists (select from contacts.timeline t where (t.workspace_id, t.contact_id) = (b.workspace_id, b.id)) as deals
from bite b
order by b.id

-- name: telling_write telling_row; locks contacts.telling
update contacts.telling t
set people = item.people, after_id = item.after_id
from unnest(:workspace_id[], :people[], :after_id[]) as item (workspace_id, people, after_id)
where t.workspace_id = item.workspace_id

-- name: telling_drop telling_row *; locks contacts.telling; all is said
delete from contacts.telling t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_telling_drop workspace_removed *; locks contacts.telling, the workspace's row
delete from contacts.telling t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id
