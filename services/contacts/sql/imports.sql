-- name: import_load import_ask -> import_job; locks nothing, the lane is the lock; a row per item, in their order
select item.workspace_id, item.id as import_id, i.owner_id, i.asked_by, i.profile, i.system, i.place, i.state, i.version, i.scope, i.permissions, i.name, i.sha256, i.bytes, i.delimiter,
	i.legacy, i.begins, i.records, i.header, i.sample, i.mapping, i.choices, i.offset_at, i.row_at, i.lines, i.ready, i.updates, i.repeats, i.errors, i.applied,
	i.created, i.updated, i.skipped, i.taken_back, i.kept, i.created_at, i.step_at, i.touched_at, i.finished_at
from unnest(:workspace_id[], :import_id[]) with ordinality as item (workspace_id, id, i)
left join contacts.import i on (i.workspace_id, i.id) = (item.workspace_id, item.id)
order by item.i

-- name: imports_waiting imports_step => workspace_due; in which something is brought in
select i.workspace_id, max(item.now) as now
from unnest(:now[]) as item (now)
join contacts.import i on i.state in ('checking', 'running', 'undoing')
group by i.workspace_id

-- name: imports_under_way workspace_due => import_job; who waits longest first
select i.workspace_id, i.id as import_id, i.owner_id, i.asked_by, i.profile, i.system, i.place, i.state, i.version, i.scope, i.permissions, i.name, i.sha256, i.bytes, i.delimiter,
	i.legacy, i.begins, i.records, i.header, i.sample, i.mapping, i.choices, i.offset_at, i.row_at, i.lines, i.ready, i.updates, i.repeats, i.errors, i.applied,
	i.created, i.updated, i.skipped, i.taken_back, i.kept, i.created_at, i.step_at, i.touched_at, i.finished_at
from unnest(:workspace_id[]) as item (workspace_id)
join contacts.import i on i.workspace_id = item.workspace_id
where i.state in ('checking', 'running', 'undoing')
order by i.touched_at
limit 64

-- name: import_insert import_job; the key has the last word against one that is opened twice
insert into contacts.import (workspace_id, id, owner_id, profile, system, state, scope, permissions, name, sha256, bytes, delimiter, legacy, begins, records, header,
	sample, mapping, created_at, touched_at)
select item.workspace_id, item.id, item.owner_id, item.profile, item.system, item.state, item.scope, item.permissions, item.name, item.sha256, item.bytes, item.delimiter,
	item.legacy, item.begins, item.records, item.header, item.sample, item.mapping, item.created_at, item.created_at
from unnest(:workspace_id[], :import_id[], :owner_id[], :profile[], :system[], :state[], :scope[], :permissions[], :name[], :sha256[], :bytes[], :delimiter[], :legacy[],
		:begins[], :records[], :header[], :sample[], :mapping[], :created_at[])
	as item (workspace_id, id, owner_id, profile, system, state, scope, permissions, name, sha256, bytes, delimiter, legacy, begins, records, header, sample,
		mapping, created_at)

-- name: import_write import_job; locks contacts.import
update contacts.import i
set system = item.system, place = item.place, state = item.state, version = item.version, asked_by = item.asked_by, scope = item.scope, permissions = item.permissions, header = item.header, mapping = item.mapping,
	choices = item.choices, offset_at = item.offset_at, row_at = item.row_at, lines = item.lines, ready = item.ready, updates = item.updates, repeats = item.repeats,
	errors = item.errors, applied = item.applied, created = item.created, updated = item.updated, skipped = item.skipped, taken_back = item.taken_back,
	kept = item.kept, step_at = item.step_at, touched_at = item.touched_at, finished_at = item.finished_at
from unnest(:workspace_id[], :import_id[], :system[], :place[], :state[], :version[], :asked_by[], :scope[], :permissions[], :header[], :mapping[], :choices[], :offset_at[], :row_at[], :lines[],
		:ready[], :updates[], :repeats[], :errors[], :applied[], :created[], :updated[], :skipped[], :taken_back[], :kept[], :step_at[], :touched_at[],
		:finished_at[])
	as item (workspace_id, id, system, place, state, version, asked_by, scope, permissions, header, mapping, choices, offset_at, row_at, lines, ready, updates, repeats, errors, applied,
		created, updated, skipped, taken_back, kept, step_at, touched_at, finished_at)
