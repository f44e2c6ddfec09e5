-- Documents: quotes, invoices and credit notes, whole. A lane's writer is the only one, so what is read is what is there; the keys have the last word.

-- part: document_columns
d.id as document_id, d.kind, d.state, d.version, d.number, d.series_year::bigint as series_year, d.series_seq::bigint as series_seq, d.revision::bigint as revision,
	d.deal_id, d.lead_id, d.contact_id, d.account_id, d.owner_id, d.language, d.currency, d.mode, d.buyer, d.seller, d.title, d.intro, d.notes, d.issued, d.due,
	d.supplied, d.buyer_reference, d.order_reference, d.lines, d.discount, d.discount_amount, d.discount_reason, d.prepaid, d.rounding, d.net, d.vat, d.gross, d.payable,
	d.rate, d.rate_day, d.vat_euro, d.groups, d.quote_id, d.part, d.original_id, d.recurrence_id, d.sent_at, d.viewed_at, d.seen_at, d.accepted_at, d.accepted_by, d.accepted_address, d.declined_at,
	d.decline_reason, d.finalised_at, d.received, d.credited, d.paid_at, d.paid_said, d.overdue_at, d.reminded::bigint as reminded, d.reminded_at, d.token_hash, d.token,
	d.token_until, d.created_at, d.created_by, d.removed_at

-- name: document_load document_ask -> document_row; locks nothing; a row per item, in their order
select item.workspace_id,
-- use: document_columns
from unnest(:workspace_id[], :document_id[]) with ordinality as item (workspace_id, document_id, i)
left join billing.document d on (d.workspace_id, d.id) = (item.workspace_id, item.document_id)
order by item.i

-- name: document_write document_row; locks billing.document; the keys on numbers and on what was made of a quote have the last word
insert into billing.document (workspace_id, id, kind, state, version, number, series_year, series_seq, revision, deal_id, lead_id, contact_id, account_id, owner_id, language, currency, mode, buyer, seller,
	title, intro, notes, issued, due, supplied, buyer_reference, order_reference, lines, discount, discount_amount, discount_reason, prepaid, rounding, net, vat, gross,
	payable, rate, rate_day, vat_euro, groups, quote_id, part, original_id, recurrence_id, sent_at, viewed_at, seen_at, accepted_at, accepted_by, accepted_address, declined_at, decline_reason,
	finalised_at, received, credited, paid_at, paid_said, overdue_at, reminded, reminded_at, token_hash, token, token_until, created_at, created_by, removed_at)
select * from unnest(:workspace_id[], :document_id[], :kind[], :state[], :version[], :number[], :series_year[], :series_seq[], :revision[], :deal_id[], :lead_id[], :contact_id[], :account_id[],
	:owner_id[], :language[], :currency[], :mode[], :buyer[], :seller[], :title[], :intro[], :notes[], :issued[], :due[], :supplied[], :buyer_reference[],
	:order_reference[], :lines[], :discount[], :discount_amount[], :discount_reason[], :prepaid[], :rounding[], :net[], :vat[], :gross[], :payable[], :rate[], :rate_day[], :vat_euro[], :groups[],
	:quote_id[], :part[], :original_id[], :recurrence_id[], :sent_at[], :viewed_at[], :seen_at[], :accepted_at[], :accepted_by[], :accepted_address[], :declined_at[],
	:decline_reason[], :finalised_at[], :received[], :credited[], :paid_at[], :paid_said[], :overdue_at[], :reminded[], :reminded_at[], :token_hash[], :token[],
	:token_until[], :created_at[], :created_by[], :removed_at[])
on conflict (workspace_id, id) do update set state = excluded.state, version = excluded.version, number = excluded.number, series_year = excluded.series_year, series_seq = excluded.series_seq,
	revision = excluded.revision, deal_id = excluded.deal_id, lead_id = excluded.lead_id, contact_id = excluded.contact_id, account_id = excluded.account_id,
	owner_id = excluded.owner_id, language = excluded.language, currency = excluded.currency, mode = excluded.mode, buyer = excluded.buyer, seller = excluded.seller,
	title = excluded.title, intro = excluded.intro, notes = excluded.notes, issued = excluded.issued, due = excluded.due, supplied = excluded.supplied,
	buyer_reference = excluded.buyer_reference, order_reference = excluded.order_reference, lines = excluded.lines, discount = excluded.discount,
	discount_amount = excluded.discount_amount, discount_reason = excluded.discount_reason, prepaid = excluded.prepaid, rounding = excluded.rounding, net = excluded.net,
	vat = excluded.vat, gross = excluded.gross, payable = excluded.payable, rate = excluded.rate, rate_day = excluded.rate_day,
	vat_euro = excluded.vat_euro, groups = excluded.groups, quote_id = excluded.quote_id, part = excluded.part,
	original_id = excluded.original_id, recurrence_id = excluded.recurrence_id, sent_at = excluded.sent_at, viewed_at = excluded.viewed_at, seen_at = excluded.seen_at,
	accepted_at = excluded.accepted_at, accepted_by = excluded.accepted_by, accepted_address = excluded.accepted_address, declined_at = excluded.declined_at,
	decline_reason = excluded.decline_reason, finalised_at = excluded.finalised_at, received = excluded.received, credited = excluded.credited,
	paid_at = excluded.paid_at, paid_said = excluded.paid_said, overdue_at = excluded.overdue_at, reminded = excluded.reminded, reminded_at = excluded.reminded_at,
	token_hash = excluded.token_hash, token = excluded.token, token_until = excluded.token_until, removed_at = excluded.removed_at

