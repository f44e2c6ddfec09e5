-- Segments: saved conditions, and which records fit them. Who is in one is kept, so that lists filter by it and joining and leaving are said once each.
-- A record that changes is marked (only where the workspace has segments) and looked at within a second; what the clock alone changes is found by going
-- through the records in bites. What contacts does not know of a deal stands in a small copy of its own: a deal that came of a lead and has neither
-- value nor moved has no row there, so that a lead costs nothing more.
create table contacts.deal_fact (
	workspace_id uuid not null,
	deal_id uuid not null,
	by_hand boolean not null default false,
	created_at timestamptz not null,
	contact_id uuid,
	account_id uuid,
	owner_id uuid,
	stage_id uuid,
	kind text collate "C" not null default 'open' check (kind in ('open', 'won', 'lost')),
	value bigint,
	value_currency char(3) check ((value is null) = (value_currency is null)),
	close_date date,
	closed_at timestamptz,
	primary key (workspace_id, deal_id)
);
create index deal_fact_contact on contacts.deal_fact (workspace_id, contact_id) where contact_id is not null;
create index deal_fact_account on contacts.deal_fact (workspace_id, account_id) where account_id is not null;
comment on table contacts.deal_fact is 'What contacts keeps of a deal, for segments (from deal.created, deal.updated, deal.stage_changed); of a lead''s deal only once there is something to say';
comment on column contacts.deal_fact.workspace_id is 'whose';
comment on column contacts.deal_fact.deal_id is 'which deal; a lead''s deal bears the lead''s id';
comment on column contacts.deal_fact.by_hand is 'it came of no lead';
comment on column contacts.deal_fact.created_at is 'when it was made; of a lead''s deal when its first fact was heard';
comment on column contacts.deal_fact.contact_id is 'its contact, of one made by hand; a lead''s deal has the lead''s';
comment on column contacts.deal_fact.account_id is 'its account, where it says one';
comment on column contacts.deal_fact.owner_id is 'whose it is: who may see it';
comment on column contacts.deal_fact.stage_id is 'where it stands; null: where it began';
comment on column contacts.deal_fact.kind is 'open, won or lost';
comment on column contacts.deal_fact.value is 'what it may bring, in minor units';
comment on column contacts.deal_fact.value_currency is 'ISO 4217';
comment on column contacts.deal_fact.close_date is 'expected close';
comment on column contacts.deal_fact.closed_at is 'since when it is won or lost';

create table contacts.segment (
	workspace_id uuid not null,
	id uuid not null,
	version bigint not null default 1,
	name text not null,
	of text collate "C" not null check (of in ('contact', 'account', 'lead', 'deal')),
	conditions jsonb not null,
	by_time boolean not null,
	created_at timestamptz not null,
	created_by uuid,
	swept_to uuid,
	swept_at timestamptz,
	primary key (workspace_id, id)
);
create unique index segment_name on contacts.segment (workspace_id, lower(name));
comment on table contacts.segment is 'Conditions under a name';
comment on column contacts.segment.workspace_id is 'whose';
comment on column contacts.segment.id is 'which';
comment on column contacts.segment.version is 'grows with every change';
comment on column contacts.segment.name is 'what people call it; no two of a workspace bear one name';
comment on column contacts.segment.of is 'contact, account, lead or deal: which records it is of';
comment on column contacts.segment.conditions is '{all: [{field, op, value}]} or {any: […]}';
comment on column contacts.segment.by_time is 'the clock alone changes who is in it';
comment on column contacts.segment.created_at is 'since when it is there';
comment on column contacts.segment.created_by is 'who made it: they may change it';
comment on column contacts.segment.swept_to is 'how far its records are looked at; null: all of them were';
comment on column contacts.segment.swept_at is 'when all of them were looked at last; null: never yet';

