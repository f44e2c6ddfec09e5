-- Contacts and accounts whole: type, status, further e-mails and phones, fields of one's own, archive, trash and merge. What lies in the trash or was
-- merged away is hidden by the readers' row security, so that no query can forget it; what is archived is there, and lists leave it out. A lead
-- writes none of this: the columns stay at their defaults, and the index of the e-mail is as many entries as it was.
alter table contacts.contact
	add column type text collate "C" not null default 'customer' check (type in ('customer', 'contractor', 'vendor', 'partner', 'other')),
	add column status text,
	add column job_title text,
	add column notes text,
	add column user_id uuid,
	add column archived_at timestamptz,
	add column removed_at timestamptz,
	add column removed_by uuid,
	add column merged_into uuid,
	add column custom jsonb;
comment on column contacts.contact.type is 'customer, contractor, vendor, partner or other';
comment on column contacts.contact.status is 'value of the catalogue contact_status; null: none';
comment on column contacts.contact.job_title is 'what they do there';
comment on column contacts.contact.notes is 'what is to be known of them';
comment on column contacts.contact.user_id is 'the login that is this person, linked by hand; null: none';
comment on column contacts.contact.archived_at is 'since when they are archived: out of lists, and found when asked for; null: they are not';
comment on column contacts.contact.removed_at is 'since when they lie in the trash; null: they do not';
comment on column contacts.contact.removed_by is 'who threw them away';
comment on column contacts.contact.merged_into is 'the contact that they are one with since a merge; null: they stand for themselves';
comment on column contacts.contact.custom is 'values of the workspace''s own fields, by key; null: none';

-- the new one first: never a moment without
create unique index contact_email_stands on contacts.contact (workspace_id, lower(email))
	where email is not null and email <> '' and removed_at is null and merged_into is null;
drop index contacts.contact_email;
alter index contacts.contact_email_stands rename to contact_email;
-- of what does not stand alone: nothing that a lead writes
create index contact_removed on contacts.contact (workspace_id, removed_at) where removed_at is not null;
create index contact_merged on contacts.contact (workspace_id, merged_into) where merged_into is not null;

create table contacts.contact_reach (
	workspace_id uuid not null,
	contact_id uuid not null,
	kind text collate "C" not null check (kind in ('email', 'phone')),
	value text collate "C" not null,
	label text,
	primary key (workspace_id, contact_id, kind, value)
);
create index contact_reach_value on contacts.contact_reach (workspace_id, kind, value);
comment on table contacts.contact_reach is 'The further e-mails and phones of contacts; the first of each stands in contact';
comment on column contacts.contact_reach.workspace_id is 'whose';
comment on column contacts.contact_reach.contact_id is 'which contact''s';
comment on column contacts.contact_reach.kind is 'email or phone';
comment on column contacts.contact_reach.value is 'the e-mail in lower case, or the phone';
comment on column contacts.contact_reach.label is 'what it is for: work, home; null: nobody said';

alter table contacts.account
	add column website text,
	add column email text,
	add column address text,
	add column postcode text,
	add column country text,
	add column registration_no text,
	add column vat_no text,
	add column notes text,
	add column account_type text,
	add column primary_contact_id uuid,
	add column archived_at timestamptz,
	add column removed_at timestamptz,
	add column removed_by uuid,
	add column merged_into uuid,
	add column custom jsonb;
comment on column contacts.account.website is 'its site';
comment on column contacts.account.email is 'its e-mail, lower case';
comment on column contacts.account.address is 'street and number';
comment on column contacts.account.postcode is 'postcode';
comment on column contacts.account.country is 'country';
comment on column contacts.account.registration_no is 'number in the register of companies';
comment on column contacts.account.vat_no is 'VAT number';
comment on column contacts.account.notes is 'what is to be known of it';
comment on column contacts.account.account_type is 'value of the catalogue account_type; null: none';
comment on column contacts.account.primary_contact_id is 'the contact to speak to first; they cannot be thrown away';
comment on column contacts.account.archived_at is 'since when it is archived: out of lists, and found when asked for; null: it is not';
comment on column contacts.account.removed_at is 'since when it lies in the trash; null: it does not';
comment on column contacts.account.removed_by is 'who threw it away';
comment on column contacts.account.merged_into is 'the account that it is one with since a merge; null: it stands for itself';
comment on column contacts.account.custom is 'values of the workspace''s own fields, by key; null: none';

