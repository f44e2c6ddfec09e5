-- The company, the catalogue and number series: what documents are made with.

-- name: company_load billing_ask -> company_row; locks nothing; a row per item, in their order
select item.workspace_id, coalesce(c.version, 0) as version, c.name, c.street, c.street2, c.postcode, c.city, c.country, c.email, c.phone, c.website, c.kvk, c.oin, c.vat_id, c.endpoint,
	c.iban, c.bic, c.colour, c.logo, coalesce(c.due_days, 30) as due_days, coalesce(c.quote_days, 30) as quote_days, c.terms_nl, c.terms_en, c.quote_terms_nl, c.quote_terms_en,
	c.footer_nl, c.footer_en, coalesce(c.kor, false) as kor, coalesce(c.price_mode, 'net') as price_mode, coalesce(c.deal_value, 'net') as deal_value,
	coalesce(c.remind_first, 7) as remind_first, coalesce(c.remind_second, 14) as remind_second, coalesce(c.remind_third, 21) as remind_third,
	coalesce(c.remind_auto, false) as remind_auto
from unnest(:workspace_id[]) with ordinality as item (workspace_id, i)
left join billing.company c on c.workspace_id = item.workspace_id
order by item.i

-- name: company_write company_row; locks billing.company, the changed rows
update billing.company c
set version = item.version, name = item.name, street = item.street, street2 = item.street2, postcode = item.postcode, city = item.city, country = item.country, email = item.email,
	phone = item.phone, website = item.website, kvk = item.kvk, oin = item.oin, vat_id = item.vat_id, endpoint = item.endpoint, iban = item.iban, bic = item.bic, colour = item.colour,
	logo = item.logo, due_days = item.due_days, quote_days = item.quote_days, terms_nl = item.terms_nl, terms_en = item.terms_en, quote_terms_nl = item.quote_terms_nl,
	quote_terms_en = item.quote_terms_en, footer_nl = item.footer_nl, footer_en = item.footer_en, kor = item.kor, price_mode = item.price_mode, deal_value = item.deal_value,
	remind_first = item.remind_first, remind_second = item.remind_second, remind_third = item.remind_third, remind_auto = item.remind_auto, updated_at = now()
from unnest(:workspace_id[], :version[], :name[], :street[], :street2[], :postcode[], :city[], :country[], :email[], :phone[], :website[], :kvk[], :oin[], :vat_id[], :endpoint[], :iban[],
	:bic[], :colour[], :logo[], :due_days[], :quote_days[], :terms_nl[], :terms_en[], :quote_terms_nl[], :quote_terms_en[], :footer_nl[], :footer_en[], :kor[], :price_mode[], :deal_value[],
	:remind_first[], :remind_second[], :remind_third[], :remind_auto[])
	as item (workspace_id, version, name, street, street2, postcode, city, country, email, phone, website, kvk, oin, vat_id, endpoint, iban,
	bic, colour, logo, due_days, quote_days, terms_nl, terms_en, quote_terms_nl, quote_terms_en, footer_nl, footer_en, kor, price_mode, deal_value,
	remind_first, remind_second, remind_third, remind_auto)
where c.workspace_id = item.workspace_id

-- name: company_get company_get -> json; of one workspace of the set
select (to_jsonb(c) - 'updated_at')::text
from billing.company c
where c.workspace_id = any (:workspaces) and (:workspace_id is null or c.workspace_id = :workspace_id)
order by c.workspace_id
limit 1

-- name: catalog_item_load catalog_item_ask -> catalog_item_place; locks nothing; a row per item, in their order
select x.version, x.code, x.name_nl, x.name_en, x.description_nl, x.description_en, x.unit, x.prices, x.created_at, x.created_by, x.removed_at is not null as removed,
	exists (select from billing.catalog_item o
		where o.workspace_id = item.workspace_id and o.id <> item.id and o.removed_at is null and lower(o.code) = lower(item.code)) as taken,
	(select count(*) from billing.catalog_item o where o.workspace_id = item.workspace_id and o.removed_at is null) as items
from unnest(:workspace_id[], :catalog_item_id[], :code[]) with ordinality as item (workspace_id, id, code, i)
left join billing.catalog_item x on (x.workspace_id, x.id) = (item.workspace_id, item.id)
order by item.i

-- name: catalog_item_write catalog_item_row; locks billing.catalog_item; the index on codes has the last word
insert into billing.catalog_item (workspace_id, id, version, code, name_nl, name_en, description_nl, description_en, unit, prices, created_at, created_by, removed_at)
select * from unnest(:workspace_id[], :catalog_item_id[], :version[], :code[], :name_nl[], :name_en[], :description_nl[], :description_en[], :unit[], :prices[], :created_at[], :created_by[],
	:removed_at[])
