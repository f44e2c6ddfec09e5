-- Who works in a workspace takes part in the team's conversation; who is a client of it, or a supplier, does not. A role that sees nothing sees no conversation.
insert into gateway.role_permission (workspace_id, role, permission)
select p.workspace_id, p.role, 'crm-chat'
from gateway.role_permission p
where p.permission = 'crm-view' and p.role not in ('client', 'vendor')
on conflict (workspace_id, role, permission) do nothing;
