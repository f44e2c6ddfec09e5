-- name: deal_board deal_board -> json; a board costs its stages and the cards shown, whatever the number of deals; of some owners' by their sums, which also say when all of them are found
select '{"data":[' || coalesce(string_agg(left(json_build_object('workspace_id', p.workspace_id, 'id', p.id, 'key', p.key, 'label', p.label,
	'kind', p.kind, 'move_mode', p.move_mode)::text, -1) || ',"stages":' || coalesce('[' || board.stages || ']', 'null') || '}', ',' order by p.workspace_id, p.position), '') || ']}'
from pipeline.pipeline p
left join pipeline.workspace zone on zone.workspace_id = p.workspace_id
cross join lateral (
	select string_agg(left(json_build_object('id', s.id, 'key', s.key, 'kind', s.kind, 'label', s.label, 'probability', s.probability, 'colour', s.colour,
		'position', s.position, 'qualified', s.qualified, 'count', total.count, 'sums', total.sums, 'about', total.about, 'next', column_.next)::text, -1)
		|| ',"cards":[' || column_.cards || ']}', ',' order by s.position) as stages
	from pipeline.stage s
	cross join lateral (
		select coalesce(sum(c.deals), 0)::bigint as count,
			coalesce(json_agg(pipeline.money_json(c.value, c.currency) order by c.currency) filter (where c.deals > 0 and c.currency <> ''), '[]') as sums,
			case when bool_or(c.deals > 0 and c.currency not in ('', pipeline.base_of(zone))) then
				pipeline.about_of(s.workspace_id, pipeline.base_of(zone), pipeline.day_of(coalesce(:now, now()), zone.timezone), null,
					array_agg(c.currency::text) filter (where c.deals > 0 and c.currency <> ''), array_agg(c.value) filter (where c.deals > 0 and c.currency <> '')) end as about
		from (
			select x.currency, sum(x.deals)::bigint as deals, sum(x.value)::bigint as value
			from pipeline.stage_sum x
			where (x.workspace_id, x.stage_id) = (s.workspace_id, s.id) and
				-- use: sum_owned
			group by x.currency
		) c
	) total
	cross join lateral (
		select coalesce(string_agg(k.card, ',') filter (where k.i <= least(greatest(coalesce(:limit, 40), 1), 200)), '') as cards,
			max(k.place) filter (where k.i = least(greatest(coalesce(:limit, 40), 1), 200) and k.more) as next
		from (
			select pipeline.card_text(row(d.*)::pipeline.deal, row(c.*)::pipeline.deal_contact, row(f.*)::pipeline.deal_follow, coalesce(:now, now()), zone.timezone) as card,
				row_number() over () as i, lead(true, 1, false) over () as more,
				case when least(greatest(coalesce(:limit, 40), 1), 200) = row_number() over () then pipeline.page_text(d.id, pipeline.micros(d.stage_since), null) end as place
			from (
				select i.*
				from (
					select t.*
					from pipeline.deal t
					where (t.workspace_id, t.stage_id) = (s.workspace_id, s.id) and
						-- use: deal_owned
					order by t.stage_since desc, t.id desc
					limit total.count
				) i
				limit least(greatest(coalesce(:limit, 40), 1), 200) + 1
			) d
			left join lateral (select c.* from pipeline.deal_contact c where (c.workspace_id, c.deal_id) = (s.workspace_id, d.id) limit 1) c on true
			left join lateral (select f.* from pipeline.deal_follow f where (f.workspace_id, f.deal_id) = (s.workspace_id, d.id) limit 1) f on true
		) k
	) column_
	where (s.workspace_id, s.pipeline_id) = (p.workspace_id, p.id)
) board
where case when :pipeline is null then not p.archived else p.key = any (pipeline.asked_words(:pipeline)) or p.id = any (pipeline.asked_ids(:pipeline)) end

-- name: deal_board_found deal_board_found -> json; the board of the deals that were asked for: they are counted, and each stage's newest told
with found as materialized (
	select t.workspace_id, t.id, t.stage_id, t.stage_since, t.value, t.value_currency
	-- use: deal_found
), placed as (
	select f.workspace_id, f.id, f.stage_id, row_number() over newest as i, lead(true, 1, false) over newest as more
	from found f
	window newest as (partition by f.stage_id order by f.stage_since desc, f.id desc)
), column_ as (
	select k.stage_id, json_agg(pipeline.card_json(t, c, f, coalesce(:now, now()), zone.timezone) order by k.i) as cards,
		max(pipeline.page_text(t.id, pipeline.micros(t.stage_since), null)) filter (where k.i = least(greatest(coalesce(:limit, 40), 1), 200) and k.more) as next
	from placed k
	join pipeline.deal t on (t.workspace_id, t.id) = (k.workspace_id, k.id)
	left join pipeline.deal_contact c on (c.workspace_id, c.deal_id) = (k.workspace_id, k.id)
	left join pipeline.deal_follow f on (f.workspace_id, f.deal_id) = (k.workspace_id, k.id)
	left join pipeline.workspace zone on zone.workspace_id = k.workspace_id
	where k.i <= least(greatest(coalesce(:limit, 40), 1), 200)
	group by k.stage_id
), total as (
	select x.stage_id, sum(x.deals)::bigint as count,
		coalesce(json_agg(pipeline.money_json(x.value, x.currency) order by x.currency) filter (where x.currency is not null), '[]') as sums,
		array_agg(x.currency::text) filter (where x.currency is not null) as currencies, array_agg(x.value) filter (where x.currency is not null) as values
	from (
		select f.stage_id, f.value_currency as currency, count(*) as deals, sum(f.value)::bigint as value
		from found f
		group by 1, 2
	) x
	group by x.stage_id
)
select json_build_object('data', coalesce(json_agg(json_build_object('workspace_id', p.workspace_id, 'id', p.id, 'key', p.key, 'label', p.label,
	'kind', p.kind, 'move_mode', p.move_mode, 'stages', board.stages) order by p.workspace_id, p.position), '[]'))::text
