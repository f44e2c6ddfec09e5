-- What people changed of leads, kept where the leads are; and whether somebody has answered one. Changes from before this migration stand on the
-- timeline alone.
create table lead_intake.lead_history (
	workspace_id uuid not null,
	lead_id uuid not null,
	version int not null,
	at timestamptz not null,
	actor_id uuid,
	changes jsonb not null,
	primary key (workspace_id, lead_id, version)
);
comment on table lead_intake.lead_history is 'One change of a lead: from the version before to this one';
comment on column lead_intake.lead_history.workspace_id is 'whose';
comment on column lead_intake.lead_history.lead_id is 'of which lead';
comment on column lead_intake.lead_history.version is 'the lead''s, from then on';
comment on column lead_intake.lead_history.at is 'when';
comment on column lead_intake.lead_history.actor_id is 'by whom';
comment on column lead_intake.lead_history.changes is '[{"field", "old", "new"}], values as a timeline shows them';
alter table lead_intake.lead_history enable row level security;
create policy workspaces_asked on lead_intake.lead_history for select to lead_intake_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));
grant select on lead_intake.lead_history to lead_intake_read;

alter table lead_intake.lead add column answered_at timestamptz;
comment on column lead_intake.lead.answered_at is 'the first activity on it, or on its deal; null: none yet';

create function lead_intake.is_unanswered(status text, answered_at timestamptz, created_at timestamptz) returns boolean language sql stable
	return status = 'New' and answered_at is null and created_at <= now() - interval '24 hours';
comment on function lead_intake.is_unanswered is 'Nobody has done anything about it for a day';

-- Orders of a list: bytes that ascend as people expect, whatever their case and accents; what is empty comes last, whichever way round.
create function lead_intake.sort_key(l lead_intake.lead, field text, down boolean) returns bytea language sql stable
	return (select coalesce('\x01'::bytea || convert_to(k.key, 'UTF8'), case when down then '\x00'::bytea else '\x02'::bytea end)
		from (select case field
			when 'name' then lead_intake.search_fold(l.name)
			when 'company' then lead_intake.search_fold(nullif(l.company, ''))
			when 'email' then l.email
			when 'phone' then l.phone
			when 'source' then l.source
			when 'status' then case l.status when 'New' then '1' when 'Contacted' then '2' else '3' end
			when 'owner' then l.owner_id::text
			when 'number' then lpad(l.number::text, 20, '0')
			else lpad((extract(epoch from l.created_at) * 1000000)::bigint::text, 20, '0') end as key) k);
comment on function lead_intake.sort_key is 'Where a lead stands in a list by that field';

create or replace view lead_intake.lead_page with (security_invoker = true) as
select l.workspace_id, l.id, l.number, l.status, l.source, l.name, l.company, l.email,
	json_build_object(
		'id', l.id,
		'workspace_id', l.workspace_id,
		'number', l.number,
		'name', l.name,
		'first_name', l.first_name,
		'last_name', l.last_name,
		'company', l.company,
		'email', l.email,
		'phone', l.phone,
		'source', l.source,
		'source_id', l.source_id,
		'form_type', l.form_type,
		'status', l.status,
		'message', l.message,
		'fields', coalesce(l.fields, '{}'),
		'external_id', l.external_id,
		'owner_id', l.owner_id,
		'contact_id', l.contact_id,
		'deal_id', case when l.status = 'Qualified' or (select w.auto_deal from lead_intake.workspace w where w.id = l.workspace_id) then l.id end,
		'created_at', to_char(l.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
		'answered_at', to_char(l.answered_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
		'unanswered', lead_intake.is_unanswered(l.status, l.answered_at, l.created_at),
		'version', l.version,
		'files', (select coalesce(json_agg(json_build_object('id', f.id, 'name', f.name, 'type', f.type, 'size', f.size,
				'sha256', f.sha256, 'at', to_char(f.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) order by f.id), '[]')
			from lead_intake.lead_file lf
			join lead_intake.file f on (f.workspace_id, f.id) = (lf.workspace_id, lf.file_id)
			where (lf.workspace_id, lf.lead_id) = (l.workspace_id, l.id))
	) as page
from lead_intake.lead l;
