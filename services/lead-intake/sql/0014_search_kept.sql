-- These two are asked at the beginning of each search and were planned anew at each: they keep their plans now (bus: 0010_search_kept.sql).
create or replace function lead_intake.search_asked(q text) returns text[] language sql immutable
	return search_asked_of(lead_intake.search_fold(q));
create or replace function lead_intake.search_rows(wanted text[]) returns int[] language sql immutable
	return search_rows_of(wanted);
