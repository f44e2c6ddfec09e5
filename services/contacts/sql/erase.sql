-- Forgetting somebody: who they are, and how far it is; what columns call personal is emptied by what their comments say.

-- name: erasure_find person_erase -> erasure_found; locks nothing, the lane is the lock; a row per item, in their order; what is linked to a company and to them stands on the company's timeline, and that company is not about them
with item as (
	select * from unnest(:workspace[], :contact_id[], :email[], :erasure_id[]) with ordinality as item (workspace_id, contact_id, email, erasure_id, i)
), who as (
	select item.i, c.workspace_id, c.id, c.name, c.email, c.phone
	from item
	cross join lateral (
		select c.id from contacts.contact c where c.workspace_id = item.workspace_id and (c.id = item.contact_id or lower(c.email) = lower(btrim(item.email)))
		union
		select r.contact_id from contacts.contact_reach r where r.workspace_id = item.workspace_id and r.kind = 'email' and r.value = lower(btrim(item.email))
	) named
	cross join lateral (select coalesce(m.merged_into, m.id) as id from contacts.contact m where (m.workspace_id, m.id) = (item.workspace_id, named.id)) one
	join contacts.contact c on c.workspace_id = item.workspace_id and (c.id in (named.id, one.id) or c.merged_into = one.id)
), asked as (
	select item.i, p.workspace_id, p.lead_id, p.name, p.email, p.phone
	from item
	join contacts.lead_person p on p.workspace_id = item.workspace_id
		and lower(p.email) in (select lower(btrim(item.email)) union select lower(w.email) from who w where w.i = item.i)
), about as (
	select i, id from who
	union
	select i, lead_id from asked
	union
	select w.i, l.lead_id from who w join contacts.lead l on (l.workspace_id, l.contact_id) = (w.workspace_id, w.id)
	union
	select w.i, d.deal_id from who w join contacts.conversion d on d.workspace_id = w.workspace_id and d.contact_id = w.id
	union
	select w.i, t.subject_id from who w join contacts.timeline t on t.workspace_id = w.workspace_id and t.contact_id = w.id and t.type not like 'linked.%'
	union
	select i, erasure_id from item
), called as (
	select i, v as word from who, unnest(array[name, email, phone]) v where v <> ''
	union
	select w.i, r.value from who w join contacts.contact_reach r on (r.workspace_id, r.contact_id) = (w.workspace_id, w.id)
	union
	select i, v from asked, unnest(array[name, email, phone]) v where v <> ''
	union
	select i, lower(btrim(email)) from item where email <> ''
)
select exists (select from who where who.i = item.i) or coalesce(item.email, '') <> '' as known,
	(select jsonb_agg(a.id) from about a where a.i = item.i) as ids,
	(select coalesce(jsonb_agg(c.word), '[]') from called c
		where c.i = item.i and contacts.found_by_value(item.workspace_id, array(select a.id from about a where a.i = item.i), c.word)) as words
from item
order by item.i

-- name: erasure_write erasure_row; inserts into contacts.erasure_job
insert into contacts.erasure_job (workspace_id, id, contact_id, asked_by, asked_at)
select * from unnest(:workspace_id[], :erasure_id[], :contact_id[], :by_id[], :at[])

-- name: erasure_leads_write leads_erased *; locks contacts.erasure_job
update contacts.erasure_job j
set leads_at = item.at
from unnest(:workspace[], :erasure_id[], :at[]) as item (workspace_id, id, at)
where (j.workspace_id, j.id) = (item.workspace_id, item.id)

-- name: erasure_deals_write deals_erased *; locks contacts.erasure_job
update contacts.erasure_job j
set settled_at = item.at
from unnest(:workspace[], :erasure_id[], :at[]) as item (workspace_id, id, at)
where (j.workspace_id, j.id) = (item.workspace_id, item.id)

