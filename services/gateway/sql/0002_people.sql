-- People as they manage themselves and each other: links to choose a password, second factors, pictures, teams, set-up of an empty installation;
-- and what a workspace changed of its preset.
alter table gateway.user add column timezone text;
alter table gateway.user add column photo text collate "C";
alter table gateway.user add column leads_seen_at timestamptz;
comment on column gateway.user.timezone is 'IANA; null: the workspace''s';
comment on column gateway.user.photo is 'hash under which their picture lies in the files folder of the home; null: none';
comment on column gateway.user.leads_seen_at is 'how far they have looked at new leads';

alter table gateway.workspace add column tabs jsonb;
alter table gateway.workspace add column header jsonb;
alter table gateway.workspace add column demo boolean not null default false;
alter table gateway.workspace add column archived_at timestamptz;
comment on column gateway.workspace.tabs is 'entries of its menu; null: the preset''s';
comment on column gateway.workspace.header is 'buttons of its header; null: the preset''s';
comment on column gateway.workspace.demo is 'made to be looked at';
comment on column gateway.workspace.archived_at is 'since when it is hidden; its records are kept, and leads still come in';

alter table gateway.api_key add column created_by uuid;
alter table gateway.api_key add column used_at timestamptz;
comment on column gateway.api_key.created_by is 'who made it; null: the operator';
comment on column gateway.api_key.used_at is 'when it was last seen in use, give or take some minutes';

create table gateway.invite (
  workspace_id uuid not null,
  user_id uuid not null,
  token_hash text collate "C" not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  primary key (workspace_id, user_id),
  foreign key (workspace_id, user_id) references gateway.user (workspace_id, id)
);
create unique index invite_token on gateway.invite (token_hash);
comment on table gateway.invite is 'the one link by which somebody may choose a password';
comment on column gateway.invite.workspace_id is 'the agency''s home';
comment on column gateway.invite.user_id is 'who';
comment on column gateway.invite.token_hash is 'SHA-256 of the token; the token itself is kept nowhere';
comment on column gateway.invite.created_at is 'when it was made; it replaced any older one';
comment on column gateway.invite.expires_at is 'when it ends';
comment on column gateway.invite.used_at is 'when it was used; good once';

create table gateway.totp (
  workspace_id uuid not null,
  user_id uuid not null,
  sealed text not null,
  confirmed_at timestamptz,
  last_step bigint not null,
  recovery jsonb not null,
  primary key (workspace_id, user_id),
  foreign key (workspace_id, user_id) references gateway.user (workspace_id, id)
);
comment on table gateway.totp is 'second factors (RFC 6238)';
comment on column gateway.totp.workspace_id is 'the agency''s home';
comment on column gateway.totp.user_id is 'whose';
comment on column gateway.totp.sealed is 'the secret, sealed by CRM_KEY';
comment on column gateway.totp.confirmed_at is 'since when log-in asks for it; null: begun and not confirmed';
comment on column gateway.totp.last_step is 'the last step a code was taken of: none up to it is taken again';
comment on column gateway.totp.recovery is 'SHA-256 of the recovery codes not yet used';

create table gateway.setup (
  workspace_id uuid not null references gateway.agency (workspace_id),
  code_hash text collate "C" not null,
  expires_at timestamptz not null,
  wrong integer not null,
  user_id uuid,
  primary key (workspace_id)
);
comment on table gateway.setup is 'the one-time code of an empty installation';
comment on column gateway.setup.workspace_id is 'the first agency''s home';
comment on column gateway.setup.code_hash is 'SHA-256 of the code that stands in the terminal';
comment on column gateway.setup.expires_at is 'when it ends';
comment on column gateway.setup.wrong is 'how often another one was given';
comment on column gateway.setup.user_id is 'the owner that came of it; null: not used yet';

alter table gateway.invite enable row level security;
alter table gateway.totp enable row level security;
alter table gateway.setup enable row level security;
create policy invite_set on gateway.invite for select to gateway_read
  using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));
create policy totp_set on gateway.totp for select to gateway_read
  using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));
create policy setup_set on gateway.setup for select to gateway_read
  using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));

-- The agencies of the workspaces of the set: their roles have names everywhere, and their members have faces.
create function gateway.agencies_of_set() returns uuid[] language sql stable security definer set search_path = gateway, pg_temp as $$
  select coalesce(array_agg(distinct w.agency_id), '{}')
  from gateway.workspace w
  where w.workspace_id = any (nullif(current_setting('crm.workspaces', true), '')::uuid[])
$$;
comment on function gateway.agencies_of_set is 'The agencies that have a workspace in the reader''s set';
revoke all on function gateway.agencies_of_set() from public;
grant execute on function gateway.agencies_of_set() to gateway_read;
alter policy role_set on gateway.role using (workspace_id = any ((select gateway.agencies_of_set())::uuid[]));
alter policy role_permission_set on gateway.role_permission using (workspace_id = any ((select gateway.agencies_of_set())::uuid[]));
-- A user is seen where they are a member, too; the statements say of which columns.
alter policy user_set on gateway.user
  using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
    or exists (
      select from gateway.member m
      where (m.agency_id, m.user_id) = ("user".workspace_id, "user".id)
        and m.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])));

create function gateway.has_right(workspace uuid, actor uuid, wanted text) returns boolean language sql stable as $$
  select exists (
      select from gateway.member m
      join gateway.role_permission p on (p.workspace_id, p.role) = (m.agency_id, m.role) and p.permission = wanted
      where (m.workspace_id, m.user_id) = (workspace, actor) and m.active)
    or exists (
      select from gateway.api_key k
      join gateway.role_permission p on (p.workspace_id, p.role) = (k.agency_id, k.role) and p.permission = wanted
      where (k.workspace_id, k.id) = (workspace, actor) and k.revoked_at is null)
$$;
comment on function gateway.has_right is 'Whether a member or a key may do that in a workspace; an agency''s admin is not looked for';

create function gateway.is_admin(agency uuid, actor uuid) returns boolean language sql stable as $$
  select exists (select from gateway.user u where (u.workspace_id, u.id) = (agency, actor) and u.agency_admin and not u.disabled)
$$;
comment on function gateway.is_admin is 'Whether somebody is an admin of the agency who may log in';

-- Who may rename somebody, switch them off or send them a new link: the operator (null), the agency's admins, and whoever manages the people of every
-- workspace that they belong to. An agency's admin is managed by their equals alone.
create function gateway.manages(agency uuid, actor uuid, target uuid) returns boolean
language sql stable security definer set search_path = gateway, pg_temp as $$
  select actor is null or gateway.is_admin(agency, actor)
    or (not exists (select from gateway.user t where (t.workspace_id, t.id) = (agency, target) and t.agency_admin)
      and exists (select from gateway.member m where (m.agency_id, m.user_id) = (agency, target) and m.active)
      and not exists (
        select from gateway.member m
        where (m.agency_id, m.user_id) = (agency, target) and m.active and not gateway.has_right(m.workspace_id, actor, 'crm-users')))
$$;
comment on function gateway.manages is 'Whether somebody may change another user as a whole';

create function gateway.rfc3339(at timestamptz) returns text language sql stable as $$
  select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;
comment on function gateway.rfc3339 is 'A moment as the API writes it';
