-- name: workspace_write board_workspace *; a workspace that is there stays as it is
insert into pipeline.workspace (workspace_id, auto_deal, first_stage_id, default_owner_id, timezone, currency)
select item.workspace_id, item.auto_deal, item.first_stage_id, item.default_owner_id, item.timezone, item.currency
from unnest(:workspace_id[], :auto_deal[], :first_stage_id[], :default_owner_id[], :timezone[], :currency[])
	as item (workspace_id, auto_deal, first_stage_id, default_owner_id, timezone, currency)
on conflict (workspace_id) do nothing

-- name: pipeline_write board_pipeline *; the ids are made of the keys, so a repeat changes nothing
insert into pipeline.pipeline (workspace_id, id, position, key, label, move_mode, lost_reason_required)
select item.workspace_id, item.pipeline_id, item.position, item.key, item.label, item.move_mode, coalesce(item.lost_reason_required, false)
from unnest(:workspace_id[], :pipeline_id[], :position[], :key[], :label[], :move_mode[], :lost_reason_required[])
	as item (workspace_id, pipeline_id, position, key, label, move_mode, lost_reason_required)
on conflict (workspace_id, id) do nothing

-- name: stage_write board_stage *; the ids are made of the keys, so a repeat changes nothing
insert into pipeline.stage (workspace_id, id, pipeline_id, position, key, kind, label, probability, colour, qualified)
select item.workspace_id, item.stage_id, item.pipeline_id, item.position, item.key, item.kind, item.label, item.probability, item.colour, item.qualified
from unnest(:workspace_id[], :stage_id[], :pipeline_id[], :position[], :key[], :kind[], :label[], :probability[], :colour[], :qualified[])
	as item (workspace_id, stage_id, pipeline_id, position, key, kind, label, probability, colour, qualified)
on conflict (workspace_id, id) do nothing

-- name: workspace_updated_write workspace_updated *; locks pipeline.workspace
update pipeline.workspace w
set default_owner_id = item.default_owner_id
from unnest(:workspace[], :default_owner_id[]) as item (workspace_id, default_owner_id)
where w.workspace_id = item.workspace_id

-- name: board_known_load board_asked => board_known; locks nothing
select w.workspace_id, w.auto_deal, w.first_stage_id, w.default_owner_id, w.search_upto,
	exists (select from pipeline.waiting_lead l where l.workspace_id = w.workspace_id) as waits
from unnest(:workspace_id[]) as item (workspace_id)
join pipeline.workspace w on w.workspace_id = item.workspace_id

-- name: lead_created_load lead_created -> lead_plan; locks nothing; a row per item, in their order; for a batch that was refused once
select w.auto_deal, w.first_stage_id as stage_id, w.default_owner_id, d.id is not null as has_deal, w.search_upto
from unnest(:workspace[], :lead_id[]) with ordinality as item (workspace_id, lead_id, i)
left join pipeline.workspace w on w.workspace_id = item.workspace_id
left join pipeline.deal d on (d.workspace_id, d.id) = (item.workspace_id, item.lead_id)
order by item.i

-- name: lead_begin_load lead_created => lead_begin; locks nothing; asked only for leads that say where they begin
select item.i as item, s.id as stage_id
from unnest(:workspace[], :stage[]) with ordinality as item (workspace_id, stage, i)
join pipeline.workspace w on w.workspace_id = item.workspace_id
join pipeline.stage first on (first.workspace_id, first.id) = (w.workspace_id, w.first_stage_id)
join pipeline.stage s on (s.workspace_id, s.pipeline_id) = (first.workspace_id, first.pipeline_id) and s.kind = 'open'
	and (s.key = item.stage or s.id::text = item.stage)

-- name: lead_status_write lead_state *; locks pipeline.deal; a lead without a deal has nothing to tell
update pipeline.deal d
set lead_status = item.status
from unnest(:workspace_id[], :lead_id[], :status[]) as item (workspace_id, lead_id, status)
where (d.workspace_id, d.id) = (item.workspace_id, item.lead_id) and d.lead_id is not null

-- name: stage_count_write stage_count; locks pipeline.stage_sum
insert into pipeline.stage_sum as s (workspace_id, stage_id, owner_id, currency, deals, value)
select item.workspace_id, item.stage_id, coalesce(item.owner_id, '00000000-0000-0000-0000-000000000000'), '', item.deals, 0
from unnest(:workspace_id[], :stage_id[], :owner_id[], :deals[]) as item (workspace_id, stage_id, owner_id, deals)
on conflict (workspace_id, stage_id, owner_id, currency) do update
set deals = s.deals + excluded.deals

