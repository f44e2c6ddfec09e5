-- Statements of common/ itself; run with search_path set to the service's schema.

-- name: bus_lock_try
select pg_try_advisory_lock(hashtext(current_schema()), $1::int4)

-- name: bus_unlock
select pg_advisory_unlock(hashtext(current_schema()), $1::int4)

-- name: bus_lock_evict
-- Ends the session that holds a lane's lock while it has been waiting for its client for longer than an idle writer ever does.
select count(pg_terminate_backend(a.pid))
from pg_locks l
join pg_stat_activity a on a.pid = l.pid
where l.locktype = 'advisory' and l.database = (select oid from pg_database where datname = current_database())
	and l.classid::bigint = (hashtext(current_schema())::bigint & 4294967295) and l.objid::bigint = $1::int4
	and l.granted and a.wait_event = 'ClientRead' and a.state_change < now() - interval '10 s'

-- name: bus_head
select coalesce((select first_seq + n - 1 from event where lane = $1::int2 order by first_seq desc limit 1), 0),
	coalesce((select clean from lane where lane = $1::int2), true)

-- name: bus_cursors
select source, last_seq, epoch from cursor where consumer = 'main' and lane = $1::int2

-- name: bus_cursor_make
insert into cursor (consumer, source, lane, last_seq, epoch) values ('main', $1::text, $2::int2, 0, 0) on conflict do nothing

-- name: bus_claim
with epoch as (
	insert into lane_epoch (lane, epoch, first_seq, member) values ($1::int2, $2::int8, $3::int8, $4::text)
)
insert into lane (lane, epoch, member, clean) values ($1::int2, $2::int8, $4::text, false)
on conflict (lane) do update set epoch = excluded.epoch, member = excluded.member, clean = false, stopped = null, claimed_at = now()

-- name: bus_release
update lane set clean = true where lane = $1::int2 and epoch = $2::int8

-- name: bus_stopped
update lane set stopped = $3::text where lane = $1::int2 and epoch = $2::int8

-- name: bus_frames_write
insert into event (lane, first_seq, n, epoch, payload)
select * from unnest($1::int2[], $2::int8[], $3::int4[], $4::int8[], $5::bytea[])

-- name: bus_cursors_write
-- A stranger's cursor becomes null, and NOT NULL aborts the whole implicit transaction: the fence. One that is not there fails as well.
with moved as (
	update cursor c
	set last_seq = case c.last_seq when item.was then item.becomes end, epoch = item.epoch
	from unnest($1::text[], $2::int2[], $3::int8[], $4::int8[], $5::int8[]) as item (source, lane, was, becomes, epoch)
	where c.consumer = 'main' and c.source = item.source and c.lane = item.lane
	returning 1
)
select 1 / (count(*) = cardinality($2::int2[]))::int from moved

-- name: bus_epoch_check
select 1 / (case when count(*) = cardinality($1::int2[]) then 1 else 0 end)
from unnest($1::int2[], $2::int8[]) as item (lane, epoch)
join lane l on l.lane = item.lane and l.epoch = item.epoch

-- name: bus_abort
select 1 / 0

-- name: bus_replies_load
select item.i::int4, r.hash, r.error, r.detail, r.record_id, r.number, r.version, r.data::text, r.lane::int4, r.sequence
from unnest($1::uuid[], $2::uuid[], $3::uuid[]) with ordinality as item (workspace_id, actor, id, i)
join reply r on (r.workspace_id, r.actor, r.id) = (item.workspace_id, item.actor, item.id)

-- name: bus_replies_write
insert into reply (workspace_id, actor, id, hash, error, detail, record_id, number, version, data, lane, sequence)
select workspace_id, actor, id, hash, error, detail, record_id, number, version, data::jsonb, lane, sequence
from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int8[], $5::text[], $6::text[], $7::uuid[], $8::int8[], $9::int8[], $10::text[], $11::int2[], $12::int8[])
	as item (workspace_id, actor, id, hash, error, detail, record_id, number, version, data, lane, sequence)

-- name: bus_plans_forget
discard plans

-- name: bus_replies_prune
delete from reply where ctid = any (array (select ctid from reply where at < now() - interval '7 days' limit 5000))

-- name: bus_asked_load
select item.i::int4, a.error, a.detail, a.record_id, a.number, a.version
from unnest($1::uuid[], $2::uuid[]) with ordinality as item (workspace_id, action_id, i)
join asked a on (a.workspace_id, a.action_id) = (item.workspace_id, item.action_id)

-- name: bus_asked_write
insert into asked (workspace_id, action_id, error, detail, record_id, number, version)
select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::int8[], $7::int8[])

