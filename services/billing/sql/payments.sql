-- Payments and what they make of invoices; bank statements and their bookings.

-- name: payable_load payable_ask -> payable_row; locks nothing; a row per item, in their order
select d.workspace_id, d.id as document_id, d.kind, d.state, d.version, d.number, d.title, d.buyer ->> 'name' as name, d.buyer ->> 'iban' as iban, d.payable as total, d.currency::text as total_currency,
	d.received, coalesce(p.came, 0)::bigint as came, d.credited, d.finalised_at is not null as final, d.paid_said, d.paid_at, p.last_day,
	d.deal_id, d.lead_id, d.contact_id, d.account_id, d.owner_id
from unnest(:workspace_id[], :document_id[]) with ordinality as item (workspace_id, id, i)
left join billing.document d on (d.workspace_id, d.id) = (item.workspace_id, item.id) and d.removed_at is null
left join lateral (
	select sum(x.amount) as came, max(x.day) as last_day
	from billing.payment x
	where (x.workspace_id, x.document_id) = (item.workspace_id, item.id) and x.removed_at is null and x.currency = d.currency
) p on true
order by item.i

-- name: payable_write payable_moved; locks billing.document
update billing.document d
set state = item.state, version = item.version, received = item.received, paid_said = item.paid_said, paid_at = item.paid_at
from unnest(:workspace_id[], :document_id[], :state[], :version[], :received[], :paid_said[], :paid_at[]) as item (workspace_id, id, state, version, received, paid_said, paid_at)
where (d.workspace_id, d.id) = (item.workspace_id, item.id)

-- name: payment_place_load payment_ask -> payment_place; locks nothing; a row per item, in their order
select (now() at time zone w.timezone)::date as today, w.currency, a.id is not null as account, a.owner_id as account_owner_id
from unnest(:workspace_id[], :account_id[]) with ordinality as item (workspace_id, account_id, i)
left join billing.workspace w on w.workspace_id = item.workspace_id
left join billing.account a on (a.workspace_id, a.id) = (item.workspace_id, item.account_id)
order by item.i

-- name: payment_load payment_ask => payment_row; locks nothing
select p.workspace_id, p.id as payment_id, p.version, p.document_id, p.account_id, p.contact_id, p.owner_id, p.amount, p.currency::text as amount_currency, p.day, p.method, p.note, p.external_id,
	p.statement_line_id, p.pay_attempt_id, p.root_id, p.created_at, p.created_by, p.removed_at
from unnest(:workspace_id[], :payment_id[]) as item (workspace_id, id)
join billing.payment p on (p.workspace_id, p.id) = (item.workspace_id, item.id)

-- name: payment_parts_load payment_ask => payment_row; locks nothing; all parts of what was one payment, the whole of it first
select p.workspace_id, p.id as payment_id, p.version, p.document_id, p.account_id, p.contact_id, p.owner_id, p.amount, p.currency::text as amount_currency, p.day, p.method, p.note, p.external_id,
	p.statement_line_id, p.pay_attempt_id, p.root_id, p.created_at, p.created_by, p.removed_at
from unnest(:workspace_id[], :payment_id[]) as item (workspace_id, id)
join billing.payment named on (named.workspace_id, named.id) = (item.workspace_id, item.id)
join billing.payment p on p.workspace_id = named.workspace_id and coalesce(p.root_id, p.id) = coalesce(named.root_id, named.id)
order by p.root_id nulls first, p.id

-- name: payable_payments_load payable_ask => payment_row; locks nothing; what came in for it and counts, the latest first
select p.workspace_id, p.id as payment_id, p.version, p.document_id, p.account_id, p.contact_id, p.owner_id, p.amount, p.currency::text as amount_currency, p.day, p.method, p.note, p.external_id,
	p.statement_line_id, p.pay_attempt_id, p.root_id, p.created_at, p.created_by, p.removed_at
