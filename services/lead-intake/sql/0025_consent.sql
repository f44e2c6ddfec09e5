-- What somebody who asked agreed to: beside their lead, as they were shown it.
alter table lead_intake.lead add column consent jsonb;
comment on column lead_intake.lead.consent is 'what they agreed to or did not: {given, news: and to news by mail, text: what they were shown, version, at, page}; null: nobody asked; personal by id';

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
		'language', l.language,
		'consent', l.consent,
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
