-- People who asked to be forgotten. What a column holds of people stands in its comment, and what stands there is what is done:
--   … ; not personal                     nothing of a person
--   … ; personal                         texts that may name somebody: what is looked for by value becomes "erased" in it
--   … ; personal by COLUMN, …            the same, and where one of these columns names who is erased it is emptied whole
--   … ; personal by COLUMN: the row goes  there the row is taken away
--   … ; personal by COLUMN: a word stays  there it becomes "erased", not null (what is required becomes so anyway)
--   … ; personal by hand                 the service's own code sees to it (frames, what is parked)
create table erasure (
	workspace_id uuid not null,
	id uuid not null,
	lane smallint not null,
	ids uuid[] not null,
	words text[] not null,
	asked_at timestamptz not null default now(),
	settled boolean not null default false,
	upto bigint,
	done bigint not null default 0,
	step int not null default 0,
	block bigint not null default 0,
	changed bigint not null default 0,
	ended_at timestamptz,
	primary key (workspace_id, id)
);
create index erasure_open on erasure (lane) where ended_at is null;
comment on table erasure is 'Who is to be forgotten here, and how far that is; nothing of them is left in it when it has ended';
comment on column erasure.workspace_id is 'whose';
comment on column erasure.id is 'which request';
comment on column erasure.lane is 'its lane';
comment on column erasure.ids is 'the records that are about them; empty when it has ended';
comment on column erasure.words is 'what is looked for by value; empty when it has ended; personal by hand';
comment on column erasure.asked_at is 'since when this service knows';
comment on column erasure.settled is 'nobody says anything more of them: frames and texts may be gone through';
comment on column erasure.upto is 'where the lane''s frames ended when that began; null: it has not';
comment on column erasure.done is 'up to there the frames hold nothing more of them';
comment on column erasure.step is 'which column is gone through';
comment on column erasure.block is 'how far, in blocks of its table';
comment on column erasure.changed is 'how many rows this turn changed; the last turn changes none';
comment on column erasure.ended_at is 'when nothing of them was left';

create function erase_pattern(words text[]) returns text language sql stable set search_path from current as $$
	select '(?<![[:alnum:]])(' || string_agg(p, '|' order by length(p) desc, p) || ')(?![[:alnum:]])'
	from (
		select distinct case
			when w ~ '^[+0-9][0-9 ().+/-]*$' then case when length(d) >= 7
				then '(\+|00|%2B)?[0-9]{0,3}[ ().-]{0,3}0?[ ().-]{0,3}' || array_to_string(regexp_split_to_array(right(d, 9), ''), '[ ().-]{0,2}') end
			when cardinality(runs) > 1 then array_to_string(runs, '([^[:alnum:]]{1,3}|%[0-9a-fA-F]{2})') end as p
		from (
			select w, regexp_replace(w, '[^0-9]', '', 'g') as d, array_remove(regexp_split_to_array(w, '[^[:alnum:]]+'), '') as runs
			from (
				select w from unnest(words) w
				union select lower(w) from unnest(words) w
				union select upper(w) from unnest(words) w
				union select translate(lower(regexp_replace(normalize(w, NFKD), '[\u0300-\u036f]', '', 'g')), 'øłđı', 'oldi') from unnest(words) w
			) v
		) x
	) y
	where p is not null
$$;
comment on function erase_pattern is 'What finds them by value: an address and a full name whatever stands between their words, a phone number however it is written; one word alone is not looked for';

create function erase_text(t text, pattern text) returns text language sql immutable
	return regexp_replace(t, pattern, 'erased', 'gi');
comment on function erase_text is 'A text without what is looked for';

