-- As before, but where there are many no time goes into naming those that are not looked at.
create or replace function contacts.search_found(asked text, most int) returns table (workspace_id uuid, id uuid, rank int)
language plpgsql stable security definer rows 10 set search_path = contacts, pg_temp set plan_cache_mode = force_generic_plan
	set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set random_page_cost = 1.1 as $$
#variable_conflict use_column
declare
	zero constant bit(2048) := repeat('0', 2048)::bit(2048);
	sets uuid[] := nullif(current_setting('crm.workspaces', true), '')::uuid[];
	mine uuid[] := case when current_setting('crm.scope', true) = 'own' then coalesce(nullif(current_setting('crm.users', true), '')::uuid[],
		array[nullif(current_setting('crm.user', true), '')::uuid]) end;
	wanted text[] := search_asked(asked);
	buckets smallint[] := array(
		select distinct search_gram_bucket(three)
		from unnest(wanted) w
		cross join lateral unnest(search_threes(ltrim(w))) three
		where length(ltrim(w)) >= 3);
	few boolean := cardinality(buckets) > 0 and asked !~ '^\s*#?[0-9]{1,15}\s*$' and cardinality(search_behind()) = 0;
	places uuid[] := '{}';
	hits uuid[] := '{}';
	spaces uuid[];
	lasts uuid[];
	masks bit(2048)[];
	mask bit(2048);
	one record;
	ids uuid[];
	place int;
begin
	if sets is null or most < 1 then
		return;
	end if;
	if few then -- how many there are is known before one is named
		select array_agg(x.workspace_id), array_agg(x.last), array_agg(x.mask), coalesce(sum(bit_count(x.mask)), 0) <= 200
		into spaces, lasts, masks, few
		from (
			select g.workspace_id, g.last, bit_and(g.bits) as mask
			from search_gram g
			where g.workspace_id = any (sets) and g.bucket = any (buckets)
			group by g.workspace_id, g.last
			having count(*) = cardinality(buckets) and bit_and(g.bits) <> zero
		) x;
	end if;
	if few then
		for i in 1..coalesce(cardinality(lasts), 0) loop
			select b.ids into ids from search_block b where b.workspace_id = spaces[i] and b.last = lasts[i];
			mask := masks[i];
			loop -- bit 0 is the newest
				place := position(B'1' in mask);
				exit when place = 0;
				places := places || spaces[i];
				hits := hits || ids[place];
				mask := set_bit(mask, place - 1, 0);
			end loop;
		end loop;
	end if;
	if few then
		return query
			with held as (
				select t.workspace_id, t.id, x.words
				from unnest(places, hits) i (workspace_id, id)
				join contact t on (t.workspace_id, t.id) = (i.workspace_id, i.id)
				cross join lateral (select search_text(concat_ws(' ', t.name, t.company, t.email)) as words offset 0) x
				where (mine is null or t.owner_id = any (mine)) and t.removed_at is null and t.merged_into is null and t.archived_at is null and search_fits(x.words, wanted, false)
				union all
				(select t.workspace_id, t.id, x.words -- what is newer than the last block
				from unnest(sets) i (workspace_id)
				join workspace s on s.workspace_id = i.workspace_id
				join contact t on t.workspace_id = i.workspace_id and t.id > coalesce(s.search_upto, '00000000-0000-0000-0000-000000000000')
				cross join lateral (select search_text(concat_ws(' ', t.name, t.company, t.email)) as words offset 0) x
				where (mine is null or t.owner_id = any (mine)) and t.removed_at is null and t.merged_into is null and t.archived_at is null and search_fits(x.words, wanted, false))
				union all
				select t.workspace_id, t.id, x.words -- what changed since it stood on one
				from unnest(sets) i (workspace_id)
				join search_page p on p.workspace_id = i.workspace_id and p.n = 1
				cross join lateral unnest(p.ids) o (id)
				join contact t on (t.workspace_id, t.id) = (i.workspace_id, o.id)
				cross join lateral (select search_text(concat_ws(' ', t.name, t.company, t.email)) as words offset 0) x
				where search_fits(p.words, wanted, false) and (mine is null or t.owner_id = any (mine)) and t.removed_at is null and t.merged_into is null and t.archived_at is null and search_fits(x.words, wanted, false)
			)
			select h.workspace_id, h.id, case when (select bool_and(strpos(h.words, a) > 0) from unnest(wanted) a) then 0 else 1 end
			from held h
			group by h.workspace_id, h.id, 3
			order by 3, h.id desc
			limit most;
		if not found then
			return query select m.workspace_id, m.id, case when m.near then 2 else 1 end from search_more(asked, most, '{}') m;
		end if;
		return;
	end if;
	for one in select h.workspace_id, h.id from search_hits(asked, most) h group by h.workspace_id, h.id loop
		hits := hits || one.id;
		workspace_id := one.workspace_id;
		id := one.id;
		rank := 0;
		return next;
	end loop;
	return query select m.workspace_id, m.id, case when m.near then 2 else 1 end from search_more(asked, most, hits) m;
end
$$;
