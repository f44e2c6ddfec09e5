-- name: trash_waiting trash_empty => workspace_due; by the indexes contact_gone and account_gone: all workspaces in which something is due
select x.workspace_id, max(item.now) as now
from unnest(:now[]) as item (now)
cross join lateral (
	(select c.workspace_id
	from contacts.contact c
	where c.removed_at < item.now - interval '30 days' and c.merged_into is null
	group by c.workspace_id)
	union all
	(select a.workspace_id
	from contacts.account a
	where a.removed_at < item.now - interval '30 days' and a.merged_into is null
	group by a.workspace_id)
) x
group by x.workspace_id

-- name: trash_due workspace_due => trash_row; likewise
select x.workspace_id, x.kind, x.id as record_id, x.owner_id
from unnest(:workspace_id[], :now[]) as item (workspace_id, now)
cross join lateral (
	(select c.workspace_id, 'contact' as kind, c.id, c.owner_id, c.removed_at
	from contacts.contact c
	where c.workspace_id = item.workspace_id and c.removed_at < item.now - interval '30 days' and c.merged_into is null
	order by c.removed_at
	limit 50)
	union all
	(select a.workspace_id, 'account', a.id, a.owner_id, a.removed_at
	from contacts.account a
	where a.workspace_id = item.workspace_id and a.removed_at < item.now - interval '30 days' and a.merged_into is null
	order by a.removed_at
	limit 50)
) x
order by x.removed_at
limit 100

-- name: trash_gone trash_row -> merge_result; locks all that names it
select contacts.trash_gone(item.workspace_id, item.kind, item.record_id) as result
from unnest(:workspace_id[], :kind[], :record_id[]) with ordinality as item (workspace_id, kind, record_id, i)
order by item.i

-- name: trash_away_drop trash_row *; locks contacts.deal_away: what is gone rests no more
delete from contacts.deal_away x
using unnest(:workspace_id[], :record_id[]) as item (workspace_id, record_id)
where (x.workspace_id, x.deal_id) = (item.workspace_id, item.record_id)

-- name: deal_gone deal_purged -> merge_result; locks all that names it; a row per item
select to_jsonb(coalesce(contacts.deal_gone(item.workspace_id, item.deal_id, item.lead_id is null)::text, '')) as result
from unnest(:workspace[], :deal_id[], :lead_id[]) with ordinality as item (workspace_id, deal_id, lead_id, i)
order by item.i

-- name: contact_trash_list contact_trash_list -> json; the latest first
with page as (
	select c as gone, c.removed_at, c.id, row_number() over (order by c.removed_at desc, c.id desc) as i
	from contacts.contacts_trashed() c
	where :after is null or (c.removed_at, c.id) < (contacts.cursor_at(:after), contacts.cursor_id(:after))
	order by c.removed_at desc, c.id desc
	limit least(greatest(coalesce(:limit, 50), 1), 200) + 1
)
select json_build_object('data', coalesce(json_agg(json_build_object('id', p.id, 'workspace_id', (p.gone).workspace_id, 'number', (p.gone).number, 'name', (p.gone).name,
		'detail', coalesce((p.gone).company, (p.gone).email), 'removed_at', contacts.rfc3339(p.removed_at), 'removed_by', (p.gone).removed_by,
		'owner_id', (p.gone).owner_id, 'gone_at', contacts.rfc3339(p.removed_at + interval '30 days')) order by p.i)
		filter (where p.i <= least(greatest(coalesce(:limit, 50), 1), 200)), '[]'),
	'next', max((extract(epoch from p.removed_at) * 1000000)::bigint || '.0.' || p.id) filter (
		where p.i = least(greatest(coalesce(:limit, 50), 1), 200) and (select count(*) from page) > least(greatest(coalesce(:limit, 50), 1), 200)))::text
from page p

-- name: account_trash_list account_trash_list -> json; the latest first
with page as (
	select a as gone, a.removed_at, a.id, row_number() over (order by a.removed_at desc, a.id desc) as i
	from contacts.accounts_trashed() a
	where :after is null or (a.removed_at, a.id) < (contacts.cursor_at(:after), contacts.cursor_id(:after))
	order by a.removed_at desc, a.id desc
	limit least(greatest(coalesce(:limit, 50), 1), 200) + 1
)
select json_build_object('data', coalesce(json_agg(json_build_object('id', p.id, 'workspace_id', (p.gone).workspace_id, 'number', (p.gone).number, 'name', (p.gone).name,
		'detail', (p.gone).city, 'removed_at', contacts.rfc3339(p.removed_at), 'removed_by', (p.gone).removed_by,
		'owner_id', (p.gone).owner_id, 'gone_at', contacts.rfc3339(p.removed_at + interval '30 days')) order by p.i)
		filter (where p.i <= least(greatest(coalesce(:limit, 50), 1), 200)), '[]'),
	'next', max((extract(epoch from p.removed_at) * 1000000)::bigint || '.0.' || p.id) filter (
		where p.i = least(greatest(coalesce(:limit, 50), 1), 200) and (select count(*) from page) > least(greatest(coalesce(:limit, 50), 1), 200)))::text
from page p
