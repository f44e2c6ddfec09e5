-- name: way_known_load submission_take => way_known; locks nothing
select w.id as workspace_id, s.id as source_id, coalesce(s.owner_id, w.default_owner_id) as owner_id, w.search_upto
from unnest(:workspace[], :source_id[]) as item (workspace_id, source_id)
join lead_intake.workspace w on w.id = item.workspace_id
left join lead_intake.source s on (s.workspace_id, s.id) = (item.workspace_id, item.source_id)

-- name: submission_first_load submission_take => submission_known; locks nothing, the lane is the lock; a row per item that came before, in this time or the last
select item.i as item, f.id as first_id, f.outcome as first_outcome, f.content as first_content, f.leads as first_leads
from unnest(:workspace[], :dedupe[], :bucket[], :at[]) with ordinality as item (workspace_id, dedupe, bucket, at, i)
join lead_intake.submission f on f.workspace_id = item.workspace_id and f.dedupe = item.dedupe and f.bucket between item.bucket - 1 and item.bucket
	and (item.bucket = 0 or f.at > item.at - interval '10 minutes')

-- name: submission_write kept_submission; inserts into lead_intake.submission; its index submission_once has the last word against a second one
insert into lead_intake.submission (workspace_id, id, source_id, at, bucket, dedupe, content, method, type, headers, body, body_file,
	body_size, remote, outcome, reason, leads)
select * from unnest(:workspace_id[], :submission_id[], :source_id[], :at[], :bucket[], :dedupe[], :content[], :method[], :type[], :headers[],
	:body[], :body_file[], :body_size[], :remote[], :outcome[], :reason[], :leads[])

-- name: submission_note kept_submission *; inserts into lead_intake.submission; requests that hold no key: one that comes again by its id is there already
insert into lead_intake.submission (workspace_id, id, source_id, at, bucket, dedupe, content, method, type, headers, body, body_file,
	body_size, remote, outcome, reason, leads)
select * from unnest(:workspace_id[], :submission_id[], :source_id[], :at[], :bucket[], :dedupe[], :content[], :method[], :type[], :headers[],
	:body[], :body_file[], :body_size[], :remote[], :outcome[], :reason[], :leads[])
on conflict (workspace_id, id) do nothing

-- name: submission_held_load submission_reread -> submission_held; locks nothing, the lane is the lock; a row per item, in their order
select item.i as item, s.id as submission_id, s.source_id, s.outcome, s.leads, s.dedupe, s.bucket, coalesce(way.owner_id, w.default_owner_id) as owner_id, w.search_upto,
	(select f.leads from lead_intake.submission f
		where f.workspace_id = s.workspace_id and f.dedupe = item.dedupe and f.id <> s.id and f.leads is not null
			and f.bucket between item.bucket - least(item.bucket, 1) and item.bucket + least(item.bucket, 1)
			and (item.bucket = 0 or f.at between s.at - interval '10 minutes' and s.at + interval '10 minutes')
		order by f.id limit 1) as first_leads,
	exists (select from lead_intake.submission f
		where f.workspace_id = s.workspace_id and f.dedupe = item.dedupe and f.bucket = item.bucket and f.id <> s.id) as taken
from unnest(:workspace[], :submission_id[], :dedupe[], :bucket[]) with ordinality as item (workspace_id, submission_id, dedupe, bucket, i)
left join lead_intake.submission s on (s.workspace_id, s.id) = (item.workspace_id, item.submission_id)
left join lead_intake.workspace w on w.id = s.workspace_id
left join lead_intake.source way on (way.workspace_id, way.id) = (s.workspace_id, s.source_id)
order by item.i

-- name: submission_settle settled_submission; locks lead_intake.submission; what it held is not touched
update lead_intake.submission s
set outcome = item.outcome, leads = item.leads, reason = item.reason, dedupe = item.dedupe, bucket = item.bucket, reread_at = item.at, reread_by = item.reread_by
from unnest(:workspace_id[], :submission_id[], :outcome[], :leads[], :reason[], :dedupe[], :bucket[], :at[], :reread_by[])
	as item (workspace_id, submission_id, outcome, leads, reason, dedupe, bucket, at, reread_by)
where (s.workspace_id, s.id) = (item.workspace_id, item.submission_id) and s.outcome <> 'lead'

