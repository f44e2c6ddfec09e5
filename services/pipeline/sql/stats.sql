-- name: stats_summary stats_summary -> json; the running sums, and the closed deals of a month; with a period its deals are read, and without one all that are won where
-- some are in another currency than the base: each counts at the rate of its day
with place as (
	select s.workspace_id, s.id, s.kind, not exists (
		select from pipeline.stage q
		where (q.workspace_id, q.pipeline_id) = (s.workspace_id, s.pipeline_id) and q.qualified and q.position > s.position) as opportunity
	from pipeline.stage s
	join pipeline.pipeline b on (b.workspace_id, b.id) = (s.workspace_id, s.pipeline_id)
	where :pipeline is null or b.key = :pipeline or b.id::text = :pipeline
), stand as (
	select p.workspace_id, p.kind, p.opportunity, x.currency, sum(x.deals)::bigint as deals, sum(x.value)::bigint as value
	from place p
	join pipeline.stage_sum x on (x.workspace_id, x.stage_id) = (p.workspace_id, p.id)
	where :owner_id is null or x.owner_id = :owner_id
	group by 1, 2, 3, 4
), closed as (
	select w.workspace_id, case when t.closed_at >= m.first and t.closed_at < m.past then 'month' end as month,
		case when (:from is null or t.closed_at >= pipeline.day_begins(:from, w.timezone))
			and (:to is null or t.closed_at < pipeline.day_begins(:to + 1, w.timezone)) then 'period' end as period,
		t.value, t.value_currency as currency, pipeline.day_of(t.closed_at, w.timezone) as day
	from pipeline.workspace w
	cross join lateral (
		select pipeline.day_begins(pipeline.month_of(coalesce(:now, now()), w.timezone), w.timezone) as first,
			pipeline.day_begins((pipeline.month_of(coalesce(:now, now()), w.timezone) + interval '1 month')::date, w.timezone) as past
	) m
	cross join lateral ( -- its own row: who may read a deal decides before anything is reckoned, and only a plain moment goes into the index
		select least(m.first, case when :from is not null then pipeline.day_begins(:from, w.timezone) when :to is not null then '-infinity'
			when exists (
				select from stand x
				where x.workspace_id = w.workspace_id and x.kind = 'won' and x.deals > 0 and x.currency not in ('', pipeline.base_of(w))) then '-infinity' end) as since
		offset 0
	) b
	cross join lateral ( -- by deal_closed alone, which holds all that is asked, and none of it before the period
		select t.workspace_id, t.stage_id, t.closed_at, t.value, t.value_currency
		from pipeline.deal t
		where t.workspace_id = w.workspace_id and t.closed_at is not null and t.trashed_at is null and (:owner_id is null or t.owner_id = :owner_id)
			and t.closed_at >= b.since
		offset 0
	) t
	join place p on (p.workspace_id, p.id) = (t.workspace_id, t.stage_id) and p.kind = 'won'
), won as (
	select workspace_id, currency, sum(deals)::bigint as deals, sum(value)::bigint as value
	from stand
	where kind = 'won' and :from is null and :to is null
	group by 1, 2
	union all
	select workspace_id, coalesce(currency, ''), count(*), coalesce(sum(value), 0)::bigint
	from closed
	where period is not null and not (:from is null and :to is null)
	group by 1, 2
), lead as (
	select w.workspace_id,
		coalesce((select sum(s.deals) from stand s where s.workspace_id = w.workspace_id), 0)
			- coalesce(hand.deals, 0) + coalesce(waits.leads, 0) as leads,
		coalesce((select sum(s.deals) from stand s where s.workspace_id = w.workspace_id and s.kind = 'won'), 0) - coalesce(hand.won, 0) as won
	from pipeline.workspace w
	left join lateral (
		select count(*) as deals, count(*) filter (where p.kind = 'won') as won
		from pipeline.deal t
		join place p on (p.workspace_id, p.id) = (t.workspace_id, t.stage_id)
		where t.workspace_id = w.workspace_id and t.lead_id is null and t.trashed_at is null and (:owner_id is null or t.owner_id = :owner_id)
	) hand on true
	left join lateral (
		select count(*) as leads
		from pipeline.waiting_lead l
		where l.workspace_id = w.workspace_id and (:owner_id is null or l.owner_id = :owner_id) and :pipeline is null
	) waits on true
	where :from is null and :to is null
	union all
	select w.workspace_id, count(t.id), count(*) filter (where t.kind = 'won')
	from pipeline.workspace w
	cross join lateral (
		select coalesce(pipeline.day_begins(:from, w.timezone), '-infinity') as since, coalesce(pipeline.day_begins(:to + 1, w.timezone), 'infinity') as until
		offset 0
	) b
	left join lateral (
		select d.id, p.kind
		from ( -- by deal_created: none before the period, none after it
			select t.workspace_id, t.id, t.stage_id
			from pipeline.deal t
			where t.workspace_id = w.workspace_id and t.lead_id is not null and (:owner_id is null or t.owner_id = :owner_id)
				and t.created_at >= b.since and t.created_at < b.until
			offset 0
		) d
		join place p on (p.workspace_id, p.id) = (d.workspace_id, d.stage_id)
	) t on true
	where not (:from is null and :to is null)
	group by w.workspace_id
)
select json_build_object('data', coalesce(json_agg(json_build_object(
	'workspace_id', w.workspace_id, 'timezone', pipeline.zone_of(w.timezone),
	'month', to_char(pipeline.month_of(coalesce(:now, now()), w.timezone), 'YYYY-MM'),
	'pipeline_value', active.figure,
	'conversion_rate', json_build_object('leads', l.leads, 'won', l.won, 'tenths', pipeline.tenths(l.won::bigint, l.leads::bigint)),
	'won', all_won.figure, 'avg_deal_size', all_won.average, 'avg_about', all_won.average_about, 'won_this_month', month_won.figure) order by w.workspace_id), '[]'))::text
