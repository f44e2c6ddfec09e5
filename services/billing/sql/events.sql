-- What billing keeps of what others say: workspaces with their company and series, people, deals, contacts, companies. Documents follow merges and owners.

-- name: workspace_created_write workspace_created; inserts into billing.workspace, billing.company, billing.series: they stand there from the beginning
with company as (
	insert into billing.company (workspace_id, name, country)
	select * from unnest(:workspace_id[], :name[], :country[])
), series as (
	insert into billing.series (workspace_id, kind, format, digits, yearly)
	select item.workspace_id, k.kind, k.format, 3, true
	from unnest(:workspace_id[]) as item (workspace_id),
		(values ('quote', 'OFF-{year}-{seq}'), ('invoice', 'INV-{year}-{seq}'), ('credit_note', 'CRE-{year}-{seq}')) as k (kind, format)
)
insert into billing.workspace (workspace_id, agency_id, name, language, currency, timezone, country, home)
select * from unnest(:workspace_id[], :agency_id[], :name[], :language[], :currency[], :timezone[], :country[], :home[])

-- name: workspace_updated_write workspace_updated *; locks billing.workspace, the changed rows
update billing.workspace w
set name = item.name
from unnest(:workspace_id[], :name[]) as item (workspace_id, name)
where w.workspace_id = item.workspace_id

-- name: workspace_preset_changed_write workspace_preset_changed *; locks billing.workspace, the changed rows
update billing.workspace w
set language = coalesce(item.content ->> 'language', w.language), currency = coalesce(item.content ->> 'currency', w.currency),
	timezone = coalesce(item.content ->> 'timezone', w.timezone), country = coalesce(item.content ->> 'country', w.country)
from unnest(:workspace_id[], :content[]) as item (workspace_id, content)
where w.workspace_id = item.workspace_id

-- name: member_changed_write member_changed; locks billing.member
insert into billing.member (workspace_id, user_id, name, email, active)
select * from unnest(:workspace[], :user_id[], :name[], :email[], :active[])
on conflict (workspace_id, user_id) do update set name = excluded.name, email = excluded.email, active = excluded.active

-- name: member_handed_over_write member_handed_over *; locks billing.deal, billing.contact, billing.account, billing.document, billing.sales_order, billing.mail_want, billing.payment: what somebody owned is another one's
with deal as (
	update billing.deal d set owner_id = item.to_id
	from unnest(:workspace[], :user_id[], :to_id[]) as item (workspace_id, user_id, to_id)
	where d.workspace_id = item.workspace_id and d.owner_id = item.user_id
), contact as (
	update billing.contact c set owner_id = item.to_id
	from unnest(:workspace[], :user_id[], :to_id[]) as item (workspace_id, user_id, to_id)
	where c.workspace_id = item.workspace_id and c.owner_id = item.user_id
), account as (
	update billing.account a set owner_id = item.to_id
	from unnest(:workspace[], :user_id[], :to_id[]) as item (workspace_id, user_id, to_id)
	where a.workspace_id = item.workspace_id and a.owner_id = item.user_id
), ordered as (
	update billing.sales_order o set owner_id = item.to_id
	from unnest(:workspace[], :user_id[], :to_id[]) as item (workspace_id, user_id, to_id)
	where o.workspace_id = item.workspace_id and o.owner_id = item.user_id
), wanted as (
	update billing.mail_want m set owner_id = item.to_id
	from unnest(:workspace[], :user_id[], :to_id[]) as item (workspace_id, user_id, to_id)
	where m.workspace_id = item.workspace_id and m.owner_id = item.user_id
), paid as (
	update billing.payment p set owner_id = item.to_id
	from unnest(:workspace[], :user_id[], :to_id[]) as item (workspace_id, user_id, to_id)
	where p.workspace_id = item.workspace_id and p.owner_id = item.user_id
)
update billing.document d set owner_id = item.to_id
from unnest(:workspace[], :user_id[], :to_id[]) as item (workspace_id, user_id, to_id)
where d.workspace_id = item.workspace_id and d.owner_id = item.user_id

