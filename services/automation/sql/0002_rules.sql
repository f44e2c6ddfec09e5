-- What rules are made of, what is known of the records that they ask about, what was decided and what rules do about it.
-- Every key begins with the workspace; readers see what their query is bound to. A rule's version, a set of versions and a decision never change.
create table automation.stage (
	workspace_id uuid not null,
	stage_id uuid not null,
	pipeline text not null,
	key text not null,
	kind text not null,
	primary key (workspace_id, stage_id)
);
comment on table automation.stage is 'Stages of a workspace''s boards (from workspace.created, workspace.preset_changed and board.changed)';
comment on column automation.stage.workspace_id is 'whose';
comment on column automation.stage.stage_id is 'which';
comment on column automation.stage.pipeline is 'on which board: its name in the API; not personal';
comment on column automation.stage.key is 'its name in the API; not personal';
comment on column automation.stage.kind is 'open, won or lost; not personal';

create table automation.known (
	workspace_id uuid not null,
	noun text not null,
	record_id uuid not null,
	contact_id uuid,
	account_id uuid,
	deal_id uuid,
	lead_id uuid,
	owner_id uuid,
	facts jsonb not null,
	created_at timestamptz,
	active_at timestamptz,
	primary key (workspace_id, record_id, noun)
);
create index known_deal on automation.known (workspace_id, deal_id) where deal_id is not null;
create index known_contact on automation.known (workspace_id, contact_id) where contact_id is not null;
create index known_account on automation.known (workspace_id, account_id) where account_id is not null;
create index known_lead on automation.known (workspace_id, lead_id) where lead_id is not null;
create index known_owner on automation.known (workspace_id, owner_id) where noun = 'deal';
create index known_quiet on automation.known (workspace_id, noun, active_at);
comment on table automation.known is 'What rules may ask of a record, as events told it; made of events alone';
comment on column automation.known.workspace_id is 'whose';
comment on column automation.known.noun is 'lead, deal, contact, account or document: a lead and its deal bear one id; not personal';
comment on column automation.known.record_id is 'which';
comment on column automation.known.contact_id is 'its contact';
comment on column automation.known.account_id is 'its company';
comment on column automation.known.deal_id is 'its deal';
comment on column automation.known.lead_id is 'the lead that it came of';
comment on column automation.known.owner_id is 'whose it is';
comment on column automation.known.facts is 'by name what it holds, see known.h; personal by record_id, contact_id, lead_id: a word stays';
comment on column automation.known.created_at is 'since when it is there; null: nobody said';
comment on column automation.known.active_at is 'the last of what anybody did about it; null: nothing was heard of';

create table automation.rule (
	workspace_id uuid not null,
	rule_id uuid not null,
	rule_version_id uuid not null,
	version bigint not null,
	name text not null,
	preset text,
	enabled boolean not null,
	enabled_at timestamptz,
	position bigint not null,
	limit_per_hour bigint not null,
	owner_id uuid,
	when_kind text not null,
	when_event text,
	timed_at timestamptz,
	turns bigint not null default 0,
	created_at timestamptz not null,
	created_by uuid,
	updated_at timestamptz not null,
	removed_at timestamptz,
	primary key (workspace_id, rule_id)
);
create unique index rule_name on automation.rule (workspace_id, lower(name)) where removed_at is null;
create unique index rule_preset on automation.rule (workspace_id, preset) where preset is not null;
create index rule_timed on automation.rule (timed_at) where enabled and removed_at is null and timed_at is not null;
comment on table automation.rule is 'Rules: when, if and then; how they stand. What one says is its version''s';
comment on column automation.rule.workspace_id is 'whose';
comment on column automation.rule.rule_id is 'which';
comment on column automation.rule.rule_version_id is 'what it says now';
comment on column automation.rule.version is 'grows with every change of the row';
comment on column automation.rule.name is 'what people call it; not personal';
comment on column automation.rule.preset is 'key of one that the product brought; null: people wrote it; not personal';
comment on column automation.rule.enabled is 'it acts';
comment on column automation.rule.enabled_at is 'since when: what was said before is none of its business';
comment on column automation.rule.position is 'its place among the workspace''s rules, from 1';
comment on column automation.rule.limit_per_hour is 'how often it acts at most in an hour';
comment on column automation.rule.owner_id is 'who answers for it';
comment on column automation.rule.when_kind is 'event, after, before, quiet or each; not personal';
comment on column automation.rule.when_event is 'type of the event that it hears; not personal';
comment on column automation.rule.timed_at is 'of a rule of time: up to when its time was looked at';
comment on column automation.rule.turns is 'how often it chose somebody by turns';
comment on column automation.rule.created_at is 'since when it is there';
comment on column automation.rule.created_by is 'who wrote it';
comment on column automation.rule.updated_at is 'when it was changed last';
comment on column automation.rule.removed_at is 'since when it is no more';

