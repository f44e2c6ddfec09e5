-- What people did about a deal, as its card shows it: the last note, what comes next, its tags. Beside the deal, and only where there is something to
-- say: a deal that just came in costs nothing more than before. Days are calendar days where the workspace is.
create table pipeline.deal_activity (
	workspace_id uuid not null,
	deal_id uuid not null,
	activity_id uuid not null,
	kind text collate "C" not null,
	at timestamptz not null,
	due_at timestamptz,
	done boolean not null,
	removed boolean not null default false,
	primary key (workspace_id, deal_id, activity_id)
);
comment on table pipeline.deal_activity is 'The activities about a deal or its lead (from activity.added and what follows): what deal_follow is made of';
comment on column pipeline.deal_activity.workspace_id is 'whose';
comment on column pipeline.deal_activity.deal_id is 'which deal; a lead''s deal bears the lead''s id';
comment on column pipeline.deal_activity.activity_id is 'which activity';
comment on column pipeline.deal_activity.kind is 'call, whatsapp, email, sms, meeting, task, note or other';
comment on column pipeline.deal_activity.at is 'when it was written';
comment on column pipeline.deal_activity.due_at is 'when it is to be done';
comment on column pipeline.deal_activity.done is 'it is done';
comment on column pipeline.deal_activity.removed is 'it was taken away';

create table pipeline.deal_follow (
	workspace_id uuid not null,
	deal_id uuid not null,
	last_note_at timestamptz,
	next_at timestamptz,
	notes integer not null default 0,
	next_kind text collate "C",
	tags jsonb not null default '[]',
	primary key (workspace_id, deal_id)
) with (fillfactor = 90);
create index deal_follow_next on pipeline.deal_follow (workspace_id, next_at, deal_id) where next_at is not null;
comment on table pipeline.deal_follow is 'What a deal''s card says of what people did about it; none: nobody did anything';
comment on column pipeline.deal_follow.workspace_id is 'whose';
comment on column pipeline.deal_follow.deal_id is 'which deal';
comment on column pipeline.deal_follow.last_note_at is 'when its last note was written';
comment on column pipeline.deal_follow.next_at is 'when its next open activity is due';
comment on column pipeline.deal_follow.notes is 'how many notes there are';
comment on column pipeline.deal_follow.next_kind is 'what kind that next one is';
comment on column pipeline.deal_follow.tags is 'its tags, by label: array of {id, label, colour}';

alter table pipeline.deal_activity enable row level security;
revoke all on pipeline.deal_activity from pipeline_read;
alter table pipeline.deal_follow enable row level security;
create policy read on pipeline.deal_follow for select to pipeline_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));

create function pipeline.days_between(since timestamptz, now timestamptz, zone text) returns integer language sql immutable
	return greatest((now at time zone coalesce(zone, 'Europe/Amsterdam'))::date - (since at time zone coalesce(zone, 'Europe/Amsterdam'))::date, 0);
comment on function pipeline.days_between is 'Calendar days from one moment to another, where the zone is';

create function pipeline.card_json(d pipeline.deal, c pipeline.deal_contact, f pipeline.deal_follow, now timestamptz, zone text) returns json language sql stable
	return json_build_object('id', d.id, 'workspace_id', d.workspace_id, 'number', d.number, 'title', d.title, 'stage_id', d.stage_id,
		'contact_id', c.contact_id, 'contact_name', nullif(c.name, ''), 'company', coalesce(d.company, c.company),
		'value', pipeline.money_json(d.value, d.value_currency), 'owner_id', d.owner_id, 'lead_id', d.lead_id, 'source', d.source,
		'version', d.version, 'created_at', pipeline.rfc3339(d.created_at), 'stage_since', pipeline.rfc3339(d.stage_since),
		'close_date', d.close_date, 'files', d.files, 'last_note_at', pipeline.rfc3339(f.last_note_at), 'notes_count', coalesce(f.notes, 0),
		'next_at', pipeline.rfc3339(f.next_at), 'next_kind', f.next_kind, 'tags', coalesce(f.tags, '[]'),
		'days_without_contact', pipeline.days_between(coalesce(f.last_note_at, d.created_at), now, zone));
comment on function pipeline.card_json(pipeline.deal, pipeline.deal_contact, pipeline.deal_follow, timestamptz, text) is 'A deal, with its contact or none and with what people did about it, as a card';
