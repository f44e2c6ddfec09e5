-- What bookkeeping asks of a period, part after part: whose books, relations, documents, payments. Of one workspace, in the order of an index and a page at a time,
-- so that a year of it takes no more memory than a page. Only what was there at one moment, so that the parts agree; what is final does not change.

-- part: booked_documents
	select d.*, case when d.kind = 'credit_note' then -1 else 1 end as sign
	from billing.document d
	where d.workspace_id = any (:workspaces) and d.workspace_id = (:workspaces)[1] and d.kind <> 'quote' and d.finalised_at <= coalesce(:until, now()) and d.removed_at is null
		and d.issued between :from and :to and (:currency is null or d.currency = :currency)

-- part: booked_payments
	select p.workspace_id, p.id, p.day, p.amount, p.currency::text as currency, p.method, coalesce(d.account_id, p.account_id) as account_id, coalesce(d.contact_id, p.contact_id) as contact_id,
		d.buyer, d.number
	from billing.payment p
	left join billing.document d on (d.workspace_id, d.id) = (p.workspace_id, p.document_id)
	where p.workspace_id = any (:workspaces) and p.workspace_id = (:workspaces)[1] and p.created_at <= coalesce(:until, now()) and (p.removed_at is null or p.removed_at > :until)
		and p.day between :from and :to and (:currency is null or p.currency = :currency)

-- part: booked_relation
case when a.number is not null then 'A' || a.number when x.account_id is not null then replace(x.account_id::text, '-', '')
	when c.number is not null then 'C' || c.number when x.contact_id is not null then replace(x.contact_id::text, '-', '')
	when x.buyer ->> 'name' is not null then 'X' || left(md5(concat_ws('|', lower(x.buyer ->> 'name'), x.buyer ->> 'postcode', x.buyer ->> 'street')), 12) end

-- part: booked_whose
	left join billing.account a on (a.workspace_id, a.id) = (x.workspace_id, x.account_id)
	left join billing.contact c on (c.workspace_id, c.id) = (x.workspace_id, x.contact_id)

-- name: bookings_export bookings_export -> json; amounts are minor units, above zero on a credit note as well
with booked as not materialized (
-- use: booked_documents
), paid as not materialized (
-- use: booked_payments
), moved as not materialized (
	select b.currency::text as currency, m.minor
	from booked b
	cross join lateral (
		select b.sign * b.payable as minor
		union all select b.sign * b.prepaid
		union all select -b.sign * b.rounding
		union all select -b.sign * (g ->> 'taxable')::bigint from jsonb_array_elements(b.groups) g
		union all select -b.sign * (g ->> 'tax')::bigint from jsonb_array_elements(b.groups) g
	) m
	where m.minor <> 0
	union all
	select p.currency, m.minor
	from paid p
	cross join lateral (values (p.amount), (-p.amount)) m (minor)
	where coalesce(:payments, false) and m.minor <> 0
), named as not materialized (
	select x.workspace_id, x.account_id, x.contact_id, x.buyer, x.issued as day, x.id from booked x
	union all
	select x.workspace_id, x.account_id, x.contact_id, x.buyer, x.day, x.id from paid x where coalesce(:payments, false)
)
select case :part
when 'whole' then (
	select json_build_object('currency', k.currency,
		'company', json_build_object('name', coalesce(o.name, w.name), 'kvk', o.kvk, 'vat_id', o.vat_id, 'street', o.street, 'postcode', o.postcode, 'city', o.city, 'country', o.country),
		'groups', (select coalesce(json_agg(json_build_object('category', g.category, 'rate', g.rate) order by g.category, g.rate), '[]')
			from (select distinct g ->> 'category' as category, trim_scale((g ->> 'rate')::numeric)::text as rate
				from booked b cross join lateral jsonb_array_elements(b.groups) g where b.currency = k.currency) g),
		'lines', s.lines, 'debit', s.debit, 'credit', s.credit)
	from billing.workspace w
	left join billing.company o on o.workspace_id = w.workspace_id
	cross join lateral (select coalesce(:currency, w.currency::text) as currency) k
	cross join lateral (select count(*) as lines, coalesce(sum(m.minor) filter (where m.minor > 0), 0)::bigint as debit, coalesce(-sum(m.minor) filter (where m.minor < 0), 0)::bigint as credit
		from moved m where m.currency = k.currency) s
	where w.workspace_id = any (:workspaces) and w.workspace_id = (:workspaces)[1])
