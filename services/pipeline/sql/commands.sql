-- name: deal_create_load deal_create -> deal_start; locks nothing; a row per item, in their order
select w.workspace_id is not null as known, s.id as stage_id, w.default_owner_id, k.id as account_id, k.name as account_name, k.owner_id as account_owner_id,
	coalesce(p.kind = 'relationship', false) as relates, coalesce(s.kind = 'open', false) as opens, h.deal_id as holder_id, hd.number as holder_number,
	hd.owner_id as holder_owner_id, p.id as board_id
from unnest(:workspace[], :stage[], :pipeline[], :account_id[]) with ordinality as item (workspace_id, stage, pipeline, account_id, i)
left join pipeline.account k on (k.workspace_id, k.id) = (item.workspace_id, item.account_id)
left join pipeline.workspace w on w.workspace_id = item.workspace_id
left join pipeline.stage first on (first.workspace_id, first.id) = (w.workspace_id, w.first_stage_id)
left join pipeline.pipeline p on p.workspace_id = w.workspace_id and not p.archived
	and case when item.pipeline is null then p.id = first.pipeline_id else p.key = item.pipeline or p.id::text = item.pipeline end
left join lateral (
	select o.id, o.kind
	from pipeline.stage o
	where (o.workspace_id, o.pipeline_id) = (p.workspace_id, p.id)
		and (item.stage is null or o.key = item.stage or o.id::text = item.stage)
	order by o.position
	limit 1
) s on true
left join pipeline.deal_account h on p.kind = 'relationship' and h.card = p.id and (h.workspace_id, h.account_id) = (k.workspace_id, k.id)
left join pipeline.deal hd on (hd.workspace_id, hd.id) = (h.workspace_id, h.deal_id)
order by item.i

-- name: deal_update_load deal_update -> deal_state; locks nothing, the lane is the lock
select d.id as deal_id, d.version, d.title, d.value, d.value_currency, d.close_date, d.notes, d.lead_id, d.owner_id,
	d.probability, d.monthly_shipments, d.account_type, d.ecommerce_type, d.channel, d.weight_range, d.content_type, d.campaign, d.plan_type, d.locale, d.loss_reason, d.annotations, d.custom,
	coalesce(k.lifecycle = 'client', false) as client, a.account_id, a.name as account_name, o.id as asked_account_id, o.name as asked_account_name,
	o.owner_id as asked_account_owner_id, coalesce(p.kind = 'relationship', false) as relates, coalesce(s.kind = 'open', false) as opens,
	h.deal_id as holder_id, hd.number as holder_number, hd.owner_id as holder_owner_id, p.id as board_id
from unnest(:workspace[], :deal_id[], :account_id[]) with ordinality as item (workspace_id, deal_id, account_id, i)
left join pipeline.deal d on (d.workspace_id, d.id) = (item.workspace_id, item.deal_id) and d.trashed_at is null
left join pipeline.deal_account a on (a.workspace_id, a.deal_id) = (d.workspace_id, d.id)
left join pipeline.account k on (k.workspace_id, k.id) = (a.workspace_id, a.account_id)
left join pipeline.account o on (o.workspace_id, o.id) = (item.workspace_id, item.account_id)
left join pipeline.stage s on (s.workspace_id, s.id) = (d.workspace_id, d.stage_id)
left join pipeline.pipeline p on (p.workspace_id, p.id) = (s.workspace_id, s.pipeline_id)
left join pipeline.deal_account h on p.kind = 'relationship' and h.card = p.id and (h.workspace_id, h.account_id) = (o.workspace_id, o.id) and h.deal_id <> d.id
left join pipeline.deal hd on (hd.workspace_id, hd.id) = (h.workspace_id, h.deal_id)
order by item.i

-- name: deal_move_load deal_move -> deal_place; locks nothing, the lane is the lock
select d.stage_id, here.key as stage_key, d.version, d.owner_id, d.lead_id, target.id as target_id, target.key as target_key,
	here.kind <> 'open' or target.position < here.position as further,
	coalesce(target.kind <> 'open', false) as closes, coalesce(p.move_mode = 'note_required', false) as wants_note,
	coalesce(target.kind = 'won', false) as wins, coalesce(target.kind = 'lost', false) as loses, coalesce(p.lost_reason_required, false) as wants_reason, d.loss_reason,
	d.stage_since, a.account_id, coalesce(p.kind = 'relationship', false) as relates, coalesce(target.kind = 'open', false) as opens, h.deal_id as holder_id,
	hd.number as holder_number, hd.owner_id as holder_owner_id, p.id as board_id, item.loss_reason is null or exists (
		select from pipeline.catalogue_item r
		where (r.workspace_id, r.catalogue, r.key) = (item.workspace_id, 'loss_reason', item.loss_reason) and not r.retired) as reason_fits
