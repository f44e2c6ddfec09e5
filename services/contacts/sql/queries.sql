-- name: contact_known contact_known -> json; by contact_email
select contacts.of_email(:email, :lead_id)::text

-- name: timeline timeline -> json kept; a deal's or lead's: what happened to it and to its contact; a contact's: to it, its leads and their deals; an account's: to it, its people and the deals that it was won by
with asked as materialized (
	select a.people, a.subjects, (select nullif(current_setting('crm.workspaces', true), ''))::uuid[] as workspaces, string_to_array(:kind, ',') as kinds,
		contacts.cursor_at(:after) as at, contacts.cursor_step(:after) as step, contacts.cursor_id(:after) as id
	from contacts.timeline_about(:lead_id, :deal_id, :contact_id, :account_id) a
), lead as (
	select l.workspace_id, l.lead_id, l.at, l.actor_id, l.deal, l.deal_stage_id, l.form_type
	from contacts.lead l
	where l.workspace_id = any ((select workspaces from asked)::uuid[]) and l.lead_id = any ((select subjects from asked)::uuid[])
), entry as (
	select t.workspace_id, t.event_id as id, t.at, case t.type when 'contact.created' then 1 when 'deal.created' then 2 else 3 end as step, t.type, t.actor_id, coalesce(t.data, '{}') as data,
		case when t.type in ('deal.created', 'account.created', 'contact.created', 'deal.converted') then 'made' when t.type = 'deal.stage_changed' then 'stage' when starts_with(t.type, 'linked.') then 'linked' when starts_with(t.type, 'mail.') then 'email' else coalesce(t.data ->> 'kind', 'change') end as kind,
		null::contacts.activity as activity
	from contacts.timeline t
	where t.workspace_id = any ((select workspaces from asked)::uuid[]) and t.subject_id = any ((select subjects from asked)::uuid[])
	union all
	select t.workspace_id, t.event_id, t.at, 3, t.type, t.actor_id, coalesce(t.data, '{}'), 'linked', null -- on the company's timeline, and about the person too; what hangs on the company alone is not theirs
	from contacts.timeline t
	where t.workspace_id = any ((select workspaces from asked)::uuid[]) and t.contact_id = :contact_id and starts_with(t.type, 'linked.')
	union all
	select a.workspace_id, a.id, a.created_at, 4, 'activity.added', a.created_by, null, a.kind, a
	from contacts.activity a
	where a.workspace_id = any ((select workspaces from asked)::uuid[]) and a.record_id = any ((select subjects from asked)::uuid[]) and a.removed_at is null
	union all
	select l.workspace_id, l.lead_id, l.at, 0, 'lead.created', l.actor_id, jsonb_build_object('form_type', l.form_type), 'made', null
	from lead l
	union all
	select l.workspace_id, md5('deal.created ' || l.lead_id)::uuid, l.at, 2, 'deal.created', l.actor_id, jsonb_strip_nulls(jsonb_build_object('stage_id', l.deal_stage_id)), 'made', null
	from lead l
	where l.deal
	union all
	select c.workspace_id, c.id, c.created_at, 1, 'contact.created', null, jsonb_build_object('contact_id', c.id, 'name', c.name), 'made', null
	from contacts.contact c
	where c.workspace_id = any ((select workspaces from asked)::uuid[]) and c.id = any ((select people from asked)::uuid[])
		and not exists (select from contacts.timeline t where (t.workspace_id, t.subject_id) = (c.workspace_id, c.id) and t.type = 'contact.created') -- by hand: a line says by whom
), newest as (
	select e.*, row_number() over happened as i, lead(true, 1, false) over happened as more
	from entry e
	where (:after is null or (e.at, e.step, e.id) < ((select at from asked), (select step from asked), (select id from asked)))
		and (:kind is null or e.kind = any ((select kinds from asked)::text[])
			or ('activity' = any ((select kinds from asked)::text[]) and e.kind in ('call', 'whatsapp', 'email', 'sms', 'meeting', 'task', 'note', 'other')))
	window happened as (order by e.at desc, e.step desc, e.id desc)
	order by e.at desc, e.step desc, e.id desc
	limit least(greatest(coalesce(:limit, 50), 1), 200)
)
select json_build_object(
	'data', coalesce(json_agg(json_build_object('id', n.id, 'at', contacts.rfc3339(n.at), 'type', n.type, 'kind', n.kind,
		'actor', case when n.actor_id is not null then json_build_object('id', n.actor_id, 'name', (
			select m.name from contacts.member m where (m.workspace_id, m.user_id) = (n.workspace_id, n.actor_id)
			union all
			select r.name from contacts.rule_name r where (r.workspace_id, r.rule_id) = (n.workspace_id, n.actor_id)), 'rule', exists (
			select from contacts.rule_name r where (r.workspace_id, r.rule_id) = (n.workspace_id, n.actor_id))) end,
		'data', case when n.step = 4 then contacts.activity_json(n.activity)::jsonb else n.data end) order by n.i), '[]'),
	'next', max((extract(epoch from n.at) * 1000000)::bigint || '.' || n.step || '.' || n.id) filter (
		where n.i = least(greatest(coalesce(:limit, 50), 1), 200) and n.more))::text
