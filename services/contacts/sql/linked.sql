-- name: linked_load linked_ask -> linked_row; locks nothing, the lane is the lock; a row per item, in their order; what its system calls it goes before its id here
select item.workspace_id, l.id as linked_id, l.version, l.kind, l.system, l.external_id, l.account_id, l.contact_id, l.deal_id, l.title, l.status, l.amount,
	l.amount_currency, l.count, l.excerpt, l.url, l.assignee, l.occurred_at, l.data, l.owner_id, l.created_by, l.created_at, l.said_at, l.removed_at, l.removed_by
from unnest(:workspace_id[], :linked_id[], :kind[], :system[], :external_id[]) with ordinality as item (workspace_id, id, kind, system, external_id, i)
left join contacts.linked x on (x.workspace_id, x.system, x.kind, x.external_id) = (item.workspace_id, item.system, item.kind, item.external_id)
left join contacts.linked l on (l.workspace_id, l.id) = (item.workspace_id, coalesce(x.id, item.id))
order by item.i

-- name: linked_place_load linked_ask -> linked_place; locks nothing; a row per item, in their order; a person's account stands for theirs
select w.workspace_id is not null as known, a.id as account_id, a.owner_id as account_owner_id, a.lifecycle as account_lifecycle,
	coalesce(c0.id, c1.id, c2.id) as contact_id,
	case when c0.id is not null then c0.owner_id when c1.id is not null then c1.owner_id else c2.owner_id end as contact_owner_id,
	coalesce(l.lead_id, d.subject_id) as deal_id,
	case when l.lead_id is not null then l.owner_id else d.owner_id end as deal_owner_id
from unnest(:workspace_id[], :account_id[], :contact_id[], :deal_id[], :account[], :account_external[], :system[], :email[]) with ordinality
	as item (workspace_id, account_id, contact_id, deal_id, account, account_external, system, email, i)
left join contacts.workspace w on w.workspace_id = item.workspace_id
left join contacts.account_external k on (k.workspace_id, k.system, k.external_id) = (item.workspace_id, item.system, item.account_external)
left join contacts.account_external alias on (alias.workspace_id, alias.system, alias.external_id) = (item.workspace_id, item.system, 'name:' || lower(btrim(item.account)))
left join contacts.contact c0 on (c0.workspace_id, c0.id) = (item.workspace_id, item.contact_id) and c0.removed_at is null and c0.merged_into is null
left join contacts.contact c1 on (c1.workspace_id, lower(c1.email)) = (item.workspace_id, lower(item.email)) and c1.email is not null and c1.email <> ''
	and c1.removed_at is null and c1.merged_into is null
left join lateral (
	select x.id, x.owner_id, x.account_id
	from contacts.contact_reach r
	join contacts.contact x on (x.workspace_id, x.id) = (r.workspace_id, r.contact_id) and x.removed_at is null and x.merged_into is null
	where r.workspace_id = item.workspace_id and r.kind = 'email' and r.value = lower(item.email)
	order by x.id
	limit 1
) c2 on item.email is not null and c1.id is null
left join contacts.account named on (named.workspace_id, lower(named.name)) = (item.workspace_id, lower(btrim(item.account))) and named.removed_at is null
	and named.merged_into is null
left join contacts.account meant on (meant.workspace_id, meant.id)
	= (item.workspace_id, coalesce(item.account_id, k.account_id, named.id, alias.account_id, c0.account_id, c1.account_id, c2.account_id))
left join contacts.account a on (a.workspace_id, a.id) = (item.workspace_id, contacts.account_stands(item.workspace_id, meant.id, meant.merged_into)) and a.removed_at is null
left join contacts.lead l on (l.workspace_id, l.lead_id) = (item.workspace_id, item.deal_id)
left join lateral (
	select t.subject_id, t.owner_id
	from contacts.timeline t
	where (t.workspace_id, t.subject_id) = (item.workspace_id, item.deal_id) and t.type = 'deal.created'
	limit 1
) d on item.deal_id is not null
order by item.i