from unnest(:workspace_id[], :document_id[]) as item (workspace_id, id)
join billing.payment p on (p.workspace_id, p.document_id) = (item.workspace_id, item.id) and p.removed_at is null and p.amount > 0
order by p.day desc, p.id desc

-- name: payment_write payment_row; locks billing.payment; what the bank or the provider calls it stands once
insert into billing.payment as p (workspace_id, id, version, document_id, account_id, contact_id, owner_id, amount, currency, day, method, note, external_id, statement_line_id, pay_attempt_id, root_id,
	created_at, created_by, removed_at)
select * from unnest(:workspace_id[], :payment_id[], :version[], :document_id[], :account_id[], :contact_id[], :owner_id[], :amount[], :amount_currency[], :day[], :method[], :note[], :external_id[],
	:statement_line_id[], :pay_attempt_id[], :root_id[], :created_at[], :created_by[], :removed_at[])
on conflict (workspace_id, id) do update
set version = excluded.version, amount = excluded.amount, document_id = excluded.document_id, account_id = excluded.account_id, contact_id = excluded.contact_id, owner_id = excluded.owner_id, note = excluded.note,
	removed_at = excluded.removed_at

-- name: payment_list payment_list -> json; the latest first; the cursor is the last one's day and id
with x as (
	select p.*
	from billing.payment p
	where p.workspace_id = any (:workspaces) and p.removed_at is null
		and (:document_id is null or p.document_id = :document_id)
		and (:account_id is null or p.account_id = :account_id)
		and (not coalesce(:open, false) or p.document_id is null)
		and (:after is null or (p.day, p.id) < (case when :after ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}\.[0-9a-f-]{36}$' then split_part(:after, '.', 1)::date end, case when :after ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}\.[0-9a-f-]{36}$' then split_part(:after, '.', 2)::uuid end))
	order by p.day desc, p.id desc
	limit least(greatest(coalesce(:limit, 50), 1), 200) + 1
), page as (
	select * from x order by x.day desc, x.id desc limit least(greatest(coalesce(:limit, 50), 1), 200)
)
select json_build_object('data', coalesce((
	select json_agg(json_build_object('id', p.id, 'workspace_id', p.workspace_id, 'version', p.version, 'day', p.day, 'amount', billing.amount(p.amount, p.currency::text), 'method', p.method, 'note', p.note,
		'document', case when d.id is not null then json_build_object('id', d.id, 'kind', d.kind, 'number', d.number, 'name', d.buyer ->> 'name') end,
		'account', case when a.id is not null then json_build_object('id', a.id, 'number', a.number, 'name', a.name) end,
		'created_at', billing.moment(p.created_at), 'created_by', p.created_by, 'removed_at', billing.moment(p.removed_at)) order by p.day desc, p.id desc)
	from page p
	left join billing.document d on (d.workspace_id, d.id) = (p.workspace_id, p.document_id)
	left join billing.account a on (a.workspace_id, a.id) = (p.workspace_id, p.account_id)), '[]'),
	'next', case when (select count(*) from x) > least(greatest(coalesce(:limit, 50), 1), 200) then (select p.day || '.' || p.id from page p order by p.day, p.id limit 1) end)::text

-- name: matching_load matching_ask => matching_row; locks nothing; final invoices of which something is open, then those paid lately, the newest first: five thousand
select d.id as document_id, d.number, (d.payable - d.received - d.credited)::bigint as open, d.currency::text as currency, d.buyer ->> 'name' as name,
	(select coalesce(jsonb_agg(distinct x.iban), '[]') from (
		select upper(replace(d.buyer ->> 'iban', ' ', '')) as iban where d.buyer ->> 'iban' is not null
		union
		select l.iban
		from billing.payment p
		join billing.statement_line l on (l.workspace_id, l.id) = (p.workspace_id, p.statement_line_id)
		where (p.workspace_id, p.account_id) = (d.workspace_id, d.account_id) and p.removed_at is null and l.iban is not null
		union
		select l.iban
		from billing.payment p
		join billing.statement_line l on (l.workspace_id, l.id) = (p.workspace_id, p.statement_line_id)
		where (p.workspace_id, p.document_id) = (d.workspace_id, d.id) and p.removed_at is null and l.iban is not null
	) x) as ibans,
	(select coalesce(jsonb_agg(p.amount), '[]') from billing.payment p
		where (p.workspace_id, p.document_id) = (d.workspace_id, d.id) and p.removed_at is null and p.amount > 0) as paid
