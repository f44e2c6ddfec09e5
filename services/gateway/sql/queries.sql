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
-- name: members_list members_list -> json; and the agency's admins, who are none but act everywhere
select json_build_object('data', coalesce(json_agg(json_build_object(
    'workspace_id', p.workspace_id, 'id', p.id, 'name', p.name, 'email', p.email, 'role', p.role, 'team_id', p.team_id,
    'photo', p.photo, 'active', p.active, 'agency_admin', p.agency_admin)
    order by lower(p.name), p.id, p.workspace_id), '[]'))::text
from (
  select m.workspace_id, m.user_id as id, m.name, m.email, m.role, m.team_id, u.photo, m.active and not u.disabled as active, u.agency_admin
  from gateway.member m
  join gateway.user u on (u.workspace_id, u.id) = (m.agency_id, m.user_id)
  union all
  select a.workspace_id, a.id, a.name, a.email, 'admin', null, a.photo, true, true
  from gateway.admins_of_set() a
) as p
where p.active or not coalesce(:active, false)
-- name: owners_find owners_find -> json
select coalesce((select json_agg(distinct o.id) from (
    select m.user_id as id from gateway.member m
    join gateway.user u on (u.workspace_id, u.id) = (m.agency_id, m.user_id)
    where m.active and not u.disabled
    union all select a.id from gateway.admins_of_set() a) o), '[]')::text
-- name: owner_find owner_find -> json
select json_build_object('fits', exists (
    select from gateway.member m
    join gateway.user u on (u.workspace_id, u.id) = (m.agency_id, m.user_id)
    where m.user_id = :user_id and m.active and not u.disabled)
  or exists (select from gateway.admins_of_set() a where a.id = :user_id))::text
-- name: apikey_list apikey_list -> json
select json_build_object('data', coalesce(json_agg(json_build_object(
    'id', k.id, 'workspace_id', k.workspace_id, 'name', k.name, 'role', k.role, 'prefix', k.prefix,
    'created_at', gateway.rfc3339(k.created_at),
    'created_by', case when u.id is not null then json_build_object('id', u.id, 'name', u.name) end,
    'used_at', gateway.rfc3339(k.used_at), 'revoked_at', gateway.rfc3339(k.revoked_at)) order by k.created_at, k.id), '[]'), 'next', null)::text
from gateway.api_key k
left join gateway.user u on (u.workspace_id, u.id) = (k.agency_id, k.created_by)
where k.revoked_at is null or not coalesce(:active, false)
-- name: login_find login_find -> json
select coalesce((
    select json_build_object('user_id', u.id, 'agency_id', u.workspace_id, 'hash', u.password_hash, 'disabled', u.disabled,
      'failed', u.failed_logins, 'failed_at', (extract(epoch from u.failed_at) * 1000000)::bigint,
      'sealed', case when t.confirmed_at is not null then t.sealed end, 'last_step', t.last_step)
    from gateway.user u
    left join gateway.totp t on (t.workspace_id, t.user_id) = (u.workspace_id, u.id)
    where lower(u.email) = lower(:email)
  ), 'null')::text
-- name: session_find session_find -> json
select coalesce((
    select json_build_object('session_id', s.id, 'used', (extract(epoch from s.used_at) * 1000000)::bigint,
      'expires', (extract(epoch from s.expires_at) * 1000000)::bigint,
      'user', json_build_object('id', u.id, 'name', u.name, 'email', u.email, 'language', u.language, 'theme', u.theme,
        'single_keys', u.single_keys, 'admin', u.agency_admin, 'sections', u.allowed_sections, 'timezone', u.timezone, 'photo', u.photo,
        'signature', u.signature, 'two_factor', coalesce(t.confirmed_at is not null, false),
        'recovery_left', case when t.confirmed_at is not null then jsonb_array_length(t.recovery) else 0 end),
      'agency', json_build_object('id', a.workspace_id, 'name', a.name),
      'archived', (select count(*) from gateway.workspace w where w.agency_id = u.workspace_id and u.agency_admin and w.archived_at is not null),
      'workspaces', (
        -- use: seats_of
      ))
    from gateway.session s
    join gateway.user u on (u.workspace_id, u.id) = (s.workspace_id, s.user_id) and not u.disabled
    join gateway.agency a on a.workspace_id = u.workspace_id
    left join gateway.totp t on (t.workspace_id, t.user_id) = (u.workspace_id, u.id)
    where s.token_hash = :token_hash and s.closed_at is null
  ), 'null')::text