create table automation.rule_version (
	workspace_id uuid not null,
	rule_version_id uuid not null,
	rule_id uuid not null,
	n bigint not null,
	body jsonb not null,
	made_at timestamptz not null,
	made_by uuid,
	primary key (workspace_id, rule_version_id)
);
create unique index rule_version_of on automation.rule_version (workspace_id, rule_id, n);
comment on table automation.rule_version is 'What a rule said from some time on; never changes';
comment on column automation.rule_version.workspace_id is 'whose';
comment on column automation.rule_version.rule_version_id is 'which';
comment on column automation.rule_version.rule_id is 'of which rule';
comment on column automation.rule_version.n is '1, 2, 3 …';
comment on column automation.rule_version.body is 'when, if and then, in the one form; not personal';
comment on column automation.rule_version.made_at is 'when';
comment on column automation.rule_version.made_by is 'by whom';

create table automation.rule_set (
	workspace_id uuid not null,
	rule_set_id uuid not null,
	event_type text not null,
	versions uuid[] not null,
	primary key (workspace_id, rule_set_id)
);
comment on table automation.rule_set is 'The rules that an event of a type asks, in their order, as they stood; its id is made of them; never changes';
comment on column automation.rule_set.workspace_id is 'whose';
comment on column automation.rule_set.rule_set_id is 'which';
comment on column automation.rule_set.event_type is 'of which events; not personal';
comment on column automation.rule_set.versions is 'which versions';

create table automation.decision (
	workspace_id uuid not null,
	decision_id uuid not null,
	event_type text not null,
	at timestamptz not null,
	decided_at timestamptz not null,
	actor_id uuid,
	depth bigint not null,
	rule_set_id uuid,
	failed bytea not null,
	facts jsonb not null,
	skipped text,
	took_us bigint not null,
	matched bigint not null,
	deal_id uuid,
	lead_id uuid,
	contact_id uuid,
	account_id uuid,
	document_id uuid,
	owner_id uuid,
	primary key (workspace_id, decision_id)
);
create index decision_latest on automation.decision (workspace_id, at desc, decision_id desc);
create index decision_deal on automation.decision (workspace_id, deal_id, at desc) where deal_id is not null;
create index decision_lead on automation.decision (workspace_id, lead_id, at desc) where lead_id is not null;
create index decision_contact on automation.decision (workspace_id, contact_id, at desc) where contact_id is not null;
create index decision_account on automation.decision (workspace_id, account_id, at desc) where account_id is not null;
create index decision_document on automation.decision (workspace_id, document_id, at desc) where document_id is not null;
create index decision_age on automation.decision using brin (decided_at);
comment on table automation.decision is 'What became of an event that rules hear: one row an event, whatever is delivered again. A rule of its set that neither fires nor stands in failed was not met in its first condition; kept 400 days';
comment on column automation.decision.workspace_id is 'whose';
comment on column automation.decision.decision_id is 'which: the event''s id, or one made of a rule''s version and its time';
comment on column automation.decision.event_type is 'of what type it is, or time; not personal';
comment on column automation.decision.at is 'when it happened';
comment on column automation.decision.decided_at is 'when it was decided';
comment on column automation.decision.actor_id is 'who did it';
comment on column automation.decision.depth is 'how many causes deep it is';
comment on column automation.decision.rule_set_id is 'which rules were asked; null: a rule of time alone';
comment on column automation.decision.failed is 'rules that failed later than at their first condition, see decision.h; not personal';
comment on column automation.decision.facts is 'by name what each fact that any of them asks or hands on held then; personal by deal_id, lead_id, contact_id: a word stays';
comment on column automation.decision.skipped is 'why nothing was asked: loop; not personal';
comment on column automation.decision.took_us is 'how long deciding took, in microseconds';
comment on column automation.decision.matched is 'how many rules it met';
comment on column automation.decision.deal_id is 'what it is about';
comment on column automation.decision.lead_id is 'likewise';
comment on column automation.decision.contact_id is 'likewise';
comment on column automation.decision.account_id is 'likewise';
comment on column automation.decision.document_id is 'likewise';
comment on column automation.decision.owner_id is 'whose record that was';