on conflict (workspace_id, id) do update set version = excluded.version, code = excluded.code, name_nl = excluded.name_nl, name_en = excluded.name_en,
	description_nl = excluded.description_nl, description_en = excluded.description_en, unit = excluded.unit, prices = excluded.prices, removed_at = excluded.removed_at

-- part: catalog_item_page
jsonb_build_object('id', x.id, 'workspace_id', x.workspace_id, 'version', x.version, 'code', x.code, 'name_nl', x.name_nl, 'name_en', x.name_en, 'description_nl', x.description_nl,
	'description_en', x.description_en, 'unit', x.unit, 'prices', x.prices, 'created_at', billing.moment(x.created_at), 'created_by', x.created_by, 'removed_at', billing.moment(x.removed_at))

-- name: catalog_item_list catalog_item_list -> json; a workspace has at most two thousand
select json_build_object('data', coalesce(json_agg(
-- use: catalog_item_page
 order by lower(coalesce(x.code, '')), lower(coalesce(x.name_nl, x.name_en)), x.id), '[]'))::text
from billing.catalog_item x
where x.workspace_id = any (:workspaces) and (x.removed_at is not null) = coalesce(:removed, false)
	and (:q is null or strpos(lower(concat_ws(' ', x.code, x.name_nl, x.name_en)), lower(:q)) > 0)

-- name: catalog_item_get catalog_item_get -> json; no row: there is none
select (
-- use: catalog_item_page
)::text
from billing.catalog_item x
where x.workspace_id = any (:workspaces) and x.id = :catalog_item_id

-- name: series_load series_ask -> series_place; locks nothing; a row per item, in their order
select s.format, s.digits, s.yearly, y.year, y.month, coalesce(t.last, 0) as last, coalesce(e.last, 0) as last_ever, case when s.yearly then t.issued else e.issued end as issued
from unnest(:workspace_id[], :kind[], :now[], :day[]) with ordinality as item (workspace_id, kind, now, day, i)
left join billing.workspace w on w.workspace_id = item.workspace_id
cross join lateral (
	select extract(year from d.day)::bigint as year, extract(month from d.day)::bigint as month
	from (select coalesce(item.day, (item.now at time zone coalesce(w.timezone, 'UTC'))::date) as day) d
) y
left join billing.series s on (s.workspace_id, s.kind) = (item.workspace_id, item.kind)
left join billing.counter t on (t.workspace_id, t.kind, t.year) = (item.workspace_id, item.kind, y.year)
left join billing.counter e on (e.workspace_id, e.kind, e.year) = (item.workspace_id, item.kind, 0)
order by item.i

-- name: series_used_load series_pattern -> series_used; the highest number of such a format that was given
select coalesce(max((regexp_match(d.number, item.pattern))[1]::bigint), 0) as most
from unnest(:workspace_id[], :kind[], :pattern[]) with ordinality as item (workspace_id, kind, pattern, i)
left join billing.document d on d.workspace_id = item.workspace_id and d.kind = item.kind and d.number ~ item.pattern
group by item.i
order by item.i

-- name: series_write series_row; locks billing.series, billing.counter; the counter never goes back
with counted as (
	insert into billing.counter (workspace_id, kind, year, last)
	select * from unnest(:workspace_id[], :kind[], :year[], :last[])
	on conflict (workspace_id, kind, year) do update set last = greatest(counter.last, excluded.last)
)
update billing.series s
set format = item.format, digits = item.digits, yearly = item.yearly
from unnest(:workspace_id[], :kind[], :format[], :digits[], :yearly[]) as item (workspace_id, kind, format, digits, yearly)
where (s.workspace_id, s.kind) = (item.workspace_id, item.kind)

-- name: series_list series_list -> json; by kind: of each its next number in this year
select json_build_object('data', coalesce(json_agg(json_build_object('workspace_id', s.workspace_id, 'kind', s.kind, 'format', s.format, 'digits', s.digits, 'yearly', s.yearly,
	'year', y.year, 'next', coalesce(c.last, 0) + 1) order by s.workspace_id, s.kind desc), '[]'))::text
from billing.series s
join billing.workspace w on w.workspace_id = s.workspace_id
cross join lateral (
	select extract(year from now() at time zone w.timezone)::int as year
) y
left join billing.counter c on (c.workspace_id, c.kind, c.year) = (s.workspace_id, s.kind, case when s.yearly then y.year else 0 end)
where s.workspace_id = any (:workspaces)
