-- name: deal_board deal_board -> json; a board costs its stages and the cards shown, whatever the number of deals
select json_build_object('data', coalesce(json_agg(json_build_object('workspace_id', p.workspace_id, 'id', p.id, 'key', p.key, 'label', p.label,
	'move_mode', p.move_mode, 'stages', board.stages) order by p.workspace_id, p.position), '[]'))::text
from pipeline.pipeline p
cross join lateral (
	select json_agg(json_build_object('id', s.id, 'key', s.key, 'kind', s.kind, 'label', s.label, 'probability', s.probability, 'colour', s.colour,
		'position', s.position, 'qualified', s.qualified, 'count', total.count, 'sums', total.sums, 'cards', column_.cards, 'next', column_.next)
		order by s.position) as stages
	from pipeline.stage s
	cross join lateral (
		select coalesce(sum(c.deals), 0)::bigint as count,
			coalesce(json_agg(pipeline.money_json(c.value, c.currency) order by c.currency) filter (where c.deals > 0 and c.currency <> ''), '[]') as sums
		from (
			select x.currency, sum(x.deals)::bigint as deals, sum(x.value)::bigint as value
			from pipeline.stage_sum x
			where (x.workspace_id, x.stage_id) = (s.workspace_id, s.id)
			group by x.currency
		) c
	) total
	cross join lateral (
		select coalesce(json_agg(pipeline.card_json(k.deal, k.contact) order by k.i) filter (where k.i <= least(greatest(coalesce(:limit, 100), 1), 200)), '[]') as cards,
			max(pipeline.cursor_text((k.deal).stage_since, (k.deal).id)) filter (where k.i = least(greatest(coalesce(:limit, 100), 1), 200) and k.more) as next
		from (
			select d as deal, c as contact, row_number() over newest as i, lead(true, 1, false) over newest as more
			from (
				select t
				from pipeline.deal t
				where (t.workspace_id, t.stage_id) = (s.workspace_id, s.id)
				order by t.stage_since desc, t.id desc
				limit least(least(greatest(coalesce(:limit, 100), 1), 200) + 1, total.count)
			) first (d)
			left join lateral (select c from pipeline.deal_contact c where (c.workspace_id, c.deal_id) = (s.workspace_id, (d).id) limit 1) person (c) on true
			window newest as (order by (d).stage_since desc, (d).id desc)
		) k
	) column_
	where (s.workspace_id, s.pipeline_id) = (p.workspace_id, p.id)
) board
where case when :pipeline is null then not p.archived else p.key = :pipeline or p.id::text = :pipeline end

-- name: deal_list deal_list -> json; latest move first: each stage's newest by the index deal_board, then the newest of these. Slow above 100,000 deals: q with few hits, and an owner's oldest deals
with place as (
	select s.workspace_id, s.id, total.count
	from pipeline.stage s
	cross join lateral (
		select sum(x.deals)::bigint as count
		from pipeline.stage_sum x
		where (x.workspace_id, x.stage_id) = (s.workspace_id, s.id) and (:owner_id is null or x.owner_id = :owner_id)
	) total
	where total.count > 0 and (:stage is null or s.key = :stage or s.id::text = :stage)
		and (not coalesce(:qualified, false) or not exists (
			select from pipeline.stage q
			where (q.workspace_id, q.pipeline_id) = (s.workspace_id, s.pipeline_id) and q.qualified and q.position > s.position))
), found as (
	select d.deal
	from place p
	cross join lateral (
		select t as deal, t.stage_since, t.id
		from pipeline.deal t
		where (t.workspace_id, t.stage_id) = (p.workspace_id, p.id)
			and (:after is null or (t.stage_since, t.id) < (pipeline.cursor_at(:after), pipeline.cursor_id(:after)))
			and (:owner_id is null or t.owner_id = :owner_id)
			and (:q is null or strpos(lower(t.title), lower(:q)) > 0 or strpos(lower(t.company), lower(:q)) > 0 or exists (
				select from pipeline.deal_contact c
				where (c.workspace_id, c.deal_id) = (t.workspace_id, t.id) and (strpos(lower(c.name), lower(:q)) > 0 or strpos(lower(c.company), lower(:q)) > 0)))
		order by t.stage_since desc, t.id desc
		limit least(least(greatest(coalesce(:limit, 50), 1), 200) + 1, p.count)
	) d
	order by d.stage_since desc, d.id desc
	limit least(greatest(coalesce(:limit, 50), 1), 200) + 1
), numbered as (
	select f.deal, c as contact, row_number() over newest as i, lead(true, 1, false) over newest as more
	from found f
	left join lateral (select c from pipeline.deal_contact c where (c.workspace_id, c.deal_id) = ((f.deal).workspace_id, (f.deal).id) limit 1) person (c) on true
	window newest as (order by (f.deal).stage_since desc, (f.deal).id desc)
)
select json_build_object(
	'data', coalesce(json_agg(pipeline.card_json(n.deal, n.contact) order by n.i) filter (where n.i <= least(greatest(coalesce(:limit, 50), 1), 200)), '[]'),
	'next', max(pipeline.cursor_text((n.deal).stage_since, (n.deal).id)) filter (where n.i = least(greatest(coalesce(:limit, 50), 1), 200) and n.more))::text
from numbered n