-- name: linked_insert linked_row; the index on what its system calls it has the last word against one written twice
insert into contacts.linked (workspace_id, id, version, kind, system, external_id, account_id, contact_id, deal_id, title, status, amount, amount_currency, count,
	excerpt, url, assignee, occurred_at, data, owner_id, created_by, created_at, said_at, removed_at, removed_by)
select * from unnest(:workspace_id[], :linked_id[], :version[], :kind[], :system[], :external_id[], :account_id[], :contact_id[], :deal_id[], :title[], :status[],
	:amount[], :amount_currency[], :count[], :excerpt[], :url[], :assignee[], :occurred_at[], :data[], :owner_id[], :created_by[], :created_at[], :said_at[],
	:removed_at[], :removed_by[])

-- name: linked_write linked_row; locks contacts.linked: the changed rows
update contacts.linked l
set version = item.version, kind = item.kind, account_id = item.account_id, contact_id = item.contact_id, deal_id = item.deal_id, title = item.title,
	status = item.status, amount = item.amount, amount_currency = item.currency, count = item.count, excerpt = item.excerpt, url = item.url,
	assignee = item.assignee, occurred_at = item.occurred_at, data = item.data, owner_id = item.owner_id, said_at = item.said_at,
	removed_at = item.removed_at, removed_by = item.removed_by
from unnest(:workspace_id[], :linked_id[], :version[], :kind[], :account_id[], :contact_id[], :deal_id[], :title[], :status[], :amount[], :amount_currency[],
		:count[], :excerpt[], :url[], :assignee[], :occurred_at[], :data[], :owner_id[], :said_at[], :removed_at[], :removed_by[])
	as item (workspace_id, id, version, kind, account_id, contact_id, deal_id, title, status, amount, currency, count, excerpt, url, assignee, occurred_at, data,
		owner_id, said_at, removed_at, removed_by)
where (l.workspace_id, l.id) = (item.workspace_id, item.id) and l.version = item.version - 1

-- name: linked_said linked_row *; locks contacts.linked: said again as it is known; only since when it is so
update contacts.linked l
set said_at = item.said_at
from unnest(:workspace_id[], :linked_id[], :said_at[]) as item (workspace_id, id, said_at)
where (l.workspace_id, l.id) = (item.workspace_id, item.id) and l.said_at is distinct from item.said_at

-- name: linked_owner_write timeline_owner *; locks contacts.linked: whoever owns the record sees what hangs on it
update contacts.linked l
set owner_id = item.owner_id
from unnest(:workspace_id[], :subject_id[], :owner_id[]) as item (workspace_id, record_id, owner_id)
where (l.workspace_id, l.record_id) = (item.workspace_id, item.record_id) and l.owner_id is distinct from item.owner_id

-- name: fact_owner_write timeline_owner *; locks contacts.fact
update contacts.fact f
set owner_id = item.owner_id
from unnest(:workspace_id[], :subject_id[], :owner_id[]) as item (workspace_id, about_id, owner_id)
where (f.workspace_id, f.about_id) = (item.workspace_id, item.about_id) and f.owner_id is distinct from item.owner_id

-- name: linked_hand_over member_handed_over *; locks contacts.linked
update contacts.linked l
set owner_id = item.to_id
from unnest(:workspace[], :user_id[], :to_id[]) as item (workspace_id, user_id, to_id)
where l.workspace_id = item.workspace_id and l.owner_id = item.user_id

-- name: fact_hand_over member_handed_over *; locks contacts.fact
update contacts.fact f
set owner_id = item.to_id
from unnest(:workspace[], :user_id[], :to_id[]) as item (workspace_id, user_id, to_id)
where f.workspace_id = item.workspace_id and f.owner_id = item.user_id

-- name: onboarding_load onboarding_ask -> onboarding_row; locks nothing; a row per item, in their order
select w.workspace_id is not null as known, w.onboarding as steps
from unnest(:workspace_id[]) with ordinality as item (workspace_id, i)
left join contacts.workspace w on w.workspace_id = item.workspace_id
order by item.i

-- name: onboarding_write onboarding_changed; locks contacts.workspace
update contacts.workspace w
set onboarding = item.steps
from unnest(:workspace_id[], :steps[]) as item (workspace_id, steps)
where w.workspace_id = item.workspace_id

