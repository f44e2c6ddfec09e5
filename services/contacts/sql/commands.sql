-- name: contact_create_load contact_create -> contact_place; locks nothing; a row per item, in their order; one look into the index each, however few there are as far as the planner knows
select w.auto_contact, w.default_owner_id, coalesce(c.id, r.contact_id) as contact_id, w.search_upto, a.id as asked_account_id, a.owner_id as asked_account_owner_id
from unnest(:workspace[], :email[], :account_id[]) with ordinality as item (workspace_id, email, account_id, i)
left join contacts.account a on (a.workspace_id, a.id) = (item.workspace_id, item.account_id) and a.removed_at is null and a.merged_into is null
left join contacts.workspace w on w.workspace_id = item.workspace_id
left join lateral (
	select t.id
	from contacts.contact t
	where (t.workspace_id, lower(t.email)) = (item.workspace_id, lower(item.email)) and t.email is not null and t.email <> ''
		and t.removed_at is null and t.merged_into is null
	limit 1
) c on true
left join lateral (
	select f.contact_id
	from contacts.contact_reach f
	join contacts.contact t on (t.workspace_id, t.id) = (f.workspace_id, f.contact_id) and t.removed_at is null and t.merged_into is null
	where (f.workspace_id, f.kind, f.value) = (item.workspace_id, 'email', lower(btrim(item.email)))
	limit 1
) r on true
order by item.i

-- name: contact_update_load contact_update -> contact_place; locks nothing, the lane is the lock
select c.id as contact_id, c.version, c.name, c.first_name, c.last_name, c.email, c.phone, c.company, c.owner_id, other.id is not null or r.contact_id is not null as taken,
	c.account_id, own.name as account_name, a.id as asked_account_id, a.name as asked_account_name, a.owner_id as asked_account_owner_id
from unnest(:workspace[], :contact_id[], :email[], :account_id[]) with ordinality as item (workspace_id, contact_id, email, account_id, i)
left join contacts.contact c on (c.workspace_id, c.id) = (item.workspace_id, item.contact_id) and c.removed_at is null and c.merged_into is null
left join contacts.account own on (own.workspace_id, own.id) = (c.workspace_id, c.account_id)
left join contacts.account a on (a.workspace_id, a.id) = (item.workspace_id, item.account_id) and a.removed_at is null and a.merged_into is null
left join lateral (
	select t.id
	from contacts.contact t
	where (t.workspace_id, lower(t.email)) = (item.workspace_id, lower(item.email)) and t.email is not null and t.email <> ''
		and t.id <> item.contact_id and t.removed_at is null and t.merged_into is null
	limit 1
) other on true
left join lateral (
	select f.contact_id
	from contacts.contact_reach f
	join contacts.contact t on (t.workspace_id, t.id) = (f.workspace_id, f.contact_id) and t.removed_at is null and t.merged_into is null
	where (f.workspace_id, f.kind, f.value) = (item.workspace_id, 'email', lower(btrim(item.email))) and f.contact_id <> item.contact_id
	limit 1
) r on true
order by item.i

-- name: contact_created_write contact_created; contacts known to be new; the index on the e-mail has the last word
insert into contacts.contact (workspace_id, id, number, name, first_name, last_name, email, phone, company, owner_id, created_at)
select item.workspace_id, item.contact_id, item.number, item.name, item.first_name, item.last_name, item.email, item.phone, item.company,
	item.owner_id, item.at
from unnest(:workspace[], :contact_id[], :number[], :name[], :first_name[], :last_name[], :email[], :phone[], :company[], :owner_id[], :at[])
	as item (workspace_id, contact_id, number, name, first_name, last_name, email, phone, company, owner_id, at)

-- name: contact_made_write contact_made; as contact_created_write, with what no lead says: one row, written once
insert into contacts.contact (workspace_id, id, number, created_at, name, first_name, last_name, email, phone, company, owner_id, account_id, type, status, job_title, notes,
	user_id, custom)
select item.workspace_id, item.contact_id, item.number, item.created_at, item.name, item.first_name, item.last_name, item.email, item.phone, item.company, item.owner_id,
	item.account_id, coalesce(item.type, 'customer'), item.status, item.job_title, item.notes, item.user_id, item.custom
from unnest(:workspace_id[], :contact_id[], :number[], :created_at[], :name[], :first_name[], :last_name[], :email[], :phone[], :company[], :owner_id[], :account_id[],
		:type[], :status[], :job_title[], :notes[], :user_id[], :custom[])
	as item (workspace_id, contact_id, number, created_at, name, first_name, last_name, email, phone, company, owner_id, account_id, type, status, job_title, notes,
		user_id, custom)

