-- What mailer keeps: accounts to send by, messages with a state for each recipient, every attempt, and what providers said of them.
-- Every key begins with the workspace; readers see what their query is bound to. A recipient's state is derived from attempts and
-- events, never guessed: an attempt that nobody recorded is unknown.
create table mailer.workspace (
	workspace_id uuid primary key,
	agency_id uuid not null,
	name text not null,
	language text not null,
	currency text not null,
	timezone text not null,
	home boolean not null,
	won_mail boolean not null
);
comment on table mailer.workspace is 'What mailer keeps of a workspace (from workspace.created, workspace.updated and workspace.preset_changed)';
comment on column mailer.workspace.workspace_id is 'which';
comment on column mailer.workspace.agency_id is 'whose';
comment on column mailer.workspace.name is 'what people call it; not personal';
comment on column mailer.workspace.language is 'nl or en: of mails that the product writes; not personal';
comment on column mailer.workspace.currency is 'ISO 4217; not personal';
comment on column mailer.workspace.timezone is 'IANA; not personal';
comment on column mailer.workspace.home is 'an agency''s home';
comment on column mailer.workspace.won_mail is 'a deal that is won is told to its owner by mail';

create table mailer.member (
	workspace_id uuid not null,
	user_id uuid not null,
	name text not null,
	email text not null,
	active boolean not null,
	primary key (workspace_id, user_id)
);
comment on table mailer.member is 'People of a workspace, whom the product writes to (from member.changed)';
comment on column mailer.member.workspace_id is 'whose';
comment on column mailer.member.user_id is 'who';
comment on column mailer.member.name is 'their name; not personal';
comment on column mailer.member.email is 'where they are reached; not personal';
comment on column mailer.member.active is 'no: left or disabled';

create table mailer.deal (
	workspace_id uuid not null,
	id uuid not null,
	number bigint not null,
	title text not null,
	value bigint,
	value_currency char(3),
	owner_id uuid,
	lead_id uuid,
	contact_id uuid,
	account_id uuid,
	primary key (workspace_id, id)
);
comment on table mailer.deal is 'What a mail says of a deal (from deal.created and deal.updated)';
comment on column mailer.deal.workspace_id is 'whose';
comment on column mailer.deal.id is 'which';
comment on column mailer.deal.number is 'its short number';
comment on column mailer.deal.title is 'its title; personal by id, contact_id, lead_id: a word stays';
comment on column mailer.deal.value is 'what it may bring, in cents';
comment on column mailer.deal.value_currency is 'ISO 4217; not personal';
comment on column mailer.deal.owner_id is 'whose it is';
comment on column mailer.deal.lead_id is 'the lead it came of';
comment on column mailer.deal.contact_id is 'its contact';
comment on column mailer.deal.account_id is 'its company';