from unnest(:workspace[], :deal_id[], :stage[], :loss_reason[]) with ordinality as item (workspace_id, deal_id, stage, loss_reason, i)
left join pipeline.deal d on (d.workspace_id, d.id) = (item.workspace_id, item.deal_id) and d.trashed_at is null
left join pipeline.deal_account a on (a.workspace_id, a.deal_id) = (d.workspace_id, d.id)
left join pipeline.stage here on (here.workspace_id, here.id) = (d.workspace_id, d.stage_id)
left join pipeline.pipeline p on (p.workspace_id, p.id) = (here.workspace_id, here.pipeline_id)
left join pipeline.stage target on (target.workspace_id, target.pipeline_id) = (here.workspace_id, here.pipeline_id)
	and (target.key = item.stage or target.id::text = item.stage)
left join pipeline.deal_account h on p.kind = 'relationship' and h.card = p.id and (h.workspace_id, h.account_id) = (a.workspace_id, a.account_id) and h.deal_id <> d.id
left join pipeline.deal hd on (hd.workspace_id, hd.id) = (h.workspace_id, h.deal_id)
order by item.i

-- name: deal_update_write deal_updated; locks pipeline.stage_sum, then pipeline.deal: the changed rows; each change is kept
with was as (
	select d.workspace_id, d.stage_id, d.owner_id, d.value_currency as currency, d.value,
		item.owner_id as new_owner, item.currency as new_currency, item.value as new_value
	from unnest(:workspace[], :deal_id[], :owner_id[], :value[], :value_currency[]) as item (workspace_id, deal_id, owner_id, value, currency)
	join pipeline.deal d on (d.workspace_id, d.id) = (item.workspace_id, item.deal_id)
	where (d.owner_id, d.value, d.value_currency) is distinct from (item.owner_id, item.value, item.currency)
), sums as (
	insert into pipeline.stage_sum as s (workspace_id, stage_id, owner_id, currency, deals, value)
	select x.workspace_id, x.stage_id, coalesce(x.owner_id, '00000000-0000-0000-0000-000000000000'), coalesce(x.currency, ''), sum(x.n), sum(x.value)
	from (
		select workspace_id, stage_id, owner_id, currency, -1 as n, coalesce(-value, 0) as value from was
		union all
		select workspace_id, stage_id, new_owner, new_currency, 1, coalesce(new_value, 0) from was
	) x
	group by 1, 2, 3, 4
	on conflict (workspace_id, stage_id, owner_id, currency) do update
	set deals = s.deals + excluded.deals, value = s.value + excluded.value
), noted as (
	insert into pipeline.deal_change (workspace_id, deal_id, version, at, actor_id, changes, batch_id)
	select item.workspace_id, item.deal_id, item.version, item.at, item.actor_id, item.changes, item.batch_id
	from unnest(:workspace[], :deal_id[], :version[], :at[], :actor[], :changes[], :correlation[])
		as item (workspace_id, deal_id, version, at, actor_id, changes, batch_id)
)
update pipeline.deal d
set title = item.title, value = item.value, value_currency = item.currency, owner_id = item.owner_id, close_date = item.close_date,
	notes = item.notes, version = item.version, probability = item.probability, monthly_shipments = item.monthly_shipments, account_type = item.account_type, ecommerce_type = item.ecommerce_type, channel = item.channel, weight_range = item.weight_range, content_type = item.content_type, campaign = item.campaign, plan_type = item.plan_type, locale = item.locale, loss_reason = item.loss_reason, annotations = item.annotations, custom = item.custom
from unnest(:workspace[], :deal_id[], :title[], :value[], :value_currency[], :owner_id[], :close_date[], :notes[], :version[],
		:probability[], :monthly_shipments[], :account_type[], :ecommerce_type[], :channel[], :weight_range[], :content_type[], :campaign[], :plan_type[], :locale[], :loss_reason[], :annotations[], :custom[])
	as item (workspace_id, deal_id, title, value, currency, owner_id, close_date, notes, version,
		probability, monthly_shipments, account_type, ecommerce_type, channel, weight_range, content_type, campaign, plan_type, locale, loss_reason, annotations, custom)
where (d.workspace_id, d.id) = (item.workspace_id, item.deal_id) and d.version = item.version - 1

