-- News by mail: who is told of what, until when it waits, and what goes to whom now.

-- name: reader_changed_write reader_changed *; locks mailer.member, mailer.workspace
with named as (
	update mailer.workspace w
	set slug = item.slug
	from unnest(:workspace[], :slug[]) as item (workspace_id, slug)
	where w.workspace_id = item.workspace_id and w.slug is distinct from item.slug
)
update mailer.member m
set role = item.role, scope = item.scope, team_id = item.team_id, language = item.language, choices = item.choices, chats = item.chats
from unnest(:workspace[], :user_id[], :role[], :scope[], :team_id[], :language[], :choices[], :chats[])
	as item (workspace_id, user_id, role, scope, team_id, language, choices, chats)
where (m.workspace_id, m.user_id) = (item.workspace_id, item.user_id)

-- name: lead_readers lead_created => news_reader; whose it is; of nobody's those who run the workspace; never who made it
select item.workspace_id, item.lead_id, m.user_id
from unnest(:workspace[], :lead_id[], :owner_id[], :actor[]) as item (workspace_id, lead_id, owner_id, actor_id)
join mailer.member m on m.workspace_id = item.workspace_id and m.active and m.user_id is distinct from item.actor_id
	and case when item.owner_id is null then m.role in ('owner', 'admin') else m.user_id = item.owner_id end

-- part: digest_of; when the mail of the day goes next in workspace w, after item.now: at eight in the morning there
	(with eight as (
		select (date_trunc('day', item.now at time zone w.timezone) + interval '8 hours') as today
	)
	select case when eight.today at time zone w.timezone > item.now then eight.today at time zone w.timezone
		else (eight.today + interval '1 day') at time zone w.timezone end
	from eight)

-- part: choice_of; when member m wants a letter of kind item.kind
	case when m.choices ->> (item.kind || '_mail') in ('digest', 'never') then m.choices ->> (item.kind || '_mail') else 'now' end

-- name: letter_load notified -> letter_place; locks nothing; a row per item, in their order
select coalesce(m.active, false) and exists (select from mailer.account a where a.workspace_id = item.workspace_id and a.removed_at is null and a.per_minute is distinct from 0) as way,
-- use: choice_of
	as choice,
-- use: digest_of
	as digest_at
from unnest(:workspace_id[], :user_id[], :kind[], :heard_at[]) with ordinality as item (workspace_id, user_id, kind, now, i)
left join mailer.workspace w on w.workspace_id = item.workspace_id
left join mailer.member m on (m.workspace_id, m.user_id) = (item.workspace_id, item.user_id)
order by item.i

-- name: letter_write letter_row *; locks mailer.letter: what was heard before stays, but an action that comes in parts counts on
insert into mailer.letter (workspace_id, id, user_id, kind, notice_id, about, record_id, activity_id, activity_kind, message_id, by_id, owner_id, title, count, at, due_at, state)
select *
from unnest(:workspace_id[], :letter_id[], :user_id[], :kind[], :notice_id[], :about[], :record_id[], :activity_id[], :activity_kind[], :message_id[], :by_id[],
	:owner_id[], :title[], :count[], :at[], :due_at[], :state[])
on conflict (workspace_id, id) do update set count = excluded.count
where mailer.letter.state in ('waiting', 'digest') and excluded.count > mailer.letter.count

-- name: letters_looked notices_changed *; locks mailer.letter: all up to there that stands in their bell, or those that were marked; a mention in a note bears another name there
update mailer.letter l
set state = 'seen'
from unnest(:user_id[], :seen[], :ids[], :unread[]) as item (user_id, seen, ids, unread)
where l.user_id = item.user_id and l.state in ('waiting', 'digest') and not coalesce(item.unread, false)
	and ((l.at <= item.seen and not exists (
			select from mailer.member m where (m.workspace_id, m.user_id) = (l.workspace_id, l.user_id) and m.choices ->> (l.kind || '_bell') = 'false'))
		or coalesce(item.ids, '[]') ? l.notice_id::text
		or (l.kind = 'mention' and coalesce(item.ids, '[]') ? md5('mention ' || l.notice_id)::uuid::text))

-- name: letters_room room_seen *; locks mailer.letter: who read a conversation knows who named them there
update mailer.letter l
set state = 'seen'
from unnest(:workspace[], :user_id[], :room_id[]) as item (workspace_id, user_id, room_id)
where (l.workspace_id, l.record_id) = (item.workspace_id, item.room_id) and l.user_id = item.user_id and l.message_id is not null and l.state in ('waiting', 'digest')