from newest n

-- name: contact_search contact_search -> json kept; see sql/0003_search.sql; a number's bearer first, then by beginnings and by phone (the end of one alone: of a workspace's newest 100,000), then inside words, then similar; of each the newest first
with question as materialized (
	select contacts.phone_asked(:q) as tail
), called as (
	select p.workspace_id, p.id
	from question k
	cross join unnest((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) w (workspace_id)
	cross join lateral (
		select t.workspace_id, t.id, t.phone
		from contacts.contact t
		where t.workspace_id = w.workspace_id
		order by t.id desc
		limit 100000
	) p
	where k.tail is not null and length(k.tail) < 9 and contacts.phone_ends(p.phone, k.tail)
	union all
	select r.workspace_id, r.contact_id
	from question k
	join contacts.contact_reach r on r.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and r.kind = 'phone'
	where k.tail is not null and length(k.tail) < 9 and contacts.phone_ends(r.value, k.tail)
	union all
	select b.workspace_id, b.id -- a whole number: by its key
	from question k
	cross join lateral contacts.phone_bearers(k.tail) b
	join contacts.contact c on (c.workspace_id, c.id) = (b.workspace_id, b.id)
	where length(k.tail) = 9 and (contacts.phone_ends(c.phone, k.tail) or exists (
		select from contacts.contact_reach r
		where (r.workspace_id, r.contact_id) = (c.workspace_id, c.id) and r.kind = 'phone' and contacts.phone_ends(r.value, k.tail)))
), every as (
	select h.workspace_id, h.id, min(h.rank) as rank
	from (
		select s.workspace_id, s.id, s.rank
		from contacts.search_found(:q, least(greatest(coalesce(:limit, 10), 1), 50)::int) s
		union all
		select c.workspace_id, c.id, 0
		from called c
	) h
	group by h.workspace_id, h.id
), told as (
	select json_build_object('id', c.id, 'number', c.number, 'workspace_id', c.workspace_id, 'title', c.name, 'subtitle', nullif(concat_ws(' · ', c.company, c.email), ''),
	'owner_id', c.owner_id, 'created_at', contacts.rfc3339(c.created_at), 'near', h.rank = 2) as hit,
		c.id, h.rank, c.number::text = regexp_replace(:q, '[^0-9]', '', 'g') as named
	from every h
	join contacts.contact c on (c.workspace_id, c.id) = (h.workspace_id, h.id) and c.archived_at is null
	order by named desc, h.rank, c.id desc
	limit least(greatest(coalesce(:limit, 10), 1), 50)
)
select json_build_object('data', coalesce((select json_agg(t.hit order by t.named desc, t.rank, t.id desc) from told t), '[]'),
	'behind', contacts.search_behind())::text
