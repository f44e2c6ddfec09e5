-- part: account_columns; an account as account_row has it
a.id as account_id, a.number, a.version, a.name, a.industry, a.phone, a.city, a.annual_revenue, a.annual_revenue_currency, a.lifecycle, a.client_at, a.created_at, a.owner_id,
	a.onboarding_status, a.roles, a.website, a.email, a.address, a.postcode, a.country, a.registration_no, a.vat_no, a.account_type, a.notes, a.custom, a.primary_contact_id, a.archived_at,
	a.removed_at, a.removed_by

-- name: account_load account_ask -> account_row; locks nothing, the lane is the lock; a row per item, in their order
select item.workspace_id,
	-- use: account_columns
	, w.workspace_id is not null as known, w.default_owner_id, other.id as taken_id, p.id as asked_contact_id
from unnest(:workspace_id[], :account_id[], :name[], :trashed[], :contact_id[]) with ordinality as item (workspace_id, id, name, trashed, contact_id, i)
left join contacts.workspace w on w.workspace_id = item.workspace_id
left join contacts.account a on (a.workspace_id, a.id) = (item.workspace_id, item.id) and (a.removed_at is null or coalesce(item.trashed, false)) and a.merged_into is null
left join contacts.account other on (other.workspace_id, lower(other.name)) = (item.workspace_id, lower(coalesce(item.name, case when a.removed_at is not null then a.name end)))
	and other.id <> item.id and other.removed_at is null and other.merged_into is null
left join contacts.contact p on (p.workspace_id, p.id) = (item.workspace_id, item.contact_id) and p.account_id = a.id and p.removed_at is null and p.merged_into is null
order by item.i

-- name: account_insert account_row; accounts known to be new; the index on the name has the last word
insert into contacts.account (workspace_id, id, number, name, industry, phone, city, annual_revenue, annual_revenue_currency, lifecycle, client_at,
	created_at, owner_id, onboarding_status, website, email, address, postcode, country, registration_no, vat_no, account_type, notes, custom)
select item.workspace_id, item.id, item.number, item.name, item.industry, item.phone, item.city, item.annual_revenue, item.currency, item.lifecycle,
	item.client_at, item.created_at, item.owner_id, item.onboarding_status, item.website, item.email, item.address, item.postcode, item.country, item.registration_no,
	item.vat_no, item.account_type, item.notes, item.custom
from unnest(:workspace_id[], :account_id[], :number[], :name[], :industry[], :phone[], :city[], :annual_revenue[], :annual_revenue_currency[],
		:lifecycle[], :client_at[], :created_at[], :owner_id[], :onboarding_status[], :website[], :email[], :address[], :postcode[], :country[], :registration_no[],
		:vat_no[], :account_type[], :notes[], :custom[])
	as item (workspace_id, id, number, name, industry, phone, city, annual_revenue, currency, lifecycle, client_at, created_at, owner_id, onboarding_status,
		website, email, address, postcode, country, registration_no, vat_no, account_type, notes, custom)

-- name: account_write account_row; locks contacts.account: the changed rows
update contacts.account a
set version = item.version, name = item.name, industry = item.industry, phone = item.phone, city = item.city, annual_revenue = item.annual_revenue,
	annual_revenue_currency = item.currency, lifecycle = item.lifecycle, client_at = item.client_at, owner_id = item.owner_id,
	onboarding_status = item.onboarding_status, roles = coalesce(item.roles, '{}'), website = item.website, email = item.email, address = item.address,
	postcode = item.postcode, country = item.country, registration_no = item.registration_no, vat_no = item.vat_no, account_type = item.account_type,
	notes = item.notes, custom = item.custom, primary_contact_id = item.primary_contact_id, archived_at = item.archived_at, removed_at = item.removed_at, removed_by = item.removed_by
