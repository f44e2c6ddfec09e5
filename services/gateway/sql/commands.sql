-- name: agency_add_load agency_add -> agency_place; locks nothing; a row per item, in their order
select a.workspace_id is not null as known
from unnest(:agency_id[]) with ordinality as item (agency_id, i)
left join gateway.agency a on a.workspace_id = item.agency_id
order by item.i
-- name: agency_add_write agency_add; locks gateway.agency, the new rows
insert into gateway.agency (workspace_id, name, created_at, demo)
select item.agency_id, item.name, item.at, coalesce(item.demo, false)
from unnest(:agency_id[], :name[], :at[], :demo[]) as item (agency_id, name, at, demo)
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
  admin_only, feature_crm, home, default_owner_id, created_at, demo)
select item.*
from unnest(:workspace_id[], :agency_id[], :slug[], :name[], :preset[], :language[], :currency[], :timezone[], :country[], :label_profile[],
  :landing[], :admin_only[], :feature_crm[], :home[], :default_owner_id[], :at[], :demo[])
  as item (workspace_id, agency_id, slug, name, preset, language, currency, timezone, country, label_profile, landing, admin_only, feature_crm,
  home, default_owner_id, at, demo)
-- name: workspace_update_load workspace_update -> workspace_whole; locks nothing, the lane is the lock; a row per item, in their order
select w.workspace_id, w.name, w.admin_only, w.feature_crm, w.default_owner_id, w.archived_at is not null as archived, w.convert_on_won,
  item.default_owner_id is null or m.user_id is not null as owner_fits
from unnest(:workspace[], :default_owner_id[]) with ordinality as item (workspace_id, default_owner_id, i)
left join gateway.workspace w on w.workspace_id = item.workspace_id
left join gateway.member m on (m.workspace_id, m.user_id) = (item.workspace_id, item.default_owner_id) and m.active
order by item.i
-- name: workspace_update_write workspace_whole; locks gateway.workspace, the changed rows
update gateway.workspace w
set name = item.name, admin_only = item.admin_only, feature_crm = item.feature_crm, default_owner_id = item.default_owner_id,
  archived_at = case when item.archived then coalesce(w.archived_at, item.at) end, convert_on_won = item.convert_on_won
from unnest(:workspace_id[], :name[], :admin_only[], :feature_crm[], :default_owner_id[], :archived[], :at[], :convert_on_won[])
  as item (workspace_id, name, admin_only, feature_crm, default_owner_id, archived, at, convert_on_won)
where w.workspace_id = item.workspace_id
-- name: workspace_owner_write workspace_updated; locks gateway.workspace, the changed rows
update gateway.workspace w
set default_owner_id = item.default_owner_id
from unnest(:workspace_id[], :default_owner_id[]) as item (workspace_id, default_owner_id)
where w.workspace_id = item.workspace_id
-- name: preset_set_load preset_set -> workspace_whole; locks nothing, the lane is the lock; a row per item, in their order
select w.workspace_id, w.name, w.preset, w.label_profile, w.landing, w.tabs, w.header, w.language, w.currency, w.timezone, w.country,
  w.admin_only, w.home, item.timezone is null or exists (select from pg_timezone_names z where z.name = item.timezone) as zone_known
from unnest(:workspace[], :timezone[]) with ordinality as item (workspace_id, timezone, i)
left join gateway.workspace w on w.workspace_id = item.workspace_id
order by item.i
-- name: preset_set_write workspace_whole; locks gateway.workspace, the changed rows
update gateway.workspace w
set preset = item.preset, label_profile = item.label_profile, landing = item.landing, tabs = item.tabs, header = item.header,
  language = item.language, currency = item.currency, timezone = item.timezone, country = item.country, admin_only = item.admin_only
from unnest(:workspace_id[], :preset[], :label_profile[], :landing[], :tabs[], :header[], :language[], :currency[], :timezone[], :country[],
  :admin_only[])
  as item (workspace_id, preset, label_profile, landing, tabs, header, language, currency, timezone, country, admin_only)
where w.workspace_id = item.workspace_id
-- name: user_add_load user_add -> user_place; locks nothing; a row per item, in their order
select other.id is not null and (other.workspace_id, other.id) <> (item.workspace_id, item.user_id) as taken,
  coalesce((other.workspace_id, other.id) = (item.workspace_id, item.user_id), false) as made,
  a.workspace_id is not null as agency,
  item.role is null or exists (select from gateway.role r where (r.workspace_id, r.key) = (item.workspace_id, item.role)) as role_known,
  item.team_id is null or exists (select from gateway.team t where t.id = item.team_id) as team_known
from unnest(:workspace[], :user_id[], :email[], :role[], :team_id[]) with ordinality as item (workspace_id, user_id, email, role, team_id, i)
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
-- part: user_found; each user that is named, as they are, and whether whoever asks manages them; a row per item, in their order
select u.workspace_id, u.id as user_id, u.name, u.password_hash, u.language, u.theme, u.single_keys, u.agency_admin,
  u.allowed_sections, u.disabled, u.timezone, gateway.manages(item.workspace_id, item.actor, item.user_id) as managed, (
    select count(*)
    from gateway.user a
    where a.workspace_id = u.workspace_id and a.id <> u.id and a.agency_admin and not a.disabled) as admins, (
    select json_agg(m.workspace_id order by m.workspace_id)
    from gateway.member m
    where (m.agency_id, m.user_id) = (u.workspace_id, u.id))::jsonb as workspaces
