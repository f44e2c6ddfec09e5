-- What looks alike, kept: comparing all with all takes seconds for 100,000. Of each contact and account stands which keys it has (the end of a phone, a name, a
-- name in a company, a company), as numbers; of those that share one and fit, the pair. Written when somebody looks for duplicates, a bite at a time: a lead
-- writes none of it, but where a contact that stands here already changes, that it did.
alter table contacts.workspace add column alike_contacts uuid, add column alike_accounts uuid;
comment on column contacts.workspace.alike_contacts is 'the last contact that was compared with all others; null: none was';
comment on column contacts.workspace.alike_accounts is 'the last account that was';

create table contacts.alike_key (
	workspace_id uuid not null,
	key bigint not null,
	id uuid not null,
	primary key (workspace_id, key, id)
);
comment on table contacts.alike_key is 'By which keys a contact or account is compared; one that it has no more may stand here still, so each is looked at again';
comment on column contacts.alike_key.workspace_id is 'whose';
comment on column contacts.alike_key.key is 'what it is like, and in what, as a number';
comment on column contacts.alike_key.id is 'which contact or account';

create table contacts.alike (
	workspace_id uuid not null,
	kind text collate "C" not null check (kind in ('contact', 'account')),
	doubt smallint not null,
	a uuid not null,
	b uuid not null,
	reasons text[] not null,
	primary key (workspace_id, kind, doubt, a, b)
);
create index alike_a on contacts.alike (workspace_id, a);
create index alike_b on contacts.alike (workspace_id, b);
comment on table contacts.alike is 'Pairs that look alike, the surest first';
comment on column contacts.alike.workspace_id is 'whose';
comment on column contacts.alike.kind is 'contact or account; not personal';
comment on column contacts.alike.doubt is 'a hundred less the score';
comment on column contacts.alike.a is 'the one, of the lower id';
comment on column contacts.alike.b is 'the other';
comment on column contacts.alike.reasons is 'why: email, phone, name_company, name, fuzzy, website, number; not personal';

create table contacts.alike_mark (
	workspace_id uuid not null,
	id uuid not null,
	primary key (workspace_id, id)
);
comment on table contacts.alike_mark is 'Contacts and accounts that changed since they were compared';
comment on column contacts.alike_mark.workspace_id is 'whose';
comment on column contacts.alike_mark.id is 'which';

alter table contacts.alike_key enable row level security;
alter table contacts.alike enable row level security;
alter table contacts.alike_mark enable row level security;
revoke all on contacts.alike_key, contacts.alike_mark from contacts_read;
create policy read on contacts.alike for select to contacts_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));

create function contacts.alike_number(reason text, key text) returns bigint language sql immutable
	return hashtextextended(reason || ' ' || key, 0);
comment on function contacts.alike_number is 'A key as it is kept';

create function contacts.alike_most(reason text) returns int language sql immutable
	return case reason when 'fuzzy' then 40 when 'name' then 5 else 12 end;
comment on function contacts.alike_most is 'How many may share a key: a name of more is a frequent one, and a telephone an office''s';

create function contacts.alike_keys(of_kind text, workspace uuid, ids uuid[]) returns table (id uuid, reason text, key bigint, name text, company text)
language sql stable rows 5000 as $$
	select c.id, k.reason, contacts.alike_number(k.reason, k.key), x.name, x.company
	from unnest(ids) as i (id)
	join contacts.contact c on (c.workspace_id, c.id) = (workspace, i.id) and c.removed_at is null and c.merged_into is null and c.archived_at is null
	cross join lateral (
		select btrim(contacts.search_text(c.name)) as name, contacts.company_core(c.company) as company
		offset 0
	) x
	cross join lateral (
		values ('phone', contacts.phone_tail(c.phone)), ('name_company', x.name || '|' || x.company), ('name', case when strpos(x.name, ' ') > 0 then x.name end),
			('fuzzy', coalesce(x.company, '@' || contacts.mail_site(c.email)))
		union
		select 'phone', contacts.phone_tail(r.value)
		from contacts.contact_reach r
		where (r.workspace_id, r.contact_id) = (c.workspace_id, c.id) and r.kind = 'phone'
	) as k (reason, key)
	where of_kind = 'contact' and k.key <> ''
	union all
	select t.id, k.reason, contacts.alike_number('account ' || k.reason, k.key), x.name, null
	from unnest(ids) as i (id)
	join contacts.account t on (t.workspace_id, t.id) = (workspace, i.id) and t.removed_at is null and t.merged_into is null and t.archived_at is null
	cross join lateral (
		select contacts.company_core(t.name) as name
		offset 0
	) x
	cross join lateral (
		values ('name', x.name), ('phone', contacts.phone_tail(t.phone)), ('website', contacts.site_core(t.website)), ('number', lower(t.vat_no)),
			('number', lower(t.registration_no)), ('fuzzy', left(x.name, 3))
	) as k (reason, key)
	where of_kind = 'account' and k.key <> ''
$$;
comment on function contacts.alike_keys is 'By what each of these is compared';

