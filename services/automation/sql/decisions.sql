-- What is known of records, what was decided, and how far what rules do about it is.

-- name: known_load known_ask => known_row; the records that are asked for
select k.workspace_id, k.noun, k.record_id, k.contact_id, k.account_id, k.deal_id, k.lead_id, k.owner_id, k.facts, k.created_at, k.active_at
from (
	select distinct i.workspace_id, i.record_id
	from unnest(:workspace_id[], :record_id[]) as i (workspace_id, record_id)
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
	deal_id, lead_id, contact_id, account_id, document_id, owner_id, about)
select * from unnest(:workspace_id[], :decision_id[], :event_type[], :at[], :decided_at[], :actor_id[], :depth[], :rule_set_id[], :failed[], :facts[], :skipped[], :took_us[],
	:matched[], :deal_id[], :lead_id[], :contact_id[], :account_id[], :document_id[], :owner_id[], :about[])

-- name: firing_write firing_row *; locks automation.firing
insert into automation.firing (workspace_id, firing_id, decision_id, rule_id, rule_version_id, state, step, action_id, due_at, steps, at, ended_at, owner_id)
select * from unnest(:workspace_id[], :firing_id[], :decision_id[], :rule_id[], :rule_version_id[], :state[], :step[], :action_id[], :due_at[], :steps[], :at[], :ended_at[], :owner_id[])
on conflict (workspace_id, firing_id) do update set state = excluded.state, step = excluded.step, action_id = excluded.action_id, due_at = excluded.due_at,
	steps = excluded.steps, ended_at = excluded.ended_at

-- part: firing_whole
select f.workspace_id, f.firing_id, f.decision_id, f.rule_id, f.rule_version_id, f.state, f.step, f.action_id, f.due_at, f.steps, f.at, f.ended_at, f.owner_id,
	v.body, r.name, r.removed_at is not null as removed,
	d.event_type, d.at as event_at, d.actor_id, d.depth, d.facts, d.deal_id, d.lead_id, d.contact_id, d.account_id, d.document_id, d.about
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
	d.event_type, d.at as event_at, d.actor_id, d.depth, d.facts, d.deal_id, d.lead_id, d.contact_id, d.account_id, d.document_id, d.about
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
select s.workspace_id, s.stage_id, s.pipeline, s.key, s.kind
from unnest(:workspace_id[]) as item (workspace_id)
join automation.stage s on s.workspace_id = item.workspace_id

-- name: stage_write stage_row *; locks automation.stage
insert into automation.stage (workspace_id, stage_id, pipeline, key, kind)
select * from unnest(:workspace_id[], :stage_id[], :pipeline[], :key[], :kind[])
on conflict (workspace_id, stage_id) do update set pipeline = excluded.pipeline, key = excluded.key, kind = excluded.kind

-- name: known_moved_load known_move_ask => known_row; records whose column names that one: what a merge, a hand-over or a tag changes. A branch a column: each by its index
select k.workspace_id, k.noun, k.record_id, k.contact_id, k.account_id, k.deal_id, k.lead_id, k.owner_id, k.facts, k.created_at, k.active_at
from unnest(:workspace_id[], :place[], :id[]) as item (workspace_id, place, id)
cross join lateral (
	select x.* from automation.known x where item.place = 'contact_id' and (x.workspace_id, x.contact_id) = (item.workspace_id, item.id)
	union all
	select x.* from automation.known x where item.place = 'account_id' and (x.workspace_id, x.account_id) = (item.workspace_id, item.id)
	union all
	select x.* from automation.known x where item.place = 'deal_id' and (x.workspace_id, x.deal_id) = (item.workspace_id, item.id)
	union all
	select x.* from automation.known x where item.place = 'owner_id' and (x.workspace_id, x.owner_id) = (item.workspace_id, item.id)
	union all
	select x.* from automation.known x where item.place = 'tags' and x.workspace_id = item.workspace_id
		and x.facts -> 'tags' @> jsonb_build_array(jsonb_build_object('id', item.id))
	union all
	select x.* from automation.known x where item.place = 'segments' and x.workspace_id = item.workspace_id and x.facts -> 'segments' @> to_jsonb(item.id::text)
) k