-- name: erased_timeline erased_about => erased_entry
select distinct on (t.subject_id, t.event_id) t.workspace_id, t.subject_id, t.event_id, t.type, t.data
from unnest(:workspace_id[], :ids[]) as item (workspace_id, ids)
cross join lateral (select i::uuid as id from jsonb_array_elements_text(item.ids) i) about
cross join lateral (
	select * from contacts.timeline t where (t.workspace_id, t.subject_id) = (item.workspace_id, about.id)
	union
	select * from contacts.timeline t where (t.workspace_id, t.contact_id) = (item.workspace_id, about.id)
) t
where t.data is not null
order by t.subject_id, t.event_id

-- name: erased_timeline_write erased_entry; locks contacts.timeline
update contacts.timeline t
set data = item.data
from unnest(:workspace_id[], :subject_id[], :event_id[], :data[]) as item (workspace_id, subject_id, event_id, data)
where (t.workspace_id, t.subject_id, t.event_id) = (item.workspace_id, item.subject_id, item.event_id)

-- name: erased_pages_write erased_about *; locks contacts.search_page, the pages with them
update contacts.search_page p
set words = n.words, marks = n.marks
from (
	select q.workspace_id, q.last, q.n, string_agg(x.words, '' order by i.place) as words, contacts.search_marks(array_agg(x.words order by i.place)) as marks
	from unnest(:workspace_id[], :ids[]) as item (workspace_id, ids)
	join contacts.search_page q on q.workspace_id = item.workspace_id and q.ids && array(select i::uuid from jsonb_array_elements_text(item.ids) i)
	cross join lateral unnest(q.ids) with ordinality as i (id, place)
	join contacts.contact t on (t.workspace_id, t.id) = (q.workspace_id, i.id)
	cross join lateral (select contacts.search_text(concat_ws(' ', t.name, t.company, t.email)) as words) x
	group by q.workspace_id, q.last, q.n
) n
where (p.workspace_id, p.last, p.n) = (n.workspace_id, n.last, n.n)

-- name: erased_attachments erased_about => erased_attachment; files that go, and whether nothing else of the same content stands here
select f.sha256, not exists (select from contacts.attachment other where other.workspace_id = f.workspace_id and other.sha256 = f.sha256
	and other.record_id <> all (array(select i::uuid from jsonb_array_elements_text(item.ids) i))) as alone
from unnest(:workspace_id[], :ids[]) as item (workspace_id, ids)
join contacts.attachment f on f.workspace_id = item.workspace_id and f.record_id = any (array(select i::uuid from jsonb_array_elements_text(item.ids) i))

-- name: let_go_files let_go => let_go_file; locks nothing; of what lead-intake names no more, what nobody names here either
select distinct f.sha256
from unnest(:workspace_id[], :ids[], :files[]) as item (workspace_id, ids, files)
cross join lateral jsonb_array_elements_text(item.files) as f (sha256)
where not exists (
	select from contacts.attachment other
	where (other.workspace_id, other.sha256) = (item.workspace_id, f.sha256)
		and other.record_id <> all (array(select i::uuid from jsonb_array_elements_text(item.ids) i)))

