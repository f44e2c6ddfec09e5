-- What pages show of documents beyond what is kept.
create function billing.open_amount(d billing.document) returns bigint language sql immutable
	return case when d.kind = 'invoice' and d.finalised_at is not null then d.payable - d.received - d.credited else 0 end;
comment on function billing.open_amount is 'What is still to be paid of a final invoice, in cents; 0 of all others';

create function billing.is_overdue(d billing.document) returns boolean language sql stable
	return d.kind = 'invoice' and d.finalised_at is not null and d.payable - d.received - d.credited > 0
		and d.due < (now() at time zone coalesce((select w.timezone from billing.workspace w where w.workspace_id = d.workspace_id), 'UTC'))::date;
comment on function billing.is_overdue is 'A final invoice that should have been paid by now, where its workspace is';

create function billing.sort_number(n bigint) returns text language sql immutable
	return case when n < 0 then '-' || lpad((1000000000000000000 + n)::text, 19, '0') else '0' || lpad(n::text, 19, '0') end;
comment on function billing.sort_number is 'A number as text that sorts as the number does';

create function billing.sort_key(d billing.document, by text) returns text language sql stable
	return (case by
		when 'number' then coalesce(lpad(d.series_year::text, 6, '0') || lpad(d.series_seq::text, 12, '0'), '~')
		when 'name' then lower(coalesce(d.buyer ->> 'name', '~'))
		when 'issued' then coalesce(d.issued::text, '~')
		when 'due' then coalesce(d.due::text, '~')
		when 'total' then billing.sort_number(d.payable)
		when 'open' then billing.sort_number(case when d.kind = 'invoice' and d.finalised_at is not null then d.payable - d.received - d.credited else 0 end)
		when 'state' then d.state
		when 'seen_at' then coalesce(to_char(d.seen_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), '')
		else to_char(d.created_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') end) collate "C";
comment on function billing.sort_key is 'What a list of documents is sorted by, as text that sorts as it should';
