-- name: duplicate_list duplicate_list -> json; no pair is looked at that does not share a key: an e-mail, the end of a phone number, a name, a company. Reads all contacts once: see sql/0040_gone.sql
with asked as materialized (
	select (select nullif(current_setting('crm.workspaces', true), ''))::uuid[] as workspaces, coalesce(:of, 'contact') as kind,
		case when :after ~ '^[0-9]{1,4}\.[0-9a-f-]{36}\.[0-9a-f-]{36}$' then string_to_array(:after, '.') end as from_here
), page as (
	select p.a, p.b, p.reasons, p.score, row_number() over (order by p.score desc, p.a, p.b) as i
	from asked s
	cross join lateral contacts.duplicate_pairs(s.kind) p
	where s.from_here is null or p.score < s.from_here[1]::int or (p.score = s.from_here[1]::int and (p.a, p.b) > (s.from_here[2]::uuid, s.from_here[3]::uuid))
	order by i
	limit least(greatest(coalesce(:limit, 50), 1), 200) + 1
)
select json_build_object(
	'data', coalesce(json_agg(contacts.pair_json(s.kind, p.a, p.b, p.reasons, p.score) order by p.i) filter (where p.i <= least(greatest(coalesce(:limit, 50), 1), 200)), '[]'),
	'next', max(p.score || '.' || p.a || '.' || p.b) filter (where p.i = least(greatest(coalesce(:limit, 50), 1), 200)
		and (select count(*) from page) > least(greatest(coalesce(:limit, 50), 1), 200)))::text
from page p
cross join asked s

-- name: contact_similar contact_similar -> json; by the keys, by the words of search (their first four letters, so that a slip of the pen is found), and by the last digits of phones
with asked as materialized (
	select (select nullif(current_setting('crm.workspaces', true), ''))::uuid[] as workspaces, lower(nullif(btrim(:email), '')) as email, contacts.phone_tail(:phone) as phone,
		nullif(btrim(contacts.search_text(:name)), '') as name, contacts.company_core(:company) as company
), found as (
	select c.id, 'email' as reason, 1::real as far
	from asked s
	join contacts.contact c on c.workspace_id = any (s.workspaces) and c.email is not null and c.email <> '' and lower(c.email) = s.email
	union all
	select r.contact_id, r.kind, 1
	from asked s
	join contacts.contact_reach r on r.workspace_id = any (s.workspaces) and ((r.kind = 'email' and r.value = s.email) or (r.kind = 'phone' and contacts.phone_tail(r.value) = s.phone))
	union all
	select c.id, 'phone', 1
	from asked s
	join contacts.contact c on s.phone is not null and c.workspace_id = any (s.workspaces) and right(c.phone, 1) = right(s.phone, 1) and contacts.phone_tail(c.phone) = s.phone
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

-- name: account_similar account_similar -> json; a workspace's accounts are few
with asked as materialized (
	select (select nullif(current_setting('crm.workspaces', true), ''))::uuid[] as workspaces, contacts.company_core(:name) as name, contacts.phone_tail(:phone) as phone, contacts.site_core(:website) as site
), told as (
	select a.id, x.reasons, x.score
	from asked s
	join contacts.account a on a.workspace_id = any (s.workspaces)
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
