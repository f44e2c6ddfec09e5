-- Merging two contacts or two accounts, and taking that back. A merge keeps both rows as they were and as the survivor was left, and of every table which
-- rows moved: by exactly that list they go back. The loser's row stays where it is, hidden by merged_into. Its own past (the timeline's rows of which it is
-- the subject) never moves: it is read through contacts_of, so that a rebuilt timeline is the same one.
create table contacts.merge (
	workspace_id uuid not null,
	id uuid not null,
	kind text collate "C" not null check (kind in ('contact', 'account')),
	survivor_id uuid not null,
	loser_id uuid not null,
	at timestamptz not null,
	actor_id uuid,
	survivor jsonb not null,
	loser jsonb not null,
	merged jsonb not null,
	undone_at timestamptz,
	undone_by uuid,
	kept jsonb,
	primary key (workspace_id, id)
);
create index merge_survivor on contacts.merge (workspace_id, survivor_id, at);
create index merge_loser on contacts.merge (workspace_id, loser_id, at);
comment on table contacts.merge is 'Two contacts or accounts that became one, and all it takes to part them again';
comment on column contacts.merge.workspace_id is 'whose';
comment on column contacts.merge.id is 'which';
comment on column contacts.merge.kind is 'contact or account';
comment on column contacts.merge.survivor_id is 'which stands';
comment on column contacts.merge.loser_id is 'which went into it';
comment on column contacts.merge.at is 'when';
comment on column contacts.merge.actor_id is 'who did it';
comment on column contacts.merge.survivor is 'the survivor''s row before; personal: goes with either contact';
comment on column contacts.merge.loser is 'the loser''s row before; personal: goes with either contact';
comment on column contacts.merge.merged is 'the survivor''s row after: what is another when they are parted was changed since, and stays; personal: goes with either contact';
comment on column contacts.merge.undone_at is 'when they were parted again; null: they are one';
comment on column contacts.merge.undone_by is 'by whom';
comment on column contacts.merge.kept is 'what stayed with the survivor then, because it came after the merge; personal: goes with either contact';

create table contacts.merge_part (
	workspace_id uuid not null,
	merge_id uuid not null,
	place text collate "C" not null,
	ids uuid[] not null default '{}',
	rows jsonb,
	primary key (workspace_id, merge_id, place)
);
comment on table contacts.merge_part is 'What a merge moved, table by table; gone when it was taken back';
comment on column contacts.merge_part.workspace_id is 'whose';
comment on column contacts.merge_part.merge_id is 'which merge';
comment on column contacts.merge_part.place is 'the table, and its column where it has two';
comment on column contacts.merge_part.ids is 'which rows';
comment on column contacts.merge_part.rows is 'what rows without an id of their own were; personal: goes with either contact';

create table contacts.not_duplicate (
	workspace_id uuid not null,
	a uuid not null,
	b uuid not null,
	at timestamptz not null,
	actor_id uuid,
	primary key (workspace_id, a, b),
	check (a < b)
);
comment on table contacts.not_duplicate is 'Pairs that somebody looked at: they are two';
comment on column contacts.not_duplicate.workspace_id is 'whose';
comment on column contacts.not_duplicate.a is 'the one, of the lower id';
comment on column contacts.not_duplicate.b is 'the other';
comment on column contacts.not_duplicate.at is 'when';
comment on column contacts.not_duplicate.actor_id is 'who said so';

alter table contacts.merge enable row level security;
alter table contacts.merge_part enable row level security;
alter table contacts.not_duplicate enable row level security;
revoke all on contacts.merge_part from contacts_read;
create policy read on contacts.merge for select to contacts_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and (exists (select from contacts.contact c where (c.workspace_id, c.id) = (merge.workspace_id, merge.survivor_id))
			or exists (select from contacts.account a where (a.workspace_id, a.id) = (merge.workspace_id, merge.survivor_id))));
create policy read on contacts.not_duplicate for select to contacts_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));

-- ---- who somebody was ----

