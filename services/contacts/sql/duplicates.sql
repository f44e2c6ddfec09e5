-- name: duplicate_list duplicate_list -> json; out of pairs that are kept (sql/0052_alike.sql), of each workspace by the key; a pair of which one is out of sight is none
with asked as materialized (
	select coalesce(:of, 'contact') as kind, least(greatest(coalesce(:limit, 50), 1), 200) as most,
		case when :after ~ '^[0-9]{1,4}\.[0-9a-f-]{36}\.[0-9a-f-]{36}$' then string_to_array(:after, '.') end as from_here
), page as (
	select p.workspace_id, p.a, p.b, p.reasons, 100 - p.doubt as score, row_number() over (order by p.doubt, p.a, p.b) as i
	from asked s
	cross join unnest((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]) w (workspace_id)
	cross join lateral (
		select p.workspace_id, p.doubt, p.a, p.b, p.reasons
		from contacts.alike p
		where p.workspace_id = w.workspace_id and p.kind = s.kind
			and (p.doubt, p.a, p.b) > (coalesce(100 - s.from_here[1]::int, -1), coalesce(s.from_here[2], '00000000-0000-0000-0000-000000000000')::uuid,
				coalesce(s.from_here[3], '00000000-0000-0000-0000-000000000000')::uuid)
			and not exists (select from contacts.not_duplicate n where (n.workspace_id, n.a, n.b) = (p.workspace_id, p.a, p.b))
			and case s.kind when 'contact' then
				(select c.archived_at is null from contacts.contact c where (c.workspace_id, c.id) = (p.workspace_id, p.a))
				and (select c.archived_at is null from contacts.contact c where (c.workspace_id, c.id) = (p.workspace_id, p.b))
			else
				(select c.archived_at is null from contacts.account c where (c.workspace_id, c.id) = (p.workspace_id, p.a))
				and (select c.archived_at is null from contacts.account c where (c.workspace_id, c.id) = (p.workspace_id, p.b)) end
		order by p.doubt, p.a, p.b
		limit s.most + 1
	) p
	order by i
	limit least(greatest(coalesce(:limit, 50), 1), 200) + 1
)
select json_build_object(
	'data', coalesce(json_agg(contacts.pair_json(s.kind, p.a, p.b, p.reasons, p.score) order by p.i) filter (where p.i <= s.most), '[]'),
	'next', max(p.score || '.' || p.a || '.' || p.b) filter (where p.i = s.most and (select count(*) from page) > s.most),
	'behind', (select to_json(contacts.alike_behind(t.kind)) from asked t))::text
from asked s
left join page p on true

-- name: contact_similar contact_similar -> json; by the keys, by the words of search (their first four letters, so that a slip of the pen is found), and by the last digits of phones
with asked as materialized (
	select (select nullif(current_setting('crm.workspaces', true), ''))::uuid[] as workspaces, lower(nullif(btrim(:email), '')) as email, contacts.phone_tail(:phone) as phone,
		nullif(btrim(contacts.search_text(:name)), '') as name, contacts.company_core(:company) as company
), found as (
	select e.id, 'email' as reason, 1::real as far
	from asked s
	cross join lateral contacts.email_bearers(s.email) e
	where s.email is not null
	union all
	select p.id, 'phone', 1
	from asked s
	cross join lateral contacts.phone_bearers(s.phone) p
	join contacts.contact c on (c.workspace_id, c.id) = (p.workspace_id, p.id)
	where contacts.phone_tail(c.phone) = s.phone
		or exists (select from contacts.contact_reach r where (r.workspace_id, r.contact_id) = (c.workspace_id, c.id) and r.kind = 'phone' and contacts.phone_tail(r.value) = s.phone)
	union all
	select c.id, case when btrim(contacts.search_text(c.name)) = s.name then case when s.company is not null and contacts.company_core(c.company) = s.company then 'name_company' else 'name' end else 'fuzzy' end,
		public.similarity(btrim(contacts.search_text(c.name)), s.name)
	from asked s
	cross join lateral contacts.search_hits((select string_agg(left(w, 4), ' ') from unnest(string_to_array(s.name, ' ')) w), 40) h
	join contacts.contact c on (c.workspace_id, c.id) = (h.workspace_id, h.id)
	where strpos(s.name, ' ') > 0 and public.similarity(btrim(contacts.search_text(c.name)), s.name) >= 0.5
		and (btrim(contacts.search_text(c.name)) = s.name or s.company is null or contacts.company_core(c.company) is null or contacts.company_core(c.company) = s.company)
), told as (
	select f.id, array_agg(distinct f.reason) as reasons,
		least(99, max(case f.reason when 'email' then 95 when 'phone' then 85 when 'name_company' then 85 when 'name' then 60 else (30 + 50 * f.far)::int end) + 5 * (count(distinct f.reason) - 1)) as score
	from found f
	where :but is null or f.id <> :but
	group by f.id
	order by score desc, f.id desc
	limit 5
)
select json_build_object('data', coalesce(json_agg(json_build_object('id', c.id, 'workspace_id', c.workspace_id, 'number', c.number, 'name', c.name, 'email', c.email, 'phone', c.phone, 'company', c.company,
	'reasons', t.reasons, 'score', t.score) order by t.score desc, t.id desc), '[]'))::text
from told t
cross join asked s
join contacts.contact c on c.workspace_id = any (s.workspaces) and c.id = t.id

-- name: account_similar account_similar -> json; see accounts_near
with asked as materialized (
	select (select nullif(current_setting('crm.workspaces', true), ''))::uuid[] as workspaces, contacts.company_core(:name) as name, contacts.phone_tail(:phone) as phone, contacts.site_core(:website) as site
), told as (
	select a.id, x.reasons, x.score
	from asked s
	cross join lateral contacts.accounts_near(s.name, s.phone, s.site) n
	join contacts.account a on (a.workspace_id, a.id) = (n.workspace_id, n.id)
	cross join lateral (
		select array_remove(array[case when contacts.company_core(a.name) = s.name then 'name' when public.similarity(contacts.company_core(a.name), s.name) >= 0.6 then 'fuzzy' end,
				case when contacts.phone_tail(a.phone) = s.phone then 'phone' end, case when contacts.site_core(a.website) = s.site then 'website' end], null) as reasons,
			greatest(case when contacts.company_core(a.name) = s.name then 85 else (30 + 50 * coalesce(public.similarity(contacts.company_core(a.name), s.name), 0))::int end,
				case when contacts.phone_tail(a.phone) = s.phone then 85 else 0 end, case when contacts.site_core(a.website) = s.site then 90 else 0 end) as score
	) x
	where cardinality(x.reasons) > 0 and (:but is null or a.id <> :but)
	order by x.score desc, a.id desc
	limit 5
)
select json_build_object('data', coalesce(json_agg(json_build_object('id', a.id, 'workspace_id', a.workspace_id, 'number', a.number, 'name', a.name, 'email', a.email, 'phone', a.phone, 'company', a.city,
	'reasons', t.reasons, 'score', t.score) order by t.score desc, t.id desc), '[]'))::text
from told t
cross join asked s
join contacts.account a on a.workspace_id = any (s.workspaces) and a.id = t.id
