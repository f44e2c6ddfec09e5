-- What lead-intake's columns hold of people: see common/sql/0005_erasure.sql. A request's words go with the leads that came of it.
select lead_intake.says_of_people('personal by id', 'lead.name', 'lead.first_name', 'lead.last_name', 'lead.email', 'lead.phone', 'lead.message', 'lead.fields',
	'submission.headers', 'submission.body', 'submission.body_file', 'submission.remote', 'submission.reason', 'submission.dedupe', 'submission.content');
select lead_intake.says_of_people('personal by lead_id', 'lead_history.changes');
select lead_intake.says_of_people('personal', 'lead.company', 'lead.external_id', 'lead.form_type', 'file.field', 'search_page.words');
select lead_intake.says_of_people('personal by submission_id', 'file.name');

create function lead_intake.requests_of(of_leads uuid[]) returns setof uuid language sql stable security definer set search_path = lead_intake, pg_temp as $$
	select distinct s.id
	from lead_intake.lead l
	join lead_intake.submission s on s.workspace_id = l.workspace_id and (s.id = l.submission_id or position(uuid_send(l.id) in s.leads) > 0)
	where l.id = any (of_leads) and l.workspace_id = any (nullif(current_setting('crm.workspaces', true), '')::uuid[])
$$;
comment on function lead_intake.requests_of is 'The requests that leads came in, and those that repeated them: their ids alone';
revoke all on function lead_intake.requests_of(uuid[]) from public;
grant execute on function lead_intake.requests_of(uuid[]) to lead_intake_read;

select lead_intake.says_of_people('not personal', 'file.sha256', 'file.type', 'lead.source', 'lead.status', 'source.form_type', 'source.key_hash', 'source.kind', 'source.name',
	'source.origins', 'source.redirect', 'source.sealed', 'submission.leads', 'submission.method', 'submission.outcome', 'submission.type', 'workspace.country', 'workspace.form_type',
	'workspace.language', 'workspace.slug');
