-- What automation keeps of workspaces and people. Every key begins with the workspace; readers see what their query is bound to.
create table automation.workspace (
	workspace_id uuid primary key,
	agency_id uuid not null,
	name text not null,
	language text not null,
	currency text not null,
	timezone text not null,
	home boolean not null,
	default_owner_id uuid
);
comment on table automation.workspace is 'What automation keeps of a workspace (from workspace.created and workspace.updated)';
comment on column automation.workspace.workspace_id is 'which';
comment on column automation.workspace.agency_id is 'whose';
comment on column automation.workspace.name is 'what people call it; not personal';
comment on column automation.workspace.language is 'nl or en: how its numbers and days are written; not personal';
comment on column automation.workspace.currency is 'ISO 4217; not personal';
comment on column automation.workspace.timezone is 'IANA: when its days begin; not personal';
comment on column automation.workspace.home is 'an agency''s home';
comment on column automation.workspace.default_owner_id is 'who owns what nobody else does';

create table automation.member (
	workspace_id uuid not null,
	user_id uuid not null,
	name text not null,
	email text not null,
	role text not null,
	active boolean not null,
	team_id uuid,
	primary key (workspace_id, user_id)
);
comment on table automation.member is 'People of a workspace (from member.changed)';
comment on column automation.member.workspace_id is 'whose';
comment on column automation.member.user_id is 'who';
comment on column automation.member.name is 'their name; not personal';
comment on column automation.member.email is 'where they are reached; not personal';
comment on column automation.member.role is 'key of their role; not personal';
comment on column automation.member.active is 'no: left or disabled';
comment on column automation.member.team_id is 'their team there';

-- Readers see the workspaces of their query.
do $policies$
declare
	name text;
begin
	foreach name in array array['workspace', 'member'] loop
		execute format('alter table automation.%I enable row level security', name);
		execute format('create policy workspaces_asked on automation.%I for select to automation_read
			using (workspace_id = any ((select nullif(current_setting(''crm.workspaces'', true), ''''))::uuid[]))', name);
	end loop;
end
$policies$;
