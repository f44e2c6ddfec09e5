-- What `crmctl backup` and `crmctl restore` ask. A backup is one repeatable read transaction, whose snapshot pg_dump shares.

-- name: backup_begin
begin isolation level repeatable read read only

-- name: backup_settings
-- A row's text must be the same wherever it is taken; and rows that a policy would hide are an error, not left out.
select set_config('timezone', 'UTC', false), set_config('datestyle', 'ISO, YMD', false), set_config('intervalstyle', 'postgres', false),
	set_config('bytea_output', 'hex', false), set_config('extra_float_digits', '1', false), set_config('row_security', 'off', false),
	set_config('search_path', 'pg_catalog', false)

-- name: backup_snapshot
select pg_export_snapshot()

-- name: backup_end
commit

-- name: backup_server
select json_build_object('server', current_setting('server_version'),
	'at', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))

-- name: backup_epochs
-- $1: lanes as a service says them on the bus. How many of its claims were not made in this schema.
select count(*)
from json_to_recordset($1::json) as said (lane int, epoch bigint)
left join lane_epoch e on e.lane = said.lane and e.epoch = said.epoch
where e.epoch is null and said.epoch <> 0

-- name: backup_tables
-- Every table, and the query that counts its rows and sums up what is in them, whatever their order.
select n.nspname || '.' || c.relname, format('select count(*), coalesce(sum((''x'' || left(md5(t::text), 16))::bit(64)::bigint::numeric), 0) from %I.%I t',
	n.nspname, c.relname)
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r' and n.nspname = any ($1::text[])
order by 1

-- name: backup_lanes
-- Of the schema looked at.
select json_build_object(
	'heads', (select json_agg(coalesce((select first_seq + n - 1 from event e where e.lane = k order by first_seq desc limit 1), 0) order by k)
		from generate_series(0, 15) k),
	'cursors', (select coalesce(json_agg(json_build_object('consumer', consumer, 'source', source, 'lane', lane, 'sequence', last_seq)
		order by consumer, source, lane), '[]') from cursor),
	'migrations', (select coalesce(json_object_agg(origin, last), '{}') from (select origin, max(number) as last from migration group by origin) m))

-- name: backup_files
-- The query that gives every file that a row names, as workspace/sha256, in order, and whether it may be gone by now; null: no table names any.
-- Columns are known by their name. Where the comment says "lies under COLUMN while COLUMN is null" it lies there, not under the workspace, and for so long.
select string_agg(format('select %4$I || ''/'' || %1$I as name, %6$L::boolean as passing from %2$I.%3$I where %1$I ~ ''^[0-9a-f]{64}$'' and %5$s',
	a.attname, n.nspname, c.relname, coalesce(m.said[1], 'workspace_id'), coalesce(quote_ident(m.said[2]) || ' is null', 'true'), m.said is not null),
	' union ') || ' order by 1'
from pg_attribute a
join pg_class c on c.oid = a.attrelid and c.relkind = 'r'
join pg_namespace n on n.oid = c.relnamespace
left join lateral regexp_match(col_description(c.oid, a.attnum), 'lies under ([a-z_]+) while ([a-z_]+) is null') as m (said) on true
where a.attname ~ '(^|_)(sha256|file|photo)$' and a.atttypid = 'text'::regtype and not a.attisdropped and n.nspname = any ($1::text[])

-- name: restore_taken
-- How many tables stand where a backup would be put.
select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r' and n.nspname = any ($1::text[])

-- name: restore_room
-- The empty schemas that the roles came with make room for those of the backup.
do $$
declare
	name text;
begin
	foreach name in array string_to_array(current_setting('crm.schemas'), ',')
	loop
		execute format('drop schema if exists %I', name);
	end loop;
end
$$

-- name: restore_schemas
select set_config('crm.schemas', array_to_string($1::text[], ','), false)

-- name: restore_settle
analyze
