-- name: lead_list lead_list -> json; newest first, each workspace from the end of its own key; `q` reads on until it has found enough
with asked as (
	select least(greatest(coalesce(:limit, 50), 1), 200) as size,
		case when :after ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then :after::uuid
			else 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid end as after
), page as (
	select l.id, l.page, row_number() over (order by l.id desc) as i
	from asked,
		unnest((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) as w (id),
		lateral (
			select p.id, p.page
			from lead_intake.lead_page p
			where p.workspace_id = w.id
				and p.id < asked.after
				and (:status is null or p.status = :status)
				and (:source is null or p.source = :source)
				and (:q is null or position(lower(:q) in lower(concat_ws(' ', p.name, p.company, p.email))) > 0)
			order by p.id desc
			limit asked.size + 1
		) l
	order by l.id desc
	limit (select size + 1 from asked)
)
select json_build_object(
	'data', coalesce(json_agg(page.page order by page.i) filter (where page.i <= asked.size), '[]'),
	'next', case when count(page.i) > asked.size then (array_agg(page.id order by page.i))[asked.size] end)
from asked
left join page on true
group by asked.size

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
	select s.id, row_number() over (order by s.id) as i,
		json_build_object('id', s.id, 'workspace_id', s.workspace_id, 'kind', s.kind, 'name', s.name, 'form_type', s.form_type,
			'redirect', s.redirect, 'origins', s.origins, 'owner_id', s.owner_id,
			'created_at', to_char(s.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) as page
	from lead_intake.source s, asked
	where asked.after is null or s.id > asked.after
	order by s.id
	limit (select size + 1 from asked)
)
select json_build_object(
	'data', coalesce(json_agg(page.page order by page.i) filter (where page.i <= asked.size), '[]'),
	'next', case when count(page.i) > asked.size then (array_agg(page.id order by page.i))[asked.size] end)
from asked
left join page on true
group by asked.size

-- name: source_find source_find -> json; by source_key
select lead_intake.source_of_key(:key_hash)

-- name: client_find client_find -> json; by workspace_slug
select lead_intake.client_of_agency(:agency_id, :client)