-- name: bus_asked_prune
delete from asked where ctid = any (array (select ctid from asked where at < now() - interval '30 days' limit 5000))

-- name: bus_numbers_take
insert into number_block (workspace_id, kind, next) values ($1::uuid, $2::int2, 1 + $3::int8)
on conflict (workspace_id, kind) do update set next = number_block.next + $3::int8
returning next - $3::int8

-- name: bus_parked_write
insert into parked (lane, source, sequence, key, key2, workspace_id, type, event, state, tries, error, next_at)
values ($1::int2, $2::text, $3::int8, $4::int8, $5::int8, $6::uuid, $7::text, $8::bytea, $9::text, 1, $10::text, now() + make_interval(secs => $11::int4))

-- name: bus_parked_keys
select key, key2 from parked where lane = $1::int2

-- name: bus_parked_page
-- In the order of arrival; who runs them skips what is behind another of its key.
select p.lane::int4, p.source, p.sequence, p.tries, p.event, p.key, p.key2, (p.state <> 'poison' and p.next_at <= now())::int4, p.place
from parked p
where p.lane = any ($1::int2[]) and p.place > $2::int8
order by p.place
limit 500

-- name: bus_parked_count
select count(*) filter (where p.state = 'waiting'), count(*) filter (where p.state = 'poison'), count(*) filter (where p.state = 'behind')
from parked p
where p.lane = any ($1::int2[])

-- name: bus_parked_again
update parked
set state = $4::text, tries = tries + 1, error = $5::text, next_at = now() + make_interval(secs => $6::int4)
where lane = $1::int2 and source = $2::text and sequence = $3::int8

-- name: bus_parked_done
delete from parked where lane = $1::int2 and source = $2::text and sequence = $3::int8

-- name: bus_attempt
insert into attempt (source, lane, sequence, n) values ($1::text, $2::int2, $3::int8, 1)
on conflict (source, lane, sequence) do update set n = attempt.n + 1
returning n

-- name: bus_attempts_over
delete from attempt where lane = $1::int2

-- name: bus_attempt_over
delete from attempt where source = $1::text and lane = $2::int2 and sequence = $3::int8

-- name: bus_replay
select e.first_seq, e.n, e.epoch, coalesce(p.first_seq, 1), e.payload
from event e
left join lane_epoch p on p.lane = e.lane and p.epoch = e.epoch
where e.lane = $1::int2 and e.first_seq >= coalesce((select max(b.first_seq) from event b where b.lane = $1::int2 and b.first_seq <= $2::int8), 0)
	and e.first_seq + e.n > $2::int8
order by e.first_seq
limit 64

-- name: bus_cut
-- The asker's last event (sequence $2 - 1, of epoch $3) is none of this log's any more: it is beyond its head, its epoch is unknown, or a later
-- one began at or before it.
select $3::int8 <> 0 and ($2::int8 - 1 > coalesce((select first_seq + n - 1 from event where lane = $1::int2 order by first_seq desc limit 1), 0)
	or not exists (select from lane_epoch where lane = $1::int2 and epoch = $3::int8)
	or exists (select from lane_epoch mine join lane_epoch later on later.lane = mine.lane and later.at > mine.at
		where mine.lane = $1::int2 and mine.epoch = $3::int8 and later.first_seq < $2::int8))

-- name: bus_status
select json_build_object(
	'lanes', (select coalesce(json_agg(json_build_object('lane', l.lane, 'member', l.member, 'epoch', l.epoch::text, 'stopped', l.stopped,
		'head', coalesce((select first_seq + n - 1 from event e where e.lane = l.lane order by first_seq desc limit 1), 0)) order by l.lane), '[]') from lane l),
	'cursors', (select coalesce(json_agg(json_build_object('consumer', consumer, 'source', source, 'lane', lane, 'sequence', last_seq,
		'epoch', epoch::text) order by source, lane), '[]') from cursor),
	'parked', (select count(*) from parked),
	'members', (select coalesce(json_agg(json_build_object('name', m.name, 'lanes', m.lanes, 'seen', m.seen) order by m.name), '[]')
		from bus.member m where m.service = current_schema()))::text

-- name: bus_parked_list
select json_build_object('data', coalesce(json_agg(json_build_object('lane', lane, 'source', source, 'sequence', sequence, 'type', type,
	'state', state, 'key', key::text, 'tries', tries, 'first_at', first_at, 'next_at', next_at, 'error', error,
	'workspace', workspace_id, 'event', encode(event, 'base64')) order by place), '[]'))::text