create function contacts.contacts_of(asked uuid) returns setof uuid
language sql stable security definer set search_path = contacts, pg_temp as $$
	with recursive one as (
		select c.workspace_id, c.id, 0 as step
		from contacts.contact c
		where c.workspace_id = any (nullif(current_setting('crm.workspaces', true), '')::uuid[]) and c.id = asked
		union all
		select c.workspace_id, c.id, o.step + 1
		from one o
		join contacts.contact c on (c.workspace_id, c.merged_into) = (o.workspace_id, o.id)
		where o.step < 20
	)
	select o.id from one o
$$;
comment on function contacts.contacts_of is 'A contact and all that were merged into it: whose past is its own';
create function contacts.accounts_of(asked uuid) returns setof uuid
language sql stable security definer set search_path = contacts, pg_temp as $$
	with recursive one as (
		select a.workspace_id, a.id, 0 as step
		from contacts.account a
		where a.workspace_id = any (nullif(current_setting('crm.workspaces', true), '')::uuid[]) and a.id = asked
		union all
		select a.workspace_id, a.id, o.step + 1
		from one o
		join contacts.account a on (a.workspace_id, a.merged_into) = (o.workspace_id, o.id)
		where o.step < 20
	)
	select o.id from one o
$$;
comment on function contacts.accounts_of is 'The same of accounts';
revoke all on function contacts.contacts_of(uuid) from public;
revoke all on function contacts.accounts_of(uuid) from public;
grant execute on function contacts.contacts_of(uuid) to contacts_read;
grant execute on function contacts.accounts_of(uuid) to contacts_read;

create function contacts.contact_stands(workspace uuid, contact uuid, into_id uuid) returns uuid language plpgsql stable as $$
begin
	while into_id is not null loop
		select c.id, c.merged_into into contact, into_id from contacts.contact c where (c.workspace_id, c.id) = (workspace, into_id);
	end loop;
	return contact;
end $$;
comment on function contacts.contact_stands is 'Who somebody is now whose row names another: for the writer';

-- ---- what hangs on a contact or an account ----

create function contacts.merge_places(of_kind text) returns table (place text, col text, key text, about boolean, owned boolean, since text) language sql immutable as $$
	select p.place, p.col, p.key, p.about, p.owned, p.since
	from (values
		('contact', 'lead', 'contact_id', 'lead_id', false, false, 'at'),
		('contact', 'timeline', 'contact_id', 'event_id', false, false, null),
		('contact', 'conversion', 'contact_id', 'deal_id', false, false, null),
		('contact', 'activity', 'record_id', 'id', true, true, 'created_at'),
		('contact', 'notice', 'record_id', 'id', true, false, null),
		('contact', 'account', 'primary_contact_id', 'id', false, false, null),
		('contact', 'attachment', 'record_id', 'id', true, false, 'created_at'),
		('contact', 'deal_fact', 'contact_id', 'deal_id', false, false, 'created_at'),
		('account', 'contact', 'account_id', 'id', false, false, 'created_at'),
		('account', 'conversion', 'account_id', 'deal_id', false, false, 'at'),
		('account', 'activity', 'record_id', 'id', true, true, 'created_at'),
		('account', 'notice', 'record_id', 'id', true, false, null),
		('account', 'location', 'account_id', 'id', false, false, 'created_at'),
		('account', 'attachment', 'record_id', 'id', true, false, 'created_at'),
		('account', 'deal_fact', 'account_id', 'deal_id', false, false, 'created_at')
	) as p (kind, place, col, key, about, owned, since)
	where p.kind = of_kind
$$;
comment on function contacts.merge_places is 'The columns that name a contact or an account, of tables whose rows have an id: what moves when two become one. about: of these rows those that are about its kind; owned: they keep the owner of what they are about; since: what says whether a row came after a merge';

-- ---- the team's conversation: the loser's follows the survivor's, place after place ----

create function contacts.merge_rooms(workspace uuid, merge uuid, survivor uuid, loser uuid, owner uuid) returns void language plpgsql as $$
declare
	here contacts.room;
	there contacts.room;
	before bigint;
