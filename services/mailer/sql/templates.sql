-- Templates: commands, what their placeholders say, and the copy of contacts that they say it of.

-- name: template_load template_ask => template_row; a workspace's few templates, by name
select t.workspace_id, t.id as template_id, t.version, t.name, t.subject_nl, t.text_nl, t.subject_en, t.text_en, t.transactional, t.created_at, t.created_by, t.removed_at
from (
	select distinct i.workspace_id
	from unnest(:workspace_id[]) as i (workspace_id)
) item
join mailer.template t on t.workspace_id = item.workspace_id
order by lower(t.name), t.id

-- name: template_write template_row *; locks mailer.template; the index on names has the last word
insert into mailer.template (workspace_id, id, version, name, subject_nl, text_nl, subject_en, text_en, transactional, created_at, created_by, removed_at)
select * from unnest(:workspace_id[], :template_id[], :version[], :name[], :subject_nl[], :text_nl[], :subject_en[], :text_en[], :transactional[], :created_at[],
	:created_by[], :removed_at[])
on conflict (workspace_id, id) do update set version = excluded.version, name = excluded.name, subject_nl = excluded.subject_nl, text_nl = excluded.text_nl,
	subject_en = excluded.subject_en, text_en = excluded.text_en, transactional = excluded.transactional, removed_at = excluded.removed_at

-- name: template_values_load template_about -> template_values; locks nothing; a row per item, in their order. Who told no given name has the first word of their name
select w.language, d.id is not null as deal, d.owner_id as deal_owner_id, c.id is not null as contact, c.owner_id as contact_owner_id,
	jsonb_build_object(
		'contact', jsonb_build_object('name', c.name, 'first_name', coalesce(c.first_name, nullif(split_part(c.name, ' ', 1), '')),
			'last_name', coalesce(c.last_name, nullif(substr(c.name, strpos(c.name || ' ', ' ') + 1), '')), 'email', c.email, 'phone', c.phone, 'company', c.company),
		'deal', jsonb_build_object('title', d.title, 'number', d.number, 'value', mailer.amount(d.value, d.value_currency::text)),
		'owner', jsonb_build_object('name', o.name, 'email', o.email),
		'sender', jsonb_build_object('name', s.name, 'email', s.email),
		'workspace', jsonb_build_object('name', w.name),
		'quote', mailer.document_values(item.workspace_id, 'quote', item.deal_id, coalesce(item.contact_id, d.contact_id)),
		'invoice', mailer.document_values(item.workspace_id, 'invoice', item.deal_id, coalesce(item.contact_id, d.contact_id)),
		'today', (item.now at time zone coalesce(w.timezone, 'UTC'))::date::text) as at
from unnest(:workspace_id[], :sender_id[], :deal_id[], :contact_id[], :now[]) with ordinality as item (workspace_id, sender_id, deal_id, contact_id, now, i)
left join mailer.workspace w on w.workspace_id = item.workspace_id
left join mailer.deal d on (d.workspace_id, d.id) = (item.workspace_id, item.deal_id)
left join mailer.contact c on (c.workspace_id, c.id) = (item.workspace_id, coalesce(item.contact_id, d.contact_id))
left join mailer.member o on (o.workspace_id, o.user_id) = (item.workspace_id, coalesce(d.owner_id, c.owner_id))
left join mailer.member s on (s.workspace_id, s.user_id) = (item.workspace_id, item.sender_id)
order by item.i

-- name: contact_created_write contact_created *; inserts into mailer.contact; what was heard before stays as it is
insert into mailer.contact (workspace_id, id, name, first_name, last_name, email, phone, company, owner_id)
select * from unnest(:workspace[], :contact_id[], :name[], :first_name[], :last_name[], :email[], :phone[], :company[], :owner_id[])
on conflict (workspace_id, id) do nothing

-- name: contact_updated_write contact_updated *; locks mailer.contact, mailer.message; parts of a name that were not told anew go with the old name
with mails as (
	update mailer.message m
	set owner_id = item.owner_id
	from unnest(:workspace[], :contact_id[], :owner_id[]) as item (workspace_id, id, owner_id)
	where (m.workspace_id, m.contact_id) = (item.workspace_id, item.id) and m.deal_id is null and m.owner_id is distinct from item.owner_id
)
insert into mailer.contact (workspace_id, id, name, email, phone, company, owner_id)
select * from unnest(:workspace[], :contact_id[], :name[], :email[], :phone[], :company[], :owner_id[])
on conflict (workspace_id, id) do update set name = excluded.name, email = excluded.email, phone = excluded.phone, company = excluded.company, owner_id = excluded.owner_id,
	first_name = case when contact.name = excluded.name then contact.first_name end, last_name = case when contact.name = excluded.name then contact.last_name end

