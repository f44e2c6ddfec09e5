-- What lies in the trash for 30 days is gone for good, with all that hung on it alone; and what hangs on a contact or an account, anew: linked records,
-- facts and names in other systems are there since.
create index contact_gone on contacts.contact (removed_at) where removed_at is not null;
create index account_gone on contacts.account (removed_at) where removed_at is not null;

drop function contacts.merge_places(text);
create function contacts.merge_places(of_kind text) returns table (place text, col text, key text, about boolean, owned boolean, since text, goes boolean, alone text[]) language sql immutable as $$
	select p.place, p.col, p.key, p.about, p.owned, p.since, p.goes, p.alone
	from (values
		('contact', 'lead', 'contact_id', 'lead_id', false, false, 'at', false, null::text[]),
		('contact', 'timeline', 'contact_id', 'event_id', false, false, null, false, null),
		('contact', 'conversion', 'contact_id', 'deal_id', false, false, null, false, null),
		('contact', 'activity', 'record_id', 'id', true, true, 'created_at', true, null),
		('contact', 'notice', 'record_id', 'id', true, false, null, true, null),
		('contact', 'account', 'primary_contact_id', 'id', false, false, null, false, null),
		('contact', 'attachment', 'record_id', 'id', true, false, 'created_at', true, null),
		('contact', 'deal_fact', 'contact_id', 'deal_id', false, false, 'created_at', false, null),
		('contact', 'linked', 'contact_id', 'id', false, true, 'created_at', false, null),
		('contact', 'fact', 'about_id', 'id', true, true, null, true, array['panel', 'key']),
		('account', 'contact', 'account_id', 'id', false, false, 'created_at', false, null),
		('account', 'conversion', 'account_id', 'deal_id', false, false, 'at', false, null),
		('account', 'activity', 'record_id', 'id', true, true, 'created_at', true, null),
		('account', 'notice', 'record_id', 'id', true, false, null, true, null),
		('account', 'location', 'account_id', 'id', false, false, 'created_at', true, null),
		('account', 'attachment', 'record_id', 'id', true, false, 'created_at', true, null),
		('account', 'deal_fact', 'account_id', 'deal_id', false, false, 'created_at', false, null),
		('account', 'linked', 'account_id', 'id', false, true, 'created_at', false, null),
		('account', 'fact', 'about_id', 'id', true, true, null, true, array['panel', 'key'])
	) as p (kind, place, col, key, about, owned, since, goes, alone)
	where p.kind = of_kind
$$;
comment on function contacts.merge_places is 'The columns that name a contact or an account, of tables whose rows have an id: what moves when two become one. about: of these rows those that are about its kind; owned: they keep the owner of what they are about; since: what says whether a row came after a merge; goes: the row is nothing without it; alone: no two rows of one record agree in these';

create or replace function contacts.merge_make(workspace uuid, merge uuid, of_kind text, survivor uuid, loser uuid, chosen jsonb, by_id uuid, moment timestamptz) returns jsonb
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
	for place in select p.place, p.col, p.key, p.about, p.owned, p.alone from contacts.merge_places(of_kind) p loop
		execute format('with gone as (update contacts.%I t set %I = $3%s where t.workspace_id = $1 and t.%I = $2%s%s returning t.%I as id) select array_agg(g.id) from gone g',
				place.place, place.col, case when place.owned then ', owner_id = $4' else '' end, place.col,
				case when place.about then format(' and t.about = %L', of_kind) else '' end,
				case when place.alone is not null then format(' and not exists (select from contacts.%I s where s.workspace_id = $1 and s.%I = $3 and %s)', place.place, place.col,
					(select string_agg(format('s.%I = t.%I', a, a), ' and ') from unnest(place.alone) a)) else '' end, place.key)
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
	else
		-- what it is called in other systems: either's names lead to the one that stays
		with named as (
			update contacts.account_external x set account_id = survivor where (x.workspace_id, x.account_id) = (workspace, loser) returning x.system, x.external_id
		)
		select jsonb_agg(to_jsonb(n)) from named n into saved;
		if saved is not null then
			insert into contacts.merge_part (workspace_id, merge_id, place, rows) values (workspace, merge, 'account_external', saved);
		end if;
	end if;
	perform contacts.merge_rooms(workspace, merge, survivor, loser, owner);
	update contacts.timeline t set owner_id = owner where (t.workspace_id, t.subject_id) = (workspace, loser) and t.owner_id is distinct from owner;
	return jsonb_build_object('row', joined, 'changes', contacts.merge_changes(workspace, of_kind, one, joined), 'loser', other, 'moved', moved,
		'leads', coalesce((select to_jsonb(p.ids) from contacts.merge_part p where (p.workspace_id, p.merge_id, p.place) = (workspace, merge, 'lead.contact_id')), '[]'));
