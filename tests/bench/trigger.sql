-- The peer: one table whose trigger upserts the contact and inserts the deal, in the transaction of the lead. Prepared, one row a statement,
-- narrow rows, bigint keys, no events, no raw request, no timeline: the best case of "a database trigger fires automatically".
drop schema if exists bench cascade;
create schema bench;
create table bench.contact (
	id bigint generated always as identity primary key,
	workspace_id bigint not null,
	email text collate "C" not null,
	name text not null,
	phone text,
	updated_at timestamptz not null default now()
);
create unique index contact_email on bench.contact (workspace_id, lower(email));
create table bench.deal (
	id bigint generated always as identity primary key,
	workspace_id bigint not null,
	lead_id bigint not null,
	contact_id bigint not null references bench.contact (id),
	stage_id bigint not null,
	title text not null,
	created_at timestamptz not null default now()
);
create index deal_board on bench.deal (workspace_id, stage_id, created_at desc);
create table bench.lead (
	id bigint generated always as identity primary key,
	workspace_id bigint not null,
	name text not null,
	email text not null,
	phone text,
	form_type text not null,
	source text not null,
	message text,
	created_at timestamptz not null default now()
);
create function bench.lead_taken () returns trigger language plpgsql as $$
declare
	contact bigint;
begin
	insert into bench.contact (workspace_id, email, name, phone) values (new.workspace_id, lower(new.email), new.name, new.phone)
	on conflict (workspace_id, lower(email)) do update set name = excluded.name, phone = excluded.phone, updated_at = now()
	returning id into contact;
	insert into bench.deal (workspace_id, lead_id, contact_id, stage_id, title)
	values (new.workspace_id, new.id, contact, 1, new.name || ' — ' || new.form_type);
	return null;
end
$$;
create trigger lead_taken after insert on bench.lead for each row execute function bench.lead_taken ();
