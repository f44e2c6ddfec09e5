-- What is known of records, what was decided, and how far what rules do about it is.

-- name: known_load known_ask => known_row; the records that are asked for
select k.workspace_id, k.noun, k.record_id, k.contact_id, k.account_id, k.deal_id, k.lead_id, k.owner_id, k.facts, k.created_at, k.active_at
from (
	select distinct i.workspace_id, i.record_id
	from unnest(:workspace_id[], :record_id[]) as i (workspace_id, record_id)
) item
join automation.known k on (k.workspace_id, k.record_id) = (item.workspace_id, item.record_id)

-- name: known_near_load known_ask => known_row; the same and what they hang on, twice over: an invoice's deal, and that deal's company
with recursive near as (
	select i.workspace_id, i.record_id, 0 as far
	from unnest(:workspace_id[], :record_id[]) as i (workspace_id, record_id)
	union
	select k.workspace_id, x.id, n.far + 1
	from near n
	join automation.known k on (k.workspace_id, k.record_id) = (n.workspace_id, n.record_id)
	cross join lateral unnest(array[k.deal_id, k.contact_id, k.account_id, k.lead_id]) as x (id)
	where n.far < 2 and x.id is not null
)
select k.workspace_id, k.noun, k.record_id, k.contact_id, k.account_id, k.deal_id, k.lead_id, k.owner_id, k.facts, k.created_at, k.active_at
from (
	select distinct n.workspace_id, n.record_id
	from near n
) item
join automation.known k on (k.workspace_id, k.record_id) = (item.workspace_id, item.record_id)

-- name: known_papers_load known_ask => known_row; quotes, invoices and credit notes of these deals
select k.workspace_id, k.noun, k.record_id, k.contact_id, k.account_id, k.deal_id, k.lead_id, k.owner_id, k.facts, k.created_at, k.active_at
from (
	select distinct i.workspace_id, i.record_id
	from unnest(:workspace_id[], :record_id[]) as i (workspace_id, record_id)
) item
join automation.known k on (k.workspace_id, k.deal_id) = (item.workspace_id, item.record_id) and k.noun = 'document'

-- name: known_write known_row *; locks automation.known
insert into automation.known (workspace_id, noun, record_id, contact_id, account_id, deal_id, lead_id, owner_id, facts, created_at, active_at)
select * from unnest(:workspace_id[], :noun[], :record_id[], :contact_id[], :account_id[], :deal_id[], :lead_id[], :owner_id[], :facts[], :created_at[], :active_at[])
on conflict (workspace_id, record_id, noun) do update set contact_id = excluded.contact_id, account_id = excluded.account_id, deal_id = excluded.deal_id,
	lead_id = excluded.lead_id, owner_id = excluded.owner_id, facts = excluded.facts, created_at = excluded.created_at, active_at = excluded.active_at

-- name: known_drop known_row *; locks automation.known
delete from automation.known k
using unnest(:workspace_id[], :noun[], :record_id[]) as item (workspace_id, noun, record_id)
where (k.workspace_id, k.record_id, k.noun) = (item.workspace_id, item.record_id, item.noun)

-- name: decision_there decision_row => decision_seen; which of these were decided before
select d.workspace_id, d.decision_id
from unnest(:workspace_id[], :decision_id[]) as item (workspace_id, decision_id)
join automation.decision d on (d.workspace_id, d.decision_id) = (item.workspace_id, item.decision_id)

-- name: decision_write decision_row; inserts into automation.decision
insert into automation.decision (workspace_id, decision_id, event_type, at, decided_at, actor_id, depth, rule_set_id, failed, facts, skipped, took_us, matched,
	deal_id, lead_id, contact_id, account_id, document_id, owner_id)
select * from unnest(:workspace_id[], :decision_id[], :event_type[], :at[], :decided_at[], :actor_id[], :depth[], :rule_set_id[], :failed[], :facts[], :skipped[], :took_us[],
	:matched[], :deal_id[], :lead_id[], :contact_id[], :account_id[], :document_id[], :owner_id[])

