-- What search asks of words stands once for all services (bus: 0009_search.sql). These names stay for what calls them so.
create or replace function contacts.search_gram_bucket(three text) returns smallint language sql immutable
	return search_three_bucket(three);
create or replace function contacts.search_threes(t text) returns text[] language sql immutable
	return search_threes_of(t);
create or replace function contacts.search_fits(words text, asked text[], near boolean) returns boolean language sql immutable
	return search_words_fit(words, asked, near);
create or replace function contacts.search_at_least(rows bit(2048)[], most int) returns bit(2048) language sql immutable
	return search_bits_at_least(rows, most);
drop function contacts.search_near(text, text);
drop function contacts.search_distance(text, text, int);

-- Companies by their words, by the index: looking at each of 50,000 takes two hundred milliseconds. No lead makes a company, so none pays for it.
create function contacts.account_words(name text, city text) returns text language sql immutable
	return contacts.search_text(name || ' ' || coalesce(city, ''));
comment on function contacts.account_words is 'The words that a company is found by, each after a blank';
create index account_word on contacts.account using gin (contacts.account_words(name, city) public.gin_trgm_ops) where removed_at is null and merged_into is null;
create index account_core on contacts.account using gin (contacts.company_core(name) public.gin_trgm_ops) where removed_at is null and merged_into is null;

create function contacts.account_hits(q text) returns table (workspace_id uuid, id uuid, rank int)
language plpgsql stable security definer rows 20 set search_path = contacts, public, pg_temp set plan_cache_mode = force_custom_plan set enable_seqscan = off
	set pg_trgm.word_similarity_threshold = 0.3 as $$
#variable_conflict use_column
declare
	sets uuid[] := nullif(current_setting('crm.workspaces', true), '')::uuid[];
	mine uuid[] := case when current_setting('crm.scope', true) = 'own' then coalesce(nullif(current_setting('crm.users', true), '')::uuid[],
		array[nullif(current_setting('crm.user', true), '')::uuid]) end;
	asked text[] := contacts.search_asked(q);
	named bigint := case when q ~ '^\s*#?[0-9]{1,15}\s*$' then regexp_replace(q, '[^0-9]', '', 'g')::bigint end;
	long text;
begin
	if named is not null then
		return query
			select a.workspace_id, a.id, 0
			from contacts.account a
			where a.number = named and a.workspace_id = any (sets) and (mine is null or a.owner_id = any (mine)) and a.removed_at is null and a.merged_into is null;
	end if;
	if q ~ '^\s*#[0-9]+\s*$' or cardinality(asked) = 0 then
		return;
	end if;
	select case when length(w) > 3 then ltrim(w) else w end into long from unnest(asked) w order by length(w) desc limit 1;
	return query
		select a.workspace_id, a.id, case when (select bool_and(strpos(contacts.account_words(a.name, a.city), x) > 0) from unnest(asked) x) then 0 else 1 end
		from contacts.account a
		where contacts.account_words(a.name, a.city) like '%' || long || '%' and a.workspace_id = any (sets) and (mine is null or a.owner_id = any (mine))
			and a.removed_at is null and a.merged_into is null and a.archived_at is null and contacts.search_fits(contacts.account_words(a.name, a.city), asked, false)
		order by 3, a.id desc
		limit 200;
	if found or named is not null or length(long) < 4 then
		return;
	end if;
	return query
		select a.workspace_id, a.id, 2
		from contacts.account a
		where contacts.account_words(a.name, a.city) %> long and a.workspace_id = any (sets) and (mine is null or a.owner_id = any (mine))
			and a.removed_at is null and a.merged_into is null and a.archived_at is null and contacts.search_fits(contacts.account_words(a.name, a.city), asked, true)
		order by a.id desc
		limit 200;
end
$$;
comment on function contacts.account_hits is 'The companies that the reader may see and that hold what was asked: by beginnings, else inside words, else similar (2); or bear the number';

create function contacts.accounts_near(name text, phone text, site text) returns table (workspace_id uuid, id uuid)
language plpgsql stable security definer rows 20 set search_path = contacts, public, pg_temp set enable_seqscan = off set pg_trgm.similarity_threshold = 0.6 as $$
#variable_conflict use_column
declare
	sets uuid[] := nullif(current_setting('crm.workspaces', true), '')::uuid[];
begin
	return query
		select a.workspace_id, a.id
		from contacts.account a
		where contacts.company_core(a.name) % accounts_near.name and a.workspace_id = any (sets) and a.removed_at is null and a.merged_into is null
		union
		select k.workspace_id, k.id
		from contacts.alike_key k
		where k.workspace_id = any (sets) and k.key in (contacts.alike_number('account phone', accounts_near.phone), contacts.alike_number('account website', accounts_near.site))
		union
		(select a.workspace_id, a.id -- not compared yet
		from contacts.workspace w
		join contacts.account a on a.workspace_id = w.workspace_id and a.id > coalesce(w.alike_accounts, '00000000-0000-0000-0000-000000000000')
		where w.workspace_id = any (sets) and (accounts_near.phone is not null or accounts_near.site is not null)
		order by a.id desc
		limit 5000)
		union
		select m.workspace_id, m.id
		from contacts.alike_mark m
		where m.workspace_id = any (sets);
end
$$;
comment on function contacts.accounts_near is 'Which companies may be one of this name, phone or site: to be looked at again, under the reader''s rights';
revoke all on function contacts.account_hits(text), contacts.accounts_near(text, text, text) from public;
grant execute on function contacts.account_hits(text), contacts.accounts_near(text, text, text) to contacts_read;