when 'relations' then (
	select json_build_object('data', coalesce(json_agg(json_build_object('id', f.relation, 'name', coalesce(f.buyer ->> 'name', f.known), 'attention', f.buyer ->> 'attention', 'phone', f.buyer ->> 'phone',
			'email', f.buyer ->> 'email', 'kvk', f.buyer ->> 'kvk', 'vat_id', f.buyer ->> 'vat_id', 'street', f.buyer ->> 'street', 'postcode', f.buyer ->> 'postcode', 'city', f.buyer ->> 'city',
			'country', f.buyer ->> 'country') order by f.relation collate "C") filter (where f.i <= 1000), '[]'),
		'next', case when count(*) > 1000 then (array_agg(f.relation order by f.relation collate "C"))[1000] end)
	from (
		select n.*, row_number() over (order by n.relation collate "C") as i
		from (
			select distinct on (r.relation collate "C") r.relation, r.buyer, r.known
			from (select
-- use: booked_relation
 as relation, x.buyer, coalesce(a.name, c.name) as known, x.day, x.id
				from named x
-- use: booked_whose
			) r
			where r.relation is not null and (:after is null or r.relation collate "C" > :after)
			order by r.relation collate "C", r.buyer is null, r.day desc, r.id desc
			limit 1001
		) n
	) f)
when 'documents' then (
	select json_build_object('data', coalesce(json_agg(json_build_object('kind', x.kind, 'number', x.number, 'day', x.issued, 'due', x.due, 'currency', x.currency, 'about', y.number,
			'relation',
-- use: booked_relation
, 'name', x.buyer ->> 'name', 'vat_id', x.buyer ->> 'vat_id', 'country', x.buyer ->> 'country', 'payable', x.payable, 'prepaid', x.prepaid, 'rounding', x.rounding,
			'groups', (select coalesce(json_agg(json_build_object('category', g ->> 'category', 'rate', trim_scale((g ->> 'rate')::numeric)::text, 'taxable', (g ->> 'taxable')::bigint,
				'tax', (g ->> 'tax')::bigint)), '[]') from jsonb_array_elements(x.groups) g)) order by x.i) filter (where x.i <= 100), '[]'),
		'next', case when count(*) > 100 then (array_agg(x.issued || ' ' || x.id order by x.i))[100] end)
	from (
		select b.*, row_number() over (order by b.issued, b.id) as i
		from booked b
		where :after is null or (b.issued, b.id) > (split_part(:after, ' ', 1)::date, split_part(:after, ' ', 2)::uuid)
		order by b.issued, b.id
		limit 101
	) x
-- use: booked_whose

	left join billing.document y on (y.workspace_id, y.id) = (x.workspace_id, x.original_id))
when 'payments' then (
	select json_build_object('data', coalesce(json_agg(json_build_object('number', replace(x.id::text, '-', ''), 'day', x.day, 'currency', x.currency, 'about', x.number,
			'relation',
-- use: booked_relation
, 'name', coalesce(x.buyer ->> 'name', a.name, c.name), 'vat_id', x.buyer ->> 'vat_id', 'country', x.buyer ->> 'country', 'amount', x.amount) order by x.i) filter (where x.i <= 1000), '[]'),
		'next', case when count(*) > 1000 then (array_agg(x.day || ' ' || x.id order by x.i))[1000] end)
	from (
		select p.*, row_number() over (order by p.day, p.id) as i
		from paid p
		where :after is null or (p.day, p.id) > (split_part(:after, ' ', 1)::date, split_part(:after, ' ', 2)::uuid)
		order by p.day, p.id
		limit 1001
	) x
-- use: booked_whose
)
end::text
