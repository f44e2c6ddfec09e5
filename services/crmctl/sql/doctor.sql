-- What `crmctl doctor` reads, as role crmctl. It must never lock a table, nor write.

-- name: look_schema
-- From here on names without a schema are that service's.
select set_config('search_path', $1::text, false)

-- name: doctor_postgres
select json_build_object(
	'now', (extract(epoch from clock_timestamp()) * 1000000)::bigint,
	'standby', pg_is_in_recovery(),
	'loose', (select coalesce(json_agg(name || ' = ' || setting order by name), '[]') from pg_settings
		where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting in ('off')),
	'loose_roles', (select coalesce(json_agg(json_build_object('role', coalesce(r.rolname, 'every role'), 'setting', word)), '[]')
		from pg_db_role_setting s
		cross join unnest(s.setconfig) as word
		left join pg_roles r on r.oid = s.setrole
		where word in ('synchronous_commit=off', 'synchronous_commit=false')),
	'used', (select sum(numbackends) from pg_stat_database), -- of every role: who may not look at a session does not see that it is one
	'most', (select setting::int from pg_settings where name = 'max_connections')
		- (select setting::int from pg_settings where name = 'superuser_reserved_connections'),
	'old', (select coalesce(json_agg(json_build_object('pid', pid, 'name', application_name,
			'seconds', extract(epoch from now() - xact_start)::bigint)), '[]')
		from pg_stat_activity where xact_start < now() - interval '15 min' and backend_type = 'client backend'
			and application_name <> 'crmctl backup'),
	'members', (select coalesce(json_agg(json_build_object('name', name, 'service', service, 'pid', pid,
			'unseen', extract(epoch from now() - seen)::bigint) order by name), '[]')
		from bus.member where seen > now() - interval '1 hour' and service <> 'crmctl'),
	'schemas', (select coalesce(json_agg(n.nspname), '[]') from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relname = 'migration'))

-- name: doctor_service
-- $1: its schema. A lane is owned when a writer of this service holds its lock.
select json_build_object(
	'migrations', (select coalesce(json_agg(json_build_object('origin', origin, 'number', number, 'name', name, 'sum', sum,
		'min_binary', min_binary) order by origin, number), '[]') from migration),
	'programs', (select coalesce(json_agg(json_build_object('member', p.member, 'bus', p.bus, 'service', p.service, 'build', p.build,
			'lives', exists (select from pg_stat_activity a where a.application_name = p.member || ' writer'))
		order by p.member), '[]') from program p),
	'lanes', (select coalesce(json_agg(json_build_object('lane', k, 'member', l.member, 'stopped', l.stopped,
			'head', coalesce((select first_seq + n - 1 from event e where e.lane = k order by first_seq desc limit 1), 0),
			'holder', held.application_name,
			'epoch', l.epoch::text,
			'latest', (select p.epoch::text from lane_epoch p where p.lane = k order by p.at desc, p.first_seq desc limit 1))
		order by k), '[]')
		from generate_series(0, 15) k
		left join lane l on l.lane = k
		left join (
			select g.objid::bigint as lane, a.application_name
			from pg_locks g
			join pg_stat_activity a on a.pid = g.pid
			where g.locktype = 'advisory' and g.granted and g.objsubid = 2
				and g.database = (select oid from pg_database where datname = current_database())
				and g.classid::bigint = (hashtext($1::text)::bigint & 4294967295) and g.objid::bigint < 16
		) held on held.lane = k),
	'cursors', (select coalesce(json_agg(json_build_object('consumer', consumer, 'source', source, 'lane', lane, 'sequence', last_seq,
		'epoch', epoch::text) order by source, lane), '[]') from cursor),
	'erasures', (select json_build_object('open', count(*), 'seconds', extract(epoch from now() - min(asked_at))::bigint,
			'stuck', count(*) filter (where unread > 0), 'unread', coalesce(max(unread), 0), 'sequence', min(unread_seq), 'lane', min(lane) filter (where unread > 0))
		from erasure where ended_at is null),
	'parked', (select coalesce(json_agg(json_build_object('state', state, 'n', n, 'seconds', seconds, 'type', type, 'error', error)), '[]')
		from (
			select case state when 'behind' then 'waiting' else state end as state, count(*) as n,
				extract(epoch from now() - min(first_at))::bigint as seconds, min(type) as type, min(left(error, 160)) as error
			from parked group by 1
		) p))

-- name: doctor_contacts
-- In contacts' schema: what other systems said that waits for its people and companies, and which systems are silent.
select json_build_object('waiting', (select count(*) from push), 'silent', (select count(*) from system s where system_away(s, now()) is not null))

