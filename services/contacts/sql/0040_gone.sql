-- What is gone for good stands in no action's list of changes either.
create or replace function contacts.trash_gone(workspace uuid, of_kind text, gone uuid) returns jsonb language plpgsql as $$
declare
	place record;
	leads jsonb;
	all_of uuid[];
begin
	-- with all that were merged into it: they are it
	execute format('with recursive one as (select $2 as id union select t.id from one o join contacts.%I t on t.workspace_id = $1 and t.merged_into = o.id) select array_agg(o.id) from one o', of_kind)
		into all_of using workspace, gone;
	select coalesce(jsonb_agg(l.lead_id), '[]') into leads from contacts.lead l where of_kind = 'contact' and l.workspace_id = workspace and l.contact_id = any (all_of);
	delete from contacts.mention m
	where m.workspace_id = workspace and (m.source_id in (select a.id from contacts.activity a where a.workspace_id = workspace and a.record_id = any (all_of))
		or m.source_id in (select g.id from contacts.message g where g.workspace_id = workspace and g.room_id = any (all_of)));
	-- a linked record that hangs on nothing else goes too
	execute format('delete from contacts.linked l where l.workspace_id = $1 and l.%I = any ($2) and l.%I is null and l.deal_id is null', of_kind || '_id', case of_kind when 'contact' then 'account_id' else 'contact_id' end)
		using workspace, all_of;
	for place in select p.place, p.col, p.goes from contacts.merge_places(of_kind) p loop
		execute format(case when place.goes then 'delete from contacts.%1$I t where t.workspace_id = $1 and t.%2$I = any ($2)'
				else 'update contacts.%1$I t set %2$I = null where t.workspace_id = $1 and t.%2$I = any ($2)' end, place.place, place.col)
			using workspace, all_of;
	end loop;
	delete from contacts.tagged t where t.workspace_id = workspace and t.record_id = any (all_of);
	delete from contacts.message t where t.workspace_id = workspace and t.room_id = any (all_of);
	delete from contacts.room_reader t where t.workspace_id = workspace and t.room_id = any (all_of);
	delete from contacts.room t where t.workspace_id = workspace and t.room_id = any (all_of);
	delete from contacts.timeline t where t.workspace_id = workspace and t.subject_id = any (all_of);
	delete from contacts.segment_member t where t.workspace_id = workspace and t.record_id = any (all_of);
	delete from contacts.not_duplicate t where t.workspace_id = workspace and (t.a = any (all_of) or t.b = any (all_of));
	delete from contacts.merge_part t using contacts.merge m
	where t.workspace_id = workspace and (m.workspace_id, m.id) = (t.workspace_id, t.merge_id) and (m.survivor_id = any (all_of) or m.loser_id = any (all_of));
	delete from contacts.merge t where t.workspace_id = workspace and (t.survivor_id = any (all_of) or t.loser_id = any (all_of));
	if of_kind = 'contact' then
		delete from contacts.contact_reach t where t.workspace_id = workspace and t.contact_id = any (all_of);
	else
		delete from contacts.account_external t where t.workspace_id = workspace and t.account_id = any (all_of);
	end if;
	delete from contacts.batch_change t where t.workspace_id = workspace and t.record_id = any (all_of);
	delete from contacts.search_page t where of_kind = 'contact' and t.workspace_id = workspace and t.n = 1 and t.last = any (all_of);
	execute format('delete from contacts.%I t where t.workspace_id = $1 and t.id = any ($2)', of_kind) using workspace, all_of;
	return jsonb_build_object('leads', leads);
end $$;