from pipeline.workspace w
join lead l on l.workspace_id = w.workspace_id
cross join lateral (
	select json_build_object('deals', coalesce(sum(c.deals), 0)::bigint, 'sums',
		coalesce(json_agg(pipeline.money_json(c.value, c.currency) order by c.currency) filter (where c.currency <> '' and c.deals > 0), '[]'), 'about',
		pipeline.about_of(w.workspace_id, pipeline.base_of(w), pipeline.day_of(coalesce(:now, now()), w.timezone), null,
			array_agg(c.currency::text) filter (where c.currency <> '' and c.deals > 0), array_agg(c.value) filter (where c.currency <> '' and c.deals > 0))) as figure
	from (
		select s.currency, sum(s.deals)::bigint as deals, sum(s.value)::bigint as value
		from stand s
		where s.workspace_id = w.workspace_id and s.kind = 'open' and s.opportunity
		group by s.currency
	) c
) active
cross join lateral (
	select pipeline.about_of(w.workspace_id, pipeline.base_of(w), null, array_agg(k.day), array_agg(k.currency::text), array_agg(k.value)) as told,
		pipeline.share_about(w.workspace_id, pipeline.base_of(w), array_agg(k.day), array_agg(k.currency::text), array_agg(k.value), sum(k.deals)::bigint) as each
	from (
		select x.currency, x.day, count(*) as deals, sum(x.value)::bigint as value
		from closed x
		where x.workspace_id = w.workspace_id and x.period is not null and x.currency is not null
		group by 1, 2
	) k
) won_about
cross join lateral (
	select json_build_object('deals', coalesce(sum(c.deals), 0)::bigint, 'sums',
			coalesce(json_agg(pipeline.money_json(c.value, c.currency) order by c.currency) filter (where c.currency <> '' and c.deals > 0), '[]'),
			'about', won_about.told) as figure, won_about.each as average_about,
		coalesce(json_agg(pipeline.money_json(pipeline.half_up(c.value, c.deals), c.currency) order by c.currency) filter (where c.currency <> '' and c.deals > 0), '[]') as average
	from won c
	where c.workspace_id = w.workspace_id
) all_won
cross join lateral (
	select json_build_object('deals', coalesce(sum(c.deals), 0)::bigint, 'sums',
		coalesce(json_agg(pipeline.money_json(c.value, c.currency) order by c.currency) filter (where c.currency is not null), '[]'), 'about', (
			select pipeline.about_of(w.workspace_id, pipeline.base_of(w), null, array_agg(d.day), array_agg(d.currency), array_agg(d.value))
			from (
				select k.currency::text as currency, k.day, sum(k.value)::bigint as value
				from closed k
				where k.workspace_id = w.workspace_id and k.month is not null and k.currency is not null
				group by 1, 2
			) d)) as figure
	from (
		select k.currency, count(*) as deals, coalesce(sum(k.value), 0)::bigint as value
		from closed k
		where k.workspace_id = w.workspace_id and k.month is not null
		group by k.currency
	) c
) month_won
where w.first_stage_id is not null

