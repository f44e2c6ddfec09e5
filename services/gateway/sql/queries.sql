-- name: agency_list agency_list -> json
select json_build_object('data', coalesce(json_agg(json_build_object('id', a.workspace_id, 'name', a.name) order by a.created_at, a.workspace_id), '[]'))::text
from gateway.agency a
where :after::text is null
-- name: workspace_list workspace_list -> json
select json_build_object('data', coalesce(json_agg(json_build_object(
    'id', w.workspace_id, 'slug', w.slug, 'name', w.name, 'preset', w.preset, 'agency_id', w.agency_id, 'language', w.language,
    'currency', w.currency, 'timezone', w.timezone, 'country', w.country, 'default_owner_id', w.default_owner_id,
    'admin_only', w.admin_only, 'feature_crm', w.feature_crm) order by w.slug), '[]'))::text
from gateway.workspace w
where not w.home and (:slug::text is null or w.slug = :slug)
-- name: workspace_by_slug workspace_by_slug -> json
select coalesce((
    select json_build_object('id', w.workspace_id, 'slug', w.slug, 'name', w.name, 'preset', w.preset, 'agency_id', w.agency_id,
      'language', w.language, 'currency', w.currency, 'timezone', w.timezone, 'country', w.country,
      'default_owner_id', w.default_owner_id, 'admin_only', w.admin_only, 'feature_crm', w.feature_crm)
    from gateway.workspace w
    where not w.home and (w.slug = :slug or w.workspace_id::text = lower(:slug))
  ), 'null')::text
-- name: user_list user_list -> json
select json_build_object('data', coalesce(json_agg(json_build_object(
    'id', u.id, 'agency_id', u.workspace_id, 'name', u.name, 'email', u.email, 'language', u.language,
    'agency_admin', u.agency_admin, 'disabled', u.disabled,
    'members', (
      select coalesce(json_agg(json_build_object('workspace_id', m.workspace_id, 'slug', w.slug, 'role', m.role, 'active', m.active) order by w.slug), '[]')
      from gateway.member m
      join gateway.workspace w on w.workspace_id = m.workspace_id
      where (m.agency_id, m.user_id) = (u.workspace_id, u.id))) order by lower(u.email)), '[]'))::text
from gateway.user u
where :email::text is null or lower(u.email) = lower(:email)
-- name: members_list members_list -> json
select json_build_object('data', coalesce(json_agg(json_build_object(
    'workspace_id', m.workspace_id, 'id', m.user_id, 'name', m.name, 'email', m.email, 'role', m.role, 'active', m.active)
    order by lower(m.name), m.user_id), '[]'))::text
from gateway.member m
where m.active or not coalesce(:active, false)
-- name: apikey_list apikey_list -> json
select json_build_object('data', coalesce(json_agg(json_build_object(
    'id', k.id, 'workspace_id', k.workspace_id, 'name', k.name, 'role', k.role, 'prefix', k.prefix,
    'created_at', k.created_at, 'revoked_at', k.revoked_at) order by k.created_at, k.id), '[]'))::text
from gateway.api_key k
where k.revoked_at is null or not coalesce(:active, false)
-- name: login_find login_find -> json
select coalesce((
    select json_build_object('user_id', u.id, 'agency_id', u.workspace_id, 'hash', u.password_hash, 'disabled', u.disabled,
      'failed', u.failed_logins, 'failed_at', (extract(epoch from u.failed_at) * 1000000)::bigint)
    from gateway.user u
    where lower(u.email) = lower(:email)
  ), 'null')::text
-- name: session_find session_find -> json
select coalesce((
    select json_build_object('session_id', s.id, 'used', (extract(epoch from s.used_at) * 1000000)::bigint,
      'expires', (extract(epoch from s.expires_at) * 1000000)::bigint,
      'user', json_build_object('id', u.id, 'name', u.name, 'email', u.email, 'language', u.language, 'theme', u.theme,
        'single_keys', u.single_keys, 'admin', u.agency_admin, 'sections', u.allowed_sections),
      'agency', json_build_object('id', a.workspace_id, 'name', a.name),
      'workspaces', (
        select coalesce(json_agg(json_build_object('id', w.workspace_id, 'slug', w.slug, 'name', w.name, 'preset', w.preset,
          'language', w.language, 'currency', w.currency, 'timezone', w.timezone, 'label_profile', w.label_profile, 'landing', w.landing,
          'admin_only', w.admin_only, 'feature_crm', w.feature_crm, 'role', r.key, 'scope', r.scope, 'team', m.team_id,
          'owners', (
            select json_agg(t.user_id order by t.user_id)
            from gateway.member t
            where r.scope = 'team' and (t.workspace_id, t.team_id) = (m.workspace_id, m.team_id)),
          'permissions', (
            select coalesce(json_agg(p.permission), '[]')
            from gateway.role_permission p
            where (p.workspace_id, p.role) = (r.workspace_id, r.key))) order by lower(w.name), w.slug), '[]')
        from gateway.workspace w
        left join gateway.member m on (m.workspace_id, m.user_id) = (w.workspace_id, u.id) and m.active
        join gateway.role r on (r.workspace_id, r.key) = (w.agency_id, case when u.agency_admin then 'admin' else m.role end)
        where w.agency_id = u.workspace_id and not w.home))
    from gateway.session s
    join gateway.user u on (u.workspace_id, u.id) = (s.workspace_id, s.user_id) and not u.disabled
    join gateway.agency a on a.workspace_id = u.workspace_id
    where s.token_hash = :token_hash and s.closed_at is null
  ), 'null')::text
-- name: apikey_find apikey_find -> json
select coalesce((
    select json_build_object('apikey_id', k.id, 'name', k.name,
      'agency', json_build_object('id', a.workspace_id, 'name', a.name),
      'workspaces', (
        select coalesce(json_agg(json_build_object('id', w.workspace_id, 'slug', w.slug, 'name', w.name, 'preset', w.preset,
          'language', w.language, 'currency', w.currency, 'timezone', w.timezone, 'label_profile', w.label_profile, 'landing', w.landing,
          'admin_only', w.admin_only, 'feature_crm', w.feature_crm, 'role', r.key, 'scope', r.scope, 'team', null,
          'permissions', (
            select coalesce(json_agg(p.permission), '[]')
            from gateway.role_permission p
            where (p.workspace_id, p.role) = (r.workspace_id, r.key)))), '[]')
        from gateway.workspace w
        join gateway.role r on (r.workspace_id, r.key) = (w.agency_id, k.role)
        where w.workspace_id = k.workspace_id))
    from gateway.api_key k
    join gateway.agency a on a.workspace_id = k.agency_id
    where k.key_hash = :key_hash and k.revoked_at is null
  ), 'null')::text