where (i.workspace_id, i.id) = (item.workspace_id, item.id) and i.version = item.version - 1

-- name: import_lines_drop import_ask *; locks contacts.import_line; of an import that is looked at anew
delete from contacts.import_line l
using unnest(:workspace_id[], :import_id[]) as item (workspace_id, import_id)
where (l.workspace_id, l.import_id) = (item.workspace_id, item.import_id)

-- name: import_known import_line -> import_known; locks nothing; one look into the index a row, however few there are as far as the planner knows; a row per item, in their order: who has the e-mail, in the file and here
select earlier.n as same_as, c.id as contact_id, c.name, c.owner_id, c.archived_at is not null as inactive
from unnest(:workspace_id[], :import_id[], :email[]) with ordinality as item (workspace_id, import_id, email, i)
left join lateral (
	select min(l.n + 0) as n -- of the e-mail's rows; of n alone Postgres reads the file's rows in their order until one has the e-mail
	from contacts.import_line l
	where (l.workspace_id, l.import_id, l.email) = (item.workspace_id, item.import_id, item.email) and l.email is not null
) earlier on true
left join lateral (
	select t.id, t.name, t.owner_id, t.archived_at
	from contacts.contact t
	where (t.workspace_id, lower(t.email)) = (item.workspace_id, item.email) and t.email is not null and t.email <> ''
		and t.removed_at is null and t.merged_into is null
	limit 1
) c on true
order by item.i

-- name: import_line_insert import_line; the key has the last word against one that is read twice
insert into contacts.import_line (workspace_id, import_id, n, verdict, field, reason, email, detail, data, kind, old_id, called)
select item.workspace_id, item.import_id, item.n, item.verdict, item.field, item.reason, item.email, item.detail, item.data, item.kind, item.old_id, lower(item.called)
from unnest(:workspace_id[], :import_id[], :n[], :verdict[], :field[], :reason[], :email[], :detail[], :data[], :kind[], :old_id[], :called[])
	as item (workspace_id, import_id, n, verdict, field, reason, email, detail, data, kind, old_id, called)

-- name: import_next import_bite => import_due; locks nothing; the next rows to be written, each with whoever has its e-mail now and the company of its name
select l.n, l.email, case when c.further is null then l.data -> 'contact' else l.data -> 'contact' || contacts.import_reach(l.data -> 'contact', c.further) end as contact, l.data -> 'deal' as deal, l.data -> 'account' ->> 'name' as account_name,
	lower(l.data -> 'account' ->> 'name') as account_key, a.id as account_id, a.owner_id as account_owner_id,
	c.id as contact_id, c.version, c.owner_id, c.archived_at is not null as inactive, (
		select jsonb_object_agg(k, c.whole -> k) || case when c.archived_at is not null then '{"archived": true}' else '{}' end::jsonb
		from jsonb_object_keys(l.data -> 'contact') k
		where c.id is not null) as before
from contacts.import_line l
left join lateral (
	select t.id, t.version, t.owner_id, t.archived_at, to_jsonb(t) || r.further as whole, r.further
	from contacts.contact t
	cross join lateral (select contacts.reach_of(t.workspace_id, t.id) as further offset 0) r -- once, however often it is said
	where (t.workspace_id, lower(t.email)) = (l.workspace_id, l.email) and t.email is not null and t.email <> ''
		and t.removed_at is null and t.merged_into is null
	limit 1
) c on true
left join lateral (
	select t.id, t.owner_id
	from contacts.account t
	where (t.workspace_id, lower(t.name)) = (l.workspace_id, lower(l.data -> 'account' ->> 'name')) and t.removed_at is null and t.merged_into is null
	limit 1
) a on true
where (l.workspace_id, l.import_id) = (:workspace_id, :import_id) and l.n > :after_n and l.verdict <> 'error'
order by l.n
limit :most

-- name: import_done_insert import_done; the key has the last word against a row that is written twice
insert into contacts.import_done (workspace_id, import_id, n, kind, contact_id, account_id, deal_id, activity_id, version, did, reason, before, asked)
select item.workspace_id, item.import_id, item.n, item.kind, item.contact_id, item.account_id, item.deal_id, item.activity_id, item.version, item.did, item.reason, item.before,
	item.asked
