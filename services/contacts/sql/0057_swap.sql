-- A timeline takes the old one's place some records at a time: each bite is a transaction of its own, and no lane waits for all of it.
alter table contacts.projection add column workspace_id uuid, add column subject_id uuid;
comment on column contacts.projection.workspace_id is 'which workspace is swapped now; null: none yet';
comment on column contacts.projection.subject_id is 'up to this record of it';
