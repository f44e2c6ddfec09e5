-- Accounts: the companies. Few beside contacts and leads, written by hand or when a deal is won; nothing of a lead's path touches them but one
-- column of contact that stays null until then.
create table contacts.account (
	workspace_id uuid not null,
	id uuid not null,
	owner_id uuid,
	number bigint not null,
	version bigint not null default 1,
	created_at timestamptz not null,
	client_at timestamptz,
	lifecycle text collate "C" not null check (lifecycle in ('prospect', 'client')),
	name text not null,
	industry text,
	phone text,
	city text,
	annual_revenue bigint,
	annual_revenue_currency char(3) check ((annual_revenue is null) = (annual_revenue_currency is null)),
	primary key (workspace_id, id)
);
create unique index account_name on contacts.account (workspace_id, lower(name));
create unique index account_number on contacts.account (number, workspace_id);
comment on table contacts.account is 'A company';
comment on column contacts.account.workspace_id is 'whose';
comment on column contacts.account.id is 'which';
comment on column contacts.account.owner_id is 'whose account it is';
comment on column contacts.account.number is 'short, for people; unique in the workspace';
comment on column contacts.account.version is 'grows with every change';
comment on column contacts.account.created_at is 'since when it is known';
comment on column contacts.account.client_at is 'since when it is a client; null: it is a prospect';
comment on column contacts.account.lifecycle is 'prospect or client';
comment on column contacts.account.name is 'what it is called; one of a workspace bears a name, whatever its case';
comment on column contacts.account.industry is 'what it does';
comment on column contacts.account.phone is 'phone';
comment on column contacts.account.city is 'where it is';
comment on column contacts.account.annual_revenue is 'what it turns over a year, in minor units';
comment on column contacts.account.annual_revenue_currency is 'ISO 4217';

alter table contacts.contact add column account_id uuid;
create index contact_account on contacts.contact (workspace_id, account_id) where account_id is not null;
comment on column contacts.contact.account_id is 'the account they belong to; null: none is known, whatever company says';

create table contacts.conversion (
	workspace_id uuid not null,
	deal_id uuid not null,
	account_id uuid,
	contact_id uuid,
	owner_id uuid,
	at timestamptz not null,
	primary key (workspace_id, deal_id)
);
create index conversion_account on contacts.conversion (workspace_id, account_id) where account_id is not null;
comment on table contacts.conversion is 'Deals that were won and what became of them: so that it becomes of them once';
comment on column contacts.conversion.workspace_id is 'whose';
comment on column contacts.conversion.deal_id is 'which deal';
comment on column contacts.conversion.account_id is 'its account; null: no company was named';
comment on column contacts.conversion.contact_id is 'its contact; null: nobody was named';
comment on column contacts.conversion.owner_id is 'whose deal it was: who may see it';
comment on column contacts.conversion.at is 'when';

create table contacts.lead_person (
	workspace_id uuid not null,
	lead_id uuid not null,
	name text not null,
	first_name text,
	last_name text,
	email text,
	phone text,
	company text,
	primary key (workspace_id, lead_id)
);
comment on table contacts.lead_person is 'Who asked, of leads that are no contact yet: what their contact will be made of. Gone when it is made';
comment on column contacts.lead_person.workspace_id is 'whose';
comment on column contacts.lead_person.lead_id is 'which lead';
comment on column contacts.lead_person.name is 'full name';
comment on column contacts.lead_person.first_name is 'given name, when somebody said it';
comment on column contacts.lead_person.last_name is 'family name, when somebody said it';
comment on column contacts.lead_person.email is 'e-mail';
comment on column contacts.lead_person.phone is 'phone';
comment on column contacts.lead_person.company is 'company as typed';

-- ---- what readers may see ----

alter table contacts.account enable row level security;
alter table contacts.conversion enable row level security;
alter table contacts.lead_person enable row level security;
revoke all on contacts.lead_person from contacts_read;
create policy read on contacts.account for select to contacts_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and ((select current_setting('crm.scope', true)) is distinct from 'own'
			or owner_id = any (coalesce((select nullif(current_setting('crm.users', true), ''))::uuid[],
				array[(select nullif(current_setting('crm.user', true), ''))::uuid]))));
create policy read on contacts.conversion for select to contacts_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and ((select current_setting('crm.scope', true)) is distinct from 'own'
			or owner_id = any (coalesce((select nullif(current_setting('crm.users', true), ''))::uuid[],
				array[(select nullif(current_setting('crm.user', true), ''))::uuid]))));

-- ---- how pages are written ----

create function contacts.money_json(minor bigint, currency text) returns json language sql immutable
	return case when minor is not null then json_build_object('amount', case
		when currency in ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF') then minor::text
		when currency in ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') then (minor * 0.001)::text
		when currency in ('CLF', 'UYW') then (minor * 0.0001)::text
		else (minor * 0.01)::text end, 'currency', currency) end;
comment on function contacts.money_json is 'Money as the API writes it: exact decimal text with the currency''s digits (ISO 4217)';

create function contacts.account_json(a contacts.account, people bigint) returns json language sql stable
	return json_build_object('id', a.id, 'workspace_id', a.workspace_id, 'number', a.number, 'name', a.name, 'industry', a.industry,
		'phone', a.phone, 'city', a.city, 'annual_revenue', contacts.money_json(a.annual_revenue, a.annual_revenue_currency),
		'contacts', people, 'lifecycle', a.lifecycle, 'client_at', contacts.rfc3339(a.client_at), 'owner_id', a.owner_id,
		'version', a.version, 'created_at', contacts.rfc3339(a.created_at));
comment on function contacts.account_json is 'An account as the API writes it; people: how many of its contacts the reader may see';

create function contacts.is_account_cursor(t text) returns boolean language plpgsql immutable as $$
begin
	return json_array_length(t::json) = 3 and (t::json->>0)::bigint is not null and (t::json->>2)::uuid is not null;
exception when others then
	return false;
end $$;
comment on function contacts.is_account_cursor is 'Whether a cursor is one of ours; any other begins at the first';

create or replace function contacts.contact_json(c contacts.contact) returns json language sql stable
	return json_build_object('id', c.id, 'workspace_id', c.workspace_id, 'number', c.number, 'name', c.name,
		'first_name', coalesce(c.first_name, case
			when c.last_name is null then split_part(c.name, ' ', 1)
			when right(c.name, length(c.last_name) + 1) = ' ' || c.last_name then left(c.name, -length(c.last_name) - 1) end),
		'last_name', coalesce(c.last_name, case
			when c.first_name is null then nullif(substr(c.name, strpos(c.name || ' ', ' ') + 1), '')
			when starts_with(c.name, c.first_name || ' ') then substr(c.name, length(c.first_name) + 2) end),
		'email', c.email, 'phone', c.phone, 'company', c.company, 'account_id', c.account_id, 'owner_id', c.owner_id, 'version', c.version,
		'created_at', contacts.rfc3339(c.created_at));
