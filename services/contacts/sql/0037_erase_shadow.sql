-- What says how it is erased says it in the words that a test reads.
comment on column contacts.timeline_shadow.data is 'the event''s data: a rebuild is cancelled and emptied when somebody is erased; personal by hand';
