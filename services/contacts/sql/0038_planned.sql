-- A search plans its own questions once for a connection, not at each asking: that was half of what it took.
alter function contacts.search_hits(text, int) set plan_cache_mode = force_generic_plan;
alter function contacts.search_more(text, int, uuid[]) set plan_cache_mode = force_generic_plan;
alter function contacts.search_block_mask(uuid, text, int) set plan_cache_mode = force_generic_plan;

-- Who leaves a segment leaves with an owner: who sees their own alone is told of it.
create or replace function contacts.segment_diff(workspace uuid, segment uuid, of text, conditions jsonb, ids uuid[], from_id uuid, upto uuid, now timestamptz)
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
			select m.record_id, (select t.owner_id from %s t where t.workspace_id = $1 and t.id = m.record_id), false
			from contacts.segment_member m
			where (m.workspace_id, m.segment_id) = ($1, $5) and m.record_id = any ($2) and not exists (select from fit f where f.id = m.record_id)',
			contacts.segment_base(of), contacts.segment_where(of, conditions), contacts.segment_base(of))
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
			select m.record_id, (select t.owner_id from %s t where t.workspace_id = $1 and t.id = m.record_id), false
			from contacts.segment_member m
			where (m.workspace_id, m.segment_id) = ($1, $5) and m.record_id > $2 and ($3 is null or m.record_id <= $3) and not exists (select from fit f where f.id = m.record_id)',
			contacts.segment_base(of), contacts.segment_where(of, conditions), contacts.segment_base(of))
		using workspace, from_id, upto, now, segment;
	end if;
end
$$;
