-- Whose history a decision's rules mean, and events whose rules ask about a contact that nobody has said yet.
alter table automation.decision add column about text;
comment on column automation.decision.about is 'what the event is about, and whose history its rules ask: lead, deal, contact, account or document; null: of none, or it was decided before this was kept; not personal';

create table automation.undecided (
	workspace_id uuid not null,
	decision_id uuid not null,
	event_type text not null,
	at timestamptz not null,
	recorded timestamptz not null,
	actor_id uuid,
	depth bigint not null,
	facts jsonb not null,
	about text,
	deal_id uuid,
	lead_id uuid,
	contact_id uuid,
	account_id uuid,
	document_id uuid,
	owner_id uuid,
	due_at timestamptz not null,
	primary key (workspace_id, decision_id)
);
create index undecided_lead on automation.undecided (workspace_id, lead_id);
create index undecided_due on automation.undecided (due_at);
comment on table automation.undecided is 'Events whose rules ask about the contact of a lead of which contacts has not said yet who it is: they are decided when it does, half a minute later at the latest';
comment on column automation.undecided.workspace_id is 'whose';
comment on column automation.undecided.decision_id is 'the event''s id, which will be the decision''s';
comment on column automation.undecided.event_type is 'of what type it is; not personal';
comment on column automation.undecided.at is 'when it happened';
comment on column automation.undecided.recorded is 'when it was said';
comment on column automation.undecided.actor_id is 'who did it';
comment on column automation.undecided.depth is 'how many causes deep it is';
comment on column automation.undecided.facts is 'what it says, by name; personal by deal_id, lead_id, contact_id: a word stays';
comment on column automation.undecided.about is 'see decision.about; not personal';
comment on column automation.undecided.deal_id is 'what it is about';
comment on column automation.undecided.lead_id is 'the lead whose contact is waited for';
comment on column automation.undecided.contact_id is 'what it is about';
comment on column automation.undecided.account_id is 'likewise';
comment on column automation.undecided.document_id is 'likewise';
comment on column automation.undecided.owner_id is 'whose record that is';
comment on column automation.undecided.due_at is 'when it is decided, whatever is known by then';

alter table automation.undecided enable row level security;
create policy workspaces_asked on automation.undecided for select to automation_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and ((select current_setting('crm.scope', true)) <> 'own'
			or owner_id = any (coalesce((select nullif(current_setting('crm.users', true), ''))::uuid[],
				array[(select nullif(current_setting('crm.user', true), ''))::uuid]))));