-- name: doctor_cursors
-- $1: a service's cursors as JSON, $2: the source, whose schema is looked at: how far each of them is behind, and whether the log still holds what
-- it has heard. Beyond the head, of an epoch that is unknown, or begun again at or before it: the log was cut.
select json_agg(json_build_object('lane', item.lane, 'sequence', item.sequence, 'behind', head.sequence - item.sequence,
	'cut', item.epoch <> 0 and (item.sequence > head.sequence
		or not exists (select from lane_epoch p where p.lane = item.lane and p.epoch = item.epoch)
		or exists (select from lane_epoch mine join lane_epoch later on later.lane = mine.lane and later.at > mine.at
			where mine.lane = item.lane and mine.epoch = item.epoch and later.first_seq <= item.sequence)))
	order by item.lane)
from json_to_recordset($1::json) as item (consumer text, source text, lane int, sequence bigint, epoch bigint)
cross join lateral (
	select coalesce((select first_seq + n - 1 from event e where e.lane = item.lane order by first_seq desc limit 1), 0) as sequence
) head
where item.source = $2 and item.consumer = 'main'

-- name: doctor_cursors_now
select json_agg(json_build_object('consumer', consumer, 'source', source, 'lane', lane, 'sequence', last_seq, 'epoch', epoch::text)
	order by source, lane) from cursor

-- name: doctor_role
-- May crmctl look where that role may?
select pg_has_role(oid, 'USAGE')::text from pg_roles where rolname = $1

-- name: doctor_pid
select pg_backend_pid()

-- name: doctor_open
begin

-- name: doctor_close
rollback

