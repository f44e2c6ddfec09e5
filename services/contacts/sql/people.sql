-- part: contact_fits; of a contact t: what a list leaves out, and what it was asked for
(coalesce(:archived, '0') = 'all' or (t.archived_at is not null) = (coalesce(:archived, '0') = '1'))
and (:q is null or strpos(lower(t.name), lower(:q)) > 0 or strpos(t.email, lower(:q)) > 0 or strpos(lower(t.company), lower(:q)) > 0
	or exists (select from contacts.account a where (a.workspace_id, a.id) = (t.workspace_id, t.account_id) and strpos(lower(a.name), lower(:q)) > 0)
	or ((select contacts.phone_asked(:q)) is not null and (contacts.phone_ends(t.phone, (select contacts.phone_asked(:q)))
		or (t.workspace_id, t.id) in (
			select r.workspace_id, r.contact_id
			from contacts.contact_reach r
			where r.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and r.kind = 'phone'
				and contacts.phone_ends(r.value, (select contacts.phone_asked(:q)))))))
and (:status is null or lower(t.status) = any (string_to_array(lower(:status), ',')) or (t.status is null and 'none' = any (string_to_array(lower(:status), ','))))
and (:owner is null or t.owner_id = any (contacts.asked_ids(:owner)) or ('me' = any (string_to_array(lower(:owner), ',')) and t.owner_id = :user)
	or ('none' = any (string_to_array(lower(:owner), ',')) and t.owner_id is null))
and (:owner_id is null or t.owner_id = :owner_id)
and (:account is null or t.account_id = any (contacts.asked_ids(:account)) or ('none' = any (string_to_array(lower(:account), ',')) and t.account_id is null))
and (:has_email is null or (coalesce(t.email, '') <> '') = :has_email)
and (:created_from is null or t.created_at >= (:created_from)::timestamp at time zone contacts.zone_of(:tz))
and (:created_to is null or t.created_at < ((:created_to)::timestamp + interval '1 day') at time zone contacts.zone_of(:tz))
and (:custom is null or contacts.custom_fits(t.custom, :custom))
and (:id is null or t.id = any (contacts.asked_ids(:id)))
and (:tag is null or exists (
		select from contacts.tagged g
		join contacts.tag x on (x.workspace_id, x.id) = (g.workspace_id, g.tag_id)
		where (g.workspace_id, g.record_id) = (t.workspace_id, t.id)
			and (x.id::text = any (string_to_array(lower(:tag), ',')) or lower(x.label) = any (string_to_array(lower(:tag), ','))))
	or ('none' = any (string_to_array(lower(:tag), ',')) and not exists (select from contacts.tagged g where (g.workspace_id, g.record_id) = (t.workspace_id, t.id))))

-- part: contact_typed; of a contact t: of the types asked for
(:type is null or t.type = any (string_to_array(lower(:type), ',')))

