-- Ways to be paid; attempts to pay, which are claimed before a provider is talked to; what providers posted.

-- name: pay_provider_load pay_provider_ask => pay_provider_row; locks nothing
select p.workspace_id, p.id as pay_provider_id, p.version, p.kind, p.name, p.sealed, p.hook_sealed, p.hook_hash, p.hook_key_sealed, p.url, p.active, p.state, p.created_at, p.removed_at
from unnest(:workspace_id[], :pay_provider_id[]) as item (workspace_id, id)
join billing.pay_provider p on (p.workspace_id, p.id) = (item.workspace_id, item.id) and p.removed_at is null

-- name: pay_provider_write pay_provider_row; locks billing.pay_provider
insert into billing.pay_provider as p (workspace_id, id, version, kind, name, sealed, hook_sealed, hook_hash, hook_key_sealed, url, active, state, told, created_at, removed_at, check_at)
select item.*, case when item.state = 'unchecked' then now() end
from unnest(:workspace_id[], :pay_provider_id[], :version[], :kind[], :name[], :sealed[], :hook_sealed[], :hook_hash[], :hook_key_sealed[], :url[], :active[], :state[], :state[], :created_at[],
	:removed_at[]) as item (workspace_id, id, version, kind, name, sealed, hook_sealed, hook_hash, hook_key_sealed, url, active, state, told, created_at, removed_at)
on conflict (workspace_id, id) do update
set version = excluded.version, name = excluded.name, sealed = excluded.sealed, hook_sealed = excluded.hook_sealed, url = excluded.url, active = excluded.active, state = excluded.state, told = excluded.told,
	last_error = case when excluded.state = p.state then p.last_error end, removed_at = excluded.removed_at, check_at = coalesce(excluded.check_at, p.check_at)

-- name: pay_provider_list pay_provider_list -> json; a workspace has few
select json_build_object('data', coalesce(json_agg(json_build_object('id', p.id, 'workspace_id', p.workspace_id, 'version', p.version, 'kind', p.kind, 'name', p.name, 'url', p.url,
	'active', p.active, 'state', p.state, 'last_error', p.last_error, 'checked_at', billing.moment(p.checked_at), 'hook_signed', p.hook_signed, 'created_at', billing.moment(p.created_at))
	order by p.created_at, p.id), '[]'))::text
from billing.pay_provider p
where p.removed_at is null and p.workspace_id = any (:workspaces)

-- name: pay_provider_of_key pay_provider_of_key -> json
select billing.provider_of_key(:hash)::text

-- name: pay_place_load pay_place_ask -> pay_place; locks nothing; a row per item, in their order
select d.id is not null as link, (d.payable - d.received - d.credited)::bigint as open, d.currency::text as currency, p.id as pay_provider_id, t.id as under_way_id
from unnest(:workspace_id[], :document_id[], :hash[]) with ordinality as item (workspace_id, id, hash, i)
left join billing.document d on (d.workspace_id, d.id, d.token_hash) = (item.workspace_id, item.id, item.hash) and d.kind = 'invoice' and d.finalised_at is not null and d.removed_at is null
	and (d.token_until is null or d.token_until > now())
left join lateral (
	select x.id from billing.pay_provider x
	where x.workspace_id = d.workspace_id and x.active and x.removed_at is null and x.sealed is not null
	order by x.state = 'fails' and x.checked_at > now() - interval '10 minutes', x.created_at, x.id
	limit 1
) p on true
left join lateral (
	select x.id from billing.pay_attempt x
	where (x.workspace_id, x.document_id, x.pay_provider_id) = (d.workspace_id, d.id, p.id) and x.state in ('begun', 'open') and x.amount = d.payable - d.received - d.credited
		and x.created_at > now() - interval '10 minutes'
	order by x.created_at desc
	limit 1
) t on true
order by item.i

-- name: pay_attempt_begin pay_begun; inserts into billing.pay_attempt
insert into billing.pay_attempt (workspace_id, id, document_id, pay_provider_id, amount, currency, state, told, created_at)
select item.workspace_id, item.id, item.document_id, item.pay_provider_id, item.amount, item.currency, 'begun', 'begun 0', item.created_at
from unnest(:workspace_id[], :pay_attempt_id[], :document_id[], :pay_provider_id[], :amount[], :amount_currency[], :created_at[])
	as item (workspace_id, id, document_id, pay_provider_id, amount, currency, created_at)

-- name: portal_payment portal_payment -> json; by the link's own document alone
select json_build_object('state', t.state, 'url', case when t.state in ('begun', 'open', 'pending') then t.url end)::text
from billing.pay_attempt t
join billing.document d on (d.workspace_id, d.id) = (t.workspace_id, t.document_id)
where t.workspace_id = any (:workspaces) and t.id = :pay_attempt_id and d.token_hash = :hash

