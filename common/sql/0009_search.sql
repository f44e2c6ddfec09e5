-- What search asks of words, the same for every service: whether they hold what was asked, whether they are similar, where three letters stand.
create function search_three_bucket(three text) returns smallint language sql immutable
	return ((hashtextextended(three, 7) & 1073741823) % 1024)::smallint;
comment on function search_three_bucket is 'Where three letters stand';

create function search_threes_of(t text) returns text[] language sql immutable
	return array(select distinct substr(t, i, 3) from generate_series(1, length(t) - 2) i where substr(t, i + 1, 1) <> ' ');
comment on function search_threes_of is 'The threes of a text of words with blanks between them, none across two words';

-- In one function, as it names none of its own: whoever calls it may have another search_path. Two words are counted through only where their letters let
-- them be similar at all, which is told a hundred times sooner.
create function search_words_fit(words text, asked text[], near boolean) returns boolean language plpgsql immutable as $$
declare
	said text;
	whole text;
	one text;
	most int;
	n int;
	m int;
	x text[];
	y text[];
	before int[];
	above int[];
	here int[];
	cost int;
	fits boolean;
begin
	foreach said in array asked loop -- each begins with a blank; a word of one or two letters is found by its beginning alone
		whole := ltrim(said);
		if strpos(words, case when length(said) < 4 then said else whole end) > 0 then
			continue;
		end if;
		n := length(whole);
		if not near or n < 4 or whole ~ '[0-9]' then -- a number with another digit is another number
			return false;
		end if;
		most := case when n >= 8 then 2 else 1 end;
		fits := false;
		foreach one in array string_to_array(ltrim(words), ' ') loop
			m := length(one);
			continue when abs(m - n) > most or (left(one, 1) <> left(whole, 1) and right(one, 2) <> right(whole, 2))
				or length(translate(one, whole, '')) > most or length(translate(whole, one, '')) > most;
			x := regexp_split_to_array(whole, '');
			y := regexp_split_to_array(one, '');
			above := array(select i from generate_series(0, m) i);
			for i in 1..n loop -- how many letters are wrong, missing, too many or swapped
				here := array[i];
				for j in 1..m loop
					cost := least(above[j + 1] + 1, here[j] + 1, above[j] + (x[i] <> y[j])::int);
					if i > 1 and j > 1 and x[i] = y[j - 1] and x[i - 1] = y[j] then
						cost := least(cost, before[j - 1] + 1);
					end if;
					here[j + 1] := cost;
				end loop;
				before := above;
				above := here;
			end loop;
			fits := above[m + 1] <= most;
			exit when fits;
		end loop;
		if not fits then
			return false;
		end if;
	end loop;
	return true;
end
$$;
comment on function search_words_fit is 'Whether words hold all that is asked, inside or, near, similar: at most one letter away, two in words of eight letters and more';

create function search_bits_at_least(rows bit(2048)[], most int) returns bit(2048) language plpgsql immutable as $$
declare
	zero constant bit(2048) := repeat('0', 2048)::bit(2048);
	have bit(2048)[] := array_fill(zero, array[most]);
	one bit(2048);
begin
	foreach one in array rows loop
		for k in reverse most..2 loop
			have[k] := have[k] | (have[k - 1] & one);
		end loop;
		have[1] := have[1] | one;
	end loop;
	return have[most];
end
$$;
comment on function search_bits_at_least is 'The records that have a bit in so many of the rows';