-- name: contact_list contact_list -> json; newest first by the key (ids ascend in time), for each workspace of the set. Slow above 100,000 contacts: words with few hits
with found as (
	select c.contact
	from unnest((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) w (workspace_id)
	cross join lateral (
		select t as contact, t.id
		from contacts.contact t
		where t.workspace_id = w.workspace_id and (:after is null or t.id < contacts.cursor_id(:after))
			and
			-- use: contact_typed
			and
			-- use: contact_fits
			and
			-- use: in_segment
		order by t.id desc
		limit least(greatest(coalesce(:limit, 50), 1), 200) + 1
	) c
	order by c.id desc
	limit least(greatest(coalesce(:limit, 50), 1), 200) + 1
), numbered as (
	select f.contact, row_number() over newest as i, lead(true, 1, false) over newest as more
	from found f
	window newest as (order by (f.contact).id desc)
), counted as (
	select count(*) as n
	from (
		select
		from unnest((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) w (workspace_id)
		join contacts.contact t on t.workspace_id = w.workspace_id
		where :count
			and
			-- use: contact_typed
			and
			-- use: contact_fits
			and
			-- use: in_segment
		limit 1000
	) x
)
select (json_build_object(
	'data', coalesce(json_agg(contacts.contact_json(n.contact)::jsonb || jsonb_build_object('tags', contacts.tags_json((n.contact).workspace_id, (n.contact).id),
		'deals', contacts.contact_deals((n.contact).workspace_id, (n.contact).id)) order by n.i) filter (where n.i <= least(greatest(coalesce(:limit, 50), 1), 200)), '[]'),
	'next', max((n.contact).id::text) filter (where n.i = least(greatest(coalesce(:limit, 50), 1), 200) and n.more))::jsonb
	|| case when :count then (select jsonb_build_object('total', c.n, 'more', c.n = 1000) from counted c) else '{}' end)::text
from numbered n

-- name: contact_sorted contact_sorted -> json; in the order of a column: reads the workspace's contacts, all of them; an index for each would cost every lead
with asked as (
	select ltrim(coalesce(:sort, 'created_at'), '-') as by, coalesce(:sort, '') like '-%' as down,
		case when contacts.is_account_cursor(:after) then :after::json end as from_here
), dealt as (
	select d.workspace_id, d.contact_id, count(*) as n
	from (
		select l.workspace_id, l.contact_id, l.lead_id as id
		from contacts.lead l
		where l.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and l.contact_id is not null and l.deal
		union
		select t.workspace_id, t.contact_id, t.subject_id
		from contacts.timeline t
		where t.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and t.contact_id is not null and t.type = 'deal.created'
	) d
	where (select s.by from asked s) = 'deals' and not exists (select from contacts.deal_away w where (w.workspace_id, w.deal_id) = (d.workspace_id, d.id))
	group by d.workspace_id, d.contact_id
), found as (
	select t.workspace_id, t.id, s.down, s.from_here,
		case s.by when 'number' then t.number when 'created_at' then (extract(epoch from t.created_at) * 1000000)::bigint
			when 'deals' then coalesce((select d.n from dealt d where (d.workspace_id, d.contact_id) = (t.workspace_id, t.id)), 0) else 0 end as n,
		case s.by when 'name' then lower(t.name) when 'type' then t.type when 'email' then coalesce(lower(t.email), '') when 'phone' then coalesce(t.phone, '')
			when 'company' then lower(coalesce(t.company, (select a.name from contacts.account a where (a.workspace_id, a.id) = (t.workspace_id, t.account_id)), ''))
			when 'status' then lower(coalesce(t.status, '')) when 'job_title' then lower(coalesce(t.job_title, ''))
			when 'owner' then lower(coalesce((select m.name from contacts.member m where (m.workspace_id, m.user_id) = (t.workspace_id, t.owner_id)), '')) else '' end as t
	from asked s
	cross join contacts.contact t
	where t.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and
		-- use: contact_typed
		and
		-- use: contact_fits
		and
		-- use: in_segment
), counted as (
	select count(*) as n
	from (
		select
		from found f
		where :count
		limit 1000
	) x
), page as (
	select f.workspace_id, f.id, f.n, f.t, f.down
	from found f
	where f.from_here is null
		or (not f.down and (f.n, f.t, f.id) > ((f.from_here->>0)::bigint, f.from_here->>1, (f.from_here->>2)::uuid))
		or (f.down and (f.n, f.t, f.id) < ((f.from_here->>0)::bigint, f.from_here->>1, (f.from_here->>2)::uuid))
	order by case when not f.down then f.n end, case when f.down then f.n end desc, case when not f.down then f.t end, case when f.down then f.t end desc,
		case when not f.down then f.id end, case when f.down then f.id end desc
	limit least(greatest(coalesce(:limit, 50), 1), 200) + 1
), placed as (
	select p.workspace_id, p.id, p.n, p.t, row_number() over (order by case when not p.down then p.n end, case when p.down then p.n end desc,
		case when not p.down then p.t end, case when p.down then p.t end desc, case when not p.down then p.id end, case when p.down then p.id end desc) as i,
		count(*) over () as there
	from page p
)
select (json_build_object(
	'data', coalesce(json_agg(contacts.contact_json(c)::jsonb || jsonb_build_object('tags', contacts.tags_json(c.workspace_id, c.id),
		'deals', contacts.contact_deals(c.workspace_id, c.id)) order by p.i) filter (where p.i <= least(greatest(coalesce(:limit, 50), 1), 200)), '[]'),
	'next', max(json_build_array(p.n, p.t, p.id)::text) filter (where p.i = least(greatest(coalesce(:limit, 50), 1), 200) and p.there > p.i))::jsonb
	|| case when :count then (select jsonb_build_object('total', x.n, 'more', x.n = 1000) from counted x) else '{}' end)::text
from placed p
join contacts.contact c on (c.workspace_id, c.id) = (p.workspace_id, p.id)

-- name: contact_types contact_types -> json; of at most 100,000
with found as (
	select t.type
	from contacts.contact t
	where t.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and
		-- use: contact_fits
		and
		-- use: in_segment
	limit 100000
), counted as (
	select f.type, count(*) as n
	from found f
	group by f.type
)
select json_build_object('data', (
		select json_agg(json_build_object('type', k.type, 'count', coalesce(c.n, 0)) order by k.i)
		from unnest(array['customer', 'contractor', 'vendor', 'partner', 'other']) with ordinality as k (type, i)
		left join counted c on c.type = k.type),
	'total', coalesce((select sum(c.n) from counted c), 0), 'more', coalesce((select sum(c.n) from counted c), 0) = 100000)::text

-- name: contact_get contact_get -> json; no row: there is none, or none the reader may see
select (contacts.contact_json(c)::jsonb || jsonb_build_object('notes', c.notes, 'tags', contacts.tags_json(c.workspace_id, c.id),
	'deals', contacts.contact_deals(c.workspace_id, c.id), 'merged_from', coalesce(contacts.contact_merged(c.workspace_id, c.id), '[]'))
	|| contacts.quiet(c.workspace_id, array(
		select c.id
		union all
		select l.lead_id
		from contacts.lead l
		where (l.workspace_id, l.contact_id) = (c.workspace_id, c.id)
		union all
		select t.subject_id
		from contacts.timeline t
		where (t.workspace_id, t.contact_id) = (c.workspace_id, c.id) and not starts_with(t.type, 'linked.')), c.created_at, :now, :zones))::text
from (
	select t.*
	from contacts.contact t
	where t.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and case when :contact_id is not null then t.id = contacts.contact_survivor(:contact_id) else t.number = :number end
	union all
	select t.*
	from contacts.contacts_trashed() t
	where :trashed and t.id = :contact_id
) c
limit 1

-- name: contact_standing contact_standing -> json kept; no row: there is none, or none the reader may see
select json_build_object('id', t.id, 'workspace_id', t.workspace_id)::text
from (
	select t.workspace_id, t.id
	from contacts.contact t
	where t.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and t.id = (select contacts.contact_survivor(:contact_id))
	union all
	select t.workspace_id, t.id
	from contacts.contact t
	where t.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and t.number = :number and :contact_id is null
) t
limit 1

-- name: contact_consequences contact_consequences -> json; no row: there is none, or none the reader may see
select json_build_object('deals', contacts.contact_deals(c.workspace_id, c.id),
	'leads', (select count(*) from contacts.lead l where (l.workspace_id, l.contact_id) = (c.workspace_id, c.id)),
	'activities', (select count(*) from contacts.activity a where (a.workspace_id, a.record_id) = (c.workspace_id, c.id) and a.removed_at is null),
	'messages', (select count(*) from contacts.message m where (m.workspace_id, m.room_id) = (c.workspace_id, c.id)),
	'files', (select count(*) from contacts.attachment f where (f.workspace_id, f.record_id) = (c.workspace_id, c.id) and f.removed_at is null),
	'linked', (select count(*) from contacts.linked l where (l.workspace_id, l.contact_id) = (c.workspace_id, c.id) and l.removed_at is null),
	'primary_of', (select json_build_object('id', a.id, 'name', a.name) from contacts.account a where (a.workspace_id, a.id) = (c.workspace_id, c.account_id) and contacts.primary_stays(a.workspace_id, a.id, a.primary_contact_id, c.id)))::text
from contacts.contact c
where c.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and c.id = :contact_id

-- name: contact_whole_load contact_ask -> contact_whole; locks nothing, the lane is the lock; a row per item, in their order; what lies in the trash too, what was merged away never
select item.workspace_id, c.id as contact_id, c.number, c.version, c.name, c.company, c.email, c.phone, c.owner_id, c.type, c.status, c.job_title, c.notes, c.user_id, c.custom,
	(select jsonb_agg(jsonb_build_object('value', r.value, 'label', r.label) order by r.value)
		from contacts.contact_reach r where (r.workspace_id, r.contact_id, r.kind) = (c.workspace_id, c.id, 'email')) as emails,
	(select jsonb_agg(jsonb_build_object('value', r.value, 'label', r.label) order by r.value)
		from contacts.contact_reach r where (r.workspace_id, r.contact_id, r.kind) = (c.workspace_id, c.id, 'phone')) as phones,
	c.archived_at, c.removed_at, c.removed_by, a.id is not null as is_primary, other.id is not null as taken
from unnest(:workspace_id[], :contact_id[]) with ordinality as item (workspace_id, id, i)
left join contacts.contact c on (c.workspace_id, c.id) = (item.workspace_id, item.id) and c.merged_into is null
left join contacts.account a on (a.workspace_id, a.id) = (c.workspace_id, c.account_id) and a.removed_at is null and a.merged_into is null
	and contacts.primary_stays(a.workspace_id, a.id, a.primary_contact_id, c.id)
left join lateral (
	select t.id
	from contacts.contact t
	where c.removed_at is not null and (t.workspace_id, lower(t.email)) = (c.workspace_id, lower(c.email)) and t.email is not null and t.email <> ''
		and t.id <> c.id and t.removed_at is null and t.merged_into is null
	limit 1
) other on true
order by item.i

-- name: contact_whole_write contact_whole; locks contacts.contact: rows just written, what no lead says of them
update contacts.contact c
set type = coalesce(item.type, 'customer'), status = item.status, job_title = item.job_title, notes = item.notes, user_id = item.user_id, custom = item.custom
from unnest(:workspace_id[], :contact_id[], :type[], :status[], :job_title[], :notes[], :user_id[], :custom[])
	as item (workspace_id, id, type, status, job_title, notes, user_id, custom)
where (c.workspace_id, c.id) = (item.workspace_id, item.id)

-- name: contact_state_write contact_whole; locks contacts.contact: archived or not, in the trash or not
update contacts.contact c
set version = item.version, archived_at = item.archived_at, removed_at = item.removed_at, removed_by = item.removed_by
from unnest(:workspace_id[], :contact_id[], :version[], :archived_at[], :removed_at[], :removed_by[]) as item (workspace_id, id, version, archived_at, removed_at, removed_by)
where (c.workspace_id, c.id) = (item.workspace_id, item.id) and c.version = item.version - 1

-- name: record_away_write contact_whole *; locks contacts.deal_away: what was written about them rests with them
insert into contacts.deal_away (workspace_id, deal_id, since)
select item.workspace_id, item.id, item.removed_at
from unnest(:workspace_id[], :contact_id[], :removed_at[]) as item (workspace_id, id, removed_at)
on conflict (workspace_id, deal_id) do nothing

-- name: record_away_drop contact_whole *; locks contacts.deal_away
delete from contacts.deal_away x
using unnest(:workspace_id[], :contact_id[]) as item (workspace_id, id)
where (x.workspace_id, x.deal_id) = (item.workspace_id, item.id)

-- name: reach_taken_load reach_row => reach_taken; those whose e-mail another contact that stands has, as first or further
select item.i as item
from unnest(:workspace_id[], :contact_id[], :value[]) with ordinality as item (workspace_id, contact_id, value, i)
where exists (
		select from contacts.contact c
		where (c.workspace_id, lower(c.email)) = (item.workspace_id, item.value) and c.email is not null and c.email <> ''
			and c.removed_at is null and c.merged_into is null and c.id <> item.contact_id)
	or exists (
		select from contacts.contact_reach r
		join contacts.contact c on (c.workspace_id, c.id) = (r.workspace_id, r.contact_id) and c.removed_at is null and c.merged_into is null
		where (r.workspace_id, r.kind, r.value) = (item.workspace_id, 'email', item.value) and r.contact_id <> item.contact_id)

-- name: reach_clear contact_whole *; locks contacts.contact_reach: those of these contacts
delete from contacts.contact_reach r
using unnest(:workspace_id[], :contact_id[]) as item (workspace_id, id)
where (r.workspace_id, r.contact_id) = (item.workspace_id, item.id)

-- name: reach_write reach_row; inserts into contacts.contact_reach
insert into contacts.contact_reach (workspace_id, contact_id, kind, value, label)
select item.workspace_id, item.contact_id, item.kind, item.value, item.label
from unnest(:workspace_id[], :contact_id[], :kind[], :value[], :label[]) as item (workspace_id, contact_id, kind, value, label)

-- name: batch_change_write batch_change *; inserts into contacts.batch_change; what a repeat tells again stands already
insert into contacts.batch_change (workspace_id, batch_id, record_id, field, about, old, became)
select item.workspace_id, item.batch_id, item.record_id, item.field, item.about, item.old, item.became
from unnest(:workspace_id[], :batch_id[], :record_id[], :field[], :about[], :old[], :became[])
	as item (workspace_id, batch_id, record_id, field, about, old, became)
on conflict (workspace_id, batch_id, record_id, field) do nothing

-- name: people_undo_load people_undo => people_part; what the action changed of its next 200 records, and how that stands now
with act as (
	select b.workspace_id, b.batch_id, b.record_id, b.field, b.about,
		case when b.field <> 'owner_id' or item.members is null or item.members ? b.old then b.old end as old,
		b.field = 'owner_id' and not item.members ? b.old as owner_left, b.became
	from unnest(:workspace[], :batch_id[], :after_id[], :members[]) as item (workspace_id, batch_id, after_id, members)
	join contacts.batch_change b on (b.workspace_id, b.batch_id) = (item.workspace_id, item.batch_id)
		and b.record_id > coalesce(item.after_id, '00000000-0000-0000-0000-000000000000')
	order by b.record_id, b.field
	limit 200
)
select a.about, a.record_id, coalesce(c.number, k.number) as number, coalesce(c.owner_id, k.owner_id) as owner_id, a.field, a.old, a.owner_left, a.became,
	case a.field when 'owner_id' then coalesce(c.owner_id, k.owner_id)::text when 'type' then c.type when 'status' then c.status
		when 'archived' then case when coalesce(c.archived_at, k.archived_at) is not null then 'true' end
		when 'removed' then case when coalesce(c.removed_at, k.removed_at) is not null then 'true' end
		when 'tags' then coalesce((select json_agg(g.tag_id order by g.tag_id) from contacts.tagged g where (g.workspace_id, g.record_id) = (a.workspace_id, a.record_id))::text, '[]')
		else a.became end as now,
	coalesce(c.removed_at, k.removed_at) is not null as trashed, l.at as later_at, l.actor_id as later_by
from act a
left join contacts.contact c on a.about = 'contact' and (c.workspace_id, c.id) = (a.workspace_id, a.record_id) and c.merged_into is null
left join contacts.account k on a.about = 'account' and (k.workspace_id, k.id) = (a.workspace_id, a.record_id) and k.merged_into is null
left join lateral (
	select t.at, t.actor_id
	from contacts.timeline t
	where (t.workspace_id, t.subject_id) = (a.workspace_id, a.record_id)
	order by t.at desc, t.event_id desc
	limit 1
) l on true
order by a.record_id, a.field

-- name: removed_batch_change_drop workspace_removed *; locks contacts.batch_change, the workspace's rows
delete from contacts.batch_change t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: own_fields_known custom_ask => custom_field; of contacts and accounts, of all of these workspaces
select f.workspace_id, f.id as custom_field_id, f.about, f.kind, f.key, f.label, f.needed, f.retired, f.position, f.choices
from (
	select distinct item.workspace_id
	from unnest(:workspace_id[]) as item (workspace_id)
) item
join contacts.custom_field f on f.workspace_id = item.workspace_id
order by f.workspace_id, f.position, f.key

-- name: own_field_put custom_field_changed *; locks contacts.custom_field
insert into contacts.custom_field (workspace_id, id, about, kind, key, label, needed, retired, position, choices)
select item.workspace_id, item.custom_field_id, item.about, item.kind, item.key, item.label, item.needed, item.retired, item.position, item.choices
from unnest(:workspace[], :custom_field_id[], :about[], :kind[], :key[], :label[], :needed[], :retired[], :position[], :choices[])
	as item (workspace_id, custom_field_id, about, kind, key, label, needed, retired, position, choices)
where item.about <> 'deal'
on conflict (workspace_id, id) do update
set label = excluded.label, needed = excluded.needed, retired = excluded.retired, position = excluded.position, choices = excluded.choices

-- name: removed_custom_field_drop workspace_removed *; locks contacts.custom_field, the workspace's rows
delete from contacts.custom_field t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id
