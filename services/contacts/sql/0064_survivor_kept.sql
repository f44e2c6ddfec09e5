-- Every page about a contact or an account asks first who they are now: planned once for a connection.
create or replace function contacts.contact_survivor(asked uuid) returns uuid
language plpgsql stable security definer set search_path = contacts, pg_temp set plan_cache_mode = force_generic_plan
	set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
	return (
		with recursive way as (
			select t.workspace_id, t.id, t.merged_into, 0 as step
			from contacts.contact t
			where t.workspace_id = any (nullif(current_setting('crm.workspaces', true), '')::uuid[]) and t.id = asked
			union all
			select t.workspace_id, t.id, t.merged_into, w.step + 1
			from way w
			join contacts.contact t on (t.workspace_id, t.id) = (w.workspace_id, w.merged_into)
			where w.step < 20
		)
		select w.id
		from way w
		where w.merged_into is null
		limit 1);
end
$$;
create or replace function contacts.account_survivor(asked uuid) returns uuid
language plpgsql stable security definer set search_path = contacts, pg_temp set plan_cache_mode = force_generic_plan
	set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
	return (
		with recursive way as (
			select t.workspace_id, t.id, t.merged_into, 0 as step
			from contacts.account t
			where t.workspace_id = any (nullif(current_setting('crm.workspaces', true), '')::uuid[]) and t.id = asked
			union all
			select t.workspace_id, t.id, t.merged_into, w.step + 1
			from way w
			join contacts.account t on (t.workspace_id, t.id) = (w.workspace_id, w.merged_into)
			where w.step < 20
		)
		select w.id
		from way w
		where w.merged_into is null
		limit 1);
end
$$;
