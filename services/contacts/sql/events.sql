-- name: workspace_write people_workspace *; a workspace that is there stays as it is
insert into contacts.workspace (workspace_id, auto_contact, default_owner_id, timezone)
select item.workspace_id, item.auto_contact, item.default_owner_id, item.timezone
from unnest(:workspace_id[], :auto_contact[], :default_owner_id[], :timezone[]) as item (workspace_id, auto_contact, default_owner_id, timezone)
on conflict (workspace_id) do nothing

-- name: workspace_updated_write workspace_updated *; locks contacts.workspace
update contacts.workspace w
set default_owner_id = item.default_owner_id, convert_by_hand = coalesce(item.convert_on_won = 'button', w.convert_by_hand)
from unnest(:workspace[], :default_owner_id[], :convert_on_won[]) as item (workspace_id, default_owner_id, convert_on_won)
where w.workspace_id = item.workspace_id

-- name: workspace_zone_write workspace_preset_changed *; locks contacts.workspace; segments look at their records anew: their days begin elsewhere
with moved as (
	update contacts.workspace w
	set timezone = item.content ->> 'timezone'
	from unnest(:workspace[], :content[]) as item (workspace_id, content)
	where w.workspace_id = item.workspace_id and w.timezone <> item.content ->> 'timezone'
	returning w.workspace_id
)
update contacts.segment s
set swept_to = '00000000-0000-0000-0000-000000000000'
from moved m
where s.workspace_id = m.workspace_id

-- name: member_changed_write member_changed; locks contacts.member
insert into contacts.member (workspace_id, user_id, name, email, role, active)
select item.workspace_id, item.user_id, item.name, item.email, item.role, item.active
from unnest(:workspace[], :user_id[], :name[], :email[], :role[], :active[]) as item (workspace_id, user_id, name, email, role, active)
on conflict (workspace_id, user_id) do update set name = excluded.name, email = excluded.email, role = excluded.role, active = excluded.active

-- name: people_known_load people_asked => people_known; locks nothing
select w.workspace_id, w.auto_contact, w.default_owner_id, w.search_upto,
	exists (select from contacts.contact_reach r where r.workspace_id = w.workspace_id and r.kind = 'email') as has_reach
from unnest(:workspace_id[]) as item (workspace_id)
join contacts.workspace w on w.workspace_id = item.workspace_id

-- name: contact_of_email_load lead_created => contact_place; locks nothing; a row per item whose e-mail is a contact's that stands
select item.i as item, c.id as contact_id, c.version, c.name, c.first_name, c.last_name, c.email, c.phone, c.company, c.owner_id, c.archived_at
from unnest(:workspace[], :email[]) with ordinality as item (workspace_id, email, i)
join contacts.contact c on (c.workspace_id, lower(c.email)) = (item.workspace_id, lower(item.email)) and c.email is not null and c.email <> ''
	and c.removed_at is null and c.merged_into is null

-- name: contact_of_reach_load lead_created => contact_place; locks nothing; the same by further e-mails, where a workspace has such
select item.i as item, c.id as contact_id, c.version, c.name, c.first_name, c.last_name, c.email, c.phone, c.company, c.owner_id, c.archived_at
from unnest(:workspace[], :email[]) with ordinality as item (workspace_id, email, i)
cross join lateral (
	select c.*
	from contacts.contact_reach r
	join contacts.contact c on (c.workspace_id, c.id) = (r.workspace_id, r.contact_id) and c.removed_at is null and c.merged_into is null
	where (r.workspace_id, r.kind, r.value) = (item.workspace_id, 'email', lower(item.email))
	order by c.id
	limit 1
) c

-- name: lead_created_load lead_created -> contact_place; locks nothing; a row per item, in their order; for a batch that was refused once
select w.auto_contact, w.default_owner_id, l.lead_id is not null as heard,
	c.id as contact_id, c.version, c.name, c.first_name, c.last_name, c.email, c.phone, c.company, c.owner_id, c.archived_at, w.search_upto
from unnest(:workspace[], :lead_id[], :email[]) with ordinality as item (workspace_id, lead_id, email, i)
left join contacts.workspace w on w.workspace_id = item.workspace_id
left join contacts.lead l on (l.workspace_id, l.lead_id) = (item.workspace_id, item.lead_id)
left join contacts.contact own on (own.workspace_id, lower(own.email)) = (item.workspace_id, lower(item.email)) and own.email is not null and own.email <> ''
	and own.removed_at is null and own.merged_into is null
