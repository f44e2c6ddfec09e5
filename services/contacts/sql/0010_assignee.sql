-- Whoever is to do something sees it, also where the record that it is about is not theirs.
alter policy read on contacts.activity
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and ((select current_setting('crm.scope', true)) is distinct from 'own'
			or owner_id = any (coalesce((select nullif(current_setting('crm.users', true), ''))::uuid[],
				array[(select nullif(current_setting('crm.user', true), ''))::uuid]))
			or assignee_id = (select nullif(current_setting('crm.user', true), ''))::uuid));