from pipeline.pipeline p
cross join lateral (
	select json_agg(json_build_object('id', s.id, 'key', s.key, 'kind', s.kind, 'label', s.label, 'probability', s.probability, 'colour', s.colour,
		'position', s.position, 'qualified', s.qualified, 'count', coalesce(n.count, 0), 'sums', coalesce(n.sums, '[]'),
		'about', pipeline.about_of(s.workspace_id, pipeline.base_of(zone), pipeline.day_of(coalesce(:now, now()), zone.timezone), null, n.currencies, n.values),
		'cards', coalesce(k.cards, '[]'), 'next', k.next) order by s.position) as stages
	from pipeline.stage s
	left join pipeline.workspace zone on zone.workspace_id = s.workspace_id
	left join total n on n.stage_id = s.id
	left join column_ k on k.stage_id = s.id
	where (s.workspace_id, s.pipeline_id) = (p.workspace_id, p.id)
) board
where case when :pipeline is null then not p.archived else p.key = any (pipeline.asked_words(:pipeline)) or p.id = any (pipeline.asked_ids(:pipeline)) end

-- name: deal_trash_list deal_trash_list -> json; by the index deal_trash
with numbered as (
	select d as deal, c as contact, t as follow, zone.timezone, row_number() over newest as i, lead(true, 1, false) over newest as more
	from pipeline.trash_rows(case when :after is not null then pipeline.cursor_at(:after) end, pipeline.cursor_id(:after),
		(least(greatest(coalesce(:limit, 50), 1), 200) + 1)::int) d
	left join lateral (select c from pipeline.deal_contact c where (c.workspace_id, c.deal_id) = (d.workspace_id, d.id) limit 1) person (c) on true
	left join lateral (select t from pipeline.deal_follow t where (t.workspace_id, t.deal_id) = (d.workspace_id, d.id) limit 1) done (t) on true
	left join pipeline.workspace zone on zone.workspace_id = d.workspace_id
	window newest as (order by d.trashed_at desc, d.id desc)
)
select json_build_object(
	'data', coalesce(json_agg((pipeline.card_json(n.deal, n.contact, n.follow, coalesce(:now, now()), n.timezone)::jsonb || jsonb_build_object('stage_id', (n.deal).trashed_from,
		'trashed_at', pipeline.rfc3339((n.deal).trashed_at), 'trashed_by', (n.deal).trashed_by)) order by n.i) filter (where n.i <= least(greatest(coalesce(:limit, 50), 1), 200)), '[]'),
	'next', max(pipeline.cursor_text((n.deal).trashed_at, (n.deal).id)) filter (where n.i = least(greatest(coalesce(:limit, 50), 1), 200) and n.more))::text
from numbered n

-- name: deal_list deal_list -> json; latest move first, or last: each stage's by the index deal_board, then the first of these
with few as (
	select d.workspace_id, d.id
	from (
		select place.workspace_id, place.stage_id, z.timezone, place.deals
		from (
			select x.workspace_id, x.stage_id, sum(x.deals)::bigint as deals
			from pipeline.stage_sum x
			where :owner is null or x.owner_id = any (pipeline.asked_ids(:owner))
				or (pipeline.asked_none(:owner) and x.owner_id = '00000000-0000-0000-0000-000000000000')
			group by 1, 2
		) place
		join pipeline.workspace z on z.workspace_id = place.workspace_id
		where place.deals > 0 and place.stage_id = any (array(
			-- use: deal_places
		))
	) w
	cross join lateral (
		select t.workspace_id, t.stage_since, t.id
		from pipeline.deal t
		where (t.workspace_id, t.stage_id) = (w.workspace_id, w.stage_id)
			and (:after is null or case when pipeline.sort_up(:sort) then (t.stage_since, t.id) > (pipeline.moment(pipeline.page_num(:after)), pipeline.page_id(:after)) else (t.stage_since, t.id) < (pipeline.moment(pipeline.page_num(:after)), pipeline.page_id(:after)) end)
			and
			-- use: deal_owned
			and
			-- use: deal_fits
		order by case when pipeline.sort_up(:sort) then t.stage_since end, case when not pipeline.sort_up(:sort) then t.stage_since end desc, case when pipeline.sort_up(:sort) then t.id end, case when not pipeline.sort_up(:sort) then t.id end desc
		limit least(
			-- use: deal_most
			+ 1, w.deals)
	) d
	order by case when pipeline.sort_up(:sort) then d.stage_since end, case when not pipeline.sort_up(:sort) then d.stage_since end desc, case when pipeline.sort_up(:sort) then d.id end, case when not pipeline.sort_up(:sort) then d.id end desc
	limit
		-- use: deal_most
		+ 1
)
-- use: deal_page