-- name: stats_win_loss stats_win_loss -> json; the closed deals by their own index
with counted as (
	select t.workspace_id, pipeline.base_of(w) as base, s.kind, t.stage_id, coalesce(t.source, '') as source, coalesce(t.loss_reason, '') as reason, coalesce(t.owner_id::text, '') as owner, t.value_currency as currency,
		case when t.value_currency <> pipeline.base_of(w) then pipeline.day_of(t.closed_at, w.timezone) end as day, count(*) as deals, coalesce(sum(t.value), 0)::bigint as value
	from pipeline.workspace w
	join pipeline.deal t on t.workspace_id = w.workspace_id and t.closed_at is not null and t.trashed_at is null
		and (:from is null or t.closed_at >= pipeline.day_begins(:from, w.timezone))
		and (:to is null or t.closed_at < pipeline.day_begins(:to + 1, w.timezone))
		and (:owner_id is null or t.owner_id = :owner_id)
	join pipeline.stage s on (s.workspace_id, s.id) = (t.workspace_id, t.stage_id) and s.kind <> 'open'
	join pipeline.pipeline b on (b.workspace_id, b.id) = (s.workspace_id, s.pipeline_id) and (:pipeline is null or b.key = :pipeline or b.id::text = :pipeline)
	group by 1, 2, 3, 4, 5, 6, 7, 8, 9
), closed as (
	select c.*, c.currency <> c.base as other, c.currency is not null and n.nano is null as gap, pipeline.in_base(c.value, c.currency, n.nano, c.base) as exact
	from counted c
	cross join lateral (select pipeline.nano_of(c.workspace_id, c.base, c.currency, c.day) as nano) n
), part as (
	select workspace_id, base, 'all' as list, '' as key, kind, currency, sum(deals)::bigint as deals, sum(value)::bigint as value, sum(exact) as exact, bool_or(other) as other, bool_or(gap) as gap from closed group by 1, 2, 5, 6
	union all
	select workspace_id, base, 'source', source, kind, currency, sum(deals)::bigint, sum(value)::bigint, sum(exact), bool_or(other), bool_or(gap) from closed group by 1, 2, 4, 5, 6
	union all
	select workspace_id, base, 'owner', owner, kind, currency, sum(deals)::bigint, sum(value)::bigint, sum(exact), bool_or(other), bool_or(gap) from closed group by 1, 2, 4, 5, 6
	union all
	select workspace_id, base, 'stage', stage_id::text, kind, currency, sum(deals)::bigint, sum(value)::bigint, sum(exact), bool_or(other), bool_or(gap) from closed group by 1, 2, 4, 5, 6
	union all
	select workspace_id, base, 'reason', reason, kind, currency, sum(deals)::bigint, sum(value)::bigint, sum(exact), bool_or(other), bool_or(gap) from closed where kind = 'lost' group by 1, 2, 4, 5, 6
), line as (
	select workspace_id, list, key, coalesce(sum(deals) filter (where kind = 'won'), 0)::bigint as won, coalesce(sum(deals) filter (where kind = 'lost'), 0)::bigint as lost,
		coalesce(json_agg(pipeline.money_json(value, currency) order by currency) filter (where kind = 'won' and currency is not null), '[]') as won_sums,
		coalesce(json_agg(pipeline.money_json(value, currency) order by currency) filter (where kind = 'lost' and currency is not null), '[]') as lost_sums,
		case when bool_or(other) filter (where kind = 'won') then
			pipeline.about_json(sum(exact) filter (where kind = 'won'), base, null, array_agg(currency::text order by currency) filter (where kind = 'won' and gap)) end as won_about,
		case when bool_or(other) filter (where kind = 'lost') then
			pipeline.about_json(sum(exact) filter (where kind = 'lost'), base, null, array_agg(currency::text order by currency) filter (where kind = 'lost' and gap)) end as lost_about
	from part
	group by 1, 2, 3, base
), told as (
	select workspace_id, list, json_agg(json_build_object('key', nullif(key, ''), 'won', won, 'lost', lost, 'tenths', pipeline.tenths(won, won + lost),
		'won_sums', won_sums, 'won_about', won_about, 'lost_sums', lost_sums, 'lost_about', lost_about) order by won + lost desc, key) as lines
	from line
	group by 1, 2
)
select json_build_object('data', coalesce(json_agg(json_build_object('workspace_id', w.workspace_id,
	'total', coalesce((select t.lines -> 0 from told t where (t.workspace_id, t.list) = (w.workspace_id, 'all')),
		json_build_object('key', null, 'won', 0, 'lost', 0, 'tenths', 0, 'won_sums', '[]'::json, 'won_about', null, 'lost_sums', '[]'::json, 'lost_about', null)),
	'by_stage', coalesce((select t.lines from told t where (t.workspace_id, t.list) = (w.workspace_id, 'stage')), '[]'),
	'by_source', coalesce((select t.lines from told t where (t.workspace_id, t.list) = (w.workspace_id, 'source')), '[]'),
	'by_reason', coalesce((select t.lines from told t where (t.workspace_id, t.list) = (w.workspace_id, 'reason')), '[]'),
	'by_owner', coalesce((select t.lines from told t where (t.workspace_id, t.list) = (w.workspace_id, 'owner')), '[]')) order by w.workspace_id), '[]'))::text
