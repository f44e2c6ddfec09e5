-- A page of contacts is written by one expression: what has to be looked up stands in a function of its own, asked only for who has it. A look-up in the
-- expression itself made every row begin a plan anew.
create function contacts.account_called(workspace uuid, account uuid) returns text language sql stable
	return (select a.name from contacts.account a where (a.workspace_id, a.id) = (workspace, account));
comment on function contacts.account_called is 'The name of an account that the reader may see';

create or replace function contacts.contact_json(c contacts.contact) returns json language sql stable
	return json_build_object('id', c.id, 'workspace_id', c.workspace_id, 'number', c.number, 'name', c.name,
		'first_name', coalesce(c.first_name, case
			when c.last_name is null then split_part(c.name, ' ', 1)
			when right(c.name, length(c.last_name) + 1) = ' ' || c.last_name then left(c.name, -length(c.last_name) - 1) end),
		'last_name', coalesce(c.last_name, case
			when c.first_name is null then nullif(substr(c.name, strpos(c.name || ' ', ' ') + 1), '')
			when starts_with(c.name, c.first_name || ' ') then substr(c.name, length(c.first_name) + 2) end),
		'email', c.email, 'emails', contacts.reach_json(c.workspace_id, c.id, 'email'), 'phone', c.phone,
		'phones', contacts.reach_json(c.workspace_id, c.id, 'phone'), 'company', c.company, 'account_id', c.account_id,
		'account_name', case when c.account_id is not null then contacts.account_called(c.workspace_id, c.account_id) end,
		'type', c.type, 'status', c.status, 'job_title', c.job_title, 'user_id', c.user_id,
		'user_suggested', case when c.user_id is null and c.type in ('contractor', 'vendor') then contacts.login_suggested(c) end,
		'custom', coalesce(c.custom, '{}'), 'owner_id', c.owner_id, 'version', c.version, 'created_at', contacts.rfc3339(c.created_at),
		'archived_at', contacts.rfc3339(c.archived_at), 'removed_at', contacts.rfc3339(c.removed_at));