-- name: erased_imports_write erased_import *; locks contacts.imported, contacts.import_file, contacts.import_line, contacts.import: rows of theirs go, by who they made or changed and by their address, and with them the sample that shows the file's first rows
with about as (
	select item.workspace_id, array(select i::uuid from jsonb_array_elements_text(item.ids) i) as ids,
		array(select lower(btrim(w)) from jsonb_array_elements_text(item.words) w where w like '%@%') as addresses
	from unnest(:workspace_id[], :ids[], :words[]) as item (workspace_id, ids, words)
), theirs as (
	select d.workspace_id, d.import_id, d.n
	from about a
	join contacts.import_done d on d.workspace_id = a.workspace_id and d.contact_id = any (a.ids)
	union
	select d.workspace_id, d.import_id, d.n
	from about a
	join contacts.import i on i.workspace_id = a.workspace_id and i.profile = 'moving'
	join contacts.import_done d on (d.workspace_id, d.import_id) = (i.workspace_id, i.id) and (d.deal_id = any (a.ids) or d.activity_id = any (a.ids))
	union
	select l.workspace_id, l.import_id, l.n
	from about a
	join contacts.import i on i.workspace_id = a.workspace_id
	join contacts.import_line l on (l.workspace_id, l.import_id) = (i.workspace_id, i.id) and l.email = any (a.addresses)
	union
	select l.workspace_id, l.import_id, l.n
	from about a
	join contacts.import_line l on l.workspace_id = a.workspace_id and l.verdict = 'error' and lower(btrim(l.data -> 'contact' ->> 'email')) = any (a.addresses)
	union
	select l.workspace_id, l.import_id, l.n
	from about a
	join contacts.import i on i.workspace_id = a.workspace_id and i.profile = 'moving'
	join contacts.import_line l on (l.workspace_id, l.import_id) = (i.workspace_id, i.id) and lower(btrim(l.data ->> 'contact_email')) = any (a.addresses)
), called as (
	delete from contacts.imported m
	using about a
	where m.workspace_id = a.workspace_id and m.record_id = any (a.ids) and m.kind in ('contacts', 'notes')
), file as (
	update contacts.import_file f
	set sample = case when f.header then jsonb_build_array(f.sample -> 0) else jsonb_build_array((select jsonb_agg(''::text) from jsonb_array_elements(f.sample -> 0))) end
	from about a
	where f.workspace_id = a.workspace_id
		and (exists (select from theirs t where (t.workspace_id, t.import_id) = (f.workspace_id, f.import_id))
			or exists (select from unnest(a.addresses) w where strpos(lower(f.sample::text), w) > 0))
), line as (
	delete from contacts.import_line l
	using theirs t
	where (l.workspace_id, l.import_id, l.n) = (t.workspace_id, t.import_id, t.n)
)
update contacts.import i
set sample = case when i.header and i.sample <> '[]' then jsonb_build_array(i.sample -> 0) else '[]' end
from about a
where i.workspace_id = a.workspace_id
	and (exists (select from theirs t where (t.workspace_id, t.import_id) = (i.workspace_id, i.id))
		or exists (select from unnest(a.addresses) w where strpos(lower(i.sample::text), w) > 0))

-- name: erased_merge_part_drop erased_about *; locks contacts.merge_part: what is erased is never parted again
delete from contacts.merge_part t
using unnest(:workspace_id[], :ids[]) as item (workspace_id, ids), contacts.merge m
where m.workspace_id = item.workspace_id and (t.workspace_id, t.merge_id) = (m.workspace_id, m.id)
	and array[m.survivor_id, m.loser_id] && array(select i::uuid from jsonb_array_elements_text(item.ids) i)

-- name: erased_contacts_write erased_about *; locks contacts.contact: out of lists, and nobody's log-in any more
update contacts.contact c
set archived_at = coalesce(c.archived_at, now()), user_id = null, version = c.version + 1
from unnest(:workspace_id[], :ids[]) as item (workspace_id, ids)
where c.workspace_id = item.workspace_id and c.id = any (array(select i::uuid from jsonb_array_elements_text(item.ids) i))

-- name: erasure_list erasure_list -> json
select json_build_object('data', coalesce(json_agg(json_build_object('id', j.id, 'contact_id', j.contact_id, 'number', c.number, 'by_id', j.asked_by,
	'asked_at', contacts.rfc3339(j.asked_at), 'leads_at', contacts.rfc3339(j.leads_at), 'settled_at', contacts.rfc3339(j.settled_at)) order by j.asked_at desc), '[]'))::text