-- name: deal_move_write deal_stage_changed; locks pipeline.stage_sum, then pipeline.deal: the moved rows; each move is kept
with was as (
	select d.workspace_id, d.stage_id, d.owner_id, d.value_currency as currency, d.value, item.to_id
	from unnest(:workspace[], :deal_id[], :to_id[]) as item (workspace_id, deal_id, to_id)
	join pipeline.deal d on (d.workspace_id, d.id) = (item.workspace_id, item.deal_id)
), sums as (
	insert into pipeline.stage_sum as s (workspace_id, stage_id, owner_id, currency, deals, value)
	select x.workspace_id, x.stage_id, coalesce(x.owner_id, '00000000-0000-0000-0000-000000000000'), coalesce(x.currency, ''), sum(x.n), sum(x.value)
	from (
		select workspace_id, stage_id, owner_id, currency, -1 as n, coalesce(-value, 0) as value from was
		union all
		select workspace_id, to_id, owner_id, currency, 1, coalesce(value, 0) from was
	) x
	group by 1, 2, 3, 4
	on conflict (workspace_id, stage_id, owner_id, currency) do update
	set deals = s.deals + excluded.deals, value = s.value + excluded.value
), noted as (
	insert into pipeline.deal_change (workspace_id, deal_id, version, at, actor_id, changes, note, batch_id, since)
	select item.workspace_id, item.deal_id, item.version, item.at, item.actor_id,
		jsonb_build_array(jsonb_build_object('field', 'stage', 'old', item.from_key, 'new', item.to_key))
			|| case when d.loss_reason is distinct from item.loss_reason then jsonb_build_array(jsonb_strip_nulls(jsonb_build_object(
				'field', 'loss_reason', 'old', d.loss_reason, 'new', item.loss_reason))) else '[]' end,
		item.note, item.batch_id, d.stage_since
	from unnest(:workspace[], :deal_id[], :version[], :at[], :actor[], :from_key[], :to_key[], :loss_reason[], :note[], :correlation[])
		as item (workspace_id, deal_id, version, at, actor_id, from_key, to_key, loss_reason, note, batch_id)
	join pipeline.deal d on (d.workspace_id, d.id) = (item.workspace_id, item.deal_id)
)
update pipeline.deal d
set stage_id = item.to_id, stage_since = coalesce(item.since, item.at), closed_at = case when item.closed then coalesce(item.since, item.at) end,
	version = item.version, loss_reason = item.loss_reason
from unnest(:workspace[], :deal_id[], :to_id[], :at[], :closed[], :version[], :loss_reason[], :since[])
	as item (workspace_id, deal_id, to_id, at, closed, version, loss_reason, since)
where (d.workspace_id, d.id) = (item.workspace_id, item.deal_id) and d.version = item.version - 1

-- name: deal_write deal_created; locks pipeline.stage_sum; the key has the last word against a second deal of one lead
with sums as (
	insert into pipeline.stage_sum as s (workspace_id, stage_id, owner_id, currency, deals, value)
	select item.workspace_id, item.stage_id, coalesce(item.owner_id, '00000000-0000-0000-0000-000000000000'), coalesce(item.currency, ''),
		count(*), coalesce(sum(item.value), 0)
	from unnest(:workspace[], :stage_id[], :owner_id[], :value_currency[], :value[]) as item (workspace_id, stage_id, owner_id, currency, value)
	group by 1, 2, 3, 4
	on conflict (workspace_id, stage_id, owner_id, currency) do update
	set deals = s.deals + excluded.deals, value = s.value + excluded.value
)
insert into pipeline.deal (workspace_id, id, number, lead_id, stage_id, stage_since, created_at, title, value, value_currency,
	company, source, source_id, owner_id, close_date, files, notes)
select item.workspace_id, item.deal_id, item.number, item.lead_id, item.stage_id, item.at, item.at, item.title, item.value, item.currency,
	item.company, item.source, item.source_id, item.owner_id, item.close_date, coalesce(item.files, 0), item.notes
from unnest(:workspace[], :deal_id[], :number[], :lead_id[], :stage_id[], :at[], :title[], :value[], :value_currency[],
	:company[], :source[], :source_id[], :owner_id[], :close_date[], :files[], :notes[])
	as item (workspace_id, deal_id, number, lead_id, stage_id, at, title, value, currency,
		company, source, source_id, owner_id, close_date, files, notes)

