-- Activities: what people did and are going to do about a lead, deal or contact. A lead and its deal bear one id, so what was written about the one
-- stands with the other. Who may see the record may see them: its owner is kept in each row, as in the timeline.
create table contacts.activity (
	workspace_id uuid not null,
	id uuid not null,
	record_id uuid not null,
	owner_id uuid,
	assignee_id uuid,
	version bigint not null default 1,
	kind text collate "C" not null,
	about text collate "C" not null,
	priority text collate "C" not null,
	created_at timestamptz not null,
	created_by uuid,
	due_at timestamptz,
	done_at timestamptz,
	done_by uuid,
	remind_at timestamptz,
	ring_at timestamptz generated always as (coalesce(remind_at, case when kind = 'task' then due_at end)) stored,
	rung_at timestamptz,
	removed_at timestamptz,
	subject text,
	note text,
	primary key (workspace_id, id)
) with (fillfactor = 90);
create index activity_record on contacts.activity (workspace_id, record_id);
create index activity_due on contacts.activity (workspace_id, due_at, id) where removed_at is null;
create index activity_mine on contacts.activity (workspace_id, assignee_id, due_at, id) where removed_at is null;
create index activity_ring on contacts.activity (ring_at) where rung_at is null and done_at is null and removed_at is null and ring_at is not null;
comment on table contacts.activity is 'What somebody did, or is going to do, about a lead, deal or contact';
comment on column contacts.activity.workspace_id is 'whose';
comment on column contacts.activity.id is 'which';
comment on column contacts.activity.record_id is 'the lead, deal or contact; a lead and its deal bear one id';
comment on column contacts.activity.owner_id is 'whose that record is now: who may see this';
comment on column contacts.activity.assignee_id is 'whose activity it is: who does it and is reminded';
comment on column contacts.activity.version is 'grows with every change';
comment on column contacts.activity.kind is 'call, whatsapp, email, sms, meeting, task, note or other';
comment on column contacts.activity.about is 'lead, deal or contact: what it was written about';
comment on column contacts.activity.priority is 'low, medium or high';
comment on column contacts.activity.created_at is 'when it was written';
comment on column contacts.activity.created_by is 'by whom; null: nobody who logs in';
comment on column contacts.activity.due_at is 'when it is to be done';
comment on column contacts.activity.done_at is 'when it was done; null: it is not';
comment on column contacts.activity.done_by is 'by whom';
comment on column contacts.activity.remind_at is 'when its owner wants to be reminded; null: of a task, when it is due';
comment on column contacts.activity.ring_at is 'when the bell rings';
comment on column contacts.activity.rung_at is 'when it rang, or when it was too late to; null: it has not';
comment on column contacts.activity.removed_at is 'since when it is away; it can be put back';
comment on column contacts.activity.subject is 'what it is about, in a line';
comment on column contacts.activity.note is 'the whole of it';

alter table contacts.activity enable row level security;
create policy read on contacts.activity for select to contacts_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and ((select current_setting('crm.scope', true)) is distinct from 'own'
			or owner_id = any (coalesce((select nullif(current_setting('crm.users', true), ''))::uuid[],
				array[(select nullif(current_setting('crm.user', true), ''))::uuid]))));

create function contacts.zone_of(zone text) returns text language plpgsql stable as $$
begin
	perform now() at time zone zone;
	return coalesce(zone, 'UTC');
exception when invalid_parameter_value then
	return 'UTC';
end $$;
comment on function contacts.zone_of is 'A time zone that there is: the one named, else UTC';

create function contacts.activity_title(a contacts.activity) returns text language sql stable
	return case when a.about = 'contact' then (select c.name from contacts.contact c where (c.workspace_id, c.id) = (a.workspace_id, a.record_id))
		else coalesce(
			(select c.name from contacts.lead l join contacts.contact c on (c.workspace_id, c.id) = (l.workspace_id, l.contact_id)
				where (l.workspace_id, l.lead_id) = (a.workspace_id, a.record_id)),
			(select c.name from contacts.timeline t join contacts.contact c on (c.workspace_id, c.id) = (t.workspace_id, t.contact_id)
				where (t.workspace_id, t.subject_id) = (a.workspace_id, a.record_id) and t.contact_id is not null limit 1)) end;
comment on function contacts.activity_title is 'The name of whom an activity is about; null where no contact is known';

create function contacts.activity_json(a contacts.activity) returns json language sql stable
	return json_build_object('id', a.id, 'workspace_id', a.workspace_id, 'kind', a.kind, 'subject', a.subject, 'note', a.note,
		'about', json_build_object('kind', a.about, 'id', a.record_id, 'title', contacts.activity_title(a)),
		'due_at', contacts.rfc3339(a.due_at), 'done_at', contacts.rfc3339(a.done_at), 'done_by', a.done_by, 'priority', a.priority,
		'remind_at', contacts.rfc3339(a.remind_at), 'owner_id', a.assignee_id, 'created_by', a.created_by,
		'created_at', contacts.rfc3339(a.created_at), 'version', a.version, 'removed_at', contacts.rfc3339(a.removed_at));
comment on function contacts.activity_json is 'An activity as the API writes it';
