-- A way in may call its provider, may have been told that it may not, and says where its leads begin and whose they are.
alter table lead_intake.source
	add column sealed_access text,
	add column paused_at timestamptz,
	add column paused_reason text,
	add column stage text,
	add column tags jsonb,
	add column assign jsonb,
	add column calls boolean generated always as (sealed_access is not null) stored;
comment on column lead_intake.source.sealed_access is 'what we show its provider when we fetch from it or answer by it, sealed by CRM_KEY; null: none; not personal';
comment on column lead_intake.source.paused_at is 'since when its provider is not called any more; null: it is called; not personal';
comment on column lead_intake.source.paused_reason is 'why: token_expired or refused; null: it is not paused; not personal';
comment on column lead_intake.source.stage is 'the open stage in which deals of its leads begin, key or id; null: the first; not personal';
comment on column lead_intake.source.tags is 'names of tags that its leads get; null: none; not personal';
comment on column lead_intake.source.assign is 'by what rule its leads get an owner; null: owner_id; not personal';
comment on column lead_intake.source.calls is 'it has what its provider asks of callers; not personal';
grant select (paused_at, paused_reason, stage, tags, assign, calls) on lead_intake.source to lead_intake_read;

create or replace view lead_intake.source_page with (security_invoker = true) as
select s.workspace_id, s.id, s.removed_at is not null as removed,
	json_build_object('id', s.id, 'workspace_id', s.workspace_id, 'kind', s.kind, 'name', s.name, 'form_type', s.form_type,
		'redirect', s.redirect, 'origins', s.origins, 'mapping', s.mapping, 'minimum_fill', s.minimum_fill, 'per_minute', s.per_minute,
		'owner_id', s.owner_id, 'stage', s.stage, 'tags', s.tags, 'assign', s.assign, 'signs', s.signs, 'asks', s.asks, 'calls', s.calls,
		'paused_at', to_char(s.paused_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'paused_reason', s.paused_reason,
		'old_key_until', to_char(case when s.old_key_until > now() then s.old_key_until end at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
		'removed_at', to_char(s.removed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
		'created_at', to_char(s.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'version', s.version) as page
from lead_intake.source s;