from unnest(:workspace_id[], :import_id[], :n[], :kind[], :contact_id[], :account_id[], :deal_id[], :activity_id[], :version[], :did[], :reason[], :before[], :asked[])
	as item (workspace_id, import_id, n, kind, contact_id, account_id, deal_id, activity_id, version, did, reason, before, asked)

-- name: import_back_next import_bite => import_back; locks nothing; what is to be taken back next, a row per person: as they stand, and as the import left them; found by the person, never by going through the import (is not distinct from: no index takes that)
select d.n, d.contact_id, d.did, d.deal_id, d.account_id, c.version, c.owner_id, last.version as left_version, last.rows,
	c.removed_at is not null as removed, (
		select jsonb_object_agg(k.key, k.value order by e.n desc)
		from contacts.import_done e
		cross join lateral jsonb_each(e.before) k
		where (e.workspace_id, e.contact_id) = (d.workspace_id, d.contact_id) and e.import_id is not distinct from d.import_id) as before,
	coalesce(d.before ? 'archived', false) as inactive,
	exists (
		select from contacts.activity a
		where (a.workspace_id, a.record_id) = (d.workspace_id, d.contact_id) and a.removed_at is null)
	or exists (
		select from contacts.lead l
		where (l.workspace_id, l.contact_id) = (d.workspace_id, d.contact_id)) as used
from contacts.import_done d
cross join lateral (
	select min(e.n) as first, max(e.version) as version, count(*) as rows
	from contacts.import_done e
	where (e.workspace_id, e.contact_id) = (d.workspace_id, d.contact_id) and e.import_id is not distinct from d.import_id
) last
left join contacts.contact c on (c.workspace_id, c.id) = (d.workspace_id, d.contact_id)
where last.first = d.n and (d.workspace_id, d.import_id) = (:workspace_id, :import_id) and d.n > :after_n and d.did <> 'skipped' and d.undone is null
order by d.n
limit :most

-- name: import_undone_write import_undone *; locks contacts.import_done: all rows of those people
update contacts.import_done d
set undone = item.undone
from unnest(:workspace_id[], :import_id[], :contact_id[], :undone[]) as item (workspace_id, import_id, contact_id, undone)
where (d.workspace_id, d.contact_id) = (item.workspace_id, item.contact_id) and d.import_id is not distinct from item.import_id

-- name: import_bare_load import_undone => import_bare; locks nothing; the companies of those who were taken back just now, that the same import made and nobody changed, spoke of or is left in
select distinct a.id as account_id
from unnest(:workspace_id[], :import_id[], :contact_id[], :undone[]) as item (workspace_id, import_id, contact_id, undone)
join contacts.contact c on (c.workspace_id, c.id) = (item.workspace_id, item.contact_id)
join contacts.account a on (a.workspace_id, a.id) = (c.workspace_id, c.account_id) and a.version = 1 and a.removed_at is null and a.merged_into is null
where item.undone = 'undone'
	and exists (
		select from contacts.import_done d
		where (d.workspace_id, d.account_id) = (a.workspace_id, a.id) and d.import_id = item.import_id)
	and not exists (
		select from contacts.contact t
		where (t.workspace_id, t.account_id) = (a.workspace_id, a.id) and t.removed_at is null and t.merged_into is null)
	and not exists (
		select from contacts.activity x
		where (x.workspace_id, x.record_id) = (a.workspace_id, a.id) and x.removed_at is null)

-- name: imports_old imports_step => import_ask; locks nothing; of each workspace one: what was brought in a month ago and is over, or was left lying for a day
select distinct on (i.workspace_id) i.workspace_id, i.id as import_id
from unnest(:now[]) as item (now)
join contacts.import i on (i.state in ('done', 'cancelled', 'undone', 'failed') and i.finished_at < item.now - interval '30 days')
	or (i.state in ('mapping', 'checked') and i.touched_at < item.now - interval '1 day')
order by i.workspace_id, i.touched_at