begin
	select * into there from contacts.room r where (r.workspace_id, r.room_id) = (workspace, loser);
	if not found then
		return;
	end if;
	select * into here from contacts.room r where (r.workspace_id, r.room_id) = (workspace, survivor);
	before := coalesce(here.newest, 0);
	insert into contacts.merge_part (workspace_id, merge_id, place, rows, ids)
	select workspace, merge, 'room', jsonb_build_object('loser', to_jsonb(there), 'before', before,
			'readers', coalesce((select jsonb_agg(to_jsonb(s)) from contacts.room_reader s where s.workspace_id = workspace and s.room_id in (survivor, loser)), '[]')),
		coalesce((select array_agg(m.id) from contacts.message m where (m.workspace_id, m.room_id) = (workspace, loser)), '{}');
	insert into contacts.room (workspace_id, room_id, kind, owner_id, newest)
	values (workspace, survivor, there.kind, owner, before + there.newest)
	on conflict (workspace_id, room_id) do update set newest = excluded.newest;
	update contacts.message m
	set room_id = survivor, place = m.place + before
	where (m.workspace_id, m.room_id) = (workspace, loser);
	insert into contacts.room_reader (workspace_id, user_id, room_id, seen, mentioned)
	select workspace, l.user_id, survivor, case when coalesce(s.seen, before) = before then before + l.seen else s.seen end,
		case when l.mentioned > 0 then before + l.mentioned else coalesce(s.mentioned, 0) end
	from contacts.room_reader l
	left join contacts.room_reader s on (s.workspace_id, s.user_id, s.room_id) = (workspace, l.user_id, survivor)
	where (l.workspace_id, l.room_id) = (workspace, loser)
	on conflict (workspace_id, user_id, room_id) do update set seen = excluded.seen, mentioned = excluded.mentioned;
	delete from contacts.room_reader s where (s.workspace_id, s.room_id) = (workspace, loser);
	delete from contacts.room r where (r.workspace_id, r.room_id) = (workspace, loser);
end $$;
comment on function contacts.merge_rooms is 'What was said of the loser stands after what was said of the survivor';

create function contacts.part_rooms(workspace uuid, merge uuid, survivor uuid, loser uuid, owner uuid) returns void language plpgsql as $$
declare
	part contacts.merge_part;
	there contacts.room;
	before bigint;
	upto bigint;
begin
	select * into part from contacts.merge_part p where (p.workspace_id, p.merge_id, p.place) = (workspace, merge, 'room');
	if not found then
		return;
	end if;
	there := jsonb_populate_record(null::contacts.room, part.rows -> 'loser');
	before := (part.rows ->> 'before')::bigint;
	upto := before + there.newest;
	insert into contacts.room (workspace_id, room_id, kind, owner_id, newest) values (workspace, loser, there.kind, owner, there.newest);
	update contacts.message m
	set room_id = loser, place = m.place - before
	where (m.workspace_id, m.room_id) = (workspace, survivor) and m.id = any (part.ids);
	-- what was said since closes up; turned over first, so that no place is taken twice on the way
	update contacts.message m set place = there.newest - m.place where (m.workspace_id, m.room_id) = (workspace, survivor) and m.place > upto;
	update contacts.message m set place = -m.place where (m.workspace_id, m.room_id) = (workspace, survivor) and m.place < 0;
	update contacts.room r set newest = r.newest - there.newest where (r.workspace_id, r.room_id) = (workspace, survivor);
	update contacts.room_reader s
	set seen = case when s.seen > upto then s.seen - there.newest else greatest(w.seen, 0) end,
		mentioned = case when s.mentioned > upto then s.mentioned - there.newest else coalesce(w.mentioned, 0) end
	from contacts.room_reader n
	left join jsonb_populate_recordset(null::contacts.room_reader, part.rows -> 'readers') w on w.room_id = survivor and w.user_id = n.user_id
	where (n.workspace_id, n.room_id) = (workspace, survivor) and (s.workspace_id, s.user_id, s.room_id) = (workspace, n.user_id, survivor);
	delete from contacts.room_reader s
	where (s.workspace_id, s.room_id) = (workspace, survivor) and s.seen <= before and s.mentioned <= before
		and s.user_id in (select w.user_id from jsonb_populate_recordset(null::contacts.room_reader, part.rows -> 'readers') w where w.room_id = loser)
		and s.user_id not in (select w.user_id from jsonb_populate_recordset(null::contacts.room_reader, part.rows -> 'readers') w where w.room_id = survivor);
	insert into contacts.room_reader
	select * from jsonb_populate_recordset(null::contacts.room_reader, part.rows -> 'readers') w where w.room_id = loser;
	delete from contacts.room r where (r.workspace_id, r.room_id) = (workspace, survivor) and r.newest = 0;
