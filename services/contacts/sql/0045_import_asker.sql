-- Who gave an import its last order. One may be brought by one person and confirmed or taken back by another: what it writes is theirs.
alter table contacts.import add column asked_by uuid;
comment on column contacts.import.asked_by is 'who asked for its last step: what it writes is written in their name, by their right; null: who brought it';
