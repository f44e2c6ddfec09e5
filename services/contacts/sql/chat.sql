-- name: room_load room_ask -> room_place; locks nothing, the lane is the lock; a row per item, in their order
select coalesce(r.newest, 0) as newest
from unnest(:workspace_id[], :room_id[]) with ordinality as item (workspace_id, room_id, i)
left join contacts.room r on (r.workspace_id, r.room_id) = (item.workspace_id, item.room_id)
order by item.i

-- name: room_write room_row *; locks contacts.room; several messages of a batch are one change
insert into contacts.room (workspace_id, room_id, kind, owner_id, newest)
select item.workspace_id, item.room_id, min(item.kind), (array_agg(item.owner_id order by item.newest desc))[1], max(item.newest)
from unnest(:workspace_id[], :room_id[], :room[], :owner_id[], :place[]) as item (workspace_id, room_id, kind, owner_id, newest)
group by item.workspace_id, item.room_id
on conflict (workspace_id, room_id) do update set newest = excluded.newest, owner_id = excluded.owner_id

-- name: room_owner_write timeline_owner *; locks contacts.room: whoever owns the record reads what was said of it
update contacts.room r
set owner_id = item.owner_id
from unnest(:workspace_id[], :subject_id[], :owner_id[]) as item (workspace_id, room_id, owner_id)
where (r.workspace_id, r.room_id) = (item.workspace_id, item.room_id) and r.owner_id is distinct from item.owner_id

-- name: room_hand_over member_handed_over *; locks contacts.room
update contacts.room r
set owner_id = item.to_id
from unnest(:workspace[], :user_id[], :to_id[]) as item (workspace_id, user_id, to_id)
where r.workspace_id = item.workspace_id and r.owner_id = item.user_id

-- name: message_load message_ask -> message_row; locks nothing, the lane is the lock; a row per item, in their order
select item.workspace_id, item.id as message_id, m.version, r.kind as room, m.room_id, m.place, m.author_id, m.text, m.created_at, m.edited_at, m.removed_at,
	r.owner_id, s.seen
from unnest(:workspace_id[], :message_id[], :user_id[]) with ordinality as item (workspace_id, id, user_id, i)
left join contacts.message m on (m.workspace_id, m.id) = (item.workspace_id, item.id)
left join contacts.room r on (r.workspace_id, r.room_id) = (m.workspace_id, m.room_id)
left join contacts.room_reader s on (s.workspace_id, s.user_id, s.room_id) = (m.workspace_id, item.user_id, m.room_id)
order by item.i

-- name: message_insert message_row; the keys have the last word against one said twice, or two in one place
insert into contacts.message (workspace_id, id, room_id, place, author_id, text, created_at)
select item.workspace_id, item.id, item.room_id, item.place, item.author_id, item.text, item.created_at
from unnest(:workspace_id[], :message_id[], :room_id[], :place[], :author_id[], :text[], :created_at[])
	as item (workspace_id, id, room_id, place, author_id, text, created_at)

-- name: message_write message_row; locks contacts.message: the changed rows
update contacts.message m
set version = item.version, text = item.text, edited_at = item.edited_at, removed_at = item.removed_at
from unnest(:workspace_id[], :message_id[], :version[], :text[], :edited_at[], :removed_at[])
	as item (workspace_id, id, version, text, edited_at, removed_at)
where (m.workspace_id, m.id) = (item.workspace_id, item.id) and m.version = item.version - 1

-- name: room_reader_write room_reader *; locks contacts.room_reader; nobody reads backwards
insert into contacts.room_reader (workspace_id, room_id, user_id, seen, mentioned)
select item.workspace_id, item.room_id, item.user_id, max(item.seen), max(item.mentioned)
from unnest(:workspace_id[], :room_id[], :user_id[], :seen[], :mentioned[]) as item (workspace_id, room_id, user_id, seen, mentioned)
group by item.workspace_id, item.room_id, item.user_id
on conflict (workspace_id, user_id, room_id) do update
set seen = greatest(room_reader.seen, excluded.seen), mentioned = greatest(room_reader.mentioned, excluded.mentioned)

-- name: room_reader_join member_changed *; locks contacts.room_reader; what was said in the channel before somebody came is not unread to them
insert into contacts.room_reader (workspace_id, user_id, room_id, seen, mentioned)
select distinct item.workspace_id, item.user_id, item.workspace_id, coalesce(r.newest, 0), 0
from unnest(:workspace[], :user_id[]) as item (workspace_id, user_id)
left join contacts.room r on (r.workspace_id, r.room_id) = (item.workspace_id, item.workspace_id)
on conflict (workspace_id, user_id, room_id) do nothing

