-- These two are asked at the beginning of each search and were planned anew at each: they keep their plans now (bus: 0010_search_kept.sql).
create or replace function contacts.search_asked(q text) returns text[] language sql immutable
	return search_asked_of(contacts.search_fold(q));
create or replace function contacts.search_rows(wanted text[]) returns int[] language sql immutable
	return search_rows_of(wanted);

-- A company is looked for by the index of words, whatever the words: nothing to plan for each.
alter function contacts.account_hits(text) set plan_cache_mode = force_generic_plan;

create or replace function contacts.phone_asked(q text) returns text language plpgsql immutable as $$
declare
	digits text := translate(q, ' ()+-./', '');
begin
	if digits !~ '^[0-9]{6,20}$' then
		return null;
	end if;
	if length(digits) >= 8 then
		digits := right(ltrim(digits, '0'), 9);
	end if;
	return case when length(digits) >= 6 then digits end;
end
$$;
