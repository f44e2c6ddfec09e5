-- How somebody logs in lies in their agency's home, which a manager of one workspace does not read. Of those whose name they see, they may know this much.
create function gateway.sign_in_of(agency uuid, person uuid, out invite_expires timestamptz, out two_factor boolean, out last_seen timestamptz)
language sql stable security definer set search_path = gateway, pg_temp as $$
  select
    (select v.expires_at from gateway.invite v where (v.workspace_id, v.user_id) = (agency, person) and v.used_at is null and v.expires_at > now()),
    exists (select from gateway.totp t where (t.workspace_id, t.user_id) = (agency, person) and t.confirmed_at is not null),
    (select max(s.used_at) from gateway.session s where (s.workspace_id, s.user_id) = (agency, person))
$$;
comment on function gateway.sign_in_of is 'How somebody logs in, for whoever manages people; asked only about rows of user that the reader sees';
revoke all on function gateway.sign_in_of(uuid, uuid) from public;
grant execute on function gateway.sign_in_of(uuid, uuid) to gateway_read;

create or replace function gateway.person_json(u gateway.user, asker uuid) returns json language sql stable as $$
  select json_build_object(
    'id', u.id, 'agency_id', u.workspace_id, 'name', u.name, 'email', u.email, 'photo', u.photo, 'language', u.language,
    'agency_admin', u.agency_admin, 'disabled', u.disabled, 'allowed_sections', u.allowed_sections,
    'invited', u.password_hash is null,
    'invite_expires', gateway.rfc3339(i.invite_expires), 'two_factor', i.two_factor, 'last_seen', gateway.rfc3339(i.last_seen),
    'manageable', gateway.manages(u.workspace_id, asker, u.id),
    'members', (
      select coalesce(json_agg(json_build_object('workspace_id', m.workspace_id, 'slug', w.slug, 'name', w.name, 'role', m.role,
        'team_id', m.team_id, 'active', m.active) order by lower(w.name), w.slug), '[]')
      from gateway.member m
      join gateway.workspace w on w.workspace_id = m.workspace_id
      where (m.agency_id, m.user_id) = (u.workspace_id, u.id)))
  from gateway.sign_in_of(u.workspace_id, u.id) as i
$$;