create table contacts.segment_member (
	workspace_id uuid not null,
	segment_id uuid not null,
	record_id uuid not null,
	primary key (workspace_id, segment_id, record_id)
);
create index segment_member_record on contacts.segment_member (workspace_id, record_id);
comment on table contacts.segment_member is 'What is in which segment';
comment on column contacts.segment_member.workspace_id is 'whose';
comment on column contacts.segment_member.segment_id is 'which segment';
comment on column contacts.segment_member.record_id is 'the contact, account, lead or deal';

create table contacts.segment_mark (
	workspace_id uuid not null,
	record_id uuid not null,
	primary key (workspace_id, record_id)
);
comment on table contacts.segment_mark is 'Records that changed since their segments looked at them: gone within a second';
comment on column contacts.segment_mark.workspace_id is 'whose';
comment on column contacts.segment_mark.record_id is 'the contact, account, lead or deal';

alter table contacts.deal_fact enable row level security;
alter table contacts.segment enable row level security;
alter table contacts.segment_member enable row level security;
alter table contacts.segment_mark enable row level security;
revoke all on contacts.segment_mark from contacts_read;
create policy read on contacts.deal_fact for select to contacts_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and ((select current_setting('crm.scope', true)) is distinct from 'own'
			or owner_id = any (coalesce((select nullif(current_setting('crm.users', true), ''))::uuid[],
				array[(select nullif(current_setting('crm.user', true), ''))::uuid]))));
create policy read on contacts.segment for select to contacts_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));
create policy read on contacts.segment_member for select to contacts_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));

-- What the timeline knows of deals that stood before: those made by hand, where each stands, and values that were changed since. A value that was said when
-- a deal was made and never since is known from its next change on.
insert into contacts.deal_fact (workspace_id, deal_id, by_hand, created_at, contact_id, owner_id, stage_id)
select t.workspace_id, t.subject_id, true, t.at, t.contact_id, t.owner_id, (t.data ->> 'stage_id')::uuid
from contacts.timeline t
where t.type = 'deal.created' and not exists (select from contacts.lead l where (l.workspace_id, l.lead_id) = (t.workspace_id, t.subject_id))
on conflict do nothing;
insert into contacts.deal_fact (workspace_id, deal_id, created_at, owner_id, stage_id, kind, closed_at)
select distinct on (t.workspace_id, t.subject_id) t.workspace_id, t.subject_id, t.at, t.owner_id, (t.data ->> 'to_id')::uuid,
	case when (t.data ->> 'won')::boolean then 'won' when (t.data ->> 'closed')::boolean then 'lost' else 'open' end,
	case when (t.data ->> 'closed')::boolean then t.at end
from contacts.timeline t
where t.type = 'deal.stage_changed'
order by t.workspace_id, t.subject_id, (t.data ->> 'version')::bigint desc
on conflict (workspace_id, deal_id) do update set stage_id = excluded.stage_id, kind = excluded.kind, closed_at = excluded.closed_at;

-- ---- conditions as SQL: one fragment a field, values quoted; $1 is the workspace, $4 the moment. t: the record ----

create function contacts.major_of(minor bigint, currency text) returns numeric language sql immutable
	return case
		when currency in ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF') then minor
		when currency in ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') then minor * 0.001
		when currency in ('CLF', 'UYW') then minor * 0.0001
		else minor * 0.01 end;
comment on function contacts.major_of is 'Minor units as the amount that people say: exact';

