-- Whether an e-mail address is known is asked across owners, since it is one of the whole workspace; who it is, is told to those alone who may see them.
create function contacts.of_email(asked text, but uuid) returns json
language sql stable security definer set search_path = contacts, pg_temp as $$
	select case when current_setting('crm.scope', true) is distinct from 'own'
			or c.owner_id = any (coalesce(nullif(current_setting('crm.users', true), '')::uuid[], array[nullif(current_setting('crm.user', true), '')::uuid]))
		then json_build_object('visible', true, 'id', c.id, 'number', c.number, 'name', c.name, 'company', c.company,
			'deal_id', (
				select l.lead_id
				from contacts.lead l
				where (l.workspace_id, l.contact_id) = (c.workspace_id, c.id) and l.deal
				order by l.lead_id desc
				limit 1))
		else json_build_object('visible', false) end
	from contacts.contact c
	where c.workspace_id = any (nullif(current_setting('crm.workspaces', true), '')::uuid[]) and c.email <> '' and lower(c.email) = lower(btrim(asked))
		and (but is null or not exists (
			select
			from contacts.lead l
			where (l.workspace_id, l.lead_id, l.contact_id) = (c.workspace_id, but, c.id)))
	limit 1
$$;
comment on function contacts.of_email(text, uuid) is 'Who has an e-mail address, but for the one that a lead came of; named to those alone who may see them';
revoke all on function contacts.of_email(text, uuid) from public;
grant execute on function contacts.of_email(text, uuid) to contacts_read;