-- name: lead_deal_write deal_created; deals without a value, counted by stage_count_write; the key has the last word against a second deal of one lead
insert into pipeline.deal (workspace_id, id, number, lead_id, stage_id, stage_since, created_at, title, company, source, source_id, owner_id, files)
select item.workspace_id, item.deal_id, item.number, item.lead_id, item.stage_id, item.at, item.at, item.title,
	item.company, item.source, item.source_id, item.owner_id, coalesce(item.files, 0)
from unnest(:workspace[], :deal_id[], :number[], :lead_id[], :stage_id[], :at[], :title[], :company[], :source[], :source_id[], :owner_id[], :files[])
	as item (workspace_id, deal_id, number, lead_id, stage_id, at, title, company, source, source_id, owner_id, files)

-- name: waiting_lead_write waiting_lead *; a lead that waits already stays as it is
insert into pipeline.waiting_lead (workspace_id, lead_id, title, company, source, source_id, owner_id, files)
select item.workspace_id, item.lead_id, item.title, item.company, item.source, item.source_id, item.owner_id, coalesce(item.files, 0)
from unnest(:workspace_id[], :lead_id[], :title[], :company[], :source[], :source_id[], :owner_id[], :files[])
	as item (workspace_id, lead_id, title, company, source, source_id, owner_id, files)
on conflict (workspace_id, lead_id) do nothing

-- name: lead_contact_linked_load lead_contact_linked -> link_place; locks nothing; where what is remembered is not enough
select w.auto_deal, w.first_stage_id is not null as board, d.id is not null as has_deal, c.contact_id, l.lead_id is not null as waits,
	w.search_upto
from unnest(:workspace[], :lead_id[]) with ordinality as item (workspace_id, lead_id, i)
left join pipeline.workspace w on w.workspace_id = item.workspace_id
left join pipeline.deal d on (d.workspace_id, d.id) = (item.workspace_id, item.lead_id)
left join pipeline.deal_contact c on (c.workspace_id, c.deal_id) = (item.workspace_id, item.lead_id)
left join pipeline.waiting_lead l on not w.auto_deal and (l.workspace_id, l.lead_id) = (item.workspace_id, item.lead_id)
order by item.i

-- name: deal_contact_write lead_contact_linked; contacts of deals known to have none
insert into pipeline.deal_contact (workspace_id, deal_id, contact_id, name, company, email, phone)
select item.workspace_id, item.lead_id, item.contact_id, coalesce(item.name, ''), item.company, item.email, item.phone
from unnest(:workspace[], :lead_id[], :contact_id[], :name[], :company[], :email[], :phone[])
	as item (workspace_id, lead_id, contact_id, name, company, email, phone)

-- name: deal_contact_other lead_contact_linked; locks pipeline.deal_contact
update pipeline.deal_contact c
set contact_id = item.contact_id, name = coalesce(item.name, ''), company = item.company, email = item.email, phone = item.phone
from unnest(:workspace[], :lead_id[], :contact_id[], :name[], :company[], :email[], :phone[])
	as item (workspace_id, lead_id, contact_id, name, company, email, phone)
where (c.workspace_id, c.deal_id) = (item.workspace_id, item.lead_id)

-- name: waiting_lead_linked lead_contact_linked; locks pipeline.waiting_lead
update pipeline.waiting_lead l
set contact_id = item.contact_id, contact_name = item.name, company = coalesce(l.company, item.company), contact_email = item.email, contact_phone = item.phone
from unnest(:workspace[], :lead_id[], :contact_id[], :name[], :company[], :email[], :phone[])
	as item (workspace_id, lead_id, contact_id, name, company, email, phone)
where (l.workspace_id, l.lead_id) = (item.workspace_id, item.lead_id)

-- name: deal_contact_linked_write deal_contact_linked *; locks pipeline.deal_contact; who was named may have become one with another meanwhile
update pipeline.deal_contact c
set contact_id = item.contact_id, name = item.name, company = item.company, email = item.email, phone = item.phone
from unnest(:workspace[], :deal_id[], :contact_id[], :name[], :company[], :email[], :phone[])
	as item (workspace_id, deal_id, contact_id, name, company, email, phone)
