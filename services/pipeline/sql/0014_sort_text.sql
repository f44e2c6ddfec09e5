-- A deal's title holds a dash, "{name} — {form_type}", and a text that is not ASCII is folded letter by letter: four times the price. A hyphen sorts as well.
create or replace function pipeline.sort_text(t text) returns text language sql immutable
	return nullif(pipeline.search_fold(replace(left(t, 60), '—', '-')), '') collate "C";