create table mailer.account (
	workspace_id uuid not null,
	id uuid not null,
	version bigint not null,
	created_at timestamptz not null,
	kind text not null,
	name text not null,
	from_name text,
	from_email text not null,
	reply_domain text,
	host text,
	port int,
	tls text not null,
	login text,
	sealed text,
	per_minute int,
	is_default boolean not null,
	tracking boolean not null,
	hook_hash text collate "C",
	event_key text,
	state text not null,
	last_error text,
	checked_at timestamptz,
	last_sent_at timestamptz,
	last_delivered_at timestamptz,
	last_received_at timestamptz,
	held_until timestamptz,
	removed_at timestamptz,
	primary key (workspace_id, id)
);
create unique index account_hook on mailer.account (hook_hash);
comment on table mailer.account is 'Ways to send: SMTP servers and providers. One that is removed stays for the messages that name it';
comment on column mailer.account.workspace_id is 'whose';
comment on column mailer.account.id is 'which';
comment on column mailer.account.version is 'counts changes by people';
comment on column mailer.account.created_at is 'since when';
comment on column mailer.account.kind is 'smtp or sendgrid; not personal';
comment on column mailer.account.name is 'what people call it; not personal';
comment on column mailer.account.from_name is 'the sender''s name; not personal';
comment on column mailer.account.from_email is 'the sender''s address; not personal';
comment on column mailer.account.reply_domain is 'answers come to reply+token@ this; not personal';
comment on column mailer.account.host is 'the server; of a provider: another address than its usual one; not personal';
comment on column mailer.account.port is 'its port';
comment on column mailer.account.tls is 'starttls, tls or none; not personal';
comment on column mailer.account.login is 'the name to log in with; not personal';
comment on column mailer.account.sealed is 'its password or key, sealed by CRM_KEY; never read back; not personal';
comment on column mailer.account.per_minute is 'mails a minute at most; null: as many as it takes';
comment on column mailer.account.is_default is 'who names none sends by this one';
comment on column mailer.account.tracking is 'opens and clicks are followed';
comment on column mailer.account.hook_hash is 'SHA-256 of the key in its hooks'' URLs, hex; not personal';
comment on column mailer.account.event_key is 'public key that its events are signed with, base64; not personal';
comment on column mailer.account.state is 'unchecked, works or fails; not personal';
comment on column mailer.account.last_error is 'what was wrong last; personal';
comment on column mailer.account.checked_at is 'when its state was found';
comment on column mailer.account.last_sent_at is 'when it last took a mail';
comment on column mailer.account.last_delivered_at is 'when a mail of it last arrived somewhere';
comment on column mailer.account.last_received_at is 'when something last came in by it';
comment on column mailer.account.held_until is 'its server asked to wait until then';
comment on column mailer.account.removed_at is 'since when it is no more';

create table mailer.thread (
	workspace_id uuid not null,
	id uuid not null,
	created_at timestamptz not null,
	last_at timestamptz not null,
	subject text not null,
	primary key (workspace_id, id)
);
comment on table mailer.thread is 'Mails that answer each other';
comment on column mailer.thread.workspace_id is 'whose';
comment on column mailer.thread.id is 'which';
comment on column mailer.thread.created_at is 'when its first mail was written';
comment on column mailer.thread.last_at is 'when its last one was';
comment on column mailer.thread.subject is 'of its first mail; personal';

