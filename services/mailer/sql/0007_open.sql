-- Attempts that are not settled, workspace by workspace and in the order in which they began: found without a look at all that ever were.
drop index mailer.try_open;
create index try_open on mailer.try (workspace_id, began_at, attempt) where not settled;
