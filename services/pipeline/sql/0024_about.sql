-- The same totals as one, told more than ten times as quickly: a loop with a plan that is kept takes the place of a query that was begun anew at every call. A board
-- asks once a column.
create function pipeline.about_parts(whose uuid, base_is text, day_is date, days date[], currencies text[], sums bigint[], parts bigint) returns json
	language plpgsql stable as $$
declare
	exact numeric;
	rate bigint;
	other boolean := false;
	missing text[] := '{}';
begin
	for i in 1 .. coalesce(cardinality(currencies), 0) loop
		rate := 1000000000;
		if currencies[i] <> base_is then
			other := true;
			rate := (
				select r.nano
				from pipeline.rate r
				where r.workspace_id = whose and r.base = base_is::char(3) and r.currency = currencies[i]::char(3) and r.day <= coalesce(days[i], day_is)
				order by r.day desc
				limit 1);
		end if;
		if rate is not null then
			exact := coalesce(exact, 0) + pipeline.in_base(sums[i], currencies[i], rate, base_is);
		elsif not currencies[i] = any (missing) then
			missing := missing || currencies[i];
		end if;
	end loop;
	if not other or (parts is not null and cardinality(missing) > 0) then
		return null;
	end if;
	if parts is not null then
		exact := pipeline.per_each(exact, parts);
	end if;
	if cardinality(missing) > 1 then
		missing := array(select m from unnest(missing) m order by m);
	end if;
	return pipeline.about_json(exact, base_is, day_is, missing);
end $$;
comment on function pipeline.about_parts is 'Totals by currency, each of a day of its own or all of one, as one, or its so many parts; null: all is in the base, or of parts some had no rate';

create or replace function pipeline.about_of(whose uuid, base_is text, day_is date, days date[], currencies text[], sums bigint[]) returns json language sql stable
	return pipeline.about_parts(whose, base_is, day_is, days, currencies, sums, null);

create or replace function pipeline.share_about(whose uuid, base_is text, days date[], currencies text[], sums bigint[], parts bigint) returns json language sql stable
	return pipeline.about_parts(whose, base_is, null, days, currencies, sums, parts);
