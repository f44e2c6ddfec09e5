-- Deals as a table. What a lead's deal costs stays as it was: the new columns are null in it, and an index by workspace and number takes the place
-- of the one by number and workspace, so that a workspace's deals can be read in the order they were made. Values and close dates are indexed where
-- there are any.
alter table pipeline.workspace add column timezone text;
comment on column pipeline.workspace.timezone is 'IANA: where its days begin; null: not heard yet, Europe/Amsterdam';

create unique index deal_numbers on pipeline.deal (workspace_id, number);
drop index pipeline.deal_number;
create index deal_value on pipeline.deal (workspace_id, value, id) where value is not null;
create index deal_close on pipeline.deal (workspace_id, close_date, id) where close_date is not null;

alter table pipeline.deal_contact
	add column email text,
	add column phone text;
comment on column pipeline.deal_contact.email is 'the contact''s e-mail, as contacts said last';
comment on column pipeline.deal_contact.phone is 'the contact''s phone, likewise';

alter table pipeline.waiting_lead
	add column contact_email text,
	add column contact_phone text;
comment on column pipeline.waiting_lead.contact_email is 'the contact''s e-mail';
comment on column pipeline.waiting_lead.contact_phone is 'the contact''s phone';

create function pipeline.asked_words(asked text) returns text[] language sql immutable
	return array(select trim(w) from unnest(string_to_array(asked, ',')) w where trim(w) not in ('', 'none'));
comment on function pipeline.asked_words is 'The values in a filter';

create function pipeline.asked_none(asked text) returns boolean language sql immutable
	return asked ~ '(^|,)\s*none\s*(,|$)';
comment on function pipeline.asked_none is 'A filter that takes what is empty';

create function pipeline.asked_ids(asked text) returns uuid[] language sql immutable
	return array(select w::uuid from unnest(pipeline.asked_words(asked)) w where w ~ '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$');
comment on function pipeline.asked_ids is 'The ids in a filter';

create function pipeline.decimal_of(t text) returns numeric language sql immutable
	return case when t ~ '^-?[0-9]{1,40}(\.[0-9]{1,40})?$' then t::numeric end;
comment on function pipeline.decimal_of is 'A text as a number; null: it is none';

create function pipeline.minor_of(amount numeric, currency text) returns numeric language sql immutable
	return case
		when currency in ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF') then amount
		when currency in ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') then amount * 1000
		when currency in ('CLF', 'UYW') then amount * 10000
		else amount * 100 end;
comment on function pipeline.minor_of is 'An amount in minor units: money_json the other way round';

create function pipeline.micros(at timestamptz) returns numeric language sql immutable
	return trunc(extract(epoch from at) * 1000000);
comment on function pipeline.micros is 'A moment as a number, for a cursor';

create function pipeline.moment(micros numeric) returns timestamptz language sql immutable
	return 'epoch'::timestamptz + micros::bigint * interval '1 microsecond';
comment on function pipeline.moment is 'The moment of such a number';

create function pipeline.sort_text(t text) returns text language sql immutable
	return nullif(left(pipeline.search_fold(t), 60), '') collate "C";
comment on function pipeline.sort_text is 'A text as it is sorted: without case and accents, by its beginning';

create function pipeline.sort_of(sort text) returns text language sql immutable
	return coalesce(ltrim(sort, '-'), 'stage_since');
comment on function pipeline.sort_of is 'The column that a list is sorted by';

create function pipeline.sort_up(sort text) returns boolean language sql immutable
	return coalesce(sort not like '-%', false);
comment on function pipeline.sort_up is 'Whether the least comes first';

create function pipeline.reads_one() returns boolean language sql stable
	return cardinality(nullif(current_setting('crm.workspaces', true), '')::uuid[]) = 1;
comment on function pipeline.reads_one is 'The reader reads one workspace';

-- A place in a list: the row''s id, and what it was sorted by as a number or as a text.
create function pipeline.page_text(id uuid, num numeric, txt text) returns text language sql immutable
	return id || '~' || coalesce(num::text, '') || '~' || coalesce(txt, '');
comment on function pipeline.page_text is 'Where a list goes on, opaque to callers';

create function pipeline.page_id(cursor text) returns uuid language sql immutable
	return case when cursor ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}~' then left(cursor, 36)::uuid end;
comment on function pipeline.page_id is 'The id in a cursor';

create function pipeline.page_num(cursor text) returns numeric language sql immutable
	return pipeline.decimal_of(split_part(cursor, '~', 2));
comment on function pipeline.page_num is 'The number in a cursor; null: the row had none';

create function pipeline.page_txt(cursor text) returns text language sql immutable
	return nullif(substr(cursor, 39 + length(split_part(cursor, '~', 2))), '') collate "C";
comment on function pipeline.page_txt is 'The text in a cursor; null: the row had none';

-- One of a workspace''s own fields against what was asked of it: any of the values, none, a range of numbers or days, part of a text.
create function pipeline.custom_text(v jsonb) returns text language sql immutable
	return case jsonb_typeof(v) when 'object' then v->>'amount' else v #>> '{}' end;
comment on function pipeline.custom_text is 'A value as a text; of money the amount';

create function pipeline.custom_fits_one(v jsonb, asked text) returns boolean language sql immutable
	return case
		when asked = 'none' then coalesce(pipeline.custom_text(v), '') = ''
		when v is null or v = 'null' then false
		when asked like '~%' then strpos(pipeline.search_fold(pipeline.custom_text(v)), pipeline.search_fold(substr(asked, 2))) > 0
		when asked like '%..%' and pipeline.decimal_of(pipeline.custom_text(v)) is not null then
			coalesce(pipeline.decimal_of(pipeline.custom_text(v)) >= pipeline.decimal_of(split_part(asked, '..', 1)), split_part(asked, '..', 1) = '')
			and coalesce(pipeline.decimal_of(pipeline.custom_text(v)) <= pipeline.decimal_of(split_part(asked, '..', 2)), split_part(asked, '..', 2) = '')
		when asked like '%..%' then
			(split_part(asked, '..', 1) = '' or pipeline.custom_text(v) collate "C" >= split_part(asked, '..', 1))
			and (split_part(asked, '..', 2) = '' or pipeline.custom_text(v) collate "C" <= split_part(asked, '..', 2))
		when pipeline.decimal_of(asked) is not null and pipeline.decimal_of(pipeline.custom_text(v)) is not null then
			pipeline.decimal_of(pipeline.custom_text(v)) = pipeline.decimal_of(asked)
		else pipeline.search_fold(pipeline.custom_text(v)) = pipeline.search_fold(asked) end;
comment on function pipeline.custom_fits_one is 'A value against one of what was asked for';

create function pipeline.custom_fits(custom jsonb, asked jsonb) returns boolean language sql immutable
	return (
		select coalesce(bool_and(exists (
			select from unnest(string_to_array(a.value, ',')) one (asked) where pipeline.custom_fits_one(custom -> a.key, trim(one.asked)))), true)
		from jsonb_each_text(asked) a);
comment on function pipeline.custom_fits is 'A deal''s own fields against all that was asked of them';