-- name: pay_claim effect_turn +> pay_job; locks billing.pay_attempt, the one that waits longest; whose provider does not answer lets others go first
with due as (
	select t.workspace_id, t.id
	from billing.pay_attempt t
	where t.next_at <= now() and (t.lease_until is null or t.lease_until < now())
	order by t.fails > 0, t.next_at
	limit 1
	for update skip locked
)
update billing.pay_attempt t
set attempts = t.attempts + 1, owner = :owner, lease_until = now() + make_interval(secs => :lease::bigint), next_at = now() + make_interval(secs => :lease::bigint + 1)
from due
join billing.pay_attempt x on (x.workspace_id, x.id) = (due.workspace_id, due.id)
join billing.pay_provider p on (p.workspace_id, p.id) = (x.workspace_id, x.pay_provider_id)
join billing.document d on (d.workspace_id, d.id) = (x.workspace_id, x.document_id)
where (t.workspace_id, t.id) = (due.workspace_id, due.id)
returning t.workspace_id, t.id as pay_attempt_id, t.document_id, t.attempts::bigint as attempt, t.fails::bigint as fails, p.kind, p.sealed, p.hook_key_sealed, p.url, t.external_id, t.state,
	t.amount, t.currency::text as amount_currency, d.number, d.language, d.buyer ->> 'email' as email, d.token, t.created_at

-- name: pay_record pay_heard +> pay_recorded; locks billing.pay_attempt, its own attempt alone, and billing.pay_provider; who was told of a change meanwhile asks again at once
with recorded as (
	update billing.pay_attempt t
	set state = coalesce(item.state, t.state), external_id = coalesce(t.external_id, item.external_id), payment_ref = coalesce(item.payment_ref, t.payment_ref), url = coalesce(item.url, t.url),
		paid_amount = coalesce(item.paid_amount, t.paid_amount), refunded = coalesce(item.refunded, t.refunded), error = item.error, fails = case when item.heard then 0 else t.fails + 1 end,
		paid_at = case when item.state = 'paid' then coalesce(t.paid_at, now()) else t.paid_at end,
		next_at = case when t.next_at < t.lease_until then now() when item.wait is null then 'infinity' else now() + make_interval(secs => item.wait) end,
		owner = null, lease_until = null
	from unnest(:workspace_id[], :pay_attempt_id[], :attempt[], :owner[], :heard[], :state[], :external_id[], :payment_ref[], :url[], :paid_amount[], :refunded[], :wait[], :error[])
		as item (workspace_id, id, attempt, owner, heard, state, external_id, payment_ref, url, paid_amount, refunded, wait, error)
	where (t.workspace_id, t.id, t.attempts) = (item.workspace_id, item.id, item.attempt) and t.owner = item.owner
	returning t.workspace_id, t.id, t.pay_provider_id, t.attempts
), provider as (
	update billing.pay_provider p
	set state = item.provider_state, last_error = item.error, checked_at = now()
	from unnest(:workspace_id[], :pay_attempt_id[], :provider_state[], :error[]) as item (workspace_id, id, provider_state, error)
	join recorded r on (r.workspace_id, r.id) = (item.workspace_id, item.id)
	where (p.workspace_id, p.id) = (r.workspace_id, r.pay_provider_id) and item.provider_state is not null
		and ((p.state, p.last_error) is distinct from (item.provider_state, item.error) or p.checked_at < now() - interval '1 minute')
)
select r.attempts::bigint as attempt from recorded r

-- name: pay_check_claim effect_turn +> pay_check; locks billing.pay_provider, the one that waits longest
with due as (
	select p.workspace_id, p.id
	from billing.pay_provider p
	where p.check_at <= now() and p.removed_at is null and p.sealed is not null
	order by p.check_at
	limit 1
	for update skip locked
)
update billing.pay_provider p
set check_owner = :owner, check_at = now() + make_interval(secs => :lease::bigint + 1)
from due
where (p.workspace_id, p.id) = (due.workspace_id, due.id)
returning p.workspace_id, p.id as pay_provider_id, p.version, p.kind, p.sealed, p.url

-- name: pay_check_record pay_checked +> pay_recorded; locks billing.pay_provider; what was changed meanwhile is tried again
update billing.pay_provider p
set state = item.state, last_error = item.error, checked_at = now(), check_owner = null, check_at = case when item.wait is not null then now() + make_interval(secs => item.wait) end
from unnest(:workspace_id[], :pay_provider_id[], :version[], :owner[], :state[], :error[], :wait[]) as item (workspace_id, id, version, owner, state, error, wait)
where (p.workspace_id, p.id, p.version) = (item.workspace_id, item.id, item.version) and p.check_owner = item.owner
returning p.version as attempt

-- name: pay_changed -> workspace_due; in which an attempt has another state than was told
select t.workspace_id, now() as now
from billing.pay_attempt t
where t.told is distinct from (t.state || ' ' || t.refunded::text)
group by t.workspace_id

-- name: pay_untold_load workspace_due => pay_untold; those attempts, with what their payments come to
select t.workspace_id, t.id as pay_attempt_id, case when m.id is null then t.document_id else m.document_id end as document_id, p.kind, t.external_id, t.state,
	t.paid_amount as paid, t.currency::text as paid_currency, t.refunded, coalesce(x.came, 0)::bigint as came, coalesce(x.loose, 0)::bigint as loose, coalesce(x.n, 0)::bigint as payments,
	m.account_id, m.contact_id, m.owner_id, (now() at time zone w.timezone)::date as today