-- name: mentions_told mention_ask => mention_told; locks nothing
select m.workspace_id, m.source_id, m.user_id
from unnest(:workspace_id[], :source_id[]) as item (workspace_id, source_id)
join contacts.mention m on (m.workspace_id, m.source_id) = (item.workspace_id, item.source_id)

-- name: mention_insert mention_row; the key has the last word against one told twice
insert into contacts.mention (workspace_id, source_id, user_id, source, at)
select item.workspace_id, item.source_id, item.user_id, item.source, item.at
from unnest(:workspace_id[], :source_id[], :user_id[], :source[], :at[]) as item (workspace_id, source_id, user_id, source, at)

-- name: removed_mention_drop workspace_removed *; locks contacts.mention, the workspace's rows
delete from contacts.mention t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_room_reader_drop workspace_removed *; locks contacts.room_reader, the workspace's rows
delete from contacts.room_reader t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_message_drop workspace_removed *; locks contacts.message, the workspace's rows
delete from contacts.message t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_room_drop workspace_removed *; locks contacts.room, the workspace's rows
delete from contacts.room t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: message_get message_get -> json; no row: there is none, or none the reader may see
select contacts.message_json(m, r.kind)::text
from contacts.message m
join contacts.room r on (r.workspace_id, r.room_id) = (m.workspace_id, m.room_id)
where m.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and m.id = :message_id