create function contacts.segment_base(of text) returns text language sql immutable
	return case of
		when 'contact' then '(select c.* from contacts.contact c where c.removed_at is null and c.merged_into is null and c.archived_at is null)'
		when 'account' then '(select c.* from contacts.account c where c.removed_at is null and c.merged_into is null and c.archived_at is null)'
		when 'lead' then '(select l.workspace_id, l.lead_id as id, l.owner_id, l.at as created_at, l.contact_id, l.form_type,
				case when l.deal then coalesce(d.kind, ''open'') else ''none'' end as outcome, coalesce(d.stage_id, l.deal_stage_id) as stage_id,
				d.value, d.value_currency, d.close_date, d.closed_at
			from contacts.lead l
			left join contacts.deal_fact d on (d.workspace_id, d.deal_id) = (l.workspace_id, l.lead_id))'
		when 'deal' then '(select l.workspace_id, l.lead_id as id, l.owner_id, l.at as created_at, l.contact_id, l.form_type,
				coalesce(d.kind, ''open'') as outcome, coalesce(d.stage_id, l.deal_stage_id) as stage_id, d.value, d.value_currency, d.close_date, d.closed_at
			from contacts.lead l
			left join contacts.deal_fact d on (d.workspace_id, d.deal_id) = (l.workspace_id, l.lead_id)
			where l.deal and not exists (select from contacts.deal_away x where (x.workspace_id, x.deal_id) = (l.workspace_id, l.lead_id))
			union all
			select d.workspace_id, d.deal_id, d.owner_id, d.created_at, d.contact_id, null, d.kind, d.stage_id, d.value, d.value_currency, d.close_date, d.closed_at
			from contacts.deal_fact d
			where d.by_hand and not exists (select from contacts.deal_away x where (x.workspace_id, x.deal_id) = (d.workspace_id, d.deal_id)))' end;
comment on function contacts.segment_base is 'The records that a segment is of';

create function contacts.segment_deals(of text) returns text language sql immutable
	return case of
		when 'contact' then '(select l.lead_id as id, coalesce(d.kind, ''open'') as kind, d.value, d.value_currency
			from contacts.lead l
			left join contacts.deal_fact d on (d.workspace_id, d.deal_id) = (l.workspace_id, l.lead_id)
			where (l.workspace_id, l.contact_id) = (t.workspace_id, t.id) and l.deal
			union all
			select d.deal_id, d.kind, d.value, d.value_currency
			from contacts.deal_fact d
			where (d.workspace_id, d.contact_id) = (t.workspace_id, t.id) and d.by_hand)'
		when 'account' then '(select d.deal_id as id, d.kind, d.value, d.value_currency
			from contacts.deal_fact d
			where (d.workspace_id, d.account_id) = (t.workspace_id, t.id)
			union
			select v.deal_id, d.kind, d.value, d.value_currency
			from contacts.conversion v
			join contacts.deal_fact d on (d.workspace_id, d.deal_id) = (v.workspace_id, v.deal_id)
			where (v.workspace_id, v.account_id) = (t.workspace_id, t.id))' end;
comment on function contacts.segment_deals is 'The deals of a contact or account t, those in the trash too: whoever counts leaves them out';

create function contacts.segment_about(of text) returns text language sql immutable
	return case of
		when 'contact' then '(select t.id union all
			select l.lead_id from contacts.lead l where (l.workspace_id, l.contact_id) = (t.workspace_id, t.id) union all
			select d.deal_id from contacts.deal_fact d where (d.workspace_id, d.contact_id) = (t.workspace_id, t.id))'
		when 'account' then '(select t.id union all
			select c.id from contacts.contact c where (c.workspace_id, c.account_id) = (t.workspace_id, t.id) union all
			select d.deal_id from contacts.deal_fact d where (d.workspace_id, d.account_id) = (t.workspace_id, t.id) union all
			select v.deal_id from contacts.conversion v where (v.workspace_id, v.account_id) = (t.workspace_id, t.id))'
		else '(select t.id)' end;
comment on function contacts.segment_about is 'What an activity may be about to count for t: of a contact its leads and deals too, of an account its people and deals';

create function contacts.segment_condition(of text, c jsonb) returns text language plpgsql immutable as $$
#variable_conflict use_variable
declare
	code text;
	kind text;
	op text := c ->> 'op';
	wanted jsonb := c -> 'value';
	words text[] := case jsonb_typeof(c -> 'value') when 'array' then array(select lower(e) from jsonb_array_elements_text(c -> 'value') e)
		when 'object' then null else array[lower(c ->> 'value')] end;
	amount text := case jsonb_typeof(c -> 'value') when 'object' then c -> 'value' ->> 'amount' else c ->> 'value' end;
	currency text := case jsonb_typeof(c -> 'value') when 'object' then upper(c -> 'value' ->> 'currency') end;
	sign text := case c ->> 'op' when 'more' then '>' when 'less' then '<' else '=' end;