-- Two share an e-mail only where one of them has it as a further one.
create function contacts.alike_mails(workspace uuid, ids uuid[]) returns table (id uuid, other uuid)
language sql stable rows 10 as $$
	select r.contact_id, c.id
	from unnest(ids) as i (id)
	join contacts.contact_reach r on (r.workspace_id, r.contact_id) = (workspace, i.id) and r.kind = 'email'
	join contacts.contact c on (c.workspace_id, lower(c.email)) = (workspace, r.value) and c.email is not null and c.email <> '' and c.removed_at is null and c.merged_into is null
	union all
	select t.id, r.contact_id
	from unnest(ids) as i (id)
	join contacts.contact t on (t.workspace_id, t.id) = (workspace, i.id)
	join contacts.contact_reach r on (r.workspace_id, r.kind, r.value) = (workspace, 'email', lower(t.email))
	union all
	select r.contact_id, o.contact_id
	from unnest(ids) as i (id)
	join contacts.contact_reach r on (r.workspace_id, r.contact_id) = (workspace, i.id) and r.kind = 'email'
	join contacts.contact_reach o on (o.workspace_id, o.kind, o.value) = (workspace, 'email', r.value)
$$;
comment on function contacts.alike_mails is 'Whose e-mail is another''s too';

create function contacts.alike_pairs(of_kind text, workspace uuid, ids uuid[]) returns table (a uuid, b uuid, reasons text[], score int)
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
			select x from block, unnest(members) x where x <> all (ids)
			union
			select other from mail where other <> all (ids))) k
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
comment on function contacts.alike_pairs is 'With whom each of these makes a pair, among all whose keys are kept, why and how surely';

create function contacts.alike_bite(workspace uuid, of_kind text, most int) returns table (known boolean, more boolean, upto uuid)
language plpgsql set enable_hashjoin = on as $$
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
	delete from contacts.alike p where p.workspace_id = workspace and p.a = any (ids);
	delete from contacts.alike p where p.workspace_id = workspace and p.b = any (ids);
	insert into contacts.alike (workspace_id, kind, doubt, a, b, reasons)
	select workspace, of_kind, 100 - p.score, p.a, p.b, p.reasons
	from contacts.alike_pairs(of_kind, workspace, ids) p;
	delete from contacts.alike_mark m where m.workspace_id = workspace and m.id = any (marked);
	update contacts.workspace w
	set alike_contacts = case of_kind when 'contact' then upto else w.alike_contacts end, alike_accounts = case of_kind when 'contact' then w.alike_accounts else upto end
	where w.workspace_id = workspace;
	return next;
end $$;
comment on function contacts.alike_bite is 'Compares the next of a workspace''s contacts or accounts with all others, and those that changed anew; more: there may be more';

create function contacts.alike_behind(of_kind text) returns uuid[] language sql stable security definer set search_path = contacts, pg_temp set enable_seqscan = off as $$
	select coalesce(array_agg(w.workspace_id), '{}')
	from contacts.workspace w
	where w.workspace_id = any (nullif(current_setting('crm.workspaces', true), '')::uuid[])
		and (exists (
				select from contacts.alike_mark m
				where m.workspace_id = w.workspace_id and exists (select from contacts.account t where (t.workspace_id, t.id) = (m.workspace_id, m.id)) = (of_kind = 'account'))
			or case of_kind when 'account' then exists (
				select from contacts.account c where c.workspace_id = w.workspace_id and c.id > coalesce(w.alike_accounts, '00000000-0000-0000-0000-000000000000'))
			else exists (
				select from contacts.contact c where c.workspace_id = w.workspace_id and c.id > coalesce(w.alike_contacts, '00000000-0000-0000-0000-000000000000')) end)
$$;
comment on function contacts.alike_behind is 'The workspaces of the reader''s set in which somebody is yet to be compared';

create function contacts.phone_bearers(tail text) returns table (workspace_id uuid, id uuid) language sql stable security definer rows 5 set search_path = contacts, pg_temp
	set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
	select k.workspace_id, k.id
	from contacts.alike_key k
	where k.workspace_id = any (nullif(current_setting('crm.workspaces', true), '')::uuid[]) and k.key = contacts.alike_number('phone', tail) and tail is not null
	union
	select w.workspace_id, n.id
	from contacts.workspace w
	cross join lateral (
		select c.id, c.phone
		from contacts.contact c
		where c.workspace_id = w.workspace_id and c.id > coalesce(w.alike_contacts, '00000000-0000-0000-0000-000000000000')
		order by c.id desc
		limit 100000
	) n
	where w.workspace_id = any (nullif(current_setting('crm.workspaces', true), '')::uuid[]) and tail is not null and contacts.phone_ends(n.phone, tail)
	union
	select m.workspace_id, m.id
	from contacts.alike_mark m
	join contacts.contact c on (c.workspace_id, c.id) = (m.workspace_id, m.id)
	where m.workspace_id = any (nullif(current_setting('crm.workspaces', true), '')::uuid[]) and contacts.phone_ends(c.phone, tail)
$$;
comment on function contacts.phone_bearers is 'Which contacts may have a phone of this end of nine digits: to be looked at again, under the reader''s rights; of those not compared yet the newest 100,000';
revoke all on function contacts.alike_behind(text), contacts.phone_bearers(text) from public;
grant execute on function contacts.alike_behind(text), contacts.phone_bearers(text) to contacts_read;

drop function contacts.duplicate_pairs(text);
