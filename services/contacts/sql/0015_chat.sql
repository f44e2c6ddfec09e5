-- The team's conversation: a room for the workspace, and one for each lead, deal, contact and account of which somebody spoke. A lead and its deal bear one
-- id, so they are one room. Whoever may see the record may read its room: its owner is kept with the room, once. Places count up in a room, in the order of
-- their transactions: how far somebody read is one number, and nothing that came late stands before it.
create table contacts.room (
	workspace_id uuid not null,
	room_id uuid not null,
	kind text collate "C" not null,
	owner_id uuid,
	newest bigint not null,
	primary key (workspace_id, room_id)
);
create index room_owner on contacts.room (workspace_id, owner_id) where owner_id is not null;
comment on table contacts.room is 'Where the team talks';
comment on column contacts.room.workspace_id is 'whose';
comment on column contacts.room.room_id is 'the record; of the channel the workspace itself';
comment on column contacts.room.kind is 'channel, lead, deal, contact or account: as it was first spoken of';
comment on column contacts.room.owner_id is 'whose record that is now: who may read';
comment on column contacts.room.newest is 'the place of its newest message';

create table contacts.message (
	workspace_id uuid not null,
	id uuid not null,
	room_id uuid not null,
	place bigint not null,
	author_id uuid not null,
	version bigint not null default 1,
	created_at timestamptz not null,
	edited_at timestamptz,
	removed_at timestamptz,
	text text check ((text is null) = (removed_at is not null)),
	primary key (workspace_id, id)
);
create unique index message_place on contacts.message (workspace_id, room_id, place);
comment on table contacts.message is 'What somebody said to the team';
comment on column contacts.message.workspace_id is 'whose';
comment on column contacts.message.id is 'which';
comment on column contacts.message.room_id is 'where';
comment on column contacts.message.place is '1, 2, 3 in its room';
comment on column contacts.message.author_id is 'who: a user, or a key';
comment on column contacts.message.version is 'grows with every change';
comment on column contacts.message.created_at is 'when';
comment on column contacts.message.edited_at is 'when it was changed last; null: never';
comment on column contacts.message.removed_at is 'since when it is away, for good; null: it is there';
comment on column contacts.message.text is 'what, with mentions as @{kind:id|label}; null: it is away';

create table contacts.room_reader (
	workspace_id uuid not null,
	user_id uuid not null,
	room_id uuid not null,
	seen bigint not null,
	mentioned bigint not null,
	primary key (workspace_id, user_id, room_id)
);
comment on table contacts.room_reader is 'Who takes part in a room, and how far they read it';
comment on column contacts.room_reader.workspace_id is 'whose';
comment on column contacts.room_reader.user_id is 'who';
comment on column contacts.room_reader.room_id is 'which room';
comment on column contacts.room_reader.seen is 'read up to this place';
comment on column contacts.room_reader.mentioned is 'mentioned last at this place; 0: not';

create table contacts.mention (
	workspace_id uuid not null,
	source_id uuid not null,
	user_id uuid not null,
	source text collate "C" not null,
	at timestamptz not null,
	primary key (workspace_id, source_id, user_id)
);
create index mention_user on contacts.mention (workspace_id, user_id, at);
comment on table contacts.mention is 'Who was told that a text mentions them: each once';
comment on column contacts.mention.workspace_id is 'whose';
comment on column contacts.mention.source_id is 'the message or activity';
comment on column contacts.mention.user_id is 'who is mentioned';
comment on column contacts.mention.source is 'message or activity';
comment on column contacts.mention.at is 'when';

-- ---- what readers may see: rooms of records they may see, and of the rest their own ----

alter table contacts.room enable row level security;
alter table contacts.message enable row level security;
alter table contacts.room_reader enable row level security;
alter table contacts.mention enable row level security;
create policy read on contacts.room for select to contacts_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and ((select current_setting('crm.scope', true)) is distinct from 'own'
			or room_id = workspace_id
			or owner_id = any (coalesce((select nullif(current_setting('crm.users', true), ''))::uuid[],
				array[(select nullif(current_setting('crm.user', true), ''))::uuid]))));
create policy read on contacts.message for select to contacts_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and exists (select from contacts.room r where (r.workspace_id, r.room_id) = (message.workspace_id, message.room_id)));
create policy read on contacts.room_reader for select to contacts_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and user_id = (select nullif(current_setting('crm.user', true), ''))::uuid);
create policy read on contacts.mention for select to contacts_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and user_id = (select nullif(current_setting('crm.user', true), ''))::uuid);

-- ---- how pages are written ----

create function contacts.plain_text(t text, most int) returns text language sql immutable
	return left(translate(regexp_replace(t, '@\{[a-z]+:[0-9a-fA-F-]{36}\|([^{}|\r\n]+)\}', '@\1', 'g'), e'\n\r\t', '   '), most);
comment on function contacts.plain_text is 'A text as one line without links, as mention_plain writes it in C';

create function contacts.room_json(workspace uuid, room uuid, kind text) returns json language sql stable
	return json_build_object('kind', kind, 'id', room,
		'title', case kind when 'channel' then null
			when 'contact' then (select c.name from contacts.contact c where (c.workspace_id, c.id) = (workspace, room))
			when 'account' then (select a.name from contacts.account a where (a.workspace_id, a.id) = (workspace, room))
			else (select c.name from contacts.lead l join contacts.contact c on (c.workspace_id, c.id) = (l.workspace_id, l.contact_id)
				where (l.workspace_id, l.lead_id) = (workspace, room)) end,
		'number', case kind when 'contact' then (select c.number from contacts.contact c where (c.workspace_id, c.id) = (workspace, room))
			when 'account' then (select a.number from contacts.account a where (a.workspace_id, a.id) = (workspace, room)) end);
comment on function contacts.room_json is 'A room as the API writes it; what a lead or deal is called, its own service says';

create function contacts.message_json(m contacts.message, kind text) returns json language sql stable
	return json_build_object('id', m.id, 'workspace_id', m.workspace_id, 'room', contacts.room_json(m.workspace_id, m.room_id, kind), 'place', m.place,
		'author_id', m.author_id, 'text', m.text, 'created_at', contacts.rfc3339(m.created_at), 'edited_at', contacts.rfc3339(m.edited_at),
		'removed_at', contacts.rfc3339(m.removed_at), 'version', m.version);
comment on function contacts.message_json is 'A message as the API writes it, but for who may see what it mentions';
