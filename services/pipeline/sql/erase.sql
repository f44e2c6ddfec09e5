-- Forgetting somebody: the deals that are about them; what columns call personal is emptied by what their comments say.

-- name: erased_deals person_erased => erased_deal; a lead's deal bears the lead's id
select d.id as deal_id
from unnest(:workspace[], :ids[]) as item (workspace_id, ids)
cross join lateral (select i::uuid as id from jsonb_array_elements_text(item.ids) i) about
cross join lateral (
	select k.deal_id from pipeline.deal_contact k where k.workspace_id = item.workspace_id and k.contact_id = about.id
	union
	select about.id
) k
join pipeline.deal d on (d.workspace_id, d.id) = (item.workspace_id, k.deal_id)
order by d.id

-- name: erased_deal_pages_write erased_deal_pages *; locks pipeline.search_page, the pages with their deals
update pipeline.search_page p
set words = n.words, marks = n.marks
from (
	select q.workspace_id, q.last, q.n, string_agg(x.words, '' order by i.place) as words, pipeline.search_marks(array_agg(x.words order by i.place)) as marks
	from unnest(:workspace_id[], :ids[]) as item (workspace_id, ids)
	join pipeline.search_page q on q.workspace_id = item.workspace_id and q.ids && array(select i::uuid from jsonb_array_elements_text(item.ids) i)
	cross join lateral unnest(q.ids) with ordinality as i (id, place)
	join pipeline.deal t on (t.workspace_id, t.id) = (q.workspace_id, i.id)
	left join pipeline.deal_contact k on (k.workspace_id, k.deal_id) = (t.workspace_id, t.id)
	cross join lateral (select pipeline.search_text(concat_ws(' ', t.title, t.company, k.name, k.company)) as words) x
	group by q.workspace_id, q.last, q.n
) n
where (p.workspace_id, p.last, p.n) = (n.workspace_id, n.last, n.n)

-- name: deal_person_rows deal_person_rows -> json
select json_build_object('data', pipeline.people_rows(array(
	select i::uuid from jsonb_array_elements_text(:ids) i
	union
	select k.deal_id from pipeline.deal_contact k
	where k.workspace_id = any (:workspaces) and k.contact_id = any (array(select i::uuid from jsonb_array_elements_text(:ids) i)))))::text