from unnest(:workspace[], :user_id[], :actor[]) with ordinality as item (workspace_id, user_id, actor, i)
left join gateway.user u on (u.workspace_id, u.id) = (item.workspace_id, item.user_id)
order by item.i
-- name: user_update_load user_update -> user_whole; locks nothing, the lane is the lock; a row per item, in their order
-- use: user_found
-- name: user_invite_load user_invite -> user_whole; locks nothing; a row per item, in their order
select u.workspace_id, u.id as user_id, u.disabled, gateway.manages(item.workspace_id, item.actor, item.user_id) as managed
from unnest(:workspace[], :user_id[], :actor[]) with ordinality as item (workspace_id, user_id, actor, i)
left join gateway.user u on (u.workspace_id, u.id) = (item.workspace_id, item.user_id)
order by item.i
-- name: invite_write invite_whole; locks gateway.invite, the users' rows
insert into gateway.invite (workspace_id, user_id, token_hash, created_at, expires_at)
select item.*
from unnest(:workspace_id[], :user_id[], :token_hash[], :at[], :expires[]) as item (workspace_id, user_id, token_hash, at, expires)
on conflict (workspace_id, user_id) do update
set token_hash = excluded.token_hash, created_at = excluded.created_at, expires_at = excluded.expires_at, used_at = null
-- name: invite_accept_load invite_accept -> invite_place; locks nothing; a row per item, in their order
select case when not u.disabled then u.id end as user_id,
  r.token_hash is not null or coalesce(v.token_hash = item.token_hash and v.used_at is null and v.expires_at > item.at, false) as good,
  r.token_hash is not null as forgotten, (
    select json_agg(m.workspace_id order by m.workspace_id)
    from gateway.member m
    where (m.agency_id, m.user_id) = (u.workspace_id, u.id))::jsonb as workspaces
from unnest(:workspace[], :user_id[], :token_hash[], :at[]) with ordinality as item (workspace_id, user_id, token_hash, at, i)
left join gateway.user u on (u.workspace_id, u.id) = (item.workspace_id, item.user_id)
left join gateway.invite v on (v.workspace_id, v.user_id) = (item.workspace_id, item.user_id)
left join gateway.reset r on (r.workspace_id, r.user_id, r.token_hash) = (item.workspace_id, item.user_id, item.token_hash) and r.expires_at > item.at
order by item.i
-- name: invite_withdraw_load invite_withdraw -> user_whole; locks nothing, the lane is the lock; a row per item, in their order
-- use: user_found
-- name: invite_withdraw_write invite_withdraw *; locks gateway.invite, the users' rows
delete from gateway.invite v
using unnest(:workspace[], :user_id[]) as item (workspace_id, user_id)
where (v.workspace_id, v.user_id) = (item.workspace_id, item.user_id)
-- name: password_forget_load password_forget -> invite_place; locks nothing; a row per item, in their order
select case when not u.disabled and u.password_hash is not null then u.id end as user_id, true as good, true as forgotten, (
    select json_agg(w.workspace_id order by m.user_id is null, w.workspace_id)
    from gateway.workspace w
    left join gateway.member m on (m.workspace_id, m.user_id) = (w.workspace_id, u.id) and m.active
    where w.agency_id = u.workspace_id and (m.user_id is not null or u.agency_admin))::jsonb as workspaces
from unnest(:workspace[], :user_id[]) with ordinality as item (workspace_id, user_id, i)
left join gateway.user u on (u.workspace_id, u.id) = (item.workspace_id, item.user_id)
order by item.i
-- name: password_forget_write password_forget *; locks gateway.reset, the users' rows: what is over goes, this one comes
with over as (
  delete from gateway.reset r
  using unnest(:workspace[], :user_id[], :at[]) as item (workspace_id, user_id, at)
  where (r.workspace_id, r.user_id) = (item.workspace_id, item.user_id) and r.expires_at <= item.at
)
insert into gateway.reset (workspace_id, token_hash, user_id, created_at, expires_at)
select item.*
from unnest(:workspace[], :token_hash[], :user_id[], :at[], :expires[]) as item (workspace_id, token_hash, user_id, at, expires)
-- name: reset_used_write invite_accept *; locks gateway.reset, the users' rows: whoever used one needs none of them
delete from gateway.reset r
using unnest(:workspace[], :user_id[]) as item (workspace_id, user_id)
where (r.workspace_id, r.user_id) = (item.workspace_id, item.user_id)
-- name: reset_void_write password_set *; locks gateway.reset, the users' rows: whoever chose another password needs none of them
delete from gateway.reset r
using unnest(:workspace[], :user_id[]) as item (workspace_id, user_id)
where (r.workspace_id, r.user_id) = (item.workspace_id, item.user_id)
-- name: invite_used_write invite_accept *; locks gateway.invite, the used rows: whoever came by another link may have none
update gateway.invite v
set used_at = item.at
from unnest(:workspace[], :user_id[], :at[]) as item (workspace_id, user_id, at)
where (v.workspace_id, v.user_id) = (item.workspace_id, item.user_id)
-- name: invite_user_write invite_accept; locks gateway.user, the changed rows
update gateway.user u
set password_hash = item.password_hash, name = coalesce(nullif(item.name, ''), u.name), language = coalesce(item.language, u.language),
  failed_logins = 0, failed_at = null
from unnest(:workspace[], :user_id[], :password_hash[], :name[], :language[]) as item (workspace_id, user_id, password_hash, name, language)
where (u.workspace_id, u.id) = (item.workspace_id, item.user_id)
-- name: profile_update_load profile_update -> user_whole; locks nothing, the lane is the lock; a row per item, in their order
select u.workspace_id, u.id as user_id, u.name, u.password_hash, u.language, u.theme, u.single_keys, u.agency_admin,
  u.allowed_sections, u.disabled, u.timezone,
  item.timezone is null or exists (select from pg_timezone_names z where z.name = item.timezone) as zone_known, (
    select json_agg(m.workspace_id order by m.workspace_id)
    from gateway.member m
    where (m.agency_id, m.user_id) = (u.workspace_id, u.id))::jsonb as workspaces
from unnest(:workspace[], :user_id[], :timezone[]) with ordinality as item (workspace_id, user_id, timezone, i)
left join gateway.user u on (u.workspace_id, u.id) = (item.workspace_id, item.user_id)
order by item.i
-- name: user_update_write user_whole; locks gateway.user, the changed rows
update gateway.user u
set name = item.name, password_hash = item.password_hash, language = item.language, theme = item.theme, single_keys = item.single_keys,
  agency_admin = item.agency_admin, allowed_sections = item.allowed_sections, disabled = item.disabled, timezone = item.timezone
from unnest(:workspace_id[], :user_id[], :name[], :password_hash[], :language[], :theme[], :single_keys[], :agency_admin[],
  :allowed_sections[], :disabled[], :timezone[])
  as item (workspace_id, user_id, name, password_hash, language, theme, single_keys, agency_admin, allowed_sections, disabled, timezone)