-- name: deal_created_write deal_created *; inserts into billing.deal; what was heard before stays as it is
insert into billing.deal (workspace_id, id, number, title, value, value_currency, owner_id, lead_id, contact_id, account_id, source)
select item.workspace_id, item.id, item.number, item.title, item.value, item.value_currency, item.owner_id, item.lead_id, coalesce(item.contact_id, l.contact_id), item.account_id,
	coalesce(item.channel, item.source)
from unnest(:workspace[], :deal_id[], :number[], :title[], :value[], :value_currency[], :owner_id[], :lead_id[], :contact_id[], :account_id[], :source[], :channel[])
	as item (workspace_id, id, number, title, value, value_currency, owner_id, lead_id, contact_id, account_id, source, channel)
left join billing.lead_contact l on (l.workspace_id, l.lead_id) = (item.workspace_id, item.lead_id)
on conflict (workspace_id, id) do nothing

-- name: deal_updated_write deal_updated *; locks billing.deal, the changed rows, and billing.document, billing.payment, billing.sales_order: they are whose the deal is
with documents as (
	update billing.document d
	set owner_id = item.owner_id
	from unnest(:workspace[], :deal_id[], :owner_id[]) as item (workspace_id, id, owner_id)
	where (d.workspace_id, d.deal_id) = (item.workspace_id, item.id) and d.owner_id is distinct from item.owner_id
), payments as (
	update billing.payment p
	set owner_id = item.owner_id
	from unnest(:workspace[], :deal_id[], :owner_id[]) as item (workspace_id, id, owner_id)
	join billing.document d on (d.workspace_id, d.deal_id) = (item.workspace_id, item.id)
	where (p.workspace_id, p.document_id) = (d.workspace_id, d.id) and p.owner_id is distinct from item.owner_id
), orders as (
	update billing.sales_order o
	set owner_id = item.owner_id
	from unnest(:workspace[], :deal_id[], :owner_id[]) as item (workspace_id, id, owner_id)
	where (o.workspace_id, o.deal_id) = (item.workspace_id, item.id) and o.owner_id is distinct from item.owner_id
)
update billing.deal d
set title = item.title, value = item.value, value_currency = item.value_currency, owner_id = item.owner_id, account_id = coalesce(item.account_id, d.account_id),
	source = coalesce(item.channel, d.source)
from unnest(:workspace[], :deal_id[], :title[], :value[], :value_currency[], :owner_id[], :account_id[], :channel[])
	as item (workspace_id, id, title, value, value_currency, owner_id, account_id, channel)
where (d.workspace_id, d.id) = (item.workspace_id, item.id)

-- name: deal_converted_write deal_converted *; locks billing.deal: a won one has a company and a contact
update billing.deal d
set account_id = coalesce(item.account_id, d.account_id), contact_id = coalesce(item.contact_id, d.contact_id)
from unnest(:workspace[], :deal_id[], :account_id[], :contact_id[]) as item (workspace_id, id, account_id, contact_id)
where (d.workspace_id, d.id) = (item.workspace_id, item.id)

-- name: deal_contact_linked_write deal_contact_linked *; locks billing.deal
update billing.deal d
set contact_id = item.contact_id
from unnest(:workspace[], :deal_id[], :contact_id[]) as item (workspace_id, id, contact_id)
where (d.workspace_id, d.id) = (item.workspace_id, item.id) and item.contact_id is not null

-- name: lead_contact_linked_write lead_contact_linked *; locks billing.lead_contact, billing.deal: a deal bears its lead's id, and may be heard later
with kept as (
	insert into billing.lead_contact (workspace_id, lead_id, contact_id)
	select distinct on (item.workspace_id, item.lead_id) item.workspace_id, item.lead_id, item.contact_id
	from unnest(:workspace[], :lead_id[], :contact_id[]) as item (workspace_id, lead_id, contact_id)
	where item.contact_id is not null
	on conflict (workspace_id, lead_id) do update set contact_id = excluded.contact_id
)
update billing.deal d
set contact_id = item.contact_id
from unnest(:workspace[], :lead_id[], :contact_id[]) as item (workspace_id, lead_id, contact_id)
where (d.workspace_id, d.id) = (item.workspace_id, item.lead_id) and item.contact_id is not null

