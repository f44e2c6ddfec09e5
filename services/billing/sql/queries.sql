-- What pages read of documents.

-- part: document_short
jsonb_build_object('id', d.id, 'workspace_id', d.workspace_id, 'kind', d.kind, 'state', d.state, 'version', d.version, 'number', d.number, 'revision', d.revision,
	'title', d.title, 'name', d.buyer ->> 'name', 'email', d.buyer ->> 'email', 'deal_id', d.deal_id, 'contact_id', d.contact_id, 'account_id', d.account_id, 'owner_id', d.owner_id,
	'language', d.language, 'currency', d.currency, 'issued', d.issued, 'due', d.due, 'net', billing.amount(d.net, d.currency), 'vat', billing.amount(d.vat, d.currency),
	'gross', billing.amount(d.gross, d.currency), 'payable', billing.amount(d.payable, d.currency), 'open', billing.amount(billing.open_amount(d), d.currency),
	'overdue', billing.is_overdue(d), 'sent_at', billing.moment(d.sent_at), 'viewed_at', billing.moment(d.viewed_at), 'seen_at', billing.moment(d.seen_at),
	'accepted_at', billing.moment(d.accepted_at), 'declined_at', billing.moment(d.declined_at), 'finalised_at', billing.moment(d.finalised_at), 'paid_at', billing.moment(d.paid_at),
	'reminded', d.reminded, 'reminded_at', billing.moment(d.reminded_at), 'created_at', billing.moment(d.created_at), 'created_by', d.created_by, 'removed_at', billing.moment(d.removed_at))

-- name: document_get document_get -> json; no row: there is none
select (
-- use: document_short
 || jsonb_build_object('mode', d.mode, 'buyer', d.buyer, 'seller', d.seller, 'intro', d.intro, 'notes', d.notes, 'supplied', d.supplied, 'buyer_reference', d.buyer_reference,
	'order_reference', d.order_reference, 'lines', d.lines, 'groups', d.groups, 'discount', d.discount, 'discount_amount', d.discount_amount, 'discount_reason', d.discount_reason,
	'prepaid', billing.amount(d.prepaid, d.currency), 'rounding', billing.amount(d.rounding, d.currency), 'received', billing.amount(d.received, d.currency),
	'credited', billing.amount(d.credited, d.currency), 'part', d.part, 'rate', d.rate, 'rate_day', d.rate_day,
	'vat_euro', billing.amount(d.vat_euro, 'EUR'), 'accepted_by', d.accepted_by, 'decline_reason', d.decline_reason,
	'portal', case when d.token is not null then '/portal/' || d.token end,
	'owner', case when m.user_id is not null then jsonb_build_object('id', m.user_id, 'name', m.name) end,
	'deal', case when l.id is not null then jsonb_build_object('id', l.id, 'number', l.number, 'title', l.title) end,
	'contact', case when c.id is not null then jsonb_build_object('id', c.id, 'number', c.number, 'name', c.name) end,
	'account', case when a.id is not null then jsonb_build_object('id', a.id, 'number', a.number, 'name', a.name) end,
	'quote', (select jsonb_build_object('id', q.id, 'number', q.number) from billing.document q where (q.workspace_id, q.id) = (d.workspace_id, d.quote_id)),
	'original', (select jsonb_build_object('id', q.id, 'number', q.number) from billing.document q where (q.workspace_id, q.id) = (d.workspace_id, d.original_id)),
	'invoices', (select coalesce(jsonb_agg(jsonb_build_object('id', q.id, 'number', q.number, 'state', q.state, 'part', q.part, 'total', billing.amount(q.payable, q.currency)) order by q.created_at), '[]')
		from billing.document q where (q.workspace_id, q.quote_id) = (d.workspace_id, d.id) and q.removed_at is null),
	'credit_notes', (select coalesce(jsonb_agg(jsonb_build_object('id', q.id, 'number', q.number, 'state', q.state, 'total', billing.amount(q.payable, q.currency)) order by q.created_at), '[]')
		from billing.document q where (q.workspace_id, q.original_id) = (d.workspace_id, d.id) and q.removed_at is null),
	'order', (select jsonb_build_object('id', o.id, 'number', 'ORD-' || o.seq) from billing.sales_order o
		where o.workspace_id = d.workspace_id and (o.document_id = d.id or o.deal_id = d.deal_id) order by o.seq limit 1),
	'payments', (select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'amount', billing.amount(p.amount, p.currency), 'day', p.day, 'method', p.method, 'note', p.note,
			'created_at', billing.moment(p.created_at), 'created_by', p.created_by) order by p.day, p.created_at), '[]')
		from billing.payment p where (p.workspace_id, p.document_id) = (d.workspace_id, d.id) and p.removed_at is null)))::text