-- name: letters_changed deal_updated *; locks mailer.letter: who changes a deal has seen it
update mailer.letter l
set state = 'seen'
from unnest(:workspace[], :deal_id[], :actor[]) as item (workspace_id, deal_id, actor_id)
where (l.workspace_id, l.record_id) = (item.workspace_id, item.deal_id) and l.user_id = item.actor_id and l.kind in ('lead', 'assigned') and l.activity_id is null
	and l.state in ('waiting', 'digest')

-- name: letters_moved deal_stage_changed *; likewise
update mailer.letter l
set state = 'seen'
from unnest(:workspace[], :deal_id[], :actor[]) as item (workspace_id, deal_id, actor_id)
where (l.workspace_id, l.record_id) = (item.workspace_id, item.deal_id) and l.user_id = item.actor_id and l.kind in ('lead', 'assigned') and l.activity_id is null
	and l.state in ('waiting', 'digest')

-- name: letters_passed record_assigned *; locks mailer.letter: what was passed on before they were told is another one's news
update mailer.letter l
set state = 'off'
from unnest(:workspace[], :user_id[], :record_id[], :activity_id[]) as item (workspace_id, user_id, record_id, activity_id)
where (l.workspace_id, l.record_id) = (item.workspace_id, item.record_id) and l.kind = 'assigned' and l.activity_id is not distinct from item.activity_id
	and l.user_id <> item.user_id and l.state in ('waiting', 'digest')

-- name: letters_purged deal_purged *; locks mailer.letter: what is no more is no news
update mailer.letter l
set state = 'off'
from unnest(:workspace[], :deal_id[]) as item (workspace_id, deal_id)
where (l.workspace_id, l.record_id) = (item.workspace_id, item.deal_id) and l.state in ('waiting', 'digest')

-- name: letters_waiting -> workspace_due; in which something goes now
select l.workspace_id, now() as now
from mailer.letter l
where l.state in ('waiting', 'digest') and l.due_at <= now()
group by l.workspace_id

-- part: reads_of; whether member m sees the record that letter l is about, which is owner's; and reads conversations, where it is about what was said in one
	((l.message_id is null or m.chats) and (l.about = 'channel' or m.scope in ('workspace', 'all') or owner.id = m.user_id
		or (m.scope = 'team' and exists (select from mailer.member o where (o.workspace_id, o.team_id) = (m.workspace_id, m.team_id) and o.user_id = owner.id))))

-- part: owner_of; whose the record is now that letter l is about
	select case when l.about in ('lead', 'deal') then case when d.id is null then l.owner_id else d.owner_id end
		when l.about = 'contact' then case when c.id is null then l.owner_id else c.owner_id end
		else l.owner_id end as id

-- name: letters_judged workspace_due *; locks mailer.letter: of who is written to now, what is not theirs to see, not wanted or old does not go; what they want once a day waits
with item as (
	select * from unnest(:workspace_id[], :now[]) as item (workspace_id, now)
), due as (
	select distinct item.workspace_id, l.user_id, item.now
	from item
	join mailer.letter l on l.workspace_id = item.workspace_id and l.state in ('waiting', 'digest') and l.due_at <= item.now
), judged as (
	select l.workspace_id, l.id, case when not item.stands then 'off' when item.choice = 'digest' then 'digest' else l.state end as state, item.digest_at
	from due
	join mailer.letter l on l.workspace_id = due.workspace_id and l.user_id = due.user_id and l.state in ('waiting', 'digest')
	left join mailer.workspace w on w.workspace_id = l.workspace_id
	left join mailer.member m on (m.workspace_id, m.user_id) = (l.workspace_id, l.user_id)
	left join mailer.deal d on (d.workspace_id, d.id) = (l.workspace_id, l.record_id)
	left join mailer.contact c on (c.workspace_id, c.id) = (l.workspace_id, l.record_id)
	cross join lateral (
-- use: owner_of
	) owner
	cross join lateral (select l.kind, due.now) as here (kind, now)
	cross join lateral (
		select
-- use: choice_of
			as choice,
-- use: digest_of
			as digest_at
		from (select here.kind, here.now) as item (kind, now)
	) chosen
	cross join lateral (
		select chosen.choice, chosen.digest_at, coalesce(m.active, false) and chosen.choice <> 'never' and l.at > due.now - interval '3 days'
			and m.scope is distinct from 'none' and ((l.kind = 'assigned' and l.activity_id is not null) or
-- use: reads_of
			) is true
			and exists (select from mailer.account a where a.workspace_id = l.workspace_id and a.removed_at is null and a.per_minute is distinct from 0) as stands
	) item
)
update mailer.letter l
set state = judged.state, due_at = case when judged.state = 'digest' then judged.digest_at else l.due_at end
from judged
where (l.workspace_id, l.id) = (judged.workspace_id, judged.id) and judged.state <> l.state