-- name: deal_list_number deal_list_number -> json; by number, by the index deal_numbers
with few as (
	select d.workspace_id, d.id
	from pipeline.workspace w
	cross join lateral (
		select t.workspace_id, t.number, t.id
		from pipeline.deal t
		where t.workspace_id = w.workspace_id and (:after is null or case when pipeline.sort_up(:sort) then (t.number, t.id) > (pipeline.page_num(:after)::bigint, pipeline.page_id(:after)) else (t.number, t.id) < (pipeline.page_num(:after)::bigint, pipeline.page_id(:after)) end)
			and
			-- use: deal_stands
			and
			-- use: deal_owned
			and
			-- use: deal_fits
		order by case when pipeline.sort_up(:sort) then t.number end, case when not pipeline.sort_up(:sort) then t.number end desc, case when pipeline.sort_up(:sort) then t.id end, case when not pipeline.sort_up(:sort) then t.id end desc
		limit
			-- use: deal_most
			+ 1
	) d
	where w.workspace_id = any (:workspaces)
	order by case when pipeline.sort_up(:sort) then d.number end, case when not pipeline.sort_up(:sort) then d.number end desc, case when pipeline.sort_up(:sort) then d.id end, case when not pipeline.sort_up(:sort) then d.id end desc
	limit
		-- use: deal_most
		+ 1
)
-- use: deal_page

-- name: deal_list_created deal_list_created -> json; in the order they began, by the index deal_created
with few as (
	select d.workspace_id, d.id
	from pipeline.workspace w
	cross join lateral (
		select t.workspace_id, t.created_at, t.id
		from pipeline.deal t
		where t.workspace_id = w.workspace_id and (:after is null or case when pipeline.sort_up(:sort) then (t.created_at, t.id) > (pipeline.moment(pipeline.page_num(:after)), pipeline.page_id(:after)) else (t.created_at, t.id) < (pipeline.moment(pipeline.page_num(:after)), pipeline.page_id(:after)) end)
			and
			-- use: deal_stands
			and
			-- use: deal_owned
			and
			-- use: deal_fits
		order by case when pipeline.sort_up(:sort) then t.created_at end, case when not pipeline.sort_up(:sort) then t.created_at end desc, case when pipeline.sort_up(:sort) then t.id end, case when not pipeline.sort_up(:sort) then t.id end desc
		limit
			-- use: deal_most
			+ 1
	) d
	where w.workspace_id = any (:workspaces)
	order by case when pipeline.sort_up(:sort) then d.created_at end, case when not pipeline.sort_up(:sort) then d.created_at end desc, case when pipeline.sort_up(:sort) then d.id end, case when not pipeline.sort_up(:sort) then d.id end desc
	limit
		-- use: deal_most
		+ 1
)
-- use: deal_page

-- name: deal_list_id deal_list_id -> json; by the key: what moves meanwhile is neither twice in it nor left out
with few as (
	select d.workspace_id, d.id
	from pipeline.workspace w
	cross join lateral (
		select t.workspace_id, t.id
		from pipeline.deal t
		where t.workspace_id = w.workspace_id and (:after is null or case when pipeline.sort_up(:sort) then t.id > pipeline.page_id(:after) else t.id < pipeline.page_id(:after) end)
			and
			-- use: deal_stands
			and
			-- use: deal_owned
			and
			-- use: deal_fits
		order by case when pipeline.sort_up(:sort) then t.id end, case when not pipeline.sort_up(:sort) then t.id end desc
		limit
			-- use: deal_most
			+ 1
	) d
	where w.workspace_id = any (:workspaces)
	order by case when pipeline.sort_up(:sort) then d.id end, case when not pipeline.sort_up(:sort) then d.id end desc
	limit
		-- use: deal_most
		+ 1
)
-- use: deal_page

-- name: deal_list_value deal_list_value -> json; by value, by the index of those that have one; then those that have none, which are looked at only when the page has room
with few as (
	select x.workspace_id, x.id
	from ((
		select d.workspace_id, d.id
		from pipeline.workspace w
		cross join lateral (
			select t.workspace_id, t.value, t.id
			from pipeline.deal t
			where t.workspace_id = w.workspace_id and t.value is not null
				and (:after is null or (pipeline.page_num(:after) is not null and case when pipeline.sort_up(:sort) then (t.value, t.id) > (pipeline.page_num(:after)::bigint, pipeline.page_id(:after)) else (t.value, t.id) < (pipeline.page_num(:after)::bigint, pipeline.page_id(:after)) end))
				and
				-- use: deal_stands
				and
				-- use: deal_owned
				and
				-- use: deal_fits
			order by case when pipeline.sort_up(:sort) then t.value end, case when not pipeline.sort_up(:sort) then t.value end desc, case when pipeline.sort_up(:sort) then t.id end, case when not pipeline.sort_up(:sort) then t.id end desc
			limit
				-- use: deal_most
				+ 1
		) d
		where w.workspace_id = any (:workspaces)
		order by case when pipeline.sort_up(:sort) then d.value end, case when not pipeline.sort_up(:sort) then d.value end desc, case when pipeline.sort_up(:sort) then d.id end, case when not pipeline.sort_up(:sort) then d.id end desc
		limit
			-- use: deal_most
			+ 1
	) union all (
		select d.workspace_id, d.id
		from pipeline.workspace w
		cross join lateral (
			select t.workspace_id, t.id
			from pipeline.deal t
			where t.workspace_id = w.workspace_id and t.value is null
				and (:after is null or pipeline.page_num(:after) is not null or case when pipeline.sort_up(:sort) then t.id > pipeline.page_id(:after) else t.id < pipeline.page_id(:after) end)
				and
				-- use: deal_stands
				and
				-- use: deal_owned
				and
				-- use: deal_fits
			order by case when pipeline.sort_up(:sort) then t.id end, case when not pipeline.sort_up(:sort) then t.id end desc
			limit
				-- use: deal_most
				+ 1
		) d
		where w.workspace_id = any (:workspaces)
		order by case when pipeline.sort_up(:sort) then d.id end, case when not pipeline.sort_up(:sort) then d.id end desc
		limit
			-- use: deal_most
			+ 1
	)) x
	limit
		-- use: deal_most
		+ 1
)
-- use: deal_page

