-- A row of a moving that asked for a deal is counted when pipeline has said what became of it.
alter table contacts.import_done add column asked boolean not null default false;
comment on column contacts.import_done.asked is 'pipeline was asked for its deal, and has not said yet what became of that';
create index import_done_asked on contacts.import_done (workspace_id, import_id) where asked;