begin
	if c ->> 'field' like 'custom.%' and of in ('contact', 'account') then
		code := format('(t.custom ->> %L)', substr(c ->> 'field', 8));
		kind := 'text';
	else
		select x.code, x.kind
		into code, kind
		from (values
			('contact', 'name', 't.name', 'text'), ('contact', 'email', 't.email', 'text'), ('contact', 'phone', 't.phone', 'text'), ('contact', 'company', 't.company', 'text'),
			('contact', 'job_title', 't.job_title', 'text'), ('contact', 'type', 't.type', 'text'), ('contact', 'status', 't.status', 'text'), ('contact', 'account', 't.account_id', 'id'),
			('account', 'name', 't.name', 'text'), ('account', 'industry', 't.industry', 'text'), ('account', 'city', 't.city', 'text'), ('account', 'country', 't.country', 'text'),
			('account', 'phone', 't.phone', 'text'), ('account', 'email', 't.email', 'text'), ('account', 'website', 't.website', 'text'),
			('account', 'lifecycle', 't.lifecycle', 'text'), ('account', 'account_type', 't.account_type', 'text'), ('account', 'client_at', 't.client_at', 'time'),
			('account', 'annual_revenue', 't.annual_revenue', 'money'),
			('account', 'people', '(select count(*) from contacts.contact c where (c.workspace_id, c.account_id) = (t.workspace_id, t.id) and c.removed_at is null and c.merged_into is null)', 'number'),
			('lead', 'form_type', 't.form_type', 'text'), ('lead', 'outcome', 't.outcome', 'text'), ('lead', 'stage', 't.stage_id', 'id'), ('lead', 'value', 't.value', 'money'),
			('deal', 'outcome', 't.outcome', 'text'), ('deal', 'stage', 't.stage_id', 'id'), ('deal', 'value', 't.value', 'money'), ('deal', 'closed_at', 't.closed_at', 'time'),
			(of, 'owner', 't.owner_id', 'id'), (of, 'created_at', 't.created_at', 'time'), (of, 'tag', null, 'tag'),
			(of, 'last_activity', '(select max(a.done_at) from contacts.activity a where a.workspace_id = t.workspace_id and a.removed_at is null and a.done_at is not null and a.record_id in '
				|| contacts.segment_about(of) || ')', 'time'),
			(of, 'planned', '(select min(a.due_at) from contacts.activity a where a.workspace_id = t.workspace_id and a.removed_at is null and a.done_at is null and a.record_id in '
				|| contacts.segment_about(of) || ')', 'time'),
			(of, 'deals_open', '(select count(*) from ' || contacts.segment_deals(of) || ' d where d.kind = ''open'' and not exists (select from contacts.deal_away x where (x.workspace_id, x.deal_id) = (t.workspace_id, d.id)))', 'number'),
			(of, 'deals_won', '(select count(*) from ' || contacts.segment_deals(of) || ' d where d.kind = ''won'' and not exists (select from contacts.deal_away x where (x.workspace_id, x.deal_id) = (t.workspace_id, d.id)))', 'number'),
			(of, 'value_open', 'open', 'sum'), (of, 'value_won', 'won', 'sum')
		) x (of, field, code, kind)
		where x.of = of and x.field = c ->> 'field' and (x.code is not null or x.kind = 'tag')
		limit 1;
	end if;
	return coalesce(case kind
		when 'text' then case op
			when 'is' then format('coalesce(lower(%s) = any (%L::text[]), false)', code, words)
			when 'is_not' then format('not coalesce(lower(%s) = any (%L::text[]), false)', code, words)
			when 'contains' then format('coalesce(strpos(lower(%s), %L) > 0, false)', code, words[1])
			when 'contains_not' then format('not coalesce(strpos(lower(%s), %L) > 0, false)', code, words[1])
			when 'empty' then format('nullif(%s, %L) is null', code, '')
			when 'filled' then format('nullif(%s, %L) is not null', code, '') end
		when 'id' then case op
			when 'is' then format('coalesce(%s::text, ''none'') = any (%L::text[])', code, words)
			when 'is_not' then format('coalesce(%s::text, ''none'') <> all (%L::text[])', code, words)
			when 'empty' then format('%s is null', code)
			when 'filled' then format('%s is not null', code) end
		when 'tag' then case when op in ('is', 'is_not') then format('%s exists (
				select from contacts.tagged g
				join contacts.tag k on (k.workspace_id, k.id) = (g.workspace_id, g.tag_id)
				where (g.workspace_id, g.record_id) = (t.workspace_id, t.id) and (k.id::text = any (%L::text[]) or lower(k.label) = any (%L::text[])))',
				case op when 'is_not' then 'not' end, words, words)
			when op in ('empty', 'filled') then format('%s exists (select from contacts.tagged g where (g.workspace_id, g.record_id) = (t.workspace_id, t.id))',
				case op when 'empty' then 'not' end) end
		when 'number' then case when op in ('is', 'more', 'less') then format('%s %s %L::numeric', code, sign, amount) end
		when 'money' then case when op in ('is', 'more', 'less') then format('coalesce(contacts.major_of(%s, %s_currency) %s %L::numeric, false)', code, code, sign, amount)
				|| case when currency is not null then format(' and %s_currency = %L', code, currency) else '' end
			when op in ('empty', 'filled') then format('%s is %s null', code, case op when 'filled' then 'not' end) end
		when 'sum' then case when op in ('is', 'more', 'less') and of in ('contact', 'account') then format('(
				select coalesce(sum(contacts.major_of(d.value, d.value_currency)), 0)
				from %s d
				where d.kind = %L and d.value_currency = %L and not exists (select from contacts.deal_away x where (x.workspace_id, x.deal_id) = (t.workspace_id, d.id))) %s %L::numeric',
				contacts.segment_deals(of), code, coalesce(currency, 'EUR'), sign, amount) end
		when 'time' then case op
			when 'within' then format('coalesce(%s > $4 - %L::interval, false)', code, amount || ' days')
			when 'not_within' then format('not coalesce(%s > $4 - %L::interval, false)', code, amount || ' days')
			when 'before' then format('coalesce(%s < %L::date::timestamp at time zone ''UTC'', false)', code, amount)
			when 'after' then format('coalesce(%s >= (%L::date + 1)::timestamp at time zone ''UTC'', false)', code, amount)
			when 'empty' then format('%s is null', code)
			when 'filled' then format('%s is not null', code) end
	end, 'false');
