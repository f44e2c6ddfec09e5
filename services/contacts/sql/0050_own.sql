-- Fields of the workspace's own in lists and segments, of contacts and accounts alike; days in conditions are the workspace's; what is called off counts for no total.
alter table contacts.workspace add column timezone text not null default 'Europe/Amsterdam';
comment on column contacts.workspace.timezone is 'IANA: whose days conditions mean; not personal';

alter table contacts.member
	add column email text,
	add column role text,
	add column active boolean not null default true;
comment on column contacts.member.email is 'what they log in with; null: not heard since it is kept; not personal';
comment on column contacts.member.role is 'their role there; null: likewise; not personal';
comment on column contacts.member.active is 'no: they left, or may not log in';
comment on table contacts.member is 'The people of a workspace, for the timeline and for whom a contact may be (from member.changed); those who left stay';

-- Contractors and vendors may have a login of the role vendor: the one of the same e-mail is named, and linked by nobody but people.
create function contacts.login_suggested(c contacts.contact) returns json language sql stable
	return case when c.user_id is null and c.type in ('contractor', 'vendor') then (
		select json_build_object('id', m.user_id, 'name', m.name)
		from contacts.member m
		where m.workspace_id = c.workspace_id and m.role = 'vendor' and m.active and (lower(m.email) = lower(c.email)
			or exists (select from contacts.contact_reach r where (r.workspace_id, r.contact_id, r.kind, r.value) = (c.workspace_id, c.id, 'email', lower(m.email))))
		order by m.user_id
		limit 1) end;
comment on function contacts.login_suggested is 'The member of role vendor whose e-mail a contractor or vendor has; null: there is none, or a login is linked';

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
		'type', c.type, 'status', c.status, 'job_title', c.job_title, 'user_id', c.user_id, 'user_suggested', contacts.login_suggested(c), 'custom', coalesce(c.custom, '{}'),
		'owner_id', c.owner_id, 'version', c.version, 'created_at', contacts.rfc3339(c.created_at), 'archived_at', contacts.rfc3339(c.archived_at),
		'removed_at', contacts.rfc3339(c.removed_at));

-- Whom a company is spoken to first through stays: who was chosen, and who it falls to where others are there. Somebody alone, whom nobody chose, may go.
create function contacts.primary_stays(workspace uuid, account uuid, chosen uuid, contact uuid) returns boolean language sql stable
	return coalesce(contacts.primary_of(workspace, account, chosen) = contact and (chosen = contact or exists (
		select from contacts.contact c
		where (c.workspace_id, c.account_id) = (workspace, account) and c.id <> contact and c.removed_at is null and c.merged_into is null)), false);
comment on function contacts.primary_stays is 'Whether somebody may not be thrown away, being whom an account is spoken to first through';

create function contacts.zone_in(workspace uuid) returns text language sql stable
	return contacts.zone_of((select w.timezone from contacts.workspace w where w.workspace_id = workspace));
comment on function contacts.zone_in is 'The time zone of a workspace';

create function contacts.decimal_of(t text) returns numeric language sql immutable
	return case when t ~ '^-?[0-9]{1,15}(\.[0-9]{1,6})?$' then t::numeric end;
comment on function contacts.decimal_of is 'A text as a number; null: it is none';

create function contacts.own_text(v jsonb) returns text language sql immutable
	return case jsonb_typeof(v) when 'object' then v ->> 'amount' else v #>> '{}' end;
comment on function contacts.own_text is 'A value of a field of the workspace''s own as a text; of money the amount';

create function contacts.own_is(v jsonb, words text[]) returns boolean language sql immutable
	return coalesce(lower(contacts.own_text(v)) = any (words), false) or coalesce(contacts.decimal_of(contacts.own_text(v)) = any (
		select contacts.decimal_of(w) from unnest(words) w), false);
comment on function contacts.own_is is 'Whether a value is one of some words, in lower case; numbers however they are written';

create function contacts.own_day(v jsonb) returns text language sql immutable
	return case when v #>> '{}' ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' then (v #>> '{}') collate "C" end;
comment on function contacts.own_day is 'A value that is a day, as a text; null: it is none';