create table automation.firing (
	workspace_id uuid not null,
	firing_id uuid not null,
	decision_id uuid not null,
	rule_id uuid not null,
	rule_version_id uuid not null,
	state text not null,
	step bigint not null,
	action_id uuid,
	due_at timestamptz,
	steps jsonb not null,
	at timestamptz not null,
	ended_at timestamptz,
	owner_id uuid,
	primary key (workspace_id, firing_id)
);
create index firing_decision on automation.firing (workspace_id, decision_id);
create index firing_rule on automation.firing (workspace_id, rule_id, at desc);
create unique index firing_action on automation.firing (workspace_id, action_id) where action_id is not null;
create index firing_waiting on automation.firing (workspace_id, rule_id) where state = 'waiting';
create index firing_due on automation.firing (due_at) where state = 'waiting';
comment on table automation.firing is 'What one rule does about one decision: how far it is';
comment on column automation.firing.workspace_id is 'whose';
comment on column automation.firing.firing_id is 'which: made of the version and the decision';
comment on column automation.firing.decision_id is 'about which';
comment on column automation.firing.rule_id is 'which rule';
comment on column automation.firing.rule_version_id is 'as it stood then: what waits keeps it';
comment on column automation.firing.state is 'one of firing_state; not personal';
comment on column automation.firing.step is 'the last step that was begun; 0: none';
comment on column automation.firing.action_id is 'the action that is asked for and not answered yet';
comment on column automation.firing.due_at is 'when it goes on';
comment on column automation.firing.steps is 'what became of each step that was taken: {step, kind, state, at, …}; personal';
comment on column automation.firing.at is 'when it began';
comment on column automation.firing.ended_at is 'when it ended';
comment on column automation.firing.owner_id is 'whose record it is about';

create function automation.moment(at timestamptz) returns text language sql stable
	return to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
comment on function automation.moment is 'A moment as the API writes it';

create function automation.failures(failed bytea) returns table (rule int, condition int) language plpgsql immutable as $$
declare
	number int := 0;
	shift int := 0;
	next int := 0;
	place int;
begin
	for i in 0 .. length(failed) - 1 loop
		number := number | (get_byte(failed, i) & 127) << shift;
		shift := shift + 7;
		continue when get_byte(failed, i) > 127;
		if place is null then
			place := next + number;
		else
			next := place + 1;
			return query select place, number + 2;
			place := null;
		end if;
		number := 0;
		shift := 0;
	end loop;
end
$$;
comment on function automation.failures is 'Rules of a set, from 0, that failed later than at their first condition, and at which: what decision_pack wrote';

-- Readers see the workspaces of their query, and within them what is about their own records where their scope says so.
do $policies$
declare
	name text;
begin
	foreach name in array array['stage', 'rule', 'rule_version', 'rule_set'] loop
		execute format('alter table automation.%I enable row level security', name);
		execute format('create policy workspaces_asked on automation.%I for select to automation_read
			using (workspace_id = any ((select nullif(current_setting(''crm.workspaces'', true), ''''))::uuid[]))', name);
	end loop;
	foreach name in array array['known', 'decision', 'firing'] loop
		execute format('alter table automation.%I enable row level security', name);
		execute format('create policy workspaces_asked on automation.%I for select to automation_read
			using (workspace_id = any ((select nullif(current_setting(''crm.workspaces'', true), ''''))::uuid[])
				and ((select current_setting(''crm.scope'', true)) <> ''own''
					or owner_id = any (coalesce((select nullif(current_setting(''crm.users'', true), ''''))::uuid[],
						array[(select nullif(current_setting(''crm.user'', true), ''''))::uuid]))))', name);
	end loop;
end
$policies$;