end $$;
comment on function contacts.part_rooms is 'What was said of the loser stands by itself again; what was said since stays with the survivor';

-- ---- which value stands ----

create function contacts.merge_fields(of_kind text) returns table (field text, cols text[]) language sql immutable as $$
	select p.field, p.cols
	from (values
		('contact', 'name', array['name', 'first_name', 'last_name']), ('contact', 'email', array['email']), ('contact', 'phone', array['phone']),
		('contact', 'company', array['company']), ('contact', 'account_id', array['account_id']), ('contact', 'type', array['type']),
		('contact', 'status', array['status']), ('contact', 'job_title', array['job_title']), ('contact', 'notes', array['notes']),
		('contact', 'user_id', array['user_id']), ('contact', 'owner_id', array['owner_id']),
		('account', 'name', array['name']), ('account', 'industry', array['industry']), ('account', 'phone', array['phone']),
		('account', 'email', array['email']), ('account', 'website', array['website']), ('account', 'address', array['address']),
		('account', 'postcode', array['postcode']), ('account', 'city', array['city']), ('account', 'country', array['country']),
		('account', 'annual_revenue', array['annual_revenue', 'annual_revenue_currency']), ('account', 'registration_no', array['registration_no']),
		('account', 'vat_no', array['vat_no']), ('account', 'notes', array['notes']), ('account', 'account_type', array['account_type']),
		('account', 'onboarding_status', array['onboarding_status']), ('account', 'primary_contact_id', array['primary_contact_id']),
		('account', 'owner_id', array['owner_id'])
	) as p (kind, field, cols)
	where p.kind = of_kind
$$;
comment on function contacts.merge_fields is 'The fields of which either value may stand, with the columns that belong together';

create function contacts.merge_row(of_kind text, survivor jsonb, loser jsonb, chosen jsonb) returns jsonb language plpgsql immutable as $$
declare
	f record;
	col text;
	ret jsonb := survivor;
begin
	for f in select m.field, m.cols from contacts.merge_fields(of_kind) m loop
		if (case chosen ->> f.field when 'loser' then true when 'survivor' then false
				else coalesce(survivor ->> f.cols[1], '') = '' and coalesce(loser ->> f.cols[1], '') <> '' end) then
			foreach col in array f.cols loop
				ret := ret || jsonb_build_object(col, loser -> col);
			end loop;
		end if;
	end loop;
	-- fields of the workspace's own and roles fill each other up; whoever is a client stays one
	if jsonb_typeof(coalesce(nullif(survivor -> 'custom', 'null'), loser -> 'custom')) = 'object' then
		ret := ret || jsonb_build_object('custom', case chosen ->> 'custom'
			when 'loser' then coalesce(nullif(survivor -> 'custom', 'null'), '{}') || coalesce(nullif(loser -> 'custom', 'null'), '{}')
			else coalesce(nullif(loser -> 'custom', 'null'), '{}') || coalesce(nullif(survivor -> 'custom', 'null'), '{}') end);
	end if;
	if of_kind = 'account' then
		ret := ret || jsonb_build_object('roles', (loser -> 'roles') || (survivor -> 'roles'));
		if loser ->> 'lifecycle' = 'client' and survivor ->> 'lifecycle' <> 'client' then
			ret := ret || jsonb_build_object('lifecycle', 'client', 'client_at', loser -> 'client_at');
		end if;
	end if;
	return ret;
end $$;
comment on function contacts.merge_row is 'The survivor''s row as the merge leaves it: what was chosen, else its own, else the loser''s';