from unnest(:workspace_id[]) as item (workspace_id)
join billing.document d on d.workspace_id = item.workspace_id and d.kind = 'invoice' and d.finalised_at is not null and d.removed_at is null and d.number is not null
	and (d.payable - d.received - d.credited > 0 or d.paid_at > now() - interval '120 days')
order by d.payable - d.received - d.credited > 0 desc, d.issued desc, d.id desc
limit 5000

-- name: statement_write statement_row; inserts into billing.statement
insert into billing.statement (workspace_id, id, name, sha256, format, account, from_day, to_day, lines, matched, doubtful, unmatched, repeated, created_at, created_by)
select * from unnest(:workspace_id[], :statement_id[], :name[], :sha256[], :format[], :account[], :from_day[], :to_day[], :lines[], :matched[], :doubtful[], :unmatched[], :repeated[], :created_at[],
	:created_by[])

-- name: line_known_load line_ask => line_known; locks nothing; in the order of their hashes; by the index on these alone (see 0006)
select l.hash
from unnest(:workspace_id[], :hash[]) as item (workspace_id, hash)
join billing.statement_line l on l.hash = item.hash and l.workspace_id::text = item.workspace_id::text
order by l.hash

-- name: line_alike_load alike_ask -> alike_row; locks nothing; a row per item, in their order: bookings of that day, amount and other side that the other format told
select (select count(*) from billing.statement_line l
	join billing.statement s on (s.workspace_id, s.id) = (l.workspace_id, l.statement_id)
	where (l.account, l.day, l.amount) = (item.account, item.day, item.amount) and l.workspace_id::text = item.workspace_id::text and l.currency = item.currency
		and s.format <> item.format and (l.iban = item.iban) is not false)::bigint as alike
from unnest(:workspace_id[], :account[], :day[], :amount[], :amount_currency[], :iban[], :format[]) with ordinality as item (workspace_id, account, day, amount, currency, iban, format, i)
order by item.i

-- name: line_load line_ask => line_row; locks nothing
select l.workspace_id, l.id as statement_line_id, l.statement_id, l.n, l.version, l.hash, l.account, l.day, l.amount, l.currency::text as amount_currency, l.name, l.iban, l.text, l.end_to_end,
	l.reference, l.reversal, l.state, coalesce(l.why, '') as why, l.documents
from unnest(:workspace_id[], :statement_line_id[]) as item (workspace_id, id)
join billing.statement_line l on (l.workspace_id, l.id) = (item.workspace_id, item.id)

-- name: line_payments_load line_ask => payment_row; locks nothing; those that count
select p.workspace_id, p.id as payment_id, p.version, p.document_id, p.account_id, p.contact_id, p.owner_id, p.amount, p.currency::text as amount_currency, p.day, p.method, p.note, p.external_id,
	p.statement_line_id, p.pay_attempt_id, p.root_id, p.created_at, p.created_by, p.removed_at
from unnest(:workspace_id[], :statement_line_id[]) as item (workspace_id, id)
join billing.payment p on (p.workspace_id, p.statement_line_id) = (item.workspace_id, item.id) and p.removed_at is null