where (u.workspace_id, u.id) = (item.workspace_id, item.user_id)
-- name: signature_write signature_kept; locks gateway.user, the changed rows
update gateway.user u
set signature = item.signature
from unnest(:workspace_id[], :user_id[], :signature[]) as item (workspace_id, user_id, signature)
where (u.workspace_id, u.id) = (item.workspace_id, item.user_id)
-- name: user_sessions_close session_ended *; locks gateway.session, the users' open ones
update gateway.session s
set closed_at = item.at
from unnest(:workspace[], :user_id[], :at[]) as item (workspace_id, user_id, at)
where (s.workspace_id, s.user_id) = (item.workspace_id, item.user_id) and s.closed_at is null
-- name: member_set_load member_set -> member_place; locks nothing, the lane is the lock; a row per item, in their order
select w.agency_id, w.name as workspace_name, u.name, u.email, u.disabled, r.key is not null as role_known,
  w.default_owner_id is not null as owned, case when m.active then m.role end as old_role, m.team_id as old_team_id,
  item.team_id is null or t.id is not null as team_known
from unnest(:workspace[], :user_id[], :role[], :team_id[]) with ordinality as item (workspace_id, user_id, role, team_id, i)
left join gateway.team t on (t.workspace_id, t.id) = (item.workspace_id, item.team_id)
left join gateway.workspace w on w.workspace_id = item.workspace_id
left join gateway.user u on (u.workspace_id, u.id) = (w.agency_id, item.user_id)
left join gateway.role r on (r.workspace_id, r.key) = (w.agency_id, item.role)
left join gateway.member m on (m.workspace_id, m.user_id) = (item.workspace_id, item.user_id)
order by item.i
-- name: member_set_write member_whole; locks gateway.member, the set rows
insert into gateway.member (workspace_id, agency_id, user_id, name, email, role, team_id, active, changed_at, untold)
select item.*, 1
from unnest(:workspace_id[], :agency_id[], :user_id[], :name[], :email[], :role[], :team_id[], :active[], :at[])
  as item (workspace_id, agency_id, user_id, name, email, role, team_id, active, at)
on conflict (workspace_id, user_id) do update
set name = excluded.name, email = excluded.email, role = excluded.role, team_id = excluded.team_id, active = excluded.active,
  changed_at = excluded.changed_at, untold = gateway.member.untold + 1
-- name: readers_waiting -> workspace_due; in which was not said yet how somebody is told of news
select m.workspace_id, now() as now
from gateway.member m
where m.untold > 0
group by m.workspace_id
-- name: readers_untold workspace_due => reader_untold; those, and how they are told now; who may not see the CRM sees nothing of it: as grant_of_role and seat_check say it
select m.workspace_id, m.user_id, m.untold, case when u.agency_admin then 'admin' else m.role end as role,
  case when not w.feature_crm or w.archived_at is not null then 'none'
    when u.agency_admin then 'all'
    when not 'crm-view' = any (held.may) or (w.admin_only and m.role not in ('owner', 'admin')) then 'none'
    when r.scope in ('own', 'team') and 'all-prospects' = any (held.may) then 'workspace'
    else r.scope end as scope, m.team_id, u.language,
  coalesce(p.content, '{}') as choices, w.slug, u.agency_admin or 'crm-chat' = any (held.may) as chats
from unnest(:workspace_id[]) as item (workspace_id)
join gateway.member m on m.workspace_id = item.workspace_id and m.untold > 0
join gateway.workspace w on w.workspace_id = m.workspace_id
join gateway.user u on (u.workspace_id, u.id) = (m.agency_id, m.user_id)
left join gateway.role r on (r.workspace_id, r.key) = (m.agency_id, m.role)
left join gateway.preference p on (p.workspace_id, p.user_id, p.place) = (m.agency_id, m.user_id, 'notifications')
cross join lateral (select array(select x.permission from gateway.role_permission x where (x.workspace_id, x.role) = (r.workspace_id, r.key)) as may) held
limit 200
-- name: reader_told reader_untold *; locks gateway.member: what changed meanwhile is said again
update gateway.member m
set untold = 0
from unnest(:workspace_id[], :user_id[], :untold[]) as item (workspace_id, user_id, untold)
where (m.workspace_id, m.user_id) = (item.workspace_id, item.user_id) and m.untold = item.untold
-- name: prefs_untold prefs_set *; locks gateway.member: what they chose holds in all their workspaces
update gateway.member m
set untold = m.untold + 1
from unnest(:workspace[], :actor[], :place[]) as item (workspace_id, user_id, place)
where item.place = 'notifications' and (m.agency_id, m.user_id) = (item.workspace_id, item.user_id)
-- name: workspace_untold workspace_whole *; locks gateway.member: who may see anything there is said anew
update gateway.member m
set untold = m.untold + 1
from unnest(:workspace_id[]) as item (workspace_id)
where m.workspace_id = item.workspace_id
-- name: user_untold user_whole *; likewise, of somebody
update gateway.member m
set untold = m.untold + 1
from unnest(:workspace_id[], :user_id[]) as item (workspace_id, user_id)
where (m.agency_id, m.user_id) = (item.workspace_id, item.user_id)
-- name: role_untold role_whole *; locks gateway.member: whoever has that role, or is an admin of the agency
update gateway.member m
set untold = m.untold + 1
from unnest(:workspace_id[], :role[]) as item (workspace_id, role)
where m.agency_id = item.workspace_id and (m.role = item.role or item.role = 'admin')
-- name: member_refresh_load member_refresh -> member_whole; locks nothing, the lane is the lock; a row per item, in their order; no member: zeros
select coalesce(m.workspace_id, item.none) as workspace_id, coalesce(m.agency_id, item.none) as agency_id, coalesce(m.user_id, item.none) as user_id,
  coalesce(u.name, '') as name, coalesce(u.email, '') as email, coalesce(m.role, '') as role, m.team_id,
  coalesce(m.active and not u.disabled, false) as active, item.at
from (
  select workspace_id, user_id, at, i, '00000000-0000-0000-0000-000000000000'::uuid as none
  from unnest(:workspace[], :user_id[], :at[]) with ordinality as item (workspace_id, user_id, at, i)) as item