end
$$;
comment on function contacts.segment_condition is 'A condition as SQL over t; one that there is not: false';

create function contacts.segment_where(of text, conditions jsonb) returns text language sql immutable
	return coalesce((
		select string_agg('(' || contacts.segment_condition(of, c) || ')', case when conditions ? 'any' then ' or ' else ' and ' end)
		from jsonb_array_elements(coalesce(conditions -> 'all', conditions -> 'any')) c), 'false');
comment on function contacts.segment_where is 'Conditions as SQL over t';

create function contacts.segment_size(of text, conditions jsonb, now timestamptz) returns json language plpgsql stable as $$
declare
	sets uuid[] := nullif(current_setting('crm.workspaces', true), '')::uuid[];
	people text := case when of in ('contact', 'account') then 't.name' else '(select p.name from contacts.contact p where (p.workspace_id, p.id) = (t.workspace_id, t.contact_id))' end;
	ret json;
begin
	execute format('
		with fit as materialized (
			select t.id, %s as title
			from %s t
			where t.workspace_id = any ($1) and $2 is null and $3 is null and (%s)
		)
		select json_build_object(''size'', (select count(*) from fit), ''sample'', (
			select coalesce(json_agg(json_build_object(''id'', f.id, ''title'', f.title) order by f.id desc), ''[]'')
			from (select id, title from fit order by id desc limit 5) f))',
		people, contacts.segment_base(of), contacts.segment_where(of, conditions))
	into ret
	using sets, null::uuid, null::uuid, now;
	return ret;
