-- A way in may say how long a person takes to fill in its form, and how many requests a minute it takes.
alter table lead_intake.source
	add column minimum_fill bigint check (minimum_fill between 0 and 600),
	add column per_minute bigint check (per_minute between 1 and 6000);
comment on column lead_intake.source.minimum_fill is 'seconds that a person needs at least to fill in the form; null: nothing is asked; not personal';
comment on column lead_intake.source.per_minute is 'requests a minute that it takes; null: CRM_HOOK_RATE; not personal';
grant select (minimum_fill, per_minute) on lead_intake.source to lead_intake_read;

create or replace function lead_intake.source_of_key(asked text) returns json
language sql stable security definer set search_path = lead_intake, pg_temp as $$
	select json_build_object('workspace_id', s.workspace_id, 'source_id', s.id, 'kind', s.kind, 'sealed', s.sealed, 'sealed_token', s.sealed_token,
		'form_type', s.form_type, 'redirect', s.redirect, 'origins', s.origins, 'mapping', s.mapping::text,
		'minimum_fill', s.minimum_fill, 'per_minute', s.per_minute,
		'language', w.language, 'country', w.country)
	from lead_intake.source s
	join lead_intake.workspace w on w.id = s.workspace_id
	where (s.key_hash = asked or (s.old_key_hash = asked and s.old_key_until > now())) and s.removed_at is null
$$;

create or replace view lead_intake.source_page with (security_invoker = true) as
select s.workspace_id, s.id, s.removed_at is not null as removed,
	json_build_object('id', s.id, 'workspace_id', s.workspace_id, 'kind', s.kind, 'name', s.name, 'form_type', s.form_type,
		'redirect', s.redirect, 'origins', s.origins, 'mapping', s.mapping, 'minimum_fill', s.minimum_fill, 'per_minute', s.per_minute,
		'owner_id', s.owner_id, 'signs', s.signs, 'asks', s.asks,
		'old_key_until', to_char(case when s.old_key_until > now() then s.old_key_until end at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
		'removed_at', to_char(s.removed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
		'created_at', to_char(s.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'version', s.version) as page
from lead_intake.source s;
