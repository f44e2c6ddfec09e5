-- name: workspace_created_write workspace_created; inserts into lead_intake.workspace
insert into lead_intake.workspace (id, agency_id, slug, language, country, form_type, default_owner_id, home, auto_deal)
select item.id, item.agency_id, item.slug, item.language, item.country,
	coalesce(item.content -> 'intake' ->> 'manual_form_type', case item.language when 'nl' then 'Handmatig' else 'By hand' end),
	item.default_owner_id, item.home, coalesce((item.content -> 'intake' ->> 'auto_deal')::boolean, true)
from unnest(:workspace_id[], :agency_id[], :slug[], :language[], :country[], :content[], :default_owner_id[], :home[])
	as item (id, agency_id, slug, language, country, content, default_owner_id, home)

-- name: workspace_updated_write workspace_updated; locks lead_intake.workspace, the changed rows
update lead_intake.workspace w
set default_owner_id = item.default_owner_id
from unnest(:workspace_id[], :default_owner_id[]) as item (id, default_owner_id)
where w.id = item.id

-- name: lead_contact_linked_write lead_contact_linked; locks lead_intake.lead, the joined rows
update lead_intake.lead l
set contact_id = item.contact_id
from unnest(:workspace[], :lead_id[], :contact_id[]) as item (workspace_id, lead_id, contact_id)
where (l.workspace_id, l.id) = (item.workspace_id, item.lead_id)

-- name: deal_converted_write deal_converted *; locks lead_intake.lead: leads that had no contact
update lead_intake.lead l
set contact_id = item.contact_id
from unnest(:workspace[], :lead_id[], :contact_id[]) as item (workspace_id, lead_id, contact_id)
where (l.workspace_id, l.id) = (item.workspace_id, item.lead_id) and l.contact_id is null and item.contact_id is not null

-- name: contact_merged_write contact_merged *; locks lead_intake.lead: those that are named
update lead_intake.lead l
set contact_id = item.survivor_id
from unnest(:workspace[], :survivor_id[], :loser_id[], :leads[]) as item (workspace_id, survivor_id, loser_id, leads)
cross join lateral jsonb_array_elements_text(item.leads) as of (lead)
where (l.workspace_id, l.id) = (item.workspace_id, of.lead::uuid) and l.contact_id = item.loser_id

-- name: contact_unmerged_write contact_unmerged *; locks lead_intake.lead: those that are named
update lead_intake.lead l
set contact_id = item.loser_id
from unnest(:workspace[], :survivor_id[], :loser_id[], :leads[]) as item (workspace_id, survivor_id, loser_id, leads)
cross join lateral jsonb_array_elements_text(item.leads) as of (lead)
where (l.workspace_id, l.id) = (item.workspace_id, of.lead::uuid) and l.contact_id = item.survivor_id

-- name: contact_purged_write contact_purged *; locks lead_intake.lead: those that are named
update lead_intake.lead l
set contact_id = null
from unnest(:workspace[], :leads[]) as item (workspace_id, leads)
cross join lateral jsonb_array_elements_text(item.leads) as of (lead)
where (l.workspace_id, l.id) = (item.workspace_id, of.lead::uuid)

-- name: lead_answered_write activity_added *; locks lead_intake.lead, the answered rows; the first activity stays the first
update lead_intake.lead l
set answered_at = item.at
from (
	select a.workspace_id, a.record_id, min(a.at) as at
	from unnest(:workspace[], :record_id[], :at[]) as a (workspace_id, record_id, at)
	group by a.workspace_id, a.record_id
) item
where (l.workspace_id, l.id) = (item.workspace_id, item.record_id) and l.answered_at is null

-- name: workspace_preset_changed_write workspace_preset_changed *; locks lead_intake.workspace, the changed rows
update lead_intake.workspace w
set language = coalesce(item.content ->> 'language', w.language), country = coalesce(item.content ->> 'country', w.country),
	form_type = coalesce(item.content -> 'intake' ->> 'manual_form_type', w.form_type)
from unnest(:workspace_id[], :content[]) as item (id, content)
where w.id = item.id

-- name: source_hand_over member_handed_over *; locks lead_intake.source
update lead_intake.source s
set owner_id = item.to_id
from unnest(:workspace[], :user_id[], :to_id[]) as item (workspace_id, user_id, to_id)
where s.workspace_id = item.workspace_id and s.owner_id = item.user_id

-- name: leads_of_member member_handed_over => lead_found; reads the whole workspace: an index by owner would cost every lead
select l.id as lead_id, l.number, l.name, l.company, l.email, l.phone, l.source, l.message, l.status, l.owner_id,
	l.version, null::text as country
from unnest(:workspace[], :user_id[]) as item (workspace_id, user_id)
join lead_intake.lead l on l.workspace_id = item.workspace_id and l.owner_id = item.user_id
order by l.id

-- name: removed_search_page_drop workspace_removed *; locks lead_intake.search_page, the workspace's rows
delete from lead_intake.search_page t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_lead_file_drop workspace_removed *; locks lead_intake.lead_file, the workspace's rows
delete from lead_intake.lead_file t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_file_drop workspace_removed *; locks lead_intake.file, the workspace's rows
delete from lead_intake.file t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_lead_history_drop workspace_removed *; locks lead_intake.lead_history, the workspace's rows
delete from lead_intake.lead_history t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_lead_drop workspace_removed *; locks lead_intake.lead, the workspace's rows
delete from lead_intake.lead t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_submission_drop workspace_removed *; locks lead_intake.submission, the workspace's rows
delete from lead_intake.submission t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_source_drop workspace_removed *; locks lead_intake.source, the workspace's rows
delete from lead_intake.source t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_booking_drop workspace_removed *; locks lead_intake.booking, the workspace's rows
delete from lead_intake.booking t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_workspace_drop workspace_removed *; locks lead_intake.workspace, the workspace's rows
delete from lead_intake.workspace t
using unnest(:workspace_id[]) as item (workspace_id)
where t.id = item.workspace_id

-- name: demo_sources_drop demo_ended *; locks lead_intake.source; no submission or lead needs its way in again
delete from lead_intake.source s
using unnest(:workspace[]) as item (workspace_id)
where s.workspace_id = item.workspace_id and s.demo

-- name: segment_joined_write segment_joined *; what was heard before stays as it is
insert into lead_intake.segment_member (workspace_id, record_id, segment_id)
select item.workspace_id, item.record_id, item.segment_id
from unnest(:workspace[], :record_id[], :segment_id[]) as item (workspace_id, record_id, segment_id)
on conflict (workspace_id, record_id, segment_id) do nothing

-- name: segment_left_drop segment_left *; locks lead_intake.segment_member
delete from lead_intake.segment_member m
using unnest(:workspace[], :record_id[], :segment_id[]) as item (workspace_id, record_id, segment_id)
where (m.workspace_id, m.record_id, m.segment_id) = (item.workspace_id, item.record_id, item.segment_id)

-- name: segment_changed_drop segment_changed *; locks lead_intake.segment_member: a segment that is no more has nothing in it
delete from lead_intake.segment_member m
using unnest(:workspace[], :segment_id[]) as item (workspace_id, segment_id)
where (m.workspace_id, m.segment_id) = (item.workspace_id, item.segment_id)

-- name: removed_segment_member_drop workspace_removed *; locks lead_intake.segment_member, the workspace's rows
delete from lead_intake.segment_member t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_search_block_drop workspace_removed *; locks lead_intake.search_block, the workspace's rows
delete from lead_intake.search_block t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_search_gram_drop workspace_removed *; locks lead_intake.search_gram, the workspace's rows
delete from lead_intake.search_gram t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id