-- name: deal_list_close deal_list_close -> json; by expected close, likewise
with few as (
	select x.workspace_id, x.id
	from ((
		select d.workspace_id, d.id
		from pipeline.workspace w
		cross join lateral (
			select t.workspace_id, t.close_date, t.id
			from pipeline.deal t
			where t.workspace_id = w.workspace_id and t.close_date is not null
				and (:after is null or (pipeline.page_num(:after) is not null and case when pipeline.sort_up(:sort) then (t.close_date, t.id) > (date '2000-01-01' + pipeline.page_num(:after)::int, pipeline.page_id(:after)) else (t.close_date, t.id) < (date '2000-01-01' + pipeline.page_num(:after)::int, pipeline.page_id(:after)) end))
				and
				-- use: deal_stands
				and
				-- use: deal_owned
				and
				-- use: deal_fits
			order by case when pipeline.sort_up(:sort) then t.close_date end, case when not pipeline.sort_up(:sort) then t.close_date end desc, case when pipeline.sort_up(:sort) then t.id end, case when not pipeline.sort_up(:sort) then t.id end desc
			limit
				-- use: deal_most
				+ 1
		) d
		where w.workspace_id = any (:workspaces)
		order by case when pipeline.sort_up(:sort) then d.close_date end, case when not pipeline.sort_up(:sort) then d.close_date end desc, case when pipeline.sort_up(:sort) then d.id end, case when not pipeline.sort_up(:sort) then d.id end desc
		limit
			-- use: deal_most
			+ 1
	) union all (
		select d.workspace_id, d.id
		from pipeline.workspace w
		cross join lateral (
			select t.workspace_id, t.id
			from pipeline.deal t
			where t.workspace_id = w.workspace_id and t.close_date is null
				and (:after is null or pipeline.page_num(:after) is not null or case when pipeline.sort_up(:sort) then t.id > pipeline.page_id(:after) else t.id < pipeline.page_id(:after) end)
				and
				-- use: deal_stands
				and
				-- use: deal_owned
				and
				-- use: deal_fits
			order by case when pipeline.sort_up(:sort) then t.id end, case when not pipeline.sort_up(:sort) then t.id end desc
			limit
				-- use: deal_most
				+ 1
		) d
		where w.workspace_id = any (:workspaces)
		order by case when pipeline.sort_up(:sort) then d.id end, case when not pipeline.sort_up(:sort) then d.id end desc
		limit
			-- use: deal_most
			+ 1
	)) x
	limit
		-- use: deal_most
		+ 1
)
-- use: deal_page

-- name: deal_list_rest deal_list_rest -> json; in any other order, or by words: every deal that was asked for is looked at
with few as (
	select d.workspace_id, d.id
	from (
		select t.workspace_id, t.id,
		-- use: deal_keys
		from pipeline.workspace w
		join pipeline.deal t on t.workspace_id = w.workspace_id
		-- use: deal_keys_of
		where w.workspace_id = any (:workspaces) and t.workspace_id = any (:workspaces)
		and
		-- use: deal_stands
		and
		-- use: deal_owned
		and
		-- use: deal_fits
		and
		-- use: deal_words
	) d
	where :after is null
		or (d.num is null and pipeline.page_num(:after) is not null)
		or case when pipeline.sort_up(:sort) then d.num > pipeline.page_num(:after) else d.num < pipeline.page_num(:after) end
		or (d.num is not distinct from pipeline.page_num(:after) and (
			(d.txt is null and pipeline.page_txt(:after) is not null)
			or case when pipeline.sort_up(:sort) then d.txt > pipeline.page_txt(:after) else d.txt < pipeline.page_txt(:after) end
			or (d.txt is not distinct from pipeline.page_txt(:after)
				and case when pipeline.sort_up(:sort) then d.id > pipeline.page_id(:after) else d.id < pipeline.page_id(:after) end)))
	order by case when pipeline.sort_up(:sort) then d.num end, case when not pipeline.sort_up(:sort) then d.num end desc nulls last,
		case when pipeline.sort_up(:sort) then d.txt end, case when not pipeline.sort_up(:sort) then d.txt end desc nulls last, case when pipeline.sort_up(:sort) then d.id end, case when not pipeline.sort_up(:sort) then d.id end desc
	limit
		-- use: deal_most
		+ 1
)
-- use: deal_page

-- name: deal_get deal_get -> json; no row: there is none, or none the reader may see
select (pipeline.card_json(d, c, f, coalesce(:now, now()), zone.timezone)::jsonb || jsonb_build_object('stage_key', s.key, 'probability', coalesce(d.probability, s.probability), 'source_id', d.source_id,
	'closed_at', pipeline.rfc3339(d.closed_at), 'notes', d.notes, 'account_id', a.account_id, 'account_name', a.name,
	'type', case when k.lifecycle = 'client' then 'client' else 'prospect' end,
	'lead_status', coalesce(d.lead_status, case when d.lead_id is not null then 'New' end)) || pipeline.details_json(d) || jsonb_build_object('custom', coalesce(d.custom, '{}')))::text
from pipeline.deal d
join pipeline.stage s on (s.workspace_id, s.id) = (d.workspace_id, d.stage_id)
left join pipeline.deal_contact c on (c.workspace_id, c.deal_id) = (d.workspace_id, d.id)
left join pipeline.deal_follow f on (f.workspace_id, f.deal_id) = (d.workspace_id, d.id)
left join pipeline.workspace zone on zone.workspace_id = d.workspace_id
left join pipeline.deal_account a on (a.workspace_id, a.deal_id) = (d.workspace_id, d.id)
left join pipeline.account k on (k.workspace_id, k.id) = (a.workspace_id, a.account_id)
where d.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
	and case when :deal_id is not null then d.id = :deal_id
		when :number is not null then d.number = :number
		else d.id = :lead_id and d.lead_id is not null end
