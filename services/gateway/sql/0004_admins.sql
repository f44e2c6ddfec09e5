-- An agency's admins see and do everything in its workspaces without being members: what they did bears their name, and they may own what is there.
create function gateway.admins_of_set() returns table (workspace_id uuid, id uuid, name text, email text, photo text)
language sql stable security definer set search_path = gateway, pg_temp as $$
  select w.workspace_id, u.id, u.name, u.email, u.photo
  from gateway.workspace w
  join gateway.user u on u.workspace_id = w.agency_id
  where w.workspace_id = any (nullif(current_setting('crm.workspaces', true), '')::uuid[]) and not w.home and u.agency_admin and not u.disabled
    and not exists (select from gateway.member m where (m.workspace_id, m.user_id) = (w.workspace_id, u.id))
$$;
revoke all on function gateway.admins_of_set() from public;
grant execute on function gateway.admins_of_set() to gateway_read;
