-- A number that stands alone in a field of somebody else's record is theirs as well: two people of one house have one telephone. What is erased is known
-- by its ids; by value it is looked for in texts. And a text counts as changed only when it did.
create or replace function erase_text(t text, pattern text) returns text language sql immutable
	return case when t ~ '^[+0-9 ().-]*$' then t else regexp_replace(t, pattern, 'erased', 'gi') end;

create or replace function erase_json(j jsonb, pattern text) returns jsonb language plpgsql stable set search_path from current as $$
begin
	return case jsonb_typeof(j)
		when 'string' then to_jsonb(erase_text(j #>> '{}', pattern))
		when 'array' then (select coalesce(jsonb_agg(erase_json(v, pattern) order by i), '[]') from jsonb_array_elements(j) with ordinality as e (v, i))
		when 'object' then (select coalesce(jsonb_object_agg(erase_text(k, pattern), erase_json(v, pattern)), '{}') from jsonb_each(j) as e (k, v))
		else j end;
end
$$;

create or replace function erase_found(place text, whose uuid, pattern text, from_block bigint, to_block bigint, instead text) returns bigint language plpgsql set search_path from current as $$
declare
	c record;
	says text;
	becomes text;
	n bigint;
begin
	select p.* into c from personal_column p where p.place = erase_found.place;
	says := format(case when c.type = 'bytea' then 'encode(%I, ''escape'')' when c.type in ('text', 'varchar', 'bpchar') then '%I' else '%I::text' end, c.field);
	becomes := case
		when c.type = 'jsonb' then format('erase_json(%I, $2)', c.field)
		when c.type = 'bytea' then case when c.needed then '''''::bytea' else 'null' end
		when c.type like '\_%' then format('(select array_agg(regexp_replace(e, $2, $3, ''gi'') order by i) from unnest(%I) with ordinality as x (e, i))', c.field)
		else format('case when erase_text(%1$I, $2) = %1$I then %1$I else regexp_replace(%1$I, $2, $3, ''gi'') end', c.field) end;
	says := format('ctid >= %L::tid and ctid < %L::tid and workspace_id = $1 and case when %s ~* $2 then %s is distinct from %I else false end',
		format('(%s,0)', from_block), format('(%s,0)', to_block), says, becomes, c.field);
	if c.row_goes then
		execute format('delete from %I where %s', c.name, says) using whose, pattern, instead;
	else
		execute format('update %I set %I = %s where %s', c.name, c.field, becomes, says) using whose, pattern, instead;
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
