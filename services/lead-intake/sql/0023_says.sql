-- What a request says is looked for as bytes: it may be in any character set. Of a form the @ of an address is said as %40.
create function lead_intake.says(body bytea, words text) returns boolean language sql immutable
	return position(lower(encode(convert_to(words, 'UTF8'), 'escape')) in lower(encode(body, 'escape'))) > 0
		or (position('@' in words) > 0 and position(lower(encode(convert_to(replace(words, '@', '%40'), 'UTF8'), 'escape')) in lower(encode(body, 'escape'))) > 0);
comment on function lead_intake.says is 'Whether a body holds these words, whatever the case of their letters';