from (select * from parked order by place limit $1::int4) p

-- name: bus_redrive
update parked set state = 'waiting', next_at = now() where ($1::text is null or (source = $1::text and lane = $2::int2 and sequence = $3::int8))

-- name: bus_drop
delete from parked where source = $1::text and lane = $2::int2 and sequence = $3::int8

-- name: bus_sequence_at
select json_build_object('sequence', coalesce((select min(first_seq) from event where lane = $1::int2 and created_at >= 'epoch'::timestamptz + $2::int8 * interval '1 us'), 0))::text

-- name: bus_member_put
insert into bus.member (name, service, pub, rpc, curve, lanes, pid, seen) values ($1::text, current_schema(), $2::text, $3::text, $4::text, $5::int4, $6::int4, now())
on conflict (name) do update set pub = excluded.pub, rpc = excluded.rpc, curve = excluded.curve, lanes = excluded.lanes, pid = excluded.pid, seen = now()

-- name: bus_member_here
-- A process without a schema of its own (crmctl), under the role it connects as.
insert into bus.member (name, service, pub, rpc, curve, lanes, pid, seen) values ($1::text, current_user, $2::text, $3::text, $4::text, $5::int4, $6::int4, now())
on conflict (name) do update set curve = excluded.curve, seen = now()

-- name: bus_member_gone
delete from bus.member where name = $1::text

-- name: bus_members
-- Who shares the lanes: those of the same service whose writer has a session now. A killed one's ends with it, so its lanes are taken at once.
select name, service, pub, rpc, curve, (service = current_schema() and rpc <> '')::int4,
	(seen > now() - interval '10 s'
		and exists (select from pg_stat_activity a where a.application_name = m.name || ' writer' and a.usename = current_user))::int4
from bus.member m
where seen > now() - interval '60 s'

-- name: reader_bounds
select set_config('crm.workspaces', $1::text, true), set_config('crm.user', $2::text, true), set_config('crm.scope', $3::text, true),
	set_config('crm.users', $4::text, true)

-- name: reader_kept; before a query whose plan is kept: how it is planned the first time, and that it is not planned again
select set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
	set_config('enable_mergejoin', 'off', true)

-- name: bus_gone_write
insert into gone (workspace_id, lane, upto, erased) values ($1::uuid, $2::int2, $3::int8, 0) on conflict (workspace_id) do nothing

-- name: bus_gone_replies
delete from reply where workspace_id = $1::uuid

-- name: bus_gone_parked
delete from parked where workspace_id = $1::uuid

-- name: bus_gone_numbers
delete from number_block where workspace_id = $1::uuid

-- name: bus_gone_list
select workspace_id, (erased < upto)::int4 from gone where lane = $1::int2

-- name: bus_gone_next
select g.workspace_id, g.upto, g.erased from gone g where g.lane = $1::int2 and g.erased < g.upto order by g.at limit 1

-- name: bus_gone_frames
select e.first_seq, e.n, e.payload
from event e
where e.lane = $1::int2 and e.first_seq >= coalesce((select max(b.first_seq) from event b where b.lane = $1::int2 and b.first_seq <= $2::int8 + 1), 0)
	and e.first_seq <= $3::int8
order by e.first_seq
limit 64

-- name: bus_gone_frame_write
update event set payload = $3::bytea where lane = $1::int2 and first_seq = $2::int8

-- name: bus_gone_erased
update gone set erased = $2::int8 where workspace_id = $1::uuid

-- name: bus_gone_asked
delete from asked where workspace_id = $1::uuid

-- name: bus_gone_erasures
delete from erasure where workspace_id = $1::uuid

-- name: bus_erasure_put
insert into erasure (workspace_id, id, lane, ids, words)
values ($1::uuid, $2::uuid, $3::int2, array(select distinct i::uuid from jsonb_array_elements_text($4::text::jsonb) i),
	array(select distinct w from jsonb_array_elements_text($5::text::jsonb) w where btrim(w) <> ''))
on conflict (workspace_id, id) do update
set ids = array(select distinct i from unnest(erasure.ids || excluded.ids) i), words = array(select distinct w from unnest(erasure.words || excluded.words) w)
where erasure.ended_at is null

-- name: bus_erasure_rows
select erase_rows($1::uuid, e.ids)::text from erasure e where e.workspace_id = $1::uuid and e.id = $2::uuid and e.ended_at is null

-- name: bus_erasure_of
-- What is looked for, of one request: ids one after the other, and the pattern.
select e.workspace_id, coalesce((select string_agg(uuid_send(i), '') from unnest(e.ids) i), ''), erase_pattern(e.words)
from erasure e
where e.workspace_id = $1::uuid and e.id = $2::uuid and e.ended_at is null