from pipeline.workspace w
where w.first_stage_id is not null

-- name: stats_funnel stats_funnel -> json; from the running sums: what stands in a stage, and what stands there or farther; lost deals are in none but their own
select json_build_object('data', coalesce(json_agg(json_build_object('workspace_id', b.workspace_id, 'pipeline_id', b.id, 'key', b.key, 'label', b.label,
	'stages', board.stages) order by b.workspace_id, b.position), '[]'))::text
from pipeline.pipeline b
join pipeline.workspace w on w.workspace_id = b.workspace_id
cross join lateral (
	select coalesce(json_agg(json_build_object('id', n.id, 'key', n.key, 'kind', n.kind, 'label', n.label, 'colour', n.colour, 'deals', n.deals, 'reached', n.reached,
		'sums', n.sums, 'about', n.about) order by n.position), '[]') as stages
	from (
		select s.id, s.key, s.kind, s.label, s.colour, s.position, x.deals, x.sums, x.about,
			case when s.kind = 'lost' then x.deals else (sum(x.deals) filter (where s.kind <> 'lost') over (order by s.position desc))::bigint end as reached
		from pipeline.stage s
		cross join lateral (
			select coalesce(sum(c.deals), 0)::bigint as deals,
				coalesce(json_agg(pipeline.money_json(c.value, c.currency) order by c.currency) filter (where c.deals > 0 and c.currency <> ''), '[]') as sums,
				pipeline.about_of(s.workspace_id, pipeline.base_of(w), pipeline.day_of(coalesce(:now, now()), w.timezone), null,
					array_agg(c.currency::text) filter (where c.deals > 0 and c.currency <> ''), array_agg(c.value) filter (where c.deals > 0 and c.currency <> '')) as about
			from (
				select y.currency, sum(y.deals)::bigint as deals, sum(y.value)::bigint as value
				from pipeline.stage_sum y
				where (y.workspace_id, y.stage_id) = (s.workspace_id, s.id) and (:owner_id is null or y.owner_id = :owner_id)
				group by y.currency
			) c
		) x
		where (s.workspace_id, s.pipeline_id) = (b.workspace_id, b.id)
	) n
) board
where case when :pipeline is null then not b.archived else b.key = :pipeline or b.id::text = :pipeline end