from unnest(:workspace_id[], :account_id[], :version[], :name[], :industry[], :phone[], :city[], :annual_revenue[], :annual_revenue_currency[],
		:lifecycle[], :client_at[], :owner_id[], :onboarding_status[], :roles[], :website[], :email[], :address[], :postcode[], :country[], :registration_no[],
		:vat_no[], :account_type[], :notes[], :custom[], :primary_contact_id[], :archived_at[], :removed_at[], :removed_by[])
	as item (workspace_id, id, version, name, industry, phone, city, annual_revenue, currency, lifecycle, client_at, owner_id, onboarding_status, roles,
		website, email, address, postcode, country, registration_no, vat_no, account_type, notes, custom, primary_contact_id, archived_at, removed_at, removed_by)
where (a.workspace_id, a.id) = (item.workspace_id, item.id) and a.version = item.version - 1

-- name: account_away_write account_row *; locks contacts.deal_away: what was written about them rests with them
insert into contacts.deal_away (workspace_id, deal_id, since)
select item.workspace_id, item.id, item.removed_at
from unnest(:workspace_id[], :account_id[], :removed_at[]) as item (workspace_id, id, removed_at)
on conflict (workspace_id, deal_id) do nothing

-- name: account_away_drop account_row *; locks contacts.deal_away
delete from contacts.deal_away x
using unnest(:workspace_id[], :account_id[]) as item (workspace_id, id)
where (x.workspace_id, x.deal_id) = (item.workspace_id, item.id)

-- name: accounts_of_member member_handed_over => account_row; locks nothing, the lane is the lock
select a.workspace_id,
	-- use: account_columns
from unnest(:workspace[], :user_id[]) as item (workspace_id, user_id)
join contacts.account a on a.workspace_id = item.workspace_id and a.merged_into is null
	and (a.owner_id = item.user_id or exists (select from jsonb_each_text(a.roles) r where r.value = item.user_id::text))
order by a.id

