-- What customers see and do by their link.

-- name: portal_get portal_get -> json; no row: the link is of nothing, or good no more. What is being written anew says who from, and nothing else
with found as (
	select d.*, d.kind = 'quote' and d.state = 'draft' as again, (now() at time zone coalesce(w.timezone, 'UTC'))::date as today,
		coalesce(d.seller, to_jsonb(c) - array['version', 'workspace_id', 'updated_at', 'logo_sha256']) as from_whom
	from billing.document d
	join billing.workspace w on w.workspace_id = d.workspace_id
	left join billing.company c on c.workspace_id = d.workspace_id
	where d.workspace_id = any (:workspaces) and d.token_hash = :hash and d.removed_at is null and (d.token_until is null or d.token_until > now())
)
select (jsonb_build_object('id', d.id, 'kind', d.kind, 'state', d.state, 'version', d.version, 'number', d.number, 'language', d.language,
	'seller', jsonb_build_object('name', d.from_whom -> 'name', 'street', d.from_whom -> 'street', 'street2', d.from_whom -> 'street2', 'postcode', d.from_whom -> 'postcode',
		'city', d.from_whom -> 'city', 'country', d.from_whom -> 'country', 'email', d.from_whom -> 'email', 'phone', d.from_whom -> 'phone', 'website', d.from_whom -> 'website',
		'kvk', d.from_whom -> 'kvk', 'oin', d.from_whom -> 'oin', 'vat_id', d.from_whom -> 'vat_id', 'iban', d.from_whom -> 'iban', 'bic', d.from_whom -> 'bic'),
	'colour', d.from_whom -> 'colour', 'logo', d.from_whom -> 'logo')
	|| case when d.again then '{}' else jsonb_build_object('revision', d.revision, 'currency', d.currency, 'mode', d.mode, 'title', d.title, 'intro', d.intro, 'notes', d.notes,
		'issued', d.issued, 'due', d.due, 'supplied', d.supplied, 'buyer_reference', d.buyer_reference, 'order_reference', d.order_reference, 'buyer', d.buyer,
		'terms', d.from_whom -> 'terms', 'footer', d.from_whom -> 'footer', 'lines', d.lines, 'groups', d.groups, 'discount', d.discount, 'discount_amount', d.discount_amount,
		'discount_reason', d.discount_reason, 'prepaid', billing.amount(d.prepaid, d.currency), 'rounding', billing.amount(d.rounding, d.currency),
		'net', billing.amount(d.net, d.currency), 'vat', billing.amount(d.vat, d.currency), 'gross', billing.amount(d.gross, d.currency),
		'payable', billing.amount(d.payable, d.currency), 'rate', d.rate, 'rate_day', d.rate_day, 'vat_euro', billing.amount(d.vat_euro, 'EUR'), 'open', billing.amount(x.open, d.currency), 'received', billing.amount(d.received, d.currency),
		'credited', billing.amount(d.credited, d.currency), 'overdue', d.kind = 'invoice' and x.open > 0 and d.due < d.today,
		'expired', d.kind = 'quote' and (d.state = 'expired' or (d.state = 'sent' and d.due < d.today)), 'accepted_at', billing.moment(d.accepted_at),
		'accepted_by', d.accepted_by, 'declined_at', billing.moment(d.declined_at), 'paid_at', billing.moment(d.paid_at),
		'original', (select jsonb_build_object('number', o.number) from billing.document o where (o.workspace_id, o.id) = (d.workspace_id, d.original_id)),
		/* what cannot be made is not offered; what nobody asked for yet may be */
		'ubl', d.kind <> 'quote' and coalesce((select r.ubl_sha256 is not null from billing.render r where (r.workspace_id, r.document_id) = (d.workspace_id, d.id)
			and r.state = 'made' order by r.version desc limit 1), true),
		'pay', x.open > 0 and exists (select from billing.pay_provider p where p.workspace_id = d.workspace_id and p.active and p.removed_at is null
			and (p.state <> 'fails' or p.checked_at is null or p.checked_at < now() - interval '10 minutes')),
		'epc', case when x.open between 1 and 99999999999 and d.currency = 'EUR' and d.from_whom ->> 'iban' is not null and d.from_whom ->> 'name' is not null then jsonb_build_object('text',
			concat_ws(E'\n', 'BCD', case when coalesce(d.from_whom ->> 'bic', '') = '' then '002' else '001' end, '1', 'SCT', coalesce(d.from_whom ->> 'bic', ''),
				left(d.from_whom ->> 'name', 70), d.from_whom ->> 'iban', 'EUR' || (x.open / 100.0)::numeric(12, 2), '', '', left(d.number, 140))) end) end)::text
from found d
cross join lateral (
	select case when d.kind = 'invoice' and d.finalised_at is not null then d.payable - d.received - d.credited else 0 end as open
) x

-- name: document_seen_write document_seen; locks billing.document: being looked at makes no other version of it
update billing.document d
set seen_at = item.at, viewed_at = coalesce(d.viewed_at, item.at)
from unnest(:workspace_id[], :document_id[], :at[]) as item (workspace_id, id, at)
where (d.workspace_id, d.id) = (item.workspace_id, item.id)