create table mailer.message (
	workspace_id uuid not null,
	id uuid not null,
	direction text not null,
	created_at timestamptz not null,
	version bigint not null,
	thread_id uuid not null,
	account_id uuid,
	deal_id uuid,
	contact_id uuid,
	about_account_id uuid,
	lead_id uuid,
	owner_id uuid,
	sent_by uuid,
	cause_id uuid,
	subject text not null,
	body_text text,
	body_html text,
	from_name text,
	from_email text,
	reply_to text,
	message_id text not null,
	in_reply_to text,
	refs text,
	token text,
	template_id uuid,
	transactional boolean not null,
	auto boolean not null,
	send_at timestamptz not null,
	size bigint not null,
	state text not null,
	primary key (workspace_id, id)
);
create unique index message_cause on mailer.message (workspace_id, cause_id) where cause_id is not null;
create index message_message_id on mailer.message (workspace_id, message_id);
create index message_deal on mailer.message (workspace_id, deal_id, id) where deal_id is not null;
create index message_contact on mailer.message (workspace_id, contact_id, id) where contact_id is not null;
create index message_about on mailer.message (workspace_id, about_account_id, id) where about_account_id is not null;
create index message_thread on mailer.message (workspace_id, thread_id, id);
comment on table mailer.message is 'Mails, out and in';
comment on column mailer.message.workspace_id is 'whose';
comment on column mailer.message.id is 'which; ascending';
comment on column mailer.message.direction is 'out or in; not personal';
comment on column mailer.message.created_at is 'when it was written, or came';
comment on column mailer.message.version is 'counts changes by people';
comment on column mailer.message.thread_id is 'the conversation it stands in';
comment on column mailer.message.account_id is 'the way it goes, or came by';
comment on column mailer.message.deal_id is 'what it is about';
comment on column mailer.message.contact_id is 'what it is about';
comment on column mailer.message.about_account_id is 'the company it is about';
comment on column mailer.message.lead_id is 'what it is about';
comment on column mailer.message.owner_id is 'whose record it is about: who sees only their own sees it';
comment on column mailer.message.sent_by is 'who wrote it; null: the product, or somebody outside';
comment on column mailer.message.cause_id is 'the event that the product wrote it for, once';
comment on column mailer.message.subject is 'its subject; personal by deal_id, contact_id, lead_id: a word stays';
comment on column mailer.message.body_text is 'its text; personal by deal_id, contact_id, lead_id';
comment on column mailer.message.body_html is 'its HTML; personal by deal_id, contact_id, lead_id';
comment on column mailer.message.from_name is 'the sender''s name; personal by contact_id';
comment on column mailer.message.from_email is 'the sender''s address; personal by contact_id';
comment on column mailer.message.reply_to is 'where answers go; personal by contact_id';
comment on column mailer.message.message_id is 'its Message-ID, without the brackets; not personal';
comment on column mailer.message.in_reply_to is 'the Message-ID that it answers; not personal';
comment on column mailer.message.refs is 'Message-IDs of its thread, oldest first; not personal';
comment on column mailer.message.token is 'answers to reply+token@… belong to it; not personal';
comment on column mailer.message.template_id is 'what it was made of';
comment on column mailer.message.transactional is 'it is part of a deal or contract: those who want no news get it all the same';
comment on column mailer.message.auto is 'a machine wrote it';
comment on column mailer.message.send_at is 'not before';
comment on column mailer.message.size is 'bytes of its text and attachments';
comment on column mailer.message.state is 'of the least fortunate recipient: held, queued, sending, sent, delivered, opened, clicked, bounced, dropped, complained, unknown, cancelled; or received; not personal';

create table mailer.recipient (
	workspace_id uuid not null,
	message_id uuid not null,
	n int not null,
	account_id uuid not null,
	kind text not null,
	email text not null,
	name text,
	contact_id uuid,
	state text not null,
	state_at timestamptz not null,
	reason text,
	provider_id text,
	attempts int not null,
	repeated boolean not null,
	next_at timestamptz not null,
	primary key (workspace_id, message_id, n),
	foreign key (workspace_id, message_id) references mailer.message (workspace_id, id)
);
create index recipient_due on mailer.recipient (next_at) where state in ('queued', 'unknown');
create index recipient_email on mailer.recipient (workspace_id, email);
comment on table mailer.recipient is 'Whom a mail goes to, each with a state of their own';
comment on column mailer.recipient.workspace_id is 'whose';
comment on column mailer.recipient.message_id is 'which mail';
comment on column mailer.recipient.n is 'its place, from 1';
comment on column mailer.recipient.account_id is 'by which account';
comment on column mailer.recipient.kind is 'to, cc or bcc; not personal';
comment on column mailer.recipient.email is 'the address, lower case; personal by contact_id: a word stays';
comment on column mailer.recipient.name is 'who that is; personal by contact_id';
comment on column mailer.recipient.contact_id is 'the contact of that address';
comment on column mailer.recipient.state is 'queued, sending, sent, delivered, opened, clicked, bounced, dropped, complained, unknown or cancelled; not personal';
comment on column mailer.recipient.state_at is 'since when';
comment on column mailer.recipient.reason is 'why, in the server''s words; personal by contact_id';
comment on column mailer.recipient.provider_id is 'the provider''s name for it; not personal';
comment on column mailer.recipient.attempts is 'how often it was tried';
comment on column mailer.recipient.repeated is 'it was unknown and is sent once more, under the same Message-ID';
comment on column mailer.recipient.next_at is 'queued: not before; unknown: when it is repeated';