-- name: deal_purged_drop deal_purged *; locks billing.deal; its documents stay
delete from billing.deal t
using unnest(:workspace[], :deal_id[]) as item (workspace_id, id)
where (t.workspace_id, t.id) = (item.workspace_id, item.id)

-- name: contact_created_write contact_created *; inserts into billing.contact; one that was heard of before gets its number
insert into billing.contact (workspace_id, id, number, name, first_name, email, phone, company, account_id, owner_id)
select * from unnest(:workspace[], :contact_id[], :number[], :name[], :first_name[], :email[], :phone[], :company[], :account_id[], :owner_id[])
on conflict (workspace_id, id) do update set number = excluded.number

-- name: contact_updated_write contact_updated *; locks billing.contact, billing.document, billing.payment: theirs alone are whose they are, or their maker's where that is nobody's; a given name that was not told anew goes with the old name; another company is said by its name among what changed
with documents as (
	update billing.document d
	set owner_id = item.owner_id
	from unnest(:workspace[], :contact_id[], :owner_id[], :old_owner_id[]) as item (workspace_id, id, owner_id, old_owner_id)
	where (d.workspace_id, d.contact_id) = (item.workspace_id, item.id) and d.deal_id is null and d.account_id is null and d.owner_id is distinct from item.owner_id and (item.owner_id is not null or d.owner_id = item.old_owner_id)
), payments as (
	update billing.payment p
	set owner_id = item.owner_id
	from unnest(:workspace[], :contact_id[], :owner_id[], :old_owner_id[]) as item (workspace_id, id, owner_id, old_owner_id)
	join billing.document d on (d.workspace_id, d.contact_id) = (item.workspace_id, item.id) and d.deal_id is null and d.account_id is null
	where (p.workspace_id, p.document_id) = (d.workspace_id, d.id) and p.owner_id is distinct from item.owner_id and (item.owner_id is not null or p.owner_id = item.old_owner_id)
), told as (
	select item.workspace_id, item.id, item.name, item.email, item.phone, item.company, item.owner_id,
		coalesce((select jsonb_object_agg(c ->> 'field', c -> 'new') from jsonb_array_elements(item.changes) c), '{}') as new
	from unnest(:workspace[], :contact_id[], :name[], :email[], :phone[], :company[], :owner_id[], :changes[]) as item (workspace_id, id, name, email, phone, company, owner_id, changes)
)
insert into billing.contact as k (workspace_id, id, name, email, phone, company, owner_id, account_id)
select t.workspace_id, t.id, t.name, t.email, t.phone, t.company, t.owner_id, (t.new ->> 'account_id')::uuid
from told t
on conflict (workspace_id, id) do update set name = excluded.name, email = excluded.email, phone = excluded.phone, company = excluded.company, owner_id = excluded.owner_id,
	first_name = case when k.name = excluded.name then k.first_name end,
	account_id = case when (select t.new ? 'account_id' from told t where (t.workspace_id, t.id) = (k.workspace_id, k.id)) then excluded.account_id else k.account_id end

-- name: contact_merged_note contact_merged *; inserts into billing.merge_move: what moves, so that it can go back
insert into billing.merge_move (workspace_id, merge_id, place, ids)
select item.workspace_id, item.merge_id, x.place, x.ids
from unnest(:workspace[], :merge_id[], :loser_id[]) as item (workspace_id, merge_id, loser_id)
cross join lateral (
	select 'document' as place, array_agg(t.id) as ids from billing.document t where (t.workspace_id, t.contact_id) = (item.workspace_id, item.loser_id)
	union all select 'payment' as place, array_agg(t.id) as ids from billing.payment t where (t.workspace_id, t.contact_id) = (item.workspace_id, item.loser_id)
	union all select 'sales_order' as place, array_agg(t.id) as ids from billing.sales_order t where (t.workspace_id, t.contact_id) = (item.workspace_id, item.loser_id)
	union all select 'deal' as place, array_agg(t.id) as ids from billing.deal t where (t.workspace_id, t.contact_id) = (item.workspace_id, item.loser_id)
	union all select 'account' as place, array[t.account_id] as ids from billing.contact t where (t.workspace_id, t.id) = (item.workspace_id, item.loser_id) and t.account_id is not null
	union all select 'lead_contact' as place, array_agg(t.lead_id) as ids from billing.lead_contact t where (t.workspace_id, t.contact_id) = (item.workspace_id, item.loser_id)
) x
where x.ids is not null
on conflict (workspace_id, merge_id, place) do nothing

