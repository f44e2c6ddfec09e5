-- Rings of a bell: somebody was given something. Leads and reminders ring out of their own rows; nothing here is written for a lead that comes in.
create table contacts.notice (
	workspace_id uuid not null,
	id uuid not null,
	user_id uuid not null,
	kind text collate "C" not null,
	at timestamptz not null,
	by_id uuid,
	about text collate "C" not null,
	record_id uuid not null,
	activity_id uuid,
	title text,
	count bigint not null,
	said bigint not null,
	primary key (workspace_id, id)
);
create index notice_of on contacts.notice (workspace_id, user_id, at desc, id desc);
comment on table contacts.notice is 'What somebody''s bell rang for, beside leads and reminders';
comment on column contacts.notice.workspace_id is 'whose';
comment on column contacts.notice.id is 'made of who, the action and what it was about: the same action rings once';
comment on column contacts.notice.user_id is 'whose bell';
comment on column contacts.notice.kind is 'assigned or mention';
comment on column contacts.notice.at is 'when it rang';
comment on column contacts.notice.by_id is 'who did it';
comment on column contacts.notice.about is 'lead, deal, contact or account';
comment on column contacts.notice.record_id is 'which of these; of several the first';
comment on column contacts.notice.activity_id is 'the activity that was given; null: the record itself';
comment on column contacts.notice.title is 'what that is called; null: its person''s name is looked up';
comment on column contacts.notice.count is 'how many that action gave';
comment on column contacts.notice.said is 'sequence of the last event that is counted; 0: of a command';

-- Nobody hears another one's bell.
alter table contacts.notice enable row level security;
create policy read on contacts.notice for select to contacts_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and user_id = (select nullif(current_setting('crm.user', true), ''))::uuid);

-- What rang for somebody, without reading all that they ever had to do.
create index activity_rung on contacts.activity (workspace_id, assignee_id, rung_at desc, id desc) where rung_at is not null and removed_at is null;

create function contacts.news_read(id uuid, at timestamptz, since timestamptz, marks jsonb) returns boolean language sql immutable
	return case when (marks ->> id::text)::bigint < 0 then false
		when (marks ->> id::text)::bigint >= (extract(epoch from at) * 1000000)::bigint then true
		else coalesce(at <= since, false) end;
comment on function contacts.news_read is 'It was looked at: a mark of its own goes before how far somebody has looked';
