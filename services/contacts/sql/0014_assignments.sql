-- Who looks after a company, by role, and how far it has been set up.
alter table contacts.account add column onboarding_status text, add column roles jsonb not null default '{}';
comment on column contacts.account.onboarding_status is 'how far it has been set up: a catalogue value; null: nothing is said';
comment on column contacts.account.roles is 'who looks after it beside its owner: {role: user}';

create or replace function contacts.account_json(a contacts.account, people bigint) returns json language sql stable
	return json_build_object('id', a.id, 'workspace_id', a.workspace_id, 'number', a.number, 'name', a.name, 'industry', a.industry,
		'phone', a.phone, 'city', a.city, 'annual_revenue', contacts.money_json(a.annual_revenue, a.annual_revenue_currency),
		'contacts', people, 'lifecycle', a.lifecycle, 'client_at', contacts.rfc3339(a.client_at), 'onboarding_status', a.onboarding_status,
		'owner_id', a.owner_id, 'assignments', a.roles, 'version', a.version, 'created_at', contacts.rfc3339(a.created_at));