create unique index account_name_stands on contacts.account (workspace_id, lower(name)) where removed_at is null and merged_into is null;
drop index contacts.account_name;
alter index contacts.account_name_stands rename to account_name;
create index account_removed on contacts.account (workspace_id, removed_at) where removed_at is not null;
create index account_merged on contacts.account (workspace_id, merged_into) where merged_into is not null;

-- ---- what readers may see ----

alter policy read on contacts.contact
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and ((select current_setting('crm.scope', true)) is distinct from 'own'
			or owner_id = any (coalesce((select nullif(current_setting('crm.users', true), ''))::uuid[],
				array[(select nullif(current_setting('crm.user', true), ''))::uuid])))
		and removed_at is null and merged_into is null);
alter policy read on contacts.account
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and ((select current_setting('crm.scope', true)) is distinct from 'own'
			or owner_id = any (coalesce((select nullif(current_setting('crm.users', true), ''))::uuid[],
				array[(select nullif(current_setting('crm.user', true), ''))::uuid])))
		and removed_at is null and merged_into is null);
alter table contacts.contact_reach enable row level security;
create policy read on contacts.contact_reach for select to contacts_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and exists (select from contacts.contact c where (c.workspace_id, c.id) = (contact_reach.workspace_id, contact_reach.contact_id)));

create function contacts.contacts_trashed() returns setof contacts.contact
language sql stable security definer set search_path = contacts, pg_temp as $$
	select c.*
	from contacts.contact c
	where c.workspace_id = any (nullif(current_setting('crm.workspaces', true), '')::uuid[]) and c.removed_at is not null and c.merged_into is null
		and (current_setting('crm.scope', true) is distinct from 'own'
			or c.owner_id = any (coalesce(nullif(current_setting('crm.users', true), '')::uuid[], array[nullif(current_setting('crm.user', true), '')::uuid])))
$$;
comment on function contacts.contacts_trashed is 'The contacts that lie in the trash, of those that the reader may see; beside it nothing shows them';
create function contacts.accounts_trashed() returns setof contacts.account
language sql stable security definer set search_path = contacts, pg_temp as $$
	select a.*
	from contacts.account a
	where a.workspace_id = any (nullif(current_setting('crm.workspaces', true), '')::uuid[]) and a.removed_at is not null and a.merged_into is null
		and (current_setting('crm.scope', true) is distinct from 'own'
			or a.owner_id = any (coalesce(nullif(current_setting('crm.users', true), '')::uuid[], array[nullif(current_setting('crm.user', true), '')::uuid])))
$$;
comment on function contacts.accounts_trashed is 'The same of accounts';

create function contacts.contact_survivor(asked uuid) returns uuid
language sql stable security definer set search_path = contacts, pg_temp as $$
	with recursive way as (
		select c.workspace_id, c.id, c.merged_into, 0 as step
		from contacts.contact c
		where c.workspace_id = any (nullif(current_setting('crm.workspaces', true), '')::uuid[]) and c.id = asked
		union all
		select c.workspace_id, c.id, c.merged_into, w.step + 1
		from way w
		join contacts.contact c on (c.workspace_id, c.id) = (w.workspace_id, w.merged_into)
		where w.step < 20
	)
	select w.id
	from way w
	where w.merged_into is null
	limit 1
$$;
comment on function contacts.contact_survivor is 'Who a contact is now that was merged into another; themselves where they were not. Whether the reader may see them is asked of the row';
create function contacts.account_survivor(asked uuid) returns uuid
language sql stable security definer set search_path = contacts, pg_temp as $$
	with recursive way as (
		select a.workspace_id, a.id, a.merged_into, 0 as step
		from contacts.account a
		where a.workspace_id = any (nullif(current_setting('crm.workspaces', true), '')::uuid[]) and a.id = asked
		union all
		select a.workspace_id, a.id, a.merged_into, w.step + 1
		from way w
		join contacts.account a on (a.workspace_id, a.id) = (w.workspace_id, w.merged_into)
		where w.step < 20
	)
	select w.id
	from way w
	where w.merged_into is null
	limit 1
$$;
comment on function contacts.account_survivor is 'The same of accounts';

