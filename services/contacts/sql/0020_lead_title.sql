-- What is to be done about a lead that is no contact yet is told with the name of who asked, to whoever may see the lead.
grant select (workspace_id, lead_id, name) on contacts.lead_person to contacts_read;
create policy read on contacts.lead_person for select to contacts_read
	using (exists (select from contacts.lead l where (l.workspace_id, l.lead_id) = (lead_person.workspace_id, lead_person.lead_id)));
create or replace function contacts.activity_title(a contacts.activity) returns text language sql stable
	return case when a.about = 'contact' then (select c.name from contacts.contact c where (c.workspace_id, c.id) = (a.workspace_id, a.record_id))
		when a.about = 'account' then (select k.name from contacts.account k where (k.workspace_id, k.id) = (a.workspace_id, a.record_id))
		else coalesce(
			(select c.name from contacts.lead l join contacts.contact c on (c.workspace_id, c.id) = (l.workspace_id, l.contact_id)
				where (l.workspace_id, l.lead_id) = (a.workspace_id, a.record_id)),
			(select c.name from contacts.timeline t join contacts.contact c on (c.workspace_id, c.id) = (t.workspace_id, t.contact_id)
				where (t.workspace_id, t.subject_id) = (a.workspace_id, a.record_id) and t.contact_id is not null limit 1),
			(select p.name from contacts.lead_person p where (p.workspace_id, p.lead_id) = (a.workspace_id, a.record_id))) end;
comment on function contacts.activity_title is 'The name of whom an activity is about; null where nobody is known, or nobody the reader may see';
