-- Forgetting somebody: what mailer knows of them, by id; what columns call personal is emptied by what their comments say.

-- name: person_erased_cancel person_erased *; locks mailer.recipient: what waits to be sent to them, or about them, does not go,
-- and what is under way or unknown is not repeated: that says its time, which is never
update mailer.recipient r
set state = case r.state when 'queued' then 'cancelled' else r.state end, state_at = case r.state when 'queued' then now() else r.state_at end, next_at = 'infinity'
from unnest(:workspace[], :ids[]) as item (workspace_id, ids), mailer.message m
where r.workspace_id = item.workspace_id and (m.workspace_id, m.id) = (r.workspace_id, r.message_id) and r.state in ('queued', 'sending', 'unknown')
	and (r.contact_id = any (array(select i::uuid from jsonb_array_elements_text(item.ids) i))
		or m.contact_id = any (array(select i::uuid from jsonb_array_elements_text(item.ids) i))
		or m.lead_id = any (array(select i::uuid from jsonb_array_elements_text(item.ids) i)))

-- name: mail_person_rows mail_person_rows -> json; and the files of what came from them, or about them
with named as (
	select array(select i::uuid from jsonb_array_elements_text(:ids) i) as ids
)
select json_build_object('data', mailer.people_rows(named.ids),
	'files', (select coalesce(json_agg(json_build_object('workspace_id', f.workspace_id, 'name', f.name, 'sha256', f.sha256) order by m.id, f.n), '[]')
		from mailer.message m
		join mailer.attachment f on (f.workspace_id, f.message_id) = (m.workspace_id, m.id)
		where m.workspace_id = any (:workspaces) and m.direction = 'in'
			and (m.contact_id = any (named.ids) or m.deal_id = any (named.ids) or m.lead_id = any (named.ids))))::text
from named