-- name: contact_merged_write contact_merged *; locks billing.contact, billing.deal, billing.lead_contact, billing.document, billing.sales_order, billing.payment, billing.mail_want: the loser is the survivor from now on
with gone as (
	delete from billing.contact c
	using unnest(:workspace[], :loser_id[]) as item (workspace_id, id)
	where (c.workspace_id, c.id) = (item.workspace_id, item.id)
), leads as (
	update billing.lead_contact l set contact_id = item.survivor_id
	from unnest(:workspace[], :loser_id[], :survivor_id[]) as item (workspace_id, loser_id, survivor_id)
	where (l.workspace_id, l.contact_id) = (item.workspace_id, item.loser_id)
), deals as (
	update billing.deal d set contact_id = item.survivor_id
	from unnest(:workspace[], :loser_id[], :survivor_id[]) as item (workspace_id, loser_id, survivor_id)
	where (d.workspace_id, d.contact_id) = (item.workspace_id, item.loser_id)
), documents as (
	update billing.document d set contact_id = item.survivor_id
	from unnest(:workspace[], :loser_id[], :survivor_id[]) as item (workspace_id, loser_id, survivor_id)
	where (d.workspace_id, d.contact_id) = (item.workspace_id, item.loser_id)
), orders as (
	update billing.sales_order o set contact_id = item.survivor_id
	from unnest(:workspace[], :loser_id[], :survivor_id[]) as item (workspace_id, loser_id, survivor_id)
	where (o.workspace_id, o.contact_id) = (item.workspace_id, item.loser_id)
), payments as (
	update billing.payment p set contact_id = item.survivor_id
	from unnest(:workspace[], :loser_id[], :survivor_id[]) as item (workspace_id, loser_id, survivor_id)
	where (p.workspace_id, p.contact_id) = (item.workspace_id, item.loser_id)
), mails as (
	update billing.mail_want m set contact_id = item.survivor_id
	from unnest(:workspace[], :loser_id[], :survivor_id[]) as item (workspace_id, loser_id, survivor_id)
	where (m.workspace_id, m.contact_id) = (item.workspace_id, item.loser_id)
)
update billing.contact c
set name = item.name, company = item.company, email = item.email, phone = item.phone
from unnest(:workspace[], :survivor_id[], :name[], :company[], :email[], :phone[]) as item (workspace_id, id, name, company, email, phone)
where (c.workspace_id, c.id) = (item.workspace_id, item.id)

-- name: contact_unmerged_back contact_unmerged *; locks billing.document, billing.payment, billing.sales_order, billing.deal, billing.lead_contact, billing.merge_move: what moved goes back, unless it went elsewhere meanwhile
with item as (
	select x.workspace_id, x.survivor_id, x.loser_id, m.merge_id, m.place, m.ids
	from unnest(:workspace[], :merge_id[], :survivor_id[], :loser_id[]) as x (workspace_id, merge_id, survivor_id, loser_id)
	join billing.merge_move m on (m.workspace_id, m.merge_id) = (x.workspace_id, x.merge_id)
), documents as (
	update billing.document t set contact_id = item.loser_id
	from item
	where item.place = 'document' and t.workspace_id = item.workspace_id and t.id = any (item.ids) and t.contact_id = item.survivor_id
), payments as (
	update billing.payment t set contact_id = item.loser_id
	from item
	where item.place = 'payment' and t.workspace_id = item.workspace_id and t.id = any (item.ids) and t.contact_id = item.survivor_id
), sales_orders as (
	update billing.sales_order t set contact_id = item.loser_id
	from item
	where item.place = 'sales_order' and t.workspace_id = item.workspace_id and t.id = any (item.ids) and t.contact_id = item.survivor_id
), deals as (
	update billing.deal t set contact_id = item.loser_id
	from item
	where item.place = 'deal' and t.workspace_id = item.workspace_id and t.id = any (item.ids) and t.contact_id = item.survivor_id
), lead_contacts as (
	update billing.lead_contact t set contact_id = item.loser_id
	from item
	where item.place = 'lead_contact' and t.workspace_id = item.workspace_id and t.lead_id = any (item.ids) and t.contact_id = item.survivor_id
)
delete from billing.merge_move m
using item
where (m.workspace_id, m.merge_id, m.place) = (item.workspace_id, item.merge_id, item.place)