-- name: firing_write firing_row *; locks automation.firing
insert into automation.firing (workspace_id, firing_id, decision_id, rule_id, rule_version_id, state, step, action_id, due_at, steps, at, ended_at, owner_id)
select * from unnest(:workspace_id[], :firing_id[], :decision_id[], :rule_id[], :rule_version_id[], :state[], :step[], :action_id[], :due_at[], :steps[], :at[], :ended_at[], :owner_id[])
on conflict (workspace_id, firing_id) do update set state = excluded.state, step = excluded.step, action_id = excluded.action_id, due_at = excluded.due_at,
	steps = excluded.steps, ended_at = excluded.ended_at

-- part: firing_whole
select f.workspace_id, f.firing_id, f.decision_id, f.rule_id, f.rule_version_id, f.state, f.step, f.action_id, f.due_at, f.steps, f.at, f.ended_at, f.owner_id,
	v.body, r.name, r.removed_at is not null as removed,
	d.event_type, d.at as event_at, d.actor_id, d.depth, d.facts, d.deal_id, d.lead_id, d.contact_id, d.account_id, d.document_id
from (
	select distinct i.workspace_id, i.id
	from unnest(:workspace_id[], :id[]) as i (workspace_id, id)
) item

-- part: firing_joined
join automation.rule_version v on (v.workspace_id, v.rule_version_id) = (f.workspace_id, f.rule_version_id)
join automation.rule r on (r.workspace_id, r.rule_id) = (f.workspace_id, f.rule_id)
join automation.decision d on (d.workspace_id, d.decision_id) = (f.workspace_id, f.decision_id)

-- name: firing_of_action_load firing_ask => firing_whole; what waits for the answers of these actions
-- use: firing_whole
join automation.firing f on (f.workspace_id, f.action_id) = (item.workspace_id, item.id)
-- use: firing_joined

-- name: firing_load firing_ask => firing_whole; these
-- use: firing_whole
join automation.firing f on (f.workspace_id, f.firing_id) = (item.workspace_id, item.id)
-- use: firing_joined

-- name: firings_due rules_tick => workspace_due; workspaces in which something waited and is due
select f.workspace_id, max(item.now) as now
from unnest(:now[]) as item (now)
join automation.firing f on f.state = 'waiting' and f.due_at <= item.now
group by f.workspace_id

-- name: firings_due_load workspace_due => firing_whole; a bite of these, what is due the longest first
select f.workspace_id, f.firing_id, f.decision_id, f.rule_id, f.rule_version_id, f.state, f.step, f.action_id, f.due_at, f.steps, f.at, f.ended_at, f.owner_id,
	v.body, r.name, r.removed_at is not null as removed,
	d.event_type, d.at as event_at, d.actor_id, d.depth, d.facts, d.deal_id, d.lead_id, d.contact_id, d.account_id, d.document_id
from (
	select x.*
	from unnest(:workspace_id[], :now[]) as i (workspace_id, now)
	join automation.firing x on x.workspace_id = i.workspace_id and x.state = 'waiting' and x.due_at <= i.now
	order by x.due_at
	limit 1000
) f
-- use: firing_joined

-- name: firing_counts_load firing_count_ask -> firing_counts; how often a rule fired since then, and for a record, each in their order
select (select count(*) from automation.firing f where (f.workspace_id, f.rule_id) = (item.workspace_id, item.rule_id) and f.at > item.since and f.state <> 'limited') as fired
from unnest(:workspace_id[], :rule_id[], :since[]) with ordinality as item (workspace_id, rule_id, since, i)
order by item.i

-- name: stage_load workspace_ask => stage_row; a workspace's stages
select s.workspace_id, s.stage_id, s.pipeline_id, s.key, s.kind
from unnest(:workspace_id[]) as item (workspace_id)
join automation.stage s on s.workspace_id = item.workspace_id

-- name: stage_write stage_row *; locks automation.stage
insert into automation.stage (workspace_id, stage_id, pipeline_id, key, kind)
select * from unnest(:workspace_id[], :stage_id[], :pipeline_id[], :key[], :kind[])
on conflict (workspace_id, stage_id) do update set pipeline_id = excluded.pipeline_id, key = excluded.key, kind = excluded.kind
