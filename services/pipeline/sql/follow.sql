-- name: zone_write zone_row *; locks pipeline.workspace
update pipeline.workspace w
set timezone = item.timezone
from unnest(:workspace_id[], :timezone[]) as item (workspace_id, timezone)
where w.workspace_id = item.workspace_id and w.timezone is distinct from item.timezone

-- name: deal_activity_write deal_activity_row *; locks pipeline.deal_activity; what is said later is how it is
insert into pipeline.deal_activity as a (workspace_id, deal_id, activity_id, kind, at, due_at, done)
select item.workspace_id, item.deal_id, item.activity_id, item.kind, item.at, item.due_at, item.done
from unnest(:workspace_id[], :deal_id[], :activity_id[], :kind[], :at[], :due_at[], :done[]) as item (workspace_id, deal_id, activity_id, kind, at, due_at, done)
on conflict (workspace_id, deal_id, activity_id) do update
set kind = excluded.kind, due_at = excluded.due_at, done = excluded.done

-- name: deal_activity_move deal_activity_away *; locks pipeline.deal_activity
update pipeline.deal_activity a
set removed = item.removed
from unnest(:workspace_id[], :deal_id[], :activity_id[], :removed[]) as item (workspace_id, deal_id, activity_id, removed)
where (a.workspace_id, a.deal_id, a.activity_id) = (item.workspace_id, item.deal_id, item.activity_id)

-- name: deal_follow_write deal_touched *; locks pipeline.deal_follow; made anew of what there is
insert into pipeline.deal_follow as f (workspace_id, deal_id, last_note_at, notes, next_at, next_kind)
select item.workspace_id, item.deal_id, note.at, note.n, next.due_at, next.kind
from (
	select distinct i.workspace_id, i.deal_id
	from unnest(:workspace_id[], :deal_id[]) as i (workspace_id, deal_id)
) item
cross join lateral (
	select max(a.at) as at, count(*) as n
	from pipeline.deal_activity a
	where (a.workspace_id, a.deal_id) = (item.workspace_id, item.deal_id) and a.kind = 'note' and not a.removed
) note
left join lateral (
	select a.due_at, a.kind
	from pipeline.deal_activity a
	where (a.workspace_id, a.deal_id) = (item.workspace_id, item.deal_id) and a.due_at is not null and not a.done and not a.removed
	order by a.due_at, a.activity_id
	limit 1
) next on true
on conflict (workspace_id, deal_id) do update
set last_note_at = excluded.last_note_at, notes = excluded.notes, next_at = excluded.next_at, next_kind = excluded.next_kind

-- name: removed_deal_activity_drop workspace_removed *; locks pipeline.deal_activity, the workspace's rows
delete from pipeline.deal_activity t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_deal_follow_drop workspace_removed *; locks pipeline.deal_follow, the workspace's rows
delete from pipeline.deal_follow t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: deal_tags_write deal_tags_row *; locks pipeline.deal_follow
insert into pipeline.deal_follow as f (workspace_id, deal_id, tags)
select item.workspace_id, item.deal_id, item.tags
from unnest(:workspace_id[], :deal_id[], :tags[]) as item (workspace_id, deal_id, tags)
on conflict (workspace_id, deal_id) do update set tags = excluded.tags

-- name: tag_changed_write tag_changed *; locks pipeline.deal_follow: the rows that bear it, found by looking at the workspace's
update pipeline.deal_follow f
set tags = (
	select coalesce(jsonb_agg(case when e ->> 'id' = item.tag_id::text then jsonb_build_object('id', item.tag_id, 'label', item.label, 'colour', item.colour) else e end
		order by lower(case when e ->> 'id' = item.tag_id::text then item.label else e ->> 'label' end)), '[]')
	from jsonb_array_elements(f.tags) e
	where not (item.removed and e ->> 'id' = item.tag_id::text))
from unnest(:workspace[], :tag_id[], :label[], :colour[], :removed[]) as item (workspace_id, tag_id, label, colour, removed)
where f.workspace_id = item.workspace_id and f.tags @> jsonb_build_array(jsonb_build_object('id', item.tag_id))
