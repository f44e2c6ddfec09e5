-- A link under which somebody's calendar can be read by a phone or another program: a secret of theirs, of which only the hash is kept.
create table gateway.calendar_link (
  workspace_id uuid not null,
  user_id uuid not null,
  id uuid not null,
  token_hash text collate "C" not null,
  created_at timestamptz not null,
  primary key (workspace_id, user_id)
);
create unique index calendar_link_token on gateway.calendar_link (token_hash);
comment on table gateway.calendar_link is 'the one link that leads to somebody''s calendar without logging in';
comment on column gateway.calendar_link.workspace_id is 'the agency''s home';
comment on column gateway.calendar_link.user_id is 'whose';
comment on column gateway.calendar_link.id is 'its id';
comment on column gateway.calendar_link.token_hash is 'SHA-256 of the token; the token itself is shown once and kept nowhere';
comment on column gateway.calendar_link.created_at is 'when it was made; it replaced any older one';
alter table gateway.calendar_link enable row level security;
create policy calendar_link_set on gateway.calendar_link for select to gateway_read
  using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));
