-- name: record_history record_history -> json; newest first by version, which grows by one with each, down to that it was made; a lead's contact has no line of that: its row says when. Of one that the reader may not see there are none
with told as (
	select coalesce((t.data ->> 'version')::bigint, 1) as version, t.at, t.actor_id, coalesce(t.data -> 'changes', '[]') as changes, t.type = 'contact.created' as made
	from contacts.timeline t
	where t.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and t.subject_id = coalesce(:contact_id, :account_id)
		and t.type = any (case when :contact_id is not null then array['contact.created', 'contact.updated'] else array['account.created', 'account.updated'] end)
), row as (
	select x.version, x.at, x.actor_id, x.changes
	from (
		select t.version, t.at, t.actor_id, t.changes
		from told t
		union all
		select 1, c.created_at, null, '[]'
		from contacts.contact c
		where c.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and c.id = :contact_id and not exists (select from told t where t.made)
	) x
	where :after is null or x.version < case when :after ~ '^[0-9]{1,17}$' then :after::bigint end
	order by version desc
	limit least(greatest(coalesce(:limit, 50), 1), 200) + 1
), numbered as (
	select r.version, r.at, r.actor_id, r.changes, row_number() over newest as i, lead(true, 1, false) over newest as more
	from row r
	window newest as (order by r.version desc)
)
select json_build_object(
	'data', coalesce(json_agg(json_build_object('version', n.version, 'at', contacts.rfc3339(n.at), 'actor_id', n.actor_id, 'note', null, 'changes', n.changes)
		order by n.i) filter (where n.i <= least(greatest(coalesce(:limit, 50), 1), 200)), '[]'),
	'next', max(n.version::text) filter (where n.i = least(greatest(coalesce(:limit, 50), 1), 200) and n.more))::text
from numbered n
