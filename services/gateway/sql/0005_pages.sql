-- Somebody as people's pages show them, and a seat as the cache of callers keeps it: each in one place, with the asker's own rights.
create function gateway.person_json(u gateway.user, asker uuid) returns json language sql stable as $$
  select json_build_object(
    'id', u.id, 'agency_id', u.workspace_id, 'name', u.name, 'email', u.email, 'photo', u.photo, 'language', u.language,
    'agency_admin', u.agency_admin, 'disabled', u.disabled, 'allowed_sections', u.allowed_sections,
    'invited', u.password_hash is null,
    'invite_expires', (
      select case when v.used_at is null and v.expires_at > now() then gateway.rfc3339(v.expires_at) end
      from gateway.invite v
      where (v.workspace_id, v.user_id) = (u.workspace_id, u.id)),
    'two_factor', exists (
      select from gateway.totp t
      where (t.workspace_id, t.user_id) = (u.workspace_id, u.id) and t.confirmed_at is not null),
    'last_seen', gateway.rfc3339((select max(s.used_at) from gateway.session s where (s.workspace_id, s.user_id) = (u.workspace_id, u.id))),
    'manageable', gateway.manages(u.workspace_id, asker, u.id),
    'members', (
      select coalesce(json_agg(json_build_object('workspace_id', m.workspace_id, 'slug', w.slug, 'name', w.name, 'role', m.role,
        'team_id', m.team_id, 'active', m.active) order by lower(w.name), w.slug), '[]')
      from gateway.member m
      join gateway.workspace w on w.workspace_id = m.workspace_id
      where (m.agency_id, m.user_id) = (u.workspace_id, u.id)))
$$;

create function gateway.seat_json(w gateway.workspace, r gateway.role, team uuid, owners json) returns json language sql stable as $$
  select json_build_object('id', w.workspace_id, 'slug', w.slug, 'name', w.name, 'preset', w.preset,
    'language', w.language, 'currency', w.currency, 'timezone', w.timezone, 'country', w.country, 'label_profile', w.label_profile,
    'landing', w.landing, 'tabs', w.tabs, 'header', w.header, 'demo', w.demo, 'default_owner_id', w.default_owner_id,
    'admin_only', w.admin_only, 'feature_crm', w.feature_crm, 'role', r.key, 'scope', r.scope, 'team', team, 'owners', owners,
    'permissions', (
      select coalesce(json_agg(p.permission), '[]')
      from gateway.role_permission p
      where (p.workspace_id, p.role) = (r.workspace_id, r.key)))
$$;
