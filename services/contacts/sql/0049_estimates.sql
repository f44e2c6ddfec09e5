-- How many rows these give, for the plans of what asks them: taken for a thousand each, all contacts were read and hashed where ten were looked up.
alter function contacts.search_hits(text, int) rows 10;
alter function contacts.search_more(text, int, uuid[]) rows 10;
alter function contacts.search_block_mask(uuid, text, int) rows 50;
alter function contacts.linked_hits(text, int) rows 10;
alter function contacts.contacts_of(uuid) rows 1;
alter function contacts.accounts_of(uuid) rows 1;
alter function contacts.deal_company(uuid) rows 1;

create function contacts.asked_ids(asked text) returns uuid[] language sql immutable
	return array(select x::uuid from regexp_split_to_table(lower(asked), '\s*,\s*') as x where x ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$');
comment on function contacts.asked_ids is 'The ids among what was asked for, with commas between them: an index finds them, which it does not by their texts';

-- A function in SQL inside another's is planned anew for each row that the other is asked of: half a millisecond a contact. These keep their plans.
create or replace function contacts.reach_json(workspace uuid, contact uuid, of_kind text) returns json language plpgsql stable set plan_cache_mode = force_generic_plan as $$
begin
	return coalesce((
		select json_agg(json_build_object('value', r.value, 'label', r.label) order by r.value)
		from contacts.contact_reach r
		where r.workspace_id = workspace and r.contact_id = contact and r.kind = of_kind), '[]');
end $$;

create or replace function contacts.primary_of(workspace uuid, account uuid, chosen uuid) returns uuid language plpgsql stable set plan_cache_mode = force_generic_plan as $$
begin
	return coalesce((
		select c.id
		from contacts.contact c
		where (c.workspace_id, c.id) = (workspace, chosen) and c.account_id = account and c.removed_at is null and c.merged_into is null), (
		select c.id
		from contacts.contact c
		where (c.workspace_id, c.account_id) = (workspace, account) and c.removed_at is null and c.merged_into is null
		order by c.archived_at is not null, c.created_at, c.id
		limit 1));
end $$;

create or replace function contacts.money_json(minor bigint, currency text) returns json language plpgsql immutable as $$
begin
	return case when minor is not null then json_build_object('amount',
		case when currency = any (array['BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF']) then minor::text
			when currency = any (array['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND']) then (minor * 0.001)::text
			when currency = any (array['CLF', 'UYW']) then (minor * 0.0001)::text
			else (minor * 0.01)::text end, 'currency', currency) end;
end $$;
