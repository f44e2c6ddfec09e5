-- Webhooks that go out: whom they go to, each message, each attempt. Secrets are sealed by CRM_KEY and never read back.
create table automation.hook_endpoint (
	workspace_id uuid not null,
	id uuid not null,
	version bigint not null,
	name text not null,
	url text not null,
	events jsonb not null,
	sealed text not null,
	old_sealed text,
	old_until timestamptz,
	state text not null,
	told text not null,
	failures bigint not null default 0,
	failing_since timestamptz,
	not_before timestamptz,
	slow boolean not null default false,
	due_at timestamptz not null default 'infinity',
	claimed_by text,
	lease_until timestamptz,
	created_at timestamptz not null,
	created_by uuid,
	removed_at timestamptz,
	primary key (workspace_id, id)
);
create index hook_endpoint_due on automation.hook_endpoint (due_at) where state = 'on' and removed_at is null;
create index hook_endpoint_untold on automation.hook_endpoint (workspace_id) where state <> told;
comment on table automation.hook_endpoint is 'Addresses that are told of what happens';
comment on column automation.hook_endpoint.workspace_id is 'whose';
comment on column automation.hook_endpoint.id is 'which';
comment on column automation.hook_endpoint.version is 'grows with every change by people';
comment on column automation.hook_endpoint.name is 'what people call it; not personal';
comment on column automation.hook_endpoint.url is 'where; not personal';
comment on column automation.hook_endpoint.events is 'which types, or beginnings with a star, an array; empty: only what rules send; not personal';
comment on column automation.hook_endpoint.sealed is 'what its messages are signed with, sealed; not personal';
comment on column automation.hook_endpoint.old_sealed is 'what they were signed with before, sealed; not personal';
comment on column automation.hook_endpoint.old_until is 'until when that signs as well';
comment on column automation.hook_endpoint.state is 'one of hook_state; not personal';
comment on column automation.hook_endpoint.told is 'the state that was said last; not personal';
comment on column automation.hook_endpoint.failures is 'one after another; 0: the last one went well';
comment on column automation.hook_endpoint.failing_since is 'the first of these';
comment on column automation.hook_endpoint.not_before is 'nothing is sent to it earlier';
comment on column automation.hook_endpoint.slow is 'its last answer took long: those that are quick do not wait for it';
comment on column automation.hook_endpoint.due_at is 'when there may be something to send';
comment on column automation.hook_endpoint.claimed_by is 'who sends now; not personal';
comment on column automation.hook_endpoint.lease_until is 'until when that is known';
comment on column automation.hook_endpoint.created_at is 'since when it is there';
comment on column automation.hook_endpoint.created_by is 'who made it, and is told that it fails';
comment on column automation.hook_endpoint.removed_at is 'since when it is no more';

create table automation.hook_delivery (
	workspace_id uuid not null,
	id uuid not null,
	endpoint_id uuid not null,
	seq bigint generated always as identity,
	event_id uuid not null,
	event_type text not null,
	at timestamptz not null,
	body text not null,
	state text not null,
	aside boolean not null default false,
	tries bigint not null default 0,
	next_at timestamptz not null,
	http bigint,
	ended_at timestamptz,
	deal_id uuid,
	lead_id uuid,
	contact_id uuid,
	primary key (workspace_id, id)
);
create index hook_delivery_waiting on automation.hook_delivery (workspace_id, endpoint_id, seq) where state = 'waiting';
create index hook_delivery_log on automation.hook_delivery (workspace_id, endpoint_id, seq desc);
create index hook_delivery_ended on automation.hook_delivery (ended_at) where ended_at is not null;
comment on table automation.hook_delivery is 'Messages to endpoints, in the order in which they go; those that ended are kept 30 days';
comment on column automation.hook_delivery.workspace_id is 'whose';
comment on column automation.hook_delivery.id is 'which: made of endpoint and event';
comment on column automation.hook_delivery.endpoint_id is 'where to';
comment on column automation.hook_delivery.seq is 'its place in the order';
comment on column automation.hook_delivery.event_id is 'the webhook-id: the same in every attempt';
comment on column automation.hook_delivery.event_type is 'what happened; not personal';
comment on column automation.hook_delivery.at is 'when it did';
comment on column automation.hook_delivery.body is 'the message, as it is sent; personal by deal_id, lead_id, contact_id: a word stays';
comment on column automation.hook_delivery.state is 'one of hook_delivery_state; not personal';
comment on column automation.hook_delivery.aside is 'its receiver does not want this one: it is tried again by itself, and holds up no other';
comment on column automation.hook_delivery.tries is 'attempts that were begun';
comment on column automation.hook_delivery.next_at is 'when it is tried next';
comment on column automation.hook_delivery.http is 'the last answer''s status; null: there was none';
comment on column automation.hook_delivery.ended_at is 'since when nothing is tried any more';
comment on column automation.hook_delivery.deal_id is 'what it is about';
comment on column automation.hook_delivery.lead_id is 'likewise';
comment on column automation.hook_delivery.contact_id is 'likewise';

create table automation.hook_try (
	workspace_id uuid not null,
	delivery_id uuid not null,
	n bigint not null,
	at timestamptz not null,
	http bigint,
	error text,
	took_ms bigint not null,
	response text,
	primary key (workspace_id, delivery_id, n),
	foreign key (workspace_id, delivery_id) references automation.hook_delivery (workspace_id, id) on delete cascade
);
comment on table automation.hook_try is 'Attempts at messages, and what came back';
comment on column automation.hook_try.workspace_id is 'whose';
comment on column automation.hook_try.delivery_id is 'at which';
comment on column automation.hook_try.n is '1, 2, 3 …';
comment on column automation.hook_try.at is 'when it ended';
comment on column automation.hook_try.http is 'the answer''s status; null: there was none';
comment on column automation.hook_try.error is 'why there was none: timeout, refused, name, tls, private, secret or failed; not personal';
comment on column automation.hook_try.took_ms is 'how long it took';
comment on column automation.hook_try.response is 'the beginning of the answer; personal';

do $policies$
declare
	name text;
begin
	foreach name in array array['hook_endpoint', 'hook_delivery', 'hook_try'] loop
		execute format('alter table automation.%I enable row level security', name);
		execute format('create policy workspaces_asked on automation.%I for select to automation_read
			using (workspace_id = any ((select nullif(current_setting(''crm.workspaces'', true), ''''))::uuid[]))', name);
	end loop;
end
$policies$;
revoke all on automation.hook_endpoint from automation_read;
grant select (workspace_id, id, version, name, url, events, old_until, state, failures, failing_since, not_before, created_at, created_by, removed_at)
	on automation.hook_endpoint to automation_read;
