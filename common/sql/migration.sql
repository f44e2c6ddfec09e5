-- Statements about the schema itself: what was done to it, and which processes know what was done. Run before anything else is.

-- name: migration_ready
-- Looked at first: adding what is there already would still lock it, and a backup may be reading it.
select (to_regclass('program') is not null)::int4

-- name: migration_done
select sum from migration where origin = $1::text and number = $2::int4

-- name: migration_ahead
-- What was done here since this binary was built, and cannot be lived with by it.
select origin || ' ' || name, min_binary from migration where min_binary > case origin when 'bus' then $1::int4 else $2::int4 end
order by min_binary desc limit 1

-- name: migration_elders
-- Processes of this service that live and know less than $2 of $1's migrations; one that starts now counts for a while, as it has no session yet.
select coalesce(string_agg(member, ', ' order by member), '')
from (
	select regexp_replace(a.application_name, ' writer$', '') as member
	from pg_stat_activity a where a.usename = current_user and a.application_name like '% writer'
	union
	select p.member from program p where p.at > now() - interval '10 s' and p.member <> $3::text
) living
left join program p using (member)
where coalesce(case $1::text when 'bus' then p.bus else p.service end, 0) < $2::int4

-- name: program_note
insert into program (member, bus, service, build, at) values ($1::text, $2::int4, $3::int4, $4::text, now())
on conflict (member) do update set bus = excluded.bus, service = excluded.service, build = excluded.build, at = now()
