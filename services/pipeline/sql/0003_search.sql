-- Search by the beginnings of words. An index of words costs every record a kilobyte of log (measured: trigrams 1,125 bytes, a row a word 1,578,
-- an inverted index of pages 990), so there is none: the texts of 256 records stand folded in one row, written when somebody searches and not before
-- (30 bytes a record), and a search reads them from the newest on: a million records in 45 ms, most words in one. What is newer than the last page is
-- read as it is; a record that changed, or came late, has a page of its own beside. A hit on a page only names records: each is looked at again.
create function pipeline.search_fold(t text) returns text language sql immutable
	return case when octet_length(t) = length(t) then lower(t)
		else replace(replace(replace(replace(translate(lower(regexp_replace(normalize(t, NFKD), '[\u0300-\u036f]', '', 'g')),
			'øłđıðħŧ', 'oldidht'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th') end;
comment on function pipeline.search_fold is 'A text without case and accents: Müller is muller';

create function pipeline.search_text(t text) returns text language sql immutable
	return ' ' || regexp_replace(pipeline.search_fold(t), '[^[:alnum:]]+', ' ', 'g');
comment on function pipeline.search_text is 'Its words, each after a blank, so that a word''s beginning is found by its blank';

create function pipeline.search_asked(q text) returns text[] language sql immutable
	return array(select ' ' || w from regexp_split_to_table(pipeline.search_fold(q), '[^[:alnum:]]+') as w where w <> '' limit 6);
comment on function pipeline.search_asked is 'The beginnings of words that somebody looks for';

alter table pipeline.workspace add column search_upto uuid;
comment on column pipeline.workspace.search_upto is 'the last deal that stands on a page of search; null: none does';

create table pipeline.search_page (
	workspace_id uuid not null,
	last uuid not null,
	n smallint not null,
	ids uuid[] not null,
	words text collate "C" not null,
	primary key (workspace_id, last, n)
);
alter table pipeline.search_page alter ids set compression lz4;
alter table pipeline.search_page alter words set compression lz4;
comment on table pipeline.search_page is 'The words of a page of deals, for search';
comment on column pipeline.search_page.workspace_id is 'whose';
comment on column pipeline.search_page.last is 'the newest deal on the page';
comment on column pipeline.search_page.n is 'how many: 1 is one that changed or came late';
comment on column pipeline.search_page.ids is 'which';
comment on column pipeline.search_page.words is 'their words as they were, each after a blank';
alter table pipeline.search_page enable row level security;
revoke all on pipeline.search_page from pipeline_read;

create function pipeline.search_hits(asked text, most int) returns table (workspace_id uuid, id uuid)
language plpgsql stable security definer set search_path = pipeline, pg_temp as $$
#variable_conflict use_column
declare
	sets uuid[] := nullif(current_setting('crm.workspaces', true), '')::uuid[];
	mine uuid[] := case when current_setting('crm.scope', true) = 'own' then coalesce(nullif(current_setting('crm.users', true), '')::uuid[],
		array[nullif(current_setting('crm.user', true), '')::uuid]) end;
	wanted text[] := pipeline.search_asked(asked);
	wanted_number bigint := case when asked ~ '^\s*#?[0-9]{1,15}\s*$' then regexp_replace(asked, '[^0-9]', '', 'g')::bigint end;
	page record;
	found_here int;
begin
	if sets is null or most < 1 then
		return;
	end if;
	if wanted_number is not null then
		return query
			select t.workspace_id, t.id
			from pipeline.deal t
			where t.number = wanted_number and t.workspace_id = any (sets) and (mine is null or t.owner_id = any (mine));
	end if;
	if cardinality(wanted) = 0 or (wanted_number is not null and asked like '%#%') then
		return;
	end if;
	for page in
		select w.id as workspace_id, coalesce(s.search_upto, '00000000-0000-0000-0000-000000000000') as upto
		from unnest(sets) as w (id)
		join pipeline.workspace s on s.workspace_id = w.id
	loop
		return query
			select t.workspace_id, t.id
			from pipeline.deal t
			left join pipeline.deal_contact k on (k.workspace_id, k.deal_id) = (t.workspace_id, t.id)
			where t.workspace_id = page.workspace_id and t.id > page.upto and (mine is null or t.owner_id = any (mine))
				and (select bool_and(strpos(x.words, a) > 0) from (select pipeline.search_text(concat_ws(' ', t.title, t.company, k.name, k.company)) as words offset 0) x, unnest(wanted) a)
			order by t.id desc
			limit most;
	end loop;
	for page in select w.id as workspace_id from unnest(sets) as w (id) loop
		found_here := 0;
		declare
			words record;
			one record;
		begin
			for words in
				select p.ids
				from pipeline.search_page p
				where p.workspace_id = page.workspace_id and (select bool_and(strpos(p.words, a) > 0) from unnest(wanted) a)
				order by p.last desc
			loop
				for one in
					select t.workspace_id, t.id
					from unnest(words.ids) as i (id)
					join pipeline.deal t on (t.workspace_id, t.id) = (page.workspace_id, i.id)
			left join pipeline.deal_contact k on (k.workspace_id, k.deal_id) = (t.workspace_id, t.id)
					where (mine is null or t.owner_id = any (mine))
						and (select bool_and(strpos(x.words, a) > 0) from (select pipeline.search_text(concat_ws(' ', t.title, t.company, k.name, k.company)) as words offset 0) x, unnest(wanted) a)
					order by t.id desc
				loop
					workspace_id := one.workspace_id;
					id := one.id;
					found_here := found_here + 1;
					return next;
				end loop;
				exit when found_here >= most;
			end loop;
		end;
	end loop;
end
$$;
comment on function pipeline.search_hits is 'The deals of the reader''s set that it may see and that hold all beginnings of words, the newest of each workspace; or bear the number';

create function pipeline.search_behind() returns uuid[] language plpgsql stable security definer set search_path = pipeline, pg_temp as $$
begin
	return array(
		select s.workspace_id
		from pipeline.workspace s
		where s.workspace_id = any (nullif(current_setting('crm.workspaces', true), '')::uuid[])
			and exists (
				select from pipeline.deal t
				where t.workspace_id = s.workspace_id and t.id > coalesce(s.search_upto, '00000000-0000-0000-0000-000000000000')
				offset 1000));
end
$$;
comment on function pipeline.search_behind is 'The workspaces of the reader''s set with so many deals behind the last page that they should be written';
revoke all on function pipeline.search_hits(text, int), pipeline.search_behind() from public;
grant execute on function pipeline.search_hits(text, int), pipeline.search_behind() to pipeline_read;