-- name: contact_merged_write contact_merged *; locks mailer.contact, mailer.document, mailer.inbound: the loser is the survivor from now on
with gone as (
	delete from mailer.contact c
	using unnest(:workspace[], :loser_id[]) as item (workspace_id, id)
	where (c.workspace_id, c.id) = (item.workspace_id, item.id)
), mails as (
	update mailer.message m
	set contact_id = item.survivor_id
	from unnest(:workspace[], :loser_id[], :survivor_id[]) as item (workspace_id, loser_id, survivor_id)
	where (m.workspace_id, m.contact_id) = (item.workspace_id, item.loser_id)
), leads as (
	update mailer.lead_contact l
	set contact_id = item.survivor_id
	from unnest(:workspace[], :loser_id[], :survivor_id[]) as item (workspace_id, loser_id, survivor_id)
	where (l.workspace_id, l.contact_id) = (item.workspace_id, item.loser_id)
), deals as (
	update mailer.deal d
	set contact_id = item.survivor_id
	from unnest(:workspace[], :loser_id[], :survivor_id[]) as item (workspace_id, loser_id, survivor_id)
	where (d.workspace_id, d.contact_id) = (item.workspace_id, item.loser_id)
), documents as (
	update mailer.document t
	set contact_id = item.survivor_id
	from unnest(:workspace[], :loser_id[], :survivor_id[]) as item (workspace_id, loser_id, survivor_id)
	where (t.workspace_id, t.contact_id) = (item.workspace_id, item.loser_id)
), came as (
	update mailer.inbound i
	set contact_id = item.survivor_id
	from unnest(:workspace[], :loser_id[], :survivor_id[]) as item (workspace_id, loser_id, survivor_id)
	where (i.workspace_id, i.contact_id) = (item.workspace_id, item.loser_id) and i.state in ('suggested', 'unmatched', 'unreadable')
)
update mailer.contact c
set name = item.name, email = item.email, phone = item.phone, company = item.company, owner_id = item.owner_id
from unnest(:workspace[], :survivor_id[], :name[], :email[], :phone[], :company[], :owner_id[]) as item (workspace_id, id, name, email, phone, company, owner_id)
where (c.workspace_id, c.id) = (item.workspace_id, item.id)

-- name: contact_unmerged_write contact_unmerged *; locks mailer.contact: who went into another stands for themselves again
insert into mailer.contact (workspace_id, id, name, email, phone, company, owner_id)
select * from unnest(:workspace[], :loser_id[], :loser_name[], :loser_email[], :loser_phone[], :loser_company[], :old_owner_id[])
on conflict (workspace_id, id) do nothing

-- name: contact_purged_drop contact_purged *; locks mailer.lead_contact, mailer.contact
with leads as (
	delete from mailer.lead_contact l
	using unnest(:workspace[], :contact_id[]) as item (workspace_id, id)
	where (l.workspace_id, l.contact_id) = (item.workspace_id, item.id)
)
delete from mailer.contact t
using unnest(:workspace[], :contact_id[]) as item (workspace_id, id)
where (t.workspace_id, t.id) = (item.workspace_id, item.id)

-- name: contact_handed_over member_handed_over *; locks mailer.contact
update mailer.contact c
set owner_id = item.to_id
from unnest(:workspace[], :user_id[], :to_id[]) as item (workspace_id, user_id, to_id)
where c.workspace_id = item.workspace_id and c.owner_id = item.user_id

-- name: removed_template_drop workspace_removed *; locks mailer.template, the workspace's rows
delete from mailer.template t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_lead_contact_drop workspace_removed *; locks mailer.lead_contact, the workspace's rows
delete from mailer.lead_contact t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_contact_drop workspace_removed *; locks mailer.contact, the workspace's rows
delete from mailer.contact t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: template_list template_list -> json; by name
select json_build_object('data', coalesce(json_agg(mailer.template_json(t) order by t.workspace_id, lower(t.name)), '[]'))::text
from mailer.template t
where (t.removed_at is not null) = coalesce(:removed, false)

-- name: template_get template_get -> json; no row: there is none
select mailer.template_json(t)::text
from mailer.template t
where t.id = :template_id