create function contacts.merge_write(of_kind text, row_is jsonb) returns void language plpgsql as $$
begin
	if of_kind = 'contact' then
		update contacts.contact c
		set name = n.name, first_name = n.first_name, last_name = n.last_name, email = n.email, phone = n.phone, company = n.company,
			account_id = n.account_id, type = n.type, status = n.status, job_title = n.job_title, notes = n.notes, user_id = n.user_id,
			owner_id = n.owner_id, custom = n.custom, version = c.version + 1
		from jsonb_populate_record(null::contacts.contact, row_is) n
		where (c.workspace_id, c.id) = (n.workspace_id, n.id);
	else
		update contacts.account a
		set name = n.name, industry = n.industry, phone = n.phone, email = n.email, website = n.website, address = n.address, postcode = n.postcode,
			city = n.city, country = n.country, annual_revenue = n.annual_revenue, annual_revenue_currency = n.annual_revenue_currency,
			registration_no = n.registration_no, vat_no = n.vat_no, notes = n.notes, account_type = n.account_type, owner_id = n.owner_id,
			onboarding_status = n.onboarding_status, primary_contact_id = n.primary_contact_id, roles = n.roles, lifecycle = n.lifecycle,
			client_at = n.client_at, custom = n.custom, version = a.version + 1
		from jsonb_populate_record(null::contacts.account, row_is) n
		where (a.workspace_id, a.id) = (n.workspace_id, n.id);
	end if;
end $$;
comment on function contacts.merge_write is 'The row as it is from now on, one version on';

create function contacts.merge_changes(workspace uuid, of_kind text, was jsonb, now_is jsonb) returns jsonb language sql stable
	return (
		select coalesce(jsonb_agg(jsonb_build_object('field', x.field, 'old', x.old, 'new', x.new)), '[]')
		from (
			select f.field, case when f.field = 'annual_revenue' then contacts.money_json((was ->> 'annual_revenue')::bigint, was ->> 'annual_revenue_currency') ->> 'amount' else was ->> f.field end as old,
				case when f.field = 'annual_revenue' then contacts.money_json((now_is ->> 'annual_revenue')::bigint, now_is ->> 'annual_revenue_currency') ->> 'amount' else now_is ->> f.field end as new
			from (select m.field from contacts.merge_fields(of_kind) m union all select 'lifecycle' where of_kind = 'account') f
			union all
			select 'account', (select a.name from contacts.account a where (a.workspace_id, a.id) = (workspace, (was ->> 'account_id')::uuid)),
				(select a.name from contacts.account a where (a.workspace_id, a.id) = (workspace, (now_is ->> 'account_id')::uuid))
			where of_kind = 'contact'
		) x
		where x.old is distinct from x.new);
comment on function contacts.merge_changes is 'What is another between two rows, as an event says it';

-- ---- the two acts; the lane is the lock ----

create function contacts.merge_make(workspace uuid, merge uuid, of_kind text, survivor uuid, loser uuid, chosen jsonb, by_id uuid, moment timestamptz) returns jsonb
language plpgsql as $$
declare
	one jsonb;
	other jsonb;
	joined jsonb;
	place record;
	moved jsonb := '{}';
	ids uuid[];
	saved jsonb;
	owner uuid;