limit 1

-- name: deal_standing deal_standing -> json kept; no row: there is none, or none the reader may see
select json_build_object('id', t.id, 'workspace_id', t.workspace_id, 'lead_id', t.lead_id)::text
from (
	select t.workspace_id, t.id, t.lead_id
	from pipeline.deal t
	where t.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and t.id = :deal_id
	union all
	select t.workspace_id, t.id, t.lead_id
	from pipeline.deal t
	where t.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and t.number = :number and :deal_id is null
) t
limit 1

-- name: account_check account_check -> json; of the reader's one workspace; where no roles are kept there are the two that the table knows
select json_build_object('onboarding_status', :onboarding_status is null or exists (
		select
		from pipeline.catalogue_item c
		where c.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and c.catalogue = 'onboarding_status'
			and c.key = :onboarding_status and not c.retired),
	'account_type', :account_type is null or exists (
		select
		from pipeline.catalogue_item c
		where c.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and c.catalogue = 'account_type'
			and c.key = :account_type and not c.retired),
	'unknown', coalesce((
		select json_agg(asked.role)
		from jsonb_array_elements_text(:roles) asked (role)
		where asked.role <> 'executive' and not exists (
			select
			from pipeline.catalogue_item c
			where c.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and c.catalogue = 'account_role'
				and c.key = asked.role and not c.retired)
			and (asked.role not in ('kae', 'csr') or exists (
				select
				from pipeline.catalogue_item c
				where c.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and c.catalogue = 'account_role'))
	), '[]'))::text

-- name: register_check register_check -> json; of the reader's one workspace
select json_build_object('stage', :stage is null or exists (
		select
		from pipeline.workspace w
		join pipeline.stage first on (first.workspace_id, first.id) = (w.workspace_id, w.first_stage_id)
		join pipeline.stage s on (s.workspace_id, s.pipeline_id) = (first.workspace_id, first.pipeline_id)
		where w.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and s.kind = 'open'
			and (s.key = :stage or s.id::text = :stage)),
	'locale', :locale is null or exists (
		select
		from pipeline.catalogue_item c
		where c.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and c.catalogue = 'locale'
			and c.key = :locale and not c.retired))::text

-- name: deal_count deal_count -> json; from the running sums
select json_build_object('data', coalesce(json_agg(json_build_object('workspace_id', s.workspace_id, 'stage_id', s.id, 'key', s.key,
	'count', total.count, 'sums', total.sums, 'about', total.about) order by s.workspace_id, p.position, s.position), '[]'))::text
from pipeline.pipeline p
join pipeline.stage s on (s.workspace_id, s.pipeline_id) = (p.workspace_id, p.id)
left join pipeline.workspace zone on zone.workspace_id = p.workspace_id
cross join lateral (
	select coalesce(sum(c.deals), 0)::bigint as count,
		coalesce(json_agg(pipeline.money_json(c.value, c.currency) order by c.currency) filter (where c.deals > 0 and c.currency <> ''), '[]') as sums,
		case when bool_or(c.deals > 0 and c.currency not in ('', pipeline.base_of(zone))) then
			pipeline.about_of(s.workspace_id, pipeline.base_of(zone), pipeline.day_of(coalesce(:now, now()), zone.timezone), null,
				array_agg(c.currency::text) filter (where c.deals > 0 and c.currency <> ''), array_agg(c.value) filter (where c.deals > 0 and c.currency <> '')) end as about
	from (
		select x.currency, sum(x.deals)::bigint as deals, sum(x.value)::bigint as value
		from pipeline.stage_sum x
		where (x.workspace_id, x.stage_id) = (s.workspace_id, s.id) and
			-- use: sum_owned
		group by x.currency
	) c
) total
where case when :pipeline is null then not p.archived else p.key = any (pipeline.asked_words(:pipeline)) or p.id = any (pipeline.asked_ids(:pipeline)) end

-- name: deal_count_found deal_count_found -> json; what was asked for is counted
with found as materialized (
	select t.stage_id, t.value_currency as currency, count(*) as deals, sum(t.value)::bigint as value
	-- use: deal_found
	group by 1, 2
)
select json_build_object('data', coalesce(json_agg(json_build_object('workspace_id', s.workspace_id, 'stage_id', s.id, 'key', s.key,
	'count', total.count, 'sums', total.sums, 'about', total.about) order by s.workspace_id, p.position, s.position), '[]'))::text
from pipeline.pipeline p
join pipeline.stage s on (s.workspace_id, s.pipeline_id) = (p.workspace_id, p.id)
left join pipeline.workspace zone on zone.workspace_id = p.workspace_id
cross join lateral (
	select coalesce(sum(f.deals), 0)::bigint as count,
		coalesce(json_agg(pipeline.money_json(f.value, f.currency) order by f.currency) filter (where f.currency is not null), '[]') as sums,
		pipeline.about_of(s.workspace_id, pipeline.base_of(zone), pipeline.day_of(coalesce(:now, now()), zone.timezone), null,
			array_agg(f.currency::text) filter (where f.currency is not null), array_agg(f.value) filter (where f.currency is not null)) as about
	from found f
	where f.stage_id = s.id
) total
where case when :pipeline is null then not p.archived else p.key = any (pipeline.asked_words(:pipeline)) or p.id = any (pipeline.asked_ids(:pipeline)) end

