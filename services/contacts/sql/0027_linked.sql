-- Records of other systems (orders, tickets, projects, devices and so on), facts that they know about companies, and what they said of somebody who is not
-- here yet. Nothing of a lead's path touches them. Who may see the account, contact or deal may see them: its owner is kept in each row.
create table contacts.linked (
	workspace_id uuid not null,
	id uuid not null,
	account_id uuid,
	contact_id uuid,
	deal_id uuid,
	record_id uuid not null generated always as (coalesce(account_id, contact_id, deal_id)) stored,
	owner_id uuid,
	version bigint not null default 1,
	amount bigint,
	amount_currency char(3) check ((amount is null) = (amount_currency is null)),
	count bigint,
	kind text collate "C" not null,
	system text not null,
	external_id text not null,
	title text not null,
	status text,
	excerpt text,
	url text,
	assignee text,
	occurred_at timestamptz,
	said_at timestamptz,
	created_at timestamptz not null,
	created_by uuid,
	removed_at timestamptz,
	removed_by uuid,
	data jsonb,
	primary key (workspace_id, id)
) with (fillfactor = 90);
create unique index linked_external on contacts.linked (workspace_id, system, kind, external_id);
create index linked_account on contacts.linked (workspace_id, account_id) where account_id is not null;
create index linked_contact on contacts.linked (workspace_id, contact_id) where contact_id is not null;
create index linked_deal on contacts.linked (workspace_id, deal_id) where deal_id is not null;
create index linked_record on contacts.linked (workspace_id, record_id);
create function contacts.linked_words(title text, external_id text, assignee text) returns tsvector language sql immutable
	return to_tsvector('simple'::regconfig, contacts.search_text(title || ' ' || external_id || ' ' || coalesce(assignee, '')));
comment on function contacts.linked_words is 'The words by which a linked record is found';
create index linked_words on contacts.linked using gin (contacts.linked_words(title, external_id, assignee)) where removed_at is null;
comment on table contacts.linked is 'A record that stands in another system, or one by hand: order, ticket, project and the like';
comment on column contacts.linked.workspace_id is 'whose';
comment on column contacts.linked.id is 'which';
comment on column contacts.linked.account_id is 'the account it is of';
comment on column contacts.linked.contact_id is 'the contact it is of';
comment on column contacts.linked.deal_id is 'the deal it is of';
comment on column contacts.linked.record_id is 'the first of these: on whose timeline it stands';
comment on column contacts.linked.owner_id is 'whose that is now: who may see this';
comment on column contacts.linked.version is 'grows with every change';
comment on column contacts.linked.amount is 'what it is worth, in minor units';
comment on column contacts.linked.amount_currency is 'ISO 4217';
comment on column contacts.linked.count is 'how many are in it: points, messages, lines';
comment on column contacts.linked.kind is 'order, invoice, quote, ticket, project, device, asset, loyalty, conversation, file or other';
comment on column contacts.linked.system is 'which system keeps it; manual: somebody noted it here';
comment on column contacts.linked.external_id is 'its id there';
comment on column contacts.linked.title is 'what it is called';
comment on column contacts.linked.status is 'how it stands, in its system''s words';
comment on column contacts.linked.excerpt is 'the beginning of it';
comment on column contacts.linked.url is 'where it is kept';
comment on column contacts.linked.assignee is 'whose it is there';
comment on column contacts.linked.occurred_at is 'when it was made there';
comment on column contacts.linked.said_at is 'as of when its system said so last: what is older is skipped';
comment on column contacts.linked.created_at is 'since when it is known here';
comment on column contacts.linked.created_by is 'who noted it; null: its system';
comment on column contacts.linked.removed_at is 'since when it is away; it can be put back';
comment on column contacts.linked.removed_by is 'who took it away; null: its system';
comment on column contacts.linked.data is 'further members, as they came';

create table contacts.fact (
	workspace_id uuid not null,
	id uuid not null,
	about_id uuid not null,
	owner_id uuid,
	about text collate "C" not null check (about in ('account', 'contact')),
	panel text collate "C" not null,
	key text collate "C" not null,
	system text not null,
	unit text,
	as_of timestamptz not null,
	label jsonb,
	value jsonb,
	primary key (workspace_id, id)
);
create unique index fact_of on contacts.fact (workspace_id, about_id, panel, key);
comment on table contacts.fact is 'What other systems know about a company, or a person without one: one value a key, the latest';
comment on column contacts.fact.workspace_id is 'whose';
comment on column contacts.fact.id is 'which';
comment on column contacts.fact.about_id is 'of which account or contact';
comment on column contacts.fact.owner_id is 'whose that is now: who may see this';
comment on column contacts.fact.about is 'account or contact';
comment on column contacts.fact.panel is 'onboarding, metrics, integrations, marketing or balance';
comment on column contacts.fact.key is 'which fact';
comment on column contacts.fact.system is 'who says so';
comment on column contacts.fact.unit is 'of what';
comment on column contacts.fact.as_of is 'since when it is so: what is older is skipped';
comment on column contacts.fact.label is 'what it is called: {en, nl}';
comment on column contacts.fact.value is 'a text, a number, true or false, or {amount, currency}; null: it is known no more';