begin
	execute format('select to_jsonb(t) from contacts.%I t where (t.workspace_id, t.id) = ($1, $2)', of_kind) into one using workspace, survivor;
	execute format('select to_jsonb(t) from contacts.%I t where (t.workspace_id, t.id) = ($1, $2)', of_kind) into other using workspace, loser;
	joined := contacts.merge_row(of_kind, one, other, coalesce(chosen, '{}'));
	owner := (joined ->> 'owner_id')::uuid;
	insert into contacts.merge (workspace_id, id, kind, survivor_id, loser_id, at, actor_id, survivor, loser, merged)
	values (workspace, merge, of_kind, survivor, loser, moment, by_id, one, other, joined);
	execute format('update contacts.%I t set merged_into = $3, version = t.version + 1 where (t.workspace_id, t.id) = ($1, $2)', of_kind) using workspace, loser, survivor;
	perform contacts.merge_write(of_kind, joined);
	for place in select p.place, p.col, p.key, p.about, p.owned from contacts.merge_places(of_kind) p loop
		execute format('with gone as (update contacts.%I t set %I = $3%s where t.workspace_id = $1 and t.%I = $2%s returning t.%I as id) select array_agg(g.id) from gone g',
				place.place, place.col, case when place.owned then ', owner_id = $4' else '' end, place.col,
				case when place.about then format(' and t.about = %L', of_kind) else '' end, place.key)
			into ids using workspace, loser, survivor, owner;
		if ids is not null then
			insert into contacts.merge_part (workspace_id, merge_id, place, ids) values (workspace, merge, place.place || '.' || place.col, ids);
			moved := moved || jsonb_build_object(place.place, cardinality(ids));
		end if;
	end loop;
	-- tags: both's
	with had as (
		delete from contacts.tagged g where (g.workspace_id, g.record_id) = (workspace, loser) returning g.tag_id
	), added as (
		insert into contacts.tagged (workspace_id, record_id, tag_id)
		select workspace, survivor, h.tag_id from had h
		on conflict do nothing
		returning tag_id
	)
	select jsonb_build_object('had', (select jsonb_agg(h.tag_id) from had h), 'added', (select coalesce(jsonb_agg(a.tag_id), '[]') from added a))
	into saved;
	if jsonb_typeof(saved -> 'had') = 'array' then
		insert into contacts.merge_part (workspace_id, merge_id, place, rows) values (workspace, merge, 'tagged', saved);
	end if;
	-- further e-mails and phones: both's, and the first ones that are first no more
	if of_kind = 'contact' then
		with had as (
			delete from contacts.contact_reach r where (r.workspace_id, r.contact_id) = (workspace, loser) returning r.kind, r.value, r.label
		), wanted as (
			select h.kind, h.value, h.label from had h
			union all
			select f.kind, lower(f.value), null
			from (values ('email', one ->> 'email'), ('email', other ->> 'email'), ('phone', one ->> 'phone'), ('phone', other ->> 'phone')) as f (kind, value)
			where f.value <> ''
		), added as (
			insert into contacts.contact_reach (workspace_id, contact_id, kind, value, label)
			select distinct on (w.kind, w.value) workspace, survivor, w.kind, w.value, w.label
			from wanted w
			where w.value is distinct from lower(joined ->> w.kind)
			order by w.kind, w.value, w.label nulls last
			on conflict do nothing
			returning kind, value
		)
		select jsonb_build_object('had', (select coalesce(jsonb_agg(to_jsonb(h)), '[]') from had h), 'added', (select coalesce(jsonb_agg(to_jsonb(a)), '[]') from added a))
		into saved;
		insert into contacts.merge_part (workspace_id, merge_id, place, rows) values (workspace, merge, 'contact_reach', saved);
	end if;
	perform contacts.merge_rooms(workspace, merge, survivor, loser, owner);
	update contacts.timeline t set owner_id = owner where (t.workspace_id, t.subject_id) = (workspace, loser) and t.owner_id is distinct from owner;
	return jsonb_build_object('row', joined, 'changes', contacts.merge_changes(workspace, of_kind, one, joined), 'loser', other, 'moved', moved,
		'leads', coalesce((select to_jsonb(p.ids) from contacts.merge_part p where (p.workspace_id, p.merge_id, p.place) = (workspace, merge, 'lead.contact_id')), '[]'));
end $$;
comment on function contacts.merge_make is 'Two become one: what hung on the loser hangs on the survivor, and all of it is written down';

create function contacts.merge_undo(workspace uuid, merge uuid, by_id uuid, moment timestamptz) returns jsonb
language plpgsql as $$
declare
	m contacts.merge;
	here jsonb;
	there jsonb;
	parted jsonb;
	col text;
	place record;
	part contacts.merge_part;
	later jsonb := '[]';
	stayed jsonb := '{}';
	n bigint;
	leads jsonb;
	owner uuid;
