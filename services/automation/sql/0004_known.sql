-- What is known of a record is written with nearly every event that names it: an index on the moment of the last one made each of these writes enter all indexes anew.
-- By day, the rows of a busy record stay where they are in every index (heap-only), with room for the next version on the same page.
drop index automation.known_quiet;
alter table automation.known add column active_day date generated always as ((active_at at time zone 'UTC')::date) stored;
create index known_quiet on automation.known (workspace_id, noun, active_day);
alter table automation.known set (fillfactor = 60);
comment on column automation.known.active_day is 'the day of active_at in UTC: what quiet records are found by';
