-- Phones as people look for them: by their end, whatever stands before and between. No index: of a lead's contact nothing more is written.
create function contacts.phone_asked(q text) returns text language sql immutable
	return (
		select x.tail
		from (
			select case when length(d.digits) >= 8 then right(ltrim(d.digits, '0'), 9) else d.digits end as tail
			from (select translate(q, ' ()+-./', '') as digits) d
			where d.digits ~ '^[0-9]{6,20}$'
		) x
		where length(x.tail) >= 6);
comment on function contacts.phone_asked is 'How a phone ends that somebody looks for, without its country''s code or the nought for it; null: what is asked is no phone';

create function contacts.phone_ends(phone text, tail text) returns boolean language sql immutable
	return translate(phone, ' ()+-./', '') like '%' || tail;
comment on function contacts.phone_ends is 'Whether a phone ends so';