where (c.workspace_id, c.deal_id) = (item.workspace_id, item.deal_id) and item.contact_id is not null

-- name: deal_contact_none deal_contact_linked *; locks pipeline.deal_contact; what there is no contact of, has none
delete from pipeline.deal_contact c
using unnest(:workspace[], :deal_id[], :contact_id[]) as item (workspace_id, deal_id, contact_id)
where (c.workspace_id, c.deal_id) = (item.workspace_id, item.deal_id) and item.contact_id is null

-- name: deal_converted_person deal_converted *; locks pipeline.deal_contact
insert into pipeline.deal_contact (workspace_id, deal_id, contact_id, name, company, email, phone)
select item.workspace_id, item.deal_id, item.contact_id, coalesce(item.name, ''), item.company, item.email, item.phone
from unnest(:workspace[], :deal_id[], :contact_id[], :contact_name[], :company[], :email[], :phone[])
	as item (workspace_id, deal_id, contact_id, name, company, email, phone)
where item.contact_id is not null
on conflict (workspace_id, deal_id) do nothing

-- name: deal_converted_write deal_converted *; locks pipeline.deal_account
insert into pipeline.deal_account (workspace_id, deal_id, account_id, name)
select item.workspace_id, item.deal_id, item.account_id, coalesce(item.name, '')
from unnest(:workspace[], :deal_id[], :account_id[], :account_name[]) as item (workspace_id, deal_id, account_id, name)
where item.account_id is not null
on conflict (workspace_id, deal_id) do nothing

-- name: account_created_write account_created *; what there is of it already may come from a later event
insert into pipeline.account (workspace_id, id, owner_id, lifecycle, name, onboarding_status)
select item.workspace_id, item.account_id, item.owner_id, item.lifecycle, item.name, item.onboarding_status
from unnest(:workspace[], :account_id[], :owner_id[], :lifecycle[], :name[], :onboarding_status[])
	as item (workspace_id, account_id, owner_id, lifecycle, name, onboarding_status)
on conflict (workspace_id, id) do nothing

-- name: account_updated_write account_updated *; locks pipeline.account; one from before there was a copy arrives so
insert into pipeline.account (workspace_id, id, owner_id, lifecycle, name, onboarding_status, roles)
select item.workspace_id, item.account_id, item.owner_id, item.lifecycle, item.name, item.onboarding_status, coalesce(item.roles, '{}')
from unnest(:workspace[], :account_id[], :owner_id[], :lifecycle[], :name[], :onboarding_status[], :roles[])
	as item (workspace_id, account_id, owner_id, lifecycle, name, onboarding_status, roles)
on conflict (workspace_id, id) do update
set owner_id = excluded.owner_id, lifecycle = excluded.lifecycle, name = excluded.name, onboarding_status = excluded.onboarding_status, roles = excluded.roles

-- name: account_trashed_write account_trashed *; locks pipeline.account; its deals keep its name, and nobody names it anew
delete from pipeline.account a
using unnest(:workspace[], :account_id[]) as item (workspace_id, account_id)
where (a.workspace_id, a.id) = (item.workspace_id, item.account_id)

-- name: account_restored_write account_restored *; locks pipeline.account
insert into pipeline.account (workspace_id, id, owner_id, lifecycle, name, onboarding_status, roles)
select item.workspace_id, item.account_id, item.owner_id, item.lifecycle, item.name, item.onboarding_status, coalesce(item.roles, '{}')
from unnest(:workspace[], :account_id[], :owner_id[], :lifecycle[], :name[], :onboarding_status[], :roles[])
	as item (workspace_id, account_id, owner_id, lifecycle, name, onboarding_status, roles)
on conflict (workspace_id, id) do update
set owner_id = excluded.owner_id, lifecycle = excluded.lifecycle, name = excluded.name, onboarding_status = excluded.onboarding_status, roles = excluded.roles

-- name: account_told_write account_told *; locks pipeline.account; as it is by now
insert into pipeline.account (workspace_id, id, owner_id, lifecycle, name, onboarding_status, roles)
select item.workspace_id, item.account_id, item.owner_id, item.lifecycle, item.name, item.onboarding_status, coalesce(item.roles, '{}')
from unnest(:workspace[], :account_id[], :owner_id[], :lifecycle[], :name[], :onboarding_status[], :roles[])
	as item (workspace_id, account_id, owner_id, lifecycle, name, onboarding_status, roles)