create function erase_json(j jsonb, pattern text) returns jsonb language plpgsql stable set search_path from current as $$
begin
	return case jsonb_typeof(j)
		when 'string' then to_jsonb(erase_text(j #>> '{}', pattern))
		when 'number' then case when j #>> '{}' ~* pattern then '"erased"' else j end
		when 'array' then (select coalesce(jsonb_agg(erase_json(v, pattern) order by i), '[]') from jsonb_array_elements(j) with ordinality as e (v, i))
		when 'object' then (select coalesce(jsonb_object_agg(erase_text(k, pattern), erase_json(v, pattern)), '{}') from jsonb_each(j) as e (k, v))
		else j end;
end
$$;
comment on function erase_json is 'The same of everything in a JSON value';

create function erase_whole(j jsonb) returns jsonb language plpgsql immutable set search_path from current as $$
begin
	return case jsonb_typeof(j)
		when 'array' then (select coalesce(jsonb_agg(erase_whole(v) order by i), '[]') from jsonb_array_elements(j) with ordinality as e (v, i))
		when 'object' then case when j ? 'field' then jsonb_build_object('field', j -> 'field') else '{}' end
		else '"erased"' end;
end
$$;
comment on function erase_whole is 'What is left of a JSON value that is about them: of changes that there was one, of anything else nothing';

create view personal_column as
select c.oid as of_table, c.relname::text as name, a.attname::text as field, t.typname::text as type, a.attnotnull as needed,
	string_to_array(m.said[1], ', ') as keys, m.said[2] is not distinct from ': the row goes' as row_goes, m.said[2] is not distinct from ': a word stays' as word_stays, c.relname || '.' || a.attname as place
from pg_class c
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
join pg_type t on t.oid = a.atttypid
cross join lateral regexp_match(col_description(c.oid, a.attnum), '; personal(?: by ([a-z_]+(?:, [a-z_]+)*))?(: the row goes|: a word stays)?$') as m (said)
where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')
	and m.said is not null and t.typname in ('text', 'varchar', 'bpchar', 'json', 'jsonb', 'bytea', '_text');
comment on view personal_column is 'The columns whose comments say that they hold something of people';

create function erase_rows(whose uuid, about uuid[]) returns void language plpgsql set search_path from current as $$
declare
	c record;
	named text;
begin
	for c in
		select p.name, p.keys, bool_or(p.row_goes) as row_goes,
			string_agg(format('%I = %s', p.field, case
				when p.type = 'jsonb' then case when p.needed then format('erase_whole(%I)', p.field) else format('case when jsonb_typeof(%1$I) = ''array'' then erase_whole(%1$I) end', p.field) end
				when p.type = 'bytea' then case when p.needed then '''''::bytea' else 'null' end
				when p.type like '\_%' then case when p.needed then '''{}''' else 'null' end
				when p.needed or p.word_stays then format('case when %1$I <> '''' then ''erased'' else %1$I end', p.field)
				else 'null' end), ', ') as sets
		from personal_column p
		where p.keys is not null and p.keys <> '{hand}'
		group by p.name, p.keys
		order by 3, 1, 2
	loop
		select string_agg(format('%I = any ($2)', b), ' or ') into named from unnest(c.keys) b;
		if c.row_goes then
			execute format('delete from %I where workspace_id = $1 and (%s)', c.name, named) using whose, about;
		else
			execute format('update %I set %s where workspace_id = $1 and (%s)', c.name, c.sets, named) using whose, about;
		end if;
	end loop;
end
$$;
comment on function erase_rows is 'Empties what the columns'' comments call personal by the records that are about somebody';

create function erase_found(place text, whose uuid, pattern text, from_block bigint, to_block bigint, instead text) returns bigint language plpgsql set search_path from current as $$
declare
	c record;
	finds text;
	n bigint;
begin
	select p.*, format(case when p.type = 'bytea' then 'encode(%I, ''escape'')' when p.type in ('text', 'varchar', 'bpchar') then '%I' else '%I::text' end, p.field) as says
	into c
	from personal_column p
	where p.place = erase_found.place;
	finds := format('ctid >= %L::tid and ctid < %L::tid and workspace_id = $1 and %s ~* $2', format('(%s,0)', from_block), format('(%s,0)', to_block), c.says);
	if c.row_goes then
		execute format('delete from %I where %s', c.name, finds) using whose, pattern;
	else
		execute format('update %I set %I = %s where %s', c.name, c.field, case
			when c.type = 'jsonb' then format('erase_json(%I, $2)', c.field)
			when c.type = 'bytea' then case when c.needed then '''''::bytea' else 'null' end
			when c.type like '\_%' then format('(select array_agg(regexp_replace(e, $2, $3, ''gi'') order by i) from unnest(%I) with ordinality as x (e, i))', c.field)
			else format('regexp_replace(%I, $2, $3, ''gi'')', c.field) end, finds) using whose, pattern, instead;
	end if;
	get diagnostics n = row_count;
	return n;
exception when unique_violation then
	if instead = 'erased' then
		return erase_found(place, whose, pattern, from_block, to_block, 'erased ' || left(gen_random_uuid()::text, 8));
	end if;
	raise;
end
$$;
comment on function erase_found is 'Takes what is looked for by value out of some blocks of a column; how many rows held it';

create function erase_bite(whose uuid) returns boolean language plpgsql set search_path from current as $$
declare
	at record;
	of_it record;
	blocks bigint;
	n bigint;
begin
	select min(e.step) as step, min(e.block) as block, sum(e.changed) as changed, erase_pattern(array(select distinct w from erasure x, unnest(x.words) w
		where x.workspace_id = whose and x.upto is not null and x.ended_at is null)) as pattern
	into at
	from erasure e
	where e.workspace_id = whose and e.upto is not null and e.ended_at is null;
	select p.* into of_it from personal_column p where p.keys is distinct from '{hand}' order by p.place offset at.step limit 1;
	if at.pattern is null or (not found and at.changed = 0) then
		update erasure set ids = '{}', words = '{}', ended_at = now() where workspace_id = whose and upto is not null and ended_at is null;
		return false;
	elsif not found then
		update erasure set step = 0, block = 0, changed = 0 where workspace_id = whose and upto is not null and ended_at is null;
		return true;
	end if;
	blocks := pg_relation_size(of_it.of_table) / current_setting('block_size')::bigint;
	n := erase_found(of_it.place, whose, at.pattern, at.block, at.block + 256, 'erased');
	update erasure
	set changed = changed + n, step = step + (at.block + 256 >= blocks)::int, block = case when at.block + 256 >= blocks then 0 else at.block + 256 end
	where workspace_id = whose and upto is not null and ended_at is null;
	return true;
end
$$;
comment on function erase_bite is 'Goes through some blocks of one column for all who are to be forgotten in a workspace, turn after turn until one finds nothing; false: it has ended';

comment on column lane.member is 'the process: service.replica; not personal';
comment on column lane.stopped is 'why nothing of some source is consumed any more (its log was cut), or null; not personal';
comment on column lane_epoch.member is 'the process: service.replica; not personal';
comment on column event.payload is 'msgpack, see common/frame.h; personal by hand';
comment on column cursor.consumer is 'main, or a named projection; not personal';
comment on column cursor.source is 'the service that speaks; not personal';
comment on column parked.source is 'who said it; not personal';
comment on column parked.type is 'the event''s type; not personal';
comment on column parked.event is 'the event alone, as a frame of one; personal by hand';
comment on column parked.state is 'waiting: what it refers to has not come; poison: fails every time; behind: waits for an earlier one of its key; not personal';
comment on column parked.error is 'what is missing, or what Postgres or the handler said; personal';
comment on column attempt.source is 'who said it; not personal';
comment on column reply.error is 'code of errors.def when it was refused; not personal';
comment on column reply.detail is 'what was said beside the code; personal';
comment on column reply.data is 'further members of the answer; personal';

create function says_of_people(says text, variadic of_columns text[]) returns void language plpgsql set search_path from current as $$
declare
	c text;
begin
	foreach c in array of_columns loop
		execute format('comment on column %I.%I is %L', split_part(c, '.', 1), split_part(c, '.', 2),
			(select col_description(a.attrelid, a.attnum) from pg_attribute a where a.attrelid = split_part(c, '.', 1)::regclass and a.attname = split_part(c, '.', 2)) || '; ' || says);
	end loop;
end
$$;
comment on function says_of_people is 'Adds to the comments of columns that stand already what these hold of people';

create function people_rows(about uuid[]) returns jsonb language plpgsql stable security definer set search_path from current as $$
declare
	sets uuid[] := nullif(current_setting('crm.workspaces', true), '')::uuid[];
	c record;
	named text;
	rows jsonb;
	found_here jsonb := '{}';
begin
	for c in
		select p.name, (select array_agg(distinct b) from personal_column q, unnest(q.keys) b where q.name = p.name) as keys,
			(select string_agg(format(' || jsonb_build_object(%L, encode(t.%I, ''escape''))', a.attname, a.attname), '') from pg_attribute a
				where a.attrelid = p.of_table and a.atttypid = 'bytea'::regtype and not a.attisdropped) as bytes
		from personal_column p
		where p.keys is not null and p.keys <> '{hand}'
		group by p.name, p.of_table
		order by p.name
	loop
		select string_agg(format('t.%I = any ($2)', b), ' or ') into named from unnest(c.keys) b;
		execute format('select jsonb_agg(to_jsonb(t)%s) from %I t where t.workspace_id = any ($1) and (%s)', coalesce(c.bytes, ''), c.name, named) into rows using sets, about;
		if rows is not null then
			found_here := found_here || jsonb_build_object(c.name, rows);
		end if;
	end loop;
	return found_here;
end
$$;
comment on function people_rows is 'Every row that is about somebody, by table, out of the workspaces of the reader''s set: what columns'' comments call personal by an id';
revoke all on function people_rows(uuid[]) from public;
do $readers$
begin
	execute format('grant execute on function people_rows(uuid[]) to %I', current_schema() || '_read');
end
$readers$;

select says_of_people('not personal', 'migration.name', 'migration.origin', 'migration.sum', 'program.build', 'program.member');
