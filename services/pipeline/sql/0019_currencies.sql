-- Base currency and dated rates. A rate says what one unit of a currency is worth in the base, from a day on; it is kept as a whole number of 10^-9 of
-- a unit, so that nothing here is a floating point number. It belongs to its base: another base chosen, it counts no longer, and again when that comes back.
-- Limits: a rate is below 10^9 with nine digits after the point, so what is converted has at most 19 + 9 + 4 digits before the point; it is told as a
-- numeric's exact text and fits whatever a bigint of minor units can hold.
alter table pipeline.workspace
	add column currency char(3),
	add column base_currency char(3);
comment on column pipeline.workspace.currency is 'ISO 4217: its own, as the gateway says; null: not heard yet, EUR';
comment on column pipeline.workspace.base_currency is 'ISO 4217: what totals are told in; null: nobody chose one, its own';

create table pipeline.rate (
	workspace_id uuid not null,
	id uuid not null,
	base char(3) not null,
	currency char(3) not null check (currency <> base),
	day date not null,
	nano bigint not null check (nano between 1 and 999999999999999999),
	primary key (workspace_id, id),
	unique (workspace_id, base, currency, day) include (nano),
	foreign key (workspace_id) references pipeline.workspace (workspace_id)
);
comment on table pipeline.rate is 'What a currency is worth, from a day on until the next one';
comment on column pipeline.rate.workspace_id is 'whose';
comment on column pipeline.rate.id is 'made of workspace, base, currency and day';
comment on column pipeline.rate.base is 'ISO 4217: in what';
comment on column pipeline.rate.currency is 'ISO 4217: of what';
comment on column pipeline.rate.day is 'from this day on, where the workspace is';
comment on column pipeline.rate.nano is 'units of the base for one unit of the currency, times 10^9';
alter table pipeline.rate enable row level security;
create policy read on pipeline.rate for select to pipeline_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));

create function pipeline.base_of(w pipeline.workspace) returns text language sql immutable
	return coalesce(w.base_currency, w.currency, 'EUR')::text;
comment on function pipeline.base_of is 'What a workspace''s totals are told in';

create function pipeline.day_of(at timestamptz, zone text) returns date language sql immutable
	return (at at time zone pipeline.zone_of(zone))::date;
comment on function pipeline.day_of is 'The day that a moment falls on where the zone is';

create function pipeline.rate_text(nano bigint) returns text language sql immutable
	return trim_scale(nano * 0.000000001)::text;
comment on function pipeline.rate_text is 'A rate as the API writes it: exact decimal text';

create function pipeline.digits_of(currency text) returns integer language sql immutable
	return case
		when currency in ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF') then 0
		when currency in ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') then 3
		when currency in ('CLF', 'UYW') then 4
		else 2 end;
comment on function pipeline.digits_of is 'Digits after the point (ISO 4217), as money_json has them';

create function pipeline.nano_of(whose uuid, base_is text, currency_is text, day_is date) returns bigint language sql stable
	return case when currency_is = base_is then 1000000000 else (
		select r.nano
		from pipeline.rate r
		where r.workspace_id = whose and r.base = base_is::char(3) and r.currency = currency_is::char(3) and r.day <= day_is
		order by r.day desc
		limit 1) end;
comment on function pipeline.nano_of is 'The rate of a day: the latest that is not later; null: there is none';

create function pipeline.in_base(minor numeric, currency text, nano bigint, base text) returns numeric language sql immutable
	return minor * nano * (array[0.0000000000001, 0.000000000001, 0.00000000001, 0.0000000001, 0.000000001, 0.00000001, 0.0000001, 0.000001,
		0.00001])[pipeline.digits_of(base) - pipeline.digits_of(currency) + 5];
comment on function pipeline.in_base is 'Minor units in minor units of the base, exact and not rounded yet: 10 to the power of the base''s digits less the currency''s less nine';

create function pipeline.about_json(exact numeric, base text, day date, missing text[]) returns json language sql immutable
	return json_build_object('amount', (round(exact) * (array[1, 0.1, 0.01, 0.001, 0.0001])[pipeline.digits_of(base) + 1])::text, 'currency', base, 'day', day,
		'missing', to_json(coalesce(missing, '{}')));
comment on function pipeline.about_json is 'A converted total: rounded once, half away from zero, with the currencies that had no rate; the amount is null when none had';

create function pipeline.about_of(whose uuid, base_is text, day_is date, days date[], currencies text[], sums bigint[]) returns json language sql stable
	return (
		select case when bool_or(x.currency <> base_is) then pipeline.about_json(sum(pipeline.in_base(x.minor, x.currency, n.nano, base_is)), base_is, day_is,
			array_agg(distinct x.currency) filter (where n.nano is null)) end
		from unnest(days, currencies, sums) as x (day, currency, minor)
		cross join lateral (select pipeline.nano_of(whose, base_is, x.currency, coalesce(x.day, day_is)) as nano) n);
comment on function pipeline.about_of is 'Totals by currency, each of a day of its own or all of one, as one; null: all is in the base';

create function pipeline.per_each(minor numeric, parts bigint) returns numeric language sql immutable
	return case when parts > 0 then sign(minor) * div(abs(minor) * 2 + parts, parts * 2) end;
comment on function pipeline.per_each is 'Minor units divided, rounded half away from zero';

create function pipeline.share_about(whose uuid, base_is text, days date[], currencies text[], sums bigint[], parts bigint) returns json language sql stable
	return (
		select case when bool_or(x.currency <> base_is) and not bool_or(n.nano is null) then
			pipeline.about_json(pipeline.per_each(sum(pipeline.in_base(x.minor, x.currency, n.nano, base_is)), parts), base_is, null, null) end
		from unnest(days, currencies, sums) as x (day, currency, minor)
		cross join lateral (select pipeline.nano_of(whose, base_is, x.currency, x.day) as nano) n);
comment on function pipeline.share_about is 'The average of deals in several currencies, each at the rate of its day; null: all is in the base, or some had no rate';

create function pipeline.rate_json(r pipeline.rate) returns json language sql stable
	return json_build_object('id', r.id, 'currency', r.currency, 'day', r.day, 'rate', pipeline.rate_text(r.nano));
comment on function pipeline.rate_json is 'A rate as settings show it';
