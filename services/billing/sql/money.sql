-- What a deal, a contact or a company has of quotes, invoices and orders, in short.

-- name: deal_money deal_money -> json; the newest fifty of each; open: what is still to be paid, by currency
with asked as (
	select d.*, billing.open_amount(d) as open, billing.is_overdue(d) as overdue
	from billing.document d
	where d.workspace_id = any (:workspaces) and d.removed_at is null and (d.deal_id = :deal_id or d.contact_id = :contact_id or d.account_id = :account_id)
), shown as (
	select d.*, row_number() over (partition by d.kind = 'quote' order by d.created_at desc, d.id desc) as i
	from asked d
), told as (
	select s.kind = 'quote' as quote, jsonb_build_object('id', s.id, 'workspace_id', s.workspace_id, 'kind', s.kind, 'state', s.state, 'number', s.number, 'title', s.title, 'issued', s.issued, 'due', s.due,
		'total', billing.amount(s.payable, s.currency), 'open', billing.amount(s.open, s.currency), 'overdue', s.overdue, 'viewed_at', billing.moment(s.viewed_at),
		'seen_at', billing.moment(s.seen_at), 'sent_at', billing.moment(s.sent_at), 'created_at', billing.moment(s.created_at)) as told, s.i
	from shown s
	where s.i <= 50
)
select json_build_object(
	'quotes', coalesce((select json_agg(t.told order by t.i) from told t where t.quote), '[]'),
	'invoices', coalesce((select json_agg(t.told order by t.i) from told t where not t.quote), '[]'),
	'orders', coalesce((select json_agg(json_build_object('id', o.id, 'workspace_id', o.workspace_id, 'number', 'ORD-' || o.seq, 'state', o.state, 'title', o.title,
			'total', billing.amount(o.total, o.currency), 'created_at', billing.moment(o.created_at)) order by o.seq desc)
		from billing.sales_order o
		where o.workspace_id = any (:workspaces) and (o.deal_id = :deal_id or o.contact_id = :contact_id or o.account_id = :account_id)), '[]'),
	'open', coalesce((select json_agg(billing.amount(x.minor, x.currency) order by x.currency)
		from (
			select d.currency, sum(d.open)::bigint as minor
			from asked d
			where d.kind = 'invoice' and d.finalised_at is not null
			group by d.currency
			having sum(d.open) <> 0
		) x), '[]'))::text
