-- How somebody likes a page, in one workspace or (lying in the agency's home) in all of theirs at once; and filters under a name, their own or shared.
create table gateway.preference (
  workspace_id uuid not null references gateway.workspace (workspace_id),
  user_id uuid not null,
  place text collate "C" not null,
  content jsonb not null,
  version bigint not null,
  changed_at timestamptz not null,
  primary key (workspace_id, user_id, place)
);
comment on table gateway.preference is 'how somebody likes a page: columns, filters, order';
comment on column gateway.preference.workspace_id is 'where; the agency''s home: wherever they look at several';
comment on column gateway.preference.user_id is 'who';
comment on column gateway.preference.place is 'which page';
comment on column gateway.preference.content is 'what the page keeps there';
comment on column gateway.preference.version is 'one more at each change';
comment on column gateway.preference.changed_at is 'when it was last changed';

create table gateway.view (
  workspace_id uuid not null references gateway.workspace (workspace_id),
  id uuid not null,
  owner_id uuid not null,
  place text collate "C" not null,
  name text not null,
  shared boolean not null,
  content jsonb not null,
  version bigint not null,
  created_at timestamptz not null,
  primary key (workspace_id, id)
);
create index view_owner on gateway.view (workspace_id, owner_id);
comment on table gateway.view is 'filters, columns and order of a page under a name';
comment on column gateway.view.workspace_id is 'where';
comment on column gateway.view.id is 'its id';
comment on column gateway.view.owner_id is 'the user or key that made it';
comment on column gateway.view.place is 'of which page';
comment on column gateway.view.name is 'what people call it';
comment on column gateway.view.shared is 'everybody of the workspace sees it';
comment on column gateway.view.content is 'what the page keeps there';
comment on column gateway.view.version is 'one more at each change';
comment on column gateway.view.created_at is 'when it was made';

-- Nobody reads how another one likes a page, nor what another one keeps to themselves.
alter table gateway.preference enable row level security;
alter table gateway.view enable row level security;
create policy preference_own on gateway.preference for select to gateway_read
  using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
    and user_id = (select nullif(current_setting('crm.user', true), ''))::uuid);
create policy view_set on gateway.view for select to gateway_read
  using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
    and (shared or owner_id = (select nullif(current_setting('crm.user', true), ''))::uuid));