-- Pairs that look alike, and quickly: keys are compared as numbers, and only those that two or more share are looked at any further. Sorting 600,000 of them
-- wants memory for as long as somebody looks at the page.
create function contacts.duplicate_pairs(of_kind text) returns table (workspace_id uuid, a uuid, b uuid, reasons text[], score int)
language plpgsql stable set work_mem = '64MB' set jit = off set enable_nestloop = off as $$
#variable_conflict use_column
begin
	return query
	with sets as materialized (
		select nullif(current_setting('crm.workspaces', true), '')::uuid[] as workspaces
	), person as materialized (
		select c.workspace_id, c.id, lower(c.email) as email, contacts.phone_tail(c.phone) as phone, btrim(contacts.search_text(c.name)) as name, contacts.company_core(c.company) as company
		from sets s
		join contacts.contact c on c.workspace_id = any (s.workspaces)
		where of_kind = 'contact' and c.archived_at is null
	), firm as materialized (
		select t.workspace_id, t.id, contacts.company_core(t.name) as name, contacts.phone_tail(t.phone) as phone, contacts.site_core(t.website) as site, lower(t.vat_no) as vat, lower(t.registration_no) as registration
		from sets s
		join contacts.account t on t.workspace_id = any (s.workspaces)
		where of_kind = 'account' and t.archived_at is null
	), key as materialized (
		select k.workspace_id, k.reason, hashtextextended(k.key, 0) as key, k.id, k.name
		from (
			select p.workspace_id, 'email' as reason, p.email as key, p.id, p.name from person p
			union all
			select r.workspace_id, r.kind, case r.kind when 'email' then r.value else contacts.phone_tail(r.value) end, p.id, p.name
			from sets s
			join contacts.contact_reach r on r.workspace_id = any (s.workspaces) and of_kind = 'contact'
			join person p on (p.workspace_id, p.id) = (r.workspace_id, r.contact_id)
			union all
			select p.workspace_id, 'phone', p.phone, p.id, p.name from person p
			union all
			select p.workspace_id, 'name_company', p.name || '|' || p.company, p.id, p.name from person p
			union all
			select p.workspace_id, 'name', p.name, p.id, p.company from person p where strpos(p.name, ' ') > 0
			union all
			select p.workspace_id, 'fuzzy', coalesce(p.company, '@' || contacts.mail_site(p.email)), p.id, p.name from person p
			union all
			select f.workspace_id, 'name', f.name, f.id, null from firm f
			union all
			select f.workspace_id, 'phone', f.phone, f.id, f.name from firm f
			union all
			select f.workspace_id, 'website', f.site, f.id, f.name from firm f
			union all
			select f.workspace_id, 'number', x.no, f.id, f.name from firm f cross join lateral (values (f.vat), (f.registration)) as x (no)
			union all
			select f.workspace_id, 'fuzzy', left(f.name, 3), f.id, f.name from firm f
		) k
		where k.key <> ''
	), block as materialized (
		select k.workspace_id, k.reason, k.key
		from key k
		group by k.workspace_id, k.reason, k.key
		having count(*) between 2 and case k.reason when 'fuzzy' then 40 else 12 end
	), member as materialized (
		select k.workspace_id, k.reason, k.key, k.id, k.name
		from key k
		join block b on (b.workspace_id, b.reason, b.key) = (k.workspace_id, k.reason, k.key)
	), alike as (
		select distinct x.workspace_id, x.id as a, y.id as b, x.reason, f.far
		from member x
		join member y on (y.workspace_id, y.reason, y.key) = (x.workspace_id, x.reason, x.key) and y.id > x.id
		cross join lateral (select case when x.reason in ('fuzzy', 'phone') then coalesce(public.similarity(x.name, y.name), 0) else 1 end as far offset 0) f
		where (x.reason <> 'fuzzy' or (f.far >= 0.6 and x.name <> y.name)) and (x.reason <> 'name' or x.name is null or y.name is null or x.name = y.name)
	)
	select l.workspace_id, l.a, l.b, array_agg(distinct l.reason) filter (where l.reason <> 'name' or not l.twice),
		least(99, max(case l.reason when 'email' then 95 when 'number' then 95 when 'name_company' then 85 when 'website' then 80
			when 'phone' then case when l.far >= 0.3 then 85 else 55 end when 'name' then 60 else (30 + 50 * l.far)::int end) + 5 * (count(distinct l.reason) - 1))::int
	from (
		select w.*, bool_or(w.reason = 'name_company') over (partition by w.workspace_id, w.a, w.b) as twice
		from alike w
	) l
	where not exists (select from contacts.not_duplicate n where (n.workspace_id, n.a, n.b) = (l.workspace_id, l.a, l.b))
	group by l.workspace_id, l.a, l.b;
end $$;
comment on function contacts.duplicate_pairs is 'Pairs of contacts or of accounts, of those the reader may see, that share a key or nearly a name, with why and how surely';
