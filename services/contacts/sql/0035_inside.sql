-- Search inside words, and of words that were typed wrong. Marks of beginnings (see the marks before) stay what is asked first; beside them stands now where each three
-- letters occur: of a bite of records (2,048 at most) one row of 2,048 bits for each of 1,024 buckets that three letters hash to, a bit for each record. Rows
-- laid over each other name who may hold all of them, for a thousand times a thousand records in a few milliseconds; each is looked at again. Written when
-- somebody searches, 150 bytes a record, and never when a lead comes. What is similar is at most one letter away (two, in words of eight letters and more):
-- it shares enough threes with what was asked, or its beginning and its end.
create table contacts.search_block (
	workspace_id uuid not null,
	last uuid not null,
	ids uuid[] not null,
	primary key (workspace_id, last)
);
comment on table contacts.search_block is 'Which records stand behind the bits of a block of search';
comment on column contacts.search_block.workspace_id is 'whose';
comment on column contacts.search_block.last is 'the newest of them';
comment on column contacts.search_block.ids is 'which, in the order of the bits: the newest first';
create table contacts.search_gram (
	workspace_id uuid not null,
	bucket smallint not null,
	last uuid not null,
	bits bit(2048) not null,
	primary key (workspace_id, bucket, last)
);
alter table contacts.search_gram alter bits set storage plain;
comment on table contacts.search_gram is 'Which records of a block hold three letters, for search';
comment on column contacts.search_gram.workspace_id is 'whose';
comment on column contacts.search_gram.bucket is 'what the three letters hash to';
comment on column contacts.search_gram.last is 'of which block';
comment on column contacts.search_gram.bits is 'a bit for each of its records';
alter table contacts.search_block enable row level security;
alter table contacts.search_gram enable row level security;
revoke all on contacts.search_block, contacts.search_gram from contacts_read;
create index search_page_alone on contacts.search_page (workspace_id, last) where n = 1;

create function contacts.search_gram_bucket(three text) returns smallint language sql immutable
	return ((hashtextextended(three, 7) & 1073741823) % 1024)::smallint;
comment on function contacts.search_gram_bucket is 'Where three letters stand';

create function contacts.search_threes(t text) returns text[] language sql immutable
	return array(select distinct substr(t, i, 3) from generate_series(1, length(t) - 2) i where substr(t, i + 1, 1) <> ' ');
comment on function contacts.search_threes is 'The threes of a text of words with blanks between them, none across two words';

create function contacts.search_distance(a text, b text, most int) returns int language plpgsql immutable as $$
declare
	n int := length(a);
	m int := length(b);
	x text[] := regexp_split_to_array(a, '');
	y text[] := regexp_split_to_array(b, '');
	before int[];
	above int[] := array(select i from generate_series(0, m) i);
	here int[];
	cost int;
	least_of_row int;
begin
	if abs(n - m) > most then
		return most + 1;
	end if;
	for i in 1..n loop
		here := array[i];
		least_of_row := i;
		for j in 1..m loop
			cost := least(above[j + 1] + 1, here[j] + 1, above[j] + (x[i] <> y[j])::int);
			if i > 1 and j > 1 and x[i] = y[j - 1] and x[i - 1] = y[j] then
				cost := least(cost, before[j - 1] + 1);
			end if;
			here[j + 1] := cost;
			least_of_row := least(least_of_row, cost);
		end loop;
		if least_of_row > most then
			return most + 1;
		end if;
		before := above;
		above := here;
	end loop;
	return above[m + 1];
end
$$;
comment on function contacts.search_distance is 'How many letters are wrong, missing, too many or swapped between two words; more than most: most + 1';

create function contacts.search_near(words text, asked text) returns boolean language plpgsql immutable as $$
declare
	most int := case when length(asked) >= 8 then 2 else 1 end;
	one text;
begin
	if strpos(words, asked) > 0 then
		return true;
	end if;
	if length(asked) < 4 or asked ~ '[0-9]' then -- a number with another digit is another number
		return false;
	end if;
	foreach one in array string_to_array(ltrim(words), ' ') loop
		if abs(length(one) - length(asked)) <= most and (left(one, 1) = left(asked, 1) or right(one, 2) = right(asked, 2)) and contacts.search_distance(asked, one, most) <= most then
			return true;
		end if;
	end loop;
	return false;