left join lateral (
	select r.contact_id
	from contacts.contact_reach r
	join contacts.contact t on (t.workspace_id, t.id) = (r.workspace_id, r.contact_id) and t.removed_at is null and t.merged_into is null
	where (r.workspace_id, r.kind, r.value) = (item.workspace_id, 'email', lower(item.email))
	order by r.contact_id
	limit 1
) further on own.id is null
left join contacts.contact c on (c.workspace_id, c.id) = (item.workspace_id, coalesce(own.id, further.contact_id))
order by item.i

-- name: lead_write heard_lead; the key has the last word against a lead answered twice
insert into contacts.lead (workspace_id, lead_id, contact_id, owner_id, actor_id, at, form_type)
select item.workspace_id, item.lead_id, item.contact_id, item.owner_id, item.actor_id, item.at, item.form_type
from unnest(:workspace_id[], :lead_id[], :contact_id[], :owner_id[], :actor_id[], :at[], :form_type[])
	as item (workspace_id, lead_id, contact_id, owner_id, actor_id, at, form_type)

-- name: deal_created_load deal_created -> deal_person; locks nothing; a lead's deal finds its lead, one made by hand the contact that it names
select coalesce(l.at = item.at and l.actor_id is not distinct from nullif(item.actor_id, item.source_id), false) as noted,
	c.id as contact_id, c.name, c.company, c.email, c.phone
from unnest(:workspace[], :lead_id[], :contact_id[], :at[], :actor[], :source_id[]) with ordinality
	as item (workspace_id, lead_id, contact_id, at, actor_id, source_id, i)
left join contacts.lead l on (l.workspace_id, l.lead_id) = (item.workspace_id, item.lead_id)
left join contacts.contact named on item.lead_id is null and (named.workspace_id, named.id) = (item.workspace_id, item.contact_id)
left join contacts.contact c on item.lead_id is null and c.workspace_id = named.workspace_id and c.id = contacts.contact_stands(named.workspace_id, named.id, named.merged_into)
	and c.removed_at is null
order by item.i

-- name: lead_deal_write deal_created; locks contacts.lead; in place: nothing of it is indexed
update contacts.lead l
set deal = true, deal_stage_id = item.stage_id
from unnest(:workspace[], :lead_id[], :stage_id[]) as item (workspace_id, lead_id, stage_id)
where (l.workspace_id, l.lead_id) = (item.workspace_id, item.lead_id)

-- name: contact_back_write contact_updated; locks contacts.contact: what was archived and is spoken of again
update contacts.contact c
set archived_at = null
from unnest(:workspace[], :contact_id[]) as item (workspace_id, contact_id)
where (c.workspace_id, c.id) = (item.workspace_id, item.contact_id)

-- name: told_owned timeline_entry *; locks contacts.timeline, these rows: a line is whose its subject is, and a document on it may be another one's
update contacts.timeline t
set owner_id = o.owner_id
from unnest(:workspace_id[], :subject_id[], :event_id[]) as item (workspace_id, subject_id, event_id)
cross join lateral (
	select y.owner_id
	from (
		select 1 as i, l.owner_id from contacts.lead l where (l.workspace_id, l.lead_id) = (item.workspace_id, item.subject_id)
		union all
		select 2, c.owner_id from contacts.contact c where (c.workspace_id, c.id) = (item.workspace_id, item.subject_id)
		union all
		select 3, a.owner_id from contacts.account a where (a.workspace_id, a.id) = (item.workspace_id, item.subject_id)
	) y
	order by y.i
	limit 1
) o
where (t.workspace_id, t.subject_id, t.event_id) = (item.workspace_id, item.subject_id, item.event_id) and t.owner_id is distinct from o.owner_id

-- name: told_homeless timeline_entry *; locks contacts.timeline, these rows: what somebody or something that is gone for good is named in outlives them, as an invoice does; nobody is told it here
delete from contacts.timeline t
using unnest(:workspace_id[], :subject_id[], :event_id[]) as item (workspace_id, subject_id, event_id)
where (t.workspace_id, t.subject_id, t.event_id) = (item.workspace_id, item.subject_id, item.event_id)
	and not exists (select from contacts.contact c where (c.workspace_id, c.id) = (t.workspace_id, t.subject_id))
	and not exists (select from contacts.account a where (a.workspace_id, a.id) = (t.workspace_id, t.subject_id))
	and not exists (select from contacts.lead l where (l.workspace_id, l.lead_id) = (t.workspace_id, t.subject_id))
	and not exists (
		select from contacts.timeline d
		where (d.workspace_id, d.subject_id) = (t.workspace_id, t.subject_id) and d.type = 'deal.created')

