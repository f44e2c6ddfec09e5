-- A bite of the comparing is as long at a million contacts as at the first: the plans below were made when the table of pairs was empty and kept, and looked
-- at every pair for every id. Each id asks its indexes now, whatever the table was when the plan was made.
create or replace function contacts.alike_pairs(of_kind text, workspace uuid, ids uuid[]) returns table (a uuid, b uuid, reasons text[], score int)
language plpgsql stable set enable_hashjoin = on set enable_nestloop = on set work_mem = '16MB' as $$
#variable_conflict use_column
begin
	return query
	with mine as materialized (
		select k.id, k.reason, k.key, k.name, k.company
		from contacts.alike_keys(of_kind, workspace, ids) k
	), block as materialized (
		select d.reason, d.key, count(*) as n, array_agg(x.id) as members
		from (
			select distinct m.reason, m.key
			from mine m
		) d
		cross join lateral (
			select k.id
			from contacts.alike_key k
			where k.workspace_id = workspace and k.key = d.key
			limit 41
		) x
		group by d.reason, d.key
		having count(*) between 2 and contacts.alike_most(d.reason)
	), mail as materialized (
		select distinct e.id, e.other
		from contacts.alike_mails(workspace, ids) e
		where of_kind = 'contact' and e.id <> e.other
	), theirs as materialized (
		select k.id, k.reason, k.key, k.name, k.company
		from contacts.alike_keys(of_kind, workspace, array(
			(select x from block, unnest(members) x
			union all
			select other from mail)
			except
			select x from unnest(ids) x)) k
		union all
		select m.id, m.reason, m.key, m.name, m.company
		from mine m
	), said as (
		select distinct least(m.id, o.id) as a, greatest(m.id, o.id) as b, m.reason, k.n, m.name, o.name as other_name, m.company, o.company as other_company
		from mine m
		join block k on k.key = m.key
		join theirs o on o.key = m.key and o.id <> m.id
		union all
		select distinct least(e.id, e.other), greatest(e.id, e.other), 'email', 2::bigint, null::text, null::text, null::text, null::text
		from mail e
		where (select count(*) from contacts.contact c where c.workspace_id = workspace and c.id in (e.id, e.other) and c.removed_at is null and c.merged_into is null and c.archived_at is null) = 2
	), alike as (
		select distinct s.a, s.b, s.reason, f.far
		from said s
		cross join lateral (select case when s.reason in ('fuzzy', 'phone') then coalesce(public.similarity(s.name, s.other_name), 0) else 1 end as far offset 0) f
		where case s.reason when 'fuzzy' then f.far >= 0.6 and s.name <> s.other_name
			when 'name' then of_kind = 'account' or s.company is null or s.other_company is null or s.company = s.other_company
			when 'phone' then s.n <= 3 or f.far >= 0.5 -- a number of four is their company's: two who are called alike are one still
			else true end
	)
	select l.a, l.b, array_agg(distinct l.reason) filter (where l.reason <> 'name' or not l.twice),
		least(99, max(case l.reason when 'email' then 95 when 'number' then 95 when 'name_company' then 85 when 'website' then 80
			when 'phone' then case when l.far >= 0.3 then 85 else 55 end when 'name' then 60 else (30 + 50 * l.far)::int end) + 5 * (count(distinct l.reason) - 1))::int
	from (
		select w.*, bool_or(w.reason = 'name_company') over (partition by w.a, w.b) as twice
		from alike w
	) l
	group by l.a, l.b;
end $$;

create or replace function contacts.alike_bite(workspace uuid, of_kind text, most int) returns table (known boolean, more boolean, upto uuid)
language plpgsql set enable_hashjoin = on set enable_seqscan = off as $$
#variable_conflict use_variable
declare
	was uuid;
	marked uuid[];
	fresh uuid[];
	ids uuid[];
	again uuid[];
begin
	select case of_kind when 'contact' then w.alike_contacts else w.alike_accounts end into was from contacts.workspace w where w.workspace_id = workspace;
	known := found;
	if not known then
		return next;
		return;
	end if;
	if of_kind = 'contact' then
		marked := array( -- one that is gone for good is nobody's account, and goes from here too
			select m.id
			from contacts.alike_mark m
			where m.workspace_id = workspace and not exists (select from contacts.account t where (t.workspace_id, t.id) = (workspace, m.id))
			limit most);
		fresh := array(select c.id from contacts.contact c where c.workspace_id = workspace and c.id > coalesce(was, '00000000-0000-0000-0000-000000000000') order by c.id limit most);
	else
		marked := array(
			select m.id
			from contacts.alike_mark m
			join contacts.account t on (t.workspace_id, t.id) = (workspace, m.id)
			where m.workspace_id = workspace
			limit most);
		fresh := array(select c.id from contacts.account c where c.workspace_id = workspace and c.id > coalesce(was, '00000000-0000-0000-0000-000000000000') order by c.id limit most);
	end if;
	ids := array(select x from unnest(marked || fresh) x group by x);
	upto := coalesce(fresh[cardinality(fresh)], was, '00000000-0000-0000-0000-000000000000');
	more := cardinality(marked) = most or cardinality(fresh) = most;
	with own as materialized (
		select k.id, k.reason, k.key from contacts.alike_keys(of_kind, workspace, ids) k
	), kept as (
		insert into contacts.alike_key as t (workspace_id, key, id)
		select distinct workspace, o.key, o.id from own o
		on conflict do nothing
		returning t.key, t.id
	), grown as ( -- what is shared by more than is told apart by it now: those that it made pairs of are looked at again
		select b.key
		from (
			select k.key, o.reason, count(*) as new, (select count(*) from (select from contacts.alike_key t where t.workspace_id = workspace and t.key = k.key limit 42) x) as before
			from kept k
			join own o on o.key = k.key and o.id = k.id
			group by k.key, o.reason
		) b
		where (b.before <= contacts.alike_most(b.reason) and b.before + b.new > contacts.alike_most(b.reason)) or (b.reason = 'phone' and b.before <= 3 and b.before + b.new > 3)
	)
	select array(select distinct t.id from grown g join contacts.alike_key t on t.workspace_id = workspace and t.key = g.key) into again;
	ids := array(select x from unnest(ids || again) x group by x);
	delete from contacts.alike p
	where p.ctid = any (array(
		select q.ctid
		from unnest(ids) x
		cross join lateral (
			select t.ctid from contacts.alike t where t.workspace_id = workspace and t.a = x
			union all
			select t.ctid from contacts.alike t where t.workspace_id = workspace and t.b = x
		) q));
	insert into contacts.alike (workspace_id, kind, doubt, a, b, reasons)
	select workspace, of_kind, 100 - p.score, p.a, p.b, p.reasons
	from contacts.alike_pairs(of_kind, workspace, ids) p;
	delete from contacts.alike_mark m where m.workspace_id = workspace and m.id = any (marked);
	update contacts.workspace w
	set alike_contacts = case of_kind when 'contact' then upto else w.alike_contacts end, alike_accounts = case of_kind when 'contact' then w.alike_accounts else upto end
	where w.workspace_id = workspace;
	return next;
end $$;
