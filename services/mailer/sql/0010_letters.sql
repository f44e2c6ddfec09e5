-- News by mail: what somebody is to be told of waits here until its time comes or they saw it. How people want to be told is heard from the gateway.
alter table mailer.workspace add column slug text;
comment on column mailer.workspace.slug is 'its short name in addresses; not personal';
alter table mailer.member add column role text, add column scope text, add column team_id uuid, add column language text, add column choices jsonb not null default '{}';
comment on column mailer.member.role is 'role key; not personal';
comment on column mailer.member.scope is 'which records they see: none, own, team, workspace or all; null: not heard yet, their own; not personal';
comment on column mailer.member.team_id is 'their team there';
comment on column mailer.member.language is 'nl or en; null: the workspace''s; not personal';
comment on column mailer.member.choices is 'of what they are told, and how; not personal';

create table mailer.letter (
	workspace_id uuid not null,
	id uuid not null,
	user_id uuid not null,
	kind text collate "C" not null,
	notice_id uuid not null,
	about text collate "C" not null,
	record_id uuid not null,
	activity_id uuid,
	activity_kind text,
	message_id uuid,
	by_id uuid,
	owner_id uuid,
	title text,
	count bigint not null,
	at timestamptz not null,
	due_at timestamptz not null,
	state text collate "C" not null,
	mail_id uuid,
	primary key (workspace_id, id)
);
create index letter_due on mailer.letter (due_at) where state in ('waiting', 'digest');
create index letter_open on mailer.letter (user_id, at) where state in ('waiting', 'digest');
create index letter_old on mailer.letter (at) where state not in ('waiting', 'digest');
create index letter_about on mailer.letter (workspace_id, record_id);
comment on table mailer.letter is 'What somebody is to be told of by mail, once for an event and a person; kept for 30 days';
comment on column mailer.letter.workspace_id is 'where';
comment on column mailer.letter.id is 'made of who, why and which event: a repeat is the same';
comment on column mailer.letter.user_id is 'for whom';
comment on column mailer.letter.kind is 'why: lead, reminder, mention or assigned; not personal';
comment on column mailer.letter.notice_id is 'its name in their bell';
comment on column mailer.letter.about is 'channel, lead, deal, contact or account; not personal';
comment on column mailer.letter.record_id is 'which of these';
comment on column mailer.letter.activity_id is 'which activity of it';
comment on column mailer.letter.activity_kind is 'what is to be done; not personal';
comment on column mailer.letter.message_id is 'which message of its conversation';
comment on column mailer.letter.by_id is 'who did it';
comment on column mailer.letter.owner_id is 'whose record it was';
comment on column mailer.letter.title is 'what it is called, or how it begins; personal by record_id';
comment on column mailer.letter.count is 'how many of it';
comment on column mailer.letter.at is 'when it happened';
comment on column mailer.letter.due_at is 'when it goes';
comment on column mailer.letter.state is 'waiting, digest, sent, seen or off; not personal';
comment on column mailer.letter.mail_id is 'the mail that it went in';
alter table mailer.letter enable row level security;
create policy read on mailer.letter for select to mailer_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and user_id = (select nullif(current_setting('crm.user', true), ''))::uuid);

alter table mailer.message add column news_for uuid;
comment on column mailer.message.news_for is 'it tells this member what is new; null: it is another mail';