create function contacts.custom_fits_one(v jsonb, asked text) returns boolean language sql immutable
	return case
		when asked = 'none' then coalesce(contacts.own_text(v), '') = ''
		when v is null or v = 'null' then false
		when asked like '~%' then strpos(contacts.search_fold(contacts.own_text(v)), contacts.search_fold(substr(asked, 2))) > 0
		when asked like '%..%' and contacts.decimal_of(contacts.own_text(v)) is not null then
			coalesce(contacts.decimal_of(contacts.own_text(v)) >= contacts.decimal_of(split_part(asked, '..', 1)), split_part(asked, '..', 1) = '')
			and coalesce(contacts.decimal_of(contacts.own_text(v)) <= contacts.decimal_of(split_part(asked, '..', 2)), split_part(asked, '..', 2) = '')
		when asked like '%..%' then
			(split_part(asked, '..', 1) = '' or contacts.own_text(v) collate "C" >= split_part(asked, '..', 1))
			and (split_part(asked, '..', 2) = '' or contacts.own_text(v) collate "C" <= split_part(asked, '..', 2))
		else contacts.own_is(v, array[lower(asked)]) or contacts.search_fold(contacts.own_text(v)) = contacts.search_fold(asked) end;
comment on function contacts.custom_fits_one is 'A value against one of what was asked for';

create function contacts.custom_fits(custom jsonb, asked jsonb) returns boolean language sql immutable
	return (
		select coalesce(bool_and(exists (
			select from unnest(string_to_array(a.value, ',')) one (asked) where contacts.custom_fits_one(custom -> a.key, trim(one.asked)))), true)
		from jsonb_each_text(asked) a);
comment on function contacts.custom_fits is 'A record''s own fields against all that was asked of them';

create function contacts.amount_stands(status text) returns boolean language sql immutable
	return lower(btrim(coalesce(status, ''))) <> all (array['cancelled', 'canceled', 'void', 'voided', 'refunded', 'returned', 'rejected', 'declined', 'failed', 'expired',
		'geannuleerd', 'terugbetaald', 'geretourneerd', 'afgewezen', 'mislukt', 'vervallen', 'verlopen']);
comment on function contacts.amount_stands is 'Whether an order, quote or invoice of that status counts for a total: what was called off, refunded, sent back or refused does not';

create or replace function contacts.segment_condition(of text, c jsonb) returns text language plpgsql immutable as $$
#variable_conflict use_variable
declare
	code text;
	own text;
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
		own := format('(t.custom -> %L)', substr(c ->> 'field', 8));
		code := 'contacts.own_text' || own;
		kind := 'own';
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
		when 'own' then case op
			when 'is' then format('contacts.own_is(%s, %L::text[])', own, words)
			when 'is_not' then format('not contacts.own_is(%s, %L::text[])', own, words)
			when 'contains' then format('coalesce(strpos(lower(%s), %L) > 0, false)', code, words[1])
			when 'contains_not' then format('not coalesce(strpos(lower(%s), %L) > 0, false)', code, words[1])
			when 'before' then format('coalesce(contacts.own_day(%s) < %L collate "C", false)', own, amount)
			when 'after' then format('coalesce(contacts.own_day(%s) > %L collate "C", false)', own, amount)
			when 'more' then format('coalesce(contacts.decimal_of(%s) > %L::numeric, false)', code, amount)
			when 'less' then format('coalesce(contacts.decimal_of(%s) < %L::numeric, false)', code, amount)
			when 'empty' then format('nullif(%s, %L) is null', code, '')
			when 'filled' then format('nullif(%s, %L) is not null', code, '') end
			|| case when currency is not null and op in ('more', 'less') then format(' and %s ->> ''currency'' = %L', own, currency) else '' end
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
			when 'before' then format('coalesce(%s < %L::date::timestamp at time zone contacts.zone_in(t.workspace_id), false)', code, amount)
			when 'after' then format('coalesce(%s >= (%L::date + 1)::timestamp at time zone contacts.zone_in(t.workspace_id), false)', code, amount)
			when 'empty' then format('%s is null', code)
			when 'filled' then format('%s is not null', code) end
	end, 'false');
end
$$;
comment on function contacts.segment_condition is 'A condition as SQL over t; one that there is not: false; days are the workspace''s';