create table mailer.try (
	workspace_id uuid not null,
	message_id uuid not null,
	n int not null,
	attempt int not null,
	account_id uuid not null,
	owner text not null,
	began_at timestamptz not null,
	lease_until timestamptz not null,
	outcome text,
	code int,
	reason text,
	provider_id text,
	retry_at timestamptz,
	ended_at timestamptz,
	settled boolean not null,
	primary key (workspace_id, message_id, n, attempt),
	foreign key (workspace_id, message_id, n) references mailer.recipient (workspace_id, message_id, n)
);
create index try_open on mailer.try (lease_until) where not settled;
create index try_recent on mailer.try (workspace_id, account_id, began_at);
comment on table mailer.try is 'Every time that a mail was offered to a server: claimed and committed before, recorded after';
comment on column mailer.try.workspace_id is 'whose';
comment on column mailer.try.message_id is 'which mail';
comment on column mailer.try.n is 'which recipient';
comment on column mailer.try.attempt is 'which time, from 1';
comment on column mailer.try.account_id is 'by which account';
comment on column mailer.try.owner is 'the process that tries; only it may record what came of it; not personal';
comment on column mailer.try.began_at is 'when it was claimed';
comment on column mailer.try.lease_until is 'what nobody recorded until then is unknown';
comment on column mailer.try.outcome is 'accepted, refused, later or unknown; null: it is under way; not personal';
comment on column mailer.try.code is 'the server''s number';
comment on column mailer.try.reason is 'the server''s words; personal';
comment on column mailer.try.provider_id is 'the provider''s name for it; not personal';
comment on column mailer.try.retry_at is 'when the server said that it may be tried again';
comment on column mailer.try.ended_at is 'when it was recorded';
comment on column mailer.try.settled is 'the recipient''s state says it';

create table mailer.provider_event (
	workspace_id uuid not null,
	event_id text collate "C" not null,
	account_id uuid not null,
	message_id uuid,
	n int,
	kind text not null,
	email text,
	at timestamptz not null,
	received_at timestamptz not null,
	raw jsonb not null,
	primary key (workspace_id, event_id)
);
create index provider_event_message on mailer.provider_event (workspace_id, message_id);
comment on table mailer.provider_event is 'What providers said of mails, as it came, each once';
comment on column mailer.provider_event.workspace_id is 'whose';
comment on column mailer.provider_event.event_id is 'the provider''s own id; not personal';
comment on column mailer.provider_event.account_id is 'the account that it came for';
comment on column mailer.provider_event.message_id is 'which mail; null: none of ours';
comment on column mailer.provider_event.n is 'which recipient';
comment on column mailer.provider_event.kind is 'delivered, bounce, open …; not personal';
comment on column mailer.provider_event.email is 'whose address; personal: the row goes';
comment on column mailer.provider_event.at is 'when it happened, as the provider says';
comment on column mailer.provider_event.received_at is 'when it came';
comment on column mailer.provider_event.raw is 'the event as it came; personal';

create table mailer.suppression (
	workspace_id uuid not null,
	email text not null,
	reason text not null,
	detail text,
	at timestamptz not null,
	message_id uuid,
	primary key (workspace_id, email)
);
comment on table mailer.suppression is 'Addresses that get no mail any more, and why';
comment on column mailer.suppression.workspace_id is 'whose';
comment on column mailer.suppression.email is 'the address, lower case; personal: the row goes';
comment on column mailer.suppression.reason is 'bounced: nothing arrives there; complained or unsubscribed: no news, but what a deal needs; not personal';
comment on column mailer.suppression.detail is 'what was said; personal';
comment on column mailer.suppression.at is 'since when';
comment on column mailer.suppression.message_id is 'the mail that it came of';