on conflict (workspace_id, id) do update
set owner_id = excluded.owner_id, lifecycle = excluded.lifecycle, name = excluded.name, onboarding_status = excluded.onboarding_status, roles = excluded.roles

-- name: contact_told_write contact_told *; locks pipeline.deal_contact; of deals that have none
update pipeline.deal_contact c
set phone = item.phone
from unnest(:workspace[], :contact_id[], :phone[]) as item (workspace_id, contact_id, phone)
where (c.workspace_id, c.contact_id) = (item.workspace_id, item.contact_id) and c.phone is null

-- name: account_renamed_write account_updated *; locks pipeline.deal_account
update pipeline.deal_account a
set name = item.name
from unnest(:workspace[], :account_id[], :name[]) as item (workspace_id, account_id, name)
where (a.workspace_id, a.account_id) = (item.workspace_id, item.account_id) and a.name <> item.name

-- name: removed_account_drop workspace_removed *; locks pipeline.account, the workspace's rows
delete from pipeline.account t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_deal_account_drop workspace_removed *; locks pipeline.deal_account, the workspace's rows
delete from pipeline.deal_account t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: contact_updated_write contact_updated *; locks pipeline.deal_contact
update pipeline.deal_contact c
set name = item.name, company = item.company, email = item.email, phone = item.phone
from unnest(:workspace[], :contact_id[], :name[], :company[], :email[], :phone[]) as item (workspace_id, contact_id, name, company, email, phone)
where (c.workspace_id, c.contact_id) = (item.workspace_id, item.contact_id)
	and (c.name, c.company, c.email, c.phone) is distinct from (item.name, item.company, item.email, item.phone)

-- name: waiting_lead_renamed contact_updated *; locks pipeline.waiting_lead; few rows, and none where leads are deals at once
update pipeline.waiting_lead l
set contact_name = item.name, company = coalesce(l.company, item.company), contact_email = item.email, contact_phone = item.phone
from unnest(:workspace[], :contact_id[], :name[], :company[], :email[], :phone[]) as item (workspace_id, contact_id, name, company, email, phone)
where l.workspace_id = item.workspace_id and l.contact_id = item.contact_id

-- name: lead_qualified_load lead_qualified -> qualify_plan; locks nothing; a new deal begins in the first board's marked stage, else its first
select w.workspace_id is not null as known, d.stage_id as from_id, here.key as from_key,
	coalesce(here.kind = 'open' and here.position < target.position, false) as before, target.id as to_id, target.key as to_key, d.version,
	l.title, l.contact_id, l.contact_name, l.company, l.source, l.source_id, l.files::int8 as files,
	case when d.id is null then coalesce(l.owner_id, w.default_owner_id) else d.owner_id end as owner_id
from unnest(:workspace[], :lead_id[]) with ordinality as item (workspace_id, lead_id, i)
left join pipeline.workspace w on w.workspace_id = item.workspace_id
left join pipeline.deal d on (d.workspace_id, d.id) = (item.workspace_id, item.lead_id)
left join pipeline.waiting_lead l on d.id is null and (l.workspace_id, l.lead_id) = (item.workspace_id, item.lead_id)
left join pipeline.stage here on (here.workspace_id, here.id) = (w.workspace_id, coalesce(d.stage_id, w.first_stage_id))
left join pipeline.stage marked on marked.qualified and (marked.workspace_id, marked.pipeline_id) = (here.workspace_id, here.pipeline_id)
left join pipeline.stage target on (target.workspace_id, target.id) = (w.workspace_id, coalesce(marked.id, case when d.id is null then here.id end))
order by item.i

-- name: deal_contact_waited deal_created *; locks pipeline.deal_contact; how to reach whom a waiting lead is about
update pipeline.deal_contact c
set email = l.contact_email, phone = l.contact_phone
from unnest(:workspace[], :lead_id[]) as item (workspace_id, lead_id)
join pipeline.waiting_lead l on (l.workspace_id, l.lead_id) = (item.workspace_id, item.lead_id)
where (c.workspace_id, c.deal_id) = (item.workspace_id, item.lead_id)

-- name: waiting_lead_over deal_created *; locks pipeline.waiting_lead; its deal is there
delete from pipeline.waiting_lead l
using unnest(:workspace[], :lead_id[]) as item (workspace_id, lead_id)
where (l.workspace_id, l.lead_id) = (item.workspace_id, item.lead_id)