end
$$;
comment on function contacts.segment_size is 'How many records of the reader''s set fit, and the newest of them: only what the reader may see';

create function contacts.segment_diff(workspace uuid, segment uuid, of text, conditions jsonb, ids uuid[], from_id uuid, upto uuid, now timestamptz)
returns table (record_id uuid, owner_id uuid, joined boolean) language plpgsql stable as $$
begin
	if ids is not null then
		return query execute format('
			with fit as materialized (
				select t.id, t.owner_id
				from %s t
				where t.workspace_id = $1 and t.id = any ($2) and $3 is null and (%s)
			)
			select f.id, f.owner_id, true
			from fit f
			where not exists (select from contacts.segment_member m where (m.workspace_id, m.segment_id, m.record_id) = ($1, $5, f.id))
			union all
			select m.record_id, null, false
			from contacts.segment_member m
			where (m.workspace_id, m.segment_id) = ($1, $5) and m.record_id = any ($2) and not exists (select from fit f where f.id = m.record_id)',
			contacts.segment_base(of), contacts.segment_where(of, conditions))
		using workspace, ids, null::uuid, now, segment;
	else
		return query execute format('
			with fit as materialized (
				select t.id, t.owner_id
				from %s t
				where t.workspace_id = $1 and t.id > $2 and ($3 is null or t.id <= $3) and (%s)
			)
			select f.id, f.owner_id, true
			from fit f
			where not exists (select from contacts.segment_member m where (m.workspace_id, m.segment_id, m.record_id) = ($1, $5, f.id))
			union all
			select m.record_id, null, false
			from contacts.segment_member m
			where (m.workspace_id, m.segment_id) = ($1, $5) and m.record_id > $2 and ($3 is null or m.record_id <= $3) and not exists (select from fit f where f.id = m.record_id)',
			contacts.segment_base(of), contacts.segment_where(of, conditions))
		using workspace, from_id, upto, now, segment;
	end if;
end
$$;
comment on function contacts.segment_diff is 'Which of some records, or of those between two, fit a segment and are not in it, and the other way round';

create function contacts.segment_bite(workspace uuid, of text, from_id uuid, most int) returns uuid language plpgsql stable as $$
declare
	ret uuid;
begin
	execute format('select t.id from %s t where t.workspace_id = $1 and t.id > $2 order by t.id offset $3 limit 1', contacts.segment_base(of))
	into ret
	using workspace, from_id, most;
	return ret;
end
$$;
comment on function contacts.segment_bite is 'The record so many further on; null: there are not so many';

create function contacts.segment_json(s contacts.segment) returns json language sql stable
	return json_build_object('id', s.id, 'workspace_id', s.workspace_id, 'name', s.name, 'of', s.of, 'conditions', s.conditions, 'version', s.version,
		'created_at', contacts.rfc3339(s.created_at), 'created_by', s.created_by, 'counting', s.swept_to is not null, 'size', case s.of
			when 'contact' then (select count(*) from contacts.segment_member m join contacts.contact c on (c.workspace_id, c.id) = (m.workspace_id, m.record_id)
				where (m.workspace_id, m.segment_id) = (s.workspace_id, s.id))
			when 'account' then (select count(*) from contacts.segment_member m join contacts.account c on (c.workspace_id, c.id) = (m.workspace_id, m.record_id)
				where (m.workspace_id, m.segment_id) = (s.workspace_id, s.id))
			else (select count(*) from contacts.segment_member m
				where (m.workspace_id, m.segment_id) = (s.workspace_id, s.id) and (
					exists (select from contacts.lead l where (l.workspace_id, l.lead_id) = (m.workspace_id, m.record_id))
					or exists (select from contacts.deal_fact d where (d.workspace_id, d.deal_id) = (m.workspace_id, m.record_id)))) end);
comment on function contacts.segment_json is 'A segment as the API writes it; size: how many of its records the reader may see';
