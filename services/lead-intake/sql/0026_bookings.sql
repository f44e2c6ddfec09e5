-- Appointments that people make in a calendar of another system: at another time its sender has another name for the same one.
create table lead_intake.booking (
	workspace_id uuid not null,
	external text collate "C" not null,
	activity_id uuid not null,
	lead_id uuid,
	gone text check (gone in ('moved', 'cancelled')),
	told boolean not null,
	version bigint not null,
	primary key (workspace_id, external)
);
comment on table lead_intake.booking is 'One appointment at one of its times, by the name that its sender has for that';
comment on column lead_intake.booking.workspace_id is 'whose';
comment on column lead_intake.booking.external is 'the sender''s own id of it at that time; personal';
comment on column lead_intake.booking.activity_id is 'the activity that it is, the same at all of its times';
comment on column lead_intake.booking.lead_id is 'whose appointment it is; null: no lead came of it yet';
comment on column lead_intake.booking.gone is 'moved or cancelled: it is not to be at that time; null: it is; not personal';
comment on column lead_intake.booking.told is 'its sender said when it is; else it is only known by the one before or behind it';
comment on column lead_intake.booking.version is 'counts what was said of the appointment: that of what was said by this name last';
create index booking_activity on lead_intake.booking (workspace_id, activity_id);
alter table lead_intake.booking enable row level security;
create policy workspaces_asked on lead_intake.booking for select to lead_intake_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));
grant select on lead_intake.booking to lead_intake_read;