-- name: account_list account_list -> json; sorted whole: a workspace has thousands of companies, not millions
with asked as (
	select ltrim(coalesce(:sort, 'created_at'), '-') as by, coalesce(:sort, '') like '-%' as down,
		case when contacts.is_account_cursor(:after) then :after::json end as from_here
), found as (
	select a.workspace_id, a.id,
		case s.by when 'annual_revenue' then coalesce(a.annual_revenue, -1) when 'contacts' then coalesce(c.n, 0) when 'number' then a.number
			when 'created_at' then (extract(epoch from a.created_at) * 1000000)::bigint else 0 end as n,
		case s.by when 'name' then lower(a.name) when 'industry' then lower(coalesce(a.industry, '')) when 'city' then lower(coalesce(a.city, ''))
			when 'phone' then coalesce(a.phone, '') when 'lifecycle' then a.lifecycle when 'account_type' then coalesce(a.account_type, '') when 'owner' then coalesce(a.owner_id::text, '')
			else '' end as t,
		s.down, s.from_here, a.lifecycle
	from asked s
	cross join contacts.account a
	left join lateral (
		select count(*) as n
		from contacts.contact c
		where s.by = 'contacts' and (c.workspace_id, c.account_id) = (a.workspace_id, a.id) and c.archived_at is null
	) c on true
	where a.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and (:segment is null or exists (select from contacts.segment_member m
			where (m.workspace_id, m.record_id) = (a.workspace_id, a.id) and m.segment_id::text = any (string_to_array(lower(:segment), ','))))
		and (:account_type is null or a.account_type = any (string_to_array(:account_type, ',')) or (:account_type = 'none' and a.account_type is null))
		and (:owner is null or (:owner = 'none' and a.owner_id is null)
			or a.owner_id::text = any (string_to_array(replace(lower(:owner), 'me', coalesce((select current_setting('crm.user', true)), '')), ',')))
		and (:tag is null or exists (
			select from contacts.tagged g
			join contacts.tag t on (t.workspace_id, t.id) = (g.workspace_id, g.tag_id)
			where (g.workspace_id, g.record_id) = (a.workspace_id, a.id) and (t.id::text = any (string_to_array(lower(:tag), ',')) or lower(t.label) = any (string_to_array(lower(:tag), ',')))))
		and (:custom is null or contacts.custom_fits(a.custom, :custom))
		and (coalesce(:archived, '0') = 'all' or (a.archived_at is not null) = (coalesce(:archived, '0') = '1'))
		and (:q is null or (select bool_and(strpos(contacts.search_text(concat_ws(' ', a.name, a.city, a.industry)), w) > 0)
			from unnest(contacts.search_asked(:q)) w))
), page as ( -- numbered behind the limit: only as many are sorted as are shown
	select t.*, row_number() over () as i
	from (
		select f.*
		from found f
		where (:lifecycle is null or f.lifecycle = :lifecycle) and (f.from_here is null
			or (not f.down and (f.n, f.t, f.id) > ((f.from_here->>0)::bigint, f.from_here->>1, (f.from_here->>2)::uuid))
			or (f.down and (f.n, f.t, f.id) < ((f.from_here->>0)::bigint, f.from_here->>1, (f.from_here->>2)::uuid)))
		order by case when not f.down then f.n end, case when f.down then f.n end desc, case when not f.down then f.t end,
			case when f.down then f.t end desc, case when not f.down then f.id end, case when f.down then f.id end desc
		limit least(greatest(coalesce(:limit, 50), 1), 200) + 1
	) t
)
select (json_build_object(
	'data', coalesce(json_agg(contacts.account_json(a, (
			select count(*)
			from contacts.contact c
			where (c.workspace_id, c.account_id) = (a.workspace_id, a.id) and c.archived_at is null))::jsonb || jsonb_build_object('tags', contacts.tags_json(a.workspace_id, a.id)) order by p.i) filter (where p.i <= least(greatest(coalesce(:limit, 50), 1), 200)), '[]'),
	'next', max(json_build_array(p.n, p.t, p.id)::text) filter (where p.i = least(greatest(coalesce(:limit, 50), 1), 200)
		and (select count(*) from page) > least(greatest(coalesce(:limit, 50), 1), 200)))::jsonb
	|| case when :count then (select jsonb_build_object('total', count(*) filter (where :lifecycle is null or f.lifecycle = :lifecycle),
		'prospects', count(*) filter (where f.lifecycle = 'prospect'), 'clients', count(*) filter (where f.lifecycle = 'client')) from found f) else '{}' end)::text
from page p
join contacts.account a on (a.workspace_id, a.id) = (p.workspace_id, p.id)

-- name: account_get account_get -> json; no row: there is none, or none the reader may see
select (contacts.account_json(a, (select count(*) from contacts.contact c where (c.workspace_id, c.account_id) = (a.workspace_id, a.id) and c.archived_at is null))::jsonb
	|| jsonb_build_object('notes', a.notes, 'tags', contacts.tags_json(a.workspace_id, a.id), 'merged_from', coalesce(contacts.account_merged(a.workspace_id, a.id), '[]'))
	|| contacts.quiet(a.workspace_id, array(
		select a.id
		union all
		select c.id
		from contacts.contact c
		where (c.workspace_id, c.account_id) = (a.workspace_id, a.id)
		union all
		select l.lead_id
		from contacts.contact c
		join contacts.lead l on (l.workspace_id, l.contact_id) = (c.workspace_id, c.id)
		where (c.workspace_id, c.account_id) = (a.workspace_id, a.id)
		union all
		select t.subject_id
		from contacts.contact c
		join contacts.timeline t on (t.workspace_id, t.contact_id) = (c.workspace_id, c.id) and not starts_with(t.type, 'linked.')
		where (c.workspace_id, c.account_id) = (a.workspace_id, a.id)
		union all
		select v.deal_id
		from contacts.conversion v
		where (v.workspace_id, v.account_id) = (a.workspace_id, a.id)
		union all
		select d.deal_id
		from contacts.deal_fact d
		where (d.workspace_id, d.account_id) = (a.workspace_id, a.id)), a.created_at, :now, :zones))::text
