-- name: notice_load notice_row -> notice_place; locks nothing, the lane is the lock; a row per item, in their order
select n.said, n.count
from unnest(:workspace_id[], :notice_id[]) with ordinality as item (workspace_id, id, i)
left join contacts.notice n on (n.workspace_id, n.id) = (item.workspace_id, item.id)
order by item.i

-- name: notice_write notice_row; locks contacts.notice: an action that comes in parts counts on
insert into contacts.notice (workspace_id, id, user_id, kind, at, by_id, about, record_id, activity_id, title, count, said)
select *
from unnest(:workspace_id[], :notice_id[], :user_id[], :kind[], :at[], :by_id[], :about[], :record_id[], :activity_id[], :title[], :count[], :said[])
on conflict (workspace_id, id) do update
set count = excluded.count, said = excluded.said

-- name: removed_notice_drop workspace_removed *; locks contacts.notice, the workspace's rows
delete from contacts.notice t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: reminder_news reminder_news -> json; what was too late to ring stands at the beginning of time, and is no news
with news as (
	select r.activity, r.rung_at as at, r.id, contacts.news_read(r.id, r.rung_at, :since, :marks) as read
	from unnest((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) as w (id)
	cross join lateral (
		select a as activity, a.rung_at, a.id
		from contacts.activity a
		where a.workspace_id = w.id and a.assignee_id = :user and a.rung_at is not null and a.rung_at > 'epoch' and a.removed_at is null
			and
			-- use: activity_stands
		order by a.rung_at desc, a.id desc
		limit 500
	) r
), shown as (
	select n.*
	from news n
	where (:fresh is not true or not n.read) and (:before_at::timestamptz is null or (n.at, n.id) < (:before_at, :before_id))
	order by n.at desc, n.id desc
	limit least(greatest(coalesce(:limit, 20), 1), 51)
)
select json_build_object('data', coalesce((
		select json_agg(json_build_object('id', s.id, 'type', 'reminder.due', 'kind', 'reminder', 'workspace_id', (s.activity).workspace_id, 'number', null,
			'title', coalesce((s.activity).subject, contacts.activity_title(s.activity)), 'source', null,
			'deal_id', case when (s.activity).about in ('lead', 'deal') then (s.activity).record_id end,
			'about', json_build_object('kind', (s.activity).about, 'id', (s.activity).record_id, 'title', contacts.activity_title(s.activity)),
			'activity_kind', (s.activity).kind, 'done', (s.activity).done_at is not null,
			'at', contacts.rfc3339(s.at), 'read', s.read, 'seen', s.read) order by s.at desc, s.id desc)
		from shown s), '[]'),
	'unseen', (select count(*) from (select from news n where not n.read limit 100) u))::text

-- name: notice_news notice_news -> json; what somebody may not see any more does not ring any more
with news as (
	select n.*, contacts.news_read(n.id, n.at, :since, :marks) as read
	from unnest((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) as w (id)
	cross join lateral (
		select r.*
		from contacts.notice r
		where r.workspace_id = w.id and r.user_id = :user and (case r.kind when 'rule' then :rules else :gifts end) is not false
		order by r.at desc, r.id desc
		limit 500
	) n
	where (n.about = 'lead' or not exists (select from contacts.deal_away d where (d.workspace_id, d.deal_id) = (n.workspace_id, n.record_id)))
		and case when n.activity_id is not null
			then exists (select from contacts.activity a where (a.workspace_id, a.id) = (n.workspace_id, n.activity_id) and a.removed_at is null)
		when n.about = 'channel' then true
		when n.about = 'contact' then exists (select from contacts.contact c where (c.workspace_id, c.id) = (n.workspace_id, n.record_id))
		when n.about = 'account' then exists (select from contacts.account k where (k.workspace_id, k.id) = (n.workspace_id, n.record_id))
		else exists (select from contacts.lead l where (l.workspace_id, l.lead_id) = (n.workspace_id, n.record_id))
			or exists (select from contacts.timeline t where (t.workspace_id, t.subject_id) = (n.workspace_id, n.record_id)) end
), shown as (
	select n.*, case n.about
			when 'contact' then (select c.name from contacts.contact c where (c.workspace_id, c.id) = (n.workspace_id, n.record_id))
			when 'account' then (select k.name from contacts.account k where (k.workspace_id, k.id) = (n.workspace_id, n.record_id))
			else coalesce((
				select c.name
				from contacts.lead l
				join contacts.contact c on (c.workspace_id, c.id) = (l.workspace_id, l.contact_id)
				where (l.workspace_id, l.lead_id) = (n.workspace_id, n.record_id)), (
				select c.name
				from contacts.timeline t
				join contacts.contact c on (c.workspace_id, c.id) = (t.workspace_id, t.contact_id)
				where (t.workspace_id, t.subject_id) = (n.workspace_id, n.record_id) and t.contact_id is not null
				limit 1)) end as name
	from news n
	where (:fresh is not true or not n.read) and (:before_at::timestamptz is null or (n.at, n.id) < (:before_at, :before_id))
	order by n.at desc, n.id desc
	limit least(greatest(coalesce(:limit, 20), 1), 51)
)
select json_build_object('data', coalesce((
		select jsonb_agg(jsonb_build_object('id', s.id, 'type', case s.kind when 'rule' then 'notice.rung' else 'record.assigned' end, 'kind', s.kind,
			'workspace_id', s.workspace_id, 'number', null, 'title', coalesce(s.title, s.name), 'source', null,
			'deal_id', case when s.about in ('lead', 'deal') then s.record_id end,
			'about', case when s.about <> 'channel' then jsonb_build_object('kind', s.about, 'id', s.record_id, 'title', s.name) end, 'count', s.count,
			'at', contacts.rfc3339(s.at), 'read', s.read, 'seen', s.read)
			|| jsonb_strip_nulls(jsonb_build_object('activity_id', s.activity_id, 'by_id', s.by_id)) order by s.at desc, s.id desc)
		from shown s), '[]'),
	'unseen', (select count(*) from (select from news n where not n.read limit 100) u))::text