-- name: message_list message_list -> json; no row: no such record, or none the reader may see; the key (room, place) gives the page
with record as (
	select w.id as workspace_id, w.id as room_id, 'channel' as kind
	from unnest((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) as w (id)
	where :channel
	union all
	select l.workspace_id, l.lead_id, case when :deal_id is null then 'lead' else 'deal' end
	from contacts.lead l
	where l.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and l.lead_id = coalesce(:lead_id, :deal_id)
	union all
	select t.workspace_id, t.subject_id, 'deal'
	from contacts.timeline t
	where t.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and t.subject_id = :deal_id and t.type = 'deal.created'
	union all
	select c.workspace_id, c.id, 'contact'
	from contacts.contact c
	where c.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and c.id = :contact_id
	union all
	select a.workspace_id, a.id, 'account'
	from contacts.account a
	where a.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and a.id = :account_id
	limit 1
), asked as (
	select e.workspace_id, e.room_id, e.kind, r.kind as spoken_of, coalesce(r.newest, 0) as newest, coalesce(s.seen, 0) as seen,
		least(greatest(coalesce(:limit, 50), 1), 200) as size,
		coalesce(:before, (
			select m.place + least(greatest(coalesce(:limit, 50), 1), 200) / 2 + 1
			from contacts.message m
			where (m.workspace_id, m.id, m.room_id) = (e.workspace_id, :around, e.room_id)), 9223372036854775807) as before
	from record e
	left join contacts.room r on (r.workspace_id, r.room_id) = (e.workspace_id, e.room_id)
	left join contacts.room_reader s on (s.workspace_id, s.user_id, s.room_id) = (e.workspace_id, :user, e.room_id)
), page as (
	select m as message, m.place
	from contacts.message m
	where (m.workspace_id, m.room_id) = (select a.workspace_id, a.room_id from asked a) and m.place < (select a.before from asked a)
	order by m.place desc
	limit (select a.size from asked a)
)
select json_build_object('room', contacts.room_json(a.workspace_id, a.room_id, a.kind), 'workspace_id', a.workspace_id, 'seen', a.seen, 'last', a.newest,
	'data', coalesce((select json_agg(contacts.message_json(p.message, coalesce(a.spoken_of, a.kind)) order by p.place desc) from page p), '[]'),
	'next', (select case when min(p.place) > 1 then min(p.place)::text end from page p))::text
from asked a

-- name: room_list room_list -> json; the channel of each workspace, then what one takes part in
with workspaces as (
	select w.id
	from unnest((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) as w (id)
), mine as (
	select w.id as workspace_id, w.id as room_id
	from workspaces w
	union
	select s.workspace_id, s.room_id
	from workspaces w
	join contacts.room_reader s on (s.workspace_id, s.user_id) = (w.id, :user)
	union
	select r.workspace_id, r.room_id
	from workspaces w
	join contacts.room r on (r.workspace_id, r.owner_id) = (w.id, :user)
), known as (
	select i.workspace_id, i.room_id, coalesce(r.kind, 'channel') as kind, coalesce(r.newest, 0) as newest, coalesce(s.seen, 0) as seen,
		coalesce(s.mentioned, 0) as mentioned
	from mine i
	left join contacts.room r on (r.workspace_id, r.room_id) = (i.workspace_id, i.room_id)
	left join contacts.room_reader s on (s.workspace_id, s.user_id, s.room_id) = (i.workspace_id, :user, i.room_id)
	where (r.room_id is not null or i.room_id = i.workspace_id)
		and (r.kind = 'lead' or not exists (select from contacts.deal_away w where (w.workspace_id, w.deal_id) = (i.workspace_id, i.room_id)))
), counted as (
	select k.workspace_id, k.room_id, k.kind, k.seen, k.newest, k.mentioned > k.seen as mentioned, contacts.room_unread(k.workspace_id, k.room_id, k.newest, k.seen) as unread
	from known k
), told as (
	select c.workspace_id, c.room_id, c.kind, c.seen, c.mentioned, c.unread, m.id, m.author_id, m.text, m.created_at, m.place
	from counted c
	left join contacts.message m on (m.workspace_id, m.room_id, m.place) = (c.workspace_id, c.room_id, c.newest)
	order by c.kind <> 'channel', m.created_at desc nulls last, c.room_id
	limit least(greatest(coalesce(:limit, 50), 1), 200)
)
select json_build_object('data', coalesce((
		select json_agg(json_build_object('room', contacts.room_json(t.workspace_id, t.room_id, t.kind), 'workspace_id', t.workspace_id,
			'last', case when t.id is not null then json_build_object('id', t.id, 'author_id', t.author_id, 'excerpt', contacts.plain_text(t.text, 140),
				'at', contacts.rfc3339(t.created_at), 'place', t.place) end,
			'unread', t.unread, 'mentioned', t.mentioned and t.unread > 0, 'seen', t.seen)
			order by t.kind <> 'channel', t.created_at desc nulls last, t.room_id)
		from told t), '[]'),
	'total_unread', (select coalesce(sum(c.unread), 0) from counted c))::text

-- name: people_labels people_labels -> json; by the keys
with asked as (
	select i::uuid as id
	from jsonb_array_elements_text(:ids) as i
	where i ~ '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$'
), named as (
	select 'contact' as kind, c.id, c.number, c.name
	from asked a
	join contacts.contact c on c.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and c.id = a.id
	union all
	select 'account', k.id, k.number, k.name
	from asked a
	join contacts.account k on k.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and k.id = a.id
)
select json_build_object('data', coalesce(json_agg(json_build_object('kind', n.kind, 'id', n.id, 'number', n.number, 'label', n.name)), '[]'))::text
from named n

-- name: contact_named contact_named -> json; reads the workspace's names, all of them: a newest few would hide the second of two that are called the same
with named as (
	select c.id, c.number, c.name as name, nullif(concat_ws(' · ', c.company, c.email), '') as detail
	from contacts.contact c
	where c.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and c.archived_at is null and starts_with(lower(:text), lower(c.name))
	order by length(c.name) desc, c.id
	limit 50
)
select json_build_object('data', coalesce(json_agg(json_build_object('id', n.id, 'number', n.number, 'label', n.name, 'detail', n.detail)
	order by length(n.name) desc, n.id), '[]'))::text
from named n

-- name: account_named account_named -> json; a workspace's accounts are few
with named as (
	select a.id, a.number, a.name, nullif(concat_ws(' · ', a.industry, a.city), '') as detail
	from contacts.account a
	where a.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and a.archived_at is null and starts_with(lower(:text), lower(a.name))
	order by length(a.name) desc, a.id
	limit 50
)
select json_build_object('data', coalesce(json_agg(json_build_object('id', n.id, 'number', n.number, 'label', n.name, 'detail', n.detail)
	order by length(n.name) desc, n.id), '[]'))::text
from named n

-- name: chat_news chat_news -> json; an activity may remind one as well, so its mention has an id of its own. Read with the reader's own rights: where they may see it no more, it does not ring; what was read in its room was read
with workspaces as (
	select w.id
	from unnest((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) as w (id)
), mentioned as (
	select case when a.id is null then m.source_id else md5('mention ' || a.id)::uuid end as id, m.workspace_id, m.at, 'mention' as kind, g.id as message_id, coalesce(r.kind, a.about) as about, coalesce(r.room_id, a.record_id) as record_id,
		a.id as activity_id, coalesce(g.author_id, a.created_by) as by_id, contacts.plain_text(coalesce(g.text, a.note), 140) as title, g.place, 1::bigint as count
	from workspaces w
	cross join lateral (
		select i.workspace_id, i.source_id, i.source, i.at
		from contacts.mention i
		where i.workspace_id = w.id and i.user_id = :user
		order by i.at desc
		limit 500
	) m
	left join contacts.message g on m.source = 'message' and (g.workspace_id, g.id) = (m.workspace_id, m.source_id) and g.removed_at is null
	left join contacts.room r on (r.workspace_id, r.room_id) = (g.workspace_id, g.room_id)
	left join contacts.activity a on m.source = 'activity' and (a.workspace_id, a.id) = (m.workspace_id, m.source_id) and a.removed_at is null
	where :mentions and (coalesce(:chat, false) or m.source = 'activity') and coalesce(g.id, a.id) is not null
), rooms as (
	select w.id as workspace_id, w.id as room_id
	from workspaces w
	union
	select s.workspace_id, s.room_id
	from workspaces w
	join contacts.room_reader s on (s.workspace_id, s.user_id) = (w.id, :user)
	union
	select r.workspace_id, r.room_id
	from workspaces w
	join contacts.room r on (r.workspace_id, r.owner_id) = (w.id, :user)
), said as (
	select g.id, g.workspace_id, g.created_at as at, 'message' as kind, g.id as message_id, r.kind as about, r.room_id as record_id, null::uuid as activity_id,
		g.author_id as by_id, contacts.plain_text(g.text, 140) as title, g.place,
		1::bigint as count
	from rooms i
	join contacts.room r on (r.workspace_id, r.room_id) = (i.workspace_id, i.room_id)
	cross join lateral (
		select m.id, m.workspace_id, m.created_at, m.author_id, m.text, m.place
		from contacts.message m
		where (m.workspace_id, m.room_id) = (r.workspace_id, r.room_id) and m.author_id <> :user and m.removed_at is null
		order by m.place desc
		limit 1
	) g
	where :messages and :chat
		and not exists (select from contacts.mention n where (n.workspace_id, n.source_id, n.user_id) = (g.workspace_id, g.id, :user))
), news as (
	select b.id, b.workspace_id, b.at, b.kind, b.about, b.record_id, b.activity_id, b.message_id, b.by_id, b.title, b.count,
		case when (:marks ->> b.id::text)::bigint < 0 then false else contacts.news_read(b.id, b.at, :since, :marks) or coalesce(b.place <= s.seen, false) end as read
	from (
		select t.id, t.workspace_id, t.at, t.kind, t.about, t.record_id, t.activity_id, t.message_id, t.by_id, t.title, t.place, t.count
		from mentioned t
		union all
		select t.id, t.workspace_id, t.at, t.kind, t.about, t.record_id, t.activity_id, t.message_id, t.by_id, t.title, t.place, t.count
		from said t
	) b
	left join contacts.room_reader s on (s.workspace_id, s.user_id, s.room_id) = (b.workspace_id, :user, b.record_id)
	where b.about = 'lead' or not exists (select from contacts.deal_away d where (d.workspace_id, d.deal_id) = (b.workspace_id, b.record_id))
), shown as (
	select n.id, n.workspace_id, n.at, n.kind, n.about, n.record_id, n.activity_id, n.message_id, n.by_id, n.title, n.count, n.read
	from news n
	where (:fresh is not true or not n.read) and (:before_at::timestamptz is null or (n.at, n.id) < (:before_at, :before_id))
	order by n.at desc, n.id desc
	limit least(greatest(coalesce(:limit, 20), 1), 51)
)
select json_build_object('data', coalesce((
		select jsonb_agg(jsonb_build_object('id', s.id, 'type', case s.kind when 'mention' then 'mention.made' else 'message.posted' end, 'kind', s.kind,
			'workspace_id', s.workspace_id, 'number', null, 'title', s.title, 'source', null,
			'deal_id', case when s.about in ('lead', 'deal') then s.record_id end,
			'about', jsonb_build_object('kind', s.about, 'id', s.record_id, 'title', contacts.room_json(s.workspace_id, s.record_id, s.about) ->> 'title'),
			'count', s.count, 'at', contacts.rfc3339(s.at), 'read', s.read, 'seen', s.read)
			|| jsonb_strip_nulls(jsonb_build_object('activity_id', s.activity_id, 'message_id', s.message_id, 'by_id', s.by_id)) order by s.at desc, s.id desc)
		from shown s), '[]'),
	'unseen', (select count(*) from (select from news n where not n.read limit 100) u))::text
