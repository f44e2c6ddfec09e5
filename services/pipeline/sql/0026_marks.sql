-- Where on a page of search a word's beginning stands. A page was read whole and each of its 256 records looked at again; now it has marks: 120 rows of 256
-- bits, a row for what a beginning of 3, 4, 5, 6, 8, 10, 12 or 16 letters hashes to (the short ones twice), a bit for each record. The rows of what is asked for, laid over each
-- other, name the records that may hold all of it (15 bytes a record, in the page's own row; written when the page is). A page without marks is read as before.
create function pipeline.search_bucket(beginning text, turn int) returns int language sql immutable
	return (hashtextextended(beginning, turn) & 1073741823) % 120;
comment on function pipeline.search_bucket is 'Which row of a page''s marks a word''s beginning stands in';

create function pipeline.search_rows(wanted text[]) returns int[] language sql immutable
	return array(
		select x.bucket * 256 + 1
		from (
			select pipeline.search_bucket(left(ltrim(w.word), n.letters), n.turn) as bucket, row_number() over (partition by w.i order by n.letters desc, n.turn) as turn, w.i
			from unnest(wanted) with ordinality as w (word, i)
			join unnest(array[3, 3, 4, 4, 5, 6, 8, 10, 12, 16], array[0, 1, 0, 1, 0, 0, 0, 0, 0, 0]) as n (letters, turn) on length(ltrim(w.word)) >= n.letters
		) x
		order by x.turn, x.i
		limit 8);
comment on function pipeline.search_rows is 'Where in a page''s marks the rows of what is asked for begin: eight at most, the longest beginning of each word first';

create function pipeline.search_marks(records text[]) returns varbit language sql immutable
	return (
		with word as (
			select w.word, bit_or(set_bit(repeat('0', 256)::bit(256), (r.i - 1)::int, 1)) as mask
			from unnest(records) with ordinality as r (words, i)
			cross join lateral unnest(string_to_array(r.words, ' ')) as w (word)
			where length(w.word) >= 3
			group by w.word
		), bucket as (
			select pipeline.search_bucket(left(w.word, n.letters), n.turn) as bucket, bit_or(w.mask) as mask
			from word w
			join unnest(array[3, 3, 4, 4, 5, 6, 8, 10, 12, 16], array[0, 1, 0, 1, 0, 0, 0, 0, 0, 0]) as n (letters, turn) on length(w.word) >= n.letters
			group by 1
		)
		select string_agg(coalesce(b.mask, repeat('0', 256)::bit(256))::text, '' order by i)::varbit
		from generate_series(0, 119) i
		left join bucket b on b.bucket = i);
comment on function pipeline.search_marks is 'The marks of up to 256 records, given as their words in the page''s order';

create function pipeline.search_laid(marks varbit, rows int[]) returns varbit language sql immutable
	return case when rows[4] is not null and substring(marks from rows[1] for 256) & substring(marks from rows[2] for 256) & substring(marks from rows[3] for 256)
			& substring(marks from rows[4] for 256) = repeat('0', 256)::varbit then repeat('0', 256)::varbit
		else substring(marks from rows[1] for 256) & substring(marks from coalesce(rows[2], rows[1]) for 256) & substring(marks from coalesce(rows[3], rows[1]) for 256)
			& substring(marks from coalesce(rows[4], rows[1]) for 256) & substring(marks from coalesce(rows[5], rows[1]) for 256)
			& substring(marks from coalesce(rows[6], rows[1]) for 256) & substring(marks from coalesce(rows[7], rows[1]) for 256)
			& substring(marks from coalesce(rows[8], rows[1]) for 256) end;
comment on function pipeline.search_laid is 'The rows of what is asked for laid over each other: a bit for each record that may hold all of it';

alter table pipeline.search_page add column marks varbit;
alter table pipeline.search_page alter marks set storage plain;
comment on column pipeline.search_page.marks is 'which of its records hold a word that begins so; null: not known, the page is read';

-- As before, but for the marks; a page after the other by its key, the newest first, so that a search ends where it has enough.
create or replace function pipeline.search_hits(asked text, most int) returns table (workspace_id uuid, id uuid)
language plpgsql stable security definer set search_path = pipeline, pg_temp set enable_seqscan = off set random_page_cost = 1.1 as $$
#variable_conflict use_column
declare
	sets uuid[] := nullif(current_setting('crm.workspaces', true), '')::uuid[];
	mine uuid[] := case when current_setting('crm.scope', true) = 'own' then coalesce(nullif(current_setting('crm.users', true), '')::uuid[],
		array[nullif(current_setting('crm.user', true), '')::uuid]) end;
	wanted text[] := pipeline.search_asked(asked);
	wanted_number bigint := case when asked ~ '^\s*#?[0-9]{1,15}\s*$' then regexp_replace(asked, '[^0-9]', '', 'g')::bigint end;
	rows int[] := pipeline.search_rows(wanted);
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
			where t.trashed_at is null and t.number = wanted_number and t.workspace_id = any (sets) and (mine is null or t.owner_id = any (mine));
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
			where t.trashed_at is null and t.workspace_id = page.workspace_id and t.id > page.upto and (mine is null or t.owner_id = any (mine))
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
				select p.ids, x.mask
				from pipeline.search_page p
				cross join lateral (select case when rows[1] is not null and p.marks is not null then pipeline.search_laid(p.marks, rows) end as mask offset 0) x
				where p.workspace_id = page.workspace_id
					and case when x.mask = repeat('0', 256)::varbit then false else (select bool_and(strpos(p.words, a) > 0) from unnest(wanted) a) end
				order by p.last desc
			loop
				for one in
					select t.workspace_id, t.id
					from unnest(words.ids) with ordinality as i (id, place)
					join pipeline.deal t on (t.workspace_id, t.id) = (page.workspace_id, i.id)
			left join pipeline.deal_contact k on (k.workspace_id, k.deal_id) = (t.workspace_id, t.id)
					where (words.mask is null or get_bit(words.mask, (i.place - 1)::int) = 1) and t.trashed_at is null and (mine is null or t.owner_id = any (mine))
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

-- The pages that stand there get theirs.
update pipeline.search_page p
set marks = m.marks
from (
	select q.workspace_id, q.last, q.n, pipeline.search_marks(array_agg(pipeline.search_text(concat_ws(' ', t.title, t.company, k.name, k.company)) order by i.place)) as marks
	from pipeline.search_page q
	cross join lateral unnest(q.ids) with ordinality as i (id, place)
	join pipeline.deal t on (t.workspace_id, t.id) = (q.workspace_id, i.id)
	left join pipeline.deal_contact k on (k.workspace_id, k.deal_id) = (t.workspace_id, t.id)
	where q.n > 1
	group by 1, 2, 3
	having count(*) = q.n
) m
where (p.workspace_id, p.last, p.n) = (m.workspace_id, m.last, m.n);
