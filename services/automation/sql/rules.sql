-- Rules, their versions, and what the writer keeps in mind of them.

-- name: rule_load rule_ask => rule_row; a workspace's rules, removed ones too, in their order
select r.workspace_id, r.rule_id, r.rule_version_id, r.version, r.name, r.preset, r.enabled, r.enabled_at, r.position, r.limit_per_hour, r.owner_id, r.when_kind, r.when_event,
	r.timed_at, r.turns, r.created_at, r.created_by, r.updated_at, r.removed_at, v.body, v.n
from (
	select distinct i.workspace_id
	from unnest(:workspace_id[]) as i (workspace_id)
) item
join automation.rule r on r.workspace_id = item.workspace_id
join automation.rule_version v on (v.workspace_id, v.rule_version_id) = (r.workspace_id, r.rule_version_id)
order by r.position, r.created_at, r.rule_id

-- name: rule_row_write rule_row *; locks automation.rule; the index on names has the last word
insert into automation.rule (workspace_id, rule_id, rule_version_id, version, name, preset, enabled, enabled_at, position, limit_per_hour, owner_id, when_kind, when_event,
	timed_at, created_at, created_by, updated_at, removed_at)
select * from unnest(:workspace_id[], :rule_id[], :rule_version_id[], :version[], :name[], :preset[], :enabled[], :enabled_at[], :position[], :limit_per_hour[], :owner_id[],
	:when_kind[], :when_event[], :timed_at[], :created_at[], :created_by[], :updated_at[], :removed_at[])
on conflict (workspace_id, rule_id) do update set rule_version_id = excluded.rule_version_id, version = excluded.version, name = excluded.name, enabled = excluded.enabled,
	enabled_at = excluded.enabled_at, position = excluded.position, limit_per_hour = excluded.limit_per_hour, owner_id = excluded.owner_id, when_kind = excluded.when_kind,
	when_event = excluded.when_event, timed_at = excluded.timed_at, updated_at = excluded.updated_at, removed_at = excluded.removed_at

-- name: rule_version_write rule_row *; inserts into automation.rule_version: one that stands already is the same
insert into automation.rule_version (workspace_id, rule_version_id, rule_id, n, body, made_at, made_by)
select * from unnest(:workspace_id[], :rule_version_id[], :rule_id[], :n[], :body[], :updated_at[], :updated_by[])
on conflict (workspace_id, rule_version_id) do nothing

-- name: rule_place_write rule_row *; locks automation.rule: where it stands among the others
update automation.rule r
set position = item.position
from unnest(:workspace_id[], :rule_id[], :position[]) as item (workspace_id, rule_id, position)
where (r.workspace_id, r.rule_id) = (item.workspace_id, item.rule_id) and r.position <> item.position

-- name: firings_of_rule_stop rule_row *; locks automation.firing: what waits for such a rule is not taken
update automation.firing f
set state = 'stopped', due_at = null, ended_at = now()
from unnest(:workspace_id[], :rule_id[]) as item (workspace_id, rule_id)
where (f.workspace_id, f.rule_id) = (item.workspace_id, item.rule_id) and f.state = 'waiting'

-- name: rule_set_write rule_set_row *; inserts into automation.rule_set: it is made of what stands in it
insert into automation.rule_set (workspace_id, rule_set_id, event_type, versions)
select item.workspace_id, item.rule_set_id, item.event_type, array(select v::uuid from jsonb_array_elements_text(item.versions) v)
from unnest(:workspace_id[], :rule_set_id[], :event_type[], :versions[]) as item (workspace_id, rule_set_id, event_type, versions)
on conflict (workspace_id, rule_set_id) do nothing


-- name: rules_place workspace_ask -> rules_place; locks nothing; each in their order
select w.timezone, w.language, w.workspace_id is not null as known
from unnest(:workspace_id[]) with ordinality as item (workspace_id, i)
left join automation.workspace w on w.workspace_id = item.workspace_id
order by item.i

-- part: rule_figures
	select count(*) filter (where x.state <> 'limited') as fired, max(x.at) as fired_at, count(*) filter (where x.state = 'refused') as refused,
		(select count(*) from automation.firing y where (y.workspace_id, y.rule_id) = (r.workspace_id, r.rule_id) and y.state = 'waiting') as waiting
	from automation.firing x
	where (x.workspace_id, x.rule_id) = (r.workspace_id, r.rule_id) and x.at > now() - interval '30 days'

-- name: rule_list rule_list -> json; those that the product brought among them
select json_build_object('data', coalesce(json_agg(json_build_object('id', r.rule_id, 'workspace_id', r.workspace_id, 'name', r.name, 'preset', r.preset, 'enabled', r.enabled,
	'owner_id', r.owner_id, 'position', r.position, 'limit_per_hour', r.limit_per_hour, 'version', r.version, 'rule_version_id', r.rule_version_id, 'body', v.body,
	'created_at', automation.moment(r.created_at), 'updated_at', automation.moment(r.updated_at), 'removed_at', automation.moment(r.removed_at),
	'fired', f.fired, 'fired_at', automation.moment(f.fired_at), 'waiting', f.waiting, 'refused', f.refused) order by r.position, r.created_at, r.rule_id), '[]'))::text
from automation.rule r
join automation.rule_version v on (v.workspace_id, v.rule_version_id) = (r.workspace_id, r.rule_version_id)
cross join lateral (
-- use: rule_figures
) f
where r.workspace_id = any (:workspaces) and (r.removed_at is not null) = coalesce(:removed = '1', false)

-- name: rule_get rule_get -> json; with its versions, the latest first
select json_build_object('id', r.rule_id, 'workspace_id', r.workspace_id, 'name', r.name, 'preset', r.preset, 'enabled', r.enabled,
	'owner_id', r.owner_id, 'position', r.position, 'limit_per_hour', r.limit_per_hour, 'version', r.version, 'rule_version_id', r.rule_version_id, 'body', v.body,
	'created_at', automation.moment(r.created_at), 'updated_at', automation.moment(r.updated_at), 'removed_at', automation.moment(r.removed_at),
	'fired', f.fired, 'fired_at', automation.moment(f.fired_at), 'waiting', f.waiting, 'refused', f.refused,
	'versions', (select json_agg(json_build_object('rule_version_id', o.rule_version_id, 'n', o.n, 'body', o.body, 'made_by', o.made_by, 'made_at', automation.moment(o.made_at))
		order by o.n desc) from automation.rule_version o where (o.workspace_id, o.rule_id) = (r.workspace_id, r.rule_id)))::text
from automation.rule r
join automation.rule_version v on (v.workspace_id, v.rule_version_id) = (r.workspace_id, r.rule_version_id)
cross join lateral (
-- use: rule_figures
) f
where r.workspace_id = any (:workspaces) and r.rule_id = :rule_id