-- name: firing_history_load firing_history_ask -> firing_history; how often a rule acted about a record, and when last, each in their order
select h.matches, h.matched_at
from unnest(:workspace_id[], :rule_id[], :noun[], :record_id[], :decision_id[]) with ordinality as item (workspace_id, rule_id, noun, record_id, decision_id, i)
cross join lateral (
	select count(*) as matches, max(f.at) as matched_at
	from automation.decision d
	join automation.firing f on (f.workspace_id, f.decision_id) = (d.workspace_id, d.decision_id) and f.rule_id = item.rule_id
		and f.state not in ('limited', 'unmet') and not (f.state = 'waiting' and f.step = 0)
	where d.workspace_id = item.workspace_id and d.decision_id <> item.decision_id and item.record_id in (d.deal_id, d.lead_id, d.contact_id, d.account_id, d.document_id)
		and coalesce(d.about, item.noun) = item.noun
) h
order by item.i

-- name: undecided_write undecided_row *; inserts into automation.undecided: one that comes again stands there already
insert into automation.undecided (workspace_id, decision_id, event_type, at, recorded, actor_id, depth, facts, about, deal_id, lead_id, contact_id, account_id, document_id, owner_id, due_at)
select * from unnest(:workspace_id[], :decision_id[], :event_type[], :at[], :recorded[], :actor_id[], :depth[], :facts[], :about[], :deal_id[], :lead_id[], :contact_id[], :account_id[],
	:document_id[], :owner_id[], :due_at[])
on conflict (workspace_id, decision_id) do nothing

-- name: undecided_drop undecided_row *; locks automation.undecided: they are decided
delete from automation.undecided u
using unnest(:workspace_id[], :decision_id[]) as item (workspace_id, decision_id)
where (u.workspace_id, u.decision_id) = (item.workspace_id, item.decision_id)

-- name: undecided_load undecided_ask => undecided_row; what waits for the contact of these leads, in the order in which it was said
select u.workspace_id, u.decision_id, u.event_type, u.at, u.recorded, u.actor_id, u.depth, u.facts, u.about, u.deal_id, u.lead_id, u.contact_id, u.account_id, u.document_id, u.owner_id, u.due_at
from (
	select distinct i.workspace_id, i.lead_id
	from unnest(:workspace_id[], :lead_id[]) as i (workspace_id, lead_id)
) item
join automation.undecided u on (u.workspace_id, u.lead_id) = (item.workspace_id, item.lead_id)
order by u.recorded, u.decision_id

-- name: undecided_due rules_tick => workspace_due; workspaces in which something waited for a contact long enough
select u.workspace_id, max(item.now) as now
from unnest(:now[]) as item (now)
join automation.undecided u on u.due_at <= item.now
group by u.workspace_id

-- name: undecided_due_load workspace_due => undecided_row; a bite of these, what is due the longest first
select u.workspace_id, u.decision_id, u.event_type, u.at, u.recorded, u.actor_id, u.depth, u.facts, u.about, u.deal_id, u.lead_id, u.contact_id, u.account_id, u.document_id, u.owner_id, u.due_at
from unnest(:workspace_id[], :now[]) as item (workspace_id, now)
join automation.undecided u on u.workspace_id = item.workspace_id and u.due_at <= item.now
order by u.due_at, u.decision_id
limit 1000

-- name: rule_turns_write rule_turns_row *; locks automation.rule: whose turn it is next
update automation.rule r
set turns = item.turns
from unnest(:workspace_id[], :rule_id[], :turns[]) as item (workspace_id, rule_id, turns)
where (r.workspace_id, r.rule_id) = (item.workspace_id, item.rule_id)

-- name: owner_loads owner_load_ask -> owner_load; whether somebody is there, and how many open deals they have, each in their order: one that never moved says nothing of its outcome
select (select count(*) from automation.known k where (k.workspace_id, k.owner_id) = (item.workspace_id, item.user_id) and k.noun = 'deal'
	and coalesce(k.facts ->> 'outcome', 'open') = 'open' and k.facts -> 'trashed' is null) as deals,
	exists (select from automation.member m where (m.workspace_id, m.user_id) = (item.workspace_id, item.user_id) and m.active) as here
from unnest(:workspace_id[], :user_id[]) with ordinality as item (workspace_id, user_id, i)
order by item.i

-- name: rules_timed rules_tick => workspace_due; workspaces with rules of time that were looked at half a minute ago
select r.workspace_id, max(item.now) as now
from unnest(:now[]) as item (now)
join automation.rule r on r.enabled and r.removed_at is null and r.timed_at < item.now - interval '30 seconds'
group by r.workspace_id

