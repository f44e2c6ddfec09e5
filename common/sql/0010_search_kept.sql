-- A function in SQL that looks into an array is planned anew in each transaction that calls it: a tenth of a millisecond each, and a search calls a dozen.
-- In plpgsql the plan stays for as long as the connection does. Like those before they name none of their own: the caller's search_path may be another.
create or replace function search_threes_of(t text) returns text[] language plpgsql immutable set plan_cache_mode = force_generic_plan as $$
begin
	return array(select distinct substr(t, i, 3) from generate_series(1, length(t) - 2) i where substr(t, i + 1, 1) <> ' ');
end
$$;

create function search_asked_of(folded text) returns text[] language plpgsql immutable set plan_cache_mode = force_generic_plan as $$
begin
	return array(select ' ' || w from regexp_split_to_table(folded, '[^[:alnum:]]+') as w where w <> '' limit 6);
end
$$;
comment on function search_asked_of is 'The beginnings of words that somebody looks for, each after a blank: six at most, of a text without case and accents';

create function search_rows_of(wanted text[]) returns int[] language plpgsql immutable set plan_cache_mode = force_generic_plan as $$
begin
	return array(
		select x.bucket * 256 + 1
		from (
			select ((hashtextextended(left(ltrim(w.word), n.letters), n.turn) & 1073741823) % 120)::int as bucket,
				row_number() over (partition by w.i order by n.letters desc, n.turn) as turn, w.i
			from unnest(wanted) with ordinality as w (word, i)
			join unnest(array[3, 3, 4, 4, 5, 6, 8, 10, 12, 16], array[0, 1, 0, 1, 0, 0, 0, 0, 0, 0]) as n (letters, turn) on length(ltrim(w.word)) >= n.letters
		) x
		order by x.turn, x.i
		limit 8);
end
$$;
comment on function search_rows_of is 'Where in the marks of a page of 256 the rows of what is asked for begin: eight at most, the longest beginning of each word first';
