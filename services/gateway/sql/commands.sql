-- name: agency_add_load agency_add -> agency_place; locks nothing; a row per item, in their order
select a.workspace_id is not null as known
from unnest(:agency_id[]) with ordinality as item (agency_id, i)
left join gateway.agency a on a.workspace_id = item.agency_id
order by item.i
-- name: agency_add_write agency_add; locks gateway.agency, the new rows
insert into gateway.agency (workspace_id, name, created_at)
select item.agency_id, item.name, item.at
from unnest(:agency_id[], :name[], :at[]) as item (agency_id, name, at)
-- name: agency_roles_write agency_role *; locks gateway.role, the new rows
insert into gateway.role (workspace_id, key, label, scope)
select item.agency_id, r ->> 'key', r -> 'label', r ->> 'scope'
from unnest(:agency_id[], :roles[]) as item (agency_id, roles)
cross join lateral jsonb_array_elements(item.roles -> 'roles') as r
-- name: agency_permissions_write agency_role *; locks gateway.role_permission, the new rows
insert into gateway.role_permission (workspace_id, role, permission)
select item.agency_id, r ->> 'key', p
from unnest(:agency_id[], :roles[]) as item (agency_id, roles)
cross join lateral jsonb_array_elements(item.roles -> 'roles') as r
cross join lateral jsonb_array_elements_text(r -> 'permissions') as p
-- name: workspace_add_load workspace_add -> workspace_place; locks nothing; a row per item, in their order
select other.workspace_id is not null and other.workspace_id <> item.workspace_id as taken,
  coalesce(other.workspace_id = item.workspace_id, false) as made,
  a.workspace_id is not null as agency
from unnest(:workspace_id[], :slug[], :agency_id[]) with ordinality as item (workspace_id, slug, agency_id, i)
left join gateway.workspace other on other.slug = item.slug
left join gateway.agency a on a.workspace_id = item.agency_id
order by item.i
-- name: workspace_whole_write workspace_whole; locks gateway.workspace, the new rows
insert into gateway.workspace (workspace_id, agency_id, slug, name, preset, language, currency, timezone, country, label_profile, landing,
  admin_only, feature_crm, home, default_owner_id, created_at)
select item.*
from unnest(:workspace_id[], :agency_id[], :slug[], :name[], :preset[], :language[], :currency[], :timezone[], :country[], :label_profile[],
  :landing[], :admin_only[], :feature_crm[], :home[], :default_owner_id[], :at[])
  as item (workspace_id, agency_id, slug, name, preset, language, currency, timezone, country, label_profile, landing, admin_only, feature_crm,
  home, default_owner_id, at)
-- name: workspace_update_load workspace_update -> workspace_whole; locks nothing, the lane is the lock; a row per item, in their order
select w.workspace_id, w.name, w.admin_only, w.feature_crm, w.default_owner_id,
  item.default_owner_id is null or m.user_id is not null as owner_fits
from unnest(:workspace[], :default_owner_id[]) with ordinality as item (workspace_id, default_owner_id, i)
left join gateway.workspace w on w.workspace_id = item.workspace_id
left join gateway.member m on (m.workspace_id, m.user_id) = (item.workspace_id, item.default_owner_id) and m.active
order by item.i
-- name: workspace_update_write workspace_whole; locks gateway.workspace, the changed rows
update gateway.workspace w
set name = item.name, admin_only = item.admin_only, feature_crm = item.feature_crm, default_owner_id = item.default_owner_id
from unnest(:workspace_id[], :name[], :admin_only[], :feature_crm[], :default_owner_id[])
  as item (workspace_id, name, admin_only, feature_crm, default_owner_id)
where w.workspace_id = item.workspace_id
-- name: workspace_owner_write workspace_updated; locks gateway.workspace, the changed rows
update gateway.workspace w
set default_owner_id = item.default_owner_id
from unnest(:workspace_id[], :default_owner_id[]) as item (workspace_id, default_owner_id)
where w.workspace_id = item.workspace_id
-- name: user_add_load user_add -> user_place; locks nothing; a row per item, in their order
select other.id is not null and (other.workspace_id, other.id) <> (item.workspace_id, item.user_id) as taken,
  coalesce((other.workspace_id, other.id) = (item.workspace_id, item.user_id), false) as made,
  a.workspace_id is not null as agency
