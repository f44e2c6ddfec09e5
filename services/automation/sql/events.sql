-- What automation keeps of what others say of workspaces and people, and what follows them: owners, merges, stages.

-- name: workspace_created_write workspace_created; inserts into automation.workspace
insert into automation.workspace (workspace_id, agency_id, name, language, currency, timezone, home, default_owner_id)
select * from unnest(:workspace_id[], :agency_id[], :name[], :language[], :currency[], :timezone[], :home[], :default_owner_id[])
on conflict (workspace_id) do update set name = excluded.name

-- name: workspace_updated_write workspace_updated *; locks automation.workspace, the changed rows
update automation.workspace w
set name = item.name, default_owner_id = item.default_owner_id
from unnest(:workspace_id[], :name[], :default_owner_id[]) as item (workspace_id, name, default_owner_id)
where w.workspace_id = item.workspace_id

-- name: workspace_preset_changed_write workspace_preset_changed *; locks automation.workspace, the changed rows
update automation.workspace w
set language = coalesce(item.content ->> 'language', w.language), currency = coalesce(item.content ->> 'currency', w.currency),
	timezone = coalesce(item.content ->> 'timezone', w.timezone)
from unnest(:workspace_id[], :content[]) as item (workspace_id, content)
where w.workspace_id = item.workspace_id

-- name: member_changed_write member_changed; locks automation.member
insert into automation.member (workspace_id, user_id, name, email, role, active, team_id)
select * from unnest(:workspace[], :user_id[], :name[], :email[], :role[], :active[], :team_id[])
on conflict (workspace_id, user_id) do update set name = excluded.name, email = excluded.email, role = excluded.role, active = excluded.active, team_id = excluded.team_id

-- name: member_handed_over_write member_handed_over *; locks automation.rule, automation.decision, automation.firing: what somebody owned is another one's
with decided as (
	update automation.decision d set owner_id = item.to_id
	from unnest(:workspace[], :user_id[], :to_id[]) as item (workspace_id, user_id, to_id)
	where d.workspace_id = item.workspace_id and d.owner_id = item.user_id
), fired as (
	update automation.firing f set owner_id = item.to_id
	from unnest(:workspace[], :user_id[], :to_id[]) as item (workspace_id, user_id, to_id)
	where f.workspace_id = item.workspace_id and f.owner_id = item.user_id
)
update automation.rule r set owner_id = item.to_id
from unnest(:workspace[], :user_id[], :to_id[]) as item (workspace_id, user_id, to_id)
where r.workspace_id = item.workspace_id and r.owner_id = item.user_id

-- name: removed_firing_drop workspace_removed *; locks automation.firing: a workspace is no more
delete from automation.firing x
using unnest(:workspace_id[]) as item (workspace_id)
where x.workspace_id = item.workspace_id

-- name: removed_undecided_drop workspace_removed *; locks automation.undecided: a workspace is no more
delete from automation.undecided x
using unnest(:workspace_id[]) as item (workspace_id)
where x.workspace_id = item.workspace_id

-- name: removed_decision_drop workspace_removed *; locks automation.decision: a workspace is no more
delete from automation.decision x
using unnest(:workspace_id[]) as item (workspace_id)
where x.workspace_id = item.workspace_id

-- name: removed_rule_set_drop workspace_removed *; locks automation.rule_set: a workspace is no more
delete from automation.rule_set x
using unnest(:workspace_id[]) as item (workspace_id)
where x.workspace_id = item.workspace_id

-- name: removed_rule_version_drop workspace_removed *; locks automation.rule_version: a workspace is no more
delete from automation.rule_version x
using unnest(:workspace_id[]) as item (workspace_id)
where x.workspace_id = item.workspace_id

-- name: removed_rule_drop workspace_removed *; locks automation.rule: a workspace is no more
delete from automation.rule x
using unnest(:workspace_id[]) as item (workspace_id)
where x.workspace_id = item.workspace_id

-- name: removed_known_drop workspace_removed *; locks automation.known: a workspace is no more
delete from automation.known x
using unnest(:workspace_id[]) as item (workspace_id)
where x.workspace_id = item.workspace_id

-- name: removed_stage_drop workspace_removed *; locks automation.stage: a workspace is no more
delete from automation.stage x
using unnest(:workspace_id[]) as item (workspace_id)
where x.workspace_id = item.workspace_id

-- name: removed_member_drop workspace_removed *; locks automation.member: a workspace is no more
delete from automation.member x
using unnest(:workspace_id[]) as item (workspace_id)
where x.workspace_id = item.workspace_id

-- name: removed_workspace_drop workspace_removed *; locks automation.workspace: a workspace is no more
delete from automation.workspace x
using unnest(:workspace_id[]) as item (workspace_id)
where x.workspace_id = item.workspace_id

-- name: removed_hook_delivery_drop workspace_removed *; locks automation.hook_delivery: a workspace is no more
delete from automation.hook_delivery x
using unnest(:workspace_id[]) as item (workspace_id)
where x.workspace_id = item.workspace_id

-- name: removed_hook_endpoint_drop workspace_removed *; locks automation.hook_endpoint: a workspace is no more
delete from automation.hook_endpoint x
using unnest(:workspace_id[]) as item (workspace_id)
where x.workspace_id = item.workspace_id
