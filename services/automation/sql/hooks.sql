-- Webhooks that go out: endpoints, messages, attempts. A message is claimed with its endpoint: one endpoint has one at a time.

-- name: hook_endpoint_load workspace_ask => hook_endpoint_row; a workspace's endpoints
select e.workspace_id, e.id as hook_endpoint_id, e.version, e.name, e.url, e.events, e.sealed, e.old_sealed, e.old_until, e.state, e.created_at, e.created_by, e.removed_at
from (
	select distinct i.workspace_id
	from unnest(:workspace_id[]) as i (workspace_id)
) item
join automation.hook_endpoint e on e.workspace_id = item.workspace_id and e.removed_at is null

-- name: hook_endpoint_hold workspace_ask => hook_endpoint_row; locks automation.hook_endpoint: the same, for who changes one: what a talk says of it meanwhile comes before or after
select e.workspace_id, e.id as hook_endpoint_id, e.version, e.name, e.url, e.events, e.sealed, e.old_sealed, e.old_until, e.state, e.created_at, e.created_by, e.removed_at
from (
	select distinct i.workspace_id
	from unnest(:workspace_id[]) as i (workspace_id)
) item
join automation.hook_endpoint e on e.workspace_id = item.workspace_id and e.removed_at is null
order by e.id
for update of e

-- name: hook_endpoint_write hook_endpoint_row; locks automation.hook_endpoint; switched on again it begins anew with its failures
insert into automation.hook_endpoint as e (workspace_id, id, version, name, url, events, sealed, old_sealed, old_until, state, told, created_at, created_by, removed_at)
select item.workspace_id, item.id, item.version, item.name, item.url, item.events, item.sealed, item.old_sealed, item.old_until, item.state, item.state, item.created_at, item.created_by,
	item.removed_at
from unnest(:workspace_id[], :hook_endpoint_id[], :version[], :name[], :url[], :events[], :sealed[], :old_sealed[], :old_until[], :state[], :created_at[], :created_by[], :removed_at[])
	as item (workspace_id, id, version, name, url, events, sealed, old_sealed, old_until, state, created_at, created_by, removed_at)
on conflict (workspace_id, id) do update set version = excluded.version, name = excluded.name, url = excluded.url, events = excluded.events, sealed = excluded.sealed,
	old_sealed = excluded.old_sealed, old_until = excluded.old_until, state = excluded.state, told = excluded.state, removed_at = excluded.removed_at,
	failures = case when excluded.state = 'on' and e.state <> 'on' then 0 else e.failures end,
	failing_since = case when excluded.state = 'on' and e.state <> 'on' then null else e.failing_since end,
	not_before = case when excluded.url = e.url and (excluded.state <> 'on' or e.state = 'on') then e.not_before end,
	due_at = case when excluded.state = 'on' then now() else 'infinity' end

-- name: hook_endpoint_wake hook_endpoint_row *; locks automation.hook_delivery: what waits for one that has another address, or is on again, is tried at once
update automation.hook_delivery d
set next_at = now()
from unnest(:workspace_id[], :hook_endpoint_id[]) as item (workspace_id, id)
where (d.workspace_id, d.endpoint_id) = (item.workspace_id, item.id) and d.state = 'waiting'

-- name: hook_endpoint_stop hook_endpoint_row *; locks automation.hook_delivery: what waits for one that is no more is not sent
update automation.hook_delivery d
set state = 'given_up', ended_at = now()
from unnest(:workspace_id[], :hook_endpoint_id[]) as item (workspace_id, id)
where (d.workspace_id, d.endpoint_id) = (item.workspace_id, item.id) and d.state = 'waiting'

