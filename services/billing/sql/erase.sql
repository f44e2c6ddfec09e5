-- Forgetting somebody: what billing knows of them. What columns call personal by an id is emptied by the bus; documents are gone through here.

-- name: person_erased_renders person_erased *; locks billing.render: files of quotes and drafts that show them are named no more, and go with the sweep; before what they say
-- is emptied, which is how they are found
delete from billing.render r
using (
	select x.workspace_id, array(select i::uuid from jsonb_array_elements_text(x.ids) i) as ids,
		billing.erase_pattern(array(select w from jsonb_array_elements_text(coalesce(x.words, '[]')) w)) as pattern
	from unnest(:workspace[], :ids[], :words[]) as x (workspace_id, ids, words)
) item, billing.document d
where d.workspace_id = item.workspace_id and d.finalised_at is null and (r.workspace_id, r.document_id) = (d.workspace_id, d.id)
	and (d.contact_id = any (item.ids) or d.deal_id = any (item.ids) or d.lead_id = any (item.ids)
		or concat_ws(' ', d.buyer, d.title, d.intro, d.notes, d.buyer_reference, d.order_reference, d.lines, d.discount_reason, d.accepted_by, d.decline_reason) ~* item.pattern
		or r.quote::text ~* item.pattern)

-- name: person_erased_documents person_erased *; locks billing.document: quotes and drafts say nothing of them any more, by their id and by what they are called; what is
-- final stays as the law wants it kept (seven years), and its link is good no more
with item as (
	select x.workspace_id, array(select i::uuid from jsonb_array_elements_text(x.ids) i) as ids,
		billing.erase_pattern(array(select w from jsonb_array_elements_text(coalesce(x.words, '[]')) w)) as pattern
	from unnest(:workspace[], :ids[], :words[]) as x (workspace_id, ids, words)
), found as (
	select d.workspace_id, d.id, coalesce(d.contact_id = any (item.ids) or d.deal_id = any (item.ids) or d.lead_id = any (item.ids), false) as whole, item.pattern
	from item
	join billing.document d on d.workspace_id = item.workspace_id
	where d.contact_id = any (item.ids) or d.deal_id = any (item.ids) or d.lead_id = any (item.ids)
		or concat_ws(' ', d.buyer, d.title, d.intro, d.notes, d.buyer_reference, d.order_reference, d.lines, d.discount_reason, d.accepted_by, d.decline_reason) ~* item.pattern
), kept as (
	update billing.document d
	set accepted_by = case when d.accepted_by is not null then 'erased' end, accepted_address = null, decline_reason = null, token = null, token_hash = null
	from found f
	where (d.workspace_id, d.id) = (f.workspace_id, f.id) and d.finalised_at is not null and f.whole
)
update billing.document d
set buyer = case when f.whole then jsonb_build_object('name', 'erased') else billing.erase_json(d.buyer, f.pattern) end,
	title = case when f.whole then 'erased' else billing.erase_text(d.title, f.pattern) end,
	intro = case when not f.whole then billing.erase_text(d.intro, f.pattern) end, notes = case when not f.whole then billing.erase_text(d.notes, f.pattern) end,
	buyer_reference = case when not f.whole then billing.erase_text(d.buyer_reference, f.pattern) end,
	order_reference = case when not f.whole then billing.erase_text(d.order_reference, f.pattern) end,
	discount_reason = case when not f.whole then billing.erase_text(d.discount_reason, f.pattern) end,
	accepted_by = case when d.accepted_by is not null then case when f.whole then 'erased' else billing.erase_text(d.accepted_by, f.pattern) end end,
	accepted_address = case when not f.whole then d.accepted_address end, decline_reason = case when not f.whole then billing.erase_text(d.decline_reason, f.pattern) end,
	token = case when not f.whole then d.token end, token_hash = case when not f.whole then d.token_hash end,
	lines = case when f.whole then (select coalesce(jsonb_agg((l || jsonb_build_object('name', 'erased')) - 'description' order by i), '[]')
		from jsonb_array_elements(d.lines) with ordinality as e (l, i)) else billing.erase_json(d.lines, f.pattern) end
from found f
where (d.workspace_id, d.id) = (f.workspace_id, f.id) and d.finalised_at is null

-- name: person_erased_mails person_erased *; locks billing.mail_want: nothing goes to them, or about them, any more
delete from billing.mail_want m
using unnest(:workspace[], :ids[]) as item (workspace_id, ids)
where m.workspace_id = item.workspace_id and (m.contact_id = any (array(select i::uuid from jsonb_array_elements_text(item.ids) i))
	or m.deal_id = any (array(select i::uuid from jsonb_array_elements_text(item.ids) i)) or m.lead_id = any (array(select i::uuid from jsonb_array_elements_text(item.ids) i)))

-- name: billing_person_rows billing_person_rows -> json; documents too, whole
with named as (
	select array(select i::uuid from jsonb_array_elements_text(:ids) i) as ids
)
select json_build_object('data', billing.people_rows(named.ids) || coalesce((select jsonb_build_object('document', jsonb_agg(to_jsonb(d) - 'token' - 'token_hash' - 'search'))
		from billing.document d
		where d.workspace_id = any (:workspaces) and (d.contact_id = any (named.ids) or d.deal_id = any (named.ids) or d.lead_id = any (named.ids))
		having count(*) > 0), '{}'))::text
from named