-- part: seats_of; of a user u: the workspaces where they may be, with what they may there
select coalesce(json_agg(gateway.seat_json(w, r, m.team_id, (
    select json_agg(t.user_id order by t.user_id)
    from gateway.member t
    where r.scope = 'team' and (t.workspace_id, t.team_id) = (m.workspace_id, m.team_id))) order by lower(w.name), w.slug), '[]')
from gateway.workspace w
left join gateway.member m on (m.workspace_id, m.user_id) = (w.workspace_id, u.id) and m.active
join gateway.role r on (r.workspace_id, r.key) = (w.agency_id, case when u.agency_admin then 'admin' else m.role end)
where w.agency_id = u.workspace_id and not w.home and w.archived_at is null
-- name: calendar_link_find calendar_link_find -> json; null: no such link, or its owner may not log in
select coalesce((
    select json_build_object('session_id', l.id, 'used', 0, 'expires', 0,
      'user', json_build_object('id', u.id, 'name', u.name, 'email', u.email, 'language', u.language, 'theme', u.theme,
        'single_keys', u.single_keys, 'admin', u.agency_admin, 'sections', u.allowed_sections, 'timezone', u.timezone, 'photo', u.photo),
      'agency', json_build_object('id', a.workspace_id, 'name', a.name),
      'workspaces', (
        -- use: seats_of
      ))
    from gateway.calendar_link l
    join gateway.user u on (u.workspace_id, u.id) = (l.workspace_id, l.user_id) and not u.disabled
    join gateway.agency a on a.workspace_id = u.workspace_id
    where l.token_hash = :token_hash
  ), 'null')::text
-- name: calendar_link_get calendar_link_get -> json; of who asks: the policy leaves those of the whole agency
select json_build_object('created_at', (select gateway.rfc3339(max(l.created_at)) from gateway.calendar_link l where l.user_id = :actor))::text
from (select :after::text as after) as nothing
-- name: apikey_find apikey_find -> json
select coalesce((
    select json_build_object('apikey_id', k.id, 'name', k.name, 'used', coalesce((extract(epoch from k.used_at) * 1000000)::bigint, 0),
      'agency', json_build_object('id', a.workspace_id, 'name', a.name),
      'workspaces', (
        select coalesce(json_agg(gateway.seat_json(w, r, null, null)), '[]')
        from gateway.workspace w
        join gateway.role r on (r.workspace_id, r.key) = (w.agency_id, k.role)
        where w.workspace_id = k.workspace_id and w.archived_at is null))
    from gateway.api_key k
    join gateway.agency a on a.workspace_id = k.agency_id
    where k.key_hash = :key_hash and k.revoked_at is null
  ), 'null')::text
-- name: apikey_get apikey_get -> json; no row: there is none, or none in the set
select json_build_object('id', k.id, 'workspace_id', k.workspace_id, 'name', k.name, 'role', k.role, 'prefix', k.prefix)::text
from gateway.api_key k
where k.id = :apikey_id
-- name: people_list people_list -> json; an agency has few people
select json_build_object('data', coalesce(json_agg(gateway.person_json(u, :actor) order by lower(u.name), u.id), '[]'), 'next', null)::text
from gateway.user u
where (:disabled::boolean is null or u.disabled = :disabled)
  and (:q::text is null or strpos(lower(u.name), lower(:q)) > 0 or strpos(lower(u.email), lower(:q)) > 0)
