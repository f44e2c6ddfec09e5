-- name: contact_merged_move contact_merged *; locks pipeline.deal_contact, then pipeline.waiting_lead; the deals of who went into another, and which they were
with gone as (
	update pipeline.deal_contact c
	set contact_id = item.survivor_id, name = item.name, company = item.company, email = item.email, phone = item.phone
	from unnest(:workspace[], :survivor_id[], :loser_id[], :name[], :company[], :email[], :phone[])
		as item (workspace_id, survivor_id, loser_id, name, company, email, phone)
	where (c.workspace_id, c.contact_id) = (item.workspace_id, item.loser_id)
	returning c.workspace_id, item.loser_id, c.deal_id
), waiting as (
	update pipeline.waiting_lead l
	set contact_id = item.survivor_id, contact_name = item.name, contact_email = item.email, contact_phone = item.phone
	from unnest(:workspace[], :survivor_id[], :loser_id[], :name[], :email[], :phone[])
		as item (workspace_id, survivor_id, loser_id, name, email, phone)
	where l.workspace_id = item.workspace_id and l.contact_id = item.loser_id
	returning l.workspace_id, item.loser_id, l.lead_id
)
insert into pipeline.merge_move (workspace_id, merge_id, place, ids)
select item.workspace_id, item.merge_id, m.place, array_agg(m.id order by m.id)
from unnest(:workspace[], :merge_id[], :loser_id[]) as item (workspace_id, merge_id, loser_id)
join (
	select g.workspace_id, g.loser_id, 'deal_contact' as place, g.deal_id as id from gone g
	union all
	select w.workspace_id, w.loser_id, 'waiting_lead', w.lead_id from waiting w
) m on (m.workspace_id, m.loser_id) = (item.workspace_id, item.loser_id)
group by item.workspace_id, item.merge_id, m.place
on conflict (workspace_id, merge_id, place) do update set ids = array(select distinct u.id from unnest(merge_move.ids || excluded.ids) as u (id) order by u.id)

-- name: contact_unmerged_move contact_unmerged *; locks pipeline.deal_contact, then pipeline.waiting_lead; those that were given then, where nobody named another since
with deals as (
	update pipeline.deal_contact c
	set contact_id = item.loser_id, name = item.name, company = item.company, email = item.email, phone = item.phone
	from unnest(:workspace[], :merge_id[], :survivor_id[], :loser_id[], :loser_name[], :loser_company[], :loser_email[], :loser_phone[])
		as item (workspace_id, merge_id, survivor_id, loser_id, name, company, email, phone)
	join pipeline.merge_move m on (m.workspace_id, m.merge_id, m.place) = (item.workspace_id, item.merge_id, 'deal_contact')
	where (c.workspace_id, c.contact_id) = (item.workspace_id, item.survivor_id) and c.deal_id = any (m.ids)
)
update pipeline.waiting_lead l
set contact_id = item.loser_id, contact_name = item.name, contact_email = item.email, contact_phone = item.phone
from unnest(:workspace[], :merge_id[], :survivor_id[], :loser_id[], :loser_name[], :loser_email[], :loser_phone[])
	as item (workspace_id, merge_id, survivor_id, loser_id, name, email, phone)
join pipeline.merge_move m on (m.workspace_id, m.merge_id, m.place) = (item.workspace_id, item.merge_id, 'waiting_lead')
where l.workspace_id = item.workspace_id and l.contact_id = item.survivor_id and l.lead_id = any (m.ids)

-- name: merged_late merge_heard *; locks pipeline.search_page; deals that stand on a page under another name
insert into pipeline.search_page (workspace_id, last, n, ids, words)
select t.workspace_id, t.id, 1, array[t.id], pipeline.search_text(concat_ws(' ', t.title, t.company, k.name, k.company))
from (
	select distinct m.workspace_id, d.id
	from unnest(:workspace_id[], :merge_id[]) as item (workspace_id, merge_id)
	join pipeline.merge_move m on (m.workspace_id, m.merge_id, m.place) = (item.workspace_id, item.merge_id, 'deal_contact')
	cross join lateral unnest(m.ids) as d (id)
) item
join pipeline.workspace w on w.workspace_id = item.workspace_id and item.id <= w.search_upto
join pipeline.deal t on (t.workspace_id, t.id) = (item.workspace_id, item.id)
join pipeline.deal_contact k on (k.workspace_id, k.deal_id) = (t.workspace_id, t.id)
on conflict (workspace_id, last, n) do update set words = search_page.words || excluded.words, marks = null

-- name: merge_move_drop merge_heard *; locks pipeline.merge_move
delete from pipeline.merge_move m
using unnest(:workspace_id[], :merge_id[]) as item (workspace_id, merge_id)
where (m.workspace_id, m.merge_id) = (item.workspace_id, item.merge_id)