from billing.document d
left join billing.member m on (m.workspace_id, m.user_id) = (d.workspace_id, d.owner_id)
left join billing.deal l on (l.workspace_id, l.id) = (d.workspace_id, d.deal_id)
left join billing.contact c on (c.workspace_id, c.id) = (d.workspace_id, d.contact_id)
left join billing.account a on (a.workspace_id, a.id) = (d.workspace_id, d.account_id)
where d.workspace_id = any (:workspaces) and (d.id = :document_id or (:document_id is null and upper(d.number) = upper(:number)))
order by d.created_at desc
limit 1

-- part: documents_asked
	select d.workspace_id, d.id, d.kind, d.state, d.currency, d.payable, d.viewed_at, billing.open_amount(d) as open,
		d.kind = 'invoice' and d.finalised_at is not null and d.payable - d.received - d.credited > 0 and d.due < t.today as overdue, -- billing.is_overdue, which costs ten times as much for all of them
		billing.sort_key(d, coalesce(ltrim(:sort, '-'), 'created_at')) as key, coalesce(:sort, '-created_at') like '-%' as down
	from billing.document d
	join billing.workspace w on w.workspace_id = d.workspace_id
	cross join lateral (select (now() at time zone w.timezone)::date as today) t
	where d.workspace_id = any (:workspaces) and (d.removed_at is not null) = coalesce(:removed, false)
		and (:deal_id is null or d.deal_id = :deal_id) and (:contact_id is null or d.contact_id = :contact_id) and (:account_id is null or d.account_id = :account_id)
		and (:owner is null or d.owner_id::text = any (string_to_array(replace(:owner, 'me', coalesce(:user::text, '')), ',')) or (d.owner_id is null and 'none' = any (string_to_array(:owner, ','))))
		and (:q is null or strpos(d.search, lower(:q)) > 0)
		and (:from is null or coalesce(d.issued, d.created_at::date) >= :from) and (:to is null or coalesce(d.issued, d.created_at::date) <= :to)

-- part: documents_page
, chosen as (
	select d.*
	from asked d
	where :state is null or d.state = any (string_to_array(:state, ',')) or (d.overdue and 'overdue' = any (string_to_array(:state, ',')))
		or (d.viewed_at is not null and d.state = 'sent' and 'viewed' = any (string_to_array(:state, ',')))
), few as (
	select d.*
	from chosen d
	where :after is null or case when d.down then (d.key, d.id::text) < (split_part(:after, chr(31), 1) collate "C", split_part(:after, chr(31), 2) collate "C")
		else (d.key, d.id::text) > (split_part(:after, chr(31), 1) collate "C", split_part(:after, chr(31), 2) collate "C") end
	order by case when d.down then d.key end desc, case when not d.down then d.key end, case when d.down then d.id::text collate "C" end desc, case when not d.down then d.id::text collate "C" end
	limit least(greatest(coalesce(:limit, 50), 1), 200) + 1
), page as (
	select d.id, d.workspace_id, d.key, row_number() over (order by case when d.down then d.key end desc, case when not d.down then d.key end,
		case when d.down then d.id::text collate "C" end desc, case when not d.down then d.id::text collate "C" end) as i
	from few d
), told as (
	select p.i, p.key, d.id,
-- use: document_short
 as told
	from page p
	join billing.document d on (d.workspace_id, d.id) = (p.workspace_id, p.id)
	where p.i <= least(greatest(coalesce(:limit, 50), 1), 200)
)
select json_build_object('data', coalesce((select json_agg(t.told order by t.i) from told t), '[]'),
	'next', (select t.key || chr(31) || t.id from told t where t.i = least(greatest(coalesce(:limit, 50), 1), 200) and exists (select from page p where p.i > t.i)),
	'counts', case when :count then (select coalesce(json_agg(json_build_object('state', x.state, 'currency', x.currency, 'count', x.count, 'total', billing.amount(x.total, x.currency),
			'open', billing.amount(x.open, x.currency)) order by x.state, x.currency), '[]')
		from (
			select s.state, d.currency, count(*) as count, sum(case when d.kind = 'credit_note' then -d.payable else d.payable end)::bigint as total, sum(d.open)::bigint as open
			from asked d
			cross join lateral (
				select d.state
				union all
				select 'overdue' where d.overdue
				union all
				select 'viewed' where d.viewed_at is not null and d.state = 'sent'
			) s (state)
			group by s.state, d.currency
		) x) end)::text

-- name: quote_list quote_list -> json; by a key of its own for each order, as text that sorts as it should
with asked as (
-- use: documents_asked
		and d.kind = 'quote'
)
-- use: documents_page

-- name: invoice_list invoice_list -> json; likewise, credit notes among them
with asked as (
-- use: documents_asked
		and d.kind <> 'quote' and (:kind is null or d.kind = :kind)
)
-- use: documents_page