end $$;

create function contacts.part_external(workspace uuid, merge uuid, survivor uuid, loser uuid) returns void language sql as $$
	update contacts.account_external x
	set account_id = loser
	from contacts.merge_part p
	cross join lateral jsonb_to_recordset(p.rows) as n (system text, external_id text)
	where (p.workspace_id, p.merge_id, p.place) = (workspace, merge, 'account_external') and x.account_id = survivor
		and (x.workspace_id, x.system, x.external_id) = (workspace, n.system, n.external_id)
$$;
comment on function contacts.part_external is 'What an account is called in other systems is the loser''s again';

create or replace function contacts.merge_undo(workspace uuid, merge uuid, by_id uuid, moment timestamptz) returns jsonb
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
	perform contacts.part_external(workspace, merge, m.survivor_id, m.loser_id);
	perform contacts.part_rooms(workspace, merge, m.survivor_id, m.loser_id, owner);
	update contacts.timeline t set owner_id = owner where (t.workspace_id, t.subject_id) = (workspace, m.loser_id) and t.owner_id is distinct from owner;
	delete from contacts.merge_part p where (p.workspace_id, p.merge_id) = (workspace, merge);
	update contacts.merge t
	set undone_at = moment, undone_by = by_id, kept = jsonb_build_object('fields', later, 'records', stayed)
	where (t.workspace_id, t.id) = (workspace, merge);
	return jsonb_build_object('kind', m.kind, 'row', parted, 'changes', contacts.merge_changes(workspace, m.kind, here, parted), 'loser', there,
		'kept', jsonb_build_object('fields', later, 'records', stayed), 'leads', leads);
end $$;

-- ---- gone for good ----

create function contacts.trash_gone(workspace uuid, of_kind text, gone uuid) returns jsonb language plpgsql as $$
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
	delete from contacts.search_page t where of_kind = 'contact' and t.workspace_id = workspace and t.n = 1 and t.last = any (all_of);
	execute format('delete from contacts.%I t where t.workspace_id = $1 and t.id = any ($2)', of_kind) using workspace, all_of;
	return jsonb_build_object('leads', leads);
end $$;
comment on function contacts.trash_gone is 'A contact or an account is no more, nor what hung on it alone; what hangs on others as well, names it no more';

-- ---- a deal that is gone for good ----

create function contacts.deal_gone(workspace uuid, gone uuid, by_hand boolean) returns void language plpgsql as $$
begin
	delete from contacts.deal_away t where (t.workspace_id, t.deal_id) = (workspace, gone);
	delete from contacts.deal_fact t where (t.workspace_id, t.deal_id) = (workspace, gone);
	delete from contacts.conversion t where (t.workspace_id, t.deal_id) = (workspace, gone);
	update contacts.linked t set deal_id = null where (t.workspace_id, t.deal_id) = (workspace, gone) and (t.account_id is not null or t.contact_id is not null);
	delete from contacts.linked t where (t.workspace_id, t.deal_id) = (workspace, gone);
	delete from contacts.timeline t where (t.workspace_id, t.subject_id) = (workspace, gone) and t.type like 'deal.%';
	delete from contacts.segment_member t where (t.workspace_id, t.record_id) = (workspace, gone) and by_hand;
	if not by_hand then
		-- its lead stands, and bears the same id: what people wrote about it stays with that
		update contacts.lead t set deal = false, deal_stage_id = null where (t.workspace_id, t.lead_id) = (workspace, gone);
		return;
	end if;
	delete from contacts.mention m
	where m.workspace_id = workspace and (m.source_id in (select a.id from contacts.activity a where (a.workspace_id, a.record_id) = (workspace, gone))
		or m.source_id in (select g.id from contacts.message g where (g.workspace_id, g.room_id) = (workspace, gone)));
	delete from contacts.activity t where (t.workspace_id, t.record_id) = (workspace, gone);
	delete from contacts.attachment t where (t.workspace_id, t.record_id) = (workspace, gone);
	delete from contacts.notice t where (t.workspace_id, t.record_id) = (workspace, gone);
	delete from contacts.tagged t where (t.workspace_id, t.record_id) = (workspace, gone);
	delete from contacts.message t where (t.workspace_id, t.room_id) = (workspace, gone);
	delete from contacts.room_reader t where (t.workspace_id, t.room_id) = (workspace, gone);
	delete from contacts.room t where (t.workspace_id, t.room_id) = (workspace, gone);
	delete from contacts.timeline t where (t.workspace_id, t.subject_id) = (workspace, gone);
end $$;
comment on function contacts.deal_gone is 'What hung on a deal alone is no more; of a lead''s deal, what hangs on the lead stays';
