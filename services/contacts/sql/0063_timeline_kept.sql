-- Whose past a timeline tells is found first, by keys, in functions that keep their plans; the statement that shows it has one plan then, whatever it is
-- asked about. In one statement with all four askings three quarters of its time went into planning, and a plan kept of it read all leads of the workspace.
create or replace function contacts.contacts_of(asked uuid) returns setof uuid
language plpgsql stable security definer rows 1 set search_path = contacts, pg_temp set plan_cache_mode = force_generic_plan
	set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
	return query
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
		select o.id from one o;
end
$$;
create or replace function contacts.accounts_of(asked uuid) returns setof uuid
language plpgsql stable security definer rows 1 set search_path = contacts, pg_temp set plan_cache_mode = force_generic_plan
	set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
	return query
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
		select o.id from one o;
end
$$;

-- Asked under the reader's own rights: what it may not see names nobody. Both lists may name one twice.
create function contacts.timeline_about(lead uuid, deal uuid, contact uuid, account uuid, out people uuid[], out subjects uuid[])
language plpgsql stable set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
	sets uuid[] := nullif(current_setting('crm.workspaces', true), '')::uuid[];
	about uuid := coalesce(deal, lead);
begin
	people := '{}';
	subjects := '{}';
	if about is not null then
		people := array(
			select o.id
			from (
				select l.contact_id
				from contacts.lead l
				where l.workspace_id = any (sets) and l.lead_id = about and l.contact_id is not null
				union
				select t.contact_id
				from contacts.timeline t
				where t.workspace_id = any (sets) and t.subject_id = about and t.contact_id is not null
			) n
			cross join lateral contacts.contacts_of(n.contact_id) o (id));
		subjects := about || people;
	end if;
	if contact is not null then
		people := people || array(select o.id from contacts.contacts_of(contact) o (id));
		subjects := subjects || people || array(
			select l.lead_id
			from contacts.lead l
			where l.workspace_id = any (sets) and l.contact_id = contact
			union
			select t.subject_id
			from contacts.timeline t
			where t.workspace_id = any (sets) and t.contact_id = contact and not starts_with(t.type, 'linked.'));
	end if;
	if account is not null then
		people := people || array(select c.id from contacts.contact c where c.workspace_id = any (sets) and c.account_id = account);
		subjects := subjects || people || array(
			select o.id
			from contacts.accounts_of(account) o (id)
			union all
			select v.deal_id
			from contacts.conversion v
			where v.workspace_id = any (sets) and v.account_id = account);
	end if;
end
$$;
comment on function contacts.timeline_about is 'Whose past a timeline tells: of a lead or deal its own and its contact''s, of a contact theirs and that of their leads and deals, of an account its own, its people''s and that of the deals it was won by; people: those of them who are contacts';

-- Asked for each activity of a list or timeline; a function in SQL that looks into tables is planned anew by each statement that calls it.
create or replace function contacts.activity_title(a contacts.activity) returns text
language plpgsql stable set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
	title text;
begin
	if a.about = 'contact' then
		return (select c.name from contacts.contact c where (c.workspace_id, c.id) = (a.workspace_id, a.record_id));
	elsif a.about = 'account' then
		return (select k.name from contacts.account k where (k.workspace_id, k.id) = (a.workspace_id, a.record_id));
	end if;
	title := (
		select c.name
		from contacts.lead l
		join contacts.contact c on (c.workspace_id, c.id) = (l.workspace_id, l.contact_id)
		where (l.workspace_id, l.lead_id) = (a.workspace_id, a.record_id));
	if title is null then
		title := (
			select c.name
			from contacts.timeline t
			join contacts.contact c on (c.workspace_id, c.id) = (t.workspace_id, t.contact_id)
			where (t.workspace_id, t.subject_id) = (a.workspace_id, a.record_id) and t.contact_id is not null
			limit 1);
	end if;
	return coalesce(title, (select p.name from contacts.lead_person p where (p.workspace_id, p.lead_id) = (a.workspace_id, a.record_id)));
end
$$;
