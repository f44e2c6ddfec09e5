-- What the books say: what is to be paid, what was invoiced, what VAT there is in it. Final documents alone, by their own day; a credit note counts below zero;
-- currencies are never added up. Money is reckoned in minor units and never divided but here, where parts of a whole add up to it to the cent.

-- part: final_asked
	select d.*, case when d.kind = 'credit_note' then -1 else 1 end as sign
	from billing.document d
	where d.workspace_id = any (:workspaces) and d.kind <> 'quote' and d.finalised_at is not null and d.removed_at is null
		and (:from is null or d.issued >= :from) and (:to is null or d.issued <= :to)

-- part: aging_sums
sum(o.open)::bigint as total, coalesce(sum(o.open) filter (where o.late <= 0), 0)::bigint as now, coalesce(sum(o.open) filter (where o.late between 1 and 30), 0)::bigint as days_30,
	coalesce(sum(o.open) filter (where o.late between 31 and 60), 0)::bigint as days_60, coalesce(sum(o.open) filter (where o.late between 61 and 90), 0)::bigint as days_90,
	coalesce(sum(o.open) filter (where o.late > 90), 0)::bigint as older

-- part: aging_told
jsonb_build_object('currency', g.currency, 'current', billing.amount(g.now, g.currency), 'days_30', billing.amount(g.days_30, g.currency), 'days_60', billing.amount(g.days_60, g.currency),
	'days_90', billing.amount(g.days_90, g.currency), 'older', billing.amount(g.older, g.currency), 'total', billing.amount(g.total, g.currency))

-- name: report_aging report_aging -> json; of a day that is named: without payments and credit notes of later days
with open as (
	select d.workspace_id, d.account_id, case when d.account_id is null then d.buyer ->> 'name' end as buyer, d.currency, x.day - coalesce(d.due, d.issued) as late,
		case when :day is null then billing.open_amount(d)
			else d.payable - coalesce((select sum(p.amount) from billing.payment p
					where (p.workspace_id, p.document_id) = (d.workspace_id, d.id) and p.removed_at is null and p.day <= :day), 0)::bigint
				- coalesce((select sum(c.payable) from billing.document c
					where (c.workspace_id, c.original_id) = (d.workspace_id, d.id) and c.kind = 'credit_note' and c.finalised_at is not null and c.issued <= :day), 0)::bigint end as open
	from billing.document d
	left join billing.workspace w on w.workspace_id = d.workspace_id
	cross join lateral (select coalesce(:day, (now() at time zone coalesce(w.timezone, 'UTC'))::date) as day) x
	where d.workspace_id = any (:workspaces) and d.kind = 'invoice' and d.finalised_at is not null and d.removed_at is null and (:day is null or d.issued <= :day)
), held as (
	select o.workspace_id, o.account_id, o.buyer, o.currency,
-- use: aging_sums

	from open o
	where o.open <> 0
	group by o.workspace_id, o.account_id, o.buyer, o.currency
), whole as (
	select o.currency,
-- use: aging_sums

	from open o
	where o.open <> 0
	group by o.currency
)
select json_build_object(
	'data', coalesce((select json_agg(
-- use: aging_told
 || jsonb_build_object('workspace_id', g.workspace_id, 'name', coalesce(a.name, g.buyer),
			'account', case when a.id is not null then jsonb_build_object('id', a.id, 'number', a.number, 'name', a.name) end)
			order by g.currency, g.total desc, coalesce(a.name, g.buyer), g.account_id)
		from held g
		left join billing.account a on (a.workspace_id, a.id) = (g.workspace_id, g.account_id)), '[]'),
	'totals', coalesce((select json_agg(
-- use: aging_told
 order by g.currency)
		from whole g), '[]'))::text

-- name: report_revenue report_revenue -> json; a line's part of its group as the group was reckoned, discount of the whole and VAT inside the price taken off
with final as (
-- use: final_asked
), line as (
	select d.workspace_id, d.id, d.currency, d.sign, d.mode, l.i, l.line ->> 'catalog_item_id' as item, l.line ->> 'name' as name, (l.line ->> 'net')::numeric as net,
		coalesce(l.line ->> 'category', 'standard') as category, coalesce((l.line ->> 'rate')::numeric, 0) as rate, d.groups
	from final d
	cross join lateral jsonb_array_elements(d.lines) with ordinality as l (line, i)
	where :by = 'item' and coalesce(l.line ->> 'kind', 'item') = 'item' and coalesce((l.line ->> 'net')::numeric, 0) <> 0
), summed as (
	select l.*, sum(l.net) over w as upto, sum(l.net) over (partition by l.workspace_id, l.id, l.category, l.rate) as whole,
		(select (g ->> 'taxable')::numeric from jsonb_array_elements(l.groups) g where g ->> 'category' = l.category and (g ->> 'rate')::numeric = l.rate) as taxable
	from line l
	window w as (partition by l.workspace_id, l.id, l.category, l.rate order by l.i)
), parted as (
	select s.workspace_id, s.id, s.currency, s.sign, s.item, s.name, case when s.whole <> 0
		then round(s.taxable * s.upto / s.whole) - round(s.taxable * (s.upto - s.net) / s.whole)
		else round(s.upto * f.part) - round((s.upto - s.net) * f.part) end as net
	from summed s
	cross join lateral (select case when s.mode = 'gross' then 100 / (100 + s.rate) else 1 end as part) f
), told as (
	select coalesce(p.item, p.name) as key, case when p.item is not null then coalesce(i.name_nl, i.name_en, p.name) else p.name end as name, p.currency, p.sign * p.net as net,
		p.workspace_id, p.id
	from parted p
	left join billing.catalog_item i on (i.workspace_id, i.id::text) = (p.workspace_id, p.item)
	union all
	select case :by when 'source' then l.source when 'account' then coalesce(d.account_id::text, d.buyer ->> 'name') else to_char(d.issued, 'YYYY-MM') end,
		case :by when 'account' then coalesce(a.name, d.buyer ->> 'name') end, d.currency, d.sign * d.net, d.workspace_id, d.id
	from final d
	left join billing.deal l on (l.workspace_id, l.id) = (d.workspace_id, d.deal_id)
	left join billing.account a on (a.workspace_id, a.id) = (d.workspace_id, d.account_id)
	where :by is distinct from 'item'
), grouped as (
	select t.key, max(t.name) as name, t.currency, sum(t.net)::bigint as net, count(distinct t.id) as count
	from told t
	group by t.key, t.currency
)
select json_build_object('data', coalesce(json_agg(json_build_object('key', g.key, 'name', g.name, 'net', billing.amount(g.net, g.currency), 'count', g.count)
	order by g.currency, case when coalesce(:by, 'month') = 'month' then g.key end, g.net desc, g.key), '[]'))::text
from grouped g

-- name: report_vat report_vat -> json; as each document reckoned it, never reckoned anew
with final as (
-- use: final_asked
), grouped as (
	select g ->> 'category' as category, (g ->> 'rate')::numeric as rate, min(g ->> 'rate') as shown, d.currency, sum(d.sign * (g ->> 'taxable')::bigint)::bigint as taxable,
		sum(d.sign * (g ->> 'tax')::bigint)::bigint as tax, count(*) as count
	from final d
	cross join lateral jsonb_array_elements(d.groups) g
	group by 1, 2, d.currency
)
select json_build_object('data', coalesce(json_agg(json_build_object('category', g.category, 'rate', g.shown, 'taxable', billing.amount(g.taxable, g.currency),
	'tax', billing.amount(g.tax, g.currency), 'count', g.count) order by g.currency, g.rate desc, g.category), '[]'))::text
from grouped g
