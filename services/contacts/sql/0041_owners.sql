-- A linked record of an account and a contact stands on the account's timeline and is its owner's, whoever the contact became. What a merge made another's
-- before is the account owner's again.
create or replace function contacts.merge_places(of_kind text) returns table (place text, col text, key text, about boolean, owned boolean, since text, goes boolean, alone text[]) language sql immutable as $$
	select p.place, p.col, p.key, p.about, p.owned, p.since, p.goes, p.alone
	from (values
		('contact', 'lead', 'contact_id', 'lead_id', false, false, 'at', false, null::text[]),
		('contact', 'timeline', 'contact_id', 'event_id', false, false, null, false, null),
		('contact', 'conversion', 'contact_id', 'deal_id', false, false, null, false, null),
		('contact', 'activity', 'record_id', 'id', true, true, 'created_at', true, null),
		('contact', 'notice', 'record_id', 'id', true, false, null, true, null),
		('contact', 'account', 'primary_contact_id', 'id', false, false, null, false, null),
		('contact', 'attachment', 'record_id', 'id', true, false, 'created_at', true, null),
		('contact', 'deal_fact', 'contact_id', 'deal_id', false, false, 'created_at', false, null),
		('contact', 'linked', 'contact_id', 'id', false, false, 'created_at', false, null),
		('contact', 'fact', 'about_id', 'id', true, true, null, true, array['panel', 'key']),
		('account', 'contact', 'account_id', 'id', false, false, 'created_at', false, null),
		('account', 'conversion', 'account_id', 'deal_id', false, false, 'at', false, null),
		('account', 'activity', 'record_id', 'id', true, true, 'created_at', true, null),
		('account', 'notice', 'record_id', 'id', true, false, null, true, null),
		('account', 'location', 'account_id', 'id', false, false, 'created_at', true, null),
		('account', 'attachment', 'record_id', 'id', true, false, 'created_at', true, null),
		('account', 'deal_fact', 'account_id', 'deal_id', false, false, 'created_at', false, null),
		('account', 'linked', 'account_id', 'id', false, true, 'created_at', false, null),
		('account', 'fact', 'about_id', 'id', true, true, null, true, array['panel', 'key'])
	) as p (kind, place, col, key, about, owned, since, goes, alone)
	where p.kind = of_kind
$$;

update contacts.linked l
set owner_id = a.owner_id
from contacts.account a
where (a.workspace_id, a.id) = (l.workspace_id, l.account_id) and l.contact_id is not null and l.owner_id is distinct from a.owner_id;