-- name: contact_unmerged_write contact_unmerged *; locks billing.contact: who went into another stands for themselves again, at the company where they were; before what moved goes back
with survivors as (
	update billing.contact c set name = item.name
	from unnest(:workspace[], :survivor_id[], :name[]) as item (workspace_id, id, name)
	where (c.workspace_id, c.id) = (item.workspace_id, item.id)
)
insert into billing.contact (workspace_id, id, number, name, email, phone, company, owner_id, account_id)
select x.workspace_id, x.id, x.number, x.name, x.email, x.phone, x.company, x.owner_id, m.ids[1]
from unnest(:workspace[], :merge_id[], :loser_id[], :loser_number[], :loser_name[], :loser_email[], :loser_phone[], :loser_company[], :old_owner_id[])
	as x (workspace_id, merge_id, id, number, name, email, phone, company, owner_id)
left join billing.merge_move m on (m.workspace_id, m.merge_id, m.place) = (x.workspace_id, x.merge_id, 'account')
on conflict (workspace_id, id) do nothing

-- name: contact_purged_drop contact_purged *; locks billing.lead_contact, billing.contact
with leads as (
	delete from billing.lead_contact l
	using unnest(:workspace[], :contact_id[]) as item (workspace_id, id)
	where (l.workspace_id, l.contact_id) = (item.workspace_id, item.id)
)
delete from billing.contact t
using unnest(:workspace[], :contact_id[]) as item (workspace_id, id)
where (t.workspace_id, t.id) = (item.workspace_id, item.id)

-- name: account_created_write account_created *; inserts into billing.account; one that was heard of before gets its number
insert into billing.account (workspace_id, id, number, name, email, phone, address, postcode, city, country, registration_no, vat_no, owner_id)
select * from unnest(:workspace[], :account_id[], :number[], :name[], :email[], :phone[], :address[], :postcode[], :city[], :country[], :registration_no[], :vat_no[], :owner_id[])
on conflict (workspace_id, id) do update set number = excluded.number

-- name: account_updated_write account_updated *; locks billing.account, billing.document, billing.payment: theirs alone are whose they are, or their maker's where that is nobody's; of the address what changed is said by its name
with documents as (
	update billing.document d
	set owner_id = item.owner_id
	from unnest(:workspace[], :account_id[], :owner_id[], :old_owner_id[]) as item (workspace_id, id, owner_id, old_owner_id)
	where (d.workspace_id, d.account_id) = (item.workspace_id, item.id) and d.deal_id is null and d.owner_id is distinct from item.owner_id and (item.owner_id is not null or d.owner_id = item.old_owner_id)
), payments as (
	update billing.payment p
	set owner_id = item.owner_id
	from unnest(:workspace[], :account_id[], :owner_id[], :old_owner_id[]) as item (workspace_id, id, owner_id, old_owner_id)
	join billing.document d on (d.workspace_id, d.account_id) = (item.workspace_id, item.id) and d.deal_id is null
	where (p.workspace_id, p.document_id) = (d.workspace_id, d.id) and p.owner_id is distinct from item.owner_id and (item.owner_id is not null or p.owner_id = item.old_owner_id)
), loose as (
	update billing.payment p
	set owner_id = item.owner_id
	from unnest(:workspace[], :account_id[], :owner_id[], :old_owner_id[]) as item (workspace_id, id, owner_id, old_owner_id)
	where (p.workspace_id, p.account_id) = (item.workspace_id, item.id) and p.document_id is null and p.owner_id is distinct from item.owner_id and (item.owner_id is not null or p.owner_id = item.old_owner_id)
), told as (
	select item.workspace_id, item.id, item.name, item.owner_id,
		coalesce((select jsonb_object_agg(c ->> 'field', c -> 'new') from jsonb_array_elements(item.changes) c), '{}') as new
	from unnest(:workspace[], :account_id[], :name[], :owner_id[], :changes[]) as item (workspace_id, id, name, owner_id, changes)
)
insert into billing.account as a (workspace_id, id, name, owner_id, email, phone, address, postcode, city, country, registration_no, vat_no)
select t.workspace_id, t.id, t.name, t.owner_id, t.new ->> 'email', t.new ->> 'phone', t.new ->> 'address', t.new ->> 'postcode', t.new ->> 'city', t.new ->> 'country',
	t.new ->> 'registration_no', t.new ->> 'vat_no'
