-- The timeline is a projection of the streams: it can be built anew beside the one that is read, and take its place in one transaction a lane.
create table contacts.projection (
	lane bigint primary key,
	phase text collate "C" not null,
	positions jsonb,
	changed bigint not null default 0,
	asked_at timestamptz not null default now()
);
comment on table contacts.projection is 'How far the timeline''s rebuild is, lane by lane';
comment on column contacts.projection.lane is 'which lane';
comment on column contacts.projection.phase is 'wanted, begun, level, done or cancelled; not personal';
comment on column contacts.projection.positions is 'what was said before it began, by source: all of it is fed; what comes later is written to both; not personal';
comment on column contacts.projection.changed is 'how many lines the last one changed';
comment on column contacts.projection.asked_at is 'when somebody asked for it';
grant select on contacts.projection to contacts_read;

create table contacts.timeline_shadow (like contacts.timeline including indexes);
comment on table contacts.timeline_shadow is 'The timeline that is being built anew, while there is one';
comment on column contacts.timeline_shadow.workspace_id is 'whose';
comment on column contacts.timeline_shadow.subject_id is 'as in timeline, as all below';
comment on column contacts.timeline_shadow.event_id is 'the event';
comment on column contacts.timeline_shadow.contact_id is 'the contact whose timeline it belongs to as well';
comment on column contacts.timeline_shadow.owner_id is 'whose the subject is; settled when it takes the old one''s place';
comment on column contacts.timeline_shadow.actor_id is 'who did it';
comment on column contacts.timeline_shadow.at is 'when';
comment on column contacts.timeline_shadow.type is 'the event''s type; not personal';
comment on column contacts.timeline_shadow.data is 'the event''s data; personal: a rebuild is cancelled and emptied when somebody is erased';
alter table contacts.timeline_shadow enable row level security;

create function contacts.survivor_now(workspace uuid, contact uuid) returns uuid language sql stable as $$
	with recursive up as (
		select c.id, c.merged_into, 0 as n from contacts.contact c where (c.workspace_id, c.id) = (workspace, contact)
		union all
		select c.id, c.merged_into, u.n + 1 from up u join contacts.contact c on (c.workspace_id, c.id) = (workspace, u.merged_into) where u.n < 50
	)
	select u.id from up u where u.merged_into is null limit 1
$$;
comment on function contacts.survivor_now is 'Who a contact is by now, whatever it was merged into; null: there is none such';