-- name: timeline_write timeline_entry *; what was heard before stays as it is; while the timeline is built anew, the new one hears it as well
with item as (
	select *
	from unnest(:workspace_id[], :subject_id[], :event_id[], :contact_id[], :owner_id[], :actor_id[], :at[], :type[], :data[])
		as item (workspace_id, subject_id, event_id, contact_id, owner_id, actor_id, at, type, data)
), shadow as (
	insert into contacts.timeline_shadow (workspace_id, subject_id, event_id, contact_id, owner_id, actor_id, at, type, data)
	select item.workspace_id, item.subject_id, item.event_id, item.contact_id, item.owner_id, item.actor_id, item.at, item.type, item.data
	from item
	where exists (select from contacts.projection p where p.phase in ('wanted', 'begun', 'level'))
	on conflict (workspace_id, subject_id, event_id) do nothing
)
insert into contacts.timeline (workspace_id, subject_id, event_id, contact_id, owner_id, actor_id, at, type, data)
select item.workspace_id, item.subject_id, item.event_id, item.contact_id, item.owner_id, item.actor_id, item.at, item.type, item.data
from item
on conflict (workspace_id, subject_id, event_id) do nothing

-- name: lead_owner_write timeline_owner *; locks contacts.lead
update contacts.lead l
set owner_id = item.owner_id
from unnest(:workspace_id[], :subject_id[], :owner_id[]) as item (workspace_id, lead_id, owner_id)
where (l.workspace_id, l.lead_id) = (item.workspace_id, item.lead_id) and l.owner_id is distinct from item.owner_id

-- name: timeline_owner_write timeline_owner *; locks contacts.timeline: whoever owns the subject sees all of its past
update contacts.timeline t
set owner_id = item.owner_id
from unnest(:workspace_id[], :subject_id[], :owner_id[]) as item (workspace_id, subject_id, owner_id)
where (t.workspace_id, t.subject_id) = (item.workspace_id, item.subject_id) and t.owner_id is distinct from item.owner_id

-- name: people_preset_write people_preset *; locks contacts.workspace
update contacts.workspace w
set auto_contact = item.auto_contact
from unnest(:workspace_id[], :auto_contact[]) as item (workspace_id, auto_contact)
where w.workspace_id = item.workspace_id

-- name: contacts_of_member member_handed_over => contact_place; reads the whole workspace: an index by owner would cost every lead
select c.id as contact_id, c.version, c.name, c.first_name, c.last_name, c.email, c.phone, c.company, c.owner_id
from unnest(:workspace[], :user_id[]) as item (workspace_id, user_id)
join contacts.contact c on c.workspace_id = item.workspace_id and c.owner_id = item.user_id and c.merged_into is null
order by c.id

-- name: timeline_hand_over member_handed_over *; locks contacts.timeline
update contacts.timeline t
set owner_id = item.to_id
from unnest(:workspace[], :user_id[], :to_id[]) as item (workspace_id, user_id, to_id)
where t.workspace_id = item.workspace_id and t.owner_id = item.user_id

-- name: lead_hand_over member_handed_over *; locks contacts.lead
update contacts.lead l
set owner_id = item.to_id
from unnest(:workspace[], :user_id[], :to_id[]) as item (workspace_id, user_id, to_id)
where l.workspace_id = item.workspace_id and l.owner_id = item.user_id

-- name: removed_search_page_drop workspace_removed *; locks contacts.search_page, the workspace's rows
delete from contacts.search_page t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_timeline_drop workspace_removed *; locks contacts.timeline, the workspace's rows
delete from contacts.timeline t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_lead_drop workspace_removed *; locks contacts.lead, the workspace's rows
delete from contacts.lead t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_contact_reach_drop workspace_removed *; locks contacts.contact_reach, the workspace's rows
delete from contacts.contact_reach t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_contact_drop workspace_removed *; locks contacts.contact, the workspace's rows
delete from contacts.contact t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: rule_changed_write rule_changed *; locks contacts.rule_name
insert into contacts.rule_name (workspace_id, rule_id, name)
select distinct on (item.workspace_id, item.rule_id) item.workspace_id, item.rule_id, item.name
from unnest(:workspace[], :rule_id[], :name[], :version[]) as item (workspace_id, rule_id, name, version)
order by item.workspace_id, item.rule_id, item.version desc
on conflict (workspace_id, rule_id) do update set name = excluded.name

-- name: removed_rule_name_drop workspace_removed *; locks contacts.rule_name, the workspace's rows
delete from contacts.rule_name t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_member_drop workspace_removed *; locks contacts.member, the workspace's rows
delete from contacts.member t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_workspace_drop workspace_removed *; locks contacts.workspace, the workspace's rows
delete from contacts.workspace t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_search_block_drop workspace_removed *; locks contacts.search_block, the workspace's rows
delete from contacts.search_block t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_search_gram_drop workspace_removed *; locks contacts.search_gram, the workspace's rows
delete from contacts.search_gram t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id
