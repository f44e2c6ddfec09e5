-- name: moving_files import_ask => moving_file; locks nothing; in the order in which they are read: companies before their people, deals before what was said of them
select f.workspace_id, f.import_id, f.id as file_id, f.kind, f.name, f.sha256, f.bytes, f.delimiter, f.legacy, f.begins, f.records, f.header, f.sample, f.mapping, f.finished_at
from unnest(:workspace_id[], :import_id[]) as item (workspace_id, import_id)
join contacts.import_file f on (f.workspace_id, f.import_id) = (item.workspace_id, item.import_id)
order by f.import_id, f.kind, f.id

-- name: moving_file_insert moving_file; a file that is sent again is there already
insert into contacts.import_file (workspace_id, import_id, id, kind, name, sha256, bytes, delimiter, legacy, begins, records, header, sample, mapping)
select item.workspace_id, item.import_id, item.id, item.kind, item.name, item.sha256, item.bytes, item.delimiter, item.legacy, item.begins, item.records, item.header,
	item.sample, item.mapping
from unnest(:workspace_id[], :import_id[], :file_id[], :kind[], :name[], :sha256[], :bytes[], :delimiter[], :legacy[], :begins[], :records[], :header[], :sample[],
		:mapping[])
	as item (workspace_id, import_id, id, kind, name, sha256, bytes, delimiter, legacy, begins, records, header, sample, mapping)
on conflict do nothing

-- name: moving_file_write moving_file; locks contacts.import_file
update contacts.import_file f
set kind = item.kind, header = item.header, mapping = item.mapping, finished_at = item.finished_at
from unnest(:workspace_id[], :import_id[], :file_id[], :kind[], :header[], :mapping[], :finished_at[])
	as item (workspace_id, import_id, id, kind, header, mapping, finished_at)
where (f.workspace_id, f.import_id, f.id) = (item.workspace_id, item.import_id, item.id)

-- name: moving_olds moving_forgotten => moving_old; locks nothing; what people were called in rows that stand in the file no more
select l.old_id
from unnest(:workspace_id[], :import_id[], :rows[]) as item (workspace_id, import_id, rows)
join contacts.import_line l on (l.workspace_id, l.import_id) = (item.workspace_id, item.import_id)
	and l.n = any (array(select x.value::bigint from jsonb_array_elements_text(item.rows) x))
where l.kind = 'contacts' and l.old_id is not null

-- name: moving_rows_forget moving_forgotten *; locks contacts.import_file: rows that stand in the file no more, and with them the look at its beginning; how many columns there are stays known
update contacts.import_file f
set sha256 = item.sha256, sample = case when item.rows = '[]' then f.sample when f.header then jsonb_build_array(f.sample -> 0)
	else jsonb_build_array((select jsonb_agg(''::text) from jsonb_array_elements(f.sample -> 0))) end
from unnest(:workspace_id[], :import_id[], :file_id[], :sha256[], :rows[]) as item (workspace_id, import_id, id, sha256, rows)
where (f.workspace_id, f.import_id, f.id) = (item.workspace_id, item.import_id, item.id)

-- name: moved_names import_ask => moved_name; locks nothing; a workspace's few
select m.workspace_id, m.import_id, m.kind, m.name, m.target, m.chosen, m.rows
from unnest(:workspace_id[], :import_id[]) as item (workspace_id, import_id)
join contacts.moved_name m on (m.workspace_id, m.import_id) = (item.workspace_id, item.import_id)

-- name: moved_names_anew import_ask *; locks contacts.moved_name; of files that are looked at anew: what somebody chose stays
with gone as (
	delete from contacts.moved_name m
	using unnest(:workspace_id[], :import_id[]) as item (workspace_id, import_id)
	where (m.workspace_id, m.import_id) = (item.workspace_id, item.import_id) and not m.chosen
)
update contacts.moved_name m
set rows = 0
from unnest(:workspace_id[], :import_id[]) as item (workspace_id, import_id)
where (m.workspace_id, m.import_id) = (item.workspace_id, item.import_id) and m.chosen

-- name: moved_name_count moved_name; locks contacts.moved_name; each name once: what it is here is told once, its rows add up
insert into contacts.moved_name as m (workspace_id, import_id, kind, name, target, chosen, rows)
select item.workspace_id, item.import_id, item.kind, item.name, item.target, item.chosen, item.rows
from unnest(:workspace_id[], :import_id[], :kind[], :name[], :target[], :chosen[], :rows[])
	as item (workspace_id, import_id, kind, name, target, chosen, rows)