create table mailer.attachment (
	workspace_id uuid not null,
	message_id uuid not null,
	n int not null,
	name text not null,
	type text not null,
	size bigint not null,
	sha256 text collate "C" not null,
	content_id text,
	primary key (workspace_id, message_id, n),
	foreign key (workspace_id, message_id) references mailer.message (workspace_id, id)
);
comment on table mailer.attachment is 'Files of a mail; the bytes lie in the files folder as workspace/sha256';
comment on column mailer.attachment.workspace_id is 'whose';
comment on column mailer.attachment.message_id is 'of which mail';
comment on column mailer.attachment.n is 'its place, from 1';
comment on column mailer.attachment.name is 'its name; personal';
comment on column mailer.attachment.type is 'media type; not personal';
comment on column mailer.attachment.size is 'bytes';
comment on column mailer.attachment.sha256 is 'hex; its name on disk; not personal';
comment on column mailer.attachment.content_id is 'the text shows it by this name; not personal';

-- Readers see the workspaces of their query, and within them mails about their own records, and their own mails, where their scope says so.
do $policies$
declare
	name text;
begin
	foreach name in array array['workspace', 'member', 'deal', 'account', 'thread', 'message', 'recipient', 'try', 'provider_event', 'suppression', 'attachment'] loop
		execute format('alter table mailer.%I enable row level security', name);
	end loop;
	foreach name in array array['workspace', 'member', 'account', 'suppression'] loop
		execute format('create policy workspaces_asked on mailer.%I for select to mailer_read
			using (workspace_id = any ((select nullif(current_setting(''crm.workspaces'', true), ''''))::uuid[]))', name);
	end loop;
end
$policies$;
create policy workspaces_asked on mailer.message for select to mailer_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and ((select current_setting('crm.scope', true)) <> 'own'
			or coalesce(owner_id, sent_by) = any (coalesce((select nullif(current_setting('crm.users', true), ''))::uuid[],
				array[(select nullif(current_setting('crm.user', true), ''))::uuid]))));
create policy workspaces_asked on mailer.deal for select to mailer_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and ((select current_setting('crm.scope', true)) <> 'own'
			or owner_id = any (coalesce((select nullif(current_setting('crm.users', true), ''))::uuid[],
				array[(select nullif(current_setting('crm.user', true), ''))::uuid]))));
do $parts$
declare
	name text;
begin
	foreach name in array array['recipient', 'try', 'provider_event', 'attachment'] loop
		execute format('create policy workspaces_asked on mailer.%1$I for select to mailer_read
			using (workspace_id = any ((select nullif(current_setting(''crm.workspaces'', true), ''''))::uuid[])
				and exists (select from mailer.message m where (m.workspace_id, m.id) = (%1$I.workspace_id, %1$I.message_id)))', name);
	end loop;
end
$parts$;
create policy workspaces_asked on mailer.thread for select to mailer_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and exists (select from mailer.message m where (m.workspace_id, m.thread_id) = (thread.workspace_id, thread.id)));
revoke all on mailer.account from mailer_read;
grant select (workspace_id, id, version, created_at, kind, name, from_name, from_email, reply_domain, host, port, tls, login, per_minute, is_default, tracking,
	event_key, state, last_error, checked_at, last_sent_at, last_delivered_at, last_received_at, held_until, removed_at) on mailer.account to mailer_read;

-- The door's question crosses workspaces, since only the answer says which one it is: by an exact secret.
create function mailer.account_of_key(asked text) returns json
language sql stable security definer set search_path = mailer, pg_temp as $$
	select json_build_object('workspace_id', a.workspace_id, 'account_id', a.id, 'kind', a.kind, 'event_key', a.event_key)
	from mailer.account a
	where a.hook_hash = asked and a.removed_at is null
$$;
comment on function mailer.account_of_key(text) is 'The account that a key in a hook''s URL opens, by the key''s hash';
revoke all on function mailer.account_of_key(text) from public;
grant execute on function mailer.account_of_key(text) to mailer_read;
