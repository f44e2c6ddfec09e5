-- What is asked of deals in more than one place. t: pipeline.deal, w: its pipeline.workspace. The parameters are those of DEAL_FILTER (proto/pipeline.def);
-- a reader plans each question by what was asked of it, so that what was not asked costs nothing.

-- part: deal_places; the stages that were asked for
select s.id
from pipeline.stage s
join pipeline.pipeline b on (b.workspace_id, b.id) = (s.workspace_id, s.pipeline_id)
where (:stage is null or s.key = any (pipeline.asked_words(:stage)) or s.id = any (pipeline.asked_ids(:stage)))
	and (:pipeline is null or b.key = any (pipeline.asked_words(:pipeline)) or b.id = any (pipeline.asked_ids(:pipeline)))
	and (:kind is null or s.kind = any (pipeline.asked_words(:kind)))
	and (not coalesce(:qualified, false) or not exists (
		select from pipeline.stage q
		where (q.workspace_id, q.pipeline_id) = (s.workspace_id, s.pipeline_id) and q.qualified and q.position > s.position))

-- part: deal_stands; where it stands
((:stage is null and :pipeline is null and :kind is null and not coalesce(:qualified, false)) or t.stage_id = any (array(
	-- use: deal_places
)))

-- part: deal_owned
(:owner is null or t.owner_id = any (pipeline.asked_ids(:owner)) or (pipeline.asked_none(:owner) and t.owner_id is null))

-- part: sum_owned; the same of a running sum x, in which zeros are nobody
(:owner is null or x.owner_id = any (pipeline.asked_ids(:owner)) or (pipeline.asked_none(:owner) and x.owner_id = '00000000-0000-0000-0000-000000000000'))

-- part: deal_incomplete; less than 60 % of what is to be known is filled in: who it is, company, e-mail, phone, value, expected close and source, and the details of
-- which the workspace has values to choose from. Its contact is read only where what stands in the deal does not decide
(
	select case when 5 * own.filled >= 3 * own.asked then false when 5 * (own.filled + 4) < 3 * own.asked then true
		else 5 * (own.filled + coalesce((
			select num_nonnulls(nullif(c.name, ''), coalesce(nullif(t.company, ''), nullif(c.company, '')), nullif(c.email, ''), nullif(c.phone, ''))
			from pipeline.deal_contact c
			where (c.workspace_id, c.deal_id) = (t.workspace_id, t.id)), num_nonnulls(nullif(t.company, '')))) < 3 * own.asked end
	from (
		select t.workspace_id = any (array(select distinct i.workspace_id from pipeline.catalogue_item i where i.catalogue = 'account_type' and not i.retired)) as account_type,
			t.workspace_id = any (array(select distinct i.workspace_id from pipeline.catalogue_item i where i.catalogue = 'ecommerce_type' and not i.retired)) as ecommerce_type,
			t.workspace_id = any (array(select distinct i.workspace_id from pipeline.catalogue_item i where i.catalogue = 'channel' and not i.retired)) as channel,
			t.workspace_id = any (array(select distinct i.workspace_id from pipeline.catalogue_item i where i.catalogue = 'weight_range' and not i.retired)) as weight_range,
			t.workspace_id = any (array(select distinct i.workspace_id from pipeline.catalogue_item i where i.catalogue = 'content_type' and not i.retired)) as content_type,
			t.workspace_id = any (array(select distinct i.workspace_id from pipeline.catalogue_item i where i.catalogue = 'locale' and not i.retired)) as locale
		offset 0
	) h
	cross join lateral (
		select num_nonnulls(t.value, t.close_date, t.source, case when h.account_type then t.account_type end, case when h.ecommerce_type then t.ecommerce_type end, case when h.channel then t.channel end,
				case when h.weight_range then t.weight_range end, case when h.content_type then t.content_type end, case when h.locale then t.locale end) as filled,
			7 + h.account_type::int + h.ecommerce_type::int + h.channel::int + h.weight_range::int + h.content_type::int + h.locale::int as asked
		offset 0
	) own
)