end
$$;
comment on function contacts.search_near is 'Whether a word is inside the words or similar to one of them';

create function contacts.search_fits(words text, asked text[], near boolean) returns boolean language plpgsql immutable as $$
declare
	one text;
begin
	foreach one in array asked loop -- each begins with a blank; a word of one or two letters is found by its beginning alone
		if (case when length(one) < 4 then strpos(words, one) = 0 when near then not contacts.search_near(words, ltrim(one)) else strpos(words, ltrim(one)) = 0 end) then
			return false;
		end if;
	end loop;
	return true;
end
$$;
comment on function contacts.search_fits is 'Whether words hold all that is asked, inside or similar';

create function contacts.search_at_least(rows bit(2048)[], most int) returns bit(2048) language plpgsql immutable as $$
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
comment on function contacts.search_at_least is 'The records that have a bit in so many of the rows';

create function contacts.search_block_mask(workspace uuid, asked text, level int) returns table (last uuid, mask bit(2048)) language plpgsql stable as $$
#variable_conflict use_column
declare
	zero constant bit(2048) := repeat('0', 2048)::bit(2048);
	threes text[] := contacts.search_threes(case when level > 0 then ' ' || asked || ' ' else asked end);
	buckets smallint[] := array(select distinct contacts.search_gram_bucket(t) from unnest(threes) t);
	enough int := greatest(3, length(asked) - case when length(asked) >= 8 then 5 else 3 end);
	begins smallint[] := array[contacts.search_gram_bucket(' ' || left(asked, 2)), contacts.search_gram_bucket(left(asked, 3))];
	ends smallint[] := array[contacts.search_gram_bucket(right(asked, 2) || ' '), contacts.search_gram_bucket(right(asked, 3))];
begin
	if level = 0 then
		return query
			select g.last, bit_and(g.bits)
			from contacts.search_gram g
			where g.workspace_id = workspace and g.bucket = any (buckets)
			group by g.last
			having count(*) = cardinality(buckets) and bit_and(g.bits) <> zero;
	elsif level = 1 then
		return query
			select x.last, x.mask
			from (
				select g.last, contacts.search_at_least(array_agg(g.bits), least(enough, cardinality(buckets))) as mask
				from contacts.search_gram g
				where g.workspace_id = workspace and g.bucket = any (buckets)
				group by g.last
			) x
			where x.mask <> zero;
	else -- whatever one letter does to a word of six, its beginning, its end or a part of both stays
		return query
			select x.last, x.mask
			from (
				select g.last, (coalesce(bit_or(g.bits) filter (where g.bucket = begins[1]), zero) & coalesce(bit_or(g.bits) filter (where g.bucket = begins[2]), zero))
					| (coalesce(bit_or(g.bits) filter (where g.bucket = ends[1]), zero) & coalesce(bit_or(g.bits) filter (where g.bucket = ends[2]), zero))
					| (coalesce(bit_or(g.bits) filter (where g.bucket = begins[1]), zero) & coalesce(bit_or(g.bits) filter (where g.bucket = ends[1]), zero)) as mask
				from contacts.search_gram g
				where g.workspace_id = workspace and g.bucket = any (begins || ends)
				group by g.last
			) x
			where x.mask <> zero;
	end if;
end
$$;
comment on function contacts.search_block_mask is 'The records of each block that may hold a word inside (level 0), or one similar to it: that share enough threes (1), that begin or end like it (2)';

create function contacts.search_more(asked text, most int, but uuid[]) returns table (workspace_id uuid, id uuid, near boolean)
language plpgsql stable security definer set search_path = contacts, pg_temp set enable_seqscan = off set random_page_cost = 1.1 as $$
#variable_conflict use_column
declare
	zero constant bit(2048) := repeat('0', 2048)::bit(2048);
	sets uuid[] := nullif(current_setting('crm.workspaces', true), '')::uuid[];
	mine uuid[] := case when current_setting('crm.scope', true) = 'own' then coalesce(nullif(current_setting('crm.users', true), '')::uuid[],
		array[nullif(current_setting('crm.user', true), '')::uuid]) end;
	wanted text[] := contacts.search_asked(asked);
	long text[] := array(select ltrim(w) from unnest(wanted) w where length(ltrim(w)) >= 3 order by length(w) desc);
	have uuid[] := but;
	space uuid;
	block record;
	one record;
	ids uuid[];
	hits uuid[];
	tries int;
	place int;
