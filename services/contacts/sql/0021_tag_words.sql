-- Accounts bear tags too: what says so, says it.
comment on table contacts.tag is 'A word that people put on leads, deals, contacts and accounts';
comment on column contacts.tagged.record_id is 'the lead, deal, contact or account';