-- name: user_get user_get -> json; no row: nobody, or nobody the asker may see
select gateway.person_json(u, :actor)::text
from gateway.user u
where u.id = :user_id
-- name: user_photo user_photo -> json; no row: nobody the asker may see, or without a picture
select json_build_object('id', u.id, 'workspace_id', u.workspace_id, 'photo', u.photo)::text
from gateway.user u
where u.id = :user_id and u.photo is not null
-- name: user_of_email user_of_email -> json
select coalesce((
    select json_build_object('id', u.id, 'agency_id', u.workspace_id)
    from gateway.user u
    where lower(u.email) = lower(:email)
  ), 'null')::text
-- name: forgot_find forgot_find -> json
select coalesce((
    select json_build_object('id', u.id, 'agency_id', u.workspace_id, 'email', u.email, 'name', u.name, 'language', u.language)
    from gateway.user u
    where lower(u.email) = lower(:email) and not u.disabled and u.password_hash is not null
  ), 'null')::text
-- name: letter_ways letter_ways -> json; of workspaces whose settings nobody changes, person or key, who does not manage that user
select json_build_object('workspaces', coalesce(json_agg(w.workspace_id), '[]'))::text
from gateway.user u
join gateway.workspace w on w.agency_id = u.workspace_id
where u.id = :user_id and not exists (
    select
    from gateway.member m
    join gateway.role_permission p on (p.workspace_id, p.role) = (m.agency_id, m.role) and p.permission = 'crm-settings'
    where m.workspace_id = w.workspace_id and m.active and m.user_id <> u.id and not gateway.manages(u.workspace_id, m.user_id, u.id))
  and not exists (
    select
    from gateway.api_key k
    join gateway.role_permission p on (p.workspace_id, p.role) = (k.agency_id, k.role) and p.permission = 'crm-settings'
    where k.workspace_id = w.workspace_id and k.revoked_at is null and not gateway.manages(u.workspace_id, k.id, u.id))
-- name: invite_find invite_find -> json
select coalesce((
    select json_build_object('user_id', u.id, 'agency_id', u.workspace_id, 'name', u.name, 'email', u.email, 'firm', a.name,
      'language', u.language, 'existing', u.password_hash is not null, 'two_factor', t.confirmed_at is not null)
    from (
      select i.workspace_id, i.user_id
      from gateway.invite i
      where i.token_hash = :token_hash and i.used_at is null and i.expires_at > :at
      union all
      select r.workspace_id, r.user_id
      from gateway.reset r
      where r.token_hash = :token_hash and r.expires_at > :at
    ) v
    join gateway.user u on (u.workspace_id, u.id) = (v.workspace_id, v.user_id) and not u.disabled
    join gateway.agency a on a.workspace_id = u.workspace_id
    left join gateway.totp t on (t.workspace_id, t.user_id) = (u.workspace_id, u.id)
  ), 'null')::text
-- name: session_list session_list -> json; open and not past their end
select json_build_object('data', coalesce(json_agg(json_build_object(
    'id', s.id, 'current', s.id is not distinct from :current_id, 'created_at', gateway.rfc3339(s.created_at), 'used_at', gateway.rfc3339(s.used_at),
    'expires_at', gateway.rfc3339(s.expires_at), 'user_agent', s.user_agent, 'remote', s.remote) order by s.used_at desc, s.id), '[]'), 'next', null)::text
from gateway.session s
where s.user_id = :user_id and s.closed_at is null and s.expires_at > now()
-- name: totp_find totp_find -> json
select json_build_object('hash', u.password_hash, 'sealed', t.sealed, 'confirmed', t.confirmed_at is not null, 'last_step', t.last_step)::text
from gateway.user u
left join gateway.totp t on (t.workspace_id, t.user_id) = (u.workspace_id, u.id)
where u.id = :user_id
-- name: team_list team_list -> json
select json_build_object('data', coalesce(json_agg(json_build_object('id', t.id, 'workspace_id', t.workspace_id, 'name', t.name, 'members', (
    select count(*)
    from gateway.member m
    where (m.workspace_id, m.team_id) = (t.workspace_id, t.id) and m.active)) order by lower(t.name), t.id), '[]'), 'next', null)::text
