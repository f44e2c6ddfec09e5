-- Forgetting somebody: what lead-intake knows of them, by id; what columns call personal is emptied by what their comments say.

-- name: erased_leads erasure_asked => erased_lead; reads the whole workspace: an index by contact or e-mail would cost every lead; of requests those that are no leads, and whose bytes lie in the row
with lead as (
	select l.workspace_id, l.id, l.name, l.email, l.phone, l.submission_id
	from unnest(:workspace[], :ids[], :words[]) as item (workspace_id, ids, words)
	join lead_intake.lead l on l.workspace_id = item.workspace_id
		and (l.id = any (array(select i::uuid from jsonb_array_elements_text(item.ids) i))
			or l.contact_id = any (array(select i::uuid from jsonb_array_elements_text(item.ids) i))
			or lower(l.email) = any (array(select lower(w) from jsonb_array_elements_text(coalesce(item.words, '[]')) w where w like '%@%')))
), word as (
	select w.workspace_id, w.said, lead_intake.number_figures(w.said) as figures
	from (
		select item.workspace_id, w as said
		from unnest(:workspace[], :words[]) as item (workspace_id, words)
		cross join lateral jsonb_array_elements_text(coalesce(item.words, '[]')) w
		union
		select lead.workspace_id, v.said
		from lead
		cross join lateral (values (lead.email), (lead.phone)) v (said)
	) w
	where w.said like '%_@_%' or lead_intake.number_figures(w.said) is not null
)
select lead.id as lead_id, s.id as submission_id, lead.name, lead.email, lead.phone
from lead
left join lead_intake.submission s on s.workspace_id = lead.workspace_id and (s.id = lead.submission_id or position(uuid_send(lead.id) in s.leads) > 0)
union all
select null, s.id, null, null, null
from lead_intake.submission s
where s.outcome <> 'lead' and s.workspace_id = any (:workspace[])
	and exists (select from word where word.workspace_id = s.workspace_id
		and case when word.figures is null then lead_intake.says(s.body, word.said) else lead_intake.says_number(s.body, word.figures) end)

-- name: erased_beside erasure_asked => kept_beside; requests that are no leads, whose bytes are too long for a row: they are looked through one by one
select s.id as submission_id, s.body_file as sha256
from lead_intake.submission s
where s.outcome <> 'lead' and s.body_file is not null and s.workspace_id = any (:workspace[])

-- name: erased_files erased_request => erased_file; bodies that lie beside as well
with request as (
	select distinct item.workspace_id, item.submission_id
	from unnest(:workspace_id[], :submission_id[]) as item (workspace_id, submission_id)
), file as (
	select f.workspace_id, f.id, f.sha256
	from request r
	join lead_intake.file f on (f.workspace_id, f.submission_id) = (r.workspace_id, r.submission_id)
	union all
	select s.workspace_id, null, s.body_file
	from request r
	join lead_intake.submission s on (s.workspace_id, s.id) = (r.workspace_id, r.submission_id) and s.body_file is not null
)
select file.id as file_id, file.sha256,
	not exists (select from lead_intake.file other where other.workspace_id = file.workspace_id and other.sha256 = file.sha256
		and other.id not in (select id from file where id is not null))
	and not exists (select from lead_intake.submission other where other.workspace_id = file.workspace_id and other.body_file = file.sha256
		and other.id not in (select submission_id from request)) as alone
from file

-- name: let_go_files lead_let_go => lead_let_go_file; locks nothing; of what contacts names no more, what nobody names here either
select distinct f.sha256
from unnest(:workspace_id[], :ids[], :files[]) as item (workspace_id, ids, files)
cross join lateral jsonb_array_elements_text(item.files) as f (sha256)
where not exists (select from lead_intake.file other where (other.workspace_id, other.sha256) = (item.workspace_id, f.sha256)
		and other.submission_id <> all (array(select i::uuid from jsonb_array_elements_text(item.ids) i)))
	and not exists (select from lead_intake.submission other where (other.workspace_id, other.body_file) = (item.workspace_id, f.sha256)
		and other.id <> all (array(select i::uuid from jsonb_array_elements_text(item.ids) i)))

-- name: erased_lead_file_drop erased_request *; locks lead_intake.lead_file, the requests' rows
delete from lead_intake.lead_file t
using unnest(:workspace_id[], :submission_id[]) as item (workspace_id, submission_id), lead_intake.file f
where (f.workspace_id, f.submission_id) = (item.workspace_id, item.submission_id) and (t.workspace_id, t.file_id) = (f.workspace_id, f.id)

-- name: erased_file_drop erased_request *; locks lead_intake.file, the requests' rows
delete from lead_intake.file t
using unnest(:workspace_id[], :submission_id[]) as item (workspace_id, submission_id)
where (t.workspace_id, t.submission_id) = (item.workspace_id, item.submission_id)

-- name: erased_lead_pages_write erased_lead_pages *; locks lead_intake.search_page, the pages with their leads
update lead_intake.search_page p
set words = n.words, marks = n.marks
from (
	select q.workspace_id, q.last, q.n, string_agg(x.words, '' order by i.place) as words, lead_intake.search_marks(array_agg(x.words order by i.place)) as marks
	from unnest(:workspace_id[], :ids[]) as item (workspace_id, ids)
	join lead_intake.search_page q on q.workspace_id = item.workspace_id and q.ids && array(select i::uuid from jsonb_array_elements_text(item.ids) i)
	cross join lateral unnest(q.ids) with ordinality as i (id, place)
	join lead_intake.lead t on (t.workspace_id, t.id) = (q.workspace_id, i.id)
	cross join lateral (select lead_intake.search_text(concat_ws(' ', t.name, t.company, t.email)) as words) x
	group by q.workspace_id, q.last, q.n
) n
where (p.workspace_id, p.last, p.n) = (n.workspace_id, n.last, n.n)

-- name: lead_person_rows lead_person_rows -> json
with lead as (
	select l.workspace_id, l.id
	from lead_intake.lead l
	where l.workspace_id = any (:workspaces)
		and (l.id = any (array(select i::uuid from jsonb_array_elements_text(:ids) i)) or l.contact_id = any (array(select i::uuid from jsonb_array_elements_text(:ids) i))
			or lower(l.email) = any (array(select lower(w) from jsonb_array_elements_text(:words) w where w like '%@%')))
), about as (
	select array(select i::uuid from jsonb_array_elements_text(:ids) i union select id from lead union select lead_intake.requests_of(array(select id from lead))
		union select s.id from lead_intake.submission s, jsonb_array_elements_text(:words) w
			where s.workspace_id = any (:workspaces) and s.outcome <> 'lead'
				and (w like '%_@_%' and lead_intake.says(s.body, w) or lead_intake.says_number(s.body, lead_intake.number_figures(w)))) as ids
)
select json_build_object('data', lead_intake.people_rows(a.ids), 'ids', a.ids,
	'files', (select coalesce(json_agg(json_build_object('workspace_id', f.workspace_id, 'name', f.name, 'type', f.type, 'sha256', f.sha256) order by f.id), '[]')
		from lead_intake.file f
		where f.workspace_id = any (:workspaces) and f.submission_id = any (a.ids)))::text
from about a
