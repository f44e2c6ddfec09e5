-- name: record_history record_history -> json; newest first by version, which grows by one with each; of one that the reader may not see there are none
with row as (
	select (t.data ->> 'version')::bigint as version, t.at, t.actor_id, t.data -> 'changes' as changes
	from contacts.timeline t
	where t.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and t.subject_id = coalesce(:contact_id, :account_id)
		and t.type = case when :contact_id is not null then 'contact.updated' else 'account.updated' end
		and (:after is null or (t.data ->> 'version')::bigint < case when :after ~ '^[0-9]{1,17}$' then :after::bigint end)
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