-- part: deal_fits; all else that can be asked of it, but for words
(:source is null or t.source = any (pipeline.asked_words(:source)) or (pipeline.asked_none(:source) and t.source is null))
and (:campaign is null or t.campaign = any (pipeline.asked_words(:campaign)) or (pipeline.asked_none(:campaign) and t.campaign is null))
and (:channel is null or t.channel = any (pipeline.asked_words(:channel)) or (pipeline.asked_none(:channel) and t.channel is null))
and (:ecommerce_type is null or t.ecommerce_type = any (pipeline.asked_words(:ecommerce_type)) or (pipeline.asked_none(:ecommerce_type) and t.ecommerce_type is null))
and (:weight_range is null or t.weight_range = any (pipeline.asked_words(:weight_range)) or (pipeline.asked_none(:weight_range) and t.weight_range is null))
and (:content_type is null or t.content_type = any (pipeline.asked_words(:content_type)) or (pipeline.asked_none(:content_type) and t.content_type is null))
and (:account_type is null or t.account_type = any (pipeline.asked_words(:account_type)) or (pipeline.asked_none(:account_type) and t.account_type is null))
and (:plan_type is null or t.plan_type = any (pipeline.asked_words(:plan_type)) or (pipeline.asked_none(:plan_type) and t.plan_type is null))
and (:locale is null or t.locale = any (pipeline.asked_words(:locale)) or (pipeline.asked_none(:locale) and t.locale is null))
and (:loss_reason is null or t.loss_reason = any (pipeline.asked_words(:loss_reason)) or (pipeline.asked_none(:loss_reason) and t.loss_reason is null))
and (:lead_status is null or (t.lead_id is not null and coalesce(t.lead_status, 'New') = any (pipeline.asked_words(:lead_status))) or (pipeline.asked_none(:lead_status) and t.lead_id is null))
and (:created_from is null or t.created_at >= (:created_from::timestamp at time zone coalesce(w.timezone, 'Europe/Amsterdam')))
and (:created_to is null or t.created_at < ((:created_to + 1)::timestamp at time zone coalesce(w.timezone, 'Europe/Amsterdam')))
and (:closed_from is null or t.closed_at >= (:closed_from::timestamp at time zone coalesce(w.timezone, 'Europe/Amsterdam')))
and (:closed_to is null or t.closed_at < ((:closed_to + 1)::timestamp at time zone coalesce(w.timezone, 'Europe/Amsterdam')))
and (:look is null
	or ('stuck' = any (pipeline.asked_words(:look)) and t.stage_since <= coalesce(:now, now()) - interval '7 days' and t.stage_id = any (array(
		select s.id
		from pipeline.stage s
		where s.kind = 'open' and not exists (
			select from pipeline.stage q
			where (q.workspace_id, q.pipeline_id) = (s.workspace_id, s.pipeline_id) and q.qualified and q.position > s.position)))
		and not exists (
			select from pipeline.deal_change c
			where (c.workspace_id, c.deal_id) = (t.workspace_id, t.id) and c.at > coalesce(:now, now()) - interval '7 days')
		and not exists (
			select from pipeline.deal_follow g
			where (g.workspace_id, g.deal_id) = (t.workspace_id, t.id) and g.last_note_at > coalesce(:now, now()) - interval '7 days'))
	or ('no_next' = any (pipeline.asked_words(:look)) and t.stage_id = any (array(select s.id from pipeline.stage s where s.kind = 'open')) and not exists (
		select from pipeline.deal_follow g
		where (g.workspace_id, g.deal_id) = (t.workspace_id, t.id) and g.next_at is not null))
	or ('incomplete' = any (pipeline.asked_words(:look)) and t.stage_id = any (array(select s.id from pipeline.stage s where s.kind = 'open')) and
		-- use: deal_incomplete
	))
and (:close_from is null or t.close_date >= :close_from)
and (:close_to is null or t.close_date <= :close_to)
and (:value_min is null or t.value >= pipeline.minor_of(pipeline.decimal_of(:value_min), t.value_currency))
and (:value_max is null or t.value <= pipeline.minor_of(pipeline.decimal_of(:value_max), t.value_currency))
and (:next_from is null or exists (
	select from pipeline.deal_follow g
	where (g.workspace_id, g.deal_id) = (t.workspace_id, t.id) and g.next_at >= (:next_from::timestamp at time zone coalesce(w.timezone, 'Europe/Amsterdam'))))
and (:next_to is null or exists (
	select from pipeline.deal_follow g
	where (g.workspace_id, g.deal_id) = (t.workspace_id, t.id) and g.next_at < ((:next_to + 1)::timestamp at time zone coalesce(w.timezone, 'Europe/Amsterdam'))))