begin
	select * into strict m from contacts.merge t where (t.workspace_id, t.id) = (workspace, merge);
	execute format('select to_jsonb(t) from contacts.%I t where (t.workspace_id, t.id) = ($1, $2)', m.kind) into here using workspace, m.survivor_id;
	execute format('select to_jsonb(t) from contacts.%I t where (t.workspace_id, t.id) = ($1, $2)', m.kind) into there using workspace, m.loser_id;
	owner := (there ->> 'owner_id')::uuid;
	parted := here;
	for col in select unnest(f.cols) from contacts.merge_fields(m.kind) f union all select unnest(array['custom', 'roles', 'lifecycle', 'client_at']) loop
		if not here ? col then
			continue;
		elsif here -> col is not distinct from m.merged -> col then
			parted := parted || jsonb_build_object(col, m.survivor -> col);
		else
			later := later || jsonb_build_object('field', col, 'value', here ->> col);
		end if;
	end loop;
	-- the survivor first: the loser's e-mail or name may be what it gives back
	perform contacts.merge_write(m.kind, parted);
	execute format('update contacts.%I t set merged_into = null, version = t.version + 1 where (t.workspace_id, t.id) = ($1, $2)', m.kind) using workspace, m.loser_id;
	select coalesce((select to_jsonb(p.ids) from contacts.merge_part p where (p.workspace_id, p.merge_id, p.place) = (workspace, merge, 'lead.contact_id')), '[]') into leads;
	for place in select p.place, p.col, p.key, p.about, p.owned, p.since from contacts.merge_places(m.kind) p loop
		select * into part from contacts.merge_part p where (p.workspace_id, p.merge_id, p.place) = (workspace, merge, place.place || '.' || place.col);
		if found then
			execute format('update contacts.%I t set %I = $2%s where t.workspace_id = $1 and t.%I = $3 and t.%I = any ($5)', place.place, place.col,
					case when place.owned then ', owner_id = $4' else '' end, place.col, place.key)
				using workspace, m.loser_id, m.survivor_id, owner, part.ids;
		end if;
		if place.since is not null then
			execute format('select count(*) from contacts.%I t where t.workspace_id = $1 and t.%I = $2 and t.%I > $3', place.place, place.col, place.since)
				into n using workspace, m.survivor_id, m.at;
			if n > 0 then
				stayed := stayed || jsonb_build_object(place.place, n);
			end if;
		end if;
	end loop;
	select * into part from contacts.merge_part p where (p.workspace_id, p.merge_id, p.place) = (workspace, merge, 'tagged');
	if found then
		delete from contacts.tagged g
		where (g.workspace_id, g.record_id) = (workspace, m.survivor_id) and g.tag_id in (select x::uuid from jsonb_array_elements_text(part.rows -> 'added') x);
		insert into contacts.tagged (workspace_id, record_id, tag_id)
		select workspace, m.loser_id, t.id
		from jsonb_array_elements_text(part.rows -> 'had') x
		join contacts.tag t on (t.workspace_id, t.id) = (workspace, x::uuid)
		on conflict do nothing;
	end if;
	select * into part from contacts.merge_part p where (p.workspace_id, p.merge_id, p.place) = (workspace, merge, 'contact_reach');
	if found then
		delete from contacts.contact_reach r
		using jsonb_to_recordset(part.rows -> 'added') as x (kind text, value text)
		where (r.workspace_id, r.contact_id, r.kind, r.value) = (workspace, m.survivor_id, x.kind, x.value);
		insert into contacts.contact_reach (workspace_id, contact_id, kind, value, label)
		select workspace, m.loser_id, x.kind, x.value, x.label
		from jsonb_to_recordset(part.rows -> 'had') as x (kind text, value text, label text)
		on conflict do nothing;
	end if;
	perform contacts.part_rooms(workspace, merge, m.survivor_id, m.loser_id, owner);
	update contacts.timeline t set owner_id = owner where (t.workspace_id, t.subject_id) = (workspace, m.loser_id) and t.owner_id is distinct from owner;
	delete from contacts.merge_part p where (p.workspace_id, p.merge_id) = (workspace, merge);
	update contacts.merge t
	set undone_at = moment, undone_by = by_id, kept = jsonb_build_object('fields', later, 'records', stayed)
	where (t.workspace_id, t.id) = (workspace, merge);
	return jsonb_build_object('kind', m.kind, 'row', parted, 'changes', contacts.merge_changes(workspace, m.kind, here, parted), 'loser', there,
		'kept', jsonb_build_object('fields', later, 'records', stayed), 'leads', leads);
end $$;
comment on function contacts.merge_undo is 'One becomes two again: both as they were, but for what somebody changed since, which stays with the survivor and is listed';