left join gateway.member m on (m.workspace_id, m.user_id) = (item.workspace_id, item.user_id)
left join gateway.user u on (u.workspace_id, u.id) = (m.agency_id, m.user_id)
order by item.i
-- name: member_refresh_write member_whole; locks gateway.member, the named rows; who may not log in for a while still belongs
update gateway.member m
set name = item.name, email = item.email, untold = m.untold + 1
from unnest(:workspace_id[], :user_id[], :name[], :email[]) as item (workspace_id, user_id, name, email)
where (m.workspace_id, m.user_id) = (item.workspace_id, item.user_id)
-- name: member_hand_over_load member_hand_over -> hand_over_place; locks nothing; a row per item, in their order
select w.workspace_id is not null as known, m.user_id is not null as member, t.user_id is not null as fits, w.name as workspace_name,
  coalesce(w.default_owner_id = item.user_id, false) as owned
from unnest(:workspace[], :user_id[], :to_id[]) with ordinality as item (workspace_id, user_id, to_id, i)
left join gateway.workspace w on w.workspace_id = item.workspace_id
left join gateway.member m on (m.workspace_id, m.user_id) = (item.workspace_id, item.user_id)
left join gateway.member t on (t.workspace_id, t.user_id) = (item.workspace_id, item.to_id) and t.active
order by item.i
-- name: team_add_load team_add -> team_place; locks nothing; a row per item, in their order
select w.agency_id, t.id is not null as made, 0::int8 as members
from unnest(:workspace[], :team_id[]) with ordinality as item (workspace_id, team_id, i)
left join gateway.workspace w on w.workspace_id = item.workspace_id
left join gateway.team t on (t.workspace_id, t.id) = (item.workspace_id, item.team_id)
order by item.i
-- name: team_add_write team_add; locks gateway.team, the new rows
insert into gateway.team (workspace_id, id, name)
select item.*
from unnest(:workspace[], :team_id[], :name[]) as item (workspace_id, team_id, name)
-- name: team_update_load team_update -> team_place; locks nothing; a row per item, in their order
select w.agency_id, t.id is not null as made, 0::int8 as members
from unnest(:workspace[], :team_id[]) with ordinality as item (workspace_id, team_id, i)
left join gateway.workspace w on w.workspace_id = item.workspace_id
left join gateway.team t on (t.workspace_id, t.id) = (item.workspace_id, item.team_id)
order by item.i
-- name: team_update_write team_update; locks gateway.team, the named rows
update gateway.team t
set name = item.name
from unnest(:workspace[], :team_id[], :name[]) as item (workspace_id, team_id, name)
where (t.workspace_id, t.id) = (item.workspace_id, item.team_id)
-- name: team_drop_load team_drop -> team_place; locks nothing; a row per item, in their order
select w.agency_id, t.id is not null as made, (
    select count(*)
    from gateway.member m
    where (m.workspace_id, m.team_id) = (t.workspace_id, t.id)) as members
from unnest(:workspace[], :team_id[]) with ordinality as item (workspace_id, team_id, i)
left join gateway.workspace w on w.workspace_id = item.workspace_id
left join gateway.team t on (t.workspace_id, t.id) = (item.workspace_id, item.team_id)
order by item.i
-- name: team_drop_write team_drop; locks gateway.team, the dropped rows
delete from gateway.team t
using unnest(:workspace[], :team_id[]) as item (workspace_id, team_id)
where (t.workspace_id, t.id) = (item.workspace_id, item.team_id)
-- name: session_open_load session_open -> session_place; locks nothing; a row per item, in their order
select case when not u.disabled then u.id end as user_id, s.id is not null as made, coalesce(t.confirmed_at is not null, false) as two_factor,
  item.totp_step > t.last_step as step_fresh, t.recovery @> to_jsonb(item.recovery_hash) as recovers
from unnest(:workspace[], :user_id[], :session_id[], :totp_step[], :recovery_hash[]) with ordinality
  as item (workspace_id, user_id, session_id, totp_step, recovery_hash, i)
left join gateway.totp t on (t.workspace_id, t.user_id) = (item.workspace_id, item.user_id)
left join gateway.user u on (u.workspace_id, u.id) = (item.workspace_id, item.user_id)
left join gateway.session s on (s.workspace_id, s.id) = (item.workspace_id, item.session_id)
order by item.i
-- name: session_open_write session_open; locks gateway.session, the new rows
insert into gateway.session (workspace_id, id, user_id, token_hash, created_at, used_at, expires_at, user_agent, remote)
select item.workspace_id, item.id, item.user_id, item.token_hash, item.at, item.at, item.expires, item.user_agent, item.remote
from unnest(:workspace[], :session_id[], :user_id[], :token_hash[], :at[], :expires[], :user_agent[], :remote[])
  as item (workspace_id, id, user_id, token_hash, at, expires, user_agent, remote)
