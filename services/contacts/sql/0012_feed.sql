-- Other calendars read what somebody has to do; what was taken away lately is told to them as gone. The index waits for the writers of the table, and they for
-- it: seconds for a million activities.
create index activity_gone on contacts.activity (workspace_id, assignee_id, removed_at) where removed_at is not null;

create function contacts.ics_time(at timestamptz) returns text language sql immutable
	return to_char(at at time zone 'UTC', 'YYYYMMDD"T"HH24MISS"Z"');
comment on function contacts.ics_time is 'A moment as iCalendar writes it, in UTC';