-- name: bookings_load booking_ask => booking_row; locks nothing, the lane is the lock; those that are named, at all of their times
select distinct b.workspace_id, b.external, b.activity_id, b.lead_id, b.gone, b.told, b.version, l.owner_id
from unnest(:workspace_id[], :external[]) as item (workspace_id, external)
join lead_intake.booking n on (n.workspace_id, n.external) = (item.workspace_id, item.external)
join lead_intake.booking b on (b.workspace_id, b.activity_id) = (n.workspace_id, n.activity_id)
left join lead_intake.lead l on (l.workspace_id, l.id) = (b.workspace_id, b.lead_id)

-- name: booking_write booking_row; locks lead_intake.booking, those that change
insert into lead_intake.booking as b (workspace_id, external, activity_id, lead_id, gone, told, version)
select * from unnest(:workspace_id[], :external[], :activity_id[], :lead_id[], :gone[], :told[], :version[])
on conflict (workspace_id, external) do update
set activity_id = excluded.activity_id, lead_id = excluded.lead_id, gone = excluded.gone, told = excluded.told, version = excluded.version

-- name: lead_write kept_lead; inserts into lead_intake.lead
insert into lead_intake.lead (workspace_id, id, number, created_at, submission_id, source_id, source, form_type, status, name, first_name,
	last_name, company, email, phone, message, fields, external_id, language, consent, owner_id, version)
select * from unnest(:workspace_id[], :lead_id[], :number[], :at[], :submission_id[], :source_id[], :source[], :form_type[], :status[],
	:name[], :first_name[], :last_name[], :company[], :email[], :phone[], :message[], :fields[], :external_id[], :language[], :consent[], :owner_id[], :version[])

-- name: file_write kept_file; inserts into lead_intake.file
insert into lead_intake.file (workspace_id, id, submission_id, created_at, field, name, type, size, sha256)
select * from unnest(:workspace_id[], :file_id[], :submission_id[], :at[], :field[], :name[], :type[], :size[], :sha256[])

-- name: lead_file_write kept_lead_file; inserts into lead_intake.lead_file
insert into lead_intake.lead_file (workspace_id, lead_id, file_id)
select * from unnest(:workspace_id[], :lead_id[], :file_id[])

-- name: lead_create_load lead_create -> workspace_facts; locks nothing; a row per item, in their order
select w.language, w.country, w.form_type, w.default_owner_id, l.id is not null as taken
from unnest(:workspace[], :lead_id[]) with ordinality as item (workspace_id, lead_id, i)
left join lead_intake.workspace w on w.id = item.workspace_id
left join lead_intake.lead l on (l.workspace_id, l.id) = (item.workspace_id, item.lead_id)
order by item.i

-- name: lead_update_load lead_update -> lead_found; locks nothing; a row per item, in their order
select l.id as lead_id, l.number, l.name, l.company, l.email, l.phone, l.source, l.message, l.status, l.owner_id,
	l.version, w.country
from unnest(:workspace[], :lead_id[]) with ordinality as item (workspace_id, lead_id, i)
left join lead_intake.workspace w on w.id = item.workspace_id
left join lead_intake.lead l on (l.workspace_id, l.id) = (item.workspace_id, item.lead_id)
order by item.i

-- name: lead_update_write lead_change; locks lead_intake.lead, the changed rows
update lead_intake.lead l
set name = item.name, company = item.company, email = item.email, phone = item.phone, source = item.source, message = item.message,
	status = item.status, owner_id = item.owner_id, version = item.version
from unnest(:workspace_id[], :lead_id[], :name[], :company[], :email[], :phone[], :source[], :message[], :status[], :owner_id[], :version[])
	as item (workspace_id, lead_id, name, company, email, phone, source, message, status, owner_id, version)
where (l.workspace_id, l.id) = (item.workspace_id, item.lead_id) and l.version = item.version - 1

-- name: lead_qualify_load lead_qualify -> lead_found; locks nothing; a row per item, in their order
select l.id as lead_id, l.number, l.name, l.company, l.email, l.phone, l.source, l.message, l.status, l.owner_id,
	l.version, null::text as country
from unnest(:workspace[], :lead_id[]) with ordinality as item (workspace_id, lead_id, i)
left join lead_intake.lead l on (l.workspace_id, l.id) = (item.workspace_id, item.lead_id)
order by item.i

-- name: lead_qualify_write lead_qualified; locks lead_intake.lead, the qualified rows
update lead_intake.lead l
set status = 'Qualified', version = item.version
from unnest(:workspace[], :lead_id[], :version[]) as item (workspace_id, lead_id, version)
where (l.workspace_id, l.id) = (item.workspace_id, item.lead_id) and l.version = item.version - 1