-- name: linked_list linked_list -> json; sorted whole: what hangs on one record is hundreds; of the whole workspace the latest are asked for
with bounds as (
	select (select nullif(current_setting('crm.workspaces', true), ''))::uuid[] as workspaces
), person as (
	select :contact_id as id
	where :contact_id is not null
	union
	select l.contact_id
	from contacts.lead l
	where l.workspace_id = any ((select workspaces from bounds)::uuid[]) and l.lead_id = :deal_id and l.contact_id is not null
	union
	select t.contact_id
	from contacts.timeline t
	where t.workspace_id = any ((select workspaces from bounds)::uuid[]) and t.subject_id = :deal_id and t.contact_id is not null
), company as (
	select :account_id as id
	where :account_id is not null
	union
	select c.account_id
	from contacts.contact c
	join person p on p.id = c.id
	where :deal_id is not null and c.workspace_id = any ((select workspaces from bounds)::uuid[]) and c.account_id is not null
	union
	select v.account_id
	from contacts.conversion v
	where v.workspace_id = any ((select workspaces from bounds)::uuid[]) and v.deal_id = :deal_id and v.account_id is not null
	union
	select k
	from contacts.deal_company(:deal_id) k
), found as (
	select l as linked, l.id, l.kind, case when contacts.amount_stands(l.status) then l.amount end as amount, l.amount_currency, coalesce(l.occurred_at, l.created_at) as at
	from contacts.linked l
	where l.workspace_id = any ((select workspaces from bounds)::uuid[]) and l.removed_at is null
		and ((:account_id is null and :contact_id is null and :deal_id is null)
			or l.account_id in (select id from company) or l.contact_id in (select id from person) or l.deal_id = :deal_id
			or (l.account_id is null and l.contact_id in (
				select c.id
				from contacts.contact c
				where c.workspace_id = any ((select workspaces from bounds)::uuid[]) and c.account_id in (select id from company))))
		and (:q is null or (select bool_and(strpos(contacts.search_text(concat_ws(' ', l.title, l.external_id, l.status, l.excerpt, l.assignee)), w) > 0)
			from unnest(contacts.search_asked(:q)) w))
), page as (
	select f.*, row_number() over latest as i, lead(true, 1, false) over latest as more
	from found f
	where (:kind is null or f.kind = any (string_to_array(:kind, ',')))
		and (:after is null or (f.at, f.id) < (contacts.cursor_at(:after), contacts.cursor_id(:after)))
	window latest as (order by f.at desc, f.id desc)
	order by f.at desc, f.id desc
	limit least(greatest(coalesce(:limit, 50), 1), 200)
)
select json_build_object(
	'data', coalesce((select json_agg(contacts.linked_json(p.linked) order by p.i) from page p), '[]'),
	'next', (select max((extract(epoch from p.at) * 1000000)::bigint || '.0.' || p.id) from page p
		where p.i = least(greatest(coalesce(:limit, 50), 1), 200) and p.more),
	'groups', coalesce((
		select json_agg(json_build_object('kind', g.kind, 'count', g.n, 'total', coalesce(g.total, '[]')) order by g.kind)
		from (
			select s.kind, sum(s.n) as n, json_agg(contacts.money_json(s.minor, s.amount_currency) order by s.amount_currency)
				filter (where s.minor is not null) as total
			from (
				select f.kind, f.amount_currency, count(*) as n, sum(f.amount)::bigint as minor
				from found f
				group by f.kind, f.amount_currency
			) s
			group by s.kind
		) g), '[]'))::text

-- name: linked_get linked_get -> json; no row: there is none, or none the reader may see
select contacts.linked_json(l)::text
from contacts.linked l
where l.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) and l.id = :linked_id

