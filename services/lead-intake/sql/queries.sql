-- name: lead_list lead_list -> json; newest first, each workspace from the end of its own key; filters read on until there is enough. Another order reads all that fit: sql/0006_lead_order.sql
with asked as (
	select least(greatest(coalesce(:limit, 50), 1), 200) as size, coalesce(current_setting('crm.user', true), '') as me,
		coalesce(:sort, '-created_at') in ('-created_at', 'age') as newest,
		ltrim(case :sort when 'age' then '-created_at' when '-age' then 'created_at' else :sort end, '-') as field,
		:sort = 'age' or (:sort like '-%' and :sort <> '-age') as down,
		case when :after ~ '^(([0-9a-f]{2})*[.])?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then right(:after, 36)::uuid end as after_id,
		case when :after ~ '^([0-9a-f]{2})*[.][0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then split_part(:after, '.', 1) end as after_key
), picked as (
	(select x.workspace_id, x.id, null::text as key
	from asked,
		unnest((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) as w (id),
		lateral (
			select l.workspace_id, l.id
			from lead_intake.lead l
			where asked.newest and l.workspace_id = w.id
				and l.id < coalesce(asked.after_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
				and (:status is null or l.status = any (string_to_array(:status, ',')))
				and (:source is null or l.source = any (string_to_array(:source, ',')))
				and (:owner is null or coalesce(l.owner_id::text, 'none') = any (string_to_array(replace(:owner, 'me', asked.me), ',')))
				and (:unanswered is not true or lead_intake.is_unanswered(l.status, l.answered_at, l.created_at))
				and (:created_from is null or l.created_at >= :created_from)
				and (:created_to is null or l.created_at < :created_to)
				and (:segment is null or exists (select from lead_intake.segment_member g
					where (g.workspace_id, g.record_id) = (l.workspace_id, l.id) and g.segment_id::text = any (string_to_array(lower(:segment), ','))))
				and (:q is null or position(lower(:q) in lower(concat_ws(' ', l.name, l.company, l.email, l.phone))) > 0
					or l.number::text = case when :q ~ '^#?[0-9]{1,15}$' then ltrim(:q, '#') end)
			order by l.id desc
			limit asked.size + 1
		) x
	order by x.id desc
	limit (select size + 1 from asked))
	union all
	(select x.workspace_id, x.id, x.key
	from asked
	cross join lateral lead_intake.lead_order(asked.field, asked.down, asked.after_key, asked.after_id, (asked.size + 1)::int, :status, :source, :owner, :unanswered,
		:created_from, :created_to, :q, :segment) x
	where not asked.newest)
), page as (
	select p.page, c.id, c.key, row_number() over (order by case when asked.newest or asked.down then c.key end collate "C" desc,
		case when asked.newest or asked.down then c.id end desc, case when not asked.down then c.key end collate "C", c.id) as i
	from asked, picked c
	join lead_intake.lead_page p on (p.workspace_id, p.id) = (c.workspace_id, c.id)
), shown as (
	select coalesce(json_agg(page.page order by page.i) filter (where page.i <= asked.size), '[]') as data,
		case when count(page.i) > asked.size then concat(encode(convert_to((array_agg(page.key order by page.i))[asked.size], 'UTF8'), 'hex') || '.',
			(array_agg(page.id order by page.i))[asked.size]) end as next
	from asked
	left join page on true
	group by asked.size
), counted as (
	select count(*) as n
	from (
		select 1
		from asked
		join lead_intake.lead l on :count is true and l.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
			and (:status is null or l.status = any (string_to_array(:status, ',')))
			and (:source is null or l.source = any (string_to_array(:source, ',')))
			and (:owner is null or coalesce(l.owner_id::text, 'none') = any (string_to_array(replace(:owner, 'me', asked.me), ',')))
			and (:unanswered is not true or lead_intake.is_unanswered(l.status, l.answered_at, l.created_at))
			and (:created_from is null or l.created_at >= :created_from)
			and (:created_to is null or l.created_at < :created_to)
			and (:segment is null or exists (select from lead_intake.segment_member g
				where (g.workspace_id, g.record_id) = (l.workspace_id, l.id) and g.segment_id::text = any (string_to_array(lower(:segment), ','))))
			and (:q is null or position(lower(:q) in lower(concat_ws(' ', l.name, l.company, l.email, l.phone))) > 0
				or l.number::text = case when :q ~ '^#?[0-9]{1,15}$' then ltrim(:q, '#') end)
		limit 10001
	) f
)
select case when :count is true then json_build_object('data', s.data, 'next', s.next, 'total', least(c.n, 10000), 'more', c.n > 10000)
	else json_build_object('data', s.data, 'next', s.next) end
from shown s, counted c

-- name: lead_history lead_history -> json; newest first by the key; a lead the reader may not see has none
with row as (
	select c.version, c.at, c.actor_id, c.changes, row_number() over newest as i, lead(true, 1, false) over newest as more
	from lead_intake.lead l
	join lead_intake.lead_history c on (c.workspace_id, c.lead_id) = (l.workspace_id, l.id)
		and (:after is null or c.version < case when :after ~ '^[0-9]{1,9}$' then :after::int end)
	where l.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and l.id = :lead_id
	window newest as (order by c.version desc)
	order by c.version desc
	limit least(greatest(coalesce(:limit, 50), 1), 200) + 1
)
select json_build_object(
	'data', coalesce(json_agg(json_build_object('version', r.version, 'at', to_char(r.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
			'actor_id', r.actor_id, 'note', null, 'changes', r.changes)
		order by r.i) filter (where r.i <= least(greatest(coalesce(:limit, 50), 1), 200)), '[]'),
	'next', max(r.version::text) filter (where r.i = least(greatest(coalesce(:limit, 50), 1), 200) and r.more))::text
from row r

-- name: lead_get lead_get -> json; by key, or by number through lead_number
select p.page
from unnest((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) as w (id)
join lead_intake.lead_page p on p.workspace_id = w.id and (p.id = :lead_id or p.number = :number)
limit 1

-- name: lead_files lead_files -> json; files of one lead, oldest first
select json_build_object('data', p.page -> 'files', 'next', null)
from unnest((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) as w (id)
join lead_intake.lead_page p on (p.workspace_id, p.id) = (w.id, :lead_id)

-- name: file_get file_get -> json; where a file's bytes lie: workspace_id/sha256
select json_build_object('id', f.id, 'workspace_id', f.workspace_id, 'name', f.name, 'type', f.type, 'size', f.size, 'sha256', f.sha256,
	'at', to_char(f.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
from unnest((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) as w (id)
join lead_intake.file f on (f.workspace_id, f.id) = (w.id, :file_id)

-- name: source_list source_list -> json; a workspace has few
with asked as (
	select least(greatest(coalesce(:limit, 50), 1), 200) as size,
		case when :after ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then :after::uuid end as after
), page as (
	select s.id, row_number() over (order by s.id) as i, s.page
	from lead_intake.source_page s, asked
	where (asked.after is null or s.id > asked.after) and s.removed = (coalesce(:removed, '') = '1')
	order by s.id
	limit (select size + 1 from asked)
)
select json_build_object(
	'data', coalesce(json_agg(page.page order by page.i) filter (where page.i <= asked.size), '[]'),
	'next', case when count(page.i) > asked.size then (array_agg(page.id order by page.i))[asked.size] end)
from asked
left join page on true
group by asked.size

-- name: source_get source_get -> json; by the key
select s.page
from unnest((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) as w (id)
join lead_intake.source_page s on (s.workspace_id, s.id) = (w.id, :source_id) and not s.removed

-- name: submission_list submission_list -> json; newest first by the keys, so many looked at for a page: of all, or of the few that are no leads
with asked as (
	select least(greatest(coalesce(:limit, 50), 1), 200) as size, case when :q is not null then 5000
		when :outcome is null and :source is null and :from is null and :to is null then least(greatest(coalesce(:limit, 50), 1), 200) + 1 else 20000 end as look,
		case when :after ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then :after::uuid else 'ffffffff-ffff-ffff-ffff-ffffffffffff' end as after,
		o.outcomes, not coalesce('lead' = any (o.outcomes), true) as few
	from (select string_to_array(case when :outcome = 'open' then 'duplicate,spam,bad_request,bad_signature,no_workspace,test' else :outcome end, ',') as outcomes) o
), seen as (
	select s.workspace_id, s.id, s.at, s.source_id, s.outcome, s.body
	from asked
	cross join unnest((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) as w (id)
	cross join lateral (
		(select f.workspace_id, f.id, f.at, f.source_id, f.outcome, f.body
		from lead_intake.submission f
		where asked.few and f.workspace_id = w.id and f.outcome <> 'lead' and f.id < asked.after
		order by f.id desc
		limit (select look from asked))
		union all
		(select f.workspace_id, f.id, f.at, f.source_id, f.outcome, f.body
		from lead_intake.submission f
		where not asked.few and f.workspace_id = w.id and f.id < asked.after
		order by f.id desc
		limit (select look from asked))
	) s
	order by s.id desc
	limit (select look from asked)
), page as (
	select n.workspace_id, n.id, row_number() over (order by n.id desc) as i
	from seen n, asked
	where (asked.outcomes is null or n.outcome = any (asked.outcomes))
		and (:source is null or n.source_id::text = any (string_to_array(:source, ',')))
		and (:from is null or n.at >= :from)
		and (:to is null or n.at < :to)
		and (:q is null or lead_intake.says(n.body, :q))
	order by n.id desc
	limit (select size + 1 from asked)
)
select json_build_object(
	'data', coalesce(json_agg(p.page order by page.i) filter (where page.i <= asked.size), '[]'),
	'next', case when count(page.i) > asked.size then (array_agg(page.id order by page.i))[asked.size]
		when (select count(*) from seen) = asked.look then (select n.id from seen n order by n.id limit 1) end)
from asked
left join page on true
left join lead_intake.submission_page p on (p.workspace_id, p.id) = (page.workspace_id, page.id)
group by asked.size, asked.look

-- name: submission_counts submission_counts -> json; of each workspace the newest 1,000 leads, by the key, and the newest 10,000 of all else: few beside them
with near as (
	select n.outcome
	from unnest((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) as w (id)
	cross join lateral (
		(select s.outcome, s.at, s.source_id
		from lead_intake.submission s
		where s.workspace_id = w.id and s.outcome <> 'lead'
		order by s.id desc
		limit 10001)
		union all
		(select s.outcome, s.at, s.source_id
		from lead_intake.submission s
		where s.workspace_id = w.id and s.outcome = 'lead'
		order by s.id desc
		limit 1001)
	) n
	where n.at >= coalesce(:from, now() - interval '30 days')
		and (:source is null or n.source_id::text = any (string_to_array(:source, ',')))
), told as (
	select n.outcome, count(*) as n
	from near n
	group by n.outcome
)
select json_build_object('data', coalesce(json_agg(json_build_object('outcome', t.outcome, 'n', t.n) order by t.n desc, t.outcome), '[]'),
	'more', coalesce(sum(t.n) filter (where t.outcome = 'lead') > 1000 or sum(t.n) filter (where t.outcome <> 'lead') > 10000, false))
from told t

-- name: submission_get submission_get -> json; by the key
select json_build_object('id', s.id, 'workspace_id', s.workspace_id, 'page', p.page, 'type', s.type, 'headers', s.headers, 'remote', s.remote, 'body', translate(encode(s.body, 'base64'), E'\n', ''),
	'body_file', s.body_file, 'at_us', (extract(epoch from s.at) * 1000000)::bigint, 'form_type', w.form_type, 'mapping', w.mapping::text,
	'language', place.language, 'country', place.country,
	'files', (select coalesce(json_agg(json_build_object('id', f.id, 'field', f.field, 'name', f.name, 'type', f.type, 'size', f.size) order by f.id), '[]')
		from lead_intake.file f where (f.workspace_id, f.submission_id) = (s.workspace_id, s.id)))
from unnest((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) as o (id)
join lead_intake.submission s on (s.workspace_id, s.id) = (o.id, :submission_id)
join lead_intake.submission_page p on (p.workspace_id, p.id) = (s.workspace_id, s.id)
join lead_intake.workspace place on place.id = s.workspace_id
left join lead_intake.source w on (w.workspace_id, w.id) = (s.workspace_id, s.source_id)

-- name: source_find source_find -> json; by source_key
select lead_intake.source_of_key(:key_hash)

-- name: client_find client_find -> json; by workspace_slug
select lead_intake.client_of_agency(:agency_id, :client)

-- name: lead_search lead_search -> json kept; see sql/0003_search.sql; a number's bearer first, then by beginnings, then inside words, then similar; of each the newest first
with told as (
	select json_build_object('id', l.id, 'number', l.number, 'workspace_id', l.workspace_id, 'title', l.name,
	'subtitle', nullif(concat_ws(' · ', l.company, l.email, l.form_type), ''), 'status', l.status, 'owner_id', l.owner_id,
	'created_at', to_char(l.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'near', h.rank = 2) as hit,
		l.id, h.rank, l.number::text = regexp_replace(:q, '[^0-9]', '', 'g') as named
	from lead_intake.search_found(:q, least(greatest(coalesce(:limit, 10), 1), 50)::int) h
	join lead_intake.lead l on (l.workspace_id, l.id) = (h.workspace_id, h.id)
	order by named desc, h.rank, l.id desc
	limit least(greatest(coalesce(:limit, 10), 1), 50)
)
select json_build_object('data', coalesce((select json_agg(t.hit order by t.named desc, t.rank, t.id desc) from told t), '[]'),
	'behind', lead_intake.search_behind())::text

-- name: lead_news lead_news -> json; the asker's and nobody's among the last of each workspace by the key: whatever the number of leads
with place as (
	select w.id, greatest(1000 / cardinality((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]), 100) as most
	from unnest((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) as w (id)
), news as (
	select l.*, coalesce(case when m.mark < 0 then false when m.mark >= (extract(epoch from l.created_at) * 1000000)::bigint then true end,
		l.created_at <= :since, false) as read
	from place w
	cross join lateral (
		select p.workspace_id, p.id, p.number, p.name, p.source, p.owner_id, p.created_at
		from lead_intake.lead p
		where p.workspace_id = w.id
		order by p.id desc
		limit w.most
	) l
	cross join lateral (select (:marks::jsonb ->> l.id::text)::bigint as mark) m
	where l.owner_id is null or l.owner_id = :user
), shown as (
	select n.*
	from news n
	where (:fresh is not true or not n.read) and (:before_at::timestamptz is null or (n.created_at, n.id) < (:before_at, :before_id))
	order by n.created_at desc, n.id desc
	limit least(greatest(coalesce(:limit, 20), 1), 51)
)
select json_build_object('data', coalesce((
		select json_agg(json_build_object('id', s.id, 'type', 'lead.created', 'kind', 'lead', 'workspace_id', s.workspace_id, 'number', s.number,
			'title', s.name, 'source', s.source, 'deal_id', s.id, 'at', to_char(s.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
			'read', s.read, 'seen', s.read) order by s.created_at desc, s.id desc)
		from shown s), '[]'),
	'unseen', (select count(*) from (select from news n where not n.read limit 100) u))::text

-- name: lead_labels lead_labels -> json; by the keys
with asked as (
	select i::uuid as id
	from jsonb_array_elements_text(:ids) as i
	where i ~ '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$'
)
select json_build_object('data', coalesce(json_agg(json_build_object('kind', 'lead', 'id', l.id, 'number', l.number, 'label', l.name)), '[]'))::text
from asked a
join lead_intake.lead l on l.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and l.id = a.id

-- name: lead_named lead_named -> json; reads the workspace's names, all of them: a newest few would hide the second of two that are called the same
with named as (
	select l.id, l.number, l.name as name, nullif(concat_ws(' · ', l.company, l.email, l.form_type), '') as detail
	from lead_intake.lead l
	where l.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and starts_with(lower(:text), lower(l.name))
	order by length(l.name) desc, l.id
	limit 50
)
select json_build_object('data', coalesce(json_agg(json_build_object('id', n.id, 'number', n.number, 'label', n.name, 'detail', n.detail)
	order by length(n.name) desc, n.id), '[]'))::text
from named n