-- name: deal_activities deal_activities -> json; by deal_activity_due. Whose they are contacts knows: where that is asked, enough to choose from
with bounds as (
	select coalesce(:now, now()) as now, pipeline.zone_known(:tz) as zone, date_trunc('day', coalesce(:now, now()) at time zone pipeline.zone_known(:tz)) as day,
		case when :whose::text is null then least(greatest(coalesce(:limit, 50), 1), 200) else 2000 end as most
), span as (
	select greatest(:from, case :period when 'today' then b.day at time zone b.zone when 'month' then date_trunc('month', b.day) at time zone b.zone
			when 'upcoming' then b.now end) as least,
		least(:to, case :period when 'today' then (b.day + interval '1 day') at time zone b.zone
			when 'month' then (date_trunc('month', b.day) + interval '1 month') at time zone b.zone when 'overdue' then b.now end) as most
	from bounds b
), due as (
	select a.due_at, a.activity_id as id
	from (
		select t.workspace_id, t.id
		-- use: deal_found
	) d
	join pipeline.deal_activity a on (a.workspace_id, a.deal_id) = (d.workspace_id, d.id)
	where a.workspace_id = any (:workspaces) and a.due_at is not null and not a.removed
		and a.due_at >= coalesce((select s.least from span s), '-infinity') and a.due_at < coalesce((select s.most from span s), 'infinity')
		and (:period is distinct from 'overdue' or not a.done) and (:done is null or a.done = :done)
		and (:after is null or case when :after ~ '^[0-9]{1,17}\.0\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then
			(a.due_at, a.activity_id) > (pipeline.moment(split_part(:after, '.', 1)::numeric), right(:after, 36)::uuid) end)
	order by a.due_at, a.activity_id
	limit (select b.most from bounds b) + 1
), numbered as (
	select d.due_at, d.id, row_number() over due_ as i, lead(true, 1, false) over due_ as more
	from due d
	window due_ as (order by d.due_at, d.id)
)
select json_build_object(
	'data', coalesce(json_agg(n.id order by n.i) filter (where n.i <= (select b.most from bounds b)), '[]'),
	'next', max(pipeline.micros(n.due_at) || '.0.' || n.id) filter (where n.i = (select b.most from bounds b) and n.more))::text
from numbered n

-- name: stage_list stage_list -> json; from the running sums
select json_build_object('move_mode', p.move_mode, 'stages', (
	select json_agg(json_build_object('key', s.key, 'kind', s.kind, 'label', s.label, 'probability', s.probability, 'colour', s.colour,
		'position', s.position, 'qualified', s.qualified, 'deals', (
			select coalesce(sum(x.deals), 0)::bigint
			from pipeline.stage_sum x
			where (x.workspace_id, x.stage_id) = (s.workspace_id, s.id))) order by s.position)
	from pipeline.stage s
	where (s.workspace_id, s.pipeline_id) = (p.workspace_id, p.id)))::text
from pipeline.pipeline p
where :pipeline is null or p.key = :pipeline
order by p.workspace_id, p.archived, p.position
limit 1

-- name: deal_search deal_search -> json kept; see sql/0003_search.sql; a number's bearer first, then by beginnings, then inside words, then similar; of each the newest first
with told as (
	select pipeline.hit_json(d, k)::jsonb || jsonb_build_object('near', h.rank = 2) as hit,
		d.id, h.rank, d.number::text = regexp_replace(:q, '[^0-9]', '', 'g') as named
	from pipeline.search_found(:q, least(greatest(coalesce(:limit, 10), 1), 50)::int) h
	join pipeline.deal d on (d.workspace_id, d.id) = (h.workspace_id, h.id)
	left join pipeline.deal_contact k on (k.workspace_id, k.deal_id) = (d.workspace_id, d.id)
	order by named desc, h.rank, d.id desc
	limit least(greatest(coalesce(:limit, 10), 1), 50)
)
select json_build_object('data', coalesce((select json_agg(t.hit order by t.named desc, t.rank, t.id desc) from told t), '[]'),
	'behind', pipeline.search_behind())::text

-- name: deal_of deal_of -> json kept; of leads, whose ids they bear, and of contacts; newest first
with asked as (
	select (select array_agg(i::uuid) from jsonb_array_elements_text(:leads) as i) as leads,
		(select array_agg(i::uuid) from jsonb_array_elements_text(:contacts) as i) as contacts,
		(select nullif(current_setting('crm.workspaces', true), ''))::uuid[] as workspaces
), named as (
	select d.workspace_id, d.id
	from pipeline.deal d
	where d.workspace_id = any ((select workspaces from asked)::uuid[]) and d.id = any ((select leads from asked)::uuid[])
	union
	select k.workspace_id, k.deal_id
	from pipeline.deal_contact k
	where k.workspace_id = any ((select workspaces from asked)::uuid[]) and k.contact_id = any ((select contacts from asked)::uuid[])
), hit as (
	select d.id, pipeline.hit_json(d, k) as hit
	from named n
	join pipeline.deal d on (d.workspace_id, d.id) = (n.workspace_id, n.id)
	left join pipeline.deal_contact k on (k.workspace_id, k.deal_id) = (d.workspace_id, d.id)
	order by d.id desc
	limit least(greatest(coalesce(:limit, 10), 1), 50)
)
select json_build_object('data', coalesce((select json_agg(h.hit order by h.id desc) from hit h), '[]'))::text

-- name: pipeline_list pipeline_list -> json; from the running sums
select json_build_object('data', coalesce(json_agg(pipeline.board_json(p) order by p.workspace_id, p.archived, p.position), '[]'))::text
from pipeline.pipeline p
where coalesce(:archived, false) or not p.archived