on conflict (workspace_id, import_id, kind, name) do update
set rows = m.rows + excluded.rows

-- name: moved_name_choose moved_name; locks contacts.moved_name; somebody said which it is
insert into contacts.moved_name as m (workspace_id, import_id, kind, name, target, chosen, rows)
select item.workspace_id, item.import_id, item.kind, item.name, item.target, true, 0
from unnest(:workspace_id[], :import_id[], :kind[], :name[], :target[]) as item (workspace_id, import_id, kind, name, target)
on conflict (workspace_id, import_id, kind, name) do update
set target = excluded.target, chosen = true

-- name: moving_known import_line -> moving_known; locks nothing; a row per item, in their order: an earlier row of the same record, the record where it is known, and whether what a note is about is known or comes
select earlier.n as same_as, coalesce(c.id, a.id, v.id, d.id) as record_id, coalesce(c.owner_id, a.owner_id, v.owner_id, d.owner_id) as owner_id,
	coalesce(c.archived_at is not null or a.archived_at is not null, false) as archived, item.kind <> 'notes' or (
		contacts.moving_company(item.workspace_id, i.system, item.data) is not null
		or contacts.moving_person(item.workspace_id, i.id, i.system, item.data) is not null
		or contacts.moving_deal(item.workspace_id, i.id, i.system, item.data) is not null
		or contacts.moving_meant(item.workspace_id, i.id, 'companies', coalesce(item.data ->> 'company_id', item.data ->> 'record_id'), coalesce(item.data ->> 'company', item.data ->> 'record'), null)
		or contacts.moving_meant(item.workspace_id, i.id, 'contacts', coalesce(item.data ->> 'contact_id', item.data ->> 'record_id'), coalesce(item.data ->> 'contact', item.data ->> 'record'), item.data ->> 'contact_email')
		or contacts.moving_meant(item.workspace_id, i.id, 'deals', coalesce(item.data ->> 'deal_id', item.data ->> 'record_id'), coalesce(item.data ->> 'deal', item.data ->> 'record'), null)) as meant
from unnest(:workspace_id[], :import_id[], :kind[], :old_id[], :email[], :called[], :data[]) with ordinality
	as item (workspace_id, import_id, kind, old_id, email, called, data, i)
join contacts.import i on (i.workspace_id, i.id) = (item.workspace_id, item.import_id)
left join lateral (
	select min(x.n) as n
	from (
		select l.n
		from contacts.import_line l
		where (l.workspace_id, l.import_id, l.kind, l.old_id) = (item.workspace_id, item.import_id, item.kind, item.old_id) and l.old_id is not null and l.verdict <> 'error'
		union all
		select l.n
		from contacts.import_line l
		where (l.workspace_id, l.import_id, l.email) = (item.workspace_id, item.import_id, item.email) and l.email is not null and l.verdict <> 'error'
		union all
		select l.n
		from contacts.import_line l
		where item.kind = 'companies' and (l.workspace_id, l.import_id, l.kind, l.called) = (item.workspace_id, item.import_id, 'companies', lower(item.called))
			and l.called is not null and l.verdict <> 'error') x
) earlier on true
left join lateral (select contacts.imported_as(item.workspace_id, i.system, item.kind, item.old_id) as id) known on true
left join lateral (
	select t.id, t.owner_id, t.archived_at
	from contacts.contact t
	where item.kind = 'contacts' and t.workspace_id = item.workspace_id
		and t.id = coalesce(known.id, (
			select o.id
			from contacts.contact o
			where (o.workspace_id, lower(o.email)) = (item.workspace_id, item.email) and o.email is not null and o.email <> '' and o.removed_at is null and o.merged_into is null
			limit 1))
) c on true
left join lateral (
	select t.id, t.owner_id, t.archived_at
	from contacts.account t
	where item.kind = 'companies' and t.workspace_id = item.workspace_id
		and t.id = coalesce(known.id, (
			select o.id
			from contacts.account o
			where (o.workspace_id, lower(o.name)) = (item.workspace_id, lower(item.called)) and o.removed_at is null and o.merged_into is null
			limit 1))
) a on true
left join contacts.activity v on item.kind = 'notes' and (v.workspace_id, v.id) = (item.workspace_id, known.id)
left join lateral (select known.id, (select t.owner_id from contacts.timeline t where (t.workspace_id, t.subject_id) = (item.workspace_id, known.id) limit 1) as owner_id where item.kind = 'deals') d on true
order by item.i

