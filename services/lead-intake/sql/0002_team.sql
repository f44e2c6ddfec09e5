-- Who sees only their own may be several: a team. Its members come with the query as crm.users, the asker among them; an asker who brings
-- none (an older reader) is alone.
alter policy workspaces_asked on lead_intake.lead
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and ((select current_setting('crm.scope', true)) <> 'own'
			or owner_id = any (coalesce((select nullif(current_setting('crm.users', true), ''))::uuid[],
				array[(select nullif(current_setting('crm.user', true), ''))::uuid]))));