-- name: totp_used_write session_open *; locks gateway.totp: a code is good once
update gateway.totp t
set last_step = greatest(t.last_step, item.totp_step), recovery = t.recovery - coalesce(item.recovery_hash, '')
from unnest(:workspace[], :user_id[], :totp_step[], :recovery_hash[]) as item (workspace_id, user_id, totp_step, recovery_hash)
where (t.workspace_id, t.user_id) = (item.workspace_id, item.user_id) and (item.totp_step is not null or item.recovery_hash is not null)
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
-- name: sessions_open session_keep => session_row; the open ones but one
select s.user_id, s.id as session_id
from unnest(:workspace_id[], :user_id[], :keep_id[]) as item (workspace_id, user_id, keep_id)
join gateway.session s on (s.workspace_id, s.user_id) = (item.workspace_id, item.user_id) and s.closed_at is null
where s.id is distinct from item.keep_id
-- name: password_set_load password_set -> user_there; locks nothing; a row per item, in their order
select case when not u.disabled then u.id end as user_id
from unnest(:workspace[], :user_id[]) with ordinality as item (workspace_id, user_id, i)
left join gateway.user u on (u.workspace_id, u.id) = (item.workspace_id, item.user_id)
order by item.i
-- name: password_set_write password_set; locks gateway.user, the changed rows
update gateway.user u
set password_hash = item.password_hash, failed_logins = 0, failed_at = null
from unnest(:workspace[], :user_id[], :password_hash[]) as item (workspace_id, user_id, password_hash)
where (u.workspace_id, u.id) = (item.workspace_id, item.user_id)
-- name: invite_void_write password_set *; locks gateway.invite: a link that was not used is good no longer
update gateway.invite v
set used_at = item.at
from unnest(:workspace[], :user_id[], :at[]) as item (workspace_id, user_id, at)
where (v.workspace_id, v.user_id) = (item.workspace_id, item.user_id) and v.used_at is null
-- name: photo_set_load photo_set -> user_there; locks nothing; a row per item, in their order
select case when not u.disabled then u.id end as user_id
from unnest(:workspace[], :user_id[]) with ordinality as item (workspace_id, user_id, i)
left join gateway.user u on (u.workspace_id, u.id) = (item.workspace_id, item.user_id)
order by item.i
-- name: photo_set_write photo_set; locks gateway.user, the changed rows
update gateway.user u
set photo = item.photo
from unnest(:workspace[], :user_id[], :photo[]) as item (workspace_id, user_id, photo)
where (u.workspace_id, u.id) = (item.workspace_id, item.user_id)
-- name: leads_seen_write leads_seen *; locks gateway.user, the changed rows
update gateway.user u
set leads_seen_at = greatest(u.leads_seen_at, item.seen), news_marks = null
from unnest(:workspace[], :user_id[], :seen[]) as item (workspace_id, user_id, seen)
where (u.workspace_id, u.id) = (item.workspace_id, item.user_id)
-- name: notices_read_write notices_read *; locks gateway.user, the changed rows; the latest marks stay
update gateway.user u
set news_marks = (
    select jsonb_object_agg(k.key, k.value)
    from (
      select m.key, m.value
      from jsonb_each(coalesce(u.news_marks, '{}') || item.ids) as m (key, value)
      order by abs(m.value::bigint) desc, m.key
      limit 500) as k)
from unnest(:workspace[], :user_id[], :ids[]) as item (workspace_id, user_id, ids)
where (u.workspace_id, u.id) = (item.workspace_id, item.user_id)
-- name: totp_begin_load totp_begin -> totp_place; locks nothing; a row per item, in their order
select u.id as user_id, t.user_id is not null as begun, t.confirmed_at is not null as confirmed
from unnest(:workspace[], :user_id[]) with ordinality as item (workspace_id, user_id, i)
left join gateway.user u on (u.workspace_id, u.id) = (item.workspace_id, item.user_id)
left join gateway.totp t on (t.workspace_id, t.user_id) = (item.workspace_id, item.user_id)
order by item.i
-- name: totp_begin_write totp_begin; locks gateway.totp, the users' rows
insert into gateway.totp (workspace_id, user_id, sealed, last_step, recovery)
select item.workspace_id, item.user_id, item.sealed, 0, '[]'
from unnest(:workspace[], :user_id[], :sealed[]) as item (workspace_id, user_id, sealed)
on conflict (workspace_id, user_id) do update
set sealed = excluded.sealed, confirmed_at = null, last_step = 0, recovery = '[]'
-- name: totp_confirm_load totp_confirm -> totp_place; locks nothing; a row per item, in their order
select u.id as user_id, t.user_id is not null as begun, t.confirmed_at is not null as confirmed
from unnest(:workspace[], :user_id[]) with ordinality as item (workspace_id, user_id, i)
left join gateway.user u on (u.workspace_id, u.id) = (item.workspace_id, item.user_id)
left join gateway.totp t on (t.workspace_id, t.user_id) = (item.workspace_id, item.user_id)
order by item.i
-- name: totp_confirm_write totp_confirm; locks gateway.totp, the users' rows
update gateway.totp t
set confirmed_at = item.at, last_step = item.step, recovery = item.recovery
from unnest(:workspace[], :user_id[], :at[], :step[], :recovery[]) as item (workspace_id, user_id, at, step, recovery)
where (t.workspace_id, t.user_id) = (item.workspace_id, item.user_id)
-- name: totp_recovery_load totp_recovery -> totp_place; locks nothing; a row per item, in their order
select u.id as user_id, t.user_id is not null as begun, coalesce(t.confirmed_at is not null, false) as confirmed
from unnest(:workspace[], :user_id[]) with ordinality as item (workspace_id, user_id, i)
left join gateway.user u on (u.workspace_id, u.id) = (item.workspace_id, item.user_id)
left join gateway.totp t on (t.workspace_id, t.user_id) = (item.workspace_id, item.user_id)
order by item.i
-- name: totp_recovery_write totp_recovery; locks gateway.totp, the users' rows
update gateway.totp t
set recovery = item.recovery
from unnest(:workspace[], :user_id[], :recovery[]) as item (workspace_id, user_id, recovery)
where (t.workspace_id, t.user_id) = (item.workspace_id, item.user_id)
-- name: totp_drop session_keep *; locks gateway.totp
delete from gateway.totp t
using unnest(:workspace_id[], :user_id[]) as item (workspace_id, user_id)
where (t.workspace_id, t.user_id) = (item.workspace_id, item.user_id)
-- name: links_drop session_keep *; locks gateway.reset, gateway.invite: links from before somebody was switched off or given another password
with asked as (
  delete from gateway.reset r
  using unnest(:workspace_id[], :user_id[]) as item (workspace_id, user_id)
  where (r.workspace_id, r.user_id) = (item.workspace_id, item.user_id)
)
delete from gateway.invite v
using unnest(:workspace_id[], :user_id[]) as item (workspace_id, user_id)
where (v.workspace_id, v.user_id) = (item.workspace_id, item.user_id)
-- name: role_set_load role_set -> role_whole; locks nothing, the lane is the lock; a row per item, in their order
select r.workspace_id, r.key as role, r.scope, r.label, (
    select coalesce(jsonb_agg(p.permission order by p.permission), '[]')
    from gateway.role_permission p
    where (p.workspace_id, p.role) = (r.workspace_id, r.key)) as permissions