create function contacts.contact_merged(workspace uuid, survivor uuid) returns json
language sql stable security definer set search_path = contacts, pg_temp as $$
	select json_agg(c.id order by c.id)
	from contacts.contact c
	where c.workspace_id = workspace and c.merged_into = survivor and workspace = any (nullif(current_setting('crm.workspaces', true), '')::uuid[])
$$;
comment on function contacts.contact_merged is 'Ids that a contact answers to as well since they were merged into it; null: none';
create function contacts.account_merged(workspace uuid, survivor uuid) returns json
language sql stable security definer set search_path = contacts, pg_temp as $$
	select json_agg(a.id order by a.id)
	from contacts.account a
	where a.workspace_id = workspace and a.merged_into = survivor and workspace = any (nullif(current_setting('crm.workspaces', true), '')::uuid[])
$$;
comment on function contacts.account_merged is 'The same of accounts';

do $$
declare
	f text;
begin
	foreach f in array array['contacts_trashed()', 'accounts_trashed()', 'contact_survivor(uuid)', 'account_survivor(uuid)', 'contact_merged(uuid, uuid)', 'account_merged(uuid, uuid)'] loop
		execute format('revoke all on function contacts.%s from public', f);
		execute format('grant execute on function contacts.%s to contacts_read', f);
	end loop;
end $$;

-- ---- how pages are written ----

create function contacts.reach_json(workspace uuid, contact uuid, of_kind text) returns json language sql stable
	return coalesce((select json_agg(json_build_object('value', r.value, 'label', r.label) order by r.value)
		from contacts.contact_reach r where (r.workspace_id, r.contact_id, r.kind) = (workspace, contact, of_kind)), '[]');
comment on function contacts.reach_json is 'The further e-mails or phones of a contact';

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
		'account_name', (select a.name from contacts.account a where (a.workspace_id, a.id) = (c.workspace_id, c.account_id)),
		'type', c.type, 'status', c.status, 'job_title', c.job_title, 'user_id', c.user_id, 'custom', coalesce(c.custom, '{}'),
		'owner_id', c.owner_id, 'version', c.version, 'created_at', contacts.rfc3339(c.created_at), 'archived_at', contacts.rfc3339(c.archived_at),
		'removed_at', contacts.rfc3339(c.removed_at));

create or replace function contacts.account_json(a contacts.account, people bigint) returns json language sql stable
	return json_build_object('id', a.id, 'workspace_id', a.workspace_id, 'number', a.number, 'name', a.name, 'industry', a.industry,
		'phone', a.phone, 'email', a.email, 'website', a.website, 'address', a.address, 'postcode', a.postcode, 'city', a.city, 'country', a.country,
		'registration_no', a.registration_no, 'vat_no', a.vat_no, 'account_type', a.account_type, 'primary_contact_id', a.primary_contact_id,
		'annual_revenue', contacts.money_json(a.annual_revenue, a.annual_revenue_currency), 'contacts', people, 'lifecycle', a.lifecycle,
		'client_at', contacts.rfc3339(a.client_at), 'onboarding_status', a.onboarding_status, 'custom', coalesce(a.custom, '{}'), 'owner_id', a.owner_id,
		'assignments', a.roles, 'version', a.version, 'created_at', contacts.rfc3339(a.created_at), 'archived_at', contacts.rfc3339(a.archived_at),
		'removed_at', contacts.rfc3339(a.removed_at));

-- Who has an e-mail address, further ones too: of those who stand.
create or replace function contacts.of_email(asked text, but uuid) returns json
language sql stable security definer set search_path = contacts, pg_temp as $$
	select case when current_setting('crm.scope', true) is distinct from 'own'
			or c.owner_id = any (coalesce(nullif(current_setting('crm.users', true), '')::uuid[], array[nullif(current_setting('crm.user', true), '')::uuid]))
		then json_build_object('visible', true, 'id', c.id, 'number', c.number, 'name', c.name, 'company', c.company,
			'archived_at', contacts.rfc3339(c.archived_at),
			'deal_id', (
				select l.lead_id
				from contacts.lead l
				where (l.workspace_id, l.contact_id) = (c.workspace_id, c.id) and l.deal
				order by l.lead_id desc
				limit 1))
		else json_build_object('visible', false) end
	from (
		select t.workspace_id, t.id, 0 as far
		from contacts.contact t
		where t.workspace_id = any (nullif(current_setting('crm.workspaces', true), '')::uuid[]) and t.email is not null and t.email <> ''
			and lower(t.email) = lower(btrim(asked)) and t.removed_at is null and t.merged_into is null
		union all
		select r.workspace_id, r.contact_id, 1
		from contacts.contact_reach r
		where r.workspace_id = any (nullif(current_setting('crm.workspaces', true), '')::uuid[]) and r.kind = 'email' and r.value = lower(btrim(asked))
	) e
	join contacts.contact c on (c.workspace_id, c.id) = (e.workspace_id, e.id) and c.removed_at is null and c.merged_into is null
	where but is null or not exists (
			select
			from contacts.lead l
			where (l.workspace_id, l.lead_id, l.contact_id) = (c.workspace_id, but, c.id))
	order by e.far
	limit 1