-- name: letters_found workspace_due => letter_due; of each who is written to now the latest, and how many go
with item as (
	select * from unnest(:workspace_id[], :now[]) as item (workspace_id, now)
), due as (
	select distinct item.workspace_id, l.user_id, item.now
	from item
	join mailer.letter l on l.workspace_id = item.workspace_id and l.state in ('waiting', 'digest') and l.due_at <= item.now
	order by item.workspace_id, l.user_id
	limit 50
)
select due.workspace_id, due.user_id, l.total, l.digest, l.leads, l.kind, l.about, l.record_id, l.activity_id, l.activity_kind, l.message_id, o.name as by_name, l.title, l.count,
	m.name, m.email, coalesce(m.language, w.language) as language, w.name as workspace_name, w.slug, a.id as mail_account_id, a.from_name, a.from_email
from due
join mailer.workspace w on w.workspace_id = due.workspace_id
join mailer.member m on (m.workspace_id, m.user_id) = (due.workspace_id, due.user_id)
cross join lateral (
	select x.*
	from mailer.account x
	where x.workspace_id = due.workspace_id and x.removed_at is null and x.per_minute is distinct from 0
	order by x.is_default desc, x.created_at
	limit 1
) a
cross join lateral (
	select x.*, count(*) over () as total, bool_or(x.state = 'digest') over () as digest, bool_and(x.kind = 'lead') over () as leads
	from mailer.letter x
	where x.workspace_id = due.workspace_id and x.user_id = due.user_id and (x.state = 'waiting' or (x.state = 'digest' and x.due_at <= due.now))
	order by x.at desc, x.id desc
	limit 25
) l
left join mailer.member o on (o.workspace_id, o.user_id) = (l.workspace_id, l.by_id)
order by due.workspace_id, due.user_id, l.at desc, l.id desc

-- name: letters_gone_write letters_gone *; locks mailer.letter: all of it stands in that mail
update mailer.letter l
set state = case when item.mail_id is null then 'off' else 'sent' end, mail_id = item.mail_id
from unnest(:workspace_id[], :user_id[], :mail_id[], :now[]) as item (workspace_id, user_id, mail_id, now)
where l.workspace_id = item.workspace_id and l.user_id = item.user_id and (l.state = 'waiting' or (l.state = 'digest' and l.due_at <= item.now))

-- name: letters_stale -> workspace_due; in which something is a month old
select l.workspace_id, now() as now
from (
	select x.workspace_id
	from mailer.letter x
	where x.state not in ('waiting', 'digest') and x.at < now() - interval '30 days'
	order by x.at
	limit 200
) l
group by l.workspace_id

-- name: letters_old workspace_due *; locks mailer.letter, mailer.message: news of a month ago, and what mails said of it
with old as (
	delete from mailer.letter l
	using (
		select x.workspace_id, x.id
		from mailer.letter x
		where x.state not in ('waiting', 'digest') and x.at < now() - interval '30 days' and x.workspace_id in (select unnest(:workspace_id[]))
		limit 200
	) x
	where (l.workspace_id, l.id) = (x.workspace_id, x.id)
	returning l.workspace_id, l.mail_id
)
update mailer.message m
set body_text = null, body_html = null
from old
where (m.workspace_id, m.id) = (old.workspace_id, old.mail_id)

-- name: person_erased_letters person_erased *; locks mailer.letter, mailer.recipient, mailer.message: news of them does not go, and mails that told of them say nothing any more;
-- one that waits does not go either
with about as (
	update mailer.letter l
	set state = case when l.state in ('waiting', 'digest') then 'off' else l.state end
	from unnest(:workspace[], :ids[]) as item (workspace_id, ids)
	where l.workspace_id = item.workspace_id and l.record_id = any (array(select i::uuid from jsonb_array_elements_text(item.ids) i))
	returning l.workspace_id, l.mail_id
), stopped as (
	update mailer.recipient r
	set state = case r.state when 'queued' then 'cancelled' else r.state end, state_at = case r.state when 'queued' then now() else r.state_at end, next_at = 'infinity'
	from about
	where (r.workspace_id, r.message_id) = (about.workspace_id, about.mail_id) and r.state in ('queued', 'sending', 'unknown')
)
update mailer.message m
set subject = 'erased', body_text = null, body_html = null
from about
where (m.workspace_id, m.id) = (about.workspace_id, about.mail_id)

-- name: removed_letter_drop workspace_removed *; locks mailer.letter, the workspace's rows
delete from mailer.letter t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id
