-- Who there is and what they may do. Identity rows (user, session, roles) lie in an agency's home workspace, whose id is the agency's.
-- Every key begins with workspace_id; what must be unique for the whole installation has an index of its own beside it.
create table gateway.agency (
  workspace_id uuid primary key,
  name text not null,
  created_at timestamptz not null
);
comment on table gateway.agency is 'owns workspaces; its id is its home workspace''s';
comment on column gateway.agency.workspace_id is 'the agency''s id, and its home workspace''s';
comment on column gateway.agency.name is 'what people call it';
comment on column gateway.agency.created_at is 'when it was made';

create table gateway.workspace (
  workspace_id uuid primary key,
  agency_id uuid not null references gateway.agency (workspace_id),
  slug text collate "C" not null,
  name text not null,
  preset text not null,
  language text not null,
  currency text not null,
  timezone text not null,
  country text not null,
  label_profile text not null,
  landing text not null,
  admin_only boolean not null,
  feature_crm boolean not null,
  home boolean not null,
  default_owner_id uuid,
  created_at timestamptz not null
);
create unique index workspace_slug on gateway.workspace (slug);
create index workspace_agency on gateway.workspace (agency_id);
comment on table gateway.workspace is 'a tenant: one client of an agency';
comment on column gateway.workspace.workspace_id is 'its id';
comment on column gateway.workspace.agency_id is 'whose';
comment on column gateway.workspace.slug is 'short name in URLs; client_id in hooks; one in the installation';
comment on column gateway.workspace.name is 'what people call it';
comment on column gateway.workspace.preset is 'the preset it was made from';
comment on column gateway.workspace.language is 'nl or en';
comment on column gateway.workspace.currency is 'ISO 4217';
comment on column gateway.workspace.timezone is 'IANA';
comment on column gateway.workspace.country is 'ISO 3166: how phone numbers without country code are read';
comment on column gateway.workspace.label_profile is 'whose words the screen uses';
comment on column gateway.workspace.landing is 'the page after log-in';
comment on column gateway.workspace.admin_only is 'only owners and admins may see the CRM';
comment on column gateway.workspace.feature_crm is 'the CRM is switched on';
comment on column gateway.workspace.home is 'an agency''s home: identity, no deals';
comment on column gateway.workspace.default_owner_id is 'who owns what nobody else does';
comment on column gateway.workspace.created_at is 'when it was made';

create table gateway.role (
  workspace_id uuid not null references gateway.agency (workspace_id),
  key text collate "C" not null,
  label jsonb not null,
  scope text not null check (scope in ('none', 'own', 'team', 'workspace', 'all')),
  primary key (workspace_id, key)
);
comment on table gateway.role is 'a role of an agency';
comment on column gateway.role.workspace_id is 'the agency''s home';
comment on column gateway.role.key is 'its name in the API';
comment on column gateway.role.label is 'its name on the screen, by language';
comment on column gateway.role.scope is 'which rows its holder sees';

create table gateway.role_permission (
  workspace_id uuid not null,
  role text collate "C" not null,
  permission text collate "C" not null,
  primary key (workspace_id, role, permission),
  foreign key (workspace_id, role) references gateway.role (workspace_id, key)
);
comment on table gateway.role_permission is 'what a role may do';
comment on column gateway.role_permission.workspace_id is 'the agency''s home';
comment on column gateway.role_permission.role is 'which role';
comment on column gateway.role_permission.permission is 'a name of proto/permissions.def';

create table gateway.team (
  workspace_id uuid not null references gateway.workspace (workspace_id),
  id uuid not null,
  name text not null,
  primary key (workspace_id, id)
);
comment on table gateway.team is 'members who share what they see';
comment on column gateway.team.workspace_id is 'where';
comment on column gateway.team.id is 'its id';
comment on column gateway.team.name is 'what people call it';

create table gateway.user (
  workspace_id uuid not null references gateway.agency (workspace_id),
  id uuid not null,
  email text not null,
  name text not null,
  password_hash text,
  language text,
  theme text,
  single_keys boolean not null,
  agency_admin boolean not null,
  allowed_sections jsonb not null,
  disabled boolean not null,
  failed_logins integer not null default 0,
  failed_at timestamptz,
  created_at timestamptz not null,
  primary key (workspace_id, id)
);
create unique index user_email on gateway.user (lower(email));
comment on table gateway.user is 'a person who logs in';
comment on column gateway.user.workspace_id is 'the agency''s home';
comment on column gateway.user.id is 'their id; other services know them as member of a workspace';
comment on column gateway.user.email is 'their log-in; one user an e-mail in the installation, whatever its case';
comment on column gateway.user.name is 'their name';
comment on column gateway.user.password_hash is 'argon2id as libsodium writes it; null: no log-in by password';
comment on column gateway.user.language is 'nl or en; null: the workspace''s';
comment on column gateway.user.theme is 'light, dark or auto; null: auto';
comment on column gateway.user.single_keys is 'keys without Ctrl or Alt are shortcuts';
comment on column gateway.user.agency_admin is 'sees and may change every workspace of the agency';
comment on column gateway.user.allowed_sections is 'array of the sections they see';
comment on column gateway.user.disabled is 'may not log in';
comment on column gateway.user.failed_logins is 'wrong passwords since the last right one';
comment on column gateway.user.failed_at is 'the last wrong one';
comment on column gateway.user.created_at is 'when they were made';