-- name: moving_next import_bite => moving_due; locks nothing; the next rows to be written, each with the record it is, as it stands, and with those that it names
select l.n, l.kind, l.old_id, l.email, l.called, l.data, x.record_id, x.version, x.owner_id, x.whole, co.id as company_id, co.owner_id as company_owner_id, p.id as contact_id,
	p.name as contact_name, p.owner_id as contact_owner_id, de.id as deal_id, exists (
		select from contacts.timeline t
		where (t.workspace_id, t.subject_id) = (l.workspace_id, de.id) and t.type = 'deal.created') as deal_known,
	ow.target as assignee_id, st.target as stage_id
from contacts.import_line l
join contacts.import i on (i.workspace_id, i.id) = (l.workspace_id, l.import_id)
left join lateral (select contacts.imported_as(l.workspace_id, i.system, l.kind, l.old_id) as id) known on true
left join lateral (
	select t.id as record_id, t.version, t.owner_id, to_jsonb(t) as whole
	from contacts.contact t
	where l.kind = 'contacts' and t.workspace_id = l.workspace_id
		and t.id = coalesce(known.id, (
			select o.id
			from contacts.contact o
			where (o.workspace_id, lower(o.email)) = (l.workspace_id, l.email) and o.email is not null and o.email <> '' and o.removed_at is null and o.merged_into is null
			limit 1))
	union all
	select t.id, t.version, t.owner_id, to_jsonb(t)
	from contacts.account t
	where l.kind = 'companies' and t.workspace_id = l.workspace_id
		and t.id = coalesce(known.id, (
			select o.id
			from contacts.account o
			where (o.workspace_id, lower(o.name)) = (l.workspace_id, l.called) and o.removed_at is null and o.merged_into is null
			limit 1))
	union all
	select v.id, v.version, v.owner_id, jsonb_build_object('kind', v.kind, 'subject', v.subject, 'note', v.note, 'due_at', contacts.rfc3339(v.due_at), 'done', v.done_at is not null,
		'owner_id', v.assignee_id)
	from contacts.activity v
	where l.kind = 'notes' and (v.workspace_id, v.id) = (l.workspace_id, known.id)
	union all
	select known.id, null, (select t.owner_id from contacts.timeline t where (t.workspace_id, t.subject_id) = (l.workspace_id, known.id) limit 1), null where l.kind = 'deals' and known.id is not null
	limit 1
) x on true
left join lateral (
	select a.id, a.owner_id
	from contacts.account a
	where l.kind <> 'companies' and (a.workspace_id, a.id) = (l.workspace_id, contacts.moving_company(l.workspace_id, i.system, l.data))
) co on true
left join lateral (
	select c.id, c.name, c.owner_id
	from contacts.contact c
	where l.kind in ('deals', 'notes') and (c.workspace_id, c.id) = (l.workspace_id, contacts.moving_person(l.workspace_id, i.id, i.system, l.data))
) p on true
left join lateral (select contacts.moving_deal(l.workspace_id, i.id, i.system, l.data) as id where l.kind = 'notes') de on true
left join contacts.moved_name ow on (ow.workspace_id, ow.import_id, ow.kind, ow.name) = (l.workspace_id, l.import_id, 'owner', l.data ->> 'owner')
left join contacts.moved_name st on (st.workspace_id, st.import_id, st.kind, st.name) = (l.workspace_id, l.import_id, 'stage', l.data ->> 'stage')
where (l.workspace_id, l.import_id) = (:workspace_id, :import_id) and l.n > :after_n and l.verdict <> 'error'
order by l.n
limit :most

-- name: moving_open import_bite => import_waits; locks nothing; by the index import_done_asked: how many deals pipeline has not answered for
select count(*) as rows
from contacts.import_done d
where (d.workspace_id, d.import_id) = (:workspace_id, :import_id) and d.asked