-- name: hook_delivery_write hook_delivery_row *; inserts into automation.hook_delivery, locks automation.hook_endpoint: one of the same event stands already
with added as (
	insert into automation.hook_delivery (workspace_id, id, endpoint_id, event_id, event_type, at, body, state, aside, next_at, deal_id, lead_id, contact_id, document_id, record_id)
	select item.workspace_id, item.id, item.endpoint_id, item.event_id, item.event_type, item.at, item.body, 'waiting', item.event_type = 'test.ping', now(), item.deal_id, item.lead_id, item.contact_id,
		item.document_id, item.record_id
	from unnest(:workspace_id[], :hook_delivery_id[], :hook_endpoint_id[], :event_id[], :event_type[], :at[], :body[], :deal_id[], :lead_id[], :contact_id[], :document_id[],
		:record_id[]) with ordinality as item (workspace_id, id, endpoint_id, event_id, event_type, at, body, deal_id, lead_id, contact_id, document_id, record_id, i)
	order by item.i
	on conflict (workspace_id, id) do nothing
	returning workspace_id, endpoint_id
)
update automation.hook_endpoint e
set due_at = least(e.due_at, now())
from (
	select distinct a.workspace_id, a.endpoint_id
	from added a
) a
where (e.workspace_id, e.id) = (a.workspace_id, a.endpoint_id)

-- name: hook_again hook_again_ask => hook_agained; locks automation.hook_delivery, automation.hook_endpoint: sent again, the same message under the same id
with chosen as (
	select d.workspace_id, d.id
	from unnest(:workspace_id[], :hook_endpoint_id[], :hook_delivery_id[], :since[], :until[], :failed[]) as item (workspace_id, endpoint_id, id, since, until, failed)
	join automation.hook_delivery d on (d.workspace_id, d.endpoint_id) = (item.workspace_id, item.endpoint_id) and d.state <> 'waiting' and d.body <> 'erased'
		and (item.id is null or d.id = item.id) and (item.since is null or d.at >= item.since) and (item.until is null or d.at < item.until)
		and (not item.failed or d.state = 'given_up')
	order by d.seq
	limit 10000
), again as (
	update automation.hook_delivery d
	set state = 'waiting', aside = false, tries = 0, next_at = now(), ended_at = null
	from chosen c
	where (d.workspace_id, d.id) = (c.workspace_id, c.id)
	returning d.workspace_id, d.endpoint_id
), woken as (
	update automation.hook_endpoint e
	set due_at = now()
	from (
		select distinct a.workspace_id, a.endpoint_id
		from again a
	) a
	where (e.workspace_id, e.id) = (a.workspace_id, a.endpoint_id)
)
select count(*) as again from again

-- part: hook_claimed
	cross join lateral (
		select x.id
		from automation.hook_delivery x
		where (x.workspace_id, x.endpoint_id) = (e.workspace_id, e.id) and x.state = 'waiting' and x.next_at <= now() and x.body <> 'erased'
			and (x.aside or x.seq = (select min(y.seq) from automation.hook_delivery y where (y.workspace_id, y.endpoint_id) = (e.workspace_id, e.id) and y.state = 'waiting' and not y.aside and y.body <> 'erased'))
		order by x.aside, x.seq
		limit 1
	) d
	where e.state = 'on' and e.removed_at is null and e.due_at <= now() and (e.lease_until is null or e.lease_until < now()) and (e.not_before is null or e.not_before <= now())

-- part: hook_begun
	order by e.due_at
	limit 1
	for update of e skip locked
), endpoint as (
	update automation.hook_endpoint e
	set claimed_by = :owner, lease_until = now() + make_interval(secs => :lease::bigint), due_at = now() + make_interval(secs => :lease::bigint)
	from due
	where (e.workspace_id, e.id) = (due.workspace_id, due.id)
	returning e.*
)
update automation.hook_delivery d
set tries = d.tries + 1
from due
join endpoint e on (e.workspace_id, e.id) = (due.workspace_id, due.id)
where (d.workspace_id, d.id) = (due.workspace_id, due.delivery_id)
returning d.workspace_id, d.id as hook_delivery_id, e.id as hook_endpoint_id, e.version, d.event_id, d.tries as attempt, d.body, e.url, e.sealed,
	case when e.old_until > now() then e.old_sealed end as old_sealed, e.failures, e.failing_since, e.not_before