-- name: doctor_mailer
-- In mailer's schema: mailboxes that could not be looked into five times in a row, the one that fails most first; and accounts whose last mail to oneself did not
-- come back, the one that misses it longest first.
select json_build_object('failing', count(*), 'name', (array_agg(a.name order by b.fails desc))[1], 'host', (array_agg(b.host order by b.fails desc))[1],
	'fault', (array_agg(b.fault order by b.fails desc))[1], 'error', (array_agg(coalesce(b.last_error, '') order by b.fails desc))[1],
	'missing', (select json_build_object('count', count(*), 'name', (array_agg(a.name order by c.began_at))[1], 'state', (array_agg(c.state order by c.began_at))[1],
			'at', (array_agg(to_char(c.began_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') order by c.began_at))[1], 'reason', (array_agg(coalesce(c.reason, '') order by c.began_at))[1])
		from account a
		cross join lateral (select x.* from canary x where (x.workspace_id, x.account_id) = (a.workspace_id, a.id) and x.state in ('back', 'missing', 'failed') order by x.began_at desc limit 1) c
		where a.removed_at is null and a.canary and c.state <> 'back'))
from mailbox b
join account a on (a.workspace_id, a.id) = (b.workspace_id, b.account_id)
where b.state = 'fails' and b.fails >= 5

-- name: doctor_logins
-- In mailer's schema: accounts that log in by OAuth and cannot any more.
select json_build_object('failing', count(*), 'name', (array_agg(a.name order by a.created_at))[1], 'error', (array_agg(coalesce(g.error, '') order by a.created_at))[1])
from oauth g
join account a on (a.workspace_id, a.id) = (g.workspace_id, g.account_id)
where g.state in ('refused', 'expired')

-- name: doctor_billing
-- In billing's schema: files that could not be made, the latest first; ways to be paid that do not work; what waits for longer than five minutes (mails for their
-- files, what providers posted); and bookings of statements that somebody has to look at, which is no fault.
select json_build_object(
	'renders', (select json_build_object('count', count(*), 'number', (array_agg(coalesce(d.number, left(d.id::text, 8)) order by r.wanted_at desc))[1],
			'error', (array_agg(coalesce(r.error, '') order by r.wanted_at desc))[1])
		from render r
		join document d on (d.workspace_id, d.id) = (r.workspace_id, r.document_id) and d.removed_at is null and d.version = r.version
		where r.state = 'failed'),
	'providers', (select json_build_object('count', count(*), 'name', (array_agg(p.name order by p.checked_at desc nulls last))[1],
			'error', (array_agg(coalesce(p.last_error, '') order by p.checked_at desc nulls last))[1])
		from pay_provider p
		where p.state = 'fails' and p.active and p.removed_at is null),
	'mails', (select json_build_object('count', count(*), 'number', (array_agg(coalesce(d.number, left(d.id::text, 8)) order by m.at))[1],
			'at', (array_agg(to_char(m.at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') order by m.at))[1])
		from mail_want m
		join document d on (d.workspace_id, d.id) = (m.workspace_id, m.document_id)
		where m.at < now() - interval '5 minutes'),
	'hooks', (select count(*) from hook_event h where h.state = 'waiting' and h.received_at < now() - interval '5 minutes'),
	'bookings', (select count(*) from statement_line l where l.state in ('doubtful', 'unmatched') and l.amount > 0))

-- name: doctor_automation
-- In automation's schema: what rules began and that did not go on for five minutes, though its time came or an action was asked for; the oldest first.
select json_build_object('count', count(*), 'name', (array_agg(x.name order by x.at))[1],
	'at', (array_agg(to_char(x.at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') order by x.at))[1],
	'asked', (array_agg(coalesce(x.asked, '') order by x.at))[1])
from (
	select r.name, f.due_at as at, null as asked
	from firing f
	join rule r on (r.workspace_id, r.rule_id) = (f.workspace_id, f.rule_id)
	where f.state = 'waiting' and f.due_at < now() - interval '5 minutes'
	union all
	select r.name, (f.steps -> -1 ->> 'at')::timestamptz, f.steps -> -1 ->> 'do'
	from firing f
	join rule r on (r.workspace_id, r.rule_id) = (f.workspace_id, f.rule_id)
	where f.action_id is not null and (f.steps -> -1 ->> 'at')::timestamptz < now() - interval '5 minutes'
) x

-- name: doctor_hooks
-- In automation's schema: messages of webhooks that could be sent for five minutes and are not, and addresses that failed for an hour or were switched off
-- for it; of each the oldest is named.
with waits as (
	select e.name, d.next_at as at
	from hook_endpoint e
	cross join lateral (
		select greatest(min(x.next_at), e.not_before) as next_at
		from hook_delivery x
		where (x.workspace_id, x.endpoint_id) = (e.workspace_id, e.id) and x.state = 'waiting' and x.body <> 'erased'
			and (x.aside or x.seq = (select min(y.seq) from hook_delivery y where (y.workspace_id, y.endpoint_id) = (e.workspace_id, e.id) and y.state = 'waiting' and not y.aside and y.body <> 'erased'))
	) d
	where e.state = 'on' and e.removed_at is null and d.next_at < now() - interval '5 minutes'
), fails as (
	select e.name, e.state, coalesce(e.failing_since, now()) as at
	from hook_endpoint e
	where e.removed_at is null and (e.state in ('failing', 'gone') or (e.state = 'on' and e.failures > 0 and e.failing_since < now() - interval '1 hour'))
)
select json_build_object('waits', (select count(*) from waits), 'fails', (select count(*) from fails),
	'waits_name', (select w.name from waits w order by w.at limit 1), 'fails_name', (select f.name from fails f order by f.at limit 1),
	'waits_at', (select to_char(min(w.at) at time zone 'UTC', 'YYYY-MM-DD HH24:MI') from waits w),
	'fails_at', (select to_char(min(f.at) at time zone 'UTC', 'YYYY-MM-DD HH24:MI') from fails f))

-- name: look_sealed
-- A query that gives some of the sealed secrets; null: no table has any. Columns are known by their name.
select string_agg(format('(select %L::text as place, %I as sealed from %I.%I where %2$I is not null limit 4)',
	n.nspname || '.' || c.relname, a.attname, n.nspname, c.relname), ' union all ')
from pg_attribute a
join pg_class c on c.oid = a.attrelid and c.relkind = 'r'
join pg_namespace n on n.oid = c.relnamespace
where a.attname ~ '(^|_)sealed$' and a.atttypid = 'text'::regtype and not a.attisdropped and n.nspname = any ($1::text[])

-- name: look_files
-- A query that gives some files that rows name, as workspace/sha256; null: no table names any. Columns are known by their name; one whose comment says
-- that its file lies elsewhere for a while names none that must be there.
select string_agg(format('(select workspace_id || ''/'' || %1$I from %2$I.%3$I tablesample system (%4$s) where %1$I ~ ''^[0-9a-f]{64}$'' limit 20)',
	a.attname, n.nspname, c.relname, case when c.reltuples < 10000 then 100 else ceil(200000 / c.reltuples) end), ' union ')
from pg_attribute a
join pg_class c on c.oid = a.attrelid and c.relkind = 'r'
join pg_namespace n on n.oid = c.relnamespace
where a.attname ~ '(^|_)(sha256|file|photo)$' and a.atttypid = 'text'::regtype and not a.attisdropped and n.nspname = any ($1::text[])
	and coalesce(col_description(c.oid, a.attnum), '') !~ 'lies under [a-z_]+ while [a-z_]+ is null'

-- name: look_stuck
-- A query that gives imports of which no bite was done for five minutes, though one is due; null: there are no imports.
select 'select i.id::text, i.state, extract(epoch from now() - i.touched_at)::bigint::text from contacts.import i
	where i.state in (''checking'', ''running'', ''undoing'') and i.touched_at < now() - interval ''5 minutes'' order by i.touched_at limit 20'
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'contacts' and c.relname = 'import' and c.relkind = 'r' and n.nspname = any ($1::text[])