-- name: rule_timed_write rule_timed_row *; locks automation.rule: up to when its time was looked at
update automation.rule r
set timed_at = item.timed_at
from unnest(:workspace_id[], :rule_id[], :timed_at[]) as item (workspace_id, rule_id, timed_at)
where (r.workspace_id, r.rule_id) = (item.workspace_id, item.rule_id)

-- name: known_quiet_load known_quiet_ask => known_row; a page of records of a kind of which the last was heard then, behind one of them
select k.workspace_id, k.noun, k.record_id, k.contact_id, k.account_id, k.deal_id, k.lead_id, k.owner_id, k.facts, k.created_at, k.active_at
from unnest(:workspace_id[], :noun[], :since[], :until[], :after_at[], :after_id[]) as item (workspace_id, noun, since, until, after_at, after_id)
join automation.known k on k.workspace_id = item.workspace_id and k.noun = item.noun and k.active_at >= item.since and k.active_at <= item.until
	and k.active_day between (item.since at time zone 'UTC')::date and (item.until at time zone 'UTC')::date
	and (k.active_at, k.record_id) > (item.after_at, item.after_id)
order by k.active_at, k.record_id
limit (select max(m) from unnest(:most[]) as m)

-- name: known_dated_load known_dated_ask => known_row; a page of records of a kind with such a day, or a moment that begins with it, between these, behind one of them
select k.workspace_id, k.noun, k.record_id, k.contact_id, k.account_id, k.deal_id, k.lead_id, k.owner_id, k.facts, k.created_at, k.active_at
from unnest(:workspace_id[], :noun[], :member[], :first[], :last[], :after_id[]) as item (workspace_id, noun, member, first, last, after_id)
join automation.known k on k.workspace_id = item.workspace_id and k.noun = item.noun and k.record_id > item.after_id
	and coalesce(k.facts -> 'custom' ->> nullif(replace(item.member, 'custom.', ''), item.member), k.facts ->> item.member) collate "C" >= item.first::text
	and coalesce(k.facts -> 'custom' ->> nullif(replace(item.member, 'custom.', ''), item.member), k.facts ->> item.member) collate "C" < (item.last + 1)::text
order by k.record_id
limit (select max(m) from unnest(:most[]) as m)

-- part: firings_told
	select coalesce(json_agg(json_build_object('id', f.firing_id, 'rule_id', f.rule_id, 'rule_version_id', f.rule_version_id, 'name', r.name, 'preset', r.preset, 'state', f.state,
		'due_at', automation.moment(f.due_at), 'at', automation.moment(f.at), 'ended_at', automation.moment(f.ended_at), 'steps', f.steps) order by r.position, f.firing_id), '[]') as firings
	from automation.firing f
	join automation.rule r on (r.workspace_id, r.rule_id) = (f.workspace_id, f.rule_id)
	where (f.workspace_id, f.decision_id) = (d.workspace_id, d.decision_id)

-- part: decision_label
(select coalesce(k.facts ->> 'title', k.facts ->> 'name', k.facts ->> 'number') from automation.known k where k.workspace_id = d.workspace_id
	and k.record_id = coalesce(d.document_id, d.deal_id, d.lead_id, d.contact_id, d.account_id)
	and k.noun = case when d.document_id is not null then 'document' when d.deal_id is not null then 'deal' when d.lead_id is not null then 'lead'
		when d.contact_id is not null then 'contact' else 'account' end)