-- name: import_old_drop import_bite *; locks contacts.import_line, contacts.import_done, contacts.import: some of its rows, and itself when there are none left
with line as (
	delete from contacts.import_line l
	where l.ctid = any (array(
		select x.ctid from contacts.import_line x
		where (x.workspace_id, x.import_id) = (:workspace_id, :import_id)
		limit :most))
), done as (
	delete from contacts.import_done d
	where d.ctid = any (array(
		select x.ctid from contacts.import_done x
		where (x.workspace_id, x.import_id) = (:workspace_id, :import_id)
		limit :most))
)
delete from contacts.import i
where (i.workspace_id, i.id) = (:workspace_id, :import_id)
	and not exists (select from contacts.import_line x where (x.workspace_id, x.import_id) = (:workspace_id, :import_id))
	and not exists (select from contacts.import_done x where (x.workspace_id, x.import_id) = (:workspace_id, :import_id))

-- name: imports_with_files import_ask => import_job; locks nothing; those of a workspace whose file is still there
select i.workspace_id, i.id as import_id, i.owner_id, i.asked_by, i.profile, i.state, i.version, i.scope, i.permissions, i.name, i.sha256, i.bytes, i.delimiter,
	i.legacy, i.begins, i.records, i.header, i.sample, i.mapping, i.choices, i.offset_at, i.row_at, i.lines, i.ready, i.updates, i.repeats, i.errors, i.applied,
	i.created, i.updated, i.skipped, i.taken_back, i.kept, i.created_at, i.step_at, i.touched_at, i.finished_at
from unnest(:workspace_id[]) as item (workspace_id)
join contacts.import i on i.workspace_id = item.workspace_id and i.finished_at is null and i.state in ('mapping', 'checking', 'checked', 'running')

-- name: import_rows_forget import_forgotten *; locks contacts.import_line, contacts.import: rows that stand in the file no more, in no count either, and with them the look at its beginning
with item as (
	select item.workspace_id, item.import_id, item.sha256, array(select n::bigint from jsonb_array_elements_text(item.rows) n) as rows
	from unnest(:workspace_id[], :import_id[], :sha256[], :rows[]) as item (workspace_id, import_id, sha256, rows)
), gone as (
	delete from contacts.import_line l
	using item
	where (l.workspace_id, l.import_id) = (item.workspace_id, item.import_id) and l.n = any (item.rows)
	returning l.import_id, l.n, l.verdict, l.reason
), waits as (
	select g.import_id, count(*) filter (where g.verdict = 'ready') as ready, count(*) filter (where g.verdict = 'update') as updates,
		count(*) filter (where g.verdict = 'update' and g.reason is not null) as repeats, count(*) filter (where g.verdict = 'error') as errors
	from gone g
	join contacts.import i on (i.workspace_id, i.id) in (select item.workspace_id, item.import_id from item) and i.id = g.import_id
	where i.state <> 'running' or g.n > i.applied
	group by g.import_id
)
update contacts.import i
set sha256 = item.sha256, sample = case when cardinality(item.rows) = 0 then i.sample when i.header and i.sample <> '[]' then jsonb_build_array(i.sample -> 0) else '[]' end,
	ready = i.ready - coalesce(w.ready, 0), updates = i.updates - coalesce(w.updates, 0), repeats = i.repeats - coalesce(w.repeats, 0),
	errors = i.errors - coalesce(w.errors, 0), lines = i.lines - coalesce(w.ready + w.updates + w.errors, 0)
from item
left join waits w on w.import_id = item.import_id
where (i.workspace_id, i.id) = (item.workspace_id, item.import_id)

-- name: imports_of_workspace workspace_removed => import_ask; locks nothing
select i.workspace_id, i.id as import_id
from unnest(:workspace_id[]) as item (workspace_id)
join contacts.import i on i.workspace_id = item.workspace_id

-- name: import_drop import_ask *; locks contacts.import_done, contacts.import_line, contacts.import
with done as (
	delete from contacts.import_done d
	using unnest(:workspace_id[], :import_id[]) as item (workspace_id, import_id)
	where (d.workspace_id, d.import_id) = (item.workspace_id, item.import_id)
), line as (
	delete from contacts.import_line l
	using unnest(:workspace_id[], :import_id[]) as item (workspace_id, import_id)
	where (l.workspace_id, l.import_id) = (item.workspace_id, item.import_id)
)
delete from contacts.import i
using unnest(:workspace_id[], :import_id[]) as item (workspace_id, import_id)
where (i.workspace_id, i.id) = (item.workspace_id, item.import_id)