begin
	if sets is null or cardinality(long) = 0 or asked ~ '^\s*#?[0-9]{1,15}\s*$' then
		return;
	end if;
	for level in 0..2 loop
		near := level > 0;
		exit when cardinality(have) >= case when near then 1 else most end;
		exit when near and not exists (select from unnest(long) l where length(l) >= 4);
		tries := 0;
		foreach space in array sets loop
			/* what is newer than the last block, and what changed since it stood on one */
			for one in
				select t.id
				from contact t
				where level < 2 and t.workspace_id = space and t.id > coalesce((select s.search_upto from workspace s where s.workspace_id = space), '00000000-0000-0000-0000-000000000000')
					and (mine is null or t.owner_id = any (mine)) and t.removed_at is null and t.merged_into is null and t.archived_at is null
					and search_fits(search_text(concat_ws(' ', t.name, t.company, t.email)), wanted, near)
				order by t.id desc
				limit most
			loop
				if one.id <> all (have) then
					have := have || one.id;
					workspace_id := space;
					id := one.id;
					return next;
				end if;
			end loop;
			for one in
				select t.id
				from search_page p
				cross join lateral unnest(p.ids) i (id)
				join contact t on (t.workspace_id, t.id) = (space, i.id)
				where level < 2 and p.workspace_id = space and p.n = 1 and search_fits(p.words, wanted, near) and (mine is null or t.owner_id = any (mine)) and t.removed_at is null and t.merged_into is null and t.archived_at is null
					and search_fits(search_text(concat_ws(' ', t.name, t.company, t.email)), wanted, near)
				order by t.id desc
				limit most
			loop
				if one.id <> all (have) then
					have := have || one.id;
					workspace_id := space;
					id := one.id;
					return next;
				end if;
			end loop;
			exit when cardinality(have) >= most;
			for block in
				select m.last, bit_and(m.mask) as mask
				from unnest(long) l
				cross join lateral search_block_mask(space, l, level) m
				where not near or length(l) >= 4
				group by m.last
				having count(*) = (select count(*) from unnest(long) l where not near or length(l) >= 4) and bit_and(m.mask) <> zero
				order by m.last desc
			loop
				select b.ids into ids from search_block b where b.workspace_id = space and b.last = block.last;
				<<bits>> -- bit 0 is the newest
				loop
					hits := '{}';
					loop
						place := position(B'1' in block.mask);
						exit when place = 0;
						hits := hits || ids[place];
						block.mask := set_bit(block.mask, place - 1, 0);
						exit when cardinality(hits) = 32;
					end loop;
					exit bits when cardinality(hits) = 0;
					tries := tries + cardinality(hits);
					for one in
						select t.id
						from unnest(hits) i (id)
						join contact t on (t.workspace_id, t.id) = (space, i.id)
						where (mine is null or t.owner_id = any (mine)) and t.removed_at is null and t.merged_into is null and t.archived_at is null and search_fits(search_text(concat_ws(' ', t.name, t.company, t.email)), wanted, near)
						order by t.id desc
					loop
						if one.id <> all (have) then
							have := have || one.id;
							workspace_id := space;
							id := one.id;
							return next;
						end if;
					end loop;
					exit bits when cardinality(have) >= most or tries > 1000;
				end loop;
				exit when cardinality(have) >= most or tries > 1000;
			end loop;
		end loop;
	end loop;
end
$$;
comment on function contacts.search_more is 'Beyond those that were found by beginnings: who holds what was asked inside a word; where none does, whose words are similar. The newest first, as many as are missing';
revoke all on function contacts.search_more(text, int, uuid[]) from public;
grant execute on function contacts.search_more(text, int, uuid[]) to contacts_read;

-- What stands on pages has no blocks: it is taken again, a bite at a time, when somebody searches.
delete from contacts.search_page;
update contacts.workspace set search_upto = null where search_upto is not null;
