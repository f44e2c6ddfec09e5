-- How long a call or a meeting took, or is to take.
alter table contacts.activity add column duration_minutes bigint;
comment on column contacts.activity.duration_minutes is 'how long it took or is to take; null: nobody said';

create or replace function contacts.activity_json(a contacts.activity) returns json language sql stable
	return json_build_object('id', a.id, 'workspace_id', a.workspace_id, 'kind', a.kind, 'subject', a.subject, 'note', a.note,
		'about', json_build_object('kind', a.about, 'id', a.record_id, 'title', contacts.activity_title(a)),
		'due_at', contacts.rfc3339(a.due_at), 'duration_minutes', a.duration_minutes, 'done_at', contacts.rfc3339(a.done_at), 'done_by', a.done_by, 'priority', a.priority,
		'remind_at', contacts.rfc3339(a.remind_at), 'owner_id', a.assignee_id, 'created_by', a.created_by,
		'created_at', contacts.rfc3339(a.created_at), 'version', a.version, 'removed_at', contacts.rfc3339(a.removed_at));