-- name: document_beside_load document_ask -> document_beside; locks nothing; a row per item, in their order
select w.workspace_id is not null as known, (item.now at time zone coalesce(w.timezone, 'UTC'))::date as today, coalesce(w.language, 'en') as language, coalesce(w.currency, 'EUR') as currency,
	d.id as deal_id, d.title as deal_title, d.lead_id, c.id as contact_id, a.id as account_id, coalesce(d.owner_id, a.owner_id, c.owner_id) as owner_id,
	c.owner_id as contact_owner_id, a.owner_id as account_owner_id,
	jsonb_strip_nulls(jsonb_build_object('name', coalesce(a.name, nullif(c.company, ''), c.name), 'attention', case when coalesce(a.name, nullif(c.company, '')) is not null then c.name end,
		'street', a.address, 'postcode', a.postcode, 'city', a.city, 'country', case when a.country ~ '^[A-Za-z]{2}$' then upper(a.country) end,
		'email', coalesce(c.email, a.email), 'phone', coalesce(c.phone, a.phone), 'kvk', a.registration_no, 'vat_id', a.vat_no)) as buyer
from unnest(:workspace_id[], :deal_id[], :contact_id[], :account_id[], :now[]) with ordinality as item (workspace_id, deal_id, contact_id, account_id, now, i)
left join billing.workspace w on w.workspace_id = item.workspace_id
left join billing.deal d on (d.workspace_id, d.id) = (item.workspace_id, item.deal_id)
left join billing.contact c on (c.workspace_id, c.id) = (item.workspace_id, coalesce(item.contact_id, d.contact_id))
left join billing.account a on (a.workspace_id, a.id) = (item.workspace_id, coalesce(item.account_id, d.account_id, c.account_id))
order by item.i

-- name: counter_write counter_row; locks billing.counter: whoever counts beside us waits here, and finds the key on numbers taken
insert into billing.counter (workspace_id, kind, year, last, issued)
select * from unnest(:workspace_id[], :kind[], :year[], :last[], :issued[])
on conflict (workspace_id, kind, year) do update set last = excluded.last, issued = coalesce(excluded.issued, counter.issued)

-- name: numbers_load number_ask -> number_place; locks nothing; a row per item, in their order
select exists (select from billing.document d where (d.workspace_id, d.kind, d.number) = (item.workspace_id, item.kind, item.number)) as taken
from unnest(:workspace_id[], :kind[], :number[]) with ordinality as item (workspace_id, kind, number, i)
order by item.i

-- name: render_write render_row *; locks billing.render: what failed is tried again, and what is of the company as it is made anew. A quote is kept as it is sent, until it is drawn:
-- it may be written anew before that
insert into billing.render (workspace_id, document_id, version, state, wanted_at, quote)
select item.workspace_id, item.document_id, item.version, 'wanted', now(),
	case when d.kind = 'quote' and d.seller is not null then to_jsonb(d) - array['token', 'token_hash', 'search', 'logo_sha256'] end
from unnest(:workspace_id[], :document_id[], :version[]) as item (workspace_id, document_id, version)
left join billing.document d on (d.workspace_id, d.id, d.version) = (item.workspace_id, item.document_id, item.version)
on conflict (workspace_id, document_id, version) do update set state = 'wanted', next_at = now(), attempts = 0, owner = null, lease_until = null, error = null
where render.state = 'failed' or (render.state = 'made' and exists (
	select from billing.document d where (d.workspace_id, d.id) = (excluded.workspace_id, excluded.document_id) and d.seller is null))

-- name: mail_want_write mail_want_row; inserts into billing.mail_want
insert into billing.mail_want (workspace_id, id, document_id, version, why, recipients, subject, body, ubl, link, deal_id, lead_id, contact_id, account_id, owner_id, sender_id, at)
select * from unnest(:workspace_id[], :mail_id[], :document_id[], :version[], :why[], :recipients[], :subject[], :body[], :ubl[], :link[], :deal_id[], :lead_id[], :contact_id[],
	:account_id[], :owner_id[], :sender_id[], :at[])

-- name: balance_move balance_ask => balance_row; locks billing.account: those that owe another amount from now on; open invoices less payments that are for none yet
update billing.account a
set balance = x.balance
from (
	select item.workspace_id, item.account_id, w.currency,
		coalesce((select sum(d.payable - d.received - d.credited) from billing.document d
			where (d.workspace_id, d.account_id) = (item.workspace_id, item.account_id) and d.kind = 'invoice' and d.finalised_at is not null and d.removed_at is null
				and d.currency = w.currency), 0)::bigint
		- coalesce((select sum(p.amount) from billing.payment p
			where (p.workspace_id, p.account_id) = (item.workspace_id, item.account_id) and p.document_id is null and p.removed_at is null and p.currency = w.currency), 0)::bigint as balance
	from unnest(:workspace_id[], :account_id[]) as item (workspace_id, account_id)
	join billing.workspace w on w.workspace_id = item.workspace_id
) x
where (a.workspace_id, a.id) = (x.workspace_id, x.account_id) and a.balance <> x.balance
returning a.id as account_id, a.balance, x.currency as balance_currency, a.owner_id

-- name: made_load document_ask => made_row; invoices of a quote, credit notes of an invoice: the oldest first
select d.id as document_id, d.kind, d.version, d.number, d.part, d.groups, d.finalised_at, d.kind = 'invoice' and d.state = 'cancelled' as undone
from unnest(:workspace_id[], :document_id[]) as item (workspace_id, document_id)
join billing.document d on d.workspace_id = item.workspace_id and (d.quote_id = item.document_id or d.original_id = item.document_id) and d.removed_at is null
order by d.created_at, d.id