-- name: decision_list decision_list -> json; the latest first
with about as (
	select case when :record ~ '^[0-9a-fA-F-]{36}$' then :record::uuid end as id
), page as (
	select d.*
	from automation.decision d
	where d.workspace_id = any (:workspaces)
		and (:record is null or d.deal_id = (select id from about) or d.lead_id = (select id from about) or d.contact_id = (select id from about)
			or d.account_id = (select id from about) or d.document_id = (select id from about))
		and (:type is null or d.event_type = :type)
		and (coalesce(:unmatched, false) or d.matched > 0 or d.skipped is not null)
		and (:rule_id is null or exists (select from automation.firing f where (f.workspace_id, f.decision_id) = (d.workspace_id, d.decision_id) and f.rule_id = :rule_id)
			or (coalesce(:unmatched, false) and exists (select from automation.rule_set s join automation.rule_version v on v.workspace_id = s.workspace_id and v.rule_id = :rule_id
				and v.rule_version_id = any (s.versions) where (s.workspace_id, s.rule_set_id) = (d.workspace_id, d.rule_set_id))))
		and (:state is null or exists (select from automation.firing f where (f.workspace_id, f.decision_id) = (d.workspace_id, d.decision_id)
			and f.state = any (string_to_array(:state, ','))))
		and (:after is null or (d.at, d.decision_id::text) < (split_part(:after, '_', 1)::timestamptz, split_part(:after, '_', 2)))
	order by d.at desc, d.decision_id::text desc
	limit least(greatest(coalesce(:limit, 50), 1), 200) + 1
), shown as (
	select p.* from page p order by p.at desc, p.decision_id::text desc limit least(greatest(coalesce(:limit, 50), 1), 200)
)
select json_build_object('data', coalesce((select json_agg(json_build_object('id', d.decision_id, 'workspace_id', d.workspace_id, 'type', d.event_type, 'at', automation.moment(d.at),
		'label',
-- use: decision_label
		, 'deal_id', d.deal_id, 'lead_id', d.lead_id, 'contact_id', d.contact_id, 'account_id', d.account_id, 'document_id', d.document_id, 'actor_id', d.actor_id,
		'depth', d.depth, 'took_us', d.took_us, 'skipped', d.skipped,
		'asked', (select cardinality(s.versions) from automation.rule_set s where (s.workspace_id, s.rule_set_id) = (d.workspace_id, d.rule_set_id)),
		'firings', t.firings) order by d.at desc, d.decision_id::text desc)
	from shown d
	cross join lateral (
-- use: firings_told
	) t), '[]'),
	'next', case when (select count(*) from page) > (select count(*) from shown)
		then (select automation.moment(s.at) || '_' || s.decision_id from shown s order by s.at, s.decision_id::text limit 1) end)::text

-- name: decision_get decision_get -> json; each rule that was asked, what it did or where it failed
select json_build_object('id', d.decision_id, 'workspace_id', d.workspace_id, 'type', d.event_type, 'at', automation.moment(d.at), 'decided_at', automation.moment(d.decided_at),
	'label',
-- use: decision_label
	, 'deal_id', d.deal_id, 'lead_id', d.lead_id, 'contact_id', d.contact_id, 'account_id', d.account_id, 'document_id', d.document_id, 'actor_id', d.actor_id,
	'depth', d.depth, 'took_us', d.took_us, 'skipped', d.skipped, 'asked', cardinality(s.versions), 'facts', d.facts, 'firings', t.firings,
	'rules', coalesce((select json_agg(json_build_object('rule_id', v.rule_id, 'rule_version_id', v.rule_version_id, 'name', r.name, 'preset', r.preset, 'n', v.n,
			'matched', f.firing_id is not null, 'firing_id', f.firing_id,
			'failed', case when f.firing_id is null and d.skipped is null then coalesce(x.condition, 1) end,
			'later', coalesce(x.condition = 1000, false), 'if', v.body -> 'if') order by u.place)
		from unnest(s.versions) with ordinality as u (version, place)
		join automation.rule_version v on (v.workspace_id, v.rule_version_id) = (d.workspace_id, u.version)
		join automation.rule r on (r.workspace_id, r.rule_id) = (v.workspace_id, v.rule_id)
		left join automation.failures(d.failed) x on x.rule = u.place - 1
		left join automation.firing f on (f.workspace_id, f.decision_id, f.rule_version_id) = (d.workspace_id, d.decision_id, v.rule_version_id)), '[]'))::text
from automation.decision d
left join automation.rule_set s on (s.workspace_id, s.rule_set_id) = (d.workspace_id, d.rule_set_id)
cross join lateral (
-- use: firings_told
) t
where d.workspace_id = any (:workspaces) and d.decision_id = :decision_id

-- name: decisions_old_drop rules_tick *; locks automation.decision, automation.firing: what was decided 400 days ago and is over, a bite
with old as (
	select d.workspace_id, d.decision_id
	from unnest(:now[]) as item (now)
	join automation.decision d on d.decided_at < item.now - interval '400 days'
	where not exists (select from automation.firing f where (f.workspace_id, f.decision_id) = (d.workspace_id, d.decision_id) and f.state in ('waiting', 'running'))
	limit 1000
), fired as (
	delete from automation.firing f
	using old
	where (f.workspace_id, f.decision_id) = (old.workspace_id, old.decision_id)
)
delete from automation.decision d
using old
where (d.workspace_id, d.decision_id) = (old.workspace_id, old.decision_id)