-- name: moving_answered deal_import_answered *; locks contacts.import_done, contacts.imported, contacts.import: what became of rows is counted now; a deal that was never made has no old id
with item as (
	select *
	from unnest(:workspace[], :import_id[], :row[], :deal_id[], :did[], :code[]) as item (workspace_id, import_id, n, deal_id, did, code)
), told as (
	update contacts.import_done d
	set asked = false, did = item.did, reason = item.code, deal_id = case when item.did <> 'skipped' then d.deal_id end
	from item
	where (d.workspace_id, d.import_id, d.n) = (item.workspace_id, item.import_id, item.n) and d.asked
	returning d.workspace_id, d.import_id, d.did
), forgotten as (
	delete from contacts.imported m
	using item
	where (m.workspace_id, m.kind, m.record_id) = (item.workspace_id, 'deals', item.deal_id) and item.did = 'skipped'
		and not exists (
			select from contacts.timeline t
			where (t.workspace_id, t.subject_id) = (item.workspace_id, item.deal_id) and t.type = 'deal.created')
)
update contacts.import i
set created = i.created + t.created, updated = i.updated + t.updated, skipped = i.skipped + t.skipped
from (
	select workspace_id, import_id, count(*) filter (where did = 'created') as created, count(*) filter (where did = 'updated') as updated,
		count(*) filter (where did = 'skipped') as skipped
	from told
	group by workspace_id, import_id
) t
where (i.workspace_id, i.id) = (t.workspace_id, t.import_id)

-- name: imported_write imported_row; locks contacts.imported; what its system calls it is that record from now on
insert into contacts.imported (workspace_id, system, kind, external_id, record_id)
select item.workspace_id, item.system, item.kind, item.external_id, item.record_id
from unnest(:workspace_id[], :system[], :kind[], :external_id[], :record_id[]) as item (workspace_id, system, kind, external_id, record_id)
on conflict (workspace_id, system, kind, external_id) do update
set record_id = excluded.record_id

-- name: moving_back_next import_bite => moving_back; locks nothing; what is to be taken back next, the last first: as it stands, and as the import left it; a company that a deal of these files made a client was changed by nobody
select d.n, d.kind, d.did, d.contact_id, d.account_id, d.deal_id, d.activity_id, d.version as left_version, d.before, coalesce(c.version, a.version - (a.lifecycle = 'client' and a.version > d.version)::int, v.version) as version,
	coalesce(c.owner_id, a.owner_id, v.owner_id) as owner_id, coalesce(c.removed_at, a.removed_at, v.removed_at) is not null as removed,
	case d.kind when 'contacts' then exists (
			select from contacts.activity x
			where (x.workspace_id, x.record_id) = (d.workspace_id, d.contact_id) and x.removed_at is null)
		or exists (
			select from contacts.lead x
			where (x.workspace_id, x.contact_id) = (d.workspace_id, d.contact_id))
	when 'companies' then exists (
			select from contacts.activity x
			where (x.workspace_id, x.record_id) = (d.workspace_id, d.account_id) and x.removed_at is null)
		or exists (
			select from contacts.contact x
			where (x.workspace_id, x.account_id) = (d.workspace_id, d.account_id) and x.removed_at is null and x.merged_into is null)
	else false end as used
from contacts.import_done d
left join contacts.contact c on d.kind = 'contacts' and (c.workspace_id, c.id) = (d.workspace_id, d.contact_id)
left join contacts.account a on d.kind = 'companies' and (a.workspace_id, a.id) = (d.workspace_id, d.account_id)
left join contacts.activity v on d.kind = 'notes' and (v.workspace_id, v.id) = (d.workspace_id, d.activity_id)
where (d.workspace_id, d.import_id) = (:workspace_id, :import_id) and (:after_n = 0 or d.n < :after_n) and d.did <> 'skipped' and d.undone is null
order by d.n desc
limit :most

-- name: moving_undone_write moving_undone; locks contacts.import_done
update contacts.import_done d
set undone = item.undone
from unnest(:workspace_id[], :import_id[], :n[], :undone[]) as item (workspace_id, import_id, n, undone)
where (d.workspace_id, d.import_id, d.n) = (item.workspace_id, item.import_id, item.n)

-- name: moving_drop import_ask *; locks contacts.moved_name, contacts.import_file
with name as (
	delete from contacts.moved_name m
	using unnest(:workspace_id[], :import_id[]) as item (workspace_id, import_id)
	where (m.workspace_id, m.import_id) = (item.workspace_id, item.import_id)
)
delete from contacts.import_file f
using unnest(:workspace_id[], :import_id[]) as item (workspace_id, import_id)
where (f.workspace_id, f.import_id) = (item.workspace_id, item.import_id)

-- name: imported_end workspace_removed *; locks contacts.imported
delete from contacts.imported m
using unnest(:workspace_id[]) as item (workspace_id)
where m.workspace_id = item.workspace_id