and (:tag is null or exists (
	select from pipeline.deal_follow g, jsonb_array_elements(g.tags) e
	where (g.workspace_id, g.deal_id) = (t.workspace_id, t.id)
		and ((e ->> 'id')::uuid = any (pipeline.asked_ids(:tag)) or e ->> 'label' = any (pipeline.asked_words(:tag))))
	or (pipeline.asked_none(:tag) and not exists (
		select from pipeline.deal_follow g
		where (g.workspace_id, g.deal_id) = (t.workspace_id, t.id) and g.tags <> '[]')))
and (:account is null or t.id = any (array( -- by the index deal_account_account, of a company's deals alone
	select g.deal_id
	from pipeline.deal_account g
	where g.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and g.account_id = any (pipeline.asked_ids(:account))))
	or (pipeline.asked_none(:account) and not exists (
		select from pipeline.deal_account g
		where (g.workspace_id, g.deal_id) = (t.workspace_id, t.id))))
and (:contact is null or t.id = any (array( -- by the index deal_contact_contact
	select g.deal_id
	from pipeline.deal_contact g
	where g.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and g.contact_id = any (pipeline.asked_ids(:contact)))))
and (:type is null or case when exists (
	select from pipeline.deal_account g
	join pipeline.account k on (k.workspace_id, k.id) = (g.workspace_id, g.account_id)
	where (g.workspace_id, g.deal_id) = (t.workspace_id, t.id) and k.lifecycle = 'client') then 'client' else 'prospect' end = any (pipeline.asked_words(:type)))
and (:onboarding_status is null or coalesce((
	select k.onboarding_status = any (pipeline.asked_words(:onboarding_status)) or (pipeline.asked_none(:onboarding_status) and k.onboarding_status is null)
	from pipeline.deal_account g
	join pipeline.account k on (k.workspace_id, k.id) = (g.workspace_id, g.account_id)
	where (g.workspace_id, g.deal_id) = (t.workspace_id, t.id)), pipeline.asked_none(:onboarding_status)))
and (:roles is null or pipeline.roles_fit((
	select k.roles
	from pipeline.deal_account g
	join pipeline.account k on (k.workspace_id, k.id) = (g.workspace_id, g.account_id)
	where (g.workspace_id, g.deal_id) = (t.workspace_id, t.id)), :roles))
and (:custom is null or pipeline.custom_fits(t.custom, :custom))
and (:id is null or t.id = any (pipeline.asked_ids(:id)))
and (:segment is null or exists (
	select from pipeline.segment_member g
	where (g.workspace_id, g.record_id) = (t.workspace_id, t.id) and g.segment_id = any (pipeline.asked_ids(:segment))))

-- part: deal_words; hits name deals by their ids; of more than 10,000 the newest
(:q is null or t.id = any (array(select h.id from pipeline.search_hits(:q, 10001) as h)))

-- part: deal_by_place_alone; nothing is asked but what the running sums know
:q is null and :source is null and :campaign is null and :channel is null and :ecommerce_type is null and :weight_range is null and :content_type is null
and :account_type is null and :plan_type is null and :locale is null and :loss_reason is null and :lead_status is null and :created_from is null
and :created_to is null and :close_from is null and :close_to is null and :value_min is null and :value_max is null and :custom is null and :next_from is null and :next_to is null and :tag is null
and :account is null and :contact is null and :type is null and :onboarding_status is null and :roles is null and :id is null and :segment is null and :closed_from is null and :closed_to is null and :look is null

-- part: deal_found; all deals of the reader's set that were asked for. The set stands there beside row security so that the plan knows whose deals they are
from pipeline.workspace w
join pipeline.deal t on t.workspace_id = w.workspace_id
where w.workspace_id = any (:workspaces) and t.workspace_id = any (:workspaces)
and
-- use: deal_stands
and
-- use: deal_owned
and
-- use: deal_fits
and
-- use: deal_words

-- part: deal_most; rows of a page: people are given 200 at most, a file is written by more
least(greatest(coalesce(:limit, 50), 1), 2000)

