-- Orders: what a won deal or an accepted quote became.

-- name: order_load order_ask -> order_place; locks nothing; a row per item, in their order: the order that there is of it (a quote's deal has one order, too), and what one would be made of
select o.id as sales_order_id, o.version, o.seq, coalesce(o.state, 'open') as state, o.note,
	coalesce(d.id, q.id, o.id) is not null as known, coalesce(q.kind = 'quote', false) as quote,
	(select coalesce(max(x.seq), 1000) + 1 from billing.sales_order x where x.workspace_id = item.workspace_id) as next,
	coalesce(o.title, nullif(q.title, ''), d.title, q.number) as title,
	case when o.id is not null then o.total when q.id is not null then q.net else d.value end as total,
	case when o.id is not null then o.currency when q.id is not null then q.currency else d.value_currency end as total_currency,
	coalesce(o.deal_id, d.id) as deal_id, coalesce(o.lead_id, d.lead_id) as lead_id, coalesce(o.document_id, q.id) as document_id,
	coalesce(o.contact_id, q.contact_id, d.contact_id) as contact_id, coalesce(o.account_id, q.account_id, d.account_id) as account_id,
	coalesce(o.owner_id, q.owner_id, d.owner_id) as owner_id
from unnest(:workspace_id[], :sales_order_id[], :deal_id[], :document_id[]) with ordinality as item (workspace_id, sales_order_id, deal_id, document_id, i)
left join billing.document q on (q.workspace_id, q.id) = (item.workspace_id, item.document_id) and q.removed_at is null
left join billing.deal d on (d.workspace_id, d.id) = (item.workspace_id, coalesce(item.deal_id, q.deal_id))
left join lateral (
	select x.*
	from billing.sales_order x
	where x.workspace_id = item.workspace_id and (x.id = item.sales_order_id or x.deal_id = d.id or x.document_id = q.id)
	order by (x.id = item.sales_order_id) is true desc, x.seq
	limit 1
) o on true
order by item.i

-- name: order_write order_row; locks billing.sales_order; the indexes on number, deal and quote have the last word
insert into billing.sales_order (workspace_id, id, version, seq, state, title, total, currency, deal_id, lead_id, document_id, contact_id, account_id, owner_id, note, created_at, created_by)
select * from unnest(:workspace_id[], :sales_order_id[], :version[], :seq[], :state[], :title[], :total[], :total_currency[], :deal_id[], :lead_id[], :document_id[], :contact_id[],
	:account_id[], :owner_id[], :note[], :created_at[], :created_by[])
on conflict (workspace_id, id) do update set version = excluded.version, state = excluded.state, note = excluded.note

-- part: order_page
jsonb_build_object('id', o.id, 'workspace_id', o.workspace_id, 'version', o.version, 'number', 'ORD-' || o.seq, 'state', o.state, 'title', o.title,
	'total', billing.amount(o.total, o.currency), 'note', o.note, 'created_at', billing.moment(o.created_at), 'created_by', o.created_by, 'lead_id', o.lead_id,
	'deal', case when o.deal_id is not null then jsonb_build_object('id', o.deal_id, 'number', d.number, 'title', d.title) end,
	'quote', case when o.document_id is not null then jsonb_build_object('id', o.document_id, 'number', q.number) end,
	'contact', case when o.contact_id is not null then jsonb_build_object('id', o.contact_id, 'number', c.number, 'name', c.name) end,
	'account', case when o.account_id is not null then jsonb_build_object('id', o.account_id, 'number', a.number, 'name', a.name) end,
	'owner_id', o.owner_id)

-- part: order_beside
left join billing.deal d on (d.workspace_id, d.id) = (o.workspace_id, o.deal_id)
left join billing.document q on (q.workspace_id, q.id) = (o.workspace_id, o.document_id)
left join billing.contact c on (c.workspace_id, c.id) = (o.workspace_id, o.contact_id)
left join billing.account a on (a.workspace_id, a.id) = (o.workspace_id, o.account_id)

-- name: order_list order_list -> json; by number, the latest first; the cursor is the last one's number
with found as (
	select o.*
	from billing.sales_order o
	where o.workspace_id = any (:workspaces) and (:q is null or strpos(lower('ord-' || o.seq || ' ' || coalesce(o.title, '')), lower(:q)) > 0
			or exists (select from billing.account a where (a.workspace_id, a.id) = (o.workspace_id, o.account_id) and strpos(lower(a.name), lower(:q)) > 0)
			or exists (select from billing.contact c where (c.workspace_id, c.id) = (o.workspace_id, o.contact_id) and strpos(lower(c.name), lower(:q)) > 0))
		and (:deal_id is null or o.deal_id = :deal_id) and (:account_id is null or o.account_id = :account_id)
		and (:contact_id is null or o.contact_id = :contact_id) and (:after is null or (o.seq, o.id) < (case when :after ~ '^[0-9]{1,18},[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' then split_part(:after, ',', 1)::bigint end,
			case when :after ~ '^[0-9]{1,18},[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' then split_part(:after, ',', 2)::uuid end))
	order by o.seq desc, o.id desc
	limit least(greatest(coalesce(:limit, 50), 1), 200) + 1
), page as (
	select o.*, row_number() over (order by o.seq desc, o.id desc) as i
	from found o
)
select json_build_object('data', coalesce((select json_agg(
-- use: order_page
 order by o.i)
	from page o
-- use: order_beside
	where o.i <= least(greatest(coalesce(:limit, 50), 1), 200)), '[]'),
	'next', (select o.seq || ',' || o.id from page o
		where o.i = least(greatest(coalesce(:limit, 50), 1), 200) and exists (select from page x where x.i > o.i)))::text

-- name: order_get order_get -> json; no row: there is none
select (
-- use: order_page
)::text
from billing.sales_order o
-- use: order_beside
where o.workspace_id = any (:workspaces) and (o.id = :sales_order_id or 'ORD-' || o.seq = upper(:number))
limit 1
