-- Taking an import back looks whether it made a company whose people are all gone.
create index import_done_account on contacts.import_done (workspace_id, account_id) where account_id is not null;