-- part: deal_keys; what a deal is sorted by, a number or a text, each null but for the sort that asks for it; more: its contact c, its stage s on the board b,
-- and what its catalogues say i
case pipeline.sort_of(:sort)
	when 'stage_since' then pipeline.micros(t.stage_since)
	when 'created_at' then pipeline.micros(t.created_at)
	when 'closed_at' then pipeline.micros(t.closed_at)
	when 'number' then t.number
	when 'value' then t.value
	when 'probability' then coalesce(t.probability, s.probability)
	when 'monthly_shipments' then t.monthly_shipments
	when 'account_value' then i.cost * t.monthly_shipments
	when 'close_date' then t.close_date - date '2000-01-01'
	when 'files' then t.files
	when 'next_at' then pipeline.micros(f.next_at)
	when 'last_note' then pipeline.micros(f.last_note_at)
	when 'last_note_at' then pipeline.micros(f.last_note_at)
	when 'days_without_contact' then -pipeline.micros(coalesce(f.last_note_at, t.created_at))
	when 'notes_count' then coalesce(f.notes, 0)
	when 'stage' then b.position * 1000 + s.position
	when 'ecommerce_type' then i.position
	when 'weight_range' then i.position
	when 'content_type' then i.position
	when 'account_type' then i.position
	when 'plan_type' then i.position
	when 'locale' then i.position
	when 'channel' then i.position
	when 'campaign' then i.position
	when 'loss_reason' then i.position
	when 'source' then i.position
	when 'type' then case when k.lifecycle = 'client' then 1 else 0 end
	when 'onboarding_status' then i.position
	when 'lead_status' then case when t.lead_id is not null then strpos('New       Contacted Qualified', coalesce(t.lead_status, 'New')) end
	else case when pipeline.sort_of(:sort) like 'custom.%' then pipeline.decimal_of(pipeline.custom_text(t.custom -> substr(pipeline.sort_of(:sort), 8))) end
end::numeric as num,
case pipeline.sort_of(:sort)
	when 'title' then pipeline.sort_text(t.title)
	when 'company' then pipeline.sort_text(coalesce(t.company, c.company))
	when 'name' then pipeline.sort_text(c.name)
	when 'email' then pipeline.sort_text(c.email)
	when 'phone' then pipeline.sort_text(c.phone)
	when 'owner' then t.owner_id::text
	when 'kae' then k.roles ->> 'kae'
	when 'csr' then k.roles ->> 'csr'
	when 'source' then pipeline.sort_text(t.source)
	when 'annotations' then pipeline.sort_text(t.annotations)
	else case when pipeline.sort_of(:sort) like 'custom.%' then pipeline.sort_text(pipeline.custom_text(t.custom -> substr(pipeline.sort_of(:sort), 8))) end
end collate "C" as txt

-- part: deal_keys_of; whom deal_keys asks beside the deal
left join pipeline.deal_contact c on c.workspace_id = any (:workspaces) and (c.workspace_id, c.deal_id) = (t.workspace_id, t.id)
left join pipeline.deal_follow f on f.workspace_id = any (:workspaces) and (f.workspace_id, f.deal_id) = (t.workspace_id, t.id)
left join pipeline.workspace z on z.workspace_id = t.workspace_id
left join pipeline.stage s on (s.workspace_id, s.id) = (t.workspace_id, t.stage_id)
left join pipeline.pipeline b on (b.workspace_id, b.id) = (s.workspace_id, s.pipeline_id)
left join pipeline.deal_account x on x.workspace_id = any (:workspaces) and (x.workspace_id, x.deal_id) = (t.workspace_id, t.id)
left join pipeline.account k on (k.workspace_id, k.id) = (x.workspace_id, x.account_id)
left join pipeline.catalogue_item i on i.workspace_id = t.workspace_id
	and i.catalogue = case pipeline.sort_of(:sort) when 'account_value' then 'locale' else pipeline.sort_of(:sort) end
	and i.key = case pipeline.sort_of(:sort)
		when 'ecommerce_type' then t.ecommerce_type when 'weight_range' then t.weight_range when 'content_type' then t.content_type
		when 'account_type' then t.account_type when 'plan_type' then t.plan_type when 'locale' then t.locale when 'account_value' then t.locale
		when 'onboarding_status' then k.onboarding_status when 'channel' then t.channel when 'campaign' then t.campaign when 'loss_reason' then t.loss_reason when 'source' then t.source end