-- name: deal_trash_list deal_trash_list -> json; by the index deal_trash
with numbered as (
	select d as deal, c as contact, row_number() over newest as i, lead(true, 1, false) over newest as more
	from pipeline.trash_rows(case when :after is not null then pipeline.cursor_at(:after) end, pipeline.cursor_id(:after),
		(least(greatest(coalesce(:limit, 50), 1), 200) + 1)::int) d
	left join lateral (select c from pipeline.deal_contact c where (c.workspace_id, c.deal_id) = (d.workspace_id, d.id) limit 1) person (c) on true
	window newest as (order by d.trashed_at desc, d.id desc)
)
select json_build_object(
	'data', coalesce(json_agg((pipeline.card_json(n.deal, n.contact)::jsonb || jsonb_build_object('stage_id', (n.deal).trashed_from,
		'trashed_at', pipeline.rfc3339((n.deal).trashed_at), 'trashed_by', (n.deal).trashed_by)) order by n.i) filter (where n.i <= least(greatest(coalesce(:limit, 50), 1), 200)), '[]'),
	'next', max(pipeline.cursor_text((n.deal).trashed_at, (n.deal).id)) filter (where n.i = least(greatest(coalesce(:limit, 50), 1), 200) and n.more))::text
from numbered n

-- name: deal_export deal_export -> json; newest first by the key, for each workspace of the set
with found as (
	select d.deal
	from unnest((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) w (workspace_id)
	cross join lateral (
		select t as deal, t.id
		from pipeline.deal t
		where t.workspace_id = w.workspace_id and (:after is null or t.id < case when :after ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then :after::uuid end)
		order by t.id desc
		limit least(greatest(coalesce(:limit, 50), 1), 200) + 1
	) d
	order by d.id desc
	limit least(greatest(coalesce(:limit, 50), 1), 200) + 1
), numbered as (
	select f.deal, s.key as stage, c as contact, row_number() over newest as i, lead(true, 1, false) over newest as more
	from found f
	join pipeline.stage s on (s.workspace_id, s.id) = ((f.deal).workspace_id, (f.deal).stage_id)
	left join lateral (select c from pipeline.deal_contact c where (c.workspace_id, c.deal_id) = ((f.deal).workspace_id, (f.deal).id) limit 1) person (c) on true
	window newest as (order by (f.deal).id desc)
)
select json_build_object(
	'data', coalesce(json_agg((pipeline.card_json(n.deal, n.contact)::jsonb || jsonb_build_object('stage_key', n.stage,
		'closed_at', pipeline.rfc3339((n.deal).closed_at), 'notes', (n.deal).notes) || pipeline.details_json(n.deal) || jsonb_build_object('custom', coalesce((n.deal).custom, '{}'))) order by n.i) filter (where n.i <= least(greatest(coalesce(:limit, 50), 1), 200)), '[]'),
	'next', max((n.deal).id::text) filter (where n.i = least(greatest(coalesce(:limit, 50), 1), 200) and n.more))::text
from numbered n

-- name: deal_get deal_get -> json; no row: there is none, or none the reader may see
select (pipeline.card_json(d, c)::jsonb || jsonb_build_object('stage_key', s.key, 'probability', coalesce(d.probability, s.probability), 'source_id', d.source_id,
	'closed_at', pipeline.rfc3339(d.closed_at), 'notes', d.notes,
	'lead_status', coalesce(d.lead_status, case when d.lead_id is not null then 'New' end)) || pipeline.details_json(d) || jsonb_build_object('custom', coalesce(d.custom, '{}')))::text
from pipeline.deal d
join pipeline.stage s on (s.workspace_id, s.id) = (d.workspace_id, d.stage_id)
left join pipeline.deal_contact c on (c.workspace_id, c.deal_id) = (d.workspace_id, d.id)
where d.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
	and case when :deal_id is not null then d.id = :deal_id
		when :number is not null then d.number = :number
		else d.id = :lead_id and d.lead_id is not null end
limit 1

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
	'count', total.count, 'sums', total.sums) order by s.workspace_id, p.position, s.position), '[]'))::text
from pipeline.pipeline p
join pipeline.stage s on (s.workspace_id, s.pipeline_id) = (p.workspace_id, p.id)
cross join lateral (
	select coalesce(sum(c.deals), 0)::bigint as count,
		coalesce(json_agg(pipeline.money_json(c.value, c.currency) order by c.currency) filter (where c.deals > 0 and c.currency <> ''), '[]') as sums
	from (
		select x.currency, sum(x.deals)::bigint as deals, sum(x.value)::bigint as value
		from pipeline.stage_sum x
		where (x.workspace_id, x.stage_id) = (s.workspace_id, s.id)
		group by x.currency
	) c
) total
where case when :pipeline is null then not p.archived else p.key = :pipeline or p.id::text = :pipeline end

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

-- name: deal_search deal_search -> json; see sql/0003_search.sql; a number's bearer first, then the newest
with hit as (
	select h.workspace_id, h.id, min(h.place) as place
	from pipeline.search_hits(:q, least(greatest(coalesce(:limit, 10), 1), 50)::int) with ordinality as h (workspace_id, id, place)
	group by h.workspace_id, h.id
), told as (
	select pipeline.hit_json(d, k) as hit,
		d.id, d.number::text = regexp_replace(:q, '[^0-9]', '', 'g') as named
	from hit h
	join pipeline.deal d on (d.workspace_id, d.id) = (h.workspace_id, h.id)
	left join pipeline.deal_contact k on (k.workspace_id, k.deal_id) = (d.workspace_id, d.id)
	order by named desc, d.id desc
	limit least(greatest(coalesce(:limit, 10), 1), 50)
)
select json_build_object('data', coalesce((select json_agg(t.hit order by t.named desc, t.id desc) from told t), '[]'),
	'behind', pipeline.search_behind())::text

-- name: deal_of deal_of -> json; of leads, whose ids they bear, and of contacts; newest first
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
