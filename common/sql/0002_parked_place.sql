-- What is parked keeps the order it arrived in, whichever service it came from: redriving follows it.
alter table parked add column place bigint generated always as identity;
create unique index parked_place on parked (place);
comment on column parked.place is 'order of arrival; what shares a key is dealt with in this order';