from (
	select t.*
	from contacts.account t
	where t.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and case when :account_id is not null then t.id = contacts.account_survivor(:account_id) else t.number = :number end
	union all
	select t.*
	from contacts.accounts_trashed() t
	where :trashed and t.id = :account_id
) a
limit 1

-- name: account_standing account_standing -> json kept; no row: there is none, or none the reader may see
select json_build_object('id', t.id, 'workspace_id', t.workspace_id)::text
from (
	select t.workspace_id, t.id
	from contacts.account t
	where t.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and t.id = (select contacts.account_survivor(:account_id))
	union all
	select t.workspace_id, t.id
	from contacts.account t
	where t.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and t.number = :number and :account_id is null
) t
limit 1

-- name: account_consequences account_consequences -> json; what hangs on an account; no row: there is none, or none the reader may see
select json_build_object('contacts', (select count(*) from contacts.contact c where (c.workspace_id, c.account_id) = (a.workspace_id, a.id)),
	'activities', (select count(*) from contacts.activity t where (t.workspace_id, t.record_id) = (a.workspace_id, a.id) and t.removed_at is null),
	'locations', (select count(*) from contacts.location l where (l.workspace_id, l.account_id) = (a.workspace_id, a.id) and l.removed_at is null),
	'files', (select count(*) from contacts.attachment f where (f.workspace_id, f.record_id) = (a.workspace_id, a.id) and f.removed_at is null),
	'linked', (select count(*) from contacts.linked l where (l.workspace_id, l.account_id) = (a.workspace_id, a.id) and l.removed_at is null))::text
from contacts.account a
where a.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and a.id = :account_id

-- name: account_search account_search -> json kept; see account_hits; a number's bearer first, then by beginnings, then inside words, then, where none was found, similar
with told as (
	select json_build_object('id', a.id, 'number', a.number, 'workspace_id', a.workspace_id, 'title', a.name,
			'subtitle', nullif(concat_ws(' · ', a.industry, a.city), ''), 'owner_id', a.owner_id, 'created_at', contacts.rfc3339(a.created_at),
			'near', h.rank = 2) as hit,
		a.id, h.rank, a.number::text = regexp_replace(:q, '[^0-9]', '', 'g') as named
	from contacts.account_hits(:q) h
	join contacts.account a on (a.workspace_id, a.id) = (h.workspace_id, h.id) and a.archived_at is null
	order by named desc, h.rank, a.id desc
	limit least(greatest(coalesce(:limit, 10), 1), 50)
)
select json_build_object('data', coalesce((select json_agg(t.hit order by t.named desc, t.rank, t.id desc) from told t), '[]'), 'behind', '[]'::json)::text

-- name: removed_account_drop workspace_removed *; locks contacts.account, the workspace's rows
delete from contacts.account t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_conversion_drop workspace_removed *; locks contacts.conversion, the workspace's rows
delete from contacts.conversion t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_lead_person_drop workspace_removed *; locks contacts.lead_person, the workspace's rows
delete from contacts.lead_person t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: won_deal_load deal_stage_changed -> won_deal; locks nothing; a row per item, in their order; a lead's deal bears the lead's id, one made by hand its own first line
select v.deal_id is not null as converted, coalesce(w.convert_by_hand, false) as by_hand, c.id as contact_id, c.name as contact_name, c.version as contact_version, c.company as contact_company,
	c.email as contact_email, c.phone as contact_phone, c.owner_id as contact_owner_id, k.id as account_id, coalesce(p.company, d.data ->> 'company') as company, p.name, p.first_name, p.last_name, p.email, p.phone