-- name: hook_claim effect_turn +> hook_job; locks automation.hook_endpoint and its next message: of those that answer well
with due as (
	select e.workspace_id, e.id, d.id as delivery_id
	from automation.hook_endpoint e
-- use: hook_claimed
	and e.failures = 0 and not e.slow
-- use: hook_begun

-- name: hook_late_claim effect_turn +> hook_job; likewise, of those that do not: no other waits for them
with due as (
	select e.workspace_id, e.id, d.id as delivery_id
	from automation.hook_endpoint e
-- use: hook_claimed
	and (e.failures > 0 or e.slow)
-- use: hook_begun

-- name: hook_record hook_told +> hook_recorded; locks automation.hook_endpoint, automation.hook_delivery: its own attempt alone; an endpoint that people changed meanwhile stays as they left it
with mine as (
	select item.*
	from unnest(:workspace_id[], :hook_delivery_id[], :hook_endpoint_id[], :version[], :attempt[], :owner[], :state[], :aside[], :next_at[], :http[], :error[], :took_ms[], :response[],
		:endpoint_state[], :failures[], :failing_since[], :not_before[], :slow[])
		as item (workspace_id, id, endpoint_id, version, attempt, owner, state, aside, next_at, http, error, took_ms, response, endpoint_state, failures, failing_since, not_before, slow)
	join automation.hook_endpoint e on (e.workspace_id, e.id) = (item.workspace_id, item.endpoint_id) and e.claimed_by = item.owner
	for update of e
), tried as (
	insert into automation.hook_try (workspace_id, delivery_id, n, at, http, error, took_ms, response, deal_id, lead_id, contact_id, document_id, record_id)
	select m.workspace_id, m.id, (select coalesce(max(t.n), 0) + 1 from automation.hook_try t where (t.workspace_id, t.delivery_id) = (m.workspace_id, m.id)), now(), m.http, m.error,
		m.took_ms, case when d.body <> 'erased' then m.response end, d.deal_id, d.lead_id, d.contact_id, d.document_id, d.record_id
	from mine m
	join automation.hook_delivery d on (d.workspace_id, d.id) = (m.workspace_id, m.id)
), delivery as (
	update automation.hook_delivery d
	set state = m.state, aside = m.aside, next_at = coalesce(m.next_at, d.next_at), http = m.http, ended_at = case when m.state <> 'waiting' then now() end
	from mine m
	where (d.workspace_id, d.id, d.tries) = (m.workspace_id, m.id, m.attempt) and d.state = 'waiting'
	returning d.workspace_id, d.id
)
update automation.hook_endpoint e
set claimed_by = null, lease_until = null, slow = m.slow,
	due_at = greatest(now(), coalesce(case when e.version = m.version then m.not_before end, now())),
	state = case when e.version = m.version then m.endpoint_state else e.state end, failures = case when e.version = m.version then m.failures else e.failures end,
	failing_since = case when e.version = m.version then m.failing_since else e.failing_since end,
	not_before = case when e.version = m.version then m.not_before else e.not_before end
from mine m
where (e.workspace_id, e.id) = (m.workspace_id, m.endpoint_id)
returning m.attempt

-- name: hooks_idle hooks_tell *; locks automation.hook_endpoint: when there is something to send next: its first message, or one that is aside
update automation.hook_endpoint e
set due_at = idle.due_at
from (
	select x.workspace_id, x.id, greatest(coalesce(next.at, 'infinity'), x.not_before) as due_at, item.now
	from unnest(:now[]) as item (now)
	join automation.hook_endpoint x on x.state = 'on' and x.removed_at is null and x.due_at <= item.now - interval '2 seconds' and (x.lease_until is null or x.lease_until < item.now)
	cross join lateral (
		select min(d.next_at) as at
		from automation.hook_delivery d
		where (d.workspace_id, d.endpoint_id) = (x.workspace_id, x.id) and d.state = 'waiting' and d.body <> 'erased'
			and (d.aside or d.seq = (select min(y.seq) from automation.hook_delivery y where (y.workspace_id, y.endpoint_id) = (x.workspace_id, x.id) and y.state = 'waiting' and not y.aside and y.body <> 'erased'))
	) next
) idle
where (e.workspace_id, e.id) = (idle.workspace_id, idle.id) and idle.due_at > idle.now and e.due_at <= idle.now - interval '2 seconds' and e.state = 'on'
	and (e.lease_until is null or e.lease_until < idle.now)

-- name: hooks_changed hooks_tell => workspace_due; workspaces with endpoints whose state nobody was told of
select e.workspace_id, max(item.now) as now
from unnest(:now[]) as item (now)
join automation.hook_endpoint e on e.state <> e.told and e.removed_at is null
group by e.workspace_id

-- name: hooks_untold workspace_due => hook_untold; these
select e.workspace_id, e.id as hook_endpoint_id, e.name, e.state, e.created_by, w.language
from unnest(:workspace_id[]) as item (workspace_id)
join automation.hook_endpoint e on e.workspace_id = item.workspace_id and e.state <> e.told and e.removed_at is null
join automation.workspace w on w.workspace_id = e.workspace_id

-- name: hook_told_write hook_untold *; locks automation.hook_endpoint: they are told
update automation.hook_endpoint e
set told = item.state
from unnest(:workspace_id[], :hook_endpoint_id[], :state[]) as item (workspace_id, id, state)
where (e.workspace_id, e.id) = (item.workspace_id, item.id)

-- name: hook_old_drop hooks_tell *; locks automation.hook_delivery: messages that ended 30 days ago, a bite, with their attempts
delete from automation.hook_delivery d
using (
	select x.workspace_id, x.id
	from unnest(:now[]) as item (now)
	join automation.hook_delivery x on x.ended_at < item.now - interval '30 days'
	limit 1000
) old
where (d.workspace_id, d.id) = (old.workspace_id, old.id)

-- name: hook_late_end hooks_tell *; locks automation.hook_delivery: what will never be sent waits no longer: it was erased, its endpoint is no more, or has been off for 30 days; a bite
update automation.hook_delivery d
set state = 'given_up', ended_at = late.now
from (
	(
		select x.workspace_id, x.id, item.now
		from unnest(:now[]) as item (now)
		join automation.hook_delivery x on x.state = 'waiting' and x.body = 'erased'
		limit 10000
	)
	union
	(
		select x.workspace_id, x.id, item.now
		from unnest(:now[]) as item (now)
		join automation.hook_endpoint e on e.state <> 'on' or e.removed_at is not null
		join automation.hook_delivery x on (x.workspace_id, x.endpoint_id) = (e.workspace_id, e.id) and x.state = 'waiting'
			and (e.removed_at is not null or x.next_at < item.now - interval '30 days')
		limit 10000
	)
) late
where (d.workspace_id, d.id) = (late.workspace_id, late.id) and d.state = 'waiting'

-- name: hook_secret_drop hooks_tell *; locks automation.hook_endpoint: a secret that signs no more is not kept
update automation.hook_endpoint e
set old_sealed = null, old_until = null
from unnest(:now[]) as item (now)
where e.old_until <= item.now

-- name: hooks_count hooks_tell => hook_count; how webhooks stand, by workspace
select e.workspace_id, sum(d.waiting)::bigint as waiting, coalesce(greatest(max(extract(epoch from item.now - d.oldest)), 0), 0)::bigint as oldest, sum(d.given_up)::bigint as given_up,
	count(*) filter (where e.state = 'on' and e.failures > 0) as trouble, count(*) filter (where e.state = 'failing') as failing, count(*) filter (where e.state = 'gone') as gone
from unnest(:now[]) as item (now)
join automation.hook_endpoint e on e.removed_at is null
cross join lateral (
	select count(*) as waiting, min(x.at) as oldest,
		(select count(*) from automation.hook_delivery y where (y.workspace_id, y.endpoint_id) = (e.workspace_id, e.id) and y.state = 'given_up') as given_up
	from automation.hook_delivery x
	where (x.workspace_id, x.endpoint_id) = (e.workspace_id, e.id) and x.state = 'waiting' and e.state = 'on'
) d
group by e.workspace_id

-- part: hook_endpoint_told
json_build_object('id', e.id, 'workspace_id', e.workspace_id, 'name', e.name, 'url', e.url, 'events', e.events, 'enabled', e.state <> 'off', 'state', e.state, 'failures', e.failures,
	'failing_since', automation.moment(e.failing_since), 'not_before', automation.moment(e.not_before),
	'secret_rotates_at', automation.moment(case when e.old_until > now() then e.old_until end), 'version', e.version,
	'waiting', (select count(*) from automation.hook_delivery d where (d.workspace_id, d.endpoint_id) = (e.workspace_id, e.id) and d.state = 'waiting'),
	'given_up', (select count(*) from automation.hook_delivery d where (d.workspace_id, d.endpoint_id) = (e.workspace_id, e.id) and d.state = 'given_up'),
	'delivered_at', (select automation.moment(max(d.ended_at)) from automation.hook_delivery d where (d.workspace_id, d.endpoint_id) = (e.workspace_id, e.id) and d.state = 'delivered'),
	'created_at', automation.moment(e.created_at))

-- name: hook_endpoint_list hook_endpoint_list -> json; by name
select json_build_object('data', coalesce(json_agg(
-- use: hook_endpoint_told
	order by lower(e.name), e.id), '[]'))::text
from automation.hook_endpoint e
where e.workspace_id = any (:workspaces) and e.removed_at is null

-- name: hook_endpoint_get hook_endpoint_get -> json
select
-- use: hook_endpoint_told
::text
from automation.hook_endpoint e
where e.workspace_id = any (:workspaces) and e.id = :hook_endpoint_id and e.removed_at is null

-- part: hook_delivery_told
'id', d.id, 'workspace_id', d.workspace_id, 'event_id', d.event_id, 'type', d.event_type, 'at', automation.moment(d.at), 'state', d.state, 'tries', d.tries,
	'next_at', case when d.state = 'waiting' then automation.moment(d.next_at) end, 'http', d.http, 'ended_at', automation.moment(d.ended_at)

-- name: hook_delivery_list hook_delivery_list -> json; the latest first
with page as (
	select d.*
	from automation.hook_delivery d
	where d.workspace_id = any (:workspaces) and d.endpoint_id = :hook_endpoint_id and (:state is null or d.state = any (string_to_array(:state, ',')))
		and (:after is null or d.seq < :after::bigint)
	order by d.seq desc
	limit least(greatest(coalesce(:limit, 50), 1), 200) + 1
), shown as (
	select p.* from page p order by p.seq desc limit least(greatest(coalesce(:limit, 50), 1), 200)
)
select json_build_object('data', coalesce((select json_agg(json_build_object(
-- use: hook_delivery_told
	) order by d.seq desc) from shown d), '[]'),
	'next', case when (select count(*) from page) > (select count(*) from shown) then (select min(s.seq)::text from shown s) end)::text

-- name: hook_delivery_get hook_delivery_get -> json; with its message and each attempt
select json_build_object(
-- use: hook_delivery_told
	, 'body', d.body, 'attempts', (select coalesce(json_agg(json_build_object('n', t.n, 'at', automation.moment(t.at), 'http', t.http, 'error', t.error, 'took_ms', t.took_ms,
		'response', t.response) order by t.n), '[]') from automation.hook_try t where (t.workspace_id, t.delivery_id) = (d.workspace_id, d.id)))::text
from automation.hook_delivery d
where d.workspace_id = any (:workspaces) and d.id = :hook_delivery_id
