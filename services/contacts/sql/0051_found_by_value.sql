-- Whom somebody is called after: an address and a number are theirs alone, a name need not be. A name of words that everybody writes, or one that somebody
-- else here bears, would empty what is about others; so it goes where a record is about them (by its ids), and is not looked for in other texts.
create function contacts.found_by_value(whose uuid, about uuid[], word text) returns boolean language sql stable set search_path = contacts, pg_temp as $$
	select word ~ '@' or word ~ '^[+0-9][0-9 ().+/-]*$' or not (
		(regexp_split_to_array(btrim(regexp_replace(lower(word), '[^[:alnum:]]+', ' ', 'g')), ' ') <@ array['a', 'aan', 'aanvraag', 'account', 'admin', 'advies', 'afspraak',
			'algemeen', 'algemene', 'all', 'an', 'and', 'anonymous', 'anoniem', 'app', 'bedrijf', 'beheer', 'beheerder', 'bellen', 'bestelling', 'best', 'beste', 'bij', 'by', 'call',
			'chat', 'client', 'company', 'contact', 'customer', 'dag', 'day', 'de', 'deal', 'demo', 'den', 'der', 'details', 'dienst', 'email', 'een', 'en', 'er', 'erased', 'factuur', 'first',
			'follow', 'for', 'form', 'formulier', 'from', 'geen', 'general', 'gratis', 'guest', 'hello', 'help', 'het', 'home', 'huis', 'in', 'info', 'information', 'informatie', 'inkoop',
			'invoice', 'is', 'klant', 'klanten', 'last', 'lead', 'mail', 'make', 'marketing', 'me', 'mr', 'mrs', 'my', 'na', 'naam', 'name', 'new', 'nieuw', 'nieuwe', 'no', 'none',
			'not', 'of', 'offer', 'offerte', 'office', 'offline', 'on', 'onbekend', 'onbekende', 'online', 'open', 'operator', 'opvolgen', 'op', 'or', 'order', 'our', 'out', 'over', 'person',
			'persoon', 'prospect', 'project', 'question', 'quote', 'reception', 'receptie', 'request', 'sales', 'service', 'shop', 'site', 'support', 'team', 'telefoon', 'test', 'tester',
			'the', 'to', 'trial', 'uit', 'unknown', 'up', 'user', 'van', 'verkoop', 'visitor', 'volg', 'voor', 'vraag', 'web', 'website', 'welcome', 'welkom', 'winkel', 'with', 'you', 'your'])
		or exists (select from contact c where c.workspace_id = whose and c.removed_at is null and c.merged_into is null and lower(c.name) = lower(word) and c.id <> all (about))
		or exists (select from lead_person p where p.workspace_id = whose and lower(p.name) = lower(word) and p.lead_id <> all (about)))
$$;
comment on function contacts.found_by_value is 'Whether who is erased is looked for by this in texts that are not about them';