from gateway.team t
where :after::text is null
-- name: team_get team_get -> json; no row: there is none in the set
select json_build_object('id', t.id, 'workspace_id', t.workspace_id, 'name', t.name)::text
from gateway.team t
where t.id = :team_id
-- name: role_list role_list -> json
select json_build_object('data', coalesce(json_agg(json_build_object('key', r.key, 'agency_id', r.workspace_id, 'label', r.label, 'scope', r.scope,
    'permissions', (
      select coalesce(json_agg(p.permission order by p.permission), '[]')
      from gateway.role_permission p
      where (p.workspace_id, p.role) = (r.workspace_id, r.key))) order by array_position(array['owner', 'admin', 'manager', 'sales', 'sdr', 'mdr',
        'client', 'vendor'], r.key::text), r.key), '[]'), 'next', null)::text
from gateway.role r
where :after::text is null
-- name: audit_list audit_list -> json; newest first by the key, each workspace from its end; filters read on until they have found enough
with asked as (
  select least(greatest(coalesce(:limit, 50), 1), 200) as size,
    case when :after ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then :after::uuid
      else 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid end as after
), line as (
  select l.*, row_number() over (order by l.id desc) as i
  from asked
  cross join unnest((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) as w (id)
  cross join lateral (
    select a.workspace_id, a.id, a.at, a.actor, a.what, a.detail
    from gateway.audit a
    where a.workspace_id = w.id and a.id < asked.after
      and (:actor_id::uuid is null or a.actor = :actor_id)
      and (:what::text is null or a.what = :what)
      and (:since::timestamptz is null or a.at >= :since)
      and (:before::timestamptz is null or a.at < :before)
    order by a.id desc
    limit asked.size + 1
  ) l
  order by l.id desc
  limit (select size + 1 from asked)
), told as (
  select l.i, l.id, json_build_object('id', l.id, 'at', gateway.rfc3339(l.at),
      'workspace_id', case when h.workspace_id is null then l.workspace_id end, 'what', l.what,
      'actor', case when l.actor is not null then json_build_object('id', l.actor, 'name', coalesce(u.name, k.name, k.prefix),
        'kind', case when k.id is not null then 'key' else 'user' end)
        else json_build_object('id', null, 'name', null, 'kind', 'operator') end,
      'about', case when o.id is not null then json_build_object('id', o.id, 'name', o.name) end, 'detail', l.detail) as line
  from line l
  left join gateway.agency h on h.workspace_id = l.workspace_id
  left join gateway.workspace w on w.workspace_id = l.workspace_id
  left join gateway.user u on (u.workspace_id, u.id) = (coalesce(w.agency_id, h.workspace_id), l.actor)
  left join gateway.api_key k on (k.workspace_id, k.id) = (l.workspace_id, l.actor)
  left join gateway.user o on (o.workspace_id, o.id::text) = (coalesce(w.agency_id, h.workspace_id), l.detail -> 'asked' ->> 'user_id')
)
select json_build_object(
  'data', coalesce(json_agg(t.line order by t.i) filter (where t.i <= asked.size), '[]'),
  'next', case when count(t.i) > asked.size then (array_agg(t.id order by t.i))[asked.size] end)::text
from asked
left join told t on true
group by asked.size
-- name: workspace_page workspace_page -> json
select json_build_object('data', coalesce(json_agg(json_build_object(
    'id', w.workspace_id, 'slug', w.slug, 'name', w.name, 'preset', w.preset, 'language', w.language, 'currency', w.currency,
    'timezone', w.timezone, 'country', w.country, 'label_profile', w.label_profile, 'landing', w.landing, 'admin_only', w.admin_only,
    'feature_crm', w.feature_crm, 'convert_on_won', w.convert_on_won, 'demo', w.demo, 'archived_at', gateway.rfc3339(w.archived_at), 'default_owner_id', w.default_owner_id,
    'created_at', gateway.rfc3339(w.created_at), 'members', (
      select count(*)
      from gateway.member m
      where m.workspace_id = w.workspace_id and m.active)) order by w.archived_at is not null, lower(w.name), w.slug), '[]'), 'next', null)::text
from gateway.workspace w
where not w.home and (w.archived_at is null or coalesce(:archived, false))
-- name: preset_get preset_get -> json; no row: no such workspace in the set
select json_build_object('workspace_id', w.workspace_id, 'preset', w.preset, 'label_profile', w.label_profile, 'landing', w.landing,
  'tabs', w.tabs, 'header', w.header, 'language', w.language, 'currency', w.currency, 'timezone', w.timezone, 'country', w.country,
  'admin_only', w.admin_only)::text
from gateway.workspace w
where w.workspace_id = :workspace_id and not w.home
-- name: setup_state setup_state -> json; the first agency's, the only one that can be empty
select coalesce((
    select json_build_object('agency_id', a.workspace_id, 'firm', a.name, 'open', not exists (select from gateway.user u),
      'hash', case when s.user_id is null and s.expires_at > :at and s.wrong < 10 then s.code_hash end,
      'used', s.code_hash, 'user_id', s.user_id)
    from gateway.agency a
    left join gateway.setup s on s.workspace_id = a.workspace_id
    where :after::text is null
    order by a.created_at, a.workspace_id
    limit 1
  ), 'null')::text
-- name: demo_list demo_list -> json
select json_build_object('workspaces', coalesce((
    select json_agg(json_build_object('id', w.workspace_id, 'agency_id', w.agency_id, 'slug', w.slug, 'name', w.name) order by lower(w.name), w.slug)
    from gateway.workspace w
    where w.demo and not w.home and w.agency_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])), '[]'),
  'agencies', coalesce((
    select json_agg(json_build_object('id', a.workspace_id, 'demo', a.demo, 'users', (
        select coalesce(json_agg(u.id order by u.id), '[]')
        from gateway.user u
        where u.workspace_id = a.workspace_id and not u.agency_admin
          and exists (
            select from gateway.member m
            join gateway.workspace w on w.workspace_id = m.workspace_id
            where (m.agency_id, m.user_id) = (u.workspace_id, u.id) and w.demo)
          and not exists (
            select from gateway.member m
            join gateway.workspace w on w.workspace_id = m.workspace_id
            where (m.agency_id, m.user_id) = (u.workspace_id, u.id) and not w.demo))) order by a.created_at, a.workspace_id)
    from gateway.agency a
    where a.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])), '[]'))::text