-- name: bus_erasure_parked
select p.lane::int4, p.source, p.sequence, p.event from parked p where p.workspace_id = $1::uuid

-- name: bus_erasure_parked_write
update parked set event = $4::bytea where lane = $1::int2 and source = $2::text and sequence = $3::int8

-- name: bus_erasure_settle
update erasure set settled = true, done = greatest(done, $3::int8) where workspace_id = $1::uuid and id = $2::uuid

-- name: bus_erasure_pending
select count(*) from erasure where lane = $1::int2 and settled and ended_at is null and coalesce(next_at <= now(), true)

-- name: bus_erasure_counts
-- Of each lane: is there one to go on with, how many have not ended, and how many cannot because of frames that nobody can read.
select lane::int4, (count(*) filter (where settled and coalesce(next_at <= now(), true)))::int4, count(*)::int4, (count(*) filter (where unread > 0))::int4
from erasure
where lane = any ($1::int2[]) and ended_at is null
group by lane

-- name: bus_erasure_begin
-- Those that wait go through the frames together, once those before them have: of no more workspaces than one look has room for (PARTIES_MAX in erase.c).
update erasure
set upto = coalesce((select first_seq + n - 1 from event where lane = $1::int2 order by first_seq desc limit 1), 0)
where lane = $1::int2 and settled and ended_at is null and upto is null
	and workspace_id in (
		select w.workspace_id
		from erasure w
		where w.lane = $1::int2 and w.settled and w.ended_at is null and w.upto is null
		group by w.workspace_id
		order by min(w.asked_at)
		limit 64)
	and not exists (select from erasure other
		where other.lane = $1::int2 and other.upto is not null and other.ended_at is null and coalesce(other.next_at <= now(), true))

-- name: bus_erasure_open
select e.workspace_id, coalesce((select string_agg(uuid_send(i), '') from erasure x, unnest(x.ids) i
		where x.workspace_id = e.workspace_id and x.upto is not null and x.ended_at is null), ''),
	erase_pattern(array(select distinct w from erasure x, unnest(x.words) w where x.workspace_id = e.workspace_id and x.upto is not null and x.ended_at is null)),
	min(e.done), max(e.upto)
from erasure e
where e.lane = $1::int2 and e.upto is not null and e.ended_at is null and coalesce(e.next_at <= now(), true)
group by e.workspace_id

-- name: bus_erasure_frames
select e.first_seq, e.n, e.payload
from event e
where e.lane = $1::int2 and e.first_seq >= coalesce((select max(b.first_seq) from event b where b.lane = $1::int2 and b.first_seq <= $2::int8 + 1), 0)
	and e.first_seq <= $3::int8
order by e.first_seq
limit 32

-- name: bus_erasure_found
select x.i::int4, case when x.json = 1 then erase_json(x.t::jsonb, ($4::text[])[x.w])::text else erase_text(x.t, ($4::text[])[x.w]) end
from unnest($1::text[], $2::int2[], $3::int2[]) with ordinality as x (t, w, json, i)
where x.t ~* ($4::text[])[x.w] and (x.json = 1 or x.t !~ '^[+0-9 ().-]*$')

-- name: bus_erasure_done
update erasure
set done = $2::int8, missed = missed + $3::int8, unread_seq = case when missed = 0 then coalesce(nullif($4::int8, 0), unread_seq) else unread_seq end
where lane = $1::int2 and upto is not null and ended_at is null and done < $2::int8 and coalesce(next_at <= now(), true)

-- name: bus_erasure_bite
select erase_bite($1::uuid)::int4

-- name: bus_erasures
select coalesce(json_agg(json_build_object('id', e.id, 'settled', e.settled, 'frames', least(e.done, e.upto), 'of', e.upto, 'step', e.step,
	'steps', (select count(*) from personal_column), 'unread', e.unread, 'unread_seq', e.unread_seq, 'ended_at', to_char(e.ended_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) order by e.asked_at), '[]')::text
from erasure e

-- name: bus_files_named
-- $1: a folder, $2: digests with commas between them. `services`: who has a schema in this database, and so may name some too.
select json_build_object('named', (select coalesce(json_agg(x), '[]') from unnest(files_named($1::text::uuid, string_to_array($2::text, ','))) x),
	'services', (select json_agg(replace(n.nspname, '_', '-')) from pg_class c join pg_namespace n on n.oid = c.relnamespace
		where c.relname = 'migration' and c.relkind = 'r'))::text
