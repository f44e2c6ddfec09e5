-- What other systems know of a deal's company stands with the deal: whoever looks at the deal's page asks by the deal alone. It tells an id, not who that is;
-- what hangs on it keeps its own reader's rights.
create function contacts.deal_company(deal uuid) returns setof uuid
language sql stable security definer set search_path = contacts, pg_temp as $$
	select f.account_id
	from contacts.deal_fact f
	where f.workspace_id = any (nullif(current_setting('crm.workspaces', true), '')::uuid[]) and f.deal_id = deal and f.account_id is not null
$$;
comment on function contacts.deal_company is 'The account that a deal names, if any';
grant execute on function contacts.deal_company to contacts_read;
