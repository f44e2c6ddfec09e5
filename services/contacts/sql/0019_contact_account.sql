-- A contact says what its account is called, to whoever may see that account.
create or replace function contacts.contact_json(c contacts.contact) returns json language sql stable
	return json_build_object('id', c.id, 'workspace_id', c.workspace_id, 'number', c.number, 'name', c.name,
		'first_name', coalesce(c.first_name, case
			when c.last_name is null then split_part(c.name, ' ', 1)
			when right(c.name, length(c.last_name) + 1) = ' ' || c.last_name then left(c.name, -length(c.last_name) - 1) end),
		'last_name', coalesce(c.last_name, case
			when c.first_name is null then nullif(substr(c.name, strpos(c.name || ' ', ' ') + 1), '')
			when starts_with(c.name, c.first_name || ' ') then substr(c.name, length(c.first_name) + 2) end),
		'email', c.email, 'phone', c.phone, 'company', c.company, 'account_id', c.account_id,
		'account_name', (select a.name from contacts.account a where (a.workspace_id, a.id) = (c.workspace_id, c.account_id)),
		'owner_id', c.owner_id, 'version', c.version, 'created_at', contacts.rfc3339(c.created_at));