-- name: lead_history_write lead_updated; inserts into lead_intake.lead_history
insert into lead_intake.lead_history (workspace_id, lead_id, version, at, actor_id, changes)
select * from unnest(:workspace[], :lead_id[], :version[], :at[], :actor[], :changes[])

-- name: lead_history_qualified lead_qualified; inserts into lead_intake.lead_history; said before the lead is written, so that it holds its old status
insert into lead_intake.lead_history (workspace_id, lead_id, version, at, actor_id, changes)
select item.workspace_id, item.lead_id, item.version, item.at, item.actor_id,
	jsonb_build_array(jsonb_build_object('field', 'status', 'old', l.status, 'new', 'Qualified'))
from unnest(:workspace[], :lead_id[], :version[], :at[], :actor[]) as item (workspace_id, lead_id, version, at, actor_id)
join lead_intake.lead l on (l.workspace_id, l.id) = (item.workspace_id, item.lead_id)

-- name: lead_changed_since lead_seen => lead_since; what others did to it, newest first; no more than a refusal can tell
select x.field, c.at, c.actor_id
from unnest(:workspace_id[], :lead_id[], :version[]) as item (workspace_id, lead_id, version)
join lead_intake.lead_history c on (c.workspace_id, c.lead_id) = (item.workspace_id, item.lead_id) and c.version > item.version
cross join lateral jsonb_to_recordset(c.changes) as x (field text)
order by c.version desc, x.field
limit 16

-- name: source_add_load source_add -> workspace_facts; locks nothing; a row per item, in their order
select w.language, w.country, w.form_type, w.default_owner_id, s.id is not null as taken
from unnest(:workspace[], :source_id[]) with ordinality as item (workspace_id, source_id, i)
left join lead_intake.workspace w on w.id = item.workspace_id
left join lead_intake.source s on (s.workspace_id, s.id) = (item.workspace_id, item.source_id)
order by item.i

-- name: source_write kept_source; inserts into lead_intake.source
insert into lead_intake.source (workspace_id, id, key_hash, sealed, sealed_token, kind, name, form_type, redirect, origins, owner_id,
	created_at, demo, mapping, minimum_fill, per_minute, sealed_access, stage, tags, assign)
select * from unnest(:workspace_id[], :source_id[], :key_hash[], :sealed[], :sealed_token[], :kind[], :name[], :form_type[], :redirect[],
	:origins[], :owner_id[], :at[], :demo[], :mapping[], :minimum_fill[], :per_minute[], :sealed_access[], :stage[], :tags[], :assign[])

-- name: source_held_load source_asked -> source_held; locks nothing, the lane is the lock; a row per item, in their order
select s.workspace_id, s.id as source_id, s.kind, s.version, s.name, s.form_type, s.redirect, s.origins, s.owner_id, s.key_hash, s.old_key_hash,
	s.old_key_until, s.sealed, s.sealed_token, s.mapping, s.minimum_fill, s.per_minute, s.removed_at, s.sealed_access,
	s.paused_at, s.paused_reason, s.stage, s.tags, s.assign
from unnest(:workspace_id[], :source_id[]) with ordinality as item (workspace_id, source_id, i)
left join lead_intake.source s on (s.workspace_id, s.id) = (item.workspace_id, item.source_id)
order by item.i

-- name: source_held_write source_held; locks lead_intake.source, the changed rows
update lead_intake.source s
set version = item.version, name = item.name, form_type = item.form_type, redirect = item.redirect, origins = item.origins, owner_id = item.owner_id,
	key_hash = item.key_hash, old_key_hash = item.old_key_hash, old_key_until = item.old_key_until, sealed = item.sealed,
	sealed_token = item.sealed_token, mapping = item.mapping, minimum_fill = item.minimum_fill, per_minute = item.per_minute,
	removed_at = item.removed_at, sealed_access = item.sealed_access, paused_at = item.paused_at, paused_reason = item.paused_reason,
	stage = item.stage, tags = item.tags, assign = item.assign
from unnest(:workspace_id[], :source_id[], :version[], :name[], :form_type[], :redirect[], :origins[], :owner_id[], :key_hash[], :old_key_hash[],
		:old_key_until[], :sealed[], :sealed_token[], :mapping[], :minimum_fill[], :per_minute[], :removed_at[], :sealed_access[],
		:paused_at[], :paused_reason[], :stage[], :tags[], :assign[])
	as item (workspace_id, source_id, version, name, form_type, redirect, origins, owner_id, key_hash, old_key_hash, old_key_until, sealed,
		sealed_token, mapping, minimum_fill, per_minute, removed_at, sealed_access, paused_at, paused_reason, stage, tags, assign)