-- name: stats_forecast stats_forecast -> json; open deals by the month in which they are expected to close: a year back and two ahead, by the index on it
with month as (
	select t.workspace_id, date_trunc('month', t.close_date)::date as first, t.value_currency as currency, count(*) as deals, coalesce(sum(t.value), 0)::bigint as value,
		pipeline.half_up(coalesce(sum(t.value::numeric * coalesce(t.probability, s.probability)), 0), 100) as weighted
	from pipeline.workspace w
	join pipeline.deal t on t.workspace_id = w.workspace_id and t.closed_at is null
		and t.close_date >= coalesce(:from, (pipeline.month_of(coalesce(:now, now()), w.timezone) - interval '12 months')::date)
		and t.close_date <= coalesce(:to, (pipeline.month_of(coalesce(:now, now()), w.timezone) + interval '24 months')::date)
		and (:owner_id is null or t.owner_id = :owner_id)
	join pipeline.stage s on (s.workspace_id, s.id) = (t.workspace_id, t.stage_id) and s.kind = 'open'
	join pipeline.pipeline b on (b.workspace_id, b.id) = (s.workspace_id, s.pipeline_id) and (:pipeline is null or b.key = :pipeline or b.id::text = :pipeline)
	group by 1, 2, 3
), told as (
	select workspace_id, first, sum(deals)::bigint as deals,
		coalesce(json_agg(pipeline.money_json(value, currency) order by currency) filter (where currency is not null), '[]') as sums,
		coalesce(json_agg(pipeline.money_json(weighted, currency) order by currency) filter (where currency is not null), '[]') as weighted,
		array_agg(currency::text) filter (where currency is not null) as currencies, array_agg(value) filter (where currency is not null) as values,
		array_agg(weighted) filter (where currency is not null) as weights
	from month
	group by 1, 2
)
select json_build_object('data', coalesce(json_agg(json_build_object('workspace_id', w.workspace_id, 'months', coalesce((
	select json_agg(json_build_object('month', to_char(t.first, 'YYYY-MM'), 'past', t.first < pipeline.month_of(coalesce(:now, now()), w.timezone), 'deals', t.deals,
		'sums', t.sums, 'about', pipeline.about_of(w.workspace_id, pipeline.base_of(w), today.day, null, t.currencies, t.values),
		'weighted', t.weighted, 'weighted_about', pipeline.about_of(w.workspace_id, pipeline.base_of(w), today.day, null, t.currencies, t.weights)) order by t.first)
	from told t
	where t.workspace_id = w.workspace_id), '[]')) order by w.workspace_id), '[]'))::text
from pipeline.workspace w
cross join lateral (select pipeline.day_of(coalesce(:now, now()), w.timezone) as day) today
where w.first_stage_id is not null

