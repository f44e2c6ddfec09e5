-- Forgetting somebody: what columns call personal by an id is emptied by the bus; what is known of them otherwise is gone through here.

-- name: automation_person_rows automation_person_rows -> json; what each table holds of them
with named as (
	select array(select i::uuid from jsonb_array_elements_text(:ids) i) as ids
)
select json_build_object('data', automation.people_rows(named.ids))::text
from named
