-- Who bears an e-mail or a phone, for readers: under row security no index on lower(e-mail) is used, so all contacts were read while somebody typed.
create function contacts.email_bearers(asked text) returns table (workspace_id uuid, id uuid) language sql stable security definer rows 2 set search_path = contacts, pg_temp
	set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
	select c.workspace_id, c.id
	from contacts.contact c
	where c.workspace_id = any (nullif(current_setting('crm.workspaces', true), '')::uuid[]) and lower(c.email) = asked and c.email is not null and c.email <> ''
		and c.removed_at is null and c.merged_into is null
	union
	select r.workspace_id, r.contact_id
	from contacts.contact_reach r
	where r.workspace_id = any (nullif(current_setting('crm.workspaces', true), '')::uuid[]) and r.kind = 'email' and r.value = asked
$$;
comment on function contacts.email_bearers is 'Which contacts have this e-mail, folded: to be looked at under the reader''s rights';

create or replace function contacts.phone_bearers(tail text) returns table (workspace_id uuid, id uuid) language sql stable security definer rows 5 set search_path = contacts, pg_temp
	set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
	with house as materialized (
		select w.workspace_id, coalesce(w.alike_contacts, '00000000-0000-0000-0000-000000000000') as upto
		from contacts.workspace w
		where w.workspace_id = any (nullif(current_setting('crm.workspaces', true), '')::uuid[]) and tail is not null
	)
	select k.workspace_id, k.id
	from house h
	join contacts.alike_key k on k.workspace_id = h.workspace_id and k.key = contacts.alike_number('phone', tail)
	union
	select h.workspace_id, n.id
	from house h
	cross join lateral (
		select c.id, c.phone
		from contacts.contact c
		where c.workspace_id = h.workspace_id and c.id > h.upto
		order by c.id desc
		limit 100000
	) n
	where contacts.phone_ends(n.phone, tail)
	union
	select h.workspace_id, r.contact_id
	from house h
	join contacts.contact_reach r on r.workspace_id = h.workspace_id and r.contact_id > h.upto and r.kind = 'phone'
	where contacts.phone_ends(r.value, tail)
	union
	select h.workspace_id, m.id -- whoever changed since is looked at again, whatever the phone
	from house h
	join contacts.alike_mark m on m.workspace_id = h.workspace_id
$$;
revoke all on function contacts.email_bearers(text) from public;
grant execute on function contacts.email_bearers(text) to contacts_read;