$$;

-- As before, but for what does not stand or is archived: it is no hit, and takes no hit's place.
create or replace function contacts.search_hits(asked text, most int) returns table (workspace_id uuid, id uuid)
language plpgsql stable security definer set search_path = contacts, pg_temp set enable_seqscan = off set random_page_cost = 1.1 as $$
#variable_conflict use_column
declare
	sets uuid[] := nullif(current_setting('crm.workspaces', true), '')::uuid[];
	mine uuid[] := case when current_setting('crm.scope', true) = 'own' then coalesce(nullif(current_setting('crm.users', true), '')::uuid[],
		array[nullif(current_setting('crm.user', true), '')::uuid]) end;
	wanted text[] := contacts.search_asked(asked);
	wanted_number bigint := case when asked ~ '^\s*#?[0-9]{1,15}\s*$' then regexp_replace(asked, '[^0-9]', '', 'g')::bigint end;
	rows int[] := contacts.search_rows(wanted);
	page record;
	found_here int;
begin
	if sets is null or most < 1 then
		return;
	end if;
	if wanted_number is not null then
		return query
			select t.workspace_id, t.id
			from contacts.contact t
			where t.number = wanted_number and t.workspace_id = any (sets) and t.removed_at is null and t.merged_into is null and t.archived_at is null
				and (mine is null or t.owner_id = any (mine));
	end if;
	if cardinality(wanted) = 0 or (wanted_number is not null and asked like '%#%') then
		return;
	end if;
	for page in
		select w.id as workspace_id, coalesce(s.search_upto, '00000000-0000-0000-0000-000000000000') as upto
		from unnest(sets) as w (id)
		join contacts.workspace s on s.workspace_id = w.id
	loop
		return query
			select t.workspace_id, t.id
			from contacts.contact t
			where t.workspace_id = page.workspace_id and t.id > page.upto and t.removed_at is null and t.merged_into is null and t.archived_at is null
				and (mine is null or t.owner_id = any (mine))
				and (select bool_and(strpos(x.words, a) > 0) from (select contacts.search_text(concat_ws(' ', t.name, t.company, t.email)) as words offset 0) x, unnest(wanted) a)
			order by t.id desc
			limit most;
	end loop;
	for page in select w.id as workspace_id from unnest(sets) as w (id) loop
		found_here := 0;
		declare
			words record;
			one record;
		begin
			for words in
				select p.ids, x.mask
				from contacts.search_page p
				cross join lateral (select case when rows[1] is not null and p.marks is not null then contacts.search_laid(p.marks, rows) end as mask offset 0) x
				where p.workspace_id = page.workspace_id
					and case when x.mask = repeat('0', 256)::varbit then false else (select bool_and(strpos(p.words, a) > 0) from unnest(wanted) a) end
				order by p.last desc
			loop
				for one in
					select t.workspace_id, t.id
					from unnest(words.ids) with ordinality as i (id, place)
					join contacts.contact t on (t.workspace_id, t.id) = (page.workspace_id, i.id)
					where (words.mask is null or get_bit(words.mask, (i.place - 1)::int) = 1) and t.removed_at is null and t.merged_into is null and t.archived_at is null
				and (mine is null or t.owner_id = any (mine))
						and (select bool_and(strpos(x.words, a) > 0) from (select contacts.search_text(concat_ws(' ', t.name, t.company, t.email)) as words offset 0) x, unnest(wanted) a)
					order by t.id desc
				loop
					workspace_id := one.workspace_id;
					id := one.id;
					found_here := found_here + 1;
					return next;
				end loop;
				exit when found_here >= most;
			end loop;
		end;
	end loop;
end
$$;
