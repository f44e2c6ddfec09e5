-- Browsers that are told of news though no page of theirs is open (web push), and what is on its way to them. A browser belongs to a log-in: when that ends, so
-- does this. What could not be told within a day is told no more.
create table mailer.push_subscription (
	workspace_id uuid not null,
	id uuid not null,
	user_id uuid not null,
	session_id uuid not null,
	endpoint text not null,
	p256dh text not null,
	auth text not null,
	words jsonb not null,
	agent text,
	created_at timestamptz not null,
	seen_at timestamptz not null,
	until timestamptz not null,
	pushed_at timestamptz,
	fails int not null,
	last_error text,
	next_at timestamptz not null,
	attempt bigint not null,
	owner text,
	lease_until timestamptz,
	primary key (workspace_id, id)
);
create index push_subscription_user on mailer.push_subscription (user_id);
create index push_subscription_id on mailer.push_subscription (id);
comment on table mailer.push_subscription is 'Browsers that are told of news though no page of theirs is open';
comment on column mailer.push_subscription.workspace_id is 'the home of their agency';
comment on column mailer.push_subscription.id is 'which browser: made of its address';
comment on column mailer.push_subscription.user_id is 'whose';
comment on column mailer.push_subscription.session_id is 'the log-in that said so: it goes with it';
comment on column mailer.push_subscription.endpoint is 'its address at a push service: whoever knows it can send there; not personal';
comment on column mailer.push_subscription.p256dh is 'its public key, which messages are sealed to; not personal';
comment on column mailer.push_subscription.auth is 'its secret beside that; not personal';
comment on column mailer.push_subscription.words is 'how that is said, in their language: a sentence a kind; not personal';
comment on column mailer.push_subscription.agent is 'what it calls itself; not personal';
comment on column mailer.push_subscription.created_at is 'since when';
comment on column mailer.push_subscription.seen_at is 'when it last said so';
comment on column mailer.push_subscription.until is 'when that log-in is over at the latest';
comment on column mailer.push_subscription.pushed_at is 'when a push service last took something for it';
comment on column mailer.push_subscription.fails is 'how often in a row that could not be done: each time it waits longer';
comment on column mailer.push_subscription.last_error is 'why not; not personal';
comment on column mailer.push_subscription.next_at is 'not before';
comment on column mailer.push_subscription.attempt is 'counts the times that somebody began to';
comment on column mailer.push_subscription.owner is 'the process that does it; not personal';
comment on column mailer.push_subscription.lease_until is 'until when that may take; after it, it is done again: what bears the same tag is shown once';

create table mailer.push (
	workspace_id uuid not null,
	id uuid not null,
	subscription_id uuid not null,
	kind text not null,
	about text not null,
	record_id uuid not null,
	tag uuid not null,
	title text,
	at timestamptz not null,
	primary key (workspace_id, id)
);
create index push_waiting on mailer.push (subscription_id, at);
create index push_at on mailer.push (at);
comment on table mailer.push is 'News on its way to browsers; a row goes when a push service took it';
comment on column mailer.push.workspace_id is 'where it happened';
comment on column mailer.push.id is 'which';
comment on column mailer.push.subscription_id is 'to which browser';
comment on column mailer.push.kind is 'lead, reminder, mention or assigned; not personal';
comment on column mailer.push.about is 'what it is about: lead, deal, contact, account or channel; not personal';
comment on column mailer.push.record_id is 'which of these';
comment on column mailer.push.tag is 'what the page shows it by: two of one tag are one';
comment on column mailer.push.title is 'what it is called; personal by record_id: the row goes';
comment on column mailer.push.at is 'when it happened';

alter table mailer.push_subscription enable row level security;
alter table mailer.push enable row level security;
create policy ones_own on mailer.push_subscription for select to mailer_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and user_id = (select nullif(current_setting('crm.user', true), ''))::uuid);
revoke all on mailer.push_subscription, mailer.push from mailer_read;
grant select (workspace_id, id, user_id, agent, created_at, seen_at, pushed_at, fails, last_error) on mailer.push_subscription to mailer_read;
