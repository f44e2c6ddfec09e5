-- Search by the beginnings of words. An index of words costs every record a kilobyte of log (measured: trigrams 1,125 bytes, a row a word 1,578,
-- an inverted index of pages 990), so there is none: the texts of 256 records stand folded in one row, written when somebody searches and not before
-- (30 bytes a record), and a search reads them from the newest on: a million records in 45 ms, most words in one. What is newer than the last page is
-- read as it is; a record that changed, or came late, has a page of its own beside. A hit on a page only names records: each is looked at again.
create function contacts.search_fold(t text) returns text language sql immutable
	return case when octet_length(t) = length(t) then lower(t)
		else replace(replace(replace(replace(translate(lower(regexp_replace(normalize(t, NFKD), '[\u0300-\u036f]', '', 'g')),
			'øłđıðħŧ', 'oldidht'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th') end;
comment on function contacts.search_fold is 'A text without case and accents: Müller is muller';

create function contacts.search_text(t text) returns text language sql immutable
	return ' ' || regexp_replace(contacts.search_fold(t), '[^[:alnum:]]+', ' ', 'g');
comment on function contacts.search_text is 'Its words, each after a blank, so that a word''s beginning is found by its blank';

create function contacts.search_asked(q text) returns text[] language sql immutable
	return array(select ' ' || w from regexp_split_to_table(contacts.search_fold(q), '[^[:alnum:]]+') as w where w <> '' limit 6);
comment on function contacts.search_asked is 'The beginnings of words that somebody looks for';

alter table contacts.workspace add column search_upto uuid;
comment on column contacts.workspace.search_upto is 'the last contact that stands on a page of search; null: none does';

create table contacts.search_page (
	workspace_id uuid not null,
	last uuid not null,
	n smallint not null,
	ids uuid[] not null,
	words text collate "C" not null,
	primary key (workspace_id, last, n)
);
alter table contacts.search_page alter ids set compression lz4;
alter table contacts.search_page alter words set compression lz4;
comment on table contacts.search_page is 'The words of a page of contacts, for search';
comment on column contacts.search_page.workspace_id is 'whose';
comment on column contacts.search_page.last is 'the newest contact on the page';
comment on column contacts.search_page.n is 'how many: 1 is one that changed or came late';
comment on column contacts.search_page.ids is 'which';
comment on column contacts.search_page.words is 'their words as they were, each after a blank';
alter table contacts.search_page enable row level security;
revoke all on contacts.search_page from contacts_read;

create function contacts.search_hits(asked text, most int) returns table (workspace_id uuid, id uuid)
language plpgsql stable security definer set search_path = contacts, pg_temp as $$
#variable_conflict use_column
declare
	sets uuid[] := nullif(current_setting('crm.workspaces', true), '')::uuid[];
	mine uuid[] := case when current_setting('crm.scope', true) = 'own' then coalesce(nullif(current_setting('crm.users', true), '')::uuid[],
		array[nullif(current_setting('crm.user', true), '')::uuid]) end;
	wanted text[] := contacts.search_asked(asked);
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
			from contacts.contact t
			where t.number = wanted_number and t.workspace_id = any (sets) and (mine is null or t.owner_id = any (mine));
	end if;
	if cardinality(wanted) = 0 or (wanted_number is not null and asked like '%#%') then
		return;
	end if;
	for page in
		select w.id as workspace_id, coalesce(s.search_upto, '00000000-0000-0000-0000-000000000000') as upto
		from unnest(sets) as w (id)
		join contacts.workspace s on s.workspace_id = w.id
	loop
		return query
			select t.workspace_id, t.id
			from contacts.contact t
			where t.workspace_id = page.workspace_id and t.id > page.upto and (mine is null or t.owner_id = any (mine))
				and (select bool_and(strpos(x.words, a) > 0) from (select contacts.search_text(concat_ws(' ', t.name, t.company, t.email)) as words offset 0) x, unnest(wanted) a)
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
				from contacts.search_page p
				where p.workspace_id = page.workspace_id and (select bool_and(strpos(p.words, a) > 0) from unnest(wanted) a)
				order by p.last desc
			loop
				for one in
					select t.workspace_id, t.id
					from unnest(words.ids) as i (id)
					join contacts.contact t on (t.workspace_id, t.id) = (page.workspace_id, i.id)
					where (mine is null or t.owner_id = any (mine))
						and (select bool_and(strpos(x.words, a) > 0) from (select contacts.search_text(concat_ws(' ', t.name, t.company, t.email)) as words offset 0) x, unnest(wanted) a)
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
comment on function contacts.search_hits is 'The contacts of the reader''s set that it may see and that hold all beginnings of words, the newest of each workspace; or bear the number';

create function contacts.search_behind() returns uuid[] language plpgsql stable security definer set search_path = contacts, pg_temp as $$
begin
	return array(
		select s.workspace_id
		from contacts.workspace s
		where s.workspace_id = any (nullif(current_setting('crm.workspaces', true), '')::uuid[])
			and exists (
				select from contacts.contact t
				where t.workspace_id = s.workspace_id and t.id > coalesce(s.search_upto, '00000000-0000-0000-0000-000000000000')
				offset 1000));
end
$$;
comment on function contacts.search_behind is 'The workspaces of the reader''s set with so many contacts behind the last page that they should be written';
revoke all on function contacts.search_hits(text, int), contacts.search_behind() from public;
grant execute on function contacts.search_hits(text, int), contacts.search_behind() to contacts_read;