-- name: deal_more_write deal_created; locks pipeline.deal, rows that this transaction made: those that say more than a lead's do
update pipeline.deal d
set probability = item.probability, monthly_shipments = item.monthly_shipments, account_type = item.account_type, ecommerce_type = item.ecommerce_type, channel = item.channel, weight_range = item.weight_range, content_type = item.content_type, campaign = item.campaign, plan_type = item.plan_type, locale = item.locale, loss_reason = item.loss_reason, annotations = item.annotations, custom = item.custom
from unnest(:workspace[], :deal_id[], :probability[], :monthly_shipments[], :account_type[], :ecommerce_type[], :channel[], :weight_range[], :content_type[], :campaign[], :plan_type[], :locale[], :loss_reason[], :annotations[], :custom[])
	as item (workspace_id, deal_id, probability, monthly_shipments, account_type, ecommerce_type, channel, weight_range, content_type, campaign, plan_type, locale, loss_reason, annotations, custom)
where (d.workspace_id, d.id) = (item.workspace_id, item.deal_id)

-- name: deal_contact_known deal_created *; the contacts of deals that know theirs at once; contacts tells the name
insert into pipeline.deal_contact (workspace_id, deal_id, contact_id, name)
select item.workspace_id, item.deal_id, item.contact_id, coalesce(item.name, '')
from unnest(:workspace[], :deal_id[], :contact_id[], :contact_name[]) as item (workspace_id, deal_id, contact_id, name)
where item.contact_id is not null

-- name: deal_convert_load deal_convert -> deal_end; locks nothing, the lane is the lock; a row per item, in their order
select d.id as deal_id, d.version, d.lead_id, d.owner_id, a.account_id, coalesce(s.kind = 'won', false) as won,
	coalesce(a.account_id is not null or trim(coalesce(d.company, c.company, '')) <> '', false) as named
from unnest(:workspace[], :deal_id[]) with ordinality as item (workspace_id, deal_id, i)
left join pipeline.deal d on (d.workspace_id, d.id) = (item.workspace_id, item.deal_id) and d.trashed_at is null
left join pipeline.stage s on (s.workspace_id, s.id) = (d.workspace_id, d.stage_id)
left join pipeline.deal_account a on (a.workspace_id, a.deal_id) = (d.workspace_id, d.id)
left join pipeline.deal_contact c on (c.workspace_id, c.deal_id) = (d.workspace_id, d.id)
order by item.i

-- name: deal_account_write deal_account_row *; locks pipeline.deal_account: deals that are about another account from now on, or about none
with gone as (
	delete from pipeline.deal_account a
	using unnest(:workspace_id[], :deal_id[], :account_id[]) as item (workspace_id, deal_id, account_id)
	where (a.workspace_id, a.deal_id) = (item.workspace_id, item.deal_id) and item.account_id is null
)
insert into pipeline.deal_account (workspace_id, deal_id, account_id, name)
select item.workspace_id, item.deal_id, item.account_id, coalesce(item.name, '')
from unnest(:workspace_id[], :deal_id[], :account_id[], :name[]) as item (workspace_id, deal_id, account_id, name)
where item.account_id is not null
on conflict (workspace_id, deal_id) do update
set account_id = excluded.account_id, name = excluded.name

-- name: deal_card_off deal_account_row *; locks pipeline.deal_account: cards that are open no more, or gone
update pipeline.deal_account a
set card = null
from unnest(:workspace_id[], :deal_id[]) as item (workspace_id, deal_id)
left join pipeline.deal d on (d.workspace_id, d.id) = (item.workspace_id, item.deal_id) and d.trashed_at is null
left join pipeline.stage s on (s.workspace_id, s.id) = (d.workspace_id, d.stage_id)
where (a.workspace_id, a.deal_id) = (item.workspace_id, item.deal_id) and a.card is not null and s.kind is distinct from 'open'

-- name: deal_card_on deal_account_row *; locks pipeline.deal_account: open cards of companies; the index has the last word against a second one
update pipeline.deal_account a
set card = p.id
from unnest(:workspace_id[], :deal_id[]) as item (workspace_id, deal_id)
join pipeline.deal d on (d.workspace_id, d.id) = (item.workspace_id, item.deal_id) and d.trashed_at is null
join pipeline.stage s on (s.workspace_id, s.id) = (d.workspace_id, d.stage_id) and s.kind = 'open'
join pipeline.pipeline p on (p.workspace_id, p.id) = (s.workspace_id, s.pipeline_id) and p.kind = 'relationship'
where (a.workspace_id, a.deal_id) = (item.workspace_id, item.deal_id) and a.card is distinct from p.id

-- name: deal_index_load deal_index -> deal_bite; locks nothing, the lane is the lock; a row per item, in their order
select w.workspace_id is not null as known, w.workspace_id as workspace_id,
	coalesce(w.search_upto, '00000000-0000-0000-0000-000000000000') as from_id, next.to_id, next.taken
