-- Ways in as records: changed, removed and restored, with another key while the old one is still good.
alter table lead_intake.source
	add column version int not null default 1,
	add column sealed_token text,
	add column old_key_hash text collate "C",
	add column old_key_until timestamptz,
	add column removed_at timestamptz,
	add column signs boolean generated always as (sealed is not null) stored,
	add column asks boolean generated always as (sealed_token is not null) stored;
comment on column lead_intake.source.version is 'counts its changes; not personal';
comment on column lead_intake.source.sealed_token is 'what its sender says when it asks whether the address is ours, sealed by CRM_KEY; null: none; not personal';
comment on column lead_intake.source.old_key_hash is 'SHA-256 of the key it had before, hex; null: none; not personal';
comment on column lead_intake.source.old_key_until is 'how long that key is good; not personal';
comment on column lead_intake.source.removed_at is 'since when it takes nothing any more; null: it is there; not personal';
comment on column lead_intake.source.signs is 'it has a secret: its requests have to be signed; not personal';
comment on column lead_intake.source.asks is 'it has a token for whoever asks whose the address is; not personal';
create unique index source_old_key on lead_intake.source (old_key_hash) where old_key_hash is not null;
grant select (version, old_key_until, removed_at, signs, asks) on lead_intake.source to lead_intake_read;

create or replace function lead_intake.source_of_key(asked text) returns json
language sql stable security definer set search_path = lead_intake, pg_temp as $$
	select json_build_object('workspace_id', s.workspace_id, 'source_id', s.id, 'kind', s.kind, 'sealed', s.sealed, 'sealed_token', s.sealed_token,
		'form_type', s.form_type, 'redirect', s.redirect, 'origins', s.origins,
		'language', w.language, 'country', w.country)
	from lead_intake.source s
	join lead_intake.workspace w on w.id = s.workspace_id
	where (s.key_hash = asked or (s.old_key_hash = asked and s.old_key_until > now())) and s.removed_at is null
$$;

-- The shape of a way in as readers get it, in one place; it sees what its reader may see.
create view lead_intake.source_page with (security_invoker = true) as
select s.workspace_id, s.id, s.removed_at is not null as removed,
	json_build_object('id', s.id, 'workspace_id', s.workspace_id, 'kind', s.kind, 'name', s.name, 'form_type', s.form_type,
		'redirect', s.redirect, 'origins', s.origins, 'owner_id', s.owner_id, 'signs', s.signs, 'asks', s.asks,
		'old_key_until', to_char(case when s.old_key_until > now() then s.old_key_until end at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
		'removed_at', to_char(s.removed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
		'created_at', to_char(s.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'version', s.version) as page
from lead_intake.source s;
comment on view lead_intake.source_page is 'A way in as the API shows it';
grant select on lead_intake.source_page to lead_intake_read;