where (s.workspace_id, s.id) = (item.workspace_id, item.source_id) and s.version = item.version - 1

-- name: lead_index_load lead_index -> lead_bite; locks nothing, the lane is the lock; a row per item, in their order
select w.id is not null as known, w.id as workspace_id,
	coalesce(w.search_upto, '00000000-0000-0000-0000-000000000000') as from_id, next.to_id, next.taken
from unnest(:workspace[]) with ordinality as item (workspace_id, i)
left join lead_intake.workspace w on w.id = item.workspace_id
left join lateral (
	select (array_agg(b.id order by b.id desc))[1] as to_id, count(*) as taken
	from (
		select t.id
		from lead_intake.lead t
		where t.workspace_id = w.id and t.id > coalesce(w.search_upto, '00000000-0000-0000-0000-000000000000')
		order by t.id
		limit 2048
	) b
) next on true
order by item.i

-- name: lead_page_write lead_bite *; inserts into lead_intake.search_page
insert into lead_intake.search_page (workspace_id, last, n, ids, words, marks)
select g.workspace_id, (array_agg(g.id order by g.id desc))[1], count(*), array_agg(g.id order by g.id), string_agg(g.words, '' order by g.id), lead_intake.search_marks(array_agg(g.words order by g.id))
from (
	select t.workspace_id, t.id, lead_intake.search_text(concat_ws(' ', t.name, t.company, t.email)) as words,
		(row_number() over (partition by t.workspace_id order by t.id) - 1) / 256 as page
	from unnest(:workspace_id[], :from_id[], :to_id[]) as item (workspace_id, from_id, to_id)
	join lead_intake.lead t on t.workspace_id = item.workspace_id and t.id > item.from_id and t.id <= item.to_id
) g
group by g.workspace_id, g.page
on conflict (workspace_id, last, n) do update set words = search_page.words || excluded.words, marks = null

-- name: lead_gram_write lead_bite *; inserts into lead_intake.search_block, then lead_intake.search_gram: where each three letters occur in the bite
with bite as (
	select t.workspace_id, t.id, item.to_id as last, lead_intake.search_text(concat_ws(' ', t.name, t.company, t.email)) || ' ' as words,
		(row_number() over (partition by t.workspace_id order by t.id desc) - 1)::int as i
	from unnest(:workspace_id[], :from_id[], :to_id[]) as item (workspace_id, from_id, to_id)
	join lead_intake.lead t on t.workspace_id = item.workspace_id and t.id > item.from_id and t.id <= item.to_id
), block as (
	insert into lead_intake.search_block (workspace_id, last, ids)
	select b.workspace_id, b.last, array_agg(b.id order by b.i)
	from bite b
	group by b.workspace_id, b.last
	on conflict (workspace_id, last) do nothing
)
insert into lead_intake.search_gram (workspace_id, bucket, last, bits)
select b.workspace_id, g.bucket, b.last, bit_or(set_bit(repeat('0', 2048)::bit(2048), b.i, 1))
from bite b
cross join lateral (select distinct lead_intake.search_gram_bucket(x) as bucket from unnest(lead_intake.search_threes(b.words)) x) g
group by b.workspace_id, g.bucket, b.last
on conflict (workspace_id, bucket, last) do nothing

-- name: lead_mark_write lead_bite; locks lead_intake.workspace
update lead_intake.workspace w
set search_upto = item.to_id
from unnest(:workspace_id[], :to_id[]) as item (workspace_id, to_id)
where w.id = item.workspace_id

-- name: lead_late_write lead_late *; locks lead_intake.search_page; what stands on no page yet needs none of its own
insert into lead_intake.search_page (workspace_id, last, n, ids, words)
select t.workspace_id, t.id, 1, array[t.id], lead_intake.search_text(concat_ws(' ', t.name, t.company, t.email))
from (
	select distinct item.workspace_id, item.late_id
	from unnest(:workspace_id[], :late_id[]) as item (workspace_id, late_id)
) item
join lead_intake.workspace w on w.id = item.workspace_id and item.late_id <= w.search_upto
join lead_intake.lead t on (t.workspace_id, t.id) = (item.workspace_id, item.late_id)
on conflict (workspace_id, last, n) do update set words = search_page.words || excluded.words, marks = null
