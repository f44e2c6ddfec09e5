-- Who asked to be forgotten, and what contacts' columns hold of people: see common/sql/0005_erasure.sql.
create table contacts.erasure_job (
	workspace_id uuid not null,
	id uuid not null,
	contact_id uuid,
	asked_by uuid,
	asked_at timestamptz not null,
	leads_at timestamptz,
	settled_at timestamptz,
	primary key (workspace_id, id)
);
comment on table contacts.erasure_job is 'Who asked to be forgotten, by the id of what is left of them; how far each service is stands in its own erasure';
comment on column contacts.erasure_job.workspace_id is 'whose';
comment on column contacts.erasure_job.id is 'which';
comment on column contacts.erasure_job.contact_id is 'the contact; null: an address was named';
comment on column contacts.erasure_job.asked_by is 'who gave the order';
comment on column contacts.erasure_job.asked_at is 'when';
comment on column contacts.erasure_job.leads_at is 'when lead-intake had done its part; null: not yet';
comment on column contacts.erasure_job.settled_at is 'when nobody had anything more to say of them; null: not yet';
alter table contacts.erasure_job enable row level security;
create policy read on contacts.erasure_job for select to contacts_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));

select contacts.says_of_people('personal by id', 'contact.name', 'contact.first_name', 'contact.last_name', 'contact.email', 'contact.phone', 'contact.job_title', 'contact.notes', 'contact.custom');
select contacts.says_of_people('personal by contact_id: the row goes', 'contact_reach.value', 'contact_reach.label');
select contacts.says_of_people('personal by record_id: the row goes', 'attachment.name');
select contacts.says_of_people('personal by lead_id: the row goes', 'lead_person.name', 'lead_person.first_name', 'lead_person.last_name', 'lead_person.email',
	'lead_person.phone', 'lead_person.company');
select contacts.says_of_people('personal by record_id: a word stays', 'activity.subject', 'activity.note', 'notice.title');
select contacts.says_of_people('personal by room_id: a word stays', 'message.text');
select contacts.says_of_people('personal by survivor_id, loser_id: the row goes', 'merge.survivor', 'merge.loser', 'merge.merged', 'merge.kept');
select contacts.says_of_people('personal by hand', 'merge_part.rows');
select contacts.says_of_people('personal by contact_id', 'linked.title', 'linked.excerpt', 'linked.data');
select contacts.says_of_people('personal by about_id: the row goes', 'fact.value');
select contacts.says_of_people('personal', 'linked.external_id', 'linked.status', 'linked.url', 'linked.assignee', 'fact.label', 'push.what', 'push.data', 'account_external.external_id', 'system.reason');
select contacts.says_of_people('personal', 'contact.company', 'timeline.data', 'account.name', 'account.phone', 'account.industry', 'account.city', 'lead.form_type', 'search_page.words',
	'tag.label', 'account.website', 'account.email', 'account.address', 'account.postcode', 'account.registration_no', 'account.vat_no', 'account.notes', 'account.custom',
	'location.name', 'location.address', 'location.map_url', 'segment.name', 'segment.conditions');

create function contacts.leads_asked_by(addresses text[]) returns setof contacts.lead_person language sql stable security definer set search_path = contacts, pg_temp as $$
	select p.* from contacts.lead_person p
	where p.workspace_id = any (nullif(current_setting('crm.workspaces', true), '')::uuid[]) and lower(p.email) = any (addresses)
$$;
comment on function contacts.leads_asked_by is 'Leads that are no contact yet, by the addresses of who asked';
revoke all on function contacts.leads_asked_by(text[]) from public;
grant execute on function contacts.leads_asked_by(text[]) to contacts_read;

select contacts.says_of_people('not personal', 'account.account_type', 'account.annual_revenue_currency', 'account.country', 'account.lifecycle', 'account.onboarding_status',
	'account.roles', 'activity.about', 'activity.kind', 'activity.priority', 'attachment.about', 'attachment.sha256', 'attachment.type', 'contact.status', 'contact.type',
	'contact_reach.kind', 'deal_fact.kind', 'deal_fact.value_currency', 'location.type', 'member.name', 'mention.source', 'notice.about', 'notice.kind', 'room.kind', 'segment.of',
	'tag.colour', 'timeline.type');

select contacts.says_of_people('not personal', 'merge.kind', 'merge_part.place', 'linked.kind', 'linked.system', 'linked.amount_currency', 'fact.about', 'fact.panel', 'fact.key', 'fact.system', 'fact.unit', 'system.system',
	'system.kinds', 'account_external.system', 'workspace.onboarding');
