-- What search asks of words stands once for all services (bus: 0009_search.sql). These names stay for what calls them so.
create or replace function lead_intake.search_gram_bucket(three text) returns smallint language sql immutable
	return search_three_bucket(three);
create or replace function lead_intake.search_threes(t text) returns text[] language sql immutable
	return search_threes_of(t);
create or replace function lead_intake.search_fits(words text, asked text[], near boolean) returns boolean language sql immutable
	return search_words_fit(words, asked, near);
create or replace function lead_intake.search_at_least(rows bit(2048)[], most int) returns bit(2048) language sql immutable
	return search_bits_at_least(rows, most);
drop function lead_intake.search_near(text, text);
drop function lead_intake.search_distance(text, text, int);
