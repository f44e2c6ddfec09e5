-- Links by which somebody who forgot their password chooses another one: several at a time, so that whoever asks for one voids none that was sent before.
create table gateway.reset (
	workspace_id uuid not null,
	token_hash text collate "C" not null,
	user_id uuid not null,
	created_at timestamptz not null,
	expires_at timestamptz not null,
	primary key (workspace_id, token_hash),
	foreign key (workspace_id, user_id) references gateway.user (workspace_id, id)
);
create index reset_user on gateway.reset (workspace_id, user_id);
comment on table gateway.reset is 'links by which somebody who forgot their password chooses another one; all of them go when one is used';
comment on column gateway.reset.workspace_id is 'the agency''s home';
comment on column gateway.reset.token_hash is 'SHA-256 of the token; the token itself is kept nowhere';
comment on column gateway.reset.user_id is 'who';
comment on column gateway.reset.created_at is 'when it was asked for';
comment on column gateway.reset.expires_at is 'when it ends';
select gateway.says_of_people('not personal', 'reset.token_hash');

alter table gateway.reset enable row level security;
create policy reset_set on gateway.reset for select to gateway_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));