from unnest(:workspace[], :user_id[], :email[]) with ordinality as item (workspace_id, user_id, email, i)
left join gateway.user other on lower(other.email) = lower(item.email)
left join gateway.agency a on a.workspace_id = item.workspace_id
order by item.i
-- name: user_whole_write user_whole; locks gateway.user, the new rows
insert into gateway.user (workspace_id, id, email, name, password_hash, language, theme, single_keys, agency_admin, allowed_sections, disabled,
  created_at)
select item.*
from unnest(:workspace_id[], :user_id[], :email[], :name[], :password_hash[], :language[], :theme[], :single_keys[], :agency_admin[],
  :allowed_sections[], :disabled[], :at[])
  as item (workspace_id, user_id, email, name, password_hash, language, theme, single_keys, agency_admin, allowed_sections, disabled, at)
-- name: user_update_load user_update -> user_whole; locks nothing, the lane is the lock; a row per item, in their order
select u.workspace_id, u.id as user_id, u.name, u.password_hash, u.language, u.theme, u.single_keys, u.agency_admin,
  u.allowed_sections, u.disabled
from unnest(:workspace[], :user_id[]) with ordinality as item (workspace_id, user_id, i)
left join gateway.user u on (u.workspace_id, u.id) = (item.workspace_id, item.user_id)
order by item.i
-- name: profile_update_load profile_update -> user_whole; locks nothing, the lane is the lock; a row per item, in their order
select u.workspace_id, u.id as user_id, u.name, u.password_hash, u.language, u.theme, u.single_keys, u.agency_admin,
  u.allowed_sections, u.disabled
from unnest(:workspace[], :user_id[]) with ordinality as item (workspace_id, user_id, i)
left join gateway.user u on (u.workspace_id, u.id) = (item.workspace_id, item.user_id)
order by item.i
-- name: user_update_write user_whole; locks gateway.user, the changed rows
update gateway.user u
set name = item.name, password_hash = item.password_hash, language = item.language, theme = item.theme, single_keys = item.single_keys,
  agency_admin = item.agency_admin, allowed_sections = item.allowed_sections, disabled = item.disabled
from unnest(:workspace_id[], :user_id[], :name[], :password_hash[], :language[], :theme[], :single_keys[], :agency_admin[],
  :allowed_sections[], :disabled[])
  as item (workspace_id, user_id, name, password_hash, language, theme, single_keys, agency_admin, allowed_sections, disabled)
where (u.workspace_id, u.id) = (item.workspace_id, item.user_id)
-- name: user_sessions_close session_ended *; locks gateway.session, the users' open ones
update gateway.session s
set closed_at = item.at
from unnest(:workspace[], :user_id[], :at[]) as item (workspace_id, user_id, at)
where (s.workspace_id, s.user_id) = (item.workspace_id, item.user_id) and s.closed_at is null
-- name: member_set_load member_set -> member_place; locks nothing, the lane is the lock; a row per item, in their order
select w.agency_id, w.name as workspace_name, u.name, u.email, u.disabled, r.key is not null as role_known,
  w.default_owner_id is not null as owned, case when m.active then m.role end as old_role
from unnest(:workspace[], :user_id[], :role[]) with ordinality as item (workspace_id, user_id, role, i)
left join gateway.workspace w on w.workspace_id = item.workspace_id
left join gateway.user u on (u.workspace_id, u.id) = (w.agency_id, item.user_id)
left join gateway.role r on (r.workspace_id, r.key) = (w.agency_id, item.role)
left join gateway.member m on (m.workspace_id, m.user_id) = (item.workspace_id, item.user_id)
order by item.i
-- name: member_set_write member_whole; locks gateway.member, the set rows
insert into gateway.member (workspace_id, agency_id, user_id, name, email, role, team_id, active, changed_at)
select item.*
from unnest(:workspace_id[], :agency_id[], :user_id[], :name[], :email[], :role[], :team_id[], :active[], :at[])
  as item (workspace_id, agency_id, user_id, name, email, role, team_id, active, at)
on conflict (workspace_id, user_id) do update
set name = excluded.name, email = excluded.email, role = excluded.role, team_id = excluded.team_id, active = excluded.active,
  changed_at = excluded.changed_at
