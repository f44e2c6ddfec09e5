-- Quotes and invoices in mails: the one that is to go with its files, and what placeholders say of those that were sent.

-- name: document_mail_load document_mail_wanted -> mail_place; locks nothing; a row per item, in their order
with item as (
	select workspace_id, mail_id, null::uuid as account_id, deal_id, contact_id, i
	from unnest(:workspace[], :mail_id[], :deal_id[], :contact_id[]) with ordinality as item (workspace_id, mail_id, deal_id, contact_id, i)
)
select w.workspace_id is not null as known, t.id is not null as taken, w.language, d.id is not null as deal_known, d.owner_id, c.id is not null as contact_known, c.owner_id as contact_owner_id,
	d.contact_id, d.account_id, null::uuid as thread_id, null::uuid as answered_owner_id, null::text as answers, null::text as refs, null::text as member_email,
-- use: place_rest
left join mailer.message t on (t.workspace_id, t.id) = (item.workspace_id, item.mail_id)
left join mailer.deal d on (d.workspace_id, d.id) = (item.workspace_id, item.deal_id)
left join mailer.contact c on (c.workspace_id, c.id) = (item.workspace_id, item.contact_id)
order by item.i

-- name: quote_sent_write quote_sent *; locks mailer.document
insert into mailer.document (workspace_id, id, kind, number, deal_id, contact_id, total, open, currency, due, link, state, sent_at)
select item.workspace_id, item.id, 'quote', item.number, item.deal_id, item.contact_id, item.total, item.total, item.currency, item.due, item.link, item.state, item.at
from unnest(:workspace[], :document_id[], :number[], :deal_id[], :contact_id[], :total[], :total_currency[], :due[], :link[], :state[], :at[])
	as item (workspace_id, id, number, deal_id, contact_id, total, currency, due, link, state, at)
where item.number is not null
on conflict (workspace_id, id) do update set number = excluded.number, deal_id = excluded.deal_id, contact_id = excluded.contact_id, total = excluded.total,
	open = excluded.open, currency = excluded.currency, due = excluded.due, link = excluded.link, state = excluded.state, sent_at = excluded.sent_at, removed = false

-- name: invoice_sent_write invoice_sent *; likewise; what came in for it before it was sent again is said by document.changed
insert into mailer.document (workspace_id, id, kind, number, deal_id, contact_id, total, open, currency, due, link, state, sent_at)
select item.workspace_id, item.id, 'invoice', item.number, item.deal_id, item.contact_id, item.total, item.total, item.currency, item.due, item.link, item.state, item.at
from unnest(:workspace[], :document_id[], :number[], :deal_id[], :contact_id[], :total[], :total_currency[], :due[], :link[], :state[], :at[])
	as item (workspace_id, id, number, deal_id, contact_id, total, currency, due, link, state, at)
where item.number is not null
on conflict (workspace_id, id) do update set number = excluded.number, deal_id = excluded.deal_id, contact_id = excluded.contact_id, total = excluded.total,
	currency = excluded.currency, due = excluded.due, link = excluded.link, state = excluded.state, sent_at = excluded.sent_at, removed = false

-- name: document_changed_write document_changed *; locks mailer.document: of those that were sent
update mailer.document d
set state = item.state, open = coalesce(item.open, d.open), removed = item.removed, deal_id = item.deal_id, contact_id = item.contact_id
from unnest(:workspace[], :document_id[], :state[], :open[], :removed[], :deal_id[], :contact_id[]) as item (workspace_id, id, state, open, removed, deal_id, contact_id)
where (d.workspace_id, d.id) = (item.workspace_id, item.id)

-- name: removed_document_drop workspace_removed *; locks mailer.document, the workspace's rows
delete from mailer.document t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id