-- ---- how pages are written ----

create function contacts.merge_json(m contacts.merge) returns json language sql stable
	return json_build_object('id', m.id, 'workspace_id', m.workspace_id, 'kind', m.kind, 'survivor_id', m.survivor_id, 'loser_id', m.loser_id,
		'survivor_name', m.survivor ->> 'name', 'loser_name', m.loser ->> 'name', 'loser_number', (m.loser ->> 'number')::bigint, 'at', contacts.rfc3339(m.at), 'actor_id', m.actor_id,
		'undone_at', contacts.rfc3339(m.undone_at), 'undone_by', m.undone_by, 'kept', m.kept);
comment on function contacts.merge_json is 'A merge as the API writes it';

-- ---- what looks alike ----

create function contacts.phone_tail(t text) returns text language sql immutable
	return case when length(regexp_replace(t, '[^0-9]', '', 'g')) >= 8 then right(regexp_replace(t, '[^0-9]', '', 'g'), 9) end;
comment on function contacts.phone_tail is 'A phone number as it is compared: its last nine digits, whatever stands before and between; null: too short to tell';

create function contacts.company_core(t text) returns text language sql immutable
	return nullif(btrim(regexp_replace(regexp_replace(contacts.search_fold(t), '[^[:alnum:]]+', ' ', 'g'),
		'\m(b v|bv|n v|nv|v o f|vof|gmbh|ltd|limited|inc|llc|s a de c v|sa de cv|s a|s r l|srl|sa|ag|kg|bvba|holding|group|groep|the)\M', '', 'g')), '');
comment on function contacts.company_core is 'A company''s name as it is compared: folded, without its legal form';

create function contacts.site_core(t text) returns text language sql immutable
	return nullif(regexp_replace(regexp_replace(lower(btrim(t)), '^(https?://)?(www\.)?', ''), '[/?#:].*$', ''), '');
comment on function contacts.site_core is 'A site as it is compared: its host without www';

create function contacts.mail_site(t text) returns text language sql immutable
	return case when split_part(lower(t), '@', 2) !~ '^(gmail|googlemail|outlook|hotmail|live|msn|yahoo|icloud|me|ziggo|kpnmail|planet|xs4all|gmx|web|proton|protonmail)\.'
		then nullif(split_part(lower(t), '@', 2), '') end;
comment on function contacts.mail_site is 'The company behind an e-mail address; null: an address that anybody can have';

create function contacts.pair_json(kind text, a_id uuid, b_id uuid, reasons text[], score int) returns json language sql stable
	return case kind when 'contact' then (
		select json_build_object('kind', 'contact', 'workspace_id', a.workspace_id, 'score', score, 'reasons', reasons,
			'a', json_build_object('id', a.id, 'number', a.number, 'name', a.name, 'email', a.email, 'phone', a.phone, 'company', a.company, 'owner_id', a.owner_id, 'created_at', contacts.rfc3339(a.created_at)),
			'b', json_build_object('id', b.id, 'number', b.number, 'name', b.name, 'email', b.email, 'phone', b.phone, 'company', b.company, 'owner_id', b.owner_id, 'created_at', contacts.rfc3339(b.created_at)))
		from contacts.contact a
		join contacts.contact b on b.workspace_id = a.workspace_id and b.id = b_id
		where a.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and a.id = a_id)
	else (
		select json_build_object('kind', 'account', 'workspace_id', a.workspace_id, 'score', score, 'reasons', reasons,
			'a', json_build_object('id', a.id, 'number', a.number, 'name', a.name, 'email', a.email, 'phone', a.phone, 'company', a.city, 'owner_id', a.owner_id, 'created_at', contacts.rfc3339(a.created_at)),
			'b', json_build_object('id', b.id, 'number', b.number, 'name', b.name, 'email', b.email, 'phone', b.phone, 'company', b.city, 'owner_id', b.owner_id, 'created_at', contacts.rfc3339(b.created_at)))
		from contacts.account a
		join contacts.account b on b.workspace_id = a.workspace_id and b.id = b_id
		where a.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and a.id = a_id) end;
comment on function contacts.pair_json is 'Two that look alike, as the API writes them; of an account the company is its city';