-- name: contact_row_write contact_row; locks contacts.contact: the changed rows
update contacts.contact c
set version = item.version, name = item.name, first_name = item.first_name, last_name = item.last_name, email = item.email,
	phone = item.phone, company = item.company, owner_id = item.owner_id
from unnest(:workspace_id[], :contact_id[], :version[], :name[], :first_name[], :last_name[], :email[], :phone[], :company[], :owner_id[])
	as item (workspace_id, contact_id, version, name, first_name, last_name, email, phone, company, owner_id)
where (c.workspace_id, c.id) = (item.workspace_id, item.contact_id) and c.version = item.version - 1

-- name: contact_index_load contact_index -> contact_bite; locks nothing, the lane is the lock; a row per item, in their order
select w.workspace_id is not null as known, w.workspace_id as workspace_id,
	coalesce(w.search_upto, '00000000-0000-0000-0000-000000000000') as from_id, next.to_id, next.taken
from unnest(:workspace[]) with ordinality as item (workspace_id, i)
left join contacts.workspace w on w.workspace_id = item.workspace_id
left join lateral (
	select (array_agg(b.id order by b.id desc))[1] as to_id, count(*) as taken
	from (
		select t.id
		from contacts.contact t
		where t.workspace_id = w.workspace_id and t.id > coalesce(w.search_upto, '00000000-0000-0000-0000-000000000000')
		order by t.id
		limit 2048
	) b
) next on true
order by item.i

-- name: contact_page_write contact_bite *; inserts into contacts.search_page
insert into contacts.search_page (workspace_id, last, n, ids, words, marks)
select g.workspace_id, (array_agg(g.id order by g.id desc))[1], count(*), array_agg(g.id order by g.id), string_agg(g.words, '' order by g.id), contacts.search_marks(array_agg(g.words order by g.id))
from (
	select t.workspace_id, t.id, contacts.search_text(concat_ws(' ', t.name, t.company, t.email)) as words,
		(row_number() over (partition by t.workspace_id order by t.id) - 1) / 256 as page
	from unnest(:workspace_id[], :from_id[], :to_id[]) as item (workspace_id, from_id, to_id)
	join contacts.contact t on t.workspace_id = item.workspace_id and t.id > item.from_id and t.id <= item.to_id
) g
group by g.workspace_id, g.page
on conflict (workspace_id, last, n) do update set words = search_page.words || excluded.words, marks = null

-- name: contact_gram_write contact_bite *; inserts into contacts.search_block, then contacts.search_gram: where each three letters occur in the bite
with bite as (
	select t.workspace_id, t.id, item.to_id as last, contacts.search_text(concat_ws(' ', t.name, t.company, t.email)) || ' ' as words,
		(row_number() over (partition by t.workspace_id order by t.id desc) - 1)::int as i
	from unnest(:workspace_id[], :from_id[], :to_id[]) as item (workspace_id, from_id, to_id)
	join contacts.contact t on t.workspace_id = item.workspace_id and t.id > item.from_id and t.id <= item.to_id
), block as (
	insert into contacts.search_block (workspace_id, last, ids)
	select b.workspace_id, b.last, array_agg(b.id order by b.i)
	from bite b
	group by b.workspace_id, b.last
	on conflict (workspace_id, last) do nothing
)
insert into contacts.search_gram (workspace_id, bucket, last, bits)
select b.workspace_id, g.bucket, b.last, bit_or(set_bit(repeat('0', 2048)::bit(2048), b.i, 1))
from bite b
cross join lateral (select distinct contacts.search_gram_bucket(x) as bucket from unnest(contacts.search_threes(b.words)) x) g
group by b.workspace_id, g.bucket, b.last
on conflict (workspace_id, bucket, last) do nothing

-- name: contact_mark_write contact_bite; locks contacts.workspace
update contacts.workspace w
set search_upto = item.to_id
from unnest(:workspace_id[], :to_id[]) as item (workspace_id, to_id)
where w.workspace_id = item.workspace_id

-- name: contact_late_write contact_late *; locks contacts.search_page; what stands on no page yet needs none of its own
insert into contacts.search_page (workspace_id, last, n, ids, words)
select t.workspace_id, t.id, 1, array[t.id], contacts.search_text(concat_ws(' ', t.name, t.company, t.email))
from (
	select distinct item.workspace_id, item.late_id
	from unnest(:workspace_id[], :late_id[]) as item (workspace_id, late_id)
) item
join contacts.workspace w on w.workspace_id = item.workspace_id and item.late_id <= w.search_upto
join contacts.contact t on (t.workspace_id, t.id) = (item.workspace_id, item.late_id)
on conflict (workspace_id, last, n) do update set words = search_page.words || excluded.words, marks = null
