-- Requests are seen, and read again: by whom who may settle the workspace's ways in. What came stays as it came; what became of it may change, once, into leads.
alter table lead_intake.submission
	add column reread_at timestamptz,
	add column reread_by uuid;
comment on table lead_intake.submission is 'Raw requests, as they came for good, with what became of them';
comment on column lead_intake.submission.reread_at is 'when it was read again and something else became of it; null: never; not personal';
comment on column lead_intake.submission.reread_by is 'by whom; null: nobody; not personal';
-- few beside the leads, and those that are looked for
create index submission_open on lead_intake.submission (workspace_id, id) where outcome <> 'lead';

create policy workspaces_asked on lead_intake.submission for select to lead_intake_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and (select current_setting('crm.scope', true)) in ('workspace', 'all'));
grant select (workspace_id, id, at, source_id, method, type, headers, body, body_file, body_size, remote, outcome, reason, leads, reread_at, reread_by)
	on lead_intake.submission to lead_intake_read;

create function lead_intake.uuids_of(ids bytea) returns uuid[] language sql immutable
	return array(select encode(substr(ids, i * 16 + 1, 16), 'hex')::uuid from generate_series(0, length(ids) / 16 - 1) i order by i);
comment on function lead_intake.uuids_of is 'Ids of 16 bytes each as an array';

-- The beginning of what a request says, to be recognised by: UTF-8, else windows-1252, else byte by byte.
create function lead_intake.says_first(body bytea) returns text language plpgsql immutable as $$
begin
	for cut in 0 .. 3 loop -- a character may be cut
		begin
			return convert_from(substr(body, 1, 300 - cut), 'UTF8');
		exception when data_exception then
			continue when length(body) > 300 - cut;
			exit;
		end;
	end loop;
	begin
		return convert_from(substr(body, 1, 300), 'WIN1252');
	exception when data_exception then
		return encode(substr(body, 1, 300), 'escape');
	end;
end
$$;
comment on function lead_intake.says_first is 'The beginning of a body as text';

-- A request as lists show it.
create view lead_intake.submission_page with (security_invoker = true) as
select s.workspace_id, s.id, s.at, s.source_id, s.outcome,
	json_build_object('id', s.id, 'workspace_id', s.workspace_id, 'at', to_char(s.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
		'source_id', s.source_id, 'source_name', w.name, 'kind', w.kind, 'outcome', s.outcome, 'reason', s.reason, 'method', s.method, 'type', s.type,
		'size', s.body_size, 'lead_ids', to_json(coalesce(lead_intake.uuids_of(s.leads), '{}')),
		'reread_at', to_char(s.reread_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'reread_by', s.reread_by,
		'says', lead_intake.says_first(s.body)) as page
from lead_intake.submission s
left join lead_intake.source w on (w.workspace_id, w.id) = (s.workspace_id, s.source_id);
comment on view lead_intake.submission_page is 'A request as lists show it';
grant select on lead_intake.submission_page to lead_intake_read;