from told t
on conflict (workspace_id, id) do update set name = excluded.name, owner_id = excluded.owner_id,
	email = case when (select t.new ? 'email' from told t where (t.workspace_id, t.id) = (a.workspace_id, a.id)) then excluded.email else a.email end,
	phone = case when (select t.new ? 'phone' from told t where (t.workspace_id, t.id) = (a.workspace_id, a.id)) then excluded.phone else a.phone end,
	address = case when (select t.new ? 'address' from told t where (t.workspace_id, t.id) = (a.workspace_id, a.id)) then excluded.address else a.address end,
	postcode = case when (select t.new ? 'postcode' from told t where (t.workspace_id, t.id) = (a.workspace_id, a.id)) then excluded.postcode else a.postcode end,
	city = case when (select t.new ? 'city' from told t where (t.workspace_id, t.id) = (a.workspace_id, a.id)) then excluded.city else a.city end,
	country = case when (select t.new ? 'country' from told t where (t.workspace_id, t.id) = (a.workspace_id, a.id)) then excluded.country else a.country end,
	registration_no = case when (select t.new ? 'registration_no' from told t where (t.workspace_id, t.id) = (a.workspace_id, a.id)) then excluded.registration_no else a.registration_no end,
	vat_no = case when (select t.new ? 'vat_no' from told t where (t.workspace_id, t.id) = (a.workspace_id, a.id)) then excluded.vat_no else a.vat_no end

-- name: account_told_write account_told *; inserts into billing.account: those from before there was a copy
insert into billing.account (workspace_id, id, name, owner_id)
select * from unnest(:workspace[], :account_id[], :name[], :owner_id[])
on conflict (workspace_id, id) do nothing

-- name: account_merged_note account_merged *; inserts into billing.merge_move: what moves, so that it can go back
insert into billing.merge_move (workspace_id, merge_id, place, ids, account)
select item.workspace_id, item.merge_id, x.place, x.ids, x.account
from unnest(:workspace[], :merge_id[], :loser_id[]) as item (workspace_id, merge_id, loser_id)
cross join lateral (
	select 'document' as place, array_agg(t.id) as ids, null::jsonb as account from billing.document t where (t.workspace_id, t.account_id) = (item.workspace_id, item.loser_id)
	union all select 'payment' as place, array_agg(t.id) as ids, null::jsonb as account from billing.payment t where (t.workspace_id, t.account_id) = (item.workspace_id, item.loser_id)
	union all select 'sales_order' as place, array_agg(t.id) as ids, null::jsonb as account from billing.sales_order t where (t.workspace_id, t.account_id) = (item.workspace_id, item.loser_id)
	union all select 'deal' as place, array_agg(t.id) as ids, null::jsonb as account from billing.deal t where (t.workspace_id, t.account_id) = (item.workspace_id, item.loser_id)
	union all select 'contact' as place, array_agg(t.id) as ids, null::jsonb as account from billing.contact t where (t.workspace_id, t.account_id) = (item.workspace_id, item.loser_id)
	union all select 'loser' as place, array[t.id] as ids, to_jsonb(t) as account from billing.account t where (t.workspace_id, t.id) = (item.workspace_id, item.loser_id)
) x
where x.ids is not null
on conflict (workspace_id, merge_id, place) do nothing