create table contacts.push (
	workspace_id uuid not null,
	id uuid not null,
	submission_id uuid not null,
	at timestamptz not null,
	what text not null,
	data jsonb not null,
	primary key (workspace_id, id)
);
create unique index push_what on contacts.push (workspace_id, md5(what));
comment on table contacts.push is 'What other systems said of companies and people that are not here: it waits until they are';
comment on column contacts.push.workspace_id is 'whose';
comment on column contacts.push.id is 'which';
comment on column contacts.push.submission_id is 'the request it came in last';
comment on column contacts.push.at is 'since when it waits';
comment on column contacts.push.what is 'what it is about, as a key: the same for all that is said of one thing';
comment on column contacts.push.data is 'all that was said of it, the latest of each member';

create table contacts.system (
	workspace_id uuid not null,
	system text not null,
	source_id uuid,
	kinds text[] not null default '{}',
	first_at timestamptz not null,
	last_at timestamptz not null,
	every bigint,
	failing_since timestamptz,
	reason text,
	primary key (workspace_id, system)
);
comment on table contacts.system is 'The systems that say something here, and whether they are silent';
comment on column contacts.system.workspace_id is 'whose';
comment on column contacts.system.system is 'its name';
comment on column contacts.system.source_id is 'by which way in it spoke last';
comment on column contacts.system.kinds is 'of what it spoke so far: kinds of linked records';
comment on column contacts.system.first_at is 'when it spoke first';
comment on column contacts.system.last_at is 'when it was understood last';
comment on column contacts.system.every is 'how often it says something, in seconds; null: it promised nothing';
comment on column contacts.system.failing_since is 'since when it is not understood; null: it is';
comment on column contacts.system.reason is 'why it is not';

create table contacts.account_external (
	workspace_id uuid not null,
	account_id uuid not null,
	system text not null,
	external_id text not null,
	primary key (workspace_id, system, external_id)
);
create index account_external_account on contacts.account_external (workspace_id, account_id);
comment on table contacts.account_external is 'What accounts are called in other systems';
comment on column contacts.account_external.workspace_id is 'whose';
comment on column contacts.account_external.account_id is 'which account';
comment on column contacts.account_external.system is 'which system';
comment on column contacts.account_external.external_id is 'its id there';

alter table contacts.workspace add column onboarding jsonb;
comment on column contacts.workspace.onboarding is 'what is begun with a new client: [{kind, title}]; null: as it comes';

-- ---- what readers may see ----

alter table contacts.linked enable row level security;
alter table contacts.fact enable row level security;
alter table contacts.push enable row level security;
alter table contacts.system enable row level security;
alter table contacts.account_external enable row level security;
revoke all on contacts.account_external from contacts_read;
create policy read on contacts.linked for select to contacts_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and ((select current_setting('crm.scope', true)) is distinct from 'own'
			or owner_id = any (coalesce((select nullif(current_setting('crm.users', true), ''))::uuid[],
				array[(select nullif(current_setting('crm.user', true), ''))::uuid]))));
create policy read on contacts.fact for select to contacts_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and ((select current_setting('crm.scope', true)) is distinct from 'own'
			or owner_id = any (coalesce((select nullif(current_setting('crm.users', true), ''))::uuid[],
				array[(select nullif(current_setting('crm.user', true), ''))::uuid]))));
create policy read on contacts.push for select to contacts_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and (select current_setting('crm.scope', true)) is distinct from 'own');
create policy read on contacts.system for select to contacts_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));

-- ---- how pages are written ----

create function contacts.linked_json(l contacts.linked) returns json language sql stable
	return json_build_object('id', l.id, 'workspace_id', l.workspace_id, 'kind', l.kind, 'system', l.system, 'external_id', l.external_id,
		'title', l.title, 'status', l.status, 'amount', contacts.money_json(l.amount, l.amount_currency), 'count', l.count, 'excerpt', l.excerpt,
		'url', l.url, 'assignee', l.assignee, 'occurred_at', contacts.rfc3339(l.occurred_at), 'said_at', contacts.rfc3339(l.said_at),
		'account_id', l.account_id, 'contact_id', l.contact_id, 'deal_id', l.deal_id, 'owner_id', l.owner_id, 'data', l.data,
		'created_by', l.created_by, 'created_at', contacts.rfc3339(l.created_at), 'version', l.version,
		'removed_at', contacts.rfc3339(l.removed_at));
comment on function contacts.linked_json is 'A linked record as the API writes it';

create function contacts.system_away(s contacts.system, now timestamptz) returns timestamptz language sql stable
	return coalesce(s.failing_since, case when s.last_at + s.every * interval '2 seconds' < now then s.last_at end);
comment on function contacts.system_away is 'Since when a system is silent: what it said last was not understood, or it missed two of the times it promised; null: it is not';

create function contacts.linked_hits(q text, most int) returns table (workspace_id uuid, id uuid)
language sql stable security definer set search_path = contacts, pg_temp as $$
	select l.workspace_id, l.id
	from contacts.linked l
	where l.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and l.removed_at is null
		and cardinality(contacts.search_asked(q)) > 0
		and contacts.linked_words(l.title, l.external_id, l.assignee)
			@@ to_tsquery('simple', (select string_agg(trim(w) || ':*', ' & ') from unnest(contacts.search_asked(q)) w))
		and (current_setting('crm.scope', true) is distinct from 'own'
			or l.owner_id = any (coalesce(nullif(current_setting('crm.users', true), '')::uuid[], array[nullif(current_setting('crm.user', true), '')::uuid])))
	order by coalesce(l.occurred_at, l.created_at) desc, l.id desc
	limit least(greatest(most, 1), 200)
$$;
comment on function contacts.linked_hits is 'Linked records by the beginnings of words; those that the reader may see alone: row security cannot use the index (it is not leakproof)';
grant execute on function contacts.linked_hits to contacts_read;
