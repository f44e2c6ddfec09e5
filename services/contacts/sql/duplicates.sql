-- name: duplicate_list duplicate_list -> json; no pair is looked at that does not share a key: an e-mail, the end of a phone number, a name, a company. Reads all contacts once: 100,000 in about a second
with asked as materialized (
	select (select nullif(current_setting('crm.workspaces', true), ''))::uuid[] as workspaces, coalesce(:of, 'contact') as kind,
		case when :after ~ '^[0-9]{1,4}\.[0-9a-f-]{36}\.[0-9a-f-]{36}$' then string_to_array(:after, '.') end as from_here
), person as materialized (
	select c.workspace_id, c.id, lower(c.email) as email, contacts.phone_tail(c.phone) as phone, btrim(contacts.search_text(c.name)) as name, contacts.company_core(c.company) as company
	from asked s
	join contacts.contact c on c.workspace_id = any (s.workspaces)
	where s.kind = 'contact' and c.archived_at is null
), firm as materialized (
	select a.workspace_id, a.id, contacts.company_core(a.name) as name, contacts.phone_tail(a.phone) as phone, contacts.site_core(a.website) as site, lower(a.vat_no) as vat, lower(a.registration_no) as registration
	from asked s
	join contacts.account a on a.workspace_id = any (s.workspaces)
	where s.kind = 'account' and a.archived_at is null
), key as (
	select p.workspace_id, 'email' as reason, p.email as key, p.id, p.name from person p where p.email <> ''
	union all
	select r.workspace_id, r.kind, case r.kind when 'email' then r.value else contacts.phone_tail(r.value) end, p.id, p.name
	from asked s
	join contacts.contact_reach r on r.workspace_id = any (s.workspaces) and s.kind = 'contact'
	join person p on (p.workspace_id, p.id) = (r.workspace_id, r.contact_id)
	union all
	select p.workspace_id, 'phone', p.phone, p.id, p.name from person p
	union all
	select p.workspace_id, 'name_company', p.name || '|' || p.company, p.id, p.name from person p
	union all
	select p.workspace_id, 'name', p.name, p.id, p.company from person p where strpos(p.name, ' ') > 0
	union all
	select p.workspace_id, 'fuzzy', p.company, p.id, p.name from person p
	union all
	select p.workspace_id, 'fuzzy', '@' || contacts.mail_site(p.email), p.id, p.name from person p where p.email <> ''
	union all
	select f.workspace_id, 'name', f.name, f.id, null from firm f
	union all
	select f.workspace_id, 'phone', f.phone, f.id, f.name from firm f
	union all
	select f.workspace_id, 'website', f.site, f.id, f.name from firm f
	union all
	select f.workspace_id, 'number', x.no, f.id, f.name from firm f cross join lateral (values (f.vat), (f.registration)) as x (no)
	union all
	select f.workspace_id, 'fuzzy', left(f.name, 3), f.id, f.name from firm f
), block as (
	select k.workspace_id, k.reason, array_agg(k.id) as ids, array_agg(k.name) as names
	from key k
	where k.key is not null
	group by k.workspace_id, k.reason, k.key
	having count(*) between 2 and case k.reason when 'fuzzy' then 40 else 12 end
), alike as (
	select distinct b.workspace_id, least(b.ids[i], b.ids[j]) as a, greatest(b.ids[i], b.ids[j]) as b, b.reason, x.far
	from block b
	cross join lateral generate_subscripts(b.ids, 1) as i
	cross join lateral generate_series(i + 1, cardinality(b.ids)) as j
	cross join lateral (select case when b.reason in ('fuzzy', 'phone') then public.similarity(b.names[i], b.names[j]) else 1 end as far) x
	where b.ids[i] <> b.ids[j] and (b.reason <> 'fuzzy' or (x.far >= 0.6 and b.names[i] <> b.names[j]))
		and (b.reason <> 'name' or b.names[i] is null or b.names[j] is null or b.names[i] = b.names[j])
), pair as (
	select l.workspace_id, l.a, l.b, array_agg(distinct l.reason) filter (where l.reason <> 'name' or not l.twice) as reasons,
		least(99, max(case l.reason when 'email' then 95 when 'number' then 95 when 'name_company' then 85 when 'website' then 80
			when 'phone' then case when l.far >= 0.3 then 85 else 55 end when 'name' then 60 else (30 + 50 * l.far)::int end) + 5 * (count(distinct l.reason) - 1)) as score
	from (
		select l.*, bool_or(l.reason = 'name_company') over (partition by l.workspace_id, l.a, l.b) as twice
		from alike l
	) l
	where not exists (select from contacts.not_duplicate n where (n.workspace_id, n.a, n.b) = (l.workspace_id, l.a, l.b))
	group by l.workspace_id, l.a, l.b
), page as (
	select p.a, p.b, p.reasons, p.score::int as score, row_number() over (order by p.score desc, p.a, p.b) as i
	from pair p
	cross join asked s
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
