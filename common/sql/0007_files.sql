-- Files lie under CRM_FILES as workspace/sha256. A column of text whose name ends in sha256, file or photo names one; where its comment says "lies under
-- COLUMN while COLUMN is null" it lies there, not under the workspace, and for so long.
create view file_column as
select c.relname::text as name, a.attname::text as field, coalesce(m.said[1], 'workspace_id') as folder, m.said[2] as while_null
from pg_class c
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
left join lateral regexp_match(col_description(c.oid, a.attnum), 'lies under ([a-z_]+) while ([a-z_]+) is null') as m (said) on true
where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
	and a.attname ~ '(^|_)(sha256|file|photo)$' and a.atttypid = 'text'::regtype;
comment on view file_column is 'The columns that name files';

create function files_named(folder uuid, sums text[]) returns text[] language plpgsql stable security definer set search_path from current as $$
declare
	asked text;
	ret text[];
begin
	select string_agg(format('select %1$I from %2$I where %3$I = $1 and %1$I = any ($2)%4$s', f.field, f.name, f.folder, coalesce(' and ' || quote_ident(f.while_null) || ' is null', '')), ' union ')
	into asked
	from file_column f;
	if asked is not null then
		execute 'select array_agg(x) from (' || asked || ') y (x)' into ret using folder, sums;
	end if;
	return coalesce(ret, '{}');
end
$$;
comment on function files_named is 'Which of these files some row here names; whose they are does not matter, and nothing else is told';
revoke all on function files_named(uuid, text[]) from public;
do $readers$
begin
	execute format('grant execute on function files_named(uuid, text[]) to %I', current_schema() || '_read');
end
$readers$;
