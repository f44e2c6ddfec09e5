-- Templates of mails, and what they say of people: a small copy of contacts beside that of deals.
create table mailer.template (
	workspace_id uuid not null,
	id uuid not null,
	version bigint not null,
	name text not null,
	subject_nl text,
	text_nl text,
	subject_en text,
	text_en text,
	transactional boolean not null,
	created_at timestamptz not null,
	created_by uuid,
	removed_at timestamptz,
	primary key (workspace_id, id),
	check ((subject_nl is null) = (text_nl is null) and (subject_en is null) = (text_en is null) and coalesce(text_nl, text_en) is not null)
);
create unique index template_name on mailer.template (workspace_id, lower(name)) where removed_at is null;
comment on table mailer.template is 'Mails that are written once and sent often';
comment on column mailer.template.workspace_id is 'whose';
comment on column mailer.template.id is 'which';
comment on column mailer.template.version is 'grows with every change';
comment on column mailer.template.name is 'what people call it; no two of a workspace bear one name; not personal';
comment on column mailer.template.subject_nl is 'its Dutch subject, with placeholders; null: it has no Dutch; not personal';
comment on column mailer.template.text_nl is 'its Dutch text, with placeholders; not personal';
comment on column mailer.template.subject_en is 'its English subject; null: it has no English; not personal';
comment on column mailer.template.text_en is 'its English text; not personal';
comment on column mailer.template.transactional is 'a deal or contract needs it: those who want no news get it all the same';
comment on column mailer.template.created_at is 'since when it is there';
comment on column mailer.template.created_by is 'who made it: they may change it';
comment on column mailer.template.removed_at is 'since when nobody writes by it any more; null: it is there';

create table mailer.contact (
	workspace_id uuid not null,
	id uuid not null,
	name text not null,
	first_name text,
	last_name text,
	email text,
	phone text,
	company text,
	owner_id uuid,
	primary key (workspace_id, id)
);
create index contact_email on mailer.contact (workspace_id, lower(email)) where email is not null;
comment on table mailer.contact is 'What a mail says of a contact (from contact.created and contact.updated)';
comment on column mailer.contact.workspace_id is 'whose';
comment on column mailer.contact.id is 'who';
comment on column mailer.contact.name is 'their full name; personal by id: a word stays';
comment on column mailer.contact.first_name is 'given name, where somebody said it; personal by id';
comment on column mailer.contact.last_name is 'family name, where somebody said it; personal by id';
comment on column mailer.contact.email is 'where mail reaches them; personal by id';
comment on column mailer.contact.phone is 'phone; personal by id';
comment on column mailer.contact.company is 'company as typed; personal by id';
comment on column mailer.contact.owner_id is 'whose it is: who may see it';

create table mailer.lead_contact (
	workspace_id uuid not null,
	lead_id uuid not null,
	contact_id uuid not null,
	primary key (workspace_id, lead_id)
);
create index lead_contact_contact on mailer.lead_contact (workspace_id, contact_id);
comment on table mailer.lead_contact is 'Whose lead it is (from lead.contact_linked), which may be heard before its deal is';
comment on column mailer.lead_contact.workspace_id is 'whose';
comment on column mailer.lead_contact.lead_id is 'which lead; its deal bears the same id';
comment on column mailer.lead_contact.contact_id is 'who asked';

alter table mailer.lead_contact enable row level security;
create policy workspaces_asked on mailer.lead_contact for select to mailer_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));
alter table mailer.template enable row level security;
alter table mailer.contact enable row level security;
create policy workspaces_asked on mailer.template for select to mailer_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));
create policy workspaces_asked on mailer.contact for select to mailer_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and ((select current_setting('crm.scope', true)) <> 'own'
			or owner_id = any (coalesce((select nullif(current_setting('crm.users', true), ''))::uuid[],
				array[(select nullif(current_setting('crm.user', true), ''))::uuid]))));

create function mailer.moment(at timestamptz) returns text language sql stable
	return to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
comment on function mailer.moment is 'A moment as the API writes it';

create function mailer.amount(cents bigint, currency text) returns json language sql immutable
	return case when cents is not null then json_build_object('amount',
		case currency when 'JPY' then cents::text when 'KWD' then trim_scale(0.000 + cents / 1000.0)::numeric(30, 3)::text else (cents / 100.0)::numeric(30, 2)::text end,
		'currency', currency) end;
comment on function mailer.amount is 'An amount as placeholders say it';

create function mailer.template_json(t mailer.template) returns json language sql stable
	return json_build_object('id', t.id, 'workspace_id', t.workspace_id, 'name', t.name, 'subject_nl', t.subject_nl, 'text_nl', t.text_nl,
		'subject_en', t.subject_en, 'text_en', t.text_en, 'transactional', t.transactional, 'version', t.version,
		'created_at', mailer.moment(t.created_at), 'created_by', t.created_by, 'removed_at', mailer.moment(t.removed_at));
comment on function mailer.template_json is 'A template as the API writes it';