from unnest(:workspace[]) with ordinality as item (workspace_id, i)
left join pipeline.workspace w on w.workspace_id = item.workspace_id
left join lateral (
	select (array_agg(b.id order by b.id desc))[1] as to_id, count(*) as taken
	from (
		select t.id
		from pipeline.deal t
		where t.workspace_id = w.workspace_id and t.id > coalesce(w.search_upto, '00000000-0000-0000-0000-000000000000')
		order by t.id
		limit 2048
	) b
) next on true
order by item.i

-- name: deal_page_write deal_bite *; inserts into pipeline.search_page
insert into pipeline.search_page (workspace_id, last, n, ids, words, marks)
select g.workspace_id, (array_agg(g.id order by g.id desc))[1], count(*), array_agg(g.id order by g.id), string_agg(g.words, '' order by g.id), pipeline.search_marks(array_agg(g.words order by g.id))
from (
	select t.workspace_id, t.id, pipeline.search_text(concat_ws(' ', t.title, t.company, k.name, k.company)) as words,
		(row_number() over (partition by t.workspace_id order by t.id) - 1) / 256 as page
	from unnest(:workspace_id[], :from_id[], :to_id[]) as item (workspace_id, from_id, to_id)
	join pipeline.deal t on t.workspace_id = item.workspace_id and t.id > item.from_id and t.id <= item.to_id
	left join pipeline.deal_contact k on (k.workspace_id, k.deal_id) = (t.workspace_id, t.id)
) g
group by g.workspace_id, g.page
on conflict (workspace_id, last, n) do update set words = search_page.words || excluded.words, marks = null

-- name: deal_gram_write deal_bite *; inserts into pipeline.search_block, then pipeline.search_gram: where each three letters occur in the bite
with bite as (
	select t.workspace_id, t.id, item.to_id as last, pipeline.search_text(concat_ws(' ', t.title, t.company, k.name, k.company)) || ' ' as words,
		(row_number() over (partition by t.workspace_id order by t.id desc) - 1)::int as i
	from unnest(:workspace_id[], :from_id[], :to_id[]) as item (workspace_id, from_id, to_id)
	join pipeline.deal t on t.workspace_id = item.workspace_id and t.id > item.from_id and t.id <= item.to_id
	left join pipeline.deal_contact k on (k.workspace_id, k.deal_id) = (t.workspace_id, t.id)
), block as (
	insert into pipeline.search_block (workspace_id, last, ids)
	select b.workspace_id, b.last, array_agg(b.id order by b.i)
	from bite b
	group by b.workspace_id, b.last
	on conflict (workspace_id, last) do nothing
)
insert into pipeline.search_gram (workspace_id, bucket, last, bits)
select b.workspace_id, g.bucket, b.last, bit_or(set_bit(repeat('0', 2048)::bit(2048), b.i, 1))
from bite b
cross join lateral (select distinct pipeline.search_gram_bucket(x) as bucket from unnest(pipeline.search_threes(b.words)) x) g
group by b.workspace_id, g.bucket, b.last
on conflict (workspace_id, bucket, last) do nothing

-- name: deal_mark_write deal_bite; locks pipeline.workspace
update pipeline.workspace w
set search_upto = item.to_id
from unnest(:workspace_id[], :to_id[]) as item (workspace_id, to_id)
where w.workspace_id = item.workspace_id

-- name: deal_late_write deal_late *; locks pipeline.search_page; what stands on no page yet needs none of its own
insert into pipeline.search_page (workspace_id, last, n, ids, words)
select t.workspace_id, t.id, 1, array[t.id], pipeline.search_text(concat_ws(' ', t.title, t.company, k.name, k.company))
from (
	select distinct item.workspace_id, item.late_id
	from unnest(:workspace_id[], :late_id[]) as item (workspace_id, late_id)
) item
join pipeline.workspace w on w.workspace_id = item.workspace_id and item.late_id <= w.search_upto
join pipeline.deal t on (t.workspace_id, t.id) = (item.workspace_id, item.late_id)
left join pipeline.deal_contact k on (k.workspace_id, k.deal_id) = (t.workspace_id, t.id)
on conflict (workspace_id, last, n) do update set words = search_page.words || excluded.words, marks = null

-- name: deal_changed_since deal_seen => deal_since; what others did to it, newest first; no more than a refusal can tell
select x.field, c.at, c.actor_id
from unnest(:workspace_id[], :deal_id[], :version[]) as item (workspace_id, deal_id, version)
join pipeline.deal_change c on (c.workspace_id, c.deal_id) = (item.workspace_id, item.deal_id) and c.version > item.version
cross join lateral jsonb_to_recordset(c.changes) as x (field text)
order by c.version desc, x.field
limit 16
