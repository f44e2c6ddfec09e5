-- Which leads are in which segment of contacts: a copy, so that lists filter by it.
create table lead_intake.segment_member (
	workspace_id uuid not null,
	record_id uuid not null,
	segment_id uuid not null,
	primary key (workspace_id, record_id, segment_id)
);
create index segment_member_segment on lead_intake.segment_member (workspace_id, segment_id);
comment on table lead_intake.segment_member is 'Which leads are in which segment (from segment.joined, segment.left and segment.changed)';
comment on column lead_intake.segment_member.workspace_id is 'whose';
comment on column lead_intake.segment_member.record_id is 'which lead';
comment on column lead_intake.segment_member.segment_id is 'which segment';
alter table lead_intake.segment_member enable row level security;
create policy read on lead_intake.segment_member for select to lead_intake_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));

-- The order of a list knows segments too.
drop function lead_intake.lead_order(text, boolean, text, uuid, int, text, text, text, boolean, timestamptz, timestamptz, text);
create function lead_intake.lead_order(field text, down boolean, after_key text, after_id uuid, most int, of_status text, of_source text, of_owner text,
	waits boolean, since timestamptz, until timestamptz, q text, segment text) returns table (workspace_id uuid, id uuid, key text)
language plpgsql stable set search_path = lead_intake, pg_temp as $$
#variable_conflict use_column
declare
	me text := coalesce(current_setting('crm.user', true), '');
	turn text := case when down then 'desc' else 'asc' end;
	last text := case when down then '' else U&'\+10FFFF' end; -- what is empty comes last, whichever way round
	seen text;
	number text := case when q ~ '^#?[0-9]{1,15}$' then ltrim(q, '#') end;
	value text := case field
		when 'name' then 'search_fold(l.name)'
		when 'company' then 'search_fold(l.company)'
		when 'email' then 'l.email'
		when 'phone' then 'l.phone'
		when 'source' then 'l.source'
		when 'status' then $e$case l.status when 'New' then '1' when 'Contacted' then '2' else '3' end$e$
		when 'owner' then 'l.owner_id::text'
		when 'number' then $e$lpad(l.number::text, 20, '0')$e$
		else $e$to_char(l.created_at at time zone 'UTC', 'YYYYMMDDHH24MISSUS')$e$ end;
begin
	if after_key is not null and after_id is not null then
		begin
			seen := convert_from(decode(after_key, 'hex'), 'UTF8');
		exception when others then
			seen := null; -- a cursor that is none of ours begins at the beginning
		end;
	end if;
	return query execute format($e$
		select l.workspace_id, l.id, coalesce(nullif(%s, ''), $1) collate "C" as key
		from lead l
		where l.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])$e$, value)
		|| case when seen is not null then format($e$ and (coalesce(nullif(%s, ''), $1) collate "C", l.id) %s ($2, $3)$e$, value, case when down then '<' else '>' end) else '' end
		|| case when of_status is not null then $e$ and l.status = any (string_to_array($4, ','))$e$ else '' end
		|| case when of_source is not null then $e$ and l.source = any (string_to_array($5, ','))$e$ else '' end
		|| case when of_owner is not null then $e$ and coalesce(l.owner_id::text, 'none') = any (string_to_array(replace($6, 'me', $7), ','))$e$ else '' end
		|| case when waits then ' and is_unanswered(l.status, l.answered_at, l.created_at)' else '' end
		|| case when since is not null then ' and l.created_at >= $8' else '' end
		|| case when until is not null then ' and l.created_at < $9' else '' end
		|| case when q is not null then $e$ and (position(lower($10) in lower(concat_ws(' ', l.name, l.company, l.email, l.phone))) > 0 or l.number::text = $11)$e$ else '' end
		|| case when segment is not null then $e$ and exists (select from segment_member g where (g.workspace_id, g.record_id) = (l.workspace_id, l.id)
			and g.segment_id::text = any (string_to_array(lower($13), ',')))$e$ else '' end
		|| format(' order by key %1$s, l.id %1$s limit $12', turn)
	using last, seen, after_id, of_status, of_source, of_owner, me, since, until, q, number, most, segment;
end
$$;
comment on function lead_intake.lead_order is 'The leads of a list ordered by a column, as many as asked, with what stands in the cursor';