from (select :after::text as after) as nothing
-- name: prefs_list prefs_list -> json; the policy leaves nobody else's
select json_build_object('data', coalesce(json_agg(json_build_object('place', p.place, 'content', p.content, 'version', p.version) order by p.place), '[]'),
  'next', null)::text
from gateway.preference p
where :place::text is null or p.place = :place
-- name: notice_state notice_state -> json; no row: nobody
select json_build_object('seen', (extract(epoch from u.leads_seen_at) * 1000000)::bigint, 'marks', coalesce(u.news_marks, '{}'),
  'choices', coalesce((select p.content from gateway.preference p where (p.workspace_id, p.user_id, p.place) = (u.workspace_id, u.id, 'notifications')), '{}'))::text
from gateway.user u
where u.id = :user and :after::text is null
-- name: view_list view_list -> json; the policy leaves one's own and the shared
select json_build_object('data', coalesce(json_agg(json_build_object('id', v.id, 'workspace_id', v.workspace_id, 'place', v.place, 'name', v.name,
    'shared', v.shared, 'owner_id', v.owner_id, 'content', v.content, 'version', v.version) order by lower(v.name), v.id), '[]'), 'next', null)::text
from gateway.view v
where :place::text is null or v.place = :place
-- name: view_get view_get -> json; no row: there is none, or somebody else's own
select json_build_object('id', v.id, 'workspace_id', v.workspace_id, 'place', v.place, 'name', v.name, 'shared', v.shared, 'owner_id', v.owner_id,
  'content', v.content, 'version', v.version)::text
from gateway.view v
where v.id = :view_id