-- name: account_merged_move account_merged *; locks pipeline.deal_account; where both have an open card on a board of relationships, the loser's is none until they part
with held as (
	select x.workspace_id, x.deal_id, item.loser_id, item.survivor_id, item.name, item.merge_id,
		x.card is not null and exists (select from pipeline.deal_account h
			where (h.workspace_id, h.account_id, h.card) = (x.workspace_id, item.survivor_id, x.card)) as yields
	from unnest(:workspace[], :merge_id[], :survivor_id[], :loser_id[], :name[]) as item (workspace_id, merge_id, survivor_id, loser_id, name)
	join pipeline.deal_account x on (x.workspace_id, x.account_id) = (item.workspace_id, item.loser_id)
), gone as (
	update pipeline.deal_account a
	set account_id = h.survivor_id, name = h.name, card = case when not h.yields then a.card end
	from held h
	where (a.workspace_id, a.deal_id) = (h.workspace_id, h.deal_id)
)
insert into pipeline.merge_move (workspace_id, merge_id, place, ids)
select h.workspace_id, h.merge_id, p.place, array_agg(h.deal_id order by h.deal_id)
from held h
join (values ('deal_account', false), ('card', true)) as p (place, of_card) on h.yields or not p.of_card
group by 1, 2, 3
on conflict (workspace_id, merge_id, place) do update set ids = array(select distinct u.id from unnest(merge_move.ids || excluded.ids) as u (id) order by u.id)

-- name: account_merged_gone account_merged *; locks pipeline.account: it can be named no more
delete from pipeline.account a
using unnest(:workspace[], :loser_id[]) as item (workspace_id, loser_id)
where (a.workspace_id, a.id) = (item.workspace_id, item.loser_id)

-- name: account_unmerged_move account_unmerged *; locks pipeline.deal_account; a card that gave way is one again, where it is open still
update pipeline.deal_account a
set account_id = item.loser_id, name = item.name, card = case
	when a.deal_id = any (c.ids) and s.kind = 'open' and d.trashed_at is null then s.pipeline_id else a.card end
from unnest(:workspace[], :merge_id[], :survivor_id[], :loser_id[], :loser_name[]) as item (workspace_id, merge_id, survivor_id, loser_id, name)
join pipeline.merge_move m on (m.workspace_id, m.merge_id, m.place) = (item.workspace_id, item.merge_id, 'deal_account')
cross join lateral unnest(m.ids) as moved (id)
join pipeline.deal d on (d.workspace_id, d.id) = (item.workspace_id, moved.id)
left join pipeline.stage s on (s.workspace_id, s.id) = (d.workspace_id, d.stage_id)
left join pipeline.merge_move c on (c.workspace_id, c.merge_id, c.place) = (item.workspace_id, item.merge_id, 'card')
where (a.workspace_id, a.deal_id) = (item.workspace_id, moved.id) and a.account_id = item.survivor_id

-- name: account_unmerged_back account_unmerged *; locks pipeline.account
insert into pipeline.account (workspace_id, id, owner_id, lifecycle, name, onboarding_status, roles)
select item.workspace_id, item.loser_id, item.owner_id, item.lifecycle, item.name, item.onboarding_status, coalesce(item.roles, '{}')
from unnest(:workspace[], :loser_id[], :old_owner_id[], :loser_lifecycle[], :loser_name[], :loser_onboarding_status[], :loser_roles[])
	as item (workspace_id, loser_id, owner_id, lifecycle, name, onboarding_status, roles)
on conflict (workspace_id, id) do nothing

-- name: removed_merge_move_drop workspace_removed *; locks pipeline.merge_move, the workspace's rows
delete from pipeline.merge_move t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: contact_purged_deals contact_purged *; locks pipeline.deal_contact
delete from pipeline.deal_contact c
using unnest(:workspace[], :contact_id[]) as item (workspace_id, contact_id)
where (c.workspace_id, c.contact_id) = (item.workspace_id, item.contact_id)

-- name: contact_purged_leads contact_purged *; locks pipeline.waiting_lead
update pipeline.waiting_lead l
set contact_id = null, contact_name = null, contact_email = null, contact_phone = null
from unnest(:workspace[], :contact_id[]) as item (workspace_id, contact_id)
where l.workspace_id = item.workspace_id and l.contact_id = item.contact_id

-- name: account_purged_deals account_purged *; locks pipeline.deal_account
delete from pipeline.deal_account a
using unnest(:workspace[], :account_id[]) as item (workspace_id, account_id)
where (a.workspace_id, a.account_id) = (item.workspace_id, item.account_id)

-- name: account_purged_drop account_purged *; locks pipeline.account
delete from pipeline.account a
using unnest(:workspace[], :account_id[]) as item (workspace_id, account_id)
where (a.workspace_id, a.id) = (item.workspace_id, item.account_id)