-- name: account_merged_write account_merged *; locks billing.account, billing.deal, billing.contact, billing.document, billing.sales_order, billing.payment, billing.mail_want: the loser is the survivor from now on
with gone as (
	delete from billing.account a
	using unnest(:workspace[], :loser_id[]) as item (workspace_id, id)
	where (a.workspace_id, a.id) = (item.workspace_id, item.id)
), deals as (
	update billing.deal d set account_id = item.survivor_id
	from unnest(:workspace[], :loser_id[], :survivor_id[]) as item (workspace_id, loser_id, survivor_id)
	where (d.workspace_id, d.account_id) = (item.workspace_id, item.loser_id)
), contacts as (
	update billing.contact c set account_id = item.survivor_id
	from unnest(:workspace[], :loser_id[], :survivor_id[]) as item (workspace_id, loser_id, survivor_id)
	where c.workspace_id = item.workspace_id and c.account_id = item.loser_id
), documents as (
	update billing.document d set account_id = item.survivor_id
	from unnest(:workspace[], :loser_id[], :survivor_id[]) as item (workspace_id, loser_id, survivor_id)
	where (d.workspace_id, d.account_id) = (item.workspace_id, item.loser_id)
), orders as (
	update billing.sales_order o set account_id = item.survivor_id
	from unnest(:workspace[], :loser_id[], :survivor_id[]) as item (workspace_id, loser_id, survivor_id)
	where (o.workspace_id, o.account_id) = (item.workspace_id, item.loser_id)
), payments as (
	update billing.payment p set account_id = item.survivor_id
	from unnest(:workspace[], :loser_id[], :survivor_id[]) as item (workspace_id, loser_id, survivor_id)
	where (p.workspace_id, p.account_id) = (item.workspace_id, item.loser_id)
), mails as (
	update billing.mail_want m set account_id = item.survivor_id
	from unnest(:workspace[], :loser_id[], :survivor_id[]) as item (workspace_id, loser_id, survivor_id)
	where m.workspace_id = item.workspace_id and m.account_id = item.loser_id
)
update billing.account a
set name = item.name
from unnest(:workspace[], :survivor_id[], :name[]) as item (workspace_id, id, name)
where (a.workspace_id, a.id) = (item.workspace_id, item.id)

-- name: account_unmerged_back account_unmerged *; locks billing.document, billing.payment, billing.sales_order, billing.deal, billing.contact, billing.merge_move: what moved goes back, unless it went elsewhere meanwhile
with item as (
	select x.workspace_id, x.survivor_id, x.loser_id, m.merge_id, m.place, m.ids
	from unnest(:workspace[], :merge_id[], :survivor_id[], :loser_id[]) as x (workspace_id, merge_id, survivor_id, loser_id)
	join billing.merge_move m on (m.workspace_id, m.merge_id) = (x.workspace_id, x.merge_id)
), documents as (
	update billing.document t set account_id = item.loser_id
	from item
	where item.place = 'document' and t.workspace_id = item.workspace_id and t.id = any (item.ids) and t.account_id = item.survivor_id
), payments as (
	update billing.payment t set account_id = item.loser_id
	from item
	where item.place = 'payment' and t.workspace_id = item.workspace_id and t.id = any (item.ids) and t.account_id = item.survivor_id
), sales_orders as (
	update billing.sales_order t set account_id = item.loser_id
	from item
	where item.place = 'sales_order' and t.workspace_id = item.workspace_id and t.id = any (item.ids) and t.account_id = item.survivor_id
), deals as (
	update billing.deal t set account_id = item.loser_id
	from item
	where item.place = 'deal' and t.workspace_id = item.workspace_id and t.id = any (item.ids) and t.account_id = item.survivor_id
), contacts as (
	update billing.contact t set account_id = item.loser_id
	from item
	where item.place = 'contact' and t.workspace_id = item.workspace_id and t.id = any (item.ids) and t.account_id = item.survivor_id
)
delete from billing.merge_move m
using item
where (m.workspace_id, m.merge_id, m.place) = (item.workspace_id, item.merge_id, item.place)