-- name: lead_updated_load lead_updated -> deal_state; locks nothing
select d.id as deal_id, d.version, d.title, d.value, d.value_currency, d.close_date, d.notes, d.lead_id, d.owner_id,
	d.probability, d.monthly_shipments, d.account_type, d.ecommerce_type, d.channel, d.weight_range, d.content_type, d.campaign, d.plan_type, d.locale, d.loss_reason, d.annotations, d.custom,
	coalesce(k.lifecycle = 'client', false) as client, a.account_id, a.name as account_name
from unnest(:workspace[], :lead_id[]) with ordinality as item (workspace_id, lead_id, i)
left join pipeline.deal d on (d.workspace_id, d.id) = (item.workspace_id, item.lead_id)
left join pipeline.deal_account a on (a.workspace_id, a.deal_id) = (d.workspace_id, d.id)
left join pipeline.account k on (k.workspace_id, k.id) = (a.workspace_id, a.account_id)
order by item.i

-- name: waiting_lead_owner lead_updated *; locks pipeline.waiting_lead
update pipeline.waiting_lead l
set owner_id = item.owner_id
from unnest(:workspace[], :lead_id[], :owner_id[]) as item (workspace_id, lead_id, owner_id)
where (l.workspace_id, l.lead_id) = (item.workspace_id, item.lead_id)

-- name: workspace_preset_changed_load workspace_preset_changed -> board_place; locks nothing; a row per item, in their order
select w.workspace_id, p.id as pipeline_id, p.key
from unnest(:workspace[]) with ordinality as item (workspace_id, i)
left join pipeline.workspace w on w.workspace_id = item.workspace_id
left join lateral (
	select b.id, b.key
	from pipeline.pipeline b
	where b.workspace_id = w.workspace_id and b.kind = 'sales'
	order by b.archived, b.position
	limit 1
) p on true
order by item.i

-- name: board_mode_write board_mode; locks pipeline.pipeline
update pipeline.pipeline p
set move_mode = item.move_mode
from unnest(:workspace_id[], :pipeline_id[], :move_mode[]) as item (workspace_id, pipeline_id, move_mode)
where (p.workspace_id, p.id) = (item.workspace_id, item.pipeline_id)

-- name: board_aside board_pipeline *; locks pipeline.stage: every stage makes room and gives up its mark; those of the new preset take their places again
update pipeline.stage s
set position = s.position + 1000, qualified = false
from unnest(:workspace_id[], :pipeline_id[]) as item (workspace_id, pipeline_id)
where (s.workspace_id, s.pipeline_id) = (item.workspace_id, item.pipeline_id)

-- name: board_relabel board_pipeline; locks pipeline.pipeline
update pipeline.pipeline p
set label = item.label, move_mode = item.move_mode
from unnest(:workspace_id[], :pipeline_id[], :label[], :move_mode[]) as item (workspace_id, pipeline_id, label, move_mode)
where (p.workspace_id, p.id) = (item.workspace_id, item.pipeline_id)

-- name: board_stage_lay board_stage; locks pipeline.stage; the ids are made of the keys: a stage that was there is the same stage
insert into pipeline.stage (workspace_id, id, pipeline_id, position, key, kind, label, probability, colour, qualified)
select item.workspace_id, item.stage_id, item.pipeline_id, item.position, item.key, item.kind, item.label, item.probability, item.colour, item.qualified
from unnest(:workspace_id[], :stage_id[], :pipeline_id[], :position[], :key[], :kind[], :label[], :probability[], :colour[], :qualified[])
	as item (workspace_id, stage_id, pipeline_id, position, key, kind, label, probability, colour, qualified)
on conflict (workspace_id, id) do update
set position = excluded.position, kind = excluded.kind, label = excluded.label, probability = excluded.probability, colour = excluded.colour,
	qualified = excluded.qualified

-- name: board_clear board_pipeline *; locks pipeline.stage: what stands aside goes, unless a deal stands in it
delete from pipeline.stage s
using unnest(:workspace_id[], :pipeline_id[]) as item (workspace_id, pipeline_id)
where (s.workspace_id, s.pipeline_id) = (item.workspace_id, item.pipeline_id) and s.position > 1000
	and not exists (select from pipeline.deal d where (d.workspace_id, d.stage_id) = (s.workspace_id, s.id))

