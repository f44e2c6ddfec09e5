-- Browsers that are told of news, and what waits for them.

-- name: browser_waiting_drop browser_add *; locks mailer.push: what waits for whoever used it before is not said to who uses it now
delete from mailer.push p
using unnest(:browser_id[], :user_id[]) as item (id, user_id), mailer.push_subscription s
where s.id = item.id and s.user_id <> item.user_id and p.subscription_id = s.id

-- name: browser_write browser_add *; locks mailer.push_subscription: whoever uses a browser last is told on it
with elsewhere as (
	delete from mailer.push_subscription s
	using unnest(:workspace[], :browser_id[]) as item (workspace_id, id)
	where s.id = item.id and s.workspace_id <> item.workspace_id
)
insert into mailer.push_subscription as s (workspace_id, id, user_id, session_id, endpoint, p256dh, auth, words, agent, created_at, seen_at, until, fails, next_at, attempt)
select distinct on (item.workspace_id, item.id) item.workspace_id, item.id, item.user_id, item.session_id, item.endpoint, item.p256dh, item.auth,
	item.words, item.agent, item.at, item.at, item.until, 0, now(), 0
from unnest(:workspace[], :browser_id[], :user_id[], :session_id[], :endpoint[], :p256dh[], :auth[], :words[], :agent[], :at[], :until[]) with ordinality
	as item (workspace_id, id, user_id, session_id, endpoint, p256dh, auth, words, agent, at, until, i)
order by item.workspace_id, item.id, item.i desc
on conflict (workspace_id, id) do update
set user_id = excluded.user_id, session_id = excluded.session_id, endpoint = excluded.endpoint, p256dh = excluded.p256dh, auth = excluded.auth,
	words = excluded.words, agent = excluded.agent, seen_at = excluded.seen_at, until = excluded.until,
	created_at = case when s.user_id = excluded.user_id then s.created_at else excluded.created_at end

-- name: browser_oldest_drop browser_add *; locks mailer.push_subscription: of somebody's twenty are kept, and none whose log-in is over
delete from mailer.push_subscription s
using (
	select o.workspace_id, o.id, o.until, row_number() over (partition by o.user_id order by o.seen_at desc, o.id) as i
	from mailer.push_subscription o
	where o.user_id in (select item.user_id from unnest(:user_id[]) as item (user_id))
) old
where (s.workspace_id, s.id) = (old.workspace_id, old.id) and (old.i > 20 or old.until < now())

-- name: browser_drop_load browser_drop -> browser_place; locks nothing; a row per item, in their order
select s.id is not null as there
from unnest(:workspace[], :browser_id[], :user_id[]) with ordinality as item (workspace_id, id, user_id, i)
left join mailer.push_subscription s on (s.workspace_id, s.id, s.user_id) = (item.workspace_id, item.id, item.user_id)
order by item.i

-- name: browser_drop_write browser_drop *; locks mailer.push_subscription, mailer.push
with gone as (
	delete from mailer.push_subscription s
	using unnest(:workspace[], :browser_id[], :user_id[]) as item (workspace_id, id, user_id)
	where (s.workspace_id, s.id, s.user_id) = (item.workspace_id, item.id, item.user_id)
	returning s.id
)
delete from mailer.push p
using gone
where p.subscription_id = gone.id

-- name: browser_session_drop session_ended *; locks mailer.push_subscription, mailer.push: of a log-in that ended, or of all of somebody's
with gone as (
	delete from mailer.push_subscription s
	using unnest(:session_id[], :user_id[], :apikey_id[]) as item (session_id, user_id, apikey_id)
	where s.user_id = item.user_id and (s.session_id = item.session_id or (item.session_id is null and item.apikey_id is null))
	returning s.id
)
delete from mailer.push p
using gone
where p.subscription_id = gone.id

-- name: push_write notified *; inserts into mailer.push, one for each of their browsers, where that kind rings on their desktop and they may see what it is about
insert into mailer.push (workspace_id, id, subscription_id, kind, about, record_id, tag, title, at)
select l.workspace_id, gen_random_uuid(), s.id, l.kind, l.about, l.record_id, l.notice_id, l.title, l.at
from unnest(:workspace_id[], :user_id[], :kind[], :notice_id[], :about[], :record_id[], :activity_id[], :message_id[], :owner_id[], :title[], :at[])
	as l (workspace_id, user_id, kind, notice_id, about, record_id, activity_id, message_id, owner_id, title, at)
