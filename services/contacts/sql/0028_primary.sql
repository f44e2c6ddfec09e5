-- Whom to speak to first at a company: who was chosen and still belongs there, else who is known longest. It is worked out when it is read, so a contact
-- that comes, goes or moves writes nothing here.
create function contacts.primary_of(workspace uuid, account uuid, chosen uuid) returns uuid language sql stable
	return coalesce((select c.id
			from contacts.contact c
			where (c.workspace_id, c.id) = (workspace, chosen) and c.account_id = account and c.removed_at is null and c.merged_into is null),
		(select c.id
			from contacts.contact c
			where (c.workspace_id, c.account_id) = (workspace, account) and c.removed_at is null and c.merged_into is null
			order by c.archived_at is not null, c.created_at, c.id
			limit 1));
comment on function contacts.primary_of is 'Whom to speak to first at an account: the one who was chosen, else the one known longest; null: nobody is known there';

create or replace function contacts.account_json(a contacts.account, people bigint) returns json language sql stable
	return json_build_object('id', a.id, 'workspace_id', a.workspace_id, 'number', a.number, 'name', a.name, 'industry', a.industry,
		'phone', a.phone, 'email', a.email, 'website', a.website, 'address', a.address, 'postcode', a.postcode, 'city', a.city, 'country', a.country,
		'registration_no', a.registration_no, 'vat_no', a.vat_no, 'account_type', a.account_type,
		'primary_contact_id', contacts.primary_of(a.workspace_id, a.id, a.primary_contact_id),
		'annual_revenue', contacts.money_json(a.annual_revenue, a.annual_revenue_currency), 'contacts', people, 'lifecycle', a.lifecycle,
		'client_at', contacts.rfc3339(a.client_at), 'onboarding_status', a.onboarding_status, 'custom', coalesce(a.custom, '{}'), 'owner_id', a.owner_id,
		'assignments', a.roles, 'version', a.version, 'created_at', contacts.rfc3339(a.created_at), 'archived_at', contacts.rfc3339(a.archived_at),
		'removed_at', contacts.rfc3339(a.removed_at));