-- name: session_open_load session_open -> session_place; locks nothing; a row per item, in their order
select case when not u.disabled then u.id end as user_id, s.id is not null as made
from unnest(:workspace[], :user_id[], :session_id[]) with ordinality as item (workspace_id, user_id, session_id, i)
left join gateway.user u on (u.workspace_id, u.id) = (item.workspace_id, item.user_id)
left join gateway.session s on (s.workspace_id, s.id) = (item.workspace_id, item.session_id)
order by item.i
-- name: session_open_write session_open; locks gateway.session, the new rows
insert into gateway.session (workspace_id, id, user_id, token_hash, created_at, used_at, expires_at, user_agent, remote)
select item.workspace_id, item.id, item.user_id, item.token_hash, item.at, item.at, item.expires, item.user_agent, item.remote
from unnest(:workspace[], :session_id[], :user_id[], :token_hash[], :at[], :expires[], :user_agent[], :remote[])
  as item (workspace_id, id, user_id, token_hash, at, expires, user_agent, remote)
-- name: login_right session_open *; locks gateway.user: a right password forgives the wrong ones
update gateway.user u
set failed_logins = 0, failed_at = null
from unnest(:workspace[], :user_id[]) as item (workspace_id, user_id)
where (u.workspace_id, u.id) = (item.workspace_id, item.user_id) and u.failed_logins > 0
-- name: login_wrong login_miss *; locks gateway.user
update gateway.user u
set failed_logins = u.failed_logins + 1, failed_at = item.at
from unnest(:workspace[], :user_id[], :at[]) as item (workspace_id, user_id, at)
where (u.workspace_id, u.id) = (item.workspace_id, item.user_id)
-- name: session_touch_write session_touch *; locks gateway.session
update gateway.session s
set used_at = item.at
from unnest(:workspace[], :session_id[], :at[]) as item (workspace_id, id, at)
where (s.workspace_id, s.id) = (item.workspace_id, item.id) and s.closed_at is null
-- name: session_close_load session_close -> session_place; locks nothing; a row per item, in their order
select s.user_id, coalesce(s.closed_at is null, false) as made
from unnest(:workspace[], :session_id[]) with ordinality as item (workspace_id, session_id, i)
left join gateway.session s on (s.workspace_id, s.id) = (item.workspace_id, item.session_id)
order by item.i
-- name: session_close_write session_ended; locks gateway.session, the closed rows
update gateway.session s
set closed_at = item.at
from unnest(:workspace[], :session_id[], :at[]) as item (workspace_id, id, at)
where (s.workspace_id, s.id) = (item.workspace_id, item.id)
-- name: apikey_add_load apikey_add -> apikey_place; locks nothing; a row per item, in their order
select w.agency_id, r.key is not null as role_known, k.id is not null as made, coalesce(k.revoked_at is not null, false) as revoked
from unnest(:workspace[], :apikey_id[], :role[]) with ordinality as item (workspace_id, apikey_id, role, i)
left join gateway.workspace w on w.workspace_id = item.workspace_id
left join gateway.role r on (r.workspace_id, r.key) = (w.agency_id, item.role)
left join gateway.api_key k on (k.workspace_id, k.id) = (item.workspace_id, item.apikey_id)
order by item.i
-- name: apikey_whole_write apikey_whole; locks gateway.api_key, the new rows
insert into gateway.api_key (workspace_id, id, agency_id, name, role, prefix, key_hash, created_at)
select item.*
from unnest(:workspace_id[], :apikey_id[], :agency_id[], :name[], :role[], :prefix[], :key_hash[], :at[])
  as item (workspace_id, id, agency_id, name, role, prefix, key_hash, at)
-- name: apikey_revoke_load apikey_revoke -> apikey_place; locks nothing; a row per item, in their order
select k.agency_id, true as role_known, k.id is not null as made, coalesce(k.revoked_at is not null, false) as revoked
from unnest(:workspace[], :apikey_id[]) with ordinality as item (workspace_id, apikey_id, i)
left join gateway.api_key k on (k.workspace_id, k.id) = (item.workspace_id, item.apikey_id)
order by item.i
-- name: apikey_revoke_write session_ended; locks gateway.api_key, the revoked rows
update gateway.api_key k
set revoked_at = item.at
from unnest(:workspace[], :apikey_id[], :at[]) as item (workspace_id, id, at)
where (k.workspace_id, k.id) = (item.workspace_id, item.id)
-- name: audit_write audit_line; locks nothing that is there
insert into gateway.audit (workspace_id, id, at, actor, what, detail)
select item.*
from unnest(:workspace_id[], :line_id[], :at[], :actor[], :what[], :detail[]) as item (workspace_id, id, at, actor, what, detail)