from unnest(:workspace[], :deal_id[]) with ordinality as item (workspace_id, deal_id, i)
left join contacts.workspace w on w.workspace_id = item.workspace_id
left join contacts.conversion v on (v.workspace_id, v.deal_id) = (item.workspace_id, item.deal_id)
left join contacts.lead l on (l.workspace_id, l.lead_id) = (item.workspace_id, item.deal_id)
left join lateral (
	select t.contact_id, t.data
	from contacts.timeline t
	where (t.workspace_id, t.subject_id) = (item.workspace_id, item.deal_id) and t.type = 'deal.created'
	limit 1
) d on l.lead_id is null
left join contacts.lead_person p on (p.workspace_id, p.lead_id) = (item.workspace_id, item.deal_id)
left join contacts.contact known on l.contact_id is null and (known.workspace_id, lower(known.email)) = (item.workspace_id, lower(p.email))
	and known.email is not null and known.email <> '' and known.removed_at is null and known.merged_into is null
left join contacts.contact c on (c.workspace_id, c.id) = (item.workspace_id, coalesce(l.contact_id, d.contact_id, known.id)) and c.removed_at is null and c.merged_into is null
left join contacts.account k on (k.workspace_id, k.id) = (c.workspace_id, c.account_id) and k.removed_at is null and k.merged_into is null
order by item.i

-- name: contact_account_write contact_account; locks contacts.contact: the changed rows
update contacts.contact c
set account_id = item.account_id, version = item.version
from unnest(:workspace_id[], :contact_id[], :account_id[], :version[]) as item (workspace_id, contact_id, account_id, version)
where (c.workspace_id, c.id) = (item.workspace_id, item.contact_id)

-- name: conversion_write deal_converted; the key has the last word against a deal converted twice
insert into contacts.conversion (workspace_id, deal_id, account_id, contact_id, owner_id, at)
select item.workspace_id, item.deal_id, item.account_id, item.contact_id, item.owner_id, item.at
from unnest(:workspace[], :deal_id[], :account_id[], :contact_id[], :owner_id[], :at[]) as item (workspace_id, deal_id, account_id, contact_id, owner_id, at)

-- name: lead_converted_write deal_converted *; locks contacts.lead: leads that had no contact
update contacts.lead l
set contact_id = item.contact_id
from unnest(:workspace[], :deal_id[], :contact_id[]) as item (workspace_id, lead_id, contact_id)
where (l.workspace_id, l.lead_id) = (item.workspace_id, item.lead_id) and l.contact_id is null and item.contact_id is not null

-- name: lead_person_write lead_person; who asked; the key has the last word
insert into contacts.lead_person (workspace_id, lead_id, name, first_name, last_name, email, phone, company)
select item.workspace_id, item.lead_id, item.name, item.first_name, item.last_name, item.email, item.phone, item.company
from unnest(:workspace_id[], :lead_id[], :name[], :first_name[], :last_name[], :email[], :phone[], :company[])
	as item (workspace_id, lead_id, name, first_name, last_name, email, phone, company)

-- name: lead_person_changed lead_word *; locks contacts.lead_person; a field each
update contacts.lead_person p
set name = coalesce(c.word ->> 'name', p.name),
	first_name = case when c.word ? 'first_name' then c.word ->> 'first_name' else p.first_name end,
	last_name = case when c.word ? 'last_name' then c.word ->> 'last_name' else p.last_name end,
	email = case when c.word ? 'email' then c.word ->> 'email' else p.email end,
	phone = case when c.word ? 'phone' then c.word ->> 'phone' else p.phone end,
	company = case when c.word ? 'company' then c.word ->> 'company' else p.company end
from (
	select item.workspace_id, item.lead_id, jsonb_object_agg(item.field, item.now) as word
	from unnest(:workspace_id[], :lead_id[], :field[], :now[]) as item (workspace_id, lead_id, field, now)
	group by item.workspace_id, item.lead_id
) c
where (p.workspace_id, p.lead_id) = (c.workspace_id, c.lead_id)

-- name: lead_person_gone deal_converted *; locks contacts.lead_person: they are a contact now
delete from contacts.lead_person p
using unnest(:workspace[], :deal_id[]) as item (workspace_id, deal_id)
where (p.workspace_id, p.lead_id) = (item.workspace_id, item.deal_id)