-- name: board_behind board_pipeline *; locks pipeline.stage: what is left of the old board stands behind the new one, in its order
update pipeline.stage s
set position = place.position
from (
	select o.workspace_id, o.id, (
			select count(*)
			from pipeline.stage f
			where (f.workspace_id, f.pipeline_id) = (o.workspace_id, o.pipeline_id) and f.position <= 1000)
		+ row_number() over (partition by o.workspace_id, o.pipeline_id order by o.position) as position
	from unnest(:workspace_id[], :pipeline_id[]) as item (workspace_id, pipeline_id)
	join pipeline.stage o on (o.workspace_id, o.pipeline_id) = (item.workspace_id, item.pipeline_id) and o.position > 1000
) as place
where (s.workspace_id, s.id) = (place.workspace_id, place.id)

-- name: board_begin board_workspace; locks pipeline.workspace
update pipeline.workspace w
set auto_deal = item.auto_deal, first_stage_id = item.first_stage_id
from unnest(:workspace_id[], :auto_deal[], :first_stage_id[]) as item (workspace_id, auto_deal, first_stage_id)
where w.workspace_id = item.workspace_id

-- name: deals_of_member member_handed_over => deal_state; open and closed; by the board's stages, which are few: an index by owner would cost every lead
select d.id as deal_id, d.version, d.title, d.value, d.value_currency, d.close_date, d.notes, d.lead_id, d.owner_id,
	d.probability, d.monthly_shipments, d.account_type, d.ecommerce_type, d.channel, d.weight_range, d.content_type, d.campaign, d.plan_type, d.locale, d.loss_reason, d.annotations, d.custom,
	a.account_id, a.name as account_name
from unnest(:workspace[], :user_id[]) as item (workspace_id, user_id)
join pipeline.stage_sum x on (x.workspace_id, x.owner_id) = (item.workspace_id, item.user_id) and x.deals > 0
join pipeline.deal d on (d.workspace_id, d.stage_id) = (x.workspace_id, x.stage_id) and d.owner_id = item.user_id
	and coalesce(d.value_currency, '') = x.currency
left join pipeline.deal_account a on (a.workspace_id, a.deal_id) = (d.workspace_id, d.id)
order by d.id

-- name: waiting_lead_hand_over member_handed_over *; locks pipeline.waiting_lead
update pipeline.waiting_lead l
set owner_id = item.to_id
from unnest(:workspace[], :user_id[], :to_id[]) as item (workspace_id, user_id, to_id)
where l.workspace_id = item.workspace_id and l.owner_id = item.user_id

-- name: deal_renamed_late contact_updated *; locks pipeline.search_page; deals that stand on a page under the contact's old name
insert into pipeline.search_page (workspace_id, last, n, ids, words)
select t.workspace_id, t.id, 1, array[t.id], pipeline.search_text(concat_ws(' ', t.title, t.company, k.name, k.company))
from (
	select distinct item.workspace_id, item.contact_id
	from unnest(:workspace[], :contact_id[]) as item (workspace_id, contact_id)
) item
join pipeline.deal_contact k on (k.workspace_id, k.contact_id) = (item.workspace_id, item.contact_id)
join pipeline.workspace w on w.workspace_id = item.workspace_id and k.deal_id <= w.search_upto
join pipeline.deal t on (t.workspace_id, t.id) = (k.workspace_id, k.deal_id)
on conflict (workspace_id, last, n) do update set words = search_page.words || excluded.words, marks = null

-- name: removed_search_page_drop workspace_removed *; locks pipeline.search_page, the workspace's rows
delete from pipeline.search_page t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_waiting_lead_drop workspace_removed *; locks pipeline.waiting_lead, the workspace's rows
delete from pipeline.waiting_lead t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_stage_sum_drop workspace_removed *; locks pipeline.stage_sum, the workspace's rows
delete from pipeline.stage_sum t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_deal_contact_drop workspace_removed *; locks pipeline.deal_contact, the workspace's rows
delete from pipeline.deal_contact t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_deal_drop workspace_removed *; locks pipeline.deal, the workspace's rows
delete from pipeline.deal t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_stage_drop workspace_removed *; locks pipeline.stage, the workspace's rows
delete from pipeline.stage t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_pipeline_drop workspace_removed *; locks pipeline.pipeline, the workspace's rows
delete from pipeline.pipeline t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_workspace_drop workspace_removed *; locks pipeline.workspace, the workspace's rows
delete from pipeline.workspace t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_deal_change_drop workspace_removed *; locks pipeline.deal_change, the workspace's rows
delete from pipeline.deal_change t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: segment_joined_write segment_joined *; what was heard before stays as it is
insert into pipeline.segment_member (workspace_id, record_id, segment_id)
select item.workspace_id, item.record_id, item.segment_id
from unnest(:workspace[], :record_id[], :segment_id[]) as item (workspace_id, record_id, segment_id)
on conflict (workspace_id, record_id, segment_id) do nothing