from unnest(:workspace[], :role[]) with ordinality as item (workspace_id, role, i)
left join gateway.role r on (r.workspace_id, r.key) = (item.workspace_id, item.role)
order by item.i
-- name: role_write role_whole; locks gateway.role, the changed rows
update gateway.role r
set scope = item.scope, label = item.label
from unnest(:workspace_id[], :role[], :scope[], :label[]) as item (workspace_id, role, scope, label)
where (r.workspace_id, r.key) = (item.workspace_id, item.role)
-- name: role_permissions_drop role_whole *; locks gateway.role_permission: what is no longer permitted
delete from gateway.role_permission p
using unnest(:workspace_id[], :role[], :permissions[]) as item (workspace_id, role, permissions)
where (p.workspace_id, p.role) = (item.workspace_id, item.role) and not item.permissions @> to_jsonb(p.permission)
-- name: role_permissions_write role_whole *; locks gateway.role_permission, the new rows
insert into gateway.role_permission (workspace_id, role, permission)
select item.workspace_id, item.role, p
from unnest(:workspace_id[], :role[], :permissions[]) as item (workspace_id, role, permissions)
cross join lateral jsonb_array_elements_text(item.permissions) as p
on conflict (workspace_id, role, permission) do nothing
-- name: setup_open_load setup_open -> setup_place; locks nothing; a row per item, in their order
select a.workspace_id is not null as known, exists (select from gateway.user u) as peopled,
  coalesce(s.user_id is null and s.expires_at > item.at and s.wrong < 10, false) as waiting, coalesce(s.code_hash = item.code_hash, false) as "right",
  s.user_id
from unnest(:agency_id[], :code_hash[], :at[]) with ordinality as item (agency_id, code_hash, at, i)
left join gateway.agency a on a.workspace_id = item.agency_id
left join gateway.setup s on s.workspace_id = item.agency_id
order by item.i
-- name: setup_open_write setup_open; locks gateway.setup, the agency's row
insert into gateway.setup (workspace_id, code_hash, expires_at, wrong)
select item.agency_id, item.code_hash, item.expires, 0
from unnest(:agency_id[], :code_hash[], :expires[]) as item (agency_id, code_hash, expires)
on conflict (workspace_id) do update set code_hash = excluded.code_hash, expires_at = excluded.expires_at, wrong = 0
-- name: setup_miss_write setup_miss *; locks gateway.setup, the agency's row
update gateway.setup s
set wrong = s.wrong + 1
from unnest(:agency_id[]) as item (agency_id)
where s.workspace_id = item.agency_id
-- name: setup_finish_load setup_finish -> setup_place; locks nothing; a row per item, in their order
select a.workspace_id is not null as known, exists (select from gateway.user u) as peopled,
  coalesce(s.user_id is null and s.expires_at > item.at and s.wrong < 10, false) as waiting, coalesce(s.code_hash = item.code_hash, false) as "right",
  s.user_id
from unnest(:agency_id[], :code_hash[], :at[]) with ordinality as item (agency_id, code_hash, at, i)
left join gateway.agency a on a.workspace_id = item.agency_id
left join gateway.setup s on s.workspace_id = item.agency_id
order by item.i
-- name: setup_agency_write setup_finish; locks gateway.agency, the named row
update gateway.agency a
set name = item.firm
from unnest(:agency_id[], :firm[]) as item (agency_id, firm)
where a.workspace_id = item.agency_id
-- name: setup_home_write setup_finish; locks gateway.workspace, the home
update gateway.workspace w
set name = item.firm
from unnest(:agency_id[], :firm[]) as item (agency_id, firm)
where w.workspace_id = item.agency_id
-- name: setup_used_write setup_finish; locks gateway.setup, the agency's row
update gateway.setup s
set user_id = item.user_id
from unnest(:agency_id[], :user_id[]) as item (agency_id, user_id)
where s.workspace_id = item.agency_id
-- name: apikey_add_load apikey_add -> apikey_place; locks nothing; a row per item, in their order
select w.agency_id, r.key is not null as role_known, k.id is not null as made, coalesce(k.revoked_at is not null, false) as revoked
from unnest(:workspace[], :apikey_id[], :role[]) with ordinality as item (workspace_id, apikey_id, role, i)
left join gateway.workspace w on w.workspace_id = item.workspace_id
left join gateway.role r on (r.workspace_id, r.key) = (w.agency_id, item.role)
left join gateway.api_key k on (k.workspace_id, k.id) = (item.workspace_id, item.apikey_id)
order by item.i
-- name: apikey_whole_write apikey_whole; locks gateway.api_key, the new rows
insert into gateway.api_key (workspace_id, id, agency_id, name, role, prefix, key_hash, created_at, created_by)
select item.*
from unnest(:workspace_id[], :apikey_id[], :agency_id[], :name[], :role[], :prefix[], :key_hash[], :at[], :created_by[])
  as item (workspace_id, id, agency_id, name, role, prefix, key_hash, at, created_by)
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
-- name: apikey_touch_write apikey_touch *; locks gateway.api_key
update gateway.api_key k
set used_at = item.at
from unnest(:workspace[], :apikey_id[], :at[]) as item (workspace_id, id, at)
where (k.workspace_id, k.id) = (item.workspace_id, item.id) and k.revoked_at is null
-- name: prefs_set_load prefs_set -> prefs_place; locks nothing, the lane is the lock; a row per item, in their order
select coalesce(p.version, 0) as version,
  octet_length(jsonb_strip_nulls(coalesce(p.content, '{}') || item.content)::text)::int8 as size,
  coalesce(p.content = jsonb_strip_nulls(p.content || item.content), false) as same, (
    select count(*) from gateway.preference o where (o.workspace_id, o.user_id) = (item.workspace_id, item.user_id)) as others
