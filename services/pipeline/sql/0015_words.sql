-- A deal's title holds a dash, which stands between words anyway: without it most texts are ASCII, and those are folded at once.
create or replace function pipeline.search_text(t text) returns text language sql immutable
	return ' ' || regexp_replace(pipeline.search_fold(replace(t, '—', ' ')), '[^[:alnum:]]+', ' ', 'g');
