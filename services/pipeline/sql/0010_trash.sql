-- Deals that were thrown away, and what one action did. A trashed deal keeps its row and its number, so that it can come back and its lead gets no
-- second one; it stands in no stage (the stage of zeros, sums and all), and readers do not see it: no board, list, count, search or export has to know.
alter table pipeline.deal
	add column trashed_at timestamptz,
	add column trashed_by uuid,
	add column trashed_from uuid;
comment on column pipeline.deal.trashed_at is 'when it was thrown away; null: it was not';
comment on column pipeline.deal.trashed_by is 'who did it';
comment on column pipeline.deal.trashed_from is 'the stage it stood in';
create index deal_trash on pipeline.deal (workspace_id, trashed_at, id) where trashed_at is not null;

alter policy read on pipeline.deal
	using (trashed_at is null and workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and ((select current_setting('crm.scope', true)) is distinct from 'own'
			or owner_id = any (coalesce((select nullif(current_setting('crm.users', true), ''))::uuid[],
				array[(select nullif(current_setting('crm.user', true), ''))::uuid]))));
alter policy read on pipeline.stage_sum
	using (stage_id <> '00000000-0000-0000-0000-000000000000' and workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and ((select current_setting('crm.scope', true)) is distinct from 'own'
			or owner_id = any (coalesce((select nullif(current_setting('crm.users', true), ''))::uuid[],
				array[(select nullif(current_setting('crm.user', true), ''))::uuid]))));

create function pipeline.trash_rows(before_at timestamptz, before_id uuid, most int) returns setof pipeline.deal
language sql stable security definer set search_path = pipeline, pg_temp as $$
	select d
	from pipeline.deal d
	where d.trashed_at is not null and d.workspace_id = any (nullif(current_setting('crm.workspaces', true), '')::uuid[])
		and (current_setting('crm.scope', true) is distinct from 'own'
			or d.owner_id = any (coalesce(nullif(current_setting('crm.users', true), '')::uuid[], array[nullif(current_setting('crm.user', true), '')::uuid])))
		and (before_at is null or (d.trashed_at, d.id) < (before_at, before_id))
	order by d.trashed_at desc, d.id desc
	limit most
$$;
comment on function pipeline.trash_rows is 'The trashed deals of the reader''s set that it may see, the latest first';
revoke all on function pipeline.trash_rows(timestamptz, uuid, int) from public;
grant execute on function pipeline.trash_rows(timestamptz, uuid, int) to pipeline_read;

alter table pipeline.deal_change
	add column batch_id uuid,
	add column since timestamptz;
comment on column pipeline.deal_change.batch_id is 'the action it belongs to: what came of one request bears one id; null: from before this was kept';
comment on column pipeline.deal_change.since is 'of a move: when the deal had entered the stage it left, to put it back where it was';
create index deal_change_batch on pipeline.deal_change (workspace_id, batch_id, deal_id);

-- As before, but for what was thrown away: it is no hit, and takes no hit's place.
create or replace function pipeline.search_hits(asked text, most int) returns table (workspace_id uuid, id uuid)
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
					where t.trashed_at is null and (mine is null or t.owner_id = any (mine))
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