create table gateway.member (
  workspace_id uuid not null references gateway.workspace (workspace_id),
  user_id uuid not null,
  agency_id uuid not null,
  role text collate "C" not null,
  team_id uuid,
  name text not null,
  email text not null,
  active boolean not null,
  changed_at timestamptz not null,
  primary key (workspace_id, user_id),
  foreign key (agency_id, user_id) references gateway.user (workspace_id, id),
  foreign key (agency_id, role) references gateway.role (workspace_id, key),
  foreign key (workspace_id, team_id) references gateway.team (workspace_id, id)
);
create index member_user on gateway.member (agency_id, user_id);
comment on table gateway.member is 'who belongs to a workspace, and as what';
comment on column gateway.member.workspace_id is 'where';
comment on column gateway.member.user_id is 'who';
comment on column gateway.member.agency_id is 'whose workspace: the home in which the user and the role lie';
comment on column gateway.member.role is 'role key';
comment on column gateway.member.team_id is 'their team there';
comment on column gateway.member.name is 'their name when it was last set';
comment on column gateway.member.email is 'their e-mail when it was last set';
comment on column gateway.member.active is 'belongs; no: was taken out';
comment on column gateway.member.changed_at is 'since when it is so';

create table gateway.session (
  workspace_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  token_hash text collate "C" not null,
  created_at timestamptz not null,
  used_at timestamptz not null,
  expires_at timestamptz not null,
  closed_at timestamptz,
  user_agent text,
  remote text,
  primary key (workspace_id, id),
  foreign key (workspace_id, user_id) references gateway.user (workspace_id, id)
);
create unique index session_token on gateway.session (token_hash);
create index session_of_user on gateway.session (workspace_id, user_id) where closed_at is null;
comment on table gateway.session is 'a log-in of a user';
comment on column gateway.session.workspace_id is 'the agency''s home';
comment on column gateway.session.id is 'its id; never in a cookie';
comment on column gateway.session.user_id is 'whose';
comment on column gateway.session.token_hash is 'SHA-256 of the cookie''s value; the value itself is kept nowhere';
comment on column gateway.session.created_at is 'when they logged in';
comment on column gateway.session.used_at is 'when it was last seen in use, give or take some minutes';
comment on column gateway.session.expires_at is 'when it ends at the latest';
comment on column gateway.session.closed_at is 'when it was ended';
comment on column gateway.session.user_agent is 'the browser, as it says';
comment on column gateway.session.remote is 'the address it came from';

create table gateway.api_key (
  workspace_id uuid not null references gateway.workspace (workspace_id),
  id uuid not null,
  agency_id uuid not null,
  name text,
  role text collate "C" not null,
  prefix text collate "C" not null,
  key_hash text collate "C" not null,
  created_at timestamptz not null,
  revoked_at timestamptz,
  primary key (workspace_id, id),
  foreign key (agency_id, role) references gateway.role (workspace_id, key)
);
create unique index api_key_hash on gateway.api_key (key_hash);
comment on table gateway.api_key is 'a key for programs, good in one workspace';
comment on column gateway.api_key.workspace_id is 'where it is good';
comment on column gateway.api_key.id is 'its id; the actor of what it does';
comment on column gateway.api_key.agency_id is 'whose workspace';
comment on column gateway.api_key.name is 'what it is for';
comment on column gateway.api_key.role is 'what its holder may do';
comment on column gateway.api_key.prefix is 'its visible beginning, to tell keys apart';
comment on column gateway.api_key.key_hash is 'SHA-256 of the key; the key itself is shown once and kept nowhere';
comment on column gateway.api_key.created_at is 'when it was made';
comment on column gateway.api_key.revoked_at is 'when it was taken back';

create table gateway.audit (
  workspace_id uuid not null,
  id uuid not null,
  at timestamptz not null,
  actor uuid,
  what text collate "C" not null,
  detail jsonb not null,
  primary key (workspace_id, id)
);
revoke update, delete, truncate on gateway.audit from gateway;
comment on table gateway.audit is 'who changed whose rights; only ever added to';
comment on column gateway.audit.workspace_id is 'where';
comment on column gateway.audit.id is 'of the line, ascending in time';
comment on column gateway.audit.at is 'when';
comment on column gateway.audit.actor is 'who; null: the operator';
comment on column gateway.audit.what is 'the command';
comment on column gateway.audit.detail is 'about whom, from what, to what';

-- The reader sees the workspaces of its set. A home in the set stands for its agency: log-ins and session look-ups read across its workspaces.
alter table gateway.agency enable row level security;
alter table gateway.workspace enable row level security;
alter table gateway.role enable row level security;
alter table gateway.role_permission enable row level security;
alter table gateway.team enable row level security;
alter table gateway.user enable row level security;
alter table gateway.member enable row level security;
alter table gateway.session enable row level security;
alter table gateway.api_key enable row level security;
alter table gateway.audit enable row level security;
-- which agencies there are must be known before any set can be: their names are no secret of one against the other
create policy agency_all on gateway.agency for select to gateway_read using (true);
create policy workspace_set on gateway.workspace for select to gateway_read
  using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
    or agency_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));
create policy role_set on gateway.role for select to gateway_read
  using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));
create policy role_permission_set on gateway.role_permission for select to gateway_read
  using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));
create policy team_set on gateway.team for select to gateway_read
  using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));
create policy user_set on gateway.user for select to gateway_read
  using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));
create policy member_set on gateway.member for select to gateway_read
  using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
    or agency_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));
create policy session_set on gateway.session for select to gateway_read
  using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));
create policy api_key_set on gateway.api_key for select to gateway_read
  using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
    or agency_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));
create policy audit_set on gateway.audit for select to gateway_read
  using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));