-- name: stats_ageing stats_ageing -> json; open deals by how long they stand in their stage; reads them all
with old as (
	select t.workspace_id, least(width_bucket(pipeline.days_between(t.stage_since, coalesce(:now, now()), w.timezone), array[0, 8, 31, 61, 91]), 5) as bucket,
		t.value_currency as currency, count(*) as deals, coalesce(sum(t.value), 0)::bigint as value
	from pipeline.workspace w
	join pipeline.deal t on t.workspace_id = w.workspace_id and t.closed_at is null and (:owner_id is null or t.owner_id = :owner_id)
	join pipeline.stage s on (s.workspace_id, s.id) = (t.workspace_id, t.stage_id) and s.kind = 'open'
	join pipeline.pipeline b on (b.workspace_id, b.id) = (s.workspace_id, s.pipeline_id) and (:pipeline is null or b.key = :pipeline or b.id::text = :pipeline)
	group by 1, 2, 3
)
select json_build_object('data', coalesce(json_agg(json_build_object('workspace_id', w.workspace_id, 'ages', (
	select json_agg(json_build_object('from_days', (array[0, 8, 31, 61, 91])[n], 'to_days', (array[7, 30, 60, 90, null])[n],
		'deals', coalesce((select sum(o.deals)::bigint from old o where (o.workspace_id, o.bucket) = (w.workspace_id, n)), 0),
		'sums', coalesce((select json_agg(pipeline.money_json(o.value, o.currency) order by o.currency) from old o
			where (o.workspace_id, o.bucket) = (w.workspace_id, n) and o.currency is not null), '[]'),
		'about', (select pipeline.about_of(w.workspace_id, pipeline.base_of(w), pipeline.day_of(coalesce(:now, now()), w.timezone), null, array_agg(o.currency::text), array_agg(o.value)) from old o
			where (o.workspace_id, o.bucket) = (w.workspace_id, n) and o.currency is not null)) order by n)
	from generate_series(1, 5) n)) order by w.workspace_id), '[]'))::text
from pipeline.workspace w
where w.first_stage_id is not null

-- name: stats_stuck stats_stuck -> json; open opportunities that nobody changed and nobody wrote a note on for seven days, the longest first, by the board's index
with place as (
	select s.workspace_id, s.id, s.key
	from pipeline.stage s
	join pipeline.pipeline b on (b.workspace_id, b.id) = (s.workspace_id, s.pipeline_id)
	where s.kind = 'open' and (:pipeline is null or b.key = :pipeline or b.id::text = :pipeline) and not exists (
		select from pipeline.stage q
		where (q.workspace_id, q.pipeline_id) = (s.workspace_id, s.pipeline_id) and q.qualified and q.position > s.position)
), found as (
	select d.*, p.key as stage_key
	from place p
	cross join lateral (
		select t.workspace_id, t.id, t.number, t.title, t.company, t.value, t.value_currency, t.owner_id, t.stage_id, t.stage_since
		from pipeline.deal t
		where (t.workspace_id, t.stage_id) = (p.workspace_id, p.id) and t.stage_since <= coalesce(:now, now()) - interval '7 days'
			and (:owner_id is null or t.owner_id = :owner_id)
			and not exists (
				select from pipeline.deal_change c
				where (c.workspace_id, c.deal_id) = (t.workspace_id, t.id) and c.at > coalesce(:now, now()) - interval '7 days')
			and not exists (
				select from pipeline.deal_follow f
				where (f.workspace_id, f.deal_id) = (t.workspace_id, t.id) and f.last_note_at > coalesce(:now, now()) - interval '7 days')
		order by t.stage_since, t.id
		limit least(greatest(coalesce(:limit, 50), 1), 200)
	) d
	order by d.stage_since, d.id
	limit least(greatest(coalesce(:limit, 50), 1), 200)
)
select json_build_object('data', coalesce(json_agg(json_build_object('id', f.id, 'workspace_id', f.workspace_id, 'number', f.number, 'title', f.title,
	'contact_name', nullif(c.name, ''), 'company', coalesce(f.company, c.company), 'value', pipeline.money_json(f.value, f.value_currency), 'owner_id', f.owner_id, 'stage_id', f.stage_id,
	'stage_key', f.stage_key, 'stage_since', pipeline.rfc3339(f.stage_since),
	'days', pipeline.days_between(f.stage_since, coalesce(:now, now()), w.timezone)) order by f.stage_since, f.id), '[]'))::text
from found f
join pipeline.workspace w on w.workspace_id = f.workspace_id
left join pipeline.deal_contact c on (c.workspace_id, c.deal_id) = (f.workspace_id, f.id)