-- name: line_write line_row; locks billing.statement_line; of one that is there what became of it alone changes
insert into billing.statement_line (workspace_id, id, statement_id, n, version, hash, account, day, amount, currency, name, iban, text, end_to_end, reference, reversal, state, why, documents)
select * from unnest(:workspace_id[], :statement_line_id[], :statement_id[], :n[], :version[], :hash[], :account[], :day[], :amount[], :amount_currency[], :name[], :iban[], :text[], :end_to_end[],
	:reference[], :reversal[], :state[], :why[], :documents[])
on conflict (workspace_id, id) do update set version = excluded.version, state = excluded.state, why = excluded.why, documents = excluded.documents

-- name: statement_list statement_list -> json; the latest first; the cursor is the last one's id
with x as (
	select s.*
	from billing.statement s
	where s.workspace_id = any (:workspaces) and (:after is null or s.id < (case when :after ~ '^[0-9a-f-]{36}$' then :after::uuid end))
	order by s.id desc
	limit least(greatest(coalesce(:limit, 50), 1), 200) + 1
), page as (
	select * from x order by x.id desc limit least(greatest(coalesce(:limit, 50), 1), 200)
)
select json_build_object('data', coalesce((
	select json_agg(json_build_object('id', s.id, 'workspace_id', s.workspace_id, 'name', s.name, 'format', s.format, 'account', s.account, 'from', s.from_day, 'to', s.to_day, 'lines', s.lines,
		'matched', s.matched, 'doubtful', s.doubtful, 'unmatched', s.unmatched, 'repeated', s.repeated, 'created_at', billing.moment(s.created_at), 'created_by', s.created_by) order by s.id desc)
	from page s), '[]'),
	'next', case when (select count(*) from x) > least(greatest(coalesce(:limit, 50), 1), 200) then (select p.id from page p order by p.id limit 1) end)::text

-- name: statement_lines statement_lines -> json; the latest day first; with the invoices that they may pay, as far as the asker may see them
with x as (
	select l.*
	from billing.statement_line l
	where l.workspace_id = any (:workspaces) and (:statement_id is null or l.statement_id = :statement_id) and (:state is null or l.state = any (string_to_array(:state, ',')))
		and (:after is null or (l.day, l.id) < (case when :after ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}\.[0-9a-f-]{36}$' then split_part(:after, '.', 1)::date end, case when :after ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}\.[0-9a-f-]{36}$' then split_part(:after, '.', 2)::uuid end))
	order by l.day desc, l.id desc
	limit least(greatest(coalesce(:limit, 50), 1), 200) + 1
), page as (
	select * from x order by x.day desc, x.id desc limit least(greatest(coalesce(:limit, 50), 1), 200)
)
select json_build_object('data', coalesce((
	select json_agg(json_build_object('id', l.id, 'workspace_id', l.workspace_id, 'statement_id', l.statement_id, 'n', l.n, 'version', l.version, 'account', l.account, 'day', l.day,
		'amount', billing.amount(l.amount, l.currency::text), 'name', l.name, 'iban', l.iban, 'text', l.text, 'end_to_end', l.end_to_end, 'reference', l.reference, 'reversal', l.reversal,
		'state', l.state, 'why', l.why, 'documents', (
			select coalesce(json_agg(json_build_object('id', d.id, 'number', d.number, 'name', d.buyer ->> 'name', 'total', billing.amount(d.payable, d.currency::text),
				'open', billing.amount(d.payable - d.received - d.credited, d.currency::text), 'amount', billing.amount((e.part ->> 'amount')::bigint, l.currency::text)) order by e.i), '[]')
			from jsonb_array_elements(l.documents) with ordinality as e (part, i)
			join billing.document d on (d.workspace_id, d.id) = (l.workspace_id, (e.part ->> 'id')::uuid))) order by l.day desc, l.id desc)
	from page l), '[]'),
	'next', case when (select count(*) from x) > least(greatest(coalesce(:limit, 50), 1), 200) then (select p.day || '.' || p.id from page p order by p.day, p.id limit 1) end)::text
