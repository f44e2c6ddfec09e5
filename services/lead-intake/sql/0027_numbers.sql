-- A phone number in what a request says is found however it is written: its last nine figures, whatever stands between them and whichever country's code stands before.
create function lead_intake.says_number(body bytea, figures text) returns boolean language sql immutable
	return position(figures in regexp_replace(regexp_replace(encode(body, 'escape'), '%(2[0-9BDEF])', '', 'gi'), '[ ()+./-]', '', 'g')) > 0;
comment on function lead_intake.says_number is 'Whether a body holds a phone number that ends in these figures';

create function lead_intake.number_figures(words text) returns text language sql immutable
	return case when words ~ '^[+0-9][0-9 ().+/-]*$' and length(regexp_replace(words, '[^0-9]', '', 'g')) >= 7
		then right(regexp_replace(words, '[^0-9]', '', 'g'), 9) end;
comment on function lead_intake.number_figures is 'The last nine figures of a phone number; null: the words are none';