-- name: account_unmerged_write account_unmerged *; locks billing.account: what went into another stands for itself again, with its address; before what moved goes back
with survivors as (
	update billing.account a set name = item.name
	from unnest(:workspace[], :survivor_id[], :name[]) as item (workspace_id, id, name)
	where (a.workspace_id, a.id) = (item.workspace_id, item.id)
)
insert into billing.account (workspace_id, id, number, name, owner_id, email, phone, address, postcode, city, country, registration_no, vat_no, balance)
select x.workspace_id, x.id, x.number, x.name, x.owner_id, a.email, a.phone, a.address, a.postcode, a.city, a.country, a.registration_no, a.vat_no, coalesce(a.balance, 0)
from unnest(:workspace[], :merge_id[], :loser_id[], :loser_number[], :loser_name[], :old_owner_id[]) as x (workspace_id, merge_id, id, number, name, owner_id)
left join billing.merge_move m on (m.workspace_id, m.merge_id, m.place) = (x.workspace_id, x.merge_id, 'loser')
left join lateral jsonb_populate_record(null::billing.account, m.account) a on true
on conflict (workspace_id, id) do nothing

-- name: account_purged_drop account_purged *; locks billing.account; its documents stay
delete from billing.account t
using unnest(:workspace[], :account_id[]) as item (workspace_id, id)
where (t.workspace_id, t.id) = (item.workspace_id, item.id)

-- name: removed_workspace_open workspace_removed *; locks billing.workspace: final documents may go from now on, as nowhere else
update billing.workspace w
set removing = true
from unnest(:workspace_id[]) as item (workspace_id)
where w.workspace_id = item.workspace_id

-- name: removed_hook_event_drop workspace_removed *; locks billing.hook_event, the workspace's rows
delete from billing.hook_event t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_pay_attempt_drop workspace_removed *; locks billing.pay_attempt, the workspace's rows
delete from billing.pay_attempt t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_pay_provider_drop workspace_removed *; locks billing.pay_provider, the workspace's rows
delete from billing.pay_provider t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_payment_drop workspace_removed *; locks billing.payment, the workspace's rows
delete from billing.payment t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_statement_line_drop workspace_removed *; locks billing.statement_line, the workspace's rows
delete from billing.statement_line t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_statement_drop workspace_removed *; locks billing.statement, the workspace's rows
delete from billing.statement t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_mail_want_drop workspace_removed *; locks billing.mail_want, the workspace's rows
delete from billing.mail_want t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_render_drop workspace_removed *; locks billing.render, the workspace's rows
delete from billing.render t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_recurrence_drop workspace_removed *; locks billing.recurrence, the workspace's rows
delete from billing.recurrence t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_sales_order_drop workspace_removed *; locks billing.sales_order, the workspace's rows
delete from billing.sales_order t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_document_drop workspace_removed *; locks billing.document, the workspace's rows
delete from billing.document t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_counter_drop workspace_removed *; locks billing.counter, the workspace's rows
delete from billing.counter t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_series_drop workspace_removed *; locks billing.series, the workspace's rows
delete from billing.series t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_company_drop workspace_removed *; locks billing.company, the workspace's rows
delete from billing.company t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_catalog_item_drop workspace_removed *; locks billing.catalog_item, the workspace's rows
delete from billing.catalog_item t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_lead_contact_drop workspace_removed *; locks billing.lead_contact, the workspace's rows
delete from billing.lead_contact t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_deal_drop workspace_removed *; locks billing.deal, the workspace's rows
delete from billing.deal t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_contact_drop workspace_removed *; locks billing.contact, the workspace's rows
delete from billing.contact t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_account_drop workspace_removed *; locks billing.account, the workspace's rows
delete from billing.account t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_member_drop workspace_removed *; locks billing.member, the workspace's rows
delete from billing.member t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_merge_move_drop workspace_removed *; locks billing.merge_move, the workspace's rows
delete from billing.merge_move t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_workspace_drop workspace_removed *; locks billing.workspace, the workspace's rows
delete from billing.workspace t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id
