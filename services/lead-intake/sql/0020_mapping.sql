-- A way in may have rules of its own: which value of a request is which field of a lead.
alter table lead_intake.source add column mapping jsonb;
comment on column lead_intake.source.mapping is 'its own rules, a list as services/lead-intake/mapping.h has it; null: none; not personal';
grant select (mapping) on lead_intake.source to lead_intake_read;

create or replace function lead_intake.source_of_key(asked text) returns json
language sql stable security definer set search_path = lead_intake, pg_temp as $$
	select json_build_object('workspace_id', s.workspace_id, 'source_id', s.id, 'kind', s.kind, 'sealed', s.sealed, 'sealed_token', s.sealed_token,
		'form_type', s.form_type, 'redirect', s.redirect, 'origins', s.origins, 'mapping', s.mapping::text,
		'language', w.language, 'country', w.country)
	from lead_intake.source s
	join lead_intake.workspace w on w.id = s.workspace_id
	where (s.key_hash = asked or (s.old_key_hash = asked and s.old_key_until > now())) and s.removed_at is null
$$;

create or replace view lead_intake.source_page with (security_invoker = true) as
select s.workspace_id, s.id, s.removed_at is not null as removed,
	json_build_object('id', s.id, 'workspace_id', s.workspace_id, 'kind', s.kind, 'name', s.name, 'form_type', s.form_type,
		'redirect', s.redirect, 'origins', s.origins, 'mapping', s.mapping, 'owner_id', s.owner_id, 'signs', s.signs, 'asks', s.asks,
		'old_key_until', to_char(case when s.old_key_until > now() then s.old_key_until end at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
		'removed_at', to_char(s.removed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
		'created_at', to_char(s.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'version', s.version) as page
from lead_intake.source s;