from (
	select j.* from contacts.erasure_job j
	where j.workspace_id = any (:workspaces)
	order by j.asked_at desc
	limit least(coalesce(:limit, 50), 200)
) j
left join contacts.contact c on (c.workspace_id, c.id) = (j.workspace_id, j.contact_id)

-- name: removed_erasure_job_drop workspace_removed *; locks contacts.erasure_job, the workspace's rows
delete from contacts.erasure_job t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: person_rows person_rows -> json
select json_build_object('data', contacts.people_rows(a.ids) || jsonb_build_object(
	'timeline', (select coalesce(jsonb_agg(jsonb_build_object('at', t.at, 'type', t.type, 'subject_id', t.subject_id, 'data', t.data) order by t.at, t.event_id), '[]')
		from contacts.timeline t
		where t.workspace_id = any (:workspaces) and (t.subject_id = any (a.ids) or t.contact_id = any (a.ids))),
	'tags', (select coalesce(jsonb_agg(jsonb_build_object('record_id', b.record_id, 'tag', g.label)), '[]')
		from contacts.tagged b
		join contacts.tag g on (g.workspace_id, g.id) = (b.workspace_id, b.tag_id)
		where b.workspace_id = any (:workspaces) and b.record_id = any (a.ids))),
	'files', (select coalesce(json_agg(json_build_object('workspace_id', f.workspace_id, 'name', f.name, 'type', f.type, 'sha256', f.sha256) order by f.id), '[]')
		from contacts.attachment f
		where f.workspace_id = any (:workspaces) and f.record_id = any (a.ids)))::text
from (select array(select i::uuid from jsonb_array_elements_text(:ids) i) as ids) a

-- name: person_get person_get -> json
with who as (
	select c.*
	from contacts.contact c
	where c.workspace_id = any (:workspaces) and (c.id = :contact_id or lower(c.email) = lower(btrim(:email))
		or c.id in (select r.contact_id from contacts.contact_reach r where r.workspace_id = any (:workspaces) and r.kind = 'email' and r.value = lower(btrim(:email))))
), asked as (
	select p.* from contacts.leads_asked_by(array(select lower(btrim(:email)) union select lower(w.email) from who w)) p
), about as (
	select id from who
	union select lead_id from asked
	union select l.lead_id from who w join contacts.lead l on (l.workspace_id, l.contact_id) = (w.workspace_id, w.id)
	union select d.deal_id from who w join contacts.conversion d on d.workspace_id = w.workspace_id and d.contact_id = w.id
	union select t.subject_id from who w join contacts.timeline t on t.workspace_id = w.workspace_id and t.contact_id = w.id and t.type not like 'linked.%'
), ids as (
	select array(select id from about) as ids
), called as (
	select v as word from who, unnest(array[name, email, phone]) v where v <> ''
	union select r.value from who w join contacts.contact_reach r on (r.workspace_id, r.contact_id) = (w.workspace_id, w.id)
	union select v from asked, unnest(array[name, email, phone]) v where v <> ''
	union select lower(btrim(:email)) where :email <> ''
)
select json_build_object('data', json_build_object('known', exists (select from about),
	'contact', (select contacts.contact_json(c) from contacts.contact c where (c.workspace_id, c.id) = (select w.workspace_id, w.id from who w limit 1)),
	'ids', (select to_json(i.ids) from ids i), 'words', (select coalesce(json_agg(word), '[]') from called),
	'by_value', (select coalesce(json_agg(word), '[]') from called, ids i where contacts.found_by_value((:workspaces)[1], i.ids, word)),
	'leads', (select count(*) from contacts.lead l, ids i where l.workspace_id = any (:workspaces) and l.lead_id = any (i.ids)),
	'activities', (select count(*) from contacts.activity x, ids i where x.workspace_id = any (:workspaces) and x.record_id = any (i.ids)),
	'messages', (select count(*) from contacts.message x, ids i where x.workspace_id = any (:workspaces) and x.room_id = any (i.ids))))::text