-- name: segment_left_drop segment_left *; locks pipeline.segment_member
delete from pipeline.segment_member m
using unnest(:workspace[], :record_id[], :segment_id[]) as item (workspace_id, record_id, segment_id)
where (m.workspace_id, m.record_id, m.segment_id) = (item.workspace_id, item.record_id, item.segment_id)

-- name: segment_changed_drop segment_changed *; locks pipeline.segment_member: a segment that is no more has nothing in it
delete from pipeline.segment_member m
using unnest(:workspace[], :segment_id[]) as item (workspace_id, segment_id)
where (m.workspace_id, m.segment_id) = (item.workspace_id, item.segment_id)

-- name: removed_segment_member_drop workspace_removed *; locks pipeline.segment_member, the workspace's rows
delete from pipeline.segment_member t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_search_block_drop workspace_removed *; locks pipeline.search_block, the workspace's rows
delete from pipeline.search_block t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_search_gram_drop workspace_removed *; locks pipeline.search_gram, the workspace's rows
delete from pipeline.search_gram t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: deal_import_load deal_import_asked -> deal_there; locks nothing; a row per item, in their order
select w.workspace_id is not null as known, d.id is not null as deal, coalesce(d.trashed_at is not null, false) as trashed, p.id::text as board,
	coalesce(s.kind = 'open', true) as opens, d.owner_id
from unnest(:workspace[], :deal_id[], :stage_id[]) with ordinality as item (workspace_id, deal_id, stage_id, i)
left join pipeline.workspace w on w.workspace_id = item.workspace_id
left join pipeline.deal d on (d.workspace_id, d.id) = (item.workspace_id, item.deal_id)
left join pipeline.stage s on (s.workspace_id, s.id) = (item.workspace_id, item.stage_id)
left join pipeline.pipeline p on (p.workspace_id, p.id) = (s.workspace_id, s.pipeline_id) and not p.archived
order by item.i

-- name: deal_import_parts deal_import_undone => undo_part; what an import changed of one deal: each field as it was before its first change
select p.deal_id, d.number, d.owner_id, p.field, p.old, p.since, d.trashed_at is not null as trashed, l.version is not null as later, l.at as later_at,
	l.actor_id as later_by
from (
	select distinct on (c.deal_id, f.field) c.workspace_id, c.deal_id, c.batch_id, c.version, c.since, f.field, f.old
	from unnest(:workspace[], :import_id[], :deal_id[]) as item (workspace_id, batch_id, deal_id)
	join pipeline.deal_change c on (c.workspace_id, c.batch_id, c.deal_id) = (item.workspace_id, item.batch_id, item.deal_id)
	cross join lateral jsonb_to_recordset(c.changes) as f (field text, old text)
	order by c.deal_id, f.field, c.version
) p
join pipeline.deal d on (d.workspace_id, d.id) = (p.workspace_id, p.deal_id)
left join lateral (
	select c.version, c.at, c.actor_id
	from pipeline.deal_change c
	where (c.workspace_id, c.deal_id) = (p.workspace_id, p.deal_id) and c.version > p.version and c.batch_id is distinct from p.batch_id
		and c.changes @> jsonb_build_array(jsonb_build_object('field', p.field))
	order by c.version desc
	limit 1
) l on true
order by p.deal_id, p.field

-- name: deal_import_made deal_import_undone -> deal_made; locks nothing; a row per item, in their order: whether nobody changed it but that import
select d.id is not null and not exists (
	select from pipeline.deal_change c
	where (c.workspace_id, c.deal_id) = (item.workspace_id, item.deal_id) and c.batch_id is distinct from item.import_id) as untouched
from unnest(:workspace[], :deal_id[], :import_id[]) with ordinality as item (workspace_id, deal_id, import_id, i)
left join pipeline.deal d on (d.workspace_id, d.id) = (item.workspace_id, item.deal_id)
order by item.i