-- name: import_get import_get -> json; no row: there is none, or none the reader may see
select (contacts.import_json(i, coalesce(:now, now()))::jsonb || contacts.import_more(i))::text
from contacts.import i
where i.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and i.id = :import_id

-- name: import_list import_list -> json; a workspace's few
select json_build_object('data', coalesce(json_agg(p.told order by p.id desc), '[]'),
	'next', max(p.id::text) filter (where p.i = least(greatest(coalesce(:limit, 50), 1), 200) and p.more))::text
from (
	select i.id, ((contacts.import_json(i, now())::jsonb || contacts.import_more(i)) - array['preview', 'columns', 'mapping', 'files', 'names'])::json as told,
		row_number() over (order by i.id desc) as i, lead(true, 1, false) over (order by i.id desc) as more
	from contacts.import i
	where i.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and (:after is null or i.id < contacts.cursor_id(:after))
	order by i.id desc
	limit least(greatest(coalesce(:limit, 50), 1), 200)
) p

-- name: import_rows import_rows -> json; in the order of the file; each of its tables is read in that order, and no farther than the page
with one as (
	select i.workspace_id, i.id, case when :after ~ '^[0-9]{1,15}$' then :after::bigint else 0 end as after_n, least(greatest(coalesce(:limit, 50), 1), 200) as most
	from contacts.import i
	where i.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and i.id = :import_id
), hit as (
	select o.workspace_id, o.id, o.most, l.n
	from one o
	cross join lateral (
		select x.n
		from contacts.import_line x
		where x.workspace_id = o.workspace_id and x.import_id = o.id and x.n > o.after_n
			and (:state is null or x.verdict = :state or (:state = 'skipped' and x.verdict = 'error')
				or (:state = 'repeat' and x.verdict = 'update' and x.reason = 'same_row'))
		order by x.n
		limit o.most + 1) l
	union
	select o.workspace_id, o.id, o.most, d.n
	from one o
	cross join lateral (
		select x.n
		from contacts.import_done x
		where x.workspace_id = o.workspace_id and x.import_id = o.id and x.n > o.after_n and ((x.did = :state and not x.asked) or x.undone = :state)
		order by x.n
		limit o.most + 1) d
), page as (
	select h.workspace_id, h.id, h.n, h.most, row_number() over (order by h.n) as i, count(*) over () as found
	from hit h
)
select json_build_object('data', coalesce(json_agg(json_build_object('row', p.n & 4294967295, 'file', case when p.n > 4294967295 then p.n >> 32 end, 'kind', l.kind, 'state', coalesce(d.undone, case when not d.asked then d.did end, l.verdict), 'field', l.field,
		'reason', coalesce(l.reason, d.reason), 'detail', l.detail, 'name', coalesce(l.data -> 'contact' ->> 'name', l.data -> 'deal' ->> 'title', l.data -> 'activity' ->> 'subject', left(l.data -> 'activity' ->> 'note', 80), l.data -> 'account' ->> 'name'), 'email', coalesce(l.data -> 'contact' ->> 'email', l.email),
		'phone', l.data -> 'contact' ->> 'phone', 'company', coalesce(l.data -> 'contact' ->> 'company', l.data -> 'account' ->> 'name', l.data ->> 'company'),
		'contact_id', d.contact_id, 'account_id', case when l.kind is not null then d.account_id end, 'deal_id', d.deal_id) order by p.n) filter (where p.i <= p.most), '[]'),
	'next', max(p.n::text) filter (where p.i = p.most and p.found > p.most))::text
from page p
left join lateral (
	select x.verdict, x.field, x.reason, x.detail, x.email, x.data, x.kind
	from contacts.import_line x
	where (x.workspace_id, x.import_id, x.n) = (p.workspace_id, p.id, p.n)
	limit 1
) l on true
left join lateral (
	select x.did, x.asked, x.undone, x.reason, x.contact_id, x.account_id, x.deal_id
	from contacts.import_done x
	where (x.workspace_id, x.import_id, x.n) = (p.workspace_id, p.id, p.n)
	limit 1
) d on true
