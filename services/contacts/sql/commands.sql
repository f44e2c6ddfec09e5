-- name: contact_create_load contact_create -> contact_place; locks nothing; a row per item, in their order
select w.auto_contact, w.default_owner_id, c.id as contact_id
from unnest(:workspace[], :email[]) with ordinality as item (workspace_id, email, i)
left join contacts.workspace w on w.workspace_id = item.workspace_id
left join contacts.contact c on (c.workspace_id, lower(c.email)) = (item.workspace_id, lower(item.email)) and c.email is not null and c.email <> ''
order by item.i

-- name: contact_update_load contact_update -> contact_place; locks nothing, the lane is the lock
select c.id as contact_id, c.version, c.name, c.first_name, c.last_name, c.email, c.phone, c.company, c.owner_id, other.id is not null as taken
from unnest(:workspace[], :contact_id[], :email[]) with ordinality as item (workspace_id, contact_id, email, i)
left join contacts.contact c on (c.workspace_id, c.id) = (item.workspace_id, item.contact_id)
left join contacts.contact other on (other.workspace_id, lower(other.email)) = (item.workspace_id, lower(item.email))
	and other.email is not null and other.email <> '' and other.id <> item.contact_id
order by item.i

-- name: contact_created_write contact_created; contacts known to be new; the index on the e-mail has the last word
insert into contacts.contact (workspace_id, id, number, name, first_name, last_name, email, phone, company, owner_id, created_at)
select item.workspace_id, item.contact_id, item.number, item.name, item.first_name, item.last_name, item.email, item.phone, item.company,
	item.owner_id, item.at
from unnest(:workspace[], :contact_id[], :number[], :name[], :first_name[], :last_name[], :email[], :phone[], :company[], :owner_id[], :at[])
	as item (workspace_id, contact_id, number, name, first_name, last_name, email, phone, company, owner_id, at)

-- name: contact_row_write contact_row; locks contacts.contact: the changed rows
update contacts.contact c
set version = item.version, name = item.name, first_name = item.first_name, last_name = item.last_name, email = item.email,
	phone = item.phone, company = item.company, owner_id = item.owner_id
from unnest(:workspace_id[], :contact_id[], :version[], :name[], :first_name[], :last_name[], :email[], :phone[], :company[], :owner_id[])
	as item (workspace_id, contact_id, version, name, first_name, last_name, email, phone, company, owner_id)
where (c.workspace_id, c.id) = (item.workspace_id, item.contact_id) and c.version = item.version - 1
