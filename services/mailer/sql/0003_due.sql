-- What waits, account by account: one that is held or slow does not stand before the others.
drop index mailer.recipient_due;
create index recipient_due on mailer.recipient (workspace_id, account_id, next_at) where state in ('queued', 'unknown');