-- part: deal_row; a deal (n.deal, n.contact) as a table shows it
select (n.deal).id, (n.deal).workspace_id, (n.deal).number, (n.deal).title, (n.deal).stage_id, n.stage_key, (n.contact).contact_id,
	nullif((n.contact).name, '') as contact_name, coalesce((n.deal).company, (n.contact).company) as company, (n.contact).email, (n.contact).phone,
	pipeline.money_json((n.deal).value, (n.deal).value_currency) as value, (n.deal).owner_id, (n.deal).lead_id,
	case when (n.deal).lead_id is not null then coalesce((n.deal).lead_status, 'New') end as lead_status, (n.deal).source, (n.deal).version,
	pipeline.rfc3339((n.deal).created_at) as created_at, pipeline.rfc3339((n.deal).stage_since) as stage_since,
	pipeline.rfc3339((n.deal).closed_at) as closed_at, (n.deal).close_date, (n.deal).files, n.probability, (n.deal).probability as probability_own,
	(n.deal).monthly_shipments, (n.deal).account_type, (n.deal).ecommerce_type, (n.deal).channel, (n.deal).weight_range, (n.deal).content_type,
	(n.deal).campaign, (n.deal).plan_type, (n.deal).locale, (n.deal).loss_reason, (n.deal).annotations,
	case when (n.deal).monthly_shipments is not null then pipeline.account_value_json(n.deal) end as account_value,
	pipeline.rfc3339((n.follow).last_note_at) as last_note_at, coalesce((n.follow).notes, 0) as notes_count, pipeline.rfc3339((n.follow).next_at) as next_at,
	(n.follow).next_kind, pipeline.days_between(coalesce((n.follow).last_note_at, (n.deal).created_at), coalesce(:now, now()), n.timezone) as days_without_contact,
	coalesce((n.follow).tags, '[]') as tags,
	coalesce((n.deal).custom, '{}') as custom, case when coalesce(:notes, false) then (n.deal).notes end as notes,
	n.account_id, n.account_name, case when n.lifecycle = 'client' then 'client' else 'prospect' end as type, n.onboarding_status,
	n.roles ->> 'kae' as kae, n.roles ->> 'csr' as csr, coalesce(n.roles, '{}') as assignments

-- part: deal_page; what goes out of the few deals found, one more than the page has room for where there are more
, keyed as (
	select t as deal, c as contact, f as follow, x.account_id, x.name as account_name, k.lifecycle, k.onboarding_status, k.roles, z.timezone, s.key as stage_key, coalesce(t.probability, s.probability) as probability,
	-- use: deal_keys
	from few
	join pipeline.deal t on (t.workspace_id, t.id) = (few.workspace_id, few.id)
	-- use: deal_keys_of
), numbered as (
	select k.*, row_number() over sorted as i, lead(true, 1, false) over sorted as more
	from keyed k
	window sorted as (order by case when pipeline.sort_up(:sort) then k.num end, case when not pipeline.sort_up(:sort) then k.num end desc nulls last,
		case when pipeline.sort_up(:sort) then k.txt end, case when not pipeline.sort_up(:sort) then k.txt end desc nulls last, case when pipeline.sort_up(:sort) then (k.deal).id end, case when not pipeline.sort_up(:sort) then (k.deal).id end desc)
), page as (
	select json_build_object(
		'data', coalesce(json_agg(r.row order by n.i) filter (where n.i <=
			-- use: deal_most
			), '[]'),
		'next', max(pipeline.page_text((n.deal).id, n.num, n.txt)) filter (where n.more and n.i =
			-- use: deal_most
			))::text as text
	from numbered n
	cross join lateral (
		select row_to_json(x) as row
		from (
			-- use: deal_row
		) x
	) r
)
select case when coalesce(:count, false) then left(p.text, -1) || ',"total":' || least(n.total, case when n.sure then n.total else 10000 end)
	|| ',"more":' || (not n.sure and n.total > 10000)::text || '}' else p.text end
from page p
cross join lateral (
	select
		-- use: deal_by_place_alone
		as sure,
		case when not coalesce(:count, false) then 0
		when
			-- use: deal_by_place_alone
		then (
			select coalesce(sum(x.deals), 0)::bigint
			from pipeline.stage_sum x
			where (:owner is null or x.owner_id = any (pipeline.asked_ids(:owner))
					or (pipeline.asked_none(:owner) and x.owner_id = '00000000-0000-0000-0000-000000000000'))
				and x.stage_id = any (array(
					-- use: deal_places
				)))
		else (
			select count(*)
			from (
				select
				-- use: deal_found
				limit 10001
			) counted) end as total
) n