from unnest(:workspace[], :actor[], :place[], :content[]) with ordinality as item (workspace_id, user_id, place, content, i)
left join gateway.preference p on (p.workspace_id, p.user_id, p.place) = (item.workspace_id, item.user_id, item.place)
order by item.i
-- name: prefs_set_write prefs_set; locks gateway.preference, the set rows
insert into gateway.preference (workspace_id, user_id, place, content, version, changed_at)
select item.workspace_id, item.user_id, item.place, jsonb_strip_nulls(coalesce(old.content, '{}') || item.content), coalesce(old.version, 0) + 1, item.at
from unnest(:workspace[], :actor[], :place[], :content[], :at[]) as item (workspace_id, user_id, place, content, at)
left join gateway.preference old on (old.workspace_id, old.user_id, old.place) = (item.workspace_id, item.user_id, item.place)
on conflict (workspace_id, user_id, place) do update
set content = excluded.content, version = excluded.version, changed_at = excluded.changed_at
-- name: calendar_link_make_load calendar_link_make -> calendar_link_place; locks nothing, the lane is the lock; a row per item, in their order
select case when not u.disabled then u.id end as user_id, l.id as session_id
from unnest(:workspace[], :user_id[]) with ordinality as item (workspace_id, user_id, i)
left join gateway.user u on (u.workspace_id, u.id) = (item.workspace_id, item.user_id)
left join gateway.calendar_link l on (l.workspace_id, l.user_id) = (item.workspace_id, item.user_id)
order by item.i
-- name: calendar_link_drop_load calendar_link_drop -> calendar_link_place; locks nothing, the lane is the lock; a row per item, in their order
select u.id as user_id, l.id as session_id
from unnest(:workspace[], :user_id[]) with ordinality as item (workspace_id, user_id, i)
left join gateway.user u on (u.workspace_id, u.id) = (item.workspace_id, item.user_id)
left join gateway.calendar_link l on (l.workspace_id, l.user_id) = (item.workspace_id, item.user_id)
order by item.i
-- name: calendar_link_write calendar_link_whole; locks gateway.calendar_link, the written rows
insert into gateway.calendar_link (workspace_id, user_id, id, token_hash, created_at)
select item.*
from unnest(:workspace_id[], :user_id[], :session_id[], :token_hash[], :at[]) as item (workspace_id, user_id, id, token_hash, at)
on conflict (workspace_id, user_id) do update
set id = excluded.id, token_hash = excluded.token_hash, created_at = excluded.created_at
-- name: calendar_links_of session_keep => session_row
select l.user_id, l.id as session_id
from unnest(:workspace_id[], :user_id[]) as item (workspace_id, user_id)
join gateway.calendar_link l on (l.workspace_id, l.user_id) = (item.workspace_id, item.user_id)
-- name: calendar_link_away session_ended *; locks gateway.calendar_link: whose links are good no longer
delete from gateway.calendar_link l
using unnest(:workspace[], :user_id[]) as item (workspace_id, user_id)
where (l.workspace_id, l.user_id) = (item.workspace_id, item.user_id)
-- name: view_add_load view_add -> view_whole; locks nothing, the lane is the lock; a row per item, in their order
select v.workspace_id, v.id as view_id, v.owner_id, v.place, v.name, v.shared, v.content, v.version, v.created_at as at, (
    select count(*)
    from gateway.view o
    where (o.workspace_id, o.owner_id) = (item.workspace_id, item.owner_id) and o.place = item.place) as others, exists (
    select from gateway.view o
    where (o.workspace_id, o.owner_id) = (item.workspace_id, item.owner_id) and o.place = item.place and lower(o.name) = lower(item.name)) as taken
from unnest(:workspace[], :view_id[], :actor[], :place[], :name[]) with ordinality as item (workspace_id, view_id, owner_id, place, name, i)
left join gateway.view v on (v.workspace_id, v.id) = (item.workspace_id, item.view_id)
order by item.i
-- name: view_update_load view_update -> view_whole; locks nothing, the lane is the lock; a row per item, in their order
select v.workspace_id, v.id as view_id, v.owner_id, v.place, v.name, v.shared, v.content, v.version, v.created_at as at, 0::int8 as others, exists (
    select from gateway.view o
    where (o.workspace_id, o.owner_id, o.place) = (v.workspace_id, v.owner_id, v.place) and o.id <> v.id and lower(o.name) = lower(item.name)) as taken
from unnest(:workspace[], :view_id[], :name[]) with ordinality as item (workspace_id, view_id, name, i)
left join gateway.view v on (v.workspace_id, v.id) = (item.workspace_id, item.view_id)
order by item.i
-- name: view_drop_load view_drop -> view_whole; locks nothing, the lane is the lock; a row per item, in their order
select v.workspace_id, v.id as view_id, v.owner_id, v.place, v.name, v.shared, v.content, v.version, v.created_at as at, 0::int8 as others, false as taken
from unnest(:workspace[], :view_id[]) with ordinality as item (workspace_id, view_id, i)
left join gateway.view v on (v.workspace_id, v.id) = (item.workspace_id, item.view_id)
order by item.i
-- name: view_write view_whole; locks gateway.view, the written rows
insert into gateway.view (workspace_id, id, owner_id, place, name, shared, content, version, created_at)
select item.*
from unnest(:workspace_id[], :view_id[], :owner_id[], :place[], :name[], :shared[], :content[], :version[], :at[])
  as item (workspace_id, id, owner_id, place, name, shared, content, version, at)
on conflict (workspace_id, id) do update
set name = excluded.name, shared = excluded.shared, content = excluded.content, version = excluded.version
-- name: view_drop_write view_whole; locks gateway.view, the dropped rows
delete from gateway.view v
using unnest(:workspace_id[], :view_id[]) as item (workspace_id, view_id)
where (v.workspace_id, v.id) = (item.workspace_id, item.view_id)
-- name: audit_write audit_line; locks nothing that is there
insert into gateway.audit (workspace_id, id, at, actor, what, detail)
select item.*
from unnest(:workspace_id[], :line_id[], :at[], :actor[], :what[], :detail[]) as item (workspace_id, id, at, actor, what, detail)
-- name: workspace_remove_load workspace_remove -> demo_place; locks nothing, the lane is the lock; a row per item, in their order
select w.workspace_id is not null as known, coalesce(w.demo, false) as demo, 0::int8 as workspaces
from unnest(:workspace[]) with ordinality as item (workspace_id, i)
left join gateway.workspace w on w.workspace_id = item.workspace_id
order by item.i
-- name: workspace_remove_audit workspace_remove *; locks gateway.audit, the workspace's rows
delete from gateway.audit t
using unnest(:workspace[]) as item (workspace_id)
where t.workspace_id = item.workspace_id
-- name: workspace_remove_keys workspace_remove *; locks gateway.api_key, the workspace's rows
delete from gateway.api_key t
using unnest(:workspace[]) as item (workspace_id)
where t.workspace_id = item.workspace_id
-- name: workspace_remove_members workspace_remove *; locks gateway.member, the workspace's rows
delete from gateway.member t
using unnest(:workspace[]) as item (workspace_id)
where t.workspace_id = item.workspace_id
-- name: workspace_remove_teams workspace_remove *; locks gateway.team, the workspace's rows
delete from gateway.team t
using unnest(:workspace[]) as item (workspace_id)
where t.workspace_id = item.workspace_id
-- name: workspace_remove_preferences workspace_remove *; locks gateway.preference, the workspace's rows
delete from gateway.preference t
using unnest(:workspace[]) as item (workspace_id)
where t.workspace_id = item.workspace_id
-- name: workspace_remove_views workspace_remove *; locks gateway.view, the workspace's rows
delete from gateway.view t
using unnest(:workspace[]) as item (workspace_id)
where t.workspace_id = item.workspace_id
-- name: workspace_remove_write workspace_removed *; locks gateway.workspace, the workspace's rows
delete from gateway.workspace t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id
-- name: agency_remove_load agency_remove -> demo_place; locks nothing, the lane is the lock; a row per item, in their order
select a.workspace_id is not null as known, coalesce(a.demo, false) as demo, (
    select count(*)
    from gateway.workspace w
    where w.agency_id = a.workspace_id and not w.home) as workspaces
