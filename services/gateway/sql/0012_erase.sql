-- Who owns or administers may give out and erase all that is known of a person; and what the gateway's columns hold of people. Those who log in are
-- no persons one deals with: their rows go when they do.
insert into gateway.role_permission (workspace_id, role, permission)
select p.workspace_id, p.role, 'crm-erase'
from gateway.role_permission p
where p.permission = 'crm-settings' and p.role in ('owner', 'admin')
on conflict (workspace_id, role, permission) do nothing;

select gateway.says_of_people('personal', 'view.name', 'view.content', 'preference.content');

select gateway.says_of_people('not personal', 'agency.name', 'api_key.key_hash', 'api_key.name', 'api_key.prefix', 'api_key.role', 'audit.detail', 'audit.what',
	'calendar_link.token_hash', 'invite.token_hash', 'member.email', 'member.name', 'member.role', 'preference.place', 'role.key', 'role.label', 'role.scope',
	'role_permission.permission', 'role_permission.role', 'session.remote', 'session.token_hash', 'session.user_agent', 'setup.code_hash', 'team.name', 'totp.recovery', 'totp.sealed',
	'user.allowed_sections', 'user.email', 'user.language', 'user.name', 'user.news_marks', 'user.password_hash', 'user.photo', 'user.theme', 'user.timezone', 'view.place',
	'workspace.convert_on_won', 'workspace.country', 'workspace.currency', 'workspace.header', 'workspace.label_profile', 'workspace.landing', 'workspace.language', 'workspace.name',
	'workspace.preset', 'workspace.slug', 'workspace.tabs', 'workspace.timezone');