join mailer.push_subscription s on s.user_id = l.user_id and s.until > now()
join mailer.member m on (m.workspace_id, m.user_id) = (l.workspace_id, l.user_id)
left join mailer.deal d on (d.workspace_id, d.id) = (l.workspace_id, l.record_id)
left join mailer.contact c on (c.workspace_id, c.id) = (l.workspace_id, l.record_id)
cross join lateral (
-- use: owner_of
) owner
where m.active and m.scope is distinct from 'none' and m.choices ->> (l.kind || '_desktop') = 'true' and ((l.kind = 'assigned' and l.activity_id is not null) or
-- use: reads_of
)

-- part: push_wanted; whether p is still said to subscription s: who left, or wants it no more, is told nothing that waited meanwhile
	exists (select from mailer.member m where (m.workspace_id, m.user_id) = (p.workspace_id, s.user_id) and m.active and m.scope is distinct from 'none'
		and m.choices ->> (p.kind || '_desktop') = 'true')

-- name: push_claim effect_turn +> push_job; locks mailer.push_subscription, the one for which something waits longest; mailer.push: what nobody wants to hear
-- any more goes
with late as (
	delete from mailer.push p
	where p.at < now() - interval '1 day'
), due as (
	select s.workspace_id, s.id
	from mailer.push p
	join mailer.push_subscription s on s.id = p.subscription_id
	where s.next_at <= now() and s.until > now() and (s.lease_until is null or s.lease_until < now()) and
-- use: push_wanted
	order by p.at
	limit 1
	for update of s skip locked
)
update mailer.push_subscription s
set attempt = s.attempt + 1, owner = :owner, lease_until = now() + make_interval(secs => :lease::bigint)
from due
where (s.workspace_id, s.id) = (due.workspace_id, due.id)
returning s.workspace_id, s.id as browser_id, s.attempt, s.endpoint, s.p256dh, s.auth, s.words, s.fails::bigint as fails, (
	select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'kind', p.kind, 'about', p.about, 'record_id', p.record_id, 'tag', p.tag, 'title', p.title,
		'workspace', w.name, 'slug', w.slug, 'age', extract(epoch from now() - p.at)::bigint) order by p.at, p.id), '[]')
	from (
		select p.*
		from mailer.push p
		where p.subscription_id = s.id and
-- use: push_wanted
		order by p.at, p.id
		limit 100) p
	left join mailer.workspace w on w.workspace_id = p.workspace_id) as news

-- name: push_record push_told +> push_told_row; locks mailer.push_subscription, its own attempt alone, and mailer.push: what was told
with item as (
	select *
	from unnest(:workspace_id[], :browser_id[], :attempt[], :owner[], :sent[], :gone[], :done[], :error[], :wait[])
		as item (workspace_id, id, attempt, owner, sent, gone, done, error, wait)
), gone as (
	delete from mailer.push_subscription s
	using item
	where (s.workspace_id, s.id, s.attempt) = (item.workspace_id, item.id, item.attempt) and s.owner = item.owner and item.gone
	returning s.id, s.attempt
), mine as (
	update mailer.push_subscription s
	set fails = case when item.error is null then 0 else s.fails + 1 end, last_error = item.error,
		pushed_at = case when item.sent then now() else s.pushed_at end, next_at = now() + make_interval(secs => item.wait), owner = null, lease_until = null
	from item
	where (s.workspace_id, s.id, s.attempt) = (item.workspace_id, item.id, item.attempt) and s.owner = item.owner and not item.gone
	returning s.id, s.attempt, item.done
), done as (
	delete from mailer.push p
	using mine
	where p.subscription_id = mine.id and p.id in (select d::uuid from jsonb_array_elements_text(mine.done) d)
), away as (
	delete from mailer.push p
	using gone
	where p.subscription_id = gone.id
)
select attempt from mine
union all
select attempt from gone

-- name: browser_list browser_list -> json; the policy leaves nobody else's
select json_build_object('data', coalesce(json_agg(json_build_object('id', s.id, 'agent', s.agent,
	'created_at', to_char(s.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
	'seen_at', to_char(s.seen_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
	'pushed_at', to_char(s.pushed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
	'fails', s.fails, 'error', s.last_error) order by s.seen_at desc, s.id), '[]'), 'next', null)::text
from mailer.push_subscription s
where s.workspace_id = any (:workspaces) and s.user_id = :user and :after::text is null

-- name: removed_push_drop workspace_removed *; locks mailer.push, the workspace's rows
delete from mailer.push t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_push_subscription_drop workspace_removed *; locks mailer.push_subscription, the rows of an agency's home
delete from mailer.push_subscription t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id