-- name: pipeline_get pipeline_get -> json; no row: there is none, or none the reader may see
select pipeline.board_json(p)::text
from pipeline.pipeline p
where p.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and p.id = :pipeline_id

-- name: stage_get stage_get -> json; no row: there is none, or none the reader may see
select (pipeline.stage_json(s)::jsonb || jsonb_build_object('workspace_id', s.workspace_id, 'pipeline_id', s.pipeline_id))::text
from pipeline.stage s
where s.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and s.id = :stage_id

-- name: catalogue_list catalogue_list -> json; a workspace's few values
select json_build_object('data', coalesce(json_agg(pipeline.item_json(i) order by i.workspace_id, i.catalogue, i.position, i.key), '[]'))::text
from pipeline.catalogue_item i
where (:catalogue is null or i.catalogue = :catalogue) and (coalesce(:retired, false) or not i.retired)

-- name: item_get item_get -> json; no row: there is none, or none the reader may see
select pipeline.item_json(i)::text
from pipeline.catalogue_item i
where i.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and i.id = :item_id

-- name: currency_list currency_list -> json; the rates of the base that there is now
select json_build_object('data', coalesce(json_agg(json_build_object('workspace_id', w.workspace_id, 'base', pipeline.base_of(w), 'chosen', w.base_currency is not null,
	'today', pipeline.day_of(coalesce(:now, now()), w.timezone), 'rates', (
		select coalesce(json_agg(pipeline.rate_json(r) order by r.currency, r.day desc), '[]')
		from pipeline.rate r
		where r.workspace_id = w.workspace_id and r.base = pipeline.base_of(w)::char(3) and (:currency is null or r.currency = :currency::char(3)))) order by w.workspace_id), '[]'))::text
from pipeline.workspace w
where w.first_stage_id is not null

-- name: rate_get rate_get -> json; no row: there is none, or none the reader may see
select (pipeline.rate_json(r)::jsonb || jsonb_build_object('workspace_id', r.workspace_id, 'base', r.base))::text
from pipeline.rate r
where r.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and r.id = :rate_id

-- name: custom_field_list custom_field_list -> json; a workspace's few fields
select json_build_object('data', coalesce(json_agg(pipeline.field_json(f) order by f.workspace_id, f.about, f.position, f.key), '[]'))::text
from pipeline.custom_field f
where (:about is null or f.about = :about) and (coalesce(:retired, false) or not f.retired)

-- name: custom_field_get custom_field_get -> json; no row: there is none, or none the reader may see
select pipeline.field_json(f)::text
from pipeline.custom_field f
where f.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and f.id = :custom_field_id

-- name: deal_history deal_history -> json; newest first by the key; a deal the reader may not see has none
with row as (
	select c.version, c.at, c.actor_id, c.changes, c.note, row_number() over newest as i, lead(true, 1, false) over newest as more
	from pipeline.deal d
	join pipeline.deal_change c on (c.workspace_id, c.deal_id) = (d.workspace_id, d.id)
		and (:after is null or c.version < case when :after ~ '^[0-9]{1,17}$' then :after::bigint end)
	where d.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and d.id = :deal_id
	window newest as (order by c.version desc)
	order by c.version desc
	limit least(greatest(coalesce(:limit, 50), 1), 200) + 1
)
select json_build_object(
	'data', coalesce(json_agg(json_build_object('version', r.version, 'at', pipeline.rfc3339(r.at), 'actor_id', r.actor_id, 'note', r.note, 'changes', r.changes)
		order by r.i) filter (where r.i <= least(greatest(coalesce(:limit, 50), 1), 200)), '[]'),
	'next', max(r.version::text) filter (where r.i = least(greatest(coalesce(:limit, 50), 1), 200) and r.more))::text
from row r