from unnest(:workspace[]) with ordinality as item (workspace_id, i)
left join gateway.agency a on a.workspace_id = item.workspace_id
order by item.i
-- name: agency_remove_audit workspace_removed *; locks gateway.audit, the workspace's rows
delete from gateway.audit t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id
-- name: agency_remove_sessions workspace_removed *; locks gateway.session, the workspace's rows
delete from gateway.session t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id
-- name: agency_remove_calendars workspace_removed *; locks gateway.calendar_link, the workspace's rows
delete from gateway.calendar_link t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id
-- name: agency_remove_invites workspace_removed *; locks gateway.invite, the workspace's rows
delete from gateway.invite t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id
-- name: agency_remove_resets workspace_removed *; locks gateway.reset, the workspace's rows
delete from gateway.reset t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id
-- name: agency_remove_factors workspace_removed *; locks gateway.totp, the workspace's rows
delete from gateway.totp t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id
-- name: agency_remove_users workspace_removed *; locks gateway.user, the workspace's rows
delete from gateway.user t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id
-- name: agency_remove_preferences workspace_removed *; locks gateway.preference, the home's rows
delete from gateway.preference t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id
-- name: agency_remove_permissions workspace_removed *; locks gateway.role_permission, the workspace's rows
delete from gateway.role_permission t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id
-- name: agency_remove_roles workspace_removed *; locks gateway.role, the workspace's rows
delete from gateway.role t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id
-- name: agency_remove_setup workspace_removed *; locks gateway.setup, the workspace's rows
delete from gateway.setup t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id
-- name: agency_remove_home workspace_removed *; locks gateway.workspace, the workspace's rows
delete from gateway.workspace t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id
-- name: agency_remove_write workspace_removed *; locks gateway.agency, the workspace's rows
delete from gateway.agency t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id
-- name: demo_end_users demo_end => demo_user; locks nothing; whoever belongs somewhere, or manages the agency, stays
select u.workspace_id as agency_id, u.id as user_id, case when not exists (
    select from gateway.user o
    where o.workspace_id = u.workspace_id and o.id <> u.id and o.photo = u.photo) then u.photo end as photo
from unnest(:workspace[], :users[]) as item (workspace_id, users)
join gateway.user u on u.workspace_id = item.workspace_id and item.users ? u.id::text
where not u.agency_admin and not exists (select from gateway.member m where (m.agency_id, m.user_id) = (u.workspace_id, u.id))
order by u.id
-- name: demo_user_sessions demo_user *; locks gateway.session, their rows
delete from gateway.session t
using unnest(:agency_id[], :user_id[]) as item (workspace_id, user_id)
where (t.workspace_id, t.user_id) = (item.workspace_id, item.user_id)
-- name: demo_user_invites demo_user *; locks gateway.invite, their rows
delete from gateway.invite t
using unnest(:agency_id[], :user_id[]) as item (workspace_id, user_id)
where (t.workspace_id, t.user_id) = (item.workspace_id, item.user_id)
-- name: demo_user_resets demo_user *; locks gateway.reset, their rows
delete from gateway.reset t
using unnest(:agency_id[], :user_id[]) as item (workspace_id, user_id)
where (t.workspace_id, t.user_id) = (item.workspace_id, item.user_id)
-- name: demo_user_factors demo_user *; locks gateway.totp, their rows
delete from gateway.totp t
using unnest(:agency_id[], :user_id[]) as item (workspace_id, user_id)
where (t.workspace_id, t.user_id) = (item.workspace_id, item.user_id)
-- name: demo_user_preferences demo_user *; locks gateway.preference, their rows
delete from gateway.preference t
using unnest(:agency_id[], :user_id[]) as item (workspace_id, user_id)
where (t.workspace_id, t.user_id) = (item.workspace_id, item.user_id)
-- name: demo_user_write demo_user; locks gateway.user, their rows
delete from gateway.user t
using unnest(:agency_id[], :user_id[]) as item (workspace_id, user_id)
where (t.workspace_id, t.id) = (item.workspace_id, item.user_id)

-- name: person_pins_write person_note *; locks gateway.preference, of who has pinned one of them, there or for all their workspaces
update gateway.preference p
set content = jsonb_set(p.content, '{records}', coalesce((
		select jsonb_agg(pin order by i) from jsonb_array_elements(p.content -> 'records') with ordinality as e (pin, i) where not item.ids ? (pin ->> 'id')), '[]')),
	version = p.version + 1
from unnest(:workspace[], :ids[]) as item (workspace_id, ids)
left join gateway.workspace w on w.workspace_id = item.workspace_id
where p.place = 'pins' and p.workspace_id in (item.workspace_id, w.agency_id) and jsonb_typeof(p.content -> 'records') = 'array'
	and exists (select from jsonb_array_elements(p.content -> 'records') pin where item.ids ? (pin ->> 'id'))
