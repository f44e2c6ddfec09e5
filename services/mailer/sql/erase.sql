-- Forgetting somebody: what mailer knows of them, by id; what columns call personal is emptied by what their comments say.

-- name: person_erased_cancel person_erased *; locks mailer.recipient: what waits to be sent to them, or about them, does not go
update mailer.recipient r
set state = 'cancelled', state_at = now()
from unnest(:workspace[], :ids[]) as item (workspace_id, ids), mailer.message m
where r.workspace_id = item.workspace_id and (m.workspace_id, m.id) = (r.workspace_id, r.message_id) and r.state = 'queued'
	and (r.contact_id = any (array(select i::uuid from jsonb_array_elements_text(item.ids) i))
		or m.contact_id = any (array(select i::uuid from jsonb_array_elements_text(item.ids) i))
		or m.lead_id = any (array(select i::uuid from jsonb_array_elements_text(item.ids) i)))

-- name: mail_person_rows mail_person_rows -> json
select json_build_object('data', mailer.people_rows(array(select i::uuid from jsonb_array_elements_text(:ids) i)))::text
