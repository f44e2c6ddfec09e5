-- Files of documents: claimed, drawn by an effect worker, recorded; told to who waits for them; and where they lie.

-- name: render_claim effect_turn +> render_job; locks billing.render, the one that waits longest; one whose maker died with it again and again has failed
with hopeless as (
	update billing.render r
	set state = 'failed', quote = null, owner = null, lease_until = null, error = 'whoever made it ended before it was made, again and again'
	from (
		select x.workspace_id, x.document_id, x.version
		from billing.render x
		where x.state = 'wanted' and x.attempts >= 6 and x.lease_until < now()
		for update skip locked
	) x
	where (r.workspace_id, r.document_id, r.version) = (x.workspace_id, x.document_id, x.version)
), due as (
	select r.workspace_id, r.document_id, r.version
	from billing.render r
	where r.state = 'wanted' and r.next_at <= now() and r.attempts < 6 and (r.lease_until is null or r.lease_until < now())
	order by r.next_at
	limit 1
	for update skip locked
), taken as (
	update billing.render r
	set attempts = r.attempts + 1, owner = :owner, lease_until = now() + make_interval(secs => :lease::bigint)
	from due
	where (r.workspace_id, r.document_id, r.version) = (due.workspace_id, due.document_id, due.version)
	returning r.workspace_id, r.document_id, r.version, r.attempts, r.quote
)
select r.workspace_id, r.document_id, r.version, r.attempts::bigint as attempt, d.kind, d.number, d.revision::bigint as revision, d.language, d.currency, d.mode, d.title, d.intro, d.notes,
	day.issued, coalesce(d.due, case d.kind when 'quote' then day.issued + c.quote_days::int when 'invoice' then day.issued + c.due_days::int end) as due, d.supplied,
	d.buyer, d.seller, to_jsonb(c) as company, d.buyer_reference, d.order_reference, o.number as original_number, o.issued as original_issued, d.lines,
	d.discount, d.discount_amount, d.discount_reason, d.prepaid, d.rounding, d.net, d.vat, d.gross, d.payable, d.rate, d.rate_day, d.token,
	exists (select from billing.pay_provider p where p.workspace_id = d.workspace_id and p.active and p.removed_at is null) as pay,
	d.state = 'draft' as draft, d.state = 'paid' as paid, d.received + d.credited as settled
from taken r
join billing.document x on (x.workspace_id, x.id) = (r.workspace_id, r.document_id)
cross join lateral jsonb_populate_record(x, coalesce(r.quote, '{}')) d -- as it was sent, where it may be another by now
join billing.company c on c.workspace_id = d.workspace_id
left join billing.workspace w on w.workspace_id = d.workspace_id
left join billing.document o on (o.workspace_id, o.id) = (d.workspace_id, d.original_id)
cross join lateral (select coalesce(d.issued, (now() at time zone coalesce(w.timezone, 'UTC'))::date) as issued) day

-- name: render_record render_told +> render_recorded; locks billing.render, its own attempt alone; of older versions what nobody needs goes with it
with own as (
	update billing.render r
	set state = item.state, quote = case item.state when 'wanted' then r.quote end, pdf_sha256 = item.pdf_sha256, ubl_sha256 = item.ubl_sha256, problems = coalesce(item.problems, '[]'), error = item.error, owner = null, lease_until = null,
		made_at = case item.state when 'made' then now() end, next_at = now() + make_interval(secs => coalesce(item.again, 0))
	from unnest(:workspace_id[], :document_id[], :version[], :attempt[], :owner[], :state[], :pdf_sha256[], :ubl_sha256[], :problems[], :error[], :again[])
		as item (workspace_id, document_id, version, attempt, owner, state, pdf_sha256, ubl_sha256, problems, error, again)
	where (r.workspace_id, r.document_id, r.version) = (item.workspace_id, item.document_id, item.version) and r.attempts = item.attempt and r.owner = item.owner and r.state = 'wanted'
	returning r.workspace_id, r.document_id, r.version, r.state
), older as (
	delete from billing.render r
	using own
	where own.state = 'made' and (r.workspace_id, r.document_id) = (own.workspace_id, own.document_id) and r.version < own.version
		and not exists (select from billing.mail_want m where (m.workspace_id, m.document_id, m.version) = (r.workspace_id, r.document_id, r.version))
)
select own.version from own

-- part: file_stem
cross join lateral (select regexp_replace(coalesce(d.number, case d.language when 'nl' then 'concept' else 'draft' end), '[^A-Za-z0-9._-]+', '-', 'g') as stem) f

-- part: mail_made
billing.mail_want m
join billing.document d on (d.workspace_id, d.id) = (m.workspace_id, m.document_id)
cross join lateral (
	select r.pdf_sha256, r.ubl_sha256
	from billing.render r
	where (r.workspace_id, r.document_id) = (m.workspace_id, m.document_id) and r.state = 'made'
		and (r.version = m.version or (d.finalised_at is not null and r.version > m.version)) -- what is final is printed the same in every version
	order by r.version
	limit 1
) r

-- name: renders_waiting -> workspace_due; in which a mail has its files
select m.workspace_id, now() as now
from
-- use: mail_made
group by m.workspace_id

-- name: mails_made workspace_due => mail_made; those mails, the oldest first
select m.workspace_id, m.id as mail_id, m.document_id, d.kind, m.recipients, m.subject, m.body, m.link, m.deal_id, m.lead_id, m.contact_id, m.account_id, m.owner_id, m.sender_id,
	jsonb_build_array(jsonb_build_object('name', f.stem || '.pdf', 'type', 'application/pdf', 'sha256', r.pdf_sha256))
		|| case when m.ubl and r.ubl_sha256 is not null then jsonb_build_array(jsonb_build_object('name', f.stem || '.xml', 'type', 'application/xml', 'sha256', r.ubl_sha256))
			else '[]' end as files
from
-- use: mail_made
-- use: file_stem
where m.workspace_id = any (:workspace_id[])
order by m.at, m.id
limit 200

-- name: mail_want_drop mail_made; locks billing.mail_want: each is told once
delete from billing.mail_want m
using unnest(:workspace_id[], :mail_id[]) as item (workspace_id, mail_id)
where (m.workspace_id, m.id) = (item.workspace_id, item.mail_id)

-- name: document_files document_files -> json kept; no row: there is none. Those of its newest version: who asked for them just before waits for that one
select json_build_object('version', r.version, 'waiting', coalesce(r.state = 'wanted', true), 'failed', coalesce(r.state = 'failed', false), 'error', r.error, 'problems', coalesce(r.problems, '[]'),
	'pdf', case when r.state = 'made' then json_build_object('sha256', r.pdf_sha256, 'name', f.stem || '.pdf') end,
	'ubl', case when r.state = 'made' and r.ubl_sha256 is not null then json_build_object('sha256', r.ubl_sha256, 'name', f.stem || '.xml') end)::text
from billing.document d
-- use: file_stem
left join lateral (
	select x.*
	from billing.render x
	where (x.workspace_id, x.document_id) = (d.workspace_id, d.id)
	order by x.version desc
	limit 1
) r on true
where d.workspace_id = any (:workspaces) and d.id = :document_id
