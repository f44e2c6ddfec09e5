-- Locations: where a company is. Whoever may see the company may see them.
create table contacts.location (
	workspace_id uuid not null,
	id uuid not null,
	account_id uuid not null,
	version bigint not null default 1,
	created_at timestamptz not null,
	removed_at timestamptz,
	type text collate "C" not null,
	name text not null check (length(name) <= 50),
	address text,
	map_url text,
	primary key (workspace_id, id)
);
create index location_account on contacts.location (workspace_id, account_id);
comment on table contacts.location is 'A place that a company has';
comment on column contacts.location.workspace_id is 'whose';
comment on column contacts.location.id is 'which';
comment on column contacts.location.account_id is 'whose place it is';
comment on column contacts.location.version is 'grows with every change';
comment on column contacts.location.created_at is 'since when it is known';
comment on column contacts.location.removed_at is 'since when it is away; it can be put back';
comment on column contacts.location.type is 'office, warehouse, branch, headquarters or distribution_center';
comment on column contacts.location.name is 'what it is called: at most 50 characters';
comment on column contacts.location.address is 'street, postcode and town, as typed';
comment on column contacts.location.map_url is 'where it is on a map';

alter table contacts.location enable row level security;
create policy read on contacts.location for select to contacts_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and exists (select from contacts.account a where (a.workspace_id, a.id) = (location.workspace_id, location.account_id)));

create function contacts.location_json(l contacts.location) returns json language sql stable
	return json_build_object('id', l.id, 'workspace_id', l.workspace_id, 'account_id', l.account_id, 'name', l.name, 'type', l.type, 'address', l.address,
		'map_url', l.map_url, 'version', l.version, 'created_at', contacts.rfc3339(l.created_at), 'removed_at', contacts.rfc3339(l.removed_at));
comment on function contacts.location_json is 'A location as the API writes it';