-- name: stats_tiles stats_tiles -> json; what wants a look; each is counted to 1,000 and no farther
with place as (
	select s.workspace_id, s.id
	from pipeline.stage s
	join pipeline.pipeline b on (b.workspace_id, b.id) = (s.workspace_id, s.pipeline_id)
	where s.kind = 'open' and (:pipeline is null or b.key = :pipeline or b.id::text = :pipeline)
)
select json_build_object('data', coalesce(json_agg(json_build_object('workspace_id', w.workspace_id, 'tiles', json_build_array(
	json_build_object('tile', 'close_passed', 'deals', passed.n, 'more', passed.n = 1000, 'filter',
		'kind=open&close_to=' || (coalesce(:now, now()) at time zone pipeline.zone_of(w.timezone))::date - 1),
	json_build_object('tile', 'stuck', 'deals', stuck.n, 'more', stuck.n = 1000, 'filter', 'look=stuck'),
	json_build_object('tile', 'no_next', 'deals', next.n, 'more', next.n = 1000, 'filter', 'look=no_next'),
	json_build_object('tile', 'no_source', 'deals', source.n, 'more', source.n = 1000, 'filter', 'kind=open&source=none'),
	json_build_object('tile', 'incomplete', 'deals', short.n, 'more', short.n = 1000, 'filter', 'look=incomplete'))) order by w.workspace_id), '[]'))::text
from pipeline.workspace w
cross join lateral (
	select count(*) as n from (
		select from pipeline.deal t
		join place p on (p.workspace_id, p.id) = (t.workspace_id, t.stage_id)
		where t.workspace_id = w.workspace_id and t.closed_at is null and t.close_date < (coalesce(:now, now()) at time zone pipeline.zone_of(w.timezone))::date
			and (:owner_id is null or t.owner_id = :owner_id)
		limit 1000) x
) passed
cross join lateral (
	select count(*) as n from (
		select from place p
		join pipeline.deal t on (t.workspace_id, t.stage_id) = (p.workspace_id, p.id)
		join pipeline.stage s on (s.workspace_id, s.id) = (p.workspace_id, p.id)
		where p.workspace_id = w.workspace_id and t.stage_since <= coalesce(:now, now()) - interval '7 days' and (:owner_id is null or t.owner_id = :owner_id)
			and not exists (
				select from pipeline.stage q
				where (q.workspace_id, q.pipeline_id) = (s.workspace_id, s.pipeline_id) and q.qualified and q.position > s.position)
			and not exists (
				select from pipeline.deal_change c
				where (c.workspace_id, c.deal_id) = (t.workspace_id, t.id) and c.at > coalesce(:now, now()) - interval '7 days')
			and not exists (
				select from pipeline.deal_follow f
				where (f.workspace_id, f.deal_id) = (t.workspace_id, t.id) and f.last_note_at > coalesce(:now, now()) - interval '7 days')
		limit 1000) x
) stuck
cross join lateral (
	select count(*) as n from (
		select from place p
		join pipeline.deal t on (t.workspace_id, t.stage_id) = (p.workspace_id, p.id)
		where p.workspace_id = w.workspace_id and (:owner_id is null or t.owner_id = :owner_id) and not exists (
			select from pipeline.deal_follow f
			where (f.workspace_id, f.deal_id) = (t.workspace_id, t.id) and f.next_at is not null)
		limit 1000) x
) next
cross join lateral (
	select count(*) as n from (
		select from place p
		join pipeline.deal t on (t.workspace_id, t.stage_id) = (p.workspace_id, p.id)
		where p.workspace_id = w.workspace_id and (:owner_id is null or t.owner_id = :owner_id) and t.source is null
		limit 1000) x
) source
cross join lateral (
	select count(*) as n from (
		select from place p
		join pipeline.deal t on (t.workspace_id, t.stage_id) = (p.workspace_id, p.id)
		where p.workspace_id = w.workspace_id and (:owner_id is null or t.owner_id = :owner_id) and
			-- use: deal_incomplete
		limit 1000) x
) short
where w.first_stage_id is not null
