-- name: alike_take alike_index -> alike_bite; locks contacts.alike_key, contacts.alike, contacts.alike_mark, contacts.workspace, in this order; a row per item
select t.known, t.more, t.upto
from unnest(:workspace[], :of[]) with ordinality as item (workspace_id, of, i)
cross join lateral contacts.alike_bite(item.workspace_id, coalesce(item.of, 'contact'), 200) t
order by item.i

-- name: alike_anywhere alike_look => alike_reach; which workspaces were looked at for duplicates: more than the writer remembers are read one too many
select w.workspace_id, w.alike_contacts as contacts_upto, w.alike_accounts as accounts_upto
from unnest(:most[]) as item (most)
cross join contacts.workspace w
where w.alike_contacts is not null or w.alike_accounts is not null
limit 65

-- name: alike_mark_write alike_mark *; locks contacts.alike_mark; of those alone that were compared
insert into contacts.alike_mark (workspace_id, id)
select distinct item.workspace_id, item.id
from unnest(:workspace_id[], :marked_id[]) as item (workspace_id, id)
join contacts.workspace w on w.workspace_id = item.workspace_id and item.id <= greatest(w.alike_contacts, w.alike_accounts)
on conflict (workspace_id, id) do nothing

-- name: removed_alike_drop workspace_removed *; locks contacts.alike, the workspace's rows
delete from contacts.alike t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_alike_key_drop workspace_removed *; locks contacts.alike_key, the workspace's rows
delete from contacts.alike_key t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_alike_mark_drop workspace_removed *; locks contacts.alike_mark, the workspace's rows
delete from contacts.alike_mark t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id
