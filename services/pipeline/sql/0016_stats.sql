-- Figures. What stands in a stage is known by its running sums; what was won and lost, and what people made by hand, have an index of their own:
-- both are partial, so that a lead's deal costs what it did.
create index deal_closed on pipeline.deal (workspace_id, closed_at, id) include (owner_id, stage_id, value, value_currency, source, loss_reason, lead_id)
	where closed_at is not null and trashed_at is null;
create index deal_by_hand on pipeline.deal (workspace_id, id) include (owner_id, stage_id) where lead_id is null and trashed_at is null;

create function pipeline.zone_of(zone text) returns text language sql immutable
	return coalesce(zone, 'Europe/Amsterdam');
comment on function pipeline.zone_of is 'A workspace''s time zone, also where it was not heard yet';

create function pipeline.day_begins(day date, zone text) returns timestamptz language sql immutable
	return day::timestamp at time zone pipeline.zone_of(zone);
comment on function pipeline.day_begins is 'When a day begins where the zone is';

create function pipeline.month_of(at timestamptz, zone text) returns date language sql immutable
	return date_trunc('month', at at time zone pipeline.zone_of(zone))::date;
comment on function pipeline.month_of is 'The first day of the month that a moment falls in where the zone is';

create function pipeline.tenths(part bigint, whole bigint) returns bigint language sql immutable
	return case when whole > 0 then (part * 1000 + whole / 2) / whole else 0 end;
comment on function pipeline.tenths is 'Tenths of a per cent, rounded half up; of nothing it is 0';

create function pipeline.half_up(value numeric, parts numeric) returns bigint language sql immutable
	return floor((value * 2 + parts) / (parts * 2))::bigint;
comment on function pipeline.half_up is 'Minor units divided, rounded half up';