from unnest(:workspace_id[]) as item (workspace_id)
join billing.pay_attempt t on t.workspace_id = item.workspace_id and t.told is distinct from (t.state || ' ' || t.refunded::text)
join billing.pay_provider p on (p.workspace_id, p.id) = (t.workspace_id, t.pay_provider_id)
join billing.workspace w on w.workspace_id = t.workspace_id
left join billing.payment m on (m.workspace_id, m.method, m.external_id) = (t.workspace_id, p.kind, t.external_id)
left join lateral (
	select sum(y.amount) as came, sum(y.amount) filter (where y.document_id is null) as loose, count(*) as n
	from billing.payment y
	where (y.workspace_id, y.pay_attempt_id) = (t.workspace_id, t.id)
) x on true
order by t.id
limit 100

-- name: pay_told_write pay_untold *; locks billing.pay_attempt; what changed meanwhile is told next
update billing.pay_attempt t
set told = item.state || ' ' || item.refunded::text
from unnest(:workspace_id[], :pay_attempt_id[], :state[], :refunded[]) as item (workspace_id, id, state, refunded)
where (t.workspace_id, t.id) = (item.workspace_id, item.id)

-- name: providers_moved -> workspace_due; in which an attempt found another way to be paid than was said: it works, or it fails
select p.workspace_id, now() as now
from billing.pay_provider p
where p.told is distinct from p.state and p.removed_at is null
group by p.workspace_id

-- name: providers_moved_load workspace_due => pay_provider_row; those
select p.workspace_id, p.id as pay_provider_id, p.version, p.kind, p.name, p.sealed, p.hook_sealed, p.hook_hash, p.hook_key_sealed, p.url, p.active, p.state, p.created_at, p.removed_at
from unnest(:workspace_id[]) as item (workspace_id)
join billing.pay_provider p on p.workspace_id = item.workspace_id and p.told is distinct from p.state and p.removed_at is null
order by p.id
limit 100

-- name: provider_told_write pay_provider_row; locks billing.pay_provider
update billing.pay_provider p
set told = item.state
from unnest(:workspace_id[], :pay_provider_id[], :state[]) as item (workspace_id, id, state)
where (p.workspace_id, p.id) = (item.workspace_id, item.id)

-- name: hook_event_write hook_row *; locks billing.hook_event; an event is read once; a hook that names a payment alone says that something changed, each time
insert into billing.hook_event as h (workspace_id, id, pay_provider_id, received_at, event_key, body, signature, good, state)
select item.workspace_id, item.id, item.pay_provider_id, item.received_at, item.event_key, item.body, item.signature, item.good, 'waiting'
from unnest(:workspace_id[], :hook_event_id[], :pay_provider_id[], :received_at[], :event_key[], :body[], :signature[], :good[])
	as item (workspace_id, id, pay_provider_id, received_at, event_key, body, signature, good)
on conflict (workspace_id, pay_provider_id, event_key) do update
set state = case when h.event_key like 'id=%' then 'waiting' else h.state end, received_at = case when h.event_key like 'id=%' then excluded.received_at else h.received_at end,
	done_at = case when h.event_key like 'id=%' then null else h.done_at end

-- name: hooks_waiting -> workspace_due; in which something that was posted is to be read
select h.workspace_id, now() as now
from billing.hook_event h
where h.state = 'waiting' and (h.done_at is null or h.done_at < now() - interval '5 seconds')
group by h.workspace_id

-- name: hooks_due_load workspace_due => hook_due; those, what nobody looked at yet before what waits for a name: that is looked at every few seconds
select h.workspace_id, h.id as hook_event_id, h.pay_provider_id, p.kind, h.body, h.received_at < item.now - interval '10 minutes' as old
from unnest(:workspace_id[], :now[]) as item (workspace_id, now)
join billing.hook_event h on h.workspace_id = item.workspace_id and h.state = 'waiting' and (h.done_at is null or h.done_at < item.now - interval '5 seconds')
join billing.pay_provider p on (p.workspace_id, p.id) = (h.workspace_id, h.pay_provider_id)
order by h.done_at nulls first, h.id
limit 200

-- name: hook_hurry hook_named => pay_recorded; locks billing.pay_attempt: the provider is asked at once
update billing.pay_attempt t
set next_at = now()
from unnest(:workspace_id[], :pay_provider_id[], :payment[], :session[]) as item (workspace_id, pay_provider_id, payment, session)
where (t.workspace_id, t.pay_provider_id) = (item.workspace_id, item.pay_provider_id)
	and (t.external_id = item.payment or t.external_id = item.session or t.payment_ref = item.payment)
returning t.attempts::bigint as attempt

-- name: hook_read_write hook_read *; locks billing.hook_event
update billing.hook_event h
set state = item.state, why = item.why, done_at = now()
from unnest(:workspace_id[], :hook_event_id[], :state[], :why[]) as item (workspace_id, id, state, why)
where (h.workspace_id, h.id) = (item.workspace_id, item.id)