-- name: board_past board_past -> json; every later change of every deal taken back at once, the oldest of a field's has the last word
with later as (
	select x.workspace_id, x.deal_id, jsonb_object_agg(x.field, x.old) as was
	from (
		select distinct on (c.workspace_id, c.deal_id, f.field) c.workspace_id, c.deal_id, f.field, f.old
		from pipeline.deal_change c
		cross join lateral jsonb_to_recordset(c.changes) as f (field text, old text)
		where c.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and c.at > coalesce(:at, now())
			and f.field in ('stage', 'value', 'title', 'owner_id')
		order by c.workspace_id, c.deal_id, f.field, c.version
	) x
	group by x.workspace_id, x.deal_id
), past as (
	select d.workspace_id, s.pipeline_id, d.id, d.number, (case when l.was ? 'stage' then l.was->>'stage' else s.key end) collate "C" as stage,
		case when l.was ? 'title' then l.was->>'title' else d.title end as title,
		case when l.was ? 'owner_id' then l.was->>'owner_id' else d.owner_id::text end as owner_id,
		case when l.was ? 'value' then l.was->>'value' else (pipeline.money_json(d.value, d.value_currency)->>'amount') || ' ' || d.value_currency end as value
	from pipeline.deal d
	join pipeline.stage s on (s.workspace_id, s.id) = (d.workspace_id, d.stage_id)
	left join later l on (l.workspace_id, l.deal_id) = (d.workspace_id, d.id)
	where d.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and d.created_at <= coalesce(:at, now())
), placed as (
	select p.workspace_id, p.pipeline_id, p.stage, p.id, p.number, p.title, p.owner_id, split_part(p.value, ' ', 1) as amount, split_part(p.value, ' ', 2) as currency,
		row_number() over (partition by p.workspace_id, p.pipeline_id, p.stage order by p.number desc) as i
	from past p
), column_ as (
	select p.workspace_id, p.pipeline_id, p.stage, count(*)::bigint as count,
		json_agg(json_build_object('id', p.id, 'number', p.number, 'title', p.title, 'owner_id', p.owner_id,
			'value', case when p.amount <> '' then json_build_object('amount', p.amount, 'currency', p.currency) end) order by p.i)
			filter (where p.i <= least(greatest(coalesce(:limit, 50), 1), 200)) as deals
	from placed p
	group by p.workspace_id, p.pipeline_id, p.stage
), worth as (
	select x.workspace_id, x.pipeline_id, x.stage, json_agg(json_build_object('amount', x.amount, 'currency', x.currency) order by x.currency) as sums,
		array_agg(x.currency order by x.currency) as currencies, array_agg(pipeline.minor_of(x.amount::numeric, x.currency)::bigint order by x.currency) as minors
	from (
		select p.workspace_id, p.pipeline_id, p.stage, p.currency, sum(p.amount::numeric)::text as amount
		from placed p
		where p.amount <> ''
		group by p.workspace_id, p.pipeline_id, p.stage, p.currency
	) x
	group by x.workspace_id, x.pipeline_id, x.stage
), whole as (
	select x.workspace_id, x.pipeline_id, array_agg(x.currency) as currencies, array_agg(x.minor) as minors
	from (
		select w.workspace_id, w.pipeline_id, u.currency, sum(u.minor)::bigint as minor
		from worth w
		cross join lateral unnest(w.currencies, w.minors) as u (currency, minor)
		group by 1, 2, 3
	) x
	group by 1, 2
)
select json_build_object('data', coalesce(json_agg(json_build_object('workspace_id', p.workspace_id, 'id', p.id, 'key', p.key, 'label', p.label,
	'at', pipeline.rfc3339(coalesce(:at, now())), 'about', pipeline.about_of(p.workspace_id, pipeline.base_of(zone), pipeline.day_of(coalesce(:at, now()), zone.timezone), null, whole.currencies, whole.minors),
	'stages', board.stages) order by p.workspace_id, p.position), '[]'))::text
from pipeline.pipeline p
left join pipeline.workspace zone on zone.workspace_id = p.workspace_id
left join whole on (whole.workspace_id, whole.pipeline_id) = (p.workspace_id, p.id)
cross join lateral (
	select coalesce(json_agg(json_build_object('key', coalesce(c.stage, s.key), 'label', s.label, 'kind', s.kind, 'colour', s.colour, 'count', coalesce(c.count, 0),
		'sums', coalesce(w.sums, '[]'), 'about',
		pipeline.about_of(p.workspace_id, pipeline.base_of(zone), pipeline.day_of(coalesce(:at, now()), zone.timezone), null, w.currencies, w.minors), 'deals', coalesce(c.deals, '[]')) order by s.position nulls last, c.stage), '[]') as stages
	from (select t.key, t.label, t.kind, t.colour, t.position from pipeline.stage t where (t.workspace_id, t.pipeline_id) = (p.workspace_id, p.id)) s
	full join (select k.stage, k.count, k.deals from column_ k where (k.workspace_id, k.pipeline_id) = (p.workspace_id, p.id)) c on c.stage = s.key collate "C"
	left join worth w on (w.workspace_id, w.pipeline_id) = (p.workspace_id, p.id) and w.stage = c.stage
) board
where not p.archived

-- name: deal_past_get deal_past_get -> json; what it is now, with every later change taken back; the oldest of a field's has the last word
select json_build_object('id', d.id, 'workspace_id', d.workspace_id, 'number', d.number, 'at', pipeline.rfc3339(coalesce(:at, now())),
	'existed', d.created_at <= coalesce(:at, now()), 'version', coalesce(later.version, d.version), 'values',
	pipeline.values_json(d, s.key) || coalesce(later.was, '{}'))::text
from pipeline.deal d
left join pipeline.stage s on (s.workspace_id, s.id) = (d.workspace_id, d.stage_id)
cross join lateral (
	select jsonb_object_agg(x.field, x.old) as was, min(x.version) - 1 as version
	from (
		select distinct on (f.field) f.field, f.old, c.version
		from pipeline.deal_change c
		cross join lateral jsonb_to_recordset(c.changes) as f (field text, old text)
		where (c.workspace_id, c.deal_id) = (d.workspace_id, d.id) and c.at > coalesce(:at, now())
		order by f.field, c.version
	) x
) later
where d.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and d.id = :deal_id

-- name: deal_labels deal_labels -> json; by the keys
with asked as (
	select i::uuid as id
	from jsonb_array_elements_text(:ids) as i
	where i ~ '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$'
)
select json_build_object('data', coalesce(json_agg(json_build_object('kind', 'opportunity', 'id', d.id, 'number', d.number, 'label', d.title)), '[]'))::text
from asked a
join pipeline.deal d on d.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and d.id = a.id

-- name: deal_named deal_named -> json; reads the workspace's names, all of them: a newest few would hide the second of two that are called the same
with named as (
	select d.id, d.number, d.title as name, nullif(concat_ws(' · ', k.name, k.company), '') as detail
	from pipeline.deal d
	left join pipeline.deal_contact k on (k.workspace_id, k.deal_id) = (d.workspace_id, d.id)
	where d.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and starts_with(lower(:text), lower(d.title))
	order by length(d.title) desc, d.id
	limit 50
)
select json_build_object('data', coalesce(json_agg(json_build_object('id', n.id, 'number', n.number, 'label', n.name, 'detail', n.detail)
	order by length(n.name) desc, n.id), '[]'))::text
from named n
