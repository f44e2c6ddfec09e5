-- What waits in the inbox can be set aside, and where somebody put a mail can be taken back: it stands as it stood before.
alter table mailer.inbound add column dismissed_at timestamptz, add column dismissed_by uuid, add column was_state text, add column was_why text, add column was_deal_id uuid,
	add column was_contact_id uuid, add column was_thread_id uuid, add column was_owner_id uuid, add column assigned_with uuid;
comment on column mailer.inbound.dismissed_at is 'since when it is set aside: unwanted, or nobody''s; null: it is not';
comment on column mailer.inbound.dismissed_by is 'who set it aside';
comment on column mailer.inbound.was_state is 'of one that somebody assigned: its state before; not personal';
comment on column mailer.inbound.was_why is 'of one that somebody assigned: what it was suggested by; not personal';
comment on column mailer.inbound.was_deal_id is 'of one that somebody assigned: what it was suggested to be about';
comment on column mailer.inbound.was_contact_id is 'of one that somebody assigned: whom it was suggested to be about';
comment on column mailer.inbound.was_thread_id is 'of one that somebody assigned: the thread in which it came';
comment on column mailer.inbound.was_owner_id is 'of one that somebody assigned: whose it was';
comment on column mailer.inbound.assigned_with is 'the mail that was assigned: those of its thread went with it';
drop index mailer.inbound_open;
create index inbound_open on mailer.inbound (workspace_id, id) where state in ('suggested', 'unmatched', 'unreadable') and dismissed_at is null;
create index inbound_dismissed on mailer.inbound (workspace_id, id) where dismissed_at is not null;
create index inbound_assigned on mailer.inbound (workspace_id, assigned_with) where assigned_with is not null;

-- What is quoted is no beginning: `own` counts the bytes that the sender wrote.
create function mailer.snippet(words text, own bigint) returns text
language sql immutable parallel safe as $$
	select nullif(left(btrim(regexp_replace(case when own > 0 and own < octet_length(left(words, 1000))
		then convert_from(substr(convert_to(left(words, 1000), 'UTF8'), 1, own::int), 'UTF8') else left(words, 1000) end, '\s+', ' ', 'g')), 200), '')
$$;
comment on function mailer.snippet(text, bigint) is 'Where a mail begins, in one line';