-- name: linked_search linked_search -> json kept; by linked_words
select json_build_object('data', coalesce(json_agg(json_build_object('id', l.id, 'workspace_id', l.workspace_id, 'title', l.title,
		'subtitle', nullif(concat_ws(' · ', l.external_id, l.status, a.name, c.name), ''), 'kind', l.kind, 'url', l.url, 'account_id', l.account_id,
		'contact_id', l.contact_id, 'deal_id', l.deal_id, 'owner_id', l.owner_id, 'created_at', contacts.rfc3339(coalesce(l.occurred_at, l.created_at)))
	order by h.place), '[]'), 'behind', '[]'::json)::text
from contacts.linked_hits(:q, least(greatest(coalesce(:limit, 10), 1), 50)::int) with ordinality as h (workspace_id, id, place)
join contacts.linked l on (l.workspace_id, l.id) = (h.workspace_id, h.id)
left join contacts.account a on (a.workspace_id, a.id) = (l.workspace_id, l.account_id)
left join contacts.contact c on (c.workspace_id, c.id) = (l.workspace_id, l.contact_id)

-- name: onboarding_get onboarding_get -> json; by the workspaces of the asker: the first of them
select json_build_object('workspace_id', w.workspace_id, 'id', w.workspace_id, 'steps', w.onboarding)::text
from contacts.workspace w
where w.workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
limit 1

-- name: account_overview account_overview -> json; each kind with how many, what they are worth, the newest five and who says so; a system that is silent says since when
with bounds as (
	select (select nullif(current_setting('crm.workspaces', true), ''))::uuid[] as workspaces, coalesce(:now, now()) as now
), people as (
	select c.id
	from contacts.contact c
	where c.workspace_id = any ((select workspaces from bounds)::uuid[]) and c.account_id = :account_id
), found as (
	select l as linked, l.id, l.kind, l.system, l.status, l.amount, l.amount_currency, l.count, coalesce(l.occurred_at, l.created_at) as at,
		row_number() over (partition by l.kind order by coalesce(l.occurred_at, l.created_at) desc, l.id desc) as i
	from contacts.linked l
	where l.workspace_id = any ((select workspaces from bounds)::uuid[]) and l.removed_at is null
		and (l.account_id = :account_id or (l.account_id is null and l.contact_id in (select id from people)))
), worth as (
	select f.kind, f.amount_currency, sum(f.amount)::bigint as minor
	from found f
	where f.amount is not null and contacts.amount_stands(f.status)
	group by f.kind, f.amount_currency
), spoken as (
	select s.system, k.kind, s.last_at, contacts.system_away(s, b.now) as away
	from bounds b
	cross join contacts.system s
	cross join lateral unnest(s.kinds) k (kind)
	where s.workspace_id = any (b.workspaces)
), kinds as (
	select f.kind
	from found f
	union
	select p.kind
	from spoken p
)
select json_build_object('id', a.id, 'workspace_id', a.workspace_id,
	'groups', coalesce((
		select json_agg(json_build_object('kind', k.kind,
			'count', (select count(*) from found f where f.kind = k.kind),
			'pieces', (select coalesce(sum(f.count), 0) from found f where f.kind = k.kind),
			'newest', coalesce((select json_agg(contacts.linked_json(f.linked) order by f.i) from found f where f.kind = k.kind and f.i <= 5), '[]'),
			'total', coalesce((select json_agg(contacts.money_json(w.minor, w.amount_currency) order by w.amount_currency) from worth w where w.kind = k.kind), '[]'),
			'sources', coalesce((select json_agg(json_build_object('system', p.system, 'last_at', contacts.rfc3339(p.last_at),
				'unavailable_since', contacts.rfc3339(p.away)) order by p.system) from spoken p where p.kind = k.kind), '[]'),
			'unavailable_since', contacts.rfc3339((select min(p.away) from spoken p where p.kind = k.kind))) order by k.kind)
		from kinds k), '[]'),
	'lifetime', coalesce((select json_agg(contacts.money_json(w.minor, w.amount_currency) order by w.amount_currency) from worth w where w.kind = 'order'), '[]'))::text
from contacts.account a
where a.workspace_id = any ((select workspaces from bounds)::uuid[]) and a.id = :account_id

-- name: removed_linked_drop workspace_removed *; locks contacts.linked, the workspace's rows
delete from contacts.linked t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id
